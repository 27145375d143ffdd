//! The form in which names and questions are compared: spellings that mean the same become one.

use jinsheng_text::normalise;

/// Text in the form in which names are compared: half width, lower case, quotation marks away, spaces only between Latin
/// words.
pub(crate) fn plain(text: &str) -> String {
    written(text, false)
}

/// The same for a question: its quotation marks stay as borders that no name crosses.
pub(crate) fn question(text: &str) -> String {
    super::spelling::written_out(year_apart(written(text, true)))
}

/// ynby2024年: letters and then a year are two words.
fn year_apart(text: String) -> String {
    const DIGITS: usize = 4;
    if !text.contains('年') {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 1);
    let mut letters = 0;
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if character.is_ascii_digit() && letters > 1 {
            let ahead: Vec<char> = std::iter::once(character)
                .chain(rest.clone())
                .take(DIGITS + 1)
                .collect();
            let year = ahead.iter().take_while(|one| one.is_ascii_digit()).count() == DIGITS;
            if year && ahead.last() == Some(&'年') {
                out.push(' ');
            }
        }
        letters = if character.is_ascii_alphabetic() {
            letters + 1
        } else {
            0
        };
        out.push(character);
    }
    out
}

/// The common form; quotation marks stay as `"` where `borders` asks for it.
fn written(text: &str, borders: bool) -> String {
    let normal = normalise(text);
    let mut out = String::with_capacity(normal.len());
    let mut characters = normal.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '“' | '”' | '‘' | '「' | '」' | '『' | '』' | '"' | '`' => {
                if borders {
                    out.push('"');
                }
            }
            // 研发费用的占比 and 研发费用占比 are one.
            '的' => {
                // 300901的2024年: without it the two would be one number.
                let latin = |character: Option<char>| {
                    character.is_some_and(|character| character.is_ascii_alphanumeric())
                };
                if latin(out.chars().last()) && latin(characters.peek().copied()) {
                    out.push(' ');
                }
            }
            '’' => out.push('\''),
            '−' | '–' | '—' if characters.peek() != Some(&'—') => out.push('-'),
            '—' => {}
            ' ' => {
                let latin = |character: Option<char>| {
                    character.is_some_and(|character| character.is_ascii() && character != ' ')
                };
                if latin(out.chars().last()) && latin(characters.peek().copied()) {
                    out.push(' ');
                }
            }
            other => out.extend(other.to_lowercase()),
        }
    }
    let out = without_genitive(spelt_out(out));
    // 经营活动产生的现金流量净额 and 经营活动现金流净额 are one.
    let out = out
        .replace("现金流量", "现金流")
        .replace("活动产生", "活动")
        .replace("所得到", "收到")
        .replace("所收到", "收到");
    unbracketed(out)
}

/// 前十大公司 are the first ten.
fn without_large(text: String) -> String {
    const NUMBERS: &str = "0123456789一二三四五六七八九十两";
    if !text.contains('前') || !text.contains('大') {
        return text;
    }
    let characters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    for (at, character) in characters.iter().enumerate() {
        let before: Vec<char> = characters
            .get(..at)
            .unwrap_or_default()
            .iter()
            .rev()
            .copied()
            .collect();
        let digits = before.iter().take_while(|one| NUMBERS.contains(**one)).count();
        let first = digits > 0 && before.get(digits) == Some(&'前');
        if *character != '大' || !first {
            out.push(*character);
        }
    }
    out
}

/// 过半 and 超过50%, 过亿 and 超过1亿 are one.
fn spelt_out(text: String) -> String {
    const UNITS: [&str; 4] = [
        "in rmb 100 million",
        "in 100 million yuan",
        "in rmb million",
        "in rmb billion",
    ];
    let text = UNITS.iter().fold(text, |text, unit| text.replace(unit, ""));
    const FORMS: [(&str, &str); 16] = [
        ("超过百亿", "超过100亿"),
        ("超百亿", "超过100亿"),
        ("超过千亿", "超过1000亿"),
        ("过半数", "超过50%"),
        ("超过半数", "超过50%"),
        ("超过一半", "超过50%"),
        ("超半数", "超过50%"),
        ("过半", "超过50%"),
        ("不到一半", "低于50%"),
        ("超过亿", "超过1亿"),
        ("破亿", "超过1亿"),
        ("过亿", "超过1亿"),
        ("破百亿", "超过100亿"),
        ("过百亿", "超过100亿"),
        ("破千亿", "超过1000亿"),
        ("过千亿", "超过1000亿"),
    ];
    let text = without_large(text.replace("th percentile", " percentile"));
    if !text.contains(['半', '亿']) {
        return text;
    }
    FORMS
        .iter()
        .fold(text, |text, (form, spelt)| text.replace(form, spelt))
}

/// `acme's revenue` is the revenue of acme, with or without the ending.
fn without_genitive(text: String) -> String {
    if !text.contains("'s") {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("'s") {
        out.push_str(before);
        let inside = after.starts_with(|next: char| next.is_ascii_alphanumeric());
        if inside || !before.ends_with(|last: char| last.is_ascii_alphanumeric()) {
            out.push_str("'s");
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// 轴承(集团)股份有限公司 is written without brackets as often: inside a legal name they go.
fn unbracketed(text: String) -> String {
    const FORMS: [&str; 4] = ["股份", "有限", "集团", "控股"];
    const LONGEST: usize = 6;
    if !text.contains('(') {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('(') {
        out.push_str(before);
        let inside = after.split_once(')').filter(|(inside, behind)| {
            let named = inside.chars().all(|character| !character.is_ascii()) && !inside.is_empty();
            // The legal form follows before the name ends.
            let rest: String = behind
                .chars()
                .take(16)
                .take_while(|character| !character.is_ascii())
                .collect();
            let legal = rest.contains("有限公司") || FORMS.iter().any(|form| behind.starts_with(form));
            named && inside.chars().count() <= LONGEST && legal
        });
        match inside {
            Some((inside, behind)) => {
                out.push_str(inside);
                rest = behind;
            }
            None => {
                out.push('(');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}
