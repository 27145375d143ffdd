//! Products and their net asset values.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{Demo, Row, SEEDS, rounded};

fn series(demo: &Demo) -> BTreeMap<String, Vec<Row>> {
    let mut all: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in demo.rows("fund_nav") {
        all.entry(row.text("fund_code").to_owned()).or_default().push(row);
    }
    all
}

#[test]
fn two_hundred_products_have_values_on_every_trading_day_of_theirs() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        let days: BTreeSet<String> = demo
            .rows("index_daily")
            .iter()
            .map(|row| row.text("trade_date").to_owned())
            .collect();
        let products = demo.by("funds", "fund_code");
        assert_eq!(products.len(), 200);
        let series = series(&demo);
        let mut started_late = 0;
        for (code, product) in &products {
            let rows = &series[code];
            let found: Vec<&str> = rows.iter().map(|row| row.text("nav_date")).collect();
            let inception = product.text("inception_date");
            let expected: Vec<&str> = days
                .iter()
                .map(String::as_str)
                .filter(|day| *day >= inception)
                .collect();
            assert_eq!(found, expected, "seed {seed}, {code}");
            if found.len() < days.len() {
                started_late += 1;
                assert_eq!(rows[0].text("nav_date"), inception, "{code}");
                assert_eq!(rows[0].text("unit_nav"), "1.0000", "{code}");
            }
        }
        assert_eq!(series.len(), products.len());
        assert!(
            (20..=80).contains(&started_late),
            "seed {seed}: {started_late} products started late"
        );
    }
}

#[test]
fn daily_returns_follow_from_the_values() {
    for seed in SEEDS {
        for (code, rows) in series(&Demo::new(seed)) {
            assert_eq!(rows[0].text("daily_return"), "", "{code}");
            for pair in rows.windows(2) {
                let (before, now) = (&pair[0], &pair[1]);
                let gain = now.scaled("accumulated_nav", 4) - before.scaled("accumulated_nav", 4);
                let nav = before.scaled("unit_nav", 4);
                assert_eq!(
                    now.scaled("daily_return", 4),
                    rounded(gain * 1_000_000, nav),
                    "{now}"
                );
                let paid = gain - (now.scaled("unit_nav", 4) - nav);
                assert!(paid >= 0 && paid < nav / 10, "{now}: paid {paid}");
            }
        }
    }
}

/// Annualised deviation of daily returns in ten-thousandths of a percent.
fn volatility(rows: &[Row]) -> i128 {
    let returns: Vec<i128> = rows[1..]
        .iter()
        .map(|row| row.scaled("daily_return", 4))
        .collect();
    let count = i128::try_from(returns.len()).unwrap();
    let mean = returns.iter().sum::<i128>() / count;
    let variance = returns
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum::<i128>()
        / count;
    (variance * 243).isqrt()
}

#[test]
fn volatility_fits_the_risk_level() {
    // In hundredths of a percent a year.
    let bands = [
        ("R1", 0, 15),
        ("R2", 30, 250),
        ("R3", 200, 1_700),
        ("R4", 700, 2_900),
        ("R5", 1_100, 4_500),
    ];
    for seed in SEEDS {
        let demo = Demo::new(seed);
        let series = series(&demo);
        let mut by_level: BTreeMap<String, Vec<i128>> = BTreeMap::new();
        for (code, product) in demo.by("funds", "fund_code") {
            let rows = &series[&code];
            if rows.len() < 60 {
                continue;
            }
            let level = product.text("risk_level").to_owned();
            let value = volatility(rows) / 100;
            let (_, low, high) = bands.iter().find(|band| band.0 == level).unwrap();
            assert!(
                (*low..=*high).contains(&value),
                "seed {seed}, {code} {level}: {value}"
            );
            by_level.entry(level).or_default().push(value);
        }
        let medians: Vec<i128> = by_level
            .values_mut()
            .map(|values| {
                values.sort_unstable();
                values[values.len() / 2]
            })
            .collect();
        assert_eq!(medians.len(), 5);
        assert!(
            medians.windows(2).all(|pair| pair[0] < pair[1]),
            "seed {seed}: {medians:?}"
        );
    }
}

#[test]
fn cash_products_never_fall() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        let series = series(&demo);
        let products = demo.by("funds", "fund_code");
        let cash = products
            .iter()
            .filter(|(_, product)| product.text("risk_level") == "R1");
        for (code, _) in cash {
            assert!(
                series[code]
                    .iter()
                    .skip(1)
                    .all(|row| row.scaled("daily_return", 4) >= 0),
                "{code}"
            );
        }
    }
}

#[test]
fn index_funds_follow_their_index() {
    let demo = Demo::new(SEEDS[0]);
    let mut index: BTreeMap<(String, String), i128> = BTreeMap::new();
    for row in demo
        .rows("index_daily")
        .iter()
        .filter(|row| !row.text("change_pct").is_empty())
    {
        let key = (
            row.text("index_code").to_owned(),
            row.text("trade_date").to_owned(),
        );
        index.insert(key, row.scaled("change_pct", 4));
    }
    let series = series(&demo);
    let mut checked = 0;
    for (code, product) in demo.by("funds", "fund_code") {
        if product.text("fund_type") != "指数型" {
            continue;
        }
        let benchmark = product.text("benchmark_index_code").to_owned();
        for row in &series[&code][1..] {
            let key = (benchmark.clone(), row.text("nav_date").to_owned());
            let distance = (row.scaled("daily_return", 4) - index[&key]).abs();
            // A quarter of a percent, and a tenth of the move where the fund is not fully invested.
            assert!(
                distance < 2_500 + index[&key].abs() / 10,
                "{row}: {distance} away from its index"
            );
            checked += 1;
        }
    }
    assert!(checked > 5_000);
}

#[test]
fn attributes_are_within_the_products_words() {
    let demo = Demo::new(SEEDS[0]);
    let indices = demo.by("indices", "index_code");
    let mut levels = BTreeSet::new();
    let (mut funds, mut closed) = (0, 0);
    for (code, row) in demo.by("funds", "fund_code") {
        assert!(indices.contains_key(row.text("benchmark_index_code")), "{code}");
        levels.insert(row.text("risk_level").to_owned());
        assert!((10..=200).contains(&row.cents("management_fee")), "{code}");
        assert!(row.cents("scale") > 30_000_000 * 100, "{code}");
        let is_fund = row.text("product_kind") == "公募基金";
        funds += usize::from(is_fund);
        assert_eq!(row.text("target_return").is_empty(), is_fund, "{code}");
        let is_closed = row.text("operation_mode") == "封闭式";
        closed += usize::from(is_closed);
        assert_eq!(row.text("maturity_date").is_empty(), !is_closed, "{code}");
        assert!(!is_closed || row.text("maturity_date") > "2026-09-30", "{code}");
    }
    assert_eq!(
        levels.into_iter().collect::<Vec<_>>(),
        ["R1", "R2", "R3", "R4", "R5"]
    );
    assert_eq!((funds, closed), (140, 16));
}

#[test]
fn a_manager_has_one_trade() {
    let trades = [
        &["股票型", "混合型"][..],
        &["混合型", "FOF"],
        &["债券型", "货币型"],
        &["指数型"],
        &["现金管理类", "固收类"],
        &["混合类"],
        &["权益类"],
    ];
    let mut kinds: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in Demo::new(SEEDS[0]).rows("funds") {
        let manager = kinds.entry(row.text("manager").to_owned()).or_default();
        manager.insert(row.text("fund_type").to_owned());
    }
    for (manager, kinds) in kinds {
        let is_one = |trade: &&&[&str]| kinds.iter().all(|kind| trade.contains(&kind.as_str()));
        assert!(trades.iter().any(|trade| is_one(&trade)), "{manager}: {kinds:?}");
    }
}

#[test]
fn no_english_name_says_a_word_twice() {
    for row in Demo::new(SEEDS[0]).rows("funds") {
        let name = row.text("english_name");
        let words: Vec<&str> = name.split(' ').collect();
        assert!(words.windows(2).all(|pair| pair[0] != pair[1]), "{name}");
    }
}
