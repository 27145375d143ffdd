//! Why a line is no Query, in words for users.

use jinsheng_core::{Code, Fault, Lang};

use super::{MAX_DECIMALS, MAX_DEPTH, MAX_LENGTH};

/// Why a line is no Query, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyntaxError {
    /// A quote without its end.
    Unclosed {
        /// Character position, from 0.
        at: usize,
        /// The quote.
        quote: char,
    },
    /// A character that begins nothing.
    Character {
        /// Character position, from 0.
        at: usize,
        /// The character.
        character: char,
    },
    /// Something else stands where `expected` should.
    Expected {
        /// Character position, from 0.
        at: usize,
        /// What may stand here: (zh, en).
        expected: (&'static str, &'static str),
        /// What stands there; empty at the end.
        found: String,
    },
    /// A number with more decimals than values have.
    Decimals {
        /// Character position, from 0.
        at: usize,
    },
    /// Too long or too deep.
    TooLarge {
        /// Character position, from 0.
        at: usize,
    },
}

impl SyntaxError {
    /// Where, in characters from 0.
    pub fn at(&self) -> usize {
        match self {
            Self::Unclosed { at, .. }
            | Self::Character { at, .. }
            | Self::Expected { at, .. }
            | Self::Decimals { at }
            | Self::TooLarge { at } => *at,
        }
    }
}

impl std::fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl std::error::Error for SyntaxError {}

impl Fault for SyntaxError {
    fn code(&self) -> Code {
        Code::QUERY_SYNTAX
    }

    fn message(&self, lang: Lang) -> String {
        let column = self.at() + 1;
        match (self, lang) {
            (Self::Unclosed { quote, .. }, Lang::Zh) => {
                format!("第 {column} 个字符：引号 `{quote}` 没有闭合")
            }
            (Self::Unclosed { quote, .. }, Lang::En) => {
                format!("column {column}: quote `{quote}` is not closed")
            }
            (Self::Character { character, .. }, Lang::Zh) => {
                format!("第 {column} 个字符：不认识 `{character}`")
            }
            (Self::Character { character, .. }, Lang::En) => {
                format!("column {column}: `{character}` means nothing here")
            }
            (Self::Expected { expected, found, .. }, Lang::Zh) => {
                let found = if found.is_empty() { "结尾" } else { found };
                format!("第 {column} 个字符：此处应为{}，却是{found}", expected.0)
            }
            (Self::Expected { expected, found, .. }, Lang::En) => {
                let found = if found.is_empty() { "the end" } else { found };
                format!("column {column}: expected {}, found {found}", expected.1)
            }
            (Self::Decimals { .. }, Lang::Zh) => {
                format!("第 {column} 个字符：数字的小数位过多（至多 {MAX_DECIMALS} 位）")
            }
            (Self::Decimals { .. }, Lang::En) => {
                format!("column {column}: the number has too many decimals (at most {MAX_DECIMALS})")
            }
            (Self::TooLarge { .. }, Lang::Zh) => {
                format!("查询过长或嵌套过深（至多 {MAX_LENGTH} 个字符、{MAX_DEPTH} 层）")
            }
            (Self::TooLarge { .. }, Lang::En) => {
                format!(
                    "the query is too long or too deep (at most {MAX_LENGTH} characters, {MAX_DEPTH} levels)"
                )
            }
        }
    }

    fn hint(&self, lang: Lang) -> Option<String> {
        Some(
            lang.pick(
                "写法示例：revenue, yoy(revenue) by company at 2025Q3 top 5 by revenue",
                "for example: revenue, yoy(revenue) by company at 2025Q3 top 5 by revenue",
            )
            .to_owned(),
        )
    }
}
