//! Numbers for people: thousands separators, and as many decimals as a column deserves.

use jinsheng_core::{Base, Decimal, Unit};
use rust_decimal::RoundingStrategy;

/// Decimals shown at most when small values need them to differ from zero.
const MOST: u32 = 8;

/// How many decimals a column shows: what its unit usually has, more where a value would look like zero.
pub fn decimals(values: &[Decimal], unit: Option<Unit>) -> u32 {
    let usual = match unit.map(|unit| unit.base) {
        Some(Base::Money(_) | Base::RatioPoints | Base::Shares | Base::Units | Base::Points) => 2,
        Some(Base::Ratio) if unit.is_some_and(|unit| unit.power < 0) => 2,
        Some(Base::People | Base::Count | Base::Days) => 2,
        _ => 4,
    };
    let needed = values
        .iter()
        .map(|value| value.normalize().scale())
        .max()
        .unwrap_or(0);
    let smallest = values
        .iter()
        .filter(|value| !value.is_zero())
        .map(Decimal::abs)
        .min();
    let mut shown = needed.min(usual);
    while let Some(smallest) = smallest
        && shown < needed.min(MOST)
        && rounded(smallest, shown).is_zero()
    {
        shown += 1;
    }
    shown
}

/// The value with so many decimals and separators of thousands.
pub fn grouped(value: Decimal, decimals: u32) -> String {
    let value = rounded(value, decimals);
    let text = format!("{:.*}", usize::try_from(decimals).unwrap_or(0), value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits = whole.chars().count();
    let mut shown = String::new();
    if value.is_sign_negative() && !value.is_zero() {
        shown.push('-');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (digits - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    if !fraction.is_empty() {
        shown.push('.');
        shown.push_str(fraction);
    }
    shown
}

/// A count with separators of thousands.
pub fn count(value: u64) -> String {
    grouped(Decimal::from(value), 0)
}

fn rounded(value: Decimal, decimals: u32) -> Decimal {
    value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn thousands_are_separated_and_halves_go_away_from_zero() {
        for (value, decimals, shown) in [
            ("0", 0, "0"),
            ("999", 0, "999"),
            ("1000", 0, "1,000"),
            ("-1234567.895", 2, "-1,234,567.90"),
            ("0.005", 2, "0.01"),
            ("-0.001", 2, "0.00"),
            ("12.5", 2, "12.50"),
        ] {
            assert_eq!(grouped(decimal(value), decimals), shown, "{value}");
        }
    }

    #[test]
    fn small_values_do_not_look_like_zero() {
        let values = [decimal("0.00012"), decimal("5")];
        assert_eq!(decimals(&values, Some(Unit::PERCENT)), 4);
        assert_eq!(decimals(&[decimal("5.00")], Some(Unit::YUAN)), 0);
        assert_eq!(decimals(&[decimal("5.123456")], None), 4);
        assert_eq!(decimals(&[], None), 0);
    }
}
