//! How far a level moved over a stretch: the return of a fund, the change of an index over a year, of assets since January.
//!
//! Such a question names a stretch, but what the Query computes stands at its end: the change on so many months before.

use jinsheng_core::{Base, Grain, Period};
use jinsheng_text::time::{Part, Time, When, Year};

use super::nodes::{each_expr, each_node};
use super::{Builder, Built, refuse, tables_of};
use crate::ask::clause::Flag;
use crate::ask::piece::Value;
use crate::ask::rules::{RETURN, divide, subtract};
use crate::ask::span::Calendar;
use crate::ask::{Choice, Clarify, Reading, Refusal, Remark};
use crate::catalog::{PeriodColumns, TimeBehaviour};
use crate::query::{ChangeKind, Expr, Lag, MetricRef, Periods};

/// The level that a return is one of: the metric and its table.
struct Level {
    metric: String,
    table: String,
}

impl Builder<'_> {
    /// Returns, and changes of levels over a stretch, become changes on so many months before.
    pub(super) fn over_spans(&mut self) -> Built<()> {
        self.implied();
        if self.exprs().iter().any(|expr| holds_return(expr)) {
            return self.returns();
        }
        self.moved_levels()
    }

    /// 今年以来涨了多少 of what has a price: its return, although no figure is named. A daily return over a longer stretch
    /// is one too.
    fn implied(&mut self) {
        let moved = [Flag::Up, Flag::Down, Flag::Change]
            .into_iter()
            .any(|flag| self.frame.has(flag));
        let long = self.frame.times.iter().any(stretch);
        if self.frame.values.is_empty() && moved && long && self.priced().is_some() {
            self.frame.values.push(Value::new(returned(), RETURN));
            // 跌得最多 is the lowest return.
            let fell = self.frame.has(Flag::Down) && !self.frame.has(Flag::Up);
            if let Some(top) = self.frame.top.as_mut().filter(|top| fell && top.by.is_none()) {
                top.direction = crate::query::Direction::Asc;
            }
            return;
        }
        let Some(level) = self.priced() else { return };
        let own = |test: &dyn Fn(&String) -> bool| -> Vec<String> {
            let names = self.with.catalog.file().metrics.keys();
            names.filter(|name| test(name)).cloned().collect()
        };
        // 近一年收益率 says its stretch itself.
        let years = own(&|name| self.is_return(name, &level.table, true));
        let named = |names: &[String], expr: &Expr| matches!(expr, Expr::Metric(metric) if names.contains(&metric.name));
        if self.frame.times.is_empty() && self.exprs().iter().any(|expr| named(&years, expr)) {
            self.frame.times.push(Time::Recent(1, Grain::Year));
        }
        let long = self.frame.times.iter().any(stretch);
        let series = self.frame.has(Flag::Trend)
            || self
                .frame
                .times
                .iter()
                .any(|time| matches!(time, Time::Each(_)) || !stretch(time));
        if series {
            return;
        }
        let mut returns = own(&|name| self.is_return(name, &level.table, false));
        if long {
            returns.extend(own(&|name| self.is_daily_move(name, &level.table)));
        }
        let prices = own(&|name| self.is_price(name, &level.table));
        self.each_value(&mut |expr| match expr {
            Expr::Metric(metric) if returns.contains(&metric.name) => Some(returned()),
            Expr::Change(_, inner) if long && named(&prices, inner) => Some(returned()),
            _ => None,
        });
    }

    /// Returns of what has a price.
    fn returns(&mut self) -> Built<()> {
        let Some(level) = self.priced() else {
            return Err(self.no_metric());
        };
        let Some((end, months)) = self.months(&level.table)? else {
            let choice = |zh: &str, en: &str| Choice {
                label: (zh.to_owned(), en.to_owned()),
                question: zh.to_owned(),
            };
            return Err(Reading::Clarify(Clarify {
                question: (
                    "从什么时候到什么时候的收益？".to_owned(),
                    "the return over what time?".to_owned(),
                ),
                options: vec![
                    choice("近一年", "over one year"),
                    choice("今年以来", "this year to date"),
                ],
                frame: Some(Box::new(self.frame.clone())),
            }));
        };
        self.said = Some(Box::new(self.frame.clone()));
        let new = over_months(Expr::Metric(MetricRef::plain(&level.metric)), months, true);
        self.each_value(&mut |expr| holds_only_return(expr).then(|| new.clone()));
        self.ends_at(end, months);
        Ok(())
    }

    /// 今年以来资产增长: a change of a level over a stretch that is no whole year.
    fn moved_levels(&mut self) -> Built<()> {
        let open = |time: &Time| {
            matches!(time, Time::ToDate(_))
                || matches!(time, Time::Recent(_, grain) if *grain <= Grain::Month)
        };
        let moved = self.frame.values.iter().any(|value| value.is_change());
        let quarter = self.frame.has(Flag::QuarterBefore)
            && self.frame.times.iter().all(|time| matches!(time, Time::Latest));
        let meant = match self.frame.times.as_slice() {
            [time] => open(time) || quarter,
            times => times.is_empty() && quarter,
        };
        if !meant || !moved || self.frame.has(Flag::Trend) {
            return Ok(());
        }
        let tables: Vec<String> = super::tables::tables_read(self.catalog, &self.exprs())
            .into_iter()
            .collect();
        let [table] = tables.as_slice() else { return Ok(()) };
        let dated = self.catalog.table(table).and_then(|table| table.period.as_ref());
        let fine = dated.is_some_and(|period| {
            !matches!(period, PeriodColumns::Report { .. }) && period.grain() <= Grain::Month
        });
        let level = self
            .frame
            .values
            .iter()
            .filter(|value| value.is_change())
            .all(|value| {
                let mut names = std::collections::BTreeSet::new();
                crate::catalog::metric_names(&value.base, &mut names);
                names.iter().all(|name| {
                    let metric = self.catalog.metric(name);
                    metric
                        .and_then(|metric| self.catalog.behaviour(metric))
                        .is_some_and(|time| matches!(time, TimeBehaviour::Stock | TimeBehaviour::Rate))
                })
            });
        if !fine || !level {
            return Ok(());
        }
        let last = self
            .with
            .vocabulary
            .spans
            .get(table)
            .and_then(|(_, last)| last.to_grain(Grain::Month));
        let since_quarter = last.map(|last| (last, last.index().rem_euclid(3).unsigned_abs() + 1));
        let found = if quarter {
            since_quarter
        } else {
            self.months(table)?
        };
        let Some((end, months)) = found else {
            return Ok(());
        };
        self.said = Some(Box::new(self.frame.clone()));
        self.each_value(&mut |expr| match expr {
            Expr::Change(kind, inner) => {
                let relative = matches!(kind, ChangeKind::Yoy | ChangeKind::Qoq);
                Some(over_months((**inner).clone(), months, relative))
            }
            _ => None,
        });
        self.ends_at(end, months);
        Ok(())
    }

    /// The Query stands at the last month; the reader is told which stretch it is.
    fn ends_at(&mut self, end: Period, months: u32) {
        let number = i32::try_from(months).unwrap_or(i32::MAX);
        let start = end.offset(number.saturating_neg());
        let part = Part::Month(end.index().rem_euclid(12) + 1);
        self.frame.times = vec![Time::At(When::part(
            Some(Year::Absolute(end.calendar_year())),
            part,
        ))];
        self.frame.flags.remove(&Flag::Change);
        self.remarks.push(Remark {
            code: "stretch",
            text: (
                format!("变动自 {start} 末至 {end} 末（或数据的最后一天）"),
                format!(
                    "the change is from the end of {start} to that of {end} (or the last day of the data)"
                ),
            ),
        });
    }

    /// The last month of the stretch that is named, and how many months it has.
    fn months(&self, table: &str) -> Built<Option<(Period, u32)>> {
        let Some((first, last)) = self.with.vocabulary.spans.get(table).copied() else {
            return Ok(None);
        };
        let (Some(first), Some(last), Some(today)) = (
            first.to_grain(Grain::Month),
            last.to_grain(Grain::Month),
            self.with.today(),
        ) else {
            return Ok(None);
        };
        let calendar = Calendar {
            today,
            grain: Grain::Month,
            first,
            last,
            reports: false,
        };
        let times: Vec<Time> = self
            .frame
            .times
            .iter()
            .filter(|time| !matches!(time, Time::Latest))
            .copied()
            .collect();
        let between = |start: Period, end: Period| {
            let end = end.min(last);
            u32::try_from(end.index() - start.index() + 1)
                .ok()
                .map(|months| (end, months))
        };
        let found = match times.as_slice() {
            [Time::Recent(count, grain)] if *count > 0 => {
                let each = match grain {
                    Grain::Year => 12,
                    Grain::Half => 6,
                    Grain::Quarter => 3,
                    Grain::Month => 1,
                    Grain::Day => return Ok(None),
                };
                Some((last, count.saturating_mul(each)))
            }
            [] => None,
            times if times.iter().all(stretch) => {
                let spans = calendar.spans(times, false).map_err(Reading::Refuse)?;
                let (start, end) = match spans.periods {
                    Some(Periods::At(at)) => match at.as_slice() {
                        [one] => (*one, *one),
                        _ => return Ok(None),
                    },
                    Some(Periods::Range(start, end)) => (start, end),
                    _ => return Ok(None),
                };
                // From the last day of a month on: that month is over.
                let from = times.iter().find_map(|time| match time {
                    Time::Range(from, _) => match from.part {
                        Some(Part::Day(month, day)) => Some((month, day)),
                        _ => None,
                    },
                    _ => None,
                });
                let over = from.is_some_and(|(_, day)| {
                    let last = start
                        .last_at(Grain::Month)
                        .and_then(|month| month.last_at(Grain::Day));
                    last.is_some_and(|last| last.to_string().ends_with(&format!("-{day:02}")))
                });
                let start = match start.to_grain(Grain::Month) {
                    Some(month) if over => month.offset(1),
                    _ => start,
                };
                let start = start
                    .first_day()
                    .map(Period::day)
                    .and_then(|day| day.to_grain(Grain::Month));
                match (start, end.last_at(Grain::Month)) {
                    (Some(start), Some(end)) => between(start, end),
                    _ => None,
                }
            }
            _ => None,
        };
        let Some((end, months)) = found.filter(|(_, months)| *months > 0) else {
            return Ok(None);
        };
        let back = i32::try_from(months).unwrap_or(i32::MAX);
        let start = end.offset(back.saturating_neg());
        if start < first {
            let mut refusal = Refusal::new(
                "period_absent",
                format!("数据中没有 {start}：有的是 {first} 至 {last}"),
                format!("the data do not hold {start}: they reach from {first} to {last}"),
            );
            refusal.missing = vec![start.to_string()];
            return refuse(refusal);
        }
        Ok(Some((end, months)))
    }

    /// The price of what the question is about, in a table of days by that alone. One with distributions counted in comes
    /// first.
    fn priced(&self) -> Option<Level> {
        let dimensions = self.frame.filters.iter().map(|filter| &filter.dimension);
        let kinds = dimensions
            .chain(&self.frame.groups)
            .map(|name| name.split('.').next().unwrap_or_default().to_owned());
        let named = self
            .frame
            .subjects
            .keys()
            .cloned()
            .chain(self.frame.entity.clone());
        named.chain(kinds).find_map(|entity| {
            let tables = self.catalog.file().tables.iter().filter(|(_, table)| {
                let days = table
                    .period
                    .as_ref()
                    .is_some_and(|period| period.grain() == Grain::Day);
                days && table.entities.len() == 1 && table.entities.contains_key(&entity)
            });
            tables.into_iter().find_map(|(table, _)| {
                let mut prices: Vec<&String> = self
                    .catalog
                    .file()
                    .metrics
                    .keys()
                    .filter(|name| self.is_price(name, table))
                    .collect();
                let whole = |name: &String| {
                    let label = self.catalog.metric(name).map(|metric| metric.label.clone());
                    label.is_some_and(|label| {
                        let en = label.en.to_lowercase();
                        ["累计", "复权"].iter().any(|word| label.zh.contains(word))
                            || ["accumulated", "cumulative", "adjusted"]
                                .iter()
                                .any(|word| en.contains(word))
                    })
                };
                prices.sort_by_key(|name| !whole(name));
                let metric = prices.first().map(|name| (*name).clone())?;
                Some(Level {
                    metric,
                    table: table.clone(),
                })
            })
        })
    }

    /// Whether a metric is a price that this table holds by itself.
    fn is_price(&self, name: &str, table: &str) -> bool {
        self.in_table(name, table, &|base| {
            matches!(
                base,
                Base::MoneyPerUnit(_) | Base::MoneyPerShare(_) | Base::Points
            )
        })
    }

    /// Whether a metric is a return by its formula, over a period or (`year`) over one year.
    fn is_return(&self, name: &str, table: &str, year: bool) -> bool {
        let formula = self.catalog.formula(name);
        let kind = match formula {
            Some(Expr::Change(ChangeKind::Yoy, _)) => true,
            Some(Expr::Change(ChangeKind::Qoq, _)) => !year,
            _ => false,
        };
        let measured = self
            .catalog
            .metric(name)
            .is_some_and(|metric| metric.measure.is_some());
        let tables = tables_of(self.catalog, name);
        kind && !measured && tables.len() == 1 && tables.contains(table)
    }

    /// Whether a metric is the move of a price in a day.
    fn is_daily_move(&self, name: &str, table: &str) -> bool {
        self.in_table(name, table, &|base| base == Base::Ratio)
    }

    fn in_table(&self, name: &str, table: &str, unit: &dyn Fn(Base) -> bool) -> bool {
        let measure = self
            .catalog
            .metric(name)
            .and_then(|metric| metric.measure.as_deref())
            .and_then(|measure| self.catalog.measure(measure));
        measure.is_some_and(|(own, _, _, measure)| {
            own == table && matches!(measure.time, TimeBehaviour::Rate) && unit(measure.unit.base)
        }) && tables_of(self.catalog, name).len() == 1
    }

    /// Every value that the frame names, replaced where `new` says by what.
    fn each_value(&mut self, new: &mut dyn FnMut(&Expr) -> Option<Expr>) {
        let mut set = |expr: &mut Expr| each_node(expr, new);
        for value in &mut self.frame.values {
            set(&mut value.expr);
            set(&mut value.base);
        }
        if let Some(by) = self.frame.top.as_mut().and_then(|top| top.by.as_mut()) {
            set(by);
        }
        if let Some((Some(by), _)) = &mut self.frame.order {
            set(by);
        }
        for condition in self.frame.conditions.iter_mut().chain(&mut self.frame.claims) {
            each_expr(condition, &mut set);
        }
    }
}

/// The return that no stretch is known of yet.
fn returned() -> Expr {
    Expr::Metric(MetricRef::plain(RETURN))
}

fn holds_return(expr: &Expr) -> bool {
    *expr == returned() || expr.parts().into_iter().any(holds_return)
}

/// The return, or what is said of its growth, which is the same.
fn holds_only_return(expr: &Expr) -> bool {
    *expr == returned() || matches!(expr, Expr::Change(_, inner) if **inner == returned())
}

/// Whether a time is a stretch over which something moves, no single day.
fn stretch(time: &Time) -> bool {
    match time {
        Time::At(when) => match when.part {
            Some(Part::Day(..) | Part::Relative(Grain::Day, _)) => false,
            Some(_) => true,
            None => when.year.is_some(),
        },
        Time::Recent(_, grain) => *grain > Grain::Day,
        Time::ToDate(_) | Time::Since(_) | Time::Range(..) => true,
        _ => false,
    }
}

/// A level against the same so many months before: relative to it, or apart from it.
fn over_months(level: Expr, months: u32, relative: bool) -> Expr {
    if months == 12 {
        let kind = if relative {
            ChangeKind::Yoy
        } else {
            ChangeKind::YoyDiff
        };
        return Expr::Change(kind, Box::new(level));
    }
    let lag = Lag {
        count: months,
        grain: Grain::Month,
    };
    let before = Expr::Shift(Box::new(level.clone()), lag);
    let apart = subtract(level, before.clone());
    if relative { divide(apart, before) } else { apart }
}
