//! What the imported tables look like, for drafting a catalog: values, keys, equations between columns.
//!
//! Values are found by asking the engine with Queries over a catalog made for that purpose, so that this crate needs no
//! second way to read data; keys are found by the data crate.

mod equations;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jinsheng_core::{Code, Decimal, Digest, Fault as _, Lang, Localised, Scope, Unit};
use jinsheng_data::{ColumnKind, TableMeta, Warehouse, guess_key, stand_ins};
use jinsheng_engine::{Answer, Cell, Engine};
use jinsheng_semantics::catalog::{
    Agg, Catalog, CatalogFile, Dimension, Measure, Metric, Table, TimeBehaviour,
};
use jinsheng_semantics::infer::{ColumnKind as ProfileKind, ColumnProfile, DictionaryEntry, TableProfile};
use jinsheng_semantics::query::{Expr, Item, MetricRef, Query};
use tokio::runtime::Runtime;

use crate::cancel;
use crate::failure::CliError;

/// Distinct values kept of a column.
const MAX_VALUES: u64 = 2000;
/// Columns that may be part of a key.
const MAX_KEY_COLUMNS: usize = 12;
/// In tables of more rows not every set of columns is tried.
const MAX_SEARCH_ROWS: u64 = 500_000;
/// Columns of the longest key looked for.
const MAX_KEY: usize = 3;

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
            .map(|(index, column)| (figure(index), measure(Some(&column.name), Agg::Sum)))
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
                name: column.name.clone(),
                header: column.header.clone(),
                label: column.label.clone(),
                unit: column.unit,
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
                values,
                stand_ins: stand_ins(self.warehouse, self.meta, column)?,
                undated: unpivoted.is_some_and(|file| file.fixed.contains(&column.name)),
            });
        }
        Ok(TableProfile {
            source: self.meta.name.clone(),
            rows: self.meta.rows,
            columns,
            unique_keys: self.unique_keys()?,
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

    /// Smallest sets of columns without a repetition, up to three columns each; of large tables only the likely one.
    fn unique_keys(&self) -> Result<Vec<Vec<String>>, CliError> {
        let rows = self.meta.rows;
        if rows > MAX_SEARCH_ROWS {
            let guessed = guess_key(self.warehouse, &self.meta.name)?;
            let position = |name: &str| self.meta.columns.iter().position(|column| column.name == name);
            let guessed = guessed.map(|key| {
                key.columns()
                    .into_iter()
                    .map(ToOwned::to_owned)
                    .collect::<Vec<_>>()
            });
            let Some(key) = guessed else { return Ok(Vec::new()) };
            let set: Vec<usize> = key.iter().filter_map(|name| position(name)).collect();
            return Ok(if self.is_unique(&set)? {
                vec![key]
            } else {
                Vec::new()
            });
        }
        let usable = |(_, column): &(usize, &jinsheng_data::ColumnMeta)| {
            column.nulls == 0 && !matches!(column.kind, ColumnKind::Decimal { .. })
        };
        let columns: Vec<usize> = self
            .meta
            .columns
            .iter()
            .enumerate()
            .filter(usable)
            .map(|(index, _)| index)
            .take(MAX_KEY_COLUMNS)
            .collect();
        let mut keys: Vec<Vec<usize>> = Vec::new();
        for size in 1..=MAX_KEY {
            for set in subsets(&columns, size) {
                let known = keys.iter().any(|key| key.iter().all(|index| set.contains(index)));
                if !known && self.could_be_unique(&set, rows) && self.is_unique(&set)? {
                    keys.push(set);
                }
            }
        }
        let name = |index: usize| self.meta.columns.get(index).map(|column| column.name.clone());
        Ok(keys
            .into_iter()
            .map(|key| key.into_iter().filter_map(name).collect())
            .collect())
    }

    /// False when the columns have too few values to tell all rows apart.
    fn could_be_unique(&self, set: &[usize], rows: u64) -> bool {
        let mut combinations: u64 = 1;
        for index in set {
            let distinct = self.meta.columns.get(*index).and_then(|column| column.distinct);
            combinations = combinations.saturating_mul(distinct.unwrap_or(u64::MAX));
        }
        // One column is unique exactly when it has as many values as there are rows.
        match set {
            [_] => combinations >= rows,
            _ => combinations >= rows && rows > 0,
        }
    }

    fn is_unique(&self, set: &[usize]) -> Result<bool, CliError> {
        let columns = set.iter().filter_map(|index| self.meta.columns.get(*index));
        let columns: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
        Ok(self.warehouse.stored(self.meta).is_unique(&columns)?)
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

/// All subsets of a size, in order.
fn subsets(items: &[usize], size: usize) -> Vec<Vec<usize>> {
    if size == 0 {
        return vec![Vec::new()];
    }
    let mut found = Vec::new();
    let mut rest = items;
    while let Some((first, after)) = rest.split_first() {
        for mut tail in subsets(after, size - 1) {
            tail.insert(0, *first);
            found.push(tail);
        }
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subsets_come_in_order() {
        assert_eq!(subsets(&[1, 2, 3], 2), [[1, 2], [1, 3], [2, 3]]);
        assert_eq!(subsets(&[1], 2), Vec::<Vec<usize>>::new());
    }
}
