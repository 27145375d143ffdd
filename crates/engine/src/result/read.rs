//! Typed access to the batches of a result.

use datafusion::arrow::array::{Array, ArrayRef, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::cast::{as_decimal128_array, as_int64_array, as_string_array};
use jinsheng_core::{Decimal, Grain, Period, round_to_fit};
use jinsheng_semantics::bind::{BoundQuery, DimensionRef};

use super::Cell;
use crate::error::EngineError;
use crate::names::Roster;
use crate::plan::Planned;

/// One batch, its columns in the types that they are read as.
#[derive(Debug)]
pub(super) struct Reader {
    rows: usize,
    /// One for each shown dimension, text.
    texts: Vec<ArrayRef>,
    periods: Option<ArrayRef>,
    items: Vec<ArrayRef>,
    traces: Vec<ArrayRef>,
}

/// Every row of a result, as its batch and the index there.
pub(super) fn places(readers: &[Reader]) -> impl Iterator<Item = (&Reader, usize)> {
    readers
        .iter()
        .flat_map(|reader| (0..reader.rows).map(move |index| (reader, index)))
}

impl Reader {
    pub(super) fn new(
        batch: &RecordBatch,
        bound: &BoundQuery,
        planned: &Planned,
    ) -> Result<Self, EngineError> {
        let column = |name: &str, data_type: &DataType| {
            let found = batch
                .column_by_name(name)
                .ok_or_else(|| EngineError::internal("a column is missing"))?;
            cast(found, data_type).map_err(|error| EngineError::Failed {
                detail: error.to_string(),
            })
        };
        let value = |name: &str| column(name, &crate::decimal::VALUE);
        Ok(Self {
            rows: batch.num_rows(),
            texts: planned
                .shown
                .iter()
                .map(|index| column(&format!("d{index}"), &DataType::Utf8))
                .collect::<Result<_, _>>()?,
            periods: if planned.timed {
                Some(column("t", &DataType::Int64)?)
            } else {
                None
            },
            items: (0..bound.items.len())
                .map(|index| value(&format!("i{index}")))
                .collect::<Result<_, _>>()?,
            traces: planned
                .traces
                .iter()
                .map(|(_, name)| value(name))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Keys of the shown dimensions; empty where there is none.
    pub(super) fn keys(&self, index: usize) -> Vec<String> {
        self.texts
            .iter()
            .map(|texts| text(texts, index).unwrap_or_default().to_owned())
            .collect()
    }

    pub(super) fn period(&self, index: usize, grain: Option<Grain>) -> Result<Option<Period>, EngineError> {
        let (Some(periods), Some(grain)) = (&self.periods, grain) else {
            return Ok(None);
        };
        let at = i32::try_from(as_int64_array(periods)?.value(index)).map_err(|_| EngineError::Overflow)?;
        Ok(Some(Period::new(grain, at)))
    }

    /// The value of an item.
    pub(super) fn value(&self, item: usize, index: usize) -> Result<Option<Decimal>, EngineError> {
        number(self.items.get(item), index)
    }

    /// The value of an operand, by its place among the traces.
    pub(super) fn operand(&self, trace: usize, index: usize) -> Result<Option<Decimal>, EngineError> {
        number(self.traces.get(trace), index)
    }

    /// The cells of a row.
    pub(super) fn cells(
        &self,
        index: usize,
        bound: &BoundQuery,
        planned: &Planned,
        roster: &Roster,
    ) -> Result<Vec<Cell>, EngineError> {
        let mut cells = Vec::with_capacity(self.texts.len() * 2 + self.items.len() + 1);
        for (position, texts) in planned.shown.iter().zip(&self.texts) {
            let Some(dimension) = bound.context.dimensions.get(*position) else {
                continue;
            };
            let key = text(texts, index);
            cells.push(key.map_or(Cell::Missing, |key| Cell::Text(key.to_owned())));
            if let DimensionRef::Entity(entity) = &dimension.dimension
                && let Some(members) = roster.of(entity)
            {
                let name = key.and_then(|key| members.name(key));
                cells.push(name.map_or(Cell::Missing, |name| Cell::Text(name.to_owned())));
            }
        }
        cells.extend(self.period(index, bound.grain)?.map(Cell::Period));
        for item in &self.items {
            cells.push(number(Some(item), index)?.map_or(Cell::Missing, Cell::Number));
        }
        Ok(cells)
    }
}

fn text(texts: &ArrayRef, index: usize) -> Option<&str> {
    let texts = as_string_array(texts).ok()?;
    texts.is_valid(index).then(|| texts.value(index))
}

fn number(array: Option<&ArrayRef>, index: usize) -> Result<Option<Decimal>, EngineError> {
    let array = array.ok_or_else(|| EngineError::internal("a column is missing"))?;
    let array = as_decimal128_array(array)?;
    if array.is_null(index) {
        return Ok(None);
    }
    round_to_fit(array.value(index), i32::from(array.scale()))
        .ok_or(EngineError::Overflow)
        .map(Some)
}
