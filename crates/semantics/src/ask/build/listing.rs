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
        let (mut by, within) = self.cut()?;
        by.extend(self.shown_attributes(&by));
        let mut items = self.items();
        let mut having = self.frame.conditions.clone();
        let having = match having.len() {
            0 => None,
            1 => having.pop(),
            _ => Some(Condition::All(having)),
        };
        let top = self.top(within, &mut items)?;
        let mut order = self.order(&top);
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
            having,
            top,
            order,
            limit,
        };
        self.choose_subjects(&mut query, false);
        Ok(query)
    }

    /// What the rows are cut by, and the groups within which a rank counts.
    fn cut(&mut self) -> Built<(Vec<String>, Vec<String>)> {
        let lists = self.frame.lists();
        let mut by: Vec<String> = Vec::new();
        let mut within: Vec<String> = Vec::new();
        for group in self.frame.groups.clone() {
            by.push(group);
        }
        if lists || self.frame.has(Flag::List) {
            let grouped = !self.frame.groups.is_empty();
            let groups_sought = self.frame.has(Flag::WhichGroup);
            self.cut_is_known()?;
            if groups_sought && !self.frame.conditions.is_empty() {
                return refuse(Refusal::new(
                    "too_much",
                    "各组符合条件的个数排名还不能直接回答，请先问各组的个数",
                    "a rank of groups by how many of their members meet a condition cannot be answered directly; ask for the numbers first",
                ));
            }
            let choice = (self.frame.top.is_some() || !self.frame.conditions.is_empty()) && !groups_sought;
            if !grouped || choice {
                let entity = self.listed()?;
                match entity {
                    Some(entity) if !by.contains(&entity) => {
                        within.clone_from(&by);
                        by.push(entity);
                    }
                    _ => {}
                }
            }
        } else {
            self.one_figure()?;
        }
        Ok((by, within))
    }

    /// The kind of subject that is named must be one that the figures are recorded by.
    fn cut_is_known(&self) -> Built<()> {
        if let Some(entity) = self
            .frame
            .entity
            .as_ref()
            .filter(|entity| !self.entities.contains(entity))
        {
            let label = self
                .catalog
                .entity(entity)
                .map(|entity| entity.label.clone())
                .unwrap_or_default();
            return refuse(Refusal::new(
                "no_such_figure",
                format!("所问的指标不按{}记录", label.zh),
                format!(
                    "the figure asked for is not recorded by {}",
                    label.en.to_lowercase()
                ),
            ));
        }
        Ok(())
    }

    /// The values that are shown, each with what makes it understood.
    fn items(&self) -> Vec<Item> {
        let mut items = Vec::new();
        for value in self.frame.values.clone() {
            let expr = match value.stat {
                Some(stat) => peers(stat, value.expr.clone()),
                None => value.expr.clone(),
            };
            push(&mut items, expr.clone());
            self.companions(&value, &mut items);
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

    /// The first of an order; what it goes by is shown too.
    fn top(&self, within: Vec<String>, items: &mut Vec<Item>) -> Built<Option<Top>> {
        Ok(match &self.frame.top {
            None => None,
            Some(top) => {
                let by = top
                    .by
                    .clone()
                    .or_else(|| self.frame.values.first().map(|value| value.expr.clone()));
                let Some(by) = by else {
                    return Err(self.no_metric());
                };
                push(items, by.clone());
                Some(Top {
                    count: top.count.unwrap_or(1),
                    direction: top.direction,
                    by,
                    within,
                })
            }
        })
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

    fn order(&self, top: &Option<Top>) -> Vec<OrderBy> {
        if top.is_some() {
            return Vec::new();
        }
        let Some((by, direction)) = &self.frame.order else {
            return Vec::new();
        };
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
