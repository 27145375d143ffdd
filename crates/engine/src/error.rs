//! Why a Query could not be run, in words for users.

use datafusion::common::DataFusionError;
use jinsheng_core::{Code, Fault, Lang};
use jinsheng_data::DataError;
use jinsheng_semantics::bind::BindError;

/// A Query that could not be run.
#[derive(Debug)]
pub enum EngineError {
    /// The catalog cannot answer it.
    Bind(BindError),
    /// An imported table cannot be read.
    Data(Box<DataError>),
    /// The catalog names a table that is not imported.
    MissingTable {
        /// Imported table or catalog table.
        table: String,
    },
    /// The catalog names a column that the imported table lacks.
    MissingColumn {
        /// Imported table.
        table: String,
        /// Column.
        column: String,
    },
    /// A measure's column holds no numbers.
    NotNumeric {
        /// Imported table.
        table: String,
        /// Column.
        column: String,
    },
    /// The scope names a dimension that the catalog lacks; nothing is shown rather than too much.
    ScopeDimension {
        /// Dimension.
        dimension: String,
    },
    /// The scope hides something that the catalog lacks; nothing is shown rather than too much.
    ScopeHidden {
        /// As the scope has it: `table` or `table.name`.
        name: String,
    },
    /// A number does not fit.
    Overflow,
    /// Stopped by the caller.
    Cancelled,
    /// The engine failed.
    Failed {
        /// Its words.
        detail: String,
    },
}

impl EngineError {
    pub(crate) fn missing_table(table: &str) -> Self {
        Self::MissingTable {
            table: table.to_owned(),
        }
    }

    pub(crate) fn scope_dimension(dimension: &str) -> Self {
        Self::ScopeDimension {
            dimension: dimension.to_owned(),
        }
    }

    pub(crate) fn internal(detail: &str) -> Self {
        Self::Failed {
            detail: detail.to_owned(),
        }
    }

    pub(crate) fn overflow() -> Self {
        Self::Overflow
    }

    pub(crate) fn from_datafusion(error: DataFusionError) -> Self {
        let detail = error.to_string();
        let overflow = [
            "Overflow",
            "overflow",
            crate::decimal::OVERFLOW,
            "too large to store in a Decimal",
        ];
        if overflow.iter().any(|word| detail.contains(word)) {
            Self::Overflow
        } else {
            Self::Failed { detail }
        }
    }
}

impl From<BindError> for EngineError {
    fn from(error: BindError) -> Self {
        Self::Bind(error)
    }
}

impl From<DataError> for EngineError {
    fn from(error: DataError) -> Self {
        Self::Data(Box::new(error))
    }
}

impl std::fmt::Display for EngineError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for EngineError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Bind(error) => Some(error),
            Self::Data(error) => Some(error),
            _ => None,
        }
    }
}

impl Fault for EngineError {
    fn code(&self) -> Code {
        match self {
            Self::Bind(error) => error.code(),
            Self::Data(error) => error.code(),
            Self::MissingTable { .. } | Self::MissingColumn { .. } | Self::NotNumeric { .. } => {
                Code::CATALOG_INVALID
            }
            Self::ScopeDimension { .. } | Self::ScopeHidden { .. } => Code::OUT_OF_SCOPE,
            Self::Overflow => Code::OVERFLOW,
            Self::Cancelled => Code::CANCELLED,
            Self::Failed { .. } => Code::INTERNAL,
        }
    }

    fn message(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::Bind(error) => return error.message(lang),
            Self::Data(error) => return error.message(lang),
            Self::MissingTable { table } => (
                format!("没有导入表 `{table}`"),
                format!("table `{table}` is not imported"),
            ),
            Self::MissingColumn { table, column } => (
                format!("导入的表 `{table}` 没有列 `{column}`"),
                format!("imported table `{table}` has no column `{column}`"),
            ),
            Self::NotNumeric { table, column } => (
                format!("表 `{table}` 的列 `{column}` 不是数字，不能作度量"),
                format!("column `{column}` of table `{table}` holds no numbers and cannot be a measure"),
            ),
            Self::ScopeDimension { dimension } => (
                format!("权限引用了目录里没有的维度 `{dimension}`"),
                format!("the scope names the dimension `{dimension}`, which the catalog lacks"),
            ),
            Self::ScopeHidden { name } => (
                format!("权限要隐藏的 `{name}` 不在目录里，因此什么都不显示"),
                format!("the scope hides `{name}`, which the catalog lacks, so nothing is shown"),
            ),
            Self::Overflow => (
                "数值过大，无法精确表示；不给出结果".to_owned(),
                "a number is too large to be held exactly, so there is no result".to_owned(),
            ),
            Self::Cancelled => ("已取消".to_owned(), "cancelled".to_owned()),
            Self::Failed { detail } => (
                format!("引擎出错：{detail}"),
                format!("the engine failed: {detail}"),
            ),
        };
        lang.pick(zh, en)
    }

    fn hint(&self, lang: Lang) -> Option<String> {
        match self {
            Self::Bind(error) => error.hint(lang),
            Self::Data(error) => error.hint(lang),
            Self::MissingTable { .. } => Some(
                lang.pick(
                    "先用 `jinsheng data add` 导入，或改正目录里的 source",
                    "import it with `jinsheng data add`, or mend `source` in the catalog",
                )
                .to_owned(),
            ),
            Self::MissingColumn { .. } | Self::NotNumeric { .. } => Some(
                lang.pick(
                    "用 `jinsheng data show` 看列名，再改目录",
                    "see the columns with `jinsheng data show` and mend the catalog",
                )
                .to_owned(),
            ),
            Self::Overflow => Some(
                lang.pick("换较大的单位，或缩小范围", "use a larger unit or fewer rows")
                    .to_owned(),
            ),
            _ => None,
        }
    }
}
