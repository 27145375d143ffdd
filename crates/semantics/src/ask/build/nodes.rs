//! Walks over the expressions of a frame.

use crate::query::{Condition, Expr};

/// The outermost expressions of a condition.
pub(super) fn each_expr(condition: &mut Condition, change: &mut dyn FnMut(&mut Expr)) {
    match condition {
        Condition::Compare(left, _, right) => {
            change(left);
            change(right);
        }
        Condition::Missing(expr, _) => change(expr),
        Condition::Not(inner) => each_expr(inner, change),
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter_mut().for_each(|part| each_expr(part, change));
        }
    }
}

/// Every expression within one, from outside: replaced where `new` says by what.
pub(super) fn each_node(expr: &mut Expr, new: &mut dyn FnMut(&Expr) -> Option<Expr>) {
    if let Some(other) = new(expr) {
        *expr = other;
        return;
    }
    match expr {
        Expr::Metric(_) | Expr::Number(_) | Expr::Streak(_) => {}
        Expr::Negate(inner)
        | Expr::Abs(inner)
        | Expr::Shift(inner, _)
        | Expr::Change(_, inner)
        | Expr::Cagr(inner, _)
        | Expr::Peers(_, inner, _)
        | Expr::Share(inner, _)
        | Expr::Rank(inner, _, _)
        | Expr::Over(_, inner, _) => each_node(inner, new),
        Expr::Binary(_, left, right) => {
            each_node(left, new);
            each_node(right, new);
        }
        Expr::Coalesce(parts) => parts.iter_mut().for_each(|part| each_node(part, new)),
    }
}
