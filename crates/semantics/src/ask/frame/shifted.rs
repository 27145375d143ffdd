//! A question that turns the one before: the same stretch of another year, those that fell instead of those that rose.

use jinsheng_text::time::{Time, Year};

use super::Frame;
use crate::ask::clause::{Clause, Flag};
use crate::query::{CompareOp, Condition, Expr};

/// 下降的呢 behind those that rose: the other way round, of the same figure.
pub(super) fn turned(frame: &mut Frame, last: &Frame) {
    let way = match (frame.has(Flag::Up), frame.has(Flag::Down)) {
        (true, false) => CompareOp::Gt,
        (false, true) => CompareOp::Lt,
        _ => return,
    };
    let own = !frame.values.is_empty() || !frame.conditions.is_empty() || frame.top.is_some();
    let asks = [Flag::HowMuch, Flag::Why, Flag::Change]
        .into_iter()
        .any(|flag| frame.has(flag));
    let [Condition::Compare(left, CompareOp::Gt | CompareOp::Lt, right @ Expr::Number(bound))] =
        last.conditions.as_slice()
    else {
        return;
    };
    if own || asks || !bound.value.is_zero() {
        return;
    }
    frame.conditions = vec![Condition::Compare(left.clone(), way, right.clone())];
    frame.values.clone_from(&last.values);
    for value in &mut frame.values {
        if value.moved.is_some() {
            value.moved = Some(way == CompareOp::Gt);
        }
    }
    frame.entity = frame.entity.take().or_else(|| last.entity.clone());
    frame.filters.clone_from(&last.filters);
    frame.groups.clone_from(&last.groups);
    frame.flags.remove(&Flag::Up);
    frame.flags.remove(&Flag::Down);
    let sought = [Flag::Which, Flag::List, Flag::Count]
        .into_iter()
        .any(|flag| frame.has(flag));
    if !sought {
        let kept = [Flag::Which, Flag::List, Flag::Count, Flag::Every];
        frame
            .flags
            .extend(kept.into_iter().filter(|flag| last.has(*flag)));
    }
}

/// 同期, 去年同期 behind a question with a time.
pub(super) fn same_stretch(clause: &Clause, frame: &mut Frame, last: &Frame) {
    // 2024年同期呢: the part of the year that was spoken of.
    if let ([Time::At(now), Time::SamePeriod(_)] | [Time::SamePeriod(_), Time::At(now)], [Time::At(before)]) =
        (frame.times.as_slice(), last.times.as_slice())
        && now.part.is_none()
    {
        frame.times = vec![Time::At(jinsheng_text::time::When {
            part: before.part,
            end: before.end,
            ..*now
        })];
    }
    // 去年同期呢: the same stretch a year before.
    if let ([Time::SamePeriod(back @ ..=-1)], false) = (frame.times.as_slice(), last.times.is_empty())
        && clause.values.is_empty()
        && ![Flag::Versus, Flag::Change, Flag::Up, Flag::Down, Flag::Gap]
            .into_iter()
            .any(|flag| clause.has(flag))
    {
        let mut times = last.times.clone();
        for _ in 0..back.unsigned_abs() {
            times = times.into_iter().map(year_before).collect();
        }
        frame.times = times;
    }
    // 同期的销售费用呢: the time that was spoken of.
    if matches!(frame.times.as_slice(), [Time::SamePeriod(0)]) && !last.times.is_empty() {
        frame.times.clone_from(&last.times);
    }
}

/// The same stretch a year before.
pub(super) fn year_before(time: Time) -> Time {
    match time {
        Time::At(mut when) => {
            when.year = when.year.map(|year| match year {
                Year::Absolute(year) => Year::Absolute(year - 1),
                Year::Relative(offset) => Year::Relative(offset - 1),
            });
            Time::At(when)
        }
        other => other,
    }
}
