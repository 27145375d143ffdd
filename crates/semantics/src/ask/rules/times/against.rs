//! A figure against that of another time: 比2023年, 高于上年, 2022年到2024年增长了多少.

use jinsheng_core::Grain;
use jinsheng_text::time::{Part, Time, When, Year};

use super::points;
use crate::ask::piece::Piece;
use crate::ask::words::Word as W;
use crate::query::{CompareOp, Direction, Lag};

/// 2025年第三季度与2024年第三季度相比，净利润变化; 2024年营收与2023年相比增长了多少: the change of the later, with the figure before.
pub(in crate::ask::rules) fn compared_years(pieces: &mut Vec<Piece>) {
    let changes = |piece: &Piece| {
        matches!(
            piece,
            Piece::Word(
                W::Growth | W::Up | W::Down | W::Change | W::Yoy | W::ChangeAmount | W::Higher(_),
                _
            )
        )
    };
    let trend = |piece: &Piece| matches!(piece, Piece::Word(W::Each | W::Trend | W::Streak | W::All, _));
    if !pieces.iter().any(changes) || pieces.iter().any(trend) {
        return;
    }
    let times = points::stretches(pieces);
    let [(first, one), (second, other)] = times.as_slice() else {
        return;
    };
    let (now, then) = match (years_apart(one, other), years_apart(other, one)) {
        (Some(1), _) => (*one, *second),
        (_, Some(1)) => (*other, *first),
        _ => return,
    };
    // Compared in words: 与…相比, 对比…, 较….
    let joined = |place: usize| matches!(pieces.get(place), Some(Piece::Word(W::And | W::Versus, _)));
    let versus = pieces.iter().any(|piece| piece.word() == Some(W::Versus));
    // 对比2024年和2025年前十的名单 shows both.
    let ranks = pieces
        .iter()
        .any(|piece| matches!(piece, Piece::Word(W::First(_) | W::Most(_), _)));
    let ahead = pieces
        .iter()
        .position(|piece| piece.word() == Some(W::Versus))
        .is_some_and(|place| place < *first);
    // 同比…, 2025年三季报对2024年三季报
    let yoy = pieces.iter().any(|piece| piece.word() == Some(W::Yoy)) && *second == first + 1;
    let same = second.checked_sub(1).is_some_and(|place| {
        matches!(pieces.get(place), Some(Piece::Time(Time::SamePeriod(_))))
            && place.checked_sub(1).is_some_and(joined)
    });
    if !yoy && !same && (!versus || ranks && ahead || !second.checked_sub(1).is_some_and(joined)) {
        return;
    }
    let mut new = Vec::new();
    for (index, piece) in pieces.drain(..).enumerate() {
        match piece {
            Piece::Time(Time::At(_)) if index == then => {}
            Piece::Time(Time::At(_)) => {
                new.push(Piece::Time(Time::At(now)));
                new.push(Piece::Word(W::BothPeriods, "两期".to_owned()));
            }
            Piece::Word(W::And | W::Versus, _) if index + 1 == *second => {}
            Piece::Word(W::Versus, _) => {}
            other => new.push(other),
        }
    }
    *pieces = new;
}

/// 2022年到2024年增长了多少: of the last against the first.
pub(in crate::ask::rules) fn from_to(pieces: &mut Vec<Piece>) {
    let ranges: Vec<(usize, When, When)> = pieces
        .iter()
        .enumerate()
        .filter_map(|(index, piece)| match piece {
            Piece::Time(Time::Range(from, to)) => Some((index, *from, *to)),
            _ => None,
        })
        .collect();
    let times = pieces
        .iter()
        .filter(|piece| matches!(piece, Piece::Time(_)))
        .count();
    let [(at, from, to)] = ranges.as_slice() else {
        return;
    };
    let asks = pieces.iter().any(|piece| piece.word() == Some(W::HowMuch));
    let other = pieces.iter().filter_map(Piece::word).any(asks_otherwise);
    let moved = pieces
        .iter()
        .position(|piece| matches!(piece, Piece::Word(W::Up | W::Down | W::ChangeAmount, _)));
    let (Some(moved), true, false, 1) = (moved, asks, other, times) else {
        return;
    };
    let valued = moved
        .checked_sub(1)
        .and_then(|place| pieces.get(place))
        .is_some_and(|piece| matches!(piece, Piece::Value(_)));
    let years = match (from.year, to.year) {
        (Some(Year::Absolute(from)), Some(Year::Absolute(to))) => u32::try_from(to - from).ok(),
        _ => None,
    };
    let alike = from.part.is_none() || from.part == to.part;
    let (Some(years), true, true) = (years.filter(|years| *years > 1), alike, valued) else {
        return;
    };
    let since = Piece::Since(self::years(years), Time::At(*from));
    pieces.insert(moved, since);
    if let Some(piece) = pieces.get_mut(*at) {
        *piece = Piece::Time(Time::At(*to));
    }
}

/// Whether a word asks for more than one growth over a stretch.
fn asks_otherwise(word: W) -> bool {
    matches!(
        word,
        W::Each
            | W::Trend
            | W::Streak
            | W::All
            | W::Yoy
            | W::Qoq
            | W::Cagr
            | W::Most(_)
            | W::First(_)
            | W::Which
            | W::Compare(_)
            | W::Bound(_)
            | W::Chart(_)
            | W::Stat(_)
            | W::Why
    )
}

/// 2022年到2024年累计, 三年累计: the sum over the years that are named.
pub(in crate::ask::rules) fn sum_of_years(pieces: &mut Vec<Piece>) {
    let years = |when: &When| matches!(when.part, None | Some(Part::Full)) && when.year.is_some();
    let stretch = pieces.iter().find_map(|piece| match piece {
        Piece::Time(Time::Range(first, last)) if years(first) && years(last) => match (first.year, last.year)
        {
            (Some(Year::Absolute(first)), Some(Year::Absolute(last))) => u32::try_from(last - first + 1).ok(),
            _ => None,
        },
        Piece::Time(Time::Recent(count, Grain::Year)) => Some(*count),
        _ => None,
    });
    let Some(stretch) = stretch else { return };
    for piece in pieces.iter_mut() {
        if let Piece::Word(W::Form(crate::query::Form::Ytd), text) = piece {
            *piece = Piece::Word(W::Stat(crate::query::Stat::Sum), text.clone());
        }
    }
    // 2022-2024年三年: how many, said again.
    let mut at = 0;
    while at + 1 < pieces.len() {
        let again = pieces.get(at).and_then(Piece::count) == Some(stretch)
            && matches!(pieces.get(at + 1), Some(Piece::Word(W::Grain(Grain::Year), _)));
        if again {
            pieces.drain(at..at + 2);
        } else {
            at += 1;
        }
    }
}

/// Words that compare with another time, and what stands for them then.
struct Compared {
    /// How many pieces they are.
    taken: usize,
    /// What stands there.
    new: Vec<Piece>,
    /// A word in front that is said by them: the `higher` of `higher … than in 2023`.
    spare: Option<usize>,
}

impl Compared {
    fn new(taken: usize, new: Vec<Piece>) -> Option<Self> {
        Some(Self {
            taken,
            new,
            spare: None,
        })
    }
}

/// 2024年净利润比2023年多1亿元, 高于上年, 三季度末比上年末: against another time is a change.
pub(in crate::ask::rules) fn against_year(pieces: &mut Vec<Piece>) {
    let first = pieces.iter().enumerate().find_map(|(index, piece)| match piece {
        Piece::Time(Time::At(when)) => Some((index, *when)),
        _ => None,
    });
    let Some((now, first)) = first else { return };
    let found = (now + 1..pieces.len()).find_map(|at| {
        let valued = pieces
            .get(now + 1..at)?
            .iter()
            .any(|piece| matches!(piece, Piece::Value(_)));
        let found = match pieces.get(at).and_then(Piece::word)? {
            W::Versus => versus(pieces, at, &first, valued),
            W::Is if valued => multiple(pieces, at, &first),
            W::Compare(op) if valued => compared(pieces, at, &first, op),
            _ => None,
        };
        found.map(|found| (at, found))
    });
    if let Some((at, found)) = found {
        pieces.splice(at..at + found.taken, found.new);
        if let Some(spare) = found.spare {
            pieces.remove(spare);
        }
    }
}

/// How many years the time behind a word lies before another.
fn years_before(pieces: &[Piece], at: usize, first: &When) -> Option<u32> {
    match pieces.get(at + 1)? {
        Piece::Time(Time::At(then)) => years_apart(first, then),
        Piece::Time(Time::SamePeriod(-1)) => Some(1),
        _ => None,
    }
}

fn is_word(pieces: &[Piece], at: usize, word: W) -> bool {
    pieces.get(at).and_then(Piece::word) == Some(word)
}

fn same_period(pieces: &[Piece], at: usize) -> bool {
    matches!(pieces.get(at), Some(Piece::Time(Time::SamePeriod(_))))
}

fn years(count: u32) -> Lag {
    Lag {
        count,
        grain: Grain::Year,
    }
}

/// 比2023年…, 与2022年相比…, 比上年末….
fn versus(pieces: &[Piece], at: usize, first: &When, valued: bool) -> Option<Compared> {
    let then = match pieces.get(at + 1)? {
        Piece::Time(then) => *then,
        _ => return None,
    };
    let again = 2 + usize::from(is_word(pieces, at + 2, W::Versus));
    let apart = years_before(pieces, at, first);
    if let Time::At(end) = &then {
        // 三季度末比上年末
        if apart.is_none()
            && (end.end || first.end)
            && let Some(lag) = points::lag(first, end)
        {
            return Compared::new(again, vec![Piece::Since(lag, then)]);
        }
        // 9月末比8月末: the period before.
        if valued && next_to(end, first) {
            return Compared::new(again, vec![Piece::Word(W::Qoq, "环比".to_owned())]);
        }
    }
    match apart? {
        1 if valued => {
            let same = usize::from(same_period(pieces, at + 2));
            let more = usize::from(is_word(pieces, at + 2 + same, W::Versus));
            // `higher … than in 2023` says the direction in front.
            let most = pieces
                .get(..at)?
                .iter()
                .enumerate()
                .find_map(|(index, piece)| match piece {
                    Piece::Word(W::Most(way), text) if text.is_ascii() && text.ends_with("er") => {
                        Some((index, *way))
                    }
                    _ => None,
                });
            let mut new = vec![Piece::Word(W::Yoy, "同比".to_owned())];
            new.extend(most.map(|(_, way)| movement(way)));
            Some(Compared {
                taken: 2 + same + more,
                new,
                spare: most.map(|(index, _)| index),
            })
        }
        1 => None,
        // 与2022年相比，…: the figure may stand behind.
        count => Compared::new(again, vec![Piece::Since(years(count), then)]),
    }
}

/// 2024年营收是2022年的多少倍.
fn multiple(pieces: &[Piece], at: usize, first: &When) -> Option<Compared> {
    let count = years_before(pieces, at, first)?;
    match (pieces.get(at + 1)?, is_word(pieces, at + 2, W::Ratio)) {
        (Piece::Time(then), true) => Compared::new(2, vec![Piece::Since(years(count), *then)]),
        _ => None,
    }
}

/// 高于2023年, 低于上年同期, 高于2023年1亿元以上.
fn compared(pieces: &[Piece], at: usize, first: &When, op: CompareOp) -> Option<Compared> {
    if years_before(pieces, at, first) != Some(1) {
        return None;
    }
    let direction = match op {
        CompareOp::Gt | CompareOp::Ge => Direction::Desc,
        CompareOp::Lt | CompareOp::Le => Direction::Asc,
        CompareOp::Eq | CompareOp::Ne => return None,
    };
    let same = usize::from(same_period(pieces, at + 2));
    let mut new = vec![Piece::Word(W::Yoy, "同比".to_owned()), movement(direction)];
    // A number behind compares the difference.
    if matches!(pieces.get(at + 2 + same), Some(Piece::Number(..))) {
        new.push(Piece::Word(W::Compare(CompareOp::Gt), "超过".to_owned()));
    }
    Compared::new(2 + same, new)
}

/// Whether a month or quarter follows another.
fn next_to(then: &When, now: &When) -> bool {
    let place = |when: &When, year: Option<Year>| match (year, when.part) {
        (Some(Year::Absolute(year)), Some(Part::Month(month))) => Some((year * 12 + month, 12)),
        (Some(Year::Absolute(year)), Some(Part::Single(quarter))) => Some((year * 4 + quarter, 4)),
        _ => None,
    };
    match (place(then, then.year.or(now.year)), place(now, now.year)) {
        (Some((then, grain)), Some((now, same))) => grain == same && then + 1 == now,
        _ => false,
    }
}

fn movement(direction: Direction) -> Piece {
    match direction {
        Direction::Desc => Piece::Word(W::Up, "增加".to_owned()),
        Direction::Asc => Piece::Word(W::Down, "减少".to_owned()),
    }
}

/// How many years the second lies before the first, for the same part of the year or without one.
fn years_apart(now: &When, then: &When) -> Option<u32> {
    // 2025年三季度末比2024年末 is three quarters.
    let whole = matches!(now.part, None | Some(Part::Full));
    let same = then.part.is_none() && (!then.end || whole) || then.part == now.part;
    let years = match (now.year, then.year) {
        (Some(Year::Absolute(now)), Some(Year::Absolute(then)))
        | (Some(Year::Relative(now)), Some(Year::Relative(then))) => now - then,
        (Some(Year::Absolute(_)), Some(Year::Relative(-1))) if then.part.is_none() => 1,
        _ => return None,
    };
    u32::try_from(years).ok().filter(|years| same && *years > 0)
}
