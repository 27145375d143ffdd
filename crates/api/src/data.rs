//! Sources, tables, columns, and what is wrong with them.

use serde::{Deserialize, Serialize};

/// `data list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataList {
    /// All sources, by name.
    pub sources: Vec<SourceView>,
}

/// `data add`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataAdded {
    /// One for each file, in the order given.
    pub added: Vec<AddedView>,
    /// Time of all imports.
    pub elapsed_ms: u64,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedView {
    /// `added`, `replaced`, `unchanged`, or `restored` after the stored tables had been altered or lost.
    pub outcome: String,
    /// Tables and columns (`table.column`) that the version before had and this one lacks.
    pub gone: Vec<String>,
    /// The source as it is now.
    pub source: SourceView,
}

/// `data remove`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataRemoved {
    /// False with `--dry-run`.
    pub removed: bool,
    /// The source as it was.
    pub source: SourceView,
    /// Metrics of the catalog that lose their column.
    pub metrics: Vec<String>,
}

/// `data show`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataShown {
    /// Tables of the source, or the one table.
    pub tables: Vec<TableView>,
    /// The source that they belong to.
    pub source: SourceView,
}

/// An imported source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceView {
    /// Name in the project.
    pub name: String,
    /// `csv`, `xlsx`, `sqlite` …
    pub kind: String,
    /// Where the file was.
    pub path: String,
    /// Size of the file.
    pub bytes: u64,
    /// Text encoding.
    pub encoding: Option<String>,
    /// Digest of the bytes, the options and the importer version.
    pub digest: String,
    /// When it was imported, RFC 3339.
    pub imported_at: String,
    /// Names of its tables with their rows and columns.
    pub tables: Vec<TableSize>,
    /// Oddities met on import.
    pub notes: Vec<PlacedNote>,
}

/// How large a table is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSize {
    /// Name.
    pub name: String,
    /// Rows.
    pub rows: u64,
    /// Columns.
    pub columns: u64,
}

/// An oddity with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedNote {
    /// Table, if it is about one.
    pub table: Option<String>,
    /// Column, if it is about one.
    pub column: Option<String>,
    /// For people.
    pub text: String,
}

/// A table with its columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableView {
    /// Name.
    pub name: String,
    /// Rows.
    pub rows: u64,
    /// What stood above the header.
    pub caption: Option<String>,
    /// Unit stated above the header.
    pub caption_unit: Option<String>,
    /// Columns in the order of the source.
    pub columns: Vec<TableColumnView>,
}

/// A column of an imported table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableColumnView {
    /// Name in the project.
    pub name: String,
    /// Header as written.
    pub header: String,
    /// `text`, `integer`, `decimal(20,2)`, `date` …
    #[serde(rename = "type")]
    pub kind: String,
    /// Unit named in the header.
    pub unit: Option<String>,
    /// Missing values.
    pub nulls: u64,
    /// Distinct values; `null` when there are too many to count.
    pub distinct: Option<u64>,
    /// Smallest value.
    pub min: Option<String>,
    /// Greatest value.
    pub max: Option<String>,
    /// The first few distinct values.
    pub samples: Vec<String>,
    /// Oddities, for people.
    pub notes: Vec<String>,
}

/// `data check`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataChecked {
    /// Tables looked at.
    pub tables: Vec<String>,
    /// What was found, by table, gravest first.
    pub findings: Vec<FindingView>,
    /// Comparisons with another source, when asked for; one for each pair of tables.
    pub comparisons: Vec<ComparisonView>,
    /// Tables that have no counterpart in the other source.
    pub alone: Vec<String>,
}

/// Something that makes numbers wrong, or may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingView {
    /// Stable name of what was found: `duplicate_keys`, `placeholder` …
    pub kind: String,
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// Table.
    pub table: String,
    /// Columns concerned.
    pub columns: Vec<String>,
    /// Cells or rows that show it.
    pub count: u64,
    /// Cells or rows that could.
    pub of: u64,
    /// For people.
    pub text: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The first of them.
    pub examples: Vec<FindingExample>,
}

/// A row that shows a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingExample {
    /// Row of the table, from 1.
    pub row: u64,
    /// Key of the row.
    pub key: String,
    /// Columns and their values.
    pub values: Vec<NamedValue>,
    /// More; may be empty.
    pub detail: String,
}

/// A column and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedValue {
    /// Column.
    pub column: String,
    /// Value as text.
    pub value: String,
}

/// How two tables agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparisonView {
    /// The one.
    pub left: String,
    /// The other.
    pub right: String,
    /// Key columns of the one.
    pub left_key: Vec<String>,
    /// Key columns of the other.
    pub right_key: Vec<String>,
    /// Rows that both have.
    pub matched: u64,
    /// Rows that only the one has.
    pub only_left: OnlyView,
    /// Rows that only the other has.
    pub only_right: OnlyView,
    /// Columns compared.
    pub columns: Vec<ComparedColumn>,
}

/// Rows that only one of two tables has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnlyView {
    /// How many.
    pub count: u64,
    /// Keys of the first of them.
    pub examples: Vec<String>,
}

/// One column of two tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedColumn {
    /// Column of the one.
    pub left: String,
    /// Column of the other.
    pub right: String,
    /// Cells that both have.
    pub compared: u64,
    /// Of these, cells that differ.
    pub different: u64,
    /// Of the others, cells that agree only because one shows fewer decimals.
    pub rounded: u64,
    /// Of those that differ, cells that seem to be in another unit.
    pub unit_slips: u64,
    /// Of those that differ, cells of opposite sign.
    pub opposite_sign: u64,
    /// Values that only the one has.
    pub only_left: u64,
    /// Values that only the other has.
    pub only_right: u64,
    /// The first cells that differ.
    pub examples: Vec<ComparedCell>,
}

/// A cell that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedCell {
    /// Key of the row.
    pub key: String,
    /// The one's value.
    pub left: String,
    /// The other's value.
    pub right: String,
}
