//! One project's imported tables: the state folder, its manifest, and changes that are all or nothing.
//!
//! ```text
//! .jinsheng/manifest.json        what there is; the only truth
//! .jinsheng/tables/<version>/    Parquet files of one source version
//! .jinsheng/tmp/                 imports under way; swept on opening
//! .jinsheng/import.lock          held while importing
//! ```
//! An import writes below `tmp`, syncs, renames the folder into `tables`, and then replaces the manifest by a rename.
//! Killed before that, nothing is added; killed after, all of it is.

mod durable;
mod manifest;

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jinsheng_core::{Digest, Digester};
use jinsheng_text::normalise;

use crate::import::{IMPORTER_VERSION, import, look};
use crate::stored::Trusted;
use crate::table::{Importing, TableNames};
use crate::{
    AddOptions, AddOutcome, AddReport, DataError, Progress, SourceMeta, Stage, Stop, Stored, Strength,
    TableMeta,
};
use durable::{remove_folder, sync_folder};
use manifest::Manifest;

const TABLES: &str = "tables";
const TEMPORARY: &str = "tmp";
const LOCK: &str = "import.lock";
/// How often, and how far apart, a held lock is tried before it counts as held.
const LOCK_TRIES: u32 = 25;
const LOCK_PAUSE: Duration = Duration::from_millis(4);

/// One project's imported tables.
#[derive(Debug)]
pub struct Warehouse {
    state: PathBuf,
    manifest: Manifest,
    stop: Stop,
    trusted: Trusted,
}

/// What a removal did.
#[derive(Debug, Clone, PartialEq)]
pub struct RemoveReport {
    /// The source as it was.
    pub source: SourceMeta,
}

impl Warehouse {
    /// Opens the state folder, making it where there is none, and sweeps what killed imports left.
    ///
    /// # Errors
    /// [`DataError::Write`] when the folder cannot be made, [`DataError::Manifest`] when its manifest is damaged.
    pub fn open(state_dir: &Path) -> Result<Self, DataError> {
        fs::create_dir_all(state_dir).map_err(|error| DataError::write(state_dir, error))?;
        let mut warehouse = Self {
            state: state_dir.to_owned(),
            manifest: Manifest::read(state_dir)?,
            stop: Stop::default(),
            trusted: Trusted::default(),
        };
        // Whoever holds the lock is importing, and what looks like a leftover is theirs. A folder that may only be
        // read can still be read.
        if let Ok(lock) = warehouse.lock() {
            warehouse.manifest = Manifest::read(state_dir)?;
            warehouse.sweep()?;
            drop(lock);
        }
        Ok(warehouse)
    }

    /// From now on, what reads tables of this warehouse stops with [`DataError::Cancelled`] when it is asked to.
    pub fn stop_when(&mut self, stop: Stop) {
        self.stop = stop;
    }

    /// When to stop.
    pub fn stop(&self) -> &Stop {
        &self.stop
    }

    /// The state folder.
    pub fn state_dir(&self) -> &Path {
        &self.state
    }

    /// All sources by name.
    pub fn sources(&self) -> &[SourceMeta] {
        &self.manifest.sources
    }

    /// The source of this name.
    pub fn source(&self, name: &str) -> Option<&SourceMeta> {
        self.manifest.sources.iter().find(|source| source.name == name)
    }

    /// The source that a table belongs to.
    pub fn source_of(&self, table: &str) -> Option<&SourceMeta> {
        self.manifest
            .sources
            .iter()
            .find(|source| source.tables.iter().any(|other| other.name == table))
    }

    /// All tables of all sources.
    pub fn tables(&self) -> impl Iterator<Item = &TableMeta> {
        self.manifest.sources.iter().flat_map(|source| &source.tables)
    }

    /// The table of this name.
    pub fn table(&self, name: &str) -> Option<&TableMeta> {
        self.tables().find(|table| table.name == name)
    }

    /// The table of this name, or an error that names those there are.
    ///
    /// # Errors
    /// [`DataError::NoSuchTable`].
    pub fn require(&self, name: &str) -> Result<&TableMeta, DataError> {
        self.table(name).ok_or_else(|| DataError::NoSuchTable {
            name: name.to_owned(),
            known: self.tables().map(|table| table.name.clone()).collect(),
        })
    }

    /// The Parquet file of a table.
    pub fn stored(&self, table: &TableMeta) -> Stored {
        Stored {
            table: table.name.clone(),
            path: self.state.join(&table.file),
            digest: table.digest.clone(),
            rows: table.rows,
            again: self.source_of(&table.name).map(again).unwrap_or_default(),
            stop: self.stop.clone(),
            trusted: self.trusted.clone(),
        }
    }

    /// True when all files of a source are those that were imported.
    fn is_intact(&self, source: &SourceMeta) -> Result<bool, DataError> {
        for table in &source.tables {
            match self.stored(table).verify() {
                Err(DataError::Altered { .. } | DataError::Damaged { .. }) => return Ok(false),
                other => other?,
            }
        }
        Ok(true)
    }

    /// Imports a file: all of it or, on any error, nothing.
    ///
    /// # Errors
    /// Whatever is wrong with the file, the options or the state folder; see [`DataError`].
    pub fn add(
        &mut self,
        path: &Path,
        options: &AddOptions,
        progress: &mut dyn Progress,
    ) -> Result<AddReport, DataError> {
        let path = fs::canonicalize(path).map_err(|error| DataError::read(path, error))?;
        let name = source_name(&path, options)?;
        let _lock = self.lock()?;
        self.manifest = Manifest::read(&self.state)?;
        let before = self.source(&name).cloned();
        if let Some(before) = &before
            && options.name.is_none()
            && before.path != path
        {
            return Err(DataError::NameTaken {
                name,
                holder: before.path.clone(),
            });
        }
        let folder = Temporary::make(&self.state.join(TEMPORARY))?;
        progress.stage(Stage::Look);
        let mut looked = look(&path, options, folder.path(), progress)?;
        let same = before.as_ref().filter(|before| before.digest == looked.digest);
        if let Some(before) = same
            && self.is_intact(before)?
        {
            return Ok(AddReport {
                source: before.clone(),
                outcome: AddOutcome::Unchanged,
            });
        }
        let restored = same.is_some();
        let ready = folder.path().join("ready");
        fs::create_dir(&ready).map_err(|error| DataError::write(&ready, error))?;
        let mut importing = Importing {
            path: &path,
            source: &name,
            folder: &ready,
            progress,
            keep_columns: options.keep_columns,
            tables: Vec::new(),
            names: TableNames::default(),
        };
        import(&mut looked, options, &mut importing)?;
        let mut tables = importing.tables;
        // Two names for the same bytes have a folder each, so that removing one leaves the other.
        let version = Digester::new("version")
            .field(&name)
            .field(looked.digest.as_str())
            .finish();
        let home = self.free_home(&version);
        for table in &mut tables {
            table.file = home.join(&table.file);
        }
        let source = SourceMeta {
            name,
            kind: looked.kind,
            digest: looked.digest,
            importer_version: IMPORTER_VERSION,
            imported_at: options.imported_at.clone(),
            path,
            bytes: looked.bytes,
            encoding: looked.encoding,
            strength: Strength::Pinned,
            tables,
            notes: looked.notes,
        };
        self.place(&ready, &home, progress)?;
        progress.stage(Stage::Record);
        let mut manifest = self.manifest.clone();
        manifest.put(source.clone());
        manifest.write(&self.state)?;
        self.manifest = manifest;
        progress.stage(Stage::Clean);
        let outcome = match before {
            Some(_) if restored => AddOutcome::Restored,
            Some(before) => replaced(&before, &source),
            None => AddOutcome::Added,
        };
        // The new version is safe; an old file that stays for now is swept on opening.
        let _ = self.sweep_tables();
        Ok(AddReport { source, outcome })
    }

    /// Where a version will stand: not where one stands that the manifest names. A restored table takes the place of its altered
    /// file when the manifest is written, not before, so that there is a file at every moment.
    fn free_home(&self, version: &Digest) -> PathBuf {
        let first = Path::new(TABLES).join(version.short());
        let second = Path::new(TABLES).join(format!("{}-2", version.short()));
        let taken = self.tables().any(|table| table.file.parent() == Some(&first));
        if taken { second } else { first }
    }

    /// Moves the finished folder to where the manifest will say that it is.
    fn place(&self, ready: &Path, home: &Path, progress: &mut dyn Progress) -> Result<(), DataError> {
        if progress.cancelled() {
            return Err(DataError::Cancelled);
        }
        progress.stage(Stage::Place);
        let tables = self.state.join(TABLES);
        fs::create_dir_all(&tables).map_err(|error| DataError::write(&tables, error))?;
        let home = self.state.join(home);
        // A killed import of the same version may have come this far; its manifest was never written.
        remove_folder(&home)?;
        sync_folder(ready)?;
        fs::rename(ready, &home).map_err(|error| DataError::write(&home, error))?;
        sync_folder(&tables)?;
        sync_folder(&self.state)
    }

    /// Removes a source and its files.
    ///
    /// # Errors
    /// [`DataError::NoSuchSource`], [`DataError::Busy`], [`DataError::Write`].
    pub fn remove(&mut self, name: &str) -> Result<RemoveReport, DataError> {
        let _lock = self.lock()?;
        let mut manifest = Manifest::read(&self.state)?;
        let source = manifest.take(name).ok_or_else(|| DataError::NoSuchSource {
            name: name.to_owned(),
            known: manifest
                .sources
                .iter()
                .map(|source| source.name.clone())
                .collect(),
        })?;
        manifest.write(&self.state)?;
        self.manifest = manifest;
        let _ = self.sweep_tables();
        Ok(RemoveReport { source })
    }

    fn lock(&self) -> Result<File, DataError> {
        let path = self.state.join(LOCK);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| DataError::write(&path, error))?;
        // A child that this process is starting holds a copy of the lock until its program runs; that passes.
        let mut tries = 0;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if tries < LOCK_TRIES => {
                    tries += 1;
                    std::thread::sleep(LOCK_PAUSE);
                }
                Err(TryLockError::WouldBlock) => return Err(DataError::Busy { path }),
                Err(TryLockError::Error(error)) => return Err(DataError::write(&path, error)),
            }
        }
    }

    /// Removes what belongs to no import under way and to no source. The lock must be held.
    fn sweep(&self) -> Result<(), DataError> {
        remove_folder(&self.state.join(TEMPORARY))?;
        Manifest::sweep(&self.state);
        self.sweep_tables()
    }

    fn sweep_tables(&self) -> Result<(), DataError> {
        let folder = self.state.join(TABLES);
        let Ok(entries) = fs::read_dir(&folder) else {
            return Ok(());
        };
        let kept: Vec<PathBuf> = self
            .tables()
            .filter_map(|table| table.file.parent().map(|home| self.state.join(home)))
            .collect();
        for entry in entries.filter_map(Result::ok) {
            if !kept.contains(&entry.path()) {
                remove_folder(&entry.path())?;
            }
        }
        Ok(())
    }
}

/// A folder for an import under way; gone when the import ends in whatever way.
struct Temporary(PathBuf);

impl Temporary {
    fn make(path: &Path) -> Result<Self, DataError> {
        remove_folder(path)?;
        fs::create_dir_all(path).map_err(|error| DataError::write(path, error))?;
        Ok(Self(path.to_owned()))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // What cannot be removed now is swept on opening.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn source_name(path: &Path, options: &AddOptions) -> Result<String, DataError> {
    match &options.name {
        Some(asked) => {
            let name = normalise(asked);
            let sound = !name.is_empty() && plain_name(&name) == name && name.chars().count() <= 100;
            if sound {
                Ok(name)
            } else {
                Err(DataError::BadName { name: asked.clone() })
            }
        }
        None => Ok(plain_name(
            &path.file_stem().unwrap_or_default().to_string_lossy(),
        )),
    }
}

/// A name made of letters, digits, `_` and `-`; everything else becomes `_`. The dot separates source and table.
pub(crate) fn plain_name(text: &str) -> String {
    let mut name = String::new();
    for character in normalise(text).chars().take(100) {
        let kept = if character.is_alphanumeric() || character == '-' {
            character
        } else {
            '_'
        };
        if !(kept == '_' && name.ends_with("__")) {
            name.push(kept);
        }
    }
    let name = name.trim_matches('_');
    if name.is_empty() {
        "data".to_owned()
    } else {
        name.to_owned()
    }
}

/// The command line that imports a source again.
fn again(source: &SourceMeta) -> String {
    let by_itself = plain_name(&source.path.file_stem().unwrap_or_default().to_string_lossy());
    let name = if by_itself == source.name {
        String::new()
    } else {
        format!(" --name {}", source.name)
    };
    format!("jinsheng data add {}{name}", source.path.display())
}

fn replaced(before: &SourceMeta, now: &SourceMeta) -> AddOutcome {
    let mut tables_gone = Vec::new();
    let mut columns_gone = Vec::new();
    for table in &before.tables {
        match now.tables.iter().find(|other| other.name == table.name) {
            None => tables_gone.push(table.name.clone()),
            Some(other) => {
                let gone = table
                    .columns
                    .iter()
                    .filter(|column| other.column(&column.name).is_none());
                columns_gone.extend(gone.map(|column| format!("{}.{}", table.name, column.name)));
            }
        }
    }
    AddOutcome::Replaced {
        before: before.digest.clone(),
        tables_gone,
        columns_gone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (text, name) in [
            ("利润表", "利润表"),
            ("v1.2 final(1)", "v1_2_final_1"),
            ("s-and-p-500__data", "s-and-p-500__data"),
            ("...", "data"),
            ("Ａ表", "A表"),
        ] {
            assert_eq!(plain_name(text), name);
        }
    }
}
