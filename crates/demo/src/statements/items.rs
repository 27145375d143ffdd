//! The items of the three statements: one list each, from which the struct, the columns and the cells are made.

use crate::sheet::{Column, col};

/// Defines a statement: a struct of amounts in cents, its columns and its values in the same order.
macro_rules! statement {
    ($(#[$meta:meta])* $name:ident { $($field:ident: $zh:literal, $en:literal, $description:literal;)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, Default)]
        pub(crate) struct $name { $(pub(crate) $field: i64,)* }

        impl $name {
            /// Columns in the order of [`Self::values`].
            pub(crate) fn columns() -> Vec<Column> {
                vec![$(col(stringify!($field), $zh, $en, "元", $description),)*]
            }

            /// Amounts in cents.
            pub(crate) fn values(&self) -> Vec<i64> {
                vec![$(self.$field,)*]
            }
        }
    };
}

/// Adds year-to-date figures up; only statements of flows have it.
macro_rules! accumulate {
    ($name:ident: $($field:ident)*) => {
        impl $name {
            /// These figures plus those of the following quarter.
            pub(crate) fn plus(&self, next: &Self) -> Self {
                Self { $($field: self.$field + next.$field,)* }
            }
        }
    };
}

statement! {
    /// Income statement of a quarter, or from January on.
    Income {
        total_operating_revenue: "营业总收入", "Total operating revenue", "营业收入＋利息收入";
        operating_revenue: "营业收入", "Operating revenue", "主营与其他业务收入";
        interest_income: "利息收入", "Interest income of finance business", "集团内消费金融、财务公司等业务的利息收入，多数公司为零";
        total_operating_cost: "营业总成本", "Total operating cost", "营业成本＋税金及附加＋销售费用＋管理费用＋研发费用＋财务费用";
        operating_cost: "营业成本", "Operating cost", "与营业收入对应的成本";
        taxes_and_surcharges: "税金及附加", "Taxes and surcharges", "";
        selling_expenses: "销售费用", "Selling expenses", "";
        administrative_expenses: "管理费用", "Administrative expenses", "不含研发费用";
        rnd_expenses: "研发费用", "R&D expenses", "费用化部分";
        financial_expenses: "财务费用", "Financial expenses", "利息费用减利息收入与汇兑收益；为负表示净收益";
        other_income: "其他收益", "Other income", "政府补助与税收返还等";
        investment_income: "投资收益", "Investment income", "";
        fair_value_change: "公允价值变动收益", "Gain on fair value change", "损失为负数";
        credit_impairment_loss: "信用减值损失", "Credit impairment loss", "损失以负数列示";
        asset_impairment_loss: "资产减值损失", "Asset impairment loss", "损失以负数列示";
        operating_profit: "营业利润", "Operating profit", "营业总收入－营业总成本＋其他收益＋投资收益＋公允价值变动收益＋信用减值损失＋资产减值损失";
        non_operating_income: "营业外收入", "Non-operating income", "";
        non_operating_expenses: "营业外支出", "Non-operating expenses", "";
        total_profit: "利润总额", "Total profit before tax", "营业利润＋营业外收入－营业外支出";
        income_tax: "所得税费用", "Income tax", "为负表示亏损形成的递延所得税收益";
        net_profit: "净利润", "Net profit", "利润总额－所得税费用";
        net_profit_parent: "归属于母公司所有者的净利润", "Net profit attributable to the parent", "归母净利润；净利润－少数股东损益";
        minority_profit: "少数股东损益", "Profit attributable to minority interests", "";
        net_profit_deducted: "扣除非经常性损益后的归母净利润", "Net profit of the parent after deducting non-recurring items", "扣非净利润";
    }
}

accumulate! { Income: total_operating_revenue operating_revenue interest_income total_operating_cost operating_cost
taxes_and_surcharges selling_expenses administrative_expenses rnd_expenses financial_expenses other_income
investment_income fair_value_change credit_impairment_loss asset_impairment_loss operating_profit
non_operating_income non_operating_expenses total_profit income_tax net_profit net_profit_parent minority_profit
net_profit_deducted }

statement! {
    /// Balance sheet at the end of a quarter.
    Balance {
        cash: "货币资金", "Cash", "等于现金流量表的期末现金及现金等价物余额";
        trading_financial_assets: "交易性金融资产", "Trading financial assets", "";
        accounts_receivable: "应收账款", "Accounts receivable", "扣除坏账准备后的净额";
        inventory: "存货", "Inventory", "扣除跌价准备后的净额";
        other_current_assets: "其他流动资产", "Other current assets", "含预付款项与其他应收款";
        total_current_assets: "流动资产合计", "Total current assets", "";
        fixed_assets: "固定资产", "Fixed assets", "净额";
        construction_in_progress: "在建工程", "Construction in progress", "";
        intangible_assets: "无形资产", "Intangible assets", "净额";
        goodwill: "商誉", "Goodwill", "扣除减值后的净额";
        other_noncurrent_assets: "其他非流动资产", "Other non-current assets", "含递延所得税资产";
        total_noncurrent_assets: "非流动资产合计", "Total non-current assets", "";
        total_assets: "资产总计", "Total assets", "流动资产合计＋非流动资产合计";
        short_term_loans: "短期借款", "Short-term loans", "";
        accounts_payable: "应付账款", "Accounts payable", "含应付票据";
        contract_liabilities: "合同负债", "Contract liabilities", "预收客户款项";
        payroll_payable: "应付职工薪酬", "Payroll payable", "";
        taxes_payable: "应交税费", "Taxes payable", "";
        other_current_liabilities: "其他流动负债", "Other current liabilities", "含其他应付款";
        total_current_liabilities: "流动负债合计", "Total current liabilities", "";
        long_term_loans: "长期借款", "Long-term loans", "";
        other_noncurrent_liabilities: "其他非流动负债", "Other non-current liabilities", "含租赁负债与递延收益";
        total_noncurrent_liabilities: "非流动负债合计", "Total non-current liabilities", "";
        total_liabilities: "负债合计", "Total liabilities", "流动负债合计＋非流动负债合计";
        share_capital: "股本", "Share capital", "每股面值 1 元，数值等于总股数";
        capital_reserve: "资本公积", "Capital reserve", "";
        surplus_reserve: "盈余公积", "Surplus reserve", "每年末按归母净利润的 10% 提取，至股本的 50% 为止";
        undistributed_profit: "未分配利润", "Undistributed profit", "期初＋归母净利润－分配给母公司股东的股利－提取盈余公积";
        equity_parent: "归属于母公司所有者权益", "Equity attributable to the parent", "归母净资产";
        minority_interest: "少数股东权益", "Minority interest", "";
        total_equity: "所有者权益合计", "Total equity", "归母所有者权益＋少数股东权益；资产总计－负债合计";
    }
}

statement! {
    /// Cash flow statement of a quarter, or from January on.
    CashFlow {
        cash_from_sales: "销售商品、提供劳务收到的现金", "Cash received from sales", "含增值税";
        tax_refunds_received: "收到的税费返还", "Tax refunds received", "";
        other_operating_received: "收到其他与经营活动有关的现金", "Other cash received from operations", "";
        operating_inflow: "经营活动现金流入小计", "Cash inflow from operations", "";
        cash_paid_for_goods: "购买商品、接受劳务支付的现金", "Cash paid for goods and services", "含增值税";
        cash_paid_to_employees: "支付给职工以及为职工支付的现金", "Cash paid to and for employees", "";
        taxes_paid: "支付的各项税费", "Taxes paid", "";
        other_operating_paid: "支付其他与经营活动有关的现金", "Other cash paid for operations", "";
        operating_outflow: "经营活动现金流出小计", "Cash outflow from operations", "";
        net_operating_cash_flow: "经营活动产生的现金流量净额", "Net operating cash flow", "流入小计－流出小计";
        cash_from_investments: "收回投资收到的现金", "Cash from disposal of investments", "";
        investment_income_received: "取得投资收益收到的现金", "Cash received as investment income", "";
        cash_from_asset_disposal: "处置长期资产收回的现金净额", "Net cash from disposal of long-term assets", "";
        investing_inflow: "投资活动现金流入小计", "Cash inflow from investing", "";
        capital_expenditure: "购建长期资产支付的现金", "Cash paid for long-term assets", "购建固定资产、无形资产和其他长期资产支付的现金";
        cash_paid_for_investments: "投资支付的现金", "Cash paid for investments", "";
        investing_outflow: "投资活动现金流出小计", "Cash outflow from investing", "";
        net_investing_cash_flow: "投资活动产生的现金流量净额", "Net investing cash flow", "流入小计－流出小计";
        cash_from_equity: "吸收投资收到的现金", "Cash received from equity issued", "";
        cash_from_borrowing: "取得借款收到的现金", "Cash received from borrowing", "";
        other_financing_received: "收到其他与筹资活动有关的现金", "Other cash received from financing", "";
        financing_inflow: "筹资活动现金流入小计", "Cash inflow from financing", "";
        debt_repayment: "偿还债务支付的现金", "Cash paid to repay debt", "";
        dividends_and_interest_paid: "分配股利、利润或偿付利息支付的现金", "Cash paid for dividends and interest", "含支付给少数股东的股利";
        financing_outflow: "筹资活动现金流出小计", "Cash outflow from financing", "";
        net_financing_cash_flow: "筹资活动产生的现金流量净额", "Net financing cash flow", "流入小计－流出小计";
        fx_effect: "汇率变动对现金的影响", "Effect of exchange rates on cash", "";
        net_increase_in_cash: "现金及现金等价物净增加额", "Net increase in cash", "经营、投资、筹资三项净额＋汇率变动影响";
        cash_at_beginning: "期初现金及现金等价物余额", "Cash at the beginning of the year", "年初余额";
        cash_at_end: "期末现金及现金等价物余额", "Cash at the end of the period", "期初余额＋净增加额";
        dividends_to_parent: "其中：分配给母公司股东的股利", "Of which dividends to shareholders of the parent", "用于核对未分配利润";
    }
}

// The balances at both ends are set after adding; adding them up would mean nothing.
accumulate! { CashFlow: cash_from_sales tax_refunds_received other_operating_received operating_inflow
cash_paid_for_goods cash_paid_to_employees taxes_paid other_operating_paid operating_outflow
net_operating_cash_flow cash_from_investments investment_income_received cash_from_asset_disposal
investing_inflow capital_expenditure cash_paid_for_investments investing_outflow net_investing_cash_flow
cash_from_equity cash_from_borrowing other_financing_received financing_inflow debt_repayment
dividends_and_interest_paid financing_outflow net_financing_cash_flow fx_effect net_increase_in_cash
cash_at_beginning cash_at_end dividends_to_parent }
