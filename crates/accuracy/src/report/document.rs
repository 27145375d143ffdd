//! The report as JSON, with the same care for the test half as the one for people.

use serde_json::{Value, json};

use super::{Limit, Shown, lines, name, sets};
use crate::judge::Verdict;
use crate::tally::{Half, Judged, wilson};

/// The whole report as one document.
pub(crate) fn document(turns: &[Judged], faults: &[String], limits: &[Limit], shown: Shown) -> Value {
    let shares = lines(turns).into_iter().map(|line| {
        let share = |count: u32| {
            let (low, high) = wilson(count, line.tally.turns());
            json!({"count": count, "percent": line.tally.share(count), "low": low, "high": high})
        };
        json!({
            "set": line.set,
            "half": line.half.name(),
            "category": line.category,
            "turns": line.tally.turns(),
            "correct": share(line.tally.correct),
            "wrong": share(line.tally.wrong),
            "abstained": share(line.tally.abstained),
            "elapsed_ms": {"p50": line.tally.elapsed_ms(50), "p95": line.tally.elapsed_ms(95)},
        })
    });
    let limits_kept = limits.iter().all(Limit::is_kept);
    let thresholds = limits.iter().map(|limit| {
        json!({
            "what": limit.what,
            "unit": limit.unit,
            "found": limit.found,
            "bound": limit.bound,
            "at_least": limit.at_least,
            "ok": limit.is_kept(),
        })
    });
    json!({
        "schema_version": 1,
        "ok": limits_kept && faults.is_empty(),
        "shares": shares.collect::<Vec<_>>(),
        "thresholds": thresholds.collect::<Vec<_>>(),
        "not_correct": failing(turns, shown),
        "faults": faults,
    })
}

fn failing(turns: &[Judged], shown: Shown) -> Vec<Value> {
    let mut found = Vec::new();
    for set in sets(turns) {
        for half in [Half::Dev, Half::Test] {
            let own = turns
                .iter()
                .filter(|turn| turn.set.name == set && turn.half == half);
            let failed = own.filter(|turn| turn.verdict != Verdict::Correct);
            let failed: Vec<Value> = failed.map(|turn| one(turn, shown.details(half))).collect();
            if !failed.is_empty() {
                found.push(json!({"set": set, "half": half.name(), "turns": failed}));
            }
        }
    }
    found
}

fn one(turn: &Judged, details: bool) -> Value {
    match &turn.detail {
        Some(detail) if details => json!({
            "id": turn.id,
            "verdict": name(turn.verdict),
            "category": turn.category,
            "question": detail.question,
            "reading": detail.reading,
            "gold": detail.gold,
            "answer": detail.answer,
        }),
        _ => json!({"id": turn.id}),
    }
}
