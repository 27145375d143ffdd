//! What clap says of a wrong command line, as our own errors in both languages.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use jinsheng_core::Lang;

/// Message and hint for a command line that clap refuses.
pub fn usage_error(error: &clap::Error, lang: Lang) -> (String, Option<String>) {
    let argument = text(error, ContextKind::InvalidArg);
    let value = text(error, ContextKind::InvalidValue);
    let (zh, en) = match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => (
            format!("选项 `{argument}` 缺少值"),
            format!("option `{argument}` needs a value"),
        ),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => (
            format!("选项 `{argument}` 不接受 `{value}`"),
            format!("option `{argument}` does not take `{value}`"),
        ),
        ErrorKind::UnknownArgument => (
            format!("没有选项 `{argument}`"),
            format!("there is no option `{argument}`"),
        ),
        ErrorKind::InvalidSubcommand => {
            let name = text(error, ContextKind::InvalidSubcommand);
            (
                format!("没有命令 `{name}`"),
                format!("there is no command `{name}`"),
            )
        }
        ErrorKind::MissingRequiredArgument => (
            format!("缺少参数 {argument}"),
            format!("missing argument {argument}"),
        ),
        ErrorKind::ArgumentConflict => {
            let other = text(error, ContextKind::PriorArg);
            if other.is_empty() || other == argument {
                (
                    format!("选项 `{argument}` 只能用一次"),
                    format!("option `{argument}` may be given once only"),
                )
            } else {
                (
                    format!("选项 `{argument}` 不能与 `{other}` 同用"),
                    format!("option `{argument}` cannot be used with `{other}`"),
                )
            }
        }
        ErrorKind::TooManyValues => (
            format!("选项 `{argument}` 的值过多：`{value}`"),
            format!("too many values for `{argument}`: `{value}`"),
        ),
        ErrorKind::InvalidUtf8 => (
            "命令行不是 UTF-8 文本".to_owned(),
            "the command line is not UTF-8 text".to_owned(),
        ),
        ErrorKind::MissingSubcommand => ("缺少命令".to_owned(), "a command is missing".to_owned()),
        _ => ("命令行有误".to_owned(), "the command line is wrong".to_owned()),
    };
    (lang.pick(zh, en), hint(error, lang))
}

fn hint(error: &clap::Error, lang: Lang) -> Option<String> {
    let kinds = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ];
    let near = kinds
        .iter()
        .map(|kind| text(error, *kind))
        .find(|near| !near.is_empty());
    if let Some(near) = near {
        return Some(lang.pick(format!("是否想用 `{near}`"), format!("did you mean `{near}`")));
    }
    let valid = text(error, ContextKind::ValidValue);
    if !valid.is_empty() {
        return Some(lang.pick(format!("可用的值：{valid}"), format!("it takes {valid}")));
    }
    if error.kind() == ErrorKind::ValueValidation {
        // Whole numbers are the only values that are parsed here.
        return Some(
            lang.pick("须为 0 或正整数", "it takes a whole number, 0 or more")
                .to_owned(),
        );
    }
    Some(lang.pick("用 --help 查看用法", "see --help").to_owned())
}

fn text(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(ContextValue::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}
