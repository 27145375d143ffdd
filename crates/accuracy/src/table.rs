//! The rows of one reading of the gold: the SQL, run on the source.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::error::{AccuracyError, Outcome};

/// A figure or attribute of the gold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Missing,
    Number(f64),
    Text(String),
}

impl Value {
    pub(crate) fn is_missing(&self) -> bool {
        *self == Self::Missing
    }
}

/// A value column: `"net_profit [万元]"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GoldColumn {
    pub(crate) name: String,
    pub(crate) unit: String,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GoldRow {
    pub(crate) keys: Vec<String>,
    pub(crate) values: Vec<Value>,
}

impl GoldRow {
    /// Such a row may be in an answer or not.
    pub(crate) fn is_optional(&self) -> bool {
        !self.values.is_empty() && self.values.iter().all(Value::is_missing)
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct GoldTable {
    /// Names of the key columns, `company`, `period`.
    pub(crate) keys: Vec<String>,
    pub(crate) columns: Vec<GoldColumn>,
    pub(crate) rows: Vec<GoldRow>,
}

impl GoldTable {
    /// Whether there is nothing to show: no rows, or only missing values.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.iter().all(GoldRow::is_optional)
    }
}

/// A source that is open, with its path for messages.
pub(crate) struct Database<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) path: &'a Path,
}

impl Database<'_> {
    /// The rows of one text of the gold.
    pub(crate) fn rows(&self, id: &str, text: &str) -> Outcome<GoldTable> {
        let wrong = |reason: String| AccuracyError::Gold {
            id: id.to_owned(),
            reason: format!("{reason} on `{}`\n{text}", self.path.display()),
        };
        let failed = |error: rusqlite::Error| wrong(error.to_string());
        let mut statement = self.connection.prepare(text).map_err(failed)?;
        let heads: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut table = GoldTable::default();
        for head in &heads {
            match head.split_once(" [") {
                Some((name, unit)) => table.columns.push(GoldColumn {
                    name: name.to_owned(),
                    unit: unit.trim_end_matches(']').to_owned(),
                }),
                None => table.keys.push(head.clone()),
            }
        }
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let mut found = GoldRow {
                keys: Vec::new(),
                values: Vec::new(),
            };
            for (index, head) in heads.iter().enumerate() {
                let value = row.get_ref(index).map_err(failed)?;
                if head.contains(" [") {
                    found.values.push(value_of(value).map_err(wrong)?);
                } else {
                    found.keys.push(key_of(value).map_err(wrong)?);
                }
            }
            table.rows.push(found);
        }
        Ok(table)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts and years, far below what a double holds exactly"
)]
fn value_of(value: ValueRef<'_>) -> Result<Value, String> {
    Ok(match value {
        ValueRef::Null => Value::Missing,
        ValueRef::Integer(number) => Value::Number(number as f64),
        ValueRef::Real(number) => Value::Number(number),
        ValueRef::Text(_) => Value::Text(value.as_str().map_err(|error| error.to_string())?.to_owned()),
        ValueRef::Blob(_) => return Err("a value is a blob".to_owned()),
    })
}

fn key_of(value: ValueRef<'_>) -> Result<String, String> {
    Ok(match value {
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(_) => value.as_str().map_err(|error| error.to_string())?.to_owned(),
        ValueRef::Null | ValueRef::Blob(_) => return Err("a key is missing".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Outcome<GoldTable> {
        let connection = Connection::open_in_memory().unwrap();
        let path = Path::new("memory");
        Database {
            connection: &connection,
            path,
        }
        .rows("A1/1", text)
    }

    #[test]
    fn keys_have_plain_names_and_values_their_unit() {
        let table = rows(
            "SELECT '600080' AS company, 2024 AS period, 1.5 AS \"profit [万元]\", NULL AS \"who [text]\"",
        );
        let table = table.unwrap();
        assert_eq!(table.keys, ["company", "period"]);
        assert_eq!(table.columns[0].unit, "万元");
        assert_eq!(table.rows[0].keys, ["600080", "2024"]);
        assert_eq!(table.rows[0].values, [Value::Number(1.5), Value::Missing]);
    }

    #[test]
    fn an_error_names_the_case() {
        assert!(
            rows("SELECT x FROM nowhere")
                .unwrap_err()
                .to_string()
                .contains("A1/1")
        );
    }
}
