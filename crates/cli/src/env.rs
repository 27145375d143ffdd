//! Names of the environment variables that the command reads; `docs/reference/cli.md` is made from this list.

use std::ffi::OsString;

/// One variable.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it does, in zh and en.
    pub help: (&'static str, &'static str),
}

/// Project folder, as `--project`.
pub const PROJECT: Variable = Variable {
    name: "JINSHENG_PROJECT",
    help: ("项目目录，同 --project", "project folder, as --project"),
};
/// Language, as `--lang`.
pub const LANG: Variable = Variable {
    name: "JINSHENG_LANG",
    help: ("界面语言 zh 或 en，同 --lang", "language zh or en, as --lang"),
};
/// Progress bars off.
pub const NO_PROGRESS: Variable = Variable {
    name: "JINSHENG_NO_PROGRESS",
    help: ("设为非空即不显示进度条", "no progress bars when not empty"),
};
/// Worker threads.
pub const THREADS: Variable = Variable {
    name: "JINSHENG_THREADS",
    help: (
        "工作线程数，同设置 threads",
        "worker threads, as the setting threads",
    ),
};
/// Rows shown.
pub const ROWS: Variable = Variable {
    name: "JINSHENG_ROWS",
    help: (
        "表格最多显示的行数，同设置 rows",
        "rows shown of a table, as the setting rows",
    ),
};
/// Colour off.
pub const NO_COLOR: Variable = Variable {
    name: "NO_COLOR",
    help: ("设为非空即不用颜色", "no colour when not empty"),
};
/// Language of the locale.
pub const LOCALE: [Variable; 3] = [
    Variable {
        name: "LC_ALL",
        help: (
            "未指定语言时由此推断，最优先",
            "language when none is given; asked first",
        ),
    },
    Variable {
        name: "LC_MESSAGES",
        help: (
            "未指定语言时由此推断，其次",
            "language when none is given; asked second",
        ),
    },
    Variable {
        name: "LANG",
        help: (
            "未指定语言时由此推断，最后",
            "language when none is given; asked last",
        ),
    },
];

/// All of them.
pub fn all() -> Vec<Variable> {
    let mut all = vec![PROJECT, LANG, ROWS, THREADS, NO_PROGRESS, NO_COLOR];
    all.extend(LOCALE);
    all
}

impl Variable {
    /// Its value, unless it is unset or empty.
    pub fn get(&self) -> Option<String> {
        self.get_os().map(|value| value.to_string_lossy().into_owned())
    }

    /// Its value as the system has it, unless it is unset or empty.
    pub fn get_os(&self) -> Option<OsString> {
        std::env::var_os(self.name).filter(|value| !value.is_empty())
    }
}
