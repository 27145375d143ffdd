//! One table under one set of filters becomes a panel: scan, joins to home tables, scope, filters, forms, groups.

mod allowed;
mod covered;
mod forms;
mod joins;
mod late;
mod matching;

use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, cast};
use jinsheng_core::Period;
use jinsheng_semantics::bind::{BoundDimension, BoundFilter, DimensionRef, MeasureLeaf};
use jinsheng_semantics::catalog::{Agg, Measure, PeriodColumns, RepeatedRows, Table, TimeBehaviour};

use matching::{date_literal, passes, without_stand_ins};

use super::periods::Bounds;
use super::{Planner, Planning, col, col_of, dimension_column, leaf_column};
use crate::calendar::Calendar;
use crate::decimal::SCALE;
use crate::error::EngineError;
use crate::functions::{count, integer, max, min, missing, only_if, quotient, sum, value};
use crate::session::FEW_ROWS;

/// How rows of the table's own grain become values at the Query's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Route {
    /// Rows are aggregated as they are.
    Direct,
    /// The row at the last own period inside the coarser one.
    LastPeriod,
    /// The latest row inside the coarser period, for each key.
    Latest,
    /// Four quarters added up, for each key, if all are there.
    WholeYear,
}

/// The relation name of the table itself inside a branch; homes are `h0`, `h1` …
const FACT: &str = "f";

/// A table and the home tables that its dimensions lead to.
struct Joined {
    table: LogicalPlanBuilder,
    hops: Vec<joins::Joining>,
}

impl Planner<'_> {
    /// How a measure goes from the table's grain to the Query's.
    pub(super) fn route(&self, table: &Table, measure: &Measure) -> Route {
        let (Some(period), Some(grain)) = (&table.period, self.query.grain) else {
            return Route::Direct;
        };
        if period.grain() == grain {
            return Route::Direct;
        }
        let report = matches!(period, PeriodColumns::Report { .. });
        match measure.time {
            TimeBehaviour::FlowYtd => Route::LastPeriod,
            TimeBehaviour::Stock | TimeBehaviour::Rate if report => Route::LastPeriod,
            TimeBehaviour::Stock | TimeBehaviour::Rate => Route::Latest,
            TimeBehaviour::Flow if report && measure.agg == Agg::Sum => Route::WholeYear,
            TimeBehaviour::Flow | TimeBehaviour::Static => Route::Direct,
        }
    }

    /// Columns `d*`, `t` (if the table has periods) and `v<index>` for each leaf.
    pub(super) fn branch(
        &self,
        table_name: &str,
        route: Route,
        filters: &[BoundFilter],
        dimensions: &[BoundDimension],
        leaves: &[(usize, &MeasureLeaf)],
        bounds: Option<Bounds>,
    ) -> Planning<LogicalPlan> {
        let table = self
            .catalog
            .table(table_name)
            .ok_or_else(|| EngineError::missing_table(table_name))?;
        if !self.native || self.tables.rows(&table.source) <= FEW_ROWS {
            return self.read(table_name, route, filters, dimensions, leaves, bounds);
        }
        // So many rows are worth a longer plan.
        let late = self.late(table_name, table, dimensions)?;
        let early: Vec<BoundDimension> = (0..dimensions.len())
            .filter(|index| !late.iter().any(|late| late.index == *index))
            .filter_map(|index| dimensions.get(index).cloned())
            .collect();
        let dated = matches!(table.period, Some(PeriodColumns::Date { .. }));
        let few = bounds.filter(|_| dated).and_then(|bounds| self.few(bounds));
        let mut united: Option<LogicalPlanBuilder> = None;
        for bounds in few.map_or_else(|| vec![bounds], |few| few.into_iter().map(Some).collect()) {
            let plan = self.read(table_name, route, filters, &early, leaves, bounds)?;
            united = Some(match united {
                None => LogicalPlanBuilder::from(plan),
                Some(before) => before.union(plan)?,
            });
        }
        let Some(united) = united else {
            return Err(EngineError::internal("no periods to read"));
        };
        let plan = united.build()?;
        if late.is_empty() {
            return Ok(plan);
        }
        self.with_late(table, plan, &late, dimensions)
    }

    fn read(
        &self,
        table_name: &str,
        route: Route,
        filters: &[BoundFilter],
        dimensions: &[BoundDimension],
        leaves: &[(usize, &MeasureLeaf)],
        bounds: Option<Bounds>,
    ) -> Planning<LogicalPlan> {
        let (table, rows) = self.formed(table_name, route, filters, dimensions, leaves, bounds)?;
        let only = bounds.filter(|_| self.native).and_then(Bounds::only);
        Ok(self.group(table, rows, dimensions, leaves, only)?.build()?)
    }

    /// Rows at the Query's grain, before they are grouped: columns `d*`, `t` and `x<index>` for each leaf in its form.
    fn formed(
        &self,
        table_name: &str,
        route: Route,
        filters: &[BoundFilter],
        dimensions: &[BoundDimension],
        leaves: &[(usize, &MeasureLeaf)],
        bounds: Option<Bounds>,
    ) -> Planning<(&Table, LogicalPlanBuilder)> {
        let table = self
            .catalog
            .table(table_name)
            .ok_or_else(|| EngineError::missing_table(table_name))?;
        let rows = self.rows(table_name, table, filters, dimensions, leaves, bounds)?;
        let rows = self.one_row_a_key(table, rows, dimensions, leaves)?;
        let rows = self.to_grain((table_name, table), route, rows, dimensions, leaves)?;
        Ok((table, rows))
    }

    /// Rows that count: columns `k*` keys, `d*`, `t` at the table's own grain, `m<index>` measures.
    fn rows(
        &self,
        table_name: &str,
        table: &Table,
        filters: &[BoundFilter],
        dimensions: &[BoundDimension],
        leaves: &[(usize, &MeasureLeaf)],
        bounds: Option<Bounds>,
    ) -> Planning<LogicalPlanBuilder> {
        let mut scan = LogicalPlanBuilder::from(self.tables.scan(&table.source)?);
        if table.repeated_rows == Some(RepeatedRows::Once) && self.tables.repeats(&table.source)? {
            scan = scan.distinct()?;
        }
        let mut joined = Joined::new(scan.alias(FACT)?);
        let mut conditions = Vec::new();
        // What other engines compute of several columns, they compute once, and then ask for it by name.
        let mut dated = Vec::new();
        if let (Some(period), Some(bounds)) = (&table.period, bounds) {
            let named = !self.native && !matches!(period, PeriodColumns::Date { .. });
            let (index, into) = match named {
                true => (Some(col("t")), &mut dated),
                false => (None, &mut conditions),
            };
            into.extend(self.within_bounds(table, period, bounds, index)?);
        }
        conditions.extend(self.allowed(table_name, table, &mut joined)?);
        for filter in self.query.filters.iter().chain(filters) {
            let (column, data_type) = self.dimension(table_name, table, &filter.dimension, &mut joined)?;
            conditions.push(passes(column, &data_type, filter)?);
        }
        let mut columns = Vec::new();
        for (index, dimension) in dimensions.iter().enumerate() {
            let (column, _) = self.dimension(table_name, table, &dimension.dimension, &mut joined)?;
            if !dimension.hidden {
                conditions.extend(self.present(table, &column, &mut joined)?);
            }
            columns.push(column.alias(dimension_column(index)));
        }
        for (index, key) in keys(table).into_iter().enumerate() {
            columns.push(col_of(FACT, key).alias(format!("k{index}")));
        }
        if let Some(period) = &table.period {
            let index = self.own_period(table, period)?;
            match self.native || matches!(period, PeriodColumns::Date { .. }) {
                false => dated.push(col("t").is_not_null()),
                true if self.always_dated(table, period, bounds)? => {}
                true => conditions.push(index.clone().is_not_null()),
            }
            columns.push(index.alias("t"));
        }
        let mut seen = std::collections::BTreeSet::new();
        for (_, leaf) in leaves {
            if seen.insert(&leaf.measure)
                && let Some(measure) = table.measures.get(&leaf.measure)
            {
                columns.push(
                    self.measure_column(table, measure)?
                        .alias(measure_column(&leaf.measure)),
                );
            }
        }
        let mut plan = joined.build()?;
        if let Some(condition) = conditions.into_iter().reduce(Expr::and) {
            plan = plan.filter(condition)?;
        }
        plan = plan.project(columns)?;
        Ok(match dated.into_iter().reduce(Expr::and) {
            Some(condition) => plan.filter(condition)?,
            None => plan,
        })
    }

    /// The condition that drops rows without a value of a dimension. None where every row has one by the file's own
    /// statistics, or gets one from a partner; what runs elsewhere asks its own rows.
    fn present(&self, table: &Table, column: &Expr, joined: &mut Joined) -> Planning<Option<Expr>> {
        let condition = Some(column.clone().is_not_null());
        let Expr::Column(column) = column else {
            return Ok(condition);
        };
        let Some(relation) = column.relation.as_ref().filter(|_| self.native) else {
            return Ok(condition);
        };
        if relation.table() == FACT {
            let may_miss = self.tables.may_miss(&table.source, &column.name)?;
            return Ok(condition.filter(|_| may_miss));
        }
        let Some(hop) = joined.hop(relation.table()) else {
            return Ok(condition);
        };
        let Some(home) = self.catalog.table(&hop.table) else {
            return Ok(condition);
        };
        // Of several rows a key, a value in which they differ is missing.
        if !self.tables.may_miss(&home.source, &column.name)?
            && self.tables.is_unique(&home.source, &[&hop.key])?
        {
            joined.demand(relation.table());
            return Ok(None);
        }
        Ok(condition)
    }

    /// Whether every row that is read has a period: a condition on dates passes no row without one.
    fn always_dated(&self, table: &Table, period: &PeriodColumns, bounds: Option<Bounds>) -> Planning<bool> {
        let bounded = bounds.is_some_and(|bounds| Period::new(bounds.grain, bounds.to).last_day().is_some());
        let PeriodColumns::Date { column, .. } = period else {
            // What cannot be read as a period is neither before nor after another.
            return Ok(self.native && bounded);
        };
        if !self.native || self.tables.data_type(&table.source, column)? != DataType::Date32 {
            return Ok(false);
        }
        Ok(bounded || !self.tables.may_miss(&table.source, column)?)
    }

    /// A measure's column, as something that can be added up without wrapping.
    fn measure_column(&self, table: &Table, measure: &Measure) -> Planning<Expr> {
        let Some(name) = &measure.column else {
            return Ok(integer(1));
        };
        let data_type = self.tables.data_type(&table.source, name)?;
        let column = col_of(FACT, name);
        if matches!(measure.agg, Agg::Count | Agg::CountDistinct) {
            return without_stand_ins(column, &data_type, &measure.missing);
        }
        let column = without_stand_ins(column, &data_type, &measure.missing)?;
        match data_type {
            DataType::Decimal128(_, scale) if scale > SCALE => Ok(value(column)),
            DataType::Decimal128(..) => Ok(column),
            DataType::Int64 => Ok(cast(column, DataType::Decimal128(19, 0))),
            _ => Err(EngineError::NotNumeric {
                table: table.source.clone(),
                column: name.clone(),
            }),
        }
    }

    /// The row's period as an index at the table's own grain.
    fn own_period(&self, table: &Table, period: &PeriodColumns) -> Planning<Expr> {
        let as_integer = |name: &str| -> Planning<Expr> {
            Ok(match self.tables.data_type(&table.source, name)? {
                DataType::Int64 => col_of(FACT, name),
                _ => Calendar::LeadingYear.call(col_of(FACT, name)),
            })
        };
        Ok(match period {
            PeriodColumns::Report { year, period } => {
                let year = match year {
                    Some(year) => as_integer(year)?,
                    None => Calendar::LeadingYear.call(col_of(FACT, period)),
                };
                let quarter = Calendar::ReportQuarter.call(col_of(FACT, period));
                year * integer(4) + quarter - integer(1)
            }
            PeriodColumns::Date { column, grain } => Calendar::OfDate(*grain).call(col_of(FACT, column)),
            PeriodColumns::MonthText { column } => Calendar::MonthText.call(col_of(FACT, column)),
            PeriodColumns::Year { column } => as_integer(column)?,
        })
    }

    /// Conditions on the period; on `index` where that is given and dates are not compared as they stand.
    fn within_bounds(
        &self,
        table: &Table,
        period: &PeriodColumns,
        bounds: Bounds,
        index: Option<Expr>,
    ) -> Planning<Vec<Expr>> {
        let first = bounds
            .from
            .and_then(|from| Period::new(bounds.grain, from).first_day());
        let last = Period::new(bounds.grain, bounds.to).last_day();
        let mut conditions = Vec::new();
        // Dates are compared as they stand, so that row groups outside are never read.
        if let PeriodColumns::Date { column, .. } = period
            && self.tables.data_type(&table.source, column)? == DataType::Date32
        {
            let day = |date| date_literal(Period::day(date));
            conditions.extend(first.map(|date| col_of(FACT, column).gt_eq(day(date))));
            conditions.extend(last.map(|date| col_of(FACT, column).lt_eq(day(date))));
            return Ok(conditions);
        }
        let index = match index {
            Some(index) => index,
            None => self.own_period(table, period)?,
        };
        let at = |date| i64::from(Period::containing(date, period.grain()).index());
        conditions.extend(first.map(|date| index.clone().gt_eq(integer(at(date)))));
        conditions.extend(last.map(|date| index.lt_eq(integer(at(date)))));
        Ok(conditions)
    }

    /// Rows of one key and period become one; a measure in which they differ is missing.
    fn one_row_a_key(
        &self,
        table: &Table,
        rows: LogicalPlanBuilder,
        dimensions: &[BoundDimension],
        leaves: &[(usize, &MeasureLeaf)],
    ) -> Planning<LogicalPlanBuilder> {
        if !table.unique {
            return Ok(rows);
        }
        let mut key_columns: Vec<&str> = keys(table);
        key_columns.extend(table.period.iter().flat_map(PeriodColumns::columns));
        if key_columns.is_empty() || self.tables.is_unique(&table.source, &key_columns)? {
            return Ok(rows);
        }
        let mut group: Vec<Expr> = (0..keys(table).len())
            .map(|index| col(format!("k{index}")))
            .collect();
        group.extend(table.period.iter().map(|_| col("t")));
        let mut kept: Vec<String> = (0..dimensions.len()).map(dimension_column).collect();
        kept.extend(leaves.iter().map(|(_, leaf)| measure_column(&leaf.measure)));
        kept.sort();
        kept.dedup();
        let mut aggregates = Vec::new();
        let mut columns = group.clone();
        for (index, column) in kept.iter().enumerate() {
            aggregates.push(min(col(column)).alias(format!("lo{index}")));
            aggregates.push(max(col(column)).alias(format!("hi{index}")));
            columns.push(agreed(index)?.alias(column));
        }
        Ok(rows.aggregate(group, aggregates)?.project(columns)?)
    }

    fn group(
        &self,
        table: &Table,
        rows: LogicalPlanBuilder,
        dimensions: &[BoundDimension],
        leaves: &[(usize, &MeasureLeaf)],
        only: Option<i32>,
    ) -> Planning<LogicalPlanBuilder> {
        let timed = table.period.is_some();
        let mut group: Vec<Expr> = (0..dimensions.len())
            .map(|index| col(dimension_column(index)))
            .collect();
        // Where all rows are of one period, they need not be told apart by it.
        let only = only.filter(|_| timed);
        if timed && only.is_none() {
            group.push(col("t"));
        }
        let mut aggregates = Vec::new();
        let mut columns = Vec::new();
        for (index, dimension) in dimensions.iter().enumerate() {
            let column = col(dimension_column(index));
            let text = self.is_text(dimension)?;
            columns.push(if text {
                column
            } else {
                cast(column, DataType::Utf8).alias(dimension_column(index))
            });
        }
        let period_column = columns.len();
        for (index, leaf) in leaves {
            let source = col(form_column(*index));
            let (sum_name, count_name) = (format!("s{index}"), format!("c{index}"));
            let agg = table
                .measures
                .get(&leaf.measure)
                .map_or(Agg::Sum, |measure| measure.agg);
            let shown = match agg {
                Agg::Sum => {
                    aggregates.push(sum(source).alias(&sum_name));
                    value(col(&sum_name))
                }
                Agg::Min => {
                    aggregates.push(min(source).alias(&sum_name));
                    value(col(&sum_name))
                }
                Agg::Max => {
                    aggregates.push(max(source).alias(&sum_name));
                    value(col(&sum_name))
                }
                Agg::Mean => {
                    aggregates.push(sum(source.clone()).alias(&sum_name));
                    aggregates.push(count(source).alias(&count_name));
                    quotient(value(col(&sum_name)), value(col(&count_name)))
                }
                Agg::Count => {
                    aggregates.push(count(source).alias(&count_name));
                    value(col(&count_name))
                }
                Agg::CountDistinct => {
                    aggregates.push(distinct_count(source).alias(&count_name));
                    value(col(&count_name))
                }
            };
            columns.push(shown.alias(leaf_column(*index)));
        }
        if let Some(only) = only {
            // Any column will do as one of so many rows.
            let some = group.first().cloned().unwrap_or_else(|| col("rows"));
            let index = Calendar::Always(i64::from(only)).call(some);
            columns.insert(period_column, index.alias("t"));
        } else if timed {
            columns.insert(period_column, col("t"));
        }
        if group.is_empty() {
            // Without groups an aggregation has a row even of nothing; then there is no row.
            aggregates.push(count(integer(1)).alias("rows"));
            let plan = rows
                .aggregate(group, aggregates)?
                .filter(col("rows").gt(integer(0)))?;
            return Ok(plan.project(columns)?);
        }
        Ok(rows.aggregate(group, aggregates)?.project(columns)?)
    }

    fn is_text(&self, dimension: &BoundDimension) -> Planning<bool> {
        let DimensionRef::Column(table, name) = &dimension.dimension else {
            return Ok(false);
        };
        let source = self
            .catalog
            .table(table)
            .map(|table| table.source.clone())
            .unwrap_or_default();
        let column = self
            .catalog
            .dimension_of(table, name)
            .map(|found| found.column.clone())
            .unwrap_or_default();
        Ok(matches!(self.tables.data_type(&source, &column)?, DataType::Utf8))
    }
}

fn distinct_count(expr: Expr) -> Expr {
    use datafusion::logical_expr::ExprFunctionExt;
    let plain = count(expr);
    plain.clone().distinct().build().unwrap_or(plain)
}

/// Missing unless the smallest and the largest are the same.
fn agreed(index: usize) -> Planning<Expr> {
    let (low, high) = (col(format!("lo{index}")), col(format!("hi{index}")));
    Ok(only_if(low.clone().eq(high), low)?)
}

/// Columns of a table's key beside its period: entities and key dimensions.
fn keys(table: &Table) -> Vec<&str> {
    let dimensions = table
        .key_dimensions
        .iter()
        .filter_map(|name| table.dimensions.get(name));
    table
        .entities
        .values()
        .map(String::as_str)
        .chain(dimensions.map(|dimension| dimension.column.as_str()))
        .collect()
}

fn measure_column(measure: &str) -> String {
    format!("m_{measure}")
}

fn form_column(index: usize) -> String {
    format!("x{index}")
}

/// Missing in the type of values, for branches that lack a leaf.
pub(super) fn no_value() -> Expr {
    missing()
}
