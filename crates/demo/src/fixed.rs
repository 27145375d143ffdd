//! Fixed-point arithmetic: money in cents, rates in parts per million, all as integers.
//!
//! A ratio is taken and rounded in one step, so nothing depends on the order in which a machine rounds.

/// One whole in parts per million.
pub(crate) const WHOLE_PPM: i64 = 1_000_000;
/// Cents of one million yuan.
pub(crate) const MILLION: i64 = 100_000_000;
/// One whole in parts per thousand million, the precision of daily returns.
pub(crate) const WHOLE_PPB: i64 = 1_000_000_000;

/// `value * numerator / denominator`, rounded half away from zero; 0 when the denominator is 0.
///
/// The product is taken in 128 bits. A result outside 64 bits becomes the nearest end of the range, which no
/// amount in the demo comes near.
pub(crate) fn mul_div(value: i64, numerator: i64, denominator: i64) -> i64 {
    if denominator == 0 {
        return 0;
    }
    let product = i128::from(value) * i128::from(numerator);
    let divisor = i128::from(denominator).abs();
    let product = if denominator < 0 { -product } else { product };
    let half = divisor / 2;
    let rounded = if product < 0 {
        (product - half) / divisor
    } else {
        (product + half) / divisor
    };
    i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX })
}

/// The given parts per million of an amount.
pub(crate) fn part(value: i64, ppm: i64) -> i64 {
    mul_div(value, ppm, WHOLE_PPM)
}

/// A number of items as a signed number.
pub(crate) fn count(items: usize) -> i64 {
    i64::try_from(items).unwrap_or(i64::MAX)
}

/// Writes a scaled integer as a plain decimal: `push_scaled(&mut s, -1234, 2)` appends `-12.34`.
pub(crate) fn push_scaled(out: &mut String, value: i64, decimals: u32) {
    if value < 0 {
        out.push('-');
    }
    let magnitude = value.unsigned_abs();
    let scale = 10_u64.saturating_pow(decimals);
    out.push_str(&(magnitude / scale).to_string());
    if decimals > 0 {
        out.push('.');
        let fraction = (magnitude % scale).to_string();
        let width = usize::try_from(decimals).unwrap_or(0);
        out.extend(std::iter::repeat_n('0', width.saturating_sub(fraction.len())));
        out.push_str(&fraction);
    }
}

#[cfg(test)]
mod tests {
    use super::{mul_div, push_scaled};

    #[test]
    fn rounding_is_half_away_from_zero() {
        assert_eq!(mul_div(5, 1, 2), 3);
        assert_eq!(mul_div(-5, 1, 2), -3);
        assert_eq!(mul_div(5, 1, -2), -3);
        assert_eq!(mul_div(4, 1, 3), 1);
        assert_eq!(mul_div(9, 9, 0), 0);
    }

    #[test]
    fn decimals_are_plain() {
        let text = |value, decimals| {
            let mut out = String::new();
            push_scaled(&mut out, value, decimals);
            out
        };
        assert_eq!(text(-1_234, 2), "-12.34");
        assert_eq!(text(7, 2), "0.07");
        assert_eq!(text(-7, 4), "-0.0007");
        assert_eq!(text(42, 0), "42");
        assert_eq!(text(i64::MIN, 0), "-9223372036854775808");
    }
}
