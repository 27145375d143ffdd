//! Binding: a Query that parses is bound to a realistic catalog or refused in words, and what is bound stays small.

use std::sync::OnceLock;

use jinsheng_core::{Fault, Lang, Scope};
use jinsheng_semantics::bind::{KeysOnly, bind as bind_query};
use jinsheng_semantics::catalog::{Catalog, parse_catalog_files};
use jinsheng_semantics::query::{Query, parse_query};

use super::lossy;

/// A bank and its listed companies: reports, balances and transactions, with formulas over them.
const CATALOG: &str = include_str!("catalog.yaml");
/// Most that a bound Query may print as, per character of its line and in all: the limit on its size is the product's.
const MOST: usize = 64 << 20;

/// Reads bytes as a Query and binds it.
pub fn bind(bytes: &[u8]) {
    let line = lossy(bytes);
    let read = parse_query(&line).ok();
    let Some(query) = read.or_else(|| serde_json::from_str::<Query>(&line).ok()) else {
        return;
    };
    let catalog = known();
    match bind_query(&query, catalog, &KeysOnly) {
        Ok(bound) => {
            let size = format!("{bound:?}").len();
            assert!(size <= MOST, "{size} bytes from a line of {}", line.len());
            assert_eq!(bound.items.len(), query.items.len());
        }
        Err(error) => {
            for lang in [Lang::Zh, Lang::En] {
                assert!(!error.message(lang).is_empty());
            }
        }
    }
}

pub(super) fn known() -> &'static Catalog {
    static KNOWN: OnceLock<Catalog> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let files = [("catalog.yaml".to_owned(), CATALOG.to_owned())];
        let read = parse_catalog_files(&files);
        assert!(read.is_ok(), "{:?}", read.err());
        read.map(|catalog| catalog.under(&Scope::full()))
            .unwrap_or_else(|_| unreachable!())
    })
}
