//! A run: project, questions and gold of each set, answers, verdicts.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::answer::{Cell, Turn};
use crate::error::{AccuracyError, Outcome};
use crate::gold::{self, Case};
use crate::judge::{Judgement, Verdict, judge};
use crate::project::{Jinsheng, prepare};
use crate::questions::{Dialogue, dialogues};
use crate::rehearse::{self, Manner};
use crate::run::{Answers, ask};
use crate::sets::{Places, Project, Set, Source};
use crate::source::{self, Opened};
use crate::table::{GoldTable, Value};
use crate::tally::{Detail, Half, Judged};

/// Rows of gold and answer that a report shows.
const MOST_ROWS: usize = 6;

/// One set, ready to be asked.
pub(crate) struct Prepared {
    set: Set,
    project: PathBuf,
    cases: Vec<Case>,
    dialogues: Vec<Dialogue>,
    /// Rows of each reading of each entry of each case.
    readings: Vec<Vec<Vec<GoldTable>>>,
}

/// What is asked, with which program.
pub(crate) struct Run<'a> {
    pub(crate) places: &'a Places,
    pub(crate) jinsheng: &'a Jinsheng,
    pub(crate) half: Option<Half>,
    pub(crate) jobs: usize,
}

/// Verdicts of all sets, and what broke the contract.
pub(crate) type Verdicts = (Vec<Judged>, Vec<String>);

impl Run<'_> {
    /// Makes projects and gold of the sets. A rehearsal asks nobody, so that only the demo's files must be there.
    pub(crate) fn prepare(
        &self,
        sets: &[Set],
        rehearsal: bool,
    ) -> Outcome<(Vec<Prepared>, BTreeMap<Source, Opened>)> {
        let mut sources: BTreeMap<Source, Opened> = BTreeMap::new();
        let mut projects: BTreeMap<Project, PathBuf> = BTreeMap::new();
        let mut found = Vec::new();
        for set in sets {
            let source = set.project.source;
            let project = match projects.get(&set.project) {
                Some(project) => project.clone(),
                None if rehearsal && source != Source::Demo => self.places.cache.clone(),
                None => prepare(self.places, self.jinsheng, set.project)?,
            };
            projects.insert(set.project, project.clone());
            let opened = match sources.entry(source) {
                std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::btree_map::Entry::Vacant(new) => {
                    new.insert(source::open(self.places, source, &project)?)
                }
            };
            found.push(self.prepare_set(*set, project, opened)?);
        }
        Ok((found, sources))
    }

    fn prepare_set(&self, set: Set, project: PathBuf, opened: &Opened) -> Outcome<Prepared> {
        let cases = gold::load(&self.places.gold, set.gold)?;
        let mut dialogues = dialogues(self.places, set.gold, &cases)?;
        let mut cases = cases;
        if let Some(half) = self.half {
            dialogues.retain(|dialogue| Half::of(&dialogue.id) == half);
            cases.retain(|case| Half::of(case.place().0) == half);
        }
        let database = opened.database();
        let mut readings = Vec::new();
        for case in &cases {
            let entries = case.entries.iter().map(|entry| {
                let texts = entry.readings.iter();
                texts.map(|text| database.rows(&case.id, text)).collect()
            });
            readings.push(entries.collect::<Outcome<Vec<_>>>()?);
        }
        Ok(Prepared {
            set,
            project,
            cases,
            dialogues,
            readings,
        })
    }

    /// Asks the program.
    pub(crate) fn measure(&self, sets: &[Prepared], sources: &BTreeMap<Source, Opened>) -> Outcome<Verdicts> {
        let mut all = Verdicts::default();
        for set in sets {
            let lang = if set.set.name == "demo_en" {
                "en_GB.UTF-8"
            } else {
                "zh_CN.UTF-8"
            };
            let command = || self.jinsheng.command(lang);
            let logs = self.places.cache.join("logs").join(set.set.name);
            let answers = ask(&command, &set.project, &set.dialogues, self.jobs, &logs)?;
            self.judge_all(set, sources, answers, &mut all);
        }
        Ok(all)
    }

    /// Has a stand-in give the gold back in a manner.
    pub(crate) fn rehearse(
        &self,
        sets: &[Prepared],
        sources: &BTreeMap<Source, Opened>,
        manner: Manner,
    ) -> Outcome<Verdicts> {
        let own = std::env::current_exe().map_err(AccuracyError::file("find", Path::new("accuracy")))?;
        let folder = self.places.cache.join("rehearsal");
        fs::create_dir_all(&folder).map_err(AccuracyError::file("make", &folder))?;
        let mut all = Verdicts::default();
        for set in sets {
            let Some(opened) = sources.get(&set.set.project.source) else {
                continue;
            };
            let cases = set.cases.iter().zip(&set.readings).enumerate();
            let lines = cases.map(|(number, (case, readings))| {
                let answer = rehearse::answer(case, readings, manner, number, &opened.names);
                format!("{answer}\n")
            });
            let prepared = folder.join(format!("{}-{}.jsonl", set.set.name, std::process::id()));
            fs::write(&prepared, lines.collect::<String>())
                .map_err(AccuracyError::file("write", &prepared))?;
            let command = || {
                let mut command = Command::new(&own);
                command.arg("stand-in").arg(&prepared);
                command
            };
            let logs = self
                .places
                .cache
                .join("logs")
                .join("rehearsal")
                .join(set.set.name);
            let answers = ask(&command, &set.project, &set.dialogues, self.jobs, &logs)?;
            fs::remove_file(&prepared).map_err(AccuracyError::file("remove", &prepared))?;
            self.judge_all(set, sources, answers, &mut all);
        }
        Ok(all)
    }

    fn judge_all(
        &self,
        set: &Prepared,
        sources: &BTreeMap<Source, Opened>,
        answers: Answers,
        all: &mut Verdicts,
    ) {
        let Some(opened) = sources.get(&set.set.project.source) else {
            return;
        };
        let texts = set.dialogues.iter().flat_map(|dialogue| &dialogue.turns);
        for ((case, readings), question) in set.cases.iter().zip(&set.readings).zip(texts) {
            let turn = answers.turns.get(&case.id);
            let judgement = turn.map(|turn| judge(case, readings, turn, &opened.names));
            let Judgement { verdict, remarks } = judgement.unwrap_or_else(Judgement::without_answer);
            let failed = verdict != Verdict::Correct;
            let detail = turn
                .filter(|_| failed)
                .map(|turn| detail(case, readings, turn, question));
            all.0.push(Judged {
                set: set.set,
                id: case.id.clone(),
                half: Half::of(case.place().0),
                category: case.category.clone(),
                excluded: case.excluded(),
                verdict,
                remarks,
                elapsed_ms: turn.map(|turn| turn.elapsed_ms),
                detail,
            });
        }
        let faults = answers.faults.into_iter().map(|fault| {
            let id = fault.split(['/', ':']).next().unwrap_or_default();
            // A cell that breaks the contract would show what the test half asks.
            let hidden = Half::of(id) == Half::Test && self.half != Some(Half::Test);
            let fault = match fault.split_once(": ") {
                Some((turn, _)) if hidden => format!("{turn}: no answer to judge"),
                _ => fault,
            };
            format!("{} {fault}", set.set.name)
        });
        all.1.extend(faults);
    }
}

fn detail(case: &Case, readings: &[Vec<GoldTable>], turn: &Turn, question: &str) -> Detail {
    let gold = case.entries.iter().zip(readings).map(|(entry, readings)| {
        let outcomes: Vec<String> = entry
            .outcomes
            .iter()
            .map(|outcome| format!("{outcome:?}"))
            .collect();
        let main = readings.first().map(gold_text).unwrap_or_default();
        format!("{} ({} readings)\n{main}", outcomes.join(" or "), readings.len())
    });
    let tables = turn.tables.iter().map(answer_text);
    let statuses: Vec<String> = turn.parts.iter().map(|status| format!("{status:?}")).collect();
    let said: String = turn.said.chars().take(300).collect();
    Detail {
        question: question.to_owned(),
        reading: turn.reading.trim_end().replace('\n', " | "),
        gold: gold.collect(),
        answer: format!("{}\n{}{said}", statuses.join(", "), tables.collect::<String>()),
    }
}

fn gold_text(table: &GoldTable) -> String {
    let heads = table.keys.iter().cloned();
    let heads = heads.chain(
        table
            .columns
            .iter()
            .map(|column| format!("{} [{}]", column.name, column.unit)),
    );
    let rows = table.rows.iter().map(|row| {
        let values = row.values.iter().map(|value| match value {
            Value::Missing => "–".to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.clone(),
        });
        row.keys.iter().cloned().chain(values).collect()
    });
    lines(heads.collect(), rows, table.rows.len())
}

fn answer_text(table: &crate::answer::Table) -> String {
    let heads = table.columns.iter().map(|column| {
        let unit = column.unit.as_deref().unwrap_or("–");
        format!("{} [{unit}]", column.label)
    });
    let rows = table.rows.iter().map(|row| {
        let cells = row.iter().map(|cell| match cell {
            Cell::Missing => "–".to_owned(),
            Cell::Number { text, .. } | Cell::Text(text) => text.clone(),
            Cell::Bool(yes) => yes.to_string(),
            Cell::Member { code, name } => format!("{code} {name}"),
        });
        cells.collect()
    });
    lines(heads.collect(), rows, table.rows.len())
}

fn lines(heads: Vec<String>, rows: impl Iterator<Item = Vec<String>>, count: usize) -> String {
    let mut text = heads.join(", ") + "\n";
    for row in rows.take(MOST_ROWS) {
        text += &(row.join(", ") + "\n");
    }
    if count > MOST_ROWS {
        text += &format!("… {count} rows\n");
    }
    text
}
