//! The Parquet file of a table: written batch by batch on a thread of its own, digested on the way, synced.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use jinsheng_core::{Digest, Digester};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use crate::DataError;

/// Rows of a row group.
const GROUP_ROWS: usize = 256 * 1024;
/// A row group is cut earlier at this many bytes, so that memory stays bounded whatever the rows are like.
const GROUP_BYTES: usize = 96 << 20;

/// A Parquet file under way.
pub(super) struct TableFile<'t> {
    target: &'t Path,
    writer: ArrowWriter<Digesting>,
}

impl<'t> TableFile<'t> {
    pub(super) fn create(target: &'t Path, schema: SchemaRef) -> Result<Self, DataError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_created_by("jinsheng".to_owned())
            .build();
        let file = File::create_new(target).map_err(|error| DataError::write(target, error))?;
        let sink = Digesting {
            file: BufWriter::with_capacity(1 << 20, file),
            digester: crate::stored::digester(),
        };
        let writer =
            ArrowWriter::try_new(sink, schema, Some(properties)).map_err(|error| failed(target, error))?;
        Ok(Self { target, writer })
    }

    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<(), DataError> {
        let target = self.target;
        self.writer.write(batch).map_err(|error| failed(target, error))?;
        if self.writer.in_progress_size() >= GROUP_BYTES {
            self.writer.flush().map_err(|error| failed(target, error))?;
        }
        Ok(())
    }

    /// Completes the file and makes it last; gives the digest of its bytes.
    pub(super) fn finish(self) -> Result<Digest, DataError> {
        let target = self.target;
        let sink = self.writer.into_inner().map_err(|error| failed(target, error))?;
        let file = sink
            .file
            .into_inner()
            .map_err(|error| DataError::write(target, error.into_error()))?;
        file.sync_all().map_err(|error| DataError::write(target, error))?;
        Ok(sink.digester.finish())
    }
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

/// An error of the writer is an error of the file below it.
fn failed(target: &Path, error: ParquetError) -> DataError {
    match error {
        ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
            Ok(error) => DataError::write(target, *error),
            Err(other) => DataError::write(target, std::io::Error::other(other)),
        },
        other => DataError::write(target, std::io::Error::other(other)),
    }
}
