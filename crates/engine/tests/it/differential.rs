//! The engine agrees with a naive interpreter, written from the text of `docs/reference/query.md`, on random Queries.
//!
//! `JINSHENG_QUERIES` says how many Queries a project gets; `JINSHENG_SEED` where to begin.

use std::sync::Arc;

use jinsheng_core::Scope;
use jinsheng_engine::{Answer, Cell, ColumnKind, EngineError};
use jinsheng_semantics::query::{Query, parse_query};
use jinsheng_testkit::compare::outcome_difference;
use jinsheng_testkit::naive::{Column, NaiveRefusal, NaiveResult, ResultCell, interpret};
use jinsheng_testkit::random::{Pool, query, scope, simpler};

use crate::support::{Project, naive_data};

/// The engine's answer in the interpreter's words.
fn translated(answer: &Answer) -> NaiveResult {
    let shown: Vec<usize> = (0..answer.columns.len())
        .filter(|index| answer.columns[*index].kind != ColumnKind::Name)
        .collect();
    let columns = shown.iter().map(|index| {
        let column = &answer.columns[*index];
        match column.kind {
            ColumnKind::Dimension | ColumnKind::Name => Column::Dimension {
                name: column.name.clone(),
            },
            ColumnKind::Period => Column::Period,
            ColumnKind::Value => Column::Value {
                name: column.name.clone(),
                unit: column.unit.unwrap_or(jinsheng_core::Unit::PLAIN),
                approximate: column.approximate,
            },
        }
    });
    let rows = answer.rows.iter().map(|row| {
        let cell = |index: &usize| match &row[*index] {
            Cell::Missing => ResultCell::Missing,
            Cell::Text(text) => ResultCell::Text(text.clone()),
            Cell::Period(period) => ResultCell::Period(*period),
            Cell::Number(number) => ResultCell::Number(*number),
        };
        shown.iter().map(cell).collect()
    });
    NaiveResult {
        columns: columns.collect(),
        rows: rows.collect(),
    }
}

/// Dimensions as text, as the engine shows them.
fn as_text(mut result: NaiveResult) -> NaiveResult {
    for row in &mut result.rows {
        for (cell, column) in row.iter_mut().zip(&result.columns) {
            if matches!(column, Column::Dimension { .. }) && !matches!(cell, ResultCell::Missing) {
                *cell = ResultCell::Text(cell.to_string());
            }
        }
    }
    result
}

struct Differential {
    project: Project,
    data: jinsheng_testkit::data::NaiveData,
    pool: Arc<Pool>,
}

impl Differential {
    fn new(project: Project) -> Self {
        let data = naive_data(&project);
        let pool = Arc::new(Pool::new(project.engine.catalog(), &data).unwrap());
        Self { project, data, pool }
    }

    fn difference(&self, query: &Query, scope: &Scope) -> Option<String> {
        let naive: Result<NaiveResult, NaiveRefusal> =
            interpret(self.project.engine.catalog(), &self.data, query, scope).map(as_text);
        let engine = match self.project.run_query(query, scope) {
            Ok(answer) => Ok(translated(&answer)),
            // Names that the scope hides are refused by the engine and empty for the interpreter, which knows keys only.
            Err(EngineError::Bind(jinsheng_semantics::bind::BindError::Subject { .. })) => return None,
            Err(EngineError::Failed { detail }) => return Some(format!("the engine failed: {detail}\n")),
            Err(error) => Err(error.to_string()),
        };
        outcome_difference(&naive, &engine)
    }

    /// Runs many; reports the first few that differ, each made as simple as it can be.
    fn run(&self, name: &str, default_count: u64, scoped: bool) {
        let number = |key: &str, default: u64| {
            std::env::var(key)
                .ok()
                .and_then(|text| text.parse().ok())
                .unwrap_or(default)
        };
        let (count, start) = (
            number("JINSHENG_QUERIES", default_count),
            number("JINSHENG_SEED", 1),
        );
        let mut reports = Vec::new();
        let (mut answered, mut rows) = (0_u64, 0_usize);
        for seed in start..start + count {
            let query = query(&self.pool, seed);
            let scope = if scoped {
                scope(&self.pool, seed)
            } else {
                Scope::full()
            };
            assert_eq!(parse_query(&query.to_string()).as_ref(), Ok(&query), "{query}");
            if let Ok(answer) = self.project.run_query(&query, &scope) {
                answered += 1;
                rows += answer.rows.len();
            }
            if self.difference(&query, &scope).is_some() {
                let small = self.smallest(query, &scope);
                let text = self.difference(&small, &scope).unwrap_or_default();
                reports.push(format!("seed {seed}: {small}\n  scope {scope:?}\n{text}"));
                if reports.len() >= 8 {
                    break;
                }
            }
        }
        eprintln!("{name}: {answered} of {count} queries answered, {rows} rows compared (scoped: {scoped})");
        assert!(
            reports.is_empty(),
            "{} differ:\n{}",
            reports.len(),
            reports.join("\n")
        );
    }

    fn smallest(&self, query: Query, scope: &Scope) -> Query {
        let mut best = query;
        for _ in 0..200 {
            match simpler(&best)
                .into_iter()
                .find(|candidate| self.difference(candidate, scope).is_some())
            {
                Some(next) => best = next,
                None => break,
            }
        }
        best
    }
}

#[test]
fn small_project() {
    let differential = Differential::new(crate::answers::project());
    differential.run("small project", 400, false);
    differential.run("small project", 200, true);
}
