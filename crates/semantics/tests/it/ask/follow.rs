//! Turns after turns, and turns of several questions.

use expect_test::expect;

use super::project::Conversation;

/// Another period, another subject, another figure.
#[test]
fn period_and_subject() {
    let mut talk = Conversation::default();
    expect!["net_profit of company = '300901' at 2024"].assert_eq(&talk.turn("青禾制药2024年净利润是多少"));
    expect!["net_profit of company = '300901' at 2023"].assert_eq(&talk.turn("2023年呢？"));
    expect!["net_profit of company = '300902' at 2023"].assert_eq(&talk.turn("那远山电子呢"));
    expect!["gross_margin of company = '300902' at 2023"].assert_eq(&talk.turn("换成毛利率"));

    let mut talk = Conversation::default();
    expect!["revenue of company = '300903' at 2024"].assert_eq(&talk.turn("revenue of Egret Foods in 2024"));
    expect!["revenue of company = '300903' at 2023"].assert_eq(&talk.turn("what about 2023?"));
    expect!["net_profit of company = '300903' at 2023"].assert_eq(&talk.turn("and net profit?"));
}

/// Those found before: narrowed, turned round, sorted, ranked.
#[test]
fn condition_and_order() {
    let mut talk = Conversation::default();
    expect!["net_profit by company at 2024 having net_profit > 5亿元"]
        .assert_eq(&talk.turn("2024年净利润超过5亿元的公司有哪些"));
    expect!["gross_margin by company at 2024 having net_profit > 5亿元 and gross_margin > 40%"]
        .assert_eq(&talk.turn("其中毛利率高于40%的呢"));
    expect!["gross_margin by company where company.industry = '电子' at 2024 having net_profit > 5亿元 and gross_margin > 40%"].assert_eq(&talk.turn("只看电子行业"));

    let mut talk = Conversation::default();
    expect![[r#"
        net_profit by company at 2024 top 5 by net_profit
          drawn Bar"#]]
    .assert_eq(&talk.turn("2024年净利润最高的5家公司"));
    expect![[r#"
        net_profit by company at 2024 bottom 5 by net_profit
          drawn Bar"#]]
    .assert_eq(&talk.turn("倒过来"));
    expect![[r#"
        revenue by company at 2024 bottom 5 by revenue
          drawn Bar"#]]
    .assert_eq(&talk.turn("按营业收入排序"));

    let mut talk = Conversation::default();
    expect![[r#"
        gross_margin by company top 3 by gross_margin
          drawn Bar"#]]
    .assert_eq(&talk.turn("毛利率最高的3家公司"));
    expect![[r#"
        debt_ratio of company in ('300901', '300903')
          drawn Bar"#]]
    .assert_eq(&talk.turn("它们的资产负债率是多少"));
}

/// The same answer drawn, with another chart, rounded.
#[test]
fn chart() {
    let mut talk = Conversation::default();
    expect![[r#"
        net_profit of company = '300901' from 2022 to 2024
          drawn Line"#]]
    .assert_eq(&talk.turn("青禾制药近三年的净利润"));
    expect![[r#"
        net_profit of company = '300901' from 2022 to 2024
          drawn Bar"#]]
    .assert_eq(&talk.turn("画成柱状图"));
    expect![[r#"
        net_profit of company = '300901' from 2022 to 2024
          drawn Bar
          decimals 2"#]]
    .assert_eq(&talk.turn("保留两位小数"));
}

/// Its growth, and the year before.
#[test]
fn change() {
    let mut talk = Conversation::default();
    expect!["revenue of company = '300901' at 2024"].assert_eq(&talk.turn("青禾制药2024年营业收入"));
    expect!["revenue, yoy(revenue), yoy_diff(revenue) of company = '300901' at 2024"]
        .assert_eq(&talk.turn("同比呢"));
    expect!["revenue, yoy(revenue), yoy_diff(revenue) of company = '300901' at 2023"]
        .assert_eq(&talk.turn("前一年呢"));
}

/// A follow-up that changes nothing is not answered again.
#[test]
fn no_news() {
    let mut talk = Conversation::default();
    expect!["net_profit of company = '300901' at 2024"].assert_eq(&talk.turn("青禾制药2024年净利润是多少"));
    expect!["refuse not_understood [2024年呢]"].assert_eq(&talk.turn("2024年呢"));
}

/// Several questions in one turn.
#[test]
fn numbered() {
    let mut talk = Conversation::default();
    expect![[r#"
        [青禾制药2024年净利润] net_profit of company = '300901' at 2024
        [远山电子2024年毛利率] gross_margin of company = '300902' at 2024
        [2024年净利润最高3家公司] net_profit by company at 2024 top 3 by net_profit
          drawn Bar"#]]
    .assert_eq(
        &talk.turn("请回答：①青禾制药2024年净利润；②远山电子2024年毛利率；③2024年净利润最高的3家公司"),
    );

    let mut talk = Conversation::default();
    expect![[r#"
        [2024年营业收入最高2家公司] revenue by company at 2024 top 2 by revenue
          drawn Bar
        [它们毛利率] gross_margin of company in ('300901', '300903') at 2024
          drawn Bar"#]]
    .assert_eq(&talk.turn("(1)2024年营业收入最高的2家公司 (2)它们的毛利率"));

    let mut talk = Conversation::default();
    expect![[r#"
        [2024年净利润为负公司有几家] net_profit by company at 2024 having net_profit < 0
          then Count("company")
        [其中经营现金流为正有哪些] operating_cash by company at 2024 having net_profit < 0 and operating_cash > 0"#]].assert_eq(&talk.turn("2024年净利润为负的公司有几家？其中经营现金流为正的有哪些？"));

    let mut talk = Conversation::default();
    expect![[r#"
        [找出2024年净利润最高3家公司] net_profit by company at 2024 top 3 by net_profit
          drawn Bar
        [并统计它们平均毛利率] mean(gross_margin over company) where company in ('300901', '300903') at 2024"#]].assert_eq(&talk.turn("找出2024年净利润最高的3家公司，并统计它们的平均毛利率"));

    let mut talk = Conversation::default();
    expect!["net_profit of company = '300901' at 2024"]
        .assert_eq(&talk.turn("公司名称：青禾制药。2024年净利润是多少？"));
}

/// What refers to a part without answer has none either.
#[test]
fn broken() {
    let mut talk = Conversation::default();
    expect![[r#"
        [火星矿产2024年净利润是多少] refuse not_understood [火星矿产]
        [它们毛利率呢] refuse no_reference []"#]]
    .assert_eq(&talk.turn("火星矿产2024年净利润是多少？它们的毛利率呢？"));
}

/// Causes: what moved and with what; what the question says to be so is checked.
#[test]
fn why() {
    let mut talk = Conversation::default();
    expect![[r#"
        yoy(net_profit), net_profit, yoy_diff(net_profit), shift(net_profit, 1 year) of company = '300901' at 2024
          claim yoy(net_profit) < 0
          then Why"#]].assert_eq(&talk.turn("青禾制药2024年净利润下降，原因是什么"));

    let mut talk = Conversation::default();
    expect![[r#"
        yoy_diff(gross_margin), gross_margin, shift(gross_margin, 1 year) of company = '300903' at 2024
          claim yoy_diff(gross_margin) > 0
          then Why"#]]
    .assert_eq(&talk.turn("为什么白鹭食品2024年毛利率上升了"));

    let mut talk = Conversation::default();
    expect![[r#"
        yoy(revenue), revenue, yoy_diff(revenue), shift(revenue, 1 year) of company = '300905' at 2024
          then Why"#]]
    .assert_eq(&talk.turn("why did revenue of Hoshino Software fall in 2024?"));
}

/// A formula that the question gives.
#[test]
fn definitions() {
    let mut talk = Conversation::default();
    expect!["operating_cash / net_profit by company at 2024 having operating_cash / net_profit > 100%"]
        .assert_eq(&talk.turn("2024年现金含量（经营现金流/净利润）超过100%的公司"));

    let mut talk = Conversation::default();
    expect!["operating_cash - research of company = '300901' at 2024"]
        .assert_eq(&talk.turn("青禾制药2024年净流量（经营现金流减研发费用）"));

    let mut talk = Conversation::default();
    expect![[r#"
        debt / assets by company top 1 by debt / assets
          drawn Bar"#]]
    .assert_eq(&talk.turn("资产负债率（总负债/总资产）最高的公司"));
}

/// Two sources of one figure against each other.
#[test]
fn sources() {
    let mut talk = Conversation::default();
    expect!["revenue, revenue@indicators, abs(revenue - revenue@indicators) of company = '300901' at 2024"]
        .assert_eq(&talk.turn("青禾制药2024年营业收入在利润表和业绩指标表里是否一致"));

    let mut talk = Conversation::default();
    expect!["refuse no_other_source []"].assert_eq(&talk.turn("青禾制药2024年净利润是否一致"));
}
