//! How plans are made ready and run: the settings, the rules that plans of this engine need, one thread or all.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use datafusion::arrow::array::RecordBatch;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::context::SessionState;
use datafusion::execution::{SessionStateBuilder, TaskContext};
use datafusion::logical_expr::LogicalPlan;
use datafusion::optimizer::OptimizerRule;
use datafusion::optimizer::analyzer::type_coercion::TypeCoercion;
use datafusion::optimizer::eliminate_filter::EliminateFilter;
use datafusion::optimizer::eliminate_outer_join::EliminateOuterJoin;
use datafusion::optimizer::optimize_projections::OptimizeProjections;
use datafusion::optimizer::optimize_unions::OptimizeUnions;
use datafusion::optimizer::propagate_empty_relation::PropagateEmptyRelation;
use datafusion::optimizer::push_down_filter::PushDownFilter;
use datafusion::optimizer::replace_distinct_aggregate::ReplaceDistinctWithAggregate;
use datafusion::optimizer::simplify_expressions::SimplifyExpressions;
use datafusion::optimizer::single_distinct_to_groupby::SingleDistinctToGroupBy;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_optimizer::combine_partial_final_agg::CombinePartialFinalAggregate;
use datafusion::physical_optimizer::ensure_coop::EnsureCooperative;
use datafusion::physical_optimizer::ensure_requirements::EnsureRequirements;
use datafusion::physical_optimizer::filter_pushdown::FilterPushdown;
use datafusion::physical_optimizer::join_selection::JoinSelection;
use datafusion::physical_optimizer::limited_distinct_aggregation::LimitedDistinctAggregation;
use datafusion::physical_optimizer::output_requirements::OutputRequirements;
use datafusion::physical_optimizer::projection_pushdown::ProjectionPushdown;
use datafusion::physical_optimizer::sanity_checker::SanityCheckPlan;
use datafusion::physical_optimizer::update_aggr_exprs::OptimizeAggregateOrder;
use datafusion::physical_plan::{ExecutionPlan, collect};
use datafusion::prelude::SessionConfig;

use crate::one_thread::OneThread;
use crate::tables::Tables;

/// Up to so many rows one thread is faster than several with what it costs to divide work among them, and to read a row too
/// many costs less than to plan how not to.
pub(crate) const FEW_ROWS: u64 = 100_000;

/// Settings and rules, made once: to copy them for each Query costs as much as to plan a small one.
pub(crate) struct Session {
    many_rows: Threads,
    few_rows: Threads,
    /// All rules of DataFusion, in its own order: for a plan that the few rules above lead into one of its errors.
    all_rules: Threads,
    /// Plans that needed them.
    made_again: AtomicUsize,
}

type PhysicalRule = Arc<dyn PhysicalOptimizerRule + Send + Sync>;

struct Threads {
    state: SessionState,
    task: Arc<TaskContext>,
}

impl Session {
    /// Work on many rows is divided among so many threads.
    pub(crate) fn new(threads: usize) -> Self {
        let settings = || settings(threads);
        Self {
            many_rows: Threads::new(chosen_rules(settings(), rules_for_many_rows())),
            few_rows: Threads::new(chosen_rules(
                settings().with_target_partitions(1),
                rules_for_few_rows(),
            )),
            all_rules: Threads::new(
                SessionStateBuilder::new()
                    .with_config(settings())
                    .with_default_features(),
            ),
            made_again: AtomicUsize::new(0),
        }
    }

    /// How many plans were made again with all rules.
    pub(crate) fn made_again(&self) -> usize {
        self.made_again.load(Ordering::Relaxed)
    }

    /// Threads that work on many rows is divided among.
    pub(crate) fn partitions(&self) -> usize {
        self.many_rows.state.config().target_partitions()
    }

    /// A plan that is ready to run.
    pub(crate) async fn ready(&self, plan: &LogicalPlan, tables: &Tables) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self.planned(plan, tables).await?.0)
    }

    /// All rows of a plan.
    pub(crate) async fn collect(&self, plan: &LogicalPlan, tables: &Tables) -> Result<Vec<RecordBatch>> {
        let (ready, threads) = self.planned(plan, tables).await?;
        collect(ready, Arc::clone(&threads.task)).await
    }

    async fn planned(
        &self,
        plan: &LogicalPlan,
        tables: &Tables,
    ) -> Result<(Arc<dyn ExecutionPlan>, &Threads)> {
        let threads = self.threads(plan, tables)?;
        let error = match threads.state.create_physical_plan(plan).await {
            Ok(ready) => return Ok((ready, threads)),
            Err(error) => error,
        };
        self.made_again.fetch_add(1, Ordering::Relaxed);
        // Slower, not wrong; the plan's own text may hold names of clients and stays out of the log.
        tracing::debug!(cause = kind(&error), "plan made again with all optimizer rules");
        let ready = self.all_rules.state.create_physical_plan(plan).await?;
        Ok((ready, &self.all_rules))
    }

    fn threads(&self, plan: &LogicalPlan, tables: &Tables) -> Result<&Threads> {
        let mut rows = 0_u64;
        plan.apply(|node| {
            if let LogicalPlan::TableScan(scan) = node {
                rows = rows.saturating_add(tables.rows(scan.table_name.table()));
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
        Ok(if rows <= FEW_ROWS {
            &self.few_rows
        } else {
            &self.many_rows
        })
    }
}

impl Threads {
    fn new(builder: SessionStateBuilder) -> Self {
        let mut state = builder.build();
        // Gives all functions of plans these settings to share; else each has a copy, and plans compare them.
        state.mark_start_execution();
        Self {
            task: state.task_ctx(),
            state,
        }
    }
}

/// The kind of an error, without its text.
fn kind(error: &DataFusionError) -> &'static str {
    match error.find_root() {
        DataFusionError::Plan(_) => "plan",
        DataFusionError::SchemaError(..) => "schema",
        DataFusionError::Internal(_) => "internal",
        _ => "other",
    }
}

fn chosen_rules(mut config: SessionConfig, physical: Vec<PhysicalRule>) -> SessionStateBuilder {
    // The rules stand in an order in which each needs to run once.
    config.options_mut().optimizer.max_passes = 1;
    SessionStateBuilder::new()
        .with_config(config)
        .with_default_features()
        .with_analyzer_rules(vec![Arc::new(TypeCoercion::new())])
        .with_optimizer_rules(rules())
        .with_physical_optimizer_rules(physical)
}

/// Settings under which plans run.
pub(crate) fn settings(threads: usize) -> SessionConfig {
    let mut config = SessionConfig::new()
        .with_target_partitions(threads.max(1))
        .with_information_schema(false);
    // Rows stay as they are in the file: text compares by code points either way, and types stay those of the catalog.
    config.options_mut().execution.parquet.schema_force_view_types = false;
    config.options_mut().execution.parquet.pushdown_filters = true;
    config
}

/// The rules that change plans of this engine. Those that are left out look, in every plan, for what these plans never have:
/// subqueries, lateral and cross joins, limits, structs; or tidy what does not matter to the time a plan takes.
fn rules() -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    vec![
        Arc::new(OptimizeUnions::new()),
        Arc::new(SimplifyExpressions::new()),
        Arc::new(ReplaceDistinctWithAggregate::new()),
        Arc::new(EliminateFilter::new()),
        Arc::new(PropagateEmptyRelation::new()),
        Arc::new(EliminateOuterJoin::new()),
        Arc::new(PushDownFilter::new()),
        Arc::new(SingleDistinctToGroupBy::new()),
        Arc::new(OptimizeProjections::new()),
    ]
}

/// Of DataFusion's rules, in its order, those that work on what is planned here: no sorts with limits, no aggregates that
/// statistics answer. Values of a dimension are the one thing of which only some are asked for.
fn rules_for_many_rows() -> Vec<PhysicalRule> {
    vec![
        Arc::new(OutputRequirements::new_add_mode()),
        Arc::new(JoinSelection::new()),
        Arc::new(LimitedDistinctAggregation::new()),
        Arc::new(FilterPushdown::new()),
        Arc::new(EnsureRequirements::new()),
        Arc::new(CombinePartialFinalAggregate::new()),
        Arc::new(OptimizeAggregateOrder::new()),
        Arc::new(OutputRequirements::new_remove_mode()),
        Arc::new(ProjectionPushdown::new()),
        Arc::new(EnsureCooperative::new()),
        Arc::new(FilterPushdown::new_post_optimization()),
        Arc::new(SanityCheckPlan::new()),
    ]
}

/// What a plan needs to run at all, and the check that it has it. Conditions stay above the scans, and columns are taken where
/// they stand.
fn rules_for_few_rows() -> Vec<PhysicalRule> {
    vec![Arc::new(OneThread), Arc::new(SanityCheckPlan::new())]
}
