//! Random Queries and Scopes over a catalog and its rows, mostly valid, that shrink to smaller ones.

mod condition;
mod expr;
mod pool;
mod query;
pub(crate) mod rng;
mod scope;
mod shrink;

use std::fmt::Debug;
use std::sync::Arc;

use jinsheng_core::Scope;
use jinsheng_semantics::query::Query;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;

pub use pool::Pool;
pub use query::query;
pub(crate) use rng::Rng;
pub use scope::scope;
pub use shrink::simpler;

/// Random Queries; a failing one shrinks by leaving out clauses and parts of expressions.
pub fn queries(pool: &Arc<Pool>) -> impl Strategy<Value = Query> + use<> {
    let pool = Arc::clone(pool);
    Random {
        make: move |seed| query(&pool, seed),
        simpler,
    }
}

/// Random Scopes with row filters; a failing one shrinks by leaving out filters.
pub fn scopes(pool: &Arc<Pool>) -> impl Strategy<Value = Scope> + use<> {
    let pool = Arc::clone(pool);
    Random {
        make: move |seed| scope(&pool, seed),
        simpler: scope::simpler,
    }
}

/// Values made from a seed, with a list of simpler ones for each.
#[derive(Clone)]
struct Random<M, S> {
    make: M,
    simpler: S,
}

impl<M, S> Debug for Random<M, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Random")
    }
}

impl<V, M, S> Strategy for Random<M, S>
where
    V: Debug + Clone,
    M: Fn(u64) -> V,
    S: Fn(&V) -> Vec<V> + Clone,
{
    type Tree = Shrinking<V, S>;
    type Value = V;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        use proptest::prelude::Rng as _;
        let value = (self.make)(runner.rng().next_u64());
        Ok(Shrinking {
            failing: value.clone(),
            current: value,
            candidates: None,
            simpler: self.simpler.clone(),
        })
    }
}

/// Goes through the simpler values of the simplest one that still fails.
struct Shrinking<V, S> {
    failing: V,
    current: V,
    /// What is left to try, last first; none before the first try.
    candidates: Option<Vec<V>>,
    simpler: S,
}

impl<V: Clone + Debug, S: Fn(&V) -> Vec<V>> Shrinking<V, S> {
    fn advance(&mut self) -> bool {
        match self.candidates.as_mut().and_then(Vec::pop) {
            Some(next) => {
                self.current = next;
                true
            }
            None => {
                self.current = self.failing.clone();
                false
            }
        }
    }
}

impl<V: Clone + Debug, S: Fn(&V) -> Vec<V>> ValueTree for Shrinking<V, S> {
    type Value = V;

    fn current(&self) -> V {
        self.current.clone()
    }

    fn simplify(&mut self) -> bool {
        self.failing = self.current.clone();
        let mut candidates = (self.simpler)(&self.failing);
        candidates.reverse();
        self.candidates = Some(candidates);
        self.advance()
    }

    fn complicate(&mut self) -> bool {
        self.advance()
    }
}
