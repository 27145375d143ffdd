//! Values that stand for "missing": -1, -0.0001, 0, 9999 …, judged by how often they occur and how they stand to all other
//! values: far from them, or alone below zero. Names of columns play no part.

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
/// Fewer different values are grades or steps up and down, among which -1 is one more.
const LEAST_DISTINCT: usize = 10;
/// Nines of fewer digits are figures like others, unless they are the only ones below zero.
const FAR_NINES: usize = 4;

pub(super) fn find(warehouse: &Warehouse, table: &TableMeta) -> Result<Vec<Draft>, DataError> {
    let mut drafts = Vec::new();
    for column in table.columns.iter().filter(|column| column.kind.is_numeric()) {
        if !worth_reading(column, table.rows) {
            continue;
        }
        let values = numbers(warehouse, &table.name, &column.name)?;
        for value in placeholders(&values) {
            let mut rows: Vec<u64> = (0_u64..)
                .zip(&values)
                .filter(|(_, other)| same(**other, value))
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
    for run in sorted.chunk_by(|left, right| same(*left, *right)) {
        if let Some(value) = run.first()
            && run.len() >= least
            && (is_small(*value) || is_nines(*value, if *value < 0.0 { 1 } else { FAR_NINES }))
        {
            runs.push((run.len(), *value));
        }
    }
    runs.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let mut others = without(&sorted, |value| {
        runs.iter().any(|(_, suspect)| same(*suspect, value))
    });
    if others.len() < LEAST_COUNT {
        return Vec::new();
    }
    // What is not below zero says whether -1 can be a figure, even if it may itself stand for something.
    let above = without(&sorted, |value| {
        value < 0.0 && runs.iter().any(|(_, suspect)| same(*suspect, value))
    });
    // Two small values below zero are figures, as -9 and -99 are not.
    let values = runs.iter().map(|(_, value)| *value);
    let small: Vec<f64> = values.filter(|value| *value > -1.0 && *value < 0.0).collect();
    let (mut found, figures): (Vec<_>, Vec<_>) = runs.into_iter().partition(|(count, value)| {
        let only = small.iter().all(|other| same(*other, *value));
        stands_apart(*value, *count, &mut others) || (only && is_alone(*value, *count, &above))
    });
    if figures.iter().any(|(_, value)| *value < 0.0) {
        // Between figures above and below zero, zero is one.
        found.retain(|(_, value)| *value != 0.0);
    }
    found.into_iter().map(|(_, value)| value).collect()
}

/// The same stored value; nothing was computed.
#[expect(clippy::float_cmp, reason = "the same stored value")]
fn same(left: f64, right: f64) -> bool {
    left == right
}

/// The values in order, but for some.
fn without(sorted: &[f64], leave: impl Fn(f64) -> bool) -> Vec<f64> {
    sorted.iter().copied().filter(|value| !leave(*value)).collect()
}

/// 0, -1 and -0.1, -0.01, -0.0001 …
fn is_small(value: f64) -> bool {
    value == 0.0
        || ((-1.0..0.0).contains(&value) && (value.abs().log10() - value.abs().log10().round()).abs() < 1e-9)
}

/// 9999, -99999, 999999.99 …, from so many digits on.
fn is_nines(value: f64, least: usize) -> bool {
    let digits = value.abs().to_string().replace('.', "");
    digits.len() >= least && digits.bytes().all(|byte| byte == b'9')
}

fn stands_apart(value: f64, count: usize, others: &mut [f64]) -> bool {
    let size = value.abs();
    let mut sizes: Vec<f64> = others.iter().map(|other| other.abs()).collect();
    let Some(middle) = median(&mut sizes) else {
        return false;
    };
    if is_nines(value, FAR_NINES) {
        // Far above nearly all others.
        return quantile(&mut sizes, 0.99).is_some_and(|high| size > high * 5.0);
    }
    if is_nines(value, 1) {
        return false;
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

/// Whether a repeated value is the only one below zero, where nothing explains it as a figure.
///
/// How much smaller it is than the others does not matter: a net value of 1.2 is never -1. But a column that crosses zero by
/// one step now and then (-1, 0, 1, 2 …), one that holds the same amount with a plus as often (a fee and its reversal) and
/// one whose figures are so small that -1 may be the loss of everything (-100 %) hold figures.
fn is_alone(value: f64, count: usize, others: &[f64]) -> bool {
    if value >= 0.0 || others.iter().any(|other| *other < 0.0) {
        return false;
    }
    let size = value.abs();
    // In ascending order, as the caller sorted all values.
    let distinct = others.chunk_by(|left, right| same(*left, *right)).count();
    let reversed = others.iter().filter(|other| same(**other, size)).count();
    if distinct < LEAST_DISTINCT || reversed >= count {
        return false;
    }
    let mut sizes = others.to_vec();
    let Some(middle) = median(&mut sizes) else {
        return false;
    };
    let is_step = |other: &f64| ((other / size) - (other / size).round()).abs() < 1e-9;
    let steps = others.iter().filter(|other| is_step(other)).count();
    if steps * 2 < others.len() {
        // Finer figures than the value itself: the same one again and again among them, and no other below zero, is none.
        return size < 1.0 || middle * 5.0 >= size;
    }
    // Figures in steps of the value: what crosses zero has many next to it.
    let near = others.iter().filter(|other| **other <= size * 2.0).count();
    size >= 1.0 && middle >= size * 20.0 && near <= count.max(others.len() / 20)
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

    #[test]
    fn the_only_value_below_zero() {
        let steps = |count: u32| (0..count).map(f64::from);
        // Net asset values, price to earnings, scores, staff, ratios in percent and as parts of one.
        let columns: [Vec<f64>; 6] = [
            steps(60).map(|index| 0.8 + index * 0.0137).collect(),
            steps(60).map(|index| 6.0 + index * 0.83).collect(),
            steps(60).map(|index| 35.0 + index).collect(),
            steps(60).map(|index| 3.0 + index * index).collect(),
            steps(60).map(|index| 31.07 + index * 0.51).collect(),
            steps(60).map(|index| 0.3 + index * 0.0071).collect(),
        ];
        for column in columns {
            assert_eq!(
                placeholders(&with(column.iter().copied(), -1.0, 4)),
                [-1.0],
                "{column:?}"
            );
            assert_eq!(
                placeholders(&with(column.iter().copied(), -1.0, 2)),
                [0.0; 0],
                "twice is chance"
            );
        }
        let large = || steps(60).map(|index| 1.0 + index * 3.7);
        assert_eq!(placeholders(&with(large(), -99.0, 3)), [-99.0]);
        assert_eq!(
            placeholders(&with(large().chain([0.0; 9]), -1.0, 5)),
            [-1.0],
            "zeros are amounts too"
        );
    }

    #[test]
    fn figures_below_zero() {
        let none: [f64; 0] = [];
        let steps = |count: u32| (0..count).map(f64::from);
        let grades = steps(60).map(|index| index % 5.0 + 1.0);
        assert_eq!(placeholders(&with(grades, -1.0, 6)), none, "steps up and down");
        let moves = steps(90).map(|index| (index % 15.0) * (index % 3.0));
        assert_eq!(
            placeholders(&with(moves, -1.0, 6)),
            none,
            "net openings of branches"
        );
        let inflation = steps(90).map(|index| (index % 30.0) / 10.0);
        assert_eq!(
            placeholders(&with(inflation, -0.1, 4)),
            none,
            "prices that fell a little"
        );
        let returns = steps(90).map(|index| 0.021 + index * 0.0007);
        assert_eq!(
            placeholders(&with(returns, -1.0, 4)),
            none,
            "-100 % of loans that failed"
        );
        let others = steps(90).map(|index| 5.0 + index * 0.7).chain([-3.2]);
        assert_eq!(placeholders(&with(others, -1.0, 4)), none, "not the only one");
        let fees = steps(90).map(|index| 5.0 + index * 0.7).chain([99.0; 8]);
        assert_eq!(placeholders(&with(fees, -99.0, 3)), none, "reversals");
    }
}
