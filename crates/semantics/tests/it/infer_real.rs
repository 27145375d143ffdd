//! Catalogs drafted from real files: what a user gets without editing anything.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may stop at the first surprise"
)]

use jinsheng_core::Grain;
use jinsheng_semantics::catalog::{Agg, TimeBehaviour, to_yaml};

use jinsheng_testkit::shared::shared;

use crate::infer_support::{csv_file, draft, profile, sheets, sqlite, sum};

fn write(name: &str, inference: &jinsheng_semantics::infer::Inference) {
    use std::fmt::Write as _;
    let Some(folder) = std::env::var_os("JINSHENG_SHOW_DRAFTS") else {
        return;
    };
    let mut text = to_yaml(&inference.file).unwrap();
    for unsure in &inference.unsure {
        writeln!(
            text,
            "# {}: {} | {} [{}] {:?}",
            unsure.path, unsure.message.zh, unsure.message.en, unsure.choice, unsure.alternatives
        )
        .unwrap();
    }
    for left in &inference.left_out {
        writeln!(
            text,
            "# left {} {:?}: {}",
            left.source, left.column, left.reason.en
        )
        .unwrap();
    }
    std::fs::write(std::path::Path::new(&folder).join(name), text).unwrap();
}

#[test]
fn statements_with_dictionary() {
    let (Some(database), Some(dictionary)) = (
        shared("statements_tcm/financials_yikwa.db"),
        shared("statements_tcm/schema_dictionary.xlsx"),
    ) else {
        return;
    };
    let mut profiles = sqlite(&database, "financials");
    for profile in &mut profiles {
        if profile.source.ends_with("cash_flow_sheet") {
            profile.identities.push(sum(
                "net_cash_flow = operating_cf_net_amount + investing_cf_net_amount + financing_cf_net_amount",
                500,
                700,
            ));
        }
    }
    let dictionary = jinsheng_semantics::infer::parse_dictionary_rows(&sheets(&dictionary));
    let (inference, _) = draft(&profiles, &dictionary);
    write("tcm.yaml", &inference);
    let file = &inference.file;
    assert_eq!(
        file.tables.keys().collect::<Vec<_>>(),
        [
            "balance_sheet",
            "cash_flow_sheet",
            "core_performance_indicators_sheet",
            "income_sheet"
        ]
    );
    assert!(
        inference
            .unsure
            .iter()
            .all(|unsure| !unsure.path.ends_with(".time")),
        "a column is not known"
    );
    assert_eq!(
        file.metrics["revenue"].measure.as_deref(),
        Some("income_sheet.total_revenue")
    );
    assert_eq!(
        file.metrics["net_profit"].alternatives,
        ["core_performance_indicators_sheet.net_profit"]
    );
    assert_eq!(
        file.tables["cash_flow_sheet"].measures["net_cash_flow"]
            .unit
            .to_string(),
        "万元"
    );
    assert_eq!(
        file.metrics["net_profit_yoy"].growth_of.as_ref().unwrap().metric,
        "net_profit"
    );
    assert_eq!(
        file.metrics["total_assets_yoy"].growth_of, None,
        "the dictionary says since the year end"
    );
    for (word, metric) in [
        ("营收", "revenue"),
        ("营业收入", "revenue"),
        ("主营业务收入", "revenue"),
        ("资产-存货", "inventory"),
        ("毛利率", "gross_margin"),
        ("ROE", "roe"),
        ("扣非", "net_profit_deducted"),
        ("经营性现金流量净额", "net_operating_cash_flow"),
        ("融资性现金流-现金流量净额", "net_financing_cash_flow"),
        ("负债率", "debt_ratio"),
        ("研发费用占比", "rnd_ratio"),
    ] {
        let found = &file.metrics[metric];
        let own = metric.eq_ignore_ascii_case(word);
        assert!(
            own || found.synonyms.iter().any(|synonym| synonym == word),
            "{word} is not {metric}: {found:?}"
        );
    }
}

/// A sheet of a workbook whose first row is the header.
fn sheet(path: &std::path::Path, source: &str) -> jinsheng_semantics::infer::TableProfile {
    let (_, mut rows) = sheets(path).remove(0);
    let header = rows.remove(0);
    profile(source, &header, &rows)
}

#[test]
fn second_extraction_beside_the_first() {
    let (Some(first), Some(second)) = (
        shared("statements_tcm/financials_yikwa.db"),
        shared("statements_tcm/financials_jchpjp.db"),
    ) else {
        return;
    };
    let mut profiles = sqlite(&first, "one");
    profiles.extend(sqlite(&second, "two"));
    let (inference, _) = draft(&profiles, &[]);
    write("two.yaml", &inference);
    let one_import: std::collections::BTreeSet<&str> = inference
        .file
        .metrics
        .values()
        .filter_map(|metric| {
            metric
                .measure
                .as_deref()?
                .split_once('_')
                .map(|(import, _)| import)
        })
        .collect();
    assert_eq!(
        one_import.len(),
        1,
        "figures come from one extraction, the other checks them"
    );
    assert_eq!(inference.file.metrics["total_assets"].alternatives.len(), 1);
}

#[test]
fn yearly_statements_with_chinese_headers() {
    let Some(folder) = shared("finglm") else { return };
    let profiles: Vec<_> = [
        "profit_statement",
        "balance_static",
        "cash_flow_statement",
        "baseinfo",
        "people",
        "company_annual_reports",
        "industry",
    ]
    .iter()
    .map(|name| sheet(&folder.join(format!("{name}.xlsx")), &format!("finglm.{name}")))
    .collect();
    let (inference, _) = draft(&profiles, &[]);
    write("finglm.yaml", &inference);
    let file = &inference.file;
    assert!(
        inference
            .unsure
            .iter()
            .all(|unsure| !unsure.path.ends_with(".time")),
        "a column is not known"
    );
    assert_eq!(
        file.tables["profit_statement"].measures["net_profit"].time,
        TimeBehaviour::Flow
    );
    assert_eq!(
        file.tables["balance_static"].measures["total_current_assets"].time,
        TimeBehaviour::Stock
    );
    assert_eq!(
        file.metrics["total_assets"].formula.as_deref(),
        Some("total_current_assets + total_noncurrent_assets")
    );
    for ratio in [
        "debt_ratio",
        "current_ratio",
        "net_margin",
        "rnd_staff_share",
        "master_and_above_share",
        "rnd_to_profit",
    ] {
        assert!(file.metrics.contains_key(ratio), "{ratio}");
    }
    assert_eq!(file.tables["baseinfo"].dimensions["email"].column, "公司邮箱");
}

#[test]
fn prices_funds_and_macro_series() {
    let Some(folder) = shared("macro_pddl") else {
        return;
    };
    let mut profiles: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "csv"))
        .map(|path| csv_file(&path, path.file_stem().unwrap().to_str().unwrap()))
        .collect();
    profiles.sort_by(|one, two| one.source.cmp(&two.source));
    for (path, name) in [
        ("ashare_prices/600000.csv", "ashare_prices"),
        ("cn_fund_nav_daily/000148.csv", "nav_000148"),
        ("city_macro_cn/city_macro.csv", "city_macro"),
        ("statements_tcm/companies.xlsx", "companies"),
    ] {
        let path = shared(path).unwrap();
        profiles.push(if path.extension().is_some_and(|extension| extension == "xlsx") {
            sheet(&path, name)
        } else {
            csv_file(&path, name)
        });
    }
    let (inference, _) = draft(&profiles, &[]);
    write("various.yaml", &inference);
    let tables = &inference.file.tables;
    let period = |name: &str| tables[name].period.as_ref().unwrap().grain();
    assert_eq!(period("ashare_prices"), Grain::Day);
    assert_eq!(period("gold_prices_monthly_processed"), Grain::Month);
    assert_eq!(period("gdp_gdp"), Grain::Year);
    assert_eq!(tables["ashare_prices"].measures["high"].agg, Agg::Max);
    assert!(
        tables["gold_prices_monthly_processed"]
            .measures
            .contains_key("gold_price")
    );
    assert_eq!(tables["exchange_rates_monthly"].key_dimensions.len(), 1);
    assert_eq!(
        tables["city_macro"].measures["exports"].unit.to_string(),
        "百万元"
    );
    assert_eq!(
        tables["city_macro"].measures["primary_share"].unit.to_string(),
        "倍"
    );
    assert_eq!(
        inference.file.entities["company"].table.as_deref(),
        Some("companies")
    );
    assert!(inference.file.metrics.contains_key("nav_return_1y"));
}
