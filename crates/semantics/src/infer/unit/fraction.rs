//! Ratios that are taken for percentages by their name alone although their size is that of fractions.

use jinsheng_core::Unit;
use rust_decimal::Decimal;

use super::range;
use crate::infer::draft::Draft;
use crate::infer::profile::{IdentityKind, TableProfile};

/// Lists measures in % that nobody declares, that no equation proves and whose values all are within 1.5 of zero: a
/// growth of 10 % may be stored as 0.1.
pub(super) fn doubt(draft: &mut Draft<'_>, index: usize) {
    let Some(table) = draft.tables.get(index) else {
        return;
    };
    let near = Decimal::new(15, 1);
    let mut doubtful = Vec::new();
    for column in &table.columns {
        let Some(measure) = column.measure().filter(|measure| measure.unit == Unit::PERCENT) else {
            continue;
        };
        let Some((min, max)) = range(column.profile) else {
            continue;
        };
        let zero = min.is_zero() && max.is_zero();
        if column.declared.is_some() || zero || min < -near || max > near {
            continue;
        }
        if !is_proven(table.profile, &column.profile.name) {
            doubtful.push((
                format!("tables.{}.measures.{}.unit", table.name, measure.name),
                min,
                max,
            ));
        }
    }
    for (path, min, max) in doubtful {
        draft.unsure(
            path,
            format!("没有写单位，只按名称取 %，但各值都在 {min} 与 {max} 之间，也可能是小数形式的比例（0.1 即 10%）"),
            format!(
                "no unit is stated and % is taken by the name alone, but all values are between {min} and {max}: \
                 they may be fractions (0.1 for 10 %)"
            ),
            Unit::PERCENT.to_string(),
            vec![Unit::TIMES.to_string()],
        );
    }
}

/// True when the data obeys an equation by which the column is a percentage.
fn is_proven(profile: &TableProfile, column: &str) -> bool {
    profile.identities.iter().any(|identity| {
        matches!(&identity.kind, IdentityKind::Ratio { ratio, percent: true, .. }
            | IdentityKind::Growth { rate: ratio, percent: true, .. } if ratio == column)
            && identity.holds(50)
    })
}
