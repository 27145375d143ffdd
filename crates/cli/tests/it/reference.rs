//! `docs/reference/cli.md` is made from the command itself.

use std::fmt::Write as _;
use std::path::Path;

use jinsheng_cli::access::Access;
use jinsheng_cli::config::{self, Config};
use jinsheng_cli::institution::{self, Institution};
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
`{\"schema_version\": 1, \"error\": {\"code\", \"message\", \"hint\", \"retry\"}}`, its codes are in [errors.md](errors.md). Where the data are made up, as in the
demo, each document has `\"fictional\": true` too. The Query is described in [query.md](query.md), the files of a project in [catalog.md](catalog.md) and
[access.md](access.md).
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

fn access_page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/access.md");
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn the_examples_of_project_files_load() {
    let page = access_page();
    let blocks: Vec<&str> = page.split("```").skip(1).step_by(2).collect();
    let [settings, publisher, roles] = blocks.as_slice() else {
        panic!("{} blocks", blocks.len());
    };
    let toml = |block: &str| block.strip_prefix("toml\n").unwrap().to_owned();
    let settings: Config = config::parse(Path::new(config::FILE), &toml(settings)).unwrap();
    assert_eq!(settings.rows, Some(200));
    let publisher: Institution = config::parse(Path::new(institution::FILE), &toml(publisher)).unwrap();
    assert!(publisher.fields().iter().all(|(.., filled)| *filled));
    let roles: Access = serde_saphyr::from_str(roles.strip_prefix("yaml\n").unwrap()).unwrap();
    assert_eq!(roles.roles["adviser"].row_filters[0].dimension, "manager");
    assert!(roles.roles["researcher"].hidden.contains("companies.region"));
}

#[test]
fn every_key_of_project_files_is_documented() {
    let page = access_page();
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let documented = |key: &str| {
        rows.iter().any(|row| {
            let first = row
                .trim_start_matches("| `")
                .split('`')
                .next()
                .unwrap_or_default();
            first == key || first.ends_with(&format!(".{key}"))
        })
    };
    let toml = |text: &str, whole: bool| {
        let path = Path::new("x.toml");
        let error = if whole {
            config::parse::<Institution>(path, text).map(drop).unwrap_err()
        } else {
            config::parse::<Config>(path, text).map(drop).unwrap_err()
        };
        jinsheng_core::Fault::message(&error, Lang::En)
    };
    let yaml = |text: &str| {
        serde_saphyr::from_str::<Access>(text)
            .map(drop)
            .unwrap_err()
            .to_string()
    };
    let messages = [
        toml("version = 1\nno_such_key = 1\n", false),
        toml("version = 1\nno_such_key = 1\n", true),
        toml("[filings]\nno_such_key = 1\n", true),
        yaml("version: 1\nno_such_key: 1\n"),
        yaml("version: 1\nroles: {r: {no_such_key: 1}}\n"),
    ];
    let mut checked = 0;
    for message in messages {
        let list = message
            .split_once("expected ")
            .unwrap_or_else(|| panic!("{message}"))
            .1;
        let list = list.lines().next().unwrap().trim_start_matches("one of ");
        for key in list
            .split([',', ' ', '`'])
            .filter(|word| !word.is_empty() && *word != "or")
        {
            assert!(
                key == "filings" || documented(key),
                "access.md does not document `{key}`: {message}"
            );
            checked += 1;
        }
    }
    assert!(checked >= 18, "{checked}");
}
