//! How complete the values of a result are, and the notes that say so: a sum over 68 of 70 companies is not the sum.

use std::collections::{BTreeMap, HashMap};

use datafusion::arrow::array::{Array, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::cast::{as_int64_array, as_string_array};
use jinsheng_core::{Grain, Period};
use jinsheng_grounding::Partial;
use jinsheng_semantics::bind::{Bound, BoundQuery, Leaf, MeasureLeaf, Note};
use jinsheng_semantics::catalog::{Catalog, TimeBehaviour};
use jinsheng_semantics::query::Form;

use crate::error::EngineError;
use crate::plan::{Counted, Probe};

/// Rows and rows with a value, by group and index of the period.
type Counts = HashMap<(Vec<String>, Option<i32>), (u64, u64)>;

/// What the probes of one result found.
#[derive(Debug, Default)]
pub(crate) struct Coverage {
    leaves: BTreeMap<usize, LeafCounts>,
    peers: Vec<PeersCounts>,
}

#[derive(Debug)]
struct LeafCounts {
    counts: Counts,
    timed: bool,
    window: Option<Window>,
    sample: bool,
}

#[derive(Debug)]
struct PeersCounts {
    inner: Bound,
    within: Vec<usize>,
    counts: Counts,
    timed: bool,
}

/// Which earlier periods a flow in this form adds up.
#[derive(Debug, Clone, Copy)]
enum Window {
    Year(Grain),
    Back(i32),
}

/// One row of a result: keys of the shown dimensions and the period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) keys: Vec<String>,
    pub(crate) period: Option<Period>,
}

/// What is wrong with one value, for the note.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Gap {
    place: Place,
    rows: u64,
    known: u64,
}

impl Coverage {
    /// Whether nothing was counted, so that there is nothing to say.
    pub(crate) fn is_empty(&self) -> bool {
        self.leaves.is_empty() && self.peers.is_empty()
    }

    /// Adds what a probe counted.
    pub(crate) fn add(
        &mut self,
        probe: &Probe,
        batches: &[RecordBatch],
        bound: &BoundQuery,
        catalog: &Catalog,
        is_sample: impl Fn(&MeasureLeaf) -> bool,
    ) -> Result<(), EngineError> {
        match &probe.counted {
            Counted::Leaves(leaves) => {
                for index in leaves {
                    let leaf = match bound.context.leaves.get(*index) {
                        Some(Leaf::Measure(leaf)) => Some(leaf),
                        Some(Leaf::Fold(_)) | None => None,
                    };
                    self.leaves.insert(
                        *index,
                        LeafCounts {
                            counts: read(probe, batches, *index)?,
                            timed: probe.timed,
                            window: leaf.and_then(|leaf| window(leaf, bound, catalog)),
                            // Groups of a fold are subjects, whatever is counted in them.
                            sample: leaf.is_none_or(&is_sample),
                        },
                    );
                }
            }
            Counted::Peers(inner, within) => self.peers.push(PeersCounts {
                inner: inner.clone(),
                within: within.clone(),
                counts: read(probe, batches, 0)?,
                timed: probe.timed,
            }),
        }
        Ok(())
    }

    /// How much of a leaf's value is there; `None` when all of it is, as far as is known.
    pub(crate) fn partial(&self, leaf: usize, place: &Place) -> Option<Partial> {
        let (rows, known) = self.leaves.get(&leaf)?.at(place)?;
        (known < rows).then_some(Partial { rows, known })
    }

    /// Notes on the values of an item in the rows that are shown.
    pub(crate) fn notes(&self, text: &str, expr: &Bound, places: &[Place], shown: &[usize]) -> Vec<Note> {
        let mut partial: Vec<Gap> = Vec::new();
        let mut samples: Vec<(Gap, Gap)> = Vec::new();
        let mut affected = 0_usize;
        for place in places {
            let mut gaps = Vec::new();
            let mut compared = Vec::new();
            self.look(expr, place, shown, &mut gaps, &mut compared);
            affected += usize::from(!gaps.is_empty());
            partial.extend(gaps);
            samples.extend(compared);
        }
        let worst = partial.into_iter().max_by_key(|gap| gap.rows - gap.known);
        let mut notes: Vec<Note> = worst
            .into_iter()
            .map(|gap| partial_note(text, affected, &gap))
            .collect();
        samples.extend(self.across(expr, places));
        let widest = samples
            .into_iter()
            .max_by_key(|(now, before)| now.known.abs_diff(before.known));
        notes.extend(widest.map(|(now, before)| sample_note(text, &now, &before)));
        notes
    }

    /// Values of one group at several shown periods that rest on different numbers of subjects: the two furthest apart.
    fn across(&self, expr: &Bound, places: &[Place]) -> Option<(Gap, Gap)> {
        let Bound::Leaf(index) = expr else { return None };
        let leaf = self.leaves.get(index).filter(|leaf| leaf.sample)?;
        let mut groups: BTreeMap<&[String], Vec<Gap>> = BTreeMap::new();
        for place in places {
            if let Some((rows, known)) = leaf.at(place).filter(|(_, known)| *known > 0) {
                groups.entry(&place.keys).or_default().push(Gap {
                    place: place.clone(),
                    rows,
                    known,
                });
            }
        }
        let furthest = groups.into_values().filter_map(|gaps| {
            let least = gaps.iter().min_by_key(|gap| gap.known)?.clone();
            let most = gaps.into_iter().max_by_key(|gap| gap.known)?;
            (least.known < most.known).then_some((most, least))
        });
        furthest.max_by_key(|(most, least)| most.known - least.known)
    }

    fn look(
        &self,
        expr: &Bound,
        place: &Place,
        shown: &[usize],
        gaps: &mut Vec<Gap>,
        samples: &mut Vec<(Gap, Gap)>,
    ) {
        match expr {
            Bound::Leaf(index) => gaps.extend(self.gap(*index, place)),
            Bound::Peers(_, inner, within) => gaps.extend(self.peers_gap(inner, within, place, shown)),
            Bound::Shift(inner, back) | Bound::Cagr(inner, back, _) => {
                let before = place.earlier(*back);
                self.look(inner, &before, shown, gaps, samples);
                if matches!(expr, Bound::Cagr(..)) {
                    self.look(inner, place, shown, gaps, samples);
                }
                samples.extend(self.sample(inner, place, &before));
            }
            other => other
                .children()
                .into_iter()
                .for_each(|child| self.look(child, place, shown, gaps, samples)),
        }
    }

    fn gap(&self, leaf: usize, place: &Place) -> Option<Gap> {
        let (rows, known) = self.leaves.get(&leaf)?.at(place)?;
        // Nothing known is missing, and shown as missing.
        (known < rows && known > 0).then(|| Gap {
            place: place.clone(),
            rows,
            known,
        })
    }

    fn peers_gap(&self, inner: &Bound, within: &[usize], place: &Place, shown: &[usize]) -> Option<Gap> {
        let counted = self
            .peers
            .iter()
            .find(|peers| peers.inner == *inner && peers.within == within)?;
        let at = counted
            .timed
            .then(|| place.period.map(|period| period.index()))
            .flatten();
        let keys: Option<Vec<String>> = within
            .iter()
            .map(|index| {
                let place_of = shown.iter().position(|dimension| dimension == index)?;
                place.keys.get(place_of).cloned()
            })
            .collect();
        let found = match keys {
            Some(keys) => counted.counts.get(&(keys, at)).copied(),
            // Peers share something that is not shown: the least complete of them stands for all.
            None => {
                let same = counted.counts.iter().filter(|((_, period), _)| *period == at);
                same.map(|(_, counts)| *counts)
                    .max_by_key(|(rows, known)| rows - known)
            }
        };
        let (rows, known) = found?;
        (known < rows && known > 0).then(|| Gap {
            place: Place {
                keys: Vec::new(),
                period: place.period,
            },
            rows,
            known,
        })
    }

    /// Values now and earlier that rest on different numbers of subjects.
    fn sample(&self, inner: &Bound, now: &Place, before: &Place) -> Option<(Gap, Gap)> {
        let Bound::Leaf(index) = inner else { return None };
        let leaf = self.leaves.get(index).filter(|leaf| leaf.sample)?;
        let of = |place: &Place| {
            leaf.at(place).map(|(rows, known)| Gap {
                place: place.clone(),
                rows,
                known,
            })
        };
        let (now, before) = (of(now)?, of(before)?);
        (now.known != before.known && now.known > 0 && before.known > 0).then_some((now, before))
    }
}

impl LeafCounts {
    fn at(&self, place: &Place) -> Option<(u64, u64)> {
        if !self.timed {
            return self.counts.get(&(place.keys.clone(), None)).copied();
        }
        let Some(at) = place.period.map(|period| period.index()) else {
            // Folded over its periods: everything counted is in it.
            return self.counts.get(&(place.keys.clone(), None)).copied();
        };
        let from = match self.window {
            None => at,
            Some(Window::Back(back)) => at - back,
            Some(Window::Year(grain)) => {
                let year = Period::year(Period::new(grain, at).calendar_year());
                Period::containing(year.first_day()?, grain).index()
            }
        };
        let found = (from..=at).filter_map(|at| self.counts.get(&(place.keys.clone(), Some(at))));
        found
            .copied()
            .reduce(|(rows, known), (more, also)| (rows + more, known + also))
    }
}

impl Place {
    fn earlier(&self, back: u32) -> Self {
        let back = i32::try_from(back).unwrap_or(i32::MAX);
        Self {
            keys: self.keys.clone(),
            period: self.period.map(|period| period.offset(-back)),
        }
    }

    /// `银行 2025Q3`; `all` where the result has no groups.
    fn words(&self, all: &str) -> String {
        let keys = self.keys.iter().map(String::as_str).filter(|key| !key.is_empty());
        let period = self.period.map(|period| period.to_string());
        let words: Vec<&str> = keys.chain(period.as_deref()).collect();
        if words.is_empty() {
            all.to_owned()
        } else {
            words.join(" ")
        }
    }
}

fn window(leaf: &MeasureLeaf, bound: &BoundQuery, catalog: &Catalog) -> Option<Window> {
    let measure = catalog.table(&leaf.table)?.measures.get(&leaf.measure)?;
    let grain = bound.grain?;
    match (measure.time, leaf.form) {
        (TimeBehaviour::Flow, Some(Form::Ytd)) => Some(Window::Year(grain)),
        (TimeBehaviour::Flow, Some(Form::Ttm)) => Some(Window::Back(grain.per_year()? - 1)),
        _ => None,
    }
}

fn read(probe: &Probe, batches: &[RecordBatch], index: usize) -> Result<Counts, EngineError> {
    let mut counts = Counts::new();
    for batch in batches {
        let column = |name: &str, data_type: &DataType| {
            let found = batch
                .column_by_name(name)
                .ok_or_else(|| EngineError::internal("a counted column is missing"))?;
            cast(found, data_type).map_err(|error| EngineError::Failed {
                detail: error.to_string(),
            })
        };
        let keys = (0..probe.dimensions)
            .map(|place| column(&format!("d{place}"), &DataType::Utf8))
            .collect::<Result<Vec<_>, _>>()?;
        let keys = keys
            .iter()
            .map(|keys| Ok(as_string_array(keys)?))
            .collect::<Result<Vec<_>, EngineError>>()?;
        let periods = if probe.timed {
            Some(column("t", &DataType::Int64)?)
        } else {
            None
        };
        let (rows, known) = (
            column("n", &DataType::Int64)?,
            column(&format!("c{index}"), &DataType::Int64)?,
        );
        let (rows, known) = (as_int64_array(&rows)?, as_int64_array(&known)?);
        for row in 0..batch.num_rows() {
            let key: Vec<String> = keys
                .iter()
                .map(|keys| {
                    if keys.is_valid(row) {
                        keys.value(row).to_owned()
                    } else {
                        String::new()
                    }
                })
                .collect();
            let period = match &periods {
                Some(periods) => Some(
                    i32::try_from(as_int64_array(periods)?.value(row)).map_err(|_| EngineError::Overflow)?,
                ),
                None => None,
            };
            let number = |value: i64| u64::try_from(value).unwrap_or(0);
            counts.insert((key, period), (number(rows.value(row)), number(known.value(row))));
        }
    }
    Ok(counts)
}

fn partial_note(text: &str, affected: usize, gap: &Gap) -> Note {
    let (rows, missing) = (gap.rows, gap.rows - gap.known);
    Note {
        code: "partial",
        text: (
            format!(
                "`{text}` 有 {affected} 个值由不完整的数据得出；如 {}：{rows} 个数据中缺 {missing} 个，未计入",
                gap.place.words("全部")
            ),
            format!(
                "{affected} value(s) of `{text}` rest on incomplete data; for {}, {missing} of {rows} are missing and left out",
                gap.place.words("all")
            ),
        ),
    }
}

fn sample_note(text: &str, now: &Gap, before: &Gap) -> Note {
    let period = |gap: &Gap| {
        gap.place
            .period
            .map(|period| period.to_string())
            .unwrap_or_default()
    };
    let (later, earlier) = (period(now), period(before));
    let (more, fewer) = (now.known, before.known);
    let whose = now.place.keys.join(" ");
    let (zh, en) = if whose.is_empty() {
        (String::new(), String::new())
    } else {
        (format!("（如 {whose}）"), format!(" (for {whose})"))
    };
    Note {
        code: "sample_differs",
        text: (
            format!(
                "`{text}` 各期的样本不同{zh}：{later} 有 {more} 个数据，{earlier} 有 {fewer} 个，变动中含样本变化"
            ),
            format!(
                "`{text}` rests on different samples{en}: {more} values at {later}, {fewer} at {earlier}; part of any change is that"
            ),
        ),
    }
}
