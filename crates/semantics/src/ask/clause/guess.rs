//! Names that are not written as they are known: parts of names, typing errors, codes without their zeros.

use std::collections::BTreeSet;

use super::Clause;
use crate::ask::lexicon::{Lexicon, Sense};
use crate::ask::piece::{Piece, Value};
use crate::ask::token::{Kind, Token};
use crate::ask::words::Word as W;
use crate::query::{Expr, MetricRef};

/// Unknown words that are a part of one name, or nearly a name, are taken as that.
pub(super) fn guess(pieces: &mut Vec<Piece>, lexicon: &Lexicon, clause: &mut Clause) {
    two_words(pieces, lexicon, clause);
    let chinese = !clause.text.is_ascii();
    for index in 0..pieces.len() {
        // A word in front of a kind of subject says which ones: that is no name of one.
        let qualifies = matches!(
            pieces.get(index + 1),
            Some(Piece::Names(senses, _)) if senses.iter().any(|sense| matches!(sense, Sense::Entity(_)))
        ) || matches!(pieces.get(index + 1), Some(Piece::Word(W::Peers, _)));
        let Some(piece) = pieces.get_mut(index) else { break };
        let text = match piece {
            Piece::Unknown(text)
                if qualifies
                    && lexicon.near.holding_value(text).is_empty()
                    && lexicon.near.abridged(text).is_none() =>
            {
                continue;
            }
            Piece::Unknown(text) => bare(text),
            // 999 for 000999: a whole number without unit may be a code without its zeros.
            Piece::Number(quantity, text)
                if text.len() >= 3
                    && text.bytes().all(|byte| byte.is_ascii_digit())
                    && quantity.value.fract().is_zero() =>
            {
                let padded: Vec<Sense> = (text.len() + 1..=8)
                    .flat_map(|width| lexicon.exact(&format!("{text:0>width$}")).to_vec())
                    .filter(|sense| matches!(sense, Sense::Member(..)))
                    .collect();
                if let [_] = padded.as_slice() {
                    clause.guessed.push((text.clone(), described(&padded)));
                    *piece = Piece::Names(padded, text.clone());
                }
                continue;
            }
            _ => continue,
        };
        if text.chars().count() < 2 {
            continue;
        }
        let mut found = by_sound(&text, chinese, lexicon);
        if found.is_empty() {
            found = lexicon.near.holding(&text);
        }
        if found.is_empty() {
            found = lexicon.near.similar(&text);
        }
        let mut senses: Vec<Sense> = found.into_iter().collect();
        if senses.is_empty() && !text.is_ascii() {
            senses.extend(lexicon.near.abridged(&text));
        }
        if senses.is_empty() && !text.is_ascii() {
            senses.extend(lexicon.near.beginning(&text));
        }
        if senses.is_empty() || senses.len() > 12 {
            continue;
        }
        let metric = senses.iter().find_map(|sense| match sense {
            Sense::Metric(name) => Some(name.clone()),
            _ => None,
        });
        clause.guessed.push((text.clone(), described(&senses)));
        *piece = match metric {
            Some(name) if senses.len() == 1 => {
                Piece::Value(Value::new(Expr::Metric(MetricRef::plain(name)), text))
            }
            Some(_) => {
                clause.guessed.pop();
                continue;
            }
            None => {
                senses.sort();
                Piece::Names(senses, text)
            }
        };
    }
}

/// 静利润, 持岩汽车: words of which one is not known, which together sound like one name, are one word.
pub(super) fn resounded(tokens: &mut Vec<Token>, lexicon: &Lexicon) {
    const WORDS: usize = 3;
    const CHARACTERS: std::ops::RangeInclusive<usize> = 3..=8;
    let chinese = |token: &Token| {
        // 云南百药: 百 is a number too.
        let part = matches!(token.kind, Kind::Known(_) | Kind::Unknown | Kind::Number(_));
        part && token.text.chars().all(|character| !character.is_ascii())
    };
    let mut at = 0;
    while at < tokens.len() {
        let found = (2..=WORDS).rev().find_map(|count| {
            let words = tokens.get(at..at + count)?;
            let unknown = words.iter().any(|token| token.kind == Kind::Unknown);
            if !unknown || !words.iter().all(chinese) {
                return None;
            }
            let whole: String = words.iter().map(|token| token.text.as_str()).collect();
            let fits = CHARACTERS.contains(&whole.chars().count());
            (fits && !by_sound(&whole, true, lexicon).is_empty()).then_some((count, whole))
        });
        if let Some((count, text)) = found {
            let kind = Kind::Unknown;
            tokens.splice(at..at + count, [Token { text, kind }]);
        }
        at += 1;
    }
}

/// The one thing that a text sounds like: `yunnanbaiyao`, 云南百药; and, among Chinese words, by its first letters. In English
/// a few letters that are not known are a word.
fn by_sound(text: &str, chinese: bool, lexicon: &Lexicon) -> BTreeSet<Sense> {
    const SHORTEST: usize = 6;
    let mut found = match text.is_ascii() {
        true if chinese || text.len() >= SHORTEST => lexicon.near.spelt(text),
        true => BTreeSet::new(),
        false => lexicon.near.alike(text),
    };
    if found.len() > 1 {
        // Figures have usual abbreviations; subjects come before what only qualifies them.
        let rank = |sense: &Sense| match sense {
            Sense::Metric(_) => 0,
            Sense::Member(..) => 1,
            _ => 2,
        };
        let least = found.iter().map(rank).min();
        found.retain(|sense| Some(rank(sense)) == least);
    }
    match found.len() {
        1 => found,
        // Several subjects of one abbreviation are asked about; several figures are not known.
        2..=12 if found.iter().all(|sense| matches!(sense, Sense::Member(..))) => found,
        _ => BTreeSet::new(),
    }
}

/// 毛利律: a name that was cut where one of its characters is wrong.
pub(super) fn misspelt(pieces: &mut Vec<Piece>, lexicon: &Lexicon, clause: &mut Clause) {
    let mut at = 0;
    while at + 1 < pieces.len() {
        let found = match (pieces.get(at), pieces.get(at + 1)) {
            (Some(Piece::Value(value)), Some(Piece::Unknown(rest)))
                if rest.chars().count() == 1 && !rest.is_ascii() && value.text.chars().count() >= 2 =>
            {
                let whole = format!("{}{rest}", value.text);
                let metrics = lexicon.near.one_wrong(&whole);
                match metrics.as_slice() {
                    [(name, text)] => Some((name.clone(), text.clone(), whole)),
                    _ => None,
                }
            }
            _ => None,
        };
        if let Some((name, text, whole)) = found {
            clause.guessed.push((whole, text.clone()));
            let value = Value::new(Expr::Metric(MetricRef::plain(name)), text);
            pieces.splice(at..at + 2, [Piece::Value(value)]);
        }
        at += 1;
    }
}

/// `Helan Food`: a word that is not known and one that is, both of one name.
fn two_words(pieces: &mut Vec<Piece>, lexicon: &Lexicon, clause: &mut Clause) {
    let mut at = 0;
    while at + 1 < pieces.len() {
        let whole = match (pieces.get(at), pieces.get(at + 1)) {
            (Some(Piece::Unknown(first)), Some(Piece::Names(_, second)))
                if first.is_ascii() && second.is_ascii() && first.len() > 1 =>
            {
                Some(format!("{first} {second}"))
            }
            _ => None,
        };
        if let Some(whole) = whole {
            let mut found = lexicon.near.holding(&whole);
            if found.is_empty() {
                found = lexicon.near.similar(&whole);
            }
            found.retain(|sense| matches!(sense, Sense::Member(..)));
            if found.len() == 1 {
                let senses: Vec<Sense> = found.into_iter().collect();
                clause.guessed.push((whole.clone(), described(&senses)));
                pieces.splice(at..at + 2, [Piece::Names(senses, whole)]);
            }
        }
        at += 1;
    }
}

/// A Latin name without the ending of its genitive: yuguang's.
fn bare(text: &str) -> String {
    text.trim_end_matches("'s").trim_end_matches('\'').to_owned()
}

/// What was read for a name, for the reader.
fn described(senses: &[Sense]) -> String {
    let mut names: Vec<&str> = senses
        .iter()
        .map(|sense| match sense {
            Sense::Metric(name)
            | Sense::Group(name)
            | Sense::Member(_, name)
            | Sense::Value(_, name)
            | Sense::Dimension(name)
            | Sense::Entity(name)
            | Sense::Table(name) => name.as_str(),
            Sense::Word(_) => "",
        })
        .collect();
    names.dedup();
    names.join("、")
}
