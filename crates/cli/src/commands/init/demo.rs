//! The content of a demo project: generated tables, imported like a bank's own, and their catalog.

use std::fs;
use std::path::Path;

use jinsheng_api::ProjectMade;
use jinsheng_data::{AddOptions, Stop, Warehouse};
use jinsheng_semantics::catalog::parse_catalog_files;

use super::write;
use crate::commands::catalog::infer;
use crate::commands::data::add::{now, one};
use crate::commands::runtime_of;
use crate::failure::CliError;
use crate::printer::Printer;
use crate::project::{CATALOG, DATA, STATE, catalog_texts};
use crate::{access, cancel, dictionary};

/// Catalog files that come with the demo: name and text.
const AUTHORED: [(&str, &str); 0] = [];

/// Beside the tables lies the dictionary, which is no table.
const DICTIONARY: &str = "dictionary.csv";

/// Fills a project that is being built at `folder` and will stand at `target`.
pub(super) fn fill(
    folder: &Path,
    target: &Path,
    seed: u64,
    printer: &Printer,
    made: &mut ProjectMade,
) -> Result<(), CliError> {
    let data = folder.join(DATA);
    let summary = jinsheng_demo::generate(seed, &data, &mut |name| {
        printer.detail(printer.pick(format!("生成 {name}"), format!("generating {name}")));
    })?;
    cancel::check()?;
    let mut warehouse = Warehouse::open(&folder.join(STATE))?;
    warehouse.stop_when(Stop::when(cancel::asked));
    let options = AddOptions {
        imported_at: now(),
        ..AddOptions::default()
    };
    for path in csv_files(&data)? {
        let report = one(&mut warehouse, &path, &options, printer)?;
        made.sources += 1;
        made.rows += report.source.tables.iter().map(|table| table.rows).sum::<u64>();
    }
    catalog(&folder.join(CATALOG), &data, &warehouse, printer)?;
    drop(warehouse);
    settle(&folder.join(STATE), folder, target)?;
    write(&folder.join(access::FILE), access::DEMO)?;
    let metrics = parse_catalog_files(&catalog_texts(&folder.join(CATALOG))?)?
        .file()
        .metrics
        .len();
    made.metrics = u64::try_from(metrics).unwrap_or(u64::MAX);
    made.seed = Some(summary.seed);
    Ok(())
}

/// The catalog that comes with the demo; without one, a draft from the dictionary.
fn catalog(folder: &Path, data: &Path, warehouse: &Warehouse, printer: &Printer) -> Result<(), CliError> {
    for (name, text) in AUTHORED {
        write(&folder.join(name), text)?;
    }
    if !AUTHORED.is_empty() {
        return Ok(());
    }
    let entries = dictionary::read(&data.join(DICTIONARY))?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let runtime = runtime_of(threads)?;
    let (inference, yaml) = infer::draft(warehouse, &entries, &[], &runtime, printer)?;
    write(&folder.join(infer::DRAFT), &infer::sealed(&yaml))?;
    write(
        &folder.join(infer::UNSURE),
        &infer::unsure_page(&inference, printer.lang),
    )
}

fn csv_files(data: &Path) -> Result<Vec<std::path::PathBuf>, CliError> {
    let entries = fs::read_dir(data).map_err(|error| CliError::read(data, error))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| CliError::read(data, error))?.path();
        let is_table = path.extension().is_some_and(|ending| ending == "csv");
        if is_table && path.file_name().is_some_and(|name| name != DICTIONARY) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Makes the sources' remembered places those where the files will be once the project is renamed.
fn settle(state: &Path, folder: &Path, target: &Path) -> Result<(), CliError> {
    let path = state.join("manifest.json");
    let folder = fs::canonicalize(folder).map_err(|error| CliError::read(folder, error))?;
    let text = fs::read_to_string(&path).map_err(|error| CliError::read(&path, error))?;
    let internal = |detail: String| CliError::Internal(detail);
    let mut manifest: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| internal(error.to_string()))?;
    let sources = manifest
        .get_mut("sources")
        .and_then(serde_json::Value::as_array_mut);
    for source in sources.into_iter().flatten() {
        if let Some(place) = source.get_mut("path")
            && let Some(inside) = place
                .as_str()
                .and_then(|text| Path::new(text).strip_prefix(&folder).ok())
        {
            *place = target.join(inside).display().to_string().into();
        }
    }
    let text = serde_json::to_string_pretty(&manifest).map_err(|error| internal(error.to_string()))?;
    write(&path, &text)
}
