//! Values of expressions for a group at a period.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use bigdecimal::{BigDecimal, Zero as _};
use jinsheng_semantics::query::{Direction, Stat};

use super::measure::{self, Group, Values};
use super::node::{Bound, Node, PeersNode, PeersWhat, Truth};
use super::rows::{Code, Prepared};
use super::{NaiveRefusal, number, test};

/// When a value is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum When {
    /// Without time: all tables are static.
    Always,
    /// Index of a period at the Query's grain.
    At(i32),
    /// Over the shown periods together.
    Folded,
}

/// Groups that have a row.
enum Spine {
    /// The same at every period.
    Timeless(Rc<BTreeSet<Group>>),
    /// By period.
    Periods(BTreeMap<i32, Rc<BTreeSet<Group>>>),
}

/// Values of one expression over its peers, in order.
type Sorted = Rc<Vec<BigDecimal>>;

pub(super) struct Eval<'b, 'a> {
    prepared: &'b Prepared<'b>,
    bound: &'b Bound<'a>,
    values: HashMap<(usize, usize), Values>,
    spines: Vec<Spine>,
    shown: Vec<i32>,
    folded: RefCell<HashMap<usize, Rc<BTreeSet<Group>>>>,
    peers: RefCell<HashMap<(usize, When, Group), Sorted>>,
    known: RefCell<HashMap<(usize, Group, When), Option<BigDecimal>>>,
    streaks: RefCell<HashMap<(usize, Group, i32), u64>>,
}

impl<'b, 'a> Eval<'b, 'a> {
    /// Computes every measure at every level where it is used, and the rows that there are.
    pub(super) fn new(prepared: &'b Prepared<'b>, bound: &'b Bound<'a>) -> Result<Self, NaiveRefusal> {
        let mut values = HashMap::new();
        for (number, level) in bound.levels.iter().enumerate() {
            for (position, own) in &level.leaves {
                if *own == number
                    && let Some(leaf) = bound.leaves.get(*position)
                {
                    let computed = measure::values(prepared, leaf, &level.dimensions, bound.grain)?;
                    values.insert((*position, number), computed);
                }
            }
        }
        let spines = (0..bound.levels.len())
            .map(|number| spine(bound, number, &values))
            .collect();
        Ok(Self {
            prepared,
            bound,
            values,
            spines,
            shown: Vec::new(),
            folded: RefCell::default(),
            peers: RefCell::default(),
            known: RefCell::default(),
            streaks: RefCell::default(),
        })
    }

    /// Says which periods are shown; folds over periods go over these.
    pub(super) fn show(&mut self, periods: Vec<i32>) {
        self.shown = periods;
    }

    /// Periods in which a row of the result exists, in order.
    pub(super) fn periods(&self) -> Vec<i32> {
        match self.spines.first() {
            Some(Spine::Periods(periods)) => periods.keys().copied().collect(),
            _ => Vec::new(),
        }
    }

    /// Groups of a level that have a row.
    pub(super) fn groups(&self, level: usize, when: When) -> Rc<BTreeSet<Group>> {
        let none = || Rc::new(BTreeSet::new());
        match (self.spines.get(level), when) {
            // Where other metrics have periods, static rows are there at these and at no others.
            (Some(Spine::Timeless(groups)), When::At(index)) => match self.spines.first() {
                Some(Spine::Periods(periods)) if !periods.contains_key(&index) => none(),
                _ => Rc::clone(groups),
            },
            (Some(Spine::Timeless(groups)), _) => Rc::clone(groups),
            (Some(Spine::Periods(periods)), When::At(index)) => {
                periods.get(&index).cloned().unwrap_or_else(none)
            }
            (Some(Spine::Periods(periods)), When::Folded) => {
                let known = self.folded.borrow().get(&level).cloned();
                known.unwrap_or_else(|| {
                    let shown = self.shown.iter().filter_map(|index| periods.get(index));
                    let all = Rc::new(shown.flat_map(|groups| groups.iter().cloned()).collect());
                    self.folded.borrow_mut().insert(level, Rc::clone(&all));
                    all
                })
            }
            (Some(Spine::Periods(_)), When::Always) | (None, _) => none(),
        }
    }

    fn has_row(&self, level: usize, group: &[Code], when: When) -> bool {
        self.groups(level, when).contains(group)
    }

    /// The value of an expression of a level; `None` is missing.
    pub(super) fn value(&self, node: &Node, level: usize, group: &[Code], when: When) -> Option<BigDecimal> {
        let of = |node: &Node| self.value(node, level, group, when);
        match node {
            Node::Constant(value) => Some(value.clone()),
            Node::Leaf(position) => {
                let index = match when {
                    When::At(index) => Some(index),
                    When::Always | When::Folded => None,
                };
                self.values.get(&(*position, level))?.get(group, index)
            }
            Node::Scale(inner, power) => of(inner).map(|value| number::shift_point(&value, *power)),
            Node::Negate(inner) => of(inner).map(|value| -value),
            Node::Abs(inner) => of(inner).map(|value| value.abs()),
            Node::Add(left, right) => Some(of(left)? + of(right)?),
            Node::Subtract(left, right) => Some(of(left)? - of(right)?),
            Node::Multiply(left, right) => Some(number::multiply(&of(left)?, &of(right)?)),
            Node::Divide(left, right) => number::divide(&of(left)?, &of(right)?),
            Node::Coalesce(parts) => parts.iter().find_map(of),
            Node::Shift(inner, lag) => self.earlier(inner, *lag, level, group, when),
            Node::Change(inner, lag, percent) => {
                let value = of(inner)?;
                let before = self.earlier(inner, *lag, level, group, when)?;
                if !percent {
                    return Some(value - before);
                }
                let change = number::divide(&(value - &before), &before.abs())?;
                Some(change * BigDecimal::from(100))
            }
            Node::Cagr(inner, lag, years) => {
                let before = self.earlier(inner, *lag, level, group, when)?;
                number::growth_rate(&of(inner)?, &before, *years)
            }
            Node::Peers(peers) => self.peers(peers, level, group, when),
            Node::Over(id, stat, inner, finer) => self.remembered(*id, group, when, || {
                let inner_groups = self.groups(*finer, when);
                let within = inner_groups
                    .range(group.to_vec()..)
                    .take_while(|finer| finer.starts_with(group));
                let values = within.filter_map(|group| self.value(inner, *finer, group, when));
                statistic(*stat, &values.collect::<Vec<_>>())
            }),
            Node::OverPeriod(id, stat, inner) => self.remembered(*id, group, when, || {
                let periods = self.shown.iter().map(|index| When::At(*index));
                let there = periods.filter(|when| self.has_row(level, group, *when));
                let values = there.filter_map(|when| self.value(inner, level, group, when));
                statistic(*stat, &values.collect::<Vec<_>>())
            }),
            Node::Streak(id, condition) => match when {
                When::At(index) => Some(BigDecimal::from(self.streak(*id, condition, level, group, index))),
                When::Always | When::Folded => None,
            },
        }
    }

    fn remembered(
        &self,
        id: usize,
        group: &[Code],
        when: When,
        compute: impl FnOnce() -> Option<BigDecimal>,
    ) -> Option<BigDecimal> {
        let key = (id, group.to_vec(), when);
        let known = self.known.borrow().get(&key).cloned();
        known.unwrap_or_else(|| {
            let value = compute();
            self.known.borrow_mut().insert(key, value.clone());
            value
        })
    }

    /// The value so many periods earlier; missing when there is no row.
    fn earlier(&self, node: &Node, lag: i32, level: usize, group: &[Code], when: When) -> Option<BigDecimal> {
        let When::At(index) = when else {
            return None;
        };
        let before = When::At(index.checked_sub(lag)?);
        if !self.has_row(level, group, before) {
            return None;
        }
        self.value(node, level, group, before)
    }

    fn peers(&self, peers: &PeersNode, level: usize, group: &[Code], when: When) -> Option<BigDecimal> {
        // A home table without such a column gives no value.
        let pick = |group: &[Code]| self.prepared.all_at(&peers.within, group).ok().flatten();
        let within = pick(group)?;
        let key = (peers.id, when, within.clone());
        let known = self.peers.borrow().get(&key).cloned();
        let values = known.unwrap_or_else(|| {
            let groups = self.groups(level, when);
            let same = groups
                .iter()
                .filter(|group| pick(group).as_ref() == Some(&within));
            let mut values: Vec<BigDecimal> = same
                .filter_map(|group| self.value(&peers.value, level, group, when))
                .collect();
            values.sort();
            let values = Rc::new(values);
            self.peers.borrow_mut().insert(key, Rc::clone(&values));
            values
        });
        match peers.what {
            PeersWhat::Stat(stat) => statistic(stat, &values),
            PeersWhat::Share => {
                let value = self.value(&peers.value, level, group, when)?;
                let share = number::divide(&value, &values.iter().sum())?;
                Some(share * BigDecimal::from(100))
            }
            PeersWhat::Rank(direction) => {
                let value = self.value(&peers.value, level, group, when)?;
                let better = match direction {
                    Direction::Asc => values.partition_point(|other| *other < value),
                    Direction::Desc => values.len() - values.partition_point(|other| *other <= value),
                };
                u64::try_from(better)
                    .ok()
                    .map(|better| BigDecimal::from(better + 1))
            }
        }
    }

    /// Periods in a row in which the condition holds, ending at `index`.
    fn streak(&self, id: usize, condition: &Truth, level: usize, group: &[Code], index: i32) -> u64 {
        // Back to where it is known or ends, then forward again.
        let mut first = index;
        let mut count = 0;
        loop {
            let key = (id, group.to_vec(), first);
            if let Some(known) = self.streaks.borrow().get(&key) {
                count = *known;
                break;
            }
            let when = When::At(first);
            let holds =
                self.has_row(level, group, when) && self.truth(condition, level, group, when) == Some(true);
            if !holds {
                self.streaks.borrow_mut().insert(key, 0);
                break;
            }
            first -= 1;
        }
        while first < index {
            first += 1;
            count += 1;
            self.streaks
                .borrow_mut()
                .insert((id, group.to_vec(), first), count);
        }
        count
    }

    /// Whether a condition holds; `None` is not known.
    pub(super) fn truth(&self, truth: &Truth, level: usize, group: &[Code], when: When) -> Option<bool> {
        match truth {
            Truth::Compare(left, op, right) => {
                let left = self.value(left, level, group, when)?;
                let right = self.value(right, level, group, when)?;
                Some(test::holds(left.cmp(&right), *op))
            }
            Truth::Missing(node, missing) => Some(self.value(node, level, group, when).is_none() == *missing),
            Truth::Not(inner) => self.truth(inner, level, group, when).map(|holds| !holds),
            Truth::All(parts) => {
                let parts: Vec<_> = parts
                    .iter()
                    .map(|part| self.truth(part, level, group, when))
                    .collect();
                if parts.contains(&Some(false)) {
                    return Some(false);
                }
                if parts.contains(&None) { None } else { Some(true) }
            }
            Truth::Any(parts) => {
                let parts: Vec<_> = parts
                    .iter()
                    .map(|part| self.truth(part, level, group, when))
                    .collect();
                if parts.contains(&Some(true)) {
                    return Some(true);
                }
                if parts.contains(&None) { None } else { Some(false) }
            }
        }
    }

    /// What was bound.
    pub(super) fn bound(&self) -> &'b Bound<'a> {
        self.bound
    }
}

/// The groups and periods in which a level has rows.
fn spine(bound: &Bound<'_>, level: usize, values: &HashMap<(usize, usize), Values>) -> Spine {
    let positions = bound.levels.get(level).map(|level| level.leaves.as_slice());
    let used: Vec<((usize, usize), &super::node::Leaf<'_>)> = positions
        .unwrap_or_default()
        .iter()
        .filter_map(|used| bound.leaves.get(used.0).map(|leaf| (*used, leaf)))
        .collect();
    // Inside a fold a metric has rows where the fold has: the first dimensions of its groups are those of this level.
    let width = bound.levels.get(level).map_or(0, |level| level.dimensions.len());
    let outer = |group: &Group| group.iter().take(width).copied().collect::<Group>();
    // A static metric brings no row where another has periods, one with filters none where another has no filters.
    let periodic = used.iter().any(|(_, leaf)| leaf.periodic);
    let candidates = used.into_iter().filter(|(_, leaf)| leaf.periodic == periodic);
    let candidates: Vec<_> = candidates.collect();
    let open = candidates.iter().any(|(_, leaf)| !leaf.bracketed);
    let bringing = candidates.iter().filter(|(_, leaf)| !(open && leaf.bracketed));
    let rows = bringing
        .filter_map(|(used, _)| values.get(used))
        .flat_map(Values::rows);
    if !periodic {
        return Spine::Timeless(Rc::new(rows.map(|(group, _)| outer(group)).collect()));
    }
    let mut periods: BTreeMap<i32, BTreeSet<Group>> = BTreeMap::new();
    for (group, index) in rows {
        if let Some(index) = index {
            periods.entry(index).or_default().insert(outer(group));
        }
    }
    Spine::Periods(
        periods
            .into_iter()
            .map(|(index, groups)| (index, Rc::new(groups)))
            .collect(),
    )
}

/// A statistic over the values that are there.
fn statistic(stat: Stat, values: &[BigDecimal]) -> Option<BigDecimal> {
    match stat {
        Stat::Count => u64::try_from(values.len()).ok().map(BigDecimal::from),
        Stat::Sum if values.is_empty() => None,
        Stat::Sum => Some(values.iter().fold(BigDecimal::zero(), |sum, value| sum + value)),
        Stat::Mean => number::mean(values),
        Stat::Median => number::median(values),
        Stat::Min => values.iter().min().cloned(),
        Stat::Max => values.iter().max().cloned(),
    }
}
