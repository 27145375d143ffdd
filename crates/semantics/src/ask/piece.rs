//! What the tokens of a clause become, step by step: values, conditions, ranks.

use jinsheng_core::{Grain, Quantity};
use jinsheng_text::time::{Time, When};

use super::lexicon::Sense;
use super::words::Word;
use crate::query::{ChangeKind, CompareOp, Condition, Direction, Expr, Lag, Stat};

/// A part of a clause.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Piece {
    /// A value.
    Value(Value),
    /// A condition on values.
    Condition(Condition),
    /// First or last of an order.
    Top(Top),
    /// Order without a cut.
    Order(Option<Expr>, Direction),
    /// A word.
    Word(Word, String),
    /// A name that is no metric.
    Names(Vec<Sense>, String),
    /// A time.
    Time(Time),
    /// A number.
    Number(Quantity, String),
    /// A mark.
    Mark(char),
    /// A statistic over the peers of every value shown, perhaps only of those that share a dimension: 行业均值.
    PeerStat(Stat, Option<String>),
    /// Intervals that values are counted in.
    Bands(Vec<Band>),
    /// Before or after a stretch of time, of a date.
    Bound(CompareOp, When),
    /// Past by so much: 过期超过三个月.
    Overdue(u32, Grain),
    /// Against so much before, other than a year: 比2022年, 比上年末.
    Since(Lag, Time),
    /// How the values of all are spread.
    Spread(Spread),
    /// Cut by a dimension or entity.
    Group(String),
    /// Not understood.
    Unknown(String),
}

/// How the values of many are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// The standard deviation of a sample.
    Deviation,
    /// The value below which so many percent lie, between two neighbours in proportion.
    Quantile(u32),
}

/// A value that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Value {
    /// What is computed.
    pub(crate) expr: Expr,
    /// The value before a change of it was asked for.
    pub(crate) base: Expr,
    /// Said to have risen (true) or fallen.
    pub(crate) moved: Option<bool>,
    /// A statistic over subjects.
    pub(crate) stat: Option<Stat>,
    /// The statistic is said to be that of the whole trade: 行业平均.
    pub(crate) of_peers: bool,
    /// As written.
    pub(crate) text: String,
    /// Other metrics that the text may mean.
    pub(crate) others: Vec<String>,
}

/// An interval: from its low end, included, to its high end, not included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// Low end; `None` for no bound.
    pub low: Option<Quantity>,
    /// High end; `None` for no bound.
    pub high: Option<Quantity>,
    /// As written.
    pub label: String,
}

/// First or last of an order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Top {
    /// How many; `None` for 最高 without a number.
    pub(crate) count: Option<u32>,
    /// Largest first or smallest first.
    pub(crate) direction: Direction,
    /// By what; `None` when it is said elsewhere.
    pub(crate) by: Option<Expr>,
}

impl Value {
    pub(crate) fn new(expr: Expr, text: impl Into<String>) -> Self {
        Self {
            base: expr.clone(),
            expr,
            moved: None,
            stat: None,
            of_peers: false,
            text: text.into(),
            others: Vec::new(),
        }
    }

    /// The change of it.
    pub(crate) fn changed(self, kind: ChangeKind) -> Self {
        // Growth of a growth is not what 增长 behind a growth rate asks.
        if matches!(self.expr, Expr::Change(..)) {
            return self;
        }
        Self {
            expr: Expr::Change(kind, Box::new(self.expr)),
            ..self
        }
    }

    pub(crate) fn is_change(&self) -> bool {
        matches!(self.expr, Expr::Change(..))
    }
}

impl Piece {
    /// The word, if it is one.
    pub(crate) fn word(&self) -> Option<Word> {
        match self {
            Self::Word(word, _) => Some(*word),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub(crate) fn number(&self) -> Option<Quantity> {
        match self {
            Self::Number(number, _) => Some(*number),
            _ => None,
        }
    }

    /// A whole number of things.
    pub(crate) fn count(&self) -> Option<u32> {
        use jinsheng_core::Base;
        let number = self.number()?;
        let counted =
            matches!(number.unit.base, Base::Plain | Base::Count | Base::People) && number.unit.power == 0;
        let whole = counted && number.value.fract().is_zero();
        whole
            .then(|| number.value.normalize().to_string().parse().ok())
            .flatten()
    }
}
