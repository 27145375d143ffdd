//! The demo's calendar: trading days, month ends and reporting periods up to the as-of date.
//!
//! The generator never reads the clock. The holidays are invented; they only look like a Chinese year.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

/// The day for which the demo bank's figures are true, and the last day with a net asset value.
pub const AS_OF: Date = date(2026, 9, 30);
/// First trading day of the index and net asset value series.
const FIRST_TRADING_DAY: Date = date(2023, 9, 28);
/// Months of assets under management, the last being the month of [`AS_OF`].
pub(crate) const AUM_MONTHS: i64 = 24;

/// Closed ranges of days without trading, beside the weekends.
const HOLIDAYS: [(Date, Date); 19] = [
    (date(2023, 9, 29), date(2023, 10, 6)),
    (date(2024, 1, 1), date(2024, 1, 1)),
    (date(2024, 2, 9), date(2024, 2, 16)),
    (date(2024, 4, 4), date(2024, 4, 5)),
    (date(2024, 5, 1), date(2024, 5, 3)),
    (date(2024, 6, 10), date(2024, 6, 10)),
    (date(2024, 9, 16), date(2024, 9, 17)),
    (date(2024, 10, 1), date(2024, 10, 7)),
    (date(2025, 1, 1), date(2025, 1, 1)),
    (date(2025, 1, 28), date(2025, 2, 4)),
    (date(2025, 4, 4), date(2025, 4, 4)),
    (date(2025, 5, 1), date(2025, 5, 5)),
    (date(2025, 6, 2), date(2025, 6, 2)),
    (date(2025, 10, 1), date(2025, 10, 8)),
    (date(2026, 1, 1), date(2026, 1, 2)),
    (date(2026, 2, 16), date(2026, 2, 23)),
    (date(2026, 4, 6), date(2026, 4, 6)),
    (date(2026, 5, 1), date(2026, 5, 5)),
    (date(2026, 6, 19), date(2026, 6, 19)),
];

fn is_trading_day(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
        && !HOLIDAYS
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&day))
}

/// All trading days from the first of the series to [`AS_OF`], ascending.
pub(crate) fn trading_days() -> Vec<Date> {
    days(FIRST_TRADING_DAY)
        .filter(|day| is_trading_day(*day))
        .collect()
}

fn days(first: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(first), |day| day.tomorrow().ok()).take_while(|day| *day <= AS_OF)
}

/// The day that lies so many days later (earlier when negative).
pub(crate) fn plus_days(day: Date, number: i64) -> Date {
    day.saturating_add(number.days())
}

/// The day itself if offices are open on it, or else the next such day.
pub(crate) fn workday(day: Date) -> Date {
    // New Year, Labour Day and the national holiday of years without a trading calendar.
    let is_fixed_holiday = |day: Date| matches!((day.month(), day.day()), (1, 1) | (5, 1..=3) | (10, 1..=7));
    let later = std::iter::successors(Some(day), |day| day.tomorrow().ok());
    later
        .take(31)
        .find(|day| is_trading_day(*day) && !is_fixed_holiday(*day))
        .unwrap_or(day)
}

/// The same day so many months later, or the month's last day where it has none such.
pub(crate) fn plus_months(day: Date, number: i64) -> Date {
    day.saturating_add(number.months())
}

/// Days from the first date to the second.
pub(crate) fn days_between(first: Date, second: Date) -> i64 {
    first.duration_until(second).as_hours() / 24
}

/// Month-end dates of the AUM series, ascending; the last is [`AS_OF`].
pub(crate) fn month_ends() -> Vec<Date> {
    (0..AUM_MONTHS)
        .rev()
        .map(|back| plus_months(AS_OF, -back).last_of_month())
        .collect()
}

/// First days of the months of the macro series.
pub(crate) fn macro_months() -> Vec<Date> {
    std::iter::successors(Some(date(2022, 1, 1)), |month| Some(plus_months(*month, 1)))
        .take_while(|month| *month <= AS_OF)
        .collect()
}

/// A quarter of a fiscal year; flow items are reported from January to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Quarter {
    pub(crate) year: i64,
    /// 1 to 4.
    pub(crate) number: i64,
}

impl Quarter {
    /// Name of the filing that ends with this quarter.
    pub(crate) fn period(self) -> &'static str {
        match self.number {
            1 => "Q1",
            2 => "H1",
            3 => "Q3",
            _ => "FY",
        }
    }

    /// The same quarter of the year before.
    pub(crate) fn year_before(self) -> Self {
        Self {
            year: self.year - 1,
            ..self
        }
    }

    /// Whether filings of this period are part of the demo.
    pub(crate) fn is_published(self) -> bool {
        self >= FIRST_PUBLISHED
    }
}

/// First of the 16 published periods.
const FIRST_PUBLISHED: Quarter = Quarter {
    year: 2022,
    number: 3,
};
/// Last published period, the half-year report before [`AS_OF`].
const LAST_PUBLISHED: Quarter = Quarter {
    year: 2026,
    number: 2,
};

/// The simulated quarters: all of 2022 (year-to-date figures need its first two) to the last published one.
pub(crate) fn quarters() -> Vec<Quarter> {
    (2022..=2026)
        .flat_map(|year| (1..=4).map(move |number| Quarter { year, number }))
        .filter(|quarter| *quarter <= LAST_PUBLISHED)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_end_on_the_as_of_date() {
        assert_eq!(trading_days().last(), Some(&AS_OF));
        assert_eq!(month_ends().last(), Some(&AS_OF));
        assert_eq!(month_ends().first(), Some(&date(2024, 10, 31)));
        assert_eq!(macro_months().len(), 57);
        assert_eq!(
            quarters().iter().filter(|quarter| quarter.is_published()).count(),
            16
        );
    }

    #[test]
    fn no_trading_on_weekends_and_holidays() {
        assert!(
            (710..750).contains(&trading_days().len()),
            "{}",
            trading_days().len()
        );
        assert!(!is_trading_day(date(2026, 9, 27)));
        assert!(!is_trading_day(date(2025, 10, 3)));
        assert!(is_trading_day(AS_OF));
    }

    #[test]
    fn offices_open_on_the_next_workday() {
        assert_eq!(workday(date(2016, 10, 1)), date(2016, 10, 10));
        assert_eq!(workday(date(2026, 9, 26)), date(2026, 9, 28));
        assert_eq!(workday(date(2026, 2, 14)), date(2026, 2, 24));
        assert_eq!(workday(AS_OF), AS_OF);
    }

    #[test]
    fn day_arithmetic() {
        assert_eq!(days_between(date(2024, 2, 28), date(2024, 3, 1)), 2);
        assert_eq!(plus_months(date(2024, 1, 31), 1), date(2024, 2, 29));
        assert_eq!(plus_days(date(2024, 12, 31), 1), date(2025, 1, 1));
    }
}
