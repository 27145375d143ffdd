//! Values: forms, changes, quotients, differences, statistics.
//!
//! The order of the rules is the order in which they are tried at a place; a rule that needs what another makes stands behind
//! it.

mod arithmetic;
mod bracket;
mod change;
mod date;
mod form;
mod group;
mod idle;
mod ratio;
mod source;
mod stat;

use jinsheng_core::{Decimal, Quantity, Unit};

use super::condition::joint;
use super::{Rewrite, Rule, Rules};
use crate::ask::lexicon::Sense;
use crate::ask::piece::{Piece, Value};
use crate::ask::words::Word as W;
use crate::query::{CompareOp, Direction, Expr, MetricRef};

/// Names before values: tables in front of metrics, brackets with units and codes.
pub(super) const EARLY: &[Rule] = &[
    change::against_time,
    date::bound,
    date::overdue,
    asked_unit,
    idle::idle,
    idle::spread,
    source::legal_form,
    bracket::time_bracket,
    bracket::unit_bracket,
    bracket::explanation,
    bracket::definition,
    source::table_then_value,
    source::value_then_table,
    group::industry,
    group::group,
];

/// Values.
pub(super) const RULES: &[Rule] = &[
    form::form_before,
    form::form_after,
    arithmetic::sum_of_listed,
    arithmetic::sum_of_subject,
    arithmetic::arithmetic,
    bracket::bracketed,
    ratio::share_of_each,
    ratio::share_in,
    ratio::share_of,
    ratio::ratio,
    ratio::share_of_kind,
    arithmetic::difference,
    arithmetic::sum_of_two,
    form::ttm_time,
    change::since,
    change::change_amount,
    change::both_changes,
    joint::moved_together,
    change::change,
    change::english_change,
    change::cagr,
    change::shared,
    joint::moved_alike,
    stat::stats_before,
    stat::stat_how_much,
    stat::stat_again,
    stat::stat_before,
    stat::stat_after,
    stat::peer_stat,
    arithmetic::absolute,
    bracket::named_formula,
    ratio::shared_whole,
    stat::rank_in_trade,
    stat::rank_value,
    profit_value,
];

/// Values one after another, and how many pieces they take.
fn condition_run(pieces: &[Piece]) -> (Vec<&Value>, usize) {
    super::condition::run(pieces)
}

/// A value in another form.
pub(super) fn in_form(rules: &Rules<'_>, found: &Value, form: crate::query::Form) -> Option<Value> {
    form::formed(rules, found, form)
}

fn value(value: Value) -> Vec<Piece> {
    vec![Piece::Value(value)]
}

/// 多少元, 多少亿, 多少个百分点: the unit in which the answer is wanted.
fn asked_unit(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    // 私行客户有多少，…: how many of them.
    if let [
        names @ Piece::Names(senses, _),
        Piece::Word(W::HowMuch, text),
        next @ ..,
    ] = pieces
        && senses.iter().any(|sense| matches!(sense, Sense::Entity(_)))
        && matches!(text.as_str(), "有多少" | "多少")
        && matches!(next.first(), Some(Piece::Mark(',')))
    {
        return Some((2, vec![names.clone(), Piece::Word(W::Count, text.clone())]));
    }
    // 达到多少
    if let [
        Piece::Word(W::Compare(CompareOp::Ge | CompareOp::Eq), _),
        Piece::Word(W::HowMuch, text),
        ..,
    ] = pieces
    {
        return Some((2, vec![Piece::Word(W::HowMuch, text.clone())]));
    }
    // 换算成亿元, 单位: 亿元
    if let [Piece::Word(W::InUnit, text), rest @ ..] = pieces {
        let skipped = usize::from(matches!(
            rest.first(),
            Some(Piece::Mark(':' | '(') | Piece::Word(W::Is, _))
        ));
        let unit = match rest.get(skipped)? {
            Piece::Unknown(unit) => unit.parse::<Unit>().is_ok(),
            _ => false,
        };
        return unit.then(|| (2 + skipped, vec![Piece::Word(W::InUnit, text.clone())]));
    }
    // 600085.SH
    if let [
        Piece::Names(senses, name),
        Piece::Mark('.'),
        Piece::Unknown(exchange),
        ..,
    ] = pieces
        && ["sh", "sz", "bj", "ss", "hk"].contains(&exchange.as_str())
        && name.chars().all(|character| character.is_ascii_digit())
    {
        return Some((3, vec![Piece::Names(senses.clone(), name.clone())]));
    }
    let [Piece::Word(W::HowMuch, text), Piece::Unknown(unit), ..] = pieces else {
        return None;
    };
    unit.parse::<Unit>()
        .is_ok()
        .then(|| (2, vec![Piece::Word(W::HowMuch, text.clone())]))
}

/// 亏损额, 亏损超过: the profit itself is meant. 盈利 and 亏损 alone are conditions.
fn profit_value(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    // 亏得最多: the lowest profit. 净利润亏损最多 says so twice.
    let (named, rest) = match pieces {
        [Piece::Value(found), rest @ ..] if rules.profit().as_ref() == Some(&found.expr) => (1, rest),
        other => (0, other),
    };
    if let [
        Piece::Word(W::Loss, text),
        Piece::Word(W::Most(Direction::Desc), most),
        ..,
    ] = rest
    {
        let profit = Value::new(rules.profit()?, text.clone());
        let least = Piece::Word(W::Most(Direction::Asc), most.clone());
        return Some((named + 2, vec![Piece::Value(profit), least]));
    }
    let [Piece::Word(W::Profit | W::Loss, text), next, ..] = pieces else {
        return None;
    };
    let measured = matches!(
        next,
        Piece::Word(
            W::Compare(_) | W::HowMuch | W::Stat(_) | W::Yoy | W::Growth | W::Most(_) | W::First(_),
            _
        )
    );
    let profit = rules.profit()?;
    measured.then(|| (1, value(Value::new(profit, text.clone()))))
}

impl Rules<'_> {
    /// The metric that 盈利 and 亏损 are about.
    pub(in crate::ask) fn profit(&self) -> Option<Expr> {
        let known = ["net_profit", "net_profit_parent", "profit"];
        let name = known
            .into_iter()
            .find(|name| self.catalog.metric(name).is_some())
            .map(str::to_owned)
            .or_else(|| {
                let mut metrics = self.catalog.file().metrics.iter();
                metrics
                    .find(|(_, metric)| metric.label.zh == "净利润")
                    .map(|(name, _)| name.clone())
            })?;
        Some(Expr::Metric(MetricRef::plain(name)))
    }

    /// Nothing, in the unit of a value.
    pub(in crate::ask) fn zero() -> Expr {
        Expr::Number(Quantity::new(Decimal::ZERO, Unit::PLAIN))
    }
}
