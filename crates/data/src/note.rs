//! Oddities met on import: what was done about them, for people and for `--json`.

use jinsheng_core::Lang;
use serde::{Deserialize, Serialize};

/// Something that a reader of a table should know. Rows are rows or lines of the source file, from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Note {
    /// The column had no header and is named by its position.
    EmptyHeader,
    /// An earlier column has this header too, so a number was appended to the name.
    DuplicateHeader,
    /// Text among numbers or dates, so all of the column stays text.
    MixedText {
        /// Cells that are a number, a date or a truth value.
        typed: u64,
        /// Cells that are neither.
        others: u64,
        /// One of the others.
        example: String,
        /// Its row.
        row: u64,
    },
    /// Some cells carry a percent sign and some do not, so all of the column stays text.
    MixedPercent {
        /// Cells with a percent sign.
        percent: u64,
        /// Numbers without.
        plain: u64,
    },
    /// Digits that are a code: kept as text because a value begins with zero.
    LeadingZeros,
    /// Digits that are a code: kept as text because the header says so.
    CodeHeader,
    /// Digits that are a code: all values have this many digits, too many for an amount.
    LongDigits {
        /// Digits of every value.
        width: u32,
    },
    /// The source holds these codes as numbers, so leading zeros may be lost.
    ZerosMayBeLost {
        /// The greatest number of digits met, the likely width.
        width: u32,
    },
    /// Numbers with more than 38 digits before the point, so the column stays text.
    TooManyDigits,
    /// Infinities and values that are not a number; they are missing now.
    NotFinite {
        /// How many.
        cells: u64,
    },
    /// Cells that cannot be a value (an error of a formula, bytes); they are missing now.
    Unreadable {
        /// How many.
        cells: u64,
        /// The first of them.
        example: String,
        /// Its row.
        row: u64,
    },
    /// Formulas whose value the workbook does not hold, as programs leave them that do not compute; they are missing.
    FormulasWithoutValue {
        /// How many.
        cells: u64,
        /// Headers of their columns.
        columns: Vec<String>,
    },
    /// Numbers that may be shown as percentages, which cannot be told in this format.
    PercentUnknown,
    /// Cells that lost digits because the column does not fit 38 digits.
    Rounded {
        /// How many.
        cells: u64,
    },
    /// Dates such as 03/04/2025, whose day and month cannot be told apart, so the column stays text.
    AmbiguousDates,
    /// Times in several zones, or some with and some without one, so the column stays text.
    MixedZones,
    /// Times carried this zone; the wall time was kept.
    Zone {
        /// Such as `+08:00`.
        offset: String,
    },
    /// Times were cut to microseconds.
    CutToMicroseconds,
    /// Numbers were written with a percent sign; the value is the number before it and the unit is %.
    PercentSigns,
    /// Rows without any value; they were left out.
    EmptyRows {
        /// How many.
        rows: u64,
    },
    /// A remark under the table, such as its source; it is no row.
    Footer {
        /// What it says.
        text: String,
        /// Its row.
        row: u64,
    },
    /// The file has a column for each period; here each period is a row.
    PeriodsToRows {
        /// How many columns of the file.
        columns: u64,
        /// Header of the column that holds the periods now.
        period: String,
        /// Headers of the columns that hold the values now.
        values: Vec<String>,
        /// Header of the file's column whose texts became those headers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        item: Option<String>,
    },
    /// The first row looks like data; the file may have no header.
    HeaderLooksLikeData,
    /// The text is in this encoding, found by looking at the bytes.
    Encoding {
        /// Name in the WHATWG Encoding Standard.
        encoding: String,
    },
    /// Some text of the database is not UTF-8 and was read as GB18030.
    ForeignText {
        /// How many cells.
        cells: u64,
    },
    /// A part of the source was left out.
    Skipped {
        /// Its name.
        name: String,
        /// Why.
        why: SkipReason,
    },
}

/// Why a part of a source was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// A sheet or table without data.
    Empty,
    /// A view: what it shows is in the tables.
    View,
    /// A virtual table, which needs an extension of SQLite.
    Virtual,
    /// A chart or macro sheet.
    NotASheet,
    /// A nested column of a Parquet file.
    Nested,
    /// A sheet whose cells are formulas without stored values.
    Formulas,
}

impl Note {
    /// The note as a sentence without a full stop.
    pub fn message(&self, lang: Lang) -> String {
        match self {
            Self::EmptyHeader => lang.pick("没有列名，按位置命名".into(), "has no header and is named by its position".into()),
            Self::DuplicateHeader => lang.pick(
                "列名与前面的列重复，已加序号".into(),
                "repeats the header of an earlier column, so a number was appended".into(),
            ),
            Self::MixedText { typed, others, example, row } => lang.pick(
                format!("{typed} 个单元格是数值或日期，{others} 个不是（如第 {row} 行“{example}”），整列按文本保存"),
                format!("{typed} cells are numbers or dates and {others} are not (such as `{example}` in row {row}), so the column stays text"),
            ),
            Self::MixedPercent { percent, plain } => lang.pick(
                format!("{percent} 个单元格带百分号，{plain} 个不带，整列按文本保存"),
                format!("{percent} cells carry a percent sign and {plain} do not, so the column stays text"),
            ),
            Self::LeadingZeros => lang.pick("数字以 0 开头，视为代码，按文本保存".into(), "digits with leading zeros are codes and stay text".into()),
            Self::CodeHeader => lang.pick("列名表明是代码，按文本保存".into(), "the header says that these are codes, which stay text".into()),
            Self::LongDigits { width } => lang.pick(
                format!("各值均为 {width} 位数字，视为号码，按文本保存"),
                format!("every value has {width} digits; such numbers are codes and stay text"),
            ),
            Self::ZerosMayBeLost { width } => lang.pick(
                format!("来源把代码存成数值，开头的 0 可能已丢失（最长 {width} 位）"),
                format!("the source holds these codes as numbers, so leading zeros may be lost (the longest has {width} digits)"),
            ),
            Self::TooManyDigits => lang.pick("整数部分超过 38 位，按文本保存".into(), "more than 38 digits before the point, so the column stays text".into()),
            Self::NotFinite { cells } => lang.pick(
                format!("{cells} 个单元格是无穷或非数值，按缺失处理"),
                format!("{cells} cells are infinite or not a number and count as missing"),
            ),
            Self::Unreadable { cells, example, row } => lang.pick(
                format!("{cells} 个单元格不是数据（如第 {row} 行 {example}），按缺失处理"),
                format!("{cells} cells hold no value (such as {example} in row {row}) and count as missing"),
            ),
            Self::FormulasWithoutValue { cells, columns } => {
                let (zh, en) = (columns.join("、"), columns.join(", "));
                lang.pick(
                    format!("{cells} 个公式单元格没有保存计算结果，按缺失处理（{zh}）；请用表格软件打开并保存后再导入"),
                    format!("{cells} formula cells have no stored value and count as missing ({en}); open the file in a spreadsheet program, save it, and import it again"),
                )
            }
            Self::PercentUnknown => lang.pick(
                "XLS 文件的百分比格式无法识别：显示为 12% 的数按 0.12 导入；若有此类列，请另存为 XLSX 再导入".into(),
                "percent formats of XLS files are not read: what is shown as 12% is imported as 0.12; if there are such columns, save the file as XLSX and import that".into(),
            ),
            Self::Rounded { cells } => lang.pick(
                format!("{cells} 个单元格超出 38 位有效数字，已四舍五入"),
                format!("{cells} cells were rounded because the column does not fit 38 digits"),
            ),
            Self::AmbiguousDates => lang.pick(
                "日期的日与月分不清（如 03/04/2025），按文本保存；请改为 2025-04-03".into(),
                "day and month of dates such as 03/04/2025 cannot be told apart, so the column stays text; write 2025-04-03".into(),
            ),
            Self::MixedZones => lang.pick(
                "时间的时区不一致，按文本保存".into(),
                "times are in several zones, so the column stays text".into(),
            ),
            Self::Zone { offset } => lang.pick(
                format!("时间带时区 {offset}，保留当地时间"),
                format!("times carried the zone {offset}; the wall time was kept"),
            ),
            Self::CutToMicroseconds => lang.pick("时间截断到微秒".into(), "times were cut to microseconds".into()),
            Self::PercentSigns => lang.pick("数值带百分号，单位记为 %".into(), "numbers carried a percent sign; the unit is %".into()),
            Self::EmptyRows { rows } => lang.pick(format!("略去 {rows} 个空行"), format!("{rows} empty rows were left out")),
            Self::Footer { text, row } => lang.pick(
                format!("第 {row} 行是表下说明“{text}”，不作数据"),
                format!("row {row} is a remark and no data: `{text}`"),
            ),
            Self::PeriodsToRows { columns, period, values, item } => periods_to_rows(*columns, period, values, item.as_deref(), lang),
            Self::HeaderLooksLikeData => lang.pick(
                "首行像是数据，文件可能没有列名".into(),
                "the first row looks like data; the file may have no header".into(),
            ),
            Self::Encoding { encoding } => lang.pick(format!("按 {encoding} 编码读取"), format!("read as {encoding}")),
            Self::ForeignText { cells } => lang.pick(
                format!("{cells} 个单元格不是 UTF-8，按 GB18030 读取"),
                format!("{cells} cells are not UTF-8 and were read as GB18030"),
            ),
            Self::Skipped { name, why } => {
                let why = match why {
                    SkipReason::Empty => lang.pick("没有数据", "it holds no data"),
                    SkipReason::View => lang.pick("是视图", "it is a view"),
                    SkipReason::Virtual => lang.pick("是虚拟表", "it is a virtual table"),
                    SkipReason::NotASheet => lang.pick("不是工作表", "it is no worksheet"),
                    SkipReason::Nested => lang.pick("是嵌套列", "it is nested"),
                    SkipReason::Formulas => lang.pick("公式没有保存计算结果", "its formulas have no stored values"),
                };
                lang.pick(format!("略去 `{name}`：{why}"), format!("left out `{name}`: {why}"))
            }
        }
    }
}

fn periods_to_rows(columns: u64, period: &str, values: &[String], item: Option<&str>, lang: Lang) -> String {
    const SHOWN: usize = 5;
    let more = values.len() > SHOWN;
    let shown = values.get(..SHOWN).unwrap_or(values);
    let (zh, en) = (shown.join("、"), shown.join(", "));
    let (zh_more, en_more) = if more {
        (
            format!("等 {} 列", values.len()),
            format!(" and others, {} in all", values.len()),
        )
    } else {
        (String::new(), String::new())
    };
    let (zh_item, en_item) = match item {
        Some(item) => (
            format!("，`{item}` 的各项各成一列"),
            format!("; each text of `{item}` is a column"),
        ),
        None => (String::new(), String::new()),
    };
    lang.pick(
        format!("文件每个期间一列（共 {columns} 列），导入后每个期间一行：期间在 `{period}`，数值在 {zh}{zh_more}{zh_item}"),
        format!("the file has a column for each period ({columns} of them); here each period is a row: the period in `{period}`, the values in {en}{en_more}{en_item}"),
    )
}
