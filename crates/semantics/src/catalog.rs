//! The catalog: what the tables of a project mean, written in YAML by people (`catalog/*.yaml`).
//!
//! Types as they stand in the files; `load` reads and merges them, `model` resolves names. Columns are named as in
//! the imported tables; nothing here reads data.

mod load;
mod model;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use jinsheng_core::{Decimal, Grain, Localised, Unit};
use serde::{Deserialize, Serialize};

use crate::query::Form;

pub use load::{CatalogError, Problem, merge_catalog_files, parse_catalog_files, to_yaml};
pub(crate) use model::check::metric_names;
pub use model::{Catalog, DimensionPath, Hop, ResolvedDimension};
pub use rows::ROWS;

/// One catalog file; a project's catalog is the union of its files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogFile {
    /// Version of this format; 1.
    pub version: u32,
    /// Things that figures are about: companies, funds, clients.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub entities: BTreeMap<String, Entity>,
    /// Tables and their columns.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tables: BTreeMap<String, Table>,
    /// Business figures.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metrics: BTreeMap<String, Metric>,
    /// Names for several metrics at once: 三费.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<String, Group>,
}

/// A kind of subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entity {
    /// Name for people.
    pub label: Localised,
    /// Other words for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    /// The table with one row for each, whose dimensions are its attributes (`company.industry`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// Where names of its members stand; the first column that has one gives the displayed name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<NameColumn>,
    /// Further names by key, such as nicknames. Keys are quoted, so that leading zeros stay.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub aliases: BTreeMap<Key, Vec<String>>,
}

/// A column that names members of an entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameColumn {
    /// Catalog table; it has a column for the entity.
    pub table: String,
    /// Column with the name.
    pub column: String,
}

/// A code that must be written in quotes in YAML: a bare `000858` would be read as the number 858.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Key(pub String);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Key;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(
                    "a code in quotes, such as \"000858\" (without quotes its leading zeros are lost)",
                )
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Key, E> {
                Ok(Key(text.to_owned()))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// A table of the catalog over an imported one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Imported table: `financials.income_sheet`.
    pub source: String,
    /// Name for people.
    #[serde(default, skip_serializing_if = "Localised::is_empty")]
    pub label: Localised,
    /// Other words for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    /// Columns that hold keys of entities, by entity.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub entities: BTreeMap<String, String>,
    /// How a row's period is read; none for tables without time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<PeriodColumns>,
    /// True when entities and period (and `key_dimensions`) determine a row. False for events such as transactions.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub unique: bool,
    /// Dimensions that belong to the key beside entities and period.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub key_dimensions: BTreeSet<String>,
    /// What rows are that are alike in every column of the imported table, where the table is not `unique`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeated_rows: Option<RepeatedRows>,
    /// Columns to cut and filter by.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dimensions: BTreeMap<String, Dimension>,
    /// Columns to compute with.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub measures: BTreeMap<String, Measure>,
}

/// What rows are that are alike in every column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepeatedRows {
    /// One row, loaded several times.
    Once,
    /// Events of their own that happen to be alike.
    Each,
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_yes(value: &bool) -> bool {
    *value
}

/// Where a row's period stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum PeriodColumns {
    /// A report of a listed company: text ending in Q1, H1 or HY, Q3, FY; the grain is the quarter at whose end it is.
    Report {
        /// Column with the year; without it the year stands in front of the period text (`2025Q3`).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        year: Option<String>,
        /// Column with the period text.
        period: String,
    },
    /// A date column.
    Date {
        /// The column.
        column: String,
        /// How often there are rows: `day` or `month` (a row at some day of each month) …
        grain: Grain,
    },
    /// A text `2025-09` or `202509`.
    MonthText {
        /// The column.
        column: String,
    },
    /// A year as an integer.
    Year {
        /// The column.
        column: String,
    },
}

impl PeriodColumns {
    /// The finest grain at which the table has values.
    pub fn grain(&self) -> Grain {
        match self {
            Self::Report { .. } => Grain::Quarter,
            Self::Date { grain, .. } => *grain,
            Self::MonthText { .. } => Grain::Month,
            Self::Year { .. } => Grain::Year,
        }
    }

    /// The columns read.
    pub fn columns(&self) -> Vec<&str> {
        match self {
            Self::Report { year, period } => {
                year.iter().map(String::as_str).chain([period.as_str()]).collect()
            }
            Self::Date { column, .. } | Self::MonthText { column } | Self::Year { column } => vec![column],
        }
    }
}

/// A column to cut and filter by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// The column.
    pub column: String,
    /// Name for people.
    #[serde(default, skip_serializing_if = "Localised::is_empty")]
    pub label: Localised,
    /// Other words for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
}

/// A column to compute with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// The column; not needed for `count`, which counts rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// How rows of one group become one value.
    #[serde(default, skip_serializing_if = "is_sum")]
    pub agg: Agg,
    /// Unit of the column's values.
    #[serde(default = "plain", skip_serializing_if = "is_plain")]
    pub unit: Unit,
    /// How values of one period become those of a coarser one.
    pub time: TimeBehaviour,
    /// Values that stand for a missing one, such as -1: a cell that equals one of them is missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Decimal>,
}

fn plain() -> Unit {
    Unit::PLAIN
}

fn is_plain(unit: &Unit) -> bool {
    *unit == Unit::PLAIN
}

fn is_sum(agg: &Agg) -> bool {
    *agg == Agg::Sum
}

/// How rows of one group become one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Agg {
    /// Added up.
    #[default]
    Sum,
    /// Smallest.
    Min,
    /// Largest.
    Max,
    /// Arithmetic mean.
    Mean,
    /// Rows (with a value, when a column is given).
    Count,
    /// Different values.
    CountDistinct,
}

/// What a value says about time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeBehaviour {
    /// An amount of the row's period alone: turnover of a day.
    Flow,
    /// An amount since the start of the year, as in Chinese reports.
    FlowYtd,
    /// A state at the end of the period: assets, a price, a net asset value.
    Stock,
    /// A stored ratio, price change or growth rate: never added up, over subjects or over time.
    Rate,
    /// Without time.
    Static,
}

/// A named business figure. Has a `measure`, a `formula`, or both (then the measure counts and the formula checks it).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// Name for people.
    pub label: Localised,
    /// Other words for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    /// What it means.
    #[serde(default, skip_serializing_if = "Localised::is_empty")]
    pub description: Localised,
    /// The authoritative column: `table.measure`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
    /// Other columns that hold the same figure: `name@table` asks for one of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<String>,
    /// An expression over other metrics, in the language of Queries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
    /// Unit shown; by default the measure's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// Form taken when a Query names none; by default `ytd` for year-to-date columns and `single` for flows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
    /// This metric is a stored growth rate of another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growth_of: Option<GrowthOf>,
    /// A larger value is worse (expenses, debt); for wording only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lower_is_better: bool,
}

/// Which growth rate of which metric a column stores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrowthOf {
    /// The base metric.
    pub metric: String,
    /// `yoy` or `qoq`.
    pub change: crate::query::ChangeKind,
}

/// One word for several metrics.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Name for people.
    pub label: Localised,
    /// Other words for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    /// The metrics.
    pub metrics: Vec<String>,
}
