//! Three statements and the published indicators of every fictional company.
//!
//! Flow items are year to date, as in Chinese filings; the balance sheet is at the period's end. This module
//! must not know how the figures come about: that is [`ledger`].

mod items;
mod ledger;
mod profile;

use crate::calendar::{Quarter, quarters};
use crate::companies::Company;
use crate::fixed::mul_div;
use crate::rng::Rng;
use crate::sheet::{Column, Sheet, col};
use items::{Balance, CashFlow, Income};
use ledger::Ledger;
use profile::Profile;

/// What a company publishes for one period.
#[derive(Debug, Clone, Copy, Default)]
struct Filing {
    /// Year to date.
    income: Income,
    /// Year to date, with the balances at the year's beginning and the period's end.
    cash_flow: CashFlow,
    balance: Balance,
    /// Share capital averaged over the elapsed quarters, in cents.
    average_shares: i64,
    /// Equity of the parent as the rule for the weighted return on equity averages it, in cents.
    average_equity: i64,
}

/// The running totals of a fiscal year.
#[derive(Debug, Default)]
struct Year {
    opening: Balance,
    income: Income,
    cash_flow: CashFlow,
    /// Sums over the beginnings of the elapsed quarters.
    shares: i64,
    contributions: i64,
}

fn filings(profile: &Profile, rng: &mut Rng) -> Vec<(Quarter, Filing)> {
    let mut ledger = Ledger::open(profile, rng);
    let mut year = Year::default();
    let mut all = Vec::new();
    for quarter in quarters() {
        let before = *ledger.balance();
        if quarter.number == 1 {
            year = Year {
                opening: before,
                ..Year::default()
            };
        }
        // Shares are issued and dividends paid on a quarter's last day; they count from the next quarter on.
        year.shares += before.share_capital;
        year.contributions += year.cash_flow.cash_from_equity - year.cash_flow.dividends_to_parent;
        let (income, cash_flow) = ledger.advance(quarter);
        let balance = *ledger.balance();
        year.income = year.income.plus(&income);
        year.cash_flow = year.cash_flow.plus(&cash_flow);
        year.cash_flow.cash_at_beginning = year.opening.cash;
        year.cash_flow.cash_at_end = balance.cash;
        let filing = Filing {
            income: year.income,
            cash_flow: year.cash_flow,
            balance,
            average_shares: mul_div(year.shares, 1, quarter.number),
            average_equity: year.opening.equity_parent
                + mul_div(year.income.net_profit_parent, 1, 2)
                + mul_div(year.contributions, 1, quarter.number),
        };
        all.push((quarter, filing));
    }
    all
}

fn keys() -> Vec<Column> {
    vec![
        col("company_code", "公司代码", "Company code", "", "见 companies 表"),
        col("report_year", "报告年度", "Report year", "", "会计年度"),
        col(
            "report_period",
            "报告期",
            "Report period",
            "",
            "Q1 一季报、H1 半年报、Q3 三季报、FY 年报；流量指标为年初至报告期末累计，存量指标为报告期末余额",
        ),
    ]
}

fn start_row<'a>(sheet: &'a mut Sheet, company: &Company, quarter: Quarter) -> &'a mut Sheet {
    sheet
        .text(&company.code)
        .scaled(quarter.year, 0)
        .text(quarter.period())
}

fn basic_eps_column() -> Column {
    col(
        "basic_eps",
        "基本每股收益",
        "Basic earnings per share",
        "元/股",
        "归母净利润÷加权平均股数，四位小数",
    )
}

#[rustfmt::skip]
fn indicator_columns() -> Vec<Column> {
    vec![
        basic_eps_column(),
        col("roe_weighted", "加权平均净资产收益率", "Weighted return on equity", "%", "归母净利润÷（期初归母净资产＋归母净利润÷2＋增发×其后月数占比－分红×其后月数占比），年初至今、未年化；上年末报表未收录时为空"),
        col("gross_margin", "销售毛利率", "Gross margin", "%", "（营业收入－营业成本）÷营业收入"),
        col("net_margin", "销售净利率", "Net margin", "%", "净利润÷营业收入"),
        col("revenue_yoy", "营业收入同比增长率", "Revenue growth on the year before", "%", "与上年同期累计值相比；上年同期报表未收录时为空"),
        col("net_profit_yoy", "净利润同比增长率", "Net profit growth on the year before", "%", "（本期净利润－上年同期净利润）÷上年同期净利润的绝对值；上年同期报表未收录时为空"),
        col("debt_ratio", "资产负债率", "Debt ratio", "%", "负债合计÷资产总计"),
    ]
}

/// `numerator / denominator` in percent with four decimals; `None` when the denominator is 0.
fn percent(numerator: i64, denominator: i64) -> Option<i64> {
    (denominator != 0).then(|| mul_div(numerator, 1_000_000, denominator))
}

fn basic_eps(filing: &Filing) -> i64 {
    // Share capital counts one yuan a share, so cents over cents are yuan a share.
    mul_div(filing.income.net_profit_parent, 10_000, filing.average_shares)
}

/// The tables `income_statement`, `balance_sheet`, `cash_flow` and `indicators`.
pub(crate) fn sheets(seed: u64, companies: &[Company]) -> Vec<Sheet> {
    let with_keys = |columns: Vec<Column>| [keys(), columns].concat();
    let mut income_columns = with_keys(Income::columns());
    income_columns.push(basic_eps_column());
    let mut income = Sheet::new("income_statement", income_columns);
    let mut balance = Sheet::new("balance_sheet", with_keys(Balance::columns()));
    let mut cash_flow = Sheet::new("cash_flow", with_keys(CashFlow::columns()));
    let mut indicators = Sheet::new("indicators", with_keys(indicator_columns()));
    let courses = profile::courses(seed, companies.len());
    for (number, (company, course)) in companies.iter().zip(courses).enumerate() {
        let mut rng = Rng::stream(seed, "statements", number);
        let profile = Profile::draw(&mut rng, company, course);
        let filings = filings(&profile, &mut rng);
        for (quarter, filing) in filings.iter().filter(|(quarter, _)| quarter.is_published()) {
            let row = start_row(&mut income, company, *quarter);
            filing
                .income
                .values()
                .iter()
                .fold(row, |row, value| row.money(*value));
            income.scaled(basic_eps(filing), 4).end_row();
            let row = start_row(&mut balance, company, *quarter);
            filing
                .balance
                .values()
                .iter()
                .fold(row, |row, value| row.money(*value))
                .end_row();
            let row = start_row(&mut cash_flow, company, *quarter);
            filing
                .cash_flow
                .values()
                .iter()
                .fold(row, |row, value| row.money(*value))
                .end_row();

            let year_before = quarter.year_before();
            let base = filings
                .iter()
                .find(|(other, _)| *other == year_before && other.is_published())
                .map(|(_, filing)| filing.income);
            let growth = |now: i64, base: Option<i64>| base.and_then(|base| percent(now - base, base.abs()));
            let now = &filing.income;
            let opening_is_published = Quarter {
                number: 4,
                ..year_before
            }
            .is_published();
            let roe = percent(now.net_profit_parent, filing.average_equity);
            start_row(&mut indicators, company, *quarter)
                .scaled(basic_eps(filing), 4)
                .optional(roe.filter(|_| opening_is_published), 4)
                .optional(
                    percent(now.operating_revenue - now.operating_cost, now.operating_revenue),
                    4,
                )
                .optional(percent(now.net_profit, now.operating_revenue), 4)
                .optional(
                    growth(now.operating_revenue, base.map(|base| base.operating_revenue)),
                    4,
                )
                .optional(growth(now.net_profit, base.map(|base| base.net_profit)), 4)
                .optional(
                    percent(filing.balance.total_liabilities, filing.balance.total_assets),
                    4,
                )
                .end_row();
        }
    }
    vec![income, balance, cash_flow, indicators]
}
