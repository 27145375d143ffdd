//! What holds for any table and any bytes.

use jinsheng_data::{AddOptions, NoProgress};
use proptest::prelude::*;

use crate::support::{Project, rows};

/// A cell and what is read back of it.
fn decimal() -> impl Strategy<Value = String> {
    (any::<i64>(), 0_usize..12).prop_map(|(digits, scale)| {
        let digits_text = digits.unsigned_abs().to_string();
        let padded = format!("{digits_text:0>width$}", width = scale + 1);
        let (integer, fraction) = padded.split_at(padded.len() - scale);
        let sign = if digits < 0 { "-" } else { "" };
        if scale == 0 {
            format!("{sign}{integer}")
        } else {
            format!("{sign}{integer}.{fraction}")
        }
    })
}

fn text() -> impl Strategy<Value = String> {
    // Text that begins with a letter is never a number, a date or a word for a missing value.
    "[a-z营收入]词[ -~中文、，\n\"]{0,12}"
}

fn csv_of(header: &[String], table: &[Vec<Option<String>>], delimiter: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .from_writer(Vec::new());
    writer.write_record(header).unwrap();
    for row in table {
        writer
            .write_record(row.iter().map(|cell| cell.as_deref().unwrap_or("")))
            .unwrap();
    }
    writer.into_inner().unwrap()
}

/// The same number whatever its zeros at the end.
fn same_number(left: &str, right: &str) -> bool {
    let canonical = |text: &str| {
        let text = if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.')
        } else {
            text
        };
        if text == "-0" {
            "0".to_owned()
        } else {
            text.to_owned()
        }
    };
    canonical(left) == canonical(right)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn values_come_back(
        table in prop::collection::vec((prop::option::of(decimal()), prop::option::of(text()), "[0-9]{1,6}"), 1..30),
        delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
    ) {
        let header = ["金额(元)".to_owned(), "名称".to_owned(), "证券代码".to_owned()];
        let cells: Vec<Vec<Option<String>>> =
            table.into_iter().map(|(number, text, code)| vec![number, text, Some(code)]).collect();
        let mut project = Project::new();
        let path = project.file("t.csv", csv_of(&header, &cells, delimiter));
        let options = AddOptions { delimiter: Some(delimiter), ..AddOptions::default() };
        project.add_with(&path, &options).unwrap();
        let back = rows(&project.warehouse, "t");
        prop_assert_eq!(back.len(), cells.len());
        for (found, written) in back.iter().zip(&cells) {
            match (&found[0], &written[0]) {
                (Some(found), Some(written)) => prop_assert!(same_number(found, written), "{} {}", found, written),
                (found, written) => prop_assert_eq!(found, written),
            }
            let trimmed = written[1].as_deref().map(str::trim);
            prop_assert_eq!(found[1].as_deref(), trimmed);
            prop_assert_eq!(&found[2], &written[2]);
        }
    }

    #[test]
    fn floats_come_back_from_json(floats in prop::collection::vec(-1e15_f64..1e15, 1..40)) {
        let lines: String = floats.iter().map(|float| format!("{{\"v\":{float:?}}}\n")).collect();
        let mut project = Project::new();
        let path = project.file("t.jsonl", lines);
        project.add(&path).unwrap();
        let back = rows(&project.warehouse, "t");
        for (found, float) in back.iter().zip(&floats) {
            let found: f64 = found[0].as_ref().unwrap().parse().unwrap();
            prop_assert_eq!(found.to_bits(), float.to_bits());
        }
    }

    #[test]
    fn any_text_is_read_as_a_cell(text in "\\PC{0,40}", digits in "[-+(]?[0-9,.%eE年月日:/ -]{0,40}[)]?") {
        jinsheng_data::fuzz::cell(&text);
        jinsheng_data::fuzz::cell(&digits);
    }

    #[test]
    fn any_bytes_are_imported_or_refused_whole(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        start in prop::sample::select(vec![
            &b""[..], b"SQLite format 3\0", b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\"a\":",
            b"\xff\xfe", b"a,b\n",
        ]),
        extension in prop::sample::select(vec!["csv", "tsv", "jsonl", "xlsx", "xls", "db", "parquet"]),
    ) {
        let mut project = Project::new();
        let path = project.file(&format!("t.{extension}"), [start, &bytes].concat());
        let outcome = project.warehouse.add(&path, &AddOptions::default(), &mut NoProgress);
        match outcome {
            Ok(report) => prop_assert_eq!(project.state_files().len(), report.source.tables.len()),
            Err(_) => {
                prop_assert!(project.warehouse.sources().is_empty());
                prop_assert_eq!(project.state_files(), Vec::<String>::new());
            }
        }
    }

    #[test]
    fn damaged_databases_and_workbooks_are_refused_whole(
        at in 0_usize..8192, byte in any::<u8>(), cut in prop::option::of(0_usize..8192),
        which in prop::sample::select(vec!["db", "parquet"]),
    ) {
        let mut project = Project::new();
        let mut bytes = sound(which);
        if let Some(cut) = cut {
            bytes.truncate(cut.max(20));
        }
        let at = at % bytes.len();
        bytes[at] ^= byte;
        let path = project.file(&format!("t.{which}"), bytes);
        match project.warehouse.add(&path, &AddOptions::default(), &mut NoProgress) {
            Ok(report) => prop_assert_eq!(project.state_files().len(), report.source.tables.len()),
            Err(_) => prop_assert_eq!(project.state_files(), Vec::<String>::new()),
        }
    }
}

fn sound(which: &str) -> Vec<u8> {
    let mut project = Project::new();
    if which == "db" {
        let path = project.folder.path().join("s.db");
        let database = rusqlite::Connection::open(&path).unwrap();
        database
            .execute_batch("CREATE TABLE t(a, b TEXT, c REAL); INSERT INTO t VALUES (1,'x',1.5),(2,'y',2.5);")
            .unwrap();
        drop(database);
        std::fs::read(path).unwrap()
    } else {
        let path = project.file("s.csv", "a,b,c\n1,x,1.5\n2,y,2.5\n");
        let report = project.add(&path).unwrap();
        std::fs::read(project.warehouse.stored(&report.source.tables[0]).path()).unwrap()
    }
}
