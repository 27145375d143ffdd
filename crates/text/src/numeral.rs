//! Numbers in running text: `200亿元`, `2.5万`, `百分之五`, `三成`, `10 billion yuan`, `35bp`.
//!
//! Readers stand at a character and say how far a number reaches from there; they work on folded text (half width, lower
//! case, single spaces), see [`crate::normalise`].

use jinsheng_core::{Decimal, Quantity, Unit};

/// A number and how many characters it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numeral {
    /// Its value; the unit is plain when none is written, and a plain power of ten for `200亿`.
    pub quantity: Quantity,
    /// Characters read.
    pub len: usize,
    /// Written in digits, not in words.
    pub digits: bool,
}

/// The number that begins at `at`; `None` when none does. A number does not begin inside digits or an English word.
pub fn numeral_at(text: &[char], at: usize) -> Option<Numeral> {
    if at > 0 && joined(text.get(at - 1).copied(), text.get(at).copied()) {
        return None;
    }
    // 三九 is a name and no nine.
    let spoken = |place: Option<usize>| {
        place
            .and_then(|place| text.get(place))
            .copied()
            .and_then(digit)
            .is_some()
    };
    if spoken(at.checked_sub(1)) && spoken(Some(at)) {
        return None;
    }
    spoken_share(text, at)
        .or_else(|| measured(text, at))
        .filter(|found| {
            !joined(
                text.get(at + found.len - 1).copied(),
                text.get(at + found.len).copied(),
            )
        })
}

/// Two characters that belong to one number or English word.
fn joined(left: Option<char>, right: Option<char>) -> bool {
    matches!((left, right), (Some(left), Some(right))
        if left.is_ascii_alphanumeric() && right.is_ascii_alphanumeric()
            || left == '.' && right.is_ascii_digit())
}

/// 百分之五, 三成, 三成半, 一半.
fn spoken_share(text: &[char], at: usize) -> Option<Numeral> {
    let found = |value: Decimal, len: usize| {
        Some(Numeral {
            quantity: Quantity::new(value, Unit::PERCENT),
            len,
            digits: false,
        })
    };
    if starts(text, at, "百分之") {
        let (value, len, _) = plain(text, at + 3)?;
        return found(value, len + 3);
    }
    if starts(text, at, "一半") || starts(text, at, "half") {
        let len = if text.get(at) == Some(&'一') { 2 } else { 4 };
        return found(Decimal::from(50), len);
    }
    let (value, len, _) = plain(text, at)?;
    if text.get(at + len) == Some(&'成') && !starts(text, at + len, "成立") && !starts(text, at + len, "成长")
    {
        let half = text.get(at + len + 1) == Some(&'半');
        let tenths = value + if half { Decimal::new(5, 1) } else { Decimal::ZERO };
        return found(tenths * Decimal::TEN, len + 1 + usize::from(half));
    }
    None
}

/// A plain number with a scale and a unit, each perhaps missing.
fn measured(text: &[char], at: usize) -> Option<Numeral> {
    let (value, mut len, digits) = plain(text, at)?;
    let (unit, taken) = unit_after(text, at + len);
    len += taken;
    Some(Numeral {
        quantity: Quantity::new(value, unit),
        len,
        digits,
    })
}

/// The longest unit right after a number, with a space between for English ones.
fn unit_after(text: &[char], at: usize) -> (Unit, usize) {
    const LONGEST: usize = 20;
    let space = usize::from(text.get(at) == Some(&' '));
    for len in (1..=LONGEST.min(text.len().saturating_sub(at + space))).rev() {
        let Some(part) = text.get(at + space..at + space + len) else {
            continue;
        };
        let word: String = part.iter().collect();
        if word.ends_with(' ') || joined(part.last().copied(), text.get(at + space + len).copied()) {
            continue;
        }
        let unit = named_unit(&word);
        if let Some(unit) = unit {
            return (unit, space + len);
        }
    }
    (Unit::PLAIN, 0)
}

/// A unit as people write it behind numbers.
fn named_unit(word: &str) -> Option<Unit> {
    // Words that stand behind numbers more often than they measure them: 5年, 3月 are times, 2024年 too.
    if matches!(word, "日" | "点" | "次" | "k") {
        return None;
    }
    let english = match word {
        "bn" => Some("billion"),
        "mn" | "mln" => Some("million"),
        "pct" | "percent" | "per cent" => Some("%"),
        "bps" | "basis points" | "basis point" => Some("bp"),
        "pp" | "ppt" | "ppts" | "percentage points" | "percentage point" => Some("百分点"),
        "times" | "x" => Some("倍"),
        "days" => Some("天"),
        "块" | "块钱" | "圆" => Some("元"),
        "亿人民币" => Some("亿元"),
        "万人民币" => Some("万元"),
        "名" | "位" => Some("人"),
        "支" | "款" => Some("个"),
        "million shares" => Some("百万股"),
        "billion shares" => Some("1e9股"),
        _ => None,
    };
    if let Some(unit) = english {
        return Unit::from_printed(unit).ok();
    }
    if let Ok(unit) = word.parse::<Unit>() {
        return Some(unit);
    }
    let (scale, base) = word.split_once(' ')?;
    let scale = match scale {
        "bn" => "billion",
        "mn" | "mln" => "million",
        other => other,
    };
    let base = match base {
        "yuan" | "rmb" | "cny" => "元",
        "usd" | "dollars" => "美元",
        "hkd" => "港元",
        _ => return None,
    };
    format!("{scale} {base}").parse().ok()
}

/// Digits or a Chinese numeral without unit: value, characters, whether in digits.
fn plain(text: &[char], at: usize) -> Option<(Decimal, usize, bool)> {
    arabic(text, at)
        .map(|(value, len)| (value, len, true))
        .or_else(|| chinese(text, at).map(|(value, len)| (value, len, false)))
        .or_else(|| english(text, at).map(|(value, len)| (value, len, false)))
}

/// `three`, `ten`: as counts are written out.
fn english(text: &[char], at: usize) -> Option<(Decimal, usize)> {
    const WORDS: [(&str, i64); 12] = [
        ("two", 2),
        ("three", 3),
        ("four", 4),
        ("five", 5),
        ("six", 6),
        ("seven", 7),
        ("eight", 8),
        ("nine", 9),
        ("ten", 10),
        ("eleven", 11),
        ("twelve", 12),
        ("twenty", 20),
    ];
    let whole = |word: &str| {
        starts(text, at, word) && !text.get(at + word.len()).is_some_and(char::is_ascii_alphanumeric)
    };
    let (word, value) = WORDS.iter().find(|(word, _)| whole(word))?;
    Some((Decimal::from(*value), word.len()))
}

/// `1,234.5`, `-3`. A minus counts only where no number, word or bracket stands before it.
fn arabic(text: &[char], at: usize) -> Option<(Decimal, usize)> {
    let mut end = at;
    let mut out = String::new();
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    let signed = before.is_none_or(|before| matches!(before, ' ' | '(' | '于' | '过' | '<' | '>' | '='));
    if text.get(at) == Some(&'-') && signed {
        out.push('-');
        end += 1;
    }
    let first = end;
    let digits = |from: usize| {
        text.iter()
            .skip(from)
            .take_while(|character| character.is_ascii_digit())
            .count()
    };
    let lead = digits(end);
    if lead == 0 {
        return None;
    }
    out.extend(text.get(end..end + lead)?);
    end += lead;
    // Thousands are set apart in groups of exactly three.
    while lead <= 3 && text.get(end) == Some(&',') && digits(end + 1) == 3 {
        out.extend(text.get(end + 1..end + 4)?);
        end += 4;
    }
    if text.get(end) == Some(&'.') {
        let fraction = digits(end + 1);
        if fraction > 0 {
            out.extend(text.get(end..end + 1 + fraction)?);
            end += 1 + fraction;
        }
    }
    if end == first {
        return None;
    }
    out.parse().ok().map(|value| (value, end - at))
}

/// A Chinese digit.
fn digit(character: char) -> Option<u32> {
    Some(match character {
        '零' | '〇' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// Ten, a hundred, a thousand.
fn place(character: char) -> Option<u64> {
    Some(match character {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1000,
        _ => return None,
    })
}

/// 二十, 三百零五, 十二, 两千五, 一点五. Scales (万, 亿) are left to the unit, except inside a number (一百二十万三千).
fn chinese(text: &[char], at: usize) -> Option<(Decimal, usize)> {
    let mut end = at;
    let mut total: u64 = 0;
    let mut current: Option<u64> = None;
    let mut last_place: u64 = 0;
    while let Some(character) = text.get(end).copied() {
        if let Some(value) = digit(character) {
            // 二五 is no number, and 二零二五 is a year, which times read.
            if current.is_some_and(|known| known != 0) {
                return None;
            }
            current = Some(u64::from(value));
        } else if let Some(size) = place(character) {
            if last_place != 0 && size >= last_place {
                break;
            }
            total = total.checked_add(current.take().unwrap_or(1).checked_mul(size)?)?;
            last_place = size;
        } else {
            break;
        }
        end += 1;
    }
    if end == at {
        return None;
    }
    if let Some(value) = current {
        // 两千五 is 2500: a digit after a place without 零 counts tenths of it.
        let spoken = last_place >= 100 && text.get(end - 2).copied().and_then(place).is_some();
        total = total.checked_add(if spoken { value * last_place / 10 } else { value })?;
    }
    let mut value = Decimal::from(total);
    if text.get(end) == Some(&'点') {
        let mut fraction = Decimal::ZERO;
        let mut unit = Decimal::ONE;
        let mut len = 0;
        while let Some(value) = text.get(end + 1 + len).copied().and_then(digit) {
            unit /= Decimal::TEN;
            fraction += unit * Decimal::from(value);
            len += 1;
        }
        if len > 0 {
            value += fraction;
            end += 1 + len;
        }
    }
    Some((value, end - at))
}

/// Whether a word stands at a place.
pub(crate) fn starts(text: &[char], at: usize, word: &str) -> bool {
    let mut characters = text.iter().skip(at);
    word.chars().all(|expected| characters.next() == Some(&expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, expected: &str, len: usize) {
        let characters: Vec<char> = text.chars().collect();
        let found = numeral_at(&characters, 0).map(|found| {
            let value = found.quantity.value.normalize();
            (format!("{value}{}", found.quantity.unit), found.len)
        });
        assert_eq!(found, Some((expected.to_owned(), len)), "{text}");
    }

    #[test]
    fn digits_and_units() {
        reads("200亿元的", "200亿元", 5);
        reads("200亿", "200亿", 4);
        reads("1,234.5万元", "1234.5万元", 9);
        reads("60%以上", "60%", 3);
        reads("3家", "3个", 2);
        reads("35bp", "35bp", 4);
        reads("10 billion yuan", "101e9元", 15);
        reads("5bn", "51e9", 3);
        reads("10个百分点", "10百分点", 6);
        reads("1.5倍", "1.5倍", 4);
        reads("2 percentage points", "2百分点", 19);
        reads("20 companies", "20", 2);
        reads("-3%", "-3%", 3);
    }

    #[test]
    fn chinese_numerals() {
        reads("二十家", "20个", 3);
        reads("两百亿", "200亿", 3);
        reads("十二", "12", 2);
        reads("三百零五", "305", 4);
        reads("两千五百万元", "2500万元", 6);
        reads("一点五倍", "1.5倍", 4);
        reads("百分之五", "5%", 4);
        reads("三成", "30%", 2);
        reads("三成半", "35%", 3);
        reads("一半", "50%", 2);
    }

    #[test]
    fn no_numbers() {
        for text in ["", "营收", "abc", "q3", "百", "-", ".5", "二零二五"] {
            let characters: Vec<char> = text.chars().collect();
            let found = numeral_at(&characters, 0);
            assert!(found.is_none() || text == "百", "{text}: {found:?}");
        }
        let inside: Vec<char> = "a12".chars().collect();
        assert_eq!(numeral_at(&inside, 1), None);
    }
}
