//! What a clause says, collected from its pieces; whatever is left over is named.

mod collect;
mod guess;
mod subject;

use std::collections::BTreeSet;

use jinsheng_core::{Base, Grain};
use jinsheng_text::time::{Part, Time, When, Year};

use super::Understanding;
use super::lexicon::Sense;
use super::piece::{Band, Piece, Spread, Top, Value};
use super::rules::Rules;
use super::said::Said;
use super::token::{Kind, Token, tokens};
use super::words::{Chart, Word as W};
use crate::query::{CompareOp, Condition, Direction, Expr, Stat};
use collect::collect;
pub(super) use collect::expired;
use guess::{guess, misspelt, resounded};
use subject::by_subject;

/// What a clause says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Clause {
    /// As written, in plain form.
    pub(crate) text: String,
    /// Values, in order.
    pub(crate) values: Vec<Value>,
    /// Conditions; all must hold.
    pub(crate) conditions: Vec<Condition>,
    /// First or last.
    pub(crate) tops: Vec<Top>,
    /// Order.
    pub(crate) order: Option<(Option<Expr>, Direction)>,
    /// Subjects and values of dimensions: each word with all that it may mean.
    pub(crate) named: Vec<(String, Vec<Sense>)>,
    /// Kinds of subjects named.
    pub(crate) entities: Vec<String>,
    /// Dimensions named, not to cut by.
    pub(crate) dimensions: Vec<String>,
    /// Cuts.
    pub(crate) groups: Vec<String>,
    /// Tables named.
    pub(crate) tables: Vec<String>,
    /// Metrics of groups named.
    pub(crate) bundles: Vec<String>,
    /// Times, in order.
    pub(crate) times: Vec<Time>,
    /// A statistic of the peers beside each value.
    pub(crate) peer_stat: Option<(Stat, Option<String>)>,
    /// Intervals that values are counted in.
    pub(crate) bands: Vec<Band>,
    /// How the values of all are spread.
    pub(crate) spreads: Vec<Spread>,
    /// Words that change how the clause is answered.
    pub(crate) words: BTreeSet<Flag>,
    /// A chart that is asked for.
    pub(crate) chart: Option<Chart>,
    /// Days that dates are before or after: 2010年以后.
    pub(crate) bounds: Vec<(CompareOp, When)>,
    /// 过期超过三个月: for how long at least.
    pub(crate) overdue: Option<(u32, Grain)>,
    /// 保留两位小数.
    pub(crate) decimals: Option<u32>,
    /// How many subjects there are said to be: 66家.
    pub(crate) said_count: Option<u32>,
    /// Content words that were not understood.
    pub(crate) unread: Vec<String>,
    /// Words for documents, advice, orders and the like.
    pub(crate) outside: Vec<(W, String)>,
    /// Unknown words right in front of a kind of subject: 中药 in 中药公司.
    pub(crate) qualifiers: Vec<String>,
    /// Words for a share of something that is not said.
    pub(crate) shares: Vec<String>,
    /// Names that were read although written differently: as written, as known.
    pub(crate) guessed: Vec<(String, String)>,
    /// The kind of subject that is counted, where the word for the count names it: 客户数.
    pub(crate) counted: Option<String>,
    /// What it says before any rule.
    pub(crate) said: Said,
}

/// Words that change how a clause is answered; each has the meaning of the [`Word`](W) of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Flag {
    List,
    Which,
    WhichGroup,
    Count,
    HowMuch,
    Why,
    These,
    Among,
    Except,
    Only,
    Reverse,
    Instead,
    Also,
    Agree,
    Differ,
    Whether,
    Same,
    Source,
    Sure,
    Means,
    Trend,
    Versus,
    Correlation,
    Distribution,
    Grouped,
    Every,
    Peers,
    Key,
    Draw,
    Ask,
    Yoy,
    Qoq,
    Up,
    Down,
    Change,
    Share,
    Or,
    Round,
    Definition,
    Sieve,
    Analyse,
    Vague,
    Rank,
    All,
    Each,
    Streak,
    YearBefore,
    Gap,
    Unanswered,
    NotUnderstood,
    BothPeriods,
    Overall,
    Expired,
    Tally,
    QuarterBefore,
    Person,
    TimesBefore,
    Periods,
}

impl Clause {
    /// Whether a word of this kind stands in it.
    pub(crate) fn has(&self, flag: Flag) -> bool {
        self.words.contains(&flag)
    }

    /// How many subjects it names.
    pub(crate) fn subjects(&self) -> usize {
        let members = |senses: &Vec<Sense>| senses.iter().any(|sense| matches!(sense, Sense::Member(..)));
        self.named.iter().filter(|(_, senses)| members(senses)).count()
    }

    /// Whether it says nothing that could be asked of data.
    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
            && self.conditions.is_empty()
            && self.tops.is_empty()
            && self.order.is_none()
            && self.named.is_empty()
            && self.groups.is_empty()
            && self.bundles.is_empty()
            && self.times.is_empty()
            && self.dimensions.is_empty()
            && self.chart.is_none()
    }
}

/// Reads a clause.
pub(crate) fn read(text: &str, with: &Understanding) -> Clause {
    read_after(text, with, &[])
}

/// Reads a clause after values that were spoken of before.
pub(crate) fn read_after(text: &str, with: &Understanding, before: &[Value]) -> Clause {
    let (catalog, lexicon) = (with.catalog.as_ref(), &with.lexicon);
    let mut tokens: Vec<Token> = tokens(text, lexicon);
    rejoined(&mut tokens, lexicon);
    resounded(&mut tokens, lexicon);
    let rules = Rules {
        catalog,
        values: &with.vocabulary.values,
        spans: Some(&with.vocabulary.spans),
    };
    let mut pieces = rules.pieces(&tokens);
    let mut clause = Clause {
        text: text.to_owned(),
        said: Said::of(&tokens, Understanding::language(text)),
        ..Clause::default()
    };
    guess(&mut pieces, lexicon, &mut clause);
    misspelt(&mut pieces, lexicon, &mut clause);
    by_subject(&mut pieces, with);
    all_of_them(&mut pieces, text, with);
    totals(&mut pieces, with);
    same_period(&mut pieces);
    rules.run(&mut pieces, before);
    let raw_streak = tokens.iter().any(|token| token.word() == Some(W::Streak));
    if raw_streak {
        clause.words.insert(Flag::Streak);
    }
    if tokens.iter().any(|token| matches!(token.word(), Some(W::All))) {
        clause.words.insert(Flag::All);
    }
    let said = |test: &dyn Fn(W, &str) -> bool| {
        tokens
            .iter()
            .any(|token| token.word().is_some_and(|word| test(word, &token.text)))
    };
    if said(&|word, text| word == W::Qoq && text.contains('季') && text != "环比") {
        clause.words.insert(Flag::QuarterBefore);
    }
    if said(&|word, text| word == W::Which && matches!(text, "谁" | "who")) {
        clause.words.insert(Flag::Person);
    }
    let numbers: Vec<String> = pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Number(_, text) => Some(text.clone()),
            _ => None,
        })
        .collect();
    collect(pieces, lexicon, &mut clause);
    // A share of what? A quotient, a rate or a count says it.
    let rate = |value: &Value| {
        let base = rules.unit_of(&value.expr).map(|unit| unit.base);
        matches!(base, Some(Base::Ratio | Base::RatioPoints))
    };
    if clause.values.iter().any(rate) || clause.has(Flag::Count) || !clause.bands.is_empty() {
        clause.shares.clear();
    }
    // Figures in a question for causes are what it says, not what it asks.
    if clause.has(Flag::Why) {
        clause.unread.retain(|text| !numbers.contains(text));
    }
    clause
}

/// 以领药业 for 以岭药业: a name with a wrong character whose first is a word by itself.
fn rejoined(tokens: &mut Vec<Token>, lexicon: &super::lexicon::Lexicon) {
    let mut at = 1;
    while at < tokens.len() {
        let whole = match (tokens.get(at - 1), tokens.get(at)) {
            (Some(first), Some(rest))
                if rest.kind == Kind::Unknown
                    && rest.text.chars().count() >= 2
                    && first.text.chars().count() == 1
                    && first.word().is_some() =>
            {
                Some(format!("{}{}", first.text, rest.text))
            }
            _ => None,
        };
        let found = whole.as_ref().map(|whole| lexicon.near.similar(whole));
        if let (Some(whole), Some(found)) = (whole, found)
            && found.len() == 1
            && found.iter().all(|sense| matches!(sense, Sense::Member(..)))
        {
            tokens.splice(
                at - 1..=at,
                [Token {
                    text: whole,
                    kind: Kind::Unknown,
                }],
            );
        } else {
            at += 1;
        }
    }
}

/// 70家里排第几: as many as there are, or nearly, are all.
fn all_of_them(pieces: &mut [Piece], text: &str, with: &Understanding) {
    const LEAST: usize = 20;
    const PART: usize = 10;
    for at in 0..pieces.len() {
        let bound = matches!(
            at.checked_sub(1).and_then(|place| pieces.get(place)),
            Some(Piece::Word(
                W::First(_) | W::Compare(_) | W::Between | W::Most(_),
                _
            ))
        );
        let Some(piece) = pieces.get_mut(at) else { break };
        let Some(count) = piece.count().and_then(|count| usize::try_from(count).ok()) else {
            continue;
        };
        let Piece::Number(_, said) = &*piece else { continue };
        let counted = ["家", "只", "位", "名", "个"]
            .iter()
            .any(|measure| said.ends_with(measure) || text.contains(&format!("{said}{measure}")));
        let near = |size: &usize| *size >= LEAST && size.abs_diff(count) * PART <= *size;
        if !bound && counted && with.sizes.values().any(near) {
            *piece = Piece::Word(W::Every, said.clone());
            // 这70家公司 are all, whoever was spoken of.
            let these = at.checked_sub(1).and_then(|place| pieces.get_mut(place));
            if let Some(these @ Piece::Word(W::These, _)) = these {
                *these = Piece::Word(W::Every, String::new());
            }
        }
    }
}

/// 全部公司的总营收: the sum of it over all, where nothing asks for each.
fn totals(pieces: &mut [Piece], with: &Understanding) {
    let said = |test: fn(&W) -> bool| pieces.iter().filter_map(Piece::word).any(|word| test(&word));
    let all = said(|word| matches!(word, W::Every | W::Overall | W::Peers));
    let each = said(|word| {
        matches!(
            word,
            W::Each | W::Which | W::List | W::First(_) | W::Most(_) | W::Rank | W::Order(_) | W::Distribution
        )
    });
    if !all || each {
        return;
    }
    for piece in pieces {
        let Piece::Value(value) = piece else { continue };
        let rest = ["总", "total "]
            .iter()
            .find_map(|total| value.text.strip_prefix(total));
        let Expr::Metric(metric) = &value.expr else {
            continue;
        };
        let same = |sense: &Sense| matches!(sense, Sense::Metric(name) if *name == metric.name);
        if rest.is_some_and(|rest| with.lexicon.exact(rest).iter().any(same)) {
            value.stat = Some(Stat::Sum);
        }
    }
}

/// 与2024年同期相比 beside 2025年, 环比第二季度 beside 第三季度: what it is compared with, no period to show.
fn same_period(pieces: &mut Vec<Piece>) {
    let year = |when: &When| match when.year {
        Some(Year::Absolute(year)) => Some(year),
        _ => None,
    };
    let years: Vec<i32> = pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Time(Time::At(when)) => year(when),
            _ => None,
        })
        .collect();
    let year_apart = |now: &When, then: &When| {
        let (Some(now), Some(then)) = (year(now), year(then)) else {
            return false;
        };
        now.abs_diff(then) == 1
    };
    let same_part = |one: &When, other: &When| {
        let part = |when: &When| when.part.filter(|part| *part != Part::Full);
        part(one) == part(other) || part(one).is_none() || part(other).is_none() && !other.end && !one.end
    };
    let moves = |tail: &[Piece]| {
        tail.iter()
            .any(|piece| matches!(piece, Piece::Word(W::Growth | W::Up | W::Down, _)))
            && tail
                .iter()
                .any(|piece| matches!(piece, Piece::Word(W::Compare(_) | W::Most(_) | W::First(_), _)))
    };
    let qoq = pieces.iter().any(|piece| piece.word() == Some(W::Qoq));
    let mut at = 0;
    while at < pieces.len() {
        let rest = pieces.get(at..).unwrap_or_default();
        let found = match rest {
            [
                Piece::Word(W::And | W::Versus, _),
                Piece::Time(Time::At(when)),
                Piece::Time(Time::SamePeriod(_)),
                tail @ ..,
            ] if year(when).is_some_and(|year| years.contains(&(year + 1))) => {
                let versus = usize::from(matches!(tail.first(), Some(Piece::Word(W::Versus, _))));
                Some((3 + versus, Some(Piece::Word(W::Yoy, "同比".to_owned()))))
            }
            // 2024年第三季度与2023年第三季度相比，净利润增长超过50%的公司
            [
                Piece::Time(Time::At(now)),
                Piece::Word(W::And, _),
                Piece::Time(Time::At(then)),
                Piece::Word(W::Versus, said),
                tail @ ..,
            ] if said == "相比" && year_apart(now, then) && same_part(now, then) && moves(tail) => {
                let later = if year(now) > year(then) { now } else { then };
                let yoy = Piece::Word(W::Yoy, "同比".to_owned());
                pieces.splice(at..at + 4, [Piece::Time(Time::At(*later)), yoy]);
                None
            }
            // Q2 2026 vs Q1 2026 beside qoq: the second is what it is compared with.
            [
                Piece::Time(Time::At(now)),
                Piece::Word(W::Versus, _),
                Piece::Time(Time::At(then)),
                ..,
            ] if qoq && next_quarter(then, now) => Some((3, Some(Piece::Time(Time::At(*now))))),
            [Piece::Word(W::Qoq, text), Piece::Time(Time::At(_)), ..] if years.len() < 2 => {
                Some((2, Some(Piece::Word(W::Qoq, text.clone()))))
            }
            _ => None,
        };
        if let Some((taken, new)) = found {
            pieces.splice(at..at + taken, new);
        }
        at += 1;
    }
}

/// Whether a quarter or month follows another.
fn next_quarter(then: &When, now: &When) -> bool {
    let place = |when: &When| match (when.year, when.part) {
        (Some(Year::Absolute(year)), Some(Part::Quarter(quarter))) => Some((year, quarter, 4)),
        (Some(Year::Absolute(year)), Some(Part::Month(month))) => Some((year, month, 12)),
        _ => None,
    };
    match (place(then), place(now)) {
        (Some((year, part, count)), Some((new, next, other))) => {
            count == other && new * count + next == year * count + part + 1
        }
        _ => false,
    }
}
