//! The engine from outside: imported files, a catalog, Queries, answers.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests, which clippy does not take for tests"
)]

mod answers;
mod repeated;
mod scopes;
mod seam;
mod speed;
mod support;
mod undated;
mod unmatched;
