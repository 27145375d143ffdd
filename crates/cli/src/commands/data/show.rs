//! `jinsheng data show`.

use std::collections::BTreeSet;

use jinsheng_api::{DataShown, TableColumnView, TableView};
use jinsheng_core::Decimal;
use jinsheng_data::{ColumnKind, ColumnMeta, DataError, SourceMeta, TableMeta, Warehouse};

use super::{source_view, tell_notes};
use crate::failure::{CliError, Exit};
use crate::printer::Printer;
use crate::project::Project;
use crate::show::table::{Align, plain, table};
use crate::show::{number, unit};

/// Shows a source, or one table of it.
///
/// # Errors
/// When there is neither of that name.
pub(super) fn run(name: &str, project: &Project, printer: &Printer) -> Result<Exit, CliError> {
    let warehouse = project.warehouse()?;
    let (source, tables) = find(&warehouse, name)?;
    if printer.json {
        let tables = tables.iter().map(|table| view(table, printer)).collect();
        printer.document(DataShown {
            tables,
            source: source_view(source, printer),
        })?;
        return Ok(Exit::Done);
    }
    let encoding = source
        .encoding
        .as_deref()
        .map(|encoding| format!(", {encoding}"))
        .unwrap_or_default();
    printer.result(printer.pick(
        format!(
            "数据源 {}（{}{encoding}）{}，版本 {}，{} 导入",
            source.name,
            source.kind.as_str(),
            source.path.display(),
            source.digest.short(),
            source.imported_at
        ),
        format!(
            "source {} ({}{encoding}) {}, version {}, imported {}",
            source.name,
            source.kind.as_str(),
            source.path.display(),
            source.digest.short(),
            source.imported_at
        ),
    ))?;
    for meta in tables {
        let rows = number::count(meta.rows);
        printer.heading(printer.pick(
            format!("表 {}：{rows} 行", meta.name),
            format!("table {}: {rows} rows", meta.name),
        ))?;
        if let Some(caption) = &meta.caption {
            printer.result(printer.pick(
                format!("表上方：{}", plain(caption)),
                format!("above it: {}", plain(caption)),
            ))?;
        }
        printer.result(columns(meta, printer))?;
        let of_table = meta.notes.iter().map(|note| (meta.name.clone(), note));
        let of_columns = meta.columns.iter().flat_map(|column| {
            column
                .notes
                .iter()
                .map(|note| (format!("{}.{}", meta.name, column.name), note))
        });
        tell_notes(of_table.chain(of_columns), printer);
    }
    Ok(Exit::Done)
}

/// The source of this name with its tables, or the one table of this name.
pub(super) fn find<'w>(
    warehouse: &'w Warehouse,
    name: &str,
) -> Result<(&'w SourceMeta, Vec<&'w TableMeta>), CliError> {
    if let Some(source) = warehouse.source(name) {
        return Ok((source, source.tables.iter().collect()));
    }
    if let (Some(source), Some(table)) = (warehouse.source_of(name), warehouse.table(name)) {
        return Ok((source, vec![table]));
    }
    let sources = warehouse.sources().iter().map(|source| source.name.clone());
    let mut known: Vec<String> = sources
        .chain(warehouse.tables().map(|table| table.name.clone()))
        .collect();
    // A source of one table and that table have one name.
    let mut seen = BTreeSet::new();
    known.retain(|name| seen.insert(name.clone()));
    Err(CliError::domain(DataError::NoSuchTable {
        name: name.to_owned(),
        known,
    }))
}

fn kind(kind: ColumnKind) -> String {
    match kind {
        ColumnKind::Text => "text".to_owned(),
        ColumnKind::Integer => "integer".to_owned(),
        ColumnKind::Decimal { precision, scale } => format!("decimal({precision},{scale})"),
        ColumnKind::Date => "date".to_owned(),
        ColumnKind::Timestamp => "timestamp".to_owned(),
        ColumnKind::Boolean => "boolean".to_owned(),
    }
}

fn columns(meta: &TableMeta, printer: &Printer) -> String {
    let column = |zh: &str, en: &str, align| (printer.pick(zh, en).to_owned(), align);
    let header = [
        column("列", "column", Align::Left),
        column("类型", "type", Align::Left),
        column("单位", "unit", Align::Left),
        column("缺失", "missing", Align::Right),
        column("不同值", "distinct", Align::Right),
        column("范围", "range", Align::Left),
        column("样例", "samples", Align::Left),
    ];
    let rows = meta.columns.iter().map(|column| {
        vec![
            column.name.clone(),
            kind(column.kind),
            column
                .unit
                .map(|unit| unit::words(unit, printer.lang))
                .unwrap_or_default(),
            share(column.nulls, meta.rows),
            column
                .distinct
                .map_or_else(|| ">100,000".to_owned(), number::count),
            range(column),
            column
                .samples
                .iter()
                .take(3)
                .map(|sample| cut(sample))
                .collect::<Vec<_>>()
                .join(", "),
        ]
    });
    table(&header, rows.collect())
}

/// A share in percent; what is there never shows as 0, what lacks never as 100.
fn share(part: u64, whole: u64) -> String {
    if part == 0 || whole == 0 {
        return "0".to_owned();
    }
    let percent = Decimal::from(part) * Decimal::ONE_HUNDRED / Decimal::from(whole);
    let shown = number::grouped(percent, 1);
    match shown.as_str() {
        "0.0" => "<0.1%".to_owned(),
        "100.0" if part < whole => ">99.9%".to_owned(),
        _ => format!("{shown}%"),
    }
}

fn range(column: &ColumnMeta) -> String {
    match (&column.min, &column.max) {
        (Some(min), Some(max)) if min == max => cut(min),
        (Some(min), Some(max)) => format!("{} … {}", cut(min), cut(max)),
        _ => String::new(),
    }
}

fn cut(text: &str) -> String {
    const MOST: usize = 18;
    let text = plain(text);
    if text.chars().count() <= MOST {
        text
    } else {
        format!("{}…", text.chars().take(MOST).collect::<String>())
    }
}

fn view(meta: &TableMeta, printer: &Printer) -> TableView {
    let columns = meta.columns.iter().map(|column| TableColumnView {
        name: column.name.clone(),
        header: column.header.clone(),
        kind: kind(column.kind),
        unit: column
            .unit
            .map(|unit| unit.to_string())
            .filter(|unit| !unit.is_empty()),
        nulls: column.nulls,
        distinct: column.distinct,
        min: column.min.clone(),
        max: column.max.clone(),
        samples: column.samples.clone(),
        notes: column
            .notes
            .iter()
            .map(|note| note.message(printer.lang))
            .collect(),
    });
    TableView {
        name: meta.name.clone(),
        rows: meta.rows,
        caption: meta.caption.clone(),
        caption_unit: meta.caption_unit.map(|unit| unit.to_string()),
        columns: columns.collect(),
    }
}
