//! The catalog while it is being drafted: tables and columns with what has been found out about them so far.

use std::collections::{BTreeMap, BTreeSet};

use jinsheng_core::{Localised, Unit};

use super::lexicon::{Concept, Lexicon, Section, TableKind};
use super::profile::{ColumnProfile, GrowthKind, TableProfile};
use crate::catalog::{Agg, PeriodColumns, RepeatedRows, TimeBehaviour};

/// A choice that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsure {
    /// Dotted path of the definition: `tables.cash_flow.measures.net_cash_flow.unit`.
    pub path: String,
    /// What is not certain and why.
    pub message: Localised,
    /// What was taken.
    pub choice: String,
    /// What else it could be.
    pub alternatives: Vec<String>,
}

/// A column or table that the catalog does without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Imported table.
    pub source: String,
    /// Its column; `None` for the whole table.
    pub column: Option<String>,
    /// Why.
    pub reason: Localised,
}

/// What a numeric column means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A concept of the lexicon.
    Concept(usize),
    /// A stored growth rate.
    Growth {
        base: Option<usize>,
        base_label: String,
        kind: GrowthKind,
        sure: bool,
    },
    Unknown,
}

/// What a column is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Role {
    /// Not decided yet.
    Open,
    /// Holds keys of an entity.
    Key,
    /// Holds names of an entity.
    Name,
    /// Part of the period.
    Period,
    /// To cut by, under this name.
    Dimension(String, Localised, Vec<String>),
    /// To compute with.
    Measure(MeasureDraft),
    /// Not in the catalog.
    Left,
}

/// A measure as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MeasureDraft {
    pub(crate) name: String,
    pub(crate) unit: Unit,
    pub(crate) time: TimeBehaviour,
    pub(crate) agg: Agg,
}

#[derive(Debug)]
pub(crate) struct ColumnDraft<'a> {
    pub(crate) profile: &'a ColumnProfile,
    /// Name for people, without unit and section.
    pub(crate) label: Localised,
    /// Labels as they stand in dictionary and header, without unit.
    pub(crate) raw_labels: Vec<String>,
    pub(crate) description: String,
    /// Unit that dictionary, header or column name say.
    pub(crate) declared: Option<Unit>,
    /// Unit that the dictionary says, where header or column name say another.
    pub(crate) contradicted: Option<Unit>,
    /// Text in brackets that looks like a unit and is none that is known.
    pub(crate) unknown_unit: Option<String>,
    pub(crate) meaning: Meaning,
    pub(crate) role: Role,
    /// Every key (see `lexicon::keys_of`) under which the column may be known.
    pub(crate) keys: Vec<String>,
}

impl ColumnDraft<'_> {
    pub(crate) fn is_open(&self) -> bool {
        self.role == Role::Open
    }

    /// The concept that the column holds.
    pub(crate) fn concept(&self) -> Option<&'static Concept> {
        match self.meaning {
            Meaning::Concept(index) => Lexicon::get().concepts.get(index),
            _ => None,
        }
    }

    pub(crate) fn measure(&self) -> Option<&MeasureDraft> {
        match &self.role {
            Role::Measure(measure) => Some(measure),
            _ => None,
        }
    }
}

#[derive(Debug)]
pub(crate) struct TableDraft<'a> {
    pub(crate) profile: &'a TableProfile,
    pub(crate) name: String,
    /// Key of the imported table's own name.
    pub(crate) name_key: String,
    pub(crate) label: Localised,
    pub(crate) synonyms: Vec<String>,
    pub(crate) kind: Option<&'static TableKind>,
    pub(crate) section: Option<Section>,
    pub(crate) columns: Vec<ColumnDraft<'a>>,
    /// Key columns by entity.
    pub(crate) entities: BTreeMap<String, usize>,
    /// Name columns: entity, column.
    pub(crate) names: Vec<(String, usize)>,
    pub(crate) home_of: Option<String>,
    pub(crate) period: Option<PeriodColumns>,
    pub(crate) unique: bool,
    pub(crate) key_dimensions: BTreeSet<String>,
    pub(crate) repeated_rows: Option<RepeatedRows>,
    /// Counting measures: name, measure.
    pub(crate) counts: Vec<(String, crate::catalog::Measure)>,
    /// Whole table left out.
    pub(crate) left: bool,
}

impl TableDraft<'_> {
    /// Position of a column by its name in the imported table.
    pub(crate) fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|draft| draft.profile.name == column)
    }

    /// True when the table's name has this word (or words).
    pub(crate) fn is_called(&self, word: &str) -> bool {
        let key = super::lexicon::keys_of(word);
        if key.is_ascii() {
            format!("_{}_", self.name_key).contains(&format!("_{key}_"))
        } else {
            self.label.zh.contains(word) || self.name.contains(word)
        }
    }

    /// True when `columns` are known to determine a row.
    pub(crate) fn is_key(&self, columns: &[&str]) -> bool {
        self.profile.unique_keys.iter().any(|key| {
            !key.is_empty()
                && key.len() == columns.len()
                && columns.iter().all(|column| key.iter().any(|k| k == column))
        })
    }
}

/// Everything drafted.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    pub(crate) tables: Vec<TableDraft<'a>>,
    /// Entities that are not in the lexicon: id and label.
    pub(crate) own_entities: BTreeMap<String, Localised>,
    pub(crate) unsure: Vec<Unsure>,
    pub(crate) left_out: Vec<LeftOut>,
}

impl Draft<'_> {
    /// Notes a choice for a person.
    pub(crate) fn unsure(
        &mut self,
        path: impl Into<String>,
        zh: impl Into<String>,
        en: impl Into<String>,
        choice: impl Into<String>,
        alternatives: Vec<String>,
    ) {
        self.unsure.push(Unsure {
            path: path.into(),
            message: Localised::new(zh, en),
            choice: choice.into(),
            alternatives,
        });
    }

    /// Leaves a column out and says why.
    pub(crate) fn leave(&mut self, table: usize, column: usize, zh: &str, en: &str) {
        let Some(draft) = self.tables.get_mut(table) else {
            return;
        };
        let Some(own) = draft.columns.get_mut(column) else {
            return;
        };
        own.role = Role::Left;
        self.left_out.push(LeftOut {
            source: draft.profile.source.clone(),
            column: Some(own.profile.name.clone()),
            reason: Localised::new(zh, en),
        });
    }
}
