//! Totals of two or three terms, two sums that are equal, and columns that repeat others.

use std::collections::BTreeSet;

use super::{DiscoveredIdentity, Frame, IdentityKind, SUM_TOLERANCE, tally};

/// Rows on which a candidate is tried first. One that holds in seven rows of ten is missed on all with chance 10⁻⁶.
const PIVOTS: usize = 12;
/// With more columns, totals of three terms are not looked for.
const MOST_FOR_TRIPLES: usize = 90;
/// A pivot row that gives more candidates than this is full of equal values and shows nothing.
const MOST_CANDIDATES: usize = 4000;
/// Most identities that one column is the total of.
const MOST_PER_TOTAL: usize = 3;

/// Columns that hold the same figures.
pub(super) fn equal_columns(frame: &Frame) -> Vec<DiscoveredIdentity> {
    let mut found: Vec<DiscoveredIdentity> = Vec::new();
    let mut repeats = BTreeSet::new();
    for left in 0..frame.columns.len() {
        for right in left + 1..frame.columns.len() {
            if repeats.contains(&left) || repeats.contains(&right) || frame.size(left) == 0.0 {
                continue;
            }
            let ratio = frame.size(left) / frame.size(right);
            if !(0.2..5.0).contains(&ratio) {
                continue;
            }
            let kind = IdentityKind::Equal {
                left: frame.name(left),
                right: frame.name(right),
            };
            let identity = tally(frame, kind, |row| {
                let (a, b) = (frame.value(left, row)?, frame.value(right, row)?);
                // Small whole numbers are equal by chance.
                (a.abs() > 100.0 || a.fract() != 0.0).then(|| near(a, b, a.abs().max(b.abs()), 0.0))
            });
            if let Some(identity) = identity.filter(|identity| identity.support * 100 >= identity.total * 90)
            {
                repeats.insert(right);
                found.push(identity);
            }
        }
    }
    found
}

fn near(left: f64, right: f64, size: f64, rounding: f64) -> bool {
    (left - right).abs() <= SUM_TOLERANCE * size + rounding
}

/// A relation with coefficients +1 and -1 that is zero.
type Relation = Vec<(i8, usize)>;

/// Totals.
pub(super) fn sums(frame: &Frame, columns: &[usize]) -> Vec<DiscoveredIdentity> {
    let columns: Vec<usize> = columns
        .iter()
        .copied()
        .filter(|column| frame.size(*column) > 0.0)
        .collect();
    let mut found: Vec<(Relation, DiscoveredIdentity)> = Vec::new();
    let mut tried: BTreeSet<Relation> = BTreeSet::new();
    let pivots = frame.pivots(PIVOTS);
    for terms in [2, 3] {
        if terms == 3 && columns.len() > MOST_FOR_TRIPLES {
            break;
        }
        for pivot in &pivots {
            for relation in candidates(frame, &columns, *pivot, terms) {
                if !tried.insert(relation.clone()) || found.iter().any(|(known, _)| implies(known, &relation))
                {
                    continue;
                }
                if let Some(identity) = verify(frame, &relation) {
                    found.push((relation, identity));
                }
            }
        }
    }
    let share = |identity: &DiscoveredIdentity| identity.support * 100 / identity.total.max(1);
    found.sort_by_key(|(relation, identity)| (relation.len(), std::cmp::Reverse(share(identity))));
    let mut kept: Vec<(Relation, DiscoveredIdentity)> = Vec::new();
    for (relation, identity) in found {
        let same_total = |other: &DiscoveredIdentity| {
            other.identity.columns().first() == identity.identity.columns().first()
        };
        // With one column exchanged for a similar one, a total holds in many rows by chance.
        let worse = kept.iter().any(|(known, other)| {
            let shared = known
                .iter()
                .filter(|(_, column)| relation.iter().any(|(_, other)| other == column))
                .count();
            known.len() == relation.len() && shared + 1 == known.len() && share(&identity) + 5 <= share(other)
        });
        if !worse && kept.iter().filter(|(_, other)| same_total(other)).count() < MOST_PER_TOTAL {
            kept.push((relation, identity));
        }
    }
    kept.into_iter().map(|(_, identity)| identity).collect()
}

/// A relation of four columns that shares three with a known one of three says nothing new.
fn implies(known: &Relation, relation: &Relation) -> bool {
    known
        .iter()
        .all(|(_, column)| relation.iter().any(|(_, other)| other == column))
}

/// Relations that hold in one row: `a + b = c`; with three terms `a + b + c = d` and `a + b = c + d`.
fn candidates(frame: &Frame, columns: &[usize], row: usize, terms: usize) -> Vec<Relation> {
    let mut values: Vec<(f64, usize)> = columns
        .iter()
        .filter_map(|column| Some((frame.value(*column, row)?, *column)))
        .filter(|(value, column)| value.abs() > frame.rounding(*column) * 20.0 && *value != 0.0)
        .collect();
    values.sort_by(|left, right| left.0.total_cmp(&right.0));
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (index, (left, a)) in values.iter().enumerate() {
        for (right, b) in values.iter().skip(index + 1) {
            pairs.push((left + right, *a, *b));
        }
    }
    let mut found = BTreeSet::new();
    if terms == 2 {
        for (sum, a, b) in &pairs {
            for (value, c) in around(&values, *sum, |entry| entry.0) {
                if c != a && c != b && near(*value, *sum, value.abs(), 0.0) {
                    found.insert(canonical(vec![(1, *a), (1, *b), (-1, *c)]));
                }
            }
        }
        return limited(found);
    }
    pairs.sort_by(|left, right| left.0.total_cmp(&right.0));
    for (value, d) in &values {
        for (other, c) in &values {
            if c == d {
                continue;
            }
            // a + b + c = d
            for (sum, a, b) in around(&pairs, value - other, |entry| entry.0) {
                if ![a, b].contains(&c) && ![a, b].contains(&d) && near(*sum, value - other, value.abs(), 0.0)
                {
                    found.insert(canonical(vec![(1, *a), (1, *b), (1, *c), (-1, *d)]));
                }
            }
        }
    }
    for (index, (sum, a, b)) in pairs.iter().enumerate() {
        // a + b = c + d: its neighbours among the sorted sums.
        for (other, c, d) in pairs.iter().skip(index + 1).take(8) {
            let size = sum.abs().max(other.abs());
            if !near(*sum, *other, size, 0.0) {
                break;
            }
            if a != c && a != d && b != c && b != d {
                found.insert(canonical(vec![(1, *a), (1, *b), (-1, *c), (-1, *d)]));
            }
        }
        if found.len() > MOST_CANDIDATES {
            break;
        }
    }
    limited(found)
}

fn limited(found: BTreeSet<Relation>) -> Vec<Relation> {
    if found.len() > MOST_CANDIDATES {
        Vec::new()
    } else {
        found.into_iter().collect()
    }
}

/// Entries of a sorted list near a value.
fn around<T>(sorted: &[T], value: f64, of: impl Fn(&T) -> f64) -> &[T] {
    let slack = value.abs() * SUM_TOLERANCE * 2.0;
    let from = sorted.partition_point(|entry| of(entry) < value - slack);
    let to = sorted.partition_point(|entry| of(entry) <= value + slack);
    sorted.get(from..to).unwrap_or_default()
}

/// Sorted by column, the first with a plus.
fn canonical(mut relation: Relation) -> Relation {
    relation.sort_by_key(|(_, column)| *column);
    if relation.first().is_some_and(|(sign, _)| *sign < 0) {
        for (sign, _) in &mut relation {
            *sign = -*sign;
        }
    }
    relation
}

/// Counts the rows; the total is the largest column that has the other sign, or else the largest.
fn verify(frame: &Frame, relation: &Relation) -> Option<DiscoveredIdentity> {
    let lonely = |column: &(i8, usize)| relation.iter().filter(|(sign, _)| *sign == column.0).count() == 1;
    let total = relation
        .iter()
        .filter(|column| relation.len() == 4 || lonely(column))
        .max_by(|left, right| {
            (lonely(left), frame.size(left.1))
                .partial_cmp(&(lonely(right), frame.size(right.1)))
                .unwrap_or(std::cmp::Ordering::Equal)
        })
        .copied()?;
    let mut terms: Vec<(i8, usize)> = relation
        .iter()
        .filter(|(_, column)| *column != total.1)
        .map(|(sign, column)| (-sign * total.0, *column))
        .collect();
    terms.sort_by_key(|(sign, column)| (std::cmp::Reverse(*sign), *column));
    let kind = IdentityKind::Sum {
        total: frame.name(total.1),
        terms: terms
            .iter()
            .map(|(sign, column)| (*sign, frame.name(*column)))
            .collect(),
    };
    let rounding: f64 = relation.iter().map(|(_, column)| frame.rounding(*column)).sum();
    tally(frame, kind, |row| {
        let mut rest = 0.0;
        let mut largest: f64 = 0.0;
        let mut smallest = f64::INFINITY;
        let mut together = 0.0;
        for (sign, column) in relation {
            let value = frame.value(*column, row)?;
            rest += f64::from(*sign) * value;
            largest = largest.max(value.abs());
            smallest = smallest.min(value.abs());
            together += value.abs();
        }
        // A row in which a term does not count cannot show that the term belongs there; nor can one in which two of
        // four columns cancel out, for then the others do as well.
        // In a sum that holds, the largest is no larger than the others together; in one that does not, it must not
        // hide them.
        let tolerance = SUM_TOLERANCE * largest.min(together - largest) + rounding;
        if smallest <= tolerance * 5.0
            || (relation.len() == 4 && cancels(frame, relation, row, tolerance * 5.0))
        {
            return None;
        }
        Some(rest.abs() <= tolerance)
    })
}

/// True when two columns of opposite signs are equal in a row.
fn cancels(frame: &Frame, relation: &Relation, row: usize, tolerance: f64) -> bool {
    relation.iter().enumerate().any(|(index, (sign, column))| {
        relation.iter().skip(index + 1).any(|(other_sign, other)| {
            let pair = frame.value(*column, row).zip(frame.value(*other, row));
            pair.is_some_and(|(one, two)| {
                (f64::from(*sign) * one + f64::from(*other_sign) * two).abs() <= tolerance
            })
        })
    })
}
