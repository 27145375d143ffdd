//! Ways from a table to its dimensions: joins to home tables, each with one row a key.

use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::{Expr, JoinType, LogicalPlan, LogicalPlanBuilder, cast};
use jinsheng_semantics::bind::DimensionRef;
use jinsheng_semantics::catalog::{DimensionPath, Hop, ResolvedDimension, Table};

use super::{FACT, Joined, agreed};
use crate::error::EngineError;
use crate::functions::{max, min};
use crate::plan::{Planner, Planning, col, col_of};

/// One home table that is joined.
pub(super) struct Joining {
    /// From the table itself to here.
    way: Vec<Hop>,
    right: LogicalPlan,
    on: (Expr, Expr),
    /// Rows without a partner are not wanted.
    needed: bool,
}

/// The relation name of a home table, by its place among the joins.
fn home_relation(index: usize) -> String {
    format!("h{index}")
}

impl Joined {
    pub(super) fn new(table: LogicalPlanBuilder) -> Self {
        Self {
            table,
            hops: Vec::new(),
        }
    }

    /// The last step on the way to a home table.
    pub(super) fn hop(&self, relation: &str) -> Option<&Hop> {
        self.find(relation)?.way.last()
    }

    /// Drops rows without a partner in the home table of this relation, and in those on the way to it.
    pub(super) fn demand(&mut self, relation: &str) {
        let Some(way) = self.find(relation).map(|joining| joining.way.clone()) else {
            return;
        };
        self.hops
            .iter_mut()
            .filter(|joining| way.starts_with(&joining.way))
            .for_each(|joining| joining.needed = true);
    }

    fn find(&self, relation: &str) -> Option<&Joining> {
        let place = (0..self.hops.len()).find(|index| home_relation(*index) == relation)?;
        self.hops.get(place)
    }

    /// The table with all home tables beside it.
    pub(super) fn build(self) -> Planning<LogicalPlanBuilder> {
        let mut plan = self.table;
        for hop in self.hops {
            let kind = if hop.needed {
                JoinType::Inner
            } else {
                JoinType::Left
            };
            let (left, right) = hop.on;
            plan = plan.join_with_expr_keys(hop.right, kind, (vec![left], vec![right]), None)?;
        }
        Ok(plan)
    }
}

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
            let position = joined.hops.iter().position(|known| known.way == prefix);
            let alias = home_relation(position.unwrap_or(joined.hops.len()));
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
                joined.hops.push(Joining {
                    way: prefix.to_vec(),
                    right,
                    on: (left_key, right_key),
                    needed: false,
                });
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
