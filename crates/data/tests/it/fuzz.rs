//! The fuzz targets of the importers over their corpora and mutations of them. What takes long is bounded by their number.

use jinsheng_testkit::fuzz;

#[track_caller]
fn check(target: &str, extension: &'static str, mutations: usize) {
    let count = fuzz::run(target, mutations, |bytes| fuzz::import(extension, bytes)).unwrap();
    assert!(count > mutations, "the corpus of `{target}` is empty");
}

#[test]
fn any_text_is_a_cell() {
    assert!(fuzz::run("cell", 20_000, fuzz::cell).unwrap() > 20_000);
}

#[test]
fn any_separated_text_is_imported_whole_or_refused() {
    check("csv", "csv", 400);
    check("tsv", "tsv", 100);
}

#[test]
fn any_json_lines_are_imported_whole_or_refused() {
    check("jsonl", "jsonl", 300);
}

#[test]
fn any_parquet_file_is_imported_whole_or_refused() {
    check("parquet", "parquet", 300);
}

#[test]
fn any_database_is_imported_whole_or_refused() {
    check("sqlite", "db", 300);
}

#[test]
fn any_workbook_is_imported_whole_or_refused() {
    check("xlsx", "xlsx", 200);
    check("xls", "xls", 300);
    let count = fuzz::run("workbook", 300, fuzz::workbook).unwrap();
    assert!(count > 300);
}
