//! One turn as `jinsheng ask --json` prints it. Anything that breaks the contract is an error and never passes for an answer.

use serde_json::Value;

/// How a turn, or a part of it, ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    Answered,
    Clarify,
    Refused,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Missing,
    /// The value, and the decimal as it was written.
    Number {
        value: f64,
        text: String,
    },
    Text(String),
    Bool(bool),
    Member {
        code: String,
        name: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Number,
    Text,
    Period,
    Bool,
    Member,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    /// Name and label, in which a pivoted key may stand.
    pub(crate) label: String,
    pub(crate) unit: Option<String>,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Table {
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Whether it shows nothing: no rows, or nothing but missing figures.
    pub(crate) fn is_empty(&self) -> bool {
        let numbers: Vec<usize> = (0..self.columns.len())
            .filter(|index| {
                self.columns
                    .get(*index)
                    .is_some_and(|column| column.kind == Kind::Number)
            })
            .collect();
        let blank = |row: &Vec<Cell>| {
            let mut cells = numbers.iter().map(|index| row.get(*index));
            !numbers.is_empty() && cells.all(|cell| cell == Some(&Cell::Missing))
        };
        self.rows.iter().all(blank)
    }
}

/// What was answered in one turn.
#[derive(Debug, Clone)]
pub(crate) struct Turn {
    pub(crate) id: String,
    pub(crate) status: Status,
    /// Status of each part; of the whole if it has none.
    pub(crate) parts: Vec<Status>,
    /// The tables shown, each once.
    pub(crate) tables: Vec<Table>,
    pub(crate) reading: String,
    /// What else was said in words: notes, answer, reasons, options.
    pub(crate) said: String,
    /// Whether a note or a part says what the data do not.
    pub(crate) noted: bool,
    pub(crate) has_chart: bool,
    pub(crate) elapsed_ms: f64,
}

impl Turn {
    /// Reads one line.
    pub(crate) fn read(line: &str) -> Result<Self, String> {
        let object: Value = serde_json::from_str(line).map_err(|error| format!("no JSON: {error}"))?;
        let id = object
            .get("id")
            .and_then(Value::as_str)
            .ok_or("no `id`")?
            .to_owned();
        let status = status(&object)?;
        let empty = Vec::new();
        let parts = object.get("parts").and_then(Value::as_array).unwrap_or(&empty);
        // The top-level fields repeat the first answered part.
        let shown: Vec<&Value> = if parts.is_empty() {
            vec![&object]
        } else {
            parts.iter().collect()
        };
        let mut turn = Self {
            id,
            status,
            parts: Vec::new(),
            tables: Vec::new(),
            reading: String::new(),
            said: String::new(),
            noted: false,
            has_chart: false,
            elapsed_ms: object
                .get("elapsed_ms")
                .and_then(Value::as_f64)
                .unwrap_or(f64::NAN),
        };
        for part in &shown {
            let status = self::status(part)?;
            turn.parts.push(status);
            if status == Status::Answered {
                turn.tables.push(table(part)?);
            }
        }
        let whole = (!parts.is_empty()).then_some(&object);
        for part in shown.iter().copied().chain(whole) {
            turn.has_chart |= part.get("chart").is_some_and(|chart| !chart.is_null());
            turn.noted |= part
                .get("notes")
                .and_then(Value::as_array)
                .is_some_and(|notes| !notes.is_empty());
            for field in ["notes", "answer", "refusal", "clarification"] {
                words(part.get(field), &mut turn.said);
            }
            words(part.get("reading"), &mut turn.reading);
        }
        turn.noted |= turn.parts.iter().any(|status| *status != Status::Answered);
        Ok(turn)
    }
}

fn status(object: &Value) -> Result<Status, String> {
    match object.get("status").and_then(Value::as_str) {
        Some("answered") => Ok(Status::Answered),
        Some("clarify") => Ok(Status::Clarify),
        Some("refused") => Ok(Status::Refused),
        other => Err(format!("`status` is {other:?}, not answered, clarify or refused")),
    }
}

/// All texts of a value, one a line.
fn words(value: Option<&Value>, out: &mut String) {
    match value {
        Some(Value::String(text)) => {
            out.push_str(text);
            out.push('\n');
        }
        Some(Value::Array(items)) => items.iter().for_each(|item| words(Some(item), out)),
        Some(Value::Object(fields)) => fields.values().for_each(|item| words(Some(item), out)),
        _ => {}
    }
}

fn table(object: &Value) -> Result<Table, String> {
    let list = |field: &str| {
        let list = object.get(field).and_then(Value::as_array);
        list.ok_or(format!("`answered` without the list `{field}`"))
    };
    let columns = list("columns")?.iter().map(column);
    let columns: Vec<Column> = columns.collect::<Result<_, _>>()?;
    let mut rows = Vec::new();
    for row in list("rows")? {
        let cells = row.as_array().ok_or("a row is no list")?;
        if cells.len() != columns.len() {
            return Err(format!(
                "a row of {} cells under {} columns",
                cells.len(),
                columns.len()
            ));
        }
        let cells = cells
            .iter()
            .zip(&columns)
            .map(|(value, column)| cell(value, column));
        rows.push(cells.collect::<Result<_, _>>()?);
    }
    Ok(Table { columns, rows })
}

fn column(object: &Value) -> Result<Column, String> {
    let text = |field: &str| object.get(field).and_then(Value::as_str);
    let name = text("name").ok_or("a column without `name`")?;
    let kind = match text("type") {
        Some("number") => Kind::Number,
        Some("text") => Kind::Text,
        Some("period") => Kind::Period,
        Some("bool") => Kind::Bool,
        Some("member") => Kind::Member,
        other => return Err(format!("column `{name}` has the type {other:?}")),
    };
    Ok(Column {
        label: format!("{name} {}", text("label").unwrap_or_default()),
        unit: text("unit").map(str::to_owned),
        kind,
    })
}

fn cell(value: &Value, column: &Column) -> Result<Cell, String> {
    let breach = || {
        format!(
            "column `{}` of type {:?} has the cell {value}",
            column.label, column.kind
        )
    };
    Ok(match (column.kind, value) {
        (_, Value::Null) => Cell::Missing,
        (Kind::Number, Value::String(text)) => Cell::Number {
            value: text
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite())
                .ok_or_else(breach)?,
            text: text.clone(),
        },
        (Kind::Text | Kind::Period, Value::String(text)) => Cell::Text(text.clone()),
        (Kind::Bool, Value::Bool(yes)) => Cell::Bool(*yes),
        (Kind::Member, Value::Object(fields)) => {
            let text = |field: &str| match fields.get(field) {
                Some(Value::String(text)) => Ok(text.clone()),
                None | Some(Value::Null) => Ok(String::new()),
                Some(_) => Err(breach()),
            };
            Cell::Member {
                code: text("code")?,
                name: text("name")?,
            }
        }
        _ => return Err(breach()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"id":"B1/1","status":"answered","reading":"revenue","notes":[{"code":"a","text":"2024 is the latest"}],
        "columns":[{"name":"company","label":"公司","unit":null,"type":"member"},{"name":"r","label":"营收","unit":"万元","type":"number"}],
        "rows":[[{"code":"000538","name":"云南白药"},"12.50"],[{"code":"000999","name":null},null]],"answer":"see","chart":null,"elapsed_ms":3}"#;

    #[test]
    fn a_turn_is_read() {
        let turn = Turn::read(LINE).unwrap();
        assert_eq!(turn.id, "B1/1");
        assert_eq!(turn.reading, "revenue\n");
        assert_eq!(turn.tables.len(), 1);
        assert_eq!(turn.tables[0].rows[1][1], Cell::Missing);
        assert!(turn.said.contains("latest") && turn.noted && !turn.has_chart);
        assert!(!turn.tables[0].is_empty());
    }

    #[test]
    fn parts_stand_for_the_whole() {
        let line = r#"{"id":"B1/1","status":"answered","columns":[],"rows":[],"parts":[
            {"status":"answered","columns":[{"name":"n","label":"n","unit":null,"type":"number"}],"rows":[["1"]]},
            {"status":"refused","refusal":{"code":"x","reason":"no causes","nearest":[]}}]}"#;
        let turn = Turn::read(line).unwrap();
        assert_eq!(turn.parts, [Status::Answered, Status::Refused]);
        assert_eq!(turn.tables.len(), 1);
        assert!(turn.said.contains("no causes") && turn.noted);
    }

    #[test]
    fn what_breaks_the_contract_is_an_error() {
        for (from, to) in [
            ("\"12.50\"", "12.5"),
            ("\"12.50\"", "\"1,250\""),
            ("\"answered\"", "\"done\""),
            ("\"type\":\"number\"", "\"type\":\"decimal\""),
            (",\"12.50\"]", "]"),
            ("\"id\":\"B1/1\",", ""),
        ] {
            let line = LINE.replace(from, to);
            assert!(Turn::read(&line).is_err(), "{from} {to}");
        }
    }
}
