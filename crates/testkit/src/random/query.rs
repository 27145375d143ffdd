//! Clauses of random Queries: a theme first (dimensions, grain, filters), then what fits it.

use std::collections::BTreeSet;

use jinsheng_core::{Grain, Period, Scope};
use jinsheng_semantics::query::{
    Direction, Expr, Filter, Item, MetricRef, OrderBy, OrderKey, OverWhat, Periods, Query, Stat, Test, Top,
};

use super::pool::{MetricInfo, Pool};
use super::rng::Rng;
use crate::naive;

/// Names given to items.
const ALIASES: [&str; 4] = ["x1", "指标二", "third value", "by"];

/// A random Query from a seed. Nine of ten or more are valid.
pub fn query(pool: &Pool, seed: u64) -> Query {
    let mut rng = Rng::new(seed);
    let valid = rng.percent(70);
    let mut made = Maker::new(pool, rng.next()).query();
    for _ in 0..60 {
        if !valid || naive::check(&pool.catalog, &made, &Scope::full()).is_ok() {
            break;
        }
        made = Maker::new(pool, rng.next()).query();
    }
    made
}

/// Makes one Query.
pub(super) struct Maker<'p> {
    pub(super) pool: &'p Pool,
    pub(super) rng: Rng,
    pub(super) grain: Option<Grain>,
    /// Dimensions of `where`.
    filtered: Vec<usize>,
    /// Aliases and what they stand for.
    pub(super) aliases: Vec<(String, Expr)>,
    /// True where every value is a fold over periods.
    pub(super) folded: bool,
}

impl<'p> Maker<'p> {
    fn new(pool: &'p Pool, seed: u64) -> Self {
        Self {
            pool,
            rng: Rng::new(seed),
            grain: None,
            filtered: Vec::new(),
            aliases: Vec::new(),
            folded: false,
        }
    }

    /// Metrics that can be cut by these dimensions at the Query's grain.
    pub(super) fn usable(&self, by: &[usize]) -> Vec<&'p MetricInfo> {
        let by: BTreeSet<usize> = by.iter().copied().collect();
        let fits = |metric: &&MetricInfo| {
            by.is_subset(&metric.reach)
                && self.filtered.iter().all(|at| metric.reach.contains(at))
                && metric.keys.is_subset(&by)
                && (metric.grain <= self.grain)
        };
        self.pool.metrics.iter().filter(fits).collect()
    }

    /// Dimensions by which a metric of the theme can be cut.
    pub(super) fn reachable(&self, metric: &MetricInfo) -> Vec<usize> {
        metric.reach.iter().copied().collect()
    }

    fn query(mut self) -> Query {
        let pool = self.pool;
        let mut query = Query {
            items: Vec::new(),
            by: Vec::new(),
            of: Vec::new(),
            filters: Vec::new(),
            periods: None,
            having: None,
            top: None,
            order: Vec::new(),
            limit: None,
        };
        let Some(theme) = self.rng.pick(&pool.metrics) else {
            return query;
        };
        let by = self.dimensions(theme);
        self.choose_grain(theme);
        if self.rng.percent(35) {
            let reach: Vec<usize> = theme.reach.iter().copied().collect();
            let count = self.rng.between(1, 2);
            self.filtered = self.rng.some(&reach, count);
            for at in self.filtered.clone() {
                query.filters.extend(self.filter(at));
            }
        }
        let mut cut = by.clone();
        if self.rng.percent(25) {
            self.subjects(&mut query, &mut cut);
        }
        self.folded = self.grain.is_some() && self.rng.percent(9);
        for _ in 0..self
            .rng
            .weighted(&[(45, 1), (30, 2), (15, 3), (10, 4)])
            .unwrap_or(1)
        {
            let expr = self.value(&cut, 3);
            let alias = self.alias(&query.items);
            query.items.push(Item { expr, alias });
        }
        for item in &query.items {
            if let Some(alias) = &item.alias {
                self.aliases.push((alias.clone(), item.expr.clone()));
            }
        }
        query.by = by.iter().filter_map(|at| self.name(*at)).collect();
        query.periods = self.periods(theme);
        if self.rng.percent(25) {
            query.having = Some(self.condition(&cut, 2));
        }
        if self.rng.percent(25) {
            query.top = Some(self.top(&cut));
        }
        if self.rng.percent(30) {
            query.order = self.order(&query.by, &cut);
        }
        if self.rng.percent(15) {
            query.limit = Some(u64::from(self.rng.between(0, 20)));
        }
        query
    }

    /// Dimensions of `by`; all keys of a rate most of the time.
    fn dimensions(&mut self, theme: &MetricInfo) -> Vec<usize> {
        let reach: Vec<usize> = theme.reach.iter().copied().collect();
        let count = self
            .rng
            .weighted(&[(20, 0), (50, 1), (25, 2), (5, 3)])
            .unwrap_or(1);
        let entities: Vec<usize> = reach
            .iter()
            .copied()
            .filter(|at| {
                self.pool
                    .dimensions
                    .get(*at)
                    .is_some_and(|dimension| dimension.entity)
            })
            .collect();
        let from = if self.rng.percent(50) { &entities } else { &reach };
        let mut by = self.rng.some(from, count);
        if self.rng.percent(85) {
            for key in &theme.keys {
                if !by.contains(key) {
                    by.push(*key);
                }
            }
        }
        if self.rng.percent(50) {
            by.reverse();
        }
        by
    }

    fn choose_grain(&mut self, theme: &MetricInfo) {
        self.grain = theme.grain.map(|own| {
            let coarser: Vec<(u64, Grain)> = Grain::ALL
                .into_iter()
                .filter(|grain| *grain >= own)
                .zip([8, 4, 3, 2, 2])
                .map(|(grain, weight)| (weight, grain))
                .collect();
            self.rng.weighted(&coarser).unwrap_or(own)
        });
    }

    /// A name of a dimension.
    pub(super) fn name(&mut self, at: usize) -> Option<String> {
        let dimension = self.pool.dimensions.get(at)?;
        let short = dimension.short.as_ref().filter(|_| self.rng.percent(20));
        Some(short.unwrap_or(&dimension.name).clone())
    }

    /// A filter on a dimension, by values that it has; now and then by others.
    pub(super) fn filter(&mut self, at: usize) -> Option<Filter> {
        let name = self.name(at)?;
        let dimension = self.pool.dimensions.get(at)?;
        let value = |rng: &mut Rng| rng.pick(&dimension.values).cloned().unwrap_or_default();
        let kind = self.rng.weighted(&[(55, 0), (15, 1), (20, 2), (10, 3)])?;
        let test = match kind {
            0 | 1 => {
                let count = self.rng.weighted(&[(1, 0), (50, 1), (25, 2), (24, 8)])?;
                let mut values: BTreeSet<String> =
                    self.rng.some(&dimension.values, count).into_iter().collect();
                if dimension.text && self.rng.percent(8) {
                    values.insert("没有'这个\"值".to_owned());
                }
                if kind == 0 {
                    Test::In(values)
                } else {
                    Test::NotIn(values)
                }
            }
            2 => {
                use jinsheng_semantics::query::CompareOp::{Ge, Gt, Le, Lt};
                let op = *self.rng.pick(&[Lt, Le, Gt, Ge])?;
                Test::Compare(op, value(&mut self.rng))
            }
            _ if dimension.text => {
                let whole = match self.rng.pick(&dimension.names) {
                    Some(name) if self.rng.percent(60) => name.clone(),
                    _ => value(&mut self.rng),
                };
                let characters: Vec<char> = whole.chars().collect();
                let part = self.rng.pick(&characters).map(ToString::to_string);
                Test::Contains(part.unwrap_or_default())
            }
            _ => Test::In(BTreeSet::from([value(&mut self.rng)])),
        };
        Some(Filter {
            dimension: name,
            test,
        })
    }

    /// `of`: entities, dimensions of `by`, or attributes of entities among them.
    fn subjects(&mut self, query: &mut Query, cut: &mut Vec<usize>) {
        let pool = self.pool;
        let names: Vec<&str> = cut
            .iter()
            .filter_map(|at| pool.dimensions.get(*at))
            .filter(|dimension| dimension.entity)
            .map(|dimension| dimension.name.as_str())
            .collect();
        let attribute = |name: &str| {
            name.split_once('.')
                .is_some_and(|(owner, _)| names.contains(&owner))
        };
        let numbered = || pool.dimensions.iter().enumerate();
        let candidates: Vec<usize> = numbered()
            .filter(|(at, dimension)| dimension.entity || cut.contains(at) || attribute(&dimension.name))
            .map(|(at, _)| at)
            .collect();
        let own: Vec<usize> = candidates
            .iter()
            .copied()
            .filter(|at| {
                cut.contains(at) || !pool.dimensions.get(*at).is_some_and(|dimension| dimension.entity)
            })
            .collect();
        let from = if self.rng.percent(60) { own } else { candidates };
        if let Some(at) = self.rng.pick(&from).copied() {
            query.of.extend(self.filter(at));
            if pool.dimensions.get(at).is_some_and(|dimension| dimension.entity) && !cut.contains(&at) {
                cut.push(at);
            }
        }
    }

    fn alias(&mut self, items: &[Item]) -> Option<String> {
        let alias = ALIASES.get(items.len())?;
        self.rng.percent(35).then(|| (*alias).to_owned())
    }

    /// A value at the top of an item, condition or key.
    pub(super) fn value(&mut self, cut: &[usize], depth: u32) -> Expr {
        if !self.folded {
            return self.expr(cut, depth);
        }
        let stat = self.stat();
        let inner = self.expr(cut, depth.saturating_sub(1));
        let fold = Expr::Over(stat, Box::new(inner), OverWhat::Period);
        match self.rng.below(10) {
            0 => Expr::Rank(Box::new(fold), self.direction(), self.within(cut)),
            1 => Expr::Share(Box::new(fold), self.within(cut)),
            2 => Expr::Peers(self.stat(), Box::new(fold), self.within(cut)),
            _ => fold,
        }
    }

    pub(super) fn stat(&mut self) -> Stat {
        let all = [
            Stat::Sum,
            Stat::Mean,
            Stat::Median,
            Stat::Min,
            Stat::Max,
            Stat::Count,
        ];
        self.rng.pick(&all).copied().unwrap_or(Stat::Sum)
    }

    pub(super) fn direction(&mut self) -> Direction {
        if self.rng.percent(70) {
            Direction::Desc
        } else {
            Direction::Asc
        }
    }

    /// Dimensions of the result, or attributes of its entities, in which peers agree; mostly none.
    pub(super) fn within(&mut self, cut: &[usize]) -> Vec<String> {
        if self.rng.percent(65) {
            return Vec::new();
        }
        let pool = self.pool;
        let entities: Vec<&str> = cut
            .iter()
            .filter_map(|at| pool.dimensions.get(*at))
            .filter(|dimension| dimension.entity)
            .map(|dimension| dimension.name.as_str())
            .collect();
        let attribute = |name: &str| {
            name.split_once('.')
                .is_some_and(|(owner, _)| entities.contains(&owner))
        };
        let candidates: Vec<usize> = pool
            .dimensions
            .iter()
            .enumerate()
            .filter(|(at, dimension)| cut.contains(at) || attribute(&dimension.name))
            .map(|(at, _)| at)
            .collect();
        let chosen = self.rng.some(&candidates, 1);
        chosen.into_iter().filter_map(|at| self.name(at)).collect()
    }

    /// Periods near those with rows.
    fn periods(&mut self, theme: &MetricInfo) -> Option<Periods> {
        let grain = self.grain?;
        let range = theme
            .tables
            .iter()
            .find_map(|table| self.pool.periods.get(table))?;
        let (first, last) = (range.0.to_grain(grain)?, range.1.to_grain(grain)?);
        let width = u32::try_from(last.index() - first.index()).ok()?;
        let some = |rng: &mut Rng| {
            let back = rng.between(0, width);
            last.offset(-i32::try_from(back).unwrap_or(0))
        };
        Some(
            match self
                .rng
                .weighted(&[(30, 0), (20, 1), (20, 2), (10, 3), (20, 4)])?
            {
                0 => Periods::At((0..self.rng.between(1, 3)).map(|_| some(&mut self.rng)).collect()),
                1 => {
                    let from = some(&mut self.rng);
                    let length = i32::try_from(self.rng.between(0, 8)).unwrap_or(0);
                    Periods::Range(from, from.offset(length))
                }
                2 => Periods::Last(self.rng.between(1, 8), grain),
                3 if grain > Grain::Day => Periods::Each(grain),
                3 => Periods::Range(last.offset(-20), last),
                // The latest period at the coarsest grain of the tables used.
                _ if theme.grain == Some(grain) => return None,
                _ => Periods::At(vec![Period::new(grain, last.index())]),
            },
        )
    }

    fn top(&mut self, cut: &[usize]) -> Top {
        Top {
            count: self.rng.between(0, 6),
            direction: self.direction(),
            by: self.known_value(cut),
            within: self.within(cut),
        }
    }

    /// An alias, or another value.
    pub(super) fn known_value(&mut self, cut: &[usize]) -> Expr {
        let aliases = self.aliases.clone();
        match self.rng.pick(&aliases) {
            Some((alias, _)) if self.rng.percent(70) => Expr::Metric(MetricRef::plain(&**alias)),
            _ => self.value(cut, 2),
        }
    }

    fn order(&mut self, by: &[String], cut: &[usize]) -> Vec<OrderBy> {
        let mut order = Vec::new();
        for _ in 0..self.rng.between(1, 3) {
            let key = match self.rng.below(10) {
                0 | 1 if self.grain.is_some() && !self.folded => OrderKey::Period,
                2..=4 if !by.is_empty() => match self.rng.pick(by) {
                    Some(name) => OrderKey::Dimension(name.clone()),
                    None => continue,
                },
                _ => OrderKey::Value(self.known_value(cut)),
            };
            // A metric with the name of a dimension would read as the dimension.
            if let OrderKey::Value(Expr::Metric(metric)) = &key
                && by.contains(&metric.name)
            {
                continue;
            }
            order.push(OrderBy {
                by: key,
                direction: self.direction(),
            });
        }
        order
    }
}
