//! Conditions on values: comparisons, signs, intervals, streaks.

pub(super) mod against;
mod compared;
pub(super) mod joint;
mod sign;
mod streak;

use super::{Rule, Rules};
use crate::ask::piece::{Piece, Value};
use crate::ask::words::Word as W;
use crate::query::{CompareOp, Condition, Expr};

/// Single conditions.
pub(super) const RULES: &[Rule] = &[
    streak::turned_round,
    against::against,
    against::gap,
    compared::compared_share,
    compared::compared_more,
    compared::compared_by,
    compared::all_compared,
    compared::compared,
    compared::compared_peers,
    compared::moved_number,
    compared::bounded,
    compared::interval,
    sign::signed,
    sign::without,
    compared::equal,
    compared::ranked_all,
    sign::turned,
    sign::profit,
    joint::not_moved,
    joint::opposite,
];

/// Conditions joined, and for how long they hold.
pub(super) const JOINS: &[Rule] = &[
    joint::compared_again,
    streak::throughout,
    streak::streak,
    streak::moved_streak,
    joint::except_behind,
    joint::moved_all,
    joint::joined,
];

/// The value stays beside its condition, so that it is shown.
fn kept(value: &Value, made: Condition) -> Vec<Piece> {
    vec![Piece::Value(value.clone()), Piece::Condition(made)]
}

fn compare(left: Expr, op: CompareOp, right: Expr) -> Condition {
    Condition::Compare(left, op, right)
}

/// Words between a value and what it is compared with that change nothing.
fn skip(pieces: &[Piece]) -> usize {
    pieces
        .iter()
        .take_while(|piece| {
            matches!(
                piece,
                Piece::Word(W::Which, text) if text == "有没有"
            ) || matches!(
                piece,
                Piece::Word(W::Is | W::All | W::Every | W::Count | W::Whether, _)
            )
        })
        .count()
}

/// How a number is compared that stands behind a fall: 下降超过10% is below -10 %.
fn fallen(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        other => other,
    }
}

/// Values joined by words for "and" at the head of the pieces: the values and how many pieces they take.
pub(super) fn run(pieces: &[Piece]) -> (Vec<&Value>, usize) {
    let mut values = Vec::new();
    let mut taken = 0;
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        match piece {
            Piece::Value(value) => {
                values.push(value);
                at += 1;
                taken = at;
            }
            Piece::Word(W::And, _) | Piece::Mark(',') if !values.is_empty() => at += 1,
            _ => break,
        }
    }
    (values, taken)
}

/// A movement as a condition.
pub(in crate::ask) fn moved(value: &Value) -> Option<Condition> {
    // A place that rises is a smaller number.
    let place = matches!(&value.expr, Expr::Change(_, inner) if matches!(**inner, Expr::Rank(..)));
    let op = if value.moved? == place {
        CompareOp::Lt
    } else {
        CompareOp::Gt
    };
    Some(compare(value.expr.clone(), op, Rules::zero()))
}
