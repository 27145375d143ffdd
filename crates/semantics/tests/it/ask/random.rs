//! Whatever is written, a turn is read to its end, within bounds, and nothing is answered that was not understood.

use jinsheng_semantics::ask::{Reading, Talk};
use jinsheng_semantics::query::parse_query;
use proptest::prelude::*;

use super::project::understanding;

/// Longest turn that is read, in characters.
const LONGEST: usize = 2_000;

/// Words, names, numbers, times and marks of both languages. No brackets: what stands in them may explain what stands
/// before, and is then not asked.
const WORDS: &[&str] = &[
    "青禾制药",
    "Egret Foods",
    "星野",
    "300902",
    "稳盈一号",
    "王晓梅",
    "医药",
    "R3",
    "C4",
    "公司",
    "基金",
    "客户",
    "company",
    "行业",
    "industry",
    "净利润",
    "营收",
    "revenue",
    "毛利率",
    "gross margin",
    "CPI",
    "规模",
    "业绩",
    "利润表",
    "2024年",
    "去年",
    "近三年",
    "第三季度",
    "2022-2025年",
    "first half of 2025",
    "每年",
    "每季度",
    "上年同期",
    "5亿元",
    "30%",
    "3",
    "三家",
    "-2.5",
    "10个百分点",
    "一半",
    "超过",
    "低于",
    "以上",
    "之间",
    "在",
    "为负",
    "均",
    "都",
    "above",
    "between",
    "不",
    "或",
    "且",
    "和",
    "、",
    "与",
    "and",
    "or",
    "最高",
    "前",
    "top",
    "排名",
    "从高到低",
    "倒数",
    "平均",
    "中位数",
    "合计",
    "average",
    "同比",
    "环比",
    "增长",
    "下降",
    "变化",
    "growth",
    "占",
    "比例",
    "差值",
    "除以",
    "减",
    "各",
    "按",
    "by",
    "分组",
    "分布",
    "连续",
    "哪些",
    "多少",
    "多少家",
    "which",
    "how many",
    "什么",
    "是",
    "的",
    "其中",
    "它们",
    "those",
    "只看",
    "除了",
    "画",
    "折线图",
    "趋势",
    "相关性",
    "是否一致",
    "换成",
    "倒过来",
    "保留",
    "位小数",
    "单季",
    "绝对值",
    "复合增长率",
    "盈利",
    "亏损",
    "扭亏为盈",
    "到",
];

const MARKS: &[&str] = &[
    "", "", "", "", " ", ",", "，", "。", "；", "？", "①", "②", "1.", "、", "：", "\"", "-", "/", "=", "\n",
];

/// Marks that open and close, which [`WORDS`] leaves out.
const BRACKETS: &[&str] = &[
    "(",
    ")",
    "（",
    "）",
    "《",
    "》",
    "(即",
    "\u{0}",
    "\u{1f600}",
    "é",
    "㍿",
    "①",
];

/// A word that no catalog knows.
const STRANGE: [&str; 3] = ["魑魅魍魉", "zqxjkv", "囧囧囧囧囧"];

fn text(words: impl Into<proptest::collection::SizeRange>) -> impl Strategy<Value = String> {
    let word = (prop::sample::select(WORDS), prop::sample::select(MARKS));
    prop::collection::vec(word, words)
        .prop_map(|words| words.into_iter().flat_map(|(word, mark)| [word, mark]).collect())
}

/// Reads all parts of a turn after one another; each is given to `look`.
fn read(turn: &str, mut look: impl FnMut(&str, &Reading)) {
    let understanding = understanding();
    let parts = understanding.parts(turn);
    let characters: usize = parts.iter().map(|part| part.chars().count()).sum();
    assert!(
        !parts.is_empty() && parts.len() <= LONGEST && characters <= LONGEST,
        "{} parts of {characters} characters: {turn:?}",
        parts.len()
    );
    let mut talk = Talk::default();
    for part in parts.iter().take(6) {
        let reading = understanding.read(part, &talk);
        look(part, &reading);
        if let Reading::Ask(asked) = &reading {
            talk.last = Some(asked.frame.clone());
            talk.subjects = Some((
                "company".to_owned(),
                vec!["300901".to_owned(), "300903".to_owned()],
            ));
            talk.within_turn = true;
        }
    }
}

/// What is answered is a Query that reads back; what is not says so in both languages.
fn sound(part: &str, reading: &Reading) {
    match reading {
        Reading::Ask(asked) => {
            assert!(!asked.query.items.is_empty(), "{part:?}");
            for query in std::iter::once(&asked.query).chain(&asked.beside) {
                let line = query.to_string();
                assert_eq!(parse_query(&line).as_ref(), Ok(query), "{part:?} reads as {line}");
            }
        }
        Reading::Clarify(clarify) => {
            assert!(
                !clarify.question.0.is_empty() && !clarify.question.1.is_empty(),
                "{part:?}"
            );
        }
        Reading::Refuse(refusal) => {
            assert!(
                !refusal.reason.0.is_empty() && !refusal.reason.1.is_empty(),
                "{part:?}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn questions_of_words_end(turn in text(1..25)) {
        read(&turn, sound);
    }

    #[test]
    fn anything_ends(turn in "\\PC{0,60}", words in text(0..6), brackets in prop::sample::subsequence(BRACKETS, 0..6)) {
        let mut turn = turn;
        for mark in brackets {
            turn.push_str(mark);
            turn.push_str(&words);
        }
        read(&turn, sound);
    }

    /// A strange word is named or asked about; only a question for causes goes on without it, and says so.
    #[test]
    fn nothing_unread_is_answered(before in text(0..8), strange in prop::sample::select(&STRANGE[..]), after in text(0..8)) {
        let turn = format!("{before}{strange}{after}");
        read(&turn, |part, reading| {
            if let Reading::Ask(asked) = reading {
                let said = asked.remarks.iter().any(|remark| remark.text.0.contains(strange));
                assert!(said || !part.contains(strange), "{part:?} reads as {}", asked.query);
            }
        });
    }
}

/// A turn is cut at its limit, wherever that falls.
#[test]
fn long_turns_end() {
    for word in [
        "青禾制药2024年净利润，",
        "超过",
        "净利润和",
        "①",
        "2024年",
        "比",
        "(",
        "它们，",
        "a ",
        "连续三年净利润为正或",
    ] {
        read(&word.repeat(3_000 / word.chars().count() + 1), sound);
    }
}
