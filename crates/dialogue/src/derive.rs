//! What is made of the rows of a Query: how many, how they go together, whether they are the same.

use std::collections::{BTreeMap, BTreeSet};

use jinsheng_core::{Decimal, Localised, Unit};
use jinsheng_engine::{Answer, Cell, Column, ColumnKind, Members};

use crate::table::Table;

/// How many different subjects the rows are about, for each value of the other dimensions.
pub(crate) fn count(answer: &Answer, dimension: &str) -> Table {
    let subject = answer
        .columns
        .iter()
        .position(|column| column.name == dimension && column.kind == ColumnKind::Dimension);
    let groups: Vec<usize> = answer
        .columns
        .iter()
        .enumerate()
        .filter(|(index, column)| {
            let kept = matches!(column.kind, ColumnKind::Dimension | ColumnKind::Period);
            kept && Some(*index) != subject && (column.kind != ColumnKind::Period || several(answer, *index))
        })
        .map(|(index, _)| index)
        .collect();
    let mut counted: Vec<(Vec<Cell>, BTreeSet<String>)> = Vec::new();
    for row in &answer.rows {
        let key: Vec<Cell> = groups
            .iter()
            .filter_map(|index| row.get(*index).cloned())
            .collect();
        let member = match subject.and_then(|index| row.get(index)) {
            Some(Cell::Text(member)) => member.clone(),
            _ => format!("{:?}", row.first()),
        };
        match counted.iter_mut().find(|(known, _)| *known == key) {
            Some((_, members)) => {
                members.insert(member);
            }
            None => counted.push((key, BTreeSet::from([member]))),
        }
    }
    if groups.is_empty() && counted.is_empty() {
        counted.push((Vec::new(), BTreeSet::new()));
    }
    let mut table = Table::single(
        "count",
        ("个数", "number"),
        Some(Unit::COUNT),
        Cell::Missing,
        format!("count({dimension}) <- {}", answer.reading),
    );
    let mut columns: Vec<_> = groups
        .iter()
        .filter_map(|index| answer.columns.get(*index).cloned())
        .collect();
    columns.append(&mut table.columns);
    table.columns = columns;
    table.rows = counted
        .into_iter()
        .map(|(mut key, members)| {
            key.push(Cell::Number(Decimal::from(members.len())));
            key
        })
        .collect();
    table
}

/// An answer without the rows that lack a value.
pub(crate) fn complete(answer: &Answer) -> Answer {
    let mut kept = answer.clone();
    kept.rows.retain(|row| !row.contains(&Cell::Missing));
    kept
}

/// Counts with those of all beside, and the share of these; a row for each group as in the first.
pub(crate) fn share_of(counted: &Table, all: &Table) -> Table {
    let key = |row: &[Cell]| row.split_last().map(|(_, key)| key.to_vec());
    let rows = counted.rows.iter().map(|row| {
        let whole = all.rows.iter().find(|other| key(other) == key(row));
        let whole = whole
            .and_then(|other| other.last())
            .cloned()
            .unwrap_or(Cell::Missing);
        let share = match (row.last(), &whole) {
            (Some(Cell::Number(part)), Cell::Number(whole)) => {
                (*part * Decimal::ONE_HUNDRED).checked_div(*whole)
            }
            _ => None,
        };
        let mut row = row.clone();
        row.push(whole);
        row.push(share.map_or(Cell::Missing, Cell::Number));
        row
    });
    let column = |name: &str, zh: &str, en: &str, unit: Unit| Column {
        name: name.to_owned(),
        label: Localised::new(zh, en),
        unit: Some(unit),
        kind: ColumnKind::Value,
        approximate: false,
    };
    let mut columns = counted.columns.clone();
    columns.push(column("all", "全部", "all", Unit::COUNT));
    columns.push(column("share", "占比", "share", Unit::PERCENT));
    Table {
        columns,
        rows: rows.collect(),
        reading: format!("share of all: {}", counted.reading),
    }
}

/// Figures of some with those of all and the share in them, for results without other dimensions.
pub(crate) fn parts_of(some: &Table, all: &Table) -> Table {
    let mut columns = Vec::new();
    let mut cells = Vec::new();
    for (index, column) in some.columns.iter().enumerate() {
        let cell = |table: &Table| {
            let row = table.rows.first();
            row.and_then(|row| row.get(index))
                .cloned()
                .unwrap_or(Cell::Missing)
        };
        let (part, whole) = (cell(some), cell(all));
        if column.kind != ColumnKind::Value {
            columns.push(column.clone());
            cells.push(part);
            continue;
        }
        let share = match (&part, &whole) {
            (Cell::Number(part), Cell::Number(whole)) => (*part * Decimal::ONE_HUNDRED).checked_div(*whole),
            _ => None,
        };
        let named = |name: &str, zh: &str, en: &str, unit: Option<Unit>| Column {
            name: format!("{name}({})", column.name),
            label: Localised::new(
                format!("{zh}{}", column.label.zh),
                format!("{en} {}", column.label.en),
            ),
            unit,
            ..column.clone()
        };
        columns.push(named("these", "所选", "of these:", column.unit));
        columns.push(named("all", "全部", "of all:", column.unit));
        columns.push(named("share", "占比：", "share:", Some(Unit::PERCENT)));
        cells.extend([part, whole, share.map_or(Cell::Missing, Cell::Number)]);
    }
    Table {
        columns,
        rows: vec![cells],
        reading: some.reading.clone(),
    }
}

/// Rows of subjects that have one in every period of the whole result.
pub(crate) fn every_period(table: &Table, whole: &Answer, dimension: &str) -> Table {
    let period_at = |columns: &[Column]| {
        columns
            .iter()
            .position(|column| column.kind == ColumnKind::Period)
    };
    // A period in which nobody has the values, such as the first for a change, is none in which anything could hold.
    let known = |row: &&Vec<Cell>| !row.contains(&Cell::Missing);
    let at = period_at(&whole.columns);
    let periods: BTreeSet<jinsheng_core::Period> = whole
        .rows
        .iter()
        .filter(known)
        .filter_map(|row| match row.get(at?) {
            Some(Cell::Period(period)) => Some(*period),
            _ => None,
        })
        .collect();
    let subject = table.columns.iter().position(|column| column.name == dimension);
    let key = |row: &Vec<Cell>| match row.get(subject?) {
        Some(Cell::Text(key)) => Some(key.clone()),
        _ => None,
    };
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let shown = period_at(&table.columns);
    let counts = |row: &Vec<Cell>| match shown.and_then(|index| row.get(index)) {
        Some(Cell::Period(period)) => periods.contains(period),
        _ => true,
    };
    for row in table.rows.iter().filter(|row| counts(row)) {
        if let Some(key) = key(row) {
            *seen.entry(key).or_default() += 1;
        }
    }
    let rows = table.rows.iter().filter(|row| {
        key(row)
            .and_then(|key| seen.get(&key))
            .is_some_and(|count| *count >= periods.len())
    });
    Table {
        columns: table.columns.clone(),
        rows: rows.cloned().collect(),
        reading: format!("in every period <- {}", table.reading),
    }
}

/// The subjects of a table, each once.
pub(crate) fn subjects(table: &Table, dimension: &str) -> Table {
    let shown: Vec<usize> = table
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.name == dimension || column.name == format!("{dimension}.name"))
        .map(|(index, _)| index)
        .collect();
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for row in &table.rows {
        let cells: Vec<Cell> = shown
            .iter()
            .filter_map(|index| row.get(*index).cloned())
            .collect();
        if rows.last() != Some(&cells) && !rows.contains(&cells) {
            rows.push(cells);
        }
    }
    Table {
        columns: shown
            .iter()
            .filter_map(|index| table.columns.get(*index).cloned())
            .collect(),
        rows,
        reading: format!("{dimension} <- {}", table.reading),
    }
}

/// How many different subjects stand in a table.
pub(crate) fn number_of(table: &Table, dimension: &str) -> Table {
    let subject = table.columns.iter().position(|column| column.name == dimension);
    let keys: BTreeSet<String> = table
        .rows
        .iter()
        .filter_map(|row| match row.get(subject?) {
            Some(Cell::Text(key)) => Some(key.clone()),
            _ => None,
        })
        .collect();
    Table::single(
        "count",
        ("个数", "number"),
        Some(Unit::COUNT),
        Cell::Number(Decimal::from(keys.len())),
        format!("count({dimension}) <- {}", table.reading),
    )
}

/// All names of the members that the rows are about, the shortest first.
pub(crate) fn names(answer: &Answer, entity: &str, members: &Members) -> Table {
    let subject = answer
        .columns
        .iter()
        .position(|column| column.name == entity && column.kind == ColumnKind::Dimension);
    let keys: BTreeSet<&String> = answer
        .rows
        .iter()
        .filter_map(|row| match row.get(subject?) {
            Some(Cell::Text(key)) => Some(key),
            _ => None,
        })
        .collect();
    let named: Vec<(&String, Vec<&str>)> = keys
        .into_iter()
        .map(|key| {
            let mut names: Vec<&str> = members
                .texts()
                .filter(|(text, own)| own == key && text != key)
                .map(|(text, _)| text)
                .collect();
            names.sort_by_key(|name| name.chars().count());
            (key, names)
        })
        .collect();
    let most = named.iter().map(|(_, names)| names.len()).max().unwrap_or(0);
    let column = |name: String, zh: String, en: String| Column {
        name,
        label: Localised::new(zh, en),
        unit: None,
        kind: ColumnKind::Dimension,
        approximate: false,
    };
    let mut columns = vec![column(entity.to_owned(), "代码".to_owned(), "code".to_owned())];
    columns.extend((1..=most).map(|number| {
        column(
            format!("name_{number}"),
            format!("名称{number}"),
            format!("name {number}"),
        )
    }));
    let rows = named.into_iter().map(|(key, names)| {
        let mut row = vec![Cell::Text(key.clone())];
        row.extend(names.iter().map(|name| Cell::Text((*name).to_owned())));
        row.resize(most + 1, Cell::Missing);
        row
    });
    Table {
        columns,
        rows: rows.collect(),
        reading: format!("names({entity}) <- {}", answer.reading),
    }
}

/// Whether a column has more than one value.
fn several(answer: &Answer, index: usize) -> bool {
    let mut cells = answer.rows.iter().filter_map(|row| row.get(index));
    let first = cells.next();
    cells.any(|cell| Some(cell) != first)
}

/// Pearson's correlation of the first two value columns over rows that have both; 12 significant digits.
pub(crate) fn correlation(table: &Table) -> Option<Table> {
    let values: Vec<usize> = table
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.kind == ColumnKind::Value)
        .map(|(index, _)| index)
        .collect();
    let [left, right, ..] = values.as_slice() else {
        return None;
    };
    let pairs: Vec<(f64, f64)> = table
        .rows
        .iter()
        .filter_map(|row| {
            let number = |index: usize| match row.get(index) {
                Some(Cell::Number(value)) => value.to_string().parse::<f64>().ok(),
                _ => None,
            };
            Some((number(*left)?, number(*right)?))
        })
        .collect();
    let coefficient = pearson(&pairs)?;
    let cell = jinsheng_core::shortest_decimal(coefficient)?.round_sf(12)?;
    let reading = format!("correlation <- {}", table.reading);
    Some(Table::single(
        "correlation",
        ("相关系数", "correlation"),
        None,
        Cell::Number(cell),
        reading,
    ))
}

/// Two passes in the order of the rows, so that the same rows give the same digits.
fn pearson(pairs: &[(f64, f64)]) -> Option<f64> {
    if pairs.len() < 3 {
        return None;
    }
    let count = f64::from(u32::try_from(pairs.len()).ok()?);
    let mean = |pick: fn(&(f64, f64)) -> f64| pairs.iter().map(pick).sum::<f64>() / count;
    let (x, y) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let sum = |term: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(term).sum::<f64>();
    let together = sum(&|pair| (pair.0 - x) * (pair.1 - y));
    let apart = (sum(&|pair| (pair.0 - x).powi(2)) * sum(&|pair| (pair.1 - y).powi(2))).sqrt();
    (apart > 0.0).then(|| together / apart)
}

/// Whether a dimension has one value in all periods, for the subjects together.
pub(crate) fn same(answer: &Answer, dimension: &str) -> Option<Table> {
    let index = answer
        .columns
        .iter()
        .position(|column| column.name == dimension)?;
    let values: BTreeSet<&String> = answer
        .rows
        .iter()
        .filter_map(|row| match row.get(index) {
            Some(Cell::Text(value)) => Some(value),
            _ => None,
        })
        .collect();
    let periods = answer
        .columns
        .iter()
        .position(|column| column.kind == ColumnKind::Period)?;
    let seen: BTreeSet<String> = answer
        .rows
        .iter()
        .filter_map(|row| match row.get(periods) {
            Some(Cell::Period(period)) => Some(period.to_string()),
            _ => None,
        })
        .collect();
    if seen.len() < 2 || values.is_empty() {
        return None;
    }
    let same = if values.len() == 1 { "true" } else { "false" };
    let reading = format!(
        "whether {dimension} is the same in all periods of: {}",
        answer.reading
    );
    Some(Table::single(
        "same",
        ("是否相同", "the same"),
        None,
        Cell::Text(same.to_owned()),
        reading,
    ))
}
