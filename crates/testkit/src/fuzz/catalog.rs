//! Catalog files: any text is a catalog or a list of problems; a catalog is written and read back as the same one.

use jinsheng_core::{Fault, Lang};
use jinsheng_semantics::bind::{KeysOnly, bind};
use jinsheng_semantics::catalog::{parse_catalog_files, to_yaml};
use jinsheng_semantics::query::parse_query;

use super::lossy;

/// Reads bytes as a catalog file, and asks for each of its metrics.
pub fn catalog(bytes: &[u8]) {
    let text = lossy(bytes).into_owned();
    let read = parse_catalog_files(&[("catalog.yaml".to_owned(), text)]);
    let catalog = match read {
        Ok(catalog) => catalog,
        Err(error) => {
            assert!(!error.problems.is_empty());
            for lang in [Lang::Zh, Lang::En] {
                assert!(!error.message(lang).is_empty());
            }
            return;
        }
    };
    let written = to_yaml(catalog.file());
    let again = written.map(|text| parse_catalog_files(&[("catalog.yaml".to_owned(), text)]));
    match again {
        Ok(Ok(again)) => assert_eq!(again.file(), catalog.file()),
        other => assert!(other.is_err(), "{other:?}"),
    }
    for name in catalog.file().metrics.keys().take(16) {
        let quoted = format!("\"{}\"", name.replace('"', "\"\""));
        if let Ok(query) = parse_query(&quoted) {
            let _ = bind(&query, &catalog, &KeysOnly);
        }
    }
}
