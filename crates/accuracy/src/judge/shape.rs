//! The gold as rows by key, and the same with keys turned into columns: long and wide form are one answer.

use crate::table::{GoldTable, Value};
use crate::words::{Key, Names};

/// Keys whose words are free.
pub(super) fn is_free(key: &str) -> bool {
    matches!(key, "band" | "group")
}

/// A key that stands in the label of a column.
#[derive(Debug, Clone)]
pub(super) struct Pivot {
    pub(super) own: Key,
    pub(super) others: Vec<Key>,
    is_period: bool,
}

impl Pivot {
    /// Whether a column of this label may be meant: it does not name another of the keys. One period alone need not be named, for the
    /// question names it; another key alone must be.
    pub(super) fn allows(&self, label: &str, names: &Names) -> bool {
        let own = mentions(label, &self.own, names);
        if self.others.is_empty() && !self.is_period {
            return own;
        }
        own || !self.others.iter().any(|other| mentions(label, other, names))
    }
}

pub(super) fn mentions(label: &str, key: &Key, names: &Names) -> bool {
    if let Some(period) = key.period {
        return crate::period::within(label)
            .into_iter()
            .any(|found| found.ends_with(period));
    }
    let label = crate::words::plain(label);
    names.called(key).iter().any(|name| label.contains(name.as_str()))
}

/// A column to be found in the answer.
#[derive(Debug, Clone)]
pub(super) struct ShapeColumn {
    pub(super) name: String,
    pub(super) unit: String,
    /// One a row.
    pub(super) values: Vec<Value>,
    pub(super) pivots: Vec<Pivot>,
}

#[derive(Debug, Clone)]
pub(super) struct Shape {
    pub(super) keys: Vec<String>,
    pub(super) rows: Vec<Vec<Key>>,
    pub(super) columns: Vec<ShapeColumn>,
}

impl Shape {
    /// Whether the row may be in an answer or not.
    pub(super) fn is_optional(&self, row: usize) -> bool {
        let mut values = self.columns.iter().map(|column| column.values.get(row));
        !self.columns.is_empty() && values.all(|value| value.is_none_or(Value::is_missing))
    }
}

/// Most columns that a pivot may make; a wider table is nobody's answer.
const MOST_COLUMNS: usize = 400;

/// The gold with the keys at `pivoted` turned into columns; `None` if that makes no table.
pub(super) fn shape(gold: &GoldTable, pivoted: &[usize], names: &Names) -> Option<Shape> {
    let kept: Vec<usize> = (0..gold.keys.len())
        .filter(|key| !pivoted.contains(key))
        .collect();
    if !pivoted.is_empty() && gold.columns.is_empty() {
        return None;
    }
    let mut rows: Vec<Vec<&str>> = Vec::new();
    let mut heads: Vec<Vec<&str>> = Vec::new();
    let mut cells: Vec<(usize, usize, &Vec<Value>)> = Vec::new();
    for row in &gold.rows {
        let pick = |keys: &[usize]| -> Vec<&str> {
            keys.iter()
                .filter_map(|key| row.keys.get(*key))
                .map(String::as_str)
                .collect()
        };
        cells.push((
            place(&mut rows, pick(&kept)),
            place(&mut heads, pick(pivoted)),
            &row.values,
        ));
    }
    if heads.len() * gold.columns.len() > MOST_COLUMNS {
        return None;
    }
    if heads.is_empty() {
        heads.push(Vec::new());
    }
    let mut columns = Vec::new();
    for (at, head) in heads.iter().enumerate() {
        for (base, column) in gold.columns.iter().enumerate() {
            let mut values = vec![Value::Missing; rows.len()];
            for (row, _, own) in cells.iter().filter(|(_, place, _)| *place == at) {
                if let (Some(slot), Some(value)) = (values.get_mut(*row), own.get(base)) {
                    slot.clone_from(value);
                }
            }
            columns.push(ShapeColumn {
                name: column.name.clone(),
                unit: column.unit.clone(),
                values,
                pivots: pivots(gold, pivoted, &heads, head, names),
            });
        }
    }
    let keys = kept.iter().filter_map(|key| gold.keys.get(*key).cloned());
    let rows = rows
        .iter()
        .map(|row| row.iter().map(|text| names.key(text)).collect());
    Some(Shape {
        keys: keys.collect(),
        rows: rows.collect(),
        columns,
    })
}

fn place<'a>(known: &mut Vec<Vec<&'a str>>, wanted: Vec<&'a str>) -> usize {
    known.iter().position(|one| *one == wanted).unwrap_or_else(|| {
        known.push(wanted);
        known.len() - 1
    })
}

fn pivots(
    gold: &GoldTable,
    pivoted: &[usize],
    heads: &[Vec<&str>],
    head: &[&str],
    names: &Names,
) -> Vec<Pivot> {
    let own = pivoted.iter().zip(head).enumerate();
    let pivots = own.map(|(at, (key, text))| {
        let mut others: Vec<&str> = heads.iter().filter_map(|head| head.get(at).copied()).collect();
        others.retain(|other| other != text);
        others.dedup();
        Pivot {
            own: names.key(text),
            others: others.into_iter().map(|text| names.key(text)).collect(),
            is_period: gold.keys.get(*key).is_some_and(|name| name == "period"),
        }
    });
    pivots.collect()
}

/// Every choice of keys that may become columns, none first.
pub(super) fn choices(gold: &GoldTable) -> Vec<Vec<usize>> {
    let turnable: Vec<usize> = (0..gold.keys.len())
        .filter(|key| gold.keys.get(*key).is_some_and(|name| !is_free(name)))
        .collect();
    let mut found = vec![Vec::new()];
    for key in turnable {
        let longer: Vec<Vec<usize>> = found
            .iter()
            .map(|choice| [choice.as_slice(), &[key]].concat())
            .collect();
        found.extend(longer);
    }
    found.sort_by_key(Vec::len);
    found
}
