//! `jinsheng ask`.

mod batch;
mod show;
mod view;

use std::io::{BufRead as _, IsTerminal as _};
use std::sync::Arc;
use std::time::Instant;

use jinsheng_api::{AskStatus, TurnAnswer};
use jinsheng_core::Scope;
use jinsheng_dialogue::{Conversation, Turn};
use jinsheng_engine::Engine;
use jinsheng_semantics::ask::Understanding;
use rustyline::error::ReadlineError;

use crate::args::AskArgs;
use crate::cancel;
use crate::failure::{CliError, Exit};
use crate::printer::Printer;
use crate::project::Project;

/// Longest turn that is read from a prompt, in bytes.
const MAX_TURN: usize = 1 << 16;

/// What every turn of a run needs.
struct Session<'a> {
    args: &'a AskArgs,
    project: &'a Project,
    printer: &'a Printer,
    engine: &'a Engine,
    /// The language was chosen; otherwise a turn is answered in its own.
    fixed: bool,
}

/// Answers the turns of one conversation.
///
/// # Errors
/// When the project cannot be read, or the work was stopped.
pub(super) fn run(
    args: &AskArgs,
    project: &Project,
    printer: &Printer,
    fixed: bool,
) -> Result<Exit, CliError> {
    let catalog = project.catalog()?;
    let scope = match &args.role {
        Some(role) => super::query::scope(project, role, &catalog)?,
        None => Scope::full(),
    };
    let engine = super::engine(project, catalog.with_row_counts())?;
    let session = Session {
        args,
        project,
        printer,
        engine: &engine,
        fixed,
    };
    let runtime = super::runtime(project)?;
    let outcome = runtime.block_on(async {
        tokio::select! {
            done = session.talk(scope) => done,
            () = cancel::wait() => Err(CliError::Interrupted),
        }
    });
    // Work that was stopped may still hold a thread; it reads only.
    runtime.shutdown_background();
    outcome
}

impl Session<'_> {
    async fn talk(&self, scope: Scope) -> Result<Exit, CliError> {
        if let Some(file) = &self.args.batch {
            return batch::run(file, self).await;
        }
        let understanding = Arc::new(Conversation::understanding(self.engine, &scope).await?);
        let mut conversation = Conversation::new(self.engine, scope, understanding);
        if self.args.turns.is_empty() {
            return self.prompt(&mut conversation).await;
        }
        let mut exit = Exit::Done;
        for text in &self.args.turns {
            if !self.turn(&mut conversation, text).await? {
                exit = Exit::Refused;
            }
        }
        Ok(exit)
    }

    /// Answers a turn and shows it; whether there is an answer.
    async fn turn(&self, conversation: &mut Conversation<'_>, text: &str) -> Result<bool, CliError> {
        let (turn, answer) = self.answer(conversation, text).await?;
        let answered = answer.first.status == AskStatus::Answered;
        if self.printer.json {
            self.printer.document(answer)?;
        } else {
            show::turn(&turn, &answer, self.args, self.project, &self.spoken(text))?;
        }
        Ok(answered)
    }

    /// The printer for a turn: in its language, unless one was chosen.
    fn spoken(&self, text: &str) -> Printer {
        let mut printer = self.printer.clone();
        if !self.fixed {
            printer.lang = Understanding::language(text);
        }
        printer
    }

    /// One turn with its document.
    async fn answer(
        &self,
        conversation: &mut Conversation<'_>,
        text: &str,
    ) -> Result<(Turn, TurnAnswer), CliError> {
        let start = Instant::now();
        let found = conversation.turn(text).await?;
        let lang = self.spoken(text).lang;
        let mut view = view::turn(&found, self.engine.catalog(), self.project.fictional, lang)?;
        if let Some(dialect) = self.args.sql {
            view::add_sql(&mut view, self.engine, conversation.scope(), dialect).await?;
        }
        view.elapsed_ms = super::elapsed_ms(start);
        Ok((found, view))
    }

    /// Turns typed one by one, until the input ends.
    async fn prompt(&self, conversation: &mut Conversation<'_>) -> Result<Exit, CliError> {
        if !std::io::stdin().is_terminal() {
            return self.piped(conversation).await;
        }
        self.printer.say(self.printer.pick(
            "请提问；Ctrl-D 结束，上下键翻看问过的话，追问只需说变化的部分",
            "ask away; Ctrl-D ends, the arrow keys recall what was asked, a follow-up may say only what changes",
        ));
        let mut editor =
            rustyline::DefaultEditor::new().map_err(|error| CliError::Internal(error.to_string()))?;
        loop {
            let read = tokio::task::spawn_blocking(move || {
                let line = editor.readline("> ");
                (editor, line)
            });
            let (back, line) = read
                .await
                .map_err(|error| CliError::Internal(error.to_string()))?;
            editor = back;
            let line = match line {
                Ok(line) => line,
                Err(ReadlineError::Eof) => return Ok(Exit::Done),
                Err(ReadlineError::Interrupted) => return Err(CliError::Interrupted),
                Err(error) => return Err(CliError::Internal(error.to_string())),
            };
            let line = line.trim();
            if line.is_empty() || line.len() > MAX_TURN {
                continue;
            }
            // What cannot be remembered can still be answered.
            let _ = editor.add_history_entry(line);
            self.turn(conversation, line).await?;
        }
    }

    /// One turn a line from a file or another program.
    async fn piped(&self, conversation: &mut Conversation<'_>) -> Result<Exit, CliError> {
        let mut exit = Exit::Done;
        for line in std::io::stdin().lock().lines() {
            let line = line.map_err(|error| CliError::read(std::path::Path::new("-"), error))?;
            if !line.trim().is_empty() && !self.turn(conversation, line.trim()).await? {
                exit = Exit::Refused;
            }
        }
        Ok(exit)
    }
}
