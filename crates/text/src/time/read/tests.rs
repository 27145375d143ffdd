//! Times as they are written, with what they mean and how many characters they take.

use super::super::{Time, When, Year};
use super::time_at;

#[track_caller]
fn reads(text: &str, expected: &str, len: usize) {
    let characters: Vec<char> = text.chars().collect();
    let found = time_at(&characters, 0).map(|(time, len)| (said(time), len));
    assert_eq!(found, Some((expected.to_owned(), len)), "{text}");
}

/// A short form for the tables below.
fn said(time: Time) -> String {
    let when = |when: When| {
        let year = match when.year {
            Some(Year::Absolute(year)) => year.to_string(),
            Some(Year::Relative(offset)) => format!("y{offset:+}"),
            None => "?".to_owned(),
        };
        let part = when.part.map(|part| format!(" {part:?}")).unwrap_or_default();
        format!("{year}{part}{}", if when.end { " end" } else { "" })
    };
    match time {
        Time::At(at) => when(at),
        Time::Range(from, to) => format!("{} .. {}", when(from), when(to)),
        Time::Since(from) => format!("{} ..", when(from)),
        other => format!("{other:?}"),
    }
}

#[test]
fn years_and_parts() {
    reads("2025年", "2025", 5);
    reads("25年", "2025", 3);
    reads("去年", "y-1", 2);
    reads("2025年第三季度", "2025 Quarter(3)", 9);
    reads("2025年的第三季度", "2025 Quarter(3)", 10);
    reads("2025第三季度", "2025 Quarter(3)", 8);
    reads("2025年前三季度", "2025 Quarters(3)", 9);
    reads("2025年三季报", "2025 Quarters(3)", 8);
    reads("2025q3", "2025 Quarter(3)", 6);
    reads("25q3", "2025 Quarter(3)", 4);
    reads("q3 2025", "2025 Quarter(3)", 7);
    reads("第三季度", "? Quarter(3)", 4);
    reads("26年h1", "2026 Half(1)", 5);
    reads("2025年上半年", "2025 Half(1)", 8);
    reads("今年一季度", "y+0 Quarter(1)", 5);
    reads("2025年年报", "2025 Full", 7);
    reads("25年报", "2025 Full", 4);
    reads("2019年度", "2019 Full", 6);
    reads("2025年末", "2025 end", 6);
    reads("2022年全年", "2022 Full", 7);
    reads("2026年q2单季", "2026 Single(2)", 9);
    reads("fy2025", "2025 Full", 6);
    reads("fiscal 2025", "2025 Full", 11);
    reads("first half of 2026", "2026 Half(1)", 18);
    reads("end of 2025", "2025 end", 11);
    reads("end 2025", "2025 end", 8);
    reads("二零二五年", "2025", 5);
}

#[test]
fn days_and_months() {
    reads("2025-09-30", "2025 Day(9, 30)", 10);
    reads("2025年9月30日", "2025 Day(9, 30)", 10);
    reads("30 june 2026", "2026 Day(6, 30)", 12);
    reads("june 30, 2026", "2026 Day(6, 30)", 13);
    reads("2025-09", "2025 Month(9)", 7);
    reads("9月", "? Month(9)", 2);
    reads("november", "? Month(11)", 8);
    reads("上个月", "? Relative(Month, -1)", 3);
    reads("next quarter", "? Relative(Quarter, 1)", 12);
}

#[test]
fn spans() {
    reads("2022-2025年第三季度", "2022 .. 2025 Quarter(3)", 14);
    reads("2022年至2025年第三季度", "2022 .. 2025 Quarter(3)", 15);
    reads("2019-2021年间", "2019 .. 2021", 11);
    reads("从2023到2025", "2023 .. 2025", 10);
    reads("from 2023 through 2025", "2023 .. 2025", 22);
    reads("since 2022", "2022 ..", 10);
    reads("2022年以来", "2022 ..", 7);
    reads("近三年", "Recent(3, Year)", 3);
    reads("近12个月", "Recent(12, Month)", 5);
    reads("past 3 years", "Recent(3, Year)", 12);
    reads("last four quarters", "Recent(4, Quarter)", 18);
    reads("近几年", "Recent(0, Year)", 3);
    reads("今年以来", "ToDate(Relative(0))", 4);
    reads("每年", "Each(Year)", 2);
    reads("by month", "Each(Month)", 8);
    reads("上年同期", "SamePeriod(-1)", 4);
    reads("2024 and 2025", "2024", 4);
}

#[test]
fn no_times() {
    for text in [
        "",
        "三九",
        "600036",
        "净利润",
        "mayor",
        "股",
        "15家",
        "2500",
        "每股收益",
    ] {
        let characters: Vec<char> = text.chars().collect();
        assert_eq!(time_at(&characters, 0), None, "{text}");
    }
}

#[test]
fn what_is_to_come_and_how_long_it_took() {
    reads("未来30天内", "Coming(30, Day)", 6);
    reads("今后三个月到期", "Coming(3, Month)", 5);
    reads("未来半年", "Coming(6, Month)", 4);
    reads("next 30 days", "Coming(30, Day)", 12);
    reads("within the next 6 months", "Coming(6, Month)", 24);
    reads("1-year return", "Recent(1, Year)", 6);
    reads("six-month performance", "Recent(6, Month)", 9);
    reads("annual", "Each(Year)", 6);
    let loan: Vec<char> = "5-year lpr".chars().collect();
    assert!(time_at(&loan, 0).is_none_or(|(_, len)| len < 6));
}
