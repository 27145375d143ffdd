//! Says where a table that an answer reads has rows that repeat: a figure that is right only if they are what they were
//! taken for must say so.

use std::collections::BTreeSet;

use jinsheng_semantics::bind::{BoundQuery, Note};
use jinsheng_semantics::catalog::{Catalog, PeriodColumns, RepeatedRows, Table};

use crate::error::EngineError;
use crate::tables::Tables;
use crate::undated::measures;

/// One note for each table with such rows. Columns are named that the caller's view of the catalog has.
pub(crate) fn notes(
    bound: &BoundQuery,
    catalog: &Catalog,
    view: &Catalog,
    tables: &Tables,
) -> Result<Vec<Note>, EngineError> {
    let mut leaves = Vec::new();
    measures(&bound.context, &mut leaves);
    let names: BTreeSet<&str> = leaves.iter().map(|leaf| leaf.table.as_str()).collect();
    let mut notes = Vec::new();
    for name in names {
        let Some(table) = catalog.table(name) else {
            continue;
        };
        if let Some(text) = note(name, table, view.table(name), tables)? {
            notes.push(Note {
                code: "repeated_rows",
                text,
            });
        }
    }
    Ok(notes)
}

fn note(
    name: &str,
    table: &Table,
    visible: Option<&Table>,
    tables: &Tables,
) -> Result<Option<(String, String)>, EngineError> {
    if table.unique {
        let key = key_columns(table);
        if key.is_empty() || tables.is_unique(&table.source, &key)? {
            return Ok(None);
        }
        let columns = visible.map(key_columns).unwrap_or_default().join(", ");
        return Ok(Some((
            format!("表 `{name}` 有 {columns} 相同的行：值相同的只算一次，不同的视为缺失"),
            format!(
                "table `{name}` has rows that share {columns}: where they agree they count once, where they differ the value is missing"
            ),
        )));
    }
    // Somebody has said that rows which are alike are events of their own.
    if table.repeated_rows == Some(RepeatedRows::Each) || !tables.repeats(&table.source)? {
        return Ok(None);
    }
    Ok(Some(match table.repeated_rows {
        Some(RepeatedRows::Once) => (
            format!("表 `{name}` 有各列完全相同的行，只算一次"),
            format!("table `{name}` has rows that are alike in every column; they count once"),
        ),
        _ => (
            format!(
                "表 `{name}` 有各列完全相同的行，每行都算；若是重复导入，数值偏大：在目录中该表写 `repeated_rows: once`，确属不同业务则写 `each`"
            ),
            format!(
                "table `{name}` has rows that are alike in every column, and each counts; if they were loaded twice the figure is too large: write `repeated_rows: once` for the table in the catalog, or `each` if they are events of their own"
            ),
        ),
    }))
}

/// Columns that determine a row: keys of entities, key dimensions, period.
fn key_columns(table: &Table) -> Vec<&str> {
    let mut key: Vec<&str> = table.entities.values().map(String::as_str).collect();
    let dimensions = table.key_dimensions.iter();
    let dimensions = dimensions.filter_map(|dimension| table.dimensions.get(dimension));
    key.extend(dimensions.map(|dimension| dimension.column.as_str()));
    key.extend(table.period.iter().flat_map(PeriodColumns::columns));
    key
}
