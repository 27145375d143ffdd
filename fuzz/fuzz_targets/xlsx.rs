//! Any bytes imported as a file `.xlsx`.

#![no_main]

use jinsheng_testkit::fuzz;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| fuzz::import("xlsx", bytes));
