//! The projects that are asked, made with the commands that a user has, and kept between runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use crate::error::{AccuracyError, Outcome};
use crate::sets::{Places, Project, Source};
use crate::source::{finglm_files, hex, state_of};

/// Raise when a project is made in another way, so that those of earlier runs are made anew.
const LAYOUT: u32 = 1;

/// The program under test.
#[derive(Debug, Clone)]
pub(crate) struct Jinsheng {
    pub(crate) path: PathBuf,
}

impl Jinsheng {
    /// The program without anything of the machine's environment.
    pub(crate) fn command(&self, lang: &str) -> Command {
        let mut command = Command::new(&self.path);
        command.env_clear().env("LANG", lang);
        for kept in ["PATH", "HOME", "TMPDIR"] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        command
    }

    fn run(&self, args: &[&str]) -> Outcome<()> {
        let failed = |reason: String| AccuracyError::Command {
            command: format!("{} {}", self.path.display(), args.join(" ")),
            reason,
        };
        let done = self.command("zh_CN.UTF-8").args(args).output();
        let done = done.map_err(|error| failed(error.to_string()))?;
        if done.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&done.stderr);
        Err(failed(format!("{}\n{}", done.status, said.trim_end())))
    }
}

/// The folder of a project, made if this program has not made it before from the same files.
pub(crate) fn prepare(places: &Places, jinsheng: &Jinsheng, project: Project) -> Outcome<PathBuf> {
    let program = Sha256::digest(jinsheng.path.display().to_string());
    let folder = places.cache.join("projects").join(hex(&program, 6));
    let (target, mark) = (
        folder.join(project.name()),
        folder.join(format!("{}.state", project.name())),
    );
    let mut sources = sources(places, project.source);
    if project.reviewed {
        sources.extend(catalog_files(places)?);
    }
    let mut state = format!("{LAYOUT} {}", state_of(&jinsheng.path)?);
    for source in &sources {
        state += &state_of(source)?;
    }
    if target.is_dir() && fs::read_to_string(&mark).is_ok_and(|known| known == state) {
        return Ok(target);
    }
    for old in [&target, &mark] {
        let gone = if old.is_dir() {
            fs::remove_dir_all(old)
        } else {
            fs::remove_file(old)
        };
        match gone {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(AccuracyError::file("remove", old)(error));
            }
            _ => {}
        }
    }
    fs::create_dir_all(&folder).map_err(AccuracyError::file("make", &folder))?;
    make(places, jinsheng, project, &target)?;
    fs::write(&mark, state).map_err(AccuracyError::file("write", &mark))?;
    Ok(target)
}

/// Files that a project is made from, data first; what comes after the data is a dictionary.
fn sources(places: &Places, source: Source) -> Vec<PathBuf> {
    match source {
        Source::Tcm => {
            let folder = places.data.join("statements_tcm");
            vec![
                folder.join("financials_yikwa.db"),
                folder.join("schema_dictionary.xlsx"),
            ]
        }
        Source::Finglm => {
            let folder = places.data.join("finglm");
            finglm_files().map(|file| folder.join(file)).collect()
        }
        Source::Demo => Vec::new(),
    }
}

fn catalog_files(places: &Places) -> Outcome<Vec<PathBuf>> {
    let folder = places.reviewed();
    let failed = || AccuracyError::file("read", &folder);
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder).map_err(failed())? {
        found.push(entry.map_err(failed())?.path());
    }
    found.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    found.sort();
    Ok(found)
}

fn make(places: &Places, jinsheng: &Jinsheng, project: Project, target: &Path) -> Outcome<()> {
    let name = target.display().to_string();
    if project.source == Source::Demo {
        return jinsheng.run(&["init", &name, "--demo"]);
    }
    jinsheng.run(&["init", &name])?;
    let files = sources(places, project.source);
    let files: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
    let (data, dictionary) = match (project.source, files.as_slice()) {
        (Source::Tcm, [data, dictionary]) => (std::slice::from_ref(data), Some(dictionary)),
        (_, files) => (files, None),
    };
    let add = ["--project", &name, "data", "add"]
        .into_iter()
        .chain(data.iter().map(String::as_str));
    jinsheng.run(&add.collect::<Vec<_>>())?;
    if project.reviewed {
        return copy_catalog(places, &target.join("catalog"));
    }
    let mut infer = vec!["--project", &name, "catalog", "infer"];
    if let Some(dictionary) = dictionary {
        infer.extend(["--dictionary", dictionary.as_str()]);
    }
    jinsheng.run(&infer)
}

fn copy_catalog(places: &Places, into: &Path) -> Outcome<()> {
    fs::create_dir_all(into).map_err(AccuracyError::file("make", into))?;
    for file in catalog_files(places)? {
        let name = file.file_name().unwrap_or_default();
        fs::copy(&file, into.join(name)).map_err(AccuracyError::file("copy", &file))?;
    }
    Ok(())
}
