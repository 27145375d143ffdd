//! Tests of the semantics crate through its public interface.

#![expect(
    clippy::panic,
    clippy::print_stderr,
    reason = "helpers of tests, which clippy does not take for tests"
)]

mod fractions;
mod infer;
mod infer_real;
mod infer_support;
