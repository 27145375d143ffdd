//! Catalogs drafted from real files: what a user gets without editing anything.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may stop at the first surprise"
)]

use jinsheng_semantics::catalog::to_yaml;

use crate::infer_support::{csv_file, draft, profile, shared, sheets, sqlite, sum};

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
}
