//! Number formats of workbooks, as far as they show another number than the one stored: 0.1234 as 12.34%.

use crate::value::{Cell, Number};

/// A format that shows percentages, at least of some numbers.
pub(super) struct NumberFormat {
    sections: Vec<Section>,
}

/// One of the parts between semicolons.
#[derive(Default)]
struct Section {
    percent: bool,
    /// Shows the number at all; else it is a fixed text such as `"-"` for zero.
    digits: bool,
    condition: Option<(String, f64)>,
}

impl NumberFormat {
    /// Reads a format code; none when it shows no percentages.
    pub(super) fn read(code: &str) -> Option<Self> {
        if !code.contains('%') {
            return None;
        }
        let mut sections = Vec::new();
        let mut section = Section::default();
        let mut chars = code.chars();
        while let Some(char) = chars.next() {
            match char {
                // The next character is drawn, or gives its width, or fills.
                '\\' | '_' | '*' => drop(chars.next()),
                '"' => drop(chars.by_ref().find(|char| *char == '"')),
                '[' => {
                    let inside: String = chars.by_ref().take_while(|char| *char != ']').collect();
                    section.condition = section.condition.or_else(|| condition(&inside));
                }
                ';' => sections.push(std::mem::take(&mut section)),
                '%' => section.percent = true,
                '0' | '#' | '?' | 'G' => section.digits = true,
                _ => {}
            }
        }
        sections.push(section);
        sections
            .iter()
            .any(|section| section.percent)
            .then_some(Self { sections })
    }

    /// The cell as the workbook shows it.
    pub(super) fn shown<'c>(&self, cell: Cell<'c>) -> Cell<'c> {
        let (number, size) = match &cell {
            #[expect(clippy::cast_precision_loss, reason = "only compared, to choose a section")]
            Cell::Integer(value) => (Some(Number::whole(i128::from(*value))), *value as f64),
            Cell::Float(float) => (Number::of_float(*float), *float),
            _ => return cell,
        };
        if !self.is_percent(size) {
            return cell;
        }
        number.and_then(hundredfold).map_or(cell, Cell::Percent)
    }

    fn is_percent(&self, number: f64) -> bool {
        match self.section(number) {
            Some(section) if section.digits => section.percent,
            // A dash for zero says nothing of the numbers around it.
            _ => true,
        }
    }

    /// The section for a number: by the conditions if there are any, else by the sign.
    fn section(&self, number: f64) -> Option<&Section> {
        if self.sections.iter().any(|section| section.condition.is_some()) {
            return self.sections.iter().find(|section| {
                section
                    .condition
                    .as_ref()
                    .is_none_or(|(operator, bound)| holds(number, operator, *bound))
            });
        }
        // The fourth section is for text.
        let by_sign = match number {
            number if number < 0.0 => 1,
            number if number > 0.0 => 0,
            _ => 2,
        };
        self.sections.get(by_sign).or_else(|| self.sections.first())
    }
}

/// `<1`, `>=0.5`; colours and currencies stand in the same brackets.
fn condition(inside: &str) -> Option<(String, f64)> {
    let bound = inside.trim_start_matches(['<', '>', '=']);
    let operator = inside
        .strip_suffix(bound)
        .filter(|operator| !operator.is_empty())?;
    Some((operator.to_owned(), bound.trim().parse().ok()?))
}

fn holds(number: f64, operator: &str, bound: f64) -> bool {
    match operator {
        "<" => number < bound,
        "<=" => number <= bound,
        ">" => number > bound,
        ">=" => number >= bound,
        #[expect(clippy::float_cmp, reason = "the workbook's own comparison")]
        "=" => number == bound,
        #[expect(clippy::float_cmp, reason = "the workbook's own comparison")]
        "<>" => number != bound,
        _ => false,
    }
}

/// The number before the percent sign, exactly; none when it does not fit.
fn hundredfold(number: Number) -> Option<Number> {
    let Number { unscaled, scale } = number;
    match scale {
        0 => unscaled.checked_mul(100).map(Number::whole),
        1 => unscaled.checked_mul(10).map(Number::whole),
        _ => Some(Number {
            unscaled,
            scale: scale - 2,
        }),
    }
}
