//! A turn as text: the answer in words, its Query, its table where words do not hold it, and what goes with it.

use jinsheng_api::{PartAnswer, TurnAnswer};
use jinsheng_dialogue::{Outcome, Turn};

use crate::args::AskArgs;
use crate::failure::CliError;
use crate::printer::Printer;
use crate::project::Project;
use crate::show::evidence;
use crate::show::table::{Align, plain, table};

use super::view;

/// Rows and columns that words hold.
const SPOKEN_ROWS: usize = 1;
const SPOKEN_COLUMNS: usize = 4;

/// Writes a turn.
pub(super) fn turn(
    turn: &Turn,
    answer: &TurnAnswer,
    args: &AskArgs,
    project: &Project,
    printer: &Printer,
) -> Result<(), CliError> {
    let first = std::slice::from_ref(&answer.first);
    let parts = if answer.parts.is_empty() {
        first
    } else {
        answer.parts.as_slice()
    };
    let mut told: Vec<String> = Vec::new();
    for part in parts {
        show_part(part, &mut told, project, printer)?;
    }
    if args.evidence {
        let most = usize::try_from(project.settings.rows.value).unwrap_or(usize::MAX);
        for part in &turn.parts {
            if let Outcome::Answered(answered) = &part.outcome {
                printer.heading(printer.pick("出处", "evidence"))?;
                let lines = evidence::lines(&answered.answer, most, printer.lang)?;
                lines.iter().try_for_each(|line| printer.result(line))?;
            }
        }
    }
    Ok(())
}

fn show_part(
    part: &PartAnswer,
    told: &mut Vec<String>,
    project: &Project,
    printer: &Printer,
) -> Result<(), CliError> {
    let tabled = part.rows.len() > SPOKEN_ROWS || part.columns.len() > SPOKEN_COLUMNS;
    if !tabled {
        printer.result(&part.answer)?;
    }
    if let Some(clarification) = &part.clarification {
        for (number, option) in (1..).zip(&clarification.options) {
            printer.result(format!("  {number}. {option}"))?;
        }
    }
    if let Some(refusal) = &part.refusal
        && !refusal.nearest.is_empty()
    {
        let nearest = refusal.nearest.join(printer.pick("、", ", "));
        printer.result(printer.pick(format!("相近的有：{nearest}"), format!("nearest: {nearest}")))?;
    }
    let most = usize::try_from(project.settings.rows.value).unwrap_or(usize::MAX);
    if tabled {
        let header: Vec<(String, Align)> = part
            .columns
            .iter()
            .map(|column| heading(column, printer))
            .collect();
        let rows = part.rows.iter().take(most).map(|row| {
            let cells = row.iter().zip(&part.columns);
            cells
                .map(|(cell, column)| view::cell_text(cell, column, printer.lang))
                .collect()
        });
        printer.result(table(&header, rows.collect()))?;
    }
    if let Some(reading) = &part.reading {
        printer.result(printer.pick(format!("查询：{reading}"), format!("query: {reading}")))?;
    }
    if let Some(sql) = &part.sql {
        printer.heading("SQL")?;
        printer.result(&sql.text)?;
    }
    // A note that several parts share is said once.
    for note in part
        .notes
        .iter()
        .filter(|note| !told.contains(&note.text))
        .cloned()
        .collect::<Vec<_>>()
    {
        printer.result(printer.pick(format!("注：{}", note.text), format!("note: {}", note.text)))?;
        told.push(note.text);
    }
    let left = part.rows.len().saturating_sub(most);
    if left > 0 {
        printer.say(printer.pick(
            format!("另有 {left} 行未显示；--json 给出全部，或在 jinsheng.toml 中设置 rows"),
            format!("{left} more row(s) not shown; --json gives all, or set `rows` in jinsheng.toml"),
        ));
    }
    Ok(())
}

fn heading(column: &jinsheng_api::AskColumn, printer: &Printer) -> (String, Align) {
    let align = if column.kind == "number" {
        Align::Right
    } else {
        Align::Left
    };
    let label = plain(&column.label);
    let unit = column.unit.as_deref().and_then(|unit| unit.parse().ok());
    let text = match unit.map(|unit| crate::show::unit::words(unit, printer.lang)) {
        Some(unit) if !unit.is_empty() => {
            printer.pick(format!("{label}（{unit}）"), format!("{label} ({unit})"))
        }
        _ => label,
    };
    (text, align)
}
