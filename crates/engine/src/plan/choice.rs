//! What is shown of all groups and periods: periods, subjects, conditions, first rows, order, limit.

use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::expr::Sort;
use datafusion::logical_expr::{Expr, cast, lit};
use jinsheng_semantics::bind::{Bound, BoundOrder};
use jinsheng_semantics::query::{CompareOp, Direction, Periods, Test};

use super::stage::Stage;
use super::{Planned, Planner, Planning, col, dimension_column, leaf_column};
use crate::error::EngineError;
use crate::functions::{add_window, rank, sorted};

impl Planner<'_> {
    pub(super) fn choose(&self, mut stage: Stage<'_>, timed: bool) -> Planning<Planned> {
        let query = self.query;
        let mut exprs: Vec<&Bound> = query.items.iter().map(|item| &item.expr).collect();
        exprs.extend(query.top.iter().map(|top| &top.by));
        exprs.extend(query.bases.iter());
        exprs.extend(query.order.iter().filter_map(|key| match key {
            BoundOrder::Value(expr, _) => Some(expr),
            _ => None,
        }));
        let timed = timed && !query.folds_period;
        if !timed {
            exprs.retain(|expr| !query.bases.contains(expr));
        }
        stage.prepare(&exprs)?;
        if let Some(having) = &query.having {
            stage.prepare_condition(having)?;
        }
        if timed {
            stage.extend(|plan| self.keep_periods(plan))?;
        }
        let mut conditions = self.subjects()?;
        if let Some(having) = &query.having {
            conditions.push(stage.condition(having)?);
        }
        if let Some(condition) = conditions.into_iter().reduce(Expr::and) {
            stage.extend(|plan| Ok(plan.filter(condition)?))?;
        }
        if let Some(top) = &query.top {
            let by = stage.lower(&top.by)?;
            let mut keep = col("top")
                .lt_eq(lit(u64::from(top.count)))
                .and(by.clone().is_not_null());
            for index in &top.within {
                keep = keep.and(col(dimension_column(*index)).is_not_null());
            }
            let place = rank(
                stage.peers(&top.within),
                vec![sorted(by, top.direction == Direction::Asc)],
            );
            stage.extend(|plan| Ok(add_window(plan, "top", place)?.filter(keep)?))?;
        }
        self.finish(stage, timed)
    }

    /// Conditions of `of`, on the dimensions of the result.
    fn subjects(&self) -> Planning<Vec<Expr>> {
        self.query
            .of
            .iter()
            .map(|filter| {
                let dimensions = &self.query.context.dimensions;
                let index = dimensions
                    .iter()
                    .position(|known| known.dimension == filter.dimension)
                    .ok_or_else(|| EngineError::internal("a subject is no dimension"))?;
                let column = col(dimension_column(index));
                let list = |values: &std::collections::BTreeSet<String>| {
                    values.iter().map(|text| lit(text.as_str())).collect::<Vec<_>>()
                };
                Ok(match &filter.test {
                    Test::In(values) if values.is_empty() => lit(false),
                    Test::In(values) => column.in_list(list(values), false),
                    Test::NotIn(values) if values.is_empty() => column.is_not_null(),
                    Test::NotIn(values) => column.in_list(list(values), true),
                    Test::Compare(op, text) => {
                        let right = lit(text.as_str());
                        match op {
                            CompareOp::Eq => column.eq(right),
                            CompareOp::Ne => column.not_eq(right),
                            CompareOp::Lt => column.lt(right),
                            CompareOp::Le => column.lt_eq(right),
                            CompareOp::Gt => column.gt(right),
                            CompareOp::Ge => column.gt_eq(right),
                        }
                    }
                    Test::Contains(text) => {
                        let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
                        let by_key = column.clone().like(lit(format!("%{escaped}%")));
                        match &filter.named {
                            named if named.is_empty() => by_key,
                            named => by_key.or(column.in_list(list(named), false)),
                        }
                    }
                })
            })
            .collect()
    }

    fn finish(&self, mut stage: Stage<'_>, timed: bool) -> Planning<Planned> {
        let query = self.query;
        let dimensions = &query.context.dimensions;
        let shown: Vec<usize> = (0..dimensions.len())
            .filter(|index| dimensions.get(*index).is_some_and(|dimension| !dimension.hidden))
            .collect();
        // What has one value needs no order. It must not be asked for either: knowing a column to be constant, the
        // planner loses track of how rows are sorted.
        let constant = |index: usize| {
            query.of.iter().any(|filter| {
                let dimension = dimensions.get(index).map(|dimension| &dimension.dimension);
                matches!(&filter.test, Test::In(values) if values.len() == 1)
                    && dimension == Some(&filter.dimension)
            })
        };
        let by_period = timed && !self.one_period();
        let by_dimension = |index: usize, ascending: bool| {
            (!constant(index)).then(|| sorted(col(dimension_column(index)), ascending))
        };
        let mut order: Vec<Sort> = Vec::new();
        for key in &query.order {
            match key {
                BoundOrder::Value(expr, way) => {
                    order.push(sorted(stage.lower(expr)?, *way == Direction::Asc))
                }
                BoundOrder::Dimension(index, way) => {
                    order.extend(by_dimension(*index, *way == Direction::Asc))
                }
                BoundOrder::Period(way) => {
                    order.extend(by_period.then(|| sorted(col("t"), *way == Direction::Asc)));
                }
            }
        }
        if let Some(top) = &query.top
            && query.order.is_empty()
        {
            order.extend(by_period.then(|| sorted(col("t"), true)));
            order.extend(top.within.iter().filter_map(|index| by_dimension(*index, true)));
            order.push(sorted(stage.lower(&top.by)?, top.direction == Direction::Asc));
        }
        order.extend(shown.iter().filter_map(|index| by_dimension(*index, true)));
        order.extend(by_period.then(|| sorted(col("t"), true)));
        let traces = self.traces(&stage);
        let mut columns: Vec<Expr> = shown
            .iter()
            .map(|index| cast(col(dimension_column(*index)), DataType::Utf8).alias(dimension_column(*index)))
            .collect();
        if timed {
            columns.push(col("t"));
        }
        for (index, item) in query.items.iter().enumerate() {
            columns.push(stage.lower(&item.expr)?.alias(format!("i{index}")));
        }
        columns.extend(traces.iter().map(|(_, name)| col(name)));
        if !order.is_empty() {
            stage.extend(|plan| Ok(plan.sort(order)?))?;
        }
        stage.extend(|plan| Ok(plan.project(columns)?))?;
        let limit = query
            .limit
            .map(|limit| usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(Planned {
            plan: stage.into_plan().build()?,
            limit,
            shown,
            timed,
            traces,
        })
    }

    /// Whether the clause of periods leaves just one.
    pub(super) fn one_period(&self) -> bool {
        match &self.query.periods {
            Some(Periods::At(list)) => list.iter().all(|period| Some(period) == list.first()),
            Some(Periods::Range(from, to)) => from == to,
            Some(Periods::Last(count, _)) => *count == 1,
            Some(Periods::Each(_)) | None => false,
        }
    }

    /// Leaves and windows that items are made of, with their columns.
    fn traces(&self, stage: &Stage<'_>) -> Vec<(Bound, String)> {
        let leaves =
            (0..self.query.context.leaves.len()).map(|index| (Bound::Leaf(index), leaf_column(index)));
        let windows = stage
            .done()
            .iter()
            .filter(|(bound, _)| matches!(bound, Bound::Shift(..)))
            .cloned();
        leaves.chain(windows).collect()
    }
}
