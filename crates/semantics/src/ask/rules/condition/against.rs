//! A value beside that of a subject that is named: 毛利率高于片仔癀, 比云南白药高多少, 是同仁堂的几倍.

use std::collections::BTreeSet;

use super::{compare, skip};
use crate::ask::lexicon::Sense;
use crate::ask::piece::{Piece, Value};
use crate::ask::rules::{Rewrite, Rules, divide, peers, subtract};
use crate::ask::words::Word as W;
use crate::query::{CompareOp, Direction, Expr, Filter, Stat, Test};

/// The figure of one subject, beside every other; nothing for what is a figure among all already, such as a share or a place.
pub(in crate::ask) fn figure_of(expr: &Expr, entity: &str, key: &str) -> Option<Expr> {
    fn only(expr: &Expr, filter: &Filter) -> Option<Expr> {
        let inner = |expr: &Expr| only(expr, filter).map(Box::new);
        Some(match expr {
            Expr::Metric(metric) => {
                let mut metric = metric.clone();
                metric.filters.push(filter.clone());
                Expr::Metric(metric)
            }
            Expr::Number(number) => Expr::Number(*number),
            Expr::Negate(one) => Expr::Negate(inner(one)?),
            Expr::Abs(one) => Expr::Abs(inner(one)?),
            Expr::Binary(op, left, right) => Expr::Binary(*op, inner(left)?, inner(right)?),
            Expr::Shift(one, lag) => Expr::Shift(inner(one)?, *lag),
            Expr::Change(kind, one) => Expr::Change(*kind, inner(one)?),
            Expr::Cagr(one, years) => Expr::Cagr(inner(one)?, *years),
            _ => return None,
        })
    }
    let filter = Filter {
        dimension: entity.to_owned(),
        test: Test::In(BTreeSet::from([key.to_owned()])),
    };
    only(expr, &filter).map(|figure| peers(Stat::Max, figure))
}

/// The figure of the subject at the head of the pieces, and how many say so; the figure may be said again behind it.
fn subject(rules: &Rules<'_>, left: &Value, pieces: &[Piece]) -> Option<(Value, usize)> {
    let [Piece::Names(senses, text), rest @ ..] = pieces else {
        return None;
    };
    let [Sense::Member(entity, key)] = senses.as_slice() else {
        return None;
    };
    // A fund is not compared with an index by the figures of funds.
    let own = rules.metrics_of(&left.expr).iter().all(|name| {
        crate::ask::build::tables_of(rules.catalog, name)
            .iter()
            .all(|table| {
                rules
                    .catalog
                    .table(table)
                    .is_some_and(|table| table.entities.contains_key(entity))
            })
    });
    if !own {
        return None;
    }
    let again = matches!(rest.first(), Some(Piece::Value(same)) if same.expr == left.expr);
    Some((
        Value::new(figure_of(&left.expr, entity, key)?, text.clone()),
        1 + usize::from(again),
    ))
}

fn direction(piece: Option<&Piece>) -> Option<Direction> {
    match piece?.word()? {
        W::Higher(direction) | W::Most(direction) => Some(direction),
        W::Compare(CompareOp::Gt) | W::Up => Some(Direction::Desc),
        W::Down => Some(Direction::Asc),
        _ => None,
    }
}

fn op_of(direction: Direction) -> CompareOp {
    match direction {
        Direction::Desc => CompareOp::Gt,
        Direction::Asc => CompareOp::Lt,
    }
}

fn condition(left: &Value, op: CompareOp, right: Value) -> Vec<Piece> {
    let made = compare(left.expr.clone(), op, right.expr.clone());
    vec![
        Piece::Value(left.clone()),
        Piece::Value(right),
        Piece::Condition(made),
    ]
}

/// 比…高(10个百分点以上), 比…高多少: a condition with or without a number, or the difference.
fn apart(rules: &Rules<'_>, left: &Value, right: Value, rest: &[Piece]) -> Option<(usize, Vec<Piece>)> {
    let way = direction(rest.first())?;
    let apart = match way {
        Direction::Desc => subtract(left.expr.clone(), right.expr.clone()),
        Direction::Asc => subtract(right.expr.clone(), left.expr.clone()),
    };
    match rest.get(1) {
        Some(Piece::Word(W::HowMuch, _)) => {
            let gap = Value::new(apart, "");
            Some((
                2,
                vec![Piece::Value(gap), Piece::Value(left.clone()), Piece::Value(right)],
            ))
        }
        Some(Piece::Number(number, _)) => {
            let number = rules.fit(*number, &apart);
            let bound = usize::from(matches!(rest.get(2), Some(Piece::Word(W::Bound(_), _))));
            let made = compare(apart, CompareOp::Gt, Expr::Number(number));
            Some((
                2 + bound,
                vec![
                    Piece::Value(left.clone()),
                    Piece::Value(right),
                    Piece::Condition(made),
                ],
            ))
        }
        _ => Some((1, condition(left, op_of(way), right))),
    }
}

/// The value, what compares, and the subject.
pub(super) fn against(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    match pieces {
        // `a higher gross margin than Acme`
        [
            Piece::Word(W::Most(way), text),
            Piece::Value(left),
            Piece::Word(W::Versus, _),
            rest @ ..,
        ] if text.ends_with("er") => {
            let (right, taken) = subject(rules, left, rest)?;
            Some((3 + taken, condition(left, op_of(*way), right)))
        }
        [Piece::Value(left), rest @ ..] if left.stat.is_none() => {
            let skipped = skip(rest);
            match rest.get(skipped..)? {
                [Piece::Word(W::Compare(op), _), after @ ..] => {
                    let (right, taken) = subject(rules, left, after)?;
                    // 超过片仔癀的一半 is another condition.
                    if matches!(after.get(taken), Some(Piece::Number(..))) {
                        return None;
                    }
                    Some((2 + skipped + taken, condition(left, *op, right)))
                }
                [Piece::Word(W::Versus, _), after @ ..] => {
                    let (right, taken) = subject(rules, left, after)?;
                    let (more, made) = apart(rules, left, right, after.get(taken..)?)?;
                    Some((2 + skipped + taken + more, made))
                }
                // 是同仁堂的几倍
                after if skipped > 0 => {
                    let (right, taken) = subject(rules, left, after)?;
                    matches!(after.get(taken), Some(Piece::Word(W::Ratio, _))).then(|| {
                        let times = Value::new(divide(left.expr.clone(), right.expr.clone()), "");
                        let made = [times, left.clone(), right].map(Piece::Value);
                        (2 + skipped + taken, made.to_vec())
                    })
                }
                _ => None,
            }
        }
        // 比片仔癀毛利率高的公司
        [Piece::Word(W::Versus, _), rest @ ..] => {
            let [Piece::Names(..), Piece::Value(left), after @ ..] = rest else {
                return None;
            };
            let (right, _) = subject(rules, left, rest)?;
            let (more, made) = apart(rules, left, right, after)?;
            Some((3 + more, made))
        }
        _ => None,
    }
}

/// 比行业平均高多少: the difference; 相当于行业平均的几倍: the quotient.
pub(super) fn gap(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    if let [Piece::Value(left), Piece::Word(W::Is, _), rest @ ..] = pieces
        && left.stat.is_none()
        && let Some((right, taken)) = rules.other_side(left, rest)
        && !matches!(right, Expr::Number(_))
        && let Some(Piece::Word(W::Ratio, _)) = rest.get(taken)
    {
        let times = Value::new(divide(left.expr.clone(), right.clone()), "");
        let made = [times, left.clone(), Value::new(right, "")].map(Piece::Value);
        return Some((3 + taken, made.to_vec()));
    }
    let [
        Piece::Value(left),
        Piece::Word(W::Versus | W::Compare(_), _),
        rest @ ..,
    ] = pieces
    else {
        return None;
    };
    let (right, taken) = rules.other_side(left, rest)?;
    if left.stat.is_some() || matches!(right, Expr::Number(_)) {
        return None;
    }
    let after = rest.get(taken..)?;
    let compared = match pieces.get(1).and_then(Piece::word) {
        Some(W::Compare(op)) => Some(op),
        _ => None,
    };
    let how_much = |place: usize| matches!(after.get(place), Some(Piece::Word(W::HowMuch, _)));
    let (way, more) = match (compared, direction(after.first())) {
        (Some(CompareOp::Lt | CompareOp::Le), _) if how_much(0) => (Direction::Asc, 1),
        (Some(_), _) if how_much(0) => (Direction::Desc, 1),
        (None, Some(way)) if how_much(1) => (way, 2),
        _ => return None,
    };
    let apart = match way {
        Direction::Desc => subtract(left.expr.clone(), right.clone()),
        Direction::Asc => subtract(right.clone(), left.expr.clone()),
    };
    let made = [Value::new(apart, ""), left.clone(), Value::new(right, "")].map(Piece::Value);
    Some((2 + taken + more, made.to_vec()))
}
