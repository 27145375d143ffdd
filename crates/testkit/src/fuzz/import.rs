//! Imports: any bytes become whole tables or nothing, by the way that every import takes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::PathBuf;
use std::sync::{Mutex, Once};

use jinsheng_core::{Fault, Lang};
use jinsheng_data::{AddOptions, AddReport, DataError, Progress, Warehouse, read_batches};

/// Most rows that the bytes of a file may become, for each of them; beyond the limit that the product itself sets.
const ROWS_PER_BYTE: u64 = 100_000;

/// Reads a cell in every way that untyped text is read.
pub fn cell(bytes: &[u8]) {
    jinsheng_data::fuzz::cell(&super::lossy(bytes));
}

/// Imports bytes as a file of this extension. The project is kept for the next call on the same thread.
pub fn import(extension: &'static str, bytes: &[u8]) {
    thread_local! {
        static IMPORTERS: RefCell<BTreeMap<&'static str, Importer>> = const { RefCell::new(BTreeMap::new()) };
    }
    IMPORTERS.with_borrow_mut(|importers| {
        if let Entry::Vacant(entry) = importers.entry(extension) {
            let made = Importer::new(extension);
            assert!(made.is_ok(), "{made:?}");
            if let Ok(made) = made {
                entry.insert(made);
            }
        }
        importers
            .get(extension)
            .into_iter()
            .for_each(|importer| importer.import(bytes));
    });
}

/// A project with one sound source, into which files of one format are imported and removed again.
#[derive(Debug)]
struct Importer {
    folder: tempfile::TempDir,
    extension: &'static str,
    /// What the project holds between two imports.
    before: Vec<String>,
}

impl Importer {
    /// A project for files of this extension.
    fn new(extension: &'static str) -> Result<Self, DataError> {
        watch_panics();
        let folder = tempfile::tempdir().map_err(|source| DataError::Write {
            path: PathBuf::from("."),
            source,
        })?;
        let mut importer = Self {
            folder,
            extension,
            before: Vec::new(),
        };
        let path = importer.folder.path().join("kept.csv");
        write(
            &path,
            b"code,day,amount\n000001,2024-01-31,1.5\n000002,2024-02-29,\n",
        )?;
        Warehouse::open(&importer.state())?.add(&path, &AddOptions::default(), &mut Quiet)?;
        importer.before = importer.holdings();
        Ok(importer)
    }

    fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// Imports bytes. The first one picks options where the format has any.
    fn import(&self, bytes: &[u8]) {
        let path = self.folder.path().join(format!("input.{}", self.extension));
        let (options, bytes) = match self.extension {
            "csv" | "tsv" | "jsonl" => self.options(bytes),
            _ => (AddOptions::default(), bytes),
        };
        let written = write(&path, bytes);
        assert!(written.is_ok(), "{written:?}");
        let opened = Warehouse::open(&self.state());
        let Ok(mut warehouse) = opened else {
            return assert!(opened.is_ok(), "{opened:?}");
        };
        match warehouse.add(&path, &options, &mut Quiet) {
            Ok(report) => {
                whole(&warehouse, &report, bytes.len() as u64);
                let removed = warehouse.remove(&report.source.name);
                assert!(removed.is_ok(), "{removed:?}");
            }
            Err(error) => {
                for lang in [Lang::Zh, Lang::En] {
                    assert!(!error.message(lang).is_empty());
                }
            }
        }
        assert_eq!(own_panic(), None);
        assert_eq!(self.holdings(), self.before, "something is left behind");
    }

    /// Options from the first byte: an encoding, a delimiter, rows above the header.
    fn options<'b>(&self, bytes: &'b [u8]) -> (AddOptions, &'b [u8]) {
        let Some((pick, rest)) = bytes.split_first() else {
            return (AddOptions::default(), bytes);
        };
        let encodings = [
            "utf-8",
            "gbk",
            "gb18030",
            "big5",
            "shift_jis",
            "utf-16le",
            "utf-16be",
            "latin1",
        ];
        let mut options = AddOptions::default();
        match pick {
            b'a'..=b'h' => {
                let encoding = encodings.get(usize::from(pick - b'a'));
                options.encoding = encoding.map(|name| (*name).to_owned());
            }
            b'i' if self.extension != "jsonl" => options.delimiter = Some(b';'),
            b'j' if self.extension != "jsonl" => options.skip_rows = 2,
            _ => {}
        }
        (options, rest)
    }

    /// Sources with their tables as a project opened anew lists them, and every file below its state folder.
    fn holdings(&self) -> Vec<String> {
        let opened = Warehouse::open(&self.state());
        let Ok(warehouse) = opened else {
            assert!(opened.is_ok(), "{opened:?}");
            return Vec::new();
        };
        let mut found: Vec<String> = warehouse
            .sources()
            .iter()
            .map(|source| format!("{source:?}"))
            .collect();
        let mut open = vec![self.state()];
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
                if entry.path().is_dir() {
                    open.push(entry.path());
                }
                // An empty folder for the next import is no trace of the last one.
                if !entry.path().ends_with("tmp") {
                    found.push(entry.path().display().to_string());
                }
            }
        }
        found.sort();
        found
    }
}

/// A table has as many readable rows as its description says, and no more than its bytes can stand for.
fn whole(warehouse: &Warehouse, report: &AddReport, bytes: u64) {
    assert!(!report.source.tables.is_empty());
    for table in &report.source.tables {
        assert!(
            table.rows <= bytes.saturating_mul(ROWS_PER_BYTE),
            "{} rows from {bytes} bytes",
            table.rows
        );
        let batches = read_batches(warehouse, &table.name, None);
        let rows: u64 = batches
            .into_iter()
            .flatten()
            .map(|batch| {
                assert!(batch.is_ok(), "{batch:?}");
                batch.map_or(0, |batch| batch.num_rows() as u64)
            })
            .sum();
        assert_eq!(rows, table.rows, "{}", table.name);
        let mut names: Vec<_> = table.columns.iter().map(|column| &column.name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), table.columns.len(), "two columns have one name");
    }
}

fn write(path: &std::path::Path, bytes: &[u8]) -> Result<(), DataError> {
    std::fs::write(path, bytes).map_err(|source| DataError::Write {
        path: path.to_owned(),
        source,
    })
}

/// Hears nothing and never stops.
struct Quiet;

impl Progress for Quiet {
    fn rows(&mut self, _table: &str, _done: u64, _total: Option<u64>) {}

    fn cancelled(&self) -> bool {
        false
    }
}

/// The panic of our own code that came last.
static OWN_PANIC: Mutex<Option<String>> = Mutex::new(None);

/// An import survives a panic of a reader that others wrote; a panic of our own code must not hide behind that.
fn watch_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !is_own(panic.location().map_or("", |location| location.file())) {
                return;
            }
            if let Ok(mut own) = OWN_PANIC.lock() {
                *own = Some(panic.to_string());
            }
            usual(panic);
        }));
    });
}

/// Whether a panic at this place of a source file is ours. Arithmetic of the standard library panics in a file of its own;
/// then the first function below that is not the library's tells.
fn is_own(file: &str) -> bool {
    if !file.contains("rustc") {
        return !file.contains("registry");
    }
    let trace = std::backtrace::Backtrace::force_capture().to_string();
    let mut names = trace
        .lines()
        .filter_map(|line| line.split_once(": ").map(|(_, name)| name));
    let hook = |name: &&str| name.contains("watch_panics") || name.contains("is_own");
    let library = |name: &&str| {
        let name = name.trim_start_matches(['<', '&']);
        ["std::", "core::", "alloc::", "__rustc", "rust_", "_rust"]
            .iter()
            .any(|start| name.starts_with(start))
    };
    names
        .find(|name| !hook(name) && !library(name))
        .is_some_and(|name| name.contains("jinsheng_data"))
}

fn own_panic() -> Option<String> {
    OWN_PANIC.lock().ok().and_then(|mut own| own.take())
}
