//! Conditions turned round and joined.

use jinsheng_core::Quantity;

use super::{compare, fallen, kept, moved, run};
use crate::ask::lexicon::Sense;
use crate::ask::piece::{Piece, Value};
use crate::ask::rules::{Rewrite, Rules};
use crate::ask::words::Word as W;
use crate::query::{ChangeKind, Condition, Expr};

/// 不 in front of a condition.
pub(super) fn opposite(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    match pieces {
        [
            Piece::Word(W::Not, _),
            Piece::Value(value),
            Piece::Condition(made),
            ..,
        ] => Some((3, kept(value, Condition::Not(Box::new(made.clone()))))),
        // 剔除亏损企业, 剔除净利润为负的公司
        [
            Piece::Word(W::Except, _),
            Piece::Value(value),
            Piece::Condition(made),
            ..,
        ] => Some((3, kept(value, Condition::Not(Box::new(made.clone()))))),
        [
            Piece::Word(W::Not | W::Except, _),
            Piece::Value(value),
            Piece::Value(other),
            Piece::Condition(made),
            ..,
        ] => {
            let mut out = kept(value, Condition::Not(Box::new(made.clone())));
            out.insert(1, Piece::Value(other.clone()));
            Some((4, out))
        }
        [Piece::Word(W::Not | W::Except, _), Piece::Condition(made), ..] => {
            Some((2, vec![Piece::Condition(Condition::Not(Box::new(made.clone())))]))
        }
        _ => None,
    }
}

/// 营收没下滑: it did not fall.
pub(super) fn not_moved(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [
        Piece::Value(value),
        Piece::Word(W::Not, _),
        Piece::Word(word @ (W::Up | W::Down), _),
        ..,
    ] = pieces
    else {
        return None;
    };
    if value.stat.is_some() || value.is_change() {
        return None;
    }
    let mut changed = if rules.is_growth(&value.expr) {
        value.clone()
    } else {
        value.clone().changed(rules.movement(&value.expr))
    };
    changed.moved = Some(*word == W::Up);
    let made = moved(&changed)?;
    changed.moved = None;
    Some((3, kept(&changed, Condition::Not(Box::new(made)))))
}

/// 亏损的不算, 利润总额为负的公司除外.
pub(super) fn except_behind(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Condition(made), rest @ ..] = pieces else {
        return None;
    };
    let named = usize::from(matches!(rest.first(), Some(Piece::Names(..))));
    let [Piece::Word(W::ExceptBehind, _), rest @ ..] = rest.get(named..)? else {
        return None;
    };
    // 剩下的公司 are those.
    let comma = usize::from(matches!(rest.first(), Some(Piece::Mark(','))));
    let others = usize::from(matches!(rest.get(comma), Some(Piece::Word(W::Rest, _))));
    let more = if others == 1 { comma + 1 } else { 0 };
    Some((
        2 + named + more,
        vec![Piece::Condition(Condition::Not(Box::new(made.clone())))],
    ))
}

/// 2024、2025两年营收都在下滑: in each of the periods named; 毛利率上升但营收下降.
pub(super) fn moved_all(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [
        Piece::Value(left),
        Piece::Word(W::And | W::Or, _),
        Piece::Value(right),
        ..,
    ] = pieces
    else {
        return None;
    };
    let (first, second) = (moved(left)?, moved(right)?);
    let either = matches!(pieces.get(1).and_then(Piece::word), Some(W::Or));
    let both = vec![first, second];
    Some((
        3,
        vec![
            Piece::Value(left.clone()),
            Piece::Value(right.clone()),
            Piece::Condition(if either {
                Condition::Any(both)
            } else {
                Condition::All(both)
            }),
        ],
    ))
}

/// Whether what follows a movement is the subjects that it chooses, or nothing.
fn chooses(next: Option<&Piece>) -> bool {
    match next {
        None => true,
        Some(Piece::Names(senses, _)) => senses.iter().any(|sense| matches!(sense, Sense::Entity(_))),
        Some(piece) => matches!(piece.word(), Some(W::Which | W::Count)),
    }
}

/// 营收和净利润同比均增长: what is said of the last of them behind 均 is said of all.
pub(in crate::ask::rules) fn moved_alike(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [
        Piece::Value(left),
        and @ Piece::Word(W::And, _),
        Piece::Value(right),
        all @ Piece::Word(W::All, _),
        ..,
    ] = pieces
    else {
        return None;
    };
    if left.moved.is_some() || right.moved.is_none() || !left.is_change() {
        return None;
    }
    let mut left = left.clone();
    left.moved = right.moved;
    let out = vec![
        Piece::Value(left),
        and.clone(),
        Piece::Value(right.clone()),
        all.clone(),
    ];
    Some((4, out))
}

/// 净利润和营业总收入都同比下降: what is said of all of them at once.
pub(in crate::ask::rules) fn moved_together(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let (values, taken) = run(pieces);
    let plain = |value: &&Value| value.stat.is_none() && value.moved.is_none() && !value.is_change();
    let joined = pieces
        .get(..taken)?
        .iter()
        .filter(|piece| !matches!(piece, Piece::Value(_)));
    if values.len() < 2 || !values.iter().all(plain) || joined.count() + 1 < values.len() {
        return None;
    }
    let rest = pieces.get(taken..)?;
    let all = usize::from(matches!(rest.first().and_then(Piece::word), Some(W::All)));
    let mut at = all;
    let kind = match rest.get(at).and_then(Piece::word) {
        Some(W::Qoq) => {
            at += 1;
            ChangeKind::Qoq
        }
        Some(W::Yoy) => {
            at += 1;
            ChangeKind::Yoy
        }
        _ if all == 1 => ChangeKind::Yoy,
        // 营收和净利润增长的公司: both, where it tells which subjects are meant.
        Some(W::Up | W::Down) if chooses(rest.get(at + 1)) => ChangeKind::Yoy,
        _ => return None,
    };
    // 都实现同比增长
    let all_behind = matches!(rest.get(at).and_then(Piece::word), Some(W::All));
    at += usize::from(all_behind);
    let rose = match rest.get(at).and_then(Piece::word)? {
        W::Up => true,
        W::Down => false,
        W::Growth => true,
        _ => return None,
    };
    at += 1;
    // 均同比增长超过15%
    let bound = match rest.get(at..) {
        Some([Piece::Word(W::Compare(op), _), Piece::Number(number, _), ..]) => {
            at += 2;
            Some((*op, *number))
        }
        Some([Piece::Number(number, _), Piece::Word(W::Bound(op), _), ..]) => {
            at += 2;
            Some((*op, *number))
        }
        _ => None,
    };
    let changed = values.into_iter().map(|value| {
        let grown = rules.is_growth(&value.expr);
        let kind = match (kind, bound, rules.movement(&value.expr)) {
            (ChangeKind::Yoy, None, ChangeKind::YoyDiff) => ChangeKind::YoyDiff,
            (kind, ..) => kind,
        };
        let mut changed = if grown {
            value.clone()
        } else {
            value.clone().changed(kind)
        };
        changed.moved = Some(rose);
        changed
    });
    let changed: Vec<Value> = changed.collect();
    let limit = |value: &Value| {
        let (op, number) = bound?;
        let number = rules.fit(number, &value.expr);
        let (op, end) = if rose {
            (op, number.value)
        } else {
            (fallen(op), -number.value)
        };
        Some(compare(
            value.expr.clone(),
            op,
            Expr::Number(Quantity::new(end, number.unit)),
        ))
    };
    let both = changed
        .iter()
        .filter_map(|value| limit(value).or_else(|| moved(value)))
        .collect();
    let mut out: Vec<Piece> = changed.into_iter().map(Piece::Value).collect();
    out.push(Piece::Condition(Condition::All(both)));
    Some((taken + at, out))
}

/// Whether a word joins two conditions into one before 或 does.
fn binds(word: &str) -> bool {
    matches!(word, "且" | "并且" | "而且" | "同时" | "and")
}

/// Whether 或 follows, perhaps behind further conditions.
fn leads_to_or(pieces: &[Piece]) -> bool {
    for piece in pieces {
        match piece {
            Piece::Word(W::Or, _) => return true,
            Piece::Word(W::And, _) | Piece::Mark(',' | '、') | Piece::Value(_) | Piece::Condition(_) => {}
            _ => return false,
        }
    }
    false
}

/// 低于行业均值但高于中位数: what is compared twice is named once.
pub(super) fn compared_again(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [
        Piece::Condition(Condition::Compare(left, op, right)),
        Piece::Word(W::And, _),
        Piece::Word(W::Compare(other), _),
        rest @ ..,
    ] = pieces
    else {
        return None;
    };
    let value = Value::new(left.clone(), "");
    let (bound, taken) = rules.other_side(&value, rest)?;
    let more = usize::from(matches!(rest.get(taken), Some(Piece::Word(W::Bound(_), _))));
    let both = vec![
        compare(left.clone(), *op, right.clone()),
        compare(left.clone(), *other, bound),
    ];
    Some((3 + taken + more, vec![Piece::Condition(Condition::All(both))]))
}

/// Conditions with a word for "or" between; "and" is how conditions stand together anyway.
pub(super) fn joined(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Condition(left), rest @ ..] = pieces else {
        return None;
    };
    let mut at = 0;
    let mut either = false;
    let mut between = Vec::new();
    // A且B，或者C且D: what 且 joins on the right of 或 belongs together, and so does what it joined on the left.
    let both_sides = |right: &Condition, behind: &[Piece]| {
        let mut parts = vec![right.clone()];
        let mut shown = Vec::new();
        let mut used = 0;
        while let [
            Piece::Word(W::And, word),
            Piece::Value(value),
            Piece::Condition(next),
            ..,
        ] = behind.get(used..).unwrap_or_default()
        {
            if !binds(word) {
                break;
            }
            shown.push(Piece::Value(value.clone()));
            parts.push(next.clone());
            used += 3;
        }
        let joined = match parts.as_slice() {
            [one] => one.clone(),
            _ => Condition::All(parts),
        };
        (joined, shown, used)
    };
    if let [
        Piece::Word(W::And, word),
        Piece::Value(value),
        Piece::Condition(next),
        after @ ..,
    ] = rest
        && binds(word)
        && leads_to_or(after)
    {
        let mut parts = match left {
            Condition::All(parts) => parts.clone(),
            other => vec![other.clone()],
        };
        parts.push(next.clone());
        let made = Piece::Condition(Condition::All(parts));
        return Some((4, vec![Piece::Value(value.clone()), made]));
    }
    loop {
        match rest.get(at)? {
            Piece::Word(W::Or, _) => either = true,
            Piece::Word(W::And, _) | Piece::Mark(',' | '、') => {}
            Piece::Value(value) => between.push(Piece::Value(value.clone())),
            Piece::Condition(right) if either => {
                let mut parts = match left {
                    Condition::Any(parts) => parts.clone(),
                    other => vec![other.clone()],
                };
                let (right, shown, used) = both_sides(right, rest.get(at + 1..).unwrap_or_default());
                parts.push(right);
                between.extend(shown);
                between.push(Piece::Condition(Condition::Any(parts)));
                return Some((at + 2 + used, between));
            }
            _ => return None,
        }
        at += 1;
    }
}
