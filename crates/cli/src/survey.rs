//! What the imported tables look like, for drafting a catalog: values, keys, equations between columns.
//!
//! Values are found by asking the engine with Queries over a catalog made for that purpose, so that this crate needs no
//! second way to read data; keys are found by the data crate.

mod equations;
mod keys;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jinsheng_core::{Code, Decimal, Digest, Fault as _, Lang, Localised, Scope, Unit};
use jinsheng_data::{ColumnKind, ColumnMeta, Note, TableMeta, UsualSum, Warehouse, stand_ins};
use jinsheng_engine::{Answer, Cell, Engine};
use jinsheng_semantics::catalog::{
    Agg, Catalog, CatalogFile, Dimension, Measure, Metric, Table, TimeBehaviour,
};
use jinsheng_semantics::infer::{self, ColumnKind as ProfileKind, ColumnProfile, DictionaryEntry};
use jinsheng_semantics::infer::{Equation, IdentityKind, TableProfile};
use jinsheng_semantics::query::{Expr, Item, MetricRef, Query};
use tokio::runtime::Runtime;

use crate::cancel;
use crate::failure::CliError;

/// Distinct values kept of a column.
const MAX_VALUES: u64 = 2000;

/// Profiles of all imported tables, in the order of the warehouse.
///
/// # Errors
/// When a table cannot be read, or the user stopped.
pub fn profiles(
    warehouse: &Warehouse,
    dictionary: &[DictionaryEntry],
    runtime: &Runtime,
    each: &mut dyn FnMut(&str),
) -> Result<Vec<TableProfile>, CliError> {
    let mut profiles = Vec::new();
    for meta in warehouse.tables() {
        each(&meta.name);
        profiles.push(Probe::new(meta, warehouse, runtime)?.profile()?);
    }
    equations::measure(&mut profiles, dictionary, warehouse, runtime)?;
    Ok(profiles)
}

/// Sums that the tables obey as a rule, by the names of their columns alone.
pub fn usual_sums(tables: &[&TableMeta]) -> Vec<UsualSum> {
    let profiles: Vec<TableProfile> = tables
        .iter()
        .map(|meta| TableProfile {
            source: meta.name.clone(),
            rows: meta.rows,
            columns: meta.columns.iter().map(described).collect(),
            ..TableProfile::default()
        })
        .collect();
    let sum = |equation: Equation| match equation.kind {
        IdentityKind::Sum { total, terms } => Some(UsualSum {
            table: equation.source,
            total,
            terms: terms
                .into_iter()
                .map(|(minus, term)| (if minus { -1 } else { 1 }, term))
                .collect(),
        }),
        _ => None,
    };
    infer::usual_sums(&profiles).into_iter().filter_map(sum).collect()
}

/// A column as its description shows it, without looking at its values.
fn described(column: &ColumnMeta) -> ColumnProfile {
    // A unit stated for the whole table is a hint, not the header's word.
    let from_caption = column
        .notes
        .iter()
        .any(|note| matches!(note, Note::CaptionUnit { .. }));
    ColumnProfile {
        name: column.name.clone(),
        header: column.header.clone(),
        label: column.label.clone(),
        unit: column.unit.filter(|_| !from_caption),
        caption_unit: column.unit.filter(|_| from_caption),
        kind: match column.kind {
            ColumnKind::Text => ProfileKind::Text,
            ColumnKind::Integer => ProfileKind::Integer,
            ColumnKind::Decimal { .. } => ProfileKind::Decimal,
            ColumnKind::Date => ProfileKind::Date,
            ColumnKind::Timestamp => ProfileKind::Timestamp,
            ColumnKind::Boolean => ProfileKind::Boolean,
        },
        nulls: column.nulls,
        distinct: column.distinct,
        min: column.min.clone(),
        max: column.max.clone(),
        values: column.samples.clone(),
        stand_ins: Vec::new(),
        undated: false,
    }
}

/// One table with all its columns as dimensions, and those of numbers as measures.
struct Probe<'a> {
    meta: &'a TableMeta,
    warehouse: &'a Warehouse,
    engine: Engine,
    runtime: &'a Runtime,
}

const TABLE: &str = "probe";
const COUNT: &str = "n";

fn dimension(index: usize) -> String {
    format!("{TABLE}.c{index}")
}

fn figure(index: usize) -> String {
    format!("m{index}")
}

fn metric(measure: &str) -> Metric {
    Metric {
        label: Localised::new(measure, measure),
        synonyms: Vec::new(),
        description: Localised::default(),
        measure: Some(format!("{TABLE}.{measure}")),
        alternatives: Vec::new(),
        formula: None,
        unit: None,
        form: None,
        growth_of: None,
        lower_is_better: false,
    }
}

impl<'a> Probe<'a> {
    fn new(meta: &'a TableMeta, warehouse: &'a Warehouse, runtime: &'a Runtime) -> Result<Self, CliError> {
        let dimensions = meta.columns.iter().enumerate().map(|(index, column)| {
            let dimension = Dimension {
                column: column.name.clone(),
                label: Localised::default(),
                synonyms: Vec::new(),
            };
            (format!("c{index}"), dimension)
        });
        let measure = |column: Option<&str>, agg| Measure {
            column: column.map(ToOwned::to_owned),
            agg,
            unit: Unit::PLAIN,
            time: TimeBehaviour::Static,
            missing: Vec::new(),
        };
        let numeric = meta
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.kind.is_numeric());
        let mut measures: BTreeMap<String, Measure> = numeric
            // Rows are known by a key, and those that are alike are one.
            .map(|(index, column)| (figure(index), measure(Some(&column.name), Agg::Min)))
            .collect();
        measures.insert(COUNT.to_owned(), measure(None, Agg::Count));
        let metrics = measures.keys().map(|name| (name.clone(), metric(name))).collect();
        let table = Table {
            source: meta.name.clone(),
            label: Localised::default(),
            synonyms: Vec::new(),
            entities: BTreeMap::new(),
            period: None,
            unique: false,
            key_dimensions: BTreeSet::new(),
            repeated_rows: None,
            dimensions: dimensions.collect(),
            measures,
        };
        let file = CatalogFile {
            version: 1,
            tables: BTreeMap::from([(TABLE.to_owned(), table)]),
            metrics,
            ..CatalogFile::default()
        };
        let catalog = Catalog::new(file, Digest::of(meta.name.as_bytes())).map_err(|problems| {
            let words: Vec<String> = problems.iter().map(|problem| problem.text(Lang::En)).collect();
            CliError::Internal(words.join("; "))
        })?;
        Ok(Self {
            meta,
            warehouse,
            engine: Engine::with_threads(Arc::new(catalog), warehouse, runtime.metrics().num_workers()),
            runtime,
        })
    }

    fn profile(&self) -> Result<TableProfile, CliError> {
        let mut columns = Vec::new();
        let unpivoted = self.meta.unpivoted.as_ref();
        for (index, column) in self.meta.columns.iter().enumerate() {
            let countable = column.distinct.is_some_and(|distinct| distinct <= MAX_VALUES);
            let values = if countable && !matches!(column.kind, ColumnKind::Decimal { .. }) {
                self.values(index)?
            } else {
                column.samples.clone()
            };
            columns.push(ColumnProfile {
                values,
                stand_ins: stand_ins(self.warehouse, self.meta, column)?,
                undated: unpivoted.is_some_and(|file| file.fixed.contains(&column.name)),
                ..described(column)
            });
        }
        let found = keys::find(self.warehouse, self.meta)?;
        Ok(TableProfile {
            source: self.meta.name.clone(),
            rows: found.rows,
            columns,
            unique_keys: found.keys,
            repeated: found.repeated,
            ..TableProfile::default()
        })
    }

    fn values(&self, index: usize) -> Result<Vec<String>, CliError> {
        let answer = self.run(vec![COUNT.to_owned()], vec![dimension(index)], Some(MAX_VALUES))?;
        let text = |row: &Vec<Cell>| match row.first() {
            Some(Cell::Text(text)) => Some(text.clone()),
            _ => None,
        };
        Ok(answer.rows.iter().filter_map(text).collect())
    }

    /// Numbers of some columns in each row, rows being known by a key; `None` when a column is not numeric.
    fn numbers(
        &self,
        key: &[String],
        columns: &[&String],
    ) -> Result<Option<Vec<Vec<Option<Decimal>>>>, CliError> {
        let position = |name: &String| self.meta.columns.iter().position(|column| column.name == *name);
        let numeric = |name: &&String| {
            position(name).filter(|index| {
                self.meta
                    .columns
                    .get(*index)
                    .is_some_and(|column| column.kind.is_numeric())
            })
        };
        let Some(figures) = columns.iter().map(numeric).collect::<Option<Vec<usize>>>() else {
            return Ok(None);
        };
        let by: Vec<String> = key.iter().filter_map(position).map(dimension).collect();
        let skipped = by.len();
        let answer = match self.run(figures.into_iter().map(figure).collect(), by, None) {
            // Figures too large to be held exactly show no equation.
            Err(error) if error.code() == Code::OVERFLOW => return Ok(None),
            answer => answer?,
        };
        let numbers = |row: Vec<Cell>| {
            let cells = row.into_iter().skip(skipped);
            cells
                .map(|cell| {
                    if let Cell::Number(value) = cell {
                        Some(value)
                    } else {
                        None
                    }
                })
                .collect()
        };
        Ok(Some(answer.rows.into_iter().map(numbers).collect()))
    }

    fn run(&self, metrics: Vec<String>, by: Vec<String>, limit: Option<u64>) -> Result<Answer, CliError> {
        let item = |name| Item {
            expr: Expr::Metric(MetricRef::plain(name)),
            alias: None,
        };
        let query = Query {
            items: metrics.into_iter().map(item).collect(),
            by,
            of: Vec::new(),
            filters: Vec::new(),
            periods: None,
            having: None,
            top: None,
            order: Vec::new(),
            limit,
        };
        let everything = Scope::full();
        self.runtime.block_on(async {
            tokio::select! {
                found = self.engine.run(&query, &everything) => found.map_err(CliError::from),
                () = cancel::wait() => Err(CliError::Interrupted),
            }
        })
    }
}
