//! Text: normalisation, units, headers, periods and dictionaries take any text.

use jinsheng_core::{Period, Unit};
use jinsheng_semantics::infer::{parse_dictionary_rows, parse_markdown_tables};
use jinsheng_text::header::{header_unit, split_unit};
use jinsheng_text::{fold, normalise};

use super::lossy;

/// Reads bytes as everything that a header, a cell of a dictionary or a period may be.
pub fn text(bytes: &[u8]) {
    let text = &*lossy(bytes);
    let normal = normalise(text);
    assert_eq!(normalise(&normal), normal, "normalising twice changes {text:?}");
    let folded = fold(text);
    assert_eq!(fold(&folded), folded, "folding twice changes {text:?}");
    let (label, unit) = split_unit(text);
    assert!(
        label.len() <= normal.len().max(text.len()),
        "{text:?} has the label {label:?}"
    );
    let _ = header_unit(text);
    for unit in [unit, text.parse().ok()].into_iter().flatten() {
        let printed = unit.to_string();
        assert_eq!(Unit::from_printed(&printed), Ok(unit), "{printed}");
    }
    if let Ok(period) = text.parse::<Period>() {
        assert_eq!(period.to_string().parse::<Period>(), Ok(period), "{text:?}");
        let _ = (period.first_day(), period.last_day());
    }
    let sheets = parse_markdown_tables(text);
    let entries = parse_dictionary_rows(&sheets);
    let rows: usize = sheets.iter().map(|(_, rows)| rows.len()).sum();
    assert!(
        entries.len() <= 2 * rows,
        "{} entries from {rows} rows",
        entries.len()
    );
}
