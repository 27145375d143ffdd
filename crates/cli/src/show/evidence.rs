//! Where each number comes from, as an indented list.

use std::collections::BTreeMap;

use jinsheng_core::Lang;
use jinsheng_engine::{Answer, Cell, ColumnKind, EngineError};
use jinsheng_grounding::{Evidence, EvidenceId, Origin, Strength};

use super::table::plain;
use super::{number, unit};

/// Operands are followed this deep.
const MAX_DEPTH: usize = 6;

/// Lines for the first `rows` rows.
///
/// # Errors
/// As [`Answer::evidence`].
pub fn lines(answer: &Answer, rows: usize, lang: Lang) -> Result<Vec<String>, EngineError> {
    let proof = answer.evidence(rows)?;
    let mut lines = Vec::new();
    for (row, ids) in answer.rows.iter().zip(&proof.rows) {
        let whose: Vec<String> = answer
            .columns
            .iter()
            .zip(row)
            .filter(|(column, _)| column.kind != ColumnKind::Value)
            .filter_map(|(_, cell)| match cell {
                Cell::Text(text) => Some(plain(text)),
                Cell::Period(period) => Some(period.to_string()),
                Cell::Missing | Cell::Number(_) => None,
            })
            .collect();
        lines.push(if whose.is_empty() {
            "·".to_owned()
        } else {
            whose.join(" ")
        });
        for id in ids {
            describe(id, &proof.facts, 1, lang, &mut lines);
        }
    }
    Ok(lines)
}

fn describe(
    id: &EvidenceId,
    known: &BTreeMap<EvidenceId, Evidence>,
    depth: usize,
    lang: Lang,
    into: &mut Vec<String>,
) {
    let Some(evidence) = known.get(id) else { return };
    let indent = "  ".repeat(depth);
    let value = match evidence.value {
        Some(value) => {
            let value = value.normalize();
            let mark = if evidence.approximate { "≈" } else { "" };
            let unit = unit::words(evidence.unit, lang);
            let space = if lang == Lang::En && !unit.is_empty() && unit != "%" {
                " "
            } else {
                ""
            };
            format!("{mark}{}{space}{unit}", number::grouped(value, value.scale()))
        }
        None => "—".to_owned(),
    };
    let period = evidence
        .period
        .map(|period| format!(" {period}"))
        .unwrap_or_default();
    into.push(format!(
        "{indent}{}{period} = {value}  [{}]",
        plain(&evidence.metric),
        id.0.short()
    ));
    match &evidence.origin {
        Origin::Cell {
            table,
            column,
            row,
            file_column,
        } => {
            let row: Vec<String> = row
                .iter()
                .map(|(column, value)| format!("{column} = {}", plain(value)))
                .collect();
            let in_file = file_column.as_deref().map(plain).map(|column| {
                lang.pick(
                    format!("（文件中为列「{column}」）"),
                    format!(" (column `{column}` of the file)"),
                )
            });
            into.push(format!(
                "{indent}  {} {table}.{column} {} {}{}  {}",
                lang.pick("单元格", "cell"),
                lang.pick("行", "row"),
                row.join(", "),
                in_file.unwrap_or_default(),
                sources(evidence)
            ));
        }
        Origin::Aggregate {
            table,
            column,
            function,
            partial,
        } => {
            let column = column.as_deref().unwrap_or("*");
            let gap = partial.map(|partial| {
                let (rows, known) = (partial.rows, partial.known);
                lang.pick(
                    format!("（{rows} 个数据中有 {known} 个）"),
                    format!(" ({known} of {rows} values)"),
                )
            });
            into.push(format!(
                "{indent}  {} {function}({table}.{column}){}  {}",
                lang.pick("汇总", "aggregate"),
                gap.unwrap_or_default(),
                sources(evidence)
            ));
        }
        Origin::Computation { expression, operands } => {
            into.push(format!(
                "{indent}  {} {expression}",
                lang.pick("计算", "computed")
            ));
            if depth < MAX_DEPTH {
                operands
                    .iter()
                    .for_each(|operand| describe(operand, known, depth + 2, lang, into));
            }
        }
    }
}

fn sources(evidence: &Evidence) -> String {
    let names = evidence.sources.iter().map(|source| {
        let strength = match source.strength {
            Strength::Pinned => "pinned",
            Strength::Transaction => "transaction",
            Strength::Observed => "observed",
        };
        format!("{}@{} {strength}", source.source, source.digest.short())
    });
    names.collect::<Vec<_>>().join(", ")
}
