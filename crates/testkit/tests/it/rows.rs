//! Which rows count: periods, filters, duplicates, ways to dimensions.

use crate::fixture::{Fixture, bank, companies};

#[test]
fn rows_without_a_readable_period_are_no_rows() {
    // C 年报 999 counts nowhere.
    companies().check(
        "revenue by company where company = C each quarter",
        "company | period | revenue (万元)
         C | 2025Q3 | 54",
    );
}

#[test]
fn filters_of_every_kind() {
    let bank = bank();
    for (filter, clients) in [
        ("client = '001'", "001"),
        ("client = 001", "001"),
        ("client != '001'", "002 003 004"),
        ("client in ('001', '004', 'x')", "001 004"),
        ("client not in ('001', '004')", "002 003"),
        ("client >= '003'", "003 004"),
        ("segment contains '私'", "001 003"),
        ("segment contains '行行'", ""),
        // Numbers by their size, whatever digits they are written in.
        ("age = '45.0'", "003"),
        ("age in ('045', '30')", "002 003"),
        ("age > 30", "001 003"),
        // A missing value passes no filter, not even a negative one.
        ("age != '45'", "001 002"),
        ("since < '2016-01-01'", "001 003"),
        ("since = 2015-03-01", "003"),
        ("active = true", "001 002 004"),
        // Through one and through two home tables; M9 has no row there, so 004 has no branch.
        ("manager != 'M1'", "002 003 004"),
        ("branch = 'B1'", "001 002"),
        ("branch.region != '东'", "003"),
        ("segment = '私行' and branch = 'B1'", "001"),
    ] {
        let found = bank.run(
            &format!("clients by client where {filter}"),
            &jinsheng_core::Scope::full(),
        );
        let found = found.unwrap_or_else(|refusal| panic!("{filter}: {refusal}"));
        let keys: Vec<String> = found.rows.iter().map(|row| row[0].to_string()).collect();
        assert_eq!(keys.join(" "), clients, "{filter}");
    }
}

#[test]
fn rows_with_a_missing_dimension_form_no_group() {
    bank().check(
        "clients by branch.region",
        "branch.region | clients (人)
         东 | 2
         西 | 1",
    );
    bank().check("clients", "clients (人)\n 4");
}

#[test]
fn rows_that_are_alike_count_once_where_the_catalog_says_so() {
    for (rule, sum, rows) in [
        ("", 22, 4),
        ("repeated_rows: each", 22, 4),
        ("repeated_rows: once", 12, 3),
    ] {
        let catalog = format!(
            "version: 1
tables:
  deals:
    source: deals
    unique: false
    {rule}
    measures:
      amount: {{ column: amount, time: static }}
      rows: {{ agg: count, time: static }}
metrics:
  amount: {{ label: {{ zh: 金额 }}, measure: deals.amount }}
  rows: {{ label: {{ zh: 行数 }}, measure: deals.rows }}
"
        );
        // Alike are rows that agree in columns that the catalog does not name too; 10 and 10.0 agree, and so do gaps.
        let rows_text = "kind | amount | remark
             buy | 10 |
             buy | 10.0 |
             sell | 1 | a
             sell | 1 | b";
        let fixture = Fixture::new(&catalog, &[("deals", rows_text)]);
        fixture.check("amount, rows", &format!("amount | rows (个)\n {sum} | {rows}"));
    }
}

/// Duplicates in a unique table, and in a home table.
fn doubled() -> Fixture {
    Fixture::new(
        r#"
version: 1
entities: { company: { label: { zh: 公司 }, table: companies } }
tables:
  companies:
    source: companies
    entities: { company: code }
    dimensions: { industry: { column: industry }, city: { column: city } }
    measures: { number: { agg: count, time: static } }
  income:
    source: income
    entities: { company: code }
    period: { kind: report, year: year, period: period }
    key_dimensions: [scope]
    dimensions: { scope: { column: scope }, note: { column: note } }
    measures:
      revenue: { column: revenue, unit: 元, time: flow_ytd }
      profit: { column: profit, unit: 元, time: flow_ytd }
      rows: { agg: count, time: flow }
metrics:
  revenue: { label: { zh: 收入 }, measure: income.revenue }
  profit: { label: { zh: 利润 }, measure: income.profit }
  rows: { label: { zh: 行数 }, measure: income.rows }
  companies: { label: { zh: 家数 }, measure: companies.number }
"#,
        &[
            (
                "companies",
                "code | industry | city
                 A | 酒 | 北京
                 A | 酒 |
                 B | 药 | 北京
                 B | 酒 | 北京",
            ),
            (
                "income",
                "code | year | period | scope | note | revenue | profit
                 A | 2024 | Q1 | 合并 | 原 | 10 | 1
                 A | 2024 | Q1 | 合并 | 原 | 10.00 | 2
                 A | 2024 | Q1 | 合并 | 改 | | 1
                 A | 2024 | Q1 | 母公司 | 原 | 7 | 1
                 A | 2024 | H1 | 合并 | 原 | 25 | 3
                 B | 2024 | HY | 合并 | 原 | 4 | 4
                 B | 2024 | Q2 | 合并 | 原 | 4 | 5",
            ),
        ],
    )
}

#[test]
fn rows_of_one_key_and_period_are_one_in_a_unique_table() {
    // A 合并 Q1: revenue agrees (10 = 10.00, a missing cell says nothing), profit does not. HY and Q2 are one period.
    doubled().check(
        "revenue, profit, rows by company, scope each quarter",
        "company | income.scope | period | revenue (元) | profit (元) | rows (个)
         A | 合并 | 2024Q1 | 10 | - | 1
         A | 合并 | 2024Q2 | 25 | 3 | 1
         A | 母公司 | 2024Q1 | 7 | 1 | 1
         B | 合并 | 2024Q2 | 4 | - | 1",
    );
    // Forms are computed after that: Q2 single of A's profit is missing because Q1 is.
    doubled().check(
        "revenue:single, profit:single of company = A at 2024Q2",
        "company | period | revenue:single (元) | profit:single (元)
         A | 2024Q2 | 15 | -",
    );
    // Filters come first: where only the first note counts there is nothing to disagree with in the third row.
    doubled().check(
        "profit, revenue, rows where note = '改' at 2024Q1",
        "period | profit (元) | revenue (元) | rows (个)
         2024Q1 | 1 | - | 1",
    );
    // A dimension in which they differ is missing, and the row forms no group.
    doubled().check(
        "revenue by note at 2024Q1",
        "income.note | period | revenue (元)
         原 | 2024Q1 | 7",
    );
}

#[test]
fn attributes_in_which_a_home_table_disagrees_are_missing() {
    doubled().check(
        "rows by company.industry, company.city at 2024Q2",
        "company.industry | company.city | period | rows (个)
         酒 | 北京 | 2024Q2 | 1",
    );
    doubled().check(
        "companies by company",
        "company | companies (个)
         A | 1
         B | 1",
    );
}

#[test]
fn contains_looks_in_keys_and_displayed_names() {
    let catalog = "
version: 1
entities:
  shop:
    label: { zh: 门店 }
    names: [{ table: sales, column: title }, { table: shops, column: title }]
    aliases: { \"a1\": [旗舰] }
tables:
  shops: { source: shops, entities: { shop: id }, dimensions: { kind: { column: kind } } }
  sales:
    source: sales
    unique: false
    entities: { shop: shop }
    measures: { amount: { column: amount, time: static } }
metrics: { amount: { label: { zh: 额 }, measure: sales.amount } }
";
    let fixture = Fixture::new(
        catalog,
        &[
            (
                "shops",
                "id | title | kind\n a1 | 湖店 | x\n b2 | 山店 | x\n c3 | | x",
            ),
            (
                "sales",
                "shop | title | amount\n a1 | 湖滨 | 1\n a1 | 海滨 | 2\n b2 | | 4\n c3 | | 8\n d4 | | 16",
            ),
        ],
    );
    for (line, expected) in [
        // Of two names in one column the first in order is shown; the second column counts where the first has none.
        ("amount of shop contains '海滨'", "shop | amount\n a1 | 3"),
        ("amount of shop contains '湖'", "shop | amount"),
        ("amount where shop contains '店'", "amount\n 4"),
        ("amount[shop contains '山'] as x, amount", "x | amount\n 4 | 31"),
        ("amount of shop contains '3'", "shop | amount\n c3 | 8"),
        // An alias is not shown.
        ("amount of shop contains '旗舰'", "shop | amount"),
    ] {
        fixture.check(line, expected);
    }
    let hidden = jinsheng_core::Scope::restricted("r", [], ["sales.title".to_owned()]);
    fixture.check_under(&hidden, "amount of shop contains '湖'", "shop | amount\n a1 | 3");
}
