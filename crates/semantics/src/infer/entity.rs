//! Who the rows are about: key columns, name columns, and the table with one row for each subject.

mod name;

use std::collections::{BTreeMap, BTreeSet};

use jinsheng_core::Localised;

use super::draft::{Draft, Role, TableDraft};
use super::lexicon::{EntityKind, Lexicon, keys_of};
use super::names::{humanise, words};
use super::period::looks_like_series;
use super::profile::{ColumnKind, ColumnProfile};

/// Columns called only this belong to the subject of their table.
const BARE_CODES: [&str; 7] = ["code", "id_code", "代码", "编码", "symbol", "ticker", "key"];

/// Finds keys, names and home tables.
pub(crate) fn find(draft: &mut Draft<'_>) {
    leave_out(draft);
    for index in 0..draft.tables.len() {
        known_keys(draft, index);
    }
    own_keys(draft);
    for index in 0..draft.tables.len() {
        name_as_key(draft, index);
    }
    homes(draft);
    for index in 0..draft.tables.len() {
        name::find(draft, index);
    }
    overlaps(draft);
}

/// Row numbers, times of loading, what identifies people: not for the catalog. Nor are tables about the import itself.
fn leave_out(draft: &mut Draft<'_>) {
    let lexicon = Lexicon::get();
    for table in 0..draft.tables.len() {
        let Some(own) = draft.tables.get(table) else {
            continue;
        };
        if lexicon.is_log(&own.name_key) {
            let source = own.profile.source.clone();
            draft.left_out.push(super::draft::LeftOut {
                source,
                column: None,
                reason: Localised::new(
                    "导入或数据库自身的记录，不是业务数据",
                    "a log of the import or of the database itself",
                ),
            });
            if let Some(own) = draft.tables.get_mut(table) {
                own.left = true;
            }
            continue;
        }
        let marks: Vec<(usize, bool)> = own
            .columns
            .iter()
            .enumerate()
            .filter_map(|(index, column)| {
                let own = [keys_of(&column.profile.name), keys_of(&column.profile.header)];
                let personal = column.keys.iter().any(|key| lexicon.is_personal(key));
                let technical = own.iter().any(|key| lexicon.is_technical(key))
                    || column
                        .raw_labels
                        .iter()
                        .any(|label| lexicon.is_technical(&keys_of(label)))
                    || column.profile.name.trim().is_empty();
                (personal || technical).then_some((index, personal))
            })
            .collect();
        for (column, personal) in marks {
            if personal {
                draft.leave(table, column, "能识别到个人，不进目录", "identifies a person");
            } else {
                draft.leave(table, column, "技术性的列", "a technical column");
            }
        }
    }
}

/// How well a column fits as the key of an entity: 2 by its whole name, 1 by the end of it (`benchmark_index_code`).
fn key_fit(entity: &EntityKind, keys: &[String]) -> u8 {
    let known: Vec<String> = entity
        .key_names
        .iter()
        .chain(&entity.key_keys)
        .map(|name| keys_of(name))
        .collect();
    if keys.iter().any(|key| known.contains(key)) {
        return 2;
    }
    let ends = keys.iter().any(|key| {
        known.iter().any(|name| {
            name.contains('_')
                && key
                    .strip_suffix(name.as_str())
                    .is_some_and(|rest| rest.ends_with('_'))
        })
    });
    u8::from(ends)
}

fn may_be_key(profile: &ColumnProfile) -> bool {
    matches!(profile.kind, ColumnKind::Text | ColumnKind::Integer)
}

fn known_keys(draft: &mut Draft<'_>, index: usize) {
    let lexicon = Lexicon::get();
    let Some(table) = draft.tables.get_mut(index) else {
        return;
    };
    let mut again = Vec::new();
    for strength in [2, 1] {
        for position in 0..table.columns.len() {
            let Some(column) = table.columns.get_mut(position) else {
                continue;
            };
            if !column.is_open() || !may_be_key(column.profile) {
                continue;
            }
            let Some(entity) = lexicon
                .entities
                .iter()
                .find(|entity| key_fit(entity, &column.keys) == strength)
            else {
                continue;
            };
            if let Some(first) = table.entities.get(&entity.id).copied() {
                if strength == 2 {
                    again.push((first, position));
                }
                continue;
            }
            column.role = Role::Key;
            table.entities.insert(entity.id.clone(), position);
        }
    }
    if table.entities.is_empty() {
        bare_key(table);
    }
    for (first, position) in again {
        same_again(draft, index, first, position);
    }
}

/// A column called only `code` belongs to what the table is called after, or to companies in a table of market data.
fn bare_key(table: &mut TableDraft<'_>) {
    let lexicon = Lexicon::get();
    let position = table.columns.iter().position(|column| {
        column.is_open()
            && may_be_key(column.profile)
            && column
                .keys
                .iter()
                .any(|key| BARE_CODES.iter().any(|bare| keys_of(bare) == *key))
    });
    let Some(position) = position else { return };
    let hinted = lexicon
        .entities
        .iter()
        .find(|entity| entity.hints.iter().any(|hint| table.is_called(hint)));
    let company = || {
        lexicon
            .entities
            .iter()
            .find(|entity| entity.id == "company")
            .filter(|_| {
                table.section.is_some_and(|section| {
                    section.is_statement() || section == super::lexicon::Section::Market
                }) || table.kind.is_some_and(|kind| kind.id == "companies")
            })
    };
    if let Some(entity) = hinted.or_else(company) {
        table.entities.insert(entity.id.clone(), position);
        if let Some(column) = table.columns.get_mut(position) {
            column.role = Role::Key;
        }
    }
}

/// 股票代码 and 证券代码 in one table: a repetition if they hold the same values.
fn same_again(draft: &mut Draft<'_>, table: usize, first: usize, second: usize) {
    let Some(own) = draft.tables.get(table) else {
        return;
    };
    let (Some(one), Some(two)) = (own.columns.get(first), own.columns.get(second)) else {
        return;
    };
    let as_set = |values: &[String]| values.iter().cloned().collect::<BTreeSet<_>>();
    let (one_name, two_name) = (one.profile.name.clone(), two.profile.name.clone());
    let path = format!("tables.{}.entities", own.name);
    let same = as_set(&one.profile.values) == as_set(&two.profile.values);
    draft.leave(table, second, "与另一键列重复", "repeats another key column");
    if !same {
        draft.unsure(
            path,
            format!("`{two_name}` 也像键列，但取值与 `{one_name}` 不同"),
            format!("`{two_name}` looks like a key too but has other values than `{one_name}`"),
            one_name,
            vec![two_name],
        );
    }
}

/// Keys that the lexicon does not know: `xxx_id` shared by tables, or with `xxx_name` beside it.
fn own_keys(draft: &mut Draft<'_>) {
    let mut places: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    for (table_index, table) in draft.tables.iter().enumerate().filter(|(_, table)| !table.left) {
        for (column_index, column) in table.columns.iter().enumerate() {
            if column.is_open()
                && may_be_key(column.profile)
                && let Some(stem) = key_stem(&column.profile.name)
            {
                places.entry(stem).or_default().push((table_index, column_index));
            }
        }
    }
    for (stem, found) in places {
        let tables: BTreeSet<usize> = found.iter().map(|(table, _)| *table).collect();
        let named = found.iter().any(|(table, _)| {
            draft.tables.get(*table).is_some_and(|table| {
                table
                    .columns
                    .iter()
                    .any(|column| name_stem(&column.profile.name).as_deref() == Some(stem.as_str()))
            })
        });
        if tables.len() < 2 && !named {
            continue;
        }
        let taken = Lexicon::get().entities.iter().any(|entity| entity.id == stem);
        let id = if taken {
            format!("{stem}_key")
        } else {
            super::names::identifier(&stem)
        };
        let zh = found
            .iter()
            .filter_map(|(table, column)| draft.tables.get(*table)?.columns.get(*column))
            .map(|column| {
                column
                    .label
                    .zh
                    .trim_end_matches("代码")
                    .trim_end_matches("编号")
                    .to_owned()
            })
            .find(|label| !label.is_empty())
            .unwrap_or_default();
        draft
            .own_entities
            .insert(id.clone(), Localised::new(zh, humanise(&stem)));
        for (table, column) in found {
            if let Some(table) = draft.tables.get_mut(table)
                && !table.entities.contains_key(&id)
                && let Some(own) = table.columns.get_mut(column)
            {
                own.role = Role::Key;
                table.entities.insert(id.clone(), column);
            }
        }
        draft.unsure(
            format!("entities.{id}"),
            "词典里没有这种主体，按列名建立；请补上中文名和同义词，或改作维度",
            "not in the lexicon; made after the column's name: give it a name and synonyms, or make it a dimension",
            id.clone(),
            vec!["dimension".to_owned()],
        );
    }
}

fn key_stem(name: &str) -> Option<String> {
    let parts = words(name);
    match parts.split_last() {
        Some((last, rest)) if !rest.is_empty() && matches!(last.as_str(), "id" | "code" | "no" | "key") => {
            Some(rest.join("_"))
        }
        _ => None,
    }
}

fn name_stem(name: &str) -> Option<String> {
    let parts = words(name);
    match parts.split_last() {
        Some((last, rest)) if !rest.is_empty() && last == "name" => Some(rest.join("_")),
        _ => None,
    }
}

/// A city, province or country may be known by its name alone: then the name is the key, in a table about nothing
/// else, unless other tables have codes for it.
fn name_as_key(draft: &mut Draft<'_>, index: usize) {
    let lexicon = Lexicon::get();
    let coded: BTreeSet<String> = draft
        .tables
        .iter()
        .filter(|table| !table.left)
        .flat_map(|table| {
            table.entities.iter().filter(|(entity, column)| {
                table.columns.get(**column).is_some_and(|column| {
                    lexicon
                        .entities
                        .iter()
                        .find(|kind| kind.id == **entity)
                        .is_some_and(|kind| key_fit(kind, &column.keys) > 0)
                })
            })
        })
        .map(|(entity, _)| entity.clone())
        .collect();
    let Some(table) = draft.tables.get_mut(index) else {
        return;
    };
    if !table.entities.is_empty() {
        return;
    }
    let mut notes = Vec::new();
    for entity in lexicon.entities.iter().filter(|entity| entity.name_is_key) {
        let known: Vec<String> = entity
            .name_names
            .iter()
            .chain(&entity.name_keys)
            .map(|name| keys_of(name))
            .collect();
        let position = table.columns.iter().position(|column| {
            column.is_open()
                && column.profile.kind == ColumnKind::Text
                && column.keys.iter().any(|key| known.contains(key))
        });
        let Some(position) = position else { continue };
        if coded.contains(&entity.id) {
            notes.push(entity);
            continue;
        }
        table.entities.insert(entity.id.clone(), position);
        if let Some(column) = table.columns.get_mut(position) {
            column.role = Role::Key;
        }
        break;
    }
    let path = format!("tables.{}.entities", table.name);
    for entity in notes {
        draft.unsure(
            path.clone(),
            format!("这张表只有{}的名称，其他表用代码；作维度处理，不能与它们按{}相连", entity.label.zh, entity.label.zh),
            format!(
                "this table has only names of `{}` where others have codes; it is a dimension here and does not join with them",
                entity.id
            ),
            "dimension",
            vec![entity.id.clone()],
        );
    }
}

/// The home table of an entity has one row for each and no time of its own.
fn homes(draft: &mut Draft<'_>) {
    let entities: BTreeSet<String> = draft
        .tables
        .iter()
        .flat_map(|table| table.entities.keys().cloned())
        .collect();
    for entity in entities {
        let best = draft
            .tables
            .iter()
            .enumerate()
            .filter(|(_, table)| !table.left && is_home(table, &entity))
            .max_by_key(|(index, table)| {
                let hinted = Lexicon::get()
                    .entities
                    .iter()
                    .find(|kind| kind.id == entity)
                    .is_some_and(|kind| kind.hints.iter().any(|hint| table.is_called(hint)));
                let named = table.kind.is_some_and(|kind| kind.section.is_none());
                (hinted || named, table.profile.rows, std::cmp::Reverse(*index))
            })
            .map(|(index, _)| index);
        if let Some(table) = best.and_then(|index| draft.tables.get_mut(index)) {
            table.home_of = Some(entity);
        }
    }
}

fn is_home(table: &TableDraft<'_>, entity: &str) -> bool {
    let Some(column) = table
        .entities
        .get(entity)
        .and_then(|position| table.columns.get(*position))
    else {
        return false;
    };
    if table.home_of.is_some() || looks_like_series(table) {
        return false;
    }
    let name = column.profile.name.as_str();
    table.is_key(&[name])
        || (table.profile.unique_keys.is_empty()
            && table.profile.rows > 0
            && column.profile.nulls == 0
            && column.profile.distinct == Some(table.profile.rows))
}

/// Keys that hardly meet across tables are a sign of lost zeros or of two codings.
fn overlaps(draft: &mut Draft<'_>) {
    let mut seen: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
    let mut notes = Vec::new();
    for table in draft.tables.iter().filter(|table| !table.left) {
        for (entity, position) in &table.entities {
            let Some(column) = table.columns.get(*position) else {
                continue;
            };
            let values: BTreeSet<String> = column.profile.values.iter().cloned().collect();
            if values.len() < 3 {
                continue;
            }
            let Some((first, known)) = seen.get(entity) else {
                seen.insert(entity.clone(), (table.name.clone(), values));
                continue;
            };
            let common = values.intersection(known).count();
            if common * 5 < values.len().min(known.len()) {
                notes.push((entity.clone(), first.clone(), table.name.clone()));
            }
        }
    }
    for (entity, first, second) in notes {
        draft.unsure(
            format!("tables.{second}.entities.{entity}"),
            format!("键值与表 `{first}` 几乎不相交：可能丢了前导零，或编码不同，两表将连不上"),
            format!("its keys hardly meet those of table `{first}`: lost leading zeros or another coding; the two will not join"),
            second,
            vec![first],
        );
    }
}
