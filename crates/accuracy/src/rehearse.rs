//! A rehearsal: answers made from the gold itself come back through a stand-in for the program. Given back as they are or in another
//! guise, all must be judged correct; spoiled in one place, none.

mod disguise;
mod spoil;

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use crate::error::{AccuracyError, Outcome};
use crate::gold::{Case, Entry, Expect};
use crate::table::{GoldTable, Value};
use crate::words::Names;

/// How the gold is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// The main reading as it is.
    Plain,
    /// The last reading: other units, wide form, other order, further columns, subjects by name.
    Disguised,
    /// A row or an outcome is wrong; the number chooses among the mistakes that a case allows.
    Spoiled(usize),
}

impl Manner {
    pub(crate) const ALL: [Self; 5] = [
        Self::Plain,
        Self::Disguised,
        Self::Spoiled(0),
        Self::Spoiled(1),
        Self::Spoiled(2),
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Plain => "as they are",
            Self::Disguised => "in another guise",
            Self::Spoiled(_) => "spoiled",
        }
    }

    pub(crate) fn is_right(self) -> bool {
        !matches!(self, Self::Spoiled(_))
    }
}

/// The answer to a case as the program would print it. `number` varies what is done to it.
pub(super) fn answer(
    case: &Case,
    readings: &[Vec<GoldTable>],
    manner: Manner,
    number: usize,
    names: &Names,
) -> Json {
    let last = case.entries.len().saturating_sub(1);
    // Where a part is to be refused, only the last is spoiled: an answer in place of a refusal must not hide behind the others.
    let only_last = case.entries.iter().any(|entry| !entry.allows(Expect::Answered));
    let pairs = case.entries.iter().zip(readings).enumerate();
    let parts = pairs.map(|(at, (entry, readings))| {
        let spared = only_last && at != last && !manner.is_right();
        let manner = if spared { Manner::Plain } else { manner };
        part(entry, readings, manner, number, names)
    });
    let parts: Vec<Map<String, Json>> = parts.collect();
    let answered = parts
        .iter()
        .find(|part| part.get("status") == Some(&json!("answered")));
    let mut whole = answered.or(parts.first()).cloned().unwrap_or_default();
    if parts.len() > 1 {
        whole.insert("parts".to_owned(), json!(parts));
    }
    whole.insert("id".to_owned(), json!(case.id));
    whole.insert("schema_version".to_owned(), json!(1));
    whole.insert("elapsed_ms".to_owned(), json!(1));
    Json::Object(whole)
}

fn part(
    entry: &Entry,
    readings: &[GoldTable],
    manner: Manner,
    number: usize,
    names: &Names,
) -> Map<String, Json> {
    let first = entry.outcomes.first().copied().unwrap_or(Expect::Refused);
    let gold = match manner {
        // A reading without rows would be no disguise.
        Manner::Disguised => readings
            .iter()
            .rev()
            .find(|gold| !gold.is_empty())
            .or(readings.first()),
        Manner::Plain | Manner::Spoiled(_) => readings.first(),
    };
    let shown = match (manner, gold) {
        (Manner::Spoiled(more), gold) => Some(spoil::table(entry, gold, readings, number + more)),
        (_, Some(gold)) if first == Expect::Answered => Some(gold.clone()),
        (Manner::Disguised, Some(gold)) if entry.allows(Expect::Answered) => Some(gold.clone()),
        _ => None,
    };
    let mut notes = entry.partial.clone();
    notes.extend(entry.missing.clone());
    if entry.false_premise {
        notes.push("the premise is false".to_owned());
    }
    let mut fields = Map::new();
    fields.insert("reading".to_owned(), json!("gold"));
    let Some(shown) = shown else {
        let status = if first == Expect::Clarify {
            "clarify"
        } else {
            "refused"
        };
        fields.insert("status".to_owned(), json!(status));
        fields.insert(
            "refusal".to_owned(),
            json!({"code": "x", "reason": entry.missing.join(" ")}),
        );
        return fields;
    };
    let (columns, rows) = match manner {
        Manner::Disguised => disguise::table(&shown, entry, number, names),
        Manner::Plain | Manner::Spoiled(_) => written(&shown),
    };
    fields.insert("status".to_owned(), json!("answered"));
    fields.insert("columns".to_owned(), json!(columns));
    fields.insert("rows".to_owned(), json!(rows));
    fields.insert("chart".to_owned(), json!({}));
    // Figures without gold are right only with a word; spoiled, they come without.
    if manner.is_right() {
        fields.insert("notes".to_owned(), json!(notes));
    }
    fields
}

/// The gold's own columns and rows.
fn written(gold: &GoldTable) -> (Vec<Json>, Vec<Vec<Json>>) {
    let keys = gold.keys.iter().map(|name| {
        let kind = if name == "period" { "period" } else { "text" };
        json!({"name": name, "label": name, "unit": null, "type": kind})
    });
    let values = gold.columns.iter().map(|column| match column.unit.as_str() {
        "text" | "bool" => json!({"name": column.name, "label": "", "unit": null, "type": column.unit}),
        unit => json!({"name": column.name, "label": "", "unit": unit, "type": "number"}),
    });
    let rows = gold.rows.iter().map(|row| {
        let keys = row.keys.iter().map(|key| json!(key));
        let values = row.values.iter().zip(&gold.columns);
        keys.chain(values.map(|(value, column)| cell(value, &column.unit, 1.0)))
            .collect()
    });
    (keys.chain(values).collect(), rows.collect())
}

fn cell(value: &Value, unit: &str, factor: f64) -> Json {
    match value {
        Value::Missing => Json::Null,
        Value::Text(text) => json!(text),
        Value::Number(number) if unit == "bool" => json!(number.abs() > 0.5),
        Value::Number(number) => json!((number * factor).to_string()),
    }
}

#[derive(Deserialize)]
struct Asked {
    id: String,
    turns: Vec<String>,
}

/// The stand-in: reads dialogues as `ask --batch -` does and gives back the lines that `prepared` holds for them.
pub(crate) fn stand_in(prepared: &Path, input: &mut dyn BufRead, output: &mut dyn Write) -> Outcome<()> {
    let text = std::fs::read_to_string(prepared).map_err(AccuracyError::file("read", prepared))?;
    let form = |error: serde_json::Error| AccuracyError::Form {
        path: prepared.to_owned(),
        reason: error.to_string(),
        hint: "the file is made by `accuracy --rehearse`",
    };
    let mut lines = BTreeMap::new();
    for line in text.lines() {
        let object: Json = serde_json::from_str(line).map_err(form)?;
        let id = object
            .get("id")
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_owned();
        lines.insert(id, line);
    }
    for line in input.lines() {
        let asked: Asked = serde_json::from_str(&line?).map_err(form)?;
        for turn in 1..=asked.turns.len() {
            let id = format!("{}/{turn}", asked.id);
            let line = lines.get(&id).copied();
            writeln!(
                output,
                "{}",
                line.ok_or_else(|| io::Error::other(format!("nothing prepared for {id}")))?
            )?;
        }
    }
    Ok(())
}
