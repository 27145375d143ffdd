//! Column names from headers, and what a header says of its values.

use std::collections::{HashMap, HashSet};

use jinsheng_core::{Base, Unit};
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

/// True when a header says that its numbers are years, months or row numbers, by which a row is known and not measured.
pub(crate) fn names_time(label: &str) -> bool {
    // Exactly these: 本年度 and 2024年 are columns of amounts.
    const TIMES: [&str; 12] = [
        "年",
        "年度",
        "会计年度",
        "报告年度",
        "财政年度",
        "统计年度",
        "月",
        "月份",
        "季",
        "季度",
        "日",
        "序号",
    ];
    const WORDS: [&str; 5] = ["year", "month", "quarter", "day", "no"];
    let bare = without_bracket(label);
    let dated = label.bytes().any(|byte| byte.is_ascii_digit());
    let words = words_of(bare);
    let last = words.last().map(String::as_str).unwrap_or_default();
    bare.ends_with("年份") || TIMES.contains(&bare) || (!dated && WORDS.contains(&last))
}

fn without_bracket(label: &str) -> &str {
    label
        .split_once('(')
        .map_or(label, |(before, _)| before)
        .trim_end()
}

/// True when a unit stated above a table (`单位：万元`) is meant for a column of numbers that names none: not for ratios, prices
/// of a share, counts and parts of a date.
pub(crate) fn takes_caption_unit(label: &str, unit: Unit) -> bool {
    const PARTS: [&str; 18] = [
        "率", "占比", "比例", "比重", "同比", "环比", "增速", "增长", "增幅", "涨幅", "跌幅", "每股", "倍数",
        "市盈", "市净", "排名", "名次", "%",
    ];
    const ENDS: [&str; 14] = [
        "人数", "户数", "家数", "股数", "笔数", "件数", "次数", "个数", "天数", "数量", "份额", "份数",
        "人员", "面积",
    ];
    const WORDS: [&str; 22] = [
        "ratio",
        "rate",
        "pct",
        "percent",
        "percentage",
        "margin",
        "growth",
        "yoy",
        "qoq",
        "roe",
        "roa",
        "roic",
        "eps",
        "bps",
        "pe",
        "pb",
        "shares",
        "count",
        "number",
        "headcount",
        "employees",
        "rank",
    ];
    if names_time(label) {
        return false;
    }
    let bare = without_bracket(label);
    let words = words_of(bare);
    // `单位：%` stands above a table of ratios alone; money stands above ratios and counts as well.
    !matches!(unit.base, Base::Money(_))
        || !(PARTS.iter().any(|part| label.contains(part))
            || ENDS.iter().any(|end| bare.ends_with(end))
            || words.iter().any(|word| WORDS.contains(&word.as_str()))
            || words.windows(2).any(|pair| pair == ["per", "share"]))
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
    fn units_of_a_whole_table() {
        for label in [
            "营业收入",
            "净利润(本期)",
            "存款余额",
            "2024年",
            "本年度",
            "股本",
            "Net profit",
            "Share capital",
            "2024 year",
        ] {
            assert!(takes_caption_unit(label, Unit::YUAN), "{label}");
        }
        for label in [
            "资产负债率",
            "同比",
            "每股收益",
            "客户数量",
            "员工人数",
            "年份",
            "2024年排名",
            "EPS",
            "Growth rate",
            "Earnings per share",
            "Fiscal year",
        ] {
            assert!(!takes_caption_unit(label, Unit::YUAN), "{label}");
        }
        assert!(takes_caption_unit("资产负债率", Unit::PERCENT));
        assert!(!takes_caption_unit("年份", Unit::PERCENT));
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
