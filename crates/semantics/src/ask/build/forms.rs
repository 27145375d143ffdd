//! Flows of one quarter alone, where the question says so.

use super::Builder;
use super::nodes::each_node;
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
    each_node(expr, &mut |node| match node {
        Expr::Metric(metric) => {
            let mut metric = metric.clone();
            change(&mut metric);
            Some(Expr::Metric(metric))
        }
        _ => None,
    });
}
