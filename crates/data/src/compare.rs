//! Two tables that should say the same: rows that only one has, cells that differ.

use std::collections::HashMap;

use jinsheng_text::fold;
use serde::Serialize;

use crate::columns::{Figure, each_text_row, figures, texts_at};
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
    /// Cells agree when one is the other rounded to the decimals that it shows; and, beyond that, when they are no further apart
    /// than this part of the larger.
    pub tolerance: f64,
    /// Examples a column, and of rows that one table lacks.
    pub examples: usize,
}

impl Default for CompareOptions {
    fn default() -> Self {
        Self {
            key: Vec::new(),
            columns: Vec::new(),
            tolerance: 0.0,
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
    /// Of those that agree, cells of which one shows fewer decimals than it would need to be the other.
    pub rounded: u64,
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

    /// Cells that agree to the decimals shown and not beyond.
    pub fn rounded(&self) -> u64 {
        self.columns.iter().map(|column| column.rounded).sum()
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
    let left_values = figures(warehouse, &left.name, left_column)?;
    let right_values = figures(warehouse, &right.name, right_column)?;
    let unit = |table: &TableMeta, column: &str| table.column(column).and_then(|column| column.unit);
    // Columns in 元 and 万元 are compared in one of them.
    let power = match (unit(left, left_column), unit(right, right_column)) {
        (Some(left), Some(right)) => right.power_to(left).unwrap_or(0),
        _ => 0,
    };
    let (left_least, right_least) = (usual_decimals(&left_values), usual_decimals(&right_values));
    let shown = |figures: &[Figure], row: u64, least: i32, power: i32| {
        let figure = usize::try_from(row).ok().and_then(|row| figures.get(row))?;
        let decimals = i32::from(figure.decimals).max(least);
        figure.value.is_finite().then(|| Shown {
            value: figure.value * 10_f64.powi(power),
            half: 0.5 * 10_f64.powi(power - decimals),
        })
    };
    let mut found = ColumnComparison {
        left: left_column.to_owned(),
        right: right_column.to_owned(),
        compared: 0,
        different: 0,
        rounded: 0,
        unit_slips: 0,
        opposite_sign: 0,
        only_left: 0,
        only_right: 0,
        examples: Vec::new(),
    };
    let mut quoted: Vec<(u64, u64, &str)> = Vec::new();
    for (left_row, right_row, key) in matches {
        match (
            shown(&left_values, *left_row, left_least, 0),
            shown(&right_values, *right_row, right_least, power),
        ) {
            (None, None) => {}
            (Some(_), None) => found.only_left += 1,
            (None, Some(_)) => found.only_right += 1,
            (Some(one), Some(other)) => {
                found.compared += 1;
                if one.agrees(&other, options.tolerance) {
                    found.rounded += u64::from(!one.equals(&other, options.tolerance));
                    continue;
                }
                found.different += 1;
                found.unit_slips += u64::from(is_unit_slip(one.value, other.value));
                let opposite = Shown {
                    value: -other.value,
                    half: other.half,
                };
                found.opposite_sign += u64::from(one.agrees(&opposite, options.tolerance));
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

/// A value and half of the last decimal that it shows, both in the unit of the left column.
struct Shown {
    value: f64,
    half: f64,
}

impl Shown {
    /// Two floats that were once one decimal differ in their last digits at most.
    fn equals(&self, other: &Self, tolerance: f64) -> bool {
        let largest = self.value.abs().max(other.value.abs());
        (self.value - other.value).abs() <= tolerance.max(1e-12) * largest
    }

    /// One is the other rounded to its own decimals. A half may have been rounded either way.
    fn agrees(&self, other: &Self, tolerance: f64) -> bool {
        let half = self.half.max(other.half) * (1.0 + 1e-9);
        let largest = self.value.abs().max(other.value.abs());
        (self.value - other.value).abs() <= half + largest * 1e-14 || self.equals(other, tolerance)
    }
}

/// Decimals that values of a column show at least. The table does not keep the zero at the end of 12.50; but of figures with two
/// decimals one in nine as many has fewer by chance. Where there are many more, they show no more.
fn usual_decimals(figures: &[Figure]) -> i32 {
    let mut counts: Vec<usize> = Vec::new();
    for figure in figures
        .iter()
        .filter(|figure| figure.value.is_finite() && figure.value != 0.0)
    {
        let decimals = usize::from(figure.decimals);
        if counts.len() <= decimals {
            counts.resize(decimals + 1, 0);
        }
        if let Some(count) = counts.get_mut(decimals) {
            *count += 1;
        }
    }
    let mut so_far = 0;
    for (decimals, count) in (0..).zip(&counts) {
        so_far += count;
        let more = usize::try_from(decimals + 1)
            .ok()
            .and_then(|next| counts.get(next));
        if so_far * 3 > more.copied().unwrap_or(0) && so_far > 0 {
            return decimals;
        }
    }
    0
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
