//! What a check found, with its texts in both languages.

use jinsheng_core::Lang;
use serde::Serialize;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// May make numbers wrong.
    Warning,
    /// Makes numbers wrong unless it is dealt with.
    Error,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum FindingKind {
    /// The table's file is not the one that was imported, or is gone; nothing else of the table was looked at.
    AlteredFile {
        /// The file is gone or cannot be read.
        unreadable: bool,
        /// Command line that imports its source again.
        again: String,
    },
    /// All values of a column are missing.
    EmptyColumn,
    /// All values of a column are one.
    ConstantColumn {
        /// That value.
        value: String,
    },
    /// Rows that are identical in every column.
    DoubledRows,
    /// Rows with the key of an earlier row.
    DuplicateKeys {
        /// The key was guessed, not given.
        guessed: bool,
        /// Why a guess is most likely wrong.
        doubt: Option<KeyDoubt>,
    },
    /// A value that stands for a missing one.
    Placeholder {
        /// The value.
        value: String,
    },
    /// Codes without the zeros that others of their column have, or that were lost in a workbook.
    CodesWithoutZeros {
        /// The likely number of digits.
        width: u32,
    },
    /// Text among numbers or dates.
    MixedColumn {
        /// Such as.
        example: String,
    },
    /// Values some ten thousand or hundred million times their neighbours, or that part of them: 元 for 万元.
    UnitSlip,
    /// A stored ratio is a hundred times what its header says, or a hundredth.
    RatioUnit {
        /// Unit in the header.
        stated: String,
        /// Unit of the values.
        found: String,
        /// What shows it.
        identity: String,
    },
    /// Two columns hold one detailed figure in a few rows although they have little in common otherwise.
    ColumnSlip,
    /// An identity that does not hold in some rows.
    IdentityBroken {
        /// What should hold.
        identity: String,
        /// Who says that it should.
        origin: IdentityOrigin,
    },
}

/// Where an identity comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityOrigin {
    /// The user.
    Given,
    /// Most rows obey it.
    Discovered,
    /// Columns of these names obey it everywhere, and many rows do here.
    Usual,
}

/// What speaks against a guessed key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyDoubt {
    /// Another column tells all rows apart.
    Unique {
        /// That column.
        column: String,
    },
    /// Few of the possible keys are there: rows are events, not a report for each subject and period.
    Events,
}

/// A row that shows a finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Example {
    /// Row of the table, from 1.
    pub row: u64,
    /// The key of the row, or its first texts.
    pub key: String,
    /// Columns and their values as text.
    pub values: Vec<(String, String)>,
    /// More, such as the row that it repeats; may be empty.
    pub detail: String,
}

/// Something found by a check.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// What.
    #[serde(flatten)]
    pub kind: FindingKind,
    /// How grave.
    pub severity: Severity,
    /// The table.
    pub table: String,
    /// The columns that it concerns; for keys, the key.
    pub columns: Vec<String>,
    /// Cells or rows that show it.
    pub count: u64,
    /// Cells or rows that could.
    pub of: u64,
    /// The first of them.
    pub examples: Vec<Example>,
}

impl Finding {
    /// One sentence without a full stop.
    pub fn message(&self, lang: Lang) -> String {
        let (count, of, table) = (self.count, self.of, &self.table);
        let columns = self.columns.join(lang.pick("、", ", "));
        match &self.kind {
            FindingKind::AlteredFile { unreadable: false, .. } => lang.pick(
                format!("`{table}` 的文件在导入后被改动（摘要不符），其数值不可用；该表的其他检查未做"),
                format!("the file of `{table}` was altered after the import (its digest differs); its numbers are not used, and nothing else of it was checked"),
            ),
            FindingKind::AlteredFile { unreadable: true, .. } => lang.pick(
                format!("`{table}` 的文件缺失或无法读取；该表的其他检查未做"),
                format!("the file of `{table}` is gone or cannot be read; nothing else of it was checked"),
            ),
            FindingKind::EmptyColumn => {
                lang.pick(format!("`{table}` 的 `{columns}` 全部缺失"), format!("`{columns}` of `{table}` is all missing"))
            }
            FindingKind::ConstantColumn { value } => lang.pick(
                format!("`{table}` 的 `{columns}` 只有一个值 `{value}`"),
                format!("`{columns}` of `{table}` holds one value only, `{value}`"),
            ),
            FindingKind::DoubledRows => lang.pick(
                format!("`{table}` 有 {count} 行与前面的行完全相同（共 {of} 行）"),
                format!("{count} of {of} rows of `{table}` repeat an earlier row in every column"),
            ),
            FindingKind::DuplicateKeys { guessed: true, doubt } => {
                let (zh, en) = match doubt {
                    None => (String::new(), String::new()),
                    Some(KeyDoubt::Unique { column }) => (
                        format!("；各行另由 `{column}` 区分"),
                        format!("; `{column}` tells all rows apart"),
                    ),
                    Some(KeyDoubt::Events) => (
                        "；各行像是逐笔事件，本可重复".to_owned(),
                        "; rows seem to be events, which may repeat it".to_owned(),
                    ),
                };
                lang.pick(
                    format!("`{table}` 有 {count} 行的推测主键（{columns}）与前面的行重复（共 {of} 行）{zh}"),
                    format!("{count} of {of} rows of `{table}` have the guessed key ({columns}) of an earlier row{en}"),
                )
            }
            FindingKind::DuplicateKeys { guessed: false, .. } => lang.pick(
                format!("`{table}` 有 {count} 行的主键（{columns}）与前面的行重复（共 {of} 行）"),
                format!("{count} of {of} rows of `{table}` have the key ({columns}) of an earlier row"),
            ),
            FindingKind::Placeholder { value } => lang.pick(
                format!("`{table}` 的 `{columns}` 有 {count} 个 {value}（共 {of} 个值），像是代表缺失"),
                format!("{count} of {of} values of `{columns}` in `{table}` are {value}, which seems to stand for a missing value"),
            ),
            FindingKind::CodesWithoutZeros { width } => lang.pick(
                format!("`{table}` 的 `{columns}` 有 {count} 个代码不足 {width} 位（共 {of} 个），可能丢了开头的 0"),
                format!("{count} of {of} codes of `{columns}` in `{table}` have fewer than {width} digits and may have lost leading zeros"),
            ),
            FindingKind::MixedColumn { example } => lang.pick(
                format!("`{table}` 的 `{columns}` 有 {count} 个单元格不是数值或日期（如“{example}”），整列按文本保存"),
                format!("the column `{columns}` of `{table}` is text because of {count} cell(s) that are no number or date (such as `{example}`)"),
            ),
            FindingKind::UnitSlip => lang.pick(
                format!("`{table}` 的 `{columns}` 有 {count} 个值与同一主体的其他值相差约一万倍或一亿倍"),
                format!("{count} value(s) of `{columns}` in `{table}` differ from others of their subject by about 10^4 or 10^8"),
            ),
            FindingKind::RatioUnit { stated, found, identity } => lang.pick(
                format!("`{table}` 的 `{columns}` 列名写 {stated}，数值却以{found}计（{count} 行满足 {identity}）"),
                format!("the header of `{columns}` in `{table}` says {stated} but its values are in {found} ({count} rows show {identity})"),
            ),
            FindingKind::ColumnSlip => lang.pick(
                format!("`{table}` 有 {count} 行的 {columns} 两列数值完全相同（共 {of} 行），而两列平时相差悬殊，疑为取错了列"),
                format!("{count} of {of} rows of `{table}` hold one figure in both {columns}, which have little in common otherwise: one seems to be taken from the other's place"),
            ),
            FindingKind::IdentityBroken { identity, origin: IdentityOrigin::Usual } => lang.pick(
                format!("`{table}` 有 {count} 行不满足 {identity}（共 {of} 行；这类报表应满足）"),
                format!("{count} of {of} rows of `{table}` break {identity}, which such statements obey"),
            ),
            FindingKind::IdentityBroken { identity, .. } => lang.pick(
                format!("`{table}` 有 {count} 行不满足 {identity}（共 {of} 行）"),
                format!("{count} of {of} rows of `{table}` break {identity}"),
            ),
        }
    }

    /// What the reader can do.
    pub fn hint(&self, lang: Lang) -> Option<String> {
        let (zh, en) = match &self.kind {
            FindingKind::AlteredFile { again, .. } => {
                return Some(lang.pick(
                    format!("用 `{again}` 从来源恢复；当时若用过导入选项，请一并给出"),
                    format!("restore it from its source with `{again}`, and the options of that import if there were any"),
                ));
            }
            FindingKind::EmptyColumn | FindingKind::ConstantColumn { .. } => return None,
            FindingKind::DoubledRows => (
                "导入前去重，否则合计会重复计算",
                "remove them from the source, or sums count them twice",
            ),
            FindingKind::DuplicateKeys { doubt: Some(_), .. } => return None,
            FindingKind::DuplicateKeys { guessed: true, .. } => (
                "主键是推测的；用 `--key` 指明，或在来源中去重",
                "the key was guessed; name it with `--key`, or remove the repeats from the source",
            ),
            FindingKind::DuplicateKeys { guessed: false, .. } => {
                ("在来源中去重", "remove the repeats from the source")
            }
            FindingKind::Placeholder { .. } => (
                "在目录中该度量下写 `missing: [该值]`，否则均值和合计会算上它",
                "name it in the catalog under the measure, as `missing: [value]`, or means and sums will count it",
            ),
            FindingKind::CodesWithoutZeros { .. } => (
                "把该列在来源中存为文本并补足位数",
                "store the column as text in the source, with all digits",
            ),
            FindingKind::MixedColumn { .. } => (
                "清理这些单元格，或用 - 或空白表示缺失，再导入",
                "mend these cells, or write - or nothing for a missing value, and import again",
            ),
            FindingKind::UnitSlip => (
                "核对这些值的单位（元、万元、亿元）",
                "look at the unit of these values (元, 万元, 亿元)",
            ),
            FindingKind::RatioUnit { .. } => (
                "在目录中写明该列的单位",
                "state the unit of the column in the catalog",
            ),
            FindingKind::ColumnSlip => (
                "对照原文核对这些行，改正取错的一列",
                "check these rows against their origin and mend the column that was taken wrongly",
            ),
            FindingKind::IdentityBroken { origin, .. } => match origin {
                IdentityOrigin::Discovered => (
                    "该关系由数据推断；不满足的行值得核对原文",
                    "the identity was found in the data; check the rows that break it against their origin",
                ),
                IdentityOrigin::Given => ("核对这些行的原文", "check these rows against their origin"),
                IdentityOrigin::Usual => (
                    "按差额（Δ）从大到小列出；差额小的可能是没有列出的项目（如汇率变动影响），差额大的请核对原文",
                    "rows come by the size of the difference (Δ): a small one may be an item without a column (such as exchange rates); check the large ones against their origin",
                ),
            },
        };
        Some(lang.pick(zh, en).to_owned())
    }
}
