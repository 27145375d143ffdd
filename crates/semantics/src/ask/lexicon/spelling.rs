//! Shorthand of questions, written out: `top3`, `p90`, 22、23和24年, 10-20亿, 60%+, 第三高, 双增.
//!
//! What is written out here means exactly one thing whatever stands around it; what depends on its neighbours is a rule.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// A pattern and what is written for it.
type Form = (Regex, &'static str);

/// Patterns of text in plain form (half width, lower case, without 的), in the order in which they are applied.
const PATTERNS: &[(&str, &str)] = &[
    // three consecutive years, over the past year
    (
        r"(?-u:\b)(\d{1,2}) (?:consecutive|straight|successive) (year|quarter|month)s?(?-u:\b)",
        "consecutive $1 ${2}s",
    ),
    (
        r"(?-u:\b)(over|in|during|for) the (past|last) (year|quarter|month)(?-u:\b)",
        "$1 the $2 1 $3",
    ),
    (r"(?-u:\b)best[ -]performing(?-u:\b)", "highest return"),
    (r"(?-u:\b)worst[ -]performing(?-u:\b)", "lowest return"),
    (
        r"(?-u:\b)(?:compares?|compared|comparing) (?:with|to|against) (?:its |their |the )?(?:peers|industry|sector|peer group)(?-u:\b)(?: average)?",
        "versus the peers average",
    ),
    // top3, top-10
    (r"(?-u:\b)top-?(\d{1,3})", "top $1 "),
    // p90, 第75百分位
    (r"(?-u:\b)p(\d{2})(?-u:\b)", " ${1}分位数"),
    (r"第(\d{1,2})(百分位|分位)", " $1$2"),
    // 1个亿
    (r"(\d|[一二三四五六七八九十百千两])个(亿|万)", "$1$2"),
    // 如果净利润增长10%，会是多少: what would be is not in the data
    (
        r"(?:如果|假如|假设|假定|倘若)([^。?]*(?:增长|下降|上升|减少|提高|降低|增加|涨|跌)\d[^。?]*(?:会|将|能|是)[^。?]*(?:多少|几))",
        "预测$1",
    ),
    // 按提升幅度列出
    (
        r"按(?:照)?(?:提升|下降|增长|增加|减少|变动|变化|上升|降低|提高)幅度(?:列出来?|排列|列示|排序|排)",
        "从大到小排序",
    ),
    (r"由哪(?:几项|几个|几部分|些|些项目)(?:组成|构成)", "定义"),
    (r"(?:几|多少)个亿", "多少亿"),
    (r"(?:近|最近|过去)(?:四|4)个季度滚动", "滚动"),
    // …（2024年末） at the end is about all that stands before
    (
        r"^([^0-9]*[,?。;][^0-9]*)\((\d{4}年(?:末|底|报|度|全年)?)\)[?。]?$",
        "$2,$1",
    ),
    // 不高于r3
    (r"(?:不高于|不超过|至多)([rc][1-5])", "${1}及以下"),
    (r"(?:不低于|至少)([rc][1-5])", "${1}及以上"),
    // 里头研发费用率超5%的呢
    (r"^(?:这|那)?里(?:头|面)", "其中"),
    // 它当年的经营现金流: of the year that was spoken of
    (
        r"(它们|它|其|他们|该公司|这家公司)(?:在)?(?:当年|该年|那一年)",
        "${1}同期",
    ),
    // 5个点
    (r"(\d|[一二三四五六七八九十])个点", "$1个百分点"),
    // 60%+, 10亿+
    (r"(\d(?:\.\d+)?(?:%|亿元|万元|亿|万))\+", "${1}及以上"),
    // 1亿以上(不含), 60%以上(含60%)
    (
        r"(\d(?:[\d.]*)(?:%|亿元|万元|亿|万|元|倍)?)以上\((?:不含|不包含|不包括)[^()]{0,12}\)",
        "大于$1",
    ),
    (
        r"(\d(?:[\d.]*)(?:%|亿元|万元|亿|万|元|倍)?)以下\((?:不含|不包含|不包括)[^()]{0,12}\)",
        "小于$1",
    ),
    (r"及?(以上|以下)\((?:含|包含|包括)[^()]{0,12}\)", "及$1"),
    // 第1至3季度 counts from the start of the year
    (r"第?[1一](?:到|至|-|~)第?[3三](?:个)?季度", "前三季度"),
    (r"第?[1一](?:到|至|-|~)第?[2二](?:个)?季度", "上半年"),
    // 第6到第10名
    (
        r"(?:排名|排在|位居|位列|名列|排)?第(\d{1,3})(?:名|位)?(?:到|至|-|~|—)第?(\d{1,3})(?:(?:名|位)|($|[^\d季月年周天期个条章]))",
        "排名在$1到$2之间$3",
    ),
    (
        r"(?:排名|排在|位居|位列|名列|排)(\d{1,3})(?:名|位)?(?:到|至|-|~|—)(\d{1,3})(?:名|位)",
        "排名在$1到$2之间",
    ),
    // 第二名, 排第3, 第三高: not the first, which is the largest, nor a quarter
    (
        r"(?:排名|排在|位居|位列|名列|排|居)?第(2|3|4|5|6|7|8|9|[1-9]\d|[二三四五六七八九]|十[一二三四五六七八九]?)(?:名|位|高|大|多)",
        "排名等于$1",
    ),
    (
        r"(?:排名|排在|位居|位列|名列|排|居)第(2|3|4|5|6|7|8|9|[1-9]\d|[二三四五六七八九]|十[一二三四五六七八九]?)(?:$|是|公司|企业|[,。?])",
        "排名等于$1",
    ),
    (r"最(?:能|会)?(?:赚钱|挣钱|盈利)", "净利润最高"),
    (r"最(?:能)?(?:亏钱|亏损)", "净利润最低"),
    // 增收不增利
    (r"增收不?但?不增利", "营业收入增长但净利润下降"),
    (r"增利不增收", "净利润增长但营业收入下降"),
    (
        r"(?:营收|收入)(?:和|与|、)?(?:净利|利润)(?:润)?(双增|双降|齐增|齐降|双升|双跌)",
        "营业收入和净利润$1",
    ),
    (r"双增长?|齐增长?|双升", "均增长"),
    (r"双降|齐降|双跌", "均下降"),
    // 翻倍 is growth by all of it, 腰斩 the loss of half
    (
        r"(?:实现)?(?:翻了?一?番|翻了?一?倍|翻了?倍)(?:以上)?",
        "同比增长率大于等于100%",
    ),
    (r"(?:被|遭|惨遭)?腰斩", "同比增长率小于等于-50%"),
];

static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    PATTERNS
        .iter()
        .filter_map(|(pattern, spelt)| Some((Regex::new(pattern).ok()?, *spelt)))
        .collect()
});

/// Years of two digits in a list that ends with 年.
static YEARS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:^|[^\d.])((?:\d{2}(?:、|,|和|及|与|/))+\d{2})年").ok());

/// Two numbers with one unit, or each with its own.
static STRETCH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(\d+(?:\.\d+)?)(亿元|万元|亿|万|%|元|倍)?(-|~|至|到)(\d+(?:\.\d+)?)(亿元|万元|亿|万|%|元|倍)(?:之间)?").ok()
});

/// 增加最多（按金额）: by how much, not by what share.
fn by_amount(text: String) -> String {
    const SAID: [&str; 8] = [
        "按金额计",
        "按绝对额",
        "按绝对值",
        "按绝对金额",
        "按增加额",
        "按增量",
        "按变动额",
        "按金额",
    ];
    let moves = ["增加最", "增长最", "增幅最", "下降最", "减少最", "降幅最"];
    let Some(said) = SAID.into_iter().find(|said| text.contains(said)) else {
        return text;
    };
    if !moves.iter().any(|word| text.contains(word)) {
        return text;
    }
    let text = [format!("({said})"), format!(",{said}"), said.to_owned()]
        .iter()
        .fold(text, |text, phrase| text.replacen(phrase.as_str(), "", 1));
    text.replace("增加最", "增加额最")
        .replace("增长最", "增加额最")
        .replace("增幅最", "增加额最")
        .replace("减少最", "减少额最")
        .replace("下降最", "减少额最")
        .replace("降幅最", "减少额最")
}

/// Numbers in words, as far as they count periods.
static COUNTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?-u:\b)(two|three|four|five|six|seven|eight|nine|ten|twelve) (consecutive|straight|successive)",
    )
    .ok()
});

/// three consecutive years are 3.
fn counted(text: String) -> String {
    const WORDS: [(&str, &str); 10] = [
        ("two", "2"),
        ("three", "3"),
        ("four", "4"),
        ("five", "5"),
        ("six", "6"),
        ("seven", "7"),
        ("eight", "8"),
        ("nine", "9"),
        ("ten", "10"),
        ("twelve", "12"),
    ];
    let Some(counts) = COUNTS.as_ref() else {
        return text;
    };
    let digits = |found: &Captures<'_>| {
        let part = |at: usize| found.get(at).map_or("", |part| part.as_str());
        let digits = WORDS.iter().find(|(word, _)| *word == part(1));
        format!("{} {}", digits.map_or(part(1), |(_, digits)| digits), part(2))
    };
    match counts.replace_all(&text, digits) {
        Cow::Owned(new) => new,
        Cow::Borrowed(_) => text,
    }
}

/// A question in plain form with its shorthand written out.
pub(super) fn written_out(text: String) -> String {
    let mut text = by_amount(counted(text));
    for (form, spelt) in FORMS.iter() {
        if let Cow::Owned(new) = form.replace_all(&text, *spelt) {
            text = new;
        }
    }
    stretch(whole_years(text))
}

/// 22、23和24年: each is a year.
fn whole_years(text: String) -> String {
    let Some(years) = YEARS.as_ref() else { return text };
    let long = |found: &Captures<'_>| {
        let whole = found.get(0).map_or("", |whole| whole.as_str());
        let list = found.get(1).map_or("", |list| list.as_str());
        let mut out = String::new();
        let mut digits = String::new();
        for character in list.chars() {
            if character.is_ascii_digit() {
                digits.push(character);
                continue;
            }
            out.push_str(&format!("20{digits}年{character}"));
            digits.clear();
        }
        out.push_str(&format!("20{digits}年"));
        whole.replacen(&format!("{list}年"), &out, 1)
    };
    match years.replace_all(&text, long) {
        Cow::Owned(new) => new,
        Cow::Borrowed(_) => text,
    }
}

/// 10-20亿, 10亿到20亿: between both. Several of them are intervals to count in, and stay.
fn stretch(text: String) -> String {
    let Some(stretch) = STRETCH.as_ref() else {
        return text;
    };
    let counted_in = [
        "组",
        "档",
        "段",
        "区间",
        "分布",
        "以上、",
        "以下、",
        "、以上",
        "以上,",
        "以下,",
        "以上和",
        "以下和",
    ];
    if stretch.find_iter(&text).count() != 1 || counted_in.iter().any(|word| text.contains(word)) {
        return text;
    }
    let between = |found: &Captures<'_>| {
        let part = |at: usize| found.get(at).map_or("", |part| part.as_str());
        let unit = match part(2) {
            "" => part(5),
            own => own,
        };
        format!("{}{unit}到{}{}之间", part(1), part(4), part(5))
    };
    match stretch.replace_all(&text, between) {
        Cow::Owned(new) => new,
        Cow::Borrowed(_) => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_read() {
        assert_eq!(FORMS.len(), PATTERNS.len());
        assert!(YEARS.is_some() && STRETCH.is_some());
    }

    #[test]
    fn shorthand_is_written_out() {
        for (text, spelt) in [
            ("净利润top3公司", "净利润top 3 公司"),
            ("营收p90是多少", "营收 90分位数是多少"),
            ("存货增加最多(按金额)3家公司", "存货增加额最多3家公司"),
            ("研发费用增长最多公司,按绝对额", "研发费用增加额最多公司"),
            ("22、23和24年营收", "2022年、2023年和2024年营收"),
            ("2022、2023和2024年营收", "2022、2023和2024年营收"),
            ("营收10-20亿公司", "营收10亿到20亿之间公司"),
            ("营收10亿到20亿之间公司", "营收10亿到20亿之间公司"),
            ("0-30%、30%-50%", "0-30%、30%-50%"),
            ("30%以下、30-60%、60%以上", "30%以下、30-60%、60%以上"),
            (
                "three consecutive years of growth",
                "consecutive 3 years of growth",
            ),
            ("2022-2024年", "2022-2024年"),
            ("毛利率60%+公司", "毛利率60%及以上公司"),
            ("60%以上(含60%)", "60%及以上"),
            ("1个亿以上(不含)", "大于1亿"),
            ("净利润第6到第10名", "净利润排名在6到10之间"),
            ("净利润排名6-10位", "净利润排名在6到10之间"),
            ("净利润第6到10公司", "净利润排名在6到10之间公司"),
            ("2025年第1至3季度营收", "2025年前三季度营收"),
            ("2025年第2至3季度营收", "2025年第2至3季度营收"),
            ("净利润第三高公司", "净利润排名等于三公司"),
            ("净利润排第2", "净利润排名等于2"),
            ("第三季度", "第三季度"),
            ("第一名", "第一名"),
            ("roe第75百分位数", "roe 75百分位数"),
            ("营收翻倍公司", "营收同比增长率大于等于100%公司"),
            ("营收和净利双增公司", "营业收入和净利润均增长公司"),
        ] {
            assert_eq!(written_out(text.to_owned()), spelt, "{text}");
        }
    }
}
