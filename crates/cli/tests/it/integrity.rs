//! A stored table that is not what was imported gives no answer, and a check that was asked for says how to get it back.

use std::fs;
use std::path::PathBuf;

use crate::support::Place;

fn stored(place: &Place) -> PathBuf {
    let tables = fs::read_dir(place.path(".jinsheng/tables")).unwrap();
    let folder = tables.map(|entry| entry.unwrap().path()).next().unwrap();
    folder.join("t0000.parquet")
}

#[test]
fn an_altered_table_gives_no_answer_until_it_is_restored() {
    let place = Place::shop();
    let before = place.ok("en", &["query", "sales"]).stdout;
    let mut bytes = fs::read(stored(&place)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(stored(&place), bytes).unwrap();
    for command in [&["query", "sales"][..], &["catalog", "infer", "--dry-run"][..]] {
        let run = place.run("en", &[command, &["--json"]].concat());
        assert_eq!(run.code, 1, "{}", run.stderr);
        let error = serde_json::from_str::<serde_json::Value>(&run.stdout).unwrap();
        assert_eq!(error["error"]["code"], "data_altered", "{error}");
        let hint = error["error"]["hint"].as_str().unwrap();
        assert!(
            hint.contains("jinsheng data add") && hint.contains("sales.csv"),
            "{hint}"
        );
    }
    assert_eq!(place.run("en", &["data", "check", "--strict"]).code, 3);
    let found = place.json("en", &["data", "check"]);
    assert_eq!(found["findings"][0]["kind"], "altered_file");
    assert_eq!(found["findings"][0]["severity"], "error");
    assert_eq!(found["findings"][0]["table"], "sales");
    let added = place.json("en", &["data", "add", "sales.csv"]);
    assert_eq!(added["added"][0]["outcome"], "restored", "{added}");
    assert_eq!(place.ok("en", &["query", "sales"]).stdout, before);
    assert_eq!(place.run("en", &["data", "check", "--strict"]).code, 0);
}
