//! The frame of a bound Query: grain, dimensions, filters, periods, and then its expressions.

use std::collections::BTreeSet;

use jinsheng_core::{Grain, Unit};

use super::expr::Options;
use super::survey::{folds_period, metrics_of, names_metric, over_nothing, withins};
use super::units::Valued;
use super::{
    BindError, BoundDimension, BoundFilter, BoundItem, BoundOrder, BoundQuery, BoundTop, Context,
    DimensionRef, Leaf, Names, Note,
};
use crate::catalog::Catalog;
use crate::query::{Condition, Direction, Expr, MetricRef, OrderKey, Periods, Query};

/// Deepest nesting of formulas.
pub(super) const MAX_FORMULA_DEPTH: usize = 24;

pub(super) struct Binder<'a> {
    pub(super) query: &'a Query,
    pub(super) catalog: &'a Catalog,
    pub(super) names: &'a dyn Names,
    pub(super) grain: Option<Grain>,
    pub(super) folds_period: bool,
    pub(super) filters: Vec<BoundFilter>,
    pub(super) bases: Vec<super::Bound>,
    pub(super) notes: BTreeSet<Note>,
    pub(super) aliases: Vec<(String, Valued)>,
    /// Groups and leaves of all folds over the period: they share one, so that the latest period is one for all.
    pub(super) period_context: Option<Context>,
    /// Values made so far, see [`Self::spend`].
    pub(super) spent: usize,
}

impl<'a> Binder<'a> {
    pub(super) fn new(query: &'a Query, catalog: &'a Catalog, names: &'a dyn Names) -> Self {
        Self {
            query,
            catalog,
            names,
            grain: None,
            folds_period: false,
            filters: Vec::new(),
            bases: Vec::new(),
            notes: BTreeSet::new(),
            aliases: Vec::new(),
            period_context: None,
            spent: 0,
        }
    }

    pub(super) fn bind(mut self) -> Result<BoundQuery, BindError> {
        let query = self.query;
        self.sound()?;
        self.set_grain()?;
        self.folds_period = self.exprs().iter().any(|expr| folds_period(expr));
        if self.folds_period && self.grain.is_none() {
            return Err(BindError::NoTime {
                what: "over period".to_owned(),
            });
        }
        self.filters = query
            .filters
            .iter()
            .map(|filter| self.filter(filter))
            .collect::<Result<_, _>>()?;
        let of: Vec<BoundFilter> = query
            .of
            .iter()
            .map(|filter| self.filter(filter))
            .collect::<Result<_, _>>()?;
        let mut context = self.outer_dimensions(&of)?;
        let items = self.items(&mut context)?;
        let options = Options::outer();
        let having = match &query.having {
            Some(condition) => Some(self.condition(condition, &mut context, &options)?),
            None => None,
        };
        let top = match &query.top {
            Some(top) => Some(BoundTop {
                count: top.count,
                direction: top.direction,
                by: self.expr(&top.by, &mut context, &options)?.expr,
                within: self.indices(&top.within, &context)?,
            }),
            None => None,
        };
        let mut order = Vec::new();
        for key in &query.order {
            if let OrderKey::Value(expr) = &key.by
                && let Some(index) = self.ordered_dimension(expr, &context)
            {
                order.push(BoundOrder::Dimension(index, key.direction));
                continue;
            }
            order.push(match &key.by {
                OrderKey::Value(expr) => {
                    BoundOrder::Value(self.expr(expr, &mut context, &options)?.expr, key.direction)
                }
                OrderKey::Dimension(name) => {
                    let indices = self.indices(std::slice::from_ref(name), &context)?;
                    BoundOrder::Dimension(indices.first().copied().unwrap_or(0), key.direction)
                }
                OrderKey::Period if self.grain.is_none() || self.folds_period => {
                    return Err(BindError::NoTime {
                        what: "order by period".to_owned(),
                    });
                }
                OrderKey::Period => BoundOrder::Period(key.direction),
            });
        }
        // Names of items may stand where metrics do.
        if context.leaves.is_empty() {
            return Err(no_metric());
        }
        let periods = self.periods()?;
        if let Some(shared) = &self.period_context {
            share(&mut context, shared);
        }
        Ok(BoundQuery {
            context,
            grain: self.grain,
            folds_period: self.folds_period,
            filters: self.filters,
            of,
            periods,
            items,
            having,
            top,
            order,
            limit: query.limit,
            bases: self.bases,
            notes: self.notes.into_iter().collect(),
        })
    }

    fn exprs(&self) -> Vec<&'a Expr> {
        let query = self.query;
        let mut exprs: Vec<&Expr> = query.items.iter().map(|item| &item.expr).collect();
        exprs.extend(query.having.iter().flat_map(Condition::exprs));
        exprs.extend(query.top.iter().map(|top| &top.by));
        exprs.extend(query.order.iter().filter_map(|key| match &key.by {
            OrderKey::Value(expr) => Some(expr),
            _ => None,
        }));
        exprs
    }

    /// What no catalog could mend: no items, no metric, two items of one name.
    fn sound(&self) -> Result<(), BindError> {
        let misplaced = |text: &str, zh, en| BindError::Misplaced {
            text: text.to_owned(),
            why: (zh, en),
        };
        if self.query.items.is_empty() || !self.exprs().iter().any(|expr| names_metric(expr)) {
            return Err(no_metric());
        }
        if let Some(none) = self.asks_for_none() {
            return Err(misplaced(
                none,
                "一行也不取，至少写 1",
                "asks for nothing; write 1 or more",
            ));
        }
        if let Some(idle) = self.exprs().into_iter().find_map(over_nothing) {
            return Err(misplaced(
                &idle.to_string(),
                "没有用到任何指标",
                "names no metric",
            ));
        }
        let mut seen = BTreeSet::new();
        for alias in self.query.items.iter().filter_map(|item| item.alias.as_deref()) {
            if !seen.insert(alias) {
                return Err(misplaced(alias, "两个列同名", "two items have one name"));
            }
        }
        Ok(())
    }

    /// The clause that asks for no rows or periods.
    fn asks_for_none(&self) -> Option<&'static str> {
        let query = self.query;
        match (query.limit, &query.periods) {
            (Some(0), _) => Some("limit 0"),
            (_, Some(Periods::Last(0, _))) => Some("last 0"),
            _ => query
                .top
                .as_ref()
                .filter(|top| top.count == 0)
                .map(|top| match top.direction {
                    Direction::Desc => "top 0",
                    Direction::Asc => "bottom 0",
                }),
        }
    }

    /// A plain name in `order by` that is neither an alias nor a metric, but a dimension of the result.
    fn ordered_dimension(&self, expr: &Expr, context: &Context) -> Option<usize> {
        let Expr::Metric(metric) = expr else { return None };
        let plain = *metric == MetricRef::plain(&*metric.name);
        if !plain || self.alias_of(metric).is_some() || self.catalog.metric(&metric.name).is_some() {
            return None;
        }
        self.indices(std::slice::from_ref(&metric.name), context)
            .ok()?
            .first()
            .copied()
    }

    /// Grain: that of the periods, else the coarsest of the tables that the metrics are read from.
    fn set_grain(&mut self) -> Result<(), BindError> {
        let mut grains = BTreeSet::new();
        for expr in self.exprs() {
            // Only an order may name a dimension of the result; anywhere else the name is a metric that is lacking.
            let names_dimension = match expr {
                Expr::Metric(metric) => {
                    self.query
                        .order
                        .iter()
                        .any(|key| matches!(&key.by, OrderKey::Value(by) if by == expr))
                        && self.catalog.metric(&metric.name).is_none()
                        && self.catalog.dimension(&metric.name).is_ok()
                }
                _ => false,
            };
            if !names_dimension {
                self.table_grains(expr, &mut grains, 0)?;
            }
        }
        let Some(coarsest) = grains.last().copied() else {
            if let Some(periods) = &self.query.periods {
                return Err(BindError::NoTime {
                    what: periods.to_string(),
                });
            }
            return Ok(());
        };
        self.grain = match &self.query.periods {
            Some(periods) => Some(periods.grain().ok_or(BindError::Periods)?),
            None => Some(coarsest),
        };
        Ok(())
    }

    fn table_grains(&self, expr: &Expr, grains: &mut BTreeSet<Grain>, depth: usize) -> Result<(), BindError> {
        if depth > MAX_FORMULA_DEPTH {
            return Err(BindError::TooDeep);
        }
        for metric in metrics_of(expr) {
            if self.alias_of(metric).is_some() {
                continue;
            }
            // What the metric is read from must exist before anything is said about its periods.
            if self.by_formula(metric)? {
                self.table_grains(self.formula_of(metric)?, grains, depth + 1)?;
            } else if let Some((_, _, table, _)) = self.catalog.measure(&self.measure_reference(metric)?) {
                grains.extend(table.period.as_ref().map(crate::catalog::PeriodColumns::grain));
            }
        }
        Ok(())
    }

    /// The item that a name stands for, if it is an alias.
    pub(super) fn alias_of(&self, metric: &MetricRef) -> Option<&'a Expr> {
        let plain = metric.variant.is_none() && metric.form.is_none() && metric.filters.is_empty();
        let item = self
            .query
            .items
            .iter()
            .find(|item| item.alias.as_deref() == Some(&*metric.name));
        item.filter(|_| plain).map(|item| &item.expr)
    }

    fn outer_dimensions(&mut self, of: &[BoundFilter]) -> Result<Context, BindError> {
        let mut context = Context::default();
        for name in &self.query.by {
            let dimension = self.dimension(name)?;
            add(&mut context, dimension);
        }
        for filter in of {
            if let DimensionRef::Entity(entity) = &filter.dimension {
                add(
                    &mut context,
                    BoundDimension {
                        name: entity.clone(),
                        dimension: filter.dimension.clone(),
                        hidden: false,
                    },
                );
            }
        }
        for (filter, written) in of.iter().zip(&self.query.of) {
            self.require_dimension(&filter.dimension, &written.dimension, &mut context)?;
        }
        let mut within: Vec<&str> = Vec::new();
        for expr in self.exprs() {
            withins(self.catalog, expr, &mut within, 0);
        }
        if let Some(top) = &self.query.top {
            within.extend(top.within.iter().map(String::as_str));
        }
        for name in within {
            let dimension = self.dimension(name)?;
            self.require_dimension(&dimension.dimension, name, &mut context)?;
        }
        Ok(context)
    }

    fn items(&mut self, context: &mut Context) -> Result<Vec<BoundItem>, BindError> {
        let mut items = Vec::new();
        for item in &self.query.items {
            let options = Options {
                aliases: false,
                ..Options::outer()
            };
            let value = self.expr(&item.expr, context, &options)?;
            let text = item.expr.to_string();
            let metric = match &item.expr {
                Expr::Metric(metric) => Some(metric.name.clone()),
                _ => None,
            };
            if let Some(alias) = &item.alias {
                self.aliases.push((alias.clone(), value.clone()));
            }
            items.push(BoundItem {
                name: item.alias.clone().unwrap_or_else(|| text.clone()),
                text,
                metric,
                unit: value.unit.unwrap_or(Unit::PLAIN),
                approximate: value.approximate,
                expr: value.expr,
            });
        }
        Ok(items)
    }

    fn periods(&mut self) -> Result<Option<Periods>, BindError> {
        let Some(grain) = self.grain else { return Ok(None) };
        let Some(periods) = &self.query.periods else {
            self.notes.insert(Note {
                code: "latest_period",
                text: (
                    "未指定期间，取最新一期".to_owned(),
                    "no period was named: the latest is shown".to_owned(),
                ),
            });
            return Ok(Some(Periods::Last(1, grain)));
        };
        let sound = match periods {
            Periods::At(list) => !list.is_empty() && list.iter().all(|period| period.grain() == grain),
            Periods::Range(from, to) => to.grain() == grain && from <= to,
            Periods::Last(..) | Periods::Each(_) => true,
        };
        if sound {
            Ok(Some(periods.clone()))
        } else {
            Err(BindError::Periods)
        }
    }
}

/// Gives every fold over the period the context that all of them fill.
fn share(context: &mut Context, shared: &Context) {
    for leaf in &mut context.leaves {
        if let Leaf::Fold(fold) = leaf
            && fold.over_period
        {
            fold.context = shared.clone();
        }
    }
}

/// Adds a dimension unless it is there.
fn add(context: &mut Context, dimension: BoundDimension) {
    if !context
        .dimensions
        .iter()
        .any(|known| known.dimension == dimension.dimension)
    {
        context.dimensions.push(dimension);
    }
}

fn no_metric() -> BindError {
    BindError::Misplaced {
        text: "items".to_owned(),
        why: ("查询没有用到任何指标", "the Query names no metric"),
    }
}
