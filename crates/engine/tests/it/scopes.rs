//! What roles may not see is not to be had by any way: other names of a column, formulas, filters, peers, SQL.

use expect_test::{Expect, expect};
use jinsheng_core::{RowFilter, Scope};
use jinsheng_engine::SqlDialect;
use jinsheng_semantics::query::parse_query;

use crate::support::Project;

const CATALOG: &str = r#"
version: 1
entities:
  shop:
    label: {zh: 门店, en: shop}
    table: shops
    names: [{table: shops, column: title}]
  city: {label: {zh: 城市, en: city}, table: cities}
tables:
  shops:
    source: shops
    entities: {shop: code, city: city}
    dimensions: {kind: {column: kind}, title: {column: title}}
    measures: {staff: {column: staff, unit: 人, time: static}}
  cities:
    source: cities
    entities: {city: city}
    dimensions: {region: {column: region}}
  sales:
    source: sales
    entities: {shop: shop}
    key_dimensions: [channel]
    period: {kind: year, column: year}
    dimensions: {channel: {column: channel}}
    measures:
      revenue: {column: revenue, unit: 元, time: flow}
      cost: {column: cost, unit: 元, time: flow}
      profit: {column: profit, unit: 元, time: flow}
  ledger:
    source: sales
    unique: false
    entities: {shop: shop}
    period: {kind: year, column: year}
    dimensions: {way: {column: channel}}
    measures:
      gain: {column: profit, unit: 元, time: flow}
      takings: {column: revenue, unit: 元, time: flow}
metrics:
  revenue: {label: {zh: 收入, en: revenue}, measure: sales.revenue, alternatives: [ledger.takings]}
  cost: {label: {zh: 成本, en: cost}, measure: sales.cost}
  profit: {label: {zh: 利润, en: profit}, measure: sales.profit, alternatives: [ledger.gain], formula: revenue - cost}
  gain: {label: {zh: 盈利, en: gain}, measure: ledger.gain}
  margin: {label: {zh: 利润率, en: margin}, formula: profit / revenue}
  margin_change: {label: {zh: 利润率变化, en: change of margin}, formula: yoy_diff(margin)}
  online: {label: {zh: 线上收入, en: online}, formula: "revenue[channel = 'web']"}
  staff: {label: {zh: 员工, en: staff}, measure: shops.staff}
"#;

fn project() -> Project {
    Project::new(
        &[
            (
                "shops",
                "code,city,kind,title,staff\nS1,C1,big,湖滨店,30\nS2,C2,small,城南店,5\n",
            ),
            ("cities", "city,region\nC1,east\nC2,west\n"),
            (
                "sales",
                "shop,channel,year,revenue,cost,profit\nS1,web,2023,80,50,30\nS1,web,2024,100,60,40\nS1,till,2024,50,45,5\nS2,web,2024,20,25,-5\n",
            ),
        ],
        CATALOG,
    )
}

fn hiding(names: &[&str]) -> Scope {
    Scope::restricted("tester", [], names.iter().map(|name| (*name).to_owned()))
}

fn filtering(dimension: &str, value: &str, hidden: &[&str]) -> Scope {
    let filter = RowFilter {
        dimension: dimension.to_owned(),
        values: [value.to_owned()].into(),
    };
    Scope::restricted("tester", [filter], hidden.iter().map(|name| (*name).to_owned()))
}

#[track_caller]
fn check(line: &str, scope: &Scope, expected: Expect) {
    expected.assert_eq(&project().show_as(line, scope));
}

#[test]
fn a_hidden_measure_is_hidden_below_everything() {
    let project = project();
    let scope = hiding(&["sales.profit"]);
    for (line, named) in [
        // By the metric, by its formula and other sources, though these read other columns.
        ("profit by shop at 2024", "profit"),
        ("profit@formula by shop at 2024", "profit"),
        ("profit@ledger by shop at 2024", "profit"),
        // By another table of the catalog over the same column.
        ("gain by shop at 2024", "gain"),
        // By formulas, and formulas of formulas.
        ("margin by shop at 2024", "margin"),
        ("margin_change by shop at 2024", "margin_change"),
        ("revenue - profit as rest by shop at 2024", "profit"),
        ("rank(margin), share(revenue) by shop at 2024", "margin"),
        ("peers_mean(profit) by shop at 2024", "profit"),
        ("mean(profit over shop) at 2024", "profit"),
        ("streak(profit > 0元) by shop at 2024", "profit"),
        ("revenue by shop at 2024 having margin > 10%", "margin"),
        ("revenue by shop at 2024 top 1 by profit", "profit"),
        ("revenue by shop at 2024 order by gain", "gain"),
        ("coalesce(revenue, profit) by shop at 2024", "profit"),
        ("profit[channel = 'web'] by shop at 2024", "profit"),
    ] {
        let refusal = format!("error: this role may not see `{named}`\n");
        assert_eq!(project.show_as(line, &scope), refusal, "{line}");
        let query = parse_query(line).unwrap();
        for dialect in [SqlDialect::Postgres, SqlDialect::Sqlite] {
            let error = project.sql(&query, &scope, dialect).unwrap_err();
            assert_eq!(format!("error: {error}\n"), refusal, "{line}");
        }
        assert!(!project.show(line).starts_with("error"), "{line}");
    }
    // What does not need it stays.
    check(
        "revenue, cost by shop at 2024",
        &scope,
        expect![[r#"
            shop | shop.name | period | revenue[元] | cost[元]
            S1 | 湖滨店 | 2024 | 150 | 105
            S2 | 城南店 | 2024 | 20 | 25
        "#]],
    );
}

#[test]
fn a_hidden_source_or_formula_is_refused_by_its_name() {
    let scope = hiding(&["ledger"]);
    check(
        "revenue@ledger by shop at 2024",
        &scope,
        expect![[r#"
            error: this role may not see `revenue`
        "#]],
    );
    // The whole column of that name in the other table goes too.
    check(
        "revenue by shop at 2024",
        &scope,
        expect![[r#"
            error: this role may not see `revenue`
        "#]],
    );
    check(
        "profit@formula by shop at 2024",
        &hiding(&["sales.cost"]),
        expect![[r#"
            error: this role may not see `profit@formula`
        "#]],
    );
}

#[test]
fn a_hidden_dimension_is_not_cut_filtered_or_ranked_by() {
    let project = project();
    let scope = hiding(&["sales.channel"]);
    for (line, named) in [
        ("revenue by channel at 2024", "channel"),
        ("revenue by sales.channel at 2024", "sales.channel"),
        ("gain by ledger.way at 2024", "ledger.way"),
        ("revenue by shop where channel = 'web' at 2024", "channel"),
        ("revenue[channel = 'web'] by shop at 2024", "channel"),
        ("online by shop at 2024", "online"),
        ("mean(revenue over channel) by shop at 2024", "channel"),
    ] {
        let refusal = format!("error: this role may not see `{named}`\n");
        assert_eq!(project.show_as(line, &scope), refusal, "{line}");
    }
    // It still is a part of the key: two rows of one shop and year are two, not one that disagrees with itself.
    let line = "revenue by shop at 2024";
    assert_eq!(project.show_as(line, &scope), project.show(line));
    assert!(project.show(line).contains("S1 | 湖滨店 | 2024 | 150"));
}

#[test]
fn the_way_to_a_dimension_does_not_lead_through_what_is_hidden() {
    let scope = hiding(&["shops"]);
    for line in [
        "revenue by city at 2024",
        "revenue where city.region = 'east' at 2024",
        "mean(revenue over city) at 2024",
    ] {
        let found = project().show_as(line, &scope);
        assert!(found.starts_with("error: this role may not see `city"), "{found}");
    }
}

#[test]
fn hidden_names_of_subjects_are_neither_shown_nor_found() {
    for hidden in ["shops.title", "shops"] {
        check(
            "revenue by shop at 2024 top 1 by revenue",
            &hiding(&[hidden]),
            expect![[r#"
                shop | period | revenue[元]
                S1 | 2024 | 150
            "#]],
        );
    }
    let found = project().show_as("revenue of shop = 湖滨店 at 2024", &hiding(&["shops.title"]));
    assert!(!found.contains("150"), "{found}");
}

#[test]
fn rows_may_be_filtered_by_what_is_hidden() {
    // Directly, through a home table, and through two.
    for (dimension, value, hidden) in [
        ("shop.kind", "big", "shops.kind"),
        ("shop.kind", "big", "shops"),
        ("city.region", "east", "cities.region"),
        ("city.region", "east", "cities"),
        ("city.region", "east", "shops"),
    ] {
        let scope = filtering(dimension, value, &[hidden]);
        check(
            "revenue, rank(revenue), share(revenue) by shop at 2024",
            &filtering(dimension, value, &[hidden, "shops.title"]),
            expect![[r#"
                shop | period | revenue[元] | rank(revenue) | share(revenue)[%]
                S1 | 2024 | 150 | 1 | 100
            "#]],
        );
        let line = format!("revenue by {dimension} at 2024");
        let refusal = format!("error: this role may not see `{dimension}`\n");
        assert_eq!(project().show_as(&line, &scope), refusal);
    }
    check(
        "revenue by shop at 2024",
        &filtering("sales.channel", "till", &["sales.channel"]),
        expect![[r#"
            shop | shop.name | period | revenue[元]
            S1 | 湖滨店 | 2024 | 50
        "#]],
    );
}

#[test]
fn emitted_sql_filters_rows_by_what_is_hidden() {
    let project = project();
    let query = parse_query("revenue by shop at 2024").unwrap();
    let scope = filtering("city.region", "east", &["cities", "shops"]);
    for dialect in [SqlDialect::Postgres, SqlDialect::Sqlite] {
        let sql = project.sql(&query, &scope, dialect).unwrap();
        assert!(sql.contains(r#""region" IN ('east')"#), "{sql}");
        // Filtered by, and shown nowhere.
        assert_eq!(sql.matches("region").count(), 1, "{sql}");
    }
}

#[test]
fn a_scope_that_names_something_unknown_shows_nothing() {
    for (scope, said) in [
        (
            hiding(&["sales.proft"]),
            "error: the scope hides `sales.proft`, which the catalog lacks, so nothing is shown\n",
        ),
        (
            hiding(&["sale"]),
            "error: the scope hides `sale`, which the catalog lacks, so nothing is shown\n",
        ),
        (
            filtering("planet", "mars", &[]),
            "error: the scope names the dimension `planet`, which the catalog lacks\n",
        ),
    ] {
        let project = project();
        assert_eq!(project.show_as("staff", &scope), said);
        let query = parse_query("staff").unwrap();
        assert!(project.sql(&query, &scope, SqlDialect::Postgres).is_err());
        assert!(project.members("shop", &scope).is_err());
    }
}

#[test]
fn the_reason_is_the_true_one_whoever_asks() {
    let said = [
        (
            "revenue@nosuch at 2024",
            "error: metric `revenue` has no source `nosuch`\nhint: it has `sales`, `ledger`\n",
        ),
        (
            "cost@formula at 2024",
            "error: metric `cost` has no source `formula`\nhint: it has `sales`\n",
        ),
        (
            "online@sales at 2024",
            "error: metric `online` has no source `sales`\nhint: it has `formula`\n",
        ),
    ];
    for (line, expected) in said {
        assert_eq!(project().show(line), expected);
        assert_eq!(project().show_as(line, &hiding(&["cities.region"])), expected);
    }
}
