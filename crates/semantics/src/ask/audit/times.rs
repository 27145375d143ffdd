//! Times: each is shown, lies in what is shown, or is what it is compared with.

use jinsheng_core::{Grain, Period};
use jinsheng_text::time::Time;

use super::Asked;
use crate::ask::said::Said;
use crate::ask::span::several;
use crate::query::{ChangeKind, Expr, Lag, OverWhat, Periods};

impl Asked<'_> {
    /// The first named time that no period is, lies in or is reached from by a shift.
    pub(super) fn time(&self, said: &Said, all: &[&Expr]) -> Option<String> {
        let each = |(time, _): &&(Time, String)| matches!(time, Time::Each(_));
        let Some(calendar) = self.calendar else {
            return said.times.iter().find(each).map(|(_, text)| text.clone());
        };
        let shown: Vec<&Periods> = self
            .queries
            .iter()
            .filter_map(|query| query.periods.as_ref())
            .collect();
        if shown.is_empty() || all.iter().any(|expr| matches!(expr, Expr::Streak(_))) {
            return None;
        }
        // 占当年营业总收入: the year of each row.
        let own = |text: &str| matches!(text, "当年" | "同年" | "该年");
        let met = |(time, text): &&(Time, String)| {
            // 按月: a row for each of several periods.
            if let Time::Each(_) = time {
                return shown.iter().any(|periods| several(Some(*periods)))
                    || all
                        .iter()
                        .any(|expr| matches!(expr, Expr::Over(_, _, OverWhat::Period)));
            }
            let Time::At(when) = time else { return true };
            if when.year.is_none() || own(text.as_str()) {
                return true;
            }
            let wanted = calendar.named(when);
            let lags = all.iter().filter_map(|expr| self.lag(expr));
            let lags: Vec<_> = lags.collect();
            shown.iter().any(|periods| {
                covers(periods, wanted, calendar.today)
                    || earlier(periods, &lags)
                        .into_iter()
                        .any(|period| overlap(period, wanted))
            })
        };
        said.times
            .iter()
            .find(|time| !met(time))
            .map(|(_, text)| text.clone())
    }

    /// How far a value looks back.
    fn lag(&self, expr: &Expr) -> Option<Lag> {
        let years = |count: u32| Lag {
            count,
            grain: Grain::Year,
        };
        match expr {
            Expr::Shift(_, lag) => Some(*lag),
            Expr::Cagr(_, count) => Some(years(*count)),
            Expr::Change(kind, _) => self.back(*kind),
            Expr::Metric(metric) => {
                let growth = self.rules.catalog.metric(&metric.name)?.growth_of.as_ref()?;
                self.back(growth.change)
            }
            _ => None,
        }
    }

    fn back(&self, kind: ChangeKind) -> Option<Lag> {
        let shown = self
            .queries
            .iter()
            .find_map(|query| query.periods.as_ref()?.grain());
        let grain = match kind {
            ChangeKind::Yoy | ChangeKind::YoyDiff => Grain::Year,
            ChangeKind::Qoq | ChangeKind::QoqDiff => shown?,
        };
        Some(Lag { count: 1, grain })
    }
}

/// Whether periods show one, or what lies within it.
fn covers(periods: &Periods, wanted: Period, today: Period) -> bool {
    match periods {
        Periods::At(at) => at.iter().any(|period| overlap(*period, wanted)),
        Periods::Range(first, last) => {
            let (start, end) = (first.first_day(), last.last_day());
            wanted.last_day() >= start && wanted.first_day() <= end
        }
        Periods::Last(..) => wanted.first_day() <= today.last_day(),
        Periods::Each(_) => true,
    }
}

/// Whether one of two periods lies in the other or ends with it.
fn overlap(one: Period, other: Period) -> bool {
    let (first, last) = (one.first_day(), one.last_day());
    let (start, end) = (other.first_day(), other.last_day());
    start <= last && first <= end
}

/// The periods so much before those that are shown.
fn earlier(periods: &Periods, lags: &[Lag]) -> Vec<Period> {
    let shown: Vec<Period> = match periods {
        Periods::At(at) => at.clone(),
        Periods::Range(first, last) => vec![*first, *last],
        Periods::Last(..) | Periods::Each(_) => Vec::new(),
    };
    let back = |period: &Period, lag: &Lag| {
        let per_year = |grain: Grain| grain.per_year().unwrap_or(365);
        let step = per_year(period.grain()) / per_year(lag.grain).max(1);
        period.offset(
            -(i32::try_from(lag.count)
                .unwrap_or(i32::MAX)
                .saturating_mul(step.max(1))),
        )
    };
    shown
        .iter()
        .flat_map(|period| lags.iter().map(move |lag| back(period, lag)))
        .collect()
}
