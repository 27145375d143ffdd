//! A project in a temporary folder, and tables as text.

use std::path::{Path, PathBuf};

use arrow::util::display::{ArrayFormatter, FormatOptions};
use jinsheng_core::{Fault, Lang};
use jinsheng_data::{
    AddOptions, AddReport, ColumnKind, DataError, NoProgress, TableMeta, Warehouse, read_batches,
};

pub struct Project {
    pub folder: tempfile::TempDir,
    pub warehouse: Warehouse,
}

impl Project {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let warehouse = Warehouse::open(&folder.path().join(".jinsheng")).unwrap();
        Self { folder, warehouse }
    }

    pub fn state(&self) -> PathBuf {
        self.folder.path().join(".jinsheng")
    }

    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub fn add_with(&mut self, path: &Path, options: &AddOptions) -> Result<AddReport, DataError> {
        self.warehouse.add(path, options, &mut NoProgress)
    }

    pub fn add(&mut self, path: &Path) -> Result<AddReport, DataError> {
        self.add_with(path, &AddOptions::default())
    }

    /// Imports bytes and shows all tables, or the error.
    pub fn show(&mut self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        self.show_with(name, bytes, &AddOptions::default())
    }

    pub fn show_with(&mut self, name: &str, bytes: impl AsRef<[u8]>, options: &AddOptions) -> String {
        let path = self.file(name, bytes);
        self.show_file(&path, options)
    }

    pub fn show_file(&mut self, path: &Path, options: &AddOptions) -> String {
        let result = self.add_with(path, options);
        match result {
            Ok(report) => {
                let mut out = String::new();
                for note in &report.source.notes {
                    out.push_str(&format!("! {}\n", note.message(Lang::En)));
                }
                for table in &report.source.tables {
                    out.push_str(&show_table(&self.warehouse, table));
                }
                out
            }
            Err(error) => self.show_error(&error),
        }
    }

    pub fn show_error(&self, error: &DataError) -> String {
        let folder = std::fs::canonicalize(self.folder.path()).unwrap();
        let lines = [
            error.code().0.to_owned(),
            error.message(Lang::En),
            error.hint(Lang::En).unwrap_or_default(),
            error.message(Lang::Zh),
            error.hint(Lang::Zh).unwrap_or_default(),
        ];
        lines
            .iter()
            .map(|line| line.replace(&format!("{}/", folder.display()), "") + "\n")
            .collect()
    }

    /// Files below the state folder, sorted, without the lock and the manifest.
    pub fn state_files(&self) -> Vec<String> {
        let mut files = Vec::new();
        walk(&self.state(), &mut files);
        let mut names: Vec<String> = files
            .iter()
            .map(|file| {
                file.strip_prefix(self.state())
                    .unwrap()
                    .to_string_lossy()
                    .into_owned()
            })
            .filter(|name| name != "import.lock" && name != "manifest.json")
            .collect();
        names.sort();
        names
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, files);
        } else {
            files.push(path);
        }
    }
}

pub fn show_table(warehouse: &Warehouse, table: &TableMeta) -> String {
    let mut out = format!("# {} ({} rows)\n", table.name, table.rows);
    if let Some(caption) = &table.caption {
        let unit = table
            .caption_unit
            .map(|unit| format!(" [{unit}]"))
            .unwrap_or_default();
        out.push_str(&format!("caption: {caption}{unit}\n"));
    }
    for note in &table.notes {
        out.push_str(&format!("! {}\n", note.message(Lang::En)));
    }
    for column in &table.columns {
        let kind = match column.kind {
            ColumnKind::Text => "text".to_owned(),
            ColumnKind::Integer => "integer".to_owned(),
            ColumnKind::Decimal { precision, scale } => format!("decimal({precision},{scale})"),
            ColumnKind::Date => "date".to_owned(),
            ColumnKind::Timestamp => "timestamp".to_owned(),
            ColumnKind::Boolean => "boolean".to_owned(),
        };
        let unit = column.unit.map(|unit| format!(" [{unit}]")).unwrap_or_default();
        let nulls = if column.nulls > 0 {
            format!(" {} missing", column.nulls)
        } else {
            String::new()
        };
        out.push_str(&format!("{}: {kind}{unit}{nulls}\n", column.name));
        for note in &column.notes {
            out.push_str(&format!("  ! {}\n", note.message(Lang::En)));
        }
    }
    for row in rows(warehouse, &table.name) {
        let cells: Vec<String> = row
            .into_iter()
            .map(|cell| cell.unwrap_or_else(|| "·".to_owned()))
            .collect();
        out.push_str(&format!("  {}\n", cells.join(" | ")));
    }
    out
}

/// All rows as text, missing values as `None`.
pub fn rows(warehouse: &Warehouse, table: &str) -> Vec<Vec<Option<String>>> {
    let options = FormatOptions::new();
    let mut rows = Vec::new();
    for batch in read_batches(warehouse, table, None).unwrap() {
        let batch = batch.unwrap();
        let formatters: Vec<ArrayFormatter<'_>> = batch
            .columns()
            .iter()
            .map(|array| ArrayFormatter::try_new(array, &options).unwrap())
            .collect();
        for index in 0..batch.num_rows() {
            let row = batch
                .columns()
                .iter()
                .zip(&formatters)
                .map(|(array, formatter)| (!array.is_null(index)).then(|| formatter.value(index).to_string()))
                .collect();
            rows.push(row);
        }
    }
    rows
}
