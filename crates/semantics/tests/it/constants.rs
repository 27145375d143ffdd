//! Numbers in Queries: read whole or refused, never rounded to something else.

use jinsheng_core::{Fault as _, Lang};
use jinsheng_semantics::query::{Query, parse_expr, parse_query};

#[test]
fn a_number_of_too_many_decimals_is_refused_and_never_becomes_zero() {
    let tiny = |zeros: usize| format!("0.{}1", "0".repeat(zeros));
    for zeros in [20, 27, 28, 29, 500] {
        let line = format!("revenue having revenue > {}元", tiny(zeros));
        let error = parse_query(&line).unwrap_err();
        assert_eq!(error.at(), 25);
        assert_eq!(
            error.message(Lang::En),
            "column 26: the number has too many decimals (at most 20)"
        );
        assert_eq!(
            error.message(Lang::Zh),
            "第 26 个字符：数字的小数位过多（至多 20 位）"
        );
        assert!(parse_expr(&tiny(zeros)).is_err());
    }
    // Zeros at the end are no decimals.
    for text in [tiny(19), "1.50000000000000000000000000000000".to_owned()] {
        parse_expr(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
}

#[test]
fn the_json_form_is_no_way_around() {
    let query = parse_query("revenue + 0.5元").unwrap();
    let json = serde_json::to_string(&query).unwrap();
    let with =
        |number: &str| serde_json::from_str::<Query>(&json.replace("\"0.5\"", &format!("\"{number}\"")));
    assert_eq!(with("0.5").unwrap(), query);
    assert!(with(&format!("0.{}1", "0".repeat(30))).is_err());
    assert!(with("0.12345678901234567890123456789").is_err());
}
