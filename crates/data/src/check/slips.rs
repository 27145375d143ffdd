//! Slips of the unit: a value some 10⁴ or 10⁸ times the others of its subject, or that part of them.

use super::rows::MOST_ROWS;
use super::{Draft, FindingKind, Severity};
use crate::columns::{median, quantile};
use crate::identity::Frame;

/// Fewer other values of a subject show nothing.
const LEAST_OTHERS: usize = 4;
/// A value is compared with so many before and so many after it; what grows for decades is no slip.
const NEAR: usize = 6;
/// The others lie within this factor of each other (between their lower and upper quarter).
const HOMOGENEOUS: f64 = 8.0;
/// How far the ratio may be from the power of ten, as a power of ten.
const SLACK: f64 = 0.45;
/// More cells than one in so many are no slips but the nature of the column.
const MOST_SHARE: usize = 10;

pub(super) fn find(frame: &Frame) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for column in &frame.columns {
        let mut found: Vec<(u64, String)> = Vec::new();
        let mut looked = 0;
        for series in &frame.series {
            let values: Vec<(usize, f64)> = series
                .iter()
                .filter_map(|row| {
                    Some((
                        *row,
                        column
                            .values
                            .get(*row)
                            .copied()
                            .filter(|value| value.is_finite() && *value != 0.0)?,
                    ))
                })
                .collect();
            if values.len() <= LEAST_OTHERS {
                continue;
            }
            looked += values.len();
            if is_wide(&values) {
                continue;
            }
            for (index, (row, value)) in values.iter().enumerate() {
                let near = values.get(index.saturating_sub(NEAR)..values.len().min(index + NEAR + 1));
                let near = near.unwrap_or_default();
                let one_sign =
                    near.iter().all(|(_, value)| *value > 0.0) || near.iter().all(|(_, value)| *value < 0.0);
                let mut others: Vec<f64> = near
                    .iter()
                    .filter(|(other, _)| other != row)
                    .map(|(_, value)| value.abs())
                    .collect();
                if let Some(power) = slip(value.abs(), &mut others, one_sign) {
                    found.extend(frame.rows.get(*row).map(|row| (*row, format!("x10^{power}"))));
                }
            }
        }
        if found.is_empty() || found.len() * MOST_SHARE > looked {
            continue;
        }
        found.sort();
        let name = vec![column.name.clone()];
        let mut draft = Draft::new(
            FindingKind::UnitSlip,
            Severity::Warning,
            name,
            found.len() as u64,
            looked as u64,
        );
        found.truncate(MOST_ROWS);
        draft.rows = found;
        drafts.push(draft);
    }
    drafts
}

/// Whether values of all sizes belong to a subject, such as fees on a monthly 1,000 and on a million now and then: more of
/// those that are far from the middle are far by something else than a unit.
fn is_wide(values: &[(usize, f64)]) -> bool {
    let mut sizes: Vec<f64> = values.iter().map(|(_, value)| value.abs()).collect();
    let Some(middle) = median(&mut sizes) else {
        return false;
    };
    let far = HOMOGENEOUS.powi(2).log10();
    let powers = sizes.iter().map(|value| (value / middle).log10());
    let (slips, others): (Vec<f64>, Vec<f64>) = powers
        .filter(|power| power.abs() > far)
        .partition(|power| unit_of(*power).is_some());
    others.len() > slips.len()
}

/// The power of a unit that a power of ten is close to.
fn unit_of(power: f64) -> Option<i32> {
    [4, 8, -4, -8]
        .into_iter()
        .find(|unit| (power - f64::from(*unit)).abs() <= SLACK)
}

/// The power of ten by which a value differs from the others, when that is one of a unit. A small value is a slip
/// only among values of one sign and size: what crosses zero is small now and then.
fn slip(value: f64, others: &mut [f64], one_sign: bool) -> Option<i32> {
    let middle = median(others)?;
    let (low, high) = (quantile(others, 0.25)?, quantile(others, 0.75)?);
    if low <= 0.0 || high / low > HOMOGENEOUS {
        return None;
    }
    let unit = unit_of((value / middle).log10())?;
    let steady = quantile(others, 1.0)? / quantile(others, 0.0)? <= HOMOGENEOUS * HOMOGENEOUS;
    (unit > 0 || (one_sign && steady)).then_some(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_with_values_of_all_sizes() {
        let at = |values: &[f64]| is_wide(&values.iter().copied().enumerate().collect::<Vec<_>>());
        assert!(at(&[0.8, 0.8, 512.0, 0.8, 0.8, 780.0, 0.8, 3666.0, 0.8, 0.8]));
        assert!(!at(&[0.8, 0.9, 0.8, 8000.0, 0.8, 0.7, 1.1]));
        assert!(!at(&[10.0, 20.0, 40.0, 80.0, 160.0, 320.0]));
    }

    #[test]
    fn powers() {
        let others = || vec![100.0, 110.0, 130.0, 90.0, 400.0];
        assert_eq!(slip(1_200_000.0, &mut others(), true), Some(4));
        assert_eq!(slip(0.012, &mut others(), true), Some(-4));
        assert_eq!(slip(1.1e10, &mut others(), true), Some(8));
        assert_eq!(slip(0.012, &mut others(), false), None);
        assert_eq!(slip(5_000.0, &mut others(), true), None);
        assert_eq!(
            slip(1_200_000.0, &mut [1.0, 50.0, 3000.0, 100_000.0, 7.0], true),
            None,
            "nothing is like the other"
        );
    }
}
