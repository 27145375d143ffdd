//! Names of the fictional products, their managers and the houses that issue them.
//!
//! Like the companies' names they do not depend on the seed.

use super::kinds::{Family, Kind};

/// Chinese and English brand of a fund house.
const BRANDS: [(&str, &str); 14] = [
    ("澄观", "Chengguan"),
    ("砚舟", "Yanzhou"),
    ("栖岭", "Qiling"),
    ("沐岚", "Mulan"),
    ("云榉", "Yunju"),
    ("汀禾", "Tinghe"),
    ("朗岫", "Langxiu"),
    ("疏桐", "Shutong"),
    ("青棹", "Qingzhao"),
    ("岱砾", "Daili"),
    ("弈川", "Yichuan"),
    ("漱泠", "Shuling"),
    ("蒹渚", "Jianzhu"),
    ("望峤", "Wangqiao"),
];

/// Brands of the wealth management companies; the first belongs to the demo bank.
const WEALTH_BRANDS: [(&str, &str); 3] = [("砺川", "Lichuan"), ("云泽", "Yunze"), ("岚港", "Langang")];

/// Theme in Chinese, its short form for the nickname, English.
type Theme = (&'static str, &'static str, &'static str);

const SHARE_THEMES: [Theme; 8] = [
    ("价值优选", "价优", "Value Select"),
    ("核心龙头", "龙头", "Core Leaders"),
    ("先进制造", "智造", "Advanced Manufacturing"),
    ("消费升级", "消升", "Consumer Upgrade"),
    ("医疗健康", "医健", "Health Care"),
    ("科技创新", "科创", "Technology Innovation"),
    ("绿色能源", "绿能", "Green Energy"),
    ("新兴成长", "新成", "Emerging Growth"),
];
const MIXED_THEMES: [Theme; 8] = [
    ("均衡配置", "均配", "Balanced Allocation"),
    ("稳健增利", "稳增", "Steady Return"),
    ("行业轮动", "轮动", "Sector Rotation"),
    ("远见回报", "远见", "Foresight Return"),
    ("质量精选", "质选", "Quality Select"),
    ("灵活策略", "灵活", "Flexible Strategy"),
    ("红利领航", "红航", "Dividend Pilot"),
    ("匠心成长", "匠成", "Craftsman Growth"),
];
const BOND_THEMES: [Theme; 6] = [
    ("纯利", "纯利", "Pure Income"),
    ("信用精选", "信选", "Credit Select"),
    ("中短期", "中短", "Short Duration"),
    ("双利", "双利", "Dual Income"),
    ("恒久增益", "恒益", "Lasting Gain"),
    ("添润", "添润", "Plus Income"),
];
const MONEY_THEMES: [Theme; 3] = [
    ("现金宝库", "现宝", "Cash Treasury"),
    ("日日盈", "日盈", "Daily Gain"),
    ("流动性", "流动", "Liquidity"),
];
const FOF_THEMES: [Theme; 4] = [
    ("养老目标2035", "养35", "Retirement 2035"),
    ("养老目标2045", "养45", "Retirement 2045"),
    ("优选组合", "优组", "Selected Portfolio"),
    ("稳健组合", "稳组", "Steady Portfolio"),
];
const INDEX_THEMES: [Theme; 9] = [
    ("景衡300", "300", "Jingheng 300"),
    ("景衡500", "500", "Jingheng 500"),
    ("景衡1000", "1000", "Jingheng 1000"),
    ("景衡成长", "成长", "Jingheng Growth"),
    ("景衡红利", "红利", "Jingheng Dividend"),
    ("景衡消费", "消费", "Jingheng Consumer"),
    ("景衡医药", "医药", "Jingheng Health Care"),
    ("景衡科技", "科技", "Jingheng Technology"),
    ("景衡新能源", "新能源", "Jingheng New Energy"),
];

/// The names of one product.
#[derive(Debug, Clone)]
pub(super) struct Names {
    pub(super) short: String,
    pub(super) full: String,
    pub(super) english: String,
    pub(super) nickname: String,
    pub(super) house: String,
    pub(super) manager: String,
}

/// Where a product stands: among all of its family, and within its kind.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Number within the family of funds or of wealth products.
    pub(super) in_family: usize,
    /// Number within products that share a list of themes.
    pub(super) in_kind: usize,
    /// Position of the index that the product follows.
    pub(super) index: usize,
    pub(super) is_closed: bool,
}

pub(super) fn names(kind: &Kind, place: Place) -> Names {
    match kind.family {
        Family::Fund => fund_names(kind, place),
        Family::Wealth => wealth_names(kind, place),
    }
}

fn at<T: Copy + Default>(items: &[T], position: usize) -> T {
    items
        .get(position % items.len().max(1))
        .copied()
        .unwrap_or_default()
}

fn fund_names(kind: &Kind, place: Place) -> Names {
    let (brand, brand_en) = at(&BRANDS, place.in_family);
    // The index names the theme of an index fund and of a share fund on one sector.
    let themes: &[Theme] = match kind.fund_type {
        "股票型" => &SHARE_THEMES,
        "混合型" => &MIXED_THEMES,
        "债券型" => &BOND_THEMES,
        "指数型" => &INDEX_THEMES,
        "货币型" => &MONEY_THEMES,
        _ => &FOF_THEMES,
    };
    let position = if kind.fund_type == "指数型" {
        place.index
    } else {
        place.in_kind
    };
    let (theme, short_theme, theme_en) = at(themes, position);
    let (word, full_word, word_en) = match kind.fund_type {
        "股票型" => ("股票", "股票型证券投资基金", "Equity Fund"),
        "混合型" => ("混合", "混合型证券投资基金", "Mixed Fund"),
        "债券型" => ("债券", "债券型证券投资基金", "Bond Fund"),
        "指数型" => ("指数", "指数证券投资基金", "Index Fund"),
        "货币型" => ("货币", "货币市场基金", "Money Market Fund"),
        _ => ("FOF", "混合型基金中基金（FOF）", "Fund of Funds"),
    };
    Names {
        short: format!("{brand}{theme}{word}"),
        full: format!("{brand}{theme}{full_word}"),
        english: format!("{brand_en} {theme_en} {word_en}"),
        nickname: format!("{brand}{short_theme}"),
        house: format!("{brand}基金管理有限公司"),
        manager: person(place.in_family % BRANDS.len() + BRANDS.len() * team(kind, place)),
    }
}

fn wealth_names(kind: &Kind, place: Place) -> Names {
    let house = if place.in_family.is_multiple_of(3) {
        1 + place.in_family / 3 % 2
    } else {
        0
    };
    let (brand, brand_en) = at(&WEALTH_BRANDS, house);
    let number = place.in_kind + 1;
    // Two for cash and fixed income, one for mixed products, one for shares.
    let desk = match kind.fund_type {
        "现金管理类" | "固收类" => place.in_family % 2,
        "混合类" => 2,
        _ => 3,
    };
    let (series, series_en, word, word_en) = match kind.fund_type {
        "现金管理类" => ("朝汐", "Zhaoxi", "现金管理", "Cash"),
        "固收类" => ("安禾", "Anhe", "固收", "Fixed Income"),
        "混合类" => ("衡舟", "Hengzhou", "混合", "Mixed"),
        _ => ("远岫", "Yuanxiu", "权益", "Equity"),
    };
    let (mode, mode_en) = if place.is_closed {
        ("封闭", "Closed")
    } else {
        ("日开", "Daily Open")
    };
    Names {
        short: format!("{brand}{series}{word}{mode}{number}号"),
        full: format!("{brand}理财{series}系列{word}{mode}式{number}号净值型理财产品"),
        english: format!("{brand_en} {series_en} {word_en} {mode_en} No. {number}"),
        nickname: format!("{series}{number}号"),
        house: format!("{brand}理财有限责任公司"),
        manager: person(BRANDS.len() * 3 + house * 4 + desk),
    }
}

/// Who manages what: four managers a fund house, each with a trade of their own. The fourth manages index funds;
/// numbers between belong to the wealth companies.
fn team(kind: &Kind, place: Place) -> usize {
    match kind.fund_type {
        "股票型" => 0,
        // The more aggressive half of mixed funds is close to shares.
        "混合型" if kind.risk > 3 => place.in_kind / BRANDS.len() % 2,
        "债券型" | "货币型" => 2,
        "指数型" => 5,
        _ => 1,
    }
}

const SURNAMES: [&str; 18] = [
    "蔺", "晏", "阮", "褚", "闵", "瞿", "邬", "席", "麦", "祁", "鄢", "宓", "荀", "蒯", "佟", "栾", "冼",
    "逄",
];
const GIVEN_NAMES: [&str; 20] = [
    "知微", "沛然", "书岚", "乔木", "清越", "承屿", "望舒", "怀瑾", "予安", "砚秋", "景和", "牧之", "若谷",
    "云起", "嘉禾", "行简", "以宁", "映川", "素问", "闻笛",
];

/// The fictional person with the given number; different for numbers below 180.
pub(crate) fn person(number: usize) -> String {
    // 18 and 20 have the least common multiple 180.
    format!("{}{}", at(&SURNAMES, number), at(&GIVEN_NAMES, number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn persons_differ() {
        let all: BTreeSet<String> = (0..180).map(person).collect();
        assert_eq!(all.len(), 180);
    }
}
