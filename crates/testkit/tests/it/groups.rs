//! Groups, rows of the result, static tables, metrics over part of the rows.

use crate::fixture::{bank, companies};

#[test]
fn aggregations_leave_missing_values_out() {
    bank().check(
        "amount, largest, trades, kinds by client at 2025-02-02",
        "client | period | amount (元) | largest (元) | trades (个) | kinds (个)
         002 | 2025-02-02 | - | - | 1 | 1",
    );
    // 60, 30, 45 and a missing one.
    bank().check("age, clients", "age | clients (人)\n 45 | 4");
    bank().check(
        "age by client.segment",
        "client.segment | age
         大众 | 30
         私行 | 52.5",
    );
}

#[test]
fn dimensions_of_the_result() {
    // The entity of `of` comes behind those of `by`; `industry` is `company.industry`.
    companies().check(
        "revenue by industry of company in ('A', 'C') at 2025Q3",
        "company.industry | company | period | revenue (万元)
         药 | C | 2025Q3 | 54
         酒 | A | 2025Q3 | 54",
    );
    // An attribute of an entity of the result keeps without cutting.
    companies().check(
        "revenue, share(revenue) by company of company.city = '北京' at 2025Q3",
        "company | period | revenue (万元) | share(revenue) (%)
         A | 2025Q3 | 54 | 42.1875
         C | 2025Q3 | 54 | 42.1875",
    );
    bank().check(
        "amount by client of branch.region = '西' each quarter",
        "client | period | amount (元)
         003 | 2025Q1 | 100",
    );
}

#[test]
fn a_row_exists_where_one_of_the_metrics_has_one() {
    // C and D have a balance but no income before; a row whose value is missing is a row.
    companies().check(
        "revenue, assets, roe by company at 2025Q3",
        "company | period | revenue (万元) | assets (亿元) | roe (%)
         A | 2025Q3 | 54 | 120 | 12
         B | 2025Q3 | 20 | 60 | 6
         C | 2025Q3 | 54 | 0 | -
         D | 2025Q3 | - | 10 | 5",
    );
    // Metrics of conditions and keys are used too.
    companies().check(
        "revenue by company at 2025Q3 order by assets",
        "company | period | revenue (万元)
         C | 2025Q3 | 54
         D | 2025Q3 | -
         B | 2025Q3 | 20
         A | 2025Q3 | 54",
    );
}

#[test]
fn static_tables_bring_no_rows_where_others_have_periods() {
    companies().check(
        "capital, companies by company",
        "company | capital (万元) | companies (个)
         A | 100 | 1
         B | 200 | 1
         C | - | 1
         E | 50 | 1",
    );
    // E has no balance; D has no home row.
    companies().check(
        "assets, capital, companies by company at 2024Q4, 2025Q3",
        "company | period | assets (亿元) | capital (万元) | companies (个)
         A | 2024Q4 | 100 | 100 | 1
         A | 2025Q3 | 120 | 100 | 1
         B | 2024Q4 | 50 | 200 | 1
         B | 2025Q3 | 60 | 200 | 1
         C | 2025Q3 | 0 | - | 1
         D | 2025Q3 | 10 | - | -",
    );
    bank().check(
        "seats by branch",
        "branch | seats (个)
         B1 | 3
         B2 | 4",
    );
}

#[test]
fn filters_behind_a_metric_count_for_it_alone() {
    // 2025-02: 001 120, 002 missing, 004 7 and 5 of nobody.
    bank().check(
        "aum, aum[segment = '私行'], aum[segment = '私行'] / aum as part at 2025-01, 2025-02",
        "period | aum (元) | aum[segment = '私行'] (元) | part (%)
         2025-01 | 1170 | 1160 | 99.14529914529915
         2025-02 | 132 | 120 | 90.90909090909091",
    );
    // They bring no rows beside a metric without filters, and all rows where there is none.
    bank().check(
        "aum, trades[kind = '申购'] by client at 2025-03",
        "client | period | aum (元) | trades[kind = '申购'] (个)",
    );
    bank().check(
        "trades[kind = '申购'] by client at 2025-03",
        "client | period | trades[kind = '申购'] (个)
         001 | 2025-03 | 1
         003 | 2025-03 | 1",
    );
    // No row is no value, not zero: 002 sold only.
    bank().check(
        "trades, trades[kind = '申购'] by client each quarter",
        "client | period | trades (个) | trades[kind = '申购'] (个)
         001 | 2024Q1 | 1 | 1
         001 | 2024Q4 | 1 | 1
         001 | 2025Q1 | 3 | 2
         002 | 2025Q1 | 2 | -
         003 | 2025Q1 | 1 | 1",
    );
}

#[test]
fn a_count_is_zero_where_rows_have_no_value_and_missing_where_there_are_no_rows() {
    // Two rows of 002 in February, one of them without an amount; in the whole table the targets bring B2's row.
    bank().check(
        "kinds, target by branch at 2024, 2025",
        "branch | period | kinds (个) | target (元)
         B1 | 2024 | 1 | 1000
         B1 | 2025 | 2 | 2000
         B2 | 2025 | 1 | 500",
    );
    bank().check(
        "trades, priced by client from 2025-02-01 to 2025-02-02",
        "client | period | trades (个) | priced (个)
         002 | 2025-02-01 | 1 | 1
         002 | 2025-02-02 | 1 | 0",
    );
    companies().check(
        "count(orders over company) as there, companies, assets by company at 2025Q3",
        "company | period | there (个) | companies (个) | assets (亿元)
         A | 2025Q3 | 1 | 1 | 120
         B | 2025Q3 | 1 | 1 | 60
         C | 2025Q3 | 1 | 1 | 0
         D | 2025Q3 | 0 | - | 10",
    );
}

#[test]
fn where_filters_come_before_peers_and_brackets_add_to_them() {
    companies().check(
        "revenue, share(revenue), revenue[company = 'A'] by company where industry = '酒' at 2025Q3",
        "company | period | revenue (万元) | share(revenue) (%) | revenue[company = 'A'] (万元)
         A | 2025Q3 | 54 | 72.97297297297297 | 54
         B | 2025Q3 | 20 | 27.02702702702703 | -",
    );
}

#[test]
fn other_sources_of_a_figure() {
    companies().check(
        "revenue, revenue@balance, revenue - revenue@balance as gap of company = A at 2024Q4, 2025Q3",
        "company | period | revenue (万元) | revenue@balance (亿元) | gap (万元)
         A | 2024Q4 | 80 | 0.008 | 0
         A | 2025Q3 | 54 | 0.0054 | 0",
    );
}
