//! The same answer in another form: everything that `tests/accuracy/README.md` lets an answer choose.

use serde_json::{Value as Json, json};

use super::cell;
use crate::gold::Entry;
use crate::table::{GoldRow, GoldTable, Value};
use crate::words::{Names, plain};

type Columns = Vec<Json>;
type Rows = Vec<Vec<Json>>;

/// Columns and rows of the gold in a form that `number` chooses.
pub(super) fn table(gold: &GoldTable, entry: &Entry, number: usize, names: &Names) -> (Columns, Rows) {
    let turned = (number % 2 == 1)
        .then(|| wide(gold, entry, number, names))
        .flatten();
    let (mut columns, mut rows) = turned.unwrap_or_else(|| long(gold, entry, number, names));
    // A figure beside figures that are all missing would be something that is shown.
    if !gold.is_empty() {
        let head = json!({"name": "no", "label": "序号", "unit": null, "type": "number"});
        columns.insert(0, head);
        for (at, row) in rows.iter_mut().enumerate() {
            row.insert(0, json!((at + 70_001).to_string()));
        }
    }
    columns.push(json!({"name": "note", "label": "注", "unit": null, "type": "text"}));
    rows.iter_mut().for_each(|row| row.push(json!("x")));
    if !entry.ordered {
        rows.reverse();
    }
    (columns, rows)
}

fn long(gold: &GoldTable, entry: &Entry, number: usize, names: &Names) -> (Columns, Rows) {
    // Values first, keys last.
    let values = gold
        .columns
        .iter()
        .map(|column| head(&column.name, &column.unit, number));
    let keys = gold.keys.iter().map(|name| key_head(name));
    let rows = gold.rows.iter().map(|row| {
        let values = row.values.iter().zip(&gold.columns);
        let values = values.map(|(value, column)| shown(value, &column.unit, entry, number));
        values
            .chain(
                row.keys
                    .iter()
                    .zip(&gold.keys)
                    .map(|(key, name)| key_cell(key, name, names)),
            )
            .collect()
    });
    (values.chain(keys).collect(), rows.collect())
}

fn key_head(name: &str) -> Json {
    let kind = match name {
        "period" => "period",
        "band" | "group" => "text",
        _ => "member",
    };
    json!({"name": name, "label": "", "unit": null, "type": kind})
}

fn key_cell(key: &str, name: &str, names: &Names) -> Json {
    match name {
        "period" => json!(key),
        // Words of groups are free.
        "band" | "group" => json!(format!("第 {key} 组")),
        // By name alone where nobody else has it, else with the code.
        _ => match names.only_name(&plain(key)) {
            Some(own) => json!({"code": "", "name": own}),
            None => json!({"code": key, "name": "x"}),
        },
    }
}

/// A column for each value of the last key, where that is a period or a company and every row has a value.
fn wide(gold: &GoldTable, entry: &Entry, number: usize, names: &Names) -> Option<(Columns, Rows)> {
    let name = gold
        .keys
        .last()
        .filter(|name| matches!(name.as_str(), "period" | "company"))?;
    let last = gold.keys.len() - 1;
    let mut heads: Vec<&String> = Vec::new();
    let mut rests: Vec<&[String]> = Vec::new();
    for row in &gold.rows {
        let (own, rest) = row.keys.split_last()?;
        if !heads.contains(&own) {
            heads.push(own);
        }
        if !rests.contains(&rest) {
            rests.push(rest);
        }
    }
    if heads.len() < 2 || gold.columns.is_empty() || gold.rows.iter().any(GoldRow::is_optional) {
        return None;
    }
    let label = |own: &str, column: &str| match name.as_str() {
        "period" => format!("{own} {column}"),
        _ => format!("{} {column}", names.only_name(&plain(own)).unwrap_or(own)),
    };
    let keys = gold.keys.iter().take(last).map(|name| key_head(name));
    let values = heads.iter().flat_map(|own| {
        let columns = gold.columns.iter();
        columns.map(|column| head(&label(own, &column.name), &column.unit, number))
    });
    let rows = rests.iter().map(|rest| {
        let keys = rest
            .iter()
            .zip(&gold.keys)
            .map(|(key, name)| key_cell(key, name, names));
        let values = heads.iter().flat_map(|own| {
            let row = gold
                .rows
                .iter()
                .find(|row| row.keys.split_last() == Some((own, rest)));
            gold.columns.iter().enumerate().map(move |(at, column)| {
                let value = row.and_then(|row| row.values.get(at)).unwrap_or(&Value::Missing);
                shown(value, &column.unit, entry, number)
            })
        });
        keys.chain(values).collect()
    });
    Some((keys.chain(values).collect(), rows.collect()))
}

/// Another unit of the same kind, and the factor to it.
fn unit(unit: &str, number: usize) -> (Option<&'static str>, f64) {
    let amounts = [("元", 1.0), ("万元", 1e4), ("亿元", 1e8), ("百万元", 1e6)];
    let target = amounts
        .get(number % amounts.len())
        .copied()
        .unwrap_or(("元", 1.0));
    match unit {
        "%" if number.is_multiple_of(3) => (None, 0.01),
        "%" => (Some("倍"), 0.01),
        "百分点" => (Some("bp"), 100.0),
        "倍" => (Some("%"), 100.0),
        "个" => (Some("家"), 1.0),
        "人" => (None, 1.0),
        "元/股" | "元/份" => (Some("元"), 1.0),
        _ => {
            let own = amounts
                .iter()
                .find(|(name, _)| *name == unit)
                .map(|(_, scale)| *scale);
            let own = own.or((unit == "万亿元").then_some(1e12));
            own.map_or((None, 1.0), |own| (Some(target.0), own / target.1))
        }
    }
}

fn head(name: &str, of: &str, number: usize) -> Json {
    match of {
        "text" => json!({"name": name, "label": "", "unit": null, "type": "text"}),
        "bool" => json!({"name": name, "label": "", "unit": null, "type": "text"}),
        "亿元" => json!({"name": name, "label": "", "unit": "亿元", "type": "number"}),
        _ => json!({"name": name, "label": "", "unit": unit(of, number).0, "type": "number"}),
    }
}

fn shown(value: &Value, of: &str, entry: &Entry, number: usize) -> Json {
    match (value, of) {
        (Value::Number(yes), "bool") => json!(if yes.abs() > 0.5 { "一致" } else { "不一致" }),
        (Value::Number(figure), "亿元") => json!(figure.to_string()),
        (Value::Number(figure), _) => {
            let figure = figure * unit(of, number).1;
            match entry.round.and_then(|round| usize::try_from(round).ok()) {
                Some(round) => json!(format!("{figure:.round$}")),
                None => json!(figure.to_string()),
            }
        }
        _ => cell(value, of, 1.0),
    }
}
