//! Whole runs of the program, over the statements of the shared data.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, which clippy does not take for tests"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// Refuses every turn, and is content with whatever else it is told.
const REFUSES: &str = r#"#!/bin/sh
case "$*" in
    init*) mkdir -p "$2" ;;
    *"ask --batch -"*)
        while read -r line; do
            id=$(printf '%s' "$line" | sed 's/^{"id":"\([^"]*\)".*/\1/')
            turns=$(printf '%s' "$line" | sed 's/^.*"turns"://' | grep -o '","\|\["' | wc -l)
            for turn in $(seq "$turns"); do
                printf '{"id":"%s/%s","status":"refused","refusal":{"reason":"secret"},"elapsed_ms":2}\n' "$id" "$turn"
            done
        done ;;
esac
"#;

/// The shared folder; `None` where it is not. In CI its absence is a failure.
fn shared() -> Option<PathBuf> {
    let root = std::env::var_os("JINSHENG_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let there = root.join("data/statements_tcm").is_dir();
    let in_ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
    assert!(there || !in_ci, "`{}` is needed in CI", root.display());
    there.then_some(root)
}

fn run(shared: &Path, place: &Path, args: &[&str]) -> Output {
    let program = place.join("jinsheng");
    fs::write(&program, REFUSES).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    Command::new(env!("CARGO_BIN_EXE_accuracy"))
        .env("JINSHENG_SHARED", shared)
        .env("JINSHENG_BIN", program)
        .env("JINSHENG_ACCURACY_DIR", place.join("cache"))
        .args(args)
        .output()
        .unwrap()
}

#[test]
fn gold_given_back_is_right_and_spoiled_is_not() {
    let Some(shared) = shared() else {
        eprintln!("skipped: the shared data are not there");
        return;
    };
    let place = tempfile::tempdir().unwrap();
    let done = run(
        &shared,
        place.path(),
        &["--rehearse", "tcm_b1", "tcm_b2", "tcm_own"],
    );
    let text = String::from_utf8_lossy(&done.stdout);
    assert!(
        done.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&done.stderr)
    );
    assert!(
        text.contains("89 of 89 correct")
            && text.contains("108 of 108 not correct")
            && text.contains("681 of 681 correct"),
        "{text}"
    );
}

#[test]
fn a_whole_run_counts_and_keeps_the_test_half_to_itself() {
    let Some(shared) = shared() else {
        eprintln!("skipped: the shared data are not there");
        return;
    };
    let place = tempfile::tempdir().unwrap();
    let done = run(
        &shared,
        place.path(),
        &["tcm_b2", "--json", "--verbose", "--jobs", "3"],
    );
    assert_eq!(
        done.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let document: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(document["faults"], serde_json::json!([]));
    assert_eq!(document["ok"], false);
    let shares = document["shares"].as_array().unwrap();
    let all: Vec<&Value> = shares.iter().filter(|share| share["category"] == "all").collect();
    let sum = |field: &str| {
        all.iter()
            .map(|share| share[field]["count"].as_u64().unwrap())
            .sum::<u64>()
    };
    assert!(sum("correct") > 20 && sum("wrong") == 0);
    assert_eq!(sum("correct") + sum("abstained"), 108);
    let halves = document["not_correct"].as_array().unwrap();
    assert_eq!(halves.len(), 2);
    for half in halves {
        for turn in half["turns"].as_array().unwrap() {
            let fields = turn.as_object().unwrap().len();
            assert_eq!(fields == 1, half["half"] == "test", "{}", half["half"]);
        }
    }
    let people = run(&shared, place.path(), &["tcm_b2", "--verbose"]);
    let text = String::from_utf8_lossy(&people.stdout).into_owned();
    let (dev, test) = text.split_once("not correct in tcm_b2, test").unwrap();
    assert!(dev.contains("secret") && !test.contains("secret"));
}

#[test]
fn what_is_no_option_is_said() {
    let place = tempfile::tempdir().unwrap();
    let done = run(place.path(), place.path(), &["tcm_b9"]);
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&done.stderr).contains("`tcm_b9` is no option and no set"));
}
