//! Exact decimals, and the few places where the text allows rounding.

use bigdecimal::num_bigint::{BigInt, Sign};
use bigdecimal::{BigDecimal, ToPrimitive as _, Zero as _};
use jinsheng_core::Decimal;

/// Decimal places of a quotient.
const PLACES: i64 = 16;
/// Decimal places with which a cell is read.
const CELL_PLACES: i64 = 20;

fn ten_to(power: i64) -> BigInt {
    BigInt::from(10).pow(u32::try_from(power.max(0)).unwrap_or(0))
}

/// `numerator / denominator` to the nearest integer, half away from zero. The denominator is not zero.
fn nearest(numerator: &BigInt, denominator: &BigInt) -> BigInt {
    let negative = (numerator.sign() == Sign::Minus) != (denominator.sign() == Sign::Minus);
    let (numerator, denominator) = (numerator.magnitude(), denominator.magnitude());
    let rounded = BigInt::from((numerator * 2_u32 + denominator) / (denominator * 2_u32));
    if negative { -rounded } else { rounded }
}

/// A quotient with 16 decimal places; `None` on division by zero.
pub(super) fn divide(left: &BigDecimal, right: &BigDecimal) -> Option<BigDecimal> {
    if right.is_zero() {
        return None;
    }
    let (left, left_scale) = left.as_bigint_and_exponent();
    let (right, right_scale) = right.as_bigint_and_exponent();
    // left/10^ls divided by right/10^rs, times 10^16.
    let power = PLACES + right_scale - left_scale;
    let quotient = if power >= 0 {
        nearest(&(left * ten_to(power)), &right)
    } else {
        nearest(&left, &(right * ten_to(-power)))
    };
    Some(BigDecimal::new(quotient, PLACES))
}

/// A cell's number with at most 20 decimal places.
pub(super) fn as_read(value: &BigDecimal) -> BigDecimal {
    let (digits, scale) = value.as_bigint_and_exponent();
    if scale <= CELL_PLACES {
        return value.clone();
    }
    BigDecimal::new(nearest(&digits, &ten_to(scale - CELL_PLACES)), CELL_PLACES)
}

/// A product, exact up to 16 decimal places.
pub(super) fn multiply(left: &BigDecimal, right: &BigDecimal) -> BigDecimal {
    let (digits, scale) = (left * right).into_bigint_and_exponent();
    if scale <= PLACES {
        return BigDecimal::new(digits, scale);
    }
    BigDecimal::new(nearest(&digits, &ten_to(scale - PLACES)), PLACES)
}

/// `value * 10^power`, with as many decimal places as a cell may have.
pub(super) fn shift_point(value: &BigDecimal, power: i32) -> BigDecimal {
    let (digits, scale) = value.as_bigint_and_exponent();
    as_read(&BigDecimal::new(digits, scale - i64::from(power)))
}

/// Sum of the values divided by their number.
pub(super) fn mean(values: &[BigDecimal]) -> Option<BigDecimal> {
    let count = u64::try_from(values.len()).ok()?;
    divide(&values.iter().sum(), &BigDecimal::from(count))
}

/// The middle value, or the mean of the middle two.
pub(super) fn median(values: &[BigDecimal]) -> Option<BigDecimal> {
    let mut values = values.to_vec();
    values.sort();
    let middle = values.len() / 2;
    let upper = values.get(middle)?;
    if values.len() % 2 == 1 {
        return Some(upper.clone());
    }
    let lower = values.get(middle.checked_sub(1)?)?;
    divide(&(lower + upper), &BigDecimal::from(2))
}

/// The n-th root of `later / earlier`, minus 1, in %; `None` unless both are positive.
pub(super) fn growth_rate(later: &BigDecimal, earlier: &BigDecimal, years: u32) -> Option<BigDecimal> {
    if later.sign() != Sign::Plus || earlier.sign() != Sign::Plus {
        return None;
    }
    let ratio: f64 = divide(later, earlier)?.to_string().parse().ok()?;
    let rate = (ratio.powf(1.0 / f64::from(years)) - 1.0) * 100.0;
    // Twelve significant digits: one before the point and eleven behind it.
    let rounded: BigDecimal = format!("{rate:.11e}").parse().ok()?;
    Some(as_read(&rounded))
}

/// The value with as many digits as a result holds; `None` when its integer part does not fit.
pub(super) fn fit(value: &BigDecimal) -> Option<Decimal> {
    if value.abs() >= BigDecimal::new(ten_to(18), 0) {
        return None;
    }
    let (digits, scale) = value.normalized().into_bigint_and_exponent();
    let (digits, scale) = if scale < 0 {
        (digits * ten_to(-scale), 0)
    } else {
        (digits, scale)
    };
    let mut dropped = (scale - 28).max(0);
    loop {
        let left = u32::try_from(scale - dropped).ok()?;
        let rounded = nearest(&digits, &ten_to(dropped));
        if let Some(fitting) = rounded.to_i128()
            && let Ok(decimal) = Decimal::try_from_i128_with_scale(fitting, left)
        {
            return Some(decimal.normalize());
        }
        dropped += 1;
    }
}

/// A decimal of the Query as an exact number.
pub(super) fn exact(value: Decimal) -> BigDecimal {
    BigDecimal::new(BigInt::from(value.mantissa()), i64::from(value.scale()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> BigDecimal {
        text.parse().unwrap()
    }

    #[test]
    fn quotients_round_half_away_from_zero_at_sixteen_places() {
        for (left, right, expected) in [
            ("1", "3", "0.3333333333333333"),
            ("2", "3", "0.6666666666666667"),
            ("-2", "3", "-0.6666666666666667"),
            ("1", "20000000000000000", "0.0000000000000001"),
            ("-1", "20000000000000000", "-0.0000000000000001"),
            ("1", "20000000000000001", "0"),
            ("12.5", "0.00000000000000000001", "1250000000000000000000"),
            ("0.000000000000000000001", "1", "0"),
        ] {
            assert_eq!(
                divide(&number(left), &number(right)).unwrap(),
                number(expected),
                "{left}/{right}"
            );
        }
        assert_eq!(divide(&number("1"), &number("0.000")), None);
    }

    #[test]
    fn products_are_exact_up_to_sixteen_places() {
        assert_eq!(
            multiply(&number("0.12345678"), &number("0.1")),
            number("0.012345678")
        );
        assert_eq!(
            multiply(&number("0.00000001"), &number("0.000000005")),
            number("0.0000000000000001")
        );
        assert_eq!(
            multiply(&number("-0.00000001"), &number("0.000000004")),
            number("0")
        );
    }

    #[test]
    fn medians() {
        let values = |texts: &[&str]| texts.iter().map(|text| number(text)).collect::<Vec<_>>();
        assert_eq!(median(&values(&["3", "1", "2"])), Some(number("2")));
        assert_eq!(median(&values(&["4", "1", "2", "3"])), Some(number("2.5")));
        assert_eq!(median(&[]), None);
        assert_eq!(
            mean(&values(&["1", "1", "2"])),
            Some(number("1.3333333333333333"))
        );
    }

    #[test]
    fn growth_is_rounded_to_twelve_digits() {
        assert_eq!(growth_rate(&number("8"), &number("1"), 3), Some(number("100")));
        assert_eq!(
            growth_rate(&number("2"), &number("1"), 2),
            Some(number("41.4213562373"))
        );
        assert_eq!(growth_rate(&number("-2"), &number("1"), 2), None);
        assert_eq!(growth_rate(&number("2"), &number("0"), 2), None);
    }

    #[test]
    fn results_hold_as_many_digits_as_a_decimal() {
        for (unscaled, scale) in [
            (12_345_600_i128, 4_i32),
            (10_i128.pow(37), 20),
            (123_456_789_012_345_678_901_234_567_890_125, 17),
            (-123_456_789_012_345_678_901_234_567_890_125, 30),
            (999_999_999_999_999_999, 0),
            (5, 29),
            (4, 29),
        ] {
            assert_eq!(
                fit(&BigDecimal::new(BigInt::from(unscaled), i64::from(scale))),
                jinsheng_core::round_to_fit(unscaled, scale),
                "{unscaled} {scale}"
            );
        }
        assert_eq!(fit(&number("1000000000000000000")), None);
        assert_eq!(fit(&number("-1000000000000000000.5")), None);
    }
}
