//! What has no time of its own is filtered by the day that is named: 下个季度到期的产品, 风险测评过期的客户.

use jinsheng_core::{Grain, Period};
use jinsheng_text::time::{Part, Time, When, Year};

use super::{Builder, Built, refuse};
use crate::ask::clause::Flag;
use crate::ask::span::{Calendar, earlier, later};
use crate::ask::{Reading, Refusal};
use crate::catalog::ResolvedDimension;
use crate::query::{CompareOp, Filter, Periods, Test};

impl Builder<'_> {
    /// Times and bounds become filters on a date. Other times would be ignored, so they are refused.
    pub(super) fn dated(&mut self) -> Built<()> {
        let times: Vec<Time> = self
            .frame
            .times
            .iter()
            .filter(|time| !matches!(time, Time::Latest))
            .copied()
            .collect();
        let expired = self.frame.has(Flag::Expired);
        // A time of the question before says nothing of what has none.
        let old =
            self.frame.has(Flag::TimesBefore) && !self.frame.attributes.iter().any(|name| is_date(name));
        if (times.is_empty() || old) && self.frame.bounds.is_empty() && !expired {
            return Ok(());
        }
        let (Some(date), Some(today)) = (self.date_meant(expired), self.with.today()) else {
            return refuse(Refusal::new(
                "no_time",
                "所问的数据没有时间，不能按时间回答",
                "what is asked for has no time, so it cannot be answered for one",
            ));
        };
        let calendar = Calendar {
            today,
            grain: Grain::Day,
            first: today.offset(-40_000),
            // What is due lies ahead, what began is past unless the words point ahead.
            last: if due(&date) || ahead(&times) {
                today.offset(40_000)
            } else {
                today
            },
            reports: false,
        };
        let mut tests: Vec<(CompareOp, Period)> = Vec::new();
        if expired {
            let (count, grain) = self.frame.overdue.unwrap_or((0, Grain::Day));
            tests.extend(earlier(today, count, grain).map(|day| (CompareOp::Lt, day)));
        }
        for (op, when) in self.frame.bounds.clone() {
            tests.push(bound(&calendar, op, when)?);
        }
        if let [Time::Coming(count, grain)] = times.as_slice() {
            tests.push((CompareOp::Ge, today));
            tests.extend(later(today, *count, *grain).map(|day| (CompareOp::Le, day)));
        } else if !times.is_empty() {
            let spans = calendar.spans(&times, false).map_err(Reading::Refuse)?;
            let (first, last) = match spans.periods {
                Some(Periods::At(at)) => (at.first().copied(), at.last().copied()),
                Some(Periods::Range(first, last)) => (Some(first), Some(last)),
                _ => (None, None),
            };
            let (Some(first), Some(last)) =
                (first_day(first), last.and_then(|last| last.last_at(Grain::Day)))
            else {
                return refuse(Refusal::new(
                    "no_time",
                    "没有看懂所指的时间",
                    "the time meant is not understood",
                ));
            };
            tests.extend([(CompareOp::Ge, first), (CompareOp::Le, last)]);
            self.remarks.extend(spans.remarks);
        }
        if self.said.is_none() {
            self.said = Some(Box::new(self.frame.clone()));
        }
        for (op, day) in tests {
            self.frame.filters.push(Filter {
                dimension: date.clone(),
                test: Test::Compare(op, day.to_string()),
            });
        }
        Ok(())
    }

    /// The date that is meant: the one that is named, or for what is past the only one of a kind that the subject has.
    fn date_meant(&self, expired: bool) -> Option<String> {
        let ends = |name: &str| {
            ["expiry", "maturity", "valid_until", "expires"]
                .iter()
                .any(|end| name.contains(end))
        };
        let mut named = self.frame.attributes.iter().filter(|name| is_date(name));
        if let Some(named) = named.find(|name| !expired || ends(name)) {
            return Some(named.clone());
        }
        let entities = self.frame.entity.iter().chain(self.frame.subjects.keys());
        let kinds = entities.chain(&self.entities);
        let mut found: Vec<String> = Vec::new();
        for (table, definition) in &self.catalog.file().tables {
            for name in definition.dimensions.keys() {
                let full = self.catalog.dimension_name(table, name);
                let home = full.split('.').next().unwrap_or_default();
                let known = matches!(self.catalog.dimension(&full), Ok(ResolvedDimension::Column(..)));
                if known && ends(name) && kinds.clone().any(|kind| kind == home) {
                    found.push(full);
                }
            }
        }
        match found.as_slice() {
            [one] if expired => Some(one.clone()),
            _ => None,
        }
    }
}

/// Whether a dimension is a date, by its name.
pub(super) fn is_date(name: &str) -> bool {
    name.ends_with("_date") || name.ends_with("date") || name.contains("expiry") || name.contains("maturity")
}

/// Whether a date is one on which something ends.
fn due(name: &str) -> bool {
    ["expiry", "maturity", "valid_until", "expires"]
        .iter()
        .any(|end| name.contains(end))
}

/// 下个季度, next year.
fn ahead(times: &[Time]) -> bool {
    times.iter().any(|time| {
        matches!(
            time,
            Time::At(When {
                year: Some(Year::Relative(1..)),
                ..
            }) | Time::At(When {
                part: Some(Part::Relative(_, 1..)),
                ..
            })
        )
    })
}

fn first_day(period: Option<Period>) -> Option<Period> {
    period.and_then(Period::first_day).map(Period::day)
}

/// Before or after a stretch; 年底前 includes the end of the year.
fn bound(calendar: &Calendar, op: CompareOp, when: When) -> Built<(CompareOp, Period)> {
    let spans = calendar
        .spans(&[Time::At(when)], false)
        .map_err(Reading::Refuse)?;
    let stretch = match spans.periods {
        Some(Periods::At(at)) => at.first().copied(),
        _ => None,
    };
    let last = stretch.and_then(|stretch| stretch.last_at(Grain::Day));
    let found = match op {
        CompareOp::Gt => last.map(|last| (CompareOp::Gt, last)),
        _ if when.end => last.map(|last| (CompareOp::Le, last)),
        _ => first_day(stretch).map(|first| (CompareOp::Lt, first)),
    };
    match found {
        Some(found) => Ok(found),
        None => refuse(Refusal::new(
            "no_time",
            "没有看懂所指的时间",
            "the time meant is not understood",
        )),
    }
}
