//! Mutations of a corpus from a seed: the same everywhere, without a clock or a fuzzer.

use crate::random::Rng;

/// Longest input that is made.
const MAX_BYTES: usize = 64 << 10;

/// Values that readers trip over, as bytes and as text.
const TOKENS: [&[u8]; 30] = [
    b"\0",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\x80\0\0\0",
    b"\0\0\0\x80",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xc3\x28",
    b"\r\n",
    b"\"",
    b"'",
    b"(",
    b")",
    b",",
    b":",
    b"-",
    b"9999999999999999999999999999999999999999",
    b"0.00000000000000000000000000000000000001",
    b"1e-2147483648",
    b"1.5E+2147483647",
    b"-9223372036854775808",
    b"18446744073709551616",
    b"2147483648",
    b"NaN",
    b"9999-12-31",
    b"0000-00-00",
    b"\xe4\xb8\x87\xe4\xba\xbf\xe5\x85\x83",
    b"\xef\xbc\x88\xef\xbc\x91\xef\xbc\x89",
    b"[[[[[[[[[[[[[[[[",
];

/// An endless row of inputs made from a corpus.
#[derive(Debug)]
pub struct Mutations<'c> {
    corpus: &'c [Vec<u8>],
    rng: Rng,
}

impl<'c> Mutations<'c> {
    /// The mutations that `seed` names.
    pub fn new(corpus: &'c [Vec<u8>], seed: &str) -> Self {
        let seed = seed.bytes().fold(0, |seed: u64, byte| {
            seed.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte)
        });
        Self {
            corpus,
            rng: Rng::new(seed),
        }
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.rng.below(end as u64)).unwrap_or(0)
    }

    fn range(&mut self, length: usize) -> (usize, usize) {
        let start = self.below(length + 1);
        // Short pieces mostly; a long one now and then.
        let most = if self.rng.percent(80) { 16 } else { length };
        let width = self.below(most.min(length - start) + 1);
        (start, start + width)
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let corpus = self.corpus;
        match self.rng.below(8) {
            0 => {
                let at = self.below(input.len());
                let bit = 1 << self.rng.below(8);
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= bit;
                }
            }
            1 => {
                let (at, value) = (self.below(input.len()), self.rng.below(256));
                if let Some(byte) = input.get_mut(at) {
                    *byte = u8::try_from(value).unwrap_or(0);
                }
            }
            2 => {
                let (start, end) = self.range(input.len());
                input.drain(start..end);
            }
            3 => {
                // The same piece many times: what is not linear shows.
                let (start, end) = self.range(input.len());
                let piece: Vec<u8> = input.get(start..end).unwrap_or_default().to_vec();
                let times = 1 << self.rng.below(9);
                let room = MAX_BYTES.saturating_sub(input.len()) / piece.len().max(1);
                input.splice(end..end, piece.repeat(times.min(room)));
            }
            4 | 5 => {
                let at = self.below(input.len() + 1);
                if let Some(token) = self.rng.pick(&TOKENS) {
                    let end = if self.rng.percent(50) {
                        at
                    } else {
                        (at + token.len()).min(input.len())
                    };
                    input.splice(at..end, token.iter().copied());
                }
            }
            6 => {
                if let Some(other) = self.rng.pick(corpus) {
                    let (start, end) = self.range(other.len());
                    let at = self.below(input.len() + 1);
                    let piece = other.get(start..end).unwrap_or_default();
                    input.splice(at..at, piece.iter().copied());
                }
            }
            _ => {
                let keep = self.below(input.len() + 1);
                input.truncate(keep);
            }
        }
        input.truncate(MAX_BYTES);
    }
}

impl Iterator for Mutations<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut input = self.rng.pick(self.corpus).cloned().unwrap_or_default();
        for _ in 0..=self.rng.below(4) {
            self.change(&mut input);
        }
        Some(input)
    }
}
