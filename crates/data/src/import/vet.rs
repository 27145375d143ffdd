//! Workbook files that would not fit into memory are refused before other people's readers open them.
//!
//! Those readers hold what a file says in memory, as much as it says: a kilobyte can stand for terabytes. A failed
//! allocation or a full machine cannot be survived, so what a file will become is estimated first. A file that is wrong in
//! other ways passes; the readers say what is wrong with it.

mod archive;
mod compound;

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::path::Path;

use crate::{DataError, Progress};

/// What may be wrong with a file, in words of this module.
type Vetted = Result<(), String>;

/// Refuses an archive that unpacks to far more than its size, and returns the bytes of its parts unpacked; refuses a
/// workbook of Excel 97-2003 whose streams have no end or whose sheets are mostly empty space. Other files pass.
pub(crate) fn vet(path: &Path, progress: &dyn Progress) -> Result<u64, DataError> {
    let failed = |error| DataError::read(path, error);
    let mut file = File::open(path).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    let mut first = [0; 8];
    let count = file.read(&mut first).map_err(failed)?;
    file.rewind().map_err(failed)?;
    let first = first.get(..count).unwrap_or_default();
    let vetted = if first.starts_with(b"PK") {
        archive::vet(file, size, progress)
    } else if first.starts_with(&compound::SIGNATURE) {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        compound::vet(&bytes).map(|()| size)
    } else {
        Ok(size)
    };
    if progress.cancelled() {
        return Err(DataError::Cancelled);
    }
    vetted.map_err(|reason| DataError::malformed(path, None, reason))
}
