//! Empty and constant columns, doubled rows, duplicate keys, mixed columns.

use super::{Draft, FindingKind, KeyDoubt, Severity};
use crate::column::{holds_codes, holds_ids};
use crate::columns::row_keys;
use crate::keys::{Key, is_row_number, is_running_number, repeated};
use crate::{ColumnKind, ColumnMeta, DISTINCT_CAP, DataError, Note, TableMeta, Warehouse};

/// Rows that are quoted at most, whatever the user asks for.
pub(super) const MOST_ROWS: usize = 1000;
/// A table that holds less than one in so many of the rows that its key could tell apart holds events.
const SPARSE: u64 = 20;

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
        FindingKind::DuplicateKeys {
            guessed: !given,
            doubt: None,
        },
        names,
        table.rows,
    );
    if let Some(draft) = &mut draft {
        if !given {
            doubt(warehouse, table, key, draft)?;
        }
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

/// A key that was only guessed makes no grave finding, and hardly one at all where rows are told apart otherwise or where
/// they are events, of which two may well be of one subject and day.
fn doubt(warehouse: &Warehouse, table: &TableMeta, key: &Key, draft: &mut Draft) -> Result<(), DataError> {
    draft.severity = Severity::Warning;
    let doubt = match other_key(warehouse, table, key)? {
        Some(column) => KeyDoubt::Unique { column },
        None if is_sparse(table, key) => KeyDoubt::Events,
        None => return Ok(()),
    };
    draft.severity = Severity::Info;
    draft.kind = FindingKind::DuplicateKeys {
        guessed: true,
        doubt: Some(doubt),
    };
    Ok(())
}

/// A column that alone tells all rows apart and is more than their number.
fn other_key(warehouse: &Warehouse, table: &TableMeta, key: &Key) -> Result<Option<String>, DataError> {
    for column in &table.columns {
        let kind = matches!(column.kind, ColumnKind::Text | ColumnKind::Integer);
        if !kind || column.nulls > 0 || !names_codes(column) || is_row_number(column) {
            continue;
        }
        let unique = match column.distinct {
            Some(distinct) => distinct == table.rows,
            // Too many to have been counted on import.
            None => warehouse.stored(table).is_unique(&[&column.name])?,
        };
        if unique && key.columns() != [column.name.as_str()] {
            return Ok(Some(column.name.clone()));
        }
    }
    Ok(None)
}

/// True when few of the rows are there that the subjects and periods of a key could make: what is reported every day or
/// quarter fills its table, events do not.
fn is_sparse(table: &TableMeta, key: &Key) -> bool {
    let values = |name: &&str| table.column(name).and_then(|column| column.distinct);
    let possible = key.columns().iter().fold(1_u64, |product, name| {
        product.saturating_mul(values(name).unwrap_or(DISTINCT_CAP))
    });
    !key.period.is_empty() && table.rows < possible / SPARSE
}

fn names_codes(column: &ColumnMeta) -> bool {
    holds_codes(&column.label, column.unit) || holds_ids(&column.label) || column.label.ends_with('号')
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
        if column.notes.iter().any(is_code) || names_codes(column) {
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
