//! A bound Query becomes one logical plan: panels of leaves, stages of windows over them, then choice and order.
//!
//! Columns inside a plan: `d0, d1 …` dimensions, `t` the period's index, `v0, v1 …` leaves, `w0 …` windows, `i0 …` items.
//! The caller's scope is applied where tables are read ([`branch`]), below every join, window and rank.

mod branch;
mod choice;
mod coverage;
mod forms;
mod panel;
mod periods;
mod stage;

use datafusion::common::{Column, DataFusionError};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};
use jinsheng_core::{Grain, Scope};
use jinsheng_semantics::bind::{Bound, BoundQuery};
use jinsheng_semantics::catalog::Catalog;

pub(crate) use coverage::{Counted, Probe};

use crate::error::EngineError;
use crate::tables::Tables;

/// A plan and what its columns mean.
#[derive(Debug, Clone)]
pub(crate) struct Planned {
    /// The plan; columns are `d*`, `t`, `i*` and the traces.
    pub(crate) plan: LogicalPlan,
    /// At most so many rows, taken from the ordered result. Not part of the plan that runs: with a limit above windows
    /// this version of DataFusion loses rows with missing values (`differential`).
    pub(crate) limit: Option<usize>,
    /// Indices of the shown dimensions in the context.
    pub(crate) shown: Vec<usize>,
    /// True when there is a period column.
    pub(crate) timed: bool,
    /// Leaves and their earlier values, with the column that holds them: the operands of items.
    pub(crate) traces: Vec<(Bound, String)>,
}

/// Makes plans for one catalog, project and scope.
pub(crate) struct Planner<'a> {
    /// The whole catalog: filters of a scope may stand on what it hides, and keys keep all their parts. What the scope
    /// hides was refused when the Query was bound.
    pub(crate) catalog: &'a Catalog,
    pub(crate) tables: &'a Tables,
    pub(crate) scope: &'a Scope,
    pub(crate) query: &'a BoundQuery,
    /// The latest period in which any table read can have rows; with it `last n` reads only what it needs. Whoever
    /// gives it must look whether the result has rows there, and plan without it if not.
    pub(crate) latest: Option<i32>,
    /// The plan runs here, and may use what other engines lack.
    pub(crate) native: bool,
}

pub(crate) type Planning<T> = Result<T, EngineError>;

impl From<DataFusionError> for EngineError {
    fn from(error: DataFusionError) -> Self {
        Self::from_datafusion(error)
    }
}

/// A column of the plan so far.
pub(crate) fn col(name: impl Into<String>) -> Expr {
    Expr::Column(Column::new_unqualified(name))
}

/// A column of one relation of a join.
pub(crate) fn col_of(relation: &str, name: &str) -> Expr {
    Expr::Column(Column::new(Some(relation.to_owned()), name))
}

pub(crate) fn dimension_column(index: usize) -> String {
    format!("d{index}")
}

pub(crate) fn leaf_column(index: usize) -> String {
    format!("v{index}")
}

/// Periods of `grain` in one year, 1 for grains without a fixed number.
pub(crate) fn per_year(grain: Grain) -> i64 {
    i64::from(grain.per_year().unwrap_or(1))
}

impl Planned {
    /// The plan with its limit, as another engine would get it.
    pub(crate) fn whole(&self) -> Result<LogicalPlan, EngineError> {
        let plan = LogicalPlanBuilder::from(self.plan.clone());
        Ok(match self.limit {
            Some(_) => plan.limit(0, self.limit)?.build()?,
            None => plan.build()?,
        })
    }
}

impl Planner<'_> {
    /// Plans the whole Query.
    pub(crate) fn plan(&self) -> Planning<Planned> {
        let query = self.query;
        let panel = self.panel(&query.context, self.bounds())?;
        let timed = panel.timed;
        let stage = stage::Stage::new(panel, &query.context.dimensions, query.grain, self.native);
        self.choose(stage, timed)
    }
}
