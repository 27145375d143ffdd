//! A small generator of random numbers, so that a seed gives the same Query everywhere.

/// Splitmix64.
#[derive(Debug, Clone)]
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to, not including, `end`; 0 when there is nothing below.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next().checked_rem(end).unwrap_or(0)
    }

    /// A count between both, included.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        let width = u64::from(high.saturating_sub(low)) + 1;
        low.saturating_add(u32::try_from(self.below(width)).unwrap_or(0))
    }

    /// True in so many of a hundred cases.
    pub(crate) fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// One of these.
    pub(crate) fn pick<'t, T>(&mut self, from: &'t [T]) -> Option<&'t T> {
        let length = u64::try_from(from.len()).ok()?;
        let at = usize::try_from(self.below(length)).ok()?;
        from.get(at)
    }

    /// One of these, the more often the greater its weight.
    pub(crate) fn weighted<T: Copy>(&mut self, from: &[(u64, T)]) -> Option<T> {
        let total = from.iter().map(|(weight, _)| weight).sum();
        let mut left = self.below(total);
        for (weight, value) in from {
            if left < *weight {
                return Some(*value);
            }
            left -= weight;
        }
        None
    }

    /// So many different ones of these, in their order.
    pub(crate) fn some<T: Clone>(&mut self, from: &[T], count: u32) -> Vec<T> {
        let mut left = u64::from(count);
        let mut chosen = Vec::new();
        for (position, value) in from.iter().enumerate() {
            let remaining = u64::try_from(from.len() - position).unwrap_or(1);
            if self.below(remaining) < left {
                chosen.push(value.clone());
                left -= 1;
            }
        }
        chosen
    }
}
