//! Ranks: the first, the largest, the order.

use super::{Rewrite, Rule, Rules};
use crate::ask::lexicon::Sense;
use crate::ask::piece::{Piece, Top, Value};
use crate::ask::words::Word as W;
use crate::query::{Direction, Expr};

/// Ranks, after conditions.
pub(super) const RULES: &[Rule] = &[
    most_of_kind,
    group_of_top,
    higher,
    rank_and_condition,
    swing,
    first_part,
    most_of_each,
    most_with_value,
    first_with_value,
    english_first,
    order,
    ordered_by,
    alone,
];

fn top(count: Option<u32>, direction: Direction, by: Option<Expr>) -> Piece {
    Piece::Top(Top { count, direction, by })
}

/// A number of subjects at the head of the pieces: 3家, 五.
fn number(pieces: &[Piece]) -> (Option<u32>, usize) {
    match pieces {
        [piece, ..] if piece.count().is_some() => (piece.count(), 1),
        // 最高的前三名: first, then how many.
        [Piece::Word(W::First(_), _), piece, ..] if piece.count().is_some() => (piece.count(), 2),
        _ => (None, 0),
    }
}

/// A movement asks for the largest rise or fall: 提升最多 is the largest growth, 下降最多 the smallest.
fn by(value: &Value, direction: Direction) -> (Expr, Direction) {
    match (value.moved, direction) {
        (Some(false), Direction::Desc) => (value.expr.clone(), Direction::Asc),
        (Some(false), Direction::Asc) => (value.expr.clone(), Direction::Desc),
        _ => (value.expr.clone(), direction),
    }
}

/// 规模最大的前三名基金经理: the first of the groups of a dimension that is no subject.
fn group_of_top(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Top(first), Piece::Names(senses, text), ..] = pieces else {
        return None;
    };
    let [Sense::Dimension(name)] = senses.as_slice() else {
        return None;
    };
    let group = name.contains('.') && !name.ends_with("date") && first.by.is_some();
    group.then(|| {
        (
            2,
            vec![
                Piece::Top(first.clone()),
                Piece::Word(W::WhichGroup, text.clone()),
                Piece::Group(name.clone()),
            ],
        )
    })
}

/// 客户最多的, `most clients`: by how many there are of a kind of subject.
fn most_of_kind(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let (senses, text, word, direction, used) = match pieces {
        [
            Piece::Names(senses, text),
            Piece::Word(W::Most(direction), word),
            ..,
        ] if !word.is_ascii() => (senses, text, word, *direction, 2),
        [
            Piece::Word(W::Most(direction), word),
            Piece::Names(senses, text),
            ..,
        ] if word.is_ascii() => (senses, text, word, *direction, 2),
        _ => return None,
    };
    if !matches!(word.as_str(), "最多" | "最少" | "most" | "fewest") {
        return None;
    }
    let entity = senses.iter().find_map(|sense| match sense {
        Sense::Entity(name) => Some(name),
        _ => None,
    })?;
    let home = rules.catalog.entity(entity)?.table.clone()?;
    let rows = format!("{}{home}", crate::catalog::ROWS);
    rules.catalog.metric(&rows)?;
    let counted = Value::new(Expr::Metric(crate::query::MetricRef::plain(rows)), text.clone());
    let (count, taken) = number(pieces.get(used..)?);
    let by = Some(counted.expr.clone());
    Some((
        used + taken,
        vec![Piece::Value(counted), top(count, direction, by)],
    ))
}

/// 波动最大的3家: by the size of the change.
fn swing(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Value(value), Piece::Word(W::Swing, _), rest @ ..] = pieces else {
        return None;
    };
    let (count, taken) = number(rest);
    let changed = if value.is_change() || is_rate(value) {
        value.clone()
    } else {
        value.clone().changed(crate::query::ChangeKind::Yoy)
    };
    let size = Expr::Abs(Box::new(changed.expr.clone()));
    Some((
        2 + taken,
        vec![Piece::Value(changed), top(count, Direction::Desc, Some(size))],
    ))
}

/// A stored growth rate is a change already.
fn is_rate(value: &Value) -> bool {
    matches!(&value.expr, Expr::Metric(metric) if metric.name.ends_with("_yoy") || metric.name.ends_with("_qoq"))
}

/// 排名前五且低于50%: both must hold, so the rank is among all.
fn rank_and_condition(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let ranked = |top: &Top| {
        let by = top.by.clone()?;
        let count = top.count?;
        let limit =
            jinsheng_core::Quantity::new(jinsheng_core::Decimal::from(count), jinsheng_core::Unit::PLAIN);
        Some(Piece::Condition(crate::query::Condition::Compare(
            Expr::Rank(Box::new(by), top.direction, Vec::new()),
            crate::query::CompareOp::Le,
            Expr::Number(limit),
        )))
    };
    let and = |word: &str| word.contains('且') || word == "and";
    match pieces {
        [
            Piece::Top(top),
            Piece::Word(W::And, word),
            Piece::Value(value),
            made @ Piece::Condition(_),
            ..,
        ] if and(word) => Some((4, vec![ranked(top)?, Piece::Value(value.clone()), made.clone()])),
        // 营收前二十但净利润后二十
        [
            Piece::Top(first),
            Piece::Word(W::And, word),
            Piece::Value(value),
            Piece::Top(second),
            ..,
        ] if and(word) || word.contains(['但', '却', '而']) => Some((
            4,
            vec![ranked(first)?, Piece::Value(value.clone()), ranked(second)?],
        )),
        [
            made @ Piece::Condition(_),
            Piece::Word(W::And, word),
            Piece::Value(value),
            Piece::Top(top),
            ..,
        ] if and(word) => Some((4, vec![made.clone(), Piece::Value(value.clone()), ranked(top)?])),
        _ => None,
    }
}

/// 哪个毛利率高: the higher of those compared.
fn higher(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [
        Piece::Value(value),
        Piece::Word(W::Higher(direction), _),
        rest @ ..,
    ] = pieces
    else {
        return None;
    };
    // 高多少 and 高于 are other questions.
    if matches!(
        rest.first(),
        Some(Piece::Word(W::HowMuch | W::Compare(_), _) | Piece::Number(..))
    ) || rest.iter().any(|piece| piece.word() == Some(W::Why))
    {
        return None;
    }
    Some((
        2,
        vec![
            Piece::Value(value.clone()),
            top(None, *direction, Some(value.expr.clone())),
        ],
    ))
}

/// 毛利率排名前10%: by their place among as many as there are.
fn first_part(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Value(value), rest @ ..] = pieces else {
        return None;
    };
    let skipped = rest
        .iter()
        .take_while(|piece| matches!(piece, Piece::Word(W::Rank | W::Is, _)))
        .count();
    let [Piece::Word(W::First(way), _), Piece::Number(number, _), ..] = rest.get(skipped..)? else {
        return None;
    };
    if number.unit != jinsheng_core::Unit::PERCENT || value.stat.is_some() {
        return None;
    }
    let place = Expr::Rank(Box::new(value.expr.clone()), *way, Vec::new());
    let all = super::peers(crate::query::Stat::Count, value.expr.clone());
    let most = Expr::Binary(
        crate::query::BinaryOp::Multiply,
        Box::new(all),
        Box::new(Expr::Number(*number)),
    );
    Some((
        3 + skipped,
        vec![
            Piece::Value(value.clone()),
            Piece::Condition(crate::query::Condition::Compare(
                place,
                crate::query::CompareOp::Le,
                most,
            )),
        ],
    ))
}

/// 营收和净利润最高的公司: the first by each of them.
fn most_of_each(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let (values, taken) = super::condition::run(pieces);
    // 销售费用、研发费用两项合计最大的: what is made of the others is the one that counts.
    if values.last().is_some_and(|last| {
        let parts = rules.metrics_of(&last.expr);
        values
            .iter()
            .rev()
            .skip(1)
            .any(|value| rules.metrics_of(&value.expr).is_subset(&parts))
    }) {
        return None;
    }
    if values.len() < 2 || values.iter().any(|value| value.stat.is_some()) {
        return None;
    }
    let rest = pieces.get(taken..)?;
    let skipped = rest
        .iter()
        .take_while(|piece| matches!(piece, Piece::Word(W::Rank | W::Is, _)))
        .count();
    let (way, count, used) = match rest.get(skipped..)? {
        [Piece::Word(W::Most(way), _), after @ ..] => {
            let (count, taken) = number(after);
            (*way, count, 1 + taken)
        }
        [Piece::Word(W::First(way), _), piece, ..] => (*way, Some(piece.count()?), 2),
        _ => return None,
    };
    let each = values.iter().flat_map(|value| {
        let (expr, way) = by(value, way);
        [Piece::Value((*value).clone()), top(count, way, Some(expr))]
    });
    Some((taken + skipped + used, each.collect()))
}

/// 净利润最高的3家.
fn most_with_value(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Value(value), rest @ ..] = pieces else {
        return None;
    };
    let skipped = rest
        .iter()
        .take_while(|piece| matches!(piece, Piece::Word(W::Rank | W::Is | W::Change, _)))
        .count();
    let [Piece::Word(W::Most(direction), _), after @ ..] = rest.get(skipped..)? else {
        return None;
    };
    let (count, taken) = number(after);
    let (mut expr, direction) = by(value, *direction);
    // The largest difference is the one farthest from none, whichever is larger.
    if value.text.contains('-') && matches!(expr, Expr::Binary(crate::query::BinaryOp::Subtract, ..)) {
        expr = Expr::Abs(Box::new(expr));
    }
    Some((
        2 + skipped + taken,
        vec![Piece::Value(value.clone()), top(count, direction, Some(expr))],
    ))
}

/// 净利润(排名)前五.
fn first_with_value(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Value(value), rest @ ..] = pieces else {
        return None;
    };
    let skipped = rest
        .iter()
        .take_while(|piece| matches!(piece, Piece::Word(W::Rank | W::Is, _)))
        .count();
    let [Piece::Word(W::First(direction), text), piece, after @ ..] = rest.get(skipped..)? else {
        return None;
    };
    let count = piece.count()?;
    // revenue of the top 3 companies by net profit: by what stands behind.
    let by_other = after
        .windows(2)
        .any(|pair| matches!(pair, [Piece::Word(W::Each, word), Piece::Value(_)] if word == "by"));
    if text.is_ascii() && by_other {
        return None;
    }
    let (expr, direction) = by(value, *direction);
    Some((
        3 + skipped,
        vec![
            Piece::Value(value.clone()),
            top(Some(count), direction, Some(expr)),
        ],
    ))
}

/// `top 5 companies by revenue`, `highest revenue`, `三家净利润最高` with the number in front is rare.
fn english_first(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let (direction, count, used) = match pieces {
        [Piece::Word(W::First(direction), text), piece, ..] if text.is_ascii() => {
            (*direction, Some(piece.count()?), 2)
        }
        [Piece::Word(W::Most(direction), text), ..] if text.is_ascii() => (*direction, None, 1),
        [piece, Piece::Word(W::Most(direction), text), ..] if text.is_ascii() && piece.count().is_some() => {
            (*direction, piece.count(), 2)
        }
        _ => return None,
    };
    let rest = pieces.get(used..)?;
    let names = rest
        .iter()
        .take_while(|piece| matches!(piece, Piece::Names(..) | Piece::Time(_) | Piece::Group(_)))
        .count();
    let after = rest.get(names..)?;
    let (value, taken) = match after {
        [Piece::Value(value), ..] => (value, 1),
        [Piece::Word(W::Each | W::Rank, _), Piece::Value(value), ..] => (value, 2),
        [
            Piece::Word(W::Rank, _),
            Piece::Word(W::Each, _),
            Piece::Value(value),
            ..,
        ] => (value, 3),
        _ => return None,
    };
    let mut out: Vec<Piece> = rest.get(..names)?.to_vec();
    let (expr, direction) = by(value, direction);
    out.push(Piece::Value(value.clone()));
    out.push(top(count, direction, Some(expr)));
    Some((used + names + taken, out))
}

/// 按营业总收入从高到低.
fn order(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let (value, rest, used) = match pieces {
        [Piece::Word(W::Each, _), Piece::Value(value), rest @ ..] => (value, rest, 2),
        [Piece::Value(value), rest @ ..] => (value, rest, 1),
        _ => return None,
    };
    let [Piece::Word(W::Order(direction), _), rest @ ..] = rest else {
        return None;
    };
    // 从高到低排序: two words for one thing.
    let again = rest
        .iter()
        .take_while(|piece| matches!(piece, Piece::Word(W::Order(_), _)))
        .count();
    Some((
        used + 1 + again,
        vec![
            Piece::Value(value.clone()),
            Piece::Order(Some(value.expr.clone()), *direction),
        ],
    ))
}

/// `rank the companies by revenue`, `sort by debt ratio`, 按净利率排.
fn ordered_by(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    match pieces {
        [
            Piece::Word(W::Order(direction), _),
            Piece::Word(W::Each, _),
            Piece::Value(value),
            ..,
        ] => Some((
            3,
            vec![
                Piece::Value(value.clone()),
                Piece::Order(Some(value.expr.clone()), *direction),
            ],
        )),
        [Piece::Word(W::Each, _), Piece::Value(value), ..] => Some((
            2,
            vec![
                Piece::Value(value.clone()),
                Piece::Order(Some(value.expr.clone()), Direction::Desc),
            ],
        )),
        _ => None,
    }
}

/// 前三, 最低的三家 without a value: of what is spoken of.
fn alone(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    match pieces {
        // 多多少, 高几个百分点 that no comparison took: how far apart.
        [Piece::Word(W::Higher(_), text), Piece::Word(W::HowMuch, _), ..] => {
            Some((2, vec![Piece::Word(W::Difference, text.clone())]))
        }
        [Piece::Word(W::First(direction), _), piece, ..] => {
            Some((2, vec![top(Some(piece.count()?), *direction, None)]))
        }
        // 第一名的基金经理: of a rank that was made before.
        [Piece::Word(W::Most(_), text), Piece::Names(senses, _), ..]
            if text.starts_with("第一")
                && senses.iter().all(|sense| matches!(sense, Sense::Dimension(_))) =>
        {
            Some((1, vec![Piece::Unknown(text.clone())]))
        }
        [Piece::Word(W::Most(direction), _), rest @ ..] => {
            let (count, taken) = number(rest);
            Some((1 + taken, vec![top(count, *direction, None)]))
        }
        _ => None,
    }
}
