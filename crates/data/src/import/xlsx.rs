//! XLSX workbooks, read cell by cell: a cell at the far end of a sheet costs nothing.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{DataRef, Reader, SheetType, Xlsx, open_workbook};

use super::number_format::NumberFormat;
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
    let unpacked = super::vet::vet(path, into.progress)?;
    let workbook: Xlsx<BufReader<File>> =
        open_workbook(path).map_err(|error| malformed(path, None, error))?;
    let sheets = workbook
        .sheets_metadata()
        .iter()
        .map(|sheet| (sheet.name.clone(), sheet.typ == SheetType::WorkSheet))
        .collect();
    let mut book = XlsxBook {
        path,
        workbook,
        left: unpacked.max(1 << 16),
        blank: false,
    };
    import_sheets(&mut book, sheets, options, into, notes)
}

struct XlsxBook<'p> {
    path: &'p Path,
    workbook: Xlsx<BufReader<File>>,
    /// Cells that may still be read. A cell with a value takes at least seven bytes and is read up to
    /// six times, unless many sheets are one part.
    left: u64,
    /// The sheet read last has cells without a value: styles alone, or formulas.
    blank: bool,
}

impl Book for XlsxBook<'_> {
    fn each_row(
        &mut self,
        sheet: &str,
        sink: &mut dyn FnMut(SheetRow<'_, '_>) -> Result<(), DataError>,
    ) -> Result<(), DataError> {
        let failed = |error| malformed(self.path, Some(sheet), error);
        let mut reader = self.workbook.worksheet_cells_reader(sheet).map_err(failed)?;
        let formats: Vec<Option<NumberFormat>> = reader
            .styles()
            .iter()
            .map(|style| style.number_format.as_ref())
            .map(|format| format.and_then(|format| NumberFormat::read(&format.format_code)))
            .collect();
        self.blank = false;
        let mut cells: Vec<(u32, Cell<'_>)> = Vec::new();
        let mut current = 0;
        while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(failed)? {
            self.left = match self.left.checked_sub(1) {
                Some(left) => left,
                None => {
                    return Err(malformed(
                        self.path,
                        Some(sheet),
                        "its sheets hold more cells than the file",
                    ));
                }
            };
            let (row, column) = cell.get_position();
            if row != current && !cells.is_empty() {
                sink((u64::from(current) + 1, &cells))?;
                cells.clear();
            }
            current = row;
            let value = value(cell.get_value());
            let value = match formats.get(style) {
                Some(Some(format)) => format.shown(value),
                _ => value,
            };
            if value == Cell::Missing {
                self.blank = true;
            } else {
                cells.push((column, value));
            }
        }
        if cells.is_empty() {
            Ok(())
        } else {
            sink((u64::from(current) + 1, &cells))
        }
    }

    fn merged(&mut self, sheet: &str) -> Vec<Merged> {
        let ranges = self.workbook.merge_cells_by_sheet_name(sheet).unwrap_or_default();
        ranges.iter().map(merged).collect()
    }

    fn each_bare_formula(&mut self, sheet: &str, sink: &mut dyn FnMut(u64, u32)) -> Result<(), DataError> {
        if !self.blank {
            return Ok(());
        }
        let failed = |error| malformed(self.path, Some(sheet), error);
        let mut reader = self.workbook.worksheet_cells_reader(sheet).map_err(failed)?;
        // The values were read; a formula that cannot be is no reason to refuse them.
        while let Ok(Some(cell)) = reader.next_cell_with_formula_metadata() {
            if cell.formula.is_some() && cell.value == DataRef::Empty {
                sink(u64::from(cell.pos.0) + 1, cell.pos.1);
            }
        }
        Ok(())
    }
}

fn value<'c>(data: &DataRef<'c>) -> Cell<'c> {
    match data {
        DataRef::Int(value) => Cell::Integer(*value),
        DataRef::Float(value) => Cell::Float(*value),
        DataRef::String(text) => Cell::Text(text.clone().into()),
        DataRef::SharedString(text) => Cell::Text((*text).into()),
        DataRef::Bool(truth) => Cell::Boolean(*truth),
        DataRef::DateTime(date) => date_cell(*date),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text.clone().into()),
        DataRef::Error(error) => Cell::Unreadable(error.to_string().into()),
        DataRef::Empty => Cell::Missing,
    }
}
