//! Metrics: from a name to columns in a form, or to a formula.

use jinsheng_core::{Base, Grain, Unit};

use super::super::context::{Binder, MAX_FORMULA_DEPTH};
use super::super::resolve::nearest;
use super::super::units::Valued;
use super::super::{BindError, Bound, BoundFilter, Context, DimensionRef, Leaf, MeasureLeaf, Note};
use super::{Options, Valid, leaf_index};
use crate::catalog::{Agg, Measure, Metric, ResolvedDimension, Table, TimeBehaviour};
use crate::query::{Expr, Form, MetricRef};

/// A metric about to be read from one column of a table.
struct Reading<'a> {
    /// Name of the metric, for messages.
    metric: &'a str,
    /// `table.measure`.
    reference: &'a str,
    /// Form that the Query asks for.
    asked: Option<Form>,
    /// Form that definitions give where the Query asks for none.
    usual: Option<Form>,
    /// Filters of the metric and of those around it.
    filters: Vec<BoundFilter>,
}

impl<'a> Binder<'a> {
    pub(super) fn metric(&mut self, metric: &MetricRef, context: &mut Context, options: &Options) -> Valid {
        if options.aliases
            && options.depth == 0
            && self.alias_of(metric).is_some()
            && !options.folded
            && let Some((_, value)) = self.aliases.iter().find(|(alias, _)| *alias == metric.name)
        {
            let value = value.clone();
            self.spend(value.expr.nodes())?;
            return Ok(value);
        }
        let by_formula = self.by_formula(metric)?;
        let mut filters = options.filters.clone();
        for filter in &metric.filters {
            filters.push(self.filter(filter)?);
        }
        filters.sort();
        filters.dedup();
        if by_formula {
            return self.formula(metric, filters, context, options);
        }
        let reference = self.measure_reference(metric)?;
        let definition = self.definition(metric)?;
        let reading = Reading {
            metric: &metric.name,
            reference: &reference,
            asked: metric.form.or(options.form),
            usual: options.defined.or(definition.form),
            filters,
        };
        let (value, form) = self.measure(reading, context, options)?;
        if metric.form.is_some() && form.is_none() {
            return Err(BindError::NoForm {
                metric: metric.name.clone(),
            });
        }
        match definition.unit {
            Some(unit) => value.in_unit(unit, &|| metric.to_string()),
            None => Ok(value),
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
        let formula = self.formula_of(metric)?;
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

    fn definition(&self, metric: &MetricRef) -> Result<&'a Metric, BindError> {
        self.catalog.metric(&metric.name).ok_or_else(|| {
            if self.catalog.withholds(metric) {
                self.hidden(metric)
            } else {
                self.unknown_metric(&metric.name)
            }
        })
    }

    /// Whether a metric is computed by its formula, because the Query says so or it has no column.
    pub(in crate::bind) fn by_formula(&self, metric: &MetricRef) -> Result<bool, BindError> {
        let definition = self.definition(metric)?;
        Ok(match metric.variant.as_deref() {
            None => definition.measure.is_none(),
            Some(variant) => variant == "formula",
        })
    }

    /// The formula of a metric.
    pub(in crate::bind) fn formula_of(&self, metric: &MetricRef) -> Result<&'a Expr, BindError> {
        let formula = self.catalog.formula(&metric.name);
        formula.ok_or_else(|| self.no_source(metric))
    }

    fn hidden(&self, metric: &MetricRef) -> BindError {
        let variant = metric
            .variant
            .as_ref()
            .filter(|_| self.catalog.metric(&metric.name).is_some());
        BindError::Hidden {
            name: match variant {
                Some(variant) => format!("{}@{variant}", metric.name),
                None => metric.name.clone(),
            },
        }
    }

    /// A source that a metric lacks, or that the scope hides.
    fn no_source(&self, metric: &MetricRef) -> BindError {
        if self.catalog.withholds(metric) {
            return self.hidden(metric);
        }
        BindError::UnknownVariant {
            metric: metric.name.clone(),
            variant: metric.variant.clone().unwrap_or_else(|| "formula".to_owned()),
            known: self.variants(&metric.name),
        }
    }

    /// A metric that the catalog lacks, with the nearest that it has.
    pub(in crate::bind) fn unknown_metric(&self, name: &str) -> BindError {
        let metrics = &self.catalog.file().metrics;
        let folded = jinsheng_text::fold(name);
        // What people call it comes first: 营业收入 is `revenue`.
        let mut found: Vec<String> = metrics
            .iter()
            .filter(|(_, metric)| {
                let labels = [&metric.label.zh, &metric.label.en];
                let mut words = labels.into_iter().chain(&metric.synonyms);
                words.any(|word| jinsheng_text::fold(word) == folded)
            })
            .map(|(id, _)| id.clone())
            .collect();
        if found.is_empty() {
            found = nearest(name, metrics.keys().cloned());
        }
        BindError::UnknownMetric {
            name: name.to_owned(),
            nearest: found,
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
    pub(in crate::bind) fn measure_reference(&self, metric: &MetricRef) -> Result<String, BindError> {
        let definition = self.definition(metric)?;
        let mut references = self.catalog.measures_of(definition);
        let found = match &metric.variant {
            None => references.next(),
            Some(variant) => references.find(|reference| {
                reference
                    .split_once('.')
                    .is_some_and(|(table, _)| table == variant)
            }),
        };
        found.map(str::to_owned).ok_or_else(|| self.no_source(metric))
    }

    /// The measure as a leaf, and the form in which it is read if it has forms.
    fn measure(
        &mut self,
        reading: Reading<'_>,
        context: &mut Context,
        options: &Options,
    ) -> Result<(Valued, Option<Form>), BindError> {
        let catalog = self.catalog;
        let Some((table_name, measure_name, table, measure)) = catalog.measure(reading.reference) else {
            return Err(BindError::UnknownMetric {
                name: reading.metric.to_owned(),
                nearest: Vec::new(),
            });
        };
        if self.folds_period && !options.in_period_fold {
            return Err(BindError::Misplaced {
                text: reading.metric.to_owned(),
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
                metric: reading.metric.to_owned(),
                grain,
                finest: period.grain(),
            });
        }
        self.reachable(reading.metric, table_name, context, &reading.filters)?;
        self.additive(reading.metric, table_name, measure, context)?;
        let form = self.form(&reading, table, measure)?;
        let leaf = Leaf::Measure(MeasureLeaf {
            table: table_name.to_owned(),
            measure: measure_name.to_owned(),
            form,
            filters: reading.filters,
        });
        let unit =
            if matches!(measure.agg, Agg::Count | Agg::CountDistinct) && measure.unit.base == Base::Plain {
                Unit::COUNT
            } else {
                measure.unit
            };
        self.spend_leaf(context)?;
        Ok((Valued::new(Bound::Leaf(leaf_index(context, leaf)), unit), form))
    }

    /// The form in which a measure is read; `None` where its table has no periods or it is no flow.
    fn form(
        &mut self,
        reading: &Reading<'_>,
        table: &Table,
        measure: &Measure,
    ) -> Result<Option<Form>, BindError> {
        Ok(match measure.time {
            _ if table.period.is_none() => None,
            TimeBehaviour::FlowYtd => {
                let form = reading.asked.or(reading.usual).unwrap_or(Form::Ytd);
                // Cumulative figures can be told apart only where a key has one row a period.
                if !table.unique && form != Form::Ytd && self.grain != Some(Grain::Year) {
                    return Err(BindError::NoForm {
                        metric: reading.metric.to_owned(),
                    });
                }
                let part_of_year = matches!(self.grain, Some(Grain::Quarter | Grain::Half));
                if reading.asked.is_none() && form == Form::Ytd && part_of_year {
                    self.notes.insert(Note {
                        code: "year_to_date",
                        text: (
                            "季度、半年数据按报告口径为年初至期末累计；单期请用 :single".to_owned(),
                            "figures of quarters and halves are year to date, as reported; use :single for the period alone"
                                .to_owned(),
                        ),
                    });
                }
                Some(form)
            }
            TimeBehaviour::Flow => {
                let form = reading.asked.or(reading.usual).unwrap_or(Form::Single);
                if let (Form::Ttm, Some(Grain::Day)) = (form, self.grain) {
                    return Err(BindError::Lag {
                        text: format!("{}:ttm", reading.metric),
                        grain: Grain::Day,
                    });
                }
                Some(form)
            }
            TimeBehaviour::Stock | TimeBehaviour::Rate | TimeBehaviour::Static => None,
        })
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
                if self.catalog.withholds_path(table, resolved) {
                    return Err(BindError::Hidden { name });
                }
                return Err(BindError::Unreachable {
                    metric: metric.to_owned(),
                    dimension: name,
                });
            }
        }
        Ok(())
    }

    /// A stored rate has a value only where one key is left in a group. What is averaged instead is said so.
    fn additive(
        &mut self,
        name: &str,
        table_name: &str,
        measure: &Measure,
        context: &Context,
    ) -> Result<(), BindError> {
        let picked = match measure.agg {
            Agg::Sum if measure.time == TimeBehaviour::Rate => None,
            Agg::Mean => Some(("平均值", "mean")),
            Agg::Min => Some(("最小值", "smallest value")),
            Agg::Max => Some(("最大值", "largest value")),
            Agg::Sum | Agg::Count | Agg::CountDistinct => return Ok(()),
        };
        let Some(table) = self.catalog.table(table_name) else {
            return Ok(());
        };
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
        match picked {
            Some((zh, en)) if !needs.is_empty() || !table.unique => {
                self.notes.insert(Note {
                    code: "picked",
                    text: (
                        format!("`{name}` 一组中有多个数据，取其{zh}"),
                        format!("`{name}` has several values in a group; their {en} is shown"),
                    ),
                });
                Ok(())
            }
            None if !needs.is_empty() => Err(BindError::NotAdditive {
                metric: name.to_owned(),
                needs,
            }),
            _ => Ok(()),
        }
    }
}
