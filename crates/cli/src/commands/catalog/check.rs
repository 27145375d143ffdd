//! `jinsheng catalog check`: every definition, every column, every metric; all problems at once.

use jinsheng_api::{CatalogChecked, ProblemView};
use jinsheng_core::{Fault as _, Grain, Lang, Scope, Unit};
use jinsheng_data::Warehouse;
use jinsheng_engine::{Answer, Cell, Engine, EngineError};
use jinsheng_semantics::bind::BindError;
use jinsheng_semantics::catalog::{
    Catalog, CatalogFile, Metric, Problem, merge_catalog_files, parse_catalog_files,
};
use jinsheng_semantics::query::{MetricRef, Periods};
use tokio::runtime::Runtime;

use super::columns::whole;
use super::locate::line_of;
use super::{counts, counts_text, names, sound, words};
use crate::cancel;
use crate::failure::{CliError, Exit, tidy};
use crate::printer::Printer;
use crate::project::{CATALOG, Project, catalog_texts};

/// Checks the catalog.
///
/// # Errors
/// When there is none, or the user stopped; what is wrong with it is the result.
pub(super) fn run(project: &Project, printer: &Printer) -> Result<Exit, CliError> {
    let files = catalog_texts(&project.root.join(CATALOG))?;
    if files.is_empty() {
        // Says what to do when there is no catalog.
        project.catalog()?;
    }
    let mut checked = CatalogChecked {
        ok: false,
        catalog: None,
        counts: None,
        metrics_run: 0,
        problems: Vec::new(),
        warnings: Vec::new(),
    };
    let mut problems = match parse_catalog_files(&files) {
        Ok(catalog) => {
            checked.catalog = Some(catalog.digest().to_string());
            checked.counts = Some(counts(catalog.file()));
            Vec::new()
        }
        Err(error) => error.problems,
    };
    problems.iter_mut().for_each(tidy);
    let defined = merge_catalog_files(&files);
    let warehouse = project.warehouse()?;
    let missing = columns_exist(&defined, &warehouse);
    // What is sound without all that is checked further: one mistake hides no other.
    let sound = sound(&defined, problems.iter().chain(&missing));
    problems.extend(missing);
    if let Some(catalog) = sound {
        problems.extend(units(&catalog));
        let mut warnings = words::ambiguous(&catalog);
        let runtime = super::super::runtime(project)?;
        let threads = super::super::threads(project);
        let engine = Engine::with_threads(std::sync::Arc::new(catalog), &warehouse, threads);
        problems.extend(names::taken(&engine, &runtime)?);
        let (failed, empty, run) = run_all(&engine, &runtime, printer)?;
        problems.extend(failed);
        warnings.extend(empty);
        checked.metrics_run = run;
        checked.warnings = views(warnings, &files, printer.lang);
    }
    checked.problems = views(problems, &files, printer.lang);
    checked.ok = checked.problems.is_empty();
    let exit = if checked.ok { Exit::Done } else { Exit::Mendable };
    if printer.json {
        printer.document(checked)?;
        return Ok(exit);
    }
    tell(&checked, printer)?;
    Ok(exit)
}

fn tell(checked: &CatalogChecked, printer: &Printer) -> Result<(), CliError> {
    let lines = |problems: &[ProblemView], word: &str| {
        problems.iter().try_for_each(|problem| {
            let place = match (&problem.file, problem.line) {
                (Some(file), Some(line)) => format!("{file}:{line} "),
                (Some(file), None) => format!("{file} "),
                _ => String::new(),
            };
            let mark = printer.pick("：", ": ");
            let place = format!("{place}{}", problem.path);
            printer.result(format!("{word}{mark}{}{mark}{}", place.trim_end(), problem.text))
        })
    };
    lines(&checked.problems, printer.pick("问题", "problem"))?;
    lines(&checked.warnings, printer.pick("留意", "notice"))?;
    let (problems, warnings, run) = (
        checked.problems.len(),
        checked.warnings.len(),
        checked.metrics_run,
    );
    let mark = printer.pick("；", "; ");
    let counts = checked
        .counts
        .as_ref()
        .map(|counts| counts_text(counts, printer) + mark)
        .unwrap_or_default();
    printer.say(printer.pick(
        format!("{counts}试运行 {run} 个指标，{problems} 处问题，{warnings} 处留意"),
        format!("{counts}{run} metric(s) run, {problems} problem(s), {warnings} notice(s)"),
    ));
    Ok(())
}

/// Problems with file and line, in the order of the files.
fn views(problems: Vec<Problem>, files: &[(String, String)], lang: Lang) -> Vec<ProblemView> {
    let placed = problems.into_iter().map(|problem| {
        let section: String = problem.path.splitn(3, '.').take(2).collect::<Vec<_>>().join(".");
        let known = match &problem.file {
            Some(name) => files.iter().find(|(file, _)| file == name),
            None => files
                .iter()
                .find(|(_, text)| line_of(text, &section).is_some() && has(text, &section)),
        };
        let line = problem
            .line
            .or_else(|| known.and_then(|(_, text)| line_of(text, &problem.path)));
        ProblemView {
            file: problem
                .file
                .clone()
                .or_else(|| known.map(|(name, _)| name.clone())),
            line,
            path: problem.path.clone(),
            text: lang.pick(&problem.message.0, &problem.message.1).clone(),
        }
    });
    let mut views: Vec<ProblemView> = placed.collect();
    views.sort_by(|left, right| {
        (&left.file, left.line, &left.path).cmp(&(&right.file, right.line, &right.path))
    });
    views
}

/// True when the whole path is found, not only its first part.
fn has(text: &str, path: &str) -> bool {
    let section = path.split('.').next().unwrap_or_default();
    line_of(text, path) != line_of(text, section)
}

fn problem(path: String, zh: String, en: String) -> Problem {
    Problem {
        dangling: false,
        file: None,
        line: None,
        path,
        message: (zh, en),
    }
}

/// Tables and columns that the catalog names but the data lack.
fn columns_exist(catalog: &CatalogFile, warehouse: &Warehouse) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, table) in &catalog.tables {
        let path = format!("tables.{name}");
        let Some(meta) = warehouse.table(&table.source) else {
            problems.push(problem(
                format!("{path}.source"),
                format!("没有导入表 `{}`", table.source),
                format!("table `{}` is not imported", table.source),
            ));
            continue;
        };
        let mut check = |column: &str, place: String| {
            if meta.column(column).is_none() {
                problems.push(problem(
                    place,
                    format!("表 `{}` 没有列 `{column}`", table.source),
                    format!("table `{}` has no column `{column}`", table.source),
                ));
            }
        };
        for (entity, column) in &table.entities {
            check(column, format!("{path}.entities.{entity}"));
        }
        for column in table.period.iter().flat_map(|period| period.columns()) {
            check(column, format!("{path}.period"));
        }
        for (dimension, definition) in &table.dimensions {
            check(&definition.column, format!("{path}.dimensions.{dimension}"));
        }
        for (measure, definition) in &table.measures {
            if let Some(column) = &definition.column {
                check(column, format!("{path}.measures.{measure}"));
            }
        }
    }
    for (name, entity) in &catalog.entities {
        for place in &entity.names {
            let table = catalog
                .tables
                .get(&place.table)
                .and_then(|table| warehouse.table(&table.source));
            if table.is_some_and(|table| table.column(&place.column).is_none()) {
                problems.push(problem(
                    format!("entities.{name}.names"),
                    format!("表 `{}` 没有列 `{}`", place.table, place.column),
                    format!("table `{}` has no column `{}`", place.table, place.column),
                ));
            }
        }
    }
    problems
}

/// Sources of one metric whose units have no common measure.
fn units(catalog: &Catalog) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, metric) in &catalog.file().metrics {
        let stored: Vec<(&str, Unit)> = catalog
            .measures_of(metric)
            .filter_map(|reference| Some((reference, catalog.measure(reference)?.3.unit)))
            .collect();
        let Some(unit) = metric.unit.or_else(|| stored.first().map(|(_, unit)| *unit)) else {
            continue;
        };
        for (reference, other) in stored {
            if other.power_to(unit).is_none() {
                problems.push(problem(
                    format!("metrics.{name}"),
                    format!("`{reference}` 的单位 `{other}` 与指标的单位 `{unit}` 不合"),
                    format!("the unit `{other}` of `{reference}` does not fit the metric's unit `{unit}`"),
                ));
            }
        }
    }
    problems
}

/// Runs every metric: what failed, what has no value, how many ran.
fn run_all(
    engine: &Engine,
    runtime: &Runtime,
    printer: &Printer,
) -> Result<(Vec<Problem>, Vec<Problem>, u64), CliError> {
    let mut failed = Vec::new();
    let mut empty = Vec::new();
    let mut run = 0;
    for (name, metric) in &engine.catalog().file().metrics {
        for reference in references(name, metric) {
            cancel::check()?;
            printer.detail(printer.pick(format!("试运行 {reference}"), format!("running {reference}")));
            let found = runtime.block_on(async {
                tokio::select! {
                    found = try_metric(engine, &reference) => Ok(found),
                    () = cancel::wait() => Err(CliError::Interrupted),
                }
            })?;
            // What failed because the user stopped is no problem of the catalog.
            cancel::check()?;
            run += u64::from(reference.variant.is_none());
            let path = format!("metrics.{name}");
            match found {
                Err(error) => failed.push(problem(
                    path,
                    format!("`{reference}`：{}", error.message(Lang::Zh)),
                    format!("`{reference}`: {}", error.message(Lang::En)),
                )),
                Ok(answer) if !has_value(&answer) => empty.push(problem(
                    path,
                    format!("`{reference}` 在最近一期没有值"),
                    format!("`{reference}` has no value in the latest period"),
                )),
                Ok(_) => {}
            }
        }
    }
    Ok((failed, empty, run))
}

/// The metric, and each other source of it.
fn references(name: &str, metric: &Metric) -> Vec<MetricRef> {
    let plain = MetricRef::plain(name);
    let variant = |variant: &str| MetricRef {
        variant: Some(variant.to_owned()),
        ..plain.clone()
    };
    let tables = metric
        .alternatives
        .iter()
        .filter_map(|reference| Some(variant(reference.split_once('.')?.0)));
    let formula = (metric.measure.is_some() && metric.formula.is_some()).then(|| variant("formula"));
    [plain.clone()].into_iter().chain(tables).chain(formula).collect()
}

/// The latest period of a metric; cut by its entities where it cannot be added up, at a coarser grain where a lag of
/// its formula does not fit the finest.
async fn try_metric(engine: &Engine, reference: &MetricRef) -> Result<Answer, EngineError> {
    let mut query = whole(reference);
    let mut coarser = [Grain::Month, Grain::Quarter, Grain::Half, Grain::Year].into_iter();
    loop {
        match engine.run(&query, &Scope::full()).await {
            Err(EngineError::Bind(BindError::NotAdditive { needs, .. })) if query.by.is_empty() => {
                query.by = needs
            }
            Err(EngineError::Bind(error @ BindError::Lag { .. })) => match coarser.next() {
                Some(grain) => query.periods = Some(Periods::Last(1, grain)),
                None => return Err(error.into()),
            },
            other => return other,
        }
    }
}

fn has_value(answer: &Answer) -> bool {
    answer
        .rows
        .iter()
        .flatten()
        .any(|cell| matches!(cell, Cell::Number(_)))
}
