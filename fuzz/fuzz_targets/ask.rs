//! Any text as a conversation.

#![no_main]

use jinsheng_testkit::fuzz;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| fuzz::ask(bytes));
