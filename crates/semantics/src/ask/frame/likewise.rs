//! What was asked of a figure or of subjects before is asked of those that a question names now.

use jinsheng_text::time::{Time, Year};

use super::Frame;
use crate::ask::Understanding;
use crate::ask::clause::{Clause, Flag};
use crate::ask::piece::Value;
use crate::ask::rules::Rules;
use crate::query::{ChangeKind, Condition, Expr};

/// 存货呢: nothing but the name of a figure.
pub(super) fn only_a_figure(clause: &Clause, frame: &Frame) -> bool {
    let plain = |value: &Value| value.stat.is_none() && matches!(value.expr, Expr::Metric(_));
    clause.values.len() == 1
        && clause.values.iter().all(plain)
        && clause
            .words
            .iter()
            .all(|flag| matches!(flag, Flag::HowMuch | Flag::Ask | Flag::Also))
        && clause.conditions.is_empty()
        && clause.tops.is_empty()
        && clause.order.is_none()
        && clause.named.is_empty()
        && clause.entities.is_empty()
        && clause.times.is_empty()
        && clause.bands.is_empty()
        && frame.groups.is_empty()
        && frame.attributes.is_empty()
}

/// The change, place, share or statistic that was asked of the figure before is asked of this one.
pub(super) fn alike(frame: &mut Frame, last: &Frame, with: &Understanding) {
    let ([value], [before]) = (frame.values.as_mut_slice(), last.values.as_slice()) else {
        return;
    };
    let rules = Rules {
        catalog: with.catalog.as_ref(),
        values: &[],
        spans: None,
    };
    if rules.is_growth(&value.expr) {
        return;
    }
    if last.has(Flag::Rank) {
        frame.flags.insert(Flag::Rank);
    }
    let inner = Box::new(value.expr.clone());
    let chosen = !last.conditions.is_empty() || last.top.is_some();
    match &before.expr {
        Expr::Change(kind, _) => {
            let kind = match (kind, rules.movement(&value.expr)) {
                (ChangeKind::Yoy, ChangeKind::YoyDiff) => ChangeKind::YoyDiff,
                (ChangeKind::Qoq, ChangeKind::YoyDiff) => ChangeKind::QoqDiff,
                (kind, _) => *kind,
            };
            value.expr = Expr::Change(kind, inner);
        }
        Expr::Metric(_) if rules.is_growth(&before.expr) => {
            *value = value.clone().changed(rules.movement(&value.expr));
        }
        Expr::Rank(_, direction, within) => value.expr = Expr::Rank(inner, *direction, within.clone()),
        Expr::Share(_, within) => value.expr = Expr::Share(inner, within.clone()),
        Expr::Metric(_) if before.stat.is_some() && !chosen => {
            value.stat = before.stat;
            value.of_peers = before.of_peers;
            frame.flags.extend(
                last.flags
                    .iter()
                    .filter(|flag| matches!(flag, Flag::Every | Flag::Peers)),
            );
            frame.entity = frame.entity.take().or_else(|| last.entity.clone());
        }
        _ => {}
    }
}

/// 和2024年三季报相比变了多少 behind 2025年三季报: the change of what is spoken of.
pub(super) fn against_before(clause: &Clause, frame: &mut Frame, last: &Frame) {
    let compared = clause.has(Flag::Versus)
        && [Flag::Change, Flag::Up, Flag::Down]
            .into_iter()
            .any(|flag| clause.has(flag));
    let ([Time::At(then)], [Time::At(now)]) = (clause.times.as_slice(), last.times.as_slice()) else {
        return;
    };
    let year_before = matches!(
        (now.year, then.year),
        (Some(Year::Absolute(now)), Some(Year::Absolute(then))) if now - then == 1
    );
    if compared && year_before && (then.part.is_none() || then.part == now.part) {
        frame.times.clone_from(&last.times);
        frame.flags.insert(Flag::BothPeriods);
    }
}

/// 是否符合“负债总额/资产总额”: the figure before against this one.
pub(super) fn agrees(frame: &mut Frame, last: &Frame) {
    let [new] = frame.values.as_slice() else { return };
    let before = last.values.iter().find(|value| new.expr != value.expr);
    if let Some(before) = before {
        let before = Value::new(before.expr.clone(), before.text.clone());
        frame.values.insert(0, before);
        frame.subjects.clone_from(&last.subjects);
        frame.flags.insert(Flag::Every);
    }
}

/// 亏损公司的呢 behind 盈利公司的平均负债率: the same of others.
pub(super) fn of_others(frame: &mut Frame, last: &Frame) {
    let statistics = last.values.iter().any(|value| value.stat.is_some()) && !last.conditions.is_empty();
    let bare = |value: &Value| {
        let mut exprs = frame.conditions.iter().flat_map(Condition::exprs);
        value.stat.is_none() && exprs.any(|expr| *expr == value.expr)
    };
    let sought = [Flag::Among, Flag::Which, Flag::Count, Flag::List]
        .into_iter()
        .any(|flag| frame.has(flag));
    if statistics
        && !frame.conditions.is_empty()
        && !sought
        && frame.top.is_none()
        && frame.values.iter().all(bare)
    {
        let same = last.values.iter().filter(|value| value.stat.is_some());
        frame.values.extend(same.cloned());
    }
}

/// `And the highest assets per client?` behind a list of branches: of those.
pub(super) fn of_the_listed(frame: &mut Frame, last: &Frame) {
    let free = frame.entity.is_none() && frame.subjects.is_empty() && frame.groups.is_empty();
    let refers = frame.has(Flag::These) || frame.has(Flag::Among);
    if frame.top.is_some() && free && !refers && last.lists() && last.subjects.is_empty() {
        frame.entity.clone_from(&last.entity);
        frame.groups.clone_from(&last.groups);
    }
}

/// 净利润合计多少 behind 这四家营收合计多少: of the same.
pub(super) fn of_the_same(frame: &mut Frame, last: &Frame) {
    let several = last.subjects.values().map(Vec::len).sum::<usize>() > 1;
    let all = [Flag::Every, Flag::Peers, Flag::Overall, Flag::Which]
        .into_iter()
        .any(|flag| frame.has(flag))
        || frame.values.iter().any(|value| value.of_peers)
        || frame.peer_stat.is_some();
    let statistics = !frame.values.is_empty() && frame.values.iter().all(|value| value.stat.is_some());
    let free = frame.subjects.is_empty()
        && frame.filters.is_empty()
        && frame.conditions.is_empty()
        && frame.top.is_none()
        && frame.entity.is_none()
        && frame.groups.is_empty();
    if several && !all && statistics && free {
        frame.subjects.clone_from(&last.subjects);
    }
}
