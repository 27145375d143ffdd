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
