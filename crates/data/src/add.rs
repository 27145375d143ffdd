//! What a caller says about an import, hears during it and learns from it.

use jinsheng_core::Digest;

use crate::{Note, SourceMeta};

/// Options of an import. Those that say how the file is read belong to the source version.
#[derive(Debug, Clone, Default)]
pub struct AddOptions {
    /// Name of the source; else from the file's name.
    ///
    /// A name given here replaces whatever has it. A name from the file's name replaces only a source that came from
    /// the same path; another file of that name is an error, so that `2024/report.csv` never replaces
    /// `2023/report.csv` unseen.
    pub name: Option<String>,
    /// Import only this sheet of a workbook.
    pub sheet: Option<String>,
    /// Encoding of a text file, when it must not be guessed.
    pub encoding: Option<String>,
    /// Delimiter of a text file, when it must not be guessed.
    pub delimiter: Option<u8>,
    /// Lines (text) or rows (sheets) above the header that are not part of the table.
    pub skip_rows: u64,
    /// Leave columns that are periods as they are, instead of making rows of them.
    pub keep_columns: bool,
    /// When the import happens, as RFC 3339; the crate reads no clock.
    pub imported_at: String,
}

/// Part of an import, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Digest, format and encoding of the file; a copy of a database.
    Look,
    /// First pass: types.
    Survey,
    /// Second pass: the Parquet files.
    Write,
    /// The files become part of the state folder.
    Place,
    /// The manifest names them.
    Record,
    /// What they replace is removed.
    Clean,
}

/// Hears of progress and may stop the import.
pub trait Progress {
    /// `done` rows of `table` are written, of `total` when it is known.
    fn rows(&mut self, table: &str, done: u64, total: Option<u64>);
    /// True when the user wants to stop.
    fn cancelled(&self) -> bool;
    /// A stage begins.
    fn stage(&mut self, _stage: Stage) {}
}

/// Hears nothing and never stops.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn rows(&mut self, _table: &str, _done: u64, _total: Option<u64>) {}

    fn cancelled(&self) -> bool {
        false
    }
}

/// What an import did.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum AddOutcome {
    /// A new source.
    Added,
    /// The same bytes with the same options were there already; nothing was done.
    Unchanged,
    /// The same bytes with the same options as before, whose tables had been altered or lost since.
    Restored,
    /// A new version of a source.
    Replaced {
        /// Digest of the version before.
        before: Digest,
        /// Tables that the new version no longer has.
        tables_gone: Vec<String>,
        /// Columns (`table.column`) of remaining tables that the new version no longer has.
        columns_gone: Vec<String>,
    },
}

/// Result of an import.
#[derive(Debug, Clone, PartialEq)]
pub struct AddReport {
    /// The source as it is now.
    pub source: SourceMeta,
    /// What happened.
    pub outcome: AddOutcome,
}

impl AddReport {
    /// All oddities with the table and column that they belong to, where they do.
    pub fn notes(&self) -> impl Iterator<Item = (Option<&str>, Option<&str>, &Note)> {
        let source = self.source.notes.iter().map(|note| (None, None, note));
        let tables = self.source.tables.iter().flat_map(|table| {
            let own = table
                .notes
                .iter()
                .map(|note| (Some(table.name.as_str()), None, note));
            let columns = table.columns.iter().flat_map(|column| {
                column
                    .notes
                    .iter()
                    .map(|note| (Some(table.name.as_str()), Some(column.name.as_str()), note))
            });
            own.chain(columns)
        });
        source.chain(tables)
    }
}
