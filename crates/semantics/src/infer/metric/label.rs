//! What a figure is called: its label, and the words by which people ask for it.

use std::collections::BTreeSet;

use jinsheng_core::Localised;

use super::{Place, is_bare};
use crate::infer::column::distinct;
use crate::infer::draft::{ColumnDraft, Draft, Meaning};
use crate::infer::lexicon::{Concept, Lexicon, keys_of};
use crate::infer::names::{humanise, label_growth};
use crate::infer::profile::GrowthKind;

/// A label with the table that it comes from, for figures that would be called the same.
pub(crate) fn qualified(label: &Localised, table: &Localised, name: &str) -> Localised {
    let table_zh = if table.zh.is_empty() { name } else { &table.zh };
    let both = |own: &str, of: &str, open: &str, close: &str| match (own.is_empty(), of.is_empty()) {
        (true, _) => String::new(),
        (false, true) => own.to_owned(),
        _ => format!("{own}{open}{of}{close}"),
    };
    Localised::new(
        both(&label.zh, table_zh, "（", "）"),
        both(&label.en, &table.en, " (", ")"),
    )
}

/// A figure is called as its own data calls it, if the lexicon knows that name; else as the lexicon does.
pub(crate) fn label_of(column: &ColumnDraft<'_>) -> Localised {
    let Some(concept) = column.concept() else {
        return growth_label(column);
    };
    let own = keys_of(&column.label.zh);
    let known = concept
        .names
        .iter()
        .chain([&concept.label.zh])
        .any(|name| keys_of(name) == own);
    let whole = !column.label.zh.is_empty() && !column.label.zh.is_ascii() && !column.label.zh.contains('-');
    let zh = if known && whole {
        column.label.zh.clone()
    } else {
        concept.label.zh.clone()
    };
    Localised::new(zh, concept.label.en.clone())
}

fn growth_label(column: &ColumnDraft<'_>) -> Localised {
    let Meaning::Growth {
        base,
        base_label,
        kind,
        ..
    } = &column.meaning
    else {
        return column.label.clone();
    };
    let base = base.and_then(|index| Lexicon::get().concepts.get(index));
    let zh_base = match base {
        Some(concept) => {
            let own = keys_of(base_label);
            concept
                .names
                .iter()
                .chain([&concept.label.zh])
                .find(|name| keys_of(name) == own || own.ends_with(&keys_of(name)) && !name.is_ascii())
                .unwrap_or(&concept.label.zh)
                .clone()
        }
        None if base_label.is_ascii() => String::new(),
        None => base_label.clone(),
    };
    let en_base = base.map_or_else(|| humanise(base_label), |concept| concept.label.en.clone());
    let (zh, en) = match kind {
        GrowthKind::Yoy => ("同比增长率", "growth on the year before"),
        GrowthKind::Qoq => ("环比增长率", "growth on the quarter before"),
        GrowthKind::SinceYearEnd => ("较年初增长率", "growth since the start of the year"),
    };
    let zh = if zh_base.is_empty() {
        column.label.zh.clone()
    } else {
        format!("{zh_base}{zh}")
    };
    let en = if en_base.is_ascii() {
        format!("{en_base}, {en}")
    } else {
        column.label.en.clone()
    };
    Localised::new(zh, en)
}

/// Names and loose words of a figure.
pub(crate) fn words(draft: &Draft<'_>, id: &str, places: &[Place]) -> (Vec<String>, Vec<String>) {
    let lexicon = Lexicon::get();
    let mut strong = Vec::new();
    let mut loose = Vec::new();
    for (table, column) in places {
        let Some(column) = draft
            .tables
            .get(*table)
            .and_then(|table| table.columns.get(*column))
        else {
            continue;
        };
        if let Some(concept) = column.concept() {
            strong.push(concept.label.zh.clone());
            strong.extend(concept.names.iter().cloned());
            loose.extend(concept.words.iter().cloned());
            if let Some(target) = lexicon.by_id(id).filter(|_| concept.id != id) {
                strong.push(target.label.zh.clone());
                strong.extend(target.names.iter().cloned());
                loose.extend(target.words.iter().cloned());
            }
        }
        if let Meaning::Growth { base, kind, .. } = &column.meaning {
            let base = base.and_then(|index| lexicon.concepts.get(index));
            strong.extend(growth_words(base, &column.label.zh, *kind));
        }
        for label in column.raw_labels.iter().filter(|label| !is_bare(label)) {
            strong.push(label.clone());
        }
        let plain = !column.profile.name.contains(char::is_whitespace) && column.profile.name.is_ascii();
        if plain && !is_bare(&column.profile.name) && column.profile.name != id {
            strong.push(column.profile.name.clone());
        }
    }
    (distinct(strong, &[]), distinct(loose, &[]))
}

fn growth_words(base: Option<&Concept>, label: &str, kind: GrowthKind) -> Vec<String> {
    let Some(base) = base else { return Vec::new() };
    let tails: &[&str] = match kind {
        GrowthKind::Yoy => &["同比增长率", "同比增速", "同比增长", "同比", "增长率", "增速"],
        GrowthKind::Qoq => &["环比增长率", "环比增长", "环比", "环比增速"],
        GrowthKind::SinceYearEnd => &["较年初增长率", "较上年末增长率"],
    };
    let target = base
        .stands_for
        .as_deref()
        .and_then(|target| Lexicon::get().by_id(target));
    let loose = target
        .unwrap_or(base)
        .words
        .iter()
        .filter(|name| !name.is_ascii())
        .take(2);
    let own = label_growth(label)
        .map(|growth| growth.base)
        .filter(|own| !own.contains('-'));
    let names: BTreeSet<&str> = std::iter::once(base.label.zh.as_str())
        .chain(own.as_deref())
        .chain(target.map(|target| target.label.zh.as_str()))
        .chain(loose.map(String::as_str))
        // GDP增速, CPI同比
        .chain(base.names.iter().map(String::as_str).filter(|name| {
            let mut characters = name.chars();
            characters.all(|character| character.is_ascii_uppercase() || character.is_ascii_digit())
        }))
        .collect();
    let mut words: Vec<String> = names
        .into_iter()
        .flat_map(|name| tails.iter().map(move |tail| format!("{name}{tail}")))
        .collect();
    let en = base.label.en.to_lowercase();
    match kind {
        GrowthKind::Yoy => words.extend([
            format!("{en} growth"),
            format!("{en} growth rate"),
            format!("yoy {en}"),
        ]),
        GrowthKind::Qoq => words.push(format!("qoq {en}")),
        GrowthKind::SinceYearEnd => {}
    }
    words
}
