//! When the rows are: report periods, dates, months, years; and whether subject and period determine a row.

mod key;
mod text;

use std::collections::BTreeSet;

use super::draft::{Draft, Role, TableDraft};
use super::lexicon::keys_of;
use super::names::words;
use super::profile::{ColumnKind, ColumnProfile};
use crate::catalog::PeriodColumns;

pub(crate) use key::uniqueness;
use text::{date_parts, grain, month_text, report_text, year_text};

/// Dates that say when a figure is true, as opposed to dates that are properties.
const AS_OF: [&str; 30] = [
    "date",
    "trade_date",
    "nav_date",
    "as_of_date",
    "as_of",
    "month_end",
    "end_date",
    "stat_date",
    "data_date",
    "period_end",
    "report_date",
    "biz_date",
    "business_date",
    "trading_day",
    "日期",
    "交易日期",
    "净值日期",
    "截止日期",
    "截至日期",
    "月末日期",
    "统计日期",
    "数据日期",
    "交易日",
    "报告日期",
    "持仓日期",
    "业务日期",
    "发生日期",
    "交易时间",
    "trans_date",
    "timestamp",
];
const YEARS: [&str; 8] = [
    "year",
    "report_year",
    "fiscal_year",
    "年份",
    "年度",
    "报告年份",
    "报告年度",
    "会计年度",
];
const REPORTS: [&str; 8] = [
    "report_period",
    "fiscal_period",
    "period",
    "quarter",
    "报告期",
    "会计期间",
    "报告期间",
    "report_quarter",
];
const MONTHS: [&str; 5] = ["month", "年月", "月份", "year_month", "stat_month"];

fn is_called(profile: &ColumnProfile, keys: &[String], names: &[&str]) -> bool {
    let own = keys_of(&profile.name);
    names
        .iter()
        .map(|name| keys_of(name))
        .any(|name| name == own || keys.contains(&name))
}

fn all(profile: &ColumnProfile, test: impl Fn(&str) -> bool) -> bool {
    !profile.values.is_empty() && profile.values.iter().all(|value| test(value))
}

fn is_date(profile: &ColumnProfile) -> bool {
    // A number of eight digits is a date only if it is called one.
    let called = || {
        let name = profile.name.to_lowercase() + &profile.header;
        ["date", "day", "time", "日"]
            .iter()
            .any(|word| name.contains(word))
    };
    profile.kind.is_time()
        || ((profile.kind == ColumnKind::Text || called())
            && all(profile, |value| date_parts(value).is_some()))
}

fn is_month(column: &super::draft::ColumnDraft<'_>) -> bool {
    let profile = column.profile;
    !profile.kind.is_time()
        && all(profile, month_text)
        && (is_called(profile, &column.keys, &MONTHS)
            || profile.values.iter().all(|value| value.contains('-')))
}

/// True for tables whose rows are about a time even if there happens to be one row a subject.
pub(crate) fn looks_like_series(table: &TableDraft<'_>) -> bool {
    table.columns.iter().any(|column| {
        is_called(column.profile, &column.keys, &REPORTS)
            || is_called(column.profile, &column.keys, &YEARS)
            || (is_called(column.profile, &column.keys, &AS_OF) && is_date(column.profile))
            || is_month(column)
    })
}

/// Finds the period of each table.
pub(crate) fn find(draft: &mut Draft<'_>) {
    for index in 0..draft.tables.len() {
        if draft
            .tables
            .get(index)
            .is_some_and(|table| table.left || table.home_of.is_some())
        {
            continue;
        }
        if !report(draft, index) && !month(draft, index) && !date(draft, index) {
            year(draft, index);
        }
    }
}

fn take(table: &mut TableDraft<'_>, columns: &[usize], period: PeriodColumns) {
    for position in columns {
        if let Some(column) = table.columns.get_mut(*position) {
            column.role = Role::Period;
        }
    }
    table.period = Some(period);
}

fn name_of(table: &TableDraft<'_>, position: usize) -> String {
    table
        .columns
        .get(position)
        .map(|column| column.profile.name.clone())
        .unwrap_or_default()
}

fn year_column(table: &TableDraft<'_>) -> Option<usize> {
    let called = |column: &super::draft::ColumnDraft<'_>, names: &[&str]| {
        column.is_open() && is_called(column.profile, &column.keys, names) && !is_date(column.profile)
    };
    // A column of report periods that holds nothing but years is one of years.
    let yearly = |column: &super::draft::ColumnDraft<'_>| {
        called(column, &REPORTS)
            && column.profile.kind == ColumnKind::Integer
            && all(column.profile, year_text)
    };
    let mut columns = table.columns.iter();
    let own = columns.position(|column| called(column, &YEARS));
    own.or_else(|| table.columns.iter().position(yearly))
}

fn report(draft: &mut Draft<'_>, index: usize) -> bool {
    let Some(table) = draft.tables.get_mut(index) else {
        return false;
    };
    let by_values = |column: &super::draft::ColumnDraft<'_>| {
        column.profile.kind == ColumnKind::Text && all(column.profile, |value| report_text(value).is_some())
    };
    let open = |column: &&super::draft::ColumnDraft<'_>| column.is_open();
    let position = table
        .columns
        .iter()
        .position(|column| {
            open(&column) && by_values(column) && is_called(column.profile, &column.keys, &REPORTS)
        })
        .or_else(|| {
            table
                .columns
                .iter()
                .position(|column| open(&column) && by_values(column))
        })
        .or_else(|| {
            table.columns.iter().position(|column| {
                open(&column)
                    && column.profile.kind == ColumnKind::Text
                    && column.profile.values.is_empty()
                    && is_called(column.profile, &column.keys, &REPORTS)
            })
        });
    let Some(position) = position else {
        return unread_report(draft, index);
    };
    let with_year = table.columns.get(position).is_some_and(|column| {
        column
            .profile
            .values
            .iter()
            .any(|value| report_text(value) == Some(true))
    });
    let year = year_column(table);
    let period = name_of(table, position);
    let name = table.name.clone();
    match year {
        Some(year) if !with_year => {
            let year_name = name_of(table, year);
            take(
                table,
                &[position, year],
                PeriodColumns::Report {
                    year: Some(year_name),
                    period,
                },
            );
        }
        Some(year) => {
            take(table, &[position], PeriodColumns::Report { year: None, period });
            draft.leave(
                index,
                year,
                "报告期文字中已有年份",
                "the report period has the year in it",
            );
        }
        None => {
            take(table, &[position], PeriodColumns::Report { year: None, period });
            if !with_year {
                draft.unsure(
                    format!("tables.{name}.period"),
                    "报告期文字中没有年份，也没有年份列，期间读不出来",
                    "the report period has no year in it and there is no column with the year: no period can be read",
                    "report",
                    Vec::new(),
                );
            }
        }
    }
    true
}

/// A column called 报告期 whose values are none that are understood.
fn unread_report(draft: &mut Draft<'_>, index: usize) -> bool {
    let Some(table) = draft.tables.get(index) else {
        return false;
    };
    let found = table.columns.iter().find(|column| {
        column.is_open()
            && column.profile.kind == ColumnKind::Text
            && is_called(column.profile, &column.keys, &REPORTS)
            && !is_date(column.profile)
            && !all(column.profile, month_text)
    });
    if let Some(column) = found {
        let sample = column
            .profile
            .values
            .iter()
            .take(3)
            .cloned()
            .collect::<Vec<_>>()
            .join("、");
        let path = format!("tables.{}.period", table.name);
        let column = column.profile.name.clone();
        draft.unsure(
            path,
            format!("`{column}` 像报告期，但取值（{sample}）不是 Q1、H1/HY、Q3、FY，请在导入前统一"),
            format!("`{column}` looks like a report period, but its values ({sample}) are not Q1, H1 or HY, Q3, FY"),
            "none",
            vec!["report".to_owned()],
        );
    }
    false
}

fn month(draft: &mut Draft<'_>, index: usize) -> bool {
    let Some(table) = draft.tables.get_mut(index) else {
        return false;
    };
    let position = table
        .columns
        .iter()
        .position(|column| column.is_open() && is_month(column));
    let Some(position) = position else { return false };
    let column = name_of(table, position);
    take(table, &[position], PeriodColumns::MonthText { column });
    true
}

fn date(draft: &mut Draft<'_>, index: usize) -> bool {
    let Some(table) = draft.tables.get_mut(index) else {
        return false;
    };
    let best = table
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.is_open() && is_date(column.profile))
        .map(|(position, column)| (date_score(table, column), position))
        .filter(|(score, _)| *score >= 0)
        .max_by_key(|(score, position)| (*score, std::cmp::Reverse(*position)));
    let Some((_, position)) = best else { return false };
    let Some(column) = table.columns.get(position) else {
        return false;
    };
    let grain = grain(column.profile, table.section);
    let as_text = !column.profile.kind.is_time();
    let column = column.profile.name.clone();
    let name = table.name.clone();
    let year = year_column(table);
    take(
        table,
        &[position],
        PeriodColumns::Date {
            column: column.clone(),
            grain,
        },
    );
    if let Some(year) = year {
        draft.leave(index, year, "年份可从日期得出", "the year follows from the date");
    }
    if as_text {
        draft.unsure(
            format!("tables.{name}.period"),
            format!("`{column}` 是日期，但存为文字或数字"),
            format!("`{column}` has dates stored as text or numbers"),
            "date",
            Vec::new(),
        );
    }
    true
}

fn date_score(table: &TableDraft<'_>, column: &super::draft::ColumnDraft<'_>) -> i32 {
    let mut score = 0;
    if table
        .profile
        .unique_keys
        .iter()
        .any(|key| key.contains(&column.profile.name))
    {
        score += 100;
    }
    if is_called(column.profile, &column.keys, &AS_OF) {
        score += 50;
    }
    if words(&column.profile.name)
        .iter()
        .any(|word| !matches!(word.as_str(), "date" | "day") && table.is_called(word))
    {
        score += 20;
    }
    if super::lexicon::Lexicon::get()
        .dimension(&keys_of(&column.profile.name))
        .or_else(|| {
            column
                .keys
                .iter()
                .find_map(|key| super::lexicon::Lexicon::get().dimension(key))
        })
        .is_some()
    {
        score -= 100;
    }
    score
}

fn year(draft: &mut Draft<'_>, index: usize) {
    let Some(table) = draft.tables.get_mut(index) else {
        return;
    };
    let Some(position) = year_column(table) else {
        return;
    };
    let Some(column) = table.columns.get(position) else {
        return;
    };
    let readable = column.profile.kind == ColumnKind::Integer
        || column.profile.values.is_empty()
        || all(column.profile, |value| year_text(value) && !value.contains('年'));
    if !column.profile.values.is_empty()
        && !all(column.profile, year_text)
        && column.profile.kind != ColumnKind::Integer
    {
        return;
    }
    let column_name = column.profile.name.clone();
    let values: BTreeSet<String> = column.profile.values.iter().cloned().collect();
    let name = table.name.clone();
    take(
        table,
        &[position],
        PeriodColumns::Year {
            column: column_name.clone(),
        },
    );
    let again: Vec<usize> = table
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| {
            column.is_open()
                && is_called(column.profile, &column.keys, &YEARS)
                && column.profile.values.iter().cloned().collect::<BTreeSet<_>>() == values
        })
        .map(|(position, _)| position)
        .collect();
    for position in again {
        draft.leave(
            index,
            position,
            "与另一年份列重复",
            "repeats another column with the year",
        );
    }
    if !readable {
        draft.unsure(
            format!("tables.{name}.period"),
            format!("`{column_name}` 的年份带有文字（如 2019年），请在导入前改为数字"),
            format!("`{column_name}` has years with text (2019年); make them numbers before importing"),
            "year",
            Vec::new(),
        );
    }
}
