//! The rows of an answer against the rows of the gold, by key.

use std::collections::BTreeSet;

use super::cells::same_column;
use super::shape::Shape;
use crate::answer::{Cell, Kind, Table};
use crate::words::{Key, Names};

/// Columns of different meaning are tried as keys; more than so many ways are not a table that a person reads.
const MOST_ASSIGNMENTS: usize = 500;

/// An answer's table with its cells as keys.
pub(super) struct Prepared<'a> {
    pub(super) table: &'a Table,
    /// For each column the key of each row; empty for columns of numbers.
    keys: Vec<Vec<Option<Key>>>,
}

impl<'a> Prepared<'a> {
    pub(super) fn new(table: &'a Table, names: &Names) -> Self {
        let columns = table.columns.iter().enumerate();
        let keys = columns.map(|(index, column)| {
            if column.kind == Kind::Number {
                return Vec::new();
            }
            let cells = table.rows.iter().map(|row| row.get(index));
            cells.map(|cell| names.cell_key(cell?)).collect()
        });
        Self {
            table,
            keys: keys.collect(),
        }
    }

    pub(super) fn key(&self, column: usize, row: usize) -> Option<&Key> {
        self.keys.get(column)?.get(row)?.as_ref()
    }

    /// Columns that may hold keys.
    pub(super) fn key_columns(&self) -> Vec<usize> {
        let columns = self.table.columns.iter().enumerate();
        let keys = columns.filter(|(_, column)| column.kind != Kind::Number);
        keys.map(|(index, _)| index).collect()
    }

    pub(super) fn cell(&self, row: usize, column: usize) -> &Cell {
        let row = self.table.rows.get(row);
        row.and_then(|row| row.get(column)).unwrap_or(&Cell::Missing)
    }
}

/// Every way to take distinct columns of the table for the keys of the gold.
pub(super) fn assignments(shape: &Shape, table: &Prepared<'_>, without: Option<usize>) -> Vec<Vec<usize>> {
    let mut found: Vec<Vec<usize>> = vec![Vec::new()];
    for at in 0..shape.keys.len() {
        let fitting: Vec<usize> = table
            .key_columns()
            .into_iter()
            .filter(|column| Some(*column) != without && holds(shape, at, table, *column))
            .collect();
        let longer = found.iter().flat_map(|before| {
            let free = fitting.iter().filter(|column| !before.contains(column));
            free.map(|column| [before.as_slice(), &[*column]].concat())
        });
        found = longer.take(MOST_ASSIGNMENTS).collect();
    }
    found
}

/// Whether a column has the key of every row that must be there.
fn holds(shape: &Shape, at: usize, table: &Prepared<'_>, column: usize) -> bool {
    let rows = shape.rows.iter().enumerate();
    let mut wanted = rows
        .filter(|(row, _)| !shape.is_optional(*row))
        .filter_map(|(_, keys)| keys.get(at));
    wanted.all(|wanted| {
        let mut rows = 0..table.table.rows.len();
        rows.any(|row| table.key(column, row).is_some_and(|key| key.is_loosely(wanted)))
    })
}

/// The row of the gold with the keys of a row of the table.
pub(super) fn gold_row(
    shape: &Shape,
    table: &Prepared<'_>,
    row: usize,
    assignment: &[usize],
    taken: &BTreeSet<usize>,
) -> Option<usize> {
    let same = |loosely: bool| {
        shape.rows.iter().enumerate().position(|(at, keys)| {
            let mut pairs = keys.iter().zip(assignment);
            !taken.contains(&at)
                && pairs.all(|(wanted, column)| {
                    let found = table.key(*column, row);
                    found.is_some_and(|found| {
                        if loosely {
                            found.is_loosely(wanted)
                        } else {
                            found.is(wanted)
                        }
                    })
                })
        })
    };
    same(false).or_else(|| same(true))
}

/// Which row of the table is which row of the gold.
pub(super) struct Alignment {
    /// Rows of gold and table.
    pub(super) pairs: Vec<(usize, usize)>,
    /// Rows of the table that the gold lacks: right only where they show nothing.
    extra: Vec<usize>,
}

/// Lays the table over the gold; `None` if a row is missing.
pub(super) fn align(shape: &Shape, table: &Prepared<'_>, assignment: &[usize]) -> Option<Alignment> {
    let mut taken = BTreeSet::new();
    let mut found = Alignment {
        pairs: Vec::new(),
        extra: Vec::new(),
    };
    for row in 0..table.table.rows.len() {
        match gold_row(shape, table, row, assignment, &taken) {
            Some(at) => {
                taken.insert(at);
                found.pairs.push((at, row));
            }
            None => found.extra.push(row),
        }
    }
    let mut left = (0..shape.rows.len()).filter(|at| !taken.contains(at));
    let whole = left.all(|at| shape.is_optional(at)) && (!shape.columns.is_empty() || found.extra.is_empty());
    whole.then_some(found)
}

/// For each column of the gold, the columns of the table that show it.
pub(super) fn columns(
    shape: &Shape,
    table: &Prepared<'_>,
    alignment: &Alignment,
    round: Option<u32>,
    names: &Names,
) -> Vec<Vec<usize>> {
    let wanted = shape.columns.iter().map(|gold| {
        let pairs = |column: usize| {
            let pairs = alignment.pairs.iter();
            let pairs =
                pairs.filter_map(move |(at, row)| Some((gold.values.get(*at)?, table.cell(*row, column))));
            pairs.collect::<Vec<_>>()
        };
        let columns = table.table.columns.iter().enumerate();
        let showing = columns.filter(|(index, column)| {
            let mut extra = alignment.extra.iter();
            extra.all(|row| *table.cell(*row, *index) == Cell::Missing)
                && gold.pivots.iter().all(|pivot| pivot.allows(&column.label, names))
                && same_column(&pairs(*index), &gold.unit, column, round)
        });
        showing.map(|(index, _)| index).collect()
    });
    wanted.collect()
}

/// Whether each column can have one of its own among those that show it. Two figures that are equal need two columns: of a figure that is
/// shown once, nobody knows that it is meant twice.
pub(super) fn each_its_own(showing: &[Vec<usize>]) -> bool {
    pairing(showing).iter().all(Option::is_some)
}

/// A largest pairing: for each left one, which of its candidates it gets.
pub(super) fn pairing(candidates: &[Vec<usize>]) -> Vec<Option<usize>> {
    let mut owner: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
    for left in 0..candidates.len() {
        let mut seen = BTreeSet::new();
        find(left, candidates, &mut owner, &mut seen);
    }
    let mut found = vec![None; candidates.len()];
    for (right, left) in owner {
        if let Some(slot) = found.get_mut(left) {
            *slot = Some(right);
        }
    }
    found
}

fn find(
    left: usize,
    candidates: &[Vec<usize>],
    owner: &mut std::collections::BTreeMap<usize, usize>,
    seen: &mut BTreeSet<usize>,
) -> bool {
    for right in candidates.get(left).into_iter().flatten() {
        if !seen.insert(*right) {
            continue;
        }
        let free = match owner.get(right).copied() {
            None => true,
            Some(holder) => find(holder, candidates, owner, seen),
        };
        if free {
            owner.insert(*right, left);
            return true;
        }
    }
    false
}
