//! Whether equations that a draft asks about hold in the data, and by what power of ten two columns differ.

use std::collections::BTreeMap;

use jinsheng_core::Decimal;
use jinsheng_data::IdentityKind as Found;
use jinsheng_data::{
    ColumnComparison, CompareOptions, DataError, DiscoveredIdentity, Warehouse, compare, discover_identities,
};
use jinsheng_semantics::infer::{
    DictionaryEntry, GrowthKind, IdentityKind, IdentityProfile, MagnitudeProfile, SameFigure, TableProfile,
    to_measure,
};
use tokio::runtime::Runtime;

use super::Probe;
use crate::cancel;
use crate::failure::CliError;

/// Tables of more rows are judged by what the data crate finds in a part of them.
const MAX_ROWS: u64 = 200_000;
/// Cells that differ, looked at to find the power of ten.
const EXAMPLES: usize = 200;

/// Adds to profiles what the data say of equations.
pub(super) fn measure(
    profiles: &mut [TableProfile],
    dictionary: &[DictionaryEntry],
    warehouse: &Warehouse,
    runtime: &Runtime,
) -> Result<(), CliError> {
    for profile in profiles.iter_mut() {
        cancel::check()?;
        profile.identities = discovered(warehouse, &profile.source)?;
    }
    let wanted = to_measure(profiles, dictionary);
    for profile in profiles.iter_mut().filter(|profile| profile.rows <= MAX_ROWS) {
        let open: Vec<&IdentityKind> = wanted
            .equations
            .iter()
            .filter(|equation| equation.source == profile.source)
            .map(|equation| &equation.kind)
            .filter(|kind| !profile.identities.iter().any(|known| known.kind == **kind))
            .filter(|kind| !matches!(kind, IdentityKind::Growth { .. }))
            .collect();
        let Some(key) = profile.unique_keys.first().filter(|_| !open.is_empty()) else {
            continue;
        };
        let probe = Probe::new(warehouse.require(&profile.source)?, warehouse, runtime)?;
        let mut found = Vec::new();
        for kind in open {
            cancel::check()?;
            found.extend(tested(&probe, key, kind)?);
        }
        profile.identities.extend(found);
        keep_best(&mut profile.identities);
    }
    let mut pairs: BTreeMap<(&str, &str), Vec<&SameFigure>> = BTreeMap::new();
    for same in &wanted.same {
        pairs
            .entry((&same.source, &same.other_source))
            .or_default()
            .push(same);
    }
    for ((source, other), figures) in pairs {
        cancel::check()?;
        let found = magnitudes(warehouse, source, other, &figures)?;
        if let Some(profile) = profiles.iter_mut().find(|profile| profile.source == source) {
            profile.magnitudes.extend(found);
        }
    }
    Ok(())
}

/// Of equations that differ in a factor alone, keeps the one that holds in most rows: 30 % is written 30 or 0.3.
fn keep_best(identities: &mut Vec<IdentityProfile>) {
    let all = identities.clone();
    identities.retain(|one| {
        let better = |other: &&IdentityProfile| alike(&one.kind, &other.kind) && other.support > one.support;
        !all.iter().any(|other| better(&other))
    });
}

/// True when two equations are between the same columns and differ in their factor.
fn alike(one: &IdentityKind, other: &IdentityKind) -> bool {
    match (one, other) {
        (
            IdentityKind::Ratio {
                ratio,
                numerator,
                denominator,
                percent,
            },
            IdentityKind::Ratio {
                ratio: r,
                numerator: n,
                denominator: d,
                percent: p,
            },
        ) => (ratio, numerator, denominator) == (r, n, d) && percent != p,
        (
            IdentityKind::Scaled { column, of, power },
            IdentityKind::Scaled {
                column: c,
                of: o,
                power: p,
            },
        ) => (column, of) == (c, o) && power != p,
        _ => false,
    }
}

/// Equations that the data obey, in the words of the draft.
fn discovered(warehouse: &Warehouse, table: &str) -> Result<Vec<IdentityProfile>, CliError> {
    let profile = |found: DiscoveredIdentity| {
        let kind = match found.identity {
            Found::Sum { total, terms } => IdentityKind::Sum {
                total,
                terms: terms.into_iter().map(|(sign, term)| (sign < 0, term)).collect(),
            },
            Found::Ratio {
                result,
                numerator,
                denominator,
                factor,
            } => IdentityKind::Ratio {
                ratio: result,
                numerator,
                denominator,
                percent: factor == 100,
            },
            Found::Growth { result, of, factor } => IdentityKind::Growth {
                rate: result,
                of,
                change: GrowthKind::Yoy,
                percent: factor == 100,
            },
            Found::Equal { left, right } => IdentityKind::Scaled {
                column: right,
                of: left,
                power: 0,
            },
            // The draft knows margins by their names.
            Found::Margin { .. } => return None,
        };
        Some(IdentityProfile {
            kind,
            support: found.support,
            total: found.total,
        })
    };
    Ok(discover_identities(warehouse, table)?
        .into_iter()
        .filter_map(profile)
        .collect())
}

/// In how many rows an equation holds; `None` when a column is no number.
fn tested(
    probe: &Probe<'_>,
    key: &[String],
    kind: &IdentityKind,
) -> Result<Option<IdentityProfile>, CliError> {
    let columns: Vec<&String> = match kind {
        IdentityKind::Sum { total, terms } => std::iter::once(total)
            .chain(terms.iter().map(|(_, term)| term))
            .collect(),
        IdentityKind::Ratio {
            ratio,
            numerator,
            denominator,
            ..
        } => vec![ratio, numerator, denominator],
        IdentityKind::Scaled { column, of, .. } => vec![column, of],
        IdentityKind::Growth { .. } => return Ok(None),
    };
    let Some(rows) = probe.numbers(key, &columns)? else {
        return Ok(None);
    };
    let (mut support, mut total) = (0, 0);
    for row in rows {
        let Some(cells) = row.into_iter().collect::<Option<Vec<Decimal>>>() else {
            continue;
        };
        let Some((left, rest)) = cells.split_first() else {
            continue;
        };
        if let Some((right, tolerance)) = right_side(kind, rest) {
            total += 1;
            let distance = left.checked_sub(right).map(|distance| distance.abs());
            support += u64::from(distance.is_some_and(|distance| distance <= tolerance));
        }
    }
    Ok(Some(IdentityProfile {
        kind: kind.clone(),
        support,
        total,
    }))
}

/// The right side of an equation and how far the left may be from it; `None` where the row shows nothing.
fn right_side(kind: &IdentityKind, cells: &[Decimal]) -> Option<(Decimal, Decimal)> {
    // Sums are of rounded figures, ratios are rounded themselves.
    let (part_of_sum, part_of_ratio) = (Decimal::new(1, 4), Decimal::new(1, 3));
    match kind {
        IdentityKind::Sum { terms, .. } => {
            let mut sum = Decimal::ZERO;
            let mut largest = Decimal::ZERO;
            for ((minus, _), cell) in terms.iter().zip(cells) {
                sum = if *minus {
                    sum.checked_sub(*cell)?
                } else {
                    sum.checked_add(*cell)?
                };
                largest = largest.max(cell.abs());
            }
            (!largest.is_zero()).then_some((sum, largest.checked_mul(part_of_sum)?))
        }
        IdentityKind::Ratio { percent, .. } => {
            let [numerator, denominator] = cells else {
                return None;
            };
            let quotient = numerator.checked_div(*denominator)?;
            let (value, least) = if *percent {
                (quotient.checked_mul(Decimal::ONE_HUNDRED)?, Decimal::new(51, 4))
            } else {
                (quotient, Decimal::new(51, 6))
            };
            (!value.is_zero()).then_some((value, least.max(value.abs().checked_mul(part_of_ratio)?)))
        }
        IdentityKind::Scaled { power, .. } => {
            let [of] = cells else { return None };
            let scaled = of.checked_mul(power_of_ten(*power)?)?;
            (!scaled.is_zero()).then_some((scaled, scaled.abs().checked_mul(part_of_sum)?))
        }
        IdentityKind::Growth { .. } => None,
    }
}

fn power_of_ten(power: i8) -> Option<Decimal> {
    let ten = Decimal::TEN;
    let mut value = Decimal::ONE;
    for _ in 0..power.unsigned_abs() {
        value = value.checked_mul(ten)?;
    }
    if power < 0 {
        Decimal::ONE.checked_div(value)
    } else {
        Some(value)
    }
}

/// By what powers of ten columns of two tables differ; none when their rows do not meet.
fn magnitudes(
    warehouse: &Warehouse,
    source: &str,
    other: &str,
    figures: &[&SameFigure],
) -> Result<Vec<MagnitudeProfile>, CliError> {
    let columns = figures
        .iter()
        .map(|same| (same.column.clone(), same.other_column.clone()))
        .collect();
    let options = CompareOptions {
        columns,
        // The power is asked for, and figures that differ by a little are of one power.
        tolerance: 0.001,
        examples: EXAMPLES,
        ..CompareOptions::default()
    };
    let comparison = match compare(warehouse, source, other, &options) {
        Ok(comparison) => comparison,
        Err(DataError::NoCommonKey { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let profile = |column: &ColumnComparison| {
        let (power, support, total) = power_of(column)?;
        Some(MagnitudeProfile {
            column: column.left.clone(),
            other_source: other.to_owned(),
            other_column: column.right.clone(),
            power,
            support,
            total,
        })
    };
    Ok(comparison.columns.iter().filter_map(profile).collect())
}

/// The power in which most compared cells agree, how many do, of how many.
fn power_of(column: &ColumnComparison) -> Option<(i8, u64, u64)> {
    if column.compared == 0 {
        return None;
    }
    let equal = column.compared.saturating_sub(column.different);
    if equal >= column.unit_slips {
        return Some((0, equal, column.compared));
    }
    let powers = [-8_i8, -6, -4, -3, 3, 4, 6, 8];
    let votes = powers.map(|power| {
        let fits = column.examples.iter().filter(|cell| {
            let (Ok(left), Ok(right)) = (cell.left.parse::<Decimal>(), cell.right.parse::<Decimal>()) else {
                return false;
            };
            let scaled = power_of_ten(power).and_then(|factor| right.checked_mul(factor));
            let near = |scaled: Decimal| (left - scaled).abs() <= left.abs() * Decimal::new(1, 2);
            !left.is_zero() && scaled.is_some_and(near)
        });
        (fits.count(), power)
    });
    let (most, power) = votes.into_iter().max()?;
    (most > 0).then_some((power, column.unit_slips, column.compared))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_ratio_may_be_rounded_to_its_last_digit() {
        let kind = IdentityKind::Ratio {
            ratio: "r".to_owned(),
            numerator: "n".to_owned(),
            denominator: "d".to_owned(),
            percent: true,
        };
        let (value, tolerance) = right_side(&kind, &[decimal("1"), decimal("3")]).unwrap();
        assert!((decimal("33.33") - value).abs() <= tolerance);
        assert!((decimal("33.4") - value).abs() > tolerance);
        assert_eq!(right_side(&kind, &[decimal("1"), decimal("0")]), None);
    }

    #[test]
    fn powers_of_ten_go_both_ways() {
        assert_eq!(power_of_ten(4), Some(decimal("10000")));
        assert_eq!(power_of_ten(-3), Some(decimal("0.001")));
    }
}
