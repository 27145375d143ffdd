//! Values at coarser periods and in other forms.

use crate::fixture::{bank, companies};

#[test]
fn year_to_date_reports_by_quarter() {
    // 2024Q3 of A has no row: its single Q3 does not exist, and neither does what builds on it.
    companies().check(
        "revenue, revenue:single, revenue:ttm of company = A each quarter",
        "company | period | revenue (万元) | revenue:single (万元) | revenue:ttm (万元)
         A | 2023Q1 | 10 | 10 | -
         A | 2023Q2 | 25 | 15 | -
         A | 2023Q3 | 45 | 20 | -
         A | 2023Q4 | 70 | 25 | 70
         A | 2024Q1 | 12 | 12 | 72
         A | 2024Q2 | 30 | 18 | 75
         A | 2024Q4 | 80 | - | 80
         A | 2025Q1 | 15 | 15 | 83
         A | 2025Q2 | 33 | 18 | 83
         A | 2025Q3 | 54 | 21 | -",
    );
}

#[test]
fn a_missing_value_is_not_zero_in_any_form() {
    companies().check(
        "revenue, revenue:single, revenue:ttm of company = B each quarter",
        "company | period | revenue (万元) | revenue:single (万元) | revenue:ttm (万元)
         B | 2024Q1 | 6 | 6 | -
         B | 2024Q2 | - | - | -
         B | 2024Q3 | 18 | - | -
         B | 2024Q4 | 24 | 6 | 24
         B | 2025Q3 | 20 | - | 26",
    );
}

#[test]
fn year_to_date_reports_by_year() {
    // 2025 has no fourth quarter yet: no row.
    companies().check(
        "revenue, revenue:single, revenue:ttm by company each year",
        "company | period | revenue (万元) | revenue:single (万元) | revenue:ttm (万元)
         A | 2023 | 70 | 70 | 70
         A | 2024 | 80 | 80 | 80
         B | 2024 | 24 | 24 | 24",
    );
}

#[test]
fn forms_are_computed_for_each_key_before_rows_are_grouped() {
    // 2024Q2: A single 18, B missing. 2025Q3: A 21, B and C missing.
    companies().check(
        "revenue, revenue:single each quarter",
        "period | revenue (万元) | revenue:single (万元)
         2023Q1 | 10 | 10
         2023Q2 | 25 | 15
         2023Q3 | 45 | 20
         2023Q4 | 70 | 25
         2024Q1 | 18 | 18
         2024Q2 | 30 | 18
         2024Q3 | 18 | -
         2024Q4 | 104 | 6
         2025Q1 | 15 | 15
         2025Q2 | 33 | 18
         2025Q3 | 128 | 21",
    );
}

#[test]
fn a_flow_in_reports_needs_all_quarters_of_a_year() {
    // A 2024 lacks Q3 and a value in Q2; B 2024 has all four.
    companies().check(
        "orders by company each year",
        "company | period | orders (个)
         A | 2023 | 10
         A | 2024 | -
         A | 2025 | -
         B | 2024 | 4
         B | 2025 | -
         C | 2025 | -",
    );
}

#[test]
fn a_flow_sums_periods_and_skips_what_is_not_there() {
    companies().check(
        "orders, orders:ytd, orders:ttm of company = A each quarter",
        "company | period | orders (个) | orders:ytd (个) | orders:ttm (个)
         A | 2023Q1 | 1 | 1 | 1
         A | 2023Q2 | 2 | 3 | 3
         A | 2023Q3 | 3 | 6 | 6
         A | 2023Q4 | 4 | 10 | 10
         A | 2024Q1 | 1 | 1 | 10
         A | 2024Q2 | - | 1 | 8
         A | 2024Q4 | 2 | 3 | 3
         A | 2025Q1 | 5 | 5 | 7
         A | 2025Q2 | 6 | 11 | 13
         A | 2025Q3 | 7 | 18 | 20",
    );
}

#[test]
fn stocks_and_rates_in_reports_stand_at_the_last_quarter() {
    companies().check(
        "assets, roe by company each year",
        "company | period | assets (亿元) | roe (%)
         A | 2024 | 100 | 10
         B | 2024 | 50 | 8",
    );
}

#[test]
fn a_metric_says_which_form_is_usual() {
    companies().check(
        "revenue_single, revenue_single:ytd of company = A at 2023Q2",
        "company | period | revenue_single (万元) | revenue_single:ytd (万元)
         A | 2023Q2 | 15 | 25",
    );
}

#[test]
fn a_form_goes_to_every_flow_of_a_formula() {
    // ytd (25-10)/25, single (15-6)/15.
    companies().check(
        "margin, margin:single of company = A at 2023H1",
        "company | period | margin (%) | margin:single (%)
         A | 2023H1 | 60 | 60",
    );
    // 2024Q4: ttm = 80 万元 of 100 亿元. At 2025Q3 A has no ttm; the formula says ttm itself, and keeps it.
    companies().check(
        "turnover, turnover:ytd of company = A at 2024Q4, 2025Q3",
        "company | period | turnover (倍) | turnover:ytd (倍)
         A | 2024Q4 | 0.00008 | 0.00008
         A | 2025Q3 | - | -",
    );
}

#[test]
fn stocks_with_dates_take_the_latest_row_of_each_key() {
    // January: 001 F1 110 (31st), F2 50 (20th); 002 10; 003 1000. February: 001 120; 002 its latest row is missing;
    // 004 7; the row without a client counts in the total.
    bank().check(
        "aum each month",
        "period | aum (元)
         2025-01 | 1170
         2025-02 | 132",
    );
    bank().check(
        "aum by client each quarter",
        "client | period | aum (元)
         001 | 2025Q1 | 170
         002 | 2025Q1 | -
         003 | 2025Q1 | 1000
         004 | 2025Q1 | 7",
    );
    bank().check(
        "price by client, aum.product each month",
        "client | aum.product | period | price (元/份)
         001 | F1 | 2025-01 | 1.2
         001 | F1 | 2025-02 | 1.3
         001 | F2 | 2025-01 | 2
         002 | F1 | 2025-01 | 1.2
         002 | F1 | 2025-02 | 1.3
         003 | F2 | 2025-01 | 2.1
         004 | F2 | 2025-02 | 2.2",
    );
}

#[test]
fn events_are_aggregated_over_all_rows_of_a_period() {
    bank().check(
        "amount, trades, largest, kinds each quarter",
        "period | amount (元) | trades (个) | largest (元) | kinds (个)
         2024Q1 | 1 | 1 | 1 | 1
         2024Q4 | 10 | 1 | 10 | 1
         2025Q1 | 162 | 6 | 100 | 2",
    );
    // 002 on 2025-02-02: a row without a value.
    bank().check(
        "amount, amount:ytd, amount:ttm, trades by client each month",
        "client | period | amount (元) | amount:ytd (元) | amount:ttm (元) | trades (个)
         001 | 2024-02 | 1 | 1 | 1 | 1
         001 | 2024-12 | 10 | 11 | 11 | 1
         001 | 2025-01 | 25 | 25 | 36 | 2
         001 | 2025-03 | 30 | 55 | 65 | 1
         002 | 2025-02 | 7 | 7 | 7 | 2
         003 | 2025-03 | 100 | 100 | 100 | 1",
    );
}

#[test]
fn days_of_a_year_so_far() {
    bank().check(
        "amount, amount:ytd of client = '001' at 2024-12-31, 2025-03-01",
        "client | period | amount (元) | amount:ytd (元)
         001 | 2024-12-31 | 10 | 11
         001 | 2025-03-01 | 30 | 55",
    );
}

#[test]
fn the_coarsest_grain_is_taken_without_a_periods_clause() {
    bank().check(
        "target, amount by branch",
        "branch | period | target (元) | amount (元)
         B1 | 2025 | 2000 | 62
         B2 | 2025 | 500 | 100",
    );
    bank().check(
        "amount by branch",
        "branch | period | amount (元)
         B2 | 2025-03-31 | 100",
    );
    companies().check(
        "revenue",
        "period | revenue (万元)
         2025Q3 | 128",
    );
}
