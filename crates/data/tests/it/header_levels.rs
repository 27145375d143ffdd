//! Headers in two rows, and what only looks like them.

use expect_test::{Expect, expect};

use crate::support::Project;
use crate::workbook::Value::{N, No, T};
use crate::workbook::{Value, xlsx_merged};

#[track_caller]
fn check(rows: &[&[Value]], merged: &[&str], expected: Expect) {
    let book = xlsx_merged(&[("s", rows)], merged);
    expected.assert_eq(&Project::new().show("t.xlsx", book));
}

#[test]
fn a_group_and_its_columns_are_one_name() {
    check(
        &[
            &[T("公司"), T("2024年"), No, T("2023年"), No, T("备注")],
            &[
                No,
                T("营收(万元)"),
                T("净利润(万元)"),
                T("营收(万元)"),
                T("净利润(万元)"),
                No,
            ],
            &[T("甲"), N(1.5), N(2.0), N(3.0), N(4.0), T("x")],
            &[T("乙"), N(5.0), N(6.0), N(7.0), N(8.0), No],
        ],
        &["A1:A2", "B1:C1", "D1:E1", "F1:F2"],
        expect![[r#"
            # t (4 rows)
            ! the file has a column for each period (4 of them); here each period is a row: the period in `年份`, the values in 营收(万元), 净利润(万元)
            公司: text
            备注: text 2 missing
            年份: integer
            营收(万元): decimal(2,1) [万元]
            净利润(万元): integer [万元]
              甲 | x | 2024 | 1.5 | 2
              甲 | x | 2023 | 3.0 | 4
              乙 | · | 2024 | 5.0 | 6
              乙 | · | 2023 | 7.0 | 8
        "#]],
    );
}

#[test]
fn a_title_above_and_a_label_below() {
    check(
        &[
            &[T("主要指标")],
            &[No, T("2024年"), No],
            &[T("公司"), T("营收"), T("净利润")],
            &[T("甲"), N(1.5), N(2.0)],
        ],
        &["A1:C1", "B2:C2"],
        expect![[r#"
            # t (1 rows)
            caption: 主要指标
            公司: text
            2024年 营收: decimal(2,1)
            2024年 净利润: integer
              甲 | 1.5 | 2
        "#]],
    );
}

#[test]
fn a_merged_title_is_no_group() {
    check(
        &[
            &[T("利润表"), No, T("单位：万元")],
            &[T("公司"), T("营收"), T("净利润")],
            &[T("甲"), N(1.5), N(2.0)],
        ],
        &["A1:B1"],
        expect![[r#"
            # t (1 rows)
            caption: 利润表 单位：万元 [万元]
            公司: text
            营收: decimal(2,1) [万元]
              ! the header names no unit; 万元 is stated above the table
            净利润: integer [万元]
              ! the header names no unit; 万元 is stated above the table
              甲 | 1.5 | 2
        "#]],
    );
}

#[test]
fn without_merged_cells_the_header_is_one_row() {
    check(
        &[
            &[T("公司"), T("2024年"), No],
            &[No, T("营收"), T("净利润")],
            &[T("甲"), N(1.5), N(2.0)],
        ],
        &[],
        expect![[r#"
            # t (2 rows)
            公司: text 1 missing
            2024年: text
              ! 1 cells are numbers or dates and 1 are not (such as `营收` in row 2), so the column stays text
            column_3: text
              ! has no header and is named by its position
              ! 1 cells are numbers or dates and 1 are not (such as `净利润` in row 2), so the column stays text
              · | 营收 | 净利润
              甲 | 1.5 | 2
        "#]],
    );
    // Words below a merged header may be values.
    check(
        &[
            &[T("公司"), T("评级"), No],
            &[T("甲"), T("AA"), T("稳定")],
            &[T("乙"), T("AAA"), T("正面")],
        ],
        &["B1:C1"],
        expect![[r#"
            # t (2 rows)
            公司: text
            评级: text
            column_3: text
              ! has no header and is named by its position
              甲 | AA | 稳定
              乙 | AAA | 正面
        "#]],
    );
}
