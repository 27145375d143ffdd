//! Tests of the semantics crate through its public interface.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests, which clippy does not take for tests"
)]

mod ask;
mod constants;
mod fractions;
mod fuzz;
mod infer;
mod infer_real;
mod infer_rows;
mod infer_support;
mod reference;
mod usual;
