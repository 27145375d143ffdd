//! `jinsheng catalog diff`: what changed, and whose answers change.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jinsheng_api::{CatalogDiff, ChangeView, FieldChange};
use jinsheng_semantics::catalog::{Catalog, parse_catalog_files};
use serde::Serialize;
use serde_json::{Value, json};

use super::columns;
use crate::failure::{CliError, Exit};
use crate::printer::Printer;
use crate::project::{CATALOG, Project, catalog_text, catalog_texts};

/// Compares the project's catalog with another version.
///
/// # Errors
/// When either catalog does not load.
pub(super) fn run(old: &Path, project: &Project, printer: &Printer) -> Result<Exit, CliError> {
    let new = project.catalog()?;
    let old = load(old)?;
    let diff = CatalogDiff {
        old: old.digest().to_string(),
        new: new.digest().to_string(),
        changes: changes(&old, &new)?,
        answers_change: answers_change(&old, &new),
    };
    if printer.json {
        printer.document(diff)?;
        return Ok(Exit::Done);
    }
    for change in &diff.changes {
        let (zh, en) = match change.change.as_str() {
            "added" => ("新增", "added"),
            "removed" => ("删除", "removed"),
            _ => ("修改", "changed"),
        };
        printer.result(format!("{} {}", printer.pick(zh, en), change.path))?;
        for field in &change.fields {
            printer.result(format!("  {}: {}", field.field, field_text(field)))?;
        }
    }
    if !diff.answers_change.is_empty() {
        let list = diff.answers_change.join(", ");
        printer.result(printer.pick(
            format!("结果会变的指标（{}）：{list}", diff.answers_change.len()),
            format!(
                "answers change for {} metric(s): {list}",
                diff.answers_change.len()
            ),
        ))?;
    }
    let (changes, old, new) = (diff.changes.len(), old.digest().short(), new.digest().short());
    printer.say(printer.pick(
        format!("{changes} 处定义不同，{old} → {new}"),
        format!("{changes} definition(s) differ, {old} → {new}"),
    ));
    Ok(Exit::Done)
}

/// What was and is; for lists of words, what came and what went.
fn field_text(field: &FieldChange) -> String {
    let words = |text: &Option<String>| match text {
        None => Some(BTreeSet::new()),
        Some(text) => serde_json::from_str::<BTreeSet<String>>(text).ok(),
    };
    let missing = "—".to_owned();
    let (old, new) = (
        field.old.as_ref().unwrap_or(&missing),
        field.new.as_ref().unwrap_or(&missing),
    );
    match (words(&field.old), words(&field.new)) {
        (Some(before), Some(after)) => {
            let gone = before.difference(&after).map(|word| format!("−{word}"));
            let come = after.difference(&before).map(|word| format!("+{word}"));
            let changes: Vec<String> = gone.chain(come).collect();
            if changes.is_empty() {
                format!("{old} → {new}")
            } else {
                changes.join(" ")
            }
        }
        _ => format!("{old} → {new}"),
    }
}

/// A catalog file, a folder of them, or a project folder.
fn load(path: &Path) -> Result<Catalog, CliError> {
    let found = std::fs::metadata(path).map_err(|error| CliError::read(path, error))?;
    let files = if found.is_file() {
        vec![catalog_text(path)?]
    } else if path.join(crate::config::FILE).is_file() {
        catalog_texts(&path.join(CATALOG))?
    } else {
        catalog_texts(path)?
    };
    if files.is_empty() {
        return Err(CliError::Input {
            what: (
                format!("`{}` 中没有目录文件", path.display()),
                format!("`{}` holds no catalog file", path.display()),
            ),
            remedy: (
                "给出 .yaml 文件、存放它们的文件夹，或项目目录".to_owned(),
                "name a .yaml file, a folder of them, or a project folder".to_owned(),
            ),
        });
    }
    Ok(parse_catalog_files(&files)?)
}

fn changes(old: &Catalog, new: &Catalog) -> Result<Vec<ChangeView>, CliError> {
    let (old, new) = (old.file(), new.file());
    let mut found = Vec::new();
    compare("entities", &old.entities, &new.entities, &mut found)?;
    compare("tables", &old.tables, &new.tables, &mut found)?;
    compare("metrics", &old.metrics, &new.metrics, &mut found)?;
    compare("groups", &old.groups, &new.groups, &mut found)?;
    Ok(found)
}

fn compare<T: Serialize + PartialEq>(
    section: &str,
    old: &BTreeMap<String, T>,
    new: &BTreeMap<String, T>,
    into: &mut Vec<ChangeView>,
) -> Result<(), CliError> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for name in names {
        let (before, after) = (old.get(name), new.get(name));
        let (change, fields) = match (before, after) {
            (Some(before), Some(after)) if before == after => continue,
            (Some(before), Some(after)) => {
                let mut fields = Vec::new();
                fields_of(String::new(), &value(before)?, &value(after)?, &mut fields);
                ("changed", fields)
            }
            (None, _) => ("added", Vec::new()),
            (_, None) => ("removed", Vec::new()),
        };
        into.push(ChangeView {
            change: change.to_owned(),
            path: format!("{section}.{name}"),
            fields,
        });
    }
    Ok(())
}

fn value(definition: &impl Serialize) -> Result<Value, CliError> {
    serde_json::to_value(definition).map_err(|error| CliError::Internal(error.to_string()))
}

/// Fields in which two definitions differ, deepest first where both have the field.
fn fields_of(path: String, old: &Value, new: &Value, into: &mut Vec<FieldChange>) {
    if old == new {
        return;
    }
    if let (Value::Object(before), Value::Object(after)) = (old, new) {
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for name in names {
            let inner = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            let of = |side: &serde_json::Map<String, Value>| side.get(name).cloned().unwrap_or(Value::Null);
            fields_of(inner, &of(before), &of(after), into);
        }
        return;
    }
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    into.push(FieldChange {
        field: path,
        old: text(old),
        new: text(new),
    });
}

/// Metrics that are in both catalogs and mean something else now, or are in one only.
fn answers_change(old: &Catalog, new: &Catalog) -> Vec<String> {
    let names: BTreeSet<&String> = old
        .file()
        .metrics
        .keys()
        .chain(new.file().metrics.keys())
        .collect();
    let differs = |name: &&String| meaning(name, old) != meaning(name, new);
    names.into_iter().filter(differs).cloned().collect()
}

/// All that a metric's values rest on: formulas, columns, units, keys and periods of tables; not labels and synonyms.
fn meaning(name: &str, catalog: &Catalog) -> Option<Value> {
    catalog.metric(name)?;
    let mut metrics = BTreeSet::new();
    reach(name, catalog, &mut metrics);
    let of_metric = |name: &String| {
        let metric = catalog.metric(name)?;
        let formula = catalog.formula(name).map(ToString::to_string);
        Some(json!([
            name,
            metric.measure,
            metric.alternatives,
            formula,
            metric.unit,
            metric.form
        ]))
    };
    let mut references = BTreeSet::new();
    for metric in metrics.iter().filter_map(|name| catalog.metric(name)) {
        references.extend(catalog.measures_of(metric).map(ToOwned::to_owned));
    }
    let of_measure = |reference: &String| {
        let (name, _, table, measure) = catalog.measure(reference)?;
        let keys = json!([
            table.entities,
            table.unique,
            table.key_dimensions,
            table.repeated_rows,
            table.period
        ]);
        Some(json!([name, table.source, keys, measure]))
    };
    let metrics: Vec<Value> = metrics.iter().filter_map(of_metric).collect();
    let measures: Vec<Value> = references.iter().filter_map(of_measure).collect();
    Some(json!([metrics, measures]))
}

fn reach(name: &str, catalog: &Catalog, into: &mut BTreeSet<String>) {
    if into.insert(name.to_owned()) {
        columns::parts(name, catalog)
            .iter()
            .for_each(|part| reach(part, catalog, into));
    }
}
