//! Periods as the gold and answers write them: `2025Q3`, `2025H1`, `2024`, `2025-06`, `2025-06-30`, 2025年前三季度.

/// The end of a period, and the form that it was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Period {
    year: u16,
    /// Last month, from 1.
    month: u8,
    /// 0 for the whole month.
    day: u8,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Form {
    Year,
    Half,
    Quarter,
    Month,
    Day,
}

impl Period {
    /// Whether both end at once: a report of year to date is `2024` in one table and `2024Q4` in another.
    pub(crate) fn ends_with(self, other: Self) -> bool {
        let end = |period: Self| {
            let last = days_of(period.year, period.month);
            (
                period.year,
                period.month,
                if period.day == 0 { last } else { period.day },
            )
        };
        end(self) == end(other)
    }
}

fn days_of(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The text as a period; `None` if it holds anything else too.
pub(crate) fn whole(text: &str) -> Option<Period> {
    let chars: Vec<char> = text.trim().chars().collect();
    let (period, length) = at(&chars)?;
    (length == chars.len()).then_some(period)
}

/// Every period that a text names.
pub(crate) fn within(text: &str) -> Vec<Period> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(rest) = chars.get(start..).filter(|rest| !rest.is_empty()) {
        let after_digit = start
            .checked_sub(1)
            .and_then(|before| chars.get(before))
            .is_some_and(char::is_ascii_digit);
        match at(rest).filter(|_| !after_digit) {
            Some((period, length)) => {
                found.push(period);
                start += length;
            }
            None => start += 1,
        }
    }
    found
}

/// What follows a year, and the last month and form that it means. Longer words first.
const WORDS: [(&str, u8, Form); 32] = [
    ("年前三季度", 9, Form::Quarter),
    ("年前3季度", 9, Form::Quarter),
    ("年第一季度", 3, Form::Quarter),
    ("年第二季度", 6, Form::Quarter),
    ("年第三季度", 9, Form::Quarter),
    ("年第四季度", 12, Form::Quarter),
    ("年一季报", 3, Form::Quarter),
    ("年三季报", 9, Form::Quarter),
    ("年一季度", 3, Form::Quarter),
    ("年二季度", 6, Form::Quarter),
    ("年三季度", 9, Form::Quarter),
    ("年四季度", 12, Form::Quarter),
    ("年半年度", 6, Form::Half),
    ("年半年报", 6, Form::Half),
    ("年上半年", 6, Form::Half),
    ("年下半年", 12, Form::Half),
    ("年中报", 6, Form::Half),
    ("年年报", 12, Form::Year),
    ("年年度", 12, Form::Year),
    ("年全年", 12, Form::Year),
    ("年度", 12, Form::Year),
    ("年报", 12, Form::Year),
    ("FY", 12, Form::Year),
    ("fy", 12, Form::Year),
    ("Q1", 3, Form::Quarter),
    ("Q2", 6, Form::Quarter),
    ("Q3", 9, Form::Quarter),
    ("Q4", 12, Form::Quarter),
    ("HY", 6, Form::Half),
    ("H1", 6, Form::Half),
    ("H2", 12, Form::Half),
    ("A", 12, Form::Year),
];

/// A period at the start, and how many characters it takes.
fn at(chars: &[char]) -> Option<(Period, usize)> {
    let year = u16::try_from(number(chars, 4)?).ok()?;
    if !(1900..2100).contains(&year) || chars.get(4).is_some_and(char::is_ascii_digit) {
        return None;
    }
    let mut after = 4;
    let space = chars.get(4) == Some(&' ') && chars.get(5).is_some_and(|c| "QHF".contains(*c));
    if space {
        after = 5;
    }
    let rest = chars.get(after..)?;
    for (word, month, form) in WORDS {
        let length = word.chars().count();
        if rest.iter().take(length).copied().eq(word.chars()) {
            return Some((period(year, month, 0, form), after + length));
        }
    }
    if let Some((month, day, length)) = month_and_day(rest) {
        let form = if day == 0 { Form::Month } else { Form::Day };
        return Some((period(year, month, day, form), after + length));
    }
    let length = if rest.first() == Some(&'年') { 5 } else { 4 };
    Some((period(year, 12, 0, Form::Year), length))
}

fn period(year: u16, month: u8, day: u8, form: Form) -> Period {
    Period {
        year,
        month,
        day,
        form,
    }
}

/// `-06`, `-06-30`, `/6/30`, `年6月`, `年6月30日`.
fn month_and_day(rest: &[char]) -> Option<(u8, u8, usize)> {
    let separator = *rest.first().filter(|c| "-/.年".contains(**c))?;
    let (month, mut length) = short_number(rest, 1, 12)?;
    if separator == '年' {
        if rest.get(length) != Some(&'月') {
            return None;
        }
        length += 1;
        let day = short_number(rest, length, 31).filter(|(_, end)| rest.get(*end) == Some(&'日'));
        return Some(day.map_or((month, 0, length), |(day, end)| (month, day, end + 1)));
    }
    if rest.get(length) == Some(&separator)
        && let Some((day, end)) = short_number(rest, length + 1, 31)
    {
        return Some((month, day, end));
    }
    Some((month, 0, length))
}

/// One or two digits from `start`, at most `most`, and where they end.
fn short_number(chars: &[char], start: usize, most: u8) -> Option<(u8, usize)> {
    let rest = chars.get(start..)?;
    let length = rest.iter().take(3).take_while(|c| c.is_ascii_digit()).count();
    if !(1..=2).contains(&length) {
        return None;
    }
    let value = u8::try_from(number(rest, length)?).ok()?;
    (1..=most).contains(&value).then_some((value, start + length))
}

fn number(chars: &[char], length: usize) -> Option<u32> {
    let digits = chars.get(..length)?;
    let values = digits.iter().map(|digit| digit.to_digit(10));
    values
        .into_iter()
        .try_fold(0, |sum, digit| Some(sum * 10 + digit?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_period_is_written_in_many_ways() {
        for (one, other) in [
            ("2025Q3", "2025年前三季度"),
            ("2025Q3", "2025 Q3"),
            ("2025H1", "2025年上半年"),
            ("2024", "2024年度"),
            ("2024", "2024FY"),
            ("2025-06", "2025年6月"),
            ("2025-06-30", "2025年6月30日"),
        ] {
            assert_eq!(whole(one).unwrap(), whole(other).unwrap(), "{one} {other}");
        }
    }

    #[test]
    fn periods_that_end_at_once_are_one_only_loosely() {
        let (year, quarter) = (whole("2024").unwrap(), whole("2024Q4").unwrap());
        assert_ne!(year, quarter);
        assert!(year.ends_with(quarter));
        assert!(whole("2025-06-30").unwrap().ends_with(whole("2025H1").unwrap()));
        assert!(!whole("2025-06-29").unwrap().ends_with(whole("2025H1").unwrap()));
        assert!(!year.ends_with(whole("2023").unwrap()));
    }

    #[test]
    fn codes_and_amounts_are_no_periods() {
        for text in [
            "600080",
            "002019",
            "200012",
            "20241",
            "1.2024",
            "2024万元",
            "公司",
        ] {
            assert_eq!(whole(text), None, "{text}");
        }
    }

    #[test]
    fn periods_are_found_in_a_label() {
        assert_eq!(within("2024年营业收入（2025Q3）").len(), 2);
        assert_eq!(within("net_profit_2024"), [whole("2024").unwrap()]);
        assert!(within("证券600080的收入").is_empty());
    }
}
