//! Year to date and trailing twelve months of flows: sums over the periods of a group, whatever brought its rows.

use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};
use jinsheng_core::Grain;
use jinsheng_semantics::bind::{Context, Leaf, MeasureLeaf};
use jinsheng_semantics::catalog::TimeBehaviour;
use jinsheng_semantics::query::Form;

use super::{Planner, Planning, col, dimension_column, leaf_column, per_year};
use crate::calendar::Calendar;
use crate::functions::{Aggregate, Frame, add_windows, over, sorted, value, wide};

impl Planner<'_> {
    /// Replaces `v*` of flows by their form; other columns stay.
    pub(super) fn group_forms(
        &self,
        context: &Context,
        plan: LogicalPlan,
        timed: bool,
    ) -> Planning<LogicalPlan> {
        let Some(grain) = self.query.grain.filter(|_| timed) else {
            return Ok(plan);
        };
        let group: Vec<Expr> = (0..context.dimensions.len())
            .map(|index| col(dimension_column(index)))
            .collect();
        let by_time = || vec![sorted(col("t"), true)];
        let mut windows = Vec::new();
        let mut formed = Vec::new();
        for (index, leaf) in context.leaves.iter().enumerate() {
            let name = leaf_column(index);
            let Leaf::Measure(leaf) = leaf else { continue };
            if !self.is_flow(leaf) || plan.schema().field_with_unqualified_name(&name).is_err() {
                continue;
            }
            let own = wide(col(&name));
            let window = match leaf.form {
                Some(Form::Ytd) => {
                    let partition = group.iter().cloned().chain([year(grain)]).collect();
                    over(Aggregate::Sum, own, partition, by_time(), &Frame::UpTo)
                }
                Some(Form::Ttm) => {
                    let back = Frame::Within(per_year(grain) - 1);
                    over(Aggregate::Sum, own, group.clone(), by_time(), &back)
                }
                Some(Form::Single) | None => continue,
            };
            windows.push((format!("f{index}"), window));
            formed.push((name, format!("f{index}")));
        }
        if windows.is_empty() {
            return Ok(plan);
        }
        let columns: Vec<Expr> = plan
            .schema()
            .fields()
            .iter()
            .map(
                |field| match formed.iter().find(|(name, _)| name == field.name()) {
                    Some((name, form)) => value(col(form)).alias(name),
                    None => col(field.name()),
                },
            )
            .collect();
        Ok(add_windows(LogicalPlanBuilder::from(plan), windows)?
            .project(columns)?
            .build()?)
    }

    fn is_flow(&self, leaf: &MeasureLeaf) -> bool {
        let measure = self
            .catalog
            .table(&leaf.table)
            .and_then(|table| table.measures.get(&leaf.measure));
        measure.is_some_and(|measure| measure.time == TimeBehaviour::Flow)
    }
}

fn year(grain: Grain) -> Expr {
    match grain {
        Grain::Day => Calendar::OfDay(Grain::Year).call(col("t")),
        _ => col("t") / crate::functions::integer(per_year(grain)),
    }
}
