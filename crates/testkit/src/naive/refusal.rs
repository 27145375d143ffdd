//! Why a Query has no result.

use jinsheng_core::{Code, Grain, Unit};

/// A Query that the text refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NaiveRefusal {
    /// A metric, alias or dimension that is not in the catalog.
    #[error("there is no {kind} `{name}`")]
    Unknown {
        /// `metric`, `dimension` or `variant`.
        kind: &'static str,
        /// As written.
        name: String,
    },
    /// A metric cannot be cut or filtered by a dimension.
    #[error("metric `{metric}` cannot be cut or filtered by `{dimension}`")]
    Unreachable {
        /// The metric.
        metric: String,
        /// The dimension.
        dimension: String,
    },
    /// No common unit.
    #[error("`{left}` and `{right}` have no common unit")]
    Units {
        /// Left or first unit.
        left: Unit,
        /// Right or second unit.
        right: Unit,
    },
    /// A table has no values at so fine a grain.
    #[error("metric `{metric}` has no value at grain `{asked}`")]
    Grain {
        /// The metric.
        metric: String,
        /// Grain of the Query.
        asked: Grain,
        /// Grain of the table.
        finest: Grain,
    },
    /// Periods of several grains.
    #[error("the periods have several grains")]
    MixedGrains,
    /// A lag that does not convert to the Query's grain.
    #[error("a lag of {count} {lag} does not convert to `{grain}`")]
    Lag {
        /// As written.
        count: u32,
        /// As written.
        lag: Grain,
        /// Grain of the Query.
        grain: Grain,
    },
    /// Earlier periods or folds over periods where the result has none.
    #[error("`{what}` needs periods")]
    NoPeriod {
        /// The function.
        what: &'static str,
    },
    /// A form on a metric without flows.
    #[error("metric `{metric}` has no forms")]
    Form {
        /// The metric.
        metric: String,
    },
    /// A rate over groups of several keys.
    #[error("`{metric}` is a rate; `{dimension}` is not among the dimensions of the group")]
    Rate {
        /// The metric.
        metric: String,
        /// Missing part of the key.
        dimension: String,
    },
    /// A dimension that the result does not have.
    #[error("`{dimension}` is no dimension of the result")]
    NotInResult {
        /// The dimension.
        dimension: String,
    },
    /// A value outside `over period` beside one inside.
    #[error("beside a fold over periods stands `{what}`, which has a period")]
    PeriodFold {
        /// Metric or function.
        what: String,
    },
    /// A filter's value that is none of the dimension's type.
    #[error("`{value}` is no value of `{dimension}`")]
    Value {
        /// The dimension.
        dimension: String,
        /// As written.
        value: String,
    },
    /// A count of zero where at least one is needed, no item, no metric, an alias given twice.
    #[error("{what}")]
    Malformed {
        /// What is wrong.
        what: &'static str,
    },
    /// A result with more integer digits than a decimal holds.
    #[error("a value of `{column}` is too large")]
    Overflow {
        /// The item.
        column: String,
    },
    /// The Scope hides it.
    #[error("`{name}` is hidden")]
    Hidden {
        /// Table or column.
        name: String,
    },
    /// Catalog and rows do not fit together.
    #[error("table `{table}`: {what}")]
    Data {
        /// The table.
        table: String,
        /// What does not fit.
        what: String,
    },
}

/// Kinds of refusals that two implementations can be expected to agree on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RefusalKind {
    /// An unknown name.
    UnknownName,
    /// A dimension that cannot be reached.
    UnreachableDimension,
    /// Units without a common base.
    UnitMismatch,
    /// A grain that a table does not have, or a lag that does not convert.
    Grain,
    /// A form on what has none.
    Form,
    /// A rate over several keys.
    Rate,
    /// Everything else that is asked wrongly.
    Invalid,
    /// A value too large to hold.
    Overflow,
    /// Hidden by the Scope.
    Hidden,
    /// Catalog and rows do not fit together.
    Data,
}

impl NaiveRefusal {
    /// Its kind.
    pub fn kind(&self) -> RefusalKind {
        match self {
            Self::Unknown { .. } => RefusalKind::UnknownName,
            Self::Unreachable { .. } => RefusalKind::UnreachableDimension,
            Self::Units { .. } => RefusalKind::UnitMismatch,
            Self::Grain { .. } | Self::MixedGrains | Self::Lag { .. } => RefusalKind::Grain,
            Self::Form { .. } => RefusalKind::Form,
            Self::Rate { .. } => RefusalKind::Rate,
            Self::NoPeriod { .. }
            | Self::NotInResult { .. }
            | Self::PeriodFold { .. }
            | Self::Value { .. }
            | Self::Malformed { .. } => RefusalKind::Invalid,
            Self::Overflow { .. } => RefusalKind::Overflow,
            Self::Hidden { .. } => RefusalKind::Hidden,
            Self::Data { .. } => RefusalKind::Data,
        }
    }

    /// The code that a user of the product would see.
    pub fn code(&self) -> Code {
        match self.kind() {
            RefusalKind::UnknownName => Code::NOT_FOUND,
            RefusalKind::UnitMismatch => Code::UNIT_MISMATCH,
            RefusalKind::Grain => Code::GRAIN_MISMATCH,
            RefusalKind::Overflow => Code::OVERFLOW,
            RefusalKind::Hidden => Code::OUT_OF_SCOPE,
            RefusalKind::Data => Code::INPUT_INVALID,
            RefusalKind::UnreachableDimension
            | RefusalKind::Form
            | RefusalKind::Rate
            | RefusalKind::Invalid => Code::QUERY_INVALID,
        }
    }
}
