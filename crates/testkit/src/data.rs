//! Rows in memory, as the interpreter reads them.

use std::collections::BTreeMap;

use bigdecimal::BigDecimal;

/// One cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cell {
    /// Nothing there.
    Missing,
    /// Text and codes.
    Text(String),
    /// An exact decimal; equal numbers are equal whatever zeros they end in.
    Number(BigDecimal),
    /// Days since 1970-01-01.
    Date(i32),
    /// True or false.
    Bool(bool),
}

/// A table: names of columns, and rows of as many cells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NaiveTable {
    /// Names as in the imported table.
    pub columns: Vec<String>,
    /// Rows in any order.
    pub rows: Vec<Vec<Cell>>,
}

/// All tables of a project by the name that the catalog calls `source`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NaiveData {
    /// Source name to table.
    pub tables: BTreeMap<String, NaiveTable>,
}

impl NaiveTable {
    /// A table from text as people write it, for tests: the first line names the columns, `|` divides cells.
    ///
    /// A cell that is empty is missing, digits (with sign and point) are a number, `'0012'` is a text, `2024-01-31` a
    /// date, `true` and `false` are themselves, and anything else is a text.
    pub fn parse(text: &str) -> Self {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let cells =
            |line: &str| -> Vec<String> { line.split('|').map(|cell| cell.trim().to_owned()).collect() };
        let columns = lines.next().map(cells).unwrap_or_default();
        let rows = lines
            .map(|line| {
                let mut row: Vec<Cell> = cells(line).iter().map(|cell| Cell::parse(cell)).collect();
                row.resize(columns.len(), Cell::Missing);
                row
            })
            .collect();
        Self { columns, rows }
    }

    /// Where a column stands.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }
}

impl Cell {
    fn parse(text: &str) -> Self {
        if text.is_empty() {
            return Self::Missing;
        }
        if let Some(quoted) = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
            return Self::Text(quoted.to_owned());
        }
        if text == "true" || text == "false" {
            return Self::Bool(text == "true");
        }
        if let Ok(period) = text.parse::<jinsheng_core::Period>()
            && period.grain() == jinsheng_core::Grain::Day
        {
            return Self::Date(period.index());
        }
        let numeric = text
            .chars()
            .all(|character| character.is_ascii_digit() || matches!(character, '-' | '+' | '.'));
        match text.parse::<BigDecimal>() {
            Ok(number) if numeric => Self::Number(number),
            _ => Self::Text(text.to_owned()),
        }
    }
}
