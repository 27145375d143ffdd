//! CSV and TSV: delimiter, header, quoted fields, and rows of one width.

use std::cell::Cell as Shared;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use csv::{ReaderBuilder, StringRecord};

use super::encoding::{TextFile, Utf8Reader};
use super::titles::Titles;
use crate::column::ColumnHead;
use crate::table::{Importing, MAX_COLUMNS, TableHead, TableReader};
use crate::value::{Cell, Row};
use crate::{AddOptions, DataError, SourceKind};

/// Longest row; a longer one is a quote that was not closed.
const ROW_BYTES: u64 = 64 << 20;
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// Of a skipped line so much is read for a title.
const TITLE_BYTES: u64 = 4 << 10;
const SNIFF_BYTES: u64 = 256 << 10;
const SNIFF_ROWS: usize = 100;

/// Imports the file as one table.
pub(super) fn import(
    text: &TextFile,
    kind: SourceKind,
    options: &AddOptions,
    into: &mut Importing<'_>,
) -> Result<(), DataError> {
    let start = start_of(text, options.skip_rows)?;
    let delimiter = match (options.delimiter, kind) {
        (Some(delimiter), _) => delimiter,
        (None, SourceKind::Tsv) => b'\t',
        (None, _) => best_delimiter(&start),
    };
    if !delimiter.is_ascii() || matches!(delimiter, b'"' | b'\n' | b'\r' | b'\0') {
        return Err(DataError::BadDelimiter);
    }
    let mut table = Separated {
        text,
        delimiter,
        skip_rows: options.skip_rows,
        crlf: start.windows(2).any(|pair| pair == b"\r\n"),
        width: 0,
    };
    let header = table.header()?;
    table.width = header.len();
    // Before anything is made for each of them: a line of delimiters alone may be millions.
    if table.width > MAX_COLUMNS {
        return Err(DataError::TooManyColumns {
            path: text.path().to_owned(),
            found: table.width,
            most: MAX_COLUMNS,
        });
    }
    let columns = header.iter().map(ColumnHead::new).collect();
    let (caption, caption_unit) = titles(text, options.skip_rows, delimiter)?.caption();
    into.table(
        TableHead {
            columns,
            caption,
            caption_unit,
            ..TableHead::default()
        },
        &mut table,
    )
}

struct Separated<'t> {
    text: &'t TextFile,
    delimiter: u8,
    skip_rows: u64,
    /// Lines end with CR LF.
    crlf: bool,
    width: usize,
}

/// Stops a row that does not end: counts the bytes since the last row began.
struct Guard<R> {
    inner: R,
    since_row: Rc<Shared<u64>>,
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_row.get() > ROW_BYTES {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        let count = self.inner.read(buffer)?;
        self.since_row.set(self.since_row.get() + count as u64);
        Ok(count)
    }
}

/// Follows the last line. Text never holds a NUL, so this row shows that the one before it has ended: a quote that
/// is still open swallows it.
const END: &str = "\n\0";

type Records = csv::Reader<Guard<io::Chain<BufReader<Utf8Reader>, &'static [u8]>>>;

impl Separated<'_> {
    fn open(&self) -> Result<(Records, Rc<Shared<u64>>), DataError> {
        let mut reader = BufReader::with_capacity(1 << 16, self.text.reader()?);
        skip_lines(&mut reader, self.skip_rows).map_err(|error| DataError::read(self.text.path(), error))?;
        let since_row = Rc::new(Shared::new(0));
        let guard = Guard {
            inner: reader.chain(END.as_bytes()),
            since_row: Rc::clone(&since_row),
        };
        let records = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .buffer_capacity(1 << 18)
            .from_reader(guard);
        Ok((records, since_row))
    }

    fn failed(&self, error: &csv::Error, line: u64) -> DataError {
        let path = self.text.path().to_owned();
        match error.kind() {
            csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                DataError::EndlessRow { path, line }
            }
            // Every byte was checked before, so the file is another one now.
            csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
                DataError::Changed { path }
            }
            csv::ErrorKind::Utf8 { .. } => DataError::Changed { path },
            csv::ErrorKind::Io(inner) => DataError::read(self.text.path(), io::Error::from(inner.kind())),
            _ => DataError::malformed(self.text.path(), Some(&format!("line {line}")), error),
        }
    }

    fn header(&self) -> Result<StringRecord, DataError> {
        let (mut records, _) = self.open()?;
        let mut record = StringRecord::new();
        let line = self.skip_rows + 1;
        records
            .read_record(&mut record)
            .map_err(|error| self.failed(&error, line))?;
        match self.whole(&record, line)? {
            true => Ok(record),
            false => Err(DataError::Empty {
                path: self.text.path().to_owned(),
            }),
        }
    }

    /// False for the row behind the last one; an error when a row runs into it.
    fn whole(&self, record: &StringRecord, line: u64) -> Result<bool, DataError> {
        if !record.as_slice().ends_with('\0') {
            return Ok(!record.is_empty());
        }
        if record.len() == 1 && record.as_slice().len() == 1 {
            return Ok(false);
        }
        Err(DataError::EndlessRow {
            path: self.text.path().to_owned(),
            line,
        })
    }
}

fn skip_lines(reader: &mut impl BufRead, lines: u64) -> io::Result<()> {
    for _ in 0..lines {
        if reader.skip_until(b'\n')? == 0 {
            break;
        }
    }
    Ok(())
}

struct Record<'r> {
    record: &'r StringRecord,
    /// Line behind the row, less one when lines end with a line feed alone.
    end: u64,
}

impl Row for Record<'_> {
    fn line(&self) -> u64 {
        let inner = self
            .record
            .as_slice()
            .bytes()
            .filter(|byte| *byte == b'\n')
            .count();
        self.end.saturating_sub(inner as u64)
    }

    fn cell(&self, column: usize) -> Cell<'_> {
        self.record
            .get(column)
            .map_or(Cell::Missing, |text| Cell::Text(text.into()))
    }
}

impl TableReader for Separated<'_> {
    fn scan(&mut self, sink: &mut dyn FnMut(&dyn Row) -> Result<(), DataError>) -> Result<(), DataError> {
        let (mut records, since_row) = self.open()?;
        let mut record = StringRecord::new();
        let mut first = true;
        // The reader counts line feeds. A row ends behind its own, but before that of a CR LF.
        let ahead = u64::from(!self.crlf);
        let mut end = self.skip_rows;
        loop {
            since_row.set(0);
            records
                .read_record(&mut record)
                .map_err(|error| self.failed(&error, end + 1))?;
            if !self.whole(&record, end + 1)? {
                return Ok(());
            }
            end = (records.position().line() + self.skip_rows).saturating_sub(ahead);
            if std::mem::take(&mut first) {
                continue;
            }
            let row = Record { record: &record, end };
            if record.len() != self.width {
                return Err(DataError::Ragged {
                    path: self.text.path().to_owned(),
                    line: row.line(),
                    expected: self.width,
                    found: record.len(),
                });
            }
            sink(&row)?;
        }
    }

    fn sums_up(&self) -> bool {
        true
    }
}

/// What the skipped lines say of the table below them.
fn titles(text: &TextFile, skip_rows: u64, delimiter: u8) -> Result<Titles, DataError> {
    let mut titles = Titles::default();
    let mut reader = BufReader::new(text.reader()?);
    for _ in 0..skip_rows {
        let mut line = Vec::new();
        let read = (&mut reader)
            .take(TITLE_BYTES)
            .read_until(b'\n', &mut line)
            .and_then(|read| match line.last() {
                Some(b'\n') => Ok(read),
                _ => skip_lines(&mut reader, 1).map(|()| read),
            })
            .map_err(|error| DataError::read(text.path(), error))?;
        if read == 0 {
            break;
        }
        let mut record = ReaderBuilder::new()
            .has_headers(false)
            .delimiter(delimiter)
            .from_reader(line.as_slice())
            .into_records();
        let cells = record.next().and_then(Result::ok).unwrap_or_default();
        let cells = cells.iter().filter(|cell| !cell.trim().is_empty());
        titles.add(cells.map(str::to_owned));
    }
    Ok(titles)
}

/// The first bytes below the skipped lines.
fn start_of(text: &TextFile, skip_rows: u64) -> Result<Vec<u8>, DataError> {
    let mut reader = BufReader::new(text.reader()?);
    let mut start = Vec::new();
    skip_lines(&mut reader, skip_rows)
        .and_then(|()| reader.take(SNIFF_BYTES).read_to_end(&mut start))
        .map_err(|error| DataError::read(text.path(), error))?;
    Ok(start)
}

/// The delimiter under which the first rows agree on a width, and on the greatest one.
fn best_delimiter(start: &[u8]) -> u8 {
    let mut best = (b',', 0_u64);
    for delimiter in DELIMITERS {
        let mut records = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(start);
        let widths: Vec<usize> = records
            .byte_records()
            .take(SNIFF_ROWS)
            .map_while(Result::ok)
            .map(|record| record.len())
            .collect();
        let Some(header) = widths.first().copied().filter(|width| *width > 1) else {
            continue;
        };
        let agreeing = widths.iter().filter(|width| **width == header).count() as u64;
        // Agreement counts most, then width; the share is in thousandths.
        let score = agreeing * 1000 / (widths.len() as u64) * 10_000 + (header as u64).min(9999);
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters() {
        for (start, delimiter) in [
            ("a,b\n1,2\n", b','),
            ("a;b\n1,5;2,5\n3,5;4\n", b';'),
            ("a\tb\n1,000\t2\n", b'\t'),
            ("a|b|c\nx, y|2|3\n", b'|'),
            ("alone\n1\n", b','),
            ("\"a;b\",c\n\"x;y\",2\n", b','),
            ("", b','),
        ] {
            assert_eq!(best_delimiter(start.as_bytes()), delimiter, "{start}");
        }
    }
}
