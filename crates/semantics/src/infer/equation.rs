//! Which equations are worth measuring in the data: what profiles should say of identities and magnitudes.
//!
//! The lexicon knows what adds up to what; whether it does here, and in which units, only the data can say.

use std::collections::{BTreeMap, BTreeSet};

use super::dictionary::DictionaryEntry;
use super::draft::{Draft, Meaning, TableDraft};
use super::lexicon::{Concept, Lexicon};
use super::profile::{GrowthKind, IdentityKind, TableProfile};
use super::{column, entity, period};
use crate::query::{BinaryOp, Expr, parse_expr};

/// What to measure before drafting a catalog.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToMeasure {
    /// Equations between columns of one table; measured ones go to its profile as identities.
    pub equations: Vec<Equation>,
    /// Columns of two tables that should hold the same figure; measured ones go to the first one's profile as magnitudes.
    pub same: Vec<SameFigure>,
}

/// An equation that a table may obey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equation {
    /// Imported table.
    pub source: String,
    /// The equation.
    pub kind: IdentityKind,
}

/// Two columns with the same figure, perhaps in different units. Rows meet by subject and period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SameFigure {
    /// Imported table.
    pub source: String,
    /// Its column.
    pub column: String,
    /// The other imported table.
    pub other_source: String,
    /// Its column.
    pub other_column: String,
}

/// Lists what the data should be asked about; profiles need no keys or values for it beyond what is at hand.
pub fn to_measure(profiles: &[TableProfile], dictionary: &[DictionaryEntry]) -> ToMeasure {
    let draft = recognised(profiles, dictionary);
    let mut found = ToMeasure::default();
    let tables: Vec<&TableDraft<'_>> = draft.tables.iter().filter(|table| !table.left).collect();
    for table in &tables {
        let held = held(table);
        for (id, column) in &held {
            let Some(concept) = Lexicon::get().by_id(id) else {
                continue;
            };
            for kind in equations(concept, column, &held) {
                let equation = Equation {
                    source: table.profile.source.clone(),
                    kind,
                };
                if !found.equations.contains(&equation) {
                    found.equations.push(equation);
                }
            }
        }
        growths(table, &held, &mut found);
    }
    for (position, one) in tables.iter().enumerate() {
        for two in tables.iter().skip(position + 1) {
            if one.entities.keys().eq(two.entities.keys()) && one.period.is_some() == two.period.is_some() {
                same(one, two, &mut found);
            }
        }
    }
    found
}

/// The draft as far as it is known what columns hold.
fn recognised<'a>(profiles: &'a [TableProfile], dictionary: &'a [DictionaryEntry]) -> Draft<'a> {
    let mut draft = column::start(profiles, dictionary, &BTreeSet::new());
    entity::find(&mut draft);
    column::without_companies(&mut draft);
    period::find(&mut draft);
    draft
}

/// Sums that stored figures obey as a rule, such as net cash flow = operating + investing + financing: for each figure that
/// the lexicon can check, its sums of as many terms as there are columns for.
pub fn usual_sums(profiles: &[TableProfile]) -> Vec<Equation> {
    let draft = recognised(profiles, &[]);
    let mut found = Vec::new();
    for table in draft.tables.iter().filter(|table| !table.left) {
        let held = held(table);
        // What only stands in for another figure obeys no sum of that figure.
        let own = |id: &str| {
            let mut columns = table.columns.iter().filter_map(|column| column.concept());
            columns.any(|concept| concept.id == id)
        };
        for (id, column) in held.iter().filter(|(id, _)| own(id)) {
            let Some(concept) = Lexicon::get()
                .by_id(id)
                .filter(|concept| !concept.check.is_empty())
            else {
                continue;
            };
            let sums: Vec<IdentityKind> = equations(concept, column, &held)
                .into_iter()
                .filter(|kind| matches!(kind, IdentityKind::Sum { .. }))
                .collect();
            for kind in &sums {
                let equation = Equation {
                    source: table.profile.source.clone(),
                    kind: kind.clone(),
                };
                let lacking = sums.iter().any(|other| lacks_terms(kind, other));
                if !lacking && !found.iter().any(|known| is_same(known, &equation)) {
                    found.push(equation);
                }
            }
        }
    }
    found
}

/// True for two sums of the same columns: assets = liabilities + equity, and equity = assets - liabilities.
fn is_same(one: &Equation, other: &Equation) -> bool {
    let columns = |equation: &Equation| -> BTreeSet<String> {
        match &equation.kind {
            IdentityKind::Sum { total, terms } => {
                let terms = terms.iter().map(|(_, term)| term);
                std::iter::once(total).chain(terms).cloned().collect()
            }
            _ => BTreeSet::new(),
        }
    };
    one.source == other.source && columns(one) == columns(other)
}

/// True when a sum has some of the terms of another and no others: it leaves out what has a column.
fn lacks_terms(one: &IdentityKind, other: &IdentityKind) -> bool {
    match (one, other) {
        (IdentityKind::Sum { terms, .. }, IdentityKind::Sum { terms: more, .. }) => {
            terms.len() < more.len() && terms.iter().all(|term| more.contains(term))
        }
        _ => false,
    }
}

/// Columns of a table by the concept that they hold.
fn held<'a>(table: &TableDraft<'a>) -> BTreeMap<&'static str, &'a str> {
    let mut held = BTreeMap::new();
    for column in table
        .columns
        .iter()
        .filter(|column| column.is_open() && column.profile.kind.is_number())
    {
        if let Some(concept) = column.concept() {
            held.insert(concept.id.as_str(), column.profile.name.as_str());
        }
    }
    // Total revenue stands in where revenue has no column.
    for concept in &Lexicon::get().concepts {
        if let Some(target) = &concept.stands_for
            && let Some(column) = held.get(concept.id.as_str()).copied()
        {
            held.entry(target.as_str()).or_insert(column);
        }
    }
    held
}

fn equations(concept: &Concept, column: &str, held: &BTreeMap<&'static str, &str>) -> Vec<IdentityKind> {
    let mut kinds = Vec::new();
    for formula in concept.check.iter().chain(&concept.formula) {
        let Ok(expr) = parse_expr(formula) else { continue };
        if let Expr::Binary(BinaryOp::Divide, above, below) = &expr
            && let (Some(numerator), Some(denominator)) = (only(above, held), only(below, held))
        {
            kinds.extend([true, false].map(|percent| IdentityKind::Ratio {
                ratio: column.to_owned(),
                numerator: numerator.to_owned(),
                denominator: denominator.to_owned(),
                percent,
            }));
            continue;
        }
        let mut terms = Vec::new();
        if sum(&expr, false, held, &mut terms)
            && terms.len() >= 2
            && terms.iter().all(|(_, term)| term != column)
        {
            kinds.push(IdentityKind::Sum {
                total: column.to_owned(),
                terms,
            });
        }
    }
    kinds
}

fn only<'a>(expr: &Expr, held: &BTreeMap<&'static str, &'a str>) -> Option<&'a str> {
    match expr {
        Expr::Metric(metric) => held.get(metric.name.as_str()).copied(),
        _ => None,
    }
}

/// Takes a sum apart; false when it is none, or a part has no column.
fn sum(
    expr: &Expr,
    negative: bool,
    held: &BTreeMap<&'static str, &str>,
    terms: &mut Vec<(bool, String)>,
) -> bool {
    match expr {
        Expr::Binary(BinaryOp::Add, left, right) => {
            sum(left, negative, held, terms) && sum(right, negative, held, terms)
        }
        Expr::Binary(BinaryOp::Subtract, left, right) => {
            sum(left, negative, held, terms) && sum(right, !negative, held, terms)
        }
        other => match only(other, held) {
            Some(column) => {
                terms.push((negative, column.to_owned()));
                true
            }
            None => false,
        },
    }
}

fn growths(table: &TableDraft<'_>, held: &BTreeMap<&'static str, &str>, found: &mut ToMeasure) {
    let lexicon = Lexicon::get();
    for column in &table.columns {
        let Meaning::Growth {
            base: Some(base),
            kind,
            ..
        } = &column.meaning
        else {
            continue;
        };
        let base = lexicon
            .concepts
            .get(*base)
            .and_then(|concept| held.get(concept.id.as_str()));
        let Some(of) = base else { continue };
        let changes: &[GrowthKind] = match kind {
            GrowthKind::Qoq => &[GrowthKind::Qoq],
            _ => &[GrowthKind::Yoy, GrowthKind::SinceYearEnd],
        };
        for change in changes {
            for percent in [true, false] {
                found.equations.push(Equation {
                    source: table.profile.source.clone(),
                    kind: IdentityKind::Growth {
                        rate: column.profile.name.clone(),
                        of: (*of).to_owned(),
                        change: *change,
                        percent,
                    },
                });
            }
        }
    }
}

fn same(one: &TableDraft<'_>, two: &TableDraft<'_>, found: &mut ToMeasure) {
    let (first, second) = (held(one), held(two));
    for (id, column) in &first {
        let stand_in = Lexicon::get().by_id(id).is_none_or(|concept| {
            one.columns
                .iter()
                .all(|own| own.concept().is_none_or(|held| held.id != concept.id))
        });
        if stand_in {
            continue;
        }
        if let Some(other) = second.get(id) {
            found.same.push(SameFigure {
                source: one.profile.source.clone(),
                column: (*column).to_owned(),
                other_source: two.profile.source.clone(),
                other_column: (*other).to_owned(),
            });
        }
    }
}
