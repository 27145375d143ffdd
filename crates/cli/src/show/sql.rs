//! SQL with line breaks, for people. The text is not changed otherwise.

/// Words before which a line breaks.
const CLAUSES: [&str; 12] = [
    "SELECT",
    "FROM",
    "WHERE",
    "GROUP BY",
    "HAVING",
    "ORDER BY",
    "LIMIT",
    "UNION ALL",
    "UNION",
    "LEFT",
    "INNER",
    "CROSS",
];

/// One statement over several lines, indented by the depth of subqueries.
pub fn pretty(text: &str) -> String {
    let mut shown = String::new();
    // For each open bracket, whether a subquery stands in it.
    let mut open: Vec<bool> = Vec::new();
    let mut quote: Option<char> = None;
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let after = rest.get(character.len_utf8()..).unwrap_or_default();
        if let Some(mark) = quote {
            shown.push(character);
            if character == mark {
                quote = None;
            }
            rest = after;
            continue;
        }
        match character {
            '\'' | '"' => quote = Some(character),
            '(' => open.push(after.trim_start().starts_with("SELECT ")),
            ')' if open.pop() == Some(true) => break_line(&mut shown, &open),
            _ => {}
        }
        let at_word = !shown
            .chars()
            .next_back()
            .is_some_and(|last| last.is_alphanumeric() || last == '_');
        let begins = at_word && (open.is_empty() || open.last() == Some(&true));
        if begins && CLAUSES.iter().any(|clause| starts_with_word(rest, clause)) && !shown.is_empty() {
            break_line(&mut shown, &open);
        }
        shown.push(character);
        rest = after;
    }
    shown
}

fn starts_with_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word)
        .is_some_and(|after| after.starts_with(' ') || after.is_empty())
}

fn break_line(shown: &mut String, open: &[bool]) {
    let kept = shown.trim_end_matches(' ').len();
    shown.truncate(kept);
    shown.push('\n');
    let depth = open.iter().filter(|subquery| **subquery).count();
    shown.push_str(&"  ".repeat(depth));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_begin_lines_but_quoted_text_is_left_alone() {
        let text = "SELECT a, sum(b) FROM (SELECT x AS a, 'it''s FROM here' AS b FROM t WHERE x IN (1, 2)) AS s GROUP BY a";
        let shown = pretty(text);
        assert_eq!(
            shown,
            "SELECT a, sum(b)\nFROM (\n  SELECT x AS a, 'it''s FROM here' AS b\n  FROM t\n  WHERE x IN (1, 2)\n) AS s\nGROUP BY a"
        );
        let words = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(words(text), words(&shown));
    }
}
