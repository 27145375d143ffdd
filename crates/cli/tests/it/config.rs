//! Settings and where they come from.

use expect_test::expect;

use crate::support::{Place, run};

#[test]
fn an_option_comes_before_a_variable_before_the_file_before_the_locale() {
    let place = Place::project();
    expect![[r#"
        [zh 0]
         设置       值   来源
        ────────── ──── ───────────────────
         language   zh   系统区域设置 LANG
         rows       50   默认值
         threads    N    默认值
         机构                    值
        ─────────────────────── ──────────────────────────────────────
         name                    （待填写：机构全称）
         credit_code             （待填写：统一社会信用代码）
         licences                （待填写：金融许可证机构编码）
         hotline                 （待填写：客服热线）
         complaints              （待填写：投诉渠道）
         filings.icp             （待填写：ICP 备案号）
         filings.algorithm       （待填写：算法备案号）
         filings.generative_ai   （待填写：生成式人工智能服务备案号）
        警告：institution.toml 尚有 8 项待填写：name, credit_code, licences, hotline, complaints, filings.icp, filings.algorithm, filings.generative_ai
        [en 0]
         setting    value   from
        ────────── ─────── ─────────────
         language   en      locale LANG
         rows       50      default
         threads    N       default
         institution             value
        ─────────────────────── ──────────────────────────────────────
         name                    （待填写：机构全称）
         credit_code             （待填写：统一社会信用代码）
         licences                （待填写：金融许可证机构编码）
         hotline                 （待填写：客服热线）
         complaints              （待填写：投诉渠道）
         filings.icp             （待填写：ICP 备案号）
         filings.algorithm       （待填写：算法备案号）
         filings.generative_ai   （待填写：生成式人工智能服务备案号）
        warning: institution.toml still lacks 8 value(s): name, credit_code, licences, hotline, complaints, filings.icp, filings.algorithm, filings.generative_ai
    "#]].assert_eq(&place.both(&["config", "show"]).replace("threads    1 ", "threads    N ").replace("threads    2 ", "threads    N "));
    let origin = |command| {
        let found = run(command);
        let document: serde_json::Value = serde_json::from_str(&found.stdout).unwrap();
        let setting = |index: usize| {
            let setting = &document["settings"][index];
            format!(
                "{} {}",
                setting["value"].as_str().unwrap(),
                setting["origin"].as_str().unwrap()
            )
        };
        (setting(0), setting(1))
    };
    let pair = |language: &str, rows: &str| (language.to_owned(), rows.to_owned());
    assert_eq!(
        origin(place.command("zh", &["config", "show", "--json"])),
        pair("zh locale", "50 default")
    );
    place.write("jinsheng.toml", "version = 1\nlanguage = \"en\"\nrows = 7\n");
    assert_eq!(
        origin(place.command("zh", &["config", "show", "--json"])),
        pair("en file", "7 file")
    );
    let mut command = place.command("zh", &["config", "show", "--json"]);
    command.env("JINSHENG_LANG", "zh").env("JINSHENG_ROWS", "9");
    assert_eq!(origin(command), pair("zh environment", "9 environment"));
    let mut command = place.command("zh", &["--lang", "en", "config", "show", "--json"]);
    command.env("JINSHENG_LANG", "zh");
    assert_eq!(origin(command), pair("en flag", "7 file"));
}

#[test]
fn a_variable_that_is_no_number_is_refused() {
    let place = Place::project();
    let mut command = place.command("en", &["data", "list"]);
    command.env("JINSHENG_ROWS", "many");
    let found = run(command);
    assert_eq!(found.code, 2);
    expect![[r#"
        error: variable JINSHENG_ROWS does not take `many`
        hint: it takes a whole number from 1 to 100000
    "#]]
    .assert_eq(&found.stderr);
}

#[test]
fn the_project_can_be_named_by_a_variable() {
    let place = Place::new();
    place.ok("en", &["init", "p"]);
    let mut command = place.command("en", &["data", "list"]);
    command.env("JINSHENG_PROJECT", place.path("p"));
    assert_eq!(run(command).code, 0);
}
