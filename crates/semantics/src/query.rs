//! The Query: what is asked, typed, serialisable, and one line of text that parses back to itself.
//!
//! A Query names metrics and dimensions of a catalog but does not know the catalog; `bind` joins the two. It knows
//! nothing of SQL, tables or engines.

mod lexer;
mod parse;
mod print;

use std::collections::BTreeSet;

use jinsheng_core::{Grain, Period, Quantity};
use serde::{Deserialize, Serialize};

pub use parse::{SyntaxError, parse_condition, parse_expr, parse_query};

/// A question to the data. The one-line form is documented in `docs/reference/query.md`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// What is shown, in order. At least one.
    pub items: Vec<Item>,
    /// Dimensions that the result is cut by, beside the period.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<String>,
    /// Subjects that are shown. They do not change peers, shares and ranks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of: Vec<Filter>,
    /// Rows that exist for this Query: everything else, also peers and ranks, is computed over these.
    #[serde(default, rename = "where", skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
    /// Periods shown. `None`: the latest one, or none for metrics without time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub periods: Option<Periods>,
    /// Condition on values, for each row of the result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub having: Option<Condition>,
    /// The first rows of each period (and group); ties are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top: Option<Top>,
    /// Order of the result; ties and the rest by dimensions and period.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<OrderBy>,
    /// At most so many rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}

/// One shown value and the name that it gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The value.
    pub expr: Expr,
    /// Its column name; by default the text of `expr`.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
}

/// A value for each group and period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expr {
    /// A metric of the catalog.
    Metric(MetricRef),
    /// A constant with its unit.
    Number(Quantity),
    /// Minus.
    Negate(Box<Expr>),
    /// Two values; missing if either is missing, or on division by zero.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// Absolute value.
    Abs(Box<Expr>),
    /// The first that is not missing.
    Coalesce(Vec<Expr>),
    /// The value so many periods earlier.
    Shift(Box<Expr>, Lag),
    /// Change against an earlier period.
    Change(ChangeKind, Box<Expr>),
    /// Compound annual growth rate over so many years, in %.
    Cagr(Box<Expr>, u32),
    /// A statistic over all groups of the same period.
    Peers(Stat, Box<Expr>, Vec<String>),
    /// Share of the sum over all groups of the same period, in %.
    Share(Box<Expr>, Vec<String>),
    /// Place among all groups of the same period, 1 first; ties share a place.
    Rank(Box<Expr>, Direction, Vec<String>),
    /// A statistic over finer groups, or over the shown periods.
    Over(Stat, Box<Expr>, OverWhat),
    /// For how many periods in a row, up to this one, a condition has held.
    Streak(Box<Condition>),
}

/// A metric, perhaps in another form or from another source than usual, or over part of the rows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricRef {
    /// Name in the catalog.
    pub name: String,
    /// `name@variant`: the table whose column is taken, or `formula`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// `name:form`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
    /// `name[dimension = 'value']`: rows that count for this metric alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<Filter>,
}

/// Over what time a flow is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// From the start of the year, as Chinese reports do.
    Ytd,
    /// The period alone: 单季.
    Single,
    /// The twelve months up to the end of the period.
    Ttm,
}

/// Arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// How far back: `1 year`, `2 quarter`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lag {
    /// Number of periods, at least 1.
    pub count: u32,
    /// Their grain.
    pub grain: Grain,
}

/// Which change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// 同比 in %: against the same period a year before.
    Yoy,
    /// 同比 difference, in the value's unit (百分点 for %).
    YoyDiff,
    /// 环比 in %: against the period before; flows are taken as single periods.
    Qoq,
    /// 环比 difference.
    QoqDiff,
}

/// A statistic over several values; missing values are left out, none at all gives missing (count gives 0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stat {
    /// Sum.
    Sum,
    /// Arithmetic mean.
    Mean,
    /// Median; the mean of the middle two for an even number.
    Median,
    /// Smallest.
    Min,
    /// Largest.
    Max,
    /// How many values are there.
    Count,
}

/// What a statistic goes over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverWhat {
    /// Finer groups: the value is first computed for each combination of these dimensions.
    Dimensions(Vec<String>),
    /// The shown periods; the result then has no period.
    Period,
}

/// Ascending or descending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Smallest first.
    Asc,
    /// Largest first.
    Desc,
}

/// A condition on values. A comparison with a missing value does not hold, nor does its opposite (as in SQL).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Two values compared.
    Compare(Expr, CompareOp, Expr),
    /// The value is (not) missing.
    Missing(Expr, bool),
    /// The opposite.
    Not(Box<Condition>),
    /// All hold. At least two.
    All(Vec<Condition>),
    /// One holds. At least two.
    Any(Vec<Condition>),
}

/// Comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompareOp {
    /// `=`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

/// A condition on a dimension of the rows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Dimension of the catalog: `company`, `company.industry`, `kind`.
    pub dimension: String,
    /// What its value must be.
    pub test: Test,
}

/// What a dimension's value must be. Missing values pass no test.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// One of these.
    In(BTreeSet<String>),
    /// None of these.
    NotIn(BTreeSet<String>),
    /// Compared, in the order of the dimension's type (text by code points, numbers, dates).
    Compare(CompareOp, String),
    /// Holds this text.
    Contains(String),
}

/// Which periods are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Periods {
    /// These, all of one grain.
    At(Vec<Period>),
    /// From one to another, both included, of one grain.
    Range(Period, Period),
    /// So many up to the latest in the data.
    Last(u32, Grain),
    /// All in the data.
    Each(Grain),
}

/// The first rows of each period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Top {
    /// How many places; rows that tie with the last are kept.
    pub count: u32,
    /// `Desc` for top, `Asc` for bottom.
    pub direction: Direction,
    /// By what; rows without a value never are among the first.
    pub by: Expr,
    /// Separately for each value of these dimensions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<String>,
}

/// One key of the order; missing values come last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderBy {
    /// Value, dimension name or `period`.
    pub by: OrderKey,
    /// Direction.
    pub direction: Direction,
}

/// What rows are ordered by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderKey {
    /// A value.
    Value(Expr),
    /// A dimension of `by`.
    Dimension(String),
    /// The period.
    Period,
}

impl MetricRef {
    /// The metric as the catalog defines it.
    pub fn plain(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            variant: None,
            form: None,
            filters: Vec::new(),
        }
    }
}

impl Periods {
    /// The grain of the shown periods.
    pub fn grain(&self) -> Option<Grain> {
        match self {
            Self::At(periods) => periods.first().map(|period| period.grain()),
            Self::Range(from, _) => Some(from.grain()),
            Self::Last(_, grain) | Self::Each(grain) => Some(*grain),
        }
    }
}

impl Query {
    /// Every value that it names, outermost: what is shown, conditions, ranks and orders.
    pub fn exprs(&self) -> Vec<&Expr> {
        let items = self.items.iter().map(|item| &item.expr);
        let having = self.having.iter().flat_map(Condition::exprs);
        let top = self.top.iter().map(|top| &top.by);
        let order = self.order.iter().filter_map(|order| match &order.by {
            OrderKey::Value(expr) => Some(expr),
            _ => None,
        });
        items.chain(having).chain(top).chain(order).collect()
    }
}

impl Expr {
    /// The expressions directly inside this one, also those of a condition.
    pub fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Metric(_) | Self::Number(_) => Vec::new(),
            Self::Negate(inner)
            | Self::Abs(inner)
            | Self::Shift(inner, _)
            | Self::Change(_, inner)
            | Self::Cagr(inner, _)
            | Self::Peers(_, inner, _)
            | Self::Share(inner, _)
            | Self::Rank(inner, _, _)
            | Self::Over(_, inner, _) => vec![inner],
            Self::Binary(_, left, right) => vec![left, right],
            Self::Coalesce(parts) => parts.iter().collect(),
            Self::Streak(condition) => condition.exprs(),
        }
    }
}

impl Condition {
    /// Every expression in it, outermost first.
    pub fn exprs(&self) -> Vec<&Expr> {
        match self {
            Self::Compare(left, _, right) => vec![left, right],
            Self::Missing(expr, _) => vec![expr],
            Self::Not(inner) => inner.exprs(),
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::exprs).collect(),
        }
    }
}
