//! What a plan that runs in one thread still lacks: sorted input for windows, one input where several would come.
//!
//! DataFusion's own rule weighs how to divide and where to move each sort, and builds every step of the plan anew for
//! that; over few rows it costs more than it saves. What this rule makes is checked by the one that follows it.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::config::ConfigOptions;
use datafusion::physical_expr::{Distribution, LexOrdering, PhysicalSortExpr};
use datafusion::physical_expr_common::sort_expr::OrderingRequirements;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::execution_plan::replace_children_if_necessary;
use datafusion::physical_plan::sorts::sort::SortExec;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties};

/// Adds sorts and merges where a step needs them, and changes nothing else.
#[derive(Debug)]
pub(crate) struct OneThread;

impl PhysicalOptimizerRule for OneThread {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        satisfied(plan)
    }

    fn name(&self) -> &'static str {
        "OneThread"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// The plan, its inputs made what it needs, from the scans up.
fn satisfied(plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    let needs = plan.input_distribution_requirements();
    let inputs = plan
        .children()
        .into_iter()
        .zip(plan.required_input_ordering())
        .zip(needs.per_child_distributions())
        .map(|((input, order), distribution)| {
            let input = one_input(satisfied(Arc::clone(input))?, distribution);
            ordered(input, order)
        })
        .collect::<Result<Vec<_>>>()?;
    replace_children_if_necessary(plan, inputs)
}

/// One partition, unless any number will do.
fn one_input(input: Arc<dyn ExecutionPlan>, needed: &Distribution) -> Arc<dyn ExecutionPlan> {
    let any = matches!(needed, Distribution::UnspecifiedDistribution);
    if any || input.output_partitioning().partition_count() == 1 {
        return input;
    }
    Arc::new(CoalescePartitionsExec::new(input))
}

/// Rows of each partition in the order that is needed.
fn ordered(
    input: Arc<dyn ExecutionPlan>,
    needed: Option<OrderingRequirements>,
) -> Result<Arc<dyn ExecutionPlan>> {
    let Some(needed) = needed.map(OrderingRequirements::into_single) else {
        return Ok(input);
    };
    let known = input.equivalence_properties();
    if known.ordering_satisfy_requirement(needed.clone())? {
        return Ok(input);
    }
    // What is the same in all rows does not order them.
    let keys = needed
        .into_iter()
        .filter(|key| known.is_expr_constant(&key.expr).is_none());
    let Some(order) = LexOrdering::new(keys.map(PhysicalSortExpr::from)) else {
        return Ok(input);
    };
    let several = input.output_partitioning().partition_count() > 1;
    Ok(Arc::new(
        SortExec::new(order, input).with_preserve_partitioning(several),
    ))
}
