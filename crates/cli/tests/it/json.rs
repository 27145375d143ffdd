//! The documents of `--json`.

use crate::support::Place;

#[test]
fn an_answer_has_exact_decimals_nulls_and_evidence_for_each_value() {
    let place = Place::shop();
    let document = place.json(
        "en",
        &["query", "sales, margin by shop at 2025-09", "--sql", "sqlite"],
    );
    let fields: Vec<&String> = document.as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        [
            "schema_version",
            "status",
            "reading",
            "query",
            "sql",
            "columns",
            "rows",
            "row_evidence",
            "evidence",
            "notes",
            "catalog",
            "sources",
            "role",
            "elapsed_ms"
        ]
    );
    assert_eq!(document["reading"], "sales, margin by shop at 2025-09");
    assert_eq!(document["sql"]["dialect"], "sqlite");
    assert_eq!(
        document["columns"][3],
        serde_json::json!({"name": "sales", "label": "Sales", "unit": "万元", "type": "decimal", "approximate": false})
    );
    assert_eq!(
        document["rows"],
        serde_json::json!([
            ["007", "湖滨路店", "2025-09", null, "22"],
            ["012", "城北店", "2025-09", "1234567.891", "32"]
        ])
    );
    let known: Vec<&str> = document["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .map(|evidence| evidence["id"].as_str().unwrap())
        .collect();
    for ids in document["row_evidence"].as_array().unwrap() {
        let ids = ids.as_array().unwrap();
        assert_eq!(ids.len(), 2);
        assert!(ids.iter().all(|id| known.contains(&id.as_str().unwrap())));
    }
    let cell = document["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .find(|evidence| evidence["value"] == "1234567.891")
        .unwrap();
    assert_eq!(cell["origin"]["kind"], "cell");
    assert_eq!(cell["origin"]["table"], "sales");
    assert_eq!(cell["sources"][0]["strength"], "pinned");
}

#[test]
fn empty_is_a_status_and_not_an_error() {
    let place = Place::shop();
    let document = place.json("en", &["query", "sales at 2031-01"]);
    assert_eq!(
        (document["status"].as_str(), &document["rows"]),
        (Some("empty"), &serde_json::json!([]))
    );
}

#[test]
fn errors_are_documents_too_and_nothing_else_is_printed() {
    let place = Place::shop();
    for (args, code, error) in [
        (&["query", "salse", "--json"][..], 1, "not_found"),
        (&["query", "sales by ?", "--json"], 1, "query_syntax"),
        (&["--json", "query", "sales + margin by shop"], 1, "unit_mismatch"),
        (&["data", "show", "x", "--json"], 1, "not_found"),
        (&["--json", "quary"], 2, "input_invalid"),
        (&["--json"], 2, "input_invalid"),
        (&["data", "list", "--json", "--foo"], 2, "input_invalid"),
        (&["init", ".", "--json"], 1, "conflict"),
    ] {
        let found = place.run("en", args);
        assert_eq!((found.code, found.stderr.as_str()), (code, ""), "{args:?}");
        let document: serde_json::Value = serde_json::from_str(&found.stdout).unwrap();
        assert_eq!(document["error"]["code"], error, "{args:?}");
        assert_eq!(document["schema_version"], 1);
        assert!(!document["error"]["message"].as_str().unwrap().is_empty());
    }
}

#[test]
fn every_command_has_a_document() {
    let place = Place::shop();
    assert_eq!(
        place.json("en", &["data", "list"])["sources"][0]["tables"][0]["rows"],
        6
    );
    let shown = place.json("en", &["data", "show", "sales"]);
    let column = &shown["tables"][0]["columns"][3];
    assert_eq!(
        (
            column["name"].as_str(),
            column["unit"].as_str(),
            column["nulls"].as_u64()
        ),
        (Some("销售额(万元)"), Some("万元"), Some(1))
    );
    let added = place.json("en", &["data", "add", "sales.csv"]);
    assert_eq!(added["added"][0]["outcome"], "unchanged");
    let catalog = place.json("en", &["catalog", "show"]);
    assert_eq!(catalog["metrics"].as_array().unwrap().len(), 4);
    assert_eq!(place.json("en", &["catalog", "show", "sales"])["unit"], "万元");
    assert_eq!(place.json("en", &["catalog", "check"])["metrics_run"], 4);
    assert_eq!(
        place.json("en", &["config", "show"])["settings"][0]["name"],
        "language"
    );
    let gone = place.json("en", &["data", "remove", "sales", "--dry-run"]);
    assert_eq!(
        (
            gone["removed"].as_bool(),
            gone["metrics"].as_array().unwrap().len()
        ),
        (Some(false), 3)
    );
}
