//! What is shown of all groups and periods: periods, subjects, conditions, first rows, order, limit.

use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::expr::Sort;
use datafusion::logical_expr::{Expr, cast, lit};
use jinsheng_semantics::bind::{Bound, BoundOrder};
use jinsheng_semantics::query::{CompareOp, Direction, Test};

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
                        column.like(lit(format!("%{escaped}%")))
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
        let mut order: Vec<Sort> = Vec::new();
        let direction = |direction: Direction| direction == Direction::Asc;
        for key in &query.order {
            order.push(match key {
                BoundOrder::Value(expr, way) => sorted(stage.lower(expr)?, direction(*way)),
                BoundOrder::Dimension(index, way) => sorted(col(dimension_column(*index)), direction(*way)),
                BoundOrder::Period(way) => sorted(col("t"), direction(*way)),
            });
        }
        if let Some(top) = &query.top
            && query.order.is_empty()
        {
            if timed {
                order.push(sorted(col("t"), true));
            }
            order.extend(
                top.within
                    .iter()
                    .map(|index| sorted(col(dimension_column(*index)), true)),
            );
            order.push(sorted(stage.lower(&top.by)?, direction(top.direction)));
        }
        order.extend(
            shown
                .iter()
                .map(|index| sorted(col(dimension_column(*index)), true)),
        );
        if timed {
            order.push(sorted(col("t"), true));
        }
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
        if let Some(limit) = query.limit {
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            stage.extend(|plan| Ok(plan.limit(0, Some(limit))?))?;
        }
        stage.extend(|plan| Ok(plan.project(columns)?))?;
        Ok(Planned {
            plan: stage.into_plan().build()?,
            shown,
            timed,
            traces,
        })
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
