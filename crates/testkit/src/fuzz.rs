//! Bodies of the fuzz targets, and what a test needs to run them without a fuzzer.
//!
//! Each body takes any bytes and fails by a panic when a property is broken. `fuzz/` gives it inputs that coverage has
//! found, a test of the owning crate the committed corpus and mutations of it from a seed: the logic stands once. A body
//! must not know who calls it, and must not look at the clock; what takes too long is for the caller to notice.

mod ask;
mod bind;
mod catalog;
#[cfg(feature = "load")]
mod import;
mod mutate;
mod query;
mod text;
#[cfg(feature = "load")]
mod workbook;

use std::path::{Path, PathBuf};

pub use ask::ask;
pub use bind::bind;
pub use catalog::catalog;
#[cfg(feature = "load")]
pub use import::{cell, import};
pub use mutate::Mutations;
pub use query::query;
pub use text::text;
#[cfg(feature = "load")]
pub use workbook::{archive, workbook};

/// The committed inputs of a target, in the order of their names.
///
/// # Errors
/// When the folder or a file in it cannot be read.
pub fn corpus(target: &str) -> std::io::Result<Vec<Vec<u8>>> {
    let folder = folder(target);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.sort();
    paths.iter().map(std::fs::read).collect()
}

fn folder(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(target)
}

/// Runs a body over a target's corpus, then over so many mutations of it; gives the number of inputs.
///
/// # Errors
/// As [`corpus`].
pub fn run(target: &str, mutations: usize, mut body: impl FnMut(&[u8])) -> std::io::Result<usize> {
    let corpus = corpus(target)?;
    for input in &corpus {
        body(input);
    }
    let made = Mutations::new(&corpus, target).take(mutations);
    let made = made.map(|input| body(&input)).count();
    Ok(corpus.len() + made)
}

/// Bytes as text, whatever they are: a target that takes text must not spend its time on invalid UTF-8.
fn lossy(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
