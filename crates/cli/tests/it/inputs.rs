//! Wrong command lines, folders and files: what is said, in both languages, and how the process ends.

use expect_test::{Expect, expect};

use crate::support::Place;

#[track_caller]
fn check(place: &Place, args: &[&str], expect: Expect) {
    expect.assert_eq(&place.both(args));
}

#[test]
fn command_lines() {
    let place = Place::new();
    check(
        &place,
        &["quary", "x"],
        expect![[r#"
        [zh 2]
        错误：没有命令 `quary`
        提示：是否想用 `query`
        [en 2]
        error: there is no command `quary`
        hint: did you mean `query`
    "#]],
    );
    check(
        &place,
        &["data", "list", "--foo"],
        expect![[r#"
        [zh 2]
        错误：没有选项 `--foo`
        提示：用 --help 查看用法
        [en 2]
        error: there is no option `--foo`
        hint: see --help
    "#]],
    );
    check(
        &place,
        &["--lang", "fr", "data", "list"],
        expect![[r#"
        [zh 2]
        错误：选项 `--lang <LANG>` 不接受 `fr`
        提示：可用的值：zh, en
        [en 2]
        error: option `--lang <LANG>` does not take `fr`
        hint: it takes zh, en
    "#]],
    );
    check(
        &place,
        &["init"],
        expect![[r#"
        [zh 2]
        错误：缺少参数 <DIR>
        提示：用 --help 查看用法
        [en 2]
        error: missing argument <DIR>
        hint: see --help
    "#]],
    );
    check(
        &place,
        &["init", "p", "--demo", "--seed", "x"],
        expect![[r#"
        [zh 2]
        错误：选项 `--seed <N>` 不接受 `x`
        提示：须为 0 或正整数
        [en 2]
        error: option `--seed <N>` does not take `x`
        hint: it takes a whole number, 0 or more
    "#]],
    );
    check(
        &place,
        &["init", "p", "--seed", "1"],
        expect![[r#"
        [zh 2]
        错误：缺少参数 --demo
        提示：用 --help 查看用法
        [en 2]
        error: missing argument --demo
        hint: see --help
    "#]],
    );
    check(
        &place,
        &["-q", "-v", "data", "list"],
        expect![[r#"
        [zh 2]
        错误：选项 `--quiet` 不能与 `--verbose` 同用
        提示：用 --help 查看用法
        [en 2]
        error: option `--quiet` cannot be used with `--verbose`
        hint: see --help
    "#]],
    );
    check(
        &place,
        &["query", "a", "--sql", "oracle"],
        expect![[r#"
        [zh 2]
        错误：选项 `--sql <DIALECT>` 不接受 `oracle`
        提示：可用的值：postgres, sqlite
        [en 2]
        error: option `--sql <DIALECT>` does not take `oracle`
        hint: it takes postgres, sqlite
    "#]],
    );
    check(
        &place,
        &["query", "a", "--sql"],
        expect![[r#"
        [zh 2]
        错误：选项 `--sql <DIALECT>` 缺少值
        提示：可用的值：postgres, sqlite
        [en 2]
        error: option `--sql <DIALECT>` needs a value
        hint: it takes postgres, sqlite
    "#]],
    );
    check(
        &place,
        &["query", "a", "--as", "x", "--as", "y"],
        expect![[r#"
        [zh 2]
        错误：选项 `--as <ROLE>` 只能用一次
        提示：用 --help 查看用法
        [en 2]
        error: option `--as <ROLE>` may be given once only
        hint: see --help
    "#]],
    );
    check(
        &place,
        &["data", "add"],
        expect![[r#"
        [zh 2]
        错误：缺少参数 <PATH>...
        提示：用 --help 查看用法
        [en 2]
        error: missing argument <PATH>...
        hint: see --help
    "#]],
    );
    check(
        &place,
        &["data", "check", "--against", "x"],
        expect![[r#"
        [zh 2]
        错误：缺少参数 <NAME>
        提示：用 --help 查看用法
        [en 2]
        error: missing argument <NAME>
        hint: see --help
    "#]],
    );
}

#[test]
fn nothing_asked_shows_the_help_and_is_a_wrong_command_line() {
    let place = Place::new();
    for args in [&[][..], &["data"], &["catalog"], &["config"]] {
        for (lang, word) in [("zh", "用法"), ("en", "Usage")] {
            let found = place.run(lang, args);
            assert_eq!((found.code, found.stdout.as_str()), (2, ""), "{args:?}");
            assert!(found.stderr.contains(word), "{}", found.stderr);
        }
    }
    let help = place.ok("zh", &["query", "--help"]);
    assert!(help.stdout.contains("--evidence") && help.stderr.is_empty());
    assert!(place.ok("en", &["--version"]).stdout.starts_with("jinsheng "));
}

#[test]
fn projects() {
    let place = Place::new();
    check(
        &place,
        &["data", "list"],
        expect![[r#"
        [zh 1]
        错误：`[DIR]` 及其上级目录都没有 jinsheng.toml
        提示：用 `jinsheng init DIR` 新建项目，或用 --project 指定
        [en 1]
        error: neither `[DIR]` nor a folder above it holds a jinsheng.toml
        hint: make one with `jinsheng init DIR`, or name one with --project
    "#]],
    );
    check(
        &place,
        &["--project", "nowhere", "data", "list"],
        expect![[r#"
        [zh 1]
        错误：`nowhere` 中没有 jinsheng.toml，不是项目目录
        提示：用 `jinsheng init DIR` 新建项目，或用 --project 指定
        [en 1]
        error: `nowhere` holds no jinsheng.toml and is no project
        hint: make one with `jinsheng init DIR`, or name one with --project
    "#]],
    );
    place.write("full/letter.txt", "dear");
    check(
        &place,
        &["init", "full"],
        expect![[r#"
        [zh 1]
        错误：`[DIR]/full` 不是空目录，未作任何改动
        提示：请换一个不存在的目录名，或先移走其中的内容
        [en 1]
        error: `[DIR]/full` is not an empty folder; nothing was touched
        hint: choose a folder that does not exist, or move its content away first
    "#]],
    );
    assert_eq!(place.read("full/letter.txt"), "dear");
    assert_eq!(std::fs::read_dir(place.path("full")).unwrap().count(), 1);
    place.ok("en", &["init", "p"]);
    check(
        &place,
        &["init", "p"],
        expect![[r#"
        [zh 1]
        错误：`[DIR]/p` 已是项目目录，未作任何改动
        提示：直接使用它：`jinsheng --project [DIR]/p …`，或换一个目录名
        [en 1]
        error: `[DIR]/p` is a project already; nothing was touched
        hint: use it: `jinsheng --project [DIR]/p …`, or choose another folder
    "#]],
    );
    check(
        &place,
        &["init", "full/letter.txt"],
        expect![[r#"
        [zh 1]
        错误：无法读取 `[DIR]/full/letter.txt`：路径中有一段不是目录
        提示：换一个路径
        [en 1]
        error: failed to read `[DIR]/full/letter.txt`: a part of the path is no folder
        hint: choose another path
    "#]],
    );
    check(
        &place,
        &["init", "full/letter.txt/p"],
        expect![[r#"
        [zh 1]
        错误：无法读取 `[DIR]/full/letter.txt/p`：路径中有一段不是目录
        提示：换一个路径
        [en 1]
        error: failed to read `[DIR]/full/letter.txt/p`: a part of the path is no folder
        hint: choose another path
    "#]],
    );
}

#[test]
fn files_that_cannot_be_imported() {
    let place = Place::project();
    place.write("ragged.csv", "a,b\n1,2\n1,2,3\n");
    place.write("good.csv", "a,b\n1,2\n");
    place.write("other/good.csv", "a,b\n1,2\n");
    place.write("empty.csv", "");
    place.write("book.xlsx", "no workbook");
    place.write("letter.doc", "dear");
    check(
        &place,
        &["data", "add", "none.csv"],
        expect![[r#"
        [zh 1]
        错误：找不到文件 `none.csv`
        [en 1]
        error: no file `none.csv`
    "#]],
    );
    check(
        &place,
        &["data", "add", "catalog"],
        expect![[r#"
        [zh 1]
        错误：`[DIR]/catalog` 不是文件
        提示：请给出文件路径
        [en 1]
        error: `[DIR]/catalog` is no file
        hint: give the path of a file
    "#]],
    );
    check(
        &place,
        &["data", "add", "ragged.csv"],
        expect![[r#"
        [zh 1]
        错误：`[DIR]/ragged.csv` 第 3 行有 3 列，应为 2 列
        提示：检查第 3 行：含分隔符的文字要加双引号；表前有标题行时用 `--skip-rows`；分隔符认错时用 `--delimiter`
        [en 1]
        error: `[DIR]/ragged.csv` line 3 has 3 columns where the header has 2
        hint: look at line 3: quote text that holds the delimiter; use `--skip-rows` for lines above the header and `--delimiter` when it was guessed wrong
    "#]],
    );
    check(
        &place,
        &["data", "add", "empty.csv"],
        expect![[r#"
        [zh 1]
        错误：`[DIR]/empty.csv` 是空的，没有列名
        [en 1]
        error: `[DIR]/empty.csv` is empty and has no header
    "#]],
    );
    check(
        &place,
        &["data", "add", "book.xlsx"],
        expect![[r#"
        [zh 1]
        错误：`[DIR]/book.xlsx` 的内容不是 xlsx 格式
        提示：检查文件是否完整，或改用与内容相符的扩展名
        [en 1]
        error: `[DIR]/book.xlsx` does not hold what a xlsx file holds
        hint: see whether the file is complete, or give it the extension of what it holds
    "#]],
    );
    check(
        &place,
        &["data", "add", "letter.doc"],
        expect![[r#"
        [zh 1]
        错误：认不出 `[DIR]/letter.doc` 的格式
        提示：支持 CSV、TSV、Parquet、JSON Lines、XLSX、XLS 和 SQLite 文件
        [en 1]
        error: the format of `[DIR]/letter.doc` is not known
        hint: CSV, TSV, Parquet, JSON lines, XLSX, XLS and SQLite files can be imported
    "#]],
    );
    check(
        &place,
        &["data", "add", "good.csv", "--encoding", "klingon"],
        expect![[r#"
        [zh 1]
        错误：没有编码 `klingon`
        提示：例如 utf-8、gb18030、gbk、big5、utf-16le
        [en 1]
        error: no encoding `klingon`
        hint: for instance utf-8, gb18030, gbk, big5, utf-16le
    "#]],
    );
    check(
        &place,
        &["data", "add", "good.csv", "--delimiter", "ab"],
        expect![[r#"
        [zh 2]
        错误：选项 `--delimiter` 不接受 `ab`
        提示：一个 ASCII 字符，或 tab
        [en 2]
        error: option `--delimiter` does not take `ab`
        hint: one ASCII character, or tab
    "#]],
    );
    check(
        &place,
        &["data", "add", "good.csv", "--sheet", "x"],
        expect![[r#"
        [zh 1]
        错误：`--sheet` 对 csv 文件没有意义
        提示：去掉 `--sheet`
        [en 1]
        error: `--sheet` means nothing for a csv file
        hint: leave out `--sheet`
    "#]],
    );
    check(
        &place,
        &["data", "add", "good.csv", "--name", "a b"],
        expect![[r#"
        [zh 1]
        错误：`a b` 不能作数据源名
        提示：名称用文字、数字、`_` 和 `-`，最长 100 个字符
        [en 1]
        error: `a b` cannot name a source
        hint: use letters, digits, `_` and `-`, at most 100 characters
    "#]],
    );
    check(
        &place,
        &["data", "add", "good.csv", "ragged.csv", "--name", "x"],
        expect![[r#"
        [zh 2]
        错误：`--name` 只能用于一个文件
        提示：分别导入各文件
        [en 2]
        error: `--name` takes one file
        hint: import the files one by one
    "#]],
    );
    assert!(
        place.json("en", &["data", "list"])["sources"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    place.ok("en", &["data", "add", "good.csv"]);
    check(
        &place,
        &["data", "add", "other/good.csv"],
        expect![[r#"
        [zh 1]
        错误：数据源名 `good` 已用于 `[DIR]/good.csv`
        提示：用 `--name` 另取名；若要替换，用 `--name good`
        [en 1]
        error: the name `good` belongs to `[DIR]/good.csv`
        hint: give another name with `--name`, or replace that source with `--name good`
    "#]],
    );
    expect![[r#"
        [zh 1]
        未变 good：1 行，2 列
        此前的 1 个文件已导入
        错误：`[DIR]/ragged.csv` 第 3 行有 3 列，应为 2 列
        提示：检查第 3 行：含分隔符的文字要加双引号；表前有标题行时用 `--skip-rows`；分隔符认错时用 `--delimiter`
    "#]].assert_eq(&place.shown("zh", &["data", "add", "good.csv", "ragged.csv"]));
}
