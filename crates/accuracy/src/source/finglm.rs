//! The FinGLM workbooks as one database: the same rows as `finglm_load.py` makes. Codes are text, years whole numbers, all else REAL;
//! placeholders are NULL.

use std::path::Path;

use calamine::{Data, DataType, Range, Reader, Xlsx, open_workbook};
use rusqlite::Connection;
use rusqlite::types::Value;
use sha2::{Digest, Sha256};

use super::{cached, state_of};
use crate::error::{AccuracyError, Outcome};
use crate::sets::Places;
use crate::words::Names;

/// Raise when the way of loading changes, so that databases are built anew.
const LAYOUT: &str = "1";

struct Workbook {
    name: &'static str,
    texts: &'static [&'static str],
    years: &'static [&'static str],
    /// The number that stands for a cell without one.
    placeholder: Option<f64>,
    keys: [&'static str; 2],
}

const ID: &[&str] = &["信息来源", "股票代码", "股票简称", "证券代码", "证券简称"];
const COMPANY: &[&str] = &[
    "信息来源",
    "股票代码",
    "股票简称",
    "证券代码",
    "证券简称",
    "办公地址",
    "注册地址",
    "公司邮箱",
    "法定代表人",
    "公司网址",
];
const REPORT: &[&str] = &[
    "report_date",
    "company_full_name",
    "stock_code",
    "company_short_name",
    "report_type",
    "file_name",
];
const YEARS: &[&str] = &["报告年份", "年份"];
const CODE_AND_YEAR: [&str; 2] = ["股票代码", "报告年份"];

/// The statements write -1 for a cell that a report lacks, `people` writes 0.
const WORKBOOKS: [Workbook; 7] = [
    workbook("profit_statement", ID, YEARS, Some(-1.0), CODE_AND_YEAR),
    workbook("cash_flow_statement", ID, YEARS, Some(-1.0), CODE_AND_YEAR),
    workbook("balance_static", ID, YEARS, Some(-1.0), CODE_AND_YEAR),
    workbook("people", ID, YEARS, Some(0.0), CODE_AND_YEAR),
    workbook("baseinfo", COMPANY, YEARS, None, CODE_AND_YEAR),
    workbook(
        "company_annual_reports",
        REPORT,
        &["report_year"],
        None,
        ["stock_code", "report_year"],
    ),
    workbook(
        "industry",
        &["文件名", "申万行业"],
        &[],
        None,
        ["文件名", "文件名"],
    ),
];

const fn workbook(
    name: &'static str,
    texts: &'static [&'static str],
    years: &'static [&'static str],
    placeholder: Option<f64>,
    keys: [&'static str; 2],
) -> Workbook {
    Workbook {
        name,
        texts,
        years,
        placeholder,
        keys,
    }
}

/// Names of the files, for a project of the same data.
pub(crate) fn files() -> impl Iterator<Item = String> {
    WORKBOOKS.iter().map(|book| format!("{}.xlsx", book.name))
}

/// The database of the workbooks.
pub(super) fn database(places: &Places) -> Outcome<std::path::PathBuf> {
    let folder = places.data.join("finglm");
    let mut state = Sha256::new_with_prefix(LAYOUT);
    for file in files() {
        state.update(state_of(&folder.join(file))?);
    }
    cached(places, "finglm", state, |connection| {
        WORKBOOKS
            .iter()
            .try_for_each(|book| load(connection, &folder, book))
    })
}

fn form(path: &Path, reason: String) -> AccuracyError {
    AccuracyError::Form {
        path: path.to_owned(),
        reason,
        hint: "the workbooks are those of the shared folder; tests/accuracy/finglm_load.py reads the same",
    }
}

fn first_sheet(path: &Path) -> Outcome<Range<Data>> {
    let mut book: Xlsx<_> =
        open_workbook(path).map_err(|error: calamine::XlsxError| form(path, error.to_string()))?;
    let sheet = book.worksheet_range_at(0);
    let sheet = sheet.ok_or_else(|| form(path, "no sheet".to_owned()))?;
    sheet.map_err(|error| form(path, error.to_string()))
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Year,
    Number,
}

fn load(connection: &Connection, folder: &Path, book: &Workbook) -> Outcome<()> {
    let path = folder.join(format!("{}.xlsx", book.name));
    let sheet = first_sheet(&path)?;
    let mut rows = sheet.rows();
    let heads = rows.next().ok_or_else(|| form(&path, "no header".to_owned()))?;
    let heads: Vec<String> = heads.iter().map(ToString::to_string).collect();
    let kinds = heads.iter().map(|head| {
        if book.texts.contains(&head.as_str()) {
            Kind::Text
        } else if book.years.contains(&head.as_str()) {
            Kind::Year
        } else {
            Kind::Number
        }
    });
    let kinds: Vec<Kind> = kinds.collect();
    let columns = heads.iter().zip(&kinds).map(|(head, kind)| match kind {
        Kind::Text => format!("\"{head}\" TEXT"),
        Kind::Year => format!("\"{head}\" INTEGER"),
        Kind::Number => format!("\"{head}\" REAL"),
    });
    let columns: Vec<String> = columns.collect();
    let keys: Vec<String> = book.keys.iter().map(|key| format!("\"{key}\"")).collect();
    let name = book.name;
    let failed = |error: rusqlite::Error| AccuracyError::Database {
        path: path.clone(),
        source: error,
    };
    let made = connection.execute_batch(&format!("CREATE TABLE \"{name}\" ({})", columns.join(", ")));
    made.map_err(failed)?;
    let marks = vec!["?"; heads.len()].join(", ");
    let mut insert = connection
        .prepare(&format!("INSERT INTO \"{name}\" VALUES ({marks})"))
        .map_err(failed)?;
    for (number, row) in rows.enumerate() {
        let cells = row
            .iter()
            .zip(&kinds)
            .map(|(cell, kind)| value(cell, *kind, book.placeholder));
        let cells: Result<Vec<Value>, String> = cells.collect();
        let cells = cells.map_err(|reason| form(&path, format!("row {}: {reason}", number + 2)))?;
        insert
            .execute(rusqlite::params_from_iter(cells))
            .map_err(failed)?;
    }
    let index = format!(
        "CREATE UNIQUE INDEX \"{name}_key\" ON \"{name}\" ({})",
        keys.join(", ")
    );
    // The key of `industry` is one column, named twice above for the sake of one form.
    let index = index.replace("(\"文件名\", \"文件名\")", "(\"文件名\")");
    connection.execute_batch(&index).map_err(failed)
}

fn value(cell: &Data, kind: Kind, placeholder: Option<f64>) -> Result<Value, String> {
    let text = match cell {
        Data::Empty => return Ok(Value::Null),
        Data::String(text) => text.trim().to_owned(),
        Data::Int(number) => number.to_string(),
        // Display writes a whole number without decimals, as the workbook does.
        Data::Float(number) => number.to_string(),
        other => return Err(format!("a cell of an unexpected kind: {other:?}")),
    };
    if matches!(text.as_str(), "" | "nan" | "不适用") {
        return Ok(Value::Null);
    }
    Ok(match kind {
        Kind::Text => Value::Text(text),
        Kind::Year => {
            let year = text.trim_end_matches('年').parse();
            Value::Integer(year.map_err(|_| format!("`{text}` is no year"))?)
        }
        Kind::Number => {
            let number: f64 = text.parse().map_err(|_| format!("`{text}` is no number"))?;
            if placeholder.is_some_and(|placeholder| placeholder.total_cmp(&number).is_eq()) {
                Value::Null
            } else {
                Value::Real(number)
            }
        }
    })
}

/// Codes, short, full and English names of `companies.xlsx`; it writes codes as numbers, without their zeros.
pub(super) fn listed_companies(path: &Path, names: &mut Names) -> Outcome<()> {
    let sheet = first_sheet(path)?;
    let mut rows = sheet.rows();
    let heads = rows.next().unwrap_or_default();
    let column = |head: &str| {
        let at = heads.iter().position(|cell| cell.get_string() == Some(head));
        at.ok_or_else(|| form(path, format!("no column `{head}`")))
    };
    let code = column("股票代码")?;
    let others = [column("A股简称")?, column("公司名称")?, column("英文名称")?];
    for row in rows {
        let text = |at: usize| row.get(at).map(ToString::to_string).unwrap_or_default();
        let code = text(code);
        if !code.is_empty() {
            names.add(&format!("{code:0>6}"), others.into_iter().map(text));
        }
    }
    Ok(())
}
