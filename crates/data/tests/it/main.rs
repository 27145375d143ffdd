//! What a user notices of imports and checks.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    missing_docs,
    reason = "helpers of tests"
)]

mod checks;
mod comparisons;
mod durability;
mod encodings;
mod errors;
mod formats;
mod fuzz;
mod header_levels;
mod hostile;
mod integrity;
mod laid_out;
mod number_formats;
mod properties;
mod real;
mod slips;
mod support;
mod types;
mod workbook;
