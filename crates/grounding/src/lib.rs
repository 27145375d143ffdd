//! What is known: Evidence, where it comes from, and the ids by which text can point to it.
//!
//! Calls no model and runs no query; engines make Evidence, later crates check claims against it.

mod evidence;

pub use evidence::{Evidence, EvidenceId, FactId, FactKey, Origin, Partial, SourceVersion, Strength};
