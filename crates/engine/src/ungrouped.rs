//! Says where a figure is that of many subjects together and nothing in the result tells so: under the name of one figure
//! a sum over all looks like that of one.

use std::collections::BTreeSet;

use jinsheng_semantics::bind::{BoundFilter, BoundQuery, DimensionRef, Leaf, Note};
use jinsheng_semantics::catalog::{Agg, Catalog};
use jinsheng_semantics::query::Test;

/// The note, where it is due: no dimension is shown, and a sum goes over subjects of which no filter leaves one.
pub(crate) fn note(bound: &BoundQuery, view: &Catalog) -> Option<Note> {
    if !bound.context.dimensions.iter().all(|dimension| dimension.hidden) {
        return None;
    }
    let one = |entity: &str, filters: &[BoundFilter]| {
        let same = DimensionRef::Entity(entity.to_owned());
        filters.iter().any(|filter| {
            filter.dimension == same && matches!(&filter.test, Test::In(keys) if keys.len() == 1)
        })
    };
    let mut metrics = BTreeSet::new();
    let mut over = BTreeSet::new();
    for leaf in &bound.context.leaves {
        let Leaf::Measure(leaf) = leaf else { continue };
        let Some(table) = view.table(&leaf.table) else {
            continue;
        };
        let sums = table
            .measures
            .get(&leaf.measure)
            .is_some_and(|measure| measure.agg == Agg::Sum);
        let pinned = |entity: &str| one(entity, &bound.filters) || one(entity, &leaf.filters);
        let entities: Vec<&String> = table.entities.keys().filter(|entity| !pinned(entity)).collect();
        // What is left of a key that is pinned is not a sum over subjects of its kind.
        if !sums || entities.is_empty() || entities.len() < table.entities.len() {
            continue;
        }
        let reference = format!("{}.{}", leaf.table, leaf.measure);
        let mut known = view.file().metrics.iter();
        let name = known.find(|(_, metric)| metric.measure.as_ref() == Some(&reference));
        metrics.insert(format!("`{}`", name.map_or(&leaf.measure, |(name, _)| name)));
        over.extend(entities.into_iter().map(|entity| format!("`{entity}`")));
    }
    if metrics.is_empty() {
        return None;
    }
    let (metrics, over): (Vec<String>, Vec<String>) =
        (metrics.into_iter().collect(), over.into_iter().collect());
    let by = over.first().map_or("", |entity| entity.trim_matches('`'));
    let (metrics, over) = (metrics.join(", "), over.join(", "));
    Some(Note {
        code: "ungrouped",
        text: (
            format!("{metrics} 是各 {over} 的合计；分开看请加 by {by}"),
            format!("{metrics}: added up over {over}; `by {by}` shows each"),
        ),
    })
}
