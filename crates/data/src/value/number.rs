//! Numbers as people and programs write them, read exactly; and floats by their shortest decimal.

use jinsheng_text::normalise;

/// `unscaled / 10^scale`; `scale` is not negative and at most 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number {
    pub(crate) unscaled: i128,
    pub(crate) scale: u16,
}

/// A number as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) number: Number,
    /// A percent sign follows; the value is the number before it.
    pub(crate) percent: bool,
    /// Begins with a zero that a number would not have: `000858`.
    pub(crate) leading_zero: bool,
    /// Digits only: no sign, point, separator.
    pub(crate) digits_only: bool,
    /// Characters, for digits only.
    pub(crate) width: u32,
    /// In scientific notation.
    pub(crate) exponent: bool,
    /// With commas between groups of three, and no point.
    pub(crate) grouped: bool,
}

/// Most digits of a decimal in a table.
pub(crate) const MAX_DIGITS: u32 = 38;

impl Number {
    pub(crate) const fn whole(value: i128) -> Self {
        Self {
            unscaled: value,
            scale: 0,
        }
    }

    /// The decimal of fewest digits that reads back as `float`; none for NaN, infinities and more than 38 digits
    /// before the point.
    pub(crate) fn of_float(float: f64) -> Option<Self> {
        if !float.is_finite() {
            return None;
        }
        shortcut(float).or_else(|| of_scientific(&format!("{float:e}")))
    }

    /// As [`Number::of_float`] for single precision.
    pub(crate) fn of_single(float: f32) -> Option<Self> {
        if float.is_finite() {
            of_scientific(&format!("{float:e}"))
        } else {
            None
        }
    }

    /// Digits before the point.
    pub(crate) fn integer_digits(self) -> u32 {
        digits(self.unscaled).saturating_sub(u32::from(self.scale))
    }

    /// Without zeros at the end of the fraction.
    pub(crate) fn tight(self) -> Self {
        let Self {
            mut unscaled,
            mut scale,
        } = self;
        while scale > 0 && unscaled % 10 == 0 {
            unscaled /= 10;
            scale -= 1;
        }
        Self { unscaled, scale }
    }

    /// The unscaled value at another scale, rounded half away from zero, and whether digits were lost; none when it
    /// does not fit 38 digits.
    pub(crate) fn at_scale(self, scale: u8) -> Option<(i128, bool)> {
        let target = u16::from(scale);
        if target >= self.scale {
            let factor = 10_i128.checked_pow(u32::from(target - self.scale));
            return match factor {
                Some(factor) => self
                    .unscaled
                    .checked_mul(factor)
                    .filter(|value| digits(*value) <= MAX_DIGITS)
                    .map(|value| (value, false)),
                None => (self.unscaled == 0).then_some((0, false)),
            };
        }
        let Some(divisor) = 10_i128.checked_pow(u32::from(self.scale - target)) else {
            return Some((0, self.unscaled != 0));
        };
        let (quotient, rest) = (self.unscaled / divisor, self.unscaled % divisor);
        let up = i128::from(rest.unsigned_abs() >= divisor.unsigned_abs().div_ceil(2));
        Some((quotient + rest.signum() * up, rest != 0))
    }

    /// As plain digits with a point.
    pub(crate) fn text(self) -> String {
        let negative = self.unscaled < 0;
        let mut text = self.unscaled.unsigned_abs().to_string();
        let scale = usize::from(self.scale);
        if scale > 0 {
            if text.len() <= scale {
                text = "0".repeat(scale + 1 - text.len()) + &text;
            }
            text.insert(text.len() - scale, '.');
        }
        if negative {
            text.insert(0, '-');
        }
        text
    }
}

/// Number of decimal digits; 0 for zero.
pub(crate) fn digits(value: i128) -> u32 {
    value.unsigned_abs().checked_ilog10().map_or(0, |log| log + 1)
}

/// Whole numbers and numbers of few places, without printing. A float equals `n / 10^s` correctly rounded when the
/// division of the two exact floats gives it, and below 10^15 no other decimal of as few places does.
fn shortcut(float: f64) -> Option<Number> {
    const POWERS: [(u16, f64); 7] = [
        (0, 1.0),
        (1, 1e1),
        (2, 1e2),
        (3, 1e3),
        (4, 1e4),
        (5, 1e5),
        (6, 1e6),
    ];
    for (scale, power) in POWERS {
        let scaled = (float * power).round();
        if scaled.abs() >= 1e15 {
            return None;
        }
        #[expect(clippy::float_cmp, reason = "exact round trip is the point")]
        if scaled / power == float {
            #[expect(clippy::cast_possible_truncation, reason = "whole and below 10^15")]
            let unscaled = scaled as i64;
            return Some(Number {
                unscaled: i128::from(unscaled),
                scale,
            });
        }
    }
    None
}

/// Reads what `{:e}` prints: `-1.25e-7`.
fn of_scientific(text: &str) -> Option<Number> {
    let (mantissa, exponent) = text.split_once('e')?;
    let number = plain(mantissa)?.number;
    shift(number, exponent.parse().ok()?)
}

/// `number * 10^exponent`.
fn shift(number: Number, exponent: i32) -> Option<Number> {
    let scale = i32::from(number.scale).checked_sub(exponent)?;
    if scale >= 0 {
        let scale = u16::try_from(scale).ok().filter(|scale| *scale <= 400)?;
        return Some(Number {
            unscaled: number.unscaled,
            scale,
        });
    }
    if number.unscaled == 0 {
        return Some(Number::whole(0));
    }
    let factor = 10_i128.checked_pow(u32::try_from(-scale).ok()?)?;
    let unscaled = number
        .unscaled
        .checked_mul(factor)
        .filter(|value| digits(*value) <= MAX_DIGITS)?;
    Some(Number::whole(unscaled))
}

/// Reads a number as written: `-1234.5`, `1,234.56`, `12.3%`, `(1,234)`, `1.5E+07`, and full-width forms of these.
///
/// An exponent needs a sign or a point before it, because `1E5` and `600E3` are codes more often than numbers.
/// More than 38 digits are no number.
pub(crate) fn read_number(trimmed: &str) -> Option<Written> {
    let first = *trimmed.as_bytes().first()?;
    match first {
        b'0'..=b'9' | b'+' | b'-' | b'.' => plain(trimmed).or_else(|| decorated(trimmed)),
        b'(' | 0xe2 | 0xef => decorated(trimmed),
        _ => None,
    }
}

/// Sign, digits, point, digits.
fn plain(text: &str) -> Option<Written> {
    let bytes = text.as_bytes();
    let (negative, signed) = match bytes.first()? {
        b'-' => (true, true),
        b'+' => (false, true),
        _ => (false, false),
    };
    let body = if signed { bytes.get(1..)? } else { bytes };
    let mut small: u64 = 0;
    let mut large: i128 = 0;
    let mut count: u32 = 0;
    let mut point: Option<u32> = None;
    for (index, byte) in body.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                let digit = byte - b'0';
                // Eighteen digits fit a machine word; the rest goes the slow way.
                if index < 18 {
                    small = small * 10 + u64::from(digit);
                    large = i128::from(small);
                } else {
                    large = large.checked_mul(10)?.checked_add(i128::from(digit))?;
                }
                count += 1;
            }
            b'.' if point.is_none() => point = Some(count),
            _ => return None,
        }
    }
    if count == 0 {
        return None;
    }
    if large >= 10_i128.pow(MAX_DIGITS) {
        return None;
    }
    let integer = point.unwrap_or(count);
    let scale = u16::try_from(count - integer)
        .ok()
        .filter(|scale| *scale <= 400)?;
    Some(Written {
        number: Number {
            unscaled: if negative { -large } else { large },
            scale,
        },
        percent: false,
        leading_zero: integer > 1 && body.first() == Some(&b'0'),
        digits_only: point.is_none() && !signed,
        width: count,
        exponent: false,
        grouped: false,
    })
}

fn decorated(text: &str) -> Option<Written> {
    if text.len() > 120 {
        return None;
    }
    let normal;
    let mut text = if text.is_ascii() {
        text
    } else {
        normal = normalise(text).replace('\u{2212}', "-");
        &normal
    };
    let mut negated = false;
    if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        if inner.starts_with(['-', '+']) {
            return None;
        }
        negated = true;
        text = inner.trim();
    }
    let mut percent = false;
    if let Some(rest) = text.strip_suffix('%') {
        percent = true;
        text = rest.trim_end();
    }
    let mut written = plain(text)
        .or_else(|| exponential(text))
        .or_else(|| grouped(text))?;
    if negated {
        written.number.unscaled = -written.number.unscaled;
    }
    written.percent = percent;
    written.digits_only &= !negated && !percent;
    Some(written)
}

/// `1.5e-07`, `1E+20`.
fn exponential(text: &str) -> Option<Written> {
    let (mantissa, exponent) = text.split_once(['e', 'E'])?;
    if !(exponent.starts_with(['+', '-']) || mantissa.contains('.')) {
        return None;
    }
    let written = plain(mantissa)?;
    let power: i32 = exponent
        .parse()
        .ok()
        .filter(|power: &i32| power.unsigned_abs() <= 400)?;
    Some(Written {
        number: shift(written.number, power)?,
        digits_only: false,
        exponent: true,
        ..written
    })
}

/// `1,234,567.89`: groups of three.
fn grouped(text: &str) -> Option<Written> {
    let (integer, fraction) = text
        .split_once('.')
        .map_or((text, None), |(left, right)| (left, Some(right)));
    let unsigned = integer.strip_prefix(['-', '+']).unwrap_or(integer);
    let mut groups = unsigned.split(',');
    let first = groups.next()?;
    // `0,125` groups nothing: its comma is a decimal point.
    if first.is_empty() || first.len() > 3 || first.starts_with('0') {
        return None;
    }
    let mut any = false;
    for group in groups {
        any = true;
        if group.len() != 3 {
            return None;
        }
    }
    if !any || fraction.is_some_and(|digits| digits.contains(',')) {
        return None;
    }
    let written = plain(&text.replace(',', ""))?;
    Some(Written {
        digits_only: false,
        grouped: fraction.is_none(),
        ..written
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = read_number(text).map_or_else(
            || "none".to_owned(),
            |written| {
                let mut shown = written.number.text();
                if written.percent {
                    shown.push('%');
                }
                if written.leading_zero {
                    shown.push_str(" code");
                }
                shown
            },
        );
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn as_written() {
        check("0", "0");
        check("-12.50", "-12.50");
        check("+3", "3");
        check(".5", "0.5");
        check("5.", "5");
        check("-0.0001", "-0.0001");
        check("000858", "858 code");
        check("0.5", "0.5");
        check("00.5", "0.5 code");
        check("1,234.56", "1234.56");
        check("-1,234,567", "-1234567");
        check("12.3%", "12.3%");
        check("(1,234)", "-1234");
        check("(12.5%)", "-12.5%");
        check("１，２３４．５", "1234.5");
        check("−5", "-5");
        check("1.5E+07", "15000000");
        check("1e-05", "0.00001");
        check("1.25e3", "1250");
        check(
            "12345678901234567890123456789012345678",
            "12345678901234567890123456789012345678",
        );
        check(
            "0.00000000000000000000000000000000000001",
            "0.00000000000000000000000000000000000001",
        );
    }

    #[test]
    fn no_numbers() {
        for text in [
            "",
            "-",
            ".",
            "+",
            "1E5",
            "600E3",
            "12,34",
            "0,125",
            "1,2345",
            ",123",
            "1,234,",
            "1.2.3",
            "0x1F",
            "(-1)",
            "1 2",
            "5元",
            "%",
            "()",
            "2025Q3",
            "2025-01-01",
            "١٢",
            "1.2,345",
            "--5",
            "123456789012345678901234567890123456789",
            "1.5e-2147483648",
            "1.5e+2147483647",
        ] {
            check(text, "none");
        }
    }

    #[test]
    fn floats_by_shortest_round_trip() {
        for float in [
            0.1,
            1.0 / 3.0,
            538.0,
            -29945.125,
            5.573_266_127_301_79,
            1e20,
            1.5e-7,
            0.3,
            123_456_789.123_456_78,
            5e-324,
        ] {
            let text = Number::of_float(float).unwrap().text();
            assert_eq!(text.parse::<f64>().unwrap().to_bits(), float.to_bits(), "{text}");
            let shortest = format!("{float:?}");
            assert!(
                text.trim_start_matches(['-', '0', '.']).len() <= shortest.len() + 330,
                "{text}"
            );
        }
        assert_eq!(Number::of_float(0.1 + 0.2).unwrap().text(), "0.30000000000000004");
        assert_eq!(Number::of_float(104_517.231_293).unwrap().text(), "104517.231293");
        assert_eq!(Number::of_single(0.1).unwrap().text(), "0.1");
        assert_eq!(Number::of_float(f64::NAN), None);
        assert_eq!(Number::of_float(1e300), None);
        assert_eq!(Number::of_float(-0.0).unwrap().text(), "0");
    }

    #[test]
    fn other_scales() {
        let number = |text: &str| read_number(text).unwrap().number;
        assert_eq!(number("1.25").at_scale(4), Some((12500, false)));
        assert_eq!(number("1.25").at_scale(1), Some((13, true)));
        assert_eq!(number("-1.25").at_scale(1), Some((-13, true)));
        assert_eq!(number("1.20").at_scale(1), Some((12, false)));
        assert_eq!(number("1").at_scale(38), None);
        assert_eq!(
            Number {
                unscaled: 5,
                scale: 300
            }
            .at_scale(38),
            Some((0, true))
        );
        assert_eq!(number("25.360000").tight().text(), "25.36");
        assert_eq!(number("0.005").integer_digits(), 0);
    }
}
