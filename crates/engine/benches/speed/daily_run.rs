//! Queries against SQL by hand, in turns: each round runs the product, DataFusion and DuckDB once.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use jinsheng_core::Scope;
use jinsheng_engine::Engine;
use jinsheng_semantics::catalog::parse_catalog_files;
use jinsheng_semantics::query::parse_query;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::cases::{CASES, Case};
use crate::daily::{CATALOG, Market};
use crate::duck::Duck;
use crate::report::{Times, ratio, table};
use crate::{Outcome, by_hand, compare, ms};

/// The whole table of ten million rows.
const MARKET: Market = Market {
    companies: 4_000,
    days: 2_500,
    seed: 1,
};
/// Rounds before the clock runs.
const WARM_UP: usize = 2;

struct Timed<'c> {
    case: &'c Case,
    product: Times,
    by_hand: Times,
    duck: Times,
}

/// Runs all cases whose name contains `only`.
pub(crate) fn run(folder: &Path, runs: usize, only: &str) -> Outcome<(String, Value)> {
    let start = Instant::now();
    let warehouse = MARKET.open(folder)?;
    eprintln!("market: {:.1} s", start.elapsed().as_secs_f64());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let runtime = crate::runtime()?;
    let catalog = parse_catalog_files(&[("catalog.yaml".to_owned(), CATALOG.to_owned())])?;
    let engine = Engine::new(Arc::new(catalog), &warehouse);
    let context = runtime.block_on(by_hand::session(&warehouse))?;
    let mut duck = Duck::start(&by_hand::files(&warehouse), threads)?;
    if duck.is_none() {
        eprintln!("no Python with DuckDB: reported without it");
    }
    let mut timed = Vec::new();
    for case in CASES.iter().filter(|case| case.name.contains(only)) {
        eprintln!("{}", case.name);
        agree(case, &runtime, &engine, &context, duck.as_mut())?;
        timed.push(time(case, runs, &runtime, &engine, &context, duck.as_mut())?);
    }
    let version = duck.map_or_else(|| "none".to_owned(), |duck| duck.version.clone());
    Ok(report(&timed, threads, &version))
}

/// Fails where the three do not say the same.
fn agree(
    case: &Case,
    runtime: &Runtime,
    engine: &Engine,
    context: &datafusion::prelude::SessionContext,
    duck: Option<&mut Duck>,
) -> Outcome<()> {
    let answer = runtime.block_on(engine.run(&parse_query(case.query)?, &Scope::full()))?;
    let answer = compare::texts(&answer, case);
    if answer.is_empty() {
        return Err(format!("{}: no rows", case.name).into());
    }
    let hand = by_hand::texts(&runtime.block_on(by_hand::run(context, case.sql))?)?;
    if let Some(difference) = compare::difference(case, &answer, &hand) {
        return Err(format!("{}: {difference}", case.name).into());
    }
    if let Some(duck) = duck
        && let Some(difference) = compare::difference(case, &answer, &duck.rows(case.sql)?)
    {
        return Err(format!("{}: DuckDB: {difference}", case.name).into());
    }
    Ok(())
}

fn time<'c>(
    case: &'c Case,
    runs: usize,
    runtime: &Runtime,
    engine: &Engine,
    context: &datafusion::prelude::SessionContext,
    mut duck: Option<&mut Duck>,
) -> Outcome<Timed<'c>> {
    let mut timed = Timed {
        case,
        product: Times::default(),
        by_hand: Times::default(),
        duck: Times::default(),
    };
    for round in 0..runs + WARM_UP {
        let (mut product, mut hand) = (0.0, 0.0);
        // Who comes first finds the caches as DuckDB left them, so they take turns.
        for product_now in [round % 2 == 0, round % 2 != 0] {
            let start = Instant::now();
            if product_now {
                let query = parse_query(case.query)?;
                let answer = runtime.block_on(engine.run(&query, &Scope::full()))?;
                product = ms(start);
                drop(answer);
            } else {
                let batches = runtime.block_on(by_hand::run(context, case.sql))?;
                hand = ms(start);
                drop(batches);
            }
        }
        let duck = duck.as_mut().map(|duck| duck.time(case.sql)).transpose()?;
        if round >= WARM_UP {
            timed.product.add(product);
            timed.by_hand.add(hand);
            if let Some(duck) = duck {
                timed.duck.add(duck);
            }
        }
    }
    Ok(timed)
}

fn report(timed: &[Timed<'_>], threads: usize, version: &str) -> (String, Value) {
    let rows: Vec<Vec<String>> = timed
        .iter()
        .map(|timed| {
            let (duck, to_duck) = if timed.duck.count() == 0 {
                ("–".to_owned(), "–".to_owned())
            } else {
                (
                    timed.duck.spread(),
                    format!("{:.2}", ratio(&timed.product, &timed.duck)),
                )
            };
            vec![
                timed.case.name.to_owned(),
                timed.product.spread(),
                timed.by_hand.spread(),
                duck,
                format!("{:.2}", ratio(&timed.product, &timed.by_hand)),
                to_duck,
            ]
        })
        .collect();
    let header = [
        "question",
        "Query, ms",
        "SQL by hand, ms",
        "DuckDB, ms",
        "to SQL by hand",
        "to DuckDB",
    ];
    let cases: Vec<Value> = timed
        .iter()
        .map(|timed| {
            json!({
                "name": timed.case.name,
                "query": timed.case.query,
                "product_ms": timed.product.json(),
                "by_hand_ms": timed.by_hand.json(),
                "duckdb_ms": timed.duck.json(),
                "ratio_by_hand": ratio(&timed.product, &timed.by_hand),
                "ratio_duckdb": (timed.duck.count() > 0).then(|| ratio(&timed.product, &timed.duck)),
            })
        })
        .collect();
    let size = u64::from(MARKET.companies) * u64::from(MARKET.days);
    let text = format!(
        "{size} rows, {threads} threads, DataFusion {}, DuckDB {version}\n\n{}",
        datafusion::DATAFUSION_VERSION,
        table(&header, &rows)
    );
    let value = json!({
        "rows": size,
        "threads": threads,
        "datafusion": datafusion::DATAFUSION_VERSION,
        "duckdb": version,
        "cases": cases,
    });
    (text, value)
}
