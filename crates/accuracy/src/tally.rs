//! Counts, shares with their intervals, percentiles, and the two halves of a set.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::judge::{Remark, Verdict};
use crate::sets::Set;

/// Half of the dialogues: one to look at while working, one to be measured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Half {
    Dev,
    Test,
}

impl Half {
    /// By the dialogue, so that its turns stay together, and by a hash, so that it never changes.
    pub(crate) fn of(dialogue: &str) -> Self {
        match Sha256::digest(dialogue).first() {
            Some(byte) if byte.is_multiple_of(2) => Self::Dev,
            _ => Self::Test,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Test => "test",
        }
    }
}

/// What a person needs to see why a turn failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Detail {
    pub(crate) question: String,
    pub(crate) reading: String,
    pub(crate) gold: String,
    pub(crate) answer: String,
}

/// A turn with its verdict.
#[derive(Debug, Clone)]
pub(crate) struct Judged {
    pub(crate) set: Set,
    pub(crate) id: String,
    pub(crate) half: Half,
    pub(crate) category: String,
    /// Tests the refusal and does not count in the coverage.
    pub(crate) excluded: bool,
    pub(crate) verdict: Verdict,
    pub(crate) remarks: BTreeSet<Remark>,
    /// `None` when no answer came.
    pub(crate) elapsed_ms: Option<f64>,
    pub(crate) detail: Option<Detail>,
}

/// Counts over some turns.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    pub(crate) correct: u32,
    pub(crate) wrong: u32,
    pub(crate) abstained: u32,
    elapsed_ms: Vec<f64>,
}

impl Tally {
    pub(crate) fn of<'a>(turns: impl Iterator<Item = &'a Judged>) -> Self {
        let mut tally = Self::default();
        for turn in turns {
            match turn.verdict {
                Verdict::Correct => tally.correct += 1,
                Verdict::Wrong => tally.wrong += 1,
                Verdict::Abstained => tally.abstained += 1,
            }
            tally
                .elapsed_ms
                .extend(turn.elapsed_ms.filter(|elapsed| elapsed.is_finite()));
        }
        tally.elapsed_ms.sort_by(f64::total_cmp);
        tally
    }

    pub(crate) fn turns(&self) -> u32 {
        self.correct + self.wrong + self.abstained
    }

    /// A count in per cent of all turns.
    pub(crate) fn share(&self, count: u32) -> f64 {
        100.0 * f64::from(count) / f64::from(self.turns().max(1))
    }

    /// The smallest time that this share of the turns does not exceed; `None` without turns.
    pub(crate) fn elapsed_ms(&self, per_cent: usize) -> Option<f64> {
        let rank = (self.elapsed_ms.len() * per_cent).div_ceil(100);
        self.elapsed_ms.get(rank.saturating_sub(1)).copied()
    }
}

/// 95 % interval of a share by Wilson, in per cent.
pub(crate) fn wilson(count: u32, all: u32) -> (f64, f64) {
    if all == 0 {
        return (0.0, 100.0);
    }
    let z = 1.959_963_984_540_054_f64;
    let (count, all) = (f64::from(count), f64::from(all));
    let share = count / all;
    let spread = z * z / all;
    let middle = (share + spread / 2.0) / (1.0 + spread);
    let half = z / (1.0 + spread) * (share * (1.0 - share) / all + spread / (4.0 * all)).sqrt();
    (
        100.0 * (middle - half).clamp(0.0, 1.0),
        100.0 * (middle + half).clamp(0.0, 1.0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_the_textbook() {
        let (low, high) = wilson(8, 10);
        assert!(
            (low - 49.02).abs() < 0.01 && (high - 94.33).abs() < 0.01,
            "{low} {high}"
        );
        let (low, high) = wilson(10, 10);
        assert!(
            (low - 72.25).abs() < 0.01 && (high - 100.0).abs() < 1e-9,
            "{low} {high}"
        );
        assert!(wilson(0, 10).0 < 1e-9);
    }

    #[test]
    fn halves_never_change_and_are_about_even() {
        // echo -n B1001 | sha256sum begins with the byte that decides.
        let first = Sha256::digest("B1001")[0];
        assert_eq!(Half::of("B1001") == Half::Dev, first.is_multiple_of(2));
        let dev = (0..2_000)
            .filter(|id: &u32| Half::of(&id.to_string()) == Half::Dev)
            .count();
        assert!((900..1_100).contains(&dev), "{dev}");
    }

    #[test]
    fn percentiles_are_values_that_occurred() {
        let mut tally = Tally {
            elapsed_ms: vec![1.0, 2.0, 3.0, 4.0],
            ..Tally::default()
        };
        assert_eq!(
            (tally.elapsed_ms(50), tally.elapsed_ms(95)),
            (Some(2.0), Some(4.0))
        );
        tally.elapsed_ms.clear();
        assert_eq!(tally.elapsed_ms(50), None);
    }
}
