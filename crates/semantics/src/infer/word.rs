//! Who owns a word: every synonym belongs to one metric, and those that several wanted are listed for a person.

use std::collections::{BTreeMap, BTreeSet};

use jinsheng_text::fold;

use super::draft::Draft;
use super::lexicon::Lexicon;
use super::metric::Metrics;
use crate::catalog::{Catalog, Group};

/// Gives words to metrics and groups.
pub(crate) fn share_out(
    draft: &mut Draft<'_>,
    metrics: &mut Metrics,
    existing: Option<&Catalog>,
) -> BTreeMap<String, Group> {
    let mut owner: BTreeMap<String, String> = BTreeMap::new();
    if let Some(catalog) = existing {
        for (id, metric) in &catalog.file().metrics {
            for word in metric
                .synonyms
                .iter()
                .chain([&metric.label.zh, &metric.label.en, id])
            {
                owner.insert(fold(word), id.clone());
            }
        }
    }
    let mut order: Vec<String> = metrics.by_id.keys().cloned().collect();
    order.sort_by_key(|id| metrics.by_id.get(id).map(|metric| (metric.order, id.clone())));
    claim_labels(draft, metrics, &order, &mut owner);
    let mut wanted: BTreeMap<String, (String, Vec<String>)> = BTreeMap::new();
    for id in &order {
        let Some(metric) = metrics.by_id.get_mut(id) else {
            continue;
        };
        for word in std::mem::take(&mut metric.strong) {
            claim(
                &mut owner,
                &mut metric.metric.synonyms,
                id,
                &word,
                &mut wanted,
                &metric.metric.label,
            );
        }
    }
    order.sort_by_key(|id| {
        metrics
            .by_id
            .get(id)
            .map(|metric| (!metric.first, metric.order, id.clone()))
    });
    for id in &order {
        let Some(metric) = metrics.by_id.get_mut(id) else {
            continue;
        };
        for word in std::mem::take(&mut metric.loose) {
            claim(
                &mut owner,
                &mut metric.metric.synonyms,
                id,
                &word,
                &mut wanted,
                &metric.metric.label,
            );
        }
    }
    for (word, (text, losers)) in wanted {
        let Some(winner) = owner.get(&word).cloned() else {
            continue;
        };
        draft.unsure(
            format!("metrics.{winner}.synonyms"),
            format!("「{text}」归 {winner}，也可能指 {}", losers.join("、")),
            format!(
                "`{text}` is taken as {winner}; it may also mean {}",
                losers.join(", ")
            ),
            winner,
            losers,
        );
    }
    groups(metrics, &mut owner, existing)
}

/// Labels and ids come before all synonyms; two metrics with one label are told apart by a person.
fn claim_labels(
    draft: &mut Draft<'_>,
    metrics: &Metrics,
    order: &[String],
    owner: &mut BTreeMap<String, String>,
) {
    let mut notes = Vec::new();
    for id in order {
        let Some(metric) = metrics.by_id.get(id) else {
            continue;
        };
        owner.entry(fold(id)).or_insert_with(|| id.clone());
        for label in [&metric.metric.label.zh, &metric.metric.label.en] {
            let key = fold(label);
            if key.is_empty() {
                continue;
            }
            match owner.get(&key) {
                Some(other) if other != id => notes.push((id.clone(), label.clone(), other.clone())),
                _ => {
                    owner.insert(key, id.clone());
                }
            }
        }
    }
    for (id, label, other) in notes {
        draft.unsure(
            format!("metrics.{id}.label"),
            format!("名称「{label}」与指标 {other} 相同，提问时按 {other} 理解；请改名"),
            format!("its label `{label}` is also that of {other}, which a question will be taken to mean; rename one"),
            other.clone(),
            vec![id],
        );
    }
}

fn claim(
    owner: &mut BTreeMap<String, String>,
    synonyms: &mut Vec<String>,
    id: &str,
    word: &str,
    wanted: &mut BTreeMap<String, (String, Vec<String>)>,
    label: &jinsheng_core::Localised,
) {
    let key = fold(word);
    if key.is_empty() || key == fold(&label.zh) || key == fold(&label.en) || key == fold(id) {
        return;
    }
    match owner.get(&key) {
        None => {
            owner.insert(key, id.to_owned());
            synonyms.push(word.trim().to_owned());
        }
        Some(other) if other == id => {}
        Some(_) => {
            let entry = wanted.entry(key).or_insert_with(|| (word.to_owned(), Vec::new()));
            if !entry.1.iter().any(|loser| loser == id) {
                entry.1.push(id.to_owned());
            }
        }
    }
}

/// Groups of which at least two metrics exist.
fn groups(
    metrics: &Metrics,
    owner: &mut BTreeMap<String, String>,
    existing: Option<&Catalog>,
) -> BTreeMap<String, Group> {
    let mut groups = BTreeMap::new();
    let known: BTreeSet<&String> = existing
        .map(|catalog| catalog.file().groups.keys().collect())
        .unwrap_or_default();
    for kind in &Lexicon::get().groups {
        let members: Vec<String> = kind
            .metrics
            .iter()
            .filter(|metric| metrics.entities(metric).is_some())
            .cloned()
            .collect();
        let labelled = owner.contains_key(&fold(&kind.label.zh)) || owner.contains_key(&fold(&kind.label.en));
        // Half of a group is another thing: 三费 without 财务费用 is no 三费.
        let whole =
            members.len() == kind.metrics.len() || (members.len() >= 2 && !kind.id.ends_with("_fees"));
        if !whole || labelled || known.contains(&kind.id) {
            continue;
        }
        let mut synonyms = Vec::new();
        for word in &kind.synonyms {
            if let std::collections::btree_map::Entry::Vacant(entry) = owner.entry(fold(word)) {
                entry.insert(kind.id.clone());
                synonyms.push(word.clone());
            }
        }
        owner.insert(fold(&kind.label.zh), kind.id.clone());
        groups.insert(
            kind.id.clone(),
            Group {
                label: kind.label.clone(),
                synonyms,
                metrics: members,
            },
        );
    }
    groups
}
