//! What a run prints: tables of shares, remarks, failing turns, thresholds. Of the test half no more than ids, unless it is asked for.

mod document;
mod limits;

use std::collections::BTreeSet;
use std::io::{self, Write};

pub(crate) use self::document::document;
pub(crate) use self::limits::{Limit, limits};
use crate::judge::Verdict;
use crate::tally::{Half, Judged, Tally, wilson};

/// How much is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown {
    pub(crate) verbose: bool,
    /// The half that was asked for; both without.
    pub(crate) half: Option<Half>,
}

impl Shown {
    /// Whether the questions and rows of a half may be shown.
    fn details(self, half: Half) -> bool {
        self.verbose && (half == Half::Dev || self.half == Some(Half::Test))
    }
}

/// Prints the report for people.
pub(crate) fn print(
    out: &mut dyn Write,
    turns: &[Judged],
    faults: &[String],
    limits: &[Limit],
    shown: Shown,
) -> io::Result<()> {
    shares(out, turns)?;
    remarks(out, turns)?;
    if shown.verbose {
        failing(out, turns, shown)?;
    }
    if !faults.is_empty() {
        writeln!(
            out,
            "\nfaults of the program: {}; turns without an answer count as abstained",
            faults.len()
        )?;
        faults.iter().try_for_each(|fault| writeln!(out, "  {fault}"))?;
    }
    writeln!(out, "\nthresholds")?;
    limits.iter().try_for_each(|limit| writeln!(out, "  {limit}"))
}

/// Sets in the order of the run.
pub(crate) fn sets(turns: &[Judged]) -> Vec<&'static str> {
    let mut found = Vec::new();
    for turn in turns {
        if !found.contains(&turn.set.name) {
            found.push(turn.set.name);
        }
    }
    found
}

/// A line of the table: which turns, and their counts.
pub(crate) struct Line {
    pub(crate) set: &'static str,
    pub(crate) half: Half,
    /// `all`, `refusals` (which do not count in the coverage), or a category.
    pub(crate) category: String,
    pub(crate) tally: Tally,
}

/// Every set, half and category.
pub(crate) fn lines(turns: &[Judged]) -> Vec<Line> {
    let mut found = Vec::new();
    for set in sets(turns) {
        for half in [Half::Dev, Half::Test] {
            let own: Vec<&Judged> = turns
                .iter()
                .filter(|turn| turn.set.name == set && turn.half == half)
                .collect();
            if own.is_empty() {
                continue;
            }
            let mut line = |category: &str, wanted: &dyn Fn(&Judged) -> bool| {
                let tally = Tally::of(own.iter().copied().filter(|turn| wanted(turn)));
                if tally.turns() > 0 {
                    found.push(Line {
                        set,
                        half,
                        category: category.to_owned(),
                        tally,
                    });
                }
            };
            line("all", &|turn| !turn.excluded);
            line("refusals", &|turn| turn.excluded);
            let categories: BTreeSet<&str> = own.iter().map(|turn| turn.category.as_str()).collect();
            for category in categories {
                line(category, &|turn| turn.category == category);
            }
        }
    }
    found
}

fn shares(out: &mut dyn Write, turns: &[Judged]) -> io::Result<()> {
    writeln!(
        out,
        "{:<16} {:<4} {:<16} {:>5}  {:<28} {:<28} {:<28} {:>7} {:>7}",
        "set",
        "half",
        "category",
        "turns",
        "correct (95 %)",
        "wrong (95 %)",
        "abstained (95 %)",
        "p50 ms",
        "p95 ms"
    )?;
    for Line {
        set,
        half,
        category,
        tally,
    } in lines(turns)
    {
        let share = |count: u32| {
            let (low, high) = wilson(count, tally.turns());
            format!("{count:>4} {:>5.1} % ({low:.1}–{high:.1})", tally.share(count))
        };
        let time = |per_cent: usize| {
            let elapsed = tally.elapsed_ms(per_cent);
            elapsed.map_or_else(|| "–".to_owned(), |elapsed| format!("{elapsed:.0}"))
        };
        writeln!(
            out,
            "{set:<16} {:<4} {category:<16} {:>5}  {:<28} {:<28} {:<28} {:>7} {:>7}",
            half.name(),
            tally.turns(),
            share(tally.correct),
            share(tally.wrong),
            share(tally.abstained),
            time(50),
            time(95)
        )?;
    }
    Ok(())
}

/// Counts only: a remark is no verdict.
fn remarks(out: &mut dyn Write, turns: &[Judged]) -> io::Result<()> {
    let kinds: BTreeSet<_> = turns
        .iter()
        .flat_map(|turn| turn.remarks.iter().copied())
        .collect();
    if kinds.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nremarks on turns that are correct")?;
    for kind in kinds {
        let counts = sets(turns).into_iter().filter_map(|set| {
            let own = turns.iter().filter(|turn| turn.set.name == set);
            let count = own.filter(|turn| turn.remarks.contains(&kind)).count();
            (count > 0).then(|| format!("{set} {count}"))
        });
        writeln!(
            out,
            "  {}: {}",
            kind.text(),
            counts.collect::<Vec<_>>().join(", ")
        )?;
    }
    Ok(())
}

fn failing(out: &mut dyn Write, turns: &[Judged], shown: Shown) -> io::Result<()> {
    for set in sets(turns) {
        for half in [Half::Dev, Half::Test] {
            let own = turns
                .iter()
                .filter(|turn| turn.set.name == set && turn.half == half);
            let failed: Vec<&Judged> = own.filter(|turn| turn.verdict != Verdict::Correct).collect();
            if failed.is_empty() {
                continue;
            }
            writeln!(out, "\nnot correct in {set}, {}: {}", half.name(), failed.len())?;
            if !shown.details(half) {
                let ids: Vec<&str> = failed.iter().map(|turn| turn.id.as_str()).collect();
                writeln!(out, "  {}", ids.join(" "))?;
                continue;
            }
            for turn in failed {
                writeln!(out, "  {} {} ({})", turn.id, name(turn.verdict), turn.category)?;
                let Some(detail) = &turn.detail else { continue };
                for (what, text) in [
                    ("question", &detail.question),
                    ("reading", &detail.reading),
                    ("gold", &detail.gold),
                    ("answer", &detail.answer),
                ] {
                    let text = text.trim_end().replace('\n', "\n             ");
                    writeln!(out, "    {what:<8} {text}")?;
                }
            }
        }
    }
    Ok(())
}

pub(crate) fn name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Correct => "correct",
        Verdict::Wrong => "wrong",
        Verdict::Abstained => "abstained",
    }
}
