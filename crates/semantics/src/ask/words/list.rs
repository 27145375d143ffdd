//! The words of questions, read once from a data file for each language.
//!
//! Words are data: who adds one writes it behind its meaning in `zh.txt` or `en.txt` and need not know what is made of it.

use std::sync::LazyLock;

use jinsheng_core::Grain;

use super::{Chart, Word as W};
use crate::query::CompareOp::{Eq, Ge, Gt, Le, Lt, Ne};
use crate::query::Direction::{Asc, Desc};
use crate::query::{Form, Stat};

const ZH: &str = include_str!("zh.txt");
const EN: &str = include_str!("en.txt");

/// What the lines of the files are about.
const CODES: &[(&str, W)] = &[
    ("filler", W::Filler),
    ("form_single", W::Form(Form::Single)),
    ("form_ytd", W::Form(Form::Ytd)),
    ("form_ttm", W::Form(Form::Ttm)),
    ("yoy", W::Yoy),
    ("qoq", W::Qoq),
    ("growth", W::Growth),
    ("up", W::Up),
    ("down", W::Down),
    ("change", W::Change),
    ("change_amount", W::ChangeAmount),
    ("cagr", W::Cagr),
    ("swing", W::Swing),
    ("compare_above", W::Compare(Gt)),
    ("compare_at_least", W::Compare(Ge)),
    ("compare_below", W::Compare(Lt)),
    ("compare_at_most", W::Compare(Le)),
    ("compare_equal", W::Compare(Eq)),
    ("compare_unequal", W::Compare(Ne)),
    ("bound_at_least", W::Bound(Ge)),
    ("bound_at_most", W::Bound(Le)),
    ("between", W::Between),
    ("within", W::Within),
    ("is", W::Is),
    ("positive", W::Positive),
    ("negative", W::Negative),
    ("zero", W::Zero),
    ("profit", W::Profit),
    ("loss", W::Loss),
    ("both_periods", W::BothPeriods),
    ("except_behind", W::ExceptBehind),
    ("cut", W::Cut),
    ("rest", W::Rest),
    ("deviation", W::Deviation),
    ("quartiles", W::Quartile(0)),
    ("quartile_upper", W::Quartile(75)),
    ("quartile_lower", W::Quartile(25)),
    ("percentile", W::Percentile),
    ("year_end", W::YearEnd),
    ("together", W::Together),
    ("overall", W::Overall),
    ("turned_profit", W::TurnedProfit),
    ("turned_loss", W::TurnedLoss),
    ("first_largest", W::First(Desc)),
    ("first_smallest", W::First(Asc)),
    ("most_largest", W::Most(Desc)),
    ("most_smallest", W::Most(Asc)),
    ("rank", W::Rank),
    ("order_descending", W::Order(Desc)),
    ("order_ascending", W::Order(Asc)),
    ("stat_mean", W::Stat(Stat::Mean)),
    ("stat_median", W::Stat(Stat::Median)),
    ("stat_sum", W::Stat(Stat::Sum)),
    ("stat_max", W::Stat(Stat::Max)),
    ("stat_min", W::Stat(Stat::Min)),
    ("peers", W::Peers),
    ("share_of", W::ShareOf),
    ("share", W::Share),
    ("ratio", W::Ratio),
    ("difference", W::Difference),
    ("minus", W::Minus),
    ("plus", W::Plus),
    ("divide", W::Divide),
    ("times", W::Times),
    ("absolute", W::Absolute),
    ("each", W::Each),
    ("grouped", W::Grouped),
    ("distribution", W::Distribution),
    ("and", W::And),
    ("or", W::Or),
    ("not", W::Not),
    ("all", W::All),
    ("streak", W::Streak),
    ("trend", W::Trend),
    ("versus", W::Versus),
    ("correlation", W::Correlation),
    ("which", W::Which),
    ("list", W::List),
    ("count", W::Count),
    ("how_much", W::HowMuch),
    ("why", W::Why),
    ("these", W::These),
    ("among", W::Among),
    ("except", W::Except),
    ("only", W::Only),
    ("reverse", W::Reverse),
    ("instead", W::Instead),
    ("agree", W::Agree),
    ("differ", W::Differ),
    ("whether", W::Whether),
    ("same", W::Same),
    ("source", W::Source),
    ("sure", W::Sure),
    ("means", W::Means),
    ("chart_line", W::Chart(Chart::Line)),
    ("chart_bar", W::Chart(Chart::Bar)),
    ("chart_hbar", W::Chart(Chart::Hbar)),
    ("chart_pie", W::Chart(Chart::Pie)),
    ("chart_scatter", W::Chart(Chart::Scatter)),
    ("chart_radar", W::Chart(Chart::Radar)),
    ("chart_histogram", W::Chart(Chart::Histogram)),
    ("chart_box", W::Chart(Chart::Box)),
    ("chart_table", W::Chart(Chart::Table)),
    ("draw", W::Draw),
    ("key", W::Key),
    ("round", W::Round),
    ("decimals", W::Decimals),
    ("in_unit", W::InUnit),
    ("ask", W::Ask),
    ("every", W::Every),
    ("advice", W::Advice),
    ("command", W::Command),
    ("attack", W::Attack),
    ("personal", W::Personal),
    ("outside", W::Outside),
    ("chat", W::Chat),
    ("of", W::Of),
    ("to", W::To),
    ("per_share", W::PerShare),
    ("higher_largest", W::Higher(Desc)),
    ("higher_smallest", W::Higher(Asc)),
    ("year_before", W::YearBefore),
    ("sieve", W::Sieve),
    ("analyse", W::Analyse),
    ("vague", W::Vague),
    ("definition", W::Definition),
    ("grain_year", W::Grain(Grain::Year)),
    ("grain_quarter", W::Grain(Grain::Quarter)),
    ("grain_month", W::Grain(Grain::Month)),
    ("grain_day", W::Grain(Grain::Day)),
    ("after", W::After),
    ("before", W::Before),
    ("return", W::Return),
    ("performance", W::Performance),
    ("expired", W::Expired),
    ("tally", W::Tally),
];

static WORDS: LazyLock<Vec<(&'static str, W)>> = LazyLock::new(|| {
    read(ZH)
        .chain(read(EN))
        .filter_map(Result::ok)
        .flatten()
        .collect()
});

/// Every word with its meaning, Chinese before English: of two meanings of one text the first counts.
pub(crate) fn words() -> &'static [(&'static str, W)] {
    &WORDS
}

/// The words of each line, or a line that is none; a test of this file sees to it that there is no such line.
fn read(file: &'static str) -> impl Iterator<Item = Result<Vec<(&'static str, W)>, &'static str>> {
    let lines = file.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| meaning(line).ok_or(line))
}

/// `code: word, word`. A comma without a space behind it belongs to the word.
fn meaning(line: &'static str) -> Option<Vec<(&'static str, W)>> {
    let (code, list) = line.split_once(": ")?;
    let (_, word) = CODES.iter().find(|(known, _)| *known == code)?;
    let words = list.split(", ").map(|text| (text, *word));
    words
        .map(|(text, word)| (!text.trim().is_empty()).then_some((text, word)))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::ask::lexicon::plain;

    #[test]
    fn every_line_is_read() {
        for line in read(ZH).chain(read(EN)) {
            assert!(line.is_ok(), "{line:?}");
        }
    }

    #[test]
    fn every_meaning_has_a_line_and_a_word() {
        let said: Vec<W> = words().iter().map(|(_, word)| *word).collect();
        for (code, word) in CODES {
            assert!(said.contains(word), "no word for {code}");
            let alike = CODES.iter().filter(|(_, other)| other == word).count();
            assert_eq!(alike, 1, "{code} and another code mean the same");
        }
    }

    #[test]
    fn no_meaning_has_two_lines_in_a_language() {
        for file in [ZH, EN] {
            let mut seen = BTreeSet::new();
            for line in file.lines().filter(|line| !line.starts_with('#')) {
                let code = line.split(": ").next().unwrap();
                assert!(code.is_empty() || seen.insert(code), "{code} stands twice");
            }
        }
    }

    #[test]
    fn no_word_stands_twice_in_a_language() {
        for file in [ZH, EN] {
            let mut seen: BTreeMap<String, W> = BTreeMap::new();
            for (text, word) in read(file).flatten().flatten() {
                let known = seen.insert(plain(text), word);
                assert_eq!(known, None, "`{text}` is {word:?} too");
            }
        }
    }

    #[test]
    fn commas_inside_words_stay() {
        let read: Vec<_> = meaning("and: a,b, c d").into_iter().flatten().collect();
        assert_eq!(read, [("a,b", W::And), ("c d", W::And)]);
        for line in ["and", "and:", "and: a, , b", "nothing: a"] {
            assert_eq!(meaning(line), None, "{line}");
        }
    }
}
