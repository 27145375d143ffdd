//! How many rows of a table go into each group, and how many of them have a value.

use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::{Expr, LogicalPlan, cast};
use jinsheng_semantics::bind::{BoundDimension, BoundFilter, DimensionRef, MeasureLeaf};
use jinsheng_semantics::catalog::{Agg, PeriodColumns, Table, TimeBehaviour};
use jinsheng_semantics::query::Form;

use super::{Planner, Planning, Route, form_column, keys};
use crate::functions::{count, integer};
use crate::plan::periods::Bounds;
use crate::plan::{col, dimension_column};

impl Planner<'_> {
    /// Columns `d*`, `t` (if the table has periods), `n` rows and `c<index>` rows with a value, for each leaf.
    pub(in crate::plan) fn covered(
        &self,
        table_name: &str,
        route: Route,
        filters: &[BoundFilter],
        dimensions: &[BoundDimension],
        leaves: &[(usize, &MeasureLeaf)],
        bounds: Option<Bounds>,
    ) -> Planning<LogicalPlan> {
        let (table, rows) = self.formed(table_name, route, filters, dimensions, leaves, bounds)?;
        let mut group: Vec<Expr> = (0..dimensions.len())
            .map(|index| cast(col(dimension_column(index)), DataType::Utf8).alias(dimension_column(index)))
            .collect();
        if table.period.is_some() {
            group.push(col("t"));
        }
        let mut aggregates = vec![count(integer(1)).alias("n")];
        for (index, _) in leaves {
            aggregates.push(count(col(form_column(*index))).alias(format!("c{index}")));
        }
        Ok(rows.aggregate(group, aggregates)?.build()?)
    }

    /// Whether several rows may go into one value of the leaf.
    pub(in crate::plan) fn puts_together(
        &self,
        leaf: &MeasureLeaf,
        table: &Table,
        route: Route,
        dimensions: &[BoundDimension],
    ) -> bool {
        let shown = |wanted: &DimensionRef| dimensions.iter().any(|known| known.dimension == *wanted);
        let one_key = table.unique
            && table
                .entities
                .keys()
                .all(|entity| shown(&DimensionRef::Entity(entity.clone())))
            && table
                .key_dimensions
                .iter()
                .all(|key| shown(&DimensionRef::Column(leaf.table.clone(), key.clone())));
        let own_period = match (&table.period, self.query.grain) {
            (Some(period), Some(grain)) => period.grain() == grain || route != Route::Direct,
            _ => true,
        };
        !(one_key && own_period)
    }

    /// Whether a row that goes into the leaf may lack a value, as far as the file's statistics tell.
    pub(in crate::plan) fn may_miss(
        &self,
        leaf: &MeasureLeaf,
        table: &Table,
        route: Route,
    ) -> Planning<bool> {
        let Some(measure) = table.measures.get(&leaf.measure) else {
            return Ok(false);
        };
        let Some(column) = &measure.column else {
            return Ok(false);
        };
        if matches!(measure.agg, Agg::Count | Agg::CountDistinct) {
            return Ok(false);
        }
        let from_earlier =
            measure.time == TimeBehaviour::FlowYtd && matches!(leaf.form, Some(Form::Single | Form::Ttm));
        if from_earlier
            || route == Route::WholeYear
            || !measure.missing.is_empty()
            || self.tables.may_miss(&table.source, column)?
        {
            return Ok(true);
        }
        let mut key_columns: Vec<&str> = keys(table);
        key_columns.extend(table.period.iter().flat_map(PeriodColumns::columns));
        Ok(table.unique && !key_columns.is_empty() && !self.tables.is_unique(&table.source, &key_columns)?)
    }
}
