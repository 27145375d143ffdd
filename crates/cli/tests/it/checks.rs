//! `data check`: what makes numbers wrong, and where two sources disagree.

use std::fmt::Write as _;

use expect_test::{Expect, expect};

use jinsheng_testkit::shared::shared;

use crate::support::Place;

#[track_caller]
fn check(found: &str, expect: Expect) {
    expect.assert_eq(found);
}

/// Twenty rows of two shops; one row twice, one total wrong.
fn odd() -> Place {
    let place = Place::project();
    let mut text = String::from("shop_id,month,rent,wages,costs\n");
    for (shop, base) in [("007", 100), ("012", 300)] {
        for month in 1..=10 {
            let (rent, wages) = (base + month * 3, base * 2 + month * month);
            let wrong = i32::from(shop == "012" && month == 4) * 50;
            writeln!(
                text,
                "{shop},2025-{month:02},{rent},{wages},{}",
                rent + wages + wrong
            )
            .unwrap();
        }
    }
    text.push_str("012,2025-10,330,700,1030\n");
    place.write("costs.csv", &text);
    place.ok("en", &["data", "add", "costs.csv"]);
    place
}

#[test]
fn findings_name_rows_and_what_to_do() {
    let place = odd();
    check(
        &place.both(&["data", "check"]),
        expect![[r#"
            [zh 0]
            严重：`costs` 有 1 行与前面的行完全相同（共 21 行）
              第 21 行 012 2025-10 (= 20)
            留意：`costs` 有 1 行的推测主键（shop_id、month）与前面的行重复（共 21 行）
              第 21 行 012 2025-10：rent = 330, wages = 700 (= 20)
            留意：`costs` 有 1 行不满足 costs = rent + wages（共 21 行）
              第 14 行 012 2025-04：costs = 978, rent = 312, wages = 616
            提示：导入前去重，否则合计会重复计算
            提示：主键是推测的；用 `--key` 指明，或在来源中去重
            提示：该关系由数据推断；不满足的行值得核对原文
            检查 1 张表：1 处严重，2 处留意，0 条信息
            [en 0]
            grave: 1 of 21 rows of `costs` repeat an earlier row in every column
              row 21 012 2025-10 (= 20)
            notice: 1 of 21 rows of `costs` have the guessed key (shop_id, month) of an earlier row
              row 21 012 2025-10: rent = 330, wages = 700 (= 20)
            notice: 1 of 21 rows of `costs` break costs = rent + wages
              row 14 012 2025-04: costs = 978, rent = 312, wages = 616
            hint: remove them from the source, or sums count them twice
            hint: the key was guessed; name it with `--key`, or remove the repeats from the source
            hint: the identity was found in the data; check the rows that break it against their origin
            checked 1 table(s): 1 grave, 2 notice(s), 0 info
        "#]],
    );
    check(
        &place.shown("en", &["data", "check", "costs", "--key", "shop_id,rent"]),
        expect![[r#"
            [en 0]
            grave: 1 of 21 rows of `costs` repeat an earlier row in every column
              row 21 012 330 (= 20)
            grave: 1 of 21 rows of `costs` have the key (shop_id, rent) of an earlier row
              row 21 012 330: wages = 700, costs = 1030 (= 20)
            notice: 1 of 21 rows of `costs` break costs = rent + wages
              row 14 012 312: costs = 978, wages = 616
            hint: remove them from the source, or sums count them twice
            hint: remove the repeats from the source
            hint: the identity was found in the data; check the rows that break it against their origin
            checked 1 table(s): 2 grave, 1 notice(s), 0 info
        "#]],
    );
}

#[test]
fn strict_is_refused_when_something_is_found() {
    let place = odd();
    assert_eq!(place.run("en", &["data", "check"]).code, 0);
    assert_eq!(place.run("en", &["data", "check", "--strict"]).code, 3);
    let document = place.json("en", &["data", "check", "--strict"]);
    let kinds: Vec<&str> = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| found["kind"].as_str().unwrap())
        .collect();
    assert!(kinds.contains(&"doubled_rows"), "{kinds:?}");
    let sound = Place::shop();
    assert_eq!(sound.run("en", &["data", "check", "--strict"]).code, 0);
}

#[test]
fn a_demo_is_sound_under_a_strict_check() {
    let place = Place::new();
    place.ok("en", &["init", "d", "--demo"]);
    let run = place.run("en", &["--project", "d", "data", "check", "--strict"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(
        run.stdout.contains("`transaction_id` tells all rows apart"),
        "{}",
        run.stdout
    );
}

#[test]
fn two_sources_are_compared_cell_by_cell() {
    let place = odd();
    let other = place
        .read("costs.csv")
        .replace("007,2025-03,109,209,318", "007,2025-03,109,290,318");
    place.write("again.csv", &other.replace("007,2025-01,103,201,304\n", ""));
    place.ok("en", &["data", "add", "again.csv"]);
    check(
        &place.both(&["data", "check", "costs", "--against", "again"]),
        expect![[r#"
            [zh 0]
            严重：`costs` 有 1 行与前面的行完全相同（共 21 行）
              第 21 行 012 2025-10 (= 20)
            留意：`costs` 有 1 行的推测主键（shop_id、month）与前面的行重复（共 21 行）
              第 21 行 012 2025-10：rent = 330, wages = 700 (= 20)
            留意：`costs` 有 1 行不满足 costs = rent + wages（共 21 行）
              第 14 行 012 2025-04：costs = 978, rent = 312, wages = 616
            costs 与 again：按 shop_id, month 对上 19 行，57 个单元格中 1 个不一致
            只在 costs 中的行：1（如 007 2025-01）
             列      可比   不一致   疑为单位不同   只在左   只在右   例
            ─────── ────── ──────── ────────────── ──────── ──────── ────────────────────────
             wages     19        1              0        0        0   007 2025-03: 209 / 290
            提示：导入前去重，否则合计会重复计算
            提示：主键是推测的；用 `--key` 指明，或在来源中去重
            提示：该关系由数据推断；不满足的行值得核对原文
            检查 1 张表：1 处严重，2 处留意，0 条信息
            [en 0]
            grave: 1 of 21 rows of `costs` repeat an earlier row in every column
              row 21 012 2025-10 (= 20)
            notice: 1 of 21 rows of `costs` have the guessed key (shop_id, month) of an earlier row
              row 21 012 2025-10: rent = 330, wages = 700 (= 20)
            notice: 1 of 21 rows of `costs` break costs = rent + wages
              row 14 012 2025-04: costs = 978, rent = 312, wages = 616
            costs and again: 19 rows match by shop_id, month, 1 of 57 cells differ
            rows in costs only: 1 (such as 007 2025-01)
             column   compared   different   other unit   left only   right only   example
            ──────── ────────── ─────────── ──────────── ─────────── ──────────── ────────────────────────
             wages          19           1            0           0            0   007 2025-03: 209 / 290
            hint: remove them from the source, or sums count them twice
            hint: the key was guessed; name it with `--key`, or remove the repeats from the source
            hint: the identity was found in the data; check the rows that break it against their origin
            checked 1 table(s): 1 grave, 2 notice(s), 0 info
        "#]],
    );
}

#[test]
fn a_key_may_have_another_name_in_the_other_table() {
    let place = odd();
    let other = place.read("costs.csv").replace("shop_id,month", "store,when");
    place.write("again.csv", &other);
    place.ok("en", &["data", "add", "again.csv"]);
    let args = [
        "data",
        "check",
        "costs",
        "--against",
        "again",
        "--key",
        "shop_id=store,month=when",
    ];
    let document = place.json("en", &args);
    assert_eq!(document["comparisons"][0]["matched"], 20);
    assert_eq!(
        document["comparisons"][0]["right_key"],
        serde_json::json!(["store", "when"])
    );
}

#[test]
fn wrong_names_and_keys() {
    let place = odd();
    check(
        &place.both(&["data", "check", "nothing"]),
        expect![[r#"
        [zh 1]
        错误：没有表 `nothing`
        提示：现有：costs
        [en 1]
        error: no table `nothing`
        hint: there are: costs
    "#]],
    );
    check(
        &place.both(&["data", "check", "costs", "--against", "nothing"]),
        expect![[r#"
            [zh 1]
            错误：没有表 `nothing`
            提示：现有：costs
            [en 1]
            error: no table `nothing`
            hint: there are: costs
        "#]],
    );
    check(
        &place.both(&["data", "check", "costs", "--key", "planet"]),
        expect![[r#"
            [zh 1]
            错误：表 `costs` 没有列 `planet`
            提示：现有：shop_id、month、rent、wages、costs
            [en 1]
            error: table `costs` has no column `planet`
            hint: there are: shop_id, month, rent, wages, costs
        "#]],
    );
    place.write("words.csv", "a,b\nx,y\nz,w\n");
    place.ok("en", &["data", "add", "words.csv"]);
    check(
        &place.both(&["data", "check", "costs", "--against", "words"]),
        expect![[r#"
            [zh 1]
            错误：看不出 `costs` 与 `words` 的行如何对应
            提示：用 `--key 左列=右列` 指明主键
            [en 1]
            error: it is not clear how rows of `costs` and `words` correspond
            hint: name the key with `--key LEFT=RIGHT`
        "#]],
    );
}

#[test]
fn two_sources_of_real_statements_disagree_and_it_is_listed() {
    let (Some(one), Some(other)) = (
        shared("statements_tcm/financials_yikwa.db"),
        shared("statements_tcm/financials_jchpjp.db"),
    ) else {
        return;
    };
    let place = Place::project();
    place.ok("en", &["data", "add", &one.to_string_lossy(), "--name", "one"]);
    place.ok(
        "en",
        &["data", "add", &other.to_string_lossy(), "--name", "other"],
    );
    let document = place.json("zh", &["data", "check", "one", "--against", "other"]);
    let comparisons = document["comparisons"].as_array().unwrap();
    let tables: Vec<&str> = comparisons
        .iter()
        .map(|found| found["left"].as_str().unwrap())
        .collect();
    assert_eq!(
        tables,
        [
            "one.core_performance_indicators_sheet",
            "one.balance_sheet",
            "one.cash_flow_sheet",
            "one.income_sheet"
        ]
    );
    for comparison in comparisons {
        assert!(
            comparison["matched"].as_u64().unwrap() > 700,
            "{}",
            comparison["left"]
        );
        let differing = comparison["columns"].as_array().unwrap().iter();
        assert!(
            differing
                .map(|column| column["different"].as_u64().unwrap())
                .sum::<u64>()
                > 0
        );
    }
    assert_eq!(document["alone"].as_array().unwrap().len(), 3);
}
