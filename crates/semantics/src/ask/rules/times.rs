//! Several times in one clause: a figure against that of another time, and what holds at different times.

mod against;
mod points;

use jinsheng_core::Grain;
use jinsheng_text::time::{Part, Time, When, Year};

use super::{Rules, condition, rank, value};
use crate::ask::piece::{Piece, Top, Value};
use crate::ask::words::Word as W;
use crate::query::{Condition, Expr, Lag};

pub(super) use against::{against_year, compared_years, from_to, sum_of_years};
pub(super) use points::{between, over_range, since_then, up_to_now};

/// 2023年亏损、2024年盈利的公司; 2024年营收前十的公司2025年三季报的净利润: what is said at each time, all seen from the last.
pub(super) fn held_at(rules: &Rules<'_>, pieces: &mut Vec<Piece>, before: &[Value]) {
    let Some((head, segments)) = segments(pieces) else {
        return;
    };
    let Some(anchor) = segments.iter().map(|(when, _)| place(when)).max().flatten() else {
        return;
    };
    let last = segments.iter().find(|(when, _)| place(when) == Some(anchor));
    let Some(last) = last.map(|(when, _)| *when) else {
        return;
    };
    let mut known = before.to_vec();
    let mut out = vec![Piece::Time(Time::At(last))];
    let mut chosen = 0;
    let count = segments.len();
    for (index, (when, own)) in segments.into_iter().enumerate() {
        let mut own = own;
        if index == 0 {
            own.splice(0..0, head.iter().cloned());
        }
        rules.apply(&mut own, value::RULES);
        if !own.iter().any(|piece| matches!(piece, Piece::Value(_))) {
            super::again::before_comparison(&mut own, &known);
        }
        rules.apply(&mut own, condition::RULES);
        rules.apply(&mut own, condition::JOINS);
        rules.apply(&mut own, rank::RULES);
        known = own
            .iter()
            .filter_map(|piece| match piece {
                Piece::Value(value) => Some(Value::new(value.base.clone(), value.text.clone())),
                _ => None,
            })
            .collect();
        let free = own.iter().any(|piece| {
            matches!(
                piece,
                Piece::Word(
                    W::All | W::Versus | W::Compare(_) | W::Streak | W::Yoy | W::Qoq | W::Trend | W::To,
                    _
                ) | Piece::Unknown(_)
            )
        });
        let says = own.iter().any(|piece| {
            matches!(piece, Piece::Condition(_) | Piece::Top(_))
                || matches!(piece, Piece::Value(value) if value.moved.is_some())
        });
        let valued = says || own.iter().any(|piece| matches!(piece, Piece::Value(_)));
        if free || !valued {
            return;
        }
        chosen += usize::from(says);
        let (Some(own_place), Some(grain)) = (place(&when), grain(&when, &last)) else {
            return;
        };
        let months = anchor - own_place;
        let lag = match grain {
            Grain::Year if months % 4 == 0 => Lag {
                count: months / 4,
                grain,
            },
            _ => Lag {
                count: months,
                grain: Grain::Quarter,
            },
        };
        if index + 1 < count || index > 0 {
            own = own
                .into_iter()
                .flat_map(|piece| as_condition(piece, says))
                .collect();
        }
        out.extend(own.into_iter().map(|piece| shifted(piece, lag)));
    }
    if chosen > 0 {
        *pieces = out;
    }
}

/// A time and what is said at it.
type Said = (When, Vec<Piece>);

/// A clause cut at its times; nothing where fewer than two differ or a time says nothing of its own.
fn segments(pieces: &[Piece]) -> Option<(Vec<Piece>, Vec<Said>)> {
    let mut head = Vec::new();
    let mut out: Vec<Said> = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Time(Time::At(when)) => {
                // 2024年一季报亏损但年报盈利: the year is said once.
                let year = when.year.or_else(|| out.last().and_then(|(last, _)| last.year));
                out.push((When { year, ..*when }, Vec::new()));
            }
            Piece::Time(_) => return None,
            other => match out.last_mut() {
                Some((_, own)) => own.push(other.clone()),
                None => head.push(other.clone()),
            },
        }
    }
    let places: std::collections::BTreeSet<Option<u32>> = out.iter().map(|(when, _)| place(when)).collect();
    (out.len() >= 2 && places.len() >= 2 && !places.contains(&None)).then_some((head, out))
}

/// A stretch as a number of quarters, of those that have a year.
fn place(when: &When) -> Option<u32> {
    let Some(Year::Absolute(year)) = when.year else {
        return None;
    };
    let quarter = match when.part {
        None | Some(Part::Full) => 4,
        Some(Part::Half(half)) => half * 2,
        Some(Part::Quarter(quarter) | Part::Quarters(quarter)) => quarter,
        _ => return None,
    };
    u32::try_from(year * 4 + quarter).ok()
}

/// The grain in which two stretches lie apart.
fn grain(one: &When, other: &When) -> Option<Grain> {
    let year = |when: &When| matches!(when.part, None | Some(Part::Full));
    Some(
        if year(one) == year(other) && one.part == other.part || year(one) && year(other) {
            Grain::Year
        } else {
            Grain::Quarter
        },
    )
}

/// 2023年增长、2024年下降: a movement is a condition there.
fn as_condition(piece: Piece, says: bool) -> Vec<Piece> {
    match piece {
        Piece::Value(value) if says && value.moved.is_some() => match condition::moved(&value) {
            Some(made) => vec![
                Piece::Value(Value { moved: None, ..value }),
                Piece::Condition(made),
            ],
            None => vec![Piece::Value(value)],
        },
        other => vec![other],
    }
}

/// The same seen from so much later.
fn shifted(piece: Piece, lag: Lag) -> Piece {
    if lag.count == 0 {
        return piece;
    }
    let expr = |expr: Expr| Expr::Shift(Box::new(expr), lag);
    match piece {
        Piece::Value(value) => Piece::Value(Value {
            expr: expr(value.expr),
            base: expr(value.base),
            ..value
        }),
        Piece::Condition(condition) => Piece::Condition(moved(condition, lag)),
        Piece::Top(top) => Piece::Top(Top {
            by: top.by.map(expr),
            ..top
        }),
        other => other,
    }
}

fn moved(condition: Condition, lag: Lag) -> Condition {
    let expr = |expr: Expr| match expr {
        number @ Expr::Number(_) => number,
        other => Expr::Shift(Box::new(other), lag),
    };
    let all = |parts: Vec<Condition>| parts.into_iter().map(|part| moved(part, lag)).collect();
    match condition {
        Condition::Compare(left, op, right) => Condition::Compare(expr(left), op, expr(right)),
        Condition::Missing(inner, missing) => Condition::Missing(expr(inner), missing),
        Condition::Not(inner) => Condition::Not(Box::new(moved(*inner, lag))),
        Condition::All(parts) => Condition::All(all(parts)),
        Condition::Any(parts) => Condition::Any(all(parts)),
    }
}
