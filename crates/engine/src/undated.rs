//! Says where a measure without period, which is as of now, stands beside measures of periods that are not now.

use std::collections::BTreeSet;

use jinsheng_core::{Grain, Period, Scope};
use jinsheng_semantics::bind::{
    Bound, BoundCondition, BoundOrder, BoundQuery, Context, Leaf, MeasureLeaf, Note,
};
use jinsheng_semantics::catalog::Catalog;
use jinsheng_semantics::query::Periods;

use datafusion::common::cast::as_int64_array;

use crate::Engine;
use crate::error::EngineError;
use crate::result::{Answer, Cell};

impl Engine {
    /// The note, where it is due.
    pub(crate) async fn undated(
        &self,
        bound: &BoundQuery,
        scope: &Scope,
        answer: &Answer,
    ) -> Result<Option<Note>, EngineError> {
        let catalog = self.catalog();
        let mut leaves = Vec::new();
        measures(&bound.context, &mut leaves);
        let (dated, undated): (Vec<&MeasureLeaf>, Vec<&MeasureLeaf>) =
            leaves.into_iter().partition(|leaf| has_period(catalog, leaf));
        let Some(grain) = bound.grain else { return Ok(None) };
        if dated.is_empty() || undated.is_empty() || answer.rows.is_empty() {
            return Ok(None);
        }
        let due = looks_back(bound, catalog)
            || match earliest(bound, answer) {
                Earliest::Now => false,
                Earliest::Before => true,
                Earliest::At(index) => self
                    .last(&dated, grain, scope)
                    .await?
                    .is_some_and(|last| index < last),
            };
        Ok(due.then(|| {
            let (now, then) = (names(catalog, &undated), names(catalog, &dated));
            Note {
                code: "as_of_now",
                text: (
                    format!("{now} 没有期间，是现在的数；{then} 是所问期间的数"),
                    format!("{now}: without periods, as of now; {then}: of the periods asked for"),
                ),
            }
        }))
    }

    /// The last period, at a grain, in which a table of these has rows.
    async fn last(
        &self,
        leaves: &[&MeasureLeaf],
        grain: Grain,
        scope: &Scope,
    ) -> Result<Option<i32>, EngineError> {
        let tables: BTreeSet<&str> = leaves.iter().map(|leaf| leaf.table.as_str()).collect();
        let bound = BoundQuery::empty();
        let planner = self.planner(&bound, scope, None);
        let mut last = None;
        for table in tables {
            let Some(own) = self
                .catalog()
                .table(table)
                .and_then(|table| table.period.as_ref())
            else {
                continue;
            };
            for batch in self.collect(&planner.last_period(table)?).await? {
                let found = as_int64_array(batch.column(0))?.iter().flatten().max();
                let found = found.and_then(|index| i32::try_from(index).ok());
                let period = found.and_then(|index| Period::new(own.grain(), index).to_grain(grain));
                last = last.max(period.map(|period| period.index()));
            }
        }
        Ok(last)
    }
}

/// The earliest period that a result speaks of.
enum Earliest {
    /// The latest that there is.
    Now,
    /// One before it.
    Before,
    /// This one, which may be either.
    At(i32),
}

fn earliest(bound: &BoundQuery, answer: &Answer) -> Earliest {
    let asked = match &bound.periods {
        Some(Periods::At(periods)) => periods.iter().map(|period| period.index()).min(),
        Some(Periods::Range(from, _)) => Some(from.index()),
        Some(Periods::Last(1, _)) | None => return Earliest::Now,
        Some(Periods::Last(..) | Periods::Each(_)) => None,
    };
    if bound.folds_period {
        return asked.map_or(Earliest::Before, Earliest::At);
    }
    let shown: BTreeSet<i32> = answer
        .rows
        .iter()
        .flatten()
        .filter_map(|cell| match cell {
            Cell::Period(period) => Some(period.index()),
            _ => None,
        })
        .collect();
    match (shown.first(), shown.len(), asked) {
        (_, 2.., _) => Earliest::Before,
        (Some(only), _, Some(_)) => Earliest::At(*only),
        _ => Earliest::Now,
    }
}

fn has_period(catalog: &Catalog, leaf: &MeasureLeaf) -> bool {
    catalog
        .table(&leaf.table)
        .is_some_and(|table| table.period.is_some())
}

/// Measures that a context reads, in folds too.
pub(crate) fn measures<'b>(context: &'b Context, into: &mut Vec<&'b MeasureLeaf>) {
    for leaf in &context.leaves {
        match leaf {
            Leaf::Measure(leaf) => into.push(leaf),
            Leaf::Fold(fold) => measures(&fold.context, into),
        }
    }
}

/// What people call these measures.
fn names(catalog: &Catalog, leaves: &[&MeasureLeaf]) -> String {
    let names: BTreeSet<String> = leaves
        .iter()
        .map(|leaf| {
            let reference = format!("{}.{}", leaf.table, leaf.measure);
            let mut metrics = catalog.file().metrics.iter();
            let named = metrics.find(|(_, metric)| metric.measure.as_ref() == Some(&reference));
            format!("`{}`", named.map_or(&leaf.measure, |(name, _)| name))
        })
        .collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// Whether an earlier value of something without period is used.
fn looks_back(bound: &BoundQuery, catalog: &Catalog) -> bool {
    let mut exprs: Vec<&Bound> = bound.items.iter().map(|item| &item.expr).collect();
    exprs.extend(bound.having.iter().flat_map(BoundCondition::exprs));
    exprs.extend(bound.top.iter().map(|top| &top.by));
    exprs.extend(bound.order.iter().filter_map(|order| match order {
        BoundOrder::Value(expr, _) => Some(expr),
        _ => None,
    }));
    exprs.iter().any(|expr| turns_back(expr, &bound.context, catalog))
}

fn turns_back(expr: &Bound, context: &Context, catalog: &Catalog) -> bool {
    let earlier = matches!(expr, Bound::Shift(..) | Bound::Cagr(..) | Bound::Streak(_));
    if earlier && uses_undated(expr, context, catalog) {
        return true;
    }
    if let Bound::Leaf(index) = expr
        && let Some(Leaf::Fold(fold)) = context.leaves.get(*index)
    {
        return turns_back(&fold.inner, &fold.context, catalog);
    }
    expr.children()
        .into_iter()
        .any(|child| turns_back(child, context, catalog))
}

fn uses_undated(expr: &Bound, context: &Context, catalog: &Catalog) -> bool {
    if let Bound::Leaf(index) = expr {
        return match context.leaves.get(*index) {
            Some(Leaf::Measure(leaf)) => !has_period(catalog, leaf),
            Some(Leaf::Fold(fold)) => uses_undated(&fold.inner, &fold.context, catalog),
            None => false,
        };
    }
    expr.children()
        .into_iter()
        .any(|child| uses_undated(child, context, catalog))
}
