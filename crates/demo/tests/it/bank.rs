//! The bank's books agree with each other: transactions, holdings, deposits, assets, maturities.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{Demo, Row, SEEDS, rounded};

const AS_OF: &str = "2026-09-30";

/// Unit values and accumulated values by product and day, in ten-thousandths of a yuan.
struct Values(BTreeMap<String, BTreeMap<String, (i128, i128)>>);

impl Values {
    fn of(demo: &Demo) -> Self {
        let mut all: BTreeMap<String, BTreeMap<String, (i128, i128)>> = BTreeMap::new();
        for row in demo.rows("fund_nav") {
            let values = (row.scaled("unit_nav", 4), row.scaled("accumulated_nav", 4));
            all.entry(row.text("fund_code").to_owned())
                .or_default()
                .insert(row.text("nav_date").to_owned(), values);
        }
        Self(all)
    }

    /// The last value on or before a day.
    fn at(&self, product: &str, day: &str) -> (i128, i128) {
        *self.0[product].range(..=day.to_owned()).next_back().unwrap().1
    }
}

fn holder(row: &Row) -> (String, String) {
    (
        row.text("client_id").to_owned(),
        row.text("product_code").to_owned(),
    )
}

fn is_purchase(row: &Row) -> bool {
    match row.text("kind") {
        "申购" => true,
        "赎回" => false,
        other => panic!("{row}: kind `{other}`"),
    }
}

#[test]
fn every_reference_leads_somewhere() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        let branches = demo.by("branches", "branch_id");
        let managers = demo.by("relationship_managers", "manager_id");
        let clients = demo.by("clients", "client_id");
        let products = demo.by("funds", "fund_code");
        assert_eq!((branches.len(), managers.len(), clients.len()), (3, 12, 500));
        for row in managers.values() {
            assert!(branches.contains_key(row.text("branch_id")), "{row}");
        }
        let served: BTreeSet<&str> = clients.values().map(|row| row.text("manager_id")).collect();
        assert_eq!(
            served,
            managers.keys().map(String::as_str).collect(),
            "every manager has clients"
        );
        for table in ["holdings", "transactions", "maturities", "client_aum"] {
            for row in demo.rows(table) {
                assert!(clients.contains_key(row.text("client_id")), "{row}");
                if table != "client_aum" && !row.text("product_code").is_empty() {
                    assert!(products.contains_key(row.text("product_code")), "{row}");
                }
            }
        }
        demo.by("transactions", "transaction_id");
    }
}

#[test]
fn trades_are_made_at_the_days_value() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        let values = Values::of(&demo);
        let clients = demo.by("clients", "client_id");
        for row in demo.rows("transactions") {
            let (nav, _) = values.0[row.text("product_code")][row.text("trade_date")];
            assert_eq!(row.scaled("nav", 4), nav, "{row}");
            let shares = row.scaled("shares", 2);
            assert!(shares > 0, "{row}");
            assert_eq!(row.cents("amount"), rounded(shares * nav, 10_000), "{row}");
            let fee = row.cents("fee");
            assert!(fee >= 0 && fee * 50 <= row.cents("amount"), "{row}: fee {fee}");
            assert!(
                row.text("trade_date") >= clients[row.text("client_id")].text("open_date"),
                "{row}"
            );
        }
    }
}

#[test]
fn holdings_are_the_sum_of_the_transactions() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        let values = Values::of(&demo);
        let mut expected: BTreeMap<(String, String), (i128, i128)> = BTreeMap::new();
        for row in demo.rows("transactions") {
            let (shares, cost) = expected.entry(holder(&row)).or_default();
            if is_purchase(&row) {
                *shares += row.scaled("shares", 2);
                *cost += row.sum(&["amount", "fee"]);
            } else {
                *cost -= rounded(*cost * row.scaled("shares", 2), *shares);
                *shares -= row.scaled("shares", 2);
                assert!(*shares >= 0, "seed {seed}, {row}: sold more than was held");
            }
        }
        expected.retain(|_, (shares, _)| *shares > 0);
        let mut found = BTreeMap::new();
        for row in demo.rows("holdings") {
            assert_eq!(row.text("as_of_date"), AS_OF);
            let (nav, _) = values.at(row.text("product_code"), AS_OF);
            assert_eq!(row.scaled("unit_nav", 4), nav, "{row}");
            let shares = row.scaled("shares", 2);
            assert_eq!(row.cents("market_value"), rounded(shares * nav, 10_000), "{row}");
            found.insert(holder(&row), (shares, row.cents("cost")));
        }
        assert_eq!(found, expected, "seed {seed}");
        assert!(found.len() > 1_500);
    }
}

/// Recomputes each client's product value and product flows of every month from transactions and values.
#[test]
fn assets_under_management_follow_from_transactions_values_and_deposits() {
    for seed in [SEEDS[0], 42] {
        let demo = Demo::new(seed);
        let values = Values::of(&demo);
        let mut trades: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for row in demo.rows("transactions") {
            trades
                .entry(row.text("client_id").to_owned())
                .or_default()
                .push(row);
        }
        let mut months: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for row in demo.rows("client_aum") {
            months
                .entry(row.text("client_id").to_owned())
                .or_default()
                .push(row);
        }
        let no_trades = Vec::new();
        for (client, rows) in &months {
            let trades = trades.get(client).unwrap_or(&no_trades);
            let mut last_deposit = None;
            for row in rows {
                let end = row.text("month_end");
                let first_of_month = format!("{}-01", end.rsplit_once('-').unwrap().0);
                let mut held: BTreeMap<&str, i128> = BTreeMap::new();
                let mut invested = 0;
                for trade in trades.iter().filter(|trade| trade.text("trade_date") <= end) {
                    let sign = if is_purchase(trade) { 1 } else { -1 };
                    *held.entry(trade.text("product_code")).or_default() += sign * trade.scaled("shares", 2);
                    if trade.text("trade_date") >= first_of_month.as_str() {
                        invested += sign * trade.cents("amount") + trade.cents("fee");
                    }
                }
                let value: i128 = held
                    .iter()
                    .map(|(product, shares)| rounded(shares * values.at(product, end).0, 10_000))
                    .sum();
                assert_eq!(row.cents("product_market_value"), value, "seed {seed}, {row}");
                assert_eq!(
                    row.cents("product_net_investment"),
                    invested,
                    "seed {seed}, {row}"
                );
                row.adds_up("aum", &["deposit_balance", "product_market_value"]);
                let movements = row.sum(&[
                    "external_net_inflow",
                    "-product_net_investment",
                    "distribution_received",
                ]);
                if let Some(last) = last_deposit {
                    assert_eq!(
                        row.cents("deposit_balance"),
                        last + movements,
                        "seed {seed}, {row}"
                    );
                }
                assert!(
                    row.cents("deposit_balance") >= 0 && row.cents("distribution_received") >= 0,
                    "{row}"
                );
                last_deposit = Some(row.cents("deposit_balance"));
            }
        }
    }
}

/// Recomputes distributions: units held the evening before, times what the product paid.
#[test]
fn distributions_are_credited_to_those_who_held_the_units() {
    let demo = Demo::new(SEEDS[0]);
    let mut expected: BTreeMap<(String, String), i128> = BTreeMap::new();
    let trades = demo.rows("transactions");
    let values = Values::of(&demo);
    for (product, series) in &values.0 {
        let days: Vec<(&String, &(i128, i128))> = series.iter().collect();
        for pair in days.windows(2) {
            let ((_, before), (day, now)) = (pair[0], pair[1]);
            let paid = (now.1 - before.1) - (now.0 - before.0);
            if paid == 0 || day.as_str() < "2024-10-01" {
                continue;
            }
            let mut held: BTreeMap<&str, i128> = BTreeMap::new();
            for trade in trades
                .iter()
                .filter(|trade| trade.text("product_code") == product)
            {
                if trade.text("trade_date") < day.as_str() {
                    let sign = if is_purchase(trade) { 1 } else { -1 };
                    *held.entry(trade.text("client_id")).or_default() += sign * trade.scaled("shares", 2);
                }
            }
            for (client, shares) in held {
                let month = day.rsplit_once('-').unwrap().0.to_owned();
                *expected.entry((client.to_owned(), month)).or_default() += rounded(shares * paid, 10_000);
            }
        }
    }
    expected.retain(|_, amount| *amount > 0);
    let found: BTreeMap<(String, String), i128> = demo
        .rows("client_aum")
        .iter()
        .map(|row| {
            let month = row.text("month_end").rsplit_once('-').unwrap().0.to_owned();
            (
                (row.text("client_id").to_owned(), month),
                row.cents("distribution_received"),
            )
        })
        .filter(|(_, amount)| *amount > 0)
        .collect();
    assert!(!found.is_empty());
    assert_eq!(found, expected);
}

#[test]
fn the_last_month_equals_the_holdings_and_sets_the_segment() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        let mut held: BTreeMap<String, i128> = BTreeMap::new();
        for row in demo.rows("holdings") {
            *held.entry(row.text("client_id").to_owned()).or_default() += row.cents("market_value");
        }
        let clients = demo.by("clients", "client_id");
        let months: BTreeSet<String> = demo
            .rows("client_aum")
            .iter()
            .map(|row| row.text("month_end").to_owned())
            .collect();
        assert_eq!(months.len(), 24);
        assert_eq!(months.first().map(String::as_str), Some("2024-10-31"));
        let mut seen = 0;
        for row in demo
            .rows("client_aum")
            .iter()
            .filter(|row| row.text("month_end") == AS_OF)
        {
            let client = row.text("client_id");
            assert_eq!(
                row.cents("product_market_value"),
                held.get(client).copied().unwrap_or(0),
                "{row}"
            );
            let segment = match row.cents("aum") {
                ..50_000_000 => "大众",
                50_000_000..600_000_000 => "财富",
                _ => "私行",
            };
            assert_eq!(clients[client].text("segment"), segment, "seed {seed}, {row}");
            seen += 1;
        }
        assert_eq!(seen, 500);
        for (segment, low, high) in [("大众", 250, 430), ("财富", 70, 180), ("私行", 20, 60)] {
            let count = clients
                .values()
                .filter(|row| row.text("segment") == segment)
                .count();
            assert!(
                (low..=high).contains(&count),
                "seed {seed}: {count} clients in {segment}"
            );
        }
    }
}

#[test]
fn suitability_holds_but_for_a_handful_of_deliberate_breaches() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        let (clients, products) = (demo.by("clients", "client_id"), demo.by("funds", "fund_code"));
        let level = |text: &str| text.get(1..).unwrap().parse::<u8>().unwrap();
        let (mut above, mut late) = (Vec::new(), Vec::new());
        for row in demo.rows("transactions").iter().filter(|row| is_purchase(row)) {
            let (client, product) = (
                &clients[row.text("client_id")],
                &products[row.text("product_code")],
            );
            if level(product.text("risk_level")) > level(client.text("risk_capacity")) {
                above.push(row.to_string());
            }
            if row.text("trade_date") > client.text("risk_test_expiry") {
                late.push(row.to_string());
            }
        }
        assert_eq!(above.len(), demo.summary.purchases_above_capacity, "{above:?}");
        assert_eq!(late.len(), demo.summary.purchases_after_expiry, "{late:?}");
        assert!((6..=9).contains(&above.len()), "seed {seed}: {above:?}");
        assert!((4..=6).contains(&late.len()), "seed {seed}: {late:?}");
    }
}

#[test]
fn what_matures_is_covered_by_deposits_and_holdings() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        let products = demo.by("funds", "fund_code");
        let clients = demo.by("clients", "client_id");
        let mut deposits: BTreeMap<String, i128> = BTreeMap::new();
        for row in demo
            .rows("client_aum")
            .iter()
            .filter(|row| row.text("month_end") == AS_OF)
        {
            deposits.insert(row.text("client_id").to_owned(), row.cents("deposit_balance"));
        }
        let costs: BTreeMap<(String, String), i128> = demo
            .rows("holdings")
            .iter()
            .map(|row| (holder(row), row.cents("cost")))
            .collect();
        let mut closed = BTreeSet::new();
        for row in demo.rows("maturities") {
            assert!(
                row.text("maturity_date") > AS_OF && row.text("start_date") <= AS_OF,
                "{row}"
            );
            assert!(
                row.text("start_date") >= clients[row.text("client_id")].text("open_date"),
                "{row}"
            );
            assert!((50..=600).contains(&row.cents("rate")), "{row}");
            if row.text("kind") == "定期存款" {
                let left = deposits.get_mut(row.text("client_id")).unwrap();
                *left -= row.cents("amount");
                assert!(*left >= 0, "seed {seed}, {row}: more time deposits than deposits");
            } else {
                let product = &products[row.text("product_code")];
                assert_eq!(row.text("product_name"), product.text("short_name"), "{row}");
                assert_eq!(row.text("maturity_date"), product.text("maturity_date"), "{row}");
                assert_eq!(row.cents("amount"), costs[&holder(&row)], "{row}");
                closed.insert(holder(&row));
            }
        }
        let held: BTreeSet<(String, String)> = costs
            .into_keys()
            .filter(|(_, product)| products[product].text("operation_mode") == "封闭式")
            .collect();
        assert_eq!(
            closed, held,
            "seed {seed}: every holding of a closed product matures"
        );
        assert!(closed.len() > 100);
    }
}

#[test]
fn no_purchase_is_below_the_products_least_amount() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        let products = demo.by("funds", "fund_code");
        for row in demo.rows("transactions").iter().filter(|row| is_purchase(row)) {
            let least = products[row.text("product_code")].scaled("min_purchase", 0) * 100;
            assert!(row.cents("amount") >= least, "seed {seed}, {row}: below {least}");
        }
    }
}

/// Assets rise without a gap: from any client to the next richer one it is less than twice as much.
#[test]
fn the_segments_meet_at_their_limits() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        let mut assets: Vec<i128> = demo
            .rows("client_aum")
            .iter()
            .filter(|row| row.text("month_end") == AS_OF)
            .map(|row| row.cents("aum"))
            .filter(|aum| *aum > 2_000_000)
            .collect();
        assets.sort_unstable();
        for pair in assets.windows(2) {
            assert!(pair[1] * 10 < pair[0] * 16, "seed {seed}: a gap between {pair:?}");
        }
        for limit in [50_000_000, 600_000_000] {
            let near = |aum: &&i128| (limit * 2 / 3..=limit * 3 / 2).contains(*aum);
            assert!(
                assets.iter().filter(near).count() >= 8,
                "seed {seed}: near {limit}"
            );
        }
    }
}

/// Deposits are events: two of one client may begin and end on the same days.
#[test]
fn some_deposits_of_a_client_mature_together() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        let mut seen = BTreeSet::new();
        let together = demo
            .rows("maturities")
            .iter()
            .filter(|row| row.text("kind") == "定期存款")
            .filter(|row| {
                !seen.insert((
                    row.text("client_id").to_owned(),
                    row.text("maturity_date").to_owned(),
                ))
            })
            .count();
        assert!(together >= 5, "seed {seed}: {together}");
    }
}
