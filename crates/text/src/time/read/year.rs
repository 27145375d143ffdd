//! Years: `2025年`, `fy25`, `二零二五年`, 去年.

use super::super::{When, Year};
use super::Reader;
use super::words::YEARS;
use crate::numeral::starts;

impl Reader<'_> {
    /// `2025年`, `二零二五年`, `25年`, `fy2025`, `fy25`, `fiscal 2025`, `2025`, 去年.
    pub(super) fn a_year(&self, at: usize) -> Option<(Year, usize)> {
        if let Some((offset, len)) = self.word(at, YEARS) {
            return Some((Year::Relative(offset), len));
        }
        let mut start = at;
        let mut fiscal = false;
        for lead in ["fiscal year ", "fiscal ", "financial year ", "fy ", "fy"] {
            if starts(self.text, at, lead) {
                start += lead.chars().count();
                fiscal = true;
                break;
            }
        }
        if let Some(year) = self.number(start, 4)
            && !self.digit_at(start + 4)
            && (1950..=2100).contains(&year)
        {
            let suffix = usize::from(self.is(start + 4, '年'));
            return Some((Year::Absolute(year), start + 4 + suffix - at));
        }
        if let Some(year) = self.number(start, 2)
            && !self.digit_at(start + 2)
            && (fiscal || (self.is(start + 2, '年') && year <= 60) || self.quarter_mark(start + 2))
        {
            let suffix = usize::from(self.is(start + 2, '年'));
            return Some((Year::Absolute(2000 + year), start + 2 + suffix - at));
        }
        self.spoken_year(start).filter(|_| start == at)
    }

    /// `25q3`, `26h1`.
    fn quarter_mark(&self, at: usize) -> bool {
        (self.is(at, 'q') || self.is(at, 'h')) && self.digit_at(at + 1) && !self.digit_at(at + 2)
    }

    /// 二零二五年.
    fn spoken_year(&self, at: usize) -> Option<(Year, usize)> {
        const DIGITS: &str = "零一二三四五六七八九";
        let mut value = 0;
        for offset in 0..4 {
            let character = match self.text.get(at + offset)? {
                '〇' | '○' => '零',
                other => *other,
            };
            let digit = DIGITS.chars().position(|known| known == character)?;
            value = value * 10 + i32::try_from(digit).ok()?;
        }
        (self.is(at + 4, '年') && (1950..=2100).contains(&value)).then_some((Year::Absolute(value), 5))
    }

    /// `2019-21`.
    pub(super) fn short_year(&self, at: usize) -> Option<(When, usize)> {
        let year = self.number(at, 2).filter(|_| !self.digit_at(at + 2))?;
        let mut len = 2;
        if self.is(at + 2, '年') {
            len += 1;
        }
        Some((When::year(Year::Absolute(2000 + year)), len))
    }
}
