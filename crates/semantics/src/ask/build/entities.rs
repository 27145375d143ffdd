//! Whose figures they are: the entities that the tables know, the one that is listed, and the subjects named.

use std::collections::BTreeSet;

use jinsheng_core::Localised;

use super::{Builder, Built, refuse};
use crate::ask::{Choice, Clarify, Reading, Refusal};
use crate::catalog::{ResolvedDimension, TimeBehaviour, metric_names};
use crate::query::{Filter, Query, Test};

impl Builder<'_> {
    /// Entities that every table read has.
    pub(super) fn cut_by(&self) -> Vec<String> {
        let mut tables = self.tables.iter();
        let of = |name: &String| -> BTreeSet<String> {
            self.catalog
                .table(name)
                .map(|table| {
                    self.catalog
                        .file()
                        .entities
                        .keys()
                        .filter(|entity| {
                            table.entities.contains_key(*entity)
                                || self
                                    .catalog
                                    .path(name, ResolvedDimension::Entity(entity))
                                    .is_some()
                        })
                        .cloned()
                        .collect()
                })
                .unwrap_or_default()
        };
        let Some(mut common) = tables.next().map(of) else {
            return Vec::new();
        };
        for table in tables {
            let other = of(table);
            common.retain(|entity| other.contains(entity));
        }
        // Those that are keys of a table come before those that are only reached from it.
        let direct = |entity: &String| {
            self.tables.iter().all(|table| {
                self.catalog
                    .table(table)
                    .is_some_and(|table| table.entities.contains_key(entity))
            })
        };
        let mut common: Vec<String> = common.into_iter().collect();
        common.sort_by_key(|entity| !direct(entity));
        common
    }

    /// The entity whose members are listed.
    pub(super) fn listed(&self) -> Built<Option<String>> {
        if let Some(entity) = self
            .frame
            .entity
            .as_ref()
            .filter(|entity| self.entities.contains(entity))
        {
            return Ok(Some(entity.clone()));
        }
        if let Some(entity) = self
            .frame
            .subjects
            .keys()
            .find(|entity| self.entities.contains(entity))
        {
            return Ok(Some(entity.clone()));
        }
        let direct: Vec<&String> = self
            .entities
            .iter()
            .filter(|entity| {
                self.tables.iter().all(|table| {
                    self.catalog
                        .table(table)
                        .is_some_and(|table| table.entities.contains_key(*entity))
                })
            })
            .collect();
        // A table of funds that names their index is one of funds.
        let own = direct.iter().filter(|entity| {
            let home = self
                .catalog
                .entity(entity)
                .and_then(|entity| entity.table.as_ref());
            home.is_some_and(|home| self.tables.len() == 1 && self.tables.contains(home))
        });
        if let [one] = own.collect::<Vec<_>>().as_slice() {
            return Ok(Some((**one).clone()));
        }
        match direct.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some((*one).clone())),
            several => {
                let options = several.iter().map(|entity| {
                    let label = self.label(entity);
                    Choice {
                        question: format!("按{}", label.zh),
                        label: (label.zh, label.en),
                    }
                });
                Err(Reading::Clarify(Clarify {
                    question: ("按什么列出？".to_owned(), "listed by what?".to_owned()),
                    options: options.collect(),
                    frame: Some(Box::new(self.frame.clone())),
                }))
            }
        }
    }

    /// Subjects must be of a kind that the tables know.
    pub(super) fn subjects_fit(&self) -> Built<()> {
        for (entity, keys) in &self.frame.subjects {
            if self.entities.contains(entity) {
                continue;
            }
            let mut refusal = self.not_recorded_by(entity);
            refusal.missing = keys.clone();
            return refuse(refusal);
        }
        Ok(())
    }

    /// No table of what is asked for knows this kind of subject.
    pub(super) fn not_recorded_by(&self, entity: &str) -> Refusal {
        let label = self.label(entity);
        Refusal::new(
            "no_such_figure",
            format!("所问的指标不按{}记录", label.zh),
            format!(
                "the figure asked for is not recorded by {}",
                label.en.to_lowercase()
            ),
        )
    }

    /// What an entity is called.
    fn label(&self, entity: &str) -> Localised {
        let entity = self.catalog.entity(entity);
        entity.map(|entity| entity.label.clone()).unwrap_or_default()
    }

    /// Subjects are shown, or are all that exists where statistics go over them.
    pub(super) fn choose_subjects(&self, query: &mut Query, as_rows: bool) {
        for (entity, keys) in &self.frame.subjects {
            let filter = Filter {
                dimension: entity.clone(),
                test: Test::In(keys.iter().cloned().collect()),
            };
            if as_rows {
                query.filters.push(filter);
            } else {
                query.of.push(filter);
            }
        }
    }

    /// One figure without subject: possible where no subject is needed, or amounts of all add up.
    pub(super) fn one_figure(&mut self) -> Built<()> {
        if !self.frame.subjects.is_empty()
            || self.entities.is_empty()
            || !self.frame.filters.is_empty() && self.adds_up()
        {
            return Ok(());
        }
        let reports = self.calendar().is_some_and(|calendar| calendar.reports);
        if self.adds_up() && !reports {
            return Ok(());
        }
        let entity = self.entities.first().cloned().unwrap_or_default();
        let label = self.label(&entity);
        let examples = self
            .with
            .vocabulary
            .members
            .iter()
            .filter(|member| member.entity == entity && member.text != member.key)
            .take(3)
            .map(|member| Choice {
                label: (member.text.clone(), member.text.clone()),
                question: member.text.clone(),
            });
        Err(Reading::Clarify(Clarify {
            question: (
                format!("问的是哪一个{}？", label.zh),
                format!("which {}?", label.en.to_lowercase()),
            ),
            options: examples.collect(),
            frame: Some(Box::new(self.frame.clone())),
        }))
    }

    /// Whether every value asked for may be added up over subjects.
    pub(super) fn adds_up(&self) -> bool {
        let mut names = BTreeSet::new();
        for value in &self.frame.values {
            metric_names(&value.expr, &mut names);
        }
        names.iter().all(|name| self.metric_adds_up(name, 0))
    }

    /// Whether a metric, or every part of its formula, may be added up over subjects.
    fn metric_adds_up(&self, name: &str, depth: u32) -> bool {
        const DEEPEST: u32 = 8;
        let Some(metric) = self.catalog.metric(name) else {
            return false;
        };
        if let Some(time) = self.catalog.behaviour(metric) {
            return !matches!(time, TimeBehaviour::Rate);
        }
        let Some(formula) = self.catalog.formula(name) else {
            return false;
        };
        let mut parts = BTreeSet::new();
        metric_names(formula, &mut parts);
        depth < DEEPEST && !parts.is_empty() && parts.iter().all(|part| self.metric_adds_up(part, depth + 1))
    }
}
