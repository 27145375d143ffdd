//! File-system steps that last: synced folders, files replaced whole.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

use crate::DataError;

/// Makes the names in a folder last.
pub(super) fn sync_folder(path: &Path) -> Result<(), DataError> {
    let folder = File::open(path).map_err(|error| DataError::write(path, error))?;
    folder.sync_all().map_err(|error| DataError::write(path, error))
}

/// Replaces a file by a new one: a reader, or a start after a crash, sees the old bytes or the new ones.
pub(super) fn replace_file(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), DataError> {
    let target = folder.join(name);
    let temporary = folder.join(format!("{name}.new"));
    let failed = |error| DataError::write(&target, error);
    let mut file = File::create(&temporary).map_err(failed)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    drop(file);
    if let Err(error) = written {
        let _ = fs::remove_file(&temporary);
        return Err(failed(error));
    }
    fs::rename(&temporary, &target).map_err(failed)?;
    sync_folder(folder)
}

/// Removes a folder or file with all that is in it; there may be none.
pub(super) fn remove_folder(path: &Path) -> Result<(), DataError> {
    let removed = match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(DataError::write(path, error)),
        _ => Ok(()),
    }
}
