//! Who depends on whom: declared dependencies of the workspace's crates, and what they reach through `Cargo.lock`.
//!
//! `Cargo.lock` holds the edges of all platforms and features together, so "reaches" errs on the strict side, and reading
//! it needs neither network nor sources.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{RepoError, output, read};

/// How a crate depends on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// In every build, or in the build script.
    Normal,
    /// In tests only.
    Dev,
}

/// A crate of the workspace with what its manifest declares.
#[derive(Debug, Clone)]
pub struct Member {
    /// Package name.
    pub name: String,
    /// Declared dependencies, workspace crates included.
    pub dependencies: Vec<(String, Kind)>,
}

impl Member {
    /// The name of the folder below `crates/`, or the package name outside of it.
    pub fn short(&self) -> &str {
        self.name.strip_prefix("jinsheng-").unwrap_or(&self.name)
    }

    /// Whether the manifest names `package` in a dependency of any kind.
    pub fn names(&self, package: &str) -> bool {
        self.dependencies.iter().any(|(name, _)| name == package)
    }
}

/// The crates of the workspace and the locked packages.
#[derive(Debug)]
pub struct Graph {
    /// Crates of the workspace, by name.
    pub members: Vec<Member>,
    /// Versions of each locked package.
    pub versions: BTreeMap<String, BTreeSet<String>>,
    locked: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    /// Reads the workspace that this crate is part of.
    ///
    /// # Errors
    /// When cargo cannot be run or its answer or `Cargo.lock` is not in the known form.
    pub fn load() -> Result<Self, RepoError> {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let metadata = output(
            &cargo,
            &["metadata", "--no-deps", "--offline", "--format-version", "1"],
        )?;
        let members = members(&metadata)?;
        let (locked, versions) = locked(&read("Cargo.lock")?);
        Ok(Self {
            members,
            versions,
            locked,
        })
    }

    /// The member with this short name.
    pub fn member(&self, short: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.short() == short)
    }

    /// A way from a member to a package that `wanted` accepts, over dependencies of real builds (not tests).
    pub fn way(&self, from: &Member, wanted: impl Fn(&str) -> bool) -> Option<Vec<String>> {
        let mut came: BTreeMap<String, String> = BTreeMap::new();
        let mut open = vec![from.name.clone()];
        while let Some(at) = open.pop() {
            for next in self.next(&at) {
                if next == from.name || came.contains_key(&next) {
                    continue;
                }
                came.insert(next.clone(), at.clone());
                if wanted(&next) {
                    let mut way = vec![next.clone()];
                    let mut step = &next;
                    while let Some(before) = came.get(step) {
                        way.push(before.clone());
                        step = before;
                    }
                    way.reverse();
                    return Some(way);
                }
                open.push(next);
            }
        }
        None
    }

    fn next(&self, package: &str) -> Vec<String> {
        // The lock file mixes a member's test dependencies with the others; the manifest keeps them apart.
        if let Some(member) = self.members.iter().find(|member| member.name == package) {
            let normal = member
                .dependencies
                .iter()
                .filter(|(_, kind)| *kind == Kind::Normal);
            return normal.map(|(name, _)| name.clone()).collect();
        }
        self.locked.get(package).into_iter().flatten().cloned().collect()
    }
}

fn members(metadata: &str) -> Result<Vec<Member>, RepoError> {
    let form = |reason: &str| RepoError::Form {
        what: "cargo metadata".to_owned(),
        reason: reason.to_owned(),
    };
    let metadata: Value = serde_json::from_str(metadata).map_err(|error| form(&error.to_string()))?;
    let packages = metadata.get("packages").and_then(Value::as_array);
    let mut members = Vec::new();
    for package in packages.ok_or_else(|| form("no packages"))? {
        let name = package.get("name").and_then(Value::as_str);
        let declared = package.get("dependencies").and_then(Value::as_array);
        let mut dependencies = Vec::new();
        for dependency in declared.ok_or_else(|| form("a package without dependencies"))? {
            let name = dependency.get("name").and_then(Value::as_str);
            let dev = dependency.get("kind").and_then(Value::as_str) == Some("dev");
            let kind = if dev { Kind::Dev } else { Kind::Normal };
            dependencies.push((
                name.ok_or_else(|| form("a dependency without name"))?.to_owned(),
                kind,
            ));
        }
        members.push(Member {
            name: name.ok_or_else(|| form("a package without name"))?.to_owned(),
            dependencies,
        });
    }
    Ok(members)
}

type ByName = BTreeMap<String, BTreeSet<String>>;

/// Dependencies and versions of each package in the text of a `Cargo.lock`; versions of one name are taken together.
fn locked(text: &str) -> (ByName, ByName) {
    let (mut edges, mut versions) = (ByName::new(), ByName::new());
    let mut package = String::new();
    for line in text.lines() {
        let line = line.trim();
        if let Some(name) = line.strip_prefix("name = ") {
            name.trim_matches('"').clone_into(&mut package);
        } else if let Some(version) = line.strip_prefix("version = ") {
            let version = version.trim_matches('"').to_owned();
            if !package.is_empty() {
                versions.entry(package.clone()).or_default().insert(version);
            }
        } else if line.starts_with('"') {
            let name = line
                .trim_matches([',', '"'])
                .split(' ')
                .next()
                .unwrap_or_default();
            edges.entry(package.clone()).or_default().insert(name.to_owned());
        }
    }
    (edges, versions)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [\n \"b\",\n \"c 2.0.0\",\n]\n\n\
                        [[package]]\nname = \"c\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"c\"\nversion = \"2.0.0\"\n\
                        dependencies = [\n \"arrow\",\n]\n";

    fn graph() -> Graph {
        let (locked, versions) = locked(LOCK);
        let member = |name: &str, dependencies: &[(&str, Kind)]| Member {
            name: name.to_owned(),
            dependencies: dependencies
                .iter()
                .map(|(name, kind)| ((*name).to_owned(), *kind))
                .collect(),
        };
        let members = vec![
            member("jinsheng-text", &[("a", Kind::Normal)]),
            member("jinsheng-core", &[("b", Kind::Normal), ("a", Kind::Dev)]),
        ];
        Graph {
            members,
            versions,
            locked,
        }
    }

    #[test]
    fn a_way_through_the_lock_file_is_found() {
        let graph = graph();
        let way = graph
            .way(graph.member("text").unwrap(), |name| name == "arrow")
            .unwrap();
        assert_eq!(way, ["jinsheng-text", "a", "c", "arrow"]);
    }

    #[test]
    fn test_dependencies_of_a_member_are_no_way() {
        let graph = graph();
        assert_eq!(
            graph.way(graph.member("core").unwrap(), |name| name == "arrow"),
            None
        );
    }

    #[test]
    fn two_versions_of_a_package_are_seen() {
        assert_eq!(graph().versions.get("c").unwrap().len(), 2);
    }
}
