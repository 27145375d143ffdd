//! Which crates may know which.

use xtask::graph::{Graph, Kind, Member};

use crate::none;

/// A crate may depend only on earlier ones.
const ORDER: [&str; 10] = [
    "core",
    "text",
    "grounding",
    "semantics",
    "demo",
    "data",
    "engine",
    "dialogue",
    "api",
    "cli",
];
/// Outside the order: for tests and chores, never in a build that ships.
const OUTSIDE: [&str; 3] = ["accuracy", "testkit", "xtask"];

fn is_columnar(package: &str) -> bool {
    let families = ["arrow", "parquet", "datafusion"];
    families.iter().any(|family| {
        let rest = package.strip_prefix(family);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    })
}

fn problems_of(check: impl Fn(&Graph, &Member) -> Vec<String>) -> Vec<String> {
    let graph = Graph::load().unwrap();
    graph
        .members
        .iter()
        .flat_map(|member| check(&graph, member))
        .collect()
}

#[test]
fn crates_depend_on_earlier_ones_only() {
    let place = |name: &str| ORDER.iter().position(|crate_name| *crate_name == name);
    let problems = problems_of(|graph, member| {
        let own = place(member.short());
        if own.is_none() && !OUTSIDE.contains(&member.short()) {
            return vec![format!("`{}` has no place in the order of crates", member.name)];
        }
        let inside = member.dependencies.iter().filter_map(|(name, kind)| {
            let other = graph.members.iter().find(|other| other.name == *name)?;
            let allowed = match (own, place(other.short())) {
                (Some(own), Some(other)) => other < own,
                (Some(_), None) => other.short() == "testkit" && *kind == Kind::Dev,
                (None, _) => member.short() == "testkit" && other.short() != "xtask",
            };
            (!allowed).then(|| format!("`{}` may not depend on `{name}`", member.name))
        });
        inside.collect()
    });
    none("edges against the order of crates", &problems);
}

#[test]
fn meaning_never_reaches_the_engine() {
    let light = ["core", "text", "grounding", "semantics", "demo"];
    let problems = problems_of(|graph, member| {
        if !light.contains(&member.short()) {
            return Vec::new();
        }
        let way = graph.way(member, is_columnar);
        way.map(|way| way.join(" -> ")).into_iter().collect()
    });
    none(
        "these must build and be tested without DataFusion and Arrow",
        &problems,
    );
}

#[test]
fn only_data_and_engine_name_columnar_crates() {
    let problems = problems_of(|_, member| {
        if ["data", "engine", "testkit"].contains(&member.short()) {
            return Vec::new();
        }
        let named = member.dependencies.iter().filter(|(name, _)| is_columnar(name));
        named
            .map(|(name, _)| format!("`{}` names `{name}`", member.name))
            .collect()
    });
    none(
        "Arrow, Parquet and DataFusion are the business of `data` and `engine`",
        &problems,
    );
}

#[test]
fn domain_crates_know_no_front_end() {
    let front = ["axum", "clap", "reqwest"];
    let problems = problems_of(|graph, member| {
        if member.short() == "cli" || OUTSIDE.contains(&member.short()) {
            return Vec::new();
        }
        let way = graph.way(member, |package| front.contains(&package));
        way.map(|way| way.join(" -> ")).into_iter().collect()
    });
    none("domain crates know neither axum, clap nor reqwest", &problems);
}

#[test]
fn the_naive_interpreter_does_not_know_the_engine() {
    let graph = Graph::load().unwrap();
    let way = graph.way(graph.member("testkit").unwrap(), |package| {
        package == "jinsheng-engine" || package.starts_with("datafusion")
    });
    assert_eq!(
        way, None,
        "an interpreter that looks at the engine proves nothing about it"
    );
}

#[test]
fn columnar_crates_have_one_version() {
    let graph = Graph::load().unwrap();
    let several = graph
        .versions
        .iter()
        .filter(|(name, versions)| is_columnar(name) && versions.len() > 1);
    let problems: Vec<_> = several
        .map(|(name, versions)| format!("{name}: {versions:?}"))
        .collect();
    none(
        "two versions of Arrow or DataFusion do not understand each other",
        &problems,
    );
    let built: Vec<_> = graph.versions.keys().filter(|name| is_columnar(name)).collect();
    assert!(built.len() > 2, "Cargo.lock was not understood: {built:?}");
}
