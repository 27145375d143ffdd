//! The bank's books: transactions, holdings, assets under management and maturities, all from the same trades.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::deposits::{Month, balances, time_deposits};
use super::orders::{Market, Position, Trade, trades, value};
use super::{Client, branch_sheet, client_sheet, clients, manager_sheet};
use crate::calendar::{AS_OF, month_ends, plus_months};
use crate::funds::Product;
use crate::rng::Rng;
use crate::sheet::{Column, Sheet, col};

/// Everything the tables of the bank are made from.
#[derive(Debug)]
pub(crate) struct Bank {
    seed: u64,
    clients: Vec<Client>,
    trades: Vec<Trade>,
}

impl Bank {
    /// Lets the clients trade up to [`AS_OF`].
    pub(crate) fn open(seed: u64, days: &[Date], products: &[Product]) -> Self {
        let clients = clients(seed);
        let trades = trades(seed, &clients, Market { days, products });
        Self {
            seed,
            clients,
            trades,
        }
    }

    /// Purchases above the client's capacity, and purchases after the risk test has expired.
    pub(crate) fn breaches(&self, days: &[Date], products: &[Product]) -> (usize, usize) {
        let (mut too_risky, mut too_late) = (0, 0);
        for trade in self.trades.iter().filter(|trade| trade.is_purchase) {
            let (Some(client), Some(product), Some(day)) = (
                self.clients.get(trade.client),
                products.get(trade.product),
                days.get(trade.day),
            ) else {
                continue;
            };
            too_risky += usize::from(product.risk > client.capacity);
            too_late += usize::from(*day > client.test_expiry());
        }
        (too_risky, too_late)
    }
}

type Positions = BTreeMap<usize, Position>;

/// What one client had at the end of one month.
#[derive(Debug)]
struct MonthEnd {
    date: Date,
    products: i64,
    deposits: Month,
}

/// What a month did to a client's products, in cents.
#[derive(Debug, Clone, Copy, Default)]
struct MonthOfProducts {
    value: i64,
    into_products: i64,
    distributions: i64,
}

fn total_value(positions: &Positions, products: &[Product], day: usize) -> i64 {
    let of_product = |(number, position): (&usize, &Position)| {
        let nav = products
            .get(*number)
            .and_then(|product| product.nav(day))
            .unwrap_or(0);
        value(position.shares, nav)
    };
    positions.iter().map(of_product).sum()
}

/// Runs through all trading days of a client; returns one entry a month end, and the positions at the end.
fn run(trades: &[&Trade], days: &[Date], products: &[Product]) -> (Vec<MonthOfProducts>, Positions) {
    let ends = month_ends();
    let mut positions = Positions::new();
    let mut months = Vec::new();
    let mut pending = trades.iter().peekable();
    let (mut into_products, mut distributions) = (0, 0);
    let first_month = ends.first().map_or(AS_OF, |end| end.first_of_month());
    for (day, date) in days.iter().enumerate() {
        // Who held a unit the evening before gets what it pays.
        for (number, position) in positions.iter().filter(|(_, position)| position.shares > 0) {
            let amount = products
                .get(*number)
                .map_or(0, |product| product.distribution(day));
            if amount > 0 && *date >= first_month {
                distributions += value(position.shares, amount);
            }
        }
        while let Some(trade) = pending.next_if(|trade| trade.day == day) {
            positions.entry(trade.product).or_default().apply(trade);
            if *date >= first_month {
                into_products += if trade.is_purchase {
                    trade.amount + trade.fee
                } else {
                    trade.fee - trade.amount
                };
            }
        }
        let is_last_of_month = days.get(day + 1).is_none_or(|next| next.month() != date.month());
        if is_last_of_month && *date >= first_month {
            let value = total_value(&positions, products, day);
            months.push(MonthOfProducts {
                value,
                into_products,
                distributions,
            });
            (into_products, distributions) = (0, 0);
        }
    }
    positions.retain(|_, position| position.shares > 0);
    (months, positions)
}

/// The tables of the bank.
pub(crate) fn sheets(bank: &Bank, days: &[Date], products: &[Product]) -> Vec<Sheet> {
    let mut holdings = Sheet::new("holdings", HOLDING_COLUMNS.to_vec());
    let mut aum = Sheet::new("client_aum", AUM_COLUMNS.to_vec());
    let mut maturities = Sheet::new("maturities", MATURITY_COLUMNS.to_vec());
    let mut assets = Vec::with_capacity(bank.clients.len());
    let mut by_client: BTreeMap<usize, Vec<&Trade>> = BTreeMap::new();
    for trade in &bank.trades {
        by_client.entry(trade.client).or_default().push(trade);
    }
    for (number, client) in bank.clients.iter().enumerate() {
        let mut rng = Rng::stream(bank.seed, "deposits", number);
        let trades = by_client.remove(&number).unwrap_or_default();
        let (months, positions) = run(&trades, days, products);
        let ends: Vec<MonthEnd> = month_ends_of(&mut rng, client, &months);
        for end in &ends {
            aum.date(end.date)
                .text(&client.id)
                .money(end.deposits.balance)
                .money(end.products);
            aum.money(end.deposits.balance + end.products)
                .money(end.deposits.external);
            aum.money(end.deposits.into_products)
                .money(end.deposits.distributions)
                .end_row();
        }
        assets.push(ends.last().map_or(0, |end| end.deposits.balance + end.products));
        write_holdings(&mut holdings, client, &positions, products, days.len() - 1);
        let deposits: Vec<Month> = ends.iter().map(|end| end.deposits).collect();
        write_maturities(&mut maturities, &mut rng, client, &deposits, &positions, products);
    }
    let clients = client_sheet(&bank.clients, &assets);
    let transactions = transaction_sheet(bank, days, products);
    vec![
        branch_sheet(),
        manager_sheet(bank.seed),
        clients,
        holdings,
        aum,
        transactions,
        maturities,
    ]
}

fn month_ends_of(rng: &mut Rng, client: &Client, months: &[MonthOfProducts]) -> Vec<MonthEnd> {
    let shown: Vec<(Date, &MonthOfProducts)> = month_ends()
        .into_iter()
        .zip(months)
        .filter(|(end, _)| *end >= client.open_date)
        .collect();
    let flows: Vec<(i64, i64)> = shown
        .iter()
        .map(|(_, month)| (month.into_products, month.distributions))
        .collect();
    let deposits = balances(rng, client, &flows);
    shown
        .into_iter()
        .zip(deposits)
        .map(|((date, month), deposits)| MonthEnd {
            date,
            products: month.value,
            deposits,
        })
        .collect()
}

const HOLDING_COLUMNS: [Column; 7] = [
    col("as_of_date", "持仓日期", "As-of date", "", "一律为 2026-09-30"),
    col("client_id", "客户编号", "Client id", "", "见 clients 表"),
    col(
        "product_code",
        "产品代码",
        "Product code",
        "",
        "见 funds 表的 fund_code",
    ),
    col(
        "shares",
        "持有份额",
        "Units held",
        "份",
        "等于该客户该产品全部申购份额－赎回份额",
    ),
    col("cost", "持仓成本", "Cost", "元", "含申购费；赎回时按平均成本结转"),
    col(
        "unit_nav",
        "单位净值",
        "Unit net asset value",
        "元/份",
        "持仓日期的单位净值",
    ),
    col(
        "market_value",
        "持仓市值",
        "Market value",
        "元",
        "持有份额×单位净值，舍入到分",
    ),
];

fn write_holdings(
    sheet: &mut Sheet,
    client: &Client,
    positions: &Positions,
    products: &[Product],
    last_day: usize,
) {
    for (number, position) in positions {
        let Some(product) = products.get(*number) else {
            continue;
        };
        let nav = product.nav(last_day).unwrap_or(0);
        sheet
            .date(AS_OF)
            .text(&client.id)
            .text(&product.code)
            .scaled(position.shares, 2);
        sheet
            .money(position.cost)
            .scaled(nav, 4)
            .money(value(position.shares, nav))
            .end_row();
    }
}

#[rustfmt::skip]
const AUM_COLUMNS: [Column; 8] = [
    col("month_end", "月末日期", "Month end", "", "2024-10 至 2026-09 的月末；净值取当月最后一个交易日"),
    col("client_id", "客户编号", "Client id", "", "见 clients 表；开户当月起有记录"),
    col("deposit_balance", "存款余额", "Deposit balance", "元", "含定期存款；上月余额＋外部净流入－产品净投入＋分红到账"),
    col("product_market_value", "产品市值", "Market value of products", "元", "持有的基金与理财产品市值"),
    col("aum", "资产管理规模", "Assets under management", "元", "AUM；存款余额＋产品市值"),
    col("external_net_inflow", "外部净流入", "Net inflow from outside", "元", "当月工资、转账、消费等净额；开户首月或首个展示月含期初余额"),
    col("product_net_investment", "产品净投入", "Net investment in products", "元", "当月申购金额与费用之和－赎回到账金额"),
    col("distribution_received", "分红到账", "Distributions received", "元", "当月产品分红"),
];

#[rustfmt::skip]
const TRANSACTION_COLUMNS: [Column; 9] = [
    col("trade_date", "交易日期", "Trade date", "", "确认日"),
    col("transaction_id", "交易编号", "Transaction id", "", "唯一"),
    col("client_id", "客户编号", "Client id", "", "见 clients 表"),
    col("product_code", "产品代码", "Product code", "", "见 funds 表的 fund_code"),
    col("kind", "交易类型", "Kind", "", "申购或赎回"),
    col("shares", "确认份额", "Units", "份", ""),
    col("nav", "成交净值", "Unit net asset value", "元/份", "交易日期的单位净值"),
    col("amount", "确认金额", "Amount", "元", "确认份额×成交净值，舍入到分，不含费用"),
    col("fee", "手续费", "Fee", "元", "申购时另付，赎回时从金额中扣除"),
];

fn transaction_sheet(bank: &Bank, days: &[Date], products: &[Product]) -> Sheet {
    let mut sheet = Sheet::new("transactions", TRANSACTION_COLUMNS.to_vec());
    for (number, trade) in bank.trades.iter().enumerate() {
        let (Some(client), Some(product), Some(day)) = (
            bank.clients.get(trade.client),
            products.get(trade.product),
            days.get(trade.day),
        ) else {
            continue;
        };
        sheet
            .date(*day)
            .text(&format!("T{:08}", number + 1))
            .text(&client.id)
            .text(&product.code);
        sheet.text(if trade.is_purchase { "申购" } else { "赎回" });
        sheet
            .scaled(trade.shares, 2)
            .scaled(trade.nav, 4)
            .money(trade.amount)
            .money(trade.fee)
            .end_row();
    }
    sheet
}

#[rustfmt::skip]
const MATURITY_COLUMNS: [Column; 8] = [
    col("client_id", "客户编号", "Client id", "", "见 clients 表"),
    col("product_name", "产品名称", "Product name", "", "定期存款的期限或封闭理财的简称"),
    col("kind", "到期类型", "Kind", "", "定期存款或封闭理财"),
    col("product_code", "产品代码", "Product code", "", "封闭理财见 funds 表；定期存款为空"),
    col("amount", "到期本金", "Principal", "元", "定期存款计入存款余额；封闭理财为持仓成本"),
    col("rate", "年化利率", "Annual rate", "%", "定期存款为约定利率；封闭理财为业绩比较基准，不是收益承诺"),
    col("start_date", "起息日", "Start date", "", ""),
    col("maturity_date", "到期日", "Maturity date", "", "均晚于 2026-09-30"),
];

fn write_maturities(
    sheet: &mut Sheet,
    rng: &mut Rng,
    client: &Client,
    months: &[Month],
    positions: &Positions,
    products: &[Product],
) {
    for deposit in time_deposits(rng, client, months) {
        sheet
            .text(&client.id)
            .text(deposit.name)
            .text("定期存款")
            .text("")
            .money(deposit.amount);
        sheet
            .scaled(deposit.rate, 2)
            .date(deposit.start)
            .date(deposit.maturity)
            .end_row();
    }
    for (number, position) in positions {
        let Some(product) = products.get(*number) else {
            continue;
        };
        let Some(maturity) = product.maturity else {
            continue;
        };
        debug_assert!(
            maturity <= plus_months(AS_OF, 24),
            "closed products run two years at most"
        );
        sheet
            .text(&client.id)
            .text(product.short_name())
            .text("封闭理财")
            .text(&product.code);
        sheet.money(position.cost).scaled(product.target.unwrap_or(0), 2);
        sheet.date(product.inception).date(maturity).end_row();
    }
}
