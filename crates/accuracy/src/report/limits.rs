//! The thresholds that a run must keep.

use std::fmt;

use crate::sets::{MOST_POINTS_UNDER_DEV, THRESHOLDS};
use crate::tally::{Half, Judged, Tally};

/// One demand and what was found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Limit {
    pub(crate) what: String,
    /// `%` or `points`.
    pub(crate) unit: &'static str,
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
        let Self {
            what,
            unit,
            found,
            bound,
            ..
        } = self;
        write!(
            f,
            "{verdict:<6} {what}: {found:.2} {unit}, to be {sign} {bound:.1}"
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
        let mut demand = |tally: &Tally, what: &str, count: u32, bound: f64, at_least: bool| {
            found.push(Limit {
                what: format!("{group}, {what}, {count} of {}", tally.turns()),
                unit: "%",
                found: tally.share(count),
                bound,
                at_least,
            });
        };
        let (counted, refusals) = (of(false, None), of(true, None));
        let most = threshold.wrong_at_most;
        if counted.turns() > 0 {
            let least = threshold.correct_at_least;
            demand(&counted, "correct", counted.correct, least, true);
            demand(&counted, "wrong", counted.wrong, most, false);
        }
        if refusals.turns() > 0 {
            demand(
                &refusals,
                "wrong of those that do not count",
                refusals.wrong,
                most,
                false,
            );
        }
        let (dev, test) = (of(false, Some(Half::Dev)), of(false, Some(Half::Test)));
        if dev.turns() > 0 && test.turns() > 0 {
            let under = dev.share(dev.correct) - test.share(test.correct);
            found.push(Limit {
                what: format!("{group}, test under dev"),
                unit: "points",
                found: under,
                bound: MOST_POINTS_UNDER_DEV,
                at_least: false,
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Verdict;
    use crate::sets::{Project, Set, Source};

    fn turns(half: Half, verdict: Verdict, count: usize, excluded: bool) -> Vec<Judged> {
        let set = Set {
            name: "finglm",
            gold: "finglm",
            project: Project {
                source: Source::Finglm,
                reviewed: false,
            },
            group: "FinGLM",
        };
        let turn = Judged {
            set,
            id: "1/1".to_owned(),
            half,
            category: "lookup".to_owned(),
            excluded,
            verdict,
            remarks: std::collections::BTreeSet::new(),
            elapsed_ms: None,
            detail: None,
        };
        vec![turn; count]
    }

    /// Which demands are kept: correct, wrong, test under dev.
    #[track_caller]
    fn check(dev: [usize; 3], test: [usize; 3], kept: [bool; 3]) {
        let verdicts = [Verdict::Correct, Verdict::Wrong, Verdict::Abstained];
        let halves = [(Half::Dev, dev), (Half::Test, test)].into_iter();
        let all = halves.flat_map(|(half, counts)| {
            let pairs = verdicts.into_iter().zip(counts);
            pairs.flat_map(move |(verdict, count)| turns(half, verdict, count, false))
        });
        let found = limits(&all.collect::<Vec<_>>());
        assert_eq!(
            found.iter().map(Limit::is_kept).collect::<Vec<_>>(),
            kept,
            "{found:?}"
        );
    }

    #[test]
    fn each_threshold_is_missed_alone() {
        check([98, 0, 2], [96, 1, 3], [true, true, true]);
        check([95, 0, 5], [94, 0, 6], [false, true, true]);
        check([98, 1, 1], [97, 2, 1], [true, false, true]);
        check([100, 0, 0], [95, 1, 4], [true, true, false]);
    }

    #[test]
    fn cases_that_do_not_count_have_only_to_be_not_wrong() {
        let held = turns(Half::Dev, Verdict::Abstained, 10, true);
        assert!(limits(&held).iter().all(Limit::is_kept));
        let shown = turns(Half::Dev, Verdict::Wrong, 1, true);
        assert!(!limits(&shown).iter().all(Limit::is_kept));
    }
}
