//! Wide tables with a column of items: 「股票代码, 指标, 2022, 2023」. Each item is a figure of its own, so it becomes a column, and
//! the rows of one subject become one row for each period.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use jinsheng_text::{fold, header::split_unit, normalise};

use super::{Long, Origin, Plan, Rows, is_bare, is_blank, long_head};
use crate::table::{TableHead, TableReader};
use crate::value::{Cell, Row, trim};
use crate::{DataError, Note};

/// Headers of columns that name figures.
pub(super) const ITEMS: [&str; 17] = [
    "指标",
    "指标名称",
    "指标名",
    "项目",
    "科目",
    "科目名称",
    "会计科目",
    "报表项目",
    "财务指标",
    "财务指标名称",
    "数据项",
    "item",
    "items",
    "lineitem",
    "indicator",
    "metric",
    "account",
];
pub(super) const UNITS: [&str; 4] = ["单位", "计量单位", "unit", "units"];
/// Headers of columns that say something of the item's row in the file, not of the subject.
pub(super) const OF_THE_ROW: [&str; 14] = [
    "",
    "序号",
    "行次",
    "行号",
    "附注",
    "附注号",
    "注释",
    "no",
    "no.",
    "index",
    "note",
    "notes",
    "#",
    "编号",
];
/// Most items, and most cells of the table to be; such tables are summaries, and are held in memory.
const MOST_ITEMS: usize = 1000;
const MOST_CELLS: usize = 1 << 20;
const MOST_TEXT: usize = 64 << 20;

/// Columns of the file that matter.
pub(super) struct Columns {
    item: usize,
    unit: Option<usize>,
    /// What a row is about.
    subject: Vec<usize>,
}

/// The columns, if one of them names the figure of each row.
pub(super) fn columns(head: &TableHead, plan: &Plan) -> Option<Columns> {
    let [only] = plan.values.as_slice() else {
        return None;
    };
    let called = |index: &usize, names: &[&str]| {
        let header = head
            .columns
            .get(*index)
            .map(|column| split_unit(&column.header).0);
        header.is_some_and(|header| names.contains(&fold(&header).as_str()))
    };
    let find = |names: &[&str]| plan.fixed.iter().copied().find(|index| called(index, names));
    let item = find(&ITEMS).filter(|_| is_bare(&only.rest))?;
    let unit = find(&UNITS);
    let subject = plan
        .fixed
        .iter()
        .copied()
        .filter(|index| *index != item && Some(*index) != unit && !called(index, &OF_THE_ROW));
    Some(Columns {
        item,
        unit,
        subject: subject.collect(),
    })
}

/// The rows put together.
pub(super) struct Items {
    subject: Vec<usize>,
    /// Header of the column of items.
    column: String,
    /// Items as headers, in the order of the file.
    headers: Vec<String>,
    groups: Vec<Group>,
    plan: Plan,
    pub(super) notes: Vec<Note>,
    /// As the reader of the file says.
    pub(super) sums_up: bool,
}

/// Rows of the file about one subject.
struct Group {
    line: u64,
    subject: Vec<Cell<'static>>,
    /// Values by item and period. An item that repeats begins another row, so that a repetition can be seen.
    layers: Vec<BTreeMap<usize, Vec<Cell<'static>>>>,
}

/// Rows of the file as they are put together.
struct Gathering<'a> {
    plan: &'a Plan,
    columns: &'a Columns,
    /// Unit that the headers of the periods or of the items name.
    general: Option<String>,
    /// Items by their headers, folded.
    items: HashMap<String, usize>,
    headers: Vec<String>,
    /// Groups by what they are about.
    places: HashMap<String, usize>,
    groups: Vec<Group>,
    cells: usize,
    text: usize,
    /// Every item has a name, and there are not too many of anything.
    fits: bool,
}

impl Gathering<'_> {
    fn take(&mut self, row: &dyn Row) {
        let only = self.plan.values.first();
        let at = |period| only.and_then(|value| value.from.get(period));
        let values: Vec<Cell<'static>> = self
            .plan
            .periods
            .iter()
            .map(|period| at(period).map_or(Cell::Missing, |column| owned(row.cell(*column))))
            .collect();
        // A heading such as 流动资产：.
        if !self.fits || values.iter().all(is_blank) {
            return;
        }
        let item = self.item(row);
        let subject = self.columns.subject.iter();
        let subject: Vec<Cell<'static>> = subject.map(|index| owned(row.cell(*index))).collect();
        let key: Vec<String> = subject
            .iter()
            .map(|cell| trim(&cell.shown()).to_owned())
            .collect();
        let key = key.join("\0");
        self.cells += values.len() + 1;
        self.text += key.len() + values.iter().map(|cell| cell.shown().len()).sum::<usize>();
        let place = *self.places.entry(key).or_insert(self.groups.len());
        if place == self.groups.len() {
            self.groups.push(Group {
                line: row.line(),
                subject,
                layers: Vec::new(),
            });
        }
        self.fits &= self.headers.len() <= MOST_ITEMS && self.cells <= MOST_CELLS && self.text <= MOST_TEXT;
        if let Some(group) = self.groups.get_mut(place) {
            match group.layers.iter_mut().find(|layer| !layer.contains_key(&item)) {
                Some(layer) => {
                    layer.insert(item, values);
                }
                None => group.layers.push(BTreeMap::from([(item, values)])),
            }
        }
    }

    /// The place among the headers of the item that a row is of.
    fn item(&mut self, row: &dyn Row) -> usize {
        let item = normalise(&row.cell(self.columns.item).shown());
        self.fits &= !item.is_empty();
        let unit = self.columns.unit.map(|unit| normalise(&row.cell(unit).shown()));
        let unit = unit
            .filter(|unit| !unit.is_empty())
            .or_else(|| self.general.clone());
        let header = with_unit(&item, unit);
        let next = self.headers.len();
        let index = *self.items.entry(fold(&header)).or_insert(next);
        if index == next {
            self.headers.push(header);
        }
        index
    }
}

impl Items {
    /// Reads all rows; none when they cannot be put together: an item without a name, or too many cells.
    pub(super) fn read(
        head: &TableHead,
        plan: &Plan,
        columns: &Columns,
        reader: &mut dyn TableReader,
    ) -> Result<Option<Self>, DataError> {
        let item_header = head
            .columns
            .get(columns.item)
            .map_or("", |column| column.header.as_str());
        let of_periods = plan.values.first().and_then(|value| unit_text(&value.rest));
        let mut gathering = Gathering {
            plan,
            columns,
            general: of_periods.or_else(|| unit_text(item_header)),
            items: HashMap::new(),
            headers: Vec::new(),
            places: HashMap::new(),
            groups: Vec::new(),
            cells: 0,
            text: 0,
            fits: true,
        };
        reader.scan(&mut |row| {
            gathering.take(row);
            Ok(())
        })?;
        let Gathering {
            headers,
            groups,
            fits,
            ..
        } = gathering;
        let rows: usize = groups.iter().map(|group| group.layers.len()).sum();
        let wanted = rows
            .saturating_mul(plan.periods.len())
            .saturating_mul(headers.len() + columns.subject.len() + 1);
        if !fits || headers.is_empty() || wanted > MOST_CELLS {
            return Ok(None);
        }
        Ok(Some(Self {
            subject: columns.subject.clone(),
            column: item_header.to_owned(),
            headers,
            groups,
            plan: Plan {
                fixed: Vec::new(),
                periods: plan.periods.clone(),
                values: Vec::new(),
                ..*plan
            },
            notes: reader.notes()?,
            sums_up: reader.sums_up(),
        }))
    }

    /// The table to be.
    pub(super) fn long<'r>(self, head: TableHead, plan: &Plan) -> Long<'r> {
        let by_period: BTreeMap<String, String> = plan
            .values
            .iter()
            .flat_map(|value| &value.from)
            .filter_map(|(period, index)| {
                let header = head.columns.get(*index)?.header.clone();
                Some((period.to_string(), header))
            })
            .collect();
        let values = self.headers.iter();
        let origin = Origin {
            fixed: self.subject.len(),
            values: values
                .map(|item| (by_period.clone(), Some(item.clone())))
                .collect(),
        };
        let head = long_head(
            head,
            plan,
            &self.subject,
            self.headers.clone(),
            Some(self.column.clone()),
        );
        Long {
            head,
            origin,
            rows: Rows::Together(self),
            out: HashSet::new(),
        }
    }

    /// Columns of a row of [`Self::scan_wide`].
    pub(super) fn columns(&self) -> usize {
        self.subject.len() + self.headers.len() * self.plan.periods.len()
    }

    /// One row for each subject, with all its items and periods.
    pub(super) fn scan_wide(
        &self,
        sink: &mut dyn FnMut(&dyn Row) -> Result<(), DataError>,
    ) -> Result<(), DataError> {
        let periods = self.plan.periods.len();
        for group in &self.groups {
            for layer in &group.layers {
                sink(&WideRow {
                    group,
                    layer,
                    periods,
                })?;
            }
        }
        Ok(())
    }

    /// Rows of the table to be, but for the subjects that begin at some lines.
    pub(super) fn scan(
        &self,
        out: &HashSet<u64>,
        sink: &mut dyn FnMut(&dyn Row) -> Result<(), DataError>,
    ) -> Result<(), DataError> {
        for group in self.groups.iter().filter(|group| !out.contains(&group.line)) {
            for layer in &group.layers {
                for (place, period) in self.plan.periods.iter().enumerate() {
                    let row = Together {
                        group,
                        layer,
                        place,
                        period: self.plan.period_cell(*period),
                    };
                    if layer.keys().any(|item| !is_blank(&row.value(*item))) {
                        sink(&row)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// All that the file says of a subject: its values by item, and by period within each.
struct WideRow<'a> {
    group: &'a Group,
    layer: &'a BTreeMap<usize, Vec<Cell<'static>>>,
    periods: usize,
}

impl Row for WideRow<'_> {
    fn line(&self) -> u64 {
        self.group.line
    }

    fn cell(&self, column: usize) -> Cell<'_> {
        let subject = &self.group.subject;
        let cell = subject.get(column).or_else(|| {
            let after = column.checked_sub(subject.len())?;
            let item = after.checked_div(self.periods)?;
            self.layer.get(&item)?.get(after % self.periods)
        });
        cell.map_or(Cell::Missing, Cell::borrowed)
    }
}

/// One row of the table to be.
struct Together<'a> {
    group: &'a Group,
    layer: &'a BTreeMap<usize, Vec<Cell<'static>>>,
    place: usize,
    period: Cell<'static>,
}

impl Together<'_> {
    fn value(&self, item: usize) -> Cell<'_> {
        let cell = self.layer.get(&item).and_then(|values| values.get(self.place));
        cell.map_or(Cell::Missing, Cell::borrowed)
    }
}

impl Row for Together<'_> {
    fn line(&self) -> u64 {
        self.group.line
    }

    fn cell(&self, column: usize) -> Cell<'_> {
        let subject = &self.group.subject;
        match (subject.get(column), column.checked_sub(subject.len())) {
            (Some(cell), _) => cell.borrowed(),
            (None, Some(0)) => self.period.borrowed(),
            (None, Some(after)) => self.value(after - 1),
            (None, None) => Cell::Missing,
        }
    }
}

/// The unit that a header names, as it is written.
fn unit_text(header: &str) -> Option<String> {
    split_unit(header).1.map(|unit| unit.to_string())
}

/// An item with the unit of its row: 营业收入 in 万元 becomes `营业收入(万元)`.
fn with_unit(item: &str, unit: Option<String>) -> String {
    // What is a share of something has its own unit, whatever the amounts above it are in.
    let ratio = ["率", "比", "比例", "占比", "比重", "倍数"]
        .iter()
        .any(|end| item.ends_with(end));
    match unit {
        Some(unit) if split_unit(item).1.is_none() && (!ratio || unit == "%" || unit == "倍") => {
            format!("{item}({unit})")
        }
        _ => item.to_owned(),
    }
}

/// The same cell with its own text.
fn owned(cell: Cell<'_>) -> Cell<'static> {
    match cell {
        Cell::Missing => Cell::Missing,
        Cell::Text(text) => Cell::Text(Cow::Owned(text.into_owned())),
        Cell::Verbatim(text) => Cell::Verbatim(Cow::Owned(text.into_owned())),
        Cell::Integer(value) => Cell::Integer(value),
        Cell::Number(number) => Cell::Number(number),
        Cell::Float(float) => Cell::Float(float),
        Cell::Single(float) => Cell::Single(float),
        Cell::Percent(number) => Cell::Percent(number),
        Cell::Boolean(truth) => Cell::Boolean(truth),
        Cell::Date(day) => Cell::Date(day),
        Cell::Timestamp(micros) => Cell::Timestamp(micros),
        Cell::Unreadable(what) => Cell::Unreadable(Cow::Owned(what.into_owned())),
    }
}
