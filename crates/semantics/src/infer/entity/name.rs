//! Columns with names of subjects, short names first.

use super::name_stem;
use crate::infer::draft::{Draft, Role};
use crate::infer::lexicon::{Lexicon, keys_of};
use crate::infer::profile::ColumnKind;

/// Columns called only this name the subject of their table.
const BARE_NAMES: [&str; 16] = [
    "name",
    "english_name",
    "full_name",
    "short_name",
    "abbr",
    "nickname",
    "alias",
    "former_name",
    "名称",
    "简称",
    "全称",
    "英文名称",
    "昵称",
    "别名",
    "姓名",
    "曾用名",
];

/// Columns with names of the table's subjects.
pub(super) fn find(draft: &mut Draft<'_>, index: usize) {
    let lexicon = Lexicon::get();
    let Some(table) = draft.tables.get_mut(index) else {
        return;
    };
    if table.left {
        return;
    }
    let subject = table.home_of.clone().or_else(|| {
        table
            .entities
            .keys()
            .find(|entity| {
                lexicon
                    .entities
                    .iter()
                    .find(|kind| kind.id == **entity)
                    .is_some_and(|kind| kind.hints.iter().any(|hint| table.is_called(hint)))
            })
            .cloned()
            .or_else(|| {
                table
                    .entities
                    .keys()
                    .next()
                    .filter(|_| table.entities.len() == 1)
                    .cloned()
            })
    });
    let is_home = table.home_of.is_some();
    let mut found: Vec<(String, usize)> = Vec::new();
    for (position, column) in table.columns.iter_mut().enumerate() {
        if !column.is_open() || column.profile.kind != ColumnKind::Text {
            continue;
        }
        let bare = column
            .keys
            .iter()
            .any(|key| BARE_NAMES.iter().any(|name| keys_of(name) == *key));
        let owner = subject
            .iter()
            .chain(table.entities.keys())
            .find(|entity| {
                let known = lexicon.entities.iter().find(|kind| kind.id == **entity);
                let by_lexicon = known.is_some_and(|kind| {
                    kind.name_names
                        .iter()
                        .chain(&kind.name_keys)
                        .any(|name| column.keys.contains(&keys_of(name)))
                });
                let by_stem =
                    known.is_none() && name_stem(&column.profile.name).as_deref() == Some(entity.as_str());
                by_lexicon || by_stem
            })
            .or_else(|| {
                subject
                    .as_ref()
                    .filter(|_| bare && (is_home || table.entities.len() == 1))
            });
        if let Some(owner) = owner {
            found.push((owner.clone(), position));
        }
    }
    // Short names first: the first column is the one that is shown.
    found.sort_by_key(|(_, position)| {
        table.columns.get(*position).map_or(9, |column| {
            let text = column.keys.join(" ");
            match () {
                () if text.contains("简称") || text.contains("short") || text.contains("abbr") => 0,
                () if text.contains("英文") || text.contains("english") => 4,
                () if text.contains("昵称") || text.contains("nickname") || text.contains("alias") => 3,
                () if text.contains("全称") || text.contains("full") => 2,
                () => 1,
            }
        })
    });
    for (_, position) in &found {
        if let Some(column) = table.columns.get_mut(*position) {
            column.role = Role::Name;
        }
    }
    table.names = found;
}
