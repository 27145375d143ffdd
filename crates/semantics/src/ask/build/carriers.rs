//! Rows that carry an answer without a figure: counts of a table, under what is asked of its subjects.

use super::{Builder, Built, ROWS};
use crate::ask::clause::Flag;
use crate::ask::piece::Value;
use crate::ask::{Choice, Clarify, Reading};
use crate::catalog::ResolvedDimension;
use crate::query::{Expr, MetricRef, Stat};

impl Builder<'_> {
    /// Without any value, rows of the table that knows what is asked carry the answer.
    pub(super) fn carriers(&mut self) -> Built<()> {
        if !self.frame.values.is_empty() || self.frame.top.is_some() {
            return Ok(());
        }
        let wanted: Vec<String> = self
            .frame
            .attributes
            .iter()
            .chain(&self.frame.groups)
            .cloned()
            .chain(self.frame.filters.iter().map(|filter| filter.dimension.clone()))
            .collect();
        let entity = self
            .frame
            .entity
            .clone()
            .or_else(|| self.frame.subjects.keys().next().cloned());
        let sought = [Flag::Which, Flag::Count, Flag::List, Flag::Every]
            .into_iter()
            .any(|flag| self.frame.has(flag))
            || !self.frame.attributes.is_empty()
            || self.frame.has(Flag::Key) && entity.is_some();
        // A subject alone is no question.
        let bare =
            !self.frame.subjects.is_empty() && self.frame.attributes.is_empty() && !self.frame.has(Flag::Key);
        let sought = sought && !bare;
        let home = |entity: &str| {
            self.catalog
                .entity(entity)
                .and_then(|entity| entity.table.clone())
        };
        let table = wanted
            .iter()
            .find_map(|dimension| match self.catalog.dimension(dimension) {
                Ok(ResolvedDimension::Column(table, _)) => Some(table.to_owned()),
                Ok(ResolvedDimension::Entity(entity)) => home(entity),
                Err(_) => None,
            })
            .or_else(|| entity.as_deref().and_then(home))
            .or_else(|| {
                let entity = entity.as_deref()?;
                let mut tables = self.catalog.file().tables.iter();
                tables
                    .find(|(_, table)| table.entities.contains_key(entity))
                    .map(|(name, _)| name.clone())
            });
        let name = table.map(|table| format!("{ROWS}{table}"));
        match name.filter(|name| sought && self.catalog.metric(name).is_some()) {
            Some(name) => {
                self.hidden.push(name.clone());
                self.frame
                    .values
                    .push(Value::new(Expr::Metric(MetricRef::plain(&name)), name));
                Ok(())
            }
            None => Err(self.no_metric()),
        }
    }

    /// R1到R5各有多少只: the number of subjects is one more value of each group.
    pub(super) fn counted_groups(&mut self) {
        let plain =
            self.frame.conditions.is_empty() && self.frame.top.is_none() && self.frame.subjects.is_empty();
        if !plain || self.frame.groups.is_empty() || !self.frame.has(Flag::Count) {
            return;
        }
        let home = self
            .frame
            .entity
            .as_deref()
            .and_then(|entity| self.catalog.entity(entity))
            .and_then(|entity| entity.table.clone());
        let name = home.map(|table| format!("{ROWS}{table}"));
        if let Some(name) = name.filter(|name| self.catalog.metric(name).is_some()) {
            self.hidden.retain(|hidden| *hidden != name);
            self.frame.values.retain(|value| value.text != name);
            self.frame
                .values
                .insert(0, Value::new(Expr::Metric(MetricRef::plain(&name)), name));
            self.frame.flags.remove(&Flag::Count);
            self.frame.flags.remove(&Flag::Which);
            self.frame.entity = None;
            for value in &mut self.frame.values {
                if value.stat == Some(Stat::Sum) {
                    value.stat = None;
                }
            }
        }
    }

    /// Nothing says what figure is meant.
    pub(super) fn no_metric(&self) -> Reading {
        let examples: Vec<Choice> = self
            .catalog
            .file()
            .metrics
            .iter()
            .filter(|(name, metric)| !name.starts_with(ROWS) && !metric.label.is_empty())
            .take(5)
            .map(|(name, metric)| {
                let label = (metric.label.zh.clone(), metric.label.en.clone());
                Choice {
                    question: if label.0.is_empty() {
                        name.clone()
                    } else {
                        label.0.clone()
                    },
                    label,
                }
            })
            .collect();
        Reading::Clarify(Clarify {
            question: (
                "问的是哪个指标？".to_owned(),
                "which figure is asked for?".to_owned(),
            ),
            options: examples,
            frame: Some(Box::new(self.frame.clone())),
        })
    }
}
