//! Full-width and half-width forms, brackets and spaces brought to one form.

/// Full-width ASCII becomes half-width, ideographic and no-break spaces become spaces, runs of spaces become one,
/// and the ends are trimmed. Chinese punctuation without an ASCII twin stays.
pub fn normalise(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        let plain = match character {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
            '\u{3000}' | '\u{a0}' | '\t' | '\n' | '\r' => ' ',
            '\u{feff}' | '\u{200b}' => continue,
            '【' | '〔' => '[',
            '】' | '〕' => ']',
            other => other,
        };
        if plain == ' ' && (out.is_empty() || out.ends_with(' ')) {
            continue;
        }
        out.push(plain);
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

/// [`normalise`], then lower case, without spaces: two names that people take for one fold to one text.
pub fn fold(text: &str) -> String {
    normalise(text)
        .chars()
        .filter(|character| *character != ' ')
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form() {
        assert_eq!(
            normalise("　营业收入（万元）\u{a0} ＡＢＣ　"),
            "营业收入(万元) ABC"
        );
        assert_eq!(fold("Net  Profit"), fold("ｎｅｔ profit"));
        assert_eq!(normalise(" \u{feff} "), "");
    }
}
