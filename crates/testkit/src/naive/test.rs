//! What a dimension's value must be.

use std::cmp::Ordering;

use bigdecimal::BigDecimal;
use jinsheng_core::{Grain, Period};
use jinsheng_semantics::query::{CompareOp, Filter, Test};

use super::NaiveRefusal;
use crate::data::Cell;

/// Whether a cell passes a filter, given the displayed name of the member whose key it is. Missing passes none.
pub(super) fn passes(filter: &Filter, cell: &Cell, name: Option<&str>) -> Result<bool, NaiveRefusal> {
    if *cell == Cell::Missing {
        return Ok(false);
    }
    let among = |values: &std::collections::BTreeSet<String>| -> Result<bool, NaiveRefusal> {
        for value in values {
            if order(filter, cell, value)? == Ordering::Equal {
                return Ok(true);
            }
        }
        Ok(false)
    };
    match &filter.test {
        Test::In(values) => among(values),
        Test::NotIn(values) => among(values).map(|found| !found),
        Test::Compare(op, value) => Ok(holds(order(filter, cell, value)?, *op)),
        Test::Contains(part) if name.is_some_and(|name| name.contains(part)) => Ok(true),
        Test::Contains(part) => Ok(match cell {
            Cell::Text(text) => text.contains(part),
            Cell::Number(number) => number.normalized().to_plain_string().contains(part),
            Cell::Date(days) => Period::new(Grain::Day, *days).to_string().contains(part),
            Cell::Bool(value) => value.to_string().contains(part),
            Cell::Missing => false,
        }),
    }
}

/// Whether a comparison holds between values in this order.
pub(super) fn holds(order: Ordering, op: CompareOp) -> bool {
    match op {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
    }
}

/// A cell against a written value, in the order of the cell's type.
fn order(filter: &Filter, cell: &Cell, value: &str) -> Result<Ordering, NaiveRefusal> {
    let unreadable = || NaiveRefusal::Value {
        dimension: filter.dimension.clone(),
        value: value.to_owned(),
    };
    match cell {
        // Bytes of UTF-8 order as code points do.
        Cell::Text(text) => Ok(text.as_str().cmp(value)),
        Cell::Number(number) => {
            let value: BigDecimal = value.trim().parse().map_err(|_| unreadable())?;
            Ok(number.cmp(&value))
        }
        Cell::Date(days) => match value.trim().parse::<Period>() {
            Ok(period) if period.grain() == Grain::Day => Ok(days.cmp(&period.index())),
            _ => Err(unreadable()),
        },
        Cell::Bool(truth) => match value.trim().to_ascii_lowercase().as_str() {
            "true" => Ok(truth.cmp(&true)),
            "false" => Ok(truth.cmp(&false)),
            _ => Err(unreadable()),
        },
        Cell::Missing => Err(unreadable()),
    }
}
