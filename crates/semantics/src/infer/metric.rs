//! One metric for each business figure: the same figure in several columns becomes one, growth rates are tied to what
//! grows.

use std::collections::{BTreeMap, BTreeSet};

use jinsheng_core::Localised;

use super::column::distinct;
use super::draft::{ColumnDraft, Draft, Meaning, TableDraft};
use super::lexicon::{Concept, Lexicon, keys_of};
use super::names::{humanise, identifier, label_growth};
use super::profile::{GrowthKind, IdentityKind};
use crate::catalog::{Catalog, GrowthOf, Metric, PeriodColumns};
use crate::query::ChangeKind;

/// A metric and the words that it would like to have.
#[derive(Debug)]
pub(crate) struct MetricDraft {
    pub(crate) metric: Metric,
    /// Names that are its own.
    pub(crate) strong: Vec<String>,
    /// Words that it shares with others.
    pub(crate) loose: Vec<String>,
    /// Goes before others for loose words.
    pub(crate) first: bool,
    /// Place in the lexicon; figures that it does not know come last.
    pub(crate) order: usize,
    /// Subjects that the figure is about.
    pub(crate) entities: BTreeSet<String>,
}

/// All metrics by id, and which metric each column holds.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    pub(crate) by_id: BTreeMap<String, MetricDraft>,
    pub(crate) of_column: BTreeMap<(usize, usize), String>,
    /// Metrics of an existing catalog, with their subjects.
    pub(crate) existing: BTreeMap<String, BTreeSet<String>>,
}

impl Metrics {
    /// Subjects of a metric, drafted or existing.
    pub(crate) fn entities(&self, id: &str) -> Option<&BTreeSet<String>> {
        self.by_id
            .get(id)
            .map(|metric| &metric.entities)
            .or_else(|| self.existing.get(id))
    }
}

/// What is put behind a metric's id for its stored growth rate.
pub(crate) fn growth_suffix(kind: GrowthKind) -> &'static str {
    match kind {
        GrowthKind::Yoy => "_yoy",
        GrowthKind::Qoq => "_qoq",
        GrowthKind::SinceYearEnd => "_since_year_end",
    }
}

/// Names that say nothing of what a figure is.
pub(crate) const BARE: [&str; 18] = [
    "value",
    "values",
    "total",
    "amount",
    "number",
    "data",
    "rate",
    "price",
    "index",
    "close",
    "数值",
    "值",
    "金额",
    "数量",
    "合计",
    "总计",
    "level",
    "obs_value",
];

fn is_bare(text: &str) -> bool {
    BARE.iter().any(|bare| keys_of(bare) == keys_of(text))
}

type Place = (usize, usize);
/// Figures of different subjects, or with and without time, are different figures.
type Signature = (BTreeSet<String>, bool);

/// Drafts the metrics that columns hold.
pub(crate) fn stored(draft: &mut Draft<'_>, existing: Option<&Catalog>) -> Metrics {
    let mut metrics = Metrics {
        existing: existing.map(existing_metrics).unwrap_or_default(),
        ..Metrics::default()
    };
    let mut figures: BTreeMap<String, BTreeMap<Signature, Vec<Place>>> = BTreeMap::new();
    let present: BTreeSet<usize> = concepts_present(draft);
    for (table_index, table) in draft.tables.iter().enumerate().filter(|(_, table)| !table.left) {
        for (column_index, column) in table
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.measure().is_some())
        {
            let id = id_of(table, column, &present);
            let signature = (table.entities.keys().cloned().collect(), table.period.is_some());
            figures
                .entry(id)
                .or_default()
                .entry(signature)
                .or_default()
                .push((table_index, column_index));
        }
    }
    for (id, groups) in figures {
        let mut groups: Vec<(BTreeSet<String>, Vec<Place>)> = groups
            .into_iter()
            .map(|((entities, _), places)| (entities, ranked(draft, places)))
            .collect();
        groups.sort_by_key(|(_, places)| {
            std::cmp::Reverse(
                places
                    .first()
                    .map(|place| rank(draft, *place))
                    .unwrap_or_default(),
            )
        });
        for (position, (entities, places)) in groups.into_iter().enumerate() {
            let other = position > 0 || metrics.by_id.contains_key(&id);
            add(draft, &mut metrics, (&id, other), entities, &places);
        }
    }
    counts(draft, &mut metrics);
    growths(draft, &mut metrics);
    metrics
}

fn existing_metrics(catalog: &Catalog) -> BTreeMap<String, BTreeSet<String>> {
    catalog
        .file()
        .metrics
        .iter()
        .map(|(id, metric)| {
            let entities = metric
                .measure
                .as_deref()
                .and_then(|reference| catalog.measure(reference))
                .map(|(_, _, table, _)| table.entities.keys().cloned().collect())
                .unwrap_or_default();
            (id.clone(), entities)
        })
        .collect()
}

fn concepts_present(draft: &Draft<'_>) -> BTreeSet<usize> {
    draft
        .tables
        .iter()
        .filter(|table| !table.left)
        .flat_map(|table| &table.columns)
        .filter(|column| column.measure().is_some())
        .filter_map(|column| match column.meaning {
            Meaning::Concept(index) => Some(index),
            _ => None,
        })
        .collect()
}

/// The id of a concept; one that stands in for another takes its id when the other has no column.
pub(crate) fn concept_id(concept: &Concept, present: &BTreeSet<usize>) -> String {
    let lexicon = Lexicon::get();
    match &concept.stands_for {
        Some(target)
            if !present
                .iter()
                .filter_map(|index| lexicon.concepts.get(*index))
                .any(|concept| concept.id == *target) =>
        {
            target.clone()
        }
        _ => concept.id.clone(),
    }
}

fn id_of(table: &TableDraft<'_>, column: &ColumnDraft<'_>, present: &BTreeSet<usize>) -> String {
    let lexicon = Lexicon::get();
    match &column.meaning {
        Meaning::Concept(_) => column
            .concept()
            .map(|concept| concept_id(concept, present))
            .unwrap_or_default(),
        Meaning::Growth {
            base: Some(base),
            kind,
            ..
        } => {
            let base = lexicon
                .concepts
                .get(*base)
                .map(|concept| concept_id(concept, present))
                .unwrap_or_default();
            format!("{base}{}", growth_suffix(*kind))
        }
        _ if is_bare(&column.profile.name) => format!("{}_{}", table.name, identifier(&column.profile.name)),
        _ => identifier(&column.profile.name),
    }
}

/// How much a column is the place to read its figure from: the statement before an indicator table, full before sparse.
fn rank(draft: &Draft<'_>, (table, column): Place) -> (bool, bool, u64) {
    let Some(own) = draft.tables.get(table) else {
        return Default::default();
    };
    let Some(column) = own.columns.get(column) else {
        return Default::default();
    };
    let lexicon = Lexicon::get();
    let section = match &column.meaning {
        Meaning::Concept(_) => column.concept().map(|concept| concept.section),
        Meaning::Growth { base: Some(base), .. } => {
            lexicon.concepts.get(*base).map(|concept| concept.section)
        }
        _ => None,
    };
    let filled = own.profile.rows.saturating_sub(column.profile.nulls);
    (
        section.is_some() && section == own.section,
        own.period.is_some(),
        filled,
    )
}

fn ranked(draft: &Draft<'_>, mut places: Vec<Place>) -> Vec<Place> {
    places.sort_by_key(|place| (std::cmp::Reverse(rank(draft, *place)), *place));
    places
}

fn reference(draft: &Draft<'_>, (table, column): Place) -> Option<String> {
    let own = draft.tables.get(table)?;
    Some(format!(
        "{}.{}",
        own.name,
        own.columns.get(column)?.measure()?.name
    ))
}

/// Adds the metric that is read from `places`, the authoritative one first.
fn add(
    draft: &mut Draft<'_>,
    metrics: &mut Metrics,
    (id, other): (&str, bool),
    entities: BTreeSet<String>,
    places: &[Place],
) {
    let Some(first) = places.first().copied() else {
        return;
    };
    let Some(table) = draft.tables.get(first.0) else {
        return;
    };
    let Some(column) = table.columns.get(first.1) else {
        return;
    };
    let mut id = if other {
        format!("{id}_{}", table.name)
    } else {
        id.to_owned()
    };
    let references: Vec<String> = places
        .iter()
        .filter_map(|place| reference(draft, *place))
        .collect();
    if metrics.existing.contains_key(&id) {
        let list = references.join(", ");
        draft.unsure(
            format!("metrics.{id}.alternatives"),
            format!("目录中已有这个指标；新表的 {list} 若是同一指标，请补进 alternatives"),
            format!(
                "the catalog has this metric already; add {list} to its alternatives if it is the same figure"
            ),
            String::new(),
            references,
        );
        return;
    }
    while metrics.by_id.contains_key(&id) {
        id.push_str("_2");
    }
    let mut label = label_of(column);
    if other || is_bare(&column.profile.name) && column.concept().is_none() {
        label = qualified(&label, &table.label);
    }
    let concept = column.concept();
    // What the lexicon says of a ratio that may be defined otherwise here would mislead.
    let about = concept
        .filter(|concept| !concept.check.is_empty() || concept.formula.is_empty())
        .map(|concept| concept.about.clone())
        .unwrap_or_default();
    let description = if column.description.is_empty() || column.description == label.zh {
        about
    } else {
        Localised::new(column.description.clone(), about.en)
    };
    let metric = Metric {
        label,
        synonyms: Vec::new(),
        description,
        measure: references.first().cloned(),
        alternatives: references.iter().skip(1).cloned().collect(),
        formula: None,
        unit: None,
        form: None,
        growth_of: None,
        lower_is_better: concept.is_some_and(|concept| concept.worse),
    };
    let (strong, loose) = if other {
        (Vec::new(), Vec::new())
    } else {
        words(draft, &id, places)
    };
    let order = match column.meaning {
        Meaning::Concept(index) => index,
        _ => usize::MAX,
    };
    let rivals = places.get(1).is_some_and(|second| {
        let (one, two) = (rank(draft, first), rank(draft, *second));
        concept.is_some() && one.0 == two.0
    });
    for place in places {
        metrics.of_column.insert(*place, id.clone());
    }
    metrics.by_id.insert(
        id.clone(),
        MetricDraft {
            metric,
            strong,
            loose,
            first: concept.is_some_and(|concept| concept.first),
            order,
            entities,
        },
    );
    if let Some(concept) = concept.filter(|concept| concept.stands_for.as_deref() == Some(id.as_str())) {
        let target = Lexicon::get()
            .by_id(&id)
            .map(|target| target.label.clone())
            .unwrap_or_default();
        draft.unsure(
            format!("metrics.{id}"),
            format!("只有「{}」一列，提问「{}」也取它", concept.label.zh, target.zh),
            format!(
                "there is a column only for `{}`; questions for `{}` get it too",
                concept.label.en, target.en
            ),
            concept.label.zh.clone(),
            Vec::new(),
        );
    }
    if rivals {
        draft.unsure(
            format!("metrics.{id}.measure"),
            format!(
                "多处都有这个指标且难分主次，取 {}",
                references.first().cloned().unwrap_or_default()
            ),
            "several places hold this figure and none is plainly the authority".to_owned(),
            references.first().cloned().unwrap_or_default(),
            references.iter().skip(1).cloned().collect(),
        );
    }
}

fn qualified(label: &Localised, table: &Localised) -> Localised {
    let both = |own: &str, of: &str, open: &str, close: &str| match (own.is_empty(), of.is_empty()) {
        (true, _) => String::new(),
        (false, true) => own.to_owned(),
        _ => format!("{own}{open}{of}{close}"),
    };
    Localised::new(
        both(&label.zh, &table.zh, "（", "）"),
        both(&label.en, &table.en, " (", ")"),
    )
}

/// A figure is called as its own data calls it, if the lexicon knows that name; else as the lexicon does.
fn label_of(column: &ColumnDraft<'_>) -> Localised {
    let Some(concept) = column.concept() else {
        return growth_label(column);
    };
    let own = keys_of(&column.label.zh);
    let known = concept
        .names
        .iter()
        .chain([&concept.label.zh])
        .any(|name| keys_of(name) == own);
    let whole = !column.label.zh.is_empty() && !column.label.zh.is_ascii() && !column.label.zh.contains('-');
    let zh = if known && whole {
        column.label.zh.clone()
    } else {
        concept.label.zh.clone()
    };
    Localised::new(zh, concept.label.en.clone())
}

fn growth_label(column: &ColumnDraft<'_>) -> Localised {
    let Meaning::Growth {
        base,
        base_label,
        kind,
        ..
    } = &column.meaning
    else {
        return column.label.clone();
    };
    let base = base.and_then(|index| Lexicon::get().concepts.get(index));
    let zh_base = match base {
        Some(concept) => {
            let own = keys_of(base_label);
            concept
                .names
                .iter()
                .chain([&concept.label.zh])
                .find(|name| keys_of(name) == own || own.ends_with(&keys_of(name)) && !name.is_ascii())
                .unwrap_or(&concept.label.zh)
                .clone()
        }
        None if base_label.is_ascii() => String::new(),
        None => base_label.clone(),
    };
    let en_base = base.map_or_else(|| humanise(base_label), |concept| concept.label.en.clone());
    let (zh, en) = match kind {
        GrowthKind::Yoy => ("同比增长率", "growth on the year before"),
        GrowthKind::Qoq => ("环比增长率", "growth on the quarter before"),
        GrowthKind::SinceYearEnd => ("较年初增长率", "growth since the start of the year"),
    };
    let zh = if zh_base.is_empty() {
        column.label.zh.clone()
    } else {
        format!("{zh_base}{zh}")
    };
    let en = if en_base.is_ascii() {
        format!("{en_base}, {en}")
    } else {
        column.label.en.clone()
    };
    Localised::new(zh, en)
}

/// Names and loose words of a figure.
fn words(draft: &Draft<'_>, id: &str, places: &[Place]) -> (Vec<String>, Vec<String>) {
    let lexicon = Lexicon::get();
    let mut strong = Vec::new();
    let mut loose = Vec::new();
    for (table, column) in places {
        let Some(column) = draft
            .tables
            .get(*table)
            .and_then(|table| table.columns.get(*column))
        else {
            continue;
        };
        if let Some(concept) = column.concept() {
            strong.push(concept.label.zh.clone());
            strong.extend(concept.names.iter().cloned());
            loose.extend(concept.words.iter().cloned());
            if let Some(target) = lexicon.by_id(id).filter(|_| concept.id != id) {
                strong.push(target.label.zh.clone());
                strong.extend(target.names.iter().cloned());
                loose.extend(target.words.iter().cloned());
            }
        }
        if let Meaning::Growth { base, kind, .. } = &column.meaning {
            let base = base.and_then(|index| lexicon.concepts.get(index));
            strong.extend(growth_words(base, &column.label.zh, *kind));
        }
        for label in column.raw_labels.iter().filter(|label| !is_bare(label)) {
            strong.push(label.clone());
        }
        if !is_bare(&column.profile.name) && column.profile.name != id {
            strong.push(column.profile.name.clone());
        }
    }
    (distinct(strong, &[]), distinct(loose, &[]))
}

fn growth_words(base: Option<&Concept>, label: &str, kind: GrowthKind) -> Vec<String> {
    let Some(base) = base else { return Vec::new() };
    let tails: &[&str] = match kind {
        GrowthKind::Yoy => &["同比增长率", "同比增长", "同比", "增长率", "增速"],
        GrowthKind::Qoq => &["环比增长率", "环比增长", "环比", "环比增速"],
        GrowthKind::SinceYearEnd => &["较年初增长率", "较上年末增长率"],
    };
    let target = base
        .stands_for
        .as_deref()
        .and_then(|target| Lexicon::get().by_id(target));
    let loose = target
        .unwrap_or(base)
        .words
        .iter()
        .filter(|name| !name.is_ascii())
        .take(2);
    let own = label_growth(label)
        .map(|growth| growth.base)
        .filter(|own| !own.contains('-'));
    let names: BTreeSet<&str> = std::iter::once(base.label.zh.as_str())
        .chain(own.as_deref())
        .chain(target.map(|target| target.label.zh.as_str()))
        .chain(loose.map(String::as_str))
        .collect();
    let mut words: Vec<String> = names
        .into_iter()
        .flat_map(|name| tails.iter().map(move |tail| format!("{name}{tail}")))
        .collect();
    let en = base.label.en.to_lowercase();
    match kind {
        GrowthKind::Yoy => words.extend([
            format!("{en} growth"),
            format!("{en} growth rate"),
            format!("yoy {en}"),
        ]),
        GrowthKind::Qoq => words.push(format!("qoq {en}")),
        GrowthKind::SinceYearEnd => {}
    }
    words
}

/// Metrics that count subjects or rows.
fn counts(draft: &mut Draft<'_>, metrics: &mut Metrics) {
    let lexicon = Lexicon::get();
    for table in draft.tables.iter().filter(|table| !table.left) {
        for (name, _) in &table.counts {
            if metrics.existing.contains_key(name) || metrics.by_id.contains_key(name) {
                continue;
            }
            let known = lexicon
                .entities
                .iter()
                .find_map(|kind| kind.count.as_ref().filter(|count| count.id == *name));
            let (label, words) = match known {
                Some(count) => (
                    Localised::new(count.zh.clone(), count.en.clone()),
                    count.words.clone(),
                ),
                None => {
                    let zh = if table.label.zh.is_empty() {
                        String::new()
                    } else {
                        format!("{}笔数", table.label.zh)
                    };
                    let subject = if table.label.en.is_empty() {
                        humanise(&table.name)
                    } else {
                        table.label.en.clone()
                    };
                    (
                        Localised::new(zh, format!("Number of {}", subject.to_lowercase())),
                        Vec::new(),
                    )
                }
            };
            let metric = Metric {
                label,
                synonyms: Vec::new(),
                description: Localised::default(),
                measure: Some(format!("{}.{name}", table.name)),
                alternatives: Vec::new(),
                formula: None,
                unit: None,
                form: None,
                growth_of: None,
                lower_is_better: false,
            };
            metrics.by_id.insert(
                name.clone(),
                MetricDraft {
                    metric,
                    strong: Vec::new(),
                    loose: words,
                    first: false,
                    order: usize::MAX - 1,
                    entities: table.entities.keys().cloned().collect(),
                },
            );
        }
    }
}

/// Ties stored growth rates to what grows, unless data or dictionary speak against it.
fn growths(draft: &mut Draft<'_>, metrics: &mut Metrics) {
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
            notes.push((path, Note::NoBase));
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
    NoBase,
    YearEnd(String),
    Bare(String),
}

impl Note {
    fn text(self) -> (String, String, String, Vec<String>) {
        match self {
            Self::NoBase => (
                "这是增长率，但没有找到它所属的指标，未关联".to_owned(),
                "a growth rate of something that has no column; not tied to a metric".to_owned(),
                "none".to_owned(),
                Vec::new(),
            ),
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
