//! What a result keeps so that the evidence of its values can be made when somebody asks for it.

use std::collections::BTreeMap;

use jinsheng_core::Decimal;
use jinsheng_grounding::{Evidence, EvidenceId};
use jinsheng_semantics::bind::{Bound, BoundQuery};

use super::read::{Reader, places};
use crate::error::EngineError;
use crate::evidence::{Fact, Grounds, Maker, Row};
use crate::plan::Planned;

/// The evidence of some rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proof {
    /// For each row, the evidence of its value columns, in their order.
    pub rows: Vec<Vec<EvidenceId>>,
    /// Everything that these rows rest on, operands too.
    pub facts: BTreeMap<EvidenceId, Evidence>,
}

/// Values and operands of all rows, and what they mean.
#[derive(Debug)]
pub(super) struct Trail {
    grounds: Grounds,
    planned: Planned,
    readers: Vec<Reader>,
}

impl Trail {
    pub(super) fn new(grounds: Grounds, planned: Planned, readers: Vec<Reader>) -> Self {
        Self {
            grounds,
            planned,
            readers,
        }
    }

    pub(super) fn bound(&self) -> &BoundQuery {
        &self.grounds.query
    }

    pub(super) fn proof(&self, rows: usize) -> Result<Proof, EngineError> {
        let bound = &self.grounds.query;
        let shown: Vec<&str> = self
            .planned
            .shown
            .iter()
            .filter_map(|index| bound.context.dimensions.get(*index))
            .map(|dimension| dimension.name.as_str())
            .collect();
        let limit = rows.min(self.planned.limit.unwrap_or(usize::MAX));
        let mut maker = Maker::new(&self.grounds);
        let mut proof = Proof::default();
        for (reader, index) in places(&self.readers).take(limit) {
            let subject: Vec<(String, String)> = shown
                .iter()
                .map(|name| (*name).to_owned())
                .zip(reader.keys(index))
                .collect();
            let operands = self
                .planned
                .traces
                .iter()
                .enumerate()
                .map(|(trace, (expr, _))| Ok((expr, reader.operand(trace, index)?)))
                .collect::<Result<Vec<(&Bound, Option<Decimal>)>, EngineError>>()?;
            let row = Row {
                subject: &subject,
                period: reader.period(index, bound.grain)?,
                operands: &operands,
            };
            let mut ids = Vec::with_capacity(bound.items.len());
            for (place, item) in bound.items.iter().enumerate() {
                let fact = Fact {
                    expr: &item.expr,
                    text: &item.text,
                    value: reader.value(place, index)?,
                    unit: item.unit,
                    approximate: item.approximate,
                };
                ids.push(maker.evidence(&fact, &row));
            }
            proof.rows.push(ids);
        }
        proof.facts = maker.finish();
        Ok(proof)
    }
}
