//! Rows of a result with names, labels, units and evidence.

use std::collections::BTreeMap;

use datafusion::arrow::array::{Array, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::cast::{as_decimal128_array, as_int64_array, as_string_array};
use jinsheng_core::{Decimal, Digest, Localised, Period, Scope, Unit, round_to_fit};
use jinsheng_grounding::{Evidence, EvidenceId, SourceVersion};
use jinsheng_semantics::bind::{Bound, BoundQuery, DimensionRef, Note};
use jinsheng_semantics::catalog::Catalog;
use jinsheng_semantics::query::Query;

use crate::coverage::{Coverage, Place};
use crate::error::EngineError;
use crate::evidence::{Fact, Maker, Row};
use crate::names::Roster;
use crate::plan::Planned;
use crate::tables::Tables;

/// What a Query found.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The Query in its one-line form.
    pub reading: String,
    /// Columns, dimensions first.
    pub columns: Vec<Column>,
    /// Rows; each has one cell a column.
    pub rows: Vec<Vec<Cell>>,
    /// For each row, the evidence of its value columns, in their order.
    pub row_evidence: Vec<Vec<EvidenceId>>,
    /// Everything that the rows rest on, operands too.
    pub evidence: BTreeMap<EvidenceId, Evidence>,
    /// Conventions applied and oddities met.
    pub notes: Vec<Note>,
    /// Digest of the catalog.
    pub catalog: Digest,
    /// Sources read.
    pub sources: Vec<SourceVersion>,
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

#[expect(
    clippy::too_many_arguments,
    reason = "the one place where everything about a result meets"
)]
pub(crate) fn answer(
    query: &Query,
    bound: &BoundQuery,
    catalog: &Catalog,
    tables: &Tables,
    scope: &Scope,
    planned: &Planned,
    batches: &[RecordBatch],
    roster: &Roster,
    coverage: &Coverage,
) -> Result<Answer, EngineError> {
    let mut maker = Maker::new(bound, catalog, tables, scope, coverage);
    let mut places = Vec::new();
    let mut rows = Vec::new();
    let mut row_evidence = Vec::new();
    let mut negative_base = false;
    for batch in batches {
        let reader = Reader::new(batch, bound, planned)?;
        for index in 0..batch.num_rows() {
            if planned.limit.is_some_and(|limit| rows.len() >= limit) {
                break;
            }
            let (cells, subject, period, values, operands) = reader.row(index, bound, planned, roster)?;
            negative_base |= operands.iter().any(|(expr, value)| {
                bound.bases.contains(expr)
                    && value.is_some_and(|value| value.is_sign_negative() && !value.is_zero())
            });
            let row = Row {
                subject: &subject,
                period,
                operands: &operands,
            };
            let ids = bound.items.iter().zip(values).map(|(item, value)| {
                let fact = Fact {
                    expr: &item.expr,
                    text: &item.text,
                    value,
                    unit: item.unit,
                    approximate: item.approximate,
                };
                maker.evidence(&fact, &row)
            });
            row_evidence.push(ids.collect());
            places.push(Place {
                keys: subject.into_iter().map(|(_, key)| key).collect(),
                period,
            });
            rows.push(cells);
        }
    }
    let evidence = maker.finish();
    let mut sources: Vec<SourceVersion> = evidence
        .values()
        .flat_map(|evidence| evidence.sources.iter().cloned())
        .collect();
    sources.sort();
    sources.dedup();
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
        notes.extend(coverage.notes(&item.name, &item.expr, &places, &planned.shown));
    }
    if rows.is_empty() {
        notes.push(Note {
            code: "empty",
            text: ("没有符合条件的数据".to_owned(), "no data match".to_owned()),
        });
    }
    Ok(Answer {
        reading: query.to_string(),
        columns: columns(bound, catalog, planned, roster),
        rows,
        row_evidence,
        evidence,
        notes,
        catalog: catalog.digest().clone(),
        sources,
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

/// Typed access to one batch.
struct Reader {
    texts: Vec<datafusion::arrow::array::ArrayRef>,
    periods: Option<datafusion::arrow::array::ArrayRef>,
    items: Vec<datafusion::arrow::array::ArrayRef>,
    traces: Vec<datafusion::arrow::array::ArrayRef>,
}

type ReadRow = (
    Vec<Cell>,
    Vec<(String, String)>,
    Option<Period>,
    Vec<Option<Decimal>>,
    Vec<(Bound, Option<Decimal>)>,
);

impl Reader {
    fn new(batch: &RecordBatch, bound: &BoundQuery, planned: &Planned) -> Result<Self, EngineError> {
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

    fn row(
        &self,
        index: usize,
        bound: &BoundQuery,
        planned: &Planned,
        roster: &Roster,
    ) -> Result<ReadRow, EngineError> {
        let mut cells = Vec::new();
        let mut subject = Vec::new();
        for (position, texts) in planned.shown.iter().zip(&self.texts) {
            let Some(dimension) = bound.context.dimensions.get(*position) else {
                continue;
            };
            let texts = as_string_array(texts)?;
            let key = if texts.is_valid(index) {
                Some(texts.value(index))
            } else {
                None
            };
            cells.push(key.map_or(Cell::Missing, |key| Cell::Text(key.to_owned())));
            if let DimensionRef::Entity(entity) = &dimension.dimension
                && let Some(members) = roster.of(entity)
            {
                let name = key.and_then(|key| members.name(key));
                cells.push(name.map_or(Cell::Missing, |name| Cell::Text(name.to_owned())));
            }
            subject.push((dimension.name.clone(), key.unwrap_or_default().to_owned()));
        }
        let mut period = None;
        if let (Some(periods), Some(grain)) = (&self.periods, bound.grain) {
            let at =
                i32::try_from(as_int64_array(periods)?.value(index)).map_err(|_| EngineError::Overflow)?;
            period = Some(Period::new(grain, at));
            cells.extend(period.map(Cell::Period));
        }
        let number = |array: &datafusion::arrow::array::ArrayRef| -> Result<Option<Decimal>, EngineError> {
            let array = as_decimal128_array(array)?;
            if array.is_null(index) {
                return Ok(None);
            }
            round_to_fit(array.value(index), i32::from(array.scale()))
                .ok_or(EngineError::Overflow)
                .map(Some)
        };
        let values: Vec<Option<Decimal>> = self.items.iter().map(number).collect::<Result<_, _>>()?;
        cells.extend(
            values
                .iter()
                .map(|value| value.map_or(Cell::Missing, Cell::Number)),
        );
        let operands = planned
            .traces
            .iter()
            .zip(&self.traces)
            .map(|((expr, _), array)| Ok((expr.clone(), number(array)?)))
            .collect::<Result<_, EngineError>>()?;
        Ok((cells, subject, period, values, operands))
    }
}
