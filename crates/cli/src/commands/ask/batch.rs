//! Many conversations from a file of JSON lines, one turn object a line on standard output.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;

use jinsheng_core::Scope;
use jinsheng_dialogue::Conversation;
use jinsheng_semantics::ask::Understanding;
use serde::Deserialize;

use super::Session;
use crate::failure::{CliError, Exit};

/// One conversation of a batch.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// Id; its turns are `id/1`, `id/2` …
    id: String,
    /// Turns in order.
    turns: Vec<String>,
    /// Role of access.yaml.
    #[serde(default, rename = "as")]
    role: Option<String>,
}

/// Answers all conversations of a file, or of standard input for `-`.
///
/// # Errors
/// For a line that is none, with its number; nothing of later lines is answered.
pub(super) async fn run(file: &Path, session: &Session<'_>) -> Result<Exit, CliError> {
    let reader: Box<dyn BufRead> = if file == Path::new("-") {
        Box::new(BufReader::new(std::io::stdin()))
    } else {
        let opened = File::open(file).map_err(|error| CliError::read(file, error))?;
        Box::new(BufReader::new(opened))
    };
    // What there is to understand is read once for each role.
    let mut known: BTreeMap<Option<String>, (Scope, Arc<Understanding>)> = BTreeMap::new();
    for (number, line) in (1..).zip(reader.lines()) {
        let line = line.map_err(|error| CliError::read(file, error))?;
        if line.trim().is_empty() {
            continue;
        }
        let line: Line = serde_json::from_str(&line).map_err(|error| wrong(file, number, &error))?;
        let role = line.role.clone().or_else(|| session.args.role.clone());
        if !known.contains_key(&role) {
            let scope = match &role {
                Some(role) => crate::commands::query::scope(session.project, role, session.engine.catalog())?,
                None => Scope::full(),
            };
            let understanding = Arc::new(Conversation::understanding(session.engine, &scope).await?);
            known.insert(role.clone(), (scope, understanding));
        }
        let Some((scope, understanding)) = known.get(&role) else {
            continue;
        };
        let mut conversation = Conversation::new(session.engine, scope.clone(), Arc::clone(understanding));
        for (turn_number, turn) in (1..).zip(&line.turns) {
            let (_, mut answer) = session.answer(&mut conversation, turn).await?;
            answer.id = Some(format!("{}/{turn_number}", line.id));
            session.printer.document(answer)?;
        }
    }
    Ok(Exit::Done)
}

fn wrong(file: &Path, number: usize, error: &serde_json::Error) -> CliError {
    CliError::Input {
        what: (
            format!("`{}` 第 {number} 行不是一段对话：{error}", file.display()),
            format!(
                "line {number} of `{}` is no conversation: {error}",
                file.display()
            ),
        ),
        remedy: (
            "每行一个 JSON 对象：{\"id\": \"1\", \"turns\": [\"…\"]}".to_owned(),
            "one JSON object a line: {\"id\": \"1\", \"turns\": [\"…\"]}".to_owned(),
        ),
    }
}
