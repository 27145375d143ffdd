//! What a question takes over from the one before.

use std::collections::{BTreeMap, BTreeSet};

use jinsheng_core::Grain;
use jinsheng_text::time::Time;

use super::{Frame, likewise, shifted};
use crate::ask::clause::{Clause, Flag};
use crate::ask::lexicon::Sense;
use crate::ask::piece::{Top, Value};
use crate::ask::words::Word;
use crate::ask::{Talk, Understanding};
use crate::query::{ChangeKind, Direction, Expr, MetricRef};

/// Whether a clause is about the subjects of the answer before.
pub(super) fn refers(clause: &Clause, talk: &Talk) -> bool {
    let narrows = clause.has(Flag::Only) && !clause.conditions.is_empty() && talk.subjects.is_some();
    // 前五的公司它们的…: its own.
    let named = clause.subjects() == 1 && clause.values.len() == 1;
    // funds that beat their benchmark
    let kind = clause.text.is_ascii() && !clause.entities.is_empty();
    let own = talk.subjects.is_none()
        && (!clause.tops.is_empty() || !clause.conditions.is_empty() || named || kind);
    let place =
        clause.has(Flag::Rank) && clause.values.is_empty() && clause.subjects() == 0 && talk.within_turn;
    clause.has(Flag::These) && !own
        || clause.has(Flag::Among)
        || place
        || narrows
        || clause.has(Flag::Sieve) && talk.within_turn
}

/// Whether a follow-up says nothing new: the answer before would be given for it.
pub(super) fn unchanged(frame: &Frame, last: &Frame) -> bool {
    let told = [
        Flag::Why,
        Flag::List,
        Flag::Count,
        Flag::Draw,
        Flag::Rank,
        Flag::Trend,
        Flag::Each,
        Flag::All,
        Flag::Share,
        Flag::Gap,
    ];
    // 分别是谁 behind a number of them
    if last.has(Flag::Count) && !frame.has(Flag::Count) {
        return false;
    }
    let more = told.into_iter().any(|flag| frame.has(flag) && !last.has(flag));
    frame.values == last.values
        && frame.conditions == last.conditions
        && frame.top == last.top
        && frame.other_tops == last.other_tops
        && frame.order == last.order
        && frame.subjects == last.subjects
        && frame.filters == last.filters
        && frame.groups == last.groups
        && frame.times == last.times
        && frame.chart == last.chart
        && frame.decimals == last.decimals
        && frame.peer_stat == last.peer_stat
        && frame.attributes == last.attributes
        && frame.bands == last.bands
        && frame.spreads == last.spreads
        && frame.bounds == last.bounds
        && frame.overdue == last.overdue
        && !more
        && !frame.values.is_empty()
}

/// What a clause without answer is about, as far as that is plain.
pub(in crate::ask) fn topic(clause: &Clause, talk: &Talk) -> Option<Frame> {
    let mut subjects: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (_, senses) in &clause.named {
        if let [Sense::Member(entity, key)] = senses.as_slice() {
            subjects.entry(entity.clone()).or_default().push(key.clone());
        }
    }
    if subjects.is_empty() && clause.values.is_empty() && clause.times.is_empty() {
        return talk.last.clone();
    }
    let mut frame = talk.last.clone().unwrap_or_default();
    if !clause.values.is_empty() {
        frame.values.clone_from(&clause.values);
    }
    if !subjects.is_empty() {
        frame.subjects = subjects;
    }
    if !clause.times.is_empty() {
        frame.times.clone_from(&clause.times);
    }
    frame.conditions.clear();
    frame.top = None;
    frame.flags.insert(Flag::Unanswered);
    Some(frame)
}

/// What a question takes over from the one before.
pub(super) fn follow(clause: Clause, mut frame: Frame, talk: &Talk, with: &Understanding) -> Frame {
    let refers = refers(&clause, talk);
    let narrowed = talk
        .last
        .as_ref()
        .filter(|last| refers && narrows(&clause, &frame, last));
    if let Some(last) = narrowed {
        // Conditions stay conditions, so that they hold for another period too.
        let mut conditions = last.conditions.clone();
        conditions.append(&mut frame.conditions);
        frame.conditions = conditions;
        frame.entity = frame.entity.take().or_else(|| last.entity.clone());
    } else if refers && let Some((entity, keys)) = &talk.subjects {
        if frame.subjects.is_empty() {
            frame.subjects.insert(entity.clone(), keys.clone());
        }
        frame.flags.remove(&Flag::Every);
    }
    let Some(last) = &talk.last else {
        return frame;
    };
    if refers && talk.subjects.is_none() {
        same_scope(&mut frame, last);
    }
    shifted::turned(&mut frame, last);
    let metrics = !frame.values.is_empty() || !frame.conditions.is_empty() || !frame.attributes.is_empty();
    let reordered = clause.order.is_some()
        && frame.subjects.is_empty()
        && frame.filters.is_empty()
        && frame.conditions.is_empty()
        && frame.groups.is_empty()
        && frame.entity.is_none();
    let also = frame.has(Flag::Also)
        && frame.conditions.is_empty()
        && frame.subjects.is_empty()
        && frame.times.is_empty();
    if also {
        let known = last.values.iter().filter(|value| !frame.values.contains(value));
        let mut values: Vec<Value> = known.cloned().collect();
        values.append(&mut frame.values);
        frame.values = values;
    }
    shifted::same_stretch(&clause, &mut frame, last);
    if !metrics || reordered || also {
        return edited(frame, last, with);
    }
    of_those_compared(&clause, &mut frame, last);
    likewise::against_before(&clause, &mut frame, last);
    if likewise::only_a_figure(&clause, &frame) {
        likewise::alike(&mut frame, last, with);
    }
    if frame.times.is_empty() && !last.times.is_empty() {
        frame.times.clone_from(&last.times);
        if frame.has(Flag::YearBefore) {
            frame.times = frame
                .times
                .iter()
                .map(|time| shifted::year_before(*time))
                .collect();
        }
        frame.flags.insert(Flag::TimesBefore);
    }
    if clause.has(Flag::Agree) {
        likewise::agrees(&mut frame, last);
    }
    if let Some((entity, keys)) = talk.subjects.as_ref().filter(|_| of_found(&frame, last)) {
        frame.subjects.insert(entity.clone(), keys.clone());
    }
    // 与行业平均对比 behind figures in the same turn: they stand above.
    if talk.within_turn && frame.values.iter().any(|value| value.stat.is_some()) {
        frame.flags.remove(&Flag::Versus);
    }
    likewise::of_others(&mut frame, last);
    likewise::of_the_listed(&mut frame, last);
    likewise::of_the_same(&mut frame, last);
    let lists = frame.lists() || frame.values.iter().any(|value| value.stat.is_some());
    let placed = frame.has(Flag::Rank) && frame.top.is_none() && frame.order.is_none() && talk.within_turn;
    // (c) rank by revenue: of the one that was spoken of in the same turn.
    let one = last.subjects.len() == 1 && last.subjects.values().all(|keys| keys.len() == 1);
    let sought = [Flag::Which, Flag::List, Flag::Every]
        .into_iter()
        .any(|flag| frame.has(flag));
    let ordered = frame.has(Flag::Rank)
        && frame.top.is_none()
        && frame.order.is_some()
        && talk.within_turn
        && one
        && !sought
        && frame.entity.is_none();
    if ordered {
        frame.order = None;
    }
    if (placed || ordered) && frame.subjects.is_empty() {
        frame.subjects.clone_from(&last.subjects);
    }
    if frame.subjects.is_empty() && !lists && frame.filters.is_empty() {
        frame.subjects.clone_from(&last.subjects);
        frame.filters.clone_from(&last.filters);
        if last.lists() && last.subjects.is_empty() {
            frame.conditions.clone_from(&last.conditions);
            frame.top.clone_from(&last.top);
            frame.entity.clone_from(&last.entity);
            frame.groups.clone_from(&last.groups);
        }
    }
    frame
}

/// 谁的ROE最高 behind figures of some that were named asks for one of them, and 超过行业平均了吗 behind those of one is about
/// that one.
fn of_those_compared(clause: &Clause, frame: &mut Frame, last: &Frame) {
    let named: usize = last.subjects.values().map(Vec::len).sum();
    let own = !frame.subjects.is_empty()
        || !frame.filters.is_empty()
        || !frame.groups.is_empty()
        || frame.entity.is_some()
        || frame.has(Flag::Every)
        || frame.has(Flag::Count);
    if named == 0 || own {
        return;
    }
    let one_of_them = named > 1
        && frame.conditions.is_empty()
        && frame
            .top
            .as_ref()
            .is_some_and(|top| top.count.is_none_or(|count| count == 1));
    let asks = ["吗", "没有", "没", "么", "?"]
        .iter()
        .any(|end| clause.text.ends_with(end));
    let whether = named == 1
        && !frame.conditions.is_empty()
        && frame.top.is_none()
        && (asks || frame.has(Flag::Whether))
        && !frame.has(Flag::Which)
        && !frame.has(Flag::List);
    if one_of_them || whether {
        frame.subjects.clone_from(&last.subjects);
    }
}

/// 其中净利润不到20亿的 behind subjects chosen by conditions: further conditions on the same period.
fn narrows(clause: &Clause, frame: &Frame, last: &Frame) -> bool {
    clause.has(Flag::Among)
        && !frame.conditions.is_empty()
        && frame.top.is_none()
        && frame.times.is_empty()
        && frame.subjects.is_empty()
        && !last.conditions.is_empty()
        && last.top.is_none()
        && last.subjects.is_empty()
        && last.bands.is_empty()
        && last.groups.is_empty()
        && !last.has(Flag::Why)
        && !last.has(Flag::All)
        && !last.has(Flag::Each)
        && last.times.len() < 2
}

/// 平均净利润是多少 behind a choice of subjects: of those, unless the trade or all are named.
fn of_found(frame: &Frame, last: &Frame) -> bool {
    let chosen = !last.conditions.is_empty()
        || last
            .top
            .as_ref()
            .is_some_and(|top| top.count.is_some_and(|count| count > 1));
    let all =
        frame.has(Flag::Peers) || frame.has(Flag::Every) || frame.values.iter().any(|value| value.of_peers);
    chosen
        && !all
        && last.subjects.is_empty()
        && !frame.values.is_empty()
        && frame.values.iter().all(|value| value.stat.is_some())
        && frame.subjects.is_empty()
        && frame.filters.is_empty()
        && frame.conditions.is_empty()
        && frame.top.is_none()
        && frame.entity.is_none()
        && frame.groups.is_empty()
}

/// 其中 behind one figure of many subjects: of those that the figure is about.
fn same_scope(frame: &mut Frame, last: &Frame) {
    for filter in &last.filters {
        if !frame.filters.iter().any(|own| own.dimension == filter.dimension) {
            frame.filters.push(filter.clone());
        }
    }
    if frame.subjects.is_empty() {
        frame.subjects.clone_from(&last.subjects);
    }
    let known = frame.conditions.clone();
    let more = last
        .conditions
        .iter()
        .filter(|condition| !known.contains(condition));
    frame.conditions.extend(more.cloned());
}

/// The question before with what this one says instead.
fn edited(frame: Frame, last: &Frame, with: &Understanding) -> Frame {
    let mut new = last.clone();
    new.remarks = frame.remarks;
    let years = |time: &Time| {
        matches!(
            time,
            Time::Recent(_, Grain::Year) | Time::Range(..) | Time::Since(_)
        )
    };
    // 2025年第三季度的 behind 变化情况: no course any more.
    if !frame.times.is_empty() && last.times.is_empty() && last.has(Flag::Change) {
        new.flags.remove(&Flag::Trend);
    }
    match frame.times.as_slice() {
        [] => {}
        // 每年 of the years that are spoken of.
        [Time::Each(Grain::Year)] if new.times.iter().any(years) => new.times.extend(frame.times),
        _ => new.times = frame.times,
    }
    if !frame.bounds.is_empty() {
        new.bounds = frame.bounds;
    }
    if frame.overdue.is_some() {
        new.overdue = frame.overdue;
    }
    if !frame.subjects.is_empty() {
        // 和白云山比较: beside the one before.
        if frame.flags.contains(&Flag::Versus) {
            for (entity, keys) in frame.subjects {
                let known = new.subjects.entry(entity).or_default();
                known.extend(
                    keys.into_iter()
                        .filter(|key| !known.contains(key))
                        .collect::<Vec<_>>(),
                );
            }
        } else {
            new.subjects = frame.subjects;
        }
    }
    for filter in frame.filters {
        new.filters.retain(|known| known.dimension != filter.dimension);
        new.filters.push(filter);
    }
    if !frame.groups.is_empty() {
        new.groups = frame.groups;
    }
    let reversed = frame.flags.contains(&Flag::Reverse);
    if frame.top.is_some() {
        new.other_tops = frame.other_tops;
    }
    new.top = ranked(frame.top, new.top, reversed);
    if let Some((Some(by), direction)) = frame.order {
        // 再按负债率从低到高排列: those that were found, in another order.
        let way = |(word, text): &(Word, String)| {
            matches!(word, Word::Order(_))
                && ["到", "升", "降", "列", "to", "scending", "first"]
                    .iter()
                    .any(|part| text.contains(part))
        };
        let reordered = frame.said.words.iter().any(way);
        if let Some(top) = new.top.as_mut().filter(|_| !reordered) {
            top.by = Some(by.clone());
            new.values = frame.values.clone();
        } else {
            let known = new.values.clone();
            new.values.extend(
                frame
                    .values
                    .iter()
                    .filter(|value| !known.contains(value))
                    .cloned(),
            );
        }
        new.order = Some((Some(by), direction));
    } else if !frame.values.is_empty() {
        new.values = frame.values.clone();
    } else if let Some((None, direction)) = frame.order {
        new.order = Some((None, direction));
    }
    if frame.peer_stat.is_some() {
        new.peer_stat = frame.peer_stat;
    }
    // 高出多少 behind 谁高: how far the two are apart.
    if frame.flags.contains(&Flag::Gap) {
        new.top = None;
    }
    // 排名第几 of those found before: their place among all.
    if frame.flags.contains(&Flag::Rank) && !new.subjects.is_empty() {
        new.top = None;
        new.conditions.clear();
    }
    if frame.flags.contains(&Flag::YearBefore) {
        new.times = new.times.iter().map(|time| shifted::year_before(*time)).collect();
    }
    if frame.chart.is_some() {
        new.chart = frame.chart;
    }
    if !frame.spreads.is_empty() {
        new.spreads = frame.spreads;
    }
    if frame.decimals.is_some() {
        new.decimals = frame.decimals;
    }
    if let Some(kind) = change_asked(&frame.flags) {
        // What compares with another period already says how far it moved.
        let since = |value: &&Value| !holds_shift(&value.expr);
        let changed: Vec<Value> = new
            .values
            .iter()
            .filter(since)
            .map(|value| rebased(value, with).changed(kind))
            .collect();
        new.values
            .extend(changed.into_iter().filter(|value| value.is_change()));
    }
    let listed = frame.flags.contains(&Flag::Which) || frame.flags.contains(&Flag::List);
    if listed && !frame.flags.contains(&Flag::Count) {
        new.flags.remove(&Flag::Count);
    }
    new.flags.extend(frame.flags);
    new
}

/// The rank before with what is said of a rank now: another number, another direction, another figure.
fn ranked(said: Option<Top>, before: Option<Top>, reversed: bool) -> Option<Top> {
    match (said, before) {
        (Some(top), Some(known)) => Some(Top {
            count: top.count.or(known.count),
            direction: top.direction,
            by: top.by.or(known.by),
        }),
        (Some(top), None) => Some(top),
        (None, Some(known)) if reversed => Some(Top {
            direction: opposite(known.direction),
            ..known
        }),
        (None, known) => known,
    }
}

/// The change that words of a follow-up ask for: on the year before, unless the period before is named.
fn change_asked(flags: &BTreeSet<Flag>) -> Option<ChangeKind> {
    let has = |flag: Flag| flags.contains(&flag);
    if has(Flag::Qoq) && !has(Flag::Yoy) {
        return Some(ChangeKind::Qoq);
    }
    let any = [Flag::Yoy, Flag::Change, Flag::Up, Flag::Down];
    any.into_iter().any(has).then_some(ChangeKind::Yoy)
}

fn holds_shift(expr: &Expr) -> bool {
    matches!(expr, Expr::Shift(..)) || expr.parts().into_iter().any(holds_shift)
}

/// The figure itself for a stored growth rate of it: 那环比呢 behind 营收同比 asks for the other growth of 营收.
fn rebased(value: &Value, with: &Understanding) -> Value {
    let growth = match &value.expr {
        Expr::Metric(metric) => with
            .catalog
            .metric(&metric.name)
            .and_then(|metric| metric.growth_of.as_ref()),
        _ => None,
    };
    match growth {
        Some(growth) => Value::new(Expr::Metric(MetricRef::plain(&growth.metric)), value.text.clone()),
        None => Value::new(value.base.clone(), value.text.clone()),
    }
}

fn opposite(direction: Direction) -> Direction {
    match direction {
        Direction::Asc => Direction::Desc,
        Direction::Desc => Direction::Asc,
    }
}
