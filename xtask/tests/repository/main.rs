//! Demands on the repository. A failing test lists every place at once.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, which clippy does not take for tests"
)]

mod deps;
mod docs;
mod tidy;

/// Fails with all problems, one a line.
#[track_caller]
fn none(what: &str, problems: &[String]) {
    assert!(problems.is_empty(), "{what}:\n  {}\n", problems.join("\n  "));
}
