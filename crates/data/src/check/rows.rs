//! Empty and constant columns, doubled rows, duplicate keys, mixed columns.

use super::{Draft, FindingKind, Severity};
use crate::columns::row_keys;
use crate::keys::{Key, is_running_number, repeated};
use crate::{DataError, Note, TableMeta, Warehouse};

/// Rows that are quoted at most, whatever the user asks for.
pub(super) const MOST_ROWS: usize = 1000;

pub(super) fn empty_and_constant(table: &TableMeta) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for column in &table.columns {
        let name = vec![column.name.clone()];
        if table.rows > 0 && column.nulls == table.rows {
            drafts.push(Draft::new(
                FindingKind::EmptyColumn,
                Severity::Info,
                name,
                table.rows,
                table.rows,
            ));
        } else if table.rows > 1 && column.distinct == Some(1) && column.nulls == 0 {
            let value = column.min.clone().unwrap_or_default();
            drafts.push(Draft::new(
                FindingKind::ConstantColumn { value },
                Severity::Info,
                name,
                table.rows,
                table.rows,
            ));
        }
    }
    drafts
}

pub(super) fn doubled(warehouse: &Warehouse, table: &TableMeta) -> Result<Option<Draft>, DataError> {
    let all: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    // A column without repeats makes every row unique.
    let unique = |distinct: Option<u64>| distinct == Some(table.rows);
    if all.is_empty()
        || table
            .columns
            .iter()
            .any(|column| column.nulls == 0 && unique(column.distinct))
    {
        return Ok(None);
    }
    let found = repeated(&row_keys(warehouse, &table.name, &all)?);
    Ok(draft_of(found, FindingKind::DoubledRows, Vec::new(), table.rows))
}

pub(super) fn duplicate_keys(
    warehouse: &Warehouse,
    table: &TableMeta,
    key: &Key,
    given: bool,
) -> Result<Option<Draft>, DataError> {
    let columns = key.columns();
    let found = repeated(&row_keys(warehouse, &table.name, &columns)?);
    let names = columns.into_iter().map(ToOwned::to_owned).collect();
    let mut draft = draft_of(
        found,
        FindingKind::DuplicateKeys { guessed: !given },
        names,
        table.rows,
    );
    if let Some(draft) = &mut draft {
        // What differs between rows of one key helps to choose: the first few columns beside it.
        let others = table
            .columns
            .iter()
            .filter(|column| column.kind.is_numeric() && !is_running_number(column, table.rows))
            .filter(|column| !draft.columns.contains(&column.name));
        draft
            .show
            .extend(others.take(2).map(|column| column.name.clone()));
    }
    Ok(draft)
}

fn draft_of(found: Vec<(u64, u64)>, kind: FindingKind, columns: Vec<String>, rows: u64) -> Option<Draft> {
    if found.is_empty() {
        return None;
    }
    let mut draft = Draft::new(kind, Severity::Error, columns, found.len() as u64, rows);
    draft.rows = found
        .into_iter()
        .take(MOST_ROWS)
        .map(|(row, first)| (row, format!("= {}", first + 1)))
        .collect();
    Some(draft)
}

pub(super) fn mixed(table: &TableMeta) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let is_code = |note: &Note| {
        matches!(
            note,
            Note::LeadingZeros | Note::CodeHeader | Note::LongDigits { .. }
        )
    };
    for column in &table.columns {
        // Codes may well be digits in some rows and letters in others.
        if column.notes.iter().any(is_code) {
            continue;
        }
        for note in &column.notes {
            // Mostly words with a few numbers is a column of words.
            if let Note::MixedText {
                typed,
                others,
                example,
                ..
            } = note
                && typed > others
            {
                let kind = FindingKind::MixedColumn {
                    example: example.clone(),
                };
                let name = vec![column.name.clone()];
                drafts.push(Draft::new(kind, Severity::Warning, name, *others, typed + others));
            }
        }
    }
    drafts
}
