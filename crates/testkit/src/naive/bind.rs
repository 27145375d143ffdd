//! From names to meaning: which measures a Query reads, in which form and unit, at which grain.

mod expr;
mod metric;

use std::collections::{BTreeMap, BTreeSet};

use jinsheng_core::{Grain, Scope};
use jinsheng_semantics::catalog::{Catalog, DimensionPath, Hop, ResolvedDimension};
use jinsheng_semantics::query::{Condition, Expr, MetricRef, OrderKey, OverWhat, Periods, Query};

use super::context::Context;
use super::hidden::Hidden;
use super::node::{
    Bound, BoundDimension, BoundItem, BoundTop, Leaf, Level, OrderBound, Place, Subject, Truth,
};
use super::refusal::NaiveRefusal;
use super::rows::resolve;

pub(crate) use metric::metrics_in;

/// Deepest chain of formulas.
const MAX_FORMULAS: usize = 32;

pub(super) struct Binder<'a> {
    catalog: &'a Catalog,
    hidden: Hidden<'a>,
    query: &'a Query,
    aliases: BTreeMap<&'a str, &'a Expr>,
    grain: Option<Grain>,
    folded: bool,
    levels: Vec<Level<'a>>,
    leaves: Vec<Leaf<'a>>,
    ids: usize,
}

/// Tables and folds that expressions use, formulas and aliases written out.
#[derive(Default)]
struct Uses<'a> {
    tables: BTreeSet<&'a str>,
    over_period: bool,
}

/// Binds a Query to a catalog, where the Scope hides nothing that it needs.
pub(super) fn bind<'a>(
    catalog: &'a Catalog,
    query: &'a Query,
    scope: &Scope,
) -> Result<Bound<'a>, NaiveRefusal> {
    let hidden = Hidden::new(catalog, scope)?;
    if query.items.is_empty() {
        return Err(NaiveRefusal::Malformed {
            what: "a Query has at least one item",
        });
    }
    let none = query.limit == Some(0)
        || query.top.as_ref().is_some_and(|top| top.count == 0)
        || matches!(query.periods, Some(Periods::Last(0, _)));
    if none {
        return Err(NaiveRefusal::Malformed {
            what: "a count of rows or periods is at least 1",
        });
    }
    let mut aliases = BTreeMap::new();
    for item in &query.items {
        if let Some(alias) = &item.alias
            && aliases.insert(alias.as_str(), &item.expr).is_some()
        {
            return Err(NaiveRefusal::Malformed {
                what: "two items have one alias",
            });
        }
    }
    let mut binder = Binder {
        catalog,
        hidden,
        query,
        aliases,
        grain: None,
        folded: false,
        levels: Vec::new(),
        leaves: Vec::new(),
        ids: 0,
    };
    binder.survey()?;
    let dimensions = binder.result_dimensions()?;
    binder.levels.push(Level {
        dimensions,
        leaves: Vec::new(),
    });
    binder.clauses()
}

impl<'a> Binder<'a> {
    /// Finds grain and folds before anything is bound.
    fn survey(&mut self) -> Result<(), NaiveRefusal> {
        let mut uses = Uses::default();
        let plain = Context::default();
        let aliased = Context {
            aliases: true,
            ..Context::default()
        };
        for item in &self.query.items {
            self.uses(&item.expr, &plain, &mut uses)?;
        }
        if let Some(having) = &self.query.having {
            self.condition_uses(having, &aliased, &mut uses)?;
        }
        if let Some(top) = &self.query.top {
            self.uses(&top.by, &aliased, &mut uses)?;
        }
        for key in &self.query.order {
            if let OrderKey::Value(expr) = &key.by
                && self.ordered_dimension(expr).is_none()
            {
                self.uses(expr, &aliased, &mut uses)?;
            }
        }
        if uses.tables.is_empty() {
            return Err(NaiveRefusal::Malformed {
                what: "the Query names no metric",
            });
        }
        let query = self.query;
        let items = query.items.iter().map(|item| &item.expr);
        let others = query.having.iter().flat_map(Condition::exprs);
        let keys = query.order.iter().filter_map(|key| match &key.by {
            OrderKey::Value(expr) => Some(expr),
            _ => None,
        });
        let mut all = items
            .chain(others)
            .chain(query.top.iter().map(|top| &top.by))
            .chain(keys);
        if all.any(looks_at_a_constant) {
            return Err(NaiveRefusal::Malformed {
                what: "the earlier value, or the peers, of a constant",
            });
        }
        let grains = uses.tables.iter().filter_map(|table| self.table_grain(table));
        // Without any table that has periods the Query has none and may not ask for any.
        let Some(coarsest) = grains.max() else {
            return match self.query.periods {
                Some(_) => Err(NaiveRefusal::NoPeriod {
                    what: "the periods clause",
                }),
                None => Ok(()),
            };
        };
        self.grain = Some(match &self.query.periods {
            Some(periods) => one_grain(periods)?,
            None => coarsest,
        });
        self.folded = uses.over_period;
        Ok(())
    }

    fn table_grain(&self, table: &str) -> Option<Grain> {
        self.catalog
            .table(table)?
            .period
            .as_ref()
            .map(|period| period.grain())
    }

    /// A name in `order by` that is neither alias nor metric but a dimension.
    fn ordered_dimension(&self, expr: &Expr) -> Option<ResolvedDimension<'a>> {
        let Expr::Metric(metric) = expr else {
            return None;
        };
        let taken =
            self.aliases.contains_key(metric.name.as_str()) || self.catalog.metric(&metric.name).is_some();
        if taken || *metric != MetricRef::plain(&*metric.name) {
            return None;
        }
        self.catalog.dimension(&metric.name).ok()
    }

    /// Dimensions of `by`, then the entities of `of` that are not among them.
    fn result_dimensions(&self) -> Result<Vec<BoundDimension<'a>>, NaiveRefusal> {
        let mut dimensions = Vec::new();
        for name in &self.query.by {
            self.add_dimension(name, &mut dimensions)?;
        }
        for filter in &self.query.of {
            if matches!(self.resolve(&filter.dimension)?, ResolvedDimension::Entity(_)) {
                self.add_dimension(&filter.dimension, &mut dimensions)?;
            }
        }
        Ok(dimensions)
    }

    /// A dimension by name, which means the same under every Scope.
    fn resolve(&self, name: &str) -> Result<ResolvedDimension<'a>, NaiveRefusal> {
        let resolved = resolve(self.catalog, name)?;
        self.hidden.dimension(resolved)?;
        Ok(resolved)
    }

    fn add_dimension(&self, name: &str, to: &mut Vec<BoundDimension<'a>>) -> Result<(), NaiveRefusal> {
        let resolved = self.resolve(name)?;
        if to.iter().all(|dimension| dimension.resolved != resolved) {
            to.push(BoundDimension {
                name: self.full_name(resolved),
                resolved,
            });
        }
        Ok(())
    }

    fn full_name(&self, dimension: ResolvedDimension<'_>) -> String {
        match dimension {
            ResolvedDimension::Entity(entity) => entity.to_owned(),
            ResolvedDimension::Column(table, column) => self.catalog.dimension_name(table, column),
        }
    }

    /// Where a dimension stands among those of the result.
    fn position(&self, name: &str) -> Result<usize, NaiveRefusal> {
        match self.place(0, name)? {
            Place { position, path: None } => Ok(position),
            Place { .. } => Err(NaiveRefusal::NotInResult {
                dimension: name.to_owned(),
            }),
        }
    }

    fn clauses(mut self) -> Result<Bound<'a>, NaiveRefusal> {
        let plain = Context {
            levels: vec![0],
            ..Context::default()
        };
        let aliased = Context {
            aliases: true,
            ..plain.clone()
        };
        let query = self.query;
        let mut items = Vec::new();
        for item in &query.items {
            let value = self.expr(&item.expr, &plain)?;
            let (unit, power) = value.unit.shown();
            items.push(BoundItem {
                name: item.alias.clone().unwrap_or_else(|| item.expr.to_string()),
                unit,
                approximate: value.approximate,
                node: value.scaled(power),
            });
        }
        let mut of = Vec::new();
        for filter in &query.of {
            of.push(Subject {
                filter: filter.clone(),
                place: self.place(0, &filter.dimension)?,
            });
        }
        let having = match &query.having {
            Some(having) => Some(self.condition(having, &aliased)?),
            None => None,
        };
        let top = match &query.top {
            Some(top) => Some(BoundTop {
                count: top.count,
                direction: top.direction,
                by: self.expr(&top.by, &aliased)?.node,
                within: self.places(0, &top.within)?,
            }),
            None => None,
        };
        let mut order = Vec::new();
        for key in &query.order {
            order.push((self.order_key(&key.by, &aliased)?, key.direction));
        }
        Ok(Bound {
            grain: self.grain,
            folded: self.folded,
            levels: self.levels,
            leaves: self.leaves,
            items,
            of,
            periods: query.periods.clone(),
            having,
            top,
            order,
            limit: query.limit,
        })
    }

    fn order_key(&mut self, key: &'a OrderKey, context: &Context) -> Result<OrderBound, NaiveRefusal> {
        match key {
            OrderKey::Period if self.grain.is_none() || self.folded => Err(NaiveRefusal::NoPeriod {
                what: "order by period",
            }),
            OrderKey::Period => Ok(OrderBound::Period),
            OrderKey::Dimension(name) => Ok(OrderBound::Dimension(self.position(name)?)),
            OrderKey::Value(Expr::Metric(metric))
                if self.ordered_dimension(&Expr::Metric(metric.clone())).is_some() =>
            {
                Ok(OrderBound::Dimension(self.position(&metric.name)?))
            }
            OrderKey::Value(expr) => Ok(OrderBound::Value(self.expr(expr, context)?.node)),
        }
    }

    /// A dimension of a level, or an attribute of one of its entities (the nearest).
    fn place(&self, level: usize, name: &str) -> Result<Place, NaiveRefusal> {
        let resolved = self.resolve(name)?;
        let dimensions = self.levels.get(level).map(|level| level.dimensions.as_slice());
        let mut best: Option<(usize, DimensionPath)> = None;
        for (position, dimension) in dimensions.unwrap_or_default().iter().enumerate() {
            if dimension.resolved == resolved {
                return Ok(Place { position, path: None });
            }
            if let ResolvedDimension::Entity(entity) = dimension.resolved
                && let Some(path) = self.attribute_path(entity, resolved)
                && best
                    .as_ref()
                    .is_none_or(|(_, known)| path.hops.len() < known.hops.len())
            {
                best = Some((position, path));
            }
        }
        match best {
            Some((position, path)) => {
                self.hidden.path(&path)?;
                Ok(Place {
                    position,
                    path: Some(path),
                })
            }
            None => Err(NaiveRefusal::NotInResult {
                dimension: name.to_owned(),
            }),
        }
    }

    fn places(&self, level: usize, names: &[String]) -> Result<Vec<Place>, NaiveRefusal> {
        names.iter().map(|name| self.place(level, name)).collect()
    }

    /// The way from the key of an entity, through its home table, to a dimension.
    fn attribute_path(&self, entity: &str, dimension: ResolvedDimension<'_>) -> Option<DimensionPath> {
        let home = self.catalog.entity(entity)?.table.as_deref()?;
        let key = self.catalog.table(home)?.entities.get(entity)?;
        let path = self.catalog.path(home, dimension)?;
        let first = Hop {
            column: key.clone(),
            entity: entity.to_owned(),
            table: home.to_owned(),
            key: key.clone(),
        };
        Some(DimensionPath {
            hops: [first].into_iter().chain(path.hops).collect(),
            column: path.column,
        })
    }

    /// Collects the tables that an expression reads.
    fn uses(&self, expr: &'a Expr, context: &Context, uses: &mut Uses<'a>) -> Result<(), NaiveRefusal> {
        match expr {
            Expr::Number(_) => Ok(()),
            Expr::Metric(metric) => self.metric_uses(metric, context, uses),
            Expr::Over(_, inner, what) => {
                uses.over_period |= *what == OverWhat::Period;
                self.uses(inner, context, uses)
            }
            Expr::Negate(inner)
            | Expr::Abs(inner)
            | Expr::Shift(inner, _)
            | Expr::Change(_, inner)
            | Expr::Cagr(inner, _)
            | Expr::Peers(_, inner, _)
            | Expr::Share(inner, _)
            | Expr::Rank(inner, _, _) => self.uses(inner, context, uses),
            Expr::Binary(_, left, right) => {
                self.uses(left, context, uses)?;
                self.uses(right, context, uses)
            }
            Expr::Coalesce(parts) => parts.iter().try_for_each(|part| self.uses(part, context, uses)),
            Expr::Streak(condition) => self.condition_uses(condition, context, uses),
        }
    }

    fn condition_uses(
        &self,
        condition: &'a Condition,
        context: &Context,
        uses: &mut Uses<'a>,
    ) -> Result<(), NaiveRefusal> {
        match condition {
            Condition::Compare(left, _, right) => {
                self.uses(left, context, uses)?;
                self.uses(right, context, uses)
            }
            Condition::Missing(expr, _) => self.uses(expr, context, uses),
            Condition::Not(inner) => self.condition_uses(inner, context, uses),
            Condition::All(parts) | Condition::Any(parts) => parts
                .iter()
                .try_for_each(|part| self.condition_uses(part, context, uses)),
        }
    }

    fn condition(&mut self, condition: &'a Condition, context: &Context) -> Result<Truth, NaiveRefusal> {
        let several = |binder: &mut Self, parts: &'a [Condition]| -> Result<Vec<Truth>, NaiveRefusal> {
            parts.iter().map(|part| binder.condition(part, context)).collect()
        };
        Ok(match condition {
            Condition::Compare(left, op, right) => {
                let (left, right) = (self.expr(left, context)?, self.expr(right, context)?);
                let common = left.unit.common(right.unit);
                Truth::Compare(left.against(common)?, *op, right.against(common)?)
            }
            Condition::Missing(expr, missing) => Truth::Missing(self.expr(expr, context)?.node, *missing),
            Condition::Not(inner) => Truth::Not(Box::new(self.condition(inner, context)?)),
            Condition::All(parts) => Truth::All(several(self, parts)?),
            Condition::Any(parts) => Truth::Any(several(self, parts)?),
        })
    }
}

/// The one grain of a periods clause.
fn one_grain(periods: &Periods) -> Result<Grain, NaiveRefusal> {
    let several = match periods {
        Periods::At(periods) => {
            let grains: BTreeSet<Grain> = periods.iter().map(|period| period.grain()).collect();
            grains.len() != 1
        }
        Periods::Range(from, to) => from.grain() != to.grain(),
        Periods::Last(..) | Periods::Each(_) => false,
    };
    match periods.grain() {
        Some(grain) if !several => Ok(grain),
        _ => Err(NaiveRefusal::MixedGrains),
    }
}

/// Whether other periods or groups of something without a metric are asked for.
fn looks_at_a_constant(expr: &Expr) -> bool {
    let plain = matches!(
        expr,
        Expr::Metric(_)
            | Expr::Number(_)
            | Expr::Negate(_)
            | Expr::Binary(..)
            | Expr::Abs(_)
            | Expr::Coalesce(_)
    );
    (!plain && metrics_in(expr).is_empty()) || expr.parts().into_iter().any(looks_at_a_constant)
}
