//! Answers as people see them.

use expect_test::{Expect, expect};

use crate::support::Place;

#[track_caller]
fn check(found: &str, expect: Expect) {
    expect.assert_eq(found);
}

#[test]
fn missing_is_a_dash_and_empty_says_empty() {
    let place = Place::shop();
    check(
        &place.both(&["query", "sales by shop each month"]),
        expect![[r#"
        [zh 0]
        查询：sales by shop each month
         门店   门店名称   期间        销售额（万元）
        ────── ────────── ─────────── ────────────────
         007    湖滨路店   2025年7月         1,200.50
         007    湖滨路店   2025年8月         1,300.25
         007    湖滨路店   2025年9月                —
         012    城北店     2025年7月           800.00
         012    城北店     2025年8月            -5.50
         012    城北店     2025年9月     1,234,567.89
        6 行，用时 [MS] 毫秒，目录 [DIGEST]
        [en 0]
        query: sales by shop each month
         Shop   Shop name   period    Sales (ten thousand CNY)
        ────── ─────────── ───────── ──────────────────────────
         007    湖滨路店    2025-07                   1,200.50
         007    湖滨路店    2025-08                   1,300.25
         007    湖滨路店    2025-09                          —
         012    城北店      2025-07                     800.00
         012    城北店      2025-08                      -5.50
         012    城北店      2025-09               1,234,567.89
        6 row(s) in [MS] ms, catalog [DIGEST]
    "#]],
    );
    check(
        &place.both(&["query", "sales by shop at 2031-01"]),
        expect![[r#"
        [zh 0]
        查询：sales by shop at 2031-01
        注：没有符合条件的数据
        0 行，用时 [MS] 毫秒，目录 [DIGEST]
        [en 0]
        query: sales by shop at 2031-01
        note: no data match
        0 row(s) in [MS] ms, catalog [DIGEST]
    "#]],
    );
}

#[test]
fn a_query_in_a_file_or_on_standard_input_gives_the_same_answer() {
    use std::io::Write as _;
    let place = Place::shop();
    let line = "sales, yoy(sales) by shop at 2025-08";
    let direct = place.ok("en", &["query", line]);
    let document = place.json("en", &["query", line]);
    place.write("q.json", &document["query"].to_string());
    assert_eq!(place.ok("en", &["query", "q.json"]).stdout, direct.stdout);
    for input in [line.to_owned(), document["query"].to_string()] {
        let mut command = place.command("en", &["query", "-"]);
        command
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), direct.stdout);
    }
}

#[test]
fn sql_is_shown_in_the_dialect_asked_for() {
    let place = Place::shop();
    for dialect in ["postgres", "sqlite"] {
        let shown = place
            .ok("en", &["query", "sales by shop at 2025-08", "--sql", dialect])
            .stdout;
        assert!(
            shown.contains("\nSELECT ") && shown.contains("FROM \"sales\""),
            "{shown}"
        );
    }
}

#[test]
fn a_long_answer_is_cut_on_screen_only() {
    let place = Place::shop();
    place.write("jinsheng.toml", "version = 1\nrows = 2\n");
    check(
        &place.both(&["query", "customers by shop each month"]),
        expect![[r#"
        [zh 0]
        查询：customers by shop each month
         门店   门店名称   期间        客流（人）
        ────── ────────── ─────────── ────────────
         007    湖滨路店   2025年7月          300
         007    湖滨路店   2025年8月          310
        另有 4 行未显示；--json 给出全部，或在 jinsheng.toml 中设置 rows
        6 行，用时 [MS] 毫秒，目录 [DIGEST]
        [en 0]
        query: customers by shop each month
         Shop   Shop name   period    Customers (people)
        ────── ─────────── ───────── ────────────────────
         007    湖滨路店    2025-07                  300
         007    湖滨路店    2025-08                  310
        4 more row(s) not shown; --json gives all, or set `rows` in jinsheng.toml
        6 row(s) in [MS] ms, catalog [DIGEST]
    "#]],
    );
    let document = place.json("en", &["query", "customers by shop each month"]);
    assert_eq!(document["rows"].as_array().unwrap().len(), 6);
}

#[test]
fn quiet_keeps_results_and_verbose_says_more() {
    let place = Place::shop();
    assert_eq!(place.ok("en", &["-q", "query", "sales"]).stderr, "");
    assert!(
        place
            .ok("en", &["-v", "query", "sales"])
            .stderr
            .contains("detail: project")
    );
    let mut command = place.command("en", &["-v", "query", "sales"]);
    command.env("JINSHENG_THREADS", "3");
    let shown = crate::support::run(command).stderr;
    assert!(shown.contains("divided among 3 thread(s)"), "{shown}");
    let coloured = place.run("en", &["--color", "always", "query", "salse"]).stderr;
    assert!(coloured.contains("\u{1b}[1;31merror\u{1b}[0m: "), "{coloured}");
    let mut command = place.command("en", &["query", "salse"]);
    command.env("NO_COLOR", "1");
    assert!(!crate::support::run(command).stderr.contains('\u{1b}'));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let place = Place::shop();
    let mut command = place.command("en", &["catalog", "show"]);
    command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        !stderr.contains("panicked") && !stderr.contains("error"),
        "{stderr}"
    );
}
