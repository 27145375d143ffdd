//! Rows of a result with names, labels, units and evidence.

mod read;
mod trail;

use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use jinsheng_core::{Decimal, Digest, Localised, Period, Unit};
use jinsheng_grounding::SourceVersion;
use jinsheng_semantics::bind::{BoundQuery, DimensionRef, Note};
use jinsheng_semantics::catalog::Catalog;
use jinsheng_semantics::query::Query;

pub use trail::Proof;

use crate::coverage::Place;
use crate::error::EngineError;
use crate::evidence::Grounds;
use crate::names::Roster;
use crate::plan::Planned;
use read::Reader;
use trail::Trail;

/// What a Query found.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The Query in its one-line form.
    pub reading: String,
    /// Columns, dimensions first.
    pub columns: Vec<Column>,
    /// Rows; each has one cell a column.
    pub rows: Vec<Vec<Cell>>,
    /// Conventions applied and oddities met.
    pub notes: Vec<Note>,
    /// Digest of the catalog.
    pub catalog: Digest,
    /// Sources read.
    pub sources: Vec<SourceVersion>,
    trail: Arc<Trail>,
}

impl Answer {
    /// The evidence of every value in the first `rows` rows. Made from what the result kept, when somebody asks: of a
    /// thousand rows a reader looks into a few.
    ///
    /// # Errors
    /// When an operand has more digits than a decimal holds.
    pub fn evidence(&self, rows: usize) -> Result<Proof, EngineError> {
        self.trail.proof(rows)
    }

    /// The Query as it was bound.
    pub(crate) fn bound(&self) -> &BoundQuery {
        self.trail.bound()
    }
}

/// One column of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name: dimension, `<dimension>.name`, `period`, alias or expression.
    pub name: String,
    /// Name for people.
    pub label: Localised,
    /// Unit of a value.
    pub unit: Option<Unit>,
    /// What it holds.
    pub kind: ColumnKind,
    /// Computed in floating point.
    pub approximate: bool,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Keys or values of a dimension.
    Dimension,
    /// Displayed names of an entity's members.
    Name,
    /// Periods.
    Period,
    /// Numbers.
    Value,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// No value; never zero.
    Missing,
    /// Text.
    Text(String),
    /// Period.
    Period(Period),
    /// Number, in the column's unit.
    Number(Decimal),
}

pub(crate) fn answer(
    query: &Query,
    grounds: Grounds,
    planned: Planned,
    batches: &[RecordBatch],
    roster: &Roster,
) -> Result<Answer, EngineError> {
    let bound = &grounds.query;
    let readers = batches
        .iter()
        .map(|batch| Reader::new(batch, bound, &planned))
        .collect::<Result<Vec<_>, _>>()?;
    let limit = planned.limit.unwrap_or(usize::MAX);
    let mut rows = Vec::new();
    let mut negative_base = false;
    let bases: Vec<usize> = (0..planned.traces.len())
        .filter(|index| {
            planned
                .traces
                .get(*index)
                .is_some_and(|(expr, _)| bound.bases.contains(expr))
        })
        .collect();
    let mut places = Vec::new();
    let doubtful = !grounds.coverage.is_empty();
    for (reader, index) in read::places(&readers).take(limit) {
        rows.push(reader.cells(index, bound, &planned, roster)?);
        for base in &bases {
            let value = reader.operand(*base, index)?;
            negative_base |= value.is_some_and(|value| value.is_sign_negative() && !value.is_zero());
        }
        if doubtful {
            places.push(Place {
                keys: reader.keys(index),
                period: reader.period(index, bound.grain)?,
            });
        }
    }
    let mut notes = bound.notes.clone();
    if negative_base {
        notes.push(Note {
            code: "negative_base",
            text: (
                "有基期为负的情况：变动率以基期绝对值为分母".to_owned(),
                "some base values are negative: changes are relative to their absolute value".to_owned(),
            ),
        });
    }
    for item in &bound.items {
        notes.extend(
            grounds
                .coverage
                .notes(&item.name, &item.expr, &places, &planned.shown),
        );
    }
    if rows.is_empty() {
        notes.push(Note {
            code: "empty",
            text: ("没有符合条件的数据".to_owned(), "no data match".to_owned()),
        });
    }
    Ok(Answer {
        reading: query.to_string(),
        columns: columns(bound, &grounds.catalog, &planned, roster),
        rows,
        notes,
        catalog: grounds.catalog.digest().clone(),
        sources: grounds.sources(),
        trail: Arc::new(Trail::new(grounds, planned, readers)),
    })
}

fn columns(bound: &BoundQuery, catalog: &Catalog, planned: &Planned, roster: &Roster) -> Vec<Column> {
    let plain = |name: String, label: Localised, kind| Column {
        name,
        label,
        unit: None,
        kind,
        approximate: false,
    };
    let mut columns = Vec::new();
    for dimension in planned
        .shown
        .iter()
        .filter_map(|index| bound.context.dimensions.get(*index))
    {
        let label = match &dimension.dimension {
            DimensionRef::Entity(entity) => catalog.entity(entity).map(|entity| entity.label.clone()),
            DimensionRef::Column(table, name) => {
                catalog.dimension_of(table, name).map(|found| found.label.clone())
            }
        };
        let label = label.filter(|label| !label.is_empty());
        let label = label.unwrap_or_else(|| Localised::new(&*dimension.name, &*dimension.name));
        columns.push(plain(
            dimension.name.clone(),
            label.clone(),
            ColumnKind::Dimension,
        ));
        if let DimensionRef::Entity(entity) = &dimension.dimension
            && roster.of(entity).is_some()
        {
            let label = Localised::new(format!("{}名称", label.zh), format!("{} name", label.en));
            columns.push(plain(format!("{}.name", dimension.name), label, ColumnKind::Name));
        }
    }
    if planned.timed {
        columns.push(plain(
            "period".to_owned(),
            Localised::new("期间", "period"),
            ColumnKind::Period,
        ));
    }
    for item in &bound.items {
        let metric = item.metric.as_deref().and_then(|name| catalog.metric(name));
        let label = match metric {
            Some(metric) if item.text == *item.metric.as_deref().unwrap_or_default() => metric.label.clone(),
            _ => Localised::new(&*item.name, &*item.name),
        };
        columns.push(Column {
            name: item.name.clone(),
            label,
            unit: Some(item.unit),
            kind: ColumnKind::Value,
            approximate: item.approximate,
        });
    }
    columns
}
