//! Texts that are nearly numbers, or codes that were taken for numbers on their way: what a person must look at before the
//! column can be trusted. Nothing here changes a value.

use super::clip;
use crate::value::{Row, Written};
use crate::{LooksLike, Note};

/// How many cells were of a kind, and the first of them with its row.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) cells: u64,
    pub(super) example: String,
    pub(super) row: u64,
}

impl Seen {
    pub(super) fn add(&mut self, text: &str, row: &dyn Row) {
        if self.cells == 0 {
            self.example = clip(text);
            self.row = row.line();
        }
        self.cells += 1;
    }
}

/// What was seen of a column.
#[derive(Default)]
pub(super) struct Oddities {
    /// `inf`, `-Infinity`, and what is no number in a source of typed numbers.
    pub(super) not_finite: Seen,
    /// `1e3`: a number, or a code such as `600E3`.
    bare_exponents: Seen,
    /// `12,34` or `1.234,56`, which group no thousands.
    decimal_commas: Seen,
    /// `1,234`: thousands here, but one and a bit where commas are decimal points.
    grouped: Seen,
    /// `6.00519E+05`, or a float of more digits than a spreadsheet keeps: no way to write a code.
    inexact: Seen,
}

impl Oddities {
    /// A text that is a number.
    pub(super) fn number(&mut self, written: &Written, text: &str, row: &dyn Row) {
        if written.exponent {
            self.inexact.add(text, row);
        }
        if written.grouped {
            self.grouped.add(text, row);
        }
    }

    /// A number of the source's own type, of so many digits.
    pub(super) fn float(&mut self, digits: u32, text: impl FnOnce() -> String, row: &dyn Row) {
        /// Spreadsheets keep no more, and put zeros behind them.
        const KEPT: u32 = 15;
        if digits > KEPT {
            self.inexact.add(&text(), row);
        }
    }

    /// A text that is no number.
    pub(super) fn word(&mut self, text: &str, row: &dyn Row) {
        if is_bare_exponent(text) {
            self.bare_exponents.add(text, row);
        } else if has_decimal_comma(text) {
            self.decimal_commas.add(text, row);
        }
    }

    /// Words that are nearly numbers.
    pub(super) fn nearly_numbers(&self) -> u64 {
        self.bare_exponents.cells + self.decimal_commas.cells
    }

    /// Notes of a column of text in which every word is nearly a number.
    pub(super) fn nearly_notes(&self) -> impl Iterator<Item = Note> {
        let kinds = [
            (&self.bare_exponents, LooksLike::Exponent),
            (&self.decimal_commas, LooksLike::DecimalComma),
        ];
        let seen = kinds.into_iter().filter(|(seen, _)| seen.cells > 0);
        seen.map(|(seen, form)| Note::LooksNumeric {
            form,
            cells: seen.cells,
            example: seen.example.clone(),
            row: seen.row,
        })
    }

    /// The note of a column of codes some of which were written as a number is.
    pub(super) fn damaged_codes(&self) -> Option<Note> {
        (self.inexact.cells > 0).then(|| Note::CodesAsNumbers {
            cells: self.inexact.cells,
            example: self.inexact.example.clone(),
            row: self.inexact.row,
        })
    }

    /// True where commas are decimal points.
    pub(super) fn has_decimal_commas(&self) -> bool {
        self.decimal_commas.cells > 0
    }

    /// The note of a column of numbers whose commas were read as thousands although another column has decimal commas.
    pub(super) fn doubtful_groups(&self) -> Option<Note> {
        (self.grouped.cells > 0).then(|| Note::CommasInDoubt {
            cells: self.grouped.cells,
            example: self.grouped.example.clone(),
            row: self.grouped.row,
        })
    }
}

/// Digits, `e`, digits.
fn is_bare_exponent(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once(['e', 'E'])
        .is_some_and(|(mantissa, exponent)| digits(mantissa) && digits(exponent))
}

/// One comma before the last digits, points between groups of three before it: `12,34`, `-0,5`, `1.234,56`, `12,5%`.
fn has_decimal_comma(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let text = text.strip_suffix('%').unwrap_or(text).trim_end();
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let Some((whole, fraction)) = text.split_once(',') else {
        return false;
    };
    let mut groups = whole.split('.');
    digits(fraction)
        && groups.next().is_some_and(digits)
        && groups.all(|group| digits(group) && group.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for text in ["1e3", "-5E10", "600E3"] {
            assert!(is_bare_exponent(text), "{text}");
        }
        for text in ["1.0e3", "1e+3", "e3", "1e", "1f3", "1e3x"] {
            assert!(!is_bare_exponent(text), "{text}");
        }
        for text in ["12,34", "-0,5", "1.234,56", "12,5%", "1234,5", "0,125"] {
            assert!(has_decimal_comma(text), "{text}");
        }
        for text in ["1,234,567", "12,", ",5", "1.23,4", "a,5", "1;5", "甲,乙"] {
            assert!(!has_decimal_comma(text), "{text}");
        }
    }
}
