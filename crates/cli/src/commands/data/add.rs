//! `jinsheng data add`.

use std::path::Path;
use std::time::Instant;

use jiff::Timestamp;
use jinsheng_api::{AddedView, DataAdded};
use jinsheng_data::{AddOptions, AddOutcome, AddReport, Warehouse};

use super::{source_view, tell_notes};
use crate::args::DataAddArgs;
use crate::failure::{CliError, Exit};
use crate::printer::Printer;
use crate::progress::ImportProgress;
use crate::project::Project;
use crate::show::number;

/// Imports files, each whole or not at all.
///
/// # Errors
/// At the first file that cannot be imported; those before it stay, and the message says so.
pub(super) fn run(args: &DataAddArgs, project: &Project, printer: &Printer) -> Result<Exit, CliError> {
    let options = options(args, printer)?;
    let mut warehouse = project.warehouse()?;
    let start = Instant::now();
    let mut added = Vec::new();
    for path in &args.paths {
        match one(&mut warehouse, path, &options, printer) {
            Ok(report) => {
                if !printer.json {
                    tell(&report, printer)?;
                }
                added.push(view(&report, printer));
            }
            Err(error) => {
                if !added.is_empty() {
                    let count = added.len();
                    printer.say(printer.pick(
                        format!("此前的 {count} 个文件已导入"),
                        format!("the {count} file(s) before it are imported"),
                    ));
                }
                return Err(error);
            }
        }
    }
    let elapsed_ms = super::super::elapsed_ms(start);
    if printer.json {
        printer.document(DataAdded { added, elapsed_ms })?;
        return Ok(Exit::Done);
    }
    let rows: u64 = added
        .iter()
        .flat_map(|added| &added.source.tables)
        .map(|table| table.rows)
        .sum();
    let (files, rows) = (added.len(), number::count(rows));
    printer.say(printer.pick(
        format!(
            "{files} 个文件，{rows} 行，用时 {elapsed_ms} 毫秒，存于 {}",
            warehouse.state_dir().display()
        ),
        format!(
            "{files} file(s), {rows} rows, {elapsed_ms} ms, in {}",
            warehouse.state_dir().display()
        ),
    ));
    Ok(Exit::Done)
}

fn options(args: &DataAddArgs, printer: &Printer) -> Result<AddOptions, CliError> {
    if args.name.is_some() && args.paths.len() > 1 {
        return Err(CliError::Usage {
            message: printer
                .pick("`--name` 只能用于一个文件", "`--name` takes one file")
                .to_owned(),
            hint: Some(
                printer
                    .pick("分别导入各文件", "import the files one by one")
                    .to_owned(),
            ),
        });
    }
    Ok(AddOptions {
        name: args.name.clone(),
        sheet: args.sheet.clone(),
        encoding: args.encoding.clone(),
        delimiter: args
            .delimiter
            .as_deref()
            .map(|text| delimiter(text, printer))
            .transpose()?,
        skip_rows: args.skip_rows,
        keep_columns: args.keep_columns,
        imported_at: now(),
    })
}

fn delimiter(text: &str, printer: &Printer) -> Result<u8, CliError> {
    match text.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        [one] if one.is_ascii() => Ok(*one),
        _ => Err(CliError::Usage {
            message: printer.pick(
                format!("选项 `--delimiter` 不接受 `{text}`"),
                format!("option `--delimiter` does not take `{text}`"),
            ),
            hint: Some(
                printer
                    .pick("一个 ASCII 字符，或 tab", "one ASCII character, or tab")
                    .to_owned(),
            ),
        }),
    }
}

/// The time to the second, RFC 3339.
pub(in crate::commands) fn now() -> String {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}

/// Imports one file with progress.
pub(in crate::commands) fn one(
    warehouse: &mut Warehouse,
    path: &Path,
    options: &AddOptions,
    printer: &Printer,
) -> Result<AddReport, CliError> {
    let title = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let mut progress = ImportProgress::new(printer, &title);
    Ok(warehouse.add(path, options, &mut progress)?)
}

fn gone(outcome: &AddOutcome) -> Vec<String> {
    match outcome {
        AddOutcome::Replaced {
            tables_gone,
            columns_gone,
            ..
        } => tables_gone.iter().chain(columns_gone).cloned().collect(),
        _ => Vec::new(),
    }
}

fn view(report: &AddReport, printer: &Printer) -> AddedView {
    let outcome = match report.outcome {
        AddOutcome::Unchanged => "unchanged",
        AddOutcome::Restored => "restored",
        AddOutcome::Replaced { .. } => "replaced",
        _ => "added",
    };
    AddedView {
        outcome: outcome.to_owned(),
        gone: gone(&report.outcome),
        source: source_view(&report.source, printer),
    }
}

/// One line for each table on standard output; oddities as warnings.
fn tell(report: &AddReport, printer: &Printer) -> Result<(), CliError> {
    let word = match report.outcome {
        AddOutcome::Unchanged => printer.pick("未变", "unchanged"),
        AddOutcome::Restored => printer.pick("已恢复", "restored"),
        AddOutcome::Replaced { .. } => printer.pick("已更新", "replaced"),
        _ => printer.pick("已导入", "added"),
    };
    for table in &report.source.tables {
        let (name, rows, columns) = (&table.name, number::count(table.rows), table.columns.len());
        printer.result(printer.pick(
            format!("{word} {name}：{rows} 行，{columns} 列"),
            format!("{word} {name}: {rows} rows, {columns} columns"),
        ))?;
    }
    if report.outcome == AddOutcome::Unchanged {
        return Ok(());
    }
    let notes = report.notes().map(|(table, column, note)| {
        let place = [table, column]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(".");
        (place, note)
    });
    tell_notes(notes, printer);
    let gone = gone(&report.outcome);
    if !gone.is_empty() {
        let list = gone.join(", ");
        printer.warn(printer.pick(
            format!("新版本不再有：{list}"),
            format!("the new version no longer has {list}"),
        ));
    }
    Ok(())
}
