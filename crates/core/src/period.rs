//! Periods of a calendar: a day, a month, a quarter, half a year or a year, each an index at its grain.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How fine a period is; finer grains come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// One day.
    Day,
    /// One calendar month.
    Month,
    /// One calendar quarter; also the grain of Chinese periodic reports (Q1, H1, Q3, FY).
    Quarter,
    /// Half a calendar year.
    Half,
    /// One calendar year.
    Year,
}

impl Grain {
    /// All grains, finest first.
    pub const ALL: [Self; 5] = [Self::Day, Self::Month, Self::Quarter, Self::Half, Self::Year];

    /// The word used in Queries, catalogs and `--json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Half => "half",
            Self::Year => "year",
        }
    }

    /// How many periods of this grain make a year; `None` for days, whose number varies.
    pub fn per_year(self) -> Option<i32> {
        match self {
            Self::Day => None,
            Self::Month => Some(12),
            Self::Quarter => Some(4),
            Self::Half => Some(2),
            Self::Year => Some(1),
        }
    }
}

impl fmt::Display for Grain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Grain {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        Self::ALL
            .into_iter()
            .find(|grain| grain.as_str() == text)
            .ok_or_else(|| PeriodError {
                text: text.to_owned(),
            })
    }
}

/// One period: `2025` (a year), `2025H1`, `2025Q3`, `2025-09`, `2025-09-30`.
///
/// `index` counts periods: years since year 0, halves (`year * 2 + half - 1`), quarters (`year * 4 + quarter - 1`), months
/// (`year * 12 + month - 1`), days since 1970-01-01. Periods of one grain order by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    grain: Grain,
    index: i32,
}

/// Text that names no period or grain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no period; write 2025, 2025Q3, 2025H1, 2025FY, 2025-09 or 2025-09-30")]
pub struct PeriodError {
    /// What was written.
    pub text: String,
}

impl Period {
    /// The period with this index at this grain.
    pub fn new(grain: Grain, index: i32) -> Self {
        Self { grain, index }
    }

    /// A calendar year.
    pub fn year(year: i32) -> Self {
        Self::new(Grain::Year, year)
    }

    /// A quarter, 1 to 4.
    pub fn quarter(year: i32, quarter: i32) -> Self {
        Self::new(Grain::Quarter, year * 4 + quarter - 1)
    }

    /// Half a year, 1 or 2.
    pub fn half(year: i32, half: i32) -> Self {
        Self::new(Grain::Half, year * 2 + half - 1)
    }

    /// A month, 1 to 12.
    pub fn month(year: i32, month: i32) -> Self {
        Self::new(Grain::Month, year * 12 + month - 1)
    }

    /// A day.
    pub fn day(date: Date) -> Self {
        Self::new(Grain::Day, days_since_epoch(date))
    }

    /// How fine it is.
    pub fn grain(self) -> Grain {
        self.grain
    }

    /// Its index at its grain.
    pub fn index(self) -> i32 {
        self.index
    }

    /// The year in which it lies.
    pub fn calendar_year(self) -> i32 {
        match self.grain {
            Grain::Year => self.index,
            Grain::Half => self.index.div_euclid(2),
            Grain::Quarter => self.index.div_euclid(4),
            Grain::Month => self.index.div_euclid(12),
            Grain::Day => self.first_day().map_or(1970, |date| i32::from(date.year())),
        }
    }

    /// The period `count` periods later (earlier when negative), at the same grain.
    pub fn offset(self, count: i32) -> Self {
        Self::new(self.grain, self.index.saturating_add(count))
    }

    /// The coarser period that holds this one; `None` when `grain` is finer.
    pub fn to_grain(self, grain: Grain) -> Option<Self> {
        if grain < self.grain {
            return None;
        }
        let date = self.first_day()?;
        Some(Self::containing(date, grain))
    }

    /// The last period of a finer (or the same) grain inside this one; `None` when `grain` is coarser.
    pub fn last_at(self, grain: Grain) -> Option<Self> {
        if grain > self.grain {
            None
        } else {
            Some(Self::containing(self.last_day()?, grain))
        }
    }

    /// The period of `grain` that holds `date`.
    pub fn containing(date: Date, grain: Grain) -> Self {
        let (year, month) = (i32::from(date.year()), i32::from(date.month()));
        match grain {
            Grain::Day => Self::day(date),
            Grain::Month => Self::month(year, month),
            Grain::Quarter => Self::quarter(year, (month - 1) / 3 + 1),
            Grain::Half => Self::half(year, (month - 1) / 6 + 1),
            Grain::Year => Self::year(year),
        }
    }

    /// Its first day; `None` outside years -9999 to 9999.
    pub fn first_day(self) -> Option<Date> {
        let month_start = |months: i32| {
            let year = i16::try_from(months.div_euclid(12)).ok()?;
            let month = i8::try_from(months.rem_euclid(12) + 1).ok()?;
            Date::new(year, month, 1).ok()
        };
        match self.grain {
            Grain::Day => Date::new(1970, 1, 1)
                .ok()?
                .checked_add(jiff::Span::new().try_days(self.index).ok()?)
                .ok(),
            Grain::Month => month_start(self.index),
            Grain::Quarter => month_start(self.index.checked_mul(3)?),
            Grain::Half => month_start(self.index.checked_mul(6)?),
            Grain::Year => month_start(self.index.checked_mul(12)?),
        }
    }

    /// Its last day; `None` outside years -9999 to 9999.
    pub fn last_day(self) -> Option<Date> {
        match self.grain {
            Grain::Day => self.first_day(),
            _ => self.offset(1).first_day()?.yesterday().ok(),
        }
    }
}

fn days_since_epoch(date: Date) -> i32 {
    let year = i32::from(date.year()) - i32::from(date.month() <= 2);
    let month = (i32::from(date.month()) + 9) % 12;
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * month + 2) / 5 + i32::from(date.day()) - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.grain {
            Grain::Year => write!(f, "{:04}", self.index),
            Grain::Half => write!(
                f,
                "{:04}H{}",
                self.index.div_euclid(2),
                self.index.rem_euclid(2) + 1
            ),
            Grain::Quarter => write!(
                f,
                "{:04}Q{}",
                self.index.div_euclid(4),
                self.index.rem_euclid(4) + 1
            ),
            Grain::Month => write!(
                f,
                "{:04}-{:02}",
                self.index.div_euclid(12),
                self.index.rem_euclid(12) + 1
            ),
            Grain::Day => match self.first_day() {
                Some(date) => write!(f, "{:04}-{:02}-{:02}", date.year(), date.month(), date.day()),
                None => write!(f, "day {}", self.index),
            },
        }
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    /// Reads `2025`, `2025FY`, `2025H1` (also written `2025HY`), `2025H2`, `2025Q3`, `2025-09`, `2025-09-30`. Upper or
    /// lower case.
    fn from_str(text: &str) -> Result<Self, PeriodError> {
        parse(text.trim()).ok_or_else(|| PeriodError {
            text: text.to_owned(),
        })
    }
}

fn parse(text: &str) -> Option<Period> {
    if !text.is_ascii() {
        return None;
    }
    let year_text = text.get(..4)?;
    if !year_text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year: i32 = year_text.parse().ok()?;
    let rest = text.get(4..)?.to_ascii_uppercase();
    match rest.as_str() {
        "" | "FY" => return Some(Period::year(year)),
        "Q1" => return Some(Period::quarter(year, 1)),
        "H1" | "HY" => return Some(Period::half(year, 1)),
        "H2" => return Some(Period::half(year, 2)),
        "Q2" => return Some(Period::quarter(year, 2)),
        "Q3" => return Some(Period::quarter(year, 3)),
        "Q4" => return Some(Period::quarter(year, 4)),
        _ => {}
    }
    let digits = |part: &str| -> Option<i8> {
        if part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()) {
            part.parse().ok()
        } else {
            None
        }
    };
    let mut parts = rest.strip_prefix('-')?.split('-');
    let month = digits(parts.next()?)?;
    let day = parts.next();
    if parts.next().is_some() {
        return None;
    }
    let year = i16::try_from(year).ok()?;
    match day {
        None => {
            Date::new(year, month, 1).ok()?;
            Some(Period::month(i32::from(year), i32::from(month)))
        }
        Some(day) => Date::new(year, month, digits(day)?).ok().map(Period::day),
    }
}

impl Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        for (text, printed) in [
            ("2025", "2025"),
            ("2024FY", "2024"),
            ("2025q3", "2025Q3"),
            ("2025H1", "2025H1"),
            ("2025HY", "2025H1"),
            ("2025h2", "2025H2"),
            ("2025-09", "2025-09"),
            ("2024-02-29", "2024-02-29"),
            ("1969-12-31", "1969-12-31"),
        ] {
            let period: Period = text.parse().unwrap();
            assert_eq!(period.to_string(), printed, "{text}");
            assert_eq!(printed.parse::<Period>().unwrap(), period);
        }
        for wrong in [
            "",
            "25",
            "2025Q5",
            "2025-13",
            "2025-02-30",
            "2025-9",
            "二〇二五",
            "2025Q3x",
            "2025-01-01-01",
        ] {
            assert!(wrong.parse::<Period>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn days_count_from_the_epoch() {
        assert_eq!("1970-01-01".parse::<Period>().unwrap().index(), 0);
        assert_eq!("2000-03-01".parse::<Period>().unwrap().index(), 11017);
        for index in [-800_000, -1, 0, 59, 60, 11_016, 20_000, 2_000_000] {
            let period = Period::new(Grain::Day, index);
            assert_eq!(Period::day(period.first_day().unwrap()), period);
        }
    }

    #[test]
    fn coarser_and_finer() {
        let day: Period = "2025-08-15".parse().unwrap();
        assert_eq!(day.to_grain(Grain::Quarter).unwrap().to_string(), "2025Q3");
        assert_eq!(
            day.to_grain(Grain::Year)
                .unwrap()
                .last_at(Grain::Quarter)
                .unwrap()
                .to_string(),
            "2025Q4"
        );
        assert_eq!(day.to_grain(Grain::Half).unwrap().to_string(), "2025H2");
        assert_eq!(Period::half(2025, 1).first_day(), "2025-01-01".parse().ok());
        assert_eq!(Period::half(2025, 2).last_day(), "2025-12-31".parse().ok());
        assert_eq!(
            Period::half(2025, 2).last_at(Grain::Quarter),
            Some(Period::quarter(2025, 4))
        );
        assert_eq!(Period::half(2025, 2).calendar_year(), 2025);
        assert_eq!(Period::year(2025).to_grain(Grain::Month), None);
    }
}
