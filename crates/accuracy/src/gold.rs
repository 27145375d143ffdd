//! The gold of a set: cases in the plain form of `tests/accuracy/README.md`. Knows nothing of answers.

mod file;
mod plain;

use std::path::Path;

use serde::Deserialize;

use crate::error::{AccuracyError, Outcome};

/// What may come of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Expect {
    Answered,
    Clarify,
    Refused,
}

/// One turn of a dialogue.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// `B1044/2`.
    pub(crate) id: String,
    pub(crate) category: String,
    /// The text, in sets whose questions are the project's own.
    pub(crate) question: Option<String>,
    pub(crate) role: Option<String>,
    /// Several when the turn asks several things.
    pub(crate) entries: Vec<Entry>,
}

/// One thing that is asked.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// What is right, the main outcome first.
    pub(crate) outcomes: Vec<Expect>,
    /// Every right reading as SQL on the source, the main one first.
    pub(crate) readings: Vec<String>,
    pub(crate) ordered: bool,
    pub(crate) round: Option<u32>,
    /// Words for what the question asks as well and the data cannot say.
    pub(crate) partial: Vec<String>,
    /// Words for what the data lack.
    pub(crate) missing: Vec<String>,
    /// The question states something that the data show to be wrong.
    pub(crate) false_premise: bool,
    /// The source has no column for it: tests the refusal, does not count in the coverage.
    pub(crate) excluded: bool,
    pub(crate) chart: Option<String>,
}

impl Entry {
    pub(crate) fn allows(&self, outcome: Expect) -> bool {
        self.outcomes.contains(&outcome)
    }
}

impl Case {
    /// Id of the dialogue and number of the turn from 1.
    pub(crate) fn place(&self) -> (&str, usize) {
        let (dialogue, turn) = self.id.split_once('/').unwrap_or((&self.id, "1"));
        (dialogue, turn.parse().unwrap_or(1))
    }

    pub(crate) fn excluded(&self) -> bool {
        self.entries.iter().all(|entry| entry.excluded)
    }
}

/// Reads a set and brings it to the plain form.
pub(crate) fn load(folder: &Path, set: &str) -> Outcome<Vec<Case>> {
    let path = folder.join(format!("{set}.yaml"));
    let text = std::fs::read_to_string(&path).map_err(AccuracyError::file("read", &path))?;
    let file: file::File = serde_saphyr::from_str(&text).map_err(|error| AccuracyError::Form {
        path: path.clone(),
        reason: error.to_string(),
        hint: "tests/accuracy/README.md names the fields; check.py checks the file",
    })?;
    if file.version != 1 || file.set != set {
        return Err(AccuracyError::Form {
            path,
            reason: format!("version {} of set `{}` at the head", file.version, file.set),
            hint: "the head of the file has `version: 1` and the set's own name",
        });
    }
    plain::cases(file)
}
