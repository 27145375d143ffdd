//! What is no question about figures: attacks, orders, advice, documents, terms, and "good" without a measure.

use jinsheng_core::Lang;

use crate::ask::clause::Clause;
use crate::ask::words::Word as W;
use crate::ask::{Choice, Clarify, Refusal, Understanding};
use crate::query::Expr;

/// Words that name documents, orders and attacks decide first.
pub(super) fn out_of_scope(clause: &Clause) -> Option<Refusal> {
    let of = |kinds: &[W]| {
        clause
            .outside
            .iter()
            .find(|(word, _)| kinds.contains(word))
            .map(|(_, text)| text.clone())
    };
    let refusal = |code: &'static str, zh: &str, en: &str, word: String| {
        let mut refusal = Refusal::new(code, zh, en);
        refusal.missing = vec![word];
        Some(refusal)
    };
    if let Some(word) = of(&[W::Attack]) {
        return refusal(
            "out_of_scope",
            "这里只回答关于数据的问题，不接受改变程序行为或绕过权限的要求",
            "only questions about the data are answered here, not requests to change how the program works or what may be seen",
            word,
        );
    }
    if let Some(word) = of(&[W::Command]) {
        return refusal(
            "out_of_scope",
            "这里只查询数据，不修改、不发送、不下单",
            "data are only queried here; nothing is changed, sent or ordered",
            word,
        );
    }
    if let Some(word) = of(&[W::Personal]) {
        return refusal(
            "personal_data",
            "个人证件、电话等信息不在可查询的范围内",
            "personal identifiers and contact details cannot be queried",
            word,
        );
    }
    let nothing = clause.values.is_empty() && clause.conditions.is_empty() && clause.tops.is_empty();
    if let Some(word) = of(&[W::Advice]) {
        return refusal(
            "advice",
            "数据里没有预测，也不给出投资建议",
            "the data hold no forecasts, and no investment advice is given",
            word,
        );
    }
    if let Some(word) = of(&[W::Chat]).filter(|_| nothing) {
        return refusal(
            "no_question",
            "这不是关于数据的问题",
            "this is no question about the data",
            word,
        );
    }
    if let Some(word) = of(&[W::Outside]) {
        return refusal(
            "outside_data",
            "数据里没有研报、政策等文件",
            "the data hold no research reports, policies or other documents",
            word,
        );
    }
    None
}

/// A term is asked for: what the catalog says of it, and that this is no figure.
pub(super) fn definition(clause: &Clause, with: &Understanding) -> Refusal {
    let known = clause.values.first().and_then(|value| match &value.base {
        Expr::Metric(metric) => with.catalog.metric(&metric.name),
        _ => None,
    });
    let said = |lang: Lang| {
        known
            .map(|metric| metric.description.get(lang).to_owned())
            .filter(|text| !text.is_empty())
    };
    let (zh, en) = (said(Lang::Zh), said(Lang::En));
    let mut refusal = Refusal::new(
        "definition",
        match zh {
            Some(text) => format!("这里回答数字，不解释概念；目录对它的说明是：{text}"),
            None => "这里回答数字，不解释概念".to_owned(),
        },
        match en {
            Some(text) => format!("figures are answered here, not terms; the catalog says of it: {text}"),
            None => "figures are answered here, not terms".to_owned(),
        },
    );
    refusal.missing = vec![clause.text.clone()];
    refusal
}

/// 业绩好: by which figure?
pub(super) fn measure_of_good(clause: &Clause, with: &Understanding) -> Clarify {
    let named = clause
        .bundles
        .iter()
        .filter_map(|group| with.catalog.group(group));
    let mut metrics: Vec<String> = named.flat_map(|group| group.metrics.clone()).collect();
    if metrics.is_empty() {
        let mut groups = with.catalog.file().groups.values();
        metrics = groups
            .next()
            .map(|group| group.metrics.clone())
            .unwrap_or_default();
    }
    let options = metrics.iter().take(6).filter_map(|name| {
        let label = &with.catalog.metric(name)?.label;
        Some(Choice {
            label: (label.zh.clone(), label.en.clone()),
            question: format!(
                "{}最高的{}",
                label.zh,
                if clause.entities.is_empty() { "" } else { "公司" }
            ),
        })
    });
    Clarify {
        question: ("按哪个指标衡量？".to_owned(), "good by which figure?".to_owned()),
        options: options.collect(),
        frame: None,
    }
}
