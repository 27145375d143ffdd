//! Plans that count: how much of what a value is made of is there. Only for values that may lack something, beside the
//! plan of the Query, so that nobody else pays for it.

use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::{Expr, LogicalPlan, cast};
use jinsheng_semantics::bind::{Bound, BoundDimension, BoundFilter, Context, FoldLeaf, Leaf, MeasureLeaf};
use jinsheng_semantics::catalog::TimeBehaviour;
use jinsheng_semantics::query::Stat;

use super::branch::Route;
use super::periods::Bounds;
use super::stage::Stage;
use super::{Planner, Planning, col, dimension_column};
use crate::error::EngineError;
use crate::functions::{count, integer};

/// What a [`Probe`] counts.
#[derive(Debug, Clone)]
pub(crate) enum Counted {
    /// Rows of leaves of the Query's own context; columns `d*` are the shown dimensions.
    Leaves(Vec<usize>),
    /// Groups among peers of one expression; columns `d*` are the dimensions that they share, by index.
    Peers(Bound, Vec<usize>),
}

/// A plan with columns `d*`, `t` if `timed`, `n` and `c<index>`.
#[derive(Debug, Clone)]
pub(crate) struct Probe {
    pub(crate) counted: Counted,
    pub(crate) plan: LogicalPlan,
    pub(crate) dimensions: usize,
    pub(crate) timed: bool,
}

type Group<'g> = (&'g str, Route, &'g [BoundFilter], Vec<(usize, &'g MeasureLeaf)>);

impl Planner<'_> {
    /// Plans for everything shown that may rest on incomplete data.
    pub(crate) fn probes(&self) -> Planning<Vec<Probe>> {
        let context = &self.query.context;
        let bounds = self.bounds();
        let shown: Vec<BoundDimension> = context
            .dimensions
            .iter()
            .filter(|dimension| !dimension.hidden)
            .cloned()
            .collect();
        let mut used = Vec::new();
        let mut peers = Vec::new();
        for item in &self.query.items {
            gather(&item.expr, &mut used, &mut peers);
        }
        let mut probes = Vec::new();
        let mut groups: Vec<Group<'_>> = Vec::new();
        for index in used {
            match context.leaves.get(index) {
                Some(Leaf::Measure(leaf)) => {
                    if let Some((table, route)) = self.doubtful(index, leaf, &shown)? {
                        let known = groups.iter_mut().find(|(name, known, filters, _)| {
                            *name == table && *known == route && *filters == leaf.filters.as_slice()
                        });
                        match known {
                            Some((.., leaves)) => leaves.push((index, leaf)),
                            None => groups.push((table, route, &leaf.filters, vec![(index, leaf)])),
                        }
                    }
                }
                Some(Leaf::Fold(fold))
                    if fold.stat != Stat::Count
                        && (self.is_compared(index) || self.gaps(&fold.inner, &fold.context)?) =>
                {
                    probes.push(self.fold_probe(index, fold, &shown, bounds)?);
                }
                Some(Leaf::Fold(_)) | None => {}
            }
        }
        for (table, route, filters, leaves) in groups {
            probes.push(Probe {
                plan: self.covered(table, route, filters, &shown, &leaves, bounds)?,
                counted: Counted::Leaves(leaves.iter().map(|(index, _)| *index).collect()),
                dimensions: shown.len(),
                timed: self.has_periods(table),
            });
        }
        for (inner, within) in peers {
            if !self.query.folds_period && !one_of_the_groups(inner, context) && self.gaps(inner, context)? {
                probes.push(self.peers_probe(inner, within, bounds)?);
            }
        }
        Ok(probes)
    }

    fn has_periods(&self, table: &str) -> bool {
        self.catalog
            .table(table)
            .is_some_and(|table| table.period.is_some())
    }

    /// Table and route of a leaf whose values may rest on less than all rows.
    fn doubtful<'l>(
        &self,
        index: usize,
        leaf: &'l MeasureLeaf,
        shown: &[BoundDimension],
    ) -> Planning<Option<(&'l str, Route)>> {
        let Some(table) = self.catalog.table(&leaf.table) else {
            return Ok(None);
        };
        let Some(measure) = table.measures.get(&leaf.measure) else {
            return Ok(None);
        };
        let route = self.route(table, measure);
        if !self.puts_together(leaf, table, route, shown) {
            return Ok(None);
        }
        let sample = self.is_compared(index) && self.is_sample(leaf);
        Ok((sample || self.may_miss(leaf, table, route)?).then_some((leaf.table.as_str(), route)))
    }

    /// Whether values of a leaf at several periods are seen side by side or computed with each other.
    fn is_compared(&self, index: usize) -> bool {
        let items = &self.query.items;
        (self.query.grain.is_some() && !self.query.folds_period && !self.one_period())
            || items.iter().any(|item| is_compared(&item.expr, index, false))
    }

    /// Whether rows of the leaf stand for subjects, so that their number says what the value covers: states and
    /// reported figures of a table with one row a key and period.
    pub(crate) fn is_sample(&self, leaf: &MeasureLeaf) -> bool {
        self.catalog.table(&leaf.table).is_some_and(|table| {
            let measure = table.measures.get(&leaf.measure);
            table.unique
                && table.period.is_some()
                && measure.is_some_and(|measure| {
                    matches!(measure.time, TimeBehaviour::FlowYtd | TimeBehaviour::Stock)
                })
        })
    }

    /// Whether an expression may be missing in a group that has a row.
    fn gaps(&self, expr: &Bound, context: &Context) -> Planning<bool> {
        match expr {
            Bound::Divide(..) | Bound::Shift(..) | Bound::Cagr(..) => return Ok(true),
            Bound::Leaf(index) => match context.leaves.get(*index) {
                Some(Leaf::Measure(leaf)) => {
                    let several = context.leaves.len() > 1;
                    let Some(table) = self.catalog.table(&leaf.table) else {
                        return Ok(true);
                    };
                    let Some(measure) = table.measures.get(&leaf.measure) else {
                        return Ok(true);
                    };
                    // Beside another leaf, a group may have rows of that one alone.
                    return Ok(several || self.may_miss(leaf, table, self.route(table, measure))?);
                }
                Some(Leaf::Fold(_)) | None => return Ok(true),
            },
            _ => {}
        }
        for child in expr.children() {
            if self.gaps(child, context)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn fold_probe(
        &self,
        index: usize,
        fold: &FoldLeaf,
        shown: &[BoundDimension],
        bounds: Option<Bounds>,
    ) -> Planning<Probe> {
        let panel = self.panel(&fold.context, bounds)?;
        let timed = panel.timed && !fold.over_period;
        let mut stage = Stage::new(panel, &fold.context.dimensions, self.query.grain, self.native);
        stage.prepare(&[&fold.inner])?;
        if fold.over_period && stage.is_timed() {
            stage.extend(|plan| self.keep_periods(plan))?;
        }
        // The outer dimensions stand first in the context of a fold.
        let places: Vec<usize> = shown
            .iter()
            .filter_map(|wanted| {
                let known = fold.context.dimensions.iter();
                known
                    .clone()
                    .position(|known| known.dimension == wanted.dimension)
            })
            .collect();
        if places.len() != shown.len() {
            return Err(EngineError::internal("a fold lacks a dimension of the result"));
        }
        Ok(Probe {
            plan: counted(stage, &fold.inner, &places, timed, index)?,
            counted: Counted::Leaves(vec![index]),
            dimensions: shown.len(),
            timed,
        })
    }

    fn peers_probe(&self, inner: &Bound, within: &[usize], bounds: Option<Bounds>) -> Planning<Probe> {
        let context = &self.query.context;
        let panel = self.panel(context, bounds)?;
        let mut stage = Stage::new(panel, &context.dimensions, self.query.grain, self.native);
        stage.prepare(&[inner])?;
        let timed = stage.is_timed();
        if timed {
            stage.extend(|plan| self.keep_periods(plan))?;
        }
        Ok(Probe {
            plan: counted(stage, inner, within, timed, 0)?,
            counted: Counted::Peers(inner.clone(), within.to_vec()),
            dimensions: within.len(),
            timed,
        })
    }
}

/// Groups of a stage counted by some of its dimensions and the period.
fn counted(
    stage: Stage<'_>,
    inner: &Bound,
    dimensions: &[usize],
    timed: bool,
    index: usize,
) -> Planning<LogicalPlan> {
    let value = stage.lower(inner)?;
    let mut group: Vec<Expr> = Vec::new();
    let mut columns: Vec<Expr> = Vec::new();
    for (place, dimension) in dimensions.iter().enumerate() {
        let column = cast(col(dimension_column(*dimension)), DataType::Utf8);
        columns.push(column.alias(format!("g{place}")));
        group.push(col(format!("g{place}")).alias(dimension_column(place)));
    }
    if timed {
        columns.push(col("t"));
        group.push(col("t"));
    }
    columns.push(value.alias("x"));
    let plan = stage.into_plan().project(columns)?;
    let aggregates = vec![
        count(integer(1)).alias("n"),
        count(col("x")).alias(format!("c{index}")),
    ];
    Ok(plan.aggregate(group, aggregates)?.build()?)
}

/// Leaves of an expression, and what it compares with peers (whose own leaves are not looked into).
fn gather<'b>(expr: &'b Bound, leaves: &mut Vec<usize>, peers: &mut Vec<(&'b Bound, &'b [usize])>) {
    match expr {
        Bound::Leaf(index) if !leaves.contains(index) => leaves.push(*index),
        Bound::Peers(stat, inner, within) if *stat != Stat::Count => {
            let found = (inner.as_ref(), within.as_slice());
            if !peers.contains(&found) {
                peers.push(found);
            }
        }
        _ => expr
            .children()
            .into_iter()
            .for_each(|child| gather(child, leaves, peers)),
    }
}

/// The figure of one subject beside the others, `peers_max(roe[company = '1'])`: that the others have none of it is no gap.
fn one_of_the_groups(inner: &Bound, context: &Context) -> bool {
    let mut leaves = Vec::new();
    gather(inner, &mut leaves, &mut Vec::new());
    let narrowed = |index: &usize| {
        matches!(context.leaves.get(*index), Some(Leaf::Measure(leaf)) if leaf.filters.iter().any(|filter| {
            context.dimensions.iter().any(|dimension| dimension.dimension == filter.dimension)
        }))
    };
    !leaves.is_empty() && leaves.iter().all(narrowed)
}

/// Whether a leaf is taken at an earlier period too.
fn is_compared(expr: &Bound, leaf: usize, earlier: bool) -> bool {
    match expr {
        Bound::Leaf(index) => earlier && *index == leaf,
        Bound::Shift(inner, _) | Bound::Cagr(inner, ..) => is_compared(inner, leaf, true),
        other => other
            .children()
            .into_iter()
            .any(|child| is_compared(child, leaf, earlier)),
    }
}
