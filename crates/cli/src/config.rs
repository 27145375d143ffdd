//! Settings of a project, `jinsheng.toml`: few, each with a default, a variable and an origin that can be shown.

use std::path::{Path, PathBuf};

use jinsheng_core::Lang;
use serde::Deserialize;

use crate::args::Global;
use crate::env;
use crate::failure::CliError;
use crate::words;

/// Name of the file; a folder that holds it is a project.
pub const FILE: &str = "jinsheng.toml";

/// Rows of a table shown when nothing else is said.
pub const DEFAULT_ROWS: u32 = 50;

/// What the file of a new project says.
pub const TEMPLATE: &str = "\
# 金声项目设置；井号开头的行是说明，删去井号即生效。
# Settings of this project; lines that begin with # are remarks: remove the # to set a value.

# 本文件格式的版本 / version of this format
version = 1

# 界面语言：\"zh\" 或 \"en\"；默认依系统区域设置 / language; by default that of the locale
# language = \"zh\"

# 表格最多显示的行数，1 至 100000；--json 不受限制 / rows shown of a table; --json shows all
# rows = 50

# 工作线程数，1 至 512；默认为处理器数 / worker threads; by default one for each processor
# threads = 2

# 数据是虚构的（演示、测试）：每个结果都会注明 / the data are made up (demo, test): every result says so
# fictional = true
";

/// What the file of the demo project says: the same, and that everything in it is made up.
pub fn demo_template() -> String {
    TEMPLATE.replace("# fictional", "fictional")
}

/// The file as written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Version of the format; 1.
    pub version: u32,
    /// Language of texts.
    pub language: Option<Lang>,
    /// Rows of a table shown, 1 to 100,000.
    pub rows: Option<u32>,
    /// Worker threads, 1 to 512.
    pub threads: Option<u32>,
    /// The data are made up, and every result says so.
    #[serde(default)]
    pub fictional: bool,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// An option of the command line.
    Flag(&'static str),
    /// A variable.
    Environment(&'static str),
    /// The project's file.
    File(PathBuf),
    /// A variable of the locale.
    Locale(&'static str),
    /// Nothing was said.
    Default,
}

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub origin: Origin,
}

/// All settings in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Language of texts.
    pub language: Setting<Lang>,
    /// Rows of a table shown.
    pub rows: Setting<u32>,
    /// Worker threads.
    pub threads: Setting<u32>,
}

impl Config {
    /// Reads the file.
    ///
    /// # Errors
    /// [`CliError::Settings`] with the line, [`CliError::Read`].
    pub fn read(path: &Path) -> Result<Self, CliError> {
        let text = std::fs::read_to_string(path).map_err(|error| CliError::read(path, error))?;
        let config: Self = parse(path, &text)?;
        let wrong = |zh: String, en: String| CliError::Settings {
            path: path.to_owned(),
            why: (zh, en),
        };
        if config.version != 1 {
            return Err(wrong(
                format!("version = {}，此程序只认识 version = 1", config.version),
                format!(
                    "version = {} where this program knows version = 1",
                    config.version
                ),
            ));
        }
        for (name, value, most) in [("rows", config.rows, 100_000), ("threads", config.threads, 512)] {
            if value.is_some_and(|value| value == 0 || value > most) {
                return Err(wrong(
                    format!("{name} 须在 1 与 {most} 之间"),
                    format!("{name} must be between 1 and {most}"),
                ));
            }
        }
        Ok(config)
    }
}

/// Reads a TOML file; an error names the line.
///
/// # Errors
/// [`CliError::Settings`].
pub fn parse<T: serde::de::DeserializeOwned>(path: &Path, text: &str) -> Result<T, CliError> {
    toml::from_str(text).map_err(|error| {
        let line = error
            .span()
            .and_then(|span| text.get(..span.start))
            .map(|before| before.matches('\n').count() + 1);
        let (zh, en) = words::parser(error.message());
        let (zh, en) = match line {
            Some(line) => (format!("第 {line} 行：{zh}"), format!("line {line}: {en}")),
            None => (zh, en),
        };
        CliError::Settings {
            path: path.to_owned(),
            why: (zh, en),
        }
    })
}

/// Language that the command line and the surroundings ask for, before any file is read.
pub fn early_language(global: &Global) -> Setting<Lang> {
    language(global, None)
}

fn language(global: &Global, file: Option<(&Config, &Path)>) -> Setting<Lang> {
    let set = |value, origin| Setting { value, origin };
    if let Some(lang) = global.lang {
        return set(lang.into(), Origin::Flag("--lang"));
    }
    if let Some(tag) = env::LANG.get() {
        return set(Lang::from_tag(&tag), Origin::Environment(env::LANG.name));
    }
    if let Some((config, path)) = file
        && let Some(lang) = config.language
    {
        return set(lang, Origin::File(path.to_owned()));
    }
    for variable in env::LOCALE {
        if let Some(tag) = variable.get() {
            return set(Lang::from_tag(&tag), Origin::Locale(variable.name));
        }
    }
    set(Lang::En, Origin::Default)
}

impl Settings {
    /// All settings: option before variable before file before default.
    ///
    /// # Errors
    /// [`CliError::Usage`] for a variable that is no number in range.
    pub fn resolve(global: &Global, config: &Config, path: &Path) -> Result<Self, CliError> {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let processors = u32::try_from(processors).unwrap_or(1).min(512);
        Ok(Self {
            language: language(global, Some((config, path))),
            rows: number(env::ROWS, config.rows, path, DEFAULT_ROWS, 100_000, global)?,
            threads: number(env::THREADS, config.threads, path, processors, 512, global)?,
        })
    }
}

fn number(
    variable: env::Variable,
    file: Option<u32>,
    path: &Path,
    default: u32,
    most: u32,
    global: &Global,
) -> Result<Setting<u32>, CliError> {
    if let Some(text) = variable.get() {
        let value = text
            .trim()
            .parse()
            .ok()
            .filter(|value| (1..=most).contains(value));
        let Some(value) = value else {
            let name = variable.name;
            let lang = early_language(global).value;
            return Err(CliError::Usage {
                message: lang.pick(
                    format!("环境变量 {name} 不接受 `{text}`"),
                    format!("variable {name} does not take `{text}`"),
                ),
                hint: Some(lang.pick(
                    format!("须为 1 至 {most} 的整数"),
                    format!("it takes a whole number from 1 to {most}"),
                )),
            });
        };
        return Ok(Setting {
            value,
            origin: Origin::Environment(variable.name),
        });
    }
    Ok(match file {
        Some(value) => Setting {
            value,
            origin: Origin::File(path.to_owned()),
        },
        None => Setting {
            value: default,
            origin: Origin::Default,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_a_valid_file() {
        let config: Config = parse(Path::new(FILE), TEMPLATE).unwrap();
        assert_eq!(
            config,
            Config {
                version: 1,
                ..Config::default()
            }
        );
        let everything = TEMPLATE
            .replace("# language", "language")
            .replace("# rows", "rows")
            .replace("# threads", "threads")
            .replace("# fictional", "fictional");
        let config: Config = parse(Path::new(FILE), &everything).unwrap();
        assert_eq!(
            (config.language, config.rows, config.threads),
            (Some(Lang::Zh), Some(DEFAULT_ROWS), Some(2))
        );
        assert!(config.fictional);
        let demo: Config = parse(Path::new(FILE), &demo_template()).unwrap();
        assert!(demo.fictional);
    }

    #[test]
    fn a_wrong_file_names_the_line() {
        use jinsheng_core::Fault as _;
        let error = parse::<Config>(Path::new(FILE), "version = 1\nrowz = 3\n").unwrap_err();
        assert!(
            error.message(Lang::En).contains("line 2"),
            "{}",
            error.message(Lang::En)
        );
    }
}
