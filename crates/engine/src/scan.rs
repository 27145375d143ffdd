//! One imported file as DataFusion scans it. The file never changes, so its size and statistics are looked up once and
//! not, as for a folder that files may be added to, each time a plan is made.

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{Result, Statistics};
use datafusion::datasource::file_format::FileFormat;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::CachedParquetMetaData;
use datafusion::datasource::physical_plan::parquet::metadata::DFParquetMetadata;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::execution::cache::cache_manager::CachedFileMetadataEntry;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::object_store::path::Path as StorePath;
use datafusion::parquet::file::metadata::ParquetMetaData;
use datafusion::physical_plan::ExecutionPlan;

/// A Parquet file.
#[derive(Debug)]
pub(crate) struct FileTable {
    schema: SchemaRef,
    file: PartitionedFile,
    statistics: Statistics,
    metadata: Arc<ParquetMetaData>,
}

impl FileTable {
    /// The file at a path, with its own words about its rows.
    pub(crate) fn new(path: &Path, schema: SchemaRef, metadata: &Arc<ParquetMetaData>) -> Result<Self> {
        let statistics = DFParquetMetadata::statistics_from_parquet_metadata(metadata, &schema)?;
        let place = StorePath::from_filesystem_path(path)?;
        let file = PartitionedFile::new(place, std::fs::metadata(path)?.len())
            .with_statistics(Arc::new(statistics.clone()));
        Ok(Self {
            schema,
            file,
            statistics,
            metadata: Arc::clone(metadata),
        })
    }

    /// Tells a session what is known of the file. Left to itself, it looks up where the pages are for each plan anew.
    fn share_metadata(&self, session: &dyn Session) {
        let known = session.runtime_env().cache_manager.get_file_metadata_cache();
        let object = &self.file.object_meta;
        if known.get(&object.location).is_none() {
            let metadata = Arc::new(CachedParquetMetaData::new(Arc::clone(&self.metadata)));
            known.put(
                &object.location,
                CachedFileMetadataEntry::new(object.clone(), metadata),
            );
        }
    }
}

type Planned<'f> = Pin<Box<dyn Future<Output = Result<Arc<dyn ExecutionPlan>>> + Send + 'f>>;

impl TableProvider for FileTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        // Row groups and pages are left out by their statistics; rows are tested one by one above or inside the scan.
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    fn scan<'s, 'session, 'projection, 'filters, 'f>(
        &'s self,
        session: &'session dyn Session,
        projection: Option<&'projection Vec<usize>>,
        _filters: &'filters [Expr],
        limit: Option<usize>,
    ) -> Planned<'f>
    where
        's: 'f,
        'session: 'f,
        'projection: 'f,
        'filters: 'f,
        Self: 'f,
    {
        Box::pin(async move {
            self.share_metadata(session);
            let source = Arc::new(ParquetSource::new(Arc::clone(&self.schema)));
            let config = FileScanConfigBuilder::new(ObjectStoreUrl::local_filesystem(), source)
                .with_file_groups(vec![FileGroup::new(vec![self.file.clone()])])
                .with_statistics(self.statistics.clone())
                .with_projection_indices(projection.cloned())?
                .with_limit(limit)
                .build();
            ParquetFormat::default()
                .create_physical_plan(session, config)
                .await
        })
    }
}
