//! Figures of a column gathered while it is written: range, distinct values, samples.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// Distinct values are counted exactly up to this many.
pub const DISTINCT_CAP: u64 = 100_000;

/// Most sample values of a column.
pub const SAMPLES: usize = 5;

/// Passes an already mixed 64-bit key through.
#[derive(Default)]
pub(crate) struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = mix_bytes(bytes);
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// Counts distinct keys up to the cap; keys are 64-bit mixes, so that two values share one with chance 2^-64.
#[derive(Default)]
pub(crate) struct Distinct {
    seen: HashSet<u64, BuildHasherDefault<Mixed>>,
    last: Option<u64>,
    over: bool,
}

impl Distinct {
    /// Adds a key and says whether it is new.
    pub(crate) fn add(&mut self, key: u64) -> bool {
        if self.over || self.last == Some(key) {
            return false;
        }
        self.last = Some(key);
        let new = self.seen.insert(key);
        if new && self.seen.len() as u64 > DISTINCT_CAP {
            self.over = true;
            self.seen = HashSet::default();
        }
        new
    }

    /// The count; none above the cap.
    pub(crate) fn count(&self) -> Option<u64> {
        (!self.over).then_some(self.seen.len() as u64)
    }
}

/// Mixes an integer into 64 well-spread bits.
pub(crate) fn mix(value: i128) -> u64 {
    let bytes = value.to_le_bytes();
    mix_bytes(&bytes)
}

/// Mixes bytes into 64 well-spread bits: eight bytes at a time, multiply and fold.
pub(crate) fn mix_bytes(bytes: &[u8]) -> u64 {
    const PRIME: u64 = 0x9e37_79b9_7f4a_7c15;
    let fold = |left: u64, right: u64| {
        let product = u128::from(left) * u128::from(right);
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = product.to_le_bytes();
        u64::from_le_bytes([a, b, c, d, e, f, g, h]) ^ u64::from_le_bytes([i, j, k, l, m, n, o, p])
    };
    let mut state = PRIME ^ (bytes.len() as u64);
    let mut chunks = bytes.chunks_exact(8);
    for chunk in chunks.by_ref() {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        state = fold(state ^ u64::from_le_bytes(word), PRIME.rotate_left(23) | 1);
    }
    let mut word = [0; 8];
    for (target, byte) in word.iter_mut().zip(chunks.remainder()) {
        *target = *byte;
    }
    fold(state ^ u64::from_le_bytes(word) ^ 0xa076_1d64_78bd_642f, PRIME)
}

/// Figures of a column of ordered values.
pub(crate) struct Stats<T> {
    pub(crate) nulls: u64,
    pub(crate) min: Option<T>,
    pub(crate) max: Option<T>,
    pub(crate) distinct: Distinct,
    pub(crate) samples: Vec<T>,
}

impl<T> Default for Stats<T> {
    fn default() -> Self {
        Self {
            nulls: 0,
            min: None,
            max: None,
            distinct: Distinct::default(),
            samples: Vec::new(),
        }
    }
}

impl<T: PartialOrd> Stats<T> {
    /// Adds a value with its mixed key; borrows it, so that text is copied only when kept.
    pub(crate) fn add<Q>(&mut self, value: &Q, key: u64)
    where
        Q: PartialOrd + ToOwned<Owned = T> + ?Sized,
        T: std::borrow::Borrow<Q>,
    {
        if self.distinct.add(key) {
            if self.samples.len() < SAMPLES {
                self.samples.push(value.to_owned());
            }
        } else if self.distinct.count().is_some() {
            // Seen before, so it moves no bound.
            return;
        }
        if self.min.as_ref().is_none_or(|min| value < min.borrow()) {
            self.min = Some(value.to_owned());
        }
        if self.max.as_ref().is_none_or(|max| value > max.borrow()) {
            self.max = Some(value.to_owned());
        }
    }
}
