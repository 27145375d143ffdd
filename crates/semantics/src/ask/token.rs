//! The question as tokens: the reading of its text with the fewest and longest pieces.

use std::collections::HashMap;

use jinsheng_text::time::{Time, time_at};
use jinsheng_text::{Numeral, numeral_at};

use super::lexicon::{Lexicon, Sense, word};
use super::words::Word;

/// A piece of the question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// As written, in plain form.
    pub(crate) text: String,
    /// What it is.
    pub(crate) kind: Kind,
}

/// What a piece is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name or word with its meanings.
    Known(Vec<Sense>),
    /// A time.
    Time(Time),
    /// A number.
    Number(Numeral),
    /// A punctuation mark.
    Mark(char),
    /// None of these.
    Unknown,
}

impl Token {
    /// The word that it is, if it is one of questions.
    pub(crate) fn word(&self) -> Option<Word> {
        match &self.kind {
            Kind::Known(senses) => senses.iter().find_map(|sense| match sense {
                Sense::Word(index) => word(*index),
                _ => None,
            }),
            _ => None,
        }
    }
}

/// An edge of the lattice: end character, cost, what it is.
struct Edge {
    end: usize,
    cost: u32,
    kind: Kind,
}

/// Cost of a character that is not understood; of one more token.
const UNKNOWN: u32 = 40;
const TOKEN: u32 = 10;

/// Reads a plain text as tokens. Every character is in exactly one token, spaces aside.
pub(crate) fn tokens(text: &str, lexicon: &Lexicon) -> Vec<Token> {
    let characters: Vec<char> = text.chars().collect();
    let edges = lattice(text, &characters, lexicon);
    let count = characters.len();
    // best[at]: least cost from `at` to the end, and the edge that it begins with.
    let mut best: Vec<(u32, usize)> = vec![(u32::MAX, 0); count + 1];
    if let Some(last) = best.last_mut() {
        *last = (0, 0);
    }
    for at in (0..count).rev() {
        let mut least = (u32::MAX, 0);
        for (index, edge) in edges.get(at).into_iter().flatten().enumerate() {
            let rest = best.get(edge.end).map_or(u32::MAX, |(cost, _)| *cost);
            let cost = rest.saturating_add(edge.cost);
            if cost < least.0 {
                least = (cost, index);
            }
        }
        if let Some(place) = best.get_mut(at) {
            *place = least;
        }
    }
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while at < count {
        let Some((_, index)) = best.get(at) else { break };
        let Some(edge) = edges.get(at).and_then(|edges| edges.get(*index)) else {
            break;
        };
        let text: String = characters.get(at..edge.end).into_iter().flatten().collect();
        let blank = text == " ";
        match tokens.last_mut() {
            // Characters that are not understood stand together.
            Some(last) if last.kind == Kind::Unknown && edge.kind == Kind::Unknown => {
                last.text.push_str(&text);
            }
            _ if blank => {}
            _ => tokens.push(Token {
                text,
                kind: edge.kind.clone(),
            }),
        }
        at = edge.end;
    }
    for token in &mut tokens {
        if token.kind == Kind::Unknown {
            token.text = token.text.trim().to_owned();
        }
    }
    whole(bounds_apart(tokens, lexicon))
}

/// 20%以上的公司 is a bound and a kind of subject, although 以上公司 by itself points at those before.
fn bounds_apart(tokens: Vec<Token>, lexicon: &Lexicon) -> Vec<Token> {
    const BOUND: &str = "以上";
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        let number = out.last().is_some_and(|last| {
            matches!(last.kind, Kind::Number(_)) || matches!(last.word(), Some(Word::Stat(_)))
        });
        match token
            .text
            .strip_prefix(BOUND)
            .filter(|kind| number && !kind.is_empty())
        {
            Some(kind) if token.word() == Some(Word::These) => {
                let known = |text: &str| Token {
                    text: text.to_owned(),
                    kind: Kind::Known(lexicon.exact(text).to_vec()),
                };
                out.extend([known(BOUND), known(kind)]);
            }
            _ => out.push(token),
        }
    }
    out
}

/// Characters that are words by themselves but as often part of a name.
const PARTS_OF_NAMES: &str = "中上下行家地全本正同升图表位户支条项款名只者内里分加和及";

/// A name that is not known is not cut where one of its characters is a word: 中药 is not 中 and 药.
fn whole(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let part = |token: &Token| {
        let mut characters = token.text.chars();
        matches!((characters.next(), characters.next()), (Some(only), None)
            if PARTS_OF_NAMES.contains(only) && token.word().is_some())
    };
    for token in tokens {
        let unknown = token.kind == Kind::Unknown;
        match out.last_mut() {
            Some(last) if unknown && last.kind == Kind::Unknown => last.text.push_str(&token.text),
            Some(last) if unknown && part(last) && !"和及内里".contains(&last.text) => {
                last.text.push_str(&token.text);
                last.kind = Kind::Unknown;
            }
            Some(last) if last.kind == Kind::Unknown && part(&token) && last.text.chars().count() < 2 => {
                last.text.push_str(&token.text);
            }
            _ => out.push(token),
        }
    }
    out
}

/// All edges by their first character: names and words, times, numbers, marks, and what is unknown.
fn lattice(text: &str, characters: &[char], lexicon: &Lexicon) -> Vec<Vec<Edge>> {
    let mut edges: Vec<Vec<Edge>> = Vec::new();
    edges.resize_with(characters.len(), Vec::new);
    let places: HashMap<usize, usize> = text
        .char_indices()
        .enumerate()
        .map(|(index, (byte, _))| (byte, index))
        .chain([(text.len(), characters.len())])
        .collect();
    for found in lexicon.find(text) {
        let (Some(start), Some(end)) = (places.get(&found.start), places.get(&found.end)) else {
            continue;
        };
        if let Some(edges) = edges.get_mut(*start) {
            edges.push(Edge {
                end: *end,
                cost: TOKEN + weight(found.senses, end - start),
                kind: Kind::Known(found.senses.to_vec()),
            });
        }
    }
    for (at, edges) in edges.iter_mut().enumerate() {
        if let Some((time, len)) = time_at(characters, at) {
            edges.push(Edge {
                end: at + len,
                cost: TOKEN,
                kind: Kind::Time(time),
            });
        }
        if let Some(number) = numeral_at(characters, at) {
            edges.push(Edge {
                end: at + number.len,
                // Between a number and a time of one length (2025) the time wins.
                cost: TOKEN + 1,
                kind: Kind::Number(number),
            });
        }
        let Some(character) = characters.get(at).copied() else {
            continue;
        };
        if character == ' ' {
            edges.push(Edge {
                end: at + 1,
                cost: 0,
                kind: Kind::Unknown,
            });
        } else if character.is_alphanumeric() || is_wide(character) {
            // A Latin word is not understood as a whole.
            let latin = |character: &char| character.is_ascii_alphanumeric() || *character == '\'';
            let len = if character.is_ascii_alphanumeric() {
                characters
                    .iter()
                    .skip(at)
                    .take_while(|character| latin(character))
                    .count()
            } else {
                1
            };
            edges.push(Edge {
                end: at + len,
                cost: UNKNOWN + TOKEN,
                kind: Kind::Unknown,
            });
        } else {
            edges.push(Edge {
                end: at + 1,
                // A mark that is a word (/, >) is read as the word.
                cost: TOKEN + 6,
                kind: Kind::Mark(character),
            });
        }
    }
    edges
}

/// Whether a character is Chinese.
fn is_wide(character: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&character) || ('\u{3400}'..='\u{4dbf}').contains(&character)
}

/// Of two readings with as many tokens the one with longer names wins; single characters that are words cost a little
/// more, so that names are not cut.
fn weight(senses: &[Sense], length: usize) -> u32 {
    let word = senses.iter().all(|sense| matches!(sense, Sense::Word(_)));
    match (word, length) {
        (true, 1) => 4,
        (true, _) => 1,
        (false, 1) => 3,
        (false, _) => 0,
    }
}
