//! A conversation: turns in, answers out. Joins understanding (`semantics`) and the engine.
//!
//! Decides nothing about figures: they come from the engine, and what is made of them here (a count, a correlation, whether
//! texts are the same) is arithmetic over its rows.

mod bands;
mod chart;
mod derive;
mod run;
mod spread;
mod table;

use std::sync::Arc;

use jinsheng_core::Scope;
use jinsheng_engine::{Answer, ColumnKind, Engine, EngineError};
use jinsheng_semantics::ask::{Asked, Choice, Clarify, Frame, Reading, Refusal, Remark, Talk, Understanding};
use jinsheng_semantics::query::Query;

pub use chart::{ChartForm, Plot, plot};
pub use table::Table;

/// Most subjects of an answer that the next question may refer to by 它们.
const MOST_SUBJECTS: usize = 5_000;

/// A conversation under one scope.
pub struct Conversation<'e> {
    engine: &'e Engine,
    scope: Scope,
    understanding: Arc<Understanding>,
    talk: Talk,
    choices: Vec<Choice>,
}

/// What was said to one turn.
#[derive(Debug, Clone)]
pub struct Turn {
    /// The turn as it was written.
    pub question: String,
    /// One outcome for each question in it. At least one.
    pub parts: Vec<Part>,
}

/// What was said to one question.
#[derive(Debug, Clone)]
pub struct Part {
    /// The question, in plain form.
    pub question: String,
    /// The outcome.
    pub outcome: Outcome,
}

/// What came of a question.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Figures.
    Answered(Box<Answered>),
    /// A question back.
    Clarify(Clarify),
    /// No answer, and why.
    Refused(Refusal),
    /// The engine could not run what was understood.
    Failed(Arc<EngineError>),
}

/// Figures.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The Query.
    pub query: Query,
    /// What the engine found.
    pub answer: Answer,
    /// Tables; the first is the answer.
    pub tables: Vec<Table>,
    /// How it is drawn.
    pub plot: Option<Plot>,
    /// Decimals asked for.
    pub decimals: Option<u32>,
    /// Conventions of the understanding; those of the engine are in `answer`.
    pub remarks: Vec<Remark>,
}

impl<'e> Conversation<'e> {
    /// A new conversation. Names are collected once; share `understanding` among conversations under one scope.
    pub fn new(engine: &'e Engine, scope: Scope, understanding: Arc<Understanding>) -> Self {
        Self {
            engine,
            scope,
            understanding,
            talk: Talk::default(),
            choices: Vec::new(),
        }
    }

    /// Whose data it is about.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// What there is to understand under a scope.
    ///
    /// # Errors
    /// When the data cannot be read.
    pub async fn understanding(engine: &Engine, scope: &Scope) -> Result<Understanding, EngineError> {
        let vocabulary = engine.vocabulary(scope).await?;
        let catalog = engine.catalog_under(scope)?;
        Ok(Understanding::new(catalog, vocabulary))
    }

    /// Answers one turn.
    ///
    /// # Errors
    /// [`EngineError::Cancelled`] and failures that are not about the question.
    pub async fn turn(&mut self, question: &str) -> Result<Turn, EngineError> {
        let text = self.chosen(question);
        let parts = self.understanding.parts(&text);
        let mut out = Vec::new();
        self.talk.broken = false;
        self.talk.within_turn = false;
        for part in parts {
            let outcome = self.part(&part).await?;
            // What documents say is missing beside the data; it breaks nothing that the data answer.
            let aside = matches!(&outcome, Outcome::Refused(refusal) if refusal.code == "outside_data");
            if !aside || out.is_empty() {
                self.talk.broken = !matches!(outcome, Outcome::Answered(_));
            }
            self.talk.within_turn |= matches!(outcome, Outcome::Answered(_));
            out.push(Part {
                question: part,
                outcome,
            });
        }
        Ok(Turn {
            question: question.to_owned(),
            parts: out,
        })
    }

    /// The question that a bare number stands for after a question back.
    fn chosen(&mut self, question: &str) -> String {
        let choices = std::mem::take(&mut self.choices);
        let number: Option<usize> = question.trim().parse().ok();
        number
            .and_then(|number| number.checked_sub(1))
            .and_then(|index| choices.get(index))
            .map_or_else(|| question.to_owned(), |choice| choice.question.clone())
    }

    async fn part(&mut self, part: &str) -> Result<Outcome, EngineError> {
        let reading = self.understanding.read(part, &self.talk);
        Ok(match reading {
            Reading::Refuse(refusal) => {
                // Of what was not understood more than what is missing may have been misread: a follow-up would build on that.
                let lost = matches!(
                    refusal.code,
                    "not_understood" | "no_reference" | "too_much" | "no_such_figure" | "no_time"
                );
                if lost || matches!(refusal.code, "advice" | "outside_data" | "period_absent") {
                    self.talk.last = self.understanding.topic(part, &self.talk, lost);
                }
                Outcome::Refused(refusal)
            }
            Reading::Clarify(clarify) => {
                self.choices.clone_from(&clarify.options);
                if let Some(frame) = &clarify.frame {
                    self.talk.last = Some((**frame).clone());
                }
                Outcome::Clarify(clarify)
            }
            Reading::Ask(asked) => self.run(*asked).await?,
        })
    }

    /// Whether there are rows, but no value in what is asked for.
    fn valueless(&self, asked: &Asked, answer: &Answer) -> bool {
        let columns: Vec<usize> = answer
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.kind == ColumnKind::Value && asked.asked.contains(&column.name))
            .map(|(index, _)| index)
            .collect();
        let missing = |row: &Vec<jinsheng_engine::Cell>| {
            columns
                .iter()
                .all(|index| matches!(row.get(*index), Some(jinsheng_engine::Cell::Missing)))
        };
        !columns.is_empty() && !answer.rows.is_empty() && answer.rows.iter().all(missing)
    }

    /// What the next question may refer to.
    fn remember(&mut self, frame: Frame, answer: &Answer) {
        // 其中净利润最高的是哪家，这些公司的…: these are still those found before.
        if frame.picks_one() && self.talk.within_turn && self.talk.subjects.is_some() {
            self.talk.last = Some(frame);
            return;
        }
        let entities: Vec<&String> = self.engine.catalog().file().entities.keys().collect();
        let column = answer
            .columns
            .iter()
            .position(|column| column.kind == ColumnKind::Dimension && entities.contains(&&column.name));
        self.talk.subjects = column.and_then(|index| {
            let mut keys: Vec<String> = Vec::new();
            for row in answer.rows.iter().take(MOST_SUBJECTS) {
                if let Some(jinsheng_engine::Cell::Text(key)) = row.get(index)
                    && keys.last() != Some(key)
                    && !keys.contains(key)
                {
                    keys.push(key.clone());
                }
            }
            answer
                .columns
                .get(index)
                .map(|column| (column.name.clone(), keys))
        });
        self.talk.last = Some(frame);
    }
}
