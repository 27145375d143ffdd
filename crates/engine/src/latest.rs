//! The latest period, guessed from what files say of themselves, so that `last n` does not read all of the past.
//!
//! A guess, because the rows of that period may be out of scope or filtered away: whoever reads from there on looks whether
//! the result reaches it ([`reached`]), and reads everything if not.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::compute::max;
use datafusion::common::cast::as_int64_array;
use jinsheng_core::{Grain, Period};
use jinsheng_semantics::bind::{BoundQuery, Context, Leaf};
use jinsheng_semantics::catalog::{Catalog, PeriodColumns};
use jinsheng_semantics::query::Periods;

use crate::error::EngineError;
use crate::tables::Tables;

/// The period after which no table of the Query has rows; `None` when that is not known, or the Query does not ask.
pub(crate) fn latest(
    query: &BoundQuery,
    catalog: &Catalog,
    tables: &Tables,
) -> Result<Option<i32>, EngineError> {
    // Folded periods do not stand in the result, where one could look for the latest.
    let (Some(Periods::Last(..)), Some(grain), false) = (&query.periods, query.grain, query.folds_period)
    else {
        return Ok(None);
    };
    let mut last = None;
    Ok(within(&query.context, catalog, tables, &mut last)?
        .then_some(last)
        .flatten()
        .and_then(|day| Period::new(Grain::Day, day).to_grain(grain))
        .map(|period| period.index()))
}

/// Whether the result has rows at a period.
pub(crate) fn reached(batches: &[RecordBatch], period: i32) -> bool {
    batches
        .iter()
        .filter_map(|batch| as_int64_array(batch.column_by_name("t")?).ok())
        .any(|periods| max(periods) == Some(i64::from(period)))
}

/// Raises `last` to the last day of every table; false when one does not know its own.
fn within(
    context: &Context,
    catalog: &Catalog,
    tables: &Tables,
    last: &mut Option<i32>,
) -> Result<bool, EngineError> {
    for leaf in &context.leaves {
        let known = match leaf {
            Leaf::Fold(fold) => within(&fold.context, catalog, tables, last)?,
            Leaf::Measure(leaf) => match catalog.table(&leaf.table) {
                None => false,
                Some(table) => match &table.period {
                    None => true,
                    Some(PeriodColumns::Date { column, .. }) => {
                        let found = tables.last_day(&table.source, column)?;
                        *last = (*last).max(found);
                        found.is_some()
                    }
                    Some(_) => false,
                },
            },
        };
        if !known {
            return Ok(false);
        }
    }
    Ok(true)
}
