//! Reads what a table and its columns are called, and what their figures therefore mean.

use std::collections::{BTreeMap, BTreeSet};

use jinsheng_core::Localised;
use jinsheng_text::header::split_unit;
use jinsheng_text::normalise;

use super::dictionary::{DictionaryEntry, TableDictionary, last_part};
use super::draft::{ColumnDraft, Draft, Meaning, Role, TableDraft};
use super::lexicon::{Lexicon, Section, keys_of};
use super::names::{
    column_growth, humanise, identifier, label_forms, label_growth, label_key, strip_numbering, words,
};
use super::profile::{ColumnProfile, TableProfile};

/// Starts a draft: tables named and classified, columns with labels, declared units and meanings.
pub(crate) fn start<'a>(
    profiles: &'a [TableProfile],
    dictionary: &'a [DictionaryEntry],
    taken: &BTreeSet<String>,
) -> Draft<'a> {
    let mut draft = Draft {
        tables: Vec::new(),
        own_entities: BTreeMap::new(),
        unsure: Vec::new(),
        left_out: Vec::new(),
    };
    let mut names = taken.clone();
    let ambiguous = |profile: &TableProfile| {
        profiles
            .iter()
            .filter(|other| last_part(&other.source) == last_part(&profile.source))
            .count()
            > 1
    };
    for profile in profiles {
        let short = identifier(last_part(&profile.source));
        let mut name = if ambiguous(profile) {
            identifier(&profile.source.replace('.', "_"))
        } else {
            short
        };
        while !names.insert(name.clone()) {
            name.push_str("_2");
        }
        draft
            .tables
            .push(table(profile, name, &TableDictionary::of(profile, dictionary)));
    }
    for index in 0..draft.tables.len() {
        conflicts(&mut draft, index);
    }
    draft
}

fn table<'a>(profile: &'a TableProfile, name: String, entries: &TableDictionary<'a>) -> TableDraft<'a> {
    let lexicon = Lexicon::get();
    let own_name = last_part(&profile.source);
    let said = entries
        .table
        .map(|entry| entry.label_zh.clone())
        .unwrap_or_default();
    let kind = [keys_of(&said), keys_of(own_name), keys_of(&table_stem(own_name))]
        .iter()
        .filter(|key| !key.is_empty())
        .find_map(|key| lexicon.table(key))
        .and_then(|index| lexicon.tables.get(index));
    let mut columns: Vec<ColumnDraft<'a>> = profile
        .columns
        .iter()
        .map(|column| describe(column, entries))
        .collect();
    let section = kind.and_then(|kind| kind.section).or_else(|| vote(&columns));
    for column in &mut columns {
        column.meaning = meaning(column, section, kind.map(|kind| kind.id.as_str()));
    }
    let fallback = kind.map(|kind| kind.label.clone()).unwrap_or_default();
    let label = Localised {
        zh: match () {
            () if !said.is_empty() => said,
            () if !own_name.is_ascii() => normalise(own_name),
            () => fallback.zh.clone(),
        },
        en: if fallback.en.is_empty() && own_name.is_ascii() {
            humanise(own_name)
        } else {
            fallback.en.clone()
        },
    };
    let mut synonyms = Vec::new();
    if let Some(kind) = kind {
        synonyms.extend([kind.label.zh.clone()]);
        synonyms.extend(kind.names.iter().chain(&kind.words).cloned());
    }
    synonyms.push(own_name.to_owned());
    TableDraft {
        profile,
        name,
        name_key: keys_of(own_name),
        synonyms: distinct(synonyms, &[&label.zh, &label.en]),
        label,
        kind,
        section,
        columns,
        entities: BTreeMap::new(),
        names: Vec::new(),
        home_of: None,
        period: None,
        unique: true,
        key_dimensions: BTreeSet::new(),
        repeated_rows: None,
        counts: Vec::new(),
        left: false,
    }
}

/// Keeps the first of texts that fold alike, without those in `known`.
pub(crate) fn distinct(texts: Vec<String>, known: &[&str]) -> Vec<String> {
    let mut seen: BTreeSet<String> = known.iter().map(|text| jinsheng_text::fold(text)).collect();
    texts
        .into_iter()
        .filter(|text| !text.trim().is_empty() && seen.insert(jinsheng_text::fold(text)))
        .collect()
}

/// `ods_income_statement_2024` without what warehouses put round a name.
fn table_stem(name: &str) -> String {
    let parts = words(name);
    let noise = [
        "ods", "dwd", "dws", "dim", "fact", "t", "tb", "tbl", "src", "stg", "dw", "v", "lc", "mf", "qt", "ed",
    ];
    parts
        .into_iter()
        .filter(|word| {
            !noise.contains(&word.as_str()) && !word.chars().all(|character| character.is_ascii_digit())
        })
        .collect::<Vec<_>>()
        .join("_")
}

fn describe<'a>(profile: &'a ColumnProfile, entries: &TableDictionary<'a>) -> ColumnDraft<'a> {
    let lexicon = Lexicon::get();
    let entry = entries.column(&profile.name, &profile.header);
    let (said_zh, _) = split_unit(entry.map(|entry| entry.label_zh.as_str()).unwrap_or_default());
    let (said_en, _) = split_unit(entry.map(|entry| entry.label_en.as_str()).unwrap_or_default());
    let header = if profile.header.is_empty() {
        &profile.name
    } else {
        &profile.header
    };
    let (header_label, header_unit) = split_unit(header);
    let header_label = tidy(&header_label);
    let (name_label, name_unit) = split_unit(&profile.name);
    // In `usd_cny` no unit was written, whatever its end looks like.
    let misread = lexicon
        .concept(&keys_of(&profile.name))
        .and_then(|index| lexicon.concepts.get(index))
        .is_some_and(|whole| {
            name_unit.is_some_and(|unit| whole.unit.is_none_or(|usual| usual.base != unit.base))
                && lexicon.concept(&keys_of(&name_label)).is_none()
        });
    let from_file = profile.unit.or(header_unit).or(name_unit).filter(|_| !misread);
    let from_dictionary = entry.and_then(DictionaryEntry::stated_unit);
    let mut raw_labels = Vec::new();
    let taken_apart = [&profile.label, &header_label];
    let labels = taken_apart
        .into_iter()
        .filter(|label| !misread || **label != name_label);
    for label in [&said_zh].into_iter().chain(labels).chain([&said_en]) {
        let label = tidy(label);
        if !label.is_empty() && !raw_labels.contains(&label) {
            raw_labels.push(label);
        }
    }
    let zh = raw_labels
        .iter()
        .find(|label| !label.is_ascii())
        .cloned()
        .unwrap_or_default();
    let en = match () {
        () if !said_en.is_empty() => said_en,
        () if header_label.is_ascii() && !header_label.is_empty() => humanise(&header_label),
        () if name_label.is_ascii() => humanise(&name_label),
        () => String::new(),
    };
    let forms = label_forms(&zh, &lexicon.sections);
    let mut keys: Vec<String> = forms.iter().map(|form| label_key(form)).collect();
    keys.extend(raw_labels.iter().map(|label| keys_of(label)));
    keys.extend([keys_of(&profile.name), keys_of(&name_label)]);
    keys.extend(column_stems(&keys_of(&name_label), &lexicon.section_keys));
    let mut seen = BTreeSet::new();
    keys.retain(|key| !key.is_empty() && seen.insert(key.clone()));
    ColumnDraft {
        profile,
        label: Localised {
            zh: item_of(strip_numbering(&zh), &forms),
            en,
        },
        raw_labels,
        description: entry.map(|entry| entry.description.clone()).unwrap_or_default(),
        declared: from_file.or(from_dictionary),
        contradicted: from_dictionary.filter(|said| from_file.is_some_and(|unit| unit != *said)),
        unknown_unit: unknown_unit(&zh),
        meaning: Meaning::Unknown,
        role: Role::Open,
        keys,
    }
}

/// 「资产-货币资金」 is called 货币资金 when what stands before the hyphen is a section.
fn item_of(zh: &str, forms: &[String]) -> String {
    let Some((_, item)) = zh.split_once('-') else {
        return zh.to_owned();
    };
    let item = item.trim();
    let specific =
        forms.iter().any(|form| form == item) && Lexicon::get().concept(&label_key(item)).is_some();
    let grows = label_growth(item).is_some_and(|growth| growth.base.chars().count() > 1);
    if specific || grows {
        item.to_owned()
    } else {
        zh.to_owned()
    }
}

/// The text of a bracket at the end of a label: 「土地面积(平方公里)」.
fn unknown_unit(label: &str) -> Option<String> {
    let (_, inside) = label.strip_suffix(')')?.rsplit_once('(')?;
    let short = (1..=6).contains(&inside.chars().count());
    let unit = [
        "公里", "公顷", "吨", "米", "千瓦", "度", "元", "升", "册", "辆", "套", "件", "台",
    ]
    .iter()
    .any(|word| inside.contains(word));
    (short && unit).then(|| inside.to_owned())
}

/// Drops unbalanced brackets and line breaks that spreadsheets leave in headers.
fn tidy(label: &str) -> String {
    let label = normalise(label);
    let opened = label.matches('(').count();
    let closed = label.matches(')').count();
    let cut = if closed > opened {
        label.trim_end_matches(')')
    } else {
        label.as_str()
    };
    let mut out = String::new();
    let characters: Vec<char> = cut.trim().chars().collect();
    for (index, character) in characters.iter().enumerate() {
        let beside = |other: Option<&char>| other.is_none_or(|other| !other.is_ascii());
        let gap = *character == ' '
            && (beside(index.checked_sub(1).and_then(|before| characters.get(before)))
                || beside(characters.get(index + 1)));
        if !gap {
            out.push(*character);
        }
    }
    out
}

/// `asset_inventory` without the section in front: `inventory`.
fn column_stems(key: &str, sections: &[String]) -> Vec<String> {
    let mut stems = Vec::new();
    for section in sections {
        if let Some(rest) = key
            .strip_prefix(section.as_str())
            .and_then(|rest| rest.strip_prefix('_'))
        {
            stems.push(rest.to_owned());
        }
    }
    // The longest section first: `total_operating_expense_x` is x, not `operating_expense_x`.
    stems.sort_by_key(String::len);
    stems
}

/// The section to which most columns with a known meaning belong.
fn vote(columns: &[ColumnDraft<'_>]) -> Option<Section> {
    let lexicon = Lexicon::get();
    let mut votes: BTreeMap<Section, usize> = BTreeMap::new();
    for column in columns.iter().filter(|column| column.profile.kind.is_number()) {
        if let Meaning::Concept(index) = meaning(column, None, None)
            && let Some(concept) = lexicon.concepts.get(index)
        {
            *votes.entry(concept.section).or_default() += 1;
        }
    }
    // One known figure among many says little of a table; alone it says all.
    let numbers = columns
        .iter()
        .filter(|column| column.profile.kind.is_number())
        .count();
    let needed = if numbers <= 2 { 1 } else { 2 };
    votes
        .into_iter()
        .filter(|(_, count)| *count >= needed)
        .max_by_key(|(_, count)| *count)
        .map(|(section, _)| section)
}

fn meaning(column: &ColumnDraft<'_>, section: Option<Section>, table: Option<&str>) -> Meaning {
    let lexicon = Lexicon::get();
    let known = |key: &String| {
        lexicon
            .local_concept(section, table, key)
            .or_else(|| lexicon.concept(key))
    };
    match column.keys.iter().find_map(known) {
        Some(index) => Meaning::Concept(index),
        None => growth(column),
    }
}

fn growth(column: &ColumnDraft<'_>) -> Meaning {
    let lexicon = Lexicon::get();
    let from_label = column.raw_labels.iter().find_map(|label| label_growth(label));
    let (name_label, _) = split_unit(&column.profile.name);
    let from_name = column_growth(&column.profile.name).or_else(|| column_growth(&name_label));
    let base_of_label = from_label.as_ref().and_then(|growth| {
        label_forms(&growth.base, &lexicon.sections)
            .iter()
            .find_map(|form| lexicon.concept(&label_key(form)))
    });
    let base_of_name = from_name.as_ref().and_then(|growth| {
        std::iter::once(growth.base.clone())
            .chain(column_stems(&growth.base, &lexicon.section_keys))
            .find_map(|stem| lexicon.concept(&stem))
    });
    let base = base_of_label.or(base_of_name);
    // A bare 增长率 or `rate` of nothing known is an ordinary ratio.
    let kept = from_label
        .or(from_name)
        .filter(|growth| growth.sure || base.is_some());
    match kept {
        Some(growth) => Meaning::Growth {
            base,
            base_label: growth.base,
            kind: growth.kind,
            sure: growth.sure,
        },
        None => Meaning::Unknown,
    }
}

/// Items of statements are those of companies: `total_equity` of a table about fund flows is something else.
pub(crate) fn without_companies(draft: &mut Draft<'_>) {
    for table in draft.tables.iter_mut() {
        let statement = table.section.is_some_and(Section::is_statement);
        if statement || table.entities.contains_key("company") {
            continue;
        }
        for column in &mut table.columns {
            if column
                .concept()
                .is_some_and(|concept| concept.section.is_statement())
            {
                column.meaning = Meaning::Unknown;
            }
        }
    }
}

/// Label and column name that say different things; two columns that say the same.
fn conflicts(draft: &mut Draft<'_>, index: usize) {
    let lexicon = Lexicon::get();
    let Some(table) = draft.tables.get_mut(index) else {
        return;
    };
    let mut notes = Vec::new();
    let mut owners: BTreeMap<usize, String> = BTreeMap::new();
    let name = table.name.clone();
    for column in &mut table.columns {
        let Meaning::Concept(taken) = column.meaning else {
            continue;
        };
        if !column.profile.kind.is_number() {
            continue;
        }
        let path = format!("tables.{name}.measures.{}", column.profile.name);
        let by_name = lexicon
            .concept(&keys_of(&column.profile.name))
            .filter(|other| *other != taken);
        if let (Some(other), Some(taken)) = (
            by_name.and_then(|other| lexicon.concepts.get(other)),
            column.concept(),
        ) {
            notes.push((
                path.clone(),
                format!("列名像「{}」，标签像「{}」", other.label.zh, taken.label.zh),
                format!(
                    "the column's name reads as `{}`, its label as `{}`",
                    other.id, taken.id
                ),
                taken.id.clone(),
                vec![other.id.clone()],
            ));
        }
        if let Some(first) = owners.get(&taken) {
            let meant = column
                .concept()
                .map(|concept| concept.label.zh.clone())
                .unwrap_or_default();
            notes.push((
                path,
                format!("列 `{first}` 与 `{}` 都像「{meant}」，取前者，后者按列名另立指标", column.profile.name),
                format!(
                    "columns `{first}` and `{}` both read as the same figure; the first is taken, the second is named after its column",
                    column.profile.name
                ),
                first.clone(),
                vec![column.profile.name.clone()],
            ));
            column.meaning = Meaning::Unknown;
        } else {
            owners.insert(taken, column.profile.name.clone());
        }
    }
    for (path, zh, en, choice, alternatives) in notes {
        draft.unsure(path, zh, en, choice, alternatives);
    }
}
