//! The manifest: a versioned JSON file that says which sources there are.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::durable::replace_file;
use crate::{DataError, SourceMeta};

const NAME: &str = "manifest.json";
const VERSION: u64 = 1;

/// What there is.
#[derive(Debug, Clone, Default)]
pub(super) struct Manifest {
    pub(super) sources: Vec<SourceMeta>,
}

/// The first thing read of a manifest, whatever its version.
#[derive(Deserialize)]
struct Versioned {
    version: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Version1 {
    version: u64,
    sources: Vec<SourceMeta>,
}

impl Manifest {
    /// Reads the manifest of a state folder; one without is empty.
    pub(super) fn read(state: &Path) -> Result<Self, DataError> {
        let path = state.join(NAME);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(DataError::read(&path, error)),
        };
        let broken = |error: serde_json::Error| DataError::Manifest {
            path: path.clone(),
            reason: error.to_string(),
        };
        let Versioned { version } = serde_json::from_slice(&bytes).map_err(broken)?;
        if version != VERSION {
            return Err(DataError::ManifestVersion {
                path,
                found: version,
                known: VERSION,
            });
        }
        let manifest: Version1 = serde_json::from_slice(&bytes).map_err(broken)?;
        Ok(Self {
            sources: manifest.sources,
        })
    }

    /// Writes it for good.
    pub(super) fn write(&self, state: &Path) -> Result<(), DataError> {
        let whole = Version1 {
            version: VERSION,
            sources: self.sources.clone(),
        };
        let mut bytes = serde_json::to_vec_pretty(&whole).map_err(|error| DataError::Manifest {
            path: state.join(NAME),
            reason: error.to_string(),
        })?;
        bytes.push(b'\n');
        replace_file(state, NAME, &bytes)
    }

    /// Adds a source, or replaces the one of its name; sources stay sorted by name.
    pub(super) fn put(&mut self, source: SourceMeta) {
        self.sources.retain(|other| other.name != source.name);
        let at = self.sources.partition_point(|other| other.name < source.name);
        self.sources.insert(at, source);
    }

    /// Takes a source out.
    pub(super) fn take(&mut self, name: &str) -> Option<SourceMeta> {
        let at = self.sources.iter().position(|source| source.name == name)?;
        Some(self.sources.remove(at))
    }

    /// Removes a half-written manifest of a killed process.
    pub(super) fn sweep(state: &Path) {
        let _ = fs::remove_file(state.join(format!("{NAME}.new")));
    }
}
