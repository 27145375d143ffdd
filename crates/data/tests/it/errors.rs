//! What is said when a source cannot be imported, and that nothing is left then.

use expect_test::{Expect, expect};
use jinsheng_data::{AddOptions, DataError, NoProgress, Progress, Warehouse};

use crate::support::Project;

#[track_caller]
fn check(name: &str, bytes: impl AsRef<[u8]>, expected: Expect) {
    let mut project = Project::new();
    let shown = project.show(name, bytes);
    expected.assert_eq(&shown);
    assert!(project.warehouse.sources().is_empty());
    assert_eq!(project.state_files(), Vec::<String>::new());
}

#[test]
fn ragged_rows() {
    check(
        "t.csv",
        "a,b\n1,2\n\"x\ny\",3\n4,5,6\n",
        expect![[r#"
        input_invalid
        `t.csv` line 5 has 3 columns where the header has 2
        look at line 5: quote text that holds the delimiter; use `--skip-rows` for lines above the header and `--delimiter` when it was guessed wrong
        `t.csv` 第 5 行有 3 列，应为 2 列
        检查第 5 行：含分隔符的文字要加双引号；表前有标题行时用 `--skip-rows`；分隔符认错时用 `--delimiter`
    "#]],
    );
    check(
        "t.csv",
        "a,b\n1\n",
        expect![[r#"
        input_invalid
        `t.csv` line 2 has 1 columns where the header has 2
        complete line 2; a missing value is empty but keeps its delimiter; use `--skip-rows` for lines above the header
        `t.csv` 第 2 行有 1 列，应为 2 列
        补齐第 2 行缺少的列，缺失值留空但保留分隔符；表前有标题行时用 `--skip-rows`
    "#]],
    );
}

#[test]
fn unclosed_quotes() {
    check(
        "t.csv",
        "a,b\n1,\"2\n3,4\n",
        expect![[r#"
            input_invalid
            the row of `t.csv` that begins on line 2 does not end
            look for a double quote that is not closed from line 2 on
            `t.csv` 第 2 行开始的记录没有结束
            检查第 2 行起是否有未闭合的双引号
        "#]],
    );
}

#[test]
fn json() {
    check(
        "t.jsonl",
        "{\"a\":1}\n[1]\n",
        expect![[r#"
            input_invalid
            `t.jsonl` line 2 is no JSON object: invalid type: sequence, expected an object, column 0
            each line must be one JSON object, such as {"code":"000001","value":1.5}
            `t.jsonl` 第 2 行不是 JSON 对象：invalid type: sequence, expected an object, column 0
            每行应是一个 JSON 对象，如 {"code":"000001","value":1.5}
        "#]],
    );
    check(
        "t.jsonl",
        "{\"a\":1}\n{\"a\":1,\"a\":2}\n",
        expect![[r#"
            input_invalid
            `t.jsonl` line 2 is no JSON object: the key `a` stands twice, column 13
            each line must be one JSON object, such as {"code":"000001","value":1.5}
            `t.jsonl` 第 2 行不是 JSON 对象：the key `a` stands twice, column 13
            每行应是一个 JSON 对象，如 {"code":"000001","value":1.5}
        "#]],
    );
    check(
        "t.json",
        "{}\n",
        expect![[r#"
        input_invalid
        `t.json` is empty and has no header

        `t.json` 是空的，没有列名

    "#]],
    );
}

#[test]
fn not_what_the_extension_says() {
    check(
        "t.xlsx",
        "hello",
        expect![[r#"
            input_invalid
            `t.xlsx` does not hold what a xlsx file holds
            see whether the file is complete, or give it the extension of what it holds
            `t.xlsx` 的内容不是 xlsx 格式
            检查文件是否完整，或改用与内容相符的扩展名
        "#]],
    );
    check(
        "t.xlsx",
        b"PK\x03\x04 and nothing more",
        expect![[r#"
        input_invalid
        `t.xlsx` is malformed: Zip error: invalid Zip archive: Could not find EOCD
        open it in the program that made it and save it again, or export it as CSV
        `t.xlsx` 内容有误：Zip error: invalid Zip archive: Could not find EOCD
        用原程序打开并重新保存，或导出为 CSV
    "#]],
    );
    check(
        "t.db",
        b"SQLite format 3\0 and nothing more",
        expect![[r#"
            input_invalid
            the database file `t.db` is damaged: file is not a database
            check it with `sqlite3 't.db' 'PRAGMA integrity_check'`; restore it from a backup, or copy it again while no program writes to it, and import that
            数据库文件 `t.db` 已损坏：内容读不成数据库
            用 `sqlite3 't.db' 'PRAGMA integrity_check'` 检查；从备份恢复，或从原处重新复制（复制时不要有程序在写），再导入
        "#]],
    );
    check(
        "t.parquet",
        b"PAR1PAR1",
        expect![[r#"
        input_invalid
        `t.parquet` is malformed: EOF: Parquet file too small. Size is 8 but need 827474264
        open it in the program that made it and save it again, or export it as CSV
        `t.parquet` 内容有误：EOF: Parquet file too small. Size is 8 but need 827474264
        用原程序打开并重新保存，或导出为 CSV
    "#]],
    );
    check(
        "t.docx",
        "x",
        expect![[r#"
        input_invalid
        the format of `t.docx` is not known
        CSV, TSV, Parquet, JSON lines, XLSX, XLS and SQLite files can be imported
        认不出 `t.docx` 的格式
        支持 CSV、TSV、Parquet、JSON Lines、XLSX、XLS 和 SQLite 文件
    "#]],
    );
    check(
        "t.csv",
        "",
        expect![[r#"
        input_invalid
        `t.csv` is empty and has no header

        `t.csv` 是空的，没有列名

    "#]],
    );
    check(
        "t.csv",
        "\n\n",
        expect![[r#"
        input_invalid
        `t.csv` is empty and has no header

        `t.csv` 是空的，没有列名

    "#]],
    );
}

#[test]
fn names_and_options() {
    let mut project = Project::new();
    let path = project.file("t.csv", "a\n1\n");
    let named = |name: &str| AddOptions {
        name: Some(name.into()),
        ..AddOptions::default()
    };
    let error = project.add_with(&path, &named("a.b")).unwrap_err();
    expect![[r#"
        input_invalid
        `a.b` cannot name a source
        use letters, digits, `_` and `-`, at most 100 characters
        `a.b` 不能作数据源名
        名称用文字、数字、`_` 和 `-`，最长 100 个字符
    "#]]
    .assert_eq(&project.show_error(&error));
    let sheet = AddOptions {
        sheet: Some("x".into()),
        ..AddOptions::default()
    };
    let error = project.add_with(&path, &sheet).unwrap_err();
    expect![[r#"
        input_invalid
        `--sheet` means nothing for a csv file
        leave out `--sheet`
        `--sheet` 对 csv 文件没有意义
        去掉 `--sheet`
    "#]]
    .assert_eq(&project.show_error(&error));
    let error = project.add(&project.folder.path().join("none.csv")).unwrap_err();
    expect![[r#"
        not_found
        no file `none.csv`

        找不到文件 `none.csv`

    "#]]
    .assert_eq(
        &project
            .show_error(&error)
            .replace(&format!("{}/", project.folder.path().display()), ""),
    );
    let folder = project.folder.path().to_owned();
    assert!(matches!(
        project.add(&folder).unwrap_err(),
        DataError::NotAFile { .. }
    ));
    let error = project.warehouse.remove("nobody").unwrap_err();
    expect![[r#"
        not_found
        no source `nobody`
        import one with `jinsheng data add`
        没有数据源 `nobody`
        先用 `jinsheng data add` 导入
    "#]]
    .assert_eq(&project.show_error(&error));
}

#[test]
fn too_many_columns() {
    let header = (0..5000)
        .map(|index| format!("c{index}"))
        .collect::<Vec<_>>()
        .join(",");
    check(
        "t.csv",
        header + "\n",
        expect![[r#"
        input_invalid
        `t.csv` has 5000 columns; the most is 4096

        `t.csv` 有 5000 列，最多 4096 列

    "#]],
    );
}

#[test]
fn stopped_by_the_user() {
    struct Stop;
    impl Progress for Stop {
        fn rows(&mut self, _: &str, _: u64, _: Option<u64>) {}
        fn cancelled(&self) -> bool {
            true
        }
    }
    let mut project = Project::new();
    let path = project.file("t.csv", "a\n1\n");
    let error = project
        .warehouse
        .add(&path, &AddOptions::default(), &mut Stop)
        .unwrap_err();
    expect![[r#"
        cancelled
        cancelled

        已取消

    "#]]
    .assert_eq(&project.show_error(&error));
    assert_eq!(project.state_files(), Vec::<String>::new());
}

#[test]
fn folders_that_cannot_be_written() {
    let project = Project::new();
    let file = project.file("plain", "x");
    assert!(matches!(
        Warehouse::open(&file.join("state")).unwrap_err(),
        DataError::Write { .. }
    ));
    for (kind, words) in [
        (std::io::ErrorKind::StorageFull, "the disk is full"),
        (std::io::ErrorKind::ReadOnlyFilesystem, "it may not be written"),
    ] {
        let error = DataError::Write {
            path: "x".into(),
            source: std::io::Error::from(kind),
        };
        assert!(error.to_string().contains(words));
        assert!(jinsheng_core::Fault::hint(&error, jinsheng_core::Lang::Zh).is_some());
    }
}

#[test]
fn two_imports_at_once() {
    struct Nested<'a> {
        path: &'a std::path::Path,
        state: std::path::PathBuf,
        error: Option<DataError>,
        rows_while_importing: usize,
    }
    impl Progress for Nested<'_> {
        fn rows(&mut self, _: &str, _: u64, _: Option<u64>) {
            // Another process opens the project: it may read, and its import is refused; nothing is swept.
            let mut other = Warehouse::open(&self.state).unwrap();
            self.rows_while_importing = other.sources().len();
            self.error = other
                .add(self.path, &AddOptions::default(), &mut NoProgress)
                .err();
        }
        fn cancelled(&self) -> bool {
            false
        }
    }
    let mut project = Project::new();
    let first = project.file("one.csv", "a\n1\n");
    project.add(&first).unwrap();
    let path = project.file("t.csv", "a\n1\n");
    let mut nested = Nested {
        path: &first,
        state: project.state(),
        error: None,
        rows_while_importing: 0,
    };
    project
        .warehouse
        .add(&path, &AddOptions::default(), &mut nested)
        .unwrap();
    assert_eq!(nested.rows_while_importing, 1);
    expect![[r#"
        conflict
        another import is running
        try again when it is done
        另一个导入正在进行
        等它完成后重试
    "#]]
    .assert_eq(&project.show_error(&nested.error.unwrap()));
    assert_eq!(project.warehouse.sources().len(), 2);
}

#[test]
fn damaged_state() {
    let mut project = Project::new();
    project.show("t.csv", "a\n1\n");
    let table = project
        .warehouse
        .stored(project.warehouse.table("t").unwrap())
        .path()
        .to_owned();
    std::fs::write(&table, "no parquet").unwrap();
    let error = jinsheng_data::read_batches(&project.warehouse, "t", None).unwrap_err();
    assert!(error.to_string().starts_with("the file"), "{error}");
    let manifest = project.state().join("manifest.json");
    std::fs::write(&manifest, "{\"version\": 99}").unwrap();
    assert!(matches!(
        Warehouse::open(&project.state()).unwrap_err(),
        DataError::ManifestVersion { found: 99, .. }
    ));
    std::fs::write(&manifest, "{").unwrap();
    let error = Warehouse::open(&project.state()).unwrap_err();
    assert!(matches!(error, DataError::Manifest { .. }));
    assert!(
        table.exists(),
        "nothing is swept when the manifest cannot be understood"
    );
}
