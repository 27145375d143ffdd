//! Columns whose numbers have no meaning of their own: those that name a period, and those of which each row is another
//! figure. Added up they would be wrong numbers, so they are left out with what to do.
//!
//! Most such files become rows with a period when they are imported; what comes here is what could not, and what was
//! imported by a version that did not know them.

use std::collections::{BTreeMap, BTreeSet};

use jinsheng_text::{dated, fold};

use crate::catalog::TimeBehaviour;

use super::draft::{ColumnDraft, Draft, Meaning, TableDraft};
use super::lexicon::{Concept, Kind, Lexicon, keys_of};
use super::names::{label_forms, label_key};
use super::profile::ColumnKind;

/// Leaves such columns out of the draft.
pub(crate) fn set_aside(draft: &mut Draft<'_>) {
    for index in 0..draft.tables.len() {
        if draft.tables.get(index).is_some_and(|table| !table.left) {
            undated(draft, index);
            periods(draft, index);
            figures_by_row(draft, index);
        }
    }
}

/// Numbers beside columns that became rows: of which period they are nobody knows.
fn undated(draft: &mut Draft<'_>, index: usize) {
    let Some(table) = draft.tables.get(index) else {
        return;
    };
    let found: Vec<usize> = numbers(table)
        .filter(|place| {
            table
                .columns
                .get(*place)
                .is_some_and(|column| column.profile.undated)
        })
        .collect();
    for place in found {
        draft.leave(
            index,
            place,
            "文件中其他列是各个期间，这一列不知属于哪一期（合计、预测或增幅）：逐期重复会算错；需要时单独导入一张表",
            "the other columns of the file are periods, and of which period this one is (a total, a forecast, a growth) is not known: import it as a table of its own if it is needed",
        );
    }
}

/// Amounts of quarters that stood side by side: reports give them since the start of the year, other tables do not.
pub(crate) fn cumulative(draft: &mut Draft<'_>) {
    let mut unsure = Vec::new();
    for table in draft.tables.iter().filter(|table| !table.left) {
        let from_columns = table.profile.columns.iter().any(|column| column.undated);
        let amounts: Vec<&str> = table
            .columns
            .iter()
            .filter_map(|column| column.measure())
            .filter(|measure| measure.time == TimeBehaviour::FlowYtd)
            .map(|measure| measure.name.as_str())
            .collect();
        if from_columns && !amounts.is_empty() {
            unsure.push((table.name.clone(), amounts.join(", ")));
        }
    }
    for (table, amounts) in unsure {
        draft.unsure(
            format!("tables.{table}.measures.*.time"),
            format!("文件的季度列按报告口径当作年初至期末累计；若是单季数，请改为 flow：{amounts}"),
            format!("columns of quarters are taken as amounts since the start of the year, as reports give them; say flow if they are of the quarter alone: {amounts}"),
            "flow_ytd",
            vec!["flow".to_owned()],
        );
    }
}

/// Open columns of numbers.
fn numbers<'t>(table: &'t TableDraft<'_>) -> impl Iterator<Item = usize> + 't {
    let columns = table.columns.iter().enumerate();
    columns
        .filter(|(_, column)| column.is_open() && column.profile.kind.is_number())
        .map(|(place, _)| place)
}

/// `2022`, `2023`: the same figure in several columns, each of a period.
fn periods(draft: &mut Draft<'_>, index: usize) {
    let Some(table) = draft.tables.get(index) else {
        return;
    };
    let mut by_rest: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
    for place in numbers(table) {
        let Some(column) = table.columns.get(place) else {
            continue;
        };
        let header = match column.profile.header.is_empty() {
            true => &column.profile.name,
            false => &column.profile.header,
        };
        if let Some(dated) = dated(header) {
            let entry = by_rest.entry(fold(&dated.rest)).or_default();
            entry.push((place, column.profile.name.clone()));
        }
    }
    let found: Vec<(usize, String)> = by_rest
        .into_values()
        .filter(|columns| columns.len() > 1)
        .flatten()
        .collect();
    if found.is_empty() {
        return;
    }
    let names: Vec<&str> = found.iter().take(4).map(|(_, name)| name.as_str()).collect();
    let path = format!("tables.{}", table.name);
    let (zh, en) = (names.join("、"), names.join(", "));
    for (place, _) in &found {
        draft.leave(
            index,
            *place,
            "列名是期间，不能当作指标相加",
            "its name is a period, and what is of several periods is not added up",
        );
    }
    draft.unsure(
        path,
        format!("宽表：{zh} 等列各是一个期间，没有起草指标。请重新导入该文件（`jinsheng data add`，不用 --keep-columns），导入时会按期间改为行；若仍如此，请把表改成每个期间一行、期间单独一列（如 年份）后再导入"),
        format!("a wide table: {en} are columns of one period each, and no metric was drafted of them. Import the file again (`jinsheng data add` without --keep-columns), which makes rows of such columns; if they stay, give the file one row a period, with the period in a column of its own (such as `year`)"),
        "left out",
        Vec::new(),
    );
}

/// Headers of columns that name figures, and of numbers that say nothing of what they are. An 金额 by 资产类别 may well be
/// added up, though 存款 is a figure of a balance sheet too.
const ITEMS: [&str; 14] = [
    "指标",
    "指标名称",
    "项目",
    "科目",
    "科目名称",
    "会计科目",
    "报表项目",
    "财务指标",
    "数据项",
    "item",
    "indicator",
    "metric",
    "account",
    "line_item",
];
const VALUES: [&str; 6] = ["数值", "值", "指标值", "value", "obs_value", "data"];

fn is_called(column: &ColumnDraft<'_>, names: &[&str]) -> bool {
    names.iter().any(|name| column.keys.contains(&keys_of(name)))
}

/// A column of texts that are names of figures, beside numbers: each row is another figure.
fn figures_by_row(draft: &mut Draft<'_>, index: usize) {
    let Some(table) = draft.tables.get(index) else {
        return;
    };
    let Some((item, named)) = items(table) else { return };
    let mixed: Vec<usize> = numbers(table)
        .filter(|place| {
            let column = table.columns.get(*place);
            column.is_some_and(|column| {
                is_called(column, &VALUES) || (named && column.meaning == Meaning::Unknown)
            })
        })
        .collect();
    if mixed.is_empty() {
        return;
    }
    let item = table
        .columns
        .get(item)
        .map(|column| column.profile.name.clone())
        .unwrap_or_default();
    let path = format!("tables.{}", table.name);
    for place in mixed {
        draft.leave(
            index,
            place,
            "每行是另一个指标，不能相加",
            "each row is another figure, and they are not added up",
        );
    }
    draft.unsure(
        path,
        format!("`{item}` 的取值是指标名称，每行是不同的指标，没有起草指标。请把表改成每个指标一列后再导入"),
        format!("the texts of `{item}` name figures, so each row is another one, and no metric was drafted of them. Give the file a column for each figure and import it again"),
        "left out",
        Vec::new(),
    );
}

/// A text column most of whose values the lexicon knows as figures, and whether it is called so. 存款 and 贷款 under 产品 are
/// figures of a balance sheet too; states of one kind may be added up, so under another name they are no figures.
fn items(table: &TableDraft<'_>) -> Option<(usize, bool)> {
    table.columns.iter().enumerate().find_map(|(place, column)| {
        let values: BTreeSet<&str> = column.profile.values.iter().map(String::as_str).collect();
        let known: Vec<&Concept> = values.iter().filter_map(|value| figure(value)).collect();
        let named = is_called(column, &ITEMS);
        let figures = column.is_open()
            && column.profile.kind == ColumnKind::Text
            && values.len() >= 2
            && known.len() * 2 >= values.len()
            && (named || known.iter().any(|concept| concept.kind != Kind::Stock));
        figures.then_some((place, named))
    })
}

/// The figure that a text names.
fn figure(text: &str) -> Option<&'static Concept> {
    let lexicon = Lexicon::get();
    let (label, _) = jinsheng_text::header::split_unit(text);
    label_forms(&label, &lexicon.sections)
        .iter()
        .find_map(|form| lexicon.concept(&label_key(form)))
        .and_then(|index| lexicon.concepts.get(index))
}
