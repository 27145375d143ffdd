//! Events over a stretch of days: what a subject bought or what falls due is one amount, not one a day.

use jinsheng_core::{Grain, Period};

use super::Builder;
use crate::ask::Remark;
use crate::ask::clause::Flag;
use crate::ask::span::Spans;
use crate::catalog::TimeBehaviour;
use crate::query::{Condition, Expr, OverWhat, Periods, Stat};

impl Builder<'_> {
    /// 未来三个月到期金额最大的客户, 申购金额最大的基金: the amounts of a table of events are added up over the days that are
    /// asked for, over all days where none are.
    pub(super) fn events(&mut self, spans: &mut Spans) {
        let frame = &self.frame;
        let chooses = frame.top.is_some() || !frame.conditions.is_empty();
        let course = [Flag::Trend, Flag::Change, Flag::Yoy, Flag::Qoq, Flag::Streak]
            .into_iter()
            .any(|flag| frame.has(flag));
        if !chooses
            || course
            || self.entities.is_empty()
            || frame.values.iter().any(|value| value.stat.is_some())
        {
            return;
        }
        let exprs = self.exprs();
        let metrics = exprs.iter().filter(|expr| !matches!(expr, Expr::Number(_)));
        if !metrics.clone().all(|expr| self.is_event(expr)) || metrics.count() == 0 {
            return;
        }
        let Some(calendar) = self.calendar().filter(|calendar| calendar.grain == Grain::Day) else {
            return;
        };
        match &spans.periods {
            Some(Periods::Range(first, _)) if first.grain() == Grain::Day => {}
            None => {
                let last = calendar.last.min(calendar.today);
                spans.periods = Some(Periods::Range(calendar.first, last));
                spans.remarks.push(all_days(calendar.first, last));
            }
            _ => return,
        }
        let over = |expr: &mut Expr| {
            if matches!(expr, Expr::Metric(_)) {
                *expr = Expr::Over(Stat::Sum, Box::new(expr.clone()), OverWhat::Period);
            }
        };
        for value in &mut self.frame.values {
            over(&mut value.expr);
        }
        if let Some(by) = self.frame.top.as_mut().and_then(|top| top.by.as_mut()) {
            over(by);
        }
        for condition in &mut self.frame.conditions {
            added_up(condition, &over);
        }
    }

    /// Whether a value is an amount that happens on days: neither a state nor a rate nor a price.
    fn is_event(&self, expr: &Expr) -> bool {
        let Expr::Metric(metric) = expr else { return false };
        self.catalog
            .metric(&metric.name)
            .and_then(|metric| self.catalog.behaviour(metric))
            .is_some_and(|time| matches!(time, TimeBehaviour::Flow))
    }
}

fn added_up(condition: &mut Condition, over: &dyn Fn(&mut Expr)) {
    match condition {
        Condition::Compare(left, _, right) => {
            over(left);
            over(right);
        }
        Condition::Missing(expr, _) => over(expr),
        Condition::Not(inner) => added_up(inner, over),
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter_mut().for_each(|part| added_up(part, over))
        }
    }
}

fn all_days(first: Period, last: Period) -> Remark {
    Remark {
        code: "all_days",
        text: (
            format!("未指定期间，合计 {first} 至 {last} 的全部数据"),
            format!("no period was named: everything from {first} to {last} is added up"),
        ),
    }
}
