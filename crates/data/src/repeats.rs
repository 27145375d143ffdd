//! How many rows of a table differ in some columns, and how many of these occur once: whether a file was loaded twice.
//!
//! Rows are counted by 64 bits of a keyed hash each, as many at a time as fit a fixed amount of memory. Two rows of one
//! hash are taken as alike, which happens by chance once in a hundred thousand tables of ten million rows: enough for a
//! draft, and no number rests on it.

use std::hash::{BuildHasher as _, RandomState};

use crate::unique::{HELD, Next};
use crate::{DataError, Stored};

/// What [`Stored::repeats`] counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Repeats {
    /// Different rows.
    pub different: u64,
    /// Those of them that occur once.
    pub once: u64,
}

impl Stored {
    /// Counts rows by the values of some columns; a missing value is a value.
    ///
    /// # Errors
    /// [`DataError::Altered`], [`DataError::Damaged`], [`DataError::Cancelled`].
    pub fn repeats(&self, columns: &[&str]) -> Result<Repeats, DataError> {
        self.repeats_by(columns, HELD)
    }

    fn repeats_by(&self, columns: &[&str], held: u64) -> Result<Repeats, DataError> {
        self.trust()?;
        let state = RandomState::new();
        let parts = self.rows.div_ceil(held.max(1)).max(1);
        let mut counted = Repeats::default();
        for part in 0..parts {
            let mut hashes: Vec<u64> = Vec::new();
            self.each_row(columns, &mut |row| {
                let own = state.hash_one(row);
                if own % parts == part {
                    hashes.push(own);
                }
                Ok(Next::Row)
            })?;
            hashes.sort_unstable();
            for alike in hashes.chunk_by(|one, other| one == other) {
                counted.different += 1;
                counted.once += u64::from(alike.len() == 1);
            }
        }
        Ok(counted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AddOptions, NoProgress, Warehouse};

    #[test]
    fn rows_are_counted_however_many_are_held() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.csv");
        let mut csv = String::from("k,v\n");
        for row in 0..100 {
            csv += &format!("k{row},{}\n", row % 3);
        }
        csv += "k0,0\nk1,1\nk1,1\n";
        std::fs::write(&path, csv).unwrap();
        let mut warehouse = Warehouse::open(&folder.path().join("state")).unwrap();
        warehouse
            .add(&path, &AddOptions::default(), &mut NoProgress)
            .unwrap();
        let table = warehouse.stored(warehouse.table("t").unwrap());
        for held in [7, 1000] {
            let counted = table.repeats_by(&["k", "v"], held).unwrap();
            assert_eq!(
                counted,
                Repeats {
                    different: 100,
                    once: 98
                }
            );
            assert_eq!(
                table.repeats_by(&["v"], held).unwrap(),
                Repeats {
                    different: 3,
                    once: 0
                }
            );
        }
    }
}
