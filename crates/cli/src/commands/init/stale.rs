//! Folders in which a project was being built when the process was killed: known by a file that the builder holds locked.
//!
//! A lock ends with its process, whatever ends that. What carries the mark and is not locked was left behind; what carries
//! none is somebody else's, or so young that its builder has not yet marked it, and is not touched.

use std::fs::{self, File};
use std::path::Path;

use crate::failure::CliError;
use crate::project::STATE;

/// Ending of the folder's name.
pub(super) const SUFFIX: &str = ".tmp";
/// The mark, in the state folder, which nobody else looks into.
const MARK: &str = "building.lock";

/// The mark of a folder under construction, for as long as this lives.
pub(super) struct Mark {
    _locked: File,
}

impl Mark {
    /// Marks a new folder.
    ///
    /// # Errors
    /// [`CliError::Write`].
    pub(super) fn set(folder: &Path) -> Result<Self, CliError> {
        let state = folder.join(STATE);
        let path = state.join(MARK);
        let failed = |error| CliError::write(&path, error);
        fs::create_dir(&state).map_err(failed)?;
        // It is locked before it has the name by which others know it.
        let unnamed = state.join(format!("{MARK}.new"));
        let file = File::create_new(&unnamed).map_err(failed)?;
        file.try_lock().map_err(|error| failed(error.into()))?;
        fs::rename(&unnamed, &path).map_err(failed)?;
        Ok(Self { _locked: file })
    }

    /// Removes the mark from the finished project.
    pub(super) fn clear(self, project: &Path) {
        // Harmless when it stays: nobody looks for it in a folder of another name.
        let _ = fs::remove_file(project.join(STATE).join(MARK));
    }
}

/// Removes what killed processes left beside a project that is to be made.
pub(super) fn sweep(parent: &Path, prefix: &str) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let random = name
            .strip_prefix(prefix)
            .and_then(|rest| rest.strip_suffix(SUFFIX));
        let ours = random.is_some_and(|random| random.chars().all(|char| char.is_ascii_alphanumeric()));
        if !ours || !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let folder = entry.path();
        let Ok(mark) = File::options().write(true).open(folder.join(STATE).join(MARK)) else {
            continue;
        };
        if mark.try_lock().is_ok() {
            // What cannot be removed is in nobody's way.
            let _ = fs::remove_dir_all(&folder);
        }
    }
}
