//! Texts and subjects that count as the same: width, case and spaces aside; a company's code, short and full name.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::Cell;
use crate::period::{self, Period};

/// A text without what does not count: width, case, spaces.
pub(crate) fn plain(text: &str) -> String {
    let narrow = text.chars().filter_map(|c| match c {
        '\u{3000}' => None,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0),
        _ if c.is_whitespace() => None,
        _ => Some(c),
    });
    narrow.flat_map(char::to_lowercase).collect()
}

/// Codes and names of subjects: companies, funds, indices, clients, managers, branches.
#[derive(Debug, Default)]
pub(crate) struct Names {
    codes_of: BTreeMap<String, BTreeSet<String>>,
    names_of: BTreeMap<String, BTreeSet<String>>,
}

impl Names {
    /// Adds a subject with all its names.
    pub(crate) fn add(&mut self, code: &str, names: impl IntoIterator<Item = String>) {
        let code = plain(code);
        for name in names.into_iter().map(|name| plain(&name)).chain([code.clone()]) {
            if !name.is_empty() {
                self.codes_of
                    .entry(name.clone())
                    .or_default()
                    .insert(code.clone());
                self.names_of.entry(code.clone()).or_default().insert(name);
            }
        }
    }

    fn is_code(&self, text: &str) -> bool {
        self.names_of.contains_key(text)
    }

    /// A name of this code, not the code itself, that nobody else has.
    pub(crate) fn only_name(&self, code: &str) -> Option<&str> {
        let names = self.names_of.get(code)?.iter();
        let mut own = names
            .filter(|name| *name != code && self.codes_of.get(*name).is_some_and(|codes| codes.len() == 1));
        own.next().map(String::as_str)
    }

    /// Everything that a key may be called in a label.
    pub(crate) fn called(&self, key: &Key) -> BTreeSet<String> {
        let own = key.texts.iter().cloned();
        let others = key.codes.iter().filter_map(|code| self.names_of.get(code));
        own.chain(others.flatten().cloned()).collect()
    }

    /// A key of the gold.
    pub(crate) fn key(&self, text: &str) -> Key {
        self.key_of(&[text])
    }

    /// A cell of an answer as a key; `None` if it is missing.
    pub(crate) fn cell_key(&self, cell: &Cell) -> Option<Key> {
        match cell {
            Cell::Missing => None,
            Cell::Number { text, .. } | Cell::Text(text) => Some(self.key_of(&[text.as_str()])),
            Cell::Bool(yes) => Some(self.key_of(&[if *yes { "true" } else { "false" }])),
            // A known code says all; a name beside it may be that of two subjects.
            Cell::Member { code, .. } if self.is_code(&plain(code)) => Some(self.key_of(&[code.as_str()])),
            Cell::Member { code, name } => Some(self.key_of(&[code.as_str(), name.as_str()])),
        }
    }

    fn key_of(&self, texts: &[&str]) -> Key {
        let plainly = texts
            .iter()
            .map(|text| plain(text))
            .filter(|text| !text.is_empty());
        // 600080.SH is 600080.
        let shorter = |text: String| match text.split_once('.') {
            Some((code, "sh" | "sz" | "bj")) if code.bytes().all(|byte| byte.is_ascii_digit()) => {
                code.to_owned()
            }
            _ => text,
        };
        let plainly: BTreeSet<String> = plainly.map(shorter).collect();
        let codes = plainly.iter().filter_map(|text| self.codes_of.get(text));
        Key {
            codes: codes.flatten().cloned().collect(),
            period: texts.iter().find_map(|text| period::whole(text)),
            texts: plainly,
        }
    }
}

/// A key, ready to be compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    texts: BTreeSet<String>,
    codes: BTreeSet<String>,
    pub(crate) period: Option<Period>,
}

impl Key {
    pub(crate) fn is(&self, other: &Self) -> bool {
        !self.texts.is_disjoint(&other.texts)
            || !self.codes.is_disjoint(&other.codes)
            || self.period.is_some() && self.period == other.period
    }

    /// Also where two periods only end at once.
    pub(crate) fn is_loosely(&self, other: &Self) -> bool {
        self.is(other) || matches!((self.period, other.period), (Some(one), Some(two)) if one.ends_with(two))
    }
}

/// Whether an attribute of the gold is what a cell shows.
pub(crate) fn same_text(gold: &str, cell: &Cell) -> bool {
    let same = |text: &str| {
        let periods = (period::whole(gold), period::whole(text));
        plain(gold) == plain(text) || periods.0.is_some() && periods.0 == periods.1
    };
    match cell {
        Cell::Text(text) => same(text),
        Cell::Member { code, name } => same(code) || same(name),
        Cell::Missing | Cell::Number { .. } | Cell::Bool(_) => false,
    }
}

/// Yes or no, as a cell says it.
pub(crate) fn as_bool(cell: &Cell) -> Option<bool> {
    match cell {
        Cell::Bool(yes) => Some(*yes),
        Cell::Text(text) => match plain(text).as_str() {
            "是" | "相同" | "一致" | "yes" | "true" | "same" => Some(true),
            "否" | "不同" | "不相同" | "不一致" | "no" | "false" | "different" => Some(false),
            _ => None,
        },
        Cell::Missing | Cell::Number { .. } | Cell::Member { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let mut names = Names::default();
        names.add(
            "000538",
            ["云南白药".to_owned(), "云南白药集团股份有限公司".to_owned()],
        );
        names.add("C1", ["客户甲".to_owned()]);
        names.add("C2", ["客户甲".to_owned()]);
        names
    }

    #[test]
    fn code_short_and_full_name_are_one_key() {
        let names = names();
        let gold = names.key("000538");
        for text in ["云南白药", "云南白药集团股份有限公司", "000538.SZ", " 云南 白药"] {
            assert!(
                names.cell_key(&Cell::Text(text.to_owned())).unwrap().is(&gold),
                "{text}"
            );
        }
        assert!(!names.key("000539").is(&gold));
    }

    #[test]
    fn a_code_decides_where_two_have_one_name() {
        let names = names();
        let member = |code: &str| Cell::Member {
            code: code.to_owned(),
            name: "客户甲".to_owned(),
        };
        assert!(names.cell_key(&member("C1")).unwrap().is(&names.key("C1")));
        assert!(!names.cell_key(&member("C1")).unwrap().is(&names.key("C2")));
    }

    #[test]
    fn texts_are_compared_without_width_case_and_spaces() {
        assert!(same_text("ＡＢＣ（中国）", &Cell::Text("abc(中国) ".to_owned())));
        assert!(same_text("2026-10-24", &Cell::Text("2026年10月24日".to_owned())));
        assert!(!same_text("王文博", &Cell::Text("王文".to_owned())));
        assert_eq!(as_bool(&Cell::Text("不一致".to_owned())), Some(false));
    }
}
