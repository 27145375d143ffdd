//! Workbooks of Excel 97-2003. A sheet of theirs has at most 65,536 x 256 cells and is held in memory.
//!
//! Unlike those of XLSX, percentages are not read as such: calamine 0.38 reads the FORMAT and XF records but keeps of each only
//! whether it shows a date, a duration or anything else (`CellFormat` in its `formats.rs`), and its cells do not say which XF
//! they have. Neither the code of a format nor the style of a cell can be asked for, so a note says what to do. To read
//! them here would take a second reader of the whole record stream beside calamine's, over bytes that anybody can send.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{Data, Reader, SheetType, Xls, open_workbook};

use super::sheet::{Book, Merged, SheetRow, date_cell, import as import_sheets, malformed, merged};
use crate::table::Importing;
use crate::value::Cell;
use crate::{AddOptions, DataError, Note};

/// Imports the workbook's sheets.
pub(super) fn import(
    options: &AddOptions,
    into: &mut Importing<'_>,
    notes: &mut Vec<Note>,
) -> Result<(), DataError> {
    let path = into.path;
    super::vet::vet(path, into.progress)?;
    let workbook: Xls<BufReader<File>> = open_workbook(path).map_err(|error| malformed(path, None, error))?;
    let sheets = workbook
        .sheets_metadata()
        .iter()
        .map(|sheet| (sheet.name.clone(), sheet.typ == SheetType::WorkSheet))
        .collect();
    let mut book = XlsBook {
        path,
        workbook,
        fractions: false,
    };
    import_sheets(&mut book, sheets, options, into, notes)?;
    if book.fractions {
        notes.push(Note::PercentUnknown);
    }
    Ok(())
}

struct XlsBook<'p> {
    path: &'p Path,
    workbook: Xls<BufReader<File>>,
    /// A number of a size that percentages have was met.
    fractions: bool,
}

impl Book for XlsBook<'_> {
    fn merged(&mut self, sheet: &str) -> Vec<Merged> {
        let ranges = self.workbook.merge_cells_by_sheet_name(sheet).unwrap_or_default();
        ranges.iter().map(merged).collect()
    }

    fn each_row(
        &mut self,
        sheet: &str,
        sink: &mut dyn FnMut(SheetRow<'_, '_>) -> Result<(), DataError>,
    ) -> Result<(), DataError> {
        let range = self
            .workbook
            .worksheet_range(sheet)
            .map_err(|error| malformed(self.path, Some(sheet), error))?;
        let (first_row, first_column) = range.start().unwrap_or((0, 0));
        for (row, values) in (u64::from(first_row) + 1..).zip(range.rows()) {
            let cells: Vec<(u32, Cell<'_>)> = (first_column..)
                .zip(values.iter().map(value))
                .filter(|(_, cell)| *cell != Cell::Missing)
                .collect();
            self.fractions |= cells.iter().any(
                |(_, cell)| matches!(cell, Cell::Float(float) if float.abs() < 1.5 && float.fract() != 0.0),
            );
            if !cells.is_empty() {
                sink((row, &cells))?;
            }
        }
        Ok(())
    }
}

fn value(data: &Data) -> Cell<'_> {
    match data {
        Data::Int(value) => Cell::Integer(*value),
        Data::Float(value) => Cell::Float(*value),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            Cell::Text(text.as_str().into())
        }
        Data::Bool(truth) => Cell::Boolean(*truth),
        Data::DateTime(date) => date_cell(*date),
        Data::Error(error) => Cell::Unreadable(error.to_string().into()),
        _ => Cell::Missing,
    }
}
