//! The command `jinsheng`: the only crate that knows `clap` and prints.
//!
//! It joins the other crates and puts their results into words; it decides nothing about figures. Standard output
//! is results, standard error everything else.

pub mod access;
pub mod args;
pub mod cancel;
pub mod commands;
pub mod config;
pub mod dictionary;
pub mod env;
pub mod failure;
pub mod institution;
pub mod printer;
pub mod progress;
pub mod project;
pub mod show;
pub mod survey;
pub mod words;

use std::ffi::OsString;
use std::io::{self, Write as _};

use clap::FromArgMatches as _;
use clap::error::ErrorKind;
use jinsheng_core::Lang;

use args::{Cli, ColorArg, Global, LangArg};
use failure::{CliError, Exit};
use printer::Printer;

/// Runs one command line, program name first, and says how the process ends.
pub fn run(arguments: Vec<OsString>) -> Exit {
    let early = early_options(&arguments);
    let lang = config::early_language(&early).value;
    let printer = Printer::new(lang, &early);
    let parsed = args::command(lang)
        .try_get_matches_from(arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return refused(&error, &printer),
    };
    cancel::listen();
    let mut printer = Printer::new(lang, &cli.global);
    let outcome = commands::run(&cli, &mut printer);
    match outcome {
        Ok(exit) => exit,
        // Whoever reads has read enough, as `head` does.
        Err(CliError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Done,
        Err(error) => {
            printer.failure(&error);
            error.exit()
        }
    }
}

/// Help and version are results; the rest is a wrong command line.
fn refused(error: &clap::Error, printer: &Printer) -> Exit {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = write!(io::stdout(), "{}", error.render());
            Exit::Done
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand if !printer.json => {
            let _ = write!(io::stderr(), "{}", error.render());
            Exit::Usage
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let message = printer.pick("缺少命令", "a command is missing").to_owned();
            let hint = Some(printer.pick("用 --help 查看用法", "see --help").to_owned());
            printer.failure(&CliError::Usage { message, hint });
            Exit::Usage
        }
        _ => {
            let (message, hint) = args::usage_error(error, printer.lang);
            printer.failure(&CliError::Usage { message, hint });
            Exit::Usage
        }
    }
}

/// What must be known before the command line is understood: how to say that it is not.
fn early_options(arguments: &[OsString]) -> Global {
    let mut global = Global::default();
    let mut words = arguments.iter().skip(1).map(|word| word.to_string_lossy());
    let language = |word: &str| match word {
        "zh" => Some(LangArg::Zh),
        "en" => Some(LangArg::En),
        _ => None,
    };
    while let Some(word) = words.next() {
        match word.as_ref() {
            "--" => break,
            "--json" => global.json = true,
            "--lang" => global.lang = words.next().and_then(|word| language(&word)).or(global.lang),
            "--color" => {
                global.color = match words.next().as_deref() {
                    Some("always") => ColorArg::Always,
                    Some("never") => ColorArg::Never,
                    _ => ColorArg::Auto,
                }
            }
            other => {
                if let Some(word) = other.strip_prefix("--lang=") {
                    global.lang = language(word).or(global.lang);
                }
            }
        }
    }
    global
}

/// Help of the whole and of every command in one language, for the reference page.
pub fn help_pages(lang: Lang) -> Vec<(String, String)> {
    fn walk(command: &mut clap::Command, path: &str, into: &mut Vec<(String, String)>) {
        let name = format!("{path} {}", command.get_name()).trim().to_owned();
        into.push((name.clone(), command.render_help().to_string()));
        command
            .get_subcommands_mut()
            .for_each(|sub| walk(sub, &name, into));
    }
    let mut command = args::command(lang).term_width(100);
    command.build();
    let mut pages = Vec::new();
    walk(&mut command, "", &mut pages);
    pages
}
