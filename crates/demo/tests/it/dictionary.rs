//! The data dictionary explains every column of every table in the product's words.

use std::collections::BTreeSet;

use crate::support::Demo;

#[test]
fn every_column_is_explained_once() {
    let demo = Demo::new(5);
    let explained: Vec<(String, String)> = demo
        .rows("dictionary")
        .iter()
        .map(|row| (row.text("table").to_owned(), row.text("column").to_owned()))
        .collect();
    let mut found = Vec::new();
    for table in demo
        .summary
        .tables
        .iter()
        .filter(|table| table.table != "dictionary")
    {
        let mut reader = csv::Reader::from_path(&table.file).unwrap();
        let header = reader.headers().unwrap().clone();
        found.extend(
            header
                .iter()
                .map(|column| (table.table.to_owned(), column.to_owned())),
        );
    }
    assert_eq!(explained, found);
}

#[test]
fn units_are_known_words_and_labels_are_present() {
    let known: BTreeSet<&str> = ["", "元", "亿元", "%", "份", "点", "元/股", "元/份"].into();
    for row in Demo::new(5).rows("dictionary") {
        assert!(
            known.contains(row.text("unit")),
            "{row}: unit `{}`",
            row.text("unit")
        );
        assert!(
            !row.text("label_zh").is_empty() && !row.text("label_en").is_empty(),
            "{row}"
        );
        let name = row.text("column");
        assert!(
            name.chars()
                .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
        );
    }
}

#[test]
fn the_readme_says_in_both_languages_that_nothing_is_real() {
    let demo = Demo::new(5);
    let text = std::fs::read_to_string(demo.folder.path().join("README.md")).unwrap();
    assert!(text.contains("全部为虚构") && text.contains("all fictional"));
    let count = demo.summary.purchases_above_capacity;
    assert!(
        text.contains(&format!("{count} 笔")) && text.contains(&format!("{count} purchases")),
        "{text}"
    );
}
