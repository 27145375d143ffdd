//! References of a catalog: every table, entity, measure and metric that is named exists.

mod expansion;

use std::collections::{BTreeMap, BTreeSet};

use super::Catalog;
use crate::catalog::{Agg, Problem};
use crate::query::Expr;

pub(super) fn references(catalog: &Catalog) -> Vec<Problem> {
    let mut problems = Vec::new();
    entities(catalog, &mut problems);
    tables(catalog, &mut problems);
    metrics(catalog, &mut problems);
    for (name, group) in &catalog.file.groups {
        for metric in group
            .metrics
            .iter()
            .filter(|metric| catalog.metric(metric).is_none())
        {
            problems.push(unknown(
                format!("groups.{name}.metrics"),
                "指标",
                "metric",
                metric,
            ));
        }
    }
    problems
}

fn unknown(path: String, zh: &str, en: &str, name: &str) -> Problem {
    let mut problem = Problem::new(
        path,
        format!("没有{zh} `{name}`"),
        format!("there is no {en} `{name}`"),
    );
    problem.dangling = true;
    problem
}

fn entities(catalog: &Catalog, problems: &mut Vec<Problem>) {
    for (name, entity) in &catalog.file.entities {
        if let Some(table_name) = &entity.table {
            match catalog.table(table_name) {
                None => problems.push(unknown(format!("entities.{name}.table"), "表", "table", table_name)),
                Some(table) if !table.entities.contains_key(name) => problems.push(Problem::new(
                    format!("entities.{name}.table"),
                    format!("表 `{table_name}` 的 entities 中没有 `{name}` 的键列"),
                    format!("table `{table_name}` does not say in its `entities` which column holds the key of `{name}`"),
                )),
                Some(_) => {}
            }
        }
        for column in &entity.names {
            match catalog.table(&column.table) {
                None => problems.push(unknown(
                    format!("entities.{name}.names"),
                    "表",
                    "table",
                    &column.table,
                )),
                Some(table) if !table.entities.contains_key(name) => problems.push(Problem::new(
                    format!("entities.{name}.names"),
                    format!("表 `{}` 没有 `{name}` 的键列", column.table),
                    format!("table `{}` has no key column of `{name}`", column.table),
                )),
                Some(_) => {}
            }
        }
    }
}

fn tables(catalog: &Catalog, problems: &mut Vec<Problem>) {
    for (name, table) in &catalog.file.tables {
        for entity in table
            .entities
            .keys()
            .filter(|entity| catalog.entity(entity).is_none())
        {
            problems.push(unknown(
                format!("tables.{name}.entities"),
                "实体",
                "entity",
                entity,
            ));
        }
        for dimension in table
            .key_dimensions
            .iter()
            .filter(|key| !table.dimensions.contains_key(*key))
        {
            problems.push(unknown(
                format!("tables.{name}.key_dimensions"),
                "维度",
                "dimension",
                dimension,
            ));
        }
        for (measure_name, measure) in &table.measures {
            if measure.column.is_none() && measure.agg != Agg::Count {
                problems.push(Problem::new(
                    format!("tables.{name}.measures.{measure_name}"),
                    "缺少 column（只有 agg: count 可以没有）",
                    "has no `column` (only `agg: count` may go without)",
                ));
            }
        }
    }
}

fn metrics(catalog: &Catalog, problems: &mut Vec<Problem>) {
    let mut cycles = Cycles::of(catalog);
    let mut cyclic = BTreeSet::new();
    for (name, metric) in &catalog.file.metrics {
        if metric.measure.is_none() && metric.formula.is_none() {
            problems.push(Problem::new(
                format!("metrics.{name}"),
                "measure 和 formula 至少要有一个",
                "needs a `measure` or a `formula`",
            ));
        }
        for reference in catalog
            .measures_of(metric)
            .filter(|reference| catalog.measure(reference).is_none())
        {
            problems.push(unknown(
                format!("metrics.{name}.measure"),
                "度量",
                "measure",
                reference,
            ));
        }
        if let Some(growth) = &metric.growth_of
            && catalog.metric(&growth.metric).is_none()
        {
            problems.push(unknown(
                format!("metrics.{name}.growth_of"),
                "指标",
                "metric",
                &growth.metric,
            ));
        }
        if let Some(formula) = catalog.formula(name) {
            let mut names = BTreeSet::new();
            metric_names(formula, &mut names);
            for missing in names.iter().filter(|used| catalog.metric(used).is_none()) {
                problems.push(unknown(
                    format!("metrics.{name}.formula"),
                    "指标",
                    "metric",
                    missing,
                ));
            }
        }
        if let Some(cycle) = cycles.from(name) {
            problems.push(Problem::new(
                format!("metrics.{name}.formula"),
                format!("公式循环引用：{cycle}"),
                format!("the formula refers to itself: {cycle}"),
            ));
            cyclic.insert(name.as_str());
        }
    }
    problems.extend(expansion::problems(catalog, |name| cyclic.contains(name)));
}

/// Most steps from formula to formula in search of circles: many more than catalogs have, and few enough to be quick.
const MAX_STEPS: usize = 2_000_000;

/// Searches for formulas that lead back to themselves.
struct Cycles<'c> {
    catalog: &'c Catalog,
    /// For each formula, the metrics that it names.
    used: BTreeMap<&'c str, BTreeSet<String>>,
    steps: usize,
}

impl<'c> Cycles<'c> {
    fn of(catalog: &'c Catalog) -> Self {
        let formulas = catalog.file.metrics.keys().filter_map(|name| {
            let mut used = BTreeSet::new();
            metric_names(catalog.formula(name)?, &mut used);
            Some((name.as_str(), used))
        });
        Self {
            catalog,
            used: formulas.collect(),
            steps: 0,
        }
    }

    /// A chain of formulas from a metric back to itself.
    fn from(&mut self, start: &str) -> Option<String> {
        let mut stack: Vec<&str> = vec![start];
        let mut before: BTreeMap<&str, &str> = BTreeMap::new();
        while let Some(name) = stack.pop() {
            // A metric read from a column ends the chain: its formula only checks it.
            let stored = self
                .catalog
                .metric(name)
                .is_some_and(|metric| metric.measure.is_some());
            if name != start && stored {
                continue;
            }
            for next in self.used.get(name).into_iter().flatten() {
                self.steps += 1;
                if self.steps > MAX_STEPS {
                    return None;
                }
                if next == start {
                    return Some(chain(start, name, &before));
                }
                if !before.contains_key(next.as_str()) {
                    before.insert(next, name);
                    stack.push(next);
                }
            }
        }
        None
    }
}

/// `a → b → a`; the middle of a long one is left out.
fn chain(start: &str, last: &str, before: &BTreeMap<&str, &str>) -> String {
    const SHOWN: usize = 24;
    let mut names = vec![start];
    let mut at = last;
    while at != start {
        names.push(at);
        at = before.get(at).copied().unwrap_or(start);
    }
    names.push(start);
    names.reverse();
    let left_out = names.len().saturating_sub(SHOWN);
    if left_out > 0 {
        names.splice(1..=left_out, ["…"]);
    }
    names.join(" → ")
}

/// Every metric that an expression names.
pub(crate) fn metric_names(expr: &Expr, into: &mut BTreeSet<String>) {
    if let Expr::Metric(metric) = expr {
        into.insert(metric.name.clone());
    }
    expr.parts().into_iter().for_each(|part| metric_names(part, into));
}
