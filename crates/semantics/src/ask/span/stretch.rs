//! Stretches counted from a day: 近三年, 未来30天, so many months later.

use jinsheng_core::{Grain, Period};

use super::{Calendar, Refusal, Remark, Spans};
use crate::query::Periods;

impl Calendar {
    /// 近三年, 近12个月, 近几年.
    pub(super) fn recent(
        &self,
        count: u32,
        grain: Grain,
        trend: bool,
        spans: &mut Spans,
    ) -> Result<(), Refusal> {
        let grain = grain.max(self.grain);
        // The course of the last year in monthly figures is twelve months.
        if trend && grain == Grain::Year && self.grain <= Grain::Month && count > 0 {
            let fine = self.grain.max(Grain::Month);
            spans.periods = Some(Periods::Last(count.saturating_mul(12), fine));
            return Ok(());
        }
        if grain == Grain::Year {
            let last = self.last_whole_year();
            let first_held = Period::year(self.first.calendar_year());
            let back = i32::try_from(count).unwrap_or(i32::MAX);
            let first = if count == 0 {
                first_held
            } else {
                last.offset(1 - back)
            };
            if first < first_held {
                let first_year = first_held.to_string();
                spans.remarks.push(Remark {
                    code: "period_missing",
                    text: (
                        format!("数据从 {first_year} 年开始"),
                        format!("the data begin in {first_year}"),
                    ),
                });
            }
            spans.years = u32::try_from(back - 1).ok().filter(|years| *years > 0);
            spans.remarks.push(Remark {
                code: "whole_years",
                text: (
                    format!("取到最近的完整年度 {last}"),
                    format!("up to the last whole year, {last}"),
                ),
            });
            spans.periods = Some(Periods::Range(first.max(first_held), last));
            return Ok(());
        }
        spans.periods = Some(Periods::Last(count.max(1), grain));
        Ok(())
    }

    /// 未来30天: from the day after today, where the data reach further.
    pub(super) fn coming(&self, count: u32, grain: Grain, spans: &mut Spans) -> Result<(), Refusal> {
        let end = later(self.today, count, grain);
        match (end, self.today.last_at(Grain::Day)) {
            (Some(end), Some(today)) if self.grain == Grain::Day && self.last > today => {
                spans.periods = Some(Periods::Range(today.offset(1), end));
                Ok(())
            }
            _ => Err(Refusal::new(
                "advice",
                "数据里没有预测，也不给出投资建议",
                "the data hold no forecasts, and no advice is given",
            )),
        }
    }
}

/// The day so many periods after a day; the last of a shorter month.
pub(crate) fn later(day: Period, count: u32, grain: Grain) -> Option<Period> {
    moved(day, i32::try_from(count).ok()?, grain)
}

/// The day so many periods before a day; the last of a shorter month.
pub(crate) fn earlier(day: Period, count: u32, grain: Grain) -> Option<Period> {
    moved(day, i32::try_from(count).ok()?.checked_neg()?, grain)
}

fn moved(day: Period, count: i32, grain: Grain) -> Option<Period> {
    let each = match grain {
        Grain::Day => return Some(day.offset(count)),
        Grain::Month => 1,
        Grain::Quarter => 3,
        Grain::Half => 6,
        Grain::Year => 12,
    };
    let month = day.to_grain(Grain::Month)?;
    let first = |month: Period| month.first_day().map(Period::day);
    let into = day.index() - first(month)?.index();
    let target = month.offset(count.checked_mul(each)?);
    let last = target.last_at(Grain::Day)?;
    Some(first(target)?.offset(into).min(last))
}
