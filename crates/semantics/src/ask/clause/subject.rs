//! Which figure a short name means beside a kind of subject: 资产 of a client is what the catalog calls 客户资产.

use crate::ask::Understanding;
use crate::ask::build::tables_of;
use crate::ask::lexicon::Sense;
use crate::ask::piece::{Piece, Value};
use crate::ask::words::Word as W;
use crate::catalog::ResolvedDimension;
use crate::query::{Expr, MetricRef};

/// A figure that the kind of subject named has none of, where there is one under the name of both together.
pub(super) fn by_subject(pieces: &mut Vec<Piece>, with: &Understanding) {
    fee_income(pieces, with);
    let mut kinds: Vec<String> = Vec::new();
    for piece in pieces.iter() {
        let Piece::Names(senses, _) = piece else { continue };
        let mut own: Vec<&str> = senses.iter().filter_map(kind).collect();
        own.sort_unstable();
        own.dedup();
        if let [one] = own.as_slice()
            && with.catalog.entity(one).is_some()
            && !kinds.iter().any(|known| known == one)
        {
            kinds.push((*one).to_owned());
        }
    }
    // 谁的资产: people's, where the catalog knows people.
    let person =
        |piece: &Piece| matches!(piece, Piece::Word(W::Which, text) if matches!(text.as_str(), "谁" | "who"));
    if kinds.is_empty() && pieces.iter().any(person) {
        let mut entities = with.catalog.file().entities.iter();
        let people = entities.find(|(_, entity)| entity.label.zh == "客户" || entity.label.en == "Client");
        kinds.extend(people.map(|(name, _)| name.clone()));
    }
    beside(pieces, with);
    if kinds.is_empty() {
        return;
    }
    let has = |metric: &str, entity: &str| {
        let tables = tables_of(&with.catalog, metric);
        !tables.is_empty()
            && tables.iter().all(|table| {
                let path = with.catalog.path(table, ResolvedDimension::Entity(entity));
                path.is_some()
            })
    };
    for piece in pieces.iter_mut() {
        let Piece::Value(value) = piece else { continue };
        let Expr::Metric(metric) = &value.expr else {
            continue;
        };
        if tables_of(&with.catalog, &metric.name).is_empty()
            || kinds.iter().any(|entity| has(&metric.name, entity))
        {
            continue;
        }
        let other = kinds.iter().find_map(|name| {
            let entity = with.catalog.entity(name)?;
            let zh = format!("{}{}", entity.label.zh, value.text);
            let en = format!("{} {}", entity.label.en.to_lowercase(), value.text);
            let senses = [zh, en]
                .into_iter()
                .flat_map(|text| with.lexicon.exact(&text).to_vec());
            senses.into_iter().find_map(|sense| match sense {
                Sense::Metric(metric) if has(&metric, name) => Some(metric),
                _ => None,
            })
        });
        if let Some(other) = other {
            *value = Value::new(Expr::Metric(MetricRef::plain(other)), value.text.clone());
        }
    }
}

/// The kind of subject that a name is one of, or an attribute of.
fn kind(sense: &Sense) -> Option<&str> {
    match sense {
        Sense::Entity(name) | Sense::Member(name, _) => Some(name),
        Sense::Value(dimension, _) => dimension.split('.').next(),
        _ => None,
    }
}

/// 手续费收入: 收入 behind an amount of other tables is a part of its name.
fn fee_income(pieces: &mut Vec<Piece>, with: &Understanding) {
    let tables = |value: &Value| match &value.expr {
        Expr::Metric(metric) => tables_of(&with.catalog, &metric.name),
        _ => std::collections::BTreeSet::new(),
    };
    let mut at = 0;
    while at + 1 < pieces.len() {
        if let (Some(Piece::Value(first)), Some(Piece::Value(second))) = (pieces.get(at), pieces.get(at + 1))
            && second.text == "收入"
            && first.text.ends_with('费')
            && tables(first).is_disjoint(&tables(second))
        {
            pieces.remove(at + 1);
        }
        at += 1;
    }
}

/// 存款和产品各多少: a kind of subject in a row of figures is short for a figure of the same table that begins with its name.
fn beside(pieces: &mut [Piece], with: &Understanding) {
    for at in 0..pieces.len() {
        let Some(
            [
                Piece::Value(value),
                Piece::Word(W::And, _),
                Piece::Names(senses, text),
            ],
        ) = pieces.get(at..at + 3)
        else {
            continue;
        };
        let asked = matches!(pieces.get(at + 3), Some(Piece::Word(W::Each | W::HowMuch, _)));
        let kind = senses.iter().any(|sense| matches!(sense, Sense::Entity(_)));
        let Expr::Metric(metric) = &value.expr else {
            continue;
        };
        if !asked || !kind {
            continue;
        }
        let time = |name: &str| {
            let metric = with.catalog.metric(name)?;
            let behaviour = with.catalog.behaviour(metric)?;
            let measure = with.catalog.measure(metric.measure.as_deref()?)?;
            Some((measure.0.to_owned(), behaviour, measure.3.unit))
        };
        let own = time(&metric.name);
        let mut same = with.catalog.file().metrics.iter().filter(|(name, other)| {
            other.label.zh.starts_with(text.as_str()) && own.is_some() && time(name) == own
        });
        let text = text.clone();
        let new = match (same.next(), same.next()) {
            (Some((name, _)), None) => Piece::Value(Value::new(Expr::Metric(MetricRef::plain(name)), text)),
            _ => Piece::Unknown(text),
        };
        if let Some(place) = pieces.get_mut(at + 2) {
            *place = new;
        }
    }
}
