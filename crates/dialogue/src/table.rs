//! A table of an answer: what the engine found without what only carried it, or what was made of it.

use jinsheng_core::{Localised, Unit};
use jinsheng_engine::{Answer, Cell, Column, ColumnKind};

/// Columns and rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Columns, dimensions first.
    pub columns: Vec<Column>,
    /// Rows; each has one cell a column.
    pub rows: Vec<Vec<Cell>>,
    /// The Query or rule that made it.
    pub reading: String,
}

impl Table {
    /// The result of a Query without the metrics that only carried its rows.
    pub fn of(answer: &Answer, hidden: &[String]) -> Self {
        let shown: Vec<bool> = answer
            .columns
            .iter()
            .map(|column| column.kind != ColumnKind::Value || !hidden.contains(&column.name))
            .collect();
        let rows = answer.rows.iter().map(|row| {
            let cells = row.iter().zip(&shown);
            cells
                .filter(|(_, shown)| **shown)
                .map(|(cell, _)| cell.clone())
                .collect()
        });
        Self {
            columns: answer
                .columns
                .iter()
                .zip(&shown)
                .filter(|(_, shown)| **shown)
                .map(|(column, _)| column.clone())
                .collect(),
            rows: rows.collect(),
            reading: answer.reading.clone(),
        }
    }

    /// One value.
    pub(crate) fn single(
        name: &str,
        label: (&str, &str),
        unit: Option<Unit>,
        cell: Cell,
        reading: String,
    ) -> Self {
        let approximate = name == "correlation";
        Self {
            columns: vec![Column {
                name: name.to_owned(),
                label: Localised::new(label.0, label.1),
                unit,
                kind: ColumnKind::Value,
                approximate,
            }],
            rows: vec![vec![cell]],
            reading,
        }
    }
}
