//! `jinsheng init`: builds the project beside its place and renames it, so that a half-made one never stays.

mod demo;
mod stale;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use jinsheng_api::ProjectMade;

use crate::args::InitArgs;
use crate::failure::{CliError, Exit};
use crate::printer::Printer;
use crate::project::{CATALOG, DATA, STATE};
use crate::show::number;
use crate::{cancel, config, institution};

/// Makes a project.
///
/// # Errors
/// When the folder holds something, or cannot be written.
pub(super) fn run(args: &InitArgs, printer: &Printer) -> Result<Exit, CliError> {
    let start = Instant::now();
    let target = absolute(&args.dir)?;
    refuse_what_holds_something(&target)?;
    let parent = target.parent().unwrap_or(&target).to_owned();
    fs::create_dir_all(&parent).map_err(|error| CliError::write(&parent, error))?;
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let prefix = format!(".{name}-");
    stale::sweep(&parent, &prefix);
    let building = tempfile::Builder::new()
        .prefix(&prefix)
        .suffix(stale::SUFFIX)
        .tempdir_in(&parent)
        .map_err(|error| CliError::write(&target, error))?;
    let folder = building.path();
    let mark = stale::Mark::set(folder)?;
    skeleton(folder, args.demo)?;
    let mut made = ProjectMade {
        project: target.display().to_string(),
        seed: None,
        sources: 0,
        rows: 0,
        metrics: 0,
        elapsed_ms: 0,
    };
    if args.demo {
        demo::fill(
            folder,
            &target,
            args.seed.unwrap_or(jinsheng_demo::DEFAULT_SEED),
            printer,
            &mut made,
        )?;
    }
    cancel::check()?;
    open_to_others(folder)?;
    // Replaces an empty folder, and fails if somebody has put something into it meanwhile.
    fs::rename(folder, &target).map_err(|error| match error.kind() {
        std::io::ErrorKind::DirectoryNotEmpty | std::io::ErrorKind::AlreadyExists => CliError::NotEmpty {
            path: target.clone(),
            project: false,
        },
        _ => CliError::write(&target, error),
    })?;
    mark.clear(&target);
    // Nothing is left at its place, so that there is nothing to remove.
    let _ = building.keep();
    made.elapsed_ms = super::elapsed_ms(start);
    if printer.json {
        printer.document(made)?;
        return Ok(Exit::Done);
    }
    tell(&made, &args.dir, printer);
    Ok(Exit::Done)
}

fn absolute(dir: &Path) -> Result<PathBuf, CliError> {
    let path = std::path::absolute(dir).map_err(|error| CliError::read(dir, error))?;
    // `init .` and `init ..` have no name of their own before they are resolved.
    match path.file_name() {
        Some(_) => Ok(path),
        None => fs::canonicalize(&path).map_err(|error| CliError::read(dir, error)),
    }
}

fn refuse_what_holds_something(target: &Path) -> Result<(), CliError> {
    let mut entries = match fs::read_dir(target) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(CliError::read(target, error)),
    };
    if entries.next().is_none() {
        return Ok(());
    }
    let project = target.join(config::FILE).is_file();
    Err(CliError::NotEmpty {
        path: target.to_owned(),
        project,
    })
}

fn skeleton(folder: &Path, demo: bool) -> Result<(), CliError> {
    for name in [CATALOG, DATA, STATE] {
        let path = folder.join(name);
        fs::create_dir_all(&path).map_err(|error| CliError::write(&path, error))?;
    }
    let institution = if demo {
        institution::DEMO
    } else {
        institution::TEMPLATE
    };
    let settings = if demo {
        config::demo_template()
    } else {
        config::TEMPLATE.to_owned()
    };
    for (name, text) in [
        (config::FILE, &*settings),
        (institution::FILE, institution),
        (".gitignore", ".jinsheng/\n"),
    ] {
        write(&folder.join(name), text)?;
    }
    Ok(())
}

/// Writes a file of a folder that nobody else knows yet.
fn write(path: &Path, text: &str) -> Result<(), CliError> {
    fs::write(path, text).map_err(|error| CliError::write(path, error))
}

/// Temporary folders are for their owner alone; a project is as open as any other new folder.
#[cfg(unix)]
fn open_to_others(folder: &Path) -> Result<(), CliError> {
    use std::os::unix::fs::PermissionsExt as _;
    // The state folder was made with the rights that this process gives to new folders.
    let mode = fs::metadata(folder.join(STATE))
        .map_err(|error| CliError::read(folder, error))?
        .permissions()
        .mode();
    fs::set_permissions(folder, fs::Permissions::from_mode(mode))
        .map_err(|error| CliError::write(folder, error))
}

#[cfg(not(unix))]
fn open_to_others(_folder: &Path) -> Result<(), CliError> {
    Ok(())
}

fn tell(made: &ProjectMade, dir: &Path, printer: &Printer) {
    let (project, dir) = (&made.project, dir.display());
    match made.seed {
        None => printer.say(printer.pick(
            format!("已新建项目 {project}\n下一步：cd {dir}，填写 institution.toml，再 `jinsheng data add FILE`、`jinsheng catalog infer`"),
            format!("made project {project}\nnext: cd {dir}, fill in institution.toml, then `jinsheng data add FILE`, `jinsheng catalog infer`"),
        )),
        Some(seed) => {
            let (sources, rows, metrics) = (made.sources, number::count(made.rows), made.metrics);
            printer.say(printer.pick(
                format!(
                    "已新建演示项目 {project}：种子 {seed}，{sources} 个数据源，{rows} 行，{metrics} 个指标，用时 {} 毫秒\n\
                     全部内容均为虚构\n下一步：cd {dir}，再 `jinsheng catalog show`",
                    made.elapsed_ms
                ),
                format!(
                    "made demo project {project}: seed {seed}, {sources} sources, {rows} rows, {metrics} metrics, {} ms\n\
                     everything in it is fictional\nnext: cd {dir}, then `jinsheng catalog show`",
                    made.elapsed_ms
                ),
            ));
        }
    }
}
