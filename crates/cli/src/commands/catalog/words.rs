//! Words that stand for more than one thing.

use std::collections::{BTreeMap, BTreeSet};

use jinsheng_core::Localised;
use jinsheng_semantics::catalog::{Catalog, Problem};
use jinsheng_text::fold;

/// Words shared by two metrics or groups, by two entities, or by two members of one entity.
pub(super) fn ambiguous(catalog: &Catalog) -> Vec<Problem> {
    let file = catalog.file();
    let mut figures = Words::default();
    for (name, metric) in &file.metrics {
        figures.add(name, &metric.label, &metric.synonyms, &format!("metrics.{name}"));
    }
    for (name, group) in &file.groups {
        figures.add(name, &group.label, &group.synonyms, &format!("groups.{name}"));
    }
    let mut things = Words::default();
    for (name, entity) in &file.entities {
        things.add(name, &entity.label, &entity.synonyms, &format!("entities.{name}"));
    }
    let mut problems = figures.shared();
    problems.extend(things.shared());
    for (name, entity) in &file.entities {
        let mut members = Words::default();
        for (key, aliases) in &entity.aliases {
            let owner = format!("entities.{name}.aliases.{}", key.0);
            aliases.iter().for_each(|alias| members.word(alias, &owner));
        }
        problems.extend(members.shared());
    }
    problems
}

#[derive(Default)]
struct Words(BTreeMap<String, (String, BTreeSet<String>)>);

impl Words {
    fn add(&mut self, name: &str, label: &Localised, synonyms: &[String], owner: &str) {
        for word in [name, &label.zh, &label.en]
            .into_iter()
            .chain(synonyms.iter().map(String::as_str))
        {
            self.word(word, owner);
        }
    }

    fn word(&mut self, word: &str, owner: &str) {
        let folded = fold(word);
        if !folded.is_empty() {
            let entry = self
                .0
                .entry(folded)
                .or_insert_with(|| (word.to_owned(), BTreeSet::new()));
            entry.1.insert(owner.to_owned());
        }
    }

    fn shared(self) -> Vec<Problem> {
        let several = self.0.into_values().filter(|(_, owners)| owners.len() > 1);
        let problem = |(word, owners): (String, BTreeSet<String>)| {
            let first = owners.first().cloned().unwrap_or_default();
            let others: Vec<&str> = owners.iter().skip(1).map(String::as_str).collect();
            let others = others.join(", ");
            Problem {
                dangling: false,
                file: None,
                line: None,
                path: first,
                message: (
                    format!("「{word}」也指 {others}"),
                    format!("`{word}` also stands for {others}"),
                ),
            }
        };
        several.map(problem).collect()
    }
}
