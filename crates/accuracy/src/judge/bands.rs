//! Groups whose words are free, and histograms whose bins are: what they hold decides.

use super::cells::same_somehow;
use super::rows::{Prepared, assignments, pairing};
use super::shape::{is_free, shape};
use crate::answer::{Cell, Kind};
use crate::table::{GoldRow, GoldTable, Value};
use crate::words::{Names, plain};

/// More ways to take columns for the gold's are not tried.
const MOST_CHOICES: usize = 2_000;

/// Whether the table has the groups of the gold under whatever words, unless a word is that of another group.
pub(super) fn shows(gold: &GoldTable, table: &Prepared<'_>, round: Option<u32>, names: &Names) -> bool {
    let free = gold.keys.iter().position(|key| is_free(key));
    let (Some(free), false) = (free, gold.columns.is_empty()) else {
        return false;
    };
    let mut others = gold.clone();
    others.keys.remove(free);
    for row in &mut others.rows {
        row.keys.remove(free);
    }
    let Some(keyed) = shape(&others, &[], names) else {
        return false;
    };
    let labels: Vec<&str> = gold
        .rows
        .iter()
        .filter_map(|row| row.keys.get(free))
        .map(String::as_str)
        .collect();
    assignments(&keyed, table, None).iter().any(|assignment| {
        // Every other column may hold the words, or none does and bounds stand in columns of numbers.
        let words = table
            .key_columns()
            .into_iter()
            .filter(|column| !assignment.contains(column));
        let words: Vec<usize> = words.collect();
        let own_words = if words.is_empty() {
            vec![None]
        } else {
            words.into_iter().map(Some).collect()
        };
        own_words.into_iter().any(|words| {
            let groups = Groups {
                gold: &others,
                labels: &labels,
                assignment,
                words,
            };
            choices(&others, table)
                .iter()
                .any(|columns| groups.pair_up(table, columns, round, names))
        })
    })
}

/// Distinct columns of the table for the columns of the gold.
fn choices(gold: &GoldTable, table: &Prepared<'_>) -> Vec<Vec<usize>> {
    let mut found: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in &gold.columns {
        let all = 0..table.table.columns.len();
        let longer = found.iter().flat_map(|before| {
            let free = all.clone().filter(|column| !before.contains(column));
            free.map(|column| [before.as_slice(), &[column]].concat())
        });
        found = longer.take(MOST_CHOICES).collect();
    }
    found
}

struct Groups<'a> {
    /// The gold without the free key.
    gold: &'a GoldTable,
    /// The free key of each row.
    labels: &'a [&'a str],
    assignment: &'a [usize],
    words: Option<usize>,
}

impl Groups<'_> {
    /// Whether rows pair up one to one; a group that holds nothing may be left out on either side.
    fn pair_up(&self, table: &Prepared<'_>, columns: &[usize], round: Option<u32>, names: &Names) -> bool {
        let rows = 0..table.table.rows.len();
        let fitting = self.gold.rows.iter().zip(self.labels).map(|(row, label)| {
            let fits = rows.clone().filter(|at| {
                self.same_keys(row, table, *at, names)
                    && self.same_values(row, table, *at, columns, round)
                    && !self.contradicts(label, table, *at)
            });
            fits.collect()
        });
        let fitting: Vec<Vec<usize>> = fitting.collect();
        let pairs = pairing(&fitting);
        let blank_gold = |row: &GoldRow| {
            let mut values = row.values.iter();
            values.all(|value| matches!(value, Value::Missing) || *value == Value::Number(0.0))
        };
        let blank_cell = |cell: &Cell| match cell {
            Cell::Missing => true,
            Cell::Number { value, .. } => value.abs() <= 0.0,
            _ => false,
        };
        let mut alone = self
            .gold
            .rows
            .iter()
            .zip(&pairs)
            .filter(|(_, pair)| pair.is_none());
        let mut extra = rows.clone().filter(|at| !pairs.contains(&Some(*at)));
        alone.all(|(row, _)| blank_gold(row))
            && extra.all(|at| columns.iter().all(|column| blank_cell(table.cell(at, *column))))
            && self.is_one_to_one(&pairs, table)
    }

    fn same_keys(&self, row: &GoldRow, table: &Prepared<'_>, at: usize, names: &Names) -> bool {
        row.keys.iter().zip(self.assignment).all(|(text, column)| {
            let wanted = names.key(text);
            table.key(*column, at).is_some_and(|key| key.is_loosely(&wanted))
        })
    }

    fn same_values(
        &self,
        row: &GoldRow,
        table: &Prepared<'_>,
        at: usize,
        columns: &[usize],
        round: Option<u32>,
    ) -> bool {
        let wanted = row.values.iter().zip(&self.gold.columns).zip(columns);
        wanted.into_iter().all(|((value, gold), index)| {
            let column = table.table.columns.get(*index);
            column
                .is_some_and(|column| same_somehow(value, &gold.unit, table.cell(at, *index), column, round))
        })
    }

    /// Whether the words of a row are those of another group of the gold.
    fn contradicts(&self, own: &str, table: &Prepared<'_>, at: usize) -> bool {
        let Some(text) = self.words.and_then(|words| text(table.cell(at, words))) else {
            return false;
        };
        let same = |label: &str| {
            plain(label) == plain(text) || !numbers(label).is_empty() && numbers(label) == numbers(text)
        };
        !same(own) && self.labels.iter().filter(|label| same(label)).count() == 1
    }

    /// Whether each group has one word, and each word one group.
    fn is_one_to_one(&self, pairs: &[Option<usize>], table: &Prepared<'_>) -> bool {
        let Some(words) = self.words else {
            return true;
        };
        let said = self.labels.iter().zip(pairs).filter_map(|(label, pair)| {
            let key = table.key(words, (*pair)?)?;
            Some((*label, key))
        });
        let said: Vec<_> = said.collect();
        said.iter()
            .all(|(label, key)| said.iter().all(|(other, word)| (label == other) == key.is(word)))
    }
}

fn text(cell: &Cell) -> Option<&str> {
    match cell {
        Cell::Text(text) | Cell::Member { code: text, .. } => Some(text),
        Cell::Missing | Cell::Number { .. } | Cell::Bool(_) => None,
    }
}

/// The numbers in a label; a dash between two is no sign.
fn numbers(text: &str) -> Vec<f64> {
    let mut found = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    for c in text.chars().chain([' ']) {
        let sign = c == '-' && word.is_empty() && !before.is_ascii_digit() && !"%％万亿元倍".contains(before);
        if c.is_ascii_digit() || c == '.' || sign {
            word.push(c);
        } else {
            found.extend(word.parse::<f64>().ok());
            word.clear();
        }
        before = c;
    }
    found
}

/// Whether the table counts the gold's values by bins of its own: every bin holds as many as it says, and none is left out.
pub(super) fn bins(gold: &GoldTable, table: &Prepared<'_>) -> bool {
    let values = gold.rows.iter().filter_map(|row| match row.values.first() {
        Some(Value::Number(number)) => Some(*number),
        _ => None,
    });
    let values: Vec<f64> = values.collect();
    let columns = table.table.columns.iter().enumerate();
    let counts = columns
        .filter(|(_, column)| column.kind == Kind::Number)
        .map(|(index, _)| index);
    let words = table.key_columns();
    !values.is_empty()
        && counts.into_iter().any(|count| {
            words.iter().any(|words| {
                let scales = [1.0, 0.01, 100.0, 1e4, 1e-4, 1e8, 1e-8];
                scales
                    .into_iter()
                    .any(|scale| counted(&values, table, count, *words, scale))
            })
        })
}

fn counted(values: &[f64], table: &Prepared<'_>, count: usize, words: usize, scale: f64) -> bool {
    let mut sum = 0.0;
    for row in 0..table.table.rows.len() {
        let (Cell::Number { value: shown, .. }, Some(label)) =
            (table.cell(row, count), text(table.cell(row, words)))
        else {
            return false;
        };
        let Some((low, high)) = bounds(label) else {
            return false;
        };
        let number = |held: &dyn Fn(f64) -> bool| {
            let held = values.iter().filter(|value| held(**value * scale)).count();
            u32::try_from(held).map_or(f64::NAN, f64::from)
        };
        // A value on a bound belongs to either bin.
        let inside = number(&|value| value > low && value < high);
        let at_most = number(&|value| value >= low && value <= high);
        if !(inside..=at_most).contains(shown) {
            return false;
        }
        sum += shown;
    }
    let all = u32::try_from(values.len()).map_or(f64::NAN, f64::from);
    (sum - all).abs() < 0.5
}

/// Lower and upper bound of a bin.
fn bounds(label: &str) -> Option<(f64, f64)> {
    let says = |words: &[&str]| words.iter().any(|word| label.contains(word));
    match numbers(label).as_slice() {
        [low, high] => Some((*low, *high)),
        [one] if says(&["<", "≤", "以下", "低于", "小于", "不足", "-∞", "under", "below"]) => {
            Some((f64::NEG_INFINITY, *one))
        }
        [one]
            if says(&[
                ">", "≥", "以上", "高于", "大于", "超过", "∞", "+", "over", "above",
            ]) =>
        {
            Some((*one, f64::INFINITY))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_bins_are_understood() {
        for (label, low, high) in [
            ("0-30%", 0.0, 30.0),
            ("[-0.5, 0.5)", -0.5, 0.5),
            ("-10%~-5%", -10.0, -5.0),
            ("50%以上", 50.0, f64::INFINITY),
            ("< -1", f64::NEG_INFINITY, -1.0),
        ] {
            let (found_low, found_high) = bounds(label).unwrap();
            assert!(
                found_low.total_cmp(&low).is_eq() && found_high.total_cmp(&high).is_eq(),
                "{label}"
            );
        }
        assert_eq!(bounds("高"), None);
    }
}
