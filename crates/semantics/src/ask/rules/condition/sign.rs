//! Signs: positive, negative, a profit, a loss, and one turned into the other.

use jinsheng_core::Grain;

use super::skip;
use super::{compare, kept};
use crate::ask::piece::{Piece, Value};
use crate::ask::rules::{Rewrite, Rules};
use crate::ask::words::Word as W;
use crate::query::{CompareOp, Condition, Expr, Lag};

/// A sign as a condition.
pub(super) fn sign_of(expr: Expr, word: W) -> Option<Condition> {
    let op = match word {
        W::Positive => CompareOp::Gt,
        W::Negative => CompareOp::Lt,
        W::Zero => CompareOp::Eq,
        _ => return None,
    };
    Some(compare(expr, op, Rules::zero()))
}

/// 没有短期借款的公司: none of it, or nothing reported.
pub(super) fn without(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    // 有短期借款和没有短期借款的公司: two groups, not one.
    if let [
        Piece::Value(with),
        Piece::Word(W::And, _),
        Piece::Word(W::Not, word),
        Piece::Value(none),
        ..,
    ] = pieces
        && with.expr == none.expr
    {
        return Some((4, vec![Piece::Value(with.clone()), Piece::Unknown(word.clone())]));
    }
    let [Piece::Word(W::Not, word), Piece::Value(value), rest @ ..] = pieces else {
        return None;
    };
    let plain = value.stat.is_none() && value.moved.is_none() && matches!(value.expr, Expr::Metric(_));
    let compared = rest.iter().any(|piece| {
        matches!(
            piece,
            Piece::Condition(_)
                | Piece::Word(W::Compare(_) | W::Positive | W::Negative, _)
                | Piece::Number(..)
        )
    });
    (matches!(word.as_str(), "没有" | "无" | "without" | "no") && plain && !compared).then(|| {
        let none = Condition::Any(vec![
            compare(value.expr.clone(), CompareOp::Eq, Rules::zero()),
            Condition::Missing(value.expr.clone(), true),
        ]);
        (2, kept(value, none))
    })
}

/// 净利润为负, `negative cash flow`.
pub(super) fn signed(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    if let [
        Piece::Word(sign @ (W::Positive | W::Negative), word),
        Piece::Value(left),
        ..,
    ] = pieces
        && word.is_ascii()
    {
        return Some((2, kept(left, sign_of(left.expr.clone(), *sign)?)));
    }
    let [Piece::Value(left), rest @ ..] = pieces else {
        return None;
    };
    let skipped = skip(rest);
    match rest.get(skipped..)? {
        [Piece::Word(sign @ (W::Positive | W::Negative | W::Zero), _), ..] => {
            Some((2 + skipped, kept(left, sign_of(left.expr.clone(), *sign)?)))
        }
        _ => None,
    }
}

/// 扭亏为盈.
pub(super) fn turned(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let (own, word, taken) = match pieces {
        // 净利润增长率由负转正
        [
            Piece::Value(value),
            Piece::Word(word @ (W::TurnedProfit | W::TurnedLoss), text),
            ..,
        ] if text.contains(['正', '负']) && value.stat.is_none() => (Some(value), word, 2),
        [Piece::Word(word @ (W::TurnedProfit | W::TurnedLoss), _), ..] => (None, word, 1),
        _ => return None,
    };
    let (profit, text) = match own {
        // 同比由正转负: the figure turned, against the year before.
        Some(value) if value.is_change() => (value.base.clone(), value.text.clone()),
        Some(value) => (value.expr.clone(), value.text.clone()),
        None => (rules.profit()?, "净利润".to_owned()),
    };
    let before = Expr::Shift(
        Box::new(profit.clone()),
        Lag {
            count: 1,
            grain: Grain::Year,
        },
    );
    let (now, then) = if *word == W::TurnedProfit {
        (CompareOp::Gt, CompareOp::Lt)
    } else {
        (CompareOp::Lt, CompareOp::Gt)
    };
    let made = Condition::All(vec![
        compare(profit.clone(), now, Rules::zero()),
        compare(before, then, Rules::zero()),
    ]);
    Some((taken, kept(&Value::new(profit, text), made)))
}

/// 亏损的公司, 盈利的.
pub(super) fn profit(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let (word, taken) = match pieces {
        [Piece::Value(_), Piece::Word(word @ (W::Profit | W::Loss), _), ..] => {
            // 净利润亏损
            let Some(Piece::Value(left)) = pieces.first() else {
                return None;
            };
            let op = if *word == W::Profit {
                CompareOp::Gt
            } else {
                CompareOp::Lt
            };
            return Some((2, kept(left, compare(left.expr.clone(), op, Rules::zero()))));
        }
        // 单季亏损
        [
            Piece::Word(W::Form(form), _),
            Piece::Word(word @ (W::Profit | W::Loss), _),
            ..,
        ] => {
            let base = Value::new(rules.profit()?, "净利润");
            let left = crate::ask::rules::in_form(rules, &base, *form)?;
            let op = if *word == W::Profit {
                CompareOp::Gt
            } else {
                CompareOp::Lt
            };
            return Some((2, kept(&left, compare(left.expr.clone(), op, Rules::zero()))));
        }
        [Piece::Word(word @ (W::Profit | W::Loss), _), ..] => (*word, 1),
        _ => return None,
    };
    let profit = rules.profit()?;
    let op = if word == W::Profit {
        CompareOp::Gt
    } else {
        CompareOp::Lt
    };
    let value = Value::new(profit.clone(), "净利润");
    Some((taken, kept(&value, compare(profit, op, Rules::zero()))))
}
