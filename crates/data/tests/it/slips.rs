//! Checks of statements: sums that such columns obey, columns taken one for another, -1 among positive figures.

use expect_test::{Expect, expect};
use jinsheng_core::{Decimal, Lang};
use jinsheng_data::{CheckOptions, FindingKind, IdentityOrigin, UsualSum, check, stand_ins};

use jinsheng_testkit::shared::shared;

use crate::support::Project;

#[track_caller]
fn findings(csv: &str, usual: Vec<UsualSum>, expected: Expect) {
    let mut project = Project::new();
    let path = project.file("t.csv", csv);
    project.add(&path).unwrap();
    let options = CheckOptions {
        usual,
        examples: 2,
        ..CheckOptions::default()
    };
    let mut out = String::new();
    for finding in check(&project.warehouse, &options).unwrap() {
        for lang in [Lang::Zh, Lang::En] {
            out.push_str(&format!("[{:?}] {}\n", finding.severity, finding.message(lang)));
            out.push_str(&format!("  {}\n", finding.hint(lang).unwrap_or_default()));
        }
        for example in &finding.examples {
            let line = format!("  row {} {} {}", example.row, example.key, example.detail);
            out.push_str(&format!("{}\n", line.trim_end()));
        }
    }
    expected.assert_eq(&out);
}

fn cash_flow() -> UsualSum {
    UsualSum {
        table: "t".to_owned(),
        total: "net".to_owned(),
        terms: ["operating", "investing", "financing"]
            .map(|name| (1, name.to_owned()))
            .to_vec(),
    }
}

/// Forty rows, in the even ones of which the total is off.
fn flows(off: impl Fn(i64) -> i64) -> String {
    let mut csv = "stock_code,net,operating,investing,financing\n".to_owned();
    for row in 0..40_i64 {
        let (operating, investing, financing) = (
            90_000 + row * row * 371 % 50_021,
            -40_000 + row * 7_919 % 30_011,
            -20_000 + row * 5_003 % 41_017,
        );
        let net = operating + investing + financing + off(row);
        csv.push_str(&format!(
            "{:06},{net}.25,{operating}.25,{investing}.5,{financing}.5\n",
            600_000 + row
        ));
    }
    csv
}

#[test]
fn a_sum_that_statements_obey_is_checked_though_half_of_the_rows_break_it() {
    let half = |row: i64| if row % 2 == 0 { 977 + row * row * 31 } else { 0 };
    findings(
        &flows(half),
        vec![cash_flow()],
        expect![[r#"
        [Warning] `t` 有 20 行不满足 net = operating + investing + financing（共 40 行；这类报表应满足）
          按差额（Δ）从大到小列出；差额小的可能是没有列出的项目（如汇率变动影响），差额大的请核对原文
        [Warning] 20 of 40 rows of `t` break net = operating + investing + financing, which such statements obey
          rows come by the size of the difference (Δ): a small one may be an item without a column (such as exchange rates); check the large ones against their origin
          row 39 600038 Δ 45741.00
          row 37 600036 Δ 41154.00
    "#]],
    );
    findings(&flows(half), Vec::new(), expect![[""]]);
    // Where no row obeys it, the columns mean something else.
    findings(&flows(|row| 1_000 + row * 997), vec![cash_flow()], expect![[""]]);
    findings(&flows(|_| 0), vec![cash_flow()], expect![[""]]);
}

#[test]
fn a_column_taken_for_another() {
    // Twelve companies over five years.
    let csv = |is_slip: &dyn Fn(i64) -> bool| {
        let mut csv = "stock_code,year,profit,loss,borrowed,repaid\n".to_owned();
        for row in 0..60_i64 {
            let profit = format!("{}.{:04}", 3_000 + row * 2_311 % 9_973, row * 379 % 9_999 + 1);
            let loss = match row {
                row if is_slip(row) => profit.clone(),
                row if row % 3 == 0 => format!("{}.{:04}", row % 37 + 20, row * 73 % 9_999),
                row => format!("-{}.{:04}", row % 41 + 20, row * 71 % 9_999),
            };
            // Loans of one size that were taken and repaid are no slip.
            let borrowed = format!("{}.{:03}", 8_000 + row * 977 % 5_003, row * 17 % 999);
            let repaid = if row % 5 == 0 {
                borrowed.clone()
            } else {
                format!("{}.{:03}", 7_000 + row * 877 % 5_003, row * 19 % 999)
            };
            let (code, year) = (600_000 + row / 5, 2020 + row % 5);
            csv.push_str(&format!("{code:06},{year},{profit},{loss},{borrowed},{repaid}\n"));
        }
        csv
    };
    findings(
        &csv(&|row| row % 9 == 4),
        Vec::new(),
        expect![[r#"
        [Warning] `t` 有 7 行的 profit、loss 两列数值完全相同（共 60 行），而两列平时相差悬殊，疑为取错了列
          对照原文核对这些行，改正取错的一列
        [Warning] 7 of 60 rows of `t` hold one figure in both profit, loss, which have little in common otherwise: one seems to be taken from the other's place
          check these rows against their origin and mend the column that was taken wrongly
          row 5 600000 2024
          row 14 600002 2023
    "#]],
    );
    // Too few; and the first year of each company, as an inflow is when an account is opened.
    findings(&csv(&|row| row % 9 == 4 && row < 30), Vec::new(), expect![[""]]);
    findings(&csv(&|row| row % 5 == 0), Vec::new(), expect![[""]]);
}

#[test]
fn minus_one_among_net_values() {
    let mut csv = "基金代码,净值,评级\n".to_owned();
    for row in 0..60_u32 {
        let value = if row % 12 == 5 {
            "-1".to_owned()
        } else {
            format!("{}.{:04}", 1 + row % 2, row * 71 % 9_999)
        };
        let grade = if row % 10 == 3 { -1 } else { i64::from(row % 5) + 1 };
        csv.push_str(&format!("{:06},{value},{grade}\n", 110_000 + row));
    }
    findings(
        &csv,
        Vec::new(),
        expect![[r#"
        [Warning] `t` 的 `净值` 有 5 个 -1（共 60 个值），像是代表缺失
          在目录中该度量下写 `missing: [该值]`，否则均值和合计会算上它
        [Warning] 5 of 60 values of `净值` in `t` are -1, which seems to stand for a missing value
          name it in the catalog under the measure, as `missing: [value]`, or means and sums will count it
          row 6 110005
          row 18 110017
    "#]],
    );
    let mut project = Project::new();
    let path = project.file("t.csv", &csv);
    project.add(&path).unwrap();
    let table = project.warehouse.require("t").unwrap();
    let found = stand_ins(&project.warehouse, table, table.column("净值").unwrap()).unwrap();
    assert_eq!(found, [Decimal::NEGATIVE_ONE]);
}

#[test]
fn real_statements() {
    let Some(folder) = shared("statements_tcm") else {
        return;
    };
    let mut project = Project::new();
    project.add(&folder.join("financials_yikwa.db")).unwrap();
    let table = "financials_yikwa.cash_flow_sheet".to_owned();
    let terms = [
        "operating_cf_net_amount",
        "investing_cf_net_amount",
        "financing_cf_net_amount",
    ];
    let options = CheckOptions {
        usual: vec![UsualSum {
            table,
            total: "net_cash_flow".to_owned(),
            terms: terms.map(|name| (1, name.to_owned())).to_vec(),
        }],
        ..CheckOptions::default()
    };
    let found = check(&project.warehouse, &options).unwrap();
    let usual = found.iter().find(|finding| {
        matches!(
            &finding.kind,
            FindingKind::IdentityBroken {
                origin: IdentityOrigin::Usual,
                ..
            }
        )
    });
    // Half of the rows differ by more than rounding, counted in SQL as well.
    let usual = usual.unwrap();
    assert_eq!((usual.count, usual.of), (385, 823));
    let slips: Vec<(&str, Vec<String>, u64)> = found
        .iter()
        .filter(|finding| finding.kind == FindingKind::ColumnSlip)
        .map(|finding| (finding.table.as_str(), finding.columns.clone(), finding.count))
        .collect();
    let columns = vec!["operating_profit".to_owned(), "asset_impairment_loss".to_owned()];
    assert_eq!(slips, [("financials_yikwa.income_sheet", columns, 21)]);
}
