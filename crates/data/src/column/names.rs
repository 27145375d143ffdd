//! Column names from headers, and what a header says of its values.

use std::collections::{HashMap, HashSet};

use jinsheng_core::Unit;
use jinsheng_text::{header::split_unit, normalise};

use crate::Note;

/// A column as the source declares it.
#[derive(Debug, Clone, Default)]
pub(crate) struct ColumnHead {
    /// Header as written.
    pub(crate) header: String,
    /// The source declares truth values (SQLite holds them as 0 and 1).
    pub(crate) declared_boolean: bool,
    /// The source's own comment on the column.
    pub(crate) comment: Option<String>,
    /// Oddities that the importer met.
    pub(crate) notes: Vec<Note>,
}

impl ColumnHead {
    pub(crate) fn new(header: impl Into<String>) -> Self {
        Self {
            header: header.into(),
            ..Self::default()
        }
    }
}

/// A column's name, label and unit.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) unit: Option<Unit>,
    pub(crate) note: Option<Note>,
}

/// Names columns: the normalised header; `column_3` when it is empty; with `_2`, `_3` … when it is taken.
pub(crate) fn unique_names(heads: &[ColumnHead]) -> Vec<Named> {
    let plain: HashSet<String> = heads.iter().map(|head| normalise(&head.header)).collect();
    let mut taken: HashSet<String> = HashSet::new();
    // The next number to try for each name: thousands of equal headers must not try all numbers again and again.
    let mut next: HashMap<String, u64> = HashMap::new();
    heads
        .iter()
        .enumerate()
        .map(|(index, head)| {
            let (label, unit) = split_unit(&head.header);
            let mut name = normalise(&head.header);
            let mut note = None;
            if name.is_empty() {
                name = format!("column_{}", index + 1);
                note = Some(Note::EmptyHeader);
            }
            if taken.contains(&name) || (note.is_some() && plain.contains(&name)) {
                note.get_or_insert(Note::DuplicateHeader);
                let base = name.clone();
                let number = next.entry(base.clone()).or_insert(2);
                while taken.contains(&name) || plain.contains(&name) {
                    name = format!("{base}_{number}");
                    *number += 1;
                }
            }
            taken.insert(name.clone());
            let label = if label.is_empty() { name.clone() } else { label };
            Named {
                name,
                label,
                unit,
                note,
            }
        })
        .collect()
}

/// True when the header says that values are codes, which are text even when all are digits.
///
/// Looks at the end of the label: `股票代码` is a code, `代码行数` is not; a header with a unit never is.
pub(crate) fn holds_codes(label: &str, unit: Option<Unit>) -> bool {
    const ENDS: [&str; 24] = [
        "代码",
        "编码",
        "编号",
        "证件",
        "证件号",
        "身份证",
        "身份证号",
        "电话",
        "手机",
        "手机号",
        "号码",
        "账号",
        "帐号",
        "账户号",
        "卡号",
        "邮编",
        "邮政编码",
        "证号",
        "单号",
        "工号",
        "学号",
        "户号",
        "传真",
        "联系方式",
    ];
    const WORDS: [&str; 22] = [
        "code",
        "codes",
        "id",
        "ids",
        "uid",
        "uuid",
        "phone",
        "mobile",
        "tel",
        "telephone",
        "fax",
        "zip",
        "zipcode",
        "postcode",
        "isin",
        "ticker",
        "symbol",
        "cusip",
        "sedol",
        "lei",
        "passport",
        "secid",
    ];
    const OWNERS: [&str; 11] = [
        "account",
        "acct",
        "card",
        "phone",
        "mobile",
        "certificate",
        "cert",
        "licence",
        "license",
        "contract",
        "client",
    ];
    if unit.is_some() {
        return false;
    }
    let trimmed = label.trim_end_matches([')', ']']).trim_end();
    if ENDS.iter().any(|end| trimmed.ends_with(end)) {
        return true;
    }
    let words = words_of(label);
    let mut backwards = words.iter().rev().map(String::as_str);
    match backwards.next() {
        Some("no" | "num" | "number") => backwards
            .next()
            .is_some_and(|word| OWNERS.contains(&word) || WORDS.contains(&word)),
        Some(word) => WORDS.contains(&word),
        None => false,
    }
}

/// True for the running numbers of a database, which have no leading zeros to lose.
pub(crate) fn holds_ids(label: &str) -> bool {
    matches!(
        words_of(label).last().map(String::as_str),
        Some("id" | "ids" | "uid")
    )
}

/// True when the header says that values are days, so that eight digits may be read as one.
pub(crate) fn holds_dates(label: &str) -> bool {
    const CONTAINS: [&str; 7] = ["日期", "日", "时间", "截止", "截至", "date", "day"];
    let lower = label.to_ascii_lowercase();
    CONTAINS.iter().any(|part| lower.contains(part))
}

/// Lower-case words of an English identifier: `stockCode`, `stock_code`, `Stock Code`.
fn words_of(label: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut previous_lower = false;
    for character in label.chars() {
        if !character.is_ascii_alphanumeric() {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            // Words in another script separate, so that `基金ID` ends in `id`.
            if character.is_alphanumeric() {
                word.push(character);
                words.push(std::mem::take(&mut word));
            }
            previous_lower = false;
            continue;
        }
        if character.is_ascii_uppercase() && previous_lower {
            words.push(std::mem::take(&mut word));
        }
        previous_lower = character.is_ascii_lowercase() || character.is_ascii_digit();
        word.push(character.to_ascii_lowercase());
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_by_header() {
        for label in [
            "股票代码",
            "证券代码",
            "stock_code",
            "stockCode",
            "ID",
            "客户编号",
            "phone",
            "手机号码",
            "基金ID",
            "account_no",
            "ts_code",
            "统一社会信用代码",
        ] {
            assert!(holds_codes(label, None), "{label}");
        }
        for label in [
            "代码行数",
            "paid",
            "号",
            "serial_number",
            "营业收入",
            "电话费",
            "idle",
            "phone_count",
            "no",
        ] {
            assert!(!holds_codes(label, None), "{label}");
        }
        assert!(!holds_codes("电话", Some(Unit::YUAN)));
    }

    #[test]
    fn names_are_unique() {
        let heads: Vec<ColumnHead> = ["a", "a", "", "a_2", "Ｂ（元）", "column_3", " a "]
            .into_iter()
            .map(ColumnHead::new)
            .collect();
        let names: Vec<String> = unique_names(&heads).into_iter().map(|named| named.name).collect();
        assert_eq!(
            names,
            ["a", "a_3", "column_3_2", "a_2", "B(元)", "column_3", "a_4"]
        );
    }
}
