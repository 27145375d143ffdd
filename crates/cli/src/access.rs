//! Roles for trying what others may see, `access.yaml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use jinsheng_core::{RowFilter, Scope};
use serde::Deserialize;

use crate::failure::CliError;
use crate::words;

/// Name of the file.
pub const FILE: &str = "access.yaml";

/// The file as written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// Version of the format; 1.
    pub version: u32,
    /// Roles by name.
    #[serde(default)]
    pub roles: BTreeMap<String, Role>,
}

/// What a role may see.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Rows: each dimension with the values that may be seen.
    #[serde(default)]
    pub row_filters: Vec<RowFilter>,
    /// Tables, measures and dimensions of the catalog that the role may not see: `table` or `table.name`.
    #[serde(default)]
    pub hidden: BTreeSet<String>,
}

/// The scope of a role.
///
/// # Errors
/// [`CliError::Unknown`] listing the roles, [`CliError::Settings`] for a wrong file.
pub fn scope(project: &Path, role: &str) -> Result<Scope, CliError> {
    let path = project.join(FILE);
    let unknown = |known: Vec<String>| CliError::Unknown {
        what: ("角色", "role"),
        name: role.to_owned(),
        known,
    };
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(unknown(Vec::new())),
        Err(error) => return Err(CliError::read(&path, error)),
    };
    let wrong = |zh: String, en: String| CliError::Settings {
        path: path.clone(),
        why: (zh, en),
    };
    let access: Access = serde_saphyr::from_str(&text).map_err(|error| {
        let (zh, en) = words::parser(&error.to_string());
        match error.location() {
            Some(place) => wrong(
                format!("第 {} 行：{zh}", place.line()),
                format!("line {}: {en}", place.line()),
            ),
            None => wrong(zh, en),
        }
    })?;
    if access.version != 1 {
        return Err(wrong(
            "此程序只认识 version: 1".to_owned(),
            "this program knows version: 1".to_owned(),
        ));
    }
    let known = access.roles.keys().cloned().collect();
    let found = access.roles.get(role).ok_or_else(|| unknown(known))?;
    Ok(Scope::restricted(
        role,
        found.row_filters.iter().cloned(),
        found.hidden.iter().cloned(),
    ))
}

/// The file of the demo project.
pub const DEMO: &str = "\
# 角色：`jinsheng query --as ROLE` 以该角色能看到的范围查询（演示用，虚构）。
# Roles: `jinsheng query --as ROLE` asks with what that role may see (for the demo, fictional).
# row_filters：维度及可见的值；hidden：不可见的表、度量或维度（table 或 table.name，均为目录中的名称），公式等任何途径也看不到。
# row_filters: dimensions with the values that may be seen; hidden: tables, measures or dimensions (table or
# table.name, as in the catalog) that the role may not see, in a formula or any other way.

version: 1
roles:
  # 客户经理：只看自己的客户 / a relationship manager sees the own clients only
  adviser:
    row_filters:
      - {dimension: manager, values: [RM001]}
  # 分行行长：只看本分行 / a branch head sees the own branch only
  branch_head:
    row_filters:
      - {dimension: branch, values: [BR02]}
  # 研究员：看不到客户的任何数据 / a researcher sees nothing of clients
  researcher:
    hidden: [clients, client_aum, holdings, transactions, maturities, relationship_managers, branches]
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_has_three_roles() {
        let access: Access = serde_saphyr::from_str(DEMO).unwrap();
        assert_eq!(
            access.roles.keys().collect::<Vec<_>>(),
            ["adviser", "branch_head", "researcher"]
        );
    }
}
