//! A table as a chart, in the options of `ECharts`: lines for what runs over time, bars for comparison, a pie only for parts
//! of a whole.

use std::collections::BTreeMap;

use jinsheng_core::Lang;
use jinsheng_engine::{Cell, ColumnKind};
use jinsheng_semantics::ask::Chart;
use serde_json::{Value, json};

use crate::table::Table;

/// How a result is drawn.
pub type ChartForm = Chart;

/// A chart: its form and its options, without text that depends on the language beside labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Plot {
    /// The form.
    pub form: ChartForm,
    table: Table,
}

/// A chart of a table, if it has what the form needs.
pub fn plot(table: &Table, form: ChartForm) -> Option<Plot> {
    let values = table
        .columns
        .iter()
        .filter(|column| column.kind == ColumnKind::Value)
        .count();
    let needed = if form == Chart::Scatter { 2 } else { 1 };
    (values >= needed && !table.rows.is_empty() && form != Chart::Table).then(|| Plot {
        form,
        table: table.clone(),
    })
}

impl Plot {
    /// The options, with labels in a language.
    pub fn options(&self, lang: Lang) -> Value {
        match self.form {
            Chart::Pie => self.pie(lang),
            Chart::Scatter => self.scatter(lang),
            Chart::Histogram => self.histogram(lang),
            Chart::Radar => self.radar(lang),
            _ => self.series(lang),
        }
    }

    /// Indices of value columns.
    fn values(&self) -> Vec<usize> {
        let columns = self.table.columns.iter().enumerate();
        columns
            .filter(|(_, column)| column.kind == ColumnKind::Value)
            .map(|(index, _)| index)
            .collect()
    }

    /// What a row is about, the period aside: names where there are any.
    fn subject(&self, row: &[Cell]) -> String {
        let columns = self.table.columns.iter().zip(row);
        let mut names = Vec::new();
        let mut keys = Vec::new();
        for (column, cell) in columns {
            let Cell::Text(text) = cell else { continue };
            match column.kind {
                ColumnKind::Name => names.push(text.as_str()),
                ColumnKind::Dimension => keys.push(text.as_str()),
                _ => {}
            }
        }
        if names.is_empty() {
            keys.join(" ")
        } else {
            names.join(" ")
        }
    }

    fn period(&self, row: &[Cell]) -> Option<String> {
        row.iter().find_map(|cell| match cell {
            Cell::Period(period) => Some(period.to_string()),
            _ => None,
        })
    }

    fn number(row: &[Cell], index: usize) -> Value {
        match row.get(index) {
            // ECharts draws doubles; the exact figures are in the rows.
            Some(Cell::Number(value)) => value
                .to_string()
                .parse::<f64>()
                .ok()
                .and_then(serde_json::Number::from_f64)
                .map_or(Value::Null, Value::Number),
            _ => Value::Null,
        }
    }

    fn label(&self, index: usize, lang: Lang) -> String {
        let Some(column) = self.table.columns.get(index) else {
            return String::new();
        };
        let unit = column
            .unit
            .map(|unit| unit.to_string())
            .filter(|unit| !unit.is_empty());
        let label = column.label.get(lang);
        match unit {
            Some(unit) => format!("{label}({unit})"),
            None => label.to_owned(),
        }
    }

    /// Lines and bars: periods on the axis where there are several, else subjects.
    fn series(&self, lang: Lang) -> Value {
        let mut periods: Vec<String> = self
            .table
            .rows
            .iter()
            .filter_map(|row| self.period(row))
            .collect();
        periods.sort();
        periods.dedup();
        let kind = if self.form == Chart::Line { "line" } else { "bar" };
        let over_time = periods.len() > 1;
        let (axis, series) = if over_time {
            let mut lines: BTreeMap<(String, usize), BTreeMap<String, Value>> = BTreeMap::new();
            for row in &self.table.rows {
                for index in self.values() {
                    let line = lines.entry((self.subject(row), index)).or_default();
                    line.insert(self.period(row).unwrap_or_default(), Self::number(row, index));
                }
            }
            let series = lines.into_iter().map(|((subject, index), line)| {
                let data: Vec<Value> = periods
                    .iter()
                    .map(|period| line.get(period).cloned().unwrap_or(Value::Null))
                    .collect();
                let name = format!("{subject} {}", self.label(index, lang));
                json!({"name": name.trim(), "type": kind, "data": data})
            });
            (periods.clone(), series.collect::<Vec<_>>())
        } else {
            let axis: Vec<String> = self.table.rows.iter().map(|row| self.subject(row)).collect();
            let series = self.values().into_iter().map(|index| {
                let data: Vec<Value> = self
                    .table
                    .rows
                    .iter()
                    .map(|row| Self::number(row, index))
                    .collect();
                json!({"name": self.label(index, lang), "type": kind, "data": data})
            });
            (axis, series.collect::<Vec<_>>())
        };
        let category = json!({"type": "category", "data": axis});
        let value = json!({"type": "value"});
        let (x, y) = if self.form == Chart::Hbar {
            (value, category)
        } else {
            (category, value)
        };
        json!({"tooltip": {"trigger": "axis"}, "legend": {}, "xAxis": x, "yAxis": y, "series": series})
    }

    fn pie(&self, lang: Lang) -> Value {
        let Some(index) = self.values().first().copied() else {
            return Value::Null;
        };
        let data: Vec<Value> = self
            .table
            .rows
            .iter()
            .map(|row| {
                let period = self.period(row).unwrap_or_default();
                let name = format!("{} {period}", self.subject(row));
                json!({"name": name.trim(), "value": Self::number(row, index)})
            })
            .collect();
        json!({"tooltip": {}, "legend": {}, "series": [{"name": self.label(index, lang), "type": "pie", "data": data}]})
    }

    fn scatter(&self, lang: Lang) -> Value {
        let values = self.values();
        let (Some(x), Some(y)) = (values.first().copied(), values.get(1).copied()) else {
            return Value::Null;
        };
        let data: Vec<Value> = self
            .table
            .rows
            .iter()
            .map(|row| json!({"name": self.subject(row), "value": [Self::number(row, x), Self::number(row, y)]}))
            .collect();
        json!({
            "tooltip": {},
            "xAxis": {"type": "value", "name": self.label(x, lang)},
            "yAxis": {"type": "value", "name": self.label(y, lang)},
            "series": [{"type": "scatter", "data": data}]
        })
    }

    /// Ten bins of one width between the smallest and the largest value.
    fn histogram(&self, lang: Lang) -> Value {
        const BINS: usize = 10;
        let Some(index) = self.values().first().copied() else {
            return Value::Null;
        };
        let numbers: Vec<f64> = self
            .table
            .rows
            .iter()
            .filter_map(|row| Self::number(row, index).as_f64())
            .collect();
        let least = numbers.iter().copied().fold(f64::INFINITY, f64::min);
        let most = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if numbers.is_empty() {
            return Value::Null;
        }
        let bins = f64::from(u32::try_from(BINS).unwrap_or(1));
        let width = ((most - least) / bins).max(f64::MIN_POSITIVE);
        let edge = |bin: usize| least + width * f64::from(u32::try_from(bin).unwrap_or(0));
        let counts: Vec<usize> = (0..BINS)
            .map(|bin| {
                let inside =
                    |number: &&f64| **number >= edge(bin) && (**number < edge(bin + 1) || bin + 1 == BINS);
                numbers.iter().filter(inside).count()
            })
            .collect();
        let axis: Vec<String> = (0..BINS)
            .map(|bin| format!("{:.4} – {:.4}", edge(bin), edge(bin + 1)))
            .collect();
        json!({
            "tooltip": {},
            "xAxis": {"type": "category", "data": axis, "name": self.label(index, lang)},
            "yAxis": {"type": "value"},
            "series": [{"type": "bar", "barCategoryGap": "0%", "data": counts}]
        })
    }

    fn radar(&self, lang: Lang) -> Value {
        let values = self.values();
        let indicator: Vec<Value> = values
            .iter()
            .map(|index| json!({"name": self.label(*index, lang)}))
            .collect();
        let data: Vec<Value> = self
            .table
            .rows
            .iter()
            .map(|row| {
                let value: Vec<Value> = values.iter().map(|index| Self::number(row, *index)).collect();
                json!({"name": self.subject(row), "value": value})
            })
            .collect();
        json!({"tooltip": {}, "legend": {}, "radar": {"indicator": indicator}, "series": [{"type": "radar", "data": data}]})
    }
}
