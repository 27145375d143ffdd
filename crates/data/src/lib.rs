//! Sources become immutable Parquet tables with digests, and are checked for what makes numbers wrong.
//!
//! A CSV, TSV, Parquet, JSON lines, XLSX or SQLite file is imported once into a project's [`Warehouse`]; afterwards
//! everything reads the Parquet files. This crate must not know metrics, catalogs or engines: it says what is in a
//! file, not what it means for the business. It reads no clock; times come from the caller.

mod add;
mod column;
mod error;
mod import;
mod meta;
mod note;
mod read;
mod table;
mod value;
mod warehouse;

pub use add::{AddOptions, AddOutcome, AddReport, NoProgress, Progress, Stage};
pub use column::{DISTINCT_CAP, SAMPLES};
pub use error::DataError;
pub use import::IMPORTER_VERSION;
pub use meta::{ColumnKind, ColumnMeta, SourceKind, SourceMeta, Strength, TableMeta};
pub use note::{Note, SkipReason};
pub use read::{BATCH_ROWS, Batches, read_batches};
pub use value::{MISSING_WORDS, MISSING_WORDS_AMONG_NUMBERS};
pub use warehouse::{RemoveReport, Warehouse};
