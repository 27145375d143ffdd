//! Public functions that take SQL text: there must be none, so that only a checked Query can become a plan.
//!
//! A scan of the source text. It knows how rustfmt lays code out, not the language, which is enough for what it looks for.

/// Signatures of public functions and of methods of public traits, that take a string called something with `sql`.
pub fn taking_sql(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_trait = false;
    let mut rest = source;
    while let Some((line, after)) = rest.split_once('\n') {
        if line.starts_with("pub trait ") {
            in_trait = true;
        } else if line.starts_with('}') {
            in_trait = false;
        }
        if is_function(line, in_trait) {
            let signature = signature(rest);
            if parameters(&signature).any(is_sql_text) {
                found.push(signature.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
        rest = after;
    }
    found
}

fn is_function(line: &str, in_trait: bool) -> bool {
    let line = line.trim_start();
    let line = match line.strip_prefix("pub ") {
        Some(line) => line,
        None if in_trait => line,
        None => return false,
    };
    let words = line
        .split(' ')
        .take_while(|word| ["const", "async", "unsafe", "fn"].contains(word));
    words.into_iter().any(|word| word == "fn")
}

/// Up to the body or the semicolon.
fn signature(from: &str) -> String {
    from.chars().take_while(|c| !"{;".contains(*c)).collect()
}

fn parameters(signature: &str) -> impl Iterator<Item = &str> {
    let list = signature.split_once('(').map_or("", |(_, list)| list);
    let list = list.rsplit_once(')').map_or(list, |(list, _)| list);
    list.split(',')
}

fn is_sql_text(parameter: &str) -> bool {
    let Some((name, kind)) = parameter.split_once(':') else {
        return false;
    };
    let text = ["str", "String", "Cow<"].iter().any(|word| kind.contains(word));
    let name = name.to_ascii_lowercase();
    text && (name.contains("sql") || name.contains("statement"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_text_is_found_in_functions_and_traits() {
        let source = "pub struct E;\nimpl E {\n    pub async fn run(\n        &self,\n        sql: &str,\n    ) -> R {\n    }\n}\n\
                      pub trait T {\n    fn execute(&self, sql_text: impl Into<String>);\n}\n";
        let found = taking_sql(source);
        assert_eq!(found.len(), 2, "{found:?}");
    }

    #[test]
    fn private_functions_and_typed_sql_are_allowed() {
        let source = "fn run(sql: &str) {\n}\npub(crate) fn go(sql: &str) {\n}\npub fn show(sql: &Sql, name: &str) {\n}\n\
                      pub fn sql(&self) -> &str {\n}\n";
        assert!(taking_sql(source).is_empty(), "{:?}", taking_sql(source));
    }
}
