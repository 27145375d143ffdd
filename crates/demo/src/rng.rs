//! A small generator of pseudo-random integers whose output is fixed for ever.
//!
//! The demo data must be the same bytes on every machine and after every upgrade of a dependency, so the
//! algorithm lives here and uses integer arithmetic only. It must not be used for secrets.

/// xoshiro256** seeded through SplitMix64.
#[derive(Debug, Clone)]
pub(crate) struct Rng {
    state: [u64; 4],
}

impl Rng {
    /// An independent stream for one part of the data.
    ///
    /// Each table draws from its own stream, so that a change to one table leaves the others as they were.
    pub(crate) fn stream(seed: u64, name: &str, number: usize) -> Self {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        let number = u64::try_from(number).unwrap_or(u64::MAX);
        for byte in name.bytes().chain(number.to_le_bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        let mut mixer = seed ^ hash.rotate_left(17);
        let mut next = || {
            mixer = mixer.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut word = mixer;
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            word ^ (word >> 31)
        };
        Self {
            state: [next(), next(), next(), next()],
        }
    }

    fn next_u64(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let result = b.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let third = c ^ a;
        let fourth = d ^ b;
        self.state = [a ^ fourth, b ^ third, third ^ (b << 17), fourth.rotate_left(45)];
        result
    }

    /// A number in `0..bound`; 0 when `bound` is 0. The bias is below `bound / 2^64`.
    fn below(&mut self, bound: u64) -> u64 {
        let wide = u128::from(self.next_u64()) * u128::from(bound);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// A position in `0..len`; 0 when `len` is 0.
    pub(crate) fn index(&mut self, len: usize) -> usize {
        let bound = u64::try_from(len).unwrap_or(u64::MAX);
        usize::try_from(self.below(bound)).unwrap_or(0)
    }

    /// A number in `low..=high`; `low` when the range is empty.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high.saturating_sub(low)).unwrap_or(0);
        let offset = self.below(width.saturating_add(1));
        low.saturating_add(i64::try_from(offset).unwrap_or(0))
    }

    /// A number in the inclusive range `(low, high)`.
    pub(crate) fn within(&mut self, range: (i64, i64)) -> i64 {
        self.between(range.0, range.1)
    }

    /// True in `percent` of 100 draws.
    pub(crate) fn chance(&mut self, percent: i64) -> bool {
        self.between(0, 99) < percent
    }

    /// An approximately normal number with mean 0 and the given standard deviation, never beyond six of them.
    ///
    /// The sum of twelve uniform numbers has variance 1 and needs no floating point.
    pub(crate) fn normal(&mut self, deviation: i64) -> i64 {
        const ONE: i64 = 1 << 20;
        let sum: i64 = (0..12).map(|_| self.between(0, ONE)).sum();
        let scaled = i128::from(sum - 6 * ONE) * i128::from(deviation) / i128::from(ONE);
        i64::try_from(scaled).unwrap_or(0)
    }

    /// A number between `low` and `high` whose logarithm is about uniform: small ones are as common as large ones.
    pub(crate) fn log_between(&mut self, low: i64, high: i64) -> i64 {
        let mut bottom = low.max(1);
        let mut octaves = Vec::new();
        while bottom < high {
            let top = bottom.saturating_mul(2).min(high);
            octaves.push((bottom, top));
            bottom = top;
        }
        let chosen = self.pick(&octaves);
        if chosen == (0, 0) {
            low
        } else {
            self.within(chosen)
        }
    }

    /// One of the items; the type's default when there is none.
    pub(crate) fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        let position = self.index(items.len());
        items.get(position).copied().unwrap_or_default()
    }

    /// Puts the items into a random order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.index(last + 1);
            items.swap(last, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Rng;

    #[test]
    fn the_sequence_is_fixed() {
        let mut rng = Rng::stream(7, "sample", 0);
        let first: Vec<i64> = (0..6).map(|_| rng.between(0, 999)).collect();
        assert_eq!(first, SAMPLE);
    }

    const SAMPLE: [i64; 6] = [815, 798, 961, 130, 627, 538];

    #[test]
    fn streams_differ_by_seed_name_and_number() {
        let draw = |seed, name, number| Rng::stream(seed, name, number).between(0, i64::MAX - 1);
        let base = draw(1, "a", 0);
        assert_ne!(base, draw(2, "a", 0));
        assert_ne!(base, draw(1, "b", 0));
        assert_ne!(base, draw(1, "a", 1));
    }

    #[test]
    fn normal_has_mean_zero_and_the_asked_deviation() {
        let mut rng = Rng::stream(3, "normal", 0);
        let draws: Vec<i64> = (0..20_000).map(|_| rng.normal(1_000)).collect();
        let mean = draws.iter().sum::<i64>() / 20_000;
        let variance = draws.iter().map(|draw| draw * draw).sum::<i64>() / 20_000;
        assert!(mean.abs() < 30, "mean {mean}");
        assert!((950_000..1_050_000).contains(&variance), "variance {variance}");
    }

    #[test]
    fn ranges_are_inclusive_and_empty_ones_are_harmless() {
        let mut rng = Rng::stream(3, "range", 0);
        let draws: Vec<i64> = (0..200).map(|_| rng.between(4, 6)).collect();
        assert!(draws.contains(&4) && draws.contains(&6) && draws.iter().all(|draw| (4..=6).contains(draw)));
        assert_eq!(rng.between(5, 1), 5);
        assert_eq!(rng.pick::<i64>(&[]), 0);
        assert_eq!(rng.log_between(9, 9), 9);
    }
}
