//! Dates and times as written: ISO 8601, Chinese, with slashes or dots, and eight digits.

use jinsheng_core::{Grain, Period};

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// Days since 1970-01-01; none when there is no such day.
pub(crate) fn civil_day(year: i32, month: i32, day: i32) -> Option<i32> {
    const LENGTHS: [i32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = LENGTHS.get(usize::try_from(month.checked_sub(1)?).ok()?)?;
    let length = length + i32::from(leap && month == 2);
    if !(1..=9999).contains(&year) || !(1..=length).contains(&day) {
        return None;
    }
    let shifted_year = year - i32::from(month <= 2);
    let shifted_month = (month + 9) % 12;
    let era = shifted_year.div_euclid(400);
    let year_of_era = shifted_year.rem_euclid(400);
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    Some(era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468)
}

/// `2025-09-30`.
pub(crate) fn date_text(days: i32) -> String {
    Period::new(Grain::Day, days).to_string()
}

/// `2025-09-30 15:04:05`, with a fraction of a second when there is one.
pub(crate) fn timestamp_text(micros: i64) -> String {
    let days = micros.div_euclid(MICROS_PER_DAY);
    let rest = micros.rem_euclid(MICROS_PER_DAY);
    let (seconds, fraction) = (rest / 1_000_000, rest % 1_000_000);
    let date = i32::try_from(days).map_or_else(|_| format!("day {days}"), date_text);
    let mut text = format!(
        "{date} {:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
    if fraction != 0 {
        text.push_str(format!(".{fraction:06}").trim_end_matches('0'));
    }
    text
}

/// Eight digits that are a day from 1900 to 2100: `20220429`.
pub(crate) fn compact_date(value: i128) -> Option<i32> {
    let value = i32::try_from(value)
        .ok()
        .filter(|value| (19_000_101..=21_001_231).contains(value))?;
    civil_day(value / 10_000, value / 100 % 100, value % 100)
}

/// What a text says of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateRead {
    /// A day.
    Day(i32),
    /// A day whose day and month cannot be told apart.
    Ambiguous,
}

/// Reads `2025-09-30`, `2025/9/30`, `2025.9.30`, `2025年9月30日`; sees `03/04/2025`.
pub(crate) fn read_date(text: &str) -> Option<DateRead> {
    if !(8..=17).contains(&text.len()) {
        return None;
    }
    let mut parts = [0_i32; 3];
    let mut widths = [0_u8; 3];
    let mut index = 0;
    let mut separators = ['\0'; 3];
    for character in text.chars() {
        if let Some(digit) = character.to_digit(10) {
            let part = parts.get_mut(index)?;
            let width = widths.get_mut(index)?;
            *width += 1;
            if *width > 4 {
                return None;
            }
            *part = *part * 10 + i32::try_from(digit).ok()?;
        } else {
            *separators.get_mut(index)? = character;
            index += 1;
        }
    }
    let [first, second, third] = parts;
    let [first_width, second_width, third_width] = widths;
    let short = |width: u8| (1..=2).contains(&width);
    match separators {
        ['-', '-', '\0'] | ['/', '/', '\0'] | ['.', '.', '\0'] | ['年', '月', '日'] => {
            if first_width == 4 && short(second_width) && short(third_width) {
                return civil_day(first, second, third).map(DateRead::Day);
            }
            let last = short(first_width) && short(second_width) && third_width == 4;
            let possible = civil_day(third, first, second).or_else(|| civil_day(third, second, first));
            (last && separators[0] != '年' && possible.is_some()).then_some(DateRead::Ambiguous)
        }
        _ => None,
    }
}

/// A time as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeRead {
    /// Microseconds since 1970-01-01, wall time.
    pub(crate) micros: i64,
    /// Minutes east of Greenwich, when a zone was written.
    pub(crate) offset: Option<i32>,
    /// More than six digits of a second.
    pub(crate) cut: bool,
}

/// Reads a date, then `T` or a space, then `15:04`, `15:04:05`, `15:04:05.123`, then a zone or none.
pub(crate) fn read_timestamp(text: &str) -> Option<TimeRead> {
    if !(13..=50).contains(&text.len()) {
        return None;
    }
    let (date, time) = text.split_once(['T', ' '])?;
    let Some(DateRead::Day(days)) = read_date(date) else {
        return None;
    };
    let time = time.trim_start();
    let (clock, offset) = split_offset(time)?;
    let (clock, fraction) = clock
        .split_once('.')
        .map_or((clock, ""), |(left, right)| (left, right));
    let mut parts = clock.split(':');
    let two = |part: Option<&str>, below: i64| -> Option<i64> {
        let part = part?;
        if part.is_empty() || part.len() > 2 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        part.parse().ok().filter(|value| *value < below)
    };
    let hours = two(parts.next(), 24)?;
    let minutes = two(parts.next(), 60)?;
    let seconds = match parts.next() {
        Some(part) => two(Some(part), 60)?,
        None => 0,
    };
    if parts.next().is_some() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let micros: i64 = format!("{fraction:0<6.6}").parse().ok()?;
    let time = (hours * 3600 + minutes * 60 + seconds) * 1_000_000 + micros;
    Some(TimeRead {
        micros: i64::from(days) * MICROS_PER_DAY + time,
        offset,
        cut: fraction.bytes().skip(6).any(|byte| byte != b'0'),
    })
}

/// `15:04:05+08:00` is the clock and 480 minutes; `Z` is none.
fn split_offset(time: &str) -> Option<(&str, Option<i32>)> {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return Some((clock.trim_end(), Some(0)));
    }
    let Some(at) = time.rfind(['+', '-']) else {
        return Some((time, None));
    };
    let (clock, zone) = time.split_at_checked(at)?;
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let digits: String = zone
        .chars()
        .skip(1)
        .filter(|character| *character != ':')
        .collect();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = match digits.len() {
        2 => (digits.parse::<i32>().ok()?, 0),
        4 => (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse().ok()?),
        _ => return None,
    };
    (hours < 15 && minutes < 60).then(|| (clock.trim_end(), Some(sign * (hours * 60 + minutes))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for text in ["2025-09-30", "2025/9/30", "2025.09.30", "2025年9月30日"] {
            let Some(DateRead::Day(day)) = read_date(text) else {
                unreachable!("{text}")
            };
            assert_eq!(date_text(day), "2025-09-30", "{text}");
        }
        for text in [
            "2025-13-01",
            "2025-02-30",
            "2025-09",
            "2025-9-30x",
            "12345-1-1",
            "2025/9-30",
            "2025-09-30-",
            "1.2.3",
        ] {
            assert_eq!(read_date(text), None, "{text}");
        }
        assert_eq!(read_date("03/04/2025"), Some(DateRead::Ambiguous));
        assert_eq!(
            compact_date(20_220_429).map(date_text).as_deref(),
            Some("2022-04-29")
        );
        assert_eq!(compact_date(20_220_431), None);
        assert_eq!(compact_date(1), None);
        assert_eq!(civil_day(1970, 1, 1), Some(0));
        assert_eq!(civil_day(2000, 3, 1), Some(11_017));
    }

    #[test]
    fn times() {
        let shown = |text: &str| read_timestamp(text).map(|time| (timestamp_text(time.micros), time.offset));
        assert_eq!(
            shown("2026-04-18 03:37:22"),
            Some(("2026-04-18 03:37:22".into(), None))
        );
        assert_eq!(
            shown("2026-04-18T03:37:22.25Z"),
            Some(("2026-04-18 03:37:22.25".into(), Some(0)))
        );
        assert_eq!(
            shown("2026/4/8 3:07+08:00"),
            Some(("2026-04-08 03:07:00".into(), Some(480)))
        );
        assert_eq!(
            shown("1969-12-31 23:59:59.999999"),
            Some(("1969-12-31 23:59:59.999999".into(), None))
        );
        for text in [
            "2026-04-18 25:00",
            "2026-04-18 03:60:00",
            "2026-04-18",
            "2026-04-18 03:37:22 PM",
            "2026-04-18 0:0:0:0",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }
}
