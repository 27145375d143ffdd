//! Data dictionaries from files: sheets, CSV or Markdown tables, as rows of text.

use std::fs;
use std::path::Path;

use calamine::{Data, Reader as _};
use encoding_rs::GB18030;
use jinsheng_semantics::infer::{DictionaryEntry, parse_dictionary_rows, parse_markdown_tables};

use crate::failure::CliError;

/// A sheet or table: its name and its rows.
type Sheet = (String, Vec<Vec<String>>);

/// Largest dictionary read.
const MAX_BYTES: u64 = 64 << 20;

/// What a dictionary file says of columns.
///
/// # Errors
/// When the file cannot be read, is of another format, or says nothing of columns.
pub fn read(path: &Path) -> Result<Vec<DictionaryEntry>, CliError> {
    let size = fs::metadata(path)
        .map_err(|error| CliError::read(path, error))?
        .len();
    let ending = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_ascii_lowercase();
    if size > MAX_BYTES {
        return Err(wrong(
            path,
            "超过 64 MB".to_owned(),
            "is larger than 64 MB".to_owned(),
        ));
    }
    let sheets = match ending.as_str() {
        "xlsx" | "xlsm" | "xls" | "xlsb" | "ods" => workbook(path)?,
        "csv" | "tsv" | "txt" => vec![separated(path, if ending == "tsv" { b'\t' } else { b',' })?],
        "md" | "markdown" => parse_markdown_tables(&text(path)?),
        _ => {
            return Err(wrong(
                path,
                "不是 XLSX、XLS、CSV 或 Markdown 文件".to_owned(),
                "is no XLSX, XLS, CSV or Markdown file".to_owned(),
            ));
        }
    };
    let entries = parse_dictionary_rows(&sheets);
    if entries.is_empty() {
        return Err(wrong(
            path,
            "中没有认得出的字段说明".to_owned(),
            "holds no description of columns that could be recognised".to_owned(),
        ));
    }
    Ok(entries)
}

fn wrong(path: &Path, zh: String, en: String) -> CliError {
    CliError::Input {
        what: (
            format!("数据字典 `{}` {zh}", path.display()),
            format!("data dictionary `{}` {en}", path.display()),
        ),
        remedy: (
            "表头须有「字段名称」与「中文名称」等列，另可有「表名」「单位」「说明」".to_owned(),
            "the header needs columns such as `column` and `label`; `table`, `unit` and `description` help"
                .to_owned(),
        ),
    }
}

fn workbook(path: &Path) -> Result<Vec<Sheet>, CliError> {
    let broken = |error: calamine::Error| {
        let words = error.to_string();
        wrong(
            path,
            format!("无法打开：{words}"),
            format!("cannot be opened: {words}"),
        )
    };
    let mut book = calamine::open_workbook_auto(path).map_err(broken)?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        // Sheets of charts have no cells.
        let Ok(range) = book.worksheet_range(&name) else {
            continue;
        };
        sheets.push((
            name,
            range.rows().map(|row| row.iter().map(cell).collect()).collect(),
        ));
    }
    Ok(sheets)
}

fn cell(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        other => other.to_string().trim().to_owned(),
    }
}

fn separated(path: &Path, delimiter: u8) -> Result<Sheet, CliError> {
    let text = text(path)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            let words = error.to_string();
            wrong(
                path,
                format!("无法读取：{words}"),
                format!("cannot be read: {words}"),
            )
        })?;
        rows.push(record.iter().map(|cell| cell.trim().to_owned()).collect());
    }
    Ok((
        path.file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        rows,
    ))
}

/// The text of a file in UTF-8 or GB18030.
fn text(path: &Path) -> Result<String, CliError> {
    let bytes = fs::read(path).map_err(|error| CliError::read(path, error))?;
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => GB18030.decode(error.as_bytes()).0.into_owned(),
    };
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}
