//! DuckDB through its Python package: a child process that runs one statement after the other and says how long each took.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::Outcome;

const PROGRAM: &str = include_str!("duck.py");
/// The Python that has the package; set by `./x bench`.
const PYTHON: &str = "JINSHENG_BENCH_PYTHON";

/// A running DuckDB.
pub(crate) struct Duck {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    pub(crate) version: String,
}

impl Duck {
    /// Starts it over these Parquet files; `None` where no Python was named.
    pub(crate) fn start(files: &[(String, String)], threads: usize) -> Outcome<Option<Self>> {
        let Some(python) = std::env::var_os(PYTHON) else {
            return Ok(None);
        };
        let mut child = Command::new(python)
            .args(["-c", PROGRAM])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let mut duck = Self {
            child,
            input: input.ok_or("no input of DuckDB")?,
            output: BufReader::new(output.ok_or("no output of DuckDB")?),
            version: String::new(),
        };
        let hello = duck.ask(&json!({ "threads": threads, "tables": files }))?;
        duck.version = hello
            .get("version")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        Ok(Some(duck))
    }

    /// Milliseconds of one run, up to and with the fetching of all rows.
    pub(crate) fn time(&mut self, text: &str) -> Outcome<f64> {
        let answer = self.ask(&json!({ "run": text }))?;
        Ok(answer
            .get("ms")
            .and_then(Value::as_f64)
            .ok_or("DuckDB gave no time")?)
    }

    /// Rows of one run, as texts.
    pub(crate) fn rows(&mut self, text: &str) -> Outcome<Vec<Vec<String>>> {
        let answer = self.ask(&json!({ "run": text, "rows": true }))?;
        Ok(serde_json::from_value(
            answer.get("rows").cloned().unwrap_or_default(),
        )?)
    }

    fn ask(&mut self, question: &Value) -> Outcome<Value> {
        writeln!(self.input, "{question}")?;
        self.input.flush()?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let answer: Value = serde_json::from_str(&line)?;
        match answer.get("error").and_then(Value::as_str) {
            Some(error) => Err(format!("DuckDB: {error}").into()),
            None => Ok(answer),
        }
    }
}

impl Drop for Duck {
    fn drop(&mut self) {
        // It has nothing to save, and a process that is gone already is fine too.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
