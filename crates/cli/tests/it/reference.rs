//! `docs/reference/cli.md` is made from the command itself.

use std::fmt::Write as _;
use std::path::Path;

use jinsheng_cli::{env, help_pages};
use jinsheng_core::Lang;

const HEAD: &str = "\
# The command line

Made from the command's own texts: `UPDATE_EXPECT=1 cargo test -p jinsheng-cli reference` writes this page anew, and the
test fails when it is out of date. Standard output holds results, standard error everything else.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | something that you can mend: the message says what, the hint says how |
| 2 | the command line is wrong |
| 3 | refused: a check that was asked to be strict found something |
| 4 | needs a person (no command of this version ends so) |
| 70 | a defect of the program |
| 130 | interrupted |

With `--json` every command prints exactly one document with `schema_version` on standard output; an error is
`{\"schema_version\": 1, \"error\": {\"code\", \"message\", \"hint\", \"retry\"}}`, its codes are in [errors.md](errors.md). The Query is described in
[query.md](query.md).
";

#[test]
fn the_reference_page_is_up_to_date() {
    let mut page = HEAD.to_owned();
    page.push_str("\n## Environment\n\n| variable | zh | en |\n|---|---|---|\n");
    for variable in env::all() {
        writeln!(
            page,
            "| `{}` | {} | {} |",
            variable.name, variable.help.0, variable.help.1
        )
        .unwrap();
    }
    for (lang, heading) in [(Lang::En, "Commands"), (Lang::Zh, "命令")] {
        writeln!(page, "\n## {heading}").unwrap();
        for (name, help) in help_pages(lang) {
            let help: String = help
                .lines()
                .map(|line| format!("{}\n", line.trim_end()))
                .collect();
            writeln!(
                page,
                "\n### `{name}`{}\n\n```text\n{}\n```",
                if lang == Lang::Zh { " 中文" } else { "" },
                help.trim_end()
            )
            .unwrap();
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/cli.md");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "docs/reference/cli.md is out of date: UPDATE_EXPECT=1 cargo test -p jinsheng-cli reference"
    );
}
