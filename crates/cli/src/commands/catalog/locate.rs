//! Lines of definitions in catalog files.

/// The line, from 1, on which a dotted path is defined in a YAML text of block style; the nearest outer definition
/// where the last parts stand on one line.
pub(super) fn line_of(text: &str, path: &str) -> Option<u64> {
    let parts: Vec<&str> = path.split('.').collect();
    let mut found = None;
    let mut depth = 0;
    // Indentation of the keys that are matched so far.
    let mut indents: Vec<usize> = Vec::new();
    for (number, line) in (1_u64..).zip(text.lines()) {
        let content = line.trim_start();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let indent = line.len() - content.len();
        // A line that is no deeper than a matched key ends that key; its definition was not found inside.
        if indents.last().is_some_and(|last| indent <= *last) {
            return found;
        }
        let Some(key) = key_of(content) else { continue };
        if parts.get(depth).is_some_and(|part| *part == key) {
            found = Some(number);
            indents.push(indent);
            depth += 1;
            if depth == parts.len() {
                return found;
            }
        }
    }
    found
}

/// The key at the start of a line, without quotes.
fn key_of(content: &str) -> Option<&str> {
    let (key, _) = content.split_once(':')?;
    Some(key.trim().trim_matches(['"', '\'']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_are_found_by_path() {
        let text = "version: 1\n# metrics:\nmetrics:\n  a: {label: {zh: 甲}, formula: b}\n  c:\n    label:\n      zh: 丙\n    formula: a / b\n";
        assert_eq!(line_of(text, "metrics.c.formula"), Some(8));
        assert_eq!(line_of(text, "metrics.a.formula"), Some(4));
        assert_eq!(line_of(text, "metrics.c"), Some(5));
        assert_eq!(line_of(text, "groups.x"), None);
    }

    #[test]
    fn a_key_of_the_same_name_elsewhere_is_not_taken() {
        let text = "tables:\n  t:\n    measures:\n      a: 1\nmetrics:\n  a: 1\n";
        assert_eq!(line_of(text, "metrics.a"), Some(6));
    }
}
