//! Tests of the semantics crate through its public interface.

mod infer;
mod infer_real;
mod infer_support;
