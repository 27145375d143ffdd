//! Stored growth rates: which figure grows, and against what.

use super::{Metrics, concept_id, concepts_present, reference};
use crate::catalog::{GrowthOf, PeriodColumns};
use crate::infer::draft::{Draft, Meaning, TableDraft};
use crate::infer::lexicon::Lexicon;
use crate::infer::profile::{GrowthKind, IdentityKind};
use crate::query::ChangeKind;

/// Ties stored growth rates to what grows, unless data or dictionary speak against it.
pub(crate) fn tie(draft: &mut Draft<'_>, metrics: &mut Metrics) {
    let of_column = metrics.of_column.clone();
    let mut notes = Vec::new();
    for ((table_index, column_index), id) in &of_column {
        let Some(table) = draft.tables.get(*table_index) else {
            continue;
        };
        let Some(column) = table.columns.get(*column_index) else {
            continue;
        };
        let Meaning::Growth { base, kind, sure, .. } = &column.meaning else {
            continue;
        };
        let is_first = metrics.by_id.get(id).is_some_and(|metric| {
            metric.metric.measure.as_deref() == reference(draft, (*table_index, *column_index)).as_deref()
        });
        if !is_first {
            continue;
        }
        let path = format!("metrics.{id}.growth_of");
        let base_id = base.and_then(|base| base_metric(draft, metrics, base, *table_index));
        let Some(base_id) = base_id else {
            continue;
        };
        let proof = proof(table, &column.profile.name);
        let against_start = says_year_end(&column.description) && *kind == GrowthKind::Yoy;
        let change = match proof {
            Some(GrowthKind::SinceYearEnd) => {
                notes.push((path, Note::YearEnd(base_id)));
                continue;
            }
            Some(GrowthKind::Yoy) => ChangeKind::Yoy,
            Some(GrowthKind::Qoq) => ChangeKind::Qoq,
            None if *kind == GrowthKind::SinceYearEnd || against_start => {
                notes.push((path, Note::YearEnd(base_id)));
                continue;
            }
            None if *kind == GrowthKind::Qoq => ChangeKind::Qoq,
            None => ChangeKind::Yoy,
        };
        if proof.is_none() && !sure {
            notes.push((path, Note::Bare(base_id.clone())));
        }
        if table
            .period
            .as_ref()
            .is_none_or(|period| matches!(period, PeriodColumns::Year { .. }) && change == ChangeKind::Qoq)
        {
            continue;
        }
        if let Some(metric) = metrics.by_id.get_mut(id) {
            metric.metric.growth_of = Some(GrowthOf {
                metric: base_id,
                change,
            });
        }
    }
    for (path, note) in notes {
        let (zh, en, choice, alternatives) = note.text();
        draft.unsure(path, zh, en, choice, alternatives);
    }
}

enum Note {
    YearEnd(String),
    Bare(String),
}

impl Note {
    fn text(self) -> (String, String, String, Vec<String>) {
        match self {
            Self::YearEnd(base) => (
                "名称是同比，但字典或数据表明是较上年末的变动；未作为同比关联，提问同比时按数据计算".to_owned(),
                "called year on year, but the dictionary or the data says since the end of last year; not tied, so that year-on-year questions are computed"
                    .to_owned(),
                "none".to_owned(),
                vec![format!("yoy of {base}")],
            ),
            Self::Bare(base) => (
                "只写增长率，未写与何时相比，按同比处理".to_owned(),
                "a growth rate that does not say against what; taken as year on year".to_owned(),
                format!("yoy of {base}"),
                vec![format!("qoq of {base}")],
            ),
        }
    }
}

/// The metric of a concept, in the same table if it is there too.
fn base_metric(draft: &Draft<'_>, metrics: &Metrics, base: usize, table: usize) -> Option<String> {
    let lexicon = Lexicon::get();
    let concept = lexicon.concepts.get(base)?;
    let beside = draft.tables.get(table).and_then(|own| {
        own.columns
            .iter()
            .position(|column| column.meaning == Meaning::Concept(base) && column.measure().is_some())
    });
    if let Some(id) = beside.and_then(|column| metrics.of_column.get(&(table, column))) {
        return Some(id.clone());
    }
    let id = concept_id(concept, &concepts_present(draft));
    [id, concept.stands_for.clone().unwrap_or_default()]
        .into_iter()
        .find(|id| metrics.by_id.contains_key(id) || metrics.existing.contains_key(id))
        .or_else(|| {
            // The growth of revenue may stand beside total revenue alone.
            lexicon
                .concepts
                .iter()
                .find(|other| other.stands_for.as_deref() == Some(concept.id.as_str()))
                .map(|_| concept.id.clone())
                .filter(|id| metrics.by_id.contains_key(id))
        })
}

/// What the data says a growth rate is against.
fn proof(table: &TableDraft<'_>, column: &str) -> Option<GrowthKind> {
    table
        .profile
        .identities
        .iter()
        .filter(|identity| identity.holds(50))
        .filter_map(|identity| match &identity.kind {
            IdentityKind::Growth { rate, change, .. } if rate == column => Some((
                identity.support.saturating_mul(1000) / identity.total.max(1),
                *change,
            )),
            _ => None,
        })
        .max_by_key(|(share, _)| *share)
        .map(|(_, change)| change)
}

fn says_year_end(description: &str) -> bool {
    ["上年期末", "上年末", "年初", "上年度末", "期初", "上一年末"]
        .iter()
        .any(|word| description.contains(word))
}
