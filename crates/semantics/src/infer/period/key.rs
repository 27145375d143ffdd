//! Whether subject and period, perhaps with some dimensions, determine a row, and what rows are that repeat whole.
//!
//! A file that was loaded twice is told from events that happen to be alike by what determines its *different* rows: if
//! subject, period and dimensions do, the table states facts, and a fact that is stated twice is one fact. Events have
//! no such key; those that carry a number of their own, or all of which repeat, were loaded twice too. Else nobody can
//! tell: each counts, and every answer says so until somebody decides.

use std::collections::BTreeSet;

use super::{YEARS, is_called};
use crate::catalog::{Agg, RepeatedRows, TimeBehaviour};
use crate::infer::draft::{Draft, Role, TableDraft, Unsure};
use crate::infer::lexicon::{Concept, Section};
use crate::infer::profile::RepeatProfile;
use jinsheng_core::Localised;

/// Whether entities and period, perhaps with some dimensions, determine a row. Runs when dimensions are known.
pub(crate) fn uniqueness(draft: &mut Draft<'_>) {
    let mut unsure = Vec::new();
    for table in draft.tables.iter_mut().filter(|table| !table.left) {
        let found = table
            .profile
            .unique_keys
            .iter()
            .filter_map(|key| extra_dimensions(table, key))
            .min_by_key(BTreeSet::len);
        let repeated = table.profile.repeated;
        // Of some events that repeat each may be one of its own, though the others have a key.
        let may_be_events = is_of_events(table) && repeated.is_some_and(|repeated| !repeated.is_whole());
        match found {
            Some(extra) if !may_be_events => {
                table.key_dimensions = extra;
                unsure.extend(repeated.map(|repeated| stated_twice(table, repeated)));
            }
            _ => {
                unsure.extend(without_key(table));
                unsure.extend(repeated.and_then(|repeated| alike(table, repeated)));
            }
        }
    }
    draft.unsure.extend(unsure);
}

/// Tables of transactions, by their name or by what they hold.
fn is_of_events(table: &TableDraft<'_>) -> bool {
    let transacted = |concept: &Concept| concept.id.starts_with("transaction_");
    table.kind.is_some_and(|kind| kind.id == "transactions")
        || table
            .columns
            .iter()
            .any(|column| column.concept().is_some_and(transacted))
}

fn doubt(
    table: &TableDraft<'_>,
    key: &str,
    (zh, en): (String, String),
    choice: &str,
    others: &[&str],
) -> Unsure {
    Unsure {
        path: format!("tables.{}.{key}", table.name),
        message: Localised::new(zh, en),
        choice: choice.to_owned(),
        alternatives: others.iter().map(|other| (*other).to_owned()).collect(),
    }
}

/// Decides about a table of which no key is known.
fn without_key(table: &mut TableDraft<'_>) -> Option<Unsure> {
    let series = table.section.is_some_and(Section::is_series);
    table.unique = (series && table.period.is_some())
        || (table.profile.unique_keys.is_empty() && table.home_of.is_some());
    if table.unique {
        return Some(doubt(
            table,
            "unique",
            (
                "没有数据证明主体加期间唯一确定一行；先按唯一处理，重复且不一致的行取为缺失".to_owned(),
                "nothing shows that subject and period determine a row; taken as unique, so that rows that repeat and differ count as missing".to_owned(),
            ),
            "true",
            &["false"],
        ));
    }
    events(table);
    (table.period.is_some() || !table.entities.is_empty()).then(|| {
        doubt(
            table,
            "unique",
            (
                "主体加期间不能唯一确定一行，按流水（事件）处理".to_owned(),
                "subject and period do not determine a row; taken as a table of events".to_owned(),
            ),
            "false",
            &["true"],
        )
    })
}

/// Facts that are stated more than once.
fn stated_twice(table: &TableDraft<'_>, repeated: RepeatProfile) -> Unsure {
    let (rows, but) = (repeated.repeated, but_number(repeated));
    doubt(
        table,
        "unique",
        (
            format!(
                "有 {rows} 行与别的行{}完全相同，多半是重复导入；主体加期间能确定其余各行，因此相同的行只算一次。请核对来源，确属不同业务才改为 false",
                but.0
            ),
            format!(
                "{rows} rows are alike with others{}, most likely loaded twice; subject and period determine the different ones, so rows that are alike count once. Look at the source; say false only if they are events of their own",
                but.1
            ),
        ),
        "true",
        &["false"],
    )
}

/// Events that are alike.
fn alike(table: &mut TableDraft<'_>, repeated: RepeatProfile) -> Option<Unsure> {
    if table.unique {
        return None;
    }
    let (rows, but) = (repeated.repeated, but_number(repeated));
    if repeated.numbered {
        return repeated.is_whole().then(|| {
            doubt(
                table,
                "unique",
                (
                    format!("每一行都有除编号外完全相同的另一行（多出 {rows} 行），多半是重复导入，数值会偏大；请核对来源，去掉重复后重新导入"),
                    format!("every row has a twin but for its number ({rows} rows too many): most likely loaded twice, and figures are too large; look at the source, drop the repetitions and import it again"),
                ),
                "false",
                &["true"],
            )
        });
    }
    let once = repeated.is_whole() || has_number(table);
    table.repeated_rows = once.then_some(RepeatedRows::Once);
    Some(if once {
        doubt(
            table,
            "repeated_rows",
            (
                format!(
                    "有 {rows} 行与别的行完全相同，连编号也相同，或全表每行都重复：按重复导入处理，只算一次"
                ),
                format!(
                    "{rows} rows are alike with others, in their number too or all over the table: taken as loaded twice, so they count once"
                ),
            ),
            "once",
            &["each"],
        )
    } else {
        doubt(
            table,
            "repeated_rows",
            (
                format!(
                    "有 {rows} 行与别的行{}完全相同：可能是重复导入，也可能是各自独立的业务，无法分辨；先逐行计算，答案会注明。请写明 once（只算一次）或 each（各算一次）",
                    but.0
                ),
                format!(
                    "{rows} rows are alike with others{}: loaded twice, or events of their own; nobody can tell from the data. Each counts for now, and answers say so. Write once or each",
                    but.1
                ),
            ),
            "unset",
            &["once", "each"],
        )
    })
}

fn but_number(repeated: RepeatProfile) -> (&'static str, &'static str) {
    match repeated.numbered {
        true => ("（除编号外）", " but for their number"),
        false => ("", ""),
    }
}

/// True when a column that numbers the rows, such as a transaction's, is a key of the different rows.
fn has_number(table: &TableDraft<'_>) -> bool {
    table.profile.unique_keys.iter().any(|key| {
        let [only] = key.as_slice() else { return false };
        let column = table.position(only).and_then(|place| table.columns.get(place));
        column.is_some_and(|column| !matches!(column.role, Role::Measure(_) | Role::Period))
    })
}

/// The dimensions that a unique key has beside entities and period; `None` when it has other columns.
fn extra_dimensions(table: &TableDraft<'_>, key: &[String]) -> Option<BTreeSet<String>> {
    let mut extra = BTreeSet::new();
    for name in key {
        let column = table.columns.get(table.position(name)?)?;
        match &column.role {
            Role::Key | Role::Period => {}
            Role::Dimension(dimension, ..) => {
                extra.insert(dimension.clone());
            }
            // A name stands for its key, a second year column for the first.
            Role::Name => {}
            Role::Left if is_called(column.profile, &column.keys, &YEARS) => {}
            _ => return None,
        }
    }
    (!key.is_empty()).then_some(extra)
}

/// In a table of events a group has several prices or rates even of one subject: their mean, and a note that says so.
fn events(table: &mut TableDraft<'_>) {
    for column in &mut table.columns {
        if let Role::Measure(measure) = &mut column.role
            && measure.time == TimeBehaviour::Rate
            && measure.agg == Agg::Sum
        {
            measure.agg = Agg::Mean;
        }
    }
}
