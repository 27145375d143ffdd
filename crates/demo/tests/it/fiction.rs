//! Nobody and nothing in the demo is real, and every name leads to one thing only.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use calamine::{Data, Reader, Xlsx, open_workbook};
use jinsheng_testkit::shared::shared;

use crate::support::{Demo, SEEDS};

#[test]
fn names_and_codes_are_unique_within_and_across_tables() {
    let demo = Demo::new(SEEDS[0]);
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (table, columns) in [
        (
            "companies",
            &[
                "company_code",
                "short_name",
                "full_name",
                "english_name",
                "nickname",
            ][..],
        ),
        (
            "funds",
            &["fund_code", "short_name", "full_name", "english_name", "nickname"],
        ),
        ("indices", &["index_code", "name", "english_name"]),
        ("branches", &["branch_id", "branch_name", "english_name"]),
        ("relationship_managers", &["manager_id", "manager_name"]),
        ("clients", &["client_id", "client_name", "phone", "id_number"]),
    ] {
        for row in demo.rows(table) {
            for column in columns {
                let text = row.text(column);
                assert!(
                    !text.is_empty() && text.trim() == text,
                    "{row}: {column} `{text}`"
                );
                let place = format!("{row}, {column}");
                if let Some(other) = seen.insert(text.to_owned(), place.clone()) {
                    panic!("`{text}` names two things: {other} and {place}");
                }
            }
        }
    }
    let initials = demo.by("companies", "pinyin_initials");
    assert!(
        initials
            .keys()
            .all(|text| text.chars().all(|letter| letter.is_ascii_lowercase()))
    );
}

#[test]
fn some_codes_begin_with_a_zero() {
    let demo = Demo::new(SEEDS[0]);
    for (table, column, least) in [("companies", "company_code", 20), ("funds", "fund_code", 70)] {
        let zeros = demo
            .rows(table)
            .iter()
            .filter(|row| row.text(column).starts_with('0'))
            .count();
        assert!(zeros >= least, "{table}: {zeros}");
    }
}

/// Six-digit blocks 0991, 0995 and 9951 to 9958, of which no exchange issues any.
#[test]
fn codes_lie_in_blocks_that_no_exchange_uses() {
    let demo = Demo::new(SEEDS[0]);
    for (table, column) in [
        ("companies", "company_code"),
        ("funds", "fund_code"),
        ("indices", "index_code"),
    ] {
        for row in demo.rows(table) {
            let code = row.text(column);
            let is_own = code.strip_prefix("LC").is_some_and(|digits| digits.len() == 5);
            let is_block = code.len() == 6 && (code.starts_with("099") || code.starts_with("995"));
            assert!(is_own || is_block, "{row}: {code}");
        }
    }
}

#[test]
fn everybody_and_everything_is_marked() {
    let demo = Demo::new(SEEDS[0]);
    assert_eq!(demo.summary.tables.len(), 18);
    for table in &demo.summary.tables {
        let rows = demo.rows(table.table);
        assert!(!rows.is_empty(), "{}", table.table);
        for row in rows {
            assert_eq!(row.text("note"), "虚构", "{row}");
        }
    }
}

#[test]
fn phone_and_identity_numbers_cannot_be_anyones() {
    for seed in SEEDS {
        for row in Demo::new(seed).rows("clients") {
            let phone = row.text("phone");
            assert!(phone.len() == 11 && phone.starts_with("1540"), "{row}: {phone}");
            assert!(
                phone.chars().all(|digit| digit.is_ascii_digit()),
                "{row}: {phone}"
            );
            let number = row.text("id_number");
            assert!(
                number.len() == 18 && number.starts_with("990000"),
                "{row}: {number}"
            );
            let birth = row.text("birth_date").replace('-', "");
            assert_eq!(number.get(6..14), Some(birth.as_str()), "{row}");
            let last: u32 = number.get(16..17).unwrap().parse().unwrap();
            assert_eq!(
                row.text("gender"),
                if last % 2 == 1 { "男" } else { "女" },
                "{row}"
            );
            assert!(row.text("client_name").starts_with("客户"), "{row}");
            assert!(row.text("open_date") <= row.text("risk_test_date"), "{row}");
            assert!(row.text("risk_test_date") <= "2026-09-30", "{row}");
        }
    }
}

#[test]
fn some_risk_tests_have_expired() {
    for seed in SEEDS {
        let rows = Demo::new(seed).rows("clients");
        let expired = rows
            .iter()
            .filter(|row| row.text("risk_test_expiry") < "2026-09-30")
            .count();
        assert!((30..=110).contains(&expired), "seed {seed}: {expired}");
    }
}

/// All texts of the given columns, found by the words in the header line.
fn column_texts(path: &PathBuf, words: &[&str]) -> BTreeSet<String> {
    let mut workbook: Xlsx<_> = open_workbook(path).unwrap();
    let name = workbook.sheet_names().first().unwrap().clone();
    let range = workbook.worksheet_range(&name).unwrap();
    let mut rows = range.rows();
    let header: Vec<String> = rows.next().unwrap().iter().map(ToString::to_string).collect();
    let wanted: Vec<usize> = words
        .iter()
        .map(|word| {
            header
                .iter()
                .position(|text| text == word)
                .unwrap_or_else(|| panic!("{word} is not in {header:?}"))
        })
        .collect();
    let mut texts = BTreeSet::new();
    for row in rows {
        for position in &wanted {
            if let Some(Data::String(text)) = row.get(*position) {
                texts.insert(text.trim().to_owned());
            }
        }
    }
    texts
}

/// The words that stand before a short name without belonging to it.
fn bare(name: &str) -> String {
    let name: String = name.chars().filter(|letter| !letter.is_whitespace()).collect();
    name.trim_start_matches('*').trim_start_matches("ST").to_owned()
}

#[test]
fn no_name_is_or_contains_a_real_companys() {
    let (Some(reports), Some(base)) = (
        shared("finglm/company_annual_reports.xlsx"),
        shared("finglm/baseinfo.xlsx"),
    ) else {
        return;
    };
    let mut real = column_texts(&reports, &["company_full_name", "company_short_name"]);
    real.extend(column_texts(&base, &["股票简称", "证券简称"]));
    let real: BTreeSet<String> = real
        .iter()
        .map(|name| bare(name))
        .filter(|name| name.chars().count() >= 2)
        .collect();
    assert!(real.len() > 4_000, "only {} real names were read", real.len());

    let demo = Demo::new(SEEDS[0]);
    let mut clashes = Vec::new();
    for (table, columns) in [
        (
            "companies",
            &["short_name", "full_name", "nickname", "exchange"][..],
        ),
        ("funds", &["short_name", "full_name", "nickname", "fund_company"]),
        ("indices", &["name"]),
        ("branches", &["branch_name"]),
        ("relationship_managers", &["manager_name"]),
        ("clients", &["client_name"]),
    ] {
        for row in demo.rows(table) {
            for column in columns {
                let name = row.text(column);
                let clash = real.iter().find(|real| name.contains(real.as_str()));
                clashes.extend(clash.map(|real| format!("{row}: {column} `{name}` contains `{real}`")));
            }
        }
    }
    // One character of four is too little of a difference.
    let differ = |one: &str, other: &str| one.chars().zip(other.chars()).filter(|(a, b)| a != b).count();
    for row in demo.rows("companies") {
        for column in ["short_name", "nickname"] {
            let name = row.text(column);
            let length = name.chars().count();
            let echo = real
                .iter()
                .find(|real| length > 3 && real.chars().count() == length && differ(real, name) < 2);
            clashes.extend(echo.map(|real| format!("{row}: {column} `{name}` echoes `{real}`")));
        }
    }
    assert!(clashes.is_empty(), "{clashes:#?}");
}

#[test]
fn nothing_official_happens_on_a_weekend() {
    for seed in SEEDS {
        let demo = Demo::new(seed);
        for (table, column) in [
            ("companies", "listed_date"),
            ("funds", "inception_date"),
            ("funds", "maturity_date"),
            ("relationship_managers", "hired_date"),
            ("clients", "open_date"),
            ("transactions", "trade_date"),
        ] {
            for row in demo.rows(table).iter().filter(|row| !row.text(column).is_empty()) {
                let day: jiff::civil::Date = row.text(column).parse().unwrap();
                assert!(
                    day.weekday().to_monday_one_offset() < 6,
                    "seed {seed}, {row}: {column} {day}"
                );
            }
        }
    }
}
