//! The files of the repository, and what must not stand in them.

use std::path::Path;

use crate::{RepoError, output, root};

/// A text file of the repository.
#[derive(Debug, Clone)]
pub struct File {
    /// Path from the root, with `/`.
    pub path: String,
    /// Its content.
    pub text: String,
}

impl File {
    /// Whether the name ends in `.rs`.
    pub fn is_rust(&self) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|extension| extension == "rs")
    }
}

/// Every text file that git holds or would hold; files that are not UTF-8 are left out.
///
/// # Errors
/// When git cannot list the files.
pub fn tracked() -> Result<Vec<File>, RepoError> {
    let list = output(
        "git",
        &["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    )?;
    let mut files = Vec::new();
    for path in list.split('\0').filter(|path| !path.is_empty()) {
        // A file that is listed but gone is one that somebody has just deleted.
        if let Ok(text) = std::fs::read_to_string(root().join(path)) {
            files.push(File {
                path: path.to_owned(),
                text,
            });
        }
    }
    Ok(files)
}

/// `path:line` of each line that `wrong` objects to.
pub fn lines_where(files: &[File], wrong: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        for (number, line) in file.text.lines().enumerate() {
            if wrong(line) {
                found.push(format!("{}:{}: {}", file.path, number + 1, line.trim()));
            }
        }
    }
    found
}

/// Whether a line notes work to be done without the number of an issue.
pub fn is_loose_end(line: &str) -> bool {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME")];
    let words = line.split(|c: char| !c.is_ascii_alphanumeric());
    let marked = words.into_iter().any(|word| marks.contains(&word));
    let numbered = line
        .split('#')
        .skip(1)
        .any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    marked && !numbered
}

/// Whether a line holds a path that exists on somebody's machine only.
pub fn has_machine_path(line: &str) -> bool {
    let homes = ["home", "root", "work", "Users"];
    homes.iter().any(|home| {
        let start = format!("/{home}/");
        line.match_indices(&start).any(|(at, _)| {
            let before = line.get(..at).and_then(|text| text.chars().next_back());
            before.is_none_or(|c| !(c.is_alphanumeric() || "/.-_}~".contains(c)))
        })
    })
}

/// Whether a line names the host of a package registry: those are a matter of a machine's settings.
pub fn names_registry(line: &str) -> bool {
    // In parts, so that this file does not name them itself.
    let hosts = [
        ["crates", "io"],
        ["pypi", "org"],
        ["pythonhosted", "org"],
        ["npmjs", "org"],
        ["npmjs", "com"],
        ["npmmirror", "com"],
        ["rsproxy", "cn"],
        ["proxy.golang", "org"],
        ["deb.debian", "org"],
        ["mirrors.aliyun", "com"],
        ["tuna.tsinghua", "edu"],
        ["mirrors.ustc", "edu"],
    ];
    let line = line.to_ascii_lowercase();
    hosts.iter().any(|host| line.contains(&host.join(".")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loose_end_needs_an_issue() {
        let mark = concat!("TO", "DO");
        assert!(is_loose_end(&format!("// {mark}: later")));
        assert!(!is_loose_end(&format!("// {mark}(#12): later")));
        assert!(!is_loose_end("mastodon"));
    }

    #[test]
    fn machine_paths_are_told_from_urls_and_relative_paths() {
        let path = ["", "root", "x"].join("/");
        assert!(has_machine_path(&path));
        assert!(has_machine_path(&format!("open(\"{path}\")")));
        assert!(!has_machine_path(&format!("https://example.com{path}")));
        assert!(!has_machine_path(&format!("..{path}")));
        assert!(!has_machine_path("/usr/lib/postgresql"));
    }

    #[test]
    fn registries_are_seen_in_any_case() {
        assert!(names_registry(&format!(
            "see https://{}/x",
            ["Crates", "io"].join(".")
        )));
        assert!(!names_registry("the registry that cargo is set to"));
    }
}
