//! Metrics that count the rows of each table, so that lists and attributes can be asked for without naming a figure.

use std::collections::BTreeMap;

use jinsheng_core::{Localised, Unit};

use super::{Agg, Catalog, Measure, Metric, PeriodColumns, TimeBehaviour};

/// Names of these metrics begin so: `rows_of_companies`.
pub const ROWS: &str = "rows_of_";

/// The measure of each table that they count.
const MEASURE: &str = "rows_of_it";

impl Catalog {
    /// The same catalog with a metric for each table that counts its rows, `rows_of_<table>`, unless it defines one of that
    /// name itself. The digest stays: what the definitions say is the same.
    pub fn with_row_counts(&self) -> Self {
        let mut file = self.file().clone();
        let mut added: BTreeMap<String, Metric> = BTreeMap::new();
        for (name, table) in &mut file.tables {
            let metric = format!("{ROWS}{name}");
            if file.metrics.contains_key(&metric) || table.measures.contains_key(MEASURE) {
                continue;
            }
            let time = match &table.period {
                None => TimeBehaviour::Static,
                Some(PeriodColumns::Report { .. }) => TimeBehaviour::Stock,
                Some(_) => TimeBehaviour::Flow,
            };
            let measure = Measure {
                column: None,
                agg: Agg::Count,
                unit: Unit::COUNT,
                time,
                missing: Vec::new(),
            };
            table.measures.insert(MEASURE.to_owned(), measure);
            let label = Localised::new(
                format!("{}行数", table.label.get(jinsheng_core::Lang::Zh)),
                format!("rows of {}", table.label.get(jinsheng_core::Lang::En)),
            );
            added.insert(
                metric,
                Metric {
                    label,
                    synonyms: Vec::new(),
                    description: Localised::default(),
                    measure: Some(format!("{name}.{MEASURE}")),
                    alternatives: Vec::new(),
                    formula: None,
                    unit: None,
                    form: None,
                    growth_of: None,
                    lower_is_better: false,
                },
            );
        }
        file.metrics.extend(added);
        Self::new(file, self.digest().clone()).unwrap_or_else(|_| self.clone())
    }
}
