//! Changes: on the year or period before, in % or in the value's own unit, and over years.

use jinsheng_core::Base;
use jinsheng_text::time::{Time, When, Year};

use super::value;
use crate::ask::piece::{Piece, Value};
use crate::ask::rules::{Rewrite, Rules};
use crate::ask::words::Word as W;
use crate::query::{ChangeKind, Expr};

/// 毛利率2025比2024提升: against another period is a change; the years must be one apart.
pub(super) fn against_time(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [
        Piece::Time(Time::At(now)),
        Piece::Word(W::Versus, _),
        Piece::Time(Time::At(then)),
        ..,
    ] = pieces
    else {
        return None;
    };
    let year = |when: &When| match when.year {
        Some(Year::Absolute(year)) => Some(year),
        Some(Year::Relative(offset)) => Some(offset),
        None => None,
    };
    let apart = year(now)? - year(then)?;
    (apart == 1).then(|| (3, vec![Piece::Time(Time::At(*now))]))
}

/// 营业收入同比(增长率|增长|下降|变化), 环比…, 增长率.
pub(super) fn change(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Value(found), rest @ ..] = pieces else {
        return None;
    };
    if found.stat.is_some() {
        return None;
    }
    // A stored growth rate is the growth: 营收同比增速 does not grow once more.
    if rules.is_growth(&found.expr) {
        let word = rest.first()?.word()?;
        let mut same = found.clone();
        same.moved = match word {
            W::Up => Some(true),
            W::Down => Some(false),
            W::Growth | W::Yoy | W::Change => found.moved,
            _ => return None,
        };
        let again = (found.moved.is_some() && same.moved != found.moved) || word == W::Qoq;
        return (!again).then(|| (2, value(same)));
    }
    // 营收都在下滑
    let (all, rest) = match rest {
        [Piece::Word(W::All, text), rest @ ..]
            if matches!(rest.first().and_then(Piece::word), Some(W::Up | W::Down)) =>
        {
            (Some(text.clone()), rest)
        }
        _ => (None, rest),
    };
    let (kind, said) = match rest.first()?.word()? {
        W::Yoy => (ChangeKind::Yoy, 1),
        W::Qoq => (ChangeKind::Qoq, 1),
        W::Growth => return Some((2, value(found.clone().changed(ChangeKind::Yoy)))),
        direction @ (W::Up | W::Down) => {
            if found.moved.is_some() {
                return None;
            }
            let mut moved = found.clone().changed(rules.movement(&found.expr));
            moved.moved = Some(direction == W::Up);
            // 增长率, 增长了多少: the word is part of the change.
            let after = usize::from(matches!(rest.get(1).and_then(Piece::word), Some(W::Growth)));
            let mut out = value(moved);
            let more = usize::from(all.is_some());
            out.extend(all.map(|text| Piece::Word(W::All, text)));
            return Some((2 + after + more, out));
        }
        _ => return None,
    };
    let moves = matches!(
        rest.get(1).and_then(Piece::word),
        Some(W::Up | W::Down | W::Change)
    );
    let kind = match (kind, rules.movement(&found.expr)) {
        (ChangeKind::Yoy, ChangeKind::YoyDiff) if moves => ChangeKind::YoyDiff,
        (ChangeKind::Qoq, ChangeKind::YoyDiff) if moves => ChangeKind::QoqDiff,
        (kind, _) => kind,
    };
    let mut changed = found.clone().changed(kind);
    let mut taken = 1 + said;
    match rest.get(1).and_then(Piece::word) {
        Some(W::Growth | W::Change) => taken += 1,
        Some(direction @ (W::Up | W::Down)) => {
            changed.moved = Some(direction == W::Up);
            taken += 1;
            if matches!(rest.get(2).and_then(Piece::word), Some(W::Growth | W::Change)) {
                changed.moved = None;
                taken += 1;
            }
        }
        _ => {}
    }
    Some((taken, value(changed)))
}

/// `yoy revenue growth`, `growth in revenue`, `change in revenue`.
pub(super) fn english_change(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [first, rest @ ..] = pieces else { return None };
    let Piece::Word(word, text) = first else {
        return None;
    };
    // grew revenue, falling revenue: the movement stands in front.
    if let (W::Up | W::Down, true, [Piece::Value(found), ..]) = (word, text.is_ascii(), rest)
        && found.stat.is_none()
        && found.moved.is_none()
    {
        let mut moved = if rules.is_growth(&found.expr) {
            found.clone()
        } else {
            found.clone().changed(rules.movement(&found.expr))
        };
        moved.moved = Some(*word == W::Up);
        return Some((2, value(moved)));
    }
    if !text.is_ascii() && !matches!(word, W::Yoy | W::Qoq) {
        return None;
    }
    let (kind, mut taken) = match word {
        W::Yoy => (ChangeKind::Yoy, 1),
        W::Qoq => (ChangeKind::Qoq, 1),
        W::Growth | W::Change => (ChangeKind::Yoy, 1),
        _ => return None,
    };
    if matches!(rest.first().and_then(Piece::word), Some(W::Growth | W::Change)) {
        taken += 1;
    }
    let Some(Piece::Value(found)) = pieces.get(taken) else {
        return None;
    };
    if found.is_change() {
        return None;
    }
    taken += 1;
    if matches!(
        pieces.get(taken).and_then(Piece::word),
        Some(W::Growth | W::Change)
    ) {
        taken += 1;
    }
    Some((taken, value(found.clone().changed(kind))))
}

/// 增长额: the change in the value's own unit.
pub(super) fn change_amount(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let (found, kind, taken) = match pieces {
        [Piece::Value(found), Piece::Word(W::ChangeAmount, _), ..] => (found, ChangeKind::YoyDiff, 2),
        [
            Piece::Value(found),
            Piece::Word(W::Yoy, _),
            Piece::Word(W::ChangeAmount, _),
            ..,
        ] => (found, ChangeKind::YoyDiff, 3),
        [
            Piece::Value(found),
            Piece::Word(W::Qoq, _),
            Piece::Word(W::ChangeAmount, _),
            ..,
        ] => (found, ChangeKind::QoqDiff, 3),
        _ => return None,
    };
    Some((taken, value(found.clone().changed(kind))))
}

/// 复合增长率; the number of years follows from the period.
pub(super) fn cagr(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let compound = |found: &Value| Value {
        expr: Expr::Cagr(Box::new(found.expr.clone()), 0),
        ..found.clone()
    };
    match pieces {
        [Piece::Value(found), Piece::Word(W::Cagr, _), ..] => Some((2, value(compound(found)))),
        [Piece::Word(W::Cagr, text), Piece::Value(found), ..] if text.is_ascii() => {
            Some((2, value(compound(found))))
        }
        _ => None,
    }
}

impl Rules<'_> {
    /// Whether a value is a stored growth rate.
    pub(in crate::ask) fn is_growth(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::Metric(metric) if self.catalog.metric(&metric.name).is_some_and(|metric| metric.growth_of.is_some()))
    }

    /// How a rise or fall of a value is measured: a share moves by percentage points, an amount by %.
    pub(in crate::ask) fn movement(&self, expr: &Expr) -> ChangeKind {
        match self.unit_of(expr).map(|unit| unit.base) {
            Some(Base::Ratio | Base::RatioPoints) => ChangeKind::YoyDiff,
            _ => ChangeKind::Yoy,
        }
    }
}
