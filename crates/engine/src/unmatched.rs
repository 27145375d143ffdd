//! Says which values of filters no row has: a value that is written wrong gives an empty or a smaller result, and looks
//! like an answer.
//!
//! Names of subjects are looked up before a Query runs, and one that nobody has is refused. Values of other dimensions,
//! and keys of subjects that no table lists, are looked up afterwards, among the rows that the scope allows.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::arrow::datatypes::DataType;
use datafusion::common::cast::as_string_array;
use jinsheng_core::Scope;
use jinsheng_semantics::bind::{BoundFilter, BoundQuery, DimensionRef, Note};
use jinsheng_semantics::catalog::{Catalog, ResolvedDimension};
use jinsheng_semantics::query::Test;
use jinsheng_text::fold;

use crate::Engine;
use crate::error::EngineError;
use crate::undated::measures;

/// In tables of more rows values are looked up only when nothing was found.
const MANY_ROWS: u64 = 1_000_000;
/// Values that are named at most.
const SHOWN: usize = 8;

/// A table of the catalog and a column of it that holds values of a dimension.
type Place<'c> = (&'c str, &'c str);

impl Engine {
    /// A note for each dimension of which a filter names values that no row has.
    pub(crate) async fn unmatched(
        &self,
        bound: &BoundQuery,
        scope: &Scope,
        empty: bool,
    ) -> Result<Vec<Note>, EngineError> {
        let mut notes = Vec::new();
        let catalog = self.visible(scope)?;
        for (dimension, values) in wanted(bound) {
            if is_listed(&catalog, &dimension) {
                continue;
            }
            let (name, places) = self.places_of(&catalog, &dimension)?;
            let rows = places.iter().filter_map(|(table, _)| self.catalog.table(table));
            let many = rows.map(|table| self.tables.rows(&table.source)).sum::<u64>() > MANY_ROWS;
            if places.is_empty() || (many && !empty) {
                continue;
            }
            let found = self.values(&places, Some(&values), scope).await?;
            let missing: Vec<&String> = values.difference(&found).collect();
            if missing.is_empty() {
                continue;
            }
            let known = self.values(&places, None, scope).await?;
            notes.push(note(&name, &missing, &known));
        }
        if empty {
            notes.extend(self.filtered_away(scope).await?);
        }
        Ok(notes)
    }

    /// Row filters of the scope whose values no row has: a role that sees nothing should learn why. Its own values
    /// are named and no others.
    async fn filtered_away(&self, scope: &Scope) -> Result<Vec<Note>, EngineError> {
        let mut notes = Vec::new();
        for (name, values) in scope.row_filters() {
            let dimension = match self.catalog.dimension(name) {
                Ok(ResolvedDimension::Entity(entity)) => DimensionRef::Entity(entity.to_owned()),
                Ok(ResolvedDimension::Column(table, column)) => {
                    DimensionRef::Column(table.to_owned(), column.to_owned())
                }
                Err(_) => continue,
            };
            let (_, places) = self.places_of(&self.catalog, &dimension)?;
            let found = self.values(&places, Some(values), &Scope::full()).await?;
            if !places.is_empty() && found.is_empty() {
                let list = quoted(values.iter());
                notes.push(Note {
                    code: "unknown_value",
                    text: (
                        format!("当前角色的行过滤 `{name}` 只许 {list}，而没有一行有这个值，所以什么也看不到；行过滤写的是键，不是名称"),
                        format!("the role's row filter on `{name}` allows {list}, which no row has, so nothing is seen; row filters hold keys, not names"),
                    ),
                });
            }
        }
        Ok(notes)
    }

    /// What a dimension is called, and the columns of texts that hold its values: those of other types may be written
    /// in several ways.
    fn places_of<'c>(
        &self,
        catalog: &'c Catalog,
        dimension: &DimensionRef,
    ) -> Result<(String, Vec<Place<'c>>), EngineError> {
        let (name, mut places): (String, Vec<Place<'c>>) = match dimension {
            DimensionRef::Column(table, name) => {
                let place = catalog
                    .file()
                    .tables
                    .get_key_value(table)
                    .and_then(|(table, known)| {
                        Some((table.as_str(), known.dimensions.get(name)?.column.as_str()))
                    });
                (catalog.dimension_name(table, name), place.into_iter().collect())
            }
            DimensionRef::Entity(entity) => {
                let tables = catalog.file().tables.iter();
                let places = tables.filter_map(|(table, known)| {
                    Some((table.as_str(), known.entities.get(entity)?.as_str()))
                });
                (entity.clone(), places.collect())
            }
        };
        for (table, column) in places.clone() {
            let source = catalog.table(table).map_or("", |table| table.source.as_str());
            if self.tables.data_type(source, column)? != DataType::Utf8 {
                places.clear();
                break;
            }
        }
        Ok((name, places))
    }

    /// Values in some columns under a scope, or those of them that are among `wanted`.
    async fn values(
        &self,
        places: &[Place<'_>],
        wanted: Option<&BTreeSet<String>>,
        scope: &Scope,
    ) -> Result<BTreeSet<String>, EngineError> {
        let bound = BoundQuery::empty();
        let planner = self.planner(&bound, scope, None);
        let mut values = BTreeSet::new();
        for (table, column) in places {
            for batch in self.collect(&planner.values(table, column, wanted)?).await? {
                let column = as_string_array(batch.column(0))?;
                values.extend(column.iter().flatten().map(ToOwned::to_owned));
            }
        }
        Ok(values)
    }
}

/// True for subjects that are looked up before a Query runs.
fn is_listed(catalog: &Catalog, dimension: &DimensionRef) -> bool {
    let DimensionRef::Entity(entity) = dimension else {
        return false;
    };
    catalog.entity(entity).is_some_and(|entity| {
        entity.table.is_some() || !entity.names.is_empty() || !entity.aliases.is_empty()
    })
}

/// Values that filters ask for, by dimension.
fn wanted(bound: &BoundQuery) -> BTreeMap<DimensionRef, BTreeSet<String>> {
    let mut leaves = Vec::new();
    measures(&bound.context, &mut leaves);
    let of_leaves = leaves.iter().flat_map(|leaf| &leaf.filters);
    let filters = bound.filters.iter().chain(&bound.of).chain(of_leaves);
    let mut wanted: BTreeMap<DimensionRef, BTreeSet<String>> = BTreeMap::new();
    for BoundFilter { dimension, test, .. } in filters {
        if let Test::In(values) | Test::NotIn(values) = test {
            wanted
                .entry(dimension.clone())
                .or_default()
                .extend(values.iter().cloned());
        }
    }
    wanted
}

fn quoted<'t>(texts: impl Iterator<Item = &'t String>) -> String {
    texts
        .map(|text| format!("`{text}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn note(name: &str, missing: &[&String], known: &BTreeSet<String>) -> Note {
    let mut near: Vec<&String> = missing.iter().flat_map(|text| nearest(text, known)).collect();
    near.dedup();
    let (zh, en) = match (near.is_empty(), known.len()) {
        (_, 0) => (
            "；它没有任何取值".to_owned(),
            "; it has no values at all".to_owned(),
        ),
        (false, _) => {
            let list = quoted(near.into_iter().take(SHOWN));
            (format!("；相近的有 {list}"), format!("; near it: {list}"))
        }
        (true, count) => {
            let list = quoted(known.iter().take(SHOWN));
            (
                format!("；共 {count} 个取值，如 {list}"),
                format!("; it has {count} values, such as {list}"),
            )
        }
    };
    let list = quoted(missing.iter().copied());
    Note {
        code: "unknown_value",
        text: (
            format!("`{name}` 没有取值 {list}{zh}"),
            format!("`{name}` has no value {list}{en}"),
        ),
    }
}

/// The values most like a text.
fn nearest<'k>(text: &str, known: &'k BTreeSet<String>) -> Vec<&'k String> {
    let folded = fold(text);
    let mut scored: Vec<(f64, &String)> = known
        .iter()
        .filter_map(|value| {
            let other = fold(value);
            let within = !folded.is_empty() && (other.contains(&folded) || folded.contains(&other));
            let score = strsim::jaro_winkler(&folded, &other) + if within { 0.3 } else { 0.0 };
            // Of two Chinese characters one is much.
            let enough = if folded.is_ascii() { 0.7 } else { 0.6 };
            (score > enough).then_some((score, value))
        })
        .collect();
    scored.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(other.1)));
    scored.into_iter().take(3).map(|(_, value)| value).collect()
}
