//! Catalogs drafted from profiles written by hand.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may stop at the first surprise"
)]

use std::fmt::Write as _;

use expect_test::expect;
use jinsheng_core::{Digest, Unit};
use jinsheng_semantics::catalog::{Agg, Catalog, PeriodColumns, TimeBehaviour};
use jinsheng_semantics::infer::{
    ColumnProfile, DictionaryEntry, GrowthKind, IdentityKind, IdentityProfile, Inference, MagnitudeProfile,
    TableProfile, infer, parse_dictionary_rows, to_measure,
};
use proptest::prelude::*;

use crate::infer_support::{draft, sum, table};

/// Three statements and an indicator table as a vendor might call their columns.
pub(crate) fn statements() -> Vec<TableProfile> {
    let periods = "period text=Q1,HY,Q3,FY";
    let keys: &[&str] = &["stkcd", "fyear", "period"];
    let head = [
        "stkcd text=000001,000002,600003",
        "sname text=甲,乙,丙",
        "fiscal_year int=2023,2024",
        periods,
    ];
    let build = |source: &str, columns: &[&str]| {
        let all: Vec<String> = head
            .iter()
            .map(|column| {
                column
                    .replace("fiscal_year", "fyear")
                    .replace("sname", "stock_name")
            })
            .chain(columns.iter().map(|column| (*column).to_owned()))
            .collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let mut table = table(source, 24, &all, &[keys]);
        table.columns[2].label = "会计年度".to_owned();
        table
    };
    vec![
        build(
            "vendor.t_profit",
            &[
                "operRevenue dec",
                "operCost dec",
                "sellExp dec",
                "adminExp dec",
                "rdExp dec",
                "finExp dec",
                "np dec",
            ],
        ),
        build(
            "vendor.t_balance",
            &[
                "totalAssets dec",
                "totalLiab dec",
                "inventories dec",
                "cashEq dec",
            ],
        ),
        build(
            "vendor.t_cash",
            &["ocfNet dec", "icfNet dec", "fcfNet dec", "netChange dec"],
        ),
        build(
            "vendor.t_kpi",
            &["np_wan dec", "gpm dec", "npYoY dec", "revQoQ dec", "made_up dec"],
        ),
    ]
}

fn dictionary() -> Vec<DictionaryEntry> {
    let rows = |lines: &[&str]| -> Vec<Vec<String>> {
        lines
            .iter()
            .map(|line| line.split('|').map(str::to_owned).collect())
            .collect()
    };
    parse_dictionary_rows(&[
        (
            "表名".to_owned(),
            rows(&[
                "中文名称|英文名称",
                "利润表|t_profit",
                "资产负债表|t_balance",
                "现金流量表|t_cash",
                "业绩指标表|t_kpi",
            ]),
        ),
        (
            "利润表".to_owned(),
            rows(&[
                "字段名称|中文名称|字段说明",
                "operRevenue|营业收入(元)|销售所得",
                "operCost|支出-营业成本(元)|",
                "sellExp|营业总成本-销售费用(元)|",
                "adminExp|营业总成本-管理费用(元)|",
                "rdExp|营业总成本-研发费用(元)|",
                "finExp|营业总成本-财务费用(元)|",
                "np|净利润(元)|",
            ]),
        ),
        (
            "资产负债表".to_owned(),
            rows(&[
                "字段名称|中文名称",
                "totalAssets|资产-总资产(元)",
                "totalLiab|负债-总负债(元)",
                "inventories|资产-存货(元)",
                "cashEq|资产-货币资金(元)",
            ]),
        ),
        (
            "现金流量表".to_owned(),
            rows(&[
                "字段名称|中文名称",
                "ocfNet|经营性现金流-现金流量净额(万元)",
                "icfNet|投资性现金流-现金流量净额(万元)",
                "fcfNet|融资性现金流-现金流量净额(万元)",
                "netChange|净现金流(元)",
            ]),
        ),
        (
            "核心业绩指标表".to_owned(),
            rows(&[
                "字段名称|中文名称",
                "np_wan|净利润（万元）",
                "gpm|销售毛利率(%)",
                "npYoY|净利润-同比增长(%)",
                "revQoQ|营业收入-季度环比增长(%)",
                "made_up|某种景气得分",
            ]),
        ),
    ])
}

fn summary(inference: &Inference) -> String {
    let mut text = String::new();
    for (name, metric) in &inference.file.metrics {
        write!(text, "{name} {}", metric.label.zh).unwrap();
        for reference in metric.measure.iter().chain(&metric.alternatives) {
            let (table, measure) = reference.split_once('.').unwrap();
            let found = &inference.file.tables[table].measures[measure];
            write!(text, " | {reference} {} {:?}", found.unit, found.time).unwrap();
        }
        if let Some(formula) = &metric.formula {
            write!(text, " = {formula}").unwrap();
        }
        if let Some(growth) = &metric.growth_of {
            write!(text, " ({:?} of {})", growth.change, growth.metric).unwrap();
        }
        text.push('\n');
    }
    text
}

#[test]
fn a_vendors_statements_with_a_dictionary() {
    let mut profiles = statements();
    profiles[2]
        .identities
        .push(sum("netChange = ocfNet + icfNet + fcfNet", 20, 24));
    let (inference, _) = draft(&profiles, &dictionary());
    expect![[r#"
        administrative_expense_ratio 管理费用率 = administrative_expenses / revenue
        administrative_expenses 管理费用 | t_profit.administrative_expenses 元 FlowYtd
        asset_turnover 总资产周转率 = revenue / total_assets
        cash 货币资金 | t_balance.cash 元 Stock
        cash_share 货币资金占总资产比例 = cash / total_assets
        cash_to_profit 净利润现金含量 = net_operating_cash_flow / net_profit
        company_count 公司数量 | t_profit.company_count 个 Stock
        debt_ratio 资产负债率 = total_liabilities / total_assets
        debt_to_equity 产权比率 = total_liabilities / total_equity
        equity_multiplier 权益乘数 = total_assets / total_equity
        financial_expense_ratio 财务费用率 = financial_expenses / revenue
        financial_expenses 财务费用 | t_profit.financial_expenses 元 FlowYtd
        gross_margin 销售毛利率 | t_kpi.gross_margin % Rate = (revenue - operating_cost) / revenue
        gross_profit 毛利 = revenue - operating_cost
        inventory 存货 | t_balance.inventory 元 Stock
        inventory_share 存货占总资产比例 = inventory / total_assets
        inventory_turnover 存货周转率 = operating_cost / inventory
        made_up 某种景气得分 | t_kpi.made_up  Rate
        net_cash_flow 净现金流 | t_cash.net_cash_flow 万元 FlowYtd = net_operating_cash_flow + net_investing_cash_flow + net_financing_cash_flow
        net_financing_cash_flow 筹资活动产生的现金流量净额 | t_cash.net_financing_cash_flow 万元 FlowYtd
        net_investing_cash_flow 投资活动产生的现金流量净额 | t_cash.net_investing_cash_flow 万元 FlowYtd
        net_margin 销售净利率 = net_profit / revenue
        net_operating_cash_flow 经营活动产生的现金流量净额 | t_cash.net_operating_cash_flow 万元 FlowYtd
        net_profit 净利润 | t_profit.net_profit 元 FlowYtd | t_kpi.net_profit 万元 FlowYtd
        net_profit_yoy 净利润同比增长率 | t_kpi.net_profit_yoy % Rate (Yoy of net_profit)
        ocf_to_revenue 经营现金流占营业收入比例 = net_operating_cash_flow / revenue
        operating_cost 营业成本 | t_profit.operating_cost 元 FlowYtd
        operating_cost_ratio 营业成本率 = operating_cost / revenue
        period_expense_ratio 期间费用率 = period_expenses / revenue
        period_expenses 期间费用 = selling_expenses + administrative_expenses + rnd_expenses + financial_expenses
        revenue 营业收入 | t_profit.revenue 元 FlowYtd
        revenue_qoq 营业收入环比增长率 | t_kpi.revenue_qoq % Rate (Qoq of revenue)
        rnd_expenses 研发费用 | t_profit.rnd_expenses 元 FlowYtd
        rnd_ratio 研发费用率 = rnd_expenses / revenue
        rnd_to_expenses 研发费用占期间费用比例 = rnd_expenses / (selling_expenses + administrative_expenses + financial_expenses + rnd_expenses)
        rnd_to_profit 研发费用与净利润比值 = rnd_expenses / net_profit
        roa 总资产收益率 = net_profit / total_assets
        roe 净资产收益率 = net_profit / total_equity
        selling_expense_ratio 销售费用率 = selling_expenses / revenue
        selling_expenses 销售费用 | t_profit.selling_expenses 元 FlowYtd
        three_expense_ratio 三费比率 = three_expenses / revenue
        three_expenses 三费合计 = selling_expenses + administrative_expenses + financial_expenses
        total_assets 总资产 | t_balance.total_assets 元 Stock
        total_equity 所有者权益合计 = total_assets - total_liabilities
        total_liabilities 总负债 | t_balance.total_liabilities 元 Stock
    "#]].assert_eq(&summary(&inference));
    let table = &inference.file.tables["t_profit"];
    assert_eq!(table.label.zh, "利润表");
    assert_eq!(table.entities["company"], "stkcd");
    assert_eq!(
        table.period,
        Some(PeriodColumns::Report {
            year: Some("fyear".to_owned()),
            period: "period".to_owned()
        })
    );
    assert!(table.unique);
    assert!(inference.file.groups.contains_key("three_fees"));
    let names: Vec<&str> = inference.file.entities["company"]
        .names
        .iter()
        .map(|name| name.column.as_str())
        .collect();
    assert_eq!(names, ["stock_name"; 4]);
}

#[track_caller]
pub(crate) fn assert_unsure(inference: &Inference, path: &str, choice: &str) {
    let found = inference.unsure.iter().find(|unsure| unsure.path == path);
    let paths: Vec<&str> = inference
        .unsure
        .iter()
        .map(|unsure| unsure.path.as_str())
        .collect();
    let found = found.unwrap_or_else(|| panic!("{path} is not among {paths:#?}"));
    assert_eq!(found.choice, choice);
    assert!(!found.message.zh.is_empty() && !found.message.en.is_empty());
}

#[test]
fn a_sum_overrides_a_wrong_unit() {
    let mut profiles = statements();
    let (before, _) = draft(&profiles, &dictionary());
    assert_eq!(
        before.file.tables["t_cash"].measures["net_cash_flow"].unit,
        Unit::YUAN
    );
    profiles[2]
        .identities
        .push(sum("netChange = ocfNet + icfNet + fcfNet", 20, 24));
    let (after, _) = draft(&profiles, &dictionary());
    assert_eq!(
        after.file.tables["t_cash"].measures["net_cash_flow"]
            .unit
            .to_string(),
        "万元"
    );
    assert_unsure(&after, "tables.t_cash.measures.net_cash_flow.unit", "万元");
    assert_eq!(
        after.file.metrics["net_cash_flow"].formula.as_deref(),
        Some("net_operating_cash_flow + net_investing_cash_flow + net_financing_cash_flow")
    );
}

#[test]
fn too_little_evidence_overrides_nothing() {
    let mut profiles = statements();
    profiles[2]
        .identities
        .push(sum("netChange = ocfNet + icfNet + fcfNet", 3, 24));
    let (inference, _) = draft(&profiles, &dictionary());
    assert_eq!(
        inference.file.tables["t_cash"].measures["net_cash_flow"].unit,
        Unit::YUAN
    );
}

#[test]
fn a_growth_rate_against_the_year_end_is_not_year_on_year() {
    let mut profiles = statements();
    profiles[3].identities.push(IdentityProfile {
        kind: IdentityKind::Growth {
            rate: "npYoY".to_owned(),
            of: "np_wan".to_owned(),
            change: GrowthKind::SinceYearEnd,
            percent: true,
        },
        support: 20,
        total: 24,
    });
    let (inference, _) = draft(&profiles, &dictionary());
    assert_eq!(inference.file.metrics["net_profit_yoy"].growth_of, None);
    assert_unsure(&inference, "metrics.net_profit_yoy.growth_of", "none");
}

#[test]
fn a_power_of_ten_between_two_tables_is_pointed_out() {
    let mut profiles = statements();
    profiles[3].magnitudes.push(MagnitudeProfile {
        column: "np_wan".to_owned(),
        other_source: "vendor.t_profit".to_owned(),
        other_column: "np".to_owned(),
        power: 0,
        support: 20,
        total: 24,
    });
    let (inference, _) = draft(&profiles, &dictionary());
    assert_unsure(&inference, "tables.t_kpi.measures.net_profit.unit", "万元");
    profiles[3].magnitudes[0].power = 4;
    let (inference, _) = draft(&profiles, &dictionary());
    assert!(
        inference
            .unsure
            .iter()
            .all(|unsure| unsure.path != "tables.t_kpi.measures.net_profit.unit")
    );
}

#[test]
fn what_to_measure_follows_from_the_lexicon() {
    let found = to_measure(&statements(), &dictionary());
    assert!(found.equations.iter().any(|equation| {
        equation.source == "vendor.t_cash"
            && matches!(&equation.kind, IdentityKind::Sum { total, terms } if total == "netChange" && terms.len() == 3)
    }));
    assert!(found.equations.iter().any(|equation| {
        matches!(&equation.kind, IdentityKind::Growth { rate, of, change: GrowthKind::SinceYearEnd, .. }
            if rate == "npYoY" && of == "np_wan")
    }));
    assert!(
        found
            .same
            .iter()
            .any(|same| same.column == "np" && same.other_column == "np_wan")
    );
}

#[test]
fn what_the_catalog_has_stays_as_it_is() {
    let profiles = statements();
    let (first, _) = draft(&profiles[..1], &dictionary());
    let mut file = first.file.clone();
    file.metrics.get_mut("revenue").unwrap().label.zh = "我行口径收入".to_owned();
    let existing = Catalog::new(file.clone(), Digest::of(b"x")).unwrap();
    let second = infer(&profiles, &dictionary(), Some(&existing));
    assert!(!second.file.metrics.contains_key("revenue"));
    assert!(!second.file.tables.contains_key("t_profit"));
    assert!(!second.file.entities.contains_key("company"));
    assert!(second.file.metrics.contains_key("total_assets"));
    assert!(
        second.file.metrics["asset_turnover"]
            .formula
            .as_deref()
            .unwrap()
            .contains("revenue")
    );
    // Net profit has another column now, which only a person can add.
    assert_unsure(&second, "metrics.net_profit.alternatives", "");
    let mut merged = file;
    merged.tables.extend(second.file.tables);
    merged.metrics.extend(second.file.metrics);
    merged.groups.extend(second.file.groups);
    assert!(Catalog::new(merged, Digest::of(b"y")).is_ok());
}

#[test]
fn a_banks_clients() {
    let profiles = [
        table(
            "branches",
            3,
            &["branch_id text=B1,B2,B3", "branch_name text", "city text"],
            &[&["branch_id"]],
        ),
        table(
            "rms",
            5,
            &[
                "rm_id text=M1,M2,M3,M4,M5",
                "rm_name text",
                "branch_id text=B1,B2,B3",
            ],
            &[&["rm_id"]],
        ),
        table(
            "customers",
            50,
            &[
                "cust_id text",
                "cust_name text",
                "rm_id text",
                "客户等级 text",
                "phone text",
                "open_date date",
            ],
            &[&["cust_id"]],
        ),
        table(
            "customer_aum",
            600,
            &["month_end date", "cust_id text", "AUM dec", "存款余额(万元) dec"],
            &[&["month_end", "cust_id"]],
        ),
        table(
            "trades",
            900,
            &[
                "trade_id text",
                "trade_time date",
                "cust_id text",
                "prod_code text",
                "交易类型 text",
                "交易金额(元) dec",
            ],
            &[&["trade_id"]],
        ),
    ];
    let (inference, catalog) = draft(&profiles, &[]);
    let file = &inference.file;
    assert_eq!(file.entities["client"].table.as_deref(), Some("customers"));
    assert_eq!(file.entities["manager"].table.as_deref(), Some("rms"));
    assert_eq!(file.entities["branch"].table.as_deref(), Some("branches"));
    assert!(!file.tables["trades"].unique);
    assert_eq!(file.tables["trades"].measures["trades_count"].agg, Agg::Count);
    assert_eq!(
        file.tables["customer_aum"].measures["aum"].time,
        TimeBehaviour::Stock
    );
    assert_eq!(
        file.metrics["aum_per_client"].formula.as_deref(),
        Some("aum / client_count")
    );
    assert_eq!(file.tables["customers"].dimensions["segment"].column, "客户等级");
    assert!(
        inference
            .left_out
            .iter()
            .any(|left| left.column.as_deref() == Some("phone"))
    );
    let branch = catalog.dimension("branch").unwrap();
    assert_eq!(
        catalog.path("customer_aum", branch).unwrap().hops.len(),
        2,
        "assets are reached by branch"
    );
}

#[test]
fn an_unknown_key_and_figure() {
    let profiles = [
        table(
            "vessels",
            4,
            &["vessel_id int=1,2,3,4", "vessel_name text", "tonnage dec"],
            &[&["vessel_id"]],
        ),
        table(
            "voyages",
            40,
            &["vessel_id int=1,2,3,4", "date date", "freight_amount dec"],
            &[&["vessel_id", "date"]],
        ),
    ];
    let (inference, _) = draft(&profiles, &[]);
    let file = &inference.file;
    assert_eq!(file.entities["vessel"].table.as_deref(), Some("vessels"));
    assert_eq!(
        file.metrics["freight_amount"].measure.as_deref(),
        Some("voyages.freight_amount")
    );
    assert_eq!(
        file.tables["voyages"].measures["freight_amount"].time,
        TimeBehaviour::Flow
    );
    assert_unsure(&inference, "entities.vessel", "vessel");
    assert_unsure(&inference, "tables.voyages.measures.*.time", "flow");
}

#[test]
fn shares_written_as_fractions() {
    let mut profile = table(
        "regions",
        100,
        &[
            "年份 int=2020,2021",
            "城市代码 text=110000,120000",
            "第一产业占比(%) dec",
        ],
        &[&["年份", "城市代码"]],
    );
    profile.columns[2].min = Some("0.01".to_owned());
    profile.columns[2].max = Some("0.62".to_owned());
    profile.columns[2].distinct = Some(90);
    let (inference, _) = draft(&[profile], &[]);
    assert_eq!(
        inference.file.tables["regions"].measures["primary_share"].unit,
        Unit::TIMES
    );
    assert_unsure(&inference, "tables.regions.measures.primary_share.unit", "倍");
}

#[test]
fn header_and_dictionary_that_differ_are_listed() {
    let profile = table(
        "f.profit",
        8,
        &["股票代码 text", "年份 int=2020", "净利润(万元) dec"],
        &[&["股票代码", "年份"]],
    );
    let entry = DictionaryEntry {
        table: Some("profit".to_owned()),
        column: "净利润(万元)".to_owned(),
        label_zh: "净利润".to_owned(),
        unit: "元".to_owned(),
        ..DictionaryEntry::default()
    };
    let (inference, _) = draft(&[profile], &[entry]);
    assert_eq!(
        inference.file.tables["profit"].measures["net_profit"]
            .unit
            .to_string(),
        "万元"
    );
    assert_unsure(&inference, "tables.profit.measures.net_profit.unit", "万元");
}

#[test]
fn two_files_of_the_same_layout() {
    let columns = [
        "stock_code text",
        "report_period text=2024FY,2025Q1",
        "net_profit dec",
        "revenue dec",
    ];
    let keys: &[&[&str]] = &[&["stock_code", "report_period"]];
    let mut sparse = table("one.income", 10, &columns, keys);
    sparse.columns[2].nulls = 9;
    let (inference, _) = draft(&[sparse, table("two.income", 10, &columns, keys)], &[]);
    let metrics = &inference.file.metrics;
    assert_eq!(
        metrics["net_profit"].measure.as_deref(),
        Some("two_income.net_profit")
    );
    assert_eq!(
        metrics["revenue"].measure.as_deref(),
        Some("two_income.revenue"),
        "all figures from one import"
    );
    assert_eq!(metrics["net_profit"].alternatives, ["one_income.net_profit"]);
    assert_unsure(&inference, "tables.two_income", "two_income");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_header_gives_a_catalog_that_reads_back(
        headers in prop::collection::vec("[a-zA-Z_ ()%:、营业收入净利润率同比环股票代码年份元万亿0-9\\-]{0,12}", 1..9),
        kinds in prop::collection::vec(0_u8..4, 9),
        units in prop::collection::vec(prop::option::of(-12_i8..12), 9),
    ) {
        let mut seen = std::collections::BTreeSet::new();
        let columns: Vec<ColumnProfile> = headers
            .iter()
            .filter(|header| seen.insert((*header).clone()))
            .zip(kinds.iter().zip(&units))
            .map(|(header, (kind, power))| {
                let mut column = table("x", 1, &[["a text", "a int", "a dec", "a date"][usize::from(*kind)]], &[]).columns.remove(0);
                column.name.clone_from(header);
                column.header.clone_from(header);
                column.unit = power.map(|power| Unit::new(Unit::YUAN.base, power));
                column
            })
            .collect();
        let profile = TableProfile { source: "p.t".to_owned(), rows: 9, columns, ..TableProfile::default() };
        draft(&[profile.clone(), TableProfile { source: "q.t".to_owned(), ..profile }], &[]);
    }
}
