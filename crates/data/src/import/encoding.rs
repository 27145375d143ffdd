//! Text files: which encoding they are in, checked over every byte, and a reader that gives UTF-8.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use jinsheng_core::{Digest, Digester};

use super::tally::{Counter, Tally};
use crate::{DataError, Progress};

const CHUNK: usize = 1 << 20;
/// The detector sees at most this many bytes that are no ASCII lines.
const DETECT_BYTES: usize = 4 << 20;
/// So many good multi-byte sequences before a bad byte show that the file means to be UTF-8; Chinese text in another
/// encoding passes for UTF-8 over one or two characters at most.
const SURELY_UTF8: usize = 8;

/// A text file whose encoding is known and whose bytes were all checked against it.
pub(crate) struct TextFile {
    path: PathBuf,
    encoding: &'static Encoding,
    /// Bytes of a byte-order mark.
    mark: u64,
    digest: Digest,
    bytes: u64,
}

impl TextFile {
    /// Reads the file once: digest, encoding.
    pub(crate) fn look(path: &Path, asked: Option<&str>, progress: &dyn Progress) -> Result<Self, DataError> {
        let mut digester = Digester::new("file");
        let mut utf8 = Utf8Check::default();
        let mut first = Vec::new();
        let mut bytes = 0;
        each_chunk(path, 0, progress, |chunk| {
            digester.stream(chunk);
            bytes += chunk.len() as u64;
            if first.len() < 4096 {
                first.extend(chunk.iter().copied().take(4096 - first.len()));
            }
            utf8.add(chunk);
            Ok(())
        })?;
        utf8.end();
        if bytes == 0 {
            return Err(DataError::Empty {
                path: path.to_owned(),
            });
        }
        let marked = Encoding::for_bom(&first);
        let mut file = Self {
            path: path.to_owned(),
            encoding: UTF_8,
            mark: 0,
            digest: digester.finish(),
            bytes,
        };
        if let Some((encoding, length)) = marked {
            (file.encoding, file.mark) = (encoding, length as u64);
        }
        if let Some(name) = asked {
            let encoding =
                Encoding::for_label(name.as_bytes()).ok_or_else(|| DataError::UnknownEncoding {
                    name: name.to_owned(),
                })?;
            // GBK is a part of GB18030, and files that say GBK hold the rest as well.
            let encoding = if encoding == GBK { GB18030 } else { encoding };
            if marked.is_none_or(|(marked, _)| marked != encoding) {
                file.mark = 0;
            }
            file.encoding = encoding;
            file.check(true, progress)?;
            return Ok(file);
        }
        if marked.is_some() {
            if file.encoding != UTF_8 || utf8.bad.is_some() {
                file.check(false, progress)?;
            }
            return Ok(file);
        }
        if let Some(encoding) = wide(&first) {
            file.encoding = encoding;
            file.check(false, progress)?;
            return Ok(file);
        }
        if utf8.bad.is_some() {
            file.find(&utf8, progress)?;
        }
        Ok(file)
    }

    /// Tries what the detector says and then GB18030; the whole file must decode. Text of one of the two common
    /// encodings with a few bad bytes is refused by the name of its encoding: another that takes any bytes would turn
    /// all of it into other characters.
    fn find(&mut self, utf8: &Utf8Check, progress: &dyn Progress) -> Result<(), DataError> {
        if utf8.good >= SURELY_UTF8 {
            return self.check(false, progress);
        }
        let as_utf8 = self.tally(UTF_8, progress)?;
        if as_utf8.bad == 0 || as_utf8.is_chinese_utf8() {
            return self.check(false, progress);
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        let mut left = DETECT_BYTES;
        each_chunk(&self.path, 0, progress, |chunk| {
            for line in chunk.split_inclusive(|byte| *byte == b'\n') {
                if left > 0 && !line.is_ascii() {
                    detector.feed(line, false);
                    left = left.saturating_sub(line.len());
                }
            }
            Ok(())
        })?;
        detector.feed(b"", true);
        let guess = detector.guess(None, Utf8Detection::Deny);
        let guess = if guess == GBK { GB18030 } else { guess };
        // Single-byte encodings accept any bytes, so that their success shows nothing; Chinese comes first.
        if !guess.is_single_byte() && self.decodes(guess, progress)? {
            return Ok(());
        }
        if self.decodes(GB18030, progress)? {
            return Ok(());
        }
        let as_gb = self.tally(GB18030, progress)?;
        let damaged = as_utf8.is_mostly_utf8() || as_gb.is_damaged_gb(guess);
        if !damaged && guess.is_single_byte() && self.decodes(guess, progress)? {
            return Ok(());
        }
        self.encoding = if as_gb.bad < as_utf8.bad { GB18030 } else { UTF_8 };
        self.check(false, progress)
    }

    /// Takes the encoding and says whether the whole file is text in it.
    fn decodes(&mut self, encoding: &'static Encoding, progress: &dyn Progress) -> Result<bool, DataError> {
        self.encoding = encoding;
        match self.check(false, progress) {
            Ok(()) => Ok(true),
            Err(DataError::Encoding { .. }) => Ok(false),
            Err(other) => Err(other),
        }
    }

    fn tally(&self, encoding: &'static Encoding, progress: &dyn Progress) -> Result<Tally, DataError> {
        let mut counter = Counter::new(encoding);
        each_chunk(&self.path, self.mark, progress, |chunk| {
            counter.add(chunk, false);
            Ok(())
        })?;
        counter.add(&[], true);
        Ok(counter.tally)
    }

    /// Decodes the whole file and fails at the first byte that is not text.
    fn check(&self, asked: bool, progress: &dyn Progress) -> Result<(), DataError> {
        let mut reader = self.reader()?;
        let mut buffer = vec![0; CHUNK];
        let mut line = 1;
        let mut previous = 0;
        let mut given = 0;
        loop {
            if progress.cancelled() {
                return Err(DataError::Cancelled);
            }
            match reader.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(count) => {
                    for byte in buffer.get(..count).unwrap_or_default() {
                        line += u64::from(*byte == b'\n' || previous == b'\r');
                        previous = *byte;
                        // Text of one encoding read in another is often full of NUL.
                        given += 1;
                        if *byte == 0 {
                            let place = (self.encoding == UTF_8).then_some(self.mark + given);
                            return Err(self.wrong(line, place, asked));
                        }
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                    return Err(self.wrong(line, Some(self.mark + reader.taken + 1), asked));
                }
                Err(error) => return Err(DataError::read(&self.path, error)),
            }
        }
    }

    fn wrong(&self, line: u64, byte: Option<u64>, asked: bool) -> DataError {
        DataError::Encoding {
            path: self.path.clone(),
            line,
            byte,
            encoding: self.encoding.name().to_owned(),
            asked,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn digest(&self) -> &Digest {
        &self.digest
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(crate) fn encoding_name(&self) -> &'static str {
        self.encoding.name()
    }

    /// The text as UTF-8, from the beginning, without its mark.
    pub(crate) fn reader(&self) -> Result<Utf8Reader, DataError> {
        let mut file = File::open(&self.path).map_err(|error| DataError::read(&self.path, error))?;
        let length = file
            .metadata()
            .map_err(|error| DataError::read(&self.path, error))?
            .len();
        if length != self.bytes {
            return Err(DataError::Changed {
                path: self.path.clone(),
            });
        }
        file.seek(SeekFrom::Start(self.mark))
            .map_err(|error| DataError::read(&self.path, error))?;
        Ok(Utf8Reader::new(file, self.encoding))
    }
}

fn each_chunk(
    path: &Path,
    from: u64,
    progress: &dyn Progress,
    mut sink: impl FnMut(&[u8]) -> Result<(), DataError>,
) -> Result<(), DataError> {
    let failed = |error| DataError::read(path, error);
    let mut file = File::open(path).map_err(failed)?;
    file.seek(SeekFrom::Start(from)).map_err(failed)?;
    let mut buffer = vec![0; CHUNK];
    loop {
        if progress.cancelled() {
            return Err(DataError::Cancelled);
        }
        let count = file.read(&mut buffer).map_err(failed)?;
        match buffer.get(..count) {
            Some(chunk) if count > 0 => sink(chunk)?,
            _ => return Ok(()),
        }
    }
}

/// UTF-16 without a mark: ASCII characters leave every other byte zero.
fn wide(first: &[u8]) -> Option<&'static Encoding> {
    let pairs = first.len() / 2;
    if pairs < 2 {
        return None;
    }
    let zeros = |offset: usize| {
        first
            .iter()
            .skip(offset)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    // A fifth: delimiters, digits and line ends of a Chinese table.
    if odd * 5 >= pairs && even * 20 < odd {
        Some(UTF_16LE)
    } else if even * 5 >= pairs && odd * 20 < even {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Checks UTF-8 over chunks.
#[derive(Default)]
struct Utf8Check {
    carry: Vec<u8>,
    /// Multi-byte sequences before the first bad byte.
    good: usize,
    bad: Option<()>,
}

impl Utf8Check {
    fn add(&mut self, chunk: &[u8]) {
        if self.bad.is_some() {
            return;
        }
        let joined;
        let mut rest = chunk;
        if !self.carry.is_empty() {
            let (head, tail) = chunk.split_at(chunk.len().min(8));
            joined = [self.carry.as_slice(), head].concat();
            self.carry.clear();
            // The carried bytes and a few more; what is incomplete there is completed by the rest below.
            let used = match std::str::from_utf8(&joined) {
                Ok(_) => joined.len(),
                Err(error) if error.error_len().is_none() => error.valid_up_to(),
                Err(_) => return self.bad = Some(()),
            };
            let left = joined.get(used..).unwrap_or_default().to_vec();
            self.count(joined.get(..used).unwrap_or_default());
            if tail.is_empty() {
                self.carry = left;
                return;
            }
            let back = left.len().min(head.len());
            rest = chunk.get(head.len() - back..).unwrap_or_default();
        }
        match std::str::from_utf8(rest) {
            Ok(_) => self.count(rest),
            Err(error) => {
                let (valid, left) = rest.split_at(error.valid_up_to());
                self.count(valid);
                if error.error_len().is_some() {
                    self.bad = Some(());
                } else {
                    self.carry = left.to_vec();
                }
            }
        }
        if chunk.contains(&0) {
            self.bad = Some(());
        }
    }

    fn count(&mut self, valid: &[u8]) {
        if self.good < SURELY_UTF8 {
            self.good += valid.iter().filter(|byte| **byte >= 0xc0).count();
        }
    }

    fn end(&mut self) {
        if !self.carry.is_empty() {
            self.bad = Some(());
        }
    }
}

/// Reads a file in any encoding as UTF-8. A byte that is not text is an error of kind `InvalidData`; nothing is
/// replaced or lost.
pub(crate) struct Utf8Reader {
    file: File,
    decoder: Option<encoding_rs::Decoder>,
    input: Vec<u8>,
    start: usize,
    end: usize,
    finished: bool,
    failed: bool,
    /// Bytes decoded so far; once failed, those before the bad ones.
    taken: u64,
    /// Decoded bytes when the caller's buffer is too small for one character.
    spill: Vec<u8>,
}

impl Utf8Reader {
    fn new(file: File, encoding: &'static Encoding) -> Self {
        let decoder = Some(encoding.new_decoder_without_bom_handling());
        Self {
            file,
            decoder,
            input: vec![0; 1 << 16],
            start: 0,
            end: 0,
            finished: false,
            failed: false,
            taken: 0,
            spill: Vec::new(),
        }
    }
}

impl Read for Utf8Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.spill.is_empty() {
            let count = self.spill.len().min(buffer.len());
            for (target, byte) in buffer.iter_mut().zip(self.spill.drain(..count)) {
                *target = byte;
            }
            return Ok(count);
        }
        let mut small = [0; 16];
        let spilling = buffer.len() < small.len();
        loop {
            if self.failed {
                return Err(io::Error::from(io::ErrorKind::InvalidData));
            }
            let Some(decoder) = self.decoder.as_mut() else {
                return Ok(0);
            };
            if self.start == self.end && !self.finished {
                self.start = 0;
                self.end = self.file.read(&mut self.input)?;
                self.finished = self.end == 0;
            }
            let source = self.input.get(self.start..self.end).unwrap_or_default();
            let target = if spilling { &mut small[..] } else { &mut *buffer };
            let (result, read, written) =
                decoder.decode_to_utf8_without_replacement(source, target, self.finished);
            self.start += read;
            self.taken += read as u64;
            match result {
                // What came before the bad bytes is given first, so that the line of the bad byte can be counted.
                DecoderResult::Malformed(bad, behind) => {
                    self.failed = true;
                    self.taken = self.taken.saturating_sub(u64::from(bad) + u64::from(behind));
                }
                DecoderResult::InputEmpty if self.finished => self.decoder = None,
                DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
            }
            if written > 0 {
                if spilling {
                    self.spill.extend(small.iter().take(written));
                    return self.read(buffer);
                }
                return Ok(written);
            }
        }
    }
}
