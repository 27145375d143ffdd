//! A small bank and three listed companies, few enough rows to compute everything by hand.

use std::collections::BTreeSet;

use jinsheng_core::{RowFilter, Scope};
use jinsheng_semantics::catalog::{Catalog, parse_catalog_files};
use jinsheng_semantics::query::parse_query;
use jinsheng_testkit::data::{NaiveData, NaiveTable};
use jinsheng_testkit::naive::{NaiveRefusal, NaiveResult, interpret};

/// A catalog and its rows.
pub(crate) struct Fixture {
    pub(crate) catalog: Catalog,
    pub(crate) data: NaiveData,
}

impl Fixture {
    pub(crate) fn new(catalog: &str, tables: &[(&str, &str)]) -> Self {
        let files = [("catalog.yaml".to_owned(), catalog.to_owned())];
        let catalog = match parse_catalog_files(&files) {
            Ok(catalog) => catalog,
            Err(error) => panic!("{error}"),
        };
        let tables = tables
            .iter()
            .map(|(name, text)| ((*name).to_owned(), NaiveTable::parse(text)))
            .collect();
        Self {
            catalog,
            data: NaiveData { tables },
        }
    }

    pub(crate) fn run(&self, line: &str, scope: &Scope) -> Result<NaiveResult, NaiveRefusal> {
        let query = match parse_query(line) {
            Ok(query) => query,
            Err(error) => panic!("{line}: {error}"),
        };
        interpret(&self.catalog, &self.data, &query, scope)
    }

    /// The result, without indentation, must be this text.
    #[track_caller]
    pub(crate) fn check(&self, line: &str, expected: &str) {
        self.check_under(&Scope::full(), line, expected);
    }

    #[track_caller]
    pub(crate) fn check_under(&self, scope: &Scope, line: &str, expected: &str) {
        let found = match self.run(line, scope) {
            Ok(result) => result.to_string(),
            Err(refusal) => format!("refused: {refusal}\n"),
        };
        let expected: String = expected
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(|line| format!("{line}\n"))
            .collect();
        assert_eq!(
            found, expected,
            "\n{line}\nfound:\n{found}\nexpected:\n{expected}"
        );
    }
}

pub(crate) fn scope(filters: &[(&str, &[&str])]) -> Scope {
    let filters = filters.iter().map(|(dimension, values)| RowFilter {
        dimension: (*dimension).to_owned(),
        values: values
            .iter()
            .map(|value| (*value).to_owned())
            .collect::<BTreeSet<_>>(),
    });
    Scope::restricted("tester", filters, [])
}

/// Reports of companies: year-to-date income, balance, stored rates, and a static home table.
pub(crate) fn companies() -> Fixture {
    Fixture::new(COMPANIES, &COMPANY_ROWS)
}

const COMPANIES: &str = r#"
version: 1
entities:
  company: { label: { zh: 公司, en: company }, table: companies }
tables:
  companies:
    source: base.companies
    entities: { company: code }
    dimensions: { industry: { column: industry }, city: { column: city } }
    measures:
      number: { agg: count, unit: 家, time: static }
      capital: { column: capital, unit: 万元, time: static }
  income:
    source: fin.income
    entities: { company: code }
    period: { kind: report, period: period }
    measures:
      revenue: { column: revenue, unit: 万元, time: flow_ytd }
      cost: { column: cost, unit: 万元, time: flow_ytd }
      orders: { column: orders, unit: 个, time: flow }
  balance:
    source: fin.balance
    entities: { company: code }
    period: { kind: report, year: year, period: period }
    measures:
      assets: { column: assets, unit: 亿元, time: stock }
      debt: { column: debt, unit: 亿元, time: stock }
      roe: { column: roe, unit: "%", time: rate }
      revenue: { column: revenue, unit: 亿元, time: flow_ytd }
metrics:
  revenue: { label: { zh: 营收 }, measure: income.revenue, alternatives: [balance.revenue] }
  revenue_single: { label: { zh: 单季营收 }, measure: income.revenue, form: single }
  cost: { label: { zh: 成本 }, measure: income.cost }
  orders: { label: { zh: 订单 }, measure: income.orders }
  assets: { label: { zh: 资产 }, measure: balance.assets }
  assets_wan: { label: { zh: 资产 }, measure: balance.assets, unit: 万元 }
  debt: { label: { zh: 负债 }, measure: balance.debt }
  roe: { label: { zh: ROE }, measure: balance.roe }
  companies: { label: { zh: 公司数 }, measure: companies.number }
  capital: { label: { zh: 注册资本 }, measure: companies.capital }
  margin: { label: { zh: 毛利率 }, formula: (revenue - cost) / revenue, unit: "%" }
  debt_ratio: { label: { zh: 资产负债率 }, formula: debt / assets }
  turnover: { label: { zh: 周转率 }, formula: "revenue:ttm / assets", unit: 倍 }
"#;

const COMPANY_ROWS: [(&str, &str); 3] = [
    (
        "base.companies",
        "code | industry | city | capital
                 A | 酒 | 北京 | 100
                 B | 酒 | 上海 | 200
                 C | 药 | 北京 |
                 E | 药 | 上海 | 50",
    ),
    (
        "fin.income",
        "code | period | revenue | cost | orders
                 A | 2023Q1 | 10 | 4 | 1
                 A | 2023H1 | 25 | 10 | 2
                 A | 2023Q3 | 45 | 18 | 3
                 A | 2023FY | 70 | 28 | 4
                 A | 2024Q1 | 12 | 6 | 1
                 A | 2024H1 | 30 | 15 |
                 A | 2024FY | 80 | 40 | 2
                 A | 2025Q1 | 15 | 5 | 5
                 A | 2025HY | 33 | 11 | 6
                 A | 2025Q3 | 54 | 18 | 7
                 B | 2024Q1 | 6 | 3 | 1
                 B | 2024H1 | | 5 | 1
                 B | 2024Q3 | 18 | 9 | 1
                 B | 2024FY | 24 | 12 | 1
                 B | 2025Q3 | 20 | 10 | 1
                 C | 2025Q3 | 54 | 27 | 1
                 C | 年报 | 999 | 999 | 1",
    ),
    (
        "fin.balance",
        "code | year | period | assets | debt | roe | revenue
                 A | 2024 | FY | 100 | 40 | 10 | 0.008
                 A | 2025 | Q3 | 120 | 60 | 12 | 0.0054
                 B | 2024 | FY | 50 | 20 | 8 |
                 B | 2025 | Q3 | 60 | 15 | 6 | 0.002
                 C | 2025 | Q3 | 0 | 1 | |
                 D | 2025 | Q3 | 10 | 4 | 5 |",
    ),
];

/// A bank: clients with branches, daily holdings (stock) and transactions (events).
pub(crate) fn bank() -> Fixture {
    Fixture::new(BANK, &BANK_ROWS)
}

const BANK: &str = r#"
version: 1
entities:
  branch: { label: { zh: 分行 }, table: branches }
  manager: { label: { zh: 经理 }, table: managers }
  client: { label: { zh: 客户 }, table: clients }
tables:
  branches:
    source: bank.branches
    entities: { branch: id }
    dimensions: { region: { column: region } }
    measures: { seats: { column: seats, unit: 个, time: static } }
  managers:
    source: bank.managers
    entities: { manager: id, branch: branch }
    dimensions: { grade: { column: grade } }
  clients:
    source: bank.clients
    entities: { client: id, manager: manager }
    dimensions: { segment: { column: segment }, age: { column: age }, since: { column: since }, active: { column: active } }
    measures: { clients: { agg: count, unit: 人, time: static }, age: { column: age, agg: mean, time: static } }
  aum:
    source: bank.aum
    entities: { client: client }
    period: { kind: date, column: day, grain: day }
    key_dimensions: [product]
    dimensions: { product: { column: product } }
    measures:
      aum: { column: amount, unit: 元, time: stock }
      price: { column: price, unit: 元/份, time: rate }
  trades:
    source: bank.trades
    unique: false
    entities: { client: client }
    period: { kind: date, column: day, grain: day }
    dimensions: { kind: { column: kind } }
    measures:
      amount: { column: amount, unit: 元, time: flow }
      number: { agg: count, unit: 笔, time: flow }
      priced: { column: amount, agg: count, unit: 笔, time: flow }
      largest: { column: amount, agg: max, unit: 元, time: flow }
      kinds: { column: kind, agg: count_distinct, time: flow }
  targets:
    source: bank.targets
    entities: { branch: branch }
    period: { kind: year, column: year }
    measures: { target: { column: target, unit: 元, time: flow } }
metrics:
  aum: { label: { zh: 资产 }, measure: aum.aum }
  price: { label: { zh: 价格 }, measure: aum.price }
  amount: { label: { zh: 交易额 }, measure: trades.amount }
  trades: { label: { zh: 笔数 }, measure: trades.number }
  priced: { label: { zh: 有价笔数 }, measure: trades.priced }
  largest: { label: { zh: 最大 }, measure: trades.largest }
  kinds: { label: { zh: 种类 }, measure: trades.kinds }
  clients: { label: { zh: 客户数 }, measure: clients.clients }
  age: { label: { zh: 年龄 }, measure: clients.age }
  seats: { label: { zh: 席位 }, measure: branches.seats }
  target: { label: { zh: 目标 }, measure: targets.target }
"#;

const BANK_ROWS: [(&str, &str); 6] = [
    (
        "bank.branches",
        "id | region | seats
                 B1 | 东 | 3
                 B2 | 西 | 4",
    ),
    (
        "bank.managers",
        "id | branch | grade
                 M1 | B1 | 高
                 M2 | B1 | 低
                 M3 | B2 | 高",
    ),
    (
        "bank.clients",
        "id | manager | segment | age | since | active
                 '001' | M1 | 私行 | 60 | 2010-01-01 | true
                 '002' | M2 | 大众 | 30 | 2020-06-01 | true
                 '003' | M3 | 私行 | 45 | 2015-03-01 | false
                 '004' | M9 | 大众 | | 2021-01-01 | true",
    ),
    (
        "bank.aum",
        "client | day | product | amount | price
                 '001' | 2025-01-10 | F1 | 100 | 1.1
                 '001' | 2025-01-31 | F1 | 110 | 1.2
                 '001' | 2025-01-20 | F2 | 50 | 2.0
                 '001' | 2025-02-28 | F1 | 120 | 1.3
                 '002' | 2025-01-31 | F1 | 10 | 1.2
                 '002' | 2025-02-15 | F1 | | 1.3
                 '003' | 2025-01-31 | F2 | 1000 | 2.1
                 '004' | 2025-02-28 | F2 | 7 | 2.2
                 | 2025-02-28 | F2 | 5 | 2.2",
    ),
    (
        "bank.trades",
        "client | day | kind | amount
                 '001' | 2024-02-29 | 申购 | 1
                 '001' | 2024-12-31 | 申购 | 10
                 '001' | 2025-01-05 | 申购 | 20
                 '001' | 2025-01-05 | 赎回 | 5
                 '001' | 2025-03-01 | 申购 | 30
                 '002' | 2025-02-01 | 赎回 | 7
                 '002' | 2025-02-02 | 赎回 |
                 '003' | 2025-03-31 | 申购 | 100",
    ),
    (
        "bank.targets",
        "branch | year | target
                 B1 | 2024 | 1000
                 B1 | 2025 | 2000
                 B2 | 2025 | 500",
    ),
];
