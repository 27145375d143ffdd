//! Whether columns of an imported table are a key; found out once for each file and remembered beside it.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use datafusion::arrow::row::{RowConverter, SortField};
use datafusion::parquet::arrow::ProjectionMask;
use jinsheng_core::{Digest, Digester};

use crate::error::EngineError;

/// Answers, in memory and in `<state>/unique/`.
pub(crate) struct Uniqueness {
    folder: PathBuf,
    known: Mutex<BTreeMap<Digest, bool>>,
}

impl Uniqueness {
    pub(crate) fn new(state_dir: &Path) -> Self {
        Self {
            folder: state_dir.join("unique"),
            known: Mutex::new(BTreeMap::new()),
        }
    }

    /// True when no two rows of the file share the values of `columns`; a missing value is a value.
    pub(crate) fn check(
        &self,
        file: &Path,
        digest: &Digest,
        rows: u64,
        columns: &[&str],
    ) -> Result<bool, EngineError> {
        let mut digester = Digester::new("unique");
        digester.field(digest.as_str());
        let mut sorted: Vec<&str> = columns.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        sorted.iter().for_each(|column| {
            digester.field(column);
        });
        let id = digester.finish();
        let mut known = self
            .known
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(answer) = known.get(&id) {
            return Ok(*answer);
        }
        let path = self.folder.join(id.as_str());
        let remembered = std::fs::read(&path)
            .ok()
            .and_then(|bytes| match bytes.as_slice() {
                b"1" => Some(true),
                b"0" => Some(false),
                _ => None,
            });
        let answer = match remembered {
            Some(answer) => answer,
            None => {
                let answer = no_doubles(file, rows, &sorted)?;
                // Only a shortcut: when it cannot be written, the next process counts again.
                let _ = std::fs::create_dir_all(&self.folder);
                let _ = std::fs::write(&path, if answer { b"1" } else { b"0" });
                answer
            }
        };
        known.insert(id, answer);
        Ok(answer)
    }
}

fn no_doubles(file: &Path, rows: u64, columns: &[&str]) -> Result<bool, EngineError> {
    let failed = |error: datafusion::arrow::error::ArrowError| EngineError::Failed {
        detail: error.to_string(),
    };
    let mut seen: HashSet<u128> = HashSet::with_capacity(usize::try_from(rows.min(1 << 20)).unwrap_or(0));
    let mut converter: Option<RowConverter> = None;
    let reader = crate::tables::reader(file)?;
    let mask = ProjectionMask::columns(reader.parquet_schema(), columns.iter().copied());
    let reader = reader
        .with_projection(mask)
        .build()
        .map_err(|error| EngineError::Failed {
            detail: error.to_string(),
        })?;
    for batch in reader {
        let batch = batch.map_err(failed)?;
        if converter.is_none() {
            let fields = batch
                .columns()
                .iter()
                .map(|column| SortField::new(column.data_type().clone()))
                .collect();
            converter = Some(RowConverter::new(fields).map_err(failed)?);
        }
        let Some(converter) = &mut converter else { continue };
        for row in &converter.convert_columns(batch.columns()).map_err(failed)? {
            if !seen.insert(short_digest(row.as_ref())) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// 128 bits of a digest: two different rows share them with a chance below 10⁻²⁰ even for 10⁹ rows.
fn short_digest(bytes: &[u8]) -> u128 {
    let digest = Digest::of(bytes);
    u128::from_str_radix(digest.as_str().get(..32).unwrap_or("0"), 16).unwrap_or(0)
}
