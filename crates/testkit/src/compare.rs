//! Comparison of results.
