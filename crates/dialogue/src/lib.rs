//! A conversation: turns in, answers out. Joins understanding (`semantics`) and the engine.
//!
//! Decides nothing about figures: they come from the engine, and what is made of them here (a count, a correlation, whether
//! texts are the same) is arithmetic over its rows.

mod chart;
mod derive;
mod table;

use std::sync::Arc;

use jinsheng_core::Scope;
use jinsheng_engine::{Answer, ColumnKind, Engine, EngineError};
use jinsheng_semantics::ask::{
    Asked, Choice, Chosen, Clarify, Frame, Reading, Refusal, Remark, Talk, Then, Understanding,
};
use jinsheng_semantics::query::{Condition, Expr, Filter, Item, Query, Test};

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
                if matches!(refusal.code, "not_understood" | "advice" | "outside_data") {
                    self.talk.last = self.understanding.topic(part, &self.talk);
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

    async fn run(&mut self, asked: Asked) -> Result<Outcome, EngineError> {
        let answer = match self.engine.run(&asked.query, &self.scope).await {
            Ok(answer) => answer,
            Err(error @ EngineError::Bind(_)) => return Ok(Outcome::Failed(Arc::new(error))),
            Err(error) => return Err(error),
        };
        let main = Table::of(&answer, &asked.hidden);
        let mut tables = Vec::new();
        match &asked.then {
            Then::EveryPeriod(dimension, counted) => {
                let all = self.engine.run(&whole(&asked.query), &self.scope).await?;
                let kept = derive::every_period(&main, &all, dimension);
                if *counted {
                    tables.push(derive::number_of(&kept, dimension));
                }
                let subjects = derive::subjects(&kept, dimension);
                tables.push(kept);
                tables.push(subjects);
            }
            Then::Bands(dimension, bands) => {
                tables.push(derive::bands(&main, dimension, bands));
                tables.push(main);
            }
            Then::Count(dimension) => {
                let counted = derive::count(&answer, dimension);
                tables.push(if asked.share {
                    let all = self.engine.run(&whole(&asked.query), &self.scope).await?;
                    let all = derive::count(&derive::complete(&all), dimension);
                    derive::share_of(&counted, &all)
                } else {
                    counted
                });
                tables.push(main);
            }
            Then::Correlation => {
                tables.extend(derive::correlation(&main));
                tables.push(main);
            }
            Then::Same(dimension) => {
                tables.extend(derive::same(&answer, dimension));
                tables.push(main);
            }
            Then::Names(entity) => {
                let members = self.engine.members(entity, &self.scope).await?;
                tables.push(derive::names(&answer, entity, &members));
            }
            Then::Rows | Then::Why => tables.push(main),
        }
        if let Some(chosen) = &asked.chosen {
            let figures = self.of_chosen(chosen, &asked, &answer).await?;
            tables.splice(0..0, figures);
        }
        for query in &asked.beside {
            if let Ok(other) = self.engine.run(query, &self.scope).await {
                tables.push(Table::of(&other, &asked.hidden));
            }
        }
        if self.valueless(&asked, &answer) {
            self.remember(asked.frame, &answer);
            return Ok(Outcome::Refused(no_value(&asked.query)));
        }
        let mut asked = asked;
        for (claim, query) in &asked.claims {
            let holds = self
                .engine
                .run(query, &self.scope)
                .await
                .is_ok_and(|found| !found.rows.is_empty());
            if !holds {
                asked.remarks.push(Remark {
                    code: "premise_false",
                    text: (
                        format!("问题中所说的「{claim}」与数据不符"),
                        format!("`{claim}`, which the question says, is not what the data show"),
                    ),
                });
            }
        }
        if matches!(asked.then, Then::Why) {
            asked.remarks.push(Remark {
                code: "causes_unknown",
                text: (
                    "数据只说明变动了多少，数据以外的原因无从得知".to_owned(),
                    "the data show how much moved; causes outside them are not known".to_owned(),
                ),
            });
        }
        if answer.rows.is_empty() && !matches!(asked.then, Then::Count(_)) {
            self.remember(asked.frame, &answer);
            return Ok(Outcome::Refused(nothing(&asked.query)));
        }
        let plot = asked
            .chart
            .and_then(|form| tables.last().map(|table| (form, table)))
            .and_then(|(form, table)| plot(table, form));
        let outcome = Answered {
            query: asked.query,
            tables,
            plot,
            decimals: asked.decimals,
            remarks: asked.remarks,
            answer: answer.clone(),
        };
        self.remember(asked.frame, &answer);
        Ok(Outcome::Answered(Box::new(outcome)))
    }

    /// Statistics over the subjects that the rows are about.
    async fn of_chosen(
        &self,
        chosen: &Chosen,
        asked: &Asked,
        answer: &Answer,
    ) -> Result<Option<Table>, EngineError> {
        let column = answer
            .columns
            .iter()
            .position(|column| column.name == chosen.entity && column.kind == ColumnKind::Dimension);
        let Some(column) = column.filter(|_| !answer.rows.is_empty()) else {
            return Ok(None);
        };
        let keys = answer.rows.iter().filter_map(|row| match row.get(column) {
            Some(jinsheng_engine::Cell::Text(key)) => Some(key.clone()),
            _ => None,
        });
        let mut query = chosen.query.clone();
        query.filters.push(Filter {
            dimension: chosen.entity.clone(),
            test: Test::In(keys.collect()),
        });
        let found = self.engine.run(&query, &self.scope).await?;
        let mut table = Table::of(&found, &asked.hidden);
        if chosen.of_all {
            let all = self.engine.run(&chosen.query, &self.scope).await?;
            table = derive::parts_of(&table, &Table::of(&all, &asked.hidden));
        }
        table.reading = format!("{} of the {} in: {}", chosen.query, chosen.entity, answer.reading);
        Ok(Some(table))
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

/// A Query without its conditions.
fn whole(query: &Query) -> Query {
    let mut items = query.items.clone();
    for expr in query.having.iter().flat_map(Condition::exprs) {
        if !matches!(expr, Expr::Number(_)) && !items.iter().any(|item| item.expr == *expr) {
            items.push(Item {
                expr: expr.clone(),
                alias: None,
            });
        }
    }
    Query {
        items,
        having: None,
        ..query.clone()
    }
}

/// The rows are there, the value is not.
fn no_value(query: &Query) -> Refusal {
    Refusal {
        code: "no_value",
        reason: (
            "数据中有这一项，但没有数值（缺失，或缺少计算所需的上期值）".to_owned(),
            "the data have this item but no value for it: it is missing, or the earlier value that it needs is".to_owned(),
        ),
        missing: query.items.iter().map(|item| item.expr.to_string()).take(3).collect(),
        nearest: Vec::new(),
    }
}

/// No row matches; which of the names may be the reason is for the reader to see.
fn nothing(query: &Query) -> Refusal {
    let named: Vec<String> = query
        .of
        .iter()
        .chain(&query.filters)
        .filter_map(|filter| match &filter.test {
            Test::In(values) => Some(values.iter().cloned().collect::<Vec<_>>()),
            _ => None,
        })
        .flatten()
        .take(5)
        .collect();
    Refusal {
        code: "no_data",
        reason: ("没有符合条件的数据".to_owned(), "no data match".to_owned()),
        missing: named,
        nearest: Vec::new(),
    }
}
