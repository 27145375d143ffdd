//! Ctrl-C and kills in the middle of work.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::Place;

fn large(place: &Place) {
    let mut text = String::from("id,day,amount,name\n");
    for index in 0..600_000 {
        writeln!(
            text,
            "{index},2025-01-{:02},{}.{:02},some name {}",
            index % 28 + 1,
            index * 7,
            index % 100,
            index % 1000
        )
        .unwrap();
    }
    place.write("large.csv", &text);
}

fn signal(place: &Place, args: &[&str], signal: &str, ready: &dyn Fn() -> bool) -> std::process::Output {
    let mut command = place.command("en", args);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let start = Instant::now();
    while !ready() && start.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(1));
    }
    let sent = Command::new("kill")
        .arg(signal)
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert!(sent.success(), "the import was over before it could be stopped");
    child.wait_with_output().unwrap()
}

#[test]
fn an_import_that_is_stopped_leaves_nothing() {
    let place = Place::shop();
    large(&place);
    let under_way = || place.path(".jinsheng/tmp").exists();
    let output = signal(&place, &["data", "add", "large.csv"], "-INT", &under_way);
    assert_eq!(
        output.status.code(),
        Some(130),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.starts_with("error: "), "{stderr}");
    assert!(!place.path(".jinsheng/tmp").exists());
    assert_eq!(
        place.json("en", &["data", "list"])["sources"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    place.ok("en", &["query", "sales"]);
}

#[test]
fn a_project_opens_after_a_kill() {
    let place = Place::shop();
    large(&place);
    let under_way = || place.path(".jinsheng/tmp").exists();
    let output = signal(&place, &["data", "add", "large.csv"], "-KILL", &under_way);
    assert_eq!(output.status.code(), None);
    assert_eq!(
        place.json("en", &["data", "list"])["sources"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert!(!place.path(".jinsheng/tmp").exists());
    place.ok("en", &["data", "add", "large.csv"]);
}

/// Stops a command once it says that it looks at the large table, and sees that it ends as an interrupted one.
fn interrupted(place: &Place, args: &[&str]) {
    let mut command = place.command("en", &[&["-v"], args].concat());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let at_work = lines.by_ref().any(|line| line.unwrap().contains("table large"));
    assert!(at_work, "{args:?} was over before it could be stopped");
    let sent = Command::new("kill")
        .arg("-INT")
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert!(sent.success());
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{args:?}: {rest:?}");
    assert_eq!(rest.len(), 1, "{rest:?}");
    assert!(rest[0].starts_with("error: "), "{rest:?}");
    assert!(output.stdout.is_empty());
}

#[test]
fn checks_and_drafts_stop_and_leave_nothing() {
    let place = Place::shop();
    large(&place);
    place.ok("en", &["data", "add", "large.csv"]);
    place.write(
        "catalog/large.yaml",
        "version: 1\ntables:\n  large:\n    source: large\n    period: {kind: date, column: day, grain: day}\n    dimensions:\n      \
         id: {column: id}\n    measures:\n      amount: {column: amount, unit: 元, time: flow}\nmetrics:\n  amount:\n    \
         label: {zh: 金额, en: Amount}\n    measure: large.amount\n",
    );
    place.ok("en", &["catalog", "show"]);
    let before = place.read("catalog/shop.yaml");
    for args in [
        &["data", "check"][..],
        &["catalog", "infer"][..],
        &["catalog", "infer", "--dry-run"][..],
    ] {
        interrupted(&place, args);
    }
    let names: Vec<String> = std::fs::read_dir(place.path("catalog"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert_eq!(place.read("catalog/shop.yaml"), before);
}

/// Names in a place, sorted.
fn names(place: &Place) -> Vec<String> {
    let entries = std::fs::read_dir(place.path("")).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// True once a demo has its first tables.
fn filling(place: &Place) -> bool {
    names(place)
        .iter()
        .any(|name| place.path(name).join(".jinsheng/tables").exists())
}

#[test]
fn what_a_killed_demo_left_is_removed_by_the_next() {
    let place = Place::new();
    place.write(".d-abc123.tmp/mine.txt", "not from here");
    place.write(".d-x.y.tmp/.jinsheng/building.lock", "");
    let output = signal(&place, &["init", "d", "--demo"], "-KILL", &|| filling(&place));
    assert_eq!(output.status.code(), None);
    assert_eq!(names(&place).len(), 3, "{:?}", names(&place));
    place.ok("en", &["init", "d"]);
    assert_eq!(names(&place), [".d-abc123.tmp", ".d-x.y.tmp", "d"]);
    assert!(!place.path("d/.jinsheng/building.lock").exists());
}

#[test]
fn a_demo_under_way_is_left_alone() {
    let place = Place::new();
    let child = place
        .command("en", &["init", "d", "--demo"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while !filling(&place) {
        std::thread::sleep(Duration::from_millis(1));
    }
    place.ok("en", &["init", "d"]);
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("is not an empty folder"), "{stderr}");
    assert_eq!(names(&place), ["d"]);
}

#[test]
fn a_demo_that_is_stopped_leaves_no_project() {
    let place = Place::new();
    let under_way = || std::fs::read_dir(place.path("")).unwrap().count() > 0;
    let output = signal(&place, &["init", "d", "--demo"], "-INT", &under_way);
    assert_eq!(
        output.status.code(),
        Some(130),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let left: Vec<_> = std::fs::read_dir(place.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(left, Vec::<std::path::PathBuf>::new());
}
