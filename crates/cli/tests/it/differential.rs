//! The engine agrees with a naive interpreter, written from the text of `docs/reference/query.md`, on random Queries
//! over projects as users make them: a small one, the demo, and the statements of seventy companies.
//!
//! `JINSHENG_QUERIES` says how many Queries each project gets, half of them under random Scopes; `JINSHENG_SEED` where
//! to begin. `./x differential` runs many.

use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use jinsheng_core::Scope;
use jinsheng_data::Warehouse;
use jinsheng_engine::{Answer, Cell, ColumnKind, Engine, EngineError};
use jinsheng_semantics::bind::BindError;
use jinsheng_semantics::catalog::{Catalog, parse_catalog_files};
use jinsheng_semantics::query::{Query, parse_query};
use jinsheng_testkit::compare::outcome_difference;
use jinsheng_testkit::data::NaiveData;
use jinsheng_testkit::load;
use jinsheng_testkit::naive::{self, Column, NaiveRefusal, NaiveResult, Prepared, ResultCell};
use jinsheng_testkit::random::{Pool, query, scope, simpler};

use jinsheng_testkit::shared::shared;

use crate::support::Place;

/// Queries that share one random Scope, so that rows are filtered once for all of them.
const A_SCOPE: u64 = 10;
/// Differences reported before the run gives up.
const REPORTED: usize = 8;

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

/// A project as both sides see it.
struct Differential {
    name: &'static str,
    catalog: Arc<Catalog>,
    engine: Engine,
    data: NaiveData,
    pool: Arc<Pool>,
}

/// What one worker has at hand: the interpreter's rows are not shared between threads.
struct Worker<'d> {
    of: &'d Differential,
    runtime: tokio::runtime::Runtime,
    scope: Scope,
    rows: Result<Prepared<'d>, NaiveRefusal>,
}

#[derive(Default)]
struct Counts {
    answered: AtomicU64,
    refused: AtomicU64,
    /// Naming a subject that the Scope hides.
    hidden: AtomicU64,
    /// Refused because a value on the way to the result is too large; the interpreter looks at results only.
    too_large: AtomicU64,
    rows: AtomicUsize,
}

impl Differential {
    /// The project at a folder, with its catalog.
    fn new(name: &'static str, project: &Path) -> Self {
        let warehouse = Warehouse::open(&project.join(".jinsheng")).unwrap();
        let mut files = Vec::new();
        for entry in std::fs::read_dir(project.join("catalog")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "yaml") {
                files.push((
                    path.display().to_string(),
                    std::fs::read_to_string(&path).unwrap(),
                ));
            }
        }
        let catalog = Arc::new(parse_catalog_files(&files).unwrap_or_else(|error| panic!("{error}")));
        let data = load::rows(&warehouse).unwrap();
        let pool = Arc::new(Pool::new(&catalog, &data).unwrap());
        Self {
            name,
            engine: Engine::new(Arc::clone(&catalog), &warehouse),
            catalog,
            data,
            pool,
        }
    }

    fn worker(&self, scope: Scope) -> Worker<'_> {
        Worker {
            of: self,
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
            rows: Prepared::new(&self.catalog, &self.data).and_then(|rows| rows.under(&scope)),
            scope,
        }
    }

    /// Runs many; reports the first few that differ, each made as simple as it can be.
    fn run(&self, default_count: u64) {
        let number = |key: &str, default: u64| {
            let text = std::env::var(key).ok();
            text.and_then(|text| text.parse().ok()).unwrap_or(default)
        };
        let count = number("JINSHENG_QUERIES", default_count);
        let start = number("JINSHENG_SEED", 1);
        let (counts, next, reports) = (Counts::default(), AtomicU64::new(0), Mutex::new(Vec::new()));
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|threads_scope| {
            for _ in 0..threads {
                threads_scope.spawn(|| {
                    // The first half under the full Scope, then random Scopes, a few Queries each.
                    let mut worker = self.worker(Scope::full());
                    loop {
                        let from = next.fetch_add(A_SCOPE, Ordering::Relaxed);
                        if from >= count || reports.lock().unwrap().len() >= REPORTED {
                            break;
                        }
                        if from >= count / 2 {
                            worker = self.worker(scope(&self.pool, start + from));
                        }
                        for seed in start + from..start + (from + A_SCOPE).min(count) {
                            if let Some(report) = worker.check(seed, &counts) {
                                reports.lock().unwrap().push(report);
                            }
                        }
                    }
                });
            }
        });
        let reports = reports.into_inner().unwrap();
        eprintln!(
            "{}: {count} queries, {} answered, {} refused, {} name a hidden subject, {} too large; {} rows compared, {} differ",
            self.name,
            counts.answered.load(Ordering::Relaxed),
            counts.refused.load(Ordering::Relaxed),
            counts.hidden.load(Ordering::Relaxed),
            counts.too_large.load(Ordering::Relaxed),
            counts.rows.load(Ordering::Relaxed),
            reports.len(),
        );
        assert!(
            reports.is_empty(),
            "{} differ:\n{}",
            reports.len(),
            reports.join("\n")
        );
    }
}

impl Worker<'_> {
    fn engine(&self, query: &Query) -> Result<Answer, EngineError> {
        self.runtime.block_on(self.of.engine.run(query, &self.scope))
    }

    fn naive(&self, query: &Query) -> Result<NaiveResult, NaiveRefusal> {
        naive::check(&self.of.catalog, query, &self.scope)?;
        match &self.rows {
            Ok(rows) => naive::answer(rows, query).map(as_text),
            Err(refusal) => Err(refusal.clone()),
        }
    }

    fn difference(&self, query: &Query, counts: &Counts) -> Option<String> {
        let engine = match self.engine(query) {
            Ok(answer) => {
                counts.answered.fetch_add(1, Ordering::Relaxed);
                counts.rows.fetch_add(answer.rows.len(), Ordering::Relaxed);
                Ok(translated(&answer))
            }
            // Names that the scope hides are refused by the engine and empty for the interpreter, which knows keys only.
            Err(EngineError::Bind(BindError::Subject { .. })) => {
                counts.hidden.fetch_add(1, Ordering::Relaxed);
                return None;
            }
            Err(EngineError::Overflow) => {
                counts.too_large.fetch_add(1, Ordering::Relaxed);
                return None;
            }
            Err(EngineError::Failed { detail }) => return Some(format!("the engine failed: {detail}\n")),
            Err(error) => {
                counts.refused.fetch_add(1, Ordering::Relaxed);
                Err(error.to_string())
            }
        };
        outcome_difference(&self.naive(query), &engine)
    }

    fn check(&self, seed: u64, counts: &Counts) -> Option<String> {
        let query = query(&self.of.pool, seed);
        assert_eq!(parse_query(&query.to_string()).as_ref(), Ok(&query), "{query}");
        self.difference(&query, counts)?;
        let small = self.smallest(query);
        let text = self.difference(&small, &Counts::default()).unwrap_or_default();
        Some(format!("seed {seed}: {small}\n  scope {:?}\n{text}", self.scope))
    }

    fn smallest(&self, query: Query) -> Query {
        let mut best = query;
        for _ in 0..200 {
            let simpler = simpler(&best);
            match simpler
                .into_iter()
                .find(|candidate| self.difference(candidate, &Counts::default()).is_some())
            {
                Some(next) => best = next,
                None => break,
            }
        }
        best
    }
}

#[test]
fn a_small_project() {
    let place = Place::reports();
    Differential::new("small project", &place.path("")).run(600);
}

#[test]
fn the_demo_project() {
    let place = Place::new();
    place.ok("en", &["init", "demo", "--demo"]);
    Differential::new("demo project", &place.path("demo")).run(60);
}

#[test]
fn statements_of_listed_companies() {
    let Some(folder) = shared("statements_tcm") else {
        return;
    };
    let place = Place::project();
    let path = |name: &str| folder.join(name).display().to_string();
    place.ok("en", &["data", "add", &path("financials_yikwa.db")]);
    let dictionary = path("schema_dictionary.xlsx");
    place.ok("en", &["catalog", "infer", "--dictionary", &dictionary]);
    Differential::new("statements", &place.path("")).run(300);
}
