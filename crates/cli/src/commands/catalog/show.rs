//! `jinsheng catalog show`.

use std::collections::BTreeSet;

use jinsheng_api::{CatalogShown, EntityView, MetricLine, MetricView};
use jinsheng_core::Lang;
use jinsheng_semantics::catalog::{Catalog, Group, Metric};
use jinsheng_semantics::query::Form;
use jinsheng_text::fold;

use super::columns;
use super::{counts, counts_text};
use crate::failure::{CliError, Exit};
use crate::printer::Printer;
use crate::project::Project;
use crate::show::table::{Align, table};
use crate::show::unit;

/// Lists the metrics, or explains one.
///
/// # Errors
/// When no metric, or more than one, is called so.
pub(super) fn run(name: Option<&str>, project: &Project, printer: &Printer) -> Result<Exit, CliError> {
    let catalog = project.catalog()?;
    let Some(name) = name else {
        return list(&catalog, None, printer);
    };
    if let Some(group) = group(&catalog, name) {
        printer.say(printer.pick(
            format!(
                "「{}」是一组指标；--json 与 catalog show 指标名 给出各项细节",
                group.label.get(printer.lang)
            ),
            format!(
                "`{}` is a group of metrics; catalog show METRIC explains each",
                group.label.get(printer.lang)
            ),
        ));
        return list(&catalog, Some(&group.metrics), printer);
    }
    let name = find(&catalog, name)?;
    let Some(metric) = catalog.metric(&name) else {
        return Err(CliError::Internal(name));
    };
    let view = view(&name, metric, &catalog, printer.lang);
    if printer.json {
        printer.document(view)?;
        return Ok(Exit::Done);
    }
    explain(&view, printer)?;
    Ok(Exit::Done)
}

/// The group of metrics of this name, label or synonym, where no metric is called so.
fn group<'c>(catalog: &'c Catalog, text: &str) -> Option<&'c Group> {
    let folded = fold(text);
    let is = |word: &str| fold(word) == folded;
    let metrics = &catalog.file().metrics;
    let taken = metrics.iter().any(|(name, metric)| {
        is(name)
            || is(&metric.label.zh)
            || is(&metric.label.en)
            || metric.synonyms.iter().any(|word| is(word))
    });
    let mut groups = catalog.file().groups.iter();
    let found = groups.find(|(name, group)| {
        is(name) || is(&group.label.zh) || is(&group.label.en) || group.synonyms.iter().any(|word| is(word))
    });
    found.map(|(_, group)| group).filter(|_| !taken)
}

/// The metric of this name, label or synonym.
fn find(catalog: &Catalog, text: &str) -> Result<String, CliError> {
    let metrics = &catalog.file().metrics;
    if metrics.contains_key(text) {
        return Ok(text.to_owned());
    }
    let folded = fold(text);
    let called = |(name, metric): &(&String, &Metric)| {
        let words = [name.as_str(), &metric.label.zh, &metric.label.en];
        words
            .into_iter()
            .chain(metric.synonyms.iter().map(String::as_str))
            .any(|word| fold(word) == folded)
    };
    let found: Vec<String> = metrics
        .iter()
        .filter(called)
        .map(|(name, _)| name.clone())
        .collect();
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(CliError::Unknown {
            what: ("指标", "metric"),
            name: text.to_owned(),
            known: near(catalog, &folded),
        }),
        several => Err(CliError::Input {
            what: (
                format!("「{text}」对应多个指标"),
                format!("`{text}` stands for several metrics"),
            ),
            remedy: (
                format!("请用名称：{}", several.join("、")),
                format!("use a name: {}", several.join(", ")),
            ),
        }),
    }
}

/// Names of metrics that hold the text, else those that begin alike, else some.
fn near(catalog: &Catalog, folded: &str) -> Vec<String> {
    const MOST: usize = 12;
    let metrics = &catalog.file().metrics;
    let words = |name: &String, metric: &Metric| {
        let synonyms = metric.synonyms.iter().map(|word| fold(word));
        let all: Vec<String> = [fold(name), fold(&metric.label.zh), fold(&metric.label.en)]
            .into_iter()
            .chain(synonyms)
            .collect();
        all
    };
    let holding = |test: &dyn Fn(&str) -> bool| -> Vec<String> {
        let found = metrics
            .iter()
            .filter(|(name, metric)| words(name, metric).iter().any(|word| test(word)));
        found.map(|(name, _)| name.clone()).take(MOST).collect()
    };
    let start: String = folded.chars().take(2).collect();
    let tests: [&dyn Fn(&str) -> bool; 3] = [
        &|word| word.contains(folded) || (!word.is_empty() && folded.contains(word)),
        &|word| word.starts_with(&start),
        &|_| true,
    ];
    tests
        .into_iter()
        .map(holding)
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

/// All metrics, or those of a group.
fn list(catalog: &Catalog, only: Option<&Vec<String>>, printer: &Printer) -> Result<Exit, CliError> {
    let file = catalog.file();
    let lang = printer.lang;
    let entities = file.entities.iter().filter(|_| only.is_none());
    let entities = entities.map(|(name, entity)| EntityView {
        name: name.clone(),
        label: entity.label.get(lang).to_owned(),
        dimensions: entity
            .table
            .as_ref()
            .and_then(|home| catalog.table(home))
            .map(|home| {
                home.dimensions
                    .keys()
                    .map(|dimension| format!("{name}.{dimension}"))
                    .collect()
            })
            .unwrap_or_default(),
    });
    let entities: Vec<EntityView> = entities.collect();
    let metrics: Vec<MetricLine> = file
        .metrics
        .iter()
        .filter(|(name, _)| only.is_none_or(|only| only.contains(name)))
        .map(|(name, metric)| MetricLine {
            name: name.clone(),
            label: metric.label.get(lang).to_owned(),
            unit: unit_text(name, catalog),
            from: metric
                .measure
                .as_deref()
                .and_then(|reference| columns::column_text(reference, catalog))
                .or_else(|| metric.formula.clone())
                .unwrap_or_default(),
        })
        .collect();
    if printer.json {
        printer.document(CatalogShown {
            catalog: catalog.digest().to_string(),
            entities,
            metrics,
        })?;
        return Ok(Exit::Done);
    }
    let column = |zh: &str, en: &str| (printer.pick(zh, en).to_owned(), Align::Left);
    if !entities.is_empty() {
        let header = [
            column("实体", "entity"),
            column("名称", "label"),
            column("维度", "dimensions"),
        ];
        let rows = entities
            .into_iter()
            .map(|entity| vec![entity.name, entity.label, entity.dimensions.join(", ")]);
        printer.result(table(&header, rows.collect()))?;
    }
    let header = [
        column("指标", "metric"),
        column("名称", "label"),
        column("单位", "unit"),
        column("来自", "from"),
    ];
    let rows = metrics.into_iter().map(|metric| {
        vec![
            metric.name,
            metric.label,
            shown_unit(metric.unit.as_deref(), lang),
            metric.from,
        ]
    });
    printer.result(table(&header, rows.collect()))?;
    if only.is_some() {
        return Ok(Exit::Done);
    }
    let (text, digest) = (counts_text(&counts(file), printer), catalog.digest().short());
    printer.say(printer.pick(
        format!("{text}，目录 {digest}"),
        format!("{text}, catalog {digest}"),
    ));
    Ok(Exit::Done)
}

/// A unit of a document in the reader's language.
fn shown_unit(text: Option<&str>, lang: Lang) -> String {
    text.and_then(|text| text.parse().ok())
        .map(|unit| unit::words(unit, lang))
        .unwrap_or_default()
}

fn unit_text(name: &str, catalog: &Catalog) -> Option<String> {
    columns::unit(name, catalog)
        .map(|unit| unit.to_string())
        .filter(|unit| !unit.is_empty())
}

fn view(name: &str, metric: &Metric, catalog: &Catalog, lang: Lang) -> MetricView {
    let formula = catalog.formula(name);
    let read = metric
        .measure
        .iter()
        .cloned()
        .chain(columns::measures(name, catalog));
    let mut seen = BTreeSet::new();
    let read: Vec<String> = read.filter(|reference| seen.insert(reference.clone())).collect();
    let behaviours = columns::behaviours(name, catalog);
    let flows = behaviours.iter().any(|time| time.starts_with("flow"));
    let default_form = metric
        .form
        .or_else(|| match (behaviours.contains("flow_ytd"), flows) {
            (true, _) => Some(Form::Ytd),
            (false, true) => Some(Form::Single),
            _ => None,
        });
    let alternatives = metric
        .alternatives
        .iter()
        .filter_map(|reference| reference.split_once('.'));
    let mut alternatives: Vec<String> = alternatives.map(|(table, _)| format!("{name}@{table}")).collect();
    if metric.measure.is_some() && formula.is_some() {
        alternatives.push(format!("{name}@formula"));
    }
    let dimensions = columns::dimensions(name, catalog);
    let grain = columns::grain(name, catalog);
    let cut = dimensions
        .first()
        .map(|dimension| format!(" by {dimension}"))
        .unwrap_or_default();
    let periods = grain.map(|grain| format!(" latest {grain}")).unwrap_or_default();
    MetricView {
        name: name.to_owned(),
        label: metric.label.get(lang).to_owned(),
        description: Some(metric.description.get(lang).to_owned()).filter(|text| !text.is_empty()),
        synonyms: metric.synonyms.clone(),
        unit: unit_text(name, catalog),
        formula: metric.formula.clone(),
        expanded: formula.map(|formula| columns::expanded(formula, catalog).to_string()),
        columns: read
            .iter()
            .filter_map(|reference| columns::column_text(reference, catalog))
            .collect(),
        alternatives,
        time: behaviours.into_iter().map(ToOwned::to_owned).collect(),
        forms: if flows {
            ["ytd", "single", "ttm"].map(ToOwned::to_owned).to_vec()
        } else {
            Vec::new()
        },
        default_form: default_form.map(|form| form.as_str().to_owned()),
        grain: grain.map(|grain| grain.as_str().to_owned()),
        dimensions,
        used_by: catalog
            .file()
            .metrics
            .keys()
            .filter(|other| columns::parts(other, catalog).contains(name))
            .cloned()
            .collect(),
        example: format!("{name}{cut}{periods}"),
    }
}

fn explain(view: &MetricView, printer: &Printer) -> Result<(), CliError> {
    let unit = shown_unit(view.unit.as_deref(), printer.lang);
    let unit = match unit.is_empty() {
        true => unit,
        false => printer.pick(format!("（{unit}）"), format!(" ({unit})")),
    };
    printer.heading(format!("{} {}{unit}", view.name, view.label))?;
    let list = |items: &[String]| items.join(printer.pick("、", ", "));
    let lines: [(&str, &str, String); 12] = [
        ("含义", "meaning", view.description.clone().unwrap_or_default()),
        ("也称", "also called", list(&view.synonyms)),
        ("公式", "formula", view.formula.clone().unwrap_or_default()),
        (
            "展开",
            "expanded",
            view.expanded
                .clone()
                .filter(|text| Some(text) != view.formula.as_ref())
                .unwrap_or_default(),
        ),
        ("列", "columns", list(&view.columns)),
        ("另有来源", "other sources", list(&view.alternatives)),
        ("时间", "time", list(&view.time)),
        ("口径", "forms", list(&view.forms)),
        (
            "默认口径",
            "default form",
            view.default_form.clone().unwrap_or_default(),
        ),
        ("最细粒度", "finest grain", view.grain.clone().unwrap_or_default()),
        ("可按", "cut by", list(&view.dimensions)),
        ("用于", "used by", list(&view.used_by)),
    ];
    for (zh, en, text) in lines {
        if !text.is_empty() {
            printer.result(printer.pick(format!("{zh}：{text}"), format!("{en}: {text}")))?;
        }
    }
    printer.say(printer.pick(
        format!("试试：jinsheng query '{}'", view.example),
        format!("try: jinsheng query '{}'", view.example),
    ));
    Ok(())
}
