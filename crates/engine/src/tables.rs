//! Imported tables as scans: providers made once, types and uniqueness of keys known before planning.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::sync::{Arc, Mutex};

use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::catalog::TableProvider;
use datafusion::common::TableReference;
use datafusion::datasource::provider_as_source;
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use datafusion::parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use datafusion::parquet::file::metadata::{PageIndexPolicy, ParquetMetaData};
use datafusion::parquet::file::statistics::Statistics;
use jinsheng_core::Digest;
use jinsheng_data::{Stored, Unpivoted, Warehouse};

use crate::error::EngineError;
use crate::scan::FileTable;

/// One imported table.
struct Imported {
    file: Stored,
    digest: Digest,
    rows: u64,
    source: String,
    source_digest: Digest,
    unpivoted: Option<Unpivoted>,
    opened: Mutex<Option<Opened>>,
}

#[derive(Clone)]
struct Opened {
    provider: Arc<dyn TableProvider>,
    schema: SchemaRef,
    /// Columns of which the file's statistics say that every row has a value.
    complete: Arc<BTreeSet<String>>,
    metadata: Arc<ParquetMetaData>,
}

/// All imported tables of a project.
pub(crate) struct Tables {
    tables: BTreeMap<String, Imported>,
    unique: crate::unique::Uniqueness,
}

impl Tables {
    pub(crate) fn new(warehouse: &Warehouse) -> Self {
        let mut tables = BTreeMap::new();
        for source in warehouse.sources() {
            for table in &source.tables {
                tables.insert(
                    table.name.clone(),
                    Imported {
                        file: warehouse.stored(table),
                        digest: table.digest.clone(),
                        rows: table.rows,
                        source: source.name.clone(),
                        source_digest: source.digest.clone(),
                        unpivoted: table.unpivoted.clone(),
                        opened: Mutex::new(None),
                    },
                );
            }
        }
        Self {
            tables,
            unique: crate::unique::Uniqueness::new(warehouse.state_dir()),
        }
    }

    fn imported(&self, table: &str) -> Result<&Imported, EngineError> {
        self.tables
            .get(table)
            .ok_or_else(|| EngineError::missing_table(table))
    }

    fn open(&self, table: &str) -> Result<Opened, EngineError> {
        let imported = self.imported(table)?;
        let mut slot = imported
            .opened
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(opened) = &*slot {
            return Ok(opened.clone());
        }
        imported.file.trust()?;
        let reader = reader(imported.file.path())?;
        let schema = Arc::clone(reader.schema());
        let complete = Arc::new(complete(reader.metadata()));
        let opened = Opened {
            provider: Arc::new(FileTable::new(
                imported.file.path(),
                Arc::clone(&schema),
                reader.metadata(),
            )?),
            schema,
            complete,
            metadata: Arc::clone(reader.metadata()),
        };
        *slot = Some(opened.clone());
        Ok(opened)
    }

    /// A scan of all columns, named as the table. Its file is looked at each time: what is altered while the engine lives is
    /// not read either.
    pub(crate) fn scan(&self, table: &str) -> Result<LogicalPlan, EngineError> {
        let opened = self.open(table)?;
        self.imported(table)?.file.trust()?;
        let source = provider_as_source(opened.provider);
        Ok(LogicalPlanBuilder::scan(TableReference::bare(table), source, None)?.build()?)
    }

    /// Whether rows of an imported table are alike in every column.
    pub(crate) fn repeats(&self, table: &str) -> Result<bool, EngineError> {
        let schema = self.open(table)?.schema;
        let columns: Vec<&str> = schema
            .fields()
            .iter()
            .map(|field| field.name().as_str())
            .collect();
        Ok(!columns.is_empty() && !self.is_unique(table, &columns)?)
    }

    /// Rows of an imported table; 0 for one that is not there.
    pub(crate) fn rows(&self, table: &str) -> u64 {
        self.tables.get(table).map_or(0, |table| table.rows)
    }

    /// Type of a column in the Parquet file.
    pub(crate) fn data_type(&self, table: &str, column: &str) -> Result<DataType, EngineError> {
        let schema = self.open(table)?.schema;
        schema
            .field_with_name(column)
            .map(|field| field.data_type().clone())
            .map_err(|_| EngineError::MissingColumn {
                table: table.to_owned(),
                column: column.to_owned(),
            })
    }

    /// Whether a row may lack a value in a column, as far as the file's statistics tell.
    pub(crate) fn may_miss(&self, table: &str, column: &str) -> Result<bool, EngineError> {
        Ok(!self.open(table)?.complete.contains(column))
    }

    /// The largest date of a column, as days since 1970-01-01, by what the file says of itself.
    pub(crate) fn last_day(&self, table: &str, column: &str) -> Result<Option<i32>, EngineError> {
        let opened = self.open(table)?;
        let Ok(index) = opened.schema.index_of(column) else {
            return Ok(None);
        };
        if *opened.schema.field(index).data_type() != DataType::Date32 {
            return Ok(None);
        }
        let mut last = None;
        for group in opened.metadata.row_groups() {
            match group.columns().get(index).and_then(|column| column.statistics()) {
                Some(Statistics::Int32(found)) => last = last.max(found.max_opt().copied()),
                _ => return Ok(None),
            }
        }
        Ok(last)
    }

    /// Whether no two rows share the values of these columns.
    pub(crate) fn is_unique(&self, table: &str, columns: &[&str]) -> Result<bool, EngineError> {
        let imported = self.imported(table)?;
        self.unique.check(&imported.file, &imported.digest, columns)
    }

    /// Where the values of a table stood in its file, if that has a column for each period.
    pub(crate) fn unpivoted(&self, table: &str) -> Option<&Unpivoted> {
        self.tables.get(table)?.unpivoted.as_ref()
    }

    /// Source name and version that a table belongs to.
    pub(crate) fn version(&self, table: &str) -> Option<(&str, &Digest)> {
        let imported = self.tables.get(table)?;
        Some((&imported.source, &imported.source_digest))
    }
}

/// Columns without a missing value in any row group.
fn complete(metadata: &ParquetMetaData) -> BTreeSet<String> {
    let schema = metadata.file_metadata().schema_descr();
    let columns = schema.columns().iter().enumerate();
    let complete = columns.filter(|(index, _)| {
        metadata.row_groups().iter().all(|group| {
            let statistics = group.columns().get(*index).and_then(|column| column.statistics());
            statistics.and_then(|statistics| statistics.null_count_opt()) == Some(0)
        })
    });
    complete.map(|(_, column)| column.path().string()).collect()
}

/// A reader of a Parquet file that knows where its pages are.
fn reader(file: &std::path::Path) -> Result<ParquetRecordBatchReaderBuilder<File>, EngineError> {
    let failed = |detail: String| EngineError::Failed {
        detail: format!("{}: {detail}", file.display()),
    };
    let opened = File::open(file).map_err(|error| failed(error.to_string()))?;
    let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
    ParquetRecordBatchReaderBuilder::try_new_with_options(opened, options)
        .map_err(|error| failed(error.to_string()))
}
