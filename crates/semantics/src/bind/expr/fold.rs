//! Folds: a statistic over finer groups, or over the shown periods.

use jinsheng_core::Unit;

use super::super::context::Binder;
use super::super::survey::{names_metric, withins};
use super::super::units::Valued;
use super::super::{BindError, Bound, Context, FoldLeaf, Leaf};
use super::{Options, Valid, leaf_index};
use crate::query::{Expr, OverWhat, Stat};

impl Binder<'_> {
    pub(super) fn fold(
        &mut self,
        stat: Stat,
        inner: &Expr,
        what: &OverWhat,
        whole: &Expr,
        context: &mut Context,
        options: &Options,
    ) -> Valid {
        if !names_metric(inner) {
            return Err(BindError::Misplaced {
                text: whole.to_string(),
                why: ("折叠里没有用到任何指标", "the fold names no metric"),
            });
        }
        if *what == OverWhat::Period {
            return self.fold_period(stat, inner, whole, context, options);
        }
        let mut finer = Context {
            dimensions: context.dimensions.clone(),
            leaves: Vec::new(),
        };
        if let OverWhat::Dimensions(names) = what {
            for name in names {
                let dimension = self.dimension(name)?;
                // What was hidden outside is asked for here.
                match finer
                    .dimensions
                    .iter_mut()
                    .find(|known| known.dimension == dimension.dimension)
                {
                    Some(known) => known.hidden = false,
                    None => finer.dimensions.push(dimension),
                }
            }
        }
        let mut within = Vec::new();
        withins(self.catalog, inner, &mut within, 0);
        let within: Vec<String> = within.into_iter().map(str::to_owned).collect();
        for name in &within {
            let dimension = self.dimension(name)?;
            self.require_dimension(&dimension.dimension, name, &mut finer)?;
        }
        let options = Options {
            folded: true,
            finer: true,
            ..options.clone()
        };
        let value = self.expr(inner, &mut finer, &options)?;
        if needs_time(&value.expr) && !self.has_time(&finer) {
            return Err(BindError::NoTime {
                what: whole.to_string(),
            });
        }
        self.spend_leaf(context)?;
        let leaf = FoldLeaf {
            stat,
            inner: value.expr.clone(),
            context: finer,
            over_period: false,
        };
        Ok(folded(stat, value, leaf, context))
    }

    /// A fold over the shown periods, for the groups as they are.
    fn fold_period(
        &mut self,
        stat: Stat,
        inner: &Expr,
        whole: &Expr,
        context: &mut Context,
        options: &Options,
    ) -> Valid {
        if options.in_period_fold || options.finer {
            return Err(BindError::Misplaced {
                text: whole.to_string(),
                why: (
                    "over period 不可写在另一个折叠里",
                    "a fold over the period stands inside no other fold",
                ),
            });
        }
        let fresh = || Context {
            dimensions: context.dimensions.clone(),
            leaves: Vec::new(),
        };
        let mut shared = self.period_context.take().unwrap_or_else(fresh);
        let options = Options {
            in_period_fold: true,
            folded: true,
            ..options.clone()
        };
        let value = self.expr(inner, &mut shared, &options);
        self.period_context = Some(shared);
        let value = value?;
        self.spend_leaf(context)?;
        // The context is filled in at the end, when all folds have added their leaves.
        let leaf = FoldLeaf {
            stat,
            inner: value.expr.clone(),
            context: Context::default(),
            over_period: true,
        };
        Ok(folded(stat, value, leaf, context))
    }

    /// Whether a context has a leaf with periods.
    fn has_time(&self, context: &Context) -> bool {
        context.leaves.iter().any(|leaf| match leaf {
            Leaf::Measure(leaf) => self
                .catalog
                .table(&leaf.table)
                .is_some_and(|table| table.period.is_some()),
            Leaf::Fold(fold) => self.has_time(&fold.context),
        })
    }
}

fn folded(stat: Stat, value: Valued, leaf: FoldLeaf, context: &mut Context) -> Valued {
    let unit = if stat == Stat::Count {
        Some(Unit::COUNT)
    } else {
        value.unit
    };
    let expr = Bound::Leaf(leaf_index(context, Leaf::Fold(Box::new(leaf))));
    Valued { expr, unit, ..value }
}

/// Whether an expression looks at earlier periods.
fn needs_time(expr: &Bound) -> bool {
    match expr {
        Bound::Shift(..) | Bound::Cagr(..) | Bound::Streak(_) => true,
        Bound::Leaf(_) | Bound::Number(_) => false,
        Bound::Scale(inner, _)
        | Bound::Negate(inner)
        | Bound::Abs(inner)
        | Bound::Peers(_, inner, _)
        | Bound::Rank(inner, _, _) => needs_time(inner),
        Bound::Add(left, right)
        | Bound::Subtract(left, right)
        | Bound::Multiply(left, right)
        | Bound::Divide(left, right) => needs_time(left) || needs_time(right),
        Bound::Coalesce(parts) => parts.iter().any(needs_time),
    }
}
