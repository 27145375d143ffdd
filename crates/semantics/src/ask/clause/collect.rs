//! Pieces that no rule changes any more, sorted into what a clause says; what has no place is left over.

use super::{Clause, Flag};
use crate::ask::lexicon::{Lexicon, Sense};
use crate::ask::piece::{Piece, Value};
use crate::ask::rules;
use crate::ask::words::Word as W;

/// Sorts pieces into a clause.
pub(super) fn collect(pieces: Vec<Piece>, lexicon: &Lexicon, clause: &mut Clause) {
    let mut shares: Vec<String> = Vec::new();
    let kind = |piece: Option<&Piece>| {
        matches!(piece, Some(Piece::Names(senses, _)) if senses.iter().any(|sense| matches!(sense, Sense::Entity(_))))
            || matches!(piece, Some(Piece::Word(W::Peers | W::Count, _)))
    };
    for (index, piece) in pieces.iter().enumerate() {
        if let Piece::Unknown(text) = piece
            && kind(pieces.get(index + 1))
        {
            clause.qualifiers.push(text.clone());
        }
    }
    let mut waiting: Option<(u32, String)> = None;
    let count = pieces.len();
    for (index, piece) in pieces.into_iter().enumerate() {
        // A number that measures nothing must belong to what follows: 66家(中药)公司, 两年.
        if let Some((number, text)) = waiting.take()
            && counts_next(number, text, &piece, index + 1 == count, clause)
        {
            continue;
        }
        match piece {
            Piece::Value(value) => {
                if !clause
                    .values
                    .iter()
                    .any(|known| known.expr == value.expr && known.stat == value.stat)
                {
                    clause.values.push(value);
                }
            }
            Piece::Condition(condition) => clause.conditions.push(condition),
            // 谁的存货最多，取前三: how many, said behind.
            Piece::Top(top)
                if top.by.is_none() && clause.tops.last().is_some_and(|known| known.count.is_none()) =>
            {
                if let Some(known) = clause.tops.last_mut() {
                    known.count = top.count;
                }
            }
            Piece::Top(top) => clause.tops.push(top),
            Piece::Order(by, direction) => clause.order = Some((by, direction)),
            Piece::Time(time) => clause.times.push(time),
            Piece::PeerStat(stat, within) => clause.peer_stat = Some((stat, within)),
            Piece::Bound(op, when) => clause.bounds.push((op, when)),
            Piece::Overdue(count, grain) => {
                clause.overdue = Some((count, grain));
                clause.words.insert(Flag::Expired);
            }
            Piece::Group(name) => clause.groups.push(name),
            Piece::Bands(bands) => clause.bands = bands,
            Piece::Names(senses, text) => names(senses, text, clause),
            Piece::Number(_, ref text) => match piece.count() {
                Some(number) => waiting = Some((number, text.clone())),
                None => clause.unread.push(text.clone()),
            },
            Piece::Unknown(text) => clause.unread.push(text),
            Piece::Mark(_) => {}
            Piece::Word(W::Difference, _) if clause.values.len() >= 2 => {
                let pair = (clause.values.first().cloned(), clause.values.get(1).cloned());
                if let (Some(left), Some(right)) = pair {
                    let apart = rules::subtract(left.expr, right.expr);
                    clause.values.push(Value::new(apart, ""));
                }
            }
            Piece::Word(W::Difference, _) if clause.subjects() >= 2 || clause.has(Flag::Versus) => {}
            Piece::Word(word, text) => flag(word, text, &mut shares, lexicon, clause),
        }
    }
    if let Some((number, text)) = waiting {
        if clause.has(Flag::Round) {
            clause.decimals = Some(number);
        } else {
            clause.unread.push(text);
        }
    }
    clause.shares = shares;
    // 哪五家公司最高: as many as are said.
    if let [top] = clause.tops.as_mut_slice()
        && top.count.is_none()
        && clause.words.contains(&Flag::Which)
    {
        top.count = clause.said_count;
    }
}

/// A name: of subjects or values, which are told apart once the figure is known, or of something in the catalog.
fn names(senses: Vec<Sense>, text: String, clause: &mut Clause) {
    if senses
        .iter()
        .any(|sense| matches!(sense, Sense::Member(..) | Sense::Value(..)))
    {
        clause.named.push((text, senses));
        return;
    }
    if expired(&text) {
        clause.words.insert(Flag::Expired);
    }
    for sense in senses {
        match sense {
            Sense::Entity(name) => {
                clause.entities.push(name);
                return;
            }
            Sense::Group(name) => {
                clause.bundles.push(name);
                return;
            }
            Sense::Dimension(name) => clause.dimensions.push(name),
            Sense::Table(name) => clause.tables.push(name),
            _ => {}
        }
    }
}

/// Whether the name of a date says that it is past.
pub(in crate::ask) fn expired(text: &str) -> bool {
    ["过期", "失效", "expired"].iter().any(|word| text.contains(word))
}

/// What a bare number counts, by the piece behind it. True when that piece is used up with it.
fn counts_next(number: u32, text: String, piece: &Piece, last: bool, clause: &mut Clause) -> bool {
    match piece {
        Piece::Names(senses, _) if senses.iter().any(|sense| matches!(sense, Sense::Entity(_))) => {
            clause.said_count = Some(number);
        }
        Piece::Unknown(_) | Piece::Word(W::Peers, _) if !last => clause.said_count = Some(number),
        _ if clause.has(Flag::Round) => clause.decimals = Some(number),
        // 甲、乙、丙三家
        _ if usize::try_from(number).is_ok_and(|number| number == clause.subjects() && number > 1) => {}
        // 这两项, 这五家
        _ if clause.has(Flag::These) => clause.said_count = Some(number),
        Piece::Word(W::Decimals, _) => {
            clause.decimals = Some(number);
            return true;
        }
        // 2024、2025两年: as many as are named. Another number of years would be lost.
        Piece::Word(W::Grain(_), word) => {
            let named = usize::try_from(number).is_ok_and(|number| number == clause.times.len());
            if !named && !clause.has(Flag::Streak) {
                clause.unread.push(format!("{text}{word}"));
            }
            return true;
        }
        _ => clause.unread.push(text),
    }
    false
}

/// A word that no rule took: what it says of the clause, or that it is left over.
fn flag(word: W, text: String, shares: &mut Vec<String>, lexicon: &Lexicon, clause: &mut Clause) {
    if let Some(flag) = plain_flag(word, &text) {
        clause.words.insert(flag);
        return;
    }
    let flag = match word {
        W::Chart(chart) => {
            clause.chart = Some(chart);
            Flag::Draw
        }
        W::Count => {
            clause.entities.extend(counted(&text, lexicon));
            Flag::Count
        }
        // 净利润占比，从高到低: of what is shown.
        W::Order(direction) => {
            clause.order = clause.order.take().or(Some((None, direction)));
            return;
        }
        // 净利润总额，并计算平均值: one more statistic of the same.
        W::Stat(stat) => {
            let again = clause.values.iter().find(|value| value.stat.is_some()).cloned();
            match again {
                Some(value) => clause.values.push(Value {
                    stat: Some(stat),
                    ..value
                }),
                None => clause.unread.push(text),
            }
            return;
        }
        W::Share | W::Ratio => {
            shares.push(text);
            Flag::Share
        }
        W::Advice | W::Command | W::Attack | W::Personal | W::Outside | W::Chat => {
            clause.outside.push((word, text));
            return;
        }
        // 管理费用也加上: beside what is shown.
        W::Plus if !clause.values.is_empty() => Flag::Also,
        // 剔除亏损企业后
        W::First(_) if text == "后" && !clause.conditions.is_empty() => return,
        // Words that join, or that their neighbours made clear.
        W::And | W::Is | W::Decimals | W::InUnit | W::Filler | W::Of | W::Within | W::To => return,
        // 每 that cuts by nothing would be lost; 按 and 分 are also plain words.
        W::Each if matches!(text.as_str(), "每" | "per") => {
            clause.unread.push(text);
            return;
        }
        W::Each => Flag::Each,
        // 之后 that follows no time says what comes next.
        W::After if matches!(text.as_str(), "之后" | "以后") => return,
        // Words that compare, count or turn around, and found nothing to do: what they say would be lost.
        _ => {
            clause.unread.push(text);
            return;
        }
    };
    clause.words.insert(flag);
}

/// Words that by themselves change how a clause is answered.
fn plain_flag(word: W, text: &str) -> Option<Flag> {
    Some(match word {
        W::List => Flag::List,
        W::Which => Flag::Which,
        W::WhichGroup => Flag::WhichGroup,
        W::HowMuch => Flag::HowMuch,
        W::Why => Flag::Why,
        W::These => Flag::These,
        W::Among => Flag::Among,
        W::Except => Flag::Except,
        W::Only => Flag::Only,
        W::Reverse => Flag::Reverse,
        W::Instead => Flag::Instead,
        W::Agree => Flag::Agree,
        W::Differ => Flag::Differ,
        W::Whether => Flag::Whether,
        W::Same => Flag::Same,
        W::Source => Flag::Source,
        W::Sure => Flag::Sure,
        W::Means => Flag::Means,
        W::Trend => Flag::Trend,
        W::Versus => Flag::Versus,
        W::Correlation => Flag::Correlation,
        W::Distribution => Flag::Distribution,
        W::Grouped => Flag::Grouped,
        W::Every => Flag::Every,
        W::Peers => Flag::Peers,
        W::Key => Flag::Key,
        W::Draw => Flag::Draw,
        W::Ask => Flag::Ask,
        W::Yoy => Flag::Yoy,
        W::Qoq => Flag::Qoq,
        W::Up => Flag::Up,
        W::Down => Flag::Down,
        W::Or => Flag::Or,
        W::All => Flag::All,
        W::Round => Flag::Round,
        W::Definition => Flag::Definition,
        W::Sieve => Flag::Sieve,
        W::Analyse => Flag::Analyse,
        W::Vague => Flag::Vague,
        W::YearBefore => Flag::YearBefore,
        W::Rank => Flag::Rank,
        W::Expired => Flag::Expired,
        W::Tally => Flag::Tally,
        W::Grain(_)
            if matches!(
                text,
                "月份" | "月" | "个月" | "季度" | "年份" | "months" | "quarters" | "years"
            ) =>
        {
            Flag::Periods
        }
        W::Change | W::Growth => Flag::Change,
        _ => return None,
    })
}

/// 公司数量 names the kind of subject too.
fn counted(text: &str, lexicon: &Lexicon) -> Option<String> {
    let kind = ["数量", "家数", "个数", "数"]
        .iter()
        .find_map(|ending| text.strip_suffix(ending))?;
    lexicon.exact(kind).iter().find_map(|sense| match sense {
        Sense::Entity(name) => Some(name.clone()),
        _ => None,
    })
}
