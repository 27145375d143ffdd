//! The real binary, as a user runs it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::too_many_lines,
    reason = "helpers of tests, which clippy does not take for tests; tables of cases are long"
)]

mod ask;
mod cancel;
mod catalog;
mod checks;
mod config;
mod coverage;
mod differential;
mod disk;
mod gold;
mod inputs;
mod integrity;
mod json;
mod queries;
mod reference;
mod refusals;
mod shapes;
mod support;
mod thread;
