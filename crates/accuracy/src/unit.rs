//! Units of figures: by which factors the gold's figure may appear in an answer.

/// What a figure counts, as far as conversion goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// 元, also by share or by unit of a fund.
    Money,
    /// Another currency counts for itself.
    Foreign,
    /// %, 百分点, 倍: `0.23` and `22.69 %` are the same figure.
    Ratio,
    /// Points of an index, which some sources write in %.
    Points,
    /// Things: 个, 家, 人, 天 …; their words are free.
    Count,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Unit {
    family: Family,
    /// Factor to the base of the family: 元, the plain ratio, one thing.
    scale: f64,
}

const SCALES: [(&str, f64); 10] = [
    ("万亿", 1e12),
    ("千亿", 1e11),
    ("百亿", 1e10),
    ("十亿", 1e9),
    ("亿", 1e8),
    ("千万", 1e7),
    ("百万", 1e6),
    ("十万", 1e5),
    ("万", 1e4),
    ("千", 1e3),
];

const RATIOS: [(&str, f64); 10] = [
    ("%", 1e-2),
    ("百分点", 1e-2),
    ("个百分点", 1e-2),
    ("‰", 1e-3),
    ("pp", 1e-2),
    ("bp", 1e-4),
    ("BP", 1e-4),
    ("基点", 1e-4),
    ("倍", 1.0),
    ("系数", 1.0),
];

fn parse(text: &str) -> Unit {
    let text = text.trim();
    if let Some((_, scale)) = RATIOS.iter().find(|(name, _)| *name == text) {
        return Unit {
            family: Family::Ratio,
            scale: *scale,
        };
    }
    let named = SCALES
        .iter()
        .find_map(|(word, scale)| Some((text.strip_prefix(word)?, *scale)));
    let (word, scale) = named.or_else(|| power(text)).unwrap_or((text, 1.0));
    let family = match word {
        "点" => Family::Points,
        "倍" => Family::Ratio,
        _ if word.ends_with("美元") || word.ends_with("港元") => Family::Foreign,
        _ if word.starts_with('元') || word.starts_with("人民币") => Family::Money,
        // 亿 alone, as people write amounts.
        "" if scale > 1.0 => Family::Money,
        _ => Family::Count,
    };
    Unit { family, scale }
}

/// `1e5元`: a power of ten without a name.
fn power(text: &str) -> Option<(&str, f64)> {
    let digits = text.strip_prefix("1e")?;
    let word = digits.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
    let exponent = digits.strip_suffix(word)?;
    Some((word, format!("1e{exponent}").parse().ok()?))
}

/// How a figure of the gold may look in a column of an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Conversion {
    pub(crate) factor: f64,
    /// Differences up to this, in the answer's unit, are the noise of the gold's floating point: a millionth of a yuan.
    pub(crate) noise: f64,
}

/// Every right conversion; empty if the units have nothing to do with each other.
pub(crate) fn conversions(gold: &str, answer: Option<&str>) -> Vec<Conversion> {
    let gold = parse(gold);
    let conversion = |factor: f64| {
        let money = gold.family == Family::Money;
        let noise = if money { 1e-6 / gold.scale * factor } else { 1e-9 };
        Conversion { factor, noise }
    };
    let Some(answer) = answer.filter(|unit| !unit.trim().is_empty()) else {
        // A bare number is right in the gold's own unit and in its base: 0.2269, and 22.69 of a source that says no unit.
        let mut factors = vec![conversion(1.0)];
        if (gold.scale - 1.0).abs() > f64::EPSILON {
            factors.push(conversion(gold.scale));
        }
        return factors;
    };
    let answer = parse(answer);
    let free = |family: Family| matches!(family, Family::Count | Family::Points);
    if gold.family == Family::Points && answer.family == Family::Ratio {
        return vec![conversion(1.0)];
    }
    if gold.family == answer.family || free(gold.family) && free(answer.family) {
        return vec![conversion(gold.scale / answer.scale)];
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factors(gold: &str, answer: Option<&str>) -> Vec<f64> {
        let found = conversions(gold, answer);
        found.iter().map(|conversion| conversion.factor).collect()
    }

    #[track_caller]
    fn check(gold: &str, answer: &str, factor: f64) {
        let found = factors(gold, Some(answer));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!((found[0] / factor - 1.0).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn amounts_and_ratios_convert() {
        check("万元", "亿元", 1e-4);
        check("万亿元", "元", 1e12);
        check("元", "1e5元", 1e-5);
        check("%", "倍", 1e-2);
        check("百分点", "bp", 100.0);
        check("倍", "%", 100.0);
        check("个", "家", 1.0);
        check("人", "万人", 1e-4);
        check("元/股", "元", 1.0);
        check("百万元", "百万元", 1.0);
    }

    #[test]
    fn unlike_things_do_not() {
        for (gold, answer) in [("元", "%"), ("%", "个"), ("元", "美元"), ("个", "元")] {
            assert!(factors(gold, Some(answer)).is_empty(), "{gold} {answer}");
        }
    }

    #[test]
    fn a_bare_number_may_be_in_the_unit_of_the_gold_or_its_base() {
        assert_eq!(factors("%", None), [1.0, 0.01]);
        assert_eq!(factors("万元", None), [1.0, 1e4]);
        assert_eq!(factors("个", None), [1.0]);
    }
}
