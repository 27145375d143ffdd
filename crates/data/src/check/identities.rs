//! Rows that break an identity, given by the user or found in the data.

use jinsheng_core::{Base, Unit};

use super::rows::MOST_ROWS;
use super::{Draft, FindingKind, Identity, IdentityOrigin, Severity, UsualSum};
use crate::columns::numbers_of;
use crate::identity::{DiscoveredIdentity, Frame, IdentityKind, SUM_TOLERANCE, SUPPORT_ROWS, discover};
use crate::{DataError, TableMeta, Warehouse};

/// In fewer rows another column may fit what is missing by chance.
const LEAST_EXPLAINED: usize = 3;
/// A usual sum is meant when one row in so many obeys it to four digits; by chance none would.
const USUAL_SHARE: u64 = 10;

/// Given identities of this table.
pub(super) fn given(
    warehouse: &Warehouse,
    table: &TableMeta,
    identities: &[Identity],
) -> Result<Vec<Draft>, DataError> {
    let mut drafts = Vec::new();
    for identity in identities.iter().filter(|identity| identity.table == table.name) {
        let terms: Vec<(f64, &str)> = identity
            .left
            .iter()
            .map(|(sign, name)| (f64::from(*sign), name.as_str()))
            .chain(
                identity
                    .right
                    .iter()
                    .map(|(sign, name)| (-f64::from(*sign), name.as_str())),
            )
            .collect();
        let names: Vec<&str> = terms.iter().map(|(_, name)| *name).collect();
        let columns = numbers_of(warehouse, &table.name, &names, None)?;
        let tolerance: f64 = identity.tolerance.to_string().parse().unwrap_or(0.0);
        let (mut broken, mut of) = (Vec::new(), 0);
        for row in 0..table.rows {
            let index = usize::try_from(row).unwrap_or(usize::MAX);
            let values: Option<Vec<f64>> = columns
                .iter()
                .map(|column| column.get(index).copied().filter(|value| value.is_finite()))
                .collect();
            let Some(values) = values else { continue };
            of += 1;
            let rest: f64 = values
                .iter()
                .zip(&terms)
                .map(|(value, (sign, _))| value * sign)
                .sum();
            let largest = values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
            // The sum of floats is uncertain in its last digits.
            if rest.abs() > tolerance + largest * 1e-12 {
                broken.push(row);
            }
        }
        let side = |terms: &[(i8, String)]| {
            terms
                .iter()
                .enumerate()
                .map(|(index, (sign, name))| match (index, *sign < 0) {
                    (0, false) => name.clone(),
                    (0, true) => format!("-{name}"),
                    (_, negative) => format!(" {} {name}", if negative { '-' } else { '+' }),
                })
                .collect::<String>()
        };
        let text = format!("{} = {}", side(&identity.left), side(&identity.right));
        let names = names.into_iter().map(ToOwned::to_owned).collect();
        drafts.extend(draft(text, IdentityOrigin::Given, names, numbered(broken), of));
    }
    Ok(drafts)
}

/// Identities found in the data that some rows break, usual ones that are not among them, and ratios in another unit than
/// their header says.
pub(super) fn broken(table: &TableMeta, frame: &Frame, usual: &[UsualSum]) -> Result<Vec<Draft>, DataError> {
    let mut drafts = Vec::new();
    let discovered = discover(frame)?;
    for sum in usual.iter().filter(|sum| sum.table == table.name) {
        let of_sum = |found: &&DiscoveredIdentity| {
            let columns = found.identity.columns();
            let named = |name: &String| columns.contains(&name.as_str());
            columns.len() == sum.terms.len() + 1
                && named(&sum.total)
                && sum.terms.iter().all(|(_, name)| named(name))
        };
        if discovered.iter().find(of_sum).is_none() {
            drafts.extend(usual_broken(table, frame, sum));
        }
    }
    for found in discovered {
        let names = found
            .identity
            .columns()
            .into_iter()
            .map(ToOwned::to_owned)
            .collect();
        let text = found.identity.to_string();
        drafts.extend(wrong_unit(table, &found));
        let rows = unexplained(frame, &found);
        let origin = IdentityOrigin::Discovered;
        if let Some(mut draft) = draft(text, origin, names, numbered(rows), found.total) {
            // Two columns that mostly agree may mean two things.
            if matches!(found.identity, IdentityKind::Equal { .. }) || found.support * 100 < found.total * 85
            {
                draft.severity = Severity::Info;
            }
            drafts.push(draft);
        }
    }
    Ok(drafts)
}

/// Rows that break a usual sum, those that are off by the largest part first.
fn usual_broken(table: &TableMeta, frame: &Frame, sum: &UsualSum) -> Option<Draft> {
    let unit = |name: &str| table.column(name).and_then(|column| column.unit);
    let total_unit = unit(&sum.total);
    let mut sides = vec![(-1.0, frame.position(&sum.total)?)];
    for (sign, name) in &sum.terms {
        // Terms in 元 of a total in 万元 are counted in 万元.
        let power = unit(name)
            .zip(total_unit)
            .and_then(|(own, total)| own.power_to(total));
        let factor = f64::from(*sign) * 10_f64.powi(power.unwrap_or(0));
        sides.push((factor, frame.position(name)?));
    }
    let rounding: f64 = sides
        .iter()
        .map(|(factor, column)| factor.abs() * frame.rounding(*column))
        .sum();
    let (mut support, mut total) = (0, 0);
    let mut off: Vec<(f64, f64, u64)> = Vec::new();
    for (place, row) in frame.rows.iter().enumerate() {
        let values: Option<Vec<f64>> = sides
            .iter()
            .map(|(factor, column)| Some(factor * frame.value(*column, place)?))
            .collect();
        let Some(values) = values else { continue };
        let largest = values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        if largest == 0.0 {
            continue;
        }
        total += 1;
        let rest: f64 = values.iter().sum();
        if rest.abs() <= SUM_TOLERANCE * largest + rounding {
            support += 1;
        } else {
            off.push((rest.abs() / largest, rest, *row));
        }
    }
    if support < SUPPORT_ROWS || support * USUAL_SHARE < total {
        return None;
    }
    off.sort_by(|left, right| right.0.total_cmp(&left.0));
    let scale = frame.columns.get(sides.first()?.1)?.scale.min(4);
    let rows = off
        .into_iter()
        // The total less its terms.
        .map(|(_, rest, row)| (row, format!("Δ {:.*}", usize::from(scale), -rest)))
        .collect();
    let kind = IdentityKind::Sum {
        total: sum.total.clone(),
        terms: sum.terms.clone(),
    };
    let names = kind.columns().into_iter().map(ToOwned::to_owned).collect();
    draft(kind.to_string(), IdentityOrigin::Usual, names, rows, total)
}

fn numbered(rows: Vec<u64>) -> Vec<(u64, String)> {
    rows.into_iter().map(|row| (row, String::new())).collect()
}

/// Rows that break an identity. A sum that lacks a term is no broken sum: where several rows are off by just what one more
/// column holds, that column belongs to it and is 0 or missing in the rows that made the sum seem to hold without it.
fn unexplained(frame: &Frame, found: &DiscoveredIdentity) -> Vec<u64> {
    let IdentityKind::Sum { total, terms } = &found.identity else {
        return found.broken.clone();
    };
    let sides = std::iter::once((-1, total)).chain(terms.iter().map(|(sign, name)| (*sign, name)));
    let sides: Vec<(f64, usize)> = sides
        .filter_map(|(sign, name)| Some((f64::from(sign), frame.position(name)?)))
        .collect();
    // How far each broken row is off, and how exactly that is known.
    let off: Vec<(u64, usize, f64, f64)> = found
        .broken
        .iter()
        .filter_map(|row| {
            let place = frame.rows.binary_search(row).ok()?;
            let mut rest = 0.0;
            let mut slack = 0.0;
            for (sign, column) in &sides {
                let value = frame.value(*column, place)?;
                rest += sign * value;
                slack += frame.rounding(*column);
            }
            Some((*row, place, rest, slack))
        })
        .collect();
    let mut best: Vec<u64> = Vec::new();
    for column in (0..frame.columns.len()).filter(|column| !sides.iter().any(|(_, side)| side == column)) {
        for sign in [1.0, -1.0] {
            let explained = off.iter().filter(|(_, place, rest, slack)| {
                let Some(value) = frame.value(column, *place) else {
                    return false;
                };
                let distance = (rest + sign * value).abs();
                distance <= SUM_TOLERANCE * rest.abs() + slack + frame.rounding(column)
            });
            let rows: Vec<u64> = explained.map(|(row, ..)| *row).collect();
            if rows.len() > best.len() {
                best = rows;
            }
        }
    }
    if best.len() < LEAST_EXPLAINED {
        return found.broken.clone();
    }
    let rows = found.broken.iter().copied();
    rows.filter(|row| best.binary_search(row).is_err()).collect()
}

/// A header that says % over values that are parts of one, or 倍 over values in percent.
fn wrong_unit(table: &TableMeta, found: &DiscoveredIdentity) -> Option<Draft> {
    let (result, factor) = match &found.identity {
        IdentityKind::Ratio { result, factor, .. }
        | IdentityKind::Margin { result, factor, .. }
        | IdentityKind::Growth { result, factor, .. } => (result, *factor),
        _ => return None,
    };
    let stated = table.column(result)?.unit?;
    let real = if factor == 100 { Unit::PERCENT } else { Unit::TIMES };
    if stated.base != Base::Ratio || stated == real {
        return None;
    }
    let kind = FindingKind::RatioUnit {
        stated: stated.to_string(),
        found: real.to_string(),
        identity: found.identity.to_string(),
    };
    Some(Draft::new(
        kind,
        Severity::Error,
        vec![result.clone()],
        found.support,
        found.total,
    ))
}

fn draft(
    identity: String,
    origin: IdentityOrigin,
    columns: Vec<String>,
    mut rows: Vec<(u64, String)>,
    of: u64,
) -> Option<Draft> {
    if rows.is_empty() {
        return None;
    }
    let severity = match origin {
        IdentityOrigin::Given => Severity::Error,
        IdentityOrigin::Discovered | IdentityOrigin::Usual => Severity::Warning,
    };
    let kind = FindingKind::IdentityBroken { identity, origin };
    let mut draft = Draft::new(kind, severity, columns, rows.len() as u64, of);
    rows.truncate(MOST_ROWS);
    draft.rows = rows;
    Some(draft)
}
