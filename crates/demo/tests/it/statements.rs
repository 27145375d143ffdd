//! Accounting identities, to the cent, for every company and period.

use std::collections::BTreeMap;

use crate::support::{Demo, Row, SEEDS, rounded};

type Key = (String, i32, usize);
const PERIODS: [&str; 4] = ["Q1", "H1", "Q3", "FY"];

fn keyed(demo: &Demo, table: &str) -> BTreeMap<Key, Row> {
    let mut all = BTreeMap::new();
    for row in demo.rows(table) {
        let period = PERIODS
            .iter()
            .position(|period| *period == row.text("report_period"))
            .unwrap();
        let key = (
            row.text("company_code").to_owned(),
            row.text("report_year").parse().unwrap(),
            period,
        );
        assert!(
            all.insert(key.clone(), row).is_none(),
            "{table}: {key:?} occurs twice"
        );
    }
    all
}

fn previous_year_end(key: &Key) -> Key {
    (key.0.clone(), key.1 - 1, 3)
}

#[test]
fn sixty_companies_publish_sixteen_periods() {
    let demo = Demo::new(SEEDS[0]);
    assert_eq!(demo.rows("companies").len(), 60);
    let mut expected: Vec<(i32, usize)> = vec![(2022, 2), (2022, 3)];
    expected.extend((2023..=2025).flat_map(|year| (0..4).map(move |period| (year, period))));
    expected.extend([(2026, 0), (2026, 1)]);
    for table in ["income_statement", "balance_sheet", "cash_flow", "indicators"] {
        let rows = keyed(&demo, table);
        assert_eq!(rows.len(), 60 * 16);
        for company in demo.by("companies", "company_code").keys() {
            let found: Vec<(i32, usize)> = rows
                .keys()
                .filter(|key| key.0 == *company)
                .map(|key| (key.1, key.2))
                .collect();
            assert_eq!(found, expected, "{table} of {company}");
        }
    }
}

#[test]
fn the_income_statement_adds_up() {
    for seed in SEEDS {
        for row in Demo::new(seed).rows("income_statement") {
            row.adds_up(
                "total_operating_revenue",
                &["operating_revenue", "interest_income"],
            );
            row.adds_up(
                "total_operating_cost",
                &[
                    "operating_cost",
                    "taxes_and_surcharges",
                    "selling_expenses",
                    "administrative_expenses",
                    "rnd_expenses",
                    "financial_expenses",
                ],
            );
            row.adds_up(
                "operating_profit",
                &[
                    "total_operating_revenue",
                    "-total_operating_cost",
                    "other_income",
                    "investment_income",
                    "fair_value_change",
                    "credit_impairment_loss",
                    "asset_impairment_loss",
                ],
            );
            row.adds_up(
                "total_profit",
                &[
                    "operating_profit",
                    "non_operating_income",
                    "-non_operating_expenses",
                ],
            );
            row.adds_up("net_profit", &["total_profit", "-income_tax"]);
            row.adds_up("net_profit", &["net_profit_parent", "minority_profit"]);
        }
    }
}

#[test]
fn the_balance_sheet_balances() {
    for seed in SEEDS {
        for row in Demo::new(seed).rows("balance_sheet") {
            row.adds_up(
                "total_current_assets",
                &[
                    "cash",
                    "trading_financial_assets",
                    "accounts_receivable",
                    "inventory",
                    "other_current_assets",
                ],
            );
            row.adds_up(
                "total_noncurrent_assets",
                &[
                    "fixed_assets",
                    "construction_in_progress",
                    "intangible_assets",
                    "goodwill",
                    "other_noncurrent_assets",
                ],
            );
            row.adds_up(
                "total_assets",
                &["total_current_assets", "total_noncurrent_assets"],
            );
            row.adds_up(
                "total_current_liabilities",
                &[
                    "short_term_loans",
                    "accounts_payable",
                    "contract_liabilities",
                    "payroll_payable",
                    "taxes_payable",
                    "other_current_liabilities",
                ],
            );
            row.adds_up(
                "total_noncurrent_liabilities",
                &["long_term_loans", "other_noncurrent_liabilities"],
            );
            row.adds_up(
                "total_liabilities",
                &["total_current_liabilities", "total_noncurrent_liabilities"],
            );
            row.adds_up(
                "equity_parent",
                &[
                    "share_capital",
                    "capital_reserve",
                    "surplus_reserve",
                    "undistributed_profit",
                ],
            );
            row.adds_up("total_equity", &["equity_parent", "minority_interest"]);
            row.adds_up("total_assets", &["total_liabilities", "total_equity"]);
        }
    }
}

#[test]
fn the_cash_flow_statement_adds_up_and_explains_the_cash() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        let balances = keyed(&demo, "balance_sheet");
        for (key, row) in keyed(&demo, "cash_flow") {
            row.adds_up(
                "operating_inflow",
                &[
                    "cash_from_sales",
                    "tax_refunds_received",
                    "other_operating_received",
                ],
            );
            row.adds_up(
                "operating_outflow",
                &[
                    "cash_paid_for_goods",
                    "cash_paid_to_employees",
                    "taxes_paid",
                    "other_operating_paid",
                ],
            );
            row.adds_up(
                "net_operating_cash_flow",
                &["operating_inflow", "-operating_outflow"],
            );
            row.adds_up(
                "investing_inflow",
                &[
                    "cash_from_investments",
                    "investment_income_received",
                    "cash_from_asset_disposal",
                ],
            );
            row.adds_up(
                "investing_outflow",
                &["capital_expenditure", "cash_paid_for_investments"],
            );
            row.adds_up(
                "net_investing_cash_flow",
                &["investing_inflow", "-investing_outflow"],
            );
            row.adds_up(
                "financing_inflow",
                &[
                    "cash_from_equity",
                    "cash_from_borrowing",
                    "other_financing_received",
                ],
            );
            row.adds_up(
                "financing_outflow",
                &["debt_repayment", "dividends_and_interest_paid"],
            );
            row.adds_up(
                "net_financing_cash_flow",
                &["financing_inflow", "-financing_outflow"],
            );
            row.adds_up(
                "net_increase_in_cash",
                &[
                    "net_operating_cash_flow",
                    "net_investing_cash_flow",
                    "net_financing_cash_flow",
                    "fx_effect",
                ],
            );
            row.adds_up("cash_at_end", &["cash_at_beginning", "net_increase_in_cash"]);
            assert_eq!(row.cents("cash_at_end"), balances[&key].cents("cash"), "{row}");
            if let Some(opening) = balances.get(&previous_year_end(&key)) {
                assert_eq!(row.cents("cash_at_beginning"), opening.cents("cash"), "{row}");
            }
        }
    }
}

#[test]
fn undistributed_profit_and_debt_roll_forward() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        let (balances, incomes) = (keyed(&demo, "balance_sheet"), keyed(&demo, "income_statement"));
        for (key, flow) in keyed(&demo, "cash_flow") {
            let Some(opening) = balances.get(&previous_year_end(&key)) else {
                continue;
            };
            let now = &balances[&key];
            let change = |column: &str| now.cents(column) - opening.cents(column);
            let earned = incomes[&key].cents("net_profit_parent");
            assert_eq!(
                change("undistributed_profit"),
                earned - flow.cents("dividends_to_parent") - change("surplus_reserve"),
                "{now}"
            );
            let loans = change("short_term_loans") + change("long_term_loans");
            assert_eq!(
                loans,
                flow.sum(&["cash_from_borrowing", "-debt_repayment"]),
                "{now}"
            );
            let raised = change("share_capital") + change("capital_reserve");
            assert_eq!(raised, flow.cents("cash_from_equity"), "{now}");
            assert!(
                change("surplus_reserve") == 0 || key.2 == 3,
                "{now}: appropriated at the year's end only"
            );
        }
    }
}

/// Flows that can only add up within a year; a smaller figure later in the year would be a wrong one.
const ONLY_GROWING: [&str; 8] = [
    "operating_revenue",
    "operating_cost",
    "selling_expenses",
    "administrative_expenses",
    "rnd_expenses",
    "taxes_and_surcharges",
    "other_income",
    "investment_income",
];

#[test]
fn figures_are_year_to_date() {
    for seed in SEEDS {
        let rows = keyed(&Demo::new(seed), "income_statement");
        for (key, row) in &rows {
            for column in ONLY_GROWING {
                assert!(row.cents(column) >= 0, "{row}: {column}");
            }
            let Some(before) = key
                .2
                .checked_sub(1)
                .and_then(|last| rows.get(&(key.0.clone(), key.1, last)))
            else {
                continue;
            };
            assert!(
                row.cents("operating_revenue") > before.cents("operating_revenue"),
                "{row}"
            );
            for column in ONLY_GROWING {
                assert!(row.cents(column) >= before.cents(column), "{row}: {column}");
            }
        }
    }
}

#[test]
fn indicators_agree_with_the_statements() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        let (incomes, balances) = (keyed(&demo, "income_statement"), keyed(&demo, "balance_sheet"));
        let percent = |part: i128, whole: i128| rounded(part * 1_000_000, whole);
        for (key, row) in keyed(&demo, "indicators") {
            let (income, balance) = (&incomes[&key], &balances[&key]);
            let revenue = income.cents("operating_revenue");
            let margin = income.sum(&["operating_revenue", "-operating_cost"]);
            assert_eq!(row.scaled("gross_margin", 4), percent(margin, revenue), "{row}");
            assert_eq!(
                row.scaled("net_margin", 4),
                percent(income.cents("net_profit"), revenue),
                "{row}"
            );
            let debt = percent(balance.cents("total_liabilities"), balance.cents("total_assets"));
            assert_eq!(row.scaled("debt_ratio", 4), debt, "{row}");
            assert_eq!(row.text("basic_eps"), income.text("basic_eps"), "{row}");

            let base = incomes.get(&(key.0.clone(), key.1 - 1, key.2));
            for (growth, item) in [
                ("revenue_yoy", "operating_revenue"),
                ("net_profit_yoy", "net_profit"),
            ] {
                let Some(base) = base else {
                    assert_eq!(row.text(growth), "", "{row}: no year before");
                    continue;
                };
                let (now, before) = (income.cents(item), base.cents(item));
                assert_eq!(
                    row.scaled(growth, 4),
                    percent(now - before, before.abs()),
                    "{row}: {growth}"
                );
            }
        }
    }
}

/// Earnings a share and return on equity by their published rules, from nothing but the published tables.
#[test]
fn weighted_figures_follow_their_rules() {
    let demo = Demo::new(SEEDS[0]);
    let (incomes, balances) = (keyed(&demo, "income_statement"), keyed(&demo, "balance_sheet"));
    let flows = keyed(&demo, "cash_flow");
    for (key, row) in keyed(&demo, "indicators") {
        let Some(opening) = balances.get(&previous_year_end(&key)) else {
            assert_eq!(row.text("roe_weighted"), "", "{row}: no opening balance");
            continue;
        };
        let earned = incomes[&key].cents("net_profit_parent");
        let elapsed = i128::try_from(key.2).unwrap() + 1;
        // Shares and contributions count from the quarter after the one at whose end they came.
        let (mut shares, mut contributed) = (opening.cents("share_capital"), 0);
        for earlier in 0..key.2 {
            let earlier = (key.0.clone(), key.1, earlier);
            shares += balances[&earlier].cents("share_capital");
            contributed += flows[&earlier].sum(&["cash_from_equity", "-dividends_to_parent"]);
        }
        let average = opening.cents("equity_parent") + rounded(earned, 2) + rounded(contributed, elapsed);
        assert_eq!(
            row.scaled("roe_weighted", 4),
            rounded(earned * 1_000_000, average),
            "{row}"
        );
        let per_share = rounded(earned * 10_000, rounded(shares, elapsed));
        assert_eq!(row.scaled("basic_eps", 4), per_share, "{row}");
    }
}
