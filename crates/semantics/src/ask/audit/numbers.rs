//! Numbers: each stands for a bound, a place, a count, a stretch or a band.

use jinsheng_core::{Decimal, Quantity};

use super::Asked;
use crate::ask::said::Said;
use crate::ask::words::Word as W;
use crate::query::{Expr, Periods, Query, Test};

impl Asked<'_> {
    /// The first number that stands nowhere.
    pub(super) fn number(&self, said: &Said, all: &[&Expr]) -> Option<String> {
        let mut shown: Vec<Quantity> = Vec::new();
        let plain = |value: u64| Quantity::new(Decimal::from(value), jinsheng_core::Unit::PLAIN);
        for expr in all {
            match expr {
                Expr::Number(number) => shown.push(*number),
                Expr::Shift(_, lag) => shown.push(plain(lag.count.into())),
                Expr::Cagr(_, years) => shown.push(plain((*years).into())),
                _ => {}
            }
        }
        for query in &self.queries {
            shown.extend(query.top.iter().map(|top| plain(top.count.into())));
            shown.extend(query.limit.iter().map(|limit| plain(*limit)));
            if let Some(Periods::Last(count, _)) = &query.periods {
                shown.push(plain((*count).into()));
            }
        }
        let frame = self.frame;
        shown.extend(frame.decimals.iter().map(|count| plain((*count).into())));
        shown.extend(frame.overdue.iter().map(|(count, _)| plain((*count).into())));
        for band in &frame.bands {
            shown.extend(band.low.iter().chain(&band.high).copied());
        }
        let texts: Vec<&String> = self
            .queries
            .iter()
            .flat_map(|query| query.of.iter().chain(&query.filters))
            .flat_map(|filter| match &filter.test {
                Test::In(keys) | Test::NotIn(keys) => keys.iter().collect(),
                Test::Compare(_, text) | Test::Contains(text) => vec![text],
            })
            .collect();
        let met = |(number, text): &&(Quantity, String)| {
            shown.iter().any(|shown| alike(*number, *shown))
                || texts.iter().any(|key| key.contains(text.as_str()))
                || self.spread
                || said.has(|word| matches!(word, W::Round | W::Decimals | W::Every | W::Percentile))
                || self.counts(*number, text)
                || said
                    .counted
                    .is_some_and(|count| Decimal::from(count) == number.value)
                    && (frame.has(crate::ask::clause::Flag::These)
                        || frame.has(crate::ask::clause::Flag::Among))
        };
        said.numbers
            .iter()
            .find(|number| !met(number))
            .map(|(_, text)| text.clone())
    }

    /// 三家, 两年, 四档: how many subjects, figures, periods or intervals there are.
    fn counts(&self, number: Quantity, text: &str) -> bool {
        let digits = text.chars().any(|character| character.is_ascii_digit());
        let Ok(count) = number.value.normalize().to_string().parse::<usize>() else {
            return false;
        };
        let periods = |query: &Query| match &query.periods {
            Some(Periods::At(at)) => at.len() == count,
            Some(Periods::Range(first, last)) => {
                let years = last.calendar_year().abs_diff(first.calendar_year()) + 1;
                let steps = last.index().abs_diff(first.index()) + 1;
                [years, steps]
                    .iter()
                    .any(|steps| usize::try_from(*steps).ok() == Some(count))
            }
            Some(Periods::Last(..) | Periods::Each(_)) => !digits,
            None => false,
        };
        let near = |size: &usize| size.abs_diff(count) * 10 <= *size;
        count == 1 && !digits
            || self.frame.subjects.values().any(|keys| keys.len() == count)
            || self.frame.bands.len() == count
            || self.frame.values.len() == count
            || self
                .queries
                .iter()
                .any(|query| query.items.len() == count || query.by.len() == count)
            || self.queries.iter().any(|query| periods(query))
            || count >= 20 && self.sizes.values().any(near)
    }
}

/// Whether a number stands for another: converted, of the other sign (a fall of 20 % is a change below -20 %), as a share,
/// or as a multiple.
fn alike(said: Quantity, shown: Quantity) -> bool {
    let (one, other) = (said.value.abs(), shown.value.abs());
    let converted = |from: Quantity, to: Quantity| {
        from.to_unit(to.unit)
            .is_ok_and(|value| value.value.abs() == to.value.abs())
    };
    let hundred = Decimal::ONE_HUNDRED;
    let scaled = |value: Decimal| value.checked_mul(hundred).is_some_and(|value| value == other);
    one == other
        || converted(said, shown)
        || converted(shown, said)
        || scaled(one)
        || scaled(one - Decimal::ONE)
        || powers(one, said.unit.power).is_some_and(|one| powers(other, shown.unit.power) == Some(one))
}

/// A value without the power of ten of its unit.
fn powers(value: Decimal, power: i8) -> Option<Decimal> {
    jinsheng_core::pow10(value, power.into())
}
