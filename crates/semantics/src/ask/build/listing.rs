//! Rows: of the subjects that are listed, or the one row of one figure.

use super::{Builder, Built, push, refuse};
use crate::ask::Refusal;
use crate::ask::clause::Flag;
use crate::ask::rules::peers;
use crate::ask::span::Spans;
use crate::query::{Condition, Direction, Expr, Item, OrderBy, OrderKey, Query, Top};

impl Builder<'_> {
    /// Rows of subjects, or one row.
    pub(super) fn listing(&mut self, spans: &Spans) -> Built<Query> {
        let (mut by, within) = self.cuts()?;
        let mut items = self.shown();
        let top = self.top(within, &mut items)?;
        let mut order = self.order(top.as_ref());
        let mut limit = None;
        let top = match top {
            // The first of the periods of a series.
            Some(top) if by.is_empty() && self.entities.is_empty() => {
                order = vec![OrderBy {
                    by: OrderKey::Value(top.by),
                    direction: top.direction,
                }];
                limit = Some(u64::from(top.count));
                None
            }
            other => other,
        };
        if let Some(Expr::Rank(..)) = items.first().map(|item| &item.expr) {
            let entity = self.listed()?;
            by.extend(entity.filter(|entity| !by.contains(entity) && self.frame.subjects.is_empty()));
        }
        let mut query = Query {
            items,
            by,
            of: Vec::new(),
            filters: self.frame.filters.clone(),
            periods: spans.periods.clone(),
            having: self.having(),
            top,
            order,
            limit,
        };
        self.choose_subjects(&mut query, false);
        Ok(query)
    }

    /// What the rows are cut by, and the groups within which a rank is taken.
    fn cuts(&mut self) -> Built<(Vec<String>, Vec<String>)> {
        let mut by = self.frame.groups.clone();
        let mut within: Vec<String> = Vec::new();
        if self.frame.lists() || self.frame.has(Flag::List) {
            let groups_sought = self.frame.has(Flag::WhichGroup);
            if groups_sought && !self.frame.conditions.is_empty() {
                return refuse(Refusal::new(
                    "too_much",
                    "各组符合条件的个数排名还不能直接回答，请先问各组的个数",
                    "a rank of groups by how many of their members meet a condition cannot be answered directly; ask for the numbers first",
                ));
            }
            if let Some(entity) = &self.frame.entity
                && !self.entities.contains(entity)
            {
                return refuse(self.not_recorded_by(entity));
            }
            let counted = self.frame.has(Flag::Count) && !self.frame.subjects.is_empty();
            let choice =
                (self.frame.top.is_some() || !self.frame.conditions.is_empty() || counted) && !groups_sought;
            if (by.is_empty() || choice)
                && let Some(entity) = self.listed()?
                && !by.contains(&entity)
            {
                within.clone_from(&by);
                by.push(entity);
            }
        } else {
            self.one_figure()?;
        }
        by.extend(self.shown_attributes(&by));
        Ok((by, within))
    }

    /// Values as columns, each with what makes it understood, and the place asked for.
    fn shown(&self) -> Vec<Item> {
        let mut items = Vec::new();
        for value in &self.frame.values {
            let expr = match value.stat {
                Some(stat) if !self.chosen => peers(stat, value.expr.clone()),
                _ => value.expr.clone(),
            };
            push(&mut items, expr.clone());
            self.companions(value, &mut items);
            if let Some((stat, within)) = &self.frame.peer_stat
                && value.stat.is_none()
            {
                let within = within.iter().cloned().collect();
                push(
                    &mut items,
                    Expr::Peers(*stat, Box::new(value.expr.clone()), within),
                );
            }
        }
        self.changes(&mut items);
        let ranked = match &self.frame.top {
            Some(top) => top.by.clone(),
            None => self
                .frame
                .values
                .iter()
                .find(|value| value.stat.is_none())
                .map(|value| value.expr.clone()),
        };
        if self.frame.has(Flag::Rank)
            && let Some(by) = ranked.filter(|by| !matches!(by, Expr::Rank(..)))
        {
            let direction = self
                .frame
                .top
                .as_ref()
                .map_or(Direction::Desc, |top| top.direction);
            push(&mut items, Expr::Rank(Box::new(by), direction, Vec::new()));
        }
        items
    }

    /// All conditions as one.
    fn having(&self) -> Option<Condition> {
        match self.frame.conditions.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            several => Some(Condition::All(several.to_vec())),
        }
    }

    /// First or last, by what is said or by the first value; by what it goes is shown too.
    fn top(&self, within: Vec<String>, items: &mut Vec<Item>) -> Built<Option<Top>> {
        let Some(top) = &self.frame.top else {
            return Ok(None);
        };
        // What a condition looks at is not what is ranked by, where there is another.
        let used = |expr: &Expr| {
            let mut exprs = self.frame.conditions.iter().flat_map(Condition::exprs);
            exprs.any(|known| known == expr)
        };
        let first = || {
            let mut values = self.frame.values.iter();
            let free = values.clone().find(|value| !used(&value.expr));
            free.or_else(|| values.next()).map(|value| value.expr.clone())
        };
        let Some(by) = top.by.clone().or_else(first) else {
            return Err(self.no_metric());
        };
        push(items, by.clone());
        Ok(Some(Top {
            count: top.count.unwrap_or(1),
            direction: top.direction,
            by,
            within,
        }))
    }

    /// Attributes asked for, as dimensions that the result is cut by.
    fn shown_attributes(&self, by: &[String]) -> Vec<String> {
        let filtered = |name: &String| self.frame.filters.iter().any(|filter| filter.dimension == *name);
        self.frame
            .attributes
            .iter()
            .filter(|name| !by.contains(name) && !filtered(name))
            .cloned()
            .collect()
    }

    /// The order asked for; a rank has its own.
    fn order(&self, top: Option<&Top>) -> Vec<OrderBy> {
        let Some((by, direction)) = &self.frame.order else {
            return Vec::new();
        };
        // The first are shown in their own order, unless another is asked for.
        if top.is_some_and(|top| by.as_ref().is_none_or(|by| *by == top.by)) {
            return Vec::new();
        }
        let by = by
            .clone()
            .or_else(|| self.frame.values.first().map(|value| value.expr.clone()));
        by.map(|by| OrderBy {
            by: OrderKey::Value(by),
            direction: *direction,
        })
        .into_iter()
        .collect()
    }
}
