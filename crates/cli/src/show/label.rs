//! Names of values for people: 营业总收入同比, where the Query says `yoy(revenue)`.

use jinsheng_core::{Grain, Lang};
use jinsheng_semantics::catalog::Catalog;
use jinsheng_semantics::query::{
    BinaryOp, ChangeKind, Direction, Expr, Form, Lag, MetricRef, OverWhat, Query, Stat, Test,
};

/// The name of each item of a Query: its alias, or its expression in words.
pub fn items(query: &Query, catalog: &Catalog, lang: Lang) -> Vec<String> {
    let name = |item: &jinsheng_semantics::query::Item| match &item.alias {
        Some(alias) => alias.clone(),
        None => words(&item.expr, catalog, lang),
    };
    query.items.iter().map(name).collect()
}

/// An expression in words; what has no short name keeps the form of the Query.
fn words(expr: &Expr, catalog: &Catalog, lang: Lang) -> String {
    let of = |inner: &Expr| words(inner, catalog, lang);
    // The figure of one subject beside the others.
    if let Expr::Peers(Stat::Max, inner, _) = expr
        && let Some((key, figure)) = one_subject(inner)
    {
        let name = metric_words(&figure, catalog, lang);
        return lang.pick(format!("{key} 的{name}"), format!("{name} of {key}"));
    }
    let (zh, en) = match expr {
        Expr::Metric(metric) => return metric_words(metric, catalog, lang),
        Expr::Change(kind, inner) => {
            let name = of(inner);
            match kind {
                ChangeKind::Yoy => (format!("{name}同比"), format!("{name} YoY")),
                ChangeKind::YoyDiff => (format!("{name}同比增减"), format!("{name} YoY difference")),
                ChangeKind::Qoq => (format!("{name}环比"), format!("{name} QoQ")),
                ChangeKind::QoqDiff => (format!("{name}环比增减"), format!("{name} QoQ difference")),
            }
        }
        Expr::Cagr(inner, years) => {
            let name = of(inner);
            (
                format!("{name}{years}年复合增长率"),
                format!("{name} {years}-year CAGR"),
            )
        }
        Expr::Shift(inner, lag) => {
            let (name, count, grain) = (of(inner), lag.count, lag.grain);
            let unit = grain_words(grain);
            (
                format!("{count}{unit}前{name}"),
                format!("{name} {count} {grain} earlier"),
            )
        }
        Expr::Share(inner, _) => {
            let name = of(inner);
            (format!("{name}占比"), format!("share of {name}"))
        }
        Expr::Rank(inner, direction, _) => {
            let name = of(inner);
            match direction {
                Direction::Desc => (format!("{name}排名"), format!("rank by {name}")),
                Direction::Asc => (
                    format!("{name}排名（由低到高）"),
                    format!("rank by {name}, lowest first"),
                ),
            }
        }
        Expr::Peers(stat, inner, _) => {
            let name = of(inner);
            let (zh, en) = stat_words(*stat);
            (format!("同组{name}{zh}"), format!("peers' {en} {name}"))
        }
        Expr::Over(stat, inner, over) => {
            let name = of(inner);
            let (zh, en) = stat_words(*stat);
            let over = match over {
                OverWhat::Period => lang.pick("各期", " over periods").to_owned(),
                OverWhat::Dimensions(_) => String::new(),
            };
            (format!("{over}{name}{zh}"), format!("{en} {name}{over}"))
        }
        Expr::Binary(op, left, right) => {
            if let Some((figure, lag)) = growth(*op, left, right) {
                let (name, count, grain) = (of(figure), lag.count, lag.grain);
                let unit = grain_words(grain);
                return lang.pick(
                    format!("{name}{count}{unit}涨跌幅"),
                    format!("{name}, change over {count} {grain}"),
                );
            }
            let sign = match op {
                BinaryOp::Add => "+",
                BinaryOp::Subtract => "−",
                BinaryOp::Multiply => "×",
                BinaryOp::Divide => "/",
            };
            let side = |inner: &Expr| match inner {
                Expr::Binary(..) => format!("({})", of(inner)),
                _ => of(inner),
            };
            let text = format!("{} {sign} {}", side(left), side(right));
            (text.clone(), text)
        }
        Expr::Abs(inner) => {
            let name = of(inner);
            (format!("{name}绝对值"), format!("absolute {name}"))
        }
        other => return other.to_string(),
    };
    lang.pick(zh, en)
}

/// The figure and the stretch of a quotient that says by how much the figure changed.
fn growth<'e>(op: BinaryOp, left: &'e Expr, right: &Expr) -> Option<(&'e Expr, Lag)> {
    let Expr::Binary(BinaryOp::Subtract, now, then) = left else {
        return None;
    };
    let base = match right {
        Expr::Abs(inner) => inner,
        other => other,
    };
    let Expr::Shift(figure, lag) = &**then else {
        return None;
    };
    (op == BinaryOp::Divide && *base == **then && figure == now).then_some((&**now, *lag))
}

fn grain_words(grain: Grain) -> &'static str {
    match grain {
        Grain::Day => "天",
        Grain::Month => "个月",
        Grain::Quarter => "个季度",
        Grain::Half => "个半年",
        Grain::Year => "年",
    }
}

/// The subject that a metric is narrowed to, and the metric without it.
fn one_subject(expr: &Expr) -> Option<(String, MetricRef)> {
    let Expr::Metric(metric) = expr else { return None };
    let [filter] = metric.filters.as_slice() else {
        return None;
    };
    let key = match &filter.test {
        Test::In(keys) if keys.len() == 1 => keys.first()?.clone(),
        _ => return None,
    };
    let plain = MetricRef {
        filters: Vec::new(),
        ..metric.clone()
    };
    Some((key, plain))
}

fn stat_words(stat: Stat) -> (&'static str, &'static str) {
    match stat {
        Stat::Sum => ("合计", "total"),
        Stat::Mean => ("均值", "mean"),
        Stat::Median => ("中位数", "median"),
        Stat::Min => ("最小值", "minimum"),
        Stat::Max => ("最大值", "maximum"),
        Stat::Count => ("个数", "count of"),
    }
}

fn metric_words(metric: &MetricRef, catalog: &Catalog, lang: Lang) -> String {
    let label = catalog
        .metric(&metric.name)
        .map(|found| found.label.get(lang))
        .filter(|label| !label.is_empty());
    let mut marks = Vec::new();
    if let Some(form) = metric.form {
        marks.push(match form {
            Form::Ytd => lang.pick("累计", "YTD").to_owned(),
            Form::Single => lang.pick("单期", "single period").to_owned(),
            Form::Ttm => "TTM".to_owned(),
        });
    }
    marks.extend(metric.variant.clone());
    marks.extend(metric.filters.iter().map(ToString::to_string));
    let label = label.unwrap_or(&metric.name);
    if marks.is_empty() {
        label.to_owned()
    } else {
        format!("{label}[{}]", marks.join(lang.pick("，", ", ")))
    }
}
