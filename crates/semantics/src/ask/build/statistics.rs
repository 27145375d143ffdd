//! Statistics over all subjects or periods, alone or beside a list.

use super::{Builder, Built, ROWS, push, refuse};
use crate::ask::Refusal;
use crate::ask::clause::Flag;
use crate::ask::piece::Value;
use crate::ask::rules::divide;
use crate::ask::span::{Spans, several};
use crate::query::{BinaryOp, ChangeKind, Condition, Expr, Item, MetricRef, OverWhat, Query, Stat};
use jinsheng_core::Base;

impl Builder<'_> {
    /// Statistics over all subjects, one row (or one for each group).
    pub(super) fn statistics(&mut self, stats: &[Value], spans: &Spans) -> Built<Query> {
        if self.frame.has(Flag::Rank) {
            return refuse(Refusal::new(
                "too_much",
                "一组的统计值的排名还不能直接回答，请改问各组的统计值",
                "the rank of a statistic among groups cannot be answered directly; ask for the statistic of each group",
            ));
        }
        let series = several(spans.periods.as_ref());
        // 三年的平均净利率 of one company: over its years.
        let single = self.frame.subjects.values().map(Vec::len).sum::<usize>() == 1;
        let timed = self.entities.is_empty() || series && single;
        let entity = if timed { None } else { self.listed()? };
        let groups: Vec<String> = self
            .frame
            .groups
            .iter()
            .filter(|group| Some(*group) != entity.as_ref())
            .cloned()
            .collect();
        let mut items = self.folded(stats, entity.as_deref());
        if self.frame.has(Flag::Count) && !self.chosen {
            push(&mut items, self.number_of_rows(entity.as_deref())?);
        }
        let mut query = Query {
            items,
            by: groups,
            of: Vec::new(),
            filters: self.frame.filters.clone(),
            periods: spans.periods.clone(),
            having: None,
            top: None,
            order: Vec::new(),
            limit: None,
        };
        if entity.is_none() && !series {
            // 去年的平均值 goes over the periods within it.
            query.periods = self.inside(query.periods);
        }
        self.choose_subjects(&mut query, !(series && single));
        Ok(query)
    }

    /// Each value folded over the members of an entity or over the periods, with its change where one is asked for.
    fn folded(&self, stats: &[Value], entity: Option<&str>) -> Vec<Item> {
        let mut items = Vec::new();
        for value in stats {
            let Some(stat) = value.stat else { continue };
            let over = match entity {
                Some(entity) => OverWhat::Dimensions(vec![entity.to_owned()]),
                None => OverWhat::Period,
            };
            let folded = match (stat, self.quotient(&value.expr)) {
                // Ratios do not add up: that of all together is meant.
                (Stat::Sum, Some((part, whole))) => divide(
                    Expr::Over(stat, Box::new(part), over.clone()),
                    Expr::Over(stat, Box::new(whole), over),
                ),
                _ => Expr::Over(stat, Box::new(value.expr.clone()), over),
            };
            push(&mut items, folded.clone());
            let quarters = self.frame.has(Flag::Qoq);
            let asked = [Flag::Change, Flag::Up, Flag::Down, Flag::Yoy]
                .into_iter()
                .any(|flag| self.frame.has(flag));
            if entity.is_some() && (asked || quarters) {
                let rules = self.rules();
                let kind = match (rules.movement(&value.expr), quarters) {
                    (ChangeKind::YoyDiff, false) => ChangeKind::YoyDiff,
                    (ChangeKind::YoyDiff, true) => ChangeKind::QoqDiff,
                    (_, true) => ChangeKind::Qoq,
                    (_, false) => ChangeKind::Yoy,
                };
                push(&mut items, Expr::Change(kind, Box::new(folded)));
            }
        }
        items
    }

    /// The parts of a ratio.
    fn quotient(&self, expr: &Expr) -> Option<(Expr, Expr)> {
        let formula = match expr {
            Expr::Metric(metric) => self.catalog.formula(&metric.name)?,
            other => other,
        };
        let base = self.rules().unit_of(expr).map(|unit| unit.base);
        match formula {
            Expr::Binary(BinaryOp::Divide, part, whole) if base == Some(Base::Ratio) => {
                Some(((**part).clone(), (**whole).clone()))
            }
            _ => None,
        }
    }

    /// 一共多少只，总规模多少: the number of subjects beside.
    fn number_of_rows(&self, entity: Option<&str>) -> Built<Expr> {
        let home = self
            .frame
            .entity
            .as_deref()
            .or(entity)
            .and_then(|entity| self.catalog.entity(entity))
            .and_then(|entity| entity.table.clone());
        let rows = home
            .map(|table| format!("{ROWS}{table}"))
            .filter(|name| self.catalog.metric(name).is_some());
        let Some(rows) = rows else {
            return refuse(Refusal::new(
                "too_much",
                "请把个数与统计值分开问",
                "ask for the number and the statistic one by one",
            ));
        };
        Ok(Expr::Metric(MetricRef::plain(rows)))
    }

    /// Whether the statistics are meant of those that conditions or a rank choose: 净利润超过5亿的公司平均负债率. The mean of the
    /// trade beside a list is said so.
    pub(super) fn narrows(&self, spans: &Spans) -> Built<bool> {
        let all = self.frame.values.iter().any(|value| value.of_peers)
            || self.frame.has(Flag::Peers)
            || self.frame.has(Flag::WhichGroup)
            || self.frame.has(Flag::Every) && self.frame.values.iter().any(|value| value.stat.is_none());
        if all {
            return Ok(false);
        }
        if several(spans.periods.as_ref()) {
            return refuse(Refusal::new(
                "too_much",
                "每期选出的公司不同，请逐期询问它们的统计值",
                "each period chooses other subjects; ask for their statistic one period at a time",
            ));
        }
        Ok(true)
    }

    /// 前十家公司净利润占全部的比例: the sums that the share of those chosen is made of.
    pub(super) fn shares_of_chosen(&self, choice: bool, spans: &Spans) -> Vec<Value> {
        let frame = &self.frame;
        let many = !frame.conditions.is_empty()
            || frame
                .top
                .as_ref()
                .is_some_and(|top| top.count.is_some_and(|count| count > 1));
        if !choice || !many || self.chosen || frame.has(Flag::Each) || several(spans.periods.as_ref()) {
            return Vec::new();
        }
        let used = frame
            .conditions
            .iter()
            .flat_map(Condition::exprs)
            .collect::<Vec<_>>();
        let ranked = frame.top.as_ref().and_then(|top| top.by.as_ref());
        let shares = frame
            .values
            .iter()
            .filter(|value| !used.contains(&&value.expr) && ranked != Some(&value.expr));
        shares
            .filter_map(|value| match &value.expr {
                Expr::Share(inner, within) if within.is_empty() => Some(Value {
                    stat: Some(Stat::Sum),
                    ..Value::new((**inner).clone(), value.text.clone())
                }),
                _ => None,
            })
            .collect()
    }

    /// 近三年平均ROE最高的五家: the statistic goes over the periods of each subject, and these are ranked by it.
    pub(super) fn over_time(&mut self, spans: &Spans) {
        let frame = &mut self.frame;
        let Some(top) = frame.top.as_mut().filter(|_| several(spans.periods.as_ref())) else {
            return;
        };
        let ranked =
            |value: &Value, by: Option<&Expr>| value.stat.is_some() && by.is_none_or(|by| *by == value.expr);
        let Some(found) = frame
            .values
            .iter()
            .position(|value| ranked(value, top.by.as_ref()))
        else {
            return;
        };
        let Some(value) = frame.values.get_mut(found) else {
            return;
        };
        let Some(stat) = value.stat.take() else { return };
        let over = Expr::Over(stat, Box::new(value.expr.clone()), OverWhat::Period);
        value.expr = over.clone();
        top.by = Some(over);
    }

    /// The statistic beside a list, as a table of its own.
    pub(super) fn beside(&mut self, stats: &[Value], spans: &Spans) -> Built<Query> {
        let mut wanted: Vec<Value> = stats.to_vec();
        if let Some((stat, _)) = self.frame.peer_stat {
            wanted.extend(
                self.frame
                    .values
                    .iter()
                    .filter(|value| value.stat.is_none())
                    .map(|value| Value {
                        stat: Some(stat),
                        ..value.clone()
                    }),
            );
        }
        let subjects = std::mem::take(&mut self.frame.subjects);
        let groups = std::mem::take(&mut self.frame.groups);
        let query = self.statistics(&wanted, spans);
        self.frame.subjects = subjects;
        self.frame.groups = groups;
        query
    }
}
