//! Every format that can be imported.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, DictionaryArray, Float32Array, Float64Array, Int32Array,
    RecordBatch, StringArray, TimestampNanosecondArray, UInt64Array,
};
use arrow::datatypes::Int32Type;
use expect_test::expect;
use jinsheng_core::Lang;
use jinsheng_data::{AddOptions, AddOutcome, SourceKind};
use parquet::arrow::ArrowWriter;
use rusqlite::Connection;

use crate::support::Project;

#[test]
fn tsv_and_other_delimiters() {
    let mut project = Project::new();
    expect![[r#"
        # a (1 rows)
        code: text
          ! the header says that these are codes, which stay text
        value: text
          ! 1 cells seem to have decimal commas (such as `1,5` in row 2), so the column stays text; write decimal points (12.34) and import again
          007 | 1,5
    "#]]
    .assert_eq(&project.show("a.tsv", "code\tvalue\n007\t1,5\n"));
    expect![[r#"
        # b (1 rows)
        code: text
          ! the header says that these are codes, which stay text
        value: decimal(2,1)
          007 | 1.5
    "#]]
    .assert_eq(&project.show("b.csv", "code|value\n007|1.5\n"));
    let options = AddOptions {
        delimiter: Some(b'^'),
        ..AddOptions::default()
    };
    expect![[r#"
        # c (1 rows)
        code: text
          ! the header says that these are codes, which stay text
        value: decimal(2,1)
          007 | 1.5
    "#]]
    .assert_eq(&project.show_with("c.txt", "code^value\n007^1.5\n", &options));
}

#[test]
fn lines_above_the_header_are_skipped_on_request() {
    let options = AddOptions {
        skip_rows: 2,
        ..AddOptions::default()
    };
    let shown = Project::new().show_with("t.csv", "利润表\n单位：万元\na,b\n1,2\n3\n", &options);
    expect![[r#"
        input_invalid
        `t.csv` line 5 has 1 columns where the header has 2
        complete line 5; a missing value is empty but keeps its delimiter; use `--skip-rows` for lines above the header
        `t.csv` 第 5 行有 1 列，应为 2 列
        补齐第 5 行缺少的列，缺失值留空但保留分隔符；表前有标题行时用 `--skip-rows`
    "#]].assert_eq(&shown);
}

#[test]
fn json_lines() {
    let lines = concat!(
        "{\"code\":\"000858\",\"v\":1.10,\"big\":12345678901234567890.5,\"ok\":true}\n\n",
        "{\"v\":-2e3,\"code\":\"600519\",\"list\":[1,2],\"d\":\"2025-01-02\",\"ok\":null}\n",
        "{\"code\":null,\"v\":null,\"q\":\"a\\\"b\"}\n",
    );
    expect![[r##"
        # t (3 rows)
        code: text 1 missing
          ! the header says that these are codes, which stay text
        v: decimal(6,2) 1 missing
        big: decimal(21,1) 2 missing
        ok: boolean 2 missing
        list: text 2 missing
        d: date 2 missing
        q: text 2 missing
          000858 | 1.10 | 12345678901234567890.5 | true | · | · | ·
          600519 | -2000.00 | · | · | [1,2] | 2025-01-02 | ·
          · | · | · | · | · | · | a"b
    "##]]
    .assert_eq(&Project::new().show("t.jsonl", lines));
}

#[test]
fn sqlite_values_decide_and_declarations_help() {
    let mut project = Project::new();
    let path = project.folder.path().join("账.db");
    let database = Connection::open(&path).unwrap();
    database
        .execute_batch(
            "CREATE TABLE 利润(
                id INTEGER PRIMARY KEY,
                stock_code VARCHAR(20),
                revenue DECIMAL(20,2), -- 营业总收入(万元)：全部收入
                ratio FLOAT,
                flag BOOLEAN,
                day TEXT,
                raw BLOB
             );
             INSERT INTO 利润 VALUES (2,'000858',0.1,'1.5',1,'2025-01-01',x'00ff'), (1,'600519',104517.231293,'--',0,NULL,NULL);
             CREATE TABLE empty(a, b);
             CREATE TABLE dyn(v);
             INSERT INTO dyn VALUES (1),('x'),(9223372036854775807),(1e20);
             CREATE VIEW v AS SELECT * FROM 利润;
             CREATE TABLE seq(a INTEGER PRIMARY KEY AUTOINCREMENT);
             INSERT INTO seq VALUES (7);",
        )
        .unwrap();
    drop(database);
    expect![[r#"
        ! left out `v`: it is a view
        # 账.利润 (2 rows)
        id: text
          ! the header says that these are codes, which stay text
        stock_code: text
          ! the header says that these are codes, which stay text
        revenue: decimal(12,6)
        ratio: decimal(2,1) 1 missing
        flag: boolean
        day: date 1 missing
        raw: text 2 missing
          ! 1 cells hold no value (such as BLOB of 2 bytes in row 2) and count as missing
          1 | 600519 | 104517.231293 | · | false | · | ·
          2 | 000858 | 0.100000 | 1.5 | true | 2025-01-01 | ·
        # 账.empty (0 rows)
        a: text
        b: text
        # 账.dyn (4 rows)
        v: text
          ! 3 cells are numbers or dates and 1 are not (such as `x` in row 2), so the column stays text
          1
          x
          9223372036854775807
          100000000000000000000
        # 账.seq (1 rows)
        a: integer
          7
    "#]]
    .assert_eq(&project.show_file(&path, &AddOptions::default()));
    let column = project
        .warehouse
        .table("账.利润")
        .unwrap()
        .column("revenue")
        .unwrap();
    assert_eq!(column.comment.as_deref(), Some("营业总收入(万元)：全部收入"));
}

#[test]
fn sqlite_in_wal_mode_with_an_open_writer() {
    let mut project = Project::new();
    let path = project.folder.path().join("w.db");
    let writer = Connection::open(&path).unwrap();
    writer
        .execute_batch("PRAGMA journal_mode=WAL; CREATE TABLE t(a); INSERT INTO t VALUES (1);")
        .unwrap();
    let report = project.add(&path).unwrap();
    assert_eq!(report.source.tables[0].rows, 1);
    assert_eq!(report.outcome, AddOutcome::Added);
    let again = project.add(&path).unwrap();
    assert_eq!(again.outcome, AddOutcome::Unchanged);
    writer.execute_batch("INSERT INTO t VALUES (2);").unwrap();
    let third = project.add(&path).unwrap();
    assert!(matches!(third.outcome, AddOutcome::Replaced { .. }));
    assert_eq!(project.warehouse.table("w.t").unwrap().rows, 2);
}

#[test]
fn parquet_of_other_programs() {
    let mut project = Project::new();
    let dictionary: DictionaryArray<Int32Type> = vec![Some("甲"), None, Some("甲")].into_iter().collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        (
            "code",
            Arc::new(StringArray::from(vec!["000858", "600519", " x "])),
        ),
        (
            "revenue(万元)",
            Arc::new(Float64Array::from(vec![
                Some(0.1),
                Some(f64::NAN),
                Some(104_517.231_293),
            ])),
        ),
        ("small", Arc::new(Float32Array::from(vec![0.1, 2.0, 3.25]))),
        ("n", Arc::new(Int32Array::from(vec![Some(1), None, Some(-3)]))),
        ("big", Arc::new(UInt64Array::from(vec![1, 2, u64::MAX]))),
        ("day", Arc::new(Date32Array::from(vec![0, 20_000, -1]))),
        (
            "time",
            Arc::new(TimestampNanosecondArray::from(vec![
                1,
                1_700_000_000_000_000_000,
                0,
            ])),
        ),
        ("ok", Arc::new(BooleanArray::from(vec![true, false, true]))),
        ("group", Arc::new(dictionary)),
        ("digits", Arc::new(StringArray::from(vec!["1", "2", "3"]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let path = project.folder.path().join("p.parquet");
    let mut writer =
        ArrowWriter::try_new(std::fs::File::create(&path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    expect![[r#"
        # p (3 rows)
        code: text
        revenue(万元): decimal(12,6) [万元] 1 missing
          ! 1 cells are infinite or not a number (such as `NaN` in row 2) and count as missing; look in the source for a division by zero
        small: decimal(3,2)
        n: integer 1 missing
        big: decimal(20,0)
        day: date
        time: timestamp
          ! times were cut to microseconds
        ok: boolean
        group: text 1 missing
        digits: text
          000858 | 0.100000 | 0.10 | 1 | 1 | 1970-01-01 | 1970-01-01T00:00:00 | true | 甲 | 1
          600519 | · | 2.00 | · | 2 | 2024-10-04 | 2023-11-14T22:13:20 | false | · | 2
          x | 104517.231293 | 3.25 | -3 | 18446744073709551615 | 1969-12-31 | 1970-01-01T00:00:00 | true | 甲 | 3
    "#]].assert_eq(&project.show_file(&path, &AddOptions::default()));
}

#[test]
fn the_first_bytes_decide_the_format() {
    let mut project = Project::new();
    let path = project.folder.path().join("mine.csv");
    Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE t(a); INSERT INTO t VALUES (1);")
        .unwrap();
    assert_eq!(project.add(&path).unwrap().source.kind, SourceKind::Sqlite);
}

#[test]
fn the_same_bytes_give_the_same_files() {
    let csv = "code,value\n".to_owned()
        + &(0..20_000)
            .map(|row| format!("{row:06},{}.{:02}\n", row * 7 % 1000, row % 100))
            .collect::<String>();
    let digests = || {
        let mut project = Project::new();
        let path = project.file("t.csv", &csv);
        let source = project.add(&path).unwrap().source;
        let bytes = std::fs::read(project.warehouse.stored(&source.tables[0]).path()).unwrap();
        (source.digest, source.tables[0].digest.clone(), bytes)
    };
    assert_eq!(digests(), digests());
}

#[test]
fn adding_again() {
    let mut project = Project::new();
    let path = project.file("a/t.csv", "x,y\n1,2\n");
    assert_eq!(project.add(&path).unwrap().outcome, AddOutcome::Added);
    assert_eq!(project.add(&path).unwrap().outcome, AddOutcome::Unchanged);
    let files = project.state_files();
    project.file("a/t.csv", "x\n1\n2\n");
    let report = project.add(&path).unwrap();
    let AddOutcome::Replaced {
        columns_gone,
        tables_gone,
        ..
    } = &report.outcome
    else {
        panic!("{report:?}")
    };
    assert_eq!(
        (columns_gone.as_slice(), tables_gone.len()),
        (&["t.y".to_owned()][..], 0)
    );
    assert_eq!(project.warehouse.table("t").unwrap().rows, 2);
    assert_eq!(project.state_files().len(), 1);
    assert_ne!(project.state_files(), files, "the old version is gone");

    // Another file of the same name never replaces unseen; asking for the name does.
    let other = project.file("b/t.csv", "x\n9\n");
    let error = project.add(&other).unwrap_err();
    expect![[r#"
        conflict
        the name `t` belongs to `a/t.csv`
        give another name with `--name`, or replace that source with `--name t`
        数据源名 `t` 已用于 `a/t.csv`
        用 `--name` 另取名；若要替换，用 `--name t`
    "#]]
    .assert_eq(&project.show_error(&error));
    let named = AddOptions {
        name: Some("t".into()),
        ..AddOptions::default()
    };
    assert!(matches!(
        project.add_with(&other, &named).unwrap().outcome,
        AddOutcome::Replaced { .. }
    ));

    // Two names for the same bytes stand for themselves.
    let named = AddOptions {
        name: Some("u".into()),
        ..AddOptions::default()
    };
    project.add_with(&other, &named).unwrap();
    project.warehouse.remove("t").unwrap();
    assert!(project.warehouse.table("t").is_none());
    assert_eq!(crate::support::rows(&project.warehouse, "u").len(), 1);
    assert_eq!(project.state_files().len(), 1);
}

#[test]
fn options_make_another_version() {
    let mut project = Project::new();
    let path = project.file("t.csv", "a;b\n1;2\n");
    let first = project.add(&path).unwrap().source.digest;
    let options = AddOptions {
        delimiter: Some(b','),
        ..AddOptions::default()
    };
    assert_ne!(project.add_with(&path, &options).unwrap().source.digest, first);
    let options = AddOptions {
        imported_at: "2026-01-01T00:00:00Z".into(),
        ..AddOptions::default()
    };
    assert_eq!(
        project.add_with(&path, &options).unwrap().source.digest,
        first,
        "time is no part of a version"
    );
}

#[test]
fn reading_some_columns_in_another_order() {
    let mut project = Project::new();
    project.show("t.csv", "a,b,c\n1,2,3\n");
    let batches = jinsheng_data::read_batches(&project.warehouse, "t", Some(&["c", "a"])).unwrap();
    let batch = batches.map(Result::unwrap).next().unwrap();
    let names: Vec<String> = batch
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    assert_eq!(names, ["c", "a"]);
    let error = jinsheng_data::read_batches(&project.warehouse, "t", Some(&["z"])).unwrap_err();
    assert_eq!(error.to_string(), "table `t` has no column `z`");
    assert_eq!(
        jinsheng_core::Fault::hint(&error, Lang::En).unwrap(),
        "there are: a, b, c"
    );
}

/// The manifest is read by every command, so that it must not grow with a cell.
#[test]
fn long_texts_are_remembered_in_part() {
    let mut project = Project::new();
    let (low, high) = ("安".repeat(300), "言".repeat(200));
    let path = project.file(
        "t.csv",
        format!("a,b\n{low}长,12345678901234567890123456789012345678\n{high},2\n"),
    );
    let report = project.add(&path).unwrap();
    let column = &report.source.tables[0].columns[0];
    let cut = "安".repeat(199) + "…";
    assert_eq!(column.min.as_deref().map(str::len), Some(cut.len()));
    assert_eq!(column.max.as_deref(), Some(high.as_str()));
    assert_eq!(column.samples, [cut, high]);
    let number = &report.source.tables[0].columns[1];
    assert_eq!(
        number.max.as_deref(),
        Some("12345678901234567890123456789012345678")
    );
    assert!(
        crate::support::rows(&project.warehouse, "t")[0][0]
            .as_deref()
            .is_some_and(|text| text.ends_with('长'))
    );
}
