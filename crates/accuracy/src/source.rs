//! The data that the gold's SQL runs on, as one SQLite file each, and the names of their subjects.

mod demo;
mod finglm;

pub(crate) use finglm::files as finglm_files;

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};

use crate::error::{AccuracyError, Outcome};
use crate::sets::{Places, Source};
use crate::table::Database;
use crate::words::Names;

/// A source, ready for the gold's SQL.
pub(crate) struct Opened {
    connection: Connection,
    path: PathBuf,
    pub(crate) names: Names,
}

impl Opened {
    pub(crate) fn database(&self) -> Database<'_> {
        Database {
            connection: &self.connection,
            path: &self.path,
        }
    }

    /// Subjects of one table: the code first, then its names.
    fn name(&mut self, rows: &str) -> Outcome<()> {
        let failed = AccuracyError::database(&self.path);
        let read = || -> rusqlite::Result<Vec<(String, Vec<String>)>> {
            let mut found = Vec::new();
            let mut statement = self.connection.prepare(rows)?;
            let columns = statement.column_count();
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let names = (1..columns).map(|column| row.get::<_, Option<String>>(column));
                let names: Vec<_> = names.collect::<rusqlite::Result<_>>()?;
                found.push((row.get(0)?, names.into_iter().flatten().collect()));
            }
            Ok(found)
        };
        for (code, names) in read().map_err(failed)? {
            self.names.add(&code, names);
        }
        Ok(())
    }
}

/// Opens the data of a source. `project` is the demo's folder, whose files are its data.
pub(crate) fn open(places: &Places, source: Source, project: &Path) -> Outcome<Opened> {
    match source {
        Source::Tcm => {
            let folder = places.data.join("statements_tcm");
            let mut opened = read_only(folder.join("financials_yikwa.db"))?;
            opened.name("SELECT DISTINCT stock_code, stock_abbr FROM core_performance_indicators_sheet")?;
            finglm::listed_companies(&folder.join("companies.xlsx"), &mut opened.names)?;
            Ok(opened)
        }
        Source::Finglm => {
            let mut opened = read_only(finglm::database(places)?)?;
            opened.name(
                "SELECT stock_code, company_short_name, company_full_name FROM company_annual_reports",
            )?;
            Ok(opened)
        }
        Source::Demo => {
            let mut opened = read_only(demo::database(places, project)?)?;
            for table in demo::SUBJECTS {
                opened.name(table)?;
            }
            Ok(opened)
        }
    }
}

fn read_only(path: PathBuf) -> Outcome<Opened> {
    let open = || -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        add_functions(&connection)?;
        Ok(connection)
    };
    let connection = open().map_err(AccuracyError::database(&path))?;
    Ok(Opened {
        connection,
        path,
        names: Names::default(),
    })
}

type Function = (&'static str, fn(f64) -> f64);

/// What SQLite has only when it is built with its mathematical functions, as that of Python is.
fn add_functions(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    // Beyond its domain a function gives NULL, which is what SQLite makes of NaN.
    let one: [Function; 3] = [("exp", f64::exp), ("ln", f64::ln), ("sqrt", f64::sqrt)];
    for (name, function) in one {
        connection.create_scalar_function(name, 1, flags, move |context| {
            Ok(context
                .get::<Option<f64>>(0)?
                .map(function)
                .filter(|value| !value.is_nan()))
        })?;
    }
    for name in ["pow", "power"] {
        connection.create_scalar_function(name, 2, flags, |context| {
            let (base, exponent) = (context.get::<Option<f64>>(0)?, context.get::<Option<f64>>(1)?);
            let power = base.zip(exponent).map(|(base, exponent)| base.powf(exponent));
            Ok(power.filter(|value| !value.is_nan()))
        })?;
    }
    Ok(())
}

/// A database that is built once for each state of its files: `build` fills a new one.
fn cached(
    places: &Places,
    name: &str,
    state: Sha256,
    build: impl FnOnce(&Connection) -> Outcome<()>,
) -> Outcome<PathBuf> {
    let folder = places.cache.join("gold");
    fs::create_dir_all(&folder).map_err(AccuracyError::file("make", &folder))?;
    let path = folder.join(format!("{name}-{}.sqlite", hex(&state.finalize(), 8)));
    if path.exists() {
        return Ok(path);
    }
    // A run that is stopped leaves a part behind, never half a database under the final name.
    let part = path.with_extension(format!("{}.part", std::process::id()));
    let _ = fs::remove_file(&part);
    let connection = Connection::open(&part).map_err(AccuracyError::database(&part))?;
    let begun = connection.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN");
    begun.map_err(AccuracyError::database(&part))?;
    build(&connection)?;
    connection
        .execute_batch("COMMIT")
        .map_err(AccuracyError::database(&part))?;
    connection
        .close()
        .map_err(|(_, error)| error)
        .map_err(AccuracyError::database(&part))?;
    fs::rename(&part, &path).map_err(AccuracyError::file("write", &path))?;
    Ok(path)
}

/// The first bytes of a digest in hexadecimal.
pub(crate) fn hex(digest: &[u8], bytes: usize) -> String {
    digest
        .iter()
        .take(bytes)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Size and time of a file, which change when it does.
pub(crate) fn state_of(path: &Path) -> Outcome<String> {
    let found = fs::metadata(path).map_err(AccuracyError::file("read", path))?;
    let time = found.modified().map_err(AccuracyError::file("read", path))?;
    let since = time.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Ok(format!(
        "{} {} {}\n",
        path.display(),
        found.len(),
        since.as_nanos()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_and_roots_are_there_and_nothing_beyond_their_domain() {
        let connection = Connection::open_in_memory().unwrap();
        add_functions(&connection).unwrap();
        let read = |text: &str| {
            connection
                .query_row(text, [], |row| row.get::<_, Option<f64>>(0))
                .unwrap()
        };
        assert_eq!(read("SELECT pow(2, 3) + sqrt(9) + ln(exp(1))"), Some(12.0));
        assert_eq!(read("SELECT pow(-2, 0.5)"), None);
        assert_eq!(read("SELECT ln(NULL)"), None);
    }
}
