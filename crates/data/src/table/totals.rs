//! Rows that sum up others: 合计, 小计, Total, 平均 at the end of a report or of a group within it. As rows like others they
//! would be subjects, and every sum would count their parts twice.
//!
//! A name alone does not decide, for a table may have `合计` among its categories, and `Total` is a company. A row is left out
//! when it is the last and called a total by its first cell, or when it is the sum of the rows above it in what adds up.

use std::collections::HashSet;

use jinsheng_text::normalise;

use super::RowSink;
use crate::column::cell_number;
use crate::value::{Cell, Number, Row, trim};
use crate::{DataError, Note};

/// The name of a row stands in one of its first cells that hold anything.
const NAME_CELLS: usize = 4;
/// Longer texts are no names of totals.
const MOST_BYTES: usize = 80;

/// Names of rows that sum up others, without spaces and in lower case.
const TOTALS: [&str; 24] = [
    "合计",
    "总计",
    "小计",
    "共计",
    "总和",
    "累计",
    "合計",
    "總計",
    "小計",
    "合计数",
    "总计数",
    "本页合计",
    "本页小计",
    "全部合计",
    "以上合计",
    "合计金额",
    "total",
    "totals",
    "grandtotal",
    "subtotal",
    "sub-total",
    "sumtotal",
    "overalltotal",
    "sum",
];
/// Names of rows that sum up others otherwise.
const MEANS: [&str; 9] = [
    "平均",
    "平均值",
    "平均数",
    "均值",
    "中位数",
    "average",
    "mean",
    "median",
    "avg",
];

/// How a row is called a total.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Called {
    /// By its first cell.
    First,
    /// By a later one: `华东 | 小计`.
    Later,
    /// As the total of something: `华东小计`. In a table of line items `流动资产合计` is one of them.
    Part,
}

struct Candidate {
    /// Which of the rows with values.
    place: u64,
    line: u64,
    name: String,
    called: Called,
}

/// Looks for such rows while all rows pass once.
#[derive(Default)]
pub(super) struct Watch {
    rows: u64,
    found: Vec<Candidate>,
}

impl Watch {
    pub(super) fn row(&mut self, row: &dyn Row, columns: usize) {
        if let Some((name, called)) = called(row, columns) {
            self.found.push(Candidate {
                place: self.rows,
                line: row.line(),
                name,
                called,
            });
        }
        self.rows += 1;
    }

    /// Decides. `scan` gives all rows once more, those without values left out.
    pub(super) fn decide(
        self,
        columns: usize,
        scan: &mut dyn FnMut(&mut RowSink<'_>) -> Result<(), DataError>,
    ) -> Result<Decision, DataError> {
        let mut decision = Decision::default();
        if self.found.is_empty() || self.found.len() as u64 == self.rows {
            return Ok(decision);
        }
        let mut sums = Sums::new(columns);
        let mut adds_up: HashSet<u64> = HashSet::new();
        let mut next = self.found.iter().peekable();
        let mut place = 0;
        scan(&mut |row| {
            if next.next_if(|candidate| candidate.place == place).is_some() {
                if sums.are(row) {
                    adds_up.insert(place);
                }
                sums.end_group();
            } else {
                sums.add(row);
            }
            place += 1;
            Ok(())
        })?;
        // The rows at the end that are all called totals.
        let trailing = self.found.iter().rev().zip((0..self.rows).rev());
        let last: HashSet<u64> = trailing
            .take_while(|(candidate, place)| candidate.place == *place && candidate.called == Called::First)
            .map(|(_, place)| place)
            .collect();
        for candidate in &self.found {
            let out = match candidate.called {
                Called::Part => false,
                _ if adds_up.contains(&candidate.place) => true,
                // A name that occurs above as well, on a row that is no sum, is a category.
                _ => {
                    last.contains(&candidate.place)
                        && self.found.iter().all(|other| {
                            other.name != candidate.name
                                || last.contains(&other.place)
                                || adds_up.contains(&other.place)
                        })
                }
            };
            if out {
                decision.lines.insert(candidate.line);
                decision.out.add(candidate);
            } else {
                decision.kept.add(candidate);
            }
        }
        Ok(decision)
    }
}

/// Which rows are left out, and what is to be said of it.
#[derive(Default)]
pub(super) struct Decision {
    /// Their lines.
    pub(super) lines: HashSet<u64>,
    out: Named,
    kept: Named,
}

impl Decision {
    pub(super) fn notes(&self) -> impl Iterator<Item = Note> {
        let out = (self.out.rows > 0).then(|| Note::TotalsLeftOut {
            rows: self.out.rows,
            example: self.out.example.clone(),
            row: self.out.row,
        });
        let kept = (self.kept.rows > 0).then(|| Note::TotalsKept {
            rows: self.kept.rows,
            example: self.kept.example.clone(),
            row: self.kept.row,
        });
        out.into_iter().chain(kept)
    }
}

#[derive(Default)]
struct Named {
    rows: u64,
    example: String,
    row: u64,
}

impl Named {
    fn add(&mut self, candidate: &Candidate) {
        if self.rows == 0 {
            self.example.clone_from(&candidate.name);
            self.row = candidate.line;
        }
        self.rows += 1;
    }
}

/// The name by which a row is called a total.
fn called(row: &dyn Row, columns: usize) -> Option<(String, Called)> {
    let mut filled = 0;
    let mut part = None;
    for index in 0..columns {
        let cell = row.cell(index);
        let (Cell::Text(text) | Cell::Verbatim(text)) = &cell else {
            if cell != Cell::Missing {
                filled += 1;
            }
            continue;
        };
        let text = trim(text);
        if text.is_empty() {
            continue;
        }
        if let Some(whole) = names_total(text) {
            let called = match whole {
                false => Called::Part,
                true if filled == 0 => Called::First,
                true => Called::Later,
            };
            if whole {
                return Some((text.to_owned(), called));
            }
            part.get_or_insert_with(|| (text.to_owned(), called));
        }
        filled += 1;
        if filled >= NAME_CELLS {
            break;
        }
    }
    part
}

/// Whether a text is the name of a total (true) or of a total of something (false); none when it is neither.
fn names_total(text: &str) -> Option<bool> {
    // Called for the first cells of every row, so most texts must be told by a glance.
    let begins = text.chars().next()?;
    let ends = text.ends_with(['计', '計', ':', '：']);
    if text.len() > MOST_BYTES
        || begins.is_ascii_digit()
        || !(ends || "合总小共累總本全以平均中tTsSgGoOaAmM【[(（".contains(begins))
    {
        return None;
    }
    let mut name: String = normalise(text).to_lowercase().split_whitespace().collect();
    if let Some((before, _)) = name.split_once('(')
        && !before.is_empty()
    {
        name.truncate(before.len());
    }
    let name = name.trim_matches(['[', ']', '(', ')', ':', '-', '*', '=']);
    if TOTALS.contains(&name) || MEANS.contains(&name) {
        return Some(true);
    }
    ["小计", "合计", "总计", "小計", "合計", "總計"]
        .iter()
        .any(|end| name.ends_with(end))
        .then_some(false)
}

/// Sums of columns since the last total, and of all rows that are none.
struct Sums {
    group: Vec<Sum>,
    all: Vec<Sum>,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    value: f64,
    terms: u32,
    /// Half of the last digit of each term.
    slack: f64,
}

impl Sum {
    fn add(&mut self, value: f64, half: f64) {
        self.value += value;
        self.slack += half;
        self.terms = self.terms.saturating_add(1);
    }

    /// Terms are rounded each, and so is their sum; but that explains no difference that anybody would see.
    fn is(&self, value: f64, half: f64) -> bool {
        let size = value.abs();
        self.terms > 0 && (self.value - value).abs() <= (self.slack + half).min(size * 1e-3) + size * 1e-9
    }
}

impl Sums {
    fn new(columns: usize) -> Self {
        Self {
            group: vec![Sum::default(); columns],
            all: vec![Sum::default(); columns],
        }
    }

    fn add(&mut self, row: &dyn Row) {
        for (index, (group, all)) in self.group.iter_mut().zip(&mut self.all).enumerate() {
            if let Some((value, half)) = cell_number(&row.cell(index)).and_then(float) {
                group.add(value, half);
                all.add(value, half);
            }
        }
    }

    fn end_group(&mut self) {
        self.group.fill(Sum::default());
    }

    /// True when a row is the sum of its group or of all rows above it, in at least one column; with one row above, which any
    /// row like it equals somewhere, in all of them.
    fn are(&self, row: &dyn Row) -> bool {
        [&self.group, &self.all].into_iter().any(|sums| {
            let (mut equal, mut compared, mut several) = (0, 0, false);
            for (index, sum) in sums.iter().enumerate() {
                let Some((value, half)) = cell_number(&row.cell(index)).and_then(float) else {
                    continue;
                };
                if sum.terms > 0 && value != 0.0 {
                    compared += 1;
                    equal += u32::from(sum.is(value, half));
                    several |= sum.terms > 1;
                }
            }
            equal > 0 && (several || equal == compared)
        })
    }
}

/// A number, and half of its last digit.
fn float(number: Number) -> Option<(f64, f64)> {
    let value: f64 = number.text().parse().ok()?;
    Some((value, 0.5 * 10_f64.powi(-i32::from(number.scale))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for text in [
            "合计",
            "合　计",
            "总计：",
            "小计（万元）",
            "Total",
            "Grand Total",
            "TOTAL:",
            "Sub-total",
            "【合计】",
            "平均值",
        ] {
            assert_eq!(names_total(text), Some(true), "{text}");
        }
        for text in ["华东小计", "流动资产合计", "资产总计", "其中：贷款合计"] {
            assert_eq!(names_total(text), Some(false), "{text}");
        }
        for text in [
            "贵州茅台",
            "总行",
            "合肥分行",
            "TotalEnergies",
            "会计",
            "审计",
            "600519",
            "Summit",
            "",
        ] {
            assert_eq!(names_total(text), None, "{text}");
        }
    }
}
