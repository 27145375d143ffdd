//! Evidence: one known fact with its origin.

use jinsheng_core::{Decimal, Digest, Digester, Grain, Period, Unit};
use serde::{Deserialize, Serialize};

/// Identity of a fact: what was asked, of whom, when, under which rights; not what the answer was.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FactId(pub Digest);

/// Identity of a fact with its value and the versions of its sources.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EvidenceId(pub Digest);

/// What a [`FactId`] is made of. SQL and engine are provenance and stay outside.
#[derive(Debug, Clone, Copy)]
pub struct FactKey<'a> {
    /// Digest of the metric's definition: expression with all formulas expanded, measures, units.
    pub definition: &'a Digest,
    /// Dimension and key of the group, in order of dimension.
    pub subject: &'a [(String, String)],
    /// Period; none for what has no time.
    pub period: Option<Period>,
    /// Grain of the Query.
    pub grain: Option<Grain>,
    /// Digest of the filters on rows.
    pub filters: &'a Digest,
    /// Digest of what the caller may see.
    pub scope_class: &'a Digest,
}

impl FactKey<'_> {
    /// The fact's id.
    pub fn id(&self) -> FactId {
        let mut digester = Digester::new("fact");
        digester.field(self.definition.as_str());
        digester.field(&self.subject.len().to_string());
        for (dimension, key) in self.subject {
            digester.field(dimension).field(key);
        }
        digester.field(&self.period.map(|period| period.to_string()).unwrap_or_default());
        digester.field(self.grain.map_or("", Grain::as_str));
        digester
            .field(self.filters.as_str())
            .field(self.scope_class.as_str());
        FactId(digester.finish())
    }
}

/// A source as it was when it was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceVersion {
    /// Name of the source in the project.
    pub source: String,
    /// Digest of its bytes and of how they were imported.
    pub digest: Digest,
    /// How far the same answer can be had again.
    pub strength: Strength,
}

/// How far the same answer can be had again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// The bytes are kept: exact re-execution.
    Pinned,
    /// One consistent snapshot, gone since.
    Transaction,
    /// Seen once.
    Observed,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Origin {
    /// One cell of a table.
    Cell {
        /// Imported table.
        table: String,
        /// Column.
        column: String,
        /// Columns and values that find the row.
        row: Vec<(String, String)>,
        /// Column of the file, where the table was made from one with a column for each period.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file_column: Option<String>,
    },
    /// Several rows of one column put together.
    Aggregate {
        /// Imported table.
        table: String,
        /// Column; none when rows are counted.
        column: Option<String>,
        /// `sum`, `mean`, `count` …
        function: String,
        /// Given where something that belongs into it is missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        partial: Option<Partial>,
    },
    /// Computed from other evidence.
    Computation {
        /// The expression, in the language of Queries.
        expression: String,
        /// Evidence that it was computed from.
        operands: Vec<EvidenceId>,
    },
}

/// How much of what a value is made of is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partial {
    /// Rows (or groups) that belong into it.
    pub rows: u64,
    /// Those that have a value.
    pub known: u64,
}

/// One known fact with its origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Its id.
    pub id: EvidenceId,
    /// The fact that it answers.
    pub fact: FactId,
    /// What the value is, in the language of Queries.
    pub metric: String,
    /// Dimension and key of the group.
    pub subject: Vec<(String, String)>,
    /// Period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// The value; none if it is missing.
    pub value: Option<Decimal>,
    /// Its unit.
    pub unit: Unit,
    /// Computed in floating point, 12 significant digits.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approximate: bool,
    /// Where it comes from.
    pub origin: Origin,
    /// Sources read.
    pub sources: Vec<SourceVersion>,
}

impl EvidenceId {
    /// The id of a fact with this value and these sources; `12.30` and `12.3` are one value.
    pub fn new(fact: &FactId, value: Option<Decimal>, unit: Unit, sources: &[SourceVersion]) -> Self {
        let mut digester = Digester::new("evidence");
        digester.field(fact.0.as_str());
        digester.field(
            &value
                .map(|value| value.normalize().to_string())
                .unwrap_or_default(),
        );
        digester.field(&unit.to_string());
        for source in sources {
            digester.field(&source.source).field(source.digest.as_str());
        }
        Self(digester.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_value_written_otherwise_is_the_same_evidence() {
        let digest = Digest::of(b"definition");
        let key = FactKey {
            definition: &digest,
            subject: &[("company".into(), "000538".into())],
            period: Some(Period::quarter(2025, 3)),
            grain: Some(Grain::Quarter),
            filters: &digest,
            scope_class: &digest,
        };
        let id = |value: &str| EvidenceId::new(&key.id(), Some(value.parse().unwrap()), Unit::YUAN, &[]);
        assert_eq!(id("12.30"), id("12.3"));
        assert_ne!(id("12.3"), id("12.31"));
        let other = FactKey {
            period: Some(Period::year(2025)),
            ..key
        };
        assert_ne!(key.id(), other.id());
    }
}
