//! The unit of each measure: what headers and dictionary say, against what the data shows.

mod fraction;

use std::collections::BTreeMap;
use std::str::FromStr;

use jinsheng_core::{Base, Unit};
use rust_decimal::Decimal;

use super::draft::{ColumnDraft, Draft, Meaning, Role, TableDraft};
use super::profile::{ColumnProfile, IdentityKind, MagnitudeProfile};
use super::role::usual_unit;

/// Sets the unit of every measure.
pub(crate) fn settle(draft: &mut Draft<'_>) {
    for index in 0..draft.tables.len() {
        if draft.tables.get(index).is_some_and(|table| !table.left) {
            said(draft, index);
        }
    }
    for index in 0..draft.tables.len() {
        if draft.tables.get(index).is_some_and(|table| !table.left) {
            by_identities(draft, index);
            by_range(draft, index);
            fraction::doubt(draft, index);
        }
    }
    by_magnitude(draft);
}

/// A unit that prints to a text which reads back: `1e9美元` would not.
fn writable(unit: Unit) -> bool {
    Unit::from_str(&unit.to_string()).is_ok_and(|read| read == unit)
}

/// Takes the declared unit, or the usual one.
fn said(draft: &mut Draft<'_>, index: usize) {
    let Some(table) = draft.tables.get(index) else {
        return;
    };
    let mut settled: Vec<(usize, Unit)> = Vec::new();
    let mut assumed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut notes = Vec::new();
    for (position, column) in table.columns.iter().enumerate() {
        let Some(measure) = column.measure() else { continue };
        let usual = usual_unit(table, column);
        // What stands above a table is meant for its amounts of money, not for a ratio or a count among them.
        let of_table = column.profile.caption_unit;
        let of_table = of_table.filter(|unit| usual.is_none_or(|usual| usual.base == unit.base));
        let declared = column
            .declared
            .map(|unit| sensible(unit, usual, column))
            .or(of_table);
        let (unit, path) = (
            declared.or(usual),
            format!("tables.{}.measures.{}.unit", table.name, measure.name),
        );
        if declared.is_none()
            && let Some(unit) = unit
            && unit != Unit::PERCENT
            && unit.base != Base::Ratio
        {
            assumed
                .entry(unit.to_string())
                .or_default()
                .push(measure.name.clone());
        }
        if let (Some(said), Some(unit)) = (column.contradicted, unit) {
            notes.push((
                path.clone(),
                format!("表头写 {unit}，字典写 {said}，取表头"),
                format!("the header says {unit}, the dictionary {said}; the header is taken"),
                unit.to_string(),
            ));
        }
        if let (Some(text), None) = (&column.unknown_unit, unit) {
            notes.push((
                path.clone(),
                format!("不认识单位「{text}」，先不带单位"),
                format!("the unit `{text}` is not known; left out"),
                String::new(),
            ));
        }
        match unit.filter(|unit| writable(*unit)) {
            Some(unit) => settled.push((position, unit)),
            None => {
                if let Some(unit) = unit {
                    notes.push((
                        path,
                        format!("单位 {unit} 写不进目录，先不带单位"),
                        format!("the unit {unit} cannot be written in a catalog; left out"),
                        String::new(),
                    ));
                }
            }
        }
    }
    let name = table.name.clone();
    for (position, unit) in settled {
        set(draft, index, position, unit);
    }
    for (path, zh, en, choice) in notes {
        draft.unsure(path, zh, en, choice, Vec::new());
    }
    for (unit, measures) in assumed {
        let list = measures.join(", ");
        draft.unsure(
            format!("tables.{name}.measures.*.unit"),
            format!("表头和字典都没有写单位，按 {unit} 处理：{list}"),
            format!("neither header nor dictionary says a unit; taken as {unit}: {list}"),
            unit.clone(),
            scales(&unit),
        );
    }
}

fn scales(unit: &str) -> Vec<String> {
    match unit {
        "元" => vec!["万元".to_owned(), "亿元".to_owned()],
        "股" => vec!["万股".to_owned(), "手".to_owned()],
        _ => Vec::new(),
    }
}

/// 每股收益(元) is in 元/股, 单位净值(元) in 元/份, 百万 of an amount of money in 百万元.
fn sensible(declared: Unit, usual: Option<Unit>, column: &ColumnDraft<'_>) -> Unit {
    let Some(usual) = usual else { return declared };
    match (declared.base, usual.base) {
        (Base::Money(said), Base::MoneyPerShare(_)) if column.meaning != Meaning::Unknown => {
            Unit::new(Base::MoneyPerShare(said), declared.power)
        }
        (Base::Money(said), Base::MoneyPerUnit(_)) if column.meaning != Meaning::Unknown => {
            Unit::new(Base::MoneyPerUnit(said), declared.power)
        }
        (Base::Plain, Base::Money(_) | Base::Shares | Base::Units | Base::People | Base::Count) => {
            Unit::new(usual.base, declared.power)
        }
        _ => declared,
    }
}

fn set(draft: &mut Draft<'_>, table: usize, column: usize, unit: Unit) {
    if let Some(Role::Measure(measure)) = draft
        .tables
        .get_mut(table)
        .and_then(|table| table.columns.get_mut(column))
        .map(|column| &mut column.role)
    {
        measure.unit = unit;
    }
}

fn unit_of(table: &TableDraft<'_>, column: &str) -> Option<(usize, Unit)> {
    let position = table.position(column)?;
    Some((position, table.columns.get(position)?.measure()?.unit))
}

/// An equation between columns holds only if their units agree; the odd one out is wrong.
fn by_identities(draft: &mut Draft<'_>, index: usize) {
    let Some(table) = draft.tables.get(index) else {
        return;
    };
    let identities = table.profile.identities.clone();
    let mut fixed: Vec<usize> = Vec::new();
    for identity in identities {
        match &identity.kind {
            IdentityKind::Sum { total, terms } if identity.holds(30) && terms.len() >= 2 => {
                let columns: Vec<&str> = std::iter::once(total.as_str())
                    .chain(terms.iter().map(|(_, term)| term.as_str()))
                    .collect();
                let evidence = evidence(total, terms);
                odd_one_out(
                    draft,
                    index,
                    &columns,
                    &evidence,
                    (identity.support, identity.total),
                    &mut fixed,
                );
            }
            IdentityKind::Ratio { ratio, percent, .. }
            | IdentityKind::Growth {
                rate: ratio, percent, ..
            } if identity.holds(50) => {
                let unit = if *percent { Unit::PERCENT } else { Unit::TIMES };
                of_ratio(draft, index, ratio, unit, (identity.support, identity.total));
            }
            IdentityKind::Scaled { column, of, power } if identity.holds(50) => {
                scaled(
                    draft,
                    index,
                    column,
                    of,
                    *power,
                    (identity.support, identity.total),
                );
            }
            _ => {}
        }
    }
}

fn evidence(total: &str, terms: &[(bool, String)]) -> String {
    let mut text = format!("{total} =");
    for (position, (negative, term)) in terms.iter().enumerate() {
        let sign = match (position, negative) {
            (0, false) => " ",
            (_, false) => " + ",
            (_, true) => " - ",
        };
        text.push_str(sign);
        text.push_str(term);
    }
    text
}

/// Columns of a sum are all in one unit: that of most of them.
fn odd_one_out(
    draft: &mut Draft<'_>,
    index: usize,
    columns: &[&str],
    evidence: &str,
    (support, total): (u64, u64),
    fixed: &mut Vec<usize>,
) {
    let Some(table) = draft.tables.get(index) else {
        return;
    };
    let units: Vec<(usize, Unit, bool)> = columns
        .iter()
        .filter_map(|column| {
            let (position, unit) = unit_of(table, column)?;
            Some((position, unit, table.columns.get(position)?.declared.is_some()))
        })
        .collect();
    let mut votes: BTreeMap<(Base, i8), usize> = BTreeMap::new();
    for (position, unit, declared) in &units {
        // A unit that an equation has already mended counts as sure.
        *votes.entry((unit.base, unit.power)).or_default() += if *declared || fixed.contains(position) {
            2
        } else {
            1
        };
    }
    let best = votes.values().max().copied().unwrap_or_default();
    let mut leaders = votes
        .iter()
        .filter(|(_, count)| **count == best)
        .map(|((base, power), _)| Unit::new(*base, *power));
    let (Some(common), None) = (leaders.next(), leaders.next()) else {
        return;
    };
    let changes: Vec<(usize, Unit, bool)> = units
        .into_iter()
        .filter(|(_, unit, _)| *unit != common && common.base != Base::Plain)
        .collect();
    for (position, old, declared) in changes {
        if old.base != common.base && old.base != Base::Plain {
            continue;
        }
        set(draft, index, position, common);
        fixed.push(position);
        if declared {
            overridden(draft, index, position, (old, common), evidence, (support, total));
        }
    }
}

fn overridden(
    draft: &mut Draft<'_>,
    index: usize,
    position: usize,
    (old, new): (Unit, Unit),
    evidence: &str,
    (support, total): (u64, u64),
) {
    let Some(table) = draft.tables.get(index) else {
        return;
    };
    let Some(measure) = table.columns.get(position).and_then(ColumnDraft::measure) else {
        return;
    };
    let path = format!("tables.{}.measures.{}.unit", table.name, measure.name);
    draft.unsure(
        path,
        format!("写明的单位是 {old}，但数据只有按 {new} 才符合 {evidence}（{total} 行中 {support} 行成立）"),
        format!("its stated unit is {old}, but {evidence} holds only in {new} ({support} of {total} rows)"),
        new.to_string(),
        vec![old.to_string()],
    );
}

/// A ratio that equals a / b is no percentage, one that equals a / b x 100 is.
fn of_ratio(draft: &mut Draft<'_>, index: usize, column: &str, unit: Unit, counts: (u64, u64)) {
    let Some(table) = draft.tables.get(index) else {
        return;
    };
    let Some((position, old)) = unit_of(table, column) else {
        return;
    };
    if old == unit || !matches!(old.base, Base::Ratio | Base::Plain) {
        return;
    }
    let declared = table
        .columns
        .get(position)
        .is_some_and(|column| column.declared.is_some());
    set(draft, index, position, unit);
    if declared {
        let zh_en = if unit == Unit::PERCENT {
            "a / b × 100"
        } else {
            "a / b"
        };
        overridden(draft, index, position, (old, unit), zh_en, counts);
    }
}

/// `column = 10^power x of`: the unit of `column` is that many powers smaller.
fn scaled(draft: &mut Draft<'_>, index: usize, column: &str, of: &str, power: i8, counts: (u64, u64)) {
    let Some(table) = draft.tables.get(index) else {
        return;
    };
    let (Some((position, own)), Some((_, other))) = (unit_of(table, column), unit_of(table, of)) else {
        return;
    };
    let Some(expected) = other
        .power
        .checked_sub(power)
        .map(|power| Unit::new(other.base, power))
    else {
        return;
    };
    if own == expected || !writable(expected) {
        return;
    }
    let declared = table
        .columns
        .get(position)
        .is_some_and(|column| column.declared.is_some());
    if declared && own.base != expected.base {
        return;
    }
    set(draft, index, position, expected);
    if declared {
        overridden(
            draft,
            index,
            position,
            (own, expected),
            &format!("{column} = 1e{power} × {of}"),
            counts,
        );
    }
}

/// Shares of a whole that never exceed 1 are fractions, whatever the header says; ratios without a unit are
/// percentages or fractions by their size.
fn by_range(draft: &mut Draft<'_>, index: usize) {
    let Some(table) = draft.tables.get(index) else {
        return;
    };
    let mut changes = Vec::new();
    for (position, column) in table.columns.iter().enumerate() {
        let Some(measure) = column.measure().filter(|measure| measure.unit == Unit::PERCENT) else {
            continue;
        };
        let Some((min, max)) = range(column.profile) else {
            continue;
        };
        let many = column.profile.distinct.is_some_and(|distinct| distinct >= 20);
        let share = parts_of_a_whole(column);
        let proven = table.profile.identities.iter().any(|identity| {
            matches!(&identity.kind, IdentityKind::Ratio { ratio, percent: true, .. }
                | IdentityKind::Growth { rate: ratio, percent: true, .. } if *ratio == column.profile.name)
                && identity.holds(50)
        });
        if proven || !many || min < Decimal::ZERO || max > Decimal::ONE || max <= Decimal::new(2, 2) {
            continue;
        }
        if share {
            changes.push((position, measure.name.clone(), column.declared.is_some(), max));
        }
    }
    let name = table.name.clone();
    for (position, measure, declared, max) in changes {
        set(draft, index, position, Unit::TIMES);
        let (zh, en) = if declared {
            (
                format!("写明的单位是 %，但最大值只有 {max}，像是小数形式的比例"),
                format!("its stated unit is %, but no value exceeds {max}: it reads as a fraction"),
            )
        } else {
            (
                format!("没有写单位，最大值 {max}，按小数形式的比例处理"),
                format!("no unit is stated and no value exceeds {max}; taken as a fraction"),
            )
        };
        draft.unsure(
            format!("tables.{name}.measures.{measure}.unit"),
            zh,
            en,
            Unit::TIMES.to_string(),
            vec![Unit::PERCENT.to_string()],
        );
    }
}

/// 占比, 比重 and ratios of two figures, as opposed to fees, interest and returns, which may well stay below 1 %.
fn parts_of_a_whole(column: &ColumnDraft<'_>) -> bool {
    let label = &column.label.zh;
    let quotient = column
        .concept()
        .is_some_and(|concept| concept.check.iter().any(|check| check.contains('/')));
    quotient || ["占比", "比重", "比例"].iter().any(|word| label.ends_with(word)) || label.contains('占')
}

/// Smallest and largest value of a column of numbers.
fn range(profile: &ColumnProfile) -> Option<(Decimal, Decimal)> {
    decimal(profile.min.as_deref()).zip(decimal(profile.max.as_deref()))
}

fn decimal(text: Option<&str>) -> Option<Decimal> {
    let text = text?.trim();
    Decimal::from_str(text)
        .or_else(|_| Decimal::from_scientific(text))
        .ok()
}

/// The same figure in two tables that differs by a power of ten which their units do not explain.
fn by_magnitude(draft: &mut Draft<'_>) {
    let found: Vec<(usize, MagnitudeProfile)> = draft
        .tables
        .iter()
        .enumerate()
        .filter(|(_, table)| !table.left)
        .flat_map(|(index, table)| {
            table
                .profile
                .magnitudes
                .iter()
                .map(move |magnitude| (index, magnitude.clone()))
        })
        .filter(|(_, magnitude)| {
            magnitude.total >= 8 && magnitude.support.saturating_mul(2) >= magnitude.total
        })
        .collect();
    for (index, magnitude) in found {
        let Some(other) = draft
            .tables
            .iter()
            .find(|table| table.profile.source == magnitude.other_source)
        else {
            continue;
        };
        let Some((_, other_unit)) = unit_of(other, &magnitude.other_column) else {
            continue;
        };
        let other_name = other.name.clone();
        let Some(table) = draft.tables.get(index) else {
            continue;
        };
        let Some((position, own)) = unit_of(table, &magnitude.column) else {
            continue;
        };
        let Some(expected) = other_unit
            .power
            .checked_sub(magnitude.power)
            .map(|power| Unit::new(other_unit.base, power))
        else {
            continue;
        };
        if own == expected || own.base != expected.base || !writable(expected) {
            continue;
        }
        let declared = table
            .columns
            .get(position)
            .is_some_and(|column| column.declared.is_some());
        let Some(measure) = table.columns.get(position).and_then(ColumnDraft::measure) else {
            continue;
        };
        let path = format!("tables.{}.measures.{}.unit", table.name, measure.name);
        if !declared {
            set(draft, index, position, expected);
        }
        let choice = if declared { own } else { expected };
        let alternative = if declared { expected } else { own };
        draft.unsure(
            path,
            format!(
                "与 `{other_name}.{}` 是同一指标，数量级相差 10^{}（{} 行中 {} 行如此），两处单位必有一处写错",
                magnitude.other_column, magnitude.power, magnitude.total, magnitude.support
            ),
            format!(
                "the same figure as `{other_name}.{}` but 10^{} apart ({} of {} rows): one of the two units is wrong",
                magnitude.other_column, magnitude.power, magnitude.support, magnitude.total
            ),
            choice.to_string(),
            vec![alternative.to_string()],
        );
    }
}
