//! What source files look like, and what must not stand in any file.

use xtask::files::{File, has_machine_path, is_loose_end, lines_where, names_registry, tracked};
use xtask::signatures::taking_sql;

use crate::none;

const MOST_LINES: usize = 600;

/// Longer files that are let through: path, lines at most, and why splitting would not help a reader.
/// The list only gets shorter: no file on it may grow, and one that has become short enough must leave it.
const LONG: [(&str, usize, &str); 0] = [];

fn rust_files() -> Vec<File> {
    tracked().unwrap().into_iter().filter(File::is_rust).collect()
}

#[test]
fn every_crate_takes_the_workspace_lints() {
    let manifests = tracked()
        .unwrap()
        .into_iter()
        .filter(|file| file.path.ends_with("/Cargo.toml"));
    let without = manifests.filter(|file| {
        let lines: Vec<_> = file.text.lines().map(str::trim).collect();
        !lines
            .windows(2)
            .any(|pair| pair == ["[lints]", "workspace = true"])
    });
    let problems: Vec<_> = without.map(|file| file.path).collect();
    none("these manifests lack `[lints] workspace = true`", &problems);
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent = rust_files()
        .into_iter()
        .filter(|file| !file.text.starts_with("//! "));
    let problems: Vec<_> = silent.map(|file| file.path).collect();
    none("these files do not open with `//!`", &problems);
}

#[test]
fn no_file_is_too_long() {
    let mut problems = Vec::new();
    let files = rust_files();
    for file in &files {
        let lines = file.text.lines().count();
        let listed = LONG.iter().find(|(path, ..)| *path == file.path);
        let most = listed.map_or(MOST_LINES, |(_, most, _)| *most);
        if lines > most {
            problems.push(format!("{}: {lines} lines, {most} at most", file.path));
        } else if listed.is_some() && lines <= MOST_LINES {
            problems.push(format!("{}: short enough now, take it off the list", file.path));
        }
    }
    for (path, ..) in LONG {
        if !files.iter().any(|file| file.path == path) {
            problems.push(format!("{path}: is gone, take it off the list"));
        }
    }
    none("split these by responsibility", &problems);
}

#[test]
fn modules_have_no_mod_rs() {
    let old = rust_files()
        .into_iter()
        .filter(|file| file.path.ends_with("/mod.rs"));
    let problems: Vec<_> = old.map(|file| file.path).collect();
    none("name these `foo.rs` beside the folder `foo/`", &problems);
}

#[test]
fn each_crate_has_one_integration_test_binary() {
    let stray = rust_files()
        .into_iter()
        .filter(|file| match file.path.split_once("/tests/") {
            // A name of its own lets `./x demo` build this one beside the binary.
            Some(("xtask", inside)) => !inside.starts_with("repository/"),
            Some((_, inside)) => !inside.starts_with("it/"),
            None => false,
        });
    let problems: Vec<_> = stray.map(|file| file.path).collect();
    none(
        "every further test binary links everything again; put these below `tests/it/`",
        &problems,
    );
}

#[test]
fn loose_ends_name_an_issue() {
    none(
        "name the issue that will do this",
        &lines_where(&tracked().unwrap(), is_loose_end),
    );
}

#[test]
fn no_file_knows_a_machine() {
    // Cargo writes the lock files, with the name of the default registry.
    let files: Vec<_> = tracked()
        .unwrap()
        .into_iter()
        .filter(|file| !file.path.ends_with("Cargo.lock"))
        .collect();
    none(
        "absolute paths of one machine",
        &lines_where(&files, has_machine_path),
    );
    none(
        "hosts of package registries",
        &lines_where(&files, names_registry),
    );
}

#[test]
fn no_public_function_takes_sql_text() {
    let mut problems = Vec::new();
    for file in rust_files()
        .iter()
        .filter(|file| file.path.starts_with("crates/") && file.path.contains("/src/"))
    {
        problems.extend(
            taking_sql(&file.text)
                .iter()
                .map(|found| format!("{}: {found}", file.path)),
        );
    }
    none(
        "only a checked Query becomes a plan; take a Query, or a type that only the planner can make",
        &problems,
    );
}
