//! Cells merged over several rows: a sheet shows `华东` once beside its five branches, and stores it in the first of five rows.
//! What says what a row is about is meant for all of them; an amount that is merged is one amount, and is not repeated.

use std::collections::{BTreeMap, BTreeSet};

use super::{Merged, has_value};
use crate::column::{ColumnHead, holds_codes, names_time};
use crate::value::{Cell, read_number, trim};

/// Most columns that are filled in a row, and most bytes of a text that is: keys are few and short, and a small file must not
/// become a large table.
const MOST_COLUMNS: usize = 16;
const MOST_BYTES: usize = 400;

/// Ranges over several rows of the table, in the order of their first rows.
pub(super) struct Down {
    ranges: Vec<Merged>,
    /// Sheet columns whose numbers say what a row is about: codes and years.
    keys: BTreeSet<u32>,
}

impl Down {
    /// The ranges that matter below a header.
    pub(super) fn new(merged: Vec<Merged>, header_row: u64, columns: &[u32], heads: &[ColumnHead]) -> Self {
        let mut ranges = merged;
        ranges.retain(|range| {
            range.rows.0 > header_row
                && range.rows.0 < range.rows.1
                && columns.binary_search(&range.columns.0).is_ok()
        });
        ranges.sort_by_key(|range| range.rows.0);
        let keys = columns.iter().zip(heads).filter(|(_, head)| {
            let (label, unit) = jinsheng_text::header::split_unit(&head.header);
            holds_codes(&label, unit) || names_time(&label)
        });
        Self {
            keys: keys.map(|(column, _)| *column).collect(),
            ranges,
        }
    }

    /// A pass over the rows from the first on.
    pub(super) fn start(&self) -> Filling<'_> {
        Filling {
            down: self,
            next: 0,
            open: BTreeMap::new(),
            filled: 0,
            filled_columns: BTreeSet::new(),
            single: 0,
            single_columns: BTreeSet::new(),
        }
    }

    /// True when a merged cell says what its rows are about.
    fn is_key(&self, column: u32, cell: &Cell<'_>) -> bool {
        match cell {
            Cell::Text(text) | Cell::Verbatim(text) => {
                text.len() <= MOST_BYTES && (self.keys.contains(&column) || read_number(trim(text)).is_none())
            }
            Cell::Date(_) | Cell::Timestamp(_) | Cell::Boolean(_) => true,
            Cell::Missing | Cell::Unreadable(_) => false,
            _ => self.keys.contains(&column),
        }
    }
}

/// Where a pass is.
pub(super) struct Filling<'d> {
    down: &'d Down,
    next: usize,
    /// By column, the last row of a range and what it holds.
    open: BTreeMap<u32, (u64, Cell<'static>)>,
    pub(super) filled: u64,
    pub(super) filled_columns: BTreeSet<u32>,
    /// Rows of merged amounts beyond the first of each.
    pub(super) single: u64,
    pub(super) single_columns: BTreeSet<u32>,
}

impl Filling<'_> {
    /// The cells that a row lacks because they are merged with one above, given its own in order. A row without cells of its
    /// own gets none.
    pub(super) fn row(&mut self, row: u64, cells: &[(u32, Cell<'_>)]) -> Vec<(u32, Cell<'static>)> {
        self.open.retain(|_, (last, _)| *last >= row);
        let own = |column: u32| {
            let place = cells.binary_search_by_key(&column, |(at, _)| *at).ok()?;
            cells.get(place).filter(|(_, cell)| has_value(cell))
        };
        let mut missing = Vec::new();
        if cells.iter().any(|(_, cell)| has_value(cell)) {
            for (column, (_, cell)) in &self.open {
                if own(*column).is_none() {
                    missing.push((*column, cell.clone()));
                    self.filled_columns.insert(*column);
                }
            }
        }
        self.filled += missing.len() as u64;
        while let Some(range) = self
            .down
            .ranges
            .get(self.next)
            .filter(|range| range.rows.0 <= row)
        {
            self.next += 1;
            let column = range.columns.0;
            // A range whose first row holds nothing shows nothing.
            let Some((_, cell)) = own(column).filter(|_| range.rows.0 == row) else {
                continue;
            };
            if self.down.is_key(column, cell) && self.open.len() < MOST_COLUMNS {
                self.open.insert(column, (range.rows.1, cell.kept()));
            } else {
                self.single += range.rows.1 - range.rows.0;
                self.single_columns.insert(column);
            }
        }
        missing
    }
}
