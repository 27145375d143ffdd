//! Attributes of a subject that stands in the result: they are looked up for each group, not for each row.

use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, cast};
use jinsheng_semantics::bind::{BoundDimension, DimensionRef};
use jinsheng_semantics::catalog::{DimensionPath, ResolvedDimension, Table};

use super::{FACT, Joined};
use crate::plan::{Planner, Planning, col, col_of, dimension_column};

/// A dimension that is joined to the groups.
pub(super) struct Late {
    /// Its place among all dimensions.
    pub(super) index: usize,
    path: DimensionPath,
}

impl Planner<'_> {
    /// Dimensions that can wait until rows are grouped: each is an attribute of an entity which is a dimension itself.
    pub(super) fn late(
        &self,
        table_name: &str,
        table: &Table,
        dimensions: &[BoundDimension],
    ) -> Planning<Vec<Late>> {
        let mut found = Vec::new();
        for (index, dimension) in dimensions.iter().enumerate() {
            let DimensionRef::Column(owner, name) = &dimension.dimension else {
                continue;
            };
            let Some(path) = self
                .catalog
                .path(table_name, ResolvedDimension::Column(owner, name))
            else {
                continue;
            };
            let Some(hop) = path.hops.first() else { continue };
            let grouped = dimensions
                .iter()
                .any(|known| known.dimension == DimensionRef::Entity(hop.entity.clone()));
            let Some(home) = self.catalog.table(&hop.table) else {
                continue;
            };
            // Groups hold keys as text.
            if grouped
                && table.entities.get(&hop.entity) == Some(&hop.column)
                && self.tables.data_type(&table.source, &hop.column)? == DataType::Utf8
                && self.tables.data_type(&home.source, &hop.key)? == DataType::Utf8
                && !is_own_name(&hop.column)
            {
                found.push(Late { index, path });
            }
        }
        Ok(found)
    }

    /// Groups by the other dimensions become groups by all of them, in their order.
    pub(super) fn with_late(
        &self,
        table: &Table,
        grouped: LogicalPlan,
        late: &[Late],
        dimensions: &[BoundDimension],
    ) -> Planning<LogicalPlan> {
        let is_late = |index: usize| late.iter().any(|late| late.index == index);
        let early: Vec<usize> = (0..dimensions.len()).filter(|index| !is_late(*index)).collect();
        let mut columns: Vec<Expr> = Vec::new();
        let mut shown: Vec<(usize, Expr)> = Vec::new();
        for (place, index) in early.iter().enumerate() {
            let column = col(dimension_column(place));
            if let Some(DimensionRef::Entity(entity)) = dimensions.get(*index).map(|known| &known.dimension)
                && let Some(own) = table.entities.get(entity)
                && !is_own_name(own)
            {
                columns.push(column.clone().alias(own));
            }
            columns.push(column.alias(dimension_column(*index)));
            shown.push((*index, col_of(FACT, &dimension_column(*index))));
        }
        let fields = grouped.schema().fields().iter();
        let values: Vec<String> = fields
            .skip(early.len())
            .map(|field| field.name().clone())
            .collect();
        columns.extend(values.iter().map(col));
        let mut joined = Joined::new(LogicalPlanBuilder::from(grouped).project(columns)?.alias(FACT)?);
        let mut conditions = Vec::new();
        for late in late {
            let (column, data_type) = self.column(table, &late.path, &mut joined)?;
            if dimensions
                .get(late.index)
                .is_some_and(|dimension| !dimension.hidden)
            {
                conditions.extend(self.present(table, &column, &mut joined)?);
            }
            let column = if data_type == DataType::Utf8 {
                column
            } else {
                cast(column, DataType::Utf8)
            };
            shown.push((late.index, column));
        }
        shown.sort_by_key(|(index, _)| *index);
        let mut plan = joined.build()?;
        if let Some(condition) = conditions.into_iter().reduce(Expr::and) {
            plan = plan.filter(condition)?;
        }
        let columns = shown
            .into_iter()
            .map(|(index, column)| column.alias(dimension_column(index)))
            .chain(values.iter().map(|name| col_of(FACT, name).alias(name)));
        Ok(plan.project(columns.collect::<Vec<_>>())?.build()?)
    }
}

/// Whether a column is called as plans call their own.
fn is_own_name(name: &str) -> bool {
    let mut letters = name.chars();
    let first = letters.next();
    name == "t" || (matches!(first, Some('d' | 'v')) && letters.all(|letter| letter.is_ascii_digit()))
}
