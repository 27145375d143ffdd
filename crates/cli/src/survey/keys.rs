//! Which columns of a table determine a row, and whether rows repeat whole.
//!
//! A file that was loaded twice has no key at all if each of its rows counts, and what is a table of facts would pass for
//! one of events. So where no key is found, keys are looked for among the different rows.

use jinsheng_data::{
    ColumnKind, ColumnMeta, DataError, Repeats, TableMeta, Warehouse, guess_key_among, is_row_number,
};
use jinsheng_semantics::infer::RepeatProfile;

/// Columns that may be part of a key.
const MAX_COLUMNS: usize = 12;
/// In tables of more rows not every set of columns is tried.
const MAX_SEARCH_ROWS: u64 = 500_000;
/// Columns of the longest key looked for.
const MAX_KEY: usize = 3;

/// What determines the rows of a table.
pub(super) struct Found {
    /// Smallest sets of columns that tell all different rows apart.
    pub(super) keys: Vec<Vec<String>>,
    /// Different rows.
    pub(super) rows: u64,
    pub(super) repeated: Option<RepeatProfile>,
}

/// Looks for keys.
///
/// # Errors
/// When the table cannot be read, or the user stopped.
pub(super) fn find(warehouse: &Warehouse, meta: &TableMeta) -> Result<Found, DataError> {
    let all: Vec<&ColumnMeta> = meta.columns.iter().collect();
    let mut keys = Search::new(warehouse, meta, &all, meta.rows).keys()?;
    // A number of the row is a key of anything, and hides that the rest repeats.
    let telling: Vec<&ColumnMeta> = all.into_iter().filter(|column| !is_row_number(column)).collect();
    let numbers_rows = |name: &String| !telling.iter().any(|column| column.name == *name);
    let mut found = Found {
        rows: meta.rows,
        repeated: None,
        keys: Vec::new(),
    };
    let numbered = !keys.is_empty();
    if telling.is_empty() || keys.iter().any(|key| !key.iter().any(numbers_rows)) {
        found.keys = keys;
        return Ok(found);
    }
    let names: Vec<&str> = telling.iter().map(|column| column.name.as_str()).collect();
    let Repeats { different, once } = warehouse.stored(meta).repeats(&names)?;
    if different < meta.rows {
        keys.extend(Search::new(warehouse, meta, &telling, different).keys()?);
        found.rows = different;
        found.repeated = Some(RepeatProfile {
            repeated: meta.rows - different,
            once,
            numbered,
        });
    }
    found.keys = keys;
    Ok(found)
}

/// Looks for sets of columns that tell so many different rows apart.
struct Search<'a> {
    warehouse: &'a Warehouse,
    meta: &'a TableMeta,
    columns: Vec<&'a ColumnMeta>,
    rows: u64,
}

impl<'a> Search<'a> {
    fn new(warehouse: &'a Warehouse, meta: &'a TableMeta, columns: &[&'a ColumnMeta], rows: u64) -> Self {
        Self {
            warehouse,
            meta,
            columns: columns.to_vec(),
            rows,
        }
    }

    /// Smallest sets of up to three columns each; of large tables only the likely one.
    fn keys(&self) -> Result<Vec<Vec<String>>, DataError> {
        if self.meta.rows > MAX_SEARCH_ROWS {
            let guessed = guess_key_among(self.warehouse, &self.meta.name, self.rows)?;
            let Some(key) = guessed else { return Ok(Vec::new()) };
            let key: Vec<String> = key.columns().into_iter().map(ToOwned::to_owned).collect();
            let names: Vec<&str> = key.iter().map(String::as_str).collect();
            return Ok(if self.is_key(&names)? {
                vec![key]
            } else {
                Vec::new()
            });
        }
        let usable: Vec<&ColumnMeta> = self
            .columns
            .iter()
            .copied()
            .filter(|column| column.nulls == 0 && !matches!(column.kind, ColumnKind::Decimal { .. }))
            .take(MAX_COLUMNS)
            .collect();
        let places: Vec<usize> = (0..usable.len()).collect();
        let mut keys: Vec<Vec<usize>> = Vec::new();
        for size in 1..=MAX_KEY {
            for set in subsets(&places, size) {
                let columns: Vec<&ColumnMeta> = set
                    .iter()
                    .filter_map(|place| usable.get(*place).copied())
                    .collect();
                let known = keys.iter().any(|key| key.iter().all(|place| set.contains(place)));
                let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
                if !known && self.could_be_key(&columns) && self.is_key(&names)? {
                    keys.push(set);
                }
            }
        }
        let name = |place: usize| usable.get(place).map(|column| column.name.clone());
        Ok(keys
            .into_iter()
            .map(|key| key.into_iter().filter_map(name).collect())
            .collect())
    }

    /// False when the columns have too few values to tell all rows apart.
    fn could_be_key(&self, columns: &[&ColumnMeta]) -> bool {
        let combinations = columns
            .iter()
            .map(|column| column.distinct.unwrap_or(u64::MAX))
            .fold(1_u64, u64::saturating_mul);
        // One column is unique exactly when it has as many values as there are rows.
        combinations >= self.rows && (columns.len() == 1 || self.rows > 0)
    }

    fn is_key(&self, columns: &[&str]) -> Result<bool, DataError> {
        let stored = self.warehouse.stored(self.meta);
        if self.rows == self.meta.rows {
            return stored.is_unique(columns);
        }
        Ok(stored.repeats(columns)?.different == self.rows)
    }
}

/// All subsets of a size, in order.
fn subsets(items: &[usize], size: usize) -> Vec<Vec<usize>> {
    if size == 0 {
        return vec![Vec::new()];
    }
    let mut found = Vec::new();
    let mut rest = items;
    while let Some((first, after)) = rest.split_first() {
        for mut tail in subsets(after, size - 1) {
            tail.insert(0, *first);
            found.push(tail);
        }
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subsets_come_in_order() {
        assert_eq!(subsets(&[1, 2, 3], 2), [[1, 2], [1, 3], [2, 3]]);
        assert_eq!(subsets(&[1], 2), Vec::<Vec<usize>>::new());
    }
}
