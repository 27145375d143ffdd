//! Two passes over a table: the first finds types, the second writes the Parquet file.

mod file;
mod totals;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};

use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema, SchemaRef};
use jinsheng_core::{Digest, Unit};

use crate::column::{ColumnBuilder, ColumnHead, Survey, takes_caption_unit, unique_names};
use crate::value::{Cell, Row, trim};
use crate::wide;
use crate::{ColumnKind, ColumnMeta, DataError, Note, Progress, Stage, TableMeta};

use file::TableFile;
use totals::{Decision, Watch};

/// Rows of a batch on its way to the file.
const BATCH: usize = 8192;
/// A batch is cut earlier when its text has this many bytes.
const BATCH_TEXT: usize = 16 << 20;
/// Batches that wait for the writing thread at most.
const BATCHES_AHEAD: usize = 2;
/// Most columns of a table.
pub(crate) const MAX_COLUMNS: usize = 4096;

/// Takes the rows of a table one by one.
pub(crate) type RowSink<'s> = dyn FnMut(&dyn Row) -> Result<(), DataError> + 's;

/// Rows of a table, which can be read from the beginning as often as needed.
pub(crate) trait TableReader {
    /// Gives every row to `sink`; the same rows every time.
    fn scan(&mut self, sink: &mut dyn FnMut(&dyn Row) -> Result<(), DataError>) -> Result<(), DataError>;

    /// True where people lay out tables, and end them with a row of totals.
    fn sums_up(&self) -> bool {
        false
    }

    /// Oddities known only after the rows were read.
    fn notes(&mut self) -> Result<Vec<Note>, DataError> {
        Ok(Vec::new())
    }
}

/// A table as its source declares it.
#[derive(Debug, Clone, Default)]
pub(crate) struct TableHead {
    /// Name within the source; none when the source is one table.
    pub(crate) name: Option<String>,
    pub(crate) columns: Vec<ColumnHead>,
    pub(crate) caption: Option<String>,
    pub(crate) caption_unit: Option<Unit>,
    pub(crate) notes: Vec<Note>,
}

/// Where tables are written to while they are not yet part of the project.
pub(crate) struct Importing<'a> {
    pub(crate) path: &'a Path,
    pub(crate) source: &'a str,
    pub(crate) folder: &'a Path,
    pub(crate) progress: &'a mut dyn Progress,
    /// Columns that are periods stay columns.
    pub(crate) keep_columns: bool,
    pub(crate) tables: Vec<TableMeta>,
    pub(crate) names: TableNames,
}

/// Names given to the tables of a source so far.
#[derive(Debug, Default)]
pub(crate) struct TableNames {
    taken: HashSet<String>,
    /// The next number to try for a name that is taken.
    next: HashMap<String, u64>,
}

impl TableNames {
    /// A name that no table of this source has yet: two sheets may be named alike once their names are normalised.
    fn free(&mut self, name: String) -> String {
        let number = self.next.entry(name.clone()).or_insert(2);
        let mut free = name.clone();
        while !self.taken.insert(free.clone()) {
            free = format!("{name}_{number}");
            *number += 1;
        }
        free
    }
}

impl Importing<'_> {
    /// Imports one table; one whose columns are periods as rows with a period.
    pub(crate) fn table(&mut self, head: TableHead, reader: &mut dyn TableReader) -> Result<(), DataError> {
        if head.columns.len() > MAX_COLUMNS {
            return Err(DataError::TooManyColumns {
                path: self.path.to_owned(),
                found: head.columns.len(),
                most: MAX_COLUMNS,
            });
        }
        if self.keep_columns {
            return self.rows_of(head, reader, None);
        }
        match wide::long(head, reader)? {
            Ok(mut long) => {
                let (columns, wide) = long.wide();
                let totals = totals_among(columns, wide, &*self.progress)?;
                long.head.notes.extend(totals.notes());
                long.leave_out(totals.lines);
                let head = std::mem::take(&mut long.head);
                let origin = std::mem::take(&mut long.origin);
                self.rows_of(head, &mut long, Some(origin))
            }
            Err((head, reader)) => self.rows_of(head, reader, None),
        }
    }

    fn rows_of(
        &mut self,
        head: TableHead,
        reader: &mut dyn TableReader,
        origin: Option<wide::Origin>,
    ) -> Result<(), DataError> {
        let name = match &head.name {
            Some(table) => self.names.free(format!("{}.{table}", self.source)),
            None => self.source.to_owned(),
        };
        self.progress.stage(Stage::Survey);
        let mut header: Vec<Survey> = head.columns.iter().map(|_| Survey::default()).collect();
        for (survey, column) in header.iter_mut().zip(&head.columns) {
            survey.add(&Cell::Text(column.header.as_str().into()), &HeaderRow);
        }
        let Surveyed {
            rows,
            empty,
            surveys,
            totals,
        } = survey_rows(head.columns.len(), reader, &*self.progress)?;
        let stacked = if origin.is_none() {
            wide::stacked::note(&head)
        } else {
            None
        };
        let mut notes = head.notes;
        notes.extend(stacked);
        notes.extend(reader.notes()?);
        notes.extend(totals.notes());
        if empty > 0 {
            notes.push(Note::EmptyRows { rows: empty });
        }
        if !header.is_empty() && header.iter().all(Survey::looks_like_data) {
            notes.push(Note::HeaderLooksLikeData);
        }
        let (columns, builders) = describe(&head.columns, &surveys, head.caption_unit);
        drop(surveys);
        let unpivoted = origin.map(|origin| {
            let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
            origin.named(&names)
        });
        let file = PathBuf::from(format!("t{:04}.parquet", self.tables.len()));
        let mut meta = TableMeta {
            name,
            file,
            digest: Digest::of(&[]),
            rows,
            columns,
            caption: head.caption,
            caption_unit: head.caption_unit,
            unpivoted,
            notes,
        };
        self.write(&mut meta, builders, reader, &totals)?;
        self.tables.push(meta);
        Ok(())
    }

    fn write(
        &mut self,
        meta: &mut TableMeta,
        builders: Vec<ColumnBuilder>,
        reader: &mut dyn TableReader,
        totals: &Decision,
    ) -> Result<(), DataError> {
        self.progress.stage(Stage::Write);
        let target = self.folder.join(&meta.file);
        let schema = schema_of(meta, &builders);
        let mut file = TableFile::create(&target, Arc::clone(&schema))?;
        let (batches, received) = sync_channel(BATCHES_AHEAD);
        let output = Output {
            schema,
            builders,
            batches,
            rows: 0,
            waiting: 0,
        };
        // Reading and building take about as long as encoding, so each has a thread.
        let (read, written) = std::thread::scope(|scope| {
            let writing = scope.spawn(move || {
                received
                    .iter()
                    .try_for_each(|batch| file.write(&batch))
                    .and_then(|()| file.finish())
            });
            let read = self.feed(output, meta, reader, totals);
            let written = writing.join().unwrap_or_else(|_| {
                Err(DataError::write(
                    &target,
                    std::io::Error::other("the Parquet writer gave up"),
                ))
            });
            (read, written)
        });
        let builders = match (read, written) {
            // The writer's own error is the reason why it takes no more.
            (Err(DataError::Cancelled) | Ok(_), Err(error)) => return Err(error),
            (Err(error), _) => return Err(error),
            (Ok(builders), Ok(digest)) => {
                meta.digest = digest;
                builders
            }
        };
        describe_values(builders, meta);
        Ok(())
    }

    /// Gives all rows to the output and returns its builders with their figures.
    fn feed(
        &mut self,
        mut output: Output,
        meta: &TableMeta,
        reader: &mut dyn TableReader,
        totals: &Decision,
    ) -> Result<Vec<ColumnBuilder>, DataError> {
        let (source, progress) = (self.path, &mut *self.progress);
        let columns = output.builders.len();
        each_filled(reader, columns, &mut |row| {
            if !totals.lines.is_empty() && totals.lines.contains(&row.line()) {
                return Ok(());
            }
            output.add(row, source)?;
            if output.rows.is_multiple_of(65_536) {
                if progress.cancelled() {
                    return Err(DataError::Cancelled);
                }
                progress.rows(&meta.name, output.rows, Some(meta.rows));
            }
            Ok(())
        })?;
        if output.rows != meta.rows {
            return Err(DataError::Changed {
                path: source.to_owned(),
            });
        }
        output.flush(source)?;
        progress.rows(&meta.name, meta.rows, Some(meta.rows));
        Ok(output.builders)
    }
}

/// What the first pass saw.
struct Surveyed {
    /// Rows that become rows of the table.
    rows: u64,
    /// Rows without any value.
    empty: u64,
    surveys: Vec<Survey>,
    totals: Decision,
}

/// The first pass. Where rows may sum up others it takes two more, over files that people laid out and that are small.
fn survey_rows(
    columns: usize,
    reader: &mut dyn TableReader,
    progress: &dyn Progress,
) -> Result<Surveyed, DataError> {
    let none = || -> Vec<Survey> { (0..columns).map(|_| Survey::default()).collect() };
    let mut surveys = none();
    let (mut rows, mut empty) = (0, 0);
    let mut watch = Watch::default();
    let watched = reader.sums_up();
    reader.scan(&mut |row| {
        if is_empty(row, columns) {
            empty += 1;
            return Ok(());
        }
        rows += 1;
        if watched {
            watch.row(row, columns);
        }
        survey(&mut surveys, row);
        go_on(rows, progress)
    })?;
    let mut again = |sink: &mut RowSink<'_>| pass(reader, columns, progress, sink);
    let totals = watch.decide(columns, &mut again)?;
    if !totals.lines.is_empty() {
        // What the totals hold says nothing of the columns.
        (surveys, rows) = (none(), 0);
        again(&mut |row| {
            if !totals.lines.contains(&row.line()) {
                rows += 1;
                survey(&mut surveys, row);
            }
            Ok(())
        })?;
    }
    Ok(Surveyed {
        rows,
        empty,
        surveys,
        totals,
    })
}

/// Rows that sum up others, found by passes of their own.
fn totals_among(
    columns: usize,
    reader: &mut dyn TableReader,
    progress: &dyn Progress,
) -> Result<Decision, DataError> {
    let mut watch = Watch::default();
    if !reader.sums_up() {
        return Ok(Decision::default());
    }
    let mut scan = |sink: &mut RowSink<'_>| pass(reader, columns, progress, sink);
    scan(&mut |row| {
        watch.row(row, columns);
        Ok(())
    })?;
    watch.decide(columns, &mut scan)
}

/// Gives every row that has a value, unless the user stops.
fn pass(
    reader: &mut dyn TableReader,
    columns: usize,
    progress: &dyn Progress,
    sink: &mut RowSink<'_>,
) -> Result<(), DataError> {
    let mut passed = 0;
    each_filled(reader, columns, &mut |row| {
        passed += 1;
        sink(row)?;
        go_on(passed, progress)
    })
}

fn survey(surveys: &mut [Survey], row: &dyn Row) {
    for (index, survey) in surveys.iter_mut().enumerate() {
        survey.add(&row.cell(index), row);
    }
}

/// Stops now and then when the user wants to.
fn go_on(rows: u64, progress: &dyn Progress) -> Result<(), DataError> {
    if rows.is_multiple_of(65_536) && progress.cancelled() {
        return Err(DataError::Cancelled);
    }
    Ok(())
}

/// Gives every row that has a value.
fn each_filled(
    reader: &mut dyn TableReader,
    columns: usize,
    sink: &mut RowSink<'_>,
) -> Result<(), DataError> {
    reader.scan(&mut |row| if is_empty(row, columns) { Ok(()) } else { sink(row) })
}

/// Descriptions and builders of the columns, from what the first pass saw and what stands above the table.
fn describe(
    heads: &[ColumnHead],
    surveys: &[Survey],
    caption_unit: Option<Unit>,
) -> (Vec<ColumnMeta>, Vec<ColumnBuilder>) {
    let named = unique_names(heads);
    let decimal_commas = surveys.iter().any(Survey::has_decimal_commas);
    heads
        .iter()
        .zip(named)
        .zip(surveys)
        .map(|((head, named), survey)| {
            let mut plan = survey.plan(head, &named.label, named.unit);
            let mut notes = std::mem::take(&mut plan.notes);
            notes.splice(0..0, named.note);
            if decimal_commas && plan.kind.is_numeric() {
                notes.extend(survey.doubtful_groups());
            }
            let own = plan.unit.or(named.unit);
            let stated = caption_unit.filter(|unit| {
                own.is_none() && plan.kind.is_numeric() && takes_caption_unit(&named.label, *unit)
            });
            notes.extend(stated.map(|unit| Note::CaptionUnit {
                unit: unit.to_string(),
            }));
            let meta = ColumnMeta {
                name: named.name,
                header: head.header.clone(),
                label: named.label,
                // The cells' own sign counts before what the header says.
                unit: own.or(stated),
                comment: head.comment.clone(),
                kind: plan.kind,
                nulls: 0,
                min: None,
                max: None,
                distinct: Some(0),
                samples: Vec::new(),
                rounded: 0,
                notes,
            };
            (meta, ColumnBuilder::new(plan))
        })
        .unzip()
}

/// Stands for the header where a row is asked for.
struct HeaderRow;

impl Row for HeaderRow {
    fn line(&self) -> u64 {
        1
    }

    fn cell(&self, _column: usize) -> Cell<'_> {
        Cell::Missing
    }
}

/// True when no column has a value. Such a row is no row: exports of spreadsheets end with many.
fn is_empty(row: &dyn Row, columns: usize) -> bool {
    (0..columns).all(|index| match row.cell(index) {
        Cell::Missing => true,
        Cell::Text(text) | Cell::Verbatim(text) => trim(&text).is_empty(),
        _ => false,
    })
}

/// Builds batches on the caller's thread and hands them to the thread that writes the file.
struct Output {
    schema: SchemaRef,
    builders: Vec<ColumnBuilder>,
    batches: SyncSender<RecordBatch>,
    rows: u64,
    waiting: usize,
}

/// The writing thread has stopped; it knows why.
const STOPPED: DataError = DataError::Cancelled;

impl Output {
    fn add(&mut self, row: &dyn Row, source: &Path) -> Result<(), DataError> {
        for (index, builder) in self.builders.iter_mut().enumerate() {
            builder.add(&row.cell(index)).map_err(|_| DataError::Changed {
                path: source.to_owned(),
            })?;
        }
        self.rows += 1;
        self.waiting += 1;
        let full = self.waiting >= BATCH
            || (self.waiting.is_multiple_of(64)
                && self
                    .builders
                    .iter()
                    .map(ColumnBuilder::waiting_bytes)
                    .sum::<usize>()
                    >= BATCH_TEXT);
        if full { self.flush(source) } else { Ok(()) }
    }

    fn flush(&mut self, source: &Path) -> Result<(), DataError> {
        if self.waiting == 0 {
            return Ok(());
        }
        self.waiting = 0;
        let arrays = self.builders.iter_mut().map(ColumnBuilder::finish).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays)
            .map_err(|error| DataError::malformed(source, None, error))?;
        self.batches.send(batch).map_err(|_| STOPPED)
    }
}

fn schema_of(meta: &TableMeta, builders: &[ColumnBuilder]) -> SchemaRef {
    let fields = meta.columns.iter().zip(builders);
    let fields = fields.map(|(column, builder)| Field::new(&column.name, builder.data_type(), true));
    Arc::new(Schema::new(fields.collect::<Vec<Field>>()))
}

/// Writes the figures of the columns into their descriptions.
fn describe_values(builders: Vec<ColumnBuilder>, meta: &mut TableMeta) {
    for (builder, column) in builders.into_iter().zip(&mut meta.columns) {
        builder.describe(column);
        if column.rounded > 0 {
            column.notes.push(Note::Rounded {
                cells: column.rounded,
            });
        }
        debug_assert!(column.rounded == 0 || matches!(column.kind, ColumnKind::Decimal { .. }));
    }
}
