//! Units of bound expressions: alignment by powers of ten, refusal of what does not fit.

use jinsheng_core::{Base, Quantity, Unit};

use super::{BindError, Bound};

/// An expression and its unit; `None` for a constant written without one, which takes what it stands against.
#[derive(Debug, Clone)]
pub(super) struct Valued {
    pub(super) expr: Bound,
    pub(super) unit: Option<Unit>,
    /// Power of ten of a constant without a unit: 8 for `200亿`.
    pub(super) bare: i32,
    pub(super) approximate: bool,
}

impl Valued {
    pub(super) fn new(expr: Bound, unit: Unit) -> Self {
        Self {
            expr,
            unit: Some(unit),
            bare: 0,
            approximate: false,
        }
    }

    pub(super) fn constant(quantity: Quantity) -> Self {
        let plain = quantity.unit.base == Base::Plain;
        let bare = if plain { i32::from(quantity.unit.power) } else { 0 };
        let unit = (!plain).then_some(quantity.unit);
        Self {
            expr: Bound::Number(quantity.value),
            unit,
            bare,
            approximate: false,
        }
    }

    pub(super) fn unit_or_plain(&self) -> Unit {
        self.unit.unwrap_or(Unit::PLAIN)
    }

    /// The value without a power of its own: `200亿` as 20000000000.
    pub(super) fn plain(self) -> Self {
        Self {
            expr: scale(self.expr, self.bare),
            bare: 0,
            ..self
        }
    }

    /// The same value in another unit. A constant without one takes it; against a share it must say which.
    pub(super) fn in_unit(self, unit: Unit, text: &dyn Fn() -> String) -> Result<Self, BindError> {
        let power = match self.unit {
            Some(own) => own.power_to(unit).ok_or_else(|| BindError::Units {
                text: text(),
                left: unit,
                right: own,
            })?,
            None => {
                // 5 beside a share of 60 % could mean 5 % or 500 %.
                let zero = matches!(&self.expr, Bound::Number(number) if number.is_zero());
                if unit.base == Base::Ratio && unit.power != 0 && !zero {
                    return Err(BindError::Units {
                        text: text(),
                        left: unit,
                        right: Unit::PLAIN,
                    });
                }
                if self.bare == 0 {
                    0
                } else {
                    self.bare - i32::from(unit.power)
                }
            }
        };
        Ok(Self {
            expr: scale(self.expr, power),
            unit: Some(unit),
            bare: 0,
            approximate: self.approximate,
        })
    }
}

/// Times a power of ten; nothing for 10⁰.
pub(super) fn scale(expr: Bound, power: i32) -> Bound {
    match (expr, power) {
        (expr, 0) => expr,
        (Bound::Scale(inner, before), power) => scale(*inner, before + power),
        (expr, power) => Bound::Scale(Box::new(expr), power),
    }
}

/// Brings two values to one unit: the left one's, unless only the right has one.
pub(super) fn align(
    left: Valued,
    right: Valued,
    text: &dyn Fn() -> String,
) -> Result<(Valued, Valued), BindError> {
    match (left.unit, right.unit) {
        (None, Some(unit)) => Ok((left.in_unit(unit, text)?, right)),
        (None, None) => Ok((left.plain(), right.plain())),
        (Some(unit), _) => {
            let right = right.in_unit(unit, text)?;
            Ok((left, right))
        }
    }
}
