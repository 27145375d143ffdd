//! What has been reached before, a set and half: fewer correct answers or more wrong ones are a step back.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::error::{AccuracyError, Outcome};
use crate::report::{self, Limit};
use crate::tally::Judged;

/// File of the floor in the folder of the gold.
const FILE: &str = "floor.yaml";

/// Turns that count, of a set and half.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Counts {
    correct: u32,
    wrong: u32,
}

/// Reads the floor: set, then half, then counts.
fn read(gold: &Path) -> Outcome<BTreeMap<String, BTreeMap<String, Counts>>> {
    let path = gold.join(FILE);
    let text = std::fs::read_to_string(&path).map_err(AccuracyError::file("read", &path))?;
    serde_saphyr::from_str(&text)
        .map_err(|error| AccuracyError::Usage(format!("`{}`: {error}", path.display())))
}

/// The demands of the floor on what was asked; a set without a line is held to nothing.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn limits(turns: &[Judged], gold: &Path) -> Outcome<Vec<Limit>> {
    let floor = read(gold)?;
    let mut found = Vec::new();
    for line in report::lines(turns)
        .into_iter()
        .filter(|line| line.category == "all")
    {
        let Some(least) = floor
            .get(line.set)
            .and_then(|halves| halves.get(line.half.name()))
        else {
            continue;
        };
        let mut demand = |what: &str, count: u32, bound: u32, at_least: bool| {
            found.push(Limit {
                what: format!("{} {}, {what}", line.set, line.half.name()),
                unit: "turns",
                found: f64::from(count),
                bound: f64::from(bound),
                at_least,
            });
        };
        demand("correct", line.tally.correct, least.correct, true);
        demand("wrong", line.tally.wrong, least.wrong, false);
    }
    Ok(found)
}
