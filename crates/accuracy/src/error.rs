//! What can go wrong outside the answers themselves: files, gold, the program under test.

use std::io;
use std::path::{Path, PathBuf};

pub(crate) type Outcome<T> = Result<T, AccuracyError>;

/// A run could not be made. A wrong answer is no error, but a verdict.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AccuracyError {
    #[error(
        "{0}\nusage: ./x accuracy [SET…] [--half dev|test] [--json] [--verbose] [--jobs N] [--jinsheng FILE] [--rehearse]"
    )]
    Usage(String),
    #[error("failed to {what} `{path}`: {source}")]
    File {
        what: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("`{path}` is not in the expected form: {reason}\nhint: {hint}")]
    Form {
        path: PathBuf,
        reason: String,
        hint: &'static str,
    },
    #[error("gold `{id}` is wrong: {reason}\nhint: run tests/accuracy/check.py")]
    Gold { id: String, reason: String },
    #[error("failed to use the database `{path}`: {source}")]
    Database { path: PathBuf, source: rusqlite::Error },
    #[error("`{command}` failed: {reason}")]
    Command { command: String, reason: String },
    #[error("failed to write the report: {0}")]
    Report(#[from] io::Error),
}

impl AccuracyError {
    pub(crate) fn file(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File {
            what,
            path: path.to_owned(),
            source,
        }
    }

    pub(crate) fn database(path: &Path) -> impl FnOnce(rusqlite::Error) -> Self {
        move |source| Self::Database {
            path: path.to_owned(),
            source,
        }
    }
}
