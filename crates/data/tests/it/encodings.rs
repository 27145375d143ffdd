//! Text in the encodings that Chinese programs write.

use encoding_rs::{BIG5, GB18030, UTF_16LE};
use expect_test::expect;
use jinsheng_data::AddOptions;

use crate::support::Project;

const TEXT: &str = "代码,名称,备注\n000858,五粮液,龘靐齉爩𠮷\n600519,贵州茅台,営業收入\n";

/// encoding_rs does not encode UTF-16, so this does.
fn utf16(text: &str, little: bool, mark: bool) -> Vec<u8> {
    let units = mark.then_some(0xfeff_u16).into_iter().chain(text.encode_utf16());
    units
        .flat_map(|unit| {
            if little {
                unit.to_le_bytes()
            } else {
                unit.to_be_bytes()
            }
        })
        .collect()
}

#[test]
fn found_by_looking() {
    let reference = Project::new().show("t.csv", TEXT);
    let marked = format!("\u{feff}{TEXT}");
    assert_eq!(Project::new().show("t.csv", marked), reference);
    let rows = |shown: &str| {
        shown
            .lines()
            .filter(|line| !line.starts_with('!'))
            .collect::<Vec<_>>()
            .join("\n")
    };
    for (name, bytes) in [
        ("gb18030", GB18030.encode(TEXT).0.into_owned()),
        ("utf-16le", utf16(TEXT, true, true)),
        ("utf-16be", utf16(TEXT, false, true)),
        ("utf-16le without a mark", utf16(TEXT, true, false)),
        ("utf-16be without a mark", utf16(TEXT, false, false)),
    ] {
        let shown = Project::new().show("t.csv", bytes);
        assert_eq!(rows(&shown), rows(&reference), "{name}");
        assert!(shown.starts_with("! read as"), "{name}: {shown}");
    }
}

#[test]
fn short_gbk_texts() {
    for text in [
        "名称\n联通\n",
        "a,b\n一行,1\n",
        "姓名,部门\n张三,风险管理部\n",
        "公司\n中国石油化工股份有限公司\n",
    ] {
        let shown = Project::new().show("t.csv", GB18030.encode(text).0);
        let plain = Project::new().show("t.csv", text);
        let body = |shown: &str| {
            shown
                .lines()
                .filter(|line| !line.starts_with('!'))
                .map(ToOwned::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(body(&shown), body(&plain), "{text}");
    }
}

/// A lone character may be valid in both; then it is UTF-8 unless the user says otherwise.
#[test]
fn bytes_that_are_two_encodings() {
    let bytes = GB18030.encode("a,b\n一,1\n").0.into_owned();
    assert!(Project::new().show("t.csv", &bytes).contains("\u{4bb}"));
    let options = AddOptions {
        encoding: Some("gbk".into()),
        ..AddOptions::default()
    };
    assert!(Project::new().show_with("t.csv", &bytes, &options).contains('一'));
}

#[test]
fn asked_for() {
    let big5 = BIG5.encode("名稱,值\n臺灣,1\n").0.into_owned();
    let options = AddOptions {
        encoding: Some("big5".into()),
        ..AddOptions::default()
    };
    expect![[r#"
        # t (1 rows)
        名稱: text
        值: integer
          臺灣 | 1
    "#]]
    .assert_eq(&Project::new().show_with("t.csv", big5, &options));
    let options = AddOptions {
        encoding: Some("utf-8".into()),
        ..AddOptions::default()
    };
    expect![[r#"
        input_invalid
        `t.csv` line 1 (byte 1 of the file) holds bytes that are not UTF-8
        leave out `--encoding` to have it found, or name the right one
        `t.csv` 第 1 行（文件第 1 字节）有不属于 UTF-8 编码的字节
        去掉 `--encoding` 让程序自行判断，或改用正确的编码
    "#]]
    .assert_eq(&Project::new().show_with("t.csv", GB18030.encode(TEXT).0, &options));
    let options = AddOptions {
        encoding: Some("klingon".into()),
        ..AddOptions::default()
    };
    expect![[r#"
        input_invalid
        no encoding `klingon`
        for instance utf-8, gb18030, gbk, big5, utf-16le
        没有编码 `klingon`
        例如 utf-8、gb18030、gbk、big5、utf-16le
    "#]]
    .assert_eq(&Project::new().show_with("t.csv", TEXT, &options));
    assert_eq!(UTF_16LE.name(), "UTF-16LE");
}

#[test]
fn a_broken_byte_is_named_by_its_line() {
    let mut bytes = TEXT.as_bytes().to_vec();
    let at = bytes.len() - 5;
    bytes[at] = 0xff;
    expect![[r#"
        input_invalid
        `t.csv` line 3 (byte 82 of the file) holds bytes that are not UTF-8
        mend that line, or name the encoding with `--encoding`, such as `--encoding gb18030`
        `t.csv` 第 3 行（文件第 82 字节）有不属于 UTF-8 编码的字节
        修正该行，或用 `--encoding` 指明编码，如 `--encoding gb18030`
    "#]]
    .assert_eq(&Project::new().show("t.csv", bytes));
    expect![[r#"
        input_invalid
        `t.csv` line 2 (byte 7 of the file) holds bytes that are not UTF-8
        mend that line, or name the encoding with `--encoding`, such as `--encoding gb18030`
        `t.csv` 第 2 行（文件第 7 字节）有不属于 UTF-8 编码的字节
        修正该行，或用 `--encoding` 指明编码，如 `--encoding gb18030`
    "#]]
    .assert_eq(&Project::new().show("t.csv", b"a,b\n1,\0\0\n"));
}

#[test]
fn characters_across_the_ends_of_buffers() {
    // Three-byte characters over more than one chunk of a mebibyte, shifted so that every cut occurs.
    for shift in 0..3 {
        let text = format!("{}a\n{}\n", "x".repeat(shift), "万\n".repeat(400_000));
        let mut project = Project::new();
        let path = project.file("t.csv", &text);
        let report = project.add(&path).unwrap();
        assert_eq!(report.source.encoding.as_deref(), Some("UTF-8"), "{shift}");
        assert_eq!(report.source.tables[0].rows, 400_000);
        assert_eq!(report.source.tables[0].columns[0].distinct, Some(1));
        let path = project.file("g.csv", GB18030.encode(&text).0);
        let report = project.add(&path).unwrap();
        assert_eq!(report.source.tables[0].columns[0].distinct, Some(1));
    }
}

/// Text in one of the common encodings with a few bad bytes is named by its encoding and the place; no encoding that
/// takes any bytes is guessed for it.
#[test]
fn damaged_text_is_not_guessed_as_another_encoding() {
    let place = |shown: &str| shown.lines().nth(1).unwrap_or(shown).to_owned();
    // A character cut short, behind a few good ones.
    let mut cut = "名称,值\n公司,1\n".as_bytes().to_vec();
    cut.extend(b"\xe5\x85,2\n");
    assert_eq!(
        place(&Project::new().show("t.csv", &cut)),
        "`t.csv` line 3 (byte 21 of the file) holds bytes that are not UTF-8"
    );
    let mut western = "name,v\nMüller,1\nJosé,2\nÖ,3\né,4\n".as_bytes().to_vec();
    western.extend(b"\xff,2\n");
    assert_eq!(
        place(&Project::new().show("t.csv", &western)),
        "`t.csv` line 6 (byte 36 of the file) holds bytes that are not UTF-8"
    );
    // A bad byte in a long text and in a short one.
    for (text, lines) in [("名称,值\n", 40_000_u64), ("公司,男\n", 1)] {
        let mut bytes = GB18030.encode("名称,值\n").0.into_owned();
        for _ in 0..lines {
            bytes.extend(GB18030.encode(text).0.iter());
        }
        let at = bytes.len() + 1;
        bytes.extend(b"\xff,1\n");
        bytes.extend(GB18030.encode(text).0.iter());
        let shown = Project::new().show("t.csv", &bytes);
        assert_eq!(
            place(&shown),
            format!(
                "`t.csv` line {} (byte {at} of the file) holds bytes that are not gb18030",
                lines + 2
            )
        );
        assert!(shown.contains("--encoding big5"), "{shown}");
    }
}

#[test]
fn single_byte_encodings_are_still_found() {
    for (encoding, text) in [
        (
            encoding_rs::WINDOWS_1252,
            "prénom,âge\nJosé,1\nAndré,2\nZoé,3\nà côté,4\n",
        ),
        (
            encoding_rs::WINDOWS_1252,
            "Name,Größe\nMüller,1\nJäger,2\nFuß,3\nSchröder,4\nKönig,5\nGroß,6\n",
        ),
        (
            encoding_rs::WINDOWS_1251,
            "имя,город\nИван,Москва\nОльга,Казань\nПётр,Санкт-Петербург\nАнна,Омск\n",
        ),
    ] {
        let shown = Project::new().show("t.csv", encoding.encode(text).0);
        let first = format!("! read as {}", encoding.name());
        assert!(shown.starts_with(&first), "{shown}");
    }
}
