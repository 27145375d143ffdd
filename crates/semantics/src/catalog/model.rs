//! A checked catalog: every name in it resolves, formulas are parsed, paths between tables are known.

pub(crate) mod check;
mod view;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use jinsheng_core::Digest;

use super::{CatalogFile, Dimension, Entity, Group, Measure, Metric, Problem, Table, TimeBehaviour};
use crate::query::{Expr, parse_expr};

/// A catalog whose references all resolve.
#[derive(Debug, Clone)]
pub struct Catalog {
    file: CatalogFile,
    digest: Digest,
    formulas: BTreeMap<String, Expr>,
    /// Of a catalog as a scope sees it: everything, for the meaning of names.
    whole: Option<Arc<CatalogFile>>,
}

/// Dimensions that a name may mean, with their full names.
type Candidates<'a> = Vec<(String, ResolvedDimension<'a>)>;

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
            whole: None,
        };
        problems.extend(check::references(&catalog));
        if problems.is_empty() {
            Ok(catalog)
        } else {
            Err(problems)
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
        // A name means the same for every role, and is nothing where the role may not see it.
        match self.dimension_in(self.whole_file(), name) {
            Ok(dimension) if self.sees(dimension) => Ok(dimension),
            Ok(_) => Err(Vec::new()),
            Err(found) => Err(found
                .into_iter()
                .filter(|(_, dimension)| self.sees(*dimension))
                .map(|(name, _)| name)
                .collect()),
        }
    }

    fn dimension_in<'a>(
        &self,
        file: &'a CatalogFile,
        name: &str,
    ) -> Result<ResolvedDimension<'a>, Candidates<'a>> {
        if let Some((entity, _)) = file.entities.get_key_value(name) {
            return Ok(ResolvedDimension::Entity(entity));
        }
        if let Some((owner, column)) = name.split_once('.') {
            let table_name = match file.entities.get(owner) {
                Some(entity) => entity.table.as_deref(),
                None => Some(owner),
            };
            if let Some(table_name) = table_name
                && let Some((table_name, table)) = file.tables.get_key_value(table_name)
                && let Some((column, _)) = table.dimensions.get_key_value(column)
            {
                return Ok(ResolvedDimension::Column(table_name, column));
            }
            return Err(Vec::new());
        }
        let mut found: Candidates<'a> = Vec::new();
        for (table_name, table) in &file.tables {
            if let Some((column, _)) = table.dimensions.get_key_value(name) {
                found.push((
                    self.dimension_name(table_name, column),
                    ResolvedDimension::Column(table_name, column),
                ));
            }
        }
        match found.as_slice() {
            [(_, only)] => Ok(*only),
            _ => Err(found),
        }
    }

    /// The name under which a table's dimension is shown: `company.industry` for a home table, else `table.column`.
    pub fn dimension_name(&self, table: &str, dimension: &str) -> String {
        let home = self
            .whole_file()
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

    /// The shortest way from a table to a dimension; `None` when there is none, or it leads through something hidden.
    pub fn path(&self, from: &str, dimension: ResolvedDimension<'_>) -> Option<DimensionPath> {
        self.table(from)?;
        self.whole_path(from, dimension)
            .filter(|path| self.sees_path(dimension, path))
    }

    fn whole_path(&self, from: &str, dimension: ResolvedDimension<'_>) -> Option<DimensionPath> {
        let file = self.whole_file();
        let mut queue: VecDeque<(String, Vec<Hop>)> = VecDeque::from([(from.to_owned(), Vec::new())]);
        let mut seen = BTreeSet::from([from.to_owned()]);
        while let Some((table_name, hops)) = queue.pop_front() {
            let table = file.tables.get(&table_name)?;
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
                let Some(home_name) = file.entities.get(entity).and_then(|entity| entity.table.as_ref())
                else {
                    continue;
                };
                let Some(key) = file
                    .tables
                    .get(home_name)
                    .and_then(|home| home.entities.get(entity))
                else {
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
