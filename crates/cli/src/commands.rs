//! One module for each command.

mod ask;
mod catalog;
mod config;
mod data;
mod init;
mod query;

use std::time::Instant;

use jinsheng_engine::Engine;
use jinsheng_semantics::catalog::Catalog;
use tokio::runtime::Runtime;

use crate::args::{CatalogCommand, Cli, Command, DataCommand};
use crate::failure::{CliError, Exit};
use crate::printer::Printer;
use crate::project::Project;

/// Runs a command.
///
/// # Errors
/// Why it could not do its work.
pub fn run(cli: &Cli, printer: &mut Printer) -> Result<Exit, CliError> {
    if let Command::Init(args) = &cli.command {
        printer.fictional = args.demo;
        return init::run(args, printer);
    }
    let project = Project::open(&cli.global)?;
    printer.lang = project.settings.language.value;
    printer.fictional = project.fictional;
    printer.detail(printer.pick(
        format!("项目 {}", project.root.display()),
        format!("project {}", project.root.display()),
    ));
    let exit = match &cli.command {
        Command::Init(_) => Ok(Exit::Done),
        Command::Data(command) => data::run(command, &project, printer),
        Command::Catalog(command) => catalog::run(command, &project, printer),
        Command::Ask(args) => ask::run(args, &project, printer, cli.global.lang.is_some()),
        Command::Query(args) => query::run(args, &project, printer),
        Command::Config(_) => config::show(&project, printer),
    }?;
    if shows_data(&cli.command) {
        printer.mark()?;
    }
    Ok(exit)
}

/// Whether the result of a command says something about the data. An answer has the mark among its notes, and a draft is
/// a file to be read by programs.
fn shows_data(command: &Command) -> bool {
    match command {
        Command::Data(command) => !matches!(command, DataCommand::Add(_) | DataCommand::Remove(_)),
        Command::Catalog(command) => !matches!(command, CatalogCommand::Infer(_)),
        Command::Init(_) | Command::Ask(_) | Command::Query(_) | Command::Config(_) => false,
    }
}

/// Milliseconds since `start`.
fn elapsed_ms(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Threads that the settings allow.
fn threads(project: &Project) -> usize {
    usize::try_from(project.settings.threads.value)
        .unwrap_or(1)
        .max(1)
}

/// Threads of this process for Queries.
fn runtime(project: &Project) -> Result<Runtime, CliError> {
    runtime_of(threads(project))
}

fn runtime_of(threads: usize) -> Result<Runtime, CliError> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads.max(1))
        .enable_time()
        .build()
        .map_err(|error| CliError::Internal(error.to_string()))
}

/// An engine over the project's tables.
fn engine(project: &Project, catalog: Catalog) -> Result<Engine, CliError> {
    let warehouse = project.warehouse()?;
    let threads = threads(project);
    Ok(Engine::with_threads(
        std::sync::Arc::new(catalog),
        &warehouse,
        threads,
    ))
}
