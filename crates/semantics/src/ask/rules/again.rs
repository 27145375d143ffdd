//! What was named before is meant again: values that a clause leaves out.

use super::{Rules, divide};
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
    let Some(at) = at else { return };
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
    let mut known: Vec<Value> = before.to_vec();
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
                if matches!(pieces.get(at + 1).and_then(Piece::word), Some(Word::Growth)) =>
            {
                (known.iter().rev().find(change), 2)
            }
            Piece::Word(Word::Growth, _) => (known.iter().rev().find(change), 1),
            Piece::Word(Word::Share | Word::Ratio, _) => (known.iter().rev().find(quotient), 1),
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
