//! The numeric columns of a table in memory, with subjects and periods, for the search of identities.

use std::collections::HashMap;

use jinsheng_core::Period;

use crate::check::placeholders;
use crate::columns::{each_text_row, median, numbers_of, row_keys};
use crate::keys::{Key, guess_key, is_running_number};
use crate::period::{period_part, report_period};
use crate::{ColumnKind, DataError, Stop, Warehouse};

/// Up to this many rows all are looked at, above it those of a part of the subjects.
const MOST_ROWS: u64 = 200_000;

/// A numeric column.
pub(crate) struct FrameColumn {
    pub(crate) name: String,
    pub(crate) values: Vec<f64>,
    /// Digits after the point in the table.
    pub(crate) scale: u8,
    /// Middle of the absolute values that are not zero.
    pub(crate) size: f64,
}

/// What stands for a missing value takes part in no identity: columns full of -1 fit together in many ways.
fn blank_placeholders(values: &mut [f64]) {
    for placeholder in placeholders(values).into_iter().filter(|value| *value != 0.0) {
        for value in values.iter_mut() {
            #[expect(clippy::float_cmp, reason = "the same stored value")]
            if *value == placeholder {
                *value = f64::NAN;
            }
        }
    }
}

/// The numeric columns of a table.
pub(crate) struct Frame {
    pub(crate) table: String,
    /// Row in the table (from 0) of each row here.
    pub(crate) rows: Vec<u64>,
    pub(crate) columns: Vec<FrameColumn>,
    /// For each row the row here of the same subject a year before.
    pub(crate) year_before: Vec<Option<usize>>,
    /// The rows of one subject, ordered by period; empty without a key.
    pub(crate) series: Vec<Vec<usize>>,
    pub(crate) key: Option<Key>,
    pub(crate) stop: Stop,
}

impl Frame {
    pub(crate) fn load(warehouse: &Warehouse, table: &str) -> Result<Self, DataError> {
        let meta = warehouse.require(table)?;
        let key = guess_key(warehouse, table)?;
        let subject: Vec<&str> = key
            .as_ref()
            .map(|key| key.subject.iter().map(String::as_str).collect())
            .unwrap_or_default();
        let mut kept = None;
        if meta.rows > MOST_ROWS {
            let share = meta.rows.div_ceil(MOST_ROWS);
            let marks: Vec<bool> = if subject.is_empty() {
                (0..meta.rows).map(|row| row % share == 0).collect()
            } else {
                row_keys(warehouse, table, &subject)?
                    .into_iter()
                    .map(|key| (key >> 7) % share == 0)
                    .collect()
            };
            kept = Some(marks);
        }
        let rows: Vec<u64> = (0..meta.rows)
            .filter(|row| {
                let index = usize::try_from(*row).unwrap_or(usize::MAX);
                kept.as_ref()
                    .is_none_or(|kept| kept.get(index).copied().unwrap_or(false))
            })
            .collect();
        let numeric: Vec<_> = meta
            .columns
            .iter()
            .filter(|column| {
                column.kind.is_numeric()
                    && column.distinct.is_none_or(|distinct| distinct > 2)
                    && !is_running_number(column, meta.rows)
                    && period_part(column).is_none()
            })
            .collect();
        let names: Vec<&str> = numeric.iter().map(|column| column.name.as_str()).collect();
        let values = numbers_of(warehouse, table, &names, kept.as_deref())?;
        let columns = numeric
            .iter()
            .zip(values)
            .map(|(column, mut values)| {
                warehouse.stop().check()?;
                blank_placeholders(&mut values);
                let mut sizes: Vec<f64> = values
                    .iter()
                    .map(|value| value.abs())
                    .filter(|value| *value > 0.0)
                    .collect();
                Ok(FrameColumn {
                    name: column.name.clone(),
                    size: median(&mut sizes).unwrap_or(0.0),
                    values,
                    scale: match column.kind {
                        ColumnKind::Decimal { scale, .. } => scale,
                        _ => 0,
                    },
                })
            })
            .collect::<Result<Vec<FrameColumn>, DataError>>()?;
        let mut frame = Self {
            table: table.to_owned(),
            rows,
            columns,
            year_before: Vec::new(),
            series: Vec::new(),
            key,
            stop: warehouse.stop().clone(),
        };
        frame.year_before = vec![None; frame.rows.len()];
        frame.link(warehouse, kept.as_deref())?;
        Ok(frame)
    }

    /// Links rows of one subject over time.
    fn link(&mut self, warehouse: &Warehouse, kept: Option<&[bool]>) -> Result<(), DataError> {
        let Some(key) = self.key.clone().filter(|key| !key.period.is_empty()) else {
            return Ok(());
        };
        let subjects = key.subject.len();
        let mut by_subject: HashMap<Vec<Option<String>>, Vec<(Period, usize)>> = HashMap::new();
        let mut index = 0;
        each_text_row(warehouse, &self.table, &key.columns(), |row, mut texts| {
            let at = usize::try_from(row).unwrap_or(usize::MAX);
            if !kept.is_none_or(|kept| kept.get(at).copied().unwrap_or(false)) {
                return;
            }
            let parts = texts.split_off(subjects);
            let parts: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
            if let Some(period) = report_period(&parts) {
                by_subject.entry(texts).or_default().push((period, index));
            }
            index += 1;
        })?;
        let mut places: HashMap<(usize, Period), usize> = HashMap::new();
        for (number, rows) in by_subject.values_mut().enumerate() {
            rows.sort_unstable();
            for (period, row) in rows.iter() {
                places.insert((number, *period), *row);
            }
            for (period, row) in rows.iter() {
                let before = period
                    .grain()
                    .per_year()
                    .and_then(|count| places.get(&(number, period.offset(-count))));
                if let Some(slot) = self.year_before.get_mut(*row) {
                    *slot = before.copied();
                }
            }
        }
        self.series = by_subject
            .into_values()
            .map(|rows| rows.into_iter().map(|(_, row)| row).collect())
            .collect();
        self.series.sort_unstable();
        Ok(())
    }

    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The value at a row; none when it is missing.
    pub(crate) fn value(&self, column: usize, row: usize) -> Option<f64> {
        self.columns
            .get(column)?
            .values
            .get(row)
            .copied()
            .filter(|value| value.is_finite())
    }

    pub(crate) fn name(&self, column: usize) -> String {
        self.columns
            .get(column)
            .map(|column| column.name.clone())
            .unwrap_or_default()
    }

    pub(crate) fn size(&self, column: usize) -> f64 {
        self.columns.get(column).map_or(0.0, |column| column.size)
    }

    /// Half a unit of the last digit shown, for columns that are rounded for display.
    pub(crate) fn rounding(&self, column: usize) -> f64 {
        self.columns.get(column).map_or(0.0, |column| {
            if column.scale <= 4 {
                0.5 * 10_f64.powi(-i32::from(column.scale))
            } else {
                0.0
            }
        })
    }

    /// Rows spread over the table in which all of the columns have values that are not zero; for a first trial.
    pub(crate) fn pivots(&self, count: usize) -> Vec<usize> {
        let filled = |row: usize| {
            self.columns
                .iter()
                .filter(|column| {
                    column
                        .values
                        .get(row)
                        .is_some_and(|value| value.is_finite() && *value != 0.0)
                })
                .count()
        };
        let step = (self.rows.len() / (count * 4).max(1)).max(1);
        let mut rows: Vec<(std::cmp::Reverse<usize>, usize)> = (0..self.rows.len())
            .step_by(step)
            .map(|row| (std::cmp::Reverse(filled(row)), row))
            .collect();
        rows.sort_unstable();
        rows.into_iter().take(count).map(|(_, row)| row).collect()
    }
}
