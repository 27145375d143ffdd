//! Indices and macro series.

use std::collections::BTreeMap;

use crate::support::{Demo, SEEDS, rounded};

#[test]
fn daily_changes_follow_from_the_closes() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        let codes = demo.by("indices", "index_code");
        let mut last: BTreeMap<String, i128> = BTreeMap::new();
        for row in demo.rows("index_daily") {
            let code = row.text("index_code").to_owned();
            assert!(codes.contains_key(&code), "{row}");
            let close = row.cents("close");
            match last.insert(code, close) {
                Some(before) => {
                    let change = rounded((close - before) * 1_000_000, before);
                    assert_eq!(row.scaled("change_pct", 4), change, "{row}");
                    assert!(change.abs() < 160_000, "seed {seed}, {row}: a change of {change}");
                }
                None => assert_eq!(row.text("change_pct"), "", "{row}"),
            }
        }
        assert_eq!(last.len(), codes.len());
    }
}

#[test]
fn indices_end_somewhere_sensible() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        let mut ends: BTreeMap<String, (i128, i128)> = BTreeMap::new();
        for row in demo.rows("index_daily") {
            let close = row.cents("close");
            ends.entry(row.text("index_code").to_owned())
                .or_insert((close, close))
                .1 = close;
        }
        for (code, (first, last)) in ends {
            let change = (last - first) * 100 / first;
            assert!(
                (-72..=260).contains(&change),
                "seed {seed}: index {code} changed by {change} %"
            );
        }
    }
}

#[test]
fn macro_months_are_complete_and_plausible() {
    for seed in SEEDS {
        let rows = Demo::new(seed).rows("macro");
        assert_eq!(rows.first().unwrap().text("month"), "2022-01");
        assert_eq!(rows.last().unwrap().text("month"), "2026-09");
        assert_eq!(rows.len(), 57);
        for row in &rows {
            let month: u32 = row.text("month").split_once('-').unwrap().1.parse().unwrap();
            assert_eq!(row.text("gdp_yoy").is_empty(), !month.is_multiple_of(3), "{row}");
            let between = |column: &str, decimals: usize, low: i128, high: i128| {
                let value = row.scaled(column, decimals);
                assert!(
                    (low..=high).contains(&value),
                    "seed {seed}, {row}: {column} {value}"
                );
            };
            between("cpi_yoy", 1, -20, 45);
            between("ppi_yoy", 1, -60, 95);
            between("m2_yoy", 1, 60, 110);
            between("pmi", 1, 470, 530);
            between("lpr_1y", 2, 250, 400);
            between("lpr_5y", 2, 300, 480);
            between("social_financing", 0, 8_000, 80_000);
            between("usd_cny", 4, 60_000, 78_000);
        }
        // Nothing leaps from one month to the next.
        for pair in rows.windows(2) {
            for (column, most) in [("cpi_yoy", 13), ("ppi_yoy", 18), ("m2_yoy", 10)] {
                let step = pair[1].scaled(column, 1) - pair[0].scaled(column, 1);
                assert!(step.abs() <= most, "seed {seed}, {}: {column} by {step}", pair[1]);
            }
        }
    }
}

/// A question for the change over a year would have the answer 0.
#[test]
fn the_default_demos_latest_month_differs_from_the_year_before() {
    let rows = Demo::new(SEEDS[0]).rows("macro");
    let last = rows.last().unwrap();
    let before = rows.iter().find(|row| row.text("month") == "2025-09").unwrap();
    for column in ["cpi_yoy", "ppi_yoy", "m2_yoy", "pmi", "usd_cny", "gdp_yoy"] {
        assert_ne!(last.text(column), before.text(column), "{column}");
    }
}
