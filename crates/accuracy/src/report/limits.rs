//! The thresholds that a run must keep.

use std::fmt;

use crate::sets::{MOST_POINTS_UNDER_DEV, THRESHOLDS};
use crate::tally::{Half, Judged, Tally};

/// One demand and what was found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Limit {
    pub(crate) what: String,
    /// In per cent or points.
    pub(crate) found: f64,
    pub(crate) bound: f64,
    /// Whether `found` must be at least `bound`; else at most.
    pub(crate) at_least: bool,
}

impl Limit {
    pub(crate) fn is_kept(&self) -> bool {
        if self.at_least {
            self.found >= self.bound
        } else {
            self.found <= self.bound
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.is_kept() { "ok" } else { "MISSED" };
        let sign = if self.at_least { "≥" } else { "≤" };
        write!(
            f,
            "{verdict:<6} {}: {:.2}, to be {sign} {:.1}",
            self.what, self.found, self.bound
        )
    }
}

/// The demands on the groups that were asked. Refusals that the coverage leaves out have only to be not wrong.
pub(crate) fn limits(turns: &[Judged]) -> Vec<Limit> {
    let mut found = Vec::new();
    for threshold in THRESHOLDS {
        let group = threshold.group;
        let of = |excluded: bool, half: Option<Half>| {
            Tally::of(turns.iter().filter(|turn| {
                turn.set.group == group
                    && turn.excluded == excluded
                    && half.is_none_or(|half| half == turn.half)
            }))
        };
        let mut demand = |what: &str, share: f64, bound: f64, at_least: bool| {
            found.push(Limit {
                what: format!("{group}, {what}"),
                found: share,
                bound,
                at_least,
            });
        };
        let (counted, refusals) = (of(false, None), of(true, None));
        if counted.turns() > 0 {
            let most = threshold.wrong_at_most;
            demand(
                "correct %",
                counted.share(counted.correct),
                threshold.correct_at_least,
                true,
            );
            demand("wrong %", counted.share(counted.wrong), most, false);
        }
        if refusals.turns() > 0 {
            let most = threshold.wrong_at_most;
            demand("wrong % of refusals", refusals.share(refusals.wrong), most, false);
        }
        let (dev, test) = (of(false, Some(Half::Dev)), of(false, Some(Half::Test)));
        if dev.turns() > 0 && test.turns() > 0 {
            let under = dev.share(dev.correct) - test.share(test.correct);
            demand("points of test under dev", under, MOST_POINTS_UNDER_DEV, false);
        }
    }
    found
}
