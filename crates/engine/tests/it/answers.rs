//! What Queries answer, on a project small enough to check by hand.

use expect_test::{Expect, expect};
use jinsheng_core::{RowFilter, Scope};
use jinsheng_testkit::fixture::{CATALOG, FILES};

use crate::support::Project;

pub(crate) fn project() -> Project {
    Project::new(&FILES, CATALOG)
}

#[track_caller]
fn check(project: &Project, line: &str, expected: Expect) {
    expected.assert_eq(&project.show(line));
}

#[test]
fn lookups_and_forms() {
    let project = project();
    check(
        &project,
        "revenue, profit by company at 2024",
        expect![[r#"
            company | company.name | period | revenue[万元] | profit[万元]
            000001 | 甲股份 | 2024 | 480 | 48
            000002 | 乙股份 | 2024 | 900 | 90
            000003 | 丙股份 | 2024 | 480 | 5
        "#]],
    );
    check(
        &project,
        "revenue:single, revenue:ttm of company = 甲甲 from 2024Q1 to 2025Q2",
        expect![[r#"
            company | company.name | period | revenue:single[万元] | revenue:ttm[万元]
            000001 | 甲股份 | 2024Q1 | 100 | -
            000001 | 甲股份 | 2024Q2 | 110 | -
            000001 | 甲股份 | 2024Q3 | 120 | -
            000001 | 甲股份 | 2024Q4 | 150 | 480
            000001 | 甲股份 | 2025Q1 | 120 | 500
            000001 | 甲股份 | 2025Q2 | 130 | 520
        "#]],
    );
    check(
        &project,
        "revenue:single, qoq(revenue) of company = '000002' from 2024Q1 to 2025Q2",
        expect![[r#"
            company | company.name | period | revenue:single[万元] | qoq(revenue)[%]
            000002 | 乙股份 | 2024Q1 | 200 | -
            000002 | 乙股份 | 2024Q2 | 100 | -50
            000002 | 乙股份 | 2024Q4 | - | -
            000002 | 乙股份 | 2025Q1 | 250 | -
            000002 | 乙股份 | 2025Q2 | 350 | 40
        "#]],
    );
    check(
        &project,
        "yoy(revenue), yoy(profit), yoy_diff(margin) by company at 2025Q2",
        expect![[r#"
            company | company.name | period | yoy(revenue)[%] | yoy(profit)[%] | yoy_diff(margin)[百分点]
            000001 | 甲股份 | 2025Q2 | 19.04761904761905 | 36.36363636363636 | 1.52380952380952
            000002 | 乙股份 | 2025Q2 | 100 | - | -
            000003 | 丙股份 | 2025Q2 | - | - | -
            note: year_to_date
        "#]],
    );
    check(
        &project,
        "revenue",
        expect![[r#"
            period | revenue[万元]
            2025Q2 | 1100
            note: latest_period
            note: year_to_date
            note: ungrouped
        "#]],
    );
    check(
        &project,
        "cagr(revenue, 1), shift(revenue, 4 quarter) by company at 2024Q4",
        expect![[r#"
            company | company.name | period | cagr(revenue, 1)[%] | shift(revenue, 4 quarter)[万元]
            000001 | 甲股份 | 2024Q4 | 20 | 400
            000002 | 乙股份 | 2024Q4 | -10 | 1000
            000003 | 丙股份 | 2024Q4 | - | -
            note: year_to_date
        "#]],
    );
}

#[test]
fn a_shift_of_a_shift_is_one_over_both() {
    let project = project();
    for (twice, once, at) in [
        (
            "shift(shift(revenue, 1 year), 1 year)",
            "shift(revenue, 2 year)",
            "2025",
        ),
        (
            "shift(shift(revenue, 4 quarter), 1 quarter)",
            "shift(revenue, 5 quarter)",
            "2025Q2",
        ),
        (
            "shift(shift(amount, 12 day), 7 day)",
            "shift(amount, 19 day)",
            "2025-02-03",
        ),
    ] {
        let by = if at.len() > 7 { "fund" } else { "company" };
        let rows = |expr: &str| project.show(&format!("{expr} as v by {by} at {at}"));
        assert_eq!(rows(twice), rows(once), "{twice}");
    }
}

#[test]
fn peers_and_choice() {
    let project = project();
    check(
        &project,
        "revenue, rank(revenue), share(revenue), peers_mean(revenue), peers_median(revenue) by company at 2024 top 1 by revenue",
        expect![[r#"
            company | company.name | period | revenue[万元] | rank(revenue) | share(revenue)[%] | peers_mean(revenue)[万元] | peers_median(revenue)[万元]
            000002 | 乙股份 | 2024 | 900 | 1 | 48.38709677419355 | 620 | 480
        "#]],
    );
    check(
        &project,
        "rank(revenue within industry), peers_mean(margin within company.industry) by company at 2024",
        expect![[r#"
            company | company.name | period | rank(revenue within industry) | peers_mean(margin within company.industry)[%]
            000001 | 甲股份 | 2024 | 1 | 5.520833333333335
            000002 | 乙股份 | 2024 | 1 | 10
            000003 | 丙股份 | 2024 | 1 | 5.520833333333335
        "#]],
    );
    check(
        &project,
        "revenue - peers_mean(revenue) as gap of company = '000002' at 2024",
        expect![[r#"
            company | company.name | period | gap[万元]
            000002 | 乙股份 | 2024 | 280
        "#]],
    );
    check(
        &project,
        "mean(revenue over company), median(margin over company), count(profit over company) by company.industry at 2024",
        expect![[r#"
            company.industry | period | mean(revenue over company)[万元] | median(margin over company)[%] | count(profit over company)[个]
            保险 | 2024 | 900 | 10 | 1
            银行 | 2024 | 480 | 5.520833333333335 | 2
        "#]],
    );
    check(
        &project,
        "mean(profit over period), max(profit over period) by company from 2024Q1 to 2025Q2",
        expect![[r#"
            company | company.name | mean(profit over period)[万元] | max(profit over period)[万元]
            000001 | 甲股份 | 20.3333333333333333 | 48
            000002 | 乙股份 | 36.25 | 90
            000003 | 丙股份 | 3 | 5
            note: year_to_date
            note: partial
            note: partial
        "#]],
    );
    check(
        &project,
        "streak(profit > 0), profit by company from 2024Q1 to 2025Q2 order by company desc, period limit 6",
        expect![[r#"
            company | company.name | period | streak(profit > 0) | profit[万元]
            000003 | 丙股份 | 2024Q4 | 1 | 5
            000003 | 丙股份 | 2025Q2 | 1 | 1
            000002 | 乙股份 | 2024Q1 | 1 | 20
            000002 | 乙股份 | 2024Q2 | 0 | -
            000002 | 乙股份 | 2024Q4 | 1 | 90
            000002 | 乙股份 | 2025Q1 | 0 | -25
            note: year_to_date
        "#]],
    );
    check(
        &project,
        "margin by company at 2024 having margin between 1% and 10% and not (profit < 0.001亿元)",
        expect![[r#"
            company | company.name | period | margin[%]
            000001 | 甲股份 | 2024 | 10
            000002 | 乙股份 | 2024 | 10
        "#]],
    );
    check(
        &project,
        "revenue / staff as per_head, staff by company at 2024",
        expect![[r#"
            company | company.name | period | per_head[万元] | staff[人]
            000001 | 甲股份 | 2024 | 48 | 10
            000002 | 乙股份 | 2024 | 45 | 20
            000003 | 丙股份 | 2024 | 12 | 40
            note: as_of_now
        "#]],
    );
    check(
        &project,
        "revenue, staff at 2024",
        expect![[r#"
            period | revenue[万元] | staff[人]
            2024 | 1860 | 70
            note: as_of_now
            note: ungrouped
        "#]],
    );
    check(
        &project,
        "staff by company.industry",
        expect![[r#"
        company.industry | staff[人]
        保险 | 20
        银行 | 50
    "#]],
    );
}

#[test]
fn dates() {
    let project = project();
    check(
        &project,
        "nav by fund last 2 month",
        expect![[r#"
        fund | period | nav[元/份]
        F1 | 2025-01 | 1.1
        F1 | 2025-02 | 1.21
        F2 | 2025-01 | 2
        F2 | 2025-02 | -
    "#]],
    );
    check(
        &project,
        "nav / shift(nav, 1 month) - 1 as growth by fund at 2025-02",
        expect![[r#"
            error: units do not fit in `nav / shift(nav, 1 month) - 1`: `%` and no unit
            hint: a constant beside a ratio must say `%` or `倍`: 60% or 0.6倍
        "#]],
    );
    check(
        &project,
        "amount, deals by fund each month",
        expect![[r#"
        fund | period | amount[元] | deals[个]
        F1 | 2025-01 | 150.1 | 2
        F1 | 2025-02 | 25.05 | 1
        F2 | 2025-02 | 7 | 1
    "#]],
    );
    check(
        &project,
        "amount:ytd, amount:ttm by fund each month",
        expect![[r#"
            fund | period | amount:ytd[元] | amount:ttm[元]
            F1 | 2025-01 | 150.1 | 150.1
            F1 | 2025-02 | 175.15 | 175.15
            F2 | 2025-02 | 7 | 7
        "#]],
    );
    check(
        &project,
        "amount[kind = 'buy'], amount by fund at 2025",
        expect![[r#"
            fund | period | amount[kind = 'buy'][元] | amount[元]
            F1 | 2025 | 125.15 | 175.15
            F2 | 2025 | 7 | 7
        "#]],
    );
    check(
        &project,
        "amount where kind = 'buy' and fund = 'F1' at 2025-01, 2025-02",
        expect![[r#"
            period | amount[元]
            2025-01 | 100.1
            2025-02 | 25.05
        "#]],
    );
    check(
        &project,
        "amount by deals.kind at 2025",
        expect![[r#"
        deals.kind | period | amount[元]
        buy | 2025 | 132.15
        sell | 2025 | 50
    "#]],
    );
}

#[test]
fn refusals_name_what_is_wrong() {
    let project = project();
    check(
        &project,
        "industry at 2024",
        expect![[r#"
            error: the catalog has no metric `industry`
            hint: `jinsheng catalog show` lists all metrics
        "#]],
    );
    check(
        &project,
        "revenu",
        expect![[r#"
        error: the catalog has no metric `revenu`
        hint: near it: `revenue`
    "#]],
    );
    check(
        &project,
        "revenue by fund at 2024",
        expect![[r#"
        error: metric `revenue` cannot be cut or filtered by `fund`
    "#]],
    );
    check(
        &project,
        "nav at 2025",
        expect![[r#"
            period | nav[元/份]
            2025 | 1.21
            note: partial
            note: ungrouped
        "#]],
    );
    check(
        &project,
        "revenue at 2025-01",
        expect![[r#"
        error: metric `revenue` has no value at grain `month`
        hint: the finest grain is `quarter`
    "#]],
    );
    check(
        &project,
        "revenue by company at 2024 having revenue > 5%",
        expect![[r#"
            error: units do not fit in `revenue > 5%`: `万元` and `%`
            hint: the left side is in 万元: write the right side in a unit of that kind, such as `100万元`; % cannot be converted to it
        "#]],
    );
    check(
        &project,
        "yoy_diff(margin) by company at 2024 having yoy_diff(margin) > 1%",
        expect![[r#"
        error: units do not fit in `yoy_diff(margin) > 1%`: `百分点` and `%`
        hint: `%` and `百分点` do not mix: the difference of two percentages is in 百分点
    "#]],
    );
    check(
        &project,
        "revenue of company = 丁股份 at 2024",
        expect![[r#"
            error: no company is named `丁股份`
            hint: candidates: 000001 甲股份, 000002 乙股份, 000003 丙股份
        "#]],
    );
    check(
        &project,
        "nav:ttm by fund at 2025",
        expect![[r#"
        error: metric `nav` is no flow and has no forms
    "#]],
    );
    check(
        &project,
        "revenue by company from 2025 to 2024",
        expect![[r#"
        error: periods must be of one grain and in order
    "#]],
    );
    check(
        &project,
        "revenue@balance by company",
        expect![[r#"
        error: metric `revenue` has no source `balance`
        hint: it has `income`
    "#]],
    );
    check(
        &project,
        "staff at 2024",
        expect![[r#"
        error: `at 2024` needs periods, but the metrics used have no time
    "#]],
    );
}

#[test]
fn a_scope_filters_below_ranks_and_hides_columns() {
    let project = project();
    let filter = RowFilter {
        dimension: "company.industry".into(),
        values: ["银行".to_owned()].into(),
    };
    let scope = Scope::restricted("banks", [filter], ["income.profit".to_owned()]);
    let line = "revenue, rank(revenue), share(revenue) by company at 2024";
    expect![[r#"
        company | company.name | period | revenue[万元] | rank(revenue) | share(revenue)[%]
        000001 | 甲股份 | 2024 | 480 | 1 | 50
        000003 | 丙股份 | 2024 | 480 | 1 | 50
    "#]]
    .assert_eq(&project.show_as(line, &scope));
    expect![[r#"
        error: this role may not see `margin`
    "#]]
    .assert_eq(&project.show_as("margin by company at 2024", &scope));
    expect![[r#"
        error: no company is named `乙股份`
        hint: candidates: 000001 甲股份, 000003 丙股份
    "#]]
    .assert_eq(&project.show_as("revenue of company = 乙股份 at 2024", &scope));
}

#[test]
fn nested_changes_are_bounded() {
    let project = project();
    let nested = |depth: usize| {
        let line = (0..depth).fold("revenue".to_owned(), |line, _| format!("yoy({line})"));
        project.show(&format!("{line} by company"))
    };
    assert!(nested(4).starts_with("company | "), "{}", nested(4));
    assert!(
        nested(18).starts_with("error: the Query becomes too large"),
        "{}",
        nested(18)
    );
}

#[test]
fn members_without_names_are_known_by_key_and_alias() {
    let catalog = r#"
version: 1
entities:
  shop: {label: {zh: 门店, en: shop}, table: shops, aliases: {"007": [湖滨店]}}
tables:
  shops: {source: shops, entities: {shop: code}, measures: {staff: {column: staff, unit: 人, time: static}}}
metrics:
  staff: {label: {zh: 员工, en: staff}, measure: shops.staff}
"#;
    let project = Project::new(&[("shops", "code,staff\n007,3\n012,5\n")], catalog);
    // No column of names where there are none.
    check(
        &project,
        "staff by shop",
        expect![[r#"
            shop | staff[人]
            007 | 3
            012 | 5
        "#]],
    );
    check(
        &project,
        "staff of shop = 湖滨店",
        expect![[r#"
            shop | staff[人]
            007 | 3
        "#]],
    );
    check(
        &project,
        "staff of shop = '0O7'",
        expect![[r#"
            error: no shop is named `0O7`
            hint: candidates: 007
        "#]],
    );
}

#[test]
fn contains_looks_in_keys_and_displayed_names() {
    let project = project();
    for line in [
        "revenue of company contains '乙' at 2024",
        "revenue by company where company contains '乙股' at 2024",
        "revenue[company contains '乙'] by company at 2024",
        "revenue of company contains '0002' at 2024",
        "revenue of company = 乙股份 at 2024",
    ] {
        let found = project.show(line);
        assert!(found.contains("000002 | 乙股份 | 2024 | 900"), "{line}\n{found}");
        assert!(!found.contains(" | 480"), "{line}\n{found}");
    }
    check(
        &project,
        "revenue of company contains '股份' at 2024 top 1 by revenue",
        expect![[r#"
            company | company.name | period | revenue[万元]
            000002 | 乙股份 | 2024 | 900
        "#]],
    );
    // An alias is not shown, and so not searched; nor is a name that the scope hides.
    check(
        &project,
        "revenue of company contains '甲甲' at 2024",
        expect![[r#"
            company | company.name | period | revenue[万元]
            note: empty
        "#]],
    );
    expect![[r#"
        company | period | revenue[万元]
        note: empty
    "#]]
    .assert_eq(&project.show_as(
        "revenue of company contains '乙' at 2024",
        &Scope::restricted("r", [], ["income.name".to_owned()]),
    ));
}
