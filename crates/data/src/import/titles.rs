//! What stands above a table: titles and remarks, and the unit that they state for all of it.

use std::collections::VecDeque;

use jinsheng_core::Unit;
use jinsheng_text::header::caption_unit;

/// Of the rows that the user said to skip, so many before the table may speak of it.
const NEAR: usize = 10;
/// A skipped row with more cells is one of another table.
const NARROW: usize = 3;

/// Texts above a table, row by row.
#[derive(Debug, Default)]
pub(super) struct Titles(VecDeque<Vec<String>>);

impl Titles {
    /// A row that the user said to skip.
    pub(super) fn add(&mut self, cells: impl Iterator<Item = String>) {
        let cells: Vec<String> = cells.take(NARROW + 1).collect();
        if self.0.len() == NEAR {
            self.0.pop_front();
        }
        self.0
            .push_back(if cells.len() > NARROW { Vec::new() } else { cells });
    }

    /// A row that was found to stand above the header.
    pub(super) fn add_all(&mut self, cells: impl Iterator<Item = String>) {
        self.0.push_back(cells.collect());
    }

    /// All of it as one text, and the unit that it states: by one cell, or by several together.
    pub(super) fn caption(&self) -> (Option<String>, Option<Unit>) {
        let cells = self.0.iter().flatten().map(|text| text.trim());
        let texts: Vec<&str> = cells.filter(|text| !text.is_empty()).collect();
        let joined = texts.join(" ");
        let unit = texts
            .iter()
            .find_map(|text| caption_unit(text))
            .or_else(|| caption_unit(&joined));
        ((!joined.is_empty()).then_some(joined), unit)
    }
}
