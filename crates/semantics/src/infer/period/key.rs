//! Whether subject and period, perhaps with some dimensions, determine a row.

use std::collections::BTreeSet;

use super::{YEARS, is_called};
use crate::catalog::{Agg, TimeBehaviour};
use crate::infer::draft::{Draft, Role, TableDraft};
use crate::infer::lexicon::Section;

/// Whether entities and period, perhaps with some dimensions, determine a row. Runs when dimensions are known.
pub(crate) fn uniqueness(draft: &mut Draft<'_>) {
    for index in 0..draft.tables.len() {
        let Some(table) = draft.tables.get_mut(index) else {
            continue;
        };
        if table.left {
            continue;
        }
        let found = table
            .profile
            .unique_keys
            .iter()
            .filter_map(|key| extra_dimensions(table, key))
            .min_by_key(BTreeSet::len);
        if let Some(extra) = found {
            table.key_dimensions = extra;
            continue;
        }
        let series = table.section.is_some_and(Section::is_series);
        table.unique = (series && table.period.is_some())
            || (table.profile.unique_keys.is_empty() && table.home_of.is_some());
        if !table.unique {
            events(table);
        }
        let path = format!("tables.{}.unique", table.name);
        if table.unique {
            draft.unsure(
                path,
                "没有数据证明主体加期间唯一确定一行；先按唯一处理，重复且不一致的行取为缺失",
                "nothing shows that subject and period determine a row; taken as unique, so that rows that repeat and differ count as missing",
                "true",
                vec!["false".to_owned()],
            );
        } else if table.period.is_some() || !table.entities.is_empty() {
            draft.unsure(
                path,
                "主体加期间不能唯一确定一行，按流水（事件）处理",
                "subject and period do not determine a row; taken as a table of events",
                "false",
                vec!["true".to_owned()],
            );
        }
    }
}

/// The dimensions that a unique key has beside entities and period; `None` when it has other columns.
fn extra_dimensions(table: &TableDraft<'_>, key: &[String]) -> Option<BTreeSet<String>> {
    let mut extra = BTreeSet::new();
    for name in key {
        let column = table.columns.get(table.position(name)?)?;
        match &column.role {
            Role::Key | Role::Period => {}
            Role::Dimension(dimension, ..) => {
                extra.insert(dimension.clone());
            }
            // A name stands for its key, a second year column for the first.
            Role::Name => {}
            Role::Left if is_called(column.profile, &column.keys, &YEARS) => {}
            _ => return None,
        }
    }
    (!key.is_empty()).then_some(extra)
}

/// In a table of events a group has several prices or rates even of one subject: their mean, and a note that says so.
fn events(table: &mut TableDraft<'_>) {
    for column in &mut table.columns {
        if let Role::Measure(measure) = &mut column.role
            && measure.time == TimeBehaviour::Rate
            && measure.agg == Agg::Sum
        {
            measure.agg = Agg::Mean;
        }
    }
}
