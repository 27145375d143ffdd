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
    if left.stat.is_some() || right.stat.is_some() {
        return None;
    }
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
        // 跟行业均值差多少
        [
            Piece::Value(left),
            Piece::Word(W::And | W::Versus, _),
            Piece::PeerStat(stat, within),
            Piece::Word(W::Difference, _),
            ..,
        ] => {
            let within = within.iter().cloned().collect();
            let mean = Expr::Peers(*stat, Box::new(left.expr.clone()), within);
            let apart = Value::new(subtract(left.expr.clone(), mean.clone()), "");
            let made = [apart, left.clone(), Value::new(mean, "")].map(Piece::Value);
            Some((4, made.to_vec()))
        }
        [Piece::Value(found), Piece::Word(W::Difference, _), ..]
            if matches!(found.expr, Expr::Binary(BinaryOp::Subtract, ..)) =>
        {
            Some((2, value(found.clone())))
        }
        _ => None,
    }
}

/// 销售费用、管理费用、研发费用三项(费用)合计: the sum of those listed, whatever figure has that name.
pub(super) fn sum_of_listed(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    const COUNTED: [(&str, usize); 6] = [
        ("两项", 2),
        ("二项", 2),
        ("三项", 3),
        ("四项", 4),
        ("五项", 5),
        ("三费", 3),
    ];
    let counted = |text: &str| {
        COUNTED
            .iter()
            .find(|(word, _)| text.starts_with(word))
            .map(|(_, count)| *count)
    };
    let mut values: Vec<&Value> = Vec::new();
    let mut at = 0;
    let (count, mut taken) = loop {
        match pieces.get(at)? {
            Piece::Value(value) if counted(&value.text).is_some() && values.len() > 1 => {
                break (counted(&value.text)?, at + 1);
            }
            Piece::Value(value) if value.stat.is_none() => values.push(value),
            Piece::Word(W::And, _) | Piece::Mark(',' | '、') if !values.is_empty() => {}
            Piece::Word(W::Together, text) => break (counted(text)?, at + 1),
            _ => return None,
        }
        at += 1;
    };
    if count != values.len() {
        return None;
    }
    taken += usize::from(matches!(
        pieces.get(taken),
        Some(Piece::Word(W::Stat(Stat::Sum), _))
    ));
    let text: Vec<&str> = values.iter().map(|value| value.text.as_str()).collect();
    let text = text.join("+");
    let sum = values
        .iter()
        .map(|value| value.expr.clone())
        .reduce(|left, right| Expr::Binary(BinaryOp::Add, Box::new(left), Box::new(right)))?;
    Some((taken, value(Value::new(sum, text))))
}

/// 货币资金、交易性金融资产合计: the sum of those listed, of one subject that is named. Of many 合计 is over them.
pub(super) fn sum_of_subject(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let mut values: Vec<&Value> = Vec::new();
    let mut at = 0;
    loop {
        match pieces.get(at)? {
            Piece::Value(value) if value.stat.is_none() => values.push(value),
            Piece::Word(W::And, _) | Piece::Mark('、') if !values.is_empty() => {}
            Piece::Word(W::Stat(Stat::Sum), text)
                if matches!(text.as_str(), "合计" | "总计" | "加起来" | "之和" | "总和") =>
            {
                break;
            }
            _ => return None,
        }
        at += 1;
    }
    let unit = |value: &&Value| rules.unit_of(&value.expr).map(|unit| unit.base);
    let alike = values.windows(2).all(|pair| match pair {
        [left, right] => unit(left) == unit(right),
        _ => true,
    });
    // Whose figures are added is known by what stands behind: 合计多少, 合计占 or the end.
    let ends = matches!(
        pieces.get(at + 1),
        None | Some(Piece::Word(W::HowMuch | W::ShareOf | W::Is, _) | Piece::Mark(_))
    );
    if values.len() < 2 || !alike || !ends {
        return None;
    }
    let text: Vec<&str> = values.iter().map(|value| value.text.as_str()).collect();
    let text = text.join("+");
    let sum = values
        .iter()
        .map(|value| value.expr.clone())
        .reduce(|left, right| Expr::Binary(BinaryOp::Add, Box::new(left), Box::new(right)))?;
    Some((at + 1, value(Value::new(sum, text))))
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
    matches!(word.as_str(), "之和" | "加起来" | "相加" | "加总").then(|| {
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
