//! A checked catalog: every name in it resolves, formulas are parsed, paths between tables are known.

pub(crate) mod check;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jinsheng_core::{Digest, Scope};

use super::{CatalogFile, Dimension, Entity, Group, Measure, Metric, Problem, Table, TimeBehaviour};
use crate::query::{Expr, parse_expr};

/// A catalog whose references all resolve.
#[derive(Debug, Clone)]
pub struct Catalog {
    file: CatalogFile,
    digest: Digest,
    formulas: BTreeMap<String, Expr>,
}

/// A dimension as the catalog knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResolvedDimension<'a> {
    /// The key of an entity.
    Entity(&'a str),
    /// A dimension of a table (which may be the home of an entity): table, dimension.
    Column(&'a str, &'a str),
}

/// One step from a table to the home table of an entity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hop {
    /// Column of the table before that holds the entity's key.
    pub column: String,
    /// The entity.
    pub entity: String,
    /// Its home table.
    pub table: String,
    /// The home table's key column.
    pub key: String,
}

/// How a dimension is reached from a table: hops, then a column of the last table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DimensionPath {
    /// Joins, possibly none.
    pub hops: Vec<Hop>,
    /// Column of the last table.
    pub column: String,
}

impl Catalog {
    /// Checks references and parses formulas.
    ///
    /// # Errors
    /// Every problem found.
    pub fn new(file: CatalogFile, digest: Digest) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut formulas = BTreeMap::new();
        for (name, metric) in &file.metrics {
            if let Some(formula) = &metric.formula {
                match parse_expr(formula) {
                    Ok(expr) => {
                        formulas.insert(name.clone(), expr);
                    }
                    Err(error) => {
                        use jinsheng_core::{Fault as _, Lang};
                        problems.push(Problem::new(
                            format!("metrics.{name}.formula"),
                            error.message(Lang::Zh),
                            error.message(Lang::En),
                        ));
                    }
                }
            }
        }
        let catalog = Self {
            file,
            digest,
            formulas,
        };
        problems.extend(check::references(&catalog));
        if problems.is_empty() {
            Ok(catalog)
        } else {
            Err(problems)
        }
    }

    /// The catalog as a scope sees it: hidden tables and columns, and every metric that needs them, do not exist.
    ///
    /// The digest stays that of the whole catalog.
    pub fn under(&self, scope: &Scope) -> Self {
        let mut file = self.file.clone();
        file.tables.retain(|name, _| !scope.hides(name, None));
        for (name, table) in &mut file.tables {
            table
                .measures
                .retain(|measure, _| !scope.hides(name, Some(measure)));
            table
                .dimensions
                .retain(|dimension, _| !scope.hides(name, Some(dimension)));
        }
        for entity in file.entities.values_mut() {
            entity.names.retain(|place| {
                file.tables.contains_key(&place.table) && !scope.hides(&place.table, Some(&place.column))
            });
            entity.table = entity
                .table
                .take()
                .filter(|table| file.tables.contains_key(table));
        }
        let known = |file: &CatalogFile, reference: &str| {
            let found = reference.split_once('.').and_then(|(table, measure)| {
                file.tables
                    .get(table)
                    .map(|table| table.measures.contains_key(measure))
            });
            found == Some(true)
        };
        let mut metrics = std::mem::take(&mut file.metrics);
        for metric in metrics.values_mut() {
            metric.alternatives.retain(|reference| known(&file, reference));
            metric.measure = metric.measure.take().filter(|reference| known(&file, reference));
        }
        metrics.retain(|_, metric| metric.measure.is_some() || metric.formula.is_some());
        // A formula falls with any metric that it names, and takes others with it.
        loop {
            let lost: Vec<String> = metrics
                .iter()
                .filter(|(name, metric)| {
                    let mut used = BTreeSet::new();
                    if let Some(formula) = self.formulas.get(*name) {
                        check::metric_names(formula, &mut used);
                    }
                    metric.measure.is_none() && used.iter().any(|used| !metrics.contains_key(used))
                })
                .map(|(name, _)| name.clone())
                .collect();
            if lost.is_empty() {
                break;
            }
            lost.iter().for_each(|name| {
                metrics.remove(name);
            });
        }
        let mut formulas = self.formulas.clone();
        let left: BTreeSet<String> = metrics.keys().cloned().collect();
        for (name, metric) in &mut metrics {
            let mut used = BTreeSet::new();
            if let Some(formula) = formulas.get(name) {
                check::metric_names(formula, &mut used);
            }
            if !used.is_subset(&left) {
                metric.formula = None;
            }
        }
        formulas.retain(|name, _| metrics.get(name).is_some_and(|metric| metric.formula.is_some()));
        file.groups
            .values_mut()
            .for_each(|group| group.metrics.retain(|name| metrics.contains_key(name)));
        file.metrics = metrics;
        Self {
            file,
            digest: self.digest.clone(),
            formulas,
        }
    }

    /// Digest of the meaning of the catalog.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// All definitions, as in the files.
    pub fn file(&self) -> &CatalogFile {
        &self.file
    }

    /// A metric by name.
    pub fn metric(&self, name: &str) -> Option<&Metric> {
        self.file.metrics.get(name)
    }

    /// A metric's parsed formula.
    pub fn formula(&self, metric: &str) -> Option<&Expr> {
        self.formulas.get(metric)
    }

    /// An entity by name.
    pub fn entity(&self, name: &str) -> Option<&Entity> {
        self.file.entities.get(name)
    }

    /// A table by name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.file.tables.get(name)
    }

    /// A group of metrics by name.
    pub fn group(&self, name: &str) -> Option<&Group> {
        self.file.groups.get(name)
    }

    /// Table and measure of `table.measure`.
    pub fn measure<'a>(&'a self, reference: &'a str) -> Option<(&'a str, &'a str, &'a Table, &'a Measure)> {
        let (table_name, measure_name) = reference.split_once('.')?;
        let table = self.table(table_name)?;
        Some((table_name, measure_name, table, table.measures.get(measure_name)?))
    }

    /// Resolves a dimension: an entity (`company`), an entity's attribute (`company.industry`), a table's column
    /// (`transactions.kind`), or the last word of exactly one of these (`industry`).
    ///
    /// # Errors
    /// The candidates, none or several.
    pub fn dimension<'a>(&'a self, name: &str) -> Result<ResolvedDimension<'a>, Vec<String>> {
        if let Some((entity, _)) = self.file.entities.get_key_value(name) {
            return Ok(ResolvedDimension::Entity(entity));
        }
        if let Some((owner, column)) = name.split_once('.') {
            let table_name = match self.file.entities.get(owner) {
                Some(entity) => entity.table.as_deref(),
                None => Some(owner),
            };
            if let Some(table_name) = table_name
                && let Some((table_name, table)) = self.file.tables.get_key_value(table_name)
                && let Some((column, _)) = table.dimensions.get_key_value(column)
            {
                return Ok(ResolvedDimension::Column(table_name, column));
            }
            return Err(Vec::new());
        }
        let mut found: Vec<(String, ResolvedDimension<'a>)> = Vec::new();
        for (table_name, table) in &self.file.tables {
            if let Some((column, _)) = table.dimensions.get_key_value(name) {
                found.push((
                    self.dimension_name(table_name, column),
                    ResolvedDimension::Column(table_name, column),
                ));
            }
        }
        match found.as_slice() {
            [(_, only)] => Ok(*only),
            _ => Err(found.into_iter().map(|(name, _)| name).collect()),
        }
    }

    /// The name under which a table's dimension is shown: `company.industry` for a home table, else `table.column`.
    pub fn dimension_name(&self, table: &str, dimension: &str) -> String {
        let home = self
            .file
            .entities
            .iter()
            .find(|(_, entity)| entity.table.as_deref() == Some(table));
        match home {
            Some((entity, _)) => format!("{entity}.{dimension}"),
            None => format!("{table}.{dimension}"),
        }
    }

    /// The definition behind a table's dimension.
    pub fn dimension_of(&self, table: &str, dimension: &str) -> Option<&Dimension> {
        self.table(table)?.dimensions.get(dimension)
    }

    /// The shortest way from a table to a dimension; `None` when there is none.
    pub fn path(&self, from: &str, dimension: ResolvedDimension<'_>) -> Option<DimensionPath> {
        let mut queue: VecDeque<(String, Vec<Hop>)> = VecDeque::from([(from.to_owned(), Vec::new())]);
        let mut seen = BTreeSet::from([from.to_owned()]);
        while let Some((table_name, hops)) = queue.pop_front() {
            let table = self.table(&table_name)?;
            match dimension {
                ResolvedDimension::Entity(entity) => {
                    if let Some(column) = table.entities.get(entity) {
                        return Some(DimensionPath {
                            hops,
                            column: column.clone(),
                        });
                    }
                }
                ResolvedDimension::Column(owner, name) if owner == table_name => {
                    let column = table.dimensions.get(name)?.column.clone();
                    return Some(DimensionPath { hops, column });
                }
                ResolvedDimension::Column(..) => {}
            }
            for (entity, column) in &table.entities {
                let Some(home_name) = self.entity(entity).and_then(|entity| entity.table.as_ref()) else {
                    continue;
                };
                let Some(key) = self.table(home_name).and_then(|home| home.entities.get(entity)) else {
                    continue;
                };
                if seen.insert(home_name.clone()) {
                    let hop = Hop {
                        column: column.clone(),
                        entity: entity.clone(),
                        table: home_name.clone(),
                        key: key.clone(),
                    };
                    queue.push_back((home_name.clone(), hops.iter().cloned().chain([hop]).collect()));
                }
            }
        }
        None
    }

    /// Measures that a metric may be read from: the authoritative one, then the alternatives.
    pub fn measures_of<'a>(&self, metric: &'a Metric) -> impl Iterator<Item = &'a str> {
        metric
            .measure
            .iter()
            .chain(&metric.alternatives)
            .map(String::as_str)
    }

    /// What the metric's value says about time, when it is read from a column.
    pub fn behaviour(&self, metric: &Metric) -> Option<TimeBehaviour> {
        metric
            .measure
            .as_deref()
            .and_then(|reference| self.measure(reference))
            .map(|(.., measure)| measure.time)
    }
}
