//! Columns: their names, the survey of their cells that decides a type, and the values that go into the table.

mod build;
mod names;
mod odd;
mod stats;
mod survey;

pub(crate) use build::ColumnBuilder;
pub(crate) use build::number as cell_number;
pub(crate) use names::{
    ColumnHead, holds_codes, holds_dates, holds_ids, names_time, takes_caption_unit, unique_names,
};
pub use stats::{DISTINCT_CAP, SAMPLES};
pub(crate) use stats::{mix, mix_bytes};
pub(crate) use survey::{Plan, Survey};

/// At most forty characters, for notes.
fn clip(text: &str) -> String {
    if text.chars().count() <= 40 {
        text.to_owned()
    } else {
        text.chars().take(39).chain(['…']).collect()
    }
}
