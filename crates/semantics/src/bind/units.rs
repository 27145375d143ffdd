//! Units of bound expressions: alignment by powers of ten, refusal of what does not fit.

use jinsheng_core::Unit;

use super::{BindError, Bound};

/// An expression and its unit; `None` for a constant written without one, which takes what it stands against.
#[derive(Debug, Clone)]
pub(super) struct Valued {
    pub(super) expr: Bound,
    pub(super) unit: Option<Unit>,
    pub(super) approximate: bool,
}

impl Valued {
    pub(super) fn new(expr: Bound, unit: Unit) -> Self {
        Self {
            expr,
            unit: Some(unit),
            approximate: false,
        }
    }

    pub(super) fn unit_or_plain(&self) -> Unit {
        self.unit.unwrap_or(Unit::PLAIN)
    }

    /// The same value in another unit.
    pub(super) fn in_unit(self, unit: Unit, text: &dyn Fn() -> String) -> Result<Self, BindError> {
        let Some(own) = self.unit else {
            return Ok(Self {
                unit: Some(unit),
                ..self
            });
        };
        let power = own.power_to(unit).ok_or_else(|| BindError::Units {
            text: text(),
            left: unit,
            right: own,
        })?;
        let expr = scale(self.expr, power);
        Ok(Self {
            expr,
            unit: Some(unit),
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
        (None, None) => Ok((left, right)),
        (Some(unit), _) => {
            let right = right.in_unit(unit, text)?;
            Ok((left, right))
        }
    }
}
