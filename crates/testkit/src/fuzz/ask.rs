//! Understanding: any text becomes Queries that print and read back, questions back, or refusals in words.

use std::sync::{Arc, OnceLock};

use jinsheng_core::Period;
use jinsheng_semantics::ask::{DimensionValue, MemberName, Reading, Talk, Understanding, Vocabulary};
use jinsheng_semantics::query::parse_query;

use super::bind::known;
use super::lossy;

/// Most questions that one turn may be cut into: a turn is read up to 2,000 characters.
const MOST_PARTS: usize = 2_000;

/// Reads bytes as a conversation, a turn a line.
pub fn ask(bytes: &[u8]) {
    let text = lossy(bytes);
    let understanding = understanding();
    let mut talk = Talk::default();
    for turn in text.lines().take(4) {
        let parts = understanding.parts(turn);
        assert!(
            !parts.is_empty() && parts.len() <= MOST_PARTS,
            "{} parts",
            parts.len()
        );
        for part in parts.iter().take(8) {
            match understanding.read(part, &talk) {
                Reading::Ask(asked) => {
                    for query in std::iter::once(&asked.query).chain(&asked.beside) {
                        let line = query.to_string();
                        assert_eq!(parse_query(&line).as_ref(), Ok(query), "{part:?} reads as {line}");
                    }
                    talk.last = Some(asked.frame.clone());
                    talk.within_turn = true;
                }
                Reading::Clarify(clarify) => {
                    assert!(!clarify.question.0.is_empty() && !clarify.question.1.is_empty())
                }
                Reading::Refuse(refusal) => {
                    assert!(!refusal.reason.0.is_empty() && !refusal.reason.1.is_empty())
                }
            }
        }
    }
}

fn understanding() -> &'static Understanding {
    static KNOWN: OnceLock<Understanding> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let catalog = known();
        let mut vocabulary = Vocabulary::default();
        for entity in catalog.file().entities.keys() {
            for (key, name) in [
                ("000001", "甲方股份"),
                ("000002", "Second Works"),
                ("000003", "丙公司"),
            ] {
                vocabulary.members.push(MemberName {
                    entity: entity.clone(),
                    key: key.to_owned(),
                    text: name.to_owned(),
                });
            }
        }
        for (name, table) in &catalog.file().tables {
            for dimension in table.dimensions.keys() {
                vocabulary.values.push(DimensionValue {
                    dimension: catalog.dimension_name(name, dimension),
                    value: "R3".to_owned(),
                });
            }
            if let Some(period) = &table.period {
                let grain = period.grain();
                let at = |year: i32| Period::year(year).last_at(grain).unwrap_or(Period::year(year));
                vocabulary.spans.insert(name.clone(), (at(2021), at(2025)));
            }
        }
        Understanding::new(Arc::new(catalog.clone()), vocabulary)
    })
}
