//! Values that stand for "missing": -1, -0.0001, 0, 9999 …, judged by how often they occur and how far they stand
//! from all other values. Names of columns play no part.

use jinsheng_core::Decimal;

use super::rows::MOST_ROWS;
use super::{Draft, FindingKind, Severity};
use crate::columns::{median, numbers, quantile};
use crate::{ColumnMeta, DataError, TableMeta, Warehouse};

/// Fewer values show nothing.
const LEAST_VALUES: usize = 20;
/// A placeholder occurs at least so often …
const LEAST_COUNT: usize = 3;
/// … and in one of so many values.
const LEAST_SHARE: usize = 500;

pub(super) fn find(warehouse: &Warehouse, table: &TableMeta) -> Result<Vec<Draft>, DataError> {
    let mut drafts = Vec::new();
    for column in table.columns.iter().filter(|column| column.kind.is_numeric()) {
        if !worth_reading(column, table.rows) {
            continue;
        }
        let values = numbers(warehouse, &table.name, &column.name)?;
        for value in placeholders(&values) {
            #[expect(clippy::float_cmp, reason = "the same stored value")]
            let mut rows: Vec<u64> = (0_u64..)
                .zip(&values)
                .filter(|(_, other)| **other == value)
                .map(|(row, _)| row)
                .collect();
            let count = rows.len() as u64;
            rows.truncate(MOST_ROWS);
            let kind = FindingKind::Placeholder {
                value: value.to_string(),
            };
            let severity = if value == 0.0 {
                Severity::Info
            } else {
                Severity::Warning
            };
            let of = table.rows - column.nulls;
            let mut draft = Draft::new(kind, severity, vec![column.name.clone()], count, of);
            draft.rows = rows.into_iter().map(|row| (row, String::new())).collect();
            drafts.push(draft);
        }
    }
    Ok(drafts)
}

/// Numbers of a column that seem to stand for a missing value. Zero is not among them: it may be a figure.
///
/// # Errors
/// When the table cannot be read.
pub fn stand_ins(
    warehouse: &Warehouse,
    table: &TableMeta,
    column: &ColumnMeta,
) -> Result<Vec<Decimal>, DataError> {
    if !column.kind.is_numeric() || !worth_reading(column, table.rows) {
        return Ok(Vec::new());
    }
    let values = numbers(warehouse, &table.name, &column.name)?;
    let found = placeholders(&values).into_iter().filter(|value| *value != 0.0);
    Ok(found.filter_map(jinsheng_core::shortest_decimal).collect())
}

/// A repeated value needs repeats.
fn worth_reading(column: &ColumnMeta, rows: u64) -> bool {
    rows - column.nulls >= LEAST_VALUES as u64 && column.distinct.is_none_or(|distinct| distinct > 2)
}

/// Placeholders among values (`NaN` is missing), most frequent first.
pub(crate) fn placeholders(values: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    if sorted.len() < LEAST_VALUES {
        return Vec::new();
    }
    sorted.sort_unstable_by(f64::total_cmp);
    let least = LEAST_COUNT.max(sorted.len() / LEAST_SHARE);
    let mut runs: Vec<(usize, f64)> = Vec::new();
    #[expect(clippy::float_cmp, reason = "the same stored value")]
    for run in sorted.chunk_by(|left, right| left == right) {
        if let Some(value) = run.first()
            && run.len() >= least
            && (is_small(*value) || is_nines(*value))
        {
            runs.push((run.len(), *value));
        }
    }
    runs.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let suspects: Vec<f64> = runs.iter().map(|(_, value)| *value).collect();
    #[expect(clippy::float_cmp, reason = "the same stored value")]
    let mut others: Vec<f64> = sorted
        .iter()
        .copied()
        .filter(|value| !suspects.iter().any(|suspect| suspect == value))
        .collect();
    if others.len() < LEAST_COUNT {
        return Vec::new();
    }
    runs.into_iter()
        .filter(|(count, value)| stands_apart(*value, *count, &mut others))
        .map(|(_, value)| value)
        .collect()
}

/// 0, -1 and -0.1, -0.01, -0.0001 …
fn is_small(value: f64) -> bool {
    value == 0.0
        || ((-1.0..0.0).contains(&value) && (value.abs().log10() - value.abs().log10().round()).abs() < 1e-9)
}

/// 9999, -99999, 999999.99 …
fn is_nines(value: f64) -> bool {
    let digits = value.abs().to_string().replace('.', "");
    digits.len() >= 4 && digits.bytes().all(|byte| byte == b'9')
}

fn stands_apart(value: f64, count: usize, others: &mut [f64]) -> bool {
    let size = value.abs();
    let mut sizes: Vec<f64> = others.iter().map(|other| other.abs()).collect();
    let Some(middle) = median(&mut sizes) else {
        return false;
    };
    if is_nines(value) {
        // Far above nearly all others.
        return quantile(&mut sizes, 0.99).is_some_and(|high| size > high * 5.0);
    }
    if value == 0.0 {
        // Zero is a figure like any other unless the rest keeps well away from it.
        let all_positive = others.iter().all(|other| *other > 0.0);
        let rare = count * 5 <= others.len();
        let low = quantile(&mut sizes, 0.01).unwrap_or(0.0);
        return all_positive && rare && low * 20.0 >= middle;
    }
    // The rest is at least a thousand times larger, and next to none of it lies near.
    let near = others.iter().filter(|other| other.abs() <= size * 30.0).count();
    middle >= size * 1000.0 && near * 10 <= count.max(others.len() / 50)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(base: impl Iterator<Item = f64>, extra: f64, count: usize) -> Vec<f64> {
        base.chain(std::iter::repeat_n(extra, count)).collect()
    }

    #[test]
    fn stand_ins() {
        let large = || (1..200).map(|index| f64::from(index) * 12_345.67);
        for value in [-1.0, -0.0001] {
            assert_eq!(placeholders(&with(large(), value, 20)), [value]);
            assert_eq!(
                placeholders(&with(large(), value, 900)),
                [value],
                "also when it is most"
            );
        }
        assert_eq!(
            placeholders(&with(
                (1..200).map(|index| 1.0 + f64::from(index) / 100.0),
                9999.0,
                5
            )),
            [9999.0]
        );
        assert_eq!(
            placeholders(&with((1..200).map(|index| 3000.0 + f64::from(index)), 0.0, 8)),
            [0.0]
        );
    }

    #[test]
    fn plain_values() {
        let none: [f64; 0] = [];
        let growth = || (1..200).map(|index| f64::from(index) / 7.0 - 14.0);
        assert_eq!(placeholders(&with(growth(), -1.0, 20)), none);
        assert_eq!(
            placeholders(&with((1..200).map(|index| f64::from(index * index)), 0.0, 60)),
            none,
            "loans may be 0"
        );
        assert_eq!(
            placeholders(&with((1..200).map(|index| f64::from(index) * 100.0), 9999.0, 5)),
            none
        );
        assert_eq!(placeholders(&[f64::NAN; 50]), none);
    }
}
