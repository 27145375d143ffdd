//! All leaves of a context side by side: one row for each group and period, one column for each leaf.

use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::{Expr, JoinType, LogicalPlan, LogicalPlanBuilder, cast, lit, when};
use jinsheng_semantics::bind::{Bound, BoundFilter, Context, FoldLeaf, Leaf, MeasureLeaf};
use jinsheng_semantics::query::Stat;

use super::branch::{Route, no_value};
use super::periods::Bounds;
use super::stage::Stage;
use super::{Planner, Planning, col, col_of, dimension_column, leaf_column};
use crate::error::EngineError;
use crate::functions::{count, integer, max, min, only_if, quotient, sum, value, wide};

/// A plan with `d*`, `t` if `timed`, and `v*`.
pub(super) struct Panel {
    pub(super) plan: LogicalPlan,
    pub(super) timed: bool,
}

struct Part {
    plan: LogicalPlan,
    timed: bool,
    leaves: Vec<usize>,
    /// Brings rows to the result: it is not limited by filters of its own.
    brings_rows: bool,
}

impl Planner<'_> {
    /// The panel of a context; `bounds` limits what is read, never what is shown.
    pub(super) fn panel(&self, context: &Context, bounds: Option<Bounds>) -> Planning<Panel> {
        let parts = self.parts(context, bounds)?;
        let any_timed = parts.iter().any(|part| part.timed);
        let any_free = parts
            .iter()
            .any(|part| part.brings_rows && part.timed == any_timed);
        let (timed, fixed): (Vec<Part>, Vec<Part>) = parts.into_iter().partition(|part| part.timed);
        if timed.is_empty() {
            let plan = self.unite(context, fixed, false, any_free)?;
            return Ok(Panel {
                plan: self.ordered(context, plan, false)?,
                timed: false,
            });
        }
        let mut plan = self.unite(context, timed, true, any_free)?;
        if !fixed.is_empty() {
            let fixed = self.unite(context, fixed, false, false)?;
            plan = attach(context, plan, fixed)?;
        }
        Ok(Panel {
            plan: self.ordered(context, plan, true)?,
            timed: true,
        })
    }

    /// Columns in their standard order.
    fn ordered(&self, context: &Context, plan: LogicalPlan, timed: bool) -> Planning<LogicalPlan> {
        let mut columns = standard(context, timed);
        for (index, leaf) in context.leaves.iter().enumerate() {
            let column = col(leaf_column(index));
            columns.push(if matches!(leaf, Leaf::Fold(fold) if fold.stat == Stat::Count) {
                // A group without any row to count counts zero.
                when(column.clone().is_null(), value(integer(0)))
                    .otherwise(column)?
                    .alias(leaf_column(index))
            } else {
                column
            });
        }
        Ok(LogicalPlanBuilder::from(plan).project(columns)?.build()?)
    }

    /// One part for each table, route and set of filters, and one for each fold.
    fn parts(&self, context: &Context, bounds: Option<Bounds>) -> Planning<Vec<Part>> {
        type Group<'g> = (&'g str, Route, &'g [BoundFilter], Vec<(usize, &'g MeasureLeaf)>);
        let mut groups: Vec<Group<'_>> = Vec::new();
        let mut parts = Vec::new();
        let mut period_folds = Vec::new();
        for (index, leaf) in context.leaves.iter().enumerate() {
            match leaf {
                Leaf::Measure(leaf) => {
                    let table = self
                        .catalog
                        .table(&leaf.table)
                        .ok_or_else(|| EngineError::missing_table(&leaf.table))?;
                    let measure = table.measures.get(&leaf.measure).ok_or_else(|| {
                        EngineError::missing_table(&format!("{}.{}", leaf.table, leaf.measure))
                    })?;
                    let route = self.route(table, measure);
                    let known = groups.iter_mut().find(|(table, known, filters, _)| {
                        *table == leaf.table && *known == route && *filters == leaf.filters.as_slice()
                    });
                    match known {
                        Some((.., leaves)) => leaves.push((index, leaf)),
                        None => groups.push((&leaf.table, route, &leaf.filters, vec![(index, leaf)])),
                    }
                }
                Leaf::Fold(fold) if fold.over_period => period_folds.push((index, fold.as_ref())),
                Leaf::Fold(fold) => parts.push(self.fold(context, &[(index, fold)], bounds)?),
            }
        }
        if !period_folds.is_empty() {
            parts.push(self.fold(context, &period_folds, bounds)?);
        }
        for (table, route, filters, leaves) in groups {
            let plan = self.branch(table, route, filters, &context.dimensions, &leaves, bounds)?;
            parts.push(Part {
                plan,
                timed: self
                    .catalog
                    .table(table)
                    .is_some_and(|table| table.period.is_some()),
                leaves: leaves.iter().map(|(index, _)| *index).collect(),
                brings_rows: filters.is_empty(),
            });
        }
        Ok(parts)
    }

    /// Parts of one kind of time become one plan.
    fn unite(
        &self,
        context: &Context,
        parts: Vec<Part>,
        timed: bool,
        drop_limited: bool,
    ) -> Planning<LogicalPlan> {
        let all: Vec<usize> = parts
            .iter()
            .flat_map(|part| part.leaves.iter().copied())
            .collect();
        let limited = drop_limited && parts.iter().any(|part| !part.brings_rows);
        if let [part] = parts.as_slice() {
            return self.group_forms(context, part.plan.clone(), timed);
        }
        let mut united: Option<LogicalPlanBuilder> = None;
        for part in parts {
            let mut columns = standard(context, timed);
            for index in &all {
                let name = leaf_column(*index);
                columns.push(if part.leaves.contains(index) {
                    col(name)
                } else {
                    no_value().alias(name)
                });
            }
            columns.push(lit(i64::from(part.brings_rows)).alias("free"));
            let plan = LogicalPlanBuilder::from(part.plan).project(columns)?.build()?;
            united = Some(match united {
                None => LogicalPlanBuilder::from(plan),
                Some(before) => before.union(plan)?,
            });
        }
        let Some(united) = united else {
            return Err(EngineError::internal("a panel without parts"));
        };
        let mut aggregates: Vec<Expr> = all
            .iter()
            .map(|index| max(col(leaf_column(*index))).alias(format!("u{index}")))
            .collect();
        aggregates.push(max(col("free")).alias("free"));
        let group = standard(context, timed);
        let plan = united.aggregate(group.clone(), aggregates)?;
        let named = group
            .iter()
            .cloned()
            .chain(
                all.iter()
                    .map(|index| col(format!("u{index}")).alias(leaf_column(*index))),
            )
            .chain([col("free")]);
        let plan = plan.project(named.collect::<Vec<_>>())?.build()?;
        // Before rows are dropped: periods of rows that are not shown count too.
        let mut plan = LogicalPlanBuilder::from(self.group_forms(context, plan, timed)?);
        if limited {
            plan = plan.filter(col("free").eq(integer(1)))?;
        } else if group.is_empty() {
            plan = plan.filter(col("free").is_not_null())?;
        }
        let columns = group
            .into_iter()
            .chain(all.iter().map(|index| col(leaf_column(*index))));
        Ok(plan.project(columns.collect::<Vec<_>>())?.build()?)
    }

    /// Folds over one inner panel: its stages, then one statistic each for every group.
    fn fold(&self, outer: &Context, folds: &[(usize, &FoldLeaf)], bounds: Option<Bounds>) -> Planning<Part> {
        let Some((_, first)) = folds.first() else {
            return Err(EngineError::internal("no folds"));
        };
        let panel = self.panel(&first.context, bounds)?;
        let inner_timed = panel.timed;
        let mut stage = Stage::new(panel, &first.context.dimensions, self.query.grain, self.native);
        let inner: Vec<&Bound> = folds.iter().map(|(_, fold)| &fold.inner).collect();
        stage.prepare(&inner)?;
        let timed = inner_timed && !first.over_period;
        let mut columns = standard(outer, timed);
        for (index, fold) in folds {
            columns.push(stage.lower(&fold.inner)?.alias(format!("x{index}")));
        }
        let mut plan = stage.into_plan();
        if first.over_period && inner_timed {
            plan = self.keep_periods(plan)?;
        }
        let stats: Vec<(usize, Stat)> = folds.iter().map(|(index, fold)| (*index, fold.stat)).collect();
        let plan = statistics(plan.project(columns)?, &standard(outer, timed), &stats)?;
        let leaves = folds.iter().map(|(index, _)| *index).collect();
        Ok(Part {
            plan,
            timed,
            leaves,
            brings_rows: brings_rows(&first.context),
        })
    }
}

/// Group columns and the period.
fn standard(context: &Context, timed: bool) -> Vec<Expr> {
    let mut columns: Vec<Expr> = (0..context.dimensions.len())
        .map(|index| col(dimension_column(index)))
        .collect();
    if timed {
        columns.push(col("t"));
    }
    columns
}

/// Static values beside every period of their group.
fn attach(context: &Context, timed: LogicalPlan, fixed: LogicalPlan) -> Planning<LogicalPlan> {
    let keys: Vec<usize> = context
        .dimensions
        .iter()
        .enumerate()
        .filter(|(_, dimension)| !dimension.hidden)
        .map(|(index, _)| index)
        .collect();
    let names: Vec<String> = timed
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    let extra: Vec<String> = fixed
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .filter(|name| name.starts_with('v'))
        .collect();
    let left = LogicalPlanBuilder::from(timed).alias("a")?;
    let right = LogicalPlanBuilder::from(fixed).alias("b")?.build()?;
    let side = |relation: &str| -> Vec<Expr> {
        keys.iter()
            .map(|index| cast(col_of(relation, &dimension_column(*index)), DataType::Utf8))
            .collect()
    };
    let joined = if keys.is_empty() {
        // One row at most on the right: the value of everything.
        left.join_on(right, JoinType::Left, [lit(true)])?
    } else {
        left.join_with_expr_keys(right, JoinType::Left, (side("a"), side("b")), None)?
    };
    let columns = names
        .iter()
        .map(|name| col_of("a", name).alias(name))
        .chain(extra.iter().map(|name| col_of("b", name).alias(name)));
    Ok(joined.project(columns.collect::<Vec<_>>())?.build()?)
}

/// `x<index>` folded over each group, as `v<index>`.
fn statistics(plan: LogicalPlanBuilder, group: &[Expr], stats: &[(usize, Stat)]) -> Planning<LogicalPlan> {
    let mut plan = plan;
    let mut aggregates = vec![count(integer(1)).alias("rows")];
    let mut columns = group.to_vec();
    let mut medians = Vec::new();
    for (index, _) in stats.iter().filter(|(_, stat)| *stat == Stat::Median) {
        medians.extend(median_windows(
            &index.to_string(),
            group.to_vec(),
            col(format!("x{index}")),
        ));
    }
    if !medians.is_empty() {
        plan = crate::functions::add_windows(plan, medians)?;
    }
    for (index, stat) in stats {
        let x = || col(format!("x{index}"));
        let (known, result) = (format!("known{index}"), format!("result{index}"));
        aggregates.push(count(x()).alias(&known));
        let shown = match stat {
            Stat::Count => value(col(&known)),
            Stat::Sum | Stat::Mean => {
                aggregates.push(sum(wide(x())).alias(&result));
                let total = value(col(&result));
                if *stat == Stat::Sum {
                    total
                } else {
                    quotient(total, value(col(&known)))
                }
            }
            Stat::Min => {
                aggregates.push(min(x()).alias(&result));
                col(&result)
            }
            Stat::Max => {
                aggregates.push(max(x()).alias(&result));
                col(&result)
            }
            Stat::Median => {
                aggregates.push(sum(wide(middle(&index.to_string(), x())?)).alias(&result));
                half_if_even(col(&result), col(&known))?
            }
        };
        columns.push(shown.alias(leaf_column(*index)));
    }
    let plan = plan
        .aggregate(group.to_vec(), aggregates)?
        .filter(col("rows").gt(integer(0)))?;
    Ok(plan.project(columns)?.build()?)
}

/// Place and number of values within a partition, in columns `place<suffix>` and `places<suffix>`.
pub(super) fn median_windows(suffix: &str, partition: Vec<Expr>, x: Expr) -> Vec<(String, Expr)> {
    use crate::functions::{Aggregate, Frame, over, row_number, sorted};
    vec![
        (
            format!("place{suffix}"),
            row_number(partition.clone(), vec![sorted(x.clone(), true)]),
        ),
        (
            format!("places{suffix}"),
            over(Aggregate::Count, x, partition, vec![], &Frame::All),
        ),
    ]
}

/// The value if it is in the middle, by [`median_windows`].
pub(super) fn middle(suffix: &str, x: Expr) -> Planning<Expr> {
    let place = cast(col(format!("place{suffix}")), DataType::Int64);
    let places = || col(format!("places{suffix}"));
    let low = (places() + integer(1)) / integer(2);
    let high = (places() + integer(2)) / integer(2);
    Ok(only_if(
        x.clone()
            .is_not_null()
            .and(place.clone().eq(low).or(place.eq(high))),
        x,
    )?)
}

fn brings_rows(context: &Context) -> bool {
    context.leaves.iter().any(|leaf| match leaf {
        Leaf::Measure(leaf) => leaf.filters.is_empty(),
        Leaf::Fold(fold) => brings_rows(&fold.context),
    })
}

/// Of the sum of the middle values among so many: the one value as it is, or the mean of two.
pub(super) fn half_if_even(total: Expr, places: Expr) -> Planning<Expr> {
    let odd = (places % integer(2)).eq(integer(1));
    Ok(when(odd, value(total.clone())).otherwise(quotient(value(total), value(integer(2))))?)
}
