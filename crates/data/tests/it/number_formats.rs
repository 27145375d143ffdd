//! Workbooks whose cells are shown in another way than they are stored.

use expect_test::expect;

use crate::support::Project;
use crate::workbook::Value::{E, F, N, No, S, T};
use crate::workbook::xlsx;

const PERCENT: usize = 2;

#[test]
fn cells_shown_as_percentages_are_percentages() {
    let book = xlsx(&[(
        "s",
        &[
            &[T("公司"), T("营收增长率"), T("毛利率(%)"), T("倍数(倍)"), T("整")],
            &[
                T("a"),
                S(PERCENT, 0.1234),
                S(PERCENT, 0.07),
                S(PERCENT, 1.5),
                S(PERCENT, 0.1),
            ],
            &[T("b"), S(PERCENT, -0.1), E, S(PERCENT, 2.0), S(PERCENT, 1.0)],
            &[T("c"), No, S(PERCENT, 0.285), S(PERCENT, 0.29), T("-")],
        ],
    )]);
    let from_book = Project::new().show("t.xlsx", book);
    let csv =
        "公司,营收增长率,毛利率(%),倍数(倍),整\na,12.34%,7%,150%,10%\nb,-10%,,200%,100%\nc,,28.5%,29%,-\n";
    let from_csv = Project::new().show("t.csv", csv);
    let error = "  ! 1 cells hold no value (such as #DIV/0! in row 3) and count as missing\n";
    assert!(from_book.contains(error), "{from_book}");
    assert_eq!(from_book.replace(error, ""), from_csv);
    expect![[r#"
        # t (3 rows)
        公司: text
        营收增长率: decimal(4,2) [%] 1 missing
          ! numbers carried a percent sign; the unit is %
        毛利率(%): decimal(3,1) [%] 1 missing
          ! numbers carried a percent sign; the unit is %
          ! 1 cells hold no value (such as #DIV/0! in row 3) and count as missing
        倍数(倍): integer [%]
          ! numbers carried a percent sign; the unit is %
        整: integer [%] 1 missing
          ! numbers carried a percent sign; the unit is %
          a | 12.34 | 7.0 | 150 | 10
          b | -10.00 | · | 200 | 100
          c | · | 28.5 | 29 | ·
    "#]]
    .assert_eq(&from_book);
}

#[test]
fn a_percent_sign_that_is_only_drawn_is_none() {
    let book = xlsx(&[(
        "s",
        &[
            &[
                T("quoted"),
                T("escaped"),
                T("space"),
                T("signs"),
                T("below"),
                T("above"),
            ],
            &[
                S(3, 12.5),
                S(4, 12.5),
                S(5, 12.5),
                S(6, 0.125),
                S(7, 0.5),
                S(7, 1.5),
            ],
            &[S(3, 1.5), S(4, 1.5), S(5, 1.5), S(6, -0.5), S(7, 0.25), S(7, 2.5)],
            &[
                S(3, 0.0),
                S(4, 0.0),
                S(5, 0.0),
                S(6, 0.0),
                S(8, -0.25),
                S(8, 2.25),
            ],
        ],
    )]);
    expect![[r#"
        # t (3 rows)
        quoted: decimal(3,1)
        escaped: decimal(3,1)
        space: decimal(3,1)
        signs: decimal(3,1) [%]
          ! numbers carried a percent sign; the unit is %
        below: integer [%]
          ! numbers carried a percent sign; the unit is %
        above: decimal(3,2)
          12.5 | 12.5 | 12.5 | 12.5 | 50 | 1.50
          1.5 | 1.5 | 1.5 | -50.0 | 25 | 2.50
          0.0 | 0.0 | 0.0 | 0.0 | -25 | 2.25
    "#]]
    .assert_eq(&Project::new().show("t.xlsx", book));
}

#[test]
fn percentages_among_plain_numbers_stay_text() {
    let book = xlsx(&[(
        "s",
        &[
            &[T("a"), T("比率")],
            &[T("x"), S(PERCENT, 0.1234)],
            &[T("y"), N(0.2)],
            &[T("z"), N(3.0)],
        ],
    )]);
    let csv = "a,比率\nx,12.34%\ny,0.2\nz,3\n";
    assert_eq!(
        Project::new().show("t.xlsx", book),
        Project::new().show("t.csv", csv)
    );
}

#[test]
fn formulas_without_stored_values_are_counted() {
    let book = xlsx(&[(
        "s",
        &[
            &[T("a"), T("合计"), T("c")],
            &[N(1.0), F, N(2.0)],
            &[N(3.0), F, F, F],
        ],
    )]);
    expect![[r#"
        # t (2 rows)
        ! 4 formula cells have no stored value and count as missing (合计, c, D); open the file in a spreadsheet program, save it, and import it again
        a: integer
        合计: text 2 missing
        c: integer 1 missing
          1 | · | 2
          3 | · | ·
    "#]]
    .assert_eq(&Project::new().show("t.xlsx", book));
    let book = xlsx(&[("s", &[&[T("a"), T("b")], &[F, F]])]);
    expect![[r#"
        input_invalid
        the formulas of `t.xlsx` have no stored values
        open it in a spreadsheet program, save it, and import it again
        `t.xlsx` 中的公式没有保存计算结果
        用表格软件打开并保存后再导入
    "#]]
    .assert_eq(&Project::new().show("t.xlsx", book));
}
