//! Units of sums, differences, products and quotients.

use jinsheng_core::{Base, Unit};

use super::super::units::{Valued, align, scale};
use super::super::{BindError, Bound};
use super::Valid;
use crate::query::BinaryOp;

pub(super) fn binary(op: BinaryOp, left: Valued, right: Valued, text: &dyn Fn() -> String) -> Valid {
    match op {
        BinaryOp::Add => {
            let (left, right) = align(left, right, text)?;
            let approximate = left.approximate || right.approximate;
            let expr = Bound::Add(Box::new(left.expr), Box::new(right.expr));
            Ok(Valued {
                expr,
                unit: left.unit,
                bare: 0,
                approximate,
            })
        }
        BinaryOp::Subtract => {
            let (left, right) = align(left, right, text)?;
            let approximate = left.approximate || right.approximate;
            let expr = Bound::Subtract(Box::new(left.expr), Box::new(right.expr));
            Ok(Valued {
                expr,
                unit: left.unit.map(Unit::difference),
                bare: 0,
                approximate,
            })
        }
        BinaryOp::Multiply => product(left.plain(), right.plain(), text),
        BinaryOp::Divide => quotient(left.plain(), right.plain(), text),
    }
}

fn refused(left: &Valued, right: &Valued, text: &dyn Fn() -> String) -> BindError {
    BindError::Units {
        text: text(),
        left: left.unit_or_plain(),
        right: right.unit_or_plain(),
    }
}

/// Shares, counts and plain numbers only multiply: the unit is that of the other side.
fn product(left: Valued, right: Valued, text: &dyn Fn() -> String) -> Valid {
    let counts = |value: &Valued| {
        value
            .unit
            .is_none_or(|unit| matches!(unit.base, Base::Ratio | Base::Count | Base::Plain))
    };
    let is_ratio = |value: &Valued| value.unit.is_some_and(|unit| unit.base == Base::Ratio);
    let approximate = left.approximate || right.approximate;
    let both_ratios = is_ratio(&left) && is_ratio(&right);
    let (left, right, unit) = if both_ratios {
        (plainly(left), plainly(right), Some(Unit::TIMES))
    } else if counts(&right) && left.unit.is_some() {
        let unit = left.unit;
        (left, plainly(right), unit)
    } else if counts(&left) {
        let unit = right.unit;
        (plainly(left), right, unit)
    } else {
        let unit = left
            .unit
            .zip(right.unit)
            .and_then(|(one, other)| one.product(other));
        let unit = unit.ok_or_else(|| refused(&left, &right, text))?;
        (left, right, Some(unit))
    };
    let expr = Bound::Multiply(Box::new(left.expr), Box::new(right.expr));
    let value = Valued {
        expr,
        unit,
        bare: 0,
        approximate,
    };
    if both_ratios {
        value.in_unit(Unit::PERCENT, text)
    } else {
        Ok(value)
    }
}

/// Two amounts of one kind give a share in %; counts, people, days and shares only divide.
fn quotient(left: Valued, right: Valued, text: &dyn Fn() -> String) -> Valid {
    let approximate = left.approximate || right.approximate;
    let divides = right.unit.is_none_or(|unit| {
        matches!(
            unit.base,
            Base::Ratio | Base::Count | Base::People | Base::Days | Base::Plain
        )
    });
    let divided = |left: Valued, right: Valued, unit: Option<Unit>| {
        let expr = Bound::Divide(Box::new(left.expr), Box::new(right.expr));
        Valued {
            expr,
            unit,
            bare: 0,
            approximate,
        }
    };
    match (left.unit, right.unit) {
        (Some(one), Some(other)) if one.base == other.base && one.base != Base::Plain => {
            let right = right.in_unit(one, text)?;
            divided(left, right, Some(Unit::TIMES)).in_unit(Unit::PERCENT, text)
        }
        (None, None) => Ok(divided(left, right, None)),
        _ if divides => {
            let unit = left.unit_or_plain();
            Ok(divided(left, plainly(right), Some(unit)))
        }
        (Some(one), Some(other)) => {
            let unit = one.quotient(other).ok_or_else(|| refused(&left, &right, text))?;
            Ok(divided(left, right, Some(unit)))
        }
        _ => Err(refused(&left, &right, text)),
    }
}

/// A share or count as a plain number: 10 % is 0.1, 3 万人 are 30000.
fn plainly(value: Valued) -> Valued {
    let power = value.unit.map_or(0, |unit| i32::from(unit.power));
    Valued {
        expr: scale(value.expr, power),
        ..value
    }
}
