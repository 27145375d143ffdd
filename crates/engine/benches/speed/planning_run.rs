//! From the text of a Query to a plan ready to run, over catalogs of several sizes.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use jinsheng_core::Scope;
use jinsheng_engine::Engine;
use jinsheng_semantics::query::parse_query;
use serde_json::{Value, json};

use crate::planning::{SHAPES, Shelf};
use crate::report::{Times, table};
use crate::{Outcome, ms};

/// Metrics of the catalogs.
const SIZES: [usize; 3] = [20, 200, 2_000];
/// Different Queries over each.
const QUERIES: usize = 480;

/// Plans all Queries over every catalog, `runs` times.
pub(crate) fn run(folder: &Path, runs: usize) -> Outcome<(String, Value)> {
    let runtime = crate::runtime()?;
    let mut rows = Vec::new();
    let mut sizes = Vec::new();
    for metrics in SIZES {
        let shelf = Shelf { metrics };
        let warehouse = shelf.open(folder)?;
        let catalog = shelf.catalog()?;
        let found = catalog.file().metrics.len();
        let engine = Engine::new(Arc::new(catalog), &warehouse);
        let queries = shelf.queries(QUERIES);
        let mut times = Times::default();
        let mut slowest = (0.0, "");
        let mut shapes = vec![Times::default(); SHAPES];
        // The first round opens files.
        for round in 0..=runs {
            for (shape, line) in queries.iter().enumerate() {
                let start = Instant::now();
                let planned = parse_query(line)
                    .map_err(|error| error.to_string())
                    .and_then(|query| {
                        runtime
                            .block_on(engine.plan_only(&query, &Scope::full()))
                            .map_err(|error| error.to_string())
                    });
                let took = ms(start);
                planned.map_err(|error| format!("{line}: {error}"))?;
                if round > 0 {
                    times.add(took);
                    if let Some(times) = shapes.get_mut(shape % SHAPES) {
                        times.add(took);
                    }
                    if took > slowest.0 {
                        slowest = (took, line);
                    }
                }
            }
        }
        rows.push(vec![
            found.to_string(),
            shelf.tables().to_string(),
            times.count().to_string(),
            format!("{:.2}", times.median()),
            format!("{:.2}", times.quantile(0.95)),
            format!("{:.2}", times.quantile(1.0)),
        ]);
        sizes.push(json!({
            "metrics": found,
            "tables": shelf.tables(),
            "queries": QUERIES,
            "ms": times.json(),
            "slowest": slowest.1,
            "shapes": queries.iter().zip(&shapes).map(|(line, times)| json!({ "example": line, "ms": times.json() })).collect::<Vec<_>>(),
        }));
    }
    let header = ["metrics", "tables", "plans", "p50, ms", "p95, ms", "max, ms"];
    Ok((table(&header, &rows), Value::Array(sizes)))
}
