//! Means of testing: a naive interpreter of Queries, random Queries and Scopes, and a comparison of results.
//!
//! The interpreter is written from `docs/reference/query.md` alone and must never look at the engine: that the two
//! agree is the evidence that both do what the text says.

pub mod compare;
pub mod data;
pub mod fixture;
pub mod fuzz;
#[cfg(feature = "load")]
pub mod load;
pub mod naive;
pub mod random;
pub mod shared;
