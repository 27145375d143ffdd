//! The same seed gives the same bytes; another seed gives other figures.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

use crate::support::Demo;

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries
        .map(|entry| {
            (
                entry.file_name().into_string().unwrap(),
                fs::read(entry.path()).unwrap(),
            )
        })
        .collect()
}

/// A digest that needs no library: 64-bit FNV-1a.
fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let (first, second) = (Demo::new(7), Demo::new(7));
    assert!(
        files(first.folder.path()) == files(second.folder.path()),
        "two runs with one seed differ"
    );
}

#[test]
fn another_seed_gives_other_figures_about_the_same_names() {
    let (first, second) = (
        files(Demo::new(7).folder.path()),
        files(Demo::new(8).folder.path()),
    );
    for table in [
        "income_statement",
        "balance_sheet",
        "cash_flow",
        "indicators",
        "fund_nav",
        "index_daily",
    ] {
        let name = format!("{table}.csv");
        assert_ne!(
            digest(&first[&name]),
            digest(&second[&name]),
            "{name} does not depend on the seed"
        );
    }
    for table in [
        "macro",
        "clients",
        "holdings",
        "client_aum",
        "transactions",
        "maturities",
    ] {
        let name = format!("{table}.csv");
        assert_ne!(
            digest(&first[&name]),
            digest(&second[&name]),
            "{name} does not depend on the seed"
        );
    }
    assert_eq!(first["dictionary.csv"], second["dictionary.csv"]);
}

/// The digests of the default demo, so that a different processor or compiler cannot change it unnoticed.
///
/// A change of the generator on purpose changes these numbers; documents that quote figures change with it.
#[test]
fn the_default_demo_is_the_documented_one() {
    let demo = Demo::new(jinsheng_demo::DEFAULT_SEED);
    let found: String = files(demo.folder.path())
        .iter()
        .map(|(name, bytes)| format!("{name} {:016x}\n", digest(bytes)))
        .collect();
    assert_eq!(found.trim(), include_str!("default_digests.txt").trim());
}

#[test]
fn nothing_but_the_announced_files_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut announced = Vec::new();
    let summary =
        jinsheng_demo::generate(3, folder.path(), &mut |name| announced.push(name.to_owned())).unwrap();
    announced.sort();
    let found = files(folder.path());
    assert_eq!(found.keys().cloned().collect::<Vec<_>>(), announced);
    for table in &summary.tables {
        let bytes = &found[&format!("{}.csv", table.table)];
        assert_eq!(bytes.len(), table.bytes, "{}", table.table);
        let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(
            lines,
            table.rows + 1,
            "{}: a header line and one line a row",
            table.table
        );
        assert!(
            !bytes.contains(&b'\r') && !bytes.starts_with(b"\xef\xbb\xbf"),
            "{}",
            table.table
        );
        assert!(std::str::from_utf8(bytes).is_ok(), "{}", table.table);
    }
}

#[test]
fn generation_is_quick_and_small() {
    let start = Instant::now();
    let demo = Demo::new(11);
    assert!(start.elapsed().as_secs() < 5, "took {:?}", start.elapsed());
    let bytes: usize = demo.summary.tables.iter().map(|table| table.bytes).sum();
    assert!(bytes < 40_000_000, "{bytes} bytes");
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("taken");
    fs::write(&file, "x").unwrap();
    let error = jinsheng_demo::generate(1, &file.join("data"), &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("taken"), "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "x");
}
