//! Intervals: `0-30%、30%-50%、50%以上`, `高(>15%)、中(5%-15%)、低(<5%)`, `C4以上`, `R1到R5`.

use jinsheng_core::{Decimal, Quantity, Unit};

use super::{Rewrite, Rules};
use crate::ask::lexicon::Sense;
use crate::ask::piece::{Band, Piece};
use crate::ask::words::Word as W;
use crate::query::CompareOp;

/// 以20%、40%、60%为界: what lies between.
fn cuts(pieces: &[Piece]) -> Rewrite {
    let mut ends: Vec<(Quantity, String)> = Vec::new();
    let mut at = 0;
    loop {
        match pieces.get(at)? {
            Piece::Number(number, text) => ends.push((*number, text.clone())),
            Piece::Word(W::And, _) | Piece::Mark(',' | '、') if !ends.is_empty() => {}
            Piece::Word(W::Cut, _) if !ends.is_empty() => break,
            _ => return None,
        }
        at += 1;
    }
    let mut bands = Vec::new();
    let mut low: Option<(Quantity, String)> = None;
    for (end, text) in ends {
        let label = match &low {
            Some((_, from)) => format!("{from}-{text}"),
            None => format!("<{text}"),
        };
        bands.push(Band {
            low: low.as_ref().map(|(low, _)| *low),
            high: Some(end),
            label,
        });
        low = Some((end, text));
    }
    if let Some((end, text)) = low {
        bands.push(Band {
            low: Some(end),
            high: None,
            label: format!("≥{text}"),
        });
    }
    same_unit(&mut bands);
    Some((at + 1, vec![Piece::Bands(bands)]))
}

/// At least two intervals one after another.
pub(super) fn bands(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    if let Some(found) = cuts(pieces) {
        return Some(found);
    }
    let mut found: Vec<Band> = Vec::new();
    let mut at = step(pieces);
    let mut taken = 0;
    while let Some(rest) = pieces.get(at..) {
        let skipped = skip(rest, found.is_empty());
        let rest = rest.get(skipped..).unwrap_or_default();
        // …高于50%的公司和其余公司
        if let ([Piece::Word(W::Rest, word), ..], [only]) = (rest, found.as_slice())
            && let Some(other) = complement(only, word)
        {
            found.push(other);
            taken = at + skipped + 1;
            break;
        }
        let Some((band, used)) = band(rest) else {
            break;
        };
        found.push(band);
        at += skipped + used;
        taken = at;
        // What closes the bracket of a named interval belongs to it.
        while matches!(pieces.get(taken), Some(Piece::Mark(')'))) && found.len() > 1 {
            taken += 1;
            at = taken;
        }
    }
    if found.len() < 2 || both_hold(&found) {
        return None;
    }
    same_unit(&mut found);
    Some((taken, vec![Piece::Bands(found)]))
}

/// 大于等于6且小于等于10: two ends that a value may meet both are conditions, no intervals to count in.
fn both_hold(bands: &[Band]) -> bool {
    let [first, second] = bands else { return false };
    let (low, high) = match (first.low, first.high, second.low, second.high) {
        (Some(low), None, None, Some(high)) | (None, Some(high), Some(low), None) => (low, high),
        _ => return false,
    };
    match low.to_unit(high.unit) {
        Ok(low) => low.value < high.value,
        // A unit that is said once counts for both.
        Err(_) if low.unit == Unit::PLAIN || high.unit == Unit::PLAIN => low.value < high.value,
        Err(_) => true,
    }
}

/// What lies outside an interval with one end.
fn complement(band: &Band, word: &str) -> Option<Band> {
    let (low, high) = match (band.low, band.high) {
        (Some(low), None) => (None, Some(low)),
        (None, Some(high)) => (Some(high), None),
        _ => return None,
    };
    Some(Band {
        low,
        high,
        label: word.to_owned(),
    })
}

/// 每20个百分点一档: how wide they are, in front of the intervals that say so.
fn step(pieces: &[Piece]) -> usize {
    let [Piece::Word(W::Each, _), Piece::Number(..), rest @ ..] = pieces else {
        return 0;
    };
    let one = usize::from(rest.first().and_then(Piece::count) == Some(1));
    let named = match rest.get(one) {
        Some(Piece::Word(W::Grouped, _)) => 1,
        Some(Piece::Unknown(text)) => usize::from(["档", "组", "段", "区间"].contains(&text.as_str())),
        _ => 0,
    };
    2 + one + named
}

/// Names of intervals and what stands between them.
fn skip(pieces: &[Piece], first: bool) -> usize {
    pieces
        .iter()
        .take_while(|piece| match piece {
            Piece::Mark('(' | ')' | ',' | ';' | ':') | Piece::Word(W::And, _) => {
                !first || matches!(piece, Piece::Mark('('))
            }
            Piece::Unknown(text) => text.chars().count() == 1,
            // 60%以上的公司和20%以下的公司
            Piece::Names(senses, _) => !first && senses.iter().any(|sense| matches!(sense, Sense::Entity(_))),
            _ => false,
        })
        .count()
}

/// One interval at the head of the pieces, and how many it takes.
fn band(pieces: &[Piece]) -> Option<(Band, usize)> {
    let made = |low: Option<Quantity>, high: Option<Quantity>, label: String, used: usize| {
        Some((Band { low, high, label }, used))
    };
    match pieces {
        [
            Piece::Number(low, a),
            Piece::Mark('-' | '~') | Piece::Word(W::To, _),
            Piece::Number(high, b),
            ..,
        ] => made(Some(*low), Some(*high), format!("{a}-{b}"), 3),
        [Piece::Number(end, text), Piece::Word(W::Bound(op), word), ..] => match op {
            CompareOp::Gt | CompareOp::Ge => made(Some(*end), None, format!("{text}{word}"), 2),
            _ => made(None, Some(*end), format!("{text}{word}"), 2),
        },
        // 亏损、0-1亿
        [Piece::Word(W::Loss, word), ..] => made(
            None,
            Some(Quantity::new(Decimal::ZERO, Unit::PLAIN)),
            word.clone(),
            1,
        ),
        // fewer than 40 clients: a number of something.
        [
            Piece::Word(W::Compare(_), word),
            Piece::Number(..),
            Piece::Names(..) | Piece::Value(_) | Piece::Unknown(_),
            ..,
        ] if word.is_ascii() => None,
        [Piece::Word(W::Compare(op), word), Piece::Number(end, text), ..] => match op {
            CompareOp::Gt | CompareOp::Ge => made(Some(*end), None, format!("{word}{text}"), 2),
            CompareOp::Lt | CompareOp::Le => made(None, Some(*end), format!("{word}{text}"), 2),
            _ => None,
        },
        _ => None,
    }
}

/// 0-30%, 100到500亿: a unit that is said once counts for both ends, and for intervals that say none.
fn same_unit(bands: &mut [Band]) {
    let units: Vec<Unit> = bands
        .iter()
        .flat_map(|band| [band.low, band.high])
        .flatten()
        .map(|end| end.unit)
        .filter(|unit| *unit != Unit::PLAIN)
        .collect();
    let Some(unit) = units.last().copied() else { return };
    for band in bands {
        for end in [&mut band.low, &mut band.high].into_iter().flatten() {
            if end.unit == Unit::PLAIN {
                end.unit = unit;
            }
        }
    }
}

/// The number at the end of a level: 4 of C4.
fn level(value: &str) -> Option<(String, u32)> {
    let letters: String = value
        .chars()
        .take_while(|character| !character.is_ascii_digit())
        .collect();
    let number = value.strip_prefix(letters.as_str())?.parse().ok()?;
    (letters.chars().count() <= 2).then_some((letters, number))
}

/// The value of a dimension among the meanings of a name.
fn value_of(senses: &[Sense]) -> Option<(&String, &String)> {
    senses.iter().find_map(|sense| match sense {
        Sense::Value(dimension, value) => Some((dimension, value)),
        _ => None,
    })
}

/// C4以上, R1到R5: levels from one to another.
pub(super) fn levels(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    // R1..R5
    if let [first, Piece::Mark('.'), Piece::Mark('.'), last, ..] = pieces {
        let joined = [first.clone(), Piece::Mark('-'), last.clone()];
        let (_, made) = levels(rules, &joined)?;
        return Some((4, made));
    }
    let (from, to, taken, text) = match pieces {
        [
            Piece::Names(first, a),
            Piece::Word(W::To, _) | Piece::Mark('-' | '.'),
            Piece::Names(last, b),
            ..,
        ] => {
            let (dimension, low) = value_of(first)?;
            let (other, high) = value_of(last)?;
            if dimension != other {
                return None;
            }
            (Some(level(low)?), Some(level(high)?), 3, format!("{a}-{b}"))
        }
        [Piece::Names(first, a), Piece::Word(W::Bound(op), word), ..] => {
            let end = level(value_of(first)?.1)?;
            match op {
                CompareOp::Gt | CompareOp::Ge => (Some(end), None, 2, format!("{a}{word}")),
                _ => (None, Some(end), 2, format!("{a}{word}")),
            }
        }
        _ => return None,
    };
    let letters = from.as_ref().or(to.as_ref())?.0.clone();
    let dimension = match pieces.first() {
        Some(Piece::Names(senses, _)) => value_of(senses)?.0.clone(),
        _ => return None,
    };
    let inside = |value: &str| {
        level(value).is_some_and(|(own, number)| {
            own == letters
                && from.as_ref().is_none_or(|(_, low)| number >= *low)
                && to.as_ref().is_none_or(|(_, high)| number <= *high)
        })
    };
    let values = rules
        .values
        .iter()
        .filter(|value| value.dimension == dimension && inside(&value.value));
    let made: Vec<Piece> = values
        .map(|value| {
            let sense = Sense::Value(dimension.clone(), value.value.clone());
            Piece::Names(vec![sense], text.clone())
        })
        .collect();
    (!made.is_empty()).then_some((taken, made))
}
