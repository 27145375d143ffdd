//! Stored ratios and margins: `资产负债率 = 总负债 / 总资产 * 100`, `毛利率 = (收入 - 成本) / 收入 * 100`.

use super::{DiscoveredIdentity, Frame, IdentityKind, RATIO_TOLERANCE, tally};

const PIVOTS: usize = 8;
/// So many pivots must agree before all rows are counted.
const AGREEING: usize = 4;
/// Ratios are at most this large, in percent or times.
const MOST: f64 = 2000.0;

/// One way to compute a stored ratio.
#[derive(Clone, Copy)]
enum Form {
    Ratio,
    Margin,
}

fn compute(form: Form, left: f64, right: f64, factor: f64) -> f64 {
    match form {
        Form::Ratio => left / right * factor,
        // The whole stands left.
        Form::Margin => (left - right) / left * factor,
    }
}

fn agrees(stored: f64, computed: f64, rounding: f64) -> bool {
    (stored - computed).abs() <= RATIO_TOLERANCE * stored.abs().max(computed.abs()) + rounding * 2.2
}

/// Stored ratios and margins. Of several that explain one column the best is kept.
pub(super) fn ratios(frame: &Frame, columns: &[usize]) -> Vec<DiscoveredIdentity> {
    let pivots = frame.pivots(PIVOTS);
    let mut found = Vec::new();
    for result in columns
        .iter()
        .copied()
        .filter(|column| (1e-4..MOST).contains(&frame.size(*column)))
    {
        let mut best: Option<DiscoveredIdentity> = None;
        for left in columns.iter().copied().filter(|column| *column != result) {
            // Both operands are amounts: much larger than the ratio.
            if frame.size(left) < frame.size(result) * 20.0 {
                continue;
            }
            for right in columns
                .iter()
                .copied()
                .filter(|column| *column != result && *column != left)
            {
                if frame.size(right) < frame.size(result) * 20.0 {
                    continue;
                }
                for (form, factor) in [
                    (Form::Ratio, 100),
                    (Form::Ratio, 1),
                    (Form::Margin, 100),
                    (Form::Margin, 1),
                ] {
                    // Of equals the plain ratio is the better explanation.
                    let rank = |identity: &DiscoveredIdentity| {
                        (
                            identity.support,
                            matches!(identity.identity, IdentityKind::Ratio { .. }),
                        )
                    };
                    let better = try_one(frame, &pivots, (result, left, right), form, factor)
                        .filter(|found| best.as_ref().is_none_or(|best| rank(found) > rank(best)));
                    best = better.or(best);
                }
            }
        }
        found.extend(best);
    }
    found
}

fn try_one(
    frame: &Frame,
    pivots: &[usize],
    (result, left, right): (usize, usize, usize),
    form: Form,
    factor: u32,
) -> Option<DiscoveredIdentity> {
    let test = |row: usize| {
        let (stored, a, b) = (
            frame.value(result, row)?,
            frame.value(left, row)?,
            frame.value(right, row)?,
        );
        let shows = stored.abs() > frame.rounding(result) * 10.0 && a != 0.0 && b != 0.0;
        shows.then(|| {
            agrees(
                stored,
                compute(form, a, b, f64::from(factor)),
                frame.rounding(result),
            )
        })
    };
    let agreeing = pivots.iter().filter(|row| test(**row) == Some(true)).count();
    let tested = pivots.iter().filter(|row| test(**row).is_some()).count();
    if agreeing < AGREEING.min(tested) || agreeing == 0 {
        return None;
    }
    let kind = match form {
        Form::Ratio => IdentityKind::Ratio {
            result: frame.name(result),
            numerator: frame.name(left),
            denominator: frame.name(right),
            factor,
        },
        Form::Margin => IdentityKind::Margin {
            result: frame.name(result),
            whole: frame.name(left),
            part: frame.name(right),
            factor,
        },
    };
    tally(frame, kind, test)
}
