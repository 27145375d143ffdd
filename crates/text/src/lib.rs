//! What is written becomes what is meant: normalisation, numerals, units, headers, times.
//!
//! Shared by data, semantics and grounding. Knows nothing of tables, catalogs or models.

mod dated;
pub mod header;
mod normalise;
mod numeral;
pub mod time;

pub use dated::{Dated, dated};
pub use normalise::{fold, normalise};
pub use numeral::{Numeral, numeral_at};
