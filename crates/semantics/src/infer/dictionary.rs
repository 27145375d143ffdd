//! Data dictionaries as banks keep them: sheets or tables that say what the columns of a database are called.

use std::collections::BTreeMap;

use jinsheng_core::Unit;
use jinsheng_text::header::{header_unit, split_unit};
use jinsheng_text::{fold, normalise};

use super::names::label_key;
use super::profile::TableProfile;

/// What a dictionary says of one column; of the table itself when `column` is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DictionaryEntry {
    /// Name of the table, in Chinese or English; `None` when the dictionary does not divide by table.
    pub table: Option<String>,
    /// Name of the column.
    pub column: String,
    /// Chinese name, with the unit if it stands there.
    pub label_zh: String,
    /// English name.
    pub label_en: String,
    /// Unit, as written.
    pub unit: String,
    /// What it means.
    pub description: String,
    /// Type, as written.
    pub data_type: String,
}

impl DictionaryEntry {
    /// The unit said by the unit cell, or else by a bracket of a label.
    pub(crate) fn stated_unit(&self) -> Option<Unit> {
        header_unit(&self.unit)
            .or_else(|| split_unit(&self.label_zh).1)
            .or_else(|| split_unit(&self.label_en).1)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Table,
    Column,
    Zh,
    En,
    Unit,
    Type,
    Description,
}

/// What a header of a dictionary stands for. `name` is what is called 名称 or `name`: a label if there is another
/// column for names of columns.
fn role(header: &str) -> Option<Role> {
    Some(match fold(header).replace(['_', '-', ' '], "").as_str() {
        "表名" | "表" | "数据表" | "所属表" | "表英文名" | "表英文名称" | "table" | "tablename"
        | "dataset" | "sheet" => Role::Table,
        "字段名称" | "字段名" | "字段" | "列名" | "列" | "字段英文名" | "字段英文名称" | "英文字段名"
        | "英文字段" | "变量名" | "字段代码" | "column" | "columnname" | "field" | "fieldname"
        | "variable" => Role::Column,
        "中文名称" | "中文名" | "中文" | "字段中文名" | "字段中文名称" | "中文字段名" | "名称"
        | "字段含义" | "含义" | "指标名称" | "中文含义" | "标签" | "labelzh" | "zh" | "chinese"
        | "chinesename" | "namezh" | "label" | "title" | "displayname" => Role::Zh,
        "英文名称" | "英文名" | "英文" | "labelen" | "en" | "english" | "englishname" | "nameen" => {
            Role::En
        }
        "单位" | "计量单位" | "unit" | "units" | "uom" => Role::Unit,
        "字段类型" | "数据类型" | "类型" | "type" | "datatype" | "字段属性" => Role::Type,
        "字段说明" | "说明" | "描述" | "备注" | "字段描述" | "定义" | "解释" | "注释" | "字段属性说明"
        | "description" | "comment" | "comments" | "remark" | "remarks" | "note" | "definition"
        | "meaning" => Role::Description,
        _ => return None,
    })
}

/// Where each role stands in a sheet.
struct Layout {
    first_row: usize,
    columns: BTreeMap<Role, usize>,
}

impl Layout {
    /// The first row, among the first twenty, in which two cells are headers.
    fn find(rows: &[Vec<String>]) -> Option<Self> {
        rows.iter().take(20).enumerate().find_map(|(index, row)| {
            let mut columns = BTreeMap::new();
            for (place, cell) in row.iter().enumerate() {
                if let Some(role) = role(cell) {
                    columns.entry(role).or_insert(place);
                }
            }
            (columns.len() >= 2).then_some(Self {
                first_row: index + 1,
                columns,
            })
        })
    }

    fn cell(&self, row: &[String], role: Role) -> String {
        self.columns
            .get(&role)
            .and_then(|place| row.get(*place))
            .map(|cell| normalise(cell))
            .unwrap_or_default()
    }

    /// A cell as it stands, on one line: sentences keep their punctuation.
    fn text(&self, row: &[String], role: Role) -> String {
        let cell = self.columns.get(&role).and_then(|place| row.get(*place));
        cell.map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" "))
            .unwrap_or_default()
    }

    /// A list of tables: names in two languages and no columns.
    fn lists_tables(&self, sheet: &str) -> bool {
        let has = |role| self.columns.contains_key(&role);
        let title = label_key(sheet);
        !has(Role::Column)
            && (has(Role::Table)
                || title.contains("表名")
                || title.contains("表清单")
                || title.contains("目录")
                || title.contains("tables"))
    }
}

/// Reads a dictionary from the cells of its sheets (name of the sheet, rows). Sheets that look like no dictionary are
/// passed over.
///
/// Understood are a sheet a table (its name being the table's) with one row a column, beside an optional sheet that
/// gives the tables' names in two languages, and single lists with a column for the table's name. Headers may be
/// Chinese or English: 字段名称, 中文名称, 字段说明, 单位; `table`, `column`, `label_zh`, `label_en`, `unit`, `description`.
pub fn parse_dictionary_rows(sheets: &[(String, Vec<Vec<String>>)]) -> Vec<DictionaryEntry> {
    let mut tables: Vec<DictionaryEntry> = Vec::new();
    for (name, rows) in sheets {
        if let Some(layout) = Layout::find(rows)
            && layout.lists_tables(name)
        {
            for row in rows.iter().skip(layout.first_row) {
                tables.extend(table_entry(&layout, row));
            }
        }
    }
    let mut entries = tables.clone();
    for (name, rows) in sheets {
        let Some(layout) = Layout::find(rows).filter(|layout| !layout.lists_tables(name)) else {
            continue;
        };
        let title = table_of_sheet(name, &tables);
        for row in rows.iter().skip(layout.first_row) {
            entries.extend(column_entry(&layout, row, &title));
        }
    }
    entries
}

fn table_entry(layout: &Layout, row: &[String]) -> Option<DictionaryEntry> {
    let zh = layout.cell(row, Role::Zh);
    let en = layout.cell(row, Role::En);
    let named = layout.cell(row, Role::Table);
    let table = [named, en, zh.clone()]
        .into_iter()
        .find(|name| !name.is_empty())?;
    Some(DictionaryEntry {
        table: Some(table),
        label_zh: zh,
        description: layout.text(row, Role::Description),
        ..DictionaryEntry::default()
    })
}

fn column_entry(layout: &Layout, row: &[String], title: &str) -> Option<DictionaryEntry> {
    let mut label_zh = layout.cell(row, Role::Zh);
    let mut label_en = layout.cell(row, Role::En);
    let mut column = layout.cell(row, Role::Column);
    if column.is_empty() && !layout.columns.contains_key(&Role::Column) {
        // Without a column for it, the English name is the column's; without that the Chinese one is.
        column = if label_en.is_empty() {
            label_zh.clone()
        } else {
            std::mem::take(&mut label_en)
        };
    }
    let table = match layout.cell(row, Role::Table) {
        named if !named.is_empty() => Some(named),
        _ => (!title.is_empty()).then(|| title.to_owned()),
    };
    if column.is_empty() && (label_zh.is_empty() || !layout.columns.contains_key(&Role::Table)) {
        return None;
    }
    if label_zh.is_ascii() && label_en.is_empty() {
        label_en = std::mem::take(&mut label_zh);
    }
    Some(DictionaryEntry {
        table,
        column,
        label_zh,
        label_en,
        unit: layout.cell(row, Role::Unit),
        description: layout.text(row, Role::Description),
        data_type: layout.cell(row, Role::Type),
    })
}

/// The name of the table that a sheet describes: a sheet may be called 核心业绩指标表 where the list says 业绩指标表.
fn table_of_sheet(sheet: &str, tables: &[DictionaryEntry]) -> String {
    let title = label_key(sheet);
    let score = |entry: &DictionaryEntry| {
        [
            entry.label_zh.as_str(),
            entry.table.as_deref().unwrap_or_default(),
        ]
        .into_iter()
        .map(label_key)
        .filter(|name| !name.is_empty())
        .map(|name| match () {
            () if name == title => 1000,
            () if title.contains(&name) || name.contains(&title) => {
                name.chars().count().min(title.chars().count())
            }
            () => 0,
        })
        .max()
        .unwrap_or_default()
    };
    tables
        .iter()
        .map(|entry| (score(entry), entry))
        .filter(|(score, _)| *score >= 2)
        .max_by_key(|(score, _)| *score)
        .and_then(|(_, entry)| entry.table.clone())
        .unwrap_or_else(|| normalise(sheet))
}

/// Tables of a Markdown text, each with the heading above it, for [`parse_dictionary_rows`].
pub fn parse_markdown_tables(text: &str) -> Vec<(String, Vec<Vec<String>>)> {
    let mut sheets: Vec<(String, Vec<Vec<String>>)> = Vec::new();
    let mut heading = String::new();
    let mut inside = false;
    for line in text.lines() {
        let line = line.trim();
        if line.starts_with('#') {
            heading = line.trim_start_matches('#').trim().to_owned();
        }
        if !line.starts_with('|') {
            inside = false;
            continue;
        }
        let cells: Vec<String> = line
            .trim_matches('|')
            .split('|')
            .map(|cell| cell.trim().trim_matches('`').to_owned())
            .collect();
        if cells
            .iter()
            .all(|cell| !cell.is_empty() && cell.chars().all(|character| "-: ".contains(character)))
        {
            continue;
        }
        match sheets.last_mut() {
            Some((_, rows)) if inside => rows.push(cells),
            _ => sheets.push((heading.clone(), vec![cells])),
        }
        inside = true;
    }
    sheets
}

/// The entries that belong to one imported table.
#[derive(Debug, Default)]
pub(crate) struct TableDictionary<'a> {
    pub(crate) table: Option<&'a DictionaryEntry>,
    columns: Vec<&'a DictionaryEntry>,
}

impl<'a> TableDictionary<'a> {
    /// Finds the table of a dictionary that describes an imported one: by name, else by most columns in common.
    pub(crate) fn of(profile: &TableProfile, dictionary: &'a [DictionaryEntry]) -> Self {
        let mut groups: BTreeMap<&str, Vec<&'a DictionaryEntry>> = BTreeMap::new();
        for entry in dictionary {
            groups
                .entry(entry.table.as_deref().unwrap_or_default())
                .or_default()
                .push(entry);
        }
        let own_names = [last_part(&profile.source), profile.source.as_str()].map(label_key);
        let common = |entries: &[&DictionaryEntry]| {
            profile
                .columns
                .iter()
                .filter(|column| {
                    entries
                        .iter()
                        .any(|entry| same_column(&entry.column, &column.name, &column.header))
                })
                .count()
        };
        let named = groups.iter().find(|(name, entries)| {
            own_names.contains(&label_key(name))
                || entries
                    .iter()
                    .any(|entry| entry.column.is_empty() && own_names.contains(&label_key(&entry.label_zh)))
        });
        let half = profile.columns.len().div_ceil(2).max(1);
        let chosen = named.or_else(|| {
            groups
                .iter()
                .filter(|(_, entries)| common(entries) >= half)
                .max_by_key(|(_, entries)| common(entries))
        });
        let general = groups.get("").into_iter().flatten();
        let mut columns: Vec<&'a DictionaryEntry> = Vec::new();
        let mut table = None;
        for entry in chosen
            .map(|(_, entries)| entries)
            .into_iter()
            .flatten()
            .chain(general)
        {
            if entry.column.is_empty() {
                table = table.or(Some(*entry));
            } else {
                columns.push(entry);
            }
        }
        Self { table, columns }
    }

    /// What the dictionary says of a column. Spreadsheets cut long names off: a long enough beginning counts too.
    pub(crate) fn column(&self, name: &str, header: &str) -> Option<&'a DictionaryEntry> {
        let exact = self
            .columns
            .iter()
            .find(|entry| same_column(&entry.column, name, header));
        exact
            .or_else(|| {
                let mut cut = self.columns.iter().filter(|entry| {
                    entry.column.chars().count() >= 16
                        && name.to_lowercase().starts_with(&entry.column.to_lowercase())
                });
                cut.next().filter(|_| cut.next().is_none())
            })
            .copied()
    }
}

fn same_column(entry: &str, name: &str, header: &str) -> bool {
    let entry = fold(entry);
    !entry.is_empty() && (entry == fold(name) || entry == fold(header))
}

/// The table's own name: what stands after the last dot of `financials.income_sheet`.
pub(crate) fn last_part(source: &str) -> &str {
    source.rsplit('.').next().unwrap_or(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(lines: &[&str]) -> Vec<Vec<String>> {
        lines
            .iter()
            .map(|line| line.split('|').map(|cell| cell.trim().to_owned()).collect())
            .collect()
    }

    #[test]
    fn a_sheet_a_table_with_a_list_of_tables() {
        let sheets = vec![
            (
                "数据库表名".to_owned(),
                rows(&["中文名称|英文名称", "指标表|kpi_sheet", "利润表|income"]),
            ),
            (
                "核心指标表".to_owned(),
                rows(&[
                    "字段名称|中文名称|字段类型\u{a0}|字段说明",
                    "eps|每股收益(元)|decimal|每股的利润",
                ]),
            ),
            (
                "利润表".to_owned(),
                rows(&["字段名称|中文名称", "np|净利润（万元）", "|", "rev|营业收入"]),
            ),
            ("封面".to_owned(), rows(&["某某银行", "2026"])),
        ];
        let entries = parse_dictionary_rows(&sheets);
        let found: Vec<(Option<&str>, &str, &str)> = entries
            .iter()
            .map(|entry| {
                (
                    entry.table.as_deref(),
                    entry.column.as_str(),
                    entry.label_zh.as_str(),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                (Some("kpi_sheet"), "", "指标表"),
                (Some("income"), "", "利润表"),
                (Some("kpi_sheet"), "eps", "每股收益(元)"),
                (Some("income"), "np", "净利润(万元)"),
                (Some("income"), "rev", "营业收入"),
            ]
        );
        assert_eq!(entries[2].description, "每股的利润");
        assert_eq!(entries[3].stated_unit().unwrap().to_string(), "万元");
    }

    #[test]
    fn one_list_and_markdown() {
        let text = "# 数据字典\n\n| table | column | label_zh | label_en | unit | description |\n|---|:--|---|---|---|---|\n| nav | `unit_nav` | 单位净值 | Unit NAV | 元/份 | 每份 |\n\n## b\ntext\n";
        let entries = parse_dictionary_rows(&parse_markdown_tables(text));
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].table.as_deref(), Some("nav"));
        assert_eq!(entries[0].column, "unit_nav");
        assert_eq!(entries[0].unit, "元/份");
        assert_eq!(entries[0].label_en, "Unit NAV");
    }

    #[test]
    fn cut_names_still_meet_their_column() {
        let entry = DictionaryEntry {
            table: Some("cash".to_owned()),
            column: "cash_received_from_investment_recove".to_owned(),
            label_zh: "收回投资".to_owned(),
            ..DictionaryEntry::default()
        };
        let dictionary = [entry];
        let profile = TableProfile {
            source: "db.cash".to_owned(),
            ..TableProfile::default()
        };
        let found = TableDictionary::of(&profile, &dictionary);
        assert!(
            found
                .column("cash_received_from_investment_recovery", "")
                .is_some()
        );
        assert!(found.column("cash_received", "").is_none());
    }
}
