//! How values are spread over many subjects: standard deviation and quantiles.

use jinsheng_core::{Decimal, Localised};
use jinsheng_engine::{Cell, Column, ColumnKind};
use jinsheng_semantics::ask::Spread;

use crate::table::Table;

/// A row for each period, a column for each value and measure of its spread; missing values are left out.
pub(crate) fn spread(table: &Table, spreads: &[Spread]) -> Table {
    let period = table
        .columns
        .iter()
        .position(|column| column.kind == ColumnKind::Period);
    let values: Vec<usize> = table
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.kind == ColumnKind::Value)
        .map(|(index, _)| index)
        .collect();
    let mut periods: Vec<Option<&Cell>> = Vec::new();
    for row in &table.rows {
        let at = period.and_then(|index| row.get(index));
        if !periods.contains(&at) {
            periods.push(at);
        }
    }
    let mut columns: Vec<Column> = period
        .and_then(|index| table.columns.get(index))
        .cloned()
        .into_iter()
        .collect();
    for index in &values {
        let Some(column) = table.columns.get(*index) else {
            continue;
        };
        columns.extend(spreads.iter().map(|spread| named(column, *spread)));
    }
    let rows = periods.into_iter().map(|at| {
        let mut row: Vec<Cell> = at.cloned().into_iter().collect();
        for index in &values {
            let mut numbers: Vec<Decimal> = table
                .rows
                .iter()
                .filter(|row| period.and_then(|index| row.get(index)) == at)
                .filter_map(|row| match row.get(*index) {
                    Some(Cell::Number(number)) => Some(*number),
                    _ => None,
                })
                .collect();
            numbers.sort();
            row.extend(spreads.iter().map(|spread| {
                let found = match spread {
                    Spread::Deviation => deviation(&numbers),
                    Spread::Quantile(part) => quantile(&numbers, *part),
                };
                found.map_or(Cell::Missing, Cell::Number)
            }));
        }
        row
    });
    Table {
        rows: rows.collect(),
        columns,
        reading: format!("spread <- {}", table.reading),
    }
}

fn named(column: &Column, spread: Spread) -> Column {
    let (name, zh, en) = match spread {
        Spread::Deviation => (
            format!("deviation({})", column.name),
            format!("{}标准差（样本）", column.label.zh),
            format!("Standard deviation (sample) of {}", column.label.en),
        ),
        Spread::Quantile(part) => (
            format!("quantile({}, {part}%)", column.name),
            format!("{}{part}%分位数", column.label.zh),
            format!("{part}% quantile of {}", column.label.en),
        ),
    };
    Column {
        name,
        label: Localised::new(zh, en),
        approximate: spread == Spread::Deviation,
        ..column.clone()
    }
}

/// Of a sample: over one less than their number. Twelve significant digits, as with correlations.
fn deviation(numbers: &[Decimal]) -> Option<Decimal> {
    if numbers.len() < 2 {
        return None;
    }
    let count = Decimal::from(numbers.len());
    let mean = numbers.iter().copied().sum::<Decimal>().checked_div(count)?;
    let mut squares = 0.0_f64;
    for number in numbers {
        let apart: f64 = (*number - mean).to_string().parse().ok()?;
        squares += apart * apart;
    }
    let fewer: f64 = (count - Decimal::ONE).to_string().parse().ok()?;
    jinsheng_core::shortest_decimal((squares / fewer).sqrt())?.round_sf(12)
}

/// Between the two neighbours of the place (n - 1) p, in proportion; `numbers` are sorted.
fn quantile(numbers: &[Decimal], part: u32) -> Option<Decimal> {
    let last = numbers.len().checked_sub(1)?;
    let place = Decimal::from(last) * Decimal::from(part) / Decimal::ONE_HUNDRED;
    let below = place.trunc();
    let index: usize = below.normalize().to_string().parse().ok()?;
    let low = *numbers.get(index)?;
    let high = *numbers.get((index + 1).min(last))?;
    Some((low + (high - low) * (place - below)).normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(texts: &[&str]) -> Vec<Decimal> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn quantiles_lie_between_neighbours() {
        let four = numbers(&["1", "2", "3", "10"]);
        assert_eq!(quantile(&four, 50), Some("2.5".parse().unwrap()));
        assert_eq!(quantile(&four, 75), Some("4.75".parse().unwrap()));
        assert_eq!(quantile(&numbers(&["7"]), 90), Some("7".parse().unwrap()));
        assert_eq!(quantile(&[], 50), None);
    }

    #[test]
    fn deviations_are_those_of_a_sample() {
        assert_eq!(
            deviation(&numbers(&["2", "4", "4", "4", "5", "5", "7", "9"])),
            Some("2.13808993530".parse().unwrap())
        );
        assert_eq!(deviation(&numbers(&["2"])), None);
    }
}
