//! Names and units in column headers: `营业总收入(万元)` is the label `营业总收入` and the unit 万元.
//!
//! A bracket that names no unit belongs to the label: `净资产收益率(扣非)(%)` is `净资产收益率(扣非)` in %.

use jinsheng_core::{Base, Unit};

use crate::normalise;

/// Splits a header into its label and the unit that it names, if any.
///
/// Understood are brackets of any width (`(万元)`, `（元）`, `[元]`, `【%】`), `单位：万元`, `Unit: RMB million`, and a suffix after an
/// underscore (`净利润_万元`, `net_profit_10k_yuan`, `rate_pct`). The label is normalised (see [`normalise`]).
pub fn split_unit(header: &str) -> (String, Option<Unit>) {
    let text = normalise(header);
    if let Some(found) = stated(&text) {
        return found;
    }
    if let Some(found) = bracketed(&text) {
        return found;
    }
    if let Some(found) = suffixed(&text) {
        return found;
    }
    (text, None)
}

/// The unit that a title or remark above a table states for all of it: `单位：万元`, `(Unit: RMB million)`, `amounts in RMB
/// million`, or nothing but `万元`.
pub fn caption_unit(text: &str) -> Option<Unit> {
    if let Some(unit) = split_unit(text).1 {
        return Some(unit);
    }
    let text = normalise(text);
    // A title may hold a word that is a unit by itself; what stands alone and is money is meant as one.
    let alone = text.trim_matches(['(', ')', '[', ']', ' ']);
    if let Some(unit) = header_unit(alone).filter(|unit| matches!(unit.base, Base::Money(_))) {
        return Some(unit);
    }
    let lower = text.to_ascii_lowercase();
    [
        "amounts in ",
        "amount in ",
        "figures in ",
        "expressed in ",
        "presented in ",
        "stated in ",
    ]
    .into_iter()
    .find_map(|lead| leading_unit(lower.split_once(lead)?.1).map(|(unit, _)| unit))
}

/// Whether a text does nothing but state a unit for what follows: `单位：万元`, `(Unit: RMB million)`. Names of columns do not.
pub fn is_unit_remark(text: &str) -> bool {
    let text = normalise(text).to_lowercase();
    let text = text.trim_matches(['(', ')', '[', ']', ' ']);
    let lead = [
        "单位",
        "金额单位",
        "货币单位",
        "计量单位",
        "unit",
        "units",
        "currency",
    ];
    let Some((said, unit)) = text.split_once(':') else {
        return false;
    };
    lead.contains(&said.trim()) && header_unit(unit).is_some()
}

/// Reads a unit as headers write it: everything that [`Unit`] reads, and `RMB million`, `CNY'000`, `USD`, `pct`.
/// Empty text is no unit.
pub fn header_unit(text: &str) -> Option<Unit> {
    let text = normalise(text);
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if let Ok(unit) = text.parse::<Unit>() {
        return Some(unit);
    }
    let lower = text.to_ascii_lowercase();
    let lower = lower.strip_prefix("in ").unwrap_or(&lower);
    // `百万人民币` is money, `人民币元` and `亿元人民币` say so twice.
    if let Ok(unit) = lower.replace("人民币", "元").parse::<Unit>() {
        return Some(unit);
    }
    let plain = lower.replace("人民币", "").replace(['\'', '’', '_', ','], " ");
    let plain = plain.trim();
    if let Ok(unit) = plain.parse::<Unit>()
        && !plain.is_empty()
    {
        return Some(unit);
    }
    let mut scale = String::new();
    let mut base = String::new();
    // `RMB in millions`, `millions of RMB`
    let words = plain
        .split_whitespace()
        .filter(|word| !matches!(*word, "in" | "of"));
    for word in words.flat_map(money_sign) {
        match scale_or_base(word)? {
            Word::Scale(name) if scale.is_empty() => name.clone_into(&mut scale),
            Word::Base(name) if base.is_empty() => name.clone_into(&mut base),
            _ => return None,
        }
    }
    // English scales stand apart from the unit, Chinese ones do not.
    let joined = if scale.is_ascii() {
        format!("{scale} {base}")
    } else {
        scale + &base
    };
    let joined = joined.trim();
    (!joined.is_empty()).then(|| joined.parse().ok()).flatten()
}

/// `US$million` and `¥` written against the next word become two words.
fn money_sign(word: &str) -> impl Iterator<Item = &str> {
    let cut = ["us$", "hk$", "$", "¥", "￥", "rmb", "cny", "usd", "hkd"]
        .into_iter()
        .find_map(|sign| word.strip_prefix(sign).map(|rest| (sign, rest)));
    let (first, rest) = cut.unwrap_or((word, ""));
    [first, rest].into_iter().filter(|part| !part.is_empty())
}

enum Word {
    Scale(&'static str),
    Base(&'static str),
}

fn scale_or_base(word: &str) -> Option<Word> {
    Some(match word {
        "000" | "000s" | "thousand" | "thousands" | "k" => Word::Scale("thousand"),
        "10k" => Word::Scale("万"),
        "million" | "millions" | "mn" | "mm" | "mil" => Word::Scale("million"),
        "billion" | "billions" | "bn" => Word::Scale("billion"),
        "trillion" | "trillions" | "tn" => Word::Scale("trillion"),
        "cny" | "rmb" | "yuan" | "¥" | "￥" => Word::Base("元"),
        "usd" | "us$" | "$" | "dollars" | "dollar" => Word::Base("美元"),
        "hkd" | "hk$" => Word::Base("港元"),
        "pct" | "percent" | "percentage" => Word::Base("%"),
        "bps" | "bp" => Word::Base("bp"),
        "pp" | "ppt" | "ppts" => Word::Base("pp"),
        "shares" => Word::Base("股"),
        "days" => Word::Base("天"),
        "times" => Word::Base("倍"),
        "people" | "persons" => Word::Base("人"),
        _ => return None,
    })
}

/// `单位：万元` or `Unit: RMB million` anywhere, with or without a bracket round it.
fn stated(text: &str) -> Option<(String, Option<Unit>)> {
    let lower = text.to_ascii_lowercase();
    ["单位", "units", "unit"].into_iter().find_map(|word| {
        // Only ASCII letters changed, so places in both texts are the same.
        let at = lower.find(word)?;
        let (before, after) = (text.get(..at)?, text.get(at + word.len()..)?);
        let after = after.trim_start().strip_prefix(':')?.trim_start();
        if word.is_ascii() && before.ends_with(|character: char| character.is_ascii_alphanumeric()) {
            return None;
        }
        let (unit, rest) = leading_unit(after)?;
        let before = before.trim_end().trim_end_matches(['(', '[', ',']).trim_end();
        let rest = rest.trim_start_matches([')', ']', ',', ' ']).trim();
        Some((join(before, rest), Some(unit)))
    })
}

/// The unit that a text begins with, in as many words as make one, and what follows it.
fn leading_unit(text: &str) -> Option<(Unit, &str)> {
    const MOST_WORDS: usize = 5;
    let words = text.find([')', ']', ',', ';', '、']).unwrap_or(text.len());
    let mut places: Vec<usize> = text
        .char_indices()
        .take_while(|(place, _)| *place < words)
        .filter(|(_, character)| *character == ' ')
        .map(|(place, _)| place)
        .take(MOST_WORDS)
        .collect();
    places.push(words);
    places.into_iter().rev().find_map(|place| {
        let (words, rest) = text.split_at_checked(place)?;
        let unit = header_unit(words)?;
        Some((unit, rest))
    })
}

fn join(before: &str, rest: &str) -> String {
    let space = before.ends_with(|character: char| character.is_ascii_alphanumeric())
        && rest.starts_with(|character: char| character.is_ascii_alphanumeric());
    format!("{before}{}{rest}", if space { " " } else { "" })
}

/// The last bracket that names a unit.
fn bracketed(text: &str) -> Option<(String, Option<Unit>)> {
    let mut best = None;
    let mut open: Option<usize> = None;
    for (index, character) in text.char_indices() {
        match character {
            '(' | '[' => open = Some(index),
            ')' | ']' => {
                let Some(start) = open.take() else { continue };
                let before = text.get(..start)?.trim_end();
                let inside = text.get(start + 1..index)?;
                let rest = text.get(index + 1..)?.trim_start();
                if let Some((unit, kept)) = unit_within(inside, before) {
                    let rest = if kept.is_empty() {
                        rest.to_owned()
                    } else {
                        format!("({kept}){rest}")
                    };
                    best = Some((join(before, &rest), Some(unit)));
                }
            }
            _ => {}
        }
    }
    best
}

/// The unit inside a bracket, and what else stands there: `(%,TTM)` is % and `TTM`.
fn unit_within(inside: &str, label: &str) -> Option<(Unit, String)> {
    if let Some(unit) = header_unit(inside) {
        // `净值增长率(日)` is a daily rate and no number of days.
        let daily =
            inside.trim() == "日" && !["天数", "日数", "期限"].iter().any(|word| label.contains(word));
        return (!daily).then(|| (unit, String::new()));
    }
    let parts: Vec<&str> = inside.split([',', '，', '、', ';']).map(str::trim).collect();
    if parts.len() < 2 {
        return None;
    }
    let unit = parts.iter().find_map(|part| header_unit(part))?;
    let kept: Vec<&str> = parts
        .into_iter()
        .filter(|part| header_unit(part).is_none())
        .collect();
    Some((unit, kept.join(",")))
}

/// `净利润_万元`, `net_profit_10k_yuan`: the longest suffix after an underscore that is a unit.
fn suffixed(text: &str) -> Option<(String, Option<Unit>)> {
    for (index, _) in text.match_indices('_') {
        let (label, suffix) = (text.get(..index)?, text.get(index + 1..)?);
        if label.is_empty() || !names_a_unit_alone(suffix) {
            continue;
        }
        if let Some(unit) = header_unit(suffix) {
            return Some((label.trim_end_matches('_').trim_end().to_owned(), Some(unit)));
        }
    }
    None
}

/// After an underscore a bare word such as `days`, `k` or `个` is more often part of a name than a unit.
fn names_a_unit_alone(suffix: &str) -> bool {
    let lower = suffix.to_ascii_lowercase();
    const SURE: [&str; 12] = [
        "元",
        "%",
        "百分点",
        "股",
        "倍",
        "yuan",
        "cny",
        "rmb",
        "usd",
        "hkd",
        "pct",
        "bps",
    ];
    SURE.iter().any(|word| lower.ends_with(word)) || lower == "percent" || lower == "bp"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: &str, label: &str, unit: &str) {
        let (found_label, found_unit) = split_unit(header);
        let found_unit = found_unit.map_or_else(|| "none".to_owned(), |unit| unit.to_string());
        assert_eq!(
            (found_label.as_str(), found_unit.as_str()),
            (label, unit),
            "{header}"
        );
    }

    #[test]
    fn brackets() {
        check("营业总收入(万元)", "营业总收入", "万元");
        check("每股收益（元）", "每股收益", "元");
        check("资产负债率(%)", "资产负债率", "%");
        check("资产负债率（％）", "资产负债率", "%");
        check("amount[元]", "amount", "元");
        check("金额【亿元】", "金额", "亿元");
        check("常住人口\n(万人)", "常住人口", "万人");
        check("金额(元)(含税)", "金额(含税)", "元");
        check(
            "加权平均净资产收益率（扣非）(%)",
            "加权平均净资产收益率(扣非)",
            "%",
        );
        check("市盈率(倍,TTM)", "市盈率(TTM)", "倍");
        check("每股净资产(元/股)", "每股净资产", "元/股");
        check("货币资金（人民币元）", "货币资金", "元");
        check("总资产(亿元人民币)", "总资产", "亿元");
        check("进口总额(百万人民币)", "进口总额", "百万元");
    }

    #[test]
    fn brackets_that_are_no_unit_stay() {
        check("净利润(扣非)", "净利润(扣非)", "none");
        check("净值增长率(日)", "净值增长率(日)", "none");
        check("剩余期限(日)", "剩余期限", "天");
        check("f(x)", "f(x)", "none");
        check("()", "()", "none");
        check("a)b(c", "a)b(c", "none");
        check("名称", "名称", "none");
        check("", "", "none");
    }

    #[test]
    fn english_and_suffixes() {
        check("revenue (CNY million)", "revenue", "百万元");
        check("revenue (million yuan)", "revenue", "百万元");
        check("Net profit (RMB'000)", "Net profit", "千元");
        check("assets (US$ billion)", "assets", "1e9美元");
        check("total (in USD)", "total", "美元");
        check("净利润_万元", "净利润", "万元");
        check("net_profit_10k_yuan", "net_profit", "万元");
        check("rate_pct", "rate", "%");
        check("holding_days", "holding_days", "none");
        check("per_capita", "per_capita", "none");
    }

    #[test]
    fn stated_units() {
        check("单位：万元", "", "万元");
        check("营业收入 单位:亿元", "营业收入", "亿元");
        check("营业收入(单位：万元)", "营业收入", "万元");
        check("单位名称", "单位名称", "none");
        check("Revenue (Unit: RMB million)", "Revenue", "百万元");
        check("unit_price", "unit_price", "none");
        check("community: 3", "community: 3", "none");
        check("单位：家", "", "个");
    }

    #[test]
    fn units_above_a_table() {
        for (caption, unit) in [
            ("资产负债表 单位：万元", "万元"),
            ("单位:元 币种:人民币", "元"),
            ("(金额单位：人民币万元)", "万元"),
            ("单位：人民币 亿元", "亿元"),
            ("单位：万元、%", "万元"),
            ("(Unit: RMB million)", "百万元"),
            ("Income statement (Unit: RMB million) 2025", "百万元"),
            ("Units: CNY'000", "千元"),
            ("(RMB in millions)", "百万元"),
            ("(in millions of RMB)", "百万元"),
            ("All amounts in RMB million, unless stated otherwise", "百万元"),
            ("万元", "万元"),
            ("人民币百万元", "百万元"),
        ] {
            let found = caption_unit(caption).map(|unit| unit.to_string());
            assert_eq!(found.as_deref(), Some(unit), "{caption}");
        }
        for caption in [
            "主要财务指标",
            "2025 年",
            "人",
            "各单位：合并口径",
            "Unit price list",
        ] {
            assert_eq!(caption_unit(caption), None, "{caption}");
        }
    }
}
