//! The file of an imported table: whether it is still the one that was imported.
//!
//! What a project says is pinned must be what is read. A file is digested when it is first used and whenever its size
//! or times differ from those at which its digest was last found right, which are kept beside it; a small file is
//! digested by every process. Whoever alters a file *and* its note deceives only this shortcut: [`Stored::verify`],
//! which `data check` calls, reads every byte.

use std::collections::HashMap;
use std::fs::{self, File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jinsheng_core::{Digest, Digester};

use crate::{DataError, Stop};

/// Files up to so many bytes are digested by every process: it takes less time than to look up that it need not be.
const SMALL: u64 = 256 << 10;
/// Ending of the note beside a file that says at which size and times its digest was right.
const NOTE: &str = "seen";

/// Digest of a table's file under way.
pub(crate) fn digester() -> Digester {
    Digester::new("parquet")
}

/// The file of an imported table.
#[derive(Debug, Clone)]
pub struct Stored {
    pub(crate) table: String,
    pub(crate) path: PathBuf,
    pub(crate) digest: Digest,
    pub(crate) rows: u64,
    /// Command line that imports its source again.
    pub(crate) again: String,
    pub(crate) stop: Stop,
    pub(crate) trusted: Trusted,
}

/// Files that this process found unaltered, as they were then.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trusted(Arc<Mutex<HashMap<PathBuf, Stamp>>>);

impl Trusted {
    fn holds(&self, path: &Path, stamp: &Stamp) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(path) == Some(stamp)
    }

    fn put(&self, path: &Path, stamp: Option<Stamp>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match stamp {
            Some(stamp) => known.insert(path.to_owned(), stamp),
            None => known.remove(path),
        };
    }
}

/// Size and times of a file, as one text; whatever writes to a file changes it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    text: String,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        let bytes = metadata.len();
        Self {
            bytes,
            text: format!("{bytes} {}", times(metadata)),
        }
    }
}

/// The time of the last change of a file's state cannot be set back, other than that of its content.
#[cfg(unix)]
fn times(metadata: &Metadata) -> String {
    use std::os::unix::fs::MetadataExt as _;
    format!(
        "{}.{} {}.{} {}",
        metadata.mtime(),
        metadata.mtime_nsec(),
        metadata.ctime(),
        metadata.ctime_nsec(),
        metadata.ino()
    )
}

#[cfg(not(unix))]
fn times(metadata: &Metadata) -> String {
    let since = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    format!("{:?}", since)
}

impl Stored {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Fails when the file is not the one that was imported. Cheap where it has not been touched since this was last
    /// found out.
    ///
    /// # Errors
    /// [`DataError::Altered`]; [`DataError::Damaged`] when it cannot be read; [`DataError::Cancelled`].
    pub fn trust(&self) -> Result<(), DataError> {
        let stamp = self.stamp()?;
        if self.trusted.holds(&self.path, &stamp) {
            return Ok(());
        }
        let noted = || fs::read_to_string(self.note()).is_ok_and(|text| text == stamp.text);
        if stamp.bytes > SMALL && noted() {
            self.trusted.put(&self.path, Some(stamp));
            return Ok(());
        }
        self.verify()
    }

    /// Fails when the file is not the one that was imported; reads all of it.
    ///
    /// # Errors
    /// As [`Stored::trust`].
    pub fn verify(&self) -> Result<(), DataError> {
        let before = self.stamp()?;
        if self.digest_now()? != self.digest {
            self.trusted.put(&self.path, None);
            let _ = fs::remove_file(self.note());
            return Err(DataError::Altered {
                table: self.table.clone(),
                path: self.path.clone(),
                again: self.again.clone(),
            });
        }
        // A file that changes while it is read is not noted, and is read again the next time.
        if self.stamp()? == before {
            if before.bytes > SMALL {
                // Only a shortcut: where it cannot be written, the next process digests again.
                let _ = fs::write(self.note(), &before.text);
            }
            self.trusted.put(&self.path, Some(before));
        }
        Ok(())
    }

    fn digest_now(&self) -> Result<Digest, DataError> {
        let mut file = File::open(&self.path).map_err(|error| self.damaged(error))?;
        let mut digester = digester();
        let mut buffer = vec![0; 1 << 20];
        loop {
            self.stop.check()?;
            let read = file.read(&mut buffer).map_err(|error| self.damaged(error))?;
            if read == 0 {
                return Ok(digester.finish());
            }
            digester.stream(buffer.get(..read).unwrap_or_default());
        }
    }

    fn stamp(&self) -> Result<Stamp, DataError> {
        let metadata = fs::metadata(&self.path).map_err(|error| self.damaged(error))?;
        Ok(Stamp::of(&metadata))
    }

    fn note(&self) -> PathBuf {
        self.path.with_extension(NOTE)
    }

    pub(crate) fn damaged(&self, reason: impl std::fmt::Display) -> DataError {
        DataError::Damaged {
            table: self.table.clone(),
            path: self.path.clone(),
            reason: reason.to_string(),
        }
    }
}
