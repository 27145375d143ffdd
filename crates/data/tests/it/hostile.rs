//! Small files made to take all memory or no end of time: each is refused, or imported in proportion to its size.

use std::fmt::Write as _;

use jinsheng_data::{AddOptions, DataError, NoProgress};

use jinsheng_testkit::fuzz;

use crate::support::Project;
use crate::workbook::archive;

fn add(name: &str, bytes: impl AsRef<[u8]>) -> Result<u64, DataError> {
    let mut project = Project::new();
    let path = project.file(name, bytes);
    let added = project
        .warehouse
        .add(&path, &AddOptions::default(), &mut NoProgress);
    if added.is_err() {
        assert!(project.warehouse.sources().is_empty());
        assert_eq!(project.state_files(), Vec::<String>::new());
    }
    added.map(|report| report.source.tables.iter().map(|table| table.rows).sum())
}

#[track_caller]
fn refused(name: &str, bytes: impl AsRef<[u8]>, words: &str) {
    let error = add(name, bytes).unwrap_err().to_string();
    assert!(error.contains(words), "{error}");
}

#[test]
fn a_header_of_millions_of_columns() {
    refused("t.csv", vec![b','; 8 << 20], "columns");
    refused("t.tsv", vec![b'\t'; 8 << 20], "columns");
    let mut line = String::from("{");
    for key in 0..200_000 {
        write!(line, "\"{key}\":1,").unwrap();
    }
    refused("t.jsonl", line.trim_end_matches(',').to_owned() + "}", "columns");
}

#[test]
fn thousands_of_equal_headers() {
    // Each long, so that trying all numbers again for each of them would copy gigabytes.
    let name = "x".repeat(4000);
    let header = vec![name.as_str(); 3000].join(",");
    let row = vec!["1"; 3000].join(",");
    assert_eq!(add("t.csv", format!("{header}\n{row}\n")).unwrap(), 1);
}

#[test]
fn a_key_that_stands_twice_among_many() {
    let keys: Vec<String> = (0..100).map(|key| format!("\"{key}\":1")).collect();
    refused(
        "t.jsonl",
        format!("{{{},\"99\":2}}", keys.join(",")),
        "stands twice",
    );
}

#[test]
fn json_lines_of_many_keys_are_read_in_proportion() {
    let keys: Vec<String> = (0..4000).map(|key| format!("\"k{key}\":1")).collect();
    let line = format!("{{{}}}\n", keys.join(","));
    assert_eq!(add("t.jsonl", line.repeat(40)).unwrap(), 40);
}

#[test]
fn nesting_without_end() {
    refused("t.jsonl", "[".repeat(1 << 20), "line 1");
    let deep = format!("{{\"a\":{}1{}}}\n", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(add("t.jsonl", deep).unwrap(), 1);
}

fn book(sheet: &str, strings: &str) -> Vec<(String, String)> {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relations = |inside: &str| format!("<Relationships>{inside}</Relationships>");
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{office}/{kind}\" Target=\"{target}\"/>")
    };
    [
        ("_rels/.rels", relations(&relation("r1", "officeDocument", "xl/workbook.xml"))),
        ("xl/_rels/workbook.xml.rels", relations(&relation("r1", "worksheet", "worksheets/sheet1.xml"))),
        (
            "xl/workbook.xml",
            format!("<workbook xmlns:r=\"{office}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"),
        ),
        ("xl/worksheets/sheet1.xml", sheet.to_owned()),
        ("xl/sharedStrings.xml", strings.to_owned()),
    ]
    .map(|(name, text)| (name.to_owned(), text))
    .into()
}

const SHEET: &str = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>a</v></c><c r=\"B1\" t=\"str\"><v>b</v></c></row>\
    <row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\"><v>2</v></c></row></sheetData></worksheet>";

#[test]
fn shared_strings_that_are_only_announced() {
    assert_eq!(
        add("t.xlsx", archive(&book(SHEET, "<sst uniqueCount=\"7\"></sst>"))).unwrap(),
        1
    );
    let strings = "<sst uniqueCount=\"9000000000000\"></sst>";
    refused("t.xlsx", archive(&book(SHEET, strings)), "shared strings");
}

#[test]
fn sheets_that_are_one_part() {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let mut rows = String::new();
    for row in 1..=2000 {
        write!(
            rows,
            "<row r=\"{row}\"><c r=\"A{row}\" t=\"str\"><v>x</v></c></row>"
        )
        .unwrap();
    }
    let mut files = book(
        &format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"),
        "<sst></sst>",
    );
    let sheets: String = (0..2000)
        .map(|sheet| format!("<sheet name=\"s{sheet}\" sheetId=\"{sheet}\" r:id=\"r1\"/>"))
        .collect();
    files[2].1 = format!("<workbook xmlns:r=\"{office}\"><sheets>{sheets}</sheets></workbook>");
    refused("t.xlsx", archive(&files), "more cells than the file");
}

#[test]
fn a_wide_sheet_whose_first_column_is_empty() {
    // No cell stands where it would in a full row.
    let letters = |mut column: u32| {
        let mut text = String::new();
        while column > 0 {
            text.insert(0, char::from(b'A' + u8::try_from((column - 1) % 26).unwrap()));
            column = (column - 1) / 26;
        }
        text
    };
    let names: Vec<String> = (1..=3000).map(letters).collect();
    let mut sheet = String::from("<worksheet><sheetData>");
    for row in 1..=60 {
        write!(sheet, "<row r=\"{row}\">").unwrap();
        let first = usize::from(row > 1);
        for name in names.iter().skip(first).rev() {
            write!(sheet, "<c r=\"{name}{row}\" t=\"str\"><v>{name}</v></c>").unwrap();
        }
        sheet.push_str("</row>");
    }
    sheet.push_str("</sheetData></worksheet>");
    assert_eq!(add("t.xlsx", archive(&book(&sheet, "<sst></sst>"))).unwrap(), 59);
}

#[test]
fn an_archive_that_unpacks_to_a_thousand_times_its_size() {
    let mut project = Project::new();
    let path = project.folder.path().join("bomb.xlsx");
    let mut writer = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    let strings = format!("<sst>{}</sst>", " ".repeat(100 << 20));
    for (name, text) in book(SHEET, &strings) {
        writer.start_file(name, options).unwrap();
        std::io::Write::write_all(&mut writer, text.as_bytes()).unwrap();
    }
    writer.finish().unwrap();
    let error = project.add(&path).unwrap_err().to_string();
    assert!(error.contains("unpack"), "{error}");
}

/// A workbook of Excel 97-2003: one stream of records behind a table and a directory of one sector each.
pub fn xls(records: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let mut stream = Vec::new();
    for (kind, content) in records {
        stream.extend(kind.to_le_bytes());
        stream.extend(u16::try_from(content.len()).unwrap().to_le_bytes());
        stream.extend(content);
    }
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    let sectors = u32::try_from(stream.len() / 512).unwrap();
    let mut header = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    header.resize(512, 0xff);
    header[24..44].copy_from_slice(&[
        0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ]);
    for (at, value) in [
        (44, 1),
        (48, 1),
        (52, 0),
        (56, 4096),
        (60, u32::MAX - 1),
        (64, 0),
        (68, u32::MAX - 1),
        (72, 0),
        (76, 0),
    ] {
        header[at..at + 4].copy_from_slice(&u32::to_le_bytes(value));
    }
    let mut table = vec![0xffu8; 512];
    let mut follow = |place: u32, next: u32| {
        let at = usize::try_from(place).unwrap() * 4;
        table[at..at + 4].copy_from_slice(&next.to_le_bytes());
    };
    follow(0, u32::MAX - 2);
    follow(1, u32::MAX - 1);
    for sector in 0..sectors {
        let next = if sector + 1 == sectors {
            u32::MAX - 1
        } else {
            sector + 3
        };
        follow(sector + 2, next);
    }
    let mut directory = Vec::new();
    for (name, kind, start, length) in [
        ("Root Entry", 5, u32::MAX - 1, 0),
        ("Workbook", 2, 2, sectors * 512),
    ] {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(128, 0);
        entry[64] = u8::try_from(name.len() * 2 + 2).unwrap();
        entry[66] = kind;
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&u32::to_le_bytes(length));
        directory.extend(entry);
    }
    directory.resize(512, 0);
    [header, table, directory, stream].concat()
}

fn sheet(cells: &[(u16, u16)], dimensions: Vec<u8>, copies: u16) -> Vec<u8> {
    let begin = |kind: u8| (0x0809, vec![0, 6, kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let globals = 20 + usize::from(copies) * 14 + 4;
    let mut records = vec![begin(5)];
    for copy in 0..copies {
        let mut content = u32::try_from(globals).unwrap().to_le_bytes().to_vec();
        content.extend([0, 0, 2, 0]);
        content.extend([
            b'a' + u8::try_from(copy / 26).unwrap(),
            b'a' + u8::try_from(copy % 26).unwrap(),
        ]);
        records.push((0x0085, content));
    }
    records.push((0x000a, Vec::new()));
    records.push(begin(0x10));
    records.push((0x0200, dimensions));
    for (row, column) in cells {
        let mut content = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
        content.extend(f64::from(*row).to_le_bytes());
        records.push((0x0203, content));
    }
    records.push((0x000a, Vec::new()));
    xls(&records)
}

fn dimensions(rows: u32, columns: u16) -> Vec<u8> {
    let mut content = [0_u32.to_le_bytes(), rows.to_le_bytes()].concat();
    content.extend([0, 0]);
    content.extend(columns.to_le_bytes());
    content.extend([0, 0]);
    content
}

#[test]
fn old_sheets_of_absurd_extent() {
    let few = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)];
    assert_eq!(add("t.xls", sheet(&few, dimensions(3, 2), 1)).unwrap(), 2);
    refused(
        "t.xls",
        sheet(&[(0, 0), (65535, 65535)], dimensions(3, 2), 1),
        "span",
    );
    refused("t.xls", sheet(&few, dimensions(u32::MAX, 256), 1), "span");
    let many: Vec<(u16, u16)> = (0..500).map(|row| (row, 0)).collect();
    refused("t.xls", sheet(&many, dimensions(3, 2), 100), "within one another");
}

#[test]
fn old_workbooks_whose_sectors_go_in_circles() {
    let mut bytes = sheet(&[(0, 0), (1, 1)], dimensions(2, 2), 1);
    // The directory follows itself.
    bytes[512 + 4..512 + 8].copy_from_slice(&1_u32.to_le_bytes());
    refused("t.xls", bytes, "leads back to itself");
    // Sectors behind the end count as zeros, and zero is the number of one of them.
    let found = fuzz::corpus("xls").unwrap();
    let endless = found.iter().min_by_key(|bytes| bytes.len()).unwrap();
    refused("t.xls", endless, "leads back to itself");
}

fn database(sql: &str) -> Vec<u8> {
    let folder = Project::new();
    let path = folder.folder.path().join("made.db");
    let database = rusqlite::Connection::open(&path).unwrap();
    database
        .execute_batch(&format!("PRAGMA page_size=512; {sql}"))
        .unwrap();
    drop(database);
    std::fs::read(path).unwrap()
}

#[test]
fn pages_that_lead_to_one_another_in_circles() {
    let mut rows = String::new();
    for row in 0..4000 {
        write!(rows, "INSERT INTO t VALUES({row}, 'abcdefghijklmnopqrstuvwxyz');").unwrap();
    }
    let mut bytes = database(&format!("CREATE TABLE t(a, b); BEGIN; {rows} COMMIT;"));
    // Every child of an inner page is made the next inner page: rows multiply at each of them.
    let pages = bytes.len() / 512;
    let inner: Vec<usize> = (1..pages).filter(|page| bytes[page * 512] == 5).collect();
    let leaf = (1..pages).find(|page| bytes[page * 512] == 13).unwrap();
    assert!(inner.len() > 4 && inner[0] == 1, "{inner:?}");
    for (place, page) in inner.iter().enumerate() {
        let next = inner.get(place + 1).copied().unwrap_or(leaf);
        let child = u32::try_from(next + 1).unwrap().to_be_bytes();
        let cells = usize::from(u16::from_be_bytes([bytes[page * 512 + 3], bytes[page * 512 + 4]]));
        for cell in 0..cells {
            let at = page * 512 + 12 + 2 * cell;
            let at = page * 512 + usize::from(u16::from_be_bytes([bytes[at], bytes[at + 1]]));
            bytes[at..at + 4].copy_from_slice(&child);
        }
        bytes[page * 512 + 8..page * 512 + 12].copy_from_slice(&child);
    }
    refused("t.db", &bytes, "more rows");
}

#[test]
fn views_on_views_are_not_compiled() {
    let mut sql = String::from(
        "CREATE TABLE t(a, b); INSERT INTO t VALUES(1, 'x'); CREATE VIEW v0 AS SELECT a FROM t;",
    );
    for view in 1..40 {
        let inner = view - 1;
        write!(
            sql,
            "CREATE VIEW v{view} AS SELECT x.a FROM v{inner} x, v{inner} y;"
        )
        .unwrap();
    }
    assert_eq!(add("t.db", database(&sql)).unwrap(), 1);
}

#[test]
fn computed_columns_do_not_match_long_patterns() {
    let pattern = "%a".repeat(60);
    let sql = format!(
        "CREATE TABLE t(a, b AS (a LIKE '{pattern}%b')); INSERT INTO t VALUES('{}');",
        "a".repeat(3000)
    );
    refused("t.db", database(&sql), "malformed");
}

#[test]
fn thousands_of_tables_that_are_named_alike() {
    let mut sql = String::from("BEGIN;");
    for table in 0..300 {
        write!(
            sql,
            "CREATE TABLE \"{}\"(a);INSERT INTO \"{}\" VALUES(1);",
            "?".repeat(table + 1),
            "?".repeat(table + 1)
        )
        .unwrap();
    }
    assert_eq!(add("t.db", database(&format!("{sql}COMMIT;"))).unwrap(), 300);
}
