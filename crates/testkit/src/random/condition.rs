//! Random conditions on values.

use jinsheng_semantics::query::{CompareOp, Condition, Expr};

use super::query::Maker;

impl Maker<'_> {
    /// A condition for `having`: on aliases or on values of its own.
    pub(super) fn condition(&mut self, cut: &[usize], depth: u32) -> Condition {
        self.joined(cut, depth, &mut |maker| maker.known_value(cut))
    }

    /// A condition inside an expression, such as a streak's.
    pub(super) fn condition_of(&mut self, cut: &[usize], expr_depth: u32, depth: u32) -> Condition {
        self.joined(cut, depth, &mut |maker| maker.expr(cut, expr_depth))
    }

    fn joined(&mut self, cut: &[usize], depth: u32, value: &mut dyn FnMut(&mut Self) -> Expr) -> Condition {
        let nested = if depth == 0 { 0 } else { 1 };
        match self.rng.weighted(&[
            (60, 0),
            (8, 1),
            (10 * nested, 2),
            (11 * nested, 3),
            (11 * nested, 4),
        ]) {
            Some(1) => Condition::Missing(value(self), self.rng.percent(50)),
            Some(2) => Condition::Not(Box::new(self.joined(cut, depth - 1, value))),
            Some(kind @ (3 | 4)) => {
                let count = self.rng.between(2, 3);
                let parts = (0..count).map(|_| self.joined(cut, depth - 1, value)).collect();
                if kind == 3 {
                    Condition::All(parts)
                } else {
                    Condition::Any(parts)
                }
            }
            _ => {
                let left = value(self);
                let right = if self.rng.percent(75) {
                    Expr::Number(self.number_near(&left))
                } else {
                    self.like_top(&left, cut)
                };
                let ops = [
                    (1, CompareOp::Eq),
                    (1, CompareOp::Ne),
                    (3, CompareOp::Lt),
                    (3, CompareOp::Le),
                    (5, CompareOp::Gt),
                    (3, CompareOp::Ge),
                ];
                let op = self.rng.weighted(&ops).unwrap_or(CompareOp::Gt);
                Condition::Compare(left, op, right)
            }
        }
    }

    /// The other side of a comparison: where values are folds over periods, one of these.
    fn like_top(&mut self, left: &Expr, cut: &[usize]) -> Expr {
        if self.folded {
            self.value(cut, 1)
        } else {
            self.like(left, cut)
        }
    }
}
