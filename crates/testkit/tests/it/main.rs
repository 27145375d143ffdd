//! The interpreter against values computed by hand, row by row of the tables in `docs/reference/query.md`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::allow_attributes,
    reason = "helper functions of tests stop at the first thing that is wrong"
)]

mod choice;
mod expressions;
mod fixture;
mod forms;
mod groups;
#[cfg(feature = "load")]
mod load;
mod random;
mod refusals;
mod rows;
mod scopes;
