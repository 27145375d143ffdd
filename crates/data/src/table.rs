//! Two passes over a table: the first finds types, the second writes the Parquet file.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema, SchemaRef};
use jinsheng_core::{Digest, Digester, Unit};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use crate::column::{ColumnBuilder, ColumnHead, Survey, unique_names};
use crate::value::{Cell, Row, trim};
use crate::{ColumnKind, ColumnMeta, DataError, Note, Progress, Stage, TableMeta};

/// Rows of a batch on its way to the file.
const BATCH: usize = 8192;
/// A batch is cut earlier when its text has this many bytes.
const BATCH_TEXT: usize = 16 << 20;
/// Rows of a row group.
const GROUP_ROWS: usize = 256 * 1024;
/// A row group is cut earlier at this many bytes, so that memory stays bounded whatever the rows are like.
const GROUP_BYTES: usize = 96 << 20;
/// Most columns of a table.
pub(crate) const MAX_COLUMNS: usize = 4096;

/// Rows of a table, which can be read from the beginning as often as needed.
pub(crate) trait TableReader {
    /// Gives every row to `sink`; the same rows every time.
    fn scan(&mut self, sink: &mut dyn FnMut(&dyn Row) -> Result<(), DataError>) -> Result<(), DataError>;

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
    pub(crate) tables: Vec<TableMeta>,
}

impl Importing<'_> {
    /// Imports one table.
    pub(crate) fn table(&mut self, head: TableHead, reader: &mut dyn TableReader) -> Result<(), DataError> {
        if head.columns.len() > MAX_COLUMNS {
            return Err(DataError::TooManyColumns {
                path: self.path.to_owned(),
                found: head.columns.len(),
                most: MAX_COLUMNS,
            });
        }
        let name = match &head.name {
            Some(table) => self.free_name(&format!("{}.{table}", self.source)),
            None => self.source.to_owned(),
        };
        self.progress.stage(Stage::Survey);
        let mut rows = 0;
        let mut empty = 0;
        let mut surveys: Vec<Survey> = head.columns.iter().map(|_| Survey::default()).collect();
        let mut header = surveys.iter().map(|_| Survey::default()).collect::<Vec<_>>();
        for (survey, column) in header.iter_mut().zip(&head.columns) {
            survey.add(&Cell::Text(column.header.as_str().into()), &HeaderRow);
        }
        reader.scan(&mut |row| {
            if is_empty(row, surveys.len()) {
                empty += 1;
                return Ok(());
            }
            rows += 1;
            if rows % 65_536 == 0 && self.progress.cancelled() {
                return Err(DataError::Cancelled);
            }
            for (index, survey) in surveys.iter_mut().enumerate() {
                survey.add(&row.cell(index), row);
            }
            Ok(())
        })?;
        let mut notes = head.notes;
        notes.extend(reader.notes()?);
        if empty > 0 {
            notes.push(Note::EmptyRows { rows: empty });
        }
        if !header.is_empty() && header.iter().all(Survey::looks_like_data) {
            notes.push(Note::HeaderLooksLikeData);
        }
        let (columns, builders) = describe(&head.columns, &surveys);
        drop(surveys);
        let file = PathBuf::from(format!("t{:04}.parquet", self.tables.len()));
        let mut meta = TableMeta {
            name,
            file,
            digest: Digest::of(&[]),
            rows,
            columns,
            caption: head.caption,
            caption_unit: head.caption_unit,
            notes,
        };
        self.write(&mut meta, builders, reader)?;
        self.tables.push(meta);
        Ok(())
    }

    /// A name that no table of this source has yet: two sheets may be named alike once their names are normalised.
    fn free_name(&self, name: &str) -> String {
        let taken = |name: &str| self.tables.iter().any(|table| table.name == name);
        let mut free = name.to_owned();
        let mut number = 2_u64;
        while taken(&free) {
            free = format!("{name}_{number}");
            number += 1;
        }
        free
    }

    fn write(
        &mut self,
        meta: &mut TableMeta,
        builders: Vec<ColumnBuilder>,
        reader: &mut dyn TableReader,
    ) -> Result<(), DataError> {
        self.progress.stage(Stage::Write);
        let target = self.folder.join(&meta.file);
        let mut output = Output::create(&target, meta, builders)?;
        let (source, progress) = (self.path, &mut *self.progress);
        let columns = output.builders.len();
        reader.scan(&mut |row| {
            if is_empty(row, columns) {
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
        progress.rows(&meta.name, meta.rows, Some(meta.rows));
        output.finish(meta)
    }
}

/// Descriptions and builders of the columns, from what the first pass saw.
fn describe(heads: &[ColumnHead], surveys: &[Survey]) -> (Vec<ColumnMeta>, Vec<ColumnBuilder>) {
    let named = unique_names(heads);
    heads
        .iter()
        .zip(named)
        .zip(surveys)
        .map(|((head, named), survey)| {
            let mut plan = survey.plan(head, &named.label, named.unit);
            let mut notes = std::mem::take(&mut plan.notes);
            notes.splice(0..0, named.note);
            let meta = ColumnMeta {
                name: named.name,
                header: head.header.clone(),
                label: named.label,
                unit: named.unit.or(plan.unit),
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

/// Counts into a digest what passes through to a file.
struct Digesting {
    file: BufWriter<File>,
    digester: Digester,
}

impl Write for Digesting {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.digester.stream(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

struct Output<'t> {
    target: &'t Path,
    writer: ArrowWriter<Digesting>,
    schema: SchemaRef,
    builders: Vec<ColumnBuilder>,
    rows: u64,
    waiting: usize,
}

impl<'t> Output<'t> {
    fn create(target: &'t Path, meta: &TableMeta, builders: Vec<ColumnBuilder>) -> Result<Self, DataError> {
        let fields: Vec<Field> = meta
            .columns
            .iter()
            .zip(&builders)
            .map(|(column, builder)| Field::new(&column.name, builder.data_type(), true))
            .collect();
        let schema = Arc::new(Schema::new(fields));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_created_by("jinsheng".to_owned())
            .build();
        let file = File::create_new(target).map_err(|error| DataError::write(target, error))?;
        let sink = Digesting {
            file: BufWriter::with_capacity(1 << 20, file),
            digester: Digester::new("parquet"),
        };
        let writer = ArrowWriter::try_new(sink, Arc::clone(&schema), Some(properties))
            .map_err(|error| parquet_error(target, error))?;
        Ok(Self {
            target,
            writer,
            schema,
            builders,
            rows: 0,
            waiting: 0,
        })
    }

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
        if full { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), DataError> {
        if self.waiting == 0 {
            return Ok(());
        }
        self.waiting = 0;
        let arrays = self.builders.iter_mut().map(ColumnBuilder::finish).collect();
        let failed = |error| parquet_error(self.target, error);
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays)
            .map_err(|error| failed(ParquetError::from(error)))?;
        self.writer.write(&batch).map_err(failed)?;
        if self.writer.in_progress_size() >= GROUP_BYTES {
            self.writer.flush().map_err(failed)?;
        }
        Ok(())
    }

    fn finish(mut self, meta: &mut TableMeta) -> Result<(), DataError> {
        self.flush()?;
        let target = self.target;
        let sink = self
            .writer
            .into_inner()
            .map_err(|error| parquet_error(target, error))?;
        meta.digest = sink.digester.finish();
        let file = sink
            .file
            .into_inner()
            .map_err(|error| DataError::write(target, error.into_error()))?;
        file.sync_all().map_err(|error| DataError::write(target, error))?;
        for (builder, column) in self.builders.into_iter().zip(&mut meta.columns) {
            builder.describe(column);
            if column.rounded > 0 {
                column.notes.push(Note::Rounded {
                    cells: column.rounded,
                });
            }
            debug_assert!(column.rounded == 0 || matches!(column.kind, ColumnKind::Decimal { .. }));
        }
        Ok(())
    }
}

/// An error of the writer is an error of the file below it.
fn parquet_error(target: &Path, error: ParquetError) -> DataError {
    match error {
        ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
            Ok(error) => DataError::write(target, *error),
            Err(other) => DataError::write(target, std::io::Error::other(other)),
        },
        other => DataError::write(target, std::io::Error::other(other)),
    }
}
