//! Names brought to forms in which they compare: Chinese labels, column names in any case style, growth suffixes,
//! section prefixes such as 「资产-」.

use jinsheng_text::{fold, normalise};

use super::profile::GrowthKind;

/// Characters that separate or decorate and carry no meaning in a label.
fn decorates(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '-' | '_'
                | '—'
                | '–'
                | '·'
                | ':'
                | '、'
                | ','
                | '，'
                | '。'
                | '.'
                | '"'
                | '“'
                | '”'
                | '('
                | ')'
                | '['
                | ']'
                | '/'
                | '*'
                | '\''
                | '‘'
                | '’'
                | '《'
                | '》'
                | '<'
                | '>'
                | '的'
        )
}

/// A Chinese label as it compares: folded, without decoration and 的.
pub(crate) fn label_key(label: &str) -> String {
    fold(label)
        .chars()
        .filter(|character| !decorates(*character))
        .collect()
}

/// Words of a column name: `grossProfitMargin`, `gross_profit_margin` and `Gross profit margin` are the same three.
pub(crate) fn words(name: &str) -> Vec<String> {
    let text = normalise(name).replace("R&D", "rnd").replace("r&d", "rnd");
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut previous = ' ';
    let characters: Vec<char> = text.chars().collect();
    for (index, character) in characters.iter().copied().enumerate() {
        let next_is_lower = characters.get(index + 1).is_some_and(|next| next.is_lowercase());
        let starts = character.is_uppercase()
            && (previous.is_lowercase() || (previous.is_uppercase() && next_is_lower));
        if starts || !character.is_alphanumeric() {
            push_word(&mut words, &word);
            word.clear();
        }
        if character.is_alphanumeric() {
            word.extend(character.to_lowercase());
        }
        previous = character;
    }
    push_word(&mut words, &word);
    words
}

fn push_word(words: &mut Vec<String>, word: &str) {
    match word {
        "" | "the" | "of" | "and" | "a" => {}
        "cf" | "cashflow" | "cashflows" => words.extend(["cash".to_owned(), "flow".to_owned()]),
        _ => words.push(singular(word)),
    }
}

fn singular(word: &str) -> String {
    match word {
        "rd" => return "rnd".to_owned(),
        "amt" => return "amount".to_owned(),
        "admin" => return "administrative".to_owned(),
        _ => {}
    }
    if word.len() <= 3 || !word.is_ascii() {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    if word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return word.to_owned();
    }
    word.strip_suffix('s').unwrap_or(word).to_owned()
}

/// A column name as it compares.
pub(crate) fn column_key(name: &str) -> String {
    words(name).join("_")
}

/// A name that the Query language takes without quotes, from any header: letters, digits and `_`.
pub(crate) fn identifier(name: &str) -> String {
    let text = normalise(name);
    let mut out = String::new();
    if text.is_ascii() {
        let snake = snake(&text);
        out.push_str(&snake);
    } else {
        for character in text.chars() {
            if character.is_alphanumeric() || character == '_' {
                out.extend(character.to_lowercase());
            }
        }
    }
    let out = out.trim_matches('_').to_owned();
    if out.is_empty() {
        return "value".to_owned();
    }
    if out.starts_with(|character: char| character.is_ascii_digit()) {
        return format!("t_{out}");
    }
    if RESERVED.contains(&out.as_str()) {
        format!("{out}_value")
    } else {
        out
    }
}

/// Words of the Query language that a bare name must not be.
const RESERVED: [&str; 52] = [
    "by",
    "of",
    "where",
    "at",
    "from",
    "to",
    "last",
    "latest",
    "each",
    "having",
    "top",
    "bottom",
    "order",
    "limit",
    "within",
    "over",
    "as",
    "and",
    "or",
    "not",
    "in",
    "is",
    "missing",
    "between",
    "contains",
    "asc",
    "desc",
    "abs",
    "coalesce",
    "shift",
    "yoy",
    "yoy_diff",
    "qoq",
    "qoq_diff",
    "cagr",
    "peers_mean",
    "peers_median",
    "peers_sum",
    "share",
    "rank",
    "mean",
    "sum",
    "median",
    "min",
    "max",
    "count",
    "streak",
    "period",
    "day",
    "month",
    "quarter",
    "year",
];

fn snake(text: &str) -> String {
    let mut out = String::new();
    let mut previous = ' ';
    for character in text.chars() {
        if character.is_ascii_alphanumeric() {
            if character.is_ascii_uppercase() && previous.is_ascii_lowercase() {
                out.push('_');
            }
            out.push(character.to_ascii_lowercase());
        } else if !out.ends_with('_') && !out.is_empty() {
            out.push('_');
        }
        previous = character;
    }
    out
}

/// `grossProfitMargin` as people read it: `gross profit margin`.
pub(crate) fn humanise(name: &str) -> String {
    let text = snake(&normalise(name)).replace('_', " ");
    let text = text.trim();
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().collect::<String>() + characters.as_str(),
        None => String::new(),
    }
}

/// A growth rate taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GrowthName {
    /// What grows: a Chinese label, or words joined by `_`.
    pub(crate) base: String,
    /// Against what.
    pub(crate) kind: GrowthKind,
    /// The name says against what (同比), rather than only 增长率.
    pub(crate) sure: bool,
}

const CHANGES: [&str; 12] = [
    "增长率",
    "增长幅度",
    "增长",
    "增速",
    "增幅",
    "变动率",
    "变动比例",
    "变动",
    "增减率",
    "增减",
    "变化率",
    "幅度",
];

/// 「营业总收入-同比增长(%)」 is the growth of 营业总收入 against the year before.
pub(crate) fn label_growth(label: &str) -> Option<GrowthName> {
    let label = normalise(label);
    let markers: [(&str, GrowthKind); 7] = [
        ("较上年同期", GrowthKind::Yoy),
        ("比上年同期", GrowthKind::Yoy),
        ("较上年末", GrowthKind::SinceYearEnd),
        ("较年初", GrowthKind::SinceYearEnd),
        ("较期初", GrowthKind::SinceYearEnd),
        ("同比", GrowthKind::Yoy),
        ("环比", GrowthKind::Qoq),
    ];
    for (marker, kind) in markers {
        if let Some((base, tail)) = label.split_once(marker) {
            let tail: String = tail
                .chars()
                .filter(|character| !decorates(*character) && *character != '%')
                .collect();
            if tail.is_empty() || CHANGES.contains(&tail.as_str()) || tail == "率" {
                return named(base, kind, true);
            }
        }
    }
    ["增长率", "增速", "增幅"]
        .into_iter()
        .find_map(|marker| label.strip_suffix(marker))
        .and_then(|base| named(base, GrowthKind::Yoy, false))
}

fn named(base: &str, kind: GrowthKind, sure: bool) -> Option<GrowthName> {
    let base = base.trim_end_matches(|character: char| decorates(character) && character != ')');
    let base = ["单季度", "单季", "季度"]
        .into_iter()
        .find_map(|word| base.strip_suffix(word))
        .unwrap_or(base)
        .trim_end_matches(|character: char| decorates(character) && character != ')');
    (!base.is_empty()).then(|| GrowthName {
        base: base.to_owned(),
        kind,
        sure,
    })
}

/// `net_profit_yoy_growth`, `revenueYoY`, `yoy_cpi`, `or_growth_rate`.
pub(crate) fn column_growth(name: &str) -> Option<GrowthName> {
    let joined = name
        .replace("YoY", "Yoy")
        .replace("QoQ", "Qoq")
        .replace("y_o_y", "yoy")
        .replace("q_o_q", "qoq");
    let mut parts = words(&joined);
    let mut kind = None;
    let mut grows = false;
    while let Some(last) = parts.last() {
        match last.as_str() {
            "yoy" => kind = Some(GrowthKind::Yoy),
            "qoq" | "mom" => kind = Some(GrowthKind::Qoq),
            "growth" | "chg" | "change" => grows = true,
            "rate" | "pct" | "percent" | "ratio" => {}
            _ => break,
        }
        parts.pop();
    }
    if kind.is_none() {
        kind = match parts.first().map(String::as_str) {
            Some("yoy") => Some(GrowthKind::Yoy),
            Some("qoq" | "mom") => Some(GrowthKind::Qoq),
            _ => None,
        };
        if kind.is_some() {
            parts.remove(0);
        }
    }
    let sure = kind.is_some();
    let kind = kind.or(grows.then_some(GrowthKind::Yoy))?;
    (!parts.is_empty()).then(|| GrowthName {
        base: parts.join("_"),
        kind,
        sure,
    })
}

/// 「资产-货币资金」, 「其中：利息收入」, 「一、营业收入」: forms of a label without what stands before it, the most
/// telling first. The label itself is the first.
pub(crate) fn label_forms(label: &str, sections: &[String]) -> Vec<String> {
    let label = normalise(label);
    let mut forms = vec![label.clone()];
    let plain = strip_numbering(&label);
    if plain != label {
        forms.push(plain.to_owned());
    }
    if let Some((section, item)) = plain.split_once(['-', '—', '－', ':', '：', '_']) {
        let item = item.trim_start_matches(['-', '—', ' ']).trim();
        let activity = [
            ("经营", "经营活动"),
            ("投资", "投资活动"),
            ("筹资", "筹资活动"),
            ("融资", "筹资活动"),
        ]
        .into_iter()
        .find(|(word, _)| section.starts_with(word));
        if let Some((_, activity)) = activity {
            forms.push(format!("{activity}{item}"));
        }
        if activity.is_some() || sections.iter().any(|known| known == section.trim()) {
            forms.push(item.to_owned());
        }
    }
    for suffix in ["合计", "总额", "总计", "净额", "余额", "金额"] {
        if let Some(stem) = forms.last().and_then(|form| form.strip_suffix(suffix)) {
            forms.push(stem.to_owned());
            break;
        }
    }
    for prefix in ["期末", "年末", "本期", "本年", "当期", "报告期"] {
        if let Some(stem) = plain.strip_prefix(prefix) {
            forms.push(stem.to_owned());
            break;
        }
    }
    if let Some((before, _)) = plain.strip_suffix(')').and_then(|inner| inner.rsplit_once('(')) {
        forms.push(before.trim_end().to_owned());
    }
    forms.retain(|form| !form.is_empty());
    forms
}

/// 「一、」「(一)」「其中：」「减：」「加：」 in front of an item.
pub(crate) fn strip_numbering(label: &str) -> &str {
    let mut rest = label.trim();
    for word in ["其中:", "其中：", "减:", "减：", "加:", "加："] {
        rest = rest.strip_prefix(word).unwrap_or(rest).trim_start();
    }
    let numeral = |character: char| "一二三四五六七八九十".contains(character) || character.is_ascii_digit();
    if let Some(inner) = rest.strip_prefix('(')
        && let Some((number, after)) = inner.split_once(')')
        && !number.is_empty()
        && number.chars().all(numeral)
        && !after.is_empty()
    {
        return after.trim_start();
    }
    if let Some((number, after)) = rest.split_once(['、', '.'])
        && !number.is_empty()
        && number.chars().all(numeral)
        && !after.is_empty()
    {
        return after.trim_start();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn column_names_in_any_style() {
        for name in [
            "grossProfitMargin",
            "gross_profit_margins",
            "Gross Profit Margin",
            "GROSS_PROFIT_MARGIN",
        ] {
            assert_eq!(column_key(name), "gross_profit_margin", "{name}");
        }
        assert_eq!(column_key("R&D expenses"), "rnd_expense");
        assert_eq!(
            column_key("operating_cf_net_amount"),
            "operating_cash_flow_net_amount"
        );
        assert_eq!(column_key("QDIINVRank"), "qdiinv_rank");
        assert_eq!(identifier("营业总收入(万元)"), "营业总收入万元");
        assert_eq!(identifier("Exchange rate"), "exchange_rate");
        assert_eq!(identifier("600000"), "t_600000");
        assert_eq!(identifier("share"), "share_value");
        assert_eq!(identifier("???"), "value");
    }

    #[test]
    fn growth_in_labels() {
        let check = |label: &str, base: &str, kind, sure| {
            assert_eq!(
                label_growth(label),
                Some(GrowthName {
                    base: base.to_owned(),
                    kind,
                    sure
                }),
                "{label}"
            );
        };
        check("营业总收入-同比增长", "营业总收入", GrowthKind::Yoy, true);
        check("营业总收入-季度环比增长", "营业总收入", GrowthKind::Qoq, true);
        check("资产-总资产同比", "资产-总资产", GrowthKind::Yoy, true);
        check("净利润增长率", "净利润", GrowthKind::Yoy, false);
        check("总资产较上年末增减", "总资产", GrowthKind::SinceYearEnd, true);
        check("扣非净利润同比增长率", "扣非净利润", GrowthKind::Yoy, true);
        assert_eq!(label_growth("同比口径说明"), None);
        assert_eq!(label_growth("净利润"), None);
    }

    #[test]
    fn growth_in_column_names() {
        let base = |name: &str| column_growth(name).map(|growth| (growth.base, growth.kind, growth.sure));
        assert_eq!(
            base("net_profit_yoy_growth"),
            Some(("net_profit".to_owned(), GrowthKind::Yoy, true))
        );
        assert_eq!(
            base("revenue_qoq"),
            Some(("revenue".to_owned(), GrowthKind::Qoq, true))
        );
        assert_eq!(base("YoyCPI"), Some(("cpi".to_owned(), GrowthKind::Yoy, true)));
        assert_eq!(
            base("or_growth_rate"),
            Some(("or".to_owned(), GrowthKind::Yoy, false))
        );
        assert_eq!(base("interest_rate"), None);
        assert_eq!(base("pct_chg"), None);
    }

    #[test]
    fn prefixes_of_labels() {
        let sections = ["资产".to_owned(), "营业总支出".to_owned()];
        let forms = |label: &str| label_forms(label, &sections);
        assert!(forms("资产-货币资金").contains(&"货币资金".to_owned()));
        assert!(forms("经营性现金流-现金流量净额").contains(&"经营活动现金流量净额".to_owned()));
        assert!(forms("融资性现金流-净现金流占比").contains(&"筹资活动净现金流占比".to_owned()));
        assert!(forms("其中：利息收入").contains(&"利息收入".to_owned()));
        assert!(forms("一、营业总收入").contains(&"营业总收入".to_owned()));
        assert!(forms("(二)稀释每股收益").contains(&"稀释每股收益".to_owned()));
    }
}
