//! What was named before is meant again: values that a clause leaves out.

use super::{Rules, divide, subtract};
use crate::ask::piece::{Piece, Value};
use crate::ask::words::Word;
use crate::query::{BinaryOp, ChangeKind, Expr};
use jinsheng_core::Base;

/// 高于平均值的有几家, 超过10亿的呢 behind 研发费用: what is compared is what was spoken of.
pub(super) fn before_comparison(pieces: &mut Vec<Piece>, before: &[Value]) {
    let named = |piece: &Piece| {
        matches!(
            piece,
            Piece::Value(_) | Piece::Unknown(_) | Piece::Word(Word::Growth | Word::Share | Word::Ratio, _)
        )
    };
    if pieces.iter().any(named) {
        return;
    }
    let Some(known) = before.first() else { return };
    let at = pieces.iter().position(|piece| {
        matches!(
            piece,
            Piece::Word(Word::Compare(_) | Word::Stat(_) | Word::Between, _) | Piece::PeerStat(..)
        )
    });
    // 60%以上的是哪几家
    let bound = pieces
        .windows(2)
        .position(|pair| matches!(pair, [Piece::Number(..), Piece::Word(Word::Bound(_), _)]));
    let Some(at) = at.or(bound) else { return };
    // 比平均值高
    let versus = at
        .checked_sub(1)
        .filter(|place| matches!(pieces.get(*place), Some(Piece::Word(Word::Versus, _))));
    let at = versus.unwrap_or(at);
    let own = Value {
        stat: None,
        ..known.clone()
    };
    pieces.insert(at, Piece::Value(own));
}

/// The growth rate of what was an amount of growth; everything else stays as it is.
fn as_rate(rules: &Rules<'_>, value: &Value) -> Value {
    let Expr::Change(kind @ (ChangeKind::YoyDiff | ChangeKind::QoqDiff), inner) = &value.expr else {
        return value.clone();
    };
    let ratio = rules
        .unit_of(inner)
        .is_some_and(|unit| matches!(unit.base, Base::Ratio | Base::RatioPoints));
    if ratio {
        return value.clone();
    }
    let rate = if *kind == ChangeKind::YoyDiff {
        ChangeKind::Yoy
    } else {
        ChangeKind::Qoq
    };
    Value {
        expr: Expr::Change(rate, inner.clone()),
        ..value.clone()
    }
}

impl Rules<'_> {
    /// 筹资活动的呢 behind 经营活动现金流净额: the one figure whose name begins with the word and ends as that before does.
    fn likewise(&self, text: &str, before: &[Value]) -> Option<Value> {
        const ENDING: usize = 3;
        let Expr::Metric(known) = &before.first()?.base else {
            return None;
        };
        let plain = |name: &str| crate::ask::lexicon::plain(name);
        let label = plain(&self.catalog.metric(&known.name)?.label.zh);
        let ending: String = {
            let characters: Vec<char> = label.chars().collect();
            let from = characters.len().checked_sub(ENDING)?;
            characters.get(from..)?.iter().collect()
        };
        if text.chars().count() < 2 {
            return None;
        }
        let mut found = self.catalog.file().metrics.iter().filter(|(name, metric)| {
            let named = plain(&metric.label.zh);
            **name != known.name && named.starts_with(text) && named.ends_with(&ending)
        });
        let (name, _) = found.next()?;
        found.next().is_none().then(|| {
            Value::new(
                Expr::Metric(crate::query::MetricRef::plain(name)),
                text.to_owned(),
            )
        })
    }
}

/// A metric in its usual form.
fn unformed(expr: &Expr) -> Expr {
    match expr {
        Expr::Metric(metric) => Expr::Metric(crate::query::MetricRef {
            form: None,
            ..metric.clone()
        }),
        other => other.clone(),
    }
}

/// 换算成单季度: what was named, in another form.
fn in_another_form(rules: &Rules<'_>, pieces: &mut Vec<Piece>, before: &[Value]) {
    let valued = pieces
        .iter()
        .any(|piece| matches!(piece, Piece::Value(_) | Piece::Unknown(_)));
    let form = pieces
        .iter()
        .position(|piece| matches!(piece, Piece::Word(Word::Form(_), _)));
    if let (false, Some(at)) = (valued, form)
        && let Some(Piece::Word(Word::Form(form), _)) = pieces.get(at).cloned()
    {
        let formed: Vec<Piece> = before
            .iter()
            .filter(|value| !value.is_change())
            .filter_map(|value| {
                let base = Value {
                    expr: unformed(&value.expr),
                    ..value.clone()
                };
                super::in_form(rules, &base, form)
            })
            .map(Piece::Value)
            .collect();
        if !formed.is_empty() {
            pieces.splice(at..=at, formed);
        }
    }
}

/// 计算同比增减率 behind a figure: the changes of those named before, and where the words for them begin.
fn changes_of(rules: &Rules<'_>, pieces: &[Piece], at: usize, before: &[Value]) -> (usize, Vec<Piece>) {
    let rate = matches!(pieces.get(at).and_then(Piece::word), Some(Word::Growth));
    let front = at
        .checked_sub(1)
        .and_then(|place| pieces.get(place))
        .and_then(Piece::word);
    let start = if front == Some(Word::Yoy) { at - 1 } else { at };
    // 比2022年多了多少？增幅多少？: the growth over that stretch was computed already.
    let op = if rate {
        BinaryOp::Divide
    } else {
        BinaryOp::Subtract
    };
    let said: Vec<Piece> = before
        .iter()
        .filter(|value| {
            matches!(&value.expr, Expr::Binary(own, ..) if *own == op) && holds_shift(&value.expr)
        })
        .map(|value| Piece::Value(value.clone()))
        .collect();
    if !said.is_empty() {
        return (start, said);
    }
    let plain = before
        .iter()
        .filter(|value| value.stat.is_none() && !rules.is_growth(&value.expr));
    let changed = plain.map(|value| {
        let kind = match (rules.movement(&value.expr), rate) {
            (ChangeKind::YoyDiff, _) | (_, false) => ChangeKind::YoyDiff,
            (kind, true) => kind,
        };
        Piece::Value(value.clone().changed(kind))
    });
    (start, changed.collect())
}

fn holds_shift(expr: &Expr) -> bool {
    matches!(expr, Expr::Shift(..)) || expr.parts().into_iter().any(holds_shift)
}

/// 找出同比增长率超过50%的 behind 净利润同比增长率, 展示其周转率 behind 存货周转率: what was named before is meant again.
pub(super) fn same_again(rules: &Rules<'_>, pieces: &mut Vec<Piece>, before: &[Value]) {
    // 占收入多少: of what was spoken of.
    if let [Piece::Word(Word::ShareOf, _), Piece::Value(whole), ..] = pieces.as_slice()
        && let Some(part) = before.first()
    {
        let quotient = Value::new(
            divide(part.base.clone(), whole.expr.clone()),
            format!("{}/{}", part.text, whole.text),
        );
        pieces.splice(0..2, [Piece::Value(quotient)]);
    }
    in_another_form(rules, pieces, before);
    let mut known: Vec<Value> = before.to_vec();
    let apart = match before {
        [left, right] if !left.is_change() && !right.is_change() => Some(Value::new(
            subtract(left.expr.clone(), right.expr.clone()),
            format!("{}-{}", left.text, right.text),
        )),
        _ => None,
    };
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        let change = |value: &&Value| {
            value.is_change()
                || matches!(&value.expr, Expr::Metric(metric) if metric.name.ends_with("_yoy") || metric.name.ends_with("_qoq"))
        };
        let quotient = |value: &&Value| matches!(value.expr, Expr::Binary(BinaryOp::Divide, ..));
        let (found, taken) = match piece {
            Piece::Value(value) => {
                known.push(value.clone());
                (None, 1)
            }
            Piece::Word(Word::Yoy | Word::Qoq, _)
                if matches!(pieces.get(at + 1).and_then(Piece::word), Some(Word::Growth))
                    && known.iter().any(|value| change(&value)) =>
            {
                (known.iter().rev().find(change), 2)
            }
            Piece::Word(Word::Growth, _) if known.iter().any(|value| change(&value)) => {
                (known.iter().rev().find(change), 1)
            }
            Piece::Word(Word::Growth | Word::ChangeAmount, _)
                if known.len() == before.len() && !before.is_empty() =>
            {
                let (start, changed) = changes_of(rules, pieces, at, before);
                if !changed.is_empty() {
                    let count = changed.len();
                    pieces.splice(start..=at, changed);
                    at = start + count;
                    continue;
                }
                (None, 1)
            }
            Piece::Word(word @ (Word::Up | Word::Down), _)
                if matches!(pieces.get(at + 1).and_then(Piece::word), Some(Word::Growth))
                    && known
                        .last()
                        .is_some_and(|value| !value.is_change() && value.stat.is_none()) =>
            {
                let up = *word == Word::Up;
                if let Some(last) = known.last().cloned() {
                    let mut changed = last.clone().changed(rules.movement(&last.expr));
                    changed.moved = Some(up);
                    pieces.splice(at..at + 2, [Piece::Value(changed)]);
                }
                (None, 1)
            }
            // 公司占比 is a share of companies.
            Piece::Word(Word::Share, _)
                if at
                    .checked_sub(1)
                    .and_then(|place| pieces.get(place))
                    .is_some_and(|piece| {
                        matches!(piece, Piece::Names(senses, _) if senses
                            .iter()
                            .any(|sense| matches!(sense, crate::ask::lexicon::Sense::Entity(_))))
                    }) =>
            {
                (None, 1)
            }
            Piece::Word(Word::Share | Word::Ratio, _) => {
                let rate = |value: &&Value| {
                    let base = rules.unit_of(&value.expr).map(|unit| unit.base);
                    base == Some(Base::Ratio) && !change(value)
                };
                let found = known.iter().rev().find(quotient);
                (found.or_else(|| before.iter().rev().find(rate)), 1)
            }
            // 差额最大的三家 behind two figures
            Piece::Word(Word::Difference, _) if known.len() == before.len() => (apart.as_ref(), 1),
            Piece::Unknown(text) if !before.is_empty() && rules.likewise(text, before).is_some() => {
                let found = rules.likewise(text, before).map(Piece::Value);
                pieces.splice(at..=at, found);
                (None, 1)
            }
            Piece::Unknown(text) => {
                let ends = |value: &&Value| text.chars().count() > 1 && value.text.ends_with(text.as_str());
                (known.iter().rev().find(ends), 1)
            }
            _ => (None, 1),
        };
        if let Some(found) = found {
            let again = Piece::Value(as_rate(rules, found));
            pieces.splice(at..at + taken, [again]);
        }
        at += 1;
    }
}
