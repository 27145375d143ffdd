//! What surrounds an expression while it is bound: the groups it is computed for, forms and filters from outside.

use jinsheng_semantics::query::{Filter, Form};

#[derive(Clone, Default)]
pub(super) struct Context {
    /// Levels from the result's to the one at which the expression is computed.
    pub(super) levels: Vec<usize>,
    /// Form written behind a formula that the expression is part of; goes to every flow.
    pub(super) written: Option<Form>,
    /// True inside `qoq`: flows without a written form are single periods.
    pub(super) single: bool,
    /// Form that the definition of a formula metric gives.
    pub(super) defined: Option<Form>,
    /// Filters in brackets behind a formula that the expression is part of.
    pub(super) filters: Vec<Filter>,
    /// True where aliases stand for items.
    pub(super) aliases: bool,
    /// True inside `over period`.
    pub(super) over_period: bool,
    /// Formulas around the expression.
    pub(super) depth: usize,
}

impl Context {
    /// The level at which the expression is computed.
    pub(super) fn level(&self) -> usize {
        self.levels.last().copied().unwrap_or(0)
    }
}
