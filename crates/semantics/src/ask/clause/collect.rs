//! Pieces that no rule changes any more, sorted into what a clause says; what has no place is left over.

use super::{Clause, Flag};
use crate::ask::lexicon::{Lexicon, Sense};
use crate::ask::piece::{Piece, Value};
use crate::ask::rules;
use crate::ask::words::Word as W;

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
        if let Some((number, text)) = waiting.take() {
            match &piece {
                Piece::Names(senses, _) if senses.iter().any(|sense| matches!(sense, Sense::Entity(_))) => {
                    clause.said_count = Some(number);
                }
                Piece::Unknown(_) | Piece::Word(W::Peers, _) if index + 1 < count => {
                    clause.said_count = Some(number);
                }
                _ if clause.has(Flag::Round) => clause.decimals = Some(number),
                // 甲、乙、丙三家
                _ if usize::try_from(number)
                    .is_ok_and(|number| number == clause.subjects() && number > 1) => {}
                // 这两项, 这五家
                _ if clause.has(Flag::These) => clause.said_count = Some(number),
                Piece::Word(W::Grain(_) | W::Decimals | W::Rank, _) => {
                    if matches!(piece, Piece::Word(W::Decimals, _)) {
                        clause.decimals = Some(number);
                    }
                    continue;
                }
                _ => clause.unread.push(text),
            }
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
            Piece::Top(top) => clause.tops.push(top),
            Piece::Order(by, direction) => clause.order = Some((by, direction)),
            Piece::Time(time) => clause.times.push(time),
            Piece::PeerStat(stat, within) => clause.peer_stat = Some((stat, within)),
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
}

fn names(senses: Vec<Sense>, text: String, clause: &mut Clause) {
    if senses
        .iter()
        .any(|sense| matches!(sense, Sense::Member(..) | Sense::Value(..)))
    {
        clause.named.push((text, senses));
        return;
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

/// 每 that cuts by nothing would be lost; 按 and 分 are also plain words.
fn lost(word: W, text: &str) -> bool {
    word == W::Each && matches!(text, "每" | "per")
}

/// Words whose being there is all that they say.
fn plain(word: W) -> Option<Flag> {
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
        W::Each => Flag::Each,
        W::All => Flag::All,
        W::Round => Flag::Round,
        W::Definition => Flag::Definition,
        W::Sieve => Flag::Sieve,
        W::Analyse => Flag::Analyse,
        W::Vague => Flag::Vague,
        W::YearBefore => Flag::YearBefore,
        W::Rank => Flag::Rank,
        W::Change | W::Growth => Flag::Change,
        _ => return None,
    })
}

fn flag(word: W, text: String, shares: &mut Vec<String>, lexicon: &Lexicon, clause: &mut Clause) {
    if let Some(flag) = plain(word).filter(|_| !lost(word, &text)) {
        clause.words.insert(flag);
        return;
    }
    let flag = match word {
        W::Chart(chart) => {
            clause.chart = Some(chart);
            Flag::Draw
        }
        W::Count => {
            // 公司数量 names the kind of subject too.
            let kind = ["数量", "家数", "个数", "数"]
                .iter()
                .find_map(|ending| text.strip_suffix(ending));
            let entity = kind.and_then(|kind| {
                lexicon.exact(kind).iter().find_map(|sense| match sense {
                    Sense::Entity(name) => Some(name.clone()),
                    _ => None,
                })
            });
            clause.entities.extend(entity);
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
        // Words that join, or that their neighbours made clear.
        W::And | W::Is | W::Decimals | W::InUnit | W::Filler | W::Of | W::Within | W::To => return,
        // Words that compare, count or turn around, and found nothing to do: what they say would be lost.
        _ => {
            clause.unread.push(text);
            return;
        }
    };
    clause.words.insert(flag);
}
