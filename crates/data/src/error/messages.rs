//! The texts of [`DataError`] in both languages.

use std::io;
use std::path::Path;

use jinsheng_core::Lang;

use super::DataError;

impl DataError {
    /// Messages about the file that is imported.
    pub(super) fn file_message(&self, lang: Lang) -> Option<String> {
        Some(match self {
            Self::FileMissing { path } => lang.pick(
                format!("找不到文件 `{}`", path.display()),
                format!("no file `{}`", path.display()),
            ),
            Self::NotAFile { path } => lang.pick(
                format!("`{}` 不是文件", path.display()),
                format!("`{}` is no file", path.display()),
            ),
            Self::Read { path, source } => lang.pick(
                format!("无法读取 `{}`：{source}", path.display()),
                format!("failed to read `{}`: {source}", path.display()),
            ),
            Self::UnknownFormat { path } => lang.pick(
                format!("认不出 `{}` 的格式", path.display()),
                format!("the format of `{}` is not known", path.display()),
            ),
            Self::Malformed { path, place, reason } => {
                let place = place.as_deref().map_or_else(String::new, |place| {
                    lang.pick(format!("（{place}）"), format!(" ({place})"))
                });
                lang.pick(
                    format!("`{}`{place} 内容有误：{reason}", path.display()),
                    format!("`{}`{place} is malformed: {reason}", path.display()),
                )
            }
            Self::BrokenDatabase { path, table, reason } => {
                let place = table.as_deref().map_or_else(String::new, |table| {
                    lang.pick(format!("（表 `{table}`）"), format!(" (table `{table}`)"))
                });
                let zh = match reason.as_str() {
                    "file is not a database" => "内容读不成数据库".to_owned(),
                    "database disk image is malformed" => "页面互相矛盾，或文件不完整".to_owned(),
                    other => other.to_owned(),
                };
                lang.pick(
                    format!("数据库文件 `{}`{place} 已损坏：{zh}", path.display()),
                    format!(
                        "the database file `{}`{place} is damaged: {reason}",
                        path.display()
                    ),
                )
            }
            Self::Empty { path } => lang.pick(
                format!("`{}` 是空的，没有列名", path.display()),
                format!("`{}` is empty and has no header", path.display()),
            ),
            Self::Ragged {
                path,
                line,
                expected,
                found,
            } => lang.pick(
                format!(
                    "`{}` 第 {line} 行有 {found} 列，应为 {expected} 列",
                    path.display()
                ),
                format!(
                    "`{}` line {line} has {found} columns where the header has {expected}",
                    path.display()
                ),
            ),
            Self::EndlessRow { path, line } => lang.pick(
                format!("`{}` 第 {line} 行开始的记录没有结束", path.display()),
                format!(
                    "the row of `{}` that begins on line {line} does not end",
                    path.display()
                ),
            ),
            Self::Encoding {
                path,
                line,
                byte,
                encoding,
                ..
            } => {
                let (zh, en) = byte.map_or_else(Default::default, |byte| {
                    (
                        format!("（文件第 {byte} 字节）"),
                        format!(" (byte {byte} of the file)"),
                    )
                });
                let path = path.display();
                lang.pick(
                    format!("`{path}` 第 {line} 行{zh}有不属于 {encoding} 编码的字节"),
                    format!("`{path}` line {line}{en} holds bytes that are not {encoding}"),
                )
            }
            Self::JsonLine { path, line, reason } => lang.pick(
                format!("`{}` 第 {line} 行不是 JSON 对象：{reason}", path.display()),
                format!("`{}` line {line} is no JSON object: {reason}", path.display()),
            ),
            Self::TooManyColumns { path, found, most } => lang.pick(
                format!("`{}` 有 {found} 列，最多 {most} 列", path.display()),
                format!("`{}` has {found} columns; the most is {most}", path.display()),
            ),
            Self::NoSuchSheet { path, sheet, .. } => lang.pick(
                format!("`{}` 中没有工作表 `{sheet}`", path.display()),
                format!("`{}` has no sheet `{sheet}`", path.display()),
            ),
            _ => return None,
        })
    }

    /// Messages about the project and the request.
    pub(super) fn project_message(&self, lang: Lang) -> String {
        match self {
            Self::Write { path, source } => write_message(path, source, lang),
            Self::Changed { path } => lang.pick(
                format!("导入期间 `{}` 被改动", path.display()),
                format!("`{}` changed while it was imported", path.display()),
            ),
            Self::NoTables { path } => lang.pick(
                format!("`{}` 中没有带数据的表", path.display()),
                format!("`{}` holds no table with data", path.display()),
            ),
            Self::OnlyFormulas { path } => lang.pick(
                format!("`{}` 中的公式没有保存计算结果", path.display()),
                format!("the formulas of `{}` have no stored values", path.display()),
            ),
            Self::NotTheFormat { path, extension } => lang.pick(
                format!("`{}` 的内容不是 {extension} 格式", path.display()),
                format!("`{}` does not hold what a {extension} file holds", path.display()),
            ),
            Self::NoCommonKey { left, right } => lang.pick(
                format!("看不出 `{left}` 与 `{right}` 的行如何对应"),
                format!("it is not clear how rows of `{left}` and `{right}` correspond"),
            ),
            Self::BadDelimiter => lang.pick(
                "分隔符须为一个 ASCII 字符，且不能是引号或换行".to_owned(),
                "a delimiter is one ASCII character and neither a quote nor a line break".to_owned(),
            ),
            Self::UnknownEncoding { name } => {
                lang.pick(format!("没有编码 `{name}`"), format!("no encoding `{name}`"))
            }
            Self::OptionUnused { option, kind } => lang.pick(
                format!("`{option}` 对 {kind} 文件没有意义"),
                format!("`{option}` means nothing for a {kind} file"),
            ),
            Self::BadName { name } => lang.pick(
                format!("`{name}` 不能作数据源名"),
                format!("`{name}` cannot name a source"),
            ),
            Self::NameTaken { name, holder } => lang.pick(
                format!("数据源名 `{name}` 已用于 `{}`", holder.display()),
                format!("the name `{name}` belongs to `{}`", holder.display()),
            ),
            Self::NoSuchSource { name, .. } => {
                lang.pick(format!("没有数据源 `{name}`"), format!("no source `{name}`"))
            }
            Self::NoSuchTable { name, .. } => {
                lang.pick(format!("没有表 `{name}`"), format!("no table `{name}`"))
            }
            Self::NoSuchColumn { table, column, .. } => lang.pick(
                format!("表 `{table}` 没有列 `{column}`"),
                format!("table `{table}` has no column `{column}`"),
            ),
            Self::Busy { .. } => lang.pick(
                "另一个导入正在进行".to_owned(),
                "another import is running".to_owned(),
            ),
            Self::Manifest { path, reason } => lang.pick(
                format!("清单 `{}` 无法读懂：{reason}", path.display()),
                format!("the manifest `{}` cannot be understood: {reason}", path.display()),
            ),
            Self::ManifestVersion { path, found, known } => lang.pick(
                format!(
                    "清单 `{}` 的版本是 {found}，本程序只认识到 {known}",
                    path.display()
                ),
                format!(
                    "the manifest `{}` has version {found}; this program knows up to {known}",
                    path.display()
                ),
            ),
            Self::Damaged { table, path, reason } => lang.pick(
                format!("表 `{table}` 的文件 `{}` 损坏：{reason}", path.display()),
                format!(
                    "the file `{}` of table `{table}` is damaged: {reason}",
                    path.display()
                ),
            ),
            Self::Altered { table, path, .. } => lang.pick(
                format!(
                    "表 `{table}` 的文件 `{}` 在导入后被改动，不再使用",
                    path.display()
                ),
                format!(
                    "the file `{}` of table `{table}` was altered after the import, so it is not used",
                    path.display()
                ),
            ),
            Self::Cancelled => lang.pick("已取消".to_owned(), "cancelled".to_owned()),
            other => format!("{other:?}"),
        }
    }

    pub(super) fn file_hint(&self, lang: Lang) -> Option<String> {
        Some(match self {
            Self::UnknownFormat { .. } => lang.pick(
                "支持 CSV、TSV、Parquet、JSON Lines、XLSX、XLS 和 SQLite 文件".to_owned(),
                "CSV, TSV, Parquet, JSON lines, XLSX, XLS and SQLite files can be imported".to_owned(),
            ),
            Self::NotAFile { .. } => {
                lang.pick("请给出文件路径".to_owned(), "give the path of a file".to_owned())
            }
            Self::Ragged {
                line,
                expected,
                found,
                ..
            } => {
                if found > expected {
                    lang.pick(
                        format!("检查第 {line} 行：含分隔符的文字要加双引号；表前有标题行时用 `--skip-rows`；分隔符认错时用 `--delimiter`"),
                        format!("look at line {line}: quote text that holds the delimiter; use `--skip-rows` for lines above the header and `--delimiter` when it was guessed wrong"),
                    )
                } else {
                    lang.pick(
                        format!("补齐第 {line} 行缺少的列，缺失值留空但保留分隔符；表前有标题行时用 `--skip-rows`"),
                        format!("complete line {line}; a missing value is empty but keeps its delimiter; use `--skip-rows` for lines above the header"),
                    )
                }
            }
            Self::EndlessRow { line, .. } => lang.pick(
                format!("检查第 {line} 行起是否有未闭合的双引号"),
                format!("look for a double quote that is not closed from line {line} on"),
            ),
            Self::Encoding { asked, encoding, .. } => {
                let other = if encoding == "gb18030" { "big5" } else { "gb18030" };
                if *asked {
                    lang.pick(
                        "去掉 `--encoding` 让程序自行判断，或改用正确的编码".to_owned(),
                        "leave out `--encoding` to have it found, or name the right one".to_owned(),
                    )
                } else {
                    lang.pick(
                        format!("修正该行，或用 `--encoding` 指明编码，如 `--encoding {other}`"),
                        format!("mend that line, or name the encoding with `--encoding`, such as `--encoding {other}`"),
                    )
                }
            }
            Self::JsonLine { .. } => lang.pick(
                "每行应是一个 JSON 对象，如 {\"code\":\"000001\",\"value\":1.5}".to_owned(),
                "each line must be one JSON object, such as {\"code\":\"000001\",\"value\":1.5}".to_owned(),
            ),
            Self::NoSuchSheet { sheets, .. } => lang.pick(
                format!("现有工作表：{}", sheets.join("、")),
                format!("its sheets: {}", sheets.join(", ")),
            ),
            Self::Changed { .. } => lang.pick(
                "待文件写完后重试".to_owned(),
                "try again when the file is complete".to_owned(),
            ),
            Self::OnlyFormulas { .. } => lang.pick(
                "用表格软件打开并保存后再导入".to_owned(),
                "open it in a spreadsheet program, save it, and import it again".to_owned(),
            ),
            Self::BrokenDatabase { path, .. } => {
                let check = format!("sqlite3 '{}' 'PRAGMA integrity_check'", path.display());
                lang.pick(
                    format!("用 `{check}` 检查；从备份恢复，或从原处重新复制（复制时不要有程序在写），再导入"),
                    format!("check it with `{check}`; restore it from a backup, or copy it again while no program writes to it, and import that"),
                )
            }
            Self::Malformed { .. } => lang.pick(
                "用原程序打开并重新保存，或导出为 CSV".to_owned(),
                "open it in the program that made it and save it again, or export it as CSV".to_owned(),
            ),
            _ => return None,
        })
    }

    pub(super) fn project_hint(&self, lang: Lang) -> Option<String> {
        Some(match self {
            Self::Write { source, .. } => match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => lang.pick(
                    "腾出空间后重试；没有留下半成品".to_owned(),
                    "free some space and try again; nothing half-done was left".to_owned(),
                ),
                io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => lang.pick(
                    "换一个可写的项目文件夹，或修改权限".to_owned(),
                    "use a project folder that may be written, or change its permissions".to_owned(),
                ),
                _ => return None,
            },
            Self::UnknownEncoding { .. } => lang.pick(
                "例如 utf-8、gb18030、gbk、big5、utf-16le".to_owned(),
                "for instance utf-8, gb18030, gbk, big5, utf-16le".to_owned(),
            ),
            Self::NoCommonKey { .. } => lang.pick(
                "用 `--key 左列=右列` 指明主键".to_owned(),
                "name the key with `--key LEFT=RIGHT`".to_owned(),
            ),
            Self::BadDelimiter => lang.pick(
                "例如 `--delimiter ';'`，制表符写作 `--delimiter tab`".to_owned(),
                "for instance `--delimiter ';'`, or `--delimiter tab`".to_owned(),
            ),
            Self::NotTheFormat { .. } => lang.pick(
                "检查文件是否完整，或改用与内容相符的扩展名".to_owned(),
                "see whether the file is complete, or give it the extension of what it holds".to_owned(),
            ),
            Self::OptionUnused { option, .. } => {
                lang.pick(format!("去掉 `{option}`"), format!("leave out `{option}`"))
            }
            Self::BadName { .. } => lang.pick(
                "名称用文字、数字、`_` 和 `-`，最长 100 个字符".to_owned(),
                "use letters, digits, `_` and `-`, at most 100 characters".to_owned(),
            ),
            Self::NameTaken { name, .. } => lang.pick(
                format!("用 `--name` 另取名；若要替换，用 `--name {name}`"),
                format!("give another name with `--name`, or replace that source with `--name {name}`"),
            ),
            Self::NoSuchSource { known, .. }
            | Self::NoSuchTable { known, .. }
            | Self::NoSuchColumn { known, .. } => {
                if known.is_empty() {
                    lang.pick(
                        "先用 `jinsheng data add` 导入".to_owned(),
                        "import one with `jinsheng data add`".to_owned(),
                    )
                } else {
                    lang.pick(
                        format!("现有：{}", known.join("、")),
                        format!("there are: {}", known.join(", ")),
                    )
                }
            }
            Self::Busy { .. } => lang.pick(
                "等它完成后重试".to_owned(),
                "try again when it is done".to_owned(),
            ),
            Self::Manifest { .. } => lang.pick(
                "从备份恢复该文件，或删除状态文件夹后重新导入".to_owned(),
                "restore the file from a backup, or remove the state folder and import again".to_owned(),
            ),
            Self::ManifestVersion { .. } => lang.pick(
                "升级本程序".to_owned(),
                "use a newer version of the program".to_owned(),
            ),
            Self::Altered { again, .. } => lang.pick(
                format!("用 `{again}` 从来源恢复；当时若用过导入选项，请一并给出"),
                format!("restore it from its source with `{again}`, and the options of that import if there were any"),
            ),
            Self::Damaged { .. } => lang.pick(
                "重新导入该数据源".to_owned(),
                "import the source again".to_owned(),
            ),
            _ => return None,
        })
    }
}

fn write_message(path: &Path, source: &io::Error, lang: Lang) -> String {
    let why = match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            lang.pick("磁盘已满".to_owned(), "the disk is full".to_owned())
        }
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
            lang.pick("没有写权限".to_owned(), "it may not be written".to_owned())
        }
        _ => source.to_string(),
    };
    lang.pick(
        format!("无法写入 `{}`：{why}", path.display()),
        format!("failed to write `{}`: {why}", path.display()),
    )
}
