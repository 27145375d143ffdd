//! Figures of runs, as a table for people and as JSON.

use serde_json::{Value, json};

/// Milliseconds of several runs of one thing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Times(Vec<f64>);

impl Times {
    pub(crate) fn add(&mut self, ms: f64) {
        let at = self.0.partition_point(|known| *known < ms);
        self.0.insert(at, ms);
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The value below which this share of the runs lies; 0 without runs.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        let last = self.0.len().saturating_sub(1);
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a position among few runs"
        )]
        let at = (last as f64 * share).round() as usize;
        self.0.get(at).copied().unwrap_or(0.0)
    }

    pub(crate) fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "runs": self.count(),
            "min": self.quantile(0.0),
            "median": self.median(),
            "p95": self.quantile(0.95),
            "max": self.quantile(1.0),
        })
    }

    /// `12.3 (11.9–14.0)`: median, smallest and largest.
    pub(crate) fn spread(&self) -> String {
        format!(
            "{:.1} ({:.1}–{:.1})",
            self.median(),
            self.quantile(0.0),
            self.quantile(1.0)
        )
    }
}

/// How many times longer than something else, by medians.
pub(crate) fn ratio(own: &Times, other: &Times) -> f64 {
    own.median() / other.median()
}

/// A table in Markdown.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = format!(
        "| {} |\n|---|{}\n",
        header.join(" | "),
        "---:|".repeat(header.len().saturating_sub(1))
    );
    for row in rows {
        out.push_str(&format!("| {} |\n", row.join(" | ")));
    }
    out
}
