//! From one point in time to another, questions that turn the one before, and what may not be lost on the way.

use expect_test::{Expect, expect};

use super::project::Conversation;

#[track_caller]
fn check(question: &str, expected: Expect) {
    expected.assert_eq(&Conversation::default().turn(question));
}

/// A state between two ends is a difference; amounts since the start of their years are none.
#[test]
fn between_points() {
    check(
        "2025年9月底和2024年底相比，总资产增加超过5亿元的公司有哪些",
        expect![
            "assets, shift(assets, 3 quarter), (assets - shift(assets, 3 quarter)) / abs(shift(assets, 3 quarter)), assets - shift(assets, 3 quarter) by company at 2025Q3 having assets - shift(assets, 3 quarter) > 5亿元"
        ],
    );
    check(
        "2025年第三季度与第一季度相比，青禾制药存货增加了多少",
        expect![
            "stocks, shift(stocks, 2 quarter), (stocks - shift(stocks, 2 quarter)) / abs(shift(stocks, 2 quarter)), stocks - shift(stocks, 2 quarter) of company = '300901' at 2025Q3"
        ],
    );
    check(
        "存货比年初减少最多的三家公司",
        expect![[r#"
        stocks, shift(stocks, 3 quarter), (stocks - shift(stocks, 3 quarter)) / abs(shift(stocks, 3 quarter)), stocks - shift(stocks, 3 quarter) by company bottom 3 by stocks - shift(stocks, 3 quarter)
          drawn Bar"#]],
    );
    check(
        "总资产较上年末增长的公司有多少家",
        expect![[r#"
        assets, shift(assets, 3 quarter), (assets - shift(assets, 3 quarter)) / abs(shift(assets, 3 quarter)), assets - shift(assets, 3 quarter) by company having assets - shift(assets, 3 quarter) > 0
          then Count("company")"#]],
    );
    check(
        "which companies saw total assets rise from the end of 2024 to Q3 2025",
        expect![
            "assets, shift(assets, 3 quarter), (assets - shift(assets, 3 quarter)) / abs(shift(assets, 3 quarter)), assets - shift(assets, 3 quarter) by company at 2025Q3 having assets - shift(assets, 3 quarter) > 0"
        ],
    );
    check(
        "2022年到2024年营收增长最多的2家公司",
        expect![[r#"
        revenue, shift(revenue, 2 year), (revenue - shift(revenue, 2 year)) / abs(shift(revenue, 2 year)), revenue - shift(revenue, 2 year) by company at 2024 top 2 by revenue - shift(revenue, 2 year)
          drawn Bar"#]],
    );
    check("净利润比年初增长的公司", expect!["refuse not_understood [年初]"]);
    check(
        "2022-2024年第三季度净利润超过1亿元的公司",
        expect![[r#"
        net_profit by company at 2022Q3, 2023Q3, 2024Q3 having net_profit > 1亿元
          drawn Line"#]],
    );
}

/// 去年同期呢, 下降的呢, 再按…排列.
#[test]
fn turned() {
    let mut talk = Conversation::default();
    expect!["sum(revenue over company) at 2024"].assert_eq(&talk.turn("2024年营收合计"));
    expect!["sum(revenue over company) at 2023"].assert_eq(&talk.turn("去年同期呢"));

    let mut talk = Conversation::default();
    expect![[r#"
        yoy(net_profit), net_profit, yoy_diff(net_profit) by company at 2024 having yoy(net_profit) > 0
          then Count("company")"#]]
    .assert_eq(&talk.turn("2024年净利润增长的公司有多少家"));
    expect![[r#"
        yoy(net_profit), net_profit, yoy_diff(net_profit) by company at 2024 having yoy(net_profit) < 0
          then Count("company")"#]]
    .assert_eq(&talk.turn("下降的呢"));
    expect![[r#"
        [2024年净利润增长公司有多少家] yoy(net_profit), net_profit, yoy_diff(net_profit) by company at 2024 having yoy(net_profit) > 0
          then Count("company")
        [下降有多少家] yoy(net_profit), net_profit, yoy_diff(net_profit) by company at 2024 having yoy(net_profit) < 0
          then Count("company")"#]].assert_eq(&talk.turn("2024年净利润增长的公司有多少家，下降的有多少家"));

    let mut talk = Conversation::default();
    expect![[r#"
        assets by company at 2024 top 5 by assets
          drawn Bar"#]]
    .assert_eq(&talk.turn("2024年总资产最大的5家公司"));
    expect![[r#"
        assets, debt_ratio by company at 2024 top 5 by assets order by debt_ratio
          drawn Bar"#]]
    .assert_eq(&talk.turn("再按资产负债率从低到高排列"));
}

/// Places, bounds, sums and shares as they are said.
#[test]
fn as_said() {
    check(
        "2024年净利润第6到第10名的公司",
        expect![
            "rank(net_profit) by company at 2024 having rank(net_profit) >= 6 and rank(net_profit) <= 10"
        ],
    );
    check(
        "2024年第1至3季度青禾制药的营业收入",
        expect!["revenue of company = '300901' at 2024Q3"],
    );
    check(
        "2024年净利润1亿元以上的公司",
        expect!["net_profit by company at 2024 having net_profit >= 1亿元"],
    );
    check(
        "2024年净利润1亿元以上(不含1亿元)的公司",
        expect!["net_profit by company at 2024 having net_profit > 1亿元"],
    );
    check(
        "2024年净利润大于1亿元且小于5亿元的公司",
        expect!["net_profit by company at 2024 having net_profit > 1亿元 and net_profit < 5亿元"],
    );
    check(
        "2024年毛利率在行业均值之上的公司",
        expect![
            "gross_margin by company at 2024 having gross_margin > peers_mean(gross_margin within company.industry)"
        ],
    );
    check(
        "青禾制药2024年存货在总资产里占多少",
        expect!["stocks / assets of company = '300901' at 2024"],
    );
    check(
        "total revenue of all companies in 2024",
        expect!["sum(revenue over company) at 2024"],
    );
    check(
        "companies whose revenue shrank by more than 20% year on year in 2024",
        expect!["yoy(revenue), revenue, yoy_diff(revenue) by company at 2024 having yoy(revenue) < -20%"],
    );
}

/// Nothing stands for a word, a number or a name: no answer.
#[test]
fn nothing_is_lost() {
    check(
        "代码300开头的公司，2024年平均毛利率多少",
        expect![[r#"
        [代码300开头公司] refuse not_understood [开头]
        [2024年平均毛利率多少] refuse no_reference []"#]],
    );
    check(
        "2024年毛利率或净利率的平均值最高",
        expect!["refuse not_understood [净利率, 平均值]"],
    );
    check(
        "companies with revenue above 500 million and fewer than 40 products",
        expect!["refuse not_understood [products]"],
    );
}
