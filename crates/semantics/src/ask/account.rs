//! Every word of a question that changes its meaning must show in what is asked of the engine; a reading that leaves one
//! over is no answer.

use jinsheng_core::{Base, Lang};
use jinsheng_text::time::{Part, Time, When, Year};

use super::clause::Flag;
use super::frame::Frame;
use super::rules::Rules;
use super::span::several;
use super::words::Chart;
use super::{Refusal, Then};
use crate::catalog::ROWS;
use crate::query::{BinaryOp, ChangeKind, Condition, Expr, Periods, Query, Stat, Test};

/// Words that must show, with how they are named to the reader; the first that does not is told.
const CHECKED: [(Flag, &str, &str); 20] = [
    (Flag::Gap, "相差", "the difference"),
    (Flag::Yoy, "同比", "the year before"),
    (Flag::Qoq, "环比", "the period before"),
    (Flag::Change, "变化", "the change"),
    (Flag::Up, "上升", "the rise"),
    (Flag::Down, "下降", "the fall"),
    (Flag::Share, "占比", "the share"),
    (Flag::Rank, "排名", "the rank"),
    (Flag::Correlation, "相关性", "the correlation"),
    (Flag::Distribution, "分布", "the distribution"),
    (Flag::Grouped, "分组", "the groups"),
    (Flag::Peers, "行业", "the peers"),
    (Flag::Trend, "趋势", "the trend"),
    (Flag::Versus, "对比", "the comparison"),
    (Flag::Same, "是否相同", "whether it is the same"),
    (Flag::Count, "个数", "the number"),
    (Flag::Only, "只看", "only"),
    (Flag::Except, "剔除", "the exclusion"),
    (Flag::Periods, "月份", "the periods"),
    (Flag::Expired, "过期", "expired"),
];

/// The first word that nothing in the Query stands for.
pub(super) fn left_over(
    frame: &Frame,
    query: &Query,
    then: &Then,
    beside: &[&Query],
    rules: &Rules<'_>,
) -> Option<Refusal> {
    let account = Account {
        frame,
        query,
        queries: std::iter::once(query).chain(beside.iter().copied()).collect(),
        then,
        rules,
        series: several(query.periods.as_ref()),
        subjects: subjects(query),
    };
    let lang = frame.said.lang;
    let lost = |flag: Flag| frame.has(flag) && !account.shows(flag);
    if let Some((_, zh, en)) = CHECKED.iter().find(|(flag, ..)| lost(*flag)) {
        return Some(unused(lang, zh, en));
    }
    // The first three are three.
    if frame.has(Flag::Count) && counts(then) && query.top.is_some() {
        return Some(unused(lang, "个数", "the number"));
    }
    if account.idle_movement() {
        return Some(unused(lang, "上升或下降", "the rise or fall"));
    }
    let streak = |expr: &Expr| matches!(expr, Expr::Streak(_));
    if frame.has(Flag::Streak) && !account.any(&streak) && !matches!(then, Then::EveryPeriod(..)) {
        return Some(unused(lang, "连续", "how long in a row"));
    }
    if account.narrowed_whole() {
        return Some(unused(lang, "全部", "all"));
    }
    if account.change_between_others() {
        return Some(unused(lang, "变化", "the change between the periods"));
    }
    if frame.has(Flag::YearBefore) && frame.times.iter().all(|time| matches!(time, Time::Latest)) {
        return Some(unused(lang, "前一年", "the year before"));
    }
    if !frame.spreads.is_empty() && query.top.is_some() {
        return Some(unused(lang, "离散程度的排名", "the rank of a spread"));
    }
    if account.contradicts() {
        return Some(unused(lang, "分别", "each of the conditions by itself"));
    }
    if account.other_base() {
        return Some(unused(lang, "变化", "the change between the periods"));
    }
    if account.place_of_one() {
        return Some(unused(lang, "最高或最低", "the highest or lowest"));
    }
    if account.place_among_all() {
        return Some(unused(lang, "排名", "the rank within it"));
    }
    if account.share_of_periods() {
        return Some(unused(lang, "占", "the share"));
    }
    if account.constant_beside_groups() {
        return Some(unused(lang, "平均", "the mean of each"));
    }
    if account.year_left_out() {
        return Some(unused(lang, "另一年", "the other year"));
    }
    if account.mean_of_ends() {
        return Some(unused(lang, "各期平均", "the mean over the periods of each year"));
    }
    if account.all_of_some() {
        return Some(unused(lang, "均", "all of them"));
    }
    if lost(Flag::Each) {
        return Some(unused(lang, "各", "each"));
    }
    unshown_stat(frame, &account.queries)
}

/// A question beside what is asked of the engine for it.
struct Account<'q> {
    frame: &'q Frame,
    query: &'q Query,
    /// The Query and those beside it.
    queries: Vec<&'q Query>,
    then: &'q Then,
    rules: &'q Rules<'q>,
    /// More than one period is shown.
    series: bool,
    /// How many subjects are named.
    subjects: usize,
}

impl Account<'_> {
    /// Whether something in the Query stands for a word.
    fn shows(&self, flag: Flag) -> bool {
        let (query, then) = (self.query, self.then);
        match flag {
            // 环比、同比各是多少: one of both is not the other.
            Flag::Yoy if self.frame.has(Flag::Qoq) => self.year_on_year(),
            Flag::Yoy | Flag::Up | Flag::Down => self.change(),
            Flag::Qoq => self.quarter(),
            Flag::Gap => self.any(&|expr| {
                matches!(
                    expr,
                    Expr::Binary(BinaryOp::Subtract, ..) | Expr::Change(..) | Expr::Cagr(..) | Expr::Shift(..)
                )
            }),
            Flag::Change => self.change() || self.series,
            Flag::Share => self.quotient() || counts(then) && chooses(query) || bands(then),
            Flag::Rank => {
                query.top.is_some()
                    || !query.order.is_empty()
                    || self.any(&|expr| matches!(expr, Expr::Rank(..)))
            }
            Flag::Correlation => matches!(then, Then::Correlation),
            Flag::Distribution => self.spread(),
            Flag::Grouped => bands(then) || !self.frame.groups.is_empty(),
            Flag::Peers => {
                self.peers()
                    || self.any(&|expr| matches!(expr, Expr::Rank(..)))
                    || stat(query)
                    || self.subjects == 0
            }
            Flag::Trend => self.series,
            Flag::Versus => self.beside_each_other() || query.top.is_some() || self.peers() || self.change(),
            Flag::Same => {
                matches!(then, Then::Same(_)) || self.any(&|expr| matches!(expr, Expr::Abs(inner) if matches!(**inner, Expr::Binary(BinaryOp::Subtract, ..))))
            }
            Flag::Count => counts(then) || bands(then) || self.rows(),
            Flag::Only => query.having.is_some() || !query.filters.is_empty() || !query.of.is_empty(),
            Flag::Except => excludes(query),
            Flag::Periods => query.by.is_empty() && (self.series || query.limit.is_some()),
            Flag::Expired => query
                .filters
                .iter()
                .any(|filter| matches!(filter.test, Test::Compare(..))),
            Flag::Each => self.beside_each_other() || !self.frame.groups.is_empty() || bands(then),
            _ => true,
        }
    }

    /// Whether a value of any of the Queries, or one inside it, passes a test.
    fn any(&self, test: &dyn Fn(&Expr) -> bool) -> bool {
        let mut exprs = self.queries.iter().flat_map(|query| query.exprs());
        exprs.any(|expr| holds(expr, test))
    }

    fn change(&self) -> bool {
        self.any(&|expr| {
            matches!(expr, Expr::Change(..) | Expr::Cagr(..) | Expr::Shift(..)) || self.rules.is_growth(expr)
        })
    }

    /// 分别统计净利润为正且…、净利润为负且…的家数: no row meets both.
    fn contradicts(&self) -> bool {
        let Some(Condition::All(parts)) = &self.query.having else {
            return false;
        };
        let mut flat: Vec<&Condition> = Vec::new();
        for part in parts {
            match part {
                Condition::All(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        let sign = |condition: &Condition, wanted: crate::query::CompareOp| match condition {
            Condition::Compare(left, op, Expr::Number(number)) if *op == wanted && number.value.is_zero() => {
                Some(left.clone())
            }
            _ => None,
        };
        let above: Vec<Expr> = flat
            .iter()
            .filter_map(|part| sign(part, crate::query::CompareOp::Gt))
            .collect();
        let below: Vec<Expr> = flat
            .iter()
            .filter_map(|part| sign(part, crate::query::CompareOp::Lt))
            .collect();
        above.iter().any(|expr| below.contains(expr))
    }

    /// 9月底和2024年底相比: the change on the year before has another base than the one that is named.
    fn other_base(&self) -> bool {
        let points: Vec<_> = self
            .frame
            .times
            .iter()
            .filter_map(|time| match time {
                Time::At(when) => Some(when),
                _ => None,
            })
            .collect();
        let [first, second] = points.as_slice() else {
            return false;
        };
        let part = |when: &When| when.part.filter(|part| *part != Part::Full);
        let unlike = part(first) != part(second) && first.year != second.year;
        let named = self.frame.has(Flag::Yoy) || self.frame.has(Flag::Qoq);
        let shown = matches!(&self.query.periods, Some(Periods::At(at)) if at.len() > 1);
        let same_period = self
            .frame
            .times
            .iter()
            .any(|time| matches!(time, Time::SamePeriod(_)));
        let told = shown || same_period || named || self.frame.has(Flag::Why);
        unlike && !told && self.any(&|expr| matches!(expr, Expr::Change(..)))
    }

    /// 哪一年最快 of one subject: the first of one is no answer.
    fn place_of_one(&self) -> bool {
        let own = |name: &String| self.frame.subjects.contains_key(name);
        self.query.top.is_some()
            && self.subjects == 1
            && self.query.by.len() == 1
            && self.query.by.iter().all(own)
    }

    /// Rank within its industry: beside the industry, the place among all is another.
    fn place_among_all(&self) -> bool {
        let all = |expr: &Expr| matches!(expr, Expr::Rank(_, _, within) if within.is_empty());
        self.query.by.len() > 1
            && self.query.by.iter().any(|name| name.contains('.'))
            && self.subjects == 1
            && self.query.items.iter().any(|item| all(&item.expr))
    }

    /// 上半年占全年百分之多少: a share among the peers at two periods is another.
    fn share_of_periods(&self) -> bool {
        let two = matches!(&self.query.periods, Some(Periods::At(at)) if at.len() == 2);
        two && self.subjects == 1 && self.any(&|expr| matches!(expr, Expr::Share(..)))
    }

    /// 各等级的平均: the mean of all beside each group.
    fn constant_beside_groups(&self) -> bool {
        let groups = !self.query.by.is_empty() && self.query.by.iter().all(|name| name.contains('.'));
        let constant = |expr: &Expr| matches!(expr, Expr::Peers(_, _, within) if within.is_empty());
        groups && !self.frame.has(Flag::Peers) && self.query.items.iter().any(|item| constant(&item.expr))
    }

    /// 2025年与2024年: a year that is named and not shown.
    fn year_left_out(&self) -> bool {
        let years = self.frame.times.iter().filter_map(|time| match time {
            Time::At(when) => match when.year {
                Some(Year::Absolute(year)) => Some(year),
                _ => None,
            },
            _ => None,
        });
        let years: std::collections::BTreeSet<i32> = years.collect();
        let earlier = self.any(&|expr| {
            matches!(
                expr,
                Expr::Shift(..) | Expr::Change(..) | Expr::Cagr(..) | Expr::Streak(..)
            )
        }) || self.any(&|expr| self.rules.is_growth(expr));
        let shown = |year: i32| match &self.query.periods {
            Some(Periods::At(at)) => at.iter().any(|period| period.calendar_year() == year),
            Some(Periods::Range(first, last)) => {
                (first.calendar_year()..=last.calendar_year()).contains(&year)
            }
            _ => true,
        };
        years.len() > 1 && !earlier && years.into_iter().any(|year| !shown(year))
    }

    /// A statistic over periods at two named years would be one of their last periods.
    fn mean_of_ends(&self) -> bool {
        let several = matches!(&self.query.periods, Some(Periods::At(at)) if at.len() > 1);
        several && self.any(&|expr| matches!(expr, Expr::Over(_, _, crate::query::OverWhat::Period)))
    }

    /// 营收和净利润均…: what is said of all figures holds for some of them only.
    fn all_of_some(&self) -> bool {
        let Some(having) = self.query.having.as_ref().filter(|_| self.frame.has(Flag::All)) else {
            return false;
        };
        let plain = |value: &&super::piece::Value| value.stat.is_none() && !value.of_peers;
        let values: Vec<_> = self.frame.values.iter().filter(plain).collect();
        let throughout = matches!(self.then, Then::EveryPeriod(..))
            || self.series
            || self.any(&|expr| matches!(expr, Expr::Streak(_)));
        let held = |value: &super::piece::Value| {
            let same = |expr: &Expr| *expr == value.expr;
            having
                .exprs()
                .iter()
                .any(|expr| holds(expr, &same) || holds(&value.expr, &|own| own == *expr))
        };
        // Figures that are only shown beside are told apart by the words between; two in a row are not.
        values.len() == 2 && !throughout && values.iter().any(|value| !held(value))
    }

    /// A change on the year before.
    fn year_on_year(&self) -> bool {
        self.any(&|expr| match expr {
            Expr::Change(kind, _) => matches!(kind, ChangeKind::Yoy | ChangeKind::YoyDiff),
            Expr::Shift(_, lag) => lag.grain == jinsheng_core::Grain::Year,
            other => self.rules.is_growth(other) && !self.quarter_only(other),
        })
    }

    fn quarter_only(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::Metric(metric) if metric.name.ends_with("qoq"))
    }

    /// 年报和三季报的变化: a change of each on its own year before is none between the two.
    fn change_between_others(&self) -> bool {
        let Some(Periods::At(at)) = &self.query.periods else {
            return false;
        };
        let [one, other] = at.as_slice() else { return false };
        let apart = one.index().abs_diff(other.index());
        let year = match one.grain() {
            jinsheng_core::Grain::Year => 1,
            jinsheng_core::Grain::Half => 2,
            jinsheng_core::Grain::Quarter => 4,
            jinsheng_core::Grain::Month => 12,
            jinsheng_core::Grain::Day => return false,
        };
        let between = [Flag::Change, Flag::Up, Flag::Down, Flag::Gap, Flag::Versus]
            .into_iter()
            .any(|flag| self.frame.has(flag));
        let same =
            self.any(&|expr| matches!(expr, Expr::Binary(BinaryOp::Subtract, left, right) if left == right));
        let changes = self.any(&|expr| matches!(expr, Expr::Change(..)));
        same || between
            && changes
            && apart != year
            && !self.frame.has(Flag::Yoy)
            && !self.frame.has(Flag::Qoq)
    }

    /// A change on the period before.
    fn quarter(&self) -> bool {
        self.any(&|expr| match expr {
            Expr::Change(kind, _) => matches!(kind, ChangeKind::Qoq | ChangeKind::QoqDiff),
            Expr::Metric(metric) => metric.name.ends_with("qoq"),
            _ => false,
        })
    }

    fn peers(&self) -> bool {
        self.any(&|expr| matches!(expr, Expr::Peers(..) | Expr::Share(..)))
    }

    fn quotient(&self) -> bool {
        let rate = |expr: &Expr| {
            let base = self.rules.unit_of(expr).map(|unit| unit.base);
            matches!(base, Some(Base::Ratio | Base::RatioPoints))
        };
        self.any(&|expr| matches!(expr, Expr::Share(..) | Expr::Binary(BinaryOp::Divide, ..)) || rate(expr))
    }

    /// Counts of rows as a figure.
    fn rows(&self) -> bool {
        self.any(&|expr| matches!(expr, Expr::Metric(metric) if metric.name.starts_with(ROWS)))
    }

    /// Values of many, or a chart that shows how they are spread.
    fn spread(&self) -> bool {
        let drawn = matches!(
            self.frame.chart,
            Some(Chart::Histogram | Chart::Box | Chart::Scatter | Chart::Bar)
        );
        let by = &self.query.by;
        bands(self.then) || drawn || by.len() > 1 || !by.is_empty() && self.query.having.is_none()
    }

    /// Several figures stand beside each other.
    fn beside_each_other(&self) -> bool {
        self.subjects > 1 || self.series || self.query.items.len() > 1 || !self.query.by.is_empty()
    }

    /// 某家的产品占全部产品的比重: a share of what the conditions on rows leave is no share of all.
    fn narrowed_whole(&self) -> bool {
        let share = self.any(&|expr| matches!(expr, Expr::Share(..)));
        let sought = [
            Flag::Each,
            Flag::List,
            Flag::Which,
            Flag::Peers,
            Flag::Distribution,
        ]
        .into_iter()
        .any(|flag| self.frame.has(flag));
        let ranked = self.query.top.is_some() || !self.query.order.is_empty() || self.query.having.is_some();
        share && self.subjects == 0 && !self.query.filters.is_empty() && !sought && !ranked
    }

    /// 哪些公司…上升: a movement that neither sieves nor ranks those that are sought.
    fn idle_movement(&self) -> bool {
        let (frame, query) = (self.frame, self.query);
        let sought = frame.has(Flag::Which)
            || frame.has(Flag::Every)
            || frame.has(Flag::Count)
            || frame.has(Flag::All) && frame.entity.is_some();
        let free = sought && query.having.is_none() && query.top.is_none() && query.order.is_empty();
        free && !stat(query) && (frame.has(Flag::Up) || frame.has(Flag::Down))
    }
}

/// How many subjects a Query names.
fn subjects(query: &Query) -> usize {
    let named = query.of.iter().map(|filter| match &filter.test {
        Test::In(keys) => keys.len(),
        _ => 1,
    });
    named.sum()
}

/// A word that is understood, but not what it asks here.
fn unused(lang: Lang, zh: &str, en: &str) -> Refusal {
    let mut refusal = Refusal::new(
        "not_understood",
        format!("没有看懂问题里的「{zh}」该怎样计算"),
        format!("how {en} in the question is to be computed is not understood"),
    );
    refusal.missing = vec![lang.pick(zh, en).to_owned()];
    refusal
}

/// A statistic that is asked for and stands in no table.
fn unshown_stat(frame: &Frame, queries: &[&Query]) -> Option<Refusal> {
    let missing = frame.values.iter().any(|value| {
        value.stat.is_some_and(|stat| {
            let shown = |expr: &Expr| {
                holds(expr, &|expr| match expr {
                    Expr::Over(own, inner, _) | Expr::Peers(own, inner, _) => {
                        *own == stat && **inner == value.expr
                    }
                    Expr::Change(_, inner) => {
                        stat == Stat::Sum && matches!(**inner, Expr::Over(Stat::Sum, ..))
                    }
                    Expr::Binary(BinaryOp::Divide, part, _) => {
                        stat == Stat::Sum && matches!(**part, Expr::Over(Stat::Sum, ..))
                    }
                    other => stat == Stat::Sum && *other == value.expr,
                })
            };
            !queries.iter().any(|query| query.exprs().into_iter().any(shown))
        })
    });
    missing.then(|| unused(frame.said.lang, "统计值", "the statistic"))
}

fn counts(then: &Then) -> bool {
    matches!(then, Then::Count(_) | Then::EveryPeriod(_, true))
}

fn bands(then: &Then) -> bool {
    matches!(then, Then::Bands(..))
}

fn excludes(query: &Query) -> bool {
    query
        .filters
        .iter()
        .any(|filter| matches!(filter.test, Test::NotIn(_)))
}

/// Whether some of all are chosen, by conditions on figures or on dates.
pub(super) fn chooses(query: &Query) -> bool {
    query.having.is_some()
        || query
            .filters
            .iter()
            .any(|filter| matches!(filter.test, Test::Compare(..)))
}

/// Whether values are statistics of all subjects.
fn stat(query: &Query) -> bool {
    query
        .items
        .iter()
        .any(|item| holds(&item.expr, &|expr| matches!(expr, Expr::Over(..))))
}

/// Whether a value or one inside it passes a test.
fn holds(expr: &Expr, test: &dyn Fn(&Expr) -> bool) -> bool {
    test(expr) || expr.parts().into_iter().any(|part| holds(part, test))
}
