//! Sources become immutable Parquet tables with digests, and are checked for what makes numbers wrong.
//!
//! A CSV, TSV, Parquet, JSON lines, XLSX or SQLite file is imported once into a project's [`Warehouse`]; afterwards
//! everything reads the Parquet files. This crate must not know metrics, catalogs or engines: it says what is in a
//! file, not what it means for the business. It reads no clock; times come from the caller.

mod add;
mod check;
mod column;
mod columns;
mod compare;
mod error;
mod identity;
mod import;
mod keys;
mod meta;
mod note;
mod period;
mod read;
mod repeats;
mod stop;
mod stored;
mod table;
mod unique;
mod value;
mod warehouse;
mod wide;

pub use add::{AddOptions, AddOutcome, AddReport, NoProgress, Progress, Stage};
pub use check::{
    CheckOptions, Example, Finding, FindingKind, Identity, IdentityOrigin, KeyDoubt, Severity, UsualSum,
    check, stand_ins,
};
pub use column::{DISTINCT_CAP, SAMPLES};
pub use compare::{CellDifference, ColumnComparison, CompareOptions, Comparison, OnlyIn, compare};
pub use error::DataError;
pub use identity::{DiscoveredIdentity, IdentityKind, SUPPORT_PERCENT, SUPPORT_ROWS, discover_identities};
pub use import::{IMPORTER_VERSION, vet_workbook};
pub use keys::{Key, guess_key, guess_key_among, is_row_number};
pub use meta::{ColumnKind, ColumnMeta, SourceKind, SourceMeta, Strength, TableMeta};
pub use note::{LooksLike, Note, SkipReason};
pub use period::report_period;
pub use read::{BATCH_ROWS, Batches, read_batches};
pub use repeats::Repeats;
pub use stop::Stop;
pub use stored::Stored;
pub use value::{MISSING_WORDS, MISSING_WORDS_AMONG_NUMBERS};
pub use warehouse::{RemoveReport, Warehouse};
pub use wide::Unpivoted;

/// Entry points for fuzzing: they take any bytes and must neither panic nor take long.
#[doc(hidden)]
pub mod fuzz {
    use std::path::Path;

    use crate::{AddOptions, DataError, NoProgress, Warehouse, report_period, value};

    /// Reads a cell in every way that untyped text is read.
    pub fn cell(text: &str) {
        let trimmed = value::trim(text);
        let _ = value::missing(trimmed);
        let _ = value::read_number(trimmed).map(|written| written.number.tight().text());
        let _ = value::read_date(trimmed);
        let _ = value::read_timestamp(trimmed).map(|time| value::timestamp_text(time.micros));
        let _ = report_period(&[text]);
        let _ = report_period(&["2025", text]);
    }

    /// Imports bytes as a file of this extension into a project below an empty folder.
    ///
    /// # Errors
    /// Whatever is wrong with the bytes.
    pub fn file(folder: &Path, extension: &str, bytes: &[u8]) -> Result<(), DataError> {
        let path = folder.join(format!("input.{extension}"));
        std::fs::write(&path, bytes).map_err(|error| DataError::write(&path, error))?;
        let mut warehouse = Warehouse::open(&folder.join("state"))?;
        let added = warehouse.add(&path, &AddOptions::default(), &mut NoProgress);
        if let Ok(report) = &added {
            warehouse.remove(&report.source.name)?;
        }
        added.map(|_| ())
    }
}
