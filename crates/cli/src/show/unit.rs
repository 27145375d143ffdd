//! Units as people of either language write them; Queries and `--json` keep the catalog's words.

use jinsheng_core::{Base, Currency, Lang, Unit};

/// The unit in words; empty for plain numbers.
pub fn words(unit: Unit, lang: Lang) -> String {
    if lang == Lang::Zh {
        return unit.to_string();
    }
    let money = |currency: Currency| match currency {
        Currency::Cny => "CNY",
        Currency::Usd => "USD",
        Currency::Hkd => "HKD",
    };
    let word = match unit.base {
        Base::Ratio => {
            return if unit.power == 0 {
                "times".to_owned()
            } else {
                unit.to_string()
            };
        }
        Base::RatioPoints => {
            return if unit.power == -2 {
                "pp".to_owned()
            } else {
                unit.to_string()
            };
        }
        Base::Money(currency) => money(currency).to_owned(),
        Base::MoneyPerShare(currency) => format!("{}/share", money(currency)),
        Base::MoneyPerUnit(currency) => format!("{}/unit", money(currency)),
        Base::Shares => "shares".to_owned(),
        Base::Units => "units".to_owned(),
        Base::People => "people".to_owned(),
        Base::Days => "days".to_owned(),
        Base::Points => "points".to_owned(),
        Base::Count | Base::Plain => String::new(),
    };
    let scale = match unit.power {
        0 => return word,
        3 => "thousand",
        4 => "ten thousand",
        6 => "million",
        7 => "ten million",
        8 => "hundred million",
        9 => "billion",
        12 => "trillion",
        power => return format!("1e{power} {word}").trim().to_owned(),
    };
    format!("{scale} {word}").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_written_in_the_reader_s_language() {
        for (unit, en) in [
            ("元", "CNY"),
            ("万元", "ten thousand CNY"),
            ("亿元", "hundred million CNY"),
            ("%", "%"),
            ("倍", "times"),
            ("百分点", "pp"),
            ("bp", "bp"),
            ("万股", "ten thousand shares"),
            ("元/股", "CNY/share"),
            ("亿", "hundred million"),
            ("个", ""),
            ("", ""),
        ] {
            let parsed: Unit = unit.parse().unwrap();
            assert_eq!(words(parsed, Lang::En), en);
            assert_eq!(words(parsed, Lang::Zh), unit);
        }
    }
}
