//! What the data hold, as far as questions name it: members, values of dimensions, the reach of tables in time.

use datafusion::arrow::array::AsArray as _;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::common::cast::as_string_array;
use jinsheng_core::{Period, Scope};
use jinsheng_semantics::ask::{DimensionValue, MemberName, Vocabulary};
use jinsheng_semantics::bind::BoundQuery;
use jinsheng_semantics::catalog::{Catalog, ResolvedDimension};

use crate::Engine;
use crate::error::EngineError;
use crate::plan::Planner;

/// Most different values of a dimension that questions may name; a column of more is free text, such as addresses.
const MOST_VALUES: usize = 2_000;

impl Engine {
    /// Names and reach of the data under a scope, read once for each conversation.
    ///
    /// # Errors
    /// When a table cannot be read.
    pub async fn vocabulary(&self, scope: &Scope) -> Result<Vocabulary, EngineError> {
        let catalog = self.visible(scope)?;
        let mut vocabulary = Vocabulary::default();
        for entity in catalog.file().entities.keys() {
            let members = self.members(entity, scope).await?;
            vocabulary
                .members
                .extend(members.texts().map(|(text, key)| MemberName {
                    entity: entity.clone(),
                    key: key.to_owned(),
                    text: text.to_owned(),
                }));
        }
        let bound = BoundQuery::empty();
        let planner = self.planner(&bound, scope, None);
        for (name, table) in &catalog.file().tables {
            if table.period.is_some()
                && let Some(span) = self.span(&planner, name, &catalog).await?
            {
                vocabulary.spans.insert(name.clone(), span);
            }
            for dimension in table.dimensions.keys() {
                let full = catalog.dimension_name(name, dimension);
                let own = matches!(catalog.dimension(&full), Ok(ResolvedDimension::Column(table, _)) if table == name);
                if own {
                    let values = self.values_named(&planner, name, dimension).await?;
                    vocabulary
                        .values
                        .extend(values.into_iter().map(|value| DimensionValue {
                            dimension: full.clone(),
                            value,
                        }));
                }
            }
        }
        Ok(vocabulary)
    }

    /// First and last period of a table with rows, at its own grain.
    async fn span(
        &self,
        planner: &Planner<'_>,
        table: &str,
        catalog: &Catalog,
    ) -> Result<Option<(Period, Period)>, EngineError> {
        let grain = catalog
            .table(table)
            .and_then(|table| table.period.as_ref())
            .map(jinsheng_semantics::catalog::PeriodColumns::grain);
        let Some(grain) = grain else { return Ok(None) };
        for batch in self.collect(&planner.last_period(table)?).await? {
            let index = |column: usize| -> Option<i32> {
                let array = batch.columns().get(column)?;
                let array = cast(array, &DataType::Int64).ok()?;
                let array = array.as_primitive::<Int64Type>().clone();
                array
                    .iter()
                    .next()
                    .flatten()
                    .and_then(|index| i32::try_from(index).ok())
            };
            if let (Some(last), Some(first)) = (index(0), index(1)) {
                return Ok(Some((Period::new(grain, first), Period::new(grain, last))));
            }
        }
        Ok(None)
    }

    /// Different values of a text column; none when there are too many to be names.
    async fn values_named(
        &self,
        planner: &Planner<'_>,
        table: &str,
        dimension: &str,
    ) -> Result<Vec<String>, EngineError> {
        let Some(column) = self
            .catalog
            .dimension_of(table, dimension)
            .map(|found| &found.column)
        else {
            return Ok(Vec::new());
        };
        let Some(source) = self.catalog.table(table).map(|table| &table.source) else {
            return Ok(Vec::new());
        };
        let text = matches!(
            self.tables.data_type(source, column)?,
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
        );
        if !text {
            return Ok(Vec::new());
        }
        let mut values = Vec::new();
        for batch in self
            .collect(&planner.some_values(table, dimension, MOST_VALUES + 1)?)
            .await?
        {
            let Some(array) = batch.columns().first() else {
                continue;
            };
            let array =
                cast(array, &DataType::Utf8).map_err(|error| EngineError::internal(&error.to_string()))?;
            values.extend(as_string_array(&array)?.iter().flatten().map(str::to_owned));
        }
        if values.len() > MOST_VALUES {
            values.clear();
        }
        values.sort();
        Ok(values)
    }
}
