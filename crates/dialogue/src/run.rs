//! What the engine is asked for one question, and the tables that are made of it.

use std::sync::Arc;

use jinsheng_core::{Grain, Period};
use jinsheng_engine::{Answer, Cell, ColumnKind, EngineError};
use jinsheng_semantics::ask::{Asked, Band, Chosen, Refusal, Remark, Then};
use jinsheng_semantics::query::{Condition, Expr, Filter, Item, Periods, Query, Test};

use crate::{Answered, Conversation, Outcome, Table, bands, derive, plot, spread};

impl Conversation<'_> {
    /// Runs what was understood.
    pub(crate) async fn run(&mut self, mut asked: Asked) -> Result<Outcome, EngineError> {
        let mut answer = match self.engine.run(&asked.query, &self.scope).await {
            Ok(answer) => answer,
            Err(error @ EngineError::Bind(_)) => return Ok(Outcome::Failed(Arc::new(error))),
            Err(error) => return Err(error),
        };
        let silent = answer.rows.is_empty() || self.valueless(&asked, &answer);
        if silent && let Some((period, found)) = self.last_reported(&asked).await? {
            at_period(&mut asked, period);
            asked.remarks.push(Remark {
                code: "last_reported",
                text: (
                    format!("未指定期间，所问对象最近有数的一期是 {period}"),
                    format!("no period was named: {period} is the last for which there is a figure"),
                ),
            });
            answer = found;
        }
        let tables = self.tables(&asked, &mut answer).await?;
        if self.valueless(&asked, &answer) {
            self.remember(asked.frame, &answer);
            return Ok(Outcome::Refused(no_value(&asked.query)));
        }
        self.claims(&mut asked).await?;
        if matches!(asked.then, Then::Why) {
            asked.remarks.push(Remark {
                code: "causes_unknown",
                text: (
                    "数据只说明变动了多少，数据以外的原因无从得知".to_owned(),
                    "the data show how much moved; causes outside them are not known".to_owned(),
                ),
            });
        }
        if answer.rows.is_empty() && !matches!(asked.then, Then::Count(_)) {
            self.remember(asked.frame, &answer);
            return Ok(Outcome::Refused(nothing(&asked.query)));
        }
        let plot = asked
            .chart
            .and_then(|form| tables.last().map(|table| (form, table)))
            .and_then(|(form, table)| plot(table, form));
        let outcome = Answered {
            query: asked.query,
            tables,
            plot,
            decimals: asked.decimals,
            remarks: asked.remarks,
            answer: answer.clone(),
        };
        self.remember(asked.frame, &answer);
        Ok(Outcome::Answered(Box::new(outcome)))
    }

    /// The tables of an answer, the first of which says most. Rows of those that do not hold throughout leave the answer.
    async fn tables(&self, asked: &Asked, answer: &mut Answer) -> Result<Vec<Table>, EngineError> {
        let mut tables = self.derived(asked, answer).await?;
        if let Some((query, spreads)) = &asked.spread {
            let all = self.engine.run(query, &self.scope).await?;
            tables.insert(0, spread::spread(&Table::of(&all, &asked.hidden), spreads));
        }
        let chosen = asked.chosen.as_ref();
        if let Some(chosen) = chosen.filter(|_| !matches!(asked.then, Then::Bands(..))) {
            let figures = self.of_chosen(chosen, asked, answer).await?;
            tables.splice(0..0, figures);
        }
        for query in &asked.beside {
            match self.engine.run(query, &self.scope).await {
                Ok(other) => tables.push(Table::of(&other, &asked.hidden)),
                Err(EngineError::Bind(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(tables)
    }

    /// What the words of the question make of the rows.
    async fn derived(&self, asked: &Asked, answer: &mut Answer) -> Result<Vec<Table>, EngineError> {
        let main = Table::of(answer, &asked.hidden);
        let mut tables = Vec::new();
        match &asked.then {
            Then::EveryPeriod(dimension, counted) => {
                let all = self.engine.run(&whole(&asked.query), &self.scope).await?;
                let kept = derive::every_period(&main, &all, dimension);
                if *counted {
                    tables.push(derive::number_of(&kept, dimension));
                }
                let subjects = derive::subjects(&kept, dimension);
                // Those that hold throughout are found, no others.
                let held: Vec<_> = kept.rows.iter().filter_map(|row| row.first().cloned()).collect();
                answer
                    .rows
                    .retain(|row| row.first().is_some_and(|key| held.contains(key)));
                tables.push(kept);
                tables.push(subjects);
            }
            Then::Bands(dimension, bands) => {
                let mut counted = bands::bands(&main, dimension, bands);
                if let Some(chosen) = &asked.chosen {
                    self.of_each_band(chosen, asked, &main, bands, &mut counted)
                        .await?;
                }
                tables.push(counted);
                tables.push(main);
            }
            Then::Count(dimension) => {
                let counted = derive::count(answer, dimension);
                tables.push(if asked.share {
                    let all = self.engine.run(&whole(&asked.query), &self.scope).await?;
                    let all = derive::count(&derive::complete(&all), dimension);
                    derive::share_of(&counted, &all)
                } else {
                    counted
                });
                tables.push(main);
            }
            Then::Correlation => {
                tables.extend(derive::correlation(&main));
                tables.push(main);
            }
            Then::Same(dimension) => {
                tables.extend(derive::same(answer, dimension));
                tables.push(main);
            }
            Then::Names(entity) => {
                let members = self.engine.members(entity, &self.scope).await?;
                tables.push(derive::names(answer, entity, &members));
            }
            Then::Rows | Then::Why => tables.push(main),
        }
        Ok(tables)
    }

    /// Whether what the question says to be so is so.
    async fn claims(&self, asked: &mut Asked) -> Result<(), EngineError> {
        for (claim, query) in &asked.claims {
            let holds = match self.engine.run(query, &self.scope).await {
                Ok(found) => !found.rows.is_empty(),
                Err(EngineError::Bind(_)) => false,
                Err(error) => return Err(error),
            };
            if holds && asked.frame.asks_whether() {
                asked.remarks.push(Remark {
                    code: "holds",
                    text: (format!("是：「{claim}」成立"), format!("yes: `{claim}` holds")),
                });
            }
            if !holds {
                asked.remarks.push(Remark {
                    code: "premise_false",
                    text: (
                        format!("问题中所说的「{claim}」与数据不符"),
                        format!("`{claim}`, which the question says, is not what the data show"),
                    ),
                });
            }
        }
        Ok(())
    }

    /// Without a period the newest is shown; where the subjects have nothing then, the last in which they have.
    async fn last_reported(&self, asked: &Asked) -> Result<Option<(Period, Answer)>, EngineError> {
        if asked.query.periods.is_some() || asked.frame.names_no_subject() {
            return Ok(None);
        }
        for grain in [Grain::Quarter, Grain::Month, Grain::Day, Grain::Year] {
            let mut query = asked.query.clone();
            query.periods = Some(Periods::Each(grain));
            let all = match self.engine.run(&query, &self.scope).await {
                Ok(all) => all,
                Err(EngineError::Bind(_)) => continue,
                Err(error) => return Err(error),
            };
            let whole = derive::complete(&all);
            let periods = whole.rows.iter().flatten().filter_map(|cell| match cell {
                Cell::Period(period) => Some(*period),
                _ => None,
            });
            let Some(last) = periods.max_by_key(|period| period.index()) else {
                continue;
            };
            query.periods = Some(Periods::At(vec![last]));
            return Ok(Some((last, self.engine.run(&query, &self.scope).await?)));
        }
        Ok(None)
    }

    /// Statistics over the subjects in each interval, as further columns of the table of intervals.
    async fn of_each_band(
        &self,
        chosen: &Chosen,
        asked: &Asked,
        rows: &Table,
        bands: &[Band],
        counted: &mut Table,
    ) -> Result<(), EngineError> {
        for (index, keys) in bands::in_bands(rows, &chosen.entity, bands)
            .into_iter()
            .enumerate()
        {
            let mut cells = Vec::new();
            if !keys.is_empty() {
                let mut query = chosen.query.clone();
                query.filters.push(Filter {
                    dimension: chosen.entity.clone(),
                    test: Test::In(keys),
                });
                let found = Table::of(&self.engine.run(&query, &self.scope).await?, &asked.hidden);
                for (at, column) in found.columns.iter().enumerate() {
                    if column.kind != ColumnKind::Value {
                        continue;
                    }
                    if !counted.columns.iter().any(|known| known.name == column.name) {
                        counted.columns.push(column.clone());
                    }
                    cells.extend(found.rows.first().and_then(|row| row.get(at)).cloned());
                }
            }
            if let Some(row) = counted.rows.get_mut(index) {
                row.extend(cells);
            }
        }
        let width = counted.columns.len();
        for row in &mut counted.rows {
            row.resize(width, Cell::Missing);
        }
        Ok(())
    }

    /// Statistics over the subjects that the rows are about.
    async fn of_chosen(
        &self,
        chosen: &Chosen,
        asked: &Asked,
        answer: &Answer,
    ) -> Result<Option<Table>, EngineError> {
        let column = answer
            .columns
            .iter()
            .position(|column| column.name == chosen.entity && column.kind == ColumnKind::Dimension);
        let Some(column) = column.filter(|_| !answer.rows.is_empty()) else {
            return Ok(None);
        };
        let keys = answer.rows.iter().filter_map(|row| match row.get(column) {
            Some(Cell::Text(key)) => Some(key.clone()),
            _ => None,
        });
        let mut query = chosen.query.clone();
        query.filters.push(Filter {
            dimension: chosen.entity.clone(),
            test: Test::In(keys.collect()),
        });
        let found = self.engine.run(&query, &self.scope).await?;
        let mut table = Table::of(&found, &asked.hidden);
        if chosen.of_all {
            let all = self.engine.run(&chosen.query, &self.scope).await?;
            table = derive::parts_of(&table, &Table::of(&all, &asked.hidden));
        }
        table.reading = format!("{} of the {} in: {}", chosen.query, chosen.entity, answer.reading);
        Ok(Some(table))
    }
}

/// Everything that is asked, at one period.
fn at_period(asked: &mut Asked, period: Period) {
    let chosen = asked.chosen.iter_mut().map(|chosen| &mut chosen.query);
    let spread = asked.spread.iter_mut().map(|(query, _)| query);
    let claims = asked.claims.iter_mut().map(|(_, query)| query);
    let queries = std::iter::once(&mut asked.query)
        .chain(&mut asked.beside)
        .chain(chosen)
        .chain(spread)
        .chain(claims);
    for query in queries.filter(|query| query.periods.is_none()) {
        query.periods = Some(Periods::At(vec![period]));
    }
}

/// A Query without its conditions.
fn whole(query: &Query) -> Query {
    let mut items = query.items.clone();
    for expr in query.having.iter().flat_map(Condition::exprs) {
        if !matches!(expr, Expr::Number(_)) && !items.iter().any(|item| item.expr == *expr) {
            items.push(Item {
                expr: expr.clone(),
                alias: None,
            });
        }
    }
    // Of those that conditions on figures or on dates choose, all are without them.
    let dated = |filter: &Filter| matches!(filter.test, Test::Compare(..));
    let filters = query
        .filters
        .iter()
        .filter(|filter| query.having.is_some() || !dated(filter));
    Query {
        items,
        having: None,
        filters: filters.cloned().collect(),
        ..query.clone()
    }
}

/// The rows are there, the value is not.
fn no_value(query: &Query) -> Refusal {
    Refusal {
        code: "no_value",
        reason: (
            "数据中有这一项，但没有数值（缺失，或缺少计算所需的上期值）".to_owned(),
            "the data have this item but no value for it: it is missing, or the earlier value that it needs is".to_owned(),
        ),
        missing: query.items.iter().map(|item| item.expr.to_string()).take(3).collect(),
        nearest: Vec::new(),
    }
}

/// No row matches; which of the names may be the reason is for the reader to see.
fn nothing(query: &Query) -> Refusal {
    let named: Vec<String> = query
        .of
        .iter()
        .chain(&query.filters)
        .filter_map(|filter| match &filter.test {
            Test::In(values) => Some(values.iter().cloned().collect::<Vec<_>>()),
            _ => None,
        })
        .flatten()
        .take(5)
        .collect();
    Refusal {
        code: "no_data",
        reason: ("没有符合条件的数据".to_owned(), "no data match".to_owned()),
        missing: named,
        nearest: Vec::new(),
    }
}
