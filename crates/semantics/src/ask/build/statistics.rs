//! Statistics over all subjects or periods, alone or beside a list.

use super::{Builder, Built, ROWS, push, refuse};
use crate::ask::Refusal;
use crate::ask::clause::Flag;
use crate::ask::piece::{Spread, Value};
use crate::ask::rules::{divide, figure_of, subtract};
use crate::ask::span::{Spans, several};
use crate::query::{
    BinaryOp, ChangeKind, Condition, Expr, Item, MetricRef, OverWhat, Query, Stat, Test, Top,
};
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

    /// 平均规模最大的行业: the first of the groups by their statistic.
    pub(super) fn first_group(&mut self, stats: &[Value], spans: &Spans) -> Built<Query> {
        let top = self.frame.top.clone();
        let mut query = self.statistics(stats, spans)?;
        query.top = top.zip(query.items.first()).map(|(top, item)| Top {
            count: top.count.unwrap_or(1),
            direction: top.direction,
            by: item.expr.clone(),
            within: Vec::new(),
        });
        Ok(query)
    }

    /// Whether a value is what there is at a time.
    fn is_state(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::Metric(metric) if self
            .catalog
            .metric(&metric.name)
            .and_then(|metric| self.catalog.behaviour(metric))
            .is_some_and(|time| time == crate::catalog::TimeBehaviour::Stock))
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
            // A state adds up over subjects and never over time.
            if stat == Stat::Sum && entity.is_none() && self.is_state(&value.expr) {
                continue;
            }
            let folded = match (stat, self.quotient(&value.expr)) {
                // The growth of a sum is not the sum of growth rates.
                _ if stat == Stat::Sum && self.grown(&value.expr).is_some() => {
                    let (kind, base) = self
                        .grown(&value.expr)
                        .unwrap_or((ChangeKind::Yoy, value.expr.clone()));
                    Expr::Change(kind, Box::new(Expr::Over(stat, Box::new(base), over)))
                }
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

    /// What a growth rate is of, and against what.
    fn grown(&self, expr: &Expr) -> Option<(ChangeKind, Expr)> {
        match expr {
            Expr::Change(kind, inner) => Some((*kind, (**inner).clone())),
            Expr::Metric(metric) => {
                let growth = self.catalog.metric(&metric.name)?.growth_of.as_ref()?;
                Some((growth.change, Expr::Metric(MetricRef::plain(&growth.metric))))
            }
            _ => None,
        }
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

    /// 前十的公司的平均负债率与全部公司对比: of those, and of all.
    pub(super) fn beside_all(&self) -> bool {
        let frame = &self.frame;
        let ranked = frame.top.as_ref().and_then(|top| top.by.as_ref());
        let free = frame.values.iter().all(|value| {
            let mut exprs = frame.conditions.iter().flat_map(Condition::exprs);
            value.stat.is_some() || ranked == Some(&value.expr) || exprs.any(|expr| *expr == value.expr)
        });
        let all = frame.has(Flag::Every) || frame.has(Flag::Peers) || frame.peer_stat.is_some();
        frame.has(Flag::Versus) && all && free && frame.values.iter().any(|value| value.stat.is_some())
    }

    /// Whether the statistics are meant of those that conditions or a rank choose: 净利润超过5亿的公司平均负债率. The mean of the
    /// trade beside a list is said so.
    pub(super) fn narrows(&self, spans: &Spans) -> Built<bool> {
        if self.beside_all() {
            return Ok(true);
        }
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

    /// 医药与电子行业平均研发费用率谁更高: each of the values named is a group.
    pub(super) fn groups_compared(&mut self) {
        let frame = &mut self.frame;
        let stats = frame.values.iter().any(|value| value.stat.is_some());
        let compared = [Flag::Versus, Flag::Which, Flag::Person, Flag::Each]
            .into_iter()
            .any(|flag| frame.flags.contains(&flag))
            || frame.top.is_some();
        if !stats || !compared || !frame.groups.is_empty() || !frame.conditions.is_empty() {
            return;
        }
        let named = frame.filters.iter().find_map(|filter| match &filter.test {
            Test::In(values) if values.len() > 1 => Some(filter.dimension.clone()),
            _ => None,
        });
        if let Some(dimension) = named {
            frame.groups.push(dimension);
            if frame.top.is_some() {
                frame.flags.insert(Flag::WhichGroup);
            }
        }
    }

    /// 合计占全部的比例: a share of a sum is the sum of the shares.
    pub(super) fn sums_of_shares(&mut self) {
        for value in &mut self.frame.values {
            if matches!(value.expr, Expr::Share(..)) && value.stat == Some(Stat::Sum) {
                value.stat = None;
            }
        }
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

    /// 净利率的标准差: the values of all, of which it is computed.
    pub(super) fn spread(&mut self, spans: &Spans) -> Built<Option<(Query, Vec<Spread>)>> {
        if self.frame.spreads.is_empty() {
            return Ok(None);
        }
        let whole = self.frame.clone();
        for value in &mut self.frame.values {
            value.stat = None;
        }
        let mut seen: Vec<Value> = Vec::new();
        for value in std::mem::take(&mut self.frame.values) {
            if !seen.iter().any(|known| known.expr == value.expr) {
                seen.push(value);
            }
        }
        self.frame.values = seen;
        if self.frame.subjects.is_empty() {
            self.frame.flags.insert(Flag::Every);
        }
        let query = self.listing(spans);
        self.frame = whole;
        Ok(Some((query?, self.frame.spreads.clone())))
    }

    /// 甲和乙的毛利率相差多少: the difference of the two, beside their figures.
    pub(super) fn gap(&mut self, spans: &Spans) -> Built<Option<Query>> {
        let subjects: Vec<(String, String)> = self
            .frame
            .subjects
            .iter()
            .flat_map(|(entity, keys)| keys.iter().map(|key| (entity.clone(), key.clone())))
            .collect();
        let ([first, (entity, key)], [value]) = (subjects.as_slice(), self.frame.values.as_slice()) else {
            return Ok(None);
        };
        if !self.frame.has(Flag::Gap) || value.stat.is_some() || first.0 != *entity {
            return Ok(None);
        }
        let Some(other) = figure_of(&value.expr, entity, key) else {
            return Ok(None);
        };
        let apart = subtract(value.expr.clone(), other);
        let whole = self.frame.clone();
        self.frame.subjects = std::iter::once((first.0.clone(), vec![first.1.clone()])).collect();
        self.frame.values = vec![Value::new(apart, "")];
        let query = self.listing(spans);
        self.frame = whole;
        query.map(Some)
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
