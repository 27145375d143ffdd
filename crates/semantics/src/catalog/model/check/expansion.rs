//! Formulas written out: each formula with those that it names put in their place stays small and ends.
//!
//! Twenty formulas that each name the one before twice are a million values; whoever binds or plans such a metric must
//! not find that out.

use std::collections::BTreeMap;

use crate::catalog::{Catalog, Problem};
use crate::query::{Expr, MetricRef};

/// Most formulas within one another.
const MAX_FORMULAS: usize = 24;
/// Most values of a formula written out.
const MAX_NODES: usize = 4096;
/// Deepest nesting of a formula written out.
const MAX_DEPTH: usize = 160;

/// Size of a formula written out.
#[derive(Debug, Clone, Copy)]
struct Size {
    formulas: usize,
    nodes: usize,
    depth: usize,
}

/// Formulas that are too large, and those that never end unless they are known as `cyclic`.
pub(super) fn problems(catalog: &Catalog, cyclic: impl Fn(&str) -> bool) -> Vec<Problem> {
    let uses = uses(catalog);
    let sizes = sizes(catalog, &uses);
    let mut problems = Vec::new();
    for name in uses.keys().copied() {
        let path = || format!("metrics.{name}.formula");
        match sizes.get(name) {
            Some(size) if size.formulas > MAX_FORMULAS || size.depth > MAX_DEPTH => {
                problems.push(Problem::new(
                    path(),
                    format!("公式代入所引用的公式之后嵌套过深（至多 {MAX_FORMULAS} 个公式、{MAX_DEPTH} 层）"),
                    format!(
                        "the formula is nested too deeply once those that it names are written out (at most {MAX_FORMULAS} formulas, {MAX_DEPTH} levels)"
                    ),
                ));
            }
            Some(size) if size.nodes > MAX_NODES => problems.push(Problem::new(
                path(),
                format!("公式代入所引用的公式之后过大（至多 {MAX_NODES} 个值）"),
                format!(
                    "the formula is too large once those that it names are written out (at most {MAX_NODES} values)"
                ),
            )),
            Some(_) => {}
            None if cyclic(name) => {}
            None => problems.push(Problem::new(
                path(),
                "公式引用的公式循环引用",
                "the formula names formulas that refer to themselves",
            )),
        }
    }
    problems
}

/// For each formula, the formulas that are put in the place of names in it, as often as it names them.
fn uses(catalog: &Catalog) -> BTreeMap<&str, Vec<&str>> {
    let mut uses = BTreeMap::new();
    for name in catalog.file().metrics.keys() {
        let Some(formula) = catalog.formula(name) else {
            continue;
        };
        let mut metrics = Vec::new();
        refs(formula, &mut metrics);
        let written_out = |metric: &&MetricRef| {
            let by_formula = metric.variant.as_deref() == Some("formula");
            let stored = catalog
                .metric(&metric.name)
                .is_some_and(|metric| metric.measure.is_some());
            (by_formula || !stored) && catalog.formula(&metric.name).is_some()
        };
        let used = metrics.into_iter().filter(written_out);
        uses.insert(name.as_str(), used.map(|metric| metric.name.as_str()).collect());
    }
    uses
}

fn refs<'e>(expr: &'e Expr, into: &mut Vec<&'e MetricRef>) {
    if let Expr::Metric(metric) = expr {
        into.push(metric);
    }
    expr.parts().into_iter().for_each(|part| refs(part, into));
}

/// Sizes of all formulas that end: first those that name none, then those that name only sized ones.
fn sizes<'c>(catalog: &'c Catalog, uses: &BTreeMap<&'c str, Vec<&'c str>>) -> BTreeMap<&'c str, Size> {
    let mut waiting: BTreeMap<&str, usize> = BTreeMap::new();
    let mut users: BTreeMap<&str, Vec<&'c str>> = BTreeMap::new();
    for (name, used) in uses {
        waiting.insert(name, used.len());
        for other in used {
            users.entry(other).or_default().push(name);
        }
    }
    let mut ready: Vec<&'c str> = uses
        .iter()
        .filter(|(_, used)| used.is_empty())
        .map(|(name, _)| *name)
        .collect();
    let mut sizes: BTreeMap<&'c str, Size> = BTreeMap::new();
    while let Some(name) = ready.pop() {
        let parts = uses.get(name).into_iter().flatten();
        let own = catalog
            .formula(name)
            .map_or((0, 0), |formula| (formula.nodes(), formula.depth()));
        let start = Size {
            formulas: 0,
            nodes: own.0,
            depth: 0,
        };
        let mut size = parts
            .filter_map(|part| sizes.get(part))
            .fold(start, |size, part| Size {
                formulas: size.formulas.max(part.formulas),
                nodes: size.nodes.saturating_add(part.nodes),
                depth: size.depth.max(part.depth),
            });
        size.formulas += 1;
        size.depth = size.depth.saturating_add(own.1);
        sizes.insert(name, size);
        for user in users.get(name).into_iter().flatten() {
            if let Some(left) = waiting.get_mut(user) {
                *left = left.saturating_sub(1);
                if *left == 0 {
                    ready.push(user);
                }
            }
        }
    }
    sizes
}
