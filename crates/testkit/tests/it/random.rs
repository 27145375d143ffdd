//! Random Queries: they print and read back, most are valid, and Scopes only take rows away.

use std::collections::BTreeMap;
use std::sync::Arc;

use jinsheng_core::Scope;
use jinsheng_semantics::query::{Query, parse_query};
use jinsheng_testkit::compare::difference;
use jinsheng_testkit::naive::{check, filtered, interpret};
use jinsheng_testkit::random::{Pool, queries, query, scopes, simpler};
use proptest::prelude::*;
use proptest::test_runner::{TestError, TestRunner};

use crate::fixture::{Fixture, bank, companies};

fn fixtures() -> Vec<(Fixture, Arc<Pool>)> {
    [companies(), bank()]
        .into_iter()
        .map(|fixture| {
            let pool = Arc::new(Pool::new(&fixture.catalog, &fixture.data).unwrap());
            (fixture, pool)
        })
        .collect()
}

#[test]
fn most_random_queries_are_valid_and_answered() {
    for (fixture, pool) in fixtures() {
        let mut refused: BTreeMap<String, u32> = BTreeMap::new();
        let (mut valid, mut with_rows) = (0, 0);
        for seed in 0..2000 {
            let query = query(&pool, seed);
            match interpret(&fixture.catalog, &fixture.data, &query, &Scope::full()) {
                Ok(result) => {
                    valid += 1;
                    with_rows += u32::from(!result.rows.is_empty());
                }
                Err(refusal) => *refused.entry(format!("{:?}", refusal.kind())).or_default() += 1,
            }
        }
        println!("{valid} valid, {with_rows} with rows, refused: {refused:?}");
        assert!(valid >= 1400, "{valid} of 2000 are valid; refused: {refused:?}");
        assert!(with_rows >= 1000, "{with_rows} of 2000 have rows");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_reads_back(query in queries(&fixtures()[0].1)) {
        round_trip(&query)?;
    }

    #[test]
    fn what_is_printed_reads_back_in_a_bank(query in queries(&fixtures()[1].1)) {
        round_trip(&query)?;
    }
}

fn round_trip(query: &Query) -> Result<(), TestCaseError> {
    let line = query.to_string();
    match parse_query(&line) {
        Ok(read) => prop_assert_eq!(&read, query, "{}", line),
        Err(error) => return Err(TestCaseError::fail(format!("{line}: {error}"))),
    }
    let json = serde_json::to_string(query).unwrap();
    prop_assert_eq!(&serde_json::from_str::<Query>(&json).unwrap(), query, "{}", json);
    Ok(())
}

#[test]
fn results_under_a_scope_are_results_on_filtered_data() {
    for (fixture, pool) in fixtures() {
        let config = ProptestConfig {
            cases: 1500,
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        let cases = (queries(&pool), scopes(&pool));
        proptest!(config, |((query, scope) in cases)| {
            let under = interpret(&fixture.catalog, &fixture.data, &query, &scope);
            let fewer = filtered(&fixture.catalog, &fixture.data, &scope).unwrap();
            let hidden = Scope::restricted("r", [], scope.hidden().map(str::to_owned));
            let beforehand = interpret(&fixture.catalog, &fewer, &query, &hidden);
            match (under, beforehand) {
                (Ok(under), Ok(beforehand)) => {
                    let differs = difference(&under, &beforehand);
                    prop_assert!(differs.is_none(), "{}\n{}", query, differs.unwrap());
                }
                (under, beforehand) => prop_assert_eq!(under, beforehand, "{}", query),
            }
        });
    }
}

#[test]
fn a_failing_query_shrinks_to_its_core() {
    let (fixture, pool) = fixtures().remove(1);
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    // Pretend that every fold over dimensions is wrong.
    let failed = TestRunner::new(config).run(&queries(&pool), |query| {
        let valid = check(&fixture.catalog, &query, &Scope::full()).is_ok();
        prop_assert!(!(valid && query.to_string().contains(" over ")), "wrong");
        Ok(())
    });
    let Err(TestError::Fail(_, smallest)) = failed else {
        panic!("no fold among the random Queries: {failed:?}");
    };
    let line = smallest.to_string();
    assert!(line.contains(" over "), "{line}");
    assert_eq!(smallest.items.len(), 1, "{line}");
    assert!(line.chars().count() < 80, "{line}");
    // Nothing simpler fails.
    let fails = |query: &Query| {
        query.to_string().contains(" over ") && check(&fixture.catalog, query, &Scope::full()).is_ok()
    };
    assert!(!simpler(&smallest).iter().any(fails), "{line}");
}

#[test]
fn the_same_seed_gives_the_same_query() {
    let (_, pool) = fixtures().remove(0);
    assert_eq!(query(&pool, 7), query(&pool, 7));
}
