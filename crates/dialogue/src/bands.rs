//! Subjects in intervals of a value.

use std::collections::BTreeSet;

use jinsheng_core::{Decimal, Localised, Quantity, Unit};
use jinsheng_engine::{Cell, Column, ColumnKind};
use jinsheng_semantics::ask::Band;

use crate::table::Table;

/// A value with the column that it stands in, and the ends of intervals in its unit.
struct Banded {
    column: Option<usize>,
    ends: Vec<(Option<Decimal>, Option<Decimal>)>,
}

impl Banded {
    fn new(table: &Table, bands: &[Band]) -> Self {
        let column = table
            .columns
            .iter()
            .position(|column| column.kind == ColumnKind::Value);
        let unit = column
            .and_then(|index| table.columns.get(index))
            .and_then(|column| column.unit);
        let ends = bands
            .iter()
            .map(|band| (in_unit(band.low, unit), in_unit(band.high, unit)));
        Self {
            column,
            ends: ends.collect(),
        }
    }

    fn value(&self, row: &[Cell]) -> Option<Decimal> {
        match row.get(self.column?) {
            Some(Cell::Number(value)) => Some(*value),
            _ => None,
        }
    }

    fn inside(&self, index: usize, value: Decimal) -> bool {
        self.ends.get(index).is_some_and(|(low, high)| {
            low.is_none_or(|low| value >= low) && high.is_none_or(|high| value < high)
        })
    }
}

/// The end of an interval in the unit of a column; a plain number counts in it.
fn in_unit(end: Option<Quantity>, unit: Option<Unit>) -> Option<Decimal> {
    let end = end?;
    match (end.unit.base, unit) {
        (jinsheng_core::Base::Plain, Some(unit)) => {
            let power = end.unit.power + if end.unit.power == 0 { unit.power } else { 0 };
            end_in(Quantity::new(end.value, Unit::new(unit.base, power)), unit)
        }
        (_, Some(unit)) => end_in(end, unit),
        _ => Some(end.value),
    }
}

/// The subjects that have their first value in each interval.
pub(crate) fn in_bands(table: &Table, dimension: &str, bands: &[Band]) -> Vec<BTreeSet<String>> {
    let banded = Banded::new(table, bands);
    let subject = table.columns.iter().position(|column| column.name == dimension);
    let inside = |index: usize| {
        let rows = table
            .rows
            .iter()
            .filter(|row| banded.value(row).is_some_and(|value| banded.inside(index, value)));
        let keys = rows.filter_map(|row| match row.get(subject?) {
            Some(Cell::Text(key)) => Some(key.clone()),
            _ => None,
        });
        keys.collect()
    };
    (0..bands.len()).map(inside).collect()
}

/// How many subjects have their first value in each interval, and their share of those that have one.
pub(crate) fn bands(table: &Table, dimension: &str, bands: &[Band]) -> Table {
    let banded = Banded::new(table, bands);
    let values: Vec<Decimal> = table.rows.iter().filter_map(|row| banded.value(row)).collect();
    let total = Decimal::from(values.len());
    let rows = bands.iter().enumerate().map(|(index, band)| {
        let count = Decimal::from(
            values
                .iter()
                .filter(|value| banded.inside(index, **value))
                .count(),
        );
        let share = (count * Decimal::ONE_HUNDRED).checked_div(total);
        vec![
            Cell::Text(band.label.clone()),
            Cell::Number(count),
            share.map_or(Cell::Missing, Cell::Number),
        ]
    });
    let rows = rows.collect();
    let column = |name: &str, zh: &str, en: &str, unit: Option<Unit>, kind: ColumnKind| Column {
        name: name.to_owned(),
        label: Localised::new(zh, en),
        unit,
        kind,
        approximate: false,
    };
    Table {
        columns: vec![
            column("band", "区间", "band", None, ColumnKind::Dimension),
            column("count", "个数", "number", Some(Unit::COUNT), ColumnKind::Value),
            column("share", "占比", "share", Some(Unit::PERCENT), ColumnKind::Value),
        ],
        rows,
        reading: format!("count({dimension} by interval) <- {}", table.reading),
    }
}

fn end_in(end: Quantity, unit: Unit) -> Option<Decimal> {
    end.to_unit(unit).ok().map(|end| end.value)
}
