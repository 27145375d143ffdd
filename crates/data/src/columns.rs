//! Columns of imported tables in memory, for checks: numbers, digests of values, texts of a few rows.
//!
//! Numbers are floats here. A check asks whether values fit together within a tolerance and publishes none of them;
//! what it quotes comes from the table as text.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type, TimeUnit, TimestampMicrosecondType};

use crate::column::{mix, mix_bytes};
use crate::value::{Number, date_text, timestamp_text};
use crate::{DataError, Warehouse, read_batches};

/// One value as text; none when it is missing.
pub(crate) fn text_at(array: &ArrayRef, index: usize) -> Option<String> {
    if array.is_null(index) {
        return None;
    }
    Some(match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(index).to_owned(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(index).to_string(),
        DataType::Decimal128(_, scale) => {
            let unscaled = array.as_primitive::<Decimal128Type>().value(index);
            Number {
                unscaled,
                scale: u16::from(scale.unsigned_abs()),
            }
            .tight()
            .text()
        }
        DataType::Date32 => date_text(array.as_primitive::<Date32Type>().value(index)),
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            timestamp_text(array.as_primitive::<TimestampMicrosecondType>().value(index))
        }
        DataType::Boolean => array.as_boolean().value(index).to_string(),
        _ => return None,
    })
}

/// A key of one value; equal values of one column have equal keys.
fn key_at(array: &ArrayRef, index: usize) -> u64 {
    if array.is_null(index) {
        return 0x6d69_7373;
    }
    match array.data_type() {
        DataType::Utf8 => mix_bytes(array.as_string::<i32>().value(index).as_bytes()),
        DataType::Int64 => mix(i128::from(array.as_primitive::<Int64Type>().value(index))),
        DataType::Decimal128(_, _) => mix(array.as_primitive::<Decimal128Type>().value(index)),
        DataType::Date32 => mix(i128::from(array.as_primitive::<Date32Type>().value(index))),
        DataType::Timestamp(_, _) => mix(i128::from(
            array.as_primitive::<TimestampMicrosecondType>().value(index),
        )),
        DataType::Boolean => mix(i128::from(array.as_boolean().value(index))),
        _ => 0,
    }
}

/// Joins the keys of two values.
pub(crate) fn join_keys(left: u64, right: u64) -> u64 {
    mix((i128::from(left) << 64) | i128::from(right))
}

/// One number; none when it is missing or no number.
fn number_at(array: &ArrayRef, index: usize) -> Option<f64> {
    if array.is_null(index) {
        return None;
    }
    match array.data_type() {
        DataType::Int64 => {
            #[expect(clippy::cast_precision_loss, reason = "compared within a tolerance")]
            let value = array.as_primitive::<Int64Type>().value(index) as f64;
            Some(value)
        }
        DataType::Decimal128(_, scale) => {
            #[expect(clippy::cast_precision_loss, reason = "compared within a tolerance")]
            let value = array.as_primitive::<Decimal128Type>().value(index) as f64;
            Some(value / 10_f64.powi(i32::from(*scale)))
        }
        _ => None,
    }
}

/// For every row, a key over some columns.
pub(crate) fn row_keys(warehouse: &Warehouse, table: &str, columns: &[&str]) -> Result<Vec<u64>, DataError> {
    let mut keys = Vec::new();
    for batch in read_batches(warehouse, table, Some(columns))? {
        let batch = batch?;
        let start = keys.len();
        keys.resize(start + batch.num_rows(), 0x6b65_7973);
        for array in batch.columns() {
            for (index, key) in keys.iter_mut().skip(start).enumerate() {
                *key = join_keys(*key, key_at(array, index));
            }
        }
    }
    Ok(keys)
}

/// All numbers of a column, `NaN` where missing.
pub(crate) fn numbers(warehouse: &Warehouse, table: &str, column: &str) -> Result<Vec<f64>, DataError> {
    let mut found = numbers_of(warehouse, table, &[column], None)?;
    Ok(found.pop().unwrap_or_default())
}

/// A number and its digits after the point, without zeros at the end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figure {
    /// `NaN` where missing.
    pub(crate) value: f64,
    pub(crate) decimals: u16,
}

/// All numbers of a column with their decimals.
pub(crate) fn figures(warehouse: &Warehouse, table: &str, column: &str) -> Result<Vec<Figure>, DataError> {
    let mut found = Vec::new();
    for batch in read_batches(warehouse, table, Some(&[column]))? {
        let batch = batch?;
        for array in batch.columns() {
            found.extend((0..array.len()).map(|index| Figure {
                value: number_at(array, index).unwrap_or(f64::NAN),
                decimals: decimals_at(array, index),
            }));
        }
    }
    Ok(found)
}

fn decimals_at(array: &ArrayRef, index: usize) -> u16 {
    match array.data_type() {
        DataType::Decimal128(_, scale) if !array.is_null(index) => {
            let unscaled = array.as_primitive::<Decimal128Type>().value(index);
            let scale = u16::from(scale.unsigned_abs());
            Number { unscaled, scale }.tight().scale
        }
        _ => 0,
    }
}

/// Numbers of some columns at the marked rows, or at all; `NaN` where missing.
pub(crate) fn numbers_of(
    warehouse: &Warehouse,
    table: &str,
    columns: &[&str],
    kept: Option<&[bool]>,
) -> Result<Vec<Vec<f64>>, DataError> {
    let mut found = vec![Vec::new(); columns.len()];
    if columns.is_empty() {
        return Ok(found);
    }
    let mut row = 0;
    for batch in read_batches(warehouse, table, Some(columns))? {
        let batch = batch?;
        for (array, values) in batch.columns().iter().zip(&mut found) {
            for index in 0..array.len() {
                if kept.is_none_or(|kept| kept.get(row + index).copied().unwrap_or(false)) {
                    values.push(number_at(array, index).unwrap_or(f64::NAN));
                }
            }
        }
        row += batch.num_rows();
    }
    Ok(found)
}

/// Gives the texts of some columns row by row.
pub(crate) fn each_text_row(
    warehouse: &Warehouse,
    table: &str,
    columns: &[&str],
    mut sink: impl FnMut(u64, Vec<Option<String>>),
) -> Result<(), DataError> {
    let mut row = 0;
    for batch in read_batches(warehouse, table, Some(columns))? {
        let batch = batch?;
        for index in 0..batch.num_rows() {
            sink(
                row,
                batch
                    .columns()
                    .iter()
                    .map(|array| text_at(array, index))
                    .collect(),
            );
            row += 1;
        }
    }
    Ok(())
}

/// Texts of some columns at a few rows.
pub(crate) fn texts_at(
    warehouse: &Warehouse,
    table: &str,
    columns: &[&str],
    rows: &BTreeSet<u64>,
) -> Result<BTreeMap<u64, Vec<Option<String>>>, DataError> {
    let mut found = BTreeMap::new();
    let mut start = 0;
    if rows.is_empty() {
        return Ok(found);
    }
    for batch in read_batches(warehouse, table, Some(columns))? {
        let batch = batch?;
        let end = start + batch.num_rows() as u64;
        for row in rows.range(start..end) {
            let index = usize::try_from(row - start).unwrap_or(usize::MAX);
            found.insert(
                *row,
                batch
                    .columns()
                    .iter()
                    .map(|array| text_at(array, index))
                    .collect(),
            );
        }
        start = end;
        if rows.range(start..).next().is_none() {
            break;
        }
    }
    Ok(found)
}

/// The middle value of those that are numbers; reorders them.
pub(crate) fn median(values: &mut [f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// A quantile (0 to 1) by the nearest rank; reorders the values.
pub(crate) fn quantile(values: &mut [f64], share: f64) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of a length is an index"
    )]
    let at = ((values.len() - 1) as f64 * share.clamp(0.0, 1.0)).round() as usize;
    let (_, value, _) = values.select_nth_unstable_by(at, f64::total_cmp);
    Some(*value)
}
