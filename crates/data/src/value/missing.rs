//! Which texts say that there is no value.

/// Texts that stand for a missing value in every column, after trimming; case does not matter.
pub const MISSING_WORDS: [&str; 15] = [
    "", "null", "n/a", "#n/a", "nan", "-nan", "<null>", "\\n", "-", "--", "---", "—", "——", "－", "－－",
];

/// Texts that stand for a missing value only in a column whose other values are numbers or dates. In a column of
/// text they stay: `NA` is also the code of Namibia.
pub const MISSING_WORDS_AMONG_NUMBERS: [&str; 15] = [
    "na",
    "none",
    "nil",
    "/",
    "无",
    "不适用",
    "暂无",
    ".",
    "*",
    "inf",
    "+inf",
    "-inf",
    "infinity",
    "+infinity",
    "-infinity",
];

/// Whether a text stands for a missing value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// It is a value.
    No,
    /// Only among numbers or dates.
    AmongNumbers,
    /// Always.
    Yes,
}

/// Without white space, byte-order marks and zero-width spaces at the ends.
pub(crate) fn trim(text: &str) -> &str {
    let text = text.trim();
    if text.is_ascii() {
        return text;
    }
    text.trim_matches(|character: char| {
        character.is_whitespace() || matches!(character, '\u{feff}' | '\u{200b}')
    })
}

/// Reads trimmed text.
pub(crate) fn missing(trimmed: &str) -> Missing {
    // The longest word has nine bytes, but for infinity with a sign; this is called for every cell.
    if trimmed.is_empty() {
        return Missing::Yes;
    }
    if trimmed.len() > 9 && !is_infinite(trimmed) {
        return Missing::No;
    }
    match trimmed.as_bytes().first() {
        Some(b'0'..=b'9') => Missing::No,
        _ if MISSING_WORDS
            .iter()
            .any(|word| word.eq_ignore_ascii_case(trimmed)) =>
        {
            Missing::Yes
        }
        _ if MISSING_WORDS_AMONG_NUMBERS
            .iter()
            .any(|word| word.eq_ignore_ascii_case(trimmed)) =>
        {
            Missing::AmongNumbers
        }
        _ => Missing::No,
    }
}

/// What programs write for an infinity.
pub(crate) fn is_infinite(trimmed: &str) -> bool {
    let unsigned = trimmed.strip_prefix(['-', '+']).unwrap_or(trimmed);
    unsigned.eq_ignore_ascii_case("inf") || unsigned.eq_ignore_ascii_case("infinity")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for word in ["", "NULL", "n/a", "--", "-", "NaN", "\\N"] {
            assert_eq!(missing(trim(word)), Missing::Yes, "{word}");
        }
        for word in ["NA", "无", "None", "/", "不适用", "inf", "-Infinity"] {
            assert_eq!(missing(word), Missing::AmongNumbers, "{word}");
        }
        for word in ["0", "-1", "x", "无锡", "null island", "N"] {
            assert_eq!(missing(word), Missing::No, "{word}");
        }
        assert_eq!(trim(" \u{feff}　a b\u{a0}\n"), "a b");
    }
}
