//! Pieces that no rule changes any more, sorted into what a clause says; what has no place is left over.

use jinsheng_core::Unit;
use jinsheng_text::time::{Time, When};

use super::{Clause, Flag};
use crate::ask::lexicon::{Lexicon, Sense};
use crate::ask::piece::{Piece, Top, Value};
use crate::ask::rules;
use crate::ask::words::Word as W;
use crate::query::Condition;

/// Sorts pieces into a clause.
pub(super) fn collect(pieces: Vec<Piece>, lexicon: &Lexicon, clause: &mut Clause) {
    let mut shares: Vec<String> = Vec::new();
    let kind = |piece: Option<&Piece>| {
        matches!(piece, Some(Piece::Names(senses, _)) if senses.iter().any(|sense| matches!(sense, Sense::Entity(_))))
            || matches!(
                piece,
                Some(Piece::Word(W::Peers | W::Count, _) | Piece::PeerStat(..))
            )
            || matches!(piece, Some(Piece::Value(value)) if value.of_peers)
    };
    for (index, piece) in pieces.iter().enumerate() {
        if let Piece::Unknown(text) = piece
            && kind(pieces.get(index + 1))
        {
            clause.qualifiers.push(text.clone());
        }
    }
    let (mut loose, mut loose_text) = (false, String::new());
    // 分三组, 四档: how many intervals there are.
    let intervals = pieces.iter().find_map(|piece| match piece {
        Piece::Bands(bands) => Some(bands.len()),
        _ => None,
    });
    let mut waiting: Option<(u32, String)> = None;
    let count = pieces.len();
    for (index, piece) in pieces.into_iter().enumerate() {
        // A number that measures nothing must belong to what follows: 66家(中药)公司, 两年.
        if let Some((number, text)) = waiting.take()
            && counts_next(number, text, &piece, index + 1 == count, clause)
        {
            continue;
        }
        match piece {
            piece if intervals.is_some_and(|count| of_intervals(&piece, count)) => {}
            Piece::Value(value) => {
                if !clause
                    .values
                    .iter()
                    .any(|known| known.expr == value.expr && known.stat == value.stat)
                {
                    clause.values.push(value);
                }
            }
            Piece::Condition(condition) => clause.conditions.push(condition),
            Piece::Top(top) => ranked(top, clause),
            Piece::Order(by, direction) => clause.order = Some((by, direction)),
            Piece::Time(time) => clause.times.push(time),
            Piece::PeerStat(stat, within) => clause.peer_stat = Some((stat, within)),
            Piece::Spread(spread) => clause.spreads.push(spread),
            // Without a figure to compare, both are shown.
            Piece::Since(_, then) => {
                clause.times.push(then);
                clause.words.insert(Flag::Versus);
            }
            Piece::Bound(op, when) => clause.bounds.push((op, when)),
            Piece::Overdue(count, grain) => {
                clause.overdue = Some((count, grain));
                clause.words.insert(Flag::Expired);
            }
            Piece::Group(name) => clause.groups.push(name),
            Piece::Bands(bands) => clause.bands = bands,
            Piece::Names(senses, text) => names(senses, text, clause),
            // 下滑近三成 of one that is named: what it says, beside what is shown.
            Piece::Number(..)
                if clause.subjects() == 1
                    && !clause.has(Flag::Why)
                    && clause.values.last().is_some_and(|value| value.moved.is_some()) => {}
            Piece::Number(_, ref text) => match piece.count() {
                Some(number) => waiting = Some((number, text.clone())),
                None => clause.unread.push(text.clone()),
            },
            // (亿元，保留两位小数): the unit of what is shown.
            Piece::Unknown(text) if !clause.values.is_empty() && text.parse::<Unit>().is_ok() => {}
            Piece::Unknown(text) => clause.unread.push(text),
            Piece::Mark(_) => {}
            Piece::Word(W::Difference, text) if difference(clause) => drop(text),
            Piece::Word(word, text) => {
                // 比 that compares nothing: what it stands in front of would be lost.
                if word == W::Versus && matches!(text.as_str(), "比" | "than") && compares_nothing(clause) {
                    clause.unread.push(text);
                    continue;
                }
                if matches!(word, W::Up | W::Down) {
                    (loose, loose_text) = (true, text.clone());
                }
                flag(word, text, &mut shares, lexicon, clause);
            }
        }
    }
    if let Some((number, text)) = waiting {
        // 最大的三家是哪三家
        let again = clause.tops.iter().any(|top| top.count == Some(number));
        if again {
        } else if clause.has(Flag::Round) {
            clause.decimals = Some(number);
        } else {
            clause.unread.push(text);
        }
    }
    clause.shares = shares;
    counted_by(clause);
    share_of_count(clause);
    // A movement that belongs to none of several figures would be lost among those that others say.
    let moved = clause.values.iter().any(|value| value.moved.is_some());
    if loose && clause.values.len() > 1 && (!clause.conditions.is_empty() || moved) {
        clause.unread.push(loose_text);
    }
    // From the largest to the smallest is an order.
    if clause.order.is_some()
        && let [first, second] = clause.tops.as_slice()
        && first.direction != second.direction
    {
        clause.unread.push(clause.text.clone());
    }
    counts_of_tops(clause);
}

/// How many the first or last are, where that is said elsewhere.
fn counts_of_tops(clause: &mut Clause) {
    // 最高和最低的三家: three of each.
    let said = clause.tops.last().and_then(|top| top.count);
    if let [first, second] = clause.tops.as_mut_slice()
        && first.count.is_none()
        && first.direction != second.direction
        && second.by.is_none()
    {
        first.count = said;
    }
    let named = clause.subjects();
    // 哪五家公司最高: as many as are said.
    if let [top] = clause.tops.as_mut_slice()
        && top.count.is_none()
        && (clause.words.contains(&Flag::Which) || clause.words.contains(&Flag::List))
        && !clause.text.contains("of the")
        && (named == 0
            || clause
                .said_count
                .is_none_or(|said| usize::try_from(said) != Ok(named)))
    {
        top.count = clause.said_count;
    }
}

/// 相差多少: what two figures, subjects or times differ by. False where nothing is there to differ.
fn difference(clause: &mut Clause) -> bool {
    // The difference of two statistics is none of each subject.
    if clause.values.iter().any(|value| value.stat.is_some()) {
        return false;
    }
    // 升了还是降了，差多少: the change says it.
    let changes = [Flag::Change, Flag::BothPeriods, Flag::Yoy, Flag::Up, Flag::Down];
    if changes.into_iter().any(|flag| clause.has(flag)) {
        return true;
    }
    if let [left, right, ..] = clause.values.as_slice() {
        let apart = rules::subtract(left.expr.clone(), right.expr.clone());
        clause.values.push(Value::new(apart, ""));
        return true;
    }
    let alone = clause.values.is_empty() && clause.subjects() == 0;
    let two = clause.subjects() >= 2 || clause.has(Flag::Versus);
    if alone || two {
        clause.words.insert(Flag::Gap);
    }
    alone || two
}

/// 分三组, 四档, 差几个百分点 beside intervals say what stands there.
fn of_intervals(piece: &Piece, intervals: usize) -> bool {
    match piece {
        Piece::Number(..) => piece.count().and_then(|count| usize::try_from(count).ok()) == Some(intervals),
        Piece::Unknown(text) => matches!(text.as_str(), "档" | "组" | "段" | "划分"),
        Piece::Word(W::Difference, _) => true,
        _ => false,
    }
}

/// One more rank; 谁的存货最多，取前三: how many, said behind.
fn ranked(top: Top, clause: &mut Clause) {
    match clause.tops.last_mut() {
        Some(known) if top.by.is_none() && known.count.is_none() && known.direction == top.direction => {
            known.count = top.count;
        }
        _ => clause.tops.push(top),
    }
}

/// Whether there is neither a second subject, figure nor time that a word could compare.
fn compares_nothing(clause: &Clause) -> bool {
    let one = clause.subjects() < 2 && clause.times.len() < 2 && clause.peer_stat.is_none();
    let changes = clause
        .values
        .iter()
        .any(|value| value.is_change() || value.stat.is_some());
    one && !changes && !clause.values.is_empty() && !clause.conditions.is_empty()
}

/// 亏损的公司占比: behind a condition the share of those that meet it is meant, by their number.
fn share_of_count(clause: &mut Clause) {
    let used = |value: &Value| {
        let mut exprs = clause.conditions.iter().flat_map(Condition::exprs);
        value.stat.is_none() && (value.moved.is_some() || exprs.any(|expr| *expr == value.expr))
    };
    let moved = |value: &Value| value.moved.is_some();
    let counted = !clause.shares.is_empty()
        && clause.subjects() == 0
        && (!clause.conditions.is_empty() || clause.values.iter().any(moved))
        && clause.tops.is_empty()
        && clause.bands.is_empty()
        && (!clause.entities.is_empty() || clause.has(Flag::Peers))
        && clause.values.iter().all(used);
    if counted {
        clause.words.insert(Flag::Count);
        clause.words.insert(Flag::Share);
    }
}

/// A name: of subjects or values, which are told apart once the figure is known, or of something in the catalog.
fn names(senses: Vec<Sense>, text: String, clause: &mut Clause) {
    if senses
        .iter()
        .any(|sense| matches!(sense, Sense::Member(..) | Sense::Value(..)))
    {
        clause.named.push((text, senses));
        return;
    }
    if expired(&text) {
        clause.words.insert(Flag::Expired);
    }
    for sense in senses {
        match sense {
            Sense::Entity(name) => {
                clause.entities.push(name);
                return;
            }
            // 营收合计，对比增长情况: how what is named has grown.
            Sense::Group(_) if text.starts_with("增长") && !clause.values.is_empty() => {
                clause.words.insert(Flag::Change);
                return;
            }
            Sense::Group(name) => {
                clause.bundles.push(name);
                return;
            }
            Sense::Dimension(name) => clause.dimensions.push(name),
            Sense::Table(name) => clause.tables.push(name),
            _ => {}
        }
    }
}

/// Whether the name of a date says that it is past.
pub(in crate::ask) fn expired(text: &str) -> bool {
    ["过期", "失效", "expired"].iter().any(|word| text.contains(word))
}

/// What a bare number counts, by the piece behind it. True when that piece is used up with it.
fn counts_next(number: u32, text: String, piece: &Piece, last: bool, clause: &mut Clause) -> bool {
    match piece {
        Piece::Names(senses, _) if senses.iter().any(|sense| matches!(sense, Sense::Entity(_))) => {
            clause.said_count = Some(number);
        }
        Piece::Unknown(_) | Piece::Word(W::Peers, _) if !last => clause.said_count = Some(number),
        _ if clause.has(Flag::Round) => clause.decimals = Some(number),
        // 甲、乙、丙三家
        _ if usize::try_from(number).is_ok_and(|number| number == clause.subjects() && number > 1) => {}
        // 这两项, 这五家
        _ if clause.has(Flag::These) => clause.said_count = Some(number),
        Piece::Word(W::Decimals, _) => {
            clause.decimals = Some(number);
            return true;
        }
        // 2024、2025两年: as many as are named. Another number of years would be lost.
        Piece::Word(W::Grain(_), word) => {
            let years = clause
                .times
                .iter()
                .filter(|time| !matches!(time, Time::At(When { year: None, .. })));
            let named = usize::try_from(number)
                .is_ok_and(|number| number == clause.times.len() || number == years.count());
            if !named && !clause.has(Flag::Streak) {
                clause.unread.push(format!("{text}{word}"));
            }
            return true;
        }
        // `which five have the highest …`
        _ if clause.has(Flag::Which) && text.chars().all(|character| character.is_ascii_alphabetic()) => {
            clause.said_count = Some(number);
        }
        // 三项指标(A、B、C), 三个年度; 同样三项 of what was named before
        _ if usize::try_from(number).is_ok_and(|number| {
            number > 1 && (number == clause.values.len() || number == clause.times.len())
        }) => {}
        _ if number > 1 && clause.text.contains(&format!("{text}项")) => {}
        _ => clause.unread.push(text),
    }
    false
}

/// A word that no rule took: what it says of the clause, or that it is left over.
fn flag(word: W, text: String, shares: &mut Vec<String>, lexicon: &Lexicon, clause: &mut Clause) {
    if let Some(flag) = plain_flag(word, &text) {
        clause.words.insert(flag);
        return;
    }
    let flag = match word {
        W::Chart(chart) => {
            clause.chart = Some(chart);
            // A histogram shows how the values of all are spread.
            if chart == crate::ask::Chart::Histogram {
                clause.words.insert(Flag::Distribution);
            }
            Flag::Draw
        }
        W::Count => {
            let kind = counted(&text, lexicon);
            clause.counted.clone_from(&kind);
            clause.entities.extend(kind);
            Flag::Count
        }
        // 净利润占比，从高到低: of what is shown.
        W::Order(direction) => {
            clause.order = clause.order.take().or(Some((None, direction)));
            return;
        }
        // 净利润总额，并计算平均值: one more statistic of the same.
        W::Stat(stat) => {
            let again = clause.values.iter().find(|value| value.stat.is_some()).cloned();
            match again {
                Some(value) => clause.values.push(Value {
                    stat: Some(stat),
                    ..value
                }),
                None => clause.unread.push(text),
            }
            return;
        }
        W::Share | W::Ratio => {
            shares.push(text);
            Flag::Share
        }
        W::Advice | W::Command | W::Attack | W::Personal | W::Outside | W::Chat => {
            clause.outside.push((word, text));
            return;
        }
        // 管理费用也加上: beside what is shown.
        W::Plus if !clause.values.is_empty() => Flag::Also,
        // 剔除亏损企业后
        W::First(_) if text == "后" && !clause.conditions.is_empty() => return,
        // Words that join, or that their neighbours made clear.
        W::Rest if !clause.bands.is_empty() || clause.has(Flag::Except) => return,
        W::ExceptBehind if !clause.named.is_empty() && clause.conditions.is_empty() => Flag::Except,
        W::Together | W::And | W::Is | W::Decimals | W::InUnit | W::Filler | W::Of | W::Within | W::To => {
            return;
        }
        // 每 that cuts by nothing would be lost; 按 and 分 are also plain words.
        W::Each if matches!(text.as_str(), "每" | "per") => {
            clause.unread.push(text);
            return;
        }
        W::Each => Flag::Each,
        // 之后 that follows no time says what comes next.
        W::After if matches!(text.as_str(), "之后" | "以后") => return,
        // Words that compare, count or turn around, and found nothing to do: what they say would be lost.
        _ => {
            clause.unread.push(text);
            return;
        }
    };
    clause.words.insert(flag);
}

/// Words that by themselves change how a clause is answered.
fn plain_flag(word: W, text: &str) -> Option<Flag> {
    Some(match word {
        W::List => Flag::List,
        W::Which => Flag::Which,
        W::WhichGroup => Flag::WhichGroup,
        W::HowMuch => Flag::HowMuch,
        W::Why => Flag::Why,
        W::These => Flag::These,
        W::Among => Flag::Among,
        W::Except => Flag::Except,
        W::Only => Flag::Only,
        W::Reverse => Flag::Reverse,
        W::Instead => Flag::Instead,
        W::Agree => Flag::Agree,
        W::Differ => Flag::Differ,
        W::Whether => Flag::Whether,
        W::Same => Flag::Same,
        W::Source => Flag::Source,
        W::Sure => Flag::Sure,
        W::Means => Flag::Means,
        W::Trend => Flag::Trend,
        W::Versus => Flag::Versus,
        W::Correlation => Flag::Correlation,
        W::Distribution => Flag::Distribution,
        W::Grouped => Flag::Grouped,
        W::Every => Flag::Every,
        W::Peers => Flag::Peers,
        W::Key => Flag::Key,
        W::BothPeriods => Flag::BothPeriods,
        W::Overall => Flag::Overall,
        W::Draw => Flag::Draw,
        W::Ask => Flag::Ask,
        W::Yoy => Flag::Yoy,
        W::Qoq => Flag::Qoq,
        W::Up => Flag::Up,
        W::Down => Flag::Down,
        W::Or => Flag::Or,
        W::All => Flag::All,
        W::Round => Flag::Round,
        W::Definition => Flag::Definition,
        W::Sieve => Flag::Sieve,
        W::Analyse => Flag::Analyse,
        W::Vague => Flag::Vague,
        W::YearBefore => Flag::YearBefore,
        W::Rank => Flag::Rank,
        W::Expired => Flag::Expired,
        W::Tally => Flag::Tally,
        W::Grain(_)
            if matches!(
                text,
                "月份" | "月" | "个月" | "季度" | "年份" | "months" | "quarters" | "years"
            ) =>
        {
            Flag::Periods
        }
        W::Change | W::Growth => Flag::Change,
        _ => return None,
    })
}

/// 三家分行的客户数: how many of one kind, for each of another.
fn counted_by(clause: &mut Clause) {
    let Some(kind) = clause.counted.clone() else {
        return;
    };
    let mut others = clause.entities.iter().filter(|entity| **entity != kind);
    let (Some(other), None) = (others.next().cloned(), others.next()) else {
        return;
    };
    let free = clause.groups.is_empty() && clause.conditions.is_empty() && clause.tops.is_empty();
    if free && !clause.has(Flag::Which) {
        clause.groups.push(other);
        clause.entities = vec![kind];
    }
}

/// 公司数量 names the kind of subject too.
fn counted(text: &str, lexicon: &Lexicon) -> Option<String> {
    let kind = ["数量", "家数", "个数", "数"]
        .iter()
        .find_map(|ending| text.strip_suffix(ending))?;
    lexicon.exact(kind).iter().find_map(|sense| match sense {
        Sense::Entity(name) => Some(name.clone()),
        _ => None,
    })
}
