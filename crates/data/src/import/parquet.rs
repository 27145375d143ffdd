//! Parquet files of others: flat columns are read row by row and typed like those of any source.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{
    DataType, Date32Type, Date64Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, Schema, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow::error::ArrowError;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder};

use crate::column::ColumnHead;
use crate::table::{Importing, TableHead, TableReader};
use crate::value::{Cell, Number, Row};
use crate::{DataError, Note, SkipReason};

const BATCH: usize = 1024;
const MICROS_PER_DAY: i64 = 86_400_000_000;
/// Most rows for each byte of the file. Writers put a page of one repeated value, of some 20,000 rows, into no fewer than
/// thirty bytes; more rows than this are a file made to never end.
const ROWS_PER_BYTE: u64 = 10_000;

/// Imports the file as one table.
pub(super) fn import(into: &mut Importing<'_>) -> Result<(), DataError> {
    let path = into.path;
    let failed = |error| DataError::malformed(path, None, error);
    let file = File::open(path).map_err(|error| DataError::read(path, error))?;
    let metadata = ArrowReaderMetadata::load(&file, Default::default()).map_err(failed)?;
    let bytes = file
        .metadata()
        .map_err(|error| DataError::read(path, error))?
        .len();
    let rows = metadata
        .metadata()
        .row_groups()
        .iter()
        .map(|group| u64::try_from(group.num_rows()).unwrap_or(u64::MAX))
        .fold(0, u64::saturating_add);
    if rows / ROWS_PER_BYTE > bytes {
        return Err(DataError::malformed(
            path,
            None,
            format!("{bytes} bytes claim to hold {rows} rows"),
        ));
    }
    let mut notes = Vec::new();
    let mut roots = Vec::new();
    let mut columns = Vec::new();
    for (index, field) in metadata.schema().fields().iter().enumerate() {
        if field.data_type().is_nested() {
            notes.push(Note::Skipped {
                name: field.name().clone(),
                why: SkipReason::Nested,
            });
            continue;
        }
        roots.push(index);
        let mut head = ColumnHead::new(field.name());
        match field.data_type() {
            DataType::Timestamp(_, Some(zone)) => head.notes.push(Note::Zone {
                offset: zone.to_string(),
            }),
            DataType::Timestamp(TimeUnit::Nanosecond, None) => head.notes.push(Note::CutToMicroseconds),
            _ => {}
        }
        columns.push(head);
    }
    if columns.is_empty() {
        return Err(DataError::NoTables {
            path: path.to_owned(),
        });
    }
    let mask = ProjectionMask::roots(metadata.parquet_schema(), roots);
    let head = TableHead {
        columns,
        notes,
        ..TableHead::default()
    };
    into.table(head, &mut Batches { path, metadata, mask })
}

struct Batches<'p> {
    path: &'p Path,
    metadata: ArrowReaderMetadata,
    mask: ProjectionMask,
}

struct BatchRow<'b> {
    batch: &'b RecordBatch,
    index: usize,
    number: u64,
}

impl Row for BatchRow<'_> {
    fn line(&self) -> u64 {
        self.number
    }

    fn cell(&self, column: usize) -> Cell<'_> {
        self.batch
            .columns()
            .get(column)
            .map_or(Cell::Missing, |array| cell(array, self.index))
    }
}

impl TableReader for Batches<'_> {
    fn scan(&mut self, sink: &mut dyn FnMut(&dyn Row) -> Result<(), DataError>) -> Result<(), DataError> {
        let path = self.path;
        let file = File::open(path).map_err(|error| DataError::read(path, error))?;
        let batches = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_projection(self.mask.clone())
            .with_batch_size(BATCH)
            .build()
            .map_err(|error| DataError::malformed(path, None, error))?;
        let mut number = 0;
        for batch in batches {
            let batch = batch
                .and_then(plain)
                .map_err(|error| DataError::malformed(path, None, error))?;
            for index in 0..batch.num_rows() {
                number += 1;
                sink(&BatchRow {
                    batch: &batch,
                    index,
                    number,
                })?;
            }
        }
        Ok(())
    }
}

/// The zone of a schema is not applied: the stored value is in UTC and is shown so.
fn cell(array: &ArrayRef, index: usize) -> Cell<'_> {
    if array.is_null(index) {
        return Cell::Missing;
    }
    match array.data_type() {
        DataType::Boolean => Cell::Boolean(array.as_boolean().value(index)),
        DataType::Int8 => Cell::Integer(array.as_primitive::<Int8Type>().value(index).into()),
        DataType::Int16 => Cell::Integer(array.as_primitive::<Int16Type>().value(index).into()),
        DataType::Int32 => Cell::Integer(array.as_primitive::<Int32Type>().value(index).into()),
        DataType::Int64 => Cell::Integer(array.as_primitive::<Int64Type>().value(index)),
        DataType::UInt8 => Cell::Integer(array.as_primitive::<UInt8Type>().value(index).into()),
        DataType::UInt16 => Cell::Integer(array.as_primitive::<UInt16Type>().value(index).into()),
        DataType::UInt32 => Cell::Integer(array.as_primitive::<UInt32Type>().value(index).into()),
        DataType::UInt64 => Cell::Number(Number::whole(
            array.as_primitive::<UInt64Type>().value(index).into(),
        )),
        DataType::Float32 => Cell::Single(array.as_primitive::<Float32Type>().value(index)),
        DataType::Float64 => Cell::Float(array.as_primitive::<Float64Type>().value(index)),
        DataType::Decimal128(_, scale) if *scale >= 0 => Cell::Number(Number {
            unscaled: array.as_primitive::<Decimal128Type>().value(index),
            scale: u16::from(scale.unsigned_abs()),
        }),
        DataType::Utf8 => Cell::Verbatim(array.as_string::<i32>().value(index).into()),
        DataType::LargeUtf8 => Cell::Verbatim(array.as_string::<i64>().value(index).into()),
        DataType::Utf8View => Cell::Verbatim(array.as_string_view().value(index).into()),
        DataType::Date32 => Cell::Date(array.as_primitive::<Date32Type>().value(index)),
        DataType::Date64 => times(array.as_primitive::<Date64Type>().value(index), 1000),
        DataType::Timestamp(unit, _) => match unit {
            TimeUnit::Second => times(
                array.as_primitive::<TimestampSecondType>().value(index),
                1_000_000,
            ),
            TimeUnit::Millisecond => times(
                array.as_primitive::<TimestampMillisecondType>().value(index),
                1000,
            ),
            TimeUnit::Microsecond => {
                Cell::Timestamp(array.as_primitive::<TimestampMicrosecondType>().value(index))
            }
            TimeUnit::Nanosecond => Cell::Timestamp(
                array
                    .as_primitive::<TimestampNanosecondType>()
                    .value(index)
                    .div_euclid(1000),
            ),
        },
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            Cell::Unreadable("binary".into())
        }
        _ => match arrow::util::display::array_value_to_string(array, index) {
            Ok(text) => Cell::Verbatim(text.into()),
            Err(error) => Cell::Unreadable(error.to_string().into()),
        },
    }
}

fn times<'c>(value: i64, factor: i64) -> Cell<'c> {
    let micros = value
        .checked_mul(factor)
        .filter(|micros| micros.abs() / MICROS_PER_DAY < 10_000_000);
    micros.map_or_else(|| Cell::Unreadable(value.to_string().into()), Cell::Timestamp)
}

/// Dictionaries become the values that they stand for.
fn plain(batch: RecordBatch) -> Result<RecordBatch, ArrowError> {
    let schema = batch.schema();
    if !schema
        .fields()
        .iter()
        .any(|field| matches!(field.data_type(), DataType::Dictionary(..)))
    {
        return Ok(batch);
    }
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    for (field, array) in schema.fields().iter().zip(batch.columns()) {
        match field.data_type() {
            DataType::Dictionary(_, values) => {
                fields.push(field.as_ref().clone().with_data_type(values.as_ref().clone()));
                arrays.push(arrow::compute::cast(array, values)?);
            }
            _ => {
                fields.push(field.as_ref().clone());
                arrays.push(Arc::clone(array));
            }
        }
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
}
