//! Periods, conditions, top rows, order and limit.

use crate::fixture::{bank, companies};

#[test]
fn every_periods_clause() {
    let fixture = companies();
    for (clause, shown) in [
        ("at 2024Q3", ""),
        ("at 2025Q3, 2023Q1, 2025Q3", "2023Q1 2025Q3"),
        ("at 2025H1", "2025H1"),
        ("from 2023Q3 to 2024Q3", "2023Q3 2023Q4 2024Q1 2024Q2"),
        ("from 2025Q3 to 2023Q1", ""),
        // The last four quarters up to the latest; 2025Q4 has no row, 2024Q4 is among them.
        ("last 4 quarter", "2024Q4 2025Q1 2025Q2 2025Q3"),
        ("last 5 quarter", "2024Q4 2025Q1 2025Q2 2025Q3"),
        ("latest quarter", "2025Q3"),
        ("latest", "2025Q3"),
        ("", "2025Q3"),
        ("each year", "2023 2024"),
        ("last 9 year", "2023 2024"),
        ("at 2024", "2024"),
    ] {
        let line = format!("revenue where company = A {clause}");
        let found = fixture.run(&line, &jinsheng_core::Scope::full()).unwrap();
        let periods: Vec<String> = found.rows.iter().map(|row| row[0].to_string()).collect();
        assert_eq!(periods.join(" "), shown, "{clause}");
    }
}

#[test]
fn a_count_of_none_is_refused() {
    for clause in [
        "last 0 quarter",
        "top 0 by revenue",
        "bottom 0 by revenue",
        "limit 0",
    ] {
        let line = format!("revenue by company {clause}");
        let found = companies().run(&line, &jinsheng_core::Scope::full());
        assert!(found.is_err(), "{clause}");
    }
}

#[test]
fn the_latest_period_is_that_of_any_row_before_subjects_are_chosen() {
    // B's last row is 2025Q3, A's too; of B alone the latest is still that of all.
    bank().check(
        "amount by client of client = '001' latest month",
        "client | period | amount (元)\n 001 | 2025-03 | 30",
    );
    bank().check(
        "amount by client of client = '002' latest month",
        "client | period | amount (元)",
    );
    bank().check(
        "amount by client where client = '002' latest month",
        "client | period | amount (元)
         002 | 2025-02 | 7",
    );
}

#[test]
fn conditions_with_units_and_missing_values() {
    let fixture = companies();
    // Revenue A 54 万元, B 20, C 54, D missing; roe A 12, B 6, C missing, D 5.
    for (condition, kept) in [
        ("revenue > 20", "A C"),
        ("revenue >= 20万元", "A B C"),
        ("revenue > 0.002亿元", "A C"),
        ("0.00000054万亿元 > revenue", "B"),
        ("revenue between 20 and 30", "B"),
        ("revenue != 54", "B"),
        ("not (revenue = 54)", "B"),
        ("revenue is missing", "D"),
        ("revenue is not missing", "A B C"),
        ("roe > 5% and revenue > 0", "A B"),
        ("roe > 5% or revenue > 0", "A B C"),
        ("not (roe > 5% and revenue > 50)", "B D"),
        ("not (roe > 5% or revenue > 50)", ""),
        ("roe > 0", "A B D"),
        ("roe > 0.05倍", "A B"),
        // A scale without a unit is in the other side's kind.
        ("assets > 5000万", "A B D"),
        ("revenue > 0.002亿", "A C"),
        ("debt / assets = 25%", "B"),
        ("revenue > peers_mean(revenue)", "A C"),
        ("rank(revenue) = 1", "A C"),
    ] {
        let line = format!("revenue, roe by company at 2025Q3 having {condition}");
        let found = fixture.run(&line, &jinsheng_core::Scope::full()).unwrap();
        let keys: Vec<String> = found.rows.iter().map(|row| row[0].to_string()).collect();
        assert_eq!(keys.join(" "), kept, "{condition}");
    }
}

#[test]
fn top_keeps_ties_and_never_missing_values() {
    let fixture = companies();
    for (top, kept) in [
        ("top 1 by revenue", "A C"),
        ("top 2 by revenue", "A C"),
        ("top 3 by revenue", "A C B"),
        ("top 9 by revenue", "A C B"),
        ("bottom 1 by revenue", "B"),
        ("bottom 2 by revenue", "B A C"),
        // One of each industry, in their order; D has none.
        ("top 1 by revenue within industry", "C A"),
        ("top 1 by assets within company.industry", "C A"),
        // Another order takes the place of the top's.
        ("top 3 by revenue order by roe", "B A C"),
        ("top 1 by revenue order by company desc", "C A"),
        ("having roe < 10% top 1 by assets", "B"),
    ] {
        let line = format!("revenue, assets by company at 2025Q3 {top}");
        let found = fixture.run(&line, &jinsheng_core::Scope::full()).unwrap();
        let keys: Vec<String> = found.rows.iter().map(|row| row[0].to_string()).collect();
        assert_eq!(keys.join(" "), kept, "{top}");
    }
}

#[test]
fn top_is_for_each_period() {
    companies().check(
        "assets by company at 2024Q4, 2025Q3 top 1 by assets",
        "company | period | assets (亿元)
         A | 2024Q4 | 100
         A | 2025Q3 | 120",
    );
    companies().check(
        "assets by company at 2024Q4, 2025Q3 bottom 2 by assets",
        "company | period | assets (亿元)
         B | 2024Q4 | 50
         A | 2024Q4 | 100
         C | 2025Q3 | 0
         D | 2025Q3 | 10",
    );
}

#[test]
fn order_puts_missing_values_last_and_ends_with_dimensions_and_period() {
    companies().check(
        "roe by company at 2024Q4, 2025Q3 order by roe",
        "company | period | roe (%)
         D | 2025Q3 | 5
         B | 2025Q3 | 6
         B | 2024Q4 | 8
         A | 2024Q4 | 10
         A | 2025Q3 | 12
         C | 2025Q3 | -",
    );
    companies().check(
        "roe by company at 2024Q4, 2025Q3 order by period desc, roe desc limit 5",
        "company | period | roe (%)
         A | 2025Q3 | 12
         B | 2025Q3 | 6
         D | 2025Q3 | 5
         C | 2025Q3 | -
         A | 2024Q4 | 10",
    );
    // By the dimensions in the order of `by`: numbers by size, not by text.
    bank().check(
        "clients by client.age, client",
        "client.age | client | clients (人)
         30 | 002 | 1
         45 | 003 | 1
         60 | 001 | 1",
    );
    bank().check(
        "clients by client order by client desc limit 2",
        "client | clients (人)
         004 | 1
         003 | 1",
    );
}

#[test]
fn aliases_stand_for_their_items() {
    companies().check(
        "debt / assets as ratio, revenue:single as revenue by company at 2025Q3
         having ratio > 30% top 2 by ratio order by revenue, ratio",
        "company | period | ratio (%) | revenue (万元)
         A | 2025Q3 | 50 | 21
         D | 2025Q3 | 40 | -",
    );
    companies().check(
        "revenue as x by company at 2025Q3 having rank(x) > 1",
        "company | period | x (万元)
         B | 2025Q3 | 20",
    );
}
