//! Growth rates over years: over how many follows from the periods.

use super::nodes::each_expr;
use super::{Builder, Built};
use crate::ask::span::Spans;
use crate::ask::{Clarify, Reading};
use crate::query::Expr;

impl Builder<'_> {
    /// Growth rates over years need to know how many.
    pub(super) fn growth_over(&mut self, spans: &Spans) -> Built<()> {
        let years = spans.years;
        let mut asked = false;
        let mut set = |expr: &mut Expr| fill_cagr(expr, years.unwrap_or(0), &mut asked);
        for value in &mut self.frame.values {
            set(&mut value.expr);
        }
        if let Some(by) = self.frame.top.as_mut().and_then(|top| top.by.as_mut()) {
            set(by);
        }
        for condition in &mut self.frame.conditions {
            each_expr(condition, &mut set);
        }
        if asked && years.is_none() {
            return Err(Reading::Clarify(Clarify {
                question: (
                    "复合增长率从哪一年到哪一年？".to_owned(),
                    "growth from which year to which?".to_owned(),
                ),
                options: Vec::new(),
                frame: Some(Box::new(self.frame.clone())),
            }));
        }
        Ok(())
    }
}

/// Whether a growth rate over years is a part of a value.
pub(super) fn holds_cagr(expr: &Expr) -> bool {
    matches!(expr, Expr::Cagr(..)) || expr.parts().into_iter().any(holds_cagr)
}

/// Puts the number of years where none is known yet; `asked` tells that there was such a place.
fn fill_cagr(expr: &mut Expr, years: u32, asked: &mut bool) {
    match expr {
        Expr::Cagr(_, count) if *count == 0 => {
            *asked = true;
            *count = years;
        }
        Expr::Abs(inner) | Expr::Peers(_, inner, _) | Expr::Rank(inner, _, _) | Expr::Over(_, inner, _) => {
            fill_cagr(inner, years, asked);
        }
        _ => {}
    }
}
