//! What a user of the demo data relies on: it is the same everywhere, coherent to the cent, and fictional.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail the way tests do"
)]

mod bank;
mod determinism;
mod dictionary;
mod fiction;
mod funds;
mod market;
mod plausible;
mod statements;
mod support;
