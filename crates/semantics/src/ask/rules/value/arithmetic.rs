//! Sums, differences and sizes of values.

use super::value;
use crate::ask::piece::{Piece, Value};
use crate::ask::rules::{Rewrite, Rules, subtract};
use crate::ask::words::Word as W;
use crate::query::{BinaryOp, Expr, Stat};

/// `A/B`, `A减B`, `A+B`.
pub(super) fn arithmetic(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Value(left), operator, Piece::Value(right), rest @ ..] = pieces else {
        return None;
    };
    // A quotient or product behind binds closer.
    if let [next, Piece::Value(_) | Piece::Mark('('), ..] = rest
        && matches!(next, Piece::Word(W::Divide | W::Times, _))
        && matches!(
            operator,
            Piece::Word(W::Minus | W::Plus, _) | Piece::Mark('-' | '+')
        )
    {
        return None;
    }
    let op = match operator {
        Piece::Word(W::Divide, _) => BinaryOp::Divide,
        Piece::Word(W::Minus, _) | Piece::Mark('-') => BinaryOp::Subtract,
        Piece::Word(W::Plus, _) | Piece::Mark('+') => BinaryOp::Add,
        Piece::Word(W::Times, _) | Piece::Mark('*') => BinaryOp::Multiply,
        _ => return None,
    };
    let expr = Expr::Binary(op, Box::new(left.expr.clone()), Box::new(right.expr.clone()));
    let sign = match op {
        BinaryOp::Divide => "/",
        BinaryOp::Subtract => "-",
        BinaryOp::Add => "+",
        BinaryOp::Multiply => "*",
    };
    Some((
        3,
        value(Value::new(expr, format!("{}{sign}{}", left.text, right.text))),
    ))
}

/// `A与B的差值(绝对值)`, `gap between A and B`.
pub(super) fn difference(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    match pieces {
        [
            Piece::Value(left),
            Piece::Word(W::And | W::Versus, _),
            Piece::Value(right),
            Piece::Word(W::Difference, _),
            ..,
        ] => Some((
            4,
            value(Value::new(
                subtract(left.expr.clone(), right.expr.clone()),
                format!("{}-{}", left.text, right.text),
            )),
        )),
        [
            Piece::Word(W::Difference, word),
            Piece::Word(W::Between, _),
            Piece::Value(left),
            Piece::Word(W::And, _),
            Piece::Value(right),
            ..,
        ] if word.is_ascii() => Some((
            5,
            value(Value::new(
                subtract(left.expr.clone(), right.expr.clone()),
                format!("{}-{}", left.text, right.text),
            )),
        )),
        [Piece::Value(found), Piece::Word(W::Difference, _), ..]
            if matches!(found.expr, Expr::Binary(BinaryOp::Subtract, ..)) =>
        {
            Some((2, value(found.clone())))
        }
        _ => None,
    }
}

/// `A与B之和`.
pub(super) fn sum_of_two(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [
        Piece::Value(left),
        Piece::Word(W::And, _),
        Piece::Value(right),
        Piece::Word(W::Stat(Stat::Sum), word),
        ..,
    ] = pieces
    else {
        return None;
    };
    let expr = Expr::Binary(
        BinaryOp::Add,
        Box::new(left.expr.clone()),
        Box::new(right.expr.clone()),
    );
    (word == "之和").then(|| {
        (
            4,
            value(Value::new(expr, format!("{}+{}", left.text, right.text))),
        )
    })
}

/// The size of a value, whichever its sign.
pub(super) fn absolute(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Value(found), Piece::Word(W::Absolute, _), ..] = pieces else {
        return None;
    };
    let expr = Expr::Abs(Box::new(found.expr.clone()));
    Some((
        2,
        value(Value {
            expr,
            ..found.clone()
        }),
    ))
}
