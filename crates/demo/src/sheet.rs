//! Tables as CSV: what columns there are, how cells are written, how a file gets to its place whole.
//!
//! The data dictionary is made from the same column lists as the files, so the two cannot differ.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::error::DemoError;
use crate::fixed::push_scaled;

/// One column as the data dictionary describes it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) zh: &'static str,
    pub(crate) en: &'static str,
    /// Unit in the product's words; empty for text and dates.
    pub(crate) unit: &'static str,
    pub(crate) description: &'static str,
}

/// Shorthand for the static column lists.
pub(crate) const fn col(
    name: &'static str,
    zh: &'static str,
    en: &'static str,
    unit: &'static str,
    description: &'static str,
) -> Column {
    Column {
        name,
        zh,
        en,
        unit,
        description,
    }
}

/// The last column of every table: a row that is copied out of its file still says that it is fictional.
const MARK: Column = col("note", "备注", "Note", "", "一律为“虚构”");
/// What stands in [`MARK`].
const FICTIONAL: &str = "虚构";

/// A table's rows as CSV text. It marks every row as fictional by itself, so that no table can forget to.
#[derive(Debug)]
pub(crate) struct Sheet {
    pub(crate) table: &'static str,
    pub(crate) columns: Vec<Column>,
    text: String,
    rows: usize,
    cells_in_row: usize,
    misshapen_row: Option<usize>,
}

impl Sheet {
    /// An empty table with its header line; the mark of fiction is added to the columns.
    pub(crate) fn new(table: &'static str, mut columns: Vec<Column>) -> Self {
        columns.push(MARK);
        let mut sheet = Self {
            table,
            columns,
            text: String::new(),
            rows: 0,
            cells_in_row: 0,
            misshapen_row: None,
        };
        let names: Vec<&str> = sheet.columns.iter().map(|column| column.name).collect();
        sheet.text.push_str(&names.join(","));
        sheet.text.push('\n');
        sheet
    }

    fn separate(&mut self) {
        if self.cells_in_row > 0 {
            self.text.push(',');
        }
        self.cells_in_row += 1;
    }

    /// A text cell, quoted where CSV needs it.
    pub(crate) fn text(&mut self, value: &str) -> &mut Self {
        self.separate();
        if value.contains([',', '"', '\n', '\r']) {
            self.text.push('"');
            self.text.push_str(&value.replace('"', "\"\""));
            self.text.push('"');
        } else {
            self.text.push_str(value);
        }
        self
    }

    /// A decimal cell from an integer scaled by so many decimals.
    pub(crate) fn scaled(&mut self, value: i64, decimals: u32) -> &mut Self {
        self.separate();
        push_scaled(&mut self.text, value, decimals);
        self
    }

    /// A decimal cell, empty when there is no value.
    pub(crate) fn optional(&mut self, value: Option<i64>, decimals: u32) -> &mut Self {
        match value {
            Some(value) => self.scaled(value, decimals),
            None => self.text(""),
        }
    }

    /// An amount in yuan from cents.
    pub(crate) fn money(&mut self, cents: i64) -> &mut Self {
        self.scaled(cents, 2)
    }

    /// A date as `2026-09-30`.
    pub(crate) fn date(&mut self, value: Date) -> &mut Self {
        self.text(&value.to_string())
    }

    /// Ends the row with its mark; a row of the wrong width is reported by [`Sheet::write`].
    pub(crate) fn end_row(&mut self) {
        self.text(FICTIONAL);
        self.text.push('\n');
        self.rows += 1;
        if self.cells_in_row != self.columns.len() {
            self.misshapen_row.get_or_insert(self.rows);
        }
        self.cells_in_row = 0;
    }

    /// Writes the table to `out_dir`, replacing a file of the same name in one step.
    pub(crate) fn write(&self, out_dir: &Path) -> Result<TableSummary, DemoError> {
        if let Some(row) = self.misshapen_row {
            return Err(DemoError::RowWidth {
                table: self.table,
                row,
                columns: self.columns.len(),
            });
        }
        let file = write_whole(out_dir, &format!("{}.csv", self.table), &self.text)?;
        Ok(TableSummary {
            table: self.table,
            file,
            rows: self.rows,
            bytes: self.text.len(),
        })
    }
}

/// What was written for one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSummary {
    /// The table's name, which is the file's name without `.csv`.
    pub table: &'static str,
    /// The file written.
    pub file: PathBuf,
    /// Rows below the header line.
    pub rows: usize,
    /// Size of the file in bytes.
    pub bytes: usize,
}

/// Writes a file through a temporary one in the same folder, so that a reader never sees half of it.
pub(crate) fn write_whole(out_dir: &Path, name: &str, text: &str) -> Result<PathBuf, DemoError> {
    let path = out_dir.join(name);
    let temporary = out_dir.join(format!(".{name}.part"));
    let written = fs::write(&temporary, text).and_then(|()| fs::rename(&temporary, &path));
    written.map_err(|source| {
        // The write has failed already; a left-over part is the lesser problem.
        drop(fs::remove_file(&temporary));
        DemoError::Write {
            path: path.clone(),
            source,
        }
    })?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Sheet {
        Sheet::new(
            "sample",
            vec![col("a", "甲", "A", "", ""), col("b", "乙", "B", "元", "")],
        )
    }

    #[test]
    fn cells_are_quoted_only_where_needed() {
        let mut sheet = sample();
        sheet.text("Co., Ltd.").money(-5).end_row();
        sheet.text("say \"x\"").optional(None, 2).end_row();
        assert_eq!(
            sheet.text,
            "a,b,note\n\"Co., Ltd.\",-0.05,虚构\n\"say \"\"x\"\"\",,虚构\n"
        );
    }

    #[test]
    fn a_row_of_the_wrong_width_is_an_error_and_writes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut sheet = sample();
        sheet.text("only one").end_row();
        let error = sheet.write(folder.path()).unwrap_err();
        assert!(error.to_string().contains("row 1"), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
