//! The answer to one turn of a conversation.

use jinsheng_semantics::query::Query;
use serde::{Deserialize, Serialize};

use crate::{EvidenceView, NoteView, SqlText};

/// What was said to one turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TurnAnswer {
    /// Id of the conversation and number of the turn, in batches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The first part that was answered, else the first.
    #[serde(flatten)]
    pub first: PartAnswer,
    /// The turn as it was written.
    pub question: String,
    /// All parts and tables, where there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartAnswer>,
    /// Digest of the catalog.
    pub catalog: String,
    /// Time from the turn to the answer.
    pub elapsed_ms: u64,
    /// `builtin` or `model`: what understood the turn.
    pub by: String,
}

/// What was said to one question of a turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartAnswer {
    /// Whether there is an answer.
    pub status: AskStatus,
    /// The Query in its one-line form, or what was made of it.
    pub reading: Option<String>,
    /// The Query.
    pub query: Option<Query>,
    /// The Query as SQL, when asked for.
    pub sql: Option<SqlText>,
    /// Columns, keys first.
    pub columns: Vec<AskColumn>,
    /// Rows; numbers are decimal strings, exact; missing is `null`.
    pub rows: Vec<Vec<AskCell>>,
    /// The answer in words.
    pub answer: String,
    /// What the rows rest on.
    pub evidence: Vec<EvidenceView>,
    /// Options of an `ECharts` chart.
    pub chart: Option<serde_json::Value>,
    /// A question back.
    pub clarification: Option<Clarification>,
    /// Why there is no answer.
    pub refusal: Option<RefusalView>,
    /// Conventions taken and oddities met.
    pub notes: Vec<NoteView>,
}

/// Whether there is an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskStatus {
    /// Yes.
    Answered,
    /// A question back.
    Clarify,
    /// No.
    Refused,
}

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskColumn {
    /// Stable name.
    pub name: String,
    /// For people.
    pub label: String,
    /// Unit of a number.
    pub unit: Option<String>,
    /// `number`, `text`, `period`, `bool` or `member`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Computed in floating point, 12 significant digits.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approximate: bool,
}

/// A cell of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AskCell {
    /// No value.
    Missing(Option<()>),
    /// Yes or no.
    Bool(bool),
    /// A number as exact decimal, a period, a text.
    Text(String),
    /// A member of an entity.
    Member {
        /// Key.
        code: String,
        /// Displayed name.
        name: Option<String>,
    },
}

/// A question back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clarification {
    /// What is asked.
    pub question: String,
    /// Answers by number, from 1.
    pub options: Vec<String>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusalView {
    /// Stable name.
    pub code: String,
    /// For people.
    pub reason: String,
    /// What is missing, in the question's words.
    pub missing: Vec<String>,
    /// Names that are near.
    pub nearest: Vec<String>,
}
