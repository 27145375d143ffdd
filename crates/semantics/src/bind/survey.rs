//! What an expression names and looks at, found without binding it.

use super::context::MAX_FORMULA_DEPTH;
use crate::catalog::Catalog;
use crate::query::{Expr, MetricRef, OverWhat};

/// Dimensions of `within` in an expression, not inside folds, whose groups are finer.
pub(super) fn withins<'e>(catalog: &'e Catalog, expr: &'e Expr, into: &mut Vec<&'e str>, depth: usize) {
    if depth > MAX_FORMULA_DEPTH {
        return;
    }
    if let Expr::Peers(_, _, within) | Expr::Share(_, within) | Expr::Rank(_, _, within) = expr {
        into.extend(within.iter().map(String::as_str));
    }
    // Only a formula that is computed: one that merely checks a column may lead back to it.
    if let Expr::Metric(metric) = expr
        && (metric.variant.as_deref() == Some("formula")
            || catalog
                .metric(&metric.name)
                .is_some_and(|definition| definition.measure.is_none()))
        && let Some(formula) = catalog.formula(&metric.name)
    {
        withins(catalog, formula, into, depth + 1);
    }
    // Folds over the period keep the groups; those over dimensions have finer ones of their own.
    if !matches!(expr, Expr::Over(_, _, OverWhat::Dimensions(_))) {
        for part in expr.parts() {
            withins(catalog, part, into, depth);
        }
    }
}

/// Whether an expression uses a metric at all.
pub(super) fn names_metric(expr: &Expr) -> bool {
    matches!(expr, Expr::Metric(_)) || expr.parts().into_iter().any(names_metric)
}

/// A part that looks at other periods or groups, but of a constant.
pub(super) fn over_nothing(expr: &Expr) -> Option<&Expr> {
    let looks_elsewhere = match expr {
        Expr::Shift(..)
        | Expr::Change(..)
        | Expr::Cagr(..)
        | Expr::Peers(..)
        | Expr::Share(..)
        | Expr::Rank(..)
        | Expr::Over(..)
        | Expr::Streak(_) => true,
        Expr::Metric(_)
        | Expr::Number(_)
        | Expr::Negate(_)
        | Expr::Binary(..)
        | Expr::Abs(_)
        | Expr::Coalesce(_) => false,
    };
    if looks_elsewhere && !names_metric(expr) {
        return Some(expr);
    }
    expr.parts().into_iter().find_map(over_nothing)
}

pub(super) fn folds_period(expr: &Expr) -> bool {
    matches!(expr, Expr::Over(_, _, OverWhat::Period)) || expr.parts().into_iter().any(folds_period)
}

pub(super) fn metrics_of(expr: &Expr) -> Vec<&MetricRef> {
    match expr {
        Expr::Metric(metric) => vec![metric],
        other => other.parts().into_iter().flat_map(metrics_of).collect(),
    }
}
