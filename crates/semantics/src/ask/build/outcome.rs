//! What is made of the rows: a number, groups, a verdict, a chart.

use jinsheng_core::Quantity;
use jinsheng_text::time::Time;

use super::Builder;
use crate::ask::Then;
use crate::ask::clause::Flag;
use crate::ask::piece::Band;
use crate::ask::span::several;
use crate::ask::words::Chart;
use crate::query::{Expr, OverWhat, Periods, Query, Test};

impl Builder<'_> {
    /// What the words of the question make of the rows.
    pub(super) fn then(&self, query: &Query) -> Then {
        if self.frame.has(Flag::Why) {
            return Then::Why;
        }
        if !self.frame.bands.is_empty()
            && let (Some(value), Some(entity)) = (self.frame.values.first(), query.by.last())
        {
            let rules = self.rules();
            let fit = |end: Option<Quantity>| end.map(|end| rules.fit(end, &value.expr));
            let bands = self.frame.bands.iter().map(|band| Band {
                low: fit(band.low),
                high: fit(band.high),
                label: band.label.clone(),
            });
            return Then::Bands(entity.clone(), bands.collect());
        }
        if self.frame.has(Flag::Key)
            && !self.hidden.is_empty()
            && self.frame.attributes.is_empty()
            && let Some(entity) = self.frame.subjects.keys().next()
        {
            return Then::Names(entity.clone());
        }
        if self.frame.has(Flag::Same)
            && let Some(dimension) = self.frame.attributes.first()
        {
            return Then::Same(dimension.clone());
        }
        if self.frame.has(Flag::Correlation) && query.items.len() >= 2 {
            return Then::Correlation;
        }
        let several = match &query.periods {
            Some(Periods::At(at)) => at.len() > 1,
            Some(Periods::Range(..) | Periods::Each(_)) => true,
            _ => false,
        };
        // 每年亏损公司的数量 is a number for each year; 每年都 is one for all of them.
        let each = (self.frame.has(Flag::Each) || self.every_period()) && !self.frame.has(Flag::Count);
        if several
            && query.having.is_some()
            && (self.frame.has(Flag::All) || each)
            && let Some(entity) = query.by.last()
        {
            return Then::EveryPeriod(entity.clone(), self.frame.has(Flag::Count));
        }
        let counted = self
            .frame
            .entity
            .clone()
            .filter(|entity| query.by.contains(entity))
            .or_else(|| {
                query
                    .by
                    .last()
                    .filter(|name| !self.frame.groups.contains(name))
                    .cloned()
            });
        match counted {
            Some(entity) if self.frame.has(Flag::Count) => Then::Count(entity),
            _ => Then::Rows,
        }
    }

    /// 每年都, every year: a condition for each of the periods.
    fn every_period(&self) -> bool {
        let each = |time: &Time| matches!(time, Time::Each(_));
        self.frame.times.iter().any(each) && self.frame.times.len() > 1
    }

    /// The chart that fits the data: lines over time, bars for comparison.
    pub(super) fn fitting(&self, query: &Query) -> Option<Chart> {
        let wanted =
            self.frame.has(Flag::Draw) || self.frame.has(Flag::Trend) || self.frame.has(Flag::Distribution);
        let series = several(query.periods.as_ref());
        if series
            && !query
                .items
                .iter()
                .any(|item| matches!(item.expr, Expr::Over(_, _, OverWhat::Period)))
        {
            return Some(Chart::Line);
        }
        if self.frame.has(Flag::Correlation) {
            return Some(Chart::Scatter);
        }
        if self.frame.has(Flag::Distribution) {
            return Some(Chart::Histogram);
        }
        let compared = query.top.is_some()
            || !query.of.is_empty()
                && query
                    .of
                    .iter()
                    .any(|filter| matches!(&filter.test, Test::In(keys) if keys.len() > 1));
        (wanted || compared).then_some(Chart::Bar)
    }
}
