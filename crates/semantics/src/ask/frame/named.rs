//! Names of subjects and values: those that belong to what is asked for, and a question back where a name may mean several.

use std::collections::{BTreeMap, BTreeSet};

use super::Frame;
use crate::ask::build::tables_of;
use crate::ask::clause::{Clause, Flag};
use crate::ask::lexicon::Sense;
use crate::ask::{Choice, Clarify, Reading, Refusal, Understanding};
use crate::catalog::{ResolvedDimension, metric_names};
use crate::query::{Expr, Filter, Test};

/// A word that is the name of several metrics.
pub(super) fn ambiguous(clause: &Clause) -> Result<(), Reading> {
    let Some(value) = clause.values.iter().find(|value| !value.others.is_empty()) else {
        return Ok(());
    };
    let Expr::Metric(first) = &value.base else {
        return Ok(());
    };
    let options = [&first.name].into_iter().chain(&value.others).map(|name| Choice {
        label: (name.clone(), name.clone()),
        question: clause.text.replacen(&value.text, name, 1),
    });
    Err(Reading::Clarify(Clarify {
        question: (
            format!("「{}」指哪个指标？", value.text),
            format!("which metric is meant by `{}`?", value.text),
        ),
        options: options.collect(),
        frame: None,
    }))
}

/// Subjects and values of dimensions, as far as they belong to what is asked for. A word that may mean several is asked
/// back.
pub(super) fn named(clause: &Clause, frame: &mut Frame, with: &Understanding) -> Result<(), Reading> {
    let mut filters: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (text, senses) in &clause.named {
        let fitting: Vec<&Sense> = senses
            .iter()
            .filter(|sense| match sense {
                Sense::Member(entity, _) => reaches(frame, entity, with),
                Sense::Value(dimension, _) => reaches(frame, dimension, with),
                _ => false,
            })
            .collect();
        let fitting = preferred(fitting, clause);
        let same_value = |sense: &&Sense| match sense {
            Sense::Value(_, value) => Some(value.clone()),
            _ => None,
        };
        let values: BTreeSet<String> = fitting.iter().filter_map(same_value).collect();
        let one = fitting.len() == 1
            || (values.len() == 1 && fitting.iter().all(|sense| matches!(sense, Sense::Value(..))));
        match fitting.first() {
            // 除了云南白药: all but this one.
            Some(Sense::Member(entity, key)) if one && clause.has(Flag::Except) => {
                filters.entry(entity.clone()).or_default().insert(key.clone());
            }
            Some(Sense::Member(entity, key)) if one => {
                frame
                    .subjects
                    .entry(entity.clone())
                    .or_default()
                    .push(key.clone());
            }
            Some(Sense::Value(dimension, value)) if one => {
                filters
                    .entry(dimension.clone())
                    .or_default()
                    .insert(value.clone());
            }
            Some(_) => return Err(which(text, &fitting, clause, with)),
            None => return Err(Reading::Refuse(unrelated(text, senses, with))),
        }
    }
    for keys in frame.subjects.values_mut() {
        let mut seen = BTreeSet::new();
        keys.retain(|key| seen.insert(key.clone()));
    }
    // 公募和理财各多少: each of the values named is a group.
    for (dimension, values) in &filters {
        if values.len() > 1 && clause.has(Flag::Each) && !frame.groups.contains(dimension) {
            frame.groups.push(dimension.clone());
        }
    }
    let except = clause.has(Flag::Except);
    frame
        .filters
        .extend(filters.into_iter().map(|(dimension, values)| Filter {
            dimension,
            test: if except {
                Test::NotIn(values)
            } else {
                Test::In(values)
            },
        }));
    Ok(())
}

/// Of several meanings those of the kind that is named beside; in front of a kind of subject, values of its dimensions.
fn preferred<'s>(fitting: Vec<&'s Sense>, clause: &Clause) -> Vec<&'s Sense> {
    if fitting.len() < 2 {
        return fitting;
    }
    let of = |keep: &dyn Fn(&Sense) -> bool| -> Vec<&'s Sense> {
        fitting.iter().copied().filter(|sense| keep(sense)).collect()
    };
    let named = of(&|sense| matches!(sense, Sense::Member(entity, _) if clause.entities.contains(entity)));
    let values = of(&|sense| matches!(sense, Sense::Value(..)));
    match (named.is_empty(), values.is_empty()) {
        (_, false) if !clause.entities.is_empty() || clause.has(Flag::Peers) || clause.has(Flag::Which) => {
            values
        }
        (false, _) => named,
        _ => fitting,
    }
}

/// Which of several is meant?
fn which(text: &str, fitting: &[&Sense], clause: &Clause, with: &Understanding) -> Reading {
    let options = fitting.iter().take(9).map(|sense| {
        let (key, shown) = match sense {
            Sense::Member(entity, key) => (key.clone(), with.shown(entity, key)),
            Sense::Value(_, value) => (value.clone(), value.clone()),
            _ => (String::new(), String::new()),
        };
        Choice {
            label: (shown.clone(), shown),
            // The space keeps a code apart from a year behind it.
            question: clause.text.replacen(text, &format!("{key} "), 1),
        }
    });
    Reading::Clarify(Clarify {
        question: (
            format!("「{text}」指哪一个？"),
            format!("which one is meant by `{text}`?"),
        ),
        options: options.collect(),
        frame: None,
    })
}

/// A name that has nothing to do with the figure asked for.
fn unrelated(text: &str, senses: &[Sense], with: &Understanding) -> Refusal {
    let mut refusal = Refusal::new(
        "no_such_figure",
        format!("所问的指标与「{text}」没有关联"),
        format!("the figure asked for has nothing to do with `{text}`"),
    );
    refusal.missing = vec![text.to_owned()];
    refusal.nearest = senses
        .iter()
        .filter_map(|sense| match sense {
            Sense::Member(entity, _) => with.catalog.entity(entity).map(|entity| entity.label.zh.clone()),
            _ => None,
        })
        .take(1)
        .collect();
    refusal
}

/// Whether a dimension can be reached from the tables of the values asked for, or there are none.
fn reaches(frame: &Frame, dimension: &str, with: &Understanding) -> bool {
    let catalog = &with.catalog;
    let Ok(resolved) = catalog.dimension(dimension) else {
        return false;
    };
    let mut names = BTreeSet::new();
    for value in &frame.values {
        metric_names(&value.expr, &mut names);
    }
    let tables: BTreeSet<String> = names.iter().flat_map(|name| tables_of(catalog, name)).collect();
    // A table of what both have to do with: clients who hold products.
    let both = |entity: &str, other: ResolvedDimension<'_>| {
        catalog.file().tables.keys().any(|table| {
            let entity = catalog.path(table, ResolvedDimension::Entity(entity));
            entity.is_some() && catalog.path(table, other).is_some()
        })
    };
    if tables.is_empty() {
        return match resolved {
            ResolvedDimension::Column(table, _) => catalog.table(table).is_some_and(|table| {
                frame
                    .entity
                    .as_ref()
                    .is_none_or(|entity| table.entities.contains_key(entity) || both(entity, resolved))
            }),
            ResolvedDimension::Entity(_) => true,
        };
    }
    tables.iter().all(|table| catalog.path(table, resolved).is_some())
}
