//! How well bytes read in an encoding: characters, and sequences that are none.

use encoding_rs::{Decoder, DecoderResult, Encoding};

/// Single-byte encodings of languages in Latin letters. Their letters beyond ASCII mostly stand alone.
const LATIN: [&str; 11] = [
    "windows-1250",
    "windows-1252",
    "windows-1254",
    "windows-1257",
    "windows-1258",
    "ISO-8859-2",
    "ISO-8859-3",
    "ISO-8859-4",
    "ISO-8859-10",
    "ISO-8859-13",
    "macintosh",
];

/// What was counted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    /// Characters beyond ASCII.
    good: u64,
    /// Chinese characters among them.
    hanzi: u64,
    /// Sequences that are no character.
    pub(super) bad: u64,
    /// Bytes beyond ASCII.
    high: u64,
    /// Those with none beside them.
    lone: u64,
}

impl Tally {
    /// A count over UTF-8: text in another encoding seldom passes for a Chinese character, and mostly for none.
    pub(super) fn is_chinese_utf8(&self) -> bool {
        self.hanzi >= 2 && self.hanzi >= self.bad
    }

    /// A count over UTF-8 of a file that is no GB18030.
    pub(super) fn is_mostly_utf8(&self) -> bool {
        self.good >= 4 && self.good >= self.bad.saturating_mul(4)
    }

    /// A count over GB18030 of a file that the detector takes for `guess`. Two bytes make a Chinese character, so
    /// bytes beyond ASCII come in pairs, unlike those of Latin letters; words in other alphabets are of odd length
    /// half of the time, so every second one ends in a bad sequence.
    pub(super) fn is_damaged_gb(&self, guess: &'static Encoding) -> bool {
        if self.lone.saturating_mul(4) > self.high {
            return false;
        }
        if LATIN.contains(&guess.name()) {
            return self.hanzi >= 2 && self.hanzi >= self.bad.saturating_mul(2);
        }
        self.hanzi >= 8 && (self.bad == 1 || self.hanzi >= self.bad.saturating_mul(12))
    }
}

/// Counts over chunks.
pub(super) struct Counter {
    decoder: Decoder,
    buffer: Vec<u8>,
    run: u64,
    pub(super) tally: Tally,
}

impl Counter {
    pub(super) fn new(encoding: &'static Encoding) -> Self {
        Self {
            decoder: encoding.new_decoder_without_bom_handling(),
            buffer: vec![0; 1 << 16],
            run: 0,
            tally: Tally::default(),
        }
    }

    /// Counts the bytes of a chunk; `last` with none of them at the end.
    pub(super) fn add(&mut self, chunk: &[u8], last: bool) {
        for byte in chunk.iter().chain(last.then_some(&b'\n')) {
            if *byte >= 0x80 {
                self.tally.high += 1;
                self.run += 1;
            } else {
                self.tally.lone += u64::from(self.run == 1);
                self.run = 0;
            }
        }
        let mut rest = chunk;
        loop {
            let (result, read, written) =
                self.decoder
                    .decode_to_utf8_without_replacement(rest, &mut self.buffer, last);
            rest = rest.get(read..).unwrap_or_default();
            let text = self.buffer.get(..written).unwrap_or_default();
            let text = std::str::from_utf8(text).unwrap_or_default();
            for char in text.chars().filter(|char| !char.is_ascii()) {
                self.tally.good += 1;
                self.tally.hanzi += u64::from(matches!(char, '\u{3400}'..='\u{9fff}'));
            }
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.tally.bad += 1,
            }
        }
    }
}
