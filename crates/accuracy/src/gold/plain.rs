//! From what is written to the plain form: templates filled, every combination of `vary` written out. The same as `load_suite` of
//! `check.py` and `load_cases` of `finglm_load.py`.

use std::collections::BTreeMap;

use super::file::{Argument, File, Vary, Words, Written};
use super::{Case, Entry, Expect};
use crate::error::{AccuracyError, Outcome};

type Arguments = BTreeMap<String, Argument>;

pub(super) fn cases(file: File) -> Outcome<Vec<Case>> {
    let mut cases = Vec::new();
    for written in &file.cases {
        if !file.categories.contains_key(&written.category) {
            let reason = format!("category `{}` is not at the head of the file", written.category);
            return Err(wrong(&written.id, reason));
        }
        let parts = if written.parts.is_empty() {
            std::slice::from_ref(written)
        } else {
            &written.parts
        };
        let entries = parts.iter().map(|part| entry(&file, written, part));
        cases.push(Case {
            id: written.id.clone(),
            category: written.category.clone(),
            question: written.q.clone(),
            role: written.role.clone(),
            entries: entries.collect::<Outcome<_>>()?,
        });
    }
    for group in &file.refusals {
        for id in &group.ids {
            let entry = Entry {
                outcomes: [&[Expect::Refused], group.also.as_slice()].concat(),
                readings: Vec::new(),
                ordered: false,
                round: None,
                partial: Vec::new(),
                missing: group.missing.clone(),
                false_premise: false,
                excluded: true,
                chart: None,
            };
            cases.push(Case {
                id: format!("{id}/1"),
                category: group.category.clone(),
                question: None,
                role: None,
                entries: vec![entry],
            });
        }
    }
    Ok(cases)
}

fn wrong(id: &str, reason: String) -> AccuracyError {
    AccuracyError::Gold {
        id: id.to_owned(),
        reason,
    }
}

fn entry(file: &File, case: &Written, part: &Written) -> Outcome<Entry> {
    let expect = part
        .expect
        .ok_or_else(|| wrong(&case.id, "no `expect`".to_owned()))?;
    let readings = readings(file, case, part)?;
    if expect == Expect::Answered && readings.is_empty() {
        return Err(wrong(&case.id, "`answered` without `sql`".to_owned()));
    }
    Ok(Entry {
        outcomes: [&[expect], part.also.as_slice()].concat(),
        readings,
        ordered: part.ordered,
        round: part.round,
        partial: part.partial.clone(),
        missing: part.missing.clone(),
        false_premise: part.premise == Some(false),
        excluded: part.excluded,
        chart: part.chart.clone(),
    })
}

/// Every text of an entry, the main one first.
fn readings(file: &File, case: &Written, part: &Written) -> Outcome<Vec<String>> {
    let texts = if let Some(name) = &part.template {
        let args = part.args.as_ref().or(case.args.as_ref());
        let names = std::iter::once(name).chain(&part.or);
        let filled = names.map(|name| fill(file, case, name, args));
        filled.collect::<Outcome<Vec<_>>>()?
    } else {
        part.sql.iter().chain(&part.or).cloned().collect()
    };
    if part.vary.is_empty() {
        return Ok(texts);
    }
    let mut vary: Vec<&[Words]> = Vec::new();
    for list in &part.vary {
        vary.push(match list {
            Vary::Inline(words) => words,
            Vary::Named(name) => file
                .readings
                .get(name)
                .ok_or_else(|| wrong(&case.id, format!("no list `{name}` under `readings`")))?,
        });
    }
    let mut found: Vec<String> = Vec::new();
    for text in &texts {
        for reading in combinations(text, &vary) {
            if !found.contains(&reading) {
                found.push(reading);
            }
        }
    }
    Ok(found)
}

fn fill(file: &File, case: &Written, name: &str, args: Option<&Arguments>) -> Outcome<String> {
    let template = file.templates.get(name);
    let mut text = template
        .ok_or_else(|| wrong(&case.id, format!("no template `{name}`")))?
        .clone();
    for (word, value) in args.into_iter().flatten() {
        let value = match value {
            Argument::Number(number) => number.to_string(),
            Argument::Text(text) if text.chars().all(char::is_alphanumeric) => format!("'{text}'"),
            Argument::Text(text) => {
                return Err(wrong(&case.id, format!("argument `{text}` is no plain word")));
            }
        };
        text = text.replace(&format!(":{word}"), &value);
    }
    Ok(text)
}

/// `text` with every combination of the lists whose words it holds; the last list changes fastest.
fn combinations(text: &str, vary: &[&[Words]]) -> Vec<String> {
    let mut chosen = vec![Words::new()];
    for choices in vary {
        let held = choices
            .first()
            .is_some_and(|words| words.keys().any(|word| text.contains(&format!("<{word}>"))));
        if held {
            let longer = chosen.iter().flat_map(|before| {
                choices.iter().map(|words| {
                    let mut all = before.clone();
                    all.extend(words.clone());
                    all
                })
            });
            chosen = longer.collect();
        }
    }
    let written = chosen.iter().map(|words| {
        // A text that stands for a word may hold a word itself.
        let text = (0..3).fold(text.to_owned(), |text, _| substitute(&text, words));
        let lines: Vec<_> = text.split('\n').map(|line| line.trim_end_matches(' ')).collect();
        lines.join("\n")
    });
    written.collect()
}

fn substitute(text: &str, words: &Words) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let word = after
            .split_once('>')
            .filter(|(word, _)| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()));
        rest = match word.and_then(|(word, tail)| Some((words.get(word)?, tail))) {
            Some((value, tail)) => {
                out.push_str(value);
                tail
            }
            None => {
                out.push('<');
                after
            }
        };
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SET: &str = r#"
version: 1
set: small
categories: {lookup: one figure}
readings:
  profit:
  - np: a.net
  - np: a.<kind>
    kind: parent
templates:
  revenue: >-
    SELECT r FROM t WHERE code = :code AND year = :year
  staff: SELECT s FROM t WHERE code = :code
cases:
- id: A1/1
  category: lookup
  expect: answered
  also: [clarify]
  why: because
  sql: |-
    SELECT <np> FROM t <j>
    WHERE <w> AND x < 3 AND y > 2
  or: [SELECT 1]
  vary:
  - profit
  - - w: year = <n>
      n: "2024"
      j: ''
    - w: year = 2023
      n: y
      j: JOIN u
- {id: A2/1, category: lookup, expect: answered, template: revenue, args: {code: "000001", year: 2020}, or: [staff], round: 2}
- id: A3/1
  category: lookup
  parts:
  - {expect: refused, missing: [causes]}
  - {expect: answered, sql: SELECT 2}
refusals:
- {category: lookup, missing: [assets], also: [answered], ids: [7, 12]}
"#;

    fn small() -> Vec<Case> {
        cases(serde_saphyr::from_str(SET).unwrap()).unwrap()
    }

    #[test]
    fn every_combination_of_readings_is_written_out() {
        let cases = small();
        let readings = &cases[0].entries[0].readings;
        let first = "SELECT a.net FROM t\nWHERE year = 2024 AND x < 3 AND y > 2";
        let last = "SELECT a.parent FROM t JOIN u\nWHERE year = 2023 AND x < 3 AND y > 2";
        assert_eq!(readings.len(), 5);
        assert_eq!(readings[0], first);
        assert_eq!(readings[3], last);
        assert_eq!(readings[4], "SELECT 1");
        assert_eq!(cases[0].entries[0].outcomes, [Expect::Answered, Expect::Clarify]);
    }

    #[test]
    fn templates_are_filled_with_text_in_quotes_and_numbers_plain() {
        let entry = &small()[1].entries[0];
        assert_eq!(
            entry.readings,
            [
                "SELECT r FROM t WHERE code = '000001' AND year = 2020",
                "SELECT s FROM t WHERE code = '000001'"
            ]
        );
        assert_eq!(entry.round, Some(2));
    }

    #[test]
    fn parts_and_lists_of_refusals_become_cases() {
        let cases = small();
        assert_eq!(cases[2].entries.len(), 2);
        assert_eq!(cases.len(), 5);
        assert_eq!(cases[4].id, "12/1");
        assert_eq!(cases[4].place(), ("12", 1));
        assert!(cases[4].excluded());
        assert_eq!(cases[4].entries[0].outcomes, [Expect::Refused, Expect::Answered]);
    }

    #[test]
    fn a_list_of_readings_that_nobody_wrote_is_an_error() {
        let text = SET.replace("  - profit\n", "  - prophet\n");
        let error = cases(serde_saphyr::from_str(&text).unwrap()).unwrap_err();
        assert!(error.to_string().contains("A1/1"), "{error}");
    }
}
