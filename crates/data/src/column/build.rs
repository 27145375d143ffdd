//! Second pass: cells become the values of a column of the decided type.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, StringBuilder,
    TimestampMicrosecondBuilder,
};
use arrow::datatypes::{DataType, TimeUnit};

use super::Plan;
use super::stats::{Stats, mix, mix_bytes};
use crate::value::{Cell, DateRead, Missing, Number, compact_date, date_text, missing};
use crate::value::{read_date, read_number, read_timestamp, timestamp_text, trim};
use crate::{ColumnKind, ColumnMeta};

const MICROS_PER_DAY: i64 = 86_400_000_000;

enum Values {
    Text(StringBuilder, Stats<String>),
    Integer(Int64Builder, Stats<i64>),
    Decimal(Decimal128Builder, Stats<i128>, u8),
    Date(Date32Builder, Stats<i32>),
    Timestamp(TimestampMicrosecondBuilder, Stats<i64>),
    Boolean(BooleanBuilder, Stats<bool>),
}

/// The cell does not fit the type found in the first pass: the source has changed meanwhile.
#[derive(Debug)]
pub(crate) struct Unfit;

/// Builds one column batch by batch and gathers its figures.
pub(crate) struct ColumnBuilder {
    plan: Plan,
    values: Values,
    rounded: u64,
}

impl ColumnBuilder {
    pub(crate) fn new(plan: Plan) -> Self {
        let values = match plan.kind {
            ColumnKind::Text => Values::Text(StringBuilder::new(), Stats::default()),
            ColumnKind::Integer => Values::Integer(Int64Builder::new(), Stats::default()),
            ColumnKind::Decimal { precision, scale } => Values::Decimal(
                Decimal128Builder::new().with_data_type(decimal_type(precision, scale)),
                Stats::default(),
                scale,
            ),
            ColumnKind::Date => Values::Date(Date32Builder::new(), Stats::default()),
            ColumnKind::Timestamp => Values::Timestamp(TimestampMicrosecondBuilder::new(), Stats::default()),
            ColumnKind::Boolean => Values::Boolean(BooleanBuilder::new(), Stats::default()),
        };
        Self {
            plan,
            values,
            rounded: 0,
        }
    }

    /// Type of the Parquet column.
    pub(crate) fn data_type(&self) -> DataType {
        match self.plan.kind {
            ColumnKind::Text => DataType::Utf8,
            ColumnKind::Integer => DataType::Int64,
            ColumnKind::Decimal { precision, scale } => decimal_type(precision, scale),
            ColumnKind::Date => DataType::Date32,
            ColumnKind::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, None),
            ColumnKind::Boolean => DataType::Boolean,
        }
    }

    /// Appends one cell.
    pub(crate) fn add(&mut self, cell: &Cell<'_>) -> Result<(), Unfit> {
        if self.is_missing(cell) {
            self.add_null();
            return Ok(());
        }
        let compact = self.plan.compact_dates;
        match &mut self.values {
            Values::Text(builder, stats) => {
                let text = cell.shown();
                let text = trim(&text);
                stats.add(text, mix_bytes(text.as_bytes()));
                builder.append_value(text);
            }
            Values::Integer(builder, stats) => {
                let (value, lossy) = number(cell).and_then(|number| number.at_scale(0)).ok_or(Unfit)?;
                let value = i64::try_from(value).ok().filter(|_| !lossy).ok_or(Unfit)?;
                stats.add(&value, mix(i128::from(value)));
                builder.append_value(value);
            }
            Values::Decimal(builder, stats, scale) => {
                let (value, lossy) = number(cell)
                    .and_then(|number| number.at_scale(*scale))
                    .ok_or(Unfit)?;
                self.rounded += u64::from(lossy);
                stats.add(&value, mix(value));
                builder.append_value(value);
            }
            Values::Date(builder, stats) => {
                let day = day(cell, compact).ok_or(Unfit)?;
                stats.add(&day, mix(i128::from(day)));
                builder.append_value(day);
            }
            Values::Timestamp(builder, stats) => {
                let micros = micros(cell).ok_or(Unfit)?;
                stats.add(&micros, mix(i128::from(micros)));
                builder.append_value(micros);
            }
            Values::Boolean(builder, stats) => {
                let truth = truth(cell).ok_or(Unfit)?;
                stats.add(&truth, mix(i128::from(truth)));
                builder.append_value(truth);
            }
        }
        Ok(())
    }

    fn is_missing(&self, cell: &Cell<'_>) -> bool {
        match cell {
            Cell::Missing | Cell::Unreadable(_) => true,
            Cell::Text(text) => match missing(trim(text)) {
                Missing::Yes => true,
                Missing::AmongNumbers => self.plan.soft_missing,
                Missing::No => false,
            },
            Cell::Verbatim(text) => trim(text).is_empty(),
            Cell::Float(float) => !float.is_finite(),
            Cell::Single(float) => !float.is_finite(),
            _ => false,
        }
    }

    fn add_null(&mut self) {
        match &mut self.values {
            Values::Text(builder, stats) => {
                builder.append_null();
                stats.nulls += 1;
            }
            Values::Integer(builder, stats) => {
                builder.append_null();
                stats.nulls += 1;
            }
            Values::Decimal(builder, stats, _) => {
                builder.append_null();
                stats.nulls += 1;
            }
            Values::Date(builder, stats) => {
                builder.append_null();
                stats.nulls += 1;
            }
            Values::Timestamp(builder, stats) => {
                builder.append_null();
                stats.nulls += 1;
            }
            Values::Boolean(builder, stats) => {
                builder.append_null();
                stats.nulls += 1;
            }
        }
    }

    /// Bytes of text that wait for [`Self::finish`].
    pub(crate) fn waiting_bytes(&self) -> usize {
        match &self.values {
            Values::Text(builder, _) => builder.values_slice().len(),
            _ => 0,
        }
    }

    /// The values since the last call.
    pub(crate) fn finish(&mut self) -> ArrayRef {
        match &mut self.values {
            Values::Text(builder, _) => Arc::new(builder.finish()),
            Values::Integer(builder, _) => Arc::new(builder.finish()),
            Values::Decimal(builder, _, _) => Arc::new(builder.finish()),
            Values::Date(builder, _) => Arc::new(builder.finish()),
            Values::Timestamp(builder, _) => Arc::new(builder.finish()),
            Values::Boolean(builder, _) => Arc::new(builder.finish()),
        }
    }

    /// Writes the figures into the column's description.
    pub(crate) fn describe(self, meta: &mut ColumnMeta) {
        meta.kind = self.plan.kind;
        meta.rounded = self.rounded;
        match self.values {
            Values::Text(_, stats) => describe(stats, meta, |text| remembered(text)),
            Values::Integer(_, stats) => describe(stats, meta, ToString::to_string),
            Values::Decimal(_, stats, scale) => describe(stats, meta, |value| {
                Number {
                    unscaled: *value,
                    scale: u16::from(scale),
                }
                .tight()
                .text()
            }),
            Values::Date(_, stats) => describe(stats, meta, |day| date_text(*day)),
            Values::Timestamp(_, stats) => describe(stats, meta, |micros| timestamp_text(*micros)),
            Values::Boolean(_, stats) => describe(stats, meta, ToString::to_string),
        }
    }
}

/// Most characters of a text that the description of a column remembers.
const REMEMBERED: usize = 200;

/// A text for the description of a column, cut where it is long: a cell may hold megabytes, and every command reads
/// the descriptions of all columns.
fn remembered(text: &str) -> String {
    match text.char_indices().nth(REMEMBERED) {
        None => text.to_owned(),
        Some(_) => text.chars().take(REMEMBERED - 1).chain(['…']).collect(),
    }
}

fn describe<T>(stats: Stats<T>, meta: &mut ColumnMeta, text: impl Fn(&T) -> String) {
    meta.nulls = stats.nulls;
    meta.min = stats.min.as_ref().map(&text);
    meta.max = stats.max.as_ref().map(&text);
    meta.distinct = stats.distinct.count();
    meta.samples = stats.samples.iter().map(&text).collect();
}

fn decimal_type(precision: u8, scale: u8) -> DataType {
    DataType::Decimal128(precision, i8::try_from(scale).unwrap_or(38))
}

/// The number of a cell, if it is one.
pub(crate) fn number(cell: &Cell<'_>) -> Option<Number> {
    match cell {
        Cell::Text(text) => read_number(trim(text)).map(|written| written.number),
        Cell::Integer(value) => Some(Number::whole(i128::from(*value))),
        Cell::Number(number) | Cell::Percent(number) => Some(*number),
        Cell::Float(float) => Number::of_float(*float),
        Cell::Single(float) => Number::of_single(*float),
        _ => None,
    }
}

fn day(cell: &Cell<'_>, compact: bool) -> Option<i32> {
    if compact {
        return number(cell).and_then(|number| compact_date(number.unscaled));
    }
    match cell {
        Cell::Date(day) => Some(*day),
        Cell::Text(text) if matches!(read_date(trim(text)), Some(DateRead::Day(_))) => {
            match read_date(trim(text)) {
                Some(DateRead::Day(day)) => Some(day),
                _ => None,
            }
        }
        _ => micros(cell).and_then(|micros| i32::try_from(micros.div_euclid(MICROS_PER_DAY)).ok()),
    }
}

fn micros(cell: &Cell<'_>) -> Option<i64> {
    match cell {
        Cell::Timestamp(micros) => Some(*micros),
        Cell::Date(day) => Some(i64::from(*day) * MICROS_PER_DAY),
        Cell::Text(text) => {
            let text = trim(text);
            match read_timestamp(text) {
                Some(time) => Some(time.micros),
                None => match read_date(text) {
                    Some(DateRead::Day(day)) => Some(i64::from(day) * MICROS_PER_DAY),
                    _ => None,
                },
            }
        }
        _ => None,
    }
}

fn truth(cell: &Cell<'_>) -> Option<bool> {
    match cell {
        Cell::Boolean(truth) => Some(*truth),
        Cell::Text(text) if trim(text).eq_ignore_ascii_case("true") => Some(true),
        Cell::Text(text) if trim(text).eq_ignore_ascii_case("false") => Some(false),
        other => number(other).map(|number| number.unscaled == 1),
    }
}
