//! Numbers in Queries: read whole or refused, never rounded to something else.

use jinsheng_core::{Fault as _, Lang};
use jinsheng_semantics::bind::{NameMiss, Names, bind};
use jinsheng_semantics::catalog::parse_catalog_files;
use jinsheng_semantics::query::{Query, parse_expr, parse_query};

#[test]
fn a_number_of_too_many_decimals_is_refused_and_never_becomes_zero() {
    let tiny = |zeros: usize| format!("0.{}1", "0".repeat(zeros));
    for zeros in [20, 27, 28, 29, 500] {
        let line = format!("revenue having revenue > {}元", tiny(zeros));
        let error = parse_query(&line).unwrap_err();
        assert_eq!(error.at(), 25);
        assert_eq!(
            error.message(Lang::En),
            "column 26: the number has too many decimals (at most 20)"
        );
        assert_eq!(
            error.message(Lang::Zh),
            "第 26 个字符：数字的小数位过多（至多 20 位）"
        );
        assert!(parse_expr(&tiny(zeros)).is_err());
    }
    // Zeros at the end are no decimals.
    for text in [tiny(19), "1.50000000000000000000000000000000".to_owned()] {
        parse_expr(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
}

#[test]
fn the_json_form_is_no_way_around() {
    let query = parse_query("revenue + 0.5元").unwrap();
    let json = serde_json::to_string(&query).unwrap();
    let with =
        |number: &str| serde_json::from_str::<Query>(&json.replace("\"0.5\"", &format!("\"{number}\"")));
    assert_eq!(with("0.5").unwrap(), query);
    assert!(with(&format!("0.{}1", "0".repeat(30))).is_err());
    assert!(with("0.12345678901234567890123456789").is_err());
}

/// Knows no member of anything.
struct Nobody;

impl Names for Nobody {
    fn key(&self, _entity: &str, _text: &str) -> Result<String, NameMiss> {
        Err(NameMiss::None(Vec::new()))
    }
}

#[test]
fn a_query_of_numbers_alone_is_refused_by_whatever_name_it_calls_them() {
    let catalog = "version: 1\ntables: {t: {source: t, measures: {m: {column: m, unit: 元, time: static}}}}\nmetrics: {m: {label: {zh: 数, en: m}, measure: t.m}}";
    let catalog = parse_catalog_files(&[("c.yaml".to_owned(), catalog.to_owned())]).unwrap();
    for line in [
        "50",
        "50 as x",
        "50 as x top 1 by x",
        "1 + 1 as x order by x desc",
        "2 as x having x > 1",
    ] {
        let error = bind(&parse_query(line).unwrap(), &catalog, &Nobody).unwrap_err();
        assert_eq!(
            error.message(Lang::En),
            "`items`: the Query names no metric",
            "{line}"
        );
    }
    bind(&parse_query("m, 50 as x").unwrap(), &catalog, &Nobody).unwrap();
}
