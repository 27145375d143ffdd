//! Random Scopes: rows that are filtered, names that are hidden, and both at once.

use std::collections::BTreeSet;

use jinsheng_core::{RowFilter, Scope};
use jinsheng_semantics::catalog::ResolvedDimension;

use super::pool::Pool;
use super::rng::Rng;

/// A random Scope from a seed: up to two row filters on dimensions of the catalog, now and then one that allows nothing
/// or a value that no row has; and in a third of them up to two hidden names, sometimes those that rows are filtered by.
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
    let mut hidden = Vec::new();
    if rng.percent(33) {
        for _ in 0..rng.between(1, 2) {
            hidden.extend(hidden_name(pool, &filters, &mut rng));
        }
    }
    Scope::restricted("random", filters, hidden)
}

/// A table, now and then; a dimension that rows are filtered by; or any measure or dimension.
fn hidden_name(pool: &Pool, filters: &[RowFilter], rng: &mut Rng) -> Option<String> {
    let catalog = &pool.catalog;
    match rng.weighted(&[(15, 0), (35, 1), (50, 2)]) {
        Some(0) => {
            let tables: Vec<&String> = catalog.file().tables.keys().collect();
            rng.pick(&tables).map(|table| (*table).clone())
        }
        Some(1) => {
            let filtered = filters
                .iter()
                .filter_map(|filter| catalog.dimension(&filter.dimension).ok());
            let columns: Vec<String> = filtered
                .filter_map(|dimension| match dimension {
                    ResolvedDimension::Column(table, name) => Some(format!("{table}.{name}")),
                    ResolvedDimension::Entity(_) => None,
                })
                .collect();
            rng.pick(&columns).cloned()
        }
        _ => {
            let tables = catalog.file().tables.iter();
            let names: Vec<String> = tables
                .flat_map(|(table_name, table)| {
                    let names = table.measures.keys().chain(table.dimensions.keys());
                    names.map(move |name| format!("{table_name}.{name}"))
                })
                .collect();
            rng.pick(&names).cloned()
        }
    }
}

/// The Scope with one filter or one hidden name less.
pub(super) fn simpler(scope: &Scope) -> Vec<Scope> {
    let filters: Vec<RowFilter> = scope
        .row_filters()
        .map(|(dimension, values)| RowFilter {
            dimension: dimension.to_owned(),
            values: values.clone(),
        })
        .collect();
    let hidden: Vec<String> = scope.hidden().map(str::to_owned).collect();
    let fewer_filters = (0..filters.len()).map(|left_out| {
        let kept = filters.iter().enumerate().filter(|(at, _)| *at != left_out);
        Scope::restricted("random", kept.map(|(_, filter)| filter.clone()), hidden.clone())
    });
    let fewer_hidden = (0..hidden.len()).map(|left_out| {
        let kept = hidden.iter().enumerate().filter(|(at, _)| *at != left_out);
        Scope::restricted("random", filters.clone(), kept.map(|(_, name)| name.clone()))
    });
    fewer_filters.chain(fewer_hidden).collect()
}
