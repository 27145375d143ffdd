//! Two tables that should say the same: rows that only one has, cells that differ.

use std::collections::HashMap;

use jinsheng_text::fold;
use serde::Serialize;

use crate::columns::{each_text_row, numbers, texts_at};
use crate::keys::{Key, guess_key, is_running_number};
use crate::period::{period_part, report_period};
use crate::{DataError, TableMeta, Warehouse};

/// How to compare two tables.
#[derive(Debug, Clone)]
pub struct CompareOptions {
    /// Key columns, left and right. Guessed where empty. Columns that hold periods are matched by meaning
    /// ([`crate::report_period`]), others as text.
    pub key: Vec<(String, String)>,
    /// Columns to compare, left and right; where empty, numeric columns of one name or label.
    pub columns: Vec<(String, String)>,
    /// Cells differ when they are further apart than this part of the larger.
    pub tolerance: f64,
    /// Examples a column, and of rows that one table lacks.
    pub examples: usize,
}

impl Default for CompareOptions {
    fn default() -> Self {
        Self {
            key: Vec::new(),
            columns: Vec::new(),
            tolerance: 0.001,
            examples: 5,
        }
    }
}

/// Rows that only one of two tables has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OnlyIn {
    /// How many.
    pub count: u64,
    /// Keys of the first of them.
    pub examples: Vec<String>,
}

/// A cell that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellDifference {
    /// Key of the row.
    pub key: String,
    /// Left value as text.
    pub left: String,
    /// Right value as text.
    pub right: String,
}

/// Cells of one column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ColumnComparison {
    /// Left column.
    pub left: String,
    /// Right column.
    pub right: String,
    /// Rows in which both have a value.
    pub compared: u64,
    /// Of these, cells that differ.
    pub different: u64,
    /// Of those that differ, cells that do by about 10³, 10⁴, 10⁶ or 10⁸: another unit.
    pub unit_slips: u64,
    /// Of those that differ, cells of opposite sign and one size.
    pub opposite_sign: u64,
    /// Values that only the left has in matched rows.
    pub only_left: u64,
    /// Values that only the right has in matched rows.
    pub only_right: u64,
    /// The first cells that differ.
    pub examples: Vec<CellDifference>,
}

impl ColumnComparison {
    /// Share of compared cells that differ, in percent with one digit, rounded down; 0 when none was compared.
    pub fn different_permille(&self) -> u64 {
        (self.different * 1000).checked_div(self.compared).unwrap_or(0)
    }
}

/// How two tables agree.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Left table.
    pub left: String,
    /// Right table.
    pub right: String,
    /// Key columns of the left.
    pub left_key: Vec<String>,
    /// Key columns of the right.
    pub right_key: Vec<String>,
    /// Rows with one key.
    pub matched: u64,
    /// Rows of the left without a counterpart.
    pub only_left: OnlyIn,
    /// Rows of the right without a counterpart.
    pub only_right: OnlyIn,
    /// Rows of the left that repeat a key; the first is compared.
    pub repeated_left: u64,
    /// Rows of the right that repeat a key; the first is compared.
    pub repeated_right: u64,
    /// Columns in the order of the left table.
    pub columns: Vec<ColumnComparison>,
}

impl Comparison {
    /// Compared cells, and those that differ.
    pub fn cells(&self) -> (u64, u64) {
        self.columns.iter().fold((0, 0), |(compared, different), column| {
            (compared + column.compared, different + column.different)
        })
    }
}

/// Compares two tables. They may be of one source or of two.
///
/// # Errors
/// [`DataError::NoSuchTable`], [`DataError::NoSuchColumn`], [`DataError::NoCommonKey`] when no key is given and none is
/// found, [`DataError::Damaged`].
pub fn compare(
    warehouse: &Warehouse,
    left: &str,
    right: &str,
    options: &CompareOptions,
) -> Result<Comparison, DataError> {
    let (left_meta, right_meta) = (warehouse.require(left)?, warehouse.require(right)?);
    let (left_key, right_key) = keys_of(warehouse, left_meta, right_meta, options)?;
    let left_rows = Rows::load(warehouse, left_meta, &left_key)?;
    let right_rows = Rows::load(warehouse, right_meta, &right_key)?;
    let mut matches: Vec<(u64, u64, &str)> = Vec::new();
    let mut only_left = OnlyIn {
        count: 0,
        examples: Vec::new(),
    };
    let mut only_right = OnlyIn {
        count: 0,
        examples: Vec::new(),
    };
    for (key, row) in &left_rows.order {
        match right_rows.first.get(key) {
            Some(other) => matches.push((*row, *other, key)),
            None => only_left.add(key, options.examples),
        }
    }
    for (key, _) in right_rows
        .order
        .iter()
        .filter(|(key, _)| !left_rows.first.contains_key(key))
    {
        only_right.add(key, options.examples);
    }
    let mut columns = Vec::new();
    for (left_column, right_column) in column_pairs(left_meta, right_meta, &left_key, &right_key, options) {
        columns.push(compare_column(
            warehouse,
            (left_meta, &left_column),
            (right_meta, &right_column),
            &matches,
            options,
        )?);
    }
    Ok(Comparison {
        left: left.to_owned(),
        right: right.to_owned(),
        matched: matches.len() as u64,
        only_left,
        only_right,
        repeated_left: left_rows.repeated,
        repeated_right: right_rows.repeated,
        columns,
        left_key: left_key.columns().into_iter().map(ToOwned::to_owned).collect(),
        right_key: right_key.columns().into_iter().map(ToOwned::to_owned).collect(),
    })
}

impl OnlyIn {
    fn add(&mut self, key: &str, most: usize) {
        self.count += 1;
        if self.examples.len() < most {
            self.examples.push(key.to_owned());
        }
    }
}

/// Rows of a table by their key as text.
struct Rows {
    first: HashMap<String, u64>,
    /// Keys with their first row, in the order of the table.
    order: Vec<(String, u64)>,
    repeated: u64,
}

impl Rows {
    fn load(warehouse: &Warehouse, table: &TableMeta, key: &Key) -> Result<Self, DataError> {
        let subjects = key.subject.len();
        let mut rows = Self {
            first: HashMap::new(),
            order: Vec::new(),
            repeated: 0,
        };
        each_text_row(warehouse, &table.name, &key.columns(), |row, mut texts| {
            let parts = texts.split_off(subjects);
            let parts: Vec<&str> = parts
                .iter()
                .map(|part| part.as_deref().unwrap_or_default())
                .collect();
            let period = match report_period(&parts) {
                Some(period) => period.to_string(),
                None => parts.join(" "),
            };
            let subject = texts
                .into_iter()
                .map(Option::unwrap_or_default)
                .collect::<Vec<_>>()
                .join(" ");
            let key = format!("{subject} {period}").trim().to_owned();
            match rows.first.entry(key) {
                std::collections::hash_map::Entry::Occupied(_) => rows.repeated += 1,
                std::collections::hash_map::Entry::Vacant(entry) => {
                    rows.order.push((entry.key().clone(), row));
                    entry.insert(row);
                }
            }
        })?;
        Ok(rows)
    }
}

/// The keys of both tables, with as many subjects each.
fn keys_of(
    warehouse: &Warehouse,
    left: &TableMeta,
    right: &TableMeta,
    options: &CompareOptions,
) -> Result<(Key, Key), DataError> {
    if !options.key.is_empty() {
        let mut keys = (Key::default(), Key::default());
        for (left_name, right_name) in &options.key {
            let periods = [(left, left_name), (right, right_name)].into_iter().try_fold(
                false,
                |any, (table, name)| {
                    let column = table.column(name).ok_or_else(|| no_column(table, name))?;
                    Ok::<bool, DataError>(any || period_part(column).is_some())
                },
            )?;
            for (key, name) in [(&mut keys.0, left_name), (&mut keys.1, right_name)] {
                let part = if periods {
                    &mut key.period
                } else {
                    &mut key.subject
                };
                if !part.contains(name) {
                    part.push(name.clone());
                }
            }
        }
        return Ok(keys);
    }
    let missing = || DataError::NoCommonKey {
        left: left.name.clone(),
        right: right.name.clone(),
    };
    let left_key = guess_key(warehouse, &left.name)?.ok_or_else(missing)?;
    let right_key = guess_key(warehouse, &right.name)?.ok_or_else(missing)?;
    let mut subjects = (Vec::new(), Vec::new());
    for name in &left_key.subject {
        let same = right_key.subject.iter().find(|other| fold(other) == fold(name));
        if let Some(other) = same {
            subjects.0.push(name.clone());
            subjects.1.push(other.clone());
        }
    }
    // A key of one subject each is matched whatever it is called.
    if subjects.0.is_empty() && left_key.subject.len() == 1 && right_key.subject.len() == 1 {
        subjects = (left_key.subject.clone(), right_key.subject.clone());
    }
    if subjects.0.is_empty() || left_key.period.is_empty() != right_key.period.is_empty() {
        return Err(missing());
    }
    Ok((
        Key {
            subject: subjects.0,
            period: left_key.period,
        },
        Key {
            subject: subjects.1,
            period: right_key.period,
        },
    ))
}

fn no_column(table: &TableMeta, name: &str) -> DataError {
    DataError::NoSuchColumn {
        table: table.name.clone(),
        column: name.to_owned(),
        known: table.columns.iter().map(|column| column.name.clone()).collect(),
    }
}

fn column_pairs(
    left: &TableMeta,
    right: &TableMeta,
    left_key: &Key,
    right_key: &Key,
    options: &CompareOptions,
) -> Vec<(String, String)> {
    if !options.columns.is_empty() {
        return options.columns.clone();
    }
    let free = |table: &TableMeta, key: &Key| -> Vec<(String, String)> {
        table
            .columns
            .iter()
            .filter(|column| column.kind.is_numeric() && !is_running_number(column, table.rows))
            .filter(|column| !key.columns().contains(&column.name.as_str()) && period_part(column).is_none())
            .map(|column| (column.name.clone(), fold(&column.label)))
            .collect()
    };
    let others = free(right, right_key);
    free(left, left_key)
        .into_iter()
        .filter_map(|(name, label)| {
            let by_name = others.iter().find(|(other, _)| fold(other) == fold(&name));
            let other = by_name.or_else(|| others.iter().find(|(_, other)| *other == label))?;
            Some((name, other.0.clone()))
        })
        .collect()
}

fn compare_column(
    warehouse: &Warehouse,
    (left, left_column): (&TableMeta, &str),
    (right, right_column): (&TableMeta, &str),
    matches: &[(u64, u64, &str)],
    options: &CompareOptions,
) -> Result<ColumnComparison, DataError> {
    let left_values = numbers(warehouse, &left.name, left_column)?;
    let right_values = numbers(warehouse, &right.name, right_column)?;
    let unit = |table: &TableMeta, column: &str| table.column(column).and_then(|column| column.unit);
    // Columns in 元 and 万元 are compared in one of them.
    let power = match (unit(left, left_column), unit(right, right_column)) {
        (Some(left), Some(right)) => right.power_to(left).unwrap_or(0),
        _ => 0,
    };
    let factor = 10_f64.powi(power);
    let value = |values: &[f64], row: u64| {
        usize::try_from(row)
            .ok()
            .and_then(|row| values.get(row))
            .copied()
            .filter(|value| value.is_finite())
    };
    let mut found = ColumnComparison {
        left: left_column.to_owned(),
        right: right_column.to_owned(),
        compared: 0,
        different: 0,
        unit_slips: 0,
        opposite_sign: 0,
        only_left: 0,
        only_right: 0,
        examples: Vec::new(),
    };
    let mut quoted: Vec<(u64, u64, &str)> = Vec::new();
    for (left_row, right_row, key) in matches {
        match (
            value(&left_values, *left_row),
            value(&right_values, *right_row).map(|value| value * factor),
        ) {
            (None, None) => {}
            (Some(_), None) => found.only_left += 1,
            (None, Some(_)) => found.only_right += 1,
            (Some(one), Some(other)) => {
                found.compared += 1;
                // Two floats that were once one decimal differ in their last digits at most.
                if (one - other).abs() <= options.tolerance.max(1e-12) * one.abs().max(other.abs()) {
                    continue;
                }
                found.different += 1;
                found.unit_slips += u64::from(is_unit_slip(one, other));
                found.opposite_sign += u64::from((one + other).abs() <= options.tolerance * one.abs());
                if quoted.len() < options.examples {
                    quoted.push((*left_row, *right_row, key));
                }
            }
        }
    }
    let left_texts = texts_at(
        warehouse,
        &left.name,
        &[left_column],
        &quoted.iter().map(|(row, _, _)| *row).collect(),
    )?;
    let right_texts = texts_at(
        warehouse,
        &right.name,
        &[right_column],
        &quoted.iter().map(|(_, row, _)| *row).collect(),
    )?;
    let text = |texts: &std::collections::BTreeMap<u64, Vec<Option<String>>>, row: u64| {
        texts
            .get(&row)
            .and_then(|cells| cells.first())
            .and_then(Clone::clone)
            .unwrap_or_default()
    };
    found.examples = quoted
        .iter()
        .map(|(left_row, right_row, key)| CellDifference {
            key: (*key).to_owned(),
            left: text(&left_texts, *left_row),
            right: text(&right_texts, *right_row),
        })
        .collect();
    Ok(found)
}

fn is_unit_slip(one: f64, other: f64) -> bool {
    if one == 0.0 || other == 0.0 {
        return false;
    }
    let power = (one / other).abs().log10().abs();
    [3.0, 4.0, 6.0, 8.0]
        .iter()
        .any(|unit| (power - unit).abs() < 0.01)
}
