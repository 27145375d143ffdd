//! Expressions: metrics become leaves or their formulas, functions become arithmetic over earlier periods and peers.

use jinsheng_core::{Base, Grain, Unit};

use super::context::{Binder, MAX_FORMULA_DEPTH, names_metric, nearest, withins};
use super::units::{Valued, align, scale};
use super::{
    BindError, Bound, BoundCondition, BoundFilter, Context, DimensionRef, FoldLeaf, Leaf, MeasureLeaf, Note,
};
use crate::catalog::{Agg, ResolvedDimension, TimeBehaviour};
use crate::query::{BinaryOp, ChangeKind, Condition, Expr, Form, Lag, MetricRef, OverWhat, Stat};

/// What surrounds an expression.
#[derive(Debug, Clone, Default)]
pub(super) struct Options {
    /// Form that a surrounding metric or `qoq` asks of the flows inside.
    pub(super) form: Option<Form>,
    /// Form that the definition of a surrounding metric gives.
    pub(super) defined: Option<Form>,
    /// Filters of surrounding metrics.
    pub(super) filters: Vec<BoundFilter>,
    /// Names may be aliases of items.
    pub(super) aliases: bool,
    /// Inside a fold over the period.
    pub(super) in_period_fold: bool,
    /// Inside any fold: notes about bases would not have a column.
    pub(super) folded: bool,
    /// Inside a fold over dimensions.
    pub(super) finer: bool,
    /// Nesting of formulas.
    pub(super) depth: usize,
}

impl Options {
    pub(super) fn outer() -> Self {
        Self {
            aliases: true,
            ..Self::default()
        }
    }
}

type Valid = Result<Valued, BindError>;

impl Binder<'_> {
    pub(super) fn expr(&mut self, expr: &Expr, context: &mut Context, options: &Options) -> Valid {
        match expr {
            Expr::Metric(metric) => self.metric(metric, context, options),
            Expr::Number(quantity) => Ok(Valued::constant(*quantity)),
            Expr::Negate(inner) => {
                let inner = self.expr(inner, context, options)?;
                Ok(Valued {
                    expr: Bound::Negate(Box::new(inner.expr)),
                    ..inner
                })
            }
            Expr::Abs(inner) => {
                let inner = self.expr(inner, context, options)?;
                Ok(Valued {
                    expr: Bound::Abs(Box::new(inner.expr)),
                    ..inner
                })
            }
            Expr::Binary(op, left, right) => {
                let left = self.expr(left, context, options)?;
                let right = self.expr(right, context, options)?;
                binary(*op, left, right, &|| expr.to_string())
            }
            Expr::Coalesce(parts) => self.coalesce(parts, context, options, expr),
            Expr::Shift(inner, lag) => {
                let periods = self.lag(*lag, expr, options)?;
                let inner = self.expr(inner, context, options)?;
                Ok(Valued {
                    expr: Bound::Shift(Box::new(inner.expr), periods),
                    ..inner
                })
            }
            Expr::Change(kind, inner) => self.change(*kind, inner, expr, context, options),
            Expr::Cagr(inner, years) => {
                let periods = self.lag(
                    Lag {
                        count: *years,
                        grain: Grain::Year,
                    },
                    expr,
                    options,
                )?;
                let inner = self.expr(inner, context, options)?;
                Ok(Valued {
                    expr: Bound::Cagr(Box::new(inner.expr), periods, *years),
                    unit: Some(Unit::PERCENT),
                    bare: 0,
                    approximate: true,
                })
            }
            Expr::Peers(stat, inner, within) => {
                let within = self.indices(within, context)?;
                let inner = self.expr(inner, context, options)?;
                let unit = if *stat == Stat::Count {
                    Some(Unit::COUNT)
                } else {
                    inner.unit
                };
                Ok(Valued {
                    expr: Bound::Peers(*stat, Box::new(inner.expr), within),
                    unit,
                    ..inner
                })
            }
            Expr::Share(inner, within) => {
                let within = self.indices(within, context)?;
                let inner = self.expr(inner, context, options)?;
                let sum = Bound::Peers(Stat::Sum, Box::new(inner.expr.clone()), within);
                let share = Bound::Divide(Box::new(inner.expr), Box::new(sum));
                Ok(Valued {
                    expr: scale(share, 2),
                    unit: Some(Unit::PERCENT),
                    bare: 0,
                    approximate: inner.approximate,
                })
            }
            Expr::Rank(inner, direction, within) => {
                let within = self.indices(within, context)?;
                let inner = self.expr(inner, context, options)?;
                Ok(Valued {
                    expr: Bound::Rank(Box::new(inner.expr), *direction, within),
                    unit: Some(Unit::PLAIN),
                    ..inner
                })
            }
            Expr::Over(stat, inner, what) => self.fold(*stat, inner, what, expr, context, options),
            Expr::Streak(condition) => {
                self.require_periods(expr, options)?;
                let condition = self.condition(condition, context, options)?;
                Ok(Valued::new(Bound::Streak(Box::new(condition)), Unit::PLAIN))
            }
        }
    }

    fn coalesce(&mut self, parts: &[Expr], context: &mut Context, options: &Options, whole: &Expr) -> Valid {
        let mut values: Vec<Valued> = Vec::new();
        for part in parts {
            values.push(self.expr(part, context, options)?);
        }
        let unit = values.iter().find_map(|value| value.unit);
        let approximate = values.iter().any(|value| value.approximate);
        let text = || whole.to_string();
        let parts = values
            .into_iter()
            .map(|value| match unit {
                Some(unit) => value.in_unit(unit, &text).map(|value| value.expr),
                None => Ok(value.plain().expr),
            })
            .collect::<Result<_, _>>()?;
        Ok(Valued {
            expr: Bound::Coalesce(parts),
            unit,
            bare: 0,
            approximate,
        })
    }

    fn change(
        &mut self,
        kind: ChangeKind,
        inner: &Expr,
        whole: &Expr,
        context: &mut Context,
        options: &Options,
    ) -> Valid {
        let quarter_on_quarter = matches!(kind, ChangeKind::Qoq | ChangeKind::QoqDiff);
        let periods = if quarter_on_quarter {
            self.require_periods(whole, options)?;
            1
        } else {
            self.lag(
                Lag {
                    count: 1,
                    grain: Grain::Year,
                },
                whole,
                options,
            )?
        };
        let mut options = options.clone();
        if quarter_on_quarter && options.form.is_none() {
            options.form = Some(Form::Single);
        }
        let now = self.expr(inner, context, &options)?;
        let earlier = Bound::Shift(Box::new(now.expr.clone()), periods);
        let difference = Bound::Subtract(Box::new(now.expr), Box::new(earlier.clone()));
        if matches!(kind, ChangeKind::YoyDiff | ChangeKind::QoqDiff) {
            let unit = now.unit.map(Unit::difference);
            return Ok(Valued {
                expr: difference,
                unit,
                bare: 0,
                approximate: now.approximate,
            });
        }
        if !options.folded && !self.bases.contains(&earlier) {
            self.bases.push(earlier.clone());
        }
        let growth = Bound::Divide(Box::new(difference), Box::new(Bound::Abs(Box::new(earlier))));
        Ok(Valued {
            expr: scale(growth, 2),
            unit: Some(Unit::PERCENT),
            bare: 0,
            approximate: now.approximate,
        })
    }

    fn require_periods(&self, whole: &Expr, options: &Options) -> Result<Grain, BindError> {
        match self.grain {
            Some(grain) if !self.folds_period || options.in_period_fold => Ok(grain),
            _ => Err(BindError::NoTime {
                what: whole.to_string(),
            }),
        }
    }

    fn lag(&self, lag: Lag, whole: &Expr, options: &Options) -> Result<u32, BindError> {
        let grain = self.require_periods(whole, options)?;
        let refused = || BindError::Lag {
            text: whole.to_string(),
            grain,
        };
        if lag.grain == grain {
            return if lag.count > 0 {
                Ok(lag.count)
            } else {
                Err(refused())
            };
        }
        let (own, asked) = (
            grain.per_year().ok_or_else(refused)?,
            lag.grain.per_year().ok_or_else(refused)?,
        );
        let total = i64::from(lag.count) * i64::from(own);
        if total % i64::from(asked) != 0 || total == 0 {
            return Err(refused());
        }
        u32::try_from(total / i64::from(asked)).map_err(|_| refused())
    }

    fn fold(
        &mut self,
        stat: Stat,
        inner: &Expr,
        what: &OverWhat,
        whole: &Expr,
        context: &mut Context,
        options: &Options,
    ) -> Valid {
        if !names_metric(inner) {
            return Err(BindError::Misplaced {
                text: whole.to_string(),
                why: ("折叠里没有用到任何指标", "the fold names no metric"),
            });
        }
        if *what == OverWhat::Period {
            return self.fold_period(stat, inner, whole, context, options);
        }
        let mut finer = Context {
            dimensions: context.dimensions.clone(),
            leaves: Vec::new(),
        };
        if let OverWhat::Dimensions(names) = what {
            for name in names {
                let dimension = self.dimension(name)?;
                // What was hidden outside is asked for here.
                match finer
                    .dimensions
                    .iter_mut()
                    .find(|known| known.dimension == dimension.dimension)
                {
                    Some(known) => known.hidden = false,
                    None => finer.dimensions.push(dimension),
                }
            }
        }
        let mut within = Vec::new();
        withins(self.catalog, inner, &mut within, 0);
        let within: Vec<String> = within.into_iter().map(str::to_owned).collect();
        for name in &within {
            let dimension = self.dimension(name)?;
            self.require_dimension(&dimension.dimension, name, &mut finer)?;
        }
        let options = Options {
            folded: true,
            finer: true,
            ..options.clone()
        };
        let value = self.expr(inner, &mut finer, &options)?;
        if needs_time(&value.expr) && !self.has_time(&finer) {
            return Err(BindError::NoTime {
                what: whole.to_string(),
            });
        }
        let leaf = FoldLeaf {
            stat,
            inner: value.expr.clone(),
            context: finer,
            over_period: false,
        };
        Ok(folded(stat, value, leaf, context))
    }

    /// A fold over the shown periods, for the groups as they are.
    fn fold_period(
        &mut self,
        stat: Stat,
        inner: &Expr,
        whole: &Expr,
        context: &mut Context,
        options: &Options,
    ) -> Valid {
        if options.in_period_fold || options.finer {
            return Err(BindError::Misplaced {
                text: whole.to_string(),
                why: (
                    "over period 不可写在另一个折叠里",
                    "a fold over the period stands inside no other fold",
                ),
            });
        }
        let fresh = || Context {
            dimensions: context.dimensions.clone(),
            leaves: Vec::new(),
        };
        let mut shared = self.period_context.take().unwrap_or_else(fresh);
        let options = Options {
            in_period_fold: true,
            folded: true,
            ..options.clone()
        };
        let value = self.expr(inner, &mut shared, &options);
        self.period_context = Some(shared);
        let value = value?;
        // The context is filled in at the end, when all folds have added their leaves.
        let leaf = FoldLeaf {
            stat,
            inner: value.expr.clone(),
            context: Context::default(),
            over_period: true,
        };
        Ok(folded(stat, value, leaf, context))
    }

    /// Whether a context has a leaf with periods.
    fn has_time(&self, context: &Context) -> bool {
        context.leaves.iter().any(|leaf| match leaf {
            Leaf::Measure(leaf) => self
                .catalog
                .table(&leaf.table)
                .is_some_and(|table| table.period.is_some()),
            Leaf::Fold(fold) => self.has_time(&fold.context),
        })
    }

    pub(super) fn condition(
        &mut self,
        condition: &Condition,
        context: &mut Context,
        options: &Options,
    ) -> Result<BoundCondition, BindError> {
        let mut all = |binder: &mut Self, parts: &[Condition]| -> Result<Vec<BoundCondition>, BindError> {
            parts
                .iter()
                .map(|part| binder.condition(part, context, options))
                .collect()
        };
        Ok(match condition {
            Condition::All(parts) => BoundCondition::All(all(self, parts)?),
            Condition::Any(parts) => BoundCondition::Any(all(self, parts)?),
            Condition::Not(inner) => BoundCondition::Not(Box::new(self.condition(inner, context, options)?)),
            Condition::Missing(expr, missing) => {
                BoundCondition::Missing(self.expr(expr, context, options)?.expr, *missing)
            }
            Condition::Compare(left, op, right) => {
                let left = self.expr(left, context, options)?;
                let right = self.expr(right, context, options)?;
                let (left, right) = align(left, right, &|| condition.to_string())?;
                BoundCondition::Compare(left.expr, *op, right.expr)
            }
        })
    }

    fn metric(&mut self, metric: &MetricRef, context: &mut Context, options: &Options) -> Valid {
        if options.aliases
            && options.depth == 0
            && self.alias_of(metric).is_some()
            && !options.folded
            && let Some((_, value)) = self.aliases.iter().find(|(alias, _)| *alias == metric.name)
        {
            return Ok(value.clone());
        }
        let Some(definition) = self.catalog.metric(&metric.name) else {
            return Err(self.unknown_metric(&metric.name));
        };
        let mut filters = options.filters.clone();
        for filter in &metric.filters {
            filters.push(self.filter(filter)?);
        }
        filters.sort();
        filters.dedup();
        let by_formula = metric.variant.as_deref() == Some("formula") || definition.measure.is_none();
        if by_formula {
            return self.formula(metric, filters, context, options);
        }
        let reference = self.measure_reference(metric)?;
        let form = metric.form.or(options.form);
        let value = self.measure(
            &metric.name,
            &reference,
            form,
            options.defined.or(definition.form),
            filters,
            context,
            options,
        )?;
        if metric.form.is_some() && value.1.is_none() {
            return Err(BindError::NoForm {
                metric: metric.name.clone(),
            });
        }
        match definition.unit {
            Some(unit) => value.0.in_unit(unit, &|| metric.to_string()),
            None => Ok(value.0),
        }
    }

    fn formula(
        &mut self,
        metric: &MetricRef,
        filters: Vec<BoundFilter>,
        context: &mut Context,
        options: &Options,
    ) -> Valid {
        if options.depth >= MAX_FORMULA_DEPTH {
            return Err(BindError::TooDeep);
        }
        let catalog = self.catalog;
        let Some(formula) = catalog.formula(&metric.name) else {
            return Err(BindError::UnknownVariant {
                metric: metric.name.clone(),
                variant: "formula".to_owned(),
                known: self.variants(&metric.name),
            });
        };
        if metric.form.is_some() && !self.has_flow(formula, 0) {
            return Err(BindError::NoForm {
                metric: metric.name.clone(),
            });
        }
        let options = Options {
            form: metric.form.or(options.form),
            defined: options.defined.or(catalog
                .metric(&metric.name)
                .and_then(|definition| definition.form)),
            filters,
            aliases: false,
            depth: options.depth + 1,
            ..options.clone()
        };
        let value = self.expr(formula, context, &options)?;
        match catalog
            .metric(&metric.name)
            .and_then(|definition| definition.unit)
        {
            Some(unit) => value.in_unit(unit, &|| metric.to_string()),
            None => Ok(value),
        }
    }

    fn has_flow(&self, expr: &Expr, depth: usize) -> bool {
        let mut names = std::collections::BTreeSet::new();
        crate::catalog::metric_names(expr, &mut names);
        depth < MAX_FORMULA_DEPTH
            && names.iter().any(|name| match self.catalog.metric(name) {
                Some(metric) if metric.measure.is_some() => matches!(
                    self.catalog.behaviour(metric),
                    Some(TimeBehaviour::Flow | TimeBehaviour::FlowYtd)
                ),
                Some(_) => self
                    .catalog
                    .formula(name)
                    .is_some_and(|formula| self.has_flow(formula, depth + 1)),
                None => false,
            })
    }

    /// A metric that the catalog lacks, with the nearest that it has.
    pub(super) fn unknown_metric(&self, name: &str) -> BindError {
        let known = self.catalog.file().metrics.keys().cloned();
        BindError::UnknownMetric {
            name: name.to_owned(),
            nearest: nearest(name, known),
        }
    }

    fn variants(&self, metric: &str) -> Vec<String> {
        let Some(definition) = self.catalog.metric(metric) else {
            return Vec::new();
        };
        let tables = self
            .catalog
            .measures_of(definition)
            .filter_map(|reference| reference.split_once('.'));
        let formula = definition.formula.is_some().then(|| "formula".to_owned());
        tables.map(|(table, _)| table.to_owned()).chain(formula).collect()
    }

    /// `table.measure` that a metric is read from, after its variant.
    pub(super) fn measure_reference(&self, metric: &MetricRef) -> Result<String, BindError> {
        let unknown = || BindError::UnknownVariant {
            metric: metric.name.clone(),
            variant: metric.variant.clone().unwrap_or_default(),
            known: self.variants(&metric.name),
        };
        let definition = self.catalog.metric(&metric.name).ok_or_else(unknown)?;
        let mut references = self.catalog.measures_of(definition);
        let found = match &metric.variant {
            None => references.next(),
            Some(variant) => references.find(|reference| {
                reference
                    .split_once('.')
                    .is_some_and(|(table, _)| table == variant)
            }),
        };
        found.map(str::to_owned).ok_or_else(unknown)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one call site; a struct would only rename them"
    )]
    fn measure(
        &mut self,
        name: &str,
        reference: &str,
        asked: Option<Form>,
        usual: Option<Form>,
        filters: Vec<BoundFilter>,
        context: &mut Context,
        options: &Options,
    ) -> Result<(Valued, Option<Form>), BindError> {
        let catalog = self.catalog;
        let Some((table_name, measure_name, table, measure)) = catalog.measure(reference) else {
            return Err(BindError::UnknownMetric {
                name: name.to_owned(),
                nearest: Vec::new(),
            });
        };
        if self.folds_period && !options.in_period_fold {
            return Err(BindError::Misplaced {
                text: name.to_owned(),
                why: (
                    "查询已按期间折叠，每个值都须写在 over period 的折叠里",
                    "the Query folds the period, so every value must stand inside a fold over the period",
                ),
            });
        }
        if let (Some(grain), Some(period)) = (self.grain, &table.period)
            && grain < period.grain()
        {
            return Err(BindError::Grain {
                metric: name.to_owned(),
                grain,
                finest: period.grain(),
            });
        }
        self.reachable(name, table_name, context, &filters)?;
        self.additive(name, table_name, measure_name, context)?;
        let form = match measure.time {
            _ if table.period.is_none() => None,
            TimeBehaviour::FlowYtd => {
                let form = asked.or(usual).unwrap_or(Form::Ytd);
                // Cumulative figures can be told apart only where a key has one row a period.
                if !table.unique && form != Form::Ytd && self.grain != Some(Grain::Year) {
                    return Err(BindError::NoForm {
                        metric: name.to_owned(),
                    });
                }
                if asked.is_none() && form == Form::Ytd && self.grain == Some(Grain::Quarter) {
                    self.notes.insert(Note {
                        code: "year_to_date",
                        text: (
                            "季度数据按报告口径为年初至期末累计；单季请用 :single".to_owned(),
                            "quarterly figures are year to date, as reported; use :single for the quarter alone"
                                .to_owned(),
                        ),
                    });
                }
                Some(form)
            }
            TimeBehaviour::Flow => {
                let form = asked.or(usual).unwrap_or(Form::Single);
                if let (Form::Ttm, Some(Grain::Day)) = (form, self.grain) {
                    return Err(BindError::Lag {
                        text: format!("{name}:ttm"),
                        grain: Grain::Day,
                    });
                }
                Some(form)
            }
            TimeBehaviour::Stock | TimeBehaviour::Rate | TimeBehaviour::Static => None,
        };
        let leaf = Leaf::Measure(MeasureLeaf {
            table: table_name.to_owned(),
            measure: measure_name.to_owned(),
            form,
            filters,
        });
        let unit =
            if matches!(measure.agg, Agg::Count | Agg::CountDistinct) && measure.unit.base == Base::Plain {
                Unit::COUNT
            } else {
                measure.unit
            };
        Ok((Valued::new(Bound::Leaf(leaf_index(context, leaf)), unit), form))
    }

    /// Every dimension of the groups and every filter can be reached from the table.
    fn reachable(
        &self,
        metric: &str,
        table: &str,
        context: &Context,
        filters: &[BoundFilter],
    ) -> Result<(), BindError> {
        let dimensions = context.dimensions.iter().map(|dimension| &dimension.dimension);
        let filters = filters
            .iter()
            .chain(&self.filters)
            .map(|filter| &filter.dimension);
        for dimension in dimensions.chain(filters) {
            let resolved = match dimension {
                DimensionRef::Entity(entity) => ResolvedDimension::Entity(entity),
                DimensionRef::Column(table, column) => ResolvedDimension::Column(table, column),
            };
            if self.catalog.path(table, resolved).is_none() {
                let name = match dimension {
                    DimensionRef::Entity(entity) => entity.clone(),
                    DimensionRef::Column(table, column) => self.catalog.dimension_name(table, column),
                };
                return Err(BindError::Unreachable {
                    metric: metric.to_owned(),
                    dimension: name,
                });
            }
        }
        Ok(())
    }

    /// A stored rate has a value only where one key is left in a group.
    fn additive(
        &self,
        name: &str,
        table_name: &str,
        measure: &str,
        context: &Context,
    ) -> Result<(), BindError> {
        let Some(table) = self.catalog.table(table_name) else {
            return Ok(());
        };
        let rate = table
            .measures
            .get(measure)
            .is_some_and(|measure| measure.time == TimeBehaviour::Rate && measure.agg == Agg::Sum);
        if !rate {
            return Ok(());
        }
        let entities = table
            .entities
            .keys()
            .map(|entity| (entity.clone(), DimensionRef::Entity(entity.clone())));
        let keys = table.key_dimensions.iter().map(|key| {
            (
                self.catalog.dimension_name(table_name, key),
                DimensionRef::Column(table_name.to_owned(), key.clone()),
            )
        });
        let shown = |wanted: &DimensionRef| context.dimensions.iter().any(|known| known.dimension == *wanted);
        let needs: Vec<String> = entities
            .chain(keys)
            .filter(|(_, wanted)| !shown(wanted))
            .map(|(name, _)| name)
            .collect();
        if needs.is_empty() {
            Ok(())
        } else {
            Err(BindError::NotAdditive {
                metric: name.to_owned(),
                needs,
            })
        }
    }
}

fn folded(stat: Stat, value: Valued, leaf: FoldLeaf, context: &mut Context) -> Valued {
    let unit = if stat == Stat::Count {
        Some(Unit::COUNT)
    } else {
        value.unit
    };
    let expr = Bound::Leaf(leaf_index(context, Leaf::Fold(Box::new(leaf))));
    Valued { expr, unit, ..value }
}

/// Whether an expression looks at earlier periods.
fn needs_time(expr: &Bound) -> bool {
    match expr {
        Bound::Shift(..) | Bound::Cagr(..) | Bound::Streak(_) => true,
        Bound::Leaf(_) | Bound::Number(_) => false,
        Bound::Scale(inner, _)
        | Bound::Negate(inner)
        | Bound::Abs(inner)
        | Bound::Peers(_, inner, _)
        | Bound::Rank(inner, _, _) => needs_time(inner),
        Bound::Add(left, right)
        | Bound::Subtract(left, right)
        | Bound::Multiply(left, right)
        | Bound::Divide(left, right) => needs_time(left) || needs_time(right),
        Bound::Coalesce(parts) => parts.iter().any(needs_time),
    }
}

fn leaf_index(context: &mut Context, leaf: Leaf) -> usize {
    if let Some(index) = context.leaves.iter().position(|known| *known == leaf) {
        return index;
    }
    context.leaves.push(leaf);
    context.leaves.len() - 1
}

fn binary(op: BinaryOp, left: Valued, right: Valued, text: &dyn Fn() -> String) -> Valid {
    match op {
        BinaryOp::Add => {
            let (left, right) = align(left, right, text)?;
            let approximate = left.approximate || right.approximate;
            let expr = Bound::Add(Box::new(left.expr), Box::new(right.expr));
            Ok(Valued {
                expr,
                unit: left.unit,
                bare: 0,
                approximate,
            })
        }
        BinaryOp::Subtract => {
            let (left, right) = align(left, right, text)?;
            let approximate = left.approximate || right.approximate;
            let expr = Bound::Subtract(Box::new(left.expr), Box::new(right.expr));
            Ok(Valued {
                expr,
                unit: left.unit.map(Unit::difference),
                bare: 0,
                approximate,
            })
        }
        BinaryOp::Multiply => product(left.plain(), right.plain(), text),
        BinaryOp::Divide => quotient(left.plain(), right.plain(), text),
    }
}

fn refused(left: &Valued, right: &Valued, text: &dyn Fn() -> String) -> BindError {
    BindError::Units {
        text: text(),
        left: left.unit_or_plain(),
        right: right.unit_or_plain(),
    }
}

/// Shares, counts and plain numbers only multiply: the unit is that of the other side.
fn product(left: Valued, right: Valued, text: &dyn Fn() -> String) -> Valid {
    let counts = |value: &Valued| {
        value
            .unit
            .is_none_or(|unit| matches!(unit.base, Base::Ratio | Base::Count | Base::Plain))
    };
    let is_ratio = |value: &Valued| value.unit.is_some_and(|unit| unit.base == Base::Ratio);
    let approximate = left.approximate || right.approximate;
    let both_ratios = is_ratio(&left) && is_ratio(&right);
    let (left, right, unit) = if both_ratios {
        (plainly(left), plainly(right), Some(Unit::TIMES))
    } else if counts(&right) && left.unit.is_some() {
        let unit = left.unit;
        (left, plainly(right), unit)
    } else if counts(&left) {
        let unit = right.unit;
        (plainly(left), right, unit)
    } else {
        let unit = left
            .unit
            .zip(right.unit)
            .and_then(|(one, other)| one.product(other));
        let unit = unit.ok_or_else(|| refused(&left, &right, text))?;
        (left, right, Some(unit))
    };
    let expr = Bound::Multiply(Box::new(left.expr), Box::new(right.expr));
    let value = Valued {
        expr,
        unit,
        bare: 0,
        approximate,
    };
    if both_ratios {
        value.in_unit(Unit::PERCENT, text)
    } else {
        Ok(value)
    }
}

/// Two amounts of one kind give a share in %; counts, people, days and shares only divide.
fn quotient(left: Valued, right: Valued, text: &dyn Fn() -> String) -> Valid {
    let approximate = left.approximate || right.approximate;
    let divides = right.unit.is_none_or(|unit| {
        matches!(
            unit.base,
            Base::Ratio | Base::Count | Base::People | Base::Days | Base::Plain
        )
    });
    let divided = |left: Valued, right: Valued, unit: Option<Unit>| {
        let expr = Bound::Divide(Box::new(left.expr), Box::new(right.expr));
        Valued {
            expr,
            unit,
            bare: 0,
            approximate,
        }
    };
    match (left.unit, right.unit) {
        (Some(one), Some(other)) if one.base == other.base && one.base != Base::Plain => {
            let right = right.in_unit(one, text)?;
            divided(left, right, Some(Unit::TIMES)).in_unit(Unit::PERCENT, text)
        }
        (None, None) => Ok(divided(left, right, None)),
        _ if divides => {
            let unit = left.unit_or_plain();
            Ok(divided(left, plainly(right), Some(unit)))
        }
        (Some(one), Some(other)) => {
            let unit = one.quotient(other).ok_or_else(|| refused(&left, &right, text))?;
            Ok(divided(left, right, Some(unit)))
        }
        _ => Err(refused(&left, &right, text)),
    }
}

/// A share or count as a plain number: 10 % is 0.1, 3 万人 are 30000.
fn plainly(value: Valued) -> Valued {
    let power = value.unit.map_or(0, |unit| i32::from(unit.power));
    Valued {
        expr: scale(value.expr, power),
        ..value
    }
}
