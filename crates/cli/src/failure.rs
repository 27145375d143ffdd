//! Errors of the command, exit codes, and how an error is shown.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use jinsheng_core::{Code, Fault, Lang, Retry};
use jinsheng_semantics::catalog::Problem;
use jinsheng_semantics::query::SyntaxError;

use crate::words;

/// How the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Something that the user can mend.
    Mendable = 1,
    /// The command line is wrong.
    Usage = 2,
    /// Refused: a check that was asked to be strict found something.
    Refused = 3,
    /// A defect of the program.
    Internal = 70,
    /// Stopped by the user.
    Interrupted = 130,
}

/// Why a command could not do its work.
#[derive(Debug)]
pub enum CliError {
    /// An error of another crate, which knows its words.
    Domain(Box<dyn Fault + Send + Sync>),
    /// A line is no Query.
    Syntax {
        /// The line.
        line: String,
        /// What is wrong, and where.
        error: SyntaxError,
    },
    /// The command line is wrong.
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
    /// A file or folder cannot be read.
    Read {
        /// The path.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file or folder cannot be written.
    Write {
        /// The path.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Standard output cannot be written.
    Output(io::Error),
    /// There is no project here.
    NoProject {
        /// Where the search began.
        start: PathBuf,
        /// True when the folder was named.
        named: bool,
    },
    /// A folder that should become a project holds something.
    NotEmpty {
        /// The folder.
        path: PathBuf,
        /// It is a project already.
        project: bool,
    },
    /// A file of settings cannot be understood.
    Settings {
        /// The file.
        path: PathBuf,
        /// What is wrong, in zh and en.
        why: (String, String),
    },
    /// Something named does not exist.
    Unknown {
        /// What kind of thing, in zh and en.
        what: (&'static str, &'static str),
        /// The name.
        name: String,
        /// Names there are.
        known: Vec<String>,
    },
    /// Something exists already and would be lost.
    Conflict {
        /// What, in zh and en.
        what: (String, String),
        /// Remedy, in zh and en.
        remedy: (String, String),
    },
    /// Input that cannot be used.
    Input {
        /// What, in zh and en.
        what: (String, String),
        /// Remedy, in zh and en.
        remedy: (String, String),
    },
    /// Stopped by the user.
    Interrupted,
    /// A defect of the program.
    Internal(String),
}

impl CliError {
    /// A file or folder that cannot be read.
    pub fn read(path: &Path, source: io::Error) -> Self {
        Self::Read {
            path: path.to_owned(),
            source,
        }
    }

    /// A file or folder that cannot be written.
    pub fn write(path: &Path, source: io::Error) -> Self {
        Self::Write {
            path: path.to_owned(),
            source,
        }
    }

    /// Wraps an error of another crate.
    pub fn domain(error: impl Fault + Send + Sync + 'static) -> Self {
        Self::Domain(Box::new(error))
    }

    /// Work that another crate left because the user asked is interrupted like any other.
    fn stopped_or(error: impl Fault + Send + Sync + 'static) -> Self {
        if error.code() == Code::CANCELLED {
            Self::Interrupted
        } else {
            Self::domain(error)
        }
    }

    /// How the process ends with it.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage { .. } => Exit::Usage,
            other => match other.code() {
                Code::CANCELLED => Exit::Interrupted,
                Code::INTERNAL => Exit::Internal,
                _ => Exit::Mendable,
            },
        }
    }
}

impl From<jinsheng_data::DataError> for CliError {
    fn from(error: jinsheng_data::DataError) -> Self {
        Self::stopped_or(error)
    }
}

impl From<jinsheng_engine::EngineError> for CliError {
    fn from(error: jinsheng_engine::EngineError) -> Self {
        Self::stopped_or(error)
    }
}

impl From<jinsheng_demo::DemoError> for CliError {
    fn from(error: jinsheng_demo::DemoError) -> Self {
        use jinsheng_demo::DemoError;
        match error {
            DemoError::CreateFolder { path, source } | DemoError::Write { path, source } => {
                Self::Write { path, source }
            }
            other => Self::domain(other),
        }
    }
}

impl From<jinsheng_semantics::catalog::CatalogError> for CliError {
    fn from(mut error: jinsheng_semantics::catalog::CatalogError) -> Self {
        error.problems.iter_mut().for_each(tidy);
        Self::domain(error)
    }
}

/// Puts a YAML parser's words, which are those of no language in particular, into both.
pub fn tidy(problem: &mut Problem) {
    if problem.message.0 == problem.message.1 {
        problem.message = words::parser(&problem.message.1);
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for CliError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Domain(error) => error.source(),
            Self::Read { source, .. } | Self::Write { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl Fault for CliError {
    fn code(&self) -> Code {
        match self {
            Self::Domain(error) => error.code(),
            Self::Syntax { error, .. } => error.code(),
            Self::Usage { .. } | Self::Settings { .. } | Self::Input { .. } => Code::INPUT_INVALID,
            Self::Read { source, .. } if source.kind() == io::ErrorKind::NotFound => Code::NOT_FOUND,
            Self::Read { .. } | Self::Write { .. } | Self::Output(_) => Code::IO,
            Self::NoProject { .. } | Self::Unknown { .. } => Code::NOT_FOUND,
            Self::NotEmpty { .. } | Self::Conflict { .. } => Code::CONFLICT,
            Self::Interrupted => Code::CANCELLED,
            Self::Internal(_) => Code::INTERNAL,
        }
    }

    fn message(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::Domain(error) => return error.message(lang),
            Self::Syntax { error, .. } => return error.message(lang),
            Self::Usage { message, .. } => return message.clone(),
            Self::Read { path, source } => {
                let (path, why) = (path.display(), reason(source, lang));
                (
                    format!("无法读取 `{path}`：{why}"),
                    format!("failed to read `{path}`: {why}"),
                )
            }
            Self::Write { path, source } => {
                let (path, why) = (path.display(), reason(source, lang));
                (
                    format!("无法写入 `{path}`：{why}"),
                    format!("failed to write `{path}`: {why}"),
                )
            }
            Self::Output(error) => {
                let why = reason(error, lang);
                (
                    format!("无法写到标准输出：{why}"),
                    format!("failed to write to standard output: {why}"),
                )
            }
            Self::NoProject { start, named: true } => (
                format!("`{}` 中没有 jinsheng.toml，不是项目目录", start.display()),
                format!("`{}` holds no jinsheng.toml and is no project", start.display()),
            ),
            Self::NoProject { start, named: false } => (
                format!("`{}` 及其上级目录都没有 jinsheng.toml", start.display()),
                format!(
                    "neither `{}` nor a folder above it holds a jinsheng.toml",
                    start.display()
                ),
            ),
            Self::NotEmpty { path, project: true } => (
                format!("`{}` 已是项目目录，未作任何改动", path.display()),
                format!("`{}` is a project already; nothing was touched", path.display()),
            ),
            Self::NotEmpty { path, project: false } => (
                format!("`{}` 不是空目录，未作任何改动", path.display()),
                format!("`{}` is not an empty folder; nothing was touched", path.display()),
            ),
            Self::Settings { path, why } => (
                format!("`{}` 有误：{}", path.display(), why.0),
                format!("`{}` is wrong: {}", path.display(), why.1),
            ),
            Self::Unknown { what, name, .. } => (
                format!("没有{} `{name}`", what.0),
                format!("there is no {} `{name}`", what.1),
            ),
            Self::Conflict { what, .. } | Self::Input { what, .. } => what.clone(),
            Self::Interrupted => ("已中断".to_owned(), "interrupted".to_owned()),
            Self::Internal(detail) => (
                format!("程序内部错误：{detail}"),
                format!("internal error: {detail}"),
            ),
        };
        lang.pick(zh, en)
    }

    fn hint(&self, lang: Lang) -> Option<String> {
        let (zh, en) = match self {
            Self::Domain(error) => return error.hint(lang),
            Self::Syntax { error, .. } => return error.hint(lang),
            Self::Usage { hint, .. } => return hint.clone(),
            Self::Read { source, .. } | Self::Write { source, .. } => return io_hint(source, lang),
            Self::NoProject { .. } => (
                "用 `jinsheng init DIR` 新建项目，或用 --project 指定".to_owned(),
                "make one with `jinsheng init DIR`, or name one with --project".to_owned(),
            ),
            Self::NotEmpty { path, project: true } => (
                format!(
                    "直接使用它：`jinsheng --project {} …`，或换一个目录名",
                    path.display()
                ),
                format!(
                    "use it: `jinsheng --project {} …`, or choose another folder",
                    path.display()
                ),
            ),
            Self::NotEmpty { .. } => (
                "请换一个不存在的目录名，或先移走其中的内容".to_owned(),
                "choose a folder that does not exist, or move its content away first".to_owned(),
            ),
            Self::Unknown {
                what: (_, "role"),
                known,
                ..
            } if known.is_empty() => (
                "在项目的 access.yaml 中定义角色".to_owned(),
                "define roles in access.yaml of the project".to_owned(),
            ),
            Self::Unknown { known, .. } if known.is_empty() => {
                ("目前一个也没有".to_owned(), "there are none yet".to_owned())
            }
            Self::Unknown { known, .. } => {
                let list = known
                    .iter()
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(", ");
                (format!("现有：{list}"), format!("there are {list}"))
            }
            Self::Conflict { remedy, .. } | Self::Input { remedy, .. } => remedy.clone(),
            Self::Internal(_) => (
                "请连同所用命令一并报告".to_owned(),
                "report it with the command line that led to it".to_owned(),
            ),
            _ => return None,
        };
        Some(lang.pick(zh, en))
    }

    fn retry(&self) -> Retry {
        match self {
            Self::Domain(error) => error.retry(),
            _ => Retry::Never,
        }
    }
}

/// The system's reason in words.
fn reason(error: &io::Error, lang: Lang) -> String {
    let (zh, en) = match error.kind() {
        io::ErrorKind::NotFound => ("不存在", "it does not exist"),
        io::ErrorKind::PermissionDenied => ("没有权限", "no right to"),
        io::ErrorKind::ReadOnlyFilesystem => ("文件系统只读", "the file system is read-only"),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ("磁盘已满", "the disk is full"),
        io::ErrorKind::InvalidData => ("不是 UTF-8 文本", "it is no UTF-8 text"),
        io::ErrorKind::IsADirectory => ("是目录", "it is a folder"),
        io::ErrorKind::NotADirectory => ("路径中有一段不是目录", "a part of the path is no folder"),
        _ => return error.to_string(),
    };
    lang.pick(zh, en).to_owned()
}

fn io_hint(error: &io::Error, lang: Lang) -> Option<String> {
    let (zh, en) = match error.kind() {
        io::ErrorKind::NotFound => ("检查路径", "check the path"),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            ("检查该路径的权限", "check the rights of that path")
        }
        io::ErrorKind::NotADirectory => ("换一个路径", "choose another path"),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => (
            "腾出磁盘空间后重试；没有留下半成品",
            "free some space and try again; nothing was left half-done",
        ),
        _ => return None,
    };
    Some(lang.pick(zh, en).to_owned())
}
