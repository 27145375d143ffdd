//! A table beside a figure: the figure is read from there.

use super::value;
use crate::ask::lexicon::Sense;
use crate::ask::piece::{Piece, Value};
use crate::ask::rules::{Rewrite, Rules};
use crate::ask::words::Word as W;
use crate::query::{Expr, MetricRef};

/// 利润表(中)的营业收入.
pub(super) fn table_then_value(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let [Piece::Names(senses, _), Piece::Value(found), ..] = pieces else {
        return None;
    };
    Some((2, value(rules.of_table(senses, found)?)))
}

/// 营业总收入(取自业绩指标表), 净利润(利润表).
pub(super) fn value_then_table(rules: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    let (found, senses, taken) = match pieces {
        [
            Piece::Value(found),
            Piece::Mark('('),
            Piece::Names(senses, _),
            Piece::Mark(')'),
            ..,
        ] => (found, senses, 4),
        [
            Piece::Value(found),
            Piece::Mark('('),
            Piece::Unknown(_),
            Piece::Names(senses, _),
            Piece::Mark(')'),
            ..,
        ] => (found, senses, 5),
        _ => return None,
    };
    Some((taken, value(rules.of_table(senses, found)?)))
}

impl Rules<'_> {
    /// A metric read from a table that is named, if it has that source.
    fn of_table(&self, senses: &[Sense], found: &Value) -> Option<Value> {
        let table = senses.iter().find_map(|sense| match sense {
            Sense::Table(table) => Some(table),
            _ => None,
        })?;
        let Expr::Metric(metric) = &found.expr else {
            return None;
        };
        let metric = self.sourced(metric, table)?;
        Some(Value {
            expr: Expr::Metric(metric.clone()),
            base: Expr::Metric(metric),
            ..found.clone()
        })
    }

    /// `metric@table`; the metric itself where that is its usual source.
    pub(in crate::ask) fn sourced(&self, metric: &MetricRef, table: &str) -> Option<MetricRef> {
        let definition = self.catalog.metric(&metric.name)?;
        let reads = |reference: &str| reference.split_once('.').is_some_and(|(own, _)| own == table);
        if definition.measure.as_deref().is_some_and(reads) {
            return Some(metric.clone());
        }
        definition
            .alternatives
            .iter()
            .any(|other| reads(other))
            .then(|| MetricRef {
                variant: Some(table.to_owned()),
                ..metric.clone()
            })
    }
}

/// 金花企业(集团)股份有限公司, 金花集团: what stands behind a name to say that it is a company.
pub(super) fn legal_form(_: &Rules<'_>, pieces: &[Piece]) -> Rewrite {
    const FORMS: [&str; 9] = [
        "企业",
        "公司",
        "集团",
        "股份",
        "有限公司",
        "股份有限公司",
        "股份公司",
        "集团股份有限公司",
        "集团股份",
    ];
    let [name @ Piece::Names(senses, _), rest @ ..] = pieces else {
        return None;
    };
    let member = |senses: &[Sense]| senses.iter().all(|sense| matches!(sense, Sense::Member(..)));
    if !member(senses) || senses.is_empty() {
        return None;
    }
    let mut taken = 0;
    loop {
        match rest.get(taken..)? {
            [
                Piece::Mark('('),
                Piece::Unknown(text) | Piece::Names(_, text),
                Piece::Mark(')'),
                ..,
            ] if text == "集团" => {
                taken += 3;
            }
            [Piece::Unknown(text) | Piece::Names(_, text), ..] if FORMS.contains(&text.as_str()) => {
                taken += 1
            }
            // 金花股份这家公司, 金花股份，该公司: the one that was just named.
            [Piece::Word(W::These, text), ..] if text.starts_with(['这', '该']) && !text.contains('些') => {
                taken += 1
            }
            [Piece::Mark(','), Piece::Word(W::These, text), ..] if text.starts_with('该') => taken += 2,
            _ => break,
        }
    }
    (taken > 0).then(|| (1 + taken, vec![name.clone()]))
}
