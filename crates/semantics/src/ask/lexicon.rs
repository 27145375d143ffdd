//! Every name and word that a question may hold, found in one pass over its text.

mod gloss;
mod names;
mod near;
mod plain;
mod sounds;
mod spelling;
mod trades;

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, MatchKind};

use super::Vocabulary;
use super::words::{Word, words};
use crate::catalog::Catalog;
use gloss::{ENDINGS, GLOSSES};
use names::{names_of, short_forms};
use trades::TRADES;

pub(crate) use near::Near;
pub(crate) use plain::{plain, question};

/// What a text may mean.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sense {
    /// A metric.
    Metric(String),
    /// Several metrics under one name.
    Group(String),
    /// A member of an entity: entity, key.
    Member(String, String),
    /// A value of a dimension: dimension, value.
    Value(String, String),
    /// A dimension.
    Dimension(String),
    /// An entity.
    Entity(String),
    /// A table.
    Table(String),
    /// A word of questions, by its place in the list of words.
    Word(usize),
}

/// Names and words with what they mean.
#[derive(Debug)]
pub(crate) struct Lexicon {
    automaton: Option<AhoCorasick>,
    /// Meanings of each pattern.
    senses: Vec<Vec<Sense>>,
    /// Texts of the patterns.
    texts: Vec<String>,
    /// Names of members, for what is written a little differently.
    pub(crate) near: Near,
}

/// A pattern found in a text.
pub(crate) struct Found<'l> {
    /// First byte.
    pub(crate) start: usize,
    /// After the last byte.
    pub(crate) end: usize,
    /// What it may mean.
    pub(crate) senses: &'l [Sense],
}

/// 债券 for 债券型, 混合 for 混合类, where that means nothing else.
fn kinds(vocabulary: &Vocabulary, all: &mut BTreeMap<String, BTreeSet<Sense>>) {
    let mut short: BTreeMap<String, BTreeSet<Sense>> = BTreeMap::new();
    for value in &vocabulary.values {
        let kind = value.value.strip_suffix(['型', '类']);
        if let Some(kind) = kind.filter(|kind| kind.chars().count() > 1) {
            let sense = Sense::Value(value.dimension.clone(), value.value.clone());
            short.entry(plain(kind)).or_default().insert(sense);
        }
    }
    for (text, senses) in short {
        all.entry(text).or_insert(senses);
    }
}

/// English words take what the Chinese ones mean, where these are names.
fn glossed(all: &mut BTreeMap<String, BTreeSet<Sense>>) {
    for (chinese, english) in GLOSSES {
        let meanings: BTreeSet<Sense> = ENDINGS
            .iter()
            .filter_map(|ending| all.get(&format!("{chinese}{ending}")))
            .flatten()
            .filter(|sense| matches!(sense, Sense::Value(..) | Sense::Dimension(_) | Sense::Table(_)))
            .cloned()
            .collect();
        for word in english.iter().filter(|_| !meanings.is_empty()) {
            // What has a meaning of its own keeps it.
            all.entry(plain(word)).or_insert_with(|| meanings.clone());
        }
    }
}

/// The word at a place of the list.
pub(crate) fn word(index: usize) -> Option<Word> {
    words().get(index).map(|(_, word)| *word)
}

impl Lexicon {
    /// Collects every name of a catalog and vocabulary.
    pub(crate) fn new(catalog: &Catalog, vocabulary: &Vocabulary) -> Self {
        let mut all: BTreeMap<String, BTreeSet<Sense>> = BTreeMap::new();
        let mut add = |text: &str, sense: Sense| {
            let text = plain(text);
            if !text.is_empty() {
                all.entry(text).or_default().insert(sense);
            }
        };
        names_of(catalog, &mut add);
        for member in &vocabulary.members {
            let sense = || Sense::Member(member.entity.clone(), member.key.clone());
            add(&member.text, sense());
            for short in short_forms(&member.text) {
                add(&short, sense());
            }
        }
        for value in &vocabulary.values {
            // A value that is only a digit or a letter would be found everywhere.
            if value.value.chars().count() > 1 {
                let sense = || Sense::Value(value.dimension.clone(), value.value.clone());
                add(&value.value, sense());
                for short in short_forms(&value.value) {
                    add(&short, sense());
                }

                let trade = TRADES.iter().find(|(trade, _)| *trade == value.value);
                for word in trade.iter().flat_map(|(_, words)| words.iter()) {
                    add(word, sense());
                }
            }
        }
        for (index, (text, _)) in words().iter().enumerate() {
            add(text, Sense::Word(index));
        }
        kinds(vocabulary, &mut all);
        glossed(&mut all);
        let near = Near::new(&all);
        let (texts, senses): (Vec<String>, Vec<Vec<Sense>>) = all
            .into_iter()
            .map(|(text, senses)| (text, senses.into_iter().collect()))
            .unzip();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(&texts)
            .ok();
        Self {
            automaton,
            senses,
            texts,
            near,
        }
    }

    /// All names and words in a plain text, also within one another. Latin names must be whole words; a plural counts.
    pub(crate) fn find<'l>(&'l self, text: &'l str) -> Vec<Found<'l>> {
        let Some(automaton) = &self.automaton else {
            return Vec::new();
        };
        let bytes = text.as_bytes();
        let latin = |at: Option<usize>| {
            at.and_then(|at| bytes.get(at))
                .is_some_and(u8::is_ascii_alphanumeric)
        };
        automaton
            .find_overlapping_iter(text)
            .filter_map(|found| {
                let (start, mut end) = (found.start(), found.end());
                if latin(start.checked_sub(1)) && latin(Some(start)) {
                    return None;
                }
                if latin(end.checked_sub(1)) && latin(Some(end)) {
                    let plural = ["s", "es", "'s"]
                        .into_iter()
                        .find(|ending| text.get(end..).is_some_and(|rest| rest.starts_with(ending)));
                    let whole = bytes.get(end - 1).is_some_and(u8::is_ascii_alphabetic) && found.len() > 2;
                    end += plural.filter(|_| whole)?.len();
                    if latin(Some(end)) {
                        return None;
                    }
                }
                let senses = self.senses.get(found.pattern().as_usize())?;
                Some(Found { start, end, senses })
            })
            .collect()
    }

    /// What an exact name means.
    pub(crate) fn exact(&self, text: &str) -> &[Sense] {
        let text = plain(text);
        self.texts
            .binary_search(&text)
            .ok()
            .and_then(|index| self.senses.get(index))
            .map_or(&[], Vec::as_slice)
    }
}
