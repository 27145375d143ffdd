//! Metrics that count subjects or rows.

use jinsheng_core::Localised;

use super::{MetricDraft, Metrics};
use crate::catalog::Metric;
use crate::infer::draft::Draft;
use crate::infer::lexicon::Lexicon;
use crate::infer::names::humanise;

/// Metrics that count subjects or rows.
pub(super) fn add(draft: &Draft<'_>, metrics: &mut Metrics) {
    let lexicon = Lexicon::get();
    for table in draft.tables.iter().filter(|table| !table.left) {
        for (name, _) in &table.counts {
            if metrics.existing.contains_key(name) || metrics.by_id.contains_key(name) {
                continue;
            }
            let known = lexicon
                .entities
                .iter()
                .find_map(|kind| kind.count.as_ref().filter(|count| count.id == *name));
            let (label, words) = match known {
                Some(count) => (
                    Localised::new(count.zh.clone(), count.en.clone()),
                    count.words.clone(),
                ),
                None => {
                    let mut zh = table.label.zh.clone();
                    for word in ["流水", "清单", "明细", "记录", "表"] {
                        zh = zh.strip_suffix(word).map(str::to_owned).unwrap_or(zh);
                    }
                    if !zh.is_empty() {
                        zh.push_str("笔数");
                    }
                    let subject = if table.label.en.is_empty() {
                        humanise(&table.name)
                    } else {
                        table.label.en.clone()
                    };
                    (
                        Localised::new(zh, format!("Number of {}", subject.to_lowercase())),
                        Vec::new(),
                    )
                }
            };
            let metric = Metric {
                label,
                synonyms: Vec::new(),
                description: Localised::default(),
                measure: Some(format!("{}.{name}", table.name)),
                alternatives: Vec::new(),
                formula: None,
                unit: None,
                form: None,
                growth_of: None,
                lower_is_better: false,
            };
            metrics.by_id.insert(
                name.clone(),
                MetricDraft {
                    metric,
                    strong: Vec::new(),
                    loose: words,
                    first: false,
                    order: usize::MAX - 1,
                    entities: table.entities.keys().cloned().collect(),
                },
            );
        }
    }
}
