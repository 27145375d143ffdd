//! A project folder: where it is, its files, its warehouse, its catalog.

use std::fs;
use std::path::{Path, PathBuf};

use jinsheng_data::{Stop, Warehouse};
use jinsheng_semantics::catalog::{Catalog, parse_catalog_files};

use crate::args::Global;
use crate::cancel;
use crate::config::{self, Config, Settings};
use crate::env;
use crate::failure::CliError;

/// State folder of a project.
pub const STATE: &str = ".jinsheng";
/// Folder of catalog files.
pub const CATALOG: &str = "catalog";
/// Folder for source files.
pub const DATA: &str = "data";

/// A project folder with its settings.
#[derive(Debug, Clone)]
pub struct Project {
    /// The folder.
    pub root: PathBuf,
    /// Settings in force.
    pub settings: Settings,
    /// The data are made up, and every result says so.
    pub fictional: bool,
}

impl Project {
    /// The project that the options, the variables or the working directory name.
    ///
    /// # Errors
    /// [`CliError::NoProject`], [`CliError::Settings`].
    pub fn open(global: &Global) -> Result<Self, CliError> {
        let named = global
            .project
            .clone()
            .or_else(|| env::PROJECT.get_os().map(PathBuf::from));
        let root = match named {
            Some(root) => {
                if !root.join(config::FILE).is_file() {
                    return Err(CliError::NoProject {
                        start: root,
                        named: true,
                    });
                }
                root
            }
            None => {
                let start = std::env::current_dir().map_err(|error| CliError::read(Path::new("."), error))?;
                let found = start
                    .ancestors()
                    .find(|folder| folder.join(config::FILE).is_file());
                found
                    .map(Path::to_owned)
                    .ok_or(CliError::NoProject { start, named: false })?
            }
        };
        let path = root.join(config::FILE);
        let config = Config::read(&path)?;
        let settings = Settings::resolve(global, &config, &path)?;
        Ok(Self {
            root,
            settings,
            fictional: config.fictional,
        })
    }

    /// The imported tables.
    ///
    /// # Errors
    /// When the state folder cannot be used.
    pub fn warehouse(&self) -> Result<Warehouse, CliError> {
        let mut warehouse = Warehouse::open(&self.root.join(STATE))?;
        warehouse.stop_when(Stop::when(cancel::asked));
        Ok(warehouse)
    }

    /// The catalog.
    ///
    /// # Errors
    /// [`CliError::Input`] when there is none yet; every problem of the files.
    pub fn catalog(&self) -> Result<Catalog, CliError> {
        let files = catalog_texts(&self.root.join(CATALOG))?;
        if files.is_empty() {
            return Err(CliError::Input {
                what: (
                    format!(
                        "项目还没有目录：`{}` 中没有 .yaml 文件",
                        self.root.join(CATALOG).display()
                    ),
                    format!(
                        "the project has no catalog: `{}` holds no .yaml file",
                        self.root.join(CATALOG).display()
                    ),
                ),
                remedy: (
                    "先用 `jinsheng data add` 导入数据，再用 `jinsheng catalog infer` 起草".to_owned(),
                    "import data with `jinsheng data add`, then draft one with `jinsheng catalog infer`"
                        .to_owned(),
                ),
            });
        }
        Ok(parse_catalog_files(&files)?)
    }
}

/// Catalog files of a folder with their texts, by name; none when there is no folder.
///
/// # Errors
/// [`CliError::Read`].
pub fn catalog_texts(folder: &Path) -> Result<Vec<(String, String)>, CliError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(CliError::read(folder, error)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| CliError::read(folder, error))?.path();
        let yaml = path
            .extension()
            .is_some_and(|ending| ending == "yaml" || ending == "yml");
        if yaml && path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    paths.iter().map(|path| catalog_text(path)).collect()
}

/// One catalog file: its name as shown in messages, and its text.
///
/// # Errors
/// [`CliError::Read`].
pub fn catalog_text(path: &Path) -> Result<(String, String), CliError> {
    let text = fs::read_to_string(path).map_err(|error| CliError::read(path, error))?;
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = path
        .parent()
        .and_then(Path::file_name)
        .map(|name| name.to_string_lossy());
    let name = folder.map_or_else(|| file.to_string(), |folder| format!("{folder}/{file}"));
    Ok((name, text))
}
