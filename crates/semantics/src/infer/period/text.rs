//! Texts of periods as files write them, and how fine a column of dates is.

use std::collections::BTreeSet;

use jinsheng_core::Grain;

use crate::infer::lexicon::Section;
use crate::infer::profile::ColumnProfile;

/// Text as listed companies name report periods: Q1, H1 or HY, Q3, FY, with or without the year in front.
/// Gives the year's presence.
pub(super) fn report_text(text: &str) -> Option<bool> {
    let text = text.trim();
    let split = text
        .char_indices()
        .find(|(_, character)| !character.is_ascii_digit())
        .map_or(text.len(), |(at, _)| at);
    let (year, rest) = text.split_at_checked(split)?;
    let rest = rest
        .trim_start_matches(['-', '_', ' ', '/', '年'])
        .to_ascii_uppercase();
    let known = matches!(rest.as_str(), "Q1" | "Q2" | "Q3" | "Q4" | "H1" | "HY" | "FY");
    (known && (year.is_empty() || year.len() == 4)).then_some(!year.is_empty())
}

pub(super) fn month_text(text: &str) -> bool {
    let digits: String = text.chars().filter(|character| *character != '-').collect();
    let shaped = digits.len() == 6 && (text.len() == 6 || text.find('-') == Some(4));
    shaped
        && digits.chars().all(|character| character.is_ascii_digit())
        && digits
            .get(4..)
            .and_then(|month| month.parse::<u32>().ok())
            .is_some_and(|month| (1..=12).contains(&month))
        && digits
            .get(..4)
            .and_then(|year| year.parse::<u32>().ok())
            .is_some_and(|year| (1800..2200).contains(&year))
}

/// Year, month and day of `2025-09-30`, `20250930`, `2025/9/30`, with or without a time after it.
pub(super) fn date_parts(text: &str) -> Option<(u32, u32, u32)> {
    let text = text.trim().split([' ', 'T']).next()?;
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let (year, month, day) = match parts.as_slice() {
        [year, month, day] if year.len() == 4 => (*year, *month, *day),
        [whole] if whole.len() == 8 && whole.is_ascii() => {
            (whole.get(..4)?, whole.get(4..6)?, whole.get(6..)?)
        }
        _ => return None,
    };
    let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    ((1..=12).contains(&month) && (1..=31).contains(&day) && (1800..2200).contains(&year))
        .then_some((year, month, day))
}

pub(super) fn year_text(text: &str) -> bool {
    let digits = text.trim().trim_end_matches('年');
    digits.len() == 4
        && digits
            .parse::<u32>()
            .is_ok_and(|year| (1800..2200).contains(&year))
}

/// The grain of a date column: months if no month has two different dates, and so on.
pub(super) fn grain(profile: &ColumnProfile, section: Option<Section>) -> Grain {
    let dates: BTreeSet<(u32, u32, u32)> = profile
        .values
        .iter()
        .filter_map(|value| date_parts(value))
        .collect();
    let complete = profile
        .distinct
        .is_none_or(|distinct| distinct <= dates.len() as u64);
    if !complete && dates.len() >= 20 {
        // A sample: dates that are all firsts, or all ends, of months are months.
        let firsts = dates.iter().all(|(_, _, day)| *day == 1);
        let ends = dates
            .iter()
            .all(|(_, month, day)| *day >= 28 && (*day >= 30 || *month == 2));
        return if firsts || ends { Grain::Month } else { Grain::Day };
    }
    if dates.len() < 3 || !complete {
        let ends = !dates.is_empty() && dates.iter().all(|(_, month, day)| *day >= 30 && month % 3 == 0);
        return if ends && section.is_some_and(Section::is_statement) {
            Grain::Quarter
        } else {
            Grain::Day
        };
    }
    let years = dates
        .iter()
        .map(|(year, ..)| *year)
        .collect::<BTreeSet<_>>()
        .len();
    let quarters: BTreeSet<_> = dates
        .iter()
        .map(|(year, month, _)| (*year, (month - 1) / 3))
        .collect();
    let months: BTreeSet<_> = dates.iter().map(|(year, month, _)| (*year, *month)).collect();
    match dates.len() {
        total if total == years => Grain::Year,
        total if total == quarters.len() => Grain::Quarter,
        total if total == months.len() => Grain::Month,
        _ => Grain::Day,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn period_texts() {
        assert_eq!(report_text("2025Q3"), Some(true));
        assert_eq!(report_text("FY"), Some(false));
        assert_eq!(report_text("2024HY"), Some(true));
        assert_eq!(report_text("年度"), None);
        assert_eq!(report_text("25Q3"), None);
        assert!(
            month_text("202409") && month_text("2024-09") && !month_text("202413") && !month_text("2024-9-1")
        );
        assert_eq!(date_parts("20240930"), Some((2024, 9, 30)));
        assert_eq!(date_parts("2024/9/30 00:00:00"), Some((2024, 9, 30)));
        assert_eq!(date_parts("2024-13-01"), None);
    }

    #[test]
    fn grain_of_dates() {
        let grain_of = |dates: &[&str]| {
            grain(
                &ColumnProfile {
                    values: dates.iter().map(|date| (*date).to_owned()).collect(),
                    ..ColumnProfile::default()
                },
                None,
            )
        };
        assert_eq!(
            grain_of(&["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"]),
            Grain::Month
        );
        assert_eq!(grain_of(&["2024-01-02", "2024-01-03", "2024-01-04"]), Grain::Day);
        assert_eq!(
            grain_of(&["2023-12-31", "2024-03-31", "2024-06-30", "2024-09-30"]),
            Grain::Quarter
        );
    }
}
