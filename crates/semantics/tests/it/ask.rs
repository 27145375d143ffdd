//! What questions are read as: the one-line Query and what is made of its rows, a question back, or a refusal.

mod compared;
mod follow;
mod points;
mod project;
mod random;
mod refused;

use expect_test::{Expect, expect};

use project::Conversation;

#[track_caller]
fn check(question: &str, expected: Expect) {
    expected.assert_eq(&Conversation::default().turn(question));
}

/// One figure, several figures, several companies.
#[test]
fn lookups() {
    check(
        "青禾制药2024年净利润是多少？",
        expect!["net_profit of company = '300901' at 2024"],
    );
    check(
        "白鹭食品2025年第三季度的营业收入和净利润",
        expect!["revenue, net_profit of company = '300903' at 2025Q3"],
    );
    check(
        "What was the revenue of Yuanshan Electronics in 2023?",
        expect!["revenue of company = '300902' at 2023"],
    );
    check(
        "青禾制药、远山电子和300904在2024年的毛利率",
        expect![[r#"
        gross_margin of company in ('300901', '300902', '300904') at 2024
          drawn Bar"#]],
    );
    check(
        "revenue and net profit of Egret Foods and Hoshino Software in the first half of 2025",
        expect![[r#"
        revenue, net_profit of company in ('300903', '300905') at 2025H1
          drawn Bar"#]],
    );
    check(
        "蓝湾重工的业绩怎么样",
        expect!["revenue, net_profit of company = '300904'"],
    );
    check(
        "青禾制药的股票代码是什么",
        expect![[r#"
        rows_of_companies of company = '300901'
          then Names("company")"#]],
    );
    check(
        "远山电子的行业",
        expect!["rows_of_companies by company.industry of company = '300902'"],
    );
    check("最新的CPI是多少", expect!["cpi"]);
    check("稳盈一号的管理费率", expect!["fee of fund = 'F01'"]);
    check(
        "利润表里青禾制药2024年的营业收入",
        expect!["revenue of company = '300901' at 2024"],
    );
}

/// Names by their sound: in pinyin, by first letters, and with other characters of the same sound.
#[test]
fn names_by_sound() {
    for question in [
        "qinghezhiyao2024年净利润",
        "qinghezhiyao 2024 jinglirun",
        "qhzy2024年jlr",
        "清和制药2024年静利润",
        "青禾制要2024年净利润",
    ] {
        let read = Conversation::default().turn(question);
        let first = read.lines().next().unwrap_or_default();
        assert_eq!(
            first, "net_profit of company = '300901' at 2024",
            "{question}: {read}"
        );
    }
    // A few letters in English are a word, and a name that nothing sounds like is missing.
    for question in [
        "net profit of qhzy in 2024",
        "qhzx2024年净利润",
        "亲爱制药2024年净利润",
    ] {
        let read = Conversation::default().turn(question);
        assert!(!read.contains("'300901'"), "{question}: {read}");
    }
}

/// A growth that is asked of several figures is that of each.
#[test]
fn growth_of_each() {
    for question in [
        "青禾制药2024年营业收入和净利润同比增长了多少",
        "青禾制药2024年营业收入、净利润同比增长多少",
    ] {
        let read = Conversation::default().turn(question);
        assert!(
            read.contains("yoy(revenue)") && read.contains("yoy(net_profit)"),
            "{question}: {read}"
        );
    }
}

/// Shorthand, and words that change what is meant: the first line of what is read.
#[test]
fn shorthand_and_turns_of_phrase() {
    for (question, read) in [
        (
            "2024年净利润top3",
            "net_profit by company at 2024 top 3 by net_profit",
        ),
        (
            "2024年净利润第二高的公司",
            "rank(net_profit) by company at 2024 having rank(net_profit) = 2",
        ),
        (
            "2024年营收在10-20亿的公司",
            "revenue by company at 2024 having revenue >= 10亿 and revenue <= 20亿",
        ),
        (
            "2024年毛利率60%+的公司",
            "gross_margin by company at 2024 having gross_margin >= 60%",
        ),
        (
            "2024年谁亏得最多",
            "net_profit by company at 2024 bottom 1 by net_profit",
        ),
        (
            "2024年净利润低于行业均值但高于1亿的公司",
            "net_profit by company at 2024 having net_profit < peers_mean(net_profit within company.industry) and net_profit > 1亿",
        ),
        (
            "2024年营收和净利润都增长的公司",
            "yoy(revenue), revenue, yoy_diff(revenue), yoy(net_profit), net_profit, yoy_diff(net_profit) by company at 2024 having yoy(revenue) > 0 and yoy(net_profit) > 0",
        ),
        (
            "2024年营收超过3亿且毛利率高于50%，或者净利润超过1亿且资产负债率低于30%的公司",
            "revenue, gross_margin, net_profit, debt_ratio by company at 2024 having (revenue > 3亿 and gross_margin > 50%) or (net_profit > 1亿 and debt_ratio < 30%)",
        ),
        (
            "青禾制药2024年营业收入、净利润各占总资产多少",
            "revenue / assets, net_profit / assets of company = '300901' at 2024",
        ),
        (
            "青禾制药2023到2025年每年一季度的净利润",
            "net_profit of company = '300901' at 2023Q1, 2024Q1, 2025Q1",
        ),
        (
            "青禾制药2024年年报和2025年三季报的资产负债率变化",
            "debt_ratio, shift(debt_ratio, 3 quarter), debt_ratio - shift(debt_ratio, 3 quarter) of company = '300901' at 2025Q3",
        ),
    ] {
        let found = Conversation::default().turn(question);
        assert_eq!(found.lines().next().unwrap_or_default(), read, "{question}");
    }
}

/// What would drop or turn round a part of the question is no answer.
#[test]
fn parts_that_cannot_be_said_are_not_dropped() {
    for question in [
        "青禾制药2025年上半年净利润占2024年净利润的百分之多少",
        "如果青禾制药2025年净利润增长10%，会是多少",
        "2022年到2024年青禾制药净利润哪一年最高",
        "不要ST的，2024年资产负债率最高的5家公司",
    ] {
        let read = Conversation::default().turn(question);
        assert!(
            !read.contains(" at ") && !read.contains(" from "),
            "{question}: {read}"
        );
    }
}

/// A question after figures of named subjects stays with them.
#[test]
fn questions_after_named_subjects() {
    for (turns, read) in [
        (
            ["青禾制药和远山电子2024年的毛利率", "谁的净利润最高"],
            "net_profit by company of company in ('300901', '300902') at 2024 top 1 by net_profit",
        ),
        (
            ["青禾制药近三年的营业收入", "同期的净利润呢"],
            "net_profit of company = '300901' from 2022 to 2024",
        ),
        (
            ["青禾制药2024年的资产负债率", "超过行业平均水平了吗"],
            "debt_ratio of company = '300901' at 2024",
        ),
    ] {
        let mut talk = Conversation::default();
        talk.turn(turns[0]);
        let found = talk.turn(turns[1]);
        assert_eq!(found.lines().next().unwrap_or_default(), read, "{turns:?}");
    }
}

/// Comparisons, signs, intervals, and how they join.
#[test]
fn conditions() {
    check(
        "2024年净利润超过5亿元的公司有哪些？",
        expect!["net_profit by company at 2024 having net_profit > 5亿元"],
    );
    check(
        "毛利率高于40%且资产负债率低于50%的企业",
        expect!["gross_margin, debt_ratio by company having gross_margin > 40% and debt_ratio < 50%"],
    );
    check(
        "净利润为负或经营现金流为负的公司",
        expect!["net_profit, operating_cash by company having net_profit < 0 or operating_cash < 0"],
    );
    check(
        "2024年毛利率在20%到40%之间的公司有几家",
        expect![[r#"
        gross_margin by company at 2024 having gross_margin >= 20% and gross_margin <= 40%
          then Count("company")"#]],
    );
    check(
        "营业收入和净利润均超过10亿元的公司",
        expect!["revenue, net_profit by company having revenue > 10亿元 and net_profit > 10亿元"],
    );
    check(
        "净利润和经营现金流均为正的电子行业公司",
        expect![
            "net_profit, operating_cash by company where company.industry = '电子' having net_profit > 0 and operating_cash > 0"
        ],
    );
    check(
        "净利润不低于1亿元的医药公司",
        expect!["net_profit by company where company.industry = '医药' having net_profit >= 1亿元"],
    );
    check(
        "毛利率不超过20%的公司",
        expect!["gross_margin by company having gross_margin <= 20%"],
    );
    check(
        "没有亏损的公司有哪些",
        expect!["net_profit by company having not (net_profit < 0)"],
    );
    check(
        "companies with a debt ratio above 70% in 2024",
        expect!["debt_ratio by company at 2024 having debt_ratio > 70%"],
    );
    check(
        "which companies made a loss in 2024?",
        expect!["net_profit by company at 2024 having net_profit < 0"],
    );
    check(
        "经营现金流大于净利润的公司",
        expect!["operating_cash, net_profit by company having operating_cash > net_profit"],
    );
    check(
        "毛利率高于行业均值的公司",
        expect![
            "gross_margin by company having gross_margin > peers_mean(gross_margin within company.industry)"
        ],
    );
    check(
        "2024年扭亏为盈的公司",
        expect!["net_profit by company at 2024 having net_profit > 0 and shift(net_profit, 1 year) < 0"],
    );
    check(
        "连续三年净利润为正的公司",
        expect!["net_profit by company at 2024 having streak(net_profit > 0) >= 3"],
    );
    check(
        "2023年和2024年净利润都为正的公司有多少家",
        expect![[r#"
        net_profit by company at 2023, 2024 having net_profit > 0
          then EveryPeriod("company", true)
          drawn Line"#]],
    );
    check(
        "净利润增长20%以上的公司",
        expect!["yoy(net_profit), net_profit, yoy_diff(net_profit) by company having yoy(net_profit) >= 20%"],
    );
    check(
        "哪些公司营收同比增长20%以上",
        expect!["revenue_yoy by company having revenue_yoy >= 20%"],
    );
    check(
        "除了青禾制药，还有哪些公司净利润超过3亿元",
        expect!["net_profit by company where company != '300901' having net_profit > 3亿元"],
    );
}

/// The first, the largest, the order.
#[test]
fn ranks() {
    check(
        "2024年净利润最高的3家公司",
        expect![[r#"
        net_profit by company at 2024 top 3 by net_profit
          drawn Bar"#]],
    );
    check(
        "营业收入排名前五的医药企业",
        expect![[r#"
        revenue by company where company.industry = '医药' top 5 by revenue
          drawn Bar"#]],
    );
    check(
        "毛利率倒数三名的公司是哪些",
        expect![[r#"
        gross_margin by company bottom 3 by gross_margin
          drawn Bar"#]],
    );
    check(
        "top 3 companies by revenue in 2024",
        expect![[r#"
        revenue by company at 2024 top 3 by revenue
          drawn Bar"#]],
    );
    check(
        "which company has the lowest debt ratio?",
        expect![[r#"
        debt_ratio by company bottom 1 by debt_ratio
          drawn Bar"#]],
    );
    check(
        "所有公司按净资产收益率从高到低排列",
        expect!["roe by company order by roe desc"],
    );
    check(
        "青禾制药2024年净利润排名第几",
        expect!["rank(net_profit) of company = '300901' at 2024"],
    );
    check(
        "营业收入增长最快的公司",
        expect![[r#"
        yoy(revenue), revenue, yoy_diff(revenue) by company top 1 by yoy(revenue)
          drawn Bar"#]],
    );
    check(
        "青禾制药和白鹭食品谁的毛利率更高",
        expect![[r#"
        gross_margin by company of company in ('300901', '300903') top 1 by gross_margin
          drawn Bar"#]],
    );
}

/// Growth, differences and shares.
#[test]
fn changes() {
    check(
        "远山电子2024年净利润同比增长率",
        expect!["yoy(net_profit), net_profit, yoy_diff(net_profit) of company = '300902' at 2024"],
    );
    check(
        "青禾制药2025年三季度营业收入环比变化",
        expect!["qoq(revenue), revenue, qoq_diff(revenue) of company = '300901' at 2025Q3"],
    );
    check(
        "白鹭食品2024年净利润比上年增加了多少",
        expect!["yoy(net_profit), net_profit, yoy_diff(net_profit) of company = '300903' at 2024"],
    );
    check(
        "星野软件营业收入2021到2024年的复合增长率",
        expect!["cagr(revenue, 3) of company = '300905' at 2024"],
    );
    check(
        "year-on-year growth of net profit of Egret Foods in 2024",
        expect!["yoy(net_profit), net_profit, yoy_diff(net_profit) of company = '300903' at 2024"],
    );
    check(
        "青禾制药2024年毛利率变化",
        expect!["gross_margin, yoy_diff(gross_margin) of company = '300901' at 2024"],
    );
    check(
        "青禾制药2024年研发费用占营业收入的比例",
        expect!["research / revenue of company = '300901' at 2024"],
    );
    check(
        "蓝湾重工存货/总资产",
        expect!["stocks / assets of company = '300904'"],
    );
    check(
        "远山电子经营现金流与净利润的差值",
        expect!["operating_cash - net_profit of company = '300902'"],
    );
    check(
        "青禾制药净利润占全部公司的比重",
        expect!["share(net_profit) of company = '300901'"],
    );
    check(
        "研发费用占营业收入比例超过10%的公司",
        expect!["research / revenue by company having research / revenue > 10%"],
    );
}

/// Statistics of all, groups, bands, levels.
#[test]
fn statistics() {
    check(
        "2024年所有公司净利润的平均值",
        expect!["mean(net_profit over company) at 2024"],
    );
    check(
        "医药行业2024年毛利率中位数",
        expect!["median(gross_margin over company) where company.industry = '医药' at 2024"],
    );
    check(
        "average gross margin of all companies in 2024",
        expect!["mean(gross_margin over company) at 2024"],
    );
    check(
        "各行业2024年营业收入合计",
        expect!["sum(revenue over company) by company.industry at 2024"],
    );
    check(
        "net profit by industry in 2024",
        expect!["net_profit by company.industry at 2024"],
    );
    check(
        "哪个行业的营业收入最高",
        expect![[r#"
        revenue by company.industry top 1 by revenue
          drawn Bar"#]],
    );
    check(
        "按资产负债率分组：0-30%、30%-60%、60%以上，各有多少家公司",
        expect![[r#"
        debt_ratio by company order by debt_ratio desc
          then Bands(company: 0%..30%, 30%..60%, 60%..)"#]],
    );
    check(
        "R1到R5各有多少只产品",
        expect!["rows_of_funds by fund.risk where fund.risk in ('R1', 'R2', 'R3', 'R4', 'R5')"],
    );
    check(
        "C4以上客户的客户资产合计",
        expect!["sum(wealth over client) where client.level in ('C4', 'C5')"],
    );
    check(
        "R3以下的产品有哪些",
        expect!["rows_of_funds by fund where fund.risk in ('R1', 'R2', 'R3')"],
    );
    check(
        "债券型基金的平均规模",
        expect!["mean(fund_size over fund) where fund.kind = '债券型'"],
    );
    check(
        "2024年净利润和营业收入的相关性",
        expect![[r#"
        net_profit, revenue by company at 2024
          then Correlation
          drawn Scatter"#]],
    );
    check(
        "青禾制药2024年毛利率与行业均值对比",
        expect![
            "gross_margin, peers_mean(gross_margin within company.industry) of company = '300901' at 2024"
        ],
    );
}

/// What times mean: today is the last day of the data, 2025-09-30.
#[test]
fn times() {
    check(
        "青禾制药去年的净利润",
        expect!["net_profit of company = '300901' at 2024"],
    );
    check(
        "青禾制药近三年的净利润",
        expect![[r#"
        net_profit of company = '300901' from 2022 to 2024
          drawn Line"#]],
    );
    check(
        "青禾制药今年上半年的营业收入",
        expect!["revenue of company = '300901' at 2025H1"],
    );
    check(
        "青禾制药2025年三季报的净利润",
        expect!["net_profit of company = '300901' at 2025Q3"],
    );
    check(
        "青禾制药2022-2025年第三季度的净利润",
        expect![[r#"
        net_profit of company = '300901' at 2022Q3, 2023Q3, 2024Q3, 2025Q3
          drawn Line"#]],
    );
    check(
        "青禾制药2024年末总资产",
        expect!["assets of company = '300901' at 2024"],
    );
    check(
        "青禾制药2024年度营业收入",
        expect!["revenue of company = '300901' at 2024"],
    );
    check(
        "青禾制药2025年第二季度单季净利润",
        expect!["net_profit:single of company = '300901' at 2025Q2"],
    );
    check(
        "青禾制药2023年至2024年每季度的营业收入",
        expect![[r#"
        revenue of company = '300901' from 2023Q1 to 2024Q4
          drawn Line"#]],
    );
    check(
        "青禾制药2025年的净利润",
        expect!["net_profit of company = '300901' at 2025Q3"],
    );
    check(
        "近12个月的新增贷款走势",
        expect![[r#"
        lending last 12 month
          drawn Line"#]],
    );
    check(
        "net profit of Egret Foods over the past two years",
        expect![[r#"
        net_profit of company = '300903' from 2023 to 2024
          drawn Line"#]],
    );
    check(
        "净利润趋势，远山电子",
        expect![[r#"
        net_profit of company = '300902' each quarter
          drawn Line"#]],
    );
    check(
        "下个季度成立的基金",
        expect![
            "rows_of_funds by fund where fund.opened_date >= '2025-10-01' and fund.opened_date <= '2025-12-31'"
        ],
    );
    check(
        "300901的2024年净利润",
        expect!["net_profit of company = '300901' at 2024"],
    );
    check("青禾制药2018年的净利润", expect!["refuse period_absent [2018]"]);
}
