//! Changes: on the year or period before, in % or in the value's own unit, and over years.

use jinsheng_core::Base;
use jinsheng_text::time::{Time, When, Year};

use super::value;
use crate::ask::piece::{Piece, Value};
use crate::ask::rules::{Rewrite, Rules, divide, subtract};
use crate::ask::words::Word as W;
use crate::query::{ChangeKind, Direction, Expr, MetricRef};

/// 毛利率2025比2024提升: against another period is a change; the years must be one apart.
pub(super) fn against_time(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [
        Piece::Time(Time::At(now)),
        Piece::Word(W::Versus, _),
        Piece::Time(Time::At(then)),
        rest @ ..,
    ] = pieces
    else {
        return None;
    };
    // 2025 vs 2024 without a movement: both.
    let moves = rest.iter().any(|piece| {
        matches!(
            piece.word(),
            Some(
                W::Up
                    | W::Down
                    | W::Change
                    | W::ChangeAmount
                    | W::Growth
                    | W::Higher(_)
                    | W::Difference
                    | W::Ratio
                    | W::Yoy
                    | W::Swing
            )
        )
    });
    if !moves {
        return None;
    }
    let year = |when: &When| match when.year {
        Some(Year::Absolute(year)) => Some(year),
        Some(Year::Relative(offset)) => Some(offset),
        None => None,
    };
    let apart = year(now)? - year(then)?;
    // 2025年9月底 and 2024年底 are no year apart.
    let alike = now.part == then.part && now.end == then.end || then.part.is_none() && !then.end;
    (apart == 1 && alike).then(|| (3, vec![Piece::Time(Time::At(*now))]))
}

/// 营业收入同比(增长率|增长|下降|变化), 环比…, 增长率.
pub(super) fn change(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Value(found), rest @ ..] = pieces else {
        return None;
    };
    if found.stat.is_some() {
        return None;
    }
    // 净利润同比全都增长
    if let [
        Piece::Word(W::All, text),
        Piece::Word(word @ (W::Up | W::Down), _),
        ..,
    ] = rest
        && rules.is_growth(&found.expr)
        && found.moved.is_none()
    {
        let mut same = found.clone();
        same.moved = Some(*word == W::Up);
        return Some((3, vec![Piece::Value(same), Piece::Word(W::All, text.clone())]));
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
    // 比上年高, 比2023年多
    if let Some(Piece::Word(W::Higher(direction), _)) = rest.get(1) {
        changed = found.clone().changed(rules.movement(&found.expr));
        changed.moved = Some(*direction == Direction::Desc);
        return Some((taken + 1, value(changed)));
    }
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

/// 营业收入的环比、同比: both changes.
pub(super) fn both_changes(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let (values, taken) = super::condition_run(pieces);
    let rest = pieces.get(taken..)?;
    let comma = usize::from(matches!(rest.first(), Some(Piece::Mark(','))));
    let kind = |piece: Option<&Piece>| match piece.and_then(Piece::word) {
        Some(W::Yoy) => Some(ChangeKind::Yoy),
        Some(W::Qoq) => Some(ChangeKind::Qoq),
        _ => None,
    };
    let first = kind(rest.get(comma))?;
    let and = usize::from(matches!(
        rest.get(comma + 1),
        Some(Piece::Word(W::And, _) | Piece::Mark('、' | '/'))
    ));
    let second = kind(rest.get(comma + 1 + and))?;
    let plain = |found: &&Value| found.stat.is_none() && !rules.is_growth(&found.expr) && !found.is_change();
    if first == second || values.is_empty() || !values.iter().all(plain) {
        return None;
    }
    let tail = usize::from(matches!(
        rest.get(comma + 2 + and).and_then(Piece::word),
        Some(W::Growth | W::Change)
    ));
    let both = values
        .into_iter()
        .flat_map(|found| [first, second].map(|kind| Piece::Value(found.clone().changed(kind))));
    Some((taken + 2 + comma + and + tail, both.collect()))
}

/// 比2022年(增长|高|多), more than one year back: the difference and the rate.
pub(super) fn since(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let (found, lag, rest, used) = match pieces {
        [Piece::Value(found), Piece::Since(lag, _), rest @ ..] => (found, *lag, rest, 2),
        [Piece::Since(lag, _), Piece::Value(found), rest @ ..] => (found, *lag, rest, 2),
        _ => return None,
    };
    if found.stat.is_some() || found.is_change() {
        return None;
    }
    let then = Expr::Shift(Box::new(found.expr.clone()), lag);
    if let Some(Piece::Word(W::Ratio, _)) = rest.first() {
        let times = Value::new(divide(found.expr.clone(), then.clone()), "");
        let before = Value::new(then, "");
        return Some((
            used + 1,
            [times, found.clone(), before].map(Piece::Value).to_vec(),
        ));
    }
    let apart = subtract(found.expr.clone(), then.clone());
    let rate = divide(apart.clone(), Expr::Abs(Box::new(then.clone())));
    let (moved, more) = match rest.first().and_then(Piece::word) {
        Some(W::Up | W::Higher(Direction::Desc)) => (Some(true), 1),
        Some(W::Down | W::Higher(Direction::Asc)) => (Some(false), 1),
        Some(W::Growth | W::Change | W::ChangeAmount | W::Difference) => (None, 1),
        _ => (None, 0),
    };
    let amount = matches!(
        rest.first().and_then(Piece::word),
        Some(W::ChangeAmount | W::Difference)
    );
    let growth = moved.is_none() || matches!(rest.get(1).and_then(Piece::word), Some(W::Growth));
    let more = more + usize::from(moved.is_some() && growth);
    let share = match rest.get(more..) {
        Some(
            [Piece::Number(number, _), ..] | [Piece::Word(W::Compare(_), _), Piece::Number(number, _), ..],
        ) => {
            matches!(number.unit.base, Base::Ratio)
        }
        _ => growth && !amount,
    };
    let ratio = rules
        .unit_of(&found.expr)
        .is_some_and(|unit| matches!(unit.base, Base::Ratio | Base::RatioPoints));
    let named = |expr: Expr| Value {
        expr,
        ..found.clone()
    };
    // What a condition or rank behind is about stands last.
    let mut out = vec![Piece::Value(found.clone()), Piece::Value(named(then))];
    let (first, last) = match (ratio, share) {
        (true, _) => (None, apart),
        (_, true) => (Some(apart), rate),
        _ => (Some(rate), apart),
    };
    out.extend(first.map(|expr| Piece::Value(named(expr))));
    out.push(Piece::Value(Value { moved, ..named(last) }));
    Some((used + more, out))
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

/// 销售费用、管理费用各自的同比变动率: of each of those listed.
pub(super) fn shared(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [
        Piece::Value(left),
        and @ Piece::Word(W::And, word),
        Piece::Value(right),
        rest @ ..,
    ] = pieces
    else {
        return None;
    };
    // 同比增长了多少 asks by how much; 同比增长的 is a condition, perhaps of the last one alone.
    let asks = matches!(rest.first(), Some(Piece::Word(W::HowMuch, _)));
    let kind = match &right.expr {
        Expr::Change(kind @ (ChangeKind::Yoy | ChangeKind::Qoq | ChangeKind::YoyDiff), _) => *kind,
        other if rules.is_growth(other) => ChangeKind::Yoy,
        _ => return None,
    };
    let joins = matches!(word.as_str(), "、" | "和" | "及" | "与" | "以及" | "and");
    let plain = matches!(left.expr, Expr::Metric(_)) && left.stat.is_none() && left.moved.is_none();
    if !joins
        || !plain
        || rules.is_growth(&left.expr)
        || left.base == right.base
        || right.moved.is_some() && !asks
    {
        return None;
    }
    // A growth rate that is stored has another base; its figure in front is what it grew from.
    let of_left = rules
        .metrics_of(&right.expr)
        .iter()
        .filter_map(|name| rules.catalog.metric(name))
        .any(|metric| {
            metric
                .growth_of
                .as_ref()
                .is_some_and(|growth| Expr::Metric(MetricRef::plain(&growth.metric)) == left.expr)
        });
    if of_left {
        return None;
    }
    let kind = match (kind, rules.movement(&left.expr)) {
        (ChangeKind::Qoq, _) => ChangeKind::Qoq,
        (_, usual) => usual,
    };
    let changed = left.clone().changed(kind);
    Some((
        3,
        vec![Piece::Value(changed), and.clone(), Piece::Value(right.clone())],
    ))
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
        let Expr::Metric(metric) = expr else { return false };
        // Where the figure that grows is not held, the name alone tells.
        metric.name.ends_with("_yoy")
            || self
                .catalog
                .metric(&metric.name)
                .is_some_and(|metric| metric.growth_of.is_some())
    }

    /// The metric that holds a growth on the year before, for one that would be computed.
    pub(in crate::ask) fn stored_growth(&self, expr: &Expr) -> Option<Expr> {
        let Expr::Change(ChangeKind::Yoy, inner) = expr else {
            return None;
        };
        let Expr::Metric(base) = &**inner else { return None };
        if *base != MetricRef::plain(&base.name) {
            return None;
        }
        let holds = |metric: &crate::catalog::Metric| {
            metric
                .growth_of
                .as_ref()
                .is_some_and(|growth| growth.metric == base.name && growth.change == ChangeKind::Yoy)
        };
        let mut metrics = self.catalog.file().metrics.iter();
        let found = metrics.find(|(_, metric)| metric.measure.is_some() && holds(metric));
        found.map(|(name, _)| Expr::Metric(MetricRef::plain(name)))
    }

    /// How a rise or fall of a value is measured: a share moves by percentage points, an amount by %.
    pub(in crate::ask) fn movement(&self, expr: &Expr) -> ChangeKind {
        match self.unit_of(expr).map(|unit| unit.base) {
            Some(Base::Ratio | Base::RatioPoints) => ChangeKind::YoyDiff,
            // A place moves by places.
            _ if matches!(expr, Expr::Rank(..)) => ChangeKind::YoyDiff,
            _ => ChangeKind::Yoy,
        }
    }
}
