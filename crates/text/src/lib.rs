//! What is written becomes what is meant: normalisation, numerals, units, headers.
//!
//! Shared by data, semantics and grounding. Knows nothing of tables, catalogs or models.

mod dated;
pub mod header;
mod normalise;

pub use dated::{Dated, dated};
pub use normalise::{fold, normalise};
