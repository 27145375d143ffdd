//! The types of `--json` output: what other programs read, kept apart from the types of the domain so that those may
//! change.
//!
//! May know `core`, `grounding` and `semantics`; must not know the engine, the data crate or any front end. Decimals
//! are strings, missing values `null`, periods as in Queries (`2025Q3`).

mod ask;
mod catalog;
mod data;
mod project;
mod query;

use serde::{Deserialize, Serialize};

pub use ask::*;
pub use catalog::*;
pub use data::*;
pub use project::*;
pub use query::*;

/// Version of all documents below; raised when a field changes its meaning or goes.
pub const SCHEMA_VERSION: u32 = 1;

/// What `--json` prints: exactly one of these on standard output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document<T> {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// True when the project's data are made up; left out otherwise.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fictional: bool,
    /// The content, its fields beside `schema_version`.
    #[serde(flatten)]
    pub body: T,
}

impl<T> Document<T> {
    /// A document of the present version.
    pub fn new(body: T) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            fictional: false,
            body,
        }
    }
}

/// What `--json` prints when the work could not be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Why.
    pub error: ErrorBody,
}

/// Why the work could not be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// Stable category, as in `docs/reference/errors.md`.
    pub code: String,
    /// What happened and where, in the language asked for.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// True when the same command may succeed later.
    pub retry: bool,
}

/// A convention applied or an oddity met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteView {
    /// Stable name.
    pub code: String,
    /// For people, in the language asked for.
    pub text: String,
}
