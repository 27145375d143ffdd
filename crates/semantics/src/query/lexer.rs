//! Words, numbers with units, quoted texts and signs of the one-line form, each with its place.

use super::parse::SyntaxError;

/// Words that mean something in a Query; a name that equals one is written in double quotes.
const KEYWORDS: [&str; 32] = [
    "by", "of", "where", "at", "from", "to", "last", "latest", "each", "having", "top", "bottom", "order",
    "limit", "as", "within", "over", "and", "or", "not", "in", "is", "missing", "between", "asc", "desc",
    "contains", "period", "day", "month", "quarter", "year",
];

/// One token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A bare word; keywords too.
    Word(String),
    /// A name in double quotes.
    Quoted(String),
    /// A text in single quotes.
    Text(String),
    /// What begins with a digit, raw: `200亿元`, `2025Q3`, `000538`, `2025-09-30`.
    Number(String),
    /// Punctuation and operators.
    Sign(&'static str),
    /// The end.
    End,
}

impl Token {
    /// True for this keyword, in any case.
    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(text) if text.eq_ignore_ascii_case(word))
    }

    /// True for a bare word that is a keyword.
    pub(super) fn is_keyword(&self) -> bool {
        matches!(self, Self::Word(text) if is_keyword(text))
    }
}

/// A token and where it begins, in characters.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) at: usize,
}

fn is_keyword(text: &str) -> bool {
    KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(text))
}

fn starts_name(character: char) -> bool {
    character == '_' || character.is_alphabetic()
}

fn continues_name(character: char) -> bool {
    character == '_' || character == '.' || character.is_alphanumeric()
}

/// True when the name lexes as one bare word that is no keyword.
pub(super) fn is_plain_name(name: &str) -> bool {
    name.chars().next().is_some_and(starts_name)
        && name.chars().all(continues_name)
        && !name.ends_with('.')
        && !is_keyword(name)
}

const SIGNS: [&str; 19] = [
    "<=", ">=", "!=", "<>", ",", "(", ")", "[", "]", "@", ":", "+", "-", "*", "/", "=", "<", ">", "%",
];

/// Full-width signs that input methods produce.
fn half_width(character: char) -> char {
    match character {
        '，' | '、' => ',',
        '（' => '(',
        '）' => ')',
        '＝' => '=',
        '＜' => '<',
        '＞' => '>',
        '＋' => '+',
        '－' | '−' => '-',
        '＊' | '×' => '*',
        '／' | '÷' => '/',
        '：' => ':',
        '％' => '%',
        '　' => ' ',
        '≥' => '≥',
        other => other,
    }
}

/// Splits a line into tokens, `End` last.
pub(super) fn tokens(line: &str) -> Result<Vec<Placed>, SyntaxError> {
    let characters: Vec<char> = line.chars().map(half_width).collect();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(&character) = characters.get(at) {
        let rest = characters.get(at..).unwrap_or_default();
        let (token, length) = if character.is_whitespace() {
            at += 1;
            continue;
        } else if character == '\'' || character == '"' {
            quoted(rest, character).ok_or(SyntaxError::Unclosed { at, quote: character })?
        } else if character.is_ascii_digit() {
            number(rest)
        } else if starts_name(character) {
            let length = rest.iter().take_while(|next| continues_name(**next)).count();
            let word: String = rest.iter().take(length).collect();
            let trimmed = word.trim_end_matches('.');
            (Token::Word(trimmed.to_owned()), trimmed.chars().count())
        } else if let Some(sign) = sign(rest) {
            (Token::Sign(sign), sign.chars().count())
        } else if character == '≥' {
            (Token::Sign(">="), 1)
        } else if character == '≤' {
            (Token::Sign("<="), 1)
        } else if character == '≠' {
            (Token::Sign("!="), 1)
        } else {
            return Err(SyntaxError::Character { at, character });
        };
        out.push(Placed { token, at });
        at += length;
    }
    out.push(Placed {
        token: Token::End,
        at,
    });
    Ok(out)
}

fn sign(rest: &[char]) -> Option<&'static str> {
    SIGNS.into_iter().find(|sign| {
        sign.chars()
            .zip(0..)
            .all(|(character, index): (char, usize)| rest.get(index) == Some(&character))
    })
}

/// A quoted text; the quote doubled stands for itself. Returns the length with quotes.
fn quoted(rest: &[char], quote: char) -> Option<(Token, usize)> {
    let mut text = String::new();
    let mut index = 1;
    loop {
        let character = *rest.get(index)?;
        index += 1;
        if character != quote {
            text.push(character);
        } else if rest.get(index) == Some(&quote) {
            text.push(quote);
            index += 1;
        } else {
            break;
        }
    }
    let token = if quote == '"' {
        Token::Quoted(text)
    } else {
        Token::Text(text)
    };
    Some((token, index))
}

/// A number, period or code: digits, perhaps with a decimal part, a date's dashes, or letters of a unit behind.
fn number(rest: &[char]) -> (Token, usize) {
    let digit = |index: usize| rest.get(index).is_some_and(char::is_ascii_digit);
    let is = |index: usize, character: char| rest.get(index) == Some(&character);
    let mut length = rest
        .iter()
        .take_while(|character| character.is_ascii_digit())
        .count();
    let dashed = |from: usize| is(from, '-') && digit(from + 1) && digit(from + 2) && !digit(from + 3);
    if length == 4 && dashed(4) {
        length = if dashed(7) { 10 } else { 7 };
    } else {
        if is(length, '.') && digit(length + 1) {
            length += 1;
            while digit(length) {
                length += 1;
            }
        }
        while rest
            .get(length)
            .is_some_and(|next| next.is_alphanumeric() || matches!(next, '%' | '‰'))
        {
            length += 1;
        }
        if is(length, '/')
            && (is(length + 1, '股') || is(length + 1, '份'))
            && rest.get(length.saturating_sub(1)) == Some(&'元')
        {
            length += 2;
        }
    }
    (Token::Number(rest.iter().take(length).collect()), length)
}
