//! What can go wrong while the demo data is written.

use std::io;
use std::path::PathBuf;

use jinsheng_core::{Code, Fault, Lang};

/// The demo data could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DemoError {
    /// The folder for the files could not be made.
    #[error("failed to create the demo data folder `{}`", path.display())]
    CreateFolder {
        /// The folder.
        path: PathBuf,
        /// Why the operating system refused.
        source: io::Error,
    },
    /// A file could not be written or put in its place.
    #[error("failed to write the demo data file `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why the operating system refused.
        source: io::Error,
    },
    /// The generator made a row that does not fit its table: a defect of this program.
    #[error("demo table `{table}`: row {row} does not have {columns} cells")]
    RowWidth {
        /// The table.
        table: &'static str,
        /// The row below the header, counted from 1.
        row: usize,
        /// Cells that a row must have.
        columns: usize,
    },
}

impl Fault for DemoError {
    fn code(&self) -> Code {
        match self {
            Self::CreateFolder { .. } | Self::Write { .. } => Code::IO,
            Self::RowWidth { .. } => Code::INTERNAL,
        }
    }

    fn message(&self, lang: Lang) -> String {
        match (lang, self) {
            (Lang::En, _) => self.to_string(),
            (Lang::Zh, Self::CreateFolder { path, .. }) => {
                format!("无法创建演示数据目录 `{}`", path.display())
            }
            (Lang::Zh, Self::Write { path, .. }) => format!("无法写入演示数据文件 `{}`", path.display()),
            (Lang::Zh, Self::RowWidth { table, row, columns }) => {
                format!("演示数据表 `{table}` 第 {row} 行不是 {columns} 个单元格")
            }
        }
    }

    fn hint(&self, lang: Lang) -> Option<String> {
        let hint = match (lang, self) {
            (_, Self::RowWidth { .. }) => return None,
            (Lang::En, _) => "check that the folder is writable and that about 40 MB are free",
            (Lang::Zh, _) => "请检查该目录是否可写、磁盘是否有约 40 MB 可用空间",
        };
        Some(hint.to_owned())
    }
}
