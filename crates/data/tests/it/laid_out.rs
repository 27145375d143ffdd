//! Sheets and text files as people lay them out: rows of totals, units above the table, merged cells.

use expect_test::{Expect, expect};
use jinsheng_data::AddOptions;

use crate::support::Project;
use crate::workbook::Value::{self, N, No, T};
use crate::workbook::{xlsx, xlsx_merged};

#[track_caller]
fn sheet(rows: &[&[Value]], merged: &[&str], expected: Expect) {
    let book = if merged.is_empty() {
        xlsx(&[("s", rows)])
    } else {
        xlsx_merged(&[("s", rows)], merged)
    };
    expected.assert_eq(&Project::new().show_with("w.xlsx", book, &AddOptions::default()));
}

#[track_caller]
fn csv(text: &str, expected: Expect) {
    expected.assert_eq(&Project::new().show("t.csv", text));
}

#[test]
fn a_total_at_the_end_is_no_subject() {
    sheet(
        &[
            &[T("分行"), T("存款余额"), T("不良率")],
            &[T("北京"), N(120.5), N(1.1)],
            &[T("上海"), N(80.25), N(0.9)],
            &[T("合 计"), N(200.75), N(1.0)],
        ],
        &[],
        expect![[r#"
            # w (2 rows)
            ! 1 rows that sum up others were left out (such as `合 计` in row 4), or sums would count them twice; if they are data like others, rename them and import again
            分行: text
            存款余额: decimal(5,2)
            不良率: decimal(2,1)
              北京 | 120.50 | 1.1
              上海 | 80.25 | 0.9
        "#]],
    );
    // Also where nothing adds up, and where a mean follows.
    csv(
        "Branch,Deposits,NPL ratio\nBeijing,120.5,1.1\nShanghai,80.25,0.9\nTotal,9,1.0\nAverage,4.5,1.0\n",
        expect![[r#"
            # t (2 rows)
            ! 2 rows that sum up others were left out (such as `Total` in row 4), or sums would count them twice; if they are data like others, rename them and import again
            Branch: text
            Deposits: decimal(5,2)
            NPL ratio: decimal(2,1)
              Beijing | 120.50 | 1.1
              Shanghai | 80.25 | 0.9
        "#]],
    );
}

#[test]
fn subtotals_are_known_by_their_sums() {
    csv(
        "区域,分行,存款,贷款\n华东,上海,10,7\n华东,杭州,20,8\n华东,小计,30,15\n华北,北京,40,9\n华北,天津,5,1\n华北,小计,45,10\n总计,,75,25\n",
        expect![[r#"
            # t (4 rows)
            ! 3 rows that sum up others were left out (such as `小计` in row 4), or sums would count them twice; if they are data like others, rename them and import again
            区域: text
            分行: text
            存款: integer
            贷款: integer
              华东 | 上海 | 10 | 7
              华东 | 杭州 | 20 | 8
              华北 | 北京 | 40 | 9
              华北 | 天津 | 5 | 1
        "#]],
    );
}

#[test]
fn categories_and_companies_that_are_called_totals() {
    csv(
        "指标,地区,数值\n人口,东部,5\n人口,合计,9\n收入,东部,6\n收入,合计,14\n",
        expect![[r#"
            # t (4 rows)
            ! `数值` mixes the figures that `指标` names, and sums over it mean nothing: reshape the file and import it again (one row for each 地区, one column for each text of `指标`)
            ! 2 rows are called totals (such as `合计` in row 3) but do not visibly sum up the rows above; they were kept, and sums count them: if they are totals, remove them from the source and import again
            指标: text
            地区: text
            数值: integer
              人口 | 东部 | 5
              人口 | 合计 | 9
              收入 | 东部 | 6
              收入 | 合计 | 14
        "#]],
    );
    csv(
        "code,name,price\nFP,Total,55.1\nXOM,Exxon,101.3\nBP,BP,28.4\n",
        expect![[r#"
        # t (3 rows)
        ! 1 rows are called totals (such as `Total` in row 2) but do not visibly sum up the rows above; they were kept, and sums count them: if they are totals, remove them from the source and import again
        code: text
        name: text
        price: decimal(4,1)
          FP | Total | 55.1
          XOM | Exxon | 101.3
          BP | BP | 28.4
    "#]],
    );
    csv(
        "项目,期末\n货币资金,10\n存货,20\n流动资产合计,30\n固定资产,5\n资产总计,35\n",
        expect![[r#"
            # t (5 rows)
            ! 2 rows are called totals (such as `流动资产合计` in row 4) but do not visibly sum up the rows above; they were kept, and sums count them: if they are totals, remove them from the source and import again
            项目: text
            期末: integer
              货币资金 | 10
              存货 | 20
              流动资产合计 | 30
              固定资产 | 5
              资产总计 | 35
        "#]],
    );
}

#[test]
fn a_unit_above_the_table_is_of_its_amounts() {
    sheet(
        &[
            &[T("分行经营情况"), No, No, No, No, T("单位：万元")],
            &[
                T("分行"),
                T("年份"),
                T("存款"),
                T("客户数量"),
                T("不良率"),
                T("利润(亿元)"),
            ],
            &[T("北京"), N(2024.0), N(120.5), N(12.0), N(1.1), N(3.5)],
            &[T("上海"), N(2024.0), N(80.25), N(9.0), N(0.9), N(2.5)],
        ],
        &[],
        expect![[r#"
            # w (2 rows)
            caption: 分行经营情况 单位：万元 [万元]
            分行: text
            年份: integer
            存款: decimal(5,2) [万元]
              ! the header names no unit; 万元 is stated above the table
            客户数量: integer
            不良率: decimal(2,1)
            利润(亿元): decimal(2,1) [亿元]
              北京 | 2024 | 120.50 | 12 | 1.1 | 3.5
              上海 | 2024 | 80.25 | 9 | 0.9 | 2.5
        "#]],
    );
    sheet(
        &[
            &[T("(Unit: RMB million)")],
            &[T("Branch"), T("Deposits"), T("Growth")],
            &[T("Beijing"), N(120.5), N(1.1)],
            &[T("Shanghai"), N(80.25), N(0.9)],
        ],
        &[],
        expect![[r#"
            # w (2 rows)
            caption: (Unit: RMB million) [百万元]
            Branch: text
            Deposits: decimal(5,2) [百万元]
              ! the header names no unit; 百万元 is stated above the table
            Growth: decimal(2,1)
              Beijing | 120.50 | 1.1
              Shanghai | 80.25 | 0.9
        "#]],
    );
}

#[test]
fn merged_keys_are_filled_and_merged_amounts_are_not() {
    sheet(
        &[
            &[T("区域"), T("年份"), T("分行"), T("存款"), T("目标")],
            &[T("华东"), N(2024.0), T("上海"), N(10.0), N(50.0)],
            &[No, No, T("杭州"), N(20.0), No],
            &[No, No, T("南京"), N(30.0), No],
            &[T("华北"), N(2024.0), T("北京"), N(40.0), N(60.0)],
            &[No, N(2023.0), T("天津"), N(5.0), N(7.0)],
        ],
        &["A2:A4", "B2:B4", "E2:E4", "A5:A6"],
        expect![[r#"
            # w (5 rows)
            ! 5 merged cells were filled downward, as the sheet shows them (区域, 年份)
            ! 2 cells are merged with an amount or a long text above them (目标), which counts once, in the first row; the others are missing: if each row has the value, unmerge and fill them, and import again
            区域: text
            年份: integer
            分行: text
            存款: integer
            目标: integer 2 missing
              华东 | 2024 | 上海 | 10 | 50
              华东 | 2024 | 杭州 | 20 | ·
              华东 | 2024 | 南京 | 30 | ·
              华北 | 2024 | 北京 | 40 | 60
              华北 | 2023 | 天津 | 5 | 7
        "#]],
    );
}

#[test]
fn a_laid_out_sheet_with_a_column_for_each_year() {
    let caption: &[Value] = &[T("分行经营情况"), No, No, T("单位：万元")];
    let header: &[Value] = &[T("区域"), T("分行"), T("2023年"), T("2024年")];
    // A total is the sum of the rows above in each year, not of their values in all years.
    sheet(
        &[
            caption,
            header,
            &[T("华东"), T("上海"), N(10.0), N(11.5)],
            &[No, T("杭州"), N(20.0), N(23.5)],
            &[No, T("小计"), N(30.0), N(35.0)],
            &[T("华北"), T("北京"), N(40.0), N(44.0)],
            &[T("合计"), No, N(70.0), N(79.0)],
        ],
        &["A3:A5"],
        expect![[r#"
            # w (6 rows)
            caption: 分行经营情况 单位：万元 [万元]
            ! the file has a column for each period (2 of them); here each period is a row: the period in `年份`, the values in 数值
            ! 2 rows that sum up others were left out (such as `小计` in row 5), or sums would count them twice; if they are data like others, rename them and import again
            ! 2 merged cells were filled downward, as the sheet shows them (区域)
            区域: text
            分行: text
            年份: integer
            数值: decimal(3,1) [万元]
              ! the header names no unit; 万元 is stated above the table
              华东 | 上海 | 2023 | 10.0
              华东 | 上海 | 2024 | 11.5
              华东 | 杭州 | 2023 | 20.0
              华东 | 杭州 | 2024 | 23.5
              华北 | 北京 | 2023 | 40.0
              华北 | 北京 | 2024 | 44.0
        "#]],
    );
    let header: &[Value] = &[T("分行"), T("指标"), T("2023年"), T("2024年")];
    sheet(
        &[
            caption,
            header,
            &[T("上海"), T("存款余额"), N(10.0), N(11.5)],
            &[No, T("不良率"), N(1.25), N(1.5)],
            &[T("北京"), T("存款余额"), N(40.0), N(44.0)],
            &[No, T("不良率"), N(1.0), N(0.75)],
            &[T("合计"), T("存款余额"), N(50.0), N(55.5)],
            &[No, T("不良率"), N(1.05), N(0.9)],
        ],
        &["A3:A4", "A5:A6", "A7:A8"],
        expect![[r#"
            # w (4 rows)
            caption: 分行经营情况 单位：万元 [万元]
            ! the file has a column for each period (2 of them); here each period is a row: the period in `年份`, the values in 存款余额, 不良率; each text of `指标` is a column
            ! 1 rows that sum up others were left out (such as `合计` in row 7), or sums would count them twice; if they are data like others, rename them and import again
            ! 3 merged cells were filled downward, as the sheet shows them (分行)
            分行: text
            年份: integer
            存款余额: decimal(3,1) [万元]
              ! the header names no unit; 万元 is stated above the table
            不良率: decimal(3,2)
              上海 | 2023 | 10.0 | 1.25
              上海 | 2024 | 11.5 | 1.50
              北京 | 2023 | 40.0 | 1.00
              北京 | 2024 | 44.0 | 0.75
        "#]],
    );
    // A statement of one company has no subjects: its totals are figures.
    sheet(
        &[
            &[T("资产负债表 单位：万元")],
            &[T("项目"), T("2023-12-31"), T("2024-12-31")],
            &[T("流动资产"), N(30.0), N(31.0)],
            &[T("非流动资产"), N(5.0), N(6.0)],
            &[T("资产总计"), N(35.0), N(37.0)],
        ],
        &[],
        expect![[r#"
            # w (2 rows)
            caption: 资产负债表 单位：万元 [万元]
            ! the file has a column for each period (2 of them); here each period is a row: the period in `日期`, the values in 流动资产, 非流动资产, 资产总计; each text of `项目` is a column
            日期: date
            流动资产: integer [万元]
              ! the header names no unit; 万元 is stated above the table
            非流动资产: integer [万元]
              ! the header names no unit; 万元 is stated above the table
            资产总计: integer [万元]
              ! the header names no unit; 万元 is stated above the table
              2023-12-31 | 30 | 5 | 35
              2024-12-31 | 31 | 6 | 37
        "#]],
    );
}

#[test]
fn a_title_and_a_unit_fill_no_header() {
    // As many cells as three fifths of a narrow table.
    sheet(
        &[
            &[T("分行存款"), No, T("单位：万元")],
            &[T("分行"), T("年份"), T("存款")],
            &[T("北京"), N(2024.0), N(120.5)],
            &[T("上海"), N(2024.0), N(80.25)],
        ],
        &[],
        expect![[r#"
            # w (2 rows)
            caption: 分行存款 单位：万元 [万元]
            分行: text
            年份: integer
            存款: decimal(5,2) [万元]
              ! the header names no unit; 万元 is stated above the table
              北京 | 2024 | 120.50
              上海 | 2024 | 80.25
        "#]],
    );
    // Years as numbers name columns too.
    sheet(
        &[
            &[T("利润表"), No, T("（单位：万元）")],
            &[T("项目"), N(2023.0), N(2024.0)],
            &[T("营业收入"), N(10.0), N(11.5)],
            &[T("净利润"), N(1.0), N(1.5)],
        ],
        &[],
        expect![[r#"
            # w (2 rows)
            caption: 利润表 （单位：万元） [万元]
            ! the file has a column for each period (2 of them); here each period is a row: the period in `年份`, the values in 营业收入, 净利润; each text of `项目` is a column
            年份: integer
            营业收入: decimal(3,1) [万元]
              ! the header names no unit; 万元 is stated above the table
            净利润: decimal(2,1) [万元]
              ! the header names no unit; 万元 is stated above the table
              2023 | 10.0 | 1.0
              2024 | 11.5 | 1.5
        "#]],
    );
    // A column may be called after its unit alone.
    sheet(
        &[
            &[T("项目"), T("单位：万元")],
            &[T("营业收入"), N(10.0)],
            &[T("净利润"), N(1.0)],
        ],
        &[],
        expect![[r#"
            # w (2 rows)
            项目: text
            单位:万元: integer [万元]
              营业收入 | 10
              净利润 | 1
        "#]],
    );
}

#[test]
fn a_unit_in_skipped_rows_is_found() {
    let options = AddOptions {
        skip_rows: 3,
        ..AddOptions::default()
    };
    let book = xlsx(&[(
        "s",
        &[
            &[T("a"), T("row"), T("of"), T("another table 单位：元")][..],
            &[T("分行存款")],
            &[No, T("单位：万元")],
            &[T("分行"), T("存款")],
            &[T("北京"), N(120.5)],
        ],
    )]);
    expect![[r#"
        # w (1 rows)
        caption: 分行存款 单位：万元 [万元]
        分行: text
        存款: decimal(4,1) [万元]
          ! the header names no unit; 万元 is stated above the table
          北京 | 120.5
    "#]]
    .assert_eq(&Project::new().show_with("w.xlsx", book, &options));
    let text = "a,row,of,another table 单位：元\n分行存款,\n,\"单位：万元\"\n分行,存款\n北京,120.5\n";
    expect![[r#"
        # t (1 rows)
        caption: 分行存款 单位：万元 [万元]
        分行: text
        存款: decimal(4,1) [万元]
          ! the header names no unit; 万元 is stated above the table
          北京 | 120.5
    "#]]
    .assert_eq(&Project::new().show_with("t.csv", text, &options));
}

#[test]
fn rows_that_name_their_figure_are_imported_with_a_warning() {
    csv(
        "股票代码,指标,单位,年份,数值\n000001,营业收入,万元,2023,10\n000001,净利率,%,2023,5\n",
        expect![[r#"
            # t (2 rows)
            ! `数值` mixes the figures that `指标` names, and sums over it mean nothing: reshape the file and import it again (one row for each 股票代码, 年份, one column for each text of `指标`)
            股票代码: text
              ! the header says that these are codes, which stay text
            指标: text
            单位: text
            年份: integer
            数值: integer
              000001 | 营业收入 | 万元 | 2023 | 10
              000001 | 净利率 | % | 2023 | 5
        "#]],
    );
    csv(
        "项目,金额\n办公楼,10\n食堂,5\n",
        expect![[r#"
        # t (2 rows)
        项目: text
        金额: integer
          办公楼 | 10
          食堂 | 5
    "#]],
    );
}
