//! The Query: what parses prints as a line that parses to the same Query, and the JSON form holds all of it.

use jinsheng_core::{Fault, Lang};
use jinsheng_semantics::query::{Query, SyntaxError, parse_condition, parse_expr, parse_query};

use super::lossy;

/// Reads bytes as a Query, as an expression and as a condition.
pub fn query(bytes: &[u8]) {
    let line = &*lossy(bytes);
    match parse_query(line) {
        Ok(query) => same(&query),
        Err(error) => explains(&error, line),
    }
    if let Ok(expr) = parse_expr(line) {
        let printed = expr.to_string();
        assert_eq!(parse_expr(&printed).as_ref(), Ok(&expr), "{printed}");
    }
    if let Ok(condition) = parse_condition(line) {
        let printed = condition.to_string();
        assert_eq!(parse_condition(&printed).as_ref(), Ok(&condition), "{printed}");
    }
    // The JSON form takes what no line can say; whatever it takes, it and its line must be readable without a panic.
    if let Ok(query) = serde_json::from_str::<Query>(line) {
        let printed = query.to_string();
        if let Ok(again) = parse_query(&printed) {
            same(&again);
        }
    }
}

fn same(query: &Query) {
    let printed = query.to_string();
    assert_eq!(parse_query(&printed).as_ref(), Ok(query), "{printed}");
    let json = serde_json::to_string(query).unwrap_or_default();
    let again: Option<Query> = serde_json::from_str(&json).ok();
    assert_eq!(again.as_ref(), Some(query), "{printed}: {json}");
}

/// An error points into the line and has words in both languages.
fn explains(error: &SyntaxError, line: &str) {
    assert!(error.at() <= line.chars().count(), "{error:?}");
    for lang in [Lang::Zh, Lang::En] {
        assert!(!error.message(lang).is_empty());
    }
}
