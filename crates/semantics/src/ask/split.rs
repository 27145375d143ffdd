//! A turn of several questions is cut where one ends: numbered parts, sentences, 其中 and 这些公司.

use jinsheng_text::time::{Time, Year};

use super::Understanding;
use super::clause::{self, Clause, Flag};
use super::lexicon::question;
use super::words::Word;

/// Longest turn that is read, in characters; what is longer is no question.
pub(super) const LONGEST: usize = 2_000;

/// The questions of a turn in plain form.
pub(super) fn parts(turn: &str, with: &Understanding) -> Vec<String> {
    let turn: String = question(turn).chars().take(LONGEST).collect();
    let mut out: Vec<String> = Vec::new();
    let names = |head: &str| clause::read(head, with).subjects() > 0;
    for sentence in sentences(&turn, &names) {
        for segment in segments(&sentence, with) {
            match out.last_mut() {
                // 请展示2024年、2025年的金额: of both periods.
                Some(last) if both_periods(&clause::read(last, with), &clause::read(&segment, with)) => {
                    last.push_str(",两期");
                }
                // A sentence that only says what else to show, or when, or whom to leave out, belongs to the question before.
                Some(last) if adds(&clause::read(&segment, with)) || leaves_out(&segment) => {
                    last.push(',');
                    last.push_str(&segment);
                }
                _ => out.push(segment),
            }
        }
    }
    // 不要ST的，2024年…: whom a question leaves out belongs to it.
    const LEAVES_OUT: [&str; 8] = ["不要", "剔除", "排除", "除了", "去掉", "不含", "不算", "撇开"];
    if let [first, second, ..] = out.as_slice()
        && LEAVES_OUT.iter().any(|word| first.starts_with(word))
        && clause::read(first, with).values.is_empty()
    {
        let joined = format!("{first},{second}");
        out.splice(..2, [joined]);
    }
    if out.is_empty() {
        out.push(turn);
    }
    // 你好，… is a greeting before a question.
    let greets = |part: &String| {
        let clause = clause::read(part, with);
        !clause.outside.is_empty()
            && clause.outside.iter().all(|(word, _)| *word == Word::Chat)
            && clause.is_empty()
            && clause.unread.is_empty()
    };
    if out.iter().any(|part| !greets(part)) {
        out.retain(|part| !greets(part));
    }
    headed(out, with)
}

/// Whether a sentence only asks to see figures that were named, for the year spoken of and the one before.
fn both_periods(before: &Clause, next: &Clause) -> bool {
    let years = |clause: &Clause| -> Vec<i32> {
        let mut years: Vec<i32> = clause
            .times
            .iter()
            .filter_map(|time| match time {
                Time::At(when) => match when.year {
                    Some(Year::Absolute(year)) => Some(year),
                    _ => None,
                },
                _ => None,
            })
            .collect();
        years.sort_unstable();
        years
    };
    let (now, both) = (years(before), years(next));
    let ([now], [first, second]) = (now.as_slice(), both.as_slice()) else {
        return false;
    };
    let known = next
        .values
        .iter()
        .all(|value| before.values.iter().any(|known| known.base == value.base));
    let changes = before
        .values
        .iter()
        .any(|value| value.is_change() || value.moved.is_some());
    second == now
        && first + 1 == *second
        && known
        && changes
        && next.has(Flag::List)
        && next.named.is_empty()
        && next.conditions.is_empty()
        && next.tops.is_empty()
        && next.unread.is_empty()
}

/// 利润总额为负的不算: whom the question before does not mean.
fn leaves_out(segment: &str) -> bool {
    const ENDS: [&str; 7] = [
        "不算",
        "不计",
        "不计入",
        "不考虑",
        "除外",
        "不包括在内",
        "不算在内",
    ];
    segment
        .split(',')
        .next()
        .is_some_and(|first| ENDS.iter().any(|end| first.ends_with(end)))
}

/// 公司名称：片仔癀；… : a part that only names a subject belongs to the next.
fn headed(parts: Vec<String>, with: &Understanding) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut head: Option<String> = None;
    let count = parts.len();
    for (index, part) in parts.into_iter().enumerate() {
        let clause = clause::read(&part, with);
        let questions = [
            Flag::HowMuch,
            Flag::Which,
            Flag::List,
            Flag::Count,
            Flag::Whether,
            Flag::Why,
        ];
        let bare = index + 1 < count
            && clause.subjects() > 0
            && !asks(&clause)
            && clause.unread.is_empty()
            && clause.outside.is_empty()
            && !questions.into_iter().any(|flag| clause.has(flag));
        let text = match head.take() {
            Some(head) => format!("{head},{part}"),
            None => part,
        };
        if bare {
            head = Some(text);
        } else {
            out.push(text);
        }
    }
    out
}

/// Cuts at full stops, question marks, semicolons and numbers of parts.
fn sentences(turn: &str, names: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut out = vec![String::new()];
    let characters: Vec<char> = turn.chars().collect();
    let mut depth = 0_u32;
    let mut headed = false;
    let mut at = 0;
    while let Some(character) = characters.get(at).copied() {
        let mut cut = 0;
        match character {
            '。' | ';' | '?' | '!' | '\n' if depth == 0 => cut = 1,
            '.' if depth == 0
                && !characters.get(at + 1).is_some_and(char::is_ascii_alphanumeric)
                && !at
                    .checked_sub(1)
                    .and_then(|before| characters.get(before))
                    .is_some_and(char::is_ascii_digit) =>
            {
                cut = 1;
            }
            '①'..='⑳' => cut = 1,
            _ if depth == 0 && numbered(&characters, at).is_some() => {
                cut = numbered(&characters, at).unwrap_or(1);
            }
            '(' | '《' => depth += 1,
            ')' | '》' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if cut > 0 {
            headed |= out.len() == 1 && out.first().is_some_and(|first| first.trim_end().ends_with(':'));
            out.push(String::new());
            at += cut;
            continue;
        }
        if let Some(last) = out.last_mut() {
            last.push(character);
        }
        at += 1;
    }
    let mut out: Vec<String> = out
        .into_iter()
        .map(|text| {
            text.trim_matches(|character: char| " ,:、".contains(character))
                .to_owned()
        })
        .filter(|text| !text.is_empty())
        .collect();
    // 请完成以下分析: and 围绕“…”: are titles; 针对云南白药: names the subject of the first part.
    if headed && out.len() > 1 {
        let first = out.remove(0);
        let title = first.contains('"') || first.starts_with("请") && !names(&first);
        if let Some(next) = out.first_mut().filter(|_| !title) {
            *next = format!("{first},{next}");
        }
    }
    out
}

/// `(1)`, `1.`, `1、`, `(a)`, `2)` at the head of a part: how many characters they take.
fn numbered(characters: &[char], at: usize) -> Option<usize> {
    let before = at.checked_sub(1).and_then(|before| characters.get(before));
    let head = before.is_none_or(|before| " ,;:。：、".contains(*before));
    let mark = |place: usize, marks: &str| {
        characters
            .get(place)
            .is_some_and(|character| marks.contains(*character))
    };
    let label = |place: usize| {
        characters
            .get(place)
            .is_some_and(|character| ('1'..='9').contains(character) || ('a'..='h').contains(character))
    };
    if mark(at, "(") && label(at + 1) && mark(at + 2, ")") {
        return Some(3);
    }
    let digit = characters
        .get(at)
        .is_some_and(|character| ('1'..='9').contains(character));
    if head && digit && mark(at + 1, ".、)") && !characters.get(at + 2).is_some_and(char::is_ascii_digit) {
        return Some(2);
    }
    None
}

/// Cuts a sentence at commas where something new is asked.
fn segments(sentence: &str, with: &Understanding) -> Vec<String> {
    let mut out: Vec<(String, Clause)> = Vec::new();
    for segment in commas(sentence)
        .into_iter()
        .flat_map(|segment| nested(segment, with))
    {
        let clause = clause::read(&segment, with);
        // A time behind the question is meant for all of it.
        if only_time(&clause) && !out.is_empty() {
            if let Some((text, known)) = out.first_mut() {
                *text = format!("{segment},{text}");
                *known = clause::read(text, with);
            }
            continue;
        }
        match out.last_mut() {
            Some((text, known))
                if !within(text, known, &clause)
                    && (continues(text, known, &segment, &clause, with) || !parts_from(known, &clause)) =>
            {
                text.push(',');
                text.push_str(&segment);
                *known = clause::read(text, with);
            }
            Some((text, known)) if of_those_found(known, &clause) || within(text, known, &clause) => {
                let these = match (segment.is_ascii(), within(text, known, &clause)) {
                    (true, _) => "of these, ",
                    (_, true) => "其中",
                    _ => "它们",
                };
                let text = format!("{these}{segment}");
                let clause = clause::read(&text, with);
                out.push((text, clause));
            }
            _ => out.push((segment, clause)),
        }
    }
    explained(out)
}

/// Words that say "among" behind a kind of subject.
const AMONG: [&str; 5] = ["中", "里面", "里", "当中", "之中"];

/// 营收前十的公司中净利润下降的有几家: what is asked of the first is a question of its own.
fn nested(segment: String, with: &Understanding) -> Vec<String> {
    for word in AMONG {
        let Some((before, after)) = segment.split_once(word).filter(|(_, after)| !after.is_empty()) else {
            continue;
        };
        let (first, next) = (clause::read(before, with), clause::read(after, with));
        let found = first.unread.is_empty() && next.unread.is_empty() && !first.entities.is_empty();
        if found && within(&format!("{before}{word}"), &first, &next) {
            return vec![format!("{before}{word}"), after.to_owned()];
        }
    }
    vec![segment]
}

/// Whether a clause asks something of the first of an order that stand before it: 营收前十的公司中，….
fn within(text: &str, before: &Clause, next: &Clause) -> bool {
    let many = |clause: &Clause| {
        clause
            .tops
            .iter()
            .any(|top| top.count.is_none_or(|count| count > 1))
    };
    // …公司有几家，列出最大的三家
    let listed = before.has(Flag::Count) && !before.conditions.is_empty() && !next.tops.is_empty();
    (listed || AMONG.iter().any(|word| text.ends_with(word)) && many(before))
        && !next.has(Flag::These)
        && !next.has(Flag::Among)
        && (!next.tops.is_empty() || !next.conditions.is_empty() || next.has(Flag::Count))
}

/// Whether a segment that is not understood by itself is, behind what stands before it: 找出同比增长率超过50%的.
fn continues(text: &str, known: &Clause, segment: &str, next: &Clause, with: &Understanding) -> bool {
    let lost = |clause: &Clause| clause.unread.len() + clause.shares.len();
    if lost(next) == 0 || !next.outside.is_empty() || !known.outside.is_empty() || next.has(Flag::Why) {
        return false;
    }
    let joined = clause::read(&format!("{text},{segment}"), with);
    lost(&joined) <= lost(known)
}

/// What is said to be so in front of a question for its causes belongs to that question: 毛利率提升10个百分点，分析原因.
fn explained(segments: Vec<(String, Clause)>) -> Vec<String> {
    let why = segments.iter().rposition(|(_, clause)| clause.has(Flag::Why));
    let questions = [Flag::HowMuch, Flag::Which, Flag::List, Flag::Count, Flag::Whether];
    let states = |clause: &Clause| {
        asks(clause) && clause.outside.is_empty() && !questions.into_iter().any(|flag| clause.has(flag))
    };
    let Some(why) = why else {
        return segments.into_iter().map(|(text, _)| text).collect();
    };
    let mut said = Vec::new();
    let mut others = Vec::new();
    for (index, (text, clause)) in segments.into_iter().enumerate() {
        if index == why || index < why && states(&clause) {
            said.push(text);
        } else {
            others.push(text);
        }
    }
    let mut out = vec![said.join(",")];
    out.extend(others);
    out
}

/// Commas outside brackets.
fn commas(sentence: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut depth = 0_u32;
    let characters: Vec<char> = sentence.chars().collect();
    for (at, character) in characters.iter().enumerate() {
        let digit = |place: Option<usize>| {
            place
                .and_then(|place| characters.get(place))
                .is_some_and(char::is_ascii_digit)
        };
        match character {
            // 1,234 is one number.
            ',' if depth == 0 && !(digit(at.checked_sub(1)) && digit(Some(at + 1))) => {
                out.push(String::new());
                continue;
            }
            '(' | '《' => depth += 1,
            ')' | '》' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if let Some(last) = out.last_mut() {
            last.push(*character);
        }
    }
    out.into_iter()
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .collect()
}

/// Whether a segment asks something of its own, beside what stands before it.
fn parts_from(before: &Clause, next: &Clause) -> bool {
    if only_time(next) {
        return false;
    }
    let refers = next.has(Flag::These) || next.has(Flag::Among);
    if refers && asks(before) && asks(next) {
        return true;
    }
    // Why is a question of its own, and so is what documents say.
    if next.has(Flag::Why) && asks(before) {
        return true;
    }
    if !next.outside.is_empty() || (next.is_empty() && !next.unread.is_empty()) {
        return true;
    }
    if !before.outside.is_empty() || (before.is_empty() && !before.unread.is_empty()) {
        return true;
    }
    let choice = |clause: &Clause| !clause.tops.is_empty() || !clause.conditions.is_empty();
    let counted = |clause: &Clause| clause.has(Flag::Count);
    let statistic = |clause: &Clause| clause.values.iter().any(|value| value.stat.is_some());
    // 2025年前三名, 2024年排名第几: a place at another time is a question about those found.
    if choice(before) && next.has(Flag::Rank) && next.values.is_empty() && !next.times.is_empty() {
        return true;
    }
    if of_those_found(before, next) || within(&before.text, before, next) {
        return true;
    }
    // Two ranks, or a statistic and then a rank, are two questions.
    (!next.tops.is_empty() && !before.tops.is_empty())
        || (statistic(before) && !choice(before) && !next.tops.is_empty())
        || (counted(next) && (choice(before) && choice(next) || counted(before)))
        || (before.subjects() > 0
            && next.subjects() > 0
            && !next.values.is_empty()
            && !before.values.is_empty())
}

/// 2024年营收超过100亿的公司，2025年第三季度营收是多少: subjects chosen at one time, figures of them at another.
fn of_those_found(before: &Clause, next: &Clause) -> bool {
    let sought = before.subjects() == 0
        && !before.times.is_empty()
        && (!before.conditions.is_empty() || !before.tops.is_empty())
        && (!before.entities.is_empty() || before.has(Flag::Which));
    let later = next.subjects() == 0
        && !next.times.is_empty()
        && next.times.iter().all(|time| !before.times.contains(time))
        && !next.values.is_empty()
        && next.tops.is_empty()
        && next.entities.is_empty()
        && !next.has(Flag::Which)
        && !next.has(Flag::Versus);
    sought && later
}

/// Whether a clause has something to answer.
fn asks(clause: &Clause) -> bool {
    !clause.values.is_empty()
        || !clause.conditions.is_empty()
        || !clause.tops.is_empty()
        || !clause.bundles.is_empty()
        || clause.has(Flag::Count)
        || !clause.dimensions.is_empty()
}

/// Whether a sentence has no question of its own: a time, or columns to show.
fn adds(clause: &Clause) -> bool {
    only_time(clause) || shows_more(clause) || how_many(clause)
}

/// 2024年末，取前三: a number of the first behind a question, and when.
fn how_many(clause: &Clause) -> bool {
    let bare = clause
        .tops
        .iter()
        .all(|top| top.by.is_none() && top.count.is_some());
    let mut rest = clause.clone();
    rest.tops.clear();
    rest.times.clear();
    bare && !clause.tops.is_empty()
        && rest.is_empty()
        && clause.unread.is_empty()
        && clause.outside.is_empty()
        && !clause.has(Flag::Which)
        && !clause.has(Flag::HowMuch)
        && !clause.has(Flag::These)
        && !clause.has(Flag::Among)
}

/// Whether a clause says nothing but a time.
fn only_time(clause: &Clause) -> bool {
    let mut bare = clause.clone();
    bare.times.clear();
    !clause.times.is_empty()
        && clause.words.is_empty()
        && bare.is_empty()
        && clause.unread.is_empty()
        && clause.outside.is_empty()
        && !clause.has(Flag::Why)
}

/// Whether a sentence only says what else to show: names of columns after 列出.
fn shows_more(clause: &Clause) -> bool {
    let shows = clause.has(Flag::List)
        || clause.chart.is_some()
        || clause.has(Flag::Draw)
        || clause.decimals.is_some();
    let each = |time: &Time| matches!(time, Time::Each(_));
    shows
        && clause.times.iter().all(each)
        && clause.named.is_empty()
        && clause.conditions.is_empty()
        && clause.tops.is_empty()
        && clause.unread.is_empty()
        && clause.outside.is_empty()
        && !clause.has(Flag::Which)
        && !clause.has(Flag::Count)
        && !clause.has(Flag::These)
        && !clause.has(Flag::Among)
        && !clause.has(Flag::Why)
}
