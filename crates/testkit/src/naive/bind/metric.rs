//! A metric: its column or formula, its form, its unit, and the dimensions that it must reach.

use jinsheng_core::{Base, Grain, Unit};
use jinsheng_semantics::catalog::{
    Agg, DimensionPath, Measure, Metric, ResolvedDimension, Table, TimeBehaviour,
};
use jinsheng_semantics::query::{Expr, Filter, Form, MetricRef};

use super::expr::Typed;
use super::{Binder, Context, MAX_FORMULAS, Uses};
use crate::naive::node::{Leaf, Node};
use crate::naive::refusal::NaiveRefusal;
use crate::naive::units::Known;

/// Where a metric's value comes from.
enum Origin<'a> {
    /// `table.measure`
    Measure(&'a str),
    Formula(&'a Expr),
}

impl<'a> Binder<'a> {
    /// The item's expression that a name stands for, where aliases may be used.
    fn alias(&self, metric: &MetricRef, context: &Context) -> Option<&'a Expr> {
        let plain = *metric == MetricRef::plain(&*metric.name);
        if !(context.aliases && plain) {
            return None;
        }
        self.aliases.get(metric.name.as_str()).copied()
    }

    fn definition(&self, metric: &MetricRef) -> Result<(&'a Metric, Origin<'a>), NaiveRefusal> {
        let definition = self
            .catalog
            .metric(&metric.name)
            .ok_or_else(|| NaiveRefusal::Unknown {
                kind: "metric",
                name: metric.name.clone(),
            })?;
        // What is stored in a hidden column is not to be had by another way either.
        if let Some(measure) = &definition.measure {
            self.hidden.measure(measure)?;
        }
        let formula = || self.catalog.formula(&metric.name).map(Origin::Formula);
        let origin = match metric.variant.as_deref() {
            None => definition
                .measure
                .as_deref()
                .map(Origin::Measure)
                .or_else(formula),
            Some("formula") => formula(),
            Some(table) => {
                let all = definition.measure.iter().chain(&definition.alternatives);
                all.map(String::as_str)
                    .find(|reference| reference.split('.').next() == Some(table))
                    .map(Origin::Measure)
            }
        };
        let origin = origin.ok_or_else(|| NaiveRefusal::Unknown {
            kind: "variant",
            name: metric.to_string(),
        })?;
        if let Origin::Measure(reference) = origin {
            self.hidden.measure(reference)?;
        }
        Ok((definition, origin))
    }

    /// The context of what stands inside a formula.
    fn inside(
        &self,
        metric: &MetricRef,
        definition: &Metric,
        context: &Context,
    ) -> Result<Context, NaiveRefusal> {
        if context.depth >= MAX_FORMULAS {
            return Err(NaiveRefusal::Malformed {
                what: "formulas refer to each other without end",
            });
        }
        let mut filters = context.filters.clone();
        filters.extend(metric.filters.iter().cloned());
        Ok(Context {
            written: metric.form.or(context.written),
            defined: context.defined.or(definition.form),
            filters,
            aliases: false,
            depth: context.depth + 1,
            ..context.clone()
        })
    }

    pub(super) fn metric_uses(
        &self,
        metric: &'a MetricRef,
        context: &Context,
        uses: &mut Uses<'a>,
    ) -> Result<(), NaiveRefusal> {
        if let Some(expr) = self.alias(metric, context) {
            let plain = Context {
                aliases: false,
                ..context.clone()
            };
            return self.uses(expr, &plain, uses);
        }
        let (definition, origin) = self.definition(metric)?;
        match origin {
            Origin::Measure(reference) => {
                if let Some((table, ..)) = self.catalog.measure(reference) {
                    uses.tables.insert(table);
                }
                Ok(())
            }
            Origin::Formula(formula) => self.uses(formula, &self.inside(metric, definition, context)?, uses),
        }
    }

    pub(super) fn metric(&mut self, metric: &'a MetricRef, context: &Context) -> Result<Typed, NaiveRefusal> {
        if let Some(expr) = self.alias(metric, context) {
            let plain = Context {
                aliases: false,
                ..context.clone()
            };
            return self.expr(expr, &plain);
        }
        if metric.form.is_some() && !self.has_flow(metric, context.depth)? {
            return Err(NaiveRefusal::Form {
                metric: metric.name.clone(),
            });
        }
        let (definition, origin) = self.definition(metric)?;
        let value = match origin {
            Origin::Measure(reference) => self.measure(metric, definition, reference, context)?,
            Origin::Formula(formula) => {
                let inside = self.inside(metric, definition, context)?;
                self.expr(formula, &inside)?
            }
        };
        match definition.unit {
            None => Ok(value),
            Some(unit) => {
                let given = Known::Unit(unit);
                let approximate = value.approximate;
                Ok(Typed {
                    node: value.in_unit(given)?,
                    unit: given,
                    approximate,
                })
            }
        }
    }

    /// Whether a flow is read for a metric.
    fn has_flow(&self, metric: &MetricRef, depth: usize) -> Result<bool, NaiveRefusal> {
        if depth > MAX_FORMULAS {
            return Ok(false);
        }
        let (_, origin) = self.definition(metric)?;
        match origin {
            Origin::Measure(reference) => Ok(self
                .catalog
                .measure(reference)
                .is_some_and(|(.., table, measure)| table.period.is_some() && is_flow(measure.time))),
            Origin::Formula(formula) => {
                for part in metrics_in(formula) {
                    if self.has_flow(part, depth + 1)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
        }
    }

    fn measure(
        &mut self,
        metric: &'a MetricRef,
        definition: &Metric,
        reference: &'a str,
        context: &Context,
    ) -> Result<Typed, NaiveRefusal> {
        let (table_name, measure_name, table, measure) =
            self.catalog
                .measure(reference)
                .ok_or_else(|| NaiveRefusal::Unknown {
                    kind: "measure",
                    name: reference.to_owned(),
                })?;
        if self.folded && !context.over_period {
            return Err(NaiveRefusal::PeriodFold {
                what: metric.name.clone(),
            });
        }
        if let (Some(own), Some(asked)) = (self.table_grain(table_name), self.grain)
            && own > asked
        {
            return Err(grain_refusal(metric, asked, own));
        }
        let form = self.form(metric, definition, table, measure, context)?;
        let bracketed: Vec<&Filter> = context.filters.iter().chain(&metric.filters).collect();
        let mut filters = Vec::new();
        for filter in self.query.filters.iter().chain(bracketed.iter().copied()) {
            let resolved = self.resolve(&filter.dimension)?;
            let path = self.reach(metric, table_name, resolved, &filter.dimension)?;
            filters.push((filter.clone(), path));
        }
        self.require_dimensions(metric, table_name, measure, context)?;
        if measure.column.is_none() && measure.agg != Agg::Count {
            return Err(NaiveRefusal::Data {
                table: table_name.to_owned(),
                what: format!("measure `{measure_name}` has no column"),
            });
        }
        let leaf = Leaf {
            metric: metric.name.clone(),
            table: table_name,
            measure_name,
            measure,
            form,
            filters,
            bracketed: !bracketed.is_empty(),
            periodic: table.period.is_some(),
        };
        let same = |known: &Leaf<'_>| {
            Leaf {
                metric: known.metric.clone(),
                ..leaf.clone()
            } == *known
        };
        let position = self.leaves.iter().position(same).unwrap_or_else(|| {
            self.leaves.push(leaf.clone());
            self.leaves.len() - 1
        });
        let used = (position, context.level());
        for level in &context.levels {
            if let Some(level) = self.levels.get_mut(*level)
                && !level.leaves.contains(&used)
            {
                level.leaves.push(used);
            }
        }
        Ok(Typed {
            node: Node::Leaf(position),
            unit: Known::Unit(unit_of(measure)),
            approximate: false,
        })
    }

    /// The form of a flow; none for everything else.
    fn form(
        &self,
        metric: &MetricRef,
        definition: &Metric,
        table: &Table,
        measure: &Measure,
        context: &Context,
    ) -> Result<Option<Form>, NaiveRefusal> {
        let form = (table.period.is_some() && is_flow(measure.time)).then(|| {
            let qoq = context.single.then_some(Form::Single);
            let usual = if measure.time == TimeBehaviour::FlowYtd {
                Form::Ytd
            } else {
                Form::Single
            };
            // Written here, written outside, 环比, then definitions from outside in.
            metric
                .form
                .or(context.written)
                .or(qoq)
                .or(context.defined)
                .or(definition.form)
                .unwrap_or(usual)
        });
        if form == Some(Form::Ttm) && measure.time == TimeBehaviour::Flow && self.grain == Some(Grain::Day) {
            return Err(NaiveRefusal::Form {
                metric: metric.name.clone(),
            });
        }
        // Values since the start of the year can be told apart only where a key has one row a period.
        if measure.time == TimeBehaviour::FlowYtd
            && !table.unique
            && form != Some(Form::Ytd)
            && self.grain != Some(Grain::Year)
        {
            return Err(NaiveRefusal::Form {
                metric: metric.name.clone(),
            });
        }
        Ok(form)
    }

    fn reach(
        &self,
        metric: &MetricRef,
        table: &str,
        dimension: ResolvedDimension<'_>,
        name: &str,
    ) -> Result<DimensionPath, NaiveRefusal> {
        let path = self.catalog.path(table, dimension);
        let path = path.ok_or_else(|| NaiveRefusal::Unreachable {
            metric: metric.name.clone(),
            dimension: name.to_owned(),
        })?;
        self.hidden.path(&path)?;
        Ok(path)
    }

    /// Every dimension of the group is reached, and a rate stands in groups of one key only, unless its measure says
    /// how several become one.
    fn require_dimensions(
        &self,
        metric: &MetricRef,
        table_name: &str,
        measure: &Measure,
        context: &Context,
    ) -> Result<(), NaiveRefusal> {
        let Some(level) = self.levels.get(context.level()) else {
            return Ok(());
        };
        for dimension in &level.dimensions {
            self.reach(metric, table_name, dimension.resolved, &dimension.name)?;
        }
        let Some(table) = self.catalog.table(table_name) else {
            return Ok(());
        };
        let folds = matches!(measure.agg, Agg::Mean | Agg::Min | Agg::Max);
        if measure.time != TimeBehaviour::Rate || folds {
            return Ok(());
        }
        let entities = table
            .entities
            .keys()
            .map(|entity| ResolvedDimension::Entity(entity));
        let own = table
            .key_dimensions
            .iter()
            .map(|name| ResolvedDimension::Column(table_name, name));
        for part in entities.chain(own) {
            if level
                .dimensions
                .iter()
                .all(|dimension| dimension.resolved != part)
            {
                return Err(NaiveRefusal::Rate {
                    metric: metric.name.clone(),
                    dimension: self.full_name(part),
                });
            }
        }
        Ok(())
    }
}

fn grain_refusal(metric: &MetricRef, asked: Grain, finest: Grain) -> NaiveRefusal {
    NaiveRefusal::Grain {
        metric: metric.name.clone(),
        asked,
        finest,
    }
}

fn is_flow(time: TimeBehaviour) -> bool {
    matches!(time, TimeBehaviour::Flow | TimeBehaviour::FlowYtd)
}

/// Every metric that stands in an expression.
pub(crate) fn metrics_in(expr: &Expr) -> Vec<&MetricRef> {
    match expr {
        Expr::Metric(metric) => vec![metric],
        Expr::Number(_) => Vec::new(),
        Expr::Negate(inner)
        | Expr::Abs(inner)
        | Expr::Shift(inner, _)
        | Expr::Change(_, inner)
        | Expr::Cagr(inner, _)
        | Expr::Peers(_, inner, _)
        | Expr::Share(inner, _)
        | Expr::Rank(inner, _, _)
        | Expr::Over(_, inner, _) => metrics_in(inner),
        Expr::Binary(_, left, right) => [metrics_in(left), metrics_in(right)].concat(),
        Expr::Coalesce(parts) => parts.iter().flat_map(metrics_in).collect(),
        Expr::Streak(condition) => condition.exprs().into_iter().flat_map(metrics_in).collect(),
    }
}

/// The unit of a measure; a count that names none counts things.
fn unit_of(measure: &Measure) -> Unit {
    let counts = matches!(measure.agg, Agg::Count | Agg::CountDistinct);
    if counts && measure.unit.base == Base::Plain {
        Unit::COUNT
    } else {
        measure.unit
    }
}
