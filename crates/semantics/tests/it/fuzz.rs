//! The fuzz targets of this crate over their corpora and mutations of them, and inputs that once took too long.

use std::fmt::Write as _;

use jinsheng_semantics::bind::{BindError, BoundQuery, KeysOnly, bind};
use jinsheng_semantics::catalog::{Catalog, CatalogError, parse_catalog_files};
use jinsheng_semantics::query::{Query, SyntaxError, parse_condition, parse_query};
use jinsheng_testkit::fuzz;

#[test]
fn what_parses_prints_as_itself_whatever_it_is() {
    assert!(fuzz::run("query", 20_000, fuzz::query).unwrap() > 20_000);
}

#[test]
fn any_query_is_bound_or_refused() {
    assert!(fuzz::run("bind", 10_000, fuzz::bind).unwrap() > 10_000);
}

#[test]
fn any_text_is_a_catalog_or_a_list_of_problems() {
    assert!(fuzz::run("catalog", 3000, fuzz::catalog).unwrap() > 3000);
}

#[test]
fn any_text_is_a_header_a_unit_or_a_period() {
    assert!(fuzz::run("text", 10_000, fuzz::text).unwrap() > 10_000);
}

#[test]
fn any_text_is_a_conversation() {
    assert!(fuzz::run("ask", 2_000, fuzz::ask).unwrap() > 2_000);
}

#[track_caller]
fn too_large(line: &str) {
    let read = parse_query(line);
    assert!(
        matches!(read, Err(SyntaxError::TooLarge { .. })),
        "{:?}",
        read.map(|query| query.to_string().len())
    );
}

#[test]
fn a_long_chain_of_signs_is_too_deep() {
    too_large(&vec!["a"; 9000].join("+"));
    too_large(&vec!["a"; 9000].join("*"));
    too_large(&format!("{}a", "-".repeat(9000)));
    too_large(&format!("a having {}a > 1", "not ".repeat(4000)));
    let sum = vec!["a"; 48].join("+");
    fuzz::query(sum.as_bytes());
    assert!(parse_query(&sum).is_ok());
}

#[test]
fn between_within_between_does_not_double_without_end() {
    let mut line = "a".to_owned();
    for _ in 0..20 {
        line = format!("streak({line} between 1 and 2)");
    }
    too_large(&line);
}

#[test]
fn a_line_whose_printed_form_is_too_long_is_too_long() {
    // 10,000 characters as written, three times that with the spaces of the printed form.
    let items = vec!["a+b+c"; 1600].join(",");
    assert!(items.len() < 10_000);
    too_large(&vec!["a+b"; 4000].join(","));
    fuzz::query(items.as_bytes());
}

#[test]
fn deep_negations_print_as_a_line_that_can_be_read() {
    for depth in [20, 30, 40, 46] {
        fuzz::query(format!("{}a", "-".repeat(depth)).as_bytes());
        let not = format!("{} a > 1", "not ".repeat(depth));
        let read = parse_condition(&not);
        if let Ok(condition) = &read {
            assert_eq!(parse_condition(&condition.to_string()), read);
        }
    }
}

#[test]
fn brackets_are_read_once() {
    // Which of both a bracket opens, a condition or a value, was once tried out at each of them.
    let open = "(streak(".repeat(24);
    let chain = vec!["a"; 40].join("+");
    let line = format!("b having {open}{chain}");
    assert!(parse_query(&line).is_err());
    let condition =
        "((a + b) * (c) > ((1)) and ((a) is missing or not ((b > 1)))) and (a + 1) between (2) and 3";
    let read = parse_condition(condition).unwrap();
    assert_eq!(
        read.to_string(),
        "((a + b) * c > 1 and (a is missing or not (b > 1))) and (a + 1 >= 2 and a + 1 <= 3)"
    );
}

fn catalog_of(text: &str) -> Result<Catalog, CatalogError> {
    parse_catalog_files(&[("c.yaml".to_owned(), text.to_owned())])
}

const TABLE: &str = "version: 1
tables:
  t: { source: s, period: { kind: date, column: d, grain: month }, measures: { m: { column: m, unit: 元, time: flow } } }
metrics:
  m0: { label: { zh: m }, measure: t.m }
";

fn bound(catalog: &Catalog, line: &str) -> Result<BoundQuery, BindError> {
    let query: Query = parse_query(line).unwrap();
    bind(&query, catalog, &KeysOnly)
}

#[test]
fn growth_of_growth_does_not_triple_without_end() {
    let catalog = catalog_of(TABLE).unwrap();
    for function in ["yoy", "qoq", "share", "yoy_diff"] {
        let line = format!(
            "{}m0{} last 3 months",
            format!("{function}(").repeat(20),
            ")".repeat(20)
        );
        assert_eq!(bound(&catalog, &line), Err(BindError::TooLarge), "{function}");
    }
    assert!(bound(&catalog, "yoy(yoy(yoy(m0))) last 3 months").is_ok());
}

#[test]
fn aliases_and_leaves_are_counted_too() {
    let catalog = catalog_of(TABLE).unwrap();
    let sum = vec!["m0"; 40].join("+");
    let having = vec!["x > 0"; 1500].join(" and ");
    assert_eq!(
        bound(&catalog, &format!("{sum} as x last 3 months having {having}")),
        Err(BindError::TooLarge)
    );
}

#[test]
fn formulas_that_double_do_not_grow_without_end() {
    let mut text = TABLE.to_owned();
    for at in 1..24 {
        let before = at - 1;
        writeln!(
            text,
            "  m{at}: {{ label: {{ zh: m }}, formula: m{before} + m{before} }}"
        )
        .unwrap();
    }
    let problems = catalog_of(&text).unwrap_err().problems;
    assert!(problems.len() > 5, "{problems:?}");
    assert!(
        problems
            .iter()
            .all(|problem| problem.message.1.contains("too large")),
        "{problems:?}"
    );
}

#[test]
fn formulas_that_check_columns_and_refer_to_themselves_are_refused() {
    let text = format!(
        "{TABLE}  a: {{ label: {{ zh: a }}, measure: t.m, formula: b@formula + b@formula }}\n  \
         b: {{ label: {{ zh: b }}, measure: t.m, formula: a@formula + a@formula }}\n"
    );
    assert_eq!(catalog_of(&text).unwrap_err().problems.len(), 2);
}

#[test]
fn long_chains_of_formulas_are_too_deep_and_soon_known_to_be() {
    let mut text = TABLE.to_owned();
    for at in 1..3000 {
        writeln!(text, "  m{at}: {{ label: {{ zh: m }}, formula: m{} }}", at - 1).unwrap();
    }
    let problems = catalog_of(&text).unwrap_err().problems;
    assert_eq!(problems.len(), 3000 - 1 - 24);
    // And a circle of as many.
    text = text.replacen("measure: t.m", "formula: m2999", 1);
    assert!(catalog_of(&text).unwrap_err().problems.len() >= 3000);
}
