//! Drafts a catalog from what is known of imported tables and from a data dictionary.
//!
//! Pure: profiles and dictionary rows come in, a catalog file and a list of doubtful choices go out. Reads no file and
//! knows no engine. What finance calls things is data (`infer/lexicon/*.yaml`).

mod column;
mod dictionary;
mod draft;
mod entity;
mod equation;
mod formula;
pub(crate) mod lexicon;
mod metric;
mod names;
mod period;
mod profile;
mod role;
mod unit;
mod wide;
mod word;

use std::collections::{BTreeMap, BTreeSet};

pub use dictionary::{DictionaryEntry, parse_dictionary_rows, parse_markdown_tables};
pub use draft::{LeftOut, Unsure};
pub use equation::{Equation, SameFigure, ToMeasure, to_measure, usual_sums};
pub use profile::{
    ColumnKind, ColumnProfile, GrowthKind, IdentityKind, IdentityProfile, MagnitudeProfile, RepeatProfile,
    TableProfile,
};

use crate::catalog::{Catalog, CatalogFile, Dimension, Entity, Group, Measure, NameColumn, Table};
use draft::{Draft, Role, TableDraft};
use lexicon::Lexicon;
use metric::Metrics;

/// A drafted catalog.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inference {
    /// The draft. With an existing catalog: what that one lacks, to stand in a file beside it.
    pub file: CatalogFile,
    /// Choices that a person should look at.
    pub unsure: Vec<Unsure>,
    /// Columns and tables that the catalog does without.
    pub left_out: Vec<LeftOut>,
}

/// Drafts a catalog for tables. Definitions of an existing catalog are never changed: tables that it has are passed
/// over, and what they would change in its metrics is listed instead.
pub fn infer(
    profiles: &[TableProfile],
    dictionary: &[DictionaryEntry],
    existing: Option<&Catalog>,
) -> Inference {
    let known: BTreeSet<&str> = existing
        .map(|catalog| {
            catalog
                .file()
                .tables
                .values()
                .map(|table| table.source.as_str())
                .collect()
        })
        .unwrap_or_default();
    let taken: BTreeSet<String> = existing
        .map(|catalog| catalog.file().tables.keys().cloned().collect())
        .unwrap_or_default();
    let fresh: Vec<TableProfile> = profiles
        .iter()
        .filter(|profile| !known.contains(profile.source.as_str()))
        .cloned()
        .collect();
    let mut draft = column::start(&fresh, dictionary, &taken);
    entity::find(&mut draft);
    column::without_companies(&mut draft);
    period::find(&mut draft);
    wide::set_aside(&mut draft);
    role::decide(&mut draft);
    wide::cumulative(&mut draft);
    period::uniqueness(&mut draft);
    role::late_counts(&mut draft);
    unit::settle(&mut draft);
    let mut metrics = metric::stored(&mut draft, existing);
    formula::add(&mut draft, &mut metrics);
    let groups = word::share_out(&mut draft, &mut metrics, existing);
    let file = assemble(&draft, metrics, groups, existing);
    Inference {
        file,
        unsure: draft.unsure,
        left_out: draft.left_out,
    }
}

fn assemble(
    draft: &Draft<'_>,
    metrics: Metrics,
    groups: BTreeMap<String, Group>,
    existing: Option<&Catalog>,
) -> CatalogFile {
    CatalogFile {
        version: 1,
        entities: entities(draft, existing),
        tables: draft
            .tables
            .iter()
            .filter(|table| !table.left)
            .map(|table| (table.name.clone(), written(table)))
            .collect(),
        metrics: metrics
            .by_id
            .into_iter()
            .map(|(id, draft)| (id, draft.metric))
            .collect(),
        groups,
    }
}

fn entities(draft: &Draft<'_>, existing: Option<&Catalog>) -> BTreeMap<String, Entity> {
    let lexicon = Lexicon::get();
    let used: BTreeSet<&String> = draft
        .tables
        .iter()
        .filter(|table| !table.left)
        .flat_map(|table| table.entities.keys())
        .collect();
    let mut entities = BTreeMap::new();
    for id in used {
        if existing.is_some_and(|catalog| catalog.entity(id).is_some()) {
            continue;
        }
        let known = lexicon.entities.iter().find(|kind| kind.id == *id);
        let label = known
            .map(|kind| kind.label.clone())
            .or_else(|| draft.own_entities.get(id).cloned())
            .unwrap_or_default();
        let home = draft
            .tables
            .iter()
            .find(|table| table.home_of.as_ref() == Some(id));
        let others = draft
            .tables
            .iter()
            .filter(|table| !table.left && table.home_of.as_ref() != Some(id) && table.unique);
        let names = home
            .into_iter()
            .chain(others)
            .flat_map(|table| {
                table
                    .names
                    .iter()
                    .filter(|(entity, _)| entity == id)
                    .filter_map(|(_, position)| {
                        Some(NameColumn {
                            table: table.name.clone(),
                            column: table.columns.get(*position)?.profile.name.clone(),
                        })
                    })
            })
            .collect();
        entities.insert(
            id.clone(),
            Entity {
                label,
                synonyms: known.map(|kind| kind.synonyms.clone()).unwrap_or_default(),
                table: home.map(|table| table.name.clone()),
                names,
                aliases: BTreeMap::new(),
            },
        );
    }
    entities
}

fn written(table: &TableDraft<'_>) -> Table {
    let column_name = |position: &usize| {
        table
            .columns
            .get(*position)
            .map(|column| column.profile.name.clone())
    };
    let mut dimensions = BTreeMap::new();
    let mut measures = BTreeMap::new();
    for column in &table.columns {
        match &column.role {
            Role::Dimension(name, label, synonyms) => {
                dimensions.insert(
                    name.clone(),
                    Dimension {
                        column: column.profile.name.clone(),
                        label: label.clone(),
                        synonyms: synonyms.clone(),
                    },
                );
            }
            Role::Measure(measure) => {
                measures.insert(
                    measure.name.clone(),
                    Measure {
                        column: Some(column.profile.name.clone()),
                        agg: measure.agg,
                        unit: measure.unit,
                        time: measure.time,
                        missing: role::absent(measure, column.profile),
                    },
                );
            }
            _ => {}
        }
    }
    measures.extend(table.counts.iter().cloned());
    Table {
        source: table.profile.source.clone(),
        label: table.label.clone(),
        synonyms: table.synonyms.clone(),
        entities: table
            .entities
            .iter()
            .filter_map(|(entity, position)| Some((entity.clone(), column_name(position)?)))
            .collect(),
        period: table.period.clone(),
        unique: table.unique,
        key_dimensions: table.key_dimensions.clone(),
        repeated_rows: table.repeated_rows,
        dimensions,
        measures,
    }
}
