//! Measures that count: subjects in their home table or the fullest series of them, rows of tables of events.

use jinsheng_core::Unit;

use crate::catalog::{Agg, Measure, TimeBehaviour};
use crate::infer::draft::Draft;
use crate::infer::lexicon::{Lexicon, Section};

/// Counts the subjects of a home table.
pub(super) fn homes(draft: &mut Draft<'_>, index: usize) {
    let lexicon = Lexicon::get();
    let Some(table) = draft.tables.get_mut(index) else {
        return;
    };
    let Some(entity) = table.home_of.clone() else {
        return;
    };
    let Some(kind) = lexicon.entities.iter().find(|kind| kind.id == entity) else {
        return;
    };
    if let Some(count) = &kind.count
        && let Some(column) = table
            .entities
            .get(&entity)
            .and_then(|position| table.columns.get(*position))
    {
        let measure = Measure {
            column: Some(column.profile.name.clone()),
            agg: Agg::CountDistinct,
            unit: count.unit,
            time: TimeBehaviour::Static,
            missing: Vec::new(),
        };
        table.counts.push((count.id.clone(), measure));
    }
}

/// Counts of subjects that have no home table, over the fullest series of them; rows of tables of events.
pub(crate) fn late_counts(draft: &mut Draft<'_>) {
    let lexicon = Lexicon::get();
    for kind in &lexicon.entities {
        let Some(count) = &kind.count else { continue };
        if draft
            .tables
            .iter()
            .any(|table| !table.left && table.counts.iter().any(|(name, _)| *name == count.id))
        {
            continue;
        }
        let best = draft
            .tables
            .iter()
            .enumerate()
            .filter(|(_, table)| {
                !table.left && table.unique && table.period.is_some() && table.entities.contains_key(&kind.id)
            })
            .max_by_key(|(index, table)| {
                (
                    table.entities.len() == 1,
                    table.section.is_some_and(Section::is_statement),
                    table.profile.rows,
                    std::cmp::Reverse(*index),
                )
            })
            .map(|(index, _)| index);
        if let Some(table) = best.and_then(|index| draft.tables.get_mut(index))
            && let Some(column) = table
                .entities
                .get(&kind.id)
                .and_then(|position| table.columns.get(*position))
        {
            let measure = Measure {
                column: Some(column.profile.name.clone()),
                agg: Agg::CountDistinct,
                unit: count.unit,
                time: TimeBehaviour::Stock,
                missing: Vec::new(),
            };
            table.counts.push((count.id.clone(), measure));
        }
    }
    for table in draft
        .tables
        .iter_mut()
        .filter(|table| !table.left && !table.unique)
    {
        let time = if table.period.is_some() {
            TimeBehaviour::Flow
        } else {
            TimeBehaviour::Static
        };
        let measure = Measure {
            column: None,
            agg: Agg::Count,
            unit: Unit::COUNT,
            time,
            missing: Vec::new(),
        };
        table.counts.push((format!("{}_count", table.name), measure));
    }
}
