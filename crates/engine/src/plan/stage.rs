//! Expressions over a panel: windows are added to the plan level by level, the rest is arithmetic on columns.

use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::{Expr, LogicalPlanBuilder, cast, not, when};
use jinsheng_core::Grain;
use jinsheng_semantics::bind::{Bound, BoundCondition, BoundDimension};
use jinsheng_semantics::query::{CompareOp, Direction, Stat};

use super::panel::{Panel, half_if_even, median_windows, middle};
use super::{Planning, col, dimension_column, leaf_column};
use crate::decimal::Op;
use crate::error::EngineError;
use crate::functions::{
    Aggregate, Frame, add_window, add_windows, apart, integer, number, only_if, over, quotient, rank,
    row_number, sorted, value, wide,
};
use crate::same::same;

/// A plan that grows by windows.
pub(super) struct Stage<'q> {
    plan: LogicalPlanBuilder,
    dimensions: &'q [BoundDimension],
    timed: bool,
    native: bool,
    done: Vec<(Bound, String)>,
}

impl<'q> Stage<'q> {
    pub(super) fn new(
        panel: Panel,
        dimensions: &'q [BoundDimension],
        grain: Option<Grain>,
        native: bool,
    ) -> Self {
        let timed = panel.timed && grain.is_some();
        Self {
            plan: LogicalPlanBuilder::from(panel.plan),
            dimensions,
            timed,
            native,
            done: Vec::new(),
        }
    }

    pub(super) fn into_plan(self) -> LogicalPlanBuilder {
        self.plan
    }

    /// Whether groups have periods.
    pub(super) fn is_timed(&self) -> bool {
        self.timed
    }

    /// Windows computed so far, with their columns.
    pub(super) fn done(&self) -> &[(Bound, String)] {
        &self.done
    }

    /// Replaces the plan, keeping all columns.
    pub(super) fn extend(
        &mut self,
        change: impl FnOnce(LogicalPlanBuilder) -> Planning<LogicalPlanBuilder>,
    ) -> Planning<()> {
        let plan = std::mem::replace(&mut self.plan, LogicalPlanBuilder::empty(false));
        self.plan = change(plan)?;
        Ok(())
    }

    /// Adds every window that these expressions need.
    pub(super) fn prepare(&mut self, exprs: &[&Bound]) -> Planning<()> {
        loop {
            let mut ready: Vec<Bound> = Vec::new();
            for expr in exprs {
                self.ready(expr, &mut ready);
            }
            if ready.is_empty() {
                return Ok(());
            }
            self.name_operands(&ready)?;
            let mut batch = Vec::new();
            for bound in ready {
                let name = format!("w{}", self.done.len() + batch.len());
                match &bound {
                    Bound::Peers(Stat::Median, inner, within) => {
                        let column = self.median(inner, within)?;
                        self.add_column(column, &name)?;
                        self.done.push((bound, name));
                        // The plan has changed; what was gathered for the batch still refers to columns in it.
                        if !batch.is_empty() {
                            self.flush(&mut batch)?;
                        }
                    }
                    Bound::Streak(condition) => {
                        let column = self.streak(condition)?;
                        self.add_column(column, &name)?;
                        self.done.push((bound, name));
                        if !batch.is_empty() {
                            self.flush(&mut batch)?;
                        }
                    }
                    _ => {
                        let window = self.window(&bound)?;
                        batch.push((bound, window, name));
                    }
                }
            }
            self.flush(&mut batch)?;
        }
    }

    /// Gives operands of windows that are more than a column a name. The planner calls a window by its whole text and writes
    /// that out at every step, and computes operands once for each window; other engines have their own ways.
    fn name_operands(&mut self, windows: &[Bound]) -> Planning<()> {
        let mut operands: Vec<&Bound> = Vec::new();
        for window in windows {
            if let Bound::Shift(inner, _) | Bound::Peers(_, inner, _) | Bound::Rank(inner, _, _) = window
                && !matches!(**inner, Bound::Leaf(_) | Bound::Number(_))
                && self.column_of(inner).is_none()
                && !operands.contains(&&**inner)
            {
                operands.push(inner);
            }
        }
        if !self.native || operands.is_empty() {
            return Ok(());
        }
        let mut columns = self.fields();
        let mut named = Vec::new();
        for operand in operands {
            let name = format!("w{}", self.done.len() + named.len());
            columns.push(self.lower(operand)?.alias(&name));
            named.push((operand.clone(), name));
        }
        self.extend(|plan| Ok(plan.project(columns)?))?;
        self.done.extend(named);
        Ok(())
    }

    /// All columns of the plan so far.
    fn fields(&self) -> Vec<Expr> {
        let fields = self.plan.schema().fields();
        fields.iter().map(|field| col(field.name().clone())).collect()
    }

    fn flush(&mut self, batch: &mut Vec<(Bound, Expr, String)>) -> Planning<()> {
        if batch.is_empty() {
            return Ok(());
        }
        let mut windows = Vec::new();
        for (bound, window, name) in batch.drain(..) {
            windows.push((name.clone(), window));
            self.done.push((bound, name));
        }
        self.extend(|plan| Ok(add_windows(plan, windows)?))
    }

    fn add_column(&mut self, column: Expr, name: &str) -> Planning<()> {
        let mut columns = self.fields();
        columns
            .retain(|column| !matches!(column, Expr::Column(column) if TEMPORARY.contains(&column.name())));
        columns.push(column.alias(name));
        let native = self.native;
        self.extend(|plan| {
            let plan = plan.project(columns)?;
            // Emitted SQL would else put a later filter beside the column, where its name is not known yet.
            Ok(if native { plan } else { apart(plan, "computed")? })
        })
    }

    /// Windows whose own operands need no further window.
    fn ready(&self, expr: &Bound, into: &mut Vec<Bound>) -> bool {
        if self.column_of(expr).is_some() {
            return true;
        }
        let inner = match expr {
            Bound::Leaf(_) | Bound::Number(_) => return true,
            Bound::Scale(inner, _) | Bound::Negate(inner) | Bound::Abs(inner) => {
                return self.ready(inner, into);
            }
            Bound::Add(left, right)
            | Bound::Subtract(left, right)
            | Bound::Multiply(left, right)
            | Bound::Divide(left, right) => {
                let left = self.ready(left, into);
                return self.ready(right, into) && left;
            }
            Bound::Coalesce(parts) => {
                // Every part is looked at, so that all windows of a level are found at once.
                return parts
                    .iter()
                    .map(|part| self.ready(part, into))
                    .filter(|ready| !ready)
                    .count()
                    == 0;
            }
            Bound::Cagr(inner, periods, _) => {
                let shifted = Bound::Shift(inner.clone(), *periods);
                let own = self.ready(inner, into);
                return self.ready(&shifted, into) && own;
            }
            Bound::Peers(Stat::Mean, inner, within) => {
                let part = |stat| Bound::Peers(stat, inner.clone(), within.clone());
                let sum = self.ready(&part(Stat::Sum), into);
                return self.ready(&part(Stat::Count), into) && sum;
            }
            Bound::Streak(condition) => self.condition_ready(condition, into),
            Bound::Shift(inner, _) | Bound::Peers(_, inner, _) | Bound::Rank(inner, _, _) => {
                self.ready(inner, into)
            }
        };
        if inner && !into.contains(expr) {
            into.push(expr.clone());
        }
        false
    }

    fn condition_ready(&self, condition: &BoundCondition, into: &mut Vec<Bound>) -> bool {
        match condition {
            BoundCondition::Compare(left, _, right) => {
                let left = self.ready(left, into);
                self.ready(right, into) && left
            }
            BoundCondition::Missing(expr, _) => self.ready(expr, into),
            BoundCondition::Not(inner) => self.condition_ready(inner, into),
            BoundCondition::All(parts) | BoundCondition::Any(parts) => {
                parts
                    .iter()
                    .map(|part| self.condition_ready(part, into))
                    .filter(|ready| !ready)
                    .count()
                    == 0
            }
        }
    }

    /// Adds every window that a condition needs.
    pub(super) fn prepare_condition(&mut self, condition: &BoundCondition) -> Planning<()> {
        match condition {
            BoundCondition::Compare(left, _, right) => self.prepare(&[left, right]),
            BoundCondition::Missing(expr, _) => self.prepare(&[expr]),
            BoundCondition::Not(inner) => self.prepare_condition(inner),
            BoundCondition::All(parts) | BoundCondition::Any(parts) => {
                parts.iter().try_for_each(|part| self.prepare_condition(part))
            }
        }
    }

    fn column_of(&self, expr: &Bound) -> Option<&str> {
        self.done
            .iter()
            .find(|(known, _)| known == expr)
            .map(|(_, name)| name.as_str())
    }

    /// The groups of the panel, without the period.
    fn group(&self) -> Vec<Expr> {
        (0..self.dimensions.len())
            .map(|index| col(dimension_column(index)))
            .collect()
    }

    /// All groups of one period, with the same values of some dimensions.
    pub(super) fn peers(&self, within: &[usize]) -> Vec<Expr> {
        let mut partition: Vec<Expr> = within.iter().map(|index| col(dimension_column(*index))).collect();
        if self.timed {
            partition.push(col("t"));
        }
        partition
    }

    fn window(&self, bound: &Bound) -> Planning<Expr> {
        Ok(match bound {
            Bound::Shift(inner, periods) => over(
                Aggregate::Max,
                self.lower(inner)?,
                self.group(),
                vec![sorted(col("t"), true)],
                &Frame::Exactly(i64::from(*periods)),
            ),
            Bound::Rank(inner, direction, within) => rank(
                self.peers(within),
                vec![sorted(self.lower(inner)?, *direction == Direction::Asc)],
            ),
            Bound::Peers(stat, inner, within) => {
                let partition = self.peers(within);
                let inner = self.lower(inner)?;
                let all = &Frame::All;
                match stat {
                    Stat::Sum => over(Aggregate::Sum, wide(inner), partition, vec![], all),
                    Stat::Min => over(Aggregate::Min, inner, partition, vec![], all),
                    Stat::Max => over(Aggregate::Max, inner, partition, vec![], all),
                    Stat::Count => over(Aggregate::Count, inner, partition, vec![], all),
                    Stat::Mean | Stat::Median => {
                        return Err(EngineError::internal("mean and median are made of other windows"));
                    }
                }
            }
            _ => return Err(EngineError::internal("not a window")),
        })
    }

    fn median(&mut self, inner: &Bound, within: &[usize]) -> Planning<Expr> {
        let inner = self.lower(inner)?;
        let partition = self.peers(within);
        self.extend(|plan| {
            Ok(add_windows(
                plan,
                median_windows("", partition.clone(), inner.clone()),
            )?)
        })?;
        let total = over(
            Aggregate::Sum,
            wide(middle("", inner)?),
            partition,
            vec![],
            &Frame::All,
        );
        self.extend(|plan| Ok(add_window(plan, "total", total)?))?;
        half_if_even(col("total"), col("places"))
    }

    /// Among rows where the condition holds, those of one unbroken run differ from their place by the same number.
    fn streak(&mut self, condition: &BoundCondition) -> Planning<Expr> {
        let holds = when(self.condition(condition)?, integer(1)).otherwise(integer(0))?;
        let group = self.group();
        let mut columns = self.fields();
        columns.push(holds.alias("holds"));
        self.extend(|plan| Ok(plan.project(columns)?))?;
        let by_time = || vec![sorted(col("t"), true)];
        let partition: Vec<Expr> = group.iter().cloned().chain([col("holds")]).collect();
        let place = row_number(partition.clone(), by_time());
        self.extend(|plan| Ok(add_window(plan, "place", place)?))?;
        let run = col("t") - cast(col("place"), DataType::Int64);
        let partition = partition.into_iter().chain([run]).collect();
        let length = row_number(partition, by_time());
        self.extend(|plan| Ok(add_window(plan, "total", length)?))?;
        let length = value(cast(col("total"), DataType::Int64));
        Ok(when(col("holds").eq(integer(1)), length).otherwise(value(integer(0)))?)
    }

    /// The expression over columns that are in the plan; windows must have been prepared.
    pub(super) fn lower(&self, bound: &Bound) -> Planning<Expr> {
        if let Some(name) = self.column_of(bound) {
            let column = col(name);
            return Ok(match bound {
                Bound::Rank(inner, _, within) => self.among_peers(
                    only_if(
                        self.lower(inner)?.is_not_null(),
                        value(cast(column, DataType::Int64)),
                    )?,
                    within,
                )?,
                Bound::Peers(_, _, within) => self.among_peers(value(column), within)?,
                _ => column,
            });
        }
        Ok(match bound {
            Bound::Leaf(index) => col(leaf_column(*index)),
            Bound::Number(decimal) => number(*decimal).ok_or_else(EngineError::overflow)?,
            Bound::Scale(inner, power) => {
                Op::PowerOfTen.call(vec![self.lower(inner)?, integer(i64::from(*power))])
            }
            Bound::Negate(inner) => {
                number(jinsheng_core::Decimal::ZERO).ok_or_else(EngineError::overflow)? - self.lower(inner)?
            }
            Bound::Add(left, right) => value(self.lower(left)? + self.lower(right)?),
            Bound::Subtract(left, right) => value(self.lower(left)? - self.lower(right)?),
            Bound::Multiply(left, right) => Op::Product.call(vec![self.lower(left)?, self.lower(right)?]),
            Bound::Divide(left, right) => quotient(self.lower(left)?, self.lower(right)?),
            Bound::Abs(inner) => {
                let inner = self.lower(inner)?;
                let zero = number(jinsheng_core::Decimal::ZERO).ok_or_else(EngineError::overflow)?;
                when(inner.clone().lt(zero.clone()), value(zero - inner.clone())).otherwise(inner)?
            }
            Bound::Coalesce(parts) => {
                let mut parts: Vec<Expr> = parts
                    .iter()
                    .map(|part| self.lower(part))
                    .collect::<Planning<_>>()?;
                let last = parts
                    .pop()
                    .ok_or_else(|| EngineError::internal("coalesce of nothing"))?;
                parts.into_iter().rev().try_fold(last, |rest, part| {
                    when(part.clone().is_not_null(), part).otherwise(rest)
                })?
            }
            Bound::Cagr(inner, periods, years) => {
                let earlier = Bound::Shift(inner.clone(), *periods);
                Op::GrowthRate.call(vec![
                    self.lower(inner)?,
                    self.lower(&earlier)?,
                    integer(i64::from(*years)),
                ])
            }
            Bound::Peers(Stat::Mean, inner, within) => {
                let part = |stat| self.lower(&Bound::Peers(stat, inner.clone(), within.clone()));
                quotient(part(Stat::Sum)?, part(Stat::Count)?)
            }
            Bound::Shift(..) | Bound::Peers(..) | Bound::Rank(..) | Bound::Streak(_) => {
                return Err(EngineError::internal("a window was not prepared"));
            }
        })
    }

    /// Missing for groups without a value of the dimensions that peers are taken within.
    fn among_peers(&self, expr: Expr, within: &[usize]) -> Planning<Expr> {
        let hidden = within
            .iter()
            .filter(|index| self.dimensions.get(**index).is_some_and(|found| found.hidden));
        match hidden
            .map(|index| col(dimension_column(*index)).is_not_null())
            .reduce(Expr::and)
        {
            Some(known) => Ok(only_if(known, expr)?),
            None => Ok(expr),
        }
    }

    /// A condition over columns of the plan.
    pub(super) fn condition(&self, condition: &BoundCondition) -> Planning<Expr> {
        let all = |parts: &[BoundCondition]| -> Planning<Vec<Expr>> {
            parts.iter().map(|part| self.condition(part)).collect()
        };
        let joined = |parts: Vec<Expr>, join: fn(Expr, Expr) -> Expr| {
            parts
                .into_iter()
                .reduce(join)
                .ok_or_else(|| EngineError::internal("an empty condition"))
        };
        Ok(match condition {
            BoundCondition::Compare(left, op, right) => {
                let (left, right) = (self.lower(left)?, self.lower(right)?);
                match op {
                    CompareOp::Eq => same(value(left), value(right)),
                    CompareOp::Ne => left.not_eq(right),
                    CompareOp::Lt => left.lt(right),
                    CompareOp::Le => left.lt_eq(right),
                    CompareOp::Gt => left.gt(right),
                    CompareOp::Ge => left.gt_eq(right),
                }
            }
            BoundCondition::Missing(expr, true) => self.lower(expr)?.is_null(),
            BoundCondition::Missing(expr, false) => self.lower(expr)?.is_not_null(),
            BoundCondition::Not(inner) => not(self.condition(inner)?),
            BoundCondition::All(parts) => joined(all(parts)?, Expr::and)?,
            BoundCondition::Any(parts) => joined(all(parts)?, Expr::or)?,
        })
    }
}

/// Helper columns that must not stay in the plan.
const TEMPORARY: [&str; 4] = ["place", "places", "total", "holds"];
