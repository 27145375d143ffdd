//! Stored growth rates over the same period a year before.

use super::{DiscoveredIdentity, Frame, IdentityKind, RATIO_TOLERANCE, tally};

/// Pairs of rows on which a candidate is tried first.
const PIVOTS: usize = 40;

/// Growth rates of one column each; the best explanation of a column is kept.
pub(super) fn growth(frame: &Frame, columns: &[usize]) -> Vec<DiscoveredIdentity> {
    let linked: Vec<usize> = (0..frame.rows.len())
        .filter(|row| before(frame, *row).is_some())
        .collect();
    if linked.is_empty() {
        return Vec::new();
    }
    let step = (linked.len() / PIVOTS).max(1);
    let pivots: Vec<usize> = linked.iter().copied().step_by(step).collect();
    let mut found = Vec::new();
    for result in columns
        .iter()
        .copied()
        .filter(|column| frame.size(*column) > 0.0 && frame.size(*column) < 2000.0)
    {
        let mut best: Option<DiscoveredIdentity> = None;
        for of in columns.iter().copied().filter(|column| *column != result) {
            for factor in [100, 1] {
                let test = |row: usize| {
                    let previous = before(frame, row)?;
                    let (stored, now, then) = (
                        frame.value(result, row)?,
                        frame.value(of, row)?,
                        frame.value(of, previous)?,
                    );
                    let shows = then != 0.0 && stored.abs() > frame.rounding(result) * 10.0;
                    shows.then(|| {
                        let computed = (now - then) / then.abs() * f64::from(factor);
                        let slack =
                            RATIO_TOLERANCE * (stored.abs().max(computed.abs()) + 0.02 * f64::from(factor));
                        (stored - computed).abs() <= slack + frame.rounding(result) * 2.2
                    })
                };
                let agreeing = pivots.iter().filter(|row| test(**row) == Some(true)).count();
                let tested = pivots.iter().filter(|row| test(**row).is_some()).count();
                if agreeing * 2 < tested || agreeing == 0 {
                    continue;
                }
                let kind = IdentityKind::Growth {
                    result: frame.name(result),
                    of: frame.name(of),
                    factor,
                };
                let better = tally(frame, kind, test)
                    .filter(|identity| best.as_ref().is_none_or(|best| identity.support > best.support));
                best = better.or(best);
            }
        }
        found.extend(best);
    }
    found
}

fn before(frame: &Frame, row: usize) -> Option<usize> {
    frame.year_before.get(row).copied().flatten()
}
