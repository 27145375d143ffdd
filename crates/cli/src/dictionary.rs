//! Data dictionaries from files: sheets, CSV or Markdown tables, as rows of text.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::BufReader;
use std::panic::catch_unwind;
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
        // The reader is other people's code and meets any bytes here: a panic of its own is one more broken file.
        "xlsx" | "xlsm" | "xls" | "xlsb" | "ods" => catch_unwind(|| workbook(path)).unwrap_or_else(|_| {
            Err(wrong(
                path,
                "无法打开：文件已损坏".to_owned(),
                "cannot be opened: the file is damaged".to_owned(),
            ))
        })?,
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
    jinsheng_data::vet_workbook(path)?;
    let mut book = calamine::open_workbook_auto(path).map_err(broken)?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        // Sheets of charts have no cells.
        if let Some(rows) = rows(&mut book, &name) {
            sheets.push((name, rows));
        }
    }
    Ok(sheets)
}

/// Columns of a dictionary at most. A cell further right is no part of it.
const MAX_COLUMNS: u32 = 256;

fn rows(book: &mut calamine::Sheets<BufReader<File>>, name: &str) -> Option<Vec<Vec<String>>> {
    let calamine::Sheets::Xlsx(book) = book else {
        let range = book.worksheet_range(name).ok()?;
        return Some(range.rows().map(|row| row.iter().map(cell).collect()).collect());
    };
    // Cell by cell: as a range, a remark at the far end of a sheet would cost gigabytes.
    let mut reader = book.worksheet_cells_reader(name).ok()?;
    let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    while let Some(found) = reader.next_cell().ok()? {
        let (row, column) = found.get_position();
        let text = cell(&Data::from(found.get_value().clone()));
        if column >= MAX_COLUMNS || text.is_empty() {
            continue;
        }
        let cells = rows.entry(row).or_default();
        let place = usize::try_from(column).unwrap_or(0);
        if cells.len() <= place {
            cells.resize(place + 1, String::new());
        }
        if let Some(cell) = cells.get_mut(place) {
            *cell = text;
        }
    }
    Some(rows.into_values().collect())
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

#[cfg(test)]
mod tests {
    use jinsheng_testkit::fuzz;

    use super::*;

    fn read_bytes(name: &str, bytes: &[u8]) -> Result<Vec<DictionaryEntry>, CliError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        read(&path)
    }

    #[test]
    fn a_remark_at_the_far_end_of_a_sheet_costs_nothing() {
        let cell = |place: &str, text: &str| format!("<c r=\"{place}\" t=\"str\"><v>{text}</v></c>");
        let rows = [
            (1, cell("A1", "字段名称") + &cell("B1", "中文名称")),
            (2, cell("A2", "rev") + &cell("B2", "营业收入")),
            (1_048_576, cell("XFD1048576", "注")),
        ];
        let rows = rows.map(|(row, cells)| format!("<row r=\"{row}\">{cells}</row>"));
        let sheet = format!("<worksheet><sheetData>{}</sheetData></worksheet>", rows.concat());
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let relation = |kind: &str, target: &str| {
            format!(
                "<Relationships><Relationship Id=\"r1\" Type=\"{office}/{kind}\" Target=\"{target}\"/></Relationships>"
            )
        };
        let book = format!(
            "<workbook xmlns:r=\"{office}\"><sheets><sheet name=\"t\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
        );
        let bytes = fuzz::archive(&[
            (
                "_rels/.rels",
                relation("officeDocument", "xl/workbook.xml").as_bytes(),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                relation("worksheet", "worksheets/sheet1.xml").as_bytes(),
            ),
            ("xl/workbook.xml", book.as_bytes()),
            ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ]);
        let entries = read_bytes("d.xlsx", &bytes).unwrap();
        assert_eq!(entries.len(), 1);
        assert_eq!(
            (entries[0].column.as_str(), entries[0].label_zh.as_str()),
            ("rev", "营业收入")
        );
    }

    #[test]
    fn any_bytes_are_a_dictionary_or_refused() {
        for (target, name) in [
            ("xlsx", "d.xlsx"),
            ("xls", "d.xls"),
            ("csv", "d.csv"),
            ("text", "d.md"),
        ] {
            let count = fuzz::run(target, 150, |bytes| drop(read_bytes(name, bytes))).unwrap();
            assert!(count > 150);
        }
    }
}
