//! The unit of a value, and how two units become one.

use jinsheng_core::{Base, Unit};

use super::NaiveRefusal;

/// What is known of a value's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// Constants without a unit, and what is computed from only these: it takes the unit of the other side.
    Bare,
    /// A unit, and whether it came about as a quotient of two amounts of one kind.
    Unit(Unit, bool),
}

impl Known {
    /// A unit that was given by a definition or a constant.
    pub(super) fn given(unit: Unit) -> Self {
        Self::Unit(unit, false)
    }

    /// The unit itself.
    pub(super) fn unit(self) -> Unit {
        match self {
            Self::Bare => Unit::PLAIN,
            Self::Unit(unit, _) => unit,
        }
    }

    /// The unit in which an item of this unit is shown.
    pub(super) fn shown(self) -> Unit {
        match self {
            Self::Unit(unit, true) if unit.base == Base::Ratio => Unit::PERCENT,
            other => other.unit(),
        }
    }

    /// The common unit of two sides: the left one, unless that takes the right one's.
    pub(super) fn common(self, right: Self) -> Self {
        if self == Self::Bare { right } else { self }
    }

    /// The power of ten that brings a value of this unit into the common unit.
    pub(super) fn power_to(self, common: Self) -> Result<i32, NaiveRefusal> {
        match (self, common) {
            (Self::Unit(from, _), Self::Unit(to, _)) => from.power_to(to).ok_or(NaiveRefusal::Units {
                left: to,
                right: from,
            }),
            _ => Ok(0),
        }
    }

    /// The unit of a difference of two values of this unit.
    pub(super) fn difference(self) -> Self {
        match self {
            Self::Bare => Self::Bare,
            Self::Unit(unit, quotient) => Self::Unit(unit.difference(), quotient),
        }
    }

    /// The unit of a product.
    pub(super) fn product(self, right: Self) -> Result<Self, NaiveRefusal> {
        if (self, right) == (Self::Bare, Self::Bare) {
            return Ok(Self::Bare);
        }
        let (left_unit, right_unit) = (self.unit(), right.unit());
        let unit = left_unit.product(right_unit).ok_or(NaiveRefusal::Units {
            left: left_unit,
            right: right_unit,
        })?;
        let quotient = matches!(self, Self::Unit(_, true)) || matches!(right, Self::Unit(_, true));
        Ok(Self::Unit(unit, quotient))
    }

    /// The unit of a quotient.
    pub(super) fn quotient(self, right: Self) -> Result<Self, NaiveRefusal> {
        if (self, right) == (Self::Bare, Self::Bare) {
            return Ok(Self::Bare);
        }
        let (left_unit, right_unit) = (self.unit(), right.unit());
        let unit = left_unit.quotient(right_unit).ok_or(NaiveRefusal::Units {
            left: left_unit,
            right: right_unit,
        })?;
        let one_kind = left_unit.base == right_unit.base && left_unit.base != Base::Plain;
        Ok(Self::Unit(unit, one_kind || matches!(self, Self::Unit(_, true))))
    }
}
