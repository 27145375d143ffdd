//! Smaller Queries than a given one: a clause, an item, or a part of an expression less.

use jinsheng_semantics::query::{
    Condition, Expr, Filter, Item, MetricRef, OrderBy, OrderKey, Periods, Query, Test,
};

/// Queries that say less, those that say least first.
pub fn simpler(query: &Query) -> Vec<Query> {
    let mut found = Vec::new();
    let mut change = |edit: &dyn Fn(&mut Query)| {
        let mut smaller = query.clone();
        edit(&mut smaller);
        if smaller != *query {
            found.push(smaller);
        }
    };
    if query.items.len() > 1 {
        for item in &query.items {
            change(&|smaller| smaller.items = vec![item.clone()]);
        }
    }
    change(&|smaller| smaller.having = None);
    change(&|smaller| smaller.top = None);
    change(&|smaller| smaller.order.clear());
    change(&|smaller| smaller.limit = None);
    change(&|smaller| smaller.of.clear());
    change(&|smaller| smaller.filters.clear());
    change(&|smaller| smaller.periods = None);
    for items in without_one(&query.items)
        .into_iter()
        .filter(|items| !items.is_empty())
    {
        change(&|smaller| smaller.items.clone_from(&items));
    }
    for by in without_one(&query.by) {
        change(&|smaller| smaller.by.clone_from(&by));
    }
    for of in filter_lists(&query.of) {
        change(&|smaller| smaller.of.clone_from(&of));
    }
    for filters in filter_lists(&query.filters) {
        change(&|smaller| smaller.filters.clone_from(&filters));
    }
    for order in without_one(&query.order) {
        change(&|smaller| smaller.order.clone_from(&order));
    }
    for periods in query.periods.iter().flat_map(simpler_periods) {
        change(&|smaller| smaller.periods = Some(periods.clone()));
    }
    for having in query.having.iter().flat_map(simpler_conditions) {
        change(&|smaller| smaller.having = Some(having.clone()));
    }
    if let Some(top) = &query.top {
        let mut tops = Vec::new();
        for by in simpler_exprs(&top.by) {
            tops.push(jinsheng_semantics::query::Top { by, ..top.clone() });
        }
        tops.push(jinsheng_semantics::query::Top {
            within: Vec::new(),
            ..top.clone()
        });
        for top in tops {
            change(&|smaller| smaller.top = Some(top.clone()));
        }
    }
    for items in one_changed(&query.items, simpler_items) {
        change(&|smaller| smaller.items.clone_from(&items));
    }
    for order in one_changed(&query.order, simpler_keys) {
        change(&|smaller| smaller.order.clone_from(&order));
    }
    found
}

/// The lists with one element less.
fn without_one<T: Clone>(list: &[T]) -> Vec<Vec<T>> {
    (0..list.len())
        .map(|left_out| {
            let kept = list.iter().enumerate().filter(|(at, _)| *at != left_out);
            kept.map(|(_, value)| value.clone()).collect()
        })
        .collect()
}

/// The lists in which one element is simpler.
fn one_changed<T: Clone>(list: &[T], simpler: impl Fn(&T) -> Vec<T>) -> Vec<Vec<T>> {
    let mut found = Vec::new();
    for (at, value) in list.iter().enumerate() {
        for smaller in simpler(value) {
            let mut changed = list.to_vec();
            if let Some(slot) = changed.get_mut(at) {
                *slot = smaller;
            }
            found.push(changed);
        }
    }
    found
}

fn simpler_items(item: &Item) -> Vec<Item> {
    let exprs = simpler_exprs(&item.expr).into_iter().map(|expr| Item {
        expr,
        alias: item.alias.clone(),
    });
    let unnamed = item.alias.is_some().then(|| Item {
        expr: item.expr.clone(),
        alias: None,
    });
    unnamed.into_iter().chain(exprs).collect()
}

fn simpler_keys(key: &OrderBy) -> Vec<OrderBy> {
    let OrderKey::Value(expr) = &key.by else {
        return Vec::new();
    };
    let direction = key.direction;
    simpler_exprs(expr)
        .into_iter()
        .map(|expr| OrderBy {
            by: OrderKey::Value(expr),
            direction,
        })
        .collect()
}

fn simpler_periods(periods: &Periods) -> Vec<Periods> {
    match periods {
        Periods::At(list) => {
            let shorter = without_one(list).into_iter().filter(|list| !list.is_empty());
            shorter.map(Periods::At).collect()
        }
        Periods::Range(from, to) if from != to => vec![Periods::At(vec![*to]), Periods::At(vec![*from])],
        Periods::Range(from, _) => vec![Periods::At(vec![*from])],
        Periods::Last(count, grain) if *count > 1 => {
            vec![Periods::Last(1, *grain), Periods::Last(count - 1, *grain)]
        }
        Periods::Last(..) => Vec::new(),
        Periods::Each(grain) => vec![Periods::Last(1, *grain)],
    }
}

fn filter_lists(filters: &[Filter]) -> Vec<Vec<Filter>> {
    let mut lists = without_one(filters);
    lists.extend(one_changed(filters, |filter| {
        let fewer = |values: &std::collections::BTreeSet<String>| -> Vec<std::collections::BTreeSet<String>> {
            let list: Vec<String> = values.iter().cloned().collect();
            let shorter = without_one(&list).into_iter().filter(|list| !list.is_empty());
            shorter.map(|list| list.into_iter().collect()).collect()
        };
        let tests: Vec<Test> = match &filter.test {
            Test::In(values) => fewer(values).into_iter().map(Test::In).collect(),
            Test::NotIn(values) => fewer(values).into_iter().map(Test::NotIn).collect(),
            Test::Compare(..) | Test::Contains(_) => Vec::new(),
        };
        let with = |test| Filter {
            dimension: filter.dimension.clone(),
            test,
        };
        tests.into_iter().map(with).collect()
    }));
    lists
}

fn simpler_metrics(metric: &MetricRef) -> Vec<MetricRef> {
    let mut found = Vec::new();
    for filters in filter_lists(&metric.filters) {
        found.push(MetricRef {
            filters,
            ..metric.clone()
        });
    }
    if metric.form.is_some() {
        found.push(MetricRef {
            form: None,
            ..metric.clone()
        });
    }
    if metric.variant.is_some() {
        found.push(MetricRef {
            variant: None,
            ..metric.clone()
        });
    }
    found
}

/// The parts of an expression, then the same expression over simpler parts.
fn simpler_exprs(expr: &Expr) -> Vec<Expr> {
    let rebuilt = |inner: &Expr, make: &dyn Fn(Box<Expr>) -> Expr| -> Vec<Expr> {
        let smaller = simpler_exprs(inner)
            .into_iter()
            .map(|inner| make(Box::new(inner)));
        [inner.clone()].into_iter().chain(smaller).collect()
    };
    match expr {
        Expr::Metric(metric) => simpler_metrics(metric).into_iter().map(Expr::Metric).collect(),
        Expr::Number(_) => Vec::new(),
        Expr::Negate(inner) => rebuilt(inner, &Expr::Negate),
        Expr::Abs(inner) => rebuilt(inner, &Expr::Abs),
        Expr::Shift(inner, lag) => rebuilt(inner, &|inner| Expr::Shift(inner, *lag)),
        Expr::Change(kind, inner) => rebuilt(inner, &|inner| Expr::Change(*kind, inner)),
        Expr::Cagr(inner, years) => rebuilt(inner, &|inner| Expr::Cagr(inner, *years)),
        Expr::Peers(stat, inner, within) => {
            let mut found = rebuilt(inner, &|inner| Expr::Peers(*stat, inner, within.clone()));
            found.extend(without_within(within, || {
                Expr::Peers(*stat, inner.clone(), Vec::new())
            }));
            found
        }
        Expr::Share(inner, within) => {
            let mut found = rebuilt(inner, &|inner| Expr::Share(inner, within.clone()));
            found.extend(without_within(within, || Expr::Share(inner.clone(), Vec::new())));
            found
        }
        Expr::Rank(inner, direction, within) => {
            let mut found = rebuilt(inner, &|inner| Expr::Rank(inner, *direction, within.clone()));
            found.extend(without_within(within, || {
                Expr::Rank(inner.clone(), *direction, Vec::new())
            }));
            found
        }
        Expr::Over(stat, inner, what) => rebuilt(inner, &|inner| Expr::Over(*stat, inner, what.clone())),
        Expr::Binary(op, left, right) => {
            let mut found = rebuilt(left, &|left| Expr::Binary(*op, left, right.clone()));
            found.extend(rebuilt(right, &|right| Expr::Binary(*op, left.clone(), right)));
            found
        }
        Expr::Coalesce(parts) => {
            let shorter = without_one(parts).into_iter().filter(|parts| !parts.is_empty());
            let changed = one_changed(parts, simpler_exprs);
            let lists = shorter.chain(changed).map(Expr::Coalesce);
            parts.iter().cloned().chain(lists).collect()
        }
        Expr::Streak(condition) => {
            let parts = condition.exprs().into_iter().cloned();
            let smaller = simpler_conditions(condition).into_iter();
            parts
                .chain(smaller.map(|condition| Expr::Streak(Box::new(condition))))
                .collect()
        }
    }
}

fn without_within(within: &[String], make: impl Fn() -> Expr) -> Option<Expr> {
    (!within.is_empty()).then(make)
}

fn simpler_conditions(condition: &Condition) -> Vec<Condition> {
    match condition {
        Condition::Compare(left, op, right) => {
            let lefts = simpler_exprs(left).into_iter();
            let rights = simpler_exprs(right).into_iter();
            lefts
                .map(|left| Condition::Compare(left, *op, right.clone()))
                .chain(rights.map(|right| Condition::Compare(left.clone(), *op, right)))
                .collect()
        }
        Condition::Missing(expr, missing) => simpler_exprs(expr)
            .into_iter()
            .map(|expr| Condition::Missing(expr, *missing))
            .collect(),
        Condition::Not(inner) => {
            let smaller = simpler_conditions(inner).into_iter();
            let smaller = smaller.map(|inner| Condition::Not(Box::new(inner)));
            [(**inner).clone()].into_iter().chain(smaller).collect()
        }
        Condition::All(parts) => simpler_joined(parts, Condition::All),
        Condition::Any(parts) => simpler_joined(parts, Condition::Any),
    }
}

fn simpler_joined(parts: &[Condition], join: fn(Vec<Condition>) -> Condition) -> Vec<Condition> {
    let shorter = without_one(parts).into_iter().filter(|parts| parts.len() > 1);
    let changed = one_changed(parts, simpler_conditions);
    parts
        .iter()
        .cloned()
        .chain(shorter.chain(changed).map(join))
        .collect()
}
