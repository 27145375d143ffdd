//! Times become periods of the data: 去年 from the last day of the data, 近三年 from the last whole year.

mod stretch;

use jinsheng_core::{Grain, Period};
use jinsheng_text::time::{Part, Time, When, Year};

use super::{Refusal, Remark};
use crate::query::Periods;

pub(super) use stretch::{earlier, later};

/// What is known of the tables that a question reads.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calendar {
    /// The last day of all data.
    pub(super) today: Period,
    /// The coarsest of the tables' own grains.
    pub(super) grain: Grain,
    /// The first period in all of them, at that grain.
    pub(super) first: Period,
    /// The last period in all of them.
    pub(super) last: Period,
    /// Tables of reports: a quarter is a report, and its figures count from the start of the year.
    pub(super) reports: bool,
}

/// Periods, and how they were found.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Spans {
    /// Periods of the Query; `None` for the latest.
    pub(super) periods: Option<Periods>,
    /// Flows count for the period alone.
    pub(super) single: bool,
    /// Whole years from the first to the last period, for growth rates over years.
    pub(super) years: Option<u32>,
    /// The year before is asked for beside: 与去年同期相比.
    pub(super) against: bool,
    /// From the start of this year to its last day.
    pub(super) to_date: bool,
    /// Conventions taken.
    pub(super) remarks: Vec<Remark>,
}

impl Calendar {
    /// The periods that times mean.
    ///
    /// # Errors
    /// When the data do not reach there.
    pub(super) fn spans(&self, times: &[Time], trend: bool) -> Result<Spans, Refusal> {
        let ranges = times.iter().filter(|time| matches!(time, Time::Range(..)));
        if ranges.count() > 1
            && times
                .iter()
                .any(|time| matches!(time, Time::Range(from, _) if from.part.is_some()))
        {
            return Err(Refusal::new(
                "too_much",
                "一问里有几个时间段，请分开问",
                "there are several stretches of time in one question; ask for them one by one",
            ));
        }
        let mut spans = Spans::default();
        let mut points: Vec<When> = Vec::new();
        let named = times
            .iter()
            .any(|time| matches!(time, Time::At(_) | Time::Range(..)));
        for time in times {
            match time {
                // 2022到2024这两年: the words repeat what is named.
                Time::Recent(..) if named => {}
                Time::At(when) => points.push(*when),
                Time::SamePeriod(_) => spans.against = true,
                Time::Latest => {}
                Time::Coming(count, grain) => self.coming(*count, *grain, &mut spans)?,
                Time::ToDate(year) => {
                    spans.to_date = true;
                    points.push(When::year(*year));
                }
                Time::Each(grain) => {
                    spans.periods = spans.periods.or(Some(Periods::Each((*grain).max(self.grain))));
                }
                Time::Range(from, to) => {
                    // 2024年…，一季度到四季度: of that year.
                    let year = times.iter().find_map(|time| match time {
                        Time::At(when) => when.year,
                        _ => None,
                    });
                    let whole = |when: When| When {
                        year: when
                            .year
                            .or(year.filter(|_| from.year.is_none() && to.year.is_none())),
                        ..when
                    };
                    self.range(whole(*from), whole(*to), &mut spans)?;
                }
                Time::Since(from) => {
                    let to = When::year(Year::Absolute(self.last.calendar_year()));
                    self.range(*from, to, &mut spans)?;
                }
                Time::Recent(count, grain) => self.recent(*count, *grain, trend, &mut spans)?,
            }
        }
        // 2022年以来每季度: the periods of the grain within the stretch.
        let each = times.iter().find_map(|time| match time {
            Time::Each(grain) => Some((*grain).max(self.grain)),
            _ => None,
        });
        if let (Some(grain), Some(Periods::Range(first, last))) = (each, spans.periods.clone())
            && grain < first.grain()
        {
            let start = first
                .first_day()
                .map(Period::day)
                .and_then(|day| day.to_grain(grain));
            if let (Some(start), Some(end)) = (start, last.last_at(grain)) {
                // 2023年以来 reaches up to the newest, whatever year is over.
                let open = times.iter().any(|time| matches!(time, Time::Since(_)));
                let end = if open {
                    self.last.last_at(grain).unwrap_or(end)
                } else {
                    end
                };
                spans.periods = Some(Periods::Range(start, end.min_by_index(self.last, grain)));
                spans.remarks.retain(|remark| remark.code != "year_unfinished");
            }
        }
        // 2024年的 and 同期 of it, or 每年 within a range.
        if points.is_empty() {
            return Ok(spans);
        }
        // 2023到2025年每年前三季度: that part of each of the years.
        if let ([one], Some((first, last))) = (points.as_slice(), self.named_years(times))
            && let Some(part @ (Part::Quarter(_) | Part::Quarters(_) | Part::Half(_) | Part::Single(_))) =
                one.part
            && one.year.is_none()
            && first < last
        {
            spans.remarks.retain(|remark| remark.code != "year_unfinished");
            self.each_year(first, last, part, &mut spans)?;
            return Ok(spans);
        }
        if spans.periods.is_some() && !matches!(spans.periods, Some(Periods::Each(_))) {
            // A point beside a range, such as 2025年的 behind 2022-2025年第三季度, says what is known.
            return Ok(spans);
        }
        self.points(&points, trend, &mut spans)?;
        Ok(spans)
    }

    /// First and last of years that are named as a range.
    fn named_years(&self, times: &[Time]) -> Option<(i32, i32)> {
        times.iter().find_map(|time| match time {
            Time::Range(from, to) if from.part.is_none() && to.part.is_none() => {
                let last = to.year.map(|year| self.absolute(year))?;
                let first = from.year.map(|year| self.absolute(year))?;
                Some((first, last))
            }
            _ => None,
        })
    }

    /// 2024年和2025年第三季度: single stretches; a part that is said once counts for all.
    fn points(&self, points: &[When], trend: bool, spans: &mut Spans) -> Result<(), Refusal> {
        let part = points.iter().rev().find_map(|when| when.part);
        // 历年第三季度
        if let ([one], Some(part), Some(Periods::Each(Grain::Year))) = (points, part, &spans.periods)
            && one.year.is_none()
        {
            return self.each_year(self.first.calendar_year(), self.last.calendar_year(), part, spans);
        }
        let year = points.iter().find_map(|when| when.year);
        let each = match &spans.periods {
            Some(Periods::Each(grain)) => Some(*grain),
            _ => None,
        };
        let mut found: Vec<Period> = Vec::new();
        for (index, when) in points.iter().enumerate() {
            let mut when = *when;
            // 23年、24年年报和25年三季报: the part that is said next.
            let part = points
                .get(index..)
                .and_then(|rest| rest.iter().find_map(|when| when.part))
                .or(part);
            // 2022年末 is the end of that year, whatever stands beside it.
            when.part = when.part.or(part.filter(|_| !when.end));
            when.year = when
                .year
                .or(year.filter(|_| !matches!(when.part, Some(Part::Relative(..)))));
            // 2025年各季度: every one within it. So is the course of a year.
            let within =
                each.or_else(|| (trend && when.part.is_none() && points.len() == 1).then_some(self.grain));
            if let (Some(grain), Some(year)) = (within, when.year)
                && grain < Grain::Year
                && !matches!(when.part, Some(Part::Full))
            {
                let whole = Period::year(self.absolute(year));
                let day = |day: Option<Period>| day.and_then(|day| day.to_grain(grain));
                let first = whole.first_day().map(Period::day);
                if let (Some(first), Some(last)) = (day(first), whole.last_at(grain)) {
                    self.reaches(last.min_by_index(self.last, grain))?;
                    spans.periods = Some(Periods::Range(first, last));
                    return Ok(());
                }
            }
            let period = self.point(&when, spans)?;
            if !found.contains(&period) {
                found.push(period);
            }
        }
        found.sort();
        // All of one grain; a year beside quarters is the last of its quarters.
        let grain = found
            .iter()
            .map(|period| period.grain())
            .min()
            .unwrap_or(self.grain);
        for period in &mut found {
            if let Some(fine) = period.last_at(grain) {
                *period = fine;
            }
        }
        found.dedup();
        if let (Some(first), Some(last)) = (found.first(), found.last()) {
            let years = last.calendar_year() - first.calendar_year();
            spans.years = u32::try_from(years).ok().filter(|years| *years > 0);
        }
        spans.periods = Some(Periods::At(found));
        Ok(())
    }

    /// One stretch as a period.
    fn point(&self, when: &When, spans: &mut Spans) -> Result<Period, Refusal> {
        let wanted = self.wanted(when, spans);
        let whole_year = when.part.is_none() && wanted.grain() == Grain::Year;
        // A year that is not over, without its last report: the newest one there is.
        if whole_year && self.grain < Grain::Year {
            let end = wanted.last_at(self.grain).unwrap_or(wanted);
            if self.last < end && self.last.calendar_year() == wanted.index() && !when.end {
                if self.reports {
                    spans.remarks.push(Remark {
                        code: "year_unfinished",
                        text: (
                            format!("{wanted}年的年报还不在数据里，取该年最新的报告 {}", self.last),
                            format!("the annual report of {wanted} is not in the data; the newest of that year is {}", self.last),
                        ),
                    });
                    return Ok(self.last);
                }
                return Ok(wanted);
            }
        }
        self.reaches(wanted)?;
        Ok(wanted)
    }

    /// The period that a stretch names, whatever is said of it.
    pub(super) fn named(&self, when: &When) -> Period {
        self.wanted(when, &mut Spans::default())
    }

    /// The period that a stretch names, held by the data or not.
    fn wanted(&self, when: &When, spans: &mut Spans) -> Period {
        let grain = self.grain;
        let year = |default: i32| when.year.map_or(default, |year| self.absolute(year));
        let this = self.last.calendar_year();
        if let Some(Year::Relative(_)) = when.year {
            spans.remarks.push(self.today_remark(year(this)));
        }
        // Without a year the newest stretch of that name in the data is meant.
        let newest = |build: &dyn Fn(i32) -> Period| {
            // Where the data reach ahead, the next stretch of that name is meant.
            let ahead = self.last.last_at(Grain::Day) > self.today.last_at(Grain::Day);
            if when.year.is_none() && ahead {
                let now = self.today.calendar_year();
                let named = build(now);
                let over = named.last_at(Grain::Day) < self.today.last_at(Grain::Day);
                return if over { build(now + 1) } else { named };
            }
            let named = build(year(this));
            let end = named.last_at(grain).unwrap_or(named);
            if when.year.is_none() && end > self.last {
                build(this - 1)
            } else {
                named
            }
        };
        match when.part {
            Some(Part::Full) => newest(&Period::year),
            None => Period::year(year(this)),
            Some(Part::Half(half)) => {
                // The second half by itself is no report.
                spans.single |= half == 2 && self.reports;
                newest(&|year| Period::half(year, half))
            }
            Some(Part::Quarter(quarter) | Part::Quarters(quarter)) if quarter < 5 => {
                newest(&|year| Period::quarter(year, quarter))
            }
            Some(Part::Single(quarter)) => {
                spans.single = true;
                newest(&|year| Period::quarter(year, quarter))
            }
            Some(Part::Month(month)) => {
                let period = newest(&|year| Period::month(year, month));
                if grain > Grain::Month {
                    period.to_grain(grain).unwrap_or(period)
                } else {
                    period
                }
            }
            Some(Part::Day(month, day)) => {
                let date = |year: i32| {
                    format!("{year:04}-{month:02}-{day:02}")
                        .parse::<Period>()
                        .unwrap_or(Period::month(year, month))
                };
                let period = newest(&date);
                if grain > period.grain() {
                    period.to_grain(grain).unwrap_or(period)
                } else {
                    period
                }
            }
            Some(Part::Relative(wanted, offset)) => {
                let wanted = wanted.max(grain);
                let now = self.today.to_grain(wanted).unwrap_or(self.last);
                now.offset(offset)
            }
            Some(_) => self.last,
        }
    }

    /// The calendar year, counted from the last day of the data.
    fn absolute(&self, year: Year) -> i32 {
        match year {
            Year::Absolute(year) => year,
            Year::Relative(offset) => self.today.calendar_year() + offset,
        }
    }

    /// Which year 去年 and 今年 were taken for.
    fn today_remark(&self, year: i32) -> Remark {
        Remark {
            code: "today",
            text: (
                format!("以数据的最后一天 {} 为今天，所指年份为 {year}", self.today),
                format!(
                    "today is the last day of the data, {}; the year meant is {year}",
                    self.today
                ),
            ),
        }
    }

    /// From one stretch to another.
    fn range(&self, from: When, to: When, spans: &mut Spans) -> Result<(), Refusal> {
        let (Some(first_year), Some(last_year)) = (from.year.or(to.year), to.year.or(from.year)) else {
            return Ok(());
        };
        let (first_year, last_year) = (self.absolute(first_year), self.absolute(last_year));
        spans.years = u32::try_from(last_year - first_year)
            .ok()
            .filter(|years| *years > 0);
        // 2022-2025年第三季度 on reports: the third quarter of each year, which are alike.
        if from.part.is_none()
            && !from.end
            && let Some(part @ (Part::Quarter(_) | Part::Quarters(_) | Part::Half(_) | Part::Single(_))) =
                to.part
            && first_year < last_year
            && first_year.abs_diff(last_year) < 200
        {
            return self.each_year(first_year, last_year, part, spans);
        }
        let start = self.wanted(&from, spans);
        let end = self.wanted(&to, spans);
        if start.grain() == Grain::Year && end.grain() == Grain::Year {
            return self.years(start, end, spans);
        }
        let grain = start.grain().min(end.grain());
        let first = start
            .first_day()
            .map(Period::day)
            .and_then(|day| day.to_grain(grain))
            .unwrap_or(start);
        let last = end.last_at(grain).unwrap_or(end);
        self.reaches(last.min(self.last.last_at(grain).unwrap_or(self.last)))?;
        spans.periods = Some(Periods::Range(first, last));
        Ok(())
    }

    /// The same part of each year.
    fn each_year(&self, first: i32, last: i32, part: Part, spans: &mut Spans) -> Result<(), Refusal> {
        let mut found = Vec::new();
        let mut lacking = Vec::new();
        for year in first..=last {
            let when = When::part(Some(Year::Absolute(year)), part);
            let period = self.wanted(&when, spans);
            if self.holds(period) {
                found.push(period);
            } else {
                lacking.push(period.to_string());
            }
        }
        let (Some(start), Some(end)) = (found.first(), found.last()) else {
            return Err(self.absent(&lacking.join("、")));
        };
        spans.years = u32::try_from(end.calendar_year() - start.calendar_year())
            .ok()
            .filter(|years| *years > 0);
        spans.remarks.push(Remark {
            code: "each_year",
            text: (
                "按各年的同一报告期比较".to_owned(),
                "the same report of each year is taken".to_owned(),
            ),
        });
        if !lacking.is_empty() {
            let lacking = lacking.join("、");
            spans.remarks.push(Remark {
                code: "period_missing",
                text: (
                    format!("数据中没有 {lacking}"),
                    format!("the data lack {lacking}"),
                ),
            });
        }
        spans.periods = Some(Periods::At(found));
        Ok(())
    }

    /// Years from one to another; a last one that is not over is left out of reports.
    fn years(&self, first: Period, last: Period, spans: &mut Spans) -> Result<(), Refusal> {
        let whole = self.last_whole_year();
        let mut end = last;
        if last > whole {
            if first > whole {
                spans.periods = Some(Periods::At(vec![self.last]));
                return Ok(());
            }
            end = whole;
            spans.remarks.push(Remark {
                code: "year_unfinished",
                text: (
                    format!("{last}年尚无全年数据，取到 {whole} 年"),
                    format!("{last} is not complete in the data; years up to {whole} are taken"),
                ),
            });
        }
        self.reaches(end)?;
        spans.years = u32::try_from(end.index() - first.index())
            .ok()
            .filter(|years| *years > 0);
        spans.periods = Some(Periods::Range(first, end));
        Ok(())
    }

    /// The newest year whose last period is in the data.
    fn last_whole_year(&self) -> Period {
        let year = Period::year(self.last.calendar_year());
        match year.last_at(self.grain) {
            Some(end) if end > self.last => year.offset(-1),
            _ => year,
        }
    }

    /// Whether the data hold a period.
    fn holds(&self, period: Period) -> bool {
        let grain = self.grain.min(period.grain());
        let end = period.last_at(grain).unwrap_or(period);
        let (first, last) = (self.first.last_at(grain), self.last.last_at(grain));
        first.is_none_or(|first| end >= first) && last.is_none_or(|last| end <= last || self.begun(period))
    }

    /// Whether a period has begun within the data, where values are no reports.
    fn begun(&self, period: Period) -> bool {
        !self.reports
            && period
                .first_day()
                .map(Period::day)
                .is_some_and(|first| first <= self.today && Some(first) <= self.last.last_at(Grain::Day))
    }

    /// An error where the data do not hold a period.
    fn reaches(&self, period: Period) -> Result<(), Refusal> {
        if self.holds(period) {
            Ok(())
        } else {
            Err(self.absent(&period.to_string()))
        }
    }

    /// No such period, and which there are.
    fn absent(&self, period: &str) -> Refusal {
        let mut refusal = Refusal::new(
            "period_absent",
            format!("数据中没有 {period}：有的是 {} 至 {}", self.first, self.last),
            format!(
                "the data do not hold {period}: they reach from {} to {}",
                self.first, self.last
            ),
        );
        refusal.missing = vec![period.to_owned()];
        refusal.nearest = vec![self.first.to_string(), self.last.to_string()];
        refusal
    }
}

/// Whether a Query shows more than one period.
pub(super) fn several(periods: Option<&Periods>) -> bool {
    match periods {
        Some(Periods::At(at)) => at.len() > 1,
        Some(Periods::Range(..) | Periods::Each(_)) => true,
        Some(Periods::Last(count, _)) => *count > 1,
        None => false,
    }
}

/// The earlier of two periods, the second taken at a grain.
trait Earlier {
    fn min_by_index(self, other: Period, grain: Grain) -> Period;
}

impl Earlier for Period {
    fn min_by_index(self, other: Period, grain: Grain) -> Period {
        match other.last_at(grain).or_else(|| other.to_grain(grain)) {
            Some(other) if other < self => other,
            _ => self,
        }
    }
}
