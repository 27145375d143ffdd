//! Catalogs of any size with small tables behind them, and Queries over them as people ask.
//!
//! Half of the metrics are columns; the others are formulas over them, up to three deep.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use jinsheng_data::{AddOptions, NoProgress, Warehouse};
use jinsheng_semantics::catalog::{Catalog, parse_catalog_files};

use super::Outcome;

/// Columns with figures of a table.
const MEASURES: usize = 25;
/// Fewest tables: one of each kind.
const KINDS: usize = 4;
/// Shapes of Queries; each recurs after so many.
pub(crate) const SHAPES: usize = 16;
const COMPANIES: [&str; 4] = ["000001", "000002", "000538", "600000"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Income,
    Balance,
    Daily,
    Monthly,
}

/// A catalog of so many metrics.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shelf {
    pub(crate) metrics: usize,
}

impl Shelf {
    /// Tables behind the catalog.
    pub(crate) fn tables(self) -> usize {
        (self.metrics / 2).div_ceil(MEASURES).max(KINDS)
    }

    /// Figures of each table.
    fn columns(self) -> usize {
        (self.metrics / 2).div_ceil(self.tables()).max(2)
    }

    fn kind(table: usize) -> Kind {
        match table % KINDS {
            0 => Kind::Income,
            1 => Kind::Balance,
            2 => Kind::Daily,
            _ => Kind::Monthly,
        }
    }

    /// Imports all tables into `state`, unless they are there.
    pub(crate) fn open(self, folder: &Path) -> Outcome<Warehouse> {
        let folder = folder.join(format!("shelf-{}", self.metrics));
        fs::create_dir_all(&folder)?;
        let mut warehouse = Warehouse::open(&folder.join("state"))?;
        let mut files = vec![("companies".to_owned(), companies())];
        files.extend((0..self.tables()).map(|table| (format!("t{table}"), self.rows(table))));
        for (name, text) in files {
            if warehouse.sources().iter().any(|source| source.name == name) {
                continue;
            }
            let path = folder.join(format!("{name}.csv"));
            fs::write(&path, text)?;
            warehouse.add(&path, &AddOptions::default(), &mut NoProgress)?;
        }
        Ok(warehouse)
    }

    fn rows(self, table: usize) -> String {
        let (head, keys): (&str, Vec<String>) = match Self::kind(table) {
            Kind::Income | Kind::Balance => (
                "year,period",
                (2021..=2025)
                    .flat_map(|year| ["Q1", "H1", "Q3", "FY"].map(|period| format!("{year},{period}")))
                    .collect(),
            ),
            Kind::Daily => (
                "day",
                (1..=12)
                    .flat_map(|month| ["03", "17", "28"].map(|day| format!("2025-{month:02}-{day}")))
                    .collect(),
            ),
            Kind::Monthly => (
                "month",
                (2024..=2025)
                    .flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}")))
                    .collect(),
            ),
        };
        let mut out = format!("company,{head}");
        (0..self.columns()).for_each(|column| {
            let _ = write!(out, ",c{column}");
        });
        out.push('\n');
        for (number, company) in COMPANIES.iter().enumerate() {
            for (place, key) in keys.iter().enumerate() {
                let _ = write!(out, "{company},{key}");
                for column in 0..self.columns() {
                    let value = 1_000 + table * 31 + number * 7 + place * 13 + column * 3;
                    let _ = write!(out, ",{value}.{:02}", (place + column) % 100);
                }
                out.push('\n');
            }
        }
        out
    }

    /// The catalog's file.
    fn text(self) -> String {
        let mut out = String::from(
            "version: 1\nentities:\n  company:\n    label: {zh: 公司, en: company}\n    table: companies\n    \
             names: [{table: companies, column: name}]\ntables:\n  companies:\n    source: companies\n    \
             entities: {company: company}\n    dimensions: {industry: {column: industry}, region: {column: region}}\n",
        );
        for table in 0..self.tables() {
            let period = match Self::kind(table) {
                Kind::Income | Kind::Balance => "{kind: report, year: year, period: period}",
                Kind::Daily => "{kind: date, column: day, grain: day}",
                Kind::Monthly => "{kind: month_text, column: month}",
            };
            let _ = write!(
                out,
                "  t{table}:\n    source: t{table}\n    entities: {{company: company}}\n    period: {period}\n    measures:\n"
            );
            for column in 0..self.columns() {
                let time = match Self::kind(table) {
                    Kind::Income => "flow_ytd",
                    Kind::Balance => "stock",
                    Kind::Daily | Kind::Monthly if column % 2 == 0 => "flow",
                    Kind::Daily | Kind::Monthly => "stock",
                };
                let _ = writeln!(
                    out,
                    "      c{column}: {{column: c{column}, unit: 元, time: {time}}}"
                );
            }
        }
        out.push_str("metrics:\n");
        let mut define = |name: &str, rest: &str| {
            let _ = writeln!(
                out,
                "  {name}: {{label: {{zh: 指标{name}, en: metric {name}}}, synonyms: [别名{name}], {rest}}}"
            );
        };
        for table in 0..self.tables() {
            for column in 0..self.columns() {
                define(&plain(table, column), &format!("measure: t{table}.c{column}"));
            }
        }
        for number in 0..self.formulas() {
            let (name, formula) = self.formula(number);
            define(&name, &format!("formula: \"{formula}\""));
        }
        out
    }

    fn formulas(self) -> usize {
        self.metrics.saturating_sub(self.tables() * self.columns())
    }

    /// A metric of a table's column, by any number.
    fn base(self, table: usize, number: usize) -> String {
        plain(table, number % self.columns())
    }

    /// One formula: a ratio, a sum, a product of both, or a ratio of that. Each kind uses the one before it.
    fn formula(self, number: usize) -> (String, String) {
        let group = number / 4;
        // Tables of reports go together, as do the others each for themselves.
        let table = group % self.tables();
        let other = if table.is_multiple_of(KINDS) {
            table + 1
        } else {
            table
        };
        let (a, b, c) = (
            self.base(table, group * 3),
            self.base(other, group * 3 + 1),
            self.base(table, group * 3 + 2),
        );
        match number % 4 {
            0 => (format!("ratio{group}"), format!("{a} / {b}")),
            1 => (format!("total{group}"), format!("{a} + {b} - {c}")),
            2 => (
                format!("part{group}"),
                format!("ratio{group} * {c} + total{group}"),
            ),
            _ => (
                format!("deep{group}"),
                format!("(part{group} - total{group}) / (total{group} + {b})"),
            ),
        }
    }

    /// The catalog.
    pub(crate) fn catalog(self) -> Outcome<Catalog> {
        Ok(parse_catalog_files(&[("catalog.yaml".to_owned(), self.text())])?)
    }

    /// So many different Queries.
    pub(crate) fn queries(self, count: usize) -> Vec<String> {
        let groups = (self.formulas() / 4).max(1);
        let reports = self.tables().div_ceil(KINDS);
        (0..count)
            .map(|number| {
                let round = number / SHAPES;
                // Formulas and columns of tables of reports; then of the daily and of the monthly ones.
                let group = |kind: usize| (round * 7 + number) % groups / KINDS * KINDS + kind;
                let group = |kind: usize| if group(kind) < groups { group(kind) } else { 0 };
                let base = |kind: usize| self.base(round % reports * KINDS + kind, number * 5 + round);
                let (deep, m, m2) = (group(round % 2), base(0), base(1));
                let (daily, monthly) = (base(2), base(3));
                let year = 2022 + round % 4;
                match number % SHAPES {
                    0 => format!("{m} by company at {year}Q3"),
                    1 => format!("{m}, yoy({m}) by company at 2025Q3 top 5 by {m}"),
                    2 => format!("ratio{deep} by company.industry at {year}Q2"),
                    3 => format!("deep{deep} by company at {year}Q3 having deep{deep} > 10% order by deep{deep} desc limit 10"),
                    4 => format!("{m}, qoq({m}) of company = '000538' from 2024Q1 to 2025Q3"),
                    5 => format!("ratio{deep}, peers_mean(ratio{deep} within company.industry) as peers by company at 2025Q3"),
                    6 => format!("share({m2}) as share, {m2} by company at {year}Q4 top 3 by {m2}"),
                    7 => format!("rank(deep{deep} within company.industry) as place, deep{deep} by company latest quarter"),
                    8 => format!("mean({m} / {m2} over company) by company.industry at {year}"),
                    9 => format!("{m}, streak(yoy({m}) > 0) as growing by company at 2025Q3"),
                    10 => format!("{m}:ttm, {m}:single, yoy(total{deep}) by company from 2024Q1 to 2025Q2"),
                    11 => format!("{m}, cagr({m}, 3) by company at 2025"),
                    12 => format!("{daily}, yoy({daily}) by company.industry at 2025-0{}", 1 + round % 9),
                    13 => format!("{daily} by company latest day"),
                    14 => format!("{monthly}, qoq({monthly}) by company.region from 2025-01 to 2025-06"),
                    _ => format!("part{deep} / {m} as part, {m2} by company where company.region = '华东' at {year}Q3"),
                }
            })
            .collect()
    }
}

fn plain(table: usize, column: usize) -> String {
    format!("m{table}_{column}")
}

fn companies() -> String {
    let mut out = String::from("company,name,industry,region\n");
    for (number, company) in COMPANIES.iter().enumerate() {
        let region = ["华东", "华北"].get(number % 2).copied().unwrap_or_default();
        let _ = writeln!(out, "{company},公司{number},行业{},{region}", number / 2);
    }
    out
}
