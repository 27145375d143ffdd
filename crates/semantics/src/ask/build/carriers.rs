//! Rows that carry an answer without a figure: counts of a table, under what is asked of its subjects.

use jinsheng_core::Base;

use super::dated::is_date;
use super::{Builder, Built, ROWS};
use crate::ask::clause::Flag;
use crate::ask::piece::Value;
use crate::ask::words::Word;
use crate::ask::{Choice, Clarify, Reading};
use crate::catalog::{Metric, ResolvedDimension, TimeBehaviour};
use crate::query::{Expr, MetricRef, Stat, Test};

impl Builder<'_> {
    /// Without any value, rows of the table that knows what is asked carry the answer.
    pub(super) fn carriers(&mut self) -> Built<()> {
        let ranked = self.frame.top.as_ref().map(|top| top.by.is_none());
        if !self.frame.values.is_empty() || ranked == Some(false) {
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
            || self.frame.has(Flag::Expired)
            || self.frame.has(Flag::Tally)
            || self.frame.has(Flag::Key) && entity.is_some();
        // A subject alone is no question.
        let bare = !self.frame.subjects.is_empty()
            && self.frame.attributes.is_empty()
            && !self.frame.has(Flag::Key)
            && !self.frame.has(Flag::Expired);
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
        let table = self
            .table_of_events(entity.as_deref())
            .or_else(|| self.reaching(table, &wanted, entity.as_deref()));
        // 谁: somebody is asked for, and nobody is known of.
        if self.frame.has(Flag::Person)
            && self.frame.entity.is_none()
            && self.frame.subjects.is_empty()
            && self.frame.attributes.iter().any(|name| is_date(name))
        {
            return Err(self.no_metric());
        }
        if let Some(amount) = table.as_deref().and_then(|table| self.amount(table)) {
            self.amounts(amount, table.as_deref().unwrap_or_default());
            if let (Some(top), Some(value)) = (&mut self.frame.top, self.frame.values.first()) {
                top.by.get_or_insert_with(|| value.expr.clone());
            }
            return Ok(());
        }
        if ranked.is_some() {
            return Ok(());
        }
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

    /// C1客户持有R2产品的: a table from which all that is asked can be reached, states before events.
    fn reaching(&self, first: Option<String>, wanted: &[String], entity: Option<&str>) -> Option<String> {
        let reach = |table: &str| {
            let dimension = |name: &String| {
                let resolved = self.catalog.dimension(name).ok();
                resolved.is_some_and(|resolved| self.catalog.path(table, resolved).is_some())
            };
            let kind = entity.is_none_or(|entity| {
                self.catalog
                    .path(table, ResolvedDimension::Entity(entity))
                    .is_some()
            });
            kind && wanted.iter().all(dimension)
        };
        let first = first?;
        if reach(&first) {
            return Some(first);
        }
        let mut others: Vec<&String> = self
            .catalog
            .file()
            .tables
            .keys()
            .filter(|name| reach(name))
            .collect();
        others.sort_by_key(|name| {
            let table = self.catalog.table(name);
            !table.is_some_and(|table| {
                table
                    .measures
                    .values()
                    .any(|measure| matches!(measure.time, TimeBehaviour::Stock))
            })
        });
        Some(others.first().map_or(first, |name| (*name).clone()))
    }

    /// 下个月到期的客户: where the day that is named belongs to another kind of subject, the table of that name holds what
    /// happens to these.
    fn table_of_events(&mut self, entity: Option<&str>) -> Option<String> {
        let entity = entity.map(ResolvedDimension::Entity);
        let foreign = |name: &String| {
            let home = match self.catalog.dimension(name) {
                Ok(ResolvedDimension::Column(table, _)) => table,
                _ => return false,
            };
            is_date(name) && entity.is_none_or(|entity| self.catalog.path(home, entity).is_none())
        };
        let person = self.frame.has(Flag::Person);
        if !self.frame.attributes.iter().any(foreign)
            || entity.is_none() && !self.frame.has(Flag::HowMuch) && !person
        {
            return None;
        }
        let table = self.frame.tables.iter().find(|table| {
            let dated = self
                .catalog
                .table(table)
                .is_some_and(|table| table.period.is_some());
            dated && entity.is_none_or(|entity| self.catalog.path(table, entity).is_some())
        })?;
        let table = table.clone();
        let kept: Vec<String> = self
            .frame
            .attributes
            .iter()
            .filter(|name| !foreign(name))
            .cloned()
            .collect();
        self.frame.attributes = kept;
        if person && entity.is_none() {
            let entities = self.catalog.table(&table).map(|table| table.entities.keys());
            self.frame.entity = entities
                .into_iter()
                .flatten()
                .find(|entity| self.is_person(entity))
                .cloned();
        }
        Some(table)
    }

    /// Whether an entity is one of people, by its name.
    fn is_person(&self, entity: &str) -> bool {
        let label = self.catalog.entity(entity).map(|entity| entity.label.clone());
        label.is_some_and(|label| {
            let en = label.en.to_lowercase();
            label.zh.contains("客户") || en.contains("client") || en.contains("customer")
        })
    }

    /// The one amount of money of a table of events, where an amount is what is asked.
    fn amount(&self, table: &str) -> Option<String> {
        let definition = self.catalog.table(table)?;
        // 申购金额, 最大的申购: the amount of what happens.
        const AMOUNTS: [&str; 8] = ["金额", "数额", "额", "总额", "资金", "amount", "amounts", "value"];
        let said = |(_, text): &(Word, String)| AMOUNTS.contains(&text.as_str());
        let asked = [Flag::HowMuch, Flag::Versus]
            .into_iter()
            .any(|flag| self.frame.has(flag))
            || self.frame.said.words.iter().any(said);
        if !asked || self.frame.has(Flag::Count) || definition.period.is_none() {
            return None;
        }
        let mut found = self.catalog.file().metrics.iter().filter(|(name, metric)| {
            let measure = metric
                .measure
                .as_deref()
                .and_then(|measure| self.catalog.measure(measure));
            // A fee is no amount of the event itself.
            let fee = metric.label.zh.contains('费');
            measure.is_some_and(|(own, _, _, measure)| {
                own == table
                    && matches!(measure.time, TimeBehaviour::Flow)
                    && matches!(measure.unit.base, Base::Money(_))
            }) && !fee
                && !name.starts_with(ROWS)
        });
        match (found.next(), found.next()) {
            (Some((name, _)), None) => Some(name.clone()),
            _ => None,
        }
    }

    /// 申购了多少、赎回了多少: the amount of each of the kinds that are named.
    fn amounts(&mut self, amount: String, table: &str) {
        for filter in &self.frame.filters {
            let several = matches!(&filter.test, Test::In(values) if values.len() > 1);
            let own = matches!(self.catalog.dimension(&filter.dimension), Ok(ResolvedDimension::Column(home, _)) if home == table);
            if several && own && !self.frame.groups.contains(&filter.dimension) {
                self.frame.groups.push(filter.dimension.clone());
            }
        }
        let sought = [Flag::Which, Flag::List, Flag::Each]
            .into_iter()
            .any(|flag| self.frame.has(flag))
            || self.frame.top.is_some();
        if !sought {
            self.frame.entity = None;
        }
        let value = Value::new(Expr::Metric(MetricRef::plain(&amount)), amount);
        self.frame.values.push(value);
    }

    /// R1到R5各有多少只: the number of subjects is one more value of each group.
    pub(super) fn counted_groups(&mut self) {
        let plain =
            self.frame.conditions.is_empty() && self.frame.top.is_none() && self.frame.subjects.is_empty();
        if self.frame.has(Flag::Tally) && !self.frame.groups.is_empty() && self.frame.entity.is_some() {
            let figures = self.frame.values.iter().any(|value| {
                !self.hidden.contains(&value.text)
                    && !self
                        .frame
                        .conditions
                        .iter()
                        .any(|made| made.exprs().contains(&&value.expr))
            });
            if !figures {
                self.frame.flags.insert(Flag::Count);
            }
        }
        if !plain || self.frame.groups.is_empty() || !self.frame.has(Flag::Count) {
            return;
        }
        let kind = self.frame.groups.first().and_then(|name| name.split('.').next());
        let home = self
            .frame
            .entity
            .as_deref()
            .or(kind)
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

    /// Figures of what is spoken of, those of its own table first; without any, those of all.
    fn figures_near(&self) -> Vec<(&String, &Metric)> {
        let frame = &self.frame;
        let kinds = frame.entity.iter().chain(frame.subjects.keys());
        let of_dimensions = frame.groups.iter().chain(&frame.attributes);
        let filters = frame.filters.iter().map(|filter| &filter.dimension);
        let dimensions: Vec<&String> = of_dimensions.chain(filters).collect();
        let kinds: Vec<&String> = kinds.collect();
        let distance = |metric: &Metric| -> Option<u32> {
            let (table, _) = metric.measure.as_deref()?.split_once('.')?;
            let definition = self.catalog.table(table)?;
            let home = dimensions.iter().any(|name| {
                matches!(self.catalog.dimension(name), Ok(ResolvedDimension::Column(own, _)) if own == table)
            });
            let own = kinds.iter().any(|kind| definition.entities.contains_key(*kind));
            let far = kinds.iter().any(|kind| {
                self.catalog
                    .path(table, ResolvedDimension::Entity(kind))
                    .is_some()
            });
            match (home, own, far || kinds.is_empty()) {
                (true, ..) => Some(0),
                (_, true, _) => Some(1),
                (.., true) => Some(2),
                _ => None,
            }
        };
        let metrics = self.catalog.file().metrics.iter();
        let mut found: Vec<(u32, &String, &Metric)> = metrics
            .filter(|(name, metric)| !name.starts_with(ROWS) && !metric.label.is_empty())
            .filter(|(_, metric)| metric.growth_of.is_none())
            .filter_map(|(name, metric)| Some((distance(metric)?, name, metric)))
            .collect();
        if let Some(least) = found.iter().map(|(distance, ..)| *distance).min() {
            found.retain(|(distance, ..)| *distance == least);
        }
        found
            .into_iter()
            .map(|(_, name, metric)| (name, metric))
            .collect()
    }

    /// Nothing says what figure is meant.
    pub(super) fn no_metric(&self) -> Reading {
        let near = self.figures_near();
        let examples: Vec<Choice> = near
            .into_iter()
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
