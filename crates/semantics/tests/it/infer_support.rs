//! Small readers that turn files into profiles, for tests only: all cells as text, types by looking at them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may stop at the first surprise"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::str::FromStr;

use jinsheng_core::Lang;
use jinsheng_semantics::catalog::{Catalog, parse_catalog_files, to_yaml};
use jinsheng_semantics::infer::{
    ColumnKind, ColumnProfile, IdentityKind, IdentityProfile, Inference, TableProfile, infer,
};
use rust_decimal::Decimal;

/// A profile by hand: columns as `name type`, type one of text, int, dec, date, bool.
pub(crate) fn table(source: &str, rows: u64, columns: &[&str], keys: &[&[&str]]) -> TableProfile {
    TableProfile {
        source: source.to_owned(),
        rows,
        columns: columns.iter().map(|column| column_of(column)).collect(),
        unique_keys: keys
            .iter()
            .map(|key| key.iter().map(|name| (*name).to_owned()).collect())
            .collect(),
        ..TableProfile::default()
    }
}

fn column_of(text: &str) -> ColumnProfile {
    let (name, rest) = text.rsplit_once(' ').unwrap();
    let (kind, values) = rest.split_once('=').unwrap_or((rest, ""));
    ColumnProfile {
        name: name.to_owned(),
        header: name.to_owned(),
        kind: match kind {
            "text" => ColumnKind::Text,
            "int" => ColumnKind::Integer,
            "dec" => ColumnKind::Decimal,
            "date" => ColumnKind::Date,
            "bool" => ColumnKind::Boolean,
            other => panic!("{other}"),
        },
        values: values
            .split(',')
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
            .collect(),
        ..ColumnProfile::default()
    }
}

/// An equation `total = a + b - c` that the data is said to obey.
pub(crate) fn sum(text: &str, support: u64, total: u64) -> IdentityProfile {
    let (left, right) = text.split_once(" = ").unwrap();
    let mut terms = Vec::new();
    let mut negative = false;
    for word in right.split(' ') {
        match word {
            "+" => negative = false,
            "-" => negative = true,
            term => terms.push((negative, term.to_owned())),
        }
    }
    IdentityProfile {
        kind: IdentityKind::Sum {
            total: left.to_owned(),
            terms,
        },
        support,
        total,
    }
}

/// Drafts a catalog and checks that what it writes reads back as the same.
pub(crate) fn draft(
    profiles: &[TableProfile],
    dictionary: &[jinsheng_semantics::infer::DictionaryEntry],
) -> (Inference, Catalog) {
    let inference = infer(profiles, dictionary, None);
    let text = to_yaml(&inference.file).unwrap();
    let catalog = match parse_catalog_files(&[("catalog/inferred.yaml".to_owned(), text.clone())]) {
        Ok(catalog) => catalog,
        Err(error) => {
            let problems: Vec<String> = error
                .problems
                .iter()
                .map(|problem| problem.text(Lang::En))
                .collect();
            panic!("{}\n{text}", problems.join("\n"));
        }
    };
    assert_eq!(
        *catalog.file(),
        inference.file,
        "what is written reads back as something else"
    );
    assert_words_have_one_owner(&catalog);
    (inference, catalog)
}

fn assert_words_have_one_owner(catalog: &Catalog) {
    let mut owners: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (id, metric) in &catalog.file().metrics {
        for word in &metric.synonyms {
            owners.entry(jinsheng_text::fold(word)).or_default().insert(id);
        }
    }
    let double: Vec<_> = owners.into_iter().filter(|(_, ids)| ids.len() > 1).collect();
    assert_eq!(double, []);
}

/// All tables of an SQLite file.
pub(crate) fn sqlite(path: &Path, name: &str) -> Vec<TableProfile> {
    let connection =
        rusqlite::Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut statement = connection
        .prepare("select name from sqlite_master where type = 'table' order by name")
        .unwrap();
    let tables: Vec<String> = statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    tables
        .iter()
        .map(|table| {
            let mut statement = connection.prepare(&format!("select * from \"{table}\"")).unwrap();
            let header: Vec<String> = statement.column_names().map(str::to_owned).collect();
            let width = header.len();
            let rows: Vec<Vec<String>> = statement
                .query_map([], |row| {
                    Ok((0..width)
                        .map(|index| match row.get_ref(index).unwrap() {
                            rusqlite::types::ValueRef::Null => String::new(),
                            rusqlite::types::ValueRef::Integer(value) => value.to_string(),
                            rusqlite::types::ValueRef::Real(value) => value.to_string(),
                            rusqlite::types::ValueRef::Text(value) => {
                                String::from_utf8_lossy(value).into_owned()
                            }
                            rusqlite::types::ValueRef::Blob(_) => "blob".to_owned(),
                        })
                        .collect())
                })
                .unwrap()
                .map(Result::unwrap)
                .collect();
            profile(&format!("{name}.{table}"), &header, &rows)
        })
        .collect()
}

/// A sheet of a workbook as rows of text, from its first row on.
pub(crate) fn sheets(path: &Path) -> Vec<(String, Vec<Vec<String>>)> {
    use calamine::Reader as _;
    let mut book = calamine::open_workbook_auto(path).unwrap();
    book.sheet_names()
        .into_iter()
        .map(|sheet| {
            let range = book.worksheet_range(&sheet).unwrap();
            let rows = range
                .rows()
                .map(|row| row.iter().map(ToString::to_string).collect())
                .collect();
            (sheet, rows)
        })
        .collect()
}

/// A CSV file with a header.
pub(crate) fn csv_file(path: &Path, source: &str) -> TableProfile {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_path(path)
        .unwrap();
    let mut rows: Vec<Vec<String>> = reader
        .records()
        .map(|record| record.unwrap().iter().map(str::to_owned).collect())
        .collect();
    let header = rows
        .remove(0)
        .into_iter()
        .map(|cell| cell.trim_start_matches('\u{feff}').to_owned())
        .collect::<Vec<_>>();
    profile(source, &header, &rows)
}

/// A profile from cells.
pub(crate) fn profile(source: &str, header: &[String], rows: &[Vec<String>]) -> TableProfile {
    let columns = header
        .iter()
        .enumerate()
        .map(|(index, name)| describe(name, index, rows))
        .collect();
    TableProfile {
        source: source.to_owned(),
        rows: rows.len() as u64,
        columns,
        unique_keys: unique_keys(header, rows),
        ..TableProfile::default()
    }
}

fn describe(name: &str, index: usize, rows: &[Vec<String>]) -> ColumnProfile {
    let cells: Vec<&str> = rows
        .iter()
        .map(|row| row.get(index).map_or("", |cell| cell.trim()))
        .collect();
    let filled: Vec<&str> = cells
        .iter()
        .copied()
        .filter(|cell| !matches!(*cell, "" | "nan" | "None"))
        .collect();
    let distinct: BTreeSet<&str> = filled.iter().copied().collect();
    let numbers: Vec<Decimal> = filled.iter().filter_map(|cell| number(cell)).collect();
    let coded = filled
        .iter()
        .any(|cell| cell.len() > 1 && cell.starts_with('0') && !cell.starts_with("0."));
    let is_number = !filled.is_empty() && numbers.len() == filled.len() && !coded;
    let dates = filled
        .iter()
        .all(|cell| cell.len() >= 10 && cell.as_bytes()[4] == b'-' && cell.as_bytes()[7] == b'-');
    let kind = match () {
        () if is_number && filled.iter().all(|cell| !cell.contains(['.', 'e', 'E'])) => ColumnKind::Integer,
        () if is_number => ColumnKind::Decimal,
        () if dates && !filled.is_empty() => ColumnKind::Date,
        () => ColumnKind::Text,
    };
    let (label, unit) = jinsheng_text::header::split_unit(name);
    ColumnProfile {
        name: name.to_owned(),
        header: name.to_owned(),
        label,
        unit,
        caption_unit: None,
        kind,
        nulls: (cells.len() - filled.len()) as u64,
        distinct: Some(distinct.len() as u64),
        min: numbers
            .iter()
            .min()
            .filter(|_| is_number)
            .map(ToString::to_string),
        max: numbers
            .iter()
            .max()
            .filter(|_| is_number)
            .map(ToString::to_string),
        values: distinct
            .iter()
            .take(2000)
            .map(|value| (*value).to_owned())
            .collect(),
        stand_ins: Vec::new(),
        undated: false,
    }
}

pub(crate) fn number(cell: &str) -> Option<Decimal> {
    Decimal::from_str(cell)
        .or_else(|_| Decimal::from_scientific(cell))
        .ok()
}

/// Sets of up to three columns, none of them a decimal, without repetition.
fn unique_keys(header: &[String], rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let usable: Vec<usize> = (0..header.len())
        .filter(|index| {
            rows.iter().all(|row| {
                row.get(*index)
                    .is_some_and(|cell| !cell.is_empty() && !cell.contains('.'))
            })
        })
        .take(12)
        .collect();
    let unique = |columns: &[usize]| {
        let mut seen = BTreeSet::new();
        rows.iter().all(|row| {
            seen.insert(
                columns
                    .iter()
                    .map(|column| row[*column].as_str())
                    .collect::<Vec<_>>(),
            )
        })
    };
    let mut found: Vec<Vec<usize>> = usable
        .iter()
        .map(|one| vec![*one])
        .filter(|key| unique(key))
        .collect();
    for (position, one) in usable.iter().enumerate() {
        for (offset, two) in usable.iter().enumerate().skip(position + 1) {
            let mut candidates = vec![vec![*one, *two]];
            candidates.extend(
                usable
                    .iter()
                    .skip(offset + 1)
                    .map(|three| vec![*one, *two, *three]),
            );
            for key in candidates {
                let known = found
                    .iter()
                    .any(|smaller| smaller.iter().all(|column| key.contains(column)));
                if !known && unique(&key) {
                    found.push(key);
                }
            }
        }
    }
    found
        .into_iter()
        .map(|key| key.into_iter().map(|column| header[column].clone()).collect())
        .collect()
}
