//! Rows that a Scope takes away.

use crate::fixture::{bank, companies, scope};

#[test]
fn row_filters_hold_in_every_table_that_reaches_their_dimension() {
    let east = scope(&[("branch.region", &["东"])]);
    // Transactions reach the region through clients, managers and branches.
    bank().check_under(
        &east,
        "amount, target by branch",
        "branch | period | amount (元) | target (元)
         B1 | 2025 | 62 | 2000",
    );
    bank().check_under(&east, "clients, seats", "clients (人) | seats (个)\n 2 | 3");
    // Ranks, shares and the latest period are over what is allowed.
    bank().check_under(
        &scope(&[("client", &["001", "002"])]),
        "aum, share(aum), rank(aum) by client latest month",
        "client | period | aum (元) | share(aum) (%) | rank(aum)
         001 | 2025-02 | 120 | 100 | 1
         002 | 2025-02 | - | - | -",
    );
}

#[test]
fn filters_on_two_dimensions_both_hold_and_an_empty_one_allows_nothing() {
    bank().check_under(
        &scope(&[("branch", &["B1"]), ("client.segment", &["私行"])]),
        "clients by client",
        "client | clients (人)
         001 | 1",
    );
    bank().check_under(&scope(&[("client", &[])]), "aum each month", "period | aum (元)");
    bank().check_under(
        &scope(&[("client", &[])]),
        "seats by branch",
        "branch | seats (个)
         B1 | 3
         B2 | 4",
    );
}

#[test]
fn tables_that_do_not_reach_the_dimension_are_untouched() {
    // Companies of Beijing: the home table reaches the city directly, income and balance through it; D has no city.
    companies().check_under(
        &scope(&[("company.city", &["北京"])]),
        "assets, companies by company at 2025Q3",
        "company | period | assets (亿元) | companies (个)
         A | 2025Q3 | 120 | 1
         C | 2025Q3 | 0 | 1",
    );
    // Targets know branches but no clients.
    bank().check_under(
        &scope(&[("client.segment", &["大众"])]),
        "target by branch at 2025",
        "branch | period | target (元)
         B1 | 2025 | 2000
         B2 | 2025 | 500",
    );
}

#[test]
fn numbers_and_dates_are_allowed_by_value() {
    bank().check_under(
        &scope(&[("client.age", &["30", "60.0"])]),
        "clients by client",
        "client | clients (人)
         001 | 1
         002 | 1",
    );
}
