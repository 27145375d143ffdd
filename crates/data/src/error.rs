//! What can go wrong with sources, said in both languages with the file, the row and the remedy.

mod messages;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use jinsheng_core::{Code, Fault, Lang, Retry};

/// Why a source could not be imported, listed, read or checked.
#[derive(Debug)]
#[non_exhaustive]
pub enum DataError {
    /// There is no such file.
    FileMissing {
        /// The file.
        path: PathBuf,
    },
    /// The path is a folder, a socket or the like.
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// A file cannot be read.
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file or folder of the project cannot be written.
    Write {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// No format is known for the file.
    UnknownFormat {
        /// The file.
        path: PathBuf,
    },
    /// The file is not what its format demands.
    Malformed {
        /// The file.
        path: PathBuf,
        /// Part of it: a sheet, a table, a line.
        place: Option<String>,
        /// What the reader of the format said.
        reason: String,
    },
    /// A database file whose pages contradict each other, or that is cut off.
    BrokenDatabase {
        /// The file.
        path: PathBuf,
        /// The table that cannot be read, if it is one.
        table: Option<String>,
        /// What SQLite said.
        reason: String,
    },
    /// The file is not of the format that its extension names.
    NotTheFormat {
        /// The file.
        path: PathBuf,
        /// Its extension.
        extension: String,
    },
    /// The file holds nothing.
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A row has another number of columns than the header.
    Ragged {
        /// The file.
        path: PathBuf,
        /// Line of the file on which the row begins, from 1.
        line: u64,
        /// Columns of the header.
        expected: usize,
        /// Columns of the row.
        found: usize,
    },
    /// A row does not end; most likely a quote was not closed.
    EndlessRow {
        /// The file.
        path: PathBuf,
        /// Line on which it begins.
        line: u64,
    },
    /// Bytes that are no text in the encoding.
    Encoding {
        /// The file.
        path: PathBuf,
        /// Line of the first such byte.
        line: u64,
        /// The byte's place in the file, from 1, where it is known.
        byte: Option<u64>,
        /// The encoding tried.
        encoding: String,
        /// The user asked for it.
        asked: bool,
    },
    /// A delimiter that cannot be one.
    BadDelimiter,
    /// No encoding of this name.
    UnknownEncoding {
        /// The name.
        name: String,
    },
    /// A line is no JSON object.
    JsonLine {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        reason: String,
    },
    /// More columns than a table may have.
    TooManyColumns {
        /// The file.
        path: PathBuf,
        /// Columns found.
        found: usize,
        /// Columns allowed.
        most: usize,
    },
    /// No sheet of this name.
    NoSuchSheet {
        /// The file.
        path: PathBuf,
        /// The name asked for.
        sheet: String,
        /// Names there are.
        sheets: Vec<String>,
    },
    /// No sheet or table with data.
    NoTables {
        /// The file.
        path: PathBuf,
    },
    /// A workbook whose cells are formulas without stored values.
    OnlyFormulas {
        /// The file.
        path: PathBuf,
    },
    /// An option that means nothing for this format.
    OptionUnused {
        /// The option.
        option: &'static str,
        /// The format.
        kind: &'static str,
    },
    /// The file changed while it was read.
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// A name that cannot be a source's.
    BadName {
        /// The name.
        name: String,
    },
    /// Another file has this name in the project.
    NameTaken {
        /// The name.
        name: String,
        /// The file that has it.
        holder: PathBuf,
    },
    /// No source of this name.
    NoSuchSource {
        /// The name.
        name: String,
        /// Names there are.
        known: Vec<String>,
    },
    /// No table of this name.
    NoSuchTable {
        /// The name.
        name: String,
        /// Names there are.
        known: Vec<String>,
    },
    /// No column of this name.
    NoSuchColumn {
        /// The table.
        table: String,
        /// The name.
        column: String,
        /// Names there are.
        known: Vec<String>,
    },
    /// Two tables whose rows cannot be matched without help.
    NoCommonKey {
        /// One table.
        left: String,
        /// The other.
        right: String,
    },
    /// Another process imports into this project.
    Busy {
        /// The lock file.
        path: PathBuf,
    },
    /// The manifest cannot be understood.
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The manifest was written by a newer version.
    ManifestVersion {
        /// The manifest.
        path: PathBuf,
        /// Its version.
        found: u64,
        /// The newest version understood here.
        known: u64,
    },
    /// A table's Parquet file is missing or damaged.
    Damaged {
        /// The table.
        table: String,
        /// Its file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A table's Parquet file is not the one that was imported.
    Altered {
        /// The table.
        table: String,
        /// Its file.
        path: PathBuf,
        /// Command line that imports its source again.
        again: String,
    },
    /// The user stopped it.
    Cancelled,
}

impl DataError {
    pub(crate) fn read(path: &Path, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::NotFound => Self::FileMissing {
                path: path.to_owned(),
            },
            _ => Self::Read {
                path: path.to_owned(),
                source,
            },
        }
    }

    pub(crate) fn write(path: &Path, source: io::Error) -> Self {
        Self::Write {
            path: path.to_owned(),
            source,
        }
    }

    pub(crate) fn malformed(path: &Path, place: Option<&str>, reason: impl fmt::Display) -> Self {
        Self::Malformed {
            path: path.to_owned(),
            place: place.map(ToOwned::to_owned),
            reason: reason.to_string(),
        }
    }
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for DataError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read { source, .. } | Self::Write { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl Fault for DataError {
    fn code(&self) -> Code {
        match self {
            Self::FileMissing { .. }
            | Self::NoSuchSource { .. }
            | Self::NoSuchTable { .. }
            | Self::NoSuchColumn { .. }
            | Self::NoSuchSheet { .. } => Code::NOT_FOUND,
            Self::Read { .. } | Self::Write { .. } | Self::NotAFile { .. } | Self::Damaged { .. } => Code::IO,
            Self::NameTaken { .. } | Self::Busy { .. } => Code::CONFLICT,
            Self::Altered { .. } => Code::DATA_ALTERED,
            Self::Cancelled => Code::CANCELLED,
            _ => Code::INPUT_INVALID,
        }
    }

    fn message(&self, lang: Lang) -> String {
        self.file_message(lang)
            .unwrap_or_else(|| self.project_message(lang))
    }

    fn hint(&self, lang: Lang) -> Option<String> {
        self.file_hint(lang).or_else(|| self.project_hint(lang))
    }

    fn retry(&self) -> Retry {
        match self {
            Self::Busy { .. } | Self::Changed { .. } => Retry::Later,
            _ => Retry::Never,
        }
    }
}
