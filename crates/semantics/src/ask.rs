//! Understanding: a question in Chinese or English becomes a [`Query`], a question back, or a refusal that names what is
//! missing.
//!
//! No model and no engine: names come from the catalog and a [`Vocabulary`] of what the data hold. Every content word of a
//! question is used or named; a reading that leaves one over is no answer.

mod account;
mod audit;
mod build;
mod clause;
mod frame;
mod lexicon;
mod piece;
mod rules;
mod said;
mod span;
mod split;
mod token;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use jinsheng_core::{Lang, Period};

use crate::catalog::{Catalog, TimeBehaviour};
use crate::query::Query;

pub use frame::Frame;
pub use piece::{Band, Spread};
pub use words::Chart;

use lexicon::Lexicon;

/// What the data hold, as far as questions name it; as a scope sees it.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    /// Names of members.
    pub members: Vec<MemberName>,
    /// Values of dimensions.
    pub values: Vec<DimensionValue>,
    /// First and last period of each table with periods, at its own grain.
    pub spans: BTreeMap<String, (Period, Period)>,
}

/// A name of a member of an entity; a member has several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberName {
    /// Entity.
    pub entity: String,
    /// Key.
    pub key: String,
    /// Code, short name, full name or nickname.
    pub text: String,
}

/// A value of a dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DimensionValue {
    /// Full name of the dimension.
    pub dimension: String,
    /// The value.
    pub value: String,
}

/// A text in both languages.
pub type Said = (String, String);

/// Something to say beside an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Stable name.
    pub code: &'static str,
    /// In zh and en.
    pub text: Said,
}

/// What a question means.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// A Query answers it.
    Ask(Box<Asked>),
    /// Several readings that differ in result.
    Clarify(Clarify),
    /// It cannot be answered.
    Refuse(Refusal),
}

/// A question that a Query answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// What was understood; a follow-up edits it.
    pub frame: Frame,
    /// The Query.
    pub query: Query,
    /// What is made of its rows.
    pub then: Then,
    /// Further tables of the answer, such as the mean beside a list.
    pub beside: Vec<Query>,
    /// Statistics over the subjects that the rows are about, instead of over all.
    pub chosen: Option<Chosen>,
    /// How values are spread over the rows of a Query.
    pub spread: Option<(Query, Vec<Spread>)>,
    /// How large a part of all subjects is counted is asked for too.
    pub share: bool,
    /// Metrics that only carry rows and are not shown.
    pub hidden: Vec<String>,
    /// Columns that the question asks for; without a value in any of them there is no answer.
    pub asked: Vec<String>,
    /// What the question says to be so, as Queries that find rows where it is.
    pub claims: Vec<(String, Query)>,
    /// How it is drawn, if asked for.
    pub chart: Option<Chart>,
    /// Decimals asked for.
    pub decimals: Option<u32>,
    /// Conventions taken, names guessed, parts left out.
    pub remarks: Vec<Remark>,
}

/// What is asked of the subjects that another Query finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Their entity.
    pub entity: String,
    /// The Query, to be narrowed to them.
    pub query: Query,
    /// The figures of all and the share in them are asked for beside.
    pub of_all: bool,
}

/// What is made of the rows of a Query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Then {
    /// They are the answer.
    Rows,
    /// Their number is; of subjects of this dimension.
    Count(String),
    /// Those subjects of this dimension are for which the rows reach over all periods; or their number.
    EveryPeriod(String, bool),
    /// How many subjects of a dimension have a value in each interval is.
    Bands(String, Vec<Band>),
    /// The correlation of the first two values is.
    Correlation,
    /// Whether the values of this dimension are the same in all periods is.
    Same(String),
    /// All names of the subjects, members of this entity, are.
    Names(String),
    /// What moved, with its components.
    Why,
}

/// A question back.
#[derive(Debug, Clone, PartialEq)]
pub struct Clarify {
    /// What is asked back.
    pub question: Said,
    /// Answers by number: what is shown, and the question that it stands for.
    pub options: Vec<Choice>,
    /// What was understood so far.
    pub frame: Option<Box<Frame>>,
}

/// One answer to a question back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Shown.
    pub label: Said,
    /// The question that it stands for.
    pub question: String,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stable name.
    pub code: &'static str,
    /// In zh and en.
    pub reason: Said,
    /// What is missing, in the question's words.
    pub missing: Vec<String>,
    /// Names that are near.
    pub nearest: Vec<String>,
}

/// The conversation so far.
#[derive(Debug, Clone, Default)]
pub struct Talk {
    /// What was understood last.
    pub last: Option<Frame>,
    /// Subjects of the last answer: entity and keys, in order.
    pub subjects: Option<(String, Vec<String>)>,
    /// True when a part of this turn has been answered.
    pub within_turn: bool,
    /// True when the last part of this turn had no answer: what refers to it has none either.
    pub broken: bool,
}

/// Understands questions over one catalog and its data.
#[derive(Debug)]
pub struct Understanding {
    catalog: Arc<Catalog>,
    lexicon: Lexicon,
    vocabulary: Vocabulary,
    /// How many members each entity has.
    sizes: BTreeMap<String, usize>,
}

impl Understanding {
    /// Collects all names once.
    pub fn new(catalog: Arc<Catalog>, vocabulary: Vocabulary) -> Self {
        let lexicon = Lexicon::new(&catalog, &vocabulary);
        let mut keys: BTreeMap<&str, std::collections::BTreeSet<&str>> = BTreeMap::new();
        for member in &vocabulary.members {
            keys.entry(&member.entity).or_default().insert(&member.key);
        }
        let sizes = keys
            .into_iter()
            .map(|(entity, keys)| (entity.to_owned(), keys.len()))
            .collect();
        Self {
            catalog,
            lexicon,
            vocabulary,
            sizes,
        }
    }

    /// The questions of one turn, in order.
    pub fn parts(&self, turn: &str) -> Vec<String> {
        split::parts(turn, self)
    }

    /// What one of them means after what was said before.
    pub fn read(&self, part: &str, talk: &Talk) -> Reading {
        // A part without answer leaves nothing that could be meant again.
        let before = talk
            .last
            .as_ref()
            .filter(|_| !talk.broken)
            .map(|last| last.values.as_slice())
            .unwrap_or_default();
        let clause = clause::read_after(part, self, before);
        match frame::frame(clause, talk, self) {
            Ok(frame) => build::reading(frame, self),
            Err(reading) => reading,
        }
    }

    /// A member as it is shown: its first name and its key.
    fn shown(&self, entity: &str, key: &str) -> String {
        let mut names = self.vocabulary.members.iter();
        let own = |member: &&MemberName| member.entity == entity && member.key == key && member.text != key;
        // Names in the script of the catalog come before translations.
        let name = names
            .clone()
            .filter(own)
            .find(|member| !member.text.is_ascii())
            .or_else(|| names.find(own));
        name.map_or_else(|| key.to_owned(), |name| format!("{} ({key})", name.text))
    }

    /// What a question is about although it has no answer: its subjects, times and values, for what is said next.
    /// `lost` tells that some of it was not understood.
    pub fn topic(&self, part: &str, talk: &Talk, lost: bool) -> Option<Frame> {
        let clause = clause::read(part, self);
        let mut frame = frame::topic(&clause, talk)?;
        frame.mark_lost(lost);
        Some(frame)
    }

    /// The language that a question is written in.
    pub fn language(text: &str) -> Lang {
        let chinese = text
            .chars()
            .filter(|character| ('\u{4e00}'..='\u{9fff}').contains(character))
            .count();
        // A Chinese name in an English sentence leaves it English.
        let latin = text
            .split(|character: char| !character.is_ascii_alphabetic())
            .filter(|word| word.len() > 1)
            .count();
        if chinese > latin { Lang::Zh } else { Lang::En }
    }

    /// The last day of the data: today, as far as they know.
    pub fn today(&self) -> Option<jinsheng_core::Period> {
        let state = |table: &String| {
            self.catalog.table(table).is_some_and(|table| {
                let times = table.measures.values().map(|measure| measure.time);
                times
                    .into_iter()
                    .any(|time| matches!(time, TimeBehaviour::Stock | TimeBehaviour::FlowYtd))
            })
        };
        let spans = || self.vocabulary.spans.iter();
        let last = |found: &mut dyn Iterator<Item = (&String, &(Period, Period))>| {
            found
                .filter_map(|(_, (_, last))| last.last_at(jinsheng_core::Grain::Day))
                .max_by_key(|day| day.index())
        };
        // Amounts may be planned for later (maturities); what is measured is not.
        last(&mut spans().filter(|(table, _)| state(table))).or_else(|| last(&mut spans()))
    }
}

impl Refusal {
    /// A refusal without further detail.
    pub(crate) fn new(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            code,
            reason: (zh.into(), en.into()),
            missing: Vec::new(),
            nearest: Vec::new(),
        }
    }
}
