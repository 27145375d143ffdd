//! The same answer with one thing wrong that a person would object to.

use crate::gold::{Entry, Expect};
use crate::table::{GoldColumn, GoldRow, GoldTable, Value};

/// The gold with a mistake; something invented where nothing is to be shown. Which mistake, `number` chooses among those possible.
pub(super) fn table(
    entry: &Entry,
    gold: Option<&GoldTable>,
    readings: &[GoldTable],
    number: usize,
) -> GoldTable {
    let right = gold.filter(|gold| entry.allows(Expect::Answered) && !gold.is_empty());
    let Some(gold) = right else {
        return invented(gold);
    };
    let list = readings.iter().any(|reading| reading.columns.is_empty());
    let one_key = readings.iter().all(|reading| reading.keys == gold.keys);
    let made = [
        // With other keys, one row less may be another right reading.
        dropped(gold).filter(|_| one_key),
        added(gold),
        altered(gold).filter(|_| !list),
    ];
    let made: Vec<GoldTable> = made.into_iter().flatten().collect();
    // A mistake that happens to be another right reading is none.
    let mistakes = made.iter().filter(|table| !readings.contains(table));
    let mistakes: Vec<&GoldTable> = mistakes.collect();
    let chosen = mistakes.get(number % mistakes.len().max(1));
    chosen.map_or_else(|| invented(Some(gold)), |table| (*table).clone())
}

fn invented(gold: Option<&GoldTable>) -> GoldTable {
    let keys = gold.map(|gold| gold.keys.clone()).unwrap_or_default();
    GoldTable {
        columns: vec![GoldColumn {
            name: "figure".to_owned(),
            unit: "元".to_owned(),
        }],
        rows: vec![GoldRow {
            keys: keys.iter().map(|_| "invented".to_owned()).collect(),
            values: vec![Value::Number(42.424_242)],
        }],
        keys,
    }
}

/// Without a row that has to be there.
fn dropped(gold: &GoldTable) -> Option<GoldTable> {
    let at = gold.rows.iter().rposition(|row| !row.is_optional())?;
    let mut table = gold.clone();
    table.rows.remove(at);
    let zero = |row: &GoldRow| row.values.contains(&Value::Number(0.0));
    (!table.is_empty() && gold.rows.get(at).is_some_and(|row| !zero(row))).then_some(table)
}

/// With a row of somebody who was not asked for.
fn added(gold: &GoldTable) -> Option<GoldTable> {
    let mut row = gold.rows.iter().find(|row| !row.is_optional())?.clone();
    row.keys.iter_mut().for_each(|key| *key = "invented".to_owned());
    let mut table = gold.clone();
    table.rows.push(row);
    (!gold.keys.is_empty()).then_some(table)
}

/// With a row whose figures, texts, yes and no are others. All of them, for a reading of fewer columns may be right too, and then the others
/// are further columns, which nobody judges.
fn altered(gold: &GoldTable) -> Option<GoldTable> {
    let mut table = gold.clone();
    let row = table.rows.iter_mut().rfind(|row| !row.is_optional())?;
    for (value, column) in row.values.iter_mut().zip(&gold.columns) {
        *value = match &*value {
            Value::Number(yes) if column.unit == "bool" => Value::Number(1.0 - yes),
            // By more than the decimals that are asked for would hide.
            Value::Number(figure) => Value::Number(figure * 1.01 + 1.0),
            Value::Text(text) => Value::Text(format!("{text}〇")),
            Value::Missing => Value::Missing,
        };
    }
    Some(table)
}
