//! From an empty folder to an answer.

use expect_test::{Expect, expect};

use jinsheng_testkit::shared::shared;

use crate::support::{Place, run};

#[track_caller]
fn check(found: &str, expect: Expect) {
    expect.assert_eq(found);
}

#[test]
fn a_small_table_becomes_an_answer() {
    let place = Place::new();
    check(
        &place.both(&["init", "p"]).replace("[en 1]", "[en 1: made above]"),
        expect![[r#"
        [zh 0]
        已新建项目 [DIR]/p
        下一步：cd p，填写 institution.toml，再 `jinsheng data add FILE`、`jinsheng catalog infer`
        [en 1: made above]
        error: `[DIR]/p` is a project already; nothing was touched
        hint: use it: `jinsheng --project [DIR]/p …`, or choose another folder
    "#]],
    );
    let place = Place::shop();
    check(
        &place.both(&["data", "list", "-q"]),
        expect![[r#"
        [zh 0]
         数据源   格式   表      行数   列数   版本           导入时间
        ──────── ────── ─────── ────── ────── ────────────── ──────────────────────
         sales    csv    sales      6      6   [DIGEST]   [TIME]
        [en 0]
         source   format   table   rows   columns   version        imported
        ──────── ──────── ─────── ────── ───────── ────────────── ──────────────────────
         sales    csv      sales      6         6   [DIGEST]   [TIME]
    "#]],
    );
    check(
        &place.shown("zh", &["data", "show", "sales"]),
        expect![[r#"
        [zh 0]
        数据源 sales（csv, UTF-8）[DIR]/sales.csv，版本 [DIGEST]，[TIME] 导入
        表 sales：6 行
         列             类型            单位    缺失   不同值   范围                 样例
        ────────────── ─────────────── ────── ─────── ──────── ──────────────────── ───────────────────────────
         shop_id        text                       0        2   007 … 012            007, 012
         shop_name      text                       0        2   城北店 … 湖滨路店    湖滨路店, 城北店
         month          text                       0        3   2025-07 … 2025-09    2025-07, 2025-08, 2025-09
         销售额(万元)   decimal(10,3)   万元   16.7%        5   -5.5 … 1234567.891   1200.5, 1300.25, 800
         customers      integer                    0        6   90 … 320             300, 310, 320
         margin         integer                    0        6   20 … 32              20, 21, 22
        说明：sales.shop_id：列名表明是代码，按文本保存
    "#]],
    );
    check(
        &place.both(&["catalog", "check"]),
        expect![[r#"
        [zh 0]
        1 个实体、1 张表、4 个指标、0 个指标组；试运行 4 个指标，0 处问题，0 处留意
        [en 0]
        1 entities, 1 tables, 4 metrics, 0 groups; 4 metric(s) run, 0 problem(s), 0 notice(s)
    "#]],
    );
    check(
        &place.both(&["query", "sales, customers, sales_per_customer by shop at 2025-09"]),
        expect![[r#"
        [zh 0]
        查询：sales, customers, sales_per_customer by shop at 2025-09
         门店   门店名称   期间        销售额（万元）   客流（人）   客单价（万元）
        ────── ────────── ─────────── ──────────────── ──────────── ────────────────
         007    湖滨路店   2025年9月                —          320                —
         012    城北店     2025年9月     1,234,567.89           95        12,995.45
        2 行，用时 [MS] 毫秒，目录 [DIGEST]
        [en 0]
        query: sales, customers, sales_per_customer by shop at 2025-09
         Shop   Shop name   period    Sales (ten thousand CNY)   Customers (people)   Sales per customer (ten thousand CNY)
        ────── ─────────── ───────── ────────────────────────── ──────────────────── ───────────────────────────────────────
         007    湖滨路店    2025-09                          —                  320                                       —
         012    城北店      2025-09               1,234,567.89                   95                               12,995.45
        2 row(s) in [MS] ms, catalog [DIGEST]
    "#]],
    );
    check(
        &place.both(&[
            "query",
            "sales of shop = '湖滨店' from 2025-07 to 2025-09",
            "--evidence",
        ]),
        expect![[r#"
            [zh 0]
            查询：sales of shop = '湖滨店' from 2025-07 to 2025-09
             门店   门店名称   期间        销售额（万元）
            ────── ────────── ─────────── ────────────────
             007    湖滨路店   2025年7月         1,200.50
             007    湖滨路店   2025年8月         1,300.25
             007    湖滨路店   2025年9月                —
            出处
            007 湖滨路店 2025-07
              sales 2025-07 = 1,200.5万元  [[DIGEST]]
                单元格 sales.销售额(万元) 行 shop_id = 007, period(month) = 2025-07  sales@[DIGEST] pinned
            007 湖滨路店 2025-08
              sales 2025-08 = 1,300.25万元  [[DIGEST]]
                单元格 sales.销售额(万元) 行 shop_id = 007, period(month) = 2025-08  sales@[DIGEST] pinned
            007 湖滨路店 2025-09
              sales 2025-09 = —  [[DIGEST]]
                单元格 sales.销售额(万元) 行 shop_id = 007, period(month) = 2025-09  sales@[DIGEST] pinned
            3 行，用时 [MS] 毫秒，目录 [DIGEST]
            [en 0]
            query: sales of shop = '湖滨店' from 2025-07 to 2025-09
             Shop   Shop name   period    Sales (ten thousand CNY)
            ────── ─────────── ───────── ──────────────────────────
             007    湖滨路店    2025-07                   1,200.50
             007    湖滨路店    2025-08                   1,300.25
             007    湖滨路店    2025-09                          —
            evidence
            007 湖滨路店 2025-07
              sales 2025-07 = 1,200.5 ten thousand CNY  [[DIGEST]]
                cell sales.销售额(万元) row shop_id = 007, period(month) = 2025-07  sales@[DIGEST] pinned
            007 湖滨路店 2025-08
              sales 2025-08 = 1,300.25 ten thousand CNY  [[DIGEST]]
                cell sales.销售额(万元) row shop_id = 007, period(month) = 2025-08  sales@[DIGEST] pinned
            007 湖滨路店 2025-09
              sales 2025-09 = —  [[DIGEST]]
                cell sales.销售额(万元) row shop_id = 007, period(month) = 2025-09  sales@[DIGEST] pinned
            3 row(s) in [MS] ms, catalog [DIGEST]
        "#]],
    );
}

#[test]
fn a_project_has_what_git_must_not_see_and_what_must_be_filled_in() {
    let place = Place::new();
    place.ok("zh", &["init", "deep/down/p"]);
    let mut names: Vec<String> = std::fs::read_dir(place.path("deep/down/p"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            ".gitignore",
            ".jinsheng",
            "catalog",
            "data",
            "institution.toml",
            "jinsheng.toml"
        ]
    );
    assert_eq!(place.read("deep/down/p/.gitignore"), ".jinsheng/\n");
    assert!(place.read("deep/down/p/institution.toml").contains("待填写"));
    // Nothing else is left beside it.
    assert_eq!(std::fs::read_dir(place.path("deep/down")).unwrap().count(), 1);
}

#[test]
fn an_empty_folder_may_become_a_project_and_a_project_is_found_from_below() {
    let place = Place::new();
    std::fs::create_dir_all(place.path("p")).unwrap();
    place.ok("zh", &["init", "p"]);
    std::fs::create_dir_all(place.path("p/data/deep")).unwrap();
    let mut command = place.command("zh", &["data", "list"]);
    command.current_dir(place.path("p/data/deep"));
    assert_eq!(crate::support::run(command).code, 0);
}

#[test]
fn adding_again_changes_nothing_and_a_new_version_says_what_is_gone() {
    let place = Place::shop();
    check(
        &place.both(&["data", "add", "sales.csv"]),
        expect![[r#"
        [zh 0]
        未变 sales：6 行，6 列
        1 个文件，6 行，用时 [MS] 毫秒，存于 [DIR]/.jinsheng
        [en 0]
        unchanged sales: 6 rows, 6 columns
        1 file(s), 6 rows, [MS] ms, in [DIR]/.jinsheng
    "#]],
    );
    place.write("sales.csv", "shop_id,month,customers\n007,2025-07,1\n");
    check(
        &place.shown("zh", &["data", "add", "sales.csv"]),
        expect![[r#"
        [zh 0]
        已更新 sales：1 行，3 列
        说明：sales.shop_id：列名表明是代码，按文本保存
        警告：新版本不再有：sales.shop_name, sales.销售额(万元), sales.margin
        1 个文件，1 行，用时 [MS] 毫秒，存于 [DIR]/.jinsheng
    "#]],
    );
    check(
        &place.both(&["data", "remove", "sales", "--dry-run"]),
        expect![[r#"
        [zh 0]
        将移除数据源 sales（表 sales）
        警告：目录中 3 个指标依赖它：customers, margin, sales
        [en 0]
        would remove source sales (tables sales)
        warning: 3 metric(s) of the catalog rest on it: customers, margin, sales
    "#]],
    );
    check(
        &place.shown("en", &["data", "remove", "sales"]),
        expect![[r#"
        [en 0]
        removed source sales (tables sales)
        warning: 3 metric(s) of the catalog rest on it: customers, margin, sales
    "#]],
    );
    check(
        &place.both(&["data", "list"]),
        expect![[r#"
        [zh 0]
        还没有数据；用 `jinsheng data add FILE` 导入
        [en 0]
        no data yet; import some with `jinsheng data add FILE`
    "#]],
    );
}

#[test]
fn three_commands_take_real_statements_to_an_answer() {
    let (Some(database), Some(dictionary)) = (
        shared("statements_tcm/financials_yikwa.db"),
        shared("statements_tcm/schema_dictionary.xlsx"),
    ) else {
        return;
    };
    let place = Place::new();
    // The commands as README.md has them.
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md")).unwrap();
    let block = readme
        .split("```")
        .find(|block| block.starts_with("sh\njinsheng init"))
        .unwrap();
    let mut folder = place.path("");
    for line in block.lines().skip(1) {
        if line == "jinsheng ask 'QUESTION'" {
            break;
        }
        let words: Vec<String> = line
            .split(' ')
            .map(|word| match word {
                "DIR" => "statements".to_owned(),
                "FILE.db" => database.display().to_string(),
                "FILE.xlsx" => dictionary.display().to_string(),
                other => other.to_owned(),
            })
            .collect();
        match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["cd", into] => folder.push(into),
            ["jinsheng", args @ ..] => {
                let mut command = place.command("zh", args);
                command.current_dir(&folder);
                let found = run(command);
                assert_eq!(found.code, 0, "{line}\n{}{}", found.stdout, found.stderr);
            }
            _ => panic!("the readme says `{line}`"),
        }
    }
    let asked = place.json(
        "zh",
        &[
            "--project",
            "statements",
            "ask",
            "云南白药前三季度营业总收入是多少",
        ],
    );
    assert_eq!(asked["status"], "answered");
    assert_eq!(asked["reading"], "revenue of company = '000538' at 2025Q3");
    assert!(
        asked["rows"][0][2].as_str().unwrap().starts_with("3065421.4"),
        "{asked}"
    );
    let answer = place.json(
        "zh",
        &[
            "--project",
            "statements",
            "query",
            "revenue, net_profit by company of company = '云南白药' at 2025Q3",
        ],
    );
    assert_eq!(answer["status"], "ok");
    let names: Vec<&str> = answer["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|column| column["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        ["company", "company.name", "period", "revenue", "net_profit"]
    );
    let row = &answer["rows"][0];
    assert_eq!(
        (row[0].as_str(), row[1].as_str(), row[2].as_str()),
        (Some("000538"), Some("云南白药"), Some("2025Q3"))
    );
    // As the company reported it: 306.54 亿元 in the first three quarters of 2025.
    assert_eq!(answer["columns"][3]["unit"], "万元");
    assert!(row[3].as_str().unwrap().starts_with("3065421.4"), "{row}");
}

#[test]
fn the_demo_is_made_from_its_seed_and_marked_as_fictional() {
    let place = Place::new();
    let made = place.json("zh", &["init", "d", "--demo", "--seed", "7"]);
    assert_eq!(made["seed"], 7);
    assert!(made["metrics"].as_u64().unwrap() > 100, "{made}");
    let in_demo = |args: &[&str]| place.json("zh", &[&["--project", "d"], args].concat());
    let list = in_demo(&["data", "list"]);
    let home = std::fs::canonicalize(place.path("d")).unwrap();
    for source in list["sources"].as_array().unwrap() {
        let path = source["path"].as_str().unwrap();
        assert!(
            path.starts_with(&*home.to_string_lossy()) && std::path::Path::new(path).is_file(),
            "{path}"
        );
    }
    assert!(place.read("d/institution.toml").contains("虚构"));
    assert_eq!(
        (&made["fictional"], &list["fictional"]),
        (&true.into(), &true.into())
    );
    for (lang, words) in [
        ("zh", "演示数据，均为虚构"),
        ("en", "demo data, all of it fictional"),
    ] {
        for args in [
            &["query", "revenue at 2025"][..],
            &["query", "revenue of company = '995321' at 1999"],
            &["catalog", "show", "revenue"],
            &["data", "list"],
            &["data", "show", "funds"],
        ] {
            let text = place.ok(lang, &[&["--project", "d"], args].concat()).stdout;
            assert_eq!(text.matches(words).count(), 1, "{args:?}\n{text}");
        }
    }
    let answer = in_demo(&["query", "revenue at 2025"]);
    assert_eq!(answer["fictional"], true);
    assert_eq!(
        answer["notes"][0],
        serde_json::json!({"code": "fictional", "text": "演示数据，均为虚构"})
    );
    let refused = in_demo(&["query", "no_such_metric"]);
    assert_eq!(refused["fictional"], true);
    let checked = in_demo(&["catalog", "check"]);
    assert_eq!(checked["problems"], serde_json::json!([]));
    // Importing its own files again finds them as they are.
    let again = in_demo(&["data", "add", "d/data/clients.csv"]);
    assert_eq!(again["added"][0]["outcome"], "unchanged");
    let whole = in_demo(&["query", "client_count"]);
    let own = in_demo(&["query", "client_count", "--as", "adviser"]);
    let count = |answer: &serde_json::Value| answer["rows"][0][0].as_str().unwrap().parse::<u32>().unwrap();
    assert_eq!(count(&whole), 500);
    assert!((1..500).contains(&count(&own)), "{own}");
    // Clients are counted as of now, their assets in any month.
    let noted = |line: &str| {
        let answer = in_demo(&["query", line]);
        let notes = answer["notes"].as_array().unwrap().iter();
        notes.filter(|note| note["code"] == "as_of_now").count()
    };
    assert_eq!(noted("aum_per_client at 2024-10"), 1);
    assert_eq!(noted("aum_per_client last 3 month"), 1);
    assert_eq!(noted("aum_per_client latest month"), 0);
    assert_eq!(
        in_demo(&["query", "client_count", "--as", "researcher"])["error"]["code"],
        "out_of_scope"
    );
    assert_eq!(
        in_demo(&["query", "aum_per_client", "--as", "researcher"])["error"]["code"],
        "out_of_scope"
    );
}
