//! Making a project and its settings.

use serde::{Deserialize, Serialize};

/// `init`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectMade {
    /// The folder.
    pub project: String,
    /// Seed of the demo data; `null` without demo.
    pub seed: Option<u64>,
    /// Sources imported.
    pub sources: u64,
    /// Rows imported.
    pub rows: u64,
    /// Metrics in the catalog.
    pub metrics: u64,
    /// Time it took.
    pub elapsed_ms: u64,
}

/// `config show`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigShown {
    /// The project's folder.
    pub project: String,
    /// All settings.
    pub settings: Vec<SettingView>,
    /// Who publishes; for what still has to be filled in, `filled` is false.
    pub institution: Vec<InstitutionField>,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingView {
    /// Name in `jinsheng.toml`.
    pub name: String,
    /// Value in use.
    pub value: String,
    /// `flag`, `environment`, `file`, `locale` or `default`.
    pub origin: String,
    /// The flag, variable or file.
    pub place: String,
}

/// One field of `institution.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstitutionField {
    /// Name in the file.
    pub name: String,
    /// Value.
    pub value: String,
    /// False while it is the placeholder.
    pub filled: bool,
}
