//! One stretch of time: a year, a part of one, or both in either order.

use super::super::{Part, When, Year};
use super::Reader;
use super::words::RELATIVE;
use crate::numeral::starts;

impl Reader<'_> {
    /// 2025年第三季度末: one stretch.
    pub(super) fn when(&self, at: usize) -> Option<(When, usize)> {
        let mut found = self
            .part_then_year(at)
            .into_iter()
            .chain(self.year_then_part(at))
            .chain(self.day(at))
            .max_by_key(|(_, len)| *len)?;
        // 2025年初 is the end of 2024, as balances go.
        if let When {
            year: Some(year),
            part: None,
            ..
        } = found.0
        {
            let stood = self.is(at + found.1 - 1, '年');
            let start = if stood { "初" } else { "年初" };
            if starts(self.text, at + found.1, start)
                && !starts(self.text, at + found.1 + start.chars().count(), "至")
            {
                let year = match year {
                    Year::Absolute(year) => Year::Absolute(year - 1),
                    Year::Relative(offset) => Year::Relative(offset - 1),
                };
                let when = When {
                    end: true,
                    ..When::year(year)
                };
                return Some((when, found.1 + start.chars().count()));
            }
        }
        for word in ["年末", "年底", "期末", "末", "底"] {
            if starts(self.text, at + found.1, word) {
                found.0.end = true;
                found.1 += word.chars().count();
                break;
            }
        }
        Some(found)
    }

    /// 2025年第三季度, 2025年, 第三季度, 上月.
    fn year_then_part(&self, at: usize) -> Option<(When, usize)> {
        if let Some(((grain, offset), len)) = self.word(at, RELATIVE) {
            return Some((When::part(None, Part::Relative(grain, offset)), len));
        }
        let year = self.a_year(at);
        let next = at + year.map_or(0, |(_, len)| len);
        let mut gap = self.space(next);
        // 2024年的第三季度, 2025年年报
        if year.is_some() && (self.is(next, '的') || (self.is(next, '年') && !self.is(next + 1, '度'))) {
            let after = self.a_part(next + 1);
            if after.is_some() {
                gap = 1;
            }
        }
        // 2019年度
        if let Some((year, len)) = year
            && self.is(next, '度')
            && self.is(next - 1, '年')
        {
            return Some((When::part(Some(year), Part::Full), len + 1));
        }
        // 25年报: the 年 belongs to both.
        if let Some((year, len)) = year
            && self.is(next, '报')
            && !self.is(next + 1, '表')
            && self.is(next - 1, '年')
        {
            let more = if self.is(next + 1, '告') { 2 } else { 1 };
            return Some((When::part(Some(year), Part::Full), len + more));
        }
        match (year, self.a_part(next + gap)) {
            (Some((year, _)), Some((part, len))) => {
                Some((When::part(Some(year), part), next + gap + len - at))
            }
            // FY2025 says that the whole year is meant.
            (Some((year, len)), None) if self.is(at, 'f') => Some((When::part(Some(year), Part::Full), len)),
            (Some((year, len)), None) => Some((When::year(year), len)),
            (None, Some((part, len))) => Some((When::part(None, part), len)),
            (None, None) => None,
        }
    }

    /// `third quarter of 2025`, `q3 2025`, `first half of last year`, `september 2026`, `end of 2025`.
    fn part_then_year(&self, at: usize) -> Option<(When, usize)> {
        for lead in [
            "at the end of ",
            "the end of ",
            "end of ",
            "year-end ",
            "year end ",
            "end-",
            "end ",
        ] {
            if starts(self.text, at, lead) {
                let len = lead.chars().count();
                let (mut when, taken) = self.when(at + len)?;
                when.end = true;
                return Some((when, len + taken));
            }
        }
        let the = if starts(self.text, at, "the ") { 4 } else { 0 };
        let (part, len) = self.a_part(at + the)?;
        let mut next = at + the + len;
        next += self.space(next);
        if starts(self.text, next, "of ") || starts(self.text, next, "in ") {
            next += 3;
        }
        let (year, taken) = self.a_year(next)?;
        Some((When::part(Some(year), part), next + taken - at))
    }
}
