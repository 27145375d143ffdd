//! The form in which names and questions are compared: spellings that mean the same become one.

use jinsheng_text::normalise;

/// Text in the form in which names are compared: half width, lower case, quotation marks away, spaces only between Latin
/// words.
pub(crate) fn plain(text: &str) -> String {
    written(text, false)
}

/// The same for a question: its quotation marks stay as borders that no name crosses.
pub(crate) fn question(text: &str) -> String {
    written(text, true)
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
    let out = without_genitive(out);
    // 经营活动产生的现金流量净额 and 经营活动现金流净额 are one.
    let out = out
        .replace("现金流量", "现金流")
        .replace("活动产生", "活动")
        .replace("所得到", "收到")
        .replace("所收到", "收到");
    unbracketed(out)
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
