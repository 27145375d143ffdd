//! SQLite databases: copied through the backup interface, then all tables are read from the copy.

use std::borrow::Cow;
use std::cell::Cell as Shared;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use encoding_rs::GB18030;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags, Statement};

use crate::column::ColumnHead;
use crate::table::{Importing, TableHead, TableReader};
use crate::value::{Cell, Row};
use crate::{DataError, Note, Progress, SkipReason};

const PAGES_PER_STEP: i32 = 4096;
/// A writer holds its lock for this many steps of ten milliseconds at most.
const LOCKED_STEPS: u32 = 1000;

/// A consistent copy of a database, apart from whatever writes to the original.
pub(crate) struct Copy {
    original: PathBuf,
    path: PathBuf,
}

impl Copy {
    /// Copies the database into a folder.
    pub(crate) fn make(original: &Path, folder: &Path, progress: &dyn Progress) -> Result<Self, DataError> {
        let path = folder.join("copy.sqlite");
        let read = |error| unreadable(original, None, &error);
        let source = open_source(original).map_err(read)?;
        // Reading the schema shows at once whether this is a database that can be read.
        let probe =
            |source: &Connection| source.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()));
        let source = match probe(&source) {
            Ok(()) => source,
            Err(error) => reopen_immutable(original, error).map_err(read)?,
        };
        let mut copy = Connection::open(&path).map_err(|error| copy_failed(&path, &error))?;
        copy.execute_batch("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
            .map_err(|error| copy_failed(&path, &error))?;
        {
            let backup = Backup::new(&source, &mut copy).map_err(read)?;
            let mut locked = 0;
            loop {
                if progress.cancelled() {
                    return Err(DataError::Cancelled);
                }
                match backup.step(PAGES_PER_STEP) {
                    Ok(StepResult::Done) => break,
                    Ok(StepResult::Busy | StepResult::Locked) if locked < LOCKED_STEPS => {
                        locked += 1;
                        std::thread::sleep(std::time::Duration::from_millis(10));
                    }
                    Ok(StepResult::Busy | StepResult::Locked) => {
                        return Err(DataError::malformed(
                            original,
                            None,
                            "another program keeps it locked",
                        ));
                    }
                    Ok(_) => {}
                    Err(error) if is_full(&error) => return Err(copy_failed(&path, &error)),
                    Err(error) => return Err(read(error)),
                }
            }
        }
        copy.close().map_err(|(_, error)| copy_failed(&path, &error))?;
        Ok(Self {
            original: original.to_owned(),
            path,
        })
    }

    /// Where the copy is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// A file that SQLite cannot read: damaged, where SQLite says so.
fn unreadable(original: &Path, table: Option<&str>, error: &rusqlite::Error) -> DataError {
    let code = error.sqlite_error_code();
    if matches!(code, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)) {
        return DataError::BrokenDatabase {
            path: original.to_owned(),
            table: table.map(ToOwned::to_owned),
            reason: error.to_string(),
        };
    }
    DataError::malformed(original, table, error)
}

fn open_source(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    harden(&connection)?;
    Ok(connection)
}

/// A database in WAL mode inside a folder that may not be written opens only as immutable; that is right when no log
/// waits to be merged.
fn reopen_immutable(path: &Path, error: rusqlite::Error) -> rusqlite::Result<Connection> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    if std::fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        return Err(error);
    }
    let mut address = "file:".to_owned();
    for byte in path.to_string_lossy().bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address.push_str("?immutable=1");
    let connection = Connection::open_with_flags(
        address,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI,
    )?;
    harden(&connection)?;
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))?;
    Ok(connection)
}

/// The schema of a foreign file may call functions; none that could do harm.
fn harden(connection: &Connection) -> rusqlite::Result<()> {
    // A computed column may match a long pattern, which takes exponential time.
    connection.set_limit(Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 64)?;
    connection.execute_batch("PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;")
}

fn is_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull)
}

fn copy_failed(path: &Path, error: &rusqlite::Error) -> DataError {
    let kind = if is_full(error) {
        std::io::ErrorKind::StorageFull
    } else {
        std::io::ErrorKind::Other
    };
    DataError::write(path, std::io::Error::new(kind, error.to_string()))
}

/// Imports every user table.
pub(super) fn import(copy: &Copy, into: &mut Importing<'_>, notes: &mut Vec<Note>) -> Result<(), DataError> {
    let failed = |error| unreadable(&copy.original, None, &error);
    let connection = Connection::open_with_flags(
        &copy.path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .map_err(failed)?;
    harden(&connection).map_err(failed)?;
    let bytes = std::fs::metadata(&copy.path)
        .map_err(|error| DataError::read(&copy.path, error))?
        .len();
    let room = Room::of(bytes);
    for object in objects(&connection).map_err(failed)? {
        let skip = match object.kind.as_str() {
            "view" => Some(SkipReason::View),
            "virtual" | "shadow" => Some(SkipReason::Virtual),
            _ => None,
        };
        if let Some(why) = skip {
            notes.push(Note::Skipped {
                name: object.name,
                why,
            });
            continue;
        }
        table(&connection, &object, copy, &room, into)?;
    }
    Ok(())
}

struct Object {
    name: String,
    kind: String,
    sql: String,
}

fn objects(connection: &Connection) -> rusqlite::Result<Vec<Object>> {
    // `pragma_table_list` would know the kinds, but it compiles every view to count its columns, and views on views can
    // be made to take for ever.
    let mut statement = connection.prepare(
        "SELECT name, type, coalesce(sql, '') FROM sqlite_master WHERE type IN ('table', 'view') \
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(Object {
            name: row.get(0)?,
            kind: row.get(1)?,
            sql: row.get(2)?,
        })
    })?;
    let mut objects: Vec<Object> = rows.collect::<rusqlite::Result<_>>()?;
    let mut modules = HashSet::new();
    for object in &mut objects {
        let mut words = object.sql.split_ascii_whitespace();
        let begins = [words.next(), words.next()].map(|word| word.unwrap_or_default().to_ascii_lowercase());
        if begins == ["create", "virtual"] {
            "virtual".clone_into(&mut object.kind);
            modules.insert(object.name.clone());
        }
    }
    for object in &mut objects {
        let shadow = object
            .name
            .rsplit_once('_')
            .is_some_and(|(owner, part)| modules.contains(owner) && SHADOWS.contains(&part));
        if shadow {
            "shadow".clone_into(&mut object.kind);
        }
    }
    Ok(objects)
}

/// Tables in which the modules for full text and for ranges keep what a virtual table shows.
const SHADOWS: [&str; 12] = [
    "content", "segments", "segdir", "docsize", "stat", "data", "idx", "config", "node", "parent", "rowid",
    "map",
];

fn table(
    connection: &Connection,
    object: &Object,
    copy: &Copy,
    room: &Room,
    into: &mut Importing<'_>,
) -> Result<(), DataError> {
    let failed = |error| unreadable(&copy.original, Some(&object.name), &error);
    let quoted = format!("\"{}\"", object.name.replace('"', "\"\""));
    // The order of the rows is the order of the row ids; a table without them is ordered by its key.
    let by_row = format!("SELECT * FROM {quoted} ORDER BY rowid");
    let statement = match connection.prepare(&by_row) {
        Ok(statement) => statement,
        Err(_) => connection
            .prepare(&format!("SELECT * FROM {quoted}"))
            .map_err(failed)?,
    };
    let declared = declared(connection, &object.name).map_err(failed)?;
    let mut comments = comments_of(&object.sql);
    let columns = statement
        .column_names()
        .map(|name| ColumnHead {
            declared_boolean: declared
                .iter()
                .any(|(column, declared)| column == name && declared.to_ascii_uppercase().contains("BOOL")),
            comment: comments.remove(name),
            ..ColumnHead::new(name)
        })
        .collect();
    let head = TableHead {
        name: Some(crate::warehouse::plain_name(&object.name)),
        columns,
        ..TableHead::default()
    };
    let mut reader = SqliteTable {
        statement,
        copy,
        room,
        name: &object.name,
        foreign: 0,
    };
    into.table(head, &mut reader)
}

fn declared(connection: &Connection, table: &str) -> rusqlite::Result<Vec<(String, String)>> {
    let mut statement = connection.prepare("SELECT name, type FROM pragma_table_info(?1)")?;
    let rows = statement.query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

/// The comments after columns in `CREATE TABLE`: `revenue DECIMAL(20,2), -- 营业总收入(万元)：说明`.
fn comments_of(sql: &str) -> HashMap<String, String> {
    let mut comments = HashMap::new();
    for line in sql.lines() {
        if let Some((name, comment)) = comment_in(line) {
            comments
                .entry(name.to_owned())
                .or_insert_with(|| comment.to_owned());
        }
    }
    comments
}

fn comment_in(line: &str) -> Option<(&str, &str)> {
    let (definition, comment) = line.split_once("--")?;
    let definition = definition
        .trim_start()
        .trim_start_matches(['(', ','])
        .trim_start();
    let name = match definition.chars().next()? {
        '"' => definition.split('"').nth(1)?,
        '`' => definition.split('`').nth(1)?,
        '[' => definition.trim_start_matches('[').split(']').next()?,
        _ => definition.split_whitespace().next()?.trim_end_matches(','),
    };
    let comment = comment.trim();
    (!comment.is_empty()).then_some((name, comment))
}

/// How much may still be read. Broken pages can lead to one another in circles, and rows without end come from a file of a
/// few pages; a row takes two bytes of a page at least.
struct Room {
    rows: Shared<u64>,
    bytes: Shared<u64>,
}

/// Times that tables are read.
const PASSES: u64 = 2;
/// Bytes of values for each byte of the file: defaults of columns are not stored in each row.
const VALUES_PER_BYTE: u64 = 256;
/// Values that any file may hold.
const FREE_BYTES: u64 = 64 << 20;

impl Room {
    fn of(bytes: u64) -> Self {
        let values = bytes.saturating_mul(VALUES_PER_BYTE).saturating_add(FREE_BYTES);
        Self {
            rows: Shared::new(bytes.saturating_mul(PASSES)),
            bytes: Shared::new(values.saturating_mul(PASSES)),
        }
    }

    /// Takes a row out; false when there was no room for it.
    fn take(&self, bytes: usize) -> bool {
        let rows = self.rows.get().checked_sub(1);
        let bytes = self.bytes.get().checked_sub(bytes as u64);
        self.rows.set(rows.unwrap_or(0));
        self.bytes.set(bytes.unwrap_or(0));
        rows.is_some() && bytes.is_some()
    }
}

struct SqliteTable<'c> {
    statement: Statement<'c>,
    copy: &'c Copy,
    room: &'c Room,
    name: &'c str,
    foreign: u64,
}

struct SqliteRow<'r, 's> {
    row: &'r rusqlite::Row<'s>,
    number: u64,
}

impl Row for SqliteRow<'_, '_> {
    fn line(&self) -> u64 {
        self.number
    }

    fn cell(&self, column: usize) -> Cell<'_> {
        match self.row.get_ref(column) {
            Ok(ValueRef::Null) | Err(_) => Cell::Missing,
            Ok(ValueRef::Integer(value)) => Cell::Integer(value),
            Ok(ValueRef::Real(value)) => Cell::Float(value),
            Ok(ValueRef::Text(bytes)) => Cell::Text(text(bytes).0),
            Ok(ValueRef::Blob(bytes)) => Cell::Unreadable(format!("BLOB of {} bytes", bytes.len()).into()),
        }
    }
}

/// Text of a database should be UTF-8; old Chinese programs wrote GBK. The flag says that it was not UTF-8.
fn text(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), false),
        Err(_) => match GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
            Some(text) => (text, true),
            None => (String::from_utf8_lossy(bytes), true),
        },
    }
}

impl TableReader for SqliteTable<'_> {
    fn scan(&mut self, sink: &mut dyn FnMut(&dyn Row) -> Result<(), DataError>) -> Result<(), DataError> {
        let (copy, name) = (self.copy, self.name);
        let failed = |error| unreadable(&copy.original, Some(name), &error);
        let columns = self.statement.column_count();
        let mut foreign = 0;
        let mut rows = self.statement.query([]).map_err(failed)?;
        let mut number = 0;
        while let Some(row) = rows.next().map_err(failed)? {
            number += 1;
            let mut size = 0;
            for column in 0..columns {
                if let Ok(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) = row.get_ref(column) {
                    size += bytes.len();
                }
                if let Ok(ValueRef::Text(bytes)) = row.get_ref(column)
                    && std::str::from_utf8(bytes).is_err()
                {
                    if GB18030
                        .decode_without_bom_handling_and_without_replacement(bytes)
                        .is_none()
                    {
                        return Err(DataError::malformed(
                            &copy.original,
                            Some(name),
                            format!("row {number}, column {} holds text that is not UTF-8", column + 1),
                        ));
                    }
                    foreign += 1;
                }
            }
            if !self.room.take(size) {
                return Err(DataError::malformed(
                    &copy.original,
                    Some(name),
                    "it has more rows or longer values than its pages can hold",
                ));
            }
            sink(&SqliteRow { row, number })?;
        }
        self.foreign = foreign;
        Ok(())
    }

    fn notes(&mut self) -> Result<Vec<Note>, DataError> {
        let note = Note::ForeignText { cells: self.foreign };
        Ok(if self.foreign > 0 { vec![note] } else { Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments() {
        let sql = "CREATE TABLE t (\n  -- 主键\n  id INTEGER, -- 序号\n  \"a b\" REAL,   -- 金额(万元)：说明\n  c TEXT,\n  [d] TEXT -- 丁\n)";
        let comments = comments_of(sql);
        let comment_of = |column: &str| comments.get(column).map(String::as_str);
        assert_eq!(comment_of("id"), Some("序号"));
        assert_eq!(comment_of("a b"), Some("金额(万元)：说明"));
        assert_eq!(comment_of("c"), None);
        assert_eq!(comment_of("d"), Some("丁"));
    }
}
