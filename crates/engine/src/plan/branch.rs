//! One table under one set of filters becomes a panel: scan, joins to home tables, scope, filters, forms, groups.

use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::expr::Sort;
use datafusion::logical_expr::{Expr, JoinType, LogicalPlan, LogicalPlanBuilder, cast, lit, when};
use jinsheng_core::{Decimal, Grain, Period};
use jinsheng_semantics::bind::{BoundDimension, BoundFilter, DimensionRef, MeasureLeaf};
use jinsheng_semantics::catalog::{
    Agg, DimensionPath, Hop, Measure, PeriodColumns, ResolvedDimension, Table, TimeBehaviour,
};
use jinsheng_semantics::query::{CompareOp, Form, Test};

use super::{Planner, Planning, col, col_of, dimension_column, leaf_column, per_year};
use crate::calendar::Calendar;
use crate::error::EngineError;
use crate::functions::{
    Aggregate, Frame, add_window, add_windows, count, integer, max, min, missing, number, only_if, over,
    quotient, row_number, sorted, sum, value,
};

/// Shown periods with the earlier ones that they need, as indices at the Query's grain.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// First index, if there is one.
    pub(super) from: Option<i32>,
    /// Last index.
    pub(super) to: i32,
    /// Grain of the indices.
    pub(super) grain: Grain,
}

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

struct Joined {
    plan: LogicalPlanBuilder,
    hops: Vec<Vec<Hop>>,
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
        let rows = self.rows(table_name, table, filters, dimensions, leaves, bounds)?;
        let rows = self.one_row_a_key(table, rows, dimensions, leaves)?;
        let rows = self.to_grain(table, route, rows, dimensions, leaves)?;
        Ok(self.group(table, rows, dimensions, leaves)?.build()?)
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
        let scan = LogicalPlanBuilder::from(self.tables.scan(&table.source)?).alias(FACT)?;
        let mut joined = Joined {
            plan: scan,
            hops: Vec::new(),
        };
        let mut conditions = Vec::new();
        if let (Some(period), Some(bounds)) = (&table.period, bounds) {
            conditions.extend(self.within_bounds(table, period, bounds)?);
        }
        conditions.extend(self.allowed(table_name, table, &mut joined)?);
        for filter in self.query.filters.iter().chain(filters) {
            let (column, data_type) = self.dimension(table_name, table, &filter.dimension, &mut joined)?;
            conditions.push(matches(column, &data_type, &filter.test)?);
        }
        let mut columns = Vec::new();
        for (index, dimension) in dimensions.iter().enumerate() {
            let (column, _) = self.dimension(table_name, table, &dimension.dimension, &mut joined)?;
            if !dimension.hidden {
                conditions.push(column.clone().is_not_null());
            }
            columns.push(column.alias(dimension_column(index)));
        }
        for (index, key) in keys(table).into_iter().enumerate() {
            columns.push(col_of(FACT, key).alias(format!("k{index}")));
        }
        if let Some(period) = &table.period {
            let index = self.own_period(table, period)?;
            conditions.push(index.clone().is_not_null());
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
        let mut plan = joined.plan;
        if let Some(condition) = conditions.into_iter().reduce(Expr::and) {
            plan = plan.filter(condition)?;
        }
        Ok(plan.project(columns)?)
    }

    /// What the scope demands of rows of a table.
    fn allowed(&self, table_name: &str, table: &Table, joined: &mut Joined) -> Planning<Vec<Expr>> {
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
        let mut joined = Joined {
            plan: scan,
            hops: Vec::new(),
        };
        let conditions = self.allowed(table_name, table, &mut joined)?;
        let mut plan = joined.plan;
        if let Some(condition) = conditions.into_iter().reduce(Expr::and) {
            plan = plan.filter(condition)?;
        }
        let columns = vec![col_of(FACT, key).alias("key"), col_of(FACT, column).alias("name")];
        let plan = plan.project(columns)?.distinct()?;
        Ok(plan
            .sort(vec![sorted(col("key"), true), sorted(col("name"), true)])?
            .build()?)
    }

    /// A measure's column, as something that can be added up without wrapping.
    fn measure_column(&self, table: &Table, measure: &Measure) -> Planning<Expr> {
        let Some(name) = &measure.column else {
            return Ok(integer(1));
        };
        let data_type = self.tables.data_type(&table.source, name)?;
        let column = col_of(FACT, name);
        if matches!(measure.agg, Agg::Count | Agg::CountDistinct) {
            return Ok(column);
        }
        match data_type {
            DataType::Decimal128(..) => Ok(column),
            DataType::Int64 => Ok(cast(column, DataType::Decimal128(19, 0))),
            _ => Err(EngineError::NotNumeric {
                table: table.source.clone(),
                column: name.clone(),
            }),
        }
    }

    fn dimension(
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
    fn column(&self, table: &Table, path: &DimensionPath, joined: &mut Joined) -> Planning<(Expr, DataType)> {
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

    fn within_bounds(&self, table: &Table, period: &PeriodColumns, bounds: Bounds) -> Planning<Vec<Expr>> {
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
        let index = self.own_period(table, period)?;
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

    /// `t` at the Query's grain, and one column `x<index>` for each leaf in its form.
    fn to_grain(
        &self,
        table: &Table,
        route: Route,
        rows: LogicalPlanBuilder,
        dimensions: &[BoundDimension],
        leaves: &[(usize, &MeasureLeaf)],
    ) -> Planning<LogicalPlanBuilder> {
        let key: Vec<Expr> = (0..keys(table).len())
            .map(|index| col(format!("k{index}")))
            .collect();
        let dimension_columns = (0..dimensions.len()).map(|index| col(dimension_column(index)));
        let plain = |leaf: &MeasureLeaf| col(measure_column(&leaf.measure));
        let (Some(period), Some(grain)) = (&table.period, self.query.grain) else {
            let columns = dimension_columns.chain(
                leaves
                    .iter()
                    .map(|(index, leaf)| plain(leaf).alias(form_column(*index))),
            );
            return Ok(rows.project(columns.collect::<Vec<_>>())?);
        };
        let own = period.grain();
        let bucket = coarser(own, grain);
        let mut rows = rows;
        match route {
            Route::Direct => {}
            Route::LastPeriod => {
                let ratio = per_year(own) / per_year(grain);
                rows = rows.filter(((col("t") + integer(1)) % integer(ratio)).eq(integer(0)))?;
            }
            Route::Latest => {
                let partition = key.iter().cloned().chain([bucket.clone()]).collect();
                let place = row_number(partition, vec![sorted(col("t"), false)]);
                rows = add_window(rows, "place", place)?.filter(col("place").eq(lit(1_u64)))?;
            }
            Route::WholeYear => {
                let partition: Vec<Expr> = key.iter().cloned().chain([bucket.clone()]).collect();
                let measures: std::collections::BTreeSet<&String> =
                    leaves.iter().map(|(_, leaf)| &leaf.measure).collect();
                let counts: Vec<(String, Expr)> = measures
                    .iter()
                    .map(|measure| {
                        let cells = col(measure_column(measure));
                        let known = over(Aggregate::Count, cells, partition.clone(), vec![], &Frame::All);
                        (format!("n_{measure}"), known)
                    })
                    .collect();
                rows = add_windows(rows, counts)?;
            }
        }
        let mut columns: Vec<Expr> = dimension_columns.collect();
        columns.extend(key.iter().cloned());
        columns.push(bucket.alias("t"));
        for measure in leaves
            .iter()
            .map(|(_, leaf)| &leaf.measure)
            .collect::<std::collections::BTreeSet<_>>()
        {
            let whole = col(measure_column(measure));
            let whole = if route == Route::WholeYear {
                only_if(
                    col(format!("n_{measure}")).eq(integer(per_year(own) / per_year(grain))),
                    whole,
                )?
            } else {
                whole
            };
            columns.push(whole.alias(measure_column(measure)));
        }
        rows = rows.project(columns)?;
        let mut windows = Vec::new();
        let mut shown: Vec<Expr> = (0..dimensions.len())
            .map(|index| col(dimension_column(index)))
            .collect();
        shown.push(col("t"));
        for (index, leaf) in leaves {
            let year_to_date = table
                .measures
                .get(&leaf.measure)
                .is_some_and(|measure| measure.time == TimeBehaviour::FlowYtd);
            let expr = if year_to_date {
                ytd_form(leaf, *index, grain, &key, &mut windows)?
            } else {
                plain(leaf)
            };
            shown.push(expr.alias(form_column(*index)));
        }
        if !windows.is_empty() {
            rows = add_windows(rows, windows)?;
        }
        Ok(rows.project(shown)?)
    }

    fn group(
        &self,
        table: &Table,
        rows: LogicalPlanBuilder,
        dimensions: &[BoundDimension],
        leaves: &[(usize, &MeasureLeaf)],
    ) -> Planning<LogicalPlanBuilder> {
        let timed = table.period.is_some();
        let mut group: Vec<Expr> = (0..dimensions.len())
            .map(|index| col(dimension_column(index)))
            .collect();
        if timed {
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
        if timed {
            columns.push(col("t"));
        }
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

/// `single` and `ttm` of a year-to-date figure, for each key; `t` is at the Query's grain.
fn ytd_form(
    leaf: &MeasureLeaf,
    index: usize,
    grain: Grain,
    key: &[Expr],
    windows: &mut Vec<(String, Expr)>,
) -> Planning<Expr> {
    let own = col(measure_column(&leaf.measure));
    let in_year = col("t") % integer(per_year(grain));
    let by_time: Vec<Sort> = vec![sorted(col("t"), true)];
    let mut earlier = |back: i64, what: Expr, suffix: &str| {
        let name = format!("e{index}{suffix}");
        let shifted = over(
            Aggregate::Max,
            what,
            key.to_vec(),
            by_time.clone(),
            &Frame::Exactly(back),
        );
        windows.push((name.clone(), shifted));
        col(name)
    };
    let last = per_year(grain) - 1;
    Ok(match leaf.form {
        Some(Form::Single) if last > 0 => {
            let before = earlier(1, own.clone(), "p");
            when(in_year.eq(integer(0)), value(own.clone())).otherwise(value(own) - value(before))?
        }
        Some(Form::Ttm) if last > 0 => {
            let same = earlier(per_year(grain), own.clone(), "y");
            // Last year's figure at its last period: one row a year carries it.
            let at_end = only_if(in_year.clone().eq(integer(last)), own.clone())?;
            let name = format!("e{index}l");
            let year = col("t") / integer(per_year(grain));
            let whole = over(
                Aggregate::Max,
                at_end,
                key.to_vec(),
                vec![sorted(year, true)],
                &Frame::Exactly(1),
            );
            windows.push((name.clone(), whole));
            when(in_year.eq(integer(last)), value(own.clone()))
                .otherwise(value(own) + value(col(name)) - value(same))?
        }
        _ => own,
    })
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

/// Index at a coarser grain, from the index at the table's own.
fn coarser(own: Grain, grain: Grain) -> Expr {
    if own == grain {
        return col("t");
    }
    if own == Grain::Day {
        return Calendar::OfDay(grain).call(col("t"));
    }
    col("t") / integer(per_year(own) / per_year(grain))
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

/// A test on a column of this type; text that is no value of the type matches nothing.
fn matches(column: Expr, data_type: &DataType, test: &Test) -> Planning<Expr> {
    let literal = |text: &str| -> Option<Expr> {
        let text = text.trim();
        match data_type {
            DataType::Utf8 => None,
            DataType::Int64 => text.parse::<i64>().ok().map(lit),
            DataType::Date32 => {
                let day = text
                    .parse::<Period>()
                    .ok()
                    .filter(|period| period.grain() == Grain::Day)?;
                Some(date_literal(day))
            }
            DataType::Boolean => text.parse::<bool>().ok().map(lit),
            DataType::Decimal128(..) => text.parse::<Decimal>().ok().and_then(number),
            _ => None,
        }
    };
    let typed = |text: &String| match data_type {
        DataType::Utf8 => Some(lit(text.as_str())),
        _ => literal(text),
    };
    let nothing = || lit(false);
    Ok(match test {
        Test::In(values) => {
            let list: Vec<Expr> = values.iter().filter_map(typed).collect();
            if list.is_empty() {
                nothing()
            } else {
                column.in_list(list, false)
            }
        }
        Test::NotIn(values) => {
            let list: Vec<Expr> = values.iter().filter_map(typed).collect();
            let known = column.clone().is_not_null();
            if list.is_empty() {
                known
            } else {
                known.and(column.in_list(list, true))
            }
        }
        Test::Compare(op, text) => {
            let Some(right) = typed(text) else {
                return Ok(nothing());
            };
            match op {
                CompareOp::Eq => column.eq(right),
                CompareOp::Ne => column.not_eq(right),
                CompareOp::Lt => column.lt(right),
                CompareOp::Le => column.lt_eq(right),
                CompareOp::Gt => column.gt(right),
                CompareOp::Ge => column.gt_eq(right),
            }
        }
        Test::Contains(text) => {
            let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            cast(column, DataType::Utf8).like(lit(format!("%{escaped}%")))
        }
    })
}

/// Missing in the type of values, for branches that lack a leaf.
pub(super) fn no_value() -> Expr {
    missing()
}

/// A day as text with a cast: emitted SQL then suits dialects that keep dates as text.
fn date_literal(day: Period) -> Expr {
    cast(lit(day.to_string()), DataType::Date32)
}
