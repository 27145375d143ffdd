//! Where the data are that are too large, or not ours, to be part of the repository.

use std::path::{Path, PathBuf};

/// A file or folder of the shared data; `None`, with a word on standard error, where it is not. In CI its absence is a failure.
///
/// # Panics
/// In CI when it is not there.
#[must_use]
#[expect(clippy::print_stderr, reason = "says why a test is skipped")]
pub fn shared(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("JINSHENG_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = root.join("data").join(name);
    if path.exists() {
        return Some(path);
    }
    let in_ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
    assert!(!in_ci, "`{}` is needed in CI", path.display());
    eprintln!("skipped: `{}` is not there", path.display());
    None
}
