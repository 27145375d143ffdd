//! The files of the demo project as one database: the same rows and views as `demo_load.py` makes.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::types::Value;
use sha2::{Digest, Sha256};

use super::cached;
use crate::error::{AccuracyError, Outcome};
use crate::sets::Places;

/// Raise when the way of loading changes, so that databases are built anew.
const LAYOUT: &str = "1";

/// File, its text columns (none named: all are text), its key.
const TABLES: [(&str, &str, &str); 17] = [
    ("companies", "", "company_code"),
    (
        "income_statement",
        "company_code report_period note",
        "company_code, report_year, report_period",
    ),
    (
        "balance_sheet",
        "company_code report_period note",
        "company_code, report_year, report_period",
    ),
    (
        "cash_flow",
        "company_code report_period note",
        "company_code, report_year, report_period",
    ),
    (
        "indicators",
        "company_code report_period note",
        "company_code, report_year, report_period",
    ),
    (
        "funds",
        "fund_code short_name full_name english_name nickname product_kind fund_type risk_level manager \
         fund_company inception_date operation_mode maturity_date benchmark_index_code note",
        "fund_code",
    ),
    ("fund_nav", "nav_date fund_code note", "fund_code, nav_date"),
    ("indices", "", "index_code"),
    (
        "index_daily",
        "trade_date index_code note",
        "index_code, trade_date",
    ),
    ("macro", "month note", "month"),
    ("branches", "", "branch_id"),
    ("relationship_managers", "", "manager_id"),
    ("clients", "", "client_id"),
    (
        "holdings",
        "as_of_date client_id product_code note",
        "client_id, product_code",
    ),
    ("client_aum", "month_end client_id note", "client_id, month_end"),
    (
        "transactions",
        "trade_date transaction_id client_id product_code kind note",
        "transaction_id",
    ),
    (
        "maturities",
        "client_id product_name kind product_code start_date maturity_date note",
        "",
    ),
];

const VIEWS: &str = "
CREATE VIEW filings AS SELECT *, report_year || CASE report_period WHEN 'FY' THEN '' ELSE report_period END AS period,
    CASE report_period WHEN 'Q1' THEN 1 WHEN 'H1' THEN 2 WHEN 'Q3' THEN 3 ELSE 4 END AS n
    FROM income_statement JOIN balance_sheet USING (company_code, report_year, report_period)
    JOIN cash_flow USING (company_code, report_year, report_period)
    JOIN indicators USING (company_code, report_year, report_period) JOIN companies USING (company_code);
CREATE VIEW book AS SELECT c.*, m.manager_name, m.branch_id, b.branch_name, b.city FROM clients c
    JOIN relationship_managers m USING (manager_id) JOIN branches b USING (branch_id);";

/// Code and names of every subject.
pub(super) const SUBJECTS: [&str; 6] = [
    "SELECT company_code, short_name, full_name, english_name, nickname FROM companies",
    "SELECT fund_code, short_name, full_name, english_name, nickname FROM funds",
    "SELECT index_code, name, english_name FROM indices",
    "SELECT client_id, client_name FROM clients",
    "SELECT manager_id, manager_name FROM relationship_managers",
    "SELECT branch_id, branch_name, english_name FROM branches",
];

/// The database of a demo project's files.
pub(super) fn database(places: &Places, project: &Path) -> Outcome<PathBuf> {
    let mut state = Sha256::new_with_prefix(LAYOUT);
    state.update(VIEWS);
    let mut files = Vec::new();
    for (name, ..) in TABLES {
        let path = project.join("data").join(format!("{name}.csv"));
        let bytes = std::fs::read(&path).map_err(AccuracyError::file("read", &path))?;
        state.update(&bytes);
        files.push((path, bytes));
    }
    cached(places, "demo", state, |connection| {
        for ((name, texts, key), (path, bytes)) in TABLES.iter().zip(&files) {
            load(connection, name, texts, key, path, bytes)?;
        }
        let made = connection.execute_batch(VIEWS);
        made.map_err(AccuracyError::database(project))
    })
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Integer,
    Real,
}

fn load(
    connection: &Connection,
    name: &str,
    texts: &str,
    key: &str,
    path: &Path,
    bytes: &[u8],
) -> Outcome<()> {
    let form = |reason: String| AccuracyError::Form {
        path: path.to_owned(),
        reason,
        hint: "the demo's files come from `jinsheng init DIR --demo`; tests/accuracy/demo_load.py reads the same",
    };
    let failed = |error: rusqlite::Error| AccuracyError::Database {
        path: path.to_owned(),
        source: error,
    };
    let mut reader = csv::Reader::from_reader(bytes);
    let heads = reader.headers().map_err(|error| form(error.to_string()))?.clone();
    let heads: Vec<&str> = heads
        .iter()
        .map(|head| head.trim_start_matches('\u{feff}'))
        .collect();
    let kinds = heads.iter().map(|head| {
        if *head == "report_year" {
            Kind::Integer
        } else if texts.is_empty() || texts.split(' ').any(|text| text == *head) {
            Kind::Text
        } else {
            Kind::Real
        }
    });
    let kinds: Vec<Kind> = kinds.collect();
    let columns = heads.iter().zip(&kinds).map(|(head, kind)| match kind {
        Kind::Text => format!("{head} TEXT"),
        Kind::Integer => format!("{head} INTEGER"),
        Kind::Real => format!("{head} REAL"),
    });
    let mut columns: Vec<String> = columns.collect();
    if !key.is_empty() {
        columns.push(format!("PRIMARY KEY ({key})"));
    }
    let made = connection.execute_batch(&format!("CREATE TABLE {name} ({})", columns.join(", ")));
    made.map_err(failed)?;
    let marks = vec!["?"; heads.len()].join(", ");
    let mut insert = connection
        .prepare(&format!("INSERT INTO {name} VALUES ({marks})"))
        .map_err(failed)?;
    for record in reader.records() {
        let record = record.map_err(|error| form(error.to_string()))?;
        let cells = record.iter().zip(&kinds).map(|(text, kind)| value(text, *kind));
        let cells = cells.collect::<Result<Vec<Value>, String>>().map_err(form)?;
        insert
            .execute(rusqlite::params_from_iter(cells))
            .map_err(failed)?;
    }
    Ok(())
}

fn value(text: &str, kind: Kind) -> Result<Value, String> {
    if text.is_empty() {
        return Ok(Value::Null);
    }
    let wrong = || format!("`{text}` is no number");
    Ok(match kind {
        Kind::Text => Value::Text(text.to_owned()),
        Kind::Integer => Value::Integer(text.parse().map_err(|_| wrong())?),
        Kind::Real => Value::Real(text.parse().map_err(|_| wrong())?),
    })
}
