//! Exact decimal arithmetic on Arrow arrays: quotient, product, powers of ten, roots; all in one decimal type.
//!
//! Plans hold every computed value as `DECIMAL(38, 20)`. The built-in `*` and `/` of the engine choose scales by
//! operand and lose digits or overflow; these functions have one documented rule (`docs/reference/query.md`, Values).

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, Decimal128Array, Decimal128Builder};
use datafusion::arrow::datatypes::{DataType, i256};
use datafusion::common::cast::as_decimal128_array;
use datafusion::common::{DataFusionError, Result, ScalarValue};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, TypeSignature, Volatility,
};

/// Decimal places of computed values.
pub(crate) const SCALE: i8 = 20;
/// Decimal places to which quotients and products are rounded.
const ROUNDED: u32 = 16;
/// Type of every computed value.
pub(crate) const VALUE: DataType = DataType::Decimal128(38, SCALE);

/// One of the functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Op {
    /// `quotient(a, b)`: missing for b = 0.
    Quotient,
    /// `product(a, b)`.
    Product,
    /// `power_of_ten(a, k)`: a x 10^k.
    PowerOfTen,
    /// `growth_rate(now, then, years)`: compound growth in %, 12 significant digits.
    GrowthRate,
}

impl Op {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Quotient => "quotient",
            Self::Product => "product",
            Self::PowerOfTen => "power_of_ten",
            Self::GrowthRate => "growth_rate",
        }
    }

    /// The call with these arguments.
    pub(crate) fn call(self, args: Vec<Expr>) -> Expr {
        ScalarUDF::new_from_impl(DecimalFunction::new(self)).call(args)
    }
}

#[derive(Debug)]
struct DecimalFunction {
    op: Op,
    signature: Signature,
}

impl DecimalFunction {
    fn new(op: Op) -> Self {
        let types = match op {
            Op::Quotient | Op::Product => vec![VALUE, VALUE],
            Op::PowerOfTen => vec![VALUE, DataType::Int64],
            Op::GrowthRate => vec![VALUE, VALUE, DataType::Int64],
        };
        Self {
            op,
            signature: Signature::new(TypeSignature::Exact(types), Volatility::Immutable),
        }
    }
}

impl PartialEq for DecimalFunction {
    fn eq(&self, other: &Self) -> bool {
        self.op == other.op
    }
}

impl Eq for DecimalFunction {}

impl Hash for DecimalFunction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.op.hash(state);
    }
}

impl ScalarUDFImpl for DecimalFunction {
    fn name(&self) -> &str {
        self.op.name()
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(VALUE)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = args.number_rows;
        let mut arrays = args.args.iter().map(|value| value.to_array(rows));
        let mut next = || {
            arrays
                .next()
                .unwrap_or_else(|| Err(DataFusionError::Internal("argument is missing".into())))
        };
        let first = next()?;
        let first = as_decimal128_array(&first)?;
        let out = match self.op {
            Op::Quotient => zip(first, as_decimal128_array(&next()?)?, quotient)?,
            Op::Product => zip(first, as_decimal128_array(&next()?)?, product)?,
            Op::PowerOfTen => {
                let power = next()?;
                let power = datafusion::common::cast::as_int64_array(&power)?.clone();
                let mut builder = Decimal128Builder::with_capacity(rows);
                for row in 0..rows {
                    let value = valid(first, row).filter(|_| power.is_valid(row));
                    builder.append_option(match value {
                        Some(value) => Some(power_of_ten(value, power.value(row)).ok_or_else(overflow)?),
                        None => None,
                    });
                }
                builder.finish()
            }
            Op::GrowthRate => {
                let (then, years) = (next()?, next()?);
                let then = as_decimal128_array(&then)?;
                let years = datafusion::common::cast::as_int64_array(&years)?.clone();
                let mut builder = Decimal128Builder::with_capacity(rows);
                for row in 0..rows {
                    let pair = valid(first, row)
                        .zip(valid(then, row))
                        .filter(|_| years.is_valid(row));
                    builder
                        .append_option(pair.and_then(|(now, then)| growth_rate(now, then, years.value(row))));
                }
                builder.finish()
            }
        };
        let out: ArrayRef = Arc::new(out.with_precision_and_scale(38, SCALE)?);
        // Constants stay constants, so that the planner can fold them.
        if args
            .args
            .iter()
            .all(|value| matches!(value, ColumnarValue::Scalar(_)))
            && rows == 1
        {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&out, 0)?));
        }
        Ok(ColumnarValue::Array(out))
    }
}

fn valid(array: &Decimal128Array, row: usize) -> Option<i128> {
    array.is_valid(row).then(|| array.value(row))
}

/// `None` from `op` is missing, an error is overflow.
fn zip(
    left: &Decimal128Array,
    right: &Decimal128Array,
    op: impl Fn(i128, i128) -> Result<Option<i128>>,
) -> Result<Decimal128Array> {
    let mut builder = Decimal128Builder::with_capacity(left.len());
    for row in 0..left.len() {
        builder.append_option(match valid(left, row).zip(valid(right, row)) {
            Some((left, right)) => op(left, right)?,
            None => None,
        });
    }
    Ok(builder.finish())
}

/// The message by which callers recognise an overflow.
pub(crate) const OVERFLOW: &str = "value is too large to be held exactly";

fn overflow() -> DataFusionError {
    DataFusionError::Execution(OVERFLOW.to_owned())
}

fn ten_to(power: u32) -> i256 {
    let mut out = i256::ONE;
    for _ in 0..power {
        out = out.wrapping_mul(i256::from_i128(10));
    }
    out
}

/// Nearest integer to `numerator / divisor`, ties away from zero; the divisor is positive.
fn rounded(numerator: i256, divisor: i256) -> i256 {
    let (quotient, rest) = (numerator.wrapping_div(divisor), numerator.wrapping_rem(divisor));
    let twice = rest.wrapping_abs().wrapping_mul(i256::from_i128(2));
    let step = if twice < divisor {
        i256::ZERO
    } else if numerator.is_negative() {
        i256::MINUS_ONE
    } else {
        i256::ONE
    };
    quotient.wrapping_add(step)
}

/// From [`ROUNDED`] decimal places to [`SCALE`].
fn widened(value: i256) -> Result<i128> {
    let shift = u32::from(SCALE.unsigned_abs()) - ROUNDED;
    value
        .checked_mul(ten_to(shift))
        .and_then(i256::to_i128)
        .ok_or_else(overflow)
}

fn quotient(left: i128, right: i128) -> Result<Option<i128>> {
    if right == 0 {
        return Ok(None);
    }
    let left = if right < 0 {
        i256::from_i128(left).wrapping_neg()
    } else {
        i256::from_i128(left)
    };
    let numerator = left.checked_mul(ten_to(ROUNDED)).ok_or_else(overflow)?;
    widened(rounded(numerator, i256::from_i128(right).wrapping_abs())).map(Some)
}

fn product(left: i128, right: i128) -> Result<Option<i128>> {
    let exact = i256::from_i128(left)
        .checked_mul(i256::from_i128(right))
        .ok_or_else(overflow)?;
    let drop = 2 * u32::from(SCALE.unsigned_abs()) - ROUNDED;
    widened(rounded(exact, ten_to(drop))).map(Some)
}

/// `None` on overflow.
fn power_of_ten(value: i128, power: i64) -> Option<i128> {
    let magnitude = u32::try_from(power.unsigned_abs())
        .ok()
        .filter(|magnitude| *magnitude <= 38)?;
    if power >= 0 {
        return value.checked_mul(10_i128.checked_pow(magnitude)?);
    }
    rounded(i256::from_i128(value), ten_to(magnitude)).to_i128()
}

/// Compound growth in %, `None` unless both are positive.
#[expect(
    clippy::cast_precision_loss,
    reason = "roots are approximate by definition: 12 significant digits"
)]
fn growth_rate(now: i128, then: i128, years: i64) -> Option<i128> {
    if now <= 0 || then <= 0 || years <= 0 {
        return None;
    }
    // Through text, which is read to the nearest float; a product of two floats would be off by a digit now and then.
    let ratio: f64 = format!("{}e-{SCALE}", quotient(now, then).ok()??).parse().ok()?;
    let rate = (ratio.powf(1.0 / years as f64) - 1.0) * 100.0;
    let text = format!("{rate:.11e}");
    let (digits, exponent) = text.split_once('e')?;
    let mantissa: i128 = digits.replace('.', "").parse().ok()?;
    let power = exponent.parse::<i64>().ok()? - 11 + i64::from(SCALE);
    power_of_ten(mantissa, power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_scale(value: &str) -> i128 {
        let (integer, fraction) = value.split_once('.').unwrap_or((value, ""));
        format!("{integer}{fraction:0<20}").parse().unwrap()
    }

    #[test]
    fn quotients_round_half_away_at_sixteen_places() {
        let check = |left: &str, right: &str, expected: &str| {
            assert_eq!(
                quotient(at_scale(left), at_scale(right)).unwrap(),
                Some(at_scale(expected)),
                "{left}/{right}"
            );
        };
        check("2", "3", "0.6666666666666667");
        check("-2", "3", "-0.6666666666666667");
        check("1", "-8", "-0.125");
        check("0.0000000000000001", "2", "0.0000000000000001");
        assert_eq!(quotient(1, 0).unwrap(), None);
        assert!(quotient(at_scale("100000000000000000"), 1).is_err());
    }

    #[test]
    fn products_and_powers() {
        assert_eq!(
            product(at_scale("1.5"), at_scale("-2.25")).unwrap(),
            Some(at_scale("-3.375"))
        );
        assert_eq!(
            product(at_scale("0.00000001"), at_scale("0.00000001")).unwrap(),
            Some(at_scale("0.0000000000000001"))
        );
        assert!(product(at_scale("10000000000"), at_scale("10000000000")).is_err());
        assert_eq!(power_of_ten(at_scale("1.5"), 4), Some(at_scale("15000")));
        assert_eq!(power_of_ten(at_scale("1.5"), -4), Some(at_scale("0.00015")));
        assert_eq!(power_of_ten(at_scale("1.5"), 30), None);
        assert_eq!(
            growth_rate(at_scale("8"), at_scale("1"), 3),
            Some(at_scale("100"))
        );
        assert_eq!(growth_rate(at_scale("-8"), at_scale("1"), 3), None);
    }
}
