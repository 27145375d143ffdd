//! How the cells of untyped text decide the type of a column.

use expect_test::{Expect, expect};

use crate::support::Project;

#[track_caller]
fn check(csv: &str, expected: Expect) {
    let shown = Project::new().show("t.csv", csv);
    expected.assert_eq(&shown);
}

#[test]
fn numbers_dates_and_truth_values() {
    check(
        "code,名称,营业总收入(万元),n,d,t,flag\n000858,五粮液,12.50,1,2025-09-30,2025-09-30 15:00:01,true\n600519,茅台,-3,,2025/1/2,2025-09-30T00:00:00,FALSE\n",
        expect![[r#"
            # t (2 rows)
            code: text
              ! the header says that these are codes, which stay text
            名称: text
            营业总收入(万元): decimal(4,2) [万元]
            n: integer 1 missing
            d: date
            t: timestamp
            flag: boolean
              000858 | 五粮液 | 12.50 | 1 | 2025-09-30 | 2025-09-30T15:00:01 | true
              600519 | 茅台 | -3.00 | · | 2025-01-02 | 2025-09-30T00:00:00 | false
        "#]],
    );
}

#[test]
fn codes_keep_their_zeros() {
    check(
        "基金代码,净值,编号2,tel,x\n000148,1.132,007,13800000000,1\n110022,2.0,12,13900000000,2\n",
        expect![[r#"
            # t (2 rows)
            基金代码: text
              ! the header says that these are codes, which stay text
            净值: decimal(4,3)
            编号2: text
              ! digits with leading zeros are codes and stay text
            tel: text
              ! the header says that these are codes, which stay text
            x: integer
              000148 | 1.132 | 007 | 13800000000 | 1
              110022 | 2.000 | 12 | 13900000000 | 2
        "#]],
    );
}

#[test]
fn long_digits_are_codes_and_long_amounts_are_not() {
    check(
        "a,b\n110101199001011234,12345678901234567\n110101199001015678,123\n",
        expect![[r#"
            # t (2 rows)
            a: text
              ! every value has 18 digits; such numbers are codes and stay text
            b: integer
              110101199001011234 | 12345678901234567
              110101199001015678 | 123
        "#]],
    );
}

#[test]
fn decorated_numbers_when_the_whole_column_agrees() {
    check(
        "金额,涨幅,损益,全角,混合,指数\n\"1,234.56\",12.3%,\"(1,234)\",１２．５,12%,1.5E+07\n999,-0.5%,5,３,0.12,2e-05\n",
        expect![[r#"
            # t (2 rows)
            金额: decimal(6,2)
            涨幅: decimal(3,1) [%]
              ! numbers carried a percent sign; the unit is %
            损益: integer
            全角: decimal(3,1)
            混合: text
              ! 1 cells carry a percent sign and 1 do not, so the column stays text
            指数: decimal(13,5)
              1234.56 | 12.3 | -1234 | 12.5 | 12% | 15000000.00000
              999.00 | -0.5 | 5 | 3.0 | 0.12 | 0.00002
        "#]],
    );
}

#[test]
fn missing_values() {
    check(
        "a,b,c,国家\n1,NULL,--,NA\n-,N/A,2.5,CN\n3,无,NaN,\n#N/A,x,—,US\n",
        expect![[r#"
            # t (4 rows)
            a: integer 2 missing
            b: text 2 missing
            c: decimal(2,1) 3 missing
            国家: text 1 missing
              1 | · | · | NA
              · | · | 2.5 | CN
              3 | 无 | · | ·
              · | x | · | US
        "#]],
    );
}

#[test]
fn text_among_numbers_keeps_all_as_text() {
    check(
        "a,b\n1,2025-01-01\n2,暂停\n三,2025-01-03\n",
        expect![[r#"
        # t (3 rows)
        a: text
          ! 2 cells are numbers or dates and 1 are not (such as `三` in row 4), so the column stays text
        b: text
          ! 2 cells are numbers or dates and 1 are not (such as `暂停` in row 3), so the column stays text
          1 | 2025-01-01
          2 | 暂停
          三 | 2025-01-03
    "#]],
    );
}

#[test]
fn whole_numbers_written_as_floats() {
    check(
        "年份,份额,单位净值\n2012.0,5964.0,1.0\n2013.0,,1.1320\n",
        expect![[r#"
            # t (2 rows)
            年份: integer
            份额: integer 1 missing
            单位净值: decimal(5,4)
              2012 | 5964 | 1.0000
              2013 | · | 1.1320
        "#]],
    );
}

#[test]
fn eight_digits_as_dates_only_with_a_word_in_the_header() {
    check(
        "trade_date,amount,日期\n20220429,20220429,20220431\n20220428,20220428,20220428\n",
        expect![[r#"
            # t (2 rows)
            trade_date: date
            amount: integer
            日期: integer
              2022-04-29 | 20220429 | 20220431
              2022-04-28 | 20220428 | 20220428
        "#]],
    );
}

#[test]
fn days_and_months_that_cannot_be_told_apart() {
    check(
        "date,zone,mixed\n03/04/2025,2025-01-01T08:00:00+08:00,2025-01-01T08:00:00Z\n13/04/2025,2025-01-01T09:30:00+08:00,2025-01-01 08:00:00\n",
        expect![[r#"
            # t (2 rows)
            date: text
              ! day and month of dates such as 03/04/2025 cannot be told apart, so the column stays text; write 2025-04-03
            zone: timestamp
              ! times carried the zone +08:00; the wall time was kept
            mixed: text
              ! times are in several zones, so the column stays text
              03/04/2025 | 2025-01-01T08:00:00 | 2025-01-01T08:00:00Z
              13/04/2025 | 2025-01-01T09:30:00 | 2025-01-01 08:00:00
        "#]],
    );
}

#[test]
fn digits_beyond_thirty_eight() {
    check(
        "a,b,c\n12345678901234567890123456789012345678,123456789012345678901234567890,1\n1,0.123456789012345,1234567890123456789012345678901234567890\n",
        expect![[r#"
            # t (2 rows)
            a: decimal(38,0)
            b: decimal(38,8)
              ! 1 cells were rounded because the column does not fit 38 digits
            c: text
              ! 1 cells are numbers or dates and 1 are not (such as `1234567890123456789012345678901234567890` in row 3), so the column stays text
              12345678901234567890123456789012345678 | 123456789012345678901234567890.00000000 | 1
              1 | 0.12345679 | 1234567890123456789012345678901234567890
        "#]],
    );
}

#[test]
fn headers_become_unique_names() {
    check(
        "a,a,,  净利润（万元）\n1,2,3,4\n",
        expect![[r#"
        # t (1 rows)
        a: integer
        a_2: integer
          ! repeats the header of an earlier column, so a number was appended
        column_3: integer
          ! has no header and is named by its position
        净利润(万元): integer [万元]
          1 | 2 | 3 | 4
    "#]],
    );
}

#[test]
fn no_header_is_noticed() {
    check(
        "1,2\n3,4\n",
        expect![[r#"
        # t (1 rows)
        ! the first row looks like data; the file may have no header
        1: integer
        2: integer
          3 | 4
    "#]],
    );
}

#[test]
fn rows_without_values_are_no_rows() {
    check(
        "a,b\n1,2\n,\n\n3,4\n , \n",
        expect![[r#"
        # t (2 rows)
        ! 2 empty rows were left out
        a: integer
        b: integer
          1 | 2
          3 | 4
    "#]],
    );
}

#[test]
fn only_a_header() {
    check(
        "a,b\n",
        expect![[r#"
        # t (0 rows)
        a: text
        b: text
    "#]],
    );
}

#[test]
fn quotes_line_breaks_and_delimiters_in_text() {
    check(
        "a;b\r\n\"x;y\";\"1\"\"2\"\r\n\"two\nlines\";3\r\n",
        expect![[r##"
            # t (2 rows)
            a: text
            b: text
              ! 1 cells are numbers or dates and 1 are not (such as `1"2` in row 2), so the column stays text
              x;y | 1"2
              two
            lines | 3
        "##]],
    );
}

#[test]
fn numbers_in_doubtful_forms_are_named() {
    check(
        "a,b,c,d,型号\n1e3,1.5,\"12,34\",\"1,250\",1E5\n25,inf,\"0,5\",\"2,500\",600E3\n30,-Infinity,\"1.234,56\",\"3,000\",X2\n",
        expect![[r#"
            # t (3 rows)
            a: text
              ! 1 cells may be numbers in scientific notation or codes (such as `1e3` in row 2), so the column stays text; if they are numbers, write 1000 or 1.0E+03 and import again
            b: decimal(2,1) 2 missing
              ! 2 cells are infinite or not a number (such as `inf` in row 3) and count as missing; look in the source for a division by zero
            c: text
              ! 3 cells seem to have decimal commas (such as `12,34` in row 2), so the column stays text; write decimal points (12.34) and import again
            d: integer
              ! commas of 3 cells were read as between thousands (such as `1,250` in row 2), but another column of this file has decimal commas; write decimal points and import again, or these numbers may be a thousand times too large
            型号: text
              1e3 | 1.5 | 12,34 | 1250 | 1E5
              25 | · | 0,5 | 2500 | 600E3
              30 | · | 1.234,56 | 3000 | X2
        "#]],
    );
}

#[test]
fn codes_that_a_spreadsheet_rewrote() {
    check(
        "证券代码,名称,身份\n6.00519E+05,茅台,110101199001011234\n000858,五粮液,1.10101E+17\n300750.SZ,宁德,110101199001015678\n",
        expect![[r#"
            # t (3 rows)
            证券代码: text
              ! 2 cells are numbers or dates and 1 are not (such as `300750.SZ` in row 4), so the column stays text
              ! 1 codes were rewritten as numbers by a spreadsheet (such as `6.00519E+05` in row 2) and may have lost digits; store the column as text in the source, restore the codes, and import again
            名称: text
            身份: text
              ! every value has 18 digits; such numbers are codes and stay text
              ! 1 codes were rewritten as numbers by a spreadsheet (such as `1.10101E+17` in row 3) and may have lost digits; store the column as text in the source, restore the codes, and import again
              6.00519E+05 | 茅台 | 110101199001011234
              000858 | 五粮液 | 1.10101E+17
              300750.SZ | 宁德 | 110101199001015678
        "#]],
    );
}
