//! Workbooks of Excel 97-2003: chains of sectors that end, and sheets whose corners are not absurdly far apart.
//!
//! Follows the file as leniently as its reader does, so that what the reader would see is what is measured.

use super::Vetted;

/// First bytes of a compound file.
pub(super) const SIGNATURE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

const END_OF_CHAIN: u32 = 0xffff_fffe;
/// Sector numbers from here on mean something else.
const RESERVED: u32 = 0xffff_fffa;
const DIFSECT: u32 = 0xffff_fffc;
/// Cells between the corners of sheets that may be empty whatever the file: one sheet of 65,536 x 256.
const FREE_AREA: u64 = 65_536 * 256;
/// Beyond that, so many for each cell that is there.
const AREA_PER_CELL: u64 = 16;

/// Refuses what would fill the memory.
pub(super) fn vet(bytes: &[u8]) -> Vetted {
    match stream(bytes)? {
        Some(stream) => sheets(&stream),
        None => Ok(()),
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_le_bytes(*pair))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*four))
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks().0.iter().map(|four| u32::from_le_bytes(*four))
}

/// Sectors of one size, one behind the other. The reader takes those behind the end for zeros, up to `last`.
struct Sectors<'b> {
    bytes: &'b [u8],
    size: usize,
    last: usize,
}

impl Sectors<'_> {
    fn get(&self, number: u32) -> Option<Vec<u8>> {
        let number = usize::try_from(number)
            .ok()
            .filter(|number| *number <= self.last)?;
        let start = number.checked_mul(self.size)?;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let mut sector = rest.get(..self.size).unwrap_or(rest).to_vec();
        sector.resize(self.size, 0);
        Some(sector)
    }

    /// The sectors from `start` on, `length` bytes at most; none when the chain breaks off, which its reader will say.
    fn chain(&self, start: u32, table: &[u32], length: u64) -> Result<Option<Vec<u8>>, String> {
        let mut number = start;
        let mut chain = Vec::new();
        let most = self.size.saturating_mul(self.last.saturating_add(2));
        while number != END_OF_CHAIN {
            let Some(sector) = self.get(number) else {
                return Ok(None);
            };
            chain.extend(sector);
            if chain.len() as u64 >= length {
                break;
            }
            if chain.len() > most {
                return Err("a chain of its sectors leads back to itself".to_owned());
            }
            let next = usize::try_from(number).ok().and_then(|place| table.get(place));
            let Some(next) = next else { return Ok(None) };
            number = *next;
        }
        chain.truncate(usize::try_from(length).unwrap_or(usize::MAX));
        Ok(Some(chain))
    }
}

struct Entry {
    name: String,
    start: u32,
    length: u64,
}

/// The stream that holds the workbook; none when the file is broken in a way that its reader sees.
fn stream(bytes: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let large = u16_at(bytes, 30) == Some(12);
    let size = if large { 4096 } else { 512 };
    let Some(body) = bytes.get(size..) else {
        return Ok(None);
    };
    let last = bytes.len() / size;
    let sectors = Sectors {
        bytes: body,
        size,
        last,
    };
    let Some(table) = allocation(bytes, &sectors)? else {
        return Ok(None);
    };
    let header = |at| u32_at(bytes, at).unwrap_or(END_OF_CHAIN);
    let Some(directory) = sectors.chain(header(48), &table, u64::MAX)? else {
        return Ok(None);
    };
    let entries: Vec<Entry> = directory
        .chunks_exact(128)
        .filter_map(|entry| read_entry(entry, large))
        .collect();
    let Some(root) = entries.first() else {
        return Ok(None);
    };
    let mut small = (Vec::new(), Vec::new());
    let small_length = header(64);
    if small_length > 0 {
        let inside = sectors.chain(root.start, &table, root.length)?;
        let length = u64::from(small_length).saturating_mul(size as u64);
        let small_table = sectors.chain(header(60), &table, length)?;
        let (Some(inside), Some(small_table)) = (inside, small_table) else {
            return Ok(None);
        };
        small = (inside, numbers(&small_table).collect());
    }
    // The reader takes the second name when it cannot read the first.
    for wanted in ["Workbook", "Book"] {
        let Some(entry) = entries
            .iter()
            .find(|entry| entry.name.eq_ignore_ascii_case(wanted))
        else {
            continue;
        };
        let found = if entry.length < 4096 {
            let inside = Sectors {
                bytes: &small.0,
                size: 64,
                last: last.saturating_mul(8),
            };
            inside.chain(entry.start, &small.1, entry.length)?
        } else {
            sectors.chain(entry.start, &table, entry.length)?
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The table of which sector follows which; none when it breaks off.
fn allocation(bytes: &[u8], sectors: &Sectors<'_>) -> Result<Option<Vec<u32>>, String> {
    let (Some(listed), Some(mut next)) = (bytes.get(76..512), u32_at(bytes, 68)) else {
        return Ok(None);
    };
    let mut places: Vec<u32> = numbers(listed).collect();
    let mut left = sectors.last + 1;
    while next < RESERVED {
        let Some(sector) = sectors.get(next).filter(|_| left > 0) else {
            return Ok(None);
        };
        left -= 1;
        places.extend(numbers(&sector));
        let Some(behind) = places.pop() else {
            return Ok(None);
        };
        next = behind;
    }
    let mut table = Vec::new();
    // More than this is one sector many times; small files may fill the rest of their list with zeros.
    let most = (sectors.last + 2).saturating_mul(sectors.size).max(1 << 20);
    for place in places.into_iter().filter(|place| *place < DIFSECT) {
        let Some(sector) = sectors.get(place) else {
            return Ok(None);
        };
        table.extend(numbers(&sector));
        if table.len() > most {
            return Err("its table of sectors is larger than the file".to_owned());
        }
    }
    Ok(Some(table))
}

fn read_entry(entry: &[u8], large: bool) -> Option<Entry> {
    let (pairs, _) = entry.get(..64)?.as_chunks();
    let name: Vec<u16> = pairs
        .iter()
        .map(|pair| u16::from_le_bytes(*pair))
        .take_while(|unit| *unit != 0)
        .collect();
    let low = u64::from(u32_at(entry, 120)?);
    let high = if large { u64::from(u32_at(entry, 124)?) } else { 0 };
    Some(Entry {
        name: String::from_utf16_lossy(&name),
        start: u32_at(entry, 116)?,
        length: (high << 32) | low,
    })
}

/// Records of a stream: kind and content.
fn records(stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = stream;
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(rest, 0)?, usize::from(u16_at(rest, 2)?));
        let content = rest.get(4..4 + length)?;
        rest = rest.get(4 + length..)?;
        Some((kind, content))
    })
}

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000a;
const SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
const SEVERAL: u16 = 0x00bd;
/// Records that make a cell: formula, number, texts, truth values and errors, short numbers.
const CELLS: [u16; 8] = [0x0006, 0x0203, 0x0204, 0x00d6, 0x0205, 0x027e, 0x00fd, SEVERAL];

/// Refuses sheets that take much more room than they have cells, and sheets that lie within one another.
fn sheets(stream: &[u8]) -> Vetted {
    let starts = records(stream)
        .take_while(|(kind, _)| *kind != END)
        .filter(|(kind, _)| *kind == SHEET)
        .filter_map(|(_, content)| u32_at(content, 0))
        .filter_map(|start| usize::try_from(start).ok());
    let (mut read, mut cells, mut area) = (0, 0_u64, 0_u64);
    for start in starts {
        let mut corners: Option<[u32; 4]> = None;
        let mut depth = 0_u32;
        for (kind, content) in records(stream.get(start..).unwrap_or_default()) {
            read += content.len() + 4;
            if read > stream.len().saturating_mul(2) {
                return Err("its sheets lie within one another".to_owned());
            }
            match kind {
                BEGIN => depth += 1,
                END if depth <= 1 => break,
                END => depth -= 1,
                DIMENSIONS => {
                    area = area.saturating_add(announced(content));
                }
                kind if CELLS.contains(&kind) => {
                    let (Some(row), Some(first)) = (u16_at(content, 0), u16_at(content, 2)) else {
                        continue;
                    };
                    let several = content.len().saturating_sub(2);
                    let last = if kind == SEVERAL {
                        u16_at(content, several).unwrap_or(first)
                    } else {
                        first
                    };
                    cells += 1 + u64::from(last.saturating_sub(first));
                    let (row, first, last) = (u32::from(row), u32::from(first), u32::from(last.max(first)));
                    let [top, bottom, left, right] = corners.unwrap_or([row, row, first, last]);
                    corners = Some([top.min(row), bottom.max(row), left.min(first), right.max(last)]);
                }
                _ => {}
            }
        }
        if let Some([top, bottom, left, right]) = corners {
            area = area.saturating_add(u64::from(bottom - top + 1) * u64::from(right - left + 1));
        }
    }
    // The announced and the found area count both: room is made for each.
    if area / 2 > FREE_AREA.saturating_add(cells.saturating_mul(AREA_PER_CELL)) {
        return Err(format!("its sheets span {} cells and hold {cells}", area / 2));
    }
    Ok(())
}

/// Cells that a sheet says it spans; room is made for each. Corners in the wrong order wrap around in the reader.
fn announced(content: &[u8]) -> u64 {
    let wide = content.len() >= 14;
    let row = |at: usize| {
        if wide {
            u32_at(content, 2 * at)
        } else {
            u16_at(content, at).map(u32::from)
        }
    };
    let column = |at: usize| u16_at(content, if wide { 4 + at } else { at });
    let (first_row, end_row) = (row(0).unwrap_or(0), row(2).unwrap_or(0));
    let (mut first, end) = (column(4).unwrap_or(0), column(6).unwrap_or(0));
    if first > 0xff || end < first {
        first = 0;
    }
    if end_row == 0 || end == 0 {
        return 1;
    }
    let rows = u64::from(end_row.wrapping_sub(first_row));
    rows.saturating_mul(u64::from(end.saturating_sub(first)).max(1))
}
