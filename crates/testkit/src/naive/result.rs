//! Columns and rows of a result.

use std::fmt;

use jinsheng_core::{Decimal, Period, Unit};

/// Rows that answer a Query, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NaiveResult {
    /// Group dimensions, the period if there is one, then the items.
    pub columns: Vec<Column>,
    /// Rows of as many cells.
    pub rows: Vec<Vec<ResultCell>>,
}

/// A column of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// A dimension by its full name in the catalog: `company`, `company.industry`.
    Dimension {
        /// The name.
        name: String,
    },
    /// The period.
    Period,
    /// An item.
    Value {
        /// Alias, or the text of the expression.
        name: String,
        /// Unit of every value in it.
        unit: Unit,
        /// True when floating point was used.
        approximate: bool,
    },
}

/// A cell of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResultCell {
    /// No value.
    Missing,
    /// A dimension's text.
    Text(String),
    /// A value, or a dimension's number.
    Number(Decimal),
    /// A dimension's date, in days since 1970-01-01.
    Date(i32),
    /// A dimension's truth value.
    Bool(bool),
    /// The row's period.
    Period(Period),
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dimension { name } => f.write_str(name),
            Self::Period => f.write_str("period"),
            Self::Value {
                name,
                unit,
                approximate,
            } => {
                f.write_str(name)?;
                let unit = unit.to_string();
                if !unit.is_empty() {
                    write!(f, " ({unit})")?;
                }
                if *approximate { f.write_str(" ≈") } else { Ok(()) }
            }
        }
    }
}

impl fmt::Display for ResultCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("-"),
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{}", number.normalize()),
            Self::Date(days) => Period::new(jinsheng_core::Grain::Day, *days).fmt(f),
            Self::Bool(value) => value.fmt(f),
            Self::Period(period) => period.fmt(f),
        }
    }
}

/// One line for the columns and one for each row, cells divided by ` | `.
impl fmt::Display for NaiveResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns: Vec<String> = self.columns.iter().map(ToString::to_string).collect();
        writeln!(f, "{}", columns.join(" | "))?;
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
            writeln!(f, "{}", cells.join(" | "))?;
        }
        Ok(())
    }
}
