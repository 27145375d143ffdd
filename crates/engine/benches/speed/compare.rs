//! Whether an answer of the product and a result of SQL by hand say the same.

use jinsheng_core::Decimal;
use jinsheng_engine::{Answer, Cell, ColumnKind};

use super::cases::{Case, Kind};

/// Decimals to which a quotient is compared with one in floating point.
const FLOAT_DECIMALS: u32 = 6;

/// Rows of the answer as texts, in the columns that the SQL has.
pub(crate) fn texts(answer: &Answer, case: &Case) -> Vec<Vec<String>> {
    let dated = case.columns.contains(&Kind::Period);
    let shown: Vec<bool> = answer
        .columns
        .iter()
        .map(|column| dated || column.kind != ColumnKind::Period)
        .collect();
    let text = |cell: &Cell| match cell {
        Cell::Missing => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Period(period) => period.to_string(),
        Cell::Number(number) => number.normalize().to_string(),
    };
    answer
        .rows
        .iter()
        .map(|row| {
            let cells = row.iter().zip(&shown).filter(|(_, shown)| **shown);
            cells.map(|(cell, _)| text(cell)).collect()
        })
        .collect()
}

/// The first place where two results differ.
pub(crate) fn difference(case: &Case, answer: &[Vec<String>], by_hand: &[Vec<String>]) -> Option<String> {
    if answer.len() != by_hand.len() {
        return Some(format!("{} rows, by hand {}", answer.len(), by_hand.len()));
    }
    for (number, (left, right)) in answer.iter().zip(by_hand).enumerate() {
        let complete = left.len() == case.columns.len() && right.len() == case.columns.len();
        let cells = left.iter().zip(right).zip(case.columns);
        let differs = cells
            .into_iter()
            .any(|((left, right), kind)| !same(left, right, *kind));
        if differs || !complete {
            return Some(format!("row {number}: {left:?}, by hand {right:?}"));
        }
    }
    None
}

fn same(left: &str, right: &str, kind: Kind) -> bool {
    match kind {
        Kind::Text => left == right,
        Kind::Period => right.starts_with(left),
        Kind::Exact => number(left).is_some() && number(left) == number(right),
        Kind::Quotient => {
            let (Some(left), Some(right)) = (number(left), number(right)) else {
                return false;
            };
            // An engine may cut the last decimal that it keeps instead of rounding it.
            let decimals = right.scale().min(FLOAT_DECIMALS);
            (left - right).abs() <= Decimal::new(1, decimals)
        }
    }
}

fn number(text: &str) -> Option<Decimal> {
    text.parse().or_else(|_| Decimal::from_scientific(text)).ok()
}
