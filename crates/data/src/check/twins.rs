//! Two columns with one figure in a few rows although they have little in common otherwise: one was taken from the other's place.
//!
//! Many pairs are equal now and then and are right: loans taken and repaid, a total with one part, an inflow that opens an
//! account. Those are of one size, or of one sign, or at the beginning or end of something. What is reported differs by a factor
//! of ten as a rule, and in sign now and then, so that neither is a part of the other; the figure has so many digits that it is
//! not equal by chance; and in one of the columns it is out of line with the periods before and after of the same subject.

use std::collections::{BTreeMap, HashMap};

use super::rows::MOST_ROWS;
use super::{Draft, FindingKind, Severity};
use crate::columns::median;
use crate::identity::Frame;

/// Fewer rows show nothing …
const LEAST_ROWS: usize = 5;
/// … and more than one in so many are the nature of the columns.
const MOST_SHARE: usize = 5;
/// Columns that share a figure in one row at most.
const MOST_COLUMNS: usize = 4;
/// Significant digits of a figure that is not equal by chance.
const DIGITS: usize = 5;
/// Rows with two different figures that tell what the columns have in common.
const LEAST_OTHERS: usize = 20;
/// Powers of ten between the sizes of the columns.
const APART: f64 = 1.0;
/// One in so many of the other rows has figures of opposite signs.
const OPPOSITE: usize = 10;
/// The periods before and after are at most one in so many of a figure that is out of line …
const LEAP: f64 = 5.0;
/// … and so many of the rows must show it.
const LEAST_LEAPS: usize = 3;

pub(super) fn find(frame: &Frame) -> Vec<Draft> {
    if frame.series.is_empty() {
        return Vec::new();
    }
    let mut around: HashMap<usize, (usize, usize)> = HashMap::new();
    for series in &frame.series {
        for three in series.windows(3) {
            if let [before, row, after] = three {
                around.insert(*row, (*before, *after));
            }
        }
    }
    let mut equal: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    let mut cells: Vec<(f64, usize)> = Vec::new();
    for row in 0..frame.rows.len() {
        cells.clear();
        cells.extend((0..frame.columns.len()).filter_map(|column| {
            let value = frame.value(column, row).filter(|value| *value != 0.0)?;
            Some((value, column))
        }));
        cells.sort_by(|left, right| left.0.total_cmp(&right.0));
        for same in cells.chunk_by(|left, right| is_same(left.0, right.0)) {
            // A row in which many columns hold one figure is of another kind than the rest.
            let [(value, _), _, ..] = same else { continue };
            if same.len() > MOST_COLUMNS || digits(*value) < DIGITS {
                continue;
            }
            for (index, (_, one)) in same.iter().enumerate() {
                for (_, other) in same.iter().skip(index + 1) {
                    let pair = (*one.min(other), *one.max(other));
                    equal.entry(pair).or_default().push(row);
                }
            }
        }
    }
    equal
        .into_iter()
        .filter(|(_, rows)| rows.len() >= LEAST_ROWS)
        .filter_map(|(pair, rows)| draft(frame, &around, pair, &rows))
        .collect()
}

fn draft(
    frame: &Frame,
    around: &HashMap<usize, (usize, usize)>,
    (one, other): (usize, usize),
    equal: &[usize],
) -> Option<Draft> {
    let (mut powers, mut opposite, mut both) = (Vec::new(), 0, 0);
    for row in 0..frame.rows.len() {
        let (Some(left), Some(right)) = (frame.value(one, row), frame.value(other, row)) else {
            continue;
        };
        both += 1;
        if left != 0.0 && right != 0.0 && equal.binary_search(&row).is_err() {
            powers.push((left / right).abs().log10());
            opposite += usize::from((left < 0.0) != (right < 0.0));
        }
    }
    let others = powers.len();
    let power = median(&mut powers)?;
    let smaller = if power < 0.0 { one } else { other };
    let leaps = equal.iter().filter(|row| {
        let near = around.get(row);
        let small = |place: usize| {
            let limit = frame.value(smaller, **row).map_or(0.0, f64::abs) / LEAP;
            frame
                .value(smaller, place)
                .is_some_and(|value| value != 0.0 && value.abs() <= limit)
        };
        near.is_some_and(|(before, after)| small(*before) && small(*after))
    });
    if leaps.count() < LEAST_LEAPS || power.abs() < APART {
        return None;
    }
    if others < LEAST_OTHERS || equal.len() * MOST_SHARE > both || opposite * OPPOSITE < others {
        return None;
    }
    let names = vec![frame.name(one), frame.name(other)];
    let count = equal.len() as u64;
    let mut draft = Draft::new(
        FindingKind::ColumnSlip,
        Severity::Warning,
        names,
        count,
        both as u64,
    );
    let rows = equal.iter().filter_map(|row| frame.rows.get(*row));
    draft.rows = rows.take(MOST_ROWS).map(|row| (*row, String::new())).collect();
    Some(draft)
}

/// One decimal read from columns of different scales differs in the last digits of the floats.
fn is_same(left: f64, right: f64) -> bool {
    (left - right).abs() <= left.abs() * 1e-12
}

/// Significant digits of a figure, without zeros at the end.
fn digits(value: f64) -> usize {
    let text = format!("{:.11e}", value.abs());
    let mantissa = text.split('e').next().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_end_matches('0').len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn significant_digits() {
        for (value, expected) in [
            (9000.0, 1),
            (497.697_611, 9),
            (-0.012_092, 5),
            (17_540.539, 8),
            (433_079.0, 6),
        ] {
            assert_eq!(digits(value), expected, "{value}");
        }
    }
}
