//! Every word of a question that changes its meaning must show in what is asked of the engine; a reading that leaves one
//! over is no answer.

use super::clause::Flag;
use super::frame::Frame;
use super::rules::Rules;
use super::words::Chart;
use super::{Refusal, Then};
use crate::query::{BinaryOp, Condition, Expr, OrderKey, Periods, Query, Stat, Test};

/// The first word that nothing in the Query stands for.
pub(super) fn left_over(
    frame: &Frame,
    query: &Query,
    then: &Then,
    beside: &[Query],
    rules: &Rules<'_>,
) -> Option<Refusal> {
    let queries: Vec<&Query> = std::iter::once(query).chain(beside).collect();
    let has = |test: &dyn Fn(&Expr) -> bool| {
        queries
            .iter()
            .any(|query| exprs(query).into_iter().any(|expr| holds(expr, test)))
    };
    let change = || {
        has(&|expr| {
            matches!(expr, Expr::Change(..) | Expr::Cagr(..) | Expr::Shift(..)) || rules.is_growth(expr)
        })
    };
    let quarter = || {
        has(&|expr| {
            use crate::query::ChangeKind::{Qoq, QoqDiff};
            matches!(expr, Expr::Change(Qoq | QoqDiff, _))
                || matches!(expr, Expr::Metric(metric) if metric.name.ends_with("qoq"))
        })
    };
    let several_periods = match &query.periods {
        Some(Periods::At(at)) => at.len() > 1,
        Some(Periods::Range(..) | Periods::Each(_)) => true,
        Some(Periods::Last(count, _)) => *count > 1,
        None => false,
    };
    let subjects: usize = query
        .of
        .iter()
        .map(|filter| match &filter.test {
            Test::In(keys) => keys.len(),
            _ => 1,
        })
        .sum();
    let peers = || has(&|expr| matches!(expr, Expr::Peers(..) | Expr::Share(..)));
    let said =
        |flag: Flag, used: bool, zh: &str, en: &str| (frame.has(flag) && !used).then(|| unused(zh, en));
    let rank = query.top.is_some() || !query.order.is_empty() || has(&|expr| matches!(expr, Expr::Rank(..)));
    let quotient = || {
        has(&|expr| {
            matches!(expr, Expr::Share(..) | Expr::Binary(BinaryOp::Divide, ..))
                || rules.unit_of(expr).is_some_and(|unit| {
                    matches!(
                        unit.base,
                        jinsheng_core::Base::Ratio | jinsheng_core::Base::RatioPoints
                    )
                })
        })
    };
    said(Flag::Yoy, change(), "同比", "the year before")
        .or_else(|| said(Flag::Qoq, quarter(), "环比", "the period before"))
        .or_else(|| said(Flag::Change, change() || several_periods, "变化", "the change"))
        .or_else(|| said(Flag::Up, change(), "上升", "the rise"))
        .or_else(|| said(Flag::Down, change(), "下降", "the fall"))
        .or_else(|| said(Flag::Share, quotient() || counts(then) || bands(then), "占比", "the share"))
        .or_else(|| said(Flag::Rank, rank, "排名", "the rank"))
        .or_else(|| said(Flag::Correlation, matches!(then, Then::Correlation), "相关性", "the correlation"))
        .or_else(|| {
            let drawn = frame.chart.is_some_and(|chart| matches!(chart, Chart::Histogram | Chart::Box | Chart::Scatter | Chart::Bar));
            let spread = bands(then) || drawn || query.by.len() > 1 || !query.by.is_empty() && query.having.is_none();
            said(Flag::Distribution, spread, "分布", "the distribution")
        })
        .or_else(|| said(Flag::Grouped, bands(then) || !frame.groups.is_empty(), "分组", "the groups"))
        .or_else(|| said(Flag::Peers, peers() || stat(query) || subjects == 0, "行业", "the peers"))
        .or_else(|| said(Flag::Trend, several_periods, "趋势", "the trend"))
        .or_else(|| {
            let compared = subjects > 1
                || several_periods
                || query.items.len() > 1
                || !query.by.is_empty()
                || query.top.is_some();
            said(Flag::Versus, compared || peers() || change(), "对比", "the comparison")
        })
        .or_else(|| said(Flag::Same, matches!(then, Then::Same(_)), "是否相同", "whether it is the same"))
        .or_else(|| {
            let counted = counts(then) || bands(then) || has(&|expr| matches!(expr, Expr::Metric(metric) if metric.name.starts_with(crate::catalog::ROWS)));
            said(Flag::Count, counted, "个数", "the number")
        })
        .or_else(|| said(Flag::Only, query.having.is_some() || !query.filters.is_empty() || !query.of.is_empty(), "只看", "only"))
        .or_else(|| said(Flag::Except, excludes(query), "剔除", "the exclusion"))
        .or_else(|| {
            let sought = frame.has(Flag::Which) || frame.has(Flag::Every);
            let free = sought && query.having.is_none() && query.top.is_none() && query.order.is_empty();
            let moved = frame.has(Flag::Up) || frame.has(Flag::Down);
            (moved && free).then(|| unused("上升或下降", "the rise or fall"))
        })
        .or_else(|| {
            let each = !frame.groups.is_empty() || subjects > 1 || several_periods || query.items.len() > 1 || bands(then);
            said(Flag::Each, each || !query.by.is_empty(), "各", "each")
        })
        .or_else(|| unshown_stat(frame, &queries))
}

fn unused(zh: &str, en: &str) -> Refusal {
    let mut refusal = Refusal::new(
        "not_understood",
        format!("没有看懂问题里的「{zh}」该怎样计算"),
        format!("how {en} in the question is to be computed is not understood"),
    );
    refusal.missing = vec![zh.to_owned()];
    refusal
}

/// A statistic that is asked for and stands in no table.
fn unshown_stat(frame: &Frame, queries: &[&Query]) -> Option<Refusal> {
    let missing = frame.values.iter().any(|value| {
        value.stat.is_some_and(|stat| {
            let shown = |expr: &Expr| {
                holds(expr, &|expr| match expr {
                    Expr::Over(own, inner, _) | Expr::Peers(own, inner, _) => {
                        *own == stat && **inner == value.expr
                    }
                    other => stat == Stat::Sum && *other == value.expr,
                })
            };
            !queries.iter().any(|query| exprs(query).into_iter().any(shown))
        })
    });
    missing.then(|| unused("统计值", "the statistic"))
}

fn counts(then: &Then) -> bool {
    matches!(then, Then::Count(_) | Then::EveryPeriod(_, true))
}

fn bands(then: &Then) -> bool {
    matches!(then, Then::Bands(..))
}

fn excludes(query: &Query) -> bool {
    query
        .filters
        .iter()
        .any(|filter| matches!(filter.test, Test::NotIn(_)))
}

/// Whether values are statistics of all subjects.
fn stat(query: &Query) -> bool {
    query
        .items
        .iter()
        .any(|item| holds(&item.expr, &|expr| matches!(expr, Expr::Over(..))))
}

/// Every value that a Query names.
fn exprs(query: &Query) -> Vec<&Expr> {
    let items = query.items.iter().map(|item| &item.expr);
    let having = query.having.iter().flat_map(Condition::exprs);
    let top = query.top.iter().map(|top| &top.by);
    let order = query.order.iter().filter_map(|order| match &order.by {
        OrderKey::Value(expr) => Some(expr),
        _ => None,
    });
    items.chain(having).chain(top).chain(order).collect()
}

/// Whether a value or one inside it passes a test.
fn holds(expr: &Expr, test: &dyn Fn(&Expr) -> bool) -> bool {
    test(expr) || expr.parts().into_iter().any(|part| holds(part, test))
}
