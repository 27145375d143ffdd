//! Real files of companies, funds and economies.

use jinsheng_data::{ColumnKind, SourceKind, Warehouse};

use jinsheng_testkit::shared::shared;

use crate::support::{Project, rows};

fn kind(warehouse: &Warehouse, table: &str, column: &str) -> ColumnKind {
    warehouse.table(table).unwrap().column(column).unwrap().kind
}

#[test]
fn statements_of_seventy_companies() {
    let Some(folder) = shared("statements_tcm") else {
        return;
    };
    let mut project = Project::new();
    let report = project.add(&folder.join("financials_yikwa.db")).unwrap();
    assert_eq!(report.source.kind, SourceKind::Sqlite);
    let names: Vec<&str> = report
        .source
        .tables
        .iter()
        .map(|table| table.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "financials_yikwa.core_performance_indicators_sheet",
            "financials_yikwa.balance_sheet",
            "financials_yikwa.cash_flow_sheet",
            "financials_yikwa.income_sheet",
            "financials_yikwa.report_file_manifest",
            "financials_yikwa.extraction_log",
            "financials_yikwa.validation_log",
        ]
    );
    // Every cell equals what SQLite itself holds.
    let database = rusqlite::Connection::open_with_flags(
        folder.join("financials_yikwa.db"),
        rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY,
    )
    .unwrap();
    let mut statement = database
        .prepare("SELECT * FROM income_sheet ORDER BY rowid")
        .unwrap();
    let mut found = statement.query([]).unwrap();
    for row in rows(&project.warehouse, "financials_yikwa.income_sheet") {
        let expected = found.next().unwrap().unwrap();
        for (index, cell) in row.iter().enumerate() {
            use rusqlite::types::ValueRef;
            match (expected.get_ref(index).unwrap(), cell) {
                (ValueRef::Null, None) => {}
                (ValueRef::Integer(value), Some(cell)) => {
                    assert_eq!(cell.parse::<f64>().unwrap().to_bits(), (value as f64).to_bits())
                }
                (ValueRef::Real(value), Some(cell)) => {
                    assert_eq!(cell.parse::<f64>().unwrap().to_bits(), value.to_bits());
                }
                (ValueRef::Text(text), Some(cell)) => assert_eq!(cell.as_bytes(), text),
                (expected, cell) => panic!("{expected:?} {cell:?}"),
            }
        }
    }
    assert!(found.next().unwrap().is_none());
    let table = "financials_yikwa.income_sheet";
    assert_eq!(kind(&project.warehouse, table, "stock_code"), ColumnKind::Text);
    assert_eq!(
        kind(&project.warehouse, table, "report_year"),
        ColumnKind::Integer
    );
    project.add(&folder.join("financials_jchpjp.db")).unwrap();
    let comment = project
        .warehouse
        .table("financials_jchpjp.income_sheet")
        .unwrap()
        .column("net_profit")
        .unwrap();
    assert_eq!(comment.comment.as_deref(), Some("净利润(万元)：最终盈利或亏损"));
    assert_eq!(
        kind(&project.warehouse, "financials_jchpjp.income_sheet", "created_at"),
        ColumnKind::Timestamp
    );
}

#[test]
fn workbooks() {
    let Some(folder) = shared("statements_tcm") else {
        return;
    };
    let mut project = Project::new();
    let companies = project.add(&folder.join("companies.xlsx")).unwrap();
    assert!(
        companies.source.tables[0].rows >= 60,
        "{:?}",
        companies.source.tables[0].rows
    );
    let dictionary = project.add(&folder.join("schema_dictionary.xlsx")).unwrap();
    assert!(dictionary.source.tables.len() >= 4);
    let Some(folder) = shared("finglm") else { return };
    let profit = project.add(&folder.join("profit_statement.xlsx")).unwrap();
    assert_eq!(profit.source.tables[0].rows, 11_587);
    assert_eq!(
        kind(&project.warehouse, "profit_statement", "股票代码"),
        ColumnKind::Text
    );
    assert_eq!(
        kind(&project.warehouse, "profit_statement", "营业总收入"),
        ColumnKind::Decimal {
            precision: 14,
            scale: 2
        }
    );
}

#[test]
fn prices_funds_and_economies() {
    let Some(folder) = shared("ashare_prices") else {
        return;
    };
    let mut project = Project::new();
    project.add(&folder.join("600519.csv")).unwrap();
    assert_eq!(kind(&project.warehouse, "600519", "trade_date"), ColumnKind::Date);
    assert_eq!(kind(&project.warehouse, "600519", "ts_code"), ColumnKind::Text);
    assert_eq!(
        project
            .warehouse
            .table("600519")
            .unwrap()
            .column("open")
            .unwrap()
            .nulls,
        0
    );
    let funds = shared("cn_fund_nav_daily").unwrap();
    project.add(&funds.join("000148.csv")).unwrap();
    assert_eq!(kind(&project.warehouse, "000148", "净值日期"), ColumnKind::Date);
    assert_eq!(
        kind(&project.warehouse, "000148", "column_1"),
        ColumnKind::Integer
    );
    let cities = shared("city_macro_cn").unwrap();
    project.add(&cities.join("city_macro.csv")).unwrap();
    let gdp = project
        .warehouse
        .table("city_macro")
        .unwrap()
        .column("地区生产总值(万元)")
        .unwrap();
    assert_eq!(
        (gdp.label.as_str(), gdp.unit.unwrap().to_string().as_str()),
        ("地区生产总值", "万元")
    );
    for entry in std::fs::read_dir(shared("macro_pddl").unwrap()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "csv") {
            let report = project.add(&path).unwrap();
            let dated = report.source.tables[0]
                .columns
                .iter()
                .any(|column| column.kind != ColumnKind::Text);
            assert!(dated, "{}", path.display());
        }
    }
}
