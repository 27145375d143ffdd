//! Sums that statements obey, and units stated above a table.

use expect_test::{Expect, expect};
use jinsheng_core::Unit;
use jinsheng_semantics::infer::{IdentityKind, TableProfile, infer, usual_sums};

use crate::infer_support::table;

#[track_caller]
fn sums(columns: &[&str], expected: Expect) {
    let keys: &[&[&str]] = &[&["stock_code", "report_period"]];
    let mut all = vec!["stock_code text", "report_period text=2025H1,2025Q3,2024FY"];
    all.extend(columns);
    let mut out = String::new();
    for equation in usual_sums(&[table("statements", 100, &all, keys)]) {
        if let IdentityKind::Sum { total, terms } = equation.kind {
            let terms: Vec<String> = terms
                .into_iter()
                .map(|(minus, term)| format!("{}{term}", if minus { "-" } else { "+" }))
                .collect();
            out.push_str(&format!("{total} = {}\n", terms.join(" ")));
        }
    }
    expected.assert_eq(&out);
}

#[test]
fn sums_by_the_names_of_columns() {
    let flows = [
        "经营活动产生的现金流量净额 dec",
        "投资活动产生的现金流量净额 dec",
        "筹资活动产生的现金流量净额 dec",
        "现金及现金等价物净增加额 dec",
    ];
    sums(
        &flows,
        expect![[r#"
        现金及现金等价物净增加额 = +经营活动产生的现金流量净额 +投资活动产生的现金流量净额 +筹资活动产生的现金流量净额
    "#]],
    );
    // With a column for the effect of exchange rates the sum has all its terms.
    let mut all = flows.to_vec();
    all.push("汇率变动对现金及现金等价物的影响 dec");
    sums(
        &all,
        expect![[r#"
        现金及现金等价物净增加额 = +经营活动产生的现金流量净额 +投资活动产生的现金流量净额 +筹资活动产生的现金流量净额 +汇率变动对现金及现金等价物的影响
    "#]],
    );
    sums(
        &[
            "资产总计 dec",
            "负债合计 dec",
            "所有者权益合计 dec",
            "营业收入 dec",
            "净利润 dec",
        ],
        expect![[r#"
            资产总计 = +负债合计 +所有者权益合计
        "#]],
    );
    sums(&["营业收入 dec", "毛利率 dec"], expect![[""]]);
}

#[test]
fn a_unit_above_a_table_is_taken_where_it_fits() {
    let mut profile: TableProfile = table(
        "statements",
        100,
        &[
            "stock_code text",
            "report_period text=2025H1,2025Q3,2024FY",
            "营业收入 dec",
            "资产负债率 dec",
            "基本每股收益 dec",
            "某项余额 dec",
        ],
        &[&["stock_code", "report_period"]],
    );
    for column in profile.columns.iter_mut().skip(2) {
        column.caption_unit = Some("万元".parse::<Unit>().unwrap());
    }
    let inference = infer(&[profile], &[], None);
    let units: Vec<String> = inference
        .file
        .tables
        .values()
        .flat_map(|table| &table.measures)
        .map(|(name, measure)| format!("{name} {}", measure.unit))
        .collect();
    expect![[r#"
        company_count 个
        debt_ratio %
        eps 元/股
        revenue 万元
        某项余额 万元
    "#]]
    .assert_eq(&(units.join("\n") + "\n"));
}
