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
fn a_statement_is_checked_against_what_statements_obey() {
    let place = Place::project();
    let mut text = String::from(
        "股票代码,报告期,经营活动现金流量净额,投资活动现金流量净额,筹资活动现金流量净额,现金净增加额\n",
    );
    for row in 0..40_i64 {
        let (operating, investing, financing) =
            (9_000 + row * row * 37, -4_000 + row * 791, -2_000 - row * 503);
        let off = if row % 2 == 0 { 90 + row * row } else { 0 };
        let net = operating + investing + financing + off;
        writeln!(
            text,
            "{:06},2025Q3,{operating},{investing},{financing},{net}",
            600_000 + row
        )
        .unwrap();
    }
    place.write("cash.csv", &text);
    place.ok("en", &["data", "add", "cash.csv"]);
    let found = place.both(&["data", "check"]);
    let told: Vec<&str> = found.lines().filter(|line| line.contains("20")).take(4).collect();
    check(
        &told.join("\n"),
        expect![[r#"
        留意：`cash` 有 20 行不满足 现金净增加额 = 经营活动现金流量净额 + 投资活动现金流量净额 + 筹资活动现金流量净额（共 40 行；这类报表应满足）
          第 37 行 600036：现金净增加额 = 62706, 经营活动现金流量净额 = 56952, 投资活动现金流量净额 = 24476, 筹资活动现金流量净额 = -20108 (Δ 1386)
        信息：`cash` 的 `报告期` 只有一个值 `2025Q3`
        notice: 20 of 40 rows of `cash` break 现金净增加额 = 经营活动现金流量净额 + 投资活动现金流量净额 + 筹资活动现金流量净额, which such statements obey"#]],
    );
}

#[test]
fn a_stand_in_that_is_the_only_value_below_zero_is_drafted() {
    let place = Place::project();
    let mut text = String::from("基金代码,净值日期,单位净值\n");
    for row in 0..60 {
        let value = if row % 12 == 5 {
            "-1".to_owned()
        } else {
            format!("{}.{:04}", 1 + row % 2, row * 71 + 9)
        };
        writeln!(
            text,
            "{:06},2025-{:02}-{:02},{value}",
            110_000 + row / 30,
            row % 12 + 1,
            row % 28 + 1
        )
        .unwrap();
    }
    place.write("nav.csv", &text);
    place.ok("en", &["data", "add", "nav.csv"]);
    place.ok("en", &["catalog", "infer"]);
    let draft = place.read("catalog/inferred.yaml");
    let missing = draft
        .split("missing:")
        .nth(1)
        .and_then(|rest| rest.split_whitespace().nth(1));
    assert_eq!(missing, Some("\"-1\""), "{draft}");
}

#[test]
fn a_laid_out_sheet_says_what_was_done_with_it() {
    let mut told = String::new();
    for lang in ["zh", "en"] {
        let place = Place::project();
        place.write(
            "branches.csv",
            "分行,存款余额\n北京,120.5\n上海,80.25\n合计,200.75\n",
        );
        place.write(
            "odd.csv",
            "证券代码,金额,比例\n6.00519E+05,\"1,5\",1e3\n000858,\"2,25\",2.5\n",
        );
        let run = place.ok(lang, &["data", "add", "branches.csv", "odd.csv"]);
        let notes = run.stderr.lines().filter(|line| line.starts_with(['w', '警']));
        told.extend(notes.map(|line| format!("{line}\n")));
    }
    check(
        &told,
        expect![[r#"
        警告：branches：略去 1 个汇总行（如第 4 行“合计”），以免被当作主体、重复计入合计；若它是普通数据，请改名再导入
        警告：odd.证券代码：1 个代码被表格软件改写成数值（如第 2 行“6.00519E+05”），可能已丢失位数；请在来源中把该列设为文本、恢复原代码后再导入
        警告：odd.金额：2 个单元格像用逗号作小数点（如第 2 行“1,5”），整列按文本保存；请改用小数点（12.34）再导入
        警告：odd.比例：1 个单元格像科学计数法，也可能是代码（如第 2 行“1e3”），整列按文本保存；若是数值，请写成 1000 或 1.0E+03 再导入
        warning: branches: 1 rows that sum up others were left out (such as `合计` in row 4), or sums would count them twice; if they are data like others, rename them and import again
        warning: odd.证券代码: 1 codes were rewritten as numbers by a spreadsheet (such as `6.00519E+05` in row 2) and may have lost digits; store the column as text in the source, restore the codes, and import again
        warning: odd.金额: 2 cells seem to have decimal commas (such as `1,5` in row 2), so the column stays text; write decimal points (12.34) and import again
        warning: odd.比例: 1 cells may be numbers in scientific notation or codes (such as `1e3` in row 2), so the column stays text; if they are numbers, write 1000 or 1.0E+03 and import again
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
