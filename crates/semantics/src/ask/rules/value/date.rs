//! Dates: before and after a stretch of time, and past by so much.

use crate::ask::lexicon::Sense;
use crate::ask::piece::Piece;
use crate::ask::rules::{Rewrite, Rules};
use crate::ask::words::Word as W;
use crate::query::{CompareOp, Direction};
use jinsheng_text::time::Time;

/// `after 2010`, `before the end of 2026`, 2015年之后, 2026年底前.
pub(super) fn bound(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let side = |word: W| match word {
        W::After => Some(CompareOp::Gt),
        W::Before => Some(CompareOp::Lt),
        _ => None,
    };
    match pieces {
        [Piece::Word(word, text), Piece::Time(Time::At(when)), ..] if text.is_ascii() => {
            Some((2, vec![Piece::Bound(side(*word)?, *when)]))
        }
        [
            Piece::Time(Time::At(when)),
            Piece::Word(W::First(Direction::Desc), text),
            next,
            ..,
        ] if text == "前" && date(next) => Some((2, vec![Piece::Bound(CompareOp::Lt, *when)])),
        [Piece::Time(Time::At(when)), Piece::Word(word, text), ..] if !text.is_ascii() => {
            Some((2, vec![Piece::Bound(side(*word)?, *when)]))
        }
        _ => None,
    }
}

fn date(piece: &Piece) -> bool {
    matches!(piece, Piece::Names(senses, _) if senses.iter().any(|sense| matches!(sense, Sense::Dimension(_))))
}

/// 过期超过三个月, `expired for more than 3 months`.
pub(super) fn overdue(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [
        first,
        Piece::Word(W::Compare(CompareOp::Gt | CompareOp::Ge), _),
        number,
        Piece::Word(W::Grain(grain), _),
        ..,
    ] = pieces
    else {
        return None;
    };
    let past = match first {
        Piece::Word(W::Expired, _) => true,
        Piece::Names(_, text) => crate::ask::clause::expired(text),
        _ => false,
    };
    let count = number.count()?;
    past.then(|| (4, vec![first.clone(), Piece::Overdue(count, *grain)]))
}
