//! Asking: dialogues go to `jinsheng ask --batch`, turns come back. What breaks the contract is a fault, never an answer.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use serde_json::json;

use crate::answer::Turn;
use crate::error::{AccuracyError, Outcome};
use crate::questions::Dialogue;

/// A turn that takes longer is given up, and with it the rest of its process's dialogues.
const LONGEST_TURN: Duration = Duration::from_secs(300);

/// What came back.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    /// By id of the turn.
    pub(crate) turns: BTreeMap<String, Turn>,
    /// What went wrong, one line each.
    pub(crate) faults: Vec<String>,
}

/// Asks all dialogues of a set, in `jobs` processes side by side. `command` makes the program without its arguments; what it prints
/// on standard error goes to files in `logs`.
pub(crate) fn ask(
    command: &(dyn Fn() -> Command + Sync),
    project: &Path,
    dialogues: &[Dialogue],
    jobs: usize,
    logs: &Path,
) -> Outcome<Answers> {
    std::fs::create_dir_all(logs).map_err(AccuracyError::file("make", logs))?;
    let jobs = jobs.clamp(1, dialogues.len().max(1));
    let one = |job: usize| {
        let own: Vec<&Dialogue> = dialogues.iter().skip(job).step_by(jobs).collect();
        batch(command(), project, &own, &logs.join(format!("{job}.stderr")))
    };
    let mut all = Answers::default();
    let done: Vec<_> = std::thread::scope(|scope| {
        let one = &one;
        let running: Vec<_> = (0..jobs).map(|job| scope.spawn(move || one(job))).collect();
        running
            .into_iter()
            .map(std::thread::ScopedJoinHandle::join)
            .collect()
    });
    for answers in done {
        let answers = answers.unwrap_or_else(|_| {
            Err(AccuracyError::Command {
                command: "ask --batch".to_owned(),
                reason: "the thread that reads its answers ended early".to_owned(),
            })
        })?;
        all.turns.extend(answers.turns);
        all.faults.extend(answers.faults);
    }
    Ok(all)
}

/// One process.
fn batch(mut command: Command, project: &Path, dialogues: &[&Dialogue], log: &PathBuf) -> Outcome<Answers> {
    let errors = File::create(log).map_err(AccuracyError::file("write", log))?;
    command
        .arg("--project")
        .arg(project)
        .args(["ask", "--batch", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(errors);
    let mut child = command.spawn().map_err(|error| AccuracyError::Command {
        command: format!("{command:?}"),
        reason: error.to_string(),
    })?;
    let input = child.stdin.take();
    let output = child.stdout.take();
    let (sender, lines) = mpsc::channel();
    let answers = std::thread::scope(|scope| {
        scope.spawn(move || {
            // A program that stops reading is noticed by the turns that it leaves out.
            input.map(|mut input| {
                dialogues
                    .iter()
                    .try_for_each(|dialogue| write(&mut input, dialogue))
            })
        });
        scope.spawn(move || {
            let lines = output.map(|output| BufReader::new(output).lines());
            for line in lines.into_iter().flatten().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        collect(&mut child, &lines, dialogues)
    });
    let ended = child.wait().map_err(AccuracyError::file("wait for", log))?;
    Ok(complete(
        answers,
        dialogues,
        &format!("{ended}; its messages are in {}", log.display()),
    ))
}

fn write(input: &mut impl Write, dialogue: &Dialogue) -> std::io::Result<()> {
    let mut line = json!({"id": dialogue.id, "turns": dialogue.turns});
    if let (Some(role), Some(fields)) = (&dialogue.role, line.as_object_mut()) {
        fields.insert("as".to_owned(), json!(role));
    }
    writeln!(input, "{line}")
}

fn collect(child: &mut Child, lines: &mpsc::Receiver<String>, dialogues: &[&Dialogue]) -> Answers {
    let mut expected = dialogues.iter().flat_map(|dialogue| ids(dialogue));
    let mut found = Answers::default();
    loop {
        match lines.recv_timeout(LONGEST_TURN) {
            Ok(line) => {
                let next = expected.next().unwrap_or_default();
                match Turn::read(&line) {
                    Ok(turn) if turn.id == next => {
                        found.turns.insert(next, turn);
                    }
                    Ok(turn) if next.is_empty() => found.faults.push(format!("{}: nobody asked", turn.id)),
                    Ok(turn) => found
                        .faults
                        .push(format!("{next}: `{}` came in its place", turn.id)),
                    Err(reason) => found.faults.push(format!("{next}: {reason}")),
                }
            }
            Err(RecvTimeoutError::Disconnected) => return found,
            Err(RecvTimeoutError::Timeout) => {
                let next = expected.next().unwrap_or_default();
                let seconds = LONGEST_TURN.as_secs();
                found.faults.push(format!(
                    "{next}: no answer in {seconds} s, the process is stopped"
                ));
                // It may have ended by itself in the meantime.
                let _ = child.kill();
                return found;
            }
        }
    }
}

fn ids(dialogue: &Dialogue) -> impl Iterator<Item = String> {
    (1..=dialogue.turns.len()).map(|turn| format!("{}/{turn}", dialogue.id))
}

/// Names the turns that never came.
fn complete(mut answers: Answers, dialogues: &[&Dialogue], ended: &str) -> Answers {
    let all: Vec<String> = dialogues.iter().flat_map(|dialogue| ids(dialogue)).collect();
    let named = |id: &str| {
        answers
            .faults
            .iter()
            .any(|fault| fault.starts_with(&format!("{id}:")))
    };
    let lost = all
        .iter()
        .filter(|id| !answers.turns.contains_key(*id) && !named(id));
    let lost: Vec<&String> = lost.collect();
    if let Some(first) = lost.first() {
        let text = format!(
            "{first}: it and {} more turns never came; the program ended with {ended}",
            lost.len() - 1
        );
        answers.faults.push(text);
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    const OK: &str = r#"{"id":"A/1","status":"refused","elapsed_ms":1}"#;

    /// A shell in place of the program.
    #[track_caller]
    fn check(script: &str, turns: usize, faults: &[&str]) {
        let place = tempfile::tempdir().unwrap();
        let dialogue = Dialogue {
            id: "A".to_owned(),
            turns: vec!["one".to_owned(), "two".to_owned()],
            role: Some("adviser".to_owned()),
        };
        let make = || {
            let mut command = Command::new("sh");
            command.args(["-c", script, "sh"]);
            command
        };
        let found = ask(&make, place.path(), &[dialogue], 4, &place.path().join("logs")).unwrap();
        assert_eq!(found.turns.len(), turns);
        assert_eq!(found.faults.len(), faults.len(), "{:?}", found.faults);
        for (found, wanted) in found.faults.iter().zip(faults) {
            assert!(found.contains(wanted), "{found}");
        }
    }

    #[test]
    fn turns_come_back_in_order() {
        let second = OK.replace("A/1", "A/2");
        check(&format!("cat > /dev/null; echo '{OK}'; echo '{second}'"), 2, &[]);
    }

    #[test]
    fn the_program_is_told_project_turns_and_role() {
        let asked = r#"read line; [ "$*" = "--project $2 ask --batch -" ] || exit 1
            [ "$line" = '{"id":"A","turns":["one","two"],"as":"adviser"}' ] && "#;
        check(
            &format!("{asked} echo '{OK}'"),
            1,
            &["A/2: it and 0 more turns never came"],
        );
    }

    #[test]
    fn what_breaks_the_contract_is_named() {
        check(&format!("echo '{OK}'; echo panic"), 1, &["A/2: no JSON"]);
        check(
            &format!("echo '{OK}'; echo '{OK}'"),
            1,
            &["A/2: `A/1` came in its place"],
        );
        check("exit 70", 0, &["A/1: it and 1 more turns never came"]);
    }
}
