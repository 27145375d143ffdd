//! Periods for people: `2025Q3` is 前三季度, 第三季度 or 三季度末, as the figures beside it demand.

use std::collections::BTreeSet;

use jinsheng_core::{Grain, Lang, Period};
use jinsheng_semantics::catalog::{Catalog, TimeBehaviour};
use jinsheng_semantics::query::{ChangeKind, Condition, Expr, Form, Query};

/// What the figures of a result say about time, when all say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// From the start of the year.
    YearToDate,
    /// The period alone.
    Single,
    /// The twelve months up to its end.
    TwelveMonths,
    /// At its end.
    End,
}

/// What all values of a Query say about time; `None` when they differ or say nothing.
pub fn reach(query: &Query, catalog: &Catalog) -> Option<Reach> {
    let mut found = BTreeSet::new();
    for item in &query.items {
        gather(&item.expr, catalog, None, 0, &mut found);
    }
    let flows: Vec<Reach> = found
        .iter()
        .copied()
        .filter(|reach| *reach != Reach::End)
        .collect();
    match flows.as_slice() {
        [] => found.first().copied(),
        [one] => Some(*one),
        _ => None,
    }
}

/// Formulas nested deeper are refused by the binding of Queries.
const MAX_DEPTH: u32 = 32;

fn gather(expr: &Expr, catalog: &Catalog, form: Option<Form>, depth: u32, into: &mut BTreeSet<Reach>) {
    if depth > MAX_DEPTH {
        return;
    }
    match expr {
        Expr::Metric(reference) => {
            let Some(metric) = catalog.metric(&reference.name) else {
                return;
            };
            let form = reference.form.or(form).or(metric.form);
            let by_formula = reference.variant.as_deref() == Some("formula") || metric.measure.is_none();
            match (catalog.behaviour(metric), catalog.formula(&reference.name)) {
                (_, Some(formula)) if by_formula => gather(formula, catalog, form, depth + 1, into),
                (Some(TimeBehaviour::FlowYtd), _) => {
                    into.insert(of_form(form.unwrap_or(Form::Ytd)));
                }
                (Some(TimeBehaviour::Flow), _) => {
                    into.insert(of_form(form.unwrap_or(Form::Single)));
                }
                (Some(TimeBehaviour::Stock), _) => {
                    into.insert(Reach::End);
                }
                _ => {}
            }
        }
        Expr::Change(ChangeKind::Qoq | ChangeKind::QoqDiff, inner) => {
            gather(
                inner,
                catalog,
                Some(form.unwrap_or(Form::Single)),
                depth + 1,
                into,
            );
        }
        Expr::Streak(condition) => conditions(condition, catalog, form, depth, into),
        other => other
            .parts()
            .into_iter()
            .for_each(|part| gather(part, catalog, form, depth + 1, into)),
    }
}

fn conditions(
    condition: &Condition,
    catalog: &Catalog,
    form: Option<Form>,
    depth: u32,
    into: &mut BTreeSet<Reach>,
) {
    condition
        .exprs()
        .into_iter()
        .for_each(|part| gather(part, catalog, form, depth + 1, into));
}

fn of_form(form: Form) -> Reach {
    match form {
        Form::Ytd => Reach::YearToDate,
        Form::Single => Reach::Single,
        Form::Ttm => Reach::TwelveMonths,
    }
}

/// The period in words.
pub fn words(period: Period, reach: Option<Reach>, lang: Lang) -> String {
    let year = period.calendar_year();
    match (period.grain(), reach) {
        (Grain::Quarter, Some(reach)) => quarter(year, period.index().rem_euclid(4) + 1, reach, lang),
        (Grain::Half, Some(reach)) => half(year, period.index().rem_euclid(2) + 1, reach, lang),
        (Grain::Month, _) => {
            let month = period.index().rem_euclid(12) + 1;
            lang.pick(format!("{year}年{month}月"), period.to_string())
        }
        (Grain::Year, Some(Reach::End)) => lang.pick(format!("{year}年末"), format!("end of {year}")),
        (Grain::Year, _) => lang.pick(format!("{year}年"), year.to_string()),
        _ => period.to_string(),
    }
}

fn quarter(year: i32, quarter: i32, reach: Reach, lang: Lang) -> String {
    let numeral = match quarter {
        1 => "一",
        2 => "二",
        3 => "三",
        _ => "四",
    };
    match (reach, lang) {
        (Reach::YearToDate, Lang::Zh) => match quarter {
            1 => format!("{year}年第一季度"),
            2 => format!("{year}年上半年"),
            3 => format!("{year}年前三季度"),
            _ => format!("{year}年全年"),
        },
        (Reach::YearToDate, Lang::En) => format!("{year} Q{quarter} YTD"),
        (Reach::Single, Lang::Zh) => format!("{year}年第{numeral}季度"),
        (Reach::Single, Lang::En) => format!("{year} Q{quarter}"),
        (Reach::TwelveMonths, Lang::Zh) => format!("截至{year}年{}月的12个月", quarter * 3),
        (Reach::TwelveMonths, Lang::En) => format!("12 months to {year} Q{quarter}"),
        (Reach::End, Lang::Zh) => format!("{year}年{}月末", quarter * 3),
        (Reach::End, Lang::En) => format!("end of {year} Q{quarter}"),
    }
}

fn half(year: i32, half: i32, reach: Reach, lang: Lang) -> String {
    let name = if half == 1 { "上" } else { "下" };
    match (reach, lang) {
        (Reach::YearToDate, Lang::Zh) if half == 1 => format!("{year}年上半年"),
        (Reach::YearToDate, Lang::Zh) => format!("{year}年全年"),
        (Reach::YearToDate, Lang::En) => format!("{year} H{half} YTD"),
        (Reach::Single, Lang::Zh) => format!("{year}年{name}半年"),
        (Reach::Single, Lang::En) => format!("{year} H{half}"),
        (Reach::TwelveMonths, Lang::Zh) => format!("截至{year}年{}月的12个月", half * 6),
        (Reach::TwelveMonths, Lang::En) => format!("12 months to {year} H{half}"),
        (Reach::End, Lang::Zh) => format!("{year}年{}月末", half * 6),
        (Reach::End, Lang::En) => format!("end of {year} H{half}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_is_named_by_what_the_figures_cover() {
        let third = Period::quarter(2025, 3);
        for (reach, zh, en) in [
            (Some(Reach::YearToDate), "2025年前三季度", "2025 Q3 YTD"),
            (Some(Reach::Single), "2025年第三季度", "2025 Q3"),
            (
                Some(Reach::TwelveMonths),
                "截至2025年9月的12个月",
                "12 months to 2025 Q3",
            ),
            (Some(Reach::End), "2025年9月末", "end of 2025 Q3"),
            (None, "2025Q3", "2025Q3"),
        ] {
            assert_eq!(words(third, reach, Lang::Zh), zh);
            assert_eq!(words(third, reach, Lang::En), en);
        }
        assert_eq!(
            words(Period::half(2025, 2), Some(Reach::Single), Lang::Zh),
            "2025年下半年"
        );
        assert_eq!(
            words(Period::half(2025, 1), Some(Reach::YearToDate), Lang::En),
            "2025 H1 YTD"
        );
        assert_eq!(words(Period::month(2025, 9), None, Lang::Zh), "2025年9月");
        assert_eq!(
            words(Period::year(2024), Some(Reach::YearToDate), Lang::En),
            "2024"
        );
    }
}
