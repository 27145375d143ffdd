//! What is known of an imported source, its tables and their columns; this is what the manifest holds.

use std::path::PathBuf;

use jinsheng_core::{Digest, Unit};
use serde::{Deserialize, Serialize};

use crate::{Note, Unpivoted};

/// Format of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Comma, semicolon or bar separated text.
    Csv,
    /// Tab separated text.
    Tsv,
    /// Apache Parquet.
    Parquet,
    /// One JSON object a line.
    Jsonl,
    /// A workbook: XLSX, XLSM.
    Xlsx,
    /// A workbook of Excel 97-2003.
    Xls,
    /// A SQLite database file.
    Sqlite,
}

impl SourceKind {
    /// The word used in `--json` and in messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Parquet => "parquet",
            Self::Jsonl => "jsonl",
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Sqlite => "sqlite",
        }
    }
}

/// How exactly a result of this source can be had again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// The bytes are kept: the same Query gives the same result for ever.
    Pinned,
}

/// One imported source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceMeta {
    /// Name in the project; the first part of its tables' names.
    pub name: String,
    /// Format of the file.
    pub kind: SourceKind,
    /// Digest of the file's bytes, the import options and the importer version: the source version.
    pub digest: Digest,
    /// Version of the importer; another version may read the same bytes differently.
    pub importer_version: u32,
    /// When it was imported, as the caller said (RFC 3339); empty when the caller did not say.
    pub imported_at: String,
    /// Where the file was.
    pub path: PathBuf,
    /// Size of the file.
    pub bytes: u64,
    /// Text encoding of the file, as the WHATWG Encoding Standard names it; for text formats only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// How exactly results can be had again.
    pub strength: Strength,
    /// Its tables, in the order of the file.
    pub tables: Vec<TableMeta>,
    /// Oddities met on import that belong to no single table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// One imported table: one Parquet file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableMeta {
    /// `<source>.<table>` for databases and for workbooks with several sheets, else `<source>`.
    pub name: String,
    /// The Parquet file, relative to the state folder.
    pub file: PathBuf,
    /// Digest of the Parquet file's bytes.
    pub digest: Digest,
    /// Number of rows.
    pub rows: u64,
    /// Columns in the order of the source.
    pub columns: Vec<ColumnMeta>,
    /// What stood above the header of a sheet, such as a title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// A unit stated above the header (`单位：万元`); columns of amounts that name none have it, with a note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption_unit: Option<Unit>,
    /// Where its values stood, if the file has columns for periods that are rows here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unpivoted: Option<Unpivoted>,
    /// Oddities met on import.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl TableMeta {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&ColumnMeta> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// One column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnMeta {
    /// The header, normalised and made unique within the table; the name in the Parquet file.
    pub name: String,
    /// The header as written.
    pub header: String,
    /// The header without its unit.
    pub label: String,
    /// Unit named in the header, or `%` when every cell carried a percent sign, or the one stated above the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// What the source's own schema says of the column (a comment in `CREATE TABLE`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Type of its values.
    pub kind: ColumnKind,
    /// Number of missing values.
    pub nulls: u64,
    /// Smallest value as text; none when all are missing. A text of more than 200 characters is cut here and in
    /// `max` and `samples`, and ends in `…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<String>,
    /// Greatest value as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<String>,
    /// Number of distinct values; none when there are more than [`crate::DISTINCT_CAP`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distinct: Option<u64>,
    /// The first few distinct values as text.
    pub samples: Vec<String>,
    /// Cells that lost digits because the column does not fit 38 digits.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rounded: u64,
    /// Oddities met on import.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
fn is_zero(value: &u64) -> bool {
    *value == 0
}

/// Type of a column's values, and of its Parquet column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// `Utf8`. Codes are text, so that they keep their leading zeros.
    Text,
    /// `Int64`.
    Integer,
    /// `Decimal128(precision, scale)`, both as small as the values allow.
    Decimal {
        /// Digits in all, 1 to 38.
        precision: u8,
        /// Digits after the point, at most `precision`.
        scale: u8,
    },
    /// `Date32`.
    Date,
    /// `Timestamp(Microsecond)` without a zone: the wall time as written.
    Timestamp,
    /// `Boolean`.
    Boolean,
}

impl ColumnKind {
    /// True for integers and decimals.
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Integer | Self::Decimal { .. })
    }
}
