//! Times in running text: `2025年前三季度`, `去年`, `近三年`, `2022-2025Q3`, `first half of 2026`, `since 2023`.
//!
//! A time is read as it is said; which periods it means is decided by whoever knows today and the data.

mod read;

use jinsheng_core::Grain;

pub use read::time_at;

/// A time as it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Time {
    /// One stretch: 2025年, 去年第三季度, 9月.
    At(When),
    /// From one to another, both included.
    Range(When, When),
    /// So many periods up to now: 近三年.
    Recent(u32, Grain),
    /// Every period of a grain: 每年, 各季度.
    Each(Grain),
    /// From then on.
    Since(When),
    /// The newest: 最新, 目前.
    Latest,
    /// From the start of the year to now: 今年以来.
    ToDate(Year),
    /// So many periods from now on: 未来30天, next 3 months.
    Coming(u32, Grain),
    /// The same stretch so many years before: 上年同期.
    SamePeriod(i32),
}

/// A stretch of time within a year, or a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct When {
    /// The year; `None` when it is not said.
    pub year: Option<Year>,
    /// Part of the year; `None` for all of it.
    pub part: Option<Part>,
    /// Its end is meant: 2025年末.
    pub end: bool,
}

/// A year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Year {
    /// 2025.
    Absolute(i32),
    /// Years from this one: 去年 is -1.
    Relative(i32),
}

/// Part of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The whole year, said so: 全年, 年报.
    Full,
    /// First or second half.
    Half(i32),
    /// A quarter, or the report at its end: 第三季度.
    Quarter(i32),
    /// The quarter alone: 第三季度单季.
    Single(i32),
    /// From the first to this quarter: 前三季度, 三季报.
    Quarters(i32),
    /// A month.
    Month(i32),
    /// A day.
    Day(i32, i32),
    /// So many periods from the current one: 上月 is (Month, -1), 昨天 (Day, -1).
    Relative(Grain, i32),
}

impl When {
    /// All of a year.
    pub const fn year(year: Year) -> Self {
        Self {
            year: Some(year),
            part: None,
            end: false,
        }
    }

    /// Part of a year, or of one that is not said.
    pub const fn part(year: Option<Year>, part: Part) -> Self {
        Self {
            year,
            part: Some(part),
            end: false,
        }
    }
}
