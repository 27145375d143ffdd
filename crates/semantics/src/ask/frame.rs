//! What a question is about, after the conversation so far: a clause with its subjects, filters and what it takes over.

mod follow;
mod likewise;
mod named;
mod scope;
mod shifted;
mod unread;

use std::collections::{BTreeMap, BTreeSet};

use jinsheng_core::Grain;
use jinsheng_text::time::{Time, When};

use super::clause::{Clause, Flag};
use super::piece::{Band, Spread, Top, Value};
use super::said::Said;
use super::words::Chart;
use super::{Reading, Refusal, Remark, Talk, Understanding};
use crate::query::{ChangeKind, CompareOp, Condition, Direction, Expr, Filter, MetricRef, Stat};

pub(super) use follow::topic;

use follow::{follow, refers, unchanged};
use named::{ambiguous, named};
use scope::{definition, measure_of_good, out_of_scope};
use unread::unread;

/// What was understood of a question.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Frame {
    /// Values asked for, in order.
    pub(crate) values: Vec<Value>,
    /// Conditions; all must hold.
    pub(crate) conditions: Vec<Condition>,
    /// First or last of the subjects.
    pub(crate) top: Option<Top>,
    /// Other ranks beside it: 最多的和最少的, by each of several figures.
    pub(crate) other_tops: Vec<Top>,
    /// Order, and by what if that is said.
    pub(crate) order: Option<(Option<Expr>, Direction)>,
    /// Subjects by entity.
    pub(crate) subjects: BTreeMap<String, Vec<String>>,
    /// Filters on rows.
    pub(crate) filters: Vec<Filter>,
    /// Entity whose members are listed.
    pub(crate) entity: Option<String>,
    /// Dimensions and entities that the answer is cut by.
    pub(crate) groups: Vec<String>,
    /// Dimensions that are shown.
    pub(crate) attributes: Vec<String>,
    /// Times, as they were said.
    pub(crate) times: Vec<Time>,
    /// A statistic of the peers beside each value, perhaps only of those that share a dimension.
    pub(crate) peer_stat: Option<(Stat, Option<String>)>,
    /// Words that change how it is answered.
    pub(crate) flags: BTreeSet<Flag>,
    /// The chart asked for.
    pub(crate) chart: Option<Chart>,
    /// Decimals asked for.
    pub(crate) decimals: Option<u32>,
    /// Tables named.
    pub(crate) tables: Vec<String>,
    /// Intervals that values are counted in.
    pub(crate) bands: Vec<Band>,
    /// Days that dates are before or after.
    pub(crate) bounds: Vec<(CompareOp, When)>,
    /// For how long at least a date is past.
    pub(crate) overdue: Option<(u32, Grain)>,
    /// How the values of all are spread.
    pub(crate) spreads: Vec<Spread>,
    /// What the question says to be so.
    pub(crate) claims: Vec<Condition>,
    /// What the question itself says, word by word.
    pub(crate) said: Said,
    /// Conventions taken and names guessed so far.
    pub(crate) remarks: Vec<Remark>,
}

impl Frame {
    /// Whether a word of this kind was said.
    pub(crate) fn has(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }

    /// Whether it asks for one among those found before, who stay those that are spoken of.
    pub fn picks_one(&self) -> bool {
        self.has(Flag::Among)
            && self
                .top
                .as_ref()
                .is_some_and(|top| top.count.is_none_or(|count| count == 1))
    }

    /// Notes whether words of the question were not understood.
    pub(super) fn mark_lost(&mut self, lost: bool) {
        if lost {
            self.flags.insert(Flag::NotUnderstood);
        } else {
            self.flags.remove(&Flag::NotUnderstood);
        }
    }

    /// Whether it asks if something is so.
    pub fn asks_whether(&self) -> bool {
        self.has(Flag::Whether)
    }

    /// Whether it is about all subjects or none.
    pub fn names_no_subject(&self) -> bool {
        self.subjects.is_empty()
    }

    /// Whether members are listed, ranked or counted rather than one figure asked for.
    pub(crate) fn lists(&self) -> bool {
        !self.conditions.is_empty()
            || self.top.is_some()
            || self.order.is_some()
            || !self.groups.is_empty()
            || self
                .entity
                .as_ref()
                .is_some_and(|entity| self.subjects.is_empty() || !self.subjects.contains_key(entity))
            || !self.bands.is_empty()
            || !self.spreads.is_empty()
            || [
                Flag::Which,
                Flag::Every,
                Flag::Count,
                Flag::Correlation,
                Flag::Distribution,
            ]
            .into_iter()
            .any(|flag| self.has(flag))
    }
}

/// A clause as a frame, or why not.
///
/// # Errors
/// A question back, or a refusal.
pub(super) fn frame(clause: Clause, talk: &Talk, with: &Understanding) -> Result<Frame, Reading> {
    answerable(&clause, talk, with)?;
    let mut frame = of_clause(&clause, with);
    if clause.has(Flag::WhichGroup)
        && clause.values.is_empty()
        && clause.tops.is_empty()
        && clause.conditions.is_empty()
        && clause.bundles.is_empty()
        && let [group] = clause.groups.as_slice()
    {
        // 属于哪个行业: an attribute of those that are spoken of.
        frame.attributes.push(group.clone());
        frame.groups.clear();
        frame.flags.remove(&Flag::WhichGroup);
        if clause.subjects() == 0
            && clause.entities.is_empty()
            && let Some((entity, keys)) = &talk.subjects
        {
            frame.subjects.insert(entity.clone(), keys.clone());
        }
    }
    // …是全年的百分之多少 asks for a share.
    if ["全年百分之", "全部百分之", "what percentage"]
        .iter()
        .any(|word| clause.text.contains(word))
    {
        frame.flags.insert(Flag::Share);
    }
    // …不到三成的客户有多少: how many of them.
    if clause.text.ends_with("有多少")
        && !clause.entities.is_empty()
        && !clause.conditions.is_empty()
        && !clause.has(Flag::Count)
    {
        frame.flags.insert(Flag::Count);
    }
    ambiguous(&clause)?;
    named(&clause, &mut frame, with)?;
    unread(&clause, &mut frame, talk.last.as_ref(), with)?;
    if let [first, second] = clause.tops.as_slice()
        && let Some(one) = joined(first, second)
    {
        frame.top = Some(one);
    } else if clause.tops.len() > 1 && frame.other_tops.is_empty() {
        return Err(Reading::Refuse(Refusal::new(
            "too_much",
            "一问里有几个排名，请分开问",
            "there are several ranks in one question; ask them one by one",
        )));
    }
    if bare_kind(&clause, &frame) {
        frame.entity = None;
    }
    let text = clause.text.clone();
    // What names its figure again may ask for what was shown.
    let named_again = !clause.values.is_empty();
    if builds_on_nothing(&clause, talk) {
        return Err(Reading::Refuse(Refusal::new(
            "no_reference",
            "前一问没有答案，无法据此回答",
            "the question before has no answer that this could build on",
        )));
    }
    let clause_flags = clause.words.clone();
    let own_subject = clause.subjects() == 1;
    let asks_back = clause.subjects() == 0 && (clause.text.ends_with('吗') || clause.has(Flag::Whether));
    let said = said(&clause);
    frame.said = said.clone();
    let mut frame = follow(clause, frame, talk, with);
    frame.said = said;
    if let Some(last) = &talk.last
        && !named_again
        && unchanged(&frame, last)
    {
        let mut refusal = Refusal::new(
            "not_understood",
            format!("没有看懂「{text}」要改什么"),
            format!("what `{text}` changes is not understood"),
        );
        refusal.missing = vec![text];
        return Err(Reading::Refuse(refusal));
    }
    let one = frame.subjects.values().map(Vec::len).sum::<usize>() == 1;
    let asked = [
        Flag::Which,
        Flag::List,
        Flag::Count,
        Flag::Why,
        Flag::Streak,
        Flag::All,
        Flag::Each,
    ]
    .into_iter()
    .any(|flag| clause_flags.contains(&flag));
    if one
        && !asked
        && !frame.conditions.is_empty()
        && frame.top.is_none()
        && frame
            .times
            .iter()
            .all(|time| matches!(time, Time::At(_) | Time::Latest))
        && frame.times.len() < 2
        && (own_subject || asks_back)
    {
        // 云南白药净利润超过10亿了吗: its figure, and whether it is so.
        frame.claims.append(&mut frame.conditions);
        frame.flags.insert(Flag::Whether);
    }
    if frame.has(Flag::Why) && !frame.subjects.is_empty() {
        claimed(&mut frame, with);
    }
    if frame.has(Flag::Analyse) {
        frame.remarks.push(Remark {
            code: "figures_only",
            text: (
                "这里给出数字，文字分析请读者自行判断".to_owned(),
                "figures are given; what to make of them is for the reader".to_owned(),
            ),
        });
    }
    Ok(frame)
}

/// What a clause says word by word. What is part of a name that was read as another is no name of its own.
fn said(clause: &Clause) -> Said {
    let mut said = clause.said.clone();
    said.counted = clause.said_count;
    let guessed = |text: &String| {
        let mut written = clause.guessed.iter().map(|(written, _)| written);
        written.any(|written| written.contains(text.as_str()))
    };
    said.names.retain(|(text, _)| !guessed(text));
    said.numbers.retain(|(_, text)| !guessed(text));
    said
}

/// 收益最高的基金前三: by what in one place, how many in the other.
fn joined(first: &Top, second: &Top) -> Option<Top> {
    let apart = first.direction == second.direction
        && (first.count.is_none() || second.count.is_none())
        && (first.by.is_none() || second.by.is_none());
    apart.then(|| Top {
        count: first.count.or(second.count),
        direction: first.direction,
        by: first.by.clone().or(second.by.clone()),
    })
}

/// 有几家, 平均多少 behind a question without answer: nobody knows of whom.
fn builds_on_nothing(clause: &Clause, talk: &Talk) -> bool {
    let lost = talk.broken && talk.last.is_none()
        || talk.last.as_ref().is_some_and(|last| last.has(Flag::Unanswered));
    // 换成净利润 behind what was not understood: what else that said would be lost.
    let about = clause.subjects() > 0
        || !clause.conditions.is_empty()
        || !clause.tops.is_empty()
        || !clause.entities.is_empty()
        || clause.has(Flag::Every);
    let whole = about && !clause.times.is_empty() && (!clause.values.is_empty() || !clause.tops.is_empty());
    if lost
        && !whole
        && talk
            .last
            .as_ref()
            .is_some_and(|last| last.has(Flag::NotUnderstood))
    {
        return true;
    }
    let own = clause.subjects() > 0
        || !clause.named.is_empty()
        || !clause.conditions.is_empty()
        || !clause.tops.is_empty()
        || !clause.entities.is_empty()
        || clause
            .values
            .iter()
            .any(|value| value.of_peers || value.moved.is_some())
        || [Flag::Every, Flag::Peers, Flag::Overall, Flag::Each]
            .into_iter()
            .any(|flag| clause.has(flag));
    let many = clause.has(Flag::Count) || clause.values.iter().any(|value| value.stat.is_some());
    let one = talk
        .last
        .as_ref()
        .is_some_and(|last| last.subjects.values().map(Vec::len).sum::<usize>() == 1);
    lost && many && !own && !one
}

/// 公司的利润总额是多少 asks for that of one, the one spoken of or another that must be named; 各公司 are all.
fn bare_kind(clause: &Clause, frame: &Frame) -> bool {
    let lists = [
        Flag::Which,
        Flag::WhichGroup,
        Flag::Every,
        Flag::Each,
        Flag::Count,
        Flag::List,
        Flag::All,
        Flag::Draw,
        Flag::Rank,
        Flag::Trend,
        Flag::Peers,
        Flag::Overall,
        Flag::Correlation,
        Flag::Distribution,
        Flag::Grouped,
        Flag::These,
        Flag::Among,
        Flag::Analyse,
    ];
    frame.entity.is_some()
        && clause.has(Flag::HowMuch)
        && !clause.text.is_ascii()
        && !clause.values.is_empty()
        && clause
            .values
            .iter()
            .all(|value| value.stat.is_none() && value.moved.is_none())
        && clause.named.is_empty()
        && clause.conditions.is_empty()
        && clause.tops.is_empty()
        && clause.order.is_none()
        && clause.groups.is_empty()
        && clause.bands.is_empty()
        && clause.said_count.is_none()
        && clause.qualifiers.is_empty()
        && clause.chart.is_none()
        && !lists.into_iter().any(|flag| clause.has(flag))
}

/// What can be said without looking at names: whether it is a question about figures, and has what it refers to.
fn answerable(clause: &Clause, talk: &Talk, with: &Understanding) -> Result<(), Reading> {
    if let Some(refusal) = out_of_scope(clause) {
        return Err(Reading::Refuse(refusal));
    }
    if clause.has(Flag::Definition) {
        return Err(Reading::Refuse(definition(clause, with)));
    }
    if clause.has(Flag::Vague) && clause.values.is_empty() && clause.conditions.is_empty() {
        return Err(Reading::Clarify(measure_of_good(clause, with)));
    }
    let refers = refers(clause, talk);
    if refers && talk.subjects.is_none() && talk.last.is_none() {
        return Err(Reading::Refuse(Refusal::new(
            "no_reference",
            "前面还没有答案可供引用",
            "there is no answer before that this could refer to",
        )));
    }
    let unanswered = talk
        .last
        .as_ref()
        .is_some_and(|last| last.has(Flag::Unanswered) && last.subjects.is_empty());
    if refers && (talk.broken || talk.subjects.is_none() && unanswered) {
        return Err(Reading::Refuse(Refusal::new(
            "no_reference",
            "前一问没有答案，无法据此回答",
            "the question before has no answer that this could build on",
        )));
    }
    if clause.has(Flag::Source) || clause.has(Flag::Sure) {
        return Err(Reading::Refuse(Refusal::new(
            "source",
            "每个数字的出处见回答的 evidence；数据来源本身是否可靠，数据里没有依据",
            "the origin of each figure stands in the evidence of the answer; whether the source itself is reliable is not in the data",
        )));
    }
    Ok(())
}

/// What the clause itself says.
fn of_clause(clause: &Clause, with: &Understanding) -> Frame {
    let mut frame = Frame {
        values: clause.values.clone(),
        conditions: clause.conditions.clone(),
        top: clause.tops.first().cloned(),
        other_tops: other_tops(clause),
        order: clause.order.clone(),
        times: clause.times.clone(),
        peer_stat: clause.peer_stat.clone(),
        flags: clause.words.clone(),
        chart: clause.chart,
        decimals: clause.decimals,
        tables: clause.tables.clone(),
        bands: clause.bands.clone(),
        spreads: clause.spreads.clone(),
        bounds: clause.bounds.clone(),
        overdue: clause.overdue,
        groups: clause.groups.clone(),
        entity: clause.entities.first().cloned(),
        attributes: clause.dimensions.clone(),
        ..Frame::default()
    };
    for group in &clause.bundles {
        let metrics = with.catalog.group(group).map(|group| group.metrics.clone());
        for name in metrics.unwrap_or_default() {
            frame
                .values
                .push(Value::new(Expr::Metric(MetricRef::plain(&name)), name.clone()));
        }
    }
    for (written, known) in &clause.guessed {
        frame.remarks.push(Remark {
            code: "guessed",
            text: (
                format!("「{written}」按「{known}」理解"),
                format!("`{written}` is read as `{known}`"),
            ),
        });
    }
    frame
}

/// 总资产最多的公司和最少的公司, 营收和净利润最高的公司: ranks of the same subjects side by side.
fn other_tops(clause: &Clause) -> Vec<Top> {
    let [first, others @ ..] = clause.tops.as_slice() else {
        return Vec::new();
    };
    let last = others.last().and_then(|top| top.by.clone());
    let mut tops: Vec<Top> = others.to_vec();
    for top in &mut tops {
        top.by = top.by.take().or_else(|| first.by.clone());
    }
    let by = first.by.clone().or(last);
    let named = by.is_some() && tops.iter().all(|top| top.by.is_some());
    let alike = |top: &Top| {
        // Ends of one order, or the same end of several.
        (top.by == by) == (top.direction != first.direction) && (top.by == by || top.count == first.count)
    };
    let beside = named && clause.conditions.is_empty() && !clause.has(Flag::Among) && tops.iter().all(alike);
    if beside { tops } else { Vec::new() }
}

/// In a question for causes, conditions and movements are what it says to be so.
fn claimed(frame: &mut Frame, with: &Understanding) {
    let rules = super::rules::Rules {
        catalog: with.catalog.as_ref(),
        values: &[],
        spans: None,
    };
    let rate = |value: &Value| rules.is_growth(&value.expr);
    let said: Vec<Condition> = frame
        .values
        .iter()
        .filter_map(super::rules::condition_of_movement)
        .collect();
    frame.claims.append(&mut frame.conditions);
    frame.claims.extend(said);
    for value in &mut frame.values {
        value.moved = None;
        let base = Value::new(value.base.clone(), value.text.clone());
        // What moved is shown with its change.
        if !value.is_change() && !rate(value) && matches!(value.expr, Expr::Metric(_) | Expr::Binary(..)) {
            *value = Value {
                text: value.text.clone(),
                ..base.changed(ChangeKind::Yoy)
            };
        }
    }
}
