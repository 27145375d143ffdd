//! Any text as a header, a unit, a period, a dictionary.

#![no_main]

use jinsheng_testkit::fuzz;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| fuzz::text(bytes));
