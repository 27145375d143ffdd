//! Periods as sources spell them, brought to one form: `2025H1`, `2025HY`, `HY` beside `2025`, `2025-06-30`,
//! `2025年半年度`, `20250630` are one report.

use jinsheng_core::{Grain, Period};
use jinsheng_text::normalise;

use crate::value::{DateRead, compact_date, read_date};
use crate::{ColumnKind, ColumnMeta};

/// The report period that one or several cells name together; none when they name none.
///
/// Reports of Chinese companies are year-to-date, so a year, `FY`, the fourth quarter and 31 December are one, and so
/// are `H1`, `HY`, the second quarter and 30 June. Months and other days stay what they are.
pub fn report_period(parts: &[&str]) -> Option<Period> {
    let parts: Vec<String> = parts
        .iter()
        .map(|part| normalise(part).to_uppercase())
        .filter(|part| !part.is_empty())
        .collect();
    match parts.as_slice() {
        [] => None,
        [one] => single(one),
        [first, second] => {
            // A whole period in one column makes the year in another one superfluous, but it must agree.
            let (years, others): (Vec<&String>, Vec<&String>) = [first, second]
                .into_iter()
                .partition(|part| year_of(part).is_some());
            match (years.as_slice(), others.as_slice()) {
                ([year], [other]) => match single(other) {
                    Some(period) => (Some(period.calendar_year()) == year_of(year)).then_some(period),
                    None => single(&format!("{}{other}", year_of(year)?)),
                },
                _ => None,
            }
        }
        _ => None,
    }
}

/// `2025` or `2025年`.
fn year_of(text: &str) -> Option<i32> {
    let digits = text
        .strip_suffix("年度")
        .or_else(|| text.strip_suffix('年'))
        .unwrap_or(text);
    let year: i32 = (digits.len() == 4).then(|| digits.parse().ok()).flatten()?;
    (1900..=2200).contains(&year).then_some(year)
}

fn single(text: &str) -> Option<Period> {
    if let Some(year) = year_of(text) {
        return Some(Period::quarter(year, 4));
    }
    if let Some(DateRead::Day(day)) = read_date(text) {
        return Some(of_day(day));
    }
    if text.len() == 8
        && let Some(day) = text.parse().ok().and_then(compact_date)
    {
        return Some(of_day(day));
    }
    let compact: String = text
        .chars()
        .filter(|character| !matches!(character, ' ' | '-' | '_' | '.' | '/'))
        .collect();
    let year: i32 = compact
        .get(..4)?
        .parse()
        .ok()
        .filter(|year| (1900..=2200).contains(year))?;
    let rest = compact.get(4..)?;
    let rest = rest.strip_prefix('年').unwrap_or(rest);
    let quarter = match rest {
        "Q1" | "1Q" | "一季报" | "一季度" | "第一季度" | "1季度" | "一季度报告" | "第一季度报告"
        | "1季报" => 1,
        "Q2" | "2Q" | "H1" | "1H" | "HY" | "S1" | "半年报" | "中报" | "半年度" | "上半年" | "半年度报告"
        | "二季度" | "第二季度" => 2,
        "Q3" | "3Q" | "三季报" | "三季度" | "第三季度" | "前三季度" | "3季度" | "三季度报告"
        | "第三季度报告" | "3季报" => 3,
        "FY" | "Q4" | "4Q" | "H2" | "A" | "Y" | "年报" | "年度" | "年度报告" | "全年" | "四季度"
        | "第四季度" | "度" | "度报告" | "报" => 4,
        _ => return text.parse::<Period>().ok().map(canonical),
    };
    Some(Period::quarter(year, quarter))
}

fn of_day(day: i32) -> Period {
    canonical(Period::new(Grain::Day, day))
}

/// The last day of a quarter stands for the report of that quarter.
fn canonical(period: Period) -> Period {
    match period.grain() {
        Grain::Year => Period::quarter(period.calendar_year(), 4),
        Grain::Day => match period.to_grain(Grain::Quarter) {
            Some(quarter) if quarter.last_at(Grain::Day) == Some(period) => quarter,
            _ => period,
        },
        _ => period,
    }
}

/// What part of a period a column holds, judged by its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PeriodPart {
    /// A whole period: a date, `2025Q3`.
    Whole,
    /// A year.
    Year,
    /// `Q3`, `FY` without a year.
    WithinYear,
}

/// Judges a column by its samples and range.
pub(crate) fn period_part(column: &ColumnMeta) -> Option<PeriodPart> {
    if column.samples.is_empty() {
        return None;
    }
    let all = |test: &dyn Fn(&str) -> bool| column.samples.iter().all(|sample| test(sample));
    match column.kind {
        ColumnKind::Date => Some(PeriodPart::Whole),
        ColumnKind::Integer if column.unit.is_none() => {
            let bounds = [column.min.as_deref(), column.max.as_deref()];
            bounds
                .iter()
                .all(|bound| bound.and_then(year_of).is_some())
                .then_some(PeriodPart::Year)
        }
        ColumnKind::Text => {
            if all(&|sample| year_of(&normalise(sample)).is_some()) {
                Some(PeriodPart::Year)
            } else if all(&|sample| report_period(&[sample]).is_some()) {
                Some(PeriodPart::Whole)
            } else if all(&|sample| report_period(&["2025", sample]).is_some()) {
                Some(PeriodPart::WithinYear)
            } else {
                None
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_report() {
        for parts in [
            &["2025H1"][..],
            &["2025HY"],
            &["HY", "2025"],
            &["2025", "Q2"],
            &["2025-06-30"],
            &["20250630"],
            &["2025年半年度"],
            &["2025年中报"],
            &["2025H1", "2025"],
            &["2025年", "半年报"],
            &["2025/6/30"],
        ] {
            assert_eq!(report_period(parts), Some(Period::quarter(2025, 2)), "{parts:?}");
        }
        for parts in [
            &["2024FY"][..],
            &["2024"],
            &["2024年"],
            &["FY", "2024"],
            &["2024-12-31"],
            &["2024年年报"],
            &["2024年度报告"],
        ] {
            assert_eq!(report_period(parts), Some(Period::quarter(2024, 4)), "{parts:?}");
        }
        assert_eq!(
            report_period(&["2025-06-29"]).map(Period::grain),
            Some(Grain::Day)
        );
        assert_eq!(report_period(&["2025-09"]), Some(Period::month(2025, 9)));
        for parts in [
            &["x"][..],
            &[""],
            &["2025H1", "2024"],
            &["2025", "2024"],
            &["Q1"],
            &["20251"],
            &["2025Q3", "2025Q3"],
        ] {
            assert_eq!(report_period(parts), None, "{parts:?}");
        }
    }
}
