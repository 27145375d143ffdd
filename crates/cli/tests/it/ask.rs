//! Questions as people type them, and answers as they see them.

use std::io::Write as _;

use expect_test::expect;

use crate::support::{Place, run};

#[test]
fn an_answer_shows_its_query_and_speaks_the_language_of_the_question() {
    let place = Place::shop();
    let found = place.run("en", &["ask", "湖滨路店2025年8月销售额是多少"]);
    expect![[r#"
        湖滨路店 2025-08：销售额 1,300.25万元
        查询：sales of shop = '007' at 2025-08
    "#]]
    .assert_eq(&found.stdout);
    let found = place.run("en", &["ask", "sales of 城北店 in July 2025"]);
    expect![[r#"
        城北店 2025-07: Sales 800 ten thousand CNY
        query: sales of shop = '012' at 2025-07
    "#]]
    .assert_eq(&found.stdout);
}

#[test]
fn a_follow_up_says_only_what_changes() {
    let place = Place::shop();
    let found = place.run("en", &["ask", "湖滨路店2025年8月销售额", "城北店呢", "7月的"]);
    assert_eq!(found.code, 0, "{}", found.stdout);
    let readings: Vec<&str> = found
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("查询："))
        .collect();
    assert_eq!(
        readings,
        [
            "sales of shop = '007' at 2025-08",
            "sales of shop = '012' at 2025-08",
            "sales of shop = '012' at 2025-07",
        ]
    );
}

#[test]
fn what_is_not_known_is_named_and_ends_with_its_own_exit_code() {
    let place = Place::shop();
    let found = place.run("en", &["ask", "湖滨路店2025年8月的翻台率"]);
    assert_eq!(found.code, 3);
    assert!(found.stdout.contains("翻台率"), "{}", found.stdout);
    let found = place.run("en", &["ask", "删除湖滨路店的数据"]);
    assert_eq!(found.code, 3);
    assert!(found.stdout.contains("不修改"), "{}", found.stdout);
}

#[test]
fn a_turn_is_one_json_object_a_line() {
    let place = Place::shop();
    let found = place.run(
        "zh",
        &["ask", "--json", "湖滨路店2025年8月销售额", "各门店8月销售额"],
    );
    let turns: Vec<serde_json::Value> = found
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(turns.len(), 2, "{}", found.stdout);
    let first = &turns[0];
    assert_eq!(first["status"], "answered");
    assert_eq!(first["rows"][0][0]["code"], "007");
    assert_eq!(first["rows"][0][2], "1300.25");
    assert_eq!(first["columns"][2]["unit"], "万元");
    assert!(!first["evidence"].as_array().unwrap().is_empty());
    assert_eq!(turns[1]["rows"].as_array().unwrap().len(), 2, "{}", turns[1]);
}

#[test]
fn a_batch_answers_each_conversation_by_its_id_and_names_a_wrong_line() {
    let place = Place::shop();
    place.write(
        "talks.jsonl",
        "{\"id\": \"a\", \"turns\": [\"湖滨路店2025年8月销售额\", \"城北店呢\"]}\n\n{\"id\": \"b\", \"turns\": [\"你好\"]}\n",
    );
    let found = place.ok("zh", &["ask", "--json", "--batch", "talks.jsonl"]);
    let ids: Vec<String> = found
        .stdout
        .lines()
        .map(|line| {
            let turn: serde_json::Value = serde_json::from_str(line).unwrap();
            format!(
                "{} {}",
                turn["id"].as_str().unwrap(),
                turn["status"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(ids, ["a/1 answered", "a/2 answered", "b/1 refused"]);
    place.write("wrong.jsonl", "{\"id\": \"a\", \"turns\": []}\n{\"id\": 1}\n");
    let found = place.run("zh", &["ask", "--json", "--batch", "wrong.jsonl"]);
    assert_eq!(found.code, 1);
    assert!(found.stdout.contains("第 2 行"), "{}", found.stdout);
}

#[test]
fn a_pipe_is_a_conversation_too() {
    let place = Place::shop();
    let mut command = place.command("en", &["ask"]);
    let mut child = command
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all("湖滨路店2025年8月销售额\n城北店呢\n".as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.matches("查询：").count(), 2, "{text}");
}

#[test]
fn a_role_asks_about_what_it_may_see() {
    let place = Place::new();
    place.ok("zh", &["init", "d", "--demo"]);
    let count = |role: &[&str]| {
        let mut args = vec!["--project", "d", "ask", "一共有多少个客户"];
        args.extend(role);
        let found = place.json("zh", &args);
        found["rows"][0][0].as_str().unwrap().parse::<u32>().unwrap()
    };
    assert!(count(&["--as", "adviser"]) < count(&[]));
    let hidden = run(place.command(
        "zh",
        &["--project", "d", "ask", "--as", "researcher", "一共有多少个客户"],
    ));
    assert_eq!(hidden.code, 3, "{}", hidden.stdout);
}

/// Returns over any stretch, dates that are past or due, figures by the kind of subject, counts in groups.
#[test]
fn questions_about_funds_and_clients_become_queries() {
    let place = Place::new();
    place.ok("zh", &["init", "d", "--demo"]);
    let readings = [
        ("近一年收益率最高的三只混合型基金", "yoy(accumulated_nav)"),
        // What happens on days is one amount, over the days asked for or over all.
        (
            "申购金额最大的基金",
            "sum(transaction_amount over period) by fund",
        ),
        (
            "未来三个月到期金额最大的客户是哪个",
            "sum(maturity_amount over period) by client",
        ),
        (
            "clients whose AUM fell since June",
            "aum - shift(aum, 3 month) < 0",
        ),
        ("各分行私行客户数", "by branch where client.segment"),
        ("number of funds by fund type", "by fund.fund_type"),
        ("风险测评过期的客户有多少，占比多少", "share of all"),
        ("过去一年回报最高的5只债券型基金", "top 5 by yoy(accumulated_nav)"),
        ("今年以来涨幅最大的指数", "shift(close, 9 month)"),
        ("近三个月各指数涨了多少", "shift(close, 3 month)"),
        (
            "哪些私行客户的风险测评过期了",
            "client.risk_test_expiry < '2026-09-30'",
        ),
        (
            "测评过期超过三个月的客户",
            "client.risk_test_expiry < '2026-06-30'",
        ),
        (
            "未来60天内测评到期的客户有几个",
            "client.risk_test_expiry <= '2026-11-29'",
        ),
        ("2027年底前到期的封闭式产品", "fund.maturity_date <= '2027-12-31'"),
        (
            "companies listed after 2015",
            "company.listed_date > '2015-12-31'",
        ),
        ("今年客户申购、赎回各多少", "by transactions.kind"),
        ("哪个客户经理的客户最少", "rows_of_clients by manager"),
        ("今年哪几个月PMI低于50", "from 2026-01 to 2026-09 having pmi < 50"),
        (
            "companies with a higher gross margin than Helan Food in FY2025",
            "by company at 2025 having gross_margin > peers_max(gross_margin[company = '995301'])",
        ),
        ("Why did net new money drop last month?", "yoy(net_new_money)"),
        (
            "90th percentile of net margin in FY2025",
            "90% quantile of Net margin",
        ),
    ];
    for (question, part) in readings {
        let out = run(place.command("zh", &["--project", "d", "ask", "--json", question]));
        assert!(out.stdout.contains(part), "{question}: {}", out.stdout);
    }
    for (question, code) in [
        ("哪只基金收益最高", "\"clarify\""),
        ("沐岚消升今年跑赢基准了吗", "not_understood"),
        ("未来一年CPI是多少", "advice"),
    ] {
        let out = run(place.command("zh", &["--project", "d", "ask", "--json", question]));
        assert!(out.stdout.contains(code), "{question}: {}", out.stdout);
    }
}

/// What is made of those that a question chooses is what the Query over them gives.
#[test]
fn statistics_of_some_are_those_of_a_query_over_them() {
    let place = Place::new();
    place.ok("zh", &["init", "d", "--demo"]);
    let last = |turns: &[&str]| {
        let mut args = vec!["--project", "d", "ask", "--json"];
        args.extend(turns);
        let out = place.ok("zh", &args);
        let line = out.stdout.lines().last().unwrap().to_owned();
        serde_json::from_str::<serde_json::Value>(&line).unwrap()
    };
    let value = |found: &serde_json::Value, column: &str| {
        let at = found["columns"]
            .as_array()
            .unwrap()
            .iter()
            .position(|one| one["name"] == column);
        found["rows"][0][at.unwrap()].clone()
    };
    let mean = "mean(net_margin over company)";
    let question = "2025年毛利率超过40%的公司平均净利率是多少";
    let at_once = last(&[question]);
    assert_eq!(
        value(&at_once, mean),
        value(&last(&[question, "它们的平均净利率"]), mean)
    );
    // The middle of a distribution is its median.
    let median = "median(net_margin over company)";
    assert_eq!(
        value(&last(&["2025年净利率的50分位数"]), "quantile(net_margin, 50%)"),
        value(&last(&["2025年净利率的中位数"]), median)
    );
    // Intervals hold everyone once.
    let bands = last(&["2025年资产负债率高于50%的公司和其余公司，平均毛利率各多少"]);
    let count = |row: usize| bands["rows"][row][1].as_str().unwrap().parse::<u32>().unwrap();
    let all = last(&["2025年资产负债率高于0%的公司有几家"]);
    let all: u32 = all["rows"][0][0].as_str().unwrap().parse().unwrap();
    assert_eq!(count(0) + count(1), all);
    assert_eq!(bands["columns"][3]["label"], "销售毛利率均值", "{bands}");
    // What is asked of one subject is checked.
    for (question, code) in [
        ("禾澜食品2025年毛利率超过1%了吗", "holds"),
        ("禾澜食品2025年毛利率超过99%了吗", "premise_false"),
    ] {
        let found = last(&[question]);
        let codes: Vec<&str> = found["notes"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|note| note["code"].as_str())
            .collect();
        assert!(codes.contains(&code), "{question}: {codes:?}");
    }
}

/// A question that builds on one without answer has none either.
#[test]
fn what_follows_a_question_that_was_not_understood_is_not_answered() {
    let place = Place::shop();
    let found = run(place.command(
        "zh",
        &[
            "ask",
            "--json",
            "湖滨路店2025年8月的翻台率",
            "换成销售额",
            "湖滨路店2025年8月销售额",
        ],
    ));
    let states: Vec<bool> = found
        .stdout
        .lines()
        .map(|line| line.contains("\"status\":\"answered\""))
        .collect();
    assert_eq!(states, [false, false, true], "{}", found.stdout);
}
