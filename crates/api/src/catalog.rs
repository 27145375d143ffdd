//! The catalog: drafts, checks, definitions, differences.

use serde::{Deserialize, Serialize};

/// `catalog infer`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogInferred {
    /// Files written; empty with `--dry-run`.
    pub written: Vec<String>,
    /// How much was drafted.
    pub counts: CatalogCounts,
    /// What a person should look at.
    pub unsure: Vec<UnsureView>,
    /// The draft itself, with `--dry-run`.
    pub yaml: Option<String>,
}

/// How much a catalog defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogCounts {
    /// Entities.
    pub entities: u64,
    /// Tables.
    pub tables: u64,
    /// Metrics.
    pub metrics: u64,
    /// Groups of metrics.
    pub groups: u64,
}

/// Something that a draft is not sure of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnsureView {
    /// Dotted path in the draft.
    pub path: String,
    /// What is not certain and why, for people.
    pub text: String,
    /// What was taken.
    pub choice: String,
    /// What else it could be.
    pub alternatives: Vec<String>,
}

/// `catalog check`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogChecked {
    /// True when nothing is wrong; warnings do not count.
    pub ok: bool,
    /// Digest of the catalog's meaning; `null` when it does not load.
    pub catalog: Option<String>,
    /// How much it defines; `null` when it does not load.
    pub counts: Option<CatalogCounts>,
    /// Metrics that were planned and run.
    pub metrics_run: u64,
    /// What is wrong.
    pub problems: Vec<ProblemView>,
    /// What may be wrong.
    pub warnings: Vec<ProblemView>,
}

/// One thing that is wrong, with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemView {
    /// File.
    pub file: Option<String>,
    /// Line from 1.
    pub line: Option<u64>,
    /// Dotted path of the definition.
    pub path: String,
    /// For people.
    pub text: String,
}

/// `catalog show` without a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogShown {
    /// Digest of the catalog's meaning.
    pub catalog: String,
    /// Entities and their dimensions.
    pub entities: Vec<EntityView>,
    /// All metrics in short.
    pub metrics: Vec<MetricLine>,
}

/// An entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityView {
    /// Name in Queries.
    pub name: String,
    /// For people.
    pub label: String,
    /// Attributes.
    pub dimensions: Vec<String>,
}

/// A metric in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetricLine {
    /// Name in Queries.
    pub name: String,
    /// For people.
    pub label: String,
    /// Unit; `null` for plain numbers.
    pub unit: Option<String>,
    /// Column or formula.
    pub from: String,
}

/// `catalog show METRIC`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetricView {
    /// Name in Queries.
    pub name: String,
    /// For people.
    pub label: String,
    /// What it means.
    pub description: Option<String>,
    /// Other words for it.
    pub synonyms: Vec<String>,
    /// Unit; `null` for plain numbers.
    pub unit: Option<String>,
    /// Formula as written.
    pub formula: Option<String>,
    /// Formula down to columns.
    pub expanded: Option<String>,
    /// Imported columns that it rests on, the authoritative one first.
    pub columns: Vec<String>,
    /// Other columns with the same figure, as `name@table`.
    pub alternatives: Vec<String>,
    /// What values say about time: `flow`, `flow_ytd`, `stock`, `rate`, `static`.
    pub time: Vec<String>,
    /// Forms that a Query may name.
    pub forms: Vec<String>,
    /// Form taken when a Query names none.
    pub default_form: Option<String>,
    /// Finest grain; `null` without time.
    pub grain: Option<String>,
    /// Dimensions that it can be cut by.
    pub dimensions: Vec<String>,
    /// Metrics whose formulas use it.
    pub used_by: Vec<String>,
    /// A Query to begin with.
    pub example: String,
}

/// `catalog diff`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogDiff {
    /// Digest of the old catalog.
    pub old: String,
    /// Digest of the present one.
    pub new: String,
    /// Definitions that differ.
    pub changes: Vec<ChangeView>,
    /// Metrics whose answers change.
    pub answers_change: Vec<String>,
}

/// One definition that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeView {
    /// `added`, `removed` or `changed`.
    pub change: String,
    /// `metrics.revenue`.
    pub path: String,
    /// Fields that differ, old and new.
    pub fields: Vec<FieldChange>,
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Dotted path inside the definition.
    pub field: String,
    /// Before; `null` when it was not there.
    pub old: Option<String>,
    /// Now; `null` when it is gone.
    pub new: Option<String>,
}
