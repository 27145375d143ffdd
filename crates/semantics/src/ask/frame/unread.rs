//! Words that are left over: there is no answer beside them.

use super::Frame;
use crate::ask::clause::{Clause, Flag};
use crate::ask::{Choice, Clarify, Reading, Refusal, Remark, Understanding};

/// Words that are left over. A word for the whole of the data is none: 中药 in front of 公司 where all names are of that
/// trade and the catalog has no trades.
pub(super) fn unread(
    clause: &Clause,
    frame: &mut Frame,
    last: Option<&Frame>,
    with: &Understanding,
) -> Result<(), Reading> {
    let mut left = Vec::new();
    // Among causes there is much that no table holds: it is named, and what the tables hold is answered.
    let why = clause.has(Flag::Why) && !frame.values.is_empty() && !frame.subjects.is_empty();
    // 占比是多少 behind a count of those that meet a condition: their share of all.
    let counted = clause.values.is_empty()
        && clause.conditions.is_empty()
        && last.is_some_and(|last| {
            last.has(Flag::Count) && !last.conditions.is_empty() || !last.bands.is_empty()
        });
    let shares = clause.shares.iter().filter(|_| !counted);
    for word in clause.unread.iter().chain(shares) {
        if why {
            frame.remarks.push(Remark {
                code: "not_in_data",
                text: (
                    format!("数据里没有「{word}」"),
                    format!("the data do not hold `{word}`"),
                ),
            });
        } else if clause.qualifiers.contains(word) && whole_trade(word, clause, with) {
            frame.remarks.push(Remark {
                code: "whole_data",
                text: (
                    format!("数据没有行业分类，「{word}」按数据中的全部公司计算"),
                    format!("the data have no classification of trades; `{word}` is taken as all subjects in the data"),
                ),
            });
            frame.flags.insert(Flag::Every);
        } else {
            left.push(word.clone());
        }
    }
    if left.is_empty() {
        return Ok(());
    }
    if let Some(question) = several_figures(&left, clause, with) {
        return Err(Reading::Clarify(question));
    }
    let mut refusal = Refusal::new(
        "not_understood",
        format!("数据和目录里没有「{}」", left.join("」「")),
        format!("neither the data nor the catalog know `{}`", left.join("`, `")),
    );
    refusal.nearest = left
        .iter()
        .flat_map(|word| with.lexicon.near.nearest(word, 3))
        .collect();
    refusal.missing = left;
    Err(Reading::Refuse(refusal))
}

/// `the margin`: the last word of several figures, of which one is meant.
fn several_figures(left: &[String], clause: &Clause, with: &Understanding) -> Option<Clarify> {
    const MOST: usize = 9;
    let [word] = left else { return None };
    if !clause.values.is_empty() || !word.is_ascii() || word.len() < 4 {
        return None;
    }
    let ending = format!(" {word}");
    let metrics = with.catalog.file().metrics.values();
    let options: Vec<Choice> = metrics
        .filter(|metric| metric.label.en.to_lowercase().ends_with(&ending))
        .take(MOST)
        .map(|metric| Choice {
            label: (metric.label.zh.clone(), metric.label.en.clone()),
            question: clause
                .text
                .replacen(word.as_str(), &metric.label.en.to_lowercase(), 1),
        })
        .collect();
    (options.len() > 1).then(|| Clarify {
        question: (
            format!("「{word}」指哪个指标？"),
            format!("which figure is meant by `{word}`?"),
        ),
        options,
        frame: None,
    })
}

/// Whether a word in front of a kind of subject names the trade of all of them: the catalog has no attribute that would
/// tell them apart, and a fifth of their names share a character with the word.
fn whole_trade(word: &str, clause: &Clause, with: &Understanding) -> bool {
    const SHARE: usize = 5;
    let entity = match clause.entities.first() {
        Some(entity) => entity.clone(),
        None if clause.has(Flag::Peers) || clause.values.iter().any(|value| value.of_peers) => {
            match with.catalog.file().entities.keys().next() {
                Some(entity) => entity.clone(),
                None => return false,
            }
        }
        None => return false,
    };
    let classified = with.catalog.file().tables.values().any(|table| {
        table.entities.contains_key(&entity) && table.period.is_none() && !table.dimensions.is_empty()
    });
    if classified || word.chars().count() > 6 {
        return false;
    }
    let names: Vec<&str> = with
        .vocabulary
        .members
        .iter()
        .filter(|member| member.entity == entity)
        .map(|member| member.text.as_str())
        .filter(|name| !name.is_ascii())
        .collect();
    let sharing = names
        .iter()
        .filter(|name| name.chars().any(|character| word.contains(character)))
        .count();
    !names.is_empty() && sharing * SHARE >= names.len()
}
