//! One figure from two sources, and how far they are apart.

use jinsheng_core::{Decimal, Quantity, Unit};

use super::tables::tables_read;
use super::{Builder, Built, refuse};
use crate::ask::Refusal;
use crate::ask::clause::Flag;
use crate::ask::piece::Value;
use crate::ask::rules::subtract;
use crate::query::{CompareOp, Condition, Expr, MetricRef};

impl Builder<'_> {
    /// 业绩指标表与利润表 are named as sources of one figure: both are shown, and their difference.
    pub(super) fn sources(&mut self) -> Built<()> {
        // 资产是否等于负债加权益: the two sides of the equation.
        let equation = self.frame.conditions.iter().position(
            |condition| matches!(condition, Condition::Compare(_, CompareOp::Eq, right) if !matches!(right, Expr::Number(_))),
        );
        let checks = self.frame.has(Flag::Agree)
            || self.frame.has(Flag::Differ)
            || self.frame.has(Flag::Same) && !self.frame.tables.is_empty()
            || self.frame.has(Flag::Same) && self.frame.values.len() == 2 && self.frame.attributes.is_empty()
            || self.frame.has(Flag::Whether) && equation.is_some();
        if !checks {
            return Ok(());
        }
        let metrics: Vec<Value> = self.frame.values.clone();
        let sides = equation.map(|index| self.frame.conditions.remove(index));
        let pair = match metrics.as_slice() {
            _ if let Some(Condition::Compare(left, _, right)) = sides => Some((left, right)),
            [left, right, ..] => Some((left.expr.clone(), right.expr.clone())),
            [one] => self.other_source(&one.expr),
            [] => None,
        };
        let Some((left, right)) = pair else {
            return refuse(Refusal::new(
                "no_other_source",
                "这个指标只有一个来源，无从核对",
                "this figure has one source only, so there is nothing to check it against",
            ));
        };
        let apart = Expr::Abs(Box::new(subtract(left.clone(), right.clone())));
        self.frame.values = vec![
            Value::new(left, ""),
            Value::new(right, ""),
            Value::new(apart.clone(), ""),
        ];
        if self.frame.has(Flag::Differ) && self.frame.subjects.is_empty() {
            let zero = Expr::Number(Quantity::new(Decimal::ZERO, Unit::PLAIN));
            self.frame
                .conditions
                .push(Condition::Compare(apart, CompareOp::Ne, zero));
        }
        self.tables = tables_read(self.catalog, &self.exprs());
        Ok(())
    }

    /// The figure and the same from another table, or by its formula.
    fn other_source(&self, expr: &Expr) -> Option<(Expr, Expr)> {
        let Expr::Metric(metric) = expr else { return None };
        let definition = self.catalog.metric(&metric.name)?;
        let other = definition
            .alternatives
            .first()
            .and_then(|other| other.split_once('.'))
            .map(|(table, _)| table.to_owned())
            .or_else(|| {
                (definition.measure.is_some() && definition.formula.is_some()).then(|| "formula".to_owned())
            })?;
        let variant = Expr::Metric(MetricRef {
            variant: Some(other),
            ..metric.clone()
        });
        Some((expr.clone(), variant))
    }
}
