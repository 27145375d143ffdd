//! What is pinned is what is read: altered files are refused, named by checks, and restored by another import.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::PathBuf;

use expect_test::expect;
use jinsheng_core::{Fault as _, Lang};
use jinsheng_data::{
    AddOutcome, CheckOptions, DataError, FindingKind, Severity, Warehouse, check, read_batches,
};

use crate::support::{Project, rows};

fn stored(project: &Project) -> PathBuf {
    let table = project.warehouse.table("t").unwrap();
    project.warehouse.stored(table).path().to_owned()
}

/// Changes one byte in the middle, keeping size and time of change.
fn alter(path: &PathBuf) {
    let before = fs::metadata(path).unwrap().modified().unwrap();
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
    File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_modified(before)
        .unwrap();
}

/// Another process over the same state folder.
fn reopened(project: &Project) -> Warehouse {
    Warehouse::open(&project.state()).unwrap()
}

fn large() -> String {
    let mut csv = String::from("k,v\n");
    for index in 0_u64..60_000 {
        writeln!(csv, "{index},{}", index.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 16).unwrap();
    }
    csv
}

#[test]
fn an_altered_table_is_refused_and_restored() {
    let mut project = Project::new();
    let path = project.file("t.csv", "a,b\n1,2\n3,4\n");
    project.add(&path).unwrap();
    let before = rows(&project.warehouse, "t");
    alter(&stored(&project));
    // By the process that has read it already, and by the next one.
    for warehouse in [&project.warehouse, &reopened(&project)] {
        let error = read_batches(warehouse, "t", None).unwrap_err();
        assert_eq!(error.code().0, "data_altered");
        assert!(
            error.hint(Lang::En).unwrap().contains("jinsheng data add"),
            "{error:?}"
        );
    }
    assert_eq!(project.add(&path).unwrap().outcome, AddOutcome::Restored);
    assert_eq!(rows(&project.warehouse, "t"), before);
    assert_eq!(project.add(&path).unwrap().outcome, AddOutcome::Unchanged);
    fs::remove_file(stored(&project)).unwrap();
    let error = read_batches(&project.warehouse, "t", None).unwrap_err();
    assert!(matches!(error, DataError::Damaged { .. }), "{error}");
    assert_eq!(project.add(&path).unwrap().outcome, AddOutcome::Restored);
    assert_eq!(rows(&project.warehouse, "t"), before);
}

#[test]
fn a_check_names_altered_and_lost_tables() {
    let mut project = Project::new();
    let path = project.file("t.csv", "a,b\n1,2\n3,4\n");
    project.add(&path).unwrap();
    let other = project.file("u.csv", "a,b\n1,2\n1,2\n");
    project.add(&other).unwrap();
    alter(&stored(&project));
    let findings = check(&project.warehouse, &CheckOptions::default()).unwrap();
    let [altered, doubled, ..] = findings.as_slice() else {
        panic!("{findings:?}")
    };
    assert!(matches!(
        altered.kind,
        FindingKind::AlteredFile {
            unreadable: false,
            ..
        }
    ));
    assert_eq!(altered.severity, Severity::Error);
    assert_eq!(doubled.kind, FindingKind::DoubledRows, "other tables are checked");
    expect![[r#"
        the file of `t` was altered after the import (its digest differs); its numbers are not used, and nothing else of it was checked
        `t` 的文件在导入后被改动（摘要不符），其数值不可用；该表的其他检查未做
    "#]]
    .assert_eq(&format!("{}\n{}\n", altered.message(Lang::En), altered.message(Lang::Zh)));
    assert!(altered.hint(Lang::En).unwrap().contains("t.csv"));
    fs::remove_file(stored(&project)).unwrap();
    let findings = check(&project.warehouse, &CheckOptions::default()).unwrap();
    assert!(matches!(
        findings[0].kind,
        FindingKind::AlteredFile { unreadable: true, .. }
    ));
}

#[test]
fn a_large_file_is_digested_once_for_each_change() {
    let mut project = Project::new();
    let path = project.file("t.csv", large());
    project.add(&path).unwrap();
    let file = stored(&project);
    assert!(fs::metadata(&file).unwrap().len() > 300_000);
    let note = file.with_extension("seen");
    rows(&project.warehouse, "t");
    let noted = fs::read_to_string(&note).unwrap();
    // Without the note another process could not know; with it, it does not read the file: a note that says the file is
    // right is believed.
    alter(&file);
    let error = read_batches(&reopened(&project), "t", None).unwrap_err();
    assert!(matches!(error, DataError::Altered { .. }), "{error}");
    assert!(!note.exists());
    project.add(&path).unwrap();
    // Restored, it stands in another place.
    let file = stored(&project);
    let note = file.with_extension("seen");
    read_batches(&reopened(&project), "t", None).unwrap();
    let again = fs::read_to_string(&note).unwrap();
    assert_ne!(noted, again, "another file of the same content");
    // A copy of the project has other times; it is digested again and is as good.
    let copy = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    fs::write(&file, copy).unwrap();
    read_batches(&reopened(&project), "t", None).unwrap();
    assert_ne!(again, fs::read_to_string(&note).unwrap());
    // The full check believes no note.
    let table = project.warehouse.table("t").unwrap();
    alter(&file);
    assert!(project.warehouse.stored(table).verify().is_err());
}
