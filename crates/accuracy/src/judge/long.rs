//! A gold with a column for each period (or company) against a table with a row for each.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::same_column;
use super::rows::{Prepared, assignments, each_its_own, gold_row};
use super::shape::{Shape, ShapeColumn, mentions};
use crate::answer::Cell;
use crate::period;
use crate::words::{Key, Names};

/// Rows of the table by row of the gold and by the key that the gold has turned into columns.
struct Unfolded {
    keys: Vec<Key>,
    rows: BTreeMap<(usize, usize), usize>,
}

/// Whether the table shows the gold with one of its own keys turned into columns. Every row must serve some column of the gold.
pub(super) fn shows(shape: &Shape, table: &Prepared<'_>, round: Option<u32>, names: &Names) -> bool {
    if shape.columns.len() < 2 {
        return false;
    }
    table.key_columns().into_iter().any(|folded| {
        assignments(shape, table, Some(folded))
            .iter()
            .filter_map(|assignment| unfold(shape, table, assignment, folded))
            .any(|unfolded| complete(shape, table, &unfolded, round, names))
    })
}

fn unfold(shape: &Shape, table: &Prepared<'_>, assignment: &[usize], folded: usize) -> Option<Unfolded> {
    let mut found = Unfolded {
        keys: Vec::new(),
        rows: BTreeMap::new(),
    };
    for row in 0..table.table.rows.len() {
        let at = gold_row(shape, table, row, assignment, &BTreeSet::new())?;
        let key = table.key(folded, row)?;
        let place = found
            .keys
            .iter()
            .position(|known| known.is(key))
            .unwrap_or_else(|| {
                found.keys.push(key.clone());
                found.keys.len() - 1
            });
        if found.rows.insert((at, place), row).is_some() {
            return None;
        }
    }
    (found.keys.len() > 1).then_some(found)
}

fn complete(
    shape: &Shape,
    table: &Prepared<'_>,
    unfolded: &Unfolded,
    round: Option<u32>,
    names: &Names,
) -> bool {
    let places = unfolded.keys.len();
    let showing = shape.columns.iter().map(|column| {
        let meant = (0..places).filter(|place| {
            let key = unfolded.keys.get(*place);
            key.is_some_and(|key| is_meant(column, key, names))
        });
        let cells = meant.flat_map(|place| {
            let columns = showing(column, table, unfolded, place, round).into_iter();
            // A column of the table at one of its keys, numbered through.
            columns.map(move |index| index * places + place)
        });
        cells.collect()
    });
    let showing: Vec<Vec<usize>> = showing.collect();
    let served: BTreeSet<usize> = showing.iter().flatten().map(|cell| cell % places).collect();
    each_its_own(&showing) && served.len() == places
}

/// Whether the name of the gold's column speaks of this key, or of none: `revenue_2025Q2`.
fn is_meant(column: &ShapeColumn, key: &Key, names: &Names) -> bool {
    key.period.is_none() || period::within(&column.name).is_empty() || mentions(&column.name, key, names)
}

fn showing(
    gold: &ShapeColumn,
    table: &Prepared<'_>,
    unfolded: &Unfolded,
    place: usize,
    round: Option<u32>,
) -> Vec<usize> {
    let columns = table.table.columns.iter().enumerate();
    let showing = columns.filter(|(index, column)| {
        let pairs = gold.values.iter().enumerate().map(|(at, value)| {
            let row = unfolded.rows.get(&(at, place));
            (value, row.map_or(&Cell::Missing, |row| table.cell(*row, *index)))
        });
        same_column(&pairs.collect::<Vec<_>>(), &gold.unit, column, round)
    });
    showing.map(|(index, _)| index).collect()
}
