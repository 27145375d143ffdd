//! Period indices of date, text and report columns, computed once a row without string formatting.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, Int64Array, Int64Builder};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::cast::{as_date32_array, as_int64_array, as_string_array};
use datafusion::common::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use jinsheng_core::Grain;

/// Which index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Calendar {
    /// Index of the period of this grain that holds a date.
    OfDate(Grain),
    /// Index of the period of this grain that holds a day, given as its index.
    OfDay(Grain),
    /// Month index of a text `2025-09` or `202509`.
    MonthText,
    /// The year in front of a text.
    LeadingYear,
    /// Quarter 1 to 4 at the end of a report's period text.
    ReportQuarter,
    /// This index in every row. Says what a constant says, but the planner cannot see through it (see [`crate::same`]).
    /// For plans that run here only.
    Always(i64),
}

impl Calendar {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::OfDate(Grain::Day) => "day_index",
            Self::OfDate(Grain::Month) => "month_index",
            Self::OfDate(Grain::Quarter) => "quarter_index",
            Self::OfDate(Grain::Half) => "half_index",
            Self::OfDate(Grain::Year) => "year_index",
            Self::OfDay(Grain::Day) => "day_of_day",
            Self::OfDay(Grain::Month) => "month_of_day",
            Self::OfDay(Grain::Quarter) => "quarter_of_day",
            Self::OfDay(Grain::Half) => "half_of_day",
            Self::OfDay(Grain::Year) => "year_of_day",
            Self::MonthText => "month_text_index",
            Self::LeadingYear => "leading_year",
            Self::ReportQuarter => "report_quarter",
            Self::Always(_) => "period_index",
        }
    }

    pub(crate) fn call(self, argument: Expr) -> Expr {
        let signature = Signature::any(1, Volatility::Immutable);
        ScalarUDF::new_from_impl(CalendarFunction {
            what: self,
            signature,
        })
        .call(vec![argument])
    }
}

/// Endings of a report's period text, upper case, with the quarter at whose end it is.
pub(crate) const REPORT_ENDINGS: [(&str, i64); 8] = [
    ("Q1", 1),
    ("Q2", 2),
    ("H1", 2),
    ("HY", 2),
    ("Q3", 3),
    ("Q4", 4),
    ("H2", 4),
    ("FY", 4),
];

#[derive(Debug)]
struct CalendarFunction {
    what: Calendar,
    signature: Signature,
}

impl PartialEq for CalendarFunction {
    fn eq(&self, other: &Self) -> bool {
        self.what == other.what
    }
}

impl Eq for CalendarFunction {}

impl Hash for CalendarFunction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.what.hash(state);
    }
}

impl ScalarUDFImpl for CalendarFunction {
    fn name(&self) -> &str {
        self.what.name()
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let Some(argument) = args.args.first() else {
            return Err(DataFusionError::Internal("argument is missing".into()));
        };
        let array = argument.to_array(args.number_rows)?;
        let out: ArrayRef = match self.what {
            Calendar::OfDate(grain) => {
                let dates = cast(&array, &DataType::Date32)?;
                Arc::new(
                    as_date32_array(&dates)?.unary::<_, datafusion::arrow::datatypes::Int64Type>(|day| {
                        index_of_day(i64::from(day), grain)
                    }),
                )
            }
            Calendar::OfDay(grain) => {
                let days = cast(&array, &DataType::Int64)?;
                Arc::new(
                    as_int64_array(&days)?
                        .unary::<_, datafusion::arrow::datatypes::Int64Type>(|day| index_of_day(day, grain)),
                )
            }
            Calendar::Always(index) => Arc::new(Int64Array::from_value(index, args.number_rows)),
            Calendar::MonthText => Arc::new(map_text(&array, month_of_text)?),
            Calendar::LeadingYear => Arc::new(map_text(&array, leading_year)?),
            Calendar::ReportQuarter => Arc::new(map_text(&array, report_quarter)?),
        };
        Ok(ColumnarValue::Array(out))
    }
}

fn map_text(array: &ArrayRef, read: impl Fn(&str) -> Option<i64>) -> Result<Int64Array> {
    let texts = cast(array, &DataType::Utf8)?;
    let texts = as_string_array(&texts)?;
    let mut builder = Int64Builder::with_capacity(texts.len());
    for text in texts {
        builder.append_option(text.and_then(&read));
    }
    Ok(builder.finish())
}

/// Index, at a grain, of the period that holds a day counted from 1970-01-01 (proleptic Gregorian).
pub(crate) fn index_of_day(day: i64, grain: Grain) -> i64 {
    if grain == Grain::Day {
        return day;
    }
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let month = if month_from_march < 10 {
        month_from_march + 2
    } else {
        month_from_march - 10
    };
    let year = year_of_era + era * 400 + i64::from(month < 2);
    match grain {
        Grain::Day | Grain::Year => year,
        Grain::Half => year * 2 + month / 6,
        Grain::Quarter => year * 4 + month / 3,
        Grain::Month => year * 12 + month,
    }
}

fn month_of_text(text: &str) -> Option<i64> {
    let digits: String = text
        .trim()
        .chars()
        .filter(|character| !matches!(character, '-' | '/' | '.'))
        .collect();
    let (year, month) = (leading_year(&digits)?, digits.get(4..6)?.parse::<i64>().ok()?);
    (1..=12).contains(&month).then(|| year * 12 + month - 1)
}

fn leading_year(text: &str) -> Option<i64> {
    let year = text.trim().get(..4)?;
    year.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| year.parse().ok())
        .flatten()
}

fn report_quarter(text: &str) -> Option<i64> {
    let text = text.trim().to_ascii_uppercase();
    REPORT_ENDINGS
        .iter()
        .find(|(ending, _)| text.ends_with(ending))
        .map(|(_, quarter)| *quarter)
}

#[cfg(test)]
mod tests {
    use jinsheng_core::Period;

    use super::*;

    #[test]
    fn agrees_with_the_calendar() {
        for day in (-200_000..200_000).step_by(17) {
            for grain in Grain::ALL {
                let period = Period::new(Grain::Day, day).to_grain(grain).unwrap();
                assert_eq!(
                    index_of_day(i64::from(day), grain),
                    i64::from(period.index()),
                    "{day} {grain}"
                );
            }
        }
    }

    #[test]
    fn texts() {
        assert_eq!(month_of_text("2025-09"), Some(2025 * 12 + 8));
        assert_eq!(month_of_text("202513"), None);
        assert_eq!(report_quarter("2025h1"), Some(2));
        assert_eq!(report_quarter("HY"), Some(2));
        assert_eq!(report_quarter("半年"), None);
        assert_eq!(leading_year("年2025"), None);
    }
}
