//! One metric for each business figure: the same figure in several columns becomes one, growth rates are tied to what
//! grows.

mod count;
mod growth;
mod label;

use std::collections::{BTreeMap, BTreeSet};

use jinsheng_core::Localised;

use super::draft::{ColumnDraft, Draft, Meaning, TableDraft};
use super::lexicon::{Concept, Lexicon, keys_of};
use super::names::{identifier, label_key};
use super::profile::GrowthKind;
use crate::catalog::{Catalog, Metric};
use label::{label_of, qualified, words};

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
    imports: BTreeMap<String, u64>,
    /// Metrics of which two tables equally claim to be the place, by those tables.
    rivals: BTreeMap<(usize, usize), Vec<String>>,
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
/// Figures of different subjects, with and without time, of states and of events, are different figures; so are
/// figures that the lexicon does not know and that are called differently.
type Signature = (BTreeSet<String>, bool, bool, String);

/// Drafts the metrics that columns hold.
pub(crate) fn stored(draft: &mut Draft<'_>, existing: Option<&Catalog>) -> Metrics {
    let mut metrics = Metrics {
        existing: existing.map(existing_metrics).unwrap_or_default(),
        imports: imports(draft),
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
            let called = match column.meaning {
                Meaning::Unknown => label_key(&column.label.zh),
                _ => String::new(),
            };
            let entities = table.entities.keys().cloned().collect();
            let signature = (entities, table.period.is_some(), table.unique, called);
            let places = figures.entry(id).or_default().entry(signature).or_default();
            places.push((table_index, column_index));
        }
    }
    for (id, groups) in figures {
        let mut groups: Vec<(BTreeSet<String>, Vec<Place>)> = groups
            .into_iter()
            .map(|((entities, ..), places)| (entities, metrics.ranked(draft, places)))
            .collect();
        groups.sort_by_key(|(_, places)| {
            let first = places.first().map(|place| metrics.rank(draft, *place));
            std::cmp::Reverse(first.unwrap_or_default())
        });
        let main = groups
            .first()
            .map(|(entities, _)| entities.clone())
            .unwrap_or_default();
        for (position, (entities, places)) in groups.into_iter().enumerate() {
            let other = position > 0 || metrics.by_id.contains_key(&id);
            let suffix = other
                .then(|| suffix(draft, &main, &entities, &places))
                .map(
                    |suffix| match places.first().and_then(|(table, _)| draft.tables.get(*table)) {
                        Some(table) if metrics.by_id.contains_key(&format!("{id}_{suffix}")) => {
                            table.name.clone()
                        }
                        _ => suffix,
                    },
                );
            add(draft, &mut metrics, (&id, suffix), entities, &places);
        }
    }
    rivals(draft, &mut metrics);
    count::add(draft, &mut metrics);
    growth::tie(draft, &mut metrics);
    metrics
}

/// What tells a figure from its namesake: the subjects that only it has, or its table.
fn suffix(draft: &Draft<'_>, main: &BTreeSet<String>, own: &BTreeSet<String>, places: &[Place]) -> String {
    let extra: Vec<&str> = own.difference(main).map(String::as_str).collect();
    let table = places.first().and_then(|(table, _)| draft.tables.get(*table));
    match (extra.as_slice(), table) {
        ([], Some(table)) => table.name.clone(),
        _ => extra.join("_"),
    }
}

/// Where an imported table comes from: what stands before the last dot.
fn import_of(table: &TableDraft<'_>) -> String {
    let source = table.profile.source.rsplit_once('.');
    source.map(|(import, _)| import.to_owned()).unwrap_or_default()
}

/// How many values each import has: figures are read from the fullest import together.
fn imports(draft: &Draft<'_>) -> BTreeMap<String, u64> {
    let mut filled: BTreeMap<String, u64> = BTreeMap::new();
    for table in draft.tables.iter().filter(|table| !table.left) {
        for column in table.columns.iter().filter(|column| column.measure().is_some()) {
            let values = table.profile.rows.saturating_sub(column.profile.nulls);
            let sum = filled.entry(import_of(table)).or_default();
            *sum = sum.saturating_add(values);
        }
    }
    filled
}

/// How much a column is the place to read its figure from; larger is better.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// The statement goes before an indicator table.
    own_section: bool,
    about_somebody: bool,
    timed: bool,
    import: u64,
    filled: u64,
}

impl Metrics {
    fn rank(&self, draft: &Draft<'_>, (table, column): Place) -> Rank {
        let Some(own) = draft.tables.get(table) else {
            return Rank::default();
        };
        let Some(column) = own.columns.get(column) else {
            return Rank::default();
        };
        let lexicon = Lexicon::get();
        let section = match &column.meaning {
            Meaning::Concept(_) => column.concept().map(|concept| concept.section),
            Meaning::Growth { base: Some(base), .. } => {
                lexicon.concepts.get(*base).map(|concept| concept.section)
            }
            _ => None,
        };
        Rank {
            own_section: section.is_some() && section == own.section,
            about_somebody: !own.entities.is_empty(),
            timed: own.period.is_some(),
            import: self.imports.get(&import_of(own)).copied().unwrap_or_default(),
            filled: own.profile.rows.saturating_sub(column.profile.nulls),
        }
    }

    fn ranked(&self, draft: &Draft<'_>, mut places: Vec<Place>) -> Vec<Place> {
        places.sort_by_key(|place| (std::cmp::Reverse(self.rank(draft, *place)), *place));
        places
    }
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
    (id, suffix): (&str, Option<String>),
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
    let other = suffix.is_some();
    let mut id = match suffix {
        Some(suffix) => format!("{id}_{suffix}"),
        None => id.to_owned(),
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
    let label = told_apart(metrics, label_of(column), table, column, other);
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
    let rival = places.get(1).filter(|second| {
        let (one, two) = (metrics.rank(draft, first), metrics.rank(draft, **second));
        concept.is_some() && one.own_section == two.own_section
    });
    if let Some((table, _)) = rival {
        metrics
            .rivals
            .entry((first.0, *table))
            .or_default()
            .push(id.clone());
    }
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
}

/// A label that no other metric has: with the table's name where it would be one.
fn told_apart(
    metrics: &Metrics,
    label: Localised,
    table: &TableDraft<'_>,
    column: &ColumnDraft<'_>,
    other: bool,
) -> Localised {
    let mut label = label;
    let bare = is_bare(&column.profile.name) && column.concept().is_none();
    let full = qualified(&label, &table.label, &table.name);
    let taken = |text: &dyn Fn(&Localised) -> &String| {
        let own = text(&label);
        metrics
            .by_id
            .values()
            .any(|metric| text(&metric.metric.label) == own)
    };
    let (zh_taken, en_taken) = (taken(&|label| &label.zh), taken(&|label| &label.en));
    if bare || other && zh_taken {
        label.zh = full.zh;
    }
    if bare || other && en_taken {
        label.en = full.en;
    }
    label
}

/// Tables that hold the same figures, neither plainly the authority: one note for each pair.
fn rivals(draft: &mut Draft<'_>, metrics: &mut Metrics) {
    for ((first, second), ids) in std::mem::take(&mut metrics.rivals) {
        let name = |table: usize| {
            draft
                .tables
                .get(table)
                .map(|table| table.name.clone())
                .unwrap_or_default()
        };
        let (first, second) = (name(first), name(second));
        let list = ids.join(", ");
        draft.unsure(
            format!("tables.{first}"),
            format!("表 `{first}` 与 `{second}` 有相同的指标，取前者（用 指标@表 查后者）：{list}"),
            format!("tables `{first}` and `{second}` hold the same figures; the first counts (metric@table asks for the other): {list}"),
            first.clone(),
            vec![second],
        );
    }
}
