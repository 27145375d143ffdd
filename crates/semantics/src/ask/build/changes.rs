//! Rises and falls: as conditions where subjects are sought, as columns beside a figure elsewhere.

use jinsheng_core::{Base, Decimal, Grain, Quantity, Unit};

use super::{Builder, push};
use crate::ask::clause::Flag;
use crate::ask::piece::Value;
use crate::ask::rules::{condition_of_movement, divide, subtract};
use crate::ask::span::Spans;
use crate::query::{ChangeKind, CompareOp, Condition, Expr, Item, Lag, Periods, Stat};

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

    /// 2023年前十的公司中2024年减少的: the first of another period are chosen among all, before any condition holds.
    pub(super) fn chosen_earlier(&mut self) {
        let Some(top) = &self.frame.top else { return };
        let (Some(by), Some(count)) = (&top.by, top.count) else {
            return;
        };
        if !matches!(by, Expr::Shift(..)) || self.frame.conditions.is_empty() || !self.frame.groups.is_empty()
        {
            return;
        }
        let place = Expr::Rank(Box::new(by.clone()), top.direction, Vec::new());
        let limit = Quantity::new(Decimal::from(count), Unit::PLAIN);
        let first = Condition::Compare(place, CompareOp::Le, Expr::Number(limit));
        self.frame.conditions.push(first);
        self.frame.top = None;
        self.frame.flags.remove(&Flag::Rank);
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
        // 一季度环比上年四季度: the earlier of the two is what it is compared with.
        let on_quarter = |value: &Value| match &value.expr {
            Expr::Change(kind, _) => matches!(kind, ChangeKind::Qoq | ChangeKind::QoqDiff),
            Expr::Metric(metric) => metric.name.ends_with("_qoq"),
            _ => false,
        };
        if let Some(Periods::At(at)) = &spans.periods
            && let [first, last] = at.as_slice()
            && first.offset(1) == *last
            && frame.values.iter().any(on_quarter)
            && !frame
                .values
                .iter()
                .any(|value| grows(value) && !on_quarter(value))
        {
            let last = *last;
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

    /// 年报和三季报的变化: between two periods that are not a year apart, from the earlier to the later.
    pub(super) fn between_points(&mut self, spans: &mut Spans) {
        let Some(Periods::At(at)) = &spans.periods else {
            return;
        };
        let [first, last] = at.as_slice() else { return };
        let (first, last) = (*first.min(last), *first.max(last));
        let year = match last.grain() {
            Grain::Year => 1,
            Grain::Half => 2,
            Grain::Quarter => 4,
            Grain::Month => 12,
            Grain::Day => return,
        };
        let frame = &self.frame;
        let asked = [Flag::Change, Flag::Up, Flag::Down, Flag::Gap]
            .into_iter()
            .any(|flag| frame.has(flag));
        let named = frame.has(Flag::Yoy) || frame.has(Flag::Qoq);
        let chooses = !frame.conditions.is_empty() || frame.top.is_some() || !frame.bands.is_empty();
        let plain = |value: &Value| {
            value.stat.is_none()
                && match &value.expr {
                    Expr::Metric(_) => true,
                    Expr::Change(_, inner) => matches!(**inner, Expr::Metric(_)),
                    _ => false,
                }
        };
        let apart = last.index().abs_diff(first.index());
        let fits = frame.values.iter().all(plain) && !frame.values.is_empty() && frame.values.len() < 4;
        if apart == year || apart == 0 || !asked || named || chooses || !fits || frame.subjects.is_empty() {
            return;
        }
        let lag = Lag {
            count: apart,
            grain: last.grain(),
        };
        let rules = self.rules();
        let mut values: Vec<Value> = Vec::new();
        for value in &self.frame.values {
            let now = match &value.expr {
                Expr::Change(_, inner) => (**inner).clone(),
                other => other.clone(),
            };
            let then = Expr::Shift(Box::new(now.clone()), lag);
            let moved = subtract(now.clone(), then.clone());
            let base = rules.unit_of(&now).map(|unit| unit.base);
            let share = matches!(base, Some(Base::Ratio | Base::RatioPoints));
            let rate = (!share).then(|| divide(moved.clone(), Expr::Abs(Box::new(then.clone()))));
            let all = [Some(now), Some(then), Some(moved), rate].into_iter().flatten();
            values.extend(all.map(|expr| Value {
                expr,
                moved: None,
                ..value.clone()
            }));
        }
        let mut seen: Vec<Expr> = Vec::new();
        values.retain(|value| {
            let new = !seen.contains(&value.expr);
            seen.push(value.expr.clone());
            new
        });
        self.frame.values = values;
        for flag in [Flag::Change, Flag::Up, Flag::Down, Flag::Versus] {
            self.frame.flags.remove(&flag);
        }
        spans.periods = Some(Periods::At(vec![last]));
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
