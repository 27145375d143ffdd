//! Progress of imports: bars on a terminal, nothing elsewhere.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use jinsheng_core::Lang;
use jinsheng_data::{Progress, Stage};

use crate::cancel;
use crate::printer::Printer;

/// Progress of one import.
#[derive(Debug)]
pub struct ImportProgress {
    bar: ProgressBar,
    lang: Lang,
    title: String,
}

impl ImportProgress {
    /// Progress of importing `title`.
    pub fn new(printer: &Printer, title: &str) -> Self {
        let bar = if printer.shows_progress() {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::hidden()
        };
        bar.set_message(title.to_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        Self {
            bar,
            lang: printer.lang,
            title: title.to_owned(),
        }
    }
}

impl Progress for ImportProgress {
    fn rows(&mut self, table: &str, done: u64, total: Option<u64>) {
        if let Some(total) = total
            && self.bar.length() != Some(total)
        {
            let rows = self.lang.pick("行", "rows");
            let template = format!("{{msg}} [{{bar:30}}] {{human_pos}}/{{human_len}} {rows} {{eta}}");
            // The template is a constant; without it the default style serves.
            if let Ok(style) = ProgressStyle::with_template(&template) {
                self.bar.set_style(style.progress_chars("=> "));
            }
            self.bar.set_length(total);
        }
        self.bar.set_message(table.to_owned());
        self.bar.set_position(done);
    }

    fn cancelled(&self) -> bool {
        cancel::asked()
    }

    fn stage(&mut self, stage: Stage) {
        let (zh, en) = match stage {
            Stage::Look => ("识别格式", "looking"),
            Stage::Survey => ("识别类型", "finding types"),
            Stage::Write => ("写入", "writing"),
            Stage::Place | Stage::Record | Stage::Clean => ("收尾", "finishing"),
        };
        self.bar
            .set_message(format!("{} {}", self.title, self.lang.pick(zh, en)));
    }
}

impl Drop for ImportProgress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
