//! Workbooks: headers, captions, dates, codes, several sheets.

use expect_test::{Expect, expect};
use jinsheng_data::AddOptions;

use crate::support::Project;

/// A cell of a sheet under construction.
pub enum Value {
    T(&'static str),
    N(f64),
    /// A day as Excel counts, in a date style.
    D(f64),
    /// A number in a style of `FORMATS`.
    S(usize, f64),
    /// A formula whose value was not stored.
    F,
    E,
    No,
}

use Value::{D, E, F, N, No, S, T};

/// Number formats of the styles from 2 on.
const FORMATS: [&str; 7] = [
    "0.00%",
    "0.0&quot;%&quot;",
    "0.0\\%",
    "0.0_%",
    "0.0%;[Red]-0.0%;&quot;-&quot;",
    "[&lt;1]0%;0.00",
    "0.00;0%",
];

/// A workbook in a stored (not compressed) archive.
pub fn xlsx(sheets: &[(&str, &[&[Value]])]) -> Vec<u8> {
    xlsx_merged(sheets, &[])
}

/// The same with merged ranges, which every sheet has.
pub fn xlsx_merged(sheets: &[(&str, &[&[Value]])], merged: &[&str]) -> Vec<u8> {
    let mut ranges: String = merged
        .iter()
        .map(|range| format!("<mergeCell ref=\"{range}\"/>"))
        .collect();
    if !ranges.is_empty() {
        ranges = format!("<mergeCells count=\"{}\">{ranges}</mergeCells>", merged.len());
    }
    let mut files: Vec<(String, String)> = Vec::new();
    let sheet_list: String = sheets
        .iter()
        .enumerate()
        .map(|(i, (name, _))| format!("<sheet name=\"{name}\" sheetId=\"{0}\" r:id=\"rId{0}\"/>", i + 1))
        .collect();
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    files.push((
        "[Content_Types].xml".into(),
        format!("<Types xmlns=\"{package}/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"),
    ));
    files.push((
        "_rels/.rels".into(),
        format!("<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"),
    ));
    files.push((
        "xl/workbook.xml".into(),
        format!("<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets>{sheet_list}</sheets></workbook>"),
    ));
    let relations: String = (1..=sheets.len())
        .map(|i| {
            format!(
                "<Relationship Id=\"rId{i}\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet{i}.xml\"/>"
            )
        })
        .collect();
    files.push((
        "xl/_rels/workbook.xml.rels".into(),
        format!("<Relationships xmlns=\"{package}/relationships\">{relations}<Relationship Id=\"rIdS\" Type=\"{office}/styles\" Target=\"styles.xml\"/></Relationships>"),
    ));
    let (mut formats, mut styles) = (String::new(), String::new());
    for (i, code) in FORMATS.iter().enumerate() {
        // The built-in format is known by its number alone.
        let id = if i == 0 { 10 } else { 163 + i };
        if i > 0 {
            formats.push_str(&format!("<numFmt numFmtId=\"{id}\" formatCode=\"{code}\"/>"));
        }
        styles.push_str(&format!("<xf numFmtId=\"{id}\" applyNumberFormat=\"1\"/>"));
    }
    files.push((
        "xl/styles.xml".into(),
        format!("<styleSheet xmlns=\"{main}\"><numFmts>{formats}</numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/>{styles}</cellXfs></styleSheet>"),
    ));
    for (i, (_, rows)) in sheets.iter().enumerate() {
        let mut data = String::new();
        for (r, row) in rows.iter().enumerate() {
            data.push_str(&format!("<row r=\"{}\">", r + 1));
            for (c, value) in row.iter().enumerate() {
                let at = format!("{}{}", char::from(b'A' + u8::try_from(c).unwrap()), r + 1);
                data.push_str(&match value {
                    T(text) => format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"),
                    N(number) => format!("<c r=\"{at}\"><v>{number}</v></c>"),
                    D(day) => format!("<c r=\"{at}\" s=\"1\"><v>{day}</v></c>"),
                    S(style, number) => format!("<c r=\"{at}\" s=\"{style}\"><v>{number}</v></c>"),
                    F => format!("<c r=\"{at}\"><f>1+1</f></c>"),
                    E => format!("<c r=\"{at}\" t=\"e\"><v>#DIV/0!</v></c>"),
                    No => String::new(),
                });
            }
            data.push_str("</row>");
        }
        files.push((
            format!("xl/worksheets/sheet{}.xml", i + 1),
            format!("<worksheet xmlns=\"{main}\"><sheetData>{data}</sheetData>{ranges}</worksheet>"),
        ));
    }
    archive(&files)
}

pub fn archive(files: &[(String, String)]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    let mut directory: Vec<u8> = Vec::new();
    for (name, content) in files {
        let offset = u32::try_from(out.len()).unwrap();
        let size = u32::try_from(content.len()).unwrap();
        let mut header: Vec<u8> = Vec::new();
        for part in [20_u16, 0x0800, 0, 0, 0x21] {
            header.extend(part.to_le_bytes());
        }
        for part in [crc32(content.as_bytes()), size, size] {
            header.extend(part.to_le_bytes());
        }
        header.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        header.extend(0_u16.to_le_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&header);
        out.extend(name.as_bytes());
        out.extend(content.as_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&header);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = u32::try_from(out.len()).unwrap();
    let count = u16::try_from(files.len()).unwrap();
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0; 2]);
    out
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = !0_u32;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (0_u32.wrapping_sub(crc & 1)));
        }
    }
    !crc
}

#[track_caller]
fn check(sheets: &[(&str, &[&[Value]])], options: &AddOptions, expected: Expect) {
    expected.assert_eq(&Project::new().show_with("w.xlsx", xlsx(sheets), options));
}

#[test]
fn captions_codes_dates_and_remarks() {
    check(
        &[(
            "利润表",
            &[
                &[T("主要财务指标")],
                &[No, No, No, T("单位：万元")],
                &[],
                &[
                    T("股票代码"),
                    T("股票简称"),
                    T("报告期"),
                    T("营业收入"),
                    T("同比(%)"),
                    T("备注"),
                ],
                &[
                    N(538.0),
                    T("云南白药"),
                    D(45_657.0),
                    N(104_517.231_293),
                    N(0.1),
                    No,
                ],
                &[],
                &[N(600_519.0), T("贵州茅台"), D(45_657.0), N(3.0), E, T(" ")],
                &[T("数据来源：公司公告")],
            ],
        )],
        &AddOptions::default(),
        expect![[r#"
            # w (2 rows)
            caption: 主要财务指标 单位：万元 [万元]
            ! row 8 is a remark and no data: `数据来源：公司公告`
            股票代码: text
              ! the header says that these are codes, which stay text
              ! the source holds these codes as numbers, so leading zeros may be lost (the longest has 6 digits)
            股票简称: text
            报告期: date
            营业收入: decimal(12,6) [万元]
              ! the header names no unit; 万元 is stated above the table
            同比(%): decimal(1,1) [%] 1 missing
              ! 1 cells hold no value (such as #DIV/0! in row 7) and count as missing
            备注: text 2 missing
              538 | 云南白药 | 2024-12-31 | 104517.231293 | 0.1 | ·
              600519 | 贵州茅台 | 2024-12-31 | 3.000000 | · | ·
        "#]],
    );
}

#[test]
fn several_sheets() {
    let sheets: &[(&str, &[&[Value]])] = &[
        ("资产 负债表", &[&[T("a"), T("b")], &[N(1.0), D(45_657.5)]]),
        ("说明", &[&[T("only a title")]]),
        ("空", &[]),
        ("x.y", &[&[T("v"), No, T("w")], &[N(1.5), N(7.0), N(2.0)]]),
    ];
    check(
        sheets,
        &AddOptions::default(),
        expect![[r#"
        ! left out `说明`: it holds no data
        ! left out `空`: it holds no data
        # w.资产_负债表 (1 rows)
        a: integer
        b: timestamp
          1 | 2024-12-31T12:00:00
        # w.x_y (1 rows)
        v: decimal(2,1)
        column_2: integer
          ! has no header and is named by its position
        w: integer
          1.5 | 7 | 2
    "#]],
    );
    let one = AddOptions {
        sheet: Some("资产 负债表".into()),
        ..AddOptions::default()
    };
    check(
        sheets,
        &one,
        expect![[r#"
        # w (1 rows)
        a: integer
        b: timestamp
          1 | 2024-12-31T12:00:00
    "#]],
    );
    let none = AddOptions {
        sheet: Some("现金流".into()),
        ..AddOptions::default()
    };
    check(
        sheets,
        &none,
        expect![[r#"
        not_found
        `w.xlsx` has no sheet `现金流`
        its sheets: 资产 负债表, 说明, 空, x.y
        `w.xlsx` 中没有工作表 `现金流`
        现有工作表：资产 负债表、说明、空、x.y
    "#]],
    );
}

#[test]
fn a_cell_at_the_far_end_costs_nothing() {
    let mut book = xlsx(&[("s", &[&[T("a"), T("b")], &[N(1.0), N(2.0)]])]);
    let from = "r=\"B2\"";
    let text = String::from_utf8_lossy(&book).into_owned();
    assert!(text.contains(from));
    // The archive is stored, so a cell can be moved by changing its name; the checksum is not looked at here.
    let position = book
        .windows(from.len())
        .position(|window| window == from.as_bytes())
        .unwrap();
    book[position + 3] = b'Z';
    let shown = Project::new().show("w.xlsx", book);
    assert!(
        shown.contains("column_3: integer") || shown.contains("malformed"),
        "{shown}"
    );
}

#[test]
fn no_table_at_all() {
    check(
        &[("s", &[])],
        &AddOptions::default(),
        expect![[r#"
        input_invalid
        `w.xlsx` holds no table with data

        `w.xlsx` 中没有带数据的表

    "#]],
    );
}
