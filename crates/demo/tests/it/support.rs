//! Reads the generated files back as text, the way an import would, and never through the generator's types.

use std::collections::BTreeMap;
use std::path::Path;

use jinsheng_demo::{DemoSummary, generate};

/// Seeds for which every rule must hold, not only the default one.
pub(crate) const SEEDS: [u64; 6] = [jinsheng_demo::DEFAULT_SEED, 0, 1, 42, 8_888, u64::MAX];

/// One row by column name.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    table: String,
    line: usize,
    cells: BTreeMap<String, String>,
}

impl Row {
    #[track_caller]
    pub(crate) fn text(&self, column: &str) -> &str {
        self.cells
            .get(column)
            .unwrap_or_else(|| panic!("{} has no column `{column}`", self.table))
    }

    /// A decimal as an integer scaled by `decimals`; the cell must have exactly that many.
    #[track_caller]
    pub(crate) fn scaled(&self, column: &str, decimals: usize) -> i128 {
        let text = self.text(column);
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        assert_eq!(fraction.len(), decimals, "{self}: {column} = `{text}`");
        format!("{whole}{fraction}")
            .parse()
            .unwrap_or_else(|_| panic!("{self}: {column} = `{text}`"))
    }

    /// An amount in cents.
    #[track_caller]
    pub(crate) fn cents(&self, column: &str) -> i128 {
        self.scaled(column, 2)
    }

    /// The sum of amounts in cents; a leading `-` subtracts.
    #[track_caller]
    pub(crate) fn sum(&self, columns: &[&str]) -> i128 {
        columns
            .iter()
            .map(|column| match column.strip_prefix('-') {
                Some(column) => -self.cents(column),
                None => self.cents(column),
            })
            .sum()
    }

    /// Asserts that `total` is the sum of the parts to the cent.
    #[track_caller]
    pub(crate) fn adds_up(&self, total: &str, parts: &[&str]) {
        assert_eq!(self.cents(total), self.sum(parts), "{self}: {total} = {parts:?}");
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.csv line {}", self.table, self.line)
    }
}

/// The data of one seed.
#[derive(Debug)]
pub(crate) struct Demo {
    pub(crate) summary: DemoSummary,
    pub(crate) folder: tempfile::TempDir,
}

impl Demo {
    pub(crate) fn new(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let summary = generate(seed, folder.path(), &mut |_| {}).unwrap();
        Self { summary, folder }
    }

    pub(crate) fn rows(&self, table: &str) -> Vec<Row> {
        read(self.folder.path(), table)
    }

    /// Rows by the text of one column, which must be unique.
    pub(crate) fn by(&self, table: &str, key: &str) -> BTreeMap<String, Row> {
        let mut all = BTreeMap::new();
        for row in self.rows(table) {
            let text = row.text(key).to_owned();
            let place = row.to_string();
            assert!(
                all.insert(text.clone(), row).is_none(),
                "{place}: `{text}` occurs twice"
            );
        }
        all
    }
}

fn read(folder: &Path, table: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(folder.join(format!("{table}.csv"))).unwrap();
    let header = reader.headers().unwrap().clone();
    let mut rows = Vec::new();
    for (number, record) in reader.records().enumerate() {
        let record = record.unwrap();
        let cells = header
            .iter()
            .map(str::to_owned)
            .zip(record.iter().map(str::to_owned))
            .collect();
        rows.push(Row {
            table: table.to_owned(),
            line: number + 2,
            cells,
        });
    }
    rows
}

/// `numerator / denominator` rounded half away from zero.
pub(crate) fn rounded(numerator: i128, denominator: i128) -> i128 {
    let (numerator, denominator) = if denominator < 0 {
        (-numerator, -denominator)
    } else {
        (numerator, denominator)
    };
    let doubled = 2 * numerator.abs() + denominator;
    numerator.signum() * (doubled / (2 * denominator))
}
