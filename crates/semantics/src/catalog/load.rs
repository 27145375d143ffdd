//! Reading and merging catalog files; every problem is reported with its file, at once.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use jinsheng_core::{Code, Digest, Digester, Fault, Lang};

use super::{Catalog, CatalogFile};

/// One thing that is wrong in a catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// File, when known.
    pub file: Option<String>,
    /// Line from 1, when known.
    pub line: Option<u64>,
    /// Dotted path of the definition: `metrics.revenue.formula`.
    pub path: String,
    /// What is wrong, in zh and en.
    pub message: (String, String),
    /// It names something that is not defined; which is no mistake when a file that may define it cannot be read.
    pub dangling: bool,
}

impl Problem {
    pub(crate) fn new(path: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            file: None,
            line: None,
            path: path.into(),
            message: (zh.into(), en.into()),
            dangling: false,
        }
    }

    /// One line for people.
    pub fn text(&self, lang: Lang) -> String {
        let mut place = self.file.clone().unwrap_or_default();
        if let Some(line) = self.line {
            place = format!("{place}:{line}");
        }
        let place = [place, self.path.clone()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        format!("{place}: {}", lang.pick(&self.message.0, &self.message.1))
    }
}

/// A catalog that cannot be used; lists all problems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogError {
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl std::fmt::Display for CatalogError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for CatalogError {}

impl Fault for CatalogError {
    fn code(&self) -> Code {
        Code::CATALOG_INVALID
    }

    fn message(&self, lang: Lang) -> String {
        let lines: Vec<String> = self
            .problems
            .iter()
            .map(|problem| format!("  {}", problem.text(lang)))
            .collect();
        let head = match lang {
            Lang::Zh => format!("目录有 {} 处问题", lines.len()),
            Lang::En => format!("the catalog has {} problem(s)", lines.len()),
        };
        format!("{head}\n{}", lines.join("\n"))
    }

    fn hint(&self, lang: Lang) -> Option<String> {
        Some(
            lang.pick(
                "改正后运行 `jinsheng catalog check`",
                "mend them and run `jinsheng catalog check`",
            )
            .to_owned(),
        )
    }
}

/// Reads catalog files (name, text), merges them and checks all references.
///
/// # Errors
/// [`CatalogError`] with every problem found, of the files and of what they define. Where a file cannot be read, what
/// others name and it may define is not among them.
pub fn parse_catalog_files(files: &[(String, String)]) -> Result<Catalog, CatalogError> {
    let Merged {
        file,
        mut problems,
        owner,
        whole,
    } = merge_files(files);
    let digest = digest_of(&file);
    let found = match Catalog::new(file, digest) {
        Ok(catalog) if problems.is_empty() => return Ok(catalog),
        Ok(_) => Vec::new(),
        Err(found) => found,
    };
    let found = found.into_iter().filter(|problem| whole || !problem.dangling);
    problems.extend(found.map(|mut problem| {
        let mut parts = problem.path.split('.');
        let head = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        problem.file = owner.get(&format!("{}.{}", head.0, head.1)).cloned();
        problem
    }));
    Err(CatalogError { problems })
}

/// All definitions of the files that can be read; of two of one name the first.
pub fn merge_catalog_files(files: &[(String, String)]) -> CatalogFile {
    merge_files(files).file
}

/// What files define together.
struct Merged {
    file: CatalogFile,
    problems: Vec<Problem>,
    /// The file of each definition, by its path.
    owner: BTreeMap<String, String>,
    /// All files could be read.
    whole: bool,
}

fn merge_files(files: &[(String, String)]) -> Merged {
    let mut merged = CatalogFile {
        version: 1,
        ..CatalogFile::default()
    };
    let mut problems = Vec::new();
    let mut owner: BTreeMap<String, String> = BTreeMap::new();
    let mut whole = true;
    for (name, text) in files {
        let file: CatalogFile = match serde_saphyr::from_str(text) {
            Ok(file) => file,
            Err(error) => {
                whole = false;
                let message = error.to_string();
                problems.push(Problem {
                    file: Some(name.clone()),
                    line: error.location().map(|location| location.line()),
                    path: String::new(),
                    message: (message.clone(), message),
                    dangling: false,
                });
                continue;
            }
        };
        if file.version != 1 {
            let mut problem = Problem::new(
                "version",
                "此程序只认识目录格式 version: 1",
                "this program knows version: 1 of the format",
            );
            problem.file = Some(name.clone());
            problems.push(problem);
        }
        merge(
            &mut merged.entities,
            file.entities,
            "entities",
            name,
            &mut owner,
            &mut problems,
        );
        merge(
            &mut merged.tables,
            file.tables,
            "tables",
            name,
            &mut owner,
            &mut problems,
        );
        merge(
            &mut merged.metrics,
            file.metrics,
            "metrics",
            name,
            &mut owner,
            &mut problems,
        );
        merge(
            &mut merged.groups,
            file.groups,
            "groups",
            name,
            &mut owner,
            &mut problems,
        );
    }
    Merged {
        file: merged,
        problems,
        owner,
        whole,
    }
}

/// Digest of the meaning: formatting, comments and the division into files do not count.
fn digest_of(merged: &CatalogFile) -> Digest {
    let canonical = serde_json::to_vec(merged).unwrap_or_default();
    Digester::new("catalog").bytes(&canonical).finish()
}

fn merge<T>(
    into: &mut BTreeMap<String, T>,
    from: BTreeMap<String, T>,
    section: &str,
    file: &str,
    owner: &mut BTreeMap<String, String>,
    problems: &mut Vec<Problem>,
) {
    for (name, value) in from {
        let path = format!("{section}.{name}");
        match into.entry(name) {
            Entry::Vacant(entry) => {
                entry.insert(value);
                owner.insert(path, file.to_owned());
            }
            Entry::Occupied(_) => {
                let other = owner.get(&path).cloned().unwrap_or_default();
                let mut problem = Problem::new(
                    &*path,
                    format!("已在 {other} 中定义，请删去其一"),
                    format!("is defined in {other} too; remove one of them"),
                );
                problem.file = Some(file.to_owned());
                problems.push(problem);
            }
        }
    }
}

/// Writes a catalog file as YAML that [`parse_catalog_files`] reads back to the same catalog.
///
/// # Errors
/// When the YAML library refuses a value, with its words.
pub fn to_yaml(file: &CatalogFile) -> Result<String, String> {
    serde_saphyr::to_string(file).map_err(|error| error.to_string())
}
