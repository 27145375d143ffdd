//! What random Queries may speak of: metrics with what they can be cut by, values of dimensions, periods with rows.

use std::collections::{BTreeMap, BTreeSet};

use bigdecimal::{BigDecimal, ToPrimitive as _};
use jinsheng_core::{Grain, Period, Scope, Unit};
use jinsheng_semantics::catalog::{Catalog, ResolvedDimension, TimeBehaviour};
use jinsheng_semantics::query::{Expr, parse_query};

use crate::data::{Cell, NaiveData};
use crate::naive::{self, Column, NaiveRefusal, Prepared};

/// Most values of a dimension that are remembered.
const VALUES: usize = 60;

/// A catalog, and what its rows hold.
#[derive(Debug)]
pub struct Pool {
    pub(super) catalog: Catalog,
    pub(super) dimensions: Vec<DimensionInfo>,
    pub(super) metrics: Vec<MetricInfo>,
    /// First and last period with a row, by table.
    pub(super) periods: BTreeMap<String, (Period, Period)>,
}

/// A dimension by one of its names.
#[derive(Debug)]
pub(super) struct DimensionInfo {
    /// The full name.
    pub(super) name: String,
    /// The last word, where that is enough.
    pub(super) short: Option<String>,
    pub(super) entity: bool,
    /// Values as they are written in a Query.
    pub(super) values: Vec<String>,
    /// Names of members, for entities that have some.
    pub(super) names: Vec<String>,
    /// True for texts, which may be searched in.
    pub(super) text: bool,
}

/// A metric and where it can be used. Dimensions are positions in the pool.
#[derive(Debug)]
pub(super) struct MetricInfo {
    pub(super) name: String,
    pub(super) variants: Vec<String>,
    pub(super) tables: BTreeSet<String>,
    /// Coarsest grain of its tables; none when all are static.
    pub(super) grain: Option<Grain>,
    pub(super) reach: BTreeSet<usize>,
    /// Dimensions that must be among the group's, for rates.
    pub(super) keys: BTreeSet<usize>,
    pub(super) flow: bool,
    pub(super) unit: Unit,
    /// Some values of the metric's first measure, in that measure's unit.
    pub(super) samples: Vec<BigDecimal>,
    pub(super) sample_unit: Unit,
}

impl Pool {
    /// Collects everything that random Queries may use.
    ///
    /// # Errors
    /// [`NaiveRefusal::Data`] when catalog and rows do not fit together.
    pub fn new(catalog: &Catalog, data: &NaiveData) -> Result<Self, NaiveRefusal> {
        let prepared = Prepared::new(catalog, data)?;
        let mut pool = Self {
            catalog: catalog.clone(),
            dimensions: Vec::new(),
            metrics: Vec::new(),
            periods: BTreeMap::new(),
        };
        let resolved = pool.collect_dimensions(catalog, &prepared);
        for (name, table) in &catalog.file().tables {
            if data.tables.contains_key(&table.source)
                && let Some((first, last)) = prepared.period_range(name)
            {
                pool.periods.insert(name.clone(), (first, last));
            }
        }
        for name in catalog.file().metrics.keys() {
            if let Some(info) = metric_info(catalog, data, &prepared, name, &resolved) {
                pool.metrics.push(info);
            }
        }
        Ok(pool)
    }

    fn collect_dimensions<'c>(
        &mut self,
        catalog: &'c Catalog,
        prepared: &Prepared<'_>,
    ) -> Vec<ResolvedDimension<'c>> {
        let mut resolved = Vec::new();
        for entity in catalog.file().entities.keys() {
            let tables = catalog.file().tables.iter();
            let columns =
                tables.filter_map(|(name, table)| Some((name.as_str(), table.entities.get(entity)?)));
            let mut cells = BTreeSet::new();
            for (table, column) in columns {
                cells.extend(prepared.distinct(table, column));
            }
            let mut info = dimension_info(entity.clone(), None, true, &cells);
            let places = catalog.entity(entity).map(|entity| entity.names.as_slice());
            for place in places.unwrap_or_default() {
                let named = prepared.distinct(&place.table, &place.column);
                info.names
                    .extend(dimension_info(String::new(), None, false, &named).values);
            }
            self.dimensions.push(info);
            resolved.push(ResolvedDimension::Entity(entity));
        }
        for (table_name, table) in &catalog.file().tables {
            for (name, dimension) in &table.dimensions {
                let full = catalog.dimension_name(table_name, name);
                let short = catalog.dimension(name).is_ok().then(|| name.clone());
                let cells = prepared.distinct(table_name, &dimension.column);
                self.dimensions.push(dimension_info(full, short, false, &cells));
                resolved.push(ResolvedDimension::Column(table_name, name));
            }
        }
        resolved
    }
}

fn dimension_info(
    name: String,
    short: Option<String>,
    entity: bool,
    cells: &BTreeSet<Cell>,
) -> DimensionInfo {
    let step = cells.len() / VALUES + 1;
    let values = cells.iter().step_by(step).filter_map(|cell| match cell {
        Cell::Missing => None,
        Cell::Text(text) => Some(text.clone()),
        Cell::Number(number) => Some(number.normalized().to_plain_string()),
        Cell::Date(days) => Some(Period::new(Grain::Day, *days).to_string()),
        Cell::Bool(value) => Some(value.to_string()),
    });
    DimensionInfo {
        name,
        short,
        entity,
        values: values.collect(),
        names: Vec::new(),
        text: cells
            .iter()
            .all(|cell| matches!(cell, Cell::Missing | Cell::Text(_))),
    }
}

fn metric_info(
    catalog: &Catalog,
    data: &NaiveData,
    prepared: &Prepared<'_>,
    name: &str,
    dimensions: &[ResolvedDimension<'_>],
) -> Option<MetricInfo> {
    let metric = catalog.metric(name)?;
    let mut references = Vec::new();
    leaves(catalog, name, 0, &mut references);
    let mut info = MetricInfo {
        name: name.to_owned(),
        variants: Vec::new(),
        tables: BTreeSet::new(),
        grain: None,
        reach: (0..dimensions.len()).collect(),
        keys: BTreeSet::new(),
        flow: false,
        unit: Unit::PLAIN,
        samples: Vec::new(),
        sample_unit: Unit::PLAIN,
    };
    for (position, reference) in references.iter().enumerate() {
        let (table_name, _, table, measure) = catalog.measure(reference)?;
        data.tables.get(&table.source)?;
        info.tables.insert(table_name.to_owned());
        info.grain = info.grain.max(table.period.as_ref().map(|period| period.grain()));
        info.reach.retain(|at| {
            dimensions
                .get(*at)
                .is_some_and(|dimension| catalog.path(table_name, *dimension).is_some())
        });
        info.flow |=
            table.period.is_some() && matches!(measure.time, TimeBehaviour::Flow | TimeBehaviour::FlowYtd);
        if measure.time == TimeBehaviour::Rate {
            let is_key = |dimension: &ResolvedDimension<'_>| match dimension {
                ResolvedDimension::Entity(entity) => table.entities.contains_key(*entity),
                ResolvedDimension::Column(owner, column) => {
                    *owner == table_name && table.key_dimensions.contains(*column)
                }
            };
            let all = dimensions.iter().enumerate();
            info.keys
                .extend(all.filter(|(_, dimension)| is_key(dimension)).map(|(at, _)| at));
        }
        if position == 0 {
            info.sample_unit = measure.unit;
            if let Some(column) = &measure.column {
                let numbers =
                    prepared
                        .distinct(table_name, column)
                        .into_iter()
                        .filter_map(|cell| match cell {
                            Cell::Number(number) => Some(number),
                            _ => None,
                        });
                let numbers: Vec<BigDecimal> = numbers.collect();
                info.samples = numbers.iter().step_by(numbers.len() / 20 + 1).cloned().collect();
            }
        }
    }
    if metric.measure.is_some() {
        let tables = catalog
            .measures_of(metric)
            .filter_map(|reference| reference.split('.').next());
        info.variants.extend(tables.map(str::to_owned));
    }
    if metric.formula.is_some() {
        info.variants.push("formula".to_owned());
    }
    info.unit = unit_of(catalog, &info, dimensions)?;
    Some(info)
}

/// The unit in which a metric is shown, found by asking for it in groups fine enough for rates.
fn unit_of(catalog: &Catalog, info: &MetricInfo, dimensions: &[ResolvedDimension<'_>]) -> Option<Unit> {
    let mut query = parse_query("placeholder").ok()?;
    for item in &mut query.items {
        item.expr = Expr::Metric(jinsheng_semantics::query::MetricRef::plain(&*info.name));
    }
    query.by = info
        .keys
        .iter()
        .filter_map(|at| dimensions.get(*at))
        .map(|dimension| match dimension {
            ResolvedDimension::Entity(entity) => (*entity).to_owned(),
            ResolvedDimension::Column(table, column) => catalog.dimension_name(table, column),
        })
        .collect();
    naive::columns(catalog, &query, &Scope::full())
        .ok()?
        .into_iter()
        .find_map(|column| match column {
            Column::Value { unit, .. } => Some(unit),
            Column::Dimension { .. } | Column::Period => None,
        })
}

/// Measures that a metric is computed from.
fn leaves(catalog: &Catalog, name: &str, depth: usize, into: &mut Vec<String>) {
    let Some(metric) = catalog.metric(name) else {
        return;
    };
    if let Some(measure) = &metric.measure {
        into.push(measure.clone());
    } else if let Some(formula) = catalog.formula(name)
        && depth < 32
    {
        for part in naive::metrics_in(formula) {
            leaves(catalog, &part.name, depth + 1, into);
        }
    }
}

/// A number with few digits near a sample, as a person would write it.
pub(super) fn rounded(value: &BigDecimal, power: i32) -> Option<jinsheng_core::Decimal> {
    let float = value.to_f64()? * 10_f64.powi(power);
    let text = format!("{float:.1e}");
    let float: f64 = text.parse().ok()?;
    let decimal = jinsheng_core::shortest_decimal(float)?;
    (decimal.scale() <= 8).then_some(decimal)
}
