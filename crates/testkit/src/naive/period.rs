//! The period of a row, and lags.

use jinsheng_core::{Grain, Period};
use jinsheng_semantics::catalog::PeriodColumns;

use super::NaiveRefusal;
use crate::data::Cell;

/// The period of a row at its table's own grain; `None` when it cannot be read, and then the row is no row.
pub(super) fn read<'a>(columns: &PeriodColumns, cell: impl Fn(&str) -> Option<&'a Cell>) -> Option<Period> {
    match columns {
        PeriodColumns::Report { year, period } => {
            let text = word(cell(period)?)?.to_ascii_uppercase();
            let quarter = quarter(&text)?;
            let year = match year {
                Some(column) => word(cell(column)?)?,
                None => text.get(..text.len().checked_sub(2)?)?.to_owned(),
            };
            Some(Period::quarter(year_number(&year)?, quarter))
        }
        PeriodColumns::Date { column, grain } => match cell(column)? {
            Cell::Date(days) => Period::new(Grain::Day, *days).to_grain(*grain),
            Cell::Text(text) => {
                let period: Period = text.trim().parse().ok()?;
                (period.grain() == Grain::Day).then_some(period)?.to_grain(*grain)
            }
            _ => None,
        },
        PeriodColumns::MonthText { column } => {
            let text = word(cell(column)?)?;
            let dashed = match (text.len(), text.get(..4), text.get(4..)) {
                (6, Some(year), Some(month)) => format!("{year}-{month}"),
                _ => text,
            };
            let period: Period = dashed.parse().ok()?;
            (period.grain() == Grain::Month).then_some(period)
        }
        PeriodColumns::Year { column } => year_number(&word(cell(column)?)?).map(Period::year),
    }
}

fn quarter(text: &str) -> Option<i32> {
    let endings = [
        ("Q1", 1),
        ("Q2", 2),
        ("H1", 2),
        ("HY", 2),
        ("Q3", 3),
        ("Q4", 4),
        ("H2", 4),
        ("FY", 4),
    ];
    endings
        .into_iter()
        .find(|(ending, _)| text.ends_with(ending))
        .map(|(_, quarter)| quarter)
}

fn year_number(text: &str) -> Option<i32> {
    let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

fn word(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Text(text) => Some(text.trim().to_owned()),
        Cell::Number(number) => Some(number.normalized().to_plain_string()),
        Cell::Missing | Cell::Date(_) | Cell::Bool(_) => None,
    }
}

/// A lag in periods of the Query's grain.
pub(super) fn lag(count: u32, lag: Grain, grain: Grain) -> Result<i32, NaiveRefusal> {
    let refused = NaiveRefusal::Lag { count, lag, grain };
    let Ok(periods) = i32::try_from(count) else {
        return Err(refused);
    };
    if periods == 0 {
        return Err(NaiveRefusal::Malformed {
            what: "a lag is at least 1",
        });
    }
    if lag == grain {
        return Ok(periods);
    }
    // A day has no fixed part of a month; every other pair goes through months.
    let months = |grain: Grain| match grain {
        Grain::Day => None,
        Grain::Month => Some(1),
        Grain::Quarter => Some(3),
        Grain::Half => Some(6),
        Grain::Year => Some(12),
    };
    match (months(lag), months(grain)) {
        (Some(length), Some(unit)) => {
            let total = periods.checked_mul(length).ok_or(refused.clone())?;
            if total % unit == 0 {
                Ok(total / unit)
            } else {
                Err(refused)
            }
        }
        _ => Err(refused),
    }
}

/// The first period of the calendar year in which `period` lies.
pub(super) fn first_of_year(period: Period) -> Option<Period> {
    Period::year(period.calendar_year())
        .first_day()
        .map(|day| Period::containing(day, period.grain()))
}

/// The first period that lies within the twelve months up to `period`; `None` for days.
pub(super) fn first_of_twelve_months(period: Period) -> Option<Period> {
    Some(period.offset(1 - period.grain().per_year()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(year: Option<&str>, text: &str) -> Option<String> {
        let columns = PeriodColumns::Report {
            year: year.map(|_| "year".to_owned()),
            period: "period".to_owned(),
        };
        let year = Cell::Text(year.unwrap_or_default().to_owned());
        let text = Cell::Text(text.to_owned());
        let found = read(&columns, |name| Some(if name == "year" { &year } else { &text }));
        found.map(|period| period.to_string())
    }

    #[test]
    fn reports_stand_at_the_quarter_at_whose_end_they_are() {
        for (year, text, expected) in [
            (None, "2025Q3", Some("2025Q3")),
            (None, "2024FY", Some("2024Q4")),
            (None, "2024H1", Some("2024Q2")),
            (Some("2024"), "HY", Some("2024Q2")),
            (Some("2024"), "2024FY", Some("2024Q4")),
            (None, "2024", None),
            (None, "FY", None),
            (Some("2024"), "年度", None),
            (Some(""), "FY", None),
        ] {
            assert_eq!(report(year, text).as_deref(), expected, "{year:?} {text}");
        }
    }

    #[test]
    fn lags_convert_or_are_refused() {
        use Grain::{Day, Half, Month, Quarter, Year};
        for (count, from, grain, expected) in [
            (1, Year, Quarter, Some(4)),
            (1, Year, Month, Some(12)),
            (2, Quarter, Month, Some(6)),
            (3, Month, Quarter, Some(1)),
            (1, Year, Half, Some(2)),
            (2, Quarter, Half, Some(1)),
            (1, Quarter, Half, None),
            (4, Quarter, Year, Some(1)),
            (1, Month, Quarter, None),
            (1, Year, Day, None),
            (1, Month, Day, None),
            (7, Day, Day, Some(7)),
            (30, Day, Month, None),
        ] {
            assert_eq!(
                lag(count, from, grain).ok(),
                expected,
                "{count} {from} at {grain}"
            );
        }
    }

    #[test]
    fn twelve_months_end_with_the_period() {
        for (period, first) in [("2025Q3", "2024Q4"), ("2025-03", "2024-04"), ("2025", "2025")] {
            let period: Period = period.parse().unwrap();
            assert_eq!(first_of_twelve_months(period).unwrap().to_string(), first);
        }
    }
}
