//! Whether the tables of an answer show one of the right readings.

use std::collections::BTreeSet;

use super::rows::{Prepared, align, assignments, columns, each_its_own};
use super::shape::{Shape, choices, shape};
use super::{bands, long};
use crate::gold::Entry;
use crate::table::GoldTable;
use crate::words::Names;

/// More columns than a table of an answer has.
const MOST_COLUMNS: usize = 100_000;

/// Where an entry was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Indices of the tables that show it.
    pub(super) tables: BTreeSet<usize>,
    /// Whether rows stand in the order of the gold.
    pub(super) in_order: bool,
}

/// Every table that shows a right reading of the entry; `None` if no reading is shown whole.
pub(super) fn find(
    entry: &Entry,
    readings: &[GoldTable],
    tables: &[Prepared<'_>],
    names: &Names,
) -> Option<Found> {
    let mut found: Option<Found> = None;
    for gold in readings.iter().filter(|gold| !gold.is_empty()) {
        if let Some(one) = reading(entry, gold, tables, names) {
            let all = found.get_or_insert_default();
            all.tables.extend(one.tables);
            all.in_order |= one.in_order;
        }
    }
    found
}

fn reading(entry: &Entry, gold: &GoldTable, tables: &[Prepared<'_>], names: &Names) -> Option<Found> {
    let plain = shape(gold, &[], names)?;
    if let Some(found) = side_by_side(&plain, tables, entry, names) {
        return Some(found);
    }
    let histogram = entry.chart.as_deref() == Some("histogram");
    let showing = tables.iter().enumerate().filter(|(_, table)| {
        wide(gold, table, entry.round, names)
            || long::shows(&plain, table, entry.round, names)
            || bands::shows(gold, table, entry.round, names)
            || histogram && bands::bins(gold, table)
    });
    let tables: BTreeSet<usize> = showing.map(|(index, _)| index).collect();
    (!tables.is_empty()).then_some(Found {
        tables,
        in_order: true,
    })
}

/// The gold as it is, its value columns perhaps in several tables that all have its rows.
fn side_by_side(shape: &Shape, tables: &[Prepared<'_>], entry: &Entry, names: &Names) -> Option<Found> {
    let mut shown: Vec<Vec<usize>> = vec![Vec::new(); shape.columns.len()];
    let mut found = Found::default();
    for (index, table) in tables.iter().enumerate() {
        for assignment in assignments(shape, table, None) {
            let Some(alignment) = align(shape, table, &assignment) else {
                continue;
            };
            let showing = columns(shape, table, &alignment, entry.round, names);
            if showing.iter().all(Vec::is_empty) && !shape.columns.is_empty() {
                continue;
            }
            for (slot, columns) in shown.iter_mut().zip(&showing) {
                // Columns of all tables, numbered through.
                slot.extend(columns.iter().map(|column| index * MOST_COLUMNS + column));
            }
            found.in_order |= in_order(shape, &alignment.pairs);
            found.tables.insert(index);
        }
    }
    (!found.tables.is_empty() && each_its_own(&shown)).then_some(found)
}

/// Whether rows come in the order of the gold; rows with an equal figure may change places.
fn in_order(shape: &Shape, pairs: &[(usize, usize)]) -> bool {
    let ties = |one: usize, other: usize| {
        let mut columns = shape.columns.iter();
        columns.any(|column| column.values.get(one) == column.values.get(other))
    };
    pairs.windows(2).all(|pair| match pair {
        [(one, _), (other, _)] => one <= other || ties(*one, *other),
        _ => true,
    })
}

/// The gold with one or more of its keys as columns.
fn wide(gold: &GoldTable, table: &Prepared<'_>, round: Option<u32>, names: &Names) -> bool {
    let pivoted = choices(gold).into_iter().filter(|choice| !choice.is_empty());
    let shapes = pivoted.filter_map(|choice| shape(gold, &choice, names));
    shapes.into_iter().any(|shape| {
        assignments(&shape, table, None)
            .iter()
            .filter_map(|assignment| align(&shape, table, assignment))
            .any(|alignment| {
                let showing = columns(&shape, table, &alignment, round, names);
                each_its_own(&showing)
            })
    })
}
