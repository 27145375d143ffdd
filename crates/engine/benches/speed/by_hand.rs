//! SQL by hand on the engine's own DataFusion, with the engine's own settings, over the same Parquet files.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::prelude::{ParquetReadOptions, SessionContext};
use jinsheng_data::Warehouse;
use jinsheng_engine::Engine;

use super::Outcome;

/// A session that knows every imported table by its name.
pub(crate) async fn session(warehouse: &Warehouse) -> Outcome<SessionContext> {
    let context = SessionContext::new_with_config(Engine::session_config());
    for (name, path) in files(warehouse) {
        context
            .register_parquet(&name, &path, ParquetReadOptions::default())
            .await?;
    }
    Ok(context)
}

/// Names and Parquet files of the imported tables.
pub(crate) fn files(warehouse: &Warehouse) -> Vec<(String, String)> {
    let tables = warehouse.sources().iter().flat_map(|source| &source.tables);
    tables
        .map(|table| {
            let path = warehouse.state_dir().join(&table.file);
            (table.name.clone(), path.to_string_lossy().into_owned())
        })
        .collect()
}

/// Runs a statement from its text.
pub(crate) async fn run(context: &SessionContext, text: &str) -> Outcome<Vec<RecordBatch>> {
    Ok(context.sql(text).await?.collect().await?)
}

/// Rows as texts.
pub(crate) fn texts(batches: &[RecordBatch]) -> Outcome<Vec<Vec<String>>> {
    let options = FormatOptions::default();
    let mut rows = Vec::new();
    for batch in batches {
        let columns = batch
            .columns()
            .iter()
            .map(|column| ArrayFormatter::try_new(column.as_ref(), &options))
            .collect::<Result<Vec<_>, _>>()?;
        rows.extend((0..batch.num_rows()).map(|row| {
            columns
                .iter()
                .map(|column| column.value(row).to_string())
                .collect()
        }));
    }
    Ok(rows)
}
