//! `./x accuracy`: how many questions `jinsheng ask` answers as the gold of `tests/accuracy` does.
//!
//! Depends on no other crate of the workspace: gold and judge must not know how questions are understood, or both could be
//! wrong in the same way. The program under test is run as a user runs it.

mod answer;
mod arguments;
mod error;
mod floor;
mod gold;
mod judge;
mod measure;
mod period;
mod project;
mod questions;
mod rehearse;
mod report;
mod run;
mod sets;
mod source;
mod table;
mod tally;
mod unit;
mod words;

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use crate::arguments::Arguments;
use crate::error::{AccuracyError, Outcome};
use crate::judge::Verdict;
use crate::measure::{Run, Verdicts};
use crate::rehearse::Manner;
use crate::report::{Limit, Shown};
use crate::tally::Judged;

fn main() -> ExitCode {
    match start() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // Nothing is left to do where even standard error is gone.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Whether every threshold is kept.
fn start() -> Outcome<bool> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let mut out = io::stdout().lock();
    if let [first, prepared, ..] = words.as_slice()
        && first == "stand-in"
    {
        rehearse::stand_in(Path::new(prepared), &mut io::stdin().lock(), &mut out)?;
        return Ok(true);
    }
    let arguments = Arguments::read(&words, &|name| std::env::var_os(name))?;
    let run = Run {
        places: &arguments.places,
        jinsheng: &arguments.jinsheng,
        half: arguments.half,
        jobs: arguments.jobs,
    };
    let (sets, sources) = run.prepare(&arguments.sets, arguments.rehearse)?;
    if arguments.rehearse {
        let mut kept = true;
        for manner in Manner::ALL {
            let verdicts = run.rehearse(&sets, &sources, manner)?;
            kept &= rehearsed(&mut out, manner, &verdicts)?;
        }
        return Ok(kept);
    }
    let (turns, faults) = run.measure(&sets, &sources)?;
    let limits = match arguments.floor {
        true => floor::limits(&turns, &arguments.places.gold)?,
        false => report::limits(&turns),
    };
    let shown = Shown {
        verbose: arguments.verbose,
        half: arguments.half,
    };
    if arguments.json {
        writeln!(out, "{:#}", report::document(&turns, &faults, &limits, shown))?;
    } else {
        report::print(&mut out, &turns, &faults, &limits, shown)?;
    }
    Ok(faults.is_empty() && limits.iter().all(Limit::is_kept))
}

/// Prints how a rehearsal went; ids alone, for a spoiled answer that passes is a fault of judge or gold.
fn rehearsed(out: &mut dyn Write, manner: Manner, verdicts: &Verdicts) -> Result<bool, AccuracyError> {
    let (turns, faults) = verdicts;
    let mut kept = faults.is_empty();
    for fault in faults {
        writeln!(out, "  {fault}")?;
    }
    let expected = if manner.is_right() {
        "correct"
    } else {
        "not correct"
    };
    for set in report::sets(turns) {
        let own = turns.iter().filter(|turn| turn.set.name == set);
        let (fine, others): (Vec<&Judged>, Vec<&Judged>) =
            own.partition(|turn| (turn.verdict == Verdict::Correct) == manner.is_right());
        let (count, all) = (fine.len(), fine.len() + others.len());
        writeln!(out, "{set:<16} {:<17} {count} of {all} {expected}", manner.name())?;
        if !others.is_empty() {
            kept = false;
            let ids: Vec<&str> = others.iter().map(|turn| turn.id.as_str()).collect();
            writeln!(out, "  otherwise: {}", ids.join(" "))?;
        }
        let remarks: usize = fine.iter().map(|turn| turn.remarks.len()).sum();
        if remarks > 0 && manner.is_right() {
            writeln!(out, "  remarks: {remarks}")?;
        }
    }
    Ok(kept)
}
