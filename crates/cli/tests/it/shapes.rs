//! Files whose shape makes wrong numbers, from import to answer: columns that are periods, rows that repeat.

use expect_test::{Expect, expect};

use crate::support::Place;

#[track_caller]
fn check(found: &str, expect: Expect) {
    expect.assert_eq(found);
}

/// A project over one file, with the catalog that is drafted for it.
fn drafted(name: &str, csv: &str, options: &[&str]) -> Place {
    let place = Place::project();
    place.write(name, csv);
    place.ok("en", &[&["data", "add", name], options].concat());
    place.ok("en", &["catalog", "infer"]);
    place.ok("en", &["catalog", "check"]);
    place
}

const BY_ITEM: &str = "股票代码,股票简称,指标,2022,2023,2024\n\
    000001,平安银行,营业收入(亿元),1799,1647,1467\n000001,平安银行,净资产收益率(%),12.4,11.4,10.1\n\
    600036,招商银行,营业收入(亿元),3448,3391,3375\n600036,招商银行,净资产收益率(%),17.1,16.2,14.5\n";

#[test]
fn a_wide_table_of_items_is_asked_as_any_other() {
    let place = drafted("wide.csv", BY_ITEM, &[]);
    check(
        &place.both(&[
            "query",
            "revenue, roe, yoy(revenue) by company at 2023",
            "--evidence",
        ]),
        expect![[r#"
            [zh 0]
            查询：revenue, roe, yoy(revenue) by company at 2023
             公司     公司名称   期间     营业收入（亿元）   净资产收益率（%）   营业收入同比（%）
            ──────── ────────── ──────── ────────────────── ─────────────────── ───────────────────
             000001   平安银行   2023年              1,647                11.4               -8.45
             600036   招商银行   2023年              3,391                16.2               -1.65
            出处
            000001 平安银行 2023
              revenue 2023 = 1,647亿元  [[DIGEST]]
                单元格 wide.营业收入(亿元) 行 股票代码 = 000001, 年份 = 2023（文件中为列「2023 · 营业收入(亿元)」）  wide@[DIGEST] pinned
              roe 2023 = 11.4%  [[DIGEST]]
                单元格 wide.净资产收益率(%) 行 股票代码 = 000001, 年份 = 2023（文件中为列「2023 · 净资产收益率(%)」）  wide@[DIGEST] pinned
              yoy(revenue) 2023 = -8.4491384102279%  [[DIGEST]]
                计算 yoy(revenue)
                  revenue 2023 = 1,647亿元  [[DIGEST]]
                    单元格 wide.营业收入(亿元) 行 股票代码 = 000001, 年份 = 2023（文件中为列「2023 · 营业收入(亿元)」）  wide@[DIGEST] pinned
                  revenue@wide:single 2022 = 1,799亿元  [[DIGEST]]
                    单元格 wide.营业收入(亿元) 行 股票代码 = 000001, 年份 = 2022（文件中为列「2022 · 营业收入(亿元)」）  wide@[DIGEST] pinned
            600036 招商银行 2023
              revenue 2023 = 3,391亿元  [[DIGEST]]
                单元格 wide.营业收入(亿元) 行 股票代码 = 600036, 年份 = 2023（文件中为列「2023 · 营业收入(亿元)」）  wide@[DIGEST] pinned
              roe 2023 = 16.2%  [[DIGEST]]
                单元格 wide.净资产收益率(%) 行 股票代码 = 600036, 年份 = 2023（文件中为列「2023 · 净资产收益率(%)」）  wide@[DIGEST] pinned
              yoy(revenue) 2023 = -1.65313225058005%  [[DIGEST]]
                计算 yoy(revenue)
                  revenue 2023 = 3,391亿元  [[DIGEST]]
                    单元格 wide.营业收入(亿元) 行 股票代码 = 600036, 年份 = 2023（文件中为列「2023 · 营业收入(亿元)」）  wide@[DIGEST] pinned
                  revenue@wide:single 2022 = 3,448亿元  [[DIGEST]]
                    单元格 wide.营业收入(亿元) 行 股票代码 = 600036, 年份 = 2022（文件中为列「2022 · 营业收入(亿元)」）  wide@[DIGEST] pinned
            2 行，用时 [MS] 毫秒，目录 [DIGEST]
            [en 0]
            query: revenue, roe, yoy(revenue) by company at 2023
             Company   Company name   period   Operating revenue (hundred million CNY)   Return on equity (%)   Operating revenue YoY (%)
            ───────── ────────────── ──────── ───────────────────────────────────────── ────────────────────── ───────────────────────────
             000001    平安银行       2023                                       1,647                   11.4                       -8.45
             600036    招商银行       2023                                       3,391                   16.2                       -1.65
            evidence
            000001 平安银行 2023
              revenue 2023 = 1,647 hundred million CNY  [[DIGEST]]
                cell wide.营业收入(亿元) row 股票代码 = 000001, 年份 = 2023 (column `2023 · 营业收入(亿元)` of the file)  wide@[DIGEST] pinned
              roe 2023 = 11.4%  [[DIGEST]]
                cell wide.净资产收益率(%) row 股票代码 = 000001, 年份 = 2023 (column `2023 · 净资产收益率(%)` of the file)  wide@[DIGEST] pinned
              yoy(revenue) 2023 = -8.4491384102279%  [[DIGEST]]
                computed yoy(revenue)
                  revenue 2023 = 1,647 hundred million CNY  [[DIGEST]]
                    cell wide.营业收入(亿元) row 股票代码 = 000001, 年份 = 2023 (column `2023 · 营业收入(亿元)` of the file)  wide@[DIGEST] pinned
                  revenue@wide:single 2022 = 1,799 hundred million CNY  [[DIGEST]]
                    cell wide.营业收入(亿元) row 股票代码 = 000001, 年份 = 2022 (column `2022 · 营业收入(亿元)` of the file)  wide@[DIGEST] pinned
            600036 招商银行 2023
              revenue 2023 = 3,391 hundred million CNY  [[DIGEST]]
                cell wide.营业收入(亿元) row 股票代码 = 600036, 年份 = 2023 (column `2023 · 营业收入(亿元)` of the file)  wide@[DIGEST] pinned
              roe 2023 = 16.2%  [[DIGEST]]
                cell wide.净资产收益率(%) row 股票代码 = 600036, 年份 = 2023 (column `2023 · 净资产收益率(%)` of the file)  wide@[DIGEST] pinned
              yoy(revenue) 2023 = -1.65313225058005%  [[DIGEST]]
                computed yoy(revenue)
                  revenue 2023 = 3,391 hundred million CNY  [[DIGEST]]
                    cell wide.营业收入(亿元) row 股票代码 = 600036, 年份 = 2023 (column `2023 · 营业收入(亿元)` of the file)  wide@[DIGEST] pinned
                  revenue@wide:single 2022 = 3,448 hundred million CNY  [[DIGEST]]
                    cell wide.营业收入(亿元) row 股票代码 = 600036, 年份 = 2022 (column `2022 · 营业收入(亿元)` of the file)  wide@[DIGEST] pinned
            2 row(s) in [MS] ms, catalog [DIGEST]
        "#]],
    );
    check(
        &place.shown("zh", &["data", "show", "wide"]),
        expect![[r#"
        [zh 0]
        数据源 wide（csv, UTF-8）[DIR]/wide.csv，版本 [DIGEST]，[TIME] 导入
        表 wide：6 行
         列                类型           单位   缺失   不同值   范围                  样例
        ───────────────── ────────────── ────── ────── ──────── ───────────────────── ────────────────────
         股票代码          text                     0        2   000001 … 600036       000001, 600036
         股票简称          text                     0        2   平安银行 … 招商银行   平安银行, 招商银行
         年份              integer                  0        3   2022 … 2024           2022, 2023, 2024
         营业收入(亿元)    integer        亿元      0        6   1467 … 3448           1799, 1647, 1467
         净资产收益率(%)   decimal(3,1)   %         0        6   10.1 … 17.1           12.4, 11.4, 10.1
        说明：wide：文件每个期间一列（共 3 列），导入后每个期间一行：期间在 `年份`，数值在 营业收入(亿元)、净资产收益率(%)，`指标` 的各项各成一列
        说明：wide.股票代码：列名表明是代码，按文本保存
    "#]],
    );
    let answer = place.json("en", &["query", "revenue of company = 000001 at 2024"]);
    let origin = &answer["evidence"][0]["origin"];
    assert_eq!(origin["file_column"], "2024 · 营业收入(亿元)", "{origin}");
    assert_eq!(origin["column"], "营业收入(亿元)");
}

#[test]
fn a_wide_table_of_several_figures_is_asked_as_any_other() {
    let csv = "code,Name,2024Q1 Revenue (CNY million),2024Q2 Revenue (CNY million),2024Q1 Net profit (CNY million),2024Q2 Net profit (CNY million)\n\
        600001,Alpha,10,25,1,3\n600002,Beta,20,45,2,\n";
    let place = drafted("reports.csv", csv, &[]);
    let unsure = place.read("catalog/unsure.md");
    assert!(unsure.contains("| flow_ytd | flow |"), "{unsure}");
    check(
        &place.shown("en", &["query", "revenue, net_profit, net_margin each quarter"]),
        expect![[r#"
            [en 0]
            query: revenue, net_profit, net_margin each quarter
             period        Operating revenue (million CNY)   Net profit (million CNY)   Net margin (%)
            ───────────── ───────────────────────────────── ────────────────────────── ────────────────
             2024 Q1 YTD                                30                          3            10.00
             2024 Q2 YTD                                70                          3             4.29
            note: figures of quarters and halves are year to date, as reported; use :single for the period alone
            note: 1 value(s) of `net_profit` rest on incomplete data; for 2024Q2, 1 of 2 are missing and left out
            note: `net_profit` rests on different samples: 2 values at 2024Q1, 1 at 2024Q2; part of any change is that
            note: 1 value(s) of `net_margin` rest on incomplete data; for 2024Q2, 1 of 2 are missing and left out
            note: `net_profit`, `revenue`: added up over `company`; `by company` shows each
            2 row(s) in [MS] ms, catalog [DIGEST]
        "#]],
    );
}

#[test]
fn a_wide_table_that_is_kept_gets_no_metric() {
    let csv = "股票代码,2022年营业收入(万元),2023年营业收入(万元)\n000001,1,2\n600036,3,4\n";
    let place = drafted("kept.csv", csv, &["--keep-columns"]);
    let draft = place.read("catalog/inferred.yaml");
    assert!(!draft.contains("revenue"), "{draft}");
    check(
        &place.read("catalog/unsure.md"),
        expect![[r#"
        # What the draft of the catalog is unsure of

        | definition | taken | could also be | why |
        |---|---|---|---|
        | `tables.kept` | left out |  | a wide table: 2022年营业收入(万元), 2023年营业收入(万元) are columns of one period each, and no metric was drafted of them. Import the file again (`jinsheng data add` without --keep-columns), which makes rows of such columns; if they stay, give the file one row a period, with the period in a column of its own (such as `year`) |

        # Tables and columns left out

        | table | column | why |
        |---|---|---|
        | kept | 2022年营业收入(万元) | its name is a period, and what is of several periods is not added up |
        | kept | 2023年营业收入(万元) | its name is a period, and what is of several periods is not added up |
    "#]],
    );
}

/// A workbook of one sheet: cells are parted by commas, and numbers are numbers where they are not codes.
fn sheet(lines: &[&str]) -> Vec<u8> {
    const SPREADSHEET: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let related = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let cell = |text: &str| match text.parse::<f64>() {
        Ok(_) if !text.starts_with('0') => format!("<c><v>{text}</v></c>"),
        _ => format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>"),
    };
    let row = |line: &&str| format!("<row>{}</row>", line.split(',').map(cell).collect::<String>());
    let rows: String = lines.iter().map(row).collect();
    let files = [
        ("_rels/.rels", related("officeDocument", "xl/workbook.xml")),
        (
            "xl/_rels/workbook.xml.rels",
            related("worksheet", "worksheets/sheet1.xml"),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{SPREADSHEET}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"s\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{SPREADSHEET}\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ];
    jinsheng_testkit::fuzz::archive(&files.each_ref().map(|(name, text)| (*name, text.as_bytes())))
}

#[test]
fn a_sheet_with_a_unit_above_years_beside_and_a_total_below_is_asked_as_any_other() {
    let place = Place::project();
    let lines = [
        "主要指标 单位：万元",
        "股票代码,指标,2023,2024",
        "000001,营业收入,10,12",
        "000001,净资产收益率(%),11.4,10.1",
        "000002,营业收入,30,33",
        "000002,净资产收益率(%),16.2,14.5",
        "合计,营业收入,40,45",
    ];
    std::fs::write(place.path("wide.xlsx"), sheet(&lines)).unwrap();
    place.ok("en", &["data", "add", "wide.xlsx"]);
    place.ok("en", &["catalog", "infer"]);
    place.ok("en", &["catalog", "check"]);
    check(
        &place.shown("en", &["query", "revenue, roe, yoy(revenue) by company at 2024"]),
        expect![[r#"
            [en 0]
            query: revenue, roe, yoy(revenue) by company at 2024
             Company   period   Operating revenue (ten thousand CNY)   Return on equity (%)   Operating revenue YoY (%)
            ───────── ──────── ────────────────────────────────────── ────────────────────── ───────────────────────────
             000001    2024                                       12                   10.1                          20
             000002    2024                                       33                   14.5                          10
            2 row(s) in [MS] ms, catalog [DIGEST]
        "#]],
    );
    check(
        &place.shown("en", &["query", "revenue each year"]),
        expect![[r#"
            [en 0]
            query: revenue each year
             period   Operating revenue (ten thousand CNY)
            ──────── ──────────────────────────────────────
             2023                                       40
             2024                                       45
            note: `revenue`: added up over `company`; `by company` shows each
            2 row(s) in [MS] ms, catalog [DIGEST]
        "#]],
    );
}

const HOLDINGS: &str = "C001,P01,2024-05-31,100\nC001,P02,2024-05-31,200\nC002,P01,2024-05-31,300\n\
    C001,P01,2024-06-30,110\nC001,P02,2024-06-30,220\nC002,P01,2024-06-30,330\n";

#[test]
fn a_file_that_was_loaded_twice_is_not_summed_twice() {
    let once = format!("客户号,产品代码,日期,持仓市值(元)\n{HOLDINGS}");
    let twice = format!("{once}{HOLDINGS}");
    let line = ["query", "market_value by client at 2024-05, 2024-06"];
    let rows = |csv: &str| drafted("holdings.csv", csv, &[]).json("en", &line)["rows"].clone();
    assert_eq!(rows(&twice), rows(&once));
    let place = drafted("holdings.csv", &twice, &[]);
    check(
        &place.both(&line),
        expect![[r#"
        [zh 0]
        查询：market_value by client at 2024-05, 2024-06
         客户   期间        持仓市值（元）
        ────── ─────────── ────────────────
         C001   2024年5月              300
         C001   2024年6月              330
         C002   2024年5月              300
         C002   2024年6月              330
        注：表 `holdings` 有 客户号, 产品代码, 日期 相同的行：值相同的只算一次，不同的视为缺失
        4 行，用时 [MS] 毫秒，目录 [DIGEST]
        [en 0]
        query: market_value by client at 2024-05, 2024-06
         Client   period    Market value of holdings (CNY)
        ──────── ───────── ────────────────────────────────
         C001     2024-05                              300
         C001     2024-06                              330
         C002     2024-05                              300
         C002     2024-06                              330
        note: table `holdings` has rows that share 客户号, 产品代码, 日期: where they agree they count once, where they differ the value is missing
        4 row(s) in [MS] ms, catalog [DIGEST]
    "#]],
    );
    check(
        &place.read("catalog/unsure.md"),
        expect![[r#"
        # What the draft of the catalog is unsure of

        | definition | taken | could also be | why |
        |---|---|---|---|
        | `tables.holdings.unique` | true | false | 6 rows are alike with others, most likely loaded twice; subject and period determine the different ones, so rows that are alike count once. Look at the source; say false only if they are events of their own |
    "#]],
    );
}

#[test]
fn a_file_that_was_loaded_twice_in_part_or_under_new_numbers_is_not_summed_twice() {
    let header = "序号,客户号,产品代码,日期,持仓市值(元)\n";
    let rows: Vec<&str> = HOLDINGS.lines().collect();
    let numbered = |rows: &[&str]| -> String {
        let rows = rows.iter().enumerate();
        rows.map(|(index, row)| format!("{},{row}\n", index + 1))
            .collect()
    };
    let all = [rows.clone(), rows.clone()].concat();
    let some = [rows.clone(), vec![rows[0]]].concat();
    for csv in [numbered(&all), numbered(&some)] {
        let place = drafted("holdings.csv", &format!("{header}{csv}"), &[]);
        let answer = place.json("en", &["query", "market_value at 2024-05, 2024-06"]);
        assert_eq!(
            answer["rows"],
            serde_json::json!([["2024-05", "600"], ["2024-06", "660"]])
        );
    }
}

#[test]
fn transactions_that_are_alike_count_and_say_so() {
    let csv = "客户号,交易日期,交易类型,交易金额(元)\nC001,2024-06-03,买入,100\nC001,2024-06-03,买入,100\n\
        C001,2024-06-03,买入,120\nC002,2024-06-04,卖出,50\n";
    let place = drafted("flows.csv", csv, &[]);
    check(
        &place.both(&["query", "transaction_amount at 2024-06"]),
        expect![[r#"
            [zh 0]
            查询：transaction_amount at 2024-06
             期间        交易金额（元）
            ─────────── ────────────────
             2024年6月              370
            注：`transaction_amount` 是各 `client` 的合计；分开看请加 by client
            注：表 `flows` 有各列完全相同的行，每行都算；若是重复导入，数值偏大：在目录中该表写 `repeated_rows: once`，确属不同业务则写 `each`
            1 行，用时 [MS] 毫秒，目录 [DIGEST]
            [en 0]
            query: transaction_amount at 2024-06
             period    Transaction amount (CNY)
            ───────── ──────────────────────────
             2024-06                        370
            note: `transaction_amount`: added up over `client`; `by client` shows each
            note: table `flows` has rows that are alike in every column, and each counts; if they were loaded twice the figure is too large: write `repeated_rows: once` for the table in the catalog, or `each` if they are events of their own
            1 row(s) in [MS] ms, catalog [DIGEST]
        "#]],
    );
    let ruled = place.read("catalog/inferred.yaml").replace(
        "    unique: false\n",
        "    unique: false\n    repeated_rows: once\n",
    );
    place.write("catalog/inferred.yaml", &ruled);
    let answer = place.json("en", &["query", "transaction_amount at 2024-06"]);
    assert_eq!(answer["rows"], serde_json::json!([["2024-06", "270"]]));
    check(
        &place.both(&[
            "query",
            "transaction_amount by client where kind = '买卖' at 2024-06",
        ]),
        expect![[r#"
            [zh 0]
            查询：transaction_amount by client where kind = '买卖' at 2024-06
            注：没有符合条件的数据
            注：`flows.kind` 没有取值 `买卖`；相近的有 `买入`
            0 行，用时 [MS] 毫秒，目录 [DIGEST]
            [en 0]
            query: transaction_amount by client where kind = '买卖' at 2024-06
            note: no data match
            note: `flows.kind` has no value `买卖`; near it: `买入`
            0 row(s) in [MS] ms, catalog [DIGEST]
        "#]],
    );
}
