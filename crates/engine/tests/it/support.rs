//! Small projects for tests: files in a temporary folder, imported, with a catalog.

use std::sync::Arc;

use jinsheng_core::{Fault, Lang, Scope};
use jinsheng_data::{AddOptions, NoProgress, Warehouse};
use jinsheng_engine::{Answer, Cell, Engine, EngineError, Members, SqlDialect};
use jinsheng_semantics::catalog::{Catalog, parse_catalog_files};
use jinsheng_semantics::query::{Query, parse_query};

pub(crate) struct Project {
    pub(crate) engine: Engine,
    pub(crate) warehouse: Warehouse,
    runtime: tokio::runtime::Runtime,
    _folder: tempfile::TempDir,
}

impl Project {
    /// Imports `(name, csv)` files and reads a catalog.
    pub(crate) fn new(files: &[(&str, &str)], catalog: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut warehouse = Warehouse::open(&folder.path().join(".jinsheng")).unwrap();
        for (name, text) in files {
            let path = folder.path().join(format!("{name}.csv"));
            std::fs::write(&path, text).unwrap();
            warehouse
                .add(&path, &AddOptions::default(), &mut NoProgress)
                .unwrap();
        }
        Self::over(folder, warehouse, parse_catalog(catalog))
    }

    /// Imports a file that stands in a folder.
    pub(crate) fn of_file(folder: tempfile::TempDir, name: &str, catalog: &str) -> Self {
        let mut warehouse = Warehouse::open(&folder.path().join(".jinsheng")).unwrap();
        let path = folder.path().join(name);
        warehouse
            .add(&path, &AddOptions::default(), &mut NoProgress)
            .unwrap();
        Self::over(folder, warehouse, parse_catalog(catalog))
    }

    fn over(folder: tempfile::TempDir, warehouse: Warehouse, catalog: Catalog) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        Self {
            engine: Engine::new(Arc::new(catalog), &warehouse),
            warehouse,
            runtime,
            _folder: folder,
        }
    }

    pub(crate) fn run(&self, line: &str, scope: &Scope) -> Result<Answer, EngineError> {
        let query = parse_query(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        self.run_query(&query, scope)
    }

    pub(crate) fn run_query(&self, query: &Query, scope: &Scope) -> Result<Answer, EngineError> {
        self.runtime.block_on(self.engine.run(query, scope))
    }

    pub(crate) fn sql(
        &self,
        query: &Query,
        scope: &Scope,
        dialect: SqlDialect,
    ) -> Result<String, EngineError> {
        self.runtime.block_on(self.engine.sql(query, scope, dialect))
    }

    pub(crate) fn members(&self, entity: &str, scope: &Scope) -> Result<Arc<Members>, EngineError> {
        self.runtime.block_on(self.engine.members(entity, scope))
    }

    /// The answer as a small table, or the error with its hint.
    pub(crate) fn show(&self, line: &str) -> String {
        self.show_as(line, &Scope::full())
    }

    pub(crate) fn show_as(&self, line: &str, scope: &Scope) -> String {
        match self.run(line, scope) {
            Ok(answer) => table(&answer),
            Err(error) => {
                let hint = error
                    .hint(Lang::En)
                    .map(|hint| format!("\nhint: {hint}"))
                    .unwrap_or_default();
                format!("error: {}{hint}\n", error.message(Lang::En))
            }
        }
    }
}

pub(crate) fn parse_catalog(text: &str) -> Catalog {
    parse_catalog_files(&[("catalog.yaml".to_owned(), text.to_owned())])
        .unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn table(answer: &Answer) -> String {
    let mut out = String::new();
    let heads: Vec<String> = answer
        .columns
        .iter()
        .map(|column| match column.unit.map(|unit| unit.to_string()) {
            Some(unit) if !unit.is_empty() => format!("{}[{unit}]", column.name),
            _ => column.name.clone(),
        })
        .collect();
    out.push_str(&heads.join(" | "));
    out.push('\n');
    for row in &answer.rows {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| match cell {
                Cell::Missing => "-".to_owned(),
                Cell::Text(text) => text.clone(),
                Cell::Period(period) => period.to_string(),
                Cell::Number(number) => number.to_string(),
            })
            .collect();
        out.push_str(&cells.join(" | "));
        out.push('\n');
    }
    for note in &answer.notes {
        out.push_str(&format!("note: {}\n", note.code));
    }
    out
}
