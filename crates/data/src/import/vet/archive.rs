//! ZIP archives: how much they unpack to, and how many shared strings they announce.

use std::io::{Read, Seek};

use zip::ZipArchive;

use crate::Progress;

/// An archive may unpack to this much whatever its size.
const FREE_BYTES: u64 = 64 << 20;
/// Beyond that, to so many times its size. Sheets of formatted empty cells, which pack best of all, come to a hundred.
const RATIO: u64 = 200;
/// Shared strings that may be announced whatever there are.
const FREE_STRINGS: u64 = 1_000_000;

/// Unpacks everything once, keeping nothing; gives the bytes that came out.
pub(super) fn vet(file: impl Read + Seek, size: u64, progress: &dyn Progress) -> Result<u64, String> {
    let most = FREE_BYTES.saturating_add(size.saturating_mul(RATIO));
    // What is no archive at all is for its reader to say.
    let Ok(mut archive) = ZipArchive::new(file) else {
        return Ok(size);
    };
    let mut total = 0;
    let mut chunk = vec![0; 1 << 16];
    for index in 0..archive.len() {
        let Ok(mut part) = archive.by_index(index) else {
            continue;
        };
        let strings = part
            .name()
            .is_ok_and(|name| name.to_ascii_lowercase().ends_with("sharedstrings.xml"));
        let before = total;
        let mut counts = Counts::default();
        loop {
            let count = match part.read(&mut chunk) {
                Ok(0) | Err(_) => break,
                Ok(count) => count,
            };
            total += count as u64;
            if total > most {
                return Err(format!(
                    "its parts unpack to more than {RATIO} times its size of {size} bytes"
                ));
            }
            if strings {
                counts.add(chunk.get(..count).unwrap_or_default());
            }
            if progress.cancelled() {
                return Ok(total);
            }
        }
        let announced = counts.end();
        if announced > FREE_STRINGS.max(total - before) {
            return Err(format!(
                "it announces {announced} shared strings in {} bytes",
                total - before
            ));
        }
    }
    Ok(total)
}

const ATTRIBUTE: &[u8] = b"uniqueCount";
/// Bytes kept between two chunks, so that an attribute across both is seen whole.
const OVERLAP: usize = 256;

/// The greatest `uniqueCount="…"` in a text that comes in chunks: readers reserve as much before they read on.
#[derive(Default)]
struct Counts {
    window: Vec<u8>,
    greatest: u64,
}

impl Counts {
    fn add(&mut self, chunk: &[u8]) {
        self.window.extend(chunk);
        let ready = self.window.len().saturating_sub(OVERLAP);
        self.look(ready);
        self.window.drain(..ready);
    }

    fn end(mut self) -> u64 {
        self.look(self.window.len());
        self.greatest
    }

    /// Looks at attributes that begin before `end`.
    fn look(&mut self, end: usize) {
        let starts = self.window.windows(ATTRIBUTE.len()).take(end).enumerate();
        for (at, _) in starts.filter(|(_, name)| *name == ATTRIBUTE) {
            let behind = self.window.get(at + ATTRIBUTE.len()..).unwrap_or_default();
            let value = behind
                .iter()
                .skip_while(|byte| b" \t\r\n=\"'+".contains(byte))
                .take_while(|byte| byte.is_ascii_digit());
            let count = value.fold(0_u64, |count, digit| {
                count.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
            });
            self.greatest = self.greatest.max(count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_found_across_chunks() {
        let text = [
            &[b' '; 300][..],
            b"<sst uniqueCount = \"123456789\">",
            &[b' '; 300],
        ]
        .concat();
        for cut in 0..text.len() {
            let mut counts = Counts::default();
            let (left, right) = text.split_at(cut);
            counts.add(left);
            counts.add(right);
            assert_eq!(counts.end(), 123_456_789, "{cut}");
        }
    }
}
