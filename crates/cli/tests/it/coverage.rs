//! A value that rests on incomplete data says so, in the notes and in its evidence.

use expect_test::{Expect, expect};
use serde_json::Value;

use crate::support::Place;

/// The notes of a Query in both languages, those on conventions left out.
fn notes(place: &Place, line: &str) -> String {
    let of = |lang: &str| {
        let document = place.json(lang, &["query", line]);
        let notes = document["notes"].as_array().cloned().unwrap_or_default();
        let told = notes.iter().filter(|note| {
            ["partial", "sample_differs", "picked"].contains(&note["code"].as_str().unwrap_or_default())
        });
        told.map(|note| format!("{}: {}\n", text(&note["code"]), text(&note["text"])))
            .collect::<String>()
    };
    format!("{}{}", of("zh"), of("en"))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[track_caller]
fn check(place: &Place, line: &str, expected: Expect) {
    expected.assert_eq(&notes(place, line));
}

#[test]
fn sums_over_part_of_the_rows() {
    let place = Place::reports();
    check(
        &place,
        "profit at 2024Q2",
        expect![[r#"
        partial: `profit` 有 1 个值由不完整的数据得出；如 2024Q2：2 个数据中缺 1 个，未计入
        partial: 1 value(s) of `profit` rest on incomplete data; for 2024Q2, 1 of 2 are missing and left out
    "#]],
    );
    check(&place, "profit by company.industry at 2024Q2", expect![[r#""#]]);
    check(&place, "profit by company at 2024Q2", expect![[r#""#]]);
    check(&place, "revenue at 2024Q2", expect![[r#""#]]);
    check(
        &place,
        "revenue:single by company.industry at 2024Q4",
        expect![[r#"
        partial: `revenue:single` 有 1 个值由不完整的数据得出；如 银行 2024Q4：2 个数据中缺 1 个，未计入
        partial: 1 value(s) of `revenue:single` rest on incomplete data; for 银行 2024Q4, 1 of 2 are missing and left out
    "#]],
    );
    check(
        &place,
        "mean(profit over company) at 2024Q2",
        expect![[r#"
        partial: `mean(profit over company)` 有 1 个值由不完整的数据得出；如 2024Q2：2 个数据中缺 1 个，未计入
        partial: 1 value(s) of `mean(profit over company)` rest on incomplete data; for 2024Q2, 1 of 2 are missing and left out
    "#]],
    );
    check(
        &place,
        "profit, peers_mean(profit) by company at 2024Q2",
        expect![[r#"
        partial: `peers_mean(profit)` 有 2 个值由不完整的数据得出；如 2024Q2：2 个数据中缺 1 个，未计入
        partial: 2 value(s) of `peers_mean(profit)` rest on incomplete data; for 2024Q2, 1 of 2 are missing and left out
    "#]],
    );
    check(
        &place,
        "margin - peers_mean(margin) as gap by company at 2024Q2",
        expect![[r#"
        partial: `gap` 有 2 个值由不完整的数据得出；如 2024Q2：2 个数据中缺 1 个，未计入
        partial: 2 value(s) of `gap` rest on incomplete data; for 2024Q2, 1 of 2 are missing and left out
    "#]],
    );
}

#[test]
fn changes_between_different_samples() {
    let place = Place::reports();
    check(
        &place,
        "yoy(revenue) at 2024",
        expect![[r#"
            sample_differs: `yoy(revenue)` 各期的样本不同：2024 有 3 个数据，2023 有 2 个，变动中含样本变化
            sample_differs: `yoy(revenue)` rests on different samples: 3 values at 2024, 2 at 2023; part of any change is that
        "#]],
    );
    check(&place, "yoy(revenue) by company at 2024", expect![[r#""#]]);
    check(
        &place,
        "cagr(revenue, 1) by company.industry at 2024",
        expect![[r#"
            sample_differs: `cagr(revenue, 1)` 各期的样本不同（如 银行）：2024 有 2 个数据，2023 有 1 个，变动中含样本变化
            sample_differs: `cagr(revenue, 1)` rests on different samples (for 银行): 2 values at 2024, 1 at 2023; part of any change is that
        "#]],
    );
    check(&place, "amount at 2025-02", expect![[r#""#]]);
    check(
        &place,
        "yoy(sum(revenue over company)) at 2024",
        expect![[r#"
        sample_differs: `yoy(sum(revenue over company))` 各期的样本不同：2024 有 3 个数据，2023 有 2 个，变动中含样本变化
        sample_differs: `yoy(sum(revenue over company))` rests on different samples: 3 values at 2024, 2 at 2023; part of any change is that
    "#]],
    );
    check(
        &place,
        "revenue, margin from 2023 to 2024",
        expect![[r#"
        sample_differs: `revenue` 各期的样本不同：2024 有 3 个数据，2023 有 2 个，变动中含样本变化
        sample_differs: `revenue` rests on different samples: 3 values at 2024, 2 at 2023; part of any change is that
    "#]],
    );
    check(&place, "revenue by company from 2023 to 2024", expect![[r#""#]]);
    check(&place, "amount each month", expect![[r#""#]]);
}

#[test]
fn evidence_counts_what_is_missing() {
    let place = Place::reports();
    let document = place.json("en", &["query", "profit at 2024Q2"]);
    let evidence = document["evidence"].as_array().cloned().unwrap_or_default();
    let partial: Vec<&Value> = evidence
        .iter()
        .map(|evidence| &evidence["origin"]["partial"])
        .collect();
    assert_eq!(
        partial,
        [&serde_json::json!({"rows": 2, "known": 1})],
        "{document}"
    );
    let shown = place
        .ok("en", &["query", "profit at 2024Q2", "--evidence"])
        .stdout;
    assert!(shown.contains("(1 of 2 values)"), "{shown}");
}

#[test]
fn stand_ins_are_missing() {
    let place = Place::project();
    let rows: String = (0..60)
        .map(|index| {
            let amount = if index % 10 == 3 {
                "-1".to_owned()
            } else {
                format!("{}.5", 90_000 + index * 731)
            };
            format!("{:06},2024,{amount}\n", 100 + index)
        })
        .collect();
    place.write(
        "loans.csv",
        &format!("company_code,year,loan_balance(元)\n{rows}"),
    );
    place.ok("en", &["data", "add", "loans.csv"]);
    let checked = place.run("en", &["data", "check"]);
    assert!(checked.stderr.contains("missing: [value]"), "{}", checked.stderr);
    place.ok("en", &["catalog", "infer"]);
    let line = "sum(loan_balance over company) as total, count(loan_balance over company) as known at 2024";
    let found = place.json("en", &["query", line]);
    let expected: f64 = (0..60)
        .filter(|index| index % 10 != 3)
        .map(|index| f64::from(90_000 + index * 731) + 0.5)
        .sum();
    let row = &found["rows"][0];
    assert_eq!(text(&row[1]), format!("{expected}"), "{found}");
    assert_eq!(text(&row[2]), "54", "{found}");
    // A catalog that says otherwise counts them.
    let unsure = place.read("catalog/inferred.yaml");
    assert!(unsure.contains("missing:"), "{unsure}");
}
