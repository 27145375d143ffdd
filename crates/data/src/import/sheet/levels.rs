//! Headers in two rows: 「2024年」 merged over 「营收」 and 「净利润」 names the columns `2024年 营收` and `2024年 净利润`.
//!
//! A title above a table is merged over columns too. It begins where the table does, while groups of columns stand beside
//! the column that says what a row is about; so a table whose first column is under a merged cell keeps one header row.

use std::collections::{BTreeMap, BTreeSet};

use super::Glimpse;

/// A merged range: rows from 1 and columns from 0, both with the last.
#[derive(Debug, Clone, Copy)]
pub(in crate::import) struct Merged {
    pub(in crate::import) rows: (u64, u64),
    pub(in crate::import) columns: (u32, u32),
}

/// A row of a sheet as the search for the header sees it.
type Seen = (u64, Vec<Glimpse>);

/// Where the upper row may be, given the one that looks like the header: that row, or the one above it.
pub(super) fn upper_rows(at: usize) -> impl Iterator<Item = usize> {
    [Some(at), at.checked_sub(1)].into_iter().flatten()
}

/// True when a row and the next two could be a header in two rows over data, whatever is merged.
pub(super) fn may_be(rows: &[Seen], upper: usize) -> bool {
    let Some([(upper, over), (lower, names), (_, values)]) = rows.get(upper..upper + 3) else {
        return false;
    };
    upper.checked_add(1) == Some(*lower)
        && over.iter().chain(names).all(|(_, _, text)| *text)
        && values.iter().any(|(_, _, text)| !text)
}

/// Names of columns whose header is in a row and the next one; none when it is not.
pub(super) fn joined(rows: &[Seen], upper: usize, merged: &[Merged]) -> Option<BTreeMap<u32, String>> {
    let [(row, over), (_, names), (_, values)] = rows.get(upper..upper + 3)? else {
        return None;
    };
    let text_at = |cells: &[Glimpse], column: u32| {
        let found = cells.iter().find(|(at, ..)| *at == column);
        found.map(|(_, text, _)| text.trim().to_owned())
    };
    // Groups that are named, by their columns.
    let groups: Vec<((u32, u32), String)> = merged
        .iter()
        .filter(|range| range.rows == (*row, *row) && range.columns.0 < range.columns.1)
        .filter_map(|range| Some((range.columns, text_at(over, range.columns.0)?)))
        .collect();
    let group_of = |column: u32| {
        let group = groups
            .iter()
            .find(|((first, last), _)| (*first..=*last).contains(&column));
        group.map(|(_, name)| name)
    };
    let columns: BTreeSet<u32> = [over, names, values]
        .into_iter()
        .flatten()
        .map(|(column, ..)| *column)
        .collect();
    let numbers = values
        .iter()
        .any(|(column, _, text)| !text && group_of(*column).is_some());
    if groups.is_empty() || !numbers || group_of(*columns.first()?).is_some() {
        return None;
    }
    let mut joined = BTreeMap::new();
    for column in columns {
        let name = match (group_of(column), text_at(over, column), text_at(names, column)) {
            (Some(group), _, Some(name)) => format!("{group} {name}"),
            (None, Some(name), None) | (None, None, Some(name)) => name,
            (None, None, None) => continue,
            // A group over a column without a name of its own, or two texts that nothing joins.
            (Some(_), _, None) | (None, Some(_), Some(_)) => return None,
        };
        joined.insert(column, name);
    }
    Some(joined)
}
