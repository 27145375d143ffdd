//! Turns as documents and in words.

use jinsheng_api::{
    AskCell, AskColumn, AskStatus, Clarification, NoteView, PartAnswer, RefusalView, SqlText, TurnAnswer,
};
use jinsheng_core::{Base, Decimal, Fault as _, Lang, Quantity, Scope, Unit};
use jinsheng_dialogue::{Answered, Outcome, Part, Table, Turn};
use jinsheng_engine::{Cell, Column, ColumnKind, Engine, SqlDialect};
use jinsheng_semantics::catalog::Catalog;
use jinsheng_semantics::query::parse_query;

use crate::args::DialectArg;
use crate::failure::CliError;
use crate::printer::FICTIONAL;
use crate::show::{label, number, sql, unit};

/// Rows of an answer whose evidence is written out.
const PROVEN_ROWS: usize = 200;
/// Rows that the answer in words names.
const SPOKEN_ROWS: usize = 3;

/// A turn as a document.
pub(super) fn turn(
    turn: &Turn,
    catalog: &Catalog,
    fictional: bool,
    lang: Lang,
) -> Result<TurnAnswer, CliError> {
    let mut parts = Vec::new();
    for part in &turn.parts {
        parts.extend(part_views(part, catalog, fictional, lang)?);
    }
    let first = parts
        .iter()
        .find(|part| part.status == AskStatus::Answered)
        .or_else(|| parts.first())
        .cloned()
        .ok_or_else(|| CliError::Internal("a turn without parts".to_owned()))?;
    if parts.len() == 1 {
        parts.clear();
    }
    Ok(TurnAnswer {
        id: None,
        first,
        question: turn.question.clone(),
        parts,
        catalog: catalog.digest().to_string(),
        elapsed_ms: 0,
        by: "builtin".to_owned(),
    })
}

/// Adds the SQL of each Query, in a dialect.
pub(super) async fn add_sql(
    turn: &mut TurnAnswer,
    engine: &Engine,
    scope: &Scope,
    dialect: DialectArg,
) -> Result<(), CliError> {
    let (kind, name) = match dialect {
        DialectArg::Postgres => (SqlDialect::Postgres, "postgres"),
        DialectArg::Sqlite => (SqlDialect::Sqlite, "sqlite"),
    };
    for part in std::iter::once(&mut turn.first).chain(&mut turn.parts) {
        if let Some(query) = &part.query {
            let text = engine.sql(query, scope, kind).await?;
            part.sql = Some(SqlText {
                dialect: name.to_owned(),
                text: sql::pretty(&text),
            });
        }
    }
    Ok(())
}

fn empty(status: AskStatus, answer: String) -> PartAnswer {
    PartAnswer {
        status,
        reading: None,
        query: None,
        sql: None,
        columns: Vec::new(),
        rows: Vec::new(),
        answer,
        evidence: Vec::new(),
        chart: None,
        clarification: None,
        refusal: None,
        notes: Vec::new(),
    }
}

fn part_views(
    part: &Part,
    catalog: &Catalog,
    fictional: bool,
    lang: Lang,
) -> Result<Vec<PartAnswer>, CliError> {
    Ok(match &part.outcome {
        Outcome::Answered(answered) => answered_views(answered, catalog, fictional, lang)?,
        Outcome::Clarify(clarify) => {
            let question = lang.pick(&clarify.question.0, &clarify.question.1).clone();
            let mut view = empty(AskStatus::Clarify, question.clone());
            view.clarification = Some(Clarification {
                question,
                options: clarify
                    .options
                    .iter()
                    .map(|option| lang.pick(&option.label.0, &option.label.1).clone())
                    .collect(),
            });
            vec![view]
        }
        Outcome::Refused(refusal) => {
            let reason = lang.pick(&refusal.reason.0, &refusal.reason.1).clone();
            let mut view = empty(AskStatus::Refused, reason.clone());
            view.refusal = Some(RefusalView {
                code: refusal.code.to_owned(),
                reason,
                missing: refusal.missing.clone(),
                nearest: refusal.nearest.clone(),
            });
            vec![view]
        }
        Outcome::Failed(error) => {
            let reason = error.message(lang);
            let mut view = empty(AskStatus::Refused, reason.clone());
            view.refusal = Some(RefusalView {
                code: error.code().0.to_owned(),
                reason,
                missing: Vec::new(),
                nearest: error.hint(lang).into_iter().collect(),
            });
            vec![view]
        }
    })
}

fn answered_views(
    answered: &Answered,
    catalog: &Catalog,
    fictional: bool,
    lang: Lang,
) -> Result<Vec<PartAnswer>, CliError> {
    let mut notes: Vec<NoteView> = Vec::new();
    if fictional {
        let (zh, en) = FICTIONAL;
        notes.push(NoteView {
            code: "fictional".to_owned(),
            text: lang.pick(zh, en).to_owned(),
        });
    }
    notes.extend(answered.remarks.iter().map(|remark| NoteView {
        code: remark.code.to_owned(),
        text: lang.pick(&remark.text.0, &remark.text.1).clone(),
    }));
    notes.extend(answered.answer.notes.iter().map(|note| NoteView::of(note, lang)));
    let proof = answered.answer.evidence(PROVEN_ROWS)?;
    let mut views = Vec::new();
    for (index, table) in answered.tables.iter().enumerate() {
        let labels = labels(table, catalog, lang);
        let (columns, rows) = cells(table, &labels, catalog, lang);
        let mut view = empty(AskStatus::Answered, String::new());
        view.answer = words(&columns, &rows, answered.decimals, lang);
        view.reading = Some(table.reading.clone());
        view.columns = columns;
        view.rows = rows;
        view.notes.clone_from(&notes);
        if index == 0 {
            view.query = Some(answered.query.clone());
            view.evidence = proof.facts.values().map(Into::into).collect();
            view.chart = answered.plot.as_ref().map(|plot| plot.options(lang));
        }
        views.push(view);
    }
    Ok(views)
}

/// Names of the value columns in words.
fn labels(table: &Table, catalog: &Catalog, lang: Lang) -> Vec<String> {
    match parse_query(&table.reading) {
        Ok(query) => label::items(&query, catalog, lang),
        Err(_) => Vec::new(),
    }
}

/// The name in words of a column of what was made of several Queries, by its own expression.
fn own_label(column: &Column, catalog: &Catalog, lang: Lang) -> Option<String> {
    const PARTS: [(&str, &str, &str); 3] = [
        ("these(", "所选", "of these: "),
        ("all(", "全部", "of all: "),
        ("share(", "占比：", "share: "),
    ];
    let words = |text: &str| label::items(&parse_query(text).ok()?, catalog, lang).pop();
    if column.label.zh == column.name {
        return words(&column.name);
    }
    let (inside, zh, en) = PARTS.iter().find_map(|(open, zh, en)| {
        let inside = column.name.strip_prefix(open)?.strip_suffix(')')?;
        column.label.zh.starts_with(zh).then_some((inside, zh, en))
    })?;
    Some(format!("{}{}", lang.pick(*zh, *en), words(inside)?))
}

/// Columns and rows; a key and its name become one member.
fn cells(
    table: &Table,
    labels: &[String],
    catalog: &Catalog,
    lang: Lang,
) -> (Vec<AskColumn>, Vec<Vec<AskCell>>) {
    let name_of = |column: &Column| {
        let name = format!("{}.name", column.name);
        table
            .columns
            .iter()
            .position(|other| other.kind == ColumnKind::Name && other.name == name)
    };
    let mut columns = Vec::new();
    let mut sources: Vec<(usize, Option<usize>)> = Vec::new();
    let items = parse_query(&table.reading)
        .map(|query| query.items)
        .unwrap_or_default();
    for (index, column) in table.columns.iter().enumerate() {
        if column.kind == ColumnKind::Name {
            continue;
        }
        let name = name_of(column).filter(|_| column.kind == ColumnKind::Dimension);
        let boolean = column.name == "same";
        let kind = match column.kind {
            ColumnKind::Value if boolean => "bool",
            ColumnKind::Value => "number",
            ColumnKind::Period => "period",
            _ if name.is_some() => "member",
            _ => "text",
        };
        let place = items.iter().position(|item| item.expr.to_string() == column.name);
        let own = || {
            (column.kind == ColumnKind::Value)
                .then(|| own_label(column, catalog, lang))
                .flatten()
        };
        let spoken = place.and_then(|place| labels.get(place)).cloned().or_else(own);
        columns.push(AskColumn {
            name: column.name.clone(),
            label: spoken
                .filter(|_| column.kind == ColumnKind::Value)
                .unwrap_or_else(|| column.label.get(lang).to_owned()),
            unit: column
                .unit
                .map(|unit| unit.to_string())
                .filter(|unit| !unit.is_empty()),
            kind: kind.to_owned(),
            approximate: column.approximate,
        });
        sources.push((index, name));
    }
    let rows = table.rows.iter().map(|row| {
        sources
            .iter()
            .zip(&columns)
            .map(|((index, name), column)| cell(row, *index, *name, column))
            .collect()
    });
    let rows = rows.collect();
    (columns, rows)
}

fn cell(row: &[Cell], index: usize, name: Option<usize>, column: &AskColumn) -> AskCell {
    let text = match row.get(index) {
        None | Some(Cell::Missing) => return AskCell::Missing(None),
        Some(Cell::Text(text)) => text.clone(),
        Some(Cell::Period(period)) => period.to_string(),
        Some(Cell::Number(value)) => value.normalize().to_string(),
    };
    if column.kind == "bool" {
        return AskCell::Bool(text == "true");
    }
    if column.kind == "member" {
        let name = match name.and_then(|name| row.get(name)) {
            Some(Cell::Text(name)) => Some(name.clone()),
            _ => None,
        };
        return AskCell::Member { code: text, name };
    }
    AskCell::Text(text)
}

/// A cell for people.
pub(super) fn cell_text(cell: &AskCell, column: &AskColumn, lang: Lang) -> String {
    match cell {
        AskCell::Missing(_) => "—".to_owned(),
        AskCell::Bool(value) => lang
            .pick(
                if *value { "是" } else { "否" },
                if *value { "yes" } else { "no" },
            )
            .to_owned(),
        AskCell::Member { code, name } => match name {
            Some(name) => format!("{name} ({code})"),
            None => code.clone(),
        },
        AskCell::Text(text) if column.kind == "number" => match text.parse::<Decimal>() {
            Ok(value) => {
                let unit = column.unit.as_deref().and_then(|unit| unit.parse().ok());
                number::grouped(value, number::decimals(&[value], unit))
            }
            Err(_) => text.clone(),
        },
        AskCell::Text(text) => text.clone(),
    }
}

/// A large amount once more as people say it: （45.22亿元）, (4.52 billion CNY).
fn large(value: Decimal, unit: Unit, lang: Lang) -> Option<String> {
    const POWER: [(i8, Lang); 2] = [(8, Lang::Zh), (9, Lang::En)];
    if !matches!(unit.base, Base::Money(_)) {
        return None;
    }
    let (power, _) = POWER.into_iter().find(|(_, own)| *own == lang)?;
    let spoken = Unit::new(unit.base, power);
    let scaled = Quantity::new(value, unit).to_unit(spoken).ok()?.value;
    // In its own unit it is said already.
    if scaled.abs() < Decimal::ONE || unit.power >= power {
        return None;
    }
    let number = number::grouped(scaled, 2);
    let unit = unit::words(spoken, lang);
    Some(lang.pick(format!("（{number}{unit}）"), format!(" ({number} {unit})")))
}

/// The answer in words: the figures themselves where they are few.
fn words(columns: &[AskColumn], rows: &[Vec<AskCell>], decimals: Option<u32>, lang: Lang) -> String {
    let mut lines = Vec::new();
    for row in rows.iter().take(SPOKEN_ROWS) {
        let mut keys = Vec::new();
        let mut values = Vec::new();
        for (cell, column) in row.iter().zip(columns) {
            if column.kind == "number" || column.kind == "bool" {
                let shown = match (cell, decimals) {
                    (AskCell::Text(text), Some(decimals)) => text
                        .parse::<Decimal>()
                        .map_or_else(|_| text.clone(), |value| number::grouped(value, decimals)),
                    _ => cell_text(cell, column, lang),
                };
                let missing = matches!(cell, AskCell::Missing(_));
                let known = column
                    .unit
                    .as_deref()
                    .and_then(|unit| unit.parse().ok())
                    .filter(|_| !missing);
                let unit = known.map(|known| unit::words(known, lang)).unwrap_or_default();
                // Signs stand close to the number, English words apart from it.
                let gap = if lang == Lang::En && unit.starts_with(char::is_alphabetic) {
                    " "
                } else {
                    ""
                };
                let large = match (known, cell) {
                    (Some(known), AskCell::Text(text)) => {
                        text.parse().ok().and_then(|value| large(value, known, lang))
                    }
                    _ => None,
                };
                values.push(format!(
                    "{} {shown}{gap}{unit}{}",
                    column.label,
                    large.unwrap_or_default()
                ));
            } else {
                keys.push(match cell {
                    AskCell::Member { code, name } => name.clone().unwrap_or_else(|| code.clone()),
                    other => cell_text(other, column, lang),
                });
            }
        }
        let keys = keys.join(" ");
        let values = values.join(lang.pick("，", ", "));
        lines.push(match (keys.is_empty(), values.is_empty()) {
            (true, _) => values,
            (_, true) => keys,
            _ => format!("{keys}{}{values}", lang.pick("：", ": ")),
        });
    }
    let mut text = lines.join(lang.pick("；", "; "));
    let more = rows.len().saturating_sub(SPOKEN_ROWS);
    if more > 0 {
        text.push_str(&lang.pick(
            format!("；共 {} 行", rows.len()),
            format!("; {} rows in all", rows.len()),
        ));
    }
    text
}
