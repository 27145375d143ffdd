//! Whether columns of an imported table are a key; found out once for each file and remembered beside it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use jinsheng_core::{Digest, Digester};
use jinsheng_data::Stored;

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
        file: &Stored,
        digest: &Digest,
        columns: &[&str],
    ) -> Result<bool, EngineError> {
        let mut digester = Digester::new("unique by place");
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
                let answer = file.is_unique(&sorted)?;
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
