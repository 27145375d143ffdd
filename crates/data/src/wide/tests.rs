//! Wide files imported: what their rows are afterwards, and what stays as it is.

use super::*;
use crate::{AddOptions, NoProgress, TableMeta, Warehouse, read_batches};

/// Imports a CSV file and gives the table with its rows as text, columns parted by `|`.
fn imported(csv: &str) -> (TableMeta, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv");
    std::fs::write(&path, csv).unwrap();
    let mut warehouse = Warehouse::open(&folder.path().join("state")).unwrap();
    warehouse
        .add(&path, &AddOptions::default(), &mut NoProgress)
        .unwrap();
    let meta = warehouse.table("t").unwrap().clone();
    let rows = rows(&warehouse, &meta);
    (meta, rows)
}

fn rows(warehouse: &Warehouse, meta: &TableMeta) -> Vec<String> {
    use arrow::util::display::array_value_to_string;
    let names: Vec<&str> = meta.columns.iter().map(|column| column.name.as_str()).collect();
    let mut rows = Vec::new();
    for batch in read_batches(warehouse, "t", Some(&names)).unwrap() {
        let batch = batch.unwrap();
        for row in 0..batch.num_rows() {
            let cells = batch
                .columns()
                .iter()
                .map(|column| array_value_to_string(column, row).unwrap());
            rows.push(cells.collect::<Vec<_>>().join("|"));
        }
    }
    rows
}

fn names(meta: &TableMeta) -> Vec<&str> {
    meta.columns.iter().map(|column| column.name.as_str()).collect()
}

#[test]
fn years_of_one_figure_become_rows() {
    let (meta, rows) = imported("股票代码,2022,2023,2024\n000001,1.5,2,\n600519,3,4,5\n");
    assert_eq!(names(&meta), ["股票代码", "年份", "数值"]);
    assert_eq!(
        rows,
        [
            "000001|2022|1.5",
            "000001|2023|2.0",
            "600519|2022|3.0",
            "600519|2023|4.0",
            "600519|2024|5.0"
        ]
    );
    let stood = meta.unpivoted.unwrap();
    assert_eq!(stood.header("数值", Period::year(2023)).as_deref(), Some("2023"));
    assert_eq!(
        stood.header("数值", Period::quarter(2023, 4)).as_deref(),
        Some("2023")
    );
    assert_eq!(stood.header("数值", Period::quarter(2023, 3)), None);
}

#[test]
fn years_of_several_figures_become_rows() {
    let (meta, rows) = imported(
        "股票代码,股票简称,2022年营业收入(万元),2023年营业收入(万元),2022年净利润(万元),2023年净利润(万元)\n\
         000001,平安,10,20,1,2\n",
    );
    assert_eq!(
        names(&meta),
        ["股票代码", "股票简称", "年份", "营业收入(万元)", "净利润(万元)"]
    );
    assert_eq!(rows, ["000001|平安|2022|10|1", "000001|平安|2023|20|2"]);
    assert_eq!(meta.columns[3].unit.unwrap().to_string(), "万元");
    let stood = meta.unpivoted.unwrap();
    assert_eq!(
        stood.header("净利润(万元)", Period::year(2023)).as_deref(),
        Some("2023年净利润(万元)")
    );
}

#[test]
fn items_become_columns() {
    let (meta, rows) = imported(
        "股票代码,指标,单位,2022,2023\n000001,营业收入,万元,10,20\n000001,净利率,%,5,6\n\
         600519,营业收入,万元,30,40\n600519,净利率,%,50,\n",
    );
    assert_eq!(names(&meta), ["股票代码", "年份", "营业收入(万元)", "净利率(%)"]);
    assert_eq!(
        rows,
        [
            "000001|2022|10|5",
            "000001|2023|20|6",
            "600519|2022|30|50",
            "600519|2023|40|"
        ]
    );
    let stood = meta.unpivoted.unwrap();
    assert_eq!(
        stood.header("净利率(%)", Period::year(2022)).as_deref(),
        Some("2022 · 净利率(%)")
    );
}

#[test]
fn a_statement_with_headings_and_notes_becomes_one_row_a_period() {
    let (meta, rows) = imported(
        "项目,附注,2023-12-31,2022-12-31\n流动资产：,,,\n货币资金(元),七、1,100,90\n存货(元),七、2,10,9\n",
    );
    assert_eq!(names(&meta), ["日期", "货币资金(元)", "存货(元)"]);
    assert_eq!(rows, ["2023-12-31|100|10", "2022-12-31|90|9"]);
}

#[test]
fn quarters_halves_and_months_are_written_as_reports_and_months() {
    for (headers, column, first) in [
        ("2024Q1,2024Q2", "report_period", "2024Q1"),
        ("2024H1,2024Q3,2023FY", "report_period", "2024H1"),
        ("2024-05,2024-06", "month", "2024-05"),
        ("2024-05-31,2024-06-30", "date", "2024-05-31"),
        ("FY2022,FY2023", "year", "2022"),
        ("Jan-24,Feb-24", "month", "2024-01"),
    ] {
        let values = vec!["7"; headers.split(',').count()].join(",");
        let (meta, rows) = imported(&format!("code,{headers}\nA1,{values}\n"));
        assert_eq!(names(&meta), ["code", column, "value"], "{headers}");
        assert_eq!(rows[0], format!("A1|{first}|7"), "{headers}");
    }
}

#[test]
fn a_row_that_repeats_still_repeats() {
    let (_, rows) = imported("股票代码,指标,2022,2023\n000001,营收,1,2\n000001,营收,1,2\n");
    assert_eq!(
        rows,
        ["000001|2022|1", "000001|2023|2", "000001|2022|1", "000001|2023|2"]
    );
}

#[test]
fn totals_and_forecasts_keep_their_columns() {
    let (meta, rows) = imported("股票代码,2024Q3,2024Q4,2024年,2025E\n000001,1,2,3,4\n");
    assert_eq!(names(&meta), ["股票代码", "2024年", "2025E", "报告期", "数值"]);
    assert_eq!(rows, ["000001|3|4|2024Q3|1", "000001|3|4|2024Q4|2"]);
    assert_eq!(meta.unpivoted.unwrap().fixed, ["股票代码", "2024年", "2025E"]);
}

#[test]
fn other_tables_stay_as_they_are() {
    for csv in [
        // One period alone, periods in rows already, maturities, indices, an amount, no header.
        "客户号,2024年末资产\nC1,5\n",
        "股票代码,年份,2023年收入,2024年收入\n000001,2024,1,2\n",
        "日期,1年,5年,10年\n2024-01-02,1,2,3\n",
        "日期,中证1000,国证2000\n2024-01-02,1,2\n",
        "客户号,2000元以下,2000元以上\nC1,1,2\n",
        "600519,2022,2023\n600519,5,6\n",
        "年份,2023,2024\n1,2,3\n",
        "日期,国证1000,国证2000,国证2050\n2024-01-02,1,2,3\n",
        "客户号,x1,x1999,x2000\nC1,1,2,3\n",
    ] {
        let (meta, _) = imported(csv);
        assert_eq!(meta.unpivoted, None, "{csv}");
        assert_eq!(names(&meta).join(","), csv.lines().next().unwrap(), "{csv}");
    }
}

#[test]
fn columns_stay_where_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv");
    std::fs::write(&path, "股票代码,2022,2023\n000001,1,2\n").unwrap();
    let mut warehouse = Warehouse::open(&folder.path().join("state")).unwrap();
    let mut options = AddOptions::default();
    let made = warehouse
        .add(&path, &options, &mut NoProgress)
        .unwrap()
        .source
        .digest;
    options.keep_columns = true;
    let kept = warehouse
        .add(&path, &options, &mut NoProgress)
        .unwrap()
        .source
        .digest;
    assert_ne!(made, kept);
    assert_eq!(names(warehouse.table("t").unwrap()), ["股票代码", "2022", "2023"]);
}

#[test]
fn two_columns_of_one_figure_and_period_are_not_guessed() {
    let (meta, _) = imported("股票代码,2022,2022年,2023\n000001,1,2,3\n");
    assert_eq!(meta.unpivoted, None);
}

#[test]
fn what_is_too_large_to_be_put_together_stays() {
    let mut csv = String::from("股票代码,指标,2022,2023\n");
    for item in 0..1100 {
        csv += &format!("000001,i{item},1,2\n");
    }
    let (meta, _) = imported(&csv);
    assert_eq!(meta.unpivoted, None);
}
