//! Rows that break an identity, given by the user or found in the data.

use jinsheng_core::{Base, Unit};

use super::rows::MOST_ROWS;
use super::{Draft, FindingKind, Identity, Severity};
use crate::columns::numbers_of;
use crate::identity::{DiscoveredIdentity, Frame, IdentityKind, SUM_TOLERANCE, discover};
use crate::{DataError, TableMeta, Warehouse};

/// In fewer rows another column may fit what is missing by chance.
const LEAST_EXPLAINED: usize = 3;

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
        drafts.extend(draft(text, false, names, broken, of));
    }
    Ok(drafts)
}

/// Identities found in the data that some rows break, and ratios in another unit than their header says.
pub(super) fn broken(table: &TableMeta, frame: &Frame) -> Result<Vec<Draft>, DataError> {
    let mut drafts = Vec::new();
    for found in discover(frame)? {
        let names = found
            .identity
            .columns()
            .into_iter()
            .map(ToOwned::to_owned)
            .collect();
        let text = found.identity.to_string();
        drafts.extend(wrong_unit(table, &found));
        let rows = unexplained(frame, &found);
        if let Some(mut draft) = draft(text, true, names, rows, found.total) {
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
    discovered: bool,
    columns: Vec<String>,
    mut rows: Vec<u64>,
    of: u64,
) -> Option<Draft> {
    if rows.is_empty() {
        return None;
    }
    let severity = if discovered {
        Severity::Warning
    } else {
        Severity::Error
    };
    let kind = FindingKind::IdentityBroken { identity, discovered };
    let mut draft = Draft::new(kind, severity, columns, rows.len() as u64, of);
    rows.truncate(MOST_ROWS);
    draft.rows = rows.into_iter().map(|row| (row, String::new())).collect();
    Some(draft)
}
