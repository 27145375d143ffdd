//! A project small enough to check by hand: year-to-date reports with gaps, a home table, daily values, events.

/// Tables by name, as CSV.
pub const FILES: [(&str, &str); 4] = [
    ("income", INCOME),
    ("companies", COMPANIES),
    ("nav", NAV),
    ("deals", DEALS),
];

const INCOME: &str = "\
code,name,year,period,revenue(万元),profit(万元)
000001,甲股份,2023,FY,400,40
000001,甲股份,2024,Q1,100,10
000001,甲股份,2024,H1,210,22
000001,甲股份,2024,Q3,330,-3
000001,甲股份,2024,FY,480,48
000001,甲股份,2025,Q1,120,15
000001,甲股份,2025,H1,250,30
000002,乙股份,2023,FY,1000,-50
000002,乙股份,2024,Q1,200,20
000002,乙股份,2024,H1,300,
000002,乙股份,2024,FY,900,90
000002,乙股份,2025,Q1,250,-25
000002,乙股份,2025,H1,600,60
000003,丙股份,2024,FY,480,5
000003,丙股份,2025,H1,250,1
";

const COMPANIES: &str = "\
code,industry,staff
000001,银行,10
000002,保险,20
000003,银行,40
";

const NAV: &str = "\
day,fund,nav
2025-01-02,F1,1.00
2025-01-31,F1,1.10
2025-02-28,F1,1.21
2025-01-31,F2,2.0000
2025-02-27,F2,1.5
2025-02-28,F2,
";

const DEALS: &str = "\
day,fund,kind,amount
2025-01-02,F1,buy,100.10
2025-01-15,F1,sell,50
2025-02-01,F1,buy,25.05
2025-02-03,F2,buy,7
";

/// Its catalog.
pub const CATALOG: &str = r#"
version: 1
entities:
  company:
    label: {zh: 公司, en: company}
    table: companies
    names: [{table: income, column: name}]
    aliases: {"000001": [甲甲]}
  fund: {label: {zh: 基金, en: fund}}
tables:
  companies:
    source: companies
    entities: {company: code}
    dimensions: {industry: {column: industry}}
    measures: {staff: {column: staff, unit: 人, time: static}}
  income:
    source: income
    entities: {company: code}
    period: {kind: report, year: year, period: period}
    measures:
      revenue: {column: "revenue(万元)", unit: 万元, time: flow_ytd}
      profit: {column: "profit(万元)", unit: 万元, time: flow_ytd}
  nav:
    source: nav
    entities: {fund: fund}
    period: {kind: date, column: day, grain: day}
    measures: {nav: {column: nav, unit: 元/份, time: stock}}
  deals:
    source: deals
    unique: false
    entities: {fund: fund}
    period: {kind: date, column: day, grain: day}
    dimensions: {kind: {column: kind}}
    measures:
      amount: {column: amount, unit: 元, time: flow}
      deals: {agg: count, time: flow}
metrics:
  revenue: {label: {zh: 营收, en: revenue}, measure: income.revenue}
  profit: {label: {zh: 利润, en: profit}, measure: income.profit}
  margin: {label: {zh: 利润率, en: margin}, formula: profit / revenue, unit: "%"}
  staff: {label: {zh: 员工, en: staff}, measure: companies.staff}
  nav: {label: {zh: 净值, en: NAV}, measure: nav.nav}
  amount: {label: {zh: 金额, en: amount}, measure: deals.amount}
  deals: {label: {zh: 笔数, en: deals}, measure: deals.deals}
"#;
