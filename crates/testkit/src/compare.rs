//! Whether two results are the same, and where they differ in words that help to find out why.

use std::collections::HashMap;
use std::fmt::Write as _;

use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::BigInt;
use jinsheng_core::Decimal;

use crate::naive::{Column, NaiveRefusal, NaiveResult, ResultCell};

/// Most differences that are listed.
const LISTED: usize = 12;

/// How `right` differs from `left`; `None` when they have the same columns and the same rows in the same order.
///
/// Values are equal exactly, those of approximate columns to 11 significant digits (of the value, or of 100 % where
/// that is more: growth rates are rounded before 1 is taken off).
pub fn difference(left: &NaiveResult, right: &NaiveResult) -> Option<String> {
    let mut out = String::new();
    if left.columns != right.columns {
        let columns = |result: &NaiveResult| -> String {
            let columns: Vec<String> = result.columns.iter().map(ToString::to_string).collect();
            columns.join(" | ")
        };
        let _ = writeln!(
            out,
            "columns\n  left:  {}\n  right: {}",
            columns(left),
            columns(right)
        );
        return Some(out);
    }
    let keys = left
        .columns
        .iter()
        .take_while(|column| !matches!(column, Column::Value { .. }))
        .count();
    let key = |row: &[ResultCell]| -> String {
        let cells: Vec<String> = row.iter().take(keys).map(ToString::to_string).collect();
        format!("[{}]", cells.join(", "))
    };
    let by_key = |result: &NaiveResult| -> HashMap<String, usize> {
        let rows = result.rows.iter().enumerate();
        rows.map(|(at, row)| (key(row), at)).collect()
    };
    let (left_keys, right_keys) = (by_key(left), by_key(right));
    let mut differences = Vec::new();
    for row in &left.rows {
        match right_keys.get(&key(row)).and_then(|at| right.rows.get(*at)) {
            None => differences.push(format!("only left:  {}", line(row))),
            Some(other) => {
                for ((column, mine), theirs) in left.columns.iter().zip(row).zip(other) {
                    if !same(column, mine, theirs) {
                        differences.push(format!("{} {column}: left {mine}, right {theirs}", key(row)));
                    }
                }
            }
        }
    }
    for row in &right.rows {
        if !left_keys.contains_key(&key(row)) {
            differences.push(format!("only right: {}", line(row)));
        }
    }
    if differences.is_empty() && left.rows.len() != right.rows.len() {
        differences.push(format!(
            "{} rows left, {} right",
            left.rows.len(),
            right.rows.len()
        ));
    }
    if differences.is_empty()
        && let Some(at) =
            (left.rows.iter().zip(&right.rows)).position(|(mine, theirs)| key(mine) != key(theirs))
    {
        let found = |result: &NaiveResult| result.rows.get(at).map(|row| line(row)).unwrap_or_default();
        differences.push(format!(
            "order differs from row {}\n  left:  {}\n  right: {}",
            at + 1,
            found(left),
            found(right)
        ));
    }
    if differences.is_empty() {
        return None;
    }
    for text in differences.iter().take(LISTED) {
        let _ = writeln!(out, "{text}");
    }
    if differences.len() > LISTED {
        let _ = writeln!(out, "… and {} more", differences.len() - LISTED);
    }
    Some(out)
}

/// As [`difference`], where either side may be a refusal; two refusals are the same whatever their reasons.
pub fn outcome_difference(
    left: &Result<NaiveResult, NaiveRefusal>,
    right: &Result<NaiveResult, String>,
) -> Option<String> {
    match (left, right) {
        (Ok(left), Ok(right)) => difference(left, right),
        (Err(_), Err(_)) => None,
        (Ok(left), Err(right)) => Some(format!(
            "left has {} rows, right refuses: {right}\n",
            left.rows.len()
        )),
        (Err(left), Ok(right)) => Some(format!(
            "left refuses: {left}; right has {} rows\n",
            right.rows.len()
        )),
    }
}

fn line(row: &[ResultCell]) -> String {
    let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
    cells.join(" | ")
}

fn same(column: &Column, left: &ResultCell, right: &ResultCell) -> bool {
    match (left, right) {
        (ResultCell::Number(left), ResultCell::Number(right)) => {
            let approximate = matches!(
                column,
                Column::Value {
                    approximate: true,
                    ..
                }
            );
            left == right || (approximate && near(*left, *right))
        }
        _ => left == right,
    }
}

fn near(left: Decimal, right: Decimal) -> bool {
    let exact = |value: Decimal| BigDecimal::new(BigInt::from(value.mantissa()), i64::from(value.scale()));
    let (left, right) = (exact(left), exact(right));
    let size = left.abs().max(right.abs()).max(BigDecimal::from(100));
    (left - right).abs() * BigDecimal::from(100_000_000_000_u64) <= size
}

#[cfg(test)]
mod tests {
    use jinsheng_core::Unit;

    use super::*;

    fn result(approximate: bool, rows: &[(&str, &str)]) -> NaiveResult {
        let cell = |text: &str| match text.parse() {
            Ok(number) => ResultCell::Number(number),
            Err(_) => ResultCell::Missing,
        };
        NaiveResult {
            columns: vec![
                Column::Dimension {
                    name: "company".to_owned(),
                },
                Column::Value {
                    name: "x".to_owned(),
                    unit: Unit::PERCENT,
                    approximate,
                },
            ],
            rows: rows
                .iter()
                .map(|(key, value)| vec![ResultCell::Text((*key).to_owned()), cell(value)])
                .collect(),
        }
    }

    #[test]
    fn names_what_differs() {
        let left = result(false, &[("A", "1"), ("B", "2"), ("C", "")]);
        assert_eq!(difference(&left, &left), None);
        let right = result(false, &[("A", "1.0"), ("B", "2.1"), ("D", "3")]);
        assert_eq!(
            difference(&left, &right).unwrap(),
            "[B] x (%): left 2, right 2.1\nonly left:  C | -\nonly right: D | 3\n"
        );
        let turned = result(false, &[("B", "2"), ("A", "1"), ("C", "")]);
        assert!(
            difference(&left, &turned)
                .unwrap()
                .contains("order differs from row 1")
        );
        let twice = result(false, &[("A", "1"), ("B", "2"), ("C", ""), ("C", "")]);
        assert!(difference(&left, &twice).is_some());
    }

    #[test]
    fn approximate_columns_agree_in_eleven_digits() {
        let growth = |text: &str| result(true, &[("A", text)]);
        assert_eq!(difference(&growth("41.421356237"), &growth("41.421356238")), None);
        assert!(difference(&growth("41.421356237"), &growth("41.42135625")).is_some());
        assert!(difference(&growth("1"), &growth("")).is_some());
        let exact = |text: &str| result(false, &[("A", text)]);
        assert!(difference(&exact("41.421356237"), &exact("41.421356238")).is_some());
    }
}
