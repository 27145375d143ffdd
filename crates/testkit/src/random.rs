//! Random Queries.
