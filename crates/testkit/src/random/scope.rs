//! Random Scopes.

use std::collections::BTreeSet;

use jinsheng_core::{RowFilter, Scope};

use super::pool::Pool;
use super::rng::Rng;

/// A random Scope from a seed: up to two row filters on dimensions of the catalog, now and then one that allows nothing
/// or a value that no row has.
pub fn scope(pool: &Pool, seed: u64) -> Scope {
    let mut rng = Rng::new(seed);
    let Some(count) = rng.weighted(&[(10, 0), (60, 1), (30, 2)]) else {
        return Scope::full();
    };
    let mut filters = Vec::new();
    for _ in 0..count {
        let Some(dimension) = rng.pick(&pool.dimensions) else {
            continue;
        };
        let known = u32::try_from(dimension.values.len()).unwrap_or(u32::MAX);
        let size = match rng.weighted(&[(6, 0), (30, 1), (64, 2)]) {
            Some(0) => 0,
            Some(1) => rng.between(1, 2),
            _ => rng.between(1, known.max(1)),
        };
        let mut values: BTreeSet<String> = rng.some(&dimension.values, size).into_iter().collect();
        if dimension.text && rng.percent(8) {
            values.insert("没有这个值".to_owned());
        }
        filters.push(RowFilter {
            dimension: dimension.name.clone(),
            values,
        });
    }
    Scope::restricted("random", filters, [])
}

/// The Scope with one filter less.
pub(super) fn simpler(scope: &Scope) -> Vec<Scope> {
    let filters: Vec<RowFilter> = scope
        .row_filters()
        .map(|(dimension, values)| RowFilter {
            dimension: dimension.to_owned(),
            values: values.clone(),
        })
        .collect();
    (0..filters.len())
        .map(|left_out| {
            let kept = filters.iter().enumerate().filter(|(at, _)| *at != left_out);
            Scope::restricted("random", kept.map(|(_, filter)| filter.clone()), [])
        })
        .collect()
}
