//! `jinsheng data …`.

pub(super) mod add;
mod check;
mod show;

use jinsheng_api::{DataList, DataRemoved, PlacedNote, SourceView, TableSize};
use jinsheng_data::{DataError, Note, SourceMeta, Warehouse};
use jinsheng_semantics::catalog::Catalog;

use crate::args::{DataCommand, DataRemoveArgs};
use crate::failure::{CliError, Exit};
use crate::printer::Printer;
use crate::project::Project;
use crate::show::number;
use crate::show::table::{Align, table};

/// Runs a command of `data`.
///
/// # Errors
/// Why it could not do its work.
pub(super) fn run(command: &DataCommand, project: &Project, printer: &Printer) -> Result<Exit, CliError> {
    match command {
        DataCommand::Add(args) => add::run(args, project, printer),
        DataCommand::List => list(project, printer),
        DataCommand::Show(args) => show::run(&args.name, project, printer),
        DataCommand::Check(args) => check::run(args, project, printer),
        DataCommand::Remove(args) => remove(args, project, printer),
    }
}

/// A source as `--json` shows it.
pub(super) fn source_view(source: &SourceMeta, printer: &Printer) -> SourceView {
    let note = |table: Option<&str>, column: Option<&str>, note: &jinsheng_data::Note| PlacedNote {
        table: table.map(ToOwned::to_owned),
        column: column.map(ToOwned::to_owned),
        text: note.message(printer.lang),
    };
    let mut notes: Vec<PlacedNote> = source.notes.iter().map(|found| note(None, None, found)).collect();
    for table in &source.tables {
        notes.extend(
            table
                .notes
                .iter()
                .map(|found| note(Some(&table.name), None, found)),
        );
        for column in &table.columns {
            notes.extend(
                column
                    .notes
                    .iter()
                    .map(|found| note(Some(&table.name), Some(&column.name), found)),
            );
        }
    }
    SourceView {
        name: source.name.clone(),
        kind: source.kind.as_str().to_owned(),
        path: source.path.display().to_string(),
        bytes: source.bytes,
        encoding: source.encoding.clone(),
        digest: source.digest.to_string(),
        imported_at: source.imported_at.clone(),
        tables: source
            .tables
            .iter()
            .map(|table| TableSize {
                name: table.name.clone(),
                rows: table.rows,
                columns: u64::try_from(table.columns.len()).unwrap_or(u64::MAX),
            })
            .collect(),
        notes,
    }
}

/// Oddities of an import: those alike on one line, with the first few places; what may cost data as a warning.
fn tell_notes<'n>(notes: impl Iterator<Item = (String, &'n Note)>, printer: &Printer) {
    const MOST: usize = 3;
    let mut grouped: Vec<(String, bool, Vec<String>)> = Vec::new();
    for (place, note) in notes {
        let text = note.message(printer.lang);
        match grouped.iter_mut().find(|(known, ..)| *known == text) {
            Some((_, _, places)) => places.push(place),
            None => grouped.push((text, is_grave(note), vec![place])),
        }
    }
    for (text, grave, places) in grouped {
        let named: Vec<&str> = places
            .iter()
            .map(String::as_str)
            .filter(|place| !place.is_empty())
            .take(MOST)
            .collect();
        let more = places.len().saturating_sub(MOST);
        let mut place = named.join(printer.pick("、", ", "));
        if more > 0 {
            place.push_str(&printer.pick(format!(" 等 {} 处", places.len()), format!(" and {more} more")));
        }
        let mark = if place.is_empty() {
            ""
        } else {
            printer.pick("：", ": ")
        };
        let line = format!("{place}{mark}{text}");
        if grave {
            printer.warn(line);
        } else {
            printer.say(printer.pick(format!("说明：{line}"), format!("note: {line}")));
        }
    }
}

/// True for what may cost data or needs a person; the rest only says how the file was read.
fn is_grave(note: &Note) -> bool {
    !matches!(
        note,
        Note::LeadingZeros
            | Note::CodeHeader
            | Note::LongDigits { .. }
            | Note::PercentSigns
            | Note::EmptyRows { .. }
            | Note::Footer { .. }
            | Note::PeriodsToRows { .. }
            | Note::Encoding { .. }
            | Note::PercentUnknown
            | Note::MergedFilled { .. }
            | Note::CaptionUnit { .. }
            | Note::Skipped { .. }
    )
}

fn list(project: &Project, printer: &Printer) -> Result<Exit, CliError> {
    let warehouse = project.warehouse()?;
    if printer.json {
        let sources = warehouse
            .sources()
            .iter()
            .map(|source| source_view(source, printer))
            .collect();
        printer.document(DataList { sources })?;
        return Ok(Exit::Done);
    }
    if warehouse.sources().is_empty() {
        printer.say(printer.pick(
            "还没有数据；用 `jinsheng data add FILE` 导入",
            "no data yet; import some with `jinsheng data add FILE`",
        ));
        return Ok(Exit::Done);
    }
    let column = |zh: &str, en: &str, align| (printer.pick(zh, en).to_owned(), align);
    let header = [
        column("数据源", "source", Align::Left),
        column("格式", "format", Align::Left),
        column("表", "table", Align::Left),
        column("行数", "rows", Align::Right),
        column("列数", "columns", Align::Right),
        column("版本", "version", Align::Left),
        column("导入时间", "imported", Align::Left),
    ];
    let mut rows = Vec::new();
    for source in warehouse.sources() {
        for (index, table) in source.tables.iter().enumerate() {
            let first = |text: &str| {
                if index == 0 {
                    text.to_owned()
                } else {
                    String::new()
                }
            };
            rows.push(vec![
                first(&source.name),
                first(source.kind.as_str()),
                table.name.clone(),
                number::count(table.rows),
                table.columns.len().to_string(),
                first(source.digest.short()),
                first(&source.imported_at),
            ]);
        }
    }
    printer.result(table(&header, rows))?;
    Ok(Exit::Done)
}

/// The source of this name, or an error that names those there are.
fn require<'w>(warehouse: &'w Warehouse, name: &str) -> Result<&'w SourceMeta, CliError> {
    warehouse.source(name).ok_or_else(|| {
        CliError::domain(DataError::NoSuchSource {
            name: name.to_owned(),
            known: warehouse
                .sources()
                .iter()
                .map(|source| source.name.clone())
                .collect(),
        })
    })
}

fn remove(args: &DataRemoveArgs, project: &Project, printer: &Printer) -> Result<Exit, CliError> {
    let mut warehouse = project.warehouse()?;
    let source = require(&warehouse, &args.name)?.clone();
    // A catalog that does not load loses nothing that could be named.
    let metrics = project
        .catalog()
        .map(|catalog| metrics_of(&catalog, &source))
        .unwrap_or_default();
    if !args.dry_run {
        warehouse.remove(&args.name)?;
    }
    if printer.json {
        let source = source_view(&source, printer);
        printer.document(DataRemoved {
            removed: !args.dry_run,
            source,
            metrics,
        })?;
        return Ok(Exit::Done);
    }
    let tables: Vec<&str> = source.tables.iter().map(|table| table.name.as_str()).collect();
    let (name, tables) = (&source.name, tables.join(", "));
    printer.say(match args.dry_run {
        true => printer.pick(
            format!("将移除数据源 {name}（表 {tables}）"),
            format!("would remove source {name} (tables {tables})"),
        ),
        false => printer.pick(
            format!("已移除数据源 {name}（表 {tables}）"),
            format!("removed source {name} (tables {tables})"),
        ),
    });
    if !metrics.is_empty() {
        let list = metrics.join(", ");
        printer.warn(printer.pick(
            format!("目录中 {} 个指标依赖它：{list}", metrics.len()),
            format!("{} metric(s) of the catalog rest on it: {list}", metrics.len()),
        ));
    }
    Ok(Exit::Done)
}

/// Metrics whose column is in the source.
fn metrics_of(catalog: &Catalog, source: &SourceMeta) -> Vec<String> {
    let file = catalog.file();
    let inside = |reference: &str| {
        catalog
            .measure(reference)
            .is_some_and(|(_, _, table, _)| source.tables.iter().any(|own| own.name == table.source))
    };
    file.metrics
        .iter()
        .filter(|(_, metric)| metric.measure.as_deref().is_some_and(inside))
        .map(|(name, _)| name.clone())
        .collect()
}
