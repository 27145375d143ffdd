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
mod one_thread;
mod plan;
mod repeated;
mod result;
mod same;
mod scan;
mod session;
mod sql;
mod tables;
mod undated;
mod ungrouped;
mod unique;
mod unmatched;
mod vocabulary;

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
pub use result::{Answer, Cell, Column, ColumnKind, Proof};
pub use sql::SqlDialect;

use coverage::Coverage;
use evidence::Grounds;
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

    /// How many plans the chosen optimizer rules could not make, so that they were made again with all of them; public for
    /// tests, which expect none.
    #[doc(hidden)]
    pub fn plans_made_again(&self) -> usize {
        self.session.made_again()
    }

    /// The catalog.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The catalog as a scope sees it.
    ///
    /// # Errors
    /// When the scope names something unknown.
    pub fn catalog_under(&self, scope: &Scope) -> Result<Arc<Catalog>, EngineError> {
        self.visible(scope)
    }

    /// Runs a Query under a scope.
    ///
    /// # Errors
    /// [`EngineError`] when the Query cannot be answered; there is no partial answer.
    pub async fn run(&self, query: &Query, scope: &Scope) -> Result<Answer, EngineError> {
        let view = self.visible(scope)?;
        let bound = self.bind(query, &view, scope).await?;
        let mut latest = latest::latest(&bound, &self.catalog, &self.tables)?;
        let mut planned = self.planner(&bound, scope, latest).plan()?;
        let mut batches = self.collect(&planned.plan).await?;
        if let Some(period) = latest
            && !latest::reached(&batches, period)
        {
            latest = None;
            planned = self.planner(&bound, scope, latest).plan()?;
            batches = self.collect(&planned.plan).await?;
        }
        let members = self.members_of(&bound, &view, scope).await?;
        let coverage = self.coverage(&self.planner(&bound, scope, latest)).await?;
        let grounds = Grounds::new(bound, Arc::clone(&self.catalog), &self.tables, scope, coverage);
        let mut answer = result::answer(query, grounds, planned, &batches, &members)?;
        let note = self.undated(answer.bound(), scope, &answer).await?;
        answer.notes.extend(note);
        if !answer.rows.is_empty() {
            answer.notes.extend(ungrouped::note(answer.bound(), &view));
            let repeated = repeated::notes(answer.bound(), &self.catalog, &view, &self.tables)?;
            answer.notes.extend(repeated);
        }
        let unmatched = self
            .unmatched(answer.bound(), scope, answer.rows.is_empty())
            .await?;
        answer.notes.extend(unmatched);
        Ok(answer)
    }

    /// Plans a Query without running it; for measuring.
    ///
    /// # Errors
    /// As [`Engine::run`].
    pub async fn plan_only(&self, query: &Query, scope: &Scope) -> Result<(), EngineError> {
        let view = self.visible(scope)?;
        let bound = self.bind(query, &view, scope).await?;
        let latest = latest::latest(&bound, &self.catalog, &self.tables)?;
        let planned = self.planner(&bound, scope, latest).plan()?;
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
        let view = self.visible(scope)?;
        let bound = self.bind(query, &view, scope).await?;
        let mut planner = self.planner(&bound, scope, None);
        planner.native = false;
        let planned = planner.plan()?;
        sql::unparse(&planned.whole()?, dialect)
    }

    /// All rows of a plan.
    async fn collect(&self, plan: &LogicalPlan) -> Result<Vec<RecordBatch>, EngineError> {
        Ok(self.session.collect(plan, &self.tables).await?)
    }

    /// The catalog as a scope sees it. A scope that names something unknown would protect less than it means to, so
    /// it sees nothing.
    pub(crate) fn visible(&self, scope: &Scope) -> Result<Arc<Catalog>, EngineError> {
        if scope.role().is_none() {
            return Ok(Arc::clone(&self.catalog));
        }
        if let Some(name) = self.catalog.unknown_hidden(scope) {
            return Err(EngineError::ScopeHidden {
                name: name.to_owned(),
            });
        }
        let mut filtered = scope.row_filters().map(|(dimension, _)| dimension);
        if let Some(unknown) = filtered.find(|dimension| self.catalog.dimension(dimension).is_err()) {
            return Err(EngineError::scope_dimension(unknown));
        }
        let class = scope.class();
        let mut views = self.views.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = views.get(&class) {
            return Ok(Arc::clone(known));
        }
        if views.len() >= MOST_VIEWS {
            views.clear();
        }
        let view = Arc::new(self.catalog.under(scope));
        views.insert(class, Arc::clone(&view));
        Ok(view)
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

    fn planner<'a>(&'a self, query: &'a BoundQuery, scope: &'a Scope, latest: Option<i32>) -> Planner<'a> {
        Planner {
            catalog: &self.catalog,
            tables: &self.tables,
            scope,
            query,
            latest,
            native: true,
        }
    }
}
