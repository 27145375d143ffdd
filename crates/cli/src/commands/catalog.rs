//! `jinsheng catalog …`.

mod check;
mod columns;
mod diff;
pub(super) mod infer;
mod locate;
mod names;
mod show;
mod words;

use jinsheng_api::CatalogCounts;
use jinsheng_core::Digest;
use jinsheng_semantics::catalog::{Catalog, CatalogFile, Problem, parse_catalog_files};

use crate::args::CatalogCommand;
use crate::failure::{CliError, Exit};
use crate::printer::Printer;
use crate::project::Project;

/// Runs a command of `catalog`.
///
/// # Errors
/// Why it could not do its work.
pub(super) fn run(command: &CatalogCommand, project: &Project, printer: &Printer) -> Result<Exit, CliError> {
    match command {
        CatalogCommand::Infer(args) => infer::run(args, project, printer),
        CatalogCommand::Check => check::run(project, printer),
        CatalogCommand::Show(args) => show::run(args.metric.as_deref(), project, printer),
        CatalogCommand::Diff(args) => diff::run(&args.old, project, printer),
    }
}

/// All definitions of several files; of two of one name the later.
fn merged(files: &[(String, String)]) -> Result<CatalogFile, CliError> {
    let mut all = CatalogFile {
        version: 1,
        ..CatalogFile::default()
    };
    for (name, text) in files {
        let file: CatalogFile = match serde_saphyr::from_str(text) {
            Ok(file) => file,
            // The loader words the problem, with its line.
            Err(error) => {
                parse_catalog_files(&[(name.clone(), text.clone())])?;
                return Err(CliError::Internal(error.to_string()));
            }
        };
        all.entities.extend(file.entities);
        all.tables.extend(file.tables);
        all.metrics.extend(file.metrics);
        all.groups.extend(file.groups);
    }
    Ok(all)
}

/// The part of a catalog that holds together without what is wrong; none when nothing of it does.
fn sound<'p>(file: &CatalogFile, wrong: impl IntoIterator<Item = &'p Problem>) -> Option<Catalog> {
    let mut sound = file.clone();
    for problem in wrong {
        leave_out(&mut sound, &problem.path);
    }
    loop {
        let problems = match Catalog::new(sound.clone(), Digest::of(b"what is sound")) {
            Ok(catalog) => return Some(catalog),
            Err(problems) => problems,
        };
        let mut removed = false;
        for problem in &problems {
            removed |= leave_out(&mut sound, &problem.path);
        }
        if !removed {
            return None;
        }
    }
}

/// Removes the definition at a dotted path; true when there was one.
fn leave_out(file: &mut CatalogFile, path: &str) -> bool {
    let parts: Vec<&str> = path.splitn(4, '.').collect();
    match parts.as_slice() {
        ["tables", table, "measures", name] => {
            let table = file.tables.get_mut(*table);
            table.is_some_and(|table| table.measures.remove(*name).is_some())
        }
        ["tables", table, "dimensions", name] => {
            let table = file.tables.get_mut(*table);
            table.is_some_and(|table| table.dimensions.remove(*name).is_some())
        }
        ["entities", name, ..] => file.entities.remove(*name).is_some(),
        ["tables", name, ..] => file.tables.remove(*name).is_some(),
        ["metrics", name, ..] => file.metrics.remove(*name).is_some(),
        ["groups", name, ..] => file.groups.remove(*name).is_some(),
        _ => false,
    }
}

fn counts(file: &CatalogFile) -> CatalogCounts {
    let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
    CatalogCounts {
        entities: count(file.entities.len()),
        tables: count(file.tables.len()),
        metrics: count(file.metrics.len()),
        groups: count(file.groups.len()),
    }
}

fn counts_text(counts: &CatalogCounts, printer: &Printer) -> String {
    let CatalogCounts {
        entities,
        tables,
        metrics,
        groups,
    } = counts;
    printer.pick(
        format!("{entities} 个实体、{tables} 张表、{metrics} 个指标、{groups} 个指标组"),
        format!("{entities} entities, {tables} tables, {metrics} metrics, {groups} groups"),
    )
}
