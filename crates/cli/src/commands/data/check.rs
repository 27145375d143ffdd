//! `jinsheng data check`: what makes numbers wrong, and where two sources disagree.

use std::collections::{BTreeMap, BTreeSet};

use jinsheng_api::{
    ComparedCell, ComparedColumn, ComparisonView, DataChecked, FindingExample, FindingView, NamedValue,
    OnlyView,
};
use jinsheng_core::Lang;
use jinsheng_data::{
    CheckOptions, CompareOptions, Comparison, Finding, OnlyIn, Severity, TableMeta, Warehouse, check, compare,
};

use super::show::find;
use crate::args::DataCheckArgs;
use crate::cancel;
use crate::failure::{CliError, Exit};
use crate::printer::Printer;
use crate::project::Project;
use crate::show::number;
use crate::show::table::{Align, plain, table};
use crate::survey;

/// Checks tables.
///
/// # Errors
/// When a name does not exist, two sources have no table or key in common, or the user stopped.
pub(super) fn run(args: &DataCheckArgs, project: &Project, printer: &Printer) -> Result<Exit, CliError> {
    let warehouse = project.warehouse()?;
    let tables: Vec<&TableMeta> = match &args.name {
        Some(name) => find(&warehouse, name)?.1,
        None => warehouse.tables().collect(),
    };
    let key = key(args, &tables, printer)?;
    let other = args
        .against
        .as_deref()
        .map(|name| find(&warehouse, name))
        .transpose()?;
    let usual = survey::usual_sums(&tables);
    let mut findings = Vec::new();
    for meta in &tables {
        cancel::check()?;
        printer.detail(printer.pick(
            format!("检查表 {}", meta.name),
            format!("checking table {}", meta.name),
        ));
        let own: Vec<String> = key.iter().map(|(left, _)| left.clone()).collect();
        let keys = if own.is_empty() {
            BTreeMap::new()
        } else {
            BTreeMap::from([(meta.name.clone(), own)])
        };
        let options = CheckOptions {
            tables: vec![meta.name.clone()],
            keys,
            usual: usual.clone(),
            ..CheckOptions::default()
        };
        findings.extend(check(&warehouse, &options)?);
    }
    let (comparisons, alone) = match other {
        Some((_, others)) => comparisons(&warehouse, &tables, &others, key)?,
        None => (Vec::new(), Vec::new()),
    };
    let grave = findings.iter().any(|finding| finding.severity > Severity::Info)
        || comparisons.iter().any(|comparison| comparison.cells().1 > 0);
    let exit = if args.strict && grave {
        Exit::Refused
    } else {
        Exit::Done
    };
    if printer.json {
        printer.document(DataChecked {
            tables: tables.iter().map(|meta| meta.name.clone()).collect(),
            findings: findings
                .iter()
                .map(|finding| view(finding, printer.lang))
                .collect(),
            comparisons: comparisons.iter().map(compared).collect(),
            alone,
        })?;
        return Ok(exit);
    }
    findings.iter().try_for_each(|finding| tell(finding, printer))?;
    comparisons
        .iter()
        .try_for_each(|comparison| tell_comparison(comparison, printer))?;
    for table in alone {
        printer.warn(printer.pick(
            format!("`{table}` 没有对应的表"),
            format!("`{table}` has no counterpart"),
        ));
    }
    summarise(tables.len(), &findings, printer);
    Ok(exit)
}

/// The key that was named, for the one table that it can be meant for: its columns, and those of the other table.
fn key(
    args: &DataCheckArgs,
    tables: &[&TableMeta],
    printer: &Printer,
) -> Result<Vec<(String, String)>, CliError> {
    if !args.key.is_empty() && tables.len() != 1 {
        return Err(CliError::Usage {
            message: printer
                .pick("`--key` 只能用于一张表", "`--key` takes one table")
                .to_owned(),
            hint: Some(
                printer
                    .pick("请给出表名，而不是数据源名", "name a table, not a source")
                    .to_owned(),
            ),
        });
    }
    let pair = |column: &String| match column.split_once('=') {
        Some((left, right)) => (left.to_owned(), right.to_owned()),
        None => (column.clone(), column.clone()),
    };
    Ok(args.key.iter().map(pair).collect())
}

/// Compares tables of two sources that have one name (behind the source's), or the one table of each.
fn comparisons(
    warehouse: &Warehouse,
    tables: &[&TableMeta],
    others: &[&TableMeta],
    key: Vec<(String, String)>,
) -> Result<(Vec<Comparison>, Vec<String>), CliError> {
    let last = |meta: &TableMeta| {
        meta.name
            .split_once('.')
            .map_or_else(String::new, |(_, last)| last.to_owned())
    };
    let pairs: Vec<(&TableMeta, &TableMeta)> = match (tables, others) {
        ([one], [other]) => vec![(one, other)],
        _ => tables
            .iter()
            .filter_map(|meta| Some((*meta, *others.iter().find(|other| last(other) == last(meta))?)))
            .collect(),
    };
    if pairs.is_empty() {
        return Err(CliError::Input {
            what: (
                "两个数据源没有同名的表".to_owned(),
                "the two sources have no tables of one name".to_owned(),
            ),
            remedy: (
                "分别给出要比较的两张表".to_owned(),
                "name the two tables to compare".to_owned(),
            ),
        });
    }
    let options = CompareOptions {
        key,
        ..CompareOptions::default()
    };
    let mut found = Vec::new();
    for (one, other) in &pairs {
        cancel::check()?;
        found.push(compare(warehouse, &one.name, &other.name, &options)?);
    }
    let paired: BTreeSet<&str> = pairs
        .iter()
        .flat_map(|(one, other)| [one.name.as_str(), other.name.as_str()])
        .collect();
    let alone = tables
        .iter()
        .chain(others)
        .map(|meta| meta.name.as_str())
        .filter(|name| !paired.contains(name));
    Ok((found, alone.map(ToOwned::to_owned).collect()))
}

fn severity_word(severity: Severity, printer: &Printer) -> &'static str {
    match severity {
        Severity::Error => printer.pick("严重", "grave"),
        Severity::Warning => printer.pick("留意", "notice"),
        Severity::Info => printer.pick("信息", "info"),
    }
}

fn tell(finding: &Finding, printer: &Printer) -> Result<(), CliError> {
    let mark = printer.pick("：", ": ");
    let (word, text) = (
        severity_word(finding.severity, printer),
        finding.message(printer.lang),
    );
    printer.result(format!("{word}{mark}{}", plain(&text)))?;
    for example in &finding.examples {
        let values: Vec<String> = example
            .values
            .iter()
            .map(|(column, value)| format!("{column} = {value}"))
            .collect();
        let detail = if example.detail.is_empty() {
            String::new()
        } else {
            format!(" ({})", example.detail)
        };
        let row = number::count(example.row);
        let row = printer.pick(format!("第 {row} 行"), format!("row {row}"));
        let mark = if values.is_empty() { "" } else { mark };
        let text = format!("{row} {}{mark}{}{detail}", example.key, values.join(", "));
        printer.result(format!("  {}", plain(&text)))?;
    }
    Ok(())
}

fn tell_comparison(comparison: &Comparison, printer: &Printer) -> Result<(), CliError> {
    let (left, right) = (&comparison.left, &comparison.right);
    let (cells, different) = comparison.cells();
    let (matched, cells, different) = (
        number::count(comparison.matched),
        number::count(cells),
        number::count(different),
    );
    let key = comparison.left_key.join(", ");
    printer.heading(printer.pick(
        format!("{left} 与 {right}：按 {key} 对上 {matched} 行，{cells} 个单元格中 {different} 个不一致"),
        format!("{left} and {right}: {matched} rows match by {key}, {different} of {cells} cells differ"),
    ))?;
    if comparison.rounded() > 0 {
        let rounded = number::count(comparison.rounded());
        printer.result(printer.pick(
            format!("另有 {rounded} 个单元格只是小数位数不同（一个是另一个的四舍五入），视为一致"),
            format!(
                "{rounded} more show fewer decimals on one side (one is the other rounded) and count as equal"
            ),
        ))?;
    }
    for (name, only) in [(left, &comparison.only_left), (right, &comparison.only_right)] {
        if only.count > 0 {
            let (count, list) = (number::count(only.count), only.examples.join("; "));
            printer.result(printer.pick(
                format!("只在 {name} 中的行：{count}（如 {list}）"),
                format!("rows in {name} only: {count} (such as {list})"),
            ))?;
        }
    }
    let column = |zh: &str, en: &str, align| (printer.pick(zh, en).to_owned(), align);
    let header = [
        column("列", "column", Align::Left),
        column("可比", "compared", Align::Right),
        column("不一致", "different", Align::Right),
        column("疑为单位不同", "other unit", Align::Right),
        column("只在左", "left only", Align::Right),
        column("只在右", "right only", Align::Right),
        column("例", "example", Align::Left),
    ];
    let differing = comparison
        .columns
        .iter()
        .filter(|column| column.different + column.only_left + column.only_right > 0);
    let rows: Vec<Vec<String>> = differing
        .map(|column| {
            let names = if column.left == column.right {
                column.left.clone()
            } else {
                format!("{} / {}", column.left, column.right)
            };
            let example = column.examples.first();
            vec![
                names,
                number::count(column.compared),
                number::count(column.different),
                number::count(column.unit_slips),
                number::count(column.only_left),
                number::count(column.only_right),
                example
                    .map(|cell| format!("{}: {} / {}", cell.key, cell.left, cell.right))
                    .unwrap_or_default(),
            ]
        })
        .collect();
    if !rows.is_empty() {
        printer.result(table(&header, rows))?;
    }
    Ok(())
}

/// One line of how much was found, and what to do about each kind of it.
fn summarise(tables: usize, findings: &[Finding], printer: &Printer) {
    let mut hints: Vec<String> = Vec::new();
    for hint in findings.iter().filter_map(|finding| finding.hint(printer.lang)) {
        if !hints.contains(&hint) {
            hints.push(hint);
        }
    }
    for hint in hints {
        printer.say(printer.pick(format!("提示：{hint}"), format!("hint: {hint}")));
    }
    let count = |severity| {
        findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    };
    let (errors, warnings, infos) = (
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Info),
    );
    printer.say(printer.pick(
        format!("检查 {tables} 张表：{errors} 处严重，{warnings} 处留意，{infos} 条信息"),
        format!("checked {tables} table(s): {errors} grave, {warnings} notice(s), {infos} info"),
    ));
}

fn view(finding: &Finding, lang: Lang) -> FindingView {
    // The kind is written by its stable name.
    let kind = serde_json::to_value(&finding.kind).ok();
    let kind = kind
        .as_ref()
        .and_then(|kind| kind.get("kind"))
        .and_then(serde_json::Value::as_str);
    FindingView {
        kind: kind.unwrap_or_default().to_owned(),
        severity: match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
        .to_owned(),
        table: finding.table.clone(),
        columns: finding.columns.clone(),
        count: finding.count,
        of: finding.of,
        text: finding.message(lang),
        hint: finding.hint(lang),
        examples: finding
            .examples
            .iter()
            .map(|example| FindingExample {
                row: example.row,
                key: example.key.clone(),
                values: example
                    .values
                    .iter()
                    .map(|(column, value)| NamedValue {
                        column: column.clone(),
                        value: value.clone(),
                    })
                    .collect(),
                detail: example.detail.clone(),
            })
            .collect(),
    }
}

fn compared(comparison: &Comparison) -> ComparisonView {
    let only = |only: &OnlyIn| OnlyView {
        count: only.count,
        examples: only.examples.clone(),
    };
    ComparisonView {
        left: comparison.left.clone(),
        right: comparison.right.clone(),
        left_key: comparison.left_key.clone(),
        right_key: comparison.right_key.clone(),
        matched: comparison.matched,
        only_left: only(&comparison.only_left),
        only_right: only(&comparison.only_right),
        columns: comparison
            .columns
            .iter()
            .map(|column| ComparedColumn {
                left: column.left.clone(),
                right: column.right.clone(),
                compared: column.compared,
                different: column.different,
                rounded: column.rounded,
                unit_slips: column.unit_slips,
                opposite_sign: column.opposite_sign,
                only_left: column.only_left,
                only_right: column.only_right,
                examples: column
                    .examples
                    .iter()
                    .map(|cell| ComparedCell {
                        key: cell.key.clone(),
                        left: cell.left.clone(),
                        right: cell.right.clone(),
                    })
                    .collect(),
            })
            .collect(),
    }
}
