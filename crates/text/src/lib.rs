//! What is written becomes what is meant: normalisation, numerals, units, headers.
//!
//! Shared by data, semantics and grounding. Knows nothing of tables, catalogs or models.

pub mod header;
mod normalise;

pub use normalise::{fold, normalise};
