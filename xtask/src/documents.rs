//! What documents say, as far as it can be compared with the code or with each other.

/// The outline of a Markdown text: what a translation must have in common with the original.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// Level of each heading, in order.
    pub headings: Vec<usize>,
    /// Each fenced block, its language line included.
    pub blocks: Vec<String>,
}

/// Reads headings and fenced blocks.
pub fn outline(markdown: &str) -> Outline {
    let mut outline = Outline::default();
    let mut block: Option<String> = None;
    for line in markdown.lines() {
        let fence = line.trim_start().starts_with("```");
        match (&mut block, fence) {
            (None, true) => block = Some(format!("{line}\n")),
            (Some(_), true) => outline.blocks.extend(block.take()),
            (Some(text), false) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, false) => {
                let level = line.chars().take_while(|c| *c == '#').count();
                if level > 0 {
                    outline.headings.push(level);
                }
            }
        }
    }
    outline.blocks.extend(block);
    outline
}

/// The error codes that `crates/core/src/fault.rs` defines.
pub fn codes_defined(fault: &str) -> Vec<String> {
    let defined = fault
        .lines()
        .filter_map(|line| line.split_once("Self = Self(\"")?.1.split('"').next());
    defined.map(str::to_owned).collect()
}

/// The first column of the tables in a Markdown text, where it is a word in backticks.
pub fn first_column(markdown: &str) -> Vec<String> {
    let cells = markdown
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    cells.map(str::to_owned).collect()
}

/// Tests that a Markdown text names as ``(test: `package path::name`)``: package and last segment.
pub fn tests_named(markdown: &str) -> Vec<(String, String)> {
    let named = markdown.split("(test: `").skip(1).filter_map(|rest| {
        let (package, path) = rest.split('`').next()?.split_once(' ')?;
        Some((package.to_owned(), path.rsplit("::").next()?.to_owned()))
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_in_a_block_are_no_headings() {
        let outline = outline("# A\n```sh\n# not a heading\n./x test\n```\n## B\n");
        assert_eq!(outline.headings, [1, 2]);
        assert_eq!(outline.blocks, ["```sh\n# not a heading\n./x test\n"]);
    }

    #[test]
    fn codes_and_columns_are_read() {
        let fault = "    /// The input.\n    pub const INPUT_INVALID: Self = Self(\"input_invalid\");\n";
        assert_eq!(codes_defined(fault), ["input_invalid"]);
        assert_eq!(
            first_column("| code | meaning |\n|---|---|\n| `io` | a file |\n"),
            ["io"]
        );
    }

    #[test]
    fn named_tests_are_read() {
        let text = "- **Invariant:** x. (test: `xtask graph::is_acyclic`)";
        assert_eq!(tests_named(text), [("xtask".to_owned(), "is_acyclic".to_owned())]);
    }
}
