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
mod latest;
mod names;
mod plan;
mod result;
mod same;
mod scan;
mod session;
mod sql;
mod tables;
mod unique;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::array::RecordBatch;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::SessionConfig;
use jinsheng_core::{Digest, Scope};
use jinsheng_data::Warehouse;
use jinsheng_semantics::bind::{BoundQuery, bind};
use jinsheng_semantics::catalog::Catalog;
use jinsheng_semantics::query::Query;

pub use error::EngineError;
pub use names::Members;
pub use result::{Answer, Cell, Column, ColumnKind};
pub use sql::SqlDialect;

use coverage::Coverage;
use plan::Planner;
use session::Session;
use tables::Tables;

/// Catalogs as scopes see them that are kept at most; beyond, all are made anew.
const MOST_VIEWS: usize = 64;

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Runs Queries over the imported tables of one project.
pub struct Engine {
    catalog: Arc<Catalog>,
    tables: Tables,
    session: Session,
    members: names::MembersCache,
    views: Mutex<HashMap<Digest, Arc<Catalog>>>,
}

impl Engine {
    /// An engine over a catalog and the tables of a warehouse, which uses all processors. Nothing is read yet.
    pub fn new(catalog: Arc<Catalog>, warehouse: &Warehouse) -> Self {
        Self::with_threads(catalog, warehouse, processors())
    }

    /// The same with work divided among so many threads. It runs on those of the caller's runtime.
    pub fn with_threads(catalog: Arc<Catalog>, warehouse: &Warehouse, threads: usize) -> Self {
        Self {
            catalog,
            tables: Tables::new(warehouse),
            session: Session::new(threads),
            members: names::MembersCache::default(),
            views: Mutex::default(),
        }
    }

    /// The settings under which plans run; public so that benchmarks run SQL by hand under the same.
    #[doc(hidden)]
    pub fn session_config() -> SessionConfig {
        session::settings(processors())
    }

    /// Threads that work on many rows is divided among.
    pub fn threads(&self) -> usize {
        self.session.partitions()
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
        let mut latest = latest::latest(&bound, &catalog, &self.tables)?;
        let mut planned = self.planner(&bound, &catalog, scope, latest).plan()?;
        let mut batches = self.collect(&planned.plan).await?;
        if let Some(period) = latest
            && !latest::reached(&batches, period)
        {
            latest = None;
            planned = self.planner(&bound, &catalog, scope, latest).plan()?;
            batches = self.collect(&planned.plan).await?;
        }
        let members = self.members_of(&bound, &catalog, scope).await?;
        let coverage = self
            .coverage(&self.planner(&bound, &catalog, scope, latest))
            .await?;
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
        let latest = latest::latest(&bound, &catalog, &self.tables)?;
        let planned = self.planner(&bound, &catalog, scope, latest).plan()?;
        self.session.ready(&planned.plan, &self.tables).await?;
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
        let mut planner = self.planner(&bound, &catalog, scope, None);
        planner.native = false;
        let planned = planner.plan()?;
        sql::unparse(&planned.whole()?, dialect)
    }

    /// All rows of a plan.
    async fn collect(&self, plan: &LogicalPlan) -> Result<Vec<RecordBatch>, EngineError> {
        Ok(self.session.collect(plan, &self.tables).await?)
    }

    /// The catalog as a scope sees it: what is hidden does not exist.
    fn visible(&self, scope: &Scope) -> Arc<Catalog> {
        if scope.role().is_none() {
            return Arc::clone(&self.catalog);
        }
        let class = scope.class();
        let mut views = self.views.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = views.get(&class) {
            return Arc::clone(known);
        }
        if views.len() >= MOST_VIEWS {
            views.clear();
        }
        let view = Arc::new(self.catalog.under(scope));
        views.insert(class, Arc::clone(&view));
        view
    }

    async fn bind(&self, query: &Query, catalog: &Catalog, scope: &Scope) -> Result<BoundQuery, EngineError> {
        let members = self.members_named(query, catalog, scope).await?;
        Ok(bind(query, catalog, &members)?)
    }

    /// Counts what the values of a result lack, where they may lack something.
    async fn coverage(&self, planner: &Planner<'_>) -> Result<Coverage, EngineError> {
        let mut coverage = Coverage::default();
        for probe in planner.probes()? {
            let batches = self.collect(&probe.plan).await?;
            coverage.add(&probe, &batches, planner.query, planner.catalog, |leaf| {
                planner.is_sample(leaf)
            })?;
        }
        Ok(coverage)
    }

    fn planner<'a>(
        &'a self,
        query: &'a BoundQuery,
        catalog: &'a Catalog,
        scope: &'a Scope,
        latest: Option<i32>,
    ) -> Planner<'a> {
        Planner {
            catalog,
            tables: &self.tables,
            scope,
            query,
            latest,
            native: true,
        }
    }
}
