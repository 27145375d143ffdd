//! JSON lines: one object a line; columns are the keys in the order of their first appearance.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io::{BufRead, BufReader, Read};

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::encoding::TextFile;
use crate::DataError;
use crate::column::ColumnHead;
use crate::table::{Importing, MAX_COLUMNS, TableHead, TableReader};
use crate::value::{Cell, Row, read_number};

/// Longest line.
const LINE_BYTES: u64 = 64 << 20;

/// Imports the file as one table.
pub(super) fn import(text: &TextFile, into: &mut Importing<'_>) -> Result<(), DataError> {
    let mut table = Lines {
        text,
        index: HashMap::new(),
    };
    let mut keys = Vec::new();
    let mut index = HashMap::new();
    let too_many = |found| DataError::TooManyColumns {
        path: text.path().to_owned(),
        found,
        most: MAX_COLUMNS,
    };
    table.each_line(|object, _| {
        if object.beyond > 0 {
            return Err(too_many(object.pairs.len() + object.beyond));
        }
        for (key, _) in &object.pairs {
            if !index.contains_key(key) {
                index.insert(key.clone(), keys.len());
                keys.push(key.clone());
            }
        }
        if keys.len() > MAX_COLUMNS {
            return Err(too_many(keys.len()));
        }
        Ok(())
    })?;
    if keys.is_empty() {
        return Err(DataError::Empty {
            path: text.path().to_owned(),
        });
    }
    table.index = index;
    let columns = keys.into_iter().map(ColumnHead::new).collect();
    into.table(
        TableHead {
            columns,
            ..TableHead::default()
        },
        &mut table,
    )
}

struct Lines<'t> {
    text: &'t TextFile,
    index: HashMap<String, usize>,
}

/// An object's keys and values in order. Values stay as written, so that no digit of a number is lost.
struct Object<'l> {
    pairs: Vec<(String, &'l RawValue)>,
    /// Pairs that were passed over because a table has no room for them.
    beyond: usize,
}

/// Up to so many keys are compared one by one, which is quicker than a set.
const FEW_KEYS: usize = 32;

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut pairs: Vec<(String, &'de RawValue)> = Vec::new();
                let mut beyond = 0;
                let mut seen: HashSet<String> = HashSet::new();
                while let Some((key, value)) = map.next_entry::<String, &'de RawValue>()? {
                    if pairs.len() == FEW_KEYS {
                        seen = pairs.iter().map(|(key, _)| key.clone()).collect();
                    }
                    let twice = if pairs.len() < FEW_KEYS {
                        pairs.iter().any(|(other, _)| *other == key)
                    } else {
                        seen.contains(&key)
                    };
                    if twice {
                        return Err(A::Error::custom(format!("the key `{key}` stands twice")));
                    }
                    if pairs.len() > MAX_COLUMNS {
                        beyond += 1;
                        continue;
                    }
                    if pairs.len() >= FEW_KEYS {
                        seen.insert(key.clone());
                    }
                    pairs.push((key, value));
                }
                Ok(Object { pairs, beyond })
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

impl Lines<'_> {
    fn each_line(
        &self,
        mut sink: impl FnMut(&Object<'_>, u64) -> Result<(), DataError>,
    ) -> Result<(), DataError> {
        let path = self.text.path();
        let mut reader = BufReader::with_capacity(1 << 18, self.text.reader()?);
        let mut bytes = Vec::new();
        let mut line = 0;
        loop {
            bytes.clear();
            line += 1;
            let count = reader
                .by_ref()
                .take(LINE_BYTES)
                .read_until(b'\n', &mut bytes)
                .map_err(|error| DataError::read(path, error))?;
            if count == 0 {
                return Ok(());
            }
            if count as u64 == LINE_BYTES {
                return Err(DataError::EndlessRow {
                    path: path.to_owned(),
                    line,
                });
            }
            let trimmed = bytes.trim_ascii();
            if trimmed.is_empty() {
                continue;
            }
            let object: Object<'_> =
                serde_json::from_slice(trimmed).map_err(|error| DataError::JsonLine {
                    path: path.to_owned(),
                    line,
                    reason: reason(&error),
                })?;
            sink(&object, line)?;
        }
    }
}

/// What the parser says, with the column but without its line, which is always the first.
fn reason(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", ", column ")
}

struct Values<'v> {
    cells: &'v [Option<&'v RawValue>],
    line: u64,
}

impl Row for Values<'_> {
    fn line(&self) -> u64 {
        self.line
    }

    fn cell(&self, column: usize) -> Cell<'_> {
        self.cells
            .get(column)
            .copied()
            .flatten()
            .map_or(Cell::Missing, |raw| cell(raw.get()))
    }
}

/// A JSON value as a cell. Lists and objects stay JSON text.
fn cell(raw: &str) -> Cell<'_> {
    match raw.as_bytes().first() {
        Some(b'"') => match serde_json::from_str::<String>(raw) {
            Ok(text) => Cell::Text(text.into()),
            Err(_) => Cell::Verbatim(raw.into()),
        },
        Some(b'n') | None => Cell::Missing,
        Some(b't') => Cell::Boolean(true),
        Some(b'f') => Cell::Boolean(false),
        Some(b'[' | b'{') => Cell::Verbatim(raw.into()),
        _ => number(raw),
    }
}

fn number(raw: &str) -> Cell<'_> {
    if let Some(written) = read_number(raw) {
        return Cell::Number(written.number);
    }
    // `1E5` is a number in JSON although it is none in other text; beyond 38 digits a float is what remains.
    match raw.parse::<f64>() {
        Ok(float) => Cell::Float(float),
        Err(_) => Cell::Verbatim(raw.into()),
    }
}

impl TableReader for Lines<'_> {
    fn scan(&mut self, sink: &mut dyn FnMut(&dyn Row) -> Result<(), DataError>) -> Result<(), DataError> {
        let width = self.index.len();
        self.each_line(|object, line| {
            let mut cells = vec![None; width];
            for (key, value) in &object.pairs {
                let slot = self.index.get(key).and_then(|index| cells.get_mut(*index));
                let Some(slot) = slot else {
                    return Err(DataError::Changed {
                        path: self.text.path().to_owned(),
                    });
                };
                *slot = Some(*value);
            }
            sink(&Values { cells: &cells, line })
        })
    }
}
