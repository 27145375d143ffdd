//! Units: a base (money, ratio, shares …) and a power of ten, so that 亿元, 万元 and 元 convert exactly.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Currency of an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Currency {
    /// 人民币, 元.
    Cny,
    /// 美元.
    Usd,
    /// 港元.
    Hkd,
}

impl Currency {
    fn word(self) -> &'static str {
        match self {
            Self::Cny => "元",
            Self::Usd => "美元",
            Self::Hkd => "港元",
        }
    }
}

/// What is counted. Two units convert into each other only when their bases are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Base {
    /// An amount of money.
    Money(Currency),
    /// A share or rate: `%` is 10⁻², 倍 is 10⁰.
    Ratio,
    /// A difference of two ratios: 百分点 is 10⁻², bp is 10⁻⁴.
    RatioPoints,
    /// Shares of a company, 股.
    Shares,
    /// Units of a fund or product, 份.
    Units,
    /// People, 人.
    People,
    /// Anything counted, 个.
    Count,
    /// Days, 天.
    Days,
    /// Points of an index, 点.
    Points,
    /// Money a share, 元/股.
    MoneyPerShare(Currency),
    /// Money a unit, 元/份.
    MoneyPerUnit(Currency),
    /// Not said. Compatible with itself only.
    Plain,
}

/// A unit: base and power of ten. `万元` is money x 10⁴, `%` is a ratio x 10⁻².
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unit {
    /// What is counted.
    pub base: Base,
    /// One of this unit is `10^power` of the base.
    pub power: i8,
}

/// Text that names no unit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is no unit; known are 元, 万元, 亿元, %, 百分点, bp, 倍, 股, 份, 人, 个, 天, 点, 元/股, 元/份"
)]
pub struct UnitError {
    /// What was written.
    pub text: String,
}

impl Unit {
    /// 元.
    pub const YUAN: Self = Self::new(Base::Money(Currency::Cny), 0);
    /// `%`.
    pub const PERCENT: Self = Self::new(Base::Ratio, -2);
    /// 倍, a plain ratio.
    pub const TIMES: Self = Self::new(Base::Ratio, 0);
    /// 百分点.
    pub const PERCENT_POINTS: Self = Self::new(Base::RatioPoints, -2);
    /// bp.
    pub const BASIS_POINTS: Self = Self::new(Base::RatioPoints, -4);
    /// 个.
    pub const COUNT: Self = Self::new(Base::Count, 0);
    /// No unit.
    pub const PLAIN: Self = Self::new(Base::Plain, 0);

    /// A unit of `10^power` of `base`.
    pub const fn new(base: Base, power: i8) -> Self {
        Self { base, power }
    }

    /// The power of ten by which a value in `self` is multiplied to be in `other`; `None` when the bases differ.
    ///
    /// A ratio and a difference of ratios do not convert: 2 百分点 is not 2 %.
    pub fn power_to(self, other: Self) -> Option<i32> {
        (self.base == other.base).then(|| i32::from(self.power) - i32::from(other.power))
    }

    /// The unit of a quotient; `None` when the product has no such unit.
    pub fn quotient(self, divisor: Self) -> Option<Self> {
        let power = self.power.checked_sub(divisor.power)?;
        let base = match (self.base, divisor.base) {
            (left, right) if left == right && left != Base::Plain => Base::Ratio,
            (left, Base::Count | Base::Plain | Base::Ratio | Base::People | Base::Days) => left,
            (Base::Money(currency), Base::Shares) => Base::MoneyPerShare(currency),
            (Base::Money(currency), Base::Units) => Base::MoneyPerUnit(currency),
            (Base::Money(left), Base::MoneyPerShare(right)) if left == right => Base::Shares,
            (Base::Money(left), Base::MoneyPerUnit(right)) if left == right => Base::Units,
            (Base::People, Base::Shares | Base::Units) => return None,
            _ => return None,
        };
        Some(Self::new(base, power))
    }

    /// The unit of a product; `None` when the product has no such unit.
    pub fn product(self, factor: Self) -> Option<Self> {
        let power = self.power.checked_add(factor.power)?;
        let base = match (self.base, factor.base) {
            (left, Base::Count | Base::Plain | Base::Ratio) => left,
            (Base::Count | Base::Plain | Base::Ratio, right) => right,
            (Base::MoneyPerShare(currency), Base::Shares) | (Base::Shares, Base::MoneyPerShare(currency)) => {
                Base::Money(currency)
            }
            (Base::MoneyPerUnit(currency), Base::Units) | (Base::Units, Base::MoneyPerUnit(currency)) => {
                Base::Money(currency)
            }
            _ => return None,
        };
        Some(Self::new(base, power))
    }

    /// Reads what a unit prints as: what people write, and the powers that have no name, `1e5元`.
    ///
    /// # Errors
    /// [`UnitError`] for anything else.
    pub fn from_printed(text: &str) -> Result<Self, UnitError> {
        text.parse().or_else(|error| powered(text).ok_or(error))
    }

    /// The unit of a difference of two values in this unit: for `%` it is 百分点, else the same.
    pub fn difference(self) -> Self {
        match self.base {
            Base::Ratio if self.power < 0 => Self::new(Base::RatioPoints, self.power),
            _ => self,
        }
    }
}

const SCALES: [(&str, i8); 8] = [
    ("万亿", 12),
    ("千亿", 11),
    ("百亿", 10),
    ("亿", 8),
    ("千万", 7),
    ("百万", 6),
    ("万", 4),
    ("千", 3),
];

const WORDS: [(&str, Unit); 33] = [
    ("人民币元", Unit::YUAN),
    ("元人民币", Unit::YUAN),
    ("元", Unit::YUAN),
    ("美元", Unit::new(Base::Money(Currency::Usd), 0)),
    ("港元", Unit::new(Base::Money(Currency::Hkd), 0)),
    ("%", Unit::PERCENT),
    ("‰", Unit::new(Base::Ratio, -3)),
    ("倍", Unit::TIMES),
    ("百分点", Unit::PERCENT_POINTS),
    ("个百分点", Unit::PERCENT_POINTS),
    ("pp", Unit::PERCENT_POINTS),
    ("bp", Unit::BASIS_POINTS),
    ("基点", Unit::BASIS_POINTS),
    ("股", Unit::new(Base::Shares, 0)),
    ("份", Unit::new(Base::Units, 0)),
    ("人", Unit::new(Base::People, 0)),
    ("个", Unit::COUNT),
    ("家", Unit::COUNT),
    ("户", Unit::COUNT),
    ("只", Unit::COUNT),
    ("笔", Unit::COUNT),
    ("次", Unit::COUNT),
    ("天", Unit::new(Base::Days, 0)),
    ("日", Unit::new(Base::Days, 0)),
    ("点", Unit::new(Base::Points, 0)),
    ("元/股", Unit::new(Base::MoneyPerShare(Currency::Cny), 0)),
    ("元/份", Unit::new(Base::MoneyPerUnit(Currency::Cny), 0)),
    ("美元/股", Unit::new(Base::MoneyPerShare(Currency::Usd), 0)),
    ("美元/份", Unit::new(Base::MoneyPerUnit(Currency::Usd), 0)),
    ("港元/股", Unit::new(Base::MoneyPerShare(Currency::Hkd), 0)),
    ("港元/份", Unit::new(Base::MoneyPerUnit(Currency::Hkd), 0)),
    ("CNY", Unit::YUAN),
    ("yuan", Unit::YUAN),
];

impl FromStr for Unit {
    type Err = UnitError;

    /// Reads a unit as people write it: 元, 万元, 亿, %, 百分点, bp, 倍, 股, 元/股, `CNY`, `million yuan`; empty is no unit.
    fn from_str(text: &str) -> Result<Self, UnitError> {
        // Traditional characters, as issuers in Hong Kong write.
        let simplified = text.trim().replace('萬', "万").replace('億', "亿");
        parse(&simplified).ok_or_else(|| UnitError {
            text: text.to_owned(),
        })
    }
}

fn parse(text: &str) -> Option<Unit> {
    if text.is_empty() {
        return Some(Unit::PLAIN);
    }
    let text = match text {
        "％" => "%",
        other => other,
    };
    let word = |word: &str| {
        WORDS
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(word))
            .map(|(_, unit)| *unit)
    };
    if let Some(unit) = word(text) {
        return Some(unit);
    }
    for (english, power) in [("thousand", 3), ("million", 6), ("billion", 9), ("trillion", 12)] {
        if let Some(rest) = text.strip_prefix(english) {
            let rest = rest.trim_start();
            let unit = if rest.is_empty() {
                Some(Unit::PLAIN)
            } else {
                word(rest)
            }?;
            return Some(Unit::new(unit.base, unit.power.checked_add(power)?));
        }
    }
    for (scale, power) in SCALES {
        if let Some(rest) = text.strip_prefix(scale) {
            let unit = if rest.is_empty() {
                Some(Unit::PLAIN)
            } else {
                word(rest)
            }?;
            // 万% and 亿倍 are no units that anybody writes.
            if matches!(unit.base, Base::Ratio | Base::RatioPoints) {
                return None;
            }
            return Some(Unit::new(unit.base, unit.power.checked_add(power)?));
        }
    }
    None
}

/// `1e5元`, `1e-4倍`, `1e1百分点`: powers without a name.
fn powered(text: &str) -> Option<Unit> {
    let rest = text.strip_prefix("1e")?;
    let word = rest.trim_start_matches(|character: char| character == '-' || character.is_ascii_digit());
    let power: i32 = rest.strip_suffix(word)?.parse().ok()?;
    let named = parse(word)?;
    // 百分点 is the word of a base whose name for the power of zero is not used.
    let power = power.checked_add(i32::from(named.power))?;
    let unit = Unit::new(named.base, i8::try_from(power).ok()?);
    // Only the one form that is printed: `1e4元` is 万元.
    (unit.to_string() == text).then_some(unit)
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.base {
            Base::Ratio => {
                return match self.power {
                    -2 => f.write_str("%"),
                    -3 => f.write_str("‰"),
                    0 => f.write_str("倍"),
                    power => write!(f, "1e{power}倍"),
                };
            }
            Base::RatioPoints => {
                return match self.power {
                    -2 => f.write_str("百分点"),
                    -4 => f.write_str("bp"),
                    power => write!(f, "1e{}百分点", i32::from(power) + 2),
                };
            }
            Base::Money(currency) => currency.word(),
            Base::Shares => "股",
            Base::Units => "份",
            Base::People => "人",
            Base::Count => "个",
            Base::Days => "天",
            Base::Points => "点",
            Base::MoneyPerShare(Currency::Cny) => "元/股",
            Base::MoneyPerUnit(Currency::Cny) => "元/份",
            Base::MoneyPerShare(Currency::Usd) => "美元/股",
            Base::MoneyPerUnit(Currency::Usd) => "美元/份",
            Base::MoneyPerShare(Currency::Hkd) => "港元/股",
            Base::MoneyPerUnit(Currency::Hkd) => "港元/份",
            Base::Plain => "",
        };
        if self.power == 0 {
            return f.write_str(word);
        }
        match SCALES.iter().find(|(_, power)| *power == self.power) {
            Some((scale, _)) => write!(f, "{scale}{word}"),
            None => write!(f, "1e{}{word}", self.power),
        }
    }
}

impl Serialize for Unit {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_printed(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        for text in [
            "元",
            "万元",
            "亿元",
            "百万元",
            "万亿元",
            "美元",
            "%",
            "百分点",
            "bp",
            "倍",
            "万股",
            "元/股",
            "人",
            "点",
            "",
            "亿",
        ] {
            let unit: Unit = text.parse().unwrap();
            assert_eq!(unit.to_string(), text);
        }
        for wrong in ["元元", "万%", "x", "万万", "％％"] {
            assert!(wrong.parse::<Unit>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_unit_is_read_as_it_prints() {
        let currencies = [Currency::Cny, Currency::Usd, Currency::Hkd];
        let of_money = currencies.iter().flat_map(|of| {
            [
                Base::Money(*of),
                Base::MoneyPerShare(*of),
                Base::MoneyPerUnit(*of),
            ]
        });
        let others = [
            Base::Ratio,
            Base::RatioPoints,
            Base::Shares,
            Base::Units,
            Base::People,
        ];
        let counts = [Base::Count, Base::Days, Base::Points, Base::Plain];
        for base in of_money.chain(others).chain(counts) {
            for power in i8::MIN..=i8::MAX {
                let unit = Unit::new(base, power);
                assert_eq!(Unit::from_printed(&unit.to_string()), Ok(unit), "{unit}");
            }
        }
        for wrong in ["1e4元", "1e元", "1e99999999999元", "1e5斤", "1e05元"] {
            assert!(Unit::from_printed(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn converts_only_within_a_base() {
        let unit = |text: &str| text.parse::<Unit>().unwrap();
        assert_eq!(unit("億元"), unit("亿元"));
        assert_eq!(unit("百萬元"), unit("百万元"));
        assert_eq!(unit("亿元").power_to(unit("万元")), Some(4));
        assert_eq!(unit("bp").power_to(unit("百分点")), Some(-2));
        assert_eq!(unit("百分点").power_to(unit("%")), None);
        assert_eq!(unit("美元").power_to(unit("元")), None);
        assert_eq!(
            unit("万元").quotient(unit("亿元")),
            Some(Unit::new(Base::Ratio, -4))
        );
        assert_eq!(unit("元").quotient(unit("股")), Some(unit("元/股")));
        assert_eq!(Unit::PERCENT.difference(), Unit::PERCENT_POINTS);
    }
}
