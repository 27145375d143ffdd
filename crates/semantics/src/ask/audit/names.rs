//! Names: each metric is read, each subject and value of a dimension narrows something.

use std::collections::BTreeSet;

use super::Asked;
use crate::ask::Then;
use crate::ask::lexicon::Sense;
use crate::ask::said::Said;
use crate::catalog::ROWS;
use crate::query::{Expr, Filter, MetricRef, Test};

impl Asked<'_> {
    /// The first metric that is not read, neither itself nor what it is made of.
    pub(super) fn metric(&self, said: &Said, all: &[&Expr]) -> Option<String> {
        let mut read: BTreeSet<&str> = BTreeSet::new();
        for expr in all {
            if let Expr::Metric(MetricRef { name, .. }) = expr {
                read.insert(name);
            }
        }
        let mut known: BTreeSet<String> = BTreeSet::new();
        for name in read {
            self.made_of(name, &mut known, 3);
        }
        // 资产 of a client is another figure than that of a company; 涨了多少 is a movement, 公司家数 a count.
        let told = |text: &str| {
            let value =
                |value: &crate::ask::piece::Value| value.text.contains(text) && all.contains(&&value.expr);
            self.frame.values.iter().any(value)
                || text.starts_with('涨')
                || matches!(
                    self.then,
                    Then::Count(_) | Then::EveryPeriod(..) | Then::Bands(..)
                )
        };
        let rows = known.iter().any(|name| name.starts_with(ROWS));
        let met = |(text, names): &&(String, Vec<String>)| {
            rows && names.iter().any(|name| self.rules.counts_subjects(name))
                || told(text)
                || names.iter().any(|name| {
                    let mut own = BTreeSet::new();
                    self.made_of(name, &mut own, 3);
                    own.iter().any(|part| known.contains(part))
                })
        };
        said.metrics
            .iter()
            .find(|metric| !met(metric))
            .map(|(text, _)| text.clone())
    }

    /// A metric and those in its formula, or whose growth it is.
    fn made_of(&self, name: &str, found: &mut BTreeSet<String>, depth: u32) {
        if !found.insert(name.to_owned()) || depth == 0 {
            return;
        }
        let Some(metric) = self.rules.catalog.metric(name) else {
            return;
        };
        if let Some(growth) = &metric.growth_of {
            self.made_of(&growth.metric, found, depth - 1);
        }
        let formula = metric.formula.as_deref().unwrap_or_default();
        for part in formula.split(|character: char| !character.is_alphanumeric() && character != '_') {
            if self.rules.catalog.metric(part).is_some() {
                self.made_of(part, found, depth - 1);
            }
        }
    }

    /// The first subject or value of a dimension that nothing is narrowed to.
    pub(super) fn name(&self, said: &Said, all: &[&Expr]) -> Option<String> {
        let of_metrics = all.iter().flat_map(|expr| match expr {
            Expr::Metric(metric) => metric.filters.iter().collect(),
            _ => Vec::new(),
        });
        let of_queries = self
            .queries
            .iter()
            .flat_map(|query| query.of.iter().chain(&query.filters));
        let filters: Vec<&Filter> = of_metrics.chain(of_queries).collect();
        // One value may stand in dimensions of several tables.
        let holds = |value: &String| {
            filters.iter().any(|filter| match &filter.test {
                Test::In(keys) | Test::NotIn(keys) => keys.contains(value),
                Test::Compare(..) | Test::Contains(_) => true,
            })
        };
        let met = |(_, senses): &&(String, Vec<Sense>)| {
            senses.iter().any(|sense| match sense {
                Sense::Member(_, value) => holds(value),
                // 高于医药行业平均 of one of that trade: its peers are those of the trade.
                Sense::Value(dimension, value) => {
                    holds(value) || all.iter().any(|expr| seen_within(expr, dimension))
                }
                _ => true,
            })
        };
        said.names
            .iter()
            .find(|name| !met(name))
            .map(|(text, _)| text.clone())
    }
}

/// Whether a value is seen among those that share a dimension.
fn seen_within(expr: &Expr, dimension: &String) -> bool {
    match expr {
        Expr::Peers(_, _, within) | Expr::Rank(_, _, within) | Expr::Share(_, within) => {
            within.contains(dimension)
        }
        _ => false,
    }
}
