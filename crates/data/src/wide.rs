//! Tables whose columns are periods become tables whose rows are: 「股票代码, 2022, 2023」 is read as 「股票代码, 年份, 数值」, and
//! `2022年营业收入, 2023年营业收入` as 年份 and 营业收入.
//!
//! A number without its period adds up what must not be added. Whoever reads the table afterwards sees rows with a
//! period like those of any other table; which column of the file a value stood in is kept in [`Unpivoted`]. Knows
//! headers and cells, no catalog.

mod items;
pub(crate) mod stacked;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jinsheng_core::{Grain, Period};
use jinsheng_text::{Dated, dated, fold, header::header_unit, normalise};
use serde::{Deserialize, Serialize};

use crate::column::ColumnHead;
use crate::table::{TableHead, TableReader};
use crate::value::{Cell, Row, trim};
use crate::{DataError, Note};

use items::Items;

/// Where the values of a table stood whose periods were columns of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unpivoted {
    /// Column that holds the periods.
    pub period: String,
    /// By column of values and period (as [`Period`] prints): the header in the file.
    pub headers: BTreeMap<String, BTreeMap<String, String>>,
    /// By column of values: what named it in the file's column of items, such as 指标.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub items: BTreeMap<String, String>,
    /// Columns that name no period: they repeat in every row made of one row of the file.
    pub fixed: Vec<String>,
}

impl Unpivoted {
    /// The column of the file in which a value stood, with the item that named its row if one did.
    pub fn header(&self, column: &str, period: Period) -> Option<String> {
        let by_period = self.headers.get(column)?;
        let stood = |period: Period| by_period.get(&period.to_string());
        // A year is its last quarter in reports, and the other way about; so are the first half and the second quarter.
        let twins = match period.grain() {
            Grain::Quarter => [
                period
                    .to_grain(Grain::Half)
                    .filter(|half| half.last_at(Grain::Quarter) == Some(period)),
                period
                    .to_grain(Grain::Year)
                    .filter(|year| year.last_at(Grain::Quarter) == Some(period)),
            ],
            Grain::Half | Grain::Year => [
                period.last_at(Grain::Half).filter(|half| *half != period),
                period.last_at(Grain::Quarter),
            ],
            Grain::Day | Grain::Month => [None, None],
        };
        let header = stood(period).or_else(|| twins.into_iter().flatten().find_map(stood))?;
        Some(match self.items.get(column) {
            Some(item) => format!("{header} · {item}"),
            None => header.clone(),
        })
    }
}

/// How periods are written into the new column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Family {
    /// Years, halves and quarters, as reports name them.
    Report,
    Month,
    Day,
}

impl Family {
    fn of(period: Period) -> Self {
        match period.grain() {
            Grain::Year | Grain::Half | Grain::Quarter => Self::Report,
            Grain::Month => Self::Month,
            Grain::Day => Self::Day,
        }
    }
}

/// Values of one kind: one column of the table to be.
#[derive(Debug)]
struct Value {
    /// Header without the period.
    rest: String,
    /// By period: the column of the file.
    from: BTreeMap<Period, usize>,
}

/// What becomes of the columns of a file.
#[derive(Debug)]
struct Plan {
    fixed: Vec<usize>,
    /// In the order of the file.
    periods: Vec<Period>,
    values: Vec<Value>,
    /// Years alone, so that they may be written as numbers.
    years: bool,
    chinese: bool,
}

/// Headers of columns that give each row its period: such a table is not wide, whatever else it has.
const PERIOD_COLUMNS: [&str; 16] = [
    "年份",
    "年度",
    "年",
    "year",
    "报告年份",
    "报告期",
    "期间",
    "report_period",
    "reportperiod",
    "period",
    "年月",
    "月份",
    "month",
    "日期",
    "date",
    "quarter",
];

impl Plan {
    fn find(head: &TableHead) -> Option<Self> {
        let columns = &head.columns;
        // 中证2000 beside 中证1000, and `x2000` beside `x1`, are numbered and not dated.
        let numbered: HashSet<String> = columns
            .iter()
            .filter(|column| dated(&column.header).is_none())
            .map(|column| shape(&column.header))
            .collect();
        // A forecast beside figures would pass for one.
        let mut dated: Vec<Option<Dated>> = columns
            .iter()
            .map(|column| {
                dated(&column.header)
                    .filter(|dated| !dated.forecast && !numbered.contains(&shape(&column.header)))
            })
            .collect();
        keep_one_family(&mut dated);
        let mut values = by_figure(&dated)?;
        let several: BTreeSet<Period> = values
            .iter()
            .filter(|value| value.from.len() > 1)
            .flat_map(|value| value.from.keys().copied())
            .collect();
        values.retain(|value| value.from.keys().all(|period| several.contains(period)));
        let taken: BTreeSet<usize> = values
            .iter()
            .flat_map(|value| value.from.values().copied())
            .collect();
        let fixed: Vec<usize> = (0..columns.len())
            .filter(|index| !taken.contains(index))
            .collect();
        let header = |index: &usize| columns.get(*index).map(|column| column.header.as_str());
        let says_something = fixed
            .iter()
            .filter_map(header)
            .any(|header| header.chars().any(char::is_alphabetic));
        let has_period = fixed
            .iter()
            .filter_map(header)
            .any(|header| PERIOD_COLUMNS.contains(&fold(header).as_str()));
        if several.is_empty() || !says_something || has_period {
            return None;
        }
        let mut periods: Vec<Period> = Vec::new();
        for dated in dated.iter().flatten() {
            if several.contains(&dated.period) && !periods.contains(&dated.period) {
                periods.push(dated.period);
            }
        }
        Some(Self {
            fixed,
            years: periods.iter().all(|period| period.grain() == Grain::Year),
            periods,
            values,
            chinese: columns.iter().any(|column| !column.header.is_ascii()),
        })
    }

    fn period_header(&self) -> &'static str {
        let family = self
            .periods
            .first()
            .map_or(Family::Report, |period| Family::of(*period));
        match (family, self.years, self.chinese) {
            (_, true, true) => "年份",
            (_, true, false) => "year",
            (Family::Report, _, true) => "报告期",
            (Family::Report, _, false) => "report_period",
            (Family::Month, _, true) => "年月",
            (Family::Month, _, false) => "month",
            (Family::Day, _, true) => "日期",
            (Family::Day, _, false) => "date",
        }
    }

    /// Header of a column of values.
    fn value_header(&self, value: &Value) -> String {
        if is_bare(&value.rest) {
            let name = if self.chinese { "数值" } else { "value" };
            return format!("{name}{}", value.rest);
        }
        value.rest.clone()
    }

    fn period_cell(&self, period: Period) -> Cell<'static> {
        match period.grain() {
            Grain::Year if self.years => Cell::Integer(i64::from(period.index())),
            Grain::Year => Cell::Verbatim(format!("{period}FY").into()),
            Grain::Day => Cell::Date(period.index()),
            _ => Cell::Verbatim(period.to_string().into()),
        }
    }
}

/// Columns by the figure that they are of; none where two are of one figure and period, so that nobody knows which is
/// meant.
fn by_figure(dated: &[Option<Dated>]) -> Option<Vec<Value>> {
    let mut values: Vec<Value> = Vec::new();
    for (index, dated) in dated.iter().enumerate() {
        let Some(dated) = dated else { continue };
        let rest = fold(&dated.rest);
        let known = values.iter().position(|value| fold(&value.rest) == rest);
        let place = known.unwrap_or(values.len());
        if known.is_none() {
            values.push(Value {
                rest: dated.rest.clone(),
                from: BTreeMap::new(),
            });
        }
        if values.get_mut(place)?.from.insert(dated.period, index).is_some() {
            return None;
        }
    }
    Some(values)
}

/// Keeps the periods of the family that most headers name, and of years and halves beside the quarters that end with
/// them the quarters: a total beside its parts is no period of its own.
fn keep_one_family(dated: &mut [Option<Dated>]) {
    let mut counts: BTreeMap<Family, usize> = BTreeMap::new();
    for dated in dated.iter().flatten() {
        *counts.entry(Family::of(dated.period)).or_default() += 1;
    }
    let most = counts
        .into_iter()
        .max_by_key(|(family, count)| (*count, std::cmp::Reverse(*family)));
    let Some((family, _)) = most else { return };
    let all: BTreeSet<Period> = dated.iter().flatten().map(|dated| dated.period).collect();
    let covered = |period: Period| {
        let twin = period.last_at(Grain::Quarter);
        period.grain() > Grain::Quarter && twin.is_some_and(|quarter| all.contains(&quarter))
    };
    // Reports name the second half by the whole year, so a half alone cannot be said.
    let second_half = |period: Period| period.grain() == Grain::Half && period.index().rem_euclid(2) == 1;
    for slot in dated.iter_mut() {
        let kept = slot.as_ref().is_some_and(|dated| {
            let period = dated.period;
            Family::of(period) == family
                && !(family == Family::Report && (covered(period) || second_half(period)))
        });
        if !kept {
            *slot = None;
        }
    }
}

/// A header with `#` for each run of digits.
fn shape(header: &str) -> String {
    let mut shape = String::new();
    for character in normalise(header).chars() {
        match character.is_ascii_digit() {
            true if shape.ends_with('#') => {}
            true => shape.push('#'),
            false => shape.push(character),
        }
    }
    shape
}

/// True when a header says nothing but perhaps a unit.
fn is_bare(rest: &str) -> bool {
    let inside = rest
        .strip_prefix(['(', '['])
        .and_then(|rest| rest.strip_suffix([')', ']']));
    rest.is_empty() || inside.is_some_and(|inside| header_unit(inside).is_some())
}

/// A wide table as a long one: its head, a reader of its rows, and where its values stood.
pub(crate) struct Long<'r> {
    pub(crate) head: TableHead,
    pub(crate) origin: Origin,
    rows: Rows<'r>,
    /// Lines of rows that are left out.
    out: HashSet<u64>,
}

impl<'r> Long<'r> {
    /// How many columns each row has before it becomes one for each period, and these rows. Whether a row sums up others
    /// can only be told by them: a total is one in each period alone.
    pub(crate) fn wide(&mut self) -> (usize, &mut dyn TableReader) {
        (self.rows.columns(), &mut self.rows)
    }

    /// Leaves out the rows of these lines.
    pub(crate) fn leave_out(&mut self, lines: HashSet<u64>) {
        self.out = lines;
    }
}

enum Rows<'r> {
    /// One row of the file becomes one for each period.
    Each {
        reader: &'r mut dyn TableReader,
        plan: Plan,
    },
    /// Rows of items are put together first.
    Together(Items),
}

impl Rows<'_> {
    fn columns(&self) -> usize {
        match self {
            Self::Each { plan, .. } => {
                let values = plan.values.iter().map(|value| value.from.len());
                plan.fixed.len() + values.sum::<usize>()
            }
            Self::Together(items) => items.columns(),
        }
    }
}

/// What [`Unpivoted`] says, by position: names of columns are found later.
#[derive(Debug, Default)]
pub(crate) struct Origin {
    fixed: usize,
    /// Of each column of values: headers by period, and the item.
    values: Vec<(BTreeMap<String, String>, Option<String>)>,
}

impl Origin {
    /// The same by the names that the columns got.
    pub(crate) fn named(self, names: &[String]) -> Unpivoted {
        let name = |index: usize| names.get(index).cloned().unwrap_or_default();
        let mut known = Unpivoted {
            period: name(self.fixed),
            fixed: names.iter().take(self.fixed).cloned().collect(),
            ..Unpivoted::default()
        };
        for (index, (headers, item)) in self.values.into_iter().enumerate() {
            let column = name(self.fixed + 1 + index);
            if let Some(item) = item {
                known.items.insert(column.clone(), item);
            }
            known.headers.insert(column, headers);
        }
        known
    }
}

/// The long form of a table whose headers are periods; the head is given back where they are not.
pub(crate) fn long<'r>(
    head: TableHead,
    reader: &'r mut dyn TableReader,
) -> Result<Result<Long<'r>, (TableHead, &'r mut dyn TableReader)>, DataError> {
    let Some(plan) = Plan::find(&head) else {
        return Ok(Err((head, reader)));
    };
    if let Some(columns) = items::columns(&head, &plan) {
        // What is too large to be put together stays as it is.
        let Some(items) = Items::read(&head, &plan, &columns, reader)? else {
            return Ok(Err((head, reader)));
        };
        return Ok(Ok(items.long(head, &plan)));
    }
    let by_header = |value: &Value| {
        let headers = value.from.iter().filter_map(|(period, index)| {
            let header = head.columns.get(*index)?.header.clone();
            Some((period.to_string(), header))
        });
        headers.collect::<BTreeMap<String, String>>()
    };
    let origin = Origin {
        fixed: plan.fixed.len(),
        values: plan.values.iter().map(|value| (by_header(value), None)).collect(),
    };
    let headers = plan.values.iter().map(|value| plan.value_header(value)).collect();
    let head = long_head(head, &plan, &plan.fixed, headers, None);
    Ok(Ok(Long {
        head,
        origin,
        rows: Rows::Each { reader, plan },
        out: HashSet::new(),
    }))
}

/// Columns that stay, the period, and the columns of values.
fn long_head(
    mut head: TableHead,
    plan: &Plan,
    fixed: &[usize],
    values: Vec<String>,
    item: Option<String>,
) -> TableHead {
    let mut columns: Vec<ColumnHead> = fixed
        .iter()
        .filter_map(|index| head.columns.get(*index).cloned())
        .collect();
    columns.push(ColumnHead::new(plan.period_header()));
    columns.extend(values.iter().map(ColumnHead::new));
    head.notes.push(Note::PeriodsToRows {
        columns: plan.values.iter().map(|value| value.from.len() as u64).sum(),
        period: plan.period_header().to_owned(),
        values,
        item,
    });
    head.columns = columns;
    head
}

/// True for a cell without anything in it.
fn is_blank(cell: &Cell<'_>) -> bool {
    match cell {
        Cell::Missing => true,
        Cell::Text(text) | Cell::Verbatim(text) => trim(text).is_empty(),
        _ => false,
    }
}

/// A row of the file at one period.
struct LongRow<'a> {
    row: &'a dyn Row,
    plan: &'a Plan,
    period: Period,
}

impl LongRow<'_> {
    fn value(&self, index: usize) -> Cell<'_> {
        let from = self
            .plan
            .values
            .get(index)
            .and_then(|value| value.from.get(&self.period));
        from.map_or(Cell::Missing, |column| self.row.cell(*column))
    }
}

impl Row for LongRow<'_> {
    fn line(&self) -> u64 {
        self.row.line()
    }

    fn cell(&self, column: usize) -> Cell<'_> {
        let fixed = &self.plan.fixed;
        match (fixed.get(column), column.checked_sub(fixed.len())) {
            (Some(index), _) => self.row.cell(*index),
            (None, Some(0)) => self.plan.period_cell(self.period),
            (None, Some(after)) => self.value(after - 1),
            (None, None) => Cell::Missing,
        }
    }
}

impl TableReader for Long<'_> {
    fn scan(&mut self, sink: &mut dyn FnMut(&dyn Row) -> Result<(), DataError>) -> Result<(), DataError> {
        let out = &self.out;
        match &mut self.rows {
            Rows::Together(items) => items.scan(out, sink),
            Rows::Each { reader, plan } => {
                let plan = &*plan;
                reader.scan(&mut |row| {
                    if out.contains(&row.line()) {
                        return Ok(());
                    }
                    for period in &plan.periods {
                        let long = LongRow {
                            row,
                            plan,
                            period: *period,
                        };
                        // A period of which the row says nothing is no row: it would be the latest.
                        if (0..plan.values.len()).any(|index| !is_blank(&long.value(index))) {
                            sink(&long)?;
                        }
                    }
                    Ok(())
                })
            }
        }
    }

    fn notes(&mut self) -> Result<Vec<Note>, DataError> {
        self.rows.notes()
    }
}

/// Rows before they become one for each period.
impl TableReader for Rows<'_> {
    fn scan(&mut self, sink: &mut dyn FnMut(&dyn Row) -> Result<(), DataError>) -> Result<(), DataError> {
        match self {
            Self::Each { reader, .. } => reader.scan(sink),
            Self::Together(items) => items.scan_wide(sink),
        }
    }

    fn sums_up(&self) -> bool {
        match self {
            Self::Each { reader, .. } => reader.sums_up(),
            Self::Together(items) => items.sums_up,
        }
    }

    fn notes(&mut self) -> Result<Vec<Note>, DataError> {
        match self {
            Self::Each { reader, .. } => reader.notes(),
            Self::Together(items) => Ok(std::mem::take(&mut items.notes)),
        }
    }
}

#[cfg(test)]
mod tests;
