//! A second look at a reading that knows nothing of the rules that made it: every word, number, time and name of the
//! question has something of its kind to stand for it in what is asked of the engine, or there is no answer.

mod names;
mod numbers;
mod times;

use std::collections::BTreeMap;

use jinsheng_core::{Base, Grain};

use super::frame::Frame;
use super::rules::Rules;
use super::said::Said;
use super::span::Calendar;
use super::words::Word as W;
use super::{Refusal, Then};
use crate::catalog::TimeBehaviour;
use crate::query::{
    BinaryOp, ChangeKind, CompareOp, Condition, Expr, Filter, Form, MetricRef, Periods, Query, Stat, Test,
};

/// What is asked of the engine for a question.
pub(super) struct Asked<'q> {
    pub(super) rules: Rules<'q>,
    pub(super) frame: &'q Frame,
    /// The Query and those beside it, the first one first.
    pub(super) queries: Vec<&'q Query>,
    pub(super) then: &'q Then,
    pub(super) calendar: Option<Calendar>,
    /// How many members each entity has.
    pub(super) sizes: &'q BTreeMap<String, usize>,
    /// A share of a count, or of what is chosen in all, is shown beside.
    pub(super) shares: bool,
    /// Values are shown as spread over all.
    pub(super) spread: bool,
}

/// The first thing said that nothing stands for.
pub(super) fn unmet(asked: &Asked<'_>) -> Option<Refusal> {
    let said = &asked.frame.said;
    if matches!(asked.then, Then::Why | Then::Names(_)) {
        return None;
    }
    let all = asked.exprs();
    let word = said
        .words
        .iter()
        .find(|(word, text)| !asked.word(*word, said, &all) || asked.not_a_rate(*word, text, &all));
    if asked.sums_of_unlike_stretches(&all) {
        return Some(unlike_stretches(said));
    }
    let text = word
        .map(|(_, text)| text.clone())
        .or_else(|| asked.number(said, &all))
        .or_else(|| asked.time(said, &all))
        .or_else(|| asked.metric(said, &all))
        .or_else(|| asked.name(said, &all))
        .or_else(|| asked.comparisons(said))
        .or_else(|| asked.ends(said, &all))?;
    let mut refusal = Refusal::new(
        "not_understood",
        format!("没有看懂问题里的「{text}」该怎样计算"),
        format!("how `{text}` in the question is to be computed is not understood"),
    );
    refusal.missing = vec![text];
    Some(refusal)
}

/// Why two sums since the start of their years do not compare.
fn unlike_stretches(said: &Said) -> Refusal {
    let mut refusal = Refusal::new(
        "not_understood",
        "所问的数从年初起累计，期数不同的累计数不能相比；可以改问同比或单季环比",
        "the figure counts from the start of the year; sums of unlike stretches do not compare: ask for the change on the year before, or of single quarters",
    );
    refusal.missing = said.times.iter().map(|(_, text)| text.clone()).collect();
    refusal
}

impl Asked<'_> {
    /// Every value that a Query names, and those inside.
    fn exprs(&self) -> Vec<&Expr> {
        let mut all = Vec::new();
        for query in &self.queries {
            for expr in query.exprs() {
                within(expr, &mut all);
            }
        }
        for claim in &self.frame.claims {
            for expr in claim.exprs() {
                within(expr, &mut all);
            }
        }
        all
    }

    /// Whether something stands for a word.
    fn word(&self, word: W, said: &Said, all: &[&Expr]) -> bool {
        let any = |test: &dyn Fn(&Expr) -> bool| all.iter().any(|expr| test(expr));
        let stat = |wanted: Stat| {
            any(&|expr| matches!(expr, Expr::Over(own, ..) | Expr::Peers(own, ..) if *own == wanted))
        };
        match word {
            W::Stat(Stat::Sum) => self.summed(said, all),
            W::Stat(Stat::Mean) => {
                stat(Stat::Mean) || self.spread || self.frame.has(super::clause::Flag::Peers)
            }
            W::Stat(Stat::Median) => stat(Stat::Median) || self.spread,
            // Causes are sought in what is shown beside.
            W::Overall => said.has(|word| matches!(word, W::Stat(Stat::Mean) | W::Why)) || !stat(Stat::Mean),
            W::Or => self.alternatives(),
            W::Order(_) => {
                self.queries
                    .iter()
                    .any(|query| !query.order.is_empty() || query.top.is_some())
                    || any(&|expr| matches!(expr, Expr::Rank(..)))
                    || self.queries.iter().all(|query| query.by.is_empty())
            }
            W::Deviation | W::Quartile(_) | W::Percentile => self.spread,
            W::Absolute => any(&|expr| matches!(expr, Expr::Abs(_))),
            W::Form(Form::Ttm) => {
                any(&|expr| matches!(expr, Expr::Metric(metric) if metric.form == Some(Form::Ttm)))
            }
            W::Plus => {
                any(&|expr| matches!(expr, Expr::Binary(BinaryOp::Add, ..) | Expr::Over(Stat::Sum, ..)))
                    || self.queries.iter().any(|query| query.items.len() > 1)
            }
            W::Share | W::ShareOf => {
                self.shares
                    || any(&|expr| {
                        matches!(expr, Expr::Share(..) | Expr::Binary(BinaryOp::Divide, ..))
                            || self.ratio(expr)
                    })
                    || matches!(self.then, Then::Bands(..))
            }
            W::Except | W::ExceptBehind => self.excluded(all),
            _ => true,
        }
    }

    /// 净利润比年初增加: three quarters less a whole year. Amounts that count from the start of the year compare over years alone.
    fn sums_of_unlike_stretches(&self, all: &[&Expr]) -> bool {
        let amount = |expr: &Expr| {
            let base = self.rules.unit_of(expr).map(|unit| unit.base);
            !matches!(base, Some(Base::Ratio | Base::RatioPoints))
        };
        let from_start = |expr: &Expr| match expr {
            Expr::Metric(metric) => metric.form.is_none() && self.counts_from_start(&metric.name),
            _ => false,
        };
        all.iter().any(|expr| match expr {
            Expr::Binary(BinaryOp::Subtract, now, then) => match &**then {
                Expr::Shift(then, lag) => {
                    let mut parts = Vec::new();
                    within(now, &mut parts);
                    lag.grain != Grain::Year
                        && now == then
                        && amount(now)
                        && parts.into_iter().any(from_start)
                }
                _ => false,
            },
            _ => false,
        })
    }

    /// Whether a metric, or a part of its formula, counts from the start of the year.
    fn counts_from_start(&self, name: &str) -> bool {
        let own = Expr::Metric(MetricRef::plain(name));
        self.rules.metrics_of(&own).iter().any(|name| {
            let metric = self.rules.catalog.metric(name);
            metric
                .and_then(|metric| self.rules.catalog.behaviour(metric))
                .is_some_and(|time| matches!(time, TimeBehaviour::FlowYtd))
        })
    }

    /// A stored ratio.
    fn ratio(&self, expr: &Expr) -> bool {
        let base = self.rules.unit_of(expr).map(|unit| unit.base);
        matches!(expr, Expr::Metric(_)) && matches!(base, Some(Base::Ratio | Base::RatioPoints))
    }

    /// 总, 合计: a sum is shown, or one figure that is a sum by itself.
    fn summed(&self, said: &Said, all: &[&Expr]) -> bool {
        let sums = all.iter().any(|expr| {
            matches!(
                expr,
                Expr::Over(Stat::Sum | Stat::Count, ..)
                    | Expr::Peers(Stat::Sum, ..)
                    | Expr::Share(..)
                    | Expr::Binary(BinaryOp::Add, ..)
            )
        });
        let of_members = |query: &&Query| {
            query.of.is_empty()
                && query.top.is_none()
                && query
                    .by
                    .iter()
                    .any(|name| self.rules.catalog.entity(name).is_some())
        };
        let listed = said.has(|word| matches!(word, W::Each | W::Which | W::List | W::Rank | W::Trend));
        sums || matches!(
            self.then,
            Then::Count(_) | Then::EveryPeriod(..) | Then::Bands(..)
        ) || listed
            || !self.queries.iter().any(of_members)
    }

    /// 增长率 with nothing but differences in a unit; 增幅 may be either.
    fn not_a_rate(&self, word: W, text: &str, all: &[&Expr]) -> bool {
        const RATES: [&str; 5] = ["率", "速", "growth", "percent", "pct"];
        if word != W::Growth || !RATES.iter().any(|rate| text.contains(rate)) {
            return false;
        }
        let mut kinds = all.iter().filter_map(|expr| match expr {
            Expr::Change(kind, _) => Some(*kind),
            _ => None,
        });
        let difference = |kind| matches!(kind, ChangeKind::YoyDiff | ChangeKind::QoqDiff);
        let rates = all.iter().any(|expr| match expr {
            Expr::Metric(metric) => self
                .rules
                .catalog
                .metric(&metric.name)
                .is_some_and(|metric| metric.growth_of.is_some()),
            Expr::Cagr(..) | Expr::Binary(BinaryOp::Divide, ..) => true,
            _ => false,
        });
        let first = kinds.next();
        !rates && first.is_some_and(difference) && kinds.all(difference)
    }

    /// 或: a choice among conditions, values, subjects, periods or figures.
    fn alternatives(&self) -> bool {
        let several = |filter: &Filter| matches!(&filter.test, Test::In(keys) if keys.len() > 1);
        self.queries.len() > 1
            || self.queries.iter().any(|query| {
                query.having.as_ref().is_some_and(any_of)
                    || query.of.len() + query.filters.len() > 1
                    || query.of.iter().chain(&query.filters).any(several)
                    || query.items.len() > 1
                    || matches!(&query.periods, Some(Periods::At(at)) if at.len() > 1)
            })
            || !self.frame.claims.is_empty()
    }

    /// 剔除: rows or subjects are left out.
    fn excluded(&self, all: &[&Expr]) -> bool {
        let query =
            |query: &&Query| query.having.is_some() || !query.filters.is_empty() || !query.of.is_empty();
        // 扣除 is a subtraction too.
        let less = |expr: &&Expr| matches!(expr, Expr::Binary(BinaryOp::Subtract, ..));
        self.queries.iter().any(query) || all.iter().any(less)
    }

    /// A comparison more than there are conditions.
    fn comparisons(&self, said: &Said) -> Option<String> {
        let compares = |(word, text): &&(W, String)| {
            matches!(word, W::Compare(op) if *op != CompareOp::Eq) && text != "过"
        };
        let asked = said.words.iter().filter(compares).count();
        let frame = self.frame;
        let conditions = self.queries.iter().filter_map(|query| query.having.as_ref());
        let shown = conditions.chain(&frame.claims).map(leaves).sum::<usize>()
            + self
                .queries
                .iter()
                .map(|query| query.filters.len() + query.of.len())
                .sum::<usize>()
            + frame.bounds.len()
            + usize::from(frame.overdue.is_some())
            + frame.bands.len() * 2
            + self
                .exprs()
                .iter()
                .filter(|expr| {
                    matches!(
                        expr,
                        Expr::Streak(_) | Expr::Change(..) | Expr::Binary(BinaryOp::Subtract, ..)
                    )
                })
                .count();
        let text = said
            .words
            .iter()
            .rev()
            .find(|(word, _)| matches!(word, W::Compare(_)));
        (asked > shown)
            .then(|| text.map(|(_, text)| text.clone()))
            .flatten()
    }

    /// A highest or lowest more than there are ranks.
    fn ends(&self, said: &Said, all: &[&Expr]) -> Option<String> {
        let most = |word: W| matches!(word, W::Most(_));
        let asked = said.count(most);
        let ranks = all
            .iter()
            .filter(|expr| {
                matches!(
                    expr,
                    Expr::Rank(..)
                        | Expr::Over(Stat::Max | Stat::Min, ..)
                        | Expr::Peers(Stat::Max | Stat::Min, ..)
                )
            })
            .count();
        let shown = self.queries.iter().filter(|query| query.top.is_some()).count()
            + self.queries.iter().map(|query| query.order.len()).sum::<usize>()
            + ranks
            + usize::from(self.frame.subjects.values().map(Vec::len).sum::<usize>() > 1);
        let text = said.words.iter().rev().find(|(word, _)| most(*word));
        (asked > shown)
            .then(|| text.map(|(_, text)| text.clone()))
            .flatten()
    }
}

/// A value and all inside it.
fn within<'e>(expr: &'e Expr, all: &mut Vec<&'e Expr>) {
    all.push(expr);
    for part in expr.parts() {
        within(part, all);
    }
}

fn any_of(condition: &Condition) -> bool {
    match condition {
        Condition::Any(_) => true,
        Condition::Not(inner) => any_of(inner),
        Condition::All(parts) => parts.iter().any(any_of),
        Condition::Compare(_, op, _) => *op == CompareOp::Ne,
        Condition::Missing(..) => false,
    }
}

/// How many comparisons a condition has.
fn leaves(condition: &Condition) -> usize {
    match condition {
        Condition::Compare(..) | Condition::Missing(..) => 1,
        Condition::Not(inner) => leaves(inner),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().map(leaves).sum(),
    }
}
