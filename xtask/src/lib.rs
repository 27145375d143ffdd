//! What the repository demands of itself, beyond what the compiler checks: which crates may know which, and what its
//! files and documents look like. The demands are the tests in `tests/repository`; this library reads the repository for them.
//!
//! Depends on no other crate of the workspace and on nothing heavy, so that it builds in seconds.

pub mod documents;
pub mod files;
pub mod graph;
pub mod signatures;

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository could not be read.
#[derive(Debug, thiserror::Error)]
pub enum RepoError {
    /// A file or folder cannot be read.
    #[error("failed to read `{path}`")]
    Read {
        /// What was read.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// A program that describes the repository cannot be run or failed.
    #[error("`{command}` failed: {reason}")]
    Command {
        /// The command line.
        command: String,
        /// Its error output, or why it did not start.
        reason: String,
    },
    /// What a program or file said is not in the expected form.
    #[error("`{what}` is not in the expected form: {reason}")]
    Form {
        /// Program or file.
        what: String,
        /// What is wrong.
        reason: String,
    },
}

/// The root folder of the workspace.
pub fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_path_buf()
}

/// Text of a file, named relative to the root.
///
/// # Errors
/// [`RepoError::Read`] when it is missing or not UTF-8.
pub fn read(path: &str) -> Result<String, RepoError> {
    std::fs::read_to_string(root().join(path)).map_err(|source| RepoError::Read {
        path: path.into(),
        source,
    })
}

/// Runs a program in the root folder and returns what it prints.
fn output(program: &str, args: &[&str]) -> Result<String, RepoError> {
    let command = format!("{program} {}", args.join(" "));
    let failed = |reason: String| RepoError::Command {
        command: command.clone(),
        reason,
    };
    let done = Command::new(program)
        .args(args)
        .current_dir(root())
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if !done.status.success() {
        return Err(failed(String::from_utf8_lossy(&done.stderr).into_owned()));
    }
    String::from_utf8(done.stdout).map_err(|error| failed(error.to_string()))
}
