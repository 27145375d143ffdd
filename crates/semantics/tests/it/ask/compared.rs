//! Those that a condition or rank chooses, subjects and times against each other, all together.

use expect_test::{Expect, expect};

use super::project::Conversation;

#[track_caller]
fn check(question: &str, expected: Expect) {
    expected.assert_eq(&Conversation::default().turn(question));
}

/// Statistics of those that a condition or rank chooses, and their part of all.
#[test]
fn chosen() {
    check(
        "2024年净利润超过5亿元的公司平均毛利率是多少",
        expect![[r#"
        net_profit, gross_margin by company at 2024 having net_profit > 5亿元
          of these mean(gross_margin over company) at 2024"#]],
    );
    check(
        "2024年毛利率超过40%的公司的净利润合计",
        expect![[r#"
        gross_margin, net_profit by company at 2024 having gross_margin > 40%
          of these sum(net_profit over company) at 2024"#]],
    );
    check(
        "average gross margin of companies with net profit above 500 million in 2024",
        expect![[r#"
        gross_margin, net_profit by company at 2024 having net_profit > 500百万
          of these mean(gross_margin over company) at 2024"#]],
    );
    check(
        "2024年营业收入前2名的公司净利润合计是多少",
        expect![[r#"
        revenue, net_profit by company at 2024 top 2 by revenue
          of these sum(net_profit over company) at 2024
          drawn Bar"#]],
    );
    check(
        "2024年营收最高的2家公司的平均毛利率",
        expect![[r#"
        revenue, gross_margin by company at 2024 top 2 by revenue
          of these mean(gross_margin over company) at 2024
          drawn Bar"#]],
    );
    check(
        "2024年净利润为正的公司营业收入合计占全部公司的比例",
        expect![[r#"
            net_profit, share(revenue) by company at 2024 having net_profit > 0
              of these and of all sum(revenue over company) at 2024"#]],
    );
    check(
        "2024年净利润前2名的公司占所有公司净利润的比例",
        expect![[r#"
            net_profit, share(net_profit) by company at 2024 top 2 by net_profit
              of these and of all sum(net_profit over company) at 2024
              drawn Bar"#]],
    );
    check(
        "2024年净利润超过5亿元的公司占比",
        expect![[r#"
            net_profit by company at 2024 having net_profit > 5亿元
              share of all
              then Count("company")"#]],
    );
    check(
        "2024年亏损的公司占全部公司的比例是多少",
        expect![[r#"
            net_profit by company at 2024 having net_profit < 0
              share of all
              then Count("company")"#]],
    );
    check(
        "医药行业2024年净利润超过5亿元的公司平均毛利率",
        expect![[r#"
        net_profit, gross_margin by company where company.industry = '医药' at 2024 having net_profit > 5亿元
          of these mean(gross_margin over company) where company.industry = '医药' at 2024"#]],
    );
    check(
        "2024年净利润超过5亿元的公司，2025年前三季度的营业收入是多少",
        expect![[r#"
        [2024年净利润超过5亿元公司] net_profit by company at 2024 having net_profit > 5亿元
        [它们2025年前三季度营业收入是多少] revenue of company in ('300901', '300903') at 2025Q3
          drawn Bar"#]],
    );
    check(
        "近三年平均毛利率最高的公司",
        expect![[r#"
        mean(gross_margin over period) by company from 2022 to 2024 top 1 by mean(gross_margin over period)
          drawn Bar"#]],
    );
    check(
        "2024年营业收入最高的公司的毛利率是多少",
        expect![[r#"
        revenue, gross_margin by company at 2024 top 1 by revenue
          drawn Bar"#]],
    );
}

/// Both ends of an order, differences, movements together.
#[test]
fn both_ends() {
    check(
        "2024年净利润最高的和最低的公司分别是哪家",
        expect![[r#"
            net_profit by company at 2024 top 1 by net_profit
              beside net_profit by company at 2024 bottom 1 by net_profit
              drawn Bar"#]],
    );
    check(
        "毛利率最高和最低的三家公司",
        expect![[r#"
            gross_margin by company top 3 by gross_margin
              beside gross_margin by company bottom 3 by gross_margin
              drawn Bar"#]],
    );
    check(
        "2024年营业收入和净利润都同比增长的公司",
        expect![
            "yoy(revenue), revenue, yoy_diff(revenue), yoy(net_profit), net_profit, yoy_diff(net_profit) by company at 2024 having yoy(revenue) > 0 and yoy(net_profit) > 0"
        ],
    );
    check(
        "2024年营业收入、净利润同比均增长超过15%的公司",
        expect![
            "yoy(revenue), revenue, yoy_diff(revenue), yoy(net_profit), net_profit, yoy_diff(net_profit) by company at 2024 having yoy(revenue) > 15% and yoy(net_profit) > 15%"
        ],
    );
    check(
        "2024年净利润同比增长、毛利率却下降的公司",
        expect![
            "yoy(net_profit), net_profit, yoy_diff(net_profit), yoy_diff(gross_margin), gross_margin by company at 2024 having yoy(net_profit) > 0 and yoy_diff(gross_margin) < 0"
        ],
    );
    check(
        "2024年毛利率比青禾制药高的公司",
        expect![
            "gross_margin, peers_max(gross_margin[company = '300901']) by company at 2024 having gross_margin > peers_max(gross_margin[company = '300901'])"
        ],
    );
    check(
        "青禾制药2023年到2024年净利润增长了多少",
        expect!["yoy(net_profit), net_profit, yoy_diff(net_profit) of company = '300901' at 2024"],
    );
    check(
        "青禾制药2022到2024年净利润变化情况",
        expect![[r#"
        net_profit, yoy(net_profit), yoy_diff(net_profit) of company = '300901' from 2022 to 2024
          drawn Line"#]],
    );
    check(
        "2024年净利润比2023年多1亿元以上的公司",
        expect!["yoy_diff(net_profit), net_profit by company at 2024 having yoy_diff(net_profit) >= 1亿元"],
    );
    check(
        "2024年毛利率比资产负债率低10个百分点以上的公司",
        expect!["gross_margin, debt_ratio by company at 2024 having gross_margin - debt_ratio < -10百分点"],
    );
    check(
        "2024年除了亏损公司以外的公司有哪些",
        expect!["net_profit by company at 2024 having not (net_profit < 0)"],
    );
}

/// Against a subject that is named: conditions, differences, multiples.
#[test]
fn against_a_subject() {
    check(
        "哪些公司2024年毛利率高于青禾制药",
        expect![
            "gross_margin, peers_max(gross_margin[company = '300901']) by company at 2024 having gross_margin > peers_max(gross_margin[company = '300901'])"
        ],
    );
    check(
        "2024年有多少家公司的营业收入超过远山电子",
        expect![[r#"
        revenue, peers_max(revenue[company = '300902']) by company at 2024 having revenue > peers_max(revenue[company = '300902'])
          then Count("company")"#]],
    );
    check(
        "比青禾制药毛利率高的公司",
        expect![
            "gross_margin, peers_max(gross_margin[company = '300901']) by company having gross_margin > peers_max(gross_margin[company = '300901'])"
        ],
    );
    check(
        "青禾制药2024年毛利率比远山电子高多少",
        expect![
            "gross_margin - peers_max(gross_margin[company = '300902']), gross_margin, peers_max(gross_margin[company = '300902']) of company = '300901' at 2024"
        ],
    );
    check(
        "青禾制药2024年营业收入是远山电子的几倍",
        expect![
            "revenue / peers_max(revenue[company = '300902']), revenue, peers_max(revenue[company = '300902']) of company = '300901' at 2024"
        ],
    );
    check(
        "青禾制药2024年毛利率比行业平均高多少个百分点",
        expect![
            "gross_margin - peers_mean(gross_margin within company.industry), gross_margin, peers_mean(gross_margin within company.industry) of company = '300901' at 2024"
        ],
    );
    check(
        "青禾制药2024年净利润相当于行业平均的几倍",
        expect![
            "net_profit / peers_mean(net_profit within company.industry), net_profit, peers_mean(net_profit within company.industry) of company = '300901' at 2024"
        ],
    );
    check(
        "青禾制药和远山电子2024年毛利率相差多少",
        expect![[r#"
        gross_margin of company in ('300901', '300902') at 2024
          beside gross_margin - peers_max(gross_margin[company = '300902']) of company = '300901' at 2024
          drawn Bar"#]],
    );
    check(
        "companies with a higher gross margin than 300901 in 2024",
        expect![
            "gross_margin, peers_max(gross_margin[company = '300901']) by company at 2024 having gross_margin > peers_max(gross_margin[company = '300901'])"
        ],
    );
    check(
        "青禾制药2024年净利润超过1亿了吗",
        expect![[r#"
        net_profit of company = '300901' at 2024
          claim net_profit > 1亿"#]],
    );
}

/// A share or place is a figure among all: that of one subject is no figure of its own, and nothing is compared with all in its stead.
#[test]
fn shares_and_places_of_a_subject() {
    check(
        "2024年营业收入占全部公司比例高于青禾制药的公司",
        expect!["refuse not_understood [高于]"],
    );
    check("青禾制药年末存货", expect!["refuse not_understood [年末]"]);
    check(
        "青禾制药2024年年末存货",
        expect!["stocks of company = '300901' at 2024"],
    );
}

/// What holds at different times, and figures against another year.
#[test]
fn times_apart() {
    check(
        "2023年亏损2024年盈利的公司",
        expect![
            "shift(net_profit, 1 year), net_profit by company at 2024 having shift(net_profit, 1 year) < 0 and net_profit > 0"
        ],
    );
    check(
        "2023年净利润超过1亿且2024年净利润超过2亿的公司",
        expect![
            "shift(net_profit, 1 year), net_profit by company at 2024 having shift(net_profit, 1 year) > 1亿 and net_profit > 2亿"
        ],
    );
    check(
        "2024年营业收入前2名的公司2023年的毛利率",
        expect![[r#"
        revenue, shift(gross_margin, 1 year) by company at 2024 top 2 by revenue
          drawn Bar"#]],
    );
    check(
        "青禾制药2024年营业收入比2022年增长了多少",
        expect![
            "revenue, shift(revenue, 2 year), (revenue - shift(revenue, 2 year)) / abs(shift(revenue, 2 year)), revenue - shift(revenue, 2 year) of company = '300901' at 2024"
        ],
    );
    check(
        "青禾制药2024年营业收入是2022年的多少倍",
        expect![
            "revenue / shift(revenue, 2 year), revenue, shift(revenue, 2 year) of company = '300901' at 2024"
        ],
    );
    check(
        "2024年净利润高于2023年的公司有多少家",
        expect![[r#"
        yoy(net_profit), net_profit, yoy_diff(net_profit) by company at 2024 having yoy(net_profit) > 0
          then Count("company")"#]],
    );
    check(
        "2024年净利润比上年减少超过1亿元的公司有几家",
        expect![[r#"
        yoy_diff(net_profit), net_profit by company at 2024 having yoy_diff(net_profit) < -1亿元
          then Count("company")"#]],
    );
    check(
        "2025年三季度与2024年三季度相比，青禾制药净利润变化",
        expect![
            "net_profit, yoy(net_profit), yoy_diff(net_profit), shift(net_profit, 1 year) of company = '300901' at 2025Q3"
        ],
    );
    check(
        "青禾制药2022到2024年净利润累计多少",
        expect!["sum(net_profit over period) of company = '300901' from 2022 to 2024"],
    );
    check(
        "青禾制药2022-2024年净资产收益率的三年平均",
        expect!["mean(roe over period) of company = '300901' from 2022 to 2024"],
    );
}

/// All together, spreads, groups by intervals, checks of an equation.
#[test]
fn of_all() {
    check(
        "医药行业整体毛利率下降的原因",
        expect![
            "mean(gross_margin over company), yoy_diff(mean(gross_margin over company)) where company.industry = '医药'"
        ],
    );
    check(
        "2024年毛利率的标准差和上四分位数",
        expect![[r#"
            gross_margin by company at 2024
              spread [Deviation, Quantile(75)] gross_margin by company at 2024"#]],
    );
    check(
        "2024年净利润90分位数",
        expect![[r#"
        net_profit by company at 2024
          spread [Quantile(90)] net_profit by company at 2024"#]],
    );
    check(
        "资产负债率高于50%的公司和其余公司，2024年平均毛利率各多少",
        expect![[r#"
            debt_ratio, gross_margin by company at 2024
              of these mean(gross_margin over company) at 2024
              then Bands(company: 50%.., ..50%)"#]],
    );
    check(
        "2024年毛利率排名前10%的公司",
        expect![
            "gross_margin by company at 2024 having rank(gross_margin) <= peers_count(gross_margin) * 10%"
        ],
    );
    check(
        "每年亏损公司的数量，2022年到2024年",
        expect![[r#"
        net_profit by company from 2022 to 2024 having net_profit < 0
          then Count("company")
          drawn Line"#]],
    );
    check(
        "2022-2024年连续盈利的公司",
        expect![[r#"
        net_profit by company from 2022 to 2024 having net_profit > 0
          then EveryPeriod("company", false)
          drawn Line"#]],
    );
    check(
        "2024年没有存货的公司",
        expect!["stocks by company at 2024 having stocks = 0 or stocks is missing"],
    );
    check(
        "2024年毛利率过半的公司占比",
        expect![[r#"
            gross_margin by company at 2024 having gross_margin > 50%
              share of all
              then Count("company")"#]],
    );
    check(
        "2024年净利润前2名的公司中，毛利率最高的是哪家",
        expect![[r#"
        [2024年净利润前2名公司中] net_profit by company at 2024 top 2 by net_profit
          drawn Bar
        [其中毛利率最高是哪家] gross_margin by company of company in ('300901', '300903') at 2024 top 1 by gross_margin
          drawn Bar"#]],
    );
}
