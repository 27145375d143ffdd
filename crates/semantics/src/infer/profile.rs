//! What is known of imported tables before anybody has said what they mean: columns, values, keys, identities.
//!
//! Filled by whoever can read the data; nothing here reads it.

use jinsheng_core::{Decimal, Unit};

/// An imported table as its data shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableProfile {
    /// Imported table: `financials.income_sheet`.
    pub source: String,
    /// Number of different rows.
    pub rows: u64,
    /// Its columns, in order.
    pub columns: Vec<ColumnProfile>,
    /// Sets of columns whose values determine a row, rows that are alike being one, as far as known.
    pub unique_keys: Vec<Vec<String>>,
    /// Given where rows are alike in every column.
    pub repeated: Option<RepeatProfile>,
    /// Equations between columns that the data obeys.
    pub identities: Vec<IdentityProfile>,
    /// Columns of other tables that hold the same figures, and by what power of ten they differ.
    pub magnitudes: Vec<MagnitudeProfile>,
}

impl TableProfile {
    /// A column by name.
    pub fn column(&self, name: &str) -> Option<&ColumnProfile> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// Rows that are alike in every column but perhaps one that numbers them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RepeatProfile {
    /// Rows that are like one before them.
    pub repeated: u64,
    /// Different rows that occur once.
    pub once: u64,
    /// A column numbers them, so that they are alike but for that.
    pub numbered: bool,
}

impl RepeatProfile {
    /// True when every row repeats: events may be alike by chance, but not all of them.
    pub(crate) fn is_whole(self) -> bool {
        self.once == 0
    }
}

/// A column as its data shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnProfile {
    /// Name in the imported table.
    pub name: String,
    /// Header in the file, before anything was taken off it; may be empty.
    pub header: String,
    /// Header without its unit; may be empty.
    pub label: String,
    /// Unit that the header names.
    pub unit: Option<Unit>,
    /// Unit that is stated above the table, where the header names none.
    pub caption_unit: Option<Unit>,
    /// Type of the values.
    pub kind: ColumnKind,
    /// How many values are missing.
    pub nulls: u64,
    /// How many different values there are, if counted.
    pub distinct: Option<u64>,
    /// Smallest value as text.
    pub min: Option<String>,
    /// Largest value as text.
    pub max: Option<String>,
    /// All different values when they are at most about 2000, else a sample.
    pub values: Vec<String>,
    /// Numbers that seem to stand for a missing value, judged by how often they occur and how far they stand apart.
    pub stand_ins: Vec<Decimal>,
    /// The file has a column for each period, and this one is of none of them: it repeats in the rows of all.
    pub undated: bool,
}

/// Type of a column's values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text.
    #[default]
    Text,
    /// Whole numbers.
    Integer,
    /// Decimal numbers.
    Decimal,
    /// Days.
    Date,
    /// Moments.
    Timestamp,
    /// Yes or no.
    Boolean,
}

impl ColumnKind {
    /// True for whole and decimal numbers.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Decimal)
    }

    /// True for days and moments.
    pub fn is_time(self) -> bool {
        matches!(self, Self::Date | Self::Timestamp)
    }
}

/// An equation between columns of one table, in the numbers as stored (whatever their units are called).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityProfile {
    /// The equation.
    pub kind: IdentityKind,
    /// Rows in which it holds, within rounding.
    pub support: u64,
    /// Rows in which all its columns have values.
    pub total: u64,
}

impl IdentityProfile {
    /// True when chance is no explanation: at least `percent` of at least 8 rows.
    pub(crate) fn holds(&self, percent: u64) -> bool {
        self.total >= 8 && self.support.saturating_mul(100) >= self.total.saturating_mul(percent)
    }
}

/// The equation of an [`IdentityProfile`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdentityKind {
    /// `total = ±a ±b …`
    Sum {
        /// Left side.
        total: String,
        /// Right side; true for a term that is subtracted.
        terms: Vec<(bool, String)>,
    },
    /// `ratio = numerator / denominator`, times 100 when `percent`.
    Ratio {
        /// Left side.
        ratio: String,
        /// Above the line.
        numerator: String,
        /// Below the line.
        denominator: String,
        /// Whether it is times 100.
        percent: bool,
    },
    /// `rate` is the change of `of` against an earlier row of the same subject, times 100 when `percent`.
    Growth {
        /// Left side.
        rate: String,
        /// The figure that grows.
        of: String,
        /// Against which row.
        change: GrowthKind,
        /// Whether it is times 100.
        percent: bool,
    },
    /// `column = 10^power x of`
    Scaled {
        /// Left side.
        column: String,
        /// The same figure.
        of: String,
        /// Power of ten.
        power: i8,
    },
}

/// Against which earlier value a stored growth rate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GrowthKind {
    /// 同比: the same period a year before.
    Yoy,
    /// 环比: the period before; year-to-date amounts taken apart into single quarters.
    Qoq,
    /// Since the end of the year before.
    SinceYearEnd,
}

/// The same figure in another table: `column = 10^power x other_column`, in the numbers as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MagnitudeProfile {
    /// Column of this table.
    pub column: String,
    /// The other imported table.
    pub other_source: String,
    /// Its column.
    pub other_column: String,
    /// Power of ten.
    pub power: i8,
    /// Rows in which it holds.
    pub support: u64,
    /// Rows in which both have values.
    pub total: u64,
}
