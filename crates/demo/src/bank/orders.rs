//! What clients buy and sell, day by day.
//!
//! Orders respect suitability (a client of capacity Cn buys up to Rn while the risk test is valid) except a
//! handful of deliberate breaches, which a compliance check must be able to find.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Client, Tier};
use crate::calendar::{days_between, plus_days};
use crate::fixed::{count, mul_div};
use crate::funds::Product;
use crate::rng::Rng;

/// Clients who are sold a product above their capacity.
const TOO_RISKY: usize = 9;
/// Clients who buy after their risk test has expired.
const TOO_LATE: usize = 6;

/// Trading days of the first year.
const EARLY_DAYS: usize = 243;

/// A confirmed purchase or redemption.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trade {
    pub(super) day: usize,
    pub(super) client: usize,
    pub(super) product: usize,
    pub(super) is_purchase: bool,
    /// In hundredths of a unit.
    pub(super) shares: i64,
    /// In ten-thousandths of a yuan.
    pub(super) nav: i64,
    /// `shares x nav` in cents.
    pub(super) amount: i64,
    pub(super) fee: i64,
}

/// What a client holds of one product.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Position {
    /// In hundredths of a unit.
    pub(super) shares: i64,
    /// Paid for what is still held, fees included, in cents; a sale takes its part of the average.
    pub(super) cost: i64,
    last_purchase: usize,
}

impl Position {
    /// Enters a trade.
    pub(super) fn apply(&mut self, trade: &Trade) {
        if trade.is_purchase {
            self.shares += trade.shares;
            self.cost += trade.amount + trade.fee;
            self.last_purchase = trade.day;
        } else {
            self.cost -= mul_div(self.cost, trade.shares, self.shares);
            self.shares -= trade.shares;
        }
    }
}

/// Value of shares in cents.
pub(super) fn value(shares: i64, nav: i64) -> i64 {
    mul_div(shares, nav, 10_000)
}

/// Something that a client wants to do on a day.
#[derive(Debug, Clone, Copy)]
enum Wish {
    /// Buy for so many cents.
    Buy { product: usize, gross: i64 },
    /// Sell so many hundredths of what is held of some open product.
    Sell { percent: i64 },
}

/// Why a client's orders leave the rules, if they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Breach {
    None,
    TooRisky,
    TooLate,
}

/// The market as the orders see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Market<'a> {
    pub(super) days: &'a [Date],
    pub(super) products: &'a [Product],
}

impl Market<'_> {
    /// First trading day on or after a date.
    fn day_from(&self, date: Date) -> usize {
        self.days.partition_point(|day| *day < date)
    }

    fn choose(&self, rng: &mut Rng, fits: impl Fn(&Product) -> bool) -> Option<usize> {
        let fitting: Vec<usize> = self
            .products
            .iter()
            .enumerate()
            .filter(|(_, product)| fits(product))
            .map(|(number, _)| number)
            .collect();
        (!fitting.is_empty()).then(|| rng.pick(&fitting))
    }
}

/// All trades, ordered by day and then by client.
pub(super) fn trades(seed: u64, clients: &[Client], market: Market<'_>) -> Vec<Trade> {
    let breaches = breaches(seed, clients);
    let closed = closed_purchases(seed, clients, market);
    let mut all = Vec::new();
    for (number, (client, breach)) in clients.iter().zip(breaches).enumerate() {
        let mut rng = Rng::stream(seed, "orders", number);
        let mut wishes = wishes(&mut rng, client, breach, market);
        wishes.extend(
            closed
                .iter()
                .filter(|(owner, _, _)| *owner == number)
                .map(|(_, day, wish)| (*day, *wish)),
        );
        wishes.sort_by_key(|(day, _)| *day);
        all.extend(confirm(&mut rng, number, &wishes, market));
    }
    all.sort_by_key(|trade| (trade.day, trade.client));
    all
}

/// Chooses the clients of the deliberate breaches.
fn breaches(seed: u64, clients: &[Client]) -> Vec<Breach> {
    let mut rng = Rng::stream(seed, "breaches", 0);
    let mut order: Vec<usize> = (0..clients.len()).collect();
    rng.shuffle(&mut order);
    let mut chosen = vec![Breach::None; clients.len()];
    let (mut risky, mut late) = (0, 0);
    for number in order {
        let (Some(client), Some(breach)) = (clients.get(number), chosen.get_mut(number)) else {
            continue;
        };
        let is_expired = client.test_expiry() < plus_days(crate::AS_OF, -30);
        if late < TOO_LATE && is_expired {
            *breach = Breach::TooLate;
            late += 1;
        } else if risky < TOO_RISKY && client.capacity <= 3 && !is_expired {
            *breach = Breach::TooRisky;
            risky += 1;
        }
    }
    chosen
}

/// The amount of one of so many purchases, in cents, in round hundreds or thousands.
fn ticket(rng: &mut Rng, client: &Client, purchases: i64) -> i64 {
    let round = match client.tier {
        Tier::Mass => 10_000,
        Tier::Wealth => 100_000,
        Tier::Private => 1_000_000,
    };
    // About a third of what is bought is sold again.
    let total = mul_div(
        client.means,
        client.in_products * rng.between(1_200, 1_800),
        1_000_000,
    );
    let one = total / purchases.max(1) * rng.between(50, 160) / 100;
    (one / round * round).max(round)
}

fn wishes(rng: &mut Rng, client: &Client, breach: Breach, market: Market<'_>) -> Vec<(usize, Wish)> {
    let first = market.day_from(client.open_date).max(1);
    // Later purchases would not be covered by the test.
    let last = market
        .day_from(plus_days(client.test_expiry(), 1))
        .saturating_sub(1);
    let mut wishes = Vec::new();
    if first < last {
        let purchases = match client.tier {
            Tier::Mass => rng.between(2, 8),
            Tier::Wealth => rng.between(6, 16),
            Tier::Private => rng.between(14, 38),
        };
        for _ in 0..purchases {
            // Much of what clients hold was bought before the first month whose assets are shown.
            let until = if rng.chance(45) {
                last.min(first.max(EARLY_DAYS))
            } else {
                last
            };
            let day = first + rng.index(until - first + 1);
            let gross = ticket(rng, client, purchases);
            let wanted = rng
                .between(1, client.capacity)
                .max(rng.between(1, client.capacity));
            let product = market.choose(rng, |product| {
                product.risk == wanted && product.maturity.is_none() && product.nav(day).is_some()
            });
            wishes.extend(product.map(|product| (day, Wish::Buy { product, gross })));
            if rng.chance(50) {
                let later = day + 20 + rng.index(330);
                wishes.push((
                    later,
                    Wish::Sell {
                        percent: rng.pick(&[25, 50, 50, 100, 100, 100]),
                    },
                ));
            }
        }
        if client.tier != Tier::Private && rng.chance(20) {
            wishes.extend(savings_plan(rng, client, first, last, market));
        }
    }
    let end = market.days.len() - 1;
    match breach {
        Breach::TooRisky => {
            let above = if rng.chance(60) { 2 } else { 1 };
            let day = end - rng.index(160);
            let day = day.max(first);
            let product = market.choose(rng, |product| {
                product.risk == client.capacity + above
                    && product.maturity.is_none()
                    && product.nav(day).is_some()
            });
            let gross = ticket(rng, client, 3);
            wishes.extend(product.map(|product| (day, Wish::Buy { product, gross })));
        }
        Breach::TooLate => {
            let day = market
                .day_from(plus_days(client.test_expiry(), rng.between(3, 28)))
                .min(end);
            let product = market.choose(rng, |product| {
                product.risk <= client.capacity && product.maturity.is_none() && product.nav(day).is_some()
            });
            let gross = ticket(rng, client, 3);
            wishes.extend(product.map(|product| (day, Wish::Buy { product, gross })));
        }
        Breach::None => {}
    }
    wishes
}

/// The same amount every month into one product.
fn savings_plan(
    rng: &mut Rng,
    client: &Client,
    first: usize,
    last: usize,
    market: Market<'_>,
) -> Vec<(usize, Wish)> {
    let start = first + rng.index((last - first) / 2 + 1);
    let product = market.choose(rng, |product| {
        product.risk <= client.capacity
            && product.risk >= 2
            && product.maturity.is_none()
            && product.nav(start).is_some()
            && product.least_purchase() <= 50_000
    });
    let gross = rng.pick(&[50_000, 100_000, 100_000, 200_000, 300_000, 500_000]);
    let Some(product) = product else { return Vec::new() };
    let months = market.days.iter().enumerate().take(last + 1).skip(start);
    let mut bought_in = None;
    let mut wishes = Vec::new();
    for (number, day) in months {
        let month = (day.year(), day.month());
        if day.day() >= 8 && bought_in != Some(month) {
            bought_in = Some(month);
            wishes.push((number, Wish::Buy { product, gross }));
        }
    }
    wishes
}

/// Who buys closed products, on their first day.
fn closed_purchases(seed: u64, clients: &[Client], market: Market<'_>) -> Vec<(usize, usize, Wish)> {
    let mut rng = Rng::stream(seed, "closed products", 0);
    let mut all = Vec::new();
    for (number, product) in market.products.iter().enumerate() {
        if product.maturity.is_none() {
            continue;
        }
        let mut fitting: Vec<(usize, &Client)> = clients
            .iter()
            .enumerate()
            .filter(|(_, client)| {
                client.capacity >= product.risk
                    && client.open_date <= product.inception
                    && client.test_expiry() >= product.inception
            })
            .collect();
        rng.shuffle(&mut fitting);
        let buyers = rng.index(14) + 10;
        for (owner, client) in fitting.into_iter().take(buyers) {
            let gross = ticket(&mut rng, client, 4).max(product.least_purchase());
            all.push((
                owner,
                product.first_day,
                Wish::Buy {
                    product: number,
                    gross,
                },
            ));
        }
    }
    all
}

/// Turns wishes into trades at the day's value.
fn confirm(rng: &mut Rng, client: usize, wishes: &[(usize, Wish)], market: Market<'_>) -> Vec<Trade> {
    let mut positions: BTreeMap<usize, Position> = BTreeMap::new();
    let mut trades = Vec::new();
    for (day, wish) in wishes {
        let trade = match wish {
            Wish::Buy { product, gross } => buy(client, *day, *product, *gross, market),
            Wish::Sell { percent } => {
                let held: Vec<usize> = positions
                    .iter()
                    .filter(|(_, position)| position.shares > 0 && position.last_purchase < *day)
                    .map(|(product, _)| *product)
                    .collect();
                let product = rng.pick(&held);
                let position = positions.get(&product).copied().unwrap_or_default();
                sell(client, *day, product, position, *percent, market)
            }
        };
        if let Some(trade) = trade {
            positions.entry(trade.product).or_default().apply(&trade);
            trades.push(trade);
        }
    }
    trades
}

fn buy(client: usize, day: usize, number: usize, gross: i64, market: Market<'_>) -> Option<Trade> {
    let product = market.products.get(number)?;
    let nav = product.nav(day)?;
    let rate = product.purchase_fee();
    // The least amount is that of the units: the fee comes on top of it.
    let net = (gross - mul_div(gross, rate, 10_000 + rate)).max(product.least_purchase());
    let fee = mul_div(net, rate, 10_000);
    // Units are rounded down, and the few cents left stay on the account, but never below the least amount.
    let mut shares = net * 10_000 / nav.max(1);
    while value(shares, nav) < product.least_purchase() {
        shares += 1;
    }
    (shares > 0).then(|| Trade {
        day,
        client,
        product: number,
        is_purchase: true,
        shares,
        nav,
        amount: value(shares, nav),
        fee,
    })
}

fn sell(
    client: usize,
    day: usize,
    number: usize,
    position: Position,
    percent: i64,
    market: Market<'_>,
) -> Option<Trade> {
    let product = market
        .products
        .get(number)
        .filter(|product| product.maturity.is_none())?;
    let nav = product.nav(day)?;
    let shares = position.shares * percent / 100;
    let amount = value(shares, nav);
    let bought = market.days.get(position.last_purchase)?;
    let held_days = days_between(*bought, *market.days.get(day)?);
    let rate = if held_days < 365 {
        product.redemption_fee()
    } else {
        0
    };
    let fee = mul_div(amount, rate, 10_000);
    debug_assert!(
        count(day) > count(position.last_purchase),
        "nothing is sold on the day of its purchase"
    );
    (shares > 0).then_some(Trade {
        day,
        client,
        product: number,
        is_purchase: false,
        shares,
        nav,
        amount,
        fee,
    })
}
