//! Forms of flows: of a single quarter, of the year so far, of twelve months.

use jinsheng_core::Grain;
use jinsheng_text::time::Time;

use super::value;
use crate::ask::piece::{Piece, Value};
use crate::ask::rules::{Rewrite, Rules};
use crate::ask::words::Word as W;
use crate::catalog::TimeBehaviour;
use crate::query::{Expr, Form, MetricRef};

/// 单季 in front of a value.
pub(super) fn form_before(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Word(W::Form(form), _), Piece::Value(found), ..] = pieces else {
        return None;
    };
    Some((2, value(formed(rules, found, *form)?)))
}

/// 单季 behind it.
pub(super) fn form_after(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Value(found), Piece::Word(W::Form(form), _), ..] = pieces else {
        return None;
    };
    Some((2, value(formed(rules, found, *form)?)))
}

/// 近12个月营收 is the sum of twelve months.
pub(super) fn ttm_time(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [
        Piece::Word(W::Form(_), _),
        Piece::Time(Time::Recent(12, Grain::Month)),
        Piece::Value(found),
        ..,
    ] = pieces
    else {
        return None;
    };
    Some((3, value(formed(rules, found, Form::Ttm)?)))
}

/// A value in another form.
pub(super) fn formed(rules: &Rules<'_>, found: &Value, form: Form) -> Option<Value> {
    let Expr::Metric(metric) = &found.expr else {
        return None;
    };
    if let Some(expr) = in_parts(rules, metric, form) {
        return Some(Value {
            base: expr.clone(),
            expr,
            ..found.clone()
        });
    }
    // The stored growth rate is that of the usual form; of another one it is computed.
    if let Some(growth) = rules
        .catalog
        .metric(&metric.name)
        .and_then(|metric| metric.growth_of.as_ref())
    {
        let base = Expr::Metric(MetricRef {
            form: Some(form),
            ..MetricRef::plain(&growth.metric)
        });
        return Some(Value {
            expr: Expr::Change(growth.change, Box::new(base.clone())),
            base,
            ..found.clone()
        });
    }
    let expr = Expr::Metric(MetricRef {
        form: Some(form),
        ..metric.clone()
    });
    Some(Value {
        base: expr.clone(),
        expr,
        ..found.clone()
    })
}

/// A ratio that is held by itself, as its formula over flows in a form: 单季毛利率.
fn in_parts(rules: &Rules<'_>, metric: &MetricRef, form: Form) -> Option<Expr> {
    let held = rules.catalog.metric(&metric.name)?;
    let rate = rules.catalog.behaviour(held) == Some(TimeBehaviour::Rate);
    if !rate || held.growth_of.is_some() || *metric != MetricRef::plain(&metric.name) {
        return None;
    }
    parts(rules, rules.catalog.formula(&metric.name)?, form)
}

/// Quotients, sums and differences of flows, each in a form; nothing where something else is among them.
fn parts(rules: &Rules<'_>, expr: &Expr, form: Form) -> Option<Expr> {
    match expr {
        Expr::Metric(metric) => {
            let held = rules.catalog.metric(&metric.name)?;
            let flow = rules.catalog.behaviour(held) == Some(TimeBehaviour::FlowYtd);
            (flow && metric.form.is_none()).then(|| {
                Expr::Metric(MetricRef {
                    form: Some(form),
                    ..metric.clone()
                })
            })
        }
        Expr::Binary(op, left, right) => Some(Expr::Binary(
            *op,
            Box::new(parts(rules, left, form)?),
            Box::new(parts(rules, right, form)?),
        )),
        _ => None,
    }
}
