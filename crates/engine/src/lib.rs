//! Runs Queries: a Query and a Scope become a plan, the plan becomes rows with Evidence for each value.
//!
//! The only crate beside `jinsheng-data` that names DataFusion. There is no function here that takes SQL: SQL is
//! emitted as provenance ([`Engine::sql`]) and never read.

mod calendar;
mod coverage;
mod decimal;
mod error;
mod evidence;
mod functions;
mod names;
mod plan;
mod result;
mod same;
mod sql;
mod tables;
mod unique;

use std::sync::Arc;

use datafusion::execution::context::SessionContext;
use datafusion::prelude::SessionConfig;
use jinsheng_core::Scope;
use jinsheng_data::Warehouse;
use jinsheng_semantics::bind::{BoundQuery, bind};
use jinsheng_semantics::catalog::Catalog;
use jinsheng_semantics::query::Query;

pub use error::EngineError;
pub use names::Members;
pub use result::{Answer, Cell, Column, ColumnKind};
pub use sql::SqlDialect;

use coverage::Coverage;
use plan::{Planned, Planner};
use tables::Tables;

/// Runs Queries over the imported tables of one project.
pub struct Engine {
    catalog: Arc<Catalog>,
    tables: Tables,
    context: SessionContext,
    members: names::MembersCache,
}

impl Engine {
    /// An engine over a catalog and the tables of a warehouse. Nothing is read yet.
    pub fn new(catalog: Arc<Catalog>, warehouse: &Warehouse) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let config = SessionConfig::new()
            .with_target_partitions(threads)
            .with_information_schema(false);
        let mut config = config;
        // Rows stay as they are in the file: text compares by code points either way, and types stay those of the catalog.
        config.options_mut().execution.parquet.schema_force_view_types = false;
        config.options_mut().execution.parquet.pushdown_filters = true;
        Self {
            catalog,
            tables: Tables::new(warehouse),
            context: SessionContext::new_with_config(config),
            members: names::MembersCache::default(),
        }
    }

    /// The catalog.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Runs a Query under a scope.
    ///
    /// # Errors
    /// [`EngineError`] when the Query cannot be answered; there is no partial answer.
    pub async fn run(&self, query: &Query, scope: &Scope) -> Result<Answer, EngineError> {
        let catalog = self.visible(scope);
        let bound = self.bind(query, &catalog, scope).await?;
        let planned = self.planned(&bound, &catalog, scope)?;
        let frame = self.context.execute_logical_plan(planned.plan.clone()).await?;
        let batches = frame.collect().await?;
        let members = self.members_of(&bound, scope).await?;
        let coverage = self.coverage(&bound, &catalog, scope).await?;
        result::answer(
            query,
            &bound,
            &catalog,
            &self.tables,
            scope,
            &planned,
            &batches,
            &members,
            &coverage,
        )
    }

    /// Plans a Query without running it; for measuring.
    ///
    /// # Errors
    /// As [`Engine::run`].
    pub async fn plan_only(&self, query: &Query, scope: &Scope) -> Result<(), EngineError> {
        let catalog = self.visible(scope);
        let bound = self.bind(query, &catalog, scope).await?;
        let planned = self.planned(&bound, &catalog, scope)?;
        let state = self.context.state();
        state.create_physical_plan(&planned.plan).await?;
        Ok(())
    }

    /// The plan of a Query as SQL of a dialect.
    ///
    /// # Errors
    /// As [`Engine::run`]; or when the dialect cannot say it.
    pub async fn sql(
        &self,
        query: &Query,
        scope: &Scope,
        dialect: SqlDialect,
    ) -> Result<String, EngineError> {
        let catalog = self.visible(scope);
        let bound = self.bind(query, &catalog, scope).await?;
        let planned = self.planned(&bound, &catalog, scope)?;
        sql::unparse(&planned.whole()?, dialect)
    }

    /// The catalog as a scope sees it: what is hidden does not exist.
    fn visible(&self, scope: &Scope) -> Arc<Catalog> {
        if scope.role().is_none() {
            return Arc::clone(&self.catalog);
        }
        Arc::new(self.catalog.under(scope))
    }

    async fn bind(&self, query: &Query, catalog: &Catalog, scope: &Scope) -> Result<BoundQuery, EngineError> {
        let members = self.members_named(query, catalog, scope).await?;
        Ok(bind(query, catalog, &members)?)
    }

    /// Counts what the values of a result lack, where they may lack something.
    async fn coverage(
        &self,
        bound: &BoundQuery,
        catalog: &Catalog,
        scope: &Scope,
    ) -> Result<Coverage, EngineError> {
        let planner = self.planner(bound, catalog, scope);
        let mut coverage = Coverage::default();
        for probe in planner.probes()? {
            let frame = self.context.execute_logical_plan(probe.plan.clone()).await?;
            let batches = frame.collect().await?;
            coverage.add(&probe, &batches, bound, catalog, |leaf| planner.is_sample(leaf))?;
        }
        Ok(coverage)
    }

    fn planned(&self, bound: &BoundQuery, catalog: &Catalog, scope: &Scope) -> Result<Planned, EngineError> {
        self.planner(bound, catalog, scope).plan()
    }

    fn planner<'a>(&'a self, query: &'a BoundQuery, catalog: &'a Catalog, scope: &'a Scope) -> Planner<'a> {
        Planner {
            catalog,
            tables: &self.tables,
            scope,
            query,
        }
    }
}
