//! How fast questions are understood as catalog and data grow: 20, 200 and 2,000 metrics over 1,000, 10,000 and 100,000
//! subjects.
//!
//! Run by `./x bench understanding`; `docs/benchmarks.md` has the figures. Catalog, subjects and questions are made from
//! numbers; each question names a metric, a subject and a year, some with a misspelt or an abbreviated name, some are ranks
//! or conditions. Arguments: `--json`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program that prints its report"
)]

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jinsheng_core::{Grain, Period};
use jinsheng_semantics::ask::{MemberName, Reading, Talk, Understanding, Vocabulary};
use jinsheng_semantics::catalog::parse_catalog_files;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Metrics and subjects of each step.
const STEPS: [(usize, usize); 3] = [(20, 1_000), (200, 10_000), (2_000, 100_000)];
/// Questions of each step.
const QUESTIONS: usize = 400;
/// Syllables of names, so that each number has a name of its own.
const FIRST: [char; 10] = ['青', '远', '白', '蓝', '星', '海', '云', '金', '松', '河'];
const SECOND: [char; 10] = ['禾', '山', '鹭', '湾', '野', '川', '岭', '石', '林', '泽'];
const THIRD: [char; 10] = ['润', '达', '恒', '泰', '瑞', '丰', '祥', '安', '宁', '昌'];
const TRADES: [&str; 10] = [
    "制药", "电子", "食品", "重工", "软件", "化工", "纺织", "物流", "传媒", "能源",
];
const FIGURES: [&str; 10] = [
    "折旧",
    "摊销",
    "薪酬",
    "租金",
    "利息",
    "订单",
    "关税",
    "运费",
    "广告费",
    "培训费",
];

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<()> {
    let json = std::env::args().any(|word| word == "--json");
    let mut lines = Vec::new();
    for (metrics, subjects) in STEPS {
        let line = measure(metrics, subjects)?;
        if json {
            println!("{}", line.json());
        }
        lines.push(line);
    }
    if !json {
        println!("| metrics | subjects | built, ms | p50, ms | p95, ms | understood |");
        println!("|---:|---:|---:|---:|---:|---:|");
        for line in lines {
            println!("{}", line.row());
        }
    }
    Ok(())
}

struct Line {
    metrics: usize,
    subjects: usize,
    built: Duration,
    times: Vec<Duration>,
    understood: usize,
}

impl Line {
    fn at(&self, percent: usize) -> f64 {
        let last = self.times.len().saturating_sub(1);
        let place = (self.times.len() * percent / 100).min(last);
        millis(self.times.get(place).copied().unwrap_or_default())
    }

    fn row(&self) -> String {
        format!(
            "| {} | {} | {:.1} | {:.3} | {:.3} | {} of {} |",
            self.metrics,
            self.subjects,
            millis(self.built),
            self.at(50),
            self.at(95),
            self.understood,
            self.times.len()
        )
    }

    fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "metrics": self.metrics,
            "subjects": self.subjects,
            "built_ms": millis(self.built),
            "p50_ms": self.at(50),
            "p95_ms": self.at(95),
            "understood": self.understood,
            "questions": self.times.len(),
        })
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn measure(metrics: usize, subjects: usize) -> Outcome<Line> {
    let catalog = parse_catalog_files(&[("bench.yaml".to_owned(), catalog(metrics))])
        .map_err(|error| format!("{error:?}"))?;
    let mut vocabulary = Vocabulary::default();
    for number in 0..subjects {
        for text in [code(number), name(number)] {
            vocabulary.members.push(MemberName {
                entity: "company".to_owned(),
                key: code(number),
                text,
            });
        }
    }
    let span = (Period::new(Grain::Year, 2018), Period::new(Grain::Year, 2025));
    vocabulary.spans.insert("t".to_owned(), span);
    let start = Instant::now();
    let with = Understanding::new(Arc::new(catalog), vocabulary);
    let built = start.elapsed();
    let questions: Vec<String> = (0..QUESTIONS).map(|at| question(at, metrics, subjects)).collect();
    let mut times = Vec::with_capacity(QUESTIONS);
    let mut understood = 0;
    // Once for the tables that are made when first asked for.
    questions.iter().take(20).for_each(|question| {
        answer(&with, question);
    });
    for question in &questions {
        let start = Instant::now();
        let done = answer(&with, question);
        times.push(start.elapsed());
        understood += usize::from(done);
    }
    times.sort_unstable();
    Ok(Line {
        metrics,
        subjects,
        built,
        times,
        understood,
    })
}

/// Whether every part of a question became a Query.
fn answer(with: &Understanding, question: &str) -> bool {
    let parts = with.parts(question);
    let talk = Talk::default();
    parts
        .iter()
        .all(|part| matches!(with.read(part, &talk), Reading::Ask(_)))
}

fn catalog(metrics: usize) -> String {
    let mut out = String::from(
        "version: 1\nentities:\n  company: {label: {zh: 公司, en: company}}\ntables:\n  t:\n    source: t\n    entities: {company: code}\n    period: {kind: year, column: year}\n    measures:\n",
    );
    for number in 0..metrics {
        let _ = writeln!(
            out,
            "      m{number}: {{column: m{number}, unit: 元, time: flow}}"
        );
    }
    out.push_str("metrics:\n");
    for number in 0..metrics {
        let label = figure(number);
        let _ = writeln!(
            out,
            "  f{number}: {{label: {{zh: {label}, en: figure {number}}}, measure: t.m{number}}}"
        );
    }
    out
}

/// The number's digit at a place, as one of ten.
fn pick<T: Copy>(list: &[T; 10], number: usize, place: u32) -> T {
    let [first, ..] = list;
    list.get(number / 10_usize.pow(place) % 10)
        .copied()
        .unwrap_or(*first)
}

fn figure(number: usize) -> String {
    let own = [
        pick(&SECOND, number, 2),
        pick(&THIRD, number, 1),
        pick(&FIRST, number, 3),
    ];
    format!(
        "{}{}",
        own.into_iter().collect::<String>(),
        pick(&FIGURES, number, 0)
    )
}

fn code(number: usize) -> String {
    format!("{:07}", 3_000_000 + number)
}

fn name(number: usize) -> String {
    let own = [
        pick(&FIRST, number, 0),
        pick(&SECOND, number, 1),
        pick(&THIRD, number, 2),
        pick(&SECOND, number, 3),
    ];
    format!(
        "{}{}",
        own.into_iter().collect::<String>(),
        pick(&TRADES, number, 4)
    )
}

/// Questions as people ask them, spread evenly over metrics and subjects.
fn question(at: usize, metrics: usize, subjects: usize) -> String {
    let figure = figure(at * 7 % metrics);
    let subject = at * 7_919 % subjects;
    let year = 2018 + at % 8;
    match at % 5 {
        0 => format!("{}{year}年的{figure}是多少", name(subject)),
        1 => format!("{} {year}年{figure}", code(subject)),
        2 => format!("{year}年{figure}最高的五家公司"),
        3 => format!("{year}年{figure}超过{}亿元的公司有哪些", 1 + at % 9),
        _ => format!("{}近三年{figure}的趋势", name(subject)),
    }
}
