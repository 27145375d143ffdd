//! Flows of one quarter alone, where the question says so.

use super::Builder;
use crate::catalog::TimeBehaviour;
use crate::query::{Expr, Form, MetricRef};

impl Builder<'_> {
    /// Flows count for the period alone.
    pub(super) fn single(&mut self) {
        let catalog = self.catalog;
        let flow = |metric: &MetricRef| {
            metric.form.is_none()
                && catalog
                    .metric(&metric.name)
                    .and_then(|metric| catalog.behaviour(metric))
                    .is_none_or(|time| matches!(time, TimeBehaviour::FlowYtd))
        };
        let turn = |expr: &mut Expr| {
            // The stored growth rate is that of the year so far; of the quarter alone it is computed.
            if let Expr::Metric(metric) = expr
                && let Some(growth) = catalog
                    .metric(&metric.name)
                    .and_then(|metric| metric.growth_of.as_ref())
            {
                *expr = Expr::Change(
                    growth.change,
                    Box::new(Expr::Metric(MetricRef::plain(&growth.metric))),
                );
            }
            each_metric(expr, &mut |metric| {
                if flow(metric) {
                    metric.form = Some(Form::Single);
                }
            });
        };
        for value in &mut self.frame.values {
            turn(&mut value.expr);
        }
        if let Some(by) = self.frame.top.as_mut().and_then(|top| top.by.as_mut()) {
            turn(by);
        }
    }
}

/// Every metric of an expression.
fn each_metric(expr: &mut Expr, change: &mut dyn FnMut(&mut MetricRef)) {
    match expr {
        Expr::Metric(metric) => change(metric),
        Expr::Number(_) | Expr::Streak(_) => {}
        Expr::Negate(inner)
        | Expr::Abs(inner)
        | Expr::Shift(inner, _)
        | Expr::Change(_, inner)
        | Expr::Cagr(inner, _)
        | Expr::Peers(_, inner, _)
        | Expr::Share(inner, _)
        | Expr::Rank(inner, _, _)
        | Expr::Over(_, inner, _) => each_metric(inner, change),
        Expr::Binary(_, left, right) => {
            each_metric(left, change);
            each_metric(right, change);
        }
        Expr::Coalesce(parts) => parts.iter_mut().for_each(|part| each_metric(part, change)),
    }
}
