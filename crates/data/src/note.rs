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
        /// The first of them; imports before version 4 did not keep it.
        #[serde(default)]
        example: String,
        /// Its row, or 0.
        #[serde(default)]
        row: u64,
    },
    /// Texts that look like numbers in a form that may as well be something else, so the column stays text.
    LooksNumeric {
        /// Which form.
        form: LooksLike,
        /// How many.
        cells: u64,
        /// The first of them.
        example: String,
        /// Its row.
        row: u64,
    },
    /// Commas were read as between thousands, but another column of the file writes decimal commas.
    CommasInDoubt {
        /// How many.
        cells: u64,
        /// The first of them.
        example: String,
        /// Its row.
        row: u64,
    },
    /// Codes that a spreadsheet took for numbers and wrote in scientific notation or with 15 digits; they are damaged.
    CodesAsNumbers {
        /// How many.
        cells: u64,
        /// The first of them.
        example: String,
        /// Its row.
        row: u64,
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
    /// Cells that are merged with a text or code above them and were given it.
    MergedFilled {
        /// How many.
        cells: u64,
        /// Headers of their columns.
        columns: Vec<String>,
    },
    /// Cells that are merged with an amount above them, which counts once, or with a long text; they are missing.
    MergedOnce {
        /// How many.
        cells: u64,
        /// Headers of their columns.
        columns: Vec<String>,
    },
    /// The unit of a column that names none, from what stands above the table.
    CaptionUnit {
        /// The unit.
        unit: String,
    },
    /// Rows that sum up others (合计, Total); they were left out.
    TotalsLeftOut {
        /// How many.
        rows: u64,
        /// What the first of them is called.
        example: String,
        /// Its row.
        row: u64,
    },
    /// Rows that are called totals but do not sum up what stands above them; they are data like others.
    TotalsKept {
        /// How many.
        rows: u64,
        /// What the first of them is called.
        example: String,
        /// Its row.
        row: u64,
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
    /// Each row names the figure that it holds, so the column of values mixes figures.
    StackedFigures {
        /// Header of the column that names figures.
        item: String,
        /// Header of the column that holds them.
        value: String,
        /// Headers of the columns that say what a row is about.
        keys: Vec<String>,
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

/// A form of text that is nearly a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LooksLike {
    /// `1e3`, or a code such as `600E3`.
    Exponent,
    /// `12,34`.
    DecimalComma,
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
            Self::NotFinite { cells, row: 0, .. } => lang.pick(
                format!("{cells} 个单元格是无穷或非数值，按缺失处理"),
                format!("{cells} cells are infinite or not a number and count as missing"),
            ),
            Self::NotFinite { cells, example, row } => lang.pick(
                format!("{cells} 个单元格是无穷或非数值（如第 {row} 行“{example}”），按缺失处理；若分母为零或溢出，请在来源中核对"),
                format!("{cells} cells are infinite or not a number (such as `{example}` in row {row}) and count as missing; look in the source for a division by zero"),
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
            Self::LooksNumeric { .. } | Self::CommasInDoubt { .. } | Self::CodesAsNumbers { .. } => self.doubt(lang),
            Self::MergedFilled { .. }
            | Self::MergedOnce { .. }
            | Self::CaptionUnit { .. }
            | Self::TotalsLeftOut { .. }
            | Self::TotalsKept { .. } => self.layout(lang),
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
            Self::StackedFigures { item, value, keys } => stacked_figures(item, value, keys, lang),
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

    /// What is nearly a number.
    fn doubt(&self, lang: Lang) -> String {
        match self {
            Self::LooksNumeric { form: LooksLike::Exponent, cells, example, row } => lang.pick(
                format!("{cells} 个单元格像科学计数法，也可能是代码（如第 {row} 行“{example}”），整列按文本保存；若是数值，请写成 1000 或 1.0E+03 再导入"),
                format!("{cells} cells may be numbers in scientific notation or codes (such as `{example}` in row {row}), so the column stays text; if they are numbers, write 1000 or 1.0E+03 and import again"),
            ),
            Self::LooksNumeric { form: LooksLike::DecimalComma, cells, example, row } => lang.pick(
                format!("{cells} 个单元格像用逗号作小数点（如第 {row} 行“{example}”），整列按文本保存；请改用小数点（12.34）再导入"),
                format!("{cells} cells seem to have decimal commas (such as `{example}` in row {row}), so the column stays text; write decimal points (12.34) and import again"),
            ),
            Self::CommasInDoubt { cells, example, row } => lang.pick(
                format!("{cells} 个单元格的逗号按千分位读取（如第 {row} 行“{example}”），但同一文件的其他列用逗号作小数点；请改用小数点再导入，否则这些数可能大了一千倍"),
                format!("commas of {cells} cells were read as between thousands (such as `{example}` in row {row}), but another column of this file has decimal commas; write decimal points and import again, or these numbers may be a thousand times too large"),
            ),
            Self::CodesAsNumbers { cells, example, row } => lang.pick(
                format!("{cells} 个代码被表格软件改写成数值（如第 {row} 行“{example}”），可能已丢失位数；请在来源中把该列设为文本、恢复原代码后再导入"),
                format!("{cells} codes were rewritten as numbers by a spreadsheet (such as `{example}` in row {row}) and may have lost digits; store the column as text in the source, restore the codes, and import again"),
            ),
            _ => String::new(),
        }
    }

    /// How people lay out sheets.
    fn layout(&self, lang: Lang) -> String {
        match self {
            Self::MergedFilled { cells, columns } => {
                let (zh, en) = (columns.join("、"), columns.join(", "));
                lang.pick(
                    format!("{cells} 个合并单元格按表中所示向下填充（{zh}）"),
                    format!("{cells} merged cells were filled downward, as the sheet shows them ({en})"),
                )
            }
            Self::MergedOnce { cells, columns } => {
                let (zh, en) = (columns.join("、"), columns.join(", "));
                lang.pick(
                    format!("{cells} 个单元格与上方的数值或长文本合并（{zh}），只在首行计一次，其余按缺失处理；若每行都有该值，请取消合并并填写后再导入"),
                    format!("{cells} cells are merged with an amount or a long text above them ({en}), which counts once, in the first row; the others are missing: if each row has the value, unmerge and fill them, and import again"),
                )
            }
            Self::CaptionUnit { unit } => lang.pick(
                format!("列名没有单位，取表上方所写的 {unit}"),
                format!("the header names no unit; {unit} is stated above the table"),
            ),
            Self::TotalsLeftOut { rows, example, row } => lang.pick(
                format!("略去 {rows} 个汇总行（如第 {row} 行“{example}”），以免被当作主体、重复计入合计；若它是普通数据，请改名再导入"),
                format!("{rows} rows that sum up others were left out (such as `{example}` in row {row}), or sums would count them twice; if they are data like others, rename them and import again"),
            ),
            Self::TotalsKept { rows, example, row } => lang.pick(
                format!("{rows} 行名为汇总（如第 {row} 行“{example}”），但未能确认是上方各行之和，仍作为数据保留，合计会把它们算进去；若是汇总行，请在来源中删去再导入"),
                format!("{rows} rows are called totals (such as `{example}` in row {row}) but do not visibly sum up the rows above; they were kept, and sums count them: if they are totals, remove them from the source and import again"),
            ),
            _ => String::new(),
        }
    }
}

fn stacked_figures(item: &str, value: &str, keys: &[String], lang: Lang) -> String {
    let (zh, en) = match keys {
        [] => (String::new(), String::new()),
        keys => (
            format!("{} 相同的行并为一行，", keys.join("、")),
            format!("one row for each {}, ", keys.join(", ")),
        ),
    };
    lang.pick(
        format!("`{value}` 列混有 `{item}` 所指的不同指标，相加没有意义：请先转成宽表再导入（{zh}`{item}` 的每一项各成一列）"),
        format!("`{value}` mixes the figures that `{item}` names, and sums over it mean nothing: reshape the file and import it again ({en}one column for each text of `{item}`)"),
    )
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
