//! What a metric rests on: formulas down to columns, tables, dimensions.

use std::collections::BTreeSet;

use jinsheng_core::{Grain, Unit};
use jinsheng_semantics::bind::{BindError, KeysOnly, bind};
use jinsheng_semantics::catalog::{Catalog, ResolvedDimension, Table, TimeBehaviour};
use jinsheng_semantics::query::{Condition, Expr, Item, MetricRef, Periods, Query};

/// Formulas nested deeper are refused by the binding of Queries.
const MAX_DEPTH: u32 = 32;

/// An expression with all formulas put in, down to metrics that are read from columns.
pub(super) fn expanded(expr: &Expr, catalog: &Catalog) -> Expr {
    substitute(expr, catalog, 0)
}

fn substitute(expr: &Expr, catalog: &Catalog, depth: u32) -> Expr {
    let inner = |expr: &Expr| Box::new(substitute(expr, catalog, depth));
    match expr {
        Expr::Metric(reference) => match formula_of(reference, catalog) {
            Some(formula) if depth < MAX_DEPTH => substitute(formula, catalog, depth + 1),
            _ => expr.clone(),
        },
        Expr::Number(_) => expr.clone(),
        Expr::Negate(x) => Expr::Negate(inner(x)),
        Expr::Binary(op, left, right) => Expr::Binary(*op, inner(left), inner(right)),
        Expr::Abs(x) => Expr::Abs(inner(x)),
        Expr::Coalesce(parts) => Expr::Coalesce(
            parts
                .iter()
                .map(|part| substitute(part, catalog, depth))
                .collect(),
        ),
        Expr::Shift(x, lag) => Expr::Shift(inner(x), *lag),
        Expr::Change(kind, x) => Expr::Change(*kind, inner(x)),
        Expr::Cagr(x, years) => Expr::Cagr(inner(x), *years),
        Expr::Peers(stat, x, within) => Expr::Peers(*stat, inner(x), within.clone()),
        Expr::Share(x, within) => Expr::Share(inner(x), within.clone()),
        Expr::Rank(x, direction, within) => Expr::Rank(inner(x), *direction, within.clone()),
        Expr::Over(stat, x, over) => Expr::Over(*stat, inner(x), over.clone()),
        Expr::Streak(condition) => Expr::Streak(Box::new(in_condition(condition, catalog, depth))),
    }
}

fn in_condition(condition: &Condition, catalog: &Catalog, depth: u32) -> Condition {
    let part = |condition: &Condition| in_condition(condition, catalog, depth);
    match condition {
        Condition::Compare(left, op, right) => Condition::Compare(
            substitute(left, catalog, depth),
            *op,
            substitute(right, catalog, depth),
        ),
        Condition::Missing(expr, missing) => Condition::Missing(substitute(expr, catalog, depth), *missing),
        Condition::Not(inner) => Condition::Not(Box::new(part(inner))),
        Condition::All(parts) => Condition::All(parts.iter().map(part).collect()),
        Condition::Any(parts) => Condition::Any(parts.iter().map(part).collect()),
    }
}

/// The formula that a metric's value is computed by; none when it is read from a column.
fn formula_of<'c>(reference: &MetricRef, catalog: &'c Catalog) -> Option<&'c Expr> {
    let by_formula = reference.variant.as_deref() == Some("formula")
        || catalog
            .metric(&reference.name)
            .is_some_and(|metric| metric.measure.is_none());
    // A form or a filter goes to every part; the reference itself says it more clearly.
    let plain = reference.form.is_none() && reference.filters.is_empty();
    if by_formula && plain {
        catalog.formula(&reference.name)
    } else {
        None
    }
}

/// References `table.measure` that a metric is computed from, in order of name.
pub(super) fn measures(name: &str, catalog: &Catalog) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    gather(name, catalog, &mut seen, &mut found);
    found
}

fn gather(name: &str, catalog: &Catalog, seen: &mut BTreeSet<String>, into: &mut BTreeSet<String>) {
    if !seen.insert(name.to_owned()) {
        return;
    }
    let Some(metric) = catalog.metric(name) else {
        return;
    };
    match &metric.measure {
        Some(measure) => {
            into.insert(measure.clone());
        }
        None => parts(name, catalog)
            .iter()
            .for_each(|part| gather(part, catalog, seen, into)),
    }
}

/// Metrics that a metric's formula names.
pub(super) fn parts(name: &str, catalog: &Catalog) -> BTreeSet<String> {
    fn walk(expr: &Expr, into: &mut BTreeSet<String>) {
        if let Expr::Metric(metric) = expr {
            into.insert(metric.name.clone());
        }
        expr.parts().into_iter().for_each(|part| walk(part, into));
    }
    let mut found = BTreeSet::new();
    if let Some(formula) = catalog.formula(name) {
        walk(formula, &mut found);
    }
    found
}

/// Catalog tables that a metric is computed from.
pub(super) fn tables<'c>(name: &str, catalog: &'c Catalog) -> Vec<(&'c str, &'c Table)> {
    let measures = measures(name, catalog);
    let names: BTreeSet<&str> = measures
        .iter()
        .filter_map(|reference| Some(reference.split_once('.')?.0))
        .collect();
    let tables = &catalog.file().tables;
    names
        .into_iter()
        .filter_map(|name| tables.get_key_value(name))
        .map(|(name, table)| (name.as_str(), table))
        .collect()
}

/// The finest grain at which all of a metric's tables have values; `None` without time.
pub(super) fn grain(name: &str, catalog: &Catalog) -> Option<Grain> {
    tables(name, catalog)
        .iter()
        .filter_map(|(_, table)| Some(table.period.as_ref()?.grain()))
        .max()
}

/// What the values of a metric's columns say about time.
pub(super) fn behaviours(name: &str, catalog: &Catalog) -> BTreeSet<&'static str> {
    let measures = measures(name, catalog);
    let found = measures.iter().filter_map(|reference| catalog.measure(reference));
    found.map(|(.., measure)| time_word(measure.time)).collect()
}

/// The word of the catalog.
pub(super) fn time_word(time: TimeBehaviour) -> &'static str {
    match time {
        TimeBehaviour::Flow => "flow",
        TimeBehaviour::FlowYtd => "flow_ytd",
        TimeBehaviour::Stock => "stock",
        TimeBehaviour::Rate => "rate",
        TimeBehaviour::Static => "static",
    }
}

/// Dimensions that all of a metric's tables reach, by the name that Queries use.
pub(super) fn dimensions(name: &str, catalog: &Catalog) -> Vec<String> {
    let tables = tables(name, catalog);
    let reached = |dimension: ResolvedDimension<'_>| {
        tables
            .iter()
            .all(|(table, _)| catalog.path(table, dimension).is_some())
    };
    let file = catalog.file();
    let mut found: Vec<String> = file
        .entities
        .keys()
        .filter(|entity| reached(ResolvedDimension::Entity(entity)))
        .cloned()
        .collect();
    for (table, definition) in &file.tables {
        for dimension in definition.dimensions.keys() {
            if reached(ResolvedDimension::Column(table, dimension)) {
                found.push(catalog.dimension_name(table, dimension));
            }
        }
    }
    found
}

/// The imported column behind `table.measure`, for people: `fin.income_sheet.total_revenue`.
pub(super) fn column_text(reference: &str, catalog: &Catalog) -> Option<String> {
    let (_, _, table, measure) = catalog.measure(reference)?;
    let column = measure.column.as_deref().unwrap_or("*");
    let unit = measure.unit.to_string();
    let unit = if unit.is_empty() {
        unit
    } else {
        format!(", {unit}")
    };
    Some(format!(
        "{}.{column} ({}{unit})",
        table.source,
        time_word(measure.time)
    ))
}

/// The Query that asks for one metric and nothing else.
pub(super) fn whole(reference: &MetricRef) -> Query {
    Query {
        items: vec![Item {
            expr: Expr::Metric(reference.clone()),
            alias: None,
        }],
        by: Vec::new(),
        of: Vec::new(),
        filters: Vec::new(),
        periods: None,
        having: None,
        top: None,
        order: Vec::new(),
        limit: None,
    }
}

/// The unit that a metric is shown in; `None` when the metric cannot be computed.
pub(super) fn unit(name: &str, catalog: &Catalog) -> Option<Unit> {
    let mut query = whole(&MetricRef::plain(name));
    let mut coarser = [Grain::Month, Grain::Quarter, Grain::Half, Grain::Year].into_iter();
    loop {
        match bind(&query, catalog, &KeysOnly) {
            Ok(bound) => return bound.items.first().map(|item| item.unit),
            Err(BindError::NotAdditive { needs, .. }) if query.by.is_empty() => query.by = needs,
            Err(BindError::Lag { .. }) => query.periods = Some(Periods::Last(1, coarser.next()?)),
            Err(_) => return None,
        }
    }
}
