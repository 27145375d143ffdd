//! What checks say of tables.

use std::collections::BTreeMap;

use expect_test::{Expect, expect};
use jinsheng_core::Lang;
use jinsheng_data::{
    CheckOptions, FindingKind, Identity, IdentityKind, check, discover_identities, guess_key,
};

use jinsheng_testkit::shared::shared;

use crate::support::Project;

fn show(project: &Project, options: &CheckOptions) -> String {
    let mut out = String::new();
    for finding in check(&project.warehouse, options).unwrap() {
        out.push_str(&format!(
            "[{:?}] {}\n",
            finding.severity,
            finding.message(Lang::En)
        ));
        for example in &finding.examples {
            let values: Vec<String> = example
                .values
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            let line = format!(
                "  row {}: {} {} {}",
                example.row,
                example.key,
                values.join(" "),
                example.detail
            );
            out.push_str(&format!(
                "{}\n",
                line.trim_end().replace("  ", " ").replacen(' ', "  ", 1)
            ));
        }
    }
    out
}

#[track_caller]
fn findings(csv: &str, expected: Expect) {
    let mut project = Project::new();
    let path = project.file("t.csv", csv);
    project.add(&path).unwrap();
    expected.assert_eq(&show(&project, &CheckOptions::default()));
}

/// Companies with yearly figures that fit together: total = a + b, share = a / total, growth over a year before.
fn statements(spoil: impl Fn(usize, i32, &mut [i64])) -> String {
    let mut csv = "证券代码,年份,总资产,总负债,净资产,资产负债率(%),总资产同比(%)\n".to_owned();
    for company in 0..12_usize {
        let mut before = None;
        for year in 2018..2026 {
            let step = i64::from(year - 2010);
            let base = 100_000 + 7_919 * i64::try_from(company).unwrap();
            let mut cells = [0, base + 3_001 * step * step, base * 2 + 1_237 * step];
            cells[0] = cells[1] + cells[2];
            let ratio = cells[1] * 1_000_000 / cells[0];
            let growth = before.map(|before: i64| (cells[0] - before) * 1_000_000 / before);
            before = Some(cells[0]);
            spoil(company, year, &mut cells);
            let percent = |value: i64| format!("{}.{:04}", value / 10_000, value % 10_000);
            csv.push_str(&format!(
                "{:06},{year},{},{},{},{},{}\n",
                600_000 + company,
                cells[0],
                cells[1],
                cells[2],
                percent(ratio),
                growth.map(percent).unwrap_or_default()
            ));
        }
    }
    csv
}

#[test]
fn sound_tables_say_nothing() {
    findings(&statements(|_, _, _| {}), expect![[r#""#]]);
}

#[test]
fn identities_are_found() {
    let mut project = Project::new();
    let path = project.file("t.csv", statements(|_, _, _| {}));
    project.add(&path).unwrap();
    let found: Vec<String> = discover_identities(&project.warehouse, "t")
        .unwrap()
        .iter()
        .map(|found| format!("{} ({}/{})", found.identity, found.support, found.total))
        .collect();
    expect![[r#"
        总资产 = 总负债 + 净资产 (96/96)
        资产负债率(%) = 总负债 / 总资产 * 100 (96/96)
        总资产同比(%) = yoy(总资产) * 100 (84/84)
    "#]]
    .assert_eq(&(found.join("\n") + "\n"));
    let key = guess_key(&project.warehouse, "t").unwrap().unwrap();
    assert_eq!(key.columns(), ["证券代码", "年份"]);
}

#[test]
fn a_cell_that_breaks_an_identity() {
    findings(
        &statements(|company, year, cells| {
            if company == 3 && year == 2021 {
                cells[2] += 5_000;
            }
        }),
        expect![[r#"
            [Warning] 1 of 96 rows of `t` break 总资产 = 总负债 + 净资产
              row 28: 600003 2021 总资产=747999 总负债=486878 净资产=266121
        "#]],
    );
}

#[test]
fn a_value_in_another_unit() {
    findings(
        &statements(|company, year, cells| {
            if company == 5 && year == 2020 {
                cells[1] *= 10_000;
            }
        }),
        expect![[r#"
            [Warning] 1 value(s) of `总负债` in `t` differ from others of their subject by about 10^4 or 10^8
              row 43: 600005 2020 总负债=4396950000 x10^4
            [Warning] 1 of 96 rows of `t` break 总资产 = 总负债 + 净资产
              row 43: 600005 2020 总资产=731255 总负债=4396950000 净资产=291560
        "#]],
    );
}

#[test]
fn doubled_rows_and_duplicate_keys() {
    let mut csv = statements(|_, _, _| {});
    let line = csv.lines().nth(7).unwrap().to_owned();
    csv.push_str(&format!("{line}\n"));
    let changed = csv.lines().nth(9).unwrap().replacen(",600", ",700", 1);
    let (head, tail) = changed.rsplit_once(',').unwrap();
    csv.push_str(&format!("{head},1{tail}\n"));
    findings(
        &csv,
        expect![[r#"
            [Error] 1 of 98 rows of `t` repeat an earlier row in every column
              row 97: 600000 2024 = 7
            [Warning] 2 of 98 rows of `t` have the guessed key (证券代码, 年份) of an earlier row
              row 97: 600000 2024 总资产=905514 总负债=688196 = 7
              row 98: 600001 2018 总资产=525717 总负债=299983 = 9
        "#]],
    );
}

#[test]
fn a_sum_that_lacks_a_term_is_not_broken() {
    let line = |row: u32, equity: u32, slip: u32| {
        let (loans, other) = (4_000 + row * 331 % 1_777, 900 + row * 97 % 501);
        format!(
            "{:06},{equity},{loans},{other},{}\n",
            600_000 + row,
            loans + other + equity + slip
        )
    };
    let mut csv = "股票代码,吸收投资,取得借款,其他,流入小计\n".to_owned();
    // Four companies of forty have raised capital; one figure is wrong.
    let rows: Vec<String> = (0..40)
        .map(|row| {
            line(
                row,
                if row % 10 == 3 { 50_000 + row } else { 0 },
                if row == 20 { 777 } else { 0 },
            )
        })
        .collect();
    csv.push_str(&rows.concat());
    findings(
        &csv,
        expect![[r#"
        [Warning] 1 of 40 rows of `t` break 流入小计 = 取得借款 + 其他
          row 21: 600020 流入小计=7403 取得借款=5289 其他=1337
    "#]],
    );
}

#[test]
fn guessed_keys_that_are_most_likely_wrong() {
    let mut events = "交易流水号,客户编号,交易日期,金额\n".to_owned();
    for row in 0..400_u32 {
        // Two on one day, now and then.
        let (client, day) = if row % 40 == 7 {
            (row - 1, row - 1)
        } else {
            (row, row)
        };
        events.push_str(&format!(
            "T{row:05},C{:03},2025-{:02}-{:02},{}\n",
            client * 7 % 97,
            day * 5 % 12 + 1,
            day * 11 % 28 + 1,
            row * 37 + 5
        ));
    }
    findings(
        &events,
        expect![[r#"
            [Info] 10 of 400 rows of `t` have the guessed key (客户编号, 交易日期) of an earlier row; `交易流水号` tells all rows apart
              row 8: C042 2025-07-11 金额=264 = 7
              row 48: C031 2025-03-03 金额=1744 = 47
              row 88: C020 2025-11-23 金额=3224 = 87
              row 128: C009 2025-07-15 金额=4704 = 127
              row 168: C095 2025-03-07 金额=6184 = 167
        "#]],
    );
    let nameless: String = events
        .lines()
        .map(|line| format!("{}\n", line.split_once(',').unwrap().1))
        .collect();
    findings(
        &nameless,
        expect![[r#"
        [Info] 10 of 400 rows of `t` have the guessed key (客户编号, 交易日期) of an earlier row; rows seem to be events, which may repeat it
          row 8: C042 2025-07-11 金额=264 = 7
          row 48: C031 2025-03-03 金额=1744 = 47
          row 88: C020 2025-11-23 金额=3224 = 87
          row 128: C009 2025-07-15 金额=4704 = 127
          row 168: C095 2025-03-07 金额=6184 = 167
    "#]],
    );
}

#[test]
fn codes_of_digits_or_letters_are_no_mixture() {
    let mut csv = "product_code,值\n".to_owned();
    for row in 0..30_u32 {
        let code = if row % 3 == 0 {
            format!("LC{row:04}")
        } else {
            format!("{}", 110_000 + row)
        };
        csv.push_str(&format!("{code},{}\n", row * 3 + 1));
    }
    findings(&csv, expect![[r#""#]]);
}

#[test]
fn stand_ins_for_missing_values() {
    let mut csv = "基金代码,日期,净值,规模(万元),评分\n".to_owned();
    for index in 0..120 {
        let size = if index % 10 == 3 {
            "-1".to_owned()
        } else {
            format!("{}.5", 20_000 + index * 137)
        };
        let score = if index % 40 == 7 { 9999 } else { 60 + index % 37 };
        csv.push_str(&format!(
            "{:06},2025-{:02}-{:02},{}.{:04},{size},{score}\n",
            110_000 + index / 12,
            index % 12 + 1,
            index % 27 + 1,
            1 + index % 2,
            index * 71 % 10_000,
        ));
    }
    findings(
        &csv,
        expect![[r#"
        [Warning] 12 of 120 values of `规模(万元)` in `t` are -1, which seems to stand for a missing value
          row 4: 110000 2025-04-04 规模(万元)=-1
          row 14: 110001 2025-02-14 规模(万元)=-1
          row 24: 110001 2025-12-24 规模(万元)=-1
          row 34: 110002 2025-10-07 规模(万元)=-1
          row 44: 110003 2025-08-17 规模(万元)=-1
        [Warning] 3 of 120 values of `评分` in `t` are 9999, which seems to stand for a missing value
          row 8: 110000 2025-08-08 评分=9999
          row 48: 110003 2025-12-21 评分=9999
          row 88: 110007 2025-04-07 评分=9999
    "#]],
    );
}

#[test]
fn codes_that_lost_their_zeros() {
    let csv: String = "股票代码,值\n".to_owned()
        + &["000858", "538", "600519", "2594", "300750"]
            .iter()
            .enumerate()
            .map(|(i, code)| format!("{code},{}\n", i * 3 + 1))
            .collect::<String>();
    findings(
        &csv,
        expect![[r#"
        [Error] 2 of 5 codes of `股票代码` in `t` have fewer than 6 digits and may have lost leading zeros
          row 2: 538
          row 4: 2594
    "#]],
    );
}

#[test]
fn a_ratio_in_another_unit_than_its_header_says() {
    let mut csv = "城市代码,年份,总额,一产,一产占比(%)\n".to_owned();
    for index in 0..40_u32 {
        let (part, whole) = (3_000 + index * 211 % 1_709, 20_000 + index * 977);
        csv.push_str(&format!(
            "{},2020,{whole},{part},{:.6}\n",
            110_100 + index,
            f64::from(part) / f64::from(whole)
        ));
    }
    findings(
        &csv,
        expect![[r#"
        [Error] the header of `一产占比(%)` in `t` says % but its values are in 倍 (40 rows show 一产占比(%) = 一产 / 总额)
        [Info] `年份` of `t` holds one value only, `2020`
    "#]],
    );
}

#[test]
fn empty_constant_and_mixed_columns() {
    findings(
        "名称,币种,空,金额\n甲,CNY,,1.5\n乙,CNY,--,2.5\n丙,CNY,,3.5\n丁,CNY,,待定\n",
        expect![[r#"
            [Warning] the column `金额` of `t` is text because of 1 cell(s) that are no number or date (such as `待定`)
            [Info] `币种` of `t` holds one value only, `CNY`
            [Info] `空` of `t` is all missing
        "#]],
    );
}

#[test]
fn given_keys_and_identities() {
    let mut project = Project::new();
    let path = project.file("t.csv", "k,a,b,c\n1,0.1,0.2,0.3\n2,1,1,3\n2,1,,3\n");
    project.add(&path).unwrap();
    let options = CheckOptions {
        keys: BTreeMap::from([("t".to_owned(), vec!["k".to_owned()])]),
        identities: vec![Identity {
            table: "t".into(),
            left: vec![(1, "c".into())],
            right: vec![(1, "a".into()), (1, "b".into())],
            tolerance: "0.01".parse().unwrap(),
        }],
        ..CheckOptions::default()
    };
    expect![[r#"
        [Error] 1 of 3 rows of `t` have the key (k) of an earlier row
          row 3: 2 a=1 b=— = 2
        [Error] 1 of 2 rows of `t` break c = a + b
          row 2: 2 c=3 a=1 b=1
    "#]]
    .assert_eq(&show(&project, &options));
    let unknown = CheckOptions {
        tables: vec!["x".into()],
        ..CheckOptions::default()
    };
    assert_eq!(
        check(&project.warehouse, &unknown).unwrap_err().to_string(),
        "no table `x`"
    );
}

#[test]
fn real_statements() {
    let Some(folder) = shared("statements_tcm") else {
        return;
    };
    let mut project = Project::new();
    project.add(&folder.join("financials_yikwa.db")).unwrap();
    let table = "financials_yikwa.balance_sheet";
    assert_eq!(
        guess_key(&project.warehouse, table).unwrap().unwrap().columns(),
        ["stock_code", "report_period"]
    );
    let found = discover_identities(&project.warehouse, table).unwrap();
    let sum = IdentityKind::Sum {
        total: "asset_total_assets".into(),
        terms: vec![
            (1, "liability_total_liabilities".into()),
            (1, "equity_total_equity".into()),
        ],
    };
    let sum = found.iter().find(|found| found.identity == sum).unwrap();
    assert_eq!((sum.support, sum.total), (823, 823));
    let Some(folder) = shared("finglm") else { return };
    project.add(&folder.join("profit_statement.xlsx")).unwrap();
    let options = CheckOptions {
        tables: vec!["profit_statement".into()],
        ..CheckOptions::default()
    };
    let findings = check(&project.warehouse, &options).unwrap();
    let stand_in = findings.iter().find(|finding| {
        finding.columns == ["营业总收入"] && finding.kind == FindingKind::Placeholder { value: "-1".into() }
    });
    assert_eq!(stand_in.unwrap().count, 568);
}
