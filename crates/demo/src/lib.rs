//! Generates from a seed a fictional but coherent bank and market as CSV files, for `jinsheng init --demo`.
//!
//! The same seed gives the same bytes on every machine: integers only, no clock, no randomness from outside.
//! This crate only writes files; it must not know how they are imported, queried or shown, so that the data
//! takes the same way into the product as a bank's own files do.

mod bank;
mod calendar;
mod companies;
mod error;
mod fixed;
mod funds;
mod market;
mod rng;
mod sheet;
mod statements;
mod text;

use std::fs;
use std::path::Path;

use jiff::civil::Date;

pub use calendar::AS_OF;
pub use error::DemoError;
pub use sheet::TableSummary;

/// The seed of the demo that documents and examples refer to.
pub const DEFAULT_SEED: u64 = 20_260_930;

/// Name of the text beside the tables that says what they are.
const README: &str = "README.md";

/// What [`generate`] has written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoSummary {
    /// The seed that was given.
    pub seed: u64,
    /// The day for which the figures are true.
    pub as_of: Date,
    /// The tables, the data dictionary last.
    pub tables: Vec<TableSummary>,
    /// Deliberate breaches: purchases of a product whose risk level exceeds the client's capacity.
    pub purchases_above_capacity: usize,
    /// Deliberate breaches: purchases after the client's risk test had expired.
    pub purchases_after_expiry: usize,
}

/// Writes the demo's tables, the data dictionary `dictionary.csv` and a `README.md` to `out_dir`.
///
/// The folder is created if need be; files of the same names are replaced, each in one step. `progress` is
/// called with the name of each file before it is written.
///
/// # Errors
/// [`DemoError`] if the folder or a file cannot be written; files written before it are whole.
pub fn generate(seed: u64, out_dir: &Path, progress: &mut dyn FnMut(&str)) -> Result<DemoSummary, DemoError> {
    fs::create_dir_all(out_dir).map_err(|source| DemoError::CreateFolder {
        path: out_dir.to_owned(),
        source,
    })?;
    let companies = companies::companies(seed);
    let mut sheets = vec![companies::sheet(&companies)];
    sheets.extend(statements::sheets(seed, &companies));
    let days = calendar::trading_days();
    let indices = market::indices(seed, &days);
    let products = funds::products(seed, &days, &indices);
    sheets.push(funds::sheet(&products));
    sheets.push(funds::nav_sheet(&products, &days));
    sheets.extend(market::index_sheets(&indices, &days));
    sheets.push(market::macro_sheet(seed));
    let bank = bank::Bank::open(seed, &days, &products);
    sheets.extend(bank::sheets(&bank, &days, &products));
    let (purchases_above_capacity, purchases_after_expiry) = bank.breaches(&days, &products);
    let facts = text::Facts {
        seed,
        purchases_above_capacity,
        purchases_after_expiry,
    };
    sheets.push(text::dictionary(&sheets));
    let mut tables = Vec::with_capacity(sheets.len());
    for sheet in &sheets {
        progress(&format!("{}.csv", sheet.table));
        tables.push(sheet.write(out_dir)?);
    }
    progress(README);
    sheet::write_whole(out_dir, README, &text::readme(facts))?;
    Ok(DemoSummary {
        seed,
        as_of: AS_OF,
        tables,
        purchases_above_capacity,
        purchases_after_expiry,
    })
}
