//! Rows that a scope allows, and what is asked of all of them: names of members, the last period.

use std::collections::BTreeSet;

use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, cast};
use jinsheng_semantics::catalog::Table;
use jinsheng_semantics::query::Test;

use super::matching::matches;
use super::{FACT, Joined};
use crate::error::EngineError;
use crate::functions::{max, min, sorted};
use crate::plan::{Planner, Planning, col, col_of};

impl Planner<'_> {
    /// What the scope demands of rows of a table.
    pub(super) fn allowed(
        &self,
        table_name: &str,
        table: &Table,
        joined: &mut Joined,
    ) -> Planning<Vec<Expr>> {
        let mut conditions = Vec::new();
        for (name, allowed) in self.scope.row_filters() {
            let resolved = self
                .catalog
                .dimension(name)
                .map_err(|_| EngineError::scope_dimension(name))?;
            if let Some(path) = self.catalog.path(table_name, resolved) {
                let (column, data_type) = self.column(table, &path, joined)?;
                conditions.push(matches(column, &data_type, &Test::In(allowed.clone()))?);
            }
        }
        Ok(conditions)
    }

    /// Keys of an entity and what a column of a table says beside them, each pair once.
    pub(crate) fn names(&self, entity: &str, table_name: &str, column: &str) -> Planning<LogicalPlan> {
        let table = self
            .catalog
            .table(table_name)
            .ok_or_else(|| EngineError::missing_table(table_name))?;
        let key = table
            .entities
            .get(entity)
            .ok_or_else(|| EngineError::missing_table(table_name))?;
        self.tables.data_type(&table.source, column)?;
        let scan = LogicalPlanBuilder::from(self.tables.scan(&table.source)?).alias(FACT)?;
        let mut joined = Joined::new(scan);
        let conditions = self.allowed(table_name, table, &mut joined)?;
        let mut plan = joined.build()?;
        if let Some(condition) = conditions.into_iter().reduce(Expr::and) {
            plan = plan.filter(condition)?;
        }
        let columns = vec![col_of(FACT, key).alias("key"), col_of(FACT, column).alias("name")];
        let plan = plan.project(columns)?.distinct()?;
        Ok(plan
            .sort(vec![sorted(col("key"), true), sorted(col("name"), true)])?
            .build()?)
    }

    /// Values of a column in the rows that the scope allows, each once; only those among some, where these are given.
    pub(crate) fn values(
        &self,
        table_name: &str,
        column: &str,
        wanted: Option<&BTreeSet<String>>,
    ) -> Planning<LogicalPlan> {
        let table = self
            .catalog
            .table(table_name)
            .ok_or_else(|| EngineError::missing_table(table_name))?;
        let data_type = self.tables.data_type(&table.source, column)?;
        let scan = LogicalPlanBuilder::from(self.tables.scan(&table.source)?).alias(FACT)?;
        let mut joined = Joined::new(scan);
        let mut conditions = self.allowed(table_name, table, &mut joined)?;
        let value = col_of(FACT, column);
        conditions.push(match wanted {
            Some(wanted) => matches(value.clone(), &data_type, &Test::In(wanted.clone()))?,
            None => value.clone().is_not_null(),
        });
        let mut plan = joined.build()?;
        if let Some(condition) = conditions.into_iter().reduce(Expr::and) {
            plan = plan.filter(condition)?;
        }
        let value = cast(value, DataType::Utf8).alias("value");
        Ok(plan.project(vec![value])?.distinct()?.build()?)
    }

    /// One row with the indices, at the table's own grain, of its last and first period; of a table with periods.
    pub(crate) fn last_period(&self, table_name: &str) -> Planning<LogicalPlan> {
        let missing = || EngineError::missing_table(table_name);
        let table = self.catalog.table(table_name).ok_or_else(missing)?;
        let period = table.period.as_ref().ok_or_else(missing)?;
        let scan = LogicalPlanBuilder::from(self.tables.scan(&table.source)?).alias(FACT)?;
        let mut joined = Joined::new(scan);
        let conditions = self.allowed(table_name, table, &mut joined)?;
        let mut plan = joined.build()?;
        if let Some(condition) = conditions.into_iter().reduce(Expr::and) {
            plan = plan.filter(condition)?;
        }
        let plan = plan.project(vec![self.own_period(table, period)?.alias("t")])?;
        let ends = vec![max(col("t")).alias("last"), min(col("t")).alias("first")];
        Ok(plan.aggregate(Vec::<Expr>::new(), ends)?.build()?)
    }

    /// Different values of a dimension of a table, at most so many.
    pub(crate) fn some_values(&self, table_name: &str, name: &str, most: usize) -> Planning<LogicalPlan> {
        let missing = || EngineError::missing_table(table_name);
        let table = self.catalog.table(table_name).ok_or_else(missing)?;
        let dimension = table.dimensions.get(name).ok_or_else(missing)?;
        let scan = LogicalPlanBuilder::from(self.tables.scan(&table.source)?).alias(FACT)?;
        let mut joined = Joined::new(scan);
        let mut conditions = self.allowed(table_name, table, &mut joined)?;
        let column = col_of(FACT, &dimension.column);
        conditions.push(column.clone().is_not_null());
        let mut plan = joined.build()?;
        if let Some(condition) = conditions.into_iter().reduce(Expr::and) {
            plan = plan.filter(condition)?;
        }
        let plan = plan.project(vec![column.alias("value")])?.distinct()?;
        Ok(plan.limit(0, Some(most))?.build()?)
    }
}
