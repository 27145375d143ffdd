//! How large a bound Query may become: `yoy` holds its value three times, so nested ones would grow without end.

use super::context::Binder;
use super::{BindError, Bound, Context};

/// Most values in a bound Query. Engines plan each of them.
const MAX_NODES: usize = 20_000;

impl Binder<'_> {
    /// Counts values that are about to be made.
    pub(super) fn spend(&mut self, nodes: usize) -> Result<(), BindError> {
        self.spent = self.spent.saturating_add(nodes);
        if self.spent > MAX_NODES {
            return Err(BindError::TooLarge);
        }
        Ok(())
    }

    /// Counts a leaf, which is compared with all that are there: many cost more than each for itself.
    pub(super) fn spend_leaf(&mut self, context: &Context) -> Result<(), BindError> {
        self.spend(context.leaves.len() / 8)
    }
}

impl Bound {
    /// Values in it, itself included.
    pub(super) fn nodes(&self) -> usize {
        1 + self.children().into_iter().map(Self::nodes).sum::<usize>()
    }
}
