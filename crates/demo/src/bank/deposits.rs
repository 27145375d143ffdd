//! Deposits month by month, and what matures.

use jiff::civil::{Date, date};

use super::Client;
use crate::calendar::{AS_OF, plus_days, plus_months};
use crate::fixed::mul_div;
use crate::rng::Rng;

/// Movements of a client's deposits in one month, in cents.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Month {
    pub(super) balance: i64,
    /// Salary, spending, transfers: everything but products.
    pub(super) external: i64,
    /// Paid for products less received from them, fees included.
    pub(super) into_products: i64,
    /// Received from products as distributions.
    pub(super) distributions: i64,
}

/// A deposit or a closed product that will be paid back.
#[derive(Debug, Clone)]
pub(super) struct TimeDeposit {
    pub(super) name: &'static str,
    pub(super) amount: i64,
    /// In hundredths of a percent.
    pub(super) rate: i64,
    pub(super) start: Date,
    pub(super) maturity: Date,
}

/// Deposits at the ends of the given months; `months` holds what went into products and came out of them.
pub(super) fn balances(rng: &mut Rng, client: &Client, months: &[(i64, i64)]) -> Vec<Month> {
    let base = mul_div(
        client.means,
        (1_000 - client.in_products) * rng.between(850, 1_150),
        1_000_000,
    ) + rng.between(0, 9_999);
    // Nobody empties the account for a product; the money for it comes from elsewhere.
    let least = base / 4 + rng.between(0, base / 10);
    let mut balance = 0;
    let mut all = Vec::with_capacity(months.len());
    for (number, (into_products, distributions)) in months.iter().enumerate() {
        let usual = if number == 0 {
            base + into_products
        } else {
            base * rng.between(-350, 500) / 10_000
        };
        let mut external = usual + rng.between(-5_000, 5_000);
        let after = balance + external - into_products + distributions;
        if after < least {
            external += least - after + rng.between(0, base / 20);
        } else if after > base * 3 {
            // What gathers after large sales is moved on to other banks in part.
            external -= (after - base * 3) / 2;
        }
        balance += external - into_products + distributions;
        all.push(Month {
            balance,
            external,
            into_products: *into_products,
            distributions: *distributions,
        });
    }
    all
}

/// Name, months, rate in hundredths of a percent.
const TERMS: [(&str, i64, i64); 6] = [
    ("三个月定期存款", 3, 85),
    ("六个月定期存款", 6, 105),
    ("一年期定期存款", 12, 125),
    ("二年期定期存款", 24, 145),
    ("三年期定期存款", 36, 175),
    ("五年期定期存款", 60, 180),
];

/// From 500,000 yuan on.
const LARGE: i64 = 50_000_000;

/// Time deposits that run on [`AS_OF`]; together they never exceed what was on the account in any shown month.
pub(super) fn time_deposits(rng: &mut Rng, client: &Client, months: &[Month]) -> Vec<TimeDeposit> {
    let always_there = months.iter().map(|month| month.balance).min().unwrap_or(0);
    let mut left = always_there / 100 * rng.between(0, 85);
    let mut all = Vec::new();
    for _ in 0..rng.between(0, 4) {
        let (name, term, rate) = rng.pick(&TERMS);
        let earliest = plus_days(plus_months(AS_OF, -term), 1)
            .max(client.open_date)
            .max(date(2021, 10, 8));
        let span = crate::calendar::days_between(earliest, AS_OF);
        let start = plus_days(earliest, rng.between(0, span));
        // Round thousands of yuan.
        let amount = left / 100 * rng.between(25, 80) / 100_000 * 100_000;
        let maturity = plus_months(start, term);
        // A deposit begun on a month's last day may have ended on a shorter month's last day.
        if amount <= 0 || maturity <= AS_OF {
            continue;
        }
        left -= amount;
        // Rates were higher when the deposit is older.
        let older = (i64::from(AS_OF.year()) - i64::from(start.year())) * 20;
        // Large sums are put into two deposits on one day, so that part of them can be ended early.
        let first = if amount < LARGE {
            amount
        } else {
            amount * 3 / 5 / 100_000 * 100_000
        };
        for amount in [first, amount - first].into_iter().filter(|amount| *amount > 0) {
            all.push(TimeDeposit {
                name,
                amount,
                rate: rate + older,
                start,
                maturity,
            });
        }
    }
    all
}
