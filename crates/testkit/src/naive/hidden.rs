//! What a Scope hides: tables, measures and dimensions, and whatever else reads a column that they read.

use std::collections::BTreeSet;

use jinsheng_core::Scope;
use jinsheng_semantics::catalog::{Catalog, DimensionPath, NameColumn, ResolvedDimension};

use super::refusal::NaiveRefusal;

/// Names that a Scope hides in a catalog.
pub(super) struct Hidden<'a> {
    tables: BTreeSet<&'a str>,
    /// Table with measure or dimension.
    names: BTreeSet<(&'a str, &'a str)>,
    /// Imported table with column.
    columns: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Hidden<'a> {
    /// Everything that is hidden.
    ///
    /// # Errors
    /// [`NaiveRefusal::Unknown`] for a name in the Scope that the catalog does not have.
    pub(super) fn new(catalog: &'a Catalog, scope: &Scope) -> Result<Self, NaiveRefusal> {
        let unknown = |name: &str| NaiveRefusal::Unknown {
            kind: "hidden name",
            name: name.to_owned(),
        };
        for (dimension, _) in scope.row_filters() {
            super::rows::resolve(catalog, dimension)?;
        }
        let mut tables = BTreeSet::new();
        let mut columns: BTreeSet<(&str, &str)> = BTreeSet::new();
        let mut names = BTreeSet::new();
        for name in scope.hidden() {
            let (table_name, own) = match name.split_once('.') {
                Some((table, own)) => (table, Some(own)),
                None => (name, None),
            };
            let file = catalog.file();
            let (table_name, table) = file
                .tables
                .get_key_value(table_name)
                .ok_or_else(|| unknown(name))?;
            let mut found = false;
            for (other, column) in named(catalog, table_name) {
                if own.is_none_or(|own| own == other) {
                    found = true;
                    names.insert((table_name.as_str(), other));
                    columns.extend(column.map(|column| (table.source.as_str(), column)));
                }
            }
            match own {
                None => {
                    tables.insert(table_name.as_str());
                }
                Some(own) => {
                    let all = file.entities.values().flat_map(|entity| &entity.names);
                    for place in all.filter(|place| place.table == *table_name && place.column == own) {
                        found = true;
                        columns.insert((table.source.as_str(), place.column.as_str()));
                    }
                    if !found {
                        return Err(unknown(name));
                    }
                }
            }
        }
        for (table_name, table) in &catalog.file().tables {
            for (name, column) in named(catalog, table_name) {
                if column.is_some_and(|column| columns.contains(&(table.source.as_str(), column))) {
                    names.insert((table_name, name));
                }
            }
        }
        Ok(Self {
            tables,
            names,
            columns,
        })
    }

    /// Refuses a hidden measure, written `table.measure`.
    pub(super) fn measure(&self, reference: &str) -> Result<(), NaiveRefusal> {
        match reference.split_once('.') {
            Some((table, measure)) if !self.has(table, measure) => Ok(()),
            _ => Err(refused(reference)),
        }
    }

    /// Refuses a hidden dimension.
    pub(super) fn dimension(&self, dimension: ResolvedDimension<'_>) -> Result<(), NaiveRefusal> {
        match dimension {
            ResolvedDimension::Column(table, name) if self.has(table, name) => {
                Err(refused(&format!("{table}.{name}")))
            }
            _ => Ok(()),
        }
    }

    /// Refuses a way through a hidden table.
    pub(super) fn path(&self, path: &DimensionPath) -> Result<(), NaiveRefusal> {
        match path
            .hops
            .iter()
            .find(|hop| self.tables.contains(hop.table.as_str()))
        {
            Some(hop) => Err(refused(&hop.table)),
            None => Ok(()),
        }
    }

    /// Whether a column of displayed names is hidden.
    pub(super) fn names(&self, catalog: &Catalog, place: &NameColumn) -> bool {
        let source = catalog.table(&place.table).map_or("", |table| &table.source);
        self.tables.contains(place.table.as_str()) || self.columns.contains(&(source, place.column.as_str()))
    }

    fn has(&self, table: &str, name: &str) -> bool {
        self.tables.contains(table) || self.names.contains(&(table, name))
    }
}

/// Measures and dimensions of a table, with the columns that they read.
fn named<'a>(catalog: &'a Catalog, table: &str) -> Vec<(&'a str, Option<&'a str>)> {
    let Some(table) = catalog.table(table) else {
        return Vec::new();
    };
    let measures = table.measures.iter();
    let dimensions = table.dimensions.iter();
    measures
        .map(|(name, measure)| (name.as_str(), measure.column.as_deref()))
        .chain(dimensions.map(|(name, dimension)| (name.as_str(), Some(dimension.column.as_str()))))
        .collect()
}

fn refused(name: &str) -> NaiveRefusal {
    NaiveRefusal::Hidden {
        name: name.to_owned(),
    }
}
