//! Codes that have lost their leading zeros.

use arrow::array::{Array, AsArray};

use super::rows::MOST_ROWS;
use super::{Draft, FindingKind, Severity};
use crate::column::{holds_codes, holds_ids};
use crate::{ColumnKind, DataError, TableMeta, Warehouse, read_batches};

/// Shorter codes are numbers of a list.
const LEAST_WIDTH: u32 = 4;

pub(super) fn without_zeros(warehouse: &Warehouse, table: &TableMeta) -> Result<Vec<Draft>, DataError> {
    let mut drafts = Vec::new();
    for column in &table.columns {
        let coded = column.kind == ColumnKind::Text
            && holds_codes(&column.label, column.unit)
            && !holds_ids(&column.label);
        if !coded {
            continue;
        }
        let mut widths = [0_u64; 41];
        let mut short: Vec<Vec<(u64, String)>> = vec![Vec::new(); 41];
        let mut row = 0;
        for batch in read_batches(warehouse, &table.name, Some(&[&column.name]))? {
            let batch = batch?;
            let Some(array) = batch.columns().first() else {
                continue;
            };
            for text in array.as_string::<i32>().iter() {
                if let Some(text) = text.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
                    && let Some(count) = widths.get_mut(text.len())
                {
                    *count += 1;
                    if let Some(rows) = short.get_mut(text.len()).filter(|rows| rows.len() < MOST_ROWS) {
                        rows.push((row, String::new()));
                    }
                }
                row += 1;
            }
            debug_assert_eq!(array.len(), batch.num_rows());
        }
        drafts.extend(judge(&widths, short, &column.name));
    }
    Ok(drafts)
}

/// The likely width is the greatest, if a good part of the codes have it.
fn judge(widths: &[u64], short: Vec<Vec<(u64, String)>>, column: &str) -> Option<Draft> {
    let of: u64 = widths.iter().sum();
    let width = widths.iter().rposition(|count| *count > 0)?;
    let full = widths.get(width).copied()?;
    let count = of - full;
    let width_digits = u32::try_from(width).ok()?;
    if count == 0 || width_digits < LEAST_WIDTH || full * 10 < of {
        return None;
    }
    let kind = FindingKind::CodesWithoutZeros { width: width_digits };
    let mut draft = Draft::new(kind, Severity::Error, vec![column.to_owned()], count, of);
    draft.rows = short.into_iter().take(width).flatten().collect();
    draft.rows.sort();
    Some(draft)
}
