//! Flows of one quarter alone, where the question says so.

use super::Builder;
use super::nodes::each_node;
use crate::catalog::TimeBehaviour;
use crate::query::{Expr, Form, MetricRef};

impl Builder<'_> {
    /// Flows count from the start of the year.
    ///
    /// Whether there is any.
    pub(super) fn so_far(&mut self) -> bool {
        let catalog = self.catalog;
        let mut any = false;
        for value in &mut self.frame.values {
            each_metric(&mut value.expr, &mut |metric| {
                let flow = catalog
                    .metric(&metric.name)
                    .and_then(|held| catalog.behaviour(held))
                    .is_some_and(|time| matches!(time, TimeBehaviour::Flow | TimeBehaviour::FlowYtd));
                any |= flow;
                if flow && metric.form.is_none() {
                    metric.form = Some(Form::Ytd);
                }
            });
        }
        any
    }

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
        // 单季毛利率: a ratio of flows is that of the quarter's own flows, if it is known of what.
        let of_quarter = |metric: &MetricRef| -> Option<Expr> {
            let held = catalog.metric(&metric.name)?;
            let rate = catalog.behaviour(held) == Some(TimeBehaviour::Rate);
            if !rate || held.growth_of.is_some() || *metric != MetricRef::plain(&metric.name) {
                return None;
            }
            let mut formula = catalog.formula(&metric.name)?.clone();
            let mut flows = false;
            each_metric(&mut formula, &mut |metric| flows |= ytd(catalog, metric));
            flows.then_some(formula)
        };
        let turn = |expr: &mut Expr| {
            each_node(expr, &mut |node| match node {
                Expr::Metric(metric) => of_quarter(metric),
                _ => None,
            });
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

/// Whether a metric is read from a flow that counts from the start of the year.
fn ytd(catalog: &crate::catalog::Catalog, metric: &MetricRef) -> bool {
    catalog
        .metric(&metric.name)
        .and_then(|metric| catalog.behaviour(metric))
        .is_some_and(|time| matches!(time, TimeBehaviour::FlowYtd))
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
