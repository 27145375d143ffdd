//! Statistics and places of a value among its peers.

use super::value;
use crate::ask::piece::{Piece, Value};
use crate::ask::rules::{Rewrite, Rules};
use crate::ask::words::Word as W;
use crate::query::{Direction, Expr};

/// 净利润的最大值、最小值、平均值: several statistics of one value.
pub(super) fn stat_again(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [
        Piece::Value(found),
        Piece::Word(W::And, _),
        Piece::Word(W::Stat(stat), _),
        rest @ ..,
    ] = pieces
    else {
        return None;
    };
    found.stat?;
    // In front of a value the word belongs to that.
    if matches!(rest.first(), Some(Piece::Value(_))) {
        return None;
    }
    let again = Value {
        stat: Some(*stat),
        ..found.clone()
    };
    Some((3, vec![Piece::Value(found.clone()), Piece::Value(again)]))
}

/// `average and median inventory`, 平均和中位研发费用: several statistics of one value.
pub(super) fn stats_before(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [
        Piece::Word(W::Stat(first), _),
        Piece::Word(W::And, and),
        Piece::Word(W::Stat(second), _),
        Piece::Value(found),
        ..,
    ] = pieces
    else {
        return None;
    };
    let with = |stat: crate::query::Stat| {
        Piece::Value(Value {
            stat: Some(stat),
            ..found.clone()
        })
    };
    found.stat.is_none().then(|| {
        (
            4,
            vec![with(*first), Piece::Word(W::And, and.clone()), with(*second)],
        )
    })
}

/// 平均花了多少研发费用: how much stands between.
pub(super) fn stat_how_much(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    match pieces {
        [
            stat @ Piece::Word(W::Stat(_), _),
            Piece::Word(W::HowMuch, _),
            found @ Piece::Value(_),
            ..,
        ] => Some((3, vec![stat.clone(), found.clone()])),
        // 三年平均, 三年累计 of the years that are named
        [
            Piece::Number(number, _),
            Piece::Word(W::Grain(jinsheng_core::Grain::Year), _),
            stat @ Piece::Word(W::Stat(_), _),
            ..,
        ] if number.unit == jinsheng_core::Unit::PLAIN => Some((3, vec![stat.clone()])),
        _ => None,
    }
}

/// 平均净利润, average revenue.
pub(super) fn stat_before(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Word(W::Stat(stat), word), Piece::Value(found), ..] = pieces else {
        return None;
    };
    // 总 in front of a figure that is a total already: 总资产规模.
    let total = match &found.expr {
        Expr::Metric(metric) => rules.catalog.metric(&metric.name).is_some_and(|metric| {
            let names = [&metric.label.zh].into_iter().chain(&metric.synonyms);
            names
                .into_iter()
                .any(|name| name.starts_with('总') || name.ends_with("总额") || name.ends_with("总计"))
        }),
        _ => false,
    };
    if word == "总" && total && !found.text.contains('总') {
        return Some((2, value(found.clone())));
    }
    (found.stat.is_none()).then(|| {
        (
            2,
            value(Value {
                stat: Some(*stat),
                ..found.clone()
            }),
        )
    })
}

/// 净利润均值, 净利润行业均值.
pub(super) fn stat_after(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let (found, stat, taken) = match pieces {
        [Piece::Value(found), Piece::Word(W::Stat(stat), _), ..] => (found, *stat, 2),
        [Piece::Value(found), Piece::PeerStat(stat, _), ..] => (found, *stat, 2),
        [
            Piece::Value(found),
            Piece::Word(W::Peers, _),
            Piece::Word(W::Stat(stat), _),
            ..,
        ] => (found, *stat, 3),
        _ => return None,
    };
    let of_peers = !matches!(pieces.get(1), Some(Piece::Word(W::Stat(_), _)));
    found.stat.is_none().then(|| {
        (
            taken,
            value(Value {
                stat: Some(stat),
                of_peers,
                ..found.clone()
            }),
        )
    })
}

/// 行业平均净利润.
pub(super) fn peer_stat(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::PeerStat(stat, _), Piece::Value(found), ..] = pieces else {
        return None;
    };
    found.stat.is_none().then(|| {
        (
            2,
            value(Value {
                stat: Some(*stat),
                of_peers: true,
                ..found.clone()
            }),
        )
    })
}

/// ROE在同行业排第几: the place within the trade, where the catalog tells trades apart. 全行业 are all.
pub(super) fn rank_in_trade(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let (found, word, text) = match pieces {
        [
            Piece::Value(found),
            word @ Piece::Word(W::Peers, text),
            Piece::Word(W::Rank, _),
            ..,
        ]
        | [
            word @ Piece::Word(W::Peers, text),
            Piece::Value(found),
            Piece::Word(W::Rank, _),
            ..,
        ] => (found, word, text),
        _ => return None,
    };
    let whole = text.starts_with('全') || text.contains("整体");
    let trade = rules.trade().filter(|_| !whole)?;
    if found.stat.is_some() || matches!(found.expr, Expr::Rank(..)) {
        return None;
    }
    let expr = Expr::Rank(Box::new(found.expr.clone()), Direction::Desc, vec![trade]);
    let placed = Value {
        expr,
        ..found.clone()
    };
    Some((
        3,
        vec![Piece::Value(found.clone()), Piece::Value(placed), word.clone()],
    ))
}

/// 净利润排名 (without a number): its place.
pub(super) fn rank_value(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Value(found), Piece::Word(W::Rank, _), rest @ ..] = pieces else {
        return None;
    };
    // 排名在6到10之间 is about the place.
    let stretch = matches!(
        rest,
        [
            Piece::Number(..),
            Piece::Mark('-' | '~') | Piece::Word(W::To | W::And, _),
            Piece::Number(..),
            Piece::Word(W::Within, _),
            ..
        ]
    );
    let cut = matches!(rest.first(), Some(Piece::Word(W::First(_) | W::Most(_), _)))
        || matches!(rest.first(), Some(Piece::Number(..))) && !stretch;
    if cut {
        return Some((2, value(found.clone())));
    }
    // 排名第几: two words for one place.
    if matches!(found.expr, Expr::Rank(..)) {
        return Some((2, value(found.clone())));
    }
    let expr = Expr::Rank(Box::new(found.expr.clone()), Direction::Desc, Vec::new());
    Some((
        2,
        value(Value {
            expr,
            ..found.clone()
        }),
    ))
}
