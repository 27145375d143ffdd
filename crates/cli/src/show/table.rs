//! Tables on standard output.

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Table};
use comfy_table::{ContentLineStyle, LineStyle, TableStyle};

/// How a column is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// One line below the header and nothing else, so that cells are easily copied.
const STYLE: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none().junction(' '))
    .content_lines(ContentLineStyle::none().junction(' '))
    .header_separator(LineStyle::none().fill('─').junction(' '));

/// A table with a header; as wide as it needs, or as the terminal is.
pub fn table(header: &[(String, Align)], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Dynamic);
    let cell = |text: &str, align: Align| {
        Cell::new(text).set_alignment(match align {
            Align::Left => CellAlignment::Left,
            Align::Right => CellAlignment::Right,
        })
    };
    table.set_header(header.iter().map(|(text, align)| cell(text, *align)));
    for row in rows {
        let aligned = row
            .iter()
            .zip(header)
            .map(|(text, (_, align))| cell(&plain(text), *align));
        table.add_row(aligned);
    }
    // A number that is cut over two lines is read as two numbers.
    let numbers = header.iter().zip(table.column_iter_mut());
    for (_, column) in numbers.filter(|((_, align), _)| *align == Align::Right) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    let lines = table.lines().map(|line| line.trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

/// Text of a file without what would move the cursor or colour the terminal.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_right_and_control_characters_are_harmless() {
        let header = [
            ("公司".to_owned(), Align::Left),
            ("营收".to_owned(), Align::Right),
        ];
        let shown = table(&header, vec![vec!["a\u{1b}[2J".to_owned(), "1,000".to_owned()]]);
        assert!(shown.contains("a\u{fffd}[2J"), "{shown}");
        assert!(shown.lines().any(|line| line.ends_with("1,000")), "{shown}");
    }
    #[test]
    fn numbers_are_never_cut_over_two_lines() {
        let header: Vec<(String, Align)> = (0..12)
            .map(|n| (format!("营收{n}（元）"), Align::Right))
            .collect();
        let row = vec!["5,187,273,184.80".to_owned(); 12];
        let shown = table(&header, vec![row]);
        let most = shown
            .lines()
            .map(|line| line.matches("5,187,273,184.80").count())
            .max();
        assert_eq!(most, Some(12), "{shown}");
    }
}
