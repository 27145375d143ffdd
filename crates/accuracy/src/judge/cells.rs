//! Whether one figure or attribute of the gold is what a cell shows.

use crate::answer::{Cell, Column, Kind};
use crate::table::Value;
use crate::unit::{Conversion, conversions};
use crate::words::{as_bool, same_text};

/// Whether a column of the answer shows a column of the gold: all pairs, in one unit.
pub(super) fn same_column(
    pairs: &[(&Value, &Cell)],
    unit: &str,
    column: &Column,
    round: Option<u32>,
) -> bool {
    if !fits(unit, column) {
        return false;
    }
    if matches!(unit, "text" | "bool") {
        return pairs
            .iter()
            .all(|(value, cell)| same_cell(value, cell, None, round));
    }
    let converted = conversions(unit, column.unit.as_deref());
    converted.iter().any(|conversion| {
        let mut pairs = pairs.iter();
        pairs.all(|(value, cell)| same_cell(value, cell, Some(*conversion), round))
    })
}

fn fits(unit: &str, column: &Column) -> bool {
    match unit {
        "text" => matches!(column.kind, Kind::Text | Kind::Period | Kind::Member),
        "bool" => matches!(column.kind, Kind::Bool | Kind::Text),
        _ => column.kind == Kind::Number,
    }
}

/// Whether a cell shows a value in any unit that fits its column.
pub(super) fn same_somehow(
    value: &Value,
    unit: &str,
    cell: &Cell,
    column: &Column,
    round: Option<u32>,
) -> bool {
    same_column(&[(value, cell)], unit, column, round)
}

fn same_cell(value: &Value, cell: &Cell, conversion: Option<Conversion>, round: Option<u32>) -> bool {
    match (value, cell, conversion) {
        (Value::Missing, _, _) => *cell == Cell::Missing,
        (Value::Number(gold), Cell::Number { value, text }, Some(conversion)) => {
            same_number(*gold, conversion, *value, text, round)
        }
        (Value::Number(gold), _, None) => as_bool(cell) == Some(gold.abs() > 0.5),
        (Value::Text(gold), _, None) => same_text(gold, cell),
        _ => false,
    }
}

/// To nine significant digits, or to the decimals that the question asks for, in the unit that the answer shows.
fn same_number(gold: f64, conversion: Conversion, shown: f64, text: &str, round: Option<u32>) -> bool {
    let wanted = gold * conversion.factor;
    let difference = (shown - wanted).abs();
    if difference <= conversion.noise.max(half_of_ninth_digit(wanted, shown)) {
        return true;
    }
    let Some(asked) = round.and_then(|round| i32::try_from(round).ok()) else {
        return false;
    };
    let step = 10f64.powi(-asked);
    // Half away from zero or half to even: both are rounding.
    let rounded = decimals(text).is_some_and(|shown| shown <= asked) && difference <= step * (0.5 + 1e-9);
    rounded || ((shown / step).round() - (wanted / step).round()).abs() < 0.5
}

fn half_of_ninth_digit(one: f64, other: f64) -> f64 {
    let larger = one.abs().max(other.abs());
    if larger <= 0.0 {
        return 0.0;
    }
    0.5 * 10f64.powf(larger.log10().floor() - 8.0) * (1.0 + 1e-6)
}

/// Decimals as written; `None` in a notation that does not say.
fn decimals(text: &str) -> Option<i32> {
    match text.split_once('.') {
        None if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') => Some(0),
        Some((_, rest)) if rest.bytes().all(|byte| byte.is_ascii_digit()) => i32::try_from(rest.len()).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(gold: f64, unit: &str, text: &str, shown: Option<&str>, round: Option<u32>, right: bool) {
        let cell = Cell::Number {
            value: text.parse().unwrap(),
            text: text.to_owned(),
        };
        let column = Column {
            label: "x".to_owned(),
            unit: shown.map(str::to_owned),
            kind: Kind::Number,
        };
        let found = same_column(&[(&Value::Number(gold), &cell)], unit, &column, round);
        assert_eq!(found, right, "{gold} {unit} against {text} {shown:?}");
    }

    #[test]
    fn nine_digits_count() {
        check(123_456.789_01, "万元", "123456.789", Some("万元"), None, true);
        check(123_456.789_01, "万元", "123456.79", Some("万元"), None, false);
        check(12_345_678_901.0, "元", "123.45678901", Some("亿元"), None, true);
        check(12_345_678_901.0, "元", "123.45678", Some("亿元"), None, false);
        check(1e-7, "元", "0", Some("元"), None, true);
        check(-5.0, "%", "5", Some("%"), None, false);
    }

    #[test]
    fn decimals_that_were_asked_for_are_enough_in_any_unit() {
        check(22.693, "%", "22.69", Some("%"), Some(2), true);
        check(22.693, "%", "0.23", None, Some(2), true);
        check(22.693, "%", "0.23", Some("倍"), Some(2), true);
        check(22.693, "%", "0.22", Some("倍"), Some(2), false);
        check(22.693, "%", "22.69", Some("%"), None, false);
        check(22.693, "%", "22.7", Some("%"), Some(2), false);
        check(2.125, "%", "2.12", Some("%"), Some(2), true);
        check(2.125, "%", "2.13", Some("%"), Some(2), true);
        check(22.693, "%", "22.6930000", Some("%"), Some(2), true);
    }

    #[test]
    fn per_cent_and_fraction_are_one_figure() {
        check(22.693, "%", "0.22693", None, None, true);
        check(22.693, "%", "0.22693", Some("倍"), None, true);
        check(22.693, "%", "0.22693", Some("%"), None, false);
        check(1.5, "百分点", "150", Some("bp"), None, true);
    }

    #[test]
    fn amounts_are_no_counts() {
        check(3.0, "个", "3", Some("家"), None, true);
        check(3.0, "个", "3", Some("万元"), None, false);
        check(3.0, "万元", "3", None, None, true);
        check(3.0, "万元", "30000", None, None, true);
        check(3.0, "万元", "3", Some("元"), None, false);
    }
}
