//! Tests on dimension columns, by the type of the column.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, cast, lit};
use jinsheng_core::{Decimal, Grain, Period};
use jinsheng_semantics::bind::BoundFilter;
use jinsheng_semantics::query::{CompareOp, Test};

use crate::functions::{number, only_if};
use crate::plan::Planning;

/// A measure's column in which values that stand for a missing one are missing.
pub(super) fn without_stand_ins(column: Expr, data_type: &DataType, stand_ins: &[Decimal]) -> Planning<Expr> {
    let literal = |value: &Decimal| -> Option<Expr> {
        let value = value.normalize();
        match data_type {
            DataType::Int64 if value.scale() == 0 => i64::try_from(value.mantissa()).ok().map(lit),
            // In the column's own type, so that the column is compared as it stands.
            DataType::Decimal128(precision, scale) => {
                let power = u32::try_from(*scale).ok()?.checked_sub(value.scale())?;
                let unscaled = value.mantissa().checked_mul(10_i128.checked_pow(power)?)?;
                let fits = unscaled.unsigned_abs() < 10_u128.checked_pow(u32::from(*precision))?;
                fits.then(|| Expr::Literal(ScalarValue::Decimal128(Some(unscaled), *precision, *scale), None))
            }
            _ => None,
        }
    };
    let list: Vec<Expr> = stand_ins.iter().filter_map(literal).collect();
    if list.is_empty() {
        return Ok(column);
    }
    Ok(only_if(column.clone().in_list(list, true), column)?)
}

/// A filter on a column of this type: its test, or one of the keys that pass by their names.
pub(super) fn passes(column: Expr, data_type: &DataType, filter: &BoundFilter) -> Planning<Expr> {
    let tested = matches(column.clone(), data_type, &filter.test)?;
    if filter.named.is_empty() {
        return Ok(tested);
    }
    Ok(tested.or(matches(column, data_type, &Test::In(filter.named.clone()))?))
}

/// A test on a column of this type; text that is no value of the type matches nothing.
pub(super) fn matches(column: Expr, data_type: &DataType, test: &Test) -> Planning<Expr> {
    let literal = |text: &str| -> Option<Expr> {
        let text = text.trim();
        match data_type {
            DataType::Utf8 => None,
            DataType::Int64 => text.parse::<i64>().ok().map(lit),
            DataType::Date32 => {
                let day = text
                    .parse::<Period>()
                    .ok()
                    .filter(|period| period.grain() == Grain::Day)?;
                Some(date_literal(day))
            }
            DataType::Boolean => text.parse::<bool>().ok().map(lit),
            DataType::Decimal128(..) => text.parse::<Decimal>().ok().and_then(number),
            _ => None,
        }
    };
    let typed = |text: &String| match data_type {
        DataType::Utf8 => Some(lit(text.as_str())),
        _ => literal(text),
    };
    let nothing = || lit(false);
    Ok(match test {
        Test::In(values) => {
            let list: Vec<Expr> = values.iter().filter_map(typed).collect();
            if list.is_empty() {
                nothing()
            } else {
                column.in_list(list, false)
            }
        }
        Test::NotIn(values) => {
            let list: Vec<Expr> = values.iter().filter_map(typed).collect();
            let known = column.clone().is_not_null();
            if list.is_empty() {
                known
            } else {
                known.and(column.in_list(list, true))
            }
        }
        Test::Compare(op, text) => {
            let Some(right) = typed(text) else {
                return Ok(nothing());
            };
            match op {
                CompareOp::Eq => column.eq(right),
                CompareOp::Ne => column.not_eq(right),
                CompareOp::Lt => column.lt(right),
                CompareOp::Le => column.lt_eq(right),
                CompareOp::Gt => column.gt(right),
                CompareOp::Ge => column.gt_eq(right),
            }
        }
        Test::Contains(text) => {
            let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            cast(column, DataType::Utf8).like(lit(format!("%{escaped}%")))
        }
    })
}

/// A day as text with a cast: emitted SQL then suits dialects that keep dates as text.
pub(super) fn date_literal(day: Period) -> Expr {
    cast(lit(day.to_string()), DataType::Date32)
}
