//! Aggregates and windows of the engine as expressions, in the few shapes that plans use.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Column, DataFusionError, Result, ScalarValue};
use datafusion::functions_aggregate::count::count_udaf;
use datafusion::functions_aggregate::min_max::{max_udaf, min_udaf};
use datafusion::functions_aggregate::sum::sum_udaf;
use datafusion::functions_window::rank::rank_udwf;
use datafusion::functions_window::row_number::row_number_udwf;
use datafusion::logical_expr::expr::{Sort, WindowFunction};
use datafusion::logical_expr::{
    Expr, LogicalPlanBuilder, WindowFrame, WindowFrameBound, WindowFrameUnits, WindowFunctionDefinition,
    cast, lit, when,
};
use jinsheng_core::Decimal;

use crate::decimal::{Op, SCALE, VALUE};

/// A decimal constant in the type of values; `None` when it does not fit.
pub(crate) fn number(value: Decimal) -> Option<Expr> {
    let scale = u32::from(SCALE.unsigned_abs());
    let value = value.normalize();
    let factor = 10_i128.checked_pow(scale.checked_sub(value.scale())?)?;
    let unscaled = value.mantissa().checked_mul(factor)?;
    Some(Expr::Literal(
        ScalarValue::Decimal128(Some(unscaled), 38, SCALE),
        None,
    ))
}

/// Missing, in the type of values.
pub(crate) fn missing() -> Expr {
    cast(Expr::Literal(ScalarValue::Null, None), VALUE)
}

/// In the type of values; an error at run time when a number does not fit.
pub(crate) fn value(expr: Expr) -> Expr {
    cast(expr, VALUE)
}

/// A sum that cannot wrap: added up in 256 bits.
pub(crate) fn wide(expr: Expr) -> Expr {
    cast(expr, DataType::Decimal256(76, SCALE))
}

pub(crate) fn sum(expr: Expr) -> Expr {
    sum_udaf().call(vec![expr])
}

pub(crate) fn min(expr: Expr) -> Expr {
    min_udaf().call(vec![expr])
}

pub(crate) fn max(expr: Expr) -> Expr {
    max_udaf().call(vec![expr])
}

pub(crate) fn count(expr: Expr) -> Expr {
    count_udaf().call(vec![expr])
}

pub(crate) fn quotient(left: Expr, right: Expr) -> Expr {
    Op::Quotient.call(vec![left, right])
}

/// `then` where the condition is known to hold, else missing.
pub(crate) fn only_if(condition: Expr, then: Expr) -> Result<Expr> {
    when(condition, then).end()
}

/// Ascending or descending, missing last.
pub(crate) fn sorted(expr: Expr, ascending: bool) -> Sort {
    Sort::new(expr, ascending, false)
}

/// Which rows around a row a window takes.
pub(crate) enum Frame {
    /// All rows of the partition.
    All,
    /// Rows whose period is exactly so many before.
    Exactly(i64),
    /// Rows whose period is at most so many before, without the row's own.
    Before(i64),
    /// Rows whose period is at most so many before, up to the row's own.
    Within(i64),
    /// Rows up to the row's own period.
    UpTo,
}

fn window(
    fun: WindowFunctionDefinition,
    args: Vec<Expr>,
    partition: Vec<Expr>,
    order: Vec<Sort>,
    frame: &Frame,
) -> Expr {
    let preceding = |count: i64| WindowFrameBound::Preceding(ScalarValue::Int64(Some(count)));
    let frame = match frame {
        Frame::All => WindowFrame::new_bounds(
            WindowFrameUnits::Rows,
            WindowFrameBound::Preceding(ScalarValue::UInt64(None)),
            WindowFrameBound::Following(ScalarValue::UInt64(None)),
        ),
        Frame::Exactly(back) => {
            WindowFrame::new_bounds(WindowFrameUnits::Range, preceding(*back), preceding(*back))
        }
        Frame::Before(back) => {
            WindowFrame::new_bounds(WindowFrameUnits::Range, preceding(*back), preceding(1))
        }
        Frame::Within(back) => WindowFrame::new_bounds(
            WindowFrameUnits::Range,
            preceding(*back),
            WindowFrameBound::CurrentRow,
        ),
        Frame::UpTo => WindowFrame::new_bounds(
            WindowFrameUnits::Range,
            WindowFrameBound::Preceding(ScalarValue::Int64(None)),
            WindowFrameBound::CurrentRow,
        ),
    };
    let mut function = WindowFunction::new(fun, args);
    function.params.partition_by = partition;
    function.params.order_by = order;
    function.params.window_frame = frame;
    Expr::from(function)
}

/// A statistic over a frame; `order` is empty for [`Frame::All`].
pub(crate) fn over(
    function: Aggregate,
    arg: Expr,
    partition: Vec<Expr>,
    order: Vec<Sort>,
    frame: &Frame,
) -> Expr {
    let fun = match function {
        Aggregate::Sum => sum_udaf(),
        Aggregate::Min => min_udaf(),
        Aggregate::Max => max_udaf(),
        Aggregate::Count => count_udaf(),
    };
    window(
        WindowFunctionDefinition::AggregateUDF(fun),
        vec![arg],
        partition,
        order,
        frame,
    )
}

/// Aggregates usable over a frame.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Aggregate {
    Sum,
    Min,
    Max,
    Count,
}

/// 1, 2, 3 … in order within the partition.
pub(crate) fn row_number(partition: Vec<Expr>, order: Vec<Sort>) -> Expr {
    ranking(
        WindowFunctionDefinition::WindowUDF(row_number_udwf()),
        partition,
        order,
    )
}

/// Place within the partition; ties share one.
pub(crate) fn rank(partition: Vec<Expr>, order: Vec<Sort>) -> Expr {
    ranking(WindowFunctionDefinition::WindowUDF(rank_udwf()), partition, order)
}

fn ranking(fun: WindowFunctionDefinition, partition: Vec<Expr>, order: Vec<Sort>) -> Expr {
    let mut function = WindowFunction::new(fun, Vec::new());
    function.params.partition_by = partition;
    function.params.window_frame = WindowFrame::new(Some(!order.is_empty()));
    function.params.order_by = order;
    Expr::from(function)
}

/// A whole number.
pub(crate) fn integer(value: i64) -> Expr {
    lit(value)
}

/// Adds named windows to a plan; those that partition and order alike share one step.
///
/// Names are given by a projection above: the optimizer knows windows only as they stand, without alias.
pub(crate) fn add_windows(
    plan: LogicalPlanBuilder,
    windows: Vec<(String, Expr)>,
) -> Result<LogicalPlanBuilder> {
    let mut columns: Vec<Expr> = plan.schema().columns().into_iter().map(Expr::Column).collect();
    let mut groups: Vec<(Vec<Expr>, Vec<Sort>, Vec<Expr>)> = Vec::new();
    for (name, window) in windows {
        let Expr::WindowFunction(function) = &window else {
            return Err(DataFusionError::Internal("not a window".to_owned()));
        };
        columns.push(Expr::Column(Column::new_unqualified(window.schema_name().to_string())).alias(name));
        let (partition, order) = (
            function.params.partition_by.clone(),
            function.params.order_by.clone(),
        );
        match groups
            .iter_mut()
            .find(|(known, sorted, _)| *known == partition && *sorted == order)
        {
            Some((.., members)) if members.contains(&window) => {}
            Some((.., members)) => members.push(window),
            None => groups.push((partition, order, vec![window])),
        }
    }
    let windowed = groups
        .into_iter()
        .try_fold(plan, |plan, (.., members)| plan.window(members))?;
    // A relation of its own: emitted SQL would else put a later filter beside the windows, where it acts before them.
    apart(windowed.project(columns)?, "windowed")
}

/// The plan as a relation of its own, its columns under their bare names.
pub(crate) fn apart(plan: LogicalPlanBuilder, name: &str) -> Result<LogicalPlanBuilder> {
    let named = plan.alias(name)?;
    let plain: Vec<Expr> = named.schema().columns().into_iter().map(unqualified).collect();
    named.project(plain)
}

/// A column under its bare name.
fn unqualified(column: Column) -> Expr {
    let name = column.name.clone();
    Expr::Column(column).alias(name)
}

/// Adds one named window.
pub(crate) fn add_window(plan: LogicalPlanBuilder, name: &str, window: Expr) -> Result<LogicalPlanBuilder> {
    add_windows(plan, vec![(name.to_owned(), window)])
}
