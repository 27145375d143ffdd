//! Words beside a figure that change nothing, or that say in another way what a rule knows.

use jinsheng_core::{Base, Decimal, Unit};

use crate::ask::lexicon::Sense;
use crate::ask::piece::{Piece, Spread};
use crate::ask::rules::{Rewrite, Rules};
use crate::ask::words::Word as W;
use crate::query::CompareOp;

/// Words that stand between a figure and what is said of it.
pub(super) fn idle(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    // 汽车股 are the shares of a trade.
    if let [Piece::Names(senses, name), Piece::Unknown(share), ..] = pieces
        && share == "股"
        && senses.iter().any(|sense| matches!(sense, Sense::Value(..)))
    {
        return Some((2, vec![Piece::Names(senses.clone(), name.clone())]));
    }
    // 经营现金流却比上年增加: a word that turns, and changes nothing.
    if let [
        found @ Piece::Value(_),
        Piece::Word(W::And, word),
        Piece::Word(next, _),
        ..,
    ] = pieces
        && matches!(word.as_str(), "却" | "则" | "反而" | "但却" | "却是")
        && matches!(
            next,
            W::Yoy | W::Qoq | W::Up | W::Down | W::Is | W::Compare(_) | W::All | W::Positive | W::Negative
        )
    {
        return Some((2, vec![found.clone()]));
    }
    // …/营业总收入×100%
    if let [
        found @ Piece::Value(_),
        Piece::Word(W::Times, _) | Piece::Mark('*'),
        Piece::Number(number, _),
        ..,
    ] = pieces
        && number.unit == Unit::PERCENT
        && number.value == Decimal::ONE_HUNDRED
    {
        return Some((3, vec![found.clone()]));
    }
    // 与全部公司的平均值对比
    if let [
        Piece::Word(W::Every, _),
        Piece::Names(senses, _),
        Piece::Word(W::Stat(stat), _),
        rest @ ..,
    ] = pieces
        && senses.iter().any(|sense| matches!(sense, Sense::Entity(_)))
        && matches!(
            rest.first(),
            None | Some(Piece::Word(W::Versus | W::Difference | W::List, _) | Piece::Mark(','))
        )
    {
        return Some((3, vec![Piece::PeerStat(*stat, None)]));
    }
    // 在行业均值之上, 中位数以上: above it.
    if let [stat @ .., Piece::Word(W::Bound(op), text)] = bounded_stat(pieces) {
        let op = match op {
            CompareOp::Ge | CompareOp::Gt => CompareOp::Gt,
            _ => CompareOp::Lt,
        };
        let mut out = vec![Piece::Word(W::Compare(op), text.clone())];
        out.extend(stat.iter().cloned());
        return Some((stat.len() + 1, out));
    }
    // by more than 20%
    if let [
        Piece::Word(W::Each, by),
        than @ Piece::Word(W::Compare(_), _),
        Piece::Number(..),
        ..,
    ] = pieces
        && by == "by"
    {
        return Some((2, vec![than.clone()]));
    }
    // 低于该均值
    if let [
        Piece::Word(W::These, text),
        stat @ (Piece::Word(W::Stat(_), _) | Piece::PeerStat(..)),
        ..,
    ] = pieces
        && text.starts_with(['该', '这'])
    {
        return Some((2, vec![stat.clone()]));
    }
    // 比前一年高: on the year before.
    if let [Piece::Word(W::Versus, _), Piece::Word(W::YearBefore, _), ..] = pieces {
        return Some((2, vec![Piece::Word(W::Yoy, "同比".to_owned())]));
    }
    // `over 2022-2024`
    if let [
        Piece::Word(W::Compare(CompareOp::Gt), text),
        time @ Piece::Time(_),
        ..,
    ] = pieces
        && text == "over"
    {
        return Some((2, vec![time.clone()]));
    }
    // 单季占全年的比重 is of the same subject, which no share of all would be.
    if let [Piece::Word(W::ShareOf, text), Piece::Time(_), rest @ ..] = pieces
        && !matches!(
            rest.first(),
            Some(Piece::Value(_) | Piece::Word(W::Peers | W::Every, _) | Piece::Names(..))
        )
    {
        return Some((1, vec![Piece::Unknown(text.clone())]));
    }
    // 净利润同比是下降的
    if let [
        found @ Piece::Value(_),
        Piece::Word(W::Is, _),
        moved @ Piece::Word(W::Up | W::Down, _),
        ..,
    ] = pieces
    {
        return Some((3, vec![found.clone(), moved.clone()]));
    }
    // 高出几个百分点, 多出多少: the difference.
    if let [
        Piece::Word(W::Compare(CompareOp::Gt), text),
        Piece::Word(W::HowMuch, _),
        ..,
    ] = pieces
        && matches!(text.as_str(), "高出" | "多出" | "超出")
    {
        return Some((2, vec![Piece::Word(W::Difference, text.clone())]));
    }
    None
}

/// A statistic at the head with the bound behind it; nothing where there is none.
fn bounded_stat(pieces: &[Piece]) -> &[Piece] {
    let taken = match pieces {
        [
            Piece::Word(W::Peers, _),
            Piece::Word(W::Stat(_), _),
            Piece::Word(W::Bound(_), _),
            ..,
        ] => 3,
        [
            Piece::PeerStat(..) | Piece::Word(W::Stat(_), _),
            Piece::Word(W::Bound(_), _),
            ..,
        ] => 2,
        _ => 0,
    };
    pieces.get(..taken).unwrap_or_default()
}

/// 标准差, 上四分位数, 90分位数: how the values of all are spread.
pub(super) fn spread(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    match pieces {
        [Piece::Word(W::Quartile(0), _), ..] => {
            let parts = [25, 50, 75].map(|part| Piece::Spread(Spread::Quantile(part)));
            return Some((1, parts.to_vec()));
        }
        [Piece::Word(W::Quartile(part), _), ..] => {
            return Some((1, vec![Piece::Spread(Spread::Quantile(*part))]));
        }
        [Piece::Word(W::Deviation, _), ..] => return Some((1, vec![Piece::Spread(Spread::Deviation)])),
        [Piece::Number(number, _), Piece::Word(W::Percentile, _), ..] => {
            let part: Option<u32> = number.value.normalize().to_string().parse().ok();
            let plain = matches!(number.unit.base, Base::Plain | Base::Ratio);
            if let Some(part) = part.filter(|part| plain && (1..100).contains(part)) {
                return Some((2, vec![Piece::Spread(Spread::Quantile(part))]));
            }
        }
        _ => {}
    }
    None
}
