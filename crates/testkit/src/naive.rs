//! A plain reading of `docs/reference/query.md`: maps, loops and recursion over rows in memory.
//!
//! Nothing here is fast or clever. Order of work: `bind` gives names, forms and units their meaning, `rows` reads
//! columns and periods, `measure` computes values of measures for each group and period, `eval` computes expressions,
//! and `choose` picks and orders the rows of the result.

mod bind;
mod choose;
mod context;
mod eval;
mod hidden;
mod measure;
mod node;
mod number;
mod period;
mod refusal;
mod result;
mod rows;
mod test;
mod units;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use jinsheng_core::Scope;
use jinsheng_semantics::catalog::Catalog;
use jinsheng_semantics::query::Query;

use crate::data::NaiveData;

pub use refusal::{NaiveRefusal, RefusalKind};
pub use result::{Column, NaiveResult, ResultCell};
pub use rows::Prepared;

/// Answers a Query over rows in memory under a Scope.
///
/// # Errors
/// [`NaiveRefusal`] when the text refuses the Query.
pub fn interpret(
    catalog: &Catalog,
    data: &NaiveData,
    query: &Query,
    scope: &Scope,
) -> Result<NaiveResult, NaiveRefusal> {
    check(catalog, query, scope)?;
    answer(&Prepared::new(catalog, data)?.under(scope)?, query)
}

/// Answers a Query over prepared rows, all of which count.
///
/// # Errors
/// [`NaiveRefusal`] when the text refuses the Query.
pub fn answer(prepared: &Prepared<'_>, query: &Query) -> Result<NaiveResult, NaiveRefusal> {
    let bound = bind::bind(prepared.catalog(), query, &Scope::full())?;
    choose::rows(prepared, &bound)
}

/// Whether the catalog and the Scope allow the Query, before any row is read.
///
/// # Errors
/// [`NaiveRefusal`] when they do not.
pub fn check(catalog: &Catalog, query: &Query, scope: &Scope) -> Result<(), NaiveRefusal> {
    bind::bind(catalog, query, scope).map(|_| ())
}

/// The rows that a Scope allows: those whose value is among the allowed ones, for each row filter whose dimension can
/// be reached from their table. Results under a Scope equal results over this under the full Scope. Of a source over
/// which the catalog has several tables only rows stay that are allowed in each.
///
/// # Errors
/// [`NaiveRefusal`] when a row filter names an unknown dimension, or a value that its column cannot hold.
pub fn filtered(catalog: &Catalog, data: &NaiveData, scope: &Scope) -> Result<NaiveData, NaiveRefusal> {
    let mut allowed = data.clone();
    if scope.row_filters().next().is_none() {
        return Ok(allowed);
    }
    let prepared = Prepared::new(catalog, data)?;
    let mut kept: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
    for (name, table) in &catalog.file().tables {
        let flags = prepared.allowed_rows(name, scope)?;
        match kept.entry(&table.source) {
            Entry::Vacant(entry) => {
                entry.insert(flags);
            }
            Entry::Occupied(mut entry) => {
                let known = entry.get_mut().iter_mut();
                known.zip(flags).for_each(|(known, flag)| *known = *known && flag);
            }
        }
    }
    for (source, flags) in kept {
        if let Some(target) = allowed.tables.get_mut(source) {
            let mut flags = flags.iter();
            target.rows.retain(|_| flags.next().copied().unwrap_or(false));
        }
    }
    Ok(allowed)
}

/// The columns that an allowed Query has.
///
/// # Errors
/// [`NaiveRefusal`] when the catalog or the Scope refuses the Query.
pub fn columns(catalog: &Catalog, query: &Query, scope: &Scope) -> Result<Vec<Column>, NaiveRefusal> {
    Ok(choose::columns(&bind::bind(catalog, query, scope)?))
}

pub(crate) use bind::metrics_in;
