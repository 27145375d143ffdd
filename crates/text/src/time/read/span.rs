//! More than one stretch: ranges, the last so many, every one.

use jinsheng_core::Grain;

use super::super::{Part, Time};
use super::Reader;
use super::words::{GRAINS, Words};
use crate::numeral::starts;

impl Reader<'_> {
    /// 近三年, 最近12个月, past 3 years, last four quarters.
    pub(super) fn recent(&self, at: usize) -> Option<(Time, usize)> {
        const LEADS: Words<()> = &[
            ("最近", ()),
            ("过去", ()),
            ("近", ()),
            ("这", ()),
            ("over the past", ()),
            ("over the last", ()),
            ("in the past", ()),
            ("in the last", ()),
            ("the past", ()),
            ("the last", ()),
            ("past", ()),
            ("last", ()),
            ("trailing", ()),
        ];
        let ((), lead) = self.word(at, LEADS)?;
        let mut next = at + lead;
        next += self.space(next);
        // 近半年, 近一年: half a year is six months.
        if starts(self.text, next, "半年") {
            return Some((Time::Recent(6, Grain::Month), next + 2 - at));
        }
        let (count, len) = self.small(next)?;
        next += len;
        next += self.space(next);
        let (grain, len) = self.word(next, GRAINS)?;
        // 这三年: two counted words stand for time, 这三季 too; 这五家 has no grain.
        next += len;
        if self.is(next, '来') || self.is(next, '内') || self.is(next, '间') {
            next += 1;
        }
        u32::try_from(count)
            .ok()
            .filter(|count| *count > 0)
            .map(|count| (Time::Recent(count, grain), next - at))
    }

    /// 未来30天内, 今后三个月, next 30 days, within the next 6 months.
    pub(super) fn coming(&self, at: usize) -> Option<(Time, usize)> {
        const LEADS: Words<()> = &[
            ("未来", ()),
            ("今后", ()),
            ("接下来", ()),
            ("within the next", ()),
            ("in the next", ()),
            ("over the next", ()),
            ("the next", ()),
            ("next", ()),
        ];
        let ((), lead) = self.word(at, LEADS)?;
        let mut next = at + lead;
        next += self.space(next);
        if starts(self.text, next, "半年") {
            return Some((Time::Coming(6, Grain::Month), next + 2 - at));
        }
        let (count, len) = self.small(next)?;
        next += len;
        next += self.space(next);
        let (grain, len) = self.word(next, GRAINS)?;
        next += len;
        for word in ["以内", "之内", "内", "里"] {
            if starts(self.text, next, word) {
                next += word.chars().count();
                break;
            }
        }
        let count = u32::try_from(count).ok().filter(|count| *count > 0)?;
        Some((Time::Coming(count, grain), next - at))
    }

    /// `1-year return`, `six-month performance`: the last so many, in front of what moves over a stretch.
    pub(super) fn over(&self, at: usize) -> Option<(Time, usize)> {
        const MOVES: [&str; 7] = [
            "return",
            "performance",
            "gain",
            "change",
            "growth",
            "total return",
            "price",
        ];
        const COUNTS: Words<i32> = &[
            ("one", 1),
            ("two", 2),
            ("three", 3),
            ("six", 6),
            ("five", 5),
            ("twelve", 12),
        ];
        let (count, len) = self.small(at).or_else(|| self.word(at, COUNTS))?;
        let mut next = at + len;
        if !self.is(next, '-') && !self.is(next, ' ') {
            return None;
        }
        next += 1;
        if !self.text.get(next).is_some_and(char::is_ascii_lowercase) {
            return None;
        }
        let (grain, len) = self.word(next, GRAINS)?;
        let end = next + len;
        let moved = MOVES
            .iter()
            .any(|word| starts(self.text, end + self.space(end), word));
        let count = u32::try_from(count).ok().filter(|count| *count > 0 && moved)?;
        Some((Time::Recent(count, grain), end - at))
    }

    /// 每年, 各季度, each quarter, by month.
    pub(super) fn each(&self, at: usize) -> Option<(Time, usize)> {
        const LEADS: Words<()> = &[
            ("每一个", ()),
            ("每一", ()),
            ("每个", ()),
            ("每", ()),
            ("各个", ()),
            ("各", ()),
            ("分", ()),
            ("按", ()),
            ("each", ()),
            ("every", ()),
            ("by", ()),
            ("per", ()),
        ];
        let ((), lead) = self.word(at, LEADS)?;
        let next = at + lead + self.space(at + lead);
        let (grain, len) = self.word(next, GRAINS)?;
        // 每日净值 is daily, but 每股 and 分期 are other words.
        let known = self.text.get(next..next + len)?.iter().collect::<String>();
        (known != "期" && known != "天").then_some((Time::Each(grain), next + len - at))
    }

    /// One stretch, or two with a word for "to" between, or "since" one.
    pub(super) fn range(&self, at: usize) -> Option<(Time, usize)> {
        const FROM: Words<()> = &[("从", ()), ("自", ()), ("from", ()), ("between", ())];
        const SINCE: Words<()> = &[("since", ())];
        const TO: Words<()> = &[
            ("至", ()),
            ("到", ()),
            ("-", ()),
            ("—", ()),
            ("–", ()),
            ("~", ()),
            ("～", ()),
            ("to", ()),
            ("through", ()),
            ("until", ()),
            ("and", ()),
        ];
        let since = self.word(at, SINCE).map(|((), len)| len);
        let from = self.word(at, FROM).map(|((), len)| len);
        let lead = since.or(from).unwrap_or(0);
        let mut start = at + lead;
        start += self.space(start);
        let (mut first, len) = self.when(start)?;
        let mut end = start + len;
        if since.is_some() {
            return Some((Time::Since(first), end - at));
        }
        if self.is(end, '起') && from.is_some() {
            return Some((Time::Since(first), end + 1 - at));
        }
        if starts(self.text, end, "以来") || starts(self.text, end, "至今") {
            return Some((Time::Since(first), end + 2 - at));
        }
        let alone = (Time::At(first), end - at);
        let mut next = end + self.space(end);
        let Some(((), to)) = self.word(next, TO) else {
            return Some(alone);
        };
        // `and` makes a range only after `between`: 2024 and 2025 are two years.
        if starts(self.text, next, "and") && !starts(self.text, at, "between") {
            return Some(alone);
        }
        next += to;
        next += self.space(next);
        let Some((mut last, len)) = self.when(next).or_else(|| self.short_year(next)) else {
            return Some(alone);
        };
        end = next + len;
        // 2025年第二季度到第三季度: the year is said once, in front; 一季度到三季度2025 is not written.
        if last.year.is_none() {
            last.year = first.year;
        }
        // 2022-2025年末 says the part once, behind.
        if first.part.is_none() && last.part == Some(Part::Full) {
            first.part = last.part;
        }
        if first.year.is_none() {
            first.year = last.year;
        }
        for word in ["期间", "之间", "间"] {
            if starts(self.text, end, word) {
                end += word.chars().count();
                break;
            }
        }
        Some((Time::Range(first, last), end - at))
    }
}
