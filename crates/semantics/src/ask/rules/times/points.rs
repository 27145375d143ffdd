//! From one named point in time to another: 9月底和2024年底相比, 2022年到2024年增长最多, 比年初增加.

use jinsheng_core::Grain;
use jinsheng_text::time::{Part, Time, When, Year};

use crate::ask::piece::{Piece, Value};
use crate::ask::rules::Rules;
use crate::ask::words::Word as W;
use crate::query::Lag;

/// Months since year 0 up to the end of a stretch. A relative year counts from the one it is compared with.
pub(super) fn months(when: &When, beside: Option<i32>) -> Option<i32> {
    let year = match when.year? {
        Year::Absolute(year) => year,
        Year::Relative(offset) => beside? + offset,
    };
    let month = match when.part {
        None | Some(Part::Full) => 12,
        Some(Part::Half(half)) => half * 6,
        Some(Part::Quarter(quarter) | Part::Quarters(quarter) | Part::Single(quarter)) => quarter * 3,
        Some(Part::Month(month)) => month,
        Some(Part::Day(..) | Part::Relative(..)) => return None,
    };
    Some(year * 12 + month)
}

/// How far the second of two stretches lies before the first.
pub(super) fn lag(now: &When, then: &When) -> Option<Lag> {
    let year = |when: &When| match when.year {
        Some(Year::Absolute(year)) => Some(year),
        _ => None,
    };
    let apart = months(now, None)? - months(then, year(now))?;
    let monthly = |when: &When| matches!(when.part, Some(Part::Month(month)) if month % 3 != 0);
    in_steps(apart, monthly(now) || monthly(then))
}

fn in_steps(months: i32, monthly: bool) -> Option<Lag> {
    let (step, grain) = match months {
        months if months % 12 == 0 => (12, Grain::Year),
        months if months % 3 == 0 && !monthly => (3, Grain::Quarter),
        _ => (1, Grain::Month),
    };
    let count = u32::try_from(months / step).ok().filter(|count| *count > 0)?;
    Some(Lag { count, grain })
}

/// The single stretches of time that are named, with their places.
pub(super) fn stretches(pieces: &[Piece]) -> Vec<(usize, When)> {
    let found = pieces
        .iter()
        .enumerate()
        .filter_map(|(index, piece)| match piece {
            Piece::Time(Time::At(when)) => Some((index, *when)),
            _ => None,
        });
    found.collect()
}

/// The first figure.
fn figure(pieces: &[Piece]) -> Option<&Value> {
    pieces.iter().find_map(|piece| match piece {
        Piece::Value(value) => Some(value),
        _ => None,
    })
}

/// How many times are named.
fn times(pieces: &[Piece]) -> usize {
    pieces
        .iter()
        .filter(|piece| matches!(piece, Piece::Time(_)))
        .count()
}

/// A word that says how something moved.
fn moves(piece: &Piece) -> bool {
    matches!(
        piece,
        Piece::Word(
            W::Growth
                | W::Up
                | W::Down
                | W::Change
                | W::ChangeAmount
                | W::Difference
                | W::Higher(_)
                | W::Swing,
            _
        )
    )
}

/// A stretch seen against an earlier one that is no year before: what is said to move is measured between the two.
pub(in crate::ask::rules) fn between(pieces: &mut Vec<Piece>) {
    let other = |piece: &Piece| matches!(piece, Piece::Word(W::Each | W::Trend | W::Streak | W::Qoq, _));
    if pieces.iter().any(other) {
        return;
    }
    let times = stretches(pieces);
    let [(first, one), (second, two)] = times.as_slice() else {
        return;
    };
    // 2025年第三季度与第一季度相比: the year is said once.
    let one = When {
        year: one.year.or(two.year),
        ..*one
    };
    let two = When {
        year: two.year.or(one.year),
        ..*two
    };
    let (now, then, earlier, lag) = match (lag(&one, &two), lag(&two, &one)) {
        (Some(lag), _) => (one, two, *second, lag),
        (None, Some(lag)) => (two, one, *first, lag),
        _ => return,
    };
    // A year apart is 同比, one quarter or month apart 环比, of states at their ends too.
    let alike = now.part == then.part;
    let next = lag.grain != Grain::Year && !now.end && !then.end;
    if lag.count == 1 && (next || lag.grain == Grain::Year && alike) {
        return;
    }
    let joined = |piece: &Piece| matches!(piece, Piece::Word(W::And | W::Versus, _));
    let between: &[Piece] = pieces.get(first + 1..*second).unwrap_or_default();
    let versus = pieces.iter().any(|piece| piece.word() == Some(W::Versus));
    if !versus || between.len() != 1 || !between.iter().all(joined) {
        return;
    }
    let mut rest: Vec<Piece> = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        let taken = index == earlier || index > *first && index < *second || piece.word() == Some(W::Versus);
        if !taken {
            let named = matches!(piece, Piece::Time(Time::At(_)));
            rest.push(if named {
                Piece::Time(Time::At(now))
            } else {
                piece.clone()
            });
        }
    }
    if insert(&mut rest, lag, Time::At(then)) {
        *pieces = rest;
    }
}

/// 2022年到2024年增长最多的5家, 2022年到2024年增长超过50%: from the first to the last.
pub(in crate::ask::rules) fn over_range(pieces: &mut Vec<Piece>) {
    let ranges = pieces
        .iter()
        .enumerate()
        .filter_map(|(index, piece)| match piece {
            Piece::Time(Time::Range(from, to)) => Some((index, *from, *to)),
            _ => None,
        });
    let ranges: Vec<(usize, When, When)> = ranges.collect();
    let times = times(pieces);
    let ([(at, from, to)], 1) = (ranges.as_slice(), times) else {
        return;
    };
    let chooses = |piece: &Piece| matches!(piece, Piece::Word(W::Most(_) | W::First(_) | W::Compare(_), _));
    let other = |piece: &Piece| {
        matches!(
            piece,
            Piece::Word(
                W::Each
                    | W::Trend
                    | W::Streak
                    | W::All
                    | W::Yoy
                    | W::Qoq
                    | W::Cagr
                    | W::Stat(_)
                    | W::Why
                    | W::Chart(_),
                _
            )
        )
    };
    // from the end of 2024 to Q3 2025 has two points; 2022-2025年第三季度 is that quarter of each year.
    let points = (from.part.is_some() || from.end) && (from.part != to.part || from.end != to.end);
    if from.part.is_none() && !from.end && to.part.is_some() {
        return;
    }
    if !points && !pieces.iter().any(chooses) || pieces.iter().any(other) {
        return;
    }
    let Some(lag) = lag(to, from) else { return };
    let mut new = pieces.clone();
    if let Some(piece) = new.get_mut(*at) {
        *piece = Piece::Time(Time::At(*to));
    }
    if lag.grain == Grain::Year && lag.count == 1 {
        // 2023年到2024年增长最多: on the year before, as a change is by itself.
        if new.iter().any(moves) {
            *pieces = new;
        }
        return;
    }
    if insert(&mut new, lag, Time::At(*from)) {
        *pieces = new;
    }
}

/// 比年初增加, 较上年末下降 without another time: from there to the newest.
pub(in crate::ask::rules) fn up_to_now(rules: &Rules<'_>, pieces: &mut Vec<Piece>) {
    let times = times(pieces);
    let found = pieces.windows(2).position(|pair| {
        matches!(
            pair,
            [
                Piece::Word(W::Versus, _),
                Piece::Time(Time::At(When {
                    year: Some(Year::Relative(-1)),
                    part: None,
                    end: true
                }))
            ]
        )
    });
    let (Some(at), 1) = (found, times) else { return };
    let value = figure(pieces);
    let Some(newest) = value.and_then(|value| rules.newest(&value.expr)) else {
        return;
    };
    let Some(last) = newest.last_at(Grain::Month) else {
        return;
    };
    // 1 to 12 months since the end of the year before.
    let apart = last.index().rem_euclid(12) + 1;
    let Some(lag) = in_steps(apart, newest.grain() < Grain::Quarter) else {
        return;
    };
    let mut new = pieces.clone();
    new.drain(at..at + 2);
    // 与上年末相比
    if new.get(at).and_then(Piece::word) == Some(W::Versus) {
        new.remove(at);
    }
    let then = Time::At(When {
        year: Some(Year::Relative(-1)),
        part: None,
        end: true,
    });
    if insert(&mut new, lag, then) {
        *pieces = new;
    }
}

/// Puts what a movement is seen against behind the figure that moves.
fn insert(pieces: &mut Vec<Piece>, lag: Lag, then: Time) -> bool {
    let value = |piece: Option<&Piece>| matches!(piece, Some(Piece::Value(_)));
    let since = Piece::Since(lag, then);
    let beside =
        (1..pieces.len()).find(|at| pieces.get(*at).is_some_and(moves) && value(pieces.get(*at - 1)));
    if let Some(place) = beside {
        pieces.insert(place, since);
        return true;
    }
    // `how much did total assets of … change`, `the rise in receivables`: the movement joins the only figure.
    let values: Vec<usize> = (0..pieces.len()).filter(|at| value(pieces.get(*at))).collect();
    let movements: Vec<usize> = (0..pieces.len())
        .filter(|at| pieces.get(*at).is_some_and(moves))
        .collect();
    let ([at], [moved]) = (values.as_slice(), movements.as_slice()) else {
        return false;
    };
    let movement = pieces.remove(*moved);
    let at = if moved < at { at - 1 } else { *at };
    pieces.splice(at + 1..at + 1, [since, movement]);
    true
}

/// clients whose AUM fell since June, 6月以来下降的: from there to the newest.
pub(in crate::ask::rules) fn since_then(rules: &Rules<'_>, pieces: &mut Vec<Piece>) {
    let times = times(pieces);
    let found = pieces.iter().enumerate().find_map(|(at, piece)| match piece {
        Piece::Time(Time::Since(from)) if from.part.is_some() || from.end => Some((at, *from)),
        _ => None,
    });
    let other = |piece: &Piece| {
        matches!(
            piece,
            Piece::Word(
                W::Each | W::Trend | W::Streak | W::All | W::Qoq | W::Yoy | W::Chart(_),
                _
            )
        )
    };
    let (Some((at, from)), 1) = (found, times) else {
        return;
    };
    if pieces.iter().any(other) {
        return;
    }
    let value = figure(pieces);
    let Some(last) = value.and_then(|value| rules.newest(&value.expr)) else {
        return;
    };
    let Some(month) = last.last_at(Grain::Month) else {
        return;
    };
    let year = month.calendar_year();
    let now = month.index().rem_euclid(12) + 1 + year * 12;
    let from = When {
        year: Some(match from.year {
            Some(Year::Absolute(year)) => Year::Absolute(year),
            Some(Year::Relative(offset)) => Year::Absolute(year + offset),
            None => Year::Absolute(year),
        }),
        ..from
    };
    let Some(then) = months(&from, None).filter(|then| *then < now) else {
        return;
    };
    let Some(lag) = in_steps(now - then, last.grain() < Grain::Quarter) else {
        return;
    };
    let mut new = pieces.clone();
    new.remove(at);
    if insert(&mut new, lag, Time::At(from)) {
        *pieces = new;
    }
}
