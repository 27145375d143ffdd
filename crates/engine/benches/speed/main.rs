//! How fast: Queries against SQL by hand and DuckDB over ten million rows, and planning over catalogs of several sizes.
//!
//! Run by `./x bench`, which makes everything ready; `docs/benchmarks.md` has the figures. Arguments: the name of a part
//! (`daily`, `planning`), `--runs N`, `--only TEXT` for cases whose name contains it, `--json`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program that prints its report"
)]

mod by_hand;
mod cases;
mod compare;
mod daily;
mod daily_run;
mod duck;
mod planning;
mod planning_run;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// As the command has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Any failure ends the run with its message.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Where generated data stay between runs; set by `./x bench`.
const FOLDER: &str = "JINSHENG_BENCH_DIR";

struct Arguments {
    part: Option<String>,
    only: String,
    runs: usize,
    json: bool,
}

fn main() -> ExitCode {
    match arguments().and_then(|arguments| run(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments() -> Outcome<Arguments> {
    let mut found = Arguments {
        part: None,
        only: String::new(),
        runs: 11,
        json: false,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            // Cargo says so to every benchmark.
            "--bench" => {}
            "--json" => found.json = true,
            "--runs" => found.runs = words.next().ok_or("--runs needs a number")?.parse()?,
            "--only" => found.only = words.next().ok_or("--only needs a text")?,
            "daily" | "planning" => found.part = Some(word),
            _ => {
                return Err(
                    format!("`{word}` is neither daily, planning, --runs N, --only TEXT nor --json").into(),
                );
            }
        }
    }
    Ok(found)
}

fn run(arguments: &Arguments) -> Outcome<()> {
    let folder = std::env::var_os(FOLDER).map_or_else(|| PathBuf::from("target/bench"), PathBuf::from);
    std::fs::create_dir_all(&folder)?;
    let wanted = |part: &str| arguments.part.as_deref().is_none_or(|named| named == part);
    let mut document = serde_json::Map::new();
    if wanted("planning") {
        let (text, value) = planning_run::run(&folder, arguments.runs)?;
        document.insert("planning".to_owned(), value);
        if !arguments.json {
            println!("{text}");
        }
    }
    if wanted("daily") {
        let (text, value) = daily_run::run(&folder, arguments.runs, &arguments.only)?;
        document.insert("daily".to_owned(), value);
        if !arguments.json {
            println!("{text}");
        }
    }
    if arguments.json {
        println!("{:#}", serde_json::Value::Object(document));
    }
    Ok(())
}

/// Milliseconds since `start`.
pub(crate) fn ms(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1_000.0
}

/// Threads as the command has them.
pub(crate) fn runtime() -> Outcome<tokio::runtime::Runtime> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_time()
        .build()?)
}
