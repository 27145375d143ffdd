//! Decimal values with units, exact conversion, and the way floats become decimals.

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::{Unit, UnitError};

/// A value with its unit: 200 亿元, 12.3 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    /// The value as written, in `unit`.
    #[serde(deserialize_with = "written")]
    pub value: Decimal,
    /// Its unit.
    pub unit: Unit,
}

/// Why a quantity cannot be converted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// Bases differ.
    #[error("`{from}` cannot be converted to `{to}`")]
    Units {
        /// Unit of the value.
        from: Unit,
        /// Unit asked for.
        to: Unit,
    },
    /// More digits than a decimal holds.
    #[error("a value in `{from}` has too many digits to be held exactly in `{to}`")]
    Overflow {
        /// Unit of the value.
        from: Unit,
        /// Unit asked for.
        to: Unit,
    },
    /// No unit.
    #[error(transparent)]
    Unit(#[from] UnitError),
}

impl Quantity {
    /// A value in a unit.
    pub fn new(value: Decimal, unit: Unit) -> Self {
        Self { value, unit }
    }

    /// The same quantity in another unit, exactly.
    ///
    /// # Errors
    /// When the bases differ or the value does not fit.
    pub fn to_unit(self, unit: Unit) -> Result<Self, QuantityError> {
        let power = self.unit.power_to(unit).ok_or(QuantityError::Units {
            from: self.unit,
            to: unit,
        })?;
        let value = pow10(self.value, power).ok_or(QuantityError::Overflow {
            from: self.unit,
            to: unit,
        })?;
        Ok(Self { value, unit })
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.value, self.unit)
    }
}

/// The decimal that a text writes, exactly; `None` when it has more digits than a decimal holds (28), or is no number.
pub fn exact_decimal(text: &str) -> Option<Decimal> {
    let digits = match text.split_once('.') {
        Some(_) => text.trim_end_matches('0').trim_end_matches('.'),
        None => text,
    };
    Decimal::from_str_exact(digits).ok()
}

fn written<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let text = String::deserialize(deserializer)?;
    exact_decimal(&text)
        .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no decimal of at most 28 digits")))
}

/// `value * 10^power`, exactly; `None` when a digit would be lost.
pub fn pow10(value: Decimal, power: i32) -> Option<Decimal> {
    let value = value.normalize();
    if value.is_zero() {
        return Some(value);
    }
    let scale = i64::from(value.scale()) - i64::from(power);
    if scale > 28 {
        return None;
    }
    if let Ok(scale) = u32::try_from(scale) {
        return Decimal::try_from_i128_with_scale(value.mantissa(), scale).ok();
    }
    let factor = 10_i128.checked_pow(u32::try_from(-scale).ok()?)?;
    Decimal::try_from_i128_with_scale(value.mantissa().checked_mul(factor)?, 0).ok()
}

/// A decimal from an integer and a scale (`unscaled / 10^scale`), rounded half away from zero where it has more
/// digits than a decimal holds (28 to 29); `None` when even its integer part does not fit.
pub fn round_to_fit(unscaled: i128, scale: i32) -> Option<Decimal> {
    let mut unscaled = unscaled;
    let mut scale = scale;
    while scale > 0 && unscaled % 10 == 0 && unscaled != 0 {
        unscaled /= 10;
        scale -= 1;
    }
    if scale < 0 {
        unscaled = unscaled.checked_mul(10_i128.checked_pow(u32::try_from(-scale).ok()?)?)?;
        scale = 0;
    }
    const MAX: i128 = 79_228_162_514_264_337_593_543_950_335;
    let mut drop = u32::try_from((scale - 28).max(0)).ok()?;
    loop {
        let divisor = 10_i128.checked_pow(drop)?;
        let (quotient, rest) = (unscaled / divisor, unscaled % divisor);
        let up = i128::from(drop > 0 && rest.unsigned_abs() * 2 >= divisor.unsigned_abs());
        let rounded = quotient + if unscaled < 0 { -up } else { up };
        let left = u32::try_from(scale).ok()?.checked_sub(drop)?;
        if rounded.abs() <= MAX {
            return Decimal::try_from_i128_with_scale(rounded, left)
                .ok()
                .map(|value| value.normalize());
        }
        drop += 1;
    }
}

/// The decimal with the fewest digits that reads back as `float` (shortest round trip).
///
/// `None` for NaN, infinities and values that a decimal cannot hold (28 digits); tiny parts beyond 28 decimal
/// places are rounded away.
pub fn shortest_decimal(float: f64) -> Option<Decimal> {
    if !float.is_finite() {
        return None;
    }
    // Rust prints the shortest digits that read back as the same float; `e` form keeps them few.
    let text = format!("{float:e}");
    let (digits, exponent) = text.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let mantissa: Decimal = digits.parse().ok()?;
    if let Some(value) = pow10(mantissa, exponent) {
        return Some(value.normalize());
    }
    if exponent < 0 {
        let shift = u32::try_from(-exponent).ok()?;
        let scale = mantissa.scale().checked_add(shift)?;
        let cut = scale.checked_sub(28)?;
        let kept = mantissa.scale().checked_sub(cut);
        return match kept {
            Some(places) => {
                let rounded = mantissa.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
                pow10(rounded, exponent).map(|value| value.normalize())
            }
            None => Some(Decimal::ZERO),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn converts_exactly() {
        let quantity = Quantity::new(decimal("200"), "亿元".parse().unwrap());
        assert_eq!(
            quantity.to_unit("万元".parse().unwrap()).unwrap().value,
            decimal("2000000")
        );
        assert!(quantity.to_unit(Unit::PERCENT).is_err());
        assert_eq!(pow10(decimal("1.23"), -28), None);
        assert_eq!(pow10(decimal("79228162514264337593543950335"), 1), None);
    }

    #[test]
    fn floats_become_the_decimal_that_was_written() {
        for text in [
            "0.1",
            "1234567.89",
            "-29945.125",
            "5.57326612730179",
            "1e20",
            "0.0896",
            "-0",
            "1.5e-7",
        ] {
            let float: f64 = text.parse().unwrap();
            let value = shortest_decimal(float).unwrap();
            assert_eq!(
                value.to_string().parse::<f64>().unwrap().to_bits() << 1,
                float.to_bits() << 1,
                "{text}"
            );
        }
        assert_eq!(
            shortest_decimal(0.1 + 0.2).unwrap().to_string(),
            "0.30000000000000004"
        );
        assert_eq!(shortest_decimal(f64::NAN), None);
        assert_eq!(shortest_decimal(1e300), None);
        assert_eq!(shortest_decimal(1e-300), Some(Decimal::ZERO));
    }

    #[test]
    fn what_is_written_is_read_whole_or_not_at_all() {
        let tiny = format!("0.{}1", "0".repeat(28));
        for text in [&*tiny, "0.12345678901234567890123456789", "1e5", "", ".", "--1"] {
            assert_eq!(exact_decimal(text), None, "{text}");
        }
        for (text, value) in [
            ("0.0000000000000000000000000001", "0.0000000000000000000000000001"),
            ("1.5000000000000000000000000000000000", "1.5"),
            ("-0.0", "0"),
            ("100", "100"),
        ] {
            assert_eq!(exact_decimal(text), Some(decimal(value)), "{text}");
        }
    }

    #[test]
    fn rounds_only_what_does_not_fit() {
        assert_eq!(round_to_fit(12_345_600, 4), Some(decimal("1234.56")));
        assert_eq!(
            round_to_fit(10_i128.pow(37), 16),
            Some(decimal("1000000000000000000000"))
        );
        assert_eq!(
            round_to_fit(123_456_789_012_345_678_901_234_567_890_125, 16)
                .unwrap()
                .to_string(),
            "12345678901234567.890123456789"
        );
        assert_eq!(round_to_fit(10_i128.pow(37), 0), None);
    }
}
