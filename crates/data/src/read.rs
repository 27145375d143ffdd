//! Reading imported tables as Arrow record batches.

use std::fs::File;

use arrow::array::RecordBatch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use crate::{DataError, Stored, Warehouse};

/// Rows of a batch.
pub const BATCH_ROWS: usize = 8192;

/// Batches of one table, in the order of its rows. Columns come in the order asked for.
pub struct Batches {
    stored: Stored,
    reader: ParquetRecordBatchReader,
    order: Vec<usize>,
}

impl std::fmt::Debug for Batches {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Batches")
            .field("table", &self.stored.table)
            .finish_non_exhaustive()
    }
}

/// Reads a table, or some of its columns.
///
/// # Errors
/// [`DataError::NoSuchTable`], [`DataError::NoSuchColumn`], [`DataError::Altered`], [`DataError::Damaged`];
/// [`DataError::Cancelled`], also from the batches.
pub fn read_batches(
    warehouse: &Warehouse,
    table: &str,
    columns: Option<&[&str]>,
) -> Result<Batches, DataError> {
    let meta = warehouse.require(table)?;
    let stored = warehouse.stored(meta);
    stored.trust()?;
    let mut wanted: Vec<usize> = Vec::new();
    match columns {
        None => wanted.extend(0..meta.columns.len()),
        Some(names) => {
            for name in names {
                let index = meta.columns.iter().position(|column| column.name == *name);
                wanted.push(index.ok_or_else(|| DataError::NoSuchColumn {
                    table: table.to_owned(),
                    column: (*name).to_owned(),
                    known: meta.columns.iter().map(|column| column.name.clone()).collect(),
                })?);
            }
        }
    }
    let file = File::open(stored.path()).map_err(|error| stored.damaged(error))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| stored.damaged(error))?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), wanted.iter().copied());
    let reader = builder
        .with_projection(mask)
        .with_batch_size(BATCH_ROWS)
        .build()
        .map_err(|error| stored.damaged(error))?;
    // The file gives its columns in its own order, each once.
    let mut sorted = wanted.clone();
    sorted.sort_unstable();
    sorted.dedup();
    let order = wanted
        .iter()
        .filter_map(|index| sorted.binary_search(index).ok())
        .collect();
    Ok(Batches {
        stored,
        reader,
        order,
    })
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, DataError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(stopped) = self.stored.stop.check() {
            return Some(Err(stopped));
        }
        let batch = self.reader.next()?.and_then(|batch| batch.project(&self.order));
        Some(batch.map_err(|error| self.stored.damaged(error)))
    }
}
