//! Whether rows of a table repeat the values of some columns.
//!
//! Only hashes are held: 64 bits of each row, as many rows at a time as fit a fixed amount of memory, the table being
//! read again for each such part. They are sorted and looked at each time that twice as many have come, so that a
//! column that repeats early is known early. Equal hashes prove nothing, so the few rows that have one are read again
//! and compared as they are: the answer is exact. The hash is the standard library's, keyed anew by each call; nobody
//! can make a file whose rows collide in it.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::hash::{BuildHasher as _, RandomState};

use arrow::row::{RowConverter, SortField};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::read::BATCH_ROWS;
use crate::{DataError, Stored};

/// Rows whose hashes are held at a time (64 MB).
pub(crate) const HELD: u64 = 8 << 20;
/// Repeats are looked for once so many rows have come, then after twice as many.
const FIRST_LOOK: usize = 1 << 16;
/// Rows of so many hashes are compared at a time.
const COMPARED: usize = 64;

/// Whether another row is wanted.
#[derive(PartialEq, Eq)]
pub(crate) enum Next {
    Row,
    Enough,
}

impl Stored {
    /// True when no two rows share the values of `columns`; a missing value is a value.
    ///
    /// # Errors
    /// [`DataError::Altered`], [`DataError::Damaged`], [`DataError::Cancelled`].
    pub fn is_unique(&self, columns: &[&str]) -> Result<bool, DataError> {
        let state = RandomState::new();
        self.is_unique_by(columns, HELD, &|row| state.hash_one(row))
    }

    fn is_unique_by(
        &self,
        columns: &[&str],
        held: u64,
        hash: &dyn Fn(&[u8]) -> u64,
    ) -> Result<bool, DataError> {
        self.trust()?;
        let parts = self.rows.div_ceil(held.max(1)).max(1);
        for part in 0..parts {
            if self.repeats_in(part, parts, columns, hash)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// True when rows repeat whose hashes belong to one part of all hashes.
    fn repeats_in(
        &self,
        part: u64,
        parts: u64,
        columns: &[&str],
        hash: &dyn Fn(&[u8]) -> u64,
    ) -> Result<bool, DataError> {
        let mut hashes: Vec<u64> = Vec::new();
        let mut next_look = FIRST_LOOK;
        let mut found = false;
        self.each_row(columns, &mut |row| {
            let own = hash(row);
            if own % parts == part {
                hashes.push(own);
            }
            if hashes.len() >= next_look {
                found = self.repeats_among(&mut hashes, columns, hash)?;
                next_look = hashes.len() * 2;
            }
            Ok(if found { Next::Enough } else { Next::Row })
        })?;
        Ok(found || self.repeats_among(&mut hashes, columns, hash)?)
    }

    /// True when two rows of one hash are equal. Afterwards each hash is there once.
    fn repeats_among(
        &self,
        hashes: &mut Vec<u64>,
        columns: &[&str],
        hash: &dyn Fn(&[u8]) -> u64,
    ) -> Result<bool, DataError> {
        hashes.sort_unstable();
        let mut doubtful: Vec<u64> = hashes
            .windows(2)
            .filter(|pair| pair.first() == pair.get(1))
            .filter_map(|pair| pair.first().copied())
            .collect();
        if doubtful.is_empty() {
            return Ok(false);
        }
        doubtful.dedup();
        hashes.dedup();
        for some in doubtful.chunks(COMPARED) {
            let some: HashSet<u64> = some.iter().copied().collect();
            let mut rows: HashMap<u64, HashSet<Box<[u8]>>> = HashMap::new();
            let mut equal = false;
            self.each_row(columns, &mut |row| {
                let own = hash(row);
                if some.contains(&own) {
                    equal = !rows.entry(own).or_default().insert(row.into());
                }
                Ok(if equal { Next::Enough } else { Next::Row })
            })?;
            if equal {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Gives the values of some columns row by row, as bytes that are equal where the values are.
    pub(crate) fn each_row(
        &self,
        columns: &[&str],
        sink: &mut dyn FnMut(&[u8]) -> Result<Next, DataError>,
    ) -> Result<(), DataError> {
        let file = File::open(&self.path).map_err(|error| self.damaged(error))?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| self.damaged(error))?;
        // By place: a name with a dot would be taken for a path into a nested column, and no column be read.
        let fields = builder.schema().fields();
        let places = columns
            .iter()
            .map(|column| fields.iter().position(|field| field.name() == column));
        let places: Vec<usize> = places
            .collect::<Option<_>>()
            .ok_or_else(|| self.damaged("a column is missing"))?;
        let mask = ProjectionMask::roots(builder.parquet_schema(), places);
        let reader = builder
            .with_projection(mask)
            .with_batch_size(BATCH_ROWS)
            .build()
            .map_err(|error| self.damaged(error))?;
        let mut converter: Option<RowConverter> = None;
        for batch in reader {
            self.stop.check()?;
            let batch = batch.map_err(|error| self.damaged(error))?;
            if converter.is_none() {
                let fields = batch.columns().iter();
                let fields = fields.map(|column| SortField::new(column.data_type().clone()));
                let made = RowConverter::new(fields.collect()).map_err(|error| self.damaged(error))?;
                converter = Some(made);
            }
            let Some(converter) = &mut converter else { continue };
            let rows = converter
                .convert_columns(batch.columns())
                .map_err(|error| self.damaged(error))?;
            for row in &rows {
                if sink(row.as_ref())? == Next::Enough {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::{AddOptions, NoProgress, Stop, Warehouse};

    /// Calls the test with a table of so many rows: `k` counts them, `half` counts pairs, `late` repeats in the last
    /// row alone, `gap` lacks two values.
    fn with_table(rows: u32, test: impl Fn(Stored)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        let mut csv = String::from("k,half,late,gap\n");
        for row in 0..rows {
            let late = if row + 1 == rows { 0 } else { row };
            let gap = if row < 2 { String::new() } else { format!("g{row}") };
            writeln!(csv, "k{row},{},n{late},{gap}", row / 2).unwrap();
        }
        std::fs::write(&path, csv).unwrap();
        let mut warehouse = Warehouse::open(&folder.path().join("state")).unwrap();
        warehouse
            .add(&path, &AddOptions::default(), &mut NoProgress)
            .unwrap();
        test(warehouse.stored(warehouse.table("t").unwrap()));
    }

    #[test]
    fn repeats_are_found_wherever_they_are() {
        with_table(20_000, |table| {
            for (columns, unique) in [
                (&["k"][..], true),
                (&["half"][..], false),
                (&["late"][..], false),
                (&["gap"][..], false),
                (&["half", "late"][..], true),
                (&["k", "half"][..], true),
            ] {
                assert_eq!(table.is_unique(columns).unwrap(), unique, "{columns:?}");
            }
        });
    }

    #[test]
    fn names_of_columns_may_have_dots() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        std::fs::write(&path, "600000.SH,a.b.c\n1,1\n2,1\n").unwrap();
        let mut warehouse = Warehouse::open(&folder.path().join("state")).unwrap();
        warehouse
            .add(&path, &AddOptions::default(), &mut NoProgress)
            .unwrap();
        let table = warehouse.stored(warehouse.table("t").unwrap());
        assert!(table.is_unique(&["600000.SH"]).unwrap());
        assert!(!table.is_unique(&["a.b.c"]).unwrap());
        assert_eq!(table.repeats(&["600000.SH", "a.b.c"]).unwrap().different, 2);
    }

    #[test]
    fn neither_parts_nor_collisions_change_the_answer() {
        with_table(600, |table| {
            // Some forty rows share each hash.
            let weak = |row: &[u8]| row.iter().map(|byte| u64::from(*byte)).sum::<u64>() % 15;
            for held in [7, 100, 10_000] {
                assert!(table.is_unique_by(&["k"], held, &weak).unwrap(), "{held}");
                assert!(!table.is_unique_by(&["late"], held, &weak).unwrap(), "{held}");
            }
        });
    }

    #[test]
    fn it_stops_when_asked() {
        with_table(100, |mut table| {
            table.stop = Stop::when(|| true);
            assert!(matches!(table.is_unique(&["k"]), Err(DataError::Cancelled)));
        });
    }
}
