//! Expressions: metrics become leaves or their formulas, functions become arithmetic over earlier periods and peers.

mod arithmetic;
mod fold;
mod measure;

use jinsheng_core::{Grain, Unit};

use super::context::Binder;
use super::units::{Valued, align, scale};
use super::{BindError, Bound, BoundCondition, BoundFilter, Context, Leaf};
use crate::query::{ChangeKind, Condition, Expr, Form, Lag, Stat};
use arithmetic::binary;

/// What surrounds an expression.
#[derive(Debug, Clone, Default)]
pub(super) struct Options {
    /// Form that a surrounding metric or `qoq` asks of the flows inside.
    pub(super) form: Option<Form>,
    /// Form that the definition of a surrounding metric gives.
    pub(super) defined: Option<Form>,
    /// Filters of surrounding metrics.
    pub(super) filters: Vec<BoundFilter>,
    /// Names may be aliases of items.
    pub(super) aliases: bool,
    /// Inside a fold over the period.
    pub(super) in_period_fold: bool,
    /// Inside any fold: notes about bases would not have a column.
    pub(super) folded: bool,
    /// Inside a fold over dimensions.
    pub(super) finer: bool,
    /// Nesting of formulas.
    pub(super) depth: usize,
}

impl Options {
    pub(super) fn outer() -> Self {
        Self {
            aliases: true,
            ..Self::default()
        }
    }
}

type Valid = Result<Valued, BindError>;

impl Binder<'_> {
    pub(super) fn expr(&mut self, expr: &Expr, context: &mut Context, options: &Options) -> Valid {
        self.spend(1)?;
        match expr {
            Expr::Metric(metric) => self.metric(metric, context, options),
            Expr::Number(quantity) => Ok(Valued::constant(*quantity)),
            Expr::Negate(inner) => self.wrapped(inner, context, options, Bound::Negate),
            Expr::Abs(inner) => self.wrapped(inner, context, options, Bound::Abs),
            Expr::Binary(op, left, right) => {
                let left = self.expr(left, context, options)?;
                let right = self.expr(right, context, options)?;
                binary(*op, left, right, &|| expr.to_string())
            }
            Expr::Coalesce(parts) => self.coalesce(parts, context, options, expr),
            Expr::Shift(inner, lag) => {
                let periods = self.lag(*lag, expr, options)?;
                self.wrapped(inner, context, options, |inner| Bound::Shift(inner, periods))
            }
            Expr::Change(kind, inner) => self.change(*kind, inner, expr, context, options),
            Expr::Cagr(inner, years) => self.cagr(inner, *years, expr, context, options),
            Expr::Peers(stat, inner, within) => self.peers(*stat, inner, within, context, options),
            Expr::Share(inner, within) => self.share(inner, within, context, options),
            Expr::Rank(inner, direction, within) => {
                let within = self.indices(within, context)?;
                let value = self.wrapped(inner, context, options, |inner| {
                    Bound::Rank(inner, *direction, within)
                })?;
                Ok(Valued {
                    unit: Some(Unit::PLAIN),
                    ..value
                })
            }
            Expr::Over(stat, inner, what) => self.fold(*stat, inner, what, expr, context, options),
            Expr::Streak(condition) => {
                self.require_periods(expr, options)?;
                let condition = self.condition(condition, context, options)?;
                Ok(Valued::new(Bound::Streak(Box::new(condition)), Unit::PLAIN))
            }
        }
    }

    /// A function of one value that keeps its unit.
    fn wrapped(
        &mut self,
        inner: &Expr,
        context: &mut Context,
        options: &Options,
        function: impl FnOnce(Box<Bound>) -> Bound,
    ) -> Valid {
        let inner = self.expr(inner, context, options)?;
        Ok(Valued {
            expr: function(Box::new(inner.expr)),
            ..inner
        })
    }

    /// Growth a year over a number of years, in % and only approximate: a root has no exact decimal.
    fn cagr(
        &mut self,
        inner: &Expr,
        years: u32,
        whole: &Expr,
        context: &mut Context,
        options: &Options,
    ) -> Valid {
        let lag = Lag {
            count: years,
            grain: Grain::Year,
        };
        let periods = self.lag(lag, whole, options)?;
        let inner = self.expr(inner, context, options)?;
        Ok(Valued {
            expr: Bound::Cagr(Box::new(inner.expr), periods, years),
            unit: Some(Unit::PERCENT),
            bare: 0,
            approximate: true,
        })
    }

    /// A statistic over the groups of one period, in the unit of the value unless it counts them.
    fn peers(
        &mut self,
        stat: Stat,
        inner: &Expr,
        within: &[String],
        context: &mut Context,
        options: &Options,
    ) -> Valid {
        let within = self.indices(within, context)?;
        let value = self.wrapped(inner, context, options, |inner| Bound::Peers(stat, inner, within))?;
        let unit = if stat == Stat::Count {
            Some(Unit::COUNT)
        } else {
            value.unit
        };
        Ok(Valued { unit, ..value })
    }

    /// A value as % of the sum over its peers.
    fn share(&mut self, inner: &Expr, within: &[String], context: &mut Context, options: &Options) -> Valid {
        let within = self.indices(within, context)?;
        let inner = self.expr(inner, context, options)?;
        self.spend(inner.expr.nodes())?;
        let sum = Bound::Peers(Stat::Sum, Box::new(inner.expr.clone()), within);
        let share = Bound::Divide(Box::new(inner.expr), Box::new(sum));
        Ok(Valued {
            expr: scale(share, 2),
            unit: Some(Unit::PERCENT),
            bare: 0,
            approximate: inner.approximate,
        })
    }

    fn coalesce(&mut self, parts: &[Expr], context: &mut Context, options: &Options, whole: &Expr) -> Valid {
        let mut values: Vec<Valued> = Vec::new();
        for part in parts {
            values.push(self.expr(part, context, options)?);
        }
        let unit = values.iter().find_map(|value| value.unit);
        let approximate = values.iter().any(|value| value.approximate);
        let text = || whole.to_string();
        let parts = values
            .into_iter()
            .map(|value| match unit {
                Some(unit) => value.in_unit(unit, &text).map(|value| value.expr),
                None => Ok(value.plain().expr),
            })
            .collect::<Result<_, _>>()?;
        Ok(Valued {
            expr: Bound::Coalesce(parts),
            unit,
            bare: 0,
            approximate,
        })
    }

    fn change(
        &mut self,
        kind: ChangeKind,
        inner: &Expr,
        whole: &Expr,
        context: &mut Context,
        options: &Options,
    ) -> Valid {
        let quarter_on_quarter = matches!(kind, ChangeKind::Qoq | ChangeKind::QoqDiff);
        let periods = if quarter_on_quarter {
            self.require_periods(whole, options)?;
            1
        } else {
            self.lag(
                Lag {
                    count: 1,
                    grain: Grain::Year,
                },
                whole,
                options,
            )?
        };
        let mut options = options.clone();
        if quarter_on_quarter && options.form.is_none() {
            options.form = Some(Form::Single);
        }
        let now = self.expr(inner, context, &options)?;
        // Thrice: now, earlier in the difference, earlier below the line or among the bases.
        self.spend(now.expr.nodes().saturating_mul(3))?;
        let earlier = Bound::Shift(Box::new(now.expr.clone()), periods);
        let difference = Bound::Subtract(Box::new(now.expr), Box::new(earlier.clone()));
        if matches!(kind, ChangeKind::YoyDiff | ChangeKind::QoqDiff) {
            let unit = now.unit.map(Unit::difference);
            return Ok(Valued {
                expr: difference,
                unit,
                bare: 0,
                approximate: now.approximate,
            });
        }
        if !options.folded && !self.bases.contains(&earlier) {
            self.bases.push(earlier.clone());
        }
        let growth = Bound::Divide(Box::new(difference), Box::new(Bound::Abs(Box::new(earlier))));
        Ok(Valued {
            expr: scale(growth, 2),
            unit: Some(Unit::PERCENT),
            bare: 0,
            approximate: now.approximate,
        })
    }

    fn require_periods(&self, whole: &Expr, options: &Options) -> Result<Grain, BindError> {
        match self.grain {
            Some(grain) if !self.folds_period || options.in_period_fold => Ok(grain),
            _ => Err(BindError::NoTime {
                what: whole.to_string(),
            }),
        }
    }

    fn lag(&self, lag: Lag, whole: &Expr, options: &Options) -> Result<u32, BindError> {
        let grain = self.require_periods(whole, options)?;
        let refused = || BindError::Lag {
            text: whole.to_string(),
            grain,
        };
        if lag.grain == grain {
            return if lag.count > 0 {
                Ok(lag.count)
            } else {
                Err(refused())
            };
        }
        let (own, asked) = (
            grain.per_year().ok_or_else(refused)?,
            lag.grain.per_year().ok_or_else(refused)?,
        );
        let total = i64::from(lag.count) * i64::from(own);
        if total % i64::from(asked) != 0 || total == 0 {
            return Err(refused());
        }
        u32::try_from(total / i64::from(asked)).map_err(|_| refused())
    }

    pub(super) fn condition(
        &mut self,
        condition: &Condition,
        context: &mut Context,
        options: &Options,
    ) -> Result<BoundCondition, BindError> {
        let mut all = |binder: &mut Self, parts: &[Condition]| -> Result<Vec<BoundCondition>, BindError> {
            parts
                .iter()
                .map(|part| binder.condition(part, context, options))
                .collect()
        };
        Ok(match condition {
            Condition::All(parts) => BoundCondition::All(all(self, parts)?),
            Condition::Any(parts) => BoundCondition::Any(all(self, parts)?),
            Condition::Not(inner) => BoundCondition::Not(Box::new(self.condition(inner, context, options)?)),
            Condition::Missing(expr, missing) => {
                BoundCondition::Missing(self.expr(expr, context, options)?.expr, *missing)
            }
            Condition::Compare(left, op, right) => {
                let left = self.expr(left, context, options)?;
                let right = self.expr(right, context, options)?;
                let (left, right) = align(left, right, &|| condition.to_string())?;
                BoundCondition::Compare(left.expr, *op, right.expr)
            }
        })
    }
}

fn leaf_index(context: &mut Context, leaf: Leaf) -> usize {
    if let Some(index) = context.leaves.iter().position(|known| *known == leaf) {
        return index;
    }
    context.leaves.push(leaf);
    context.leaves.len() - 1
}
