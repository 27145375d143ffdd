//! A frame becomes a Query: which subjects are listed, which periods, what is shown.
//!
//! The steps change the frame in a fixed order: what carries the answer, then the tables that this reads, then subjects, periods
//! and columns. Each step may refuse or ask back; none drops a word silently, which [`account`](super::account) checks last.

mod carriers;
mod changes;
mod dated;
mod dates;
mod entities;
mod events;
mod forms;
mod growth;
mod listing;
mod nodes;
mod outcome;
mod returns;
mod sources;
mod statistics;
mod tables;

use std::collections::BTreeSet;

use super::clause::Flag;
use super::frame::Frame;
use super::piece::Value;
use super::rules::Rules;
use super::span::Spans;
use super::{Asked, Chosen, Reading, Refusal, Remark, Then, Understanding};
use super::{account, audit};
use crate::catalog::Catalog;
use crate::query::{Condition, Expr, Item, Query};

pub(super) use tables::{tables_of, tables_read};

/// Prefix of the metrics that count the rows of a table, see [`Catalog::with_row_counts`].
const ROWS: &str = crate::catalog::ROWS;

/// A frame as a Query, or a question back, or a refusal.
pub(super) fn reading(frame: Frame, with: &Understanding) -> Reading {
    match Builder::new(frame, with).and_then(Builder::build) {
        Ok(asked) => Reading::Ask(Box::new(asked)),
        Err(reading) => reading,
    }
}

struct Builder<'u> {
    with: &'u Understanding,
    catalog: &'u Catalog,
    frame: Frame,
    tables: BTreeSet<String>,
    /// Entities by which every table can be cut.
    entities: Vec<String>,
    remarks: Vec<Remark>,
    hidden: Vec<String>,
    /// Statistics go over the subjects that conditions and ranks choose.
    chosen: bool,
    /// What was said, where the frame was turned into something else for the Query; a follow-up edits this.
    said: Option<Box<Frame>>,
}

type Built<T> = Result<T, Reading>;

/// A refusal as the outcome of a step.
fn refuse<T>(refusal: Refusal) -> Built<T> {
    Err(Reading::Refuse(refusal))
}

impl<'u> Builder<'u> {
    /// The first steps: what carries the answer, and the tables that this reads.
    fn new(mut frame: Frame, with: &'u Understanding) -> Built<Self> {
        let catalog = with.catalog.as_ref();
        let remarks = std::mem::take(&mut frame.remarks);
        let mut builder = Self {
            with,
            catalog,
            frame,
            tables: BTreeSet::new(),
            entities: Vec::new(),
            remarks,
            hidden: Vec::new(),
            chosen: false,
            said: None,
        };
        builder.over_spans()?;
        builder.groups_compared();
        builder.sums_of_shares();
        builder.overall();
        builder.movements();
        builder.carriers()?;
        builder.counted_groups();
        let unsaid = builder.frame.top.as_ref().is_some_and(|top| top.by.is_none());
        if unsaid && builder.frame.values.is_empty() {
            return Err(builder.no_metric());
        }
        builder.tables = tables_read(catalog, &builder.exprs());
        builder.entities = builder.cut_by();
        Ok(builder)
    }

    /// The rules, for what they know of units and stored growth rates.
    fn rules(&self) -> Rules<'u> {
        Rules {
            catalog: self.catalog,
            values: &[],
            spans: None,
        }
    }

    /// Every value that the frame names.
    fn exprs(&self) -> Vec<&Expr> {
        let values = self.frame.values.iter().map(|value| &value.expr);
        let conditions = self.frame.conditions.iter().flat_map(Condition::exprs);
        let top = self.frame.top.iter().filter_map(|top| top.by.as_ref());
        values.chain(conditions).chain(top).collect()
    }

    /// The steps behind, up to the Query and the check that no word was lost.
    fn build(mut self) -> Built<Asked> {
        self.subjects_fit()?;
        self.course();
        let mut spans = self.spans()?;
        self.between(&mut spans);
        self.between_points(&mut spans);
        self.streaks(&spans)?;
        if self.frame.has(Flag::Correlation) && self.frame.values.len() >= 2 {
            self.frame.flags.insert(Flag::Every);
        }
        self.sources()?;
        if spans.single {
            self.single();
        }
        self.growth_over(&spans)?;
        self.over_time(&spans);
        self.events(&mut spans);
        self.chosen_earlier();
        let stats: Vec<Value> = self
            .frame
            .values
            .iter()
            .filter(|value| value.stat.is_some())
            .cloned()
            .collect();
        let senseless = |value: &Value| {
            matches!(value.expr, Expr::Rank(..))
                || matches!(&value.expr, Expr::Metric(metric) if metric.name.starts_with(ROWS))
        };
        if stats.iter().any(senseless) {
            return Err(self.no_metric());
        }
        let plain = self.frame.values.len() > stats.len();
        let choice = !self.frame.conditions.is_empty() || self.frame.top.is_some();
        // 平均规模最大的行业: the first of the groups by their statistic.
        let first_group = self.frame.has(Flag::WhichGroup)
            && !plain
            && self.frame.conditions.is_empty()
            && self.frame.top.as_ref().is_some_and(|top| top.by.is_some());
        // 每组平均ROE: of those in each interval.
        let banded = !self.frame.bands.is_empty() && plain;
        if banded {
            self.frame.values.sort_by_key(|value| value.stat.is_some());
        }
        self.chosen = (choice || banded) && !first_group && !stats.is_empty() && self.narrows(&spans)?;
        let query = if first_group && !stats.is_empty() {
            self.first_group(&stats, &spans)?
        } else if stats.is_empty() || plain || choice {
            self.listing(&spans)?
        } else {
            self.statistics(&stats, &spans)?
        };
        let chosen = self.of_chosen(&stats, choice, &spans)?;
        let all = self.chosen && self.beside_all();
        let mean = all || (plain || choice) && !first_group && !stats.is_empty() && chosen.is_none();
        let mut beside = self.tables_beside(&stats, mean, &spans)?;
        beside.extend(self.gap(&spans)?);
        let spread = self.spread(&spans)?;
        let then = self.then(&query);
        let rules = self.rules();
        let others: Vec<&Query> = beside
            .iter()
            .chain(chosen.as_ref().map(|chosen| &chosen.query))
            .collect();
        if let Some(refusal) = account::left_over(&self.frame, &query, &then, &others, &rules) {
            return refuse(refusal);
        }
        let share = self.frame.has(Flag::Share) && matches!(then, Then::Count(_)) && account::chooses(&query);
        let asked = audit::Asked {
            rules: self.rules(),
            frame: &self.frame,
            queries: std::iter::once(&query)
                .chain(others)
                .chain(spread.iter().map(|(query, _)| query))
                .collect(),
            then: &then,
            calendar: self.calendar(),
            sizes: &self.with.sizes,
            spread: spread.is_some(),
            shares: share || chosen.as_ref().is_some_and(|chosen| chosen.of_all),
        };
        if let Some(refusal) = audit::unmet(&asked) {
            return refuse(refusal);
        }
        let chart = self.frame.chart.or_else(|| self.fitting(&query));
        self.remarks.extend(spans.remarks.iter().cloned());
        self.remarks.dedup();
        let asked = self.asked();
        let claims = self.claims(&query);
        Ok(Asked {
            spread,
            share,
            asked,
            claims,
            query,
            then,
            beside,
            chosen,
            hidden: self.hidden,
            chart,
            decimals: self.frame.decimals,
            remarks: self.remarks,
            frame: self.said.map_or(self.frame, |said| *said),
        })
    }

    /// Columns that the question asks for.
    fn asked(&self) -> Vec<String> {
        let values = self.frame.values.iter().filter(|value| value.stat.is_none());
        values.map(|value| value.expr.to_string()).collect()
    }

    /// What the question says to be so, each as a Query that finds rows where it is.
    fn claims(&self, query: &Query) -> Vec<(String, Query)> {
        let claims = self.frame.claims.iter().map(|claim| {
            let mut query = query.clone();
            query.having = Some(claim.clone());
            (claim.to_string(), query)
        });
        claims.collect()
    }

    /// Statistics of those that conditions or ranks choose, or their part of all.
    fn of_chosen(&mut self, stats: &[Value], choice: bool, spans: &Spans) -> Built<Option<Chosen>> {
        let shares = self.shares_of_chosen(choice, spans);
        Ok(match self.listed()? {
            Some(entity) if self.chosen => Some(Chosen {
                entity,
                query: self.statistics(stats, spans)?,
                of_all: false,
            }),
            Some(entity) if !shares.is_empty() => Some(Chosen {
                entity,
                query: self.statistics(&shares, spans)?,
                of_all: true,
            }),
            _ => None,
        })
    }

    /// Tables beside the answer: the mean of the trade, the other ranks.
    fn tables_beside(&mut self, stats: &[Value], mean: bool, spans: &Spans) -> Built<Vec<Query>> {
        let mut beside = Vec::new();
        let peers = self.frame.peer_stat.as_ref();
        if mean || peers.is_some_and(|(_, within)| within.is_none()) && self.frame.lists() {
            beside.push(self.beside(stats, spans)?);
        }
        for top in self.frame.other_tops.clone() {
            let first = self.frame.top.replace(top);
            let other = self.listing(spans);
            self.frame.top = first;
            beside.push(other?);
        }
        Ok(beside)
    }
}

/// One more column, unless it stands there already.
fn push(items: &mut Vec<Item>, expr: Expr) {
    if !items.iter().any(|item| item.expr == expr) {
        items.push(Item { expr, alias: None });
    }
}
