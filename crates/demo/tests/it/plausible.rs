//! The figures look like those of real companies: no absurd ratios, and the stories that a demo needs.

use std::collections::BTreeMap;

use crate::support::{Demo, Row, SEEDS};

fn annual(demo: &Demo, table: &str, year: &str) -> BTreeMap<String, Row> {
    demo.rows(table)
        .into_iter()
        .filter(|row| row.text("report_year") == year && row.text("report_period") == "FY")
        .map(|row| (row.text("company_code").to_owned(), row))
        .collect()
}

#[test]
fn ratios_stay_within_what_is_seen_in_filings() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        for row in demo.rows("indicators") {
            let between = |column: &str, low: i128, high: i128| {
                let value = row.scaled(column, 4);
                assert!(
                    (low * 10_000..=high * 10_000).contains(&value),
                    "seed {seed}, {row}: {column} {value}"
                );
            };
            between("gross_margin", 3, 90);
            between("net_margin", -65, 45);
            between("debt_ratio", 8, 92);
            if !row.text("roe_weighted").is_empty() {
                between("roe_weighted", -75, 50);
            }
            if !row.text("revenue_yoy").is_empty() {
                between("revenue_yoy", -45, 90);
            }
            let eps = row.scaled("basic_eps", 4);
            assert!(
                (-120_000..=150_000).contains(&eps),
                "seed {seed}, {row}: basic_eps {eps}"
            );
        }
    }
}

#[test]
fn amounts_that_cannot_be_negative_are_not() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        let mut checked = 0;
        for (table, may_be_negative) in [
            (
                "balance_sheet",
                &["undistributed_profit", "minority_interest"][..],
            ),
            (
                "cash_flow",
                &[
                    "net_operating_cash_flow",
                    "net_investing_cash_flow",
                    "net_financing_cash_flow",
                    "fx_effect",
                    "net_increase_in_cash",
                ],
            ),
        ] {
            let items: Vec<String> = demo
                .rows("dictionary")
                .iter()
                .filter(|row| row.text("table") == table && row.text("unit") == "元")
                .map(|row| row.text("column").to_owned())
                .filter(|column| !may_be_negative.contains(&column.as_str()))
                .collect();
            for row in demo.rows(table) {
                for item in &items {
                    assert!(
                        row.cents(item) >= 0,
                        "seed {seed}, {row}: {item} = {}",
                        row.text(item)
                    );
                    checked += 1;
                }
                if table == "balance_sheet" {
                    assert!(row.cents("equity_parent") > 0, "seed {seed}, {row}: equity");
                }
            }
        }
        assert!(checked > 50_000);
    }
}

#[test]
fn the_stories_that_a_demo_needs_are_there() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        let (first, last) = (
            annual(&demo, "income_statement", "2022"),
            annual(&demo, "income_statement", "2025"),
        );
        let flows = annual(&demo, "cash_flow", "2025");
        let count = |test: &dyn Fn(&str) -> bool| last.keys().filter(|code| test(code)).count();
        let profit = |rows: &BTreeMap<String, Row>, code: &str| rows[code].cents("net_profit_parent");
        let losing = count(&|code| profit(&first, code) < 0 && profit(&last, code) < 0);
        let turned = count(&|code| profit(&first, code) < 0 && profit(&last, code) > 0);
        let worse = count(&|code| profit(&first, code) > 0 && profit(&last, code) < 0);
        let drained = count(&|code| flows[code].cents("net_operating_cash_flow") < 0);
        assert!(
            (2..=6).contains(&losing),
            "seed {seed}: {losing} lose money throughout"
        );
        assert!(
            (1..=6).contains(&turned),
            "seed {seed}: {turned} turned to profit"
        );
        assert!((1..=6).contains(&worse), "seed {seed}: {worse} turned to loss");
        assert!(
            (3..=12).contains(&drained),
            "seed {seed}: {drained} with negative operating cash flow"
        );
        let shrinking =
            count(&|code| last[code].cents("operating_revenue") < first[code].cents("operating_revenue"));
        assert!((3..=20).contains(&shrinking), "seed {seed}: {shrinking} shrink");
    }
}

#[test]
fn profit_and_cash_tell_the_same_story_over_the_years() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        let (mut profit, mut cash, mut sales, mut revenue) = (0, 0, 0, 0);
        for year in ["2023", "2024", "2025"] {
            for row in annual(&demo, "income_statement", year).values() {
                profit += row.cents("net_profit");
                revenue += row.cents("operating_revenue");
            }
            for row in annual(&demo, "cash_flow", year).values() {
                cash += row.cents("net_operating_cash_flow");
                sales += row.cents("cash_from_sales");
            }
        }
        let ratio = cash * 100 / profit;
        assert!(
            (70..=220).contains(&ratio),
            "seed {seed}: operating cash flow is {ratio} % of net profit"
        );
        let collected = sales * 100 / revenue;
        assert!(
            (98..=118).contains(&collected),
            "seed {seed}: cash from sales is {collected} % of revenue"
        );
    }
}

#[test]
fn the_fourth_quarter_is_the_strongest_of_software_houses() {
    let demo = Demo::new(SEEDS[0]);
    let rows = demo.rows("income_statement");
    for company in demo
        .rows("companies")
        .iter()
        .filter(|row| row.text("industry") == "计算机")
    {
        let revenue = |period: &str| {
            rows.iter()
                .find(|row| {
                    row.text("company_code") == company.text("company_code")
                        && row.text("report_year") == "2024"
                        && row.text("report_period") == period
                })
                .unwrap()
                .cents("operating_revenue")
        };
        let fourth = revenue("FY") - revenue("Q3");
        assert!(fourth * 100 / revenue("FY") >= 30, "{company}");
    }
}

#[test]
fn expenses_and_receivables_stay_below_what_a_company_can_bear() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        for year in ["2022", "2023", "2024", "2025"] {
            let balances = annual(&demo, "balance_sheet", year);
            for (code, income) in annual(&demo, "income_statement", year) {
                let revenue = income.cents("operating_revenue");
                let expenses = income.sum(&["selling_expenses", "administrative_expenses"]);
                assert!(
                    expenses * 100 <= revenue * 58,
                    "seed {seed}, {income}: {expenses} of {revenue}"
                );
                let receivable = balances[&code].cents("accounts_receivable");
                assert!(
                    receivable * 100 <= revenue * 75,
                    "seed {seed}, {income}: receivables {receivable} of {revenue}"
                );
            }
        }
    }
}

#[test]
fn no_company_loses_most_of_its_equity() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        let mut ends: BTreeMap<String, (i128, i128)> = BTreeMap::new();
        for row in demo.rows("balance_sheet") {
            let equity = row.cents("total_equity");
            ends.entry(row.text("company_code").to_owned())
                .or_insert((equity, equity))
                .1 = equity;
        }
        for (code, (first, last)) in ends {
            assert!(last * 100 >= first * 45, "seed {seed}, {code}: {first} to {last}");
        }
    }
}
