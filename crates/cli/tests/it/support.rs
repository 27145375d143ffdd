//! Running the binary in a folder of its own, with volatile parts of its output filtered.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use jinsheng_testkit::fixture;
use tempfile::TempDir;

/// What a run printed and how it ended.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A folder to work in; gone at the end.
pub(crate) struct Place {
    root: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            root: tempfile::tempdir().unwrap(),
        }
    }

    /// A place that is a project already.
    pub(crate) fn project() -> Self {
        let place = Self::new();
        let made = place.root.path().join("made");
        assert_eq!(run(place.command("en", &["init", "made"])).code, 0);
        for entry in fs::read_dir(&made).unwrap() {
            let entry = entry.unwrap();
            fs::rename(entry.path(), place.root.path().join(entry.file_name())).unwrap();
        }
        fs::remove_dir(made).unwrap();
        place
    }

    /// A project with the small table `sales` and a catalog for it.
    pub(crate) fn shop() -> Self {
        let place = Self::project();
        place.write("sales.csv", SALES);
        place.write("catalog/shop.yaml", SHOP);
        let added = place.run("en", &["data", "add", "sales.csv"]);
        assert_eq!(added.code, 0, "{}", added.stderr);
        place
    }

    /// A project with the fixture of reports, daily values and events.
    pub(crate) fn reports() -> Self {
        let place = Self::project();
        for (name, text) in fixture::FILES {
            let file = format!("{name}.csv");
            place.write(&file, text);
            place.ok("en", &["data", "add", &file]);
        }
        place.write("catalog/catalog.yaml", fixture::CATALOG);
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The binary in this place, in a language, without anything of the machine's environment.
    pub(crate) fn command(&self, lang: &str, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jinsheng"));
        command
            .env_clear()
            .env(
                "LANG",
                if lang == "zh" {
                    "zh_CN.UTF-8"
                } else {
                    "en_GB.UTF-8"
                },
            )
            .current_dir(self.root.path())
            .args(args);
        command
    }

    pub(crate) fn run(&self, lang: &str, args: &[&str]) -> Run {
        run(self.command(lang, args))
    }

    /// Runs a command that must succeed.
    pub(crate) fn ok(&self, lang: &str, args: &[&str]) -> Run {
        let found = self.run(lang, args);
        assert_eq!(found.code, 0, "{args:?}\n{}{}", found.stdout, found.stderr);
        found
    }

    /// The one JSON document of a command.
    pub(crate) fn json(&self, lang: &str, args: &[&str]) -> serde_json::Value {
        let found = self.run(lang, &[args, &["--json"]].concat());
        assert_eq!(
            found.stdout.lines().count(),
            1,
            "{}{}",
            found.stdout,
            found.stderr
        );
        let document: serde_json::Value = serde_json::from_str(&found.stdout).unwrap();
        assert_eq!(document["schema_version"], 1);
        document
    }

    /// Exit code, standard error and standard output of a command in both languages, filtered.
    pub(crate) fn both(&self, args: &[&str]) -> String {
        let shown = |lang: &str| self.shown(lang, args);
        format!("{}{}", shown("zh"), shown("en"))
    }

    /// Exit code, standard error and standard output of a command, filtered.
    pub(crate) fn shown(&self, lang: &str, args: &[&str]) -> String {
        let found = self.run(lang, args);
        let mut text = format!("[{lang} {}]\n", found.code);
        for part in [&found.stdout, &found.stderr] {
            text.push_str(&self.filtered(part));
        }
        text
    }

    /// Text without what differs from run to run.
    pub(crate) fn filtered(&self, text: &str) -> String {
        let real = fs::canonicalize(self.root.path()).unwrap();
        let text = text.replace(&real.display().to_string(), "[DIR]");
        let text = text.replace(&self.root.path().display().to_string(), "[DIR]");
        let lines = text.lines().map(|line| words(line).trim_end().to_owned());
        lines.map(|line| format!("{line}\n")).collect()
    }
}

/// A line with digests, times and durations replaced.
fn words(line: &str) -> String {
    let mut shown = String::new();
    let mut word = String::new();
    for character in line.chars().chain(['\n']) {
        if character.is_ascii_alphanumeric() {
            word.push(character);
            continue;
        }
        let digits = word.chars().filter(char::is_ascii_digit).count();
        let hexadecimal = word
            .chars()
            .all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c));
        let digest = hexadecimal && digits > 1 && [12, 64].contains(&word.len());
        shown.push_str(if digest { "[DIGEST]" } else { &word });
        word.clear();
        if character != '\n' {
            shown.push(character);
        }
    }
    for unit in [" 毫秒", " ms"] {
        if let Some((left, tail)) = shown.split_once(unit) {
            shown = format!(
                "{}[MS]{unit}{tail}",
                left.trim_end_matches(|c: char| c.is_ascii_digit())
            );
        }
    }
    without_time(&shown)
}

/// A line with its time of day, such as 2026-09-30T01:02:03Z, replaced.
fn without_time(line: &str) -> String {
    let part = |word: &str| word.len() == 20 && word.ends_with('Z') && word.as_bytes()[10] == b'T';
    let words = line.split_inclusive([' ', '，']);
    let shown = words.map(|word| {
        if part(word.trim_end_matches([' ', '，'])) {
            word.replace(word.trim_end_matches([' ', '，']), "[TIME]")
        } else {
            word.to_owned()
        }
    });
    shown.collect()
}

pub(crate) fn run(mut command: Command) -> Run {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    Run {
        code: status.code().unwrap_or(-1),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    }
}

/// Sales of two shops over three months, one figure missing.
pub(crate) const SALES: &str = "\
shop_id,shop_name,month,销售额(万元),customers,margin
007,湖滨路店,2025-07,1200.50,300,20
007,湖滨路店,2025-08,1300.25,310,21
007,湖滨路店,2025-09,,320,22
012,城北店,2025-07,800,100,30
012,城北店,2025-08,-5.5,90,31
012,城北店,2025-09,1234567.891,95,32
";

/// A catalog for it.
pub(crate) const SHOP: &str = "\
version: 1
entities:
  shop:
    label: {zh: 门店, en: Shop}
    names: [{table: sales, column: shop_name}]
    aliases:
      \"007\": [湖滨店]
tables:
  sales:
    source: sales
    entities: {shop: shop_id}
    period: {kind: month_text, column: month}
    measures:
      sales: {column: '销售额(万元)', unit: 万元, time: flow}
      customers: {column: customers, unit: 人, time: flow}
      margin: {column: margin, unit: '%', time: rate}
metrics:
  sales:
    label: {zh: 销售额, en: Sales}
    synonyms: [营业额]
    measure: sales.sales
  customers:
    label: {zh: 客流, en: Customers}
    measure: sales.customers
  margin:
    label: {zh: 毛利率, en: Margin}
    measure: sales.margin
  sales_per_customer:
    label: {zh: 客单价, en: Sales per customer}
    formula: sales / customers
";
