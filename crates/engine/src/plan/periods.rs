//! Which periods a Query shows and which ones must be read for them.

use std::collections::BTreeSet;

use datafusion::logical_expr::LogicalPlanBuilder;
use jinsheng_core::{Grain, Period};
use jinsheng_semantics::bind::{Bound, BoundCondition, BoundOrder, Context, Leaf};
use jinsheng_semantics::catalog::TimeBehaviour;
use jinsheng_semantics::query::{Form, Periods};

use super::{Planner, Planning, col, per_year};
use crate::functions::{Aggregate, Frame, add_window, integer, over};
use crate::same::same;

/// Up to so many periods are read one by one.
const MOST_PERIODS: usize = 4;

/// Shown periods with the earlier ones that they need, as indices at the Query's grain.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// First index, if there is one.
    pub(super) from: Option<i32>,
    /// Last index.
    pub(super) to: i32,
    /// Grain of the indices.
    pub(super) grain: Grain,
}

impl Bounds {
    /// The one period that is read, if it is one.
    pub(super) fn only(self) -> Option<i32> {
        let whole = Period::new(self.grain, self.to);
        let exact = whole.first_day().is_some() && whole.last_day().is_some();
        (exact && self.from == Some(self.to)).then_some(self.to)
    }
}

impl Planner<'_> {
    /// Rows of the shown periods alone.
    pub(super) fn keep_periods(&self, plan: LogicalPlanBuilder) -> Planning<LogicalPlanBuilder> {
        let Some(periods) = &self.query.periods else {
            return Ok(plan);
        };
        if self.native && self.reads_shown_periods_only(periods) {
            return Ok(plan);
        }
        Ok(match periods {
            Periods::At(list) => {
                let mut indices: Vec<i64> = list.iter().map(|period| i64::from(period.index())).collect();
                indices.sort_unstable();
                indices.dedup();
                match indices.as_slice() {
                    [only] => plan.filter(same(col("t"), integer(*only)))?,
                    several => plan.filter(
                        col("t").in_list(several.iter().map(|index| integer(*index)).collect(), false),
                    )?,
                }
            }
            Periods::Range(from, to) if from == to => {
                plan.filter(same(col("t"), integer(i64::from(from.index()))))?
            }
            Periods::Range(from, to) => plan.filter(
                col("t")
                    .gt_eq(integer(i64::from(from.index())))
                    .and(col("t").lt_eq(integer(i64::from(to.index())))),
            )?,
            Periods::Last(count, _) => {
                let latest = over(Aggregate::Max, col("t"), vec![], vec![], &Frame::All);
                add_window(plan, "latest", latest)?
                    .filter(col("t").gt(col("latest") - integer(i64::from(*count))))?
            }
            Periods::Each(_) => plan,
        })
    }

    /// Whether rows of other periods than the shown ones are not even read.
    fn reads_shown_periods_only(&self, periods: &Periods) -> bool {
        let Some(bounds) = self.bounds() else { return false };
        let read = |from: i32, to: i32| {
            let whole = |index| Period::new(bounds.grain, index);
            let exact = whole(from).first_day().is_some() && whole(to).last_day().is_some();
            exact && bounds.from == Some(from) && bounds.to == to
        };
        match periods {
            Periods::At(list) => match list.as_slice() {
                [only] => read(only.index(), only.index()),
                _ => false,
            },
            Periods::Range(from, to) => read(from.index(), to.index()),
            Periods::Last(1, _) => bounds.only().is_some(),
            Periods::Last(..) | Periods::Each(_) => false,
        }
    }

    /// The periods that must be read for those that are shown; `None` when that is not known beforehand.
    pub(super) fn bounds(&self) -> Option<Bounds> {
        let grain = self.query.grain?;
        let (from, to) = match self.query.periods.as_ref()? {
            Periods::At(list) => {
                let indices = list.iter().map(|period| period.index());
                (indices.clone().min()?, indices.max()?)
            }
            Periods::Range(from, to) => (from.index(), to.index()),
            Periods::Last(count, _) => {
                let latest = self.latest?;
                let before = i32::try_from(*count).ok()?.checked_sub(1)?;
                (latest.checked_sub(before)?, latest)
            }
            Periods::Each(_) => return None,
        };
        let mut back = self.form_lookback(&self.query.context, grain);
        let mut most = Some(0_u32);
        for expr in self.exprs() {
            most = most
                .zip(lookback(expr, &self.query.context))
                .map(|(known, own)| known.max(own));
        }
        back = back.zip(most.map(i64::from)).map(|(forms, own)| forms + own);
        let from = back.and_then(|back| i32::try_from(i64::from(from) - back).ok());
        Some(Bounds { from, to, grain })
    }

    /// The few periods that must be read, if they are few: each can be read for itself, and those between them not at all.
    pub(super) fn few(&self, bounds: Bounds) -> Option<Vec<Bounds>> {
        let (from, to) = match self.query.periods.as_ref()? {
            Periods::At(list) => {
                let shown = list.iter().map(|period| period.index()).collect();
                return self.with_earlier(shown, bounds.grain);
            }
            Periods::Range(from, to) => (from.index(), to.index()),
            Periods::Last(count, _) => {
                let latest = self.latest?;
                (
                    latest.checked_sub(i32::try_from(*count).ok()?.checked_sub(1)?)?,
                    latest,
                )
            }
            Periods::Each(_) => return None,
        };
        let few = usize::try_from(to.checked_sub(from)?).ok()? < MOST_PERIODS;
        few.then(|| self.with_earlier((from..=to).collect(), bounds.grain))?
    }

    fn with_earlier(&self, shown: BTreeSet<i32>, grain: Grain) -> Option<Vec<Bounds>> {
        if self.form_lookback(&self.query.context, grain)? != 0 {
            return None;
        }
        let mut back = BTreeSet::from([0]);
        for expr in self.exprs() {
            earlier(expr, &self.query.context, 0, &mut back)?;
        }
        let mut periods = BTreeSet::new();
        for (index, back) in shown
            .iter()
            .flat_map(|index| back.iter().map(move |back| (index, back)))
        {
            periods.insert(index.checked_sub(*back)?);
        }
        let bounds = |at| Bounds {
            from: Some(at),
            to: at,
            grain,
        };
        let few = (2..=MOST_PERIODS).contains(&periods.len());
        let each: Vec<Bounds> = periods.into_iter().map(bounds).collect();
        (few && each.iter().all(|bounds| bounds.only().is_some())).then_some(each)
    }

    /// Every expression that values, conditions and order are made of.
    fn exprs(&self) -> impl Iterator<Item = &Bound> {
        let query = self.query;
        query
            .items
            .iter()
            .map(|item| &item.expr)
            .chain(query.top.iter().map(|top| &top.by))
            .chain(query.order.iter().filter_map(|key| match key {
                BoundOrder::Value(expr, _) => Some(expr),
                _ => None,
            }))
            .chain(query.having.iter().flat_map(BoundCondition::exprs))
    }

    /// How many periods before a shown one the forms of the leaves read; `None` without limit.
    fn form_lookback(&self, context: &Context, grain: Grain) -> Option<i64> {
        let mut most = 0;
        for leaf in &context.leaves {
            let own = match leaf {
                Leaf::Fold(fold) => self.form_lookback(&fold.context, grain)?,
                Leaf::Measure(leaf) => {
                    let measure = self
                        .catalog
                        .table(&leaf.table)
                        .and_then(|table| table.measures.get(&leaf.measure))?;
                    match (measure.time, leaf.form) {
                        // The period's own rows say it all.
                        (TimeBehaviour::Flow, Some(Form::Single))
                        | (TimeBehaviour::FlowYtd, Some(Form::Ytd))
                        | (_, None) => 0,
                        _ if grain == Grain::Day => return None,
                        _ => 2 * per_year(grain),
                    }
                }
            };
            most = most.max(own);
        }
        Some(most)
    }
}

/// How many periods before a shown one are read; `None` without limit.
fn lookback(expr: &Bound, context: &Context) -> Option<u32> {
    match expr {
        Bound::Number(_) => Some(0),
        Bound::Leaf(index) => match context.leaves.get(*index) {
            Some(Leaf::Fold(fold)) => lookback(&fold.inner, &fold.context),
            _ => Some(0),
        },
        Bound::Scale(inner, _) | Bound::Negate(inner) | Bound::Abs(inner) => lookback(inner, context),
        Bound::Peers(_, inner, _) | Bound::Rank(inner, _, _) => lookback(inner, context),
        Bound::Shift(inner, periods) | Bound::Cagr(inner, periods, _) => {
            lookback(inner, context)?.checked_add(*periods)
        }
        Bound::Add(left, right)
        | Bound::Subtract(left, right)
        | Bound::Multiply(left, right)
        | Bound::Divide(left, right) => Some(lookback(left, context)?.max(lookback(right, context)?)),
        Bound::Coalesce(parts) => parts
            .iter()
            .map(|part| lookback(part, context))
            .try_fold(0, |most, own| Some(own?.max(most))),
        Bound::Streak(_) => None,
    }
}

/// Adds how many periods before a shown one an expression looks; `None` where it has no limit.
fn earlier(expr: &Bound, context: &Context, back: i32, into: &mut BTreeSet<i32>) -> Option<()> {
    match expr {
        Bound::Streak(_) => None,
        Bound::Leaf(index) => match context.leaves.get(*index) {
            Some(Leaf::Fold(fold)) => earlier(&fold.inner, &fold.context, back, into),
            _ => {
                into.insert(back);
                Some(())
            }
        },
        Bound::Shift(inner, periods) | Bound::Cagr(inner, periods, _) => {
            if matches!(expr, Bound::Cagr(..)) {
                earlier(inner, context, back, into)?;
            }
            let further = back.checked_add(i32::try_from(*periods).ok()?)?;
            // A shift below this one is looked up from a row of the period in between, so that one is read as well.
            into.insert(further);
            earlier(inner, context, further, into)
        }
        other => other
            .children()
            .into_iter()
            .try_for_each(|child| earlier(child, context, back, into)),
    }
}
