//! Rows of imported tables, read cell by cell from their Parquet files.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray as _, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type, TimeUnit, TimestampMicrosecondType};
use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::BigInt;
use jinsheng_data::{DataError, Warehouse, read_batches};

use crate::data::{Cell, NaiveData, NaiveTable};

/// Why rows cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A table cannot be read.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A column of a type that imports never make.
    #[error("column `{column}` of `{table}` has type {found}, which rows in memory have no cell for")]
    Type {
        /// Imported table.
        table: String,
        /// Its column.
        column: String,
        /// Arrow's type.
        found: DataType,
    },
}

const MICROSECONDS_A_DAY: i64 = 86_400_000_000;

/// All tables of a warehouse. Of a time of day only the day is kept.
///
/// # Errors
/// [`LoadError`] when a table cannot be read, or has a column of an unknown type.
pub fn rows(warehouse: &Warehouse) -> Result<NaiveData, LoadError> {
    let mut data = NaiveData::default();
    let names: Vec<String> = warehouse.tables().map(|table| table.name.clone()).collect();
    for name in names {
        let columns = warehouse.require(&name)?.columns.iter();
        let mut table = NaiveTable {
            columns: columns.map(|column| column.name.clone()).collect(),
            rows: Vec::new(),
        };
        for batch in read_batches(warehouse, &name, None)? {
            append(&name, &batch?, &mut table)?;
        }
        data.tables.insert(name, table);
    }
    Ok(data)
}

fn append(name: &str, batch: &RecordBatch, table: &mut NaiveTable) -> Result<(), LoadError> {
    let mut columns = Vec::new();
    for (field, array) in batch.schema().fields().iter().zip(batch.columns()) {
        let cells = cells(array).ok_or_else(|| LoadError::Type {
            table: name.to_owned(),
            column: field.name().clone(),
            found: array.data_type().clone(),
        })?;
        columns.push(cells.into_iter());
    }
    for _ in 0..batch.num_rows() {
        let row = columns
            .iter_mut()
            .map(|cells| cells.next().unwrap_or(Cell::Missing));
        table.rows.push(row.collect());
    }
    Ok(())
}

/// The cells of an array; `None` for a type without cells.
fn cells(array: &ArrayRef) -> Option<Vec<Cell>> {
    let array = Arc::clone(array);
    let or_missing = |cell: Option<Cell>| cell.unwrap_or(Cell::Missing);
    Some(match array.data_type() {
        DataType::Utf8 => {
            let texts = array.as_string::<i32>().iter();
            texts
                .map(|text| or_missing(text.map(|text| Cell::Text(text.to_owned()))))
                .collect()
        }
        DataType::Int64 => {
            let numbers = array.as_primitive::<Int64Type>().iter();
            numbers
                .map(|number| or_missing(number.map(|number| Cell::Number(number.into()))))
                .collect()
        }
        DataType::Decimal128(_, scale) => {
            let scale = i64::from(*scale);
            let exact = |digits: i128| Cell::Number(BigDecimal::new(BigInt::from(digits), scale));
            let numbers = array.as_primitive::<Decimal128Type>().iter();
            numbers.map(|number| or_missing(number.map(exact))).collect()
        }
        DataType::Date32 => {
            let days = array.as_primitive::<Date32Type>().iter();
            days.map(|day| or_missing(day.map(Cell::Date))).collect()
        }
        DataType::Timestamp(TimeUnit::Microsecond, None) => {
            let day = |time: i64| {
                i32::try_from(time.div_euclid(MICROSECONDS_A_DAY))
                    .ok()
                    .map(Cell::Date)
            };
            let times = array.as_primitive::<TimestampMicrosecondType>().iter();
            times.map(|time| or_missing(time.and_then(day))).collect()
        }
        DataType::Boolean => {
            let truths = array.as_boolean().iter();
            truths.map(|truth| or_missing(truth.map(Cell::Bool))).collect()
        }
        DataType::Null => vec![Cell::Missing; array.len()],
        _ => return None,
    })
}
