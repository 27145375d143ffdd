//! Rows that are alike in every column: what they count as, and that an answer over them says so.

use jinsheng_core::Scope;
use jinsheng_semantics::query::parse_query;
use jinsheng_testkit::load;
use jinsheng_testkit::naive::interpret;

use crate::support::{Project, parse_catalog};

const CATALOG: &str = r#"
version: 1
entities:
  client: {label: {zh: 客户, en: client}}
tables:
  deals:
    source: deals
    unique: UNIQUE
    entities: {client: client}
    period: {kind: date, column: day, grain: day}
    dimensions: {kind: {column: kind}}
    measures:
      amount: {column: amount, unit: 元, time: flow}
      deals: {agg: count, time: flow}
metrics:
  amount: {label: {zh: 金额, en: amount}, measure: deals.amount}
  deals: {label: {zh: 笔数, en: deals}, measure: deals.deals}
"#;

/// Two pairs of rows alike, one of them twice, and one that differs in its amount alone.
pub(crate) const DEALS: &str = "client,day,kind,amount\n\
    C1,2024-06-03,buy,100\nC1,2024-06-03,buy,100\nC1,2024-06-03,buy,100\n\
    C2,2024-06-03,sell,50\nC2,2024-06-03,sell,50\nC2,2024-06-04,sell,7\n";

pub(crate) fn catalog(unique: &str) -> String {
    CATALOG.replace("UNIQUE", unique)
}

fn notes(project: &Project, line: &str) -> Vec<(String, String)> {
    let answer = project
        .run(line, &Scope::full())
        .unwrap_or_else(|error| panic!("{line}: {error}"));
    let repeated = answer
        .notes
        .into_iter()
        .filter(|note| note.code == "repeated_rows");
    repeated.map(|note| note.text).collect()
}

#[test]
fn rows_that_are_alike_count_as_the_catalog_says_and_answers_say_so() {
    let line = "amount, deals by client at 2024-06";
    for (rule, shown, note) in [
        (
            "false",
            "client | period | amount[元] | deals[个]\nC1 | 2024-06 | 300 | 3\nC2 | 2024-06 | 107 | 3\n",
            Some(
                "表 `deals` 有各列完全相同的行，每行都算；若是重复导入，数值偏大：在目录中该表写 `repeated_rows: once`，确属不同业务则写 `each`",
            ),
        ),
        (
            "false\n    repeated_rows: each",
            "client | period | amount[元] | deals[个]\nC1 | 2024-06 | 300 | 3\nC2 | 2024-06 | 107 | 3\n",
            None,
        ),
        (
            "false\n    repeated_rows: once",
            "client | period | amount[元] | deals[个]\nC1 | 2024-06 | 100 | 1\nC2 | 2024-06 | 57 | 2\n",
            Some("表 `deals` 有各列完全相同的行，只算一次"),
        ),
        (
            "true",
            "client | period | amount[元] | deals[个]\nC1 | 2024-06 | 100 | 1\nC2 | 2024-06 | 57 | 2\n",
            Some("表 `deals` 有 client, day 相同的行：值相同的只算一次，不同的视为缺失"),
        ),
    ] {
        let text = catalog(rule);
        let project = Project::new(&[("deals", DEALS)], &text);
        let found = project.show(line);
        let rows: String = found
            .lines()
            .filter(|line| !line.starts_with("note"))
            .map(|line| format!("{line}\n"))
            .collect();
        assert_eq!(rows, shown, "{rule}");
        let found = notes(&project, line);
        let found: Vec<&str> = found.iter().map(|(zh, _)| zh.as_str()).collect();
        assert_eq!(found, note.into_iter().collect::<Vec<_>>(), "{rule}");
        // The interpreter that knows the reference alone agrees.
        let naive = interpret(
            &parse_catalog(&text),
            &load::rows(&project.warehouse).unwrap(),
            &parse_query(line).unwrap(),
            &Scope::full(),
        )
        .unwrap();
        let values = |text: &str| -> Vec<Vec<String>> {
            let rows = text.lines().skip(1);
            rows.map(|row| row.split('|').map(|cell| cell.trim().to_owned()).collect())
                .collect()
        };
        assert_eq!(values(&naive.to_string()), values(&rows), "{rule}");
    }
}

#[test]
fn nothing_is_said_where_no_row_repeats_or_nothing_is_shown() {
    let single = "client,day,kind,amount\nC1,2024-06-03,buy,100\nC1,2024-06-03,buy,101\n";
    let project = Project::new(&[("deals", single)], &catalog("false"));
    assert_eq!(notes(&project, "amount at 2024-06"), []);
    let project = Project::new(&[("deals", DEALS)], &catalog("false"));
    assert_eq!(notes(&project, "amount at 2023-06"), []);
}
