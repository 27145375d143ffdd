//! Parts of a year: 上半年, 三季报, `q3`, 9月.

use super::super::Part;
use super::Reader;
use super::words::{MONTHS, PARTS};
use crate::numeral::starts;

impl Reader<'_> {
    /// Any part of a year; 单季 behind a quarter is a part of it.
    pub(super) fn a_part(&self, at: usize) -> Option<(Part, usize)> {
        let mut found = self
            .word(at, PARTS)
            .into_iter()
            .chain(self.quarter(at))
            .chain(self.month(at))
            .max_by_key(|(_, len)| *len)?;
        for word in ["单季度", "单季", "这一季", "当季"] {
            if starts(self.text, at + found.1, word)
                && let Part::Quarter(number) = found.0
            {
                found = (Part::Single(number), found.1 + word.chars().count());
                break;
            }
        }
        Some(found)
    }

    /// 第三季度, 三季度, q3, 3q, Q3.
    fn quarter(&self, at: usize) -> Option<(Part, usize)> {
        let valid = |number: i32| (1..=4).contains(&number).then_some(Part::Quarter(number));
        if self.is(at, 'q') {
            let number = self.number(at + 1, 1).filter(|_| !self.digit_at(at + 2))?;
            return valid(number).map(|part| (part, 2));
        }
        let ordinal = usize::from(self.is(at, '第'));
        let (number, len) = self.small(at + ordinal)?;
        let next = at + ordinal + len;
        if ordinal == 0 && self.is(next, 'q') {
            return valid(number).map(|part| (part, len + 1));
        }
        for word in ["季度", "季"] {
            if starts(self.text, next, word) {
                let part = valid(number)?;
                return Some((part, next + word.chars().count() - at));
            }
        }
        None
    }

    /// 9月, 九月份, september, sep.
    pub(super) fn month(&self, at: usize) -> Option<(Part, usize)> {
        for (number, name) in (1..).zip(MONTHS) {
            let short: String = name.chars().take(3).collect();
            if starts(self.text, at, name) && !self.inside(at + name.len()) {
                return Some((Part::Month(number), name.len()));
            }
            if name != "may" && starts(self.text, at, &short) && !self.inside(at + 3) {
                return Some((Part::Month(number), 3));
            }
        }
        let (number, len) = self.small(at)?;
        if !(1..=12).contains(&number) || !self.is(at + len, '月') {
            return None;
        }
        let more = usize::from(self.is(at + len + 1, '份'));
        let mut part = Part::Month(number);
        let mut end = len + 1 + more;
        if more == 0
            && let Some((day, digits)) = self.small(at + len + 1)
            && (1..=31).contains(&day)
            && (self.is(at + len + 1 + digits, '日') || self.is(at + len + 1 + digits, '号'))
        {
            part = Part::Day(number, day);
            end = len + 2 + digits;
        }
        Some((part, end))
    }
}
