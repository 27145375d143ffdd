//! What is left after keys and periods: dimensions to cut by, measures to compute with, and how the latter behave.

mod absent;
mod count;

use std::collections::{BTreeMap, BTreeSet};

use jinsheng_core::{Base, Currency, Localised, Unit};

use super::draft::{ColumnDraft, Draft, Meaning, MeasureDraft, Role, TableDraft};
use super::lexicon::{Kind, Lexicon, Section, keys_of};
use super::names::{identifier, words};
use super::profile::ColumnKind;
use crate::catalog::{Agg, PeriodColumns, TimeBehaviour};

pub(super) use absent::absent;
pub(crate) use count::late_counts;

/// Decides the role of every open column.
pub(crate) fn decide(draft: &mut Draft<'_>) {
    for index in 0..draft.tables.len() {
        if draft.tables.get(index).is_some_and(|table| table.left) {
            continue;
        }
        named_by_table(draft, index);
        columns(draft, index);
        count::homes(draft, index);
        assumed(draft, index);
        let empty = draft.tables.get(index).is_some_and(|table| {
            table.home_of.is_none()
                && !table
                    .columns
                    .iter()
                    .any(|column| matches!(column.role, Role::Measure(_)))
                && (table.entities.is_empty() || table.period.is_none())
        });
        if empty && let Some(table) = draft.tables.get_mut(index) {
            table.left = true;
            draft.left_out.push(super::draft::LeftOut {
                source: table.profile.source.clone(),
                column: None,
                reason: Localised::new(
                    "没有可计算的列，也不是主体的名录",
                    "has nothing to compute with and lists no subjects",
                ),
            });
        }
    }
}

/// Figures that the lexicon does not know behave as is usual for how they are called: a person should look.
fn assumed(draft: &mut Draft<'_>, index: usize) {
    let Some(table) = draft.tables.get(index).filter(|table| table.period.is_some()) else {
        return;
    };
    let mut by_time: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for column in table
        .columns
        .iter()
        .filter(|column| column.meaning == Meaning::Unknown)
    {
        let Some(measure) = column.measure() else { continue };
        let time = match measure.time {
            TimeBehaviour::Flow => "flow",
            TimeBehaviour::FlowYtd => "flow_ytd",
            TimeBehaviour::Stock => "stock",
            TimeBehaviour::Rate => "rate",
            TimeBehaviour::Static => continue,
        };
        by_time.entry(time).or_default().push(measure.name.clone());
    }
    let name = table.name.clone();
    let notes: Vec<(&str, String)> = by_time
        .into_iter()
        .map(|(time, measures)| (time, measures.join(", ")))
        .collect();
    for (time, list) in notes {
        let others = ["flow", "flow_ytd", "stock", "rate"]
            .into_iter()
            .filter(|other| *other != time);
        draft.unsure(
            format!("tables.{name}.measures.*.time"),
            format!("词典不认识这些列，时间性质按名称推测为 {time}：{list}"),
            format!("the lexicon does not know these; by their names taken as {time}: {list}"),
            time,
            others.map(str::to_owned).collect(),
        );
    }
}

/// Columns called `value` or `close` in a table called gold prices: the table's name says what they are.
fn named_by_table(draft: &mut Draft<'_>, index: usize) {
    const BARE: [&str; 12] = [
        "value",
        "close",
        "price",
        "rate",
        "数值",
        "值",
        "index",
        "level",
        "number",
        "amount",
        "data",
        "obs_value",
    ];
    let lexicon = Lexicon::get();
    let Some(table) = draft.tables.get_mut(index) else {
        return;
    };
    let numeric: Vec<usize> = table
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.is_open() && column.profile.kind.is_number())
        .map(|(position, _)| position)
        .collect();
    let [only] = numeric.as_slice() else { return };
    let named = format!("_{}_", table.name_key);
    let Some(column) = table.columns.get_mut(*only) else {
        return;
    };
    if !BARE.iter().any(|bare| column.keys.contains(&keys_of(bare))) {
        return;
    }
    let meant = lexicon
        .concepts
        .iter()
        .enumerate()
        .flat_map(|(position, concept)| {
            concept
                .table_keys
                .iter()
                .chain(&concept.keys)
                .map(move |key| (keys_of(key), position))
        })
        .filter(|(key, _)| key.len() > 2 && named.contains(&format!("_{key}_")))
        .max_by_key(|(key, _)| key.len());
    if let Some((_, position)) = meant {
        column.meaning = Meaning::Concept(position);
        if let Some(concept) = lexicon.concepts.get(position) {
            column.label = concept.label.clone();
        }
    }
}

fn columns(draft: &mut Draft<'_>, index: usize) {
    let Some(table) = draft.tables.get_mut(index) else {
        return;
    };
    let mut taken_dimensions: BTreeSet<String> = BTreeSet::new();
    let mut taken_measures: BTreeSet<String> = BTreeSet::new();
    let mut left = Vec::new();
    let mut written = Vec::new();
    for position in 0..table.columns.len() {
        let Some(column) = table.columns.get(position).filter(|column| column.is_open()) else {
            continue;
        };
        let role = if column.profile.kind.is_number() && !is_code(column) {
            measure(table, column, &mut taken_measures)
        } else if let Some(reason) = useless(column, table) {
            left.push((position, reason));
            continue;
        } else {
            if column.profile.kind == ColumnKind::Text && figures_as_text(&column.profile.values) {
                written.push(column.profile.name.clone());
            }
            dimension(column, &mut taken_dimensions)
        };
        if let Some(column) = table.columns.get_mut(position) {
            column.role = role;
        }
    }
    let name = table.name.clone();
    absent::report(draft, index);
    for (position, (zh, en)) in left {
        draft.leave(index, position, zh, en);
    }
    for column in written {
        draft.unsure(
            format!("tables.{name}.dimensions.{column}"),
            format!("`{column}` 的数字写成了文字（如 16.26亿），不能计算，先作维度"),
            format!("`{column}` has numbers written as text (16.26亿): nothing can be computed, so it is a dimension"),
            "dimension",
            vec!["measure".to_owned()],
        );
    }
}

/// `16.26亿`, `1,234`: figures that were not read as numbers.
fn figures_as_text(values: &[String]) -> bool {
    let figure = |value: &&String| {
        let value = value.trim().trim_end_matches(['元', '亿', '万', '%', '股', '人']);
        value.contains(|character: char| character.is_ascii_digit())
            && value
                .chars()
                .all(|character| character.is_ascii_digit() || matches!(character, '.' | ',' | '-'))
            && value.matches('-').count() <= 1
    };
    let marked = values.iter().any(|value| value.contains(['亿', '万', '%', '.']));
    values.len() >= 3 && marked && values.iter().filter(figure).count() * 10 >= values.len() * 9
}

/// Whole numbers that name rather than count: codes, types, flags.
fn is_code(column: &ColumnDraft<'_>) -> bool {
    if column.profile.kind != ColumnKind::Integer || column.meaning != Meaning::Unknown {
        return false;
    }
    let lexicon = Lexicon::get();
    let known = column.keys.iter().any(|key| lexicon.dimension(key).is_some());
    let last = words(&column.profile.name).pop().unwrap_or_default();
    let by_name = matches!(
        last.as_str(),
        "id" | "code"
            | "type"
            | "kind"
            | "flag"
            | "status"
            | "no"
            | "grade"
            | "class"
            | "category"
            | "year"
            | "month"
            | "quarter"
            | "week"
            | "day"
            | "is"
    );
    let by_label = [
        "代码", "编号", "编码", "类型", "类别", "标志", "状态", "等级", "年份", "月份",
    ]
    .iter()
    .any(|end| column.label.zh.ends_with(end));
    known || by_name || by_label
}

type Reason = (&'static str, &'static str);

/// Columns that nobody cuts by: long texts, columns without values, identifiers of single rows.
fn useless(column: &ColumnDraft<'_>, table: &TableDraft<'_>) -> Option<Reason> {
    let profile = column.profile;
    if table.profile.rows > 0 && profile.nulls >= table.profile.rows {
        return Some(("全部缺失", "has no values"));
    }
    if !profile.values.is_empty() {
        let length: usize = profile.values.iter().map(|value| value.chars().count()).sum();
        if length / profile.values.len() > 120 {
            return Some(("长文本", "long texts"));
        }
    }
    let last = words(&profile.name).pop().unwrap_or_default();
    let names_rows =
        matches!(last.as_str(), "id" | "no" | "uuid" | "key" | "number") || column.label.zh.ends_with("编号");
    let each = profile
        .distinct
        .is_some_and(|distinct| distinct == table.profile.rows && distinct > 1);
    (names_rows && (each || table.is_key(&[profile.name.as_str()])))
        .then_some(("逐行编号", "numbers the rows"))
}

fn unique_name(wanted: String, taken: &mut BTreeSet<String>) -> String {
    let mut name = wanted;
    while !taken.insert(name.clone()) {
        name.push_str("_2");
    }
    name
}

fn dimension(column: &ColumnDraft<'_>, taken: &mut BTreeSet<String>) -> Role {
    let lexicon = Lexicon::get();
    let known = lexicon
        .dimension(&keys_of(&column.profile.name))
        .or_else(|| column.keys.iter().find_map(|key| lexicon.dimension(key)));
    match known {
        Some(kind) => {
            let zh = if column.label.zh.is_empty() {
                kind.label.zh.clone()
            } else {
                column.label.zh.clone()
            };
            let label = Localised::new(zh, kind.label.en.clone());
            let synonyms: Vec<String> = std::iter::once(&kind.label.zh)
                .chain(&kind.names)
                .chain(&kind.words)
                .chain(&column.raw_labels)
                .cloned()
                .collect();
            let synonyms = super::column::distinct(synonyms, &[&label.zh, &label.en]);
            Role::Dimension(unique_name(kind.id.clone(), taken), label, synonyms)
        }
        None => {
            let wanted = identifier(&column.profile.name);
            let synonyms =
                super::column::distinct(column.raw_labels.clone(), &[&column.label.zh, &column.label.en]);
            Role::Dimension(unique_name(wanted, taken), column.label.clone(), synonyms)
        }
    }
}

fn measure(table: &TableDraft<'_>, column: &ColumnDraft<'_>, taken: &mut BTreeSet<String>) -> Role {
    let wanted = match &column.meaning {
        Meaning::Concept(_) => column
            .concept()
            .map(|concept| concept.id.clone())
            .unwrap_or_default(),
        Meaning::Growth {
            base: Some(base),
            kind,
            ..
        } => {
            let base = Lexicon::get()
                .concepts
                .get(*base)
                .map(|concept| concept.id.clone())
                .unwrap_or_default();
            format!("{base}{}", super::metric::growth_suffix(*kind))
        }
        _ => identifier(&column.profile.name),
    };
    let kind = kind_of(table, column);
    let (time, agg) = behaviour(table, kind);
    Role::Measure(MeasureDraft {
        name: unique_name(wanted, taken),
        unit: Unit::PLAIN,
        time,
        agg,
    })
}

/// The kind of figure: by the lexicon, else by how it is called, else by its table.
pub(crate) fn kind_of(table: &TableDraft<'_>, column: &ColumnDraft<'_>) -> Kind {
    match &column.meaning {
        Meaning::Concept(_) => column.concept().map_or(Kind::Flow, |concept| concept.kind),
        Meaning::Growth { .. } => Kind::Rate,
        Meaning::Unknown => {
            let label = &column.label.zh;
            let last = words(&column.profile.name).pop().unwrap_or_default();
            let ratio_unit = column.declared.is_some_and(|unit| {
                matches!(
                    unit.base,
                    Base::Ratio | Base::RatioPoints | Base::MoneyPerShare(_) | Base::MoneyPerUnit(_)
                )
            });
            let ratio_label = [
                "率", "比例", "占比", "比重", "比值", "比率", "指数", "均价", "每股",
            ]
            .iter()
            .any(|word| label.ends_with(word) || label.starts_with("每股") || label.starts_with("人均"));
            let ratio_name = matches!(
                last.as_str(),
                "ratio" | "rate" | "pct" | "percent" | "margin" | "yield" | "rank" | "index" | "price"
            );
            let stock_label = [
                "余额", "期末", "年末", "存量", "人数", "户数", "总数", "面积", "人口",
            ]
            .iter()
            .any(|word| label.contains(word));
            let stock_name = matches!(last.as_str(), "balance" | "count" | "holder" | "outstanding");
            let people = column
                .declared
                .is_some_and(|unit| matches!(unit.base, Base::People | Base::Shares | Base::Units));
            let money = column
                .declared
                .is_some_and(|unit| matches!(unit.base, Base::Money(_)));
            let amount = money
                || ["额", "量", "收入", "支出", "数"]
                    .iter()
                    .any(|word| label.ends_with(word))
                || matches!(
                    last.as_str(),
                    "amount" | "volume" | "flow" | "sale" | "inflow" | "outflow" | "number"
                );
            // A figure of a market, of an economy or among indicators is more often a level or a rate than something to add up.
            let level = matches!(
                table.section,
                Some(Section::Market | Section::Macro | Section::Indicators)
            ) && !amount;
            if ratio_unit || ratio_label || ratio_name || level {
                Kind::Rate
            } else if stock_label || stock_name || people || table.section == Some(Section::Balance) {
                Kind::Stock
            } else {
                Kind::Flow
            }
        }
    }
}

fn behaviour(table: &TableDraft<'_>, kind: Kind) -> (TimeBehaviour, Agg) {
    let Some(period) = &table.period else {
        let agg = match kind {
            Kind::Flow | Kind::Stock => Agg::Sum,
            Kind::High => Agg::Max,
            Kind::Low => Agg::Min,
            _ => Agg::Mean,
        };
        return (TimeBehaviour::Static, agg);
    };
    let quarterly = matches!(
        period,
        PeriodColumns::Date {
            grain: jinsheng_core::Grain::Quarter,
            ..
        }
    );
    let ytd = matches!(period, PeriodColumns::Report { .. })
        || (quarterly && table.section.is_some_and(Section::is_statement));
    match kind {
        Kind::Flow if ytd => (TimeBehaviour::FlowYtd, Agg::Sum),
        Kind::Flow => (TimeBehaviour::Flow, Agg::Sum),
        Kind::Stock => (TimeBehaviour::Stock, Agg::Sum),
        Kind::High => (TimeBehaviour::Flow, Agg::Max),
        Kind::Low => (TimeBehaviour::Flow, Agg::Min),
        // Of several funds or indices there is no one price: asked for without a subject, it is refused.
        Kind::Price | Kind::Index | Kind::Level | Kind::Rate => (TimeBehaviour::Rate, Agg::Sum),
    }
}

/// The unit that a kind of figure has when nothing says one.
pub(crate) fn usual_unit(table: &TableDraft<'_>, column: &ColumnDraft<'_>) -> Option<Unit> {
    let unit = match &column.meaning {
        Meaning::Growth { .. } => Some(Unit::PERCENT),
        Meaning::Concept(_) => column.concept().and_then(|concept| concept.unit),
        Meaning::Unknown => {
            let label = &column.label.zh;
            let ratio = ["率", "比例", "占比", "比重"]
                .iter()
                .any(|word| label.ends_with(word));
            let people = label.ends_with("人数") || label.ends_with("人员");
            match () {
                () if ratio => Some(Unit::PERCENT),
                () if people => Some(Unit::new(Base::People, 0)),
                () => None,
            }
        }
    }?;
    // Amounts of nobody known may be in any currency.
    let domestic = [
        "company", "fund", "client", "branch", "manager", "account", "city", "province",
    ];
    if matches!(unit.base, Base::Money(_))
        && !table.section.is_some_and(Section::is_statement)
        && !domestic.iter().any(|entity| table.entities.contains_key(*entity))
    {
        return None;
    }
    // A price is one of a share only where the rows are about companies.
    let share_price = unit.base == Base::MoneyPerShare(Currency::Cny)
        && column
            .concept()
            .is_some_and(|concept| concept.section == Section::Market);
    if share_price && !table.entities.contains_key("company") {
        let index = table.entities.contains_key("index");
        return index.then_some(Unit::new(Base::Points, 0));
    }
    Some(unit)
}
