//! What is refused, and as what.

use jinsheng_core::Scope;
use jinsheng_testkit::naive::RefusalKind::{
    self, Form, Grain, Hidden, Invalid, Rate, UnitMismatch, UnknownName, UnreachableDimension,
};

use crate::fixture::{Fixture, bank, companies};

#[track_caller]
fn refused(fixture: &Fixture, cases: &[(&str, RefusalKind)]) {
    for (line, kind) in cases {
        match fixture.run(line, &Scope::full()) {
            Ok(result) => panic!("{line} gave\n{result}"),
            Err(refusal) => assert_eq!(refusal.kind(), *kind, "{line}: {refusal}"),
        }
    }
}

#[test]
fn names() {
    refused(
        &companies(),
        &[
            ("profit", UnknownName),
            ("revenue by branch", UnknownName),
            ("revenue@companies", UnknownName),
            ("revenue@formula", UnknownName),
            ("revenue of customer = 1", UnknownName),
            ("revenue where company.size = 1", UnknownName),
            ("revenue as x, x + 1", UnknownName),
            ("revenue as x by company having x:ttm > 1", UnknownName),
            ("revenue by company order by city", Invalid),
            ("revenue as x, cost as x", Invalid),
            ("1 + 2", Invalid),
            ("revenue, sum(1 over company)", Invalid),
            ("sum(revenue over period), max(1 + 2 over period)", Invalid),
        ],
    );
}

#[test]
fn dimensions() {
    refused(
        &bank(),
        &[
            ("target by client", UnreachableDimension),
            ("amount by product", UnreachableDimension),
            (
                "amount, target by branch where segment = '私行'",
                UnreachableDimension,
            ),
            ("target[segment = '私行']", UnreachableDimension),
            ("mean(target over client) by branch", UnreachableDimension),
            ("rank(amount within branch) by client.segment", Invalid),
            ("amount by client top 1 by amount within kind", Invalid),
            ("amount by client.segment of branch.region = '东'", Invalid),
            ("amount by client where age > '三十'", Invalid),
        ],
    );
}

#[test]
fn rates_over_several_keys() {
    refused(
        &companies(),
        &[
            ("roe", Rate),
            ("roe by industry", Rate),
            ("roe where company = A", Rate),
            ("mean(roe over industry)", Rate),
        ],
    );
    refused(&bank(), &[("price by client", Rate), ("price by product", Rate)]);
    companies().check(
        "roe of company = A at 2025Q3",
        "company | period | roe (%)
         A | 2025Q3 | 12",
    );
}

#[test]
fn grains_and_lags() {
    refused(
        &companies(),
        &[
            ("revenue at 2024-03", Grain),
            ("revenue last 3 day", Grain),
            ("revenue at 2024, 2024Q1", Grain),
            ("revenue from 2024Q1 to 2025", Grain),
            ("shift(revenue, 1 month)", Grain),
            ("shift(revenue, 1 quarter) at 2024", Grain),
            ("shift(revenue, 0 year)", Invalid),
            ("cagr(revenue, 0)", Invalid),
        ],
    );
    refused(
        &bank(),
        &[
            ("target at 2025Q1", Grain),
            ("yoy(amount) at 2025-01-05", Grain),
            ("cagr(amount, 1) at 2025-01-05", Grain),
            ("shift(amount, 1 month) at 2025-01-05", Grain),
            ("shift(amount, 1 day) at 2025-01", Grain),
            ("yoy(seats)", Invalid),
            ("streak(seats > 1)", Invalid),
            ("sum(seats over period)", Invalid),
            ("seats at 2025", Invalid),
            ("seats latest year", Invalid),
            ("amount, mean(yoy(clients) over client) each month", Invalid),
            ("amount, max(streak(seats > 1) over branch) each month", Invalid),
            ("seats by branch order by period", Invalid),
        ],
    );
}

#[test]
fn forms_and_folds_over_periods() {
    refused(
        &companies(),
        &[
            ("assets:ttm", Form),
            ("roe:single by company", Form),
            ("capital:ytd", Form),
            ("debt_ratio:ttm", Form),
            ("mean(revenue over period), revenue", Invalid),
            ("mean(revenue over period) having revenue > 1", Invalid),
            ("mean(revenue over period) order by revenue", Invalid),
            ("mean(revenue over period) top 1 by revenue", Invalid),
            ("mean(revenue over period) order by period", Invalid),
            ("mean(mean(revenue over period) over period)", Invalid),
            ("yoy(mean(revenue over period))", Invalid),
            ("mean(revenue over period), capital by company", Invalid),
            ("mean(mean(revenue over period) over company)", Invalid),
        ],
    );
}

#[test]
fn twelve_months_of_days() {
    refused(
        &bank(),
        &[
            ("amount:ttm at 2025-03-01", Form),
            ("amount:ttm by client from 2025-03-01 to 2025-03-31", Form),
        ],
    );
}

#[test]
fn units() {
    refused(
        &companies(),
        &[
            ("revenue by company having revenue > 5%", UnitMismatch),
            ("roe by company having roe > 5", UnitMismatch),
            ("roe by company having yoy_diff(roe) > 1%", UnitMismatch),
            ("revenue by company having revenue > assets + roe", UnitMismatch),
        ],
    );
}

#[test]
fn what_a_scope_hides() {
    let fixture = companies();
    let hidden = |names: &[&str]| Scope::restricted("r", [], names.iter().map(|name| (*name).to_owned()));
    for (line, names) in [
        ("revenue", &["income"] as &[&str]),
        ("revenue", &["income.revenue"]),
        ("revenue by city", &["companies.city"]),
        ("revenue where city = '北京'", &["companies"]),
        ("margin", &["income.cost"]),
    ] {
        assert_eq!(
            fixture.run(line, &hidden(names)).unwrap_err().kind(),
            Hidden,
            "{line}"
        );
        assert!(fixture.run(line, &hidden(&["balance"])).is_ok(), "{line}");
    }
}

#[test]
fn numbers_that_do_not_fit() {
    let fixture = Fixture::new(
        "
version: 1
tables:
  big: { source: big, unique: false, measures: { value: { column: value, time: static } } }
metrics: { value: { label: { zh: 值 }, measure: big.value } }
",
        &[("big", "value\n 999999999999999998.5\n 0.49999999999999999999")],
    );
    // The sum has 38 digits: rounded half away from zero to fit.
    fixture.check("value", "value\n 999999999999999999");
    fixture.check("value * 2", "refused: a value of `value * 2` is too large");
}
