//! The unit of a value, and how two units become one.

use jinsheng_core::{Base, Unit};

use super::NaiveRefusal;

/// What is known of a value's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// Constants without a unit, and what is computed from only these: they take the unit of the other side. A scale
    /// without a unit (`200亿`) is a power of ten of the other side's base.
    Bare(i32),
    /// A unit.
    Unit(Unit),
}

/// How a product or quotient is computed: powers of ten for both operands and for the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scaled {
    pub(super) left: i32,
    pub(super) right: i32,
    pub(super) result: i32,
    pub(super) unit: Known,
}

impl Known {
    /// The unit of a constant.
    pub(super) fn constant(unit: Unit) -> Self {
        if unit.base == Base::Plain {
            Self::Bare(i32::from(unit.power))
        } else {
            Self::Unit(unit)
        }
    }

    /// The unit in which a value is shown, and the power of ten that brings it there.
    pub(super) fn shown(self) -> (Unit, i32) {
        match self {
            Self::Bare(power) => (Unit::PLAIN, power),
            Self::Unit(unit) => (unit, 0),
        }
    }

    /// The common unit of two sides: the left one, unless that takes the right one's.
    pub(super) fn common(self, right: Self) -> Self {
        if matches!(self, Self::Bare(_)) && matches!(right, Self::Unit(_)) {
            right
        } else {
            self
        }
    }

    /// The power of ten that brings a value of this unit into another.
    pub(super) fn power_to(self, to: Self) -> Result<i32, NaiveRefusal> {
        match (self, to) {
            (Self::Unit(from), Self::Unit(to)) => from.power_to(to).ok_or(NaiveRefusal::Units {
                left: to,
                right: from,
            }),
            (Self::Bare(0), Self::Unit(_)) => Ok(0),
            (Self::Bare(power), Self::Unit(to)) => Ok(power - i32::from(to.power)),
            (Self::Bare(from), Self::Bare(to)) => Ok(from - to),
            (Self::Unit(from), Self::Bare(_)) => Err(NaiveRefusal::Units {
                left: Unit::PLAIN,
                right: from,
            }),
        }
    }

    /// The unit of a difference of two values of this unit.
    pub(super) fn difference(self) -> Self {
        match self {
            Self::Bare(power) => Self::Bare(power),
            Self::Unit(unit) => Self::Unit(unit.difference()),
        }
    }

    /// The power of ten that makes a plain number of a value that only counts.
    fn plain_power(self) -> i32 {
        match self {
            Self::Bare(power) => power,
            Self::Unit(unit) => i32::from(unit.power),
        }
    }

    fn base(self) -> Base {
        match self {
            Self::Bare(_) => Base::Plain,
            Self::Unit(unit) => unit.base,
        }
    }

    /// How a product is computed.
    pub(super) fn product(self, right: Self) -> Result<Scaled, NaiveRefusal> {
        let only_counts = |base: Base| matches!(base, Base::Ratio | Base::Count | Base::Plain);
        if self.base() == Base::Ratio && right.base() == Base::Ratio {
            // 10 % of 20 % is 0.1 * 0.2, which is 2 %.
            return Ok(Scaled {
                left: self.plain_power(),
                right: right.plain_power(),
                result: 2,
                unit: Self::Unit(Unit::PERCENT),
            });
        }
        match (self, right) {
            (Self::Bare(left), Self::Bare(right)) => Ok(unscaled(Self::Bare(left + right))),
            _ if only_counts(right.base()) && !matches!(self, Self::Bare(_)) => Ok(Scaled {
                left: 0,
                right: right.plain_power(),
                result: 0,
                unit: self,
            }),
            _ if only_counts(self.base()) => Ok(Scaled {
                left: self.plain_power(),
                right: 0,
                result: 0,
                unit: right,
            }),
            (Self::Unit(left), Self::Unit(right)) => left
                .product(right)
                .map(|unit| unscaled(Self::Unit(unit)))
                .ok_or(NaiveRefusal::Units { left, right }),
            (Self::Bare(_), Self::Unit(_)) | (Self::Unit(_), Self::Bare(_)) => Ok(unscaled(self)),
        }
    }

    /// How a quotient is computed.
    pub(super) fn quotient(self, right: Self) -> Result<Scaled, NaiveRefusal> {
        match (self, right) {
            (Self::Bare(left), Self::Bare(right)) => Ok(unscaled(Self::Bare(left - right))),
            // One kind: the right side in the left side's unit, and the ratio in %.
            (Self::Unit(left), Self::Unit(other)) if left.base == other.base && left.base != Base::Plain => {
                Ok(Scaled {
                    left: 0,
                    right: right.power_to(self)?,
                    result: 2,
                    unit: Self::Unit(Unit::PERCENT),
                })
            }
            _ if matches!(
                right.base(),
                Base::Ratio | Base::Count | Base::People | Base::Days | Base::Plain
            ) =>
            {
                let (unit, power) = match self {
                    Self::Bare(power) => (Self::Unit(Unit::PLAIN), power),
                    Self::Unit(_) => (self, 0),
                };
                Ok(Scaled {
                    left: power,
                    right: right.plain_power(),
                    result: 0,
                    unit,
                })
            }
            (Self::Unit(left), Self::Unit(right)) => left
                .quotient(right)
                .map(|unit| unscaled(Self::Unit(unit)))
                .ok_or(NaiveRefusal::Units { left, right }),
            (Self::Bare(_), Self::Unit(right)) => Err(NaiveRefusal::Units {
                left: Unit::PLAIN,
                right,
            }),
            (Self::Unit(_), Self::Bare(_)) => Ok(unscaled(self)),
        }
    }
}

fn unscaled(unit: Known) -> Scaled {
    Scaled {
        left: 0,
        right: 0,
        result: 0,
        unit,
    }
}
