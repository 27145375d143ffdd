//! Values of expressions, with their units.

use crate::fixture::{bank, companies};

/// Value and unit of an expression for A at 2025Q3: revenue 54 万元, cost 18 万元, assets 120 亿元, debt 60 亿元, roe 12 %,
/// orders 7 个.
fn value_of(expr: &str) -> String {
    let line = format!("{expr} as x, revenue of company = A at 2025Q3");
    match companies().run(&line, &jinsheng_core::Scope::full()) {
        Ok(result) => {
            let column = result.columns[2].to_string();
            let value = result.rows[0][2].to_string();
            let unit = column
                .rsplit_once(" (")
                .map_or("", |(_, unit)| unit.trim_end_matches(')'));
            format!("{value}{unit}")
        }
        Err(refusal) => format!("refused: {:?}", refusal.kind()),
    }
}

#[track_caller]
fn check_values(cases: &[(&str, &str)]) {
    for (expr, expected) in cases {
        assert_eq!(value_of(expr), *expected, "{expr}");
    }
}

#[test]
fn units_of_sums_products_and_quotients() {
    check_values(&[
        ("revenue + assets", "1200054万元"),
        ("assets + revenue", "120.0054亿元"),
        ("revenue - 4", "50万元"),
        ("4 - revenue", "-50万元"),
        ("revenue + 1亿元", "10054万元"),
        ("assets_wan", "1200000万元"),
        // One kind: the ratio in %, with 14 decimals.
        ("debt / assets", "50%"),
        ("cost / revenue", "33.33333333333333%"),
        ("revenue / assets", "0.0045%"),
        ("assets / revenue", "2222222.22222222222222%"),
        ("debt_ratio", "50%"),
        ("margin", "66.66666666666667%"),
        ("orders / orders", "100%"),
        // A difference of two values in % is in 百分点, and these two do not mix.
        ("roe - margin", "-54.66666666666667百分点"),
        ("roe - 2%", "10百分点"),
        ("roe + margin", "78.66666666666667%"),
        ("roe - margin + roe", "refused: UnitMismatch"),
        // Ratios as factors count plainly.
        ("revenue * roe", "6.48万元"),
        ("roe * revenue", "6.48万元"),
        ("revenue / roe", "450万元"),
        ("roe * roe", "1.44%"),
        ("roe * 0.5倍", "6%"),
        ("roe / 50%", "24%"),
        ("roe * 2", "24%"),
        ("2 * roe", "24%"),
        ("roe / 2", "6%"),
        ("2 / roe", "16.6666666666666667"),
        // Counts, plain numbers.
        ("revenue / orders", "7.7142857142857143万元"),
        ("revenue * orders", "378万元"),
        ("revenue * 2", "108万元"),
        ("revenue / 4", "13.5万元"),
        ("revenue / 0", "-万元"),
        ("2 + 3 * 4", "14"),
        ("1 / 3", "0.3333333333333333"),
        ("-(revenue)", "-54万元"),
        ("abs(cost - revenue)", "36万元"),
    ]);
}

#[test]
fn units_that_do_not_fit_and_numbers_without_one() {
    check_values(&[
        // What has no common unit, or none at all.
        ("revenue + roe", "refused: UnitMismatch"),
        ("revenue * assets", "refused: UnitMismatch"),
        ("2 / revenue", "refused: UnitMismatch"),
        ("roe / revenue", "refused: UnitMismatch"),
        ("revenue + 1美元", "refused: UnitMismatch"),
        ("revenue + 1个", "refused: UnitMismatch"),
        // A number without a unit against %.
        ("roe + 5", "refused: UnitMismatch"),
        ("5 - roe", "refused: UnitMismatch"),
        ("roe + 0", "12%"),
        ("roe - 0", "12百分点"),
        ("roe + 0.5倍", "62%"),
        ("coalesce(roe, 0)", "12%"),
        ("coalesce(roe, 1)", "refused: UnitMismatch"),
        ("coalesce(5, revenue)", "5万元"),
        ("coalesce(revenue, assets)", "54万元"),
        ("coalesce(revenue, roe)", "refused: UnitMismatch"),
        // Units of functions.
        ("yoy(revenue)", "-%"),
        ("share(revenue)", "42.1875%"),
        ("rank(revenue)", "1"),
        ("count(revenue over industry)", "1个"),
        ("peers_count(revenue)", "3个"),
        ("peers_mean(roe)", "7.6666666666666667%"),
        ("streak(revenue > 0)", "4"),
        ("turnover", "-倍"),
    ]);
}

#[test]
fn missing_operands_give_missing() {
    companies().check(
        "roe + 1%, revenue * roe, roe / roe, abs(roe), -(revenue), yoy_diff(roe), rank(roe), share(roe),
         revenue + roe * 1元 as sum by company where company in ('C', 'D') at 2025Q3",
        "company | period | roe + 1% (%) | revenue * roe (万元) | roe / roe (%) | abs(roe) (%) | -(revenue) (万元) | yoy_diff(roe) (百分点) | rank(roe) | share(roe) (%) | sum (万元)
         C | 2025Q3 | - | - | - | - | -54 | - | - | - | -
         D | 2025Q3 | 6 | - | 100 | 5 | - | - | 1 | 100 | -",
    );
}

#[test]
fn coalesce_takes_the_first_that_is_there() {
    // C: roe missing, assets zero.
    companies().check(
        "roe, coalesce(roe, 1%) as filled, debt / assets as ratio, coalesce(debt / assets, roe, 100%) as other
         by company at 2025Q3",
        "company | period | roe (%) | filled (%) | ratio (%) | other (%)
         A | 2025Q3 | 12 | 12 | 50 | 50
         B | 2025Q3 | 6 | 6 | 25 | 25
         C | 2025Q3 | - | 1 | - | 100
         D | 2025Q3 | 5 | 5 | 40 | 40",
    );
}

#[test]
fn changes_against_earlier_periods() {
    // yoy: against the quarter a year before; 2024Q3 of A is no row.
    companies().check(
        "revenue, shift(revenue, 1 year) as e, yoy(revenue) as yoy, yoy_diff(revenue) as diff,
         qoq(revenue) as qoq, qoq(revenue:ytd) as qoq_ytd, qoq_diff(revenue) as qoq_diff
         of company = A from 2024Q1 to 2025Q3",
        "company | period | revenue (万元) | e (万元) | yoy (%) | diff (万元) | qoq (%) | qoq_ytd (%) | qoq_diff (万元)
         A | 2024Q1 | 12 | 10 | 20 | 2 | -52 | -82.85714285714286 | -13
         A | 2024Q2 | 30 | 25 | 20 | 5 | 50 | 150 | 6
         A | 2024Q4 | 80 | 70 | 14.28571428571429 | 10 | - | - | -
         A | 2025Q1 | 15 | 12 | 25 | 3 | - | -81.25 | -
         A | 2025Q2 | 33 | 30 | 10 | 3 | 20 | 120 | 3
         A | 2025Q3 | 54 | - | - | - | 16.66666666666667 | 63.63636363636364 | 3",
    );
    companies().check(
        "yoy(revenue) as yoy, qoq(revenue) as qoq, yoy_diff(margin) as points by company each year",
        "company | period | yoy (%) | qoq (%) | points (百分点)
         A | 2023 | - | - | -
         A | 2024 | 14.28571428571429 | 14.28571428571429 | -10
         B | 2024 | - | - | -",
    );
}

#[test]
fn a_change_from_a_negative_value_is_taken_against_its_size() {
    companies().check(
        "yoy(revenue - 75万元) as change of company = A each year",
        "company | period | change (%)
         A | 2023 | -
         A | 2024 | 200",
    );
    companies().check(
        "yoy(revenue - 70万元) as change of company = A each year",
        "company | period | change (%)
         A | 2023 | -
         A | 2024 | -",
    );
}

#[test]
fn shifts_see_periods_that_are_not_shown_and_need_a_row() {
    companies().check(
        "shift(revenue, 1 year), shift(revenue, 2 quarter) of company = A at 2025Q1",
        "company | period | shift(revenue, 1 year) (万元) | shift(revenue, 2 quarter) (万元)
         A | 2025Q1 | 12 | -",
    );
    // 2024Q3 has no row.
    companies().check(
        "coalesce(shift(revenue, 2 quarter), 0) as filled, revenue of company = A at 2025Q1",
        "company | period | filled (万元) | revenue (万元)
         A | 2025Q1 | 0 | 15",
    );
    companies().check(
        "revenue, shift(3, 1 quarter) of company = A at 2025Q1",
        "refused: the earlier value, or the peers, of a constant",
    );
    // A static value is there wherever the group has a row.
    companies().check(
        "assets, shift(capital, 1 quarter) as before, yoy(capital) as same by company where company = A at 2025Q3",
        "company | period | assets (亿元) | before (万元) | same (%)
         A | 2025Q3 | 120 | - | -",
    );
}

#[test]
fn growth_over_years_is_approximate() {
    companies().check(
        "cagr(revenue, 1), cagr(revenue - 71万元, 1) by company each year",
        "company | period | cagr(revenue, 1) (%) ≈ | cagr(revenue - 71万元, 1) (%) ≈
         A | 2023 | - | -
         A | 2024 | 14.2857142857 | -
         B | 2024 | - | -",
    );
}

#[test]
fn peers_are_all_groups_of_the_period_before_the_choice() {
    // At 2025Q3: A 54, B 20, C 54, D missing.
    companies().check(
        "revenue, rank(revenue), rank(revenue asc), peers_mean(revenue), peers_median(revenue), peers_count(revenue),
         peers_min(revenue), peers_max(assets), revenue - peers_mean(revenue) as above
         by company of company in ('B', 'C', 'D') at 2025Q3",
        "company | period | revenue (万元) | rank(revenue) | rank(revenue asc) | peers_mean(revenue) (万元) | peers_median(revenue) (万元) | peers_count(revenue) (个) | peers_min(revenue) (万元) | peers_max(assets) (亿元) | above (万元)
         B | 2025Q3 | 20 | 3 | 1 | 42.6666666666666667 | 54 | 3 | 20 | 120 | -22.6666666666666667
         C | 2025Q3 | 54 | 1 | 2 | 42.6666666666666667 | 54 | 3 | 20 | 120 | 11.3333333333333333
         D | 2025Q3 | - | - | - | 42.6666666666666667 | 54 | 3 | 20 | 120 | -",
    );
}

#[test]
fn peers_within_a_dimension_or_an_attribute() {
    // 酒: A 54, B 20; 药: C 54; D has no industry.
    companies().check(
        "rank(revenue within industry) as place, share(revenue within company.industry) as share,
         peers_count(assets within industry) as peers by company at 2025Q3 having assets is not missing",
        "company | period | place | share (%) | peers (个)
         A | 2025Q3 | 1 | 72.97297297297297 | 2
         B | 2025Q3 | 2 | 27.02702702702703 | 2
         C | 2025Q3 | 1 | 100 | 1
         D | 2025Q3 | - | - | -",
    );
    companies().check(
        "peers_sum(revenue within industry) as total by company, industry at 2025Q3",
        "company | company.industry | period | total (万元)
         A | 酒 | 2025Q3 | 74
         B | 酒 | 2025Q3 | 74
         C | 药 | 2025Q3 | 54",
    );
}

#[test]
fn folds_over_dimensions() {
    // 北京: A 12, C missing; 上海: B 6. D has no city.
    companies().check(
        "mean(roe over company), sum(roe over company), count(roe over company), count(assets over company),
         median(revenue over company), max(roe over company) by city at 2025Q3",
        "company.city | period | mean(roe over company) (%) | sum(roe over company) (%) | count(roe over company) (个) | count(assets over company) (个) | median(revenue over company) (万元) | max(roe over company) (%)
         上海 | 2025Q3 | 6 | 6 | 1 | 1 | 20 | 6
         北京 | 2025Q3 | 12 | 12 | 1 | 2 | 54 | 12",
    );
    // Without dimensions: the median of 12, 6 and 5 and of an even number 54, 20, (54), D none.
    companies().check(
        "median(roe over company) as odd, median(debt over company) as even, min(debt_ratio over company) as least at 2025Q3",
        "period | odd (%) | even (亿元) | least (%)
         2025Q3 | 6 | 9.5 | 25",
    );
    // A fold of folds, peers inside a fold, a static value inside a fold.
    companies().check(
        "mean(sum(revenue over company) over city) as folds, max(rank(revenue) over company) as places,
         sum(capital over company) as capital, count(capital over company) as there at 2025Q3",
        "period | folds (万元) | places | capital (万元) | there (个)
         2025Q3 | 64 | 3 | 350 | 3",
    );
    // Nothing to fold: missing, and a count of 0.
    companies().check(
        "mean(roe over company), count(roe over company), assets by company where company = C at 2025Q3",
        "company | period | mean(roe over company) (%) | count(roe over company) (个) | assets (亿元)
         C | 2025Q3 | - | 0 | 0",
    );
}

#[test]
fn folds_over_the_shown_periods() {
    // Shown are 2024Q4 and 2025Q3: A 100 and 120, B 50 and 60, C 0, D 10.
    companies().check(
        "mean(assets over period) as mean, count(roe over period) as there, max(yoy(assets) over period) as change,
         rank(mean(assets over period)) as place, 100亿元 as bar by company last 4 quarter
         having mean > 5亿元 order by mean desc",
        "company | mean (亿元) | there (个) | change (%) | place | bar (亿元)
         A | 110 | 2 | - | 1 | 100
         B | 55 | 2 | - | 2 | 100
         D | 10 | 1 | - | 3 | 100",
    );
    companies().check(
        "sum(revenue:single over period) as total, sum(sum(assets over company) over period) as other from 2025Q1 to 2025Q3",
        "total (万元) | other (亿元)
         54 | 190",
    );
}

#[test]
fn streaks_end_here_and_break_at_gaps() {
    // A by quarter: 10 25 45 70 12 30 (no row) 80 15 33 54.
    companies().check(
        "streak(revenue > 20) as high, streak(revenue is not missing) as there, streak(yoy(revenue) > 0) as rising
         of company = A from 2024Q1 to 2025Q3",
        "company | period | high | there | rising
         A | 2024Q1 | 0 | 5 | 1
         A | 2024Q2 | 1 | 6 | 2
         A | 2024Q4 | 1 | 1 | 1
         A | 2025Q1 | 0 | 2 | 2
         A | 2025Q2 | 1 | 3 | 3
         A | 2025Q3 | 2 | 4 | 0",
    );
    // B's value is missing in 2024Q2: neither the condition nor its opposite is known.
    companies().check(
        "streak(revenue > 0) as more, streak(not (revenue < 0)) as not_less, streak(not (revenue < 0) or assets is missing) as known
         of company = B from 2024Q2 to 2024Q4",
        "company | period | more | not_less | known
         B | 2024Q2 | 0 | 0 | 2
         B | 2024Q3 | 1 | 1 | 3
         B | 2024Q4 | 2 | 2 | 4",
    );
}

#[test]
fn days_count_calendar_days() {
    bank().check(
        "amount, qoq(amount), shift(amount, 55 day) of client = '001' from 2025-01-05 to 2025-03-01",
        "client | period | amount (元) | qoq(amount) (%) | shift(amount, 55 day) (元)
         001 | 2025-01-05 | 25 | - | -
         001 | 2025-03-01 | 30 | - | 25",
    );
}
