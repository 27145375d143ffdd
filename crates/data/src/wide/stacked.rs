//! Tables in which each row says of itself which figure it holds: 「股票代码, 指标, 年份, 数值」. They are imported as they are, with a word of
//! warning: what adds up the column of values adds up unlike figures.

use jinsheng_text::{fold, header::split_unit};

use super::items::{ITEMS, OF_THE_ROW, UNITS};
use crate::Note;
use crate::table::TableHead;

/// Headers that say no more than that figures stand below. An amount is a figure of one kind.
const VALUES: [&str; 10] = [
    "数值",
    "值",
    "指标值",
    "数据",
    "数据值",
    "value",
    "values",
    "val",
    "obs_value",
    "figure",
];

/// The warning, where one column names figures and another holds them.
pub(crate) fn note(head: &TableHead) -> Option<Note> {
    let folded: Vec<String> = head
        .columns
        .iter()
        .map(|column| fold(&split_unit(&column.header).0))
        .collect();
    let find = |names: &[&str]| folded.iter().position(|header| names.contains(&header.as_str()));
    let (item, value) = (find(&ITEMS)?, find(&VALUES)?);
    let header = |index: usize| {
        head.columns
            .get(index)
            .map(|column| column.header.trim().to_owned())
    };
    let said = |folded: &str| UNITS.contains(&folded) || OF_THE_ROW.contains(&folded);
    let keys = folded.iter().enumerate();
    Some(Note::StackedFigures {
        item: header(item)?,
        value: header(value)?,
        keys: keys
            .filter(|(index, folded)| *index != item && *index != value && !said(folded))
            .filter_map(|(index, _)| header(index))
            .collect(),
    })
}
