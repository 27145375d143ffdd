//! Documents that must agree with the code or with each other.

use std::collections::BTreeSet;

use xtask::documents::{codes_defined, first_column, outline, tests_named};
use xtask::files::tracked;
use xtask::graph::Graph;
use xtask::{read, root};

use crate::none;

#[test]
fn both_readmes_say_the_same() {
    let (english, chinese) = (
        outline(&read("README.md").unwrap()),
        outline(&read("README.zh.md").unwrap()),
    );
    assert_eq!(
        english.headings, chinese.headings,
        "headings of README.md and README.zh.md"
    );
    assert_eq!(
        english.blocks, chinese.blocks,
        "code blocks of README.md and README.zh.md"
    );
    let commands = english.blocks.concat();
    for command in ["./x demo", "./x test"] {
        assert!(commands.contains(command), "the readme does not show `{command}`");
    }
}

#[test]
fn every_error_code_is_documented() {
    let defined: BTreeSet<_> = codes_defined(&read("crates/core/src/fault.rs").unwrap())
        .into_iter()
        .collect();
    let documented: BTreeSet<_> = first_column(&read("docs/reference/errors.md").unwrap())
        .into_iter()
        .collect();
    assert!(!defined.is_empty(), "no code found in crates/core/src/fault.rs");
    assert_eq!(
        documented, defined,
        "docs/reference/errors.md (left) against crates/core/src/fault.rs (right)"
    );
}

#[test]
fn the_query_language_is_documented() {
    let text = read("docs/reference/query.md").unwrap();
    assert!(
        !outline(&text).blocks.is_empty(),
        "docs/reference/query.md shows no Query"
    );
}

#[test]
fn architecture_describes_every_crate() {
    let text = read("ARCHITECTURE.md").unwrap();
    let missing = Graph::load().unwrap().members.into_iter().filter(|member| {
        let heading = format!("### `{}`", member.short());
        !text.lines().any(|line| line.starts_with(&heading))
    });
    let problems: Vec<_> = missing.map(|member| member.name).collect();
    none("crates without a section in ARCHITECTURE.md", &problems);
}

#[test]
fn invariants_name_tests_that_exist() {
    let named = tests_named(&read("ARCHITECTURE.md").unwrap());
    assert!(!named.is_empty(), "ARCHITECTURE.md names no test");
    let files = tracked().unwrap();
    let gone = named.into_iter().filter(|(package, test)| {
        let folder = if root().join("crates").join(package).is_dir() {
            format!("crates/{package}/")
        } else {
            format!("{package}/")
        };
        let start = format!("fn {test}(");
        !files
            .iter()
            .any(|file| file.path.starts_with(&folder) && file.is_rust() && file.text.contains(&start))
    });
    let problems: Vec<_> = gone.map(|(package, test)| format!("{package} {test}")).collect();
    none("ARCHITECTURE.md names tests that do not exist", &problems);
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut problems = Vec::new();
    for file in tracked()
        .unwrap()
        .iter()
        .filter(|file| file.path.to_ascii_lowercase().ends_with(".md"))
    {
        let folder = root().join(&file.path);
        let folder = folder.parent().unwrap();
        for link in file
            .text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let target = link.split('#').next().unwrap_or_default();
            if !target.is_empty()
                && !target.contains(':')
                && !target.contains(' ')
                && !folder.join(target).exists()
            {
                problems.push(format!("{}: {link}", file.path));
            }
        }
    }
    none("links to files that do not exist", &problems);
}
