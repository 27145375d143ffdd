//! The seam for engines of banks: SQL emitted for PostgreSQL and SQLite, run there, gives what this engine gives.

use jinsheng_core::{Decimal, Grain, Period, Scope};
use jinsheng_engine::{Answer, Cell, ColumnKind, SqlDialect};
use jinsheng_semantics::query::parse_query;
use jinsheng_testkit::data::{Cell as NaiveCell, NaiveData};
use jinsheng_testkit::load;

use crate::support::Project;

/// One Query for each shape of plan.
const LINES: [&str; 36] = [
    "revenue, profit by company at 2024",
    "revenue by company, company.industry at 2024Q4, 2025Q2",
    "revenue:single, revenue:ttm by company from 2024Q1 to 2025Q2",
    "yoy(revenue), yoy(profit), yoy_diff(margin) by company at 2025Q2",
    "qoq(revenue) by company from 2024Q1 to 2025Q2",
    "revenue",
    "revenue, rank(revenue), share(revenue) by company at 2024 top 2 by revenue",
    "peers_mean(revenue), peers_count(revenue) by company at 2024",
    "rank(revenue within industry), peers_mean(margin within company.industry) by company at 2024",
    "revenue - peers_mean(revenue) as gap of company = '000002' at 2024",
    "mean(revenue over company) by company.industry at 2024",
    "mean(profit over period), max(profit over period) by company from 2024Q1 to 2025Q2",
    "streak(profit > 0), profit by company from 2024Q1 to 2025Q2",
    "streak(yoy(revenue) > 0) by company",
    "streak(qoq(revenue) > 0 and margin > 5%), streak(profit > 0) by company from 2024Q1 to 2025Q2",
    "streak(yoy(margin) > 0 or rank(revenue) <= 2) by company at 2025Q2 having streak(revenue > 0) > 0",
    "peers_median(revenue) by company at 2024",
    "mean(revenue over company), median(margin over company), count(profit over company) by company.industry at 2024",
    "margin by company at 2024 having margin between 1% and 10% and not (profit < 0.001亿元)",
    "revenue / staff as per_head, staff by company at 2024",
    "staff by company.industry",
    "revenue by company last 3 quarter order by revenue desc limit 4",
    "abs(profit), -(profit) as loss, coalesce(profit, 0万元) by company at 2024Q2, 2024Q3",
    "profit by company at 2024Q2 having profit is missing",
    "revenue by company where company.industry in ('银行') at 2024",
    "revenue by company where company.industry != '银行' at 2024",
    "nav by fund last 2 month",
    "nav, shift(nav, 1 month) by fund at 2025-02",
    "nav by fund each day",
    "amount, deals by fund each month",
    "amount:ytd, amount:ttm by fund each month",
    "amount[kind = 'buy'], amount by fund at 2025",
    "amount where kind = 'buy' at 2025-01, 2025-02",
    "amount by deals.kind each quarter",
    "amount by fund where fund contains '1' each year",
    "revenue of company contains '乙' at 2024",
];

/// Rows as text: keys, periods and values with so many significant digits.
fn expected(answer: &Answer, digits: usize) -> Vec<Vec<String>> {
    let shown: Vec<usize> = (0..answer.columns.len())
        .filter(|index| answer.columns[*index].kind != ColumnKind::Name)
        .collect();
    let cell = |cell: &Cell| match cell {
        Cell::Missing => "-".to_owned(),
        Cell::Text(text) => text.clone(),
        Cell::Period(period) => period.index().to_string(),
        Cell::Number(number) => rounded(&number.to_string(), digits),
    };
    answer
        .rows
        .iter()
        .map(|row| shown.iter().map(|index| cell(&row[*index])).collect())
        .collect()
}

fn rounded(text: &str, digits: usize) -> String {
    let float: f64 = text.parse().unwrap();
    if float.abs() < 1e-12 {
        "0".to_owned()
    } else {
        format!("{float:.*e}", digits - 1)
    }
}

/// Value of a column: text, or a number by its name.
fn shape(name: &str) -> bool {
    name.starts_with('d')
}

fn iso(days: i32) -> String {
    Period::new(Grain::Day, days).to_string()
}

fn create(data: &NaiveData, project: &Project, dialect: SqlDialect) -> Vec<String> {
    use jinsheng_data::ColumnKind as Kind;
    let postgres = dialect == SqlDialect::Postgres;
    let mut statements = Vec::new();
    for source in project.warehouse.sources() {
        for table in &source.tables {
            let columns: Vec<String> = table
                .columns
                .iter()
                .map(|column| {
                    let sql_type = match (column.kind, postgres) {
                        (Kind::Integer, _) => "BIGINT".to_owned(),
                        (Kind::Decimal { precision, scale }, true) => {
                            format!("NUMERIC({precision}, {scale})")
                        }
                        (Kind::Decimal { .. }, false) => "REAL".to_owned(),
                        (Kind::Date, true) => "DATE".to_owned(),
                        (Kind::Boolean, true) => "BOOLEAN".to_owned(),
                        _ => "TEXT".to_owned(),
                    };
                    format!("\"{}\" {sql_type}", column.name)
                })
                .collect();
            statements.push(format!(
                "CREATE TABLE \"{}\" ({})",
                table.name,
                columns.join(", ")
            ));
            for row in &data.tables[&table.name].rows {
                let cells: Vec<String> = row
                    .iter()
                    .map(|cell| match cell {
                        NaiveCell::Missing => "NULL".to_owned(),
                        NaiveCell::Text(text) => format!("'{}'", text.replace('\'', "''")),
                        NaiveCell::Number(number) => number.to_string(),
                        NaiveCell::Date(days) => format!("'{}'", iso(*days)),
                        NaiveCell::Bool(value) => value.to_string(),
                    })
                    .collect();
                statements.push(format!(
                    "INSERT INTO \"{}\" VALUES ({})",
                    table.name,
                    cells.join(", ")
                ));
            }
        }
    }
    statements
}

fn emitted(project: &Project, line: &str, dialect: SqlDialect) -> String {
    project
        .sql(&parse_query(line).unwrap(), &Scope::full(), dialect)
        .unwrap_or_else(|error| panic!("{line}: {error}"))
}

fn compare(line: &str, sql: &str, found: &[Vec<String>], expected: &[Vec<String>]) {
    let width = expected.first().map_or(0, Vec::len);
    let found: Vec<Vec<String>> = found
        .iter()
        .map(|row| row.iter().take(width).cloned().collect())
        .collect();
    assert_eq!(found, expected, "\n{line}\n{sql}");
}

/// Runs a script in the `sqlite3` shell; rows as cells, names of columns first.
fn sqlite(database: &std::path::Path, script: &str) -> Vec<Vec<String>> {
    use std::io::Write as _;
    let mut child = std::process::Command::new("sqlite3")
        .args([
            "-batch",
            "-bail",
            "-header",
            "-separator",
            "\u{1f}",
            "-nullvalue",
            "-",
        ])
        .arg(database)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // Else a column that is not there would be read as a text of its name.
    let script = format!(".dbconfig dqs_dml off\n{script}");
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{script}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    // The first line says that the setting was made.
    text.lines()
        .skip(1)
        .map(|line| line.split('\u{1f}').map(str::to_owned).collect())
        .collect()
}

/// Rows of a statement, values with nine significant digits.
fn sqlite_rows(database: &std::path::Path, sql: &str) -> Vec<Vec<String>> {
    let mut rows = sqlite(database, &format!("{sql};")).into_iter();
    let names = rows.next().unwrap_or_default();
    rows.map(|row| {
        row.into_iter()
            .zip(&names)
            .map(|(cell, name)| {
                if cell == "-" || shape(name) || name == "t" {
                    cell
                } else {
                    rounded(&cell, 9)
                }
            })
            .collect()
    })
    .collect()
}

#[test]
fn sqlite_gives_the_same() {
    if std::process::Command::new("sqlite3")
        .arg("--version")
        .output()
        .is_err()
    {
        assert!(
            std::env::var("CI").is_err(),
            "sqlite3 is missing; ./x test installs it"
        );
        eprintln!("skipped: there is no sqlite3 here; ./x test installs it");
        return;
    }
    let project = crate::answers::project();
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("seam.db");
    sqlite(
        &database,
        &(create(
            &load::rows(&project.warehouse).unwrap(),
            &project,
            SqlDialect::Sqlite,
        )
        .join(";\n")
            + ";"),
    );
    for line in LINES {
        let sql = emitted(&project, line, SqlDialect::Sqlite);
        let found = sqlite_rows(&database, &sql);
        compare(
            line,
            &sql,
            &found,
            &expected(&project.run(line, &Scope::full()).unwrap(), 9),
        );
    }
    // All of them were planned by the rules that were chosen for such plans.
    assert_eq!(project.engine.plans_made_again(), 0);
}

#[test]
fn rows_that_are_alike_count_once_there_too() {
    let catalog = r#"
version: 1
tables:
  deals:
    source: deals
    unique: false
    repeated_rows: once
    period: {kind: date, column: day, grain: day}
    measures: {amount: {column: amount, unit: 元, time: flow}}
metrics:
  amount: {label: {zh: 金额, en: amount}, measure: deals.amount}
"#;
    let csv = "day,kind,amount\n2024-06-03,buy,100\n2024-06-03,buy,100\n2024-06-03,sell,100\n";
    let project = Project::new(&[("deals", csv)], catalog);
    let line = "amount each month";
    for dialect in [SqlDialect::Sqlite, SqlDialect::Postgres] {
        let sql = emitted(&project, line, dialect);
        assert!(sql.contains("SELECT DISTINCT"), "{sql}");
    }
    if std::process::Command::new("sqlite3")
        .arg("--version")
        .output()
        .is_err()
    {
        assert!(
            std::env::var("CI").is_err(),
            "sqlite3 is missing; ./x test installs it"
        );
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("once.db");
    let tables = create(
        &load::rows(&project.warehouse).unwrap(),
        &project,
        SqlDialect::Sqlite,
    );
    sqlite(&database, &(tables.join(";\n") + ";"));
    let sql = emitted(&project, line, SqlDialect::Sqlite);
    let wanted = expected(&project.run(line, &Scope::full()).unwrap(), 9);
    assert_eq!(wanted[0][1], rounded("200", 9));
    compare(line, &sql, &sqlite_rows(&database, &sql), &wanted);
}

/// A catalog over tables of one file, whose names have two parts, and one of which is called like a step of a statement.
const PARTS: &str = r#"
version: 1
entities:
  company: {label: {zh: 公司, en: company}}
tables:
  income:
    source: books.income
    entities: {company: code}
    period: {kind: report, year: year, period: period}
    measures: {revenue: {column: revenue, unit: 元, time: flow_ytd}}
  costs:
    source: books.step1
    entities: {company: code}
    period: {kind: report, year: year, period: period}
    measures: {cost: {column: cost, unit: 元, time: flow_ytd}}
metrics:
  revenue: {label: {zh: 收入, en: revenue}, measure: income.revenue}
  cost: {label: {zh: 成本, en: cost}, measure: costs.cost}
"#;

#[test]
fn statements_are_steps_and_read_each_column_of_a_period_once() {
    let project = crate::answers::project();
    for dialect in [SqlDialect::Sqlite, SqlDialect::Postgres] {
        let sql = emitted(
            &project,
            "streak(yoy(revenue) > 0), revenue by company from 2024Q1 to 2025Q2",
            dialect,
        );
        assert!(sql.starts_with("WITH step1 AS (SELECT "), "{sql}");
        // No subquery stands in another.
        assert!(
            !sql.contains("(SELECT") || !sql.replace("AS (SELECT", "").contains("(SELECT"),
            "{sql}"
        );
        assert_eq!(sql.matches("LIKE '%Q1'").count(), 1, "{sql}");
    }
}

#[test]
fn many_steps_are_written_whatever_the_stack() {
    let project = crate::answers::project();
    let items: Vec<String> = (0..12)
        .map(|least| format!("streak(revenue > {least}万元) as s{least}"))
        .collect();
    let line = format!("{} by company at 2025Q2", items.join(", "));
    assert!(emitted(&project, &line, SqlDialect::Sqlite).contains("step60"));
}

#[test]
fn tables_of_one_file_have_names_of_two_parts() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("books.db");
    let rows = |column: &str, values: [i32; 4]| {
        let periods = [(2024, "Q1"), (2024, "FY"), (2025, "Q1"), (2025, "H1")];
        let rows = periods
            .iter()
            .zip(values)
            .map(|((year, period), value)| format!("('001', {year}, '{period}', {value})"));
        let rows: Vec<String> = rows.collect();
        format!(
            "(code TEXT, year INTEGER, period TEXT, {column} INTEGER); INSERT INTO {{}} VALUES {}",
            rows.join(", ")
        )
    };
    let script = format!(
        "CREATE TABLE income {}; CREATE TABLE step1 {};",
        rows("revenue", [10, 50, 12, 30]).replace("{}", "income"),
        rows("cost", [4, 30, 6, 11]).replace("{}", "step1"),
    );
    if std::process::Command::new("sqlite3")
        .arg("--version")
        .output()
        .is_err()
    {
        assert!(
            std::env::var("CI").is_err(),
            "sqlite3 is missing; ./x test installs it"
        );
        return;
    }
    sqlite(&file, &script);
    let project = Project::of_file(folder, "books.db", PARTS);
    let data = load::rows(&project.warehouse).unwrap();
    let place = tempfile::tempdir().unwrap();
    let database = place.path().join("seam.db");
    sqlite(
        &database,
        &(create(&data, &project, SqlDialect::Sqlite).join(";\n") + ";"),
    );
    for line in [
        "streak(revenue > cost) by company",
        "revenue:single, cost by company from 2024Q1 to 2025Q2",
    ] {
        let sql = emitted(&project, line, SqlDialect::Sqlite);
        assert!(sql.contains("FROM \"books.income\""), "{sql}");
        let answer = project.run(line, &Scope::full()).unwrap();
        assert!(!answer.rows.is_empty());
        compare(line, &sql, &sqlite_rows(&database, &sql), &expected(&answer, 9));
    }
}

#[test]
fn postgres_gives_the_same() {
    let Ok(address) = std::env::var("JINSHENG_TEST_POSTGRES") else {
        assert!(
            std::env::var("CI").is_err(),
            "JINSHENG_TEST_POSTGRES must name a server in CI; ./x test starts one"
        );
        eprintln!("skipped: JINSHENG_TEST_POSTGRES names no server; ./x test starts one");
        return;
    };
    let project = crate::answers::project();
    let mut client = postgres::Client::connect(&address, postgres::NoTls).unwrap();
    client
        .batch_execute("CREATE SCHEMA seam; SET search_path TO seam")
        .unwrap();
    for statement in create(
        &load::rows(&project.warehouse).unwrap(),
        &project,
        SqlDialect::Postgres,
    ) {
        client
            .batch_execute(&statement)
            .unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    for line in LINES {
        let sql = emitted(&project, line, SqlDialect::Postgres);
        let rows = client
            .simple_query(&sql)
            .unwrap_or_else(|error| panic!("{line}\n{sql}\n{error:?}"));
        let mut found = Vec::new();
        for message in rows {
            let postgres::SimpleQueryMessage::Row(row) = message else {
                continue;
            };
            let cells = (0..row.len()).map(|index| {
                let name = row.columns()[index].name().to_owned();
                match row.get(index) {
                    None => "-".to_owned(),
                    Some(text) if shape(&name) || name == "t" => text.to_owned(),
                    Some(text) => rounded(&text.parse::<Decimal>().unwrap_or_default().to_string(), 12),
                }
            });
            found.push(cells.collect::<Vec<_>>());
        }
        compare(
            line,
            &sql,
            &found,
            &expected(&project.run(line, &Scope::full()).unwrap(), 12),
        );
    }
    client.batch_execute("DROP SCHEMA seam CASCADE").unwrap();
}
