//! Quotients: shares of a whole, ratios of two values.

use super::value;
use crate::ask::piece::{Piece, Value};
use crate::ask::rules::{Rewrite, Rules, divide};
use crate::ask::words::Word as W;
use crate::query::{BinaryOp, Expr};

/// 应付账款在总负债里占多少: the part stands in front of the whole.
pub(super) fn share_in(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let parts = match pieces {
        [
            Piece::Value(part),
            Piece::Value(whole),
            Piece::Word(W::ShareOf, _),
            Piece::Word(W::HowMuch | W::Ratio, _),
            ..,
        ] => Some((part, whole, 4)),
        [
            Piece::Value(part),
            Piece::Value(whole),
            Piece::Word(W::Share, _),
            ..,
        ] => Some((part, whole, 3)),
        _ => None,
    };
    if let Some((part, whole, taken)) = parts
        && [part, whole]
            .iter()
            .all(|one| one.stat.is_none() && !one.is_change())
    {
        let expr = divide(part.expr.clone(), whole.expr.clone());
        let text = format!("{}/{}", part.text, whole.text);
        return Some((taken, value(Value::new(expr, text))));
    }
    None
}

/// `A占B(的)比例`, `A as a share of B`, `A占全行业比重`.
pub(super) fn share_of(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    // 研发人员在职工人数中所占比例
    if let [
        Piece::Value(part),
        Piece::Value(whole),
        Piece::Word(W::ShareOf, _),
        Piece::Word(W::Share, _),
        ..,
    ] = pieces
    {
        let expr = divide(part.expr.clone(), whole.expr.clone());
        return Some((
            4,
            value(Value::new(expr, format!("{}/{}", part.text, whole.text))),
        ));
    }
    // 占多少比例 behind a number of those.
    if let [Piece::Word(W::ShareOf, _), rest @ ..] = pieces {
        let much = usize::from(matches!(rest.first(), Some(Piece::Word(W::HowMuch, _))));
        if let Some(Piece::Word(W::Share | W::Ratio, text)) = rest.get(much) {
            return Some((2 + much, vec![Piece::Word(W::Share, text.clone())]));
        }
    }
    // 合计占: a share of a sum.
    if let [
        Piece::Word(W::Stat(crate::query::Stat::Sum), _),
        share @ Piece::Word(W::ShareOf, _),
        ..,
    ] = pieces
    {
        return Some((2, vec![share.clone()]));
    }
    // 净利润前十的公司占全部公司净利润的比例: the part is of the same figure.
    if let [
        Piece::Word(W::ShareOf, _),
        Piece::Word(W::Peers | W::Every, _),
        rest @ ..,
    ] = pieces
    {
        let named = usize::from(matches!(rest.first(), Some(Piece::Names(..))));
        // 亏损公司占全部公司的比例: of how many there are.
        if let [Piece::Word(W::Share | W::HowMuch, text), ..] = rest.get(named..)? {
            return Some((3 + named, vec![Piece::Word(W::Share, text.clone())]));
        }
        let [
            Piece::Value(whole),
            Piece::Word(W::Share | W::HowMuch | W::Ratio, _),
            ..,
        ] = rest.get(named..)?
        else {
            return None;
        };
        let expr = Expr::Share(Box::new(whole.base.clone()), Vec::new());
        return Some((4 + named, value(Value::new(expr, whole.text.clone()))));
    }
    let [Piece::Value(part), Piece::Word(W::ShareOf, _), rest @ ..] = pieces else {
        return None;
    };
    // The share of a sum of several is none of each of them, but that of the sum in all.
    if part.stat.is_some() {
        let all = matches!(rest.first(), Some(Piece::Word(W::Peers | W::Every, _)));
        let named = usize::from(matches!(rest.get(1), Some(Piece::Names(..))));
        let said = matches!(
            rest.get(1 + named),
            Some(Piece::Word(W::Share | W::HowMuch | W::Ratio, _))
        );
        let sum = part.stat == Some(crate::query::Stat::Sum);
        return (all && said && sum).then(|| {
            let expr = Expr::Share(Box::new(part.expr.clone()), Vec::new());
            (4 + named, value(Value::new(expr, part.text.clone())))
        });
    }
    let tail =
        |rest: &[Piece]| usize::from(matches!(rest.first(), Some(Piece::Word(W::Share | W::Ratio, _))));
    match rest {
        // 占行业总净利润的比例: of the sum of all.
        [Piece::Value(whole), rest @ ..] if whole.base == part.expr => {
            let expr = Expr::Share(Box::new(part.expr.clone()), Vec::new());
            Some((
                3 + tail(rest),
                value(Value::new(expr, format!("{}占", part.text))),
            ))
        }
        [
            Piece::Word(W::Every, _),
            Piece::Names(..),
            Piece::Value(whole),
            rest @ ..,
        ] if whole.base == part.expr => {
            let expr = Expr::Share(Box::new(part.expr.clone()), Vec::new());
            Some((
                5 + tail(rest),
                value(Value::new(expr, format!("{}占", part.text))),
            ))
        }
        [
            Piece::Word(W::Peers | W::Every, _),
            Piece::Value(whole),
            rest @ ..,
        ] if whole.base == part.expr => {
            let expr = Expr::Share(Box::new(part.expr.clone()), Vec::new());
            Some((
                4 + tail(rest),
                value(Value::new(expr, format!("{}占", part.text))),
            ))
        }
        [Piece::Value(whole), rest @ ..] => {
            let text = format!("{}占{}", part.text, whole.text);
            let expr = divide(part.expr.clone(), whole.expr.clone());
            Some((3 + tail(rest), value(Value::new(expr, text))))
        }
        // 占全行业/全部公司比重: of the sum over all subjects.
        [Piece::Word(W::Peers | W::Every, _), rest @ ..] => {
            let named = usize::from(matches!(rest.first(), Some(Piece::Names(..))));
            let after = tail(rest.get(named..)?);
            let expr = Expr::Share(Box::new(part.expr.clone()), Vec::new());
            Some((3 + named + after, value(Value::new(expr, part.text.clone()))))
        }
        [Piece::Word(W::Share, _), ..] => {
            let expr = Expr::Share(Box::new(part.expr.clone()), Vec::new());
            Some((3, value(Value::new(expr, part.text.clone()))))
        }
        _ => None,
    }
}

/// `A与B的比值`, `A和B之比`, `ratio of A to B`.
pub(super) fn ratio(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    match pieces {
        [
            Piece::Value(left),
            Piece::Word(W::And | W::Versus, _),
            Piece::Value(right),
            Piece::Word(W::Ratio | W::Share, _),
            ..,
        ] => Some((
            4,
            value(Value::new(
                divide(left.expr.clone(), right.expr.clone()),
                format!("{}/{}", left.text, right.text),
            )),
        )),
        [
            Piece::Word(W::Ratio, word),
            Piece::Value(left),
            Piece::Value(right),
            ..,
        ] if word.is_ascii() => Some((
            3,
            value(Value::new(
                divide(left.expr.clone(), right.expr.clone()),
                format!("{}/{}", left.text, right.text),
            )),
        )),
        // A/B比值: the word repeats what the stroke says.
        [Piece::Value(quotient), Piece::Word(W::Ratio | W::Share, _), ..]
            if matches!(quotient.expr, Expr::Binary(BinaryOp::Divide, ..)) =>
        {
            Some((2, value(quotient.clone())))
        }
        _ => None,
    }
}

/// 营业成本、销售费用、研发费用占营业总收入的比例: each of them.
pub(super) fn shared_whole(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [
        Piece::Value(part),
        Piece::Word(W::And, word),
        Piece::Value(quotient),
        ..,
    ] = pieces
    else {
        return None;
    };
    if !quotient.text.contains('占') || part.text.contains('占') || part.stat.is_some() {
        return None;
    }
    let whole = match &quotient.expr {
        Expr::Binary(BinaryOp::Divide, _, whole) => (**whole).clone(),
        Expr::Metric(metric) => match rules.catalog.formula(&metric.name)? {
            Expr::Binary(BinaryOp::Divide, _, whole) => (**whole).clone(),
            _ => return None,
        },
        _ => return None,
    };
    let alike = rules.unit_of(&part.expr)?.base == rules.unit_of(&whole)?.base;
    let made = Value::new(divide(part.expr.clone(), whole), format!("{}占", part.text));
    alike.then(|| {
        (
            3,
            vec![
                Piece::Value(made),
                Piece::Word(W::And, word.clone()),
                Piece::Value(quotient.clone()),
            ],
        )
    })
}

/// `what share of home appliance revenue`: of one among those of a kind.
pub(super) fn share_of_kind(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [
        Piece::Word(W::Share, word),
        Piece::Names(senses, text),
        Piece::Value(found),
        ..,
    ] = pieces
    else {
        return None;
    };
    let values = senses
        .iter()
        .all(|sense| matches!(sense, crate::ask::lexicon::Sense::Value(..)));
    (word.is_ascii() && values && found.stat.is_none()).then(|| {
        let expr = Expr::Share(Box::new(found.expr.clone()), Vec::new());
        let shared = Value {
            expr,
            ..found.clone()
        };
        (
            3,
            vec![Piece::Names(senses.clone(), text.clone()), Piece::Value(shared)],
        )
    })
}

/// 短期借款、合同负债各占总负债多少: each of those listed.
pub(super) fn share_of_each(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let (parts, at) = listed(pieces)?;
    let [
        Piece::Word(W::Each, _),
        Piece::Word(W::ShareOf, _),
        Piece::Value(whole),
        after @ ..,
    ] = pieces.get(at..)?
    else {
        return None;
    };
    let tail = usize::from(matches!(after.first(), Some(Piece::Word(W::Share | W::Ratio, _))));
    let each = parts.iter().map(|part| {
        let text = format!("{}占{}", part.text, whole.text);
        Piece::Value(Value::new(divide(part.expr.clone(), whole.expr.clone()), text))
    });
    Some((at + 3 + tail, each.collect()))
}

/// Plain values one after another with a word between each two, and where they end.
fn listed(pieces: &[Piece]) -> Option<(Vec<&Value>, usize)> {
    let mut values = Vec::new();
    let mut at = 0;
    loop {
        match pieces.get(at)? {
            Piece::Value(value) if value.stat.is_none() => values.push(value),
            Piece::Word(W::And, _) | Piece::Mark('、') if !values.is_empty() => {}
            _ => break,
        }
        at += 1;
    }
    (values.len() > 1).then_some((values, at))
}
