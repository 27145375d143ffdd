//! Sheets of a workbook: which row is the header, what stands above it, and which rows are data.

mod down;
mod levels;

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use jinsheng_text::header::is_unit_remark;
use jinsheng_text::normalise;

use super::titles::Titles;
use down::Down;
pub(super) use levels::Merged;

use crate::column::ColumnHead;
use crate::table::{Importing, TableHead, TableReader};
use crate::value::{Cell, Row, trim};
use crate::{AddOptions, DataError, Note, SkipReason};

/// The header is looked for in the first rows that hold anything.
const HEADER_ROWS: usize = 50;

/// A row of a sheet: its number from 1 and its cells by column from 0.
pub(super) type SheetRow<'r, 'c> = (u64, &'r [(u32, Cell<'c>)]);

/// A workbook that gives the rows of a sheet as often as needed; rows without cells may be left out.
pub(super) trait Book {
    /// Gives every row that holds a cell.
    fn each_row(
        &mut self,
        sheet: &str,
        sink: &mut dyn FnMut(SheetRow<'_, '_>) -> Result<(), DataError>,
    ) -> Result<(), DataError>;

    /// Merged ranges of a sheet; none where they cannot be read, for headers are understood without them.
    fn merged(&mut self, sheet: &str) -> Vec<Merged>;

    /// Gives row and column of every formula whose value the workbook does not hold; none where that is not known.
    fn each_bare_formula(&mut self, _sheet: &str, _sink: &mut dyn FnMut(u64, u32)) -> Result<(), DataError> {
        Ok(())
    }
}

/// Imports all worksheets, or the one asked for.
pub(super) fn import(
    book: &mut dyn Book,
    sheets: Vec<(String, bool)>,
    options: &AddOptions,
    into: &mut Importing<'_>,
    notes: &mut Vec<Note>,
) -> Result<(), DataError> {
    let wanted = match &options.sheet {
        None => None,
        Some(asked) => {
            let found = sheets
                .iter()
                .map(|(name, _)| name)
                .find(|name| normalise(name) == normalise(asked));
            let found = found.cloned().ok_or_else(|| DataError::NoSuchSheet {
                path: into.path.to_owned(),
                sheet: asked.clone(),
                sheets: sheets.iter().map(|(name, _)| name.clone()).collect(),
            })?;
            Some(found)
        }
    };
    let mut ready = Vec::new();
    for (name, worksheet) in sheets {
        if wanted.as_ref().is_some_and(|wanted| *wanted != name) {
            continue;
        }
        let shape = if worksheet {
            Shape::find(book, &name, options.skip_rows)?
        } else {
            None
        };
        match shape {
            Some(shape) => ready.push((name, shape)),
            None => {
                let mut bare = 0_u64;
                if worksheet {
                    book.each_bare_formula(&name, &mut |_, _| bare += 1)?;
                }
                let why = match worksheet {
                    true if bare > 0 => SkipReason::Formulas,
                    true => SkipReason::Empty,
                    false => SkipReason::NotASheet,
                };
                notes.push(Note::Skipped { name, why });
            }
        }
    }
    let single = ready.len() == 1;
    for (sheet, shape) in ready {
        let mut head = shape.head.clone();
        head.name = (!single).then(|| crate::warehouse::plain_name(&sheet));
        into.table(
            head,
            &mut Sheet {
                book,
                sheet: &sheet,
                shape,
            },
        )?;
    }
    Ok(())
}

/// A cell seen while the header is looked for: column, text, whether it is text in the workbook.
type Glimpse = (u32, String, bool);

/// Where the table is within a sheet.
struct Shape {
    /// Row of the header.
    header_row: u64,
    /// Sheet columns of the table.
    columns: Vec<u32>,
    head: TableHead,
    /// Merged cells below the header.
    down: Down,
}

impl Shape {
    /// Looks through the whole sheet; none when it holds no data below a header.
    fn find(book: &mut dyn Book, sheet: &str, skip_rows: u64) -> Result<Option<Self>, DataError> {
        let mut first: Vec<(u64, Vec<Glimpse>)> = Vec::new();
        let mut later: BTreeSet<u32> = BTreeSet::new();
        // Where no row is narrower than one before it, no cell is merged with one above it.
        let (mut widest, mut gaps) = (0, false);
        let mut skipped = Titles::default();
        book.each_row(sheet, &mut |(row, cells)| {
            let mut filled = cells.iter().filter(|(_, cell)| has_value(cell)).peekable();
            if row <= skip_rows {
                skipped.add(filled.map(|(_, cell)| text_of(cell)));
                return Ok(());
            }
            if filled.peek().is_none() {
                return Ok(());
            }
            let width = cells.iter().filter(|(_, cell)| has_value(cell)).count();
            gaps |= width < widest;
            widest = widest.max(width);
            if first.len() < HEADER_ROWS {
                let cells = filled
                    .map(|(column, cell)| (*column, text_of(cell), is_text(cell)))
                    .collect();
                first.push((row, cells));
            } else {
                later.extend(filled.map(|(column, _)| *column));
            }
            Ok(())
        })?;
        let Some(at) = header_at(&first) else {
            return Ok(None);
        };
        let mut uppers = levels::upper_rows(at)
            .filter(|upper| levels::may_be(&first, *upper) && !states_unit(&first, *upper))
            .peekable();
        let merged = if gaps || uppers.peek().is_some() {
            book.merged(sheet)
        } else {
            Vec::new()
        };
        let two_rows = uppers.find_map(|upper| Some((upper, levels::joined(&first, upper, &merged)?)));
        let (above, rest) = first.split_at(two_rows.as_ref().map_or(at, |(upper, _)| *upper));
        let header: (u64, Vec<Glimpse>);
        let (header_row, header, below) = match (two_rows, rest) {
            (Some((_, names)), [_, (row, _), below @ ..]) => {
                let cells = names.into_iter().map(|(column, name)| (column, name, true));
                header = (*row, cells.collect());
                (&header.0, &header.1, below)
            }
            (_, [(row, cells), below @ ..]) => (row, cells, below),
            (_, []) => return Ok(None),
        };
        if below.is_empty() {
            return Ok(None);
        }
        let mut columns = later;
        columns.extend(
            header
                .iter()
                .chain(below.iter().flat_map(|(_, cells)| cells))
                .map(|(column, _, _)| *column),
        );
        let mut texts: HashMap<u32, &String> = HashMap::new();
        for (column, text, _) in header {
            texts.entry(*column).or_insert(text);
        }
        let heads: Vec<ColumnHead> = columns
            .iter()
            .map(|column| ColumnHead::new(texts.get(column).map_or("", |text| text.as_str())))
            .collect();
        let columns: Vec<u32> = columns.into_iter().collect();
        let down = Down::new(merged, *header_row, &columns, &heads);
        for (_, cells) in above {
            skipped.add_all(cells.iter().map(|(_, text, _)| text.clone()));
        }
        let (caption, caption_unit) = skipped.caption();
        let head = TableHead {
            columns: heads,
            caption_unit,
            caption,
            ..TableHead::default()
        };
        Ok(Some(Self {
            header_row: *header_row,
            columns,
            head,
            down,
        }))
    }
}

impl Shape {
    /// The header of a sheet column, or its letters.
    fn name(&self, column: u32) -> String {
        let at = self.columns.iter().position(|known| *known == column);
        at.and_then(|at| self.head.columns.get(at))
            .map(|head| head.header.trim().to_owned())
            .filter(|header| !header.is_empty())
            .unwrap_or_else(|| letters(column))
    }
}

/// The first row that is full. Titles and units above a table fill one or two cells; so do the upper rows of headers
/// in several levels. A row is full with three fifths of the cells of the widest one, preferably all text or years; over a narrow
/// table a title and a unit fill as much, and the unit tells.
fn header_at(rows: &[(u64, Vec<Glimpse>)]) -> Option<usize> {
    let widest = rows.iter().map(|(_, cells)| cells.len()).max()?;
    let enough = (widest * 3).div_ceil(5).max(2.min(widest));
    let full = |cells: &[Glimpse]| cells.len() >= enough;
    let texts = |cells: &[Glimpse]| cells.iter().filter(|(_, _, text)| *text).count();
    let names = |cells: &[Glimpse]| {
        let named = texts(cells);
        named * 2 > cells.len() || named > 0 && cells.iter().all(|(_, shown, text)| *text || is_year(shown))
    };
    (0..rows.len())
        .find(|at| {
            rows.get(*at)
                .is_some_and(|(_, cells)| full(cells) && names(cells))
                && !states_unit(rows, *at)
        })
        .or_else(|| {
            rows.iter()
                .position(|(_, cells)| full(cells) && texts(cells) * 2 > cells.len())
        })
        .or_else(|| rows.iter().position(|(_, cells)| full(cells)))
}

/// Whether a cell of a row is a remark on the unit of the whole table.
fn states_unit(rows: &[(u64, Vec<Glimpse>)], at: usize) -> bool {
    let cells = rows.get(at).map_or(&[][..], |(_, cells)| cells);
    cells.iter().any(|(_, text, _)| is_unit_remark(text))
}

fn is_year(shown: &str) -> bool {
    shown.len() == 4 && shown.parse().is_ok_and(|year: u32| (1900..2100).contains(&year))
}

fn has_value(cell: &Cell<'_>) -> bool {
    match cell {
        Cell::Missing => false,
        Cell::Text(text) => !trim(text).is_empty(),
        _ => true,
    }
}

fn is_text(cell: &Cell<'_>) -> bool {
    matches!(cell, Cell::Text(_))
}

fn text_of(cell: &Cell<'_>) -> String {
    cell.shown().into_owned()
}

struct Sheet<'b> {
    book: &'b mut dyn Book,
    sheet: &'b str,
    shape: Shape,
}

struct Dense<'c> {
    row: u64,
    columns: &'c [u32],
    /// In the order of their columns, none twice.
    cells: &'c [(u32, Cell<'c>)],
}

impl Row for Dense<'_> {
    fn line(&self) -> u64 {
        self.row
    }

    fn cell(&self, column: usize) -> Cell<'_> {
        let Some(wanted) = self.columns.get(column) else {
            return Cell::Missing;
        };
        // Mostly every column has a cell, so the cell stands where it would in a full row.
        if let Some((found, cell)) = self.cells.get(column)
            && found == wanted
        {
            return cell.borrowed();
        }
        let place = self.cells.binary_search_by_key(wanted, |(found, _)| *found);
        place
            .ok()
            .and_then(|place| self.cells.get(place))
            .map_or(Cell::Missing, |(_, cell)| cell.borrowed())
    }
}

/// The cells by column, each column once; of two cells in one place the first counts.
fn in_order<'c>(cells: &'c [(u32, Cell<'_>)]) -> Vec<(u32, Cell<'c>)> {
    sorted(
        cells
            .iter()
            .map(|(column, cell)| (*column, cell.borrowed()))
            .collect(),
    )
}

fn sorted<'c>(mut cells: Vec<(u32, Cell<'c>)>) -> Vec<(u32, Cell<'c>)> {
    cells.sort_by_key(|(column, _)| *column);
    cells.dedup_by_key(|(column, _)| *column);
    cells
}

impl TableReader for Sheet<'_> {
    fn scan(&mut self, sink: &mut dyn FnMut(&dyn Row) -> Result<(), DataError>) -> Result<(), DataError> {
        let shape = &self.shape;
        let mut filling = shape.down.start();
        self.book.each_row(self.sheet, &mut |(row, cells)| {
            if row <= shape.header_row || is_footer(cells, shape.columns.len()) {
                return Ok(());
            }
            let ordered;
            let mut cells = if cells.is_sorted_by(|(left, _), (right, _)| left < right) {
                cells
            } else {
                ordered = in_order(cells);
                &ordered
            };
            let filled;
            let merged = filling.row(row, cells);
            if !merged.is_empty() {
                // A blank cell in the place of a merged one comes later and gives way.
                let all: Vec<(u32, Cell<'_>)> = merged
                    .into_iter()
                    .chain(cells.iter().map(|(column, cell)| (*column, cell.borrowed())))
                    .collect();
                filled = sorted(all);
                cells = &filled;
            }
            sink(&Dense {
                row,
                columns: &shape.columns,
                cells,
            })
        })
    }

    fn sums_up(&self) -> bool {
        true
    }

    fn notes(&mut self) -> Result<Vec<Note>, DataError> {
        let mut notes = Vec::new();
        let shape = &self.shape;
        let mut filling = shape.down.start();
        self.book.each_row(self.sheet, &mut |(row, cells)| {
            if row > shape.header_row && is_footer(cells, shape.columns.len()) {
                let text = cells.iter().map(|(_, cell)| text_of(cell)).collect::<String>();
                notes.push(Note::Footer {
                    text: text.trim().to_owned(),
                    row,
                });
            } else if row > shape.header_row {
                filling.row(row, &in_order(cells));
            }
            Ok(())
        })?;
        let names = |columns: &BTreeSet<u32>| columns.iter().map(|column| shape.name(*column)).collect();
        if filling.filled > 0 {
            notes.push(Note::MergedFilled {
                cells: filling.filled,
                columns: names(&filling.filled_columns),
            });
        }
        if filling.single > 0 {
            notes.push(Note::MergedOnce {
                cells: filling.single,
                columns: names(&filling.single_columns),
            });
        }
        let (mut bare, mut where_bare) = (0, BTreeSet::new());
        self.book.each_bare_formula(self.sheet, &mut |row, column| {
            if row > shape.header_row {
                bare += 1;
                where_bare.insert(column);
            }
        })?;
        if bare > 0 {
            notes.push(Note::FormulasWithoutValue {
                cells: bare,
                columns: where_bare.into_iter().map(|column| shape.name(column)).collect(),
            });
        }
        Ok(notes)
    }
}

/// The letters by which a workbook names a column: A, Z, AA.
fn letters(column: u32) -> String {
    let mut rest = u64::from(column) + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
        rest /= 26;
    }
    letters.into_iter().rev().collect()
}

/// A remark under a table, such as `数据来源：…`: the only cell of its row.
fn is_footer(cells: &[(u32, Cell<'_>)], columns: usize) -> bool {
    const BEGINS: [&str; 8] = [
        "数据来源",
        "资料来源",
        "来源:",
        "注:",
        "备注:",
        "说明:",
        "Source:",
        "Note:",
    ];
    if columns < 3 {
        return false;
    }
    let mut filled = cells.iter().filter(|(_, cell)| has_value(cell));
    match (filled.next(), filled.next()) {
        (Some((_, Cell::Text(text))), None) => {
            let text = normalise(text);
            BEGINS.iter().any(|begin| text.starts_with(begin))
        }
        _ => false,
    }
}

/// A merged range as its workbook's reader gives it, which counts rows from 0.
pub(super) fn merged(range: &calamine::Dimensions) -> Merged {
    Merged {
        rows: (u64::from(range.start.0) + 1, u64::from(range.end.0) + 1),
        columns: (range.start.1, range.end.1),
    }
}

/// A day and time of a workbook.
pub(super) fn date_cell<'c>(date: calamine::ExcelDateTime) -> Cell<'c> {
    let serial = date.as_f64();
    if !date.is_datetime() || !serial.is_finite() || !(1.0..2_958_466.0).contains(&serial) {
        return Cell::Float(serial);
    }
    let (year, month, day, hour, minute, second, milli) = date.to_ymd_hms_milli();
    let Some(days) = crate::value::civil_day(i32::from(year), i32::from(month), i32::from(day)) else {
        return Cell::Float(serial);
    };
    let seconds = (i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second);
    let millis = seconds * 1000 + i64::from(milli);
    if millis == 0 {
        return Cell::Date(days);
    }
    Cell::Timestamp((i64::from(days) * 86_400_000 + millis) * 1000)
}

pub(super) fn malformed(path: &Path, sheet: Option<&str>, error: impl std::fmt::Display) -> DataError {
    DataError::malformed(path, sheet, error)
}
