//! Rises and falls: as conditions where subjects are sought, as columns beside a figure elsewhere.

use jinsheng_core::{Base, Grain};

use super::{Builder, push};
use crate::ask::clause::Flag;
use crate::ask::piece::Value;
use crate::ask::rules::condition_of_movement;
use crate::ask::span::Spans;
use crate::query::{ChangeKind, Condition, Expr, Item, Lag, Periods, Stat};

impl Builder<'_> {
    /// 净利润增长的公司: a movement is a condition where subjects are sought.
    pub(super) fn movements(&mut self) {
        let sought = [Flag::Which, Flag::Count, Flag::Every, Flag::Among]
            .into_iter()
            .any(|flag| self.frame.has(flag))
            || (self.frame.entity.is_some() && self.frame.subjects.is_empty())
            || (!self.frame.conditions.is_empty() && self.frame.subjects.is_empty());
        // 净利润增长的公司，平均毛利率是多少: how much is asked of another figure.
        let other = self.frame.values.iter().any(|value| value.moved.is_none());
        let how_much = self.frame.has(Flag::HowMuch) && !other;
        if !sought || self.frame.top.is_some() || self.frame.has(Flag::Why) || how_much {
            return;
        }
        let made: Vec<Condition> = self
            .frame
            .values
            .iter()
            .filter(|value| !used(&self.frame.conditions, &value.expr))
            .filter_map(condition_of_movement)
            .collect();
        self.frame.conditions.extend(made);
        // 要么…要么…: one of them is enough.
        if self.frame.has(Flag::Or) && self.frame.conditions.len() > 1 {
            self.frame.conditions = vec![Condition::Any(std::mem::take(&mut self.frame.conditions))];
        }
    }

    /// 行业整体毛利率下降的原因: of all together, an amount as their sum, a ratio as their mean.
    pub(super) fn overall(&mut self) {
        let trade = self.frame.has(Flag::Peers) && self.frame.has(Flag::Why);
        let free = self.frame.subjects.is_empty()
            && self.frame.conditions.is_empty()
            && self.frame.top.is_none()
            && self.frame.groups.is_empty()
            && self.frame.bands.is_empty()
            && ![
                Flag::Which,
                Flag::Each,
                Flag::List,
                Flag::Count,
                Flag::Distribution,
            ]
            .into_iter()
            .any(|flag| self.frame.has(flag));
        if !free || !(trade || self.frame.has(Flag::Overall)) {
            return;
        }
        let rules = self.rules();
        for value in self.frame.values.iter_mut().filter(|value| value.stat.is_none()) {
            let base = rules.unit_of(&value.base).map(|unit| unit.base);
            let adds = matches!(base, Some(Base::Money(_) | Base::Count | Base::People));
            if let Expr::Change(..) = value.expr {
                value.expr = value.base.clone();
                self.frame.flags.insert(Flag::Change);
            }
            value.stat = Some(if adds { Stat::Sum } else { Stat::Mean });
        }
        self.frame.flags.remove(&Flag::Why);
    }

    /// 资产负债率变化情况 of one subject, with no time: its course.
    pub(super) fn course(&mut self) {
        let frame = &mut self.frame;
        let moved = frame
            .values
            .iter()
            .any(|value| value.is_change() || value.stat.is_some());
        if frame.has(Flag::Change)
            && frame.times.is_empty()
            && !frame.subjects.is_empty()
            && !frame.lists()
            && !moved
            && ![Flag::HowMuch, Flag::Yoy, Flag::Qoq, Flag::Why]
                .into_iter()
                .any(|flag| frame.has(flag))
        {
            frame.flags.insert(Flag::Trend);
        }
    }

    /// 2023年到2024年增长了多少: the change is that of the later year.
    pub(super) fn between(&self, spans: &mut Spans) {
        let frame = &self.frame;
        let rules = self.rules();
        let grows = |value: &Value| {
            matches!(value.expr, Expr::Change(ChangeKind::Yoy | ChangeKind::YoyDiff, _))
                || rules.is_growth(&value.expr)
        };
        // 连续三年（2022-2024年）: what holds at the end of the stretch.
        let streak = |expr: &Expr| matches!(expr, Expr::Streak(_));
        if frame.conditions.iter().flat_map(Condition::exprs).any(streak)
            && let Some(Periods::Range(_, last)) = spans.periods
        {
            spans.periods = Some(Periods::At(vec![last]));
        }
        let asked = frame.has(Flag::HowMuch) && !frame.has(Flag::Yoy) && frame.values.iter().any(grows);
        if let Some(Periods::Range(first, last)) = spans.periods
            && asked
            && last.grain() == Grain::Year
            && last.offset(-1) == first
        {
            spans.periods = Some(Periods::At(vec![last]));
        }
    }

    /// 有什么变化 without saying against what: on the year before.
    pub(super) fn changes(&self, items: &mut Vec<Item>) {
        let quarters = self.frame.has(Flag::Qoq);
        let asked = [Flag::Change, Flag::Up, Flag::Down, Flag::Yoy, Flag::Qoq]
            .into_iter()
            .any(|flag| self.frame.has(flag));
        let known = self.frame.values.iter().any(|value| value.is_change());
        if !asked || known || self.frame.top.is_some() || self.frame.has(Flag::Trend) {
            return;
        }
        let rules = self.rules();
        for value in self.frame.values.iter().filter(|value| {
            value.stat.is_none() && matches!(value.expr, Expr::Metric(_) | Expr::Share(..) | Expr::Binary(..))
        }) {
            // A growth rate is the change itself.
            if rules.is_growth(&value.expr) {
                continue;
            }
            let kind = match rules.movement(&value.expr) {
                ChangeKind::YoyDiff if quarters => ChangeKind::QoqDiff,
                _ if quarters => ChangeKind::Qoq,
                usual => usual,
            };
            let changed = value.clone().changed(kind);
            push(items, changed.expr.clone());
            self.companions(&changed, items);
        }
    }

    /// What makes a change understood: the value itself and its change in its own unit.
    pub(super) fn companions(&self, value: &Value, items: &mut Vec<Item>) {
        if let Expr::Change(kind, inner) = &value.expr {
            push(items, (**inner).clone());
            let amount = match kind {
                ChangeKind::Yoy => ChangeKind::YoyDiff,
                ChangeKind::Qoq => ChangeKind::QoqDiff,
                same => *same,
            };
            push(items, Expr::Change(amount, inner.clone()));
            let before = self.frame.has(Flag::Why) || self.frame.has(Flag::BothPeriods);
            if matches!(kind, ChangeKind::Yoy | ChangeKind::YoyDiff) && before {
                let lag = Lag {
                    count: 1,
                    grain: Grain::Year,
                };
                push(items, Expr::Shift(inner.clone(), lag));
            }
        }
    }
}

/// Whether conditions look at a value.
fn used(conditions: &[Condition], expr: &Expr) -> bool {
    conditions
        .iter()
        .flat_map(Condition::exprs)
        .any(|known| known == expr)
}
