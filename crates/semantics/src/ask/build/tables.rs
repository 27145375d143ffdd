//! Which tables a metric or an expression reads, through formulas.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, metric_names};
use crate::query::Expr;

/// Tables from which a metric is read, through formulas.
pub(in crate::ask) fn tables_of(catalog: &Catalog, metric: &str) -> BTreeSet<String> {
    let mut tables = BTreeSet::new();
    let mut waiting = vec![metric.to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let Some(definition) = catalog.metric(&name) else {
            continue;
        };
        if let Some((table, _)) = definition
            .measure
            .as_deref()
            .and_then(|measure| measure.split_once('.'))
        {
            tables.insert(table.to_owned());
            continue;
        }
        if let Some(formula) = catalog.formula(&name) {
            let mut names = BTreeSet::new();
            metric_names(formula, &mut names);
            waiting.extend(names);
        }
    }
    tables
}

/// Tables that an expression reads.
pub(in crate::ask) fn tables_read(catalog: &Catalog, exprs: &[&Expr]) -> BTreeSet<String> {
    let mut tables = BTreeSet::new();
    for expr in exprs {
        let mut waiting = vec![*expr];
        while let Some(expr) = waiting.pop() {
            if let Expr::Metric(metric) = expr {
                match metric.variant.as_deref().filter(|variant| *variant != "formula") {
                    Some(table) => {
                        tables.insert(table.to_owned());
                    }
                    None => tables.extend(tables_of(catalog, &metric.name)),
                }
            }
            waiting.extend(expr.parts());
        }
    }
    tables
}
