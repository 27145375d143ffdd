//! Ways from a table to its dimensions: joins to home tables, each with one row a key.

use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::{Expr, JoinType, LogicalPlan, LogicalPlanBuilder, cast};
use jinsheng_semantics::bind::DimensionRef;
use jinsheng_semantics::catalog::{DimensionPath, ResolvedDimension, Table};

use super::{FACT, Joined, agreed};
use crate::error::EngineError;
use crate::functions::{max, min};
use crate::plan::{Planner, Planning, col, col_of};

impl Planner<'_> {
    pub(super) fn dimension(
        &self,
        table_name: &str,
        table: &Table,
        dimension: &DimensionRef,
        joined: &mut Joined,
    ) -> Planning<(Expr, DataType)> {
        let resolved = match dimension {
            DimensionRef::Entity(entity) => ResolvedDimension::Entity(entity),
            DimensionRef::Column(table, column) => ResolvedDimension::Column(table, column),
        };
        let path = self
            .catalog
            .path(table_name, resolved)
            .ok_or_else(|| EngineError::missing_table(&format!("{table_name} → {dimension:?}")))?;
        self.column(table, &path, joined)
    }

    /// The column at the end of a path; joins the home tables on the way, each once.
    pub(super) fn column(
        &self,
        table: &Table,
        path: &DimensionPath,
        joined: &mut Joined,
    ) -> Planning<(Expr, DataType)> {
        let mut relation = FACT.to_owned();
        let mut source = table.source.clone();
        for length in 1..=path.hops.len() {
            let Some(prefix) = path.hops.get(..length) else {
                break;
            };
            let Some(hop) = prefix.last() else { break };
            let home = self
                .catalog
                .table(&hop.table)
                .ok_or_else(|| EngineError::missing_table(&hop.table))?;
            let position = joined.hops.iter().position(|known| known == prefix);
            let index = position.unwrap_or(joined.hops.len());
            let alias = format!("h{index}");
            if position.is_none() {
                let left_type = self.tables.data_type(&source, &hop.column)?;
                let right_type = self.tables.data_type(&home.source, &hop.key)?;
                let right = self.home(home, &hop.key)?;
                let right = LogicalPlanBuilder::from(right).alias(alias.as_str())?.build()?;
                let (mut left_key, mut right_key) =
                    (col_of(&relation, &hop.column), col_of(&alias, &hop.key));
                if left_type != right_type {
                    left_key = cast(left_key, DataType::Utf8);
                    right_key = cast(right_key, DataType::Utf8);
                }
                let plan = std::mem::replace(&mut joined.plan, LogicalPlanBuilder::empty(false));
                joined.plan =
                    plan.join_with_expr_keys(right, JoinType::Left, (vec![left_key], vec![right_key]), None)?;
                joined.hops.push(prefix.to_vec());
            }
            relation = alias;
            source.clone_from(&home.source);
        }
        let data_type = self.tables.data_type(&source, &path.column)?;
        Ok((col_of(&relation, &path.column), data_type))
    }

    /// A home table with one row a key; where rows of a key disagree, the attribute is missing.
    fn home(&self, home: &Table, key: &str) -> Planning<LogicalPlan> {
        let scan = self.tables.scan(&home.source)?;
        if self.tables.is_unique(&home.source, &[key])? {
            return Ok(scan);
        }
        let mut columns: Vec<String> = home
            .dimensions
            .values()
            .map(|dimension| dimension.column.clone())
            .collect();
        columns.extend(home.entities.values().cloned());
        columns.sort();
        columns.dedup();
        columns.retain(|column| column != key);
        let mut aggregates = Vec::new();
        let mut shown = vec![col(key)];
        for (index, column) in columns.iter().enumerate() {
            aggregates.push(min(col(column)).alias(format!("lo{index}")));
            aggregates.push(max(col(column)).alias(format!("hi{index}")));
            shown.push(agreed(index)?.alias(column));
        }
        Ok(LogicalPlanBuilder::from(scan)
            .aggregate(vec![col(key)], aggregates)?
            .project(shown)?
            .build()?)
    }
}
