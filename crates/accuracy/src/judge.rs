//! The verdict on a turn, by the rules of `tests/accuracy/README.md`. Knows gold and answers, not how questions are understood.

mod bands;
mod cells;
mod long;
mod matching;
mod rows;
mod shape;
#[cfg(test)]
mod trials;

use std::collections::BTreeSet;

use self::rows::Prepared;
use crate::answer::{Status, Turn};
use crate::gold::{Case, Entry, Expect};
use crate::table::GoldTable;
use crate::words::{Names, plain};

/// What became of a turn; the worse of two parts comes later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    Correct,
    /// Asked back or refused where an answer was right, or the other way round: nothing false was shown.
    Abstained,
    /// Something is shown that is not what was asked for.
    Wrong,
}

/// What is to be said of a turn beside its verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Remark {
    /// What the data cannot say of the question is not named.
    PartialUnnamed,
    /// A refusal does not name what is missing.
    MissingUnnamed,
    /// A false premise of the question is passed over.
    PremiseUnnoted,
    /// Rows are not in the order asked for.
    OtherOrder,
    /// A chart was asked for and there is none.
    NoChart,
    /// Further tables are shown beside the right one.
    FurtherTables,
}

impl Remark {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::PartialUnnamed => "what the data cannot say is not named",
            Self::MissingUnnamed => "the refusal does not name what is missing",
            Self::PremiseUnnoted => "a false premise is passed over",
            Self::OtherOrder => "rows in another order than asked for",
            Self::NoChart => "no chart where one fits",
            Self::FurtherTables => "further tables beside the right one",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub(crate) verdict: Verdict,
    pub(crate) remarks: BTreeSet<Remark>,
}

impl Judgement {
    /// Nothing came that could be judged. Nothing false was shown either; the run as a whole fails by the fault.
    pub(crate) fn without_answer() -> Self {
        Self {
            verdict: Verdict::Abstained,
            remarks: BTreeSet::new(),
        }
    }
}

/// Judges a turn. `readings` holds the rows of each reading of each entry.
pub(crate) fn judge(case: &Case, readings: &[Vec<GoldTable>], turn: &Turn, names: &Names) -> Judgement {
    let tables: Vec<Prepared<'_>> = turn
        .tables
        .iter()
        .map(|table| Prepared::new(table, names))
        .collect();
    let hearing = Hearing { turn };
    let found: Vec<Option<matching::Found>> = case
        .entries
        .iter()
        .zip(readings)
        .map(|(entry, readings)| matching::find(entry, readings, &tables, names))
        .collect();
    let used: BTreeSet<usize> = found
        .iter()
        .flatten()
        .flat_map(|found| found.tables.clone())
        .collect();
    let held = turn
        .parts
        .iter()
        .filter(|status| **status != Status::Answered)
        .count();
    let whole = Whole {
        stray: (0..turn.tables.len()).any(|index| !used.contains(&index)),
        too_few_held: held < found.iter().filter(|found| found.is_none()).count(),
    };
    let alone = case.entries.len() == 1;
    let mut judgement = Judgement {
        verdict: Verdict::Correct,
        remarks: BTreeSet::new(),
    };
    for ((entry, readings), found) in case.entries.iter().zip(readings).zip(&found) {
        let verdict = if alone {
            hearing.alone(entry, readings, found.is_some())
        } else {
            hearing.part(entry, readings, found.is_some(), whole)
        };
        judgement.verdict = judgement.verdict.max(verdict);
        judgement.remarks.extend(hearing.remarks(entry, found.as_ref()));
    }
    if alone && whole.stray && !used.is_empty() {
        judgement.remarks.insert(Remark::FurtherTables);
    }
    if judgement.verdict != Verdict::Correct {
        judgement.remarks.clear();
    }
    judgement
}

struct Hearing<'a> {
    turn: &'a Turn,
}

/// What a turn that asks several things shows and leaves out.
#[derive(Debug, Clone, Copy)]
struct Whole {
    /// A table belongs to nothing that was asked.
    stray: bool,
    /// Fewer parts are refused or asked back than are not found: with a stray table, one of these was answered nevertheless.
    too_few_held: bool,
}

fn outcome(status: Status) -> Expect {
    match status {
        Status::Answered => Expect::Answered,
        Status::Clarify => Expect::Clarify,
        Status::Refused => Expect::Refused,
    }
}

impl Hearing<'_> {
    /// A turn that asks one thing.
    fn alone(&self, entry: &Entry, readings: &[GoldTable], found: bool) -> Verdict {
        if self.turn.status != Status::Answered {
            return self.not_answered(entry, readings, self.turn.status);
        }
        let nothing = self.turn.tables.iter().all(crate::answer::Table::is_empty);
        if nothing && readings.iter().any(GoldTable::is_empty) || self.is_right(entry, found) {
            Verdict::Correct
        } else {
            Verdict::Wrong
        }
    }

    /// Whether an answer is right: a right reading, said so where asking back or refusing was the first choice. Where the gold has no
    /// figures, it must at least say what the data do not.
    fn is_right(&self, entry: &Entry, found: bool) -> bool {
        let first_choice = entry.outcomes.first() == Some(&Expect::Answered);
        let explained = first_choice || self.turn.noted || !self.turn.reading.trim().is_empty();
        if !entry.allows(Expect::Answered) {
            false
        } else if entry.readings.is_empty() {
            self.turn.noted
        } else {
            found && explained
        }
    }

    /// Nothing was shown. Where the gold is empty, a refusal says the same.
    fn not_answered(&self, entry: &Entry, readings: &[GoldTable], status: Status) -> Verdict {
        let empty = readings.first().is_some_and(GoldTable::is_empty);
        if entry.allows(outcome(status)) || status == Status::Refused && empty {
            Verdict::Correct
        } else {
            Verdict::Abstained
        }
    }

    /// One of several things that a turn asks.
    fn part(&self, entry: &Entry, readings: &[GoldTable], found: bool, whole: Whole) -> Verdict {
        if self.turn.status != Status::Answered {
            return self.not_answered(entry, readings, self.turn.status);
        }
        let ended = |status: Status| self.turn.parts.contains(&status);
        let empty = readings.iter().any(GoldTable::is_empty);
        let shows_nothing = self.turn.tables.iter().any(crate::answer::Table::is_empty);
        let answered_nevertheless = whole.stray && whole.too_few_held;
        let held_rightly = [Status::Clarify, Status::Refused]
            .into_iter()
            .any(|status| ended(status) && self.not_answered(entry, readings, status) == Verdict::Correct);
        let said = !whole.stray && entry.allows(Expect::Refused) && self.names_all(&entry.missing);
        if self.is_right(entry, found)
            || empty && shows_nothing
            || held_rightly && !answered_nevertheless
            || said
        {
            return Verdict::Correct;
        }
        let held = ended(Status::Clarify) || ended(Status::Refused);
        // Left out without a word is no abstention where an answer was due.
        if whole.stray || !held && entry.allows(Expect::Answered) {
            Verdict::Wrong
        } else {
            Verdict::Abstained
        }
    }

    fn names_all(&self, words: &[String]) -> bool {
        let said = plain(&format!("{}{}", self.turn.said, self.turn.reading));
        !words.is_empty() && words.iter().all(|word| said.contains(&plain(word)))
    }

    fn remarks(&self, entry: &Entry, found: Option<&matching::Found>) -> Vec<Remark> {
        let answered = self.turn.status == Status::Answered;
        let refused = self.turn.parts.contains(&Status::Refused);
        let unnamed = |words: &[String]| !words.is_empty() && !self.names_all(words);
        let chart = entry.chart.as_deref().is_some_and(|chart| chart != "table");
        let mut remarks = Vec::new();
        let mut note = |is: bool, remark: Remark| {
            if is {
                remarks.push(remark);
            }
        };
        note(answered && unnamed(&entry.partial), Remark::PartialUnnamed);
        note(
            (refused || answered) && entry.allows(Expect::Refused) && unnamed(&entry.missing),
            Remark::MissingUnnamed,
        );
        note(
            answered && entry.false_premise && !self.turn.noted,
            Remark::PremiseUnnoted,
        );
        note(
            found.is_some_and(|found| entry.ordered && !found.in_order),
            Remark::OtherOrder,
        );
        note(found.is_some() && chart && !self.turn.has_chart, Remark::NoChart);
        remarks
    }
}
