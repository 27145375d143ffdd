//! `jinsheng catalog infer`: drafts what the catalog lacks.

use std::fs;
use std::path::Path;
use std::time::Instant;

use jinsheng_api::{CatalogInferred, UnsureView};
use jinsheng_core::{Digest, Lang};
use jinsheng_data::Warehouse;
use jinsheng_semantics::catalog::{Catalog, CatalogFile, parse_catalog_files, to_yaml};
use jinsheng_semantics::infer::{DictionaryEntry, Inference, infer};
use tokio::runtime::Runtime;

use super::{counts, counts_text, merged, sound};
use crate::args::CatalogInferArgs;
use crate::dictionary;
use crate::failure::{CliError, Exit};
use crate::printer::Printer;
use crate::project::{CATALOG, Project, catalog_texts};
use crate::survey;

/// The drafted file.
pub(in crate::commands) const DRAFT: &str = "inferred.yaml";
/// What a person should look at.
pub(in crate::commands) const UNSURE: &str = "unsure.md";
/// Begins the line with the digest of the rest, by which an edit is seen.
const MARK: &str = "# jinsheng catalog infer: ";

/// Drafts the catalog.
///
/// # Errors
/// When the draft has been edited, other catalog files are wrong, or files cannot be written.
pub(super) fn run(args: &CatalogInferArgs, project: &Project, printer: &Printer) -> Result<Exit, CliError> {
    let start = Instant::now();
    let folder = project.root.join(CATALOG);
    let draft_path = folder.join(DRAFT);
    let edited = was_edited(&draft_path)?;
    if edited && !args.force && !args.dry_run {
        return Err(CliError::Conflict {
            what: (
                format!("`{}` 已被手工修改，未作改动", draft_path.display()),
                format!("`{}` was edited by hand; nothing was touched", draft_path.display()),
            ),
            remedy: (
                "给它改名即可保留（其中已定义的不再起草），或用 --force 覆盖（原文件另存为 inferred.yaml.bak）".to_owned(),
                "rename it to keep it (what it defines is then left out of the draft), or overwrite it with --force (the old one is kept as inferred.yaml.bak)"
                    .to_owned(),
            ),
        });
    }
    let warehouse = project.warehouse()?;
    if warehouse.sources().is_empty() {
        return Err(CliError::Input {
            what: (
                "还没有数据可据以起草".to_owned(),
                "there are no data to draft from".to_owned(),
            ),
            remedy: (
                "先用 `jinsheng data add FILE` 导入".to_owned(),
                "import some with `jinsheng data add FILE`".to_owned(),
            ),
        });
    }
    let entries = match &args.dictionary {
        Some(path) => dictionary::read(path)?,
        None => Vec::new(),
    };
    let others: Vec<(String, String)> = catalog_texts(&folder)?
        .into_iter()
        .filter(|(name, _)| !name.ends_with(&format!("/{DRAFT}")))
        .collect();
    let runtime = super::super::runtime(project)?;
    let (inference, yaml) = draft(&warehouse, &entries, &others, &runtime, printer)?;
    let mut written = Vec::new();
    if !args.dry_run {
        fs::create_dir_all(&folder).map_err(|error| CliError::write(&folder, error))?;
        if edited {
            let backup = folder.join(format!("{DRAFT}.bak"));
            fs::rename(&draft_path, &backup).map_err(|error| CliError::write(&backup, error))?;
            written.push(backup.display().to_string());
        }
        let unsure = folder.join(UNSURE);
        replace(&unsure, &unsure_page(&inference, printer.lang))?;
        replace(&draft_path, &sealed(&yaml))?;
        written.push(draft_path.display().to_string());
        written.push(unsure.display().to_string());
    }
    tell(args, &inference, yaml, written, start, printer)
}

/// Drafts what `others` do not define, as YAML that loads together with them.
pub(in crate::commands) fn draft(
    warehouse: &Warehouse,
    entries: &[DictionaryEntry],
    others: &[(String, String)],
    runtime: &Runtime,
    printer: &Printer,
) -> Result<(Inference, String), CliError> {
    let profiles = survey::profiles(warehouse, entries, runtime, &mut |table| {
        printer.detail(printer.pick(format!("查看表 {table}"), format!("looking at table {table}")));
    })?;
    let existing = existing(others)?;
    let mut inference = infer(&profiles, entries, existing.as_ref().map(|(catalog, _)| catalog));
    if let Some((_, defined)) = &existing {
        inference
            .file
            .entities
            .retain(|name, _| !defined.entities.contains_key(name));
        inference
            .file
            .tables
            .retain(|name, _| !defined.tables.contains_key(name));
        inference
            .file
            .metrics
            .retain(|name, _| !defined.metrics.contains_key(name));
        inference
            .file
            .groups
            .retain(|name, _| !defined.groups.contains_key(name));
    }
    let yaml = to_yaml(&inference.file).map_err(CliError::Internal)?;
    let mut all = others.to_vec();
    all.push((format!("{CATALOG}/{DRAFT}"), yaml.clone()));
    parse_catalog_files(&all)?;
    Ok((inference, yaml))
}

/// What other catalog files define: as far as it holds together without the draft, and all of it.
fn existing(others: &[(String, String)]) -> Result<Option<(Catalog, CatalogFile)>, CliError> {
    if others.is_empty() {
        return Ok(None);
    }
    let all = merged(others)?;
    // What rests on the draft is not known yet; it is left out of the draft all the same.
    let sound =
        sound(&all, []).ok_or_else(|| CliError::Internal("no part of the catalog is sound".to_owned()))?;
    Ok(Some((sound, all)))
}

/// True when somebody has changed the drafted file since it was written.
fn was_edited(path: &Path) -> Result<bool, CliError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(CliError::read(path, error)),
    };
    let sealed = text
        .split_once('\n')
        .and_then(|(first, rest)| Some((first.strip_prefix(MARK)?, rest)));
    Ok(sealed.is_none_or(|(digest, rest)| digest.trim() != Digest::of(rest.as_bytes()).as_str()))
}

/// The draft with a first line by which edits are seen.
pub(in crate::commands) fn sealed(yaml: &str) -> String {
    let head = "\
# 由 `jinsheng catalog infer` 起草，请审阅；存疑之处见 unsure.md。手工修改后，再次起草不会覆盖本文件。
# Drafted by `jinsheng catalog infer`; look through it, unsure.md lists what is doubtful. Once edited, it is not overwritten.
";
    let rest = format!("{head}{yaml}");
    format!("{MARK}{}\n{rest}", Digest::of(rest.as_bytes()))
}

/// Writes a file whole: beside its place first, then renamed.
pub(in crate::commands) fn replace(path: &Path, text: &str) -> Result<(), CliError> {
    use std::io::Write as _;
    let failed = |error| CliError::write(path, error);
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".writing-")
        .suffix(".tmp")
        .tempfile_in(folder)
        .map_err(failed)?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.as_file().sync_all())
        .map_err(failed)?;
    open_to_others(file.as_file()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Temporary files are for their owner alone; a catalog is to be shared.
#[cfg(unix)]
fn open_to_others(file: &fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn open_to_others(_file: &fs::File) -> std::io::Result<()> {
    Ok(())
}

/// The page that lists what is doubtful and what was left out.
pub(in crate::commands) fn unsure_page(inference: &Inference, lang: Lang) -> String {
    let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
    let mut page = String::from(lang.pick(
        "# 起草目录时的存疑之处\n\n",
        "# What the draft of the catalog is unsure of\n\n",
    ));
    if inference.unsure.is_empty() {
        page.push_str(lang.pick("没有。\n", "Nothing.\n"));
    } else {
        page.push_str(lang.pick(
            "| 定义 | 采用 | 也可能是 | 缘由 |\n|---|---|---|---|\n",
            "| definition | taken | could also be | why |\n|---|---|---|---|\n",
        ));
        for unsure in &inference.unsure {
            page.push_str(&format!(
                "| `{}` | {} | {} | {} |\n",
                unsure.path,
                cell(&unsure.choice),
                cell(&unsure.alternatives.join(lang.pick("、", ", "))),
                cell(unsure.message.get(lang))
            ));
        }
    }
    if !inference.left_out.is_empty() {
        page.push_str(lang.pick(
            "\n# 未纳入目录的表与列\n\n| 表 | 列 | 缘由 |\n|---|---|---|\n",
            "\n# Tables and columns left out\n\n| table | column | why |\n|---|---|---|\n",
        ));
        for left in &inference.left_out {
            let column = left.column.as_deref().unwrap_or("*");
            page.push_str(&format!(
                "| {} | {} | {} |\n",
                cell(&left.source),
                cell(column),
                cell(left.reason.get(lang))
            ));
        }
    }
    page
}

fn tell(
    args: &CatalogInferArgs,
    inference: &Inference,
    yaml: String,
    written: Vec<String>,
    start: Instant,
    printer: &Printer,
) -> Result<Exit, CliError> {
    let counts = counts(&inference.file);
    if printer.json {
        let unsure = inference.unsure.iter().map(|unsure| UnsureView {
            path: unsure.path.clone(),
            text: unsure.message.get(printer.lang).to_owned(),
            choice: unsure.choice.clone(),
            alternatives: unsure.alternatives.clone(),
        });
        let yaml = args.dry_run.then_some(yaml);
        printer.document(CatalogInferred {
            written,
            counts,
            unsure: unsure.collect(),
            yaml,
        })?;
        return Ok(Exit::Done);
    }
    if args.dry_run {
        printer.result(yaml.trim_end())?;
    }
    for unsure in &inference.unsure {
        let (path, why, choice) = (&unsure.path, unsure.message.get(printer.lang), &unsure.choice);
        let others = unsure.alternatives.join(printer.pick("、", ", "));
        printer.warn(match others.is_empty() {
            true => printer.pick(
                format!("{path}：{why}（采用 {choice}）"),
                format!("{path}: {why} (taken: {choice})"),
            ),
            false => printer.pick(
                format!("{path}：{why}（采用 {choice}，也可能是 {others}）"),
                format!("{path}: {why} (taken: {choice}; could be: {others})"),
            ),
        });
    }
    let (text, unsure, elapsed) = (
        counts_text(&counts, printer),
        inference.unsure.len(),
        super::super::elapsed_ms(start),
    );
    let left = inference.left_out.len();
    printer.say(printer.pick(
        format!("已起草 {text}；{unsure} 处存疑，{left} 处未纳入，用时 {elapsed} 毫秒"),
        format!("drafted {text}; {unsure} doubtful, {left} left out, {elapsed} ms"),
    ));
    for path in written {
        printer.say(printer.pick(format!("已写入 {path}"), format!("wrote {path}")));
    }
    Ok(Exit::Done)
}
