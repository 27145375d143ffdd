//! Days, and months in digits: `2025-09-30`, `20250930`, `june 30, 2026`.

use super::super::{Part, When, Year};
use super::Reader;

impl Reader<'_> {
    /// `2025-09-30`, `2025/9/30`, `2025.9.30`, `2025-09`, `20250930`, `30 june 2026`, `june 30, 2026`.
    pub(super) fn day(&self, at: usize) -> Option<(When, usize)> {
        if let Some(year) = self.number(at, 4).filter(|year| (1950..=2100).contains(year)) {
            let mark = *self.text.get(at + 4)?;
            if mark.is_ascii_digit() {
                let (month, day) = (self.number(at + 4, 2)?, self.number(at + 6, 2)?);
                let plausible = (1..=12).contains(&month) && (1..=31).contains(&day);
                return (plausible && !self.digit_at(at + 8))
                    .then(|| (When::part(Some(Year::Absolute(year)), Part::Day(month, day)), 8));
            }
            if !matches!(mark, '-' | '/' | '.') {
                return None;
            }
            let (month, len) = self.small(at + 5).filter(|_| self.digit_at(at + 5))?;
            if !(1..=12).contains(&month) {
                return None;
            }
            let next = at + 5 + len;
            if self.is(next, mark)
                && let Some((day, digits)) = self.small(next + 1).filter(|_| self.digit_at(next + 1))
                && (1..=31).contains(&day)
            {
                let when = When::part(Some(Year::Absolute(year)), Part::Day(month, day));
                return Some((when, next + 1 + digits - at));
            }
            // 2019-12 might be a range of short years, but months have two digits and years stand with 年.
            let two = len == 2 && !self.is(next, '年');
            return two.then(|| {
                (
                    When::part(Some(Year::Absolute(year)), Part::Month(month)),
                    next - at,
                )
            });
        }
        self.english_day(at)
    }

    /// `30 june 2026`, `june 30, 2026`.
    fn english_day(&self, at: usize) -> Option<(When, usize)> {
        let english = |at: usize| {
            let (part, len) = self.month(at)?;
            let letters = self.text.get(at).is_some_and(char::is_ascii_lowercase);
            match part {
                Part::Month(number) if letters => Some((number, len)),
                _ => None,
            }
        };
        let (month, day, mut next) = if let Some((month, len)) = english(at) {
            let start = at + len + self.space(at + len);
            let (day, digits) = self.small(start).filter(|_| self.digit_at(start))?;
            (month, day, start + digits)
        } else {
            let (day, digits) = self.small(at).filter(|_| self.digit_at(at))?;
            let start = at + digits + self.space(at + digits);
            let (month, len) = english(start)?;
            (month, day, start + len)
        };
        if !(1..=31).contains(&day) {
            return None;
        }
        let after = next;
        next += usize::from(self.is(next, ','));
        next += self.space(next);
        let year = self.a_year(next);
        let end = year.map_or(after, |(_, len)| next + len);
        let when = When::part(year.map(|(year, _)| year), Part::Day(month, day));
        Some((when, end - at))
    }
}
