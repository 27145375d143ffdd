//! The catalog as a scope sees it: what is hidden is withheld below everything that would read it.
//!
//! Names and ways between tables keep the meaning that they have in the whole catalog; a role sees less, never
//! something else under the same name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jinsheng_core::Scope;

use super::{Catalog, DimensionPath, ResolvedDimension};
use crate::catalog::{CatalogFile, Metric, Table};
use crate::query::{Expr, MetricRef, OverWhat};

impl Catalog {
    /// The catalog as a scope sees it. A hidden measure, dimension or table hides the columns that it reads, wherever
    /// else they are read as measures, dimensions or names; keys and periods stay. A metric goes with its column, whatever
    /// other source or formula it has, and a formula with anything that it needs.
    ///
    /// The digest stays that of the whole catalog. Names in the scope that are unknown are for the caller to refuse
    /// ([`Catalog::unknown_hidden`]).
    pub fn under(&self, scope: &Scope) -> Self {
        let whole = self.whole.clone().unwrap_or_else(|| Arc::new(self.file.clone()));
        let hidden = Hidden::new(&whole, scope);
        let mut file = self.file.clone();
        file.tables.retain(|name, _| !scope.hides(name, None));
        for (name, table) in &mut file.tables {
            let source = table.source.clone();
            table
                .measures
                .retain(|measure, found| !hidden.has(name, measure, &source, found.column.as_deref()));
            table
                .dimensions
                .retain(|dimension, found| !hidden.has(name, dimension, &source, Some(&found.column)));
        }
        for entity in file.entities.values_mut() {
            entity.names.retain(|place| {
                let table = file.tables.get(&place.table);
                table.is_some_and(|table| {
                    !hidden.has(&place.table, &place.column, &table.source, Some(&place.column))
                })
            });
            entity.table = entity
                .table
                .take()
                .filter(|table| file.tables.contains_key(table));
        }
        let mut view = Self {
            file,
            digest: self.digest.clone(),
            formulas: self.formulas.clone(),
            whole: Some(whole),
        };
        view.withhold_metrics();
        view
    }

    /// A name that a scope hides and the catalog lacks: a slip of the pen there would show what it means to hide.
    pub fn unknown_hidden<'s>(&self, scope: &'s Scope) -> Option<&'s str> {
        let file = self.whole_file();
        let names_column = |table: &str, column: &str| {
            let mut places = file.entities.values().flat_map(|entity| &entity.names);
            places.any(|place| place.table == table && place.column == column)
        };
        let known = |name: &str| match name.split_once('.') {
            None => file.tables.contains_key(name),
            Some((table_name, name)) => file.tables.get(table_name).is_some_and(|table| {
                table.measures.contains_key(name)
                    || table.dimensions.contains_key(name)
                    || names_column(table_name, name)
            }),
        };
        scope.hidden().find(|name| !known(name))
    }

    /// Whether a metric, or this source of it, exists but is not for the scope to see.
    pub fn withholds(&self, metric: &MetricRef) -> bool {
        let Some(whole) = self.whole_file().metrics.get(&metric.name) else {
            return false;
        };
        let Some(seen) = self.metric(&metric.name) else {
            return true;
        };
        match metric.variant.as_deref() {
            None => false,
            Some("formula") => whole.formula.is_some() && seen.formula.is_none(),
            Some(table) => reads(whole, table) && !reads(seen, table),
        }
    }

    /// Whether a dimension exists but is not for the scope to see.
    pub fn withholds_dimension(&self, name: &str) -> bool {
        self.dimension_in(self.whole_file(), name)
            .is_ok_and(|dimension| !self.sees(dimension))
    }

    /// Whether the way from a table to a dimension leads through something that the scope does not see.
    pub fn withholds_path(&self, from: &str, dimension: ResolvedDimension<'_>) -> bool {
        self.whole_path(from, dimension)
            .is_some_and(|path| !self.sees_path(dimension, &path))
    }

    /// All definitions, whatever the scope.
    pub(super) fn whole_file(&self) -> &CatalogFile {
        self.whole.as_deref().unwrap_or(&self.file)
    }

    pub(super) fn sees(&self, dimension: ResolvedDimension<'_>) -> bool {
        match dimension {
            ResolvedDimension::Entity(entity) => self.entity(entity).is_some(),
            ResolvedDimension::Column(table, name) => self.dimension_of(table, name).is_some(),
        }
    }

    pub(super) fn sees_path(&self, dimension: ResolvedDimension<'_>, path: &DimensionPath) -> bool {
        self.sees(dimension) && path.hops.iter().all(|hop| self.table(&hop.table).is_some())
    }

    /// Takes away metrics without their column, and formulas without anything that they need, until nothing more falls.
    fn withhold_metrics(&mut self) {
        let whole = self.file.metrics.clone();
        let seen = |reference: &str| self.measure(reference).is_some();
        let mut metrics: BTreeMap<String, Metric> = whole
            .into_iter()
            .filter(|(_, metric)| metric.measure.as_deref().is_none_or(seen))
            .map(|(name, mut metric)| {
                metric.alternatives.retain(|reference| seen(reference));
                (name, metric)
            })
            .collect();
        loop {
            let lost: Vec<String> = metrics
                .iter()
                .filter(|(name, metric)| {
                    let formula = self.formulas.get(*name).filter(|_| metric.formula.is_some());
                    formula.is_some_and(|formula| !self.computable(formula, &metrics))
                })
                .map(|(name, _)| name.clone())
                .collect();
            if lost.is_empty() {
                break;
            }
            for name in lost {
                let stored = metrics.get_mut(&name).filter(|metric| metric.measure.is_some());
                match stored {
                    Some(metric) => metric.formula = None,
                    None => {
                        metrics.remove(&name);
                    }
                }
            }
        }
        self.formulas
            .retain(|name, _| metrics.get(name).is_some_and(|metric| metric.formula.is_some()));
        self.file
            .groups
            .values_mut()
            .for_each(|group| group.metrics.retain(|name| metrics.contains_key(name)));
        self.file.metrics = metrics;
    }

    /// Whether everything that a formula names may be seen.
    fn computable(&self, formula: &Expr, metrics: &BTreeMap<String, Metric>) -> bool {
        let dimension = |name: &String| !self.withholds_dimension(name);
        let own = match formula {
            Expr::Metric(used) => {
                let source = metrics
                    .get(&used.name)
                    .is_some_and(|metric| match used.variant.as_deref() {
                        None => true,
                        Some("formula") => metric.formula.is_some(),
                        Some(table) => reads(metric, table),
                    });
                source && used.filters.iter().all(|filter| dimension(&filter.dimension))
            }
            Expr::Peers(_, _, within) | Expr::Share(_, within) | Expr::Rank(_, _, within) => {
                within.iter().all(dimension)
            }
            Expr::Over(_, _, OverWhat::Dimensions(names)) => names.iter().all(dimension),
            _ => true,
        };
        own && formula
            .parts()
            .into_iter()
            .all(|part| self.computable(part, metrics))
    }
}

/// Whether a metric may be read from a table.
fn reads(metric: &Metric, table: &str) -> bool {
    let mut references = metric.measure.iter().chain(&metric.alternatives);
    references.any(|reference| reference.split_once('.').is_some_and(|(found, _)| found == table))
}

/// What a scope hides, down to columns of imported tables.
struct Hidden<'a> {
    scope: &'a Scope,
    /// Imported table and column.
    columns: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Hidden<'a> {
    fn new(file: &'a CatalogFile, scope: &'a Scope) -> Self {
        let mut columns = BTreeSet::new();
        for (name, table) in &file.tables {
            let read = columns_of(table).filter(|(own, _)| scope.hides(name, Some(own)));
            columns.extend(read.map(|(_, column)| (table.source.as_str(), column)));
        }
        for place in file.entities.values().flat_map(|entity| &entity.names) {
            if scope.hides(&place.table, Some(&place.column))
                && let Some(table) = file.tables.get(&place.table)
            {
                columns.insert((table.source.as_str(), place.column.as_str()));
            }
        }
        Self { scope, columns }
    }

    fn has(&self, table: &str, name: &str, source: &str, column: Option<&str>) -> bool {
        self.scope.hides(table, Some(name))
            || column.is_some_and(|column| self.columns.contains(&(source, column)))
    }
}

/// Measures and dimensions of a table with their columns.
fn columns_of(table: &Table) -> impl Iterator<Item = (&str, &str)> {
    let measures = table.measures.iter();
    let measures = measures.filter_map(|(name, measure)| Some((name.as_str(), measure.column.as_deref()?)));
    let dimensions = table.dimensions.iter();
    measures.chain(dimensions.map(|(name, dimension)| (name.as_str(), dimension.column.as_str())))
}
