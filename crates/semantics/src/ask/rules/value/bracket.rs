//! Brackets: units, codes and explanations behind a name, and formulas that define one.

use jinsheng_core::{Decimal, Unit};

use super::{EARLY, RULES, value};
use crate::ask::lexicon::Sense;
use crate::ask::piece::{Piece, Value};
use crate::ask::rules::{Rewrite, Rules};
use crate::ask::words::Word as W;
use crate::query::{BinaryOp, CompareOp, Expr};

/// `(万元)`, `(%)`, `(单位:万元)`, `(600036)`: a unit behind a value and a code behind a name say what stands there already.
pub(super) fn unit_bracket(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Mark('('), rest @ ..] = pieces else {
        return None;
    };
    let close = closing(rest)?;
    let inside = rest.get(..close)?;
    let unit_text =
        |text: &str| text.parse::<Unit>().is_ok() || jinsheng_text::header::header_unit(text).is_some();
    let unit = inside.iter().all(|piece| match piece {
        Piece::Unknown(text) | Piece::Word(_, text) => unit_text(text) || text == "单位",
        Piece::Mark(mark) => matches!(mark, ':' | '%'),
        _ => false,
    });
    let code = matches!(inside, [Piece::Names(senses, _)] if senses.iter().all(|sense| matches!(sense, Sense::Member(..))));
    (!inside.is_empty() && (unit || code)).then(|| {
        // The code in brackets repeats the name in front; alone it stays.
        let kept = if code { inside.to_vec() } else { Vec::new() };
        (close + 2, kept)
    })
}

/// (2023、2024、2025年报): times in brackets are times.
pub(super) fn time_bracket(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Mark('('), rest @ ..] = pieces else {
        return None;
    };
    let close = closing(rest)?;
    let inside = rest.get(..close)?;
    let times: Vec<Piece> = inside
        .iter()
        .filter(|piece| matches!(piece, Piece::Time(_)))
        .cloned()
        .collect();
    let rest = inside.iter().all(|piece| {
        matches!(
            piece,
            Piece::Time(_) | Piece::Word(W::And, _) | Piece::Mark(',' | '、' | '/')
        )
    });
    (rest && !times.is_empty()).then_some((close + 2, times))
}

/// The place of the bracket that closes one opened before the pieces.
fn closing(pieces: &[Piece]) -> Option<usize> {
    let mut depth = 0_u32;
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Mark('(') => depth += 1,
            Piece::Mark(')') if depth == 0 => return Some(index),
            Piece::Mark(')') => depth -= 1,
            _ => {}
        }
    }
    None
}

/// `(即…)`, `(x=…)`: words that explain what stands before them.
pub(super) fn explanation(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Mark('('), rest @ ..] = pieces else {
        return None;
    };
    let close = closing(rest)?;
    let inside = rest.get(..close)?;
    let said = matches!(inside.first(), Some(Piece::Word(W::Means, _)))
        || inside.iter().any(|piece| {
            matches!(
                piece,
                Piece::Mark('=') | Piece::Word(W::Compare(CompareOp::Eq), _)
            ) || matches!(piece, Piece::Unknown(text) if matches!(text.as_str(), "本期" | "上期" | "上年同期" | "期"))
        });
    said.then(|| (close + 2, Vec::new()))
}

/// `自由现金流(经营现金流减资本开支)`, `资产负债率(负债总额/资产总额)`: a formula in brackets defines a name that is not known,
/// and repeats one that is.
pub(super) fn definition(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [name, Piece::Mark('('), rest @ ..] = pieces else {
        return None;
    };
    let text = match name {
        Piece::Value(value) => value.text.clone(),
        Piece::Unknown(text) => text.clone(),
        _ => return None,
    };
    let close = closing(rest)?;
    let mut inside = rest.get(..close)?.to_vec();
    let operators = |piece: &Piece| {
        matches!(
            piece,
            Piece::Word(W::Divide | W::Minus | W::Plus | W::Times, _) | Piece::Mark('-' | '+' | '*')
        )
    };
    if !inside.iter().any(operators) {
        return None;
    }
    rules.apply(&mut inside, EARLY);
    rules.apply(&mut inside, RULES);
    // A formula times one hundred is the same in %.
    if let [
        Piece::Value(found),
        Piece::Mark('*') | Piece::Word(W::Times, _),
        Piece::Number(number, _),
    ] = inside.as_slice()
        && number.value == Decimal::ONE_HUNDRED
    {
        inside = value(found.clone());
    }
    match (inside.as_slice(), name) {
        ([Piece::Value(formula)], _) if matches!(formula.expr, Expr::Binary(..)) => {
            Some((close + 3, value(Value::new(formula.expr.clone(), text))))
        }
        // A formula that is not understood explains a figure that is. Intervals (0-20%、20-40%) are no formula.
        (_, Piece::Value(known)) if inside.iter().any(|piece| matches!(piece, Piece::Value(_))) => {
            Some((close + 3, value(known.clone())))
        }
        _ => None,
    }
}

/// `(A-B)` alone.
pub(super) fn bracketed(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Mark('('), Piece::Value(inner), Piece::Mark(')'), ..] = pieces else {
        return None;
    };
    matches!(inner.expr, Expr::Binary(..)).then(|| (3, value(inner.clone())))
}

/// 净现比=经营现金流净额/归母净利润: a definition, no comparison.
pub(super) fn named_formula(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [
        Piece::Value(name),
        Piece::Word(W::Compare(CompareOp::Eq), sign),
        Piece::Value(formula),
        ..,
    ] = pieces
    else {
        return None;
    };
    // 资产=负债+权益 is an equation between figures that are known.
    let sum = matches!(formula.expr, Expr::Binary(BinaryOp::Add | BinaryOp::Subtract, ..));
    let equation = sum && matches!(name.expr, Expr::Metric(_));
    (sign == "=" && !equation && matches!(formula.expr, Expr::Binary(..)))
        .then(|| (3, value(Value::new(formula.expr.clone(), name.text.clone()))))
}
