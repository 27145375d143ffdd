//! When: what the tables say of time, and the periods and days that a question means.

use jinsheng_core::{Decimal, Grain, Period};
use jinsheng_text::time::Time;

use super::growth::holds_cagr;
use super::{Builder, Built, refuse};
use crate::ask::clause::Flag;
use crate::ask::span::{Calendar, Spans};
use crate::ask::words::Chart;
use crate::ask::{Reading, Refusal, Remark};
use crate::catalog::PeriodColumns;
use crate::query::{Condition, Expr, Periods};

impl Builder<'_> {
    /// What the tables say of time.
    pub(super) fn calendar(&self) -> Option<Calendar> {
        let mut grain: Option<Grain> = None;
        let mut reports = false;
        let mut spans: Vec<(Period, Period)> = Vec::new();
        for name in &self.tables {
            let Some(period) = self.catalog.table(name).and_then(|table| table.period.as_ref()) else {
                continue;
            };
            reports |= matches!(period, PeriodColumns::Report { .. });
            grain = Some(grain.map_or(period.grain(), |known| known.max(period.grain())));
            spans.extend(self.with.vocabulary.spans.get(name));
        }
        let grain = grain?;
        let first = spans
            .iter()
            .filter_map(|(first, _)| first.to_grain(grain))
            .max()?;
        let last = spans.iter().filter_map(|(_, last)| last.to_grain(grain)).min()?;
        Some(Calendar {
            today: self.with.today()?,
            grain,
            first,
            last,
            reports,
        })
    }

    /// The periods of the Query; a growth rate over years and a series without subjects have rules of their own.
    pub(super) fn spans(&mut self) -> Built<Spans> {
        let Some(calendar) = self.calendar() else {
            self.dated()?;
            return Ok(Spans::default());
        };
        if self.frame.has(Flag::Expired) || !self.frame.bounds.is_empty() {
            return refuse(Refusal::new(
                "no_time",
                "所问的数据里没有这样的日期",
                "what is asked for has no such date",
            ));
        }
        let trend = self.frame.has(Flag::Trend) || self.frame.chart == Some(Chart::Line);
        let mut spans = calendar
            .spans(&self.frame.times, trend)
            .map_err(Reading::Refuse)?;
        if spans.periods.is_none() && trend {
            spans.periods = Some(Periods::Each(calendar.grain.max(Grain::Month)));
        }
        if spans.to_date && !self.adds_up() {
            return refuse(Refusal::new(
                "too_much",
                "今年以来的涨跌还不能直接回答，请改问某两个时点的数值",
                "a change over the year to date cannot be answered directly; ask for the values at two dates",
            ));
        }
        // A growth rate over years is one of its last year.
        let compound = self.exprs().iter().any(|expr| holds_cagr(expr));
        if compound && !self.frame.has(Flag::Trend) {
            spans.periods = match spans.periods {
                Some(Periods::Range(_, last)) => Some(Periods::At(vec![last])),
                Some(Periods::At(mut at)) => at.pop().map(|last| Periods::At(vec![last])),
                other => other,
            };
        }
        // Of a series without subjects the first or last of its own periods is sought.
        if self.entities.is_empty() && (self.frame.top.is_some() || !self.frame.conditions.is_empty()) {
            let stretch = match &spans.periods {
                Some(Periods::Range(first, last)) => Some((*first, *last)),
                Some(Periods::At(at)) => match at.as_slice() {
                    [one] if one.grain() > calendar.grain => Some((*one, *one)),
                    _ => None,
                },
                _ => None,
            };
            let own = stretch.and_then(|(first, last)| {
                let start = first.first_day().map(Period::day)?.to_grain(calendar.grain)?;
                // 2022年以来 reaches up to now.
                let open = self.frame.times.iter().any(|time| matches!(time, Time::Since(_)));
                let end = if open {
                    calendar.last
                } else {
                    last.last_at(calendar.grain)?
                };
                Some((start, end.min(calendar.last)))
            });
            if let Some((start, end)) = own {
                spans.periods = Some(Periods::Range(start, end));
            }
        }
        self.year_so_far(&calendar, &mut spans);
        if let Some((first, last)) = self.rates_inside(&calendar, &spans) {
            spans.periods = Some(Periods::Range(first, last));
            spans.remarks.push(Remark {
                code: "each_period",
                text: (
                    "这个增长率没有全年的数，列出年内各期".to_owned(),
                    "this growth rate is not held for the whole year; each period of it is shown".to_owned(),
                ),
            });
        }
        if spans.periods.is_none()
            && self.frame.times.is_empty()
            && self.frame.has(Flag::Change)
            && !self.frame.lists()
        {
            spans.against = true;
        }
        Ok(spans)
    }

    /// A change of a year that is not over is one against the same months of the year before.
    fn year_so_far(&mut self, calendar: &Calendar, spans: &mut Spans) {
        let Some(Periods::At(at)) = &spans.periods else {
            return;
        };
        let [year] = at.as_slice() else { return };
        let year = *year;
        let changes = self.frame.values.iter().any(crate::ask::piece::Value::is_change)
            || [Flag::Yoy, Flag::Change, Flag::Up, Flag::Down]
                .into_iter()
                .any(|flag| self.frame.has(flag));
        let open = year
            .last_at(calendar.grain)
            .is_some_and(|end| calendar.last < end && calendar.last.calendar_year() == year.index());
        if year.grain() != Grain::Year
            || calendar.grain >= Grain::Year
            || calendar.reports
            || !changes
            || !open
        {
            return;
        }
        let last = calendar.last;
        if !self.so_far() {
            return;
        }
        spans.periods = Some(Periods::At(vec![last]));
        spans.remarks.push(Remark {
            code: "year_unfinished",
            text: (
                format!("{year}年未完，取年初至 {last}，与上年同期相比"),
                format!(
                    "{year} is not over: from its start to {last}, against the same months of the year before"
                ),
            ),
        });
    }

    /// The periods of a year for which growth rates are held that are not held for the year: its last month is not the year.
    fn rates_inside(&self, calendar: &Calendar, spans: &Spans) -> Option<(Period, Period)> {
        let [year] = (match &spans.periods {
            Some(Periods::At(at)) => at.as_slice(),
            _ => return None,
        }) else {
            return None;
        };
        let rules = self.rules();
        let rates = self
            .frame
            .values
            .iter()
            .all(|value| value.stat.is_none() && rules.is_growth(&value.expr));
        let whole = year.grain() == Grain::Year && calendar.grain < Grain::Year && !calendar.reports;
        if !whole || !rates || self.frame.values.is_empty() || self.frame.lists() {
            return None;
        }
        let first = year.first_day().map(Period::day)?.to_grain(calendar.grain)?;
        let last = year.last_at(calendar.grain)?.min(calendar.last);
        (first <= last).then_some((first, last))
    }

    /// The periods inside a coarser one, at the tables' own grain.
    pub(super) fn inside(&self, periods: Option<Periods>) -> Option<Periods> {
        let calendar = self.calendar()?;
        let Some(Periods::At(at)) = &periods else {
            return periods.or(Some(Periods::Each(calendar.grain)));
        };
        let [one] = at.as_slice() else { return periods };
        let first = one.first_day().map(Period::day)?.to_grain(calendar.grain);
        let last = one.last_at(calendar.grain);
        match (first, last) {
            (Some(first), Some(last)) if first < last => Some(Periods::Range(first, last)),
            _ => periods,
        }
    }

    /// 2022-2025年第三季度连续四个报告期: the periods are named, so the condition must hold in each of them.
    pub(super) fn streaks(&mut self, spans: &Spans) -> Built<()> {
        let Some(Periods::At(at)) = spans.periods.as_ref().filter(|_| self.frame.has(Flag::Streak)) else {
            return Ok(());
        };
        if at.len() < 2 {
            return Ok(());
        }
        let held = u32::try_from(at.len()).unwrap_or(u32::MAX);
        for condition in &mut self.frame.conditions {
            let Condition::Compare(Expr::Streak(inner), _, Expr::Number(count)) = condition else {
                continue;
            };
            if count.value > Decimal::from(held) {
                let mut refusal = Refusal::new(
                    "period_absent",
                    format!("数据中只有其中 {held} 期"),
                    format!("the data hold only {held} of these periods"),
                );
                refusal.missing = vec![count.value.to_string()];
                return refuse(refusal);
            }
            *condition = (**inner).clone();
            self.frame.flags.insert(Flag::All);
        }
        Ok(())
    }
}
