//! Which rows are shown, and in which order.

use std::cmp::Ordering;

use bigdecimal::BigDecimal;
use jinsheng_core::Period;
use jinsheng_semantics::query::{Direction, Periods};

use super::eval::{Eval, When};
use super::measure::Group;
use super::node::{Bound, BoundTop, OrderBound, Subject};
use super::result::{Column, NaiveResult, ResultCell};
use super::rows::{Code, MISSING, Prepared};
use super::{NaiveRefusal, number};
use crate::data::Cell;

type Row = (When, Group);

/// Rows of the result of a bound Query.
pub(super) fn rows<'b>(
    prepared: &'b Prepared<'b>,
    bound: &'b Bound<'_>,
) -> Result<NaiveResult, NaiveRefusal> {
    let mut eval = Eval::new(prepared, bound)?;
    let shown = shown_periods(bound, &eval.periods());
    eval.show(shown.clone());
    let moments: Vec<When> = match (bound.grain, bound.folded) {
        (None, _) => vec![When::Always],
        (Some(_), true) => vec![When::Folded],
        (Some(_), false) => shown.into_iter().map(When::At).collect(),
    };
    let mut rows: Vec<Row> = Vec::new();
    for when in moments {
        for group in eval.groups(0, when).iter() {
            rows.push((when, group.clone()));
        }
    }
    rows = named(prepared, bound, rows)?;
    if let Some(having) = &bound.having {
        rows.retain(|(when, group)| eval.truth(having, 0, group, *when) == Some(true));
    }
    if let Some(top) = &bound.top {
        rows = first(prepared, &eval, top, &rows)?;
    }
    rows = ordered(prepared, &eval, rows);
    if let Some(limit) = bound.limit {
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    shown_cells(prepared, &eval, &rows)
}

/// Indexes of the periods that the periods clause shows, in order; only those with rows.
fn shown_periods(bound: &Bound<'_>, existing: &[i32]) -> Vec<i32> {
    let latest = existing.iter().max().copied();
    let last = |count: u32| -> Vec<i32> {
        let Some(latest) = latest else {
            return Vec::new();
        };
        let first = i64::from(latest) - i64::from(count) + 1;
        let within = existing.iter().filter(|index| i64::from(**index) >= first);
        within.copied().collect()
    };
    match &bound.periods {
        None => last(1),
        Some(Periods::Last(count, _)) => last(*count),
        Some(Periods::Each(_)) => existing.to_vec(),
        Some(Periods::At(periods)) => existing
            .iter()
            .filter(|index| periods.iter().any(|period| period.index() == **index))
            .copied()
            .collect(),
        Some(Periods::Range(from, to)) => existing
            .iter()
            .filter(|index| (from.index()..=to.index()).contains(*index))
            .copied()
            .collect(),
    }
}

/// The subjects that `of` names.
fn named(prepared: &Prepared<'_>, bound: &Bound<'_>, rows: Vec<Row>) -> Result<Vec<Row>, NaiveRefusal> {
    let keeps = |subject: &Subject, group: &[Code]| -> Result<bool, NaiveRefusal> {
        let code = prepared.at(&subject.place, group)?;
        prepared.passes(&subject.filter, code)
    };
    let mut kept = Vec::new();
    'rows: for (when, group) in rows {
        for subject in &bound.of {
            if !keeps(subject, &group)? {
                continue 'rows;
            }
        }
        kept.push((when, group));
    }
    Ok(kept)
}

/// For each period and value of `within`, rows with fewer than n better ones. Rows without a value of `within` or of
/// what they are ranked by are never among them.
fn first(
    prepared: &Prepared<'_>,
    eval: &Eval<'_, '_>,
    top: &BoundTop,
    rows: &[Row],
) -> Result<Vec<Row>, NaiveRefusal> {
    let mut valued: Vec<(&Row, (When, Group), BigDecimal)> = Vec::new();
    for row in rows {
        if let Some(within) = prepared.all_at(&top.within, &row.1)?
            && let Some(value) = eval.value(&top.by, 0, &row.1, row.0)
        {
            valued.push((row, (row.0, within), value));
        }
    }
    let mut places: std::collections::HashMap<(When, Group), Vec<&BigDecimal>> =
        std::collections::HashMap::new();
    for (_, place, value) in &valued {
        places.entry(place.clone()).or_default().push(value);
    }
    let better = |place: &(When, Group), value: &BigDecimal| -> usize {
        let others = places.get(place).into_iter().flatten();
        others
            .filter(|other| match top.direction {
                Direction::Desc => **other > value,
                Direction::Asc => **other < value,
            })
            .count()
    };
    let count = usize::try_from(top.count).unwrap_or(usize::MAX);
    let kept = valued
        .iter()
        .filter(|(_, place, value)| better(place, value) < count);
    Ok(kept.map(|(row, ..)| (*row).clone()).collect())
}

/// A value by which rows are ordered.
enum Key {
    Value(Option<BigDecimal>),
    Cell(Cell),
    When(When),
}

fn ordered(prepared: &Prepared<'_>, eval: &Eval<'_, '_>, rows: Vec<Row>) -> Vec<Row> {
    let bound = eval.bound();
    let cell =
        |row: &Row, at: usize| Key::Cell(row.1.get(at).map_or(Cell::Missing, |code| prepared.cell(*code)));
    let keys = |row: &Row| -> Vec<(Key, Direction)> {
        let mut keys = Vec::new();
        for (key, direction) in &bound.order {
            let key = match key {
                OrderBound::Value(node) => Key::Value(eval.value(node, 0, &row.1, row.0)),
                OrderBound::Dimension(at) => cell(row, *at),
                OrderBound::Period => Key::When(row.0),
            };
            keys.push((key, *direction));
        }
        if let Some(top) = bound.top.as_ref().filter(|_| bound.order.is_empty()) {
            keys.push((Key::When(row.0), Direction::Asc));
            for place in &top.within {
                let code = prepared.at(place, &row.1).unwrap_or(MISSING);
                keys.push((Key::Cell(prepared.cell(code)), Direction::Asc));
            }
            keys.push((Key::Value(eval.value(&top.by, 0, &row.1, row.0)), top.direction));
        }
        for at in 0..row.1.len() {
            keys.push((cell(row, at), Direction::Asc));
        }
        keys.push((Key::When(row.0), Direction::Asc));
        keys
    };
    let mut keyed: Vec<(Vec<(Key, Direction)>, Row)> =
        rows.into_iter().map(|row| (keys(&row), row)).collect();
    keyed.sort_by(|(left, _), (right, _)| {
        let pairs = left.iter().zip(right);
        let orders = pairs.map(|((left, direction), (right, _))| compare(left, right, *direction));
        orders.fold(Ordering::Equal, Ordering::then)
    });
    keyed.into_iter().map(|(_, row)| row).collect()
}

/// Missing values come last in either direction.
fn compare(left: &Key, right: &Key, direction: Direction) -> Ordering {
    let directed = |order: Ordering| match direction {
        Direction::Asc => order,
        Direction::Desc => order.reverse(),
    };
    match (left, right) {
        (Key::Value(None), Key::Value(None)) => Ordering::Equal,
        (Key::Value(None), _) => Ordering::Greater,
        (_, Key::Value(None)) => Ordering::Less,
        (Key::Value(Some(left)), Key::Value(Some(right))) => directed(left.cmp(right)),
        (Key::Cell(left), Key::Cell(right)) => directed(left.cmp(right)),
        (Key::When(left), Key::When(right)) => directed(left.cmp(right)),
        _ => Ordering::Equal,
    }
}

/// Columns of the result.
pub(super) fn columns(bound: &Bound<'_>) -> Vec<Column> {
    let dimensions = bound.levels.first().map(|level| level.dimensions.as_slice());
    let mut columns: Vec<Column> = dimensions
        .unwrap_or_default()
        .iter()
        .map(|dimension| Column::Dimension {
            name: dimension.name.clone(),
        })
        .collect();
    if bound.grain.is_some() && !bound.folded {
        columns.push(Column::Period);
    }
    for item in &bound.items {
        columns.push(Column::Value {
            name: item.name.clone(),
            unit: item.unit,
            approximate: item.approximate,
        });
    }
    columns
}

/// Columns and cells of the rows.
fn shown_cells(
    prepared: &Prepared<'_>,
    eval: &Eval<'_, '_>,
    rows: &[Row],
) -> Result<NaiveResult, NaiveRefusal> {
    let bound = eval.bound();
    let columns = columns(bound);
    let mut cells = Vec::new();
    for (when, group) in rows {
        let mut row = Vec::new();
        for code in group {
            row.push(dimension_cell(&prepared.cell(*code))?);
        }
        if let (Some(grain), When::At(index)) = (bound.grain, when) {
            row.push(ResultCell::Period(Period::new(grain, *index)));
        }
        for item in &bound.items {
            row.push(match eval.value(&item.node, 0, group, *when) {
                None => ResultCell::Missing,
                Some(value) => match number::fit(&value) {
                    Some(fitting) => ResultCell::Number(fitting),
                    None => {
                        return Err(NaiveRefusal::Overflow {
                            column: item.name.clone(),
                        });
                    }
                },
            });
        }
        cells.push(row);
    }
    Ok(NaiveResult { columns, rows: cells })
}

fn dimension_cell(cell: &Cell) -> Result<ResultCell, NaiveRefusal> {
    Ok(match cell {
        Cell::Missing => ResultCell::Missing,
        Cell::Text(text) => ResultCell::Text(text.clone()),
        Cell::Number(value) => match number::fit(value) {
            Some(fitting) => ResultCell::Number(fitting),
            None => {
                return Err(NaiveRefusal::Overflow {
                    column: "a dimension".to_owned(),
                });
            }
        },
        Cell::Date(days) => ResultCell::Date(*days),
        Cell::Bool(value) => ResultCell::Bool(*value),
    })
}
