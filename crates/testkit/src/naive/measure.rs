//! Values of a measure for groups and periods: rows that count, one row a key, coarser periods, forms, aggregation.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bigdecimal::BigDecimal;
use jinsheng_core::{Grain, Period};
use jinsheng_semantics::catalog::{Agg, Measure, PeriodColumns, Table, TimeBehaviour};
use jinsheng_semantics::query::Form;

use super::node::{BoundDimension, Leaf};
use super::rows::{Code, Codes, MISSING, Prepared, agreed};
use super::{NaiveRefusal, number, period};
use crate::data::Cell;

/// Codes of the dimensions of a group.
pub(super) type Group = Vec<Code>;

/// A measure cut by the dimensions of a level. A key in a map means that there is a row; its value may be missing.
pub(super) struct Values {
    /// Periods are indexes at the Query's grain; none for static tables.
    by_group: HashMap<Group, BTreeMap<Option<i32>, Option<BigDecimal>>>,
    /// Form of a flow that is computed for each group.
    form: Form,
    grain: Option<Grain>,
}

/// A row, or the rows of one key and period taken as one.
#[derive(Clone)]
struct Record {
    key: Vec<Code>,
    period: Option<Period>,
    group: Group,
    value: Option<BigDecimal>,
}

impl Values {
    /// The value, in the leaf's form.
    pub(super) fn get(&self, group: &[Code], index: Option<i32>) -> Option<BigDecimal> {
        let periods = self.by_group.get(group)?;
        let (Some(index), Some(grain)) = (index, self.grain) else {
            return periods.get(&None)?.clone();
        };
        let at = Period::new(grain, index);
        let first = match self.form {
            Form::Single => at,
            Form::Ytd => period::first_of_year(at)?,
            Form::Ttm => period::first_of_twelve_months(at)?,
        };
        let within = periods.range(Some(first.index())..=Some(index));
        let values: Vec<&BigDecimal> = within.filter_map(|(_, value)| value.as_ref()).collect();
        (!values.is_empty()).then(|| values.into_iter().sum())
    }

    /// Every group and period with a row.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&Group, Option<i32>)> {
        self.by_group
            .iter()
            .flat_map(|(group, periods)| periods.keys().map(move |index| (group, *index)))
    }
}

/// Computes a measure for the groups of a level.
pub(super) fn values(
    prepared: &Prepared<'_>,
    leaf: &Leaf<'_>,
    dimensions: &[BoundDimension<'_>],
    grain: Option<Grain>,
) -> Result<Values, NaiveRefusal> {
    let Some(table) = prepared.catalog().table(leaf.table) else {
        return Err(NaiveRefusal::Unknown {
            kind: "table",
            name: leaf.table.to_owned(),
        });
    };
    let mut records = records(prepared, leaf, table, dimensions)?;
    if table.unique {
        records = merged(&records);
    }
    if let (Some(columns), Some(grain)) = (&table.period, grain) {
        if grain != columns.grain() {
            records = coarser(records, columns, leaf.measure, grain);
        }
        if leaf.measure.time == TimeBehaviour::FlowYtd && grain != Grain::Year {
            records = year_to_date_form(&records, leaf.form.unwrap_or(Form::Ytd));
        }
    }
    let mut cut: BTreeMap<(Group, Option<i32>), Vec<Option<BigDecimal>>> = BTreeMap::new();
    for record in records {
        if record.group.contains(&MISSING) {
            continue;
        }
        let index = record.period.map(Period::index);
        cut.entry((record.group, index)).or_default().push(record.value);
    }
    let mut by_group: HashMap<Group, BTreeMap<Option<i32>, Option<BigDecimal>>> = HashMap::new();
    for ((group, index), values) in cut {
        let value = aggregate(leaf.measure.agg, &values);
        by_group.entry(group).or_default().insert(index, value);
    }
    let form = match leaf.measure.time {
        TimeBehaviour::Flow if grain != Some(Grain::Year) => leaf.form.unwrap_or(Form::Single),
        _ => Form::Single,
    };
    let grain = if leaf.periodic { grain } else { None };
    Ok(Values {
        by_group,
        form,
        grain,
    })
}

/// The rows that count.
fn records(
    prepared: &Prepared<'_>,
    leaf: &Leaf<'_>,
    table: &Table,
    dimensions: &[BoundDimension<'_>],
) -> Result<Vec<Record>, NaiveRefusal> {
    let mut counting = prepared.counting(leaf.table)?;
    for (filter, path) in &leaf.filters {
        let passing = prepared.passing(leaf.table, path, filter)?;
        for (counts, passes) in counting.iter_mut().zip(passing) {
            *counts = *counts && passes;
        }
    }
    let mut key_columns = Vec::new();
    for column in table.entities.values() {
        key_columns.push(prepared.column(leaf.table, column)?);
    }
    for name in &table.key_dimensions {
        if let Some(dimension) = table.dimensions.get(name) {
            key_columns.push(prepared.column(leaf.table, &dimension.column)?);
        }
    }
    let mut group_columns = Vec::new();
    for dimension in dimensions {
        let path = prepared.catalog().path(leaf.table, dimension.resolved);
        let path = path.ok_or_else(|| NaiveRefusal::Unreachable {
            metric: leaf.metric.clone(),
            dimension: dimension.name.clone(),
        })?;
        group_columns.push(prepared.dimension(leaf.table, &path)?);
    }
    let measured = match &leaf.measure.column {
        Some(column) => Some(prepared.column(leaf.table, column)?),
        None => None,
    };
    let periods = prepared.periods(leaf.table)?;
    let mut known: HashMap<Code, Option<BigDecimal>> = HashMap::new();
    let mut records = Vec::new();
    for (row, counts) in counting.into_iter().enumerate() {
        if !counts {
            continue;
        }
        let at = |column: &Codes| column.get(row).copied().unwrap_or(MISSING);
        let value = match &measured {
            // Without a column the rows themselves are counted.
            None => Some(BigDecimal::from(1)),
            Some(column) => {
                let code = at(column);
                let value = match known.get(&code) {
                    Some(value) => value.clone(),
                    None => number_of(leaf, code, &prepared.cell(code))?,
                };
                known.insert(code, value.clone());
                value
            }
        };
        records.push(Record {
            key: key_columns.iter().map(at).collect(),
            period: periods.and_then(|periods| periods.get(row).copied().flatten()),
            group: group_columns.iter().map(at).collect(),
            value,
        });
    }
    Ok(records)
}

/// A cell as a number. What is only counted need not be one; its code tells it from others.
fn number_of(leaf: &Leaf<'_>, code: Code, cell: &Cell) -> Result<Option<BigDecimal>, NaiveRefusal> {
    let counted = matches!(leaf.measure.agg, Agg::Count | Agg::CountDistinct);
    match cell {
        Cell::Missing => Ok(None),
        Cell::Number(number) if stands_for_missing(leaf.measure, number) => Ok(None),
        Cell::Number(number) => Ok(Some(number::as_read(number))),
        _ if counted => Ok(Some(BigDecimal::from(code))),
        _ => Err(NaiveRefusal::Data {
            table: leaf.table.to_owned(),
            what: format!("a value of `{}` is no number", leaf.measure_name),
        }),
    }
}

/// Whether the catalog takes the number for a missing one.
fn stands_for_missing(measure: &Measure, number: &BigDecimal) -> bool {
    let exact = |value: &jinsheng_core::Decimal| {
        BigDecimal::new(value.mantissa().into(), i64::from(value.scale())) == *number
    };
    measure.missing.iter().any(exact)
}

/// Rows that share key and period as one: what they agree in stays, missing ones left out.
fn merged(records: &[Record]) -> Vec<Record> {
    let mut together: BTreeMap<(&[Code], Option<Period>), Vec<&Record>> = BTreeMap::new();
    for record in records {
        together
            .entry((&record.key, record.period))
            .or_default()
            .push(record);
    }
    let mut merged = Vec::new();
    for ((key, period), same) in together {
        let values: BTreeSet<&BigDecimal> = same.iter().filter_map(|record| record.value.as_ref()).collect();
        let width = same.first().map_or(0, |record| record.group.len());
        let group =
            (0..width).map(|at| agreed(same.iter().filter_map(|record| record.group.get(at).copied())));
        merged.push(Record {
            key: key.to_vec(),
            period,
            group: group.collect(),
            value: if values.len() == 1 {
                values.first().map(|value| (*value).clone())
            } else {
                None
            },
        });
    }
    merged
}

/// Rows at a coarser grain than the table's own.
fn coarser(records: Vec<Record>, columns: &PeriodColumns, measure: &Measure, grain: Grain) -> Vec<Record> {
    let own = columns.grain();
    let report = matches!(columns, PeriodColumns::Report { .. });
    // Quarters of a year, or of half a year.
    let parts = if grain == Grain::Half { 2 } else { 4 };
    let mut by_key: BTreeMap<(Vec<Code>, Period), Vec<Record>> = BTreeMap::new();
    for record in records {
        if let Some(coarse) = record.period.and_then(|period| period.to_grain(grain)) {
            by_key
                .entry((record.key.clone(), coarse))
                .or_default()
                .push(record);
        }
    }
    let mut coarse_records = Vec::new();
    for ((_, coarse), mut within) in by_key {
        if measure.time == TimeBehaviour::Flow {
            let valued: BTreeSet<Option<Period>> = within
                .iter()
                .filter(|record| record.value.is_some())
                .map(|record| record.period)
                .collect();
            if report && measure.agg == Agg::Sum && valued.len() < parts {
                within.iter_mut().for_each(|record| record.value = None);
            }
        } else {
            let last = if report || measure.time == TimeBehaviour::FlowYtd {
                coarse.last_at(own)
            } else {
                within.iter().filter_map(|record| record.period).max()
            };
            within.retain(|record| record.period == last);
        }
        for record in within {
            coarse_records.push(Record {
                period: Some(coarse),
                ..record
            });
        }
    }
    coarse_records
}

/// Single periods and twelve months out of values since the start of the year, for each key.
fn year_to_date_form(records: &[Record], form: Form) -> Vec<Record> {
    if form == Form::Ytd {
        return records.to_vec();
    }
    let mut known: HashMap<(&[Code], Option<Period>), &Option<BigDecimal>> = HashMap::new();
    for record in records {
        known.insert((&record.key, record.period), &record.value);
    }
    let converted = |record: &Record| -> Option<BigDecimal> {
        let at = record.period?;
        let value = record.value.clone()?;
        let of = |period: Period| {
            known
                .get(&(record.key.as_slice(), Some(period)))
                .copied()
                .cloned()
                .flatten()
        };
        let last_of_year = Period::year(at.calendar_year()).last_at(at.grain())?;
        if form == Form::Single {
            if period::first_of_year(at)? == at {
                return Some(value);
            }
            return Some(value - of(at.offset(-1))?);
        }
        if at == last_of_year {
            return Some(value);
        }
        let year_before = Period::year(at.calendar_year() - 1).last_at(at.grain())?;
        let same_before = at.offset(-at.grain().per_year()?);
        Some(value + of(year_before)? - of(same_before)?)
    };
    records
        .iter()
        .map(|record| Record {
            value: converted(record),
            ..record.clone()
        })
        .collect()
}

/// One value out of the rows of a group; missing values are left out.
fn aggregate(agg: Agg, values: &[Option<BigDecimal>]) -> Option<BigDecimal> {
    let there: Vec<BigDecimal> = values.iter().flatten().cloned().collect();
    let count = |count: usize| u64::try_from(count).ok().map(BigDecimal::from);
    match agg {
        Agg::Count => count(there.len()),
        Agg::CountDistinct => count(there.iter().collect::<BTreeSet<_>>().len()),
        Agg::Sum => (!there.is_empty()).then(|| there.iter().sum()),
        Agg::Mean => number::mean(&there),
        Agg::Min => there.into_iter().min(),
        Agg::Max => there.into_iter().max(),
    }
}
