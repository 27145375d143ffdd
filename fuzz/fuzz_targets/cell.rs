//! Any text as a cell: numbers, days, times, report periods.

#![no_main]

use jinsheng_testkit::fuzz;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| fuzz::cell(bytes));
