//! Aliases of one member of an entity that already name another one in the data.

use jinsheng_core::Scope;
use jinsheng_engine::Engine;
use jinsheng_semantics::catalog::Problem;
use jinsheng_text::fold;
use tokio::runtime::Runtime;

use crate::cancel;
use crate::failure::CliError;

/// Aliases that equal the key or a name of another member: what that word was understood as before is refused then.
///
/// # Errors
/// When the names cannot be read, or the user stopped.
pub(super) fn taken(engine: &Engine, runtime: &Runtime) -> Result<Vec<Problem>, CliError> {
    let mut problems = Vec::new();
    for (entity, definition) in &engine.catalog().file().entities {
        if definition.aliases.is_empty() {
            continue;
        }
        cancel::check()?;
        let members = runtime.block_on(engine.members(entity, &Scope::full()))?;
        for (key, aliases) in &definition.aliases {
            for alias in aliases {
                // Aliases that two members share are told without the data.
                let shared = |other: &str| {
                    let others = definition.aliases.iter().filter(|(key, _)| key.0 == other);
                    others
                        .flat_map(|(_, aliases)| aliases)
                        .any(|word| fold(word) == fold(alias))
                };
                for other in members.keys(alias).filter(|other| *other != key.0) {
                    if !shared(other) {
                        problems.push(problem(entity, &key.0, alias, other, members.name(other)));
                    }
                }
            }
        }
    }
    Ok(problems)
}

fn problem(entity: &str, key: &str, alias: &str, other: &str, name: Option<&str>) -> Problem {
    let name = name.map(|name| format!(" {name}")).unwrap_or_default();
    Problem {
        dangling: false,
        file: None,
        line: None,
        path: format!("entities.{entity}.aliases.{key}"),
        message: (
            format!("别名「{alias}」已是 `{other}`{name} 的名称或代码，按它查询会有歧义，请删去"),
            format!(
                "the alias `{alias}` is a name or the key of `{other}`{name}; queries by it are ambiguous, remove it"
            ),
        ),
    }
}
