//! Two sources that should say the same.

use std::fmt::Write as _;

use expect_test::expect;
use jinsheng_data::{CompareOptions, Comparison, compare};

use jinsheng_testkit::shared::shared;

use crate::support::Project;

fn show(found: &Comparison) -> String {
    let mut out = format!(
        "{:?} = {:?}, {} matched\n",
        found.left_key, found.right_key, found.matched
    );
    let _ = writeln!(
        out,
        "only left {} {:?}",
        found.only_left.count, found.only_left.examples
    );
    let _ = writeln!(
        out,
        "only right {} {:?}",
        found.only_right.count, found.only_right.examples
    );
    let _ = writeln!(out, "repeated {} {}", found.repeated_left, found.repeated_right);
    for column in &found.columns {
        let _ = writeln!(
            out,
            "{} = {}: {} of {} differ ({}‰), {} rounded, units {}, signs {}, only left {}, only right {}",
            column.left,
            column.right,
            column.different,
            column.compared,
            column.different_permille(),
            column.rounded,
            column.unit_slips,
            column.opposite_sign,
            column.only_left,
            column.only_right
        );
        for example in &column.examples {
            let _ = writeln!(out, "  {}: {} / {}", example.key, example.left, example.right);
        }
    }
    out
}

fn project() -> Project {
    let mut project = Project::new();
    let left = "stock_code,report_period,营业收入(万元),净利润(万元),备注\n\
        000858,2025H1,100.0,20.5,x\n000858,2024FY,90,18,\n000858,2024Q3,80,,y\n600519,2025H1,500,250,\n600519,2024FY,480,240,\n";
    let right = "stock_code,report_year,report_period,净利润(元),营业收入(万元),id\n\
        000858,2025,HY,205000,100.00001,1\n000858,2024,FY,180000,-90,2\n600519,2025,HY,250,500,3\n600519,2024,FY,,4800000,4\n600519,2024,FY,1,1,5\n600519,2023,FY,1,1,6\n";
    for (name, csv) in [("left.csv", left), ("right.csv", right)] {
        let path = project.file(name, csv);
        project.add(&path).unwrap();
    }
    project
}

#[test]
fn periods_are_matched_by_meaning_and_units_are_converted() {
    let project = project();
    let key = [
        ("stock_code", "stock_code"),
        ("report_period", "report_period"),
        ("report_period", "report_year"),
    ];
    let options = CompareOptions {
        key: key
            .iter()
            .map(|(left, right)| ((*left).to_owned(), (*right).to_owned()))
            .collect(),
        ..CompareOptions::default()
    };
    let found = compare(&project.warehouse, "left", "right", &options).unwrap();
    expect![[r#"
        ["stock_code", "report_period"] = ["stock_code", "report_period", "report_year"], 4 matched
        only left 1 ["000858 2024Q3"]
        only right 1 ["600519 2023Q4"]
        repeated 0 1
        营业收入(万元) = 营业收入(万元): 2 of 4 differ (500‰), 1 rounded, units 1, signs 1, only left 0, only right 0
          000858 2024Q4: 90 / -90
          600519 2024Q4: 480 / 4800000
        净利润(万元) = 净利润(元): 1 of 3 differ (333‰), 0 rounded, units 1, signs 0, only left 1, only right 0
          600519 2025Q2: 250 / 250
    "#]]
    .assert_eq(&show(&found));
}

#[test]
fn a_key_that_is_not_given_is_guessed_or_asked_for() {
    let mut project = project();
    let found = compare(&project.warehouse, "left", "left", &CompareOptions::default()).unwrap();
    assert_eq!((found.matched, found.cells()), (5, (9, 0)));
    let path = project.file("other.csv", "x,y\n1.5,2\n1.5,2\n");
    project.add(&path).unwrap();
    let error = compare(&project.warehouse, "left", "other", &CompareOptions::default()).unwrap_err();
    expect![[r#"
        input_invalid
        it is not clear how rows of `left` and `other` correspond
        name the key with `--key LEFT=RIGHT`
        看不出 `left` 与 `other` 的行如何对应
        用 `--key 左列=右列` 指明主键
    "#]]
    .assert_eq(&project.show_error(&error));
}

#[test]
fn what_is_only_rounded_is_no_disagreement() {
    let mut project = Project::new();
    let line = |row: u32, exact: bool| {
        let amount = f64::from(row) * 117.123_457 + 3.004_9;
        let ratio = f64::from(row) * 0.318_7;
        match (exact, row) {
            (true, _) => format!("{:06},2025Q3,{amount:.6},{ratio:.4}\n", 600_000 + row),
            // Wrong by more than rounding, if by little; and a figure that ends in zeros in both.
            (false, 7) => format!("{:06},2025Q3,{:.2},{ratio:.2}\n", 600_000 + row, amount + 0.02),
            (false, _) => format!("{:06},2025Q3,{amount:.2},{ratio:.2}\n", 600_000 + row),
        }
    };
    for (name, exact) in [("exact.csv", true), ("rounded.csv", false)] {
        let rows: String = (1..=40).map(|row| line(row, exact)).collect();
        let path = project.file(
            name,
            format!("stock_code,report_period,金额(万元),占比(%)\n{rows}"),
        );
        project.add(&path).unwrap();
    }
    let found = compare(&project.warehouse, "exact", "rounded", &CompareOptions::default()).unwrap();
    expect![[r#"
        ["stock_code"] = ["stock_code"], 40 matched
        only left 0 []
        only right 0 []
        repeated 0 0
        金额(万元) = 金额(万元): 1 of 40 differ (25‰), 39 rounded, units 0, signs 0, only left 0, only right 0
          600007: 822.869099 / 822.89
        占比(%) = 占比(%): 0 of 40 differ (0‰), 40 rounded, units 0, signs 0, only left 0, only right 0
    "#]]
    .assert_eq(&show(&found));
    // In either direction, and across units: 元 with two decimals against 亿元 with two.
    for (name, csv) in [
        (
            "yuan.csv",
            "stock_code,report_period,营业收入(元)\n000858,2025Q3,12345678901.25\n600519,2025Q3,2000000.13\n",
        ),
        (
            "large.csv",
            "stock_code,report_period,营业收入(亿元)\n000858,2025Q3,123.46\n600519,2025Q3,0.03\n",
        ),
    ] {
        let path = project.file(name, csv);
        project.add(&path).unwrap();
    }
    let options = CompareOptions {
        columns: vec![("营业收入(元)".to_owned(), "营业收入(亿元)".to_owned())],
        ..CompareOptions::default()
    };
    let found = compare(&project.warehouse, "yuan", "large", &options).unwrap();
    expect![[r#"
        ["stock_code"] = ["stock_code"], 2 matched
        only left 0 []
        only right 0 []
        repeated 0 0
        营业收入(元) = 营业收入(亿元): 1 of 2 differ (500‰), 1 rounded, units 0, signs 0, only left 0, only right 0
          600519: 2000000.13 / 0.03
    "#]].assert_eq(&show(&found));
}

#[test]
fn two_extractions_of_the_same_filings() {
    let Some(folder) = shared("statements_tcm") else {
        return;
    };
    let mut project = Project::new();
    project.add(&folder.join("financials_yikwa.db")).unwrap();
    project.add(&folder.join("financials_jchpjp.db")).unwrap();
    let options = CompareOptions {
        tolerance: 0.005,
        ..CompareOptions::default()
    };
    let (mut compared, mut different) = (0, 0);
    for table in [
        "core_performance_indicators_sheet",
        "balance_sheet",
        "cash_flow_sheet",
        "income_sheet",
    ] {
        let (left, right) = (
            format!("financials_yikwa.{table}"),
            format!("financials_jchpjp.{table}"),
        );
        let found = compare(&project.warehouse, &left, &right, &options).unwrap();
        assert!(found.matched > 760, "{table}: {}", found.matched);
        let cells = found.cells();
        compared += cells.0;
        different += cells.1;
        if table == "cash_flow_sheet" {
            let net = found
                .columns
                .iter()
                .find(|column| column.left == "net_cash_flow")
                .unwrap();
            assert!(
                net.unit_slips > 300,
                "one source holds 元, the other 万元: {}",
                net.unit_slips
            );
        }
    }
    // The folder's description counts 33,382 common cells, of which 72.8 % agree.
    assert!((33_000..38_000).contains(&compared), "{compared}");
    let agreeing = (compared - different) * 1000 / compared;
    assert!((700..850).contains(&agreeing), "{agreeing}");
}
