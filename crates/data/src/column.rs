//! Columns: their names, the survey of their cells that decides a type, and the values that go into the table.

mod build;
mod names;
mod stats;
mod survey;

pub(crate) use build::ColumnBuilder;
pub(crate) use names::{ColumnHead, holds_codes, holds_dates, holds_ids, unique_names};
pub use stats::{DISTINCT_CAP, SAMPLES};
pub(crate) use stats::{mix, mix_bytes};
pub(crate) use survey::{Plan, Survey};
