//! Values on their way from a source into a table: cells as the source has them, and how text is read.

mod date;
mod missing;
mod number;

use std::borrow::Cow;

pub(crate) use date::{
    DateRead, TimeRead, civil_day, compact_date, date_text, read_date, read_timestamp, timestamp_text,
};
pub use missing::{MISSING_WORDS, MISSING_WORDS_AMONG_NUMBERS};
pub(crate) use missing::{Missing, is_infinite, missing, trim};
pub(crate) use number::{MAX_DIGITS, Number, Written, read_number};

/// One cell as its source has it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell<'a> {
    /// No value.
    Missing,
    /// Text whose meaning is to be found: a number, a date, a code, words.
    Text(Cow<'a, str>),
    /// Text that the source itself types as text.
    Verbatim(Cow<'a, str>),
    /// A whole number.
    Integer(i64),
    /// An exact decimal.
    Number(Number),
    /// A binary floating-point number.
    Float(f64),
    /// A binary floating-point number of single precision.
    Single(f32),
    /// A number that the source shows as a percentage: the number before the sign.
    Percent(Number),
    /// A truth value.
    Boolean(bool),
    /// Days since 1970-01-01.
    Date(i32),
    /// Microseconds since 1970-01-01, wall time.
    Timestamp(i64),
    /// Something that is no value, with a word on what it is.
    Unreadable(Cow<'a, str>),
}

impl Cell<'_> {
    /// The same cell without a copy of its text.
    pub(crate) fn borrowed(&self) -> Cell<'_> {
        match self {
            Self::Missing => Cell::Missing,
            Self::Text(text) => Cell::Text(Cow::Borrowed(text)),
            Self::Verbatim(text) => Cell::Verbatim(Cow::Borrowed(text)),
            Self::Integer(value) => Cell::Integer(*value),
            Self::Number(number) => Cell::Number(*number),
            Self::Float(float) => Cell::Float(*float),
            Self::Single(float) => Cell::Single(*float),
            Self::Percent(number) => Cell::Percent(*number),
            Self::Boolean(truth) => Cell::Boolean(*truth),
            Self::Date(day) => Cell::Date(*day),
            Self::Timestamp(micros) => Cell::Timestamp(*micros),
            Self::Unreadable(what) => Cell::Unreadable(Cow::Borrowed(what)),
        }
    }

    /// The same cell with a text of its own.
    pub(crate) fn kept(&self) -> Cell<'static> {
        let own = |text: &str| Cow::Owned(text.to_owned());
        match self {
            Self::Missing => Cell::Missing,
            Self::Text(text) => Cell::Text(own(text)),
            Self::Verbatim(text) => Cell::Verbatim(own(text)),
            Self::Integer(value) => Cell::Integer(*value),
            Self::Number(number) => Cell::Number(*number),
            Self::Float(float) => Cell::Float(*float),
            Self::Single(float) => Cell::Single(*float),
            Self::Percent(number) => Cell::Percent(*number),
            Self::Boolean(truth) => Cell::Boolean(*truth),
            Self::Date(day) => Cell::Date(*day),
            Self::Timestamp(micros) => Cell::Timestamp(*micros),
            Self::Unreadable(what) => Cell::Unreadable(own(what)),
        }
    }

    /// The cell as text: what was written, or the shortest way to write it.
    pub(crate) fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) | Self::Verbatim(text) | Self::Unreadable(text) => Cow::Borrowed(text),
            Self::Missing => Cow::Borrowed(""),
            Self::Integer(value) => Cow::Owned(value.to_string()),
            Self::Number(number) => Cow::Owned(number.text()),
            Self::Float(float) => {
                Cow::Owned(Number::of_float(*float).map_or_else(|| float.to_string(), Number::text))
            }
            Self::Single(float) => {
                Cow::Owned(Number::of_single(*float).map_or_else(|| float.to_string(), Number::text))
            }
            Self::Percent(number) => Cow::Owned(number.text() + "%"),
            Self::Boolean(truth) => Cow::Owned(truth.to_string()),
            Self::Date(day) => Cow::Owned(date_text(*day)),
            Self::Timestamp(micros) => Cow::Owned(timestamp_text(*micros)),
        }
    }
}

/// One row of a source.
pub(crate) trait Row {
    /// Row or line in the file, from 1.
    fn line(&self) -> u64;
    /// The cell of a column; [`Cell::Missing`] beyond the last.
    fn cell(&self, column: usize) -> Cell<'_>;
}
