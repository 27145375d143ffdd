//! Rewriting: neighbours become one piece, until nothing changes. Values first, then conditions, then ranks.

mod again;
mod band;
mod condition;
mod rank;
mod times;
mod value;

use std::collections::{BTreeMap, BTreeSet};

use jinsheng_core::{Base, Decimal, Period, Quantity, Unit};
use jinsheng_text::time::Time;

use super::lexicon::Sense;
use super::piece::{Piece, Value};
use super::token::{Kind, Token};
use super::words::Word;
use crate::catalog::Catalog;
use crate::query::{BinaryOp, Expr, MetricRef};

/// What a rule makes of the pieces before it: how many it takes, and what stands there then.
pub(super) type Rewrite = Option<(usize, Vec<Piece>)>;

/// A rule looks at pieces from its place on.
pub(super) type Rule = fn(&Rules<'_>, &[Piece]) -> Rewrite;

/// The rules with what they look up.
pub(super) struct Rules<'a> {
    pub(super) catalog: &'a Catalog,
    /// Values of dimensions that the data hold.
    pub(super) values: &'a [super::DimensionValue],
    /// First and last period of each table.
    pub(super) spans: Option<&'a BTreeMap<String, (Period, Period)>>,
}

/// Stands for the return of what has a price until the stretch is known.
pub(super) const RETURN: &str = "return";

/// Most rewritings of one clause; a clause of ordinary length needs a few dozen.
const MOST: usize = 2_000;

impl Rules<'_> {
    /// Pieces of tokens; words without meaning are gone.
    pub(super) fn pieces(&self, tokens: &[Token]) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        for token in tokens {
            let Some(mut piece) = self.piece(token) else {
                continue;
            };
            // `changed from August`: what it is compared with, no period to show.
            let moved = matches!(
                pieces.last().and_then(Piece::word),
                Some(Word::Change | Word::Up | Word::Down)
            );
            if moved && matches!(piece, Piece::Time(Time::At(_))) && token.text.starts_with("from ") {
                piece = Piece::Unknown(token.text.clone());
            }
            pieces.push(piece);
        }
        self.moves(&mut pieces, tokens);
        pieces
    }

    /// 涨了多少, `change` may be a figure of their own, and are a movement beside another figure; 表现最好 is a return where no
    /// figure is named.
    fn moves(&self, pieces: &mut Vec<Piece>, tokens: &[Token]) {
        let moving = |text: &str| {
            tokens
                .iter()
                .any(|token| token.text == text && token.word() == Some(Word::Change))
                || text.starts_with('涨') && text.contains('多')
        };
        let named = |piece: &Piece| match piece {
            Piece::Value(value) => !moving(&value.text),
            Piece::Names(senses, _) => senses.iter().any(|sense| matches!(sense, Sense::Group(_))),
            _ => false,
        };
        let figure = pieces.iter().any(named);
        let mut at = 0;
        while at < pieces.len() {
            let next = pieces.get(at + 1).and_then(Piece::word);
            let new = match pieces.get(at) {
                Some(Piece::Value(value)) if figure && moving(&value.text) => {
                    let up = value.text.starts_with('涨');
                    let word = if up { Word::Up } else { Word::Change };
                    Some(Piece::Word(word, value.text.clone()))
                }
                Some(Piece::Word(Word::Performance, text))
                    if !figure && matches!(next, Some(Word::Most(_))) =>
                {
                    Some(Piece::Value(Value::new(
                        Expr::Metric(MetricRef::plain(RETURN)),
                        text.clone(),
                    )))
                }
                Some(Piece::Word(Word::Performance, _)) => {
                    pieces.remove(at);
                    continue;
                }
                _ => None,
            };
            if let (Some(new), Some(place)) = (new, pieces.get_mut(at)) {
                *place = new;
            }
            at += 1;
        }
    }

    /// What a token is before any rule.
    fn piece(&self, token: &Token) -> Option<Piece> {
        let text = token.text.clone();
        Some(match &token.kind {
            Kind::Mark('"') => return None,
            Kind::Mark(mark) => Piece::Mark(*mark),
            Kind::Time(time) => Piece::Time(*time),
            Kind::Number(number) => Piece::Number(number.quantity, text),
            Kind::Unknown if text.is_empty() => return None,
            // The line between growth and shrinking of a purchasing managers' index.
            Kind::Unknown if matches!(text.as_str(), "荣枯线" | "荣枯分界线") => {
                Piece::Number(Quantity::new(Decimal::from(50), Unit::PLAIN), text)
            }
            Kind::Unknown => Piece::Unknown(text),
            Kind::Known(senses) => return self.known(senses, token, text),
        })
    }

    /// A name or word. Subjects come before metrics of the same name, metrics before dimensions, names before words.
    fn known(&self, senses: &[Sense], token: &Token, text: String) -> Option<Piece> {
        let metrics: Vec<&String> = senses
            .iter()
            .filter_map(|sense| match sense {
                Sense::Metric(name) => Some(name),
                _ => None,
            })
            .collect();
        let subject = senses
            .iter()
            .any(|sense| matches!(sense, Sense::Entity(_) | Sense::Member(..) | Sense::Value(..)));
        // 公司数量 counts what is found and 盈利 is a condition, even where a metric has that name.
        if let Some(
            word @ (Word::Count
            | Word::Profit
            | Word::Loss
            | Word::Growth
            | Word::Yoy
            | Word::Qoq
            | Word::Up
            | Word::Down),
        ) = token.word()
        {
            return Some(Piece::Word(word, text));
        }
        if token.word() == Some(Word::Return) && metrics.is_empty() {
            let expr = Expr::Metric(MetricRef::plain(RETURN));
            return Some(Piece::Value(Value::new(expr, text)));
        }
        if metrics.len() == 1 && metrics.first().is_some_and(|name| self.counts_subjects(name)) {
            return Some(Piece::Word(Word::Count, text));
        }
        if let Some(first) = metrics.first().filter(|_| !subject) {
            let mut value = Value::new(Expr::Metric(MetricRef::plain(first.as_str())), text);
            value.others = metrics.iter().skip(1).map(|name| (*name).clone()).collect();
            // 净利润同比增长 is the name of a rate and says that it rose.
            if self.is_growth(&value.expr) {
                let ends = |words: &[&str]| words.iter().any(|word| value.text.ends_with(word));
                value.moved = if ends(&["增长", "上升", "增加"]) {
                    Some(true)
                } else {
                    None
                };
            }
            return Some(Piece::Value(value));
        }
        let names: Vec<Sense> = senses
            .iter()
            .filter(|sense| !matches!(sense, Sense::Word(_)))
            .cloned()
            .collect();
        match token.word() {
            Some(word) if names.is_empty() => {
                (!matches!(word, Word::Filler | Word::Of)).then_some(Piece::Word(word, text))
            }
            // 行业 is a dimension where the catalog has one, and a word for peers before a statistic.
            Some(_) | None => Some(Piece::Names(names, text)),
        }
    }

    /// Whether a metric counts the subjects of its table: 公司家数.
    pub(super) fn counts_subjects(&self, name: &str) -> bool {
        let measure = self
            .catalog
            .metric(name)
            .and_then(|metric| metric.measure.as_deref());
        measure
            .and_then(|measure| self.catalog.measure(measure))
            .is_some_and(|(_, _, table, measure)| {
                measure.agg == crate::catalog::Agg::CountDistinct
                    && measure
                        .column
                        .as_ref()
                        .is_some_and(|column| table.entities.values().any(|key| key == column))
            })
    }

    /// Applies rules until none fits.
    pub(super) fn apply(&self, pieces: &mut Vec<Piece>, rules: &[Rule]) {
        let mut at = 0;
        let mut left = MOST;
        while at < pieces.len() && left > 0 {
            let rewritten = pieces
                .get(at..)
                .and_then(|rest| rules.iter().find_map(|rule| rule(self, rest)));
            match rewritten {
                Some((taken, new)) => {
                    pieces.splice(at..at + taken, new);
                    at = at.saturating_sub(6);
                    left -= 1;
                }
                None => at += 1,
            }
        }
    }

    /// All stages.
    pub(super) fn run(&self, pieces: &mut Vec<Piece>, before: &[Value]) {
        // 年末资产负债率 beside a time: when is known. Without one it says when, and is left over.
        if pieces.iter().any(|piece| matches!(piece, Piece::Time(_))) {
            pieces.retain(|piece| piece.word() != Some(Word::YearEnd));
        }
        self.apply(pieces, value::EARLY);
        times::between(pieces);
        times::up_to_now(self, pieces);
        times::since_then(self, pieces);
        times::against_year(pieces);
        times::from_to(pieces);
        times::over_range(pieces);
        times::sum_of_years(pieces);
        times::compared_years(pieces);
        times::held_at(self, pieces, before);
        // Where a time stands says nothing; in front it is in nobody's way. Behind 滚动 it is part of the form.
        let form = pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Word(Word::Form(_), _)));
        if !form {
            pieces.sort_by_key(|piece| !matches!(piece, Piece::Time(_)));
        }
        self.apply(pieces, value::RULES);
        again::before_comparison(pieces, before);
        again::same_again(self, pieces, before);
        self.apply(pieces, value::RULES);
        self.apply(pieces, &[band::bands, band::levels]);
        self.apply(pieces, condition::RULES);
        self.apply(pieces, condition::JOINS);
        self.apply(pieces, rank::RULES);
    }

    /// The newest period that the tables of a value hold.
    fn newest(&self, expr: &Expr) -> Option<Period> {
        let spans = self.spans?;
        let tables = super::build::tables_read(self.catalog, &[expr]);
        let last = tables.iter().filter_map(|table| Some(spans.get(table)?.1));
        last.min_by_key(|last| last.last_at(jinsheng_core::Grain::Day).map(Period::index))
    }

    /// The metrics that a value is made of, those inside formulas and sums too.
    pub(super) fn metrics_of(&self, expr: &Expr) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        crate::catalog::metric_names(expr, &mut found);
        let inner: Vec<String> = found.iter().cloned().collect();
        for name in inner {
            if let Some(formula) = self.catalog.formula(&name) {
                crate::catalog::metric_names(formula, &mut found);
            }
        }
        found
    }

    /// The unit in which a value counts, as far as it is plain to see.
    pub(super) fn unit_of(&self, expr: &Expr) -> Option<Unit> {
        match expr {
            Expr::Metric(metric) => {
                let definition = self.catalog.metric(&metric.name)?;
                if let Some(unit) = definition.unit {
                    return Some(unit);
                }
                match definition
                    .measure
                    .as_deref()
                    .and_then(|name| self.catalog.measure(name))
                {
                    Some((_, _, _, measure)) => Some(measure.unit),
                    None => self.unit_of(self.catalog.formula(&metric.name)?),
                }
            }
            Expr::Number(quantity) => Some(quantity.unit),
            Expr::Change(kind, inner) => {
                use crate::query::ChangeKind;
                match kind {
                    ChangeKind::Yoy | ChangeKind::Qoq => Some(Unit::PERCENT),
                    ChangeKind::YoyDiff | ChangeKind::QoqDiff => Some(self.unit_of(inner)?.difference()),
                }
            }
            Expr::Cagr(..) | Expr::Share(..) => Some(Unit::PERCENT),
            Expr::Binary(op, left, right) => {
                let (left, right) = (self.unit_of(left)?, self.unit_of(right)?);
                match op {
                    BinaryOp::Add => Some(left),
                    BinaryOp::Subtract => Some(left.difference()),
                    BinaryOp::Divide if left.base == right.base => Some(Unit::PERCENT),
                    BinaryOp::Divide => left.quotient(right),
                    BinaryOp::Multiply => left.product(right),
                }
            }
            Expr::Negate(inner)
            | Expr::Abs(inner)
            | Expr::Shift(inner, _)
            | Expr::Peers(_, inner, _)
            | Expr::Over(_, inner, _) => self.unit_of(inner),
            Expr::Coalesce(parts) => parts.first().and_then(|part| self.unit_of(part)),
            Expr::Rank(..) | Expr::Streak(_) => Some(Unit::PLAIN),
        }
    }

    /// A number as it is meant beside a value: 60 beside a share in % is 60 %, 0.8 beside a quotient is 0.8 times.
    pub(super) fn fit(&self, number: Quantity, beside: &Expr) -> Quantity {
        let Some(unit) = self.unit_of(beside) else {
            return number;
        };
        let ratio = |base: Base| matches!(base, Base::Ratio | Base::RatioPoints);
        match (number.unit.base, unit.base) {
            (Base::Plain, Base::Ratio) if number.unit.power == 0 => {
                // What counts in times is said in times.
                if unit.power == 0 && !matches!(beside, Expr::Binary(..)) {
                    return Quantity::new(number.value, Unit::TIMES);
                }
                let quotient = matches!(beside, Expr::Binary(BinaryOp::Divide, ..));
                let least = if quotient { Decimal::from(10) } else { Decimal::ONE };
                let unit = if number.value.abs() <= least && (quotient || number.value.abs() < least) {
                    Unit::TIMES
                } else {
                    Unit::PERCENT
                };
                Quantity::new(
                    number.value,
                    if number.value.is_zero() { number.unit } else { unit },
                )
            }
            (Base::Plain, Base::RatioPoints) if number.unit.power == 0 => {
                Quantity::new(number.value, Unit::PERCENT_POINTS)
            }
            // 每股收益大于1元
            (Base::Money(left), Base::MoneyPerShare(right)) if left == right => {
                Quantity::new(number.value, Unit::new(unit.base, number.unit.power))
            }
            (Base::Money(left), Base::MoneyPerUnit(right)) if left == right => {
                Quantity::new(number.value, Unit::new(unit.base, number.unit.power))
            }
            // People say 超过10% of a difference in percentage points and the other way round.
            (left, right) if left != right && ratio(left) && ratio(right) => {
                Quantity::new(number.value, Unit::new(right, number.unit.power))
            }
            _ => number,
        }
    }
}

/// A quotient.
pub(super) fn divide(left: Expr, right: Expr) -> Expr {
    Expr::Binary(BinaryOp::Divide, Box::new(left), Box::new(right))
}

/// A difference.
pub(super) fn subtract(left: Expr, right: Expr) -> Expr {
    Expr::Binary(BinaryOp::Subtract, Box::new(left), Box::new(right))
}

/// The statistic of a value over all of its peers.
pub(super) fn peers(stat: crate::query::Stat, expr: Expr) -> Expr {
    Expr::Peers(stat, Box::new(expr), Vec::new())
}

/// A value in another form.
pub(super) fn in_form(rules: &Rules<'_>, found: &Value, form: crate::query::Form) -> Option<Value> {
    value::in_form(rules, found, form)
}

/// The figure of one subject, beside every other.
pub(super) fn figure_of(expr: &Expr, entity: &str, key: &str) -> Option<Expr> {
    condition::against::figure_of(expr, entity, key)
}

/// A movement that is said of a value as a condition: it rose, it fell.
pub(super) fn condition_of_movement(value: &Value) -> Option<crate::query::Condition> {
    condition::moved(value)
}
