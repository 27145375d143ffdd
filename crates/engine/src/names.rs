//! Members of entities by key and name, as a scope sees them; read once for each scope.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use datafusion::arrow::array::ArrayRef;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::cast::as_string_array;
use jinsheng_core::{Digest, Scope};
use jinsheng_semantics::bind::{BoundQuery, DimensionRef, NameMiss, Names};
use jinsheng_semantics::catalog::{Catalog, Entity, ResolvedDimension};
use jinsheng_semantics::query::{Condition, Expr, Filter, OrderKey, Query};
use jinsheng_text::fold;

use crate::Engine;
use crate::error::EngineError;

/// Members of one entity.
#[derive(Debug, Clone, Default)]
pub struct Members {
    names: BTreeMap<String, String>,
    by_text: HashMap<String, BTreeSet<String>>,
    /// Every text as it is written, with the key that it names.
    texts: BTreeSet<(String, String)>,
}

impl Members {
    /// The displayed name of a key.
    pub fn name(&self, key: &str) -> Option<&str> {
        self.names
            .get(key)
            .map(String::as_str)
            .filter(|name| !name.is_empty())
    }

    /// Keys and displayed names, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.names.iter().map(|(key, name)| (key.as_str(), name.as_str()))
    }

    /// Every key, name and alias as it is written, with the key that it names.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let names = self.texts.iter();
        names.map(|(text, key)| (text.as_str(), key.as_str()))
    }

    /// Keys of all members that are known by this text: as key, name or alias.
    pub fn keys(&self, text: &str) -> impl Iterator<Item = &str> {
        self.by_text
            .get(&fold(text))
            .into_iter()
            .flatten()
            .map(String::as_str)
    }

    fn add(&mut self, key: &str, name: Option<&str>) {
        let shown = self.names.entry(key.to_owned()).or_default();
        self.by_text.entry(fold(key)).or_default().insert(key.to_owned());
        self.texts.insert((key.to_owned(), key.to_owned()));
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            if shown.is_empty() {
                name.clone_into(shown);
            }
            self.by_text.entry(fold(name)).or_default().insert(key.to_owned());
            self.texts.insert((name.to_owned(), key.to_owned()));
        }
    }

    fn find(&self, text: &str) -> Result<String, NameMiss> {
        if self.names.contains_key(text) {
            return Ok(text.to_owned());
        }
        let with_name = |key: &String| (key.clone(), self.names.get(key).cloned().unwrap_or_default());
        let folded = fold(text);
        match self.by_text.get(&folded) {
            Some(keys) if keys.len() == 1 => keys.iter().next().cloned().ok_or(NameMiss::None(Vec::new())),
            Some(keys) => Err(NameMiss::Several(keys.iter().map(with_name).collect())),
            None => {
                let mut near: Vec<(f64, &String)> = self
                    .by_text
                    .iter()
                    .filter_map(|(known, keys)| {
                        let contained = known.contains(&folded) || folded.contains(known.as_str());
                        let score =
                            strsim::jaro_winkler(known, &folded) + f64::from(u8::from(contained)) * 0.4;
                        keys.iter().next().filter(|_| score > 0.7).map(|key| (score, key))
                    })
                    .collect();
                near.sort_by(|left, right| right.0.total_cmp(&left.0).then_with(|| left.1.cmp(right.1)));
                near.dedup_by(|left, right| left.1 == right.1);
                Err(NameMiss::None(
                    near.into_iter().take(5).map(|(_, key)| with_name(key)).collect(),
                ))
            }
        }
    }
}

/// Members of several entities.
#[derive(Debug, Clone, Default)]
pub(crate) struct Roster(BTreeMap<String, Arc<Members>>);

impl Roster {
    pub(crate) fn of(&self, entity: &str) -> Option<&Members> {
        self.0.get(entity).map(Arc::as_ref)
    }
}

impl Names for Roster {
    fn key(&self, entity: &str, text: &str) -> Result<String, NameMiss> {
        match self.0.get(entity) {
            Some(members) => members.find(text),
            // An entity without names is known by its keys alone.
            None => Ok(text.to_owned()),
        }
    }

    fn named_with(&self, entity: &str, text: &str) -> BTreeSet<String> {
        let members = self.0.get(entity).into_iter().flat_map(|members| members.iter());
        members
            .filter(|(_, name)| name.contains(text))
            .map(|(key, _)| key.to_owned())
            .collect()
    }
}

/// Tables and columns from which members are read: their names; without names the keys of the home table; and where
/// there are only aliases, the keys wherever they stand.
fn places<'c>(catalog: &'c Catalog, entity: &str, definition: &'c Entity) -> Vec<(&'c str, &'c str)> {
    if !definition.names.is_empty() {
        let names = definition.names.iter();
        return names
            .map(|place| (place.table.as_str(), place.column.as_str()))
            .collect();
    }
    let keys = |table: &'c str| {
        let key = catalog.table(table)?.entities.get(entity)?;
        Some((table, key.as_str()))
    };
    match &definition.table {
        Some(home) => keys(home).into_iter().collect(),
        None if definition.aliases.is_empty() => Vec::new(),
        None => catalog
            .file()
            .tables
            .keys()
            .filter_map(|table| keys(table))
            .collect(),
    }
}

type Loaded = HashMap<(Digest, String), Arc<Members>>;

/// Members read so far, by scope and entity.
#[derive(Debug, Default)]
pub(crate) struct MembersCache(Mutex<Loaded>);

impl Engine {
    /// Members of an entity under a scope.
    ///
    /// # Errors
    /// When a table that names them cannot be read.
    pub async fn members(&self, entity: &str, scope: &Scope) -> Result<Arc<Members>, EngineError> {
        let id = (scope.class(), entity.to_owned());
        let known = self
            .members
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .get(&id)
            .cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let catalog = self.visible(scope)?;
        let mut members = Members::default();
        let Some(definition) = catalog.entity(entity) else {
            return Ok(Arc::new(members));
        };
        for (table, column) in places(&catalog, entity, definition) {
            let bound = BoundQuery::empty();
            let planner = crate::plan::Planner {
                catalog: &self.catalog,
                tables: &self.tables,
                scope,
                query: &bound,
                latest: None,
                native: true,
            };
            let plan = planner.names(entity, table, column)?;
            let batches = self.collect(&plan).await?;
            for batch in batches {
                let (Some(keys), Some(names)) = (batch.columns().first(), batch.columns().get(1)) else {
                    continue;
                };
                let (keys, names) = (text(keys)?, text(names)?);
                let (keys, names) = (as_string_array(&keys)?, as_string_array(&names)?);
                for (key, name) in keys.iter().zip(names.iter()) {
                    if let Some(key) = key {
                        // A table that only lists keys gives them as their own names.
                        members.add(key, name.filter(|name| *name != key));
                    }
                }
            }
        }
        for (key, aliases) in &definition.aliases {
            if members.names.contains_key(&key.0) {
                for alias in aliases {
                    members.texts.insert((alias.clone(), key.0.clone()));
                    members
                        .by_text
                        .entry(fold(alias))
                        .or_default()
                        .insert(key.0.clone());
                }
            }
        }
        let members = Arc::new(members);
        self.members
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .insert(id, Arc::clone(&members));
        Ok(members)
    }

    async fn roster(
        &self,
        entities: BTreeSet<String>,
        catalog: &Catalog,
        scope: &Scope,
    ) -> Result<Roster, EngineError> {
        let mut roster = Roster::default();
        for entity in entities {
            let definition = catalog.entity(&entity);
            if definition.is_some_and(|definition| !places(catalog, &entity, definition).is_empty()) {
                let members = self.members(&entity, scope).await?;
                roster.0.insert(entity, members);
            }
        }
        Ok(roster)
    }

    /// Members of the entities whose values a Query names.
    pub(crate) async fn members_named(
        &self,
        query: &Query,
        catalog: &Catalog,
        scope: &Scope,
    ) -> Result<Roster, EngineError> {
        let mut entities = BTreeSet::new();
        for filter in filters_of(query, catalog) {
            if let Ok(ResolvedDimension::Entity(entity)) = catalog.dimension(&filter.dimension) {
                entities.insert(entity.to_owned());
            }
        }
        self.roster(entities, catalog, scope).await
    }

    /// Members of the entities that a result shows.
    pub(crate) async fn members_of(
        &self,
        bound: &BoundQuery,
        catalog: &Catalog,
        scope: &Scope,
    ) -> Result<Roster, EngineError> {
        let shown = bound
            .context
            .dimensions
            .iter()
            .filter(|dimension| !dimension.hidden);
        let entities = shown
            .filter_map(|dimension| match &dimension.dimension {
                DimensionRef::Entity(entity) => Some(entity.clone()),
                DimensionRef::Column(..) => None,
            })
            // Only what has names gets a column of them.
            .filter(|entity| {
                catalog
                    .entity(entity)
                    .is_some_and(|entity| !entity.names.is_empty())
            })
            .collect();
        self.roster(entities, catalog, scope).await
    }
}

fn text(array: &ArrayRef) -> Result<ArrayRef, EngineError> {
    cast(array, &DataType::Utf8).map_err(|error| EngineError::Failed {
        detail: error.to_string(),
    })
}

/// Filters of a Query, in its expressions, and in the formulas that these lead to: formulas may name subjects too.
fn filters_of<'q>(query: &'q Query, catalog: &'q Catalog) -> Vec<&'q Filter> {
    let mut filters: Vec<&Filter> = query.of.iter().chain(&query.filters).collect();
    let mut waiting: Vec<&Expr> = query.items.iter().map(|item| &item.expr).collect();
    waiting.extend(query.having.iter().flat_map(Condition::exprs));
    waiting.extend(query.top.iter().map(|top| &top.by));
    waiting.extend(query.order.iter().filter_map(|key| match &key.by {
        OrderKey::Value(expr) => Some(expr),
        _ => None,
    }));
    let mut seen = BTreeSet::new();
    while let Some(expr) = waiting.pop() {
        let Expr::Metric(metric) = expr else {
            waiting.extend(expr.parts());
            continue;
        };
        filters.extend(&metric.filters);
        if seen.insert(metric.name.as_str()) {
            waiting.extend(catalog.formula(&metric.name));
        }
    }
    filters
}
