//! A Query joined with a catalog: names resolved, formulas expanded, units aligned, everything impossible refused.
//!
//! The result says what to compute, not how; engines turn it into plans. Nothing here reads data, except that names of
//! subjects are looked up through [`Names`].

mod budget;
mod context;
mod error;
mod expr;
mod resolve;
mod survey;
mod units;

use std::collections::BTreeSet;

use jinsheng_core::{Decimal, Grain, Unit};

use crate::catalog::Catalog;
use crate::query::{CompareOp, Direction, Form, Periods, Query, Stat, Test};

pub use error::BindError;

/// Finds members of an entity by name, under the caller's scope.
pub trait Names {
    /// The key of the member whose key, displayed name or alias is exactly `text`.
    ///
    /// # Errors
    /// Keys and names of several that match, or of the nearest when none does.
    fn key(&self, entity: &str, text: &str) -> Result<String, NameMiss>;

    /// Keys of the members whose displayed name holds `text`; none for entities without names.
    fn named_with(&self, _entity: &str, _text: &str) -> BTreeSet<String> {
        BTreeSet::new()
    }
}

/// Why a name finds no one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameMiss {
    /// Several members have it: key and displayed name.
    Several(Vec<(String, String)>),
    /// None has it; the nearest: key and displayed name.
    None(Vec<(String, String)>),
}

/// Takes every value as a key.
#[derive(Debug, Clone, Copy, Default)]
pub struct KeysOnly;

impl Names for KeysOnly {
    fn key(&self, _entity: &str, text: &str) -> Result<String, NameMiss> {
        Ok(text.to_owned())
    }
}

/// A dimension by the place where it is defined.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DimensionRef {
    /// Key of an entity.
    Entity(String),
    /// Dimension of a table: table, dimension.
    Column(String, String),
}

/// A dimension of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundDimension {
    /// Canonical name: `company`, `company.industry`.
    pub name: String,
    /// Where it is defined.
    pub dimension: DimensionRef,
    /// Needed for a filter or for peers only: an attribute of a shown entity, which may be missing.
    pub hidden: bool,
}

/// A filter on rows, its values being keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BoundFilter {
    /// Where the dimension is defined.
    pub dimension: DimensionRef,
    /// What it must be.
    pub test: Test,
    /// Keys that pass besides, by their names: `contains` looks in both.
    pub named: BTreeSet<String>,
}

/// One column read or folded, the base of expressions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaf {
    /// An aggregated measure.
    Measure(MeasureLeaf),
    /// A statistic over finer groups or over periods.
    Fold(Box<FoldLeaf>),
}

/// An aggregated measure in one form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MeasureLeaf {
    /// Catalog table.
    pub table: String,
    /// Measure of it.
    pub measure: String,
    /// Form; `None` for what has no forms.
    pub form: Option<Form>,
    /// Rows that count, beside the Query's filters.
    pub filters: Vec<BoundFilter>,
}

/// A fold: the inner value at a finer grain, then a statistic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoldLeaf {
    /// Statistic.
    pub stat: Stat,
    /// The inner value.
    pub inner: Bound,
    /// Finer groups (the outer dimensions first) and their leaves.
    pub context: Context,
    /// Over the shown periods.
    pub over_period: bool,
}

/// Dimensions of a result and the leaves that its expressions use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    /// Group dimensions.
    pub dimensions: Vec<BoundDimension>,
    /// Base values; `Bound::Leaf` is an index into this.
    pub leaves: Vec<Leaf>,
}

/// A bound expression. Units are aligned: what is added or compared has one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    /// Leaf of the context.
    Leaf(usize),
    /// Constant.
    Number(Decimal),
    /// Times a power of ten: unit conversion, exact.
    Scale(Box<Bound>, i32),
    /// Minus.
    Negate(Box<Bound>),
    /// Sum.
    Add(Box<Bound>, Box<Bound>),
    /// Difference.
    Subtract(Box<Bound>, Box<Bound>),
    /// Product, rounded to 16 decimals.
    Multiply(Box<Bound>, Box<Bound>),
    /// Quotient, rounded to 16 decimals, missing for zero.
    Divide(Box<Bound>, Box<Bound>),
    /// Absolute value.
    Abs(Box<Bound>),
    /// First that is not missing.
    Coalesce(Vec<Bound>),
    /// So many periods of the Query's grain earlier.
    Shift(Box<Bound>, u32),
    /// Over all groups of the period; dimensions by index into the context.
    Peers(Stat, Box<Bound>, Vec<usize>),
    /// Place among the groups of the period.
    Rank(Box<Bound>, Direction, Vec<usize>),
    /// Compound growth in %: now, periods back, years. Approximate.
    Cagr(Box<Bound>, u32, u32),
    /// Periods in a row.
    Streak(Box<BoundCondition>),
}

/// A bound condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BoundCondition {
    /// Comparison.
    Compare(Bound, CompareOp, Bound),
    /// (Not) missing.
    Missing(Bound, bool),
    /// Opposite.
    Not(Box<BoundCondition>),
    /// All.
    All(Vec<BoundCondition>),
    /// One of.
    Any(Vec<BoundCondition>),
}

/// A shown value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundItem {
    /// Column name.
    pub name: String,
    /// Expression as written, canonical.
    pub text: String,
    /// The metric, when the item is just one.
    pub metric: Option<String>,
    /// Value.
    pub expr: Bound,
    /// Unit of the value.
    pub unit: Unit,
    /// Computed in floating point.
    pub approximate: bool,
}

/// What rows are ordered by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BoundOrder {
    /// Value.
    Value(Bound, Direction),
    /// Dimension by index into the context.
    Dimension(usize, Direction),
    /// Period.
    Period(Direction),
}

/// The first rows of each period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundTop {
    /// Places.
    pub count: u32,
    /// `Desc` for top.
    pub direction: Direction,
    /// By what.
    pub by: Bound,
    /// Separately for these dimensions.
    pub within: Vec<usize>,
}

/// A convention that was applied or an oddity, for the reader of the result.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// Stable name.
    pub code: &'static str,
    /// Text in zh and en.
    pub text: (String, String),
}

/// A Query with nothing left to look up in the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundQuery {
    /// Group dimensions and leaves.
    pub context: Context,
    /// Grain of the periods; `None` when nothing has time.
    pub grain: Option<Grain>,
    /// True when folds over the period leave a result without periods.
    pub folds_period: bool,
    /// Rows that exist.
    pub filters: Vec<BoundFilter>,
    /// Rows shown.
    pub of: Vec<BoundFilter>,
    /// Periods shown; `None` only without grain.
    pub periods: Option<Periods>,
    /// Values shown.
    pub items: Vec<BoundItem>,
    /// Condition on values.
    pub having: Option<BoundCondition>,
    /// First rows.
    pub top: Option<BoundTop>,
    /// Order.
    pub order: Vec<BoundOrder>,
    /// At most so many rows.
    pub limit: Option<u64>,
    /// Earlier values in changes, by item: a negative one deserves a note.
    pub bases: Vec<Bound>,
    /// Conventions applied.
    pub notes: Vec<Note>,
}

impl Bound {
    /// The expressions directly inside this one, also those of a condition.
    pub fn children(&self) -> Vec<&Self> {
        match self {
            Self::Leaf(_) | Self::Number(_) => Vec::new(),
            Self::Scale(inner, _)
            | Self::Negate(inner)
            | Self::Abs(inner)
            | Self::Shift(inner, _)
            | Self::Peers(_, inner, _)
            | Self::Rank(inner, _, _)
            | Self::Cagr(inner, _, _) => vec![inner],
            Self::Add(left, right)
            | Self::Subtract(left, right)
            | Self::Multiply(left, right)
            | Self::Divide(left, right) => vec![left, right],
            Self::Coalesce(parts) => parts.iter().collect(),
            Self::Streak(condition) => condition.exprs(),
        }
    }
}

impl BoundCondition {
    /// Every expression in it, outermost first.
    pub fn exprs(&self) -> Vec<&Bound> {
        match self {
            Self::Compare(left, _, right) => vec![left, right],
            Self::Missing(expr, _) => vec![expr],
            Self::Not(inner) => inner.exprs(),
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::exprs).collect(),
        }
    }
}

impl BoundQuery {
    /// A Query that asks nothing.
    pub fn empty() -> Self {
        Self {
            context: Context::default(),
            grain: None,
            folds_period: false,
            filters: Vec::new(),
            of: Vec::new(),
            periods: None,
            items: Vec::new(),
            having: None,
            top: None,
            order: Vec::new(),
            limit: None,
            bases: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// Joins a Query with a catalog.
///
/// # Errors
/// [`BindError`] for what the catalog lacks or what cannot be computed; nothing has run then.
pub fn bind(query: &Query, catalog: &Catalog, names: &dyn Names) -> Result<BoundQuery, BindError> {
    context::Binder::new(query, catalog, names).bind()
}
