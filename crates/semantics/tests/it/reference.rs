//! `docs/reference/catalog.md` agrees with the loader: its examples load, and each key that the loader knows stands there.

use std::collections::BTreeSet;

use jinsheng_core::Lang;
use jinsheng_semantics::catalog::parse_catalog_files;
use jinsheng_semantics::infer::{parse_dictionary_rows, parse_markdown_tables};

fn page() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/catalog.md");
    std::fs::read_to_string(path).unwrap()
}

/// The fenced blocks of a language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let parts = page.split("```").skip(1).step_by(2);
    let own = parts.filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n'));
    own.map(str::to_owned).collect()
}

/// Words in backticks that stand in the rows of tables.
fn words(page: &str) -> BTreeSet<String> {
    let rows = page.lines().filter(|line| line.starts_with('|'));
    rows.flat_map(|line| {
        line.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    })
    .collect()
}

/// What the loader says to a file with a key that nobody knows: the keys that it does know there.
fn known_keys(yaml: &str) -> BTreeSet<String> {
    let error = parse_catalog_files(&[("x.yaml".to_owned(), yaml.to_owned())]).unwrap_err();
    let text = error.problems.first().unwrap().text(Lang::En);
    let list = text
        .split_once("expected one of ")
        .or_else(|| text.split_once("expected "))
        .unwrap_or_else(|| panic!("{yaml}\n{text}"))
        .1;
    let list = list.lines().next().unwrap();
    let keys: BTreeSet<String> = list
        .split([',', ' ', '`'])
        .filter(|word| !word.is_empty() && *word != "or")
        .map(str::to_owned)
        .collect();
    assert!(
        text.contains("unknown field") && !keys.is_empty(),
        "{yaml}\n{text}"
    );
    keys
}

#[test]
fn every_key_that_the_loader_knows_is_documented() {
    let documented = words(&page());
    let mut checked = 0;
    for (place, head) in [
        ("a file", ""),
        ("an entity", "entities:\n  e:\n    "),
        (
            "a place of names",
            "entities:\n  e:\n    label: {zh: e}\n    names:\n    - ",
        ),
        ("a text", "entities:\n  e:\n    label:\n      "),
        ("a table", "tables:\n  t:\n    "),
        (
            "a dimension",
            "tables:\n  t:\n    source: t\n    dimensions:\n      d:\n        ",
        ),
        (
            "a measure",
            "tables:\n  t:\n    source: t\n    measures:\n      m:\n        ",
        ),
        ("a metric", "metrics:\n  m:\n    "),
        (
            "a growth rate",
            "metrics:\n  m:\n    label: {zh: m}\n    growth_of:\n      ",
        ),
        ("a group", "groups:\n  g:\n    "),
    ] {
        let keys = known_keys(&format!("version: 1\n{head}no_such_key: 1\n"));
        for key in keys {
            let is_text = place == "a text" && (key == "zh" || key == "en");
            assert!(
                is_text || documented.contains(&key),
                "catalog.md does not document `{key}` of {place}"
            );
            checked += 1;
        }
    }
    assert!(checked > 40, "{checked}");
}

/// Each choice of words that the loader knows for a key.
#[test]
fn every_choice_is_documented() {
    let page = page();
    let documented = words(&page);
    for head in [
        "tables: {t: {source: t, period: {kind: no_such_word}}}",
        "tables: {t: {source: t, period: {kind: date, column: c, grain: no_such_word}}}",
        "tables: {t: {source: t, measures: {m: {column: c, time: no_such_word}}}}",
        "tables: {t: {source: t, measures: {m: {column: c, time: flow, agg: no_such_word}}}}",
        "metrics: {m: {label: {zh: m}, form: no_such_word}}",
        "metrics: {m: {label: {zh: m}, growth_of: {metric: n, change: no_such_word}}}",
    ] {
        let yaml = format!("version: 1\n{head}\n");
        let error = parse_catalog_files(&[("x.yaml".to_owned(), yaml)]).unwrap_err();
        let text = error.problems[0].text(Lang::En);
        let list = text
            .split_once("expected ")
            .unwrap_or_else(|| panic!("{head}\n{text}"))
            .1;
        let list = list.lines().next().unwrap().trim_start_matches("one of ");
        let choices: Vec<&str> = list
            .split([',', ' ', '`'])
            .filter(|word| !word.is_empty() && *word != "or")
            .collect();
        assert!(choices.len() > 1, "{head}\n{text}");
        for choice in choices {
            assert!(
                documented.contains(choice),
                "catalog.md does not document `{choice}`: {text}"
            );
        }
    }
}

#[test]
fn its_examples_load() {
    let page = page();
    let files = blocks(&page, "yaml");
    assert_eq!(files.len(), 1);
    let catalog = parse_catalog_files(&[("example.yaml".to_owned(), files[0].clone())])
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(catalog.file().metrics.len(), 5);
    assert!(catalog.formula("net_margin").is_some());

    let csv: Vec<Vec<String>> = blocks(&page, "csv")[0]
        .lines()
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect();
    let one = parse_dictionary_rows(&[("dictionary".to_owned(), csv)]);
    let sheets = parse_dictionary_rows(&parse_markdown_tables(&blocks(&page, "markdown")[0]));
    for (entries, from) in [(&one, "csv"), (&sheets, "markdown")] {
        let columns: Vec<_> = entries.iter().filter(|entry| !entry.column.is_empty()).collect();
        assert_eq!(columns.len(), 2, "{from}: {entries:?}");
        assert!(
            columns
                .iter()
                .all(|entry| entry.table.as_deref() == Some("income_statement")),
            "{from}: {entries:?}"
        );
        assert_eq!(columns[0].unit, "万元", "{from}");
        assert_eq!(columns[0].description, "主营与其他业务收入", "{from}");
    }
    let list = sheets.iter().find(|entry| entry.column.is_empty()).unwrap();
    assert_eq!(list.label_zh, "利润表");
}

/// Every header that the page lists is understood, alone beside a column.
#[test]
fn every_header_of_a_dictionary_is_understood() {
    let page = page();
    let table = page.split_once("| means | headers |").unwrap().1;
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let mut checked = 0;
    for row in rows {
        let (means, headers) = row.trim_matches('|').split_once('|').unwrap();
        for header in headers.split(',').map(|word| word.trim().trim_matches('`')) {
            // 英文字段(名) and comment(s) are two headers each.
            let short = header.split('(').next().unwrap().to_owned();
            for header in [short, header.replace(['(', ')'], "")] {
                // Beside two others that are sure, the header gives what it means.
                let other = ["column", "unit", "type"].map(str::to_owned);
                let value = if means.trim() == "unit" { "元" } else { "值" };
                let mut head = vec![header.clone()];
                let mut cells = vec![value.to_owned()];
                for word in other.iter().filter(|word| *word != means.trim()) {
                    head.push(word.clone());
                    cells.push("x".to_owned());
                }
                let entries = parse_dictionary_rows(&[("s".to_owned(), vec![head, cells])]);
                let entry = entries
                    .first()
                    .unwrap_or_else(|| panic!("{header}: nothing was read"));
                let found = match means.trim() {
                    "table" => entry.table.as_deref().unwrap_or_default(),
                    "column" => &entry.column,
                    "Chinese name" => &entry.label_zh,
                    "English name" => &entry.label_en,
                    "unit" => &entry.unit,
                    "type" => &entry.data_type,
                    "description" => &entry.description,
                    other => panic!("{other}"),
                };
                assert_eq!(found, value, "{header} as {means}");
                checked += 1;
            }
        }
    }
    assert!(checked > 80, "{checked}");
}
