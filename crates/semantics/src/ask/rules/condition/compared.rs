//! A value compared: with a number, another value, the peers; within bounds, by its place.

use jinsheng_core::{Base, Decimal, Quantity, Unit};

use super::sign::sign_of;
use super::{compare, fallen, kept, run, skip};
use crate::ask::piece::{Piece, Value};
use crate::ask::rules::{Rewrite, Rules, peers, subtract};
use crate::ask::words::Word as W;
use crate::query::{BinaryOp, ChangeKind, CompareOp, Condition, Direction, Expr};

impl Rules<'_> {
    /// What a value is compared with at the head of the pieces: a number, another value, a statistic of the peers.
    pub(super) fn other_side(&self, left: &Value, pieces: &[Piece]) -> Option<(Expr, usize)> {
        match pieces {
            [Piece::Number(number, _), ..] => Some((Expr::Number(self.fit(*number, &left.expr)), 1)),
            [Piece::Value(right), ..] => match right.stat {
                Some(stat) => Some((peers(stat, right.expr.clone()), 1)),
                None => Some((right.expr.clone(), 1)),
            },
            [Piece::PeerStat(stat, within), ..] => {
                let within = within.iter().cloned().collect();
                Some((Expr::Peers(*stat, Box::new(left.expr.clone()), within), 1))
            }
            [Piece::Word(W::Stat(stat), _), ..] => Some((peers(*stat, left.expr.clone()), 1)),
            [Piece::Word(W::Zero, _), ..] => Some((Self::zero(), 1)),
            _ => None,
        }
    }
}

/// 同比增加1亿元: beside an amount the change is one too, not a rate.
fn in_its_unit(rules: &Rules<'_>, left: &Value, number: Quantity) -> Value {
    let Expr::Change(kind @ (ChangeKind::Yoy | ChangeKind::Qoq), inner) = &left.expr else {
        return left.clone();
    };
    let base = rules.unit_of(inner).map(|unit| unit.base);
    let amount = !matches!(number.unit.base, Base::Plain | Base::Ratio | Base::RatioPoints);
    let kind = match kind {
        ChangeKind::Yoy => ChangeKind::YoyDiff,
        _ => ChangeKind::QoqDiff,
    };
    let same =
        base.is_some_and(|base| base == number.unit.base || matches!(number.unit.base, Base::Money(_)));
    if amount && same {
        Value {
            expr: Expr::Change(kind, inner.clone()),
            ..left.clone()
        }
    } else {
        left.clone()
    }
}

/// 净利润超过100亿, 毛利率低于行业均值, 现金流大于净利润.
pub(super) fn compared(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Value(left), rest @ ..] = pieces else {
        return None;
    };
    if left.stat.is_some() {
        return None;
    }
    // A/B，2025年三季报低于0.9的公司
    let comma = usize::from(matches!(rest.first(), Some(Piece::Mark(','))));
    let skipped = comma + skip(rest.get(comma..)?);
    let [Piece::Word(W::Compare(op), _), rest @ ..] = rest.get(skipped..)? else {
        return None;
    };
    let again = skip(rest);
    let left = &match rest.get(again) {
        Some(Piece::Number(number, _)) => in_its_unit(rules, left, *number),
        _ => left.clone(),
    };
    let (right, taken) = rules.other_side(left, rest.get(again..)?)?;
    let mut op = *op;
    let mut right = right;
    // 以上 behind a number that was compared already adds nothing.
    let bound = usize::from(matches!(
        rest.get(again + taken),
        Some(Piece::Word(W::Bound(_), _))
    ));
    if left.moved == Some(false)
        && let Expr::Number(number) = &right
    {
        op = fallen(op);
        right = Expr::Number(Quantity::new(-number.value, number.unit));
    }
    let both = pieces.get(..1 + skipped + 1 + again + taken)?;
    let mut out = kept(left, compare(left.expr.clone(), op, right));
    // What it is compared with is shown too.
    if let Some(Piece::Value(other)) = both.last()
        && other.stat.is_none()
    {
        out.insert(1, Piece::Value(other.clone()));
    }
    Some((1 + skipped + 1 + again + taken + bound, out))
}

/// A超过B 10个百分点(以上).
pub(super) fn compared_more(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [
        Piece::Value(left),
        Piece::Word(W::Compare(op), _),
        Piece::Value(right),
        Piece::Number(number, _),
        rest @ ..,
    ] = pieces
    else {
        return None;
    };
    let apart = subtract(left.expr.clone(), right.expr.clone());
    let number = rules.fit(*number, &apart);
    let op = match op {
        CompareOp::Lt | CompareOp::Le => CompareOp::Lt,
        _ => CompareOp::Gt,
    };
    let number = if op == CompareOp::Lt {
        Quantity::new(-number.value, number.unit)
    } else {
        number
    };
    let bound = usize::from(matches!(rest.first(), Some(Piece::Word(W::Bound(_), _))));
    Some((
        4 + bound,
        vec![
            Piece::Value(left.clone()),
            Piece::Value(right.clone()),
            Piece::Condition(compare(apart, op, Expr::Number(number))),
        ],
    ))
}

/// 经营现金流不到净利润一半, 超过收入的三成, 是存货的2倍以上.
pub(super) fn compared_share(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let (left, op, right, number, used) = match pieces {
        [
            Piece::Value(left),
            Piece::Word(W::Compare(op), _),
            Piece::Value(right),
            Piece::Number(number, _),
            ..,
        ] => (left, op, right, number, 4),
        // exceeds 10% of revenue
        [
            Piece::Value(left),
            Piece::Word(W::Compare(op), _),
            Piece::Number(number, _),
            Piece::Word(W::Of, _),
            Piece::Value(right),
            ..,
        ] => (left, op, right, number, 5),
        [
            Piece::Value(left),
            Piece::Word(W::Compare(op), word),
            Piece::Number(number, _),
            Piece::Value(right),
            ..,
        ] if word.is_ascii() && number.unit == Unit::PERCENT => (left, op, right, number, 4),
        _ => return None,
    };
    let unit = number.unit;
    let share = unit == Unit::PERCENT || unit == Unit::TIMES;
    let same = rules.unit_of(&left.expr)?.base == rules.unit_of(&right.expr)?.base;
    let amount = !matches!(rules.unit_of(&left.expr)?.base, Base::Ratio);
    (share && same && amount).then(|| {
        let part = Expr::Binary(
            BinaryOp::Multiply,
            Box::new(right.expr.clone()),
            Box::new(Expr::Number(*number)),
        );
        (
            used,
            vec![
                Piece::Value(left.clone()),
                Piece::Value(right.clone()),
                Piece::Condition(compare(left.expr.clone(), *op, part)),
            ],
        )
    })
}

/// 营收和净利润均超过…, 毛利率和净利率均高于行业均值, 均为正.
pub(super) fn all_compared(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let (values, taken) = run(pieces);
    let [Piece::Word(W::All, _), rest @ ..] = pieces.get(taken..)? else {
        return None;
    };
    if values.len() < 2 {
        return None;
    }
    // 营收、净利润同比均超过15%: the rate is that of each of them.
    let rate = match values.last().map(|value| &value.expr) {
        Some(Expr::Change(kind @ (ChangeKind::Yoy | ChangeKind::Qoq), _)) => Some(*kind),
        Some(last) if rules.is_growth(last) => Some(ChangeKind::Yoy),
        _ => None,
    };
    let alike: Vec<Value> = values
        .iter()
        .map(|value| {
            let base = rules.unit_of(&value.expr).map(|unit| unit.base);
            let amount = !matches!(base, Some(Base::Ratio | Base::RatioPoints));
            match rate {
                Some(kind) if amount => (*value).clone().changed(kind),
                _ => (*value).clone(),
            }
        })
        .collect();
    let values: Vec<&Value> = alike.iter().collect();
    let (mut made, mut out, used) = (Vec::new(), Vec::new(), {
        let skipped = skip(rest);
        match rest.get(skipped..)? {
            [Piece::Word(W::Compare(_), _), after @ ..] => {
                skipped + 1 + rules.other_side(values.first()?, after)?.1
            }
            [Piece::Word(W::Positive | W::Negative, _), ..] => skipped + 1,
            _ => return None,
        }
    });
    for value in values {
        let skipped = skip(rest);
        let one = match rest.get(skipped..)? {
            [Piece::Word(W::Compare(op), _), after @ ..] => {
                compare(value.expr.clone(), *op, rules.other_side(value, after)?.0)
            }
            [Piece::Word(sign, _), ..] => sign_of(value.expr.clone(), *sign)?,
            _ => return None,
        };
        out.push(Piece::Value(value.clone()));
        made.push(one);
    }
    out.push(Piece::Condition(Condition::All(made)));
    Some((taken + 1 + used, out))
}

/// The value stands before: 高于均值 behind a list of values that was read already.
pub(super) fn compared_peers(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Word(W::Compare(op), _), rest @ ..] = pieces else {
        return None;
    };
    // `above 10% gross margin`.
    let [Piece::Number(number, _), Piece::Value(left), ..] = rest else {
        return None;
    };
    let right = Expr::Number(rules.fit(*number, &left.expr));
    Some((3, kept(left, compare(left.expr.clone(), *op, right))))
}

/// 同比增长20%以上, 下降10%: a number right behind a movement.
pub(super) fn moved_number(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [
        Piece::Value(left),
        Piece::Number(number, _),
        Piece::Word(W::Bound(op), _),
        ..,
    ] = pieces
    else {
        return None;
    };
    let up = left.moved?;
    let left = &in_its_unit(rules, left, *number);
    let number = rules.fit(*number, &left.expr);
    let (op, value) = if up {
        (*op, number.value)
    } else {
        (fallen(*op), -number.value)
    };
    let right = Expr::Number(Quantity::new(value, number.unit));
    Some((3, kept(left, compare(left.expr.clone(), op, right))))
}

/// 营收100亿以上.
pub(super) fn bounded(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Value(left), rest @ ..] = pieces else {
        return None;
    };
    let skipped = skip(rest);
    // 在行业中位数以上 too
    let [
        Piece::Number(..) | Piece::PeerStat(..) | Piece::Word(W::Stat(_), _),
        Piece::Word(W::Bound(op), _),
        ..,
    ] = rest.get(skipped..)?
    else {
        return None;
    };
    if left.stat.is_some() {
        return None;
    }
    let (right, _) = rules.other_side(left, rest.get(skipped..)?)?;
    // What lies above a mean is not the mean itself; of a number the bound counts in.
    let op = match (rest.get(skipped), op) {
        (Some(Piece::Number(..)), op) => *op,
        (_, CompareOp::Ge) => CompareOp::Gt,
        (_, CompareOp::Le) => CompareOp::Lt,
        (_, op) => *op,
    };
    Some((3 + skipped, kept(left, compare(left.expr.clone(), op, right))))
}

/// 在30%-50%之间, 介于1和2之间, between 10% and 20%.
pub(super) fn interval(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Value(left), rest @ ..] = pieces else {
        return None;
    };
    let mut at = skip(rest);
    let between = matches!(rest.get(at), Some(Piece::Word(W::Between, _)));
    at += usize::from(between);
    let Some(Piece::Number(low, _)) = rest.get(at) else {
        return None;
    };
    let joint = matches!(
        rest.get(at + 1),
        Some(Piece::Mark('-' | '~') | Piece::Word(W::And | W::To, _))
    );
    let next = at + 1 + usize::from(joint);
    let Some(Piece::Number(high, _)) = rest.get(next) else {
        return None;
    };
    let within = matches!(rest.get(next + 1), Some(Piece::Word(W::Within, _)));
    if !between && !within {
        return None;
    }
    // 30-50%: the unit is said once.
    let low = if low.unit == Unit::PLAIN && !low.value.is_zero() {
        Quantity::new(low.value, high.unit)
    } else {
        *low
    };
    let side = |number: Quantity| Expr::Number(rules.fit(number, &left.expr));
    let made = Condition::All(vec![
        compare(left.expr.clone(), CompareOp::Ge, side(low)),
        compare(left.expr.clone(), CompareOp::Le, side(*high)),
    ]);
    Some((1 + next + 1 + usize::from(within), kept(left, made)))
}

/// 申购费为零, 费率为0.5%.
pub(super) fn equal(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [
        Piece::Value(left),
        Piece::Word(W::Is, word),
        Piece::Number(number, _),
        ..,
    ] = pieces
    else {
        return None;
    };
    if left.stat.is_some() || word.is_ascii() {
        return None;
    }
    let right = Expr::Number(rules.fit(*number, &left.expr));
    Some((3, kept(left, compare(left.expr.clone(), CompareOp::Eq, right))))
}

/// 营收和净利润均排名前五.
pub(super) fn ranked_all(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let (values, taken) = run(pieces);
    let rest = pieces.get(taken..)?;
    // …三项都进前十
    let counted = rest
        .first()
        .and_then(Piece::count)
        .and_then(|count| usize::try_from(count).ok());
    let said = usize::from(counted == Some(values.len()));
    let rest = rest.get(said..)?;
    let taken = taken + said;
    let all = usize::from(matches!(rest.first(), Some(Piece::Word(W::All, _))));
    if values.len() < 2 || all == 0 {
        return None;
    }
    let rest = rest.get(all..)?;
    let rank = usize::from(matches!(rest.first(), Some(Piece::Word(W::Rank, _))));
    let [Piece::Word(W::First(direction), _), number, ..] = rest.get(rank..)? else {
        return None;
    };
    let count = number.count()?;
    let limit = Expr::Number(Quantity::new(Decimal::from(count), Unit::PLAIN));
    let mut out: Vec<Piece> = values
        .iter()
        .map(|value| Piece::Value((*value).clone()))
        .collect();
    let made = values
        .iter()
        .map(|value| {
            let rank = Expr::Rank(Box::new(value.expr.clone()), *direction, Vec::new());
            compare(rank, CompareOp::Le, limit.clone())
        })
        .collect();
    out.push(Piece::Condition(Condition::All(made)));
    Some((taken + all + rank + 2, out))
}

/// 短期借款比货币资金还多, 净利率比毛利率低50个百分点以上.
pub(super) fn compared_by(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Value(left), Piece::Word(W::Versus, _), rest @ ..] = pieces else {
        return None;
    };
    let (right, taken) = match rest.first()? {
        Piece::Number(..) => return None,
        _ => rules.other_side(left, rest)?,
    };
    let rest = rest.get(taken..)?;
    let larger = match rest.first()?.word()? {
        W::Higher(direction) | W::Most(direction) => direction == Direction::Desc,
        W::Compare(CompareOp::Gt) => true,
        W::Compare(CompareOp::Lt) => false,
        _ => return None,
    };
    if left.stat.is_some() || matches!(rest.get(1), Some(Piece::Word(W::HowMuch, _))) {
        return None;
    }
    let (more, less) = (CompareOp::Gt, CompareOp::Lt);
    let op = if larger { more } else { less };
    let mut out = vec![Piece::Value(left.clone())];
    if let Some(Piece::Value(other)) = pieces.get(2)
        && other.stat.is_none()
    {
        out.push(Piece::Value(other.clone()));
    }
    let Some(Piece::Number(number, _)) = rest.get(1) else {
        out.push(Piece::Condition(compare(left.expr.clone(), op, right)));
        return Some((2 + taken + 1, out));
    };
    let apart = subtract(left.expr.clone(), right);
    let number = rules.fit(*number, &apart);
    let value = if larger { number.value } else { -number.value };
    let bound = usize::from(matches!(rest.get(2), Some(Piece::Word(W::Bound(_), _))));
    let end = Expr::Number(Quantity::new(value, number.unit));
    out.push(Piece::Condition(compare(apart, op, end)));
    Some((2 + taken + 2 + bound, out))
}
