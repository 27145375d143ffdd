//! Figures that no column has but others give: ratios, sums, returns. And equations that stored figures should obey.

use std::collections::BTreeSet;

use jinsheng_core::Unit;

use super::draft::Draft;
use super::lexicon::{Concept, Kind, Lexicon};
use super::metric::{MetricDraft, Metrics};
use super::profile::IdentityKind;
use crate::catalog::{Metric, metric_names};
use crate::query::parse_expr;

/// Adds formulas: as metrics of their own, and as checks of stored ones.
pub(crate) fn add(draft: &mut Draft<'_>, metrics: &mut Metrics) {
    let mut closing = Vec::new();
    // A formula may use another: repeat until nothing is added.
    loop {
        let mut added = false;
        for (order, concept) in Lexicon::get().concepts.iter().enumerate() {
            if metrics.entities(&concept.id).is_some() {
                continue;
            }
            let Some((formula, entities)) = feasible(metrics, &concept.id, &concept.formula) else {
                continue;
            };
            if concept.closing {
                closing.push(concept.id.clone());
            }
            metrics
                .by_id
                .insert(concept.id.clone(), computed(concept, order, formula, entities));
            added = true;
        }
        if !added {
            break;
        }
    }
    checks(draft, metrics);
    if !closing.is_empty() {
        let list = closing.join(", ");
        draft.unsure(
            "metrics.*.formula",
            format!("分母取期末余额，未取期初期末平均，也未年化：{list}。需要平均口径时改写公式，如 operating_cost / ((inventory + shift(inventory, 1 year)) / 2)"),
            format!("these divide by the closing balance, neither averaged nor annualised: {list}. For averages write, say, operating_cost / ((inventory + shift(inventory, 1 year)) / 2)"),
            "closing balance",
            vec!["average balance".to_owned(), "annualised".to_owned()],
        );
    }
}

fn computed(concept: &Concept, order: usize, formula: String, entities: BTreeSet<String>) -> MetricDraft {
    // Amounts keep the unit of their parts; a ratio is shown as people know it.
    let unit = concept
        .unit
        .filter(|unit| concept.kind == Kind::Rate && (*unit == Unit::PERCENT || *unit == Unit::TIMES));
    let mut strong = concept.names.clone();
    strong.insert(0, concept.label.zh.clone());
    MetricDraft {
        metric: Metric {
            label: concept.label.clone(),
            synonyms: Vec::new(),
            description: concept.about.clone(),
            measure: None,
            alternatives: Vec::new(),
            formula: Some(formula),
            unit,
            form: None,
            growth_of: None,
            lower_is_better: concept.worse,
        },
        strong,
        loose: concept.words.clone(),
        first: concept.first,
        order,
        entities,
    }
}

/// The first formula all of whose metrics exist and are about a common kind of subject.
fn feasible(metrics: &Metrics, own: &str, formulas: &[String]) -> Option<(String, BTreeSet<String>)> {
    formulas.iter().find_map(|formula| {
        let mut names = BTreeSet::new();
        metric_names(&parse_expr(formula).ok()?, &mut names);
        let mut common: Option<BTreeSet<String>> = None;
        for name in &names {
            let entities = metrics.entities(name).filter(|_| name != own)?;
            common = Some(match common {
                None => entities.clone(),
                Some(known) if known.is_empty() && entities.is_empty() => known,
                Some(known) => {
                    let both: BTreeSet<String> = known.intersection(entities).cloned().collect();
                    if both.is_empty() {
                        return None;
                    }
                    both
                }
            });
        }
        Some((formula.clone(), common?))
    })
}

/// Equations for stored figures: the lexicon's, else what the data was found to obey.
fn checks(draft: &mut Draft<'_>, metrics: &mut Metrics) {
    let lexicon = Lexicon::get();
    let ids: Vec<String> = metrics
        .by_id
        .iter()
        .filter(|(_, metric)| metric.metric.measure.is_some() && metric.metric.formula.is_none())
        .map(|(id, _)| id.clone())
        .collect();
    for id in ids {
        let found = lexicon
            .by_id(&id)
            .and_then(|concept| {
                let independent = |check: &&String| !leads_to(metrics, check, &id);
                let checks: Vec<String> = concept.check.iter().filter(independent).cloned().collect();
                feasible(metrics, &id, &checks)
            })
            .map(|(formula, _)| formula)
            .or_else(|| obeyed(draft, metrics, &id));
        if let Some(metric) = metrics.by_id.get_mut(&id) {
            metric.metric.formula = found;
        }
    }
    disobeyed(draft, metrics);
}

/// True when a formula rests on a metric, perhaps through other formulas: it could not check that metric.
fn leads_to(metrics: &Metrics, formula: &str, id: &str) -> bool {
    let mut open = vec![formula.to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(formula) = open.pop() {
        let Ok(expr) = parse_expr(&formula) else { continue };
        let mut names = BTreeSet::new();
        metric_names(&expr, &mut names);
        for name in names {
            if name == id {
                return true;
            }
            let computed = metrics
                .by_id
                .get(&name)
                .filter(|metric| metric.metric.measure.is_none());
            if let Some(next) = computed.and_then(|metric| metric.metric.formula.clone())
                && seen.insert(name)
            {
                open.push(next);
            }
        }
    }
    false
}

/// A sum or ratio that the data of the metric's own table was found to obey.
fn obeyed(draft: &Draft<'_>, metrics: &Metrics, id: &str) -> Option<String> {
    let (table_name, measure) = metrics
        .by_id
        .get(id)?
        .metric
        .measure
        .as_deref()?
        .split_once('.')?;
    let (index, table) = draft
        .tables
        .iter()
        .enumerate()
        .find(|(_, table)| table.name == table_name)?;
    let column = table
        .columns
        .iter()
        .find(|column| column.measure().is_some_and(|own| own.name == measure))?;
    let metric_of = |name: &str| {
        let position = table.position(name)?;
        let metric = metrics.of_column.get(&(index, position))?;
        (metric != id && parse_expr(metric).is_ok()).then(|| metric.clone())
    };
    let mut best: Option<(u64, String)> = None;
    for identity in table
        .profile
        .identities
        .iter()
        .filter(|identity| identity.holds(60))
    {
        let formula = match &identity.kind {
            IdentityKind::Sum { total, terms } if *total == column.profile.name => {
                let mut text = String::new();
                for (position, (negative, term)) in terms.iter().enumerate() {
                    text.push_str(match (position, negative) {
                        (0, false) => "",
                        (0, true) => "-",
                        (_, false) => " + ",
                        (_, true) => " - ",
                    });
                    text.push_str(&metric_of(term)?);
                }
                text
            }
            IdentityKind::Ratio {
                ratio,
                numerator,
                denominator,
                ..
            } if *ratio == column.profile.name => {
                format!("{} / {}", metric_of(numerator)?, metric_of(denominator)?)
            }
            _ => continue,
        };
        if parse_expr(&formula).is_ok()
            && best
                .as_ref()
                .is_none_or(|(support, _)| identity.support > *support)
        {
            best = Some((identity.support, formula));
        }
    }
    best.map(|(_, formula)| formula)
}

/// Stored ratios that the data says are not what the formula says.
fn disobeyed(draft: &mut Draft<'_>, metrics: &Metrics) {
    let mut notes = Vec::new();
    for ((table, column), id) in &metrics.of_column {
        let Some(own) = draft.tables.get(*table) else {
            continue;
        };
        let Some(column) = own.columns.get(*column) else {
            continue;
        };
        for identity in &own.profile.identities {
            let weak = identity.total >= 8 && !identity.holds(50);
            if let IdentityKind::Ratio {
                ratio,
                numerator,
                denominator,
                ..
            } = &identity.kind
                && weak
                && *ratio == column.profile.name
                && let Some(formula) = metrics
                    .by_id
                    .get(id)
                    .and_then(|metric| metric.metric.formula.clone())
            {
                notes.push((
                    id.clone(),
                    formula,
                    format!("{numerator} / {denominator}"),
                    identity.support,
                    identity.total,
                ));
            }
        }
    }
    for (id, formula, found, support, total) in notes {
        draft.unsure(
            format!("metrics.{id}.formula"),
            format!("存储值多半不等于 {found}（{total} 行中只有 {support} 行相等）；指标取存储值，公式只作核对"),
            format!("stored values mostly differ from {found} (equal in {support} of {total} rows); the stored value counts, the formula only checks"),
            formula,
            vec!["none".to_owned()],
        );
    }
}
