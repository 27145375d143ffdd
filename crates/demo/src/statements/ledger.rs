//! A company's books, quarter by quarter.
//!
//! Every movement is entered on both sides: profit, working capital, assets, debt and equity all end in cash.
//! The balance sheet therefore balances because the bookkeeping is right, not because an item is filled up.

use super::items::{Balance, CashFlow, Income};
use super::profile::{Course, Profile, Rates};
use crate::calendar::Quarter;
use crate::fixed::{WHOLE_PPM, mul_div, part};
use crate::rng::Rng;

/// Annual interest rates on short-term loans, long-term loans and cash, in parts per million.
const SHORT_RATE: i64 = 33_000;
const LONG_RATE: i64 = 38_000;
const CASH_RATE: i64 = 12_000;

/// The books of one company.
#[derive(Debug)]
pub(crate) struct Ledger<'a> {
    profile: &'a Profile,
    rng: &'a mut Rng,
    /// Season-free annual revenue.
    level: i64,
    step: i64,
    balance: Balance,
    year_profit: i64,
    /// Last year's profit of the parent and of the minority, the base of dividends.
    last_year: (i64, i64),
    year_minority: i64,
}

/// Movements of one quarter that several steps need.
#[derive(Debug, Clone, Copy, Default)]
struct Movements {
    depreciation: i64,
    amortisation: i64,
    interest: i64,
    interest_on_cash: i64,
    fx: i64,
    goodwill_loss: i64,
    season: i64,
}

impl<'a> Ledger<'a> {
    /// The books at the end of 2021.
    pub(crate) fn open(profile: &'a Profile, rng: &'a mut Rng) -> Self {
        let level = profile.base_revenue;
        let cost = part(level, WHOLE_PPM - profile.gross_margin);
        let mut balance = Balance {
            accounts_receivable: mul_div(level, profile.receivable_days, 365),
            inventory: mul_div(cost, profile.inventory_days, 365),
            accounts_payable: mul_div(cost, profile.payable_days, 365),
            other_current_assets: part(level, 35_000),
            fixed_assets: part(level, profile.fixed_assets),
            construction_in_progress: part(level, profile.fixed_assets / 7),
            intangible_assets: part(level, 45_000 + profile.fixed_assets / 12),
            goodwill: part(level, profile.goodwill),
            other_noncurrent_assets: part(level, rng.between(30_000, 120_000)),
            contract_liabilities: part(level, profile.contract_liabilities),
            payroll_payable: part(level, profile.labour / 9),
            taxes_payable: part(level, 12_000),
            other_current_liabilities: part(level, rng.between(45_000, 65_000)),
            other_noncurrent_liabilities: part(level, rng.between(8_000, 45_000)),
            short_term_loans: part(level, mul_div(profile.debt, 3, 5)),
            long_term_loans: part(level, mul_div(profile.debt, 2, 5)),
            cash: part(level, profile.cash),
            trading_financial_assets: part(level, profile.cash / 3),
            ..Balance::default()
        };
        if matches!(
            profile.course,
            Course::Losing | Course::Recovering | Course::CashHungry
        ) {
            // Money raised at listing that later losses or growth use up.
            balance.trading_financial_assets += part(level, rng.between(350_000, 650_000));
        }
        total_assets(&mut balance);
        total_liabilities(&mut balance);
        // Who is going to lose money begins with more of the owners' money.
        let least_equity = match profile.course {
            Course::Losing => 560_000,
            Course::Recovering | Course::Declining => 450_000,
            Course::Steady | Course::Growing | Course::Cyclical | Course::CashHungry => 300_000,
        };
        let missing =
            part(balance.total_assets, least_equity) - (balance.total_assets - balance.total_liabilities);
        balance.trading_financial_assets += mul_div(missing.max(0), WHOLE_PPM, WHOLE_PPM - least_equity);
        total_assets(&mut balance);
        balance.total_equity = balance.total_assets - balance.total_liabilities;
        balance.minority_interest = part(balance.total_equity, profile.minority / 2);
        balance.equity_parent = balance.total_equity - balance.minority_interest;
        let shares =
            mul_div(level, 1_000, profile.revenue_per_share).min(part(balance.equity_parent, 300_000));
        balance.share_capital = shares / 100 * 100;
        balance.surplus_reserve = part(balance.share_capital, rng.between(150_000, 400_000));
        let earned = if profile.course == Course::Losing {
            -200_000
        } else {
            rng.between(250_000, 500_000)
        };
        balance.undistributed_profit = part(balance.equity_parent, earned);
        if profile.course == Course::Recovering {
            balance.undistributed_profit = -part(balance.equity_parent, 60_000);
        }
        balance.capital_reserve = balance.equity_parent
            - balance.share_capital
            - balance.surplus_reserve
            - balance.undistributed_profit;
        let profit = part(level, mul_div(profile.operating_margin, 4, 5));
        let profit = if balance.undistributed_profit > 0 {
            profit
        } else {
            0
        };
        let minority = part(profit, profile.minority);
        Self {
            profile,
            rng,
            level,
            step: 0,
            balance,
            year_profit: 0,
            last_year: (profit - minority, minority),
            year_minority: 0,
        }
    }

    /// Keeps the books through one quarter and returns that quarter's flows, not year to date.
    pub(crate) fn advance(&mut self, quarter: Quarter) -> (Income, CashFlow) {
        let profile = self.profile;
        let growth = profile.quarterly_growth(self.rng, quarter);
        self.level += part(self.level, growth);
        let rates = profile.rates(self.rng, quarter, self.step);
        self.step += 1;
        let opening = self.balance;
        let fx = self.rng.normal(profile.fx_exposure);
        let movements = Movements {
            depreciation: part(opening.fixed_assets, 24_000),
            amortisation: part(opening.intangible_assets, 15_000),
            interest: part(opening.short_term_loans, SHORT_RATE / 4)
                + part(opening.long_term_loans, LONG_RATE / 4),
            interest_on_cash: part(opening.cash, CASH_RATE / 4),
            fx: part(self.level / 4, fx),
            goodwill_loss: if profile.goodwill_loss == Some(quarter) {
                part(opening.goodwill, self.rng.between(250_000, 700_000))
            } else {
                0
            },
            season: part(profile.season(quarter), WHOLE_PPM + self.rng.normal(20_000)),
        };
        let income = self.earn(quarter, &rates, &movements);
        let mut cash_flow = CashFlow::default();
        self.operate(quarter, &income, &movements, &mut cash_flow);
        self.invest(&income, &movements, &mut cash_flow);
        self.pay_and_raise(quarter, &income, movements.interest, &mut cash_flow);
        self.finance(&movements, &mut cash_flow);
        cash_flow.cash_at_beginning = opening.cash;
        cash_flow.cash_at_end = opening.cash + cash_flow.net_increase_in_cash;
        self.balance.cash = cash_flow.cash_at_end;
        self.close(quarter, &income, &cash_flow);
        (income, cash_flow)
    }

    /// The balance sheet as it stands.
    pub(crate) fn balance(&self) -> &Balance {
        &self.balance
    }

    fn earn(&mut self, quarter: Quarter, rates: &Rates, movements: &Movements) -> Income {
        let profile = self.profile;
        let opening = &self.balance;
        let revenue = part(self.level / 4, movements.season);
        // Half of the expenses follow the year and not the season, which is why first quarters look weak.
        let smooth = i64::midpoint(revenue, self.level / 4);
        let last = if quarter.number == 4 { 3 } else { 1 };
        let mut income = Income {
            operating_revenue: revenue,
            interest_income: part(revenue, profile.interest_income),
            operating_cost: part(revenue, WHOLE_PPM - rates.gross_margin),
            taxes_and_surcharges: part(revenue, profile.taxes),
            selling_expenses: part(smooth, rates.selling),
            administrative_expenses: part(smooth, rates.administrative),
            rnd_expenses: part(smooth, rates.research),
            financial_expenses: movements.interest - movements.interest_on_cash - movements.fx,
            other_income: part(
                revenue,
                part(profile.other_income, self.rng.between(600_000, 1_400_000)),
            ),
            investment_income: part(opening.trading_financial_assets, self.rng.between(3_500, 8_500)),
            fair_value_change: part(opening.trading_financial_assets, self.rng.normal(3_000)),
            credit_impairment_loss: -part(opening.accounts_receivable, last * self.rng.between(600, 2_600)),
            asset_impairment_loss: -part(opening.inventory, last * self.rng.between(800, 3_600))
                - movements.goodwill_loss,
            non_operating_income: part(revenue, self.rng.between(100, 900)),
            non_operating_expenses: part(revenue, self.rng.between(100, 1_100)),
            ..Income::default()
        };
        income.total_operating_revenue = income.operating_revenue + income.interest_income;
        income.total_operating_cost = income.operating_cost
            + income.taxes_and_surcharges
            + income.selling_expenses
            + income.administrative_expenses
            + income.rnd_expenses
            + income.financial_expenses;
        income.operating_profit = income.total_operating_revenue - income.total_operating_cost
            + income.other_income
            + income.investment_income
            + income.fair_value_change
            + income.credit_impairment_loss
            + income.asset_impairment_loss;
        income.total_profit =
            income.operating_profit + income.non_operating_income - income.non_operating_expenses;
        // The deduction for research lowers the tax; a loss is only partly recognised as a future relief.
        let taxable = income.total_profit + movements.goodwill_loss - income.rnd_expenses / 3;
        let rate = if taxable > 0 { profile.tax } else { profile.tax / 3 };
        income.income_tax = part(part(taxable, rate), WHOLE_PPM + self.rng.normal(60_000));
        income.net_profit = income.total_profit - income.income_tax;
        income.minority_profit = part(income.net_profit, profile.minority);
        income.net_profit_parent = income.net_profit - income.minority_profit;
        let non_recurring = mul_div(income.other_income, 3, 5)
            + income.investment_income / 2
            + income.fair_value_change
            + income.non_operating_income
            - income.non_operating_expenses;
        income.net_profit_deducted = income.net_profit_parent
            - part(
                part(non_recurring, WHOLE_PPM - profile.tax),
                WHOLE_PPM - profile.minority,
            );
        income
    }

    /// Working capital and the cash flow of operations.
    fn operate(&mut self, quarter: Quarter, income: &Income, movements: &Movements, flow: &mut CashFlow) {
        let profile = self.profile;
        let opening = self.balance;
        let hunger = if profile.course == Course::CashHungry {
            self.step
        } else {
            0
        };
        let mut around = |value: i64, noise: i64| part(value, WHOLE_PPM + self.rng.normal(noise));
        let sales = mul_div(self.level, WHOLE_PPM + movements.season, 2 * WHOLE_PPM);
        let cost = mul_div(
            income.operating_cost * 4,
            WHOLE_PPM + movements.season,
            2 * movements.season,
        );
        let book = &mut self.balance;
        book.accounts_receivable = around(
            mul_div(sales, profile.receivable_days * (22 + hunger) / 22, 365),
            25_000,
        );
        book.inventory = around(
            mul_div(cost, profile.inventory_days * (23 + hunger) / 23, 365),
            25_000,
        );
        book.accounts_payable = around(mul_div(cost, profile.payable_days, 365), 25_000);
        let contracts = if quarter.number == 4 { 1_150_000 } else { 950_000 };
        book.contract_liabilities = around(
            part(part(self.level, profile.contract_liabilities), contracts),
            40_000,
        );
        let other = around(part(self.level, 35_000), 40_000);
        book.other_current_assets += (other - book.other_current_assets) / 6;
        let bonus = if quarter.number == 4 { 170_000 } else { 100_000 };
        book.payroll_payable = around(part(part(self.level, profile.labour), bonus), 25_000);
        let charges = income.taxes_and_surcharges + income.income_tax.max(0);
        book.taxes_payable = part(self.level, 6_000) + charges * 2 / 5;
        let other = around(part(self.level, 55_000), 30_000);
        book.other_current_liabilities += (other - book.other_current_liabilities) / 8;

        let vat_on_sales = part(income.operating_revenue, profile.vat);
        let vat_on_purchases = part(income.operating_cost, profile.vat * 3 / 4);
        flow.cash_from_sales = income.operating_revenue + vat_on_sales
            - (book.accounts_receivable - opening.accounts_receivable)
            + income.credit_impairment_loss
            + (book.contract_liabilities - opening.contract_liabilities);
        flow.tax_refunds_received = part(income.other_income, 350_000);
        flow.other_operating_received = income.other_income - flow.tax_refunds_received
            + income.interest_income
            + income.non_operating_income
            + movements.interest_on_cash;
        flow.operating_inflow =
            flow.cash_from_sales + flow.tax_refunds_received + flow.other_operating_received;

        let labour = part(self.level / 4, profile.labour);
        let expenses = income.selling_expenses + income.administrative_expenses + income.rnd_expenses;
        // Part of the staff makes the goods; the rest sells, administers and develops.
        let office = (labour / 2).min(expenses / 2);
        let workshop = (labour - office).min(income.operating_cost * 2 / 5);
        let labour = office + workshop;
        // Wear is mostly in the cost of goods, unless that cost is small.
        let wear = movements.depreciation + movements.amortisation;
        let in_goods = (movements.depreciation * 7 / 10).min(income.operating_cost / 5);
        let office_assets = (wear - in_goods).min(expenses / 5);
        let workshop_assets = wear - office_assets;
        let inventory_loss = income.asset_impairment_loss + movements.goodwill_loss;
        let produced = income.operating_cost + book.inventory - opening.inventory - inventory_loss;
        flow.cash_paid_for_goods = produced - workshop - workshop_assets + vat_on_purchases
            - (book.accounts_payable - opening.accounts_payable);
        flow.cash_paid_to_employees = labour - (book.payroll_payable - opening.payroll_payable);
        flow.taxes_paid = income.taxes_and_surcharges + income.income_tax.max(0) + vat_on_sales
            - vat_on_purchases
            - (book.taxes_payable - opening.taxes_payable);
        flow.other_operating_paid = expenses - office - office_assets
            + (book.other_current_assets - opening.other_current_assets)
            + income.non_operating_expenses
            - (book.other_current_liabilities - opening.other_current_liabilities);
        flow.operating_outflow = flow.cash_paid_for_goods
            + flow.cash_paid_to_employees
            + flow.taxes_paid
            + flow.other_operating_paid;
        flow.net_operating_cash_flow = flow.operating_inflow - flow.operating_outflow;
        // A loss that lowers later taxes is an asset, not cash.
        book.other_noncurrent_assets -= income.income_tax.min(0);
    }

    /// Long-term assets; financial assets follow in [`Self::finance`], where spare cash is known.
    fn invest(&mut self, income: &Income, movements: &Movements, flow: &mut CashFlow) {
        let profile = self.profile;
        let book = &mut self.balance;
        let wanted = part(self.level, profile.fixed_assets * 8 / 7);
        let gap = wanted - book.fixed_assets - book.construction_in_progress;
        let spending = movements.depreciation + movements.amortisation + gap / 6;
        let least = movements.depreciation / 4 + movements.amortisation;
        flow.capital_expenditure = part(spending.max(least), WHOLE_PPM + self.rng.normal(120_000)).max(least);
        let licences = movements.amortisation;
        let equipment = flow.capital_expenditure - licences;
        let finished = part(book.construction_in_progress, self.rng.between(180_000, 380_000));
        flow.cash_from_asset_disposal = part(book.fixed_assets, self.rng.between(100, 1_200));
        book.intangible_assets += licences - movements.amortisation;
        book.construction_in_progress += equipment * 7 / 10 - finished;
        book.fixed_assets += equipment - equipment * 7 / 10 + finished
            - movements.depreciation
            - flow.cash_from_asset_disposal;
        book.goodwill -= movements.goodwill_loss;
        flow.investment_income_received = income.investment_income;
        book.trading_financial_assets += income.fair_value_change;
    }

    /// Dividends, interest and new shares.
    fn pay_and_raise(&mut self, quarter: Quarter, income: &Income, interest: i64, flow: &mut CashFlow) {
        let profile = self.profile;
        let book = &mut self.balance;
        let mut minority_dividend = 0;
        if quarter.number == 2 {
            let (parent, minority) = self.last_year;
            let affordable = (book.undistributed_profit / 2).max(0);
            flow.dividends_to_parent = part(parent.max(0), profile.payout).min(affordable);
            minority_dividend = part(minority.max(0), profile.payout);
        }
        flow.dividends_and_interest_paid = flow.dividends_to_parent + minority_dividend + interest;
        book.minority_interest -= minority_dividend;
        book.undistributed_profit -= flow.dividends_to_parent;
        if profile.placement == Some(quarter) {
            let shares_issued = book.share_capital / 100 / 100 * self.rng.between(6, 14);
            let equity = (book.equity_parent + income.net_profit_parent).max(book.share_capital);
            flow.cash_from_equity = mul_div(shares_issued * 100, equity, book.share_capital) * 3 / 2;
            book.share_capital += shares_issued * 100;
            book.capital_reserve += flow.cash_from_equity - shares_issued * 100;
        }
        flow.other_financing_received = part(self.level, 1_500);
        book.other_noncurrent_liabilities += flow.other_financing_received;
    }

    /// Debt and spare cash: what is missing is borrowed, what is left over repays debt or buys bank products.
    fn finance(&mut self, movements: &Movements, flow: &mut CashFlow) {
        let profile = self.profile;
        let rolling = self.rng.between(150_000, 350_000);
        let book = &mut self.balance;
        let due = (
            part(book.short_term_loans, rolling),
            part(book.long_term_loans, rolling / 4),
        );
        let debt = book.short_term_loans + book.long_term_loans;
        let mut repaid = due.0 + due.1;
        let mut borrowed = (part(self.level, profile.debt) - (debt - repaid)).max(0);
        let before_trades = book.cash
            + flow.net_operating_cash_flow
            + flow.investment_income_received
            + flow.cash_from_asset_disposal
            - flow.capital_expenditure
            + movements.fx
            + flow.cash_from_equity
            + flow.other_financing_received
            - flow.dividends_and_interest_paid
            - repaid;
        let target = part(self.level, profile.cash);
        // Bank products mature and are bought again all the time.
        let held = book.trading_financial_assets;
        let turned = part(held, rolling);
        let (mut sold, mut bought) = (turned, turned);
        let available = before_trades + borrowed;
        if available < target * 3 / 5 {
            let missing = target * 3 / 5 - available;
            let extra = missing.min(held - turned).max(0);
            sold += extra;
            borrowed += missing - extra;
        } else if available > target {
            let spare = available - target;
            let early = (spare / 4)
                .min((debt - repaid) / 3)
                .min(borrowed.max(debt / 10))
                .max(0);
            repaid += early;
            bought += part(spare - early, 600_000);
        }
        let short_share = mul_div(borrowed, 3, 5);
        let early = repaid - due.0 - due.1;
        let early_short =
            mul_div(early, book.short_term_loans, debt.max(1)).min(book.short_term_loans - due.0);
        book.short_term_loans += short_share - due.0 - early_short;
        book.long_term_loans += borrowed - short_share - due.1 - (early - early_short);
        book.trading_financial_assets += bought - sold;

        flow.cash_from_investments = sold;
        flow.cash_paid_for_investments = bought;
        flow.investing_inflow =
            flow.cash_from_investments + flow.investment_income_received + flow.cash_from_asset_disposal;
        flow.investing_outflow = flow.capital_expenditure + flow.cash_paid_for_investments;
        flow.net_investing_cash_flow = flow.investing_inflow - flow.investing_outflow;
        flow.cash_from_borrowing = borrowed;
        flow.debt_repayment = repaid;
        flow.financing_inflow =
            flow.cash_from_equity + flow.cash_from_borrowing + flow.other_financing_received;
        flow.financing_outflow = flow.debt_repayment + flow.dividends_and_interest_paid;
        flow.net_financing_cash_flow = flow.financing_inflow - flow.financing_outflow;
        flow.fx_effect = movements.fx;
        flow.net_increase_in_cash = flow.net_operating_cash_flow
            + flow.net_investing_cash_flow
            + flow.net_financing_cash_flow
            + flow.fx_effect;
    }

    /// Equity and the totals.
    fn close(&mut self, quarter: Quarter, income: &Income, flow: &CashFlow) {
        let book = &mut self.balance;
        book.undistributed_profit += income.net_profit_parent;
        book.minority_interest += income.minority_profit;
        self.year_profit += income.net_profit_parent;
        self.year_minority += income.minority_profit;
        if quarter.number == 4 {
            let room = (book.share_capital / 2 - book.surplus_reserve).max(0);
            let appropriated = part(self.year_profit.max(0), 100_000).min(room);
            book.surplus_reserve += appropriated;
            book.undistributed_profit -= appropriated;
            self.last_year = (self.year_profit, self.year_minority);
            (self.year_profit, self.year_minority) = (0, 0);
        }
        debug_assert_eq!(
            book.cash, flow.cash_at_end,
            "the cash flow statement explains the cash"
        );
        total_assets(book);
        total_liabilities(book);
        book.equity_parent =
            book.share_capital + book.capital_reserve + book.surplus_reserve + book.undistributed_profit;
        book.total_equity = book.equity_parent + book.minority_interest;
        debug_assert_eq!(
            book.total_assets,
            book.total_liabilities + book.total_equity,
            "every movement is entered on both sides"
        );
    }
}

fn total_assets(book: &mut Balance) {
    book.total_current_assets = book.cash
        + book.trading_financial_assets
        + book.accounts_receivable
        + book.inventory
        + book.other_current_assets;
    book.total_noncurrent_assets = book.fixed_assets
        + book.construction_in_progress
        + book.intangible_assets
        + book.goodwill
        + book.other_noncurrent_assets;
    book.total_assets = book.total_current_assets + book.total_noncurrent_assets;
}

fn total_liabilities(book: &mut Balance) {
    book.total_current_liabilities = book.short_term_loans
        + book.accounts_payable
        + book.contract_liabilities
        + book.payroll_payable
        + book.taxes_payable
        + book.other_current_liabilities;
    book.total_noncurrent_liabilities = book.long_term_loans + book.other_noncurrent_liabilities;
    book.total_liabilities = book.total_current_liabilities + book.total_noncurrent_liabilities;
}
