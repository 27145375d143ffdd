//! What `./x bench` times is right: the answers are those of SQL by hand, and a large catalog is planned. No time is measured.

use std::sync::Arc;

use jinsheng_core::Scope;
use jinsheng_engine::Engine;
use jinsheng_semantics::catalog::parse_catalog_files;
use jinsheng_semantics::query::parse_query;

#[path = "../../benches/speed/by_hand.rs"]
mod by_hand;
#[path = "../../benches/speed/cases.rs"]
mod cases;
#[path = "../../benches/speed/compare.rs"]
mod compare;
#[path = "../../benches/speed/daily.rs"]
mod daily;
#[path = "../../benches/speed/planning.rs"]
mod planning;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[test]
fn answers_are_those_of_sql_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let market = daily::Market {
        companies: 8,
        days: 2_500,
        seed: 1,
    };
    let warehouse = market.open(folder.path()).unwrap();
    let catalog = parse_catalog_files(&[("catalog.yaml".to_owned(), daily::CATALOG.to_owned())]).unwrap();
    let engine = Engine::new(Arc::new(catalog), &warehouse);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let context = runtime.block_on(by_hand::session(&warehouse)).unwrap();
    for case in &cases::CASES {
        let query = parse_query(case.query).unwrap();
        let answer = runtime.block_on(engine.run(&query, &Scope::full())).unwrap();
        let hand = runtime.block_on(by_hand::run(&context, case.sql)).unwrap();
        let (answer, hand) = (compare::texts(&answer, case), by_hand::texts(&hand).unwrap());
        assert!(!answer.is_empty(), "{}: no rows", case.name);
        assert_eq!(compare::difference(case, &answer, &hand), None, "{}", case.name);
    }
}

#[test]
fn a_catalog_of_two_thousand_metrics_is_planned() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = planning::Shelf { metrics: 2_000 };
    let warehouse = shelf.open(folder.path()).unwrap();
    let catalog = shelf.catalog().unwrap();
    assert_eq!(catalog.file().metrics.len(), 2_000);
    let engine = Engine::new(Arc::new(catalog), &warehouse);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let queries = shelf.queries(48);
    for line in &queries {
        let query = parse_query(line).unwrap();
        runtime
            .block_on(engine.plan_only(&query, &Scope::full()))
            .unwrap_or_else(|error| panic!("{line}: {error}"));
    }
    let distinct: std::collections::BTreeSet<_> = shelf.queries(480).into_iter().collect();
    assert!(distinct.len() > 400, "{} distinct Queries", distinct.len());
}
