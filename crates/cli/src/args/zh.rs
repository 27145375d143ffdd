//! Chinese texts of all commands and options, and the command in one language.

use clap::{Command, CommandFactory as _};
use jinsheng_core::Lang;

use super::Cli;

/// Path of a command (empty for the whole) and what it does.
const COMMANDS: [(&str, &str); 16] = [
    ("", "从银行自己的数据得到答案，每个数字都有出处"),
    ("init", "新建项目目录"),
    ("data", "导入文件，查看其内容"),
    (
        "data add",
        "导入 CSV、TSV、JSON Lines、Parquet、XLSX、XLS、SQLite 文件；要么完整导入，要么不导入",
    ),
    ("data list", "列出数据源"),
    ("data show", "查看数据源或表的类型、单位、缺失、取值范围与样例"),
    (
        "data check",
        "检查会使数字出错的问题：重复行、占位值、勾稽关系不平",
    ),
    ("data remove", "移除一个数据源"),
    ("catalog", "说明数据的含义：实体、维度、指标"),
    ("catalog infer", "根据已导入的表起草目录"),
    ("catalog check", "检查全部定义，并试运行每个指标"),
    ("catalog show", "列出指标，或说明某个指标"),
    ("catalog diff", "与另一版本比较：改了什么，哪些指标的结果会变"),
    ("ask", "用中文或英文提问；不带问题时逐句输入"),
    ("query", "运行查询，显示带单位与出处的结果"),
    ("config", "项目设置"),
];
const CONFIG_SHOW: (&str, &str) = ("config show", "显示每项设置及其来源");

/// Path of a command, `/`, name of an option or argument; and what it means.
const OPTIONS: [(&str, &str); 31] = [
    ("/project", "项目目录 [默认：向上最近的、含 jinsheng.toml 的目录]"),
    (
        "/lang",
        "语言：zh 或 en [默认：依 jinsheng.toml，其次依系统区域设置]",
    ),
    ("/json", "在标准输出给出一个 JSON 文档（包括错误），不输出文字"),
    ("/quiet", "只输出结果与错误"),
    ("/verbose", "同时说明读取了什么、用时多少"),
    (
        "/color",
        "颜色：auto、always 或 never [默认：auto，设有 NO_COLOR 或不在终端时不用颜色]",
    ),
    ("/help", "显示帮助"),
    ("/version", "显示版本"),
    ("init/dir", "要新建的目录；须不存在或为空"),
    ("init/demo", "填入虚构的银行与市场数据"),
    ("init/seed", "虚构数据的种子：种子相同则数据相同 [默认：20260930]"),
    ("data add/paths", "要导入的文件"),
    ("data add/name", "数据源名；替换同名数据源 [默认：文件名]"),
    ("data add/sheet", "只导入工作簿中的这张工作表"),
    (
        "data add/encoding",
        "文本编码，如 utf-8、gb18030 [默认：自动识别]",
    ),
    (
        "data add/delimiter",
        "文本分隔符：一个字符，或 tab [默认：自动识别]",
    ),
    ("data add/skip_rows", "表头上方不属于表的行数 [默认：0]"),
    (
        "data add/keep_columns",
        "列名是期间（2022、2023）的列保持原样，不改为行",
    ),
    ("data show/name", "数据源或表"),
    ("data check/name", "数据源或表 [默认：全部]"),
    ("data check/against", "并与此数据源比较，列出两者不一致之处"),
    (
        "data check/strict",
        "发现会使或可能使数字出错的问题时，以退出码 3 结束",
    ),
    (
        "data check/key",
        "合起来确定一行的列，以逗号分隔；两表列名不同时写作 左列=右列 [默认：推测]",
    ),
    ("data remove/name", "数据源"),
    ("data remove/dry_run", "只说明会移除什么"),
    ("catalog infer/dictionary", "数据字典：XLSX、XLS、CSV 或 Markdown"),
    (
        "catalog infer/force",
        "草稿即使被手工修改过也覆盖；原文件另存为 inferred.yaml.bak",
    ),
    ("catalog infer/dry_run", "只显示草稿"),
    ("catalog show/metric", "指标：名称、中文名或同义词"),
    (
        "catalog diff/old",
        "另一版本：目录文件、存放目录文件的文件夹，或项目目录",
    ),
    (
        "query/query",
        "一行写成的查询、含查询的 .json 文件，或以 - 表示标准输入",
    ),
];
const QUERY_OPTIONS: [(&str, &str); 8] = [
    ("ask/sql", "同时显示 SQL：postgres 或 sqlite"),
    ("ask/evidence", "同时显示每个数字的出处"),
    ("ask/turns", "同一段对话的各句"),
    ("ask/role", "以 access.yaml 中的某个角色提问"),
    (
        "ask/batch",
        "从 JSON Lines 文件（- 表示标准输入）读取多段对话，逐行输出 JSON",
    ),
    ("query/role", "以 access.yaml 中的某个角色查询"),
    ("query/sql", "同时显示 SQL：postgres 或 sqlite"),
    ("query/evidence", "同时显示每个数字的出处"),
];

const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}";

/// The Chinese text of a command.
fn command_text(path: &str) -> Option<&'static str> {
    let mut known = COMMANDS.iter().chain([&CONFIG_SHOW]);
    known.find(|(name, _)| *name == path).map(|(_, text)| *text)
}

/// The Chinese text of an option of a command.
fn option_text(path: &str, option: &str) -> Option<&'static str> {
    let key = format!("{path}/{option}");
    let mut known = OPTIONS.iter().chain(&QUERY_OPTIONS);
    known.find(|(name, _)| *name == key).map(|(_, text)| *text)
}

/// The command with all its texts in one language.
pub fn command(lang: Lang) -> Command {
    let command = Cli::command();
    match lang {
        Lang::En => command,
        Lang::Zh => translated(command, ""),
    }
}

fn translated(mut command: Command, path: &str) -> Command {
    if let Some(about) = command_text(path) {
        command = command.about(about);
    }
    command = command
        .help_template(TEMPLATE)
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令");
    let global = path.is_empty();
    command = command.mut_args(|arg| {
        let heading = match (global, arg.is_positional()) {
            (true, _) => "通用选项",
            (false, true) => "参数",
            (false, false) => "选项",
        };
        let text = option_text(path, arg.get_id().as_str());
        let arg = arg.help_heading(heading);
        match text {
            Some(text) => arg.help(text),
            None => arg,
        }
    });
    let names: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    for name in names {
        let inner = format!("{path} {name}").trim().to_owned();
        command = command.mut_subcommand(name, |sub| translated(sub, &inner));
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(command: &Command, path: &str, missing: &mut Vec<String>, seen: &mut usize) {
        *seen += 1;
        if command_text(path).is_none() || command.get_about().is_none() {
            missing.push(format!("command `{path}`"));
        }
        for arg in command.get_arguments() {
            *seen += 1;
            if option_text(path, arg.get_id().as_str()).is_none() || arg.get_help().is_none() {
                missing.push(format!("option `{path}/{}`", arg.get_id()));
            }
        }
        for sub in command.get_subcommands() {
            walk(sub, format!("{path} {}", sub.get_name()).trim(), missing, seen);
        }
    }

    #[test]
    fn every_command_and_option_has_a_text_in_both_languages() {
        let mut missing = Vec::new();
        let mut seen = 0;
        walk(&Cli::command(), "", &mut missing, &mut seen);
        assert_eq!(missing, Vec::<String>::new());
        let known = COMMANDS.len() + 1 + OPTIONS.len() + QUERY_OPTIONS.len();
        assert_eq!(seen, known, "a Chinese text belongs to no command or option");
    }

    #[test]
    fn the_command_is_well_formed() {
        command(Lang::Zh).debug_assert();
        command(Lang::En).debug_assert();
    }
}
