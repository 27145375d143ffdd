//! The answer to a Query.

use jinsheng_core::Lang;
use jinsheng_grounding::{Evidence, Origin, SourceVersion, Strength};
use jinsheng_semantics::bind::Note;
use jinsheng_semantics::query::Query;
use serde::{Deserialize, Serialize};

use crate::NoteView;

/// Rows with evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryAnswer {
    /// Whether there are rows.
    pub status: AnswerStatus,
    /// The Query in its one-line form.
    pub reading: String,
    /// The Query in its JSON form.
    pub query: Query,
    /// The same as SQL, when asked for.
    pub sql: Option<SqlText>,
    /// Columns, dimensions first.
    pub columns: Vec<ColumnView>,
    /// Rows; each has one cell a column. Numbers are decimal strings, exact; missing is `null`.
    pub rows: Vec<Vec<Option<String>>>,
    /// For each row the evidence of its value columns, in their order.
    pub row_evidence: Vec<Vec<String>>,
    /// Everything that the rows rest on, operands too, by id.
    pub evidence: Vec<EvidenceView>,
    /// Conventions applied and oddities met.
    pub notes: Vec<NoteView>,
    /// Digest of the catalog.
    pub catalog: String,
    /// Sources read.
    pub sources: Vec<SourceVersionView>,
    /// Role under which it was asked; `null` for the full scope.
    pub role: Option<String>,
    /// Time from the parsed Query to the answer.
    pub elapsed_ms: u64,
}

/// Whether there are rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerStatus {
    /// At least one row.
    Ok,
    /// No row matches; that is not zero.
    Empty,
}

/// SQL as provenance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SqlText {
    /// `postgres` or `sqlite`.
    pub dialect: String,
    /// One statement.
    pub text: String,
}

/// A column of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnView {
    /// Dimension, `<dimension>.name`, `period`, alias or expression.
    pub name: String,
    /// For people, in the language asked for.
    pub label: String,
    /// Unit of a value; `null` for other columns and for plain numbers.
    pub unit: Option<String>,
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// Computed in floating point, 12 significant digits.
    pub approximate: bool,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// Keys or values of a dimension.
    Dimension,
    /// Displayed names.
    Name,
    /// Periods.
    Period,
    /// Decimals.
    Decimal,
}

/// One known fact with its origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceView {
    /// Digest of the fact, its value and the versions of its sources.
    pub id: String,
    /// Digest of what was asked.
    pub fact: String,
    /// What the value is, in the language of Queries.
    pub metric: String,
    /// Of whom: dimension and key.
    pub subject: Vec<SubjectView>,
    /// When.
    pub period: Option<String>,
    /// The value; `null` if missing.
    pub value: Option<String>,
    /// Its unit; `null` for plain numbers.
    pub unit: Option<String>,
    /// Computed in floating point.
    pub approximate: bool,
    /// Where it comes from.
    pub origin: OriginView,
    /// Sources read.
    pub sources: Vec<SourceVersionView>,
}

/// A dimension and a key of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectView {
    /// Dimension.
    pub dimension: String,
    /// Key.
    pub key: String,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OriginView {
    /// One cell of an imported table.
    Cell {
        /// Table.
        table: String,
        /// Column.
        column: String,
        /// What finds the row.
        row: Vec<CellKey>,
        /// Column of the file, where that has a column for each period.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file_column: Option<String>,
    },
    /// Several rows of one column.
    Aggregate {
        /// Table.
        table: String,
        /// Column; `null` when rows are counted.
        column: Option<String>,
        /// `sum`, `mean`, `count` …
        function: String,
        /// Given where something that belongs into it is missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        partial: Option<PartialView>,
    },
    /// Computed from other evidence.
    Computation {
        /// In the language of Queries.
        expression: String,
        /// Ids of what it was computed from.
        operands: Vec<String>,
    },
}

/// How much of what a value is made of is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartialView {
    /// Rows (or groups) that belong into it.
    pub rows: u64,
    /// Those that have a value.
    pub known: u64,
}

/// A column and its value in the row meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellKey {
    /// Column.
    pub column: String,
    /// Value.
    pub value: String,
}

/// A source as it was when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceVersionView {
    /// Name in the project.
    pub source: String,
    /// Digest of its bytes and of how they were imported.
    pub digest: String,
    /// `pinned`, `transaction` or `observed`.
    pub strength: String,
}

impl From<&SourceVersion> for SourceVersionView {
    fn from(version: &SourceVersion) -> Self {
        let strength = match version.strength {
            Strength::Pinned => "pinned",
            Strength::Transaction => "transaction",
            Strength::Observed => "observed",
        };
        Self {
            source: version.source.clone(),
            digest: version.digest.to_string(),
            strength: strength.to_owned(),
        }
    }
}

impl From<&Origin> for OriginView {
    fn from(origin: &Origin) -> Self {
        match origin {
            Origin::Cell {
                table,
                column,
                row,
                file_column,
            } => Self::Cell {
                file_column: file_column.clone(),
                table: table.clone(),
                column: column.clone(),
                row: row
                    .iter()
                    .map(|(column, value)| CellKey {
                        column: column.clone(),
                        value: value.clone(),
                    })
                    .collect(),
            },
            Origin::Aggregate {
                table,
                column,
                function,
                partial,
            } => Self::Aggregate {
                table: table.clone(),
                column: column.clone(),
                function: function.clone(),
                partial: partial.map(|partial| PartialView {
                    rows: partial.rows,
                    known: partial.known,
                }),
            },
            Origin::Computation { expression, operands } => Self::Computation {
                expression: expression.clone(),
                operands: operands.iter().map(|id| id.0.to_string()).collect(),
            },
        }
    }
}

impl From<&Evidence> for EvidenceView {
    fn from(evidence: &Evidence) -> Self {
        let unit = evidence.unit.to_string();
        Self {
            id: evidence.id.0.to_string(),
            fact: evidence.fact.0.to_string(),
            metric: evidence.metric.clone(),
            subject: evidence
                .subject
                .iter()
                .map(|(dimension, key)| SubjectView {
                    dimension: dimension.clone(),
                    key: key.clone(),
                })
                .collect(),
            period: evidence.period.map(|period| period.to_string()),
            value: evidence.value.map(|value| value.normalize().to_string()),
            unit: Some(unit).filter(|unit| !unit.is_empty()),
            approximate: evidence.approximate,
            origin: (&evidence.origin).into(),
            sources: evidence.sources.iter().map(Into::into).collect(),
        }
    }
}

impl NoteView {
    /// A note of a Query in one language.
    pub fn of(note: &Note, lang: Lang) -> Self {
        Self {
            code: note.code.to_owned(),
            text: lang.pick(&note.text.0, &note.text.1).clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Document, ErrorBody, Failure};

    #[test]
    fn documents_carry_their_version_and_read_back() {
        let failure = Document::new(Failure {
            error: ErrorBody {
                code: "not_found".to_owned(),
                message: "no".to_owned(),
                hint: None,
                retry: false,
            },
        });
        let text = serde_json::to_string(&failure).unwrap();
        assert_eq!(
            text,
            r#"{"schema_version":1,"error":{"code":"not_found","message":"no","hint":null,"retry":false}}"#
        );
        assert_eq!(serde_json::from_str::<Document<Failure>>(&text).unwrap(), failure);
    }
}
