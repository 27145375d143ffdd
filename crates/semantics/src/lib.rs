//! What a bank's figures mean and how they are asked for: the catalog and the Query.
//!
//! Knows no engine: DataFusion, SQL and Arrow stay below (`jinsheng-engine`). Calls no model.

pub mod ask;
pub mod bind;
pub mod catalog;
pub mod infer;
pub mod query;
