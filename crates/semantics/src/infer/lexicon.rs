//! The finance lexicon: well-known figures, tables, entities and dimensions with the names that people give them.
//!
//! The data is YAML (`lexicon/*.yaml`), so that somebody who knows finance can extend it without knowing Rust.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jinsheng_core::{Localised, Unit};
use serde::Deserialize;

use super::names::{column_key, label_key};

/// Part of a bank's data that a table or figure belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Section {
    Income,
    Balance,
    CashFlow,
    Indicators,
    Market,
    Fund,
    Client,
    Macro,
}

impl Section {
    /// Tables in which one row a subject and period is the rule.
    pub(crate) fn is_series(self) -> bool {
        self != Self::Client
    }

    /// Statements count flows from the start of the year.
    pub(crate) fn is_statement(self) -> bool {
        matches!(
            self,
            Self::Income | Self::Balance | Self::CashFlow | Self::Indicators
        )
    }
}

/// What kind of figure a concept is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// An amount over a period.
    Flow,
    /// A state that adds up over subjects.
    Stock,
    /// A ratio, growth rate or figure a share.
    Rate,
    /// A price, net value or exchange rate: a state that never adds up.
    Price,
    /// Highest of a period.
    High,
    /// Lowest of a period.
    Low,
    /// Points of an index.
    Index,
    /// A property in numbers that never adds up: age, minimum purchase.
    Level,
}

/// A well-known figure.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Concept {
    pub(crate) id: String,
    pub(crate) label: Localised,
    pub(crate) kind: Kind,
    /// Usual unit.
    #[serde(default)]
    pub(crate) unit: Option<Unit>,
    /// Headers; synonyms as well.
    #[serde(default)]
    pub(crate) names: Vec<String>,
    /// Column names.
    #[serde(default)]
    pub(crate) keys: Vec<String>,
    /// Column names that mean this in tables of the section only.
    #[serde(default)]
    pub(crate) local: Vec<String>,
    /// Column names that mean this in one kind of table only.
    #[serde(default)]
    pub(crate) in_table: BTreeMap<String, Vec<String>>,
    /// Names of tables whose only figure, however it is called, is this.
    #[serde(default)]
    pub(crate) table_keys: Vec<String>,
    /// Further words in questions; too loose for headers.
    #[serde(default)]
    pub(crate) words: Vec<String>,
    /// How it is computed where no column has it; the first whose parts exist.
    #[serde(default)]
    pub(crate) formula: Vec<String>,
    /// What a stored column should equal.
    #[serde(default)]
    pub(crate) check: Vec<String>,
    #[serde(default)]
    pub(crate) about: Localised,
    /// A larger value is worse.
    #[serde(default)]
    pub(crate) worse: bool,
    /// Goes before others that list the same loose word.
    #[serde(default)]
    pub(crate) first: bool,
    /// Takes the name of that concept where it has no column.
    #[serde(default)]
    pub(crate) stands_for: Option<String>,
    /// The formula divides by a closing balance where the textbook takes an average.
    #[serde(default)]
    pub(crate) closing: bool,
    #[serde(skip, default = "indicators")]
    pub(crate) section: Section,
}

fn indicators() -> Section {
    Section::Indicators
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConceptFile {
    section: Section,
    concepts: Vec<Concept>,
}

/// A well-known table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableKind {
    pub(crate) id: String,
    pub(crate) label: Localised,
    #[serde(default)]
    pub(crate) names: Vec<String>,
    #[serde(default)]
    pub(crate) keys: Vec<String>,
    #[serde(default)]
    pub(crate) words: Vec<String>,
    #[serde(default)]
    pub(crate) section: Option<Section>,
}

/// A well-known kind of subject.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EntityKind {
    pub(crate) id: String,
    pub(crate) label: Localised,
    #[serde(default)]
    pub(crate) synonyms: Vec<String>,
    #[serde(default)]
    pub(crate) key_names: Vec<String>,
    #[serde(default)]
    pub(crate) key_keys: Vec<String>,
    #[serde(default)]
    pub(crate) name_names: Vec<String>,
    #[serde(default)]
    pub(crate) name_keys: Vec<String>,
    /// Words in a table's name that make a bare `code` or `name` column belong to this.
    #[serde(default)]
    pub(crate) hints: Vec<String>,
    /// The name identifies where there is no code.
    #[serde(default)]
    pub(crate) name_is_key: bool,
    #[serde(default)]
    pub(crate) count: Option<CountMetric>,
}

/// The metric that counts members of an entity.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CountMetric {
    pub(crate) id: String,
    pub(crate) zh: String,
    pub(crate) en: String,
    pub(crate) unit: Unit,
    pub(crate) words: Vec<String>,
}

/// A well-known dimension.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DimensionKind {
    pub(crate) id: String,
    pub(crate) label: Localised,
    pub(crate) names: Vec<String>,
    pub(crate) keys: Vec<String>,
    pub(crate) words: Vec<String>,
}

/// One word for several metrics.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupKind {
    pub(crate) id: String,
    pub(crate) label: Localised,
    pub(crate) synonyms: Vec<String>,
    pub(crate) metrics: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Structure {
    tables: Vec<TableKind>,
    entities: Vec<EntityKind>,
    dimensions: Vec<DimensionKind>,
    technical_names: Vec<String>,
    technical_keys: Vec<String>,
    personal_names: Vec<String>,
    personal_keys: Vec<String>,
    log_keys: Vec<String>,
    sections: Vec<String>,
    section_keys: Vec<String>,
    groups: Vec<GroupKind>,
}

/// Everything, with indices from names.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    pub(crate) concepts: Vec<Concept>,
    pub(crate) tables: Vec<TableKind>,
    pub(crate) entities: Vec<EntityKind>,
    pub(crate) dimensions: Vec<DimensionKind>,
    pub(crate) groups: Vec<GroupKind>,
    pub(crate) sections: Vec<String>,
    by_name: BTreeMap<String, usize>,
    local: BTreeMap<(Section, String), usize>,
    in_table: BTreeMap<(String, String), usize>,
    table_names: BTreeMap<String, usize>,
    dimension_names: BTreeMap<String, usize>,
    technical: Vec<String>,
    personal: Vec<String>,
    logs: Vec<String>,
    pub(crate) section_keys: Vec<String>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::read().unwrap_or_default());

const FILES: [&str; 8] = [
    include_str!("lexicon/income.yaml"),
    include_str!("lexicon/balance.yaml"),
    include_str!("lexicon/cash_flow.yaml"),
    include_str!("lexicon/ratios.yaml"),
    include_str!("lexicon/market.yaml"),
    include_str!("lexicon/fund.yaml"),
    include_str!("lexicon/client.yaml"),
    include_str!("lexicon/macro.yaml"),
];

/// Both forms under which a name may be looked up: Chinese labels keep their characters, column names their words.
pub(crate) fn keys_of(name: &str) -> String {
    if name.is_ascii() {
        column_key(name)
    } else {
        label_key(name)
    }
}

impl Lexicon {
    /// The lexicon of this build. Empty only if its files were unreadable, which a test rules out.
    pub(crate) fn get() -> &'static Self {
        &LEXICON
    }

    /// Reads the built-in files.
    pub(crate) fn read() -> Result<Self, String> {
        let mut concepts = Vec::new();
        for text in FILES {
            let file: ConceptFile = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
            concepts.extend(file.concepts.into_iter().map(|concept| Concept {
                section: file.section,
                ..concept
            }));
        }
        let structure: Structure = serde_saphyr::from_str(include_str!("lexicon/structure.yaml"))
            .map_err(|error| error.to_string())?;
        Ok(Self::index(concepts, structure))
    }

    fn index(concepts: Vec<Concept>, structure: Structure) -> Self {
        let mut lexicon = Self {
            tables: structure.tables,
            entities: structure.entities,
            dimensions: structure.dimensions,
            groups: structure.groups,
            sections: structure.sections,
            section_keys: structure.section_keys,
            technical: both(&structure.technical_names, &structure.technical_keys),
            personal: both(&structure.personal_names, &structure.personal_keys),
            logs: both(&[], &structure.log_keys),
            ..Self::default()
        };
        for (index, concept) in concepts.iter().enumerate() {
            let own = [&concept.label.zh, &concept.label.en, &concept.id];
            for name in own.into_iter().chain(&concept.names).chain(&concept.keys) {
                lexicon.by_name.entry(keys_of(name)).or_insert(index);
            }
            for name in &concept.local {
                lexicon.local.insert((concept.section, keys_of(name)), index);
            }
            for (table, names) in &concept.in_table {
                for name in names {
                    lexicon.in_table.insert((table.clone(), keys_of(name)), index);
                }
            }
        }
        for (index, table) in lexicon.tables.iter().enumerate() {
            for name in [&table.label.zh, &table.id]
                .into_iter()
                .chain(&table.names)
                .chain(&table.keys)
            {
                lexicon.table_names.entry(keys_of(name)).or_insert(index);
            }
        }
        for (index, dimension) in lexicon.dimensions.iter().enumerate() {
            let own = [&dimension.label.zh, &dimension.label.en, &dimension.id];
            for name in own.into_iter().chain(&dimension.names).chain(&dimension.keys) {
                lexicon.dimension_names.entry(keys_of(name)).or_insert(index);
            }
        }
        lexicon.concepts = concepts;
        lexicon
    }

    /// A concept by one of its names, given as a key (see [`keys_of`]).
    pub(crate) fn concept(&self, key: &str) -> Option<usize> {
        self.by_name.get(key).copied()
    }

    /// A concept that the key means in this section or kind of table only.
    pub(crate) fn local_concept(
        &self,
        section: Option<Section>,
        table: Option<&str>,
        key: &str,
    ) -> Option<usize> {
        table
            .and_then(|table| self.in_table.get(&(table.to_owned(), key.to_owned())))
            .or_else(|| section.and_then(|section| self.local.get(&(section, key.to_owned()))))
            .copied()
    }

    /// A concept by its id.
    pub(crate) fn by_id(&self, id: &str) -> Option<&Concept> {
        self.concepts.iter().find(|concept| concept.id == id)
    }

    /// A kind of table by one of its names.
    pub(crate) fn table(&self, key: &str) -> Option<usize> {
        self.table_names.get(key).copied()
    }

    /// A dimension by one of its names.
    pub(crate) fn dimension(&self, key: &str) -> Option<&DimensionKind> {
        self.dimension_names
            .get(key)
            .and_then(|index| self.dimensions.get(*index))
    }

    /// True for row numbers, time stamps of loading and the like.
    pub(crate) fn is_technical(&self, key: &str) -> bool {
        self.technical.iter().any(|name| name == key)
    }

    /// True for what identifies a person.
    pub(crate) fn is_personal(&self, key: &str) -> bool {
        self.personal.iter().any(|name| name == key)
    }

    /// True for a table about the import or the database itself; `key` is the key of its name.
    pub(crate) fn is_log(&self, key: &str) -> bool {
        self.logs.iter().any(|name| {
            key == name
                || key
                    .strip_suffix(name.as_str())
                    .is_some_and(|rest| rest.ends_with('_'))
        })
    }
}

fn both(names: &[String], keys: &[String]) -> Vec<String> {
    names.iter().chain(keys).map(|name| keys_of(name)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::catalog::metric_names;
    use crate::query::parse_expr;

    #[test]
    fn reads_and_is_large() {
        let lexicon = Lexicon::read().unwrap();
        assert!(lexicon.concepts.len() >= 200, "{}", lexicon.concepts.len());
        let ids: BTreeSet<&str> = lexicon
            .concepts
            .iter()
            .map(|concept| concept.id.as_str())
            .collect();
        assert_eq!(ids.len(), lexicon.concepts.len(), "an id is used twice");
        for concept in &lexicon.concepts {
            assert!(
                !concept.label.zh.is_empty() && !concept.label.en.is_empty(),
                "{}",
                concept.id
            );
        }
    }

    #[test]
    fn formulas_use_known_concepts() {
        let lexicon = Lexicon::get();
        let counts: BTreeSet<&str> = lexicon
            .entities
            .iter()
            .filter_map(|entity| Some(entity.count.as_ref()?.id.as_str()))
            .collect();
        for concept in &lexicon.concepts {
            for formula in concept.formula.iter().chain(&concept.check) {
                let expr = parse_expr(formula).unwrap_or_else(|error| panic!("{}: {error:?}", concept.id));
                let mut names = BTreeSet::new();
                metric_names(&expr, &mut names);
                for name in names {
                    assert!(
                        lexicon.by_id(&name).is_some() || counts.contains(name.as_str()),
                        "{}: {name}",
                        concept.id
                    );
                }
            }
        }
        for group in &lexicon.groups {
            for metric in &group.metrics {
                let base = metric.strip_suffix("_yoy").unwrap_or(metric);
                assert!(lexicon.by_id(base).is_some(), "{}: {metric}", group.id);
            }
        }
    }

    #[test]
    fn no_header_means_two_things() {
        let lexicon = Lexicon::get();
        let mut owners: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for concept in &lexicon.concepts {
            let own = [&concept.label.zh, &concept.label.en, &concept.id];
            for name in own.into_iter().chain(&concept.names).chain(&concept.keys) {
                owners.entry(keys_of(name)).or_default().insert(&concept.id);
            }
        }
        let double: Vec<_> = owners.into_iter().filter(|(_, ids)| ids.len() > 1).collect();
        assert_eq!(double, []);
    }
}
