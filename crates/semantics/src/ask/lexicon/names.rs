//! Names of what the catalog defines and of members, with the shorter forms in which people write them.

use std::collections::BTreeSet;

use jinsheng_text::normalise;

use super::Sense;
use crate::catalog::{Catalog, CatalogFile, ResolvedDimension, Table};

/// Labels and synonyms of everything in the catalog.
pub(super) fn names_of(catalog: &Catalog, add: &mut dyn FnMut(&str, Sense)) {
    let file = catalog.file();
    names_of_metrics(file, add);
    for (name, group) in &file.groups {
        [&group.label.zh, &group.label.en]
            .into_iter()
            .chain(&group.synonyms)
            .for_each(|text| add(text, Sense::Group(name.clone())));
    }
    for (name, entity) in &file.entities {
        [&entity.label.zh, &entity.label.en, name]
            .into_iter()
            .chain(&entity.synonyms)
            .for_each(|text| add(text, Sense::Entity(name.clone())));
    }
    for (name, table) in &file.tables {
        [&table.label.zh, &table.label.en]
            .into_iter()
            .chain(&table.synonyms)
            .for_each(|text| add(text, Sense::Table(name.clone())));
        names_of_dimensions(catalog, name, table, add);
        names_of_expiry(catalog, name, table, add);
    }
}

/// Metrics, also by what is left of their names without a word that people leave out.
fn names_of_metrics(file: &CatalogFile, add: &mut dyn FnMut(&str, Sense)) {
    for (name, metric) in &file.metrics {
        let sense = || Sense::Metric(name.clone());
        [&metric.label.zh, &metric.label.en, name]
            .into_iter()
            .chain(&metric.synonyms)
            .for_each(|text| add(text, sense()));
        let spaced = name.replace('_', " ");
        add(&spaced, sense());
        for text in cash_flows(&metric.label.en) {
            add(&text, sense());
        }
        for text in [&metric.label.en, &spaced].into_iter().chain(&metric.synonyms) {
            if let Some(other) = other_number(text) {
                add(&other, sense());
            }
        }
    }
    // 现金余额 for 期末现金余额, likewise.
    for (name, metric) in &file.metrics {
        let short = metric.label.zh.strip_prefix("期末");
        if let Some(short) = short.filter(|short| short.chars().count() > 3 && lacks(file, short)) {
            add(short, Sense::Metric(name.clone()));
        }
    }
    // CPI for CPI同比, where no figure has the plain name.
    let plain_names: BTreeSet<&str> = file
        .metrics
        .values()
        .flat_map(|metric| {
            [metric.label.zh.as_str(), metric.label.en.as_str()]
                .into_iter()
                .chain(metric.synonyms.iter().map(String::as_str))
        })
        .collect();
    for (name, metric) in file
        .metrics
        .iter()
        .filter(|(_, metric)| metric.growth_of.is_none())
    {
        for text in [&metric.label.zh].into_iter().chain(&metric.synonyms) {
            let short = ["同比增速", "同比增长率", "同比", " yoy", "增速"]
                .iter()
                .find_map(|ending| text.strip_suffix(ending));
            let bare =
                |short: &&str| short.chars().count() > 1 && !plain_names.contains(short) && !is_amount(short);
            if let Some(short) = short.filter(bare) {
                add(short, Sense::Metric(name.clone()));
            }
        }
    }
}

/// Whether a name is known as an amount: GDP is one, and its growth something else, while the CPI is quoted as its growth.
fn is_amount(name: &str) -> bool {
    let lexicon = crate::infer::lexicon::Lexicon::get();
    let concept = lexicon
        .concept(&crate::infer::lexicon::keys_of(name))
        .and_then(|index| lexicon.concepts.get(index));
    concept.is_some_and(|concept| matches!(concept.kind, crate::infer::lexicon::Kind::Flow))
}

/// Dimensions of a table that a question can cut by.
fn names_of_dimensions(catalog: &Catalog, table_name: &str, table: &Table, add: &mut dyn FnMut(&str, Sense)) {
    for (name, dimension) in &table.dimensions {
        let full = catalog.dimension_name(table_name, name);
        if !matches!(catalog.dimension(&full), Ok(ResolvedDimension::Column(..))) {
            continue;
        }
        for text in [&dimension.label.zh, &dimension.label.en]
            .into_iter()
            .chain(&dimension.synonyms)
        {
            add(text, Sense::Dimension(full.clone()));
            // A column is known by its name as words too: fund_type, fund types.
            if text.is_ascii() {
                let spaced = text.replace('_', " ");
                add(&spaced, Sense::Dimension(full.clone()));
                if !spaced.ends_with('s') && spaced.len() > 3 {
                    add(&format!("{spaced}s"), Sense::Dimension(full.clone()));
                }
            }
            // 到期 for 到期日, 成立 for 成立日期: what happens on the day.
            let verb = ["日期", "时间", "日"]
                .iter()
                .find_map(|ending| text.strip_suffix(ending));
            if let Some(verb) = verb.filter(|verb| verb.chars().count() >= 2) {
                add(verb, Sense::Dimension(full.clone()));
                add(&format!("新{verb}"), Sense::Dimension(full.clone()));
            }
        }
    }
}

/// 测评到期, 风评过期 for 风险测评到期日: a day of expiry by what happens on it, under the names that its table has for the
/// matter. Short forms leave out what stands in front.
fn names_of_expiry(catalog: &Catalog, table_name: &str, table: &Table, add: &mut dyn FnMut(&str, Sense)) {
    const ENDS: [&str; 4] = ["到期日期", "到期日", "有效期至", "到期时间"];
    const ENGLISH: [&str; 4] = [" valid until", " expiry date", " expiry", " expires on"];
    for (name, dimension) in &table.dimensions {
        let full = catalog.dimension_name(table_name, name);
        let Some(matter) = ENDS.iter().find_map(|end| dimension.label.zh.strip_suffix(end)) else {
            continue;
        };
        if matter.is_empty() {
            continue;
        }
        let mut matters = vec![matter.to_owned()];
        for other in table.dimensions.values() {
            if other.label.zh.starts_with(matter) {
                let same = other.synonyms.iter().filter_map(|name| {
                    let root = name.strip_suffix("日期").or_else(|| name.strip_suffix("时间"));
                    root.map(str::to_owned)
                });
                matters.extend(same);
            }
        }
        for matter in matters {
            let characters: Vec<char> = matter.chars().collect();
            for start in 0..characters.len().saturating_sub(1) {
                let short: String = characters.get(start..).into_iter().flatten().collect();
                for end in ["到期", "过期", "已过期", "失效", "到期日", "有效期"] {
                    add(&format!("{short}{end}"), Sense::Dimension(full.clone()));
                }
            }
        }
        let english = dimension.label.en.to_lowercase();
        if let Some(matter) = ENGLISH.iter().find_map(|end| english.strip_suffix(end)) {
            for end in [
                "expired",
                "has expired",
                "have expired",
                "had expired",
                "expiry",
                "expires",
                "expiring",
                "expire",
                "is expired",
                "is expiring",
            ] {
                add(&format!("{matter} {end}"), Sense::Dimension(full.clone()));
                add(&format!("{matter}s {end}"), Sense::Dimension(full.clone()));
            }
            for front in ["expired", "an expired", "expiring"] {
                add(&format!("{front} {matter}"), Sense::Dimension(full.clone()));
            }
        }
    }
}

/// Whether no metric has this name.
fn lacks(file: &CatalogFile, text: &str) -> bool {
    file.metrics
        .values()
        .all(|metric| metric.label.zh != text && metric.synonyms.iter().all(|synonym| synonym != text))
}

/// Shorter forms in which people write the name of a company: without its legal form.
pub(super) fn short_forms(name: &str) -> Vec<String> {
    const ENGLISH: [&str; 10] = [
        " Index",
        " Group Co., Ltd.",
        " Co., Ltd.",
        " Co., Ltd",
        " Co. Ltd.",
        " Corporation",
        " Corp.",
        " Inc.",
        " Limited",
        " Group",
    ];
    const ENDINGS: [&str; 15] = [
        "股票",
        "混合",
        "债券",
        "货币",
        "指数",
        "集团股份有限公司",
        "(集团)股份有限公司",
        "控股股份有限公司",
        "股份有限公司",
        "集团有限公司",
        "有限责任公司",
        "有限公司",
        "股份公司",
        "股份",
        "集团",
    ];
    let name = normalise(name);
    let latin = ENGLISH
        .iter()
        .filter_map(|ending| name.strip_suffix(ending))
        .map(|short| short.trim_end_matches([',', ' ']).to_owned())
        .filter(|short| short.len() >= 4);
    let latin: Vec<String> = latin.collect();
    if !latin.is_empty() {
        return latin;
    }
    ENDINGS
        .iter()
        .filter_map(|ending| name.strip_suffix(ending))
        .map(|short| short.trim_end_matches(['(', ' ']).to_owned())
        .filter(|short| short.chars().count() >= 2)
        .collect()
}

/// `R&D expense` for `R&D expenses` and the other way round, by the last word of an English name.
fn other_number(text: &str) -> Option<String> {
    const WORDS: [(&str, &str); 12] = [
        ("expense", "expenses"),
        ("cost", "costs"),
        ("asset", "assets"),
        ("liability", "liabilities"),
        ("inventory", "inventories"),
        ("receivable", "receivables"),
        ("payable", "payables"),
        ("loan", "loans"),
        ("borrowing", "borrowings"),
        ("sale", "sales"),
        ("profit", "profits"),
        ("flow", "flows"),
    ];
    let text = text.to_lowercase();
    let (front, last) = text.rsplit_once(' ')?;
    let other = WORDS.iter().find_map(|(one, many)| match last {
        _ if last == *one => Some(*many),
        _ if last == *many => Some(*one),
        _ => None,
    })?;
    Some(format!("{front} {other}"))
}

/// `operating cash flow`, `net cash from operating activities` for `Net cash flow from operating activities`, likewise.
fn cash_flows(label: &str) -> Vec<String> {
    let label = label.to_lowercase();
    let Some(kind) = label
        .strip_prefix("net cash flow from ")
        .and_then(|rest| rest.strip_suffix(" activities"))
    else {
        return Vec::new();
    };
    let stem = kind.strip_suffix("ing").unwrap_or(kind);
    let mut out = vec![
        format!("{kind} cash flow"),
        format!("{kind} cash flows"),
        format!("net {kind} cash flow"),
        format!("net cash from {kind} activities"),
        format!("net cash from {kind}"),
        format!("cash from {kind} activities"),
        format!("cash flow from {kind} activities"),
        format!("cash flows from {kind} activities"),
        format!("cash flow from {kind}"),
        format!("net cash provided by {kind} activities"),
        format!("net cash used in {kind} activities"),
        format!("net cash flow from {kind}"),
    ];
    if kind == "operating" {
        let noun = format!("{stem}ions");
        out.push(format!("cash flow from {noun}"));
        out.push(format!("cash from {noun}"));
    }
    out
}
