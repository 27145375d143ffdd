//! What drafts make of rows that repeat, and of columns whose numbers mean nothing by themselves.

use jinsheng_core::Decimal;
use jinsheng_semantics::catalog::RepeatedRows;
use jinsheng_semantics::infer::{RepeatProfile, TableProfile};

use crate::infer::assert_unsure;
use crate::infer_support::{draft, table};

const TWICE: RepeatProfile = RepeatProfile {
    repeated: 24,
    once: 0,
    numbered: false,
};
const SOME: RepeatProfile = RepeatProfile {
    repeated: 2,
    once: 22,
    numbered: false,
};

fn repeating(mut table: TableProfile, repeated: RepeatProfile) -> TableProfile {
    table.repeated = Some(repeated);
    table
}

fn holdings(repeated: RepeatProfile) -> TableProfile {
    let columns = [
        "客户号 text=C1,C2,C3",
        "产品代码 text=P1,P2",
        "日期 date=2024-05-31,2024-06-30",
        "持仓市值(元) dec",
    ];
    repeating(
        table("holdings", 24, &columns, &[&["客户号", "产品代码", "日期"]]),
        repeated,
    )
}

fn trades(name: &str, keys: &[&[&str]], repeated: RepeatProfile) -> TableProfile {
    let columns = [
        "客户号 text=C1,C2,C3",
        "交易日期 date=2024-06-03,2024-06-04,2024-06-05",
        "交易类型 text=买入,卖出",
        "流水号 text=T1,T2,T3",
        "交易金额(元) dec",
    ];
    repeating(table(name, 24, &columns, keys), repeated)
}

/// `unique`, `repeated_rows`, and what a person is asked to look at.
fn decided(profile: TableProfile) -> (bool, Option<RepeatedRows>, String) {
    let (inference, _) = draft(&[profile], &[]);
    let (_, table) = inference.file.tables.iter().next().unwrap();
    let asked: Vec<String> = inference
        .unsure
        .iter()
        .filter(|unsure| unsure.path.ends_with(".unique") || unsure.path.ends_with(".repeated_rows"))
        .map(|unsure| format!("{} = {}", unsure.path, unsure.choice))
        .collect();
    (table.unique, table.repeated_rows, asked.join(", "))
}

#[test]
fn facts_that_are_stated_twice_are_one() {
    for repeated in [TWICE, SOME] {
        assert_eq!(
            decided(holdings(repeated)),
            (true, None, "tables.holdings.unique = true".to_owned())
        );
    }
    let numbered = RepeatProfile {
        numbered: true,
        ..TWICE
    };
    assert!(decided(holdings(numbered)).0);
}

#[test]
fn events_that_are_alike_are_told_from_a_file_loaded_twice() {
    // A number of their own, which repeats too.
    let own: &[&[&str]] = &[&["流水号"]];
    let (_, rows, _) = decided(trades("trades", own, SOME));
    assert_eq!(rows, Some(RepeatedRows::Once));
    // All of them repeat, and subject and day do not tell them apart.
    let (unique, rows, asked) = decided(trades("trades", &[], TWICE));
    assert_eq!((unique, rows), (false, Some(RepeatedRows::Once)));
    assert!(asked.ends_with("tables.trades.repeated_rows = once"), "{asked}");
    // Some repeat: nobody knows, whether or not the others happen to have a key.
    for keys in [&[][..], &[&["客户号", "交易日期", "交易类型"][..]][..]] {
        let (unique, rows, asked) = decided(trades("flows", keys, SOME));
        assert_eq!((unique, rows), (false, None), "{keys:?}");
        assert!(asked.ends_with("tables.flows.repeated_rows = unset"), "{asked}");
    }
}

#[test]
fn a_table_without_repetitions_is_asked_nothing_new() {
    let mut plain = holdings(SOME);
    plain.repeated = None;
    assert_eq!(decided(plain), (true, None, String::new()));
}

/// Metrics that are read from columns, and columns left out with the paths that a person should look at.
fn drafted(profile: TableProfile) -> (Vec<String>, Vec<String>, Vec<String>) {
    let (inference, _) = draft(&[profile], &[]);
    let metrics = inference
        .file
        .metrics
        .values()
        .filter_map(|metric| metric.measure.clone());
    let left = inference.left_out.iter().filter_map(|left| left.column.clone());
    let unsure = inference.unsure.iter().map(|unsure| unsure.message.zh.clone());
    (metrics.collect(), left.collect(), unsure.collect())
}

#[test]
fn columns_that_are_periods_are_no_metrics() {
    for columns in [
        ["股票代码 text=000001,600036", "2022 dec", "2023 dec", "2024 dec"],
        [
            "股票代码 text=000001,600036",
            "2022年营业收入(万元) dec",
            "2023年营业收入(万元) dec",
            "2024年营业收入(万元) dec",
        ],
        [
            "股票代码 text=000001,600036",
            "2024Q1 dec",
            "2024Q2 dec",
            "2024Q3 dec",
        ],
        [
            "股票代码 text=000001,600036",
            "2024年5月 dec",
            "2024年6月 dec",
            "2024-07 dec",
        ],
    ] {
        let (metrics, left, unsure) = drafted(table("w", 2, &columns, &[&["股票代码"]]));
        assert!(
            metrics.iter().all(|measure| measure.ends_with("_count")),
            "{metrics:?}"
        );
        assert_eq!(left.len(), 3, "{left:?}");
        assert!(unsure.iter().any(|text| text.starts_with("宽表")), "{unsure:?}");
    }
}

#[test]
fn numbers_of_which_each_row_is_another_figure_are_no_metrics() {
    let columns = [
        "股票代码 text=000001,600036",
        "年份 int=2022,2023",
        "指标 text=营业收入,净利润,净资产收益率",
        "数值 dec",
    ];
    let (metrics, left, unsure) = drafted(table("w", 12, &columns, &[&["股票代码", "年份", "指标"]]));
    assert!(
        metrics.iter().all(|measure| measure.ends_with("_count")),
        "{metrics:?}"
    );
    assert_eq!(left, ["数值"]);
    assert_eq!(unsure.len(), 1, "{unsure:?}");
    // So are numbers without a name by product.
    let columns = [
        "分行 text=上海,北京",
        "产品 text=存款,贷款",
        "年月 text=2024-05,2024-06",
        "数值 dec",
    ];
    let (metrics, left, _) = drafted(table("b", 8, &columns, &[&["分行", "产品", "年月"]]));
    assert!(!metrics.is_empty() && left.is_empty(), "{metrics:?} {left:?}");
    // Amounts by kind of asset are added up, though 存款 is a figure of a balance sheet too.
    let columns = [
        "客户号 text=C1,C2",
        "日期 date=2024-05-31,2024-06-30",
        "资产类别 text=货币资金,存货",
        "持仓市值(元) dec",
    ];
    let (metrics, left, _) = drafted(table("h", 8, &columns, &[&["客户号", "日期", "资产类别"]]));
    assert!(metrics.contains(&"h.market_value".to_owned()), "{metrics:?}");
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn numbers_beside_periods_that_became_rows_are_left_out() {
    let columns = [
        "股票代码 text=000001,600036",
        "年份 int=2022,2023",
        "营业收入(万元) dec",
        "复合增长率(%) dec",
    ];
    let mut profile = table("w", 4, &columns, &[&["股票代码", "年份"]]);
    profile.columns[0].undated = true;
    profile.columns[3].undated = true;
    let (metrics, left, _) = drafted(profile);
    assert!(metrics.contains(&"w.revenue".to_owned()), "{metrics:?}");
    assert_eq!(left, ["复合增长率(%)"]);
}

#[test]
fn a_figure_of_too_many_digits_is_missing() {
    let mut profile = table(
        "people",
        100,
        &[
            "股票代码 text",
            "年份 int=2020,2021",
            "生产人员 dec=295,1230,279",
            "面值 dec=900000000000000000,2000000000000000000,3000000000000000000",
        ],
        &[&["股票代码", "年份"]],
    );
    profile.columns[2].max = Some("70618732821120165085184".to_owned());
    let (inference, _) = draft(&[profile], &[]);
    let measures = &inference.file.tables["people"].measures;
    let missing = |column: &str| {
        let mut found = measures
            .values()
            .filter(|measure| measure.column.as_deref() == Some(column));
        found.next().unwrap().missing.clone()
    };
    assert_eq!(
        missing("生产人员"),
        ["70618732821120165085184".parse::<Decimal>().unwrap()]
    );
    // Where all of them are as large, none is a slip.
    assert!(missing("面值").is_empty());
    assert_unsure(
        &inference,
        "tables.people.measures.production_staff.missing",
        "[70618732821120165085184]",
    );
}
