//! How large and how deep a Query may be, so that whatever reads, binds, prints or drops it stays in bounds.

use std::collections::HashMap;
use std::fmt::{self, Write};

use super::super::lexer::{Placed, Token};
use super::super::{Condition, Expr, OrderKey, Query};
use super::{MAX_DEPTH, MAX_LENGTH, Parsed, SyntaxError};

/// Refuses what is nested too deeply, or prints as a line that is too long to be read back.
pub(super) fn fits(printed: &impl fmt::Display, depth: usize) -> Parsed<()> {
    let mut room = Room(MAX_LENGTH);
    if depth > MAX_DEPTH || write!(room, "{printed}").is_err() {
        return Err(SyntaxError::TooLarge { at: 0 });
    }
    Ok(())
}

/// Takes so many characters and keeps none.
struct Room(usize);

impl Write for Room {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.checked_sub(text.chars().count()).ok_or(fmt::Error)?;
        Ok(())
    }
}

/// For each `(`, the place behind its `)`.
pub(super) fn behind_brackets(tokens: &[Placed]) -> HashMap<usize, usize> {
    let mut open = Vec::new();
    let mut behind = HashMap::new();
    for (place, placed) in tokens.iter().enumerate() {
        match placed.token {
            Token::Sign("(") => open.push(place),
            Token::Sign(")") => {
                if let Some(start) = open.pop() {
                    behind.insert(start, place + 1);
                }
            }
            _ => {}
        }
    }
    behind
}

impl Query {
    /// Levels of its deepest value.
    pub(super) fn depth(&self) -> usize {
        let items = self.items.iter().map(|item| item.expr.depth());
        let having = self.having.iter().map(Condition::depth);
        let top = self.top.iter().map(|top| top.by.depth());
        let order = self.order.iter().map(|key| match &key.by {
            OrderKey::Value(expr) => expr.depth(),
            OrderKey::Dimension(_) | OrderKey::Period => 0,
        });
        deepest(items.chain(having).chain(top).chain(order))
    }
}

impl Expr {
    /// Levels of values and conditions; 1 for a metric or a number.
    pub(crate) fn depth(&self) -> usize {
        1 + match self {
            Self::Streak(condition) => condition.depth(),
            other => deepest(other.parts().into_iter().map(Self::depth)),
        }
    }

    /// Values in it, itself included.
    pub(crate) fn nodes(&self) -> usize {
        1 + self.parts().into_iter().map(Self::nodes).sum::<usize>()
    }
}

impl Condition {
    /// As [`Expr::depth`].
    pub(super) fn depth(&self) -> usize {
        1 + match self {
            Self::Compare(left, _, right) => left.depth().max(right.depth()),
            Self::Missing(expr, _) => expr.depth(),
            Self::Not(inner) => inner.depth(),
            Self::All(parts) | Self::Any(parts) => deepest(parts.iter().map(Self::depth)),
        }
    }
}

fn deepest(depths: impl Iterator<Item = usize>) -> usize {
    depths.max().unwrap_or(0)
}
