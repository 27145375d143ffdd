//! `jinsheng query`.

use std::io::Read as _;
use std::path::Path;
use std::time::Instant;

use jinsheng_api::{AnswerStatus, ColumnType, ColumnView, NoteView, QueryAnswer, SqlText};
use jinsheng_core::{Decimal, Lang, Localised, Scope};
use jinsheng_engine::{Answer, Cell, Column, ColumnKind, Engine, EngineError, Proof, SqlDialect};
use jinsheng_semantics::bind::Note;
use jinsheng_semantics::catalog::Catalog;
use jinsheng_semantics::query::{Query, parse_query};

use crate::args::{DialectArg, QueryArgs};
use crate::failure::{CliError, Exit};
use crate::printer::{FICTIONAL, Printer};
use crate::project::Project;
use crate::show::period::{Reach, reach, words};
use crate::show::table::{Align, plain, table};
use crate::show::{evidence, label, number, sql, unit};
use crate::{access, cancel, words as parsers};

/// Longest text of a Query that is read.
const MAX_BYTES: u64 = 1 << 20;

/// Runs a Query and shows its answer.
///
/// # Errors
/// When the Query is wrong, cannot be answered, or was stopped.
pub(super) fn run(args: &QueryArgs, project: &Project, printer: &Printer) -> Result<Exit, CliError> {
    let query = read(&args.query)?;
    let catalog = project.catalog()?;
    let scope = match &args.role {
        Some(role) => scope(project, role, &catalog)?,
        None => Scope::full(),
    };
    let reach = reach(&query, &catalog);
    let labels = label::items(&query, &catalog, printer.lang);
    let engine = super::engine(project, catalog)?;
    let threads = engine.threads();
    printer.detail(printer.pick(
        format!("大表分给 {threads} 个线程"),
        format!("large tables are divided among {threads} thread(s)"),
    ));
    let start = Instant::now();
    let runtime = super::runtime(project)?;
    let outcome = runtime.block_on(async {
        tokio::select! {
            found = ask(&engine, &query, &scope, args.sql) => found.map_err(CliError::from),
            () = cancel::wait() => Err(CliError::Interrupted),
        }
    });
    // Work that was stopped may still hold a thread; it reads only.
    runtime.shutdown_background();
    let (mut answer, statement) = outcome?;
    name_items(&mut answer, labels);
    if project.fictional {
        let (zh, en) = FICTIONAL;
        let text = (zh.to_owned(), en.to_owned());
        answer.notes.insert(
            0,
            Note {
                code: "fictional",
                text,
            },
        );
    }
    let elapsed_ms = super::elapsed_ms(start);
    let statement = statement.map(|text| sql::pretty(&text));
    if printer.json {
        printer.document(document(
            query,
            &answer,
            &answer.evidence(usize::MAX)?,
            args,
            statement,
            elapsed_ms,
            printer.lang,
        ))?;
        return Ok(Exit::Done);
    }
    show(&answer, reach, project, printer)?;
    if let Some(statement) = statement {
        printer.heading("SQL")?;
        printer.result(statement)?;
    }
    if args.evidence {
        printer.heading(printer.pick("出处", "evidence"))?;
        let shown = usize::try_from(project.settings.rows.value).unwrap_or(usize::MAX);
        evidence::lines(&answer, shown, printer.lang)?
            .iter()
            .try_for_each(|line| printer.result(line))?;
    }
    let rows = number::count(u64::try_from(answer.rows.len()).unwrap_or(u64::MAX));
    let catalog = answer.catalog.short();
    printer.say(printer.pick(
        format!("{rows} 行，用时 {elapsed_ms} 毫秒，目录 {catalog}"),
        format!("{rows} row(s) in {elapsed_ms} ms, catalog {catalog}"),
    ));
    Ok(Exit::Done)
}

/// Gives the value columns, which stand last, the names of the items.
fn name_items(answer: &mut Answer, labels: Vec<String>) {
    let values = answer
        .columns
        .iter_mut()
        .filter(|column| column.kind == ColumnKind::Value);
    for (column, label) in values.zip(labels) {
        column.label = Localised::new(&*label, &*label);
    }
}

async fn ask(
    engine: &Engine,
    query: &Query,
    scope: &Scope,
    dialect: Option<DialectArg>,
) -> Result<(Answer, Option<String>), EngineError> {
    let answer = engine.run(query, scope).await?;
    let statement = match dialect {
        Some(DialectArg::Postgres) => Some(engine.sql(query, scope, SqlDialect::Postgres).await?),
        Some(DialectArg::Sqlite) => Some(engine.sql(query, scope, SqlDialect::Sqlite).await?),
        None => None,
    };
    Ok((answer, statement))
}

/// The Query of a line, a file, or standard input (a line or JSON).
fn read(text: &str) -> Result<Query, CliError> {
    let json_file = Path::new(text)
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    if text == "-" {
        let input = limited(Path::new("-"), std::io::stdin().lock())?;
        return if input.trim_start().starts_with('{') {
            from_json(&input, "-")
        } else {
            from_line(input.trim())
        };
    }
    if json_file {
        let path = Path::new(text);
        let file = std::fs::File::open(path).map_err(|error| CliError::read(path, error))?;
        return from_json(&limited(path, file)?, text);
    }
    from_line(text)
}

fn limited(path: &Path, reader: impl std::io::Read) -> Result<String, CliError> {
    let mut input = String::new();
    let read = reader.take(MAX_BYTES + 1).read_to_string(&mut input);
    read.map_err(|error| CliError::read(path, error))?;
    if input.len() as u64 > MAX_BYTES {
        return Err(CliError::Input {
            what: (
                format!("`{}` 超过 1 MB，不是查询", path.display()),
                format!("`{}` is larger than 1 MB and no Query", path.display()),
            ),
            remedy: (
                "查询的写法见 docs/reference/query.md".to_owned(),
                "docs/reference/query.md has the form".to_owned(),
            ),
        });
    }
    Ok(input)
}

fn from_line(line: &str) -> Result<Query, CliError> {
    parse_query(line).map_err(|error| CliError::Syntax {
        line: line.to_owned(),
        error,
    })
}

fn from_json(text: &str, name: &str) -> Result<Query, CliError> {
    let query: Query = serde_json::from_str(text).map_err(|error| {
        let (zh, en) = parsers::parser(&error.to_string());
        CliError::Input {
            what: (
                format!("`{name}` 不是查询：{zh}"),
                format!("`{name}` is no Query: {en}"),
            ),
            remedy: (
                "JSON 形式与一行形式内容相同；`jinsheng query --json 'LINE'` 的 query 字段即是".to_owned(),
                "the field `query` of `jinsheng query --json 'LINE'` shows the form".to_owned(),
            ),
        }
    })?;
    // What cannot be printed and read back is no Query, however well formed the JSON is.
    from_line(&query.to_string())
}

/// The scope of a role; a name that the catalog lacks is an error, so that a slip of the pen hides something.
pub(in crate::commands) fn scope(
    project: &Project,
    role: &str,
    catalog: &Catalog,
) -> Result<Scope, CliError> {
    let scope = access::scope(&project.root, role)?;
    match catalog.unknown_hidden(&scope).map(str::to_owned) {
        None => Ok(scope),
        Some(name) => Err(CliError::Settings {
            path: project.root.join(access::FILE),
            why: (
                format!("角色 `{role}` 的 hidden 中的 `{name}` 不在目录里"),
                format!("`{name}` in `hidden` of role `{role}` is not in the catalog"),
            ),
        }),
    }
}

fn show(answer: &Answer, reach: Option<Reach>, project: &Project, printer: &Printer) -> Result<(), CliError> {
    let lang = printer.lang;
    let most = usize::try_from(project.settings.rows.value).unwrap_or(usize::MAX);
    printer.result(printer.pick(
        format!("查询：{}", answer.reading),
        format!("query: {}", answer.reading),
    ))?;
    if !answer.rows.is_empty() {
        let header: Vec<(String, Align)> = answer
            .columns
            .iter()
            .map(|column| heading(column, lang))
            .collect();
        let decimals: Vec<u32> = (0..answer.columns.len())
            .map(|index| decimals(answer, index))
            .collect();
        let rows = answer.rows.iter().take(most).map(|row| {
            let cells = row.iter().zip(&decimals);
            cells
                .map(|(cell, decimals)| text(cell, *decimals, reach, lang))
                .collect()
        });
        printer.result(table(&header, rows.collect()))?;
    }
    for note in &answer.notes {
        let text = lang.pick(&note.text.0, &note.text.1);
        printer.result(printer.pick(format!("注：{text}"), format!("note: {text}")))?;
    }
    let left = answer.rows.len().saturating_sub(most);
    if left > 0 {
        printer.say(printer.pick(
            format!("另有 {left} 行未显示；--json 给出全部，或在 jinsheng.toml 中设置 rows"),
            format!("{left} more row(s) not shown; --json gives all, or set `rows` in jinsheng.toml"),
        ));
    }
    Ok(())
}

fn heading(column: &Column, lang: Lang) -> (String, Align) {
    let label = plain(column.label.get(lang));
    let unit = column
        .unit
        .map(|unit| unit::words(unit, lang))
        .unwrap_or_default();
    let mark = if column.approximate { "≈" } else { "" };
    let text = match (unit.is_empty(), lang) {
        (true, _) => format!("{label}{mark}"),
        (false, Lang::Zh) => format!("{label}{mark}（{unit}）"),
        (false, Lang::En) => format!("{label}{mark} ({unit})"),
    };
    let align = if column.kind == ColumnKind::Value {
        Align::Right
    } else {
        Align::Left
    };
    (text, align)
}

fn decimals(answer: &Answer, index: usize) -> u32 {
    let values: Vec<Decimal> = answer
        .rows
        .iter()
        .filter_map(|row| match row.get(index) {
            Some(Cell::Number(value)) => Some(*value),
            _ => None,
        })
        .collect();
    number::decimals(&values, answer.columns.get(index).and_then(|column| column.unit))
}

fn text(cell: &Cell, decimals: u32, reach: Option<Reach>, lang: Lang) -> String {
    match cell {
        Cell::Missing => "—".to_owned(),
        Cell::Text(text) => text.clone(),
        Cell::Period(period) => words(*period, reach, lang),
        Cell::Number(value) => number::grouped(*value, decimals),
    }
}

fn document(
    query: Query,
    answer: &Answer,
    proof: &Proof,
    args: &QueryArgs,
    statement: Option<String>,
    elapsed_ms: u64,
    lang: Lang,
) -> QueryAnswer {
    let exact = |cell: &Cell| match cell {
        Cell::Missing => None,
        Cell::Text(text) => Some(text.clone()),
        Cell::Period(period) => Some(period.to_string()),
        Cell::Number(value) => Some(value.normalize().to_string()),
    };
    let columns = answer.columns.iter().map(|column| ColumnView {
        name: column.name.clone(),
        label: column.label.get(lang).to_owned(),
        unit: column
            .unit
            .map(|unit| unit.to_string())
            .filter(|unit| !unit.is_empty()),
        kind: match column.kind {
            ColumnKind::Dimension => ColumnType::Dimension,
            ColumnKind::Name => ColumnType::Name,
            ColumnKind::Period => ColumnType::Period,
            ColumnKind::Value => ColumnType::Decimal,
        },
        approximate: column.approximate,
    });
    let dialect = match args.sql {
        Some(DialectArg::Sqlite) => "sqlite",
        _ => "postgres",
    };
    QueryAnswer {
        status: if answer.rows.is_empty() {
            AnswerStatus::Empty
        } else {
            AnswerStatus::Ok
        },
        reading: answer.reading.clone(),
        query,
        sql: statement.map(|text| SqlText {
            dialect: dialect.to_owned(),
            text,
        }),
        columns: columns.collect(),
        rows: answer
            .rows
            .iter()
            .map(|row| row.iter().map(exact).collect())
            .collect(),
        row_evidence: proof
            .rows
            .iter()
            .map(|ids| ids.iter().map(|id| id.0.to_string()).collect())
            .collect(),
        evidence: proof.facts.values().map(Into::into).collect(),
        notes: answer.notes.iter().map(|note| NoteView::of(note, lang)).collect(),
        catalog: answer.catalog.to_string(),
        sources: answer.sources.iter().map(Into::into).collect(),
        role: args.role.clone(),
        elapsed_ms,
    }
}
