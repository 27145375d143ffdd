//! Which columns make the rows of a table unique: a subject (a company, a fund) and a period, by their values and
//! headers.

use std::collections::HashSet;

use crate::column::{holds_codes, holds_ids};
use crate::columns::{join_keys, row_keys};
use crate::period::{PeriodPart, period_part};
use crate::{ColumnKind, ColumnMeta, DataError, TableMeta, Warehouse};

/// A guessed key is worth checking when this share of the rows (in percent) is unique under it.
const UNIQUE_PERCENT: u64 = 90;
/// Keys of more columns are not guessed.
const MOST_PARTS: usize = 5;

/// The parts of a key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Key {
    /// What a row is about.
    pub subject: Vec<String>,
    /// When it was so: one column, or a year and a part of it.
    pub period: Vec<String>,
}

impl Key {
    /// All columns.
    pub fn columns(&self) -> Vec<&str> {
        self.subject
            .iter()
            .chain(&self.period)
            .map(String::as_str)
            .collect()
    }
}

/// Guesses the key of a table; none when no few columns make rows unique, or nearly so.
///
/// Running numbers (`id`, 序号) are no key: they make any row unique and say nothing.
///
/// # Errors
/// [`DataError::NoSuchTable`], [`DataError::Damaged`].
pub fn guess_key(warehouse: &Warehouse, table: &str) -> Result<Option<Key>, DataError> {
    let rows = warehouse.require(table)?.rows;
    guess_key_among(warehouse, table, rows)
}

/// The same for a table with rows that repeat whole, given how many different rows it has.
///
/// # Errors
/// As [`guess_key`].
pub fn guess_key_among(warehouse: &Warehouse, table: &str, rows: u64) -> Result<Option<Key>, DataError> {
    let meta = warehouse.require(table)?;
    if rows == 0 {
        return Ok(None);
    }
    let mut key = Key::default();
    let candidates: Vec<&ColumnMeta> = meta
        .columns
        .iter()
        .filter(|column| is_candidate(column, rows))
        .collect();
    let subject = best_subject(&candidates);
    key.subject.extend(subject.map(|column| column.name.clone()));
    let mut keys = row_keys(warehouse, table, &key.columns())?;
    let mut unique = if key.columns().is_empty() {
        1
    } else {
        distinct(&keys)
    };
    for period in periods(&candidates) {
        let trial = Key {
            subject: key.subject.clone(),
            period,
        };
        let trial_keys = row_keys(warehouse, table, &trial.columns())?;
        let count = distinct(&trial_keys);
        if count > unique {
            (key, keys, unique) = (trial, trial_keys, count);
        }
    }
    // More dimensions while they help: a report type, an index, a consolidated or parent flag.
    while unique < rows && key.columns().len() < MOST_PARTS {
        let mut best: Option<(u64, &ColumnMeta, Vec<u64>)> = None;
        for column in &candidates {
            let dimension = column.kind == ColumnKind::Text || column.kind == ColumnKind::Date;
            if !dimension || key.columns().contains(&column.name.as_str()) {
                continue;
            }
            let own = row_keys(warehouse, table, &[&column.name])?;
            let joined: Vec<u64> = keys
                .iter()
                .zip(&own)
                .map(|(left, right)| join_keys(*left, *right))
                .collect();
            let count = distinct(&joined);
            if best.as_ref().is_none_or(|(most, _, _)| count > *most) {
                best = Some((count, column, joined));
            }
        }
        let Some((count, column, joined)) = best.filter(|(count, _, _)| worthwhile(*count, unique, rows))
        else {
            break;
        };
        key.subject.push(column.name.clone());
        (unique, keys) = (count, joined);
    }
    Ok((unique * 100 >= rows * UNIQUE_PERCENT && !key.columns().is_empty()).then_some(key))
}

/// A column joins the key only if it removes a good part of what is doubled and the key was not nearly unique:
/// columns of a doubled row with a typing error would hide that it is doubled.
fn worthwhile(count: u64, before: u64, rows: u64) -> bool {
    count > before && (rows - count) * 2 < rows - before && before * 100 < rows * 95
}

fn is_candidate(column: &ColumnMeta, rows: u64) -> bool {
    let whole = column.nulls == 0 && column.distinct != Some(1);
    let kind = matches!(
        column.kind,
        ColumnKind::Text | ColumnKind::Date | ColumnKind::Integer | ColumnKind::Timestamp
    );
    whole && kind && !is_running_number(column, rows) && column.kind != ColumnKind::Timestamp
        || column.nulls == 0 && rows == 1 && kind
}

/// `id`, 序号, a nameless first column of whole numbers: unique by itself.
pub(crate) fn is_running_number(column: &ColumnMeta, rows: u64) -> bool {
    let unique = column.distinct.is_none_or(|distinct| distinct == rows) && column.nulls == 0;
    unique && (holds_ids(&column.label) || is_row_number(column))
}

/// True when a column is named as the mere number of the row.
pub fn is_row_number(column: &ColumnMeta) -> bool {
    let label = column.label.to_lowercase();
    ["id", "序号", "index", "serial_number", "no", "rowid"].contains(&label.as_str())
        || column.header.is_empty()
}

/// A code that is not unique, else a text that recurs, else a code or text that is unique.
fn best_subject<'m>(candidates: &[&'m ColumnMeta]) -> Option<&'m ColumnMeta> {
    let texts = || {
        candidates
            .iter()
            .copied()
            .filter(|column| column.kind == ColumnKind::Text && period_part(column).is_none())
    };
    let by_distinct = |column: &&ColumnMeta| column.distinct.unwrap_or(u64::MAX);
    texts()
        .filter(|column| holds_codes(&column.label, column.unit))
        .max_by_key(|column| {
            (
                by_distinct(column),
                std::cmp::Reverse(position(candidates, column)),
            )
        })
        .or_else(|| {
            texts().max_by_key(|column| {
                (
                    by_distinct(column),
                    std::cmp::Reverse(position(candidates, column)),
                )
            })
        })
}

fn position(candidates: &[&ColumnMeta], column: &ColumnMeta) -> usize {
    candidates
        .iter()
        .position(|other| other.name == column.name)
        .unwrap_or(usize::MAX)
}

/// Ways to say when: whole periods, a year with a part of it, a year.
fn periods(candidates: &[&ColumnMeta]) -> Vec<Vec<String>> {
    let part = |wanted: PeriodPart| {
        let columns = candidates
            .iter()
            .filter(move |column| period_part(column) == Some(wanted));
        columns.map(|column| column.name.clone()).collect::<Vec<String>>()
    };
    let (whole, years, within) = (
        part(PeriodPart::Whole),
        part(PeriodPart::Year),
        part(PeriodPart::WithinYear),
    );
    let mut ways: Vec<Vec<String>> = whole.into_iter().map(|column| vec![column]).collect();
    if let Some(year) = years.first() {
        ways.extend(within.into_iter().map(|part| vec![year.clone(), part]));
        ways.push(vec![year.clone()]);
    }
    ways
}

fn distinct(keys: &[u64]) -> u64 {
    let mut sorted = keys.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.len() as u64
}

/// Rows (from 0) whose key occurs before, in order, and how many there are; and the first row with the key of each.
pub(crate) fn repeated(keys: &[u64]) -> Vec<(u64, u64)> {
    let mut sorted = keys.to_vec();
    sorted.sort_unstable();
    let doubled: HashSet<u64> = sorted
        .windows(2)
        .filter(|pair| pair.first() == pair.get(1))
        .filter_map(|pair| pair.first().copied())
        .collect();
    if doubled.is_empty() {
        return Vec::new();
    }
    let mut first = std::collections::HashMap::new();
    let mut found = Vec::new();
    for (row, key) in (0_u64..).zip(keys) {
        if doubled.contains(key) {
            match first.get(key) {
                Some(original) => found.push((row, *original)),
                None => {
                    first.insert(*key, row);
                }
            }
        }
    }
    found
}

/// The columns that stand for a row when it is quoted: the key, else the first texts.
pub(crate) fn naming_columns(table: &TableMeta, key: Option<&Key>) -> Vec<String> {
    match key {
        Some(key) => key.columns().into_iter().map(ToOwned::to_owned).collect(),
        None => table
            .columns
            .iter()
            .filter(|column| matches!(column.kind, ColumnKind::Text | ColumnKind::Date))
            .take(2)
            .map(|column| column.name.clone())
            .collect(),
    }
}
