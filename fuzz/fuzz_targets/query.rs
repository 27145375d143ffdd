//! Any line as a Query: parsing and printing are inverse, and so is the JSON form.

#![no_main]

use jinsheng_testkit::fuzz;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| fuzz::query(bytes));
