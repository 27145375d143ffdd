//! Numbers of a column that are none: those that stand for a missing value, and those that no figure can be.

use std::collections::BTreeSet;

use jinsheng_core::{Base, Decimal};

use crate::catalog::TimeBehaviour;
use crate::infer::ColumnProfile;
use crate::infer::draft::{Draft, MeasureDraft};

/// Digits before the point from which on nothing can be computed (`docs/reference/query.md`, Values).
const MOST_DIGITS: u32 = 18;
/// What is a million times smaller in the middle of a column, that column does not hold.
const FAR: i64 = 1_000_000;

/// Values that count as missing.
pub(in crate::infer) fn absent(measure: &MeasureDraft, profile: &ColumnProfile) -> Vec<Decimal> {
    let mut found = stand_ins(measure, profile);
    found.extend(too_large(profile));
    found
}

/// Says for each measure of a table which they are.
pub(super) fn report(draft: &mut Draft<'_>, table: usize) {
    let Some(found) = draft.tables.get(table) else {
        return;
    };
    let columns = found.columns.iter().filter_map(|column| {
        let measure = column.measure()?;
        let stand_ins = stand_ins(measure, column.profile);
        let too_large = too_large(column.profile).into_iter().collect();
        let path = format!("tables.{}.measures.{}.missing", found.name, measure.name);
        Some((path, column.profile.name.clone(), stand_ins, too_large))
    });
    let columns: Vec<(String, String, Vec<Decimal>, Vec<Decimal>)> = columns.collect();
    for (path, column, stand_ins, too_large) in columns {
        if let Some(list) = listed(&stand_ins) {
            draft.unsure(
                path.clone(),
                format!("`{column}` 中的 {list} 像是代表缺失，按缺失处理"),
                format!("{list} in `{column}` seems to stand for a missing value and is taken as one"),
                format!("[{list}]"),
                vec!["[]".to_owned()],
            );
        }
        if let Some(list) = listed(&too_large) {
            draft.unsure(
                path,
                format!("`{column}` 中的 {list} 超过 {MOST_DIGITS} 位，无法计算，其余的值远小于此：像是录入错误，按缺失处理"),
                format!(
                    "{list} in `{column}` has more than {MOST_DIGITS} digits, with which nothing can be computed, and the other values are far smaller: it seems to be a slip and is taken as missing"
                ),
                format!("[{list}]"),
                Vec::new(),
            );
        }
    }
}

fn listed(values: &[Decimal]) -> Option<String> {
    let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
    (!texts.is_empty()).then(|| texts.join(", "))
}

/// Values of a column that stand for a missing one: those that stand apart, and zero where people are counted by dozens, for
/// a staff of none is a gap in the report.
fn stand_ins(measure: &MeasureDraft, profile: &ColumnProfile) -> Vec<Decimal> {
    const USUAL_STAFF: u64 = 20;
    let mut found = profile.stand_ins.clone();
    if measure.unit.base != Base::People || measure.time != TimeBehaviour::Stock {
        return found;
    }
    let mut counts: Vec<Decimal> = profile
        .values
        .iter()
        .filter_map(|value| value.parse().ok())
        .collect();
    let zero = counts.iter().any(Decimal::is_zero);
    counts.retain(|count| *count > Decimal::ZERO);
    counts.sort();
    let middle = counts.get(counts.len() / 2).copied().unwrap_or_default();
    if zero && middle >= Decimal::from(USUAL_STAFF) && !found.contains(&Decimal::ZERO) {
        found.push(Decimal::ZERO);
    }
    found
}

/// Values that are too large to be computed with, where most are far smaller: two numbers that ran into one.
fn too_large(profile: &ColumnProfile) -> BTreeSet<Decimal> {
    let most = Decimal::from(10_i64.pow(MOST_DIGITS));
    let texts = profile.values.iter().chain(&profile.min).chain(&profile.max);
    let numbers: Vec<Decimal> = texts.filter_map(|text| text.parse().ok()).collect();
    let mut sizes: Vec<Decimal> = numbers.iter().map(Decimal::abs).collect();
    sizes.sort();
    let middle = sizes.get(sizes.len() / 2).copied().unwrap_or_default();
    if middle >= most / Decimal::from(FAR) {
        return BTreeSet::new();
    }
    numbers
        .into_iter()
        .filter(|number| number.abs() >= most)
        .collect()
}
