//! A Query with every name, form and unit resolved.

use bigdecimal::BigDecimal;
use jinsheng_core::{Grain, Unit};
use jinsheng_semantics::catalog::{DimensionPath, Measure, ResolvedDimension};
use jinsheng_semantics::query::{CompareOp, Direction, Filter, Form, Periods, Stat};

/// What `bind` makes of a Query.
pub(super) struct Bound<'a> {
    /// Grain of the Query; none when all its tables are static.
    pub(super) grain: Option<Grain>,
    /// True when the items are folds over the shown periods.
    pub(super) folded: bool,
    /// Ways to cut: the result's first, then one for each fold over dimensions.
    pub(super) levels: Vec<Level<'a>>,
    /// Measures that are read.
    pub(super) leaves: Vec<Leaf<'a>>,
    pub(super) items: Vec<BoundItem>,
    pub(super) of: Vec<Subject>,
    pub(super) periods: Option<Periods>,
    pub(super) having: Option<Truth>,
    pub(super) top: Option<BoundTop>,
    pub(super) order: Vec<(OrderBound, Direction)>,
    pub(super) limit: Option<u64>,
}

/// Dimensions of a group, and the measures used there or in finer groups, each with the level at which it is used.
pub(super) struct Level<'a> {
    pub(super) dimensions: Vec<BoundDimension<'a>>,
    pub(super) leaves: Vec<(usize, usize)>,
}

/// A dimension and its full name.
#[derive(Clone)]
pub(super) struct BoundDimension<'a> {
    pub(super) name: String,
    pub(super) resolved: ResolvedDimension<'a>,
}

/// A measure in a form, over the rows that pass filters.
#[derive(Clone, PartialEq)]
pub(super) struct Leaf<'a> {
    /// Metric by which it was named, for refusals.
    pub(super) metric: String,
    pub(super) table: &'a str,
    pub(super) measure_name: &'a str,
    pub(super) measure: &'a Measure,
    /// None for stocks, rates and static measures.
    pub(super) form: Option<Form>,
    /// Filters of `where` and those in brackets behind the metric.
    pub(super) filters: Vec<(Filter, DimensionPath)>,
    /// True when there are filters in brackets.
    pub(super) bracketed: bool,
    /// False for static tables.
    pub(super) periodic: bool,
}

/// An item of the result.
pub(super) struct BoundItem {
    pub(super) name: String,
    pub(super) unit: Unit,
    pub(super) approximate: bool,
    pub(super) node: Node,
}

/// A filter of `of`.
pub(super) struct Subject {
    pub(super) filter: Filter,
    pub(super) place: Place,
}

/// A dimension of a group: one of its own, or an attribute of an entity among them.
pub(super) struct Place {
    pub(super) position: usize,
    pub(super) path: Option<DimensionPath>,
}

pub(super) struct BoundTop {
    pub(super) count: u32,
    pub(super) direction: Direction,
    pub(super) by: Node,
    pub(super) within: Vec<Place>,
}

pub(super) enum OrderBound {
    Value(Node),
    Dimension(usize),
    Period,
}

/// A value for a group and period.
pub(super) enum Node {
    Constant(BigDecimal),
    /// Position in `leaves`.
    Leaf(usize),
    /// Times a power of ten: another unit.
    Scale(Box<Node>, i32),
    Negate(Box<Node>),
    Abs(Box<Node>),
    Add(Box<Node>, Box<Node>),
    Subtract(Box<Node>, Box<Node>),
    Multiply(Box<Node>, Box<Node>),
    Divide(Box<Node>, Box<Node>),
    Coalesce(Vec<Node>),
    Shift(Box<Node>, i32),
    /// Change against so many periods before; true for %.
    Change(Box<Node>, i32, bool),
    /// Growth rate: lag in periods, years.
    Cagr(Box<Node>, i32, u32),
    Peers(PeersNode),
    /// Over the finer groups of a level.
    Over(usize, Stat, Box<Node>, usize),
    OverPeriod(usize, Stat, Box<Node>),
    Streak(usize, Box<Truth>),
}

/// What is computed over all groups of a period.
pub(super) struct PeersNode {
    /// Own number of this node.
    pub(super) id: usize,
    pub(super) what: PeersWhat,
    pub(super) value: Box<Node>,
    /// Dimensions in which peers agree.
    pub(super) within: Vec<Place>,
}

#[derive(Clone, Copy)]
pub(super) enum PeersWhat {
    Stat(Stat),
    Share,
    Rank(Direction),
}

/// A condition on values.
pub(super) enum Truth {
    Compare(Node, CompareOp, Node),
    Missing(Node, bool),
    Not(Box<Truth>),
    All(Vec<Truth>),
    Any(Vec<Truth>),
}
