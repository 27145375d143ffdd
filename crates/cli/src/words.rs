//! What parsers of TOML, YAML and JSON say of a file, in both languages and on one line.

/// The words of a parser in zh and en, without the place (which the caller names) and without a copy of the file.
pub fn parser(text: &str) -> (String, String) {
    let first = text.lines().next().unwrap_or_default().trim();
    let first = first.strip_prefix("error: ").unwrap_or(first);
    let first = match first.split_once(": ") {
        Some((place, rest)) if place.starts_with("line ") => rest,
        _ => first,
    };
    let (bare, place) = match first.rsplit_once(" at line ") {
        Some((bare, place)) => (bare, place.split_once(" column ")),
        None => (first, None),
    };
    let zh = chinese(bare);
    match place {
        Some((line, column)) => (
            format!("第 {line} 行第 {column} 列：{zh}"),
            format!("line {line} column {column}: {bare}"),
        ),
        None => (zh, bare.to_owned()),
    }
}

/// The forms in which serde puts what it dislikes; others stay as they are.
fn chinese(text: &str) -> String {
    if let Some((name, expected)) = between(text, "unknown field `", "`, expected ") {
        return format!("没有字段 `{name}`，可用的有 {}", list(expected));
    }
    if let Some((name, expected)) = between(text, "unknown variant `", "`, expected ") {
        return format!("不接受 `{name}`，可用的有 {}", list(expected));
    }
    if let Some(name) = text
        .strip_prefix("missing field `")
        .and_then(|rest| rest.strip_suffix('`'))
    {
        return format!("缺少字段 `{name}`");
    }
    if let Some(name) = text
        .strip_prefix("duplicate field `")
        .and_then(|rest| rest.strip_suffix('`'))
    {
        return format!("字段 `{name}` 重复");
    }
    if let Some((found, expected)) = between(text, "invalid type: ", ", expected ") {
        return format!("类型不符：{}，应为 {}", kind(found), kind(expected));
    }
    if let Some((found, expected)) = between(text, "invalid value: ", ", expected ") {
        return format!("值不符：{}，应为 {}", kind(found), kind(expected));
    }
    text.to_owned()
}

fn between<'t>(text: &'t str, start: &str, middle: &str) -> Option<(&'t str, &'t str)> {
    text.strip_prefix(start)?.split_once(middle)
}

fn list(expected: &str) -> String {
    expected
        .trim_start_matches("one of ")
        .replace(" or ", "、")
        .replace(", ", "、")
}

fn kind(text: &str) -> String {
    if text.starts_with("a code in quotes") {
        return "加引号的代码，如 \"000858\"（不加引号会丢失开头的 0）".to_owned();
    }
    let names = [
        ("a string", "文本"),
        ("string", "文本"),
        ("integer", "整数"),
        ("floating point", "小数"),
        ("boolean", "真假值"),
        ("a sequence", "列表"),
        ("sequence", "列表"),
        ("a map", "映射"),
        ("map", "映射"),
        ("unit value", "空值"),
        ("null", "空值"),
    ];
    let found = names
        .iter()
        .find(|(name, _)| text == *name || text.starts_with(&format!("{name} ")));
    match found {
        Some((name, zh)) => format!("{zh}{}", text.strip_prefix(name).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parsers_are_put_into_words() {
        for (text, zh, en) in [
            (
                "error: line 4 column 5: unknown field `secret`, expected one of row_filters, hidden\n --> <input>:4:5",
                "没有字段 `secret`，可用的有 row_filters、hidden",
                "unknown field `secret`, expected one of row_filters, hidden",
            ),
            (
                "missing field `items` at line 1 column 9",
                "第 1 行第 9 列：缺少字段 `items`",
                "line 1 column 9: missing field `items`",
            ),
            (
                "invalid type: string \"x\", expected u32",
                "类型不符：文本 \"x\"，应为 u32",
                "invalid type: string \"x\", expected u32",
            ),
            ("something else", "something else", "something else"),
        ] {
            assert_eq!(parser(text), (zh.to_owned(), en.to_owned()));
        }
    }
}
