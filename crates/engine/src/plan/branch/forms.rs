//! From the table's own periods to those of the Query: routes, single periods and trailing twelve months.

use std::collections::BTreeSet;

use datafusion::functions_aggregate::first_last::first_value;
use datafusion::logical_expr::expr::Sort;
use datafusion::logical_expr::{Expr, LogicalPlanBuilder, lit, when};
use jinsheng_core::Grain;
use jinsheng_semantics::bind::{BoundDimension, DimensionRef, MeasureLeaf};
use jinsheng_semantics::catalog::{Table, TimeBehaviour};
use jinsheng_semantics::query::Form;

use super::{Route, form_column, keys, measure_column};
use crate::calendar::Calendar;
use crate::functions::{
    Aggregate, Frame, add_window, add_windows, integer, max, only_if, over, row_number, sorted, value,
};
use crate::plan::{Planner, Planning, col, dimension_column, per_year};

impl Planner<'_> {
    /// `t` at the Query's grain, and one column `x<index>` for each leaf in its form.
    pub(super) fn to_grain(
        &self,
        (table_name, table): (&str, &Table),
        route: Route,
        rows: LogicalPlanBuilder,
        dimensions: &[BoundDimension],
        leaves: &[(usize, &MeasureLeaf)],
    ) -> Planning<LogicalPlanBuilder> {
        let key: Vec<Expr> = (0..keys(table).len())
            .map(|index| col(format!("k{index}")))
            .collect();
        let dimension_columns = (0..dimensions.len()).map(|index| col(dimension_column(index)));
        let plain = |leaf: &MeasureLeaf| col(measure_column(&leaf.measure));
        let (Some(period), Some(grain)) = (&table.period, self.query.grain) else {
            let columns = dimension_columns.chain(
                leaves
                    .iter()
                    .map(|(index, leaf)| plain(leaf).alias(form_column(*index))),
            );
            return Ok(rows.project(columns.collect::<Vec<_>>())?);
        };
        let own = period.grain();
        let measures: BTreeSet<&String> = leaves.iter().map(|(_, leaf)| &leaf.measure).collect();
        let mut rows = match route {
            Route::Latest if self.native && table.unique => {
                let dependent = (0..dimensions.len())
                    .filter(|index| {
                        dimensions
                            .get(*index)
                            .is_some_and(|found| depends_on_key(table_name, table, found))
                    })
                    .collect::<Vec<_>>();
                latest_rows(rows, (own, grain), &key, dimensions.len(), &dependent, &measures)?
            }
            _ => routed(rows, route, (own, grain), &key, &measures)?,
        };
        let mut columns: Vec<Expr> = dimension_columns.collect();
        columns.extend(key.iter().cloned());
        columns.push(coarser(own, grain).alias("t"));
        for measure in measures {
            let mut whole = col(measure_column(measure));
            if route == Route::WholeYear {
                let complete = col(format!("n_{measure}")).eq(integer(per_year(own) / per_year(grain)));
                whole = only_if(complete, whole)?;
            }
            columns.push(whole.alias(measure_column(measure)));
        }
        rows = rows.project(columns)?;
        let mut windows = Vec::new();
        let mut shown: Vec<Expr> = (0..dimensions.len())
            .map(|index| col(dimension_column(index)))
            .collect();
        shown.push(col("t"));
        for (index, leaf) in leaves {
            let year_to_date = table
                .measures
                .get(&leaf.measure)
                .is_some_and(|measure| measure.time == TimeBehaviour::FlowYtd);
            let expr = if year_to_date {
                ytd_form(leaf, *index, grain, &key, &mut windows)?
            } else {
                plain(leaf)
            };
            shown.push(expr.alias(form_column(*index)));
        }
        if !windows.is_empty() {
            rows = add_windows(rows, windows)?;
        }
        Ok(rows.project(shown)?)
    }
}

/// Whether all rows of a key have one value of a dimension: it is part of the key, or an attribute of an entity in it.
fn depends_on_key(table_name: &str, table: &Table, dimension: &BoundDimension) -> bool {
    match &dimension.dimension {
        DimensionRef::Entity(_) => true,
        DimensionRef::Column(owner, name) => owner != table_name || table.key_dimensions.contains(name),
    }
}

/// [`Route::Latest`] without sorting: the values of the row with the largest period, for each key and coarser period.
fn latest_rows(
    rows: LogicalPlanBuilder,
    (own, grain): (Grain, Grain),
    key: &[Expr],
    dimensions: usize,
    dependent: &[usize],
    measures: &BTreeSet<&String>,
) -> Planning<LogicalPlanBuilder> {
    let mut group = key.to_vec();
    group.extend(dependent.iter().map(|index| col(dimension_column(*index))));
    let mut shown = group.clone();
    group.push(coarser(own, grain).alias("whole"));
    let mut aggregates = vec![max(col("t")).alias("last")];
    shown.push(col("last").alias("t"));
    let varying = (0..dimensions)
        .filter(|index| !dependent.contains(index))
        .map(dimension_column);
    for column in varying.chain(measures.iter().map(|measure| measure_column(measure))) {
        let name = format!("last_{column}");
        let value = first_value(col(&column), vec![sorted(col("t"), false)]);
        aggregates.push(value.alias(&name));
        shown.push(col(name).alias(column));
    }
    Ok(rows.aggregate(group, aggregates)?.project(shown)?)
}

/// The rows that a route keeps; for whole years also `n_<measure>`, how many of a year's periods are known.
fn routed(
    rows: LogicalPlanBuilder,
    route: Route,
    (own, grain): (Grain, Grain),
    key: &[Expr],
    measures: &BTreeSet<&String>,
) -> Planning<LogicalPlanBuilder> {
    let partition: Vec<Expr> = key.iter().cloned().chain([coarser(own, grain)]).collect();
    Ok(match route {
        Route::Direct => rows,
        Route::LastPeriod => {
            let ratio = per_year(own) / per_year(grain);
            rows.filter(((col("t") + integer(1)) % integer(ratio)).eq(integer(0)))?
        }
        Route::Latest => {
            let place = row_number(partition, vec![sorted(col("t"), false)]);
            add_window(rows, "place", place)?.filter(col("place").eq(lit(1_u64)))?
        }
        Route::WholeYear => {
            let counts: Vec<(String, Expr)> = measures
                .iter()
                .map(|measure| {
                    let cells = col(measure_column(measure));
                    let known = over(Aggregate::Count, cells, partition.clone(), vec![], &Frame::All);
                    (format!("n_{measure}"), known)
                })
                .collect();
            add_windows(rows, counts)?
        }
    })
}

/// `single` and `ttm` of a year-to-date figure, for each key; `t` is at the Query's grain.
fn ytd_form(
    leaf: &MeasureLeaf,
    index: usize,
    grain: Grain,
    key: &[Expr],
    windows: &mut Vec<(String, Expr)>,
) -> Planning<Expr> {
    let own = col(measure_column(&leaf.measure));
    let in_year = col("t") % integer(per_year(grain));
    let by_time: Vec<Sort> = vec![sorted(col("t"), true)];
    let mut earlier = |back: i64, what: Expr, suffix: &str| {
        let name = format!("e{index}{suffix}");
        let shifted = over(
            Aggregate::Max,
            what,
            key.to_vec(),
            by_time.clone(),
            &Frame::Exactly(back),
        );
        windows.push((name.clone(), shifted));
        col(name)
    };
    let last = per_year(grain) - 1;
    Ok(match leaf.form {
        Some(Form::Single) if last > 0 => {
            let before = earlier(1, own.clone(), "p");
            when(in_year.eq(integer(0)), value(own.clone())).otherwise(value(own) - value(before))?
        }
        Some(Form::Ttm) if last > 0 => {
            let same = earlier(per_year(grain), own.clone(), "y");
            // Last year's figure at its last period: of as many periods before as a year has, one is such.
            let at_end = only_if(in_year.clone().eq(integer(last)), own.clone())?;
            let name = format!("e{index}l");
            let whole = over(
                Aggregate::Max,
                at_end,
                key.to_vec(),
                by_time.clone(),
                &Frame::Before(per_year(grain)),
            );
            windows.push((name.clone(), whole));
            when(in_year.eq(integer(last)), value(own.clone()))
                .otherwise(value(own) + value(col(name)) - value(same))?
        }
        _ => own,
    })
}

/// Index at a coarser grain, from the index at the table's own.
fn coarser(own: Grain, grain: Grain) -> Expr {
    if own == grain {
        return col("t");
    }
    if own == Grain::Day {
        return Calendar::OfDay(grain).call(col("t"));
    }
    col("t") / integer(per_year(own) / per_year(grain))
}
