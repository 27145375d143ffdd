//! Identities that hold in most rows of a table: sums, ratios, margins, growth rates, equal columns.
//!
//! They are found, not known: a column that is the sum of two others in nine rows of ten is a total, and the tenth row
//! is worth a look. A catalog is drafted from the same findings.

mod frame;
mod growth;
mod ratios;
mod sums;

use std::fmt;

use serde::Serialize;

use crate::{DataError, Warehouse};
pub(crate) use frame::Frame;

/// Least share of rows, in percent, that an identity holds in.
pub const SUPPORT_PERCENT: u64 = 70;
/// Fewest rows that show an identity.
pub const SUPPORT_ROWS: u64 = 12;
/// Relative tolerance of sums.
pub(crate) const SUM_TOLERANCE: f64 = 1e-4;
/// Relative tolerance of ratios and growth rates, which are rounded more.
pub(crate) const RATIO_TOLERANCE: f64 = 1e-3;

/// What holds between columns of one row (and, for growth, the row of the same subject a year before).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum IdentityKind {
    /// `total = ± term ± term …`
    Sum {
        /// The total.
        total: String,
        /// Columns with their sign, +1 or -1.
        terms: Vec<(i8, String)>,
    },
    /// `result = numerator / denominator * factor`
    Ratio {
        /// The stored ratio.
        result: String,
        /// Above.
        numerator: String,
        /// Below.
        denominator: String,
        /// 100 for percent, else 1.
        factor: u32,
    },
    /// `result = (whole - part) / whole * factor`
    Margin {
        /// The stored margin.
        result: String,
        /// What is taken as a whole.
        whole: String,
        /// What is taken away.
        part: String,
        /// 100 for percent, else 1.
        factor: u32,
    },
    /// `result = (of - of a year before) / |of a year before| * factor`
    Growth {
        /// The stored growth rate.
        result: String,
        /// What grows.
        of: String,
        /// 100 for percent, else 1.
        factor: u32,
    },
    /// Two columns hold the same figure.
    Equal {
        /// One.
        left: String,
        /// The other, further right in the table.
        right: String,
    },
}

impl IdentityKind {
    /// All columns in it; the one that is explained by the others comes first.
    pub fn columns(&self) -> Vec<&str> {
        match self {
            Self::Sum { total, terms } => std::iter::once(total.as_str())
                .chain(terms.iter().map(|(_, term)| term.as_str()))
                .collect(),
            Self::Ratio {
                result,
                numerator,
                denominator,
                ..
            } => vec![result, numerator, denominator],
            Self::Margin {
                result, whole, part, ..
            } => vec![result, whole, part],
            Self::Growth { result, of, .. } => vec![result, of],
            Self::Equal { left, right } => vec![left, right],
        }
    }
}

impl fmt::Display for IdentityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let times = |factor: u32| {
            if factor == 1 {
                String::new()
            } else {
                format!(" * {factor}")
            }
        };
        match self {
            Self::Sum { total, terms } => {
                write!(f, "{total} =")?;
                for (index, (sign, term)) in terms.iter().enumerate() {
                    match (index, sign) {
                        (0, 1) => write!(f, " {term}")?,
                        (_, 1) => write!(f, " + {term}")?,
                        (_, _) => write!(f, " - {term}")?,
                    }
                }
                Ok(())
            }
            Self::Ratio {
                result,
                numerator,
                denominator,
                factor,
            } => {
                write!(f, "{result} = {numerator} / {denominator}{}", times(*factor))
            }
            Self::Margin {
                result,
                whole,
                part,
                factor,
            } => {
                write!(f, "{result} = ({whole} - {part}) / {whole}{}", times(*factor))
            }
            Self::Growth { result, of, factor } => write!(f, "{result} = yoy({of}){}", times(*factor)),
            Self::Equal { left, right } => write!(f, "{left} = {right}"),
        }
    }
}

/// An identity found in a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiscoveredIdentity {
    /// The table.
    pub table: String,
    /// What holds.
    pub identity: IdentityKind,
    /// Rows in which it holds.
    pub support: u64,
    /// Rows that could show it: all operands are there, none is negligible.
    pub total: u64,
    /// Rows (from 0) in which it does not hold, in order; of the rows looked at.
    #[serde(skip)]
    pub(crate) broken: Vec<u64>,
}

/// Finds identities between the numeric columns of a table.
///
/// Tables above 200,000 rows are judged by all rows of a part of their subjects.
///
/// # Errors
/// [`DataError::NoSuchTable`], [`DataError::Damaged`], [`DataError::Cancelled`].
pub fn discover_identities(warehouse: &Warehouse, table: &str) -> Result<Vec<DiscoveredIdentity>, DataError> {
    let frame = Frame::load(warehouse, table)?;
    discover(&frame)
}

pub(crate) fn discover(frame: &Frame) -> Result<Vec<DiscoveredIdentity>, DataError> {
    let mut found = sums::equal_columns(frame);
    // A column that repeats an earlier one would repeat all that is found with it.
    let repeats: Vec<usize> = found
        .iter()
        .filter_map(|identity| match &identity.identity {
            IdentityKind::Equal { right, .. } => frame.position(right),
            _ => None,
        })
        .collect();
    let columns: Vec<usize> = (0..frame.columns.len())
        .filter(|index| !repeats.contains(index))
        .collect();
    found.extend(sums::sums(frame, &columns));
    found.extend(ratios::ratios(frame, &columns));
    found.extend(growth::growth(frame, &columns));
    // What was not tried because the user stopped was not refuted.
    frame.stop.check()?;
    Ok(found)
}

/// Counts rows for and against an identity. The test gives none for a row that shows nothing.
pub(crate) fn tally(
    frame: &Frame,
    identity: IdentityKind,
    test: impl Fn(usize) -> Option<bool>,
) -> Option<DiscoveredIdentity> {
    frame.stop.check().ok()?;
    let (mut support, mut total) = (0, 0);
    let mut broken = Vec::new();
    for row in 0..frame.rows.len() {
        if let Some(holds) = test(row) {
            total += 1;
            if holds {
                support += 1;
            } else {
                broken.extend(frame.rows.get(row));
                // Hopeless ones are left early; most candidates are.
                if total > 200 && support * 100 < total * (SUPPORT_PERCENT / 2) {
                    return None;
                }
            }
        }
    }
    (support >= SUPPORT_ROWS && support * 100 >= total * SUPPORT_PERCENT).then(|| DiscoveredIdentity {
        table: frame.table.clone(),
        identity,
        support,
        total,
        broken,
    })
}
