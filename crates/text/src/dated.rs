//! Headers that name a period: `2022年营业收入(万元)` is `营业收入(万元)` of 2022, `2024Q1` is nothing but a quarter.
//!
//! Only what can be nothing else is read: `中证2000` is read as a year by its digits, so whoever asks compares several
//! headers, while `10年` (a maturity), `2000元` (an amount) and `2022-2024` (two periods) are no period.

use jinsheng_core::{Grain, Period};

use crate::normalise;

/// A header with the period that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated {
    /// The period.
    pub period: Period,
    /// The header without it; empty when it names nothing else, `(万元)` when it names a unit too.
    pub rest: String,
    /// It is marked as a forecast or a plan: `2026E`, `2026年预测`.
    pub forecast: bool,
}

/// The one period that a header names; none when it names none or several.
pub fn dated(header: &str) -> Option<Dated> {
    let text = normalise(header);
    let chars: Vec<char> = text.chars().collect();
    let mut found: Option<(usize, Match)> = None;
    let mut index = 0;
    while index < chars.len() {
        let here = Here {
            chars: &chars,
            at: index,
        };
        match here.period() {
            Reading::Period(_) if found.is_some() => return None,
            Reading::Period(one) => {
                let end = one.end;
                found = Some((index, one));
                index = end.max(index + 1);
            }
            Reading::Unclear => return None,
            Reading::Nothing => index += here.digits().max(1),
        }
    }
    let (start, one) = found?;
    let before: String = chars.get(..start)?.iter().collect();
    let after: String = chars.get(one.end..)?.iter().collect();
    let rest = joined(&before, &after);
    let said = ["预测", "预计", "预算", "计划", "forecast", "budget", "estimate"];
    let lower = rest.to_ascii_lowercase();
    Some(Dated {
        period: one.period,
        forecast: one.forecast || said.iter().any(|word| lower.contains(word)),
        rest,
    })
}

struct Match {
    period: Period,
    forecast: bool,
    /// Behind its last character.
    end: usize,
}

enum Reading {
    Nothing,
    Period(Match),
    /// Part of something longer that is no period: a span of years, a school year.
    Unclear,
}

fn is(period: Period, end: usize) -> Reading {
    Reading::Period(Match {
        period,
        forecast: false,
        end,
    })
}

/// A place in a header.
#[derive(Clone, Copy)]
struct Here<'c> {
    chars: &'c [char],
    at: usize,
}

const SEPARATORS: [char; 5] = ['-', '_', '/', '.', ' '];
const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];
/// What behind four digits makes them an amount.
const AMOUNTS: [char; 14] = [
    '元', '万', '亿', '户', '人', '个', '米', '点', '股', '只', '家', '份', '%', ',',
];

impl Here<'_> {
    fn on(self, by: usize) -> Self {
        Self {
            at: self.at + by,
            ..self
        }
    }

    fn peek(self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn before(self) -> Option<char> {
        self.at.checked_sub(1).and_then(|at| self.chars.get(at).copied())
    }

    /// How many digits stand here.
    fn digits(self) -> usize {
        let rest = self.chars.get(self.at..).unwrap_or_default();
        rest.iter()
            .take_while(|character| character.is_ascii_digit())
            .count()
    }

    fn number(self, digits: usize) -> Option<i32> {
        let text: String = self.chars.get(self.at..self.at + digits)?.iter().collect();
        text.parse().ok()
    }

    /// The place behind a word, in any case.
    fn word(self, word: &str) -> Option<Self> {
        let count = word.chars().count();
        let here = self.chars.get(self.at..self.at + count)?;
        let same = here
            .iter()
            .zip(word.chars())
            .all(|(one, other)| one.to_ascii_uppercase() == other);
        same.then(|| self.on(count))
    }

    fn any_word(self, words: &[&str]) -> Option<Self> {
        words.iter().find_map(|word| self.word(word))
    }

    fn separator(self) -> Self {
        match self.peek() {
            Some(character) if SEPARATORS.contains(&character) => self.on(1),
            _ => self,
        }
    }

    /// True where no letter or digit of the Latin alphabet goes on.
    fn ends_word(self) -> bool {
        self.peek().is_none_or(|next| !next.is_ascii_alphanumeric())
    }

    fn period(self) -> Reading {
        let starts_word = self.before().is_none_or(|last| !last.is_ascii_alphanumeric());
        if starts_word && let Some(found) = self.part_first() {
            return found;
        }
        match self.digits() {
            2 if starts_word => self.short_year(),
            4 => self.year(),
            6 => match (self.plausible_year(), self.on(4).number(2)) {
                (Some(year), Some(month @ 1..=12)) => is(Period::month(year, month), self.at + 6),
                _ => Reading::Nothing,
            },
            8 => {
                let parts = (self.number(4), self.on(4).number(2), self.on(6).number(2));
                let (Some(year), Some(month), Some(day)) = parts else {
                    return Reading::Nothing;
                };
                day_of(year, month, day).map_or(Reading::Nothing, |day| is(day, self.at + 8))
            }
            _ => Reading::Nothing,
        }
    }

    fn plausible_year(self) -> Option<i32> {
        self.number(4).filter(|year| (1950..2100).contains(year))
    }

    /// A year of four digits or of two: its value and the place behind it.
    fn any_year(self) -> Option<(i32, Self)> {
        let year = match self.digits() {
            4 => self.plausible_year()?,
            2 => 2000 + self.number(2).filter(|year| *year < 60)?,
            _ => return None,
        };
        Some((year, self.on(self.digits())))
    }

    /// `Q1 2024`, `1Q24`, `FY2023`, `Jun-24`.
    fn part_first(self) -> Option<Reading> {
        if let Some(after) = self.word("FY").or_else(|| self.word("CY")) {
            let (year, end) = after.separator().any_year()?;
            return Some(end.marked(Period::year(year)));
        }
        if let Some(month) = MONTHS.iter().position(|name| self.word(name).is_some()) {
            let (year, end) = self.on(3).separator().any_year()?;
            return Some(is(Period::month(year, i32::try_from(month).ok()? + 1), end.at));
        }
        let (part, after) = self.letter_part().or_else(|| self.number_part())?;
        let after = after.separator();
        let after = after.word("FY").unwrap_or(after);
        let (year, end) = after.any_year()?;
        Some(end.marked(part.of(year)))
    }

    /// `Q1`, `H2`.
    fn letter_part(self) -> Option<(Part, Self)> {
        let number = self.on(1);
        let part = match (self.peek()?.to_ascii_uppercase(), number.number(1)?) {
            ('Q', quarter @ 1..=4) => Part::Quarter(quarter),
            ('H', half @ 1..=2) => Part::Half(half),
            _ => return None,
        };
        (number.digits() == 1).then(|| (part, number.on(1)))
    }

    /// `1Q`, `2H`.
    fn number_part(self) -> Option<(Part, Self)> {
        if self.digits() != 1 {
            return None;
        }
        let letter = self.on(1).peek()?.to_ascii_uppercase();
        let part = match (self.number(1)?, letter) {
            (quarter @ 1..=4, 'Q') => Part::Quarter(quarter),
            (half @ 1..=2, 'H') => Part::Half(half),
            _ => return None,
        };
        Some((part, self.on(2)))
    }

    /// `24Q1`, `24H1`; other two digits are no year.
    fn short_year(self) -> Reading {
        let part = self
            .any_year()
            .and_then(|(year, after)| Some((year, after.letter_part()?)));
        match part {
            Some((year, (part, end))) if end.ends_word() => is(part.of(year), end.at),
            _ => Reading::Nothing,
        }
    }

    /// A year of four digits and what follows it.
    fn year(self) -> Reading {
        let Some(year) = self.plausible_year() else {
            return Reading::Nothing;
        };
        let after = self.on(4);
        if let Some((part, end)) = after.separator().letter_part() {
            return end.marked(part.of(year));
        }
        if let Some(end) = after.separator().word("HY").filter(|end| end.ends_word()) {
            return is(Period::half(year, 1), end.at);
        }
        if let Some(end) = after.separator().word("FY").filter(|end| end.ends_word()) {
            return is(Period::year(year), end.at);
        }
        if let Some(behind) = after.word("年") {
            return behind.after_year(year);
        }
        if after
            .peek()
            .is_some_and(|next| matches!(next, '-' | '/' | '.' | '_'))
            && matches!(after.on(1).digits(), 1 | 2)
        {
            return after.numbers(year);
        }
        if after.peek().is_some_and(|next| AMOUNTS.contains(&next)) {
            return Reading::Nothing;
        }
        let after = after.any_word(&["末", "底"]).unwrap_or(after);
        after.marked(Period::year(year))
    }

    /// What a forecast is marked with, or an actual figure.
    fn marked(self, period: Period) -> Reading {
        let inner = self.separator();
        let inner = inner.word("(").unwrap_or(inner);
        for (mark, forecast) in [("E", true), ("F", true), ("P", true), ("A", false)] {
            // A股 is a market, 2025A营收 and 2026E营收 are not.
            let alone = |end: &Self| end.ends_word() && (forecast || end.peek() != Some('股'));
            if let Some(end) = inner.word(mark).filter(alone) {
                let bracket = inner.before() == Some('(');
                let end = end.word(")").filter(|_| bracket).unwrap_or(end);
                return Reading::Period(Match {
                    period,
                    forecast,
                    end: end.at,
                });
            }
        }
        is(period, self.at)
    }

    /// Behind `2024年`.
    fn after_year(self, year: i32) -> Reading {
        // The state at the beginning of a year is that at the end of the one before: better asked than guessed.
        if self.word("初").is_some() {
            return Reading::Unclear;
        }
        let inner = self.separator();
        if let Some((part, end)) = inner.letter_part() {
            return is(part.of(year), end.at);
        }
        if let Some(end) = inner.any_word(&["上半年", "半年度", "半年报", "半年", "中报", "中期"])
        {
            return is(Period::half(year, 1), end.at);
        }
        if let Some(end) = inner.word("下半年") {
            return is(Period::half(year, 2), end.at);
        }
        if let Some((quarter, end)) = inner.chinese_quarter() {
            return is(Period::quarter(year, quarter), end.at);
        }
        if matches!(inner.digits(), 1 | 2) {
            return inner.chinese_month(year);
        }
        let words = ["年度", "度", "报", "末", "底", "终", "全年"];
        let end = self.any_word(&words).unwrap_or(self);
        end.marked(Period::year(year))
    }

    /// `一季度`, `第3季度`, `前三季度`, `三季报`.
    fn chinese_quarter(self) -> Option<(i32, Self)> {
        let here = self.any_word(&["第", "前"]).unwrap_or(self);
        let quarter = match here.peek()? {
            '一' | '1' => 1,
            '二' | '2' => 2,
            '三' | '3' => 3,
            '四' | '4' => 4,
            _ => return None,
        };
        let end = here.on(1);
        let end = end.word("个").unwrap_or(end);
        let end = end.any_word(&["季度", "季报", "季"])?;
        Some((quarter, end.any_word(&["末", "底"]).unwrap_or(end)))
    }

    /// `6月`, `6月30日`, `1-6月`.
    fn chinese_month(self, year: i32) -> Reading {
        let (Some(number), after) = (self.number(self.digits()), self.on(self.digits())) else {
            return Reading::Nothing;
        };
        if let Some(second) = after.any_word(&["-", "—", "~", "至"]) {
            let last = second.number(second.digits());
            let end = second.on(second.digits()).word("月");
            // Amounts since the start of the year, as reports give them.
            let period = match (number, last) {
                (1, Some(3)) => Period::quarter(year, 1),
                (1, Some(6)) => Period::half(year, 1),
                (1, Some(9)) => Period::quarter(year, 3),
                (1, Some(12)) => Period::year(year),
                _ => return Reading::Unclear,
            };
            return end.map_or(Reading::Unclear, |end| is(period, end.at));
        }
        let (Some(end), 1..=12) = (after.word("月"), number) else {
            return Reading::Unclear;
        };
        let digits = end.digits();
        if matches!(digits, 1 | 2)
            && let Some(behind) = end.on(digits).any_word(&["日", "号"])
        {
            let day = end.number(digits).and_then(|day| day_of(year, number, day));
            return day.map_or(Reading::Unclear, |day| is(day, behind.at));
        }
        let end = end.any_word(&["份", "末", "底"]).unwrap_or(end);
        is(Period::month(year, number), end.at)
    }

    /// `-06`, `/6/30` behind a year.
    fn numbers(self, year: i32) -> Reading {
        let first = self.on(1);
        let digits = first.digits();
        let (Some(month @ 1..=12), end) = (first.number(digits), first.on(digits)) else {
            return Reading::Unclear;
        };
        let second = end.on(1);
        if end.peek() == self.peek() && matches!(second.digits(), 1 | 2) {
            let digits = second.digits();
            let day = second.number(digits).and_then(|day| day_of(year, month, day));
            return day.map_or(Reading::Unclear, |day| is(day, second.at + digits));
        }
        is(Period::month(year, month), end.at)
    }
}

fn day_of(year: i32, month: i32, day: i32) -> Option<Period> {
    let period: Period = format!("{year:04}-{month:02}-{day:02}").parse().ok()?;
    (period.grain() == Grain::Day && (1950..2100).contains(&year)).then_some(period)
}

#[derive(Clone, Copy)]
enum Part {
    Quarter(i32),
    Half(i32),
}

impl Part {
    fn of(self, year: i32) -> Period {
        match self {
            Self::Quarter(quarter) => Period::quarter(year, quarter),
            Self::Half(half) => Period::half(year, half),
        }
    }
}

/// What stood round a period, put together: `营业收入(2022年,万元)` leaves `营业收入(万元)`.
fn joined(before: &str, after: &str) -> String {
    const LOOSE: [char; 12] = ['-', '_', '/', '.', ' ', ':', ',', ';', '|', '、', '·', '的'];
    let (before, after) = (before.trim_end_matches(LOOSE), after.trim_start_matches(LOOSE));
    let emptied = (before.ends_with('(') && after.starts_with(')'))
        || (before.ends_with('[') && after.starts_with(']'));
    let (before, after) = if emptied {
        let cut = |text: &str| text.chars().next_back().map_or(0, char::len_utf8);
        let end = before.len() - cut(before);
        (
            before.get(..end).unwrap_or_default(),
            after.get(1..).unwrap_or_default(),
        )
    } else {
        (before, after)
    };
    let (before, after) = (before.trim_end_matches(LOOSE), after.trim_start_matches(LOOSE));
    let latin =
        |character: Option<char>| character.is_some_and(|character| character.is_ascii_alphanumeric());
    let gap = latin(before.chars().next_back()) && latin(after.chars().next());
    let space = if gap { " " } else { "" };
    format!("{before}{space}{after}").trim_matches(LOOSE).to_owned()
}

#[cfg(test)]
mod tests;
