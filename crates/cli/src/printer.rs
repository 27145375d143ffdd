//! The one place that writes to standard output and standard error.

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};

use jinsheng_api::{Document, ErrorBody, Failure};
use jinsheng_core::{Fault as _, Lang};
use serde::Serialize;
use unicode_width::UnicodeWidthChar as _;

use crate::args::{ColorArg, Global};
use crate::env;
use crate::failure::CliError;

/// What results of a project say whose data are made up.
pub const FICTIONAL: (&str, &str) = ("演示数据，均为虚构", "demo data, all of it fictional");

/// Writes results and everything else, in one language.
#[derive(Debug, Clone)]
pub struct Printer {
    /// Language of texts.
    pub lang: Lang,
    /// One JSON document instead of text.
    pub json: bool,
    /// The project's data are made up, and every result says so.
    pub fictional: bool,
    quiet: bool,
    verbose: bool,
    colour_out: bool,
    colour_err: bool,
}

impl Printer {
    /// A printer as the options say.
    pub fn new(lang: Lang, global: &Global) -> Self {
        let colour = |terminal: bool| match global.color {
            ColorArg::Always => true,
            ColorArg::Never => false,
            ColorArg::Auto => terminal && env::NO_COLOR.get_os().is_none(),
        };
        Self {
            lang,
            json: global.json,
            fictional: false,
            quiet: global.quiet,
            verbose: global.verbose,
            colour_out: colour(io::stdout().is_terminal()),
            colour_err: colour(io::stderr().is_terminal()),
        }
    }

    /// Picks one of two texts.
    pub fn pick<T>(&self, zh: T, en: T) -> T {
        self.lang.pick(zh, en)
    }

    /// True when progress may be drawn.
    pub fn shows_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal() && env::NO_PROGRESS.get_os().is_none()
    }

    /// Part of a result, on standard output.
    ///
    /// # Errors
    /// [`CliError::Output`].
    pub fn result(&self, text: impl Display) -> Result<(), CliError> {
        out(&format!("{text}\n"))
    }

    /// A heading inside a result.
    ///
    /// # Errors
    /// [`CliError::Output`].
    pub fn heading(&self, text: impl Display) -> Result<(), CliError> {
        if self.colour_out {
            out(&format!("\u{1b}[1m{text}\u{1b}[0m\n"))
        } else {
            out(&format!("{text}\n"))
        }
    }

    /// The result as one JSON document.
    ///
    /// # Errors
    /// [`CliError::Output`].
    pub fn document(&self, body: impl Serialize) -> Result<(), CliError> {
        let document = Document {
            fictional: self.fictional,
            ..Document::new(body)
        };
        let text = serde_json::to_string(&document).map_err(|error| CliError::Internal(error.to_string()))?;
        out(&format!("{text}\n"))
    }

    /// The mark of fiction below a result, where the project's data are made up.
    ///
    /// # Errors
    /// [`CliError::Output`].
    pub fn mark(&self) -> Result<(), CliError> {
        if !self.fictional || self.json {
            return Ok(());
        }
        let (zh, en) = FICTIONAL;
        self.result(self.pick(format!("注：{zh}"), format!("note: {en}")))
    }

    /// What was done or what to do next, on standard error; not with `-q` or `--json`.
    pub fn say(&self, text: impl Display) {
        if !self.quiet && !self.json {
            err(&format!("{text}\n"));
        }
    }

    /// What a user may want to know of the work, with `-v`.
    pub fn detail(&self, text: impl Display) {
        if self.verbose {
            err(&format!("{}{text}\n", self.pick("详情：", "detail: ")));
        }
    }

    /// Something odd that does not stop the work; not with `--json`, where it is part of the document.
    pub fn warn(&self, text: impl Display) {
        if !self.quiet && !self.json {
            let word = self.pick("警告", "warning");
            let mark = self.pick("：", ": ");
            err(&format!("{}{mark}{text}\n", self.painted(word, "33")));
        }
    }

    /// An error with what to do about it.
    pub fn failure(&self, error: &CliError) {
        if self.json {
            let body = ErrorBody {
                code: error.code().0.to_owned(),
                message: error.message(self.lang),
                hint: error.hint(self.lang),
                retry: error.retry() == jinsheng_core::Retry::Later,
            };
            // An error that cannot be told is told by the exit code.
            let _ = self.document(Failure { error: body });
            return;
        }
        let mark = self.pick("：", ": ");
        let mut text = format!(
            "{}{mark}{}\n",
            self.painted(self.pick("错误", "error"), "31"),
            error.message(self.lang)
        );
        if let CliError::Syntax { line, error } = error
            && !line.trim().is_empty()
        {
            text.push_str(&caret(line, error.at()));
        }
        if let Some(hint) = error.hint(self.lang) {
            text.push_str(&format!(
                "{}{mark}{hint}\n",
                self.painted(self.pick("提示", "hint"), "36")
            ));
        }
        if self.verbose {
            let mut source = std::error::Error::source(error);
            while let Some(cause) = source {
                text.push_str(&format!("{}{mark}{cause}\n", self.pick("原因", "cause")));
                source = cause.source();
            }
        }
        err(&text);
    }

    fn painted(&self, word: &str, colour: &str) -> String {
        if self.colour_err {
            format!("\u{1b}[1;{colour}m{word}\u{1b}[0m")
        } else {
            word.to_owned()
        }
    }
}

fn out(text: &str) -> Result<(), CliError> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(CliError::Output)
}

fn err(text: &str) {
    // Nobody is left to tell when standard error is gone.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Characters shown of a line on either side of a fault.
const AROUND: usize = 60;

/// The line, or the part of it around the place, with a caret below the place.
fn caret(line: &str, at: usize) -> String {
    let shown: Vec<char> = line
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let from = at.saturating_sub(AROUND);
    let part: String = shown.iter().skip(from).take(2 * AROUND).collect();
    let before: String = shown.iter().skip(from).take(at - from).collect();
    let lead = if from > 0 { "…" } else { "" };
    let trail = if from + 2 * AROUND < shown.len() {
        "…"
    } else {
        ""
    };
    let width: usize = lead
        .chars()
        .chain(before.chars())
        .map(|c| c.width().unwrap_or(0))
        .sum();
    format!("  {lead}{part}{trail}\n  {}^\n", " ".repeat(width))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_below_the_place_also_after_wide_characters() {
        assert_eq!(caret("营收 by ?", 6), "  营收 by ?\n          ^\n");
        assert_eq!(caret("a", 1), "  a\n   ^\n");
        let long = format!("{}?", "营".repeat(200));
        assert_eq!(caret(&long, 200).lines().count(), 2);
    }
}
