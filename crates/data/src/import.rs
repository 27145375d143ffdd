//! From a file to tables: which format it is, and one reader for each.

mod encoding;
mod jsonl;
mod number_format;
mod parquet;
mod separated;
mod sheet;
mod sqlite;
mod tally;
mod titles;
mod vet;
mod xls;
mod xlsx;

use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use jinsheng_core::{Digest, Digester};

use crate::table::Importing;
use crate::{AddOptions, DataError, Note, Progress, SkipReason, SourceKind};

/// Version of the rules by which bytes become tables; part of every source version.
pub const IMPORTER_VERSION: u32 = 5;

/// Refuses a workbook file that its reader could not hold in memory; anything else that is wrong with it passes.
///
/// # Errors
/// [`DataError::Malformed`] with what it would become, [`DataError::Read`] when it cannot be read.
pub fn vet_workbook(path: &Path) -> Result<(), DataError> {
    vet::vet(path, &crate::NoProgress).map(|_| ())
}

/// A file that was looked at and is ready to be imported.
pub(crate) struct Looked {
    pub(crate) kind: SourceKind,
    pub(crate) digest: Digest,
    pub(crate) bytes: u64,
    pub(crate) encoding: Option<String>,
    pub(crate) notes: Vec<Note>,
    format: Format,
}

enum Format {
    Text(encoding::TextFile),
    Binary,
    Database(sqlite::Copy),
}

/// Finds format, encoding and digest. A database is copied into `folder` first, through its backup interface.
pub(crate) fn look(
    path: &Path,
    options: &AddOptions,
    folder: &Path,
    progress: &dyn Progress,
) -> Result<Looked, DataError> {
    let metadata = std::fs::metadata(path).map_err(|error| DataError::read(path, error))?;
    if !metadata.is_file() {
        return Err(DataError::NotAFile {
            path: path.to_owned(),
        });
    }
    let kind = find_kind(path)?;
    refuse_unused(kind, options)?;
    let (content, bytes, format, encoding) = match kind {
        SourceKind::Sqlite => {
            let copy = sqlite::Copy::make(path, folder, progress)?;
            let (digest, bytes) = digest_file(copy.path(), progress)?;
            (digest, bytes, Format::Database(copy), None)
        }
        SourceKind::Csv | SourceKind::Tsv | SourceKind::Jsonl => {
            let text = encoding::TextFile::look(path, options.encoding.as_deref(), progress)?;
            let encoding = text.encoding_name().to_owned();
            (
                text.digest().clone(),
                text.bytes(),
                Format::Text(text),
                Some(encoding),
            )
        }
        SourceKind::Parquet | SourceKind::Xlsx | SourceKind::Xls => {
            let (digest, bytes) = digest_file(path, progress)?;
            (digest, bytes, Format::Binary, None)
        }
    };
    let mut digester = Digester::new("source");
    digester
        .field(&IMPORTER_VERSION.to_string())
        .field(kind.as_str())
        .field(content.as_str());
    digester.field(options.sheet.as_deref().unwrap_or_default());
    // The encoding that was found is part of the version as much as one that was asked for.
    digester.field(encoding.as_deref().unwrap_or_default());
    digester.field(&options.delimiter.map(|byte| byte.to_string()).unwrap_or_default());
    digester.field(&options.skip_rows.to_string());
    if options.keep_columns {
        digester.field("keep_columns");
    }
    let mut notes = Vec::new();
    if let Some(encoding) = encoding
        .as_ref()
        .filter(|name| *name != "UTF-8" && options.encoding.is_none())
    {
        notes.push(Note::Encoding {
            encoding: encoding.clone(),
        });
    }
    Ok(Looked {
        kind,
        digest: digester.finish(),
        bytes,
        encoding,
        notes,
        format,
    })
}

/// Imports all tables of a file that was looked at.
pub(crate) fn import(
    looked: &mut Looked,
    options: &AddOptions,
    into: &mut Importing<'_>,
) -> Result<(), DataError> {
    let path = into.path;
    // Readers of binary formats are other people's code and meet hostile bytes here; a panic of theirs must not take
    // the process with it.
    let outcome = catch_unwind(AssertUnwindSafe(|| match (&looked.format, looked.kind) {
        (Format::Text(text), SourceKind::Jsonl) => jsonl::import(text, into),
        (Format::Text(text), kind) => separated::import(text, kind, options, into),
        (Format::Database(copy), _) => sqlite::import(copy, into, &mut looked.notes),
        (Format::Binary, SourceKind::Parquet) => parquet::import(into),
        (Format::Binary, SourceKind::Xls) => xls::import(options, into, &mut looked.notes),
        (Format::Binary, _) => xlsx::import(options, into, &mut looked.notes),
    }));
    match outcome {
        Ok(result) => result?,
        Err(_) => {
            return Err(DataError::malformed(
                path,
                None,
                "the reader of this format gave up",
            ));
        }
    }
    if into.tables.is_empty() {
        let formulas =
            |note: &Note| matches!(note, Note::Skipped { why, .. } if *why == SkipReason::Formulas);
        if looked.notes.iter().any(formulas) {
            return Err(DataError::OnlyFormulas {
                path: path.to_owned(),
            });
        }
        return Err(DataError::NoTables {
            path: path.to_owned(),
        });
    }
    Ok(())
}

/// The first bytes decide where they are telling, else the extension.
fn find_kind(path: &Path) -> Result<SourceKind, DataError> {
    let mut file = File::open(path).map_err(|error| DataError::read(path, error))?;
    let mut first = Vec::new();
    file.by_ref()
        .take(4096)
        .read_to_end(&mut first)
        .map_err(|error| DataError::read(path, error))?;
    let extension = path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase();
    if let Some(kind) = kind_of_bytes(&first) {
        return Ok(kind);
    }
    match extension.as_str() {
        "csv" | "txt" => Ok(SourceKind::Csv),
        "tsv" | "tab" => Ok(SourceKind::Tsv),
        "jsonl" | "ndjson" | "json" => Ok(SourceKind::Jsonl),
        "parquet" | "pq" | "xlsx" | "xlsm" | "xls" | "db" | "sqlite" | "sqlite3" if !first.is_empty() => {
            Err(DataError::NotTheFormat {
                path: path.to_owned(),
                extension,
            })
        }
        "parquet" | "pq" | "xlsx" | "xlsm" | "xls" | "db" | "sqlite" | "sqlite3" => Err(DataError::Empty {
            path: path.to_owned(),
        }),
        _ => Err(DataError::UnknownFormat {
            path: path.to_owned(),
        }),
    }
}

fn kind_of_bytes(first: &[u8]) -> Option<SourceKind> {
    if first.starts_with(b"SQLite format 3\0") {
        Some(SourceKind::Sqlite)
    } else if first.starts_with(b"PAR1") {
        Some(SourceKind::Parquet)
    } else if first.starts_with(b"PK\x03\x04") {
        Some(SourceKind::Xlsx)
    } else if first.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        Some(SourceKind::Xls)
    } else {
        None
    }
}

fn refuse_unused(kind: SourceKind, options: &AddOptions) -> Result<(), DataError> {
    let workbook = matches!(kind, SourceKind::Xlsx | SourceKind::Xls);
    let separated = matches!(kind, SourceKind::Csv | SourceKind::Tsv);
    let unused = if options.sheet.is_some() && !workbook {
        Some("--sheet")
    } else if options.encoding.is_some() && !separated && kind != SourceKind::Jsonl {
        Some("--encoding")
    } else if options.delimiter.is_some() && !separated {
        Some("--delimiter")
    } else if options.skip_rows > 0 && !separated && !workbook {
        Some("--skip-rows")
    } else {
        None
    };
    match unused {
        Some(option) => Err(DataError::OptionUnused {
            option,
            kind: kind.as_str(),
        }),
        None => Ok(()),
    }
}

/// Digest of a file's bytes, and how many there are.
fn digest_file(path: &Path, progress: &dyn Progress) -> Result<(Digest, u64), DataError> {
    let mut digester = Digester::new("file");
    let mut total = 0;
    let mut file = File::open(path).map_err(|error| DataError::read(path, error))?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        if progress.cancelled() {
            return Err(DataError::Cancelled);
        }
        let count = file
            .read(&mut buffer)
            .map_err(|error| DataError::read(path, error))?;
        let Some(chunk) = buffer.get(..count).filter(|chunk| !chunk.is_empty()) else {
            break;
        };
        digester.stream(chunk);
        total += chunk.len() as u64;
    }
    Ok((digester.finish(), total))
}
