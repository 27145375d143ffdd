//! Conditions that hold for several periods in a row.

use jinsheng_core::{Decimal, Grain, Quantity, Unit};
use jinsheng_text::time::{Part, Time, When};

use super::{compare, kept, moved, run};
use crate::ask::piece::{Piece, Value};
use crate::ask::rules::{Rewrite, Rules};
use crate::ask::words::Word as W;
use crate::query::{ChangeKind, CompareOp, Condition, Expr};

/// How many periods in a row are meant at the head of the pieces, how many pieces say so, and a time for whole years.
fn periods(pieces: &[Piece]) -> Option<(u32, usize, Option<Piece>)> {
    let (count, used, year) = said(pieces)?;
    // 连续三年(2022-2024): the years stood in the brackets, and are known.
    let empty = matches!(pieces.get(used..), Some([Piece::Mark('('), Piece::Mark(')'), ..]));
    Some((
        count,
        if empty { used + 2 } else { used },
        year.filter(|_| !empty),
    ))
}

fn said(pieces: &[Piece]) -> Option<(u32, usize, Option<Piece>)> {
    match pieces {
        [
            Piece::Word(W::Streak, _),
            number,
            Piece::Word(W::Grain(grain), _),
            ..,
        ] => {
            // Three years in a row are whole years, up to the newest.
            let year = (*grain == Grain::Year).then_some(Piece::Time(Time::At(When::part(None, Part::Full))));
            Some((number.count()?, 3, year))
        }
        [Piece::Word(W::Streak, _), number, ..] => Some((number.count()?, 2, None)),
        _ => None,
    }
}

/// A condition that holds for so many periods in a row.
fn held(condition: Condition, count: u32) -> Condition {
    let streak = Expr::Streak(Box::new(condition));
    let number = Expr::Number(Quantity::new(Decimal::from(count), Unit::PLAIN));
    compare(streak, CompareOp::Ge, number)
}

/// 连续盈利, 持续增长, over periods that are named: in each of them.
pub(super) fn throughout(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let (front, rest) = match pieces {
        [Piece::Value(value), rest @ ..] => (Some(value), rest),
        other => (None, other),
    };
    let [Piece::Word(W::Streak, word), rest @ ..] = rest else {
        return None;
    };
    let all = Piece::Word(W::All, word.clone());
    match (front, rest) {
        (None, [Piece::Value(value), made @ Piece::Condition(_), ..]) => {
            Some((3, vec![Piece::Value(value.clone()), made.clone(), all]))
        }
        (Some(value), [made @ Piece::Condition(_), ..]) => {
            Some((3, vec![Piece::Value(value.clone()), made.clone(), all]))
        }
        (None, [Piece::Value(value), ..]) if value.moved.is_some() => {
            Some((2, vec![Piece::Value(value.clone()), all]))
        }
        (Some(value), [Piece::Word(word @ (W::Up | W::Down), _), ..]) => {
            let mut changed = value.clone().changed(ChangeKind::Yoy);
            if let Some(held) = rules.stored_growth(&changed.expr) {
                changed.expr = held;
            }
            changed.moved = Some(*word == W::Up);
            Some((3, vec![Piece::Value(changed), all]))
        }
        _ => None,
    }
}

/// 经营现金流连续三年为正: how long stands between the value and what holds.
pub(super) fn turned_round(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [value @ Piece::Value(_), rest @ ..] = pieces else {
        return None;
    };
    let (_, used, _) = said(rest)?;
    let all = usize::from(matches!(rest.get(used).and_then(Piece::word), Some(W::All)));
    let said_of_it = match rest.get(used + all).and_then(Piece::word)? {
        W::Compare(_) | W::Between | W::Positive | W::Negative => true,
        W::Is => matches!(
            rest.get(used + all + 1).and_then(Piece::word),
            Some(W::Positive | W::Negative)
        ),
        _ => false,
    };
    said_of_it.then(|| {
        let mut out = rest.get(..used).unwrap_or_default().to_vec();
        out.push(value.clone());
        (1 + used + all, out)
    })
}

/// 连续三年净利润超过1亿.
pub(super) fn streak(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    // The value whose condition it is may stand in front: 净利润连续三年为正.
    let (front, pieces) = match pieces {
        [Piece::Value(_), rest @ ..] if periods(rest).is_some() => (1, rest),
        _ => (0, pieces),
    };
    let (count, used, year) = periods(pieces)?;
    let rest = pieces.get(used..)?;
    let (values, taken) = run(rest);
    // 连续三年净利润增长且负债率低于40%: what moves is what lasts.
    if values.len() > 1 && values.first().is_some_and(|first| first.moved.is_some()) {
        return None;
    }
    match rest.get(taken..)? {
        [Piece::Condition(made), ..] if !matches!(made, Condition::Compare(Expr::Streak(_), ..)) => {
            let mut out: Vec<Piece> = values
                .into_iter()
                .map(|value| Piece::Value(value.clone()))
                .collect();
            out.push(Piece::Condition(held(made.clone(), count)));
            out.extend(year);
            Some((front + used + taken + 1, out))
        }
        _ => None,
    }
}

/// 连续三年净利润增长, 营收连续下降三年.
pub(super) fn moved_streak(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    // The growth that is held reaches further back than the one that is computed.
    let held_growth = |value: &Value| match rules.stored_growth(&value.expr) {
        Some(expr) => Value {
            expr,
            ..value.clone()
        },
        None => value.clone(),
    };
    if let Some((count, used, year)) = periods(pieces) {
        let [Piece::Value(value), ..] = pieces.get(used..)? else {
            return None;
        };
        let value = &held_growth(value);
        // three consecutive years of growth
        let grows = || {
            value
                .is_change()
                .then(|| compare(value.expr.clone(), CompareOp::Gt, Rules::zero()))
        };
        let made = held(moved(value).or_else(grows)?, count);
        let shown = Value::new(value.base.clone(), value.text.clone());
        let mut out = kept(&shown, made);
        out.extend(year);
        return Some((used + 1, out));
    }
    let [Piece::Value(value), rest @ ..] = pieces else {
        return None;
    };
    let (count, used, year) = periods(rest)?;
    let up = match rest.get(used)?.word()? {
        W::Up => true,
        W::Down => false,
        _ => return None,
    };
    // Three months in a row are each below the one before.
    let months = rest
        .iter()
        .take(used)
        .any(|piece| matches!(piece, Piece::Word(W::Grain(Grain::Month), _)));
    let kind = if months { ChangeKind::Qoq } else { ChangeKind::Yoy };
    let mut changed = value.clone().changed(kind);
    changed.moved = Some(up);
    let made = held(moved(&held_growth(&changed))?, count);
    let mut out = kept(value, made);
    out.extend(year);
    Some((1 + used + 1, out))
}
